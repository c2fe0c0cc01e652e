//! What can be seen in the text alone.

use super::Stumble;
use crate::lesson::{Language, PAUSE};
use crate::narration::pronunciation::reading;

/// Digits of Japanese numbers.
const KANJI_DIGITS: &str = "〇一二三四五六七八九";

/// What voices stumble over in a text as it is spoken, each once, by the text alone.
#[must_use]
pub fn stumbles(spoken: &str, language: Language) -> Vec<Stumble> {
    let mut found = Vec::new();
    for part in spoken.split(PAUSE) {
        found.extend(apart(part));
        let read = reading(part, language).text;
        found.extend(mixed(&read));
        let unread = read.chars().filter(|c| !is_read(*c, language));
        found.extend(unread.map(Stumble::Unread));
        if language == Language::Ja {
            let words = latin_words(&read).into_iter();
            found.extend(words.filter(|word| is_word(word)).map(Stumble::Latin));
        }
    }
    let mut once: Vec<Stumble> = Vec::new();
    for stumble in found {
        if !once.contains(&stumble) {
            once.push(stumble);
        }
    }
    once
}

/// Digits with nothing but spaces between them.
fn apart(text: &str) -> Option<Stumble> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let [before, next] = pair else { return None };
        let left = trailing(before, |c| c.is_ascii_digit());
        let right = leading(next, |c| c.is_ascii_digit());
        (!left.is_empty() && !right.is_empty()).then(|| Stumble::Apart(format!("{left} {right}")))
    })
}

/// The end of a text that consists of such characters.
fn trailing(text: &str, is_such: impl Fn(char) -> bool) -> &str {
    let rest = text.trim_end_matches(is_such);
    text.get(rest.len()..).unwrap_or_default()
}

/// The start of a text that consists of such characters.
fn leading(text: &str, is_such: impl Fn(char) -> bool) -> &str {
    let rest = text.trim_start_matches(is_such);
    text.get(..text.len() - rest.len()).unwrap_or_default()
}

/// The runs of characters of a kind.
fn runs(text: &str, is_such: impl Fn(char) -> bool) -> Vec<&str> {
    let parts = text.split(|c: char| !is_such(c));
    parts.filter(|part| !part.is_empty()).collect()
}

/// Words of letters and digits that take turns more than once, and numbers of two kinds of digits.
fn mixed(text: &str) -> Vec<Stumble> {
    let turns = |word: &str| {
        // `Conv2d` and its kind are names that voices know how to part.
        let is_of_axes = |rest: &&str| rest.ends_with(|c: char| c.is_ascii_digit());
        let word = word.strip_suffix('d').filter(is_of_axes).unwrap_or(word);
        let letters: Vec<bool> = word.chars().map(|c| c.is_ascii_alphabetic()).collect();
        letters
            .windows(2)
            .filter(|pair| pair.first() != pair.last())
            .count()
    };
    let words = runs(text, |c| c.is_ascii_alphanumeric()).into_iter();
    let kinds = |number: &str| {
        let is_of = |kind: fn(char) -> bool| usize::from(number.chars().any(kind));
        is_of(|c| c.is_ascii_digit()) + is_of(is_wide_digit) + is_of(is_kanji_digit)
    };
    let is_digit = |c: char| c.is_ascii_digit() || is_wide_digit(c) || is_kanji_digit(c);
    let numbers = runs(text, is_digit).into_iter();
    words
        .filter(|word| turns(word) > 1)
        .chain(numbers.filter(|number| kinds(number) > 1))
        .map(|text| Stumble::Mixed(text.to_owned()))
        .collect()
}

fn is_wide_digit(character: char) -> bool {
    matches!(character, '０'..='９')
}

fn is_kanji_digit(character: char) -> bool {
    KANJI_DIGITS.contains(character)
}

/// The runs of Latin letters that begin a word.
pub(super) fn latin_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = None;
    for character in text.chars().map(Some).chain([None]) {
        if let Some(letter) = character.filter(char::is_ascii_alphabetic) {
            let goes_on = |c: char| c.is_alphanumeric() && c.is_ascii() || matches!(c, '\'' | '’');
            if !word.is_empty() || !before.is_some_and(goes_on) {
                word.push(letter);
            }
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        before = character;
    }
    words
}

/// Whether letters are meant as a word: capitals alone, as in `RGB`, are said one by one by people too.
pub(super) fn is_word(letters: &str) -> bool {
    letters.len() > 1 && letters.chars().any(|c| c.is_ascii_lowercase())
}

/// Whether a character is a mark between words, which is heard as a pause or not at all.
pub(super) fn is_mark(character: char) -> bool {
    character.is_whitespace()
        || ".,;:!?'\"()[]-‐–—―…‥“”‘’".contains(character)
        || "、。，．・：；？！「」『』（）［］【】〈〉《》〜～".contains(character)
}

/// Whether voices of a language say a character, or pause at it.
fn is_read(character: char, language: Language) -> bool {
    if is_mark(character) || character.is_ascii_alphanumeric() {
        return true;
    }
    match language {
        // Latin letters with accents, and signs that English voices name as people do.
        Language::En => {
            character.is_alphabetic() && character < '\u{250}' || "%&+=/$@#°€£".contains(character)
        }
        Language::Ja => {
            is_wide_digit(character)
                || matches!(character, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '〇' | 'ｦ'..='ﾟ')
                || matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
                || matches!(character, 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{20000}'..='\u{3ffff}')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_into_words_is_no_stumble() {
        let en = "A 3x3 kernel, k² < 5 − 3, 1/16 of it: 27 × 64, Conv2d, the 64th, 50 % and more.";
        assert!(stumbles(en, Language::En).is_empty());
        let ja = "3x3のｶｰﾈﾙで、k²は5 − 3、1/16です。RGBと、ReLUと、50%と、8個。「はい」";
        assert!(stumbles(ja, Language::Ja).is_empty());
    }

    #[test]
    fn what_is_left_is_told_once() {
        let apart = |text: &str| Stumble::Apart(text.to_owned());
        let en = "It has 64 000 weights § and 漢, § in all.";
        assert_eq!(
            stumbles(en, Language::En),
            [apart("64 000"), Stumble::Unread('§'), Stumble::Unread('漢')]
        );
        let latin = |text: &str| Stumble::Latin(text.to_owned());
        assert_eq!(
            stumbles("poolingは2 3の後で、skipをします。$5", Language::Ja),
            [
                apart("2 3"),
                Stumble::Unread('$'),
                latin("pooling"),
                latin("skip")
            ]
        );
    }

    #[test]
    fn a_pause_parts_what_stands_on_both_sides() {
        let text = format!("It is 3 {PAUSE}4 in all.");
        assert!(stumbles(&text, Language::En).is_empty());
    }

    #[test]
    fn mixed_forms_are_told() {
        let mixed = |text: &str| Stumble::Mixed(text.to_owned());
        assert_eq!(
            stumbles("It calls im2col once.", Language::En),
            [mixed("im2col")]
        );
        assert_eq!(stumbles("二3個と１0枚。", Language::Ja), [mixed("二3")]);
    }

    #[test]
    fn words_begin_where_neither_a_digit_nor_an_apostrophe_stands_before() {
        assert_eq!(latin_words("it's 64th of ab, c"), ["it", "of", "ab", "c"]);
    }
}
