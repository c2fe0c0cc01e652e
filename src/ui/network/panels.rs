//! What stands beside a network: its stages with what each costs on the left; on the right the one that is
//! looked at, and what comes out of the whole.

use bevy_egui::egui;

use super::layer_panel;
use super::pad;
use super::session::{NetworkAction, NetworkExplorer};
use super::strongest_panel;
use super::words::{self, Word};
use crate::explore::network_view::{Measure, NetworkView};
use crate::language::{bytes, grouped};
use crate::lesson::Language;
use crate::network::FieldStatus;
use crate::tensor::{Preprocess, Tensor};
use crate::ui::side_card::{MARGIN, side_card_ui};

/// The width of the panels, in points.
const LEFT: f32 = 316.0;
const RIGHT: f32 = 322.0;
/// Windows narrower than this have the panel on the left only.
const NARROW: f32 = 900.0;
/// Largest outputs that are listed.
const LISTED: usize = 5;
/// Room for the name of a class, and for its number, in points.
const NAMED: f32 = 136.0;
const NUMBERED: f32 = 44.0;
/// Latin letters that find room there.
const LETTERS: usize = 16;

/// How wide the panels at the sides are, in points.
pub(in crate::ui) fn side_panels(context: &egui::Context) -> (f32, f32) {
    let width = context.content_rect().width();
    if width < NARROW {
        (0.0, 0.0)
    } else {
        (LEFT + 2.0 * MARGIN, RIGHT + 2.0 * MARGIN)
    }
}

/// Draws the panels, and reads their keys.
pub(in crate::ui) fn draw(
    context: &egui::Context,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let screen = context.content_rect();
    let narrow = screen.width() < NARROW;
    let left = egui::Rect::from_min_size(
        screen.min + egui::vec2(MARGIN, MARGIN),
        egui::vec2(
            LEFT.min(screen.width() - 2.0 * MARGIN),
            if narrow {
                screen.height() * 0.42
            } else {
                screen.height() - 2.0 * MARGIN
            },
        ),
    );
    side_card_ui(context, "network left", left, |ui| {
        left_ui(ui, explorer, language, actions)
    });
    if !narrow {
        let right = egui::Rect::from_min_size(
            egui::pos2(screen.right() - RIGHT - MARGIN, screen.top() + MARGIN),
            egui::vec2(RIGHT, screen.height() - 2.0 * MARGIN),
        );
        side_card_ui(context, "network right", right, |ui| {
            right_ui(ui, explorer, language, actions)
        });
    }
    if !context.egui_wants_keyboard_input() {
        keys(context, explorer, actions);
    }
}

fn keys(context: &egui::Context, explorer: &NetworkExplorer, actions: &mut Vec<NetworkAction>) {
    use egui::{Key, Modifiers};
    let selected = explorer.view.selected();
    context.input_mut(|input| {
        let command_shift = Modifiers::COMMAND | Modifiers::SHIFT;
        if input.consume_key(command_shift, Key::Z) || input.consume_key(Modifiers::COMMAND, Key::Y)
        {
            actions.push(NetworkAction::Undo(false));
        } else if input.consume_key(Modifiers::COMMAND, Key::Z) {
            actions.push(NetworkAction::Undo(true));
        }
        let mut key = |key: Key, action: Option<NetworkAction>| {
            // On a slow machine a key may be pressed more than once in a frame.
            for _ in 0..input.count_and_consume_key(Modifiers::NONE, key) {
                actions.extend(action.clone());
            }
        };
        key(Key::Escape, Some(NetworkAction::Leave));
        key(Key::ArrowRight, Some(NetworkAction::Step(true)));
        key(Key::ArrowLeft, Some(NetworkAction::Step(false)));
        key(Key::Enter, selected.map(NetworkAction::Enter));
        key(Key::Backspace, Some(NetworkAction::Out));
        key(Key::F, Some(NetworkAction::Whole));
        key(Key::E, Some(NetworkAction::Workbench));
        key(Key::T, Some(NetworkAction::ToggleStudio));
    });
}

