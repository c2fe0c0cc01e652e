//! The arguments of a call, by their parameters: each as what it must be, or what is wrong with it.

use super::{ArgumentError, ParseResult, Value};
use crate::language::Localized;
use crate::op::padding::{LinePadding, Padding, PaddingMode, VolumePadding};
use crate::says;

/// The arguments of a call by their parameters.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    given: Vec<(&'static str, Value)>,
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

    /// A value of another kind than the parameter needs.
    fn unfit<T>(
        &self,
        parameter: &'static str,
        value: &Value,
        needed: Localized<&'static str>,
    ) -> ParseResult<T> {
        let this = value.described();
        let message = says!(
            with [this, needed];
            en: "{parameter} needs {needed}, this is {this}",
            ja: "{parameter} には{needed}が要りますが、これは {this} です。"
        );
        self.wrong(parameter, message)
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
            other => self.unfit(parameter, other, Localized::new("a whole number", "整数")),
        }
    }

    fn integer_of(&self, parameter: &'static str, value: &Value) -> ParseResult<i64> {
        match value {
            Value::Integer(number) => Ok(*number),
            other => self.unfit(parameter, other, Localized::new("a whole number", "整数")),
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
            other => self.unfit(parameter, other, Localized::new("a number", "数")),
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
                return self.unfit(parameter, other, Localized::new("a name", "名前"));
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
            return Ok(VolumePadding::of_sides([
                (front, back),
                (top, bottom),
                (left, right),
            ]));
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
