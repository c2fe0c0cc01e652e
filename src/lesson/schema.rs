//! What an author writes: the RON schema of a lesson, before any of it has been checked.
//!
//! [`super::read`] turns these types into a [`super::Lesson`], or into a list of diagnostics;
//! [`super::write`] writes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::network::read_layers;
use crate::op::{Layer, LoopOrder, Phase};
use crate::tensor::Fill;

/// Layers that are there, with or without RON's `implicit_some`.
fn some_layers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Layer>>, D::Error> {
    read_layers(deserializer).map(Some)
}

/// A whole lesson file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Lesson")]
pub struct RawLesson {
    /// The lesson's name, in each language.
    pub title: RawText,
    /// What the learner will be able to do, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<RawText>,
    /// The input tensor of the scenes that have none of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<RawInput>,
    /// The layers of the scenes that have none of their own.
    #[serde(
        default,
        deserialize_with = "some_layers",
        skip_serializing_if = "Option::is_none"
    )]
    pub layers: Option<Vec<Layer>>,
    /// Its place in the curriculum, from 1; lessons without one follow after those with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The lesson that comes next: the name of its file without `.ron`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Papers and pages to read on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<RawSource>,
    /// Numbers that are said and that the op engine does not give, each with its reason:
    /// `112 = 224 / 2`, `9 @ 0`, `224 # rows of the input`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// The scenes, in the order in which they are shown. Each is a chapter.
    pub scenes: Vec<RawScene>,
}

/// A paper or a page to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Source")]
pub struct RawSource {
    /// What it is called: authors, title, year.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// A text in each language. Both are required; a missing one is a diagnostic, not a syntax error,
/// so that it is reported together with everything else that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Text")]
pub struct RawText {
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Japanese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ja: Option<String>,
}

/// A scene: one input, one operation on it, and the beats that explain it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Scene")]
pub struct RawScene {
    /// The chapter's name, in each language.
    pub title: RawText,
    /// The input tensor; the lesson's, unless the scene has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<RawInput>,
    /// The layers of the scene, the first of which reads the input; the lesson's, unless the scene
    /// has some of its own.
    #[serde(
        default,
        deserialize_with = "some_layers",
        skip_serializing_if = "Option::is_none"
    )]
    pub layers: Option<Vec<Layer>>,
    /// Operations that are compared, each on the same input; instead of `layers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Vec<RawSide>>,
    /// A network, instead of `layers`: all of it, as a map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<RawNetwork>,
    /// What tensors are called, by their numbers, where that is not what they usually are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<usize, RawText>,
    /// In which order a convolution is walked through: `FilterMajor`, unless it is said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub order: LoopOrder,
    /// What stands on the stage when the scene opens. Everything, if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Vec<Part>>,
    /// Where the camera stands when the scene opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<RawShot>,
    /// Where the operation stands when the scene opens: `Start`, unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Target>,
    /// What is said and done, one after another.
    pub beats: Vec<RawBeat>,
}

