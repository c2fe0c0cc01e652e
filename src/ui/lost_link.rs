//! What stands in a part of another page whose link opens nothing.

use bevy_egui::egui;

use super::outward::outward_ui;
use super::strings::Word;
use crate::lesson::Language;

/// How wide it is at most, and what it leaves of a frame's width, its own edges included, in points.
const WIDEST: f32 = 480.0;
const AROUND: f32 = 64.0;

/// Why nothing was opened, and the way to the page that has all lessons.
pub(super) fn lost_link_ui(context: &egui::Context, problem: &str, page: &str, language: Language) {
    egui::Window::new("lost link")
        .title_bar(false)
        .resizable(false)
        .anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0])
        .show(context, |ui| {
            let room = context.content_rect().width() - AROUND;
            ui.set_max_width(room.clamp(100.0, WIDEST));
            ui.label(egui::RichText::new(problem).size(18.0));
            ui.add_space(6.0);
            outward_ui(ui, Word::AllLessons.text(language), page, language);
        });
}
