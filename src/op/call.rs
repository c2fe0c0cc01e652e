//! An operation as a call in PyTorch's notation: which parameters it has, what their arguments may
//! be, and how it is written.

use std::fmt::Write as _;

use super::layer::Layer;
use super::padding::{LinePadding, Padding, PaddingMode, VolumePadding};
use crate::language::Localized;
use crate::says;

/// A call that makes a layer.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The name that is called, without `nn.`.
    pub name: &'static str,
    /// The parameters in their order.
    pub parameters: &'static [&'static str],
    /// How many of the first ones must be given.
    pub required: usize,
    /// Makes the layer from the arguments.
    pub make: fn(&Arguments) -> ParseResult<Layer>,
}

/// An argument's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// A text in quotes.
    Text(String),
    /// `True` or `False`.
    Bool(bool),
    /// `None`.
    None,
    /// A tuple or a list.
    List(Vec<Value>),
    /// A layer, by its name.
    Layer(String),
}

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentError {
    /// The parameter; of one that is not there, the mistake lies in the whole call.
    pub parameter: &'static str,
    /// What is wrong and how to fix it.
    pub message: Localized<String>,
}

/// An answer of a [`Form`].
pub type ParseResult<T> = Result<T, ArgumentError>;

/// The arguments of a call by their parameters.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    given: Vec<(&'static str, Value)>,
}

impl Value {
    /// The value as an error names it.
    pub(crate) fn described(&self) -> Localized<String> {
        match self {
            Self::Integer(number) => Localized::same(number.to_string()),
            // As Python writes it: 3.0 is no whole number.
            Self::Real(number) => Localized::same(format!("{number:?}")),
            Self::Text(text) => {
                Localized::same(format!("'{}'", text.chars().take(40).collect::<String>()))
            }
            Self::Bool(true) => Localized::same("True"),
            Self::Bool(false) => Localized::same("False"),
            Self::None => Localized::same("None"),
            Self::List(values) => {
                let count = values.len();
                says!(en: "a list of {count}", ja: "{count} 個の並び")
            }
            Self::Layer(name) => says!(en: "the layer {name}", ja: "層 {name}"),
        }
    }
}

impl Arguments {
    /// Adds an argument.
    pub fn give(&mut self, parameter: &'static str, value: Value) {
        self.given.push((parameter, value));
    }

    /// An error at an argument.
    ///
    /// # Errors
    /// Always.
    pub fn wrong<T>(&self, parameter: &'static str, message: Localized<String>) -> ParseResult<T> {
        Err(ArgumentError { parameter, message })
    }

    /// An argument's value, `None` when it is not there.
    #[must_use]
    pub fn get(&self, parameter: &str) -> Option<&Value> {
        let found = self.given.iter().find(|(given, _)| *given == parameter);
        found.map(|(_, value)| value)
    }

    /// Whether an argument is there and not `None`.
    #[must_use]
    pub fn has(&self, parameter: &str) -> bool {
        !matches!(self.get(parameter), None | Some(Value::None))
    }

    fn missing<T>(&self, parameter: &'static str) -> ParseResult<T> {
        let message = says!(en: "{parameter} is missing", ja: "{parameter} がありません");
        self.wrong(parameter, message)
    }

    /// One whole number of an argument's value.
    fn whole(&self, parameter: &'static str, value: &Value, minimum: usize) -> ParseResult<usize> {
        match value {
            Value::Integer(number) => match usize::try_from(*number) {
                Ok(number) if number >= minimum => Ok(number),
                _ if *number < 0 => self.wrong(
                    parameter,
                    says!(
                        en: "{parameter} is {number}; it cannot be negative",
                        ja: "{parameter} が {number} です。負の数にはできません。"
                    ),
                ),
                _ => self.wrong(
                    parameter,
                    says!(
                        en: "{parameter} is {number}; it must be at least {minimum}",
                        ja: "{parameter} が {number} です。{minimum} 以上にしてください。"
                    ),
                ),
            },
            other => {
                let this = other.described();
                let message = says!(
                    with [this];
                    en: "{parameter} needs a whole number, this is {this}",
                    ja: "{parameter} には整数が要りますが、これは {this} です。"
                );
                self.wrong(parameter, message)
            }
        }
    }

