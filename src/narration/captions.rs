//! Captions: a narration text cut into pieces that can be read at a glance.
//!
//! A piece has at most two lines. It ends with a sentence if it can, else at a comma, else between
//! words; its two lines are about as long as each other. English breaks at spaces; Japanese may break
//! between any two characters but for those that must not start or end a line, and best before the
//! word that follows a particle.

use crate::language::is_wide;
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

/// A caption and when it is shown, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// When it appears.
    pub start: f64,
    /// When it goes.
    pub end: f64,
    /// Its words, of one line or more.
    pub text: String,
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

/// The captions of a text: each piece is up from its first word to the first word of the next one, the
/// last to `end`. `times` tells when places in the text, in bytes, are reached.
#[must_use]
pub(super) fn cues_at(
    display: &str,
    language: Language,
    end: f64,
    times: impl FnOnce(&[usize]) -> Vec<f64>,
) -> Vec<Cue> {
    let pieces = split_caption(display, language);
    let starts: Vec<usize> = pieces.iter().map(|piece| piece.start).collect();
    let times = times(&starts);
    let ends = times.iter().skip(1).copied().chain([end]);
    pieces
        .into_iter()
        .zip(times.iter().zip(ends))
        .map(|(piece, (&start, end))| Cue {
            start,
            end,
            text: piece.text,
        })
        .collect()
}

/// The shortest time for which a caption is worth showing, in seconds: what is shorter shares the time of the
/// next one.
const SHORTEST: f64 = 0.3;

/// Captions in order, each shown for a while and gone before the next one comes; times in whole
/// milliseconds, as files of captions have them.
#[must_use]
pub fn in_turn(cues: &[Cue]) -> Vec<Cue> {
    let whole = |seconds: f64| (seconds.max(0.0) * 1000.0).round() / 1000.0;
    let mut sorted: Vec<Cue> = cues
        .iter()
        .filter(|cue| !cue.text.trim().is_empty())
        .cloned()
        .collect();
    sorted.sort_by(|one, other| one.start.total_cmp(&other.start));
    // Each ends where the next one begins, at the latest.
    for place in 1..sorted.len() {
        let next = sorted[place].start;
        let before = &mut sorted[place - 1];
        before.end = before.end.max(before.start).min(next);
    }
    let mut turns: Vec<Cue> = Vec::new();
    let mut waiting: Vec<Cue> = Vec::new();
    for cue in sorted {
        let end = cue.end;
        waiting.push(cue);
        let start = waiting[0].start;
        if end - start < SHORTEST * waiting.len() as f64 {
            continue;
        }
        share(&mut waiting, end, &mut turns);
    }
    // The last ones may have too little time; then they take it from nobody.
    if let Some(start) = waiting.first().map(|cue| cue.start) {
        let end = waiting.iter().map(|cue| cue.end).fold(start, f64::max);
        let end = end.max(start + SHORTEST * waiting.len() as f64);
        share(&mut waiting, end, &mut turns);
    }
    for cue in &mut turns {
        (cue.start, cue.end) = (whole(cue.start), whole(cue.end));
    }
    turns
}

/// Gives captions the time up to `end` by their lengths, where one of them has none of its own.
fn share(waiting: &mut Vec<Cue>, end: f64, turns: &mut Vec<Cue>) {
    if let [only] = waiting.as_mut_slice() {
        only.end = end;
        turns.append(waiting);
        return;
    }
    let start = waiting.first().map_or(end, |cue| cue.start);
    let letters = |cue: &Cue| cue.text.chars().count().max(1) as f64;
    let all: f64 = waiting.iter().map(letters).sum();
    let mut reached = start;
    for mut cue in waiting.drain(..) {
        cue.start = reached;
        reached += (end - start) * letters(&cue) / all;
        cue.end = reached;
        turns.push(cue);
    }
}

/// What stays together on a line: an English word with its punctuation, a Japanese character with
/// what must not be parted from it.
#[derive(Debug, Clone, Copy)]
struct Atom<'a> {
    text: &'a str,
    start: usize,
    /// In half-width characters.
    width: usize,
    /// Whether a space parts it from the atom before.
    has_space: bool,
    /// How good a place to break comes after it.
    after: Break,
}

/// Places to break, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    Sentence,
    Clause,
    Word,
    /// After an article or preposition, which belongs to the next word.
    Loose,
    /// Inside a word.
    Inside,
}

