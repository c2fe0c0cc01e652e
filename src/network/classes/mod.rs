//! The names of the classes that a network tells apart, from a file or from what the network's own file says.
//!
//! A name a line, a list, or a table by numbers, as JSON or as a literal of Python:
//! `{"0": ["n01440764", "tench"]}`, `{0: 'person', 1: 'bicycle'}`, `["cat", "dog"]`, `{"cat": 0}`.

mod literal;

use std::collections::BTreeMap;
use std::path::Path;

use crate::disk::{ReadError, read_text};
use crate::language::{Localized, Message, message_error, says};
use literal::Literal;

/// Keys of the metadata of an ONNX file under which names stand, as exporters write them.
const KEYS: [&str; 5] = ["names", "classes", "class_names", "labels", "id2label"];

/// The names of classes by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassNames {
    names: BTreeMap<usize, String>,
    count: usize,
}

/// Why a text holds no names of classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassesError {
    /// The file cannot be read.
    Read {
        /// The file.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// It begins like a list or a table, and does not go on so.
    Malformed {
        /// The line, from 1.
        line: usize,
    },
    /// It is a list or a table of something else.
    NoNames,
    /// There are more names than the network has numbers, or fewer.
    Count {
        /// The names.
        names: usize,
        /// The numbers of the network's output; `None` where that is no list.
        outputs: Option<usize>,
    },
}

impl Message for ClassesError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Read { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Malformed { line } => says!(
                en: "the class names are neither JSON nor a name a line: line {line} does not go on as it began",
                ja: "クラス名が JSON でも 1 行 1 名でもありません。{line} 行目が正しく続いていません。"
            ),
            Self::NoNames => says!(
                en: "there are no class names; write one a line, a JSON list, or a table such as {{\"0\": \"cat\"}}",
                ja: "クラス名がありません。1 行に 1 名、JSON のリスト、または {{\"0\": \"cat\"}} のような表で書いてください。"
            ),
            Self::Count {
                names,
                outputs: Some(outputs),
            } => says!(
                en: "there are {names} class names, but the network gives {outputs} numbers",
                ja: "クラス名は {names} 個ですが、ネットワークの出力は {outputs} 個です。"
            ),
            Self::Count {
                names,
                outputs: None,
            } => says!(
                en: "there are {names} class names, but what the network gives first is no list of numbers",
                ja: "クラス名が {names} 個ありますが、ネットワークの最初の出力は数の並びではありません。"
            ),
        }
    }
}

message_error!(ClassesError);

impl ClassNames {
    /// The names in a file.
    ///
    /// # Errors
    /// When it cannot be read, or holds none.
    pub fn read(path: &Path) -> Result<Self, ClassesError> {
        let text = read_text(path).map_err(|why| ClassesError::Read {
            path: path.display().to_string(),
            why,
        })?;
        Self::parse(&text)
    }

    /// The names in a text.
    ///
    /// # Errors
    /// When it holds none.
    pub fn parse(text: &str) -> Result<Self, ClassesError> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with(['[', '{']) {
            return match literal::parse(text) {
                Ok(Literal::List(all)) => Self::of_list(&all),
                Ok(Literal::Table(all)) => Self::of_table(&all),
                Ok(Literal::Text(_) | Literal::Number(_) | Literal::Other) => {
                    Err(ClassesError::NoNames)
                }
                Err(line) => Err(ClassesError::Malformed { line }),
            };
        }
        let lines = text.trim_end().lines().map(|line| Some(plain(line)));
        Self::new(lines)
    }

    /// The names that the metadata of an ONNX file hold; `None` where there are none.
    #[must_use]
    pub fn of_metadata(metadata: &BTreeMap<String, String>) -> Option<Self> {
        KEYS.iter().find_map(|key| {
            let text = metadata.get(*key)?;
            let names = if text.contains(['\n', '[', '{']) {
                Self::parse(text)
            } else {
                Self::new(text.split(',').map(|name| Some(plain(name))))
            };
            names.ok()
        })
    }

    /// Names in their order.
    fn new(names: impl Iterator<Item = Option<String>>) -> Result<Self, ClassesError> {
        Self::numbered(names.enumerate())
    }

    fn numbered(
        names: impl Iterator<Item = (usize, Option<String>)>,
    ) -> Result<Self, ClassesError> {
        let mut all = Self {
            names: BTreeMap::new(),
            count: 0,
        };
        for (place, name) in names {
            all.count = all.count.max(place.saturating_add(1));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                all.names.insert(place, name);
            }
        }
        if all.names.is_empty() {
            return Err(ClassesError::NoNames);
        }
        Ok(all)
    }

    fn of_list(all: &[Literal]) -> Result<Self, ClassesError> {
        Self::new(all.iter().map(name_of))
    }

    fn of_table(all: &[(Literal, Literal)]) -> Result<Self, ClassesError> {
        let numbered = all.iter().filter_map(|(key, value)| {
            if let Some(place) = number_of(key) {
                return Some((place, name_of(value)));
            }
            // Numbers by names: the other way round.
            match (key, value) {
                (Literal::Text(name), Literal::Number(_)) => {
                    Some((number_of(value)?, Some(plain(name))))
                }
                _ => None,
            }
        });
        Self::numbered(numbered)
    }

    /// The name of a class.
    #[must_use]
    pub fn name(&self, class: usize) -> Option<&str> {
        self.names.get(&class).map(String::as_str)
    }

    /// How many classes there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Whether they are those of a network with so many numbers in its output; `None` where that is no list.
    ///
    /// # Errors
    /// When there are others.
    pub fn check(&self, outputs: Option<usize>) -> Result<(), ClassesError> {
        if outputs == Some(self.count) {
            return Ok(());
        }
        Err(ClassesError::Count {
            names: self.count,
            outputs,
        })
    }
}

