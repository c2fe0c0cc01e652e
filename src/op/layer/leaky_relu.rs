//! `LeakyReLU`: negative elements are multiplied by a small slope.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{CLIP, Function, function};
use crate::op::onnx::{OnnxForm, OnnxLayer};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::elementwise;
use super::function::{attribute, constant};

/// Negative elements are multiplied by a slope.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeakyReLU {
    /// What negative elements are multiplied by.
    #[serde(default = "usual_slope")]
    pub negative_slope: f64,
}

fn usual_slope() -> f64 {
    0.01
}

/// What multiplies negative elements by a slope.
pub(super) fn leaky(slope: f64) -> Function {
    function!(
        "leaky_relu",
        [slope as f32, 0.0],
        CLIP,
        |value, [slope, _], _| { if value > 0.0 { value } else { value * slope } }
    )
}

impl Described for LeakyReLU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("negative becomes small", "負は小さく"),
        forms: &[Form {
            name: "LeakyReLU",
            parameters: &["negative_slope", "inplace"],
            required: 0,
            make: |given| {
                given.truth("inplace", false)?;
                let negative_slope = given.real("negative_slope", Some(usual_slope()))?;
                Ok(LeakyReLU { negative_slope }.into())
            },
        }],
        // A slope that can be seen.
        example: || {
            LeakyReLU {
                negative_slope: 0.25,
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "LeakyRelu",
            make: |node| {
                let negative_slope = attribute(node, "alpha", usual_slope())?;
                Ok(Some(OnnxLayer::new(LeakyReLU { negative_slope })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for LeakyReLU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        elementwise::plan(leaky(self.negative_slope), layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let slope = float(self.negative_slope);
        let line = Line::new("LeakyReLU", style);
        match style {
            Style::Source => line.unless("negative_slope", slope, float(usual_slope())),
            Style::Printed => line.named("negative_slope", slope),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let slope = Spoken::number(self.negative_slope);
        Some(Spoken {
            name: Localized::new("leaky ReLU", "{LeakyReLU|リーキーレルー}"),
            does: says!(
                with [slope];
                en: "Negative numbers are multiplied by {slope}, so that a little of them comes through. All others stay.",
                ja: "負の数には{slope}を掛けて、少しだけ通します。ほかはそのままです。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let slope = float(self.negative_slope);
        let value = format!("a[f, y, x] if a[f, y, x] > 0 else {slope} * a[f, y, x]");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::NegativeSlope, &mut self.negative_slope);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = step.first_input();
        Localized::same(if value > 0.0 {
            number(value)
        } else {
            format!("{} × {}", number(value), constant(self.negative_slope))
        })
    }
}
