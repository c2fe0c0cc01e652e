//! The keys of the transport, as on YouTube.

use bevy::input::keyboard::{Key, KeyboardFocusLost, KeyboardInput};
use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::actions::{
    ExploreLayer, LessonAction, PlaybackAction, SettingsAction, UiAction, ViewAction,
};
use super::presenter::{PresenterAction, Presenting};
use super::review::ReviewAction;
use super::shortcut_key::{HeldKeys, opens_file, shortcut_key};
use super::{Screen, Settings, takes_key};
use crate::playback::{Playhead, Show};

/// Turns key presses into what they ask for. Keys go by what is printed on them where that can be, so that `?` and
/// `<` are found on every keyboard.
pub(super) fn read_keys(
    mut presses: MessageReader<KeyboardInput>,
    mut contexts: EguiContexts,
    mut held: Local<HeldKeys>,
    mut focus_lost: MessageReader<KeyboardFocusLost>,
    screen: Res<State<Screen>>,
    settings: Res<Settings>,
    (show, playhead, presenting): (Option<Res<Show>>, Res<Playhead>, Res<Presenting>),
    mut actions: MessageWriter<UiAction>,
) {
    // What is let go elsewhere is not heard here.
    if focus_lost.read().next().is_some() {
        *held = HeldKeys::default();
    }
    let panel_has_keys = contexts
        .ctx_mut()
        .is_ok_and(|context| super::wants_keys(context));
    for press in presses.read() {
        held.note(press);
        if !press.state.is_pressed() || matches!(screen.get(), Screen::Explore | Screen::Network) {
            continue;
        }
        let key = shortcut_key(press, *held);
        // Heard by the file chooser, and on a page by the browser.
        if opens_file(&key, *held) {
            continue;
        }
        if *screen.get() == Screen::Review {
            let action = review_action(&key, panel_has_keys);
            if let Some(action) = action.filter(|_| !press.repeat) {
                actions.write(action);
            }
            continue;
        }
        if contexts
            .ctx_mut()
            .is_ok_and(|context| takes_key(context, &press.logical_key))
        {
            continue;
        }
        let asked = show.as_ref().filter(|_| *screen.get() == Screen::Show);
        let asked = asked.and_then(|show| show.timeline.question_at(playhead.time));
        let asked = asked.map(|(question, span)| (question, span.choices.len()));
        // A key that is held repeats only where that is of use.
        let action = answer(&key, asked)
            .or_else(|| of_remote(&key, presenting.is_on()))
            .or_else(|| action(&key, settings.keys_shown));
        let Some(action) = action else {
            continue;
        };
        if settings.embedded && action == UiAction::Lesson(LessonAction::Close) {
            continue;
        }
        if *screen.get() == Screen::Lessons && !is_of_the_list(action) {
            continue;
        }
        let repeats = matches!(
            action,
            UiAction::Playback(
                PlaybackAction::Skip(_)
                    | PlaybackAction::Frames(_)
                    | PlaybackAction::Step(_)
                    | PlaybackAction::Beat(_)
            )
        );
        if !press.repeat || repeats {
            actions.write(action);
        }
    }
}

/// Whether something is asked for by its key in the list of lessons too: the way to the workbench, and how the window
/// is.
const fn is_of_the_list(action: UiAction) -> bool {
    match action {
        UiAction::Explore(ExploreLayer) => true,
        UiAction::View(view) => match view {
            ViewAction::ToggleStudio | ViewAction::ToggleFullScreen => true,
            ViewAction::ToggleLens
            | ViewAction::GuideCamera
            | ViewAction::CopyLink
            | ViewAction::ChooseFiles => false,
        },
        UiAction::Settings(setting) => match setting {
            SettingsAction::ToggleKeys | SettingsAction::ToggleMotion => true,
            SettingsAction::ToggleCaptions
            | SettingsAction::ToggleSound
            | SettingsAction::Language(_) => false,
        },
        UiAction::Playback(_)
        | UiAction::Lesson(_)
        | UiAction::Presenter(_)
        | UiAction::Review(_)
        | UiAction::Network(_) => false,
    }
}

/// A key in a review. A control that has the keys is pressed by Enter and let go by Escape; there is no text that
/// would take digits.
fn review_action(key: &Key, panel_has_keys: bool) -> Option<UiAction> {
    match key {
        Key::Enter if !panel_has_keys => Some(ReviewAction::GoOn.into()),
        Key::Escape if !panel_has_keys => Some(LessonAction::Close.into()),
        Key::Character(text) => {
            let place = text.parse::<usize>().ok()?.checked_sub(1)?;
            Some(ReviewAction::Choose(place).into())
        }
        _ => None,
    }
}

/// The answer that a digit gives to the question that is up, of so many.
fn answer(key: &Key, asked: Option<(usize, usize)>) -> Option<UiAction> {
    let (question, choices) = asked?;
    let Key::Character(text) = key else {
        return None;
    };
    let choice = text.parse::<usize>().ok()?.checked_sub(1)?;
    (choice < choices).then(|| PlaybackAction::Predict(question, choice).into())
}

/// The full stop of a remote for talks, which turns the picture off; it is a frame on where nobody presents.
fn of_remote(key: &Key, presents: bool) -> Option<UiAction> {
    let Key::Character(text) = key else {
        return None;
    };
    (presents && text.as_str() == ".").then(|| PresenterAction::ToggleBlack.into())
}

