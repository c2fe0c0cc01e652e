//! Reductions over axes: `Sum`, `Mean`, `Prod`, `Amax`, `Amin`, `ArgMax`, `ArgMin`, `LogSumExp`,
//! `VectorNorm`, and what only ONNX has a name for.
//!
//! Sources: <https://pytorch.org/docs/stable/torch.html#reduction-ops>;
//! <https://onnx.ai/onnx/operators/>, `ReduceSum` and its like.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::{LoopNest, Variable};
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{Geometry, GroupedTensor, Mapped, Reduce, Reduction};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::defaults::{inner, is_default, some};
use super::{Identity, dim};

/// A reduction as asked for.
struct Request<'a> {
    kind: Reduce,
    dim: Option<&'a [i64]>,
    keepdim: bool,
}

impl Request<'_> {
    fn plan(&self, layer: &Layer, inputs: &[Shape], batch: BatchAxis) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[input] = inputs else {
            return Err(LayerError::InputCount {
                layer: name,
                takes: 1,
                given: inputs.len(),
            });
        };
        let reduced = dim::chosen(name, self.dim, input.rank(), batch)?;
        let axes: Vec<usize> = input
            .axes()
            .iter()
            .zip(&reduced)
            .filter_map(|(&length, &reduced)| match (reduced, self.keepdim) {
                (false, _) => Some(length),
                (true, true) => Some(1),
                (true, false) => None,
            })
            .collect();
        let output = Shape::of_axes(&axes).map_err(|why| LayerError::Shape {
            layer: name,
            tensor: TensorRole::Output,
            why,
        })?;
        let geometry = Reduction {
            input: GroupedTensor::new(input, &reduced),
            output: output.as_chw(),
            kind: self.kind,
        };
        let geometry = Geometry::Mapped(Mapped::new(geometry));
        Plan::new(layer.clone(), input, output, Vec::new(), geometry)
    }

    fn call(&self, line: Line) -> Line {
        let line = match self.dim {
            Some(dims) => line.named("dim", dim::written(dims)),
            None => line,
        };
        line.switch("keepdim", self.keepdim, false)
    }
}

/// The most terms that are written out; of more, the first and the last.
const WRITTEN: usize = 12;

/// Terms with a sign between them.
pub(super) fn joined(terms: &[String], sign: &str) -> String {
    if terms.len() <= WRITTEN {
        return terms.join(sign);
    }
    let first = terms[..WRITTEN - 2].join(sign);
    let last = &terms[terms.len() - 1];
    format!("{first}{sign}…{sign}{last}")
}

/// The elements of a step, each in words of its own.
fn each(
    step: &Explanation,
    number: &dyn Fn(f32) -> String,
    form: fn(String) -> String,
) -> Vec<String> {
    let terms = step.terms.iter();
    terms.map(|term| form(number(term.input))).collect()
}

/// What a reduction does with the numbers of a step.
fn arithmetic(kind: Reduce, step: &Explanation, number: &dyn Fn(f32) -> String) -> String {
    let count = step.terms.len();
    let plain = || each(step, number, |text| text);
    match kind {
        Reduce::Sum => joined(&plain(), " + "),
        Reduce::Mean => format!("({}) ÷ {count}", joined(&plain(), " + ")),
        Reduce::Prod => joined(&plain(), " × "),
        Reduce::Max => format!("max({})", joined(&plain(), ", ")),
        Reduce::Min => format!("min({})", joined(&plain(), ", ")),
        Reduce::ArgMax { .. } => format!("argmax({})", joined(&plain(), ", ")),
        Reduce::ArgMin { .. } => format!("argmin({})", joined(&plain(), ", ")),
        Reduce::SumSquare => joined(&each(step, number, |text| format!("{text}²")), " + "),
        Reduce::LogSum => format!("ln({})", joined(&plain(), " + ")),
        Reduce::LogSumExp => {
            format!(
                "ln({})",
                joined(&each(step, number, |text| format!("e^{text}")), " + ")
            )
        }
        Reduce::Norm { order } => {
            let sizes = each(step, number, |text| format!("|{text}|"));
            if order == 1.0 {
                joined(&sizes, " + ")
            } else if order == 2.0 {
                format!(
                    "√({})",
                    joined(&each(step, number, |text| format!("{text}²")), " + ")
                )
            } else if order == f64::INFINITY {
                format!("max({})", joined(&sizes, ", "))
            } else if order == f64::NEG_INFINITY {
                format!("min({})", joined(&sizes, ", "))
            } else if order == 0.0 {
                format!("count_nonzero({})", joined(&plain(), ", "))
            } else {
                let powers: Vec<String> = sizes
                    .iter()
                    .map(|size| format!("{size}^{}", float(order)))
                    .collect();
                format!("({})^(1 ÷ {})", joined(&powers, " + "), float(order))
            }
        }
    }
}

