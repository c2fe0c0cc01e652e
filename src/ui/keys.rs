//! The keys of the transport, as on YouTube.

use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::{Asked, Screen, Settings, UiAction};

/// Turns key presses into what they ask for. Keys go by what is printed on them, so that `?` and
/// `<` are found on every keyboard.
pub(super) fn read_keys(
    mut presses: MessageReader<KeyboardInput>,
    mut contexts: EguiContexts,
    screen: Res<State<Screen>>,
    settings: Res<Settings>,
    mut asked: MessageWriter<Asked>,
) {
    let panel_has_keys = contexts
        .ctx_mut()
        .is_ok_and(|context| super::wants_keys(context));
    for press in presses.read() {
        if !press.state.is_pressed() || panel_has_keys || *screen.get() == Screen::Explore {
            continue;
        }
        // A key that is held repeats only where that is of use.
        let Some(action) = action(&press.logical_key, settings.keys_shown) else {
            continue;
        };
        // In the list only the way to the workbench has a key.
        if *screen.get() == Screen::Lessons && action != UiAction::Explore {
            continue;
        }
        let repeats = matches!(
            action,
            UiAction::Skip(_) | UiAction::Frames(_) | UiAction::Step(_) | UiAction::Beat(_)
        );
        if !press.repeat || repeats {
            asked.write(Asked(action));
        }
    }
}

fn action(key: &Key, keys_shown: bool) -> Option<UiAction> {
    let text = match key {
        Key::Space => return Some(UiAction::TogglePlay),
        Key::ArrowLeft => return Some(UiAction::Skip(-5.0)),
        Key::ArrowRight => return Some(UiAction::Skip(5.0)),
        Key::Escape if keys_shown => return Some(UiAction::ToggleKeys),
        Key::Escape => return Some(UiAction::Close),
        Key::Home => return Some(UiAction::Seek(0.0)),
        Key::End => return Some(UiAction::Seek(f64::MAX)),
        Key::Character(text) => text.to_lowercase(),
        _ => return None,
    };
    Some(match text.as_str() {
        " " | "k" => UiAction::TogglePlay,
        "j" => UiAction::Skip(-10.0),
        "l" => UiAction::Skip(10.0),
        "," => UiAction::Frames(-1),
        "." => UiAction::Frames(1),
        "[" => UiAction::Step(false),
        "]" => UiAction::Step(true),
        "<" => UiAction::Faster(false),
        ">" => UiAction::Faster(true),
        "n" => UiAction::Beat(true),
        "p" => UiAction::Beat(false),
        "c" => UiAction::ToggleCaptions,
        "m" => UiAction::ToggleSound,
        "f" => UiAction::ToggleFullScreen,
        "t" => UiAction::ToggleStudio,
        "o" => UiAction::ToggleLens,
        "r" => UiAction::ToggleMotion,
        "g" => UiAction::GuideCamera,
        "e" => UiAction::Explore,
        "?" => UiAction::ToggleKeys,
        digit => {
            let tenth = digit.parse::<u8>().ok().filter(|tenth| *tenth < 10)?;
            return Some(UiAction::SeekTenth(tenth));
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
        assert_eq!(press("k"), Some(UiAction::TogglePlay));
        assert_eq!(press("K"), Some(UiAction::TogglePlay));
        assert_eq!(press("j"), Some(UiAction::Skip(-10.0)));
        assert_eq!(press(">"), Some(UiAction::Faster(true)));
        assert_eq!(press("7"), Some(UiAction::SeekTenth(7)));
        assert_eq!(press("x"), None);
        assert_eq!(action(&Key::ArrowRight, false), Some(UiAction::Skip(5.0)));
    }

    #[test]
    fn escape_closes_the_list_of_keys_before_the_lesson() {
        assert_eq!(action(&Key::Escape, true), Some(UiAction::ToggleKeys));
        assert_eq!(action(&Key::Escape, false), Some(UiAction::Close));
    }
}
