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
    pub fn superscript(&self, offset: usize) -> Option<(i32, usize)> {
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

fn superscript_digit(character: char) -> Option<i32> {
    let place = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|c| c == character)?;
    i32::try_from(place).ok()
}

/// Whether a character is part of a word or number.
pub(super) fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The name of a Greek letter in English.
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
