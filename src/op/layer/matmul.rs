//! `MatMul`, the product of two tensors whose last two axes are matrices, and `AddMM`, which scales it
//! and adds a third.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.matmul.html>;
//! <https://pytorch.org/docs/stable/generated/torch.addmm.html>;
//! <https://onnx.ai/onnx/operators/onnx__Gemm.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style, float};
use crate::op::code::{LoopNest, Variable};
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{Geometry, Mapped, Matrices, MatrixProduct};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
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
use super::defaults::is_default;
use super::linear::Linear;
use super::reduction::joined;

/// The matrix product with an earlier tensor of the chain; in a network, with its second input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatMul {
    /// Which tensor of the chain is on the right: 0 is the chain's input, 1 the output of its first
    /// layer, and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
    /// Whether the last two axes of what is on the right are transposed: `a @ b.mT`, as in the scores
    /// of an attention.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transpose_other: bool,
}

/// `alpha · A · B + beta · C` of matrices, `A` and `B` as they are or transposed: ONNX's `Gemm`, and
/// PyTorch's `addmm` with its arguments in another order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddMM {
    /// What the product is multiplied by.
    #[serde(default = "unit", skip_serializing_if = "is_unit")]
    pub alpha: f64,
    /// What the third input is multiplied by.
    #[serde(default = "unit", skip_serializing_if = "is_unit")]
    pub beta: f64,
    /// Whether the first input is transposed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transpose_a: bool,
    /// Whether the second input is transposed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transpose_b: bool,
}

fn unit() -> f64 {
    1.0
}

fn is_unit(value: &f64) -> bool {
    *value == unit()
}

/// The lengths of two batches broadcast against each other; `None` where they do not go together.
fn broadcast(left: &[usize], right: &[usize]) -> Option<Vec<usize>> {
    let rank = left.len().max(right.len());
    let length = |axes: &[usize], axis: usize| {
        (axis + axes.len())
            .checked_sub(rank)
            .map_or(1, |axis| axes[axis])
    };
    (0..rank)
        .map(|axis| match (length(left, axis), length(right, axis)) {
            (1, other) | (other, 1) => Some(other),
            (left, right) => (left == right).then_some(left),
        })
        .collect()
}

/// Plans `left · right`, where either may be a vector.
fn plan_product(
    layer: &Layer,
    left: &Shape,
    right: &Shape,
    transposed: bool,
) -> Result<Plan, LayerError> {
    let name = layer.name();
    let unfit = |why| Err(LayerError::Unfit { layer: name, why });
    let (outer_left, rows, depth) = match *left.axes() {
        [] => (&[][..], None, None),
        [depth] => (&[][..], None, Some(depth)),
        [ref outer @ .., rows, depth] => (outer, Some(rows), Some(depth)),
    };
    let (outer_right, inner, columns) = match *right.axes() {
        [] => (&[][..], None, None),
        [inner] => (&[][..], Some(inner), None),
        [ref outer @ .., columns, inner] if transposed => (outer, Some(inner), Some(columns)),
        [ref outer @ .., inner, columns] => (outer, Some(inner), Some(columns)),
    };
    let (Some(depth), Some(inner)) = (depth, inner) else {
        return unfit(says!(
            en: "an input is a single number; use Mul for a product with it",
            ja: "入力のひとつが数ひとつです。その積には Mul を使ってください。"
        ));
    };
    if depth != inner {
        return unfit(says!(
            en: "the rows of {left} have {depth} elements, but the columns of {right} have {inner}; \
                 they must be equal",
            ja: "{left} の行は {depth} 要素ですが、{right} の列は {inner} 要素です。同じでなければなりません。"
        ));
    }
    let Some(batch) = broadcast(outer_left, outer_right) else {
        return unfit(says!(
            en: "the axes before the matrices of {left} and {right} do not go together: lined up at the \
                 end, lengths must be equal or 1",
            ja: "{left} と {right} の行列より前の軸が合いません。後ろからそろえたとき、長さが同じか 1 で\
                 なければなりません。"
        ));
    };
    let mut axes = batch.clone();
    axes.extend(rows);
    axes.extend(columns);
    let output = output_shape(name, &axes)?;
    let of_right = match columns {
        Some(_) => Matrices::new(right, &batch, transposed),
        None => Matrices::column(right, &batch),
    };
    let geometry = MatrixProduct {
        left: Matrices::new(left, &batch, false),
        right: of_right,
        addend: None,
        alpha: 1.0,
        batch,
        rows: rows.unwrap_or(1),
        depth,
        columns: columns.unwrap_or(1),
        output: output.as_chw(),
    };
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    let operands = vec![Operand::input(1, *right)];
    Plan::new(layer.clone(), *left, output, operands, geometry)
}

