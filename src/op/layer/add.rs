//! `Add`: the sum of tensors, as around a skip connection.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.add.html>; K. He et al., "Deep residual
//! learning for image recognition" (2015).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::geometry::Combine;
use crate::op::onnx::OnnxForm;
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::broadcast;
use super::defaults::is_default;

/// The sum of the input and of an earlier tensor of the chain; in a network, of all its inputs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// Which tensor of the chain is added: 0 is the chain's input, 1 the output of its first
    /// layer, and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
}

impl Described for Add {
    const DESCRIPTION: Description = Description {
        about: Localized::new("skip connection", "スキップ接続"),
        forms: &[Form {
            name: "Add",
            parameters: &["tensor"],
            required: 0,
            make: |given| {
                let tensor = given.size("tensor", Some(0), 0)?;
                Ok(Add { tensor }.into())
            },
        }],
        example: || Add { tensor: 0 }.into(),
        onnx: &[
            OnnxForm {
                op_type: "Add",
                make: |node| Ok(Some(broadcast::of_node(Add::default(), node))),
            },
            OnnxForm {
                op_type: "Sum",
                make: |node| Ok(Some(broadcast::of_node(Add::default(), node))),
            },
        ],
        family: Family::Addition,
        offered: true,
    };
}

impl Operation for Add {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        broadcast::plan(Combine::Add, layer, &[*input; 2])
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        broadcast::plan(Combine::Add, layer, inputs)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Add", style).value(self.tensor).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("an addition", "足し算"),
            Localized::new(
                "It adds an earlier tensor to what came last, element by element: a skip connection.",
                "前のテンソルを、要素ごとに足します。スキップ接続です。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        broadcast::code(plan, "+")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Tensor, &mut self.tensor);
    }

    fn second_input(&self) -> Option<usize> {
        Some(self.tensor)
    }

    fn commutes(&self) -> bool {
        Combine::Add.commutes()
    }
}
