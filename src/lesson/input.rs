//! The input of a scene: its shape and its fill, made into a tensor.

use super::ELEMENT_LIMIT;
use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{Fill, FillError, ReadFile, Shape, ShapeError, Tensor};

/// A tensor that a scene begins with, and what it was filled with.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub(super) fill: Fill,
    pub(super) tensor: Tensor,
}

/// Why a scene cannot have an input.
#[derive(Debug, Clone, PartialEq)]
pub enum InputError {
    /// Axes that make no tensor.
    Shape(ShapeError),
    /// More elements than a scene holds.
    TooLarge {
        /// How many.
        count: usize,
    },
    /// A fill that does not suit the shape, or whose file cannot be read.
    Fill(FillError),
}

impl Message for InputError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Shape(why) => why.message(),
            Self::TooLarge { count } => says!(
                en: "the input has {count} elements, but a scene holds only {ELEMENT_LIMIT}",
                ja: "入力に要素が {count} 個あります。シーンに置けるのは {ELEMENT_LIMIT} 個までです"
            ),
            Self::Fill(why) => why.message(),
        }
    }
}

message_error!(InputError { Shape(ShapeError), Fill(FillError) });

impl InputError {
    /// How to fix it, where that is known and not said yet.
    #[must_use]
    pub const fn help(&self) -> Localized<&'static str> {
        match self {
            Self::TooLarge { .. } => Localized::new(
                "reduce its height or width, or show fewer of its channels",
                "高さか幅を小さくするか、チャネルを減らしてください",
            ),
            Self::Shape(_) | Self::Fill(_) => Localized::new("", ""),
        }
    }
}

impl Input {
    /// An input of channels, rows and columns. `read` finds the file that a fill names.
    ///
    /// # Errors
    /// When the axes make no tensor, there are too many elements, or the fill does not suit.
    pub fn new(axes: [usize; 3], fill: Fill, read: &ReadFile) -> Result<Self, InputError> {
        let shape = Shape::new(&axes)?;
        if shape.count() > ELEMENT_LIMIT {
            let count = shape.count();
            return Err(InputError::TooLarge { count });
        }
        let tensor = fill.make_with(&shape, read)?;
        Ok(Self { fill, tensor })
    }

    /// What it was filled with.
    #[must_use]
    pub const fn fill(&self) -> &Fill {
        &self.fill
    }

    /// Its values.
    #[must_use]
    pub const fn tensor(&self) -> &Tensor {
        &self.tensor
    }
}