/// A network that a scene shows as a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Network")]
pub struct RawNetwork {
    /// Its ONNX file, beside the lesson, or the name of a network that comes with the program.
    pub file: String,
    /// The names of the units that are open: a stage shows its blocks, a block its layers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Its further inputs by their names; the scene's input is the first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, RawInput>,
    /// Inputs of whole numbers with which it is opened, by their names: a mask, say. They do not stand on the map.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, RawInput>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Side")]
pub struct RawSide {
    /// What it is called, in each language.
    pub name: RawText,
    /// Its layers, the first of which reads the input.
    #[serde(deserialize_with = "read_layers")]
    pub layers: Vec<Layer>,
}

/// The input tensor of a scene.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Input")]
pub struct RawInput {
    /// Channels, height, width.
    pub shape: (usize, usize, usize),
    /// Its values: `Ramp`, unless it is said.
    #[serde(default = "default_fill")]
    pub fill: Fill,
}

/// One beat of a scene.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum RawBeat {
    /// Narration. Lasts as long as its words, in the language that is spoken.
    Say {
        /// The words, with `[marks]` and `{written|spoken}` readings.
        text: RawText,
        /// What happens at each mark.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        at: BTreeMap<String, Action>,
        /// A camera move at the start of the beat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        camera: Option<RawShot>,
        /// What happens at the start of the beat.
        #[serde(default, rename = "do", skip_serializing_if = "Vec::is_empty")]
        actions: Vec<Action>,
    },
    /// The operation runs, without words.
    Run {
        /// How far.
        to: Target,
        /// In how many seconds.
        over: f64,
        /// How the sides of a comparison keep step.
        #[serde(default, skip_serializing_if = "is_default")]
        pace: Pace,
        /// A camera move at the start of the beat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        camera: Option<RawShot>,
        /// What happens at the start of the beat.
        #[serde(default, rename = "do", skip_serializing_if = "Vec::is_empty")]
        actions: Vec<Action>,
    },
    /// Nothing moves, for so many seconds.
    Hold(f64),
    /// The learner predicts before the answer is shown: by a click in the window, in the time of a
    /// countdown in a recording.
    Predict {
        /// The question.
        ask: RawText,
        /// The answers to choose from: numbers, or texts in each language.
        choices: Vec<RawChoice>,
        /// The right one.
        answer: Answer,
        /// Why each choice is right or what leads to it, in their order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<RawText>,
        /// Seconds to think.
        #[serde(default = "default_thinking")]
        over: f64,
    },
}

/// An answer to choose from: `4`, `"4 × 4"`, or `(en: "wider", ja: "広くなる")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChoice(pub RawText);

impl Serialize for RawChoice {
    /// As it is written shortest: a text that is the same in each language as that text alone.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            RawText {
                en: Some(en),
                ja: Some(ja),
            } if en == ja => en.serialize(serializer),
            text => text.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for RawChoice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = RawChoice;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, a text, or `(en: \"…\", ja: \"…\")`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawChoice, E> {
                Ok(RawChoice(RawText {
                    en: Some(text.to_owned()),
                    ja: Some(text.to_owned()),
                }))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<RawChoice, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<RawChoice, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<RawChoice, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                map: A,
            ) -> Result<RawChoice, A::Error> {
                RawText::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    .map(RawChoice)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// The right answer of a prediction. All but `Choice` are worked out by the op engine, and one of
/// the choices must say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// A choice by its place, from 0.
    Choice(usize),
    /// The width of the output.
    OutputWidth,
    /// The height of the output.
    OutputHeight,
    /// The channels of the output.
    OutputChannels,
    /// The parameters of all layers of the first side.
    Parameters,
    /// The multiply-accumulates of all layers of the first side.
    Macs,
    /// The value that a step of the first layer gives.
    Value(u64),
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// The operation runs on.
    Run {
        /// How far.
        to: Target,
        /// In how many seconds; 1.1 for each phase and 8 at most, unless it is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<f64>,
        /// How the sides of a comparison keep step.
        #[serde(default, skip_serializing_if = "is_default")]
        pace: Pace,
    },
    /// These parts come onto the stage.
    Show(Vec<Part>),
    /// These parts leave the stage.
    Hide(Vec<Part>),
    /// These parts keep their colour and the others recede; `Focus([])` brings all back.
    Focus(Vec<Part>),
    /// What the formula card shows.
    Formula(Formula),
    /// The camera moves.
    Camera(RawShot),
    /// Several actions at the same moment.
    Together(Vec<Action>),
}

/// How the sides of a comparison keep step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pace {
    /// All of them arrive at the same moment.
    #[default]
    SameTime,
    /// All of them do as many multiply-accumulates a second, so that the cheapest is done first.
    SameMacs,
}

