//! Pools that state their output size: `AdaptiveAvgPool2d`, `AdaptiveMaxPool2d`, and the global
//! pools, whose output is one element a channel.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html>.

use serde::{Deserialize, Deserializer};

use crate::op::error::{InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Adaptive, Geometry};
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;

/// A pool that divides its input into as many windows as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptivePool2d {
    /// Rows and columns of the output; `None` keeps those of the input.
    #[serde(deserialize_with = "sizes")]
    pub output: (Option<usize>, Option<usize>),
    /// Whether PyTorch would also return where each maximum is.
    #[serde(default)]
    pub return_indices: bool,
}

fn sizes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<(Option<usize>, Option<usize>), D::Error> {
    <(usize, usize)>::deserialize(deserializer).map(|(rows, columns)| (Some(rows), Some(columns)))
}

impl AdaptivePool2d {
    /// A pool of one window a channel.
    #[must_use]
    pub fn global() -> Self {
        Self {
            output: (Some(1), Some(1)),
            return_indices: false,
        }
    }

    pub(crate) fn plan(
        &self,
        name: &'static str,
        max: bool,
        layer: &Layer,
        input: &Shape,
    ) -> Result<Plan, LayerError> {
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let sizes = [
            self.output.0.unwrap_or(height),
            self.output.1.unwrap_or(width),
        ];
        if sizes.contains(&0) {
            return Err(LayerError::Zero {
                layer: name,
                argument: "output_size",
            });
        }
        let output = checked_shape(name, TensorRole::Output, &[channels, sizes[0], sizes[1]])?;
        let geometry = Geometry::Adaptive(Adaptive {
            channels,
            input: [height, width],
            output: sizes,
            max,
        });
        Plan::new(layer.clone(), *input, output, None, false, geometry)
    }
}
