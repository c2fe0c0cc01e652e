//! `Conv3d`: filters sliding along depth, height and width of `channels × depth × height × width`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Conv3d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::{LoopNest, Variable, place};
use crate::op::error::{AxisName, InputAxes, LayerError};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::{PaddingMode, VolumePadding};
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
    is_default_weights, is_one, is_triple_of_ones, one, some, triple_of_ones,
};
use super::onnx_window::{OnnxChannels, OnnxWindow};
use super::uneven_padding::{padded_as_pytorch, uneven};

/// Three-dimensional convolution. Weights are `out_channels × channels/groups × kernel`. Its steps see
/// slices as planes: plane = channel · depth + slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv3d {
    /// Output channels.
    #[serde(rename = "filters")]
    pub out_channels: usize,
    /// Slices, rows and columns of the kernel.
    pub kernel: (usize, usize, usize),
    /// From one window to the next.
    #[serde(default = "triple_of_ones", skip_serializing_if = "is_triple_of_ones")]
    pub stride: (usize, usize, usize),
    /// How much padding.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding: VolumePadding,
    /// What the padding holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding_mode: PaddingMode,
    /// From one kernel element to the next.
    #[serde(default = "triple_of_ones", skip_serializing_if = "is_triple_of_ones")]
    pub dilation: (usize, usize, usize),
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

impl Conv3d {
    /// A convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(out_channels: usize, kernel: (usize, usize, usize)) -> Self {
        Self {
            out_channels,
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

    fn make(given: &Arguments) -> ParseResult<Self> {
        let channels = given.size("in_channels", None, 1)?;
        let out_channels = given.size("out_channels", None, 1)?;
        let triple = |parameter, default| {
            let sizes = given.sizes::<3>(parameter, default, 1);
            sizes.map(|[slices, rows, columns]| (slices, rows, columns))
        };
        Ok(Self {
            stride: triple("stride", Some(1))?,
            padding: given.volume_padding()?,
            padding_mode: given.padding_mode()?,
            dilation: triple("dilation", Some(1))?,
            groups: given.groups(channels, out_channels)?,
            bias: given.truth("bias", true)?,
            in_channels: Some(channels),
            ..Self::new(out_channels, triple("kernel_size", None)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let Some(window) = OnnxWindow::<3>::of_convolution(node)? else {
            return Ok(None);
        };
        let channels = OnnxChannels::of(node)?;
        let sides = window.sides();
        let padding = match sides.map(|(before, _)| before) {
            [0, 0, 0] if window.is_even() => VolumePadding::Valid,
            [slices, rows, columns] if window.is_even() => {
                VolumePadding::Size(slices, rows, columns)
            }
            _ => VolumePadding::of_sides(sides),
        };
        let layer = Self {
            stride: window.stride.into(),
            padding,
            dilation: window.dilation.into(),
            groups: channels.groups,
            bias: channels.bias,
            in_channels: Some(channels.in_channels),
            ..Self::new(channels.out_channels, window.kernel.into())
        };
        Ok(Some(
            OnnxLayer::new(layer)
                .operand(node, "weight", 1)
                .operand(node, "bias", 2),
        ))
    }
}

impl Described for Conv3d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("convolution of volumes", "3次元の畳み込み"),
        forms: &[Form {
            name: "Conv3d",
            parameters: PARAMETERS,
            required: 3,
            make: |given| Conv3d::make(given).map(Layer::from),
        }],
        example: || Conv3d::new(4, (3, 3, 3)).into(),
        onnx: &[OnnxForm {
            op_type: "Conv",
            make: Conv3d::of_onnx,
        }],
        family: Family::Convolution,
        offered: false,
    };
}

impl Operation for Conv3d {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
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
            out_channels: self.out_channels,
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

    fn call(&self, input: &Shape, style: Style) -> String {
        let list = |(slices, rows, columns)| vec![slices, rows, columns];
        ConvolutionCall {
            name: "Conv3d",
            channels: input.channels(),
            out_channels: self.out_channels,
            kernel: list(self.kernel),
            stride: list(self.stride),
            padding: self.padding.written(),
            dilation: list(self.dilation),
            output_padding: vec![0; 3],
            groups: self.groups,
            bias: self.bias,
            mode: self.padding_mode,
        }
        .written(style)
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(4)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let channels = plan.input_shape().channels() / self.groups.max(1);
        let &[out_channels, slices, rows, columns] = plan.output_shape().axes() else {
            return LoopNest::default();
        };
        let channel = channel_in_code(plan, channels, out_channels);
        let sides = plan.padding();
        let (kernel, stride, dilation) = (self.kernel, self.stride, self.dilation);
        let from = [
            place("z", stride.0, "k", dilation.0, plan.padding_in_front()),
            place("y", stride.1, "i", dilation.1, sides.top),
            place("x", stride.2, "j", dilation.2, sides.left),
        ]
        .join(", ");
        let input = padded_in_code(self.padding_mode);
        LoopNest::sum(
            &[
                (Variable::Filter, out_channels),
                (Variable::Slice, slices),
                (Variable::Row, rows),
                (Variable::Column, columns),
            ],
            &[
                (Variable::Channel, channels),
                (Variable::KernelSlice, kernel.0),
                (Variable::KernelRow, kernel.1),
                (Variable::KernelColumn, kernel.2),
            ],
            if self.bias { "b[f]" } else { "0" },
            &format!("s += {input}[{channel}, {from}] * w[f, c, k, i, j]"),
            "out[f, z, y, x] = s",
        )
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Filters, &mut self.out_channels);
        settings.number(Parameter::KernelSlices, &mut self.kernel.0);
        settings.number(Parameter::KernelRows, &mut self.kernel.1);
        settings.number(Parameter::KernelColumns, &mut self.kernel.2);
        settings.number(Parameter::StrideSlices, &mut self.stride.0);
        settings.number(Parameter::StrideRows, &mut self.stride.1);
        settings.number(Parameter::StrideColumns, &mut self.stride.2);
        settings.number(Parameter::DilationSlices, &mut self.dilation.0);
        settings.number(Parameter::DilationRows, &mut self.dilation.1);
        settings.number(Parameter::DilationColumns, &mut self.dilation.2);
        settings.number(Parameter::Groups, &mut self.groups);
        let (kernel, dilation) = (self.kernel, self.dilation);
        let reach = [
            (kernel.0, dilation.0),
            (kernel.1, dilation.1),
            (kernel.2, dilation.2),
        ];
        let reach = reach.map(|(kernel, dilation): (usize, usize)| {
            dilation.saturating_mul(kernel.saturating_sub(1))
        });
        settings.volume_padding(&mut self.padding, reach);
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
        let [slices, rows, columns] = self.padding.axes();
        let axes = [
            (slices, self.kernel.0, self.dilation.0),
            (rows, self.kernel.1, self.dilation.1),
            (columns, self.kernel.2, self.dilation.2),
        ];
        padded_as_pytorch(axes, self.padding_mode, |even, padding_mode| {
            let padding = match even {
                Some([slices, rows, columns]) => VolumePadding::Size(slices, rows, columns),
                None => VolumePadding::Valid,
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
        let [left, right, top, bottom, front, back] = uneven::<6>(sides)?;
        let bare = self.padding == VolumePadding::Valid && self.padding_mode == PaddingMode::Zeros;
        let padding = VolumePadding::Sides {
            front,
            back,
            top,
            bottom,
            left,
            right,
        };
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
