//! `Conv2d`: filters of every channel of their group, sliding over rows and columns.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html>. It is a
//! cross-correlation: the kernel is not flipped.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::{LoopNest, place};
use crate::op::error::{AxisName, InputAxes, LayerError};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::{Padding, PaddingMode};
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::{
    ConvolutionAxis, ConvolutionCall, ConvolutionRequest, PARAMETERS, channel_in_code,
    padded_in_code,
};
use super::defaults::{
    default_biases, default_weights, fills, inner, is_default, is_default_biases,
    is_default_weights, is_one, is_pair_of_ones, one, pair_of_ones, some,
};
use super::onnx_window::{OnnxChannels, OnnxWindow};
use super::uneven_padding::{padded_as_pytorch, uneven};

/// Two-dimensional convolution. Weights are `out_channels × channels/groups × kernel`.
///
/// Defaults are PyTorch's but for `bias`, which a lesson leaves out unless it asks for it (a line
/// of PyTorch has it, as there).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2d {
    /// Output channels.
    #[serde(rename = "filters")]
    pub out_channels: usize,
    /// Rows and columns of the kernel.
    pub kernel: (usize, usize),
    /// Rows and columns from one window to the next.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub stride: (usize, usize),
    /// How much padding.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding: Padding,
    /// What the padding holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding_mode: PaddingMode,
    /// Rows and columns from one kernel element to the next.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub dilation: (usize, usize),
    /// Groups that channels and filters are split into; they do not see each other.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub groups: usize,
    /// Whether each filter adds a number of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bias: bool,
    /// Channels of the input, when the layer states them (PyTorch's does, a lesson need not).
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

