//! `Correlate`: a convolution whose filters are an earlier tensor. Of an input and the gradient of the
//! output, it is the gradient of a convolution's weights.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::axis::Axis;
use crate::op::call::{Form, Line, Style};
use crate::op::code::{LoopNest, Variable};
use crate::op::error::{LayerError, TensorRole};
use crate::op::geometry::{Convolution, Correlation, Geometry, Mapped};
use crate::op::operands::Operand;
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::padding::PaddingMode;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::is_default;

/// Windows over what came last, multiplied by the planes of an earlier tensor: for a tensor `x` of
/// `C × H × W` and an earlier one `w` of `F × R × S`, `F` planes of `(H − R + 1) × (W − S + 1)`.
///
/// In PyTorch it is `functional.conv2d(x, w.unsqueeze(1), groups=C)`: each plane of `w` is a filter of
/// one channel, and each channel of `x` meets `F ÷ C` of them, in order. So a single channel meets
/// every plane, and as many planes as channels meet one channel each. Stride and dilation are 1, and
/// there is no padding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correlate {
    /// Which tensor of the chain holds the filters: 0 is the chain's input, 1 the output of its first
    /// layer, and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
}

/// Windows along an axis, from one element to the next.
fn axis(input: usize, kernel: usize) -> Axis {
    Axis {
        input,
        kernel,
        output: input - kernel + 1,
        ..Axis::FLAT
    }
}

fn planned(layer: &Layer, input: &Shape, other: &Shape) -> Result<Plan, LayerError> {
    let name = layer.name();
    let unfit = |why| Err(LayerError::Unfit { layer: name, why });
    let (&[channels, height, width], &[filters, rows, columns]) = (input.axes(), other.axes())
    else {
        return unfit(says!(
            en: "both tensors need channels, rows and columns, but they are {input} and {other}",
            ja: "どちらのテンソルにもチャネルと行と列が要りますが、{input} と {other} です。"
        ));
    };
    if !filters.is_multiple_of(channels) {
        return unfit(says!(
            en: "{filters} planes cannot be shared out among {channels} channels; use a multiple of \
                 {channels}, or an input of one channel",
            ja: "{filters} 枚を {channels} チャネルに分けられません。{channels} の倍数にするか、入力を 1 チャネルに\
                 してください。"
        ));
    }
    if rows > height || columns > width {
        return unfit(says!(
            en: "a window of {rows} × {columns} does not fit into {height} × {width}; the earlier tensor \
                 must not be larger",
            ja: "{rows} × {columns} の窓は {height} × {width} に収まりません。前のテンソルの行と列を、入力以下に\
                 してください。"
        ));
    }
    let axes = [Axis::FLAT, axis(height, rows), axis(width, columns)];
    let output = [filters, axes[1].output, axes[2].output];
    let output = checked_shape(name, TensorRole::Output, &output)?;
    let geometry = Correlation(Convolution {
        axes,
        channels,
        out_channels: filters,
        groups: channels,
        mode: PaddingMode::Zeros,
    });
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    let operands = vec![Operand::input(1, *other)];
    Plan::new(layer.clone(), *input, output, operands, geometry)
}

/// Rows and columns of a window.
fn kernel(plan: &Plan) -> (usize, usize) {
    let other = plan.operand_list().first();
    let [_, rows, columns] = other.map_or([1; 3], |other| other.shape.as_chw());
    (rows, columns)
}

impl Described for Correlate {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "convolution with an earlier tensor",
            "前のテンソルとの畳み込み",
        ),
        forms: &[Form {
            name: "Correlate",
            parameters: &["tensor"],
            required: 0,
            make: |given| {
                Ok(Correlate {
                    tensor: given.size("tensor", Some(0), 0)?,
                }
                .into())
            },
        }],
        example: || Correlate::default().into(),
        onnx: &[],
        family: Family::Convolution,
        offered: false,
    };
}

