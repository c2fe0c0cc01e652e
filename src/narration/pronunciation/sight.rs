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

    /// The exponent that superscripts write at `offset`, and where they end: `⁻³` is −3.
    fn superscript(&self, offset: usize) -> Option<(Power, usize)> {
        let negative = self.peek(offset) == Some('⁻');
        let start = offset + usize::from(negative);
        let of = self.written(start, "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ", "0123456789n")?;
        let end = start + of.chars().count();
        Some((Power { negative, of }, end))
    }

    /// What the subscripts here write, and where they end: `₁₂` is 12.
    pub fn subscript(&self) -> Option<(String, usize)> {
        let written = self.written(0, "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₜₓ", "0123456789ijkmntx")?;
        let end = written.chars().count();
        Some((written, end))
    }

    /// The plain characters of a run of others, one for each.
    fn written(&self, offset: usize, from: &str, to: &str) -> Option<String> {
        let plain = |c: char| Some(from.chars().zip(to.chars()).find(|(own, _)| *own == c)?.1);
        let written: String = (offset..)
            .map_while(|offset| plain(self.peek(offset)?))
            .collect();
        (!written.is_empty()).then_some(written)
    }
}

/// An exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Power {
    /// Whether a minus stands before it.
    pub negative: bool,
    /// Its digits, or the letter that it is.
    pub of: String,
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
    /// The x of `3x3` and `HxW`, and of `2x` behind which nothing of a word stands. Those of `0x3f` and
    /// `conv2x2` are none.
    pub fn size_sign(&self) -> Option<SizeSign> {
        let is_sign = |c: char| matches!(c, 'x' | 'X');
        if self.peek(0) == Some('x') && self.is_between_axes() {
            return Some(SizeSign::Between);
        }
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

    /// The exponent of `k²`, `10⁻³`, `2^3`, `10^-3`, `2^n`, and where it ends.
    pub fn power(&self) -> Option<(Power, usize)> {
        if !self
            .back(1)
            .is_some_and(|c| is_of_word(c) || matches!(c, ')' | '）'))
        {
            return None;
        }
        if self.peek(0) != Some('^') {
            return self.superscript(0);
        }
        let negative = matches!(self.peek(1), Some('-' | '−'));
        let start = 1 + usize::from(negative);
        let word = self.word(start);
        let end = self.digits(start).or((word == start + 1).then_some(word))?;
        let of = self.text(start, end);
        Some((Power { negative, of }, end))
    }

    /// The factor and the exponent of 10 of `1.5e-3`, and where it ends.
    pub fn scientific(&self) -> Option<(String, Power, usize)> {
        if self.back(1).is_some_and(|c| is_latin(c) || c == '.') {
            return None;
        }
        let whole = self.digits(0)?;
        let factor = match self.peek(whole) {
            Some('.') => self.digits(whole + 1)?,
            _ => whole,
        };
        if !matches!(self.peek(factor), Some('e' | 'E')) {
            return None;
        }
        let sign = self.peek(factor + 1);
        let negative = matches!(sign, Some('-' | '−'));
        let start = factor + 1 + usize::from(negative || sign == Some('+'));
        let end = self.digits(start)?;
        if self.peek(end).is_some_and(is_latin) {
            return None;
        }
        let digits = self.text(start, end);
        let of = match digits.trim_start_matches('0') {
            "" => "0".to_owned(),
            of => of.to_owned(),
        };
        Some((self.text(0, factor), Power { negative, of }, end))
    }

    /// The sign that characters of a keyboard stand for here, and how many they are: `->` is →.
    pub fn typed_sign(&self) -> Option<(char, usize)> {
        const TYPED: [(&str, char); 7] = [
            ("-->", '→'),
            ("->", '→'),
            ("=>", '→'),
            ("<=", '≤'),
            (">=", '≥'),
            ("!=", '≠'),
            ("==", '='),
        ];
        let (typed, sign) = TYPED.into_iter().find(|(typed, _)| self.stands(typed))?;
        Some((sign, typed.len()))
    }

    /// Whether the `<` or `>` here compares, and is no bracket such as those of `Vec<f32>` and `<i>`.
    pub fn compares(&self) -> bool {
        let doubled = self.peek(1) == self.peek(0) || self.back(1) == self.peek(0);
        let is_bracket = match self.peek(0) {
            Some('<') => {
                let names = self.peek(1).is_some_and(char::is_alphabetic);
                let closes = self.peek(self.word(1)) == Some('>');
                names && closes || self.peek(1) == Some('/')
            }
            Some('>') => {
                let mut back = 1;
                while self.back(back).is_some_and(|c| is_latin(c) || c == '/') {
                    back += 1;
                }
                back > 1 && self.back(back) == Some('<')
            }
            _ => true,
        };
        !doubled && !is_bracket
    }

    /// Whether the hyphen here takes something from a variable: `n-1`, `H-K+1`. Those of `GPT-2` and `U-Net`
    /// do not.
    pub fn takes_away(&self) -> bool {
        let is_operator = |c: Option<char>| c.is_some_and(|c| "+*/=()（）×÷".contains(c));
        let Some(left) = self.back(1).filter(char::is_ascii_alphabetic) else {
            return false;
        };
        if self.back(2).is_some_and(|c| is_latin(c) || c == '-') {
            return false;
        }
        let end = self.word(1);
        if self.peek(end) == Some('-') && end > 2 {
            return false;
        }
        let calculates = is_operator(self.back(2)) || is_operator(self.peek(end));
        match self.peek(1) {
            Some(c) if c.is_ascii_digit() => {
                self.digits(1) == Some(end) && (left.is_ascii_lowercase() || calculates)
            }
            Some(c) if c.is_ascii_alphabetic() => end == 2 && calculates,
            _ => false,
        }
    }

    /// Whether the hyphen here is between the letters and the number of a name: `ResNet-50`, `16-bit`.
    pub fn parts_name(&self) -> bool {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let (before, next) = (self.back(1), self.peek(1));
        letter(before) && digit(next) || digit(before) && letter(next)
    }

    /// Whether the slash here divides a variable or a parenthesis by a number: `(k-1)/2`.
    pub fn divides(&self) -> bool {
        let is_of_path = |c: char| is_latin(c) || matches!(c, '/' | '.' | ':');
        let is_variable = self.back(1).is_some_and(|c| c.is_ascii_alphabetic())
            && !self.back(2).is_some_and(is_of_path);
        let is_number = self
            .digits(1)
            .is_some_and(|end| !self.peek(end).is_some_and(|c| is_latin(c) || c == '/'));
        self.peek(0) == Some('/')
            && (is_variable || matches!(self.back(1), Some(')' | '）')))
            && is_number
    }

    /// What is said of the unit that stands here behind a number, of those that are known, and where it ends.
    pub fn unit(&self, units: &[(&str, &'static str)]) -> Option<(&'static str, usize)> {
        let (_, before) = self.before_spaces(1);
        if !before.is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
        units.iter().find_map(|(unit, said)| {
            let end = unit.chars().count();
            let goes_on = self.peek(end).is_some_and(|c| is_latin(c) || c == '²');
            (self.stands(unit) && !goes_on).then_some((*said, end))
        })
    }

    /// Whether the unit that ends at `end` is one by the second.
    pub fn by_second(&self, end: usize) -> bool {
        let goes_on = self.peek(end + 2).is_some_and(is_latin);
        self.peek(end) == Some('/') && self.peek(end + 1) == Some('s') && !goes_on
    }

    /// Whether the character here stands by itself behind a single letter, as an accent of mathematics does.
    pub fn marks_variable(&self) -> bool {
        self.back(1).is_some_and(char::is_alphabetic)
            && !self.back(2).is_some_and(is_latin)
            && !self.peek(1).is_some_and(is_latin)
    }

    /// Whether the x here is between axes: that of `HxW` and `Nx3`.
    fn is_between_axes(&self) -> bool {
        let mut start = 1;
        while self.back(start).is_some_and(is_latin) {
            start += 1;
        }
        let before = (1..start).rev().filter_map(|back| self.back(back));
        let word: String = before.chain(self.text(0, self.word(0)).chars()).collect();
        let is_number = |part: &str| part.bytes().all(|c| c.is_ascii_digit()) && !part.is_empty();
        let is_letter = |part: &str| part.len() == 1 && "BCDHKMNWkmn".contains(part);
        let parts: Vec<&str> = word.split('x').collect();
        let all = parts.iter().all(|part| is_number(part) || is_letter(part));
        parts.len() > 1 && all && parts.iter().any(|part| is_letter(part))
    }
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
