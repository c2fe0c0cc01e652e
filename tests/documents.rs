//! The documents lead where they say, and those in Japanese say as much as those in English.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A document, as far as tests look at it.
struct Document {
    /// Levels and texts of headings.
    headings: Vec<(usize, String)>,
    /// The lines of fenced blocks of code, without comments.
    code: Vec<String>,
    /// How many rows tables have.
    rows: usize,
    /// The targets of links.
    links: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A line of code without its comment, and without what aligned that.
fn without_comment(line: &str) -> &str {
    let begins = |sign: &str| {
        let mut places = line.match_indices(sign).map(|(at, _)| at);
        places.find(|&at| line[..at].is_empty() || line[..at].ends_with(' '))
    };
    let end = [begins("# "), begins("// ")].into_iter().flatten().min();
    line[..end.unwrap_or(line.len())].trim_end()
}

/// What stands in round brackets after square ones.
fn links_of(line: &str) -> impl Iterator<Item = String> {
    // Code within a line is no link.
    let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("·");
    let parts: Vec<String> = prose.split("](").skip(1).map(str::to_owned).collect();
    parts
        .into_iter()
        .filter_map(|part| part.split_once(')').map(|(target, _)| target.to_owned()))
}

fn read(path: &Path) -> Document {
    let text = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let mut document = Document {
        headings: Vec::new(),
        code: Vec::new(),
        rows: 0,
        links: Vec::new(),
    };
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            document.code.push(line.trim().to_owned());
        } else if fenced {
            let code = without_comment(line);
            if !code.is_empty() {
                document.code.push(code.to_owned());
            }
        } else {
            let level = line.bytes().take_while(|byte| *byte == b'#').count();
            if let Some(heading) = line[level..].strip_prefix(' ').filter(|_| level > 0) {
                document.headings.push((level, heading.to_owned()));
            }
            document.rows += usize::from(line.trim_start().starts_with('|'));
            document.links.extend(links_of(line));
        }
    }
    assert!(!fenced, "{}: a block of code has no end", path.display());
    document
}

/// The anchors that GitHub gives to headings.
fn anchors(document: &Document) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings = document.headings.iter().map(|(_, heading)| {
        let kept = |sign: &char| sign.is_alphanumeric() || " -_ー".contains(*sign);
        let lower = heading.to_lowercase();
        let anchor: String = lower.chars().filter(kept).collect::<String>();
        let anchor = anchor.replace(' ', "-");
        let times = seen.entry(anchor.clone()).or_default();
        *times += 1;
        match *times {
            1 => anchor,
            more => format!("{anchor}-{}", more - 1),
        }
    });
    headings.collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The documents of a folder.
fn documents(folder: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(root().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "md"));
    paths.sort();
    paths
}

/// Where a link of a document leads, and to which anchor there; `None` for what lies elsewhere.
fn led(from: &Path, target: &str) -> Option<(PathBuf, Option<String>)> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (target, None),
    };
    let path = match path {
        "" => from.to_owned(),
        path => plain(&from.parent().unwrap().join(path)),
    };
    Some((path, anchor))
}

/// The document that one in Japanese is of, in the other language.
fn in_english(path: &Path) -> PathBuf {
    match path.strip_prefix(root().join("docs/ja")) {
        Ok(name) if name == "README.md" => root().join("README.md"),
        Ok(name) => root().join("docs").join(name),
        Err(_) => path.to_owned(),
    }
}

#[test]
fn links_lead_to_what_is_there() {
    let mut all = vec![root().join("README.md")];
    all.extend(documents("docs"));
    all.extend(documents("docs/ja"));
    assert!(all.len() > 20, "{all:?}");
    let mut wrong = Vec::new();
    for path in &all {
        for target in read(path).links {
            let Some((file, anchor)) = led(path, &target) else {
                continue;
            };
            let is_there = match anchor {
                _ if !file.exists() => false,
                Some(anchor) => anchors(&read(&file)).contains(&anchor),
                None => true,
            };
            if !is_there {
                wrong.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_stands_in_english_stands_in_japanese() {
    let mut wrong = Vec::new();
    for path in documents("docs/ja") {
        let name = path.file_name().unwrap().display().to_string();
        let (japanese, other) = (read(&path), in_english(&path));
        let english = read(&other);
        let levels = |document: &Document| -> Vec<usize> {
            document.headings.iter().map(|(level, _)| *level).collect()
        };
        if levels(&japanese) != levels(&english) {
            let texts = |document: &Document| -> Vec<String> {
                document
                    .headings
                    .iter()
                    .map(|(_, text)| text.clone())
                    .collect()
            };
            wrong.push(format!(
                "{name}: headings {:#?} of {:#?}",
                texts(&japanese),
                texts(&english)
            ));
        }
        let pairs = japanese.code.iter().zip(&english.code);
        if let Some((own, wanted)) = pairs.clone().find(|(own, wanted)| own != wanted) {
            wrong.push(format!("{name}: `{own}` instead of `{wanted}`"));
        } else if japanese.code.len() != english.code.len() {
            let (own, wanted) = (japanese.code.len(), english.code.len());
            wrong.push(format!("{name}: {own} lines of code instead of {wanted}"));
        }
        if japanese.rows != english.rows {
            let (own, wanted) = (japanese.rows, english.rows);
            wrong.push(format!("{name}: {own} rows of tables instead of {wanted}"));
        }
        let led = |from: &Path, document: &Document| -> Vec<PathBuf> {
            let links = document.links.iter();
            let led = links.map(|target| match led(from, target) {
                Some((file, _)) => in_english(&file),
                None => PathBuf::from(target),
            });
            let mut led: Vec<PathBuf> = led.collect();
            led.sort();
            led
        };
        let (own, wanted) = (led(&path, &japanese), led(&other, &english));
        if own != wanted {
            wrong.push(format!("{name}: leads to {own:#?} instead of {wanted:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
