//! What the program says exists in English and Japanese. The compiler asks for both wherever a message
//! is made; these tests find where somebody went round it.

use std::path::{Path, PathBuf};

/// The source files under a folder.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

/// Each source file with its text up to its tests.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    assert!(paths.len() > 100, "{}", paths.len());
    let texts = paths.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        let own = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        (path.display().to_string(), own.to_owned())
    });
    texts.collect()
}

#[test]
fn no_error_is_a_text_in_one_language() {
    // Each is a way to make an error of a single text, and none is needed: a type of one's own
    // implements `Message`, and what has no type is `Told`.
    let ways = [
        "thiserror",
        "#[error(",
        ", String>",
        "Err(format!(",
        "Failure::new",
        "anyhow!",
    ];
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (number, line) in text.lines().enumerate() {
            let is_result = line.contains("Result<");
            let way = ways
                .iter()
                .find(|way| line.contains(**way) && (is_result || **way != ", String>"));
            if let Some(way) = way {
                found.push(format!("{path}:{}: {way}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_error_has_its_text_from_its_message() {
    let mut errors = 0;
    for (path, text) in texts() {
        for line in text.lines() {
            let Some(rest) = line
                .trim_start()
                .strip_prefix("impl std::error::Error for ")
            else {
                continue;
            };
            panic!("{path}: {rest}: use message_error!");
        }
        errors += text.matches("message_error!(").count();
    }
    assert!(errors > 20, "{errors}");
}

/// The string literal at the start of a text, without its quotes.
fn literal(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.find(|character| {
        let ends = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    })?;
    Some(&inside[..end])
}

fn is_japanese(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// A text without what is filled in.
fn without_places(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    out
}

#[test]
fn each_text_is_in_the_language_that_it_says() {
    let mut pairs = 0;
    for (path, text) in texts() {
        if path.ends_with("message.rs") {
            continue;
        }
        let mut rest = text.as_str();
        while let Some(at) = rest.find("en: \"") {
            rest = &rest[at + 4..];
            let Some(english) = literal(rest) else {
                continue;
            };
            let behind = &rest[english.len() + 2..];
            let Some(japanese) = behind
                .trim_start_matches([',', ' ', '\n'])
                .strip_prefix("ja: ")
                .and_then(literal)
            else {
                continue;
            };
            pairs += 1;
            assert!(
                !english.chars().any(is_japanese),
                "{path}: Japanese in an English text: {english}"
            );
            // What has words in English has some in Japanese.
            let words = without_places(english);
            let words = words
                .split(|character: char| !character.is_ascii_lowercase())
                .filter(|word| word.len() > 2)
                .count();
            assert!(
                words < 2 || japanese.chars().any(is_japanese),
                "{path}: no Japanese in: {japanese}"
            );
        }
    }
    assert!(pairs > 200, "{pairs}");
}

/// A sign says what it does where the pointer rests on it: each button with a face that has no words has a text besides.
#[test]
fn every_button_with_a_sign_says_what_it_does() {
    let (mut signs, mut silent) = (0, Vec::new());
    for (path, text) in texts() {
        if !path.contains("/src/ui/") || path.ends_with("tests.rs") {
            continue;
        }
        for (at, _) in text.match_indices("\"") {
            let Some(face) = literal(&text[at..]) else {
                continue;
            };
            let is_sign = !face.is_empty() && !face.chars().any(char::is_alphanumeric);
            let start = text[..at].rfind([';', '{', '}']).map_or(0, |end| end + 1);
            let before = &text[start..at];
            let is_face = ["button(", "Button::new(", "selectable_label("]
                .iter()
                .any(|call| before.contains(call));
            if !is_sign || !is_face || before.contains('"') {
                continue;
            }
            signs += 1;
            let behind = &text[at + face.len() + 2..];
            let end = behind.find([';', '{']).unwrap_or(behind.len());
            let says = [".on_hover_text(", "Word::", "words::"];
            if !says.iter().any(|says| behind[..end].contains(says)) {
                let line = text[..at].lines().count();
                silent.push(format!("{path}:{line}: {face}"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
    assert!(signs >= 5, "{signs}");
}
