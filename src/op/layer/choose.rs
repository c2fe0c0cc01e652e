//! `Where`: each element from one of two tensors, as a condition says.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.where.html>;
//! <https://onnx.ai/onnx/operators/onnx__Where.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{Choice, Geometry, Mapped};
use crate::op::onnx::OnnxForm;
use crate::op::operands::Operand;
use crate::op::operation::{BatchAxis, Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::tensor::Shape;

use super::Layer;
use super::broadcast;

/// The second input where the first, a condition, is true; elsewhere the third. Every number but 0 is
/// true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Where;

impl Described for Where {
    const DESCRIPTION: Description = Description {
        about: Localized::new("one of two, by a condition", "条件による選択"),
        forms: &[Form {
            name: "Where",
            parameters: &[],
            required: 0,
            make: |_| Ok(Where.into()),
        }],
        example: || Where.into(),
        onnx: &[OnnxForm {
            op_type: "Where",
            make: |node| Ok(Some(broadcast::of_node(Where, node))),
        }],
        family: Family::Arithmetic,
        offered: false,
    };
}

impl Operation for Where {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input; 3], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let &[condition, first, second] = inputs else {
            return Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 3,
                given: inputs.len(),
            });
        };
        let choice = Choice::new([condition, first, second]).ok_or_else(|| LayerError::Unfit {
            layer: layer.name(),
            why: broadcast::mismatch(inputs),
        })?;
        let operands = vec![Operand::input(1, first), Operand::input(2, second)];
        let output = choice.shape();
        let geometry = Geometry::Mapped(Mapped::new(choice));
        Plan::new(layer.clone(), condition, output, operands, geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Where", style).end()
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        None
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let elements = broadcast::elements(plan);
        let value = match elements.as_slice() {
            [condition, first, second] => format!("{first} if {condition} else {second}"),
            elements => elements.join(", "),
        };
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        Localized::same(match step.terms.as_slice() {
            [condition, first, second] => {
                let [condition, first, second] =
                    [condition, first, second].map(|term| number(term.input));
                format!("{condition} ≠ 0 ? {first} : {second}")
            }
            terms => {
                let terms = terms.iter().map(|term| number(term.input));
                terms.collect::<Vec<String>>().join(", ")
            }
        })
    }
}
