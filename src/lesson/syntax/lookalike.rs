//! Characters that look like those of the notation and are others: full-width ones, curly quotation marks, spaces
//! that are none.

use std::ops::Range;

use crate::language::{Localized, says};

/// What stands at a place, or behind the spaces there, if it is such a character: where, what is wrong, and what would
/// be right.
pub(super) fn lookalike(
    source: &str,
    at: usize,
) -> Option<(Range<usize>, Localized<String>, Localized<String>)> {
    let rest = &source[at..];
    let start = at + rest.len()
        - rest
            .trim_start_matches(|c: char| c.is_ascii_whitespace())
            .len();
    let sign = source[start..].chars().next()?;
    let code = u32::from(sign);
    let is_meant = meant(sign)?;
    // Behind a quotation mark it is a part of a text, which has ended too early.
    if source[..start].ends_with('"') && is_meant == Meant::Sign('"') {
        return None;
    }
    let (message, help) = match is_meant {
        Meant::Sign(meant) => (
            says!(
                en: "`{sign}` is not the sign `{meant}`",
                ja: "`{sign}` は記号 `{meant}` ではありません"
            ),
            says!(
                en: "write `{meant}`, as a keyboard set to English gives it",
                ja: "半角の `{meant}` を書いてください"
            ),
        ),
        Meant::Space => (
            says!(
                en: "this is no ordinary space, but the character U+{code:04X}",
                ja: "普通の空白ではなく、文字 U+{code:04X} です"
            ),
            says!(en: "write an ordinary space", ja: "半角の空白を書いてください"),
        ),
        Meant::Nothing => (
            says!(
                en: "an unseen character stands here, U+{code:04X}",
                ja: "見えない文字 U+{code:04X} があります"
            ),
            says!(en: "delete it", ja: "削除してください"),
        ),
    };
    Some((start..start + sign.len_utf8(), message, help))
}

/// What was meant by a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Sign(char),
    Space,
    Nothing,
}

fn meant(sign: char) -> Option<Meant> {
    Some(match sign {
        '、' => Meant::Sign(','),
        '。' => Meant::Sign('.'),
        '【' => Meant::Sign('['),
        '】' => Meant::Sign(']'),
        '−' | '–' => Meant::Sign('-'),
        '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' | '‘' | '’' => {
            Meant::Sign('"')
        }
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => Meant::Space,
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => Meant::Nothing,
        // Full-width forms stand as far behind the signs that they are forms of.
        '！'..='～' => Meant::Sign(char::from_u32(u32::from(sign) - 0xfee0)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_right_is_named_with_what_was_meant() {
        for (source, at, span, message, help) in [
            ("over：2", 4, 4..7, "`：`", "`:`"),
            ("over: ２", 5, 6..9, "`２`", "`2`"),
            ("a: “b”", 2, 3..6, "`“`", "`\"`"),
            ("a:\u{3000}b", 2, 2..5, "U+3000", "space"),
            ("a: \u{200b}b", 2, 3..6, "U+200B", "delete"),
        ] {
            let (place, told, remedy) = lookalike(source, at).unwrap();
            assert_eq!(place, span, "{source}");
            assert!(told.en.contains(message), "{told:?}");
            assert!(remedy.en.contains(help), "{remedy:?}");
        }
        for source in ["over: 2", "", "  ", "入力", "é"] {
            assert_eq!(lookalike(source, 0), None, "{source}");
        }
        // The text before it has ended too early.
        assert_eq!(lookalike("ja: \"「", 5), None);
    }
}
