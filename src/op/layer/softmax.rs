//! `Softmax`, `Softmin`, `LogSoftmax` and ONNX's `Hardmax`: each element against its whole row.
//!
//! `softmax(x) = e^x / Σ e^x`, the sum along an axis. The largest element is taken off first, so that
//! no exponential is too large. Sources:
//! <https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html>;
//! <https://onnx.ai/onnx/operators/onnx__Softmax.html>, also for the meaning before version 13.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::{LoopNest, Variable};
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{Affine, Geometry, GroupedTensor, Mapped, RowFunction, RowWise};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::tensor::Shape;

use super::Layer;
use super::defaults::{inner, is_default, some};
use super::dim;
use super::reduction::joined;

/// The axis that PyTorch takes where none is given, for an input of so many axes with its batch.
fn implicit_dim(rank: usize) -> i64 {
    match rank {
        0 | 1 | 3 => 0,
        _ => 1,
    }
}

/// The axis of a row, as asked for.
#[derive(Clone, Copy)]
struct Request {
    function: RowFunction,
    dim: Option<i64>,
    to_end: bool,
}

impl Request {
    fn dim(self, rank: usize) -> i64 {
        self.dim.unwrap_or_else(|| implicit_dim(rank))
    }

    fn plan(self, layer: &Layer, inputs: &[Shape], batch: BatchAxis) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[input] = inputs else {
            return Err(LayerError::InputCount {
                layer: name,
                takes: 1,
                given: inputs.len(),
            });
        };
        let full = input.rank() + usize::from(batch == BatchAxis::Absent);
        let dim = self.dim(full);
        let at = dim::place(name, dim, input.rank(), batch)?;
        let mut row = vec![false; input.rank()];
        for (axis, row) in row.iter_mut().enumerate() {
            *row = axis == at || (self.to_end && axis > at);
        }
        let geometry = Geometry::Mapped(Mapped::new(RowWise {
            tensor: GroupedTensor::new(input, &row),
            function: self.function,
            affine: Affine::None,
        }));
        Plan::new(layer.clone(), input, input, Vec::new(), geometry)
    }

    fn mixes_batch(self, ranks: &[usize]) -> bool {
        ranks
            .iter()
            .any(|rank| dim::names_batch(Some(&[self.dim(*rank)]), *rank))
    }

    fn code(self, plan: &Plan) -> LoopNest {
        let element = "row(f, y, x)[j]";
        let (term, value) = match self.function {
            RowFunction::Softmin => (format!("s += exp(-{element})"), "exp(-a[f, y, x]) / s"),
            RowFunction::LogSoftmax => (format!("s += exp({element})"), "a[f, y, x] - log(s)"),
            RowFunction::Hardmax => (format!("s = max(s, {element})"), "a[f, y, x] == s"),
            RowFunction::Softmax
            | RowFunction::Standardize { .. }
            | RowFunction::RootMeanSquare { .. }
            | RowFunction::Norm { .. } => (format!("s += exp({element})"), "exp(a[f, y, x]) / s"),
        };
        rows_in_code(plan, &term, value)
    }

    fn arithmetic(self, step: &Explanation, number: &dyn Fn(f32) -> String) -> String {
        let each = |form: &dyn Fn(String) -> String| -> Vec<String> {
            let terms = step.terms.iter();
            terms.map(|term| form(number(term.input))).collect()
        };
        let own = own_input(step, number);
        let powers = |sign: &str| joined(&each(&|value| format!("e^{sign}{value}")), " + ");
        match self.function {
            RowFunction::Softmin => format!("e^−{own} ÷ ({})", powers("−")),
            RowFunction::LogSoftmax => format!("{own} − ln({})", powers("")),
            RowFunction::Hardmax => {
                format!("{own} = max({})", joined(&each(&|value| value), ", "))
            }
            RowFunction::Softmax
            | RowFunction::Standardize { .. }
            | RowFunction::RootMeanSquare { .. }
            | RowFunction::Norm { .. } => format!("e^{own} ÷ ({})", powers("")),
        }
    }
}

/// The element of a step that its output element comes from, among the terms of its whole group.
pub(super) fn own_input(step: &Explanation, number: &dyn Fn(f32) -> String) -> String {
    let own = step.own.and_then(|own| step.terms.get(own));
    own.map_or_else(|| "x".to_owned(), |term| number(term.input))
}

/// The loops of an operation that folds the row of an element.
pub(super) fn rows_in_code(plan: &Plan, term: &str, value: &str) -> LoopNest {
    let [planes, rows, columns] = plan.output_shape().as_chw();
    let outer = [
        (Variable::Filter, planes),
        (Variable::Row, rows),
        (Variable::Column, columns),
    ];
    let inner = [(Variable::KernelColumn, plan.max_terms())];
    LoopNest::sum(
        &outer,
        &inner,
        "0",
        term,
        &format!("out[f, y, x] = {value}"),
    )
}

