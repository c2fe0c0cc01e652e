//! The whole state of the show at one moment.

use std::ops::Range;
use std::sync::Arc;

use glam::{Vec2, Vec3};

use super::QuestionSpan;
use crate::lesson::{Formula, Language, LayerPart, Part, Staging};

/// What [`super::Timeline::at`] gives: everything that a person sees at a moment. Two equal samples
/// give the same picture, so that a recording draws it once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The language that is written.
    pub language: Language,
    /// The scene: its index in [`super::Timeline::scenes`].
    pub scene: usize,
    /// The names of the lesson and of the scene.
    pub titles: Arc<Titles>,
    /// How much of the scene is there: 1, but less while it comes and goes.
    pub scene_opacity: f32,
    /// How far each layer has come.
    pub staged_layers: Vec<LayerProgress>,
    /// How much of each part is there and how far it recedes.
    pub parts: Parts,
    /// How things move.
    pub motion: Motion,
    /// The guided camera.
    pub camera: GuidedView,
    /// The caption that is up.
    pub caption: Option<Arc<str>>,
    /// What the formula card shows.
    pub formula: Formula,
    /// How much of the formula card is there.
    pub formula_presence: f32,
    /// The prediction that is up.
    pub prediction: Option<Prediction>,
    /// How much room the picture leaves for the formula card at its head.
    pub headroom: f32,
    /// How much of a question is up: while it is, nothing is said, and no caption needs room.
    pub asking: f32,
}

/// What is written at the head of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Titles {
    /// The lesson's name.
    pub lesson: String,
    /// The chapter's name.
    pub chapter: String,
}

/// How things move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Motion {
    /// Everything flies to its place.
    #[default]
    Full,
    /// For whom movement makes dizzy: the camera cuts, and cubes go and come where they flew.
    Reduced,
}

/// How far a layer has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerProgress {
    /// Visits that are done, with the part of the next one.
    pub position: f64,
    /// How much of each visit is shown: 1 where every product is seen, 0 in a quick sweep.
    pub detail: f32,
}

/// A prediction at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Which: its index in [`super::Timeline::questions`], by which answers are kept.
    pub question: usize,
    /// The question itself.
    pub question_span: Arc<QuestionSpan>,
    /// How much of its card is there.
    pub presence: f32,
    /// The part of the time to think that is left.
    pub left: f32,
    /// How much of the answer is shown.
    pub revealed: f32,
}

/// A guided camera: a parallel view of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GuidedView {
    /// Degrees to the right of straight ahead.
    pub yaw: f32,
    /// Degrees above the horizon.
    pub pitch: f32,
    /// The point in the middle of the picture.
    pub centre: Vec3,
    /// Half the width and half the height that must be seen, in world units.
    pub half: Vec2,
    /// How far what is framed itself reaches down and up from that point, in world units.
    pub reach: Vec2,
    /// Whether what is framed stands in several rows, from 0 to 1: sides of a comparison, which have names of their
    /// own, or lines of one.
    pub stacked: f32,
}

impl GuidedView {
    /// The directions right, up and towards the viewer.
    #[must_use]
    pub fn axes(&self) -> [Vec3; 3] {
        let (yaw_sin, yaw_cos) = self.yaw.to_radians().sin_cos();
        let (pitch_sin, pitch_cos) = self.pitch.to_radians().sin_cos();
        let right = Vec3::new(yaw_cos, 0.0, -yaw_sin);
        let back = Vec3::new(yaw_sin * pitch_cos, pitch_sin, yaw_cos * pitch_cos);
        [right, back.cross(right), back]
    }
}

/// A value for each part of the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Each channel of each tensor.
    pub tensors: Vec<Vec<PartState>>,
    /// What belongs to each layer.
    pub staged_layers: Vec<LayerPartStates>,
}

/// A value for each part of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerPartStates {
    /// The padding ghosts.
    pub padding: PartState,
    /// The filter at work.
    pub kernel: PartState,
    /// Each filter, where it waits.
    pub filters: Vec<PartState>,
}

/// How a part of the stage looks at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartState {
    /// 0 away, 1 there.
    pub presence: f32,
    /// 0 in full colour, 1 receded.
    pub recede: f32,
}

/// The slots of a scene's parts, in one line: what tracks are kept for.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    sides: Vec<(Range<usize>, Range<usize>)>,
    /// The channels of each tensor.
    tensors: Vec<Range<usize>>,
    /// The slots of each layer: padding, kernel, then its filters.
    staged_layers: Vec<Range<usize>>,
    /// The tensors that each layer reads and writes.
    ends: Vec<(usize, usize)>,
    count: usize,
}

