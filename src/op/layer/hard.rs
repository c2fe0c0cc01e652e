//! Activations of straight lines: `Hardswish`, `Hardsigmoid` and `Hardtanh`, and `Clamp`, which keeps
//! elements between two numbers.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html> and its neighbours,
//! <https://pytorch.org/docs/stable/generated/torch.clamp.html>; A. Howard et al., "Searching for
//! MobileNetV3" (2019).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{CLIP, COMPUTE, Function, function};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::defaults::{inner, some};
use super::function::{attribute, bare, constant, decimal, functions};
use super::{Identity, Layer, ReLU, ReLU6, elementwise};

functions! {
    /// Times a share that grows in a straight line: x · min(6, max(0, x + 3)) ÷ 6.
    Hardswish {
        about: "times a share from 0 to 1", "0から1の割合を掛ける";
        spoken: "hard swish", "ハードスウィッシュ",
            "Each number is multiplied by a share that grows in a straight line from 0 to 1: a cheap stand-in for a smooth curve.",
            "それぞれの数に、{0|ゼロ}から1まで直線で増える割合を掛けます。なめらかな曲線の、軽い近似です。";
        call: &["inplace"], offered: true, family: Activation;
        onnx: ["HardSwish"];
        function: "hardswish", COMPUTE, |value| value * (value + 3.0).clamp(0.0, 6.0) / 6.0;
        code: "a[f, y, x] * min(6, max(0, a[f, y, x] + 3)) / 6";
        arithmetic: |value, number| {
            let value = number(value);
            format!("{value} × min(6, max(0, {} + 3)) ÷ 6", bare(value.clone()))
        };
    }
}

/// A straight line between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hardsigmoid {
    /// Its slope.
    #[serde(default = "usual_slope", skip_serializing_if = "is_usual_slope")]
    pub alpha: f64,
    /// Its value at 0.
    #[serde(default = "half", skip_serializing_if = "is_half")]
    pub beta: f64,
}

fn usual_slope() -> f64 {
    1.0 / 6.0
}

fn is_usual_slope(slope: &f64) -> bool {
    *slope as f32 == usual_slope() as f32
}

fn half() -> f64 {
    0.5
}

fn is_half(value: &f64) -> bool {
    *value == half()
}

impl Default for Hardsigmoid {
    fn default() -> Self {
        Self {
            alpha: usual_slope(),
            beta: half(),
        }
    }
}

impl Hardsigmoid {
    /// Whether it is the one of PyTorch, which has no other.
    fn is_usual(&self) -> bool {
        is_usual_slope(&self.alpha) && is_half(&self.beta)
    }
}

