//! `GELU`: each element times the share of a normal distribution that lies below it.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.GELU.html>; D. Hendrycks and K. Gimpel,
//! "Gaussian error linear units" (2016).

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::elementary::{erf, tanh};
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{COMPUTE, function};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Choice, Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::defaults::is_default;
use super::elementwise;

/// Each element times the share of a normal distribution that lies below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GELU {
    /// How that share is computed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub approximate: Approximate,
}

/// How the share of the normal distribution is computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Approximate {
    /// With the error function.
    #[default]
    None,
    /// With tanh of a polynomial.
    Tanh,
}

impl Choice for Approximate {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::None, Localized::new("none", "none")),
        (Self::Tanh, Localized::new("tanh", "tanh")),
    ];
}

const APPROXIMATIONS: [(&str, Approximate); 2] =
    [("none", Approximate::None), ("tanh", Approximate::Tanh)];

impl Described for GELU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("times its share of a bell curve", "正規分布の割合を掛ける"),
        forms: &[Form {
            name: "GELU",
            parameters: &["approximate"],
            required: 0,
            make: |given| {
                let approximate = given.word("approximate", &APPROXIMATIONS, Approximate::None)?;
                Ok(GELU { approximate }.into())
            },
        }],
        example: || GELU::default().into(),
        onnx: &[OnnxForm {
            op_type: "Gelu",
            make: |node| {
                let word = node.word("approximate", "none")?;
                let known = APPROXIMATIONS.iter().find(|(name, _)| *name == word);
                let name = "approximate";
                let (_, approximate) = known.ok_or(OnnxRefusal::Attribute { name })?;
                let approximate = *approximate;
                Ok(Some(OnnxLayer::new(GELU { approximate })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for GELU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let function = match self.approximate {
            Approximate::None => function!("gelu", [0.0; 2], COMPUTE, |value, _, _| {
                value * 0.5 * (1.0 + erf(value * FRAC_1_SQRT_2))
            }),
            Approximate::Tanh => function!("gelu_tanh", [0.0; 2], COMPUTE, |value, _, _| {
                // √(2 ÷ π)
                let factor = SQRT_2 * FRAC_2_SQRT_PI * 0.5;
                let cube = value * value * value;
                0.5 * value * (1.0 + tanh(factor * (value + 0.044715 * cube)))
            }),
        };
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("GELU", style);
        let word = match self.approximate {
            Approximate::None => "'none'",
            Approximate::Tanh => "'tanh'",
        };
        match style {
            Style::Source => line.unless("approximate", word, "'none'"),
            // Printed with its quotes.
            Style::Printed => line.named("approximate", word),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("GELU", "{GELU|ジーイーエルユー}"),
            Localized::new(
                "Each number is multiplied by the share of a bell curve that lies below it. Large numbers pass, negative ones fade out.",
                "それぞれの数に、正規分布でそれより下にある割合を掛けます。大きい数は通り、負の数は消えていきます。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let value = match self.approximate {
            Approximate::None => "a[f, y, x] / 2 * (1 + erf(a[f, y, x] / sqrt(2)))",
            Approximate::Tanh => {
                "a[f, y, x] / 2 * (1 + tanh(sqrt(2 / pi) * (a[f, y, x] + 0.044715 * a[f, y, x]**3)))"
            }
        };
        LoopNest::elementwise(plan, value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.word(Parameter::Approximate, &mut self.approximate);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = number(step.first_input());
        Localized::same(match self.approximate {
            Approximate::None => format!("{value} ÷ 2 × (1 + erf({value} ÷ √2))"),
            Approximate::Tanh => {
                format!("{value} ÷ 2 × (1 + tanh(√(2 ÷ π) × ({value} + 0.044715 × {value}³)))")
            }
        })
    }
}
