//! `Hardshrink`, `Softshrink` and `Tanhshrink`: elements near 0 become 0, or nearly.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html> and its neighbours.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::LoopNest;
use crate::op::elementary::tanh;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{CLIP, COMPUTE, function};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::elementwise;
use super::function::{attribute, bare, constant, functions};

functions! {
    /// What tanh takes away: x − tanh x.
    Tanhshrink {
        about: "what tanh takes away", "tanhが削る分";
        spoken: "tanh shrink", "{tanh|タンエイチ}シュリンク",
            "Each number loses its tanh: what is near 0 almost vanishes, and the rest comes nearer by 1 at most.",
            "それぞれの数から、{tanh|タンエイチ}を引きます。{0|ゼロ}の近くは、ほとんど消えます。";
        call: &[], offered: true, family: Activation;
        onnx: [];
        function: "tanhshrink", COMPUTE, |value| value - tanh(value);
        code: "a[f, y, x] - tanh(a[f, y, x])";
        arithmetic: |value, number| {
            let value = number(value);
            format!("{value} − tanh({})", bare(value.clone()))
        };
    }
}

/// Elements from −λ to λ become 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hardshrink {
    /// λ
    #[serde(default = "half")]
    pub lambd: f64,
}

/// Elements from −λ to λ become 0, and others come nearer to 0 by λ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Softshrink {
    /// λ
    #[serde(default = "half")]
    pub lambd: f64,
}

fn half() -> f64 {
    0.5
}

fn call(name: &str, lambd: f64, style: Style) -> String {
    let line = Line::new(name, style);
    match style {
        Style::Source => line.unless("lambd", float(lambd), float(half())),
        // Printed without its name.
        Style::Printed => line.value(float(lambd)),
    }
    .end()
}

/// `Shrink` of ONNX, which takes a bias from what stays.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let (lambd, bias) = (
        attribute(node, "lambd", half())?,
        attribute(node, "bias", 0.0)?,
    );
    if bias == 0.0 {
        return Ok(Some(OnnxLayer::new(Hardshrink { lambd })));
    }
    if bias == lambd {
        return Ok(Some(OnnxLayer::new(Softshrink { lambd })));
    }
    Err(OnnxRefusal::Unsupported(says!(
        en: "its bias is {bias}; it is shown where that is 0 (Hardshrink) or as lambd, {lambd} (Softshrink)",
        ja: "bias が {bias} です。0 (Hardshrink) か、lambd と同じ {lambd} (Softshrink) のときだけ扱えます。"
    )))
}

impl Described for Hardshrink {
    const DESCRIPTION: Description = Description {
        about: Localized::new("near 0 becomes 0", "0の近くは0に"),
        forms: &[Form {
            name: "Hardshrink",
            parameters: &["lambd"],
            required: 0,
            make: |given| {
                let lambd = given.real("lambd", Some(half()))?;
                Ok(Hardshrink { lambd }.into())
            },
        }],
        example: || Hardshrink { lambd: 1.0 }.into(),
        onnx: &[OnnxForm {
            op_type: "Shrink",
            make: of_node,
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Hardshrink {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let constants = [self.lambd as f32, 0.0];
        let function = function!("hardshrink", constants, CLIP, |value, [lambd, _], _| {
            if value >= -lambd && value <= lambd {
                0.0
            } else {
                value
            }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        call("Hardshrink", self.lambd, style)
    }

    fn spoken(&self) -> Option<Spoken> {
        let (least, most) = (Spoken::number(-self.lambd), Spoken::number(self.lambd));
        Some(Spoken {
            name: Localized::new("hard shrink", "ハードシュリンク"),
            does: says!(
                with [least, most];
                en: "Numbers from {least} to {most} become 0. All others stay.",
                ja: "{least}から{most}までの数を{{0|ゼロ}}にします。ほかはそのままです。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let lambd = float(self.lambd);
        let value = format!("0 if -{lambd} <= a[f, y, x] <= {lambd} else a[f, y, x]");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Threshold, &mut self.lambd);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let element = step.first_input();
        let (value, lambd) = (bare(number(element)), bare(constant(self.lambd)));
        if element.abs() <= self.lambd as f32 {
            says!(
                en: "|{value}| is not over {lambd}: 0",
                ja: "|{value}| は {lambd} を超えない: 0"
            )
        } else {
            says!(
                en: "|{value}| is over {lambd}: {value}",
                ja: "|{value}| は {lambd} を超える: {value}"
            )
        }
    }
}

impl Described for Softshrink {
    const DESCRIPTION: Description = Description {
        about: Localized::new("nearer to 0", "0へ近づける"),
        forms: &[Form {
            name: "Softshrink",
            parameters: &["lambd"],
            required: 0,
            make: |given| {
                let lambd = given.real("lambd", Some(half()))?;
                if lambd < 0.0 {
                    let message = says!(
                        en: "lambd is {lambd}; it cannot be negative",
                        ja: "lambd が {lambd} です。負の数にはできません。"
                    );
                    return given.wrong("lambd", message);
                }
                Ok(Softshrink { lambd }.into())
            },
        }],
        example: || Softshrink { lambd: 1.0 }.into(),
        onnx: &[],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for Softshrink {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.lambd < 0.0 {
            return Err(LayerError::Arguments {
                layer: layer.name(),
                why: Localized::new("lambd cannot be negative", "lambd は負の数にはできません。"),
            });
        }
        let constants = [self.lambd as f32, 0.0];
        let function = function!("softshrink", constants, CLIP, |value, [lambd, _], _| {
            if value > lambd {
                value - lambd
            } else if value < -lambd {
                value + lambd
            } else {
                // NaN stays.
                value * 0.0
            }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        call("Softshrink", self.lambd, style)
    }

    fn spoken(&self) -> Option<Spoken> {
        let by = Spoken::number(self.lambd);
        Some(Spoken {
            name: Localized::new("soft shrink", "ソフトシュリンク"),
            does: says!(
                with [by];
                en: "Every number comes nearer to 0 by {by}, and stops there.",
                ja: "どの数も、{by}だけ{{0|ゼロ}}に近づきます。{{0|ゼロ}}で止まります。"
            ),
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let lambd = float(self.lambd);
        let value = format!("sign(a[f, y, x]) * max(0, abs(a[f, y, x]) - {lambd})");
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Threshold, &mut self.lambd);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let element = step.first_input();
        let (value, lambd) = (number(element), constant(self.lambd));
        if element > self.lambd as f32 {
            Localized::same(format!("{value} − {lambd}"))
        } else if element < -self.lambd as f32 {
            Localized::same(format!("{value} + {lambd}"))
        } else {
            let value = bare(value);
            says!(
                en: "|{value}| is not over {lambd}: 0",
                ja: "|{value}| は {lambd} を超えない: 0"
            )
        }
    }
}
