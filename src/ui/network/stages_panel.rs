//! The stages of a network, one below the other: found by their names, with what each costs.

use bevy_egui::egui;

use super::keys::search_id;
use super::kinds_panel::block_color;
use super::session::{NetworkAction, NetworkExplorer};
use super::words::Word;
use crate::explore::network_view::Measure;
use crate::language::bytes;
use crate::lesson::Language;
use crate::ui::theme;

/// Finds blocks by names; Enter goes to the first that is found.
pub(super) fn search_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let mut search = explorer.search.clone();
    let entered = field_ui(ui, &mut search, Word::Search.text(language));
    if entered && let Some(&first) = explorer.view.search(&search).first() {
        actions.push(NetworkAction::Go(first));
    }
    if search != explorer.search {
        actions.push(NetworkAction::Search(search));
    }
}

/// The field itself; whether Enter was pressed in it.
#[cfg(not(target_family = "wasm"))]
fn field_ui(ui: &mut egui::Ui, text: &mut String, hint: &str) -> bool {
    let field = egui::TextEdit::singleline(text)
        .id(search_id())
        .hint_text(hint)
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// The field itself: the browser's own, which takes Japanese; whether Enter was pressed in it.
#[cfg(target_family = "wasm")]
fn field_ui(ui: &mut egui::Ui, text: &mut String, hint: &str) -> bool {
    let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
    crate::web::typing::field_ui(ui, (search_id(), "search"), text, hint, size)
}

/// The blocks in order, each with its part of the whole as a bar.
pub(super) fn stages_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let view = &explorer.view;
    let blocks = &view.staged().map.blocks;
    let found = view.search(&explorer.search);
    if found.is_empty() {
        ui.label(egui::RichText::new(Word::NotFound.text(language)).weak());
    }
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
        let lit =
            selected == Some(number) || response.hovered() || explorer.hovered == Some(number);
        if lit {
            painter.rect_filled(rect, 4.0, visuals.bg_fill);
        }
        let ink = visuals.text_color();
        let quiet = if lit {
            ink
        } else {
            ui.visuals().weak_text_color()
        };
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
            egui::FontId::proportional(theme::letters(ui.ctx(), 13.0)),
            quiet,
        );
        let bar = egui::Rect::from_min_size(
            rect.left_bottom() + egui::vec2(6.0, -12.0),
            egui::vec2((width - 96.0) * amount as f32 / most as f32, 6.0),
        );
        let color = block_color(view, number, ui.visuals().weak_text_color());
        painter.rect_filled(bar, 3.0, color);
        painter.text(
            rect.right_bottom() + egui::vec2(-6.0, -3.0),
            egui::Align2::RIGHT_BOTTOM,
            amount_text(explorer.measure, amount),
            egui::FontId::proportional(theme::letters(ui.ctx(), 12.5)),
            quiet,
        );
        if response.double_clicked() {
            actions.push(NetworkAction::Enter(number));
        } else if response.clicked() {
            actions.push(NetworkAction::Select(Some(number)));
        }
    }
}

/// An amount in a few letters: `1.2 M`.
pub(super) fn amount_text(measure: Measure, amount: u64) -> String {
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