macro_rules! softmaxes {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $en:literal, $ja:literal,
            spoken $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal,
        forms $forms:expr, onnx $onnx:expr;
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The axis of a row, by PyTorch's number. Without it, PyTorch's old choice: 0 where
            /// there are 0, 1 or 3 axes with the batch, else 1.
            #[serde(
                default,
                deserialize_with = "some",
                serialize_with = "inner",
                skip_serializing_if = "Option::is_none"
            )]
            pub dim: Option<i64>,
            /// Whether a row goes on through every axis behind, as in ONNX before version 13.
            #[serde(default, skip_serializing_if = "is_default")]
            pub to_end: bool,
        }

        impl $name {
            /// Along an axis, by PyTorch's number.
            #[must_use]
            pub fn along(dim: i64) -> Self {
                Self {
                    dim: Some(dim),
                    to_end: false,
                }
            }

            fn request(self) -> Request {
                Request {
                    function: RowFunction::$name,
                    dim: self.dim,
                    to_end: self.to_end,
                }
            }

            fn make(given: &Arguments) -> ParseResult<Layer> {
                let dim = if given.has("dim") {
                    Some(given.integer("dim", None)?)
                } else {
                    None
                };
                Ok(Self { dim, to_end: false }.into())
            }

            #[allow(dead_code, reason = "ONNX has no Softmin")]
            fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
                let since_13 = node.opset >= 13;
                let axis = node.integer("axis", if since_13 { -1 } else { 1 })?;
                let rank = node.rank(0) as i64;
                let last = axis == -1 || axis + 1 == rank;
                Ok(Some(OnnxLayer::new(Self {
                    dim: Some(axis),
                    to_end: !since_13 && !last,
                })))
            }
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: $forms,
                example: || Self::along(1).into(),
                onnx: $onnx,
                family: Family::Activation,
                offered: false,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                self.request().plan(layer, &[*input], BatchAxis::Absent)
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                self.request().plan(layer, inputs, batch)
            }

            fn mixes_batch(&self, ranks: &[usize]) -> bool {
                self.request().mixes_batch(ranks)
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                let line = Line::new(stringify!($name), style);
                match (self.dim, style) {
                    (Some(dim), _) => line.named("dim", dim),
                    (None, Style::Source) => line,
                    (None, Style::Printed) => line.named("dim", "None"),
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
                Some(VisualStyle::Gather)
            }

            fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
                self.request().code(plan)
            }

            fn settings(&mut self, _settings: &mut dyn Settings) {}

            fn arithmetic(
                &self,
                step: &Explanation,
                number: &dyn Fn(f32) -> String,
            ) -> Localized<String> {
                Localized::same(self.request().arithmetic(step, number))
            }
        }
    )+};
}

softmaxes! {
    /// Shares of a whole: each element's exponential over the sum of its row's.
    Softmax: "shares of a whole along an axis", "軸に沿った割合",
        spoken "softmax", "ソフトマックス",
            "Along an axis, each number becomes its share of the whole: its exponential, divided by the sum of all of them.",
            "軸に沿って、それぞれの数を全体に占める割合に変えます。指数関数の値を、その合計で割ったものです。",
        forms &[
            Form {
                name: "Softmax",
                parameters: &["dim"],
                required: 0,
                make: Softmax::make,
            },
            Form {
                name: "Softmax2d",
                parameters: &[],
                required: 0,
                make: |_| Ok(Softmax::along(-3).into()),
            },
        ],
        onnx &[OnnxForm { op_type: "Softmax", make: Softmax::of_node }];
    /// Shares of a whole, the smallest element the largest.
    Softmin: "shares of a whole, the smallest most", "小さいほど大きい割合",
        spoken "softmin", "ソフトミン",
            "It is softmax with the signs turned round: the smaller a number is, the larger its share.",
            "ソフトマックスの符号を逆にしたものです。小さい数ほど、割合が大きくなります。",
        forms &[Form {
            name: "Softmin",
            parameters: &["dim"],
            required: 0,
            make: Softmin::make,
        }],
        onnx &[];
    /// The logarithms of a softmax.
    LogSoftmax: "logarithms of shares along an axis", "割合の対数",
        spoken "log softmax", "対数ソフトマックス",
            "Along an axis, each number becomes the logarithm of its share of the whole.",
            "軸に沿って、それぞれの数を、全体に占める割合の対数に変えます。",
        forms &[Form {
            name: "LogSoftmax",
            parameters: &["dim"],
            required: 0,
            make: LogSoftmax::make,
        }],
        onnx &[OnnxForm { op_type: "LogSoftmax", make: LogSoftmax::of_node }];
    /// 1 for the first of the largest of each row, 0 for the others.
    Hardmax: "1 for the largest of each row", "行ごとの最大だけ1",
        spoken "hardmax", "ハードマックス",
            "Along an axis, the largest number becomes one, and all others become zero.",
            "軸に沿って、最大の数を1に、ほかを{0|ゼロ}にします。",
        forms &[Form {
            name: "Hardmax",
            parameters: &["dim"],
            required: 0,
            make: Hardmax::make,
        }],
        onnx &[OnnxForm { op_type: "Hardmax", make: Hardmax::of_node }];
}
