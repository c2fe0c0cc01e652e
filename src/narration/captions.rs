//! Captions: a narration text cut into pieces that can be read at a glance.
//!
//! A piece has at most two lines. It ends with a sentence if it can, else at a comma, else between
//! words; its two lines are about as long as each other.

use super::line_breaks::{Atom, Break, atoms};
use crate::lesson::Language;

/// Lines of a piece.
const LINES: usize = 2;

/// A part of a text, as it stands on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its words; a line break where its second line begins.
    pub text: String,
    /// Where it starts in the whole text, in bytes.
    pub start: usize,
    /// Where it ends in the whole text, in bytes.
    pub end: usize,
}

/// The widest line of a language, in half-width characters.
#[must_use]
pub const fn line_width(language: Language) -> usize {
    match language {
        Language::En => 42,
        Language::Ja => 40,
    }
}

/// Cuts a text into pieces of at most two lines.
#[must_use]
pub fn split_caption(display: &str, language: Language) -> Vec<Piece> {
    let atoms = atoms(display);
    let limit = line_width(language);
    // The cheapest way to cut the first `n` atoms: its cost, and where its last piece begins.
    let mut best: Vec<(u64, usize)> = vec![(0, 0)];
    for end in 1..=atoms.len() {
        let mut cheapest = (u64::MAX, end - 1);
        for start in (0..end).rev() {
            let piece = &atoms[start..end];
            let width = width(piece);
            // Longer pieces only cost more; one atom must do whatever its width.
            if piece.len() > 1 && width > limit * LINES {
                break;
            }
            let is_last = end == atoms.len();
            let cost = best[start].0 + piece_cost(piece, width, limit, is_last);
            if cost < cheapest.0 {
                cheapest = (cost, start);
            }
        }
        best.push(cheapest);
    }
    let mut pieces = Vec::new();
    let mut end = atoms.len();
    while end > 0 {
        let start = best[end].1;
        pieces.push(lay_out(&atoms[start..end], limit));
        end = start;
    }
    pieces.reverse();
    pieces
}

/// The sentences of a text that do not fit into one caption, which has two lines.
#[must_use]
pub fn long_sentences(display: &str, language: Language) -> Vec<&str> {
    let atoms = atoms(display);
    let limit = line_width(language);
    let mut long = Vec::new();
    let mut first = 0;
    for (last, atom) in atoms.iter().enumerate() {
        if atom.after != Break::Sentence && last + 1 < atoms.len() {
            continue;
        }
        let sentence = &atoms[first..=last];
        first = last + 1;
        let fits = width(sentence) <= limit * LINES && line_break(sentence, limit).1 < TOO_WIDE;
        let start = sentence.first().map_or(0, |atom| atom.start);
        if !fits {
            long.extend(display.get(start..atom.start + atom.text.len()));
        }
    }
    long
}

/// A text on two lines that are about as long as each other, where it is wider than so many half-width
/// characters.
#[must_use]
pub fn in_two_lines(text: &str, limit: usize) -> String {
    lay_out(&atoms(text), limit).text
}

