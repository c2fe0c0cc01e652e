//! A call that is being written, in PyTorch's notation.

use std::fmt::Write as _;

use crate::op::padding::{LinePadding, Padding, PaddingMode, VolumePadding};

/// How a call is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As source, as short as it can be: `Conv2d(3, 8, 3, stride=2)`.
    Source,
    /// As PyTorch prints a module: `Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2))`.
    Printed,
}

/// A call that is being written.
#[derive(Debug)]
pub struct Line {
    text: String,
    style: Style,
    empty: bool,
}

impl Line {
    /// The beginning of a call.
    #[must_use]
    pub fn new(name: &str, style: Style) -> Self {
        Self {
            text: format!("{name}("),
            style,
            empty: true,
        }
    }

    /// How it is written.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    fn comma(&mut self) -> &mut String {
        if !std::mem::take(&mut self.empty) {
            self.text.push_str(", ");
        }
        &mut self.text
    }

    /// An argument without its name.
    #[must_use]
    pub fn value(mut self, value: impl std::fmt::Display) -> Self {
        let _ = write!(self.comma(), "{value}");
        self
    }

    /// An argument by its name.
    #[must_use]
    pub fn named(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let _ = write!(self.comma(), "{name}={value}");
        self
    }

    /// An argument by its name, unless it has its usual value.
    #[must_use]
    pub fn unless<T: std::fmt::Display + PartialEq>(self, name: &str, value: T, usual: T) -> Self {
        if value == usual {
            self
        } else {
            self.named(name, value)
        }
    }

    /// A switch, unless it has its usual value.
    #[must_use]
    pub fn switch(self, name: &str, value: bool, usual: bool) -> Self {
        self.unless(name, truth(value), truth(usual))
    }

    /// Numbers of several axes: shortened in source, in full in print.
    fn numbers(&self, sizes: &[usize]) -> String {
        match self.style {
            Style::Source => short(sizes),
            Style::Printed => tuple(sizes),
        }
    }

    /// The size of a kernel: without its name in source.
    #[must_use]
    pub fn kernel(self, sizes: &[usize]) -> Self {
        let numbers = self.numbers(sizes);
        match self.style {
            Style::Source => self.value(numbers),
            Style::Printed => self.named("kernel_size", numbers),
        }
    }

    /// A stride: in print always, in source unless it is 1.
    #[must_use]
    pub fn stride(self, sizes: &[usize]) -> Self {
        match self.style {
            Style::Source => self.sizes("stride", sizes, 1),
            Style::Printed => {
                let numbers = self.numbers(sizes);
                self.named("stride", numbers)
            }
        }
    }

    /// Numbers of several axes, unless all have their usual value.
    #[must_use]
    pub fn sizes(self, name: &str, sizes: &[usize], usual: usize) -> Self {
        if sizes.iter().all(|size| *size == usual) {
            return self;
        }
        let numbers = self.numbers(sizes);
        self.named(name, numbers)
    }

    /// Numbers of several axes, shortened in both styles, unless all have their usual value.
    #[must_use]
    pub fn short(self, name: &str, sizes: &[usize], usual: Option<usize>) -> Self {
        if sizes.iter().all(|size| Some(*size) == usual) {
            return self;
        }
        self.named(name, short(sizes))
    }

    /// A word, in quotes in source.
    #[must_use]
    pub fn word(self, name: &str, word: &str) -> Self {
        match self.style {
            Style::Source => self.named(name, format!("'{word}'")),
            Style::Printed => self.named(name, word),
        }
    }

    /// `padding`, whatever it is made of.
    #[must_use]
    pub fn padding(self, padding: &PaddingNumbers) -> Self {
        match padding {
            PaddingNumbers::Axes(sizes) => self.sizes("padding", sizes, 0),
            PaddingNumbers::Sides(sizes) => self.named("padding", tuple(sizes)),
            PaddingNumbers::Word(word) => self.word("padding", word),
        }
    }

    /// `padding_mode`, unless it is zeros.
    #[must_use]
    pub fn padding_mode(self, mode: PaddingMode) -> Self {
        match mode {
            PaddingMode::Zeros => self,
            PaddingMode::Reflect => self.word("padding_mode", "reflect"),
            PaddingMode::Replicate => self.word("padding_mode", "replicate"),
            PaddingMode::Circular => self.word("padding_mode", "circular"),
        }
    }

    /// The whole call.
    #[must_use]
    pub fn end(self) -> String {
        self.text + ")"
    }
}

