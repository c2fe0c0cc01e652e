//! Lessons: what an author writes in RON, and what is left of it once it has been checked.
//!
//! [`read`] is the only way from a file's text to a [`Lesson`]; `tensorama check`, the player, the
//! recorder, the reload on save and the tests all go through it, and [`check`] is the same for one that was
//! built. [`read_translated`] puts the [`Sentences`] of a further language in it. [`Lesson::of_run`] builds the
//! lesson that the workbench shows. Pure: no Bevy. The only files that are read are those that fills name.

use std::sync::Arc;

mod check;
pub mod claims;
mod diagnostic;
mod input;
mod layout;
mod questions;
mod recall;
mod run;
pub mod schema;
mod sentences;
mod source_map;
mod staged_network;
mod staging;
mod syntax;
mod text;

pub use crate::language::{Language, Localized};
pub use check::{check, next_of, number_of, read, read_reaching, span_of};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use input::{Input, InputError};
pub use layout::{Block, LayerLayout, Layout, PictureShape, Stand, USUAL_YAW, WIDTH_SHARE};
pub use questions::{AskedQuestion, BeatPlace};
pub use recall::{REVIEW_LENGTH, Recall, Recalls};
pub use run::RunError;
pub use schema::{Formula, LayerPart, Pace, Part};
pub use sentences::{Sentences, read_translated, sentences_path};
pub use staged_network::{BlockMark, StagedNetwork};
pub use staging::{STAGED_LAYER_LIMIT, Side, StagedLayer, Staging, StagingError, working_cubes};
#[cfg(test)]
pub(crate) use syntax::parse;
pub use syntax::write;
pub use text::{Mark, Narration, PAUSE, PAUSE_SECONDS};

/// Cube entities that one scene may hold, over all its tensors.
pub const ELEMENT_LIMIT: usize = 262_144;

/// Cube entities that the scenes of a lesson may hold together: all of them are in memory. As many as 64
/// full scenes have.
pub const LESSON_ELEMENT_LIMIT: usize = 64 * ELEMENT_LIMIT;

/// Scenes that a lesson may have.
pub const SCENE_LIMIT: usize = 1000;

/// How wide what is said of a choice may be, in half-width characters: two lines of the card of a question.
pub const WHY_WIDTH: usize = 90;

/// A checked lesson: everything in it exists, fits and can be shown.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The lesson's name.
    pub title: Localized<String>,
    /// What the learner will be able to do.
    pub goal: Option<Localized<String>>,
    /// Its place in the curriculum, from 1.
    pub number: Option<u32>,
    /// The lesson that comes next: the name of its file without `.ron`.
    pub next: Option<String>,
    /// Papers and pages to read on.
    pub sources: Vec<Reference>,
    /// What the author says of numbers that the op engine does not give; see [`claims`].
    pub facts: Vec<String>,
    /// The scenes, each a chapter; at least one.
    pub scenes: Vec<Scene>,
}

/// A paper or a page to read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// A scene: a chain of operations, or several side by side, and the beats that explain them.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The chapter's name.
    pub title: Localized<String>,
    /// The layers, their tensors and weights.
    pub staging: Arc<Staging>,
    /// What stands on the stage at the start.
    pub show: Vec<Part>,
    /// Where the camera stands at the start.
    pub camera: Shot,
    /// Where each side stands at the start, as in [`Beat::Run`].
    pub from: Vec<f64>,
    /// What is said and done, one after another; at least one.
    pub beats: Vec<Beat>,
}

impl Scene {
    /// Every shot that the camera takes in it, in their order.
    #[must_use]
    pub fn shots(&self) -> Vec<Shot> {
        let actions = self.beats.iter().flat_map(Beat::actions);
        let taken = actions.filter_map(|action| match action {
            Action::Camera(shot) => Some(shot.clone()),
            _ => None,
        });
        std::iter::once(self.camera.clone()).chain(taken).collect()
    }
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
        /// How far each side goes: visits done, and the part of the next one, from 0 to
        /// [`Staging::visit_count`]; `None` where a side stays where it is.
        to: Vec<Option<f64>>,
        /// In how many seconds.
        over: f64,
        /// How the sides keep step.
        pace: Pace,
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

impl Beat {
    /// What happens in it: at its start, then at its marks.
    fn actions(&self) -> impl Iterator<Item = &Action> {
        let (at_start, at_marks) = match self {
            Self::Say { at, actions, .. } => (&actions[..], &at[..]),
            Self::Run { actions, .. } => (&actions[..], &[][..]),
            Self::Hold(_) | Self::Predict { .. } => (&[][..], &[][..]),
        };
        at_start
            .iter()
            .chain(at_marks.iter().flat_map(|(_, actions)| actions))
    }
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
    /// What is said of each choice once it is chosen, in their order; nothing where the author says nothing.
    pub whys: Vec<Localized<String>>,
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The operation runs on, as in [`Beat::Run`]; `over` is `None` where the author left it open.
    Run {
        /// How far each side goes; `None` where a side stays where it is.
        to: Vec<Option<f64>>,
        /// In how many seconds.
        over: Option<f64>,
        /// How the sides keep step.
        pace: Pace,
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
