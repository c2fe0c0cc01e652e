//! The transport: what is shown, where in it we are, and the clock that moves us on.
//!
//! [`Playhead`] is the only state: everything else is [`Timeline::at`] of it. The window adds
//! [`clock_plugin`]; a recording sets the time itself, frame by frame.

#[cfg(feature = "audio")]
pub mod sound;
#[cfg(feature = "audio")]
mod spoken_clip;

use std::sync::Arc;

use bevy::prelude::*;

use crate::lesson::Lesson;
use crate::timeline::{GivenTime, Sample, Timeline};

/// The order of the show's systems in `Update`. A new one goes where its input is ready.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShowSystems {
    /// Keys, pointers and panels are read.
    Input,
    /// The playhead moves.
    Advance,
    /// The timeline is asked what there is to see.
    Sample,
    /// Stage and camera are brought to it.
    Apply,
}

/// The lesson on show.
#[derive(Resource, Clone)]
pub struct Show {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// Its timeline, in the language that is shown.
    pub timeline: Arc<Timeline>,
    /// Counts up with each change, so that the stage knows that it must be set anew.
    pub generation: u64,
}

impl Show {
    /// A lesson on show.
    #[must_use]
    pub fn new(lesson: Arc<Lesson>, timeline: Arc<Timeline>) -> Self {
        Self {
            lesson,
            timeline,
            generation: 0,
        }
    }

    /// Puts another lesson, or the same one in another language, in its place.
    pub fn replace(&mut self, lesson: Arc<Lesson>, timeline: Arc<Timeline>) {
        *self = Self {
            lesson,
            timeline,
            generation: self.generation + 1,
        };
    }
}

/// Where in the show we are.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub struct Playhead {
    /// Seconds from the start.
    pub time: f64,
    /// Whether time runs.
    pub playing: bool,
    /// How fast it runs: 1 is the speed of speech.
    pub speed: f64,
}

impl Default for Playhead {
    fn default() -> Self {
        Self {
            time: 0.0,
            playing: false,
            speed: 1.0,
        }
    }
}

/// The time at which a lesson was asked to begin, until it is read on the timeline that it was meant
/// for, or the playhead is moved by hand.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq)]
pub struct Given(pub Option<GivenTime>);

/// What the learner has predicted, by question; in a recording nobody does.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub struct ChosenAnswers(Vec<Option<usize>>);

impl ChosenAnswers {
    /// The choice at a question.
    #[must_use]
    pub fn choice(&self, question: usize) -> Option<usize> {
        self.0.get(question).copied().flatten()
    }

    /// Chooses.
    pub fn choose(&mut self, question: usize, choice: usize) {
        if self.0.len() <= question {
            self.0.resize(question + 1, None);
        }
        self.0[question] = Some(choice);
    }

    /// Forgets all choices.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// What there is to see now; `None` before anything is on show.
#[derive(Resource, Debug, Clone, Default)]
pub struct CurrentSample(pub Option<Sample>);

/// Samples the timeline at the playhead.
pub fn plugin(app: &mut App) {
    app.init_resource::<Playhead>()
        .init_resource::<CurrentSample>()
        .init_resource::<ChosenAnswers>()
        .init_resource::<Given>()
        .configure_sets(
            Update,
            (
                ShowSystems::Input,
                ShowSystems::Advance,
                ShowSystems::Sample,
                ShowSystems::Apply,
            )
                .chain(),
        )
        .add_systems(Update, sample_timeline.in_set(ShowSystems::Sample));
}

/// How long before the answer of a prediction playback waits, in seconds.
const BEFORE_ANSWER: f64 = 0.02;

/// Lets the playhead run with the clock.
pub fn clock_plugin(app: &mut App) {
    app.add_systems(
        Update,
        advance_playhead
            .in_set(ShowSystems::Advance)
            .run_if(resource_exists::<Show>),
    );
}

fn advance_playhead(
    time: Res<Time<Real>>,
    show: Res<Show>,
    chosen: Res<ChosenAnswers>,
    mut playhead: ResMut<Playhead>,
) {
    if !playhead.playing {
        return;
    }
    // A stall of the machine is not a leap in the lesson.
    let delta = time.delta_secs_f64().min(0.25) * playhead.speed;
    let end = show.timeline.duration;
    let before = playhead.time;
    playhead.time = (before + delta).min(end);
    // The answer is not shown before the learner has predicted, or plays on without.
    let question_span = show.timeline.question_at(before);
    if let Some((_, question_span)) =
        question_span.filter(|(question, _)| chosen.choice(*question).is_none())
    {
        let last = question_span.reveal - BEFORE_ANSWER;
        if before < last && playhead.time >= last {
            playhead.time = last;
            playhead.playing = false;
        }
    }
    if playhead.time >= end {
        playhead.playing = false;
    }
}

fn sample_timeline(
    show: Option<Res<Show>>,
    playhead: Res<Playhead>,
    mut now: ResMut<CurrentSample>,
) {
    let sample = show.map(|show| show.timeline.at(playhead.time));
    if now.0 != sample {
        now.0 = sample;
    }
}
