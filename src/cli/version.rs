//! `tensorama --version --verbose`: what a report of a fault needs to say.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::lesson_library::lessons_folder;
use super::printing::write;
use crate::disk::{self, Installation};

/// Whether the words ask for the version with all that belongs to it.
#[must_use]
pub fn is_asked(words: &[OsString]) -> bool {
    let has = |names: &[&str]| {
        words
            .iter()
            .skip(1)
            .any(|word| names.iter().any(|name| word == name))
    };
    has(&["--version", "-V"]) && has(&["--verbose", "-v"])
}

/// Prints it. The names before the colons are the same in every language, so that whoever gets a report can
/// read it.
pub fn print() {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        // To a string, it cannot fail.
        let _ = writeln!(text, "{name:<10} {value}");
    };
    line("tensorama", env!("CARGO_PKG_VERSION").to_owned());
    line(
        "built for",
        format!(
            "{} {}, {}",
            std::env::consts::OS,
            std::env::consts::ARCH,
            features()
        ),
    );
    let program = std::env::current_exe();
    line("program", program.map_or_else(|why| why.to_string(), shown));
    line("installed", Installation::current().name().to_owned());
    line("lessons", shown(lessons_folder()));
    line("docs", shown(docs_folder()));
    line("settings", folder(disk::settings_folder()));
    line("cache", folder(disk::cache_folder()));
    #[cfg(feature = "record")]
    recording(&mut line);
    let set = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.to_owned();
        let ours = name.starts_with("TENSORAMA_")
            || matches!(
                &*name,
                "LANG"
                    | "LC_ALL"
                    | "DISPLAY"
                    | "WAYLAND_DISPLAY"
                    | "XDG_RUNTIME_DIR"
                    | "WGPU_BACKEND"
            );
        ours.then(|| format!("{name}={}", value.to_string_lossy()))
    });
    let mut set: Vec<String> = set.collect();
    set.sort();
    for variable in set {
        line("set", variable);
    }
    write(format_args!("{text}"));
}

/// Where the pages that messages call docs/… lie: beside the program, or where it was built.
fn docs_folder() -> PathBuf {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join("docs")));
    match beside {
        Some(beside) if beside.is_dir() => beside,
        Some(_) | None => Path::new(env!("CARGO_MANIFEST_DIR")).join("docs"),
    }
}

/// Drivers, ffmpeg and voices.
#[cfg(feature = "record")]
fn recording(line: &mut impl FnMut(&str, String)) {
    use crate::language::Message;
    use crate::lesson::Language;

    let drivers = crate::record::renderer::drivers();
    if drivers.is_empty() {
        line("driver", "none".to_owned());
    }
    for driver in drivers {
        line("driver", driver);
    }
    line(
        "ffmpeg",
        crate::record::encoder::ffmpeg_version().unwrap_or_else(|| "none".to_owned()),
    );
    for language in Language::ALL {
        for offer in crate::narration::offered(language) {
            let state = match offer.voice {
                Ok(voice) => voice.id().to_owned(),
                Err(why) => why.message().en,
            };
            line(
                "voice",
                format!("{} {}: {state}", language.code(), offer.name),
            );
        }
    }
}

const fn features() -> &'static str {
    match (cfg!(feature = "window"), cfg!(feature = "record")) {
        (true, true) => "window and record",
        (true, false) => "window",
        (false, true) => "record",
        (false, false) => "the command line alone",
    }
}

fn shown(path: PathBuf) -> String {
    let there = if path.exists() { "" } else { " (not there)" };
    format!("{}{there}", path.display())
}

fn folder(path: Option<PathBuf>) -> String {
    path.map_or_else(|| "none".to_owned(), shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_words_ask_for_the_long_version_and_each_alone_does_not() {
        let asked = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            is_asked(&words)
        };
        assert!(asked(&["tensorama", "--version", "--verbose"]));
        assert!(asked(&["tensorama", "-v", "-V"]));
        assert!(!asked(&["tensorama", "--version"]));
        assert!(!asked(&["tensorama", "list", "--verbose"]));
        assert!(!asked(&["--version", "--verbose"]));
    }
}
