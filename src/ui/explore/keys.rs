//! The keys of the workbench.

use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::action::{
    BenchAction, Framing, HandAction, KeepAction, SessionAction, SetupAction, Tab, TransportAction,
    WindowAction,
};
use super::session::{Explorer, SessionSystems};
use crate::explore::Edit;
use crate::explore::step_stops::StepUnit;
use crate::op::LoopOrder;
use crate::ui::shortcut_key::{HeldKeys, shortcut_key};
use crate::ui::{Screen, Settings, takes_key};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        read_keys
            .before(SessionSystems)
            .in_set(crate::playback::ShowSystems::Input),
    );
}

/// Turns key presses into actions.
fn read_keys(
    mut presses: MessageReader<KeyboardInput>,
    mut contexts: EguiContexts,
    mut held: Local<HeldKeys>,
    mut focus_lost: MessageReader<bevy::input::keyboard::KeyboardFocusLost>,
    screen: Res<State<Screen>>,
    settings: Res<Settings>,
    explorer: Option<Res<Explorer>>,
    mut actions: MessageWriter<BenchAction>,
) {
    // What is let go elsewhere is not heard here.
    if focus_lost.read().next().is_some() {
        *held = HeldKeys::default();
    }
    let Some(explorer) = explorer.filter(|_| *screen.get() == Screen::Explore) else {
        presses.clear();
        return;
    };
    // The field for layers takes all keys but that which saves; what else has the keys, none with Control.
    let typing = contexts.ctx_mut().is_ok_and(|context| {
        let paste = super::paste::paste_id();
        context.memory(|memory| memory.has_focus(paste))
    });
    for press in presses.read() {
        // In the order of the events: both may fall into one slow frame.
        let down = press.state.is_pressed();
        held.note(press);
        let saves = held.control && press.key_code == KeyCode::KeyS;
        let panel_has_it = contexts
            .ctx_mut()
            .is_ok_and(|context| takes_key(context, &press.logical_key));
        let taken = (typing && !saves) || (panel_has_it && !held.control);
        if !down || taken {
            continue;
        }
        let key = shortcut_key(press, *held);
        let Some(action) = action_of(&key, *held, &explorer, settings.keys_shown) else {
            continue;
        };
        let repeats = matches!(
            action,
            BenchAction::Transport(
                TransportAction::Step(_) | TransportAction::Product(_) | TransportAction::Faster(_)
            ) | BenchAction::Setup(SetupAction::Undo | SetupAction::Redo)
        );
        if !press.repeat || repeats {
            // What comes after it in the same frame is meant for the text.
            let types = action == BenchAction::InteractionState(HandAction::FocusPaste);
            actions.write(action);
            if types {
                presses.clear();
                return;
            }
        }
    }
}

