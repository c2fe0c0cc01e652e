//! How wide a text is where letters are of two widths, and what is left of it without the folds of its file.

/// Full-width characters: kana, kanji and their punctuation.
#[must_use]
pub const fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3ffff}')
}

/// The character of ASCII that a full-width one, as a Japanese keyboard writes it, stands for; any other is
/// itself.
#[must_use]
pub fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// The width of a text on one line, in half-width characters.
#[must_use]
pub fn half_widths(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// A text without the line breaks of the file that it comes from: a space, or nothing beside a Japanese
/// character.
#[must_use]
pub fn unfolded(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let beside = [whole.chars().next_back(), line.chars().next()];
        if !whole.is_empty() && !beside.into_iter().flatten().any(is_wide) {
            whole.push(' ');
        }
        whole.push_str(line);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_japanese_character_is_as_wide_as_two_letters() {
        assert_eq!(half_widths("4 + 4"), 5);
        assert_eq!(half_widths("幅は4です。"), 11);
        assert_eq!(half_widths(""), 0);
    }

    #[test]
    fn full_width_signs_stand_for_those_of_ascii() {
        let narrowed: String = "Ｃｏｎｖ２ｄ（３，８）　！～あ×"
            .chars()
            .map(narrow)
            .collect();
        assert_eq!(narrowed, "Conv2d(3,8) !~あ×");
    }

    #[test]
    fn the_line_breaks_of_a_lesson_are_no_spaces_in_japanese() {
        assert_eq!(unfolded("one\n     two"), "one two");
        assert_eq!(unfolded("これが\n    入力です。"), "これが入力です。");
    }
}
