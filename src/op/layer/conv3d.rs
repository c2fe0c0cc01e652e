//! `Conv3d`: filters sliding along depth, height and width of `channels × depth × height × width`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Conv3d.html>.

use serde::Deserialize;

use crate::op::error::{AxisName, InputAxes, LayerError};
use crate::op::padding::{PaddingMode, VolumePadding};
use crate::op::plan::Plan;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::{ConvolutionAxis, ConvolutionRequest};
use super::defaults::{default_biases, default_weights, one, some, triple_of_ones};

/// Three-dimensional convolution. Weights are `filters × channels/groups × kernel`. Its steps see
/// slices as planes: plane = channel · depth + slice.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv3d {
    /// Output channels.
    pub filters: usize,
    /// Slices, rows and columns of the kernel.
    pub kernel: (usize, usize, usize),
    /// From one window to the next.
    #[serde(default = "triple_of_ones")]
    pub stride: (usize, usize, usize),
    /// How much padding.
    #[serde(default)]
    pub padding: VolumePadding,
    /// What the padding holds.
    #[serde(default)]
    pub padding_mode: PaddingMode,
    /// From one kernel element to the next.
    #[serde(default = "triple_of_ones")]
    pub dilation: (usize, usize, usize),
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

impl Conv3d {
    /// A convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(filters: usize, kernel: (usize, usize, usize)) -> Self {
        Self {
            filters,
            kernel,
            stride: triple_of_ones(),
            padding: VolumePadding::default(),
            padding_mode: PaddingMode::default(),
            dilation: triple_of_ones(),
            groups: 1,
            bias: false,
            in_channels: None,
            weights: default_weights(),
            biases: default_biases(),
        }
    }

    pub(crate) fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = "Conv3d";
        let &[channels, depth, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Volume,
                shape: *input,
            });
        };
        let [slices, rows, columns] = self.padding.axes();
        let (kernel, stride, dilation) = (self.kernel, self.stride, self.dilation);
        ConvolutionRequest {
            name,
            layer,
            input,
            channels,
            in_channels: self.in_channels,
            filters: self.filters,
            axes: &[
                ConvolutionAxis::new(
                    AxisName::Slices,
                    depth,
                    slices,
                    kernel.0,
                    stride.0,
                    dilation.0,
                ),
                ConvolutionAxis::new(AxisName::Rows, height, rows, kernel.1, stride.1, dilation.1),
                ConvolutionAxis::new(
                    AxisName::Columns,
                    width,
                    columns,
                    kernel.2,
                    stride.2,
                    dilation.2,
                ),
            ],
            groups: self.groups,
            mode: self.padding_mode,
            bias: self.bias,
        }
        .plan()
    }
}
