//! Tensors without elements, which exporters write where a window is not moved, say: a slice of nothing, and what
//! takes it up. No tensor of a graph is empty; what comes of them is a constant, or a node that does without them.

use std::sync::Arc;

use super::build::Build;
use super::constant::{Constant, Numbers};
use super::element::{ElementType, Kind};
use super::fold::sliced;
use super::model::Node;
use crate::op::OnnxAttribute;

/// What a node with a tensor of nothing comes to.
pub(super) enum Instead {
    /// Nothing again.
    Constant(Constant),
    /// Another node.
    Node(Node),
}

/// What there is in place of a node that gives or takes nothing; `None` where it does neither, or is not known.
pub(super) fn instead(build: &Build, node: &Node) -> Option<Instead> {
    let empty = |name: &String| {
        let constant = build.constant(name);
        constant.is_some_and(|one| one.numbers != Numbers::Unread && one.count() == 0)
    };
    match node.op_type.as_str() {
        "Slice" => sliced_to_nothing(build, node).map(Instead::Constant),
        "Concat" => {
            let inputs = node.inputs.iter();
            let kept: Vec<String> = inputs.filter(|name| !empty(name)).cloned().collect();
            if kept.is_empty() || kept.len() == node.inputs.len() {
                return None;
            }
            Some(Instead::Node(match kept.as_slice() {
                [only] => same(node, only),
                _ => Node {
                    inputs: kept,
                    ..node.clone()
                },
            }))
        }
        "ScatterND" | "ScatterElements" | "Scatter" => {
            let (data, places) = (node.inputs.first()?, node.inputs.get(1)?);
            (empty(data) || empty(places)).then(|| Instead::Node(same(node, data)))
        }
        _ => None,
    }
}

/// A node that hands on one of the inputs.
fn same(node: &Node, input: &str) -> Node {
    Node {
        name: node.name.clone(),
        op_type: String::from("Identity"),
        inputs: vec![input.to_owned()],
        outputs: node.outputs.clone(),
        ..Node::default()
    }
}

fn sliced_to_nothing(build: &Build, node: &Node) -> Option<Constant> {
    let input = node.inputs.first()?;
    let mut lengths = build.axes(input)?;
    let list = |number: usize, name: &str, default: Option<Vec<i64>>| {
        let given = node.inputs.get(number).filter(|name| !name.is_empty());
        match (given, node.attributes.get(name)) {
            (Some(given), _) => {
                let given = build.constant_or_given(given)?;
                given.as_integers().map(<[i64]>::to_vec)
            }
            (None, Some(OnnxAttribute::Integers(values))) => Some(values.clone()),
            (None, _) => default,
        }
    };
    let (starts, ends) = (list(1, "starts", None)?, list(2, "ends", None)?);
    let first = (0..starts.len() as i64).collect();
    let axes = list(3, "axes", Some(first))?;
    let steps = list(4, "steps", Some(vec![1; starts.len()]))?;
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return None;
    }
    let rank = lengths.len() as i64;
    for (number, &axis) in axes.iter().enumerate() {
        let axis = usize::try_from(if axis < 0 { axis + rank } else { axis }).ok()?;
        let length = lengths.get_mut(axis)?;
        *length = sliced(*length, starts[number], ends[number], steps[number])?.len();
    }
    if !lengths.contains(&0) {
        return None;
    }
    let kind = build.kind(input);
    Some(Constant {
        axes: lengths,
        element: match kind {
            Kind::Float => ElementType::FLOAT,
            Kind::Integer => ElementType::INT64,
            Kind::Bool => ElementType::BOOL,
            Kind::Unread => return None,
        },
        numbers: match kind {
            Kind::Float | Kind::Unread => Numbers::Floats(Arc::default()),
            Kind::Integer | Kind::Bool => Numbers::Integers(Arc::default()),
        },
    })
}
