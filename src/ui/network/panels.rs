//! What stands beside a network: its stages with what each costs on the left; on the right the one that is
//! looked at, and what comes out of the whole.

use bevy_egui::egui;

use super::keys::read_keys;
use super::kinds_panel::kinds_ui;
use super::layer_panel;
use super::line::line_ui;
use super::map_panel::{Stage, map_ui};
use super::pad;
use super::session::{NetworkAction, NetworkExplorer};
use super::stages_panel::{search_ui, stages_ui};
use super::strongest_panel;
use super::words::{self, Word};
use crate::camera::CameraPose;
use crate::explore::network_view::{Measure, NetworkView};
use crate::language::{bytes, grouped};
use crate::lesson::Language;
use crate::tensor::{Preprocess, Tensor};
use crate::ui::Settings;
use crate::ui::notices::{keys_ui, notice_ui};
use crate::ui::right_group::right_group_ui;
use crate::ui::side_card::{MARGIN, side_card_ui};
use crate::ui::strings;

/// The width of the panels, in points.
const LEFT: f32 = 316.0;
const RIGHT: f32 = 322.0;
/// Windows narrower than this have one panel, which has so much of an upright one.
const NARROW: f32 = 900.0;
const PART: f32 = 0.42;
/// Room in which what comes out stands beside what is drawn, in points.
const SIDE_BY_SIDE: f32 = 360.0;
/// Largest outputs that are listed.
const LISTED: usize = 5;
/// Room for the name of a class, and for its number, in points.
const NAMED: f32 = 136.0;
const NUMBERED: f32 = 44.0;
/// Room for a share, in points.
const PERCENT: f32 = 66.0;
/// Latin letters that find room there.
const LETTERS: usize = 16;

/// How panels stand in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Sent away.
    Away,
    /// On the left and on the right.
    Both,
    /// Where there is room for one only: beside the stage.
    Beside,
    /// The same in an upright window: below the stage.
    Below,
}

/// What the one panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sheet {
    /// What the panel on the left would.
    #[default]
    Network,
    /// What the panel on the right would.
    Block,
}

fn standing(context: &egui::Context, shown: bool) -> Standing {
    let screen = context.content_rect();
    if !shown {
        Standing::Away
    } else if screen.width() >= NARROW {
        Standing::Both
    } else if screen.height() > screen.width() {
        Standing::Below
    } else {
        Standing::Beside
    }
}

/// How wide the panels at the sides are, in points.
pub(in crate::ui) fn side_panels(context: &egui::Context, shown: bool) -> (f32, f32) {
    match standing(context, shown) {
        Standing::Away | Standing::Below => (0.0, 0.0),
        Standing::Both => (LEFT + 2.0 * MARGIN, RIGHT + 2.0 * MARGIN),
        Standing::Beside => (LEFT + 2.0 * MARGIN, 0.0),
    }
}

/// How much of the stage's foot a panel covers, in points.
pub(in crate::ui) fn below(context: &egui::Context, shown: bool) -> f32 {
    match standing(context, shown) {
        Standing::Away | Standing::Both | Standing::Beside => 0.0,
        Standing::Below => context.content_rect().height() * PART + 2.0 * MARGIN,
    }
}

/// Draws the panels, and reads their keys.
pub(in crate::ui) fn draw(
    context: &egui::Context,
    explorer: &NetworkExplorer,
    settings: &Settings,
    pose: &CameraPose,
    actions: &mut Vec<NetworkAction>,
) {
    let language = settings.language;
    let screen = context.content_rect();
    let height = screen.height() - 2.0 * MARGIN;
    let corner = screen.min + egui::vec2(MARGIN, MARGIN);
    let left = egui::Rect::from_min_size(corner, egui::vec2(LEFT, height));
    let stage = Stage {
        panels: side_panels(context, explorer.panels),
        window: screen.size(),
    };
    match standing(context, explorer.panels) {
        Standing::Away => away_ui(context, explorer, language, actions),
        Standing::Both => {
            side_card_ui(context, "network left", left, |ui| {
                head_ui(ui, explorer, language, actions);
                left_ui(ui, explorer, false, language, actions);
            });
            let corner = egui::pos2(screen.right() - RIGHT - MARGIN, screen.top() + MARGIN);
            let right = egui::Rect::from_min_size(corner, egui::vec2(RIGHT, height));
            side_card_ui(context, "network right", right, |ui| {
                map_ui(ui, explorer, (&stage, pose), language, actions);
                right_ui(ui, explorer, language, actions);
            });
        }
        Standing::Beside => {
            sheet_ui(context, left, explorer, (&stage, pose), language, actions);
        }
        Standing::Below => {
            let size = egui::vec2(screen.width() - 2.0 * MARGIN, screen.height() * PART);
            let corner = egui::pos2(corner.x, screen.bottom() - MARGIN - size.y);
            let rect = egui::Rect::from_min_size(corner, size);
            sheet_ui(context, rect, explorer, (&stage, pose), language, actions);
        }
    }
    if settings.keys_shown && keys_ui(context, language, words::keys(language)) {
        actions.push(NetworkAction::ToggleKeys);
    }
    read_keys(context, explorer, settings.keys_shown, actions);
}

