//! A network as a graph: named nodes, each a checked plan, over named values. Branches, sums,
//! concatenations, several inputs and outputs, and layers that are used twice are all there is to it;
//! a chain is the simple case.

mod builder;
mod chains;
mod edited;
mod error;
mod field;
mod planning;
mod refit;
mod rerun;
mod run;
mod table;

pub use builder::GraphBuilder;
pub use chains::GraphChain;
pub use edited::{EditedBefore, EditedGraph, LayerEdit, LayerEdits, Misfit};
pub use error::{GraphError, RunError};
pub use field::{FieldBefore, FieldStatus, Fields, ReceptiveField};
pub use rerun::Again;
pub use run::{Failures, Keep, Values};
pub use table::GraphRow;

use std::collections::HashMap;

use crate::language::Localized;
use crate::op::{Cost, Plan};
use crate::tensor::{Fill, Shape, Tensor, WeightOrder};

/// A value of a graph by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub(in crate::network) usize);

/// Where the numbers of a value come from.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueSource {
    /// Whoever runs the graph gives them.
    Input,
    /// They are fixed: a constant of a file, or weights that have been read.
    Constant(Tensor),
    /// A parameter of a layer without numbers of its own: what it is filled with until they are read.
    Parameter {
        /// What it is filled with.
        fill: Fill,
        /// How it stands in its tensor, where it holds filters.
        order: Option<WeightOrder>,
    },
    /// A node computes them.
    Node(usize),
}

/// A tensor of a graph: an input, a constant, a parameter, or what a node computes.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Its name in the file, or the one that PyTorch would give: `features.0.weight`.
    pub name: String,
    /// Its axes, the batch included; `None` behind a node that is not known.
    pub shape: Option<Shape>,
    /// Whether its first axis counts the samples of a batch.
    pub batched: bool,
    /// Where its numbers come from.
    pub source: ValueSource,
}

/// Where a node comes from, for messages and tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// What it is called there: `Conv` in a file, `nn.Conv2d` or `torch.cat` in a source.
    pub operator: String,
    /// The line of the source, from 1.
    pub line: Option<usize>,
    /// What is to be said of it: that a batch normalisation is folded into it, say.
    pub note: Option<Localized<String>>,
    /// Where runtimes differ over what the file says of it, beyond what its layer says.
    pub differences: Vec<Localized<String>>,
}

impl Origin {
    /// A node that is called so.
    pub fn of(operator: impl Into<String>) -> Self {
        Self {
            operator: operator.into(),
            ..Self::default()
        }
    }
}

/// What a node does.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// A checked layer.
    Plan {
        /// The layer with its geometry.
        plan: Box<Plan>,
        /// The plan is of one sample and runs for each of so many; `None` where it is of the whole.
        samples: Option<usize>,
    },
    /// Something that is not shown here, and why. Its outputs have no numbers.
    Unknown(Localized<String>),
}

/// A node: what is computed, from which values.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its name in the file, or the path of its module: `layer1.0.conv1`.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What it does.
    pub work: Work,
    /// Its inputs, in the order of the layer.
    pub inputs: Vec<ValueId>,
    /// Its operands by their names: `weight`, `bias`.
    pub operands: Vec<(&'static str, ValueId)>,
    /// Its outputs; one, except of nodes that are not known.
    pub outputs: Vec<ValueId>,
}

impl Node {
    /// Where runtimes and exporters differ for it, and who gives what: a sentence each.
    #[must_use]
    pub fn differences(&self) -> Vec<Localized<String>> {
        let of_layer = self.plan().map(Plan::differences).unwrap_or_default();
        let further = self.origin.differences.iter().cloned();
        of_layer.into_iter().chain(further).collect()
    }

    /// Its plan; `None` of a node that is not known.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        match &self.work {
            Work::Plan { plan, .. } => Some(plan),
            Work::Unknown(_) => None,
        }
    }

    /// How many times its plan runs.
    #[must_use]
    pub fn samples(&self) -> usize {
        match self.work {
            Work::Plan { samples, .. } => samples.unwrap_or(1),
            Work::Unknown(_) => 0,
        }
    }
}

/// A checked network. [`GraphBuilder`] makes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    values: Vec<Value>,
    nodes: Vec<Node>,
    inputs: Vec<ValueId>,
    outputs: Vec<ValueId>,
    /// Parameters that are no layer's but the network's own: `nn.Parameter`.
    own: Vec<ValueId>,
    /// Fixed tensors that layers use as weights and nothing learns: buffers.
    unlearned: Vec<ValueId>,
    /// Buffers by name that the source has worked into its constants, with their numbers.
    made_by_source: Vec<(String, Tensor)>,
    /// What is to be said of the whole: that a print leaves something open, say.
    pub notes: Vec<Localized<String>>,
}

