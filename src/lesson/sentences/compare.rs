//! Whether sentences fit their lesson: what is missing, what is left over, and what a translation must keep.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Sentence, Sentences, Text, texts};
use crate::language::{Localized, Message, nearest, says};
use crate::lesson::Narration;
use crate::lesson::diagnostic::{Diagnostics, NO_HELP};
use crate::lesson::schema::RawLesson;
use crate::lesson::source_map::SourceMap;

/// How like an old sentence a new one must be to be taken for what became of it, from 0 to 1.
const ALIKE: f64 = 0.5;

/// Characters of a sentence that a message quotes.
const QUOTED: usize = 60;

/// What is wrong with sentences for a lesson.
pub(super) fn compare(sentences: &Sentences, lesson: &RawLesson) -> Diagnostics {
    let texts = texts(lesson);
    let mut told = Diagnostics::new(&sentences.file, &sentences.source);
    tell_missing(sentences, &texts, &mut told);
    let places = SourceMap::new(&sentences.source);
    let mut known = BTreeSet::new();
    for (sentence, place) in sentences.list.iter().zip(places.entries()) {
        if !known.insert(&sentence.en) {
            told.warning(
                place,
                Localized::new(
                    "this sentence stands here twice; the first one is used",
                    "この文は 2 回書かれています。使われるのは最初のものです",
                ),
                Localized::new("remove one of them", "どちらかを取り除いてください"),
            );
            continue;
        }
        match texts.iter().find(|text| text.en == sentence.en) {
            None => tell_left_over(sentences, sentence, &texts, place, &mut told),
            Some(_) if sentence.translation.trim().is_empty() => {}
            Some(text) if text.narration => compare_narration(sentence, place, &mut told),
            Some(_) => {
                compare_braces(sentence, place.clone(), &mut told);
                compare_numbers(&sentence.en, &sentence.translation, place, &mut told);
            }
        }
    }
    told
}

/// How many texts have no translation.
fn tell_missing(sentences: &Sentences, texts: &[Text], told: &mut Diagnostics) {
    let mut missing = texts
        .iter()
        .filter(|text| sentences.of(&text.en).is_none())
        .peekable();
    let Some(first) = missing.peek().map(|text| quoted(&text.en)) else {
        return;
    };
    let (count, of) = (missing.count(), texts.len());
    told.warning(
        0..0,
        says!(
            en: "{count} of {of} sentences have no translation and stay English; the first is “{first}”",
            ja: "{of} 個の文のうち {count} 個に訳がなく、英語のままになります。最初のものは “{first}” です"
        ),
        Localized::new(
            "`tensorama sentences` writes all of them into the file, to be filled in",
            "`tensorama sentences` で、すべての文をファイルに書き出せます",
        ),
    );
}

/// A sentence that the lesson does not have any more.
fn tell_left_over(
    sentences: &Sentences,
    sentence: &Sentence,
    texts: &[Text],
    place: Range<usize>,
    told: &mut Diagnostics,
) {
    let new = texts
        .iter()
        .filter(|text| sentences.of(&text.en).is_none())
        .map(|text| {
            let alike = strsim::normalized_levenshtein(&sentence.en, &text.en);
            (alike, &text.en)
        })
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let help = match new {
        Some((_, new)) => {
            let new = quoted(new);
            says!(
                en: "the nearest one without a translation is “{new}”: correct the English here, and the translation with it",
                ja: "訳のない文で一番近いのは “{new}” です。ここの英語を直し、訳も合わせてください"
            )
        }
        None => says!(en: "remove it", ja: "取り除いてください"),
    };
    let message = Localized::new(
        "this sentence is no longer in the lesson",
        "この文はもうレッスンにありません",
    );
    told.warning(place, message, help);
}

