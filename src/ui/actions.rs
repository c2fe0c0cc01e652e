//! What can be asked for in the window, and doing it.

use bevy::prelude::*;
use bevy::window::{MonitorSelection, PrimaryWindow, WindowMode};

use super::library::OpenLesson;
use super::{Asked, Screen, Settings};
use crate::camera::free::ReturnCamera;
use crate::camera::{CameraMode, Lens};
use crate::lesson::Language;
use crate::playback::{Chosen, Given, Playhead, Show, ShowSystems};
use crate::stage::captions::CaptionsOn;
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::{Motion, Place, Start};

/// The speeds of playback.
pub const SPEEDS: [f64; 9] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 4.0];

/// Seconds of a frame, for steps by frame.
const FRAME: f64 = 1.0 / 30.0;

/// Something that a person asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UiAction {
    /// Play if paused, pause if playing; from the start if at the end.
    TogglePlay,
    /// So many seconds on, or back.
    Skip(f64),
    /// To a time.
    Seek(f64),
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
    /// Captions on or off.
    ToggleCaptions,
    /// Sound on or off.
    ToggleSound,
    /// Full screen on or off.
    ToggleFullScreen,
    /// Light or dark.
    ToggleStudio,
    /// Parallel or perspective.
    ToggleLens,
    /// Flights, or cuts instead.
    ToggleMotion,
    /// The list of keys on or off.
    ToggleKeys,
    /// The camera glides back to the lesson.
    GuideCamera,
    /// An answer to a prediction: question and choice.
    Predict(usize, usize),
    /// The layer of the lesson goes onto the workbench.
    Explore,
    /// Another language.
    Language(Language),
    /// Open a lesson, by its place in the library.
    Open(usize),
    /// Back to the list of lessons.
    Close,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (move_playhead, change_settings, change_view)
            .in_set(ActionSystems)
            .in_set(ShowSystems::Input)
            .after(super::keys::read_keys),
    );
}

/// The systems that do what was asked for.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ActionSystems;

pub(super) fn move_playhead(
    mut asked: MessageReader<Asked>,
    show: Option<Res<Show>>,
    mut chosen: ResMut<Chosen>,
    (mut playhead, mut given): (ResMut<Playhead>, ResMut<Given>),
) {
    let Some(show) = show else {
        asked.clear();
        return;
    };
    let end = show.timeline.duration;
    for Asked(action) in asked.read() {
        let now = playhead.time;
        let (time, playing) = match *action {
            UiAction::TogglePlay if !playhead.playing && now >= end => (0.0, true),
            UiAction::TogglePlay => (now, !playhead.playing),
            UiAction::Skip(seconds) => (now + seconds, playhead.playing),
            UiAction::Seek(time) => (time, playhead.playing),
            UiAction::SeekTenth(tenth) => (end * f64::from(tenth) / 10.0, playhead.playing),
            UiAction::Frames(frames) => (
                (now / FRAME)
                    .round()
                    .mul_add(FRAME, f64::from(frames) * FRAME),
                false,
            ),
            UiAction::Step(forwards) => {
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
            UiAction::Predict(question, choice) => {
                chosen.choose(question, choice);
                let asking = show.timeline.questions.get(question);
                (asking.map_or(now, |asking| asking.reveal), true)
            }
            UiAction::Beat(true) => (show.timeline.next_beat(now), playhead.playing),
            UiAction::Beat(false) => (show.timeline.previous_beat(now), playhead.playing),
            UiAction::Faster(faster) => {
                playhead.speed = neighbour_speed(playhead.speed, faster);
                continue;
            }
            UiAction::Speed(speed) => {
                playhead.speed = speed;
                continue;
            }
            _ => continue,
        };
        // What a person has chosen from what they saw is not to be moved any more.
        if *action != UiAction::TogglePlay {
            given.0 = None;
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

fn change_settings(
    mut asked: MessageReader<Asked>,
    mut settings: ResMut<Settings>,
    mut captions: ResMut<CaptionsOn>,
    mut screen: ResMut<NextState<Screen>>,
    mut open: MessageWriter<OpenLesson>,
) {
    for Asked(action) in asked.read() {
        match *action {
            UiAction::ToggleCaptions => captions.0 = !captions.0,
            UiAction::ToggleSound => settings.sound = !settings.sound,
            UiAction::ToggleMotion => {
                settings.motion = match settings.motion {
                    Motion::Full => Motion::Reduced,
                    Motion::Reduced => Motion::Full,
                };
            }
            UiAction::ToggleKeys => settings.keys_shown = !settings.keys_shown,
            UiAction::Language(language) => settings.language = language,
            UiAction::Open(index) => {
                open.write(OpenLesson {
                    index,
                    at: Start::Place(Place::default()),
                    playing: true,
                });
            }
            UiAction::Close => screen.set(Screen::Lessons),
            _ => {}
        }
    }
}

fn change_view(
    mut asked: MessageReader<Asked>,
    mut lighting: ResMut<Lighting>,
    mut lens: ResMut<Lens>,
    mut mode: ResMut<CameraMode>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
    mut home: MessageWriter<ReturnCamera>,
) {
    for Asked(action) in asked.read() {
        match *action {
            UiAction::ToggleStudio => {
                lighting.studio = match lighting.studio {
                    Studio::Light => Studio::Dark,
                    Studio::Dark => Studio::Light,
                };
            }
            UiAction::ToggleLens => {
                *lens = match *lens {
                    Lens::Parallel => Lens::Perspective,
                    Lens::Perspective => Lens::Parallel,
                };
                mode.set_changed();
            }
            UiAction::GuideCamera => {
                home.write(ReturnCamera);
            }
            UiAction::ToggleFullScreen => {
                for mut window in &mut windows {
                    window.mode = match window.mode {
                        WindowMode::Windowed => {
                            WindowMode::BorderlessFullscreen(MonitorSelection::Current)
                        }
                        _ => WindowMode::Windowed,
                    };
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_go_up_and_down_and_stop_at_the_ends() {
        assert_eq!(neighbour_speed(1.0, true), 1.25);
        assert_eq!(neighbour_speed(1.0, false), 0.75);
        assert_eq!(neighbour_speed(4.0, true), 4.0);
        assert_eq!(neighbour_speed(0.25, false), 0.25);
    }
}
