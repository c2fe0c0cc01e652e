//! The transport: what is shown, where in it we are, and the clock that moves us on.
//!
//! [`Playhead`] is the only state: everything else is [`Timeline::at`] of it. The window adds
//! [`clock_plugin`]; a recording sets the time itself, frame by frame.

#[cfg(all(feature = "audio", target_os = "linux"))]
pub mod alsa_complaints;
#[cfg(feature = "audio")]
pub mod sound;
#[cfg(feature = "audio")]
mod spoken_clip;

use std::sync::Arc;
use std::time::Duration;

use bevy::platform::time::Instant;
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

/// How far the playhead moves in one frame at most, in seconds: a stall of the machine is not a leap in the lesson.
const STALL: f64 = 0.25;

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
    mut runs_since: Local<Option<Instant>>,
) {
    if !playhead.playing {
        *runs_since = None;
        return;
    }
    let since = *runs_since.get_or_insert_with(Instant::now);
    let passed = passed(&time, since).as_secs_f64();
    let delta = passed.min(STALL) * playhead.speed;
    let end = show.timeline.duration;
    let before = playhead.time;
    playhead.time = (before + delta).min(end);
    if let Some(stop) = stop_at_card(&show.timeline, &chosen, before)
        && before < stop
        && playhead.time >= stop
    {
        playhead.time = stop;
        playhead.playing = false;
    }
    if playhead.time >= end {
        playhead.playing = false;
    }
    if !playhead.playing {
        *runs_since = None;
    }
}

/// How much of a frame's time has passed since the playhead runs. The frame that wakes a window at rest has the time at
/// which it fell asleep, and the next one all that has passed since then.
fn passed(time: &Time<Real>, since: Instant) -> Duration {
    let now = time.last_update().unwrap_or(since);
    time.delta().min(now.saturating_duration_since(since))
}

/// Where playback waits at the card of a question that is up at a time. The answer is not shown before the learner
/// has predicted, or plays on without; and what is said of their choice stays until they have read it, and play on.
fn stop_at_card(timeline: &Timeline, chosen: &ChosenAnswers, time: f64) -> Option<f64> {
    let (question, question_span) = timeline.card_at(time)?;
    match chosen.choice(question) {
        None => Some(question_span.reveal - BEFORE_ANSWER),
        Some(choice) => {
            let is_said = choice < question_span.whys.len();
            is_said.then_some(question_span.still_until)
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{self, Language};
    use crate::narration::estimated_speeches;
    use bevy::ecs::system::SystemId;

    const WHY: &str =
        r#"why: [(en: "It fits.", ja: "入ります。"), (en: "No room.", ja: "入りません。")],"#;

    /// A lesson that asks one question, at its beginning, with or without what is said of each choice.
    fn world(why: &str) -> (World, SystemId) {
        let text = format!(
            r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "A", ja: "甲"),
            input: (shape: (1, 5, 5)), layers: [Conv2d(filters: 1, kernel: (3, 3))], beats: [
                Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [3, 4], answer: OutputWidth, {why} over: 2.0),
                Run(to: End, over: 9.0),
            ])])"#
        );
        let (lesson, _) = lesson::read("t.ron", &text).unwrap();
        let speeches = estimated_speeches(&lesson, Language::En);
        let timeline = Timeline::new(&lesson, Language::En, &speeches);
        let mut world = World::new();
        world.insert_resource(Show::new(Arc::new(lesson), Arc::new(timeline)));
        world.init_resource::<ChosenAnswers>();
        world.init_resource::<Playhead>();
        world.init_resource::<Time<Real>>();
        // The first update only starts the clock.
        let mut time = world.resource_mut::<Time<Real>>();
        time.update_with_duration(Duration::ZERO);
        let system = world.register_system(advance_playhead);
        (world, system)
    }

    /// Plays for so many seconds, or until it waits; where it is then.
    fn play(world: &mut World, system: SystemId, seconds: f64) -> (f64, bool) {
        world.resource_mut::<Playhead>().playing = true;
        for _ in 0..(seconds * 10.0) as usize {
            let mut time = world.resource_mut::<Time<Real>>();
            time.update_with_duration(Duration::from_millis(100));
            world.run_system(system).unwrap();
        }
        let playhead = world.resource::<Playhead>();
        (playhead.time, playhead.playing)
    }

    #[test]
    fn what_is_said_of_a_choice_stays_until_the_learner_plays_on() {
        for choice in [0, 1] {
            let (mut world, system) = world(WHY);
            let question_span = world.resource::<Show>().timeline.questions[0].clone();
            let (time, playing) = play(&mut world, system, 30.0);
            assert!(time < question_span.reveal && !playing, "{time}");
            world.resource_mut::<ChosenAnswers>().choose(0, choice);
            let (time, playing) = play(&mut world, system, 30.0);
            assert_eq!((time, playing), (question_span.still_until, false));
            assert!(question_span.reveal < time && time < question_span.end);
            // The card is whole, and the answer is shown.
            let show = world.resource::<Show>();
            let prediction = show.timeline.at(time).prediction.unwrap();
            assert_eq!((prediction.presence, prediction.revealed), (1.0, 1.0));
            let (time, playing) = play(&mut world, system, 2.0);
            assert!(time > question_span.end && playing, "{time}");
        }
    }

    #[test]
    fn time_that_has_passed_at_rest_is_not_played() {
        // The frame that wakes has the time of the last one before the rest, or its own.
        for woken in [1_010, 61_000] {
            let mut time = Time::<Real>::default();
            let start = time.startup();
            let at = |milliseconds: u64| start + Duration::from_millis(milliseconds);
            for frame in [0, 1_000, woken] {
                time.update_with_instant(at(frame));
            }
            // It is played from then on.
            let since = at(61_002);
            assert_eq!(passed(&time, since), Duration::ZERO);
            time.update_with_instant(at(61_018));
            assert_eq!(passed(&time, since), Duration::from_millis(16));
            time.update_with_instant(at(61_034));
            assert_eq!(passed(&time, since), Duration::from_millis(16));
        }
    }

    #[test]
    fn without_a_choice_or_anything_said_of_it_the_lesson_goes_on_by_itself() {
        let (mut world, system) = world("");
        world.resource_mut::<ChosenAnswers>().choose(0, 1);
        let (_, playing) = play(&mut world, system, 6.0);
        assert!(playing);
        let (mut world, system) = self::world(WHY);
        play(&mut world, system, 30.0);
        let (time, playing) = play(&mut world, system, 4.0);
        let end = world.resource::<Show>().timeline.questions[0].end;
        assert!(time > end && playing, "{time}");
    }
}
