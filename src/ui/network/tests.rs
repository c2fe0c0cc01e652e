//! The panels by themselves, without a window.

use bevy_egui::egui::{self, Key, Modifiers};

use super::session::{NetworkAction, NetworkExplorer};
use super::wheel::{Seen, Turned};
use super::words::Word;
use crate::camera::CameraPose;
use crate::explore::network_file;
use crate::lesson::Language;
use crate::tensor::Fill;
use crate::ui::{Settings, strings};

/// Panels that are clicked and typed into.
struct Panels {
    context: egui::Context,
    explorer: NetworkExplorer,
    settings: Settings,
    window: egui::Vec2,
    time: f64,
}

impl Panels {
    fn new() -> Self {
        let view = network_file::view("digits").unwrap().unwrap();
        let mut panels = Self {
            context: egui::Context::default(),
            explorer: NetworkExplorer::new(view),
            settings: Settings::default(),
            window: egui::vec2(1600.0, 1000.0),
            time: 0.0,
        };
        panels.frame(Vec::new());
        panels.frame(Vec::new());
        panels
    }

    /// One frame; what was asked for, and every text that was drawn with its place.
    fn frame(
        &mut self,
        events: Vec<egui::Event>,
    ) -> (Vec<NetworkAction>, Vec<(String, egui::Rect)>) {
        self.time += 0.1;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, self.window)),
            time: Some(self.time),
            events,
            ..Default::default()
        };
        let (mut actions, pose) = (Vec::new(), CameraPose::default());
        let output = self.context.clone().run_ui(input, |ui| {
            super::draw(
                ui.ctx(),
                &self.explorer,
                &self.settings,
                &pose,
                &mut actions,
            );
        });
        let mut texts = Vec::new();
        for shape in output.shapes {
            if let egui::Shape::Text(text) = &shape.shape {
                texts.push((text.galley.text().to_owned(), text.visual_bounding_rect()));
            }
        }
        (actions, texts)
    }

    /// What a key asks for, in its frame and the next.
    fn press(&mut self, key: Key, modifiers: Modifiers) -> Vec<NetworkAction> {
        let event = |pressed| egui::Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers,
        };
        let (mut actions, _) = self.frame(vec![event(true)]);
        actions.extend(self.frame(vec![event(false)]).0);
        actions
    }
}

#[test]
fn what_is_typed_into_the_search_is_for_the_search() {
    let mut panels = Panels::new();
    panels.explorer.view.select(Some(0));
    assert!(panels.press(Key::F, Modifiers::COMMAND).is_empty());
    let name = panels.explorer.view.staged().map.blocks[2].name.clone();
    let (actions, _) = panels.frame(vec![egui::Event::Text(name.clone())]);
    assert_eq!(actions, [NetworkAction::Search(name.clone())]);
    panels.explorer.search = name.clone();
    // Enter goes to what is found, and not into what was looked at before.
    let first = panels.explorer.view.search(&name)[0];
    let actions = panels.press(Key::Enter, Modifiers::NONE);
    assert_eq!(actions, [NetworkAction::Go(first)]);
    // Escape leaves the field, and only then the network.
    assert!(panels.press(Key::F, Modifiers::COMMAND).is_empty());
    assert!(panels.press(Key::Escape, Modifiers::NONE).is_empty());
    let actions = panels.press(Key::Escape, Modifiers::NONE);
    assert_eq!(actions, [NetworkAction::Leave]);
}

#[test]
fn keys_lead_down_and_up() {
    let mut panels = Panels::new();
    let mut press = |key| panels.press(key, Modifiers::NONE);
    assert!(press(Key::Enter).is_empty(), "nothing is looked at");
    assert_eq!(press(Key::ArrowRight), [NetworkAction::Step(true)]);
    assert_eq!(press(Key::Backspace), [NetworkAction::Out]);
    assert_eq!(press(Key::E), [NetworkAction::Workbench]);
    assert_eq!(press(Key::F), [NetworkAction::Whole]);
    assert_eq!(press(Key::P), [NetworkAction::TogglePanels]);
    panels.explorer.view.select(Some(1));
    let actions = panels.press(Key::Enter, Modifiers::NONE);
    assert_eq!(actions, [NetworkAction::Enter(1)]);
    let both = Modifiers::COMMAND | Modifiers::SHIFT;
    assert_eq!(panels.press(Key::L, both), [NetworkAction::CopyLink]);
}

