//! `Tril` and `Triu`: the lower or the upper triangle of each matrix, zeros in place of the rest.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.tril.html>, `torch.triu`;
//! <https://onnx.ai/onnx/operators/onnx__Trilu.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::geometry::{Geometry, Mapped, Triangle};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::arrangement::only;
use super::defaults::is_default;

fn plan(
    layer: &Layer,
    inputs: &[Shape],
    batch: BatchAxis,
    upper: bool,
    diagonal: i64,
) -> Result<Plan, LayerError> {
    let input = only(layer, inputs)?;
    let &[ref outer @ .., rows, columns] = input.axes() else {
        let why = match batch {
            BatchAxis::Present => says!(
                en: "it needs a matrix, the input {input} has no rows",
                ja: "行列が要りますが、入力 {input} には行がありません。"
            ),
            BatchAxis::Absent => says!(
                en: "it needs a matrix; the rows of the input {input} would be the samples of a batch, \
                     so give it with its batch",
                ja: "行列が要ります。入力 {input} の行はバッチのサンプルになるので、\
                     バッチを含む入力を与えてください。"
            ),
        };
        return Err(LayerError::Unfit {
            layer: layer.name(),
            why,
        });
    };
    let geometry = Triangle {
        matrices: outer.iter().product(),
        rows,
        columns,
        single: outer.is_empty(),
        upper,
        diagonal,
    };
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    Plan::new(layer.clone(), input, input, Vec::new(), geometry)
}

/// Which triangle a node takes, and its diagonal.
fn of_node(node: &OnnxNode, upper: bool) -> Result<Option<i64>, OnnxRefusal> {
    if (node.integer("upper", 1)? != 0) != upper {
        return Ok(None);
    }
    let diagonal = node.constant_integers(1, "k")?;
    Ok(diagonal.and_then(|list| list.first().copied()).or(Some(0)))
}

macro_rules! triangles {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: upper $upper:literal, $en:literal, $ja:literal,
            spoken $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal;
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The diagonal that bounds the triangle and belongs to it: 0 is the main one, 1 the next
            /// above it, −1 the next below.
            #[serde(default, skip_serializing_if = "is_default")]
            pub diagonal: i64,
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: stringify!($name),
                    parameters: &["diagonal"],
                    required: 0,
                    make: |given| {
                        let diagonal = given.integer("diagonal", Some(0))?;
                        Ok($name { diagonal }.into())
                    },
                }],
                example: || $name { diagonal: 0 }.into(),
                onnx: &[OnnxForm {
                    op_type: "Trilu",
                    make: |node| {
                        let diagonal = of_node(node, $upper)?;
                        Ok(diagonal.map(|diagonal| OnnxLayer::new($name { diagonal })))
                    },
                }],
                family: Family::Arrangement,
                offered: false,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                self.plan_inputs(layer, &[*input], BatchAxis::Absent)
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                plan(layer, inputs, batch, $upper, self.diagonal)
            }

            fn mixes_batch(&self, ranks: &[usize]) -> bool {
                ranks.iter().any(|rank| *rank <= 2)
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                let line = Line::new(stringify!($name), style);
                match self.diagonal {
                    0 => line,
                    diagonal => line.named("diagonal", diagonal),
                }
                .end()
            }

            fn spoken(&self) -> Option<Spoken> {
                Some(Spoken::of(
                    Localized::new($name_en, $name_ja),
                    Localized::new(
                        $does_en,
                        $does_ja,
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
    )+};
}

triangles! {
    /// The lower triangle of each matrix; zeros above.
    Tril: upper false, "the lower triangle", "下三角",
        spoken "a lower triangle", "下三角",
            "What lies above a diagonal becomes zero, and the rest stays.",
            "対角線より上を{0|ゼロ}にして、残りはそのままです。";
    /// The upper triangle of each matrix; zeros below.
    Triu: upper true, "the upper triangle", "上三角",
        spoken "an upper triangle", "上三角",
            "What lies below a diagonal becomes zero, and the rest stays.",
            "対角線より下を{0|ゼロ}にして、残りはそのままです。";
}