impl Break {
    /// What it costs to end a piece here.
    const fn piece_cost(self) -> u64 {
        match self {
            Self::Sentence => 0,
            Self::Clause => 30,
            Self::Word => 120,
            Self::Loose => 200,
            Self::Inside => 400,
        }
    }

    /// What it costs to end the first of two lines here.
    const fn line_cost(self) -> u64 {
        match self {
            Self::Sentence => 0,
            Self::Clause => 2,
            Self::Word => 12,
            Self::Loose => 30,
            Self::Inside => 60,
        }
    }
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
    (1..piece.len())
        .map(|at| {
            let (first, second) = (width(&piece[..at]), width(&piece[at..]));
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

/// Takes a text apart into what stays together.
fn atoms(text: &str) -> Vec<Atom<'_>> {
    let letters = letters(text);
    let mut atoms = Vec::new();
    let mut first = 0;
    for last in 0..letters.len() {
        let next = letters.get(last + 1);
        if next.is_some_and(|next| next.gap == Gap::None && !may_break(letters[last].it, next.it)) {
            continue;
        }
        let (start, end) = (
            letters[first].at,
            letters[last].at + letters[last].it.len_utf8(),
        );
        atoms.push(Atom {
            text: &text[start..end],
            start,
            width: letters[first..=last]
                .iter()
                .map(|letter| letter_width(letter.it))
                .sum(),
            has_space: letters[first].gap == Gap::Space,
            after: break_after(&text[start..end], next.copied()),
        });
        first = last + 1;
    }
    atoms
}

/// A character that is not a space.
#[derive(Debug, Clone, Copy)]
struct Letter {
    it: char,
    at: usize,
    gap: Gap,
}

/// What parts a character from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    /// A line break of the lesson file beside a Japanese character: a place to break, not a space.
    Fold,
}

/// The characters of a text, its spaces turned into gaps.
fn letters(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    let mut spaces = 0..0;
    for (at, it) in text.char_indices() {
        if it.is_whitespace() {
            spaces.end = at + it.len_utf8();
            continue;
        }
        let before = letters.last().map(|letter| letter.it);
        let gap = if spaces.is_empty() || before.is_none() {
            Gap::None
        } else if text[spaces].contains('\n') && (is_wide(it) || before.is_some_and(is_wide)) {
            Gap::Fold
        } else {
            Gap::Space
        };
        letters.push(Letter { it, at, gap });
        spaces = at + it.len_utf8()..at + it.len_utf8();
    }
    letters
}

/// Width in half-width characters.
fn letter_width(c: char) -> usize {
    if is_wide(c) { 2 } else { 1 }
}

/// Characters that never start a line.
fn never_first(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '・'
            | '：'
            | '；'
            | '？'
            | '！'
            | '」'
            | '』'
            | '）'
            | '］'
            | '｝'
            | '〉'
            | '》'
            | '】'
            | '〕'
            | 'ー'
            | '々'
            | '〜'
            | '～'
            | '…'
            | '‥'
            | '’'
            | '”'
            | '%'
            | '％'
            | ')'
            | ']'
            | '}'
            | ','
            | '.'
            | ':'
            | ';'
            | '?'
            | '!'
            | 'ぁ'
            | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ゎ'
            | 'ゕ'
            | 'ゖ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ヮ'
            | 'ヵ'
            | 'ヶ'
    )
}

/// Characters that never end a line.
fn never_last(c: char) -> bool {
    matches!(
        c,
        '「' | '『'
            | '（'
            | '［'
            | '｛'
            | '〈'
            | '《'
            | '【'
            | '〔'
            | '‘'
            | '“'
            | '('
            | '['
            | '{'
    )
}

/// Whether a line may end between two characters that no space parts.
pub(crate) fn may_break(before: char, next: char) -> bool {
    if never_first(next) || never_last(before) {
        return false;
    }
    // A number keeps the unit or counter that follows it; katakana words stay whole.
    let is_katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
    if before.is_ascii_digit() && is_wide(next) || is_katakana(before) && is_katakana(next) {
        return false;
    }
    is_wide(before) || is_wide(next)
}