fn output_shape(layer: &'static str, axes: &[usize]) -> Result<Shape, LayerError> {
    Shape::of_axes(axes).map_err(|why| LayerError::Shape {
        layer,
        tensor: TensorRole::Output,
        why,
    })
}

/// The loops of a product of matrices.
fn code(plan: &Plan, depth: usize, start: &str, term: &str) -> LoopNest {
    let [planes, rows, columns] = plan.output_shape().as_chw();
    LoopNest::sum(
        &[
            (Variable::Filter, planes),
            (Variable::Row, rows),
            (Variable::Column, columns),
        ],
        &[(Variable::KernelColumn, depth)],
        start,
        term,
        "out[f, y, x] = s",
    )
}

/// `1 × 2 + 3 × 4`.
fn products(step: &Explanation, number: &dyn Fn(f32) -> String) -> String {
    let products = step.terms.iter().filter(|term| term.term.factor.is_some());
    let products: Vec<String> = products
        .map(|term| format!("{} × {}", number(term.input), number(term.weight)))
        .collect();
    joined(&products, " + ")
}

impl Described for MatMul {
    const DESCRIPTION: Description = Description {
        about: Localized::new("product of matrices", "行列の積"),
        forms: &[Form {
            name: "MatMul",
            parameters: &["tensor", "transpose_other"],
            required: 0,
            make: |given| {
                Ok(MatMul {
                    tensor: given.size("tensor", Some(0), 0)?,
                    transpose_other: given.truth("transpose_other", false)?,
                }
                .into())
            },
        }],
        onnx: &[OnnxForm {
            op_type: "MatMul",
            make: |_| {
                Ok(Some(OnnxLayer {
                    layer: MatMul::default().into(),
                    inputs: vec![0, 1],
                    operands: Vec::new(),
                }))
            },
        }],
        example: || MatMul::default().into(),
        family: Family::Product,
        offered: false,
    };
}

impl Operation for MatMul {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        plan_product(layer, input, input, self.transpose_other)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [left, right] => plan_product(layer, left, right, self.transpose_other),
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 2,
                given: inputs.len(),
            }),
        }
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        // Samples go by themselves where both have matrices behind a batch of the same axes, or where
        // the right is a matrix or a vector for all of them.
        match *ranks {
            [left, right] => left < 3 || (right > 2 && left != right),
            _ => true,
        }
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("MatMul", style)
            .value(self.tensor)
            .switch("transpose_other", self.transpose_other, false)
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a matrix product", "行列の積"),
            Localized::new(
                "Each row is multiplied by the columns of an earlier tensor, number by number, and the products are added up.",
                "行と、前のテンソルの列とを、ひとつずつ掛け合わせて足します。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let term = if self.transpose_other {
            "s += a[f, y, j] * other[f, x, j]"
        } else {
            "s += a[f, y, j] * other[f, j, x]"
        };
        code(plan, plan.max_terms(), "0", term)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Tensor, &mut self.tensor);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        Localized::same(products(step, number))
    }

    fn title(&self, plan: &Plan) -> Option<Localized<String>> {
        let (left, right) = (plan.input_shape(), plan.operand_list().first()?.shape);
        Some(Localized::same(format!("MatMul ({left}) · ({right})")))
    }

    fn second_input(&self) -> Option<usize> {
        Some(self.tensor)
    }
}

