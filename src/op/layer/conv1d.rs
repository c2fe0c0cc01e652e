//! `Conv1d`: filters sliding along one axis of an input `channels × length`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::{LoopNest, Variable, place};
use crate::op::error::{AxisName, InputAxes, LayerError};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::{LinePadding, PaddingMode};
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::{
    ConvolutionAxis, ConvolutionCall, ConvolutionRequest, PARAMETERS, channel_in_code,
    padded_in_code,
};
use super::defaults::{
    default_biases, default_weights, fills, inner, is_default, is_default_biases,
    is_default_weights, is_one, one, some,
};
use super::onnx_window::{OnnxChannels, OnnxWindow};
use super::uneven_padding::{padded_as_pytorch, uneven};

/// One-dimensional convolution. Weights are `out_channels × channels/groups × kernel`. Its steps see
/// the input as planes of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv1d {
    /// Output channels.
    #[serde(rename = "filters")]
    pub out_channels: usize,
    /// Length of the kernel.
    pub kernel: usize,
    /// From one window to the next.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub stride: usize,
    /// How much padding.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding: LinePadding,
    /// What the padding holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding_mode: PaddingMode,
    /// From one kernel element to the next.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub dilation: usize,
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

impl Conv1d {
    /// A convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(out_channels: usize, kernel: usize) -> Self {
        Self {
            out_channels,
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

    fn make(given: &Arguments) -> ParseResult<Self> {
        let channels = given.size("in_channels", None, 1)?;
        let out_channels = given.size("out_channels", None, 1)?;
        let one = |parameter, default| given.sizes::<1>(parameter, default, 1).map(|[size]| size);
        Ok(Self {
            stride: one("stride", Some(1))?,
            padding: given.line_padding()?,
            padding_mode: given.padding_mode()?,
            dilation: one("dilation", Some(1))?,
            groups: given.groups(channels, out_channels)?,
            bias: given.truth("bias", true)?,
            in_channels: Some(channels),
            ..Self::new(out_channels, one("kernel_size", None)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let Some(window) = OnnxWindow::<1>::of_convolution(node)? else {
            return Ok(None);
        };
        let channels = OnnxChannels::of(node)?;
        let [(left, right)] = window.sides();
        let padding = match (left, right) {
            (0, 0) => LinePadding::Valid,
            (left, right) if left == right => LinePadding::Size(left),
            (left, right) => LinePadding::Sides { left, right },
        };
        let ([kernel], [stride], [dilation]) = (window.kernel, window.stride, window.dilation);
        let layer = Self {
            stride,
            padding,
            dilation,
            groups: channels.groups,
            bias: channels.bias,
            in_channels: Some(channels.in_channels),
            ..Self::new(channels.out_channels, kernel)
        };
        Ok(Some(
            OnnxLayer::new(layer)
                .operand(node, "weight", 1)
                .operand(node, "bias", 2),
        ))
    }
}

impl Described for Conv1d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("convolution along a line", "1次元の畳み込み"),
        forms: &[Form {
            name: "Conv1d",
            parameters: PARAMETERS,
            required: 3,
            make: |given| Conv1d::make(given).map(Layer::from),
        }],
        example: || Conv1d::new(4, 3).into(),
        onnx: &[OnnxForm {
            op_type: "Conv",
            make: Conv1d::of_onnx,
        }],
        family: Family::Convolution,
        offered: false,
    };
}

impl Operation for Conv1d {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
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
            out_channels: self.out_channels,
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

    fn call(&self, input: &Shape, style: Style) -> String {
        ConvolutionCall {
            name: "Conv1d",
            channels: input.channels(),
            out_channels: self.out_channels,
            kernel: vec![self.kernel],
            stride: vec![self.stride],
            padding: self.padding.written(),
            dilation: vec![self.dilation],
            output_padding: vec![0],
            groups: self.groups,
            bias: self.bias,
            mode: self.padding_mode,
        }
        .written(style)
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(2)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Window)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let [channels, _, _] = plan.filter_dims();
        let [_, _, columns] = plan.output_shape().as_chw();
        let channel = channel_in_code(plan, channels, self.out_channels);
        let from = place("x", self.stride, "j", self.dilation, plan.padding().left);
        let input = padded_in_code(self.padding_mode);
        LoopNest::sum(
            &[
                (Variable::Filter, self.out_channels),
                (Variable::Column, columns),
            ],
            &[
                (Variable::Channel, channels),
                (Variable::KernelColumn, self.kernel),
            ],
            if self.bias { "b[f]" } else { "0" },
            &format!("s += {input}[{channel}, {from}] * w[f, c, j]"),
            "out[f, x] = s",
        )
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Filters, &mut self.out_channels);
        settings.number(Parameter::KernelColumns, &mut self.kernel);
        settings.number(Parameter::StrideColumns, &mut self.stride);
        settings.number(Parameter::DilationColumns, &mut self.dilation);
        settings.number(Parameter::Groups, &mut self.groups);
        let reach = self.dilation.saturating_mul(self.kernel.saturating_sub(1));
        settings.line_padding(&mut self.padding, reach);
        settings.word(Parameter::PaddingMode, &mut self.padding_mode);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fills! { "weight" => weights, "bias" => biases }

    fn wanted_channels(&self) -> Option<usize> {
        self.in_channels
    }

    fn in_pytorch(&self) -> Option<Vec<Layer>> {
        let axes = [(self.padding.axis(), self.kernel, self.dilation)];
        padded_as_pytorch(axes, self.padding_mode, |even, padding_mode| {
            let padding = match even {
                Some([size]) => LinePadding::Size(size),
                None => LinePadding::Valid,
            };
            Self {
                padding,
                padding_mode,
                ..self.clone()
            }
            .into()
        })
    }

    fn with_border(&self, padding_mode: PaddingMode, sides: &[i64]) -> Option<Layer> {
        let [left, right] = uneven::<2>(sides)?;
        let bare = self.padding == LinePadding::Valid && self.padding_mode == PaddingMode::Zeros;
        let padding = LinePadding::Sides { left, right };
        bare.then(|| {
            Self {
                padding,
                padding_mode,
                ..self.clone()
            }
            .into()
        })
    }
}