fn left_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    head_ui(ui, explorer, language, actions);
    let view = &explorer.view;
    ui.add(egui::Label::new(egui::RichText::new(view.title()).size(20.0).strong()).truncate());
    totals_ui(ui, view, language);
    if let Some(note) = &explorer.note {
        ui.colored_label(ui.visuals().warn_fg_color, note);
    }
    layer_panel::edits_ui(ui, view, language, actions);
    if let Some(numbers) = view.input().filter(|numbers| pad::can_draw(numbers)) {
        ui.separator();
        ui.vertical_centered(|ui| pad::pad_ui(ui, numbers, view.pen(), language, actions));
    }
    if view.input().is_some_and(takes_pictures) {
        preprocess_ui(ui, view, language, actions);
    }
    ui.separator();
    ui.horizontal(|ui| {
        for measure in Measure::ALL {
            let chosen = measure == explorer.measure;
            if ui
                .selectable_label(chosen, words::measure(measure, language))
                .clicked()
            {
                actions.push(NetworkAction::Measure(measure));
            }
        }
    });
    let mut search = explorer.search.clone();
    let field = egui::TextEdit::singleline(&mut search).hint_text(Word::Search.text(language));
    if ui.add(field.desired_width(f32::INFINITY)).changed() {
        actions.push(NetworkAction::Search(search));
    }
    stages_ui(ui, explorer, language, actions);
}

/// Whether an input may be a picture.
fn takes_pictures(numbers: &Tensor) -> bool {
    let [channels, rows, columns] = numbers.shape().as_chw();
    matches!(channels, 1 | 3 | 4) && rows > 1 && columns > 1
}

/// What is done with a picture, and how one is given.
fn preprocess_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    ui.label(
        egui::RichText::new(Word::Drop.text(language))
            .weak()
            .size(13.0),
    );
    ui.horizontal(|ui| {
        ui.label(Word::Preprocess.text(language));
        egui::ComboBox::from_id_salt("preprocess")
            .selected_text(view.preprocess.name.clone())
            .show_ui(ui, |ui| {
                for name in Preprocess::PRESETS {
                    let chosen = view.preprocess.name == name;
                    if ui.selectable_label(chosen, name).clicked()
                        && let Ok(preprocess) = name.parse()
                    {
                        actions.push(NetworkAction::Preprocess(preprocess));
                    }
                }
            });
    });
}

fn head_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let (undo, redo) = explorer.view.can_undo();
    let button = |ui: &mut egui::Ui, face: &str, word: Word, enabled: bool| {
        let button = egui::Button::new(egui::RichText::new(face).size(17.0));
        let response = ui.add_enabled(enabled, button);
        response.on_hover_text(word.text(language)).clicked()
    };
    let other = match language {
        Language::En => ("日本語", Language::Ja),
        Language::Ja => ("English", Language::En),
    };
    ui.horizontal(|ui| {
        for (face, word, enabled, action) in [
            ("←", Word::Back, true, NetworkAction::Leave),
            ("↩", Word::Undo, undo, NetworkAction::Undo(true)),
            ("↪", Word::Redo, redo, NetworkAction::Undo(false)),
            ("⛶", Word::Whole, true, NetworkAction::Whole),
        ] {
            if button(ui, face, word, enabled) {
                actions.push(action);
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if button(ui, "☀", Word::Theme, true) {
                actions.push(NetworkAction::ToggleStudio);
            }
            if ui.button(other.0).clicked() {
                actions.push(NetworkAction::Language(other.1));
            }
        });
    });
}

fn totals_ui(ui: &mut egui::Ui, view: &NetworkView, language: Language) {
    let cost = view.run().cost();
    let row = |ui: &mut egui::Ui, word: Word, text: String| {
        ui.label(egui::RichText::new(word.text(language)).weak());
        ui.label(text);
        ui.end_row();
    };
    egui::Grid::new("network totals")
        .num_columns(2)
        .show(ui, |ui| {
            row(ui, Word::Parameters, grouped(cost.parameters));
            row(ui, Word::Macs, grouped(cost.macs));
        });
}

