//! `ConvTranspose2d`: the shape of a convolution backwards, from its output to its input.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::{LoopNest, place};
use crate::op::error::LayerError;
use crate::op::geometry::TransposeView;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::PaddingMode;
use crate::op::plan::Plan;
use crate::op::setting::{Choice, Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::ConvolutionCall;
use super::defaults::{
    default_biases, default_weights, fills, inner, is_default, is_default_biases,
    is_default_weights, is_one, is_pair_of_ones, one, pair_of_ones, some,
};
use super::transposed::{OnnxTransposed, PARAMETERS, TransposedRequest, TransposedWindow};

/// Transposed convolution. Weights are `channels × out_channels/groups × kernel`, as PyTorch stores
/// them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvTranspose2d {
    /// Output channels.
    #[serde(rename = "filters")]
    pub out_channels: usize,
    /// Rows and columns of the kernel.
    pub kernel: (usize, usize),
    /// Rows and columns of the output from one window to the next.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub stride: (usize, usize),
    /// Rows and columns cut off each side of the output.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding: (usize, usize),
    /// Rows and columns cut off the end, where they differ from those at the start, as ONNX has it.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub padding_after: Option<(usize, usize)>,
    /// Rows and columns added to the end of the output.
    #[serde(default, skip_serializing_if = "is_default")]
    pub output_padding: (usize, usize),
    /// Rows and columns from one kernel element to the next.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub dilation: (usize, usize),
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
    /// How its steps are explained.
    #[serde(default, skip_serializing_if = "is_default")]
    pub view: TransposeView,
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

impl ConvTranspose2d {
    /// A transposed convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(out_channels: usize, kernel: (usize, usize)) -> Self {
        Self {
            out_channels,
            kernel,
            stride: (1, 1),
            padding: (0, 0),
            padding_after: None,
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

    fn make(given: &Arguments) -> ParseResult<Self> {
        if given.padding_mode()? != PaddingMode::Zeros {
            let message = says!(
                en: "ConvTranspose2d supports only padding_mode 'zeros'",
                ja: "ConvTranspose2d の padding_mode は 'zeros' だけです。"
            );
            return given.wrong("padding_mode", message);
        }
        let channels = given.size("in_channels", None, 1)?;
        let out_channels = given.size("out_channels", None, 1)?;
        let (padding, padding_after) = given.sided_padding::<2>()?;
        Ok(Self {
            stride: given.pair("stride", Some(1), 1)?,
            padding: padding.into(),
            padding_after: padding_after.map(Into::into),
            output_padding: given.pair("output_padding", Some(0), 0)?,
            dilation: given.pair("dilation", Some(1), 1)?,
            groups: given.groups(channels, out_channels)?,
            bias: given.truth("bias", true)?,
            in_channels: Some(channels),
            ..Self::new(out_channels, given.pair("kernel_size", None, 1)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        Ok(OnnxTransposed::<2>::of(node)?.map(|read| {
            let layer = Self {
                stride: read.window.stride.into(),
                padding: read.window.padding.into(),
                padding_after: read.window.padding_after.map(Into::into),
                output_padding: read.window.output_padding.into(),
                dilation: read.window.dilation.into(),
                groups: read.groups,
                bias: read.bias,
                in_channels: Some(read.in_channels),
                ..Self::new(read.out_channels, read.window.kernel.into())
            };
            OnnxLayer::new(layer)
                .operand(node, "weight", 1)
                .operand(node, "bias", 2)
        }))
    }

    fn window(&self) -> TransposedWindow<2> {
        TransposedWindow {
            kernel: self.kernel.into(),
            stride: self.stride.into(),
            padding: self.padding.into(),
            padding_after: self.padding_after.map(Into::into),
            output_padding: self.output_padding.into(),
            dilation: self.dilation.into(),
        }
    }
}

impl Choice for TransposeView {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (
            Self::ZeroInsertion,
            Localized::new("zeros between", "間に0を入れる"),
        ),
        (
            Self::Scatter,
            Localized::new("scatter and add", "散らして足す"),
        ),
    ];
}

impl Described for ConvTranspose2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("transposed convolution", "転置畳み込み"),
        forms: &[Form {
            name: "ConvTranspose2d",
            parameters: PARAMETERS,
            required: 3,
            make: |given| ConvTranspose2d::make(given).map(Layer::from),
        }],
        example: || ConvTranspose2d::new(4, (3, 3)).into(),
        onnx: &[OnnxForm {
            op_type: "ConvTranspose",
            make: ConvTranspose2d::of_onnx,
        }],
        family: Family::Convolution,
        offered: true,
    };
}

impl Operation for ConvTranspose2d {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        TransposedRequest {
            layer,
            input,
            window: self.window(),
            in_channels: self.in_channels,
            out_channels: self.out_channels,
            groups: self.groups,
            bias: self.bias,
            view: self.view,
        }
        .plan()
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let list = |(rows, columns)| vec![rows, columns];
        ConvolutionCall {
            name: "ConvTranspose2d",
            channels: input.channels(),
            out_channels: self.out_channels,
            kernel: list(self.kernel),
            stride: list(self.stride),
            padding: self.window().written_padding(),
            dilation: list(self.dilation),
            output_padding: list(self.output_padding),
            groups: self.groups,
            bias: self.bias,
            mode: PaddingMode::Zeros,
        }
        .written(style)
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(match self.view {
            TransposeView::ZeroInsertion => VisualStyle::Window,
            TransposeView::Scatter => VisualStyle::Scatter,
        })
    }

    fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest {
        let group_filters = self.out_channels / self.groups.max(1);
        let group_channels = plan.input_shape().channels() / self.groups.max(1);
        let (channel, of_group) = if self.groups == 1 {
            ("c".to_owned(), "f".to_owned())
        } else {
            (
                format!("f//{group_filters}*{group_channels} + c"),
                format!("f%{group_filters}"),
            )
        };
        let (stride, dilation, padding) = (self.stride, self.dilation, self.padding);
        if self.view == TransposeView::Scatter {
            let to = [
                place("y", stride.0, "i", dilation.0, padding.0 as isize),
                place("x", stride.1, "j", dilation.1, padding.1 as isize),
            ];
            let term = format!(
                "out[f, {}, {}] += a[{channel}, y, x] * w[{channel}, {of_group}, i, j]",
                to[0], to[1]
            );
            return LoopNest::scattered(plan, group_channels, self.kernel, &term);
        }
        let term = format!(
            "s += z[{channel}, {}, {}] * w[{channel}, {of_group}, {} - i, {} - j]",
            place("y", 1, "i", dilation.0, 0),
            place("x", 1, "j", dilation.1, 0),
            self.kernel.0.saturating_sub(1),
            self.kernel.1.saturating_sub(1)
        );
        LoopNest::weighted(plan, schedule, group_channels, self.kernel, &term)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Filters, &mut self.out_channels);
        settings.window(&mut self.kernel, &mut self.stride, &mut self.dilation);
        settings.pair(
            Parameter::OutputPaddingRows,
            Parameter::OutputPaddingColumns,
            &mut self.output_padding,
        );
        settings.number(Parameter::Groups, &mut self.groups);
        settings.pair(
            Parameter::PaddingTop,
            Parameter::PaddingLeft,
            &mut self.padding,
        );
        settings.word(Parameter::View, &mut self.view);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fn title(&self, _plan: &Plan) -> Option<Localized<String>> {
        let (rows, columns) = self.kernel;
        Some(says!(en: "Transposed {rows} × {columns}", ja: "転置 {rows} × {columns}"))
    }

    fills! { "weight" => weights, "bias" => biases }

    fn generalized(&self, _input: &Shape) -> Option<Layer> {
        Some(
            Self {
                in_channels: None,
                ..self.clone()
            }
            .into(),
        )
    }

    fn wanted_channels(&self) -> Option<usize> {
        self.in_channels
    }

    fn in_view(&self, view: TransposeView) -> Option<Layer> {
        Some(
            Self {
                view,
                ..self.clone()
            }
            .into(),
        )
    }
}
