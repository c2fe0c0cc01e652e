//! The card of a review: a question with its choices, what the lesson says of the answer, and the result.

use bevy_egui::egui;

use super::actions::{LessonAction, UiActions};
use super::explore::noted;
use super::library::{Entry, Library};
use super::listed_question::ListedQuestion;
use super::review::{Review, ReviewAction};
use super::strings::{Word, review_place, review_result};
use super::theme::color;
use crate::lesson::{AskedQuestion, Language};
use crate::stage::palette;

/// Points below which the card takes the width of the screen.
const NARROW: f32 = 560.0;
/// How high a choice is at least, in points: a finger finds it.
const CHOICE: f32 = 42.0;

/// The review.
pub(super) fn review_ui(
    context: &egui::Context,
    review: &Review,
    library: &Library,
    language: Language,
    actions: &mut UiActions,
) {
    let screen = context.content_rect();
    let margin = if screen.width() < NARROW { 24.0 } else { 80.0 };
    let width = (screen.width() - margin).clamp(240.0, 640.0);
    let height = screen.height() * 0.9;
    let area = egui::Area::new(egui::Id::new("review")).fixed_pos(egui::pos2(
        screen.center().x - width * 0.5,
        screen.top() + screen.height() * 0.05,
    ));
    let inner = egui::Margin::symmetric(22, 16);
    area.show(context, |ui| {
        let frame = egui::Frame::group(ui.style())
            .fill(ui.visuals().window_fill)
            .corner_radius(14.0)
            .inner_margin(inner);
        frame.show(ui, |ui| {
            // An area offers no more room than it had: ask for what there is.
            let (width, height) = (width - inner.sum().x, height - inner.sum().y);
            ui.set_width(width);
            ui.set_max_height(height);
            // Each question begins at its top.
            egui::ScrollArea::vertical()
                .id_salt(review.score().0)
                .max_height(height)
                .show(ui, |ui| {
                    ui.set_width(width - 6.0);
                    match review.asked(library) {
                        Some((listed, entry, asked)) => {
                            head_ui(ui, review, entry, language, actions);
                            question_ui(ui, review, asked, language, actions);
                            if let Some(choice) = review.choice() {
                                answer_ui(ui, choice, (listed, asked), language, actions);
                            }
                        }
                        None => result_ui(ui, review, language, actions),
                    }
                });
        });
    });
}

/// Which question it is, of which lesson, and the way out.
fn head_ui(
    ui: &mut egui::Ui,
    review: &Review,
    entry: &Entry,
    language: Language,
    actions: &mut UiActions,
) {
    ui.horizontal(|ui| {
        let (done, _, count) = review.score();
        let place = review_place(done + 1, count).choose(language);
        ui.label(egui::RichText::new(place).weak());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let response = ui.button(Word::LeaveReview.text(language));
            noted(ui, &response, "leave");
            if response.clicked() {
                actions.push(LessonAction::Close);
            }
        });
    });
    if let Ok((title, _)) = &entry.about {
        ui.label(egui::RichText::new(title.get(language)).weak());
    }
}

fn question_ui(
    ui: &mut egui::Ui,
    review: &Review,
    asked: &AskedQuestion,
    language: Language,
    actions: &mut UiActions,
) {
    let question = &asked.question;
    ui.label(
        egui::RichText::new(question.ask.get(language))
            .size(26.0)
            .strong(),
    );
    ui.add_space(8.0);
    let right_color = palette::name_color(palette::input_hue(2, 3));
    let other_color = palette::name_color(palette::filter_hue(0, 4));
    for (index, choice) in question.choices.iter().enumerate() {
        let right = review.choice().is_some() && index == question.answer;
        let wrong = review.choice() == Some(index) && !right;
        // Colour is not the only sign: the right answer carries a mark.
        let mark = if right { "✓ " } else { "" };
        let text = format!("{}   {mark}{}", index + 1, choice.get(language));
        let mut text = egui::RichText::new(text).size(20.0);
        let fill = match (right, wrong) {
            (true, _) => Some(right_color),
            (_, true) => Some(other_color),
            (false, false) => None,
        };
        if let Some(fill) = fill {
            text = text.color(color(palette::written_on(fill)));
        }
        let mut button = egui::Button::new(text)
            .wrap()
            .min_size(egui::vec2(ui.available_width(), CHOICE))
            .corner_radius(12.0);
        if let Some(fill) = fill {
            button = button.fill(color(fill));
        }
        if review.choice().is_some() {
            button = button.sense(egui::Sense::hover());
        }
        let response = ui.add(button);
        noted(ui, &response, &format!("choice {}", index + 1));
        if response.clicked() {
            actions.push(ReviewAction::Choose(index));
        }
    }
}

