//! How signs, numbers and names are read aloud: what the voices skip, spell or name badly is put into words.
//!
//! An author's `{written|spoken}` goes before this; it is for what is left, `3 × 6`, `k²` or `ReLU`.
//! `docs/voices.md` lists what is read how.

mod english;
mod japanese;
mod sight;

use crate::language::{Language, Tongue, narrow};
use sight::Sight;

/// A text as a voice gets it, and where in it the author's words are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "record"),
    allow(dead_code, reason = "only what is spoken has places")
)]
pub(super) struct Reading {
    /// The text for the voice.
    pub(super) text: String,
    /// Each character of it: where it starts, and where in the author's text it comes from.
    sources: Vec<(usize, usize)>,
    /// The length of the author's text in bytes.
    source_length: usize,
}

#[cfg_attr(
    not(feature = "record"),
    allow(dead_code, reason = "only what is spoken has places")
)]
impl Reading {
    /// The place in the author's text of a place in the voice's, both in bytes.
    pub(super) fn source_of(&self, place: usize) -> usize {
        let index = self.sources.partition_point(|(start, _)| *start < place);
        self.sources
            .get(index)
            .map_or(self.source_length, |(_, source)| *source)
    }
}

/// What some characters are read as.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    /// How many characters they are; at least one.
    length: usize,
    words: String,
}

impl Said {
    fn new(length: usize, words: impl Into<String>) -> Self {
        Self {
            length,
            words: words.into(),
        }
    }
}

/// The text as a voice should get it.
pub(super) fn reading(text: &str, tongue: impl Into<Tongue>) -> Reading {
    let tongue = tongue.into();
    let language = tongue.words();
    // Full-width letters and digits are those of ASCII.
    let plain = |c: char| Some(narrow(c)).filter(char::is_ascii_alphanumeric);
    let characters = text.char_indices();
    let characters: Vec<(usize, char)> = characters
        .map(|(place, c)| (place, plain(c).unwrap_or(c)))
        .collect();
    let mut words: Vec<(char, usize)> = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&(source, character)) = characters.get(at) {
        let here = Sight::new(&characters, at);
        let said = match tongue {
            Tongue::Own(Language::En) => english::said(&here),
            Tongue::Own(Language::Ja) => japanese::said(&here),
            // Its voice reads signs and numbers in its own way.
            Tongue::Other(_) => None,
        };
        match (language, said) {
            (_, None) => {
                words.push((character, source));
                at += 1;
            }
            (
                Language::En,
                Some(Said {
                    length,
                    words: said,
                }),
            ) => {
                let spaced = [" ", &said, " "];
                let spaced = spaced.into_iter().flat_map(str::chars);
                words.extend(spaced.map(|c| (c, source)));
                at += length.max(1);
            }
            (
                Language::Ja,
                Some(Said {
                    length,
                    words: said,
                }),
            ) => {
                words.extend(said.chars().map(|c| (c, source)));
                at += length.max(1);
            }
        }
    }
    join(&words, language, text.len())
}

/// Puts words together with single spaces. They separate English words; between Japanese ones they
/// only make pauses, and stay between two Latin words alone.
fn join(words: &[(char, usize)], language: Language, source_length: usize) -> Reading {
    let mut text = String::with_capacity(words.len());
    let mut sources = Vec::with_capacity(words.len());
    let mut space = None;
    for &(character, source) in words {
        if character.is_whitespace() {
            space.get_or_insert(source);
            continue;
        }
        let is_latin = |c: char| c.is_ascii_alphanumeric();
        let is_wanted = !text.is_empty()
            && match language {
                Language::En => !matches!(character, '.' | ',' | ';' | ':' | '!' | '?' | ')'),
                Language::Ja => text.ends_with(is_latin) && is_latin(character),
            };
        if let Some(source) = space.take().filter(|_| is_wanted) {
            sources.push((text.len(), source));
            text.push(' ');
        }
        sources.push((text.len(), source));
        text.push(character);
    }
    Reading {
        text,
        sources,
        source_length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in [
            "One filter, one value.",
            "A two-dimensional map; it is 1.5 times as wide: that is 1,000 at 0:40 (and 50 %).",
            "See https://example.org/a/b on 2026-11-29, or and/or x.y.",
        ] {
            assert_eq!(reading(text, Language::En).text, text);
        }
        let text = "フィルタが1つ、値も1つです。0.5、1,000、0:40。";
        assert_eq!(reading(text, Language::Ja).text, text);
    }

    #[test]
    fn a_voice_of_another_language_gets_the_signs() {
        let german: Tongue = "de".parse().unwrap();
        assert_eq!(reading("3 ×\n  3 = 9", german).text, "3 × 3 = 9");
    }

    #[test]
    fn a_line_break_of_the_lesson_file_is_no_pause() {
        assert_eq!(
            reading("フィルタが\n    降りて", Language::Ja).text,
            "フィルタが降りて"
        );
        assert_eq!(reading("one\n    two", Language::En).text, "one two");
    }

    #[test]
    fn a_place_for_the_voice_is_found_in_the_author_s_text() {
        let source = "1 ×\n  2 です";
        let reading = reading(source, Language::Ja);
        assert_eq!(reading.text, "1かける2です");
        let place = |text: &str, part: &str| text.find(part).unwrap();
        for part in ["1", "2", "です"] {
            assert_eq!(
                reading.source_of(place(&reading.text, part)),
                place(source, part)
            );
        }
        assert_eq!(
            reading.source_of(place(&reading.text, "かける")),
            place(source, "×")
        );
        assert_eq!(reading.source_of(reading.text.len()), source.len());
    }
}