    fn integer_of(&self, parameter: &'static str, value: &Value) -> ParseResult<i64> {
        match value {
            Value::Integer(number) => Ok(*number),
            other => {
                let this = other.described();
                let message = says!(
                    with [this];
                    en: "{parameter} needs a whole number, this is {this}",
                    ja: "{parameter} には整数が要りますが、これは {this} です。"
                );
                self.wrong(parameter, message)
            }
        }
    }

    /// A whole number that may be negative: an axis, say.
    ///
    /// # Errors
    /// When it is something else, or is not there and has no default.
    pub fn integer(&self, parameter: &'static str, default: Option<i64>) -> ParseResult<i64> {
        match (self.get(parameter), default) {
            (Some(value), _) => self.integer_of(parameter, value),
            (None, Some(default)) => Ok(default),
            (None, None) => self.missing(parameter),
        }
    }

    /// Whole numbers that may be negative, or one; `None` where there are none.
    ///
    /// # Errors
    /// When it is something else.
    pub fn integers(&self, parameter: &'static str) -> ParseResult<Option<Vec<i64>>> {
        match self.get(parameter) {
            None | Some(Value::None) => Ok(None),
            Some(Value::List(values)) => {
                let values = values.iter();
                let values = values.map(|value| self.integer_of(parameter, value));
                values.collect::<ParseResult<Vec<i64>>>().map(Some)
            }
            Some(value) => Ok(Some(vec![self.integer_of(parameter, value)?])),
        }
    }

    /// A whole number of at least `minimum`.
    ///
    /// # Errors
    /// When it is something else, or is not there and has no default.
    pub fn size(
        &self,
        parameter: &'static str,
        default: Option<usize>,
        minimum: usize,
    ) -> ParseResult<usize> {
        match (self.get(parameter), default) {
            (Some(value), _) => self.whole(parameter, value, minimum),
            (None, Some(default)) => Ok(default),
            (None, None) => self.missing(parameter),
        }
    }

    /// A whole number for each of `N` axes, or one for all.
    ///
    /// # Errors
    /// As [`Arguments::size`].
    pub fn sizes<const N: usize>(
        &self,
        parameter: &'static str,
        default: Option<usize>,
        minimum: usize,
    ) -> ParseResult<[usize; N]> {
        match self.get(parameter) {
            Some(Value::List(values)) if values.len() == N => {
                let mut sizes = [0; N];
                for (size, value) in sizes.iter_mut().zip(values) {
                    *size = self.whole(parameter, value, minimum)?;
                }
                Ok(sizes)
            }
            Some(Value::List(values)) => self.miscounted(parameter, N, values.len()),
            _ => self.size(parameter, default, minimum).map(|size| [size; N]),
        }
    }

    fn miscounted<T>(&self, parameter: &'static str, axes: usize, given: usize) -> ParseResult<T> {
        let wanted = if axes == 1 {
            Localized::new("one number".to_owned(), "数ひとつ".to_owned())
        } else {
            says!(en: "one number or {axes} numbers", ja: "数ひとつか {axes} 個の数")
        };
        let message = says!(
            with [wanted];
            en: "{parameter} needs {wanted}, these are {given}",
            ja: "{parameter} には{wanted}が要りますが、{given} 個あります。"
        );
        self.wrong(parameter, message)
    }

    /// A pair of whole numbers, or one for both.
    ///
    /// # Errors
    /// As [`Arguments::size`].
    pub fn pair(
        &self,
        parameter: &'static str,
        default: Option<usize>,
        minimum: usize,
    ) -> ParseResult<(usize, usize)> {
        let sizes = self.sizes::<2>(parameter, default, minimum);
        sizes.map(|[rows, columns]| (rows, columns))
    }

