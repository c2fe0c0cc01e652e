//! The language in which the command line answers: `--lang`, else that of the locale.

use std::ffi::OsString;
use std::sync::OnceLock;

use crate::language::{Language, OtherLanguage, Told, Tongue, says};

/// The language of this run.
static SPOKEN: OnceLock<Language> = OnceLock::new();

/// The language in which the command line answers; English until it is chosen.
#[must_use]
pub fn spoken() -> Language {
    SPOKEN.get().copied().unwrap_or_default()
}

/// Chooses the language of this run. A second choice changes nothing.
pub fn choose(language: Language) {
    let _ = SPOKEN.set(language);
}

/// The language that a command line asks for before anything in it is understood, so that a mistake
/// in it can be told in that language.
#[must_use]
pub fn of(arguments: &[OsString], variable: impl Fn(&str) -> Option<OsString>) -> Language {
    asked_for(arguments).unwrap_or_else(|| of_locale(variable))
}

/// The first language of `--lang`; English for one that the program has no words in.
fn asked_for(arguments: &[OsString]) -> Option<Language> {
    let mut words = arguments.iter().map(|word| word.to_string_lossy());
    let codes = loop {
        let word = words.next()?;
        if word == "--" {
            return None;
        }
        if word == "--lang" {
            break words.next()?;
        }
        if let Some(codes) = word.strip_prefix("--lang=") {
            break codes.to_owned().into();
        }
    };
    let tongue: Tongue = codes.split(',').next()?.parse().ok()?;
    Some(tongue.words())
}

/// The language whose sentences a lesson needs for the tracks of one file. They take the place of its English, so
/// that a file has one language beside Japanese.
///
/// # Errors
/// There are several.
pub fn of_sentences(tracks: &[Tongue]) -> Result<Option<OtherLanguage>, Told> {
    let mut beside = tracks
        .iter()
        .filter(|tongue| tongue.words() == Language::En);
    let Some(first) = beside.next() else {
        return Ok(None);
    };
    match beside.find(|tongue| *tongue != first) {
        Some(second) => Err(Told(says!(
            en: "one file cannot have both {first} and {second}; with {{lang}} in the name of -o, each language gets its own file",
            ja: "{first} と {second} は同じファイルに入れられません。-o の名前に {{lang}} を入れると、言語ごとのファイルになります"
        ))),
        None => Ok(first.other()),
    }
}

/// The language of messages in POSIX's locale: `LC_ALL` counts most, then `LC_MESSAGES`, then `LANG`.
fn of_locale(variable: impl Fn(&str) -> Option<OsString>) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let locale = locale.to_string_lossy();
    let name = locale.split(['_', '.', '-', '@']).next();
    name.and_then(|name| name.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(line: &str, locale: &[(&str, &str)]) -> Language {
        let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        of(&arguments, |name| {
            let found = locale.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_option_comes_before_the_locale() {
        let japanese = [("LANG", "ja_JP.UTF-8")];
        assert_eq!(chosen("tensorama check x --lang ja", &[]), Language::Ja);
        assert_eq!(chosen("tensorama --lang=ja check x", &[]), Language::Ja);
        assert_eq!(chosen("tensorama record x --lang ja,en", &[]), Language::Ja);
        assert_eq!(
            chosen("tensorama check x --lang en", &japanese),
            Language::En
        );
        assert_eq!(chosen("tensorama check x", &japanese), Language::Ja);
        assert_eq!(chosen("tensorama check -- --lang ja", &[]), Language::En);
        assert_eq!(chosen("tensorama check --lang", &[]), Language::En);
        assert_eq!(
            chosen("tensorama check x --lang de", &japanese),
            Language::En
        );
    }

    #[test]
    fn a_file_has_the_sentences_of_one_language() {
        let of = |codes: &[&str]| {
            let tracks: Vec<Tongue> = codes.iter().map(|code| code.parse().unwrap()).collect();
            of_sentences(&tracks).map(|other| other.map(OtherLanguage::code))
        };
        assert_eq!(of(&["de", "ja"]), Ok(Some("de")));
        assert_eq!(of(&["ja", "de"]), Ok(Some("de")));
        assert_eq!(of(&["en", "ja"]), Ok(None));
        assert_eq!(of(&["ja"]), Ok(None));
        for several in [&["de", "en"], &["fr", "de"]] {
            let error = of(several).unwrap_err().to_string();
            assert!(error.contains("{lang}"), "{error}");
        }
    }

    #[test]
    fn of_the_locale_the_variable_counts_that_posix_says() {
        let all = [("LC_ALL", "C.UTF-8"), ("LANG", "ja_JP.UTF-8")];
        assert_eq!(chosen("", &all), Language::En);
        let empty = [("LC_ALL", ""), ("LC_MESSAGES", "ja"), ("LANG", "en_US")];
        assert_eq!(chosen("", &empty), Language::Ja);
        assert_eq!(chosen("", &[("LANG", "jam_JM")]), Language::En);
        assert_eq!(chosen("", &[]), Language::En);
    }
}
