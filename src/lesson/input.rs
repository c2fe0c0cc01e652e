//! The input of a scene: its shape and its fill, made into a tensor.

use thiserror::Error;

use super::ELEMENT_LIMIT;
use crate::tensor::{Fill, FillError, ReadFile, Shape, ShapeError, Tensor};

/// A tensor that a scene begins with, and what it was filled with.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub(super) fill: Fill,
    pub(super) tensor: Tensor,
}

/// Why a scene cannot have an input.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum InputError {
    /// Axes that make no tensor.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// More elements than a scene holds.
    #[error("the input has {count} elements, and a scene holds {ELEMENT_LIMIT}")]
    TooLarge {
        /// How many.
        count: usize,
    },
    /// A fill that does not suit the shape, or whose file cannot be read.
    #[error(transparent)]
    Fill(#[from] FillError),
}

impl InputError {
    /// How to fix it, where that is known.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => {
                "make its height or width smaller, or show fewer of its channels"
            }
            Self::Shape(_) | Self::Fill(_) => "",
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
