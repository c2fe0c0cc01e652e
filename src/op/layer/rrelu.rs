//! `RReLU`: negative elements are multiplied by a slope that training draws at random. Inference takes the
//! middle of what it is drawn from.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.RReLU.html>; B. Xu et al., "Empirical
//! evaluation of rectified activations in convolution network" (2015).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::leaky_relu::leaky;
use super::{Layer, LeakyReLU, elementwise};

/// Negative elements are multiplied by a slope between two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RReLU {
    /// The least slope that training draws.
    #[serde(default = "eighth")]
    pub lower: f64,
    /// The greatest.
    #[serde(default = "third")]
    pub upper: f64,
}

fn eighth() -> f64 {
    1.0 / 8.0
}

fn third() -> f64 {
    1.0 / 3.0
}

impl RReLU {
    /// The slope of inference, and the layer that it comes to.
    fn middle(&self) -> LeakyReLU {
        LeakyReLU {
            negative_slope: f64::midpoint(self.lower, self.upper),
        }
    }
}

impl Described for RReLU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("negative becomes small", "負は小さく"),
        forms: &[Form {
            name: "RReLU",
            parameters: &["lower", "upper", "inplace"],
            required: 0,
            make: |given| {
                given.truth("inplace", false)?;
                let lower = given.real("lower", Some(eighth()))?;
                let upper = given.real("upper", Some(third()))?;
                if lower > upper {
                    let message = says!(
                        en: "lower = {lower} is over upper = {upper}; exchange them",
                        ja: "lower = {lower} が upper = {upper} より大きくなっています。入れ替えてください。"
                    );
                    return given.wrong("lower", message);
                }
                Ok(RReLU { lower, upper }.into())
            },
        }],
        example: || {
            RReLU {
                lower: eighth(),
                upper: third(),
            }
            .into()
        },
        onnx: &[],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for RReLU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.lower > self.upper {
            return Err(LayerError::Arguments {
                layer: layer.name(),
                why: Localized::new(
                    "lower must not be over upper",
                    "lower は upper より大きくできません。",
                ),
            });
        }
        elementwise::plan(
            leaky(self.middle().negative_slope),
            layer,
            input,
            Vec::new(),
        )
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("RReLU", style);
        let (lower, upper) = (float(self.lower), float(self.upper));
        match style {
            Style::Source => {
                line.unless("lower", lower, float(eighth()))
                    .unless("upper", upper, float(third()))
            }
            Style::Printed => line.named("lower", lower).named("upper", upper),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let slope = Spoken::number(f64::midpoint(self.lower, self.upper));
        Some(Spoken {
            name: Localized::new("randomised ReLU", "{RReLU|ランダムレルー}"),
            does: says!(
                with [slope];
                en: "Training draws the slope of negative numbers at random. In use it is the middle of what may be drawn, {slope}.",
                ja: "負の数の傾きを、学習中はランダムに選びます。使うときはその真ん中、{slope}です。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest {
        self.middle().code(plan, schedule)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Minimum, &mut self.lower);
        settings.real(Parameter::Maximum, &mut self.upper);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        self.middle().arithmetic(step, number)
    }
}