impl Graph {
    /// Its nodes, each after those that it depends on.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Its inputs in order.
    #[must_use]
    pub fn inputs(&self) -> &[ValueId] {
        &self.inputs
    }

    /// Its outputs in order.
    #[must_use]
    pub fn outputs(&self) -> &[ValueId] {
        &self.outputs
    }

    /// A value by its number.
    ///
    /// # Panics
    /// When the number is of another graph with more values.
    #[must_use]
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    /// A value by its name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ValueId> {
        let found = self.values.iter().position(|value| value.name == name);
        found.map(ValueId)
    }

    /// Every value with its number.
    pub fn values(&self) -> impl Iterator<Item = (ValueId, &Value)> {
        let values = self.values.iter().enumerate();
        values.map(|(number, value)| (ValueId(number), value))
    }

    /// The parameters and constants that hold numbers or could, in the order in which layers name
    /// them: those of PyTorch's `state_dict` for a network of modules.
    pub fn parameters(&self) -> impl Iterator<Item = (ValueId, &Value)> {
        self.values().filter(|(_, value)| match value.source {
            ValueSource::Parameter { .. } | ValueSource::Constant(_) => true,
            ValueSource::Input | ValueSource::Node(_) => false,
        })
    }

    /// Buffers of the `state_dict` that are no values of the graph, because the source has worked them into
    /// its constants: a table of positions, a mask.
    pub fn made_by_source(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        let made = self.made_by_source.iter();
        made.map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// Marks the values of which the first axis counts samples: those that `twice`, the same network for
    /// two samples, gives two of in place of one.
    pub(in crate::network) fn mark_samples(&mut self, twice: &Self) {
        let pairs: Vec<(usize, usize)> = if self.values.len() == twice.values.len() {
            (0..self.values.len()).map(|at| (at, at)).collect()
        } else {
            let outputs = self.outputs.iter().zip(&twice.outputs);
            outputs.map(|(one, two)| (one.0, two.0)).collect()
        };
        for (one, two) in pairs {
            let (value, other) = (&mut self.values[one], &twice.values[two]);
            let (Some(one), Some(two)) = (value.shape, other.shape) else {
                continue;
            };
            if let ([1, one @ ..], [2, two @ ..]) = (one.axes(), two.axes())
                && one == two
            {
                value.batched = true;
            }
        }
    }

    /// Gives a parameter its numbers; whether there is one of this name and of this shape.
    pub fn set_parameter(&mut self, name: &str, tensor: Tensor) -> bool {
        let found = self.values.iter_mut().find(|value| {
            value.name == name
                && value.shape.as_ref() == Some(tensor.shape())
                && matches!(
                    value.source,
                    ValueSource::Parameter { .. } | ValueSource::Constant(_)
                )
        });
        match found {
            Some(value) => {
                value.source = ValueSource::Constant(tensor);
                true
            }
            None => false,
        }
    }

    /// What all nodes cost for the batch. A parameter that several nodes share counts once.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let mut seen = HashMap::new();
        let rows = self.nodes.iter().map(|node| self.node_cost(node));
        let mut total = rows.fold(Cost::default(), |sum, cost| sum + cost);
        let mut parameters = 0;
        for node in &self.nodes {
            let Some(plan) = node.plan() else { continue };
            for operand in plan.operand_list().iter().filter(|one| one.is_learned()) {
                let given = node.operands.iter().find(|(name, _)| *name == operand.name);
                let counted = given.is_none_or(|(_, id)| {
                    // What nodes make of a parameter is no further one.
                    !matches!(self.value(*id).source, ValueSource::Node(_))
                        && !self.unlearned.contains(id)
                        && seen.insert(*id, ()).is_none()
                });
                parameters += if counted {
                    operand.shape.count() as u64
                } else {
                    0
                };
            }
        }
        let own = self.own.iter().filter(|id| !seen.contains_key(id));
        let own = own.filter_map(|id| self.value(*id).shape);
        total.parameters = parameters + own.map(|shape| shape.count() as u64).sum::<u64>();
        total
    }

    /// What a node costs for the batch.
    #[must_use]
    pub fn node_cost(&self, node: &Node) -> Cost {
        let Some(plan) = node.plan() else {
            return Cost::default();
        };
        let (one, samples) = (plan.cost(), node.samples() as u64);
        let learned = node.inputs.iter().filter(|id| self.own.contains(id));
        let learned = learned.filter_map(|id| self.value(*id).shape);
        let learned: u64 = learned.map(|shape| shape.count() as u64).sum();
        Cost {
            parameters: one.parameters.saturating_add(learned),
            macs: one.macs.saturating_mul(samples),
            operations: one.operations.saturating_mul(samples),
            output_bytes: one.output_bytes.saturating_mul(samples),
        }
    }
}

#[cfg(test)]
mod tests;