/// The loops of a reduction. `group(…)` are the elements with the same kept indices.
fn code(kind: Reduce, plan: &Plan) -> LoopNest {
    let length = plan.max_terms();
    let element = "group(f, y, x)[j]";
    let (start, term, value) = match kind {
        Reduce::Sum => ("0", format!("s += {element}"), "s".to_owned()),
        Reduce::Mean => ("0", format!("s += {element}"), format!("s / {length}")),
        Reduce::Prod => ("1", format!("s *= {element}"), "s".to_owned()),
        Reduce::Max => ("-inf", format!("s = max(s, {element})"), "s".to_owned()),
        Reduce::Min => ("inf", format!("s = min(s, {element})"), "s".to_owned()),
        Reduce::ArgMax { .. } => (
            "(-inf, 0)",
            format!("s = max(s, ({element}, j))"),
            "s[1]".to_owned(),
        ),
        Reduce::ArgMin { .. } => (
            "(inf, 0)",
            format!("s = min(s, ({element}, j))"),
            "s[1]".to_owned(),
        ),
        Reduce::SumSquare => ("0", format!("s += {element}**2"), "s".to_owned()),
        Reduce::LogSum => ("0", format!("s += {element}"), "log(s)".to_owned()),
        Reduce::LogSumExp => ("0", format!("s += exp({element})"), "log(s)".to_owned()),
        Reduce::Norm { order } if order == f64::INFINITY => {
            ("0", format!("s = max(s, abs({element}))"), "s".to_owned())
        }
        Reduce::Norm { order } if order == f64::NEG_INFINITY => {
            ("inf", format!("s = min(s, abs({element}))"), "s".to_owned())
        }
        Reduce::Norm { order: 0.0 } => ("0", format!("s += {element} != 0"), "s".to_owned()),
        Reduce::Norm { order } => {
            let order = float(order);
            (
                "0",
                format!("s += abs({element})**{order}"),
                format!("s**(1/{order})"),
            )
        }
    };
    let [planes, rows, columns] = plan.output_shape().as_chw();
    let outer = [
        (Variable::Filter, planes),
        (Variable::Row, rows),
        (Variable::Column, columns),
    ];
    let inner = [(Variable::KernelColumn, length)];
    LoopNest::sum(
        &outer,
        &inner,
        start,
        &term,
        &format!("out[f, y, x] = {value}"),
    )
}

/// The axes of a node: an attribute in older operator sets, an input in newer ones.
fn node_axes(node: &OnnxNode) -> Result<Option<Vec<i64>>, OnnxRefusal> {
    let axes = match node.integers("axes")? {
        Some(axes) => Some(axes),
        None => node.constant_integers(1, "axes")?,
    };
    Ok(axes.filter(|axes| !axes.is_empty()))
}

