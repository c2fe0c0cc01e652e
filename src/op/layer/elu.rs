//! `ELU`, `SELU` and `CELU`: negative elements bend towards a limit.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.ELU.html> and its neighbours; D.-A. Clevert
//! et al., "Fast and accurate deep network learning by exponential linear units" (2015); G. Klambauer et
//! al., "Self-normalizing neural networks" (2017); J. T. Barron, "Continuously differentiable exponential
//! linear units" (2017).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::elementary::exp_m1;
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
use super::function::{attribute, constant};

/// Negative elements become α · (e^x − 1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ELU {
    /// The limit of negative elements.
    #[serde(default = "one")]
    pub alpha: f64,
}

/// As [`ELU`], with two numbers that keep mean and variance of a network's layers in place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SELU {
    /// The limit of negative elements before scaling.
    #[serde(default = "usual_alpha", skip_serializing_if = "is_usual_alpha")]
    pub alpha: f64,
    /// What every element is multiplied by.
    #[serde(default = "usual_gamma", skip_serializing_if = "is_usual_gamma")]
    pub gamma: f64,
}

/// Negative elements become α · (e^(x ÷ α) − 1), so that the slope at 0 is 1 for every α.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CELU {
    /// The limit of negative elements.
    #[serde(default = "one")]
    pub alpha: f64,
}

fn one() -> f64 {
    1.0
}

fn usual_alpha() -> f64 {
    1.673_263_242_354_377_2
}

fn is_usual_alpha(alpha: &f64) -> bool {
    *alpha as f32 == usual_alpha() as f32
}

fn usual_gamma() -> f64 {
    1.050_700_987_355_480_5
}

fn is_usual_gamma(gamma: &f64) -> bool {
    *gamma as f32 == usual_gamma() as f32
}

impl Default for SELU {
    fn default() -> Self {
        Self {
            alpha: usual_alpha(),
            gamma: usual_gamma(),
        }
    }
}

