//! An operation as a call in PyTorch's notation: which parameters it has, what their arguments may
//! be, and how it is written.

mod arguments;
mod line;

pub use arguments::Arguments;
pub use line::{Line, PaddingNumbers, Style};
pub(crate) use line::{float, truth};

use super::layer::Layer;
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