/// A reduction from a node: `make` is given the axes and whether they are kept.
fn of_node(
    node: &OnnxNode,
    make: impl Fn(Option<Vec<i64>>, bool) -> Layer,
) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let axes = node_axes(node)?;
    let keepdim = node.integer("keepdims", 1)? != 0;
    if axes.is_none() && node.integer("noop_with_empty_axes", 0)? != 0 {
        // Nothing is reduced; what is done to each element still is.
        let layer = match make(Some(Vec::new()), keepdim) {
            Layer::Sum(_) | Layer::Mean(_) | Layer::Prod(_) | Layer::Amax(_) | Layer::Amin(_) => {
                Identity.into()
            }
            other => other,
        };
        return Ok(Some(OnnxLayer::new(layer)));
    }
    Ok(Some(OnnxLayer::new(make(axes, keepdim))))
}

/// A reduction of any axes, by nothing but its kind.
macro_rules! reductions {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $kind:expr, $en:literal, $ja:literal, onnx $onnx:literal,
            spoken $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal;
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The axes that are reduced, by PyTorch's numbers; all of them without.
            #[serde(
                default,
                deserialize_with = "some",
                serialize_with = "inner",
                skip_serializing_if = "Option::is_none"
            )]
            pub dim: Option<Vec<i64>>,
            /// Whether a reduced axis stays, with the length 1.
            #[serde(default, skip_serializing_if = "is_default")]
            pub keepdim: bool,
        }

        impl $name {
            fn request(&self) -> Request<'_> {
                Request {
                    kind: $kind,
                    dim: self.dim.as_deref(),
                    keepdim: self.keepdim,
                }
            }

            fn make(given: &Arguments) -> ParseResult<Layer> {
                Ok(Self {
                    dim: dim::several(given)?,
                    keepdim: given.truth("keepdim", false)?,
                }
                .into())
            }
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: stringify!($name),
                    parameters: &["dim", "keepdim"],
                    required: 0,
                    make: $name::make,
                }],
                example: || Self { dim: Some(vec![-1]), keepdim: false }.into(),
                onnx: &[OnnxForm {
                    op_type: $onnx,
                    make: |node| of_node(node, |dim, keepdim| $name { dim, keepdim }.into()),
                }],
                family: Family::Reduction,
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
                ranks.iter().any(|rank| dim::names_batch(self.dim.as_deref(), *rank))
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                self.request().call(Line::new(stringify!($name), style)).end()
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
                code($kind, plan)
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                settings.switch(Parameter::KeepDim, &mut self.keepdim);
            }

            fn arithmetic(
                &self,
                step: &Explanation,
                number: &dyn Fn(f32) -> String,
            ) -> Localized<String> {
                Localized::same(arithmetic($kind, step, number))
            }
        }
    )+};
}

