//! Running a part of a graph again: what has changed, and what that needs.

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
        for number in self.needed(&values, again) {
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

    /// The nodes to be computed, in order: those that have changed, and what they read that has no
    /// numbers.
    fn needed(&self, values: &Values, again: Again<'_>) -> Vec<usize> {
        let mut wanted = vec![false; self.values.len()];
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
