//! What convolutions of every number of axes have in common: how they are planned and written.

use crate::op::axis::{Axis, AxisRequest};
use crate::op::call::{Line, PaddingNumbers, Style};
use crate::op::error::{AxisName, GroupedAxis, LayerError, TensorRole};
use crate::op::geometry::{Convolution, Geometry};
use crate::op::operands::{Operand, OperandRole};
use crate::op::padding::{AxisPadding, PaddingMode};
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;

/// One axis as asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConvolutionAxis {
    name: AxisName,
    input: usize,
    padding: AxisPadding,
    kernel: usize,
    stride: usize,
    dilation: usize,
}

impl ConvolutionAxis {
    pub fn new(
        name: AxisName,
        input: usize,
        padding: AxisPadding,
        kernel: usize,
        stride: usize,
        dilation: usize,
    ) -> Self {
        Self {
            name,
            input,
            padding,
            kernel,
            stride,
            dilation,
        }
    }
}

/// A convolution as asked for, with one to three axes.
pub(super) struct ConvolutionRequest<'a> {
    pub name: &'static str,
    pub layer: &'a Layer,
    pub input: &'a Shape,
    pub channels: usize,
    pub in_channels: Option<usize>,
    pub out_channels: usize,
    pub axes: &'a [ConvolutionAxis],
    pub groups: usize,
    pub mode: PaddingMode,
    pub bias: bool,
}

impl ConvolutionRequest<'_> {
    pub fn plan(self) -> Result<Plan, LayerError> {
        let layer = self.name;
        check_channels(layer, self.in_channels, self.input)?;
        check_groups(layer, self.channels, self.out_channels, self.groups)?;
        let mut axes = [Axis::FLAT; 3];
        let skipped = 3 - self.axes.len();
        for (axis, asked) in axes[skipped..].iter_mut().zip(self.axes) {
            *axis = AxisRequest {
                layer,
                axis: asked.name,
                input: asked.input,
                padding: asked.padding,
                kernel: asked.kernel,
                stride: asked.stride,
                dilation: asked.dilation,
            }
            .floor()?;
            axis.check_mode(self.mode, layer, asked.name)?;
        }
        let sizes = |first: &[usize], size: fn(&Axis) -> usize| {
            first
                .iter()
                .copied()
                .chain(axes[skipped..].iter().map(size))
                .collect::<Vec<_>>()
        };
        let weight = sizes(&[self.out_channels, self.channels / self.groups], |axis| {
            axis.kernel
        });
        let weight = checked_shape(layer, TensorRole::Weight, &weight)?;
        let output = checked_shape(
            layer,
            TensorRole::Output,
            &sizes(&[self.out_channels], |axis| axis.output),
        )?;
        checked_shape(
            layer,
            TensorRole::PaddedInput,
            &sizes(&[self.channels], Axis::padded),
        )?;
        let geometry = Geometry::Convolution(Convolution {
            axes,
            channels: self.channels,
            out_channels: self.out_channels,
            groups: self.groups,
            mode: self.mode,
        });
        let operands = operands(layer, weight, self.bias.then_some(self.out_channels))?;
        Plan::new(self.layer.clone(), *self.input, output, operands, geometry)
    }
}

/// A shape of a plan, or why there is none.
pub(super) fn checked_shape(
    layer: &'static str,
    tensor: TensorRole,
    axes: &[usize],
) -> Result<Shape, LayerError> {
    Shape::new(axes).map_err(|why| LayerError::Shape { layer, tensor, why })
}

/// Refuses an input of other channels than the layer states.
pub(super) fn check_channels(
    layer: &'static str,
    in_channels: Option<usize>,
    input: &Shape,
) -> Result<(), LayerError> {
    match in_channels {
        Some(expected) if expected != input.channels() => Err(LayerError::Channels {
            layer,
            expected,
            shape: *input,
        }),
        _ => Ok(()),
    }
}

/// Refuses groups that do not divide channels and filters.
pub(super) fn check_groups(
    layer: &'static str,
    channels: usize,
    out_channels: usize,
    groups: usize,
) -> Result<(), LayerError> {
    for (argument, count) in [("filters", out_channels), ("groups", groups)] {
        if count == 0 {
            return Err(LayerError::Zero { layer, argument });
        }
    }
    let divided = [
        (GroupedAxis::InChannels, channels),
        (GroupedAxis::Filters, out_channels),
    ];
    for (what, count) in divided {
        if count % groups != 0 {
            return Err(LayerError::Groups {
                layer,
                what,
                count,
                groups,
            });
        }
    }
    Ok(())
}

/// The parameters of `nn.Conv1d`, `nn.Conv2d` and `nn.Conv3d`.
pub(super) const PARAMETERS: &[&str] = &[
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "bias",
    "padding_mode",
    "device",
    "dtype",
];

/// The weights and the biases of a convolution.
pub(super) fn operands(
    layer: &'static str,
    weight: Shape,
    out_channels: Option<usize>,
) -> Result<Vec<Operand>, LayerError> {
    let mut operands = vec![Operand {
        name: "weight",
        role: OperandRole::Filters,
        shape: weight,
    }];
    if let Some(out_channels) = out_channels {
        operands.push(Operand {
            name: "bias",
            role: OperandRole::Bias,
            shape: checked_shape(layer, TensorRole::Bias, &[out_channels])?,
        });
    }
    Ok(operands)
}

/// A convolution as a call.
pub(super) struct ConvolutionCall {
    pub name: &'static str,
    pub channels: usize,
    pub out_channels: usize,
    pub kernel: Vec<usize>,
    pub stride: Vec<usize>,
    pub padding: PaddingNumbers,
    pub dilation: Vec<usize>,
    pub output_padding: Vec<usize>,
    pub groups: usize,
    pub bias: bool,
    pub mode: PaddingMode,
}

impl ConvolutionCall {
    pub fn written(self, style: Style) -> String {
        Line::new(self.name, style)
            .value(self.channels)
            .value(self.out_channels)
            .kernel(&self.kernel)
            .stride(&self.stride)
            .padding(&self.padding)
            .sizes("dilation", &self.dilation, 1)
            .sizes("output_padding", &self.output_padding, 0)
            .unless("groups", self.groups, 1)
            .switch("bias", self.bias, true)
            .padding_mode(self.mode)
            .end()
    }
}

/// The input channel of a filter's channel in code.
pub(super) fn channel_in_code(plan: &Plan, channels: usize, out_channels: usize) -> String {
    let groups = plan.groups();
    match (groups, out_channels / groups.max(1), channels) {
        (0 | 1, ..) => "c".to_owned(),
        (_, 1, 1) => "f".to_owned(),
        (_, per_group, 1) => format!("f//{per_group}"),
        (_, per_group, channels) => format!("f//{per_group}*{channels} + c"),
    }
}

/// What reads an input that may be padded, in code.
pub(super) const fn padded_in_code(mode: PaddingMode) -> &'static str {
    match mode {
        PaddingMode::Zeros => "a",
        PaddingMode::Reflect => "reflect(a)",
        PaddingMode::Replicate => "replicate(a)",
        PaddingMode::Circular => "circular(a)",
    }
}
