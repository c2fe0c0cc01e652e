//! The keys of the workbench.

use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::session::{Explorer, SessionSystems, Wished};
use super::wishes::{Framing, Tab, Wish};
use crate::explore::Edit;
use crate::explore::stops::Grain;
use crate::op::LoopOrder;
use crate::ui::{Screen, Settings, wants_keys};

/// What is held down with a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Held {
    control: bool,
    shift: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        read_keys
            .before(SessionSystems)
            .in_set(crate::playback::ShowSystems::Input),
    );
}

/// Turns key presses into wishes.
fn read_keys(
    mut presses: MessageReader<KeyboardInput>,
    mut contexts: EguiContexts,
    mut held: Local<Held>,
    mut focus_lost: MessageReader<bevy::input::keyboard::KeyboardFocusLost>,
    screen: Res<State<Screen>>,
    settings: Res<Settings>,
    explorer: Option<Res<Explorer>>,
    mut wished: MessageWriter<Wished>,
) {
    // What is let go elsewhere is not heard here.
    if focus_lost.read().next().is_some() {
        *held = Held::default();
    }
    let Some(explorer) = explorer.filter(|_| *screen.get() == Screen::Explore) else {
        presses.clear();
        return;
    };
    // A control that has the keys takes all but what is asked for with Control; a text takes all.
    let (panel_has_keys, typing) = contexts.ctx_mut().map_or((false, false), |context| {
        let paste = super::parameters::paste_id();
        let typing = context.memory(|memory| memory.has_focus(paste));
        (wants_keys(context), typing)
    });
    for press in presses.read() {
        // In the order of the events: both may fall into one slow frame.
        let down = press.state.is_pressed();
        match press.key_code {
            KeyCode::ControlLeft
            | KeyCode::ControlRight
            | KeyCode::SuperLeft
            | KeyCode::SuperRight => held.control = down,
            KeyCode::ShiftLeft | KeyCode::ShiftRight => held.shift = down,
            _ => {}
        }
        let saves = held.control && press.key_code == KeyCode::KeyS;
        let taken = (typing && !saves) || (panel_has_keys && !held.control);
        if !down || taken {
            continue;
        }
        let held = *held;
        let Some(wish) = wish(&press.logical_key, held, &explorer, settings.keys_shown) else {
            continue;
        };
        let repeats = matches!(
            wish,
            Wish::Step(_) | Wish::Product(_) | Wish::Undo | Wish::Redo | Wish::Faster(_)
        );
        if !press.repeat || repeats {
            // What comes after it in the same frame is meant for the text.
            let types = wish == Wish::FocusPaste;
            wished.write(Wished(wish));
            if types {
                presses.clear();
                return;
            }
        }
    }
}

fn wish(key: &Key, held: Held, explorer: &Explorer, keys_shown: bool) -> Option<Wish> {
    let hand = &explorer.hand;
    let text = match key {
        Key::Space => return Some(Wish::TogglePlay),
        Key::Home => return Some(Wish::Position(0.0)),
        Key::End => return Some(Wish::Position(f64::MAX)),
        Key::Escape if keys_shown => return Some(Wish::ToggleKeys),
        Key::Escape if !hand.pins.is_empty() => return Some(Wish::Unpin),
        Key::Escape => return Some(Wish::Leave),
        Key::Character(text) => text.to_lowercase(),
        _ => return None,
    };
    if held.control {
        return Some(match text.as_str() {
            "z" if held.shift => Wish::Redo,
            "z" => Wish::Undo,
            "y" => Wish::Redo,
            "s" => Wish::SaveLesson,
            "c" if held.shift => Wish::CopyCommand,
            "+" | "=" => Wish::Larger(true),
            "-" => Wish::Larger(false),
            _ => return None,
        });
    }
    let next = |grain| match grain {
        Grain::Product => Grain::Output,
        Grain::Output => Grain::Filter,
        Grain::Filter => Grain::Product,
    };
    let next_order = |order| match order {
        LoopOrder::FilterMajor => LoopOrder::PositionMajor,
        LoopOrder::PositionMajor => LoopOrder::ChannelMajor,
        LoopOrder::ChannelMajor => LoopOrder::FilterMajor,
    };
    Some(match text.as_str() {
        " " | "k" => Wish::TogglePlay,
        "[" => Wish::Step(false),
        "]" => Wish::Step(true),
        "," => Wish::Product(false),
        "." => Wish::Product(true),
        "<" => Wish::Faster(false),
        ">" => Wish::Faster(true),
        "d" => Wish::Grain(next(hand.grain)),
        "w" => Wish::ToggleLoop,
        "q" => Wish::Edit(Edit::Order(next_order(explorer.bench.setup().order))),
        "1" => Wish::Frame(Framing::Front),
        "2" => Wish::Frame(Framing::Top),
        "3" => Wish::Frame(Framing::Side),
        "4" => Wish::Frame(Framing::Isometric),
        "0" | "g" => Wish::Frame(Framing::Fit),
        "o" => Wish::ToggleLens,
        "e" if held.shift => Wish::Spread((hand.spread - 0.5).max(0.0)),
        "e" => Wish::Spread((hand.spread + 0.5).min(4.0)),
        "z" => Wish::Slice(explorer.slice_moved(!held.shift)),
        "b" => Wish::Previous,
        "l" => Wish::FocusPaste,
        "s" => Wish::Picture(hand.picture.0, hand.picture.1),
        "r" => Wish::Record,
        "f" => Wish::Tab(Tab::Facts),
        "i" => Wish::Tab(Tab::Element),
        "c" => Wish::Tab(Tab::Code),
        "p" => Wish::TogglePanels,
        "t" => Wish::ToggleStudio,
        "m" => Wish::ToggleMotion,
        "?" => Wish::ToggleKeys,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Setup, Spot, Workbench};

    fn explorer() -> Explorer {
        Explorer::new(Workbench::new(Setup::default()))
    }

    fn press(text: &str, control: bool, shift: bool) -> Option<Wish> {
        let held = Held { control, shift };
        wish(&Key::Character(text.into()), held, &explorer(), false)
    }

    #[test]
    fn keys_ask_for_what_the_list_says() {
        assert_eq!(press("z", true, false), Some(Wish::Undo));
        assert_eq!(press("Z", true, true), Some(Wish::Redo));
        assert_eq!(
            press("4", false, false),
            Some(Wish::Frame(Framing::Isometric))
        );
        assert_eq!(press("e", false, false), Some(Wish::Spread(0.5)));
        assert_eq!(press("v", true, false), None);
        assert_eq!(press("z", false, false), Some(Wish::Slice(Some((1, 3)))));
    }

    #[test]
    fn escape_closes_what_is_open_first() {
        let mut explorer = explorer();
        explorer.hand.pin(Spot::Tensor {
            tensor: 0,
            at: [0, 0, 0],
        });
        let escape =
            |explorer: &Explorer, keys| wish(&Key::Escape, Held::default(), explorer, keys);
        assert_eq!(escape(&explorer, true), Some(Wish::ToggleKeys));
        assert_eq!(escape(&explorer, false), Some(Wish::Unpin));
        explorer.hand.pins.clear();
        assert_eq!(escape(&explorer, false), Some(Wish::Leave));
    }
}