reductions! {
    /// The sum over axes.
    Sum: Reduce::Sum, "the sum over axes", "軸に沿った和", onnx "ReduceSum",
        spoken "a sum along axes", "軸に沿った和",
            "All numbers along an axis are added up.",
            "軸に沿って、すべての数を足します。";
    /// The mean over axes.
    Mean: Reduce::Mean, "the mean over axes", "軸に沿った平均", onnx "ReduceMean",
        spoken "a mean along axes", "軸に沿った平均",
            "All numbers along an axis become their mean.",
            "軸に沿って、すべての数を平均します。";
    /// The product over axes.
    Prod: Reduce::Prod, "the product over axes", "軸に沿った積", onnx "ReduceProd",
        spoken "a product along axes", "軸に沿った積",
            "All numbers along an axis are multiplied together.",
            "軸に沿って、すべての数を掛け合わせます。";
    /// The maximum over axes.
    Amax: Reduce::Max, "the maximum over axes", "軸に沿った最大値", onnx "ReduceMax",
        spoken "a maximum along axes", "軸に沿った最大値",
            "Of all numbers along an axis, only the largest is kept.",
            "軸に沿って、最大の数だけを残します。";
    /// The minimum over axes.
    Amin: Reduce::Min, "the minimum over axes", "軸に沿った最小値", onnx "ReduceMin",
        spoken "a minimum along axes", "軸に沿った最小値",
            "Of all numbers along an axis, only the smallest is kept.",
            "軸に沿って、最小の数だけを残します。";
    /// The logarithm of the sum of exponentials over axes.
    LogSumExp: Reduce::LogSumExp, "a soft maximum over axes", "軸に沿ったなめらかな最大値",
        onnx "ReduceLogSumExp",
        spoken "a soft maximum along axes", "軸に沿ったなめらかな最大値",
            "The exponentials of all numbers along an axis are added up, and the logarithm of that is taken. It is close to the largest number, and never less.",
            "軸に沿って指数関数の値を足し、その対数を取ります。最大の数に近く、それより小さくはなりません。";
    /// The sum of squares over axes, as ONNX has it.
    ReduceSumSquare: Reduce::SumSquare, "the sum of squares over axes", "軸に沿った二乗和",
        onnx "ReduceSumSquare",
        spoken "a sum of squares along axes", "軸に沿った二乗の和",
            "The squares of all numbers along an axis are added up.",
            "軸に沿って、すべての数の二乗を足します。";
    /// The logarithm of the sum over axes, as ONNX has it.
    ReduceLogSum: Reduce::LogSum, "the logarithm of the sum over axes", "軸に沿った和の対数",
        onnx "ReduceLogSum",
        spoken "the logarithm of a sum along axes", "軸に沿った和の対数",
            "All numbers along an axis are added up, and the logarithm of that is taken.",
            "軸に沿ってすべての数を足し、その対数を取ります。";
}

/// A norm over axes: `(Σ |x|^ord)^(1/ord)`, the length of a vector at 2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorNorm {
    /// The order: 2 for the square root of the sum of squares, 1 for the sum of the sizes; also
    /// infinity and 0.
    #[serde(default = "two", skip_serializing_if = "is_two")]
    pub ord: f64,
    /// The axes that are reduced, by PyTorch's numbers; all of them without.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub dim: Option<Vec<i64>>,
    /// Whether a reduced axis stays, with the length 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub keepdim: bool,
}

fn two() -> f64 {
    2.0
}

fn is_two(order: &f64) -> bool {
    *order == 2.0
}

impl VectorNorm {
    fn kind(&self) -> Reduce {
        Reduce::Norm { order: self.ord }
    }

    fn request(&self) -> Request<'_> {
        Request {
            kind: self.kind(),
            dim: self.dim.as_deref(),
            keepdim: self.keepdim,
        }
    }

    fn make(given: &Arguments) -> ParseResult<Layer> {
        Ok(Self {
            ord: given.real("ord", Some(2.0))?,
            dim: dim::several(given)?,
            keepdim: given.truth("keepdim", false)?,
        }
        .into())
    }
}

impl Described for VectorNorm {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the length of vectors", "ベクトルの長さ"),
        forms: &[Form {
            name: "VectorNorm",
            parameters: &["ord", "dim", "keepdim"],
            required: 0,
            make: VectorNorm::make,
        }],
        example: || {
            VectorNorm {
                ord: 2.0,
                dim: Some(vec![-1]),
                keepdim: false,
            }
            .into()
        },
        onnx: &[
            OnnxForm {
                op_type: "ReduceL1",
                make: |node| {
                    of_node(node, |dim, keepdim| {
                        VectorNorm {
                            ord: 1.0,
                            dim,
                            keepdim,
                        }
                        .into()
                    })
                },
            },
            OnnxForm {
                op_type: "ReduceL2",
                make: |node| {
                    of_node(node, |dim, keepdim| {
                        VectorNorm {
                            ord: 2.0,
                            dim,
                            keepdim,
                        }
                        .into()
                    })
                },
            },
        ],
        family: Family::Reduction,
        offered: false,
    };
}