/// The width of atoms on one line.
fn width(atoms: &[Atom<'_>]) -> usize {
    let spaces = atoms.iter().skip(1).filter(|atom| atom.has_space).count();
    atoms.iter().map(|atom| atom.width).sum::<usize>() + spaces
}

/// What a piece costs: where it ends, what it runs together, how it fills its lines.
fn piece_cost(piece: &[Atom<'_>], width: usize, limit: usize, is_last: bool) -> u64 {
    const PIECE: u64 = 100;
    const SENTENCE_INSIDE: u64 = 200;
    let (inner, end) = piece.split_at(piece.len() - 1);
    let end_cost = if is_last {
        0
    } else {
        end.iter().map(|atom| atom.after.piece_cost()).sum()
    };
    let sentences = inner
        .iter()
        .filter(|atom| atom.after == Break::Sentence)
        .count() as u64;
    // Short pieces flicker; very short ones are not worth a caption of their own.
    let below = |width_wanted: usize| width_wanted.saturating_sub(width) as u64;
    let shortness = below(limit * 2 / 3) * 4 + below(limit / 4) * 10;
    let (_, line_cost) = line_break(piece, limit);
    PIECE + end_cost + sentences * SENTENCE_INSIDE + shortness + line_cost
}

/// What each half-width character costs that a line is too wide.
const TOO_WIDE: u64 = 10_000;

/// Where the second line of a piece begins (`None` for a single line), and what that costs.
fn line_break(piece: &[Atom<'_>], limit: usize) -> (Option<usize>, u64) {
    let excess = |width: usize| width.saturating_sub(limit) as u64 * TOO_WIDE;
    let whole = width(piece);
    if whole <= limit || piece.len() < 2 {
        return (None, excess(whole));
    }
    let mut before = piece[0].width;
    (1..piece.len())
        .map(|at| {
            // The space at the break is on neither line.
            let space = usize::from(piece[at].has_space);
            let (first, second) = (before, whole - before - space);
            before += space + piece[at].width;
            let unevenness = first.abs_diff(second) as u64;
            let cost =
                excess(first) + excess(second) + unevenness + piece[at - 1].after.line_cost();
            (Some(at), cost)
        })
        .min_by_key(|(_, cost)| *cost)
        .unwrap_or((None, excess(whole)))
}

/// A piece with its line break.
fn lay_out(piece: &[Atom<'_>], limit: usize) -> Piece {
    let (second_line, _) = line_break(piece, limit);
    let mut text = String::new();
    for (index, atom) in piece.iter().enumerate() {
        if second_line == Some(index) {
            text.push('\n');
        } else if index > 0 && atom.has_space {
            text.push(' ');
        }
        text.push_str(atom.text);
    }
    let start = piece.first().map_or(0, |atom| atom.start);
    let end = piece.last().map_or(0, |atom| atom.start + atom.text.len());
    Piece { text, start, end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::line_breaks::{letter_width, never_first, never_last};

    #[test]
    fn a_wide_text_stands_on_two_lines_of_about_the_same_width() {
        let wide = "Each of the four filters has its own nine weights for every channel it reads.";
        let lines = in_two_lines(wide, 46);
        let widths: Vec<usize> = lines.lines().map(str::len).collect();
        assert!(
            widths.len() == 2 && widths[0].abs_diff(widths[1]) < 12,
            "{lines}"
        );
        assert_eq!(lines.replace('\n', " "), wide);
        assert_eq!(in_two_lines("One line.", 46), "One line.");
        assert_eq!(in_two_lines("", 46), "");
    }

    fn texts(display: &str, language: Language) -> Vec<String> {
        split_caption(display, language)
            .into_iter()
            .map(|piece| piece.text)
            .collect()
    }

    const LONG: &str = "A convolution slides a small filter over the input, and at each position it \
        adds up nine products for every channel. That sum is one value of the output, no more and \
        no less, whatever the size of the input may be.";
    const LONG_JA: &str = "畳み込みは、小さなフィルタを入力の上で滑らせ、位置ごとにチャネルの数だけの積を足し\
        合わせます。その和が「出力の値」ひとつになり、入力の大きさがどうであっても変わりません。";

    #[test]
    fn a_short_sentence_is_one_line() {
        assert_eq!(
            texts("This is the input.", Language::En),
            ["This is the input."]
        );
        assert_eq!(
            texts("これが入力です。", Language::Ja),
            ["これが入力です。"]
        );
    }

    #[test]
    fn a_sentence_of_more_than_two_lines_is_long() {
        let text = format!("A short one. {LONG} Another.");
        let long = long_sentences(&text, Language::En);
        assert_eq!(long.len(), 2);
        assert!(long[0].starts_with("A convolution") && long[0].ends_with("channel."));
        assert!(long[1].starts_with("That sum") && long[1].ends_with("may be."));
        assert_eq!(long_sentences(LONG_JA, Language::Ja).len(), 1);
        let fits = "畳み込みは、小さなフィルタを入力の上で滑らせます。";
        assert!(long_sentences(&fits.repeat(3), Language::Ja).is_empty());
    }

    #[test]
    fn a_piece_ends_with_its_sentence() {
        assert_eq!(
            texts(
                "Here is one filter. It has nine weights for each channel.",
                Language::En
            ),
            [
                "Here is one filter.",
                "It has nine weights for each channel."
            ]
        );
    }

    #[test]
    fn a_word_that_is_a_sentence_joins_the_next_one() {
        assert_eq!(
            texts("Look. One sum, one value.", Language::En),
            ["Look. One sum, one value."]
        );
    }

    #[test]
    fn a_long_sentence_breaks_at_its_comma_and_its_lines_are_even() {
        let pieces = texts(LONG, Language::En);
        assert_eq!(
            pieces[0],
            "A convolution slides a small\nfilter over the input,"
        );
    }

    #[test]
    fn no_line_is_too_wide_and_no_piece_has_more_than_two() {
        for (text, language) in [(LONG, Language::En), (LONG_JA, Language::Ja)] {
            for piece in split_caption(text, language) {
                assert!(piece.text.lines().count() <= LINES, "{piece:?}");
                for line in piece.text.lines() {
                    let width: usize = line.chars().map(letter_width).sum();
                    assert!(width <= line_width(language), "{line}");
                }
            }
        }
    }

    #[test]
    fn no_japanese_line_starts_or_ends_with_what_must_not() {
        for piece in split_caption(LONG_JA, Language::Ja) {
            for line in piece.text.lines() {
                assert!(!line.starts_with(never_first), "{line}");
                assert!(!line.ends_with(never_last), "{line}");
            }
        }
    }

    #[test]
    fn pieces_cover_the_text_in_order() {
        for (text, language) in [(LONG, Language::En), (LONG_JA, Language::Ja)] {
            let mut end = 0;
            for piece in split_caption(text, language) {
                assert!(text[end..piece.start].trim().is_empty());
                let flat = |text: &str| text.replace([' ', '\n'], "");
                assert_eq!(flat(&text[piece.start..piece.end]), flat(&piece.text));
                end = piece.end;
            }
            assert_eq!(end, text.len());
        }
    }

    #[test]
    fn a_number_keeps_its_counter_and_katakana_words_stay_whole() {
        for piece in split_caption(LONG_JA, Language::Ja) {
            assert!(!piece.text.contains("フィル\nタ") && !piece.text.contains("チャネ\nル"));
        }
        assert_eq!(atoms("27個の値")[0].text, "27個");
        assert_eq!(atoms("フィルタ")[0].text, "フィルタ");
    }

    #[test]
    fn what_belongs_together_is_never_parted() {
        // A voicing mark by itself, a number in full-width digits with its sign and counter, a no-break space.
        for whole in [
            "か\u{3099}",
            "バ\u{fe00}",
            "１６個",
            "−３．５倍",
            "３×３",
            "3\u{a0}GB",
            "￥５００",
        ] {
            let text = format!("あ{whole}あ");
            let parts: Vec<&str> = atoms(&text).iter().map(|atom| atom.text).collect();
            assert!(
                parts.iter().any(|part| part.contains(whole)),
                "{whole}: {parts:?}"
            );
        }
        assert_eq!(letter_width('\u{3099}'), 0);
        for (first, mark) in [("々", "、"), ("すゝ", "゛"), ("〝", "あ")] {
            assert_eq!(atoms(&format!("{first}{mark}")).len(), 1, "{first}{mark}");
        }
    }

    #[test]
    fn a_word_wider_than_a_line_is_a_line_of_its_own() {
        let word = "x".repeat(60);
        assert_eq!(texts(&word, Language::En), [word]);
    }

    #[test]
    fn nothing_gives_no_pieces() {
        assert!(split_caption("", Language::En).is_empty());
    }
}
