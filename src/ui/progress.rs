//! What the learner has watched and predicted, remembered from one run to the next.

use std::collections::BTreeSet;
use std::path::PathBuf;

use bevy::prelude::*;
use serde::{Deserialize, Serialize};

use super::library::Library;
use super::listed_question::ListedQuestion;
use super::wall_clock::seconds_since_1970;
use crate::disk;
use crate::lesson::Recalls;
use crate::playback::{ChosenAnswers, Playhead, Show};

/// Seconds before the end from which on a lesson counts as watched.
const NEAR_END: f64 = 2.0;

/// What is remembered of all lessons.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub struct LearningProgress {
    record: Record,
    /// Where it is kept; nowhere where there is no folder for it.
    file: Option<PathBuf>,
}

/// What the file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Record {
    /// Lessons that were watched to the end, by the name of their file.
    watched: BTreeSet<String>,
    /// How well each question is remembered.
    answers: Recalls,
}

impl LearningProgress {
    /// What a file holds; nothing where it does not exist or cannot be read.
    #[must_use]
    pub fn load(file: Option<PathBuf>) -> Self {
        let read = |file: &PathBuf| disk::read_text(file).ok();
        let record = file.as_ref().and_then(read).and_then(|text| {
            ron::from_str(&text)
                .inspect_err(|error| warn!("what you have learned could not be read: {error}"))
                .ok()
        });
        Self {
            record: record.unwrap_or_default(),
            file,
        }
    }

    /// Whether a lesson was watched to its end.
    #[must_use]
    pub fn watched(&self, lesson: &str) -> bool {
        self.record.watched.contains(lesson)
    }

    /// Questions of a lesson that were answered right, and that were answered at all.
    #[must_use]
    pub fn answers(&self, lesson: &str) -> Option<(usize, usize)> {
        self.record.answers.of_lesson(lesson)
    }

    /// What a review would ask now, in seconds since 1970.
    #[must_use]
    pub fn due(&self, library: &Library, now: u64) -> Vec<ListedQuestion> {
        let find = |lesson: &str, number| library.find_question(lesson, number);
        self.record.answers.due(now, find)
    }

    /// The questions that were answered wrong last, in the order of the list.
    #[must_use]
    pub fn wrong(&self, library: &Library) -> Vec<ListedQuestion> {
        let wrong = self.record.answers.wrong();
        let find = |(lesson, number): (&str, usize)| library.find_question(lesson, number);
        let mut found: Vec<ListedQuestion> = wrong.filter_map(find).collect();
        found.sort_by_key(|listed| (listed.lesson, listed.number));
        found
    }

    /// Notes an answer, at a time in seconds since 1970.
    pub(super) fn answer(&mut self, lesson: &str, question: usize, right: bool, now: u64) {
        self.record.answers.answer(lesson, question, right, now);
    }

    fn watch(&mut self, lesson: &str) -> bool {
        self.record.watched.insert(lesson.to_owned())
    }

    /// Writes it down, or warns.
    pub(super) fn keep(&self) {
        if let Err(error) = self.save() {
            warn!("what you have learned could not be kept: {error}");
        }
    }

    fn save(&self) -> std::io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let text = ron::ser::to_string_pretty(&self.record, ron::ser::PrettyConfig::default())
            .map_err(std::io::Error::other)?;
        disk::write_with_folder(file, text)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<LearningProgress>().add_systems(
        Update,
        remember.run_if(
            resource_exists::<Show>
                .and_then(resource_changed::<Playhead>.or_else(resource_changed::<ChosenAnswers>)),
        ),
    );
}

