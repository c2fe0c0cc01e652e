//! `Identity`: the output is the input.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Identity.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::Function;
use crate::op::onnx::{OnnxForm, OnnxLayer};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::elementwise;

/// The output is the input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity;

impl Described for Identity {
    const DESCRIPTION: Description = Description {
        about: Localized::new("nothing", "何もしない"),
        forms: &[Form {
            name: "Identity",
            parameters: &[],
            required: 0,
            make: |_| Ok(Identity.into()),
        }],
        example: || Identity.into(),
        onnx: &[OnnxForm {
            op_type: "Identity",
            make: |_| Ok(Some(OnnxLayer::new(Identity))),
        }],
        family: Family::Nothing,
        offered: true,
    };
}

impl Operation for Identity {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        elementwise::plan(Function::NOTHING, layer, input, Vec::new())
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Identity", style).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("the identity", "恒等写像"),
            Localized::new(
                "It hands on what it gets.",
                "受け取ったものを、そのまま渡します。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "a[f, y, x]")
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = number(step.first_input());
        says!(en: "nothing happens: {value}", ja: "何も起きません: {value}")
    }
}
