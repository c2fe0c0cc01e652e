//! `Threshold`: elements that are not over a number become another.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Threshold.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{CLIP, function};
use crate::op::onnx::{OnnxForm, OnnxLayer};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::elementwise;
use super::function::{attribute, bare, constant};

/// Elements that are not over a number become another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The number that elements must be over to stay.
    pub threshold: f64,
    /// What others become.
    #[serde(default)]
    pub value: f64,
}

impl Described for Threshold {
    const DESCRIPTION: Description = Description {
        about: Localized::new("replaced unless over a number", "しきい値以下を置き換え"),
        forms: &[Form {
            name: "Threshold",
            parameters: &["threshold", "value", "inplace"],
            required: 2,
            make: |given| {
                given.truth("inplace", false)?;
                let threshold = given.real("threshold", None)?;
                let value = given.real("value", None)?;
                Ok(Threshold { threshold, value }.into())
            },
        }],
        example: || {
            Threshold {
                threshold: 1.0,
                value: 0.0,
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "ThresholdedRelu",
            make: |node| {
                let threshold = attribute(node, "alpha", 1.0)?;
                let value = 0.0;
                Ok(Some(OnnxLayer::new(Threshold { threshold, value })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Threshold {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let constants = [self.threshold as f32, self.value as f32];
        // NaN is not below it, and stays.
        let function = function!("threshold", constants, CLIP, |value, constants, _| {
            let [threshold, other] = constants;
            if value <= threshold { other } else { value }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("Threshold", style);
        let (threshold, value) = (float(self.threshold), float(self.value));
        match style {
            Style::Source => line.value(threshold).value(value),
            Style::Printed => line.named("threshold", threshold).named("value", value),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let threshold = Spoken::number(self.threshold);
        let value = Spoken::number(self.value);
        Some(Spoken {
            name: Localized::new("a threshold", "しきい値"),
            does: says!(
                with [threshold, value];
                en: "Numbers that are not above {threshold} become {value}. All others stay.",
                ja: "{threshold}を超えない数は、{value}にします。ほかはそのままです。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let (threshold, value) = (float(self.threshold), float(self.value));
        let value = format!("a[f, y, x] if a[f, y, x] > {threshold} else {value}");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Threshold, &mut self.threshold);
        settings.real(Parameter::Replacement, &mut self.value);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let element = step.first_input();
        let (value, threshold) = (bare(number(element)), bare(constant(self.threshold)));
        if element <= self.threshold as f32 {
            let other = bare(constant(self.value));
            says!(
                en: "{value} is not over {threshold}: {other}",
                ja: "{value} は {threshold} を超えない: {other}"
            )
        } else {
            says!(
                en: "{value} is over {threshold}: {value}",
                ja: "{value} は {threshold} を超える: {value}"
            )
        }
    }
}
