//! What a person can do in the window, and who handles it.

use bevy::prelude::*;
#[cfg(not(target_family = "wasm"))]
use bevy::window::{MonitorSelection, PrimaryWindow, WindowMode};

#[cfg(not(target_family = "wasm"))]
use super::file_chooser::ChooseFiles;
use super::library::OpenLesson;
use super::links::CopyLink;
use super::presenter::PresenterAction;
use super::review::ReviewAction;
use super::{Screen, Settings, go_to};
use crate::camera::free::ReturnCamera;
use crate::camera::{CameraMode, ProjectionMode};
use crate::language::Tongue;
use crate::lesson::BeatPlace;
use crate::playback::{ChosenAnswers, Given, Playhead, Show, ShowSystems};
use crate::stage::captions::CaptionsOn;
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::{GivenTime, Motion, Place, Start};

/// The speeds of playback.
pub const SPEEDS: [f64; 9] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 4.0];

/// Seconds of a frame, for steps by frame.
const FRAME: f64 = 1.0 / 30.0;

/// Something that a person does where lessons are listed and played, by the part of the window that
/// handles it.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub enum UiAction {
    /// Where the lesson is, and how fast it goes.
    Playback(PlaybackAction),
    /// How it is seen.
    View(ViewAction),
    /// What is kept for the next lesson, and the next time.
    Settings(SettingsAction),
    /// Which lesson there is.
    Lesson(LessonAction),
    /// How it is presented.
    Presenter(PresenterAction),
    /// What is asked again of earlier lessons.
    Review(ReviewAction),
    /// The layer of the lesson goes onto the workbench.
    Explore(ExploreLayer),
    /// A network is shown whole.
    Network(ExploreNetwork),
}

/// Moves through a lesson.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub enum PlaybackAction {
    /// Play if paused, pause if playing; from the start if at the end.
    TogglePlay,
    /// So many seconds on, or back.
    Skip(f64),
    /// To a time.
    Seek(f64),
    /// To a time of the lesson as it will be heard, from somebody who has not seen the timeline that
    /// stands in until then.
    SeekUnseen(f64),
    /// To so many tenths of the lesson.
    SeekTenth(u8),
    /// So many frames on, or back; pauses.
    Frames(i32),
    /// A step of the operation on, or back; pauses.
    Step(bool),
    /// The next speed up, or down.
    Faster(bool),
    /// A speed.
    Speed(f64),
    /// The next beat, or the previous one.
    Beat(bool),
    /// An answer to a prediction: question and choice.
    Predict(usize, usize),
    /// On from the answer to a prediction, which has been read.
    GoOn(usize),
}

/// Changes how a lesson is seen.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewAction {
    /// Full screen on or off.
    ToggleFullScreen,
    /// Light or dark.
    ToggleStudio,
    /// Parallel or perspective.
    ToggleLens,
    /// The camera glides back to the lesson.
    GuideCamera,
    /// A link to what is on show goes to the clipboard.
    CopyLink,
    /// Files are chosen, to be shown.
    ChooseFiles,
}

/// Changes what is kept for the next lesson, and the next time.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsAction {
    /// Captions on or off.
    ToggleCaptions,
    /// Sound on or off.
    ToggleSound,
    /// Flights, or cuts instead.
    ToggleMotion,
    /// The list of keys on or off.
    ToggleKeys,
    /// Another language.
    Language(Tongue),
}

/// Opens and closes lessons.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum LessonAction {
    /// Open a lesson, by its place in the library.
    Open(usize),
    /// Open one at a beat.
    OpenAt(usize, BeatPlace),
    /// Back to the list of lessons.
    Close,
}

/// Puts the layer of the lesson onto the workbench; from the list of lessons, what was left there, or a
/// layer to begin with.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExploreLayer;

/// Shows a network whole.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExploreNetwork {
    /// That of digits, which comes with the program.
    Digits,
    /// The one that was left last, as it was.
    Left,
}

/// Lets an action of a kind be used as one of any kind.
macro_rules! kinds {
    ($($kind:ident($action:ty)),+ $(,)?) => {$(
        impl From<$action> for UiAction {
            fn from(action: $action) -> Self {
                Self::$kind(action)
            }
        }
    )+};
}