/// Padding as a call writes it.
pub enum PaddingNumbers {
    /// By a name.
    Word(&'static str),
    /// For both sides of each axis.
    Axes(Vec<usize>),
    /// For sides that differ: never shortened to one number.
    Sides(Vec<usize>),
}

impl Padding {
    pub(crate) fn written(self) -> PaddingNumbers {
        match self {
            Self::Valid => PaddingNumbers::Axes(vec![0, 0]),
            Self::Same => PaddingNumbers::Word("same"),
            Self::Full => PaddingNumbers::Word("full"),
            Self::Size(rows, columns) => PaddingNumbers::Axes(vec![rows, columns]),
            Self::Sides {
                top,
                bottom,
                left,
                right,
            } if top == bottom && left == right => PaddingNumbers::Axes(vec![top, left]),
            Self::Sides {
                top,
                bottom,
                left,
                right,
            } => PaddingNumbers::Sides(vec![left, right, top, bottom]),
        }
    }
}

impl LinePadding {
    pub(crate) fn written(self) -> PaddingNumbers {
        match self {
            Self::Valid => PaddingNumbers::Axes(vec![0]),
            Self::Same => PaddingNumbers::Word("same"),
            Self::Full => PaddingNumbers::Word("full"),
            Self::Size(size) => PaddingNumbers::Axes(vec![size]),
            Self::Sides { left, right } => PaddingNumbers::Sides(vec![left, right]),
        }
    }
}

impl VolumePadding {
    pub(crate) fn written(self) -> PaddingNumbers {
        match self {
            Self::Valid => PaddingNumbers::Axes(vec![0; 3]),
            Self::Same => PaddingNumbers::Word("same"),
            Self::Full => PaddingNumbers::Word("full"),
            Self::Size(slices, rows, columns) => PaddingNumbers::Axes(vec![slices, rows, columns]),
            Self::Sides {
                front,
                back,
                top,
                bottom,
                left,
                right,
            } => PaddingNumbers::Sides(vec![left, right, top, bottom, front, back]),
        }
    }
}

/// Python's word.
pub(crate) const fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// `(3, 3)`, and `(3,)` for one.
fn tuple(sizes: &[usize]) -> String {
    let inner: Vec<String> = sizes.iter().map(usize::to_string).collect();
    match inner.as_slice() {
        [only] => format!("({only},)"),
        inner => format!("({})", inner.join(", ")),
    }
}

/// One number when all are alike.
fn short(sizes: &[usize]) -> String {
    match sizes {
        [first, rest @ ..] if rest.iter().all(|size| size == first) => first.to_string(),
        sizes => tuple(sizes),
    }
}

/// A real number as Python writes it: `0.5`, `2.0`, `1e-05`.
pub(crate) fn float(value: f64) -> String {
    let text = format!("{value:?}");
    let Some((digits, exponent)) = text.split_once('e') else {
        // Rust keeps its plain form one place longer than Python.
        if value != 0.0 && value.abs() < 1e-4 {
            return float_in_powers(value);
        }
        return text;
    };
    python_exponent(digits, exponent)
}

fn float_in_powers(value: f64) -> String {
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => python_exponent(digits, exponent),
        None => text,
    }
}

/// At least two digits, and a sign.
fn python_exponent(digits: &str, exponent: &str) -> String {
    let (sign, power) = match exponent.strip_prefix('-') {
        Some(power) => ('-', power),
        None => ('+', exponent),
    };
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    format!("{digits}e{sign}{power:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_numbers_are_written_as_python_writes_them() {
        // Each as `repr` of CPython 3.11 gives it.
        for (value, text) in [
            (0.01, "0.01"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.5e-7, "1.5e-07"),
            (2.0, "2.0"),
            (1e16, "1e+16"),
            (0.1, "0.1"),
        ] {
            assert_eq!(float(value), text);
        }
    }
}
