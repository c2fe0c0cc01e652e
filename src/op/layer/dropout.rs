//! `Dropout` and `Dropout2d`: they drop elements, or whole channels, while a network is trained. In
//! inference, which is what is shown here, nothing happens.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html>; N. Srivastava et al.,
//! "Dropout: a simple way to prevent neural networks from overfitting" (2014).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float, truth};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::Function;
use crate::op::operation::{Described, Description, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::defaults::is_default;
use super::elementwise;

/// Dropping in training, nothing in inference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropout {
    /// The share of elements that training drops.
    #[serde(default = "usual_share")]
    pub p: f64,
    /// Whether whole channels are dropped: `Dropout2d`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channels: bool,
}

fn usual_share() -> f64 {
    0.5
}

fn make(given: &Arguments, channels: bool) -> ParseResult<Layer> {
    given.truth("inplace", false)?;
    let p = given.real("p", Some(usual_share()))?;
    if !(0.0..=1.0).contains(&p) {
        let message = says!(
            en: "p is {p}; it is a probability, from 0 to 1",
            ja: "p が {p} です。確率なので 0 から 1 までにしてください。"
        );
        return given.wrong("p", message);
    }
    Ok(Dropout { p, channels }.into())
}

impl Described for Dropout {
    const DESCRIPTION: Description = Description {
        about: Localized::new("nothing in inference", "推論では何もしない"),
        forms: &[
            Form {
                name: "Dropout",
                parameters: &["p", "inplace"],
                required: 0,
                make: |given| make(given, false),
            },
            Form {
                name: "Dropout2d",
                parameters: &["p", "inplace"],
                required: 0,
                make: |given| make(given, true),
            },
        ],
        example: || {
            Dropout {
                p: usual_share(),
                channels: false,
            }
            .into()
        },
        onnx: &[],
        offered: true,
    };
}

impl Operation for Dropout {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if !(0.0..=1.0).contains(&self.p) {
            return Err(LayerError::Arguments {
                layer: layer.name(),
                why: Localized::new(
                    "p must be a probability, from 0 to 1",
                    "p は確率なので 0 から 1 までにしてください。",
                ),
            });
        }
        elementwise::plan(Function::NOTHING, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let name = if self.channels {
            "Dropout2d"
        } else {
            "Dropout"
        };
        let line = Line::new(name, style);
        match style {
            Style::Source => line.unless("p", float(self.p), float(usual_share())),
            Style::Printed => line
                .named("p", float(self.p))
                .named("inplace", truth(false)),
        }
        .end()
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "a[f, y, x]")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::DropProbability, &mut self.p);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = number(step.first_input());
        says!(
            en: "inference drops nothing: {value}",
            ja: "推論では何も落としません: {value}"
        )
    }
}