#[test]
fn escape_closes_the_list_of_keys_before_the_network() {
    let mut panels = Panels::new();
    let toggle = [NetworkAction::ToggleKeys];
    assert_eq!(panels.press(Key::Questionmark, Modifiers::SHIFT), toggle);
    panels.settings.keys_shown = true;
    assert_eq!(panels.press(Key::Escape, Modifiers::NONE), toggle);
    panels.settings.keys_shown = false;
    let actions = panels.press(Key::Escape, Modifiers::NONE);
    assert_eq!(actions, [NetworkAction::Leave]);
}

#[test]
fn a_small_window_has_all_that_a_large_one_has() {
    for language in [Language::En, Language::Ja] {
        for window in [egui::vec2(800.0, 600.0), egui::vec2(420.0, 900.0)] {
            let mut panels = Panels::new();
            panels.settings.language = language;
            panels.window = window;
            panels.frame(Vec::new());
            let (_, texts) = panels.frame(Vec::new());
            let place = |texts: &[(String, egui::Rect)], word: Word| {
                let found = texts.iter().find(|(text, _)| text == word.text(language));
                found.map(|(_, rect)| rect.center())
            };
            // What is drawn and what comes out, in sight of each other.
            assert!(place(&texts, Word::Draw).is_some(), "{texts:?}");
            assert!(place(&texts, Word::Output).is_some(), "{texts:?}");
            let Some(tab) = place(&texts, Word::Block) else {
                panic!("no tab: {texts:?}");
            };
            let button = |pressed| egui::Event::PointerButton {
                pos: tab,
                button: egui::PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            };
            panels.frame(vec![egui::Event::PointerMoved(tab)]);
            panels.frame(vec![button(true)]);
            panels.frame(vec![button(false)]);
            panels.frame(Vec::new());
            let (_, texts) = panels.frame(Vec::new());
            assert!(place(&texts, Word::Map).is_some(), "{texts:?}");
        }
    }
}

#[test]
fn a_stroke_on_an_input_that_is_no_picture_begins_on_an_empty_pad() {
    let mut panels = Panels::new();
    let view = &mut panels.explorer.view;
    let shape = *view.input().unwrap().shape();
    view.feed(Fill::Count.make(&shape).unwrap()).unwrap();
    let (low, high) = view.pen();
    let (_, texts) = panels.frame(Vec::new());
    let name = Word::Draw.text(Language::En);
    let Some((_, label)) = texts.iter().find(|(text, _)| text == name) else {
        panic!("no pad: {texts:?}");
    };
    let from = egui::pos2(150.0, label.bottom() + 80.0);
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let to = from + egui::vec2(30.0, 20.0);
    panels.frame(vec![egui::Event::PointerMoved(from)]);
    let mut actions = panels.frame(vec![button(from, true)]).0;
    actions.extend(panels.frame(vec![egui::Event::PointerMoved(to)]).0);
    actions.extend(panels.frame(vec![button(to, false)]).0);
    let fed = actions.iter().find_map(|action| match action {
        NetworkAction::Feed(drawn) => Some(drawn.range()),
        _ => None,
    });
    let near = |(least, most): (f32, f32)| least == low && (most - high).abs() < 1e-4;
    assert!(fed.is_some_and(near), "{fed:?}");
}

