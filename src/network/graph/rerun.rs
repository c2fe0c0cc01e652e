//! Running a part of a graph again: what has changed and what that needs, or one value that was let go of.

use crate::tensor::{Tensor, read_file};

use super::error::RunError;
use super::run::Values;
use super::{Graph, ValueId, ValueSource};

/// Which nodes are run again.
#[derive(Debug, Clone, Copy)]
pub struct Again<'a> {
    /// Those that give other numbers than before.
    pub changed: &'a [bool],
    /// Those that keep theirs, whatever stands before them.
    pub stale: &'a [bool],
}

impl Again<'_> {
    fn changes(self, node: usize) -> bool {
        !self.stays(node) && self.changed.get(node).copied().unwrap_or(false)
    }

    fn stays(self, node: usize) -> bool {
        self.stale.get(node).copied().unwrap_or(false)
    }
}

impl Graph {
    /// Computes nodes anew that have changed, from the values of a run before. Values between that were
    /// let go of are computed again where something needs them. Every value that is computed is kept.
    ///
    /// # Errors
    /// As [`Graph::run`].
    pub fn rerun(
        &self,
        before: Values,
        inputs: &[(ValueId, Tensor)],
        again: Again<'_>,
    ) -> Result<Values, RunError> {
        let mut values = before;
        values.tensors.resize(self.values.len(), None);
        for (tensor, value) in values.tensors.iter_mut().zip(&self.values) {
            match value.source {
                ValueSource::Node(_) => {}
                // Those of weights that are edited may have changed.
                ValueSource::Input | ValueSource::Constant(_) | ValueSource::Parameter { .. } => {
                    *tensor = None;
                }
            }
        }
        for &id in &self.inputs {
            values.tensors[id.0] = Some(self.given(id, inputs)?);
        }
        for number in self.needed(&values, again, None) {
            let node = &self.nodes[number];
            let computed = self.compute(node, &mut values, &read_file)?;
            if let Some(&output) = node.outputs.first() {
                values.tensors[output.0] = computed;
            }
        }
        for &id in &self.outputs {
            if values.tensors[id.0].is_none() {
                values.tensors[id.0] = self.fixed(id, &read_file)?;
            }
        }
        Ok(values)
    }

    /// The numbers of a value after a run, where they were let go of computed again from those that were
    /// kept. `None` where they depend on a node that is not known, or on an input that was not kept.
    ///
    /// # Errors
    /// As [`Graph::run`].
    pub fn recalled(&self, id: ValueId, values: &Values) -> Result<Option<Tensor>, RunError> {
        if let Some(tensor) = values.get(id) {
            return Ok(Some(tensor.clone()));
        }
        let mut values = values.clone();
        values.tensors.resize(self.values.len(), None);
        let nothing = Again {
            changed: &[],
            stale: &[],
        };
        for number in self.needed(&values, nothing, Some(id)) {
            let node = &self.nodes[number];
            let computed = self.compute(node, &mut values, &read_file)?;
            if let Some(&output) = node.outputs.first() {
                values.tensors[output.0] = computed;
            }
        }
        match values.get(id) {
            Some(tensor) => Ok(Some(tensor.clone())),
            None => self.fixed(id, &read_file),
        }
    }

    /// The values that must not be let go of, since nothing gives them again: of nodes that keep their numbers
    /// while what they read changes.
    pub(in crate::network) fn beyond_recall(&self, stale: &[bool]) -> Vec<ValueId> {
        let stays = |node: usize| stale.get(node).copied().unwrap_or(false);
        let moves = |id: &ValueId| match self.value(*id).source {
            ValueSource::Input => true,
            ValueSource::Node(node) => !stays(node),
            ValueSource::Constant(_) | ValueSource::Parameter { .. } => false,
        };
        let nodes = self.nodes.iter().enumerate();
        let nodes = nodes.filter(|(number, node)| {
            let read = node.inputs.iter();
            let mut read = read.chain(node.operands.iter().map(|(_, id)| id));
            stays(*number) && read.any(moves)
        });
        nodes
            .flat_map(|(_, node)| node.outputs.iter().copied())
            .collect()
    }

    /// The nodes to be computed, in order: those that have changed, those that give a value that is asked
    /// for, and what they read that has no numbers.
    fn needed(&self, values: &Values, again: Again<'_>, asked: Option<ValueId>) -> Vec<usize> {
        let mut wanted = vec![false; self.values.len()];
        if let Some(id) = asked {
            wanted[id.0] = true;
        }
        let mut needed = Vec::new();
        for (number, node) in self.nodes.iter().enumerate().rev() {
            let mut outputs = node.outputs.iter();
            let missing = outputs.any(|&id| wanted[id.0] && values.get(id).is_none());
            if again.stays(number) || !(missing || again.changes(number)) {
                continue;
            }
            needed.push(number);
            let read = node.inputs.iter();
            for id in read.chain(node.operands.iter().map(|(_, id)| id)) {
                wanted[id.0] = true;
            }
        }
        needed.reverse();
        needed
    }
}