fn action_of(
    key: &Key,
    held: HeldKeys,
    explorer: &Explorer,
    keys_shown: bool,
) -> Option<BenchAction> {
    let interaction = &explorer.interaction;
    let text = match key {
        Key::Space => return Some(TransportAction::TogglePlay.into()),
        Key::Home => return Some(TransportAction::Position(0.0).into()),
        Key::End => return Some(TransportAction::Position(f64::MAX).into()),
        Key::Escape if keys_shown => return Some(WindowAction::ToggleKeys.into()),
        Key::Escape if !interaction.pins.is_empty() => return Some(HandAction::Unpin.into()),
        Key::Escape => return Some(SessionAction::Leave.into()),
        Key::Character(text) => text.to_lowercase(),
        _ => return None,
    };
    if held.control {
        return Some(match text.as_str() {
            "z" if held.shift => SetupAction::Redo.into(),
            "z" => SetupAction::Undo.into(),
            "y" => SetupAction::Redo.into(),
            "s" => KeepAction::SaveLesson.into(),
            "c" if held.shift => KeepAction::CopyCommand.into(),
            "l" if held.shift => WindowAction::CopyLink.into(),
            "+" | "=" => WindowAction::Larger(true).into(),
            "-" => WindowAction::Larger(false).into(),
            _ => return None,
        });
    }
    let next = |step_unit| match step_unit {
        StepUnit::Product => StepUnit::Output,
        StepUnit::Output => StepUnit::Filter,
        StepUnit::Filter => StepUnit::Product,
    };
    let next_order = |order| match order {
        LoopOrder::FilterMajor => LoopOrder::PositionMajor,
        LoopOrder::PositionMajor => LoopOrder::ChannelMajor,
        LoopOrder::ChannelMajor => LoopOrder::FilterMajor,
    };
    Some(match text.as_str() {
        " " | "k" => TransportAction::TogglePlay.into(),
        "[" => TransportAction::Step(false).into(),
        "]" => TransportAction::Step(true).into(),
        "," => TransportAction::Product(false).into(),
        "." => TransportAction::Product(true).into(),
        "<" => TransportAction::Faster(false).into(),
        ">" => TransportAction::Faster(true).into(),
        "d" => TransportAction::StepUnit(next(interaction.step_unit)).into(),
        "w" => TransportAction::ToggleLoop.into(),
        "q" => SetupAction::Edit(Edit::Order(next_order(explorer.workbench.setup().order))).into(),
        "1" => Framing::Front.into(),
        "2" => Framing::Top.into(),
        "3" => Framing::Side.into(),
        "4" => Framing::Isometric.into(),
        "0" | "g" => Framing::Fit.into(),
        "o" => WindowAction::ToggleLens.into(),
        "x" if held.shift => HandAction::Spread((interaction.spread - 0.5).max(0.0)).into(),
        "x" => HandAction::Spread((interaction.spread + 0.5).min(4.0)).into(),
        "z" => HandAction::Slice(explorer.slice_moved(!held.shift)).into(),
        "b" => SessionAction::Previous.into(),
        "l" => HandAction::FocusPaste.into(),
        "s" => KeepAction::Picture.into(),
        "v" => KeepAction::Record.into(),
        "u" => HandAction::Tab(Tab::Facts).into(),
        "i" => HandAction::Tab(Tab::Element).into(),
        "c" => HandAction::Tab(Tab::Code).into(),
        "p" => HandAction::TogglePanels.into(),
        "=" => HandAction::ToggleArithmetic.into(),
        "t" => WindowAction::ToggleStudio.into(),
        // As in a lesson, where E leads here and M is the sound.
        "r" => WindowAction::ToggleMotion.into(),
        "f" => WindowAction::ToggleFullScreen.into(),
        "?" => WindowAction::ToggleKeys.into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{ElementRef, Setup, Workbench};

    fn explorer() -> Explorer {
        Explorer::new(Workbench::new(Setup::default()))
    }

    fn press(text: &str, control: bool, shift: bool) -> Option<BenchAction> {
        let held = HeldKeys { control, shift };
        action_of(&Key::Character(text.into()), held, &explorer(), false)
    }

    #[test]
    fn keys_ask_for_what_the_list_says() {
        assert_eq!(press("z", true, false), Some(SetupAction::Undo.into()));
        assert_eq!(press("Z", true, true), Some(SetupAction::Redo.into()));
        assert_eq!(press("4", false, false), Some(Framing::Isometric.into()));
        assert_eq!(
            press("x", false, false),
            Some(HandAction::Spread(0.5).into())
        );
        assert_eq!(press("v", false, false), Some(KeepAction::Record.into()));
        assert_eq!(press("v", true, false), None);
        assert_eq!(
            press("z", false, false),
            Some(HandAction::Slice(Some((1, 3))).into())
        );
    }

    #[test]
    fn letters_of_the_window_mean_what_they_do_in_a_lesson() {
        for (letter, action) in [
            ("r", Some(WindowAction::ToggleMotion)),
            ("f", Some(WindowAction::ToggleFullScreen)),
            ("t", Some(WindowAction::ToggleStudio)),
            ("o", Some(WindowAction::ToggleLens)),
            // The way here, and the sound, which there is none of.
            ("e", None),
            ("m", None),
        ] {
            let action = action.map(BenchAction::from);
            assert_eq!(press(letter, false, false), action, "{letter}");
        }
    }

    #[test]
    fn escape_closes_what_is_open_first() {
        let mut explorer = explorer();
        explorer.interaction.pin(ElementRef::Tensor {
            tensor: 0,
            at: [0, 0, 0],
        });
        let escape = |explorer: &Explorer, keys| {
            action_of(&Key::Escape, HeldKeys::default(), explorer, keys)
        };
        assert_eq!(
            escape(&explorer, true),
            Some(WindowAction::ToggleKeys.into())
        );
        assert_eq!(escape(&explorer, false), Some(HandAction::Unpin.into()));
        explorer.interaction.pins.clear();
        assert_eq!(escape(&explorer, false), Some(SessionAction::Leave.into()));
    }
}
