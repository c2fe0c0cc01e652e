//! What a network and its classes are called, as far as there is room to show it and time to say it.

use crate::language::half_widths;

/// How long the name of a network may be, in letters of Latin script.
const NAME: usize = 28;

/// Letters of the name of a class that are said, at most.
const LONGEST: usize = 60;

/// The name of a network, of a long one as much as a caption of an upright picture has room for.
pub(super) fn called(name: &str) -> String {
    if half_widths(name) <= NAME {
        return name.to_owned();
    }
    let mut text = String::new();
    for letter in name.chars() {
        text.push(letter);
        if half_widths(&text) + 2 > NAME {
            break;
        }
    }
    text + "…"
}

/// A name as it stands in a narrated text, where brackets and braces mean something.
pub(super) fn in_narration(name: &str) -> String {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    for letter in words.chars().take(LONGEST) {
        if matches!(letter, '[' | '{' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_told_in_part() {
        assert_eq!(called("resnet18"), "resnet18");
        assert_eq!(called("手書き文字の認識"), "手書き文字の認識");
        for name in [
            "a_network_with_a_very_long_name",
            "名前がとても長い手書き文字の認識",
        ] {
            let short = called(name);
            assert!(half_widths(&short) <= NAME + 2, "{short}");
            assert!(name.starts_with(short.trim_end_matches('…')), "{short}");
            assert_ne!(short, name);
        }
    }
}
