//! `ConvTranspose2d`: the shape of a convolution backwards, from its output to its input.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html>.

use serde::Deserialize;

use crate::language::Localized;
use crate::op::axis::AxisRequest;
use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Geometry, TransposeView, Transposed, TransposedAxis};
use crate::op::padding::AxisPadding;
use crate::op::plan::Plan;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::{check_channels, check_groups, checked_shape};
use super::defaults::{default_biases, default_weights, one, pair_of_ones, some};

/// Transposed convolution. Weights are `channels × filters/groups × kernel`, as PyTorch stores
/// them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvTranspose2d {
    /// Output channels.
    pub filters: usize,
    /// Rows and columns of the kernel.
    pub kernel: (usize, usize),
    /// Rows and columns of the output from one window to the next.
    #[serde(default = "pair_of_ones")]
    pub stride: (usize, usize),
    /// Rows and columns cut off each side of the output.
    #[serde(default)]
    pub padding: (usize, usize),
    /// Rows and columns added to the end of the output.
    #[serde(default)]
    pub output_padding: (usize, usize),
    /// Rows and columns from one kernel element to the next.
    #[serde(default = "pair_of_ones")]
    pub dilation: (usize, usize),
    /// Groups that channels and filters are split into.
    #[serde(default = "one")]
    pub groups: usize,
    /// Whether each filter adds a number of its own.
    #[serde(default)]
    pub bias: bool,
    /// Channels of the input, when the layer states them.
    #[serde(default, deserialize_with = "some")]
    pub in_channels: Option<usize>,
    /// How its steps are explained.
    #[serde(default)]
    pub view: TransposeView,
    /// What the weights are when no others are given.
    #[serde(default = "default_weights")]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases")]
    pub biases: Fill,
}

impl ConvTranspose2d {
    /// A transposed convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(filters: usize, kernel: (usize, usize)) -> Self {
        Self {
            filters,
            kernel,
            stride: (1, 1),
            padding: (0, 0),
            output_padding: (0, 0),
            dilation: (1, 1),
            groups: 1,
            bias: false,
            in_channels: None,
            view: TransposeView::default(),
            weights: default_weights(),
            biases: default_biases(),
        }
    }

    pub(crate) fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = "ConvTranspose2d";
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        check_channels(name, self.in_channels, input)?;
        check_groups(name, channels, self.filters, self.groups)?;
        let axis = |axis, input, kernel, stride, dilation, padding, output_padding| {
            let sides = AxisPadding::Sides(padding, output_padding);
            AxisRequest {
                layer: name,
                axis,
                input,
                padding: sides,
                kernel,
                stride,
                dilation,
            }
            .check()?;
            if output_padding >= stride.max(dilation) {
                return Err(LayerError::OutputPadding {
                    layer: name,
                    axis,
                    output_padding,
                    stride,
                    dilation,
                });
            }
            let reach = dilation * (kernel - 1) + 1;
            // Sizes are below 2^40 and arguments at most 2^20, so this stays within i64.
            let length = (input as i64 - 1) * stride as i64 + (reach + output_padding) as i64
                - 2 * padding as i64;
            if length < 1 {
                let fix = Localized::new(
                    "use less padding, or a larger kernel, stride or output padding",
                    "パディングを減らすか、カーネル、ストライド、出力パディングを大きくしてください。",
                );
                return Err(LayerError::NoOutput {
                    layer: name,
                    axis,
                    length,
                    fix,
                });
            }
            let output = usize::try_from(length).unwrap_or(usize::MAX);
            Ok(TransposedAxis {
                input,
                kernel,
                stride,
                dilation,
                padding,
                output_padding,
                output,
            })
        };
        let (kernel, stride, dilation) = (self.kernel, self.stride, self.dilation);
        let (padding, extra) = (self.padding, self.output_padding);
        let height = axis(
            AxisName::Rows,
            height,
            kernel.0,
            stride.0,
            dilation.0,
            padding.0,
            extra.0,
        )?;
        let width = axis(
            AxisName::Columns,
            width,
            kernel.1,
            stride.1,
            dilation.1,
            padding.1,
            extra.1,
        )?;
        let weight = [channels, self.filters / self.groups, kernel.0, kernel.1];
        let weight = checked_shape(name, TensorRole::Weight, &weight)?;
        let output = checked_shape(
            name,
            TensorRole::Output,
            &[self.filters, height.output, width.output],
        )?;
        checked_shape(
            name,
            TensorRole::PaddedInput,
            &[channels, height.padded(), width.padded()],
        )?;
        let geometry = Geometry::Transposed(Transposed {
            axes: [height, width],
            channels,
            filters: self.filters,
            groups: self.groups,
            view: self.view,
        });
        Plan::new(
            layer.clone(),
            *input,
            output,
            Some(weight),
            self.bias,
            geometry,
        )
    }
}