/// A part of the stage. Where a scene has several layers, `Input` is the first tensor, `Output` the
/// last one, and `Padding`, `Filters` and `Kernel` are those of every layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    /// The input tensor.
    Input,
    /// One channel of the input.
    InputChannel(usize),
    /// The ghosts of the padding around the input.
    Padding,
    /// All filters, where they wait.
    Filters,
    /// One filter of the first layer that has some, where it waits.
    Filter(usize),
    /// The filter that is at work, on the input.
    Kernel,
    /// The output tensor.
    Output,
    /// One channel of the output.
    OutputChannel(usize),
    /// A tensor by its number, through all sides: an input, then what each layer gives.
    Tensor(usize),
    /// What a layer brings: padding, filters, kernel and output. Counted through all sides.
    Layer(usize),
    /// A part of a layer: `Of(1, Filters)`.
    Of(usize, LayerPart),
    /// A side of a comparison.
    Side(usize),
}

/// A part of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LayerPart {
    /// The tensor that it reads.
    Input,
    /// One channel of it.
    InputChannel(usize),
    /// The ghosts of its padding.
    Padding,
    /// All of its filters, where they wait.
    Filters,
    /// One of its filters.
    Filter(usize),
    /// Its filter at work.
    Kernel,
    /// The tensor that it writes.
    Output,
    /// One channel of it.
    OutputChannel(usize),
}

/// A place in the run of the operation. In a comparison each side goes there, or to its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// Before the first step.
    Start,
    /// So many steps of the first layer are done.
    Step(u64),
    /// A phase of a step of the first layer is done.
    Phase {
        /// The step, from 0.
        step: u64,
        /// Its phase.
        phase: Phase,
    },
    /// A filter of the first layer has visited every position.
    Filter(usize),
    /// A layer is done. Counted through all sides; the other sides stay where they are.
    Layer(usize),
    /// A place in the run of one layer: `In(1, Step(4))`. The other sides stay where they are.
    In(usize, LayerTarget),
    /// A part of the whole run is done, from 0 to 1.
    Share(f64),
    /// Every step is done.
    End,
}

/// A place in the run of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum LayerTarget {
    /// Before its first step.
    Start,
    /// So many of its steps are done.
    Step(u64),
    /// A phase of one of its steps is done.
    Phase {
        /// The step, from 0.
        step: u64,
        /// Its phase.
        phase: Phase,
    },
    /// One of its filters has visited every position.
    Filter(usize),
    /// All of its steps are done.
    End,
}

/// What the formula card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Formula {
    /// Nothing.
    Hide,
    /// The arithmetic of the step at hand.
    Value,
    /// The output shape, with its numbers.
    Shape,
    /// Parameters and multiply-accumulates, with their numbers; in a chain or a comparison, as bars
    /// that grow with the run.
    Cost,
}

/// A camera shot: from where, and what fills the frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Shot")]
pub struct RawShot {
    /// Degrees to the right of straight ahead.
    #[serde(default = "default_yaw")]
    pub yaw: f32,
    /// Degrees above the horizon.
    #[serde(default = "default_pitch")]
    pub pitch: f32,
    /// What fills the frame. Everything that the scene has, if it is not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame: Vec<Part>,
    /// Room around it: 1 fits, 2 leaves it half as large.
    #[serde(default = "default_room", skip_serializing_if = "is_default_room")]
    pub room: f32,
}

impl Default for RawShot {
    fn default() -> Self {
        Self {
            yaw: default_yaw(),
            pitch: default_pitch(),
            frame: Vec::new(),
            room: default_room(),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

const fn default_thinking() -> f64 {
    5.0
}

const fn default_fill() -> Fill {
    Fill::Ramp
}

/// The yaw along which tensors stand level in the picture; see `super::USUAL_YAW`.
const fn default_yaw() -> f32 {
    32.0
}

const fn default_pitch() -> f32 {
    24.0
}

const fn default_room() -> f32 {
    1.0
}

fn is_default_room(room: &f32) -> bool {
    (room - default_room()).abs() < f32::EPSILON
}
