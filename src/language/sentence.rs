//! A message that stands by itself: it begins as a sentence does.

/// A text that begins with a capital letter where it begins with a word, in languages that have capitals. The name of
/// a file or of an option, and what stands in quotation marks, is left as it is written.
#[must_use]
pub fn as_sentence(text: &str) -> String {
    let word = text.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches([',', ';', '.', '?', '!']);
    let is_word = |letter: char| letter.is_alphabetic() || matches!(letter, '-' | '\'');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if word.starts_with(first) && word.chars().all(is_word) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_a_sentence_and_names_stay() {
        for (text, sentence) in [
            ("there is no lesson \"conv\"", "There is no lesson \"conv\""),
            ("pointwise, then ReLU", "Pointwise, then ReLU"),
            ("äußere Kanten", "Äußere Kanten"),
            ("cat.png: it is cut off", "cat.png: it is cut off"),
            ("digits: it cannot be run", "digits: it cannot be run"),
            ("--at x: no number", "--at x: no number"),
            ("\"go\" is no command", "\"go\" is no command"),
            ("レッスンはありません。", "レッスンはありません。"),
            ("", ""),
        ] {
            assert_eq!(as_sentence(text), sentence);
        }
    }
}