fn action(key: &Key, keys_shown: bool) -> Option<UiAction> {
    let text = match key {
        Key::Space => return Some(PlaybackAction::TogglePlay.into()),
        Key::ArrowLeft => return Some(PlaybackAction::Skip(-5.0).into()),
        Key::ArrowRight => return Some(PlaybackAction::Skip(5.0).into()),
        Key::Escape if keys_shown => return Some(SettingsAction::ToggleKeys.into()),
        Key::Escape => return Some(LessonAction::Close.into()),
        // What a remote for talks sends.
        Key::PageDown => return Some(PresenterAction::Go(true).into()),
        Key::PageUp => return Some(PresenterAction::Go(false).into()),
        // A browser loads the page anew.
        Key::F5 if !cfg!(target_family = "wasm") => {
            return Some(ViewAction::ToggleFullScreen.into());
        }
        Key::Home => return Some(PlaybackAction::Seek(0.0).into()),
        Key::End => return Some(PlaybackAction::Seek(f64::MAX).into()),
        Key::Character(text) => text.to_lowercase(),
        _ => return None,
    };
    Some(match text.as_str() {
        " " | "k" => PlaybackAction::TogglePlay.into(),
        "j" => PlaybackAction::Skip(-10.0).into(),
        "l" => PlaybackAction::Skip(10.0).into(),
        "," => PlaybackAction::Frames(-1).into(),
        "." => PlaybackAction::Frames(1).into(),
        "[" => PlaybackAction::Step(false).into(),
        "]" => PlaybackAction::Step(true).into(),
        "<" => PlaybackAction::Faster(false).into(),
        ">" => PlaybackAction::Faster(true).into(),
        "n" => PlaybackAction::Beat(true).into(),
        "p" => PlaybackAction::Beat(false).into(),
        "c" => SettingsAction::ToggleCaptions.into(),
        "m" => SettingsAction::ToggleSound.into(),
        "f" => ViewAction::ToggleFullScreen.into(),
        "t" => ViewAction::ToggleStudio.into(),
        "o" => ViewAction::ToggleLens.into(),
        "r" => SettingsAction::ToggleMotion.into(),
        "g" => ViewAction::GuideCamera.into(),
        "s" => PresenterAction::ToggleWait.into(),
        "a" => PresenterAction::ToggleRepeat.into(),
        "b" => PresenterAction::ToggleBlack.into(),
        "h" => PresenterAction::ToggleBar.into(),
        "e" => ExploreLayer.into(),
        "?" => SettingsAction::ToggleKeys.into(),
        digit => {
            let tenth = digit.parse::<u8>().ok().filter(|tenth| *tenth < 10)?;
            return Some(PlaybackAction::SeekTenth(tenth).into());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(text: &str) -> Option<UiAction> {
        action(&Key::Character(text.into()), false)
    }

    #[test]
    fn keys_do_what_they_do_on_youtube() {
        assert_eq!(press("k"), Some(PlaybackAction::TogglePlay.into()));
        assert_eq!(press("K"), Some(PlaybackAction::TogglePlay.into()));
        assert_eq!(press("j"), Some(PlaybackAction::Skip(-10.0).into()));
        assert_eq!(press(">"), Some(PlaybackAction::Faster(true).into()));
        assert_eq!(press("7"), Some(PlaybackAction::SeekTenth(7).into()));
        assert_eq!(press("x"), None);
        assert_eq!(
            action(&Key::ArrowRight, false),
            Some(PlaybackAction::Skip(5.0).into())
        );
    }

    #[test]
    fn the_list_has_the_keys_of_the_window_and_none_of_the_transport() {
        for letter in ["e", "t", "f", "r", "?"] {
            assert!(press(letter).is_some_and(is_of_the_list), "{letter}");
        }
        for letter in ["k", "l", "m", "c", "b", "5"] {
            assert!(!press(letter).is_some_and(is_of_the_list), "{letter}");
        }
    }

    #[test]
    fn a_digit_answers_the_question_that_is_up() {
        let character = |text: &str| Key::Character(text.into());
        let asked = Some((4, 3));
        for (key, choice) in [("1", Some(0)), ("3", Some(2)), ("4", None), ("0", None)] {
            let given = choice.map(|choice| PlaybackAction::Predict(4, choice).into());
            assert_eq!(answer(&character(key), asked), given);
            assert_eq!(answer(&character(key), None), None);
        }
    }

    #[test]
    fn a_remote_turns_pages_the_picture_off_and_the_window_to_full_screen() {
        assert_eq!(
            action(&Key::PageDown, false),
            Some(PresenterAction::Go(true).into())
        );
        assert_eq!(
            action(&Key::F5, false),
            Some(ViewAction::ToggleFullScreen.into())
        );
        let stop = Key::Character(".".into());
        assert_eq!(of_remote(&stop, false), None);
        let off = Some(PresenterAction::ToggleBlack.into());
        assert_eq!(of_remote(&stop, true), off);
        assert_eq!(of_remote(&Key::Character("k".into()), true), None);
    }

    #[test]
    fn a_review_is_answered_by_digits() {
        let character = |text: &str| Key::Character(text.into());
        for panel_has_keys in [false, true] {
            let press = |key: &Key| review_action(key, panel_has_keys);
            assert_eq!(press(&character("1")), Some(ReviewAction::Choose(0).into()));
            assert_eq!(press(&character("0")), None);
            assert_eq!(press(&character("k")), None);
            let free = !panel_has_keys;
            assert_eq!(
                press(&Key::Enter),
                free.then_some(ReviewAction::GoOn.into())
            );
            assert_eq!(
                press(&Key::Escape),
                free.then_some(LessonAction::Close.into())
            );
        }
    }

    #[test]
    fn escape_closes_the_list_of_keys_before_the_lesson() {
        assert_eq!(
            action(&Key::Escape, true),
            Some(SettingsAction::ToggleKeys.into())
        );
        assert_eq!(
            action(&Key::Escape, false),
            Some(LessonAction::Close.into())
        );
    }
}