/// How good a place to break comes after an atom.
fn break_after(atom: &str, next: Option<Letter>) -> Break {
    let closing = |c: char| matches!(c, '"' | '”' | '’' | ')' | '」' | '』' | '）');
    let last = atom.trim_end_matches(closing).chars().next_back();
    let next = next.filter(|next| next.gap == Gap::None);
    match last {
        Some('.') if is_abbreviation(atom) => Break::Word,
        Some('.' | '?' | '!' | '。' | '？' | '！') => Break::Sentence,
        Some(',' | ';' | ':' | '—' | '、' | '，' | '；' | '：') => Break::Clause,
        Some(last) => match next {
            Some(next) => japanese_break(last, next.it),
            None if LEADS_ON.contains(&atom.to_lowercase().as_str()) => Break::Loose,
            None => Break::Word,
        },
        None => Break::Word,
    }
}

/// How good a break between two Japanese characters is. A word starts where a kanji, katakana or an
/// opening bracket follows hiragana.
fn japanese_break(before: char, next: char) -> Break {
    let is_hiragana = |c: char| matches!(c, 'ぁ'..='ゖ');
    // お and ご before a noun belong to it.
    if is_hiragana(before) && !is_hiragana(next) && !matches!(before, 'お' | 'ご') {
        Break::Word
    } else {
        Break::Inside
    }
}

/// Abbreviations that do not end a sentence.
fn is_abbreviation(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "e.g." | "i.e." | "vs." | "cf." | "fig." | "no."
    )
}

/// Words that belong to what follows them.
const LEADS_ON: [&str; 24] = [
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "from", "into", "over",
    "and", "or", "but", "as", "its", "this", "that", "each", "every", "no",
];

#[cfg(test)]
mod tests {
    use super::*;

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
    use crate::narration::estimate::heard_mark_times;

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
    fn a_word_wider_than_a_line_is_a_line_of_its_own() {
        let word = "x".repeat(60);
        assert_eq!(texts(&word, Language::En), [word]);
    }

    #[test]
    fn nothing_gives_no_pieces() {
        assert!(split_caption("", Language::En).is_empty());
        assert!(cues_at(" ", Language::Ja, 1.0, |_| Vec::new()).is_empty());
    }

    #[test]
    fn no_caption_overlaps_another_or_is_gone_at_once() {
        let cue = |start: f64, end: f64, text: &str| Cue {
            start,
            end,
            text: text.to_owned(),
        };
        let cases = [
            vec![
                cue(0.0, 2.0, "one"),
                cue(1.0, 3.0, "two"),
                cue(2.9996, 2.9996, "three"),
                cue(3.0, 5.0, "four"),
            ],
            vec![
                cue(0.0, 0.0, "one"),
                cue(0.0, 0.0, "two"),
                cue(0.0, 1.5, "three"),
            ],
            vec![
                cue(3.0, 4.0, "late"),
                cue(1.0, 2.0, "early"),
                cue(4.0, 4.0, "last"),
            ],
            vec![cue(0.0, 1.0, " "), cue(0.5, 0.6, "short")],
            vec![cue(1.0, 0.5, "backwards"), cue(1.0, 1.0, "too")],
        ];
        for cues in cases {
            let words = |cues: &[Cue]| -> Vec<String> {
                let mut words: Vec<String> = cues.iter().map(|cue| cue.text.clone()).collect();
                words.retain(|text| !text.trim().is_empty());
                words.sort();
                words
            };
            let turns = in_turn(&cues);
            assert_eq!(words(&turns), words(&cues));
            assert!(
                turns.iter().all(|cue| cue.end - cue.start >= 0.05),
                "{turns:?}"
            );
            assert!(
                turns.windows(2).all(|pair| pair[0].end <= pair[1].start),
                "{turns:?}"
            );
        }
        let apart = vec![
            cue(0.0, 1.0, "one"),
            cue(1.0, 2.5, "two"),
            cue(4.0, 5.0, "three"),
        ];
        assert_eq!(in_turn(&apart), apart);
    }

    #[test]
    fn cues_follow_each_other_through_the_speech() {
        let cues = cues_at(LONG, Language::En, 16.0, |starts| {
            heard_mark_times(LONG, starts, 2.0..16.0, &[], Language::En)
        });
        assert_eq!(cues.first().unwrap().start, 2.0);
        assert_eq!(cues.last().unwrap().end, 16.0);
        assert!(cues.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(cues.iter().all(|cue| cue.end - cue.start > 1.0), "{cues:?}");
    }
}
