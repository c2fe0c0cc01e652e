//! A review: a few questions of earlier lessons, one after another, without the stage.

use bevy::prelude::*;

use super::library::{Entry, Library};
use super::listed_question::ListedQuestion;
use super::progress::LearningProgress;
use super::wall_clock::seconds_since_1970;
use super::{Screen, go_to};
use crate::lesson::{AskedQuestion, Question};
use crate::playback::ShowSystems;

/// Where a review stands.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    questions: Vec<ListedQuestion>,
    /// How many are behind.
    done: usize,
    /// What was chosen, until it goes on.
    choice: Option<usize>,
    right: usize,
}

/// Something that a learner does in a review.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewAction {
    /// Begin one, of what is due.
    Begin,
    /// Choose an answer, by its place.
    Choose(usize),
    /// To the next question, once this one is answered; from the result to the list of lessons.
    GoOn,
}

impl Review {
    /// A review of some questions.
    #[must_use]
    pub fn of(questions: Vec<ListedQuestion>) -> Self {
        Self {
            questions,
            ..Self::default()
        }
    }

    /// The question that is asked; `None` at the end.
    #[must_use]
    pub fn question(&self) -> Option<ListedQuestion> {
        self.questions.get(self.done).copied()
    }

    /// The question that is asked, with the lesson that it belongs to.
    #[must_use]
    pub fn asked<'a>(
        &self,
        library: &'a Library,
    ) -> Option<(ListedQuestion, &'a Entry, &'a AskedQuestion)> {
        let listed = self.question()?;
        let (entry, asked) = library.listed_question(listed)?;
        Some((listed, entry, asked))
    }

    /// What was chosen of its answers.
    #[must_use]
    pub const fn choice(&self) -> Option<usize> {
        self.choice
    }

    /// How many questions are behind, how many of all were answered right, and how many there are.
    #[must_use]
    pub fn score(&self) -> (usize, usize, usize) {
        (self.done, self.right, self.questions.len())
    }

    /// Chooses an answer to the question that is asked; whether it is right, `None` where it cannot be chosen.
    pub fn choose(&mut self, choice: usize, question: &Question) -> Option<bool> {
        if self.choice.is_some() || choice >= question.choices.len() {
            return None;
        }
        let right = choice == question.answer;
        self.choice = Some(choice);
        self.right += usize::from(right);
        Some(right)
    }

    /// Goes on, if the question is answered; whether there is anything to go on to.
    pub fn go_on(&mut self) -> bool {
        if self.question().is_none() {
            return false;
        }
        if self.choice.take().is_some() {
            self.done += 1;
        }
        true
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Review>()
        .add_message::<ReviewAction>()
        .add_systems(
            Update,
            handle
                .in_set(ShowSystems::Input)
                .after(super::actions::ActionSystems),
        );
}

fn handle(
    mut actions: MessageReader<ReviewAction>,
    library: Res<Library>,
    mut progress: ResMut<LearningProgress>,
    mut review: ResMut<Review>,
    mut screen: ResMut<NextState<Screen>>,
) {
    for action in actions.read() {
        match *action {
            ReviewAction::Begin => {
                let due = progress.due(&library, seconds_since_1970());
                if !due.is_empty() {
                    *review = Review::of(due);
                    go_to(&mut screen, Screen::Review);
                }
            }
            ReviewAction::Choose(choice) => {
                let Some((listed, entry, asked)) = review.asked(&library) else {
                    continue;
                };
                if let Some(right) = review.choose(choice, &asked.question) {
                    let lesson = entry.progress_name();
                    progress.answer(&lesson, listed.number, right, seconds_since_1970());
                    progress.keep();
                }
            }
            ReviewAction::GoOn => {
                if !review.go_on() {
                    go_to(&mut screen, Screen::Lessons);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::ecs::system::RunSystemOnce;
    use std::path::PathBuf;

    /// A list of one lesson: of its two questions the first was answered right long ago, the second wrong.
    fn world() -> (World, PathBuf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("progress.ron");
        let kept = r#"(answers: {"padding": {0: true, 1: false}})"#;
        std::fs::write(&file, kept).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/padding.ron");
        let lessons = vec![("padding".to_owned(), PathBuf::from(path))];
        let reach = crate::disk::Reach::Folder;
        let mut world = World::new();
        world.insert_resource(Library::new(PathBuf::new(), lessons, reach));
        world.insert_resource(LearningProgress::load(Some(file.clone())));
        world.init_resource::<Review>();
        world.init_resource::<NextState<Screen>>();
        (world, file, folder)
    }

    fn ask(world: &mut World, action: ReviewAction) {
        world.init_resource::<Messages<ReviewAction>>();
        world.resource_mut::<Messages<ReviewAction>>().clear();
        world.write_message(action);
        world.run_system_once(handle).unwrap();
    }

    fn asked(world: &World) -> Option<usize> {
        let review = world.resource::<Review>();
        review.question().map(|listed| listed.number)
    }

    #[test]
    fn a_review_asks_what_is_due_and_keeps_each_answer() {
        let (mut world, file, _folder) = world();
        ask(&mut world, ReviewAction::Begin);
        let next = world.resource::<NextState<Screen>>();
        assert!(format!("{next:?}").contains("Review"), "{next:?}");
        assert_eq!(asked(&world), Some(1), "what was wrong comes first");
        let answers: Vec<usize> = world.resource::<Library>().entries[0]
            .questions
            .iter()
            .map(|asked| asked.question.answer)
            .collect();

        // Without an answer it does not go on; the first one counts.
        ask(&mut world, ReviewAction::GoOn);
        assert_eq!(asked(&world), Some(1));
        ask(&mut world, ReviewAction::Choose(99));
        assert_eq!(world.resource::<Review>().choice(), None);
        ask(&mut world, ReviewAction::Choose(answers[1]));
        ask(
            &mut world,
            ReviewAction::Choose(usize::from(answers[1] == 0)),
        );
        assert_eq!(world.resource::<Review>().choice(), Some(answers[1]));
        ask(&mut world, ReviewAction::GoOn);
        assert_eq!(asked(&world), Some(0));
        ask(
            &mut world,
            ReviewAction::Choose(usize::from(answers[0] == 0)),
        );
        ask(&mut world, ReviewAction::GoOn);
        assert_eq!(asked(&world), None);
        assert_eq!(world.resource::<Review>().score(), (2, 1, 2));
        ask(&mut world, ReviewAction::GoOn);
        let next = world.resource::<NextState<Screen>>();
        assert!(format!("{next:?}").contains("Lessons"), "{next:?}");

        // In the next run only the one that was wrong is asked.
        let library = world.resource::<Library>();
        let next = LearningProgress::load(Some(file));
        let first = ListedQuestion {
            lesson: 0,
            number: 0,
        };
        assert_eq!(next.wrong(library), [first]);
        assert_eq!(next.due(library, seconds_since_1970()), [first]);
    }

    #[test]
    fn where_nothing_is_due_no_review_begins() {
        let (mut world, ..) = world();
        world.insert_resource(LearningProgress::default());
        ask(&mut world, ReviewAction::Begin);
        assert_eq!(asked(&world), None);
        let next = world.resource::<NextState<Screen>>();
        assert!(!format!("{next:?}").contains("Review"), "{next:?}");
    }
}
