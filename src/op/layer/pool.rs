//! `MaxPool2d` and `AvgPool2d`: each channel by itself, a window at a time.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html> and
//! <https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html>.

use serde::Deserialize;

use crate::op::axis::AxisRequest;
use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Geometry, Pool, PoolKind};
use crate::op::padding::AxisPadding;
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::{pair_of_ones, some, yes};

/// The greatest element of each window. Padding never wins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxPool2d {
    /// Rows and columns of the window.
    pub kernel: (usize, usize),
    /// Rows and columns from one window to the next; without it, the kernel.
    #[serde(default, deserialize_with = "some")]
    pub stride: Option<(usize, usize)>,
    /// Rows and columns of padding on each side, at most half of the kernel.
    #[serde(default)]
    pub padding: (usize, usize),
    /// Rows and columns from one element of the window to the next.
    #[serde(default = "pair_of_ones")]
    pub dilation: (usize, usize),
    /// Whether a last window may reach past the end.
    #[serde(default)]
    pub ceil_mode: bool,
    /// Whether PyTorch would also return where each maximum is
    /// (see [`crate::op::Plan::indices`]).
    #[serde(default)]
    pub return_indices: bool,
}

/// The mean of each window.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvgPool2d {
    /// Rows and columns of the window.
    pub kernel: (usize, usize),
    /// Rows and columns from one window to the next; without it, the kernel.
    #[serde(default, deserialize_with = "some")]
    pub stride: Option<(usize, usize)>,
    /// Rows and columns of zeros on each side, at most half of the kernel.
    #[serde(default)]
    pub padding: (usize, usize),
    /// Whether a last window may reach past the end.
    #[serde(default)]
    pub ceil_mode: bool,
    /// Whether padding counts in the number that is divided by.
    #[serde(default = "yes")]
    pub count_include_pad: bool,
    /// A number to divide by instead.
    #[serde(default, deserialize_with = "some")]
    pub divisor_override: Option<usize>,
}

impl MaxPool2d {
    /// A max pool with PyTorch's defaults.
    #[must_use]
    pub fn new(kernel: (usize, usize)) -> Self {
        Self {
            kernel,
            stride: None,
            padding: (0, 0),
            dilation: (1, 1),
            ceil_mode: false,
            return_indices: false,
        }
    }

    pub(crate) fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        PoolRequest {
            name: "MaxPool2d",
            kernel: self.kernel,
            stride: self.stride.unwrap_or(self.kernel),
            padding: self.padding,
            dilation: self.dilation,
            ceil_mode: self.ceil_mode,
            kind: PoolKind::Max,
        }
        .plan(layer, input)
    }
}

impl AvgPool2d {
    /// An average pool with PyTorch's defaults.
    #[must_use]
    pub fn new(kernel: (usize, usize)) -> Self {
        Self {
            kernel,
            stride: None,
            padding: (0, 0),
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        }
    }

    pub(crate) fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.divisor_override == Some(0) {
            return Err(LayerError::Zero {
                layer: "AvgPool2d",
                argument: "divisor_override",
            });
        }
        PoolRequest {
            name: "AvgPool2d",
            kernel: self.kernel,
            stride: self.stride.unwrap_or(self.kernel),
            padding: self.padding,
            dilation: (1, 1),
            ceil_mode: self.ceil_mode,
            kind: PoolKind::Average {
                count_include_pad: self.count_include_pad,
                divisor_override: self.divisor_override,
            },
        }
        .plan(layer, input)
    }
}

struct PoolRequest {
    name: &'static str,
    kernel: (usize, usize),
    stride: (usize, usize),
    padding: (usize, usize),
    dilation: (usize, usize),
    ceil_mode: bool,
    kind: PoolKind,
}

impl PoolRequest {
    fn plan(self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = self.name;
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let axis = |axis, input, padding, kernel, stride, dilation| {
            let padding = AxisPadding::Sides(padding, padding);
            AxisRequest {
                layer: name,
                axis,
                input,
                padding,
                kernel,
                stride,
                dilation,
            }
            .pool(self.ceil_mode)
        };
        let axes = [
            axis(
                AxisName::Rows,
                height,
                self.padding.0,
                self.kernel.0,
                self.stride.0,
                self.dilation.0,
            )?,
            axis(
                AxisName::Columns,
                width,
                self.padding.1,
                self.kernel.1,
                self.stride.1,
                self.dilation.1,
            )?,
        ];
        let output = checked_shape(
            name,
            TensorRole::Output,
            &[channels, axes[0].output, axes[1].output],
        )?;
        let padded = [channels, axes[0].padded(), axes[1].padded()];
        checked_shape(name, TensorRole::PaddedInput, &padded)?;
        let geometry = Geometry::Pool(Pool {
            axes,
            channels,
            kind: self.kind,
        });
        Plan::new(layer.clone(), *input, output, None, false, geometry)
    }
}
