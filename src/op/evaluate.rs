//! The whole output of a plan, fast.

pub(super) mod convolution;
mod depthwise;
mod elements;
mod pooling;
pub(super) mod product;
pub(super) mod threads;
mod transposed;

use crate::tensor::{Tensor, TensorError};

use super::geometry::Geometry;
use super::operands::Operands;
use super::plan::Plan;

impl Plan {
    /// The whole output, fast. Sums run in another order than [`Plan::explain`] shows, so the two
    /// differ by rounding.
    ///
    /// # Errors
    /// When the output is over [`crate::tensor::MAX_ELEMENTS`].
    pub fn evaluate(&self, operands: &Operands) -> Result<Tensor, TensorError> {
        let mut output = Tensor::zeros(*self.output_shape())?;
        let input = operands.input().data();
        let out = output.data_mut();
        let weights = operands.weight().map_or(&[][..], Tensor::data);
        match self.geometry() {
            Geometry::Convolution(convolution) => {
                convolution::evaluate(convolution, input, weights, operands.bias(), out);
            }
            Geometry::Transposed(transposed) => {
                transposed::evaluate(transposed, input, weights, operands.bias(), out);
            }
            Geometry::Pool(pool) => pooling::evaluate(pool, input, out),
            Geometry::Adaptive(pool) => pooling::evaluate_adaptive(pool, input, out),
            Geometry::Shuffle(shuffle) => elements::shuffle(shuffle, self, input, out),
            Geometry::Resize(resize) => elements::resize(resize, input, out),
            Geometry::Elementwise(elementwise) => {
                elements::apply(elementwise, operands, out);
            }
            Geometry::Mapped(mapped) => {
                mapped.check(operands)?;
                mapped.evaluate(operands, out);
            }
        }
        Ok(output)
    }

    /// Where each maximum of a max pool lies in its plane (row · width + column), as PyTorch's
    /// `return_indices` gives it; `None` for other operations.
    ///
    /// # Errors
    /// When the output is over [`crate::tensor::MAX_ELEMENTS`].
    pub fn indices(&self, operands: &Operands) -> Result<Option<Vec<u32>>, TensorError> {
        Tensor::check(self.output_shape())?;
        let input = operands.input().data();
        Ok(match self.geometry() {
            Geometry::Pool(pool) => pooling::indices(pool, input),
            Geometry::Adaptive(pool) => pooling::adaptive_indices(pool, input),
            Geometry::Mapped(mapped) => mapped.indices(operands),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => None,
        })
    }
}
