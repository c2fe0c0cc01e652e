//! How signs are read aloud: what the engines skip or name badly is put into words.
//!
//! An author's `{written|spoken}` goes before this; it is for what is left, `3 × 6` or `→`.

use crate::lesson::Language;

/// A text as a voice gets it, and where in it the author's words are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// The text for the voice.
    pub(super) text: String,
    /// Each character of it: where it starts, and where in the author's text it comes from.
    sources: Vec<(usize, usize)>,
    /// The length of the author's text in bytes.
    source_length: usize,
}

impl Reading {
    /// The place in the author's text of a place in the voice's, both in bytes.
    pub(super) fn source_of(&self, place: usize) -> usize {
        let index = self.sources.partition_point(|(start, _)| *start < place);
        self.sources
            .get(index)
            .map_or(self.source_length, |(_, source)| *source)
    }
}

/// The text as a voice should get it.
pub(super) fn reading(text: &str, language: Language) -> Reading {
    let mut words: Vec<(char, usize)> = Vec::with_capacity(text.len());
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((source, character)) = characters.next() {
        let is_negative = matches!(character, '−' | '-')
            && characters
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_digit())
            && !before.is_some_and(|c: char| c.is_alphanumeric());
        match (language, sign(character, is_negative, language)) {
            (_, None) => words.push((character, source)),
            (Language::En, Some(word)) => {
                let spaced = [" ", word, " "].into_iter().flat_map(str::chars);
                words.extend(spaced.map(|c| (c, source)));
            }
            (Language::Ja, Some(word)) => words.extend(word.chars().map(|c| (c, source))),
        }
        before = Some(character);
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
            && (language == Language::En || text.ends_with(is_latin) && is_latin(character));
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

/// What a sign is read as; `None` for whatever the voice reads well itself.
fn sign(character: char, is_negative: bool, language: Language) -> Option<&'static str> {
    Some(match (language, character) {
        (_, '⌊' | '⌋' | '⌈' | '⌉') => "",
        (Language::En, '→' | '⇒') => "to",
        (Language::En, '≈') => "about",
        (Language::En, '≤') => "at most",
        (Language::En, '≥') => "at least",
        (Language::En, '·' | '⋅') => "times",
        (Language::Ja, '×' | '·' | '⋅' | '*') => "かける",
        (Language::Ja, '÷') => "わる",
        (Language::Ja, '+' | '＋') => "たす",
        (Language::Ja, '=' | '＝') => "イコール",
        (Language::Ja, '−' | '-') if is_negative => "マイナス",
        (Language::Ja, '−') => "ひく",
        (Language::Ja, '→' | '⇒') => "から",
        (Language::Ja, '≈') => "やく",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_signs_become_words() {
        assert_eq!(
            reading("出力は 4 × 4 です。", Language::Ja).text,
            "出力は4かける4です。"
        );
        assert_eq!(
            reading("1 − 2 = −1", Language::Ja).text,
            "1ひく2イコールマイナス1"
        );
    }

    #[test]
    fn english_signs_that_the_voice_names_badly_become_words() {
        assert_eq!(reading("3 × 6 → 4", Language::En).text, "3 × 6 to 4");
        assert_eq!(reading("⌊x⌋ + 1", Language::En).text, "x + 1");
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        let text = "One filter, one value.";
        assert_eq!(reading(text, Language::En).text, text);
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