impl AddMM {
    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        // What PyTorch would have in a Linear is one.
        if Linear::of_gemm(node)?.is_some() {
            return Ok(None);
        }
        let layer = Self {
            alpha: f64::from(node.float("alpha", 1.0)?),
            beta: f64::from(node.float("beta", 1.0)?),
            transpose_a: node.integer("transA", 0)? != 0,
            transpose_b: node.integer("transB", 0)? != 0,
        };
        let inputs = if node.input(2).is_some() {
            vec![0, 1, 2]
        } else {
            vec![0, 1]
        };
        Ok(Some(OnnxLayer {
            layer: layer.into(),
            inputs,
            operands: Vec::new(),
        }))
    }

    fn plan_matrices(
        &self,
        layer: &Layer,
        left: &Shape,
        right: &Shape,
        addend: Option<&Shape>,
    ) -> Result<Plan, LayerError> {
        let name = layer.name();
        let unfit = |why| Err(LayerError::Unfit { layer: name, why });
        let (&[first, second], &[third, fourth]) = (left.axes(), right.axes()) else {
            return unfit(says!(
                en: "it takes matrices of two axes, but the inputs are {left} and {right}",
                ja: "2 軸の行列が要りますが、入力は {left} と {right} です。"
            ));
        };
        let (rows, depth) = if self.transpose_a {
            (second, first)
        } else {
            (first, second)
        };
        let (inner, columns) = if self.transpose_b {
            (fourth, third)
        } else {
            (third, fourth)
        };
        if depth != inner {
            return unfit(says!(
                en: "the rows on the left have {depth} elements, but the columns on the right have \
                     {inner} ({left} and {right}); they must be equal",
                ja: "左の行は {depth} 要素、右の列は {inner} 要素です ({left} と {right})。\
                     同じでなければなりません。"
            ));
        }
        let output = output_shape(name, &[rows, columns])?;
        let mut operands = vec![Operand::input(1, *right)];
        let mut added = None;
        if let Some(shape) = addend {
            let (own_rows, own_columns) = match *shape.axes() {
                [] => (1, 1),
                [length] => (1, length),
                [rows, columns] => (rows, columns),
                _ => (0, 0),
            };
            let fits = |own: usize, length: usize| own == 1 || own == length;
            if !fits(own_rows, rows) || !fits(own_columns, columns) {
                return unfit(says!(
                    en: "{shape} cannot be added to {output}: lined up at the end, each axis must be as \
                         long or 1",
                    ja: "{shape} を {output} に足せません。後ろからそろえたとき、長さが同じか 1 でなければ\
                         なりません。"
                ));
            }
            let matrices = Matrices::new(shape, &[], false);
            let matrices = matrices.broadcast(own_rows == 1, own_columns == 1);
            added = Some((matrices, self.beta as f32));
            operands.push(Operand::input(2, *shape));
        }
        let geometry = MatrixProduct {
            left: Matrices::new(left, &[], self.transpose_a),
            right: Matrices::new(right, &[], self.transpose_b),
            addend: added,
            alpha: self.alpha as f32,
            batch: Vec::new(),
            rows,
            depth,
            columns,
            output: output.as_chw(),
        };
        let geometry = Geometry::Mapped(Mapped::new(geometry));
        Plan::new(layer.clone(), *left, output, operands, geometry)
    }
}

impl Default for AddMM {
    fn default() -> Self {
        Self {
            alpha: unit(),
            beta: unit(),
            transpose_a: false,
            transpose_b: false,
        }
    }
}

impl Described for AddMM {
    const DESCRIPTION: Description = Description {
        about: Localized::new("product of matrices, and a sum", "行列の積と和"),
        forms: &[Form {
            name: "AddMM",
            parameters: &["alpha", "beta", "transpose_a", "transpose_b"],
            required: 0,
            make: |given| {
                Ok(AddMM {
                    alpha: given.real("alpha", Some(1.0))?,
                    beta: given.real("beta", Some(1.0))?,
                    transpose_a: given.truth("transpose_a", false)?,
                    transpose_b: given.truth("transpose_b", false)?,
                }
                .into())
            },
        }],
        onnx: &[OnnxForm {
            op_type: "Gemm",
            make: AddMM::of_node,
        }],
        example: || {
            AddMM {
                transpose_b: true,
                ..AddMM::default()
            }
            .into()
        },
        family: Family::Product,
        offered: false,
    };
}

impl Operation for AddMM {
    /// The product of a matrix with itself.
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_matrices(layer, input, input, None)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [left, right] => self.plan_matrices(layer, left, right, None),
            [left, right, addend] => self.plan_matrices(layer, left, right, Some(addend)),
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 3,
                given: inputs.len(),
            }),
        }
    }

    fn mixes_batch(&self, _ranks: &[usize]) -> bool {
        // The batch is an axis of its matrices.
        true
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("AddMM", style)
            .unless("alpha", float(self.alpha), float(1.0))
            .unless("beta", float(self.beta), float(1.0))
            .switch("transpose_a", self.transpose_a, false)
            .switch("transpose_b", self.transpose_b, false)
            .end()
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        None
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let left = if self.transpose_a {
            "a[j, f]"
        } else {
            "a[f, j]"
        };
        let right = if self.transpose_b {
            "other[x, j]"
        } else {
            "other[j, x]"
        };
        let factor = if self.alpha == 1.0 {
            String::new()
        } else {
            format!("{} * ", float(self.alpha))
        };
        let axes = plan.input_shape().axes();
        let depth = if self.transpose_a {
            axes.first()
        } else {
            axes.last()
        };
        let added = plan.operand_list().len() > 1;
        let start = match (added, self.beta == 1.0) {
            (false, _) => "0".to_owned(),
            (true, true) => "c[f, x]".to_owned(),
            (true, false) => format!("{} * c[f, x]", float(self.beta)),
        };
        let term = format!("s += {factor}{left} * {right}");
        code(plan, depth.copied().unwrap_or(1), &start, &term)
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let mut text = products(step, number);
        if self.alpha != 1.0 {
            text = format!("({text}) × {}", float(self.alpha));
        }
        let added = step.terms.last().filter(|term| term.term.factor.is_none());
        if let Some(term) = added {
            text += &format!(" + {}", number(term.input));
            if self.beta != 1.0 {
                text += &format!(" × {}", float(self.beta));
            }
        }
        Localized::same(text)
    }
}