impl Operation for Correlate {
    /// Each channel with itself.
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        planned(layer, input, input)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [input, other] => planned(layer, input, other),
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 2,
                given: inputs.len(),
            }),
        }
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Correlate", style).value(self.tensor).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a correlation", "相互相関"),
            Localized::new(
                "An earlier tensor moves over the input as a kernel does. Number by number it is multiplied by what lies there, and the products are added up.",
                "前のテンソルを、カーネルのように入力の上で動かします。重なった数どうしを掛けて、足し合わせます。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let [channels, ..] = plan.input_shape().as_chw();
        let [planes, height, width] = plan.output_shape().as_chw();
        let (rows, columns) = kernel(plan);
        let channel = match (channels, planes / channels.max(1)) {
            (1, _) => "0".to_owned(),
            (_, 1) => "f".to_owned(),
            (_, planes) => format!("f//{planes}"),
        };
        LoopNest::sum(
            &[
                (Variable::Filter, planes),
                (Variable::Row, height),
                (Variable::Column, width),
            ],
            &[
                (Variable::KernelRow, rows),
                (Variable::KernelColumn, columns),
            ],
            "0",
            &format!("s += a[{channel}, y + i, x + j] * other[f, i, j]"),
            "out[f, y, x] = s",
        )
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Tensor, &mut self.tensor);
    }

    fn title(&self, plan: &Plan) -> Option<Localized<String>> {
        let (rows, columns) = kernel(plan);
        Some(says!(en: "Correlate {rows} × {columns}", ja: "相互相関 {rows} × {columns}"))
    }

    fn second_input(&self) -> Option<usize> {
        Some(self.tensor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Chain;
    use crate::op::{AxisFormula, LoopOrder, Phase};
    use crate::tensor::{Fill, Tensor};

    fn shape(text: &str) -> Shape {
        text.parse().unwrap()
    }

    fn plan(input: &str, other: &str) -> Result<Plan, LayerError> {
        let layer = Layer::from(Correlate::default());
        layer.plan_inputs(&[shape(input), shape(other)], BatchAxis::Absent)
    }

    fn tensor(text: &str, values: &[f32]) -> Tensor {
        Tensor::new(shape(text), values.to_vec()).unwrap()
    }

    /// The output, which each step explains.
    fn correlated(input: Tensor, other: Tensor) -> Vec<f32> {
        let plan = Layer::from(Correlate::default())
            .plan_inputs(&[*input.shape(), *other.shape()], BatchAxis::Absent)
            .unwrap();
        let operands = plan.pair(input, other).unwrap();
        let output = plan.evaluate(&operands).unwrap();
        assert_eq!(plan.step_count(), output.data().len() as u64);
        for (index, value) in output.data().iter().enumerate() {
            assert_eq!(plan.explain(index as u64, &operands).value, *value);
        }
        output.data().to_vec()
    }

    /// Numbers of `torch.nn.functional.conv2d` of PyTorch 2, with as many groups as channels.
    #[test]
    fn its_numbers_are_those_of_pytorch() {
        let two = [
            1.0, 2.0, 0.0, -1.0, 3.0, 1.0, 0.0, 2.0, 0.0, -2.0, 1.0, 1.0, //
            2.0, 0.0, 1.0, 3.0, -1.0, 1.0, 0.0, 0.0, 1.0, 2.0, -2.0, 1.0,
        ];
        let planes = [
            1.0, 0.0, -1.0, 2.0, 1.0, 0.0, //
            0.0, 1.0, 1.0, -1.0, 0.0, 2.0, //
            3.0, 0.0, 0.0, 0.0, 0.0, 1.0, //
            1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
        ];
        let of_two = [
            8.0, 5.0, 1.0, -4.0, -1.0, 2.0, 3.0, 6.0, //
            6.0, 0.0, -5.0, 4.0, 3.0, 5.0, 1.0, 2.0,
        ];
        // Two planes for each of two channels.
        let output = correlated(tensor("2x3x4", &two), tensor("4x2x3", &planes));
        assert_eq!(output, of_two);
        // One for each.
        let one_each = [&planes[..6], &planes[12..18]].concat();
        let output = correlated(tensor("2x3x4", &two), tensor("2x2x3", &one_each));
        assert_eq!(output, [&of_two[..4], &of_two[8..12]].concat());
        // One channel under two planes.
        let output = correlated(tensor("1x3x4", &two[..12]), tensor("2x2x3", &planes[..12]));
        assert_eq!(output, of_two[..8]);
    }

    /// What `backward` leaves in the weights of a convolution of 3 × 3, in PyTorch 2.
    #[test]
    fn it_is_the_gradient_of_the_weights_of_a_convolution() {
        let input = [
            1.0, 0.0, 2.0, 0.0, 1.0, //
            0.0, 1.0, 0.0, 2.0, 0.0, //
            2.0, 0.0, 1.0, 0.0, 1.0, //
            0.0, 2.0, 0.0, 1.0, 0.0, //
            1.0, 0.0, 1.0, 0.0, 2.0,
        ];
        let gradient = [1.0, 0.0, -1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0];
        let output = correlated(tensor("1x5x5", &input), tensor("1x3x3", &gradient));
        assert_eq!(output, [2.0, 0.0, 6.0, 0.0, 2.0, 0.0, 6.0, 0.0, 4.0]);
    }

    #[test]
    fn in_a_chain_the_filters_are_an_earlier_tensor() {
        let layers: Vec<Layer> =
            ron::from_str("[Slice(dim: [1], start: [0], end: [1]), Correlate(tensor: 0)]").unwrap();
        let chain = Chain::plan(&layers, &shape("2x3x3")).unwrap();
        assert_eq!(chain.output_shape().to_string(), "2 × 1 × 1");
        let tensors = chain
            .run(Fill::Count.make(&shape("2x3x3")).unwrap())
            .unwrap();
        // The sum of squares of 0 to 8, and of each with the number that is 9 more.
        assert_eq!(tensors[2].data(), [204.0, 204.0 + 9.0 * 36.0]);
        let wrong: Vec<Layer> = ron::from_str("[MaxPool2d(kernel: (2, 2)), Correlate()]").unwrap();
        let error = Chain::plan(&wrong, &shape("1x4x4"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("Correlate takes tensor 0 of 1 × 4 × 4"),
            "{error}"
        );
    }

    #[test]
    fn reads_and_feeds_are_what_the_steps_say() {
        let plan = plan("2x4x5", "4x2x3").unwrap();
        let at = |place: [isize; 3]| place.map(|at| at as usize);
        for input in 0..40 {
            let input = plan.input_shape().chw_index(input).unwrap();
            let mut fed: Vec<_> = plan.feeds(input).unwrap().output.iter().map(at).collect();
            let mut expected = Vec::new();
            for index in 0..plan.step_count() {
                let step = plan.step(index);
                let mut elements = step.terms().filter_map(|term| term.source.element());
                if elements.any(|element| element == input) {
                    expected.push(step.output);
                }
            }
            fed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(fed, expected, "{input:?}");
        }
        for index in 0..plan.step_count() {
            let step = plan.step(index);
            let field = plan.receptive_field(step.output).unwrap();
            let read: Vec<_> = field.input.iter().map(at).collect();
            let elements = step.terms().filter_map(|term| term.source.element());
            assert_eq!(read, elements.collect::<Vec<_>>(), "{:?}", step.output);
            let second: Vec<_> = step.terms().filter_map(|term| term.second()).collect();
            assert_eq!(second, plan.second_read(step.output));
            assert_eq!(second[4], [step.output[0], 1, 1]);
        }
    }

    #[test]
    fn shape_work_and_code_are_those_of_a_convolution() {
        let plan = plan("2x4x5", "4x2x3").unwrap();
        assert_eq!(plan.output_shape().to_string(), "4 × 3 × 3");
        assert_eq!((plan.cost().parameters, plan.cost().macs), (0, 36 * 6));
        let phases = [
            Phase::Travel,
            Phase::Multiply,
            Phase::Accumulate,
            Phase::Emit,
        ];
        assert_eq!(plan.phases(), phases);
        assert!(plan.adds_up());
        let formula = plan.shape_formula();
        assert_eq!(formula.axis("H").map(AxisFormula::result), Some(3));
        let schedule = Schedule::new(&plan, LoopOrder::FilterMajor);
        let nest = LoopNest::new(&plan, &schedule);
        let term = "s += a[f//2, y + i, x + j] * other[f, i, j]";
        assert!(nest.lines.iter().any(|line| line.text == term));
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for (input, other, part) in [
            ("3x4x4", "4x2x2", "4 planes cannot be shared out among 3"),
            ("1x4x4", "1x5x2", "a window of 5 × 2 does not fit"),
            ("1x4x4", "1x1x2x2", "channels, rows and columns"),
            ("4x4", "1x2x2", "channels, rows and columns"),
        ] {
            let error = plan(input, other).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!(ron::from_str::<Layer>("Correlate(stride: (2, 2))").is_err());
    }
}
