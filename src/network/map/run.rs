//! A network that has been run, with its map.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::{MapPicture, NetworkMap, PlacedMap, Unit};
use crate::language::{Localized, Message, message_error, says};
use crate::network::graph::{
    Again, FieldBefore, Graph, Keep, ReceptiveField, RunError, ValueId, ValueSource, Values,
};
use crate::network::shares;
use crate::op::{Cost, OperationKind};
use crate::tensor::{Shape, Tensor};

/// Multiply-accumulates and other operations of a network that is run to be shown, at most.
const MAX_OPERATIONS: u64 = 20_000_000_000;
/// Numbers of all its values together, at most: a gigabyte.
const MAX_ELEMENTS: u64 = 250_000_000;

/// A network with the numbers of an input.
#[derive(Debug, Clone)]
pub struct RunNetwork {
    /// Its nodes.
    pub graph: Arc<Graph>,
    /// What they are together.
    pub map: Arc<NetworkMap>,
    pub(super) values: Arc<Values>,
    pub(super) cost: Cost,
    /// What an element of each value depends on in the first input.
    pub(super) fields: Arc<Vec<Option<ReceptiveField>>>,
    /// Of each node, whether it keeps its numbers because something no longer fits.
    pub(super) stale: Arc<Vec<bool>>,
}

/// Why a network cannot be run to be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum MapError {
    /// It would take too long, or too much memory.
    TooLarge {
        /// Operations.
        operations: u64,
        /// Numbers of its values.
        elements: u64,
    },
    /// It cannot be run.
    Run(RunError),
}

impl Message for MapError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::TooLarge {
                operations,
                elements,
            } => says!(
                en: "the network takes {operations} operations and {elements} numbers on this input; {MAX_OPERATIONS} and {MAX_ELEMENTS} can be shown: give a smaller input",
                ja: "この入力では演算が {operations} 回、値が {elements} 個になります。表示できるのは {MAX_OPERATIONS} 回、{MAX_ELEMENTS} 個までです。入力を小さくしてください。"
            ),
            Self::Run(why) => why.message(),
        }
    }
}

message_error!(MapError { Run(RunError) });

impl RunNetwork {
    /// Runs a network on the numbers of its inputs, and keeps those of every value.
    ///
    /// # Errors
    /// When it is too large, an input is missing or does not fit.
    pub fn new(graph: Graph, inputs: &[(ValueId, Tensor)]) -> Result<Self, MapError> {
        let cost = checked_cost(&graph)?;
        let map = NetworkMap::new(&graph);
        let stale = vec![false; graph.nodes().len()];
        let values = kept(&map, (&graph, &stale), graph.run(inputs, Keep::All)?);
        let fields = graph.inputs().first().map(|&input| graph.fields(input));
        let fields = graph
            .values()
            .map(|(id, _)| fields.as_ref()?.of(id))
            .collect();
        Ok(Self {
            graph: Arc::new(graph),
            map: Arc::new(map),
            values: Arc::new(values),
            cost,
            fields: Arc::new(fields),
            stale: Arc::new(stale),
        })
    }

    /// What an element of a value depends on in the first input; `None` where that is nothing.
    #[must_use]
    pub fn field(&self, id: ValueId) -> Option<ReceptiveField> {
        *self.fields.get(id.0)?
    }

    /// What layers go on from that follow on from a value, with what they read of the first input. Nothing is known
    /// behind a layer that does not fit.
    #[must_use]
    pub fn field_before(&self, id: ValueId) -> Option<FieldBefore> {
        let fitting;
        let graph = if self.stale.contains(&true) {
            fitting = self.graph.without(&self.stale);
            &fitting
        } else {
            &*self.graph
        };
        let input = graph.inputs().first()?;
        Some(graph.fields(*input).before(id))
    }

    /// What all of it costs.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// The same network on other numbers. What depends on a layer that does not fit keeps its own.
    ///
    /// # Errors
    /// When an input is missing or does not fit.
    pub fn again(&self, inputs: &[(ValueId, Tensor)]) -> Result<Self, MapError> {
        let again = Again {
            changed: &vec![true; self.graph.nodes().len()],
            stale: &self.stale,
        };
        let values = self.graph.rerun((*self.values).clone(), inputs, again)?;
        let values = kept(&self.map, (&self.graph, &self.stale), values);
        Ok(Self {
            values: Arc::new(values),
            ..self.clone()
        })
    }

    /// The numbers of a value, of the first sample; `None` where they depend on a node that is not known.
    #[must_use]
    pub fn sample(&self, id: ValueId) -> Option<Tensor> {
        let tensor = self.values.get(id)?;
        let shape = self.graph.sample_shape(id)?;
        // The only sample is the whole, and is not copied.
        if tensor.data().len() == shape.count() {
            return tensor.clone().reshaped(shape).ok();
        }
        let first = tensor.data().get(..shape.count())?;
        Tensor::new(shape, first.to_vec()).ok()
    }

