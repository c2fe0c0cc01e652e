//! The keys of a whole network: the way down and up, and the search.

use bevy_egui::egui::{self, Key, Modifiers};

use super::session::{NetworkAction, NetworkExplorer};
use crate::ui::wants_keys;

/// The field of the search.
pub(super) fn search_id() -> egui::Id {
    egui::Id::new("network search")
}

/// Turns keys into actions. Comes after the panels, so that a text has its keys first.
pub(super) fn read_keys(
    context: &egui::Context,
    explorer: &NetworkExplorer,
    keys_shown: bool,
    actions: &mut Vec<NetworkAction>,
) {
    let searches = context.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F));
    if !are_taken(context) {
        let selected = explorer.view.selected();
        context.input_mut(|input| actions_of(input, selected, keys_shown, actions));
    }
    if searches {
        context.memory_mut(|memory| memory.request_focus(search_id()));
    }
}

/// Whether a control has the keys, or had them when the frame began: Escape and Enter let go of it first.
fn are_taken(context: &egui::Context) -> bool {
    let id = egui::Id::new("network keys are taken");
    let now = wants_keys(context);
    let before = context.data_mut(|data| {
        let before = data.get_temp::<bool>(id);
        data.insert_temp(id, now);
        before
    });
    now || before.unwrap_or(false)
}

fn actions_of(
    input: &mut egui::InputState,
    selected: Option<usize>,
    keys_shown: bool,
    actions: &mut Vec<NetworkAction>,
) {
    let command_shift = Modifiers::COMMAND | Modifiers::SHIFT;
    if input.consume_key(command_shift, Key::Z) || input.consume_key(Modifiers::COMMAND, Key::Y) {
        actions.push(NetworkAction::Undo(false));
    } else if input.consume_key(Modifiers::COMMAND, Key::Z) {
        actions.push(NetworkAction::Undo(true));
    }
    if input.consume_key(command_shift, Key::L) {
        actions.push(NetworkAction::CopyLink);
    }
    let mut key = |key: Key, action: Option<NetworkAction>| {
        // On a slow machine a key may be pressed more than once in a frame.
        for _ in 0..input.count_and_consume_key(Modifiers::NONE, key) {
            actions.extend(action.clone());
        }
    };
    let out = if keys_shown {
        NetworkAction::ToggleKeys
    } else {
        NetworkAction::Leave
    };
    key(Key::Escape, Some(out));
    key(Key::Questionmark, Some(NetworkAction::ToggleKeys));
    key(Key::ArrowRight, Some(NetworkAction::Step(true)));
    key(Key::ArrowLeft, Some(NetworkAction::Step(false)));
    key(Key::Enter, selected.map(NetworkAction::Enter));
    key(Key::Backspace, Some(NetworkAction::Out));
    key(Key::F, Some(NetworkAction::Whole));
    key(Key::P, Some(NetworkAction::TogglePanels));
    key(Key::E, Some(NetworkAction::Workbench));
    key(Key::T, Some(NetworkAction::ToggleStudio));
}