impl Conv2d {
    /// A convolution with PyTorch's defaults, without bias.
    #[must_use]
    pub fn new(out_channels: usize, kernel: (usize, usize)) -> Self {
        Self {
            out_channels,
            kernel,
            stride: pair_of_ones(),
            padding: Padding::default(),
            padding_mode: PaddingMode::default(),
            dilation: pair_of_ones(),
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
        Ok(Self {
            stride: given.pair("stride", Some(1), 1)?,
            padding: given.padding()?,
            padding_mode: given.padding_mode()?,
            dilation: given.pair("dilation", Some(1), 1)?,
            groups: given.groups(channels, out_channels)?,
            bias: given.truth("bias", true)?,
            in_channels: Some(channels),
            ..Self::new(out_channels, given.pair("kernel_size", None, 1)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let Some(window) = OnnxWindow::<2>::of_convolution(node)? else {
            return Ok(None);
        };
        let channels = OnnxChannels::of(node)?;
        let [(top, bottom), (left, right)] = window.sides();
        let padding = match (top, left) {
            (0, 0) if window.is_even() => Padding::Valid,
            (rows, columns) if window.is_even() => Padding::Size(rows, columns),
            _ => Padding::Sides {
                top,
                bottom,
                left,
                right,
            },
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

impl Described for Conv2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("convolution", "畳み込み"),
        forms: &[Form {
            name: "Conv2d",
            parameters: PARAMETERS,
            required: 3,
            make: |given| Conv2d::make(given).map(Layer::from),
        }],
        example: || Conv2d::new(4, (3, 3)).into(),
        onnx: &[OnnxForm {
            op_type: "Conv",
            make: Conv2d::of_onnx,
        }],
        family: Family::Convolution,
        offered: true,
    };
}

impl Operation for Conv2d {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let [rows, columns] = self.padding.axes();
        ConvolutionRequest {
            name,
            layer,
            input,
            channels,
            in_channels: self.in_channels,
            out_channels: self.out_channels,
            axes: &[
                ConvolutionAxis::new(
                    AxisName::Rows,
                    height,
                    rows,
                    self.kernel.0,
                    self.stride.0,
                    self.dilation.0,
                ),
                ConvolutionAxis::new(
                    AxisName::Columns,
                    width,
                    columns,
                    self.kernel.1,
                    self.stride.1,
                    self.dilation.1,
                ),
            ],
            groups: self.groups,
            mode: self.padding_mode,
            bias: self.bias,
        }
        .plan()
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let list = |(rows, columns)| vec![rows, columns];
        ConvolutionCall {
            name: "Conv2d",
            channels: input.channels(),
            out_channels: self.out_channels,
            kernel: list(self.kernel),
            stride: list(self.stride),
            padding: self.padding.written(),
            dilation: list(self.dilation),
            output_padding: vec![0, 0],
            groups: self.groups,
            bias: self.bias,
            mode: self.padding_mode,
        }
        .written(style)
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Window)
    }

    fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest {
        let [channels, ..] = plan.filter_dims();
        let sides = plan.padding();
        let channel = channel_in_code(plan, channels, self.out_channels);
        let from = [
            place("y", self.stride.0, "i", self.dilation.0, sides.top),
            place("x", self.stride.1, "j", self.dilation.1, sides.left),
        ];
        let term = format!(
            "s += {}[{channel}, {}, {}] * w[f, c, i, j]",
            padded_in_code(self.padding_mode),
            from[0],
            from[1]
        );
        LoopNest::weighted(plan, schedule, channels, self.kernel, &term)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Filters, &mut self.out_channels);
        settings.window(&mut self.kernel, &mut self.stride, &mut self.dilation);
        settings.number(Parameter::Groups, &mut self.groups);
        settings.padding_and_sides(&mut self.padding);
        settings.word(Parameter::PaddingMode, &mut self.padding_mode);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fn title(&self, _plan: &Plan) -> Option<Localized<String>> {
        let (rows, columns) = self.kernel;
        Some(says!(en: "Conv {rows} × {columns}", ja: "畳み込み {rows} × {columns}"))
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

    fn in_pytorch(&self) -> Option<Vec<Layer>> {
        let [rows, columns] = self.padding.axes();
        let axes = [
            (rows, self.kernel.0, self.dilation.0),
            (columns, self.kernel.1, self.dilation.1),
        ];
        padded_as_pytorch(axes, self.padding_mode, |even, padding_mode| {
            let padding = match even {
                Some([rows, columns]) => Padding::Size(rows, columns),
                None => Padding::Valid,
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
        let [left, right, top, bottom] = uneven::<4>(sides)?;
        let bare = self.padding == Padding::Valid && self.padding_mode == PaddingMode::Zeros;
        let padding = Padding::Sides {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Phase, TermSource};

    fn layer(text: &str) -> Layer {
        ron::from_str(text).unwrap()
    }

    fn shape(text: &str) -> Shape {
        text.parse().unwrap()
    }

    /// Explains every step beside the fast evaluation.
    fn agrees(text: &str, input: &str) {
        let input = shape(input);
        let plan = layer(text).plan(&input).unwrap();
        let operands = plan
            .filled(Fill::Uniform { seed: 3 }.make(&input).unwrap())
            .unwrap();
        let output = plan.evaluate(&operands).unwrap();
        assert_eq!(plan.step_count(), output.data().len() as u64);
        for (index, value) in output.data().iter().enumerate() {
            let explained = plan.explain(index as u64, &operands);
            assert!(
                (explained.value - value).abs() < 1e-4,
                "{text}, step {index}"
            );
            let step = plan.step(index as u64);
            assert_eq!(plan.output_shape().chw_offset(step.output), Some(index));
            for term in step.terms() {
                assert!(plan.padded_shape().chw_offset(term.padded).is_some());
                assert!(
                    plan.weight_shape()
                        .unwrap()
                        .offset(term.weight.unwrap())
                        .is_some()
                );
            }
        }
    }

    #[test]
    fn the_numeric_figure_of_conv_arithmetic() {
        let input = Fill::Values(
            [
                3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1,
            ]
            .map(|value| value as f32)
            .to_vec(),
        );
        let input = input.make(&shape("1x5x5")).unwrap();
        let kernel = "weights: Values([0, 1, 2, 2, 2, 0, 0, 1, 2])";
        let plan = layer(&format!("Conv2d(filters: 1, kernel: (3, 3), {kernel})"))
            .plan(input.shape())
            .unwrap();
        let operands = plan.filled(input).unwrap();
        let output = plan.evaluate(&operands).unwrap();
        assert_eq!(
            output.data(),
            [12.0, 12.0, 17.0, 10.0, 17.0, 19.0, 9.0, 6.0, 14.0]
        );
        let sums: Vec<f32> = plan
            .explain(0, &operands)
            .terms
            .iter()
            .map(|term| term.running)
            .collect();
        assert_eq!(sums, [0.0, 3.0, 7.0, 7.0, 7.0, 7.0, 7.0, 8.0, 12.0]);
    }

    #[test]
    fn every_step_explains_the_number_that_is_evaluated() {
        agrees("Conv2d(filters: 4, kernel: (3, 3))", "3x6x6");
        agrees(
            "Conv2d(filters: 2, kernel: (3, 2), stride: (2, 1), bias: true)",
            "3x7x6",
        );
        agrees(
            "Conv2d(filters: 4, kernel: (3, 3), groups: 2, padding: Same, dilation: (2, 1))",
            "4x6x6",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), padding: Full, padding_mode: Replicate)",
            "1x3x4",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), padding: Size(2, 1), padding_mode: Reflect)",
            "2x5x4",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), padding: Size(3, 4), padding_mode: Circular)",
            "2x5x4",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (2, 2), padding: Sides(top: 1, right: 2))",
            "2x30x30",
        );
    }

    #[test]
    fn a_window_on_the_border_says_what_fell_on_padding() {
        let plan = layer("Conv2d(filters: 1, kernel: (3, 3), padding: Size(1, 1))")
            .plan(&shape("2x4x4"))
            .unwrap();
        let step = plan.step(0);
        assert_eq!(step.window_origin(), [0, -1, -1]);
        assert_eq!(step.window_size(), [2, 3, 3]);
        assert_eq!(step.terms().len(), 18);
        assert_eq!(
            step.terms().filter(|term| term.source.is_padding()).count(),
            10
        );
        assert_eq!(step.term(4).unwrap().source, TermSource::Element([0, 0, 0]));
        assert_eq!(step.term(4).unwrap().padded, [0, 1, 1]);
        assert_eq!(step.term(17).unwrap().weight, Some([0, 1, 2, 2]));
    }

    #[test]
    fn the_shape_is_a_formula_with_its_numbers() {
        let formula =
            |text: &str, input: &str| layer(text).plan(&shape(input)).unwrap().shape_formula();
        let plain = formula("Conv2d(filters: 4, kernel: (3, 3))", "3x6x6");
        assert_eq!(plain.to_string(), "⌊(6 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 4");
        let odd = formula(
            "Conv2d(filters: 1, kernel: (3, 3), stride: (2, 2), padding: Size(1, 1))",
            "1x6x5",
        );
        assert_eq!(
            odd.to_string(),
            "H: ⌊(6 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3, W: ⌊(5 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3"
        );
        assert_eq!(odd.axis("H").unwrap().unused(), 1);
        assert_eq!(odd.axis("H").unwrap().unused_input(), 0);
        assert_eq!(odd.axis("W").unwrap().unused(), 0);
    }

    #[test]
    fn cost_counts_parameters_and_multiplications() {
        let plan = layer("Conv2d(filters: 8, kernel: (3, 3), groups: 8, bias: true)")
            .plan(&shape("8x6x6"))
            .unwrap();
        assert_eq!(plan.cost().parameters, 80);
        assert_eq!(plan.cost().macs, 8 * 16 * 9);
        assert_eq!(plan.weight_shape().unwrap().to_string(), "8 × 1 × 3 × 3");
        assert_eq!(
            plan.phases(),
            [
                Phase::Travel,
                Phase::Multiply,
                Phase::Accumulate,
                Phase::Emit
            ]
        );
    }

    #[test]
    fn a_billion_steps_open_at_once() {
        let plan = layer("Conv2d(filters: 1024, kernel: (3, 3), padding: Same)")
            .plan(&shape("64x1000x1000"))
            .unwrap();
        assert_eq!(plan.step_count(), 1_024_000_000);
        assert_eq!(plan.step(1_023_999_999).output, [1023, 999, 999]);
    }

    #[test]
    fn a_mistake_says_how_to_mend_it() {
        let error =
            |text: &str, input: &str| layer(text).plan(&shape(input)).unwrap_err().to_string();
        let cases = [
            (
                "Conv2d(filters: 1, kernel: (7, 3))",
                "1x5x5",
                "kernel spans 7 rows",
            ),
            (
                "Conv2d(filters: 4, kernel: (3, 3), groups: 2)",
                "3x6x6",
                "use 4 channels",
            ),
            (
                "Conv2d(filters: 3, kernel: (3, 3), groups: 2)",
                "4x6x6",
                "use 4 filters",
            ),
            (
                "Conv2d(filters: 1, kernel: (3, 3), stride: (0, 1))",
                "1x6x6",
                "stride is 0",
            ),
            (
                "Conv2d(filters: 1, kernel: (3, 3), stride: (2, 2), padding: Same)",
                "1x6x6",
                "padding=1",
            ),
            (
                "Conv2d(filters: 1, kernel: (3, 3), padding: Size(3, 3), padding_mode: Reflect)",
                "1x3x3",
                "at least 4",
            ),
            (
                "Conv2d(filters: 1, kernel: (3, 3), in_channels: 3)",
                "1x6x6",
                "expects 3 channels",
            ),
            (
                "Conv2d(filters: 1, kernel: (3, 99999999))",
                "1x6x6",
                "limit of 1048576",
            ),
            (
                "Conv2d(filters: 1, kernel: (3, 3))",
                "6x6",
                "channels × height × width",
            ),
        ];
        for (text, input, part) in cases {
            let message = error(text, input);
            assert!(message.contains(part), "{message}");
        }
        assert!(
            ron::from_str::<Layer>("Conv2d(filters: 1, kernel: (3, 3), strid: (1, 1))").is_err()
        );
    }
}
