//! How signs are read aloud: what the engines skip or name badly is put into words.
//!
//! An author's `{written|spoken}` goes before this; it is for what is left, `3 × 6` or `→`.

use crate::lesson::Language;

/// The text as a voice should get it.
pub(super) fn reading(text: &str, language: Language) -> String {
    let mut words = String::with_capacity(text.len());
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_negative = matches!(character, '−' | '-')
            && characters.peek().is_some_and(char::is_ascii_digit)
            && !before.is_some_and(|c: char| c.is_alphanumeric());
        match (language, sign(character, is_negative, language)) {
            (_, None) => words.push(character),
            (Language::En, Some(word)) => {
                words.push(' ');
                words.push_str(word);
                words.push(' ');
            }
            (Language::Ja, Some(word)) => words.push_str(word),
        }
        before = Some(character);
    }
    // Spaces separate English words; between Japanese ones they only make pauses.
    let parts: Vec<&str> = words.split_whitespace().collect();
    match language {
        Language::En => parts.join(" "),
        Language::Ja => join_japanese(&parts),
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

/// Puts parts together again, with a space only between two Latin words.
fn join_japanese(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        let is_latin = |c: char| c.is_ascii_alphanumeric();
        if text.ends_with(is_latin) && part.starts_with(is_latin) {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_signs_become_words() {
        assert_eq!(
            reading("出力は 4 × 4 です。", Language::Ja),
            "出力は4かける4です。"
        );
        assert_eq!(
            reading("1 − 2 = −1", Language::Ja),
            "1ひく2イコールマイナス1"
        );
    }

    #[test]
    fn english_signs_that_the_voice_names_badly_become_words() {
        assert_eq!(reading("3 × 6 → 4", Language::En), "3 × 6 to 4");
        assert_eq!(reading("⌊x⌋ + 1", Language::En), "x + 1");
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        let text = "One filter, one value.";
        assert_eq!(reading(text, Language::En), text);
    }

    #[test]
    fn a_line_break_of_the_lesson_file_is_no_pause() {
        assert_eq!(
            reading("フィルタが\n    降りて", Language::Ja),
            "フィルタが降りて"
        );
        assert_eq!(reading("one\n    two", Language::En), "one two");
    }
}
