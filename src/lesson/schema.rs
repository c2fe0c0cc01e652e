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
    /// The input tensor.
    pub input: RawInput,
    /// The layers of the scene, the first of which reads the input.
    pub layers: Vec<Layer>,
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
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// The operation runs on.
    Run {
        /// How far.
        to: Target,
        /// In how many seconds; 1.2 for each step or phase, unless it is said.
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
        Self { yaw: default_yaw(), pitch: default_pitch(), frame: Vec::new(), room: default_room() }
    }
}

const fn default_fill() -> Fill {
    Fill::Ramp
}

const fn default_yaw() -> f32 {
    32.0
}

const fn default_pitch() -> f32 {
    24.0
}

const fn default_room() -> f32 {
    1.0
}