impl Described for ELU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("negative bends to −α", "負は−αへ曲がる"),
        forms: &[Form {
            name: "ELU",
            parameters: &["alpha", "inplace"],
            required: 0,
            make: |given| {
                given.truth("inplace", false)?;
                let alpha = given.real("alpha", Some(one()))?;
                Ok(ELU { alpha }.into())
            },
        }],
        example: || ELU { alpha: one() }.into(),
        onnx: &[OnnxForm {
            op_type: "Elu",
            make: |node| {
                let alpha = attribute(node, "alpha", one())?;
                Ok(Some(OnnxLayer::new(ELU { alpha })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for ELU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let constants = [self.alpha as f32, 0.0];
        let function = function!("elu", constants, CLIP, |value, [alpha, _], _| {
            if value > 0.0 {
                value
            } else {
                exp_m1(value) * alpha
            }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        with_alpha("ELU", self.alpha, style)
    }

    fn spoken(&self) -> Option<Spoken> {
        let alpha = Spoken::number(-self.alpha);
        Some(Spoken {
            name: Localized::new("ELU", "{ELU|イーエルユー}"),
            does: says!(
                with [alpha];
                en: "Negative numbers bend smoothly towards {alpha}. All others stay.",
                ja: "負の数は、なめらかに{alpha}へ近づきます。ほかはそのままです。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let alpha = float(self.alpha);
        let value = format!("a[f, y, x] if a[f, y, x] > 0 else {alpha} * (exp(a[f, y, x]) - 1)");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Alpha, &mut self.alpha);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = step.first_input();
        Localized::same(if value > 0.0 {
            number(value)
        } else {
            format!("{} × (e^{} − 1)", constant(self.alpha), number(value))
        })
    }
}

impl Described for SELU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("ELU that keeps mean and variance", "平均と分散を保つELU"),
        forms: &[
            Form {
                name: "SELU",
                parameters: &["inplace"],
                required: 0,
                make: |given| {
                    given.truth("inplace", false)?;
                    Ok(SELU::default().into())
                },
            },
            // The operator of ONNX, whose numbers may be others.
            Form {
                name: "Selu",
                parameters: &["alpha", "gamma"],
                required: 0,
                make: |given| {
                    let alpha = given.real("alpha", Some(usual_alpha()))?;
                    let gamma = given.real("gamma", Some(usual_gamma()))?;
                    Ok(SELU { alpha, gamma }.into())
                },
            },
        ],
        example: || SELU::default().into(),
        onnx: &[OnnxForm {
            op_type: "Selu",
            make: |node| {
                let alpha = attribute(node, "alpha", usual_alpha())?;
                let gamma = attribute(node, "gamma", usual_gamma())?;
                Ok(Some(OnnxLayer::new(SELU { alpha, gamma })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for SELU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let constants = [(self.alpha * self.gamma) as f32, self.gamma as f32];
        let function = function!("selu", constants, CLIP, |value, [below, above], _| {
            if value > 0.0 {
                value * above
            } else {
                exp_m1(value) * below
            }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        if is_usual_alpha(&self.alpha) && is_usual_gamma(&self.gamma) {
            return Line::new("SELU", style).end();
        }
        Line::new("Selu", style)
            .named("alpha", float(self.alpha))
            .named("gamma", float(self.gamma))
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("SELU", "{SELU|エスイーエルユー}"),
            Localized::new(
                "It bends negative numbers and scales all, so that mean and variance keep steady from layer to layer.",
                "負の数を曲げ、全体を少し拡大します。層を重ねても、平均と分散が保たれます。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let (alpha, gamma) = (self.rounded(self.alpha), self.rounded(self.gamma));
        let value = format!(
            "{gamma} * (a[f, y, x] if a[f, y, x] > 0 else {alpha} * (exp(a[f, y, x]) - 1))"
        );
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Alpha, &mut self.alpha);
        settings.real(Parameter::Gamma, &mut self.gamma);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = step.first_input();
        let (alpha, gamma) = (self.rounded(self.alpha), self.rounded(self.gamma));
        let (alpha, gamma) = (constant(alpha), constant(gamma));
        Localized::same(if value > 0.0 {
            format!("{gamma} × {}", number(value))
        } else {
            format!("{gamma} × {alpha} × (e^{} − 1)", number(value))
        })
    }
}

impl SELU {
    /// A number of it with as many decimals as can be read.
    fn rounded(&self, value: f64) -> f64 {
        (value * 1e4).round() / 1e4
    }
}

impl Described for CELU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("ELU of slope 1 at 0", "0で傾き1のELU"),
        forms: &[Form {
            name: "CELU",
            parameters: &["alpha", "inplace"],
            required: 0,
            make: |given| {
                given.truth("inplace", false)?;
                let alpha = given.real("alpha", Some(one()))?;
                Ok(CELU { alpha }.into())
            },
        }],
        // Another than ELU.
        example: || CELU { alpha: 2.0 }.into(),
        onnx: &[OnnxForm {
            op_type: "Celu",
            make: |node| {
                let alpha = attribute(node, "alpha", one())?;
                Ok(Some(OnnxLayer::new(CELU { alpha })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for CELU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.alpha == 0.0 {
            return Err(LayerError::Arguments {
                layer: layer.name(),
                why: Localized::new(
                    "alpha must not be 0, elements are divided by it",
                    "要素を割る数なので、alpha は 0 にできません。",
                ),
            });
        }
        let constants = [self.alpha as f32, (1.0 / self.alpha) as f32];
        let function = function!("celu", constants, CLIP, |value, [alpha, inverse], _| {
            if value > 0.0 {
                value
            } else {
                exp_m1(value * inverse) * alpha
            }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        with_alpha("CELU", self.alpha, style)
    }

    fn spoken(&self) -> Option<Spoken> {
        let alpha = Spoken::number(-self.alpha);
        Some(Spoken {
            name: Localized::new("CELU", "{CELU|シーイーエルユー}"),
            does: says!(
                with [alpha];
                en: "Negative numbers bend smoothly towards {alpha}, without a corner at 0. All others stay.",
                ja: "負の数は、なめらかに{alpha}へ近づきます。{{0|ゼロ}}に{{角|かど}}はありません。ほかはそのままです。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let alpha = float(self.alpha);
        let value =
            format!("a[f, y, x] if a[f, y, x] > 0 else {alpha} * (exp(a[f, y, x] / {alpha}) - 1)");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Alpha, &mut self.alpha);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = step.first_input();
        let alpha = constant(self.alpha);
        Localized::same(if value > 0.0 {
            number(value)
        } else {
            format!("{alpha} × (e^({} ÷ {alpha}) − 1)", number(value))
        })
    }
}

fn with_alpha(name: &str, alpha: f64, style: Style) -> String {
    let (line, alpha) = (Line::new(name, style), float(alpha));
    match style {
        Style::Source => line.unless("alpha", alpha, float(one())),
        Style::Printed => line.named("alpha", alpha),
    }
    .end()
}
