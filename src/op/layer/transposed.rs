//! What transposed convolutions of every number of axes have in common: how they are planned, and
//! read from ONNX.

use crate::language::Localized;
use crate::op::axis::AxisRequest;
use crate::op::call::PaddingNumbers;
use crate::op::error::{AxisName, LayerError, TensorRole};
use crate::op::geometry::{
    Geometry, Mapped, TransposeView, Transposed, TransposedAxis, TransposedVolume,
};
use crate::op::onnx::{OnnxNode, OnnxRefusal};
use crate::op::padding::AxisPadding;
use crate::op::plan::Plan;
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::axes::{behind, channels_and_lengths, names};
use super::convolution::{check_channels, check_groups, checked_shape, operands};
use super::onnx_window::{AutoPad, OnnxChannels, convolution_kernel};

/// The parameters of `nn.ConvTranspose1d` to `nn.ConvTranspose3d`.
pub(super) const PARAMETERS: &[&str] = &[
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "output_padding",
    "groups",
    "bias",
    "dilation",
    "padding_mode",
    "device",
    "dtype",
];

/// A window over the output as asked for, over so many axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct TransposedWindow<const N: usize> {
    pub kernel: [usize; N],
    pub stride: [usize; N],
    /// What is cut off the starts, and off the ends where nothing else is said.
    pub padding: [usize; N],
    /// What is cut off the ends.
    pub padding_after: Option<[usize; N]>,
    pub output_padding: [usize; N],
    pub dilation: [usize; N],
}

/// A transposed convolution as asked for.
pub(super) struct TransposedRequest<'a, const N: usize> {
    pub layer: &'a Layer,
    pub input: &'a Shape,
    pub window: TransposedWindow<N>,
    pub in_channels: Option<usize>,
    pub out_channels: usize,
    pub groups: usize,
    pub bias: bool,
    pub view: TransposeView,
}

impl<const N: usize> TransposedWindow<N> {
    /// `padding` as a call writes it.
    pub fn written_padding(&self) -> PaddingNumbers {
        match self.padding_after {
            None => PaddingNumbers::Axes(self.padding.to_vec()),
            Some(after) => PaddingNumbers::Sides(
                (0..N)
                    .rev()
                    .flat_map(|axis| [self.padding[axis], after[axis]])
                    .collect(),
            ),
        }
    }

    fn axis(
        &self,
        layer: &'static str,
        axis: AxisName,
        number: usize,
        input: usize,
    ) -> Result<TransposedAxis, LayerError> {
        let (kernel, stride) = (self.kernel[number], self.stride[number]);
        let (dilation, padding) = (self.dilation[number], self.padding[number]);
        let output_padding = self.output_padding[number];
        let after = self.padding_after.map_or(padding, |after| after[number]);
        for (before, behind) in [(padding, output_padding), (after, 0)] {
            AxisRequest {
                layer,
                axis,
                input,
                padding: AxisPadding::Sides(before, behind),
                kernel,
                stride,
                dilation,
            }
            .check()?;
        }
        if output_padding >= stride.max(dilation) {
            return Err(LayerError::OutputPadding {
                layer,
                axis,
                output_padding,
                stride,
                dilation,
            });
        }
        let reach = dilation * (kernel - 1) + 1;
        // Sizes are below 2^40 and arguments at most 2^20, so this stays within i64.
        let length = (input as i64 - 1) * stride as i64 + (reach + output_padding) as i64
            - (padding + after) as i64;
        if length < 1 {
            let fix = Localized::new(
                "use less padding, or a larger kernel, stride or output padding",
                "パディングを減らすか、カーネル、ストライド、出力パディングを大きくしてください。",
            );
            return Err(LayerError::NoOutput {
                layer,
                axis,
                length,
                fix,
            });
        }
        Ok(TransposedAxis {
            input,
            kernel,
            stride,
            dilation,
            padding,
            output_padding,
            output: usize::try_from(length).unwrap_or(usize::MAX),
        })
    }
}

impl<const N: usize> TransposedRequest<'_, N> {
    pub fn plan(self) -> Result<Plan, LayerError> {
        let name = self.layer.name();
        let (channels, lengths) = channels_and_lengths::<N>(name, self.input)?;
        check_channels(name, self.in_channels, self.input)?;
        check_groups(name, channels, self.out_channels, self.groups)?;
        let mut axes = [TransposedAxis::FLAT; N];
        for (number, axis) in names::<N>().into_iter().enumerate() {
            axes[number] = self.window.axis(name, axis, number, lengths[number])?;
        }
        let shape = |first: &[usize], size: fn(&TransposedAxis) -> usize| {
            let all = first.iter().copied().chain(axes.iter().map(size));
            all.collect::<Vec<_>>()
        };
        let weight = shape(&[channels, self.out_channels / self.groups], |axis| {
            axis.kernel
        });
        let weight = checked_shape(name, TensorRole::Weight, &weight)?;
        let output = shape(&[self.out_channels], |axis| axis.output);
        let output = checked_shape(name, TensorRole::Output, &output)?;
        let padded = shape(&[channels], TransposedAxis::padded);
        checked_shape(name, TensorRole::PaddedInput, &padded)?;
        let axes = behind(TransposedAxis::FLAT, axes);
        let geometry = if N == 3 {
            Geometry::Mapped(Mapped::new(TransposedVolume {
                axes,
                channels,
                out_channels: self.out_channels,
                groups: self.groups,
            }))
        } else {
            Geometry::Transposed(Transposed {
                axes: [axes[1], axes[2]],
                channels,
                out_channels: self.out_channels,
                groups: self.groups,
                view: self.view,
            })
        };
        let operands = operands(name, weight, self.bias.then_some(self.out_channels))?;
        Plan::new(self.layer.clone(), *self.input, output, operands, geometry)
    }
}

