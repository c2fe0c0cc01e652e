//! Keys that are pressed together faster than frames go by. A panel takes what is held at the end of a frame for what
//! was held all through it, and would read a quick Ctrl+V as V. So what is held changes between frames only, and what
//! comes after that waits for the next.

use bevy::ecs::message::{MessageCursor, Messages};
use bevy::input::keyboard::{Key, KeyboardFocusLost, KeyboardInput};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(First, hold_back);
}

/// Hands on what belongs into this frame, and keeps the rest.
fn hold_back(
    mut presses: ResMut<Messages<KeyboardInput>>,
    mut focus_lost: MessageReader<KeyboardFocusLost>,
    mut cursor: Local<MessageCursor<KeyboardInput>>,
    (mut waiting, mut control): (Local<Vec<KeyboardInput>>, Local<bool>),
) {
    // What is let go elsewhere is not heard here.
    if focus_lost.read().count() > 0 {
        *control = false;
    }
    let new = cursor.len(&presses);
    if new == 0 && waiting.is_empty() {
        return;
    }
    // Those of the last frame have been read.
    let all: Vec<KeyboardInput> = presses.drain().collect();
    let old = all.len().saturating_sub(new);
    waiting.extend(all.into_iter().skip(old));
    let count = in_one_frame(&waiting, &mut control);
    presses.write_batch(waiting.drain(..count));
    cursor.clear(&presses);
}

/// How many of the presses come before what is held changes behind a key. `control` says whether Control or Command is
/// held; with neither, Shift changes nothing but the text, which comes with its key.
fn in_one_frame(presses: &[KeyboardInput], control: &mut bool) -> usize {
    let mut key_pressed = false;
    for (place, press) in presses.iter().enumerate() {
        let is_control = matches!(press.logical_key, Key::Control | Key::Super | Key::Meta);
        let is_shift = press.logical_key == Key::Shift;
        if key_pressed && (is_control || (is_shift && *control)) {
            return place;
        }
        if is_control {
            *control = press.state.is_pressed();
        }
        key_pressed |= !is_control && !is_shift && press.state.is_pressed();
    }
    presses.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::input::ButtonState;

    fn press(key: &str, state: ButtonState) -> KeyboardInput {
        let (key_code, logical_key) = match key {
            "Control" => (KeyCode::ControlLeft, Key::Control),
            "Shift" => (KeyCode::ShiftLeft, Key::Shift),
            letter => (KeyCode::KeyV, Key::Character(letter.into())),
        };
        KeyboardInput {
            key_code,
            logical_key,
            state,
            text: None,
            repeat: false,
            window: Entity::PLACEHOLDER,
        }
    }

    /// Keys that come in one frame, as they are handed on: +key is pressed, -key let go, and | divides frames.
    fn handed_on(keys: &str) -> String {
        let mut app = App::new();
        app.add_message::<KeyboardInput>()
            .add_message::<KeyboardFocusLost>()
            .add_plugins(plugin);
        // It has been running for a while.
        app.update();
        let presses = keys.split(' ').map(|key| match key.strip_prefix('+') {
            Some(key) => press(key, ButtonState::Pressed),
            None => press(&key[1..], ButtonState::Released),
        });
        let mut messages = app.world_mut().resource_mut::<Messages<KeyboardInput>>();
        messages.write_batch(presses);
        let mut cursor = MessageCursor::<KeyboardInput>::default();
        let mut frames = Vec::new();
        for _ in 0..4 {
            app.update();
            let messages = app.world().resource::<Messages<KeyboardInput>>();
            let read = cursor.read(messages).map(|press| {
                let sign = if press.state.is_pressed() { '+' } else { '-' };
                match &press.logical_key {
                    Key::Character(letter) => format!("{sign}{letter}"),
                    key => format!("{sign}{key:?}"),
                }
            });
            frames.push(read.collect::<Vec<_>>().join(" "));
        }
        frames.retain(|frame| !frame.is_empty());
        frames.join(" | ")
    }

    #[test]
    fn what_is_held_with_a_key_is_let_go_in_another_frame() {
        assert_eq!(
            handed_on("+Control +v -v -Control +n -n"),
            "+Control +v -v | -Control +n -n"
        );
        assert_eq!(
            handed_on("+n -n +Control +Shift +z -Shift -z -Control"),
            "+n -n | +Control +Shift +z | -Shift -z -Control"
        );
        // Text is not slowed down.
        let text = "+Shift +C -C -Shift +o -o";
        assert_eq!(handed_on(text), text);
        assert_eq!(handed_on("-v -Control"), "-v -Control");
    }
}
