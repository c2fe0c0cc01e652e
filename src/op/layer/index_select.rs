//! `IndexSelect` and `Roll`: elements of an axis by their numbers, or turned round.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.index_select.html>, `torch.roll`;
//! <https://onnx.ai/onnx/operators/onnx__Gather.html>, whose numbers may count from behind.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::geometry::{Finding, Geometry, Lookup, Mapped};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::says;
use crate::tensor::Shape;

use super::arrangement::{is_batch, listed, only, output_shape, tuple};
use super::{Layer, Select, dim};

/// Elements of an axis by their numbers, in any order and as often as they are named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexSelect {
    /// The axis, by PyTorch's numbers.
    pub dim: i64,
    /// The numbers; negative from behind.
    pub index: Vec<i64>,
}

/// Axes turned round: what leaves at one end comes in at the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// By how many places towards the end; negative towards the start.
    pub shifts: Vec<i64>,
    /// The axes, by PyTorch's numbers.
    pub dims: Vec<i64>,
}

/// Plans axes that are found in the input.
fn plan(layer: &Layer, input: Shape, findings: Vec<Finding>) -> Result<Plan, LayerError> {
    let lengths: Vec<usize> = input
        .axes()
        .iter()
        .zip(&findings)
        .map(|(&length, finding)| match finding {
            Finding::Picked(numbers) => numbers.len(),
            Finding::Same | Finding::Rolled { .. } | Finding::Padded { .. } => length,
        })
        .collect();
    let output = output_shape(layer, &lengths)?;
    let formula = lengths.iter().map(|&result| AxisFormula::Kept { result });
    let geometry = Lookup::new(input, output, findings, 0.0, formula.collect());
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    Plan::new(layer.clone(), input, output, Vec::new(), geometry)
}

/// One number takes its axis away, several keep it.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let name = "indices";
    let index = node
        .constant_integers(1, name)?
        .ok_or(OnnxRefusal::Input { number: 1, name })?;
    let dim = node.integer("axis", 0)?;
    match (node.rank(1), index.as_slice()) {
        (0, &[index]) => Ok(Some(OnnxLayer::new(Select { dim, index }))),
        (1, _) => Ok(Some(OnnxLayer::new(IndexSelect { dim, index }))),
        (rank, _) => Err(OnnxRefusal::Unsupported(says!(
            en: "its indices have {rank} axes; here they may have one",
            ja: "indices の軸が {rank} 個あります。ここで使えるのは 1 個までです。"
        ))),
    }
}

impl Described for IndexSelect {
    const DESCRIPTION: Description = Description {
        about: Localized::new("elements by their numbers", "番号で選んだ要素"),
        forms: &[Form {
            name: "IndexSelect",
            parameters: &["dim", "index"],
            required: 2,
            make: |given| {
                Ok(IndexSelect {
                    dim: given.integer("dim", None)?,
                    index: listed(given, "index")?,
                }
                .into())
            },
        }],
        example: || {
            IndexSelect {
                dim: 1,
                index: vec![2, 0],
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Gather",
            make: of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Operation for IndexSelect {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let input = only(layer, inputs)?;
        let name = layer.name();
        let axis = dim::place(name, self.dim, input.rank(), batch)?;
        let length = input.axes().get(axis).copied().unwrap_or(0);
        let mut numbers = Vec::with_capacity(self.index.len());
        for &index in &self.index {
            let own = if index < 0 {
                index.saturating_add(length as i64)
            } else {
                index
            };
            match usize::try_from(own).ok().filter(|own| *own < length) {
                Some(own) => numbers.push(own),
                None => {
                    let dim = self.dim;
                    return Err(LayerError::Unfit {
                        layer: name,
                        why: says!(
                            en: "there is no element {index} on axis {dim}, which has {length}",
                            ja: "長さ {length} の軸 {dim} に {index} 番の要素はありません。"
                        ),
                    });
                }
            }
        }
        let mut findings = vec![Finding::Same; input.rank()];
        if let Some(finding) = findings.get_mut(axis) {
            *finding = Finding::Picked(numbers.into());
        }
        plan(layer, input, findings)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks.iter().any(|rank| is_batch(self.dim, *rank))
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("IndexSelect", style)
            .value(self.dim)
            .value(tuple(&self.index))
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a selection by numbers", "番号による選択"),
            Localized::new(
                "Places of an axis are taken by their numbers, in the order in which they are named.",
                "軸の中から、番号で指定した場所を順に取り出します。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, &plan.index_code())
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}
}

impl Described for Roll {
    const DESCRIPTION: Description = Description {
        about: Localized::new("axes turned round", "軸の回転"),
        forms: &[Form {
            name: "Roll",
            parameters: &["shifts", "dims"],
            required: 2,
            make: |given| {
                Ok(Roll {
                    shifts: listed(given, "shifts")?,
                    dims: listed(given, "dims")?,
                }
                .into())
            },
        }],
        example: || {
            Roll {
                shifts: vec![1, -2],
                dims: vec![2, 3],
            }
            .into()
        },
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Operation for Roll {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let input = only(layer, inputs)?;
        let name = layer.name();
        if self.shifts.len() != self.dims.len() || self.dims.is_empty() {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "shifts and dims must be equally many, at least one",
                    ja: "shifts と dims の個数を、1 つ以上でそろえてください。"
                ),
            });
        }
        let mut turned = vec![0; input.rank()];
        for (&shift, &dim) in self.shifts.iter().zip(&self.dims) {
            let axis = dim::place(name, dim, input.rank(), batch)?;
            if let (Some(turned), Some(&length)) = (turned.get_mut(axis), input.axes().get(axis)) {
                let length = length as i64;
                *turned = (*turned + shift.rem_euclid(length)) % length;
            }
        }
        let findings = turned.into_iter().map(|shift| match shift {
            0 => Finding::Same,
            shift => Finding::Rolled {
                shift: shift as usize,
            },
        });
        plan(layer, input, findings.collect())
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        let batch = |rank: &usize| self.dims.iter().any(|&dim| is_batch(dim, *rank));
        ranks.iter().any(batch)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("Roll", style)
            .value(tuple(&self.shifts))
            .value(tuple(&self.dims))
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a roll", "回転"),
            Localized::new(
                "Numbers move along an axis, and what falls off its end comes back at its start.",
                "数を軸に沿って動かします。端からはみ出した数は、反対側に戻ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Carry)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, &plan.index_code())
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}
}
