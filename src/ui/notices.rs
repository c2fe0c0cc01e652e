//! What lies over the lesson: diagnostics of its file, and the list of keys.

use bevy_egui::egui;

use super::library::Library;
use super::strings::Word;
use crate::lesson::Language;

/// What a list of keys leaves of a window's height at least, its title included, in points.
const AROUND_KEYS: f32 = 130.0;
/// What a notice leaves of a window's width at least, its own frame included, in points.
const AROUND_NOTICE: f32 = 48.0;

/// What is wrong with the open lesson's file, while the last good one plays on.
pub(super) fn diagnostics_ui(context: &egui::Context, library: &Library, language: Language) {
    let Some(problem) = &library.problem else {
        return;
    };
    egui::Window::new("diagnostics")
        .title_bar(false)
        .resizable(false)
        .anchor(egui::Align2::RIGHT_TOP, [-16.0, 16.0])
        .show(context, |ui| {
            ui.set_max_width(720.0);
            ui.colored_label(
                ui.visuals().error_fg_color,
                Word::KeepsPlaying.text(language),
            );
            ui.separator();
            egui::ScrollArea::vertical()
                .max_height(360.0)
                .show(ui, |ui| {
                    ui.label(
                        egui::RichText::new(problem.to_string())
                            .monospace()
                            .size(14.0),
                    );
                });
        });
}

/// What a person is told for some seconds.
pub(super) fn notice_ui(context: &egui::Context, text: &str) {
    egui::Window::new("told")
        .title_bar(false)
        .resizable(false)
        .interactable(false)
        .anchor(egui::Align2::CENTER_TOP, [0.0, 16.0])
        .show(context, |ui| {
            // As broad as it is, but broken where a phone is narrower.
            let room = (context.content_rect().width() - AROUND_NOTICE).max(100.0);
            let (font, ink) = (egui::FontId::proportional(16.0), ui.visuals().text_color());
            let lines = ui.painter().layout(text.to_owned(), font, ink, room);
            ui.label(lines);
        });
}

/// Nothing but black.
pub(super) fn black_ui(context: &egui::Context) {
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::new("black"));
    let painter = context.layer_painter(layer);
    painter.rect_filled(context.viewport_rect(), 0.0, egui::Color32::BLACK);
}

/// A list of keys with what they do; whether it was closed.
pub(super) fn keys_ui(
    context: &egui::Context,
    language: Language,
    keys: &[(&'static str, &'static str)],
) -> bool {
    let mut open = true;
    egui::Window::new(Word::Keys.text(language))
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .anchor(egui::Align2::CENTER_CENTER, [0.0, -30.0])
        .show(context, |ui| {
            // A small window is lower than some lists.
            let height = context.content_rect().height() - AROUND_KEYS;
            egui::ScrollArea::vertical()
                .max_height(height.max(100.0))
                .show(ui, |ui| {
                    egui::Grid::new("keys")
                        .num_columns(2)
                        .spacing([24.0, 3.0])
                        .show(ui, |ui| {
                            for (key, does) in keys {
                                ui.label(egui::RichText::new(*key).strong());
                                ui.label(*does);
                                ui.end_row();
                            }
                        });
                });
        });
    !open
}