#[test]
fn a_button_has_files_chosen() {
    let mut panels = Panels::new();
    let (_, texts) = panels.frame(Vec::new());
    let label = strings::Word::OpenFile.text(Language::En);
    let Some((_, found)) = texts.iter().find(|(text, _)| text == label) else {
        panic!("{label} is not drawn; what is: {texts:?}");
    };
    let place = found.center();
    let button = |pressed| egui::Event::PointerButton {
        pos: place,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    panels.frame(vec![egui::Event::PointerMoved(place)]);
    let mut actions = panels.frame(vec![button(true)]).0;
    actions.extend(panels.frame(vec![button(false)]).0);
    assert_eq!(actions, [NetworkAction::ChooseFiles]);
}

#[test]
fn panels_that_are_sent_away_leave_a_way_back() {
    let mut panels = Panels::new();
    panels.explorer.panels = false;
    panels.frame(Vec::new());
    let (_, texts) = panels.frame(Vec::new());
    let texts: Vec<&str> = texts.iter().map(|(text, _)| &**text).collect();
    assert_eq!(texts, ["☰"]);
}

#[test]
fn what_kinds_of_layers_come_to_is_in_sight() {
    let mut panels = Panels::new();
    let (_, texts) = panels.frame(Vec::new());
    let sums = crate::explore::kinds::sums(&panels.explorer.view.run().graph, |cost| cost.macs);
    let (family, _) = sums[0];
    let name = family.title().en;
    assert!(
        texts.iter().any(|(text, _)| text.starts_with(name)),
        "{name}: {texts:?}"
    );
}

#[test]
fn a_click_on_the_small_map_goes_to_a_block() {
    for language in [Language::En, Language::Ja] {
        let mut panels = Panels::new();
        panels.settings.language = language;
        panels.frame(Vec::new());
        let (_, texts) = panels.frame(Vec::new());
        let label = Word::Map.text(language);
        let found = texts.iter().find(|(text, _)| text == label);
        let Some((_, label)) = found else {
            panic!("{label} is not drawn; what is: {texts:?}");
        };
        let place = label.left_bottom() + egui::vec2(6.0, 14.0);
        let button = |pressed| egui::Event::PointerButton {
            pos: place,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        panels.frame(vec![egui::Event::PointerMoved(place)]);
        panels.frame(vec![button(true)]);
        let (mut actions, _) = panels.frame(vec![button(false)]);
        actions.extend(panels.frame(Vec::new()).0);
        // The first block stands at the left.
        assert_eq!(actions, [NetworkAction::Go(0)]);
    }
}

#[test]
fn the_wheel_leads_down_from_near_enough_and_up_from_far_enough() {
    let over = |block: usize, height: f32| Seen {
        under: Some((block, height)),
        around: None,
    };
    let mut turned = Turned::default();
    // However far it is turned, not from afar.
    for step in 0..10 {
        assert_eq!(turned.turn(1.0, f64::from(step), over(3, 4.0)), None);
    }
    let mut turned = Turned::default();
    assert_eq!(
        turned.turn(1.0, 0.0, over(3, 0.8)),
        None,
        "one line is a slip"
    );
    let down = turned.turn(1.0, 0.1, over(3, 0.7));
    assert_eq!(down, Some(NetworkAction::Enter(3)));
    // What is left of a swipe does no more, whatever is under the pointer then.
    assert_eq!(turned.turn(5.0, 0.3, over(4, 0.5)), None);
    assert!(turned.rests(0.3) && !turned.rests(0.9));
    assert_eq!(turned.turn(1.0, 1.0, over(4, 0.5)), None);
    // Another block is another wish.
    assert_eq!(turned.turn(1.5, 1.1, over(5, 0.5)), None);
    let around = |height: f32| Seen {
        under: None,
        around: Some(height),
    };
    assert_eq!(turned.turn(-1.0, 2.0, around(1.8)), None);
    let up = turned.turn(-1.0, 2.1, around(1.8));
    assert_eq!(up, Some(NetworkAction::Out));
    // While all that is open is not out of sight yet, nothing is closed; nor where nothing is open.
    assert_eq!(turned.turn(-4.0, 3.0, around(1.2)), None);
    assert_eq!(turned.turn(-4.0, 3.1, Seen::default()), None);
}
