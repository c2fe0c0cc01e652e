//! A graph with some of its layers in another form. Shapes follow node by node; where a layer no longer
//! fits, what depends on it stays as it was.

use std::collections::BTreeMap;

use crate::language::{Localized, Message};
use crate::op::{Layer, OperandRole, Plan};
use crate::tensor::{Fill, Shape, Tensor, read_file};

use super::error::GraphError;
use super::planning::Unplanned;
use super::refit::refitted;
use super::{Graph, Node, Value, ValueId, ValueSource, Work};

/// A layer in another form.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerEdit {
    /// The layer.
    pub layer: Layer,
    /// What its weights are filled with. Without, they are those that the network has: of another
    /// kernel the centre is kept, with zeros around.
    pub weights: Option<Fill>,
}

/// Layers in another form, by the numbers of their nodes.
pub type LayerEdits = BTreeMap<usize, LayerEdit>;

/// A node that does not take what it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// Its number.
    pub node: usize,
    /// Why not.
    pub why: Localized<String>,
}

/// A graph with some of its layers in another form.
#[derive(Debug, Clone)]
pub struct EditedGraph {
    /// It. Nodes and values keep their numbers; weights that are edited are further values.
    pub graph: Graph,
    /// Of each node, whether it is as it was before, because it does not fit or depends on one that does
    /// not.
    pub stale: Vec<bool>,
    /// The nodes that do not fit, from the first one on.
    pub misfits: Vec<Misfit>,
    /// Of each node, whether it gives other numbers than before.
    pub changed: Vec<bool>,
}

/// What was made of a graph by other edits.
#[derive(Debug, Clone, Copy)]
pub struct EditedBefore<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// Of each node, whether it is as it was before that.
    pub stale: &'a [bool],
    /// The edits.
    pub edits: &'a LayerEdits,
}

impl Graph {
    /// It with some layers in another form. `before` is what was made of it by other edits: nodes that
    /// do not fit now stay as they are there.
    #[must_use]
    pub fn edited(&self, edits: &LayerEdits, before: EditedBefore<'_>) -> EditedGraph {
        let count = self.nodes.len();
        let mut made = EditedGraph {
            graph: self.clone(),
            stale: vec![false; count],
            misfits: Vec::new(),
            changed: vec![false; count],
        };
        // Of each value, whether it stays as it was, and whether it has other numbers.
        let mut stale = vec![false; self.values.len()];
        let mut changed = vec![false; self.values.len()];
        for (number, node) in self.nodes.iter().enumerate() {
            let any = |flags: &[bool]| {
                let read = node.inputs.iter();
                let mut read = read.chain(node.operands.iter().map(|(_, id)| id));
                read.any(|id| flags.get(id.0).copied().unwrap_or(false))
            };
            let edit = edits.get(&number);
            let fits = if any(&stale) {
                None
            } else {
                Some(made.graph.replan(number, edit, self))
            };
            let was_stale = before.stale.get(number).copied().unwrap_or(false);
            match fits {
                Some(Ok(())) => {
                    let same = edit == before.edits.get(&number) && !was_stale;
                    made.changed[number] = !same || any(&changed);
                }
                None => made.stale[number] = true,
                Some(Err(why)) => {
                    made.stale[number] = true;
                    made.misfits.push(Misfit { node: number, why });
                }
            }
            if made.stale[number] {
                made.graph
                    .keep_node(number, before.graph, self.values.len());
            }
            for output in &node.outputs {
                stale[output.0] = made.stale[number];
                changed[output.0] = made.changed[number];
            }
        }
        made
    }

