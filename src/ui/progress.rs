//! What the learner has watched and predicted, remembered from one run to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bevy::prelude::*;
use serde::{Deserialize, Serialize};

use super::library::Library;
use crate::disk;
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
    /// Whether the last answer to each question was right, by lesson and question.
    answers: BTreeMap<String, BTreeMap<usize, bool>>,
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
        let answers = self.record.answers.get(lesson)?;
        let right = answers.values().filter(|right| **right).count();
        Some((right, answers.len()))
    }

    fn watch(&mut self, lesson: &str) -> bool {
        self.record.watched.insert(lesson.to_owned())
    }

    fn answer(&mut self, lesson: &str, question: usize, right: bool) -> bool {
        let answers = self.record.answers.entry(lesson.to_owned()).or_default();
        answers.insert(question, right) != Some(right)
    }

    /// Writes it down.
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
    mut progress: ResMut<LearningProgress>,
) {
    let Some(lesson) = library.open_name() else {
        return;
    };
    let progress = progress.bypass_change_detection();
    let mut new = false;
    if playhead.time >= show.timeline.duration - NEAR_END {
        new |= progress.watch(&lesson);
    }
    for (number, question_span) in show.timeline.questions.iter().enumerate() {
        if let Some(choice) = chosen.choice(number) {
            new |= progress.answer(&lesson, number, choice == question_span.answer);
        }
    }
    if new && let Err(error) = progress.save() {
        warn!("what you have learned could not be kept: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_is_there_in_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let file = Some(folder.path().join("deep/progress.ron"));
        let mut progress = LearningProgress::load(file.clone());
        assert!(!progress.watched("stride"));
        progress.watch("stride");
        progress.answer("stride", 0, false);
        progress.answer("stride", 1, true);
        progress.save().unwrap();
        let mut next = LearningProgress::load(file.clone());
        assert!(next.watched("stride") && !next.watched("padding"));
        assert_eq!(next.answers("stride"), Some((1, 2)));
        // The last answer counts.
        assert!(next.answer("stride", 0, true));
        assert_eq!(next.answers("stride"), Some((2, 2)));
        std::fs::write(file.as_ref().unwrap(), "nonsense").unwrap();
        assert_eq!(LearningProgress::load(file).answers("stride"), None);
    }
}
