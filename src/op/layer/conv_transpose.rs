//! `ConvTranspose1d` and `ConvTranspose3d`: the shape of a convolution of a line or of a volume
//! backwards, from its output to its input.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::{LoopNest, Variable, place};
use crate::op::error::LayerError;
use crate::op::geometry::TransposeView;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::PaddingMode;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::axes::{are_ones, are_zeros, ones, read, read_some, write, write_some, zeros};
use super::convolution::ConvolutionCall;
use super::defaults::{
    default_biases, default_weights, fills, inner, is_default, is_default_biases,
    is_default_weights, is_one, one, some,
};
use super::pool::{DILATION, KERNEL, PADDING, STRIDE};
use super::transposed::{OnnxTransposed, PARAMETERS, TransposedRequest, TransposedWindow};

/// Transposed convolution. Weights are `channels × out_channels/groups × kernel`, as PyTorch stores
/// them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvTranspose<const N: usize> {
    /// Output channels.
    #[serde(rename = "filters")]
    pub out_channels: usize,
    /// Length of the kernel along each axis.
    #[serde(deserialize_with = "read", serialize_with = "write")]
    pub kernel: [usize; N],
    /// From one window of the output to the next.
    #[serde(
        default = "ones",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_ones"
    )]
    pub stride: [usize; N],
    /// What is cut off each side of the output.
    #[serde(
        default = "zeros",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_zeros"
    )]
    pub padding: [usize; N],
    /// What is cut off the ends, where it differs from that at the starts, as ONNX has it.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub padding_after: Option<[usize; N]>,
    /// What is added to the ends of the output.
    #[serde(
        default = "zeros",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_zeros"
    )]
    pub output_padding: [usize; N],
    /// From one kernel element to the next.
    #[serde(
        default = "ones",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_ones"
    )]
    pub dilation: [usize; N],
    /// Groups that channels and filters are split into.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub groups: usize,
    /// Whether each filter adds a number of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bias: bool,
    /// Channels of the input, when the layer states them.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub in_channels: Option<usize>,
    /// What the weights are when no others are given.
    #[serde(
        default = "default_weights",
        skip_serializing_if = "is_default_weights"
    )]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases", skip_serializing_if = "is_default_biases")]
    pub biases: Fill,
}

/// Transposed convolution of a line: `channels × length`.
pub type ConvTranspose1d = ConvTranspose<1>;

/// Transposed convolution of a volume: `channels × depth × height × width`.
pub type ConvTranspose3d = ConvTranspose<3>;

impl<const N: usize> ConvTranspose<N> {
    const NAME: &'static str = if N == 1 {
        "ConvTranspose1d"
    } else {
        "ConvTranspose3d"
    };

    /// A transposed convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(out_channels: usize, kernel: [usize; N]) -> Self {
        Self {
            out_channels,
            kernel,
            stride: [1; N],
            padding: [0; N],
            padding_after: None,
            output_padding: [0; N],
            dilation: [1; N],
            groups: 1,
            bias: false,
            in_channels: None,
            weights: default_weights(),
            biases: default_biases(),
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        if given.padding_mode()? != PaddingMode::Zeros {
            let name = Self::NAME;
            let message = says!(
                en: "{name} supports only padding_mode 'zeros'",
                ja: "{name} の padding_mode は 'zeros' だけです。"
            );
            return given.wrong("padding_mode", message);
        }
        let channels = given.size("in_channels", None, 1)?;
        let out_channels = given.size("out_channels", None, 1)?;
        let (padding, padding_after) = given.sided_padding()?;
        Ok(Self {
            stride: given.sizes("stride", Some(1), 1)?,
            padding,
            padding_after,
            output_padding: given.sizes("output_padding", Some(0), 0)?,
            dilation: given.sizes("dilation", Some(1), 1)?,
            groups: given.groups(channels, out_channels)?,
            bias: given.truth("bias", true)?,
            in_channels: Some(channels),
            ..Self::new(out_channels, given.sizes("kernel_size", None, 1)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        Ok(OnnxTransposed::<N>::of(node)?.map(|read| {
            let layer = Self {
                stride: read.window.stride,
                padding: read.window.padding,
                padding_after: read.window.padding_after,
                output_padding: read.window.output_padding,
                dilation: read.window.dilation,
                groups: read.groups,
                bias: read.bias,
                in_channels: Some(read.in_channels),
                ..Self::new(read.out_channels, read.window.kernel)
            };
            OnnxLayer::new(layer)
                .operand(node, "weight", 1)
                .operand(node, "bias", 2)
        }))
    }

    fn window(&self) -> TransposedWindow<N> {
        TransposedWindow {
            kernel: self.kernel,
            stride: self.stride,
            padding: self.padding,
            padding_after: self.padding_after,
            output_padding: self.output_padding,
            dilation: self.dilation,
        }
    }
}

impl Described for ConvTranspose1d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("transposed convolution along a line", "1次元の転置畳み込み"),
        forms: &[Form {
            name: "ConvTranspose1d",
            parameters: PARAMETERS,
            required: 3,
            make: |given| ConvTranspose1d::make(given).map(Layer::from),
        }],
        example: || ConvTranspose1d::new(4, [3]).into(),
        onnx: &[OnnxForm {
            op_type: "ConvTranspose",
            make: ConvTranspose1d::of_onnx,
        }],
        family: Family::Convolution,
        offered: false,
    };
}