fn remember(
    library: Res<Library>,
    show: Res<Show>,
    playhead: Res<Playhead>,
    chosen: Res<ChosenAnswers>,
    mut noted: Local<ChosenAnswers>,
    mut seen: Local<Option<(String, f64)>>,
    mut progress: ResMut<LearningProgress>,
) {
    let Some(lesson) = library.open_name() else {
        return;
    };
    let progress = progress.bypass_change_detection();
    let mut new = false;
    // A lesson that is opened at its end has not been watched.
    let end = show.timeline.duration;
    let near_end = (end - NEAR_END).max(0.5 * end);
    let before = seen.replace((lesson.clone(), playhead.time));
    let comes = before.is_some_and(|(name, time)| name == lesson && time < near_end);
    if comes && playhead.time >= near_end {
        new |= progress.watch(&lesson);
    }
    // A choice stands as long as its lesson is open, and is one answer.
    if *noted != *chosen {
        for (number, question_span) in show.timeline.questions.iter().enumerate() {
            if let Some(choice) = chosen.choice(number)
                && noted.choice(number) != Some(choice)
            {
                let right = choice == question_span.answer;
                progress.answer(&lesson, number, right, seconds_since_1970());
                new = true;
            }
        }
        *noted = (*chosen).clone();
    }
    if new {
        progress.keep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some moment of 2026.
    const NOW: u64 = 1_790_000_000;

    #[test]
    fn what_was_learned_is_there_in_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let file = Some(folder.path().join("deep/progress.ron"));
        let mut progress = LearningProgress::load(file.clone());
        assert!(!progress.watched("stride"));
        progress.watch("stride");
        progress.answer("stride", 0, false, NOW);
        progress.answer("stride", 1, true, NOW);
        progress.save().unwrap();
        let mut next = LearningProgress::load(file.clone());
        assert_eq!(next, progress);
        assert!(next.watched("stride") && !next.watched("padding"));
        assert_eq!(next.answers("stride"), Some((1, 2)));
        // The last answer counts.
        next.answer("stride", 0, true, NOW);
        assert_eq!(next.answers("stride"), Some((2, 2)));
        std::fs::write(file.as_ref().unwrap(), "nonsense").unwrap();
        assert_eq!(LearningProgress::load(file).answers("stride"), None);
    }

    #[test]
    fn what_an_earlier_version_kept_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("progress.ron");
        let kept = r#"(
            watched: ["padding"],
            answers: {
                "padding": {
                    0: true,
                    1: false,
                },
            },
        )"#;
        std::fs::write(&file, kept).unwrap();
        let progress = LearningProgress::load(Some(file));
        assert!(progress.watched("padding"));
        assert_eq!(progress.answers("padding"), Some((1, 2)));
    }

    /// A list of one lesson, which has two questions.
    fn padding() -> Library {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/padding.ron");
        let lessons = vec![("padding".to_owned(), PathBuf::from(path))];
        Library::new(PathBuf::new(), lessons, disk::Reach::Folder)
    }

    #[test]
    fn only_questions_that_a_listed_lesson_has_are_asked_again() {
        let library = padding();
        let mut progress = LearningProgress::default();
        progress.answer("padding", 1, false, NOW);
        progress.answer("padding", 99, false, NOW);
        progress.answer("elsewhere", 0, false, NOW);
        let there = [ListedQuestion {
            lesson: 0,
            number: 1,
        }];
        assert_eq!(progress.wrong(&library), there);
        assert_eq!(progress.due(&library, NOW), there);
    }

    #[test]
    fn a_lesson_that_is_opened_at_its_end_is_not_watched_by_that() {
        let (mut world, system) = world();
        let end = world.resource::<Show>().timeline.duration;
        for (time, watched) in [(end, false), (end, false), (1.0, false), (end - 1.0, true)] {
            world.resource_mut::<Playhead>().time = time;
            world.run_system(system).unwrap();
            let progress = world.resource::<LearningProgress>();
            assert_eq!(progress.watched("padding"), watched, "{time}");
        }
    }

    /// The lesson on padding, open.
    fn world() -> (World, bevy::ecs::system::SystemId) {
        let mut library = padding();
        let path = library.entries[0].path.clone();
        let lesson = library.open_alone(&path);
        let language = crate::lesson::Language::En;
        let speeches = crate::narration::estimated_speeches(&lesson, language);
        let timeline = crate::timeline::Timeline::new(&lesson, language, &speeches);
        let mut world = World::new();
        world.insert_resource(Show::new(lesson, std::sync::Arc::new(timeline)));
        world.insert_resource(library);
        world.init_resource::<Playhead>();
        world.init_resource::<ChosenAnswers>();
        world.init_resource::<LearningProgress>();
        let system = world.register_system(remember);
        (world, system)
    }

    #[test]
    fn a_choice_is_one_answer_however_long_it_stands() {
        let (mut world, system) = world();
        let wrong = usize::from(world.resource::<Show>().timeline.questions[0].answer == 0);
        let answers = |world: &World| world.resource::<LearningProgress>().answers("padding");
        world.run_system(system).unwrap();
        assert_eq!(answers(&world), None);
        world.resource_mut::<ChosenAnswers>().choose(0, wrong);
        world.run_system(system).unwrap();
        assert_eq!(answers(&world), Some((0, 1)));
        // In a review it was answered right meanwhile: the choice that still stands takes nothing back.
        let mut progress = world.resource_mut::<LearningProgress>();
        progress.answer("padding", 0, true, NOW);
        world.run_system(system).unwrap();
        assert_eq!(answers(&world), Some((1, 1)));
        world.resource_mut::<ChosenAnswers>().clear();
        world.run_system(system).unwrap();
        world.resource_mut::<ChosenAnswers>().choose(0, wrong);
        world.run_system(system).unwrap();
        assert_eq!(answers(&world), Some((0, 1)));
    }
}
