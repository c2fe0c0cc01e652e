//! Where a channel of the block that is looked at is highest.

use bevy_egui::egui;

use super::line::line_ui;
use super::session::NetworkAction;
use super::words::Word;
use crate::explore::network_view::NetworkView;
use crate::explore::strongest::{peaks, strongest_channel};
use crate::lesson::Language;
use crate::network::map::in_cells;

/// Places that are listed.
const LISTED: usize = 5;

/// The channel that stands in front, and its highest places, of which a click goes to one.
pub(super) fn strongest_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    block: usize,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let tensor = view.staged().tensors.get(block);
    let Some(tensor) = tensor.and_then(Option::as_ref) else {
        return;
    };
    let [channels, rows, columns] = in_cells(tensor.shape());
    // A list of numbers has no places, and the front of a picture is the picture.
    if rows < 2 || columns < 2 || view.staged().is_picture(block) {
        return;
    }
    let channel = view.channel(block).min(channels - 1);
    ui.add_space(4.0);
    line_ui(ui, |ui| {
        ui.label(egui::RichText::new(Word::Channel.text(language)).weak());
        let mut typed = channel;
        let field = egui::DragValue::new(&mut typed)
            .range(0..=channels - 1)
            .speed(0.08);
        if ui.add_enabled(channels > 1, field).changed() {
            actions.push(NetworkAction::Channel(typed));
        }
        let largest = egui::Button::new(Word::StrongestChannel.text(language));
        if ui.add_enabled(channels > 1, largest).clicked() {
            actions.push(NetworkAction::Channel(strongest_channel(tensor)));
        }
    });
    let found = peaks(tensor, channel, LISTED);
    if found.is_empty() {
        return;
    }
    ui.label(egui::RichText::new(Word::Strongest.text(language)).weak());
    let (row, column) = (Word::Row.text(language), Word::Column.text(language));
    for peak in found {
        let text = format!(
            "{:.3}   {row} {}, {column} {}",
            peak.value, peak.row, peak.column
        );
        if ui.selectable_label(false, text).clicked() {
            actions.push(NetworkAction::Place([peak.row, peak.column]));
        }
    }
}