impl Operation for VectorNorm {
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
        ranks
            .iter()
            .any(|rank| dim::names_batch(self.dim.as_deref(), *rank))
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("VectorNorm", style).unless("ord", float(self.ord), float(2.0));
        self.request().call(line).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a norm of vectors", "ベクトルのノルム"),
            Localized::new(
                "The numbers along an axis are one vector, and become its norm, a measure of its length.",
                "軸に沿った数をひとつのベクトルとみなして、その長さを表すノルムを求めます。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        code(self.kind(), plan)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.switch(Parameter::KeepDim, &mut self.keepdim);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        Localized::same(arithmetic(self.kind(), step, number))
    }
}

/// The number of the winner along an axis.
macro_rules! places {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $kind:ident, $en:literal, $ja:literal,
            spoken $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal;
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The axis, by PyTorch's number; without it, the place among all elements.
            #[serde(
                default,
                deserialize_with = "some",
                serialize_with = "inner",
                skip_serializing_if = "Option::is_none"
            )]
            pub dim: Option<i64>,
            /// Whether the axis stays, with the length 1.
            #[serde(default, skip_serializing_if = "is_default")]
            pub keepdim: bool,
            /// Of equal elements, whether the last one counts, as ONNX can ask for.
            #[serde(default, skip_serializing_if = "is_default")]
            pub last: bool,
        }

        impl $name {
            fn kind(&self) -> Reduce {
                Reduce::$kind { last: self.last }
            }

            fn request(&self) -> Request<'_> {
                Request {
                    kind: self.kind(),
                    dim: self.dim.as_ref().map(std::slice::from_ref),
                    keepdim: self.keepdim,
                }
            }

            fn make(given: &Arguments) -> ParseResult<Layer> {
                let dim = if given.has("dim") {
                    Some(given.integer("dim", None)?)
                } else {
                    None
                };
                Ok(Self {
                    dim,
                    keepdim: given.truth("keepdim", false)?,
                    last: false,
                }
                .into())
            }

            fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
                Ok(Some(OnnxLayer::new(Self {
                    dim: Some(node.integer("axis", 0)?),
                    keepdim: node.integer("keepdims", 1)? != 0,
                    last: node.integer("select_last_index", 0)? != 0,
                })))
            }
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: stringify!($name),
                    parameters: &["dim", "keepdim"],
                    required: 0,
                    make: $name::make,
                }],
                example: || Self { dim: Some(-1), keepdim: false, last: false }.into(),
                onnx: &[OnnxForm { op_type: stringify!($name), make: $name::of_node }],
                family: Family::Reduction,
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
                let dims = self.dim.as_ref().map(std::slice::from_ref);
                ranks.iter().any(|rank| dim::names_batch(dims, *rank))
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                self.request().call(Line::new(stringify!($name), style)).end()
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
                code(self.kind(), plan)
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                settings.switch(Parameter::KeepDim, &mut self.keepdim);
            }

            fn arithmetic(
                &self,
                step: &Explanation,
                number: &dyn Fn(f32) -> String,
            ) -> Localized<String> {
                Localized::same(arithmetic(self.kind(), step, number))
            }
        }
    )+};
}

places! {
    /// Where the largest element along an axis is.
    ArgMax: ArgMax, "the place of the maximum", "最大値の位置",
        spoken "a search for the maximum", "最大値の位置の検索",
            "Along an axis it finds the largest number, and gives its place, counted from 0.",
            "軸に沿って最大の数を探し、その位置を{0|ゼロ}から数えて返します。";
    /// Where the smallest element along an axis is.
    ArgMin: ArgMin, "the place of the minimum", "最小値の位置",
        spoken "a search for the minimum", "最小値の位置の検索",
            "Along an axis it finds the smallest number, and gives its place, counted from 0.",
            "軸に沿って最小の数を探し、その位置を{0|ゼロ}から数えて返します。";
}
