//! Where a line of a text may end, and how well. English breaks at spaces; Japanese may break between any two
//! characters but for those that must not start or end a line, and best before the word that follows a
//! particle.

use crate::language::{is_wide, narrow};

/// What stays together on a line: an English word with its punctuation, a Japanese character with
/// what must not be parted from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Atom<'a> {
    pub text: &'a str,
    pub start: usize,
    /// In half-width characters.
    pub width: usize,
    /// Whether a space parts it from the atom before.
    pub has_space: bool,
    /// How good a place to break comes after it.
    pub after: Break,
}

/// Places to break, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
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
    pub const fn piece_cost(self) -> u64 {
        match self {
            Self::Sentence => 0,
            Self::Clause => 30,
            Self::Word => 120,
            Self::Loose => 200,
            Self::Inside => 400,
        }
    }

    /// What it costs to end the first of two lines here.
    pub const fn line_cost(self) -> u64 {
        match self {
            Self::Sentence => 0,
            Self::Clause => 2,
            Self::Word => 12,
            Self::Loose => 30,
            Self::Inside => 60,
        }
    }
}

/// Takes a text apart into what stays together.
pub(super) fn atoms(text: &str) -> Vec<Atom<'_>> {
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
        if it.is_whitespace() && !is_kept_space(it) {
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
pub(super) fn letter_width(c: char) -> usize {
    match c {
        c if joins(c) => 0,
        c if is_wide(c) => 2,
        _ => 1,
    }
}

/// What belongs to the character before it: an accent, a voicing mark by itself (as macOS writes the か of が),
/// what chooses a form of it or joins it to the next one.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{20d0}'..='\u{20ff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{1f3fb}'..='\u{1f3ff}'
    ) || is_joiner(c)
}

/// A joiner, seen or not, between characters that stay together.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// A space at which no line ends.
fn is_kept_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}')
}

/// Characters that never start a line.
pub(super) fn never_first(c: char) -> bool {
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
            | 'ゝ'
            | 'ゞ'
            | 'ヽ'
            | 'ヾ'
            | '゛'
            | '゜'
            | '〟'
            | '›'
            | '»'
            | '｠'
            | '｡'
            | '､'
            | '｣'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
            | '°'
            | '℃'
    ) || matches!(c, 'ㇰ'..='ㇿ')
        || joins(c)
}

/// Characters that never end a line.
pub(super) fn never_last(c: char) -> bool {
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
            | '〝'
            | '«'
            | '‹'
            | '｟'
            | '｢'
            | '￥'
            | '＃'
    ) || is_joiner(c)
}

/// Whether a line may end between two characters that no space parts.
pub(crate) fn may_break(before: char, next: char) -> bool {
    if never_first(next) || never_last(before) {
        return false;
    }
    // A number keeps its sign and the unit or counter that follows it, in full-width digits too; katakana words
    // stay whole.
    let is_katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
    let is_digit = |c: char| narrow(c).is_ascii_digit();
    let leads = |c: char| matches!(narrow(c), '×' | '−' | '±' | '+' | '-' | '/' | '.' | ',');
    if is_digit(before) || leads(before) && is_digit(next) {
        return false;
    }
    if is_katakana(before) && is_katakana(next) {
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
