//! Planning of every convolution, whatever its number of axes.

use crate::op::axis::{Axis, AxisRequest};
use crate::op::error::{AxisName, GroupedAxis, LayerError, TensorRole};
use crate::op::geometry::{Convolution, Geometry};
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
    pub filters: usize,
    pub axes: &'a [ConvolutionAxis],
    pub groups: usize,
    pub mode: PaddingMode,
    pub bias: bool,
}

impl ConvolutionRequest<'_> {
    pub fn plan(self) -> Result<Plan, LayerError> {
        let layer = self.name;
        check_channels(layer, self.in_channels, self.input)?;
        check_groups(layer, self.channels, self.filters, self.groups)?;
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
        let weight = sizes(&[self.filters, self.channels / self.groups], |axis| {
            axis.kernel
        });
        let weight = checked_shape(layer, TensorRole::Weight, &weight)?;
        let output = checked_shape(
            layer,
            TensorRole::Output,
            &sizes(&[self.filters], |axis| axis.output),
        )?;
        checked_shape(
            layer,
            TensorRole::PaddedInput,
            &sizes(&[self.channels], Axis::padded),
        )?;
        let geometry = Geometry::Convolution(Convolution {
            axes,
            channels: self.channels,
            filters: self.filters,
            groups: self.groups,
            mode: self.mode,
        });
        Plan::new(
            self.layer.clone(),
            *self.input,
            output,
            Some(weight),
            self.bias,
            geometry,
        )
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
    filters: usize,
    groups: usize,
) -> Result<(), LayerError> {
    for (argument, count) in [("filters", filters), ("groups", groups)] {
        if count == 0 {
            return Err(LayerError::Zero { layer, argument });
        }
    }
    let divided = [
        (GroupedAxis::InChannels, channels),
        (GroupedAxis::Filters, filters),
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
