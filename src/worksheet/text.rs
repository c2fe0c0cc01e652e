//! Text on a page: its lines, and how it stands in an SVG file.

use crate::narration::may_break;

/// The width of a text of size 1, in medium or bold letters.
pub type Measure<'a> = &'a dyn Fn(&str, bool) -> f32;

/// The lines of a text that are at most so wide, measured in its size. What has no place to break stays
/// whole.
#[must_use]
pub fn lines(text: &str, width: f32, bold: bool, measure: Measure) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || measure(longer.trim_end(), bold) <= width {
            line = longer;
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece.to_owned();
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What is not broken, with the spaces behind it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, next) in text.char_indices() {
        let breaks = match before {
            None => false,
            Some(' ') => next != ' ',
            Some(before) => next != ' ' && may_break(before, next),
        };
        if breaks {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(next);
    }
    pieces.push(&text[start..]);
    pieces
}

/// A text as SVG holds it. What no file may hold becomes a space.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => whole.push_str("&amp;"),
            '<' => whole.push_str("&lt;"),
            '>' => whole.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => whole.push(' '),
            character if character.is_control() => whole.push(' '),
            character => whole.push(character),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::is_wide;

    /// Every character is as wide as it is high, or half of that.
    fn measure(text: &str, _: bool) -> f32 {
        let widths = text.chars().map(|c| if is_wide(c) { 1.0 } else { 0.5 });
        widths.sum()
    }

    #[test]
    fn a_line_ends_at_a_space_or_where_japanese_may_be_parted() {
        let english = lines("one two three four", 5.0, false, &measure);
        assert_eq!(english, ["one two", "three four"]);
        let japanese = lines("入力の形を、求めます。", 5.0, false, &measure);
        assert_eq!(japanese.concat(), "入力の形を、求めます。");
        assert!(japanese.len() > 1);
        for line in &japanese {
            assert!(!line.starts_with(['、', '。']), "{japanese:?}");
        }
    }

    #[test]
    fn nothing_of_a_text_is_lost_in_its_lines() {
        let text = "A word of more than the width: counterproductive. And a rest.";
        for width in [1.0, 4.0, 9.0, 100.0] {
            let lines = lines(text, width, false, &measure);
            assert_eq!(lines.join(" "), text);
        }
        assert_eq!(lines("", 10.0, false, &measure), [""]);
    }

    #[test]
    fn signs_of_svg_are_text_in_it() {
        assert_eq!(escaped("a < b & c\u{1}"), "a &lt; b &amp; c ");
    }
}
