//! A network as a map: its layers gathered into what they are as a whole (a convolution with its
//! normalisation and activation, a residual block, several of them one after another), each of which can be
//! opened.
//!
//! - `gather` finds them in a graph, from how its values depend on each other;
//! - `title` names them, and `written` says how that is written;
//! - `place` gives each that is shown a place in space;
//! - `run` has the numbers of all of them;
//! - `edited` has them with some layers in another form.

mod edited;
mod gather;
mod place;
mod run;
mod title;
pub(crate) mod written;

pub use gather::is_transformer;
pub use place::{MapBlock, MapLink, MapPicture, PlacedMap, in_cells};
pub use run::{MapError, RunNetwork};

use std::collections::BTreeSet;

use super::graph::{Graph, ValueId};
use crate::op::{Cost, Family};

/// A network, gathered.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkMap {
    /// What it reads.
    pub inputs: Vec<ValueId>,
    /// What it is made of, each after those that it reads.
    pub units: Vec<Unit>,
}

/// Some nodes of a network that are one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// What its nodes have in common in their names: `layer1.0`. No two units of a map have the same.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its nodes by their numbers, in order.
    pub nodes: Vec<usize>,
    /// Those that depend on no input: what is made of parameters first.
    pub fixed: Vec<usize>,
    /// What it reads of other units and of the inputs.
    pub inputs: Vec<ValueId>,
    /// What it gives.
    pub output: ValueId,
    /// What its nodes cost.
    pub cost: Cost,
    /// What it is made of; empty where it is one layer.
    pub parts: Vec<Unit>,
}

/// What nodes are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// A layer, with those behind it that refine what it makes.
    Layer(Family),
    /// Its input is added to what it makes of it.
    Residual {
        /// What it does before the sum.
        body: Body,
        /// Whether the input goes through a layer of its own on the way round.
        projected: bool,
    },
    /// Narrow, wide and narrow again, without a way round.
    Inverted,
    /// One filter for each channel, then one by one.
    Separable,
    /// Each layer reads all that the ones before have made.
    Dense,
    /// Several ways side by side, put together at the end.
    Branches(usize),
    /// A convolution that makes the channels few, then several ways side by side.
    Fire,
    /// Its input, weighed by what is worked out of it.
    Gate,
    /// Other layers that branch.
    Block,
    /// So many equal things, each of so many units, one after another.
    Repeat {
        /// How many.
        times: usize,
        /// Units in each.
        period: usize,
        /// Whether they are equal; else they have no more than their shape in common.
        equal: bool,
    },
}

/// What a residual block does before the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Body {
    /// Convolutions.
    Plain,
    /// Convolutions that are narrow in the middle.
    Bottleneck,
    /// Convolutions that are wide in the middle, where each channel has a filter of its own.
    Inverted,
    /// Attention.
    Attention,
    /// Linear layers.
    Linear,
}

impl NetworkMap {
    /// The map of a graph.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        gather::gather(graph)
    }

    /// The unit of a name, however deep.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Unit> {
        fn among<'a>(units: &'a [Unit], name: &str) -> Option<&'a Unit> {
            let here = units.iter().find(|unit| unit.name == name);
            here.or_else(|| units.iter().find_map(|unit| among(&unit.parts, name)))
        }
        among(&self.units, name)
    }

    /// The units that are shown while some are open, in order: an open one is replaced by its parts.
    #[must_use]
    pub fn shown<'a>(&'a self, open: &BTreeSet<String>) -> Vec<&'a Unit> {
        fn add<'a>(units: &'a [Unit], open: &BTreeSet<String>, shown: &mut Vec<&'a Unit>) {
            for unit in units {
                if !unit.parts.is_empty() && open.contains(&unit.name) {
                    add(&unit.parts, open, shown);
                } else {
                    shown.push(unit);
                }
            }
        }
        let mut shown = Vec::new();
        add(&self.units, open, &mut shown);
        shown
    }

    /// The open units around a shown one, from the outermost: `layer1`, then `layer1.0`.
    #[must_use]
    pub fn around(&self, name: &str) -> Vec<&Unit> {
        fn among<'a>(units: &'a [Unit], name: &str) -> Option<Vec<&'a Unit>> {
            units.iter().find_map(|unit| {
                if unit.name == name {
                    return Some(Vec::new());
                }
                let mut inner = among(&unit.parts, name)?;
                inner.insert(0, unit);
                Some(inner)
            })
        }
        among(&self.units, name).unwrap_or_default()
    }
}