impl Described for ConvTranspose3d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("transposed convolution of volumes", "3次元の転置畳み込み"),
        forms: &[Form {
            name: "ConvTranspose3d",
            parameters: PARAMETERS,
            required: 3,
            make: |given| ConvTranspose3d::make(given).map(Layer::from),
        }],
        example: || ConvTranspose3d::new(4, [3; 3]).into(),
        onnx: &[OnnxForm {
            op_type: "ConvTranspose",
            make: ConvTranspose3d::of_onnx,
        }],
        family: Family::Convolution,
        offered: false,
    };
}

impl<const N: usize> Operation for ConvTranspose<N> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        TransposedRequest {
            layer,
            input,
            window: self.window(),
            in_channels: self.in_channels,
            out_channels: self.out_channels,
            groups: self.groups,
            bias: self.bias,
            view: TransposeView::ZeroInsertion,
        }
        .plan()
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        ConvolutionCall {
            name: Self::NAME,
            channels: input.channels(),
            out_channels: self.out_channels,
            kernel: self.kernel.to_vec(),
            stride: self.stride.to_vec(),
            padding: self.window().written_padding(),
            dilation: self.dilation.to_vec(),
            output_padding: self.output_padding.to_vec(),
            groups: self.groups,
            bias: self.bias,
            mode: PaddingMode::Zeros,
        }
        .written(style)
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a transposed convolution", "転置畳み込み"),
            Localized::new(
                "It makes maps larger: each number that comes out is a sum of the elements whose kernels reach it, times their weights.",
                "マップを大きくする演算です。カーネルが届く要素に重みを掛けて足したものが、出力の数ひとつになります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(if N == 3 {
            VisualStyle::Gather
        } else {
            VisualStyle::Window
        })
    }

    /// Each element of the input adds a weighted kernel to the output.
    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        const NAMES: [(Variable, Variable); 3] = [
            (Variable::Slice, Variable::KernelSlice),
            (Variable::Row, Variable::KernelRow),
            (Variable::Column, Variable::KernelColumn),
        ];
        let names = &NAMES[3 - N..];
        let groups = self.groups.max(1);
        let lengths = plan.input_shape().axes();
        let channels = plan.input_shape().channels() / groups;
        let filters = self.out_channels / groups;
        let (channel, of_group) = if groups == 1 {
            ("c".to_owned(), "f".to_owned())
        } else {
            (
                format!("f//{filters}*{channels} + c"),
                format!("f%{filters}"),
            )
        };
        let outer = names.iter().map(|(outer, _)| *outer);
        let outer: Vec<_> = std::iter::once((Variable::Filter, self.out_channels))
            .chain(outer.zip(lengths.iter().skip(1).copied()))
            .collect();
        let kernel = names.iter().map(|(_, kernel)| *kernel).zip(self.kernel);
        let inner: Vec<_> = std::iter::once((Variable::Channel, channels))
            .chain(kernel)
            .collect();
        let join = |parts: Vec<String>| parts.join(", ");
        let to = names.iter().enumerate().map(|(axis, (at, kernel))| {
            place(
                at.name(),
                self.stride[axis],
                kernel.name(),
                self.dilation[axis],
                self.padding[axis] as isize,
            )
        });
        let from = names.iter().map(|(at, _)| at.name().to_owned());
        let weight = names.iter().map(|(_, kernel)| kernel.name().to_owned());
        let term = format!(
            "out[f, {}] += a[{channel}, {}] * w[{channel}, {of_group}, {}]",
            join(to.collect()),
            join(from.collect()),
            join(weight.collect())
        );
        LoopNest::added(&outer, &inner, &term)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Filters, &mut self.out_channels);
        for (names, values) in [
            (KERNEL, &mut self.kernel),
            (STRIDE, &mut self.stride),
            (DILATION, &mut self.dilation),
            (
                [
                    Parameter::OutputPaddingSlices,
                    Parameter::OutputPaddingRows,
                    Parameter::OutputPaddingColumns,
                ],
                &mut self.output_padding,
            ),
            (PADDING, &mut self.padding),
        ] {
            settings.last_axes(names, values);
        }
        settings.number(Parameter::Groups, &mut self.groups);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fills! { "weight" => weights, "bias" => biases }

    fn wanted_channels(&self) -> Option<usize> {
        self.in_channels
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(N + 1)
    }
}
