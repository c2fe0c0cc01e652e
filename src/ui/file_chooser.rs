//! The dialogue in which the system has files chosen. What is chosen there arrives as if it were dropped.

use std::path::PathBuf;

use bevy::ecs::system::NonSendMarker;
use bevy::input::keyboard::{KeyboardFocusLost, KeyboardInput};
use bevy::prelude::*;
use bevy::tasks::{IoTaskPool, Task, block_on, poll_once};
use bevy::window::{FileDragAndDrop, PrimaryWindow};
use bevy::winit::WINIT_WINDOWS;
use rfd::AsyncFileDialog;

use super::Settings;
use super::links::LinkNote;
use super::rest::Activity;
use super::shortcut_key::{HeldKeys, opens_file, shortcut_key};
use super::strings::Word;
use crate::playback::ShowSystems;

/// Whether a system may have no dialogue: Windows and macOS always have one.
const MAY_LACK: bool = !cfg!(any(windows, target_os = "macos"));

/// Has a person choose files to be opened.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChooseFiles;

/// The dialogue that is open, and gives what the system says of it.
#[derive(Resource, Default)]
struct Dialog(Option<Task<Option<Vec<PathBuf>>>>);

pub(super) fn plugin(app: &mut App) {
    app.add_message::<ChooseFiles>()
        .init_resource::<Dialog>()
        .add_systems(
            Update,
            (read_key, open_dialog, take_chosen)
                .chain()
                .in_set(ShowSystems::Input),
        );
}

/// The key asks for it wherever one is: with Control it writes nothing into a text.
fn read_key(
    mut presses: MessageReader<KeyboardInput>,
    mut focus_lost: MessageReader<KeyboardFocusLost>,
    mut held: Local<HeldKeys>,
    mut asked: MessageWriter<ChooseFiles>,
) {
    // What is let go elsewhere, as in the dialogue, is not heard here.
    if focus_lost.read().count() > 0 {
        *held = HeldKeys::default();
    }
    for press in presses.read() {
        held.note(press);
        let down = press.state.is_pressed() && !press.repeat;
        if down && opens_file(&shortcut_key(press, *held), *held) {
            asked.write(ChooseFiles);
        }
    }
}

/// Opens the dialogue, where none is open.
fn open_dialog(
    // macOS has dialogues made where windows are.
    _main_thread: NonSendMarker,
    mut asked: MessageReader<ChooseFiles>,
    windows: Query<Entity, With<PrimaryWindow>>,
    settings: Res<Settings>,
    mut dialog: ResMut<Dialog>,
) {
    if asked.read().count() == 0 || dialog.0.is_some() {
        return;
    }
    // All files are listed: pictures and arrays are known by their content, whatever their names end in.
    let mut asks = AsyncFileDialog::new().set_title(Word::ChooseFiles.text(settings.language));
    if let Ok(window) = windows.single() {
        asks = WINIT_WINDOWS.with_borrow(|windows| match windows.get_window(window) {
            Some(window) => asks.set_parent(&**window),
            None => asks,
        });
    }
    let chosen = asks.pick_files();
    let task = async move {
        let files = chosen.await;
        files.map(|files| files.into_iter().map(PathBuf::from).collect::<Vec<_>>())
    };
    dialog.0 = Some(IoTaskPool::get().spawn(task));
}

/// Hands on what was chosen, once it is.
fn take_chosen(
    mut dialog: ResMut<Dialog>,
    windows: Query<Entity, With<PrimaryWindow>>,
    settings: Res<Settings>,
    (mut note, mut activity): (ResMut<LinkNote>, ResMut<Activity>),
    mut dropped: MessageWriter<FileDragAndDrop>,
) {
    let Some(task) = &mut dialog.0 else {
        return;
    };
    activity.waits();
    let Some(said) = block_on(poll_once(task)) else {
        return;
    };
    dialog.0 = None;
    match chosen_files(said, MAY_LACK) {
        Some(files) => {
            let Ok(window) = windows.single() else {
                return;
            };
            let files = files.into_iter();
            dropped.write_batch(
                files.map(|path_buf| FileDragAndDrop::DroppedFile { window, path_buf }),
            );
        }
        None => note.tell(Word::NoFileChooser.text(settings.language).to_owned()),
    }
}

/// The files that were chosen, none where the person cancelled; `None` where no dialogue could be shown.
///
/// `said` is what rfd gives. Where a system may lack a dialogue, that is `None` if neither the desktop's portal nor
/// zenity answered, and an empty list if the person cancelled; elsewhere `None` is a cancelled dialogue. A zenity that
/// starts and fails looks like one that was cancelled.
fn chosen_files(said: Option<Vec<PathBuf>>, may_lack: bool) -> Option<Vec<PathBuf>> {
    match said {
        Some(pieces) => Some(whole_names(pieces)),
        None if may_lack => None,
        None => Some(Vec::new()),
    }
}

/// The names of files, put together again: rfd takes apart what zenity prints at each `|`, which may stand in a name
/// too. A dialogue gives absolute paths, so a piece that is none belongs to the name before.
fn whole_names(pieces: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for piece in pieces {
        match files.last_mut() {
            Some(file) if !piece.is_absolute() => {
                let name = file.as_mut_os_string();
                name.push("|");
                name.push(piece);
            }
            _ => files.push(piece),
        }
    }
    // Of no text at all rfd makes one name.
    files.retain(|file| !file.as_os_str().is_empty());
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_cancelled_dialogue_is_not_taken_for_a_missing_one() {
        assert_eq!(chosen_files(Some(Vec::new()), true), Some(Vec::new()));
        assert_eq!(chosen_files(Some(paths(&[""])), true), Some(Vec::new()));
        assert_eq!(chosen_files(None, true), None);
        // Windows and macOS say so of one that was cancelled.
        assert_eq!(chosen_files(None, false), Some(Vec::new()));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_may_have_the_sign_in_its_name_that_stands_between_files() {
        let printed = "/home/me/a|b||c.png|/home/me/x.npy|/home/me/end|";
        let pieces = paths(&printed.split('|').collect::<Vec<_>>());
        let files = paths(&["/home/me/a|b||c.png", "/home/me/x.npy", "/home/me/end|"]);
        assert_eq!(chosen_files(Some(pieces), true), Some(files));
    }

    /// Whether a press of O asks for the dialogue, with Control held or not.
    fn asks(control: bool, repeat: bool) -> bool {
        use bevy::input::ButtonState;
        use bevy::input::keyboard::Key;

        let mut app = App::new();
        app.add_message::<KeyboardInput>()
            .add_message::<KeyboardFocusLost>()
            .add_message::<ChooseFiles>()
            .add_systems(Update, read_key);
        let press = |key_code, logical_key, repeat| KeyboardInput {
            key_code,
            logical_key,
            state: ButtonState::Pressed,
            text: None,
            repeat,
            window: Entity::PLACEHOLDER,
        };
        if control {
            app.world_mut()
                .write_message(press(KeyCode::ControlLeft, Key::Control, false));
        }
        let letter = Key::Character("o".into());
        app.world_mut()
            .write_message(press(KeyCode::KeyO, letter, repeat));
        app.update();
        !app.world().resource::<Messages<ChooseFiles>>().is_empty()
    }

    #[test]
    fn control_and_o_ask_for_the_dialogue_once() {
        assert!(asks(true, false));
        assert!(!asks(true, true), "a key that is held asks again");
        assert!(!asks(false, false), "O alone is the view");
    }
}