kinds!(
    Playback(PlaybackAction),
    View(ViewAction),
    Settings(SettingsAction),
    Lesson(LessonAction),
    Presenter(PresenterAction),
    Review(ReviewAction),
    Explore(ExploreLayer),
    Network(ExploreNetwork),
);

/// Actions of one frame, in order.
#[derive(Debug, Default)]
pub struct UiActions(pub Vec<UiAction>);

impl UiActions {
    /// One more.
    pub fn push(&mut self, action: impl Into<UiAction>) {
        self.0.push(action.into());
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_message::<UiAction>()
        .add_message::<PlaybackAction>()
        .add_message::<ViewAction>()
        .add_message::<SettingsAction>()
        .add_message::<LessonAction>()
        .add_message::<ExploreLayer>()
        .add_message::<ExploreNetwork>()
        .add_systems(
            Update,
            (
                dispatch,
                (handle_playback, handle_settings, handle_view, handle_lesson),
            )
                .chain()
                .in_set(ActionSystems)
                .in_set(ShowSystems::Input)
                .after(super::keys::read_keys),
        );
}

/// The systems that handle actions.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ActionSystems;

/// Hands each action to the system that handles its kind.
fn dispatch(
    mut actions: MessageReader<UiAction>,
    mut playback: MessageWriter<PlaybackAction>,
    mut view: MessageWriter<ViewAction>,
    mut settings: MessageWriter<SettingsAction>,
    (mut lesson, mut presenter): (MessageWriter<LessonAction>, MessageWriter<PresenterAction>),
    mut review: MessageWriter<ReviewAction>,
    mut explore: MessageWriter<ExploreLayer>,
    mut network: MessageWriter<ExploreNetwork>,
) {
    for action in actions.read() {
        match *action {
            UiAction::Playback(action) => _ = playback.write(action),
            UiAction::View(action) => _ = view.write(action),
            UiAction::Settings(action) => _ = settings.write(action),
            UiAction::Lesson(action) => _ = lesson.write(action),
            UiAction::Presenter(action) => _ = presenter.write(action),
            UiAction::Review(action) => _ = review.write(action),
            UiAction::Explore(layer) => _ = explore.write(layer),
            UiAction::Network(asked) => _ = network.write(asked),
        }
    }
}

pub(super) fn handle_playback(
    mut actions: MessageReader<PlaybackAction>,
    show: Option<Res<Show>>,
    mut chosen: ResMut<ChosenAnswers>,
    (mut playhead, mut given): (ResMut<Playhead>, ResMut<Given>),
) {
    let Some(show) = show else {
        actions.clear();
        return;
    };
    let end = show.timeline.duration;
    for action in actions.read() {
        let now = playhead.time;
        let (time, playing) = match *action {
            PlaybackAction::TogglePlay if !playhead.playing && now >= end => (0.0, true),
            PlaybackAction::TogglePlay => (now, !playhead.playing),
            PlaybackAction::Skip(seconds) => (now + seconds, playhead.playing),
            PlaybackAction::Seek(time) | PlaybackAction::SeekUnseen(time) => {
                (time, playhead.playing)
            }
            PlaybackAction::SeekTenth(tenth) => (end * f64::from(tenth) / 10.0, playhead.playing),
            PlaybackAction::Frames(frames) => (
                (now / FRAME)
                    .round()
                    .mul_add(FRAME, f64::from(frames) * FRAME),
                false,
            ),
            PlaybackAction::Step(forwards) => {
                let target = show.timeline.step_from(now, forwards);
                (
                    target.unwrap_or_else(|| {
                        if forwards {
                            show.timeline.next_beat(now)
                        } else {
                            show.timeline.previous_beat(now)
                        }
                    }),
                    false,
                )
            }
            PlaybackAction::Predict(question, choice) => {
                chosen.choose(question, choice);
                let question_span = show.timeline.questions.get(question);
                (
                    question_span.map_or(now, |question_span| question_span.reveal),
                    true,
                )
            }
            PlaybackAction::GoOn(question) => {
                let question_span = show.timeline.questions.get(question);
                (
                    question_span.map_or(now, |question_span| now.max(question_span.still_until)),
                    true,
                )
            }
            PlaybackAction::Beat(true) => (show.timeline.next_beat(now), playhead.playing),
            PlaybackAction::Beat(false) => (show.timeline.previous_beat(now), playhead.playing),
            PlaybackAction::Faster(faster) => {
                playhead.speed = neighbour_speed(playhead.speed, faster);
                continue;
            }
            PlaybackAction::Speed(speed) => {
                playhead.speed = speed;
                continue;
            }
        };
        // What a person has chosen from what they saw is not to be moved any more.
        match *action {
            PlaybackAction::TogglePlay => {}
            PlaybackAction::SeekUnseen(time) => {
                given.0 = GivenTime::of(Start::Time(time), &show.timeline);
            }
            _ => given.0 = None,
        }
        playhead.time = time.clamp(0.0, end);
        playhead.playing = playing;
    }
}

fn neighbour_speed(speed: f64, faster: bool) -> f64 {
    let known = |wanted: &dyn Fn(f64) -> bool, from_end: bool| {
        let mut speeds = SPEEDS.iter().copied().filter(|speed| wanted(*speed));
        if from_end {
            speeds.next_back()
        } else {
            speeds.next()
        }
    };
    let next = if faster {
        known(&|known| known > speed, false)
    } else {
        known(&|known| known < speed, true)
    };
    next.unwrap_or(speed)
}

fn handle_settings(
    mut actions: MessageReader<SettingsAction>,
    mut settings: ResMut<Settings>,
    mut captions: ResMut<CaptionsOn>,
) {
    for action in actions.read() {
        match *action {
            SettingsAction::ToggleCaptions => captions.0 = !captions.0,
            SettingsAction::ToggleSound => settings.sound = !settings.sound,
            SettingsAction::ToggleMotion => {
                settings.motion = match settings.motion {
                    Motion::Full => Motion::Reduced,
                    Motion::Reduced => Motion::Full,
                };
            }
            SettingsAction::ToggleKeys => settings.keys_shown = !settings.keys_shown,
            SettingsAction::Language(tongue) => settings.set_tongue(tongue),
        }
    }
}

fn handle_lesson(
    mut actions: MessageReader<LessonAction>,
    mut screen: ResMut<NextState<Screen>>,
    mut open: MessageWriter<OpenLesson>,
) {
    for action in actions.read() {
        match *action {
            LessonAction::Open(index) => {
                open.write(OpenLesson {
                    index,
                    at: Start::Place(Place::default()),
                    playing: true,
                });
            }
            LessonAction::OpenAt(index, BeatPlace { scene, beat }) => {
                let part = 0.0;
                open.write(OpenLesson {
                    index,
                    at: Start::Place(Place { scene, beat, part }),
                    playing: true,
                });
            }
            LessonAction::Close => go_to(&mut screen, Screen::Lessons),
        }
    }
}

fn handle_view(
    mut actions: MessageReader<ViewAction>,
    mut lighting: ResMut<Lighting>,
    mut projection_mode: ResMut<ProjectionMode>,
    mut mode: ResMut<CameraMode>,
    #[cfg(not(target_family = "wasm"))] mut windows: Query<&mut Window, With<PrimaryWindow>>,
    mut home: MessageWriter<ReturnCamera>,
    mut link: MessageWriter<CopyLink>,
    #[cfg(not(target_family = "wasm"))] mut files: MessageWriter<ChooseFiles>,
) {
    for action in actions.read() {
        match *action {
            ViewAction::ToggleStudio => {
                lighting.studio = match lighting.studio {
                    Studio::Light => Studio::Dark,
                    Studio::Dark => Studio::Light,
                };
            }
            ViewAction::ToggleLens => {
                *projection_mode = match *projection_mode {
                    ProjectionMode::Parallel => ProjectionMode::Perspective,
                    ProjectionMode::Perspective => ProjectionMode::Parallel,
                };
                mode.set_changed();
            }
            ViewAction::GuideCamera => {
                home.write(ReturnCamera);
            }
            ViewAction::CopyLink => {
                link.write(CopyLink);
            }
            #[cfg(target_family = "wasm")]
            ViewAction::ChooseFiles => crate::web::choose(),
            #[cfg(not(target_family = "wasm"))]
            ViewAction::ChooseFiles => _ = files.write(ChooseFiles),
            // All of the page: text fields and links lie beside the canvas. That Esc ends it only the browser hears.
            #[cfg(target_family = "wasm")]
            ViewAction::ToggleFullScreen => crate::web::full_screen(),
            #[cfg(not(target_family = "wasm"))]
            ViewAction::ToggleFullScreen => {
                for mut window in &mut windows {
                    window.mode = match window.mode {
                        WindowMode::Windowed => {
                            WindowMode::BorderlessFullscreen(MonitorSelection::Current)
                        }
                        _ => WindowMode::Windowed,
                    };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lesson::{self, Language};
    use crate::narration::estimated_speeches;
    use crate::timeline::Timeline;
    use bevy::ecs::system::RunSystemOnce;

    /// A lesson that stands still at its start.
    fn world() -> World {
        let source = include_str!("../../lessons/padding.ron");
        let (lesson, _) = lesson::read("padding.ron", source).unwrap();
        let speeches = estimated_speeches(&lesson, Language::En);
        let timeline = Timeline::new(&lesson, Language::En, &speeches);
        let mut world = World::new();
        world.insert_resource(Show::new(Arc::new(lesson), Arc::new(timeline)));
        world.init_resource::<ChosenAnswers>();
        world.init_resource::<Playhead>();
        world.init_resource::<Given>();
        world
    }

    /// Asks for something; where the lesson is then, and whether it plays.
    fn ask(world: &mut World, action: PlaybackAction) -> (f64, bool) {
        world.init_resource::<Messages<PlaybackAction>>();
        world.resource_mut::<Messages<PlaybackAction>>().clear();
        world.write_message(action);
        world.run_system_once(handle_playback).unwrap();
        let playhead = world.resource::<Playhead>();
        (playhead.time, playhead.playing)
    }

    #[test]
    fn a_choice_shows_the_answer_and_going_on_leaves_it() {
        let mut world = world();
        let question_span = world.resource::<Show>().timeline.questions[0].clone();
        let shown = ask(&mut world, PlaybackAction::Predict(0, 1));
        assert_eq!(shown, (question_span.reveal, true));
        assert_eq!(world.resource::<ChosenAnswers>().choice(0), Some(1));
        world.resource_mut::<Playhead>().playing = false;
        let left = ask(&mut world, PlaybackAction::GoOn(0));
        assert_eq!(left, (question_span.still_until, true));
        // It never leads back.
        let later = question_span.still_until + 0.3;
        ask(&mut world, PlaybackAction::Seek(later));
        assert_eq!(ask(&mut world, PlaybackAction::GoOn(0)), (later, true));
    }

    #[test]
    fn a_time_asked_for_before_the_voice_is_known_is_one_of_what_is_heard() {
        let mut world = world();
        let show = world.resource::<Show>().clone();
        let mut spoken = estimated_speeches(&show.lesson, Language::En);
        for beat in spoken.iter_mut().flatten().flatten() {
            beat.duration *= 1.4;
        }
        let heard = Timeline::new(&show.lesson, Language::En, &spoken);
        let (now, _) = ask(&mut world, PlaybackAction::SeekUnseen(60.0));
        let given = world.resource::<Given>().0.unwrap();
        assert_eq!((now, given.on(&heard, now)), (60.0, 60.0));
        // What is chosen on the timeline that is seen stays at what is seen there.
        ask(&mut world, PlaybackAction::Seek(60.0));
        assert_eq!(world.resource::<Given>().0, None);
    }

    #[test]
    fn speeds_go_up_and_down_and_stop_at_the_ends() {
        assert_eq!(neighbour_speed(1.0, true), 1.25);
        assert_eq!(neighbour_speed(1.0, false), 0.75);
        assert_eq!(neighbour_speed(4.0, true), 4.0);
        assert_eq!(neighbour_speed(0.25, false), 0.25);
    }
}