/// The blocks in order, each with its part of the whole as a bar.
fn stages_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let view = &explorer.view;
    let blocks = &view.staged().map.blocks;
    let found = view.search(&explorer.search);
    let most = blocks
        .iter()
        .map(|block| explorer.measure.of(&block.cost))
        .max()
        .unwrap_or(0)
        .max(1);
    let selected = view.selected();
    for number in found {
        let block = &blocks[number];
        let amount = explorer.measure.of(&block.cost);
        let width = ui.available_width();
        let (rect, response) =
            ui.allocate_exact_size(egui::vec2(width, 38.0), egui::Sense::click());
        let visuals = ui
            .style()
            .interact_selectable(&response, selected == Some(number));
        let painter = ui.painter();
        if selected == Some(number) || response.hovered() || explorer.hovered == Some(number) {
            painter.rect_filled(rect, 4.0, visuals.bg_fill);
        }
        let ink = visuals.text_color();
        let title = block.title.get(language);
        let mark = if block.opens { "+ " } else { "" };
        let font = egui::FontId::proportional(14.5);
        painter.text(
            rect.left_top() + egui::vec2(6.0, 3.0),
            egui::Align2::LEFT_TOP,
            format!("{mark}{title}"),
            font.clone(),
            ink,
        );
        let shape = block
            .shape
            .map_or_else(String::new, |shape| shape.to_string());
        painter.text(
            rect.right_top() + egui::vec2(-6.0, 3.0),
            egui::Align2::RIGHT_TOP,
            shape,
            egui::FontId::proportional(13.0),
            ui.visuals().weak_text_color(),
        );
        let bar = egui::Rect::from_min_size(
            rect.left_bottom() + egui::vec2(6.0, -12.0),
            egui::vec2((width - 96.0) * amount as f32 / most as f32, 6.0),
        );
        painter.rect_filled(bar, 3.0, ui.visuals().selection.bg_fill.gamma_multiply(0.9));
        painter.text(
            rect.right_bottom() + egui::vec2(-6.0, -3.0),
            egui::Align2::RIGHT_BOTTOM,
            amount_text(explorer.measure, amount),
            egui::FontId::proportional(12.5),
            ui.visuals().weak_text_color(),
        );
        if response.double_clicked() {
            actions.push(NetworkAction::Enter(number));
        } else if response.clicked() {
            actions.push(NetworkAction::Select(Some(number)));
        }
    }
}

/// An amount in a few letters: `1.2 M`.
fn amount_text(measure: Measure, amount: u64) -> String {
    if measure == Measure::Memory {
        return bytes(amount);
    }
    for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] {
        if amount as f64 >= size {
            return format!("{:.1} {unit}", amount as f64 / size);
        }
    }
    amount.to_string()
}

fn right_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let view = &explorer.view;
    match view.selected() {
        Some(block) => block_ui(ui, view, block, language, actions),
        None => {
            ui.label(egui::RichText::new(Word::Hint.text(language)).weak());
        }
    }
    ui.separator();
    output_ui(ui, view, language);
}

/// The block that is looked at.
fn block_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    number: usize,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let (run, staged) = (view.run(), view.staged());
    let block = &staged.map.blocks[number];
    let path = view.path();
    if !path.is_empty() {
        let titles: Vec<String> = path
            .iter()
            .map(|unit| unit.title(&run.graph).get(language).clone())
            .collect();
        ui.label(egui::RichText::new(titles.join(" › ")).weak().size(13.0));
    }
    ui.label(
        egui::RichText::new(block.title.get(language))
            .size(18.0)
            .strong(),
    );
    let unit = view.unit(number);
    if let Some(followers) = unit.and_then(|unit| unit.followers(&run.graph)) {
        ui.label(format!("+ {followers}"));
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        if block.opens && ui.button(Word::Open.text(language)).clicked() {
            actions.push(NetworkAction::Enter(number));
        }
        if unit.is_some() && ui.button(Word::Workbench.text(language)).clicked() {
            actions.push(NetworkAction::Workbench);
        }
        if !path.is_empty() && ui.button(Word::Out.text(language)).clicked() {
            actions.push(NetworkAction::Out);
        }
    });
    ui.add_space(4.0);
    let row = |ui: &mut egui::Ui, word: Word, text: String| {
        ui.label(egui::RichText::new(word.text(language)).weak());
        ui.add(egui::Label::new(text).wrap());
        ui.end_row();
    };
    egui::Grid::new("network block")
        .num_columns(2)
        .show(ui, |ui| {
            if let Some(shape) = &block.shape {
                row(ui, Word::Shape, shape.to_string());
            }
            if unit.is_some() {
                row(ui, Word::Parameters, grouped(block.cost.parameters));
                row(ui, Word::Macs, grouped(block.cost.macs));
                row(ui, Word::Memory, bytes(block.cost.output_bytes));
            }
            if let Some(field) = field(view, number, language) {
                row(ui, Word::Field, field);
            }
            if let Some(tensor) = staged.tensors.get(number).and_then(Option::as_ref) {
                let (low, high) = tensor.range();
                row(ui, Word::Values, format!("{low:.3} … {high:.3}"));
            }
        });
    strongest_panel::strongest_ui(ui, view, number, language, actions);
    let Some(unit) = unit else {
        return;
    };
    layer_panel::layers_ui(ui, view, unit, language, actions);
}