/// A name without the number that ImageNet has for it in WordNet: `n01440764 tench`.
fn plain(line: &str) -> String {
    let line = line.trim();
    let rest = line.split_once(char::is_whitespace).filter(|(first, _)| {
        let digits = first.strip_prefix('n');
        digits.is_some_and(|digits| {
            digits.len() == 8 && digits.chars().all(|digit| digit.is_ascii_digit())
        })
    });
    rest.map_or(line, |(_, rest)| rest).trim().to_owned()
}

/// A name that stands there, or last in a list: `["n01440764", "tench"]`.
fn name_of(value: &Literal) -> Option<String> {
    match value {
        Literal::Text(name) => Some(plain(name)),
        Literal::Number(number) => Some(number.to_string()),
        Literal::List(all) => match all.last() {
            Some(Literal::Text(name)) => Some(plain(name)),
            Some(Literal::Number(_) | Literal::List(_) | Literal::Table(_) | Literal::Other)
            | None => None,
        },
        Literal::Table(_) | Literal::Other => None,
    }
}

/// The largest number of a class.
const MOST: usize = 1 << 20;

fn number_of(key: &Literal) -> Option<usize> {
    let number = match key {
        Literal::Number(number) => usize::try_from(*number).ok(),
        Literal::Text(text) => text.trim().parse().ok(),
        Literal::List(_) | Literal::Table(_) | Literal::Other => None,
    };
    number.filter(|number| *number < MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<Option<String>> {
        let all = ClassNames::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        let name = |class| all.name(class).map(str::to_owned);
        (0..all.count()).map(name).collect()
    }

    fn some(all: &[&str]) -> Vec<Option<String>> {
        all.iter().map(|name| Some((*name).to_owned())).collect()
    }

    #[test]
    fn names_are_read_however_they_are_written() {
        let right = some(&["tench", "gold fish"]);
        for text in [
            "tench\ngold fish\n",
            "\u{feff}tench\r\ngold fish\r\n\r\n",
            "n01440764 tench\nn01443537 gold fish",
            r#"["tench", "gold fish"]"#,
            r#"{"0": ["n01440764", "tench"], "1": ["n01443537", "gold fish"]}"#,
            r#"{"1": "gold fish", "0": "tench"}"#,
            r#"[["n01440764", "tench"], ["n01443537", "gold fish"]]"#,
            "{0: 'tench', 1: 'gold fish'}",
            "{0: 'tench', 1: \"gold fish\",}",
            "[('n01440764', 'tench'), ('n01443537', 'gold fish')]",
            r#"{"tench": 0, "gold fish": 1}"#,
        ] {
            assert_eq!(names(text), right, "{text}");
        }
    }

    #[test]
    fn letters_of_any_kind_survive() {
        let text = r#"["caf\u00e9", "it\u2019s \"so\"", "\ud83d\ude00", "金魚", "a\\b"]"#;
        let right = some(&["café", "it’s \"so\"", "😀", "金魚", "a\\b"]);
        assert_eq!(names(text), right);
        assert_eq!(names(r"['it\'s', 'b']"), some(&["it's", "b"]));
    }

    #[test]
    fn a_class_without_a_name_keeps_its_number() {
        assert_eq!(names("a\n\nc")[1], None);
        let all = ClassNames::parse("{2: 'c'}").unwrap();
        assert_eq!(
            (all.count(), all.name(2), all.name(0)),
            (3, Some("c"), None)
        );
    }

    #[test]
    fn what_holds_no_names_is_told() {
        assert_eq!(ClassNames::parse(" \n"), Err(ClassesError::NoNames));
        assert_eq!(ClassNames::parse("{}"), Err(ClassesError::NoNames));
        assert_eq!(ClassNames::parse("{'a': [1]}"), Err(ClassesError::NoNames));
        for text in ["[\"a\",\n\"b", "[\n1 2]", "{0 'a'\n}", "['a']\nb"] {
            let why = ClassNames::parse(text).unwrap_err();
            assert!(
                matches!(why, ClassesError::Malformed { line } if line <= 2),
                "{why}"
            );
        }
        // However deep it is nested, and however large its numbers are.
        let deep = "[".repeat(100_000);
        assert!(ClassNames::parse(&deep).is_err());
        assert!(ClassNames::parse("{99999999999: 'a', -1: 'b'}").is_err());
    }

    #[test]
    fn names_of_another_network_are_told_apart() {
        let all = ClassNames::parse("a\nb").unwrap();
        assert_eq!(all.check(Some(2)), Ok(()));
        for outputs in [Some(3), None] {
            let why = all.check(outputs).unwrap_err().message();
            assert!(why.en.contains('2') && why.ja.contains('2'));
        }
    }

    #[test]
    fn metadata_are_searched_for_names() {
        let metadata = |key: &str, text: &str| {
            BTreeMap::from([
                ("author".to_owned(), "Ultralytics".to_owned()),
                (key.to_owned(), text.to_owned()),
            ])
        };
        for (key, text) in [
            ("names", "{0: 'cat', 1: 'dog'}"),
            ("classes", r#"["cat", "dog"]"#),
            ("labels", "cat, dog"),
            ("class_names", "cat\ndog"),
        ] {
            let all = ClassNames::of_metadata(&metadata(key, text)).unwrap();
            assert_eq!((all.name(0), all.name(1)), (Some("cat"), Some("dog")));
        }
        assert_eq!(ClassNames::of_metadata(&metadata("stride", "32")), None);
        assert_eq!(ClassNames::of_metadata(&metadata("names", "{0: ")), None);
    }
}