    /// Plans a node anew, on the shapes that its inputs have by now. `base` is the graph without edits.
    fn replan(
        &mut self,
        number: usize,
        edit: Option<&LayerEdit>,
        base: &Self,
    ) -> Result<(), Localized<String>> {
        let Some(node) = base.nodes.get(number) else {
            return Ok(());
        };
        let read = node.inputs.iter();
        let mut read = read.chain(node.operands.iter().map(|(_, id)| id));
        let same_shapes = read.all(|&id| self.value(id).shape == base.value(id).shape);
        if same_shapes && edit.is_none() {
            return Ok(());
        }
        let (plan, samples) = match &node.work {
            Work::Plan { plan, samples } => (plan.as_ref(), *samples),
            Work::Unknown(why) => return Err(why.clone()),
        };
        let layer = edit.map_or_else(|| plan.layer(), |edit| &edit.layer);
        // As it was planned before: a layer of the whole stays one.
        let of_whole = samples.is_none() && layer.operation().sample_rank().is_none();
        let planned = if of_whole {
            self.planned_whole(layer, &node.inputs)
        } else {
            self.planned(layer, &node.inputs)
        };
        let planned = planned.map_err(|why| {
            let why = match why {
                Unplanned::Layer(why) => GraphError::Layer {
                    node: node.name.clone(),
                    operator: node.origin.operator.clone(),
                    line: node.origin.line,
                    why: Box::new(why),
                },
                Unplanned::Shape(value) => GraphError::NoShape {
                    node: node.name.clone(),
                    value,
                },
            };
            why.message()
        })?;
        let operands = self.operands_for(node, (plan, &planned.plan), edit)?;
        if let Some(&output) = node.outputs.first()
            && let Some(value) = self.values.get_mut(output.0)
        {
            value.shape = Some(planned.output);
        }
        if let Some(own) = self.nodes.get_mut(number) {
            own.work = Work::Plan {
                plan: Box::new(planned.plan),
                samples: planned.samples,
            };
            own.operands = operands;
        }
        Ok(())
    }

    /// The operands of a node for its new plan.
    fn operands_for(
        &mut self,
        node: &Node,
        (before, plan): (&Plan, &Plan),
        edit: Option<&LayerEdit>,
    ) -> Result<Vec<(&'static str, ValueId)>, Localized<String>> {
        let mut operands = Vec::new();
        for operand in plan.operand_list() {
            let given = node.operands.iter().find(|(name, _)| *name == operand.name);
            let filters = operand.role == OperandRole::Filters;
            let fill = edit.and_then(|edit| edit.weights.as_ref());
            if let Some(fill) = fill.filter(|_| filters) {
                let made = plan.made(operand, fill, &read_file);
                let made = made.map_err(|why| why.message())?;
                operands.push((operand.name, self.edited_value(node, operand.name, made)));
                continue;
            }
            // What the network does not give, the layer fills by itself.
            let Some(&(name, id)) = given else {
                continue;
            };
            if self.value(id).shape == Some(operand.shape) {
                operands.push((name, id));
                continue;
            }
            let wrong = GraphError::Operand {
                node: node.name.clone(),
                operand: operand.name,
                wanted: operand.shape,
                given: self.value(id).shape,
            };
            let fixed = match edit {
                Some(_) => self.fixed(id, &read_file).map_err(|why| why.message())?,
                // Weights of a layer that was not touched are for the shape that it read before.
                None => None,
            };
            let fixed = fixed.ok_or_else(|| wrong.message())?;
            let groups = if filters {
                (before.groups(), plan.groups())
            } else {
                (1, 1)
            };
            let made = refitted(&fixed, operand.shape, groups).map_err(|why| why.message())?;
            operands.push((name, self.edited_value(node, name, made)));
        }
        Ok(operands)
    }

    /// A further value for weights that are edited.
    fn edited_value(&mut self, node: &Node, operand: &str, numbers: Tensor) -> ValueId {
        let shape: Shape = *numbers.shape();
        self.values.push(Value {
            name: format!("{}.{operand}.edited", node.name),
            shape: Some(shape),
            batched: false,
            source: ValueSource::Constant(numbers),
        });
        ValueId(self.values.len() - 1)
    }

    /// Makes a node what it was before. `own` values are those of the graph without edits; further ones
    /// have other numbers there.
    fn keep_node(&mut self, number: usize, before: &Self, own: usize) {
        let Some(mut node) = before.nodes.get(number).cloned() else {
            return;
        };
        for (_, id) in &mut node.operands {
            if id.0 >= own
                && let Some(value) = before.values.get(id.0)
            {
                self.values.push(value.clone());
                *id = ValueId(self.values.len() - 1);
            }
        }
        for output in &node.outputs {
            let value = before.values.get(output.0);
            if let (Some(own), Some(value)) = (self.values.get_mut(output.0), value) {
                own.shape = value.shape;
            }
        }
        if let Some(own) = self.nodes.get_mut(number) {
            *own = node;
        }
    }

    /// It without the nodes that are not what they would have to be: what is left fits together.
    #[must_use]
    pub fn without(&self, stale: &[bool]) -> Self {
        let nodes = self.nodes.iter().enumerate();
        let nodes = nodes.filter(|(number, _)| !stale.get(*number).copied().unwrap_or(false));
        Self {
            nodes: nodes.map(|(_, node)| node.clone()).collect(),
            ..self.clone()
        }
    }
}