    /// The numbers of a value, of all samples; of one that the map does not show they are computed again.
    /// `None` where they depend on a node that is not known.
    ///
    /// # Errors
    /// When they cannot be computed.
    pub fn recalled(&self, id: ValueId) -> Result<Option<Tensor>, RunError> {
        self.graph.recalled(id, &self.values)
    }

    /// The numbers of an output as shares of one, from the largest down: with softmax, where it has not
    /// been applied by the network itself. `None` for outputs that are no list of numbers.
    #[must_use]
    pub fn shares(&self, id: ValueId) -> Option<Vec<(usize, f32)>> {
        self.list_length(id)?;
        shares(&self.sample(id)?)
    }

    /// How many numbers a value has, where they are a list: one axis, one behind a batch that was lost track of, or
    /// what a softmax makes of one.
    fn list_length(&self, id: ValueId) -> Option<usize> {
        let is_softmax = || {
            let ValueSource::Node(number) = self.graph.value(id).source else {
                return false;
            };
            let plan = self.graph.nodes().get(number).and_then(|node| node.plan());
            plan.is_some_and(|plan| {
                let kind = plan.layer().kind();
                matches!(kind, OperationKind::Softmax | OperationKind::LogSoftmax)
            })
        };
        let shape = self.graph.sample_shape(id)?;
        match *shape.axes() {
            [count] => Some(count),
            [1, count] if !self.graph.value(id).batched || is_softmax() => Some(count),
            _ => None,
        }
    }

    /// How many numbers its first output has; `None` where that is no list.
    #[must_use]
    pub fn class_count(&self) -> Option<usize> {
        self.list_length(*self.graph.outputs().first()?)
    }

    /// Its map while some units are open.
    #[must_use]
    pub fn placed(&self, open: &BTreeSet<String>) -> PlacedMap {
        PlacedMap::new(&self.map, &self.graph, open)
    }

    /// The same in the rows that fill a picture best.
    #[must_use]
    pub fn placed_in(&self, open: &BTreeSet<String>, picture: MapPicture) -> PlacedMap {
        PlacedMap::in_picture(&self.map, &self.graph, open, picture)
    }
}

/// What a graph costs, where that is little enough to be shown.
pub(super) fn checked_cost(graph: &Graph) -> Result<Cost, MapError> {
    let cost = graph.cost();
    let operations = cost.macs.saturating_add(cost.operations);
    let computed = graph
        .values()
        .filter(|(_, value)| matches!(value.source, ValueSource::Node(_)));
    let elements = computed
        .filter_map(|(_, value)| value.shape)
        .map(|shape| shape.count() as u64)
        .sum();
    if operations > MAX_OPERATIONS || elements > MAX_ELEMENTS {
        return Err(MapError::TooLarge {
            operations,
            elements,
        });
    }
    Ok(cost)
}

/// The numbers of what a map can show, of the outputs, and of what cannot be computed again; the others are
/// let go of.
pub(super) fn kept(
    map: &NetworkMap,
    (graph, stale): (&Graph, &[bool]),
    mut values: Values,
) -> Values {
    fn outputs(units: &[Unit], all: &mut HashSet<ValueId>) {
        for unit in units {
            all.insert(unit.output);
            outputs(&unit.parts, all);
        }
    }
    let mut shown: HashSet<ValueId> = map.inputs.iter().copied().collect();
    outputs(&map.units, &mut shown);
    shown.extend(graph.outputs());
    shown.extend(graph.beyond_recall(stale));
    values.retain(|id| shown.contains(&id));
    values
}

impl Graph {
    /// The shape of one sample of a value: without the batch.
    #[must_use]
    pub fn sample_shape(&self, id: ValueId) -> Option<Shape> {
        let value = self.value(id);
        let shape = value.shape?;
        match shape.axes() {
            [_, sample @ ..] if value.batched => Shape::of_axes(sample).ok(),
            _ => Some(shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Subject;
    use crate::tensor::Fill;

    #[test]
    fn the_only_sample_is_not_copied() {
        let subject = Subject::parse("nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2))").unwrap();
        let graph = subject.graph(&Shape::new(&[1, 6, 6]).unwrap()).unwrap();
        let &[input] = graph.inputs() else {
            panic!("{:?}", graph.inputs());
        };
        let shape = graph.value(input).shape.unwrap();
        let numbers = Fill::Ramp.make(&shape).unwrap();
        let run = RunNetwork::new(graph, &[(input, numbers.clone())]).unwrap();
        let sample = run.sample(input).unwrap();
        assert_eq!(*sample.shape(), Shape::new(&[1, 6, 6]).unwrap());
        assert!(std::ptr::eq(sample.data(), numbers.data()));
    }
}
