//! `Softplus`: a smooth ReLU, ln(1 + e^(β·x)) ÷ β.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{COMPUTE, function};
use crate::op::onnx::{OnnxForm, OnnxLayer};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::elementwise;
use super::function::constant;

/// A smooth ReLU.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Softplus {
    /// How sharp its bend is.
    #[serde(default = "usual_beta")]
    pub beta: f64,
    /// Where β·x is over it, elements stay as they are.
    #[serde(default = "usual_threshold")]
    pub threshold: f64,
}

fn usual_beta() -> f64 {
    1.0
}

fn usual_threshold() -> f64 {
    20.0
}

impl Default for Softplus {
    fn default() -> Self {
        Self {
            beta: usual_beta(),
            threshold: usual_threshold(),
        }
    }
}

impl Described for Softplus {
    const DESCRIPTION: Description = Description {
        about: Localized::new("a smooth ReLU", "なめらかなReLU"),
        forms: &[Form {
            name: "Softplus",
            parameters: &["beta", "threshold"],
            required: 0,
            make: |given| {
                let beta = given.real("beta", Some(usual_beta()))?;
                let threshold = given.real("threshold", Some(usual_threshold()))?;
                Ok(Softplus { beta, threshold }.into())
            },
        }],
        example: || Softplus::default().into(),
        onnx: &[OnnxForm {
            op_type: "Softplus",
            make: |_| Ok(Some(OnnxLayer::new(Softplus::default()))),
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Softplus {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let constants = [self.beta as f32, self.threshold as f32];
        let function = function!("softplus", constants, COMPUTE, |value, constants, _| {
            let [beta, threshold] = constants;
            if value * beta > threshold {
                value
            } else {
                (value * beta).exp().ln_1p() / beta
            }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("Softplus", style);
        let (beta, threshold) = (float(self.beta), float(self.threshold));
        match style {
            Style::Source => line.unless("beta", beta, float(usual_beta())).unless(
                "threshold",
                threshold,
                float(usual_threshold()),
            ),
            Style::Printed => line.named("beta", beta).named("threshold", threshold),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("softplus", "ソフトプラス"),
            Localized::new(
                "It is ReLU without the corner: a smooth curve that never quite reaches 0.",
                "{角|かど}のない{ReLU|レルー}です。なめらかに{0|ゼロ}へ近づきます。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let (beta, threshold) = (float(self.beta), float(self.threshold));
        let value = if self.beta == 1.0 {
            format!("a[f, y, x] if a[f, y, x] > {threshold} else log(1 + exp(a[f, y, x]))")
        } else {
            format!(
                "a[f, y, x] if a[f, y, x] * {beta} > {threshold} else \
                 log(1 + exp(a[f, y, x] * {beta})) / {beta}"
            )
        };
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Beta, &mut self.beta);
        settings.real(Parameter::Threshold, &mut self.threshold);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let element = step.first_input();
        let (value, beta) = (number(element), constant(self.beta));
        Localized::same(if element * self.beta as f32 > self.threshold as f32 {
            value
        } else if self.beta == 1.0 {
            format!("ln(1 + e^{value})")
        } else {
            format!("ln(1 + e^({value} × {beta})) ÷ {beta}")
        })
    }
}
