//! `PixelShuffle` and `PixelUnshuffle`: channels become space, and back.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html>; W. Shi et al.,
//! "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
//! neural network" (2016).

use serde::Deserialize;

use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Geometry, Shuffle};
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;

/// A shuffle by a factor in both directions; which way, the layer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PixelShuffle {
    /// Rows and columns of a block: PyTorch's `upscale_factor` or `downscale_factor`.
    #[serde(alias = "upscale_factor", alias = "downscale_factor")]
    pub factor: usize,
}

impl PixelShuffle {
    pub(crate) fn plan(
        self,
        inverse: bool,
        layer: &Layer,
        input: &Shape,
    ) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let factor = self.factor;
        if factor == 0 {
            return Err(LayerError::Zero {
                layer: name,
                argument: "factor",
            });
        }
        let square = factor
            .checked_mul(factor)
            .filter(|&square| square <= 1 << 20)
            .ok_or(LayerError::TooLarge {
                layer: name,
                argument: "factor",
                value: factor as u128,
                limit: 1 << 10,
            })?;
        let divides = |axis, count: usize, divisor: usize| {
            if count.is_multiple_of(divisor) {
                return Ok(());
            }
            Err(LayerError::Shuffle {
                layer: name,
                axis,
                count,
                divisor,
            })
        };
        let output = if inverse {
            divides(AxisName::Rows, height, factor)?;
            divides(AxisName::Columns, width, factor)?;
            [channels * square, height / factor, width / factor]
        } else {
            divides(AxisName::Channels, channels, square)?;
            [channels / square, height * factor, width * factor]
        };
        let shape = checked_shape(name, TensorRole::Output, &output)?;
        let geometry = Geometry::Shuffle(Shuffle {
            output,
            factor,
            inverse,
        });
        Plan::new(layer.clone(), *input, shape, None, false, geometry)
    }
}
