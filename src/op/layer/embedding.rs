//! `Embedding`: each whole number of the input is replaced by the row of a table that it names.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html>;
//! <https://onnx.ai/onnx/operators/onnx__Gather.html> of a matrix along its first axis, where numbers may
//! count from the end.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{Embedded, Geometry, Mapped};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operands::{Operand, OperandRole};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::{default_weights, fills, is_default_weights};

/// A table of rows that whole numbers name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// How many rows the table has.
    pub num_embeddings: usize,
    /// How long each row is.
    pub embedding_dim: usize,
    /// What the rows are when no others are given.
    #[serde(
        default = "default_weights",
        skip_serializing_if = "is_default_weights"
    )]
    pub weights: Fill,
}

impl Embedding {
    /// A table of so many rows of a length.
    #[must_use]
    pub fn new(num_embeddings: usize, embedding_dim: usize) -> Self {
        Self {
            num_embeddings,
            embedding_dim,
            weights: default_weights(),
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        Ok(Self::new(
            given.size("num_embeddings", None, 1)?,
            given.size("embedding_dim", None, 1)?,
        ))
    }

    /// `Gather` of the rows of a matrix by numbers that are only known when the network runs.
    fn of_gather(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let (Some(table), Some(indices)) = (node.input(0), node.input(1)) else {
            return Ok(None);
        };
        let (&[rows, length], None) = (table.axes.as_slice(), &indices.constant) else {
            return Ok(None);
        };
        if !matches!(node.integer("axis", 0)?, 0 | -2) {
            return Ok(None);
        }
        Ok(Some(OnnxLayer {
            layer: Self::new(rows, length).into(),
            inputs: vec![1],
            operands: vec![("weight", 0)],
        }))
    }
}

impl Described for Embedding {
    const DESCRIPTION: Description = Description {
        about: Localized::new("rows of a table by their numbers", "番号で引く表の行"),
        forms: &[Form {
            name: "Embedding",
            parameters: &[
                "num_embeddings",
                "embedding_dim",
                "padding_idx",
                "max_norm",
                "norm_type",
                "scale_grad_by_freq",
                "sparse",
            ],
            required: 2,
            make: |given| Embedding::make(given).map(Layer::from),
        }],
        example: || Embedding::new(5, 3).into(),
        onnx: &[OnnxForm {
            op_type: "Gather",
            make: Embedding::of_gather,
        }],
        family: Family::Lookup,
        offered: false,
    };
}

impl Operation for Embedding {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        for (argument, value) in [
            ("num_embeddings", self.num_embeddings),
            ("embedding_dim", self.embedding_dim),
        ] {
            if value == 0 {
                return Err(LayerError::Zero {
                    layer: name,
                    argument,
                });
            }
        }
        let axes = [input.axes(), &[self.embedding_dim]].concat();
        let output = checked_shape(name, TensorRole::Output, &axes)?;
        let table = [self.num_embeddings, self.embedding_dim];
        let operands = vec![Operand {
            name: "weight",
            role: OperandRole::Filters,
            shape: checked_shape(name, TensorRole::Weight, &table)?,
        }];
        let geometry = Geometry::Mapped(Mapped::new(Embedded {
            input: *input,
            output,
            rows: self.num_embeddings,
            length: self.embedding_dim,
        }));
        Plan::new(layer.clone(), *input, output, operands, geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Embedding", style)
            .value(self.num_embeddings)
            .value(self.embedding_dim)
            .end()
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        None
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "w[a[f, y], x]")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.fill(Parameter::Weights, &mut self.weights);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let named = number(step.first_input());
        Localized::same(format!("w[{named}] = {}", number(step.value)))
    }

    fills! { "weight" => weights }
}
