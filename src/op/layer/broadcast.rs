//! Planning and showing of operations that combine several tensors element by element.

use crate::language::Localized;
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{Broadcast, Combine, Geometry, Mapped};
use crate::op::onnx::{OnnxLayer, OnnxNode};
use crate::op::operands::Operand;
use crate::op::plan::Plan;
use crate::says;
use crate::tensor::Shape;

use super::Layer;

/// Plans a layer on inputs whose shapes are broadcast.
pub(super) fn plan(combine: Combine, layer: &Layer, inputs: &[Shape]) -> Result<Plan, LayerError> {
    let name = layer.name();
    let Some(first) = inputs.first() else {
        return Err(LayerError::InputCount {
            layer: name,
            takes: 2,
            given: 0,
        });
    };
    let Some(broadcast) = Broadcast::new(combine, inputs) else {
        return Err(LayerError::Unfit {
            layer: name,
            why: mismatch(inputs),
        });
    };
    let others = inputs.iter().enumerate().skip(1);
    let operands = others.map(|(number, shape)| Operand::input(number, *shape));
    let operands = operands.collect();
    let output = broadcast.shape();
    let geometry = Geometry::Mapped(Mapped::new(broadcast));
    Plan::new(layer.clone(), *first, output, operands, geometry)
}

/// Plans a layer that takes two inputs.
pub(super) fn plan_pair(
    combine: Combine,
    layer: &Layer,
    inputs: &[Shape],
) -> Result<Plan, LayerError> {
    match inputs {
        [_, _] => plan(combine, layer, inputs),
        _ => Err(LayerError::InputCount {
            layer: layer.name(),
            takes: 2,
            given: inputs.len(),
        }),
    }
}

pub(super) fn mismatch(inputs: &[Shape]) -> Localized<String> {
    let shapes: Vec<String> = inputs.iter().map(Shape::to_string).collect();
    let (en, ja) = (shapes.join(" and "), shapes.join(" と "));
    let shapes = Localized { en, ja };
    says!(
        with [shapes];
        en: "the shapes {shapes} do not go together: lined up at their last axes, lengths must be equal or 1",
        ja: "形状 {shapes} は組み合わせられません。後ろの軸からそろえたとき、長さが同じか 1 でなければなりません。"
    )
}

/// The layer of a node whose inputs are all the layer's inputs.
pub(super) fn of_node(layer: impl Into<Layer>, node: &OnnxNode) -> OnnxLayer {
    OnnxLayer {
        layer: layer.into(),
        inputs: (0..node.inputs.len()).collect(),
        operands: Vec::new(),
    }
}

/// The numbers that a step combines.
pub(super) fn numbers(step: &Explanation) -> Vec<f32> {
    match step.terms[..] {
        // A product is one term: an element and its factor.
        [only] if only.term.factor.is_some() => vec![only.input, only.weight],
        _ => step.terms.iter().map(|term| term.input).collect(),
    }
}

/// The elements of each input that an output element takes, as the code names them:
/// `a[f, y, x]`, `other[f, 0, 0]`.
pub(super) fn elements(plan: &Plan) -> Vec<String> {
    let others = plan.operand_list().iter().enumerate();
    let others = others.map(|(number, operand)| {
        let name = match number {
            0 => "other".to_owned(),
            number => format!("other{}", number + 1),
        };
        (name, operand.shape)
    });
    let inputs = [("a".to_owned(), *plan.input_shape())];
    let inputs = inputs.into_iter().chain(others);
    inputs
        .map(|(name, shape)| format!("{name}[{}]", places(plan.output_shape(), &shape)))
        .collect()
}

/// Plane, row and column of the element of an input that an output element takes.
fn places(output: &Shape, input: &Shape) -> String {
    let rank = output.rank();
    let mut own = vec![1; rank.saturating_sub(input.rank())];
    own.extend_from_slice(input.axes());
    let along = |variable: &str, axes: std::ops::Range<usize>| {
        let lengths = |axes: std::ops::Range<usize>| output.axes()[axes].iter().product::<usize>();
        let mut terms = Vec::new();
        let mut first = axes.start;
        while first < axes.end {
            // Neighbouring axes that are walked as one.
            let repeats = |axis: usize| own[axis] == 1 && output.axes()[axis] > 1;
            let mut end = first + 1;
            while end < axes.end && repeats(end) == repeats(first) {
                end += 1;
            }
            let count = lengths(first..end);
            if !repeats(first) && count > 1 {
                let mut term = variable.to_owned();
                match lengths(end..axes.end) {
                    1 => {}
                    behind => term += &format!(" // {behind}"),
                }
                if lengths(axes.start..first) > 1 {
                    term += &format!(" % {count}");
                }
                match own[end..axes.end].iter().product::<usize>() {
                    1 => {}
                    step => term = format!("({term}) * {step}"),
                }
                terms.push(term);
            }
            first = end;
        }
        match terms.is_empty() {
            true if lengths(axes) == 1 => variable.to_owned(),
            true => "0".to_owned(),
            false => terms.join(" + "),
        }
    };
    let (planes, row, column) = match rank {
        0 => (0..0, 0..0, 0..0),
        1 => (0..0, 0..0, 0..1),
        2 => (0..1, 0..0, 1..2),
        _ => (0..rank - 2, rank - 2..rank - 1, rank - 1..rank),
    };
    [("f", planes), ("y", row), ("x", column)]
        .map(|(variable, axes)| along(variable, axes))
        .join(", ")
}

/// A loop nest that writes the elements with a sign between them.
pub(super) fn code(plan: &Plan, sign: &str) -> LoopNest {
    LoopNest::elementwise(plan, &elements(plan).join(&format!(" {sign} ")))
}
