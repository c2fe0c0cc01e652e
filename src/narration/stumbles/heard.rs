//! What a voice is asked, and what follows from how it says it.

use std::collections::HashMap;

use super::Stumble;
use super::counters::counted;
use super::written::{is_mark, is_word, latin_words};
use crate::lesson::{Language, PAUSE};
use crate::narration::pronunciation::reading;

/// How a voice says phrases: phonemes in English, katakana in Japanese.
pub type Sounds = HashMap<String, String>;

/// Something that a voice may stumble over, and the phrases that tell whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    language: Language,
    kind: Kind,
    /// What it is about.
    phrase: String,
    /// What it must not sound like, said one after the other.
    parts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Word(String),
    Sign(char),
    Number(String),
    /// A number with its counter, and how its end may be read.
    Counter(String, Vec<String>),
}

/// What to ask a voice about a text as it is spoken, each once.
#[must_use]
pub fn probes(spoken: &str, language: Language) -> Vec<Probe> {
    let mut found: Vec<Probe> = Vec::new();
    for part in spoken.split(PAUSE) {
        let read = reading(part, language).text;
        let words = latin_words(&read).into_iter().filter(|word| is_word(word));
        let words = words.map(|word| {
            let letters = word.chars().map(|c| c.to_ascii_uppercase().to_string());
            Probe {
                language,
                parts: letters.collect(),
                phrase: word.clone(),
                kind: Kind::Word(word),
            }
        });
        let signs = read
            .chars()
            .filter(|c| !c.is_alphanumeric() && !is_mark(*c) && *c != 'ー');
        let signs = signs.map(|sign| {
            let (phrase, without) = match language {
                Language::En => (format!("five {sign} six"), "five six"),
                Language::Ja => (format!("これ{sign}それ"), "これそれ"),
            };
            Probe {
                language,
                kind: Kind::Sign(sign),
                phrase,
                parts: vec![without.to_owned()],
            }
        });
        let all = words.chain(signs).chain(numbers(&read, language));
        for probe in all.chain(counters(&read, language)) {
            if !found.contains(&probe) {
                found.push(probe);
            }
        }
    }
    found
}

/// Numbers of two digits or more before the point.
fn numbers(read: &str, language: Language) -> Vec<Probe> {
    let runs = read.split(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.'));
    let numbers = runs.map(|run| run.trim_matches([',', '.']));
    let whole = numbers.map(|number| number.split_once('.').map_or(number, |(whole, _)| whole));
    let long = whole.filter(|number| number.len() > 1);
    long.map(|number| Probe {
        language,
        kind: Kind::Number(number.to_owned()),
        phrase: number.to_owned(),
        parts: number
            .chars()
            .filter(char::is_ascii_digit)
            .map(String::from)
            .collect(),
    })
    .collect()
}

/// Numbers with counters, of Japanese.
fn counters(read: &str, language: Language) -> Vec<Probe> {
    if language != Language::Ja {
        return Vec::new();
    }
    let is_number = |c: char| {
        c.is_ascii_digit() || matches!(c, ',' | '.') || "一二三四五六七八九十百千万".contains(c)
    };
    let mut found = Vec::new();
    let mut before = None;
    for (at, character) in read.char_indices() {
        let begins = is_number(character) && !before.is_some_and(is_number);
        before = Some(character);
        let rest = read.get(at..).unwrap_or_default();
        let Some((length, wanted)) = counted(rest).filter(|_| begins) else {
            continue;
        };
        let (text, behind) = rest.split_at(length);
        // 一本化, 3個所: the counter begins another word.
        let is_kanji = |c: char| matches!(c, '\u{3400}'..='\u{9fff}');
        // 一回り is another word, too.
        let is_verb = text.ends_with('回') && behind.starts_with(['り', 'る', 'し', 'す']);
        if behind.starts_with(is_kanji) || is_verb {
            continue;
        }
        // What follows can change how it is read.
        let kana = behind
            .chars()
            .take_while(|c| matches!(*c, 'ぁ'..='ゖ'))
            .take(2);
        found.push(Probe {
            language,
            kind: Kind::Counter(text.to_owned(), wanted),
            phrase: text.chars().chain(kana).collect(),
            parts: Vec::new(),
        });
    }
    found
}

impl Probe {
    /// The phrases whose sounds it needs.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        [&self.phrase]
            .into_iter()
            .chain(&self.parts)
            .map(String::as_str)
    }

    /// What is wrong with how the voice says it; `None` where nothing is, or it has not been asked.
    #[must_use]
    pub fn stumble(&self, sounds: &Sounds) -> Option<Stumble> {
        let heard = bare(sounds.get(&self.phrase)?, self.language);
        let parts: Option<Vec<String>> = self
            .parts
            .iter()
            .map(|part| Some(bare(sounds.get(part)?, self.language)))
            .collect();
        let is_like_parts = heard == parts?.concat() && !heard.is_empty();
        match &self.kind {
            Kind::Word(word) => is_like_parts.then(|| Stumble::Spelled(word.clone())),
            Kind::Sign(sign) => is_like_parts.then_some(Stumble::Silent(*sign)),
            Kind::Number(number) => is_like_parts.then(|| Stumble::DigitByDigit(number.clone())),
            Kind::Counter(text, wanted) => {
                let is_right = wanted.iter().any(|way| heard.contains(way.as_str()));
                let first = wanted.first().filter(|_| !is_right)?;
                Some(Stumble::Counted {
                    text: text.clone(),
                    heard,
                    wanted: first.clone(),
                })
            }
        }
    }
}