    /// `True` or `False`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn truth(&self, parameter: &'static str, default: bool) -> ParseResult<bool> {
        match self.get(parameter) {
            None => Ok(default),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(Value::None | Value::Integer(0)) => Ok(false),
            Some(Value::Integer(1)) => Ok(true),
            Some(other) => {
                let this = other.described();
                let message = says!(
                    with [this];
                    en: "{parameter} is True or False, this is {this}",
                    ja: "{parameter} は True か False ですが、これは {this} です。"
                );
                self.wrong(parameter, message)
            }
        }
    }

    fn real_of(&self, parameter: &'static str, value: &Value) -> ParseResult<f64> {
        match value {
            Value::Integer(number) => Ok(*number as f64),
            Value::Real(number) => Ok(*number),
            other => {
                let this = other.described();
                let message = says!(
                    with [this];
                    en: "{parameter} needs a number, this is {this}",
                    ja: "{parameter} には数が要りますが、これは {this} です。"
                );
                self.wrong(parameter, message)
            }
        }
    }

    /// A real number.
    ///
    /// # Errors
    /// When it is something else, or is not there and has no default.
    pub fn real(&self, parameter: &'static str, default: Option<f64>) -> ParseResult<f64> {
        match (self.get(parameter), default) {
            (Some(value), _) => self.real_of(parameter, value),
            (None, Some(default)) => Ok(default),
            (None, None) => self.missing(parameter),
        }
    }

    /// A number for rows and one for columns, or one for both.
    ///
    /// # Errors
    /// When there is none, or something else.
    pub fn factors(&self, parameter: &'static str) -> ParseResult<(f64, f64)> {
        match self.get(parameter) {
            Some(Value::List(values)) => match values.as_slice() {
                [rows, columns] => Ok((
                    self.real_of(parameter, rows)?,
                    self.real_of(parameter, columns)?,
                )),
                values => self.miscounted(parameter, 2, values.len()),
            },
            Some(value) => self
                .real_of(parameter, value)
                .map(|factor| (factor, factor)),
            None => self.missing(parameter),
        }
    }

    /// A word of several.
    ///
    /// # Errors
    /// When it is none of them; with the nearest one.
    pub fn word<T: Copy>(
        &self,
        parameter: &'static str,
        words: &[(&'static str, T)],
        default: T,
    ) -> ParseResult<T> {
        let text = match self.get(parameter) {
            None => return Ok(default),
            Some(Value::Text(text)) => text,
            Some(other) => {
                let this = other.described();
                let message = says!(
                    with [this];
                    en: "{parameter} needs a name, this is {this}",
                    ja: "{parameter} には名前が要りますが、これは {this} です。"
                );
                return self.wrong(parameter, message);
            }
        };
        let found = words.iter().find(|(word, _)| word == text);
        if let Some((_, value)) = found {
            return Ok(*value);
        }
        let names = words.iter().map(|(word, _)| *word);
        let message = match crate::language::nearest(text, names.clone()) {
            Some(meant) => says!(
                en: "there is no {parameter} '{text}'; did you mean '{meant}'?",
                ja: "'{text}' という {parameter} はありません。'{meant}' のことですか?"
            ),
            None => {
                let known = names.collect::<Vec<_>>().join(", ");
                says!(
                    en: "there is no {parameter} '{text}'; it is one of {known}",
                    ja: "'{text}' という {parameter} はありません。使えるのは {known} です。"
                )
            }
        };
        self.wrong(parameter, message)
    }

    /// `groups`; refuses those that do not divide channels and filters.
    ///
    /// # Errors
    /// With a number of channels that would do.
    pub fn groups(&self, channels: usize, out_channels: usize) -> ParseResult<usize> {
        let groups = self.size("groups", Some(1), 1)?;
        for (parameter, count) in [("in_channels", channels), ("out_channels", out_channels)] {
            if count % groups != 0 {
                let more = count.div_ceil(groups).saturating_mul(groups);
                let message = says!(
                    en: "{parameter} = {count} is not divisible by groups = {groups}; use \
                         {parameter} = {more}, or groups that divide {count}",
                    ja: "{parameter} = {count} は groups = {groups} で割り切れません。\
                         {parameter} = {more} にするか、{count} を割り切る groups にしてください。"
                );
                return self.wrong("groups", message);
            }
        }
        Ok(groups)
    }

    /// `padding_mode`.
    ///
    /// # Errors
    /// When it is no mode.
    pub fn padding_mode(&self) -> ParseResult<PaddingMode> {
        const MODES: [(&str, PaddingMode); 4] = [
            ("zeros", PaddingMode::Zeros),
            ("reflect", PaddingMode::Reflect),
            ("replicate", PaddingMode::Replicate),
            ("circular", PaddingMode::Circular),
        ];
        self.word("padding_mode", &MODES, PaddingMode::Zeros)
    }

    /// `padding` where it is given by a name.
    fn named_padding(&self) -> ParseResult<Option<NamedPadding>> {
        const NAMES: [(&str, NamedPadding); 3] = [
            ("valid", NamedPadding::Valid),
            ("same", NamedPadding::Same),
            ("full", NamedPadding::Full),
        ];
        let Some(Value::Text(text)) = self.get("padding") else {
            return Ok(None);
        };
        match NAMES.iter().find(|(name, _)| name == text) {
            Some((_, named)) => Ok(Some(*named)),
            None => self.wrong(
                "padding",
                says!(
                    en: "there is no padding '{text}'; it is 'valid', 'same', 'full' or a number",
                    ja: "'{text}' というパディングはありません。'valid'、'same'、'full' か数です。"
                ),
            ),
        }
    }

    /// `padding` of rows and columns: a name, a number for both, one for each, or one for each
    /// side.
    ///
    /// # Errors
    /// When it is something else.
    pub fn padding(&self) -> ParseResult<Padding> {
        if let Some(named) = self.named_padding()? {
            return Ok(match named {
                NamedPadding::Valid => Padding::Valid,
                NamedPadding::Same => Padding::Same,
                NamedPadding::Full => Padding::Full,
            });
        }
        if matches!(self.get("padding"), Some(Value::List(sides)) if sides.len() == 4) {
            let [left, right, top, bottom] = self.sizes::<4>("padding", None, 0)?;
            return Ok(Padding::Sides {
                top,
                bottom,
                left,
                right,
            });
        }
        Ok(match self.pair("padding", Some(0), 0)? {
            (0, 0) => Padding::Valid,
            (rows, columns) => Padding::Size(rows, columns),
        })
    }

    /// `padding` of a line.
    ///
    /// # Errors
    /// When it is neither a name, a number nor two.
    pub fn line_padding(&self) -> ParseResult<LinePadding> {
        if let Some(named) = self.named_padding()? {
            return Ok(match named {
                NamedPadding::Valid => LinePadding::Valid,
                NamedPadding::Same => LinePadding::Same,
                NamedPadding::Full => LinePadding::Full,
            });
        }
        if matches!(self.get("padding"), Some(Value::List(sides)) if sides.len() == 2) {
            let [left, right] = self.sizes::<2>("padding", None, 0)?;
            return Ok(LinePadding::Sides { left, right });
        }
        Ok(match self.sizes::<1>("padding", Some(0), 0)? {
            [0] => LinePadding::Valid,
            [size] => LinePadding::Size(size),
        })
    }

    /// `padding` of slices, rows and columns.
    ///
    /// # Errors
    /// When it is neither a name nor numbers.
    pub fn volume_padding(&self) -> ParseResult<VolumePadding> {
        if let Some(named) = self.named_padding()? {
            return Ok(match named {
                NamedPadding::Valid => VolumePadding::Valid,
                NamedPadding::Same => VolumePadding::Same,
                NamedPadding::Full => VolumePadding::Full,
            });
        }
        if matches!(self.get("padding"), Some(Value::List(sides)) if sides.len() == 6) {
            let [left, right, top, bottom, front, back] = self.sizes::<6>("padding", None, 0)?;
            return Ok(VolumePadding::Sides {
                front,
                back,
                top,
                bottom,
                left,
                right,
            });
        }
        Ok(match self.sizes::<3>("padding", Some(0), 0)? {
            [0, 0, 0] => VolumePadding::Valid,
            [slices, rows, columns] => VolumePadding::Size(slices, rows, columns),
        })
    }
}

/// Padding by name.
#[derive(Clone, Copy)]
enum NamedPadding {
    Valid,
    Same,
    Full,
}

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
