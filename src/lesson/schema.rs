//! What an author writes: the RON schema of a lesson, before any of it has been checked.
//!
//! [`super::check`] turns these types into a [`super::Lesson`], or into a list of diagnostics.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::op::{Layer, Phase};
use crate::tensor::Fill;

/// A whole lesson file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename = "Lesson")]
pub struct RawLesson {
    /// The lesson's name, in each language.
    pub title: RawText,
    /// What the learner will be able to do, in one sentence.
    #[serde(default)]
    pub goal: Option<RawText>,
    /// The input tensor of the scenes that have none of their own.
    #[serde(default)]
    pub input: Option<RawInput>,
    /// The layers of the scenes that have none of their own.
    #[serde(default)]
    pub layers: Option<Vec<Layer>>,
    /// The scenes, in the order in which they are shown. Each is a chapter.
    pub scenes: Vec<RawScene>,
}

/// A text in each language. Both are required; a missing one is a diagnostic, not a syntax error,
/// so that it is reported together with everything else that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Text")]
pub struct RawText {
    /// English.
    #[serde(default)]
    pub en: Option<String>,
    /// Japanese.
    #[serde(default)]
    pub ja: Option<String>,
}

/// A scene: one input, one operation on it, and the beats that explain it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename = "Scene")]
pub struct RawScene {
    /// The chapter's name, in each language.
    pub title: RawText,
    /// The input tensor; the lesson's, unless the scene has one of its own.
    #[serde(default)]
    pub input: Option<RawInput>,
    /// The layers of the scene, the first of which reads the input; the lesson's, unless the scene
    /// has some of its own.
    #[serde(default)]
    pub layers: Option<Vec<Layer>>,
    /// What stands on the stage when the scene opens. Everything, if it is not said.
    #[serde(default)]
    pub show: Option<Vec<Part>>,
    /// Where the camera stands when the scene opens.
    #[serde(default)]
    pub camera: Option<RawShot>,
    /// Where the operation stands when the scene opens: `Start`, unless it is said.
    #[serde(default)]
    pub from: Option<Target>,
    /// What is said and done, one after another.
    pub beats: Vec<RawBeat>,
}

/// The input tensor of a scene.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename = "Input")]
pub struct RawInput {
    /// Channels, height, width.
    pub shape: (usize, usize, usize),
    /// Its values: `Ramp`, unless it is said.
    #[serde(default = "default_fill")]
    pub fill: Fill,
}

/// One beat of a scene.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum RawBeat {
    /// Narration. Lasts as long as its words, in the language that is spoken.
    Say {
        /// The words, with `[marks]` and `{written|spoken}` readings.
        text: RawText,
        /// What happens at each mark.
        #[serde(default)]
        at: BTreeMap<String, Action>,
        /// A camera move at the start of the beat.
        #[serde(default)]
        camera: Option<RawShot>,
        /// What happens at the start of the beat.
        #[serde(default, rename = "do")]
        actions: Vec<Action>,
    },
    /// The operation runs, without words.
    Run {
        /// How far.
        to: Target,
        /// In how many seconds.
        over: f64,
        /// A camera move at the start of the beat.
        #[serde(default)]
        camera: Option<RawShot>,
        /// What happens at the start of the beat.
        #[serde(default, rename = "do")]
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
        /// Seconds to think.
        #[serde(default = "default_thinking")]
        over: f64,
    },
}

/// An answer to choose from: `4`, `"4 × 4"`, or `(en: "wider", ja: "広くなる")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChoice(pub RawText);

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Answer {
    /// A choice by its place, from 0.
    Choice(usize),
    /// The width of the output.
    OutputWidth,
    /// The height of the output.
    OutputHeight,
    /// The channels of the output.
    OutputChannels,
    /// The parameters of the layer.
    Parameters,
    /// The multiply-accumulates of the layer.
    Macs,
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// The operation runs on.
    Run {
        /// How far.
        to: Target,
        /// In how many seconds; 1.1 for each phase and 8 at most, unless it is said.
        #[serde(default)]
        over: Option<f64>,
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

/// A part of the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Part {
    /// The input tensor.
    Input,
    /// The ghosts of the padding around the input.
    Padding,
    /// All filters, where they wait.
    Filters,
    /// One filter, where it waits.
    Filter(usize),
    /// The filter that is at work, on the input.
    Kernel,
    /// The output tensor.
    Output,
    /// One channel of the output.
    OutputChannel(usize),
}

/// A place in the run of the operation.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub enum Target {
    /// Before the first step.
    Start,
    /// So many steps are done.
    Step(u64),
    /// A phase of a step is done.
    Phase {
        /// The step, from 0.
        step: u64,
        /// Its phase.
        phase: Phase,
    },
    /// A filter has visited every position.
    Filter(usize),
    /// Every step is done.
    End,
}

/// What the formula card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Formula {
    /// Nothing.
    Hide,
    /// The arithmetic of the step at hand.
    Value,
    /// The output shape, with its numbers.
    Shape,
    /// Parameters and multiply-accumulates, with their numbers.
    Cost,
}

/// A camera shot: from where, and what fills the frame.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename = "Shot")]
pub struct RawShot {
    /// Degrees to the right of straight ahead.
    #[serde(default = "default_yaw")]
    pub yaw: f32,
    /// Degrees above the horizon.
    #[serde(default = "default_pitch")]
    pub pitch: f32,
    /// What fills the frame. Everything that the scene has, if it is not said.
    #[serde(default)]
    pub frame: Vec<Part>,
    /// Room around it: 1 fits, 2 leaves it half as large.
    #[serde(default = "default_room")]
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

const fn default_thinking() -> f64 {
    5.0
}

const fn default_fill() -> Fill {
    Fill::Ramp
}

/// The yaw along which tensors stand level in the picture; see `timeline::Layout`.
const fn default_yaw() -> f32 {
    32.0
}

const fn default_pitch() -> f32 {
    24.0
}

const fn default_room() -> f32 {
    1.0
}
