//! The arguments of a call, matched with the parameters of a layer.

use std::ops::Range;

use super::error::NotationError;
use super::parser::{Argument, Call, Value};
use super::suggest::nearest;
use crate::language::Localized;

/// Arguments by parameter, each with its place.
pub(super) struct Arguments<'a> {
    source: &'a str,
    call: &'a Call,
    bound: Vec<(&'static str, &'a Argument)>,
}

type Answer<T> = Result<T, NotationError>;

impl<'a> Arguments<'a> {
    /// Matches a call with parameters, of which the first `required` must be there.
    pub fn bind(
        source: &'a str,
        call: &'a Call,
        parameters: &'static [&'static str],
        required: usize,
    ) -> Answer<Self> {
        let mut arguments = Self {
            source,
            call,
            bound: Vec::new(),
        };
        let mut keywords = false;
        for (number, argument) in call.arguments.iter().enumerate() {
            let parameter = match &argument.keyword {
                Some(keyword) => {
                    keywords = true;
                    let known = parameters.iter().find(|known| *known == keyword);
                    *known.ok_or_else(|| arguments.unknown(argument, keyword, parameters))?
                }
                None if keywords => {
                    let message = "an argument without a name cannot follow one with a name";
                    return arguments.error(&argument.span, message);
                }
                None => *parameters.get(number).ok_or_else(|| {
                    let message = format!(
                        "{} takes at most {} arguments: {}",
                        call.name,
                        parameters.len(),
                        parameters.join(", ")
                    );
                    NotationError::new(source, argument.span.clone(), message)
                })?,
            };
            if arguments.get(parameter).is_some() {
                let message = format!("{parameter} is given twice; leave one of them out");
                return arguments.error(&argument.span, message);
            }
            arguments.bound.push((parameter, argument));
        }
        if let Some(missing) = parameters[..required]
            .iter()
            .find(|&&required| arguments.get(required).is_none())
        {
            let message = format!(
                "{} needs {missing}; write {}({})",
                call.name,
                call.name,
                parameters[..required].join(", ")
            );
            return arguments.error(&call.span, message);
        }
        Ok(arguments)
    }

    fn unknown(
        &self,
        argument: &Argument,
        keyword: &str,
        parameters: &'static [&'static str],
    ) -> NotationError {
        let name = &self.call.name;
        let message = match nearest(keyword, parameters.iter().copied()) {
            Some(meant) => format!("{name} has no argument {keyword:?}; did you mean {meant:?}?"),
            None if parameters.is_empty() => format!("{name} takes no arguments"),
            None => format!(
                "{name} has no argument {keyword:?}; it has {}",
                parameters.join(", ")
            ),
        };
        let end = argument.span.start + keyword.len();
        NotationError::new(self.source, argument.span.start..end, message)
    }

    /// Where an argument is; the layer's name if it is not there.
    pub fn span(&self, parameter: &str) -> &Range<usize> {
        let found = self.bound.iter().find(|(bound, _)| *bound == parameter);
        found.map_or(&self.call.span, |(_, argument)| &argument.span)
    }

    /// Every argument with its place.
    pub fn spans(&self) -> Vec<(&'static str, Range<usize>)> {
        self.bound
            .iter()
            .map(|(name, argument)| (*name, argument.span.clone()))
            .collect()
    }

    pub fn error<T>(
        &self,
        span: &Range<usize>,
        message: impl Into<Localized<String>>,
    ) -> Answer<T> {
        Err(NotationError::new(self.source, span.clone(), message))
    }

    /// An error at an argument.
    pub fn wrong<T>(&self, parameter: &str, message: impl Into<Localized<String>>) -> Answer<T> {
        self.error(self.span(parameter), message)
    }

    /// An argument's value, `None` when it is not there.
    pub fn get(&self, parameter: &str) -> Option<&'a Value> {
        self.bound
            .iter()
            .find(|(bound, _)| *bound == parameter)
            .map(|(_, found)| &found.value)
    }

    /// Whether an argument is there and not `None`.
    pub fn has(&self, parameter: &str) -> bool {
        !matches!(self.get(parameter), None | Some(Value::None))
    }

    /// One number of an argument's value.
    fn number(&self, parameter: &str, value: &Value, least: usize) -> Answer<usize> {
        match value {
            Value::Integer(number) => match usize::try_from(*number) {
                Ok(number) if number >= least => Ok(number),
                _ if *number < 0 => self.wrong(
                    parameter,
                    format!("{parameter} is {number}; it cannot be negative"),
                ),
                _ => self.wrong(
                    parameter,
                    format!("{parameter} is {number}; it must be at least {least}"),
                ),
            },
            other => self.wrong(
                parameter,
                format!(
                    "{parameter} needs a whole number, this is {}",
                    described(other)
                ),
            ),
        }
    }

    /// A whole number of at least `least`.
    pub fn size(&self, parameter: &str, default: Option<usize>, least: usize) -> Answer<usize> {
        match (self.get(parameter), default) {
            (Some(value), _) => self.number(parameter, value, least),
            (None, Some(default)) => Ok(default),
            (None, None) => self.wrong(parameter, format!("{parameter} is missing")),
        }
    }

    /// A whole number for each of `N` axes, or one for all.
    pub fn sizes<const N: usize>(
        &self,
        parameter: &str,
        default: Option<usize>,
        least: usize,
    ) -> Answer<[usize; N]> {
        let Some(value) = self.get(parameter) else {
            return self.size(parameter, default, least).map(|size| [size; N]);
        };
        match value {
            Value::List(values) if values.len() == N => {
                let mut sizes = [0; N];
                for (size, (value, _)) in sizes.iter_mut().zip(values) {
                    *size = self.number(parameter, value, least)?;
                }
                Ok(sizes)
            }
            Value::List(values) => self.wrong(
                parameter,
                format!(
                    "{parameter} needs {}, these are {}",
                    counted(N),
                    values.len()
                ),
            ),
            value => self.number(parameter, value, least).map(|size| [size; N]),
        }
    }

    /// A pair of numbers, or one for both.
    pub fn pair(
        &self,
        parameter: &str,
        default: Option<usize>,
        least: usize,
    ) -> Answer<(usize, usize)> {
        self.sizes::<2>(parameter, default, least)
            .map(|[rows, columns]| (rows, columns))
    }

    /// `True` or `False`.
    pub fn truth(&self, parameter: &str, default: bool) -> Answer<bool> {
        match self.get(parameter) {
            None => Ok(default),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(Value::None | Value::Integer(0)) => Ok(false),
            Some(Value::Integer(1)) => Ok(true),
            Some(other) => self.wrong(
                parameter,
                format!("{parameter} is True or False, this is {}", described(other)),
            ),
        }
    }

    /// A positive number for rows and columns, or one for both.
    pub fn factors(&self, parameter: &str) -> Answer<(f64, f64)> {
        let number = |value: &Value| match value {
            Value::Integer(number) => Ok(*number as f64),
            Value::Real(number) => Ok(*number),
            other => self.wrong(
                parameter,
                format!("{parameter} needs numbers, this is {}", described(other)),
            ),
        };
        match self.get(parameter) {
            Some(Value::List(values)) => match values.as_slice() {
                [(rows, _), (columns, _)] => Ok((number(rows)?, number(columns)?)),
                values => self.wrong(
                    parameter,
                    format!(
                        "{parameter} needs {}, these are {}",
                        counted(2),
                        values.len()
                    ),
                ),
            },
            Some(value) => number(value).map(|factor| (factor, factor)),
            None => self.wrong(parameter, format!("{parameter} is missing")),
        }
    }
}

/// `a number` or `one number or 2 numbers`.
fn counted(axes: usize) -> String {
    if axes == 1 {
        "one number".to_string()
    } else {
        format!("one number or {axes} numbers")
    }
}

pub(super) fn described(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.chars().take(40).collect::<String>()),
        Value::Bool(true) => "True".to_string(),
        Value::Bool(false) => "False".to_string(),
        Value::None => "None".to_string(),
        Value::List(values) => format!("a list of {}", values.len()),
        Value::Call(call) => format!("the layer {}", call.name),
    }
}
