//! A tensor: a shape and its `f32` data.

use std::sync::Arc;

use super::Shape;
use crate::language::{Localized, Message, message_error, says};

/// The most elements that one tensor may hold: 2^28, which is 1 GiB of `f32`.
pub const MAX_ELEMENTS: usize = 1 << 28;

/// Data of a [`Shape`] in row-major order: the last axis runs fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    shape: Shape,
    /// Shared, so that a copy of a tensor costs nothing until it is changed.
    data: Arc<Vec<f32>>,
}

/// Why a tensor cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TensorError {
    /// As many numbers as the shape has elements are needed.
    Count {
        /// The shape to fill.
        shape: Shape,
        /// How many numbers there are.
        given: usize,
    },
    /// Over [`MAX_ELEMENTS`].
    TooLarge {
        /// The shape asked for.
        shape: Shape,
    },
    /// An index that points at no element.
    Index {
        /// The index.
        index: String,
        /// How many elements there are to point at.
        count: usize,
    },
}

impl Message for TensorError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Count { shape, given } => {
                let count = shape.count();
                says!(
                    en: "{given} numbers do not fill a tensor of {shape}, which takes {count}",
                    ja: "数が {given} 個では {shape} のテンソルになりません。{count} 個必要です。"
                )
            }
            Self::TooLarge { shape } => {
                let count = shape.count();
                says!(
                    en: "a tensor of {shape} has {count} elements, but the limit is {MAX_ELEMENTS}; crop it, or use fewer channels",
                    ja: "{shape} のテンソルには要素が {count} 個あります。上限は {MAX_ELEMENTS} 個です。切り取るか、チャネルを減らしてください。"
                )
            }
            Self::Index { index, count } => {
                let last = count.saturating_sub(1);
                says!(
                    en: "the index {index} points at no element; indices are whole numbers from 0 to {last}",
                    ja: "インデックス {index} の指す要素がありません。0 から {last} までの整数にしてください。"
                )
            }
        }
    }
}

message_error!(TensorError);

impl Tensor {
    /// A tensor of given data.
    ///
    /// # Errors
    /// When the number of elements differs from the shape's or is over [`MAX_ELEMENTS`].
    pub fn new(shape: Shape, data: Vec<f32>) -> Result<Self, TensorError> {
        Self::check(&shape)?;
        if data.len() != shape.count() {
            return Err(TensorError::Count {
                shape,
                given: data.len(),
            });
        }
        Ok(Self {
            shape,
            data: Arc::new(data),
        })
    }

    /// As [`Tensor::new`], of data that others hold too.
    ///
    /// # Errors
    /// As [`Tensor::new`].
    pub fn shared(shape: Shape, data: Arc<Vec<f32>>) -> Result<Self, TensorError> {
        Self::check(&shape)?;
        if data.len() != shape.count() {
            return Err(TensorError::Count {
                shape,
                given: data.len(),
            });
        }
        Ok(Self { shape, data })
    }

    /// A tensor of one value everywhere.
    ///
    /// # Errors
    /// When the shape has more than [`MAX_ELEMENTS`].
    pub fn filled(shape: Shape, value: f32) -> Result<Self, TensorError> {
        Self::check(&shape)?;
        Ok(Self {
            shape,
            data: Arc::new(vec![value; shape.count()]),
        })
    }

    /// A tensor of zeros.
    ///
    /// # Errors
    /// When the shape has more than [`MAX_ELEMENTS`].
    pub fn zeros(shape: Shape) -> Result<Self, TensorError> {
        Self::filled(shape, 0.0)
    }

    /// Whether a tensor of this shape may be held.
    ///
    /// # Errors
    /// When the shape has more than [`MAX_ELEMENTS`].
    pub fn check(shape: &Shape) -> Result<(), TensorError> {
        if shape.count() > MAX_ELEMENTS {
            return Err(TensorError::TooLarge { shape: *shape });
        }
        Ok(())
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Its elements in row-major order.
    #[must_use]
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// Its elements in row-major order, to change.
    pub fn data_mut(&mut self) -> &mut [f32] {
        Arc::make_mut(&mut self.data).as_mut_slice()
    }

    /// Its elements, taken out.
    #[must_use]
    pub fn into_data(self) -> Vec<f32> {
        Arc::unwrap_or_clone(self.data)
    }

    /// The element at an index; `None` outside the shape.
    #[must_use]
    pub fn get(&self, index: impl AsRef<[usize]>) -> Option<f32> {
        self.shape.offset(index).map(|offset| self.data[offset])
    }

    /// The element at channel, row and column (see [`Shape::as_chw`]); `None` outside.
    #[must_use]
    pub fn at(&self, place: [usize; 3]) -> Option<f32> {
        self.shape.chw_offset(place).map(|offset| self.data[offset])
    }

    /// The same data under another shape of as many elements.
    ///
    /// # Errors
    /// When the numbers of elements differ.
    pub fn reshaped(self, shape: Shape) -> Result<Self, TensorError> {
        if self.data.len() != shape.count() {
            return Err(TensorError::Count {
                shape,
                given: self.data.len(),
            });
        }
        Ok(Self { shape, ..self })
    }

    /// The minimum and the maximum finite value, `(0, 0)` if there is none.
    #[must_use]
    pub fn range(&self) -> (f32, f32) {
        let finite = || self.data.iter().copied().filter(|value| value.is_finite());
        match (finite().reduce(f32::min), finite().reduce(f32::max)) {
            (Some(minimum), Some(maximum)) => (minimum, maximum),
            _ => (0.0, 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_holds_as_many_numbers_as_its_shape() {
        let shape = Shape::chw(1, 2, 2).unwrap();
        assert!(Tensor::new(shape, vec![0.0; 4]).is_ok());
        let error = Tensor::new(shape, vec![0.0; 3]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "3 numbers do not fill a tensor of 1 × 2 × 2, which takes 4"
        );
    }

    #[test]
    fn a_tensor_too_large_is_refused_before_memory_is_taken() {
        let shape = Shape::chw(1 << 10, 1 << 10, 1 << 10).unwrap();
        assert!(
            Tensor::zeros(shape)
                .unwrap_err()
                .to_string()
                .contains("268435456")
        );
    }
}