/// The one panel of a small window: what stands on the left or on the right of a large one.
fn sheet_ui(
    context: &egui::Context,
    rect: egui::Rect,
    explorer: &NetworkExplorer,
    seen: (&Stage, &CameraPose),
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let id = egui::Id::new("network sheet");
    let mut sheet: Sheet = context.data(|data| data.get_temp(id).unwrap_or_default());
    side_card_ui(context, "network sheet", rect, |ui| {
        head_ui(ui, explorer, language, actions);
        ui.horizontal(|ui| {
            for (tab, word) in [(Sheet::Network, Word::Network), (Sheet::Block, Word::Block)] {
                let chosen = tab == sheet;
                if ui.selectable_label(chosen, word.text(language)).clicked() {
                    sheet = tab;
                }
            }
        });
        ui.separator();
        match sheet {
            Sheet::Network => left_ui(ui, explorer, true, language, actions),
            Sheet::Block => {
                map_ui(ui, explorer, seen, language, actions);
                right_ui(ui, explorer, language, actions);
            }
        }
    });
    context.data_mut(|data| data.insert_temp(id, sheet));
}

/// The way back to the panels, and what is told meanwhile.
fn away_ui(
    context: &egui::Context,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    egui::Area::new(egui::Id::new("network open"))
        .anchor(egui::Align2::LEFT_TOP, [MARGIN, MARGIN])
        .show(context, |ui| {
            let face = egui::RichText::new("☰").size(20.0);
            let panels = Word::Panels.text(language);
            if ui.button(face).on_hover_text(panels).clicked() {
                actions.push(NetworkAction::TogglePanels);
            }
        });
    if let Some(note) = &explorer.note {
        notice_ui(context, note);
    }
}

/// The whole. Where it stands alone, what comes out stands under what is drawn, or beside it.
fn left_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    alone: bool,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let view = &explorer.view;
    ui.horizontal(|ui| {
        let panels = Word::Panels.text(language);
        if ui.button("☰").on_hover_text(panels).clicked() {
            actions.push(NetworkAction::TogglePanels);
        }
        let title = egui::RichText::new(view.title()).size(20.0).strong();
        ui.add(egui::Label::new(title).truncate());
    });
    totals_ui(ui, view, language);
    if let Some(note) = &explorer.note {
        ui.colored_label(ui.visuals().warn_fg_color, note);
    }
    layer_panel::edits_ui(ui, view, language, actions);
    if let Some(numbers) = view.input().filter(|numbers| pad::can_draw(numbers)) {
        ui.separator();
        if alone && ui.available_width() > SIDE_BY_SIDE {
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| pad::pad_ui(ui, numbers, view.pen(), language, actions));
                ui.vertical(|ui| output_ui(ui, view, language));
            });
        } else {
            ui.vertical_centered(|ui| pad::pad_ui(ui, numbers, view.pen(), language, actions));
            if alone {
                output_ui(ui, view, language);
            }
        }
    }
    if view.input().is_some_and(takes_pictures) {
        preprocess_ui(ui, view, language, actions);
    }
    ui.separator();
    ui.horizontal_wrapped(|ui| {
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
    kinds_ui(ui, view, explorer.measure, language);
    search_ui(ui, explorer, language, actions);
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
            .small(),
    );
    if ui.button(strings::Word::OpenFile.text(language)).clicked() {
        actions.push(NetworkAction::ChooseFiles);
    }
    line_ui(ui, |ui| {
        ui.label(Word::Preprocess.text(language));
        let name = view.preprocess.name.as_str();
        let is_preset = Preprocess::PRESETS.contains(&name);
        let chosen = if is_preset {
            name
        } else {
            Word::OwnPreprocess.text(language)
        };
        egui::ComboBox::from_id_salt("preprocess")
            .selected_text(chosen)
            .show_ui(ui, |ui| {
                for name in Preprocess::PRESETS {
                    let chosen = view.preprocess.name == name;
                    if ui.selectable_label(chosen, name).clicked()
                        && let Ok(preprocess) = name.parse()
                    {
                        actions.push(NetworkAction::Preprocess(preprocess));
                    }
                }
            })
            .response
            .on_hover_text(view.preprocess.to_string());
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
        // All of them in one row of the panel.
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().button_padding.x = 4.0;
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
        right_group_ui(ui, "network head", |ui| {
            if ui.button(other.0).clicked() {
                actions.push(NetworkAction::Language(other.1));
            }
            for (face, word, action) in [
                ("🔗", Word::CopyLink, NetworkAction::CopyLink),
                ("☀", Word::Theme, NetworkAction::ToggleStudio),
                ("?", Word::Keys, NetworkAction::ToggleKeys),
            ] {
                if button(ui, face, word, true) {
                    actions.push(action);
                }
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

fn right_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let view = &explorer.view;
    // What comes out stays in sight, whatever a block has to tell.
    output_ui(ui, view, language);
    ui.separator();
    match view.selected() {
        Some(block) => block_ui(ui, view, block, language, actions),
        None => {
            ui.label(egui::RichText::new(Word::Hint.text(language)).weak());
        }
    }
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
        ui.label(egui::RichText::new(titles.join(" › ")).weak().small());
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
            if let Some(field) = view.run().field(block.value) {
                row(ui, Word::Field, words::field_size(&field, language));
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
        let room = width - named - PERCENT;
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
