//! `Pow`: elements raised to a power that is a number, or that a second tensor holds.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.pow.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{COMPUTE, Combine, Function, function};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::defaults::{inner, is_default, some};
use super::function::{constant, decimal};
use super::{broadcast, elementwise};

/// Elements raised to a power.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pow {
    /// The power, where it is one number.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub exponent: Option<f64>,
    /// Which tensor of the chain holds the powers, where they are not one number: 0 is the chain's
    /// input, 1 the output of its first layer, and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
}

/// What raises to a power. Some are computed in another way, as in PyTorch: √−∞ is NaN, and no root of
/// it by `powf`.
fn raised(exponent: f32) -> Function {
    let phases = COMPUTE;
    if exponent == 0.5 {
        function!("pow_half", [0.0; 2], phases, |value, _, _| value.sqrt())
    } else if exponent == -0.5 {
        function!("pow_minus_half", [0.0; 2], phases, |value, _, _| 1.0
            / value.sqrt())
    } else if exponent == 1.0 {
        function!("pow_1", [0.0; 2], phases, |value, _, _| value)
    } else if exponent == 2.0 {
        function!("pow_2", [0.0; 2], phases, |value, _, _| value * value)
    } else if exponent == 3.0 {
        function!("pow_3", [0.0; 2], phases, |value, _, _| value
            * value
            * value)
    } else if exponent == -1.0 {
        function!("pow_minus_1", [0.0; 2], phases, |value, _, _| 1.0 / value)
    } else if exponent == -2.0 {
        function!("pow_minus_2", [0.0; 2], phases, |value, _, _| 1.0
            / (value * value))
    } else {
        function!("pow", [exponent, 0.0], phases, |value, [exponent, _], _| {
            value.powf(exponent)
        })
    }
}

/// `Pow` of ONNX, with a constant power where it is one number.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let single = node.input(1).is_some_and(|power| {
        power.constant.is_some()
            && power.axes.len() <= node.rank(0)
            && power.axes.iter().all(|length| *length == 1)
    });
    if single
        && let Some(numbers) = node.constant_floats(1, "Y")?
        && let [exponent] = numbers[..]
    {
        return Ok(Some(OnnxLayer::new(Pow {
            exponent: Some(decimal(exponent)),
            tensor: 0,
        })));
    }
    Ok(Some(broadcast::of_node(Pow::default(), node)))
}

impl Described for Pow {
    const DESCRIPTION: Description = Description {
        about: Localized::new("raised to a power", "累乗"),
        forms: &[
            Form {
                name: "Pow",
                parameters: &["exponent", "tensor"],
                required: 0,
                make: |given| {
                    let exponent = given.has("exponent");
                    let exponent = exponent.then(|| given.real("exponent", None)).transpose()?;
                    if exponent.is_none() && !given.has("tensor") {
                        let message = says!(
                            en: "give the power, as in Pow(2), or the tensor that holds it, as in Pow(tensor=0)",
                            ja: "Pow(2) のように指数を書くか、Pow(tensor=0) のように指数を持つテンソルを書いてください。"
                        );
                        return given.wrong("exponent", message);
                    }
                    let tensor = given.size("tensor", Some(0), 0)?;
                    Ok(Pow { exponent, tensor }.into())
                },
            },
            // `torch.square`.
            Form {
                name: "Square",
                parameters: &[],
                required: 0,
                make: |_| {
                    Ok(Pow {
                        exponent: Some(2.0),
                        tensor: 0,
                    }
                    .into())
                },
            },
        ],
        example: || {
            Pow {
                exponent: Some(2.0),
                tensor: 0,
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Pow",
            make: of_node,
        }],
        family: Family::Arithmetic,
        offered: true,
    };
}

impl Operation for Pow {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        match self.exponent {
            Some(exponent) => elementwise::plan(raised(exponent as f32), layer, input, Vec::new()),
            None => broadcast::plan_pair(Combine::Power, layer, &[*input; 2]),
        }
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match (self.exponent, inputs) {
            (Some(_), [input]) => self.plan(layer, input),
            (Some(_), _) => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 1,
                given: inputs.len(),
            }),
            (None, _) => broadcast::plan_pair(Combine::Power, layer, inputs),
        }
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("Pow", style);
        match self.exponent {
            Some(exponent) => line.value(float(exponent)),
            None => line.named("tensor", self.tensor),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let does = match self.exponent {
            Some(exponent) => {
                let exponent = Spoken::number(exponent);
                says!(
                    with [exponent];
                    en: "Each number is raised to the power of {exponent}.",
                    ja: "それぞれの数を、{exponent}乗します。"
                )
            }
            None => Localized::new(
                "Each number is raised to the power that an earlier tensor holds at its place.",
                "それぞれの数を、前のテンソルの同じ場所にある数で累乗します。",
            )
            .into(),
        };
        Some(Spoken {
            name: Localized::new("a power", "累乗"),
            does,
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        match self.exponent {
            Some(exponent) => {
                LoopNest::elementwise(plan, &format!("a[f, y, x] ** {}", float(exponent)))
            }
            None => broadcast::code(plan, "**"),
        }
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        match &mut self.exponent {
            Some(exponent) => settings.real(Parameter::Exponent, exponent),
            None => settings.number(Parameter::Tensor, &mut self.tensor),
        }
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let numbers = broadcast::numbers(step);
        let mut numbers: Vec<String> = numbers.into_iter().map(number).collect();
        numbers.extend(self.exponent.map(constant));
        Localized::same(numbers.join("^"))
    }

    fn second_input(&self) -> Option<usize> {
        self.exponent.is_none().then_some(self.tensor)
    }
}
