//! `ReLU` and `ReLU6`: negative elements become 0, and those over 6 become 6.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html> and
//! <https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{CLIP, function};
use crate::op::onnx::{OnnxForm, OnnxLayer};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::tensor::Shape;

use super::Layer;
use super::elementwise;

/// Negative elements become 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReLU;

/// Negative elements become 0, those over 6 become 6.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReLU6;

impl Described for ReLU {
    const DESCRIPTION: Description = Description {
        about: Localized::new("negative becomes 0", "負は0に"),
        forms: &[Form {
            name: "ReLU",
            parameters: &["inplace"],
            required: 0,
            make: |given| given.truth("inplace", false).map(|_| ReLU.into()),
        }],
        example: || ReLU.into(),
        onnx: &[OnnxForm {
            op_type: "Relu",
            make: |_| Ok(Some(OnnxLayer::new(ReLU))),
        }],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for ReLU {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        // A comparison, not `max`, so that NaN stays NaN as in PyTorch.
        let function = function!("relu", [0.0; 2], CLIP, |value, _, _| {
            if value < 0.0 { 0.0 } else { value }
        });
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("ReLU", style).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("ReLU", "{ReLU|レルー}"),
            Localized::new(
                "Negative numbers become 0, and all others stay as they are.",
                "負の数を{0|ゼロ}にして、ほかはそのまま通します。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "max(0, a[f, y, x])")
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        Localized::same(format!("max(0, {})", number(step.first_input())))
    }
}

impl Described for ReLU6 {
    const DESCRIPTION: Description = Description {
        about: Localized::new("between 0 and 6", "0から6まで"),
        forms: &[Form {
            name: "ReLU6",
            parameters: &["inplace"],
            required: 0,
            make: |given| given.truth("inplace", false).map(|_| ReLU6.into()),
        }],
        example: || ReLU6.into(),
        // Clip with the bounds 0 and 6, which `Clamp` reads.
        onnx: &[],
        family: Family::Activation,
        offered: true,
    };
}

impl Operation for ReLU6 {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        // NaN stays NaN, as in PyTorch.
        let function = function!("relu6", [0.0; 2], CLIP, |value, _, _| value.clamp(0.0, 6.0));
        elementwise::plan(function, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("ReLU6", style).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("ReLU six", "{ReLU6|レルーシックス}"),
            Localized::new(
                "Nothing is left below 0 and nothing above 6. What lies between stays.",
                "{0|ゼロ}より下は{0|ゼロ}に、6より上は6にします。間の数はそのままです。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "min(max(0, a[f, y, x]), 6)")
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        Localized::same(format!("min(6, max(0, {}))", number(step.first_input())))
    }
}