/// A `ConvTranspose` of ONNX.
pub(super) struct OnnxTransposed<const N: usize> {
    pub window: TransposedWindow<N>,
    pub in_channels: usize,
    pub out_channels: usize,
    pub groups: usize,
    pub bias: bool,
}

impl<const N: usize> OnnxTransposed<N> {
    /// Reads a node; `None` for another number of axes. Of a stated output, what is too much is cut
    /// off both ends, and of an odd number the one over at the start, unless `auto_pad` is
    /// SAME_UPPER: as in ONNX Runtime.
    pub fn of(node: &OnnxNode) -> Result<Option<Self>, OnnxRefusal> {
        let Some(lengths) = node.lengths::<N>(0) else {
            return Ok(None);
        };
        let kernel = convolution_kernel::<N>(node)?;
        let stride = node.per_axis::<N>("strides", 1, 1)?;
        let dilation = node.per_axis::<N>("dilations", 1, 1)?;
        let mut output_padding = node.per_axis::<N>("output_padding", 0, 0)?;
        let auto_pad = node.auto_pad()?;
        node.pads_once(auto_pad)?;
        let full: [usize; N] = std::array::from_fn(|axis| {
            let span = dilation[axis].saturating_mul(kernel[axis].saturating_sub(1));
            lengths[axis]
                .saturating_sub(1)
                .saturating_mul(stride[axis])
                .saturating_add(span)
                .saturating_add(1)
                .saturating_add(output_padding[axis])
        });
        let same = matches!(auto_pad, AutoPad::SameUpper | AutoPad::SameLower);
        let stated = output_shape::<N>(node)?;
        let wanted = match stated {
            Some(wanted) => Some(wanted),
            None if same => Some(std::array::from_fn(|axis| {
                lengths[axis].saturating_mul(stride[axis])
            })),
            None => None,
        };
        let stated = stated.is_some();
        let (before, after) = match wanted {
            Some(wanted) => {
                // What a stated output has beyond the windows is added to its end.
                for axis in 0..N {
                    let beyond = wanted[axis].saturating_sub(full[axis]);
                    if stated
                        && output_padding[axis].saturating_add(beyond) >= stride[axis]
                        && beyond > 0
                    {
                        return Err(OnnxRefusal::Unsupported(says!(
                            en: "its output_shape is {wanted:?}, but without padding the output is {full:?}; it can be larger by less than the stride",
                            ja: "output_shape が {wanted:?} ですが、パディングなしの出力は {full:?} です。それより大きくできるのはストライド未満の分だけです。"
                        )));
                    }
                    if stated {
                        output_padding[axis] = output_padding[axis].saturating_add(beyond);
                    }
                }
                let cut: [usize; N] =
                    std::array::from_fn(|axis| full[axis].saturating_sub(wanted[axis]));
                let (less, more) = (cut.map(|cut| cut / 2), cut.map(|cut| cut - cut / 2));
                if auto_pad == AutoPad::SameUpper {
                    (less, more)
                } else {
                    (more, less)
                }
            }
            None if auto_pad == AutoPad::Valid => ([0; N], [0; N]),
            None => {
                let [before, after] = node.pads()?;
                (before, after)
            }
        };
        let channels = OnnxChannels::of(node)?;
        // Weights are stored by input channel, with the filters of one group.
        let filters = node.input(1).and_then(|weight| weight.axes.get(1).copied());
        Ok(Some(Self {
            window: TransposedWindow {
                kernel,
                stride,
                padding: before,
                padding_after: (before != after).then_some(after),
                output_padding,
                dilation,
            },
            in_channels: channels.in_channels,
            out_channels: filters.unwrap_or(1).saturating_mul(channels.groups),
            groups: channels.groups,
            bias: channels.bias,
        }))
    }
}

/// `output_shape`: of the last axes, or of all.
fn output_shape<const N: usize>(node: &OnnxNode) -> Result<Option<[usize; N]>, OnnxRefusal> {
    let wrong = OnnxRefusal::Attribute {
        name: "output_shape",
    };
    let Some(lengths) = node.integers("output_shape")? else {
        return Ok(None);
    };
    let first = match lengths.len() {
        0 => return Ok(None),
        count if count == N => 0,
        count if count == N + 2 => 2,
        _ => return Err(wrong),
    };
    let lengths: Option<Vec<usize>> = lengths[first..]
        .iter()
        .map(|length| usize::try_from(*length).ok().filter(|length| *length > 0))
        .collect();
    lengths
        .and_then(|lengths| lengths.try_into().ok())
        .map(Some)
        .ok_or(wrong)
}
