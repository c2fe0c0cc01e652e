//! The table of a graph: a row a node.

use serde::Serialize;

use crate::op::Cost;
use crate::tensor::Shape;

use super::field::ReceptiveField;
use super::{Graph, Work};

/// A line of the table of a graph.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GraphRow {
    /// The node's name.
    pub name: String,
    /// What it is called where it comes from.
    pub operator: String,
    /// The layer as PyTorch prints it; `None` of a node that is not known.
    pub layer: Option<String>,
    /// Shape of its output, the batch included, where it is known.
    pub output: Option<Shape>,
    /// Parameters, MACs and bytes of its output, for the whole batch.
    pub cost: Cost,
    /// What an element of its output depends on in the network's first input.
    pub receptive_field: Option<ReceptiveField>,
}

impl Graph {
    /// The table, a row a node.
    #[must_use]
    pub fn rows(&self) -> Vec<GraphRow> {
        let fields = self.inputs.first().map(|&input| self.fields(input));
        let rows = self.nodes.iter().map(|node| {
            let output = node.outputs.first().copied();
            GraphRow {
                name: node.name.clone(),
                operator: node.origin.operator.clone(),
                layer: match &node.work {
                    Work::Plan { plan, .. } => Some(plan.printed()),
                    Work::Unknown(_) => None,
                },
                output: output.and_then(|output| self.value(output).shape),
                cost: self.node_cost(node),
                receptive_field: output
                    .zip(fields.as_ref())
                    .and_then(|(output, fields)| fields.of(output)),
            }
        });
        rows.collect()
    }
}
