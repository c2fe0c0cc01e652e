//! Lessons: what an author writes in RON, and what is left of it once it has been checked.
//!
//! [`read`] is the only way from a file's text to a [`Lesson`]; `tensorama check`, the player, the
//! recorder, the reload on save and the tests all go through it. Pure: no Bevy, no files.

mod check;
mod diagnostic;
mod language;
mod schema;
mod source_map;
mod text;

pub use check::read;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use language::Language;
pub use schema::{Formula, Part};
pub use text::{Mark, Narration, PAUSE, PAUSE_SECONDS};

use crate::op::{Operands, Plan};
use crate::tensor::Tensor;

/// Cube entities that one scene may hold, over all its tensors.
pub const ELEMENT_LIMIT: usize = 262_144;

/// A value for each language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localized<T> {
    /// In English.
    pub en: T,
    /// In Japanese.
    pub ja: T,
}

impl<T> Localized<T> {
    /// The value in a language.
    pub const fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }
}

/// A checked lesson: everything in it exists, fits and can be shown.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The lesson's name.
    pub title: Localized<String>,
    /// What the learner will be able to do.
    pub goal: Option<Localized<String>>,
    /// The scenes, each a chapter; at least one.
    pub scenes: Vec<Scene>,
}

/// A scene: one operation and the beats that explain it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The chapter's name.
    pub title: Localized<String>,
    /// The checked geometry of the operation.
    pub plan: Plan,
    /// Input, weights and bias.
    pub operands: Operands,
    /// The result, computed.
    pub output: Tensor,
    /// What stands on the stage at the start.
    pub show: Vec<Part>,
    /// Where the camera stands at the start.
    pub camera: Shot,
    /// Where the operation stands at the start, as in [`Beat::Run`].
    pub from: f64,
    /// What is said and done, one after another; at least one.
    pub beats: Vec<Beat>,
}

/// One beat of a scene.
#[derive(Debug, Clone, PartialEq)]
pub enum Beat {
    /// Narration.
    Say {
        /// The words.
        text: Localized<Narration>,
        /// What happens at each mark, by the mark's name.
        at: Vec<(String, Vec<Action>)>,
        /// What happens at the start.
        actions: Vec<Action>,
    },
    /// The operation runs without words.
    Run {
        /// How far: whole steps done, and the part of the next one, from 0 to the plan's steps.
        to: f64,
        /// In how many seconds.
        over: f64,
        /// What happens at the start.
        actions: Vec<Action>,
    },
    /// Nothing moves, for so many seconds.
    Hold(f64),
    /// The learner predicts before the answer is shown.
    Predict {
        /// The question, the choices and the answer.
        question: Question,
        /// Seconds to think.
        over: f64,
    },
}

/// A question with the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub ask: Localized<String>,
    /// The answers to choose from; at least two.
    pub choices: Vec<Localized<String>>,
    /// The place of the right one.
    pub answer: usize,
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The operation runs on, as in [`Beat::Run`]; `over` is `None` where the author left it open.
    Run {
        /// How far.
        to: f64,
        /// In how many seconds.
        over: Option<f64>,
    },
    /// These parts come onto the stage.
    Show(Vec<Part>),
    /// These parts leave it.
    Hide(Vec<Part>),
    /// These parts keep their colour and the rest recedes; empty brings all back.
    Focus(Vec<Part>),
    /// What the formula card shows.
    Formula(Formula),
    /// The camera moves.
    Camera(Shot),
}

/// A camera shot.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// Degrees to the right of straight ahead.
    pub yaw: f32,
    /// Degrees above the horizon.
    pub pitch: f32,
    /// What fills the frame; empty for everything that the scene has.
    pub frame: Vec<Part>,
    /// Room around it: 1 fits, 2 leaves it half as large.
    pub room: f32,
}