/// The marks and numbers of narration.
fn compare_narration(sentence: &Sentence, place: Range<usize>, told: &mut Diagnostics) {
    // A mistake in the English one is told of the lesson.
    let Ok(en) = Narration::parse(&sentence.en) else {
        return;
    };
    let translated = match Narration::parse(&sentence.translation) {
        Ok(translated) => translated,
        Err(error) => {
            let literal = &told.source[place.clone()];
            // A literal without escapes maps byte for byte, up to its quotation mark.
            let span = match literal.rfind(&sentence.translation) {
                Some(at) => place.start + at + error.offset()..place.end - 1,
                None => place,
            };
            told.error(span, error.message(), NO_HELP);
            return;
        }
    };
    for mark in &en.marks {
        if translated.mark(&mark.name).is_none() {
            let name = &mark.name;
            told.error(
                place.clone(),
                says!(
                    en: "the translation has no mark `[{name}]`",
                    ja: "訳に印 `[{name}]` がありません"
                ),
                says!(
                    en: "put `[{name}]` before the word at which it happens",
                    ja: "それが起こる語の前に `[{name}]` を書いてください"
                ),
            );
        }
    }
    for mark in &translated.marks {
        if en.mark(&mark.name).is_none() {
            let name = &mark.name;
            let names = en.marks.iter().map(|mark| mark.name.as_str());
            let help = match nearest(name, names) {
                Some(meant) => says!(
                    en: "did you mean `[{meant}]`?",
                    ja: "`[{meant}]` のことですか?"
                ),
                None => says!(en: "remove it", ja: "取り除いてください"),
            };
            let message = says!(
                en: "the English sentence has no mark `[{name}]`",
                ja: "英語の文に印 `[{name}]` がありません"
            );
            told.error(place.clone(), message, help);
        }
    }
    compare_numbers(&en.display, &translated.display, place, told);
}

/// The names in braces of a text that is shown as it is.
fn compare_braces(sentence: &Sentence, place: Range<usize>, told: &mut Diagnostics) {
    let (en, translated) = (braces(&sentence.en), braces(&sentence.translation));
    for name in en.symmetric_difference(&translated) {
        let message = if en.contains(name) {
            says!(en: "the translation has no `{name}`", ja: "訳に `{name}` がありません")
        } else {
            says!(en: "the English sentence has no `{name}`", ja: "英語の文に `{name}` がありません")
        };
        told.error(place.clone(), message, NO_HELP);
    }
}

/// What stands in braces, braces included.
fn braces(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let end = start + length + 1;
        found.insert(&rest[start..end]);
        rest = &rest[end..];
    }
    found
}

/// The numbers of a text and its translation, which may group and part their digits in other ways.
fn compare_numbers(en: &str, translated: &str, place: Range<usize>, told: &mut Diagnostics) {
    let (ours, theirs) = (numbers(en), numbers(translated));
    if ours == theirs {
        return;
    }
    let list = |numbers: &[String]| {
        if numbers.is_empty() {
            return "–".to_owned();
        }
        numbers.join(", ")
    };
    let (ours, theirs) = (list(&ours), list(&theirs));
    told.warning(
        place,
        says!(
            en: "the numbers differ: {ours} in English, {theirs} in the translation",
            ja: "数が違います。英語では {ours}、訳では {theirs} です"
        ),
        Localized::new(
            "write as digits what is written as digits in English",
            "英語で数字になっているものは、訳でも数字で書いてください",
        ),
    );
}

/// The digits of each number in a text, in order of size as texts: `1,728`, `1.728` and `1 728` are one number.
fn numbers(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let mut numbers = Vec::new();
    let mut number = String::new();
    for (at, character) in characters.iter().enumerate() {
        if character.is_ascii_digit() {
            number.push(*character);
            continue;
        }
        let is_between = matches!(
            character,
            '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{2009}' | '\u{202f}'
        ) && is_digit(at + 1);
        if !is_between && !number.is_empty() {
            numbers.push(std::mem::take(&mut number));
        }
    }
    if !number.is_empty() {
        numbers.push(number);
    }
    numbers.sort();
    numbers
}

/// The start of a sentence.
fn quoted(text: &str) -> String {
    let mut start: String = text.chars().take(QUOTED).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_its_digits_are_grouped() {
        assert_eq!(numbers("64 values: 1,728"), ["1728", "64"]);
        assert_eq!(numbers("1.728 sind 64 Werte."), ["1728", "64"]);
        assert_eq!(numbers("1\u{202f}728, 64"), ["1728", "64"]);
        assert_eq!(numbers("0.5"), numbers("0,5"));
        assert_ne!(numbers("3 by 3"), numbers("3"));
        assert!(numbers("none").is_empty());
    }

    #[test]
    fn names_in_braces_are_found() {
        assert_eq!(braces("{a} of {b} {"), BTreeSet::from(["{a}", "{b}"]));
    }
}
