//! A network that has been run, with some of its layers in another form. The map stays the same, so that
//! whoever looks at it stays where they are.

use std::sync::Arc;

use super::run::{checked_cost, kept};
use super::{MapError, NetworkMap, RunNetwork, Unit};
use crate::network::graph::{
    Again, EditedBefore, Graph, LayerEdits, Misfit, ReceptiveField, ValueId, ValueSource,
};
use crate::op::Cost;
use crate::tensor::Tensor;

impl RunNetwork {
    /// It with other edits of `base`, the graph without any, than it has; and what does not fit then.
    /// Only what depends on what has changed is computed.
    ///
    /// # Errors
    /// When it becomes too large, or cannot be run.
    pub fn edited(
        &self,
        base: &Graph,
        (edits, edits_before): (&LayerEdits, &LayerEdits),
        inputs: &[(ValueId, Tensor)],
    ) -> Result<(Self, Vec<Misfit>), MapError> {
        let before = EditedBefore {
            graph: &self.graph,
            stale: &self.stale,
            edits: edits_before,
        };
        let made = base.edited(edits, before);
        let cost = checked_cost(&made.graph)?;
        let again = Again {
            changed: &made.changed,
            stale: &made.stale,
        };
        let mut values = (*self.values).clone();
        for id in made.graph.beyond_recall(&made.stale) {
            if let Some(tensor) = self.recalled(id)? {
                values.hold(id, tensor);
            }
        }
        let values = made.graph.rerun(values, inputs, again)?;
        let values = kept(&self.map, (&made.graph, &made.stale), values);
        let fields = self.fields_of(&made.graph, &made.stale);
        let run = Self {
            map: Arc::new(self.map.with_costs(&made.graph)),
            graph: Arc::new(made.graph),
            values: Arc::new(values),
            cost,
            fields: Arc::new(fields),
            stale: Arc::new(made.stale),
        };
        Ok((run, made.misfits))
    }

    /// Whether a node keeps its numbers, because it or something before it does not fit.
    #[must_use]
    pub fn is_stale(&self, node: usize) -> bool {
        self.stale.get(node).copied().unwrap_or(false)
    }

    /// The receptive fields of all values; stale ones keep theirs.
    fn fields_of(&self, graph: &Graph, stale: &[bool]) -> Vec<Option<ReceptiveField>> {
        let fresh = graph.without(stale);
        let input = fresh.inputs().first().copied();
        let fields = input.map(|input| fresh.fields(input));
        let keeps = |source: &ValueSource| match source {
            ValueSource::Node(node) => stale.get(*node).copied().unwrap_or(false),
            ValueSource::Input | ValueSource::Constant(_) | ValueSource::Parameter { .. } => false,
        };
        let all = graph.values().map(|(id, value)| {
            if keeps(&value.source) {
                self.field(id)
            } else {
                fields.as_ref()?.of(id)
            }
        });
        all.collect()
    }
}

impl NetworkMap {
    /// The same units, with what they cost in a graph.
    fn with_costs(&self, graph: &Graph) -> Self {
        fn priced(unit: &Unit, graph: &Graph) -> Unit {
            let nodes = unit.nodes.iter().chain(&unit.fixed);
            let nodes = nodes.filter_map(|&node| graph.nodes().get(node));
            let costs = nodes.map(|node| graph.node_cost(node));
            let parts = unit.parts.iter().map(|part| priced(part, graph));
            Unit {
                cost: costs.fold(Cost::default(), |sum, cost| sum + cost),
                parts: parts.collect(),
                ..unit.clone()
            }
        }
        let units = self.units.iter().map(|unit| priced(unit, graph));
        Self {
            inputs: self.inputs.clone(),
            units: units.collect(),
        }
    }
}