/// Sounds without stress, pauses and what is left of signs.
fn bare(sounds: &str, language: Language) -> String {
    let is_kept = |c: &char| match language {
        Language::En => !c.is_whitespace() && !"',%=_:|!;".contains(*c),
        Language::Ja => matches!(*c, 'ァ'..='ヺ' | 'ー'),
    };
    sounds.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text by a voice that says phrases so.
    fn found(text: &str, language: Language, said: &[(&str, &str)]) -> Vec<Stumble> {
        let said = said.iter().copied();
        let sounds: Sounds = said.map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        let probes = probes(text, language).into_iter();
        probes.filter_map(|probe| probe.stumble(&sounds)).collect()
    }

    #[test]
    fn a_word_said_as_its_letters_is_spelled() {
        let said = [
            ("ms", ",Em'Es"),
            ("M", "'Em"),
            ("S", "'Es"),
            ("one", "w'Vn"),
            ("O", "'oU"),
            ("N", "'En"),
            ("E", "'i:"),
        ];
        // `ms` is put into words, `Ms` is not.
        let mut other = said.to_vec();
        other.push(("Ms", ",Em'Es"));
        assert_eq!(
            found("One Ms, one ms.", Language::En, &other),
            [Stumble::Spelled("Ms".to_owned())]
        );
        // What people spell too is none.
        assert!(found("An MS.", Language::En, &said).is_empty());
    }

    #[test]
    fn a_sign_that_changes_nothing_is_silent() {
        let said = [
            ("これ%それ", "コレ％ソレ"),
            ("これ@それ", "コレアットソレ"),
            ("これ#それ", "コレ＃ソレ"),
            ("これそれ", "コレソレ"),
        ];
        assert_eq!(
            found("5#と@と%。", Language::Ja, &said),
            [Stumble::Silent('#')]
        );
    }

    #[test]
    fn a_number_said_as_its_digits_is_told() {
        let said = [
            ("007", "ゼロゼロナナ"),
            ("17", "ジューナナ"),
            ("0", "ゼロ"),
            ("7", "ナナ"),
            ("1", "イチ"),
        ];
        assert_eq!(
            found("007と17と0.77と7です", Language::Ja, &said),
            [Stumble::DigitByDigit("007".to_owned())]
        );
    }

    #[test]
    fn a_counter_read_wrongly_is_told_with_what_is_heard() {
        let said = [("一ほんの", "イチホンノ"), ("3本", "サンボン")];
        assert_eq!(
            found("一ほんの線、3本。一本化。", Language::Ja, &said),
            [Stumble::Counted {
                text: "一ほん".to_owned(),
                heard: "イチホンノ".to_owned(),
                wanted: "イッポン".to_owned(),
            }]
        );
    }
}
