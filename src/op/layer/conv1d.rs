//! `Conv1d`: filters sliding along one axis of an input `channels × length`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html>.

use serde::Deserialize;

use crate::op::error::{AxisName, InputAxes, LayerError};
use crate::op::padding::{LinePadding, PaddingMode};
use crate::op::plan::Plan;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::{ConvolutionAxis, ConvolutionRequest};
use super::defaults::{default_biases, default_weights, one, some};

/// One-dimensional convolution. Weights are `filters × channels/groups × kernel`. Its steps see
/// the input as planes of one row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv1d {
    /// Output channels.
    pub filters: usize,
    /// Length of the kernel.
    pub kernel: usize,
    /// From one window to the next.
    #[serde(default = "one")]
    pub stride: usize,
    /// How much padding.
    #[serde(default)]
    pub padding: LinePadding,
    /// What the padding holds.
    #[serde(default)]
    pub padding_mode: PaddingMode,
    /// From one kernel element to the next.
    #[serde(default = "one")]
    pub dilation: usize,
    /// Groups that channels and filters are split into.
    #[serde(default = "one")]
    pub groups: usize,
    /// Whether each filter adds a number of its own.
    #[serde(default)]
    pub bias: bool,
    /// Channels of the input, when the layer states them.
    #[serde(default, deserialize_with = "some")]
    pub in_channels: Option<usize>,
    /// What the weights are when no others are given.
    #[serde(default = "default_weights")]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases")]
    pub biases: Fill,
}

impl Conv1d {
    /// A convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(filters: usize, kernel: usize) -> Self {
        Self {
            filters,
            kernel,
            stride: 1,
            padding: LinePadding::default(),
            padding_mode: PaddingMode::default(),
            dilation: 1,
            groups: 1,
            bias: false,
            in_channels: None,
            weights: default_weights(),
            biases: default_biases(),
        }
    }

    pub(crate) fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = "Conv1d";
        let &[channels, length] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Length,
                shape: *input,
            });
        };
        ConvolutionRequest {
            name,
            layer,
            input,
            channels,
            in_channels: self.in_channels,
            filters: self.filters,
            axes: &[ConvolutionAxis::new(
                AxisName::Columns,
                length,
                self.padding.axis(),
                self.kernel,
                self.stride,
                self.dilation,
            )],
            groups: self.groups,
            mode: self.padding_mode,
            bias: self.bias,
        }
        .plan()
    }
}
