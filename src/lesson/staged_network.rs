//! A network on the stage of a scene: its map, and the numbers of each tensor that the map shows.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::PictureShape;
use crate::language::Localized;
use crate::network::map::{PlacedMap, RunNetwork};
use crate::network::{Graph, ValueId, ValueSource};
use crate::op::Family;
use crate::tensor::Tensor;

/// Channels of tensors that are looked at as pictures.
const PICTURE_CHANNELS: [usize; 2] = [1, 3];
/// Rows and columns from which on an input is looked at as a picture.
const PICTURE_SIDE: usize = 12;

/// A network on the stage, while some of its units are open.
#[derive(Clone)]
pub struct StagedNetwork {
    /// All of it.
    pub run: RunNetwork,
    /// What stands where, in a wide picture.
    pub map: PlacedMap,
    /// The same in a square picture and in an upright one.
    narrow: [PlacedMap; 2],
    /// The numbers of each block of the map; `None` where they are not known.
    pub tensors: Vec<Option<Tensor>>,
    /// What is to be said of each block.
    pub marks: Vec<BlockMark>,
    /// The channel that the front of each block shows.
    pub fronts: Vec<usize>,
}

/// What an edit of a network has to do with a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BlockMark {
    /// Nothing, or it has other numbers.
    #[default]
    Plain,
    /// A layer of it is edited.
    Edited,
    /// A layer of it does not take what it is given.
    Misfit,
    /// It depends on one that does not, and is as it was.
    Stale,
}

impl BlockMark {
    /// It in a word or two.
    #[must_use]
    pub const fn word(self) -> Option<Localized<&'static str>> {
        match self {
            Self::Plain => None,
            Self::Edited => Some(Localized::new("edited", "変更済み")),
            Self::Misfit => Some(Localized::new("does not fit", "形状が合わない")),
            Self::Stale => Some(Localized::new("as before", "以前の値")),
        }
    }
}

impl fmt::Debug for StagedNetwork {
    /// What is to be seen of it: a network has millions of numbers, of which only a hash is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = |tensor: &Option<Tensor>| {
            let mut hash = DefaultHasher::new();
            let values = tensor.iter().flat_map(|tensor| tensor.data());
            values.for_each(|value| value.to_bits().hash(&mut hash));
            hash.finish()
        };
        let numbers: Vec<u64> = self.tensors.iter().map(numbers).collect();
        f.debug_struct("StagedNetwork")
            .field("map", &self.map)
            .field("numbers", &numbers)
            .finish_non_exhaustive()
    }
}

impl StagedNetwork {
    /// A network with some of its units open.
    #[must_use]
    pub fn new(run: RunNetwork, open: &BTreeSet<String>) -> Self {
        Self::with_letters(run, open, 1.0)
    }

    /// The same where names are so many times as large in the picture as usual.
    #[must_use]
    pub fn with_letters(run: RunNetwork, open: &BTreeSet<String>, letters: f32) -> Self {
        let [map, square, upright] = [
            PictureShape::Wide,
            PictureShape::Square,
            PictureShape::Upright,
        ]
        .map(|shape| {
            let mut picture = shape.of_map();
            picture.letters *= letters;
            run.placed_in(open, picture)
        });
        let narrow = [square, upright];
        let tensors = map
            .blocks
            .iter()
            .map(|block| run.sample(block.value))
            .collect();
        let marks = vec![BlockMark::default(); map.blocks.len()];
        let fronts = vec![0; map.blocks.len()];
        Self {
            run,
            map,
            narrow,
            tensors,
            marks,
            fronts,
        }
    }

    /// What stands where in a picture of some shape: the same blocks in the same order.
    #[must_use]
    pub const fn placed(&self, picture: PictureShape) -> &PlacedMap {
        let [square, upright] = &self.narrow;
        match picture {
            PictureShape::Wide => &self.map,
            PictureShape::Square => square,
            PictureShape::Upright => upright,
        }
    }

    /// Gives a block another title.
    pub fn retitle(&mut self, block: usize, title: &Localized<String>) {
        for map in [&mut self.map].into_iter().chain(&mut self.narrow) {
            if let Some(block) = map.blocks.get_mut(block) {
                block.title.clone_from(title);
            }
        }
    }

    /// Whether a block is a picture: of one or three channels, an input, an input resized, or an output.
    #[must_use]
    pub fn is_picture(&self, block: usize) -> bool {
        let graph = &self.run.graph;
        let Some(block) = self.map.blocks.get(block) else {
            return false;
        };
        let at_end =
            graph.inputs().contains(&block.value) || graph.outputs().contains(&block.value);
        (at_end || is_resized_input(graph, block.value))
            && block.shape.is_some_and(|shape| {
                let [channels, rows, columns] = shape.as_chw();
                shape.rank() == 3
                    && PICTURE_CHANNELS.contains(&channels)
                    && rows.min(columns) >= PICTURE_SIDE
            })
    }
}

/// Whether a value is an input that has only been resized.
fn is_resized_input(graph: &Graph, value: ValueId) -> bool {
    let ValueSource::Node(number) = &graph.value(value).source else {
        return false;
    };
    graph.nodes().get(*number).is_some_and(|node| {
        let family = node
            .plan()
            .map(|plan| plan.layer().kind().description().family);
        family == Some(Family::Resampling)
            && node
                .inputs
                .first()
                .is_some_and(|input| graph.inputs().contains(input))
    })
}