impl Slots {
    pub fn new(staging: &Staging) -> Self {
        let mut count = 0;
        let mut take = |length: usize| {
            count += length;
            count - length..count
        };
        let tensors: Vec<Range<usize>> = match &staging.network {
            Some(network) => network.map.blocks.iter().map(|_| take(1)).collect(),
            None => {
                let tensors = staging.tensors.iter();
                tensors
                    .map(|tensor| take(tensor.shape().as_chw()[0]))
                    .collect()
            }
        };
        let network = staging.network.as_ref();
        let network = network.map(|network| (0..0, 0..network.map.blocks.len()));
        let staged_layers = staging
            .staged_layers
            .iter()
            .map(|staged_layer| take(2 + staged_layer.plan.filter_count()))
            .collect();
        Self {
            sides: staging
                .sides
                .iter()
                .map(|side| (side.staged_layers.clone(), side.tensors.clone()))
                .chain(network)
                .collect(),
            tensors,
            staged_layers,
            ends: staging
                .staged_layers
                .iter()
                .map(|staged_layer| (staged_layer.input, staged_layer.output))
                .collect(),
            count,
        }
    }

    pub const fn count(&self) -> usize {
        self.count
    }

    /// The slots that a part stands for.
    pub fn of(&self, part: Part) -> Vec<usize> {
        let of = |staged_layer: usize, part: LayerPart| self.of_layer(staged_layer, part);
        let every = |part: LayerPart| -> Vec<usize> {
            (0..self.staged_layers.len())
                .flat_map(|staged_layer| of(staged_layer, part))
                .collect()
        };
        let tensor = |tensor: usize| self.tensors.get(tensor).cloned().unwrap_or(0..0);
        let last = self
            .sides
            .first()
            .map_or(0, |(staged_layers, _)| staged_layers.end);
        match part {
            Part::Input => {
                let firsts = self.sides.iter().map(|(_, tensors)| tensors.start);
                firsts.flat_map(tensor).collect()
            }
            Part::Output => {
                let lasts = self.sides.iter().map(|(_, tensors)| tensors.end);
                lasts
                    .flat_map(|end| tensor(end.saturating_sub(1)))
                    .collect()
            }
            Part::InputChannel(index) => of(0, LayerPart::InputChannel(index)),
            Part::OutputChannel(index) => {
                of(last.saturating_sub(1), LayerPart::OutputChannel(index))
            }
            Part::Padding => every(LayerPart::Padding),
            Part::Kernel => every(LayerPart::Kernel),
            Part::Filters => every(LayerPart::Filters),
            Part::Filter(index) => {
                let weighted = self.staged_layers.iter().position(|slots| slots.len() > 2);
                of(weighted.unwrap_or(0), LayerPart::Filter(index))
            }
            Part::Tensor(index) => tensor(index).collect(),
            Part::Layer(index) => self.layer(index),
            Part::Of(index, part) => of(index, part),
            Part::Side(index) => self.sides.get(index).map_or_else(Vec::new, |side| {
                let (staged_layers, tensors) = side.clone();
                let own = tensors.flat_map(tensor);
                own.chain(
                    staged_layers.flat_map(|staged_layer| self.staged_layers[staged_layer].clone()),
                )
                .collect()
            }),
        }
    }

    fn layer(&self, index: usize) -> Vec<usize> {
        let own = self.staged_layers.get(index).cloned().unwrap_or(0..0);
        own.chain(self.of_layer(index, LayerPart::Output)).collect()
    }

    fn of_layer(&self, staged_layer: usize, part: LayerPart) -> Vec<usize> {
        let (Some(slots), Some((input, output))) = (
            self.staged_layers.get(staged_layer),
            self.ends.get(staged_layer),
        ) else {
            return Vec::new();
        };
        let one = |range: &Range<usize>, index: usize| {
            let slot = range.start + index;
            range.contains(&slot).then_some(slot).into_iter().collect()
        };
        let (start, filters) = (slots.start, slots.start + 2..slots.end);
        match part {
            LayerPart::Input => self.tensors[*input].clone().collect(),
            LayerPart::InputChannel(index) => one(&self.tensors[*input], index),
            LayerPart::Padding => vec![start],
            LayerPart::Kernel => vec![start + 1],
            LayerPart::Filters => filters.collect(),
            LayerPart::Filter(index) => one(&filters, index),
            LayerPart::Output => self.tensors[*output].clone().collect(),
            LayerPart::OutputChannel(index) => one(&self.tensors[*output], index),
        }
    }

    pub fn gather(&self, state: impl Fn(usize) -> PartState) -> Parts {
        Parts {
            tensors: self
                .tensors
                .iter()
                .map(|slots| slots.clone().map(&state).collect())
                .collect(),
            staged_layers: self
                .staged_layers
                .iter()
                .map(|slots| LayerPartStates {
                    padding: state(slots.start),
                    kernel: state(slots.start + 1),
                    filters: (slots.start + 2..slots.end).map(&state).collect(),
                })
                .collect(),
        }
    }
}
