//! `Branch`: an earlier tensor of the chain, from which the next layer goes on.
//!
//! In PyTorch that is a variable which is read twice; a chain has no names for its tensors.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::formula::AxisFormula;
use crate::op::geometry::{Concatenation, Geometry, Mapped};
use crate::op::operands::Operand;
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;

/// The output is an earlier tensor; what came last is not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Which tensor of the chain: 0 is the chain's input, 1 the output of its first layer, and so on.
    #[serde(default)]
    pub tensor: usize,
}

impl Described for Branch {
    const DESCRIPTION: Description = Description {
        about: Localized::new("on from an earlier tensor", "前のテンソルから続ける"),
        forms: &[Form {
            name: "Branch",
            parameters: &["tensor"],
            required: 0,
            make: |given| {
                Ok(Branch {
                    tensor: given.size("tensor", Some(0), 0)?,
                }
                .into())
            },
        }],
        example: || Branch { tensor: 0 }.into(),
        onnx: &[],
        family: Family::Nothing,
        offered: true,
    };
}

impl Operation for Branch {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input; 2], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let tensor = self.tensor;
        let &[last, earlier] = inputs else {
            return Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 2,
                given: inputs.len(),
            });
        };
        if earlier.rank() == 0 {
            return Err(LayerError::Unfit {
                layer: layer.name(),
                why: says!(
                    en: "tensor {tensor} is a single number, from which no layer goes on",
                    ja: "テンソル {tensor} は1つの数なので、ここからは続けられません。"
                ),
            });
        }
        let kept = |&result: &usize| AxisFormula::Kept { result };
        let formula = earlier.axes().iter().map(kept).collect();
        let length = earlier.axes().first().copied().unwrap_or(1);
        // Nothing of what came last, then all of the earlier one.
        let copy = Concatenation::new(&inputs[..2], &[0, length], earlier, 0, formula);
        let geometry = Geometry::Mapped(Mapped::new(copy));
        let operands = vec![Operand::input(1, earlier)];
        Plan::new(layer.clone(), last, earlier, operands, geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Branch", style).value(self.tensor).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a branch", "分岐"),
            Localized::new(
                "What follows goes on from an earlier tensor.",
                "ここからは、前のテンソルの続きです。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "other[f, y, x]")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Tensor, &mut self.tensor);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = number(step.first_input());
        says!(en: "from an earlier tensor: {value}", ja: "前のテンソルから: {value}")
    }

    fn second_input(&self) -> Option<usize> {
        Some(self.tensor)
    }

    fn reads_second_alone(&self) -> bool {
        true
    }
}