/// How much of the input a value of a block depends on.
fn field(view: &NetworkView, number: usize, language: Language) -> Option<String> {
    let block = view.staged().map.blocks.get(number)?;
    let field = view.run().field(block.value)?;
    let size = format!("{} × {}", field.size.0, field.size.1);
    let more = match (field.status, language) {
        (FieldStatus::Exact, _) => "",
        (FieldStatus::UpperBound, Language::En) => " at most",
        (FieldStatus::UpperBound, Language::Ja) => " 以下",
        (FieldStatus::WholeInput, Language::En) => " (whole input)",
        (FieldStatus::WholeInput, Language::Ja) => " (入力全体)",
        (FieldStatus::DependsOnData, Language::En) => " (depends on the values)",
        (FieldStatus::DependsOnData, Language::Ja) => " (値による)",
        (FieldStatus::Unknown, _) => " ?",
    };
    Some(size + more)
}

/// A name that is no broader than the room for it. A letter beyond Latin ones is about as broad as two.
fn shortened(name: &str) -> String {
    let mut room = LETTERS;
    let fits = name.chars().take_while(|letter| {
        let broad = if letter.is_ascii() { 1 } else { 2 };
        let fits = room >= broad;
        room = room.saturating_sub(broad);
        fits
    });
    let short: String = fits.collect();
    if short.len() == name.len() {
        short
    } else {
        short + "…"
    }
}

/// What comes out of the network, where that is a list of numbers: the largest shares.
fn output_ui(ui: &mut egui::Ui, view: &NetworkView, language: Language) {
    let graph = &view.run().graph;
    let shares = graph
        .outputs()
        .first()
        .and_then(|&id| view.run().shares(id));
    let Some(shares) = shares else {
        return;
    };
    ui.label(egui::RichText::new(Word::Output.text(language)).strong());
    for (place, share) in shares.iter().take(LISTED) {
        let width = ui.available_width();
        let (rect, response) =
            ui.allocate_exact_size(egui::vec2(width, 24.0), egui::Sense::hover());
        let painter = ui.painter();
        let font = egui::FontId::proportional(15.0);
        let ink = ui.visuals().text_color();
        let classes = view.classes();
        let named = if classes.is_some() { NAMED } else { NUMBERED };
        let called = match classes.and_then(|classes| classes.name(*place)) {
            Some(name) => shortened(name),
            None => place.to_string(),
        };
        painter.text(
            rect.left_center(),
            egui::Align2::LEFT_CENTER,
            called,
            font.clone(),
            ink,
        );
        let room = width - named - 56.0;
        let bar = egui::Rect::from_min_size(
            rect.left_center() + egui::vec2(named, -6.0),
            egui::vec2((room * share).max(1.0), 12.0),
        );
        painter.rect_filled(bar, 3.0, ui.visuals().selection.bg_fill);
        let percent = format!("{:.1} %", share * 100.0);
        painter.text(
            rect.right_center(),
            egui::Align2::RIGHT_CENTER,
            percent,
            font,
            ink,
        );
        if let Some(name) = classes.and_then(|classes| classes.name(*place)) {
            response.on_hover_text(format!("{place}: {name}"));
        }
    }
}