impl Described for Hardsigmoid {
    const DESCRIPTION: Description = Description {
        about: Localized::new("a line from 0 to 1", "0から1への直線"),
        forms: &[
            Form {
                name: "Hardsigmoid",
                parameters: &["inplace"],
                required: 0,
                make: |given| {
                    given.truth("inplace", false)?;
                    Ok(Hardsigmoid::default().into())
                },
            },
            // The operator of ONNX, whose line may be another, and usually is.
            Form {
                name: "HardSigmoid",
                parameters: &["alpha", "beta"],
                required: 0,
                make: |given| {
                    let alpha = given.real("alpha", Some(0.2))?;
                    let beta = given.real("beta", Some(half()))?;
                    Ok(Hardsigmoid { alpha, beta }.into())
                },
            },
        ],
        example: || Hardsigmoid::default().into(),
        onnx: &[OnnxForm {
            op_type: "HardSigmoid",
            make: |node| {
                let alpha = attribute(node, "alpha", 0.2)?;
                let beta = attribute(node, "beta", half())?;
                Ok(Some(OnnxLayer::new(Hardsigmoid { alpha, beta })))
            },
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Hardsigmoid {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let function = if self.is_usual() {
            function!("hardsigmoid", [0.0; 2], CLIP, |value, _, _| {
                (value + 3.0).clamp(0.0, 6.0) / 6.0
            })
        } else {
            let constants = [self.alpha as f32, self.beta as f32];
            function!(
                "hardsigmoid_of",
                constants,
                CLIP,
                |value, [alpha, beta], _| { (value * alpha + beta).clamp(0.0, 1.0) }
            )
        };
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        if self.is_usual() {
            return Line::new("Hardsigmoid", style).end();
        }
        Line::new("HardSigmoid", style)
            .named("alpha", float(self.alpha))
            .named("beta", float(self.beta))
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("hard sigmoid", "ハードシグモイド"),
            Localized::new(
                "A straight line from 0 to 1, cut off at both ends: a sigmoid that is cheap to compute.",
                "{0|ゼロ}から1への直線で、両端を切ってあります。計算の軽いシグモイドです。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let value = if self.is_usual() {
            "min(6, max(0, a[f, y, x] + 3)) / 6".to_owned()
        } else {
            let (alpha, beta) = (float(self.alpha), float(self.beta));
            format!("min(1, max(0, {alpha} * a[f, y, x] + {beta}))")
        };
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Alpha, &mut self.alpha);
        settings.real(Parameter::Beta, &mut self.beta);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = number(step.first_input());
        Localized::same(if self.is_usual() {
            format!("min(6, max(0, {} + 3)) ÷ 6", bare(value))
        } else {
            let (alpha, beta) = (constant(self.alpha), constant(self.beta));
            format!("min(1, max(0, {alpha} × {value} + {beta}))")
        })
    }
}

/// Elements below a least number become it, and those over a most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hardtanh {
    /// The least.
    #[serde(default = "minus_one")]
    pub min_val: f64,
    /// The most.
    #[serde(default = "one")]
    pub max_val: f64,
}

fn minus_one() -> f64 {
    -1.0
}

fn one() -> f64 {
    1.0
}

impl Default for Hardtanh {
    fn default() -> Self {
        Self {
            min_val: minus_one(),
            max_val: one(),
        }
    }
}

impl Described for Hardtanh {
    const DESCRIPTION: Description = Description {
        about: Localized::new("between two numbers", "2つの数の間に収める"),
        forms: &[Form {
            name: "Hardtanh",
            parameters: &["min_val", "max_val", "inplace"],
            required: 0,
            make: |given| {
                given.truth("inplace", false)?;
                let min_val = given.real("min_val", Some(minus_one()))?;
                let max_val = given.real("max_val", Some(one()))?;
                if max_val <= min_val {
                    let message = says!(
                        en: "max_val = {max_val} is not over min_val = {min_val}; give a larger one",
                        ja: "max_val = {max_val} は min_val = {min_val} より大きくなければなりません。"
                    );
                    return given.wrong("max_val", message);
                }
                Ok(Hardtanh { min_val, max_val }.into())
            },
        }],
        example: || Hardtanh::default().into(),
        onnx: &[],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Hardtanh {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.max_val <= self.min_val {
            return Err(LayerError::Arguments {
                layer: layer.name(),
                why: Localized::new(
                    "max_val must be over min_val",
                    "max_val は min_val より大きくなければなりません。",
                ),
            });
        }
        let bounds = (Some(self.min_val), Some(self.max_val));
        elementwise::plan(clamped(bounds), layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("Hardtanh", style);
        let (least, most) = (float(self.min_val), float(self.max_val));
        match style {
            Style::Source => line.unless("min_val", least, float(minus_one())).unless(
                "max_val",
                most,
                float(one()),
            ),
            Style::Printed => line.named("min_val", least).named("max_val", most),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let (least, most) = (Spoken::number(self.min_val), Spoken::number(self.max_val));
        Some(Spoken {
            name: Localized::new("hard tanh", "{Hardtanh|ハードタンエイチ}"),
            does: says!(
                with [least, most];
                en: "Every number is kept between {least} and {most}.",
                ja: "すべての数を、{least}から{most}の間に収めます。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let bounds = (Some(self.min_val), Some(self.max_val));
        LoopNest::elementwise(plan, &nested("a[f, y, x]", bounds, float))
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Minimum, &mut self.min_val);
        settings.real(Parameter::Maximum, &mut self.max_val);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = bare(number(step.first_input()));
        let bounds = (Some(self.min_val), Some(self.max_val));
        Localized::same(nested(&value, bounds, |bound| bare(constant(bound))))
    }
}

/// `torch.clamp`: elements below a least number become it, and those over a most. Where the least is
/// over the most, all become the most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clamp {
    /// The least, if there is one.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub min: Option<f64>,
    /// The most, if there is one.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub max: Option<f64>,
}

/// The least and the most, where they are.
type Bounds = (Option<f64>, Option<f64>);

/// What keeps elements between bounds. NaN stays NaN, as in PyTorch.
fn clamped((least, most): Bounds) -> Function {
    let least = least.map_or(f32::NEG_INFINITY, |least| least as f32);
    let most = most.map_or(f32::INFINITY, |most| most as f32);
    function!("clamp", [least, most], CLIP, |value, [least, most], _| {
        let value = if value < least { least } else { value };
        if value > most { most } else { value }
    })
}

/// `min(6, max(0, x))`, without what has no bound.
fn nested(value: &str, (least, most): Bounds, write: impl Fn(f64) -> String) -> String {
    let raised = match least {
        Some(least) => format!("max({}, {value})", write(least)),
        None => value.to_owned(),
    };
    match most {
        Some(most) => format!("min({}, {raised})", write(most)),
        None => raised,
    }
}

const BOUNDLESS: Localized<&str> = Localized::new(
    "min and max are both missing; give at least one of them",
    "min も max もありません。どちらかを指定してください。",
);

/// A bound of ONNX's `Clip`: an attribute up to opset 10, an input from 11 on.
fn bound(node: &OnnxNode, name: &'static str, input: usize) -> Result<Option<f64>, OnnxRefusal> {
    if node.attributes.contains_key(name) {
        return node.float(name, 0.0).map(|bound| Some(decimal(bound)));
    }
    let numbers = node.constant_floats(input, name)?;
    let number = numbers.and_then(|numbers| numbers.first().copied());
    Ok(number.map(decimal))
}

/// `Clip` of ONNX is `ReLU`, `ReLU6` or `Identity` where its bounds are theirs.
fn clip(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let bounds = (bound(node, "min", 1)?, bound(node, "max", 2)?);
    Ok(Some(match bounds {
        (Some(0.0), Some(6.0)) => OnnxLayer::new(ReLU6),
        (Some(0.0), None) => OnnxLayer::new(ReLU),
        (None, None) => OnnxLayer::new(Identity),
        (min, max) => OnnxLayer::new(Clamp { min, max }),
    }))
}

impl Clamp {
    fn bounds(&self) -> Bounds {
        (self.min, self.max)
    }
}

impl Described for Clamp {
    const DESCRIPTION: Description = Description {
        about: Localized::new("not below, not above", "下限と上限"),
        forms: &[Form {
            name: "Clamp",
            parameters: &["min", "max"],
            required: 0,
            make: |given| {
                let bound = |name| -> Result<Option<f64>, _> {
                    given.has(name).then(|| given.real(name, None)).transpose()
                };
                let (min, max) = (bound("min")?, bound("max")?);
                if min.is_none() && max.is_none() {
                    let message = Localized::new(BOUNDLESS.en.to_owned(), BOUNDLESS.ja.to_owned());
                    return given.wrong("min", message);
                }
                Ok(Clamp { min, max }.into())
            },
        }],
        example: || {
            Clamp {
                min: Some(-1.0),
                max: Some(4.0),
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Clip",
            make: clip,
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Clamp {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.min.is_none() && self.max.is_none() {
            return Err(LayerError::Arguments {
                layer: layer.name(),
                why: BOUNDLESS,
            });
        }
        elementwise::plan(clamped(self.bounds()), layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let mut line = Line::new("Clamp", style);
        for (name, bound) in [("min", self.min), ("max", self.max)] {
            if let Some(bound) = bound {
                line = line.named(name, float(bound));
            }
        }
        line.end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let does = match (self.min, self.max) {
            (Some(min), Some(max)) => {
                let (min, max) = (Spoken::number(min), Spoken::number(max));
                says!(
                    with [min, max];
                    en: "Every number is kept between {min} and {max}.",
                    ja: "すべての数を、{min}から{max}の間に収めます。"
                )
            }
            (Some(min), None) => {
                let min = Spoken::number(min);
                says!(
                    with [min];
                    en: "Numbers below {min} become {min}.",
                    ja: "{min}より小さい数を、{min}にします。"
                )
            }
            (None, Some(max)) => {
                let max = Spoken::number(max);
                says!(
                    with [max];
                    en: "Numbers above {max} become {max}.",
                    ja: "{max}より大きい数を、{max}にします。"
                )
            }
            (None, None) => return None,
        };
        Some(Spoken {
            name: Localized::new("clamping", "クランプ"),
            does,
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, &nested("a[f, y, x]", self.bounds(), float))
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        if let Some(min) = &mut self.min {
            settings.real(Parameter::Minimum, min);
        }
        if let Some(max) = &mut self.max {
            settings.real(Parameter::Maximum, max);
        }
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = bare(number(step.first_input()));
        Localized::same(nested(&value, self.bounds(), |bound| bare(constant(bound))))
    }
}
