//! What a learner finds at the end of a lesson: the next one, the workbench, and what to read on.

use bevy_egui::egui;

use super::actions::{ExploreLayer, LessonAction, PlaybackAction, UiActions};
use super::library::Library;
use super::outward::outward_ui;
use super::strings::Word;
use crate::lesson::{Language, Lesson};

/// The card at the end of a lesson. Whether an address of it was put into the clipboard.
pub(super) fn end_card_ui(
    context: &egui::Context,
    lesson: &Lesson,
    library: &Library,
    language: Language,
    actions: &mut UiActions,
) -> bool {
    let next = library
        .next_place()
        .map(|index| (index, &library.entries[index]));
    if next.is_none() && lesson.sources.is_empty() {
        return false;
    }
    let mut copied = false;
    egui::Window::new("end")
        .title_bar(false)
        .resizable(false)
        .anchor(egui::Align2::RIGHT_CENTER, [-24.0, -20.0])
        .show(context, |ui| {
            ui.set_max_width(360.0);
            ui.spacing_mut().item_spacing.y = 8.0;
            if let Some((index, entry)) = next {
                ui.label(egui::RichText::new(Word::NextLesson.text(language)).weak());
                let title = match &entry.about {
                    Ok((title, _)) => title.get(language),
                    Err(_) => &entry.name,
                };
                let title = egui::RichText::new(format!("▶ {title}"))
                    .size(22.0)
                    .strong();
                if ui.button(title).clicked() {
                    actions.push(LessonAction::Open(index));
                }
                ui.add_space(6.0);
            }
            if !lesson.sources.is_empty() {
                ui.label(egui::RichText::new(Word::ReadOn.text(language)).weak());
                for source in &lesson.sources {
                    copied |= outward_ui(ui, &source.title, &source.url, language);
                }
                ui.add_space(6.0);
            }
            if ui.button(Word::Explore.text(language)).clicked() {
                actions.push(ExploreLayer);
            }
            if ui.button(Word::Again.text(language)).clicked() {
                actions.push(PlaybackAction::Seek(0.0));
                actions.push(PlaybackAction::TogglePlay);
            }
        });
    copied
}