/// Whether the choice was right, what is said of it or else what the lesson says there, and where to go from here.
fn answer_ui(
    ui: &mut egui::Ui,
    choice: usize,
    (listed, asked): (ListedQuestion, &AskedQuestion),
    language: Language,
    actions: &mut UiActions,
) {
    let word = if choice == asked.question.answer {
        Word::Right
    } else {
        Word::NotRight
    };
    ui.add_space(8.0);
    ui.label(egui::RichText::new(word.text(language)).size(20.0).strong());
    let why = asked.question.whys.get(choice).unwrap_or(&asked.why);
    let why = why.get(language);
    if !why.is_empty() {
        ui.label(why);
    }
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        let response = ui.button(Word::NextQuestion.text(language));
        noted(ui, &response, "next");
        if response.clicked() {
            actions.push(ReviewAction::GoOn);
        }
        let response = ui.button(format!("▶ {}", Word::WatchPlace.text(language)));
        noted(ui, &response, "watch");
        if response.clicked() {
            actions.push(LessonAction::OpenAt(listed.lesson, asked.explained));
        }
    });
}

fn result_ui(ui: &mut egui::Ui, review: &Review, language: Language, actions: &mut UiActions) {
    let (_, right, count) = review.score();
    let result = review_result(right, count).choose(language);
    ui.label(egui::RichText::new(result).size(26.0).strong());
    ui.add_space(8.0);
    let response = ui.button(Word::EndReview.text(language));
    noted(ui, &response, "end");
    if response.clicked() {
        actions.push(ReviewAction::GoOn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::actions::UiAction;
    use std::path::PathBuf;

    /// The card by itself, in a window of some size.
    struct Card {
        context: egui::Context,
        size: egui::Vec2,
        review: Review,
        library: Library,
        language: Language,
    }

    impl Card {
        fn new(size: egui::Vec2, language: Language) -> Self {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/padding.ron");
            let lessons = vec![("padding".to_owned(), PathBuf::from(path))];
            let question = |number| ListedQuestion { lesson: 0, number };
            Self {
                context: egui::Context::default(),
                size,
                review: Review::of(vec![question(0), question(1)]),
                library: Library::new(PathBuf::new(), lessons, crate::disk::Reach::Folder),
                language,
            }
        }

        fn asked(&self) -> AskedQuestion {
            self.library.entries[0].questions[0].clone()
        }

        /// One frame; what was asked for, and every text that was drawn with its place.
        fn frame(&self, events: Vec<egui::Event>) -> (Vec<UiAction>, Vec<(String, egui::Rect)>) {
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, self.size)),
                events,
                ..Default::default()
            };
            let mut actions = UiActions::default();
            let output = self.context.run_ui(input, |ui| {
                review_ui(
                    ui.ctx(),
                    &self.review,
                    &self.library,
                    self.language,
                    &mut actions,
                );
            });
            let mut texts = Vec::new();
            for shape in &output.shapes {
                collect(&shape.shape, &mut texts);
            }
            (actions.0, texts)
        }

        fn texts(&self) -> Vec<(String, egui::Rect)> {
            // A card knows its size once it has been laid out.
            self.frame(Vec::new());
            self.frame(Vec::new());
            self.frame(Vec::new()).1
        }

        #[track_caller]
        fn says(&self, wanted: &str) {
            let texts = self.texts();
            let said = texts.iter().any(|(text, _)| text.contains(wanted));
            assert!(said, "{wanted:?} in {texts:?}");
        }

        fn press(&self, key: egui::Key) -> Vec<UiAction> {
            let event = |pressed| egui::Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: egui::Modifiers::NONE,
            };
            let (actions, _) = self.frame(vec![event(true)]);
            self.frame(vec![event(false)]);
            actions
        }
    }

    fn collect(shape: &egui::Shape, into: &mut Vec<(String, egui::Rect)>) {
        match shape {
            egui::Shape::Text(text) => {
                into.push((text.galley.text().to_owned(), text.visual_bounding_rect()));
            }
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, into)),
            _ => {}
        }
    }

    #[test]
    fn a_question_fits_a_small_window_and_a_phone() {
        for size in [egui::vec2(800.0, 600.0), egui::vec2(360.0, 640.0)] {
            for language in Language::ALL {
                let mut card = Card::new(size, language);
                let asked = card.asked();
                card.says(asked.question.ask.get(language));
                let whole = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
                for (text, place) in card.texts() {
                    assert!(
                        whole.contains_rect(place),
                        "{text:?}: {place:?} in {size:?}"
                    );
                }
                // The explanation may be longer than a phone: then it scrolls, and is no wider.
                let wrong = usize::from(asked.question.answer == 0);
                card.review.choose(wrong, &asked.question);
                card.says(Word::NotRight.text(language));
                for (text, place) in card.texts() {
                    let fits = whole.x_range().contains(place.left())
                        && whole.x_range().contains(place.right());
                    assert!(fits, "{text:?}: {place:?} in {size:?}");
                }
            }
        }
    }

    #[test]
    fn an_answer_is_told_with_what_the_lesson_says_of_it() {
        let language = Language::En;
        let card = || Card::new(egui::vec2(800.0, 600.0), language);
        let question = card().asked().question;
        let right_choice = question.choices[question.answer].en.clone();
        for choice in 0..question.choices.len() {
            let mut card = card();
            let asked = card.asked();
            card.review.choose(choice, &question);
            let right = choice == question.answer;
            let word = if right { Word::Right } else { Word::NotRight };
            card.says(word.text(language));
            card.says(&question.whys.get(choice).unwrap_or(&asked.why).en);
            card.says(&format!("✓ {right_choice}"));
            let said = card.texts();
            let other = if right { Word::NotRight } else { Word::Right };
            let other = other.text(language);
            assert!(said.iter().all(|(text, _)| text != other), "{said:?}");
        }
    }

    #[test]
    fn everything_is_reached_by_tab() {
        let mut card = Card::new(egui::vec2(800.0, 600.0), Language::En);
        card.texts();
        // The way out comes first, then the choices.
        card.press(egui::Key::Tab);
        assert_eq!(
            card.press(egui::Key::Enter),
            [UiAction::from(LessonAction::Close)]
        );
        for place in 0..3 {
            card.press(egui::Key::Tab);
            assert_eq!(
                card.press(egui::Key::Enter),
                [UiAction::from(ReviewAction::Choose(place))]
            );
        }
        let asked = card.asked();
        card.review.choose(2, &asked.question);
        card.texts();
        // What was chosen is chosen no more, and has lost the keys.
        assert!(!crate::ui::wants_keys(&card.context));
        card.press(egui::Key::Tab);
        card.press(egui::Key::Tab);
        assert_eq!(
            card.press(egui::Key::Enter),
            [UiAction::from(ReviewAction::GoOn)]
        );
        card.press(egui::Key::Tab);
        let watch = LessonAction::OpenAt(0, asked.explained);
        assert_eq!(card.press(egui::Key::Enter), [UiAction::from(watch)]);
    }

    #[test]
    fn the_result_says_how_many_were_right() {
        let mut card = Card::new(egui::vec2(360.0, 640.0), Language::En);
        for number in 0..2 {
            let question = card.library.entries[0].questions[number].question.clone();
            let right = question.answer;
            let choice = if number == 0 {
                right
            } else {
                usize::from(right == 0)
            };
            card.review.choose(choice, &question);
            card.review.go_on();
        }
        card.says("1 of 2 answers were right");
        card.says("Lessons (Enter)");
    }
}
