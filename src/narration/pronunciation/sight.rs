//! A place in a text, with what stands around it.

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'a> {
    /// All characters, with their places in bytes.
    characters: &'a [(usize, char)],
    at: usize,
}

impl<'a> Sight<'a> {
    pub fn new(characters: &'a [(usize, char)], at: usize) -> Self {
        Self { characters, at }
    }

    /// The character `offset` places on.
    pub fn peek(&self, offset: usize) -> Option<char> {
        let (_, character) = self.characters.get(self.at.checked_add(offset)?)?;
        Some(*character)
    }

    /// The character `offset` places back; 1 is the one before.
    pub fn back(&self, offset: usize) -> Option<char> {
        let (_, character) = self.characters.get(self.at.checked_sub(offset)?)?;
        Some(*character)
    }

    /// The first character from a place on that is no space, and its place.
    pub fn behind_spaces(&self, mut offset: usize) -> (usize, Option<char>) {
        while self.peek(offset) == Some(' ') {
            offset += 1;
        }
        (offset, self.peek(offset))
    }

    /// The last character before `back` places that is no space, and how far back it is.
    pub fn before_spaces(&self, mut back: usize) -> (usize, Option<char>) {
        while self.back(back) == Some(' ') {
            back += 1;
        }
        (back, self.back(back))
    }

    /// Whether a word or a number goes on across the place before.
    pub fn begins_word(&self) -> bool {
        !self.back(1).is_some_and(is_of_word)
    }

    /// Where a run of digits ends that begins at `offset`; `None` where none does.
    pub fn digits(&self, offset: usize) -> Option<usize> {
        let mut end = offset;
        while self.peek(end).is_some_and(|c| c.is_ascii_digit()) {
            end += 1;
        }
        (end > offset).then_some(end)
    }

    /// Where a word of Latin letters and digits ends that begins at `offset`.
    pub fn word(&self, offset: usize) -> usize {
        let mut end = offset;
        while self.peek(end).is_some_and(|c| c.is_ascii_alphanumeric()) {
            end += 1;
        }
        end
    }

    /// The characters from `from` up to `to`.
    pub fn text(&self, from: usize, to: usize) -> String {
        (from..to).filter_map(|offset| self.peek(offset)).collect()
    }

    /// Whether these characters stand here.
    pub fn stands(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(offset, c)| self.peek(offset) == Some(c))
    }

    /// The whole number that superscripts write at `offset`, and where they end: `⁻³` is −3.
    fn superscript(&self, offset: usize) -> Option<(i32, usize)> {
        let negative = self.peek(offset) == Some('⁻');
        let mut end = offset + usize::from(negative);
        let start = end;
        let mut number = 0i32;
        while let Some(digit) = self.peek(end).and_then(superscript_digit) {
            number = number.saturating_mul(10).saturating_add(digit);
            end += 1;
        }
        (end > start).then_some((if negative { -number } else { number }, end))
    }
}

/// What the letter x is between or behind digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SizeSign {
    /// `3x3`.
    Between,
    /// `2x`.
    Behind,
}

impl Sight<'_> {
    /// The x of `3x3`, and of `2x` behind which nothing of a word stands. Those of `0x3f` and `conv2x2` are
    /// none.
    pub fn size_sign(&self) -> Option<SizeSign> {
        let is_sign = |c: char| matches!(c, 'x' | 'X');
        if !self.peek(0).is_some_and(is_sign) || !self.back(1)?.is_ascii_digit() {
            return None;
        }
        let mut back = 1;
        while self.back(back).is_some_and(|c| c.is_ascii_digit()) {
            back += 1;
        }
        let goes_on = |c: Option<char>| c.is_some_and(|c| is_latin(c) && !is_sign(c));
        if goes_on(self.back(back)) {
            return None;
        }
        match self.peek(1) {
            Some(next) if next.is_ascii_digit() => {
                let end = self.digits(1)?;
                (!goes_on(self.peek(end))).then_some(SizeSign::Between)
            }
            Some(next) if is_latin(next) => None,
            _ => Some(SizeSign::Behind),
        }
    }

    /// Both numbers of `1/16`, and where it ends; of a date or a path there is none.
    pub fn fraction(&self) -> Option<(String, String, usize)> {
        let follows = |c: char| is_latin(c) || matches!(c, '/' | '.');
        let middle = self.digits(0)?;
        if self.back(1).is_some_and(follows) || !matches!(self.peek(middle), Some('/' | '／')) {
            return None;
        }
        let end = self.digits(middle + 1)?;
        let goes_on = self.peek(end).is_some_and(|c| c == '/' || is_latin(c));
        (!goes_on).then(|| (self.text(0, middle), self.text(middle + 1, end), end))
    }

    /// Whether this is the colon of `16:9`. Two digits behind it are a time.
    pub fn is_ratio(&self) -> bool {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        matches!(self.peek(0), Some(':' | '：'))
            && is_digit(self.back(1))
            && is_digit(self.peek(1))
            && !is_digit(self.peek(2))
    }

    /// The exponent of `k²`, `10⁻³`, `2^3`, and where it ends.
    pub fn power(&self) -> Option<(i32, usize)> {
        if !self
            .back(1)
            .is_some_and(|c| is_of_word(c) || matches!(c, ')' | '）'))
        {
            return None;
        }
        if self.peek(0) == Some('^') {
            let end = self.digits(1)?;
            return Some((self.text(1, end).parse().ok()?, end));
        }
        self.superscript(0)
    }
}

fn superscript_digit(character: char) -> Option<i32> {
    let place = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|c| c == character)?;
    i32::try_from(place).ok()
}

/// Whether a character is a Latin letter or a digit.
pub(super) fn is_latin(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Whether a character is part of a word or number.
pub(super) fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The name of a Greek letter in English and Japanese.
pub(super) fn greek(character: char) -> Option<(&'static str, &'static str)> {
    Some(match character {
        'α' => ("alpha", "アルファ"),
        'β' => ("beta", "ベータ"),
        'γ' => ("gamma", "ガンマ"),
        'δ' | 'Δ' => ("delta", "デルタ"),
        'ε' => ("epsilon", "イプシロン"),
        'η' => ("eta", "イータ"),
        'θ' => ("theta", "シータ"),
        'λ' => ("lambda", "ラムダ"),
        'μ' | 'µ' => ("mu", "ミュー"),
        'π' => ("pi", "パイ"),
        'ρ' => ("rho", "ロー"),
        'σ' => ("sigma", "シグマ"),
        'Σ' => ("the sum of", "シグマ"),
        'τ' => ("tau", "タウ"),
        'φ' => ("phi", "ファイ"),
        'ω' => ("omega", "オメガ"),
        _ => return None,
    })
}
