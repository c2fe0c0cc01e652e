//! `PReLU`: negative elements are multiplied by a slope that training learns.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html>; K. He et al., "Delving deep
//! into rectifiers" (2015).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{Combine, Geometry, Mapped, Slopes};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode};
use crate::op::operands::{Operand, OperandRole};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::broadcast;
use super::convolution::checked_shape;
use super::defaults::{fills, is_one, one};

/// Negative elements are multiplied by a learned slope. With a second input, as ONNX has it, that one
/// holds the slopes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PReLU {
    /// How many slopes there are: 1, or one for each channel.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub num_parameters: usize,
    /// The slopes, when no others are given.
    #[serde(default = "usual_slope", skip_serializing_if = "is_usual_slope")]
    pub weights: Fill,
}

/// What training begins with.
const INITIAL: f32 = 0.25;

fn usual_slope() -> Fill {
    Fill::Constant(INITIAL)
}

fn is_usual_slope(fill: &Fill) -> bool {
    *fill == usual_slope()
}

impl Default for PReLU {
    fn default() -> Self {
        Self {
            num_parameters: one(),
            weights: usual_slope(),
        }
    }
}

fn make(given: &Arguments) -> ParseResult<Layer> {
    let init = given.real("init", Some(f64::from(INITIAL)))?;
    Ok(PReLU {
        num_parameters: given.size("num_parameters", Some(1), 1)?,
        weights: Fill::Constant(init as f32),
    }
    .into())
}

/// `PRelu` of ONNX: slopes that are one number, or one for each channel, are its weights. Any others
/// are a second input.
fn of_node(node: &OnnxNode) -> OnnxLayer {
    let second = || broadcast::of_node(PReLU::default(), node);
    let (Some(input), Some(slope)) = (node.input(0), node.input(1)) else {
        return second();
    };
    if slope.constant.is_none() || slope.axes.len() > input.axes.len() {
        return second();
    }
    let learned = |num_parameters| {
        let layer = PReLU {
            num_parameters,
            ..PReLU::default()
        };
        OnnxLayer::new(layer).operand(node, "weight", 1)
    };
    // The slope's axes, lined up with the last ones of the input.
    let first = input.axes.len() - slope.axes.len();
    let long = slope.axes.iter().enumerate();
    let long: Vec<_> = long.filter(|(_, length)| **length != 1).collect();
    match long[..] {
        [] => learned(1),
        [(axis, &channels)] if first + axis == 1 && input.axes[1] == channels => learned(channels),
        _ => second(),
    }
}

impl PReLU {
    fn plan_on(&self, layer: &Layer, input: &Shape, batch: BatchAxis) -> Result<Plan, LayerError> {
        let (name, count) = (layer.name(), self.num_parameters);
        let weight = Operand {
            name: "weight",
            role: OperandRole::PerChannel { learned: true },
            shape: checked_shape(name, TensorRole::Operand("weight"), &[count])?,
        };
        let channels = match batch {
            BatchAxis::Absent => 0,
            BatchAxis::Present => 1,
        };
        let slopes = if count == 1 {
            Slopes::same(*input)
        } else {
            match (Slopes::along(*input, channels), input.axes().get(channels)) {
                (Some(slopes), Some(&channels)) if channels == count => slopes,
                (_, channels) => {
                    let channels = channels.copied().unwrap_or(1);
                    let why = says!(
                        en: "num_parameters = {count}, but the input {input} has {channels} channels; use 1 or {channels}",
                        ja: "num_parameters = {count} ですが、入力 {input} は {channels} チャネルです。1 か {channels} にしてください。"
                    );
                    return Err(LayerError::Unfit { layer: name, why });
                }
            }
        };
        let geometry = Geometry::Mapped(Mapped::new(slopes));
        Plan::new(layer.clone(), *input, *input, vec![weight], geometry)
    }
}

impl Described for PReLU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("negative times a learned slope", "負に学習した傾きを掛ける"),
        forms: &[Form {
            name: "PReLU",
            parameters: &["num_parameters", "init", "device", "dtype"],
            required: 0,
            make,
        }],
        example: || PReLU::default().into(),
        onnx: &[OnnxForm {
            op_type: "PRelu",
            make: |node| Ok(Some(of_node(node))),
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for PReLU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_on(layer, input, BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [input] => self.plan_on(layer, input, batch),
            [input, slope] => {
                let plan = broadcast::plan_pair(Combine::Slope, layer, inputs)?;
                if plan.output_shape() == input {
                    return Ok(plan);
                }
                let why = says!(
                    en: "slopes of {slope} cannot be repeated to the input's {input}",
                    ja: "傾き {slope} を入力の形状 {input} に広げることはできません。"
                );
                Err(LayerError::Unfit {
                    layer: layer.name(),
                    why,
                })
            }
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 1,
                given: inputs.len(),
            }),
        }
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("PReLU", style);
        if style == Style::Printed {
            return line.named("num_parameters", self.num_parameters).end();
        }
        let line = match self.num_parameters {
            1 => line,
            count => line.value(count),
        };
        match self.weights {
            Fill::Constant(init) if init != INITIAL => {
                line.named("init", float(super::function::decimal(init)))
            }
            _ => line,
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("parametric ReLU", "{PReLU|ピーレルー}"),
            Localized::new(
                "Negative numbers are multiplied by a slope that training has found. All others stay.",
                "負の数に、学習で決めた傾きを掛けます。ほかはそのままです。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let elements = broadcast::elements(plan);
        let weight = match &elements[..] {
            [_, slope]
                if plan
                    .operand_list()
                    .iter()
                    .all(|operand| !operand.is_learned()) =>
            {
                slope
            }
            _ if self.num_parameters == 1 => "w[0]",
            _ => "w[f]",
        };
        let value = format!("a[f, y, x] if a[f, y, x] > 0 else {weight} * a[f, y, x]");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::SlopeCount, &mut self.num_parameters);
        settings.fill(Parameter::Slopes, &mut self.weights);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = step.first_input();
        let second = step.terms.get(1).map(|term| term.input);
        let slope = step.vectors.first().copied().or(second);
        Localized::same(match slope {
            Some(slope) if value <= 0.0 || value.is_nan() => {
                format!("{} × {}", number(slope), number(value))
            }
            _ => number(value),
        })
    }

    fills! {
        "weight" => weights,
    }
}
