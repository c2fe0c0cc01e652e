//! What the list of lessons offers besides: a review, and the questions that were answered wrong.

use bevy_egui::egui;

use super::actions::{LessonAction, UiActions};
use super::explore::noted;
use super::library::Library;
use super::listed_question::ListedQuestion;
use super::review::ReviewAction;
use super::strings::{Word, review_of};
use crate::lesson::Language;

/// What a learner may come back to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offer {
    /// What a review would ask.
    pub due: Vec<ListedQuestion>,
    /// What was answered wrong.
    pub wrong: Vec<ListedQuestion>,
}

/// A card with both, or nothing.
pub(super) fn review_offer_ui(
    ui: &mut egui::Ui,
    offer: &Offer,
    library: &Library,
    language: Language,
    actions: &mut UiActions,
) {
    if offer.due.is_empty() && offer.wrong.is_empty() {
        return;
    }
    let frame = egui::Frame::group(ui.style())
        .fill(ui.visuals().window_fill)
        .corner_radius(14.0)
        .inner_margin(egui::Margin::symmetric(22, 12));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.vertical(|ui| {
            if !offer.due.is_empty() {
                due_ui(ui, offer.due.len(), language, actions);
            }
            if !offer.wrong.is_empty() {
                wrong_ui(ui, &offer.wrong, library, language, actions);
            }
        });
    });
    ui.add_space(10.0);
}

fn due_ui(ui: &mut egui::Ui, count: usize, language: Language, actions: &mut UiActions) {
    let review = format!("↺ {}", review_of(count).choose(language));
    let button = egui::Button::new(egui::RichText::new(review).size(18.0));
    let response = ui.add(button.wrap());
    noted(ui, &response, "review");
    if response.clicked() {
        actions.push(ReviewAction::Begin);
    }
    ui.label(egui::RichText::new(Word::ReviewHint.text(language)).weak());
}

/// What was answered wrong: each question leads to its place in its lesson.
fn wrong_ui(
    ui: &mut egui::Ui,
    wrong: &[ListedQuestion],
    library: &Library,
    language: Language,
    actions: &mut UiActions,
) {
    let title = format!("{} ({})", Word::WrongAnswers.text(language), wrong.len());
    let list = egui::CollapsingHeader::new(title)
        .id_salt("wrong answers")
        .show(ui, |ui| {
            for listed in wrong {
                let Some((entry, asked)) = library.listed_question(*listed) else {
                    continue;
                };
                if let Ok((title, _)) = &entry.about {
                    ui.label(egui::RichText::new(title.get(language)).weak());
                }
                let ask = format!("▶ {}", asked.question.ask.get(language));
                let response = ui.add(egui::Button::new(ask).wrap());
                let name = format!("wrong {} {}", entry.progress_name(), listed.number);
                noted(ui, &response, &name);
                if response.clicked() {
                    actions.push(LessonAction::OpenAt(listed.lesson, asked.asked));
                }
            }
        });
    noted(ui, &list.header_response, "wrong answers");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::actions::UiAction;
    use std::path::PathBuf;

    fn listed(number: usize) -> ListedQuestion {
        ListedQuestion { lesson: 0, number }
    }

    /// What is asked for by Enter at each place that Tab comes to.
    fn ways(offer: &Offer, library: &Library, presses: usize) -> Vec<UiAction> {
        let context = egui::Context::default();
        let frame = |key: egui::Key, pressed: bool| {
            let event = egui::Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: egui::Modifiers::NONE,
            };
            let size = egui::vec2(360.0, 640.0);
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
                events: vec![event],
                ..Default::default()
            };
            let mut actions = UiActions::default();
            let _ = context.run_ui(input, |ui| {
                review_offer_ui(ui, offer, library, Language::En, &mut actions);
            });
            actions.0
        };
        let mut asked = Vec::new();
        for _ in 0..presses {
            for key in [egui::Key::Tab, egui::Key::Enter] {
                asked.extend(frame(key, true));
                asked.extend(frame(key, false));
            }
        }
        asked
    }

    #[test]
    fn a_review_and_each_wrong_question_are_reached_by_tab() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/padding.ron");
        let lessons = vec![("padding".to_owned(), PathBuf::from(path))];
        let library = Library::new(PathBuf::new(), lessons, crate::disk::Reach::Folder);
        let asked = |number: usize| {
            let asked = library.entries[0].questions[number].asked;
            UiAction::from(LessonAction::OpenAt(0, asked))
        };
        let offer = Offer {
            due: vec![listed(1)],
            wrong: vec![listed(0), listed(1)],
        };
        let review = UiAction::from(ReviewAction::Begin);
        // In between, Enter opens the list.
        assert_eq!(ways(&offer, &library, 4), [review, asked(0), asked(1)]);
        let nothing = Offer::default();
        assert!(ways(&nothing, &library, 4).is_empty());
    }
}
