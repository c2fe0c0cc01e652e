//! Questions of the lessons in the list.

use std::borrow::Cow;
use std::path::Path;

use super::library::{Entry, Library};
use crate::lesson::AskedQuestion;

/// A question of a lesson in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedQuestion {
    /// The lesson's place in the list.
    pub lesson: usize,
    /// The question's place in the lesson.
    pub number: usize,
}

impl Library {
    /// A question by its number and the name under which progress of its lesson is kept.
    #[must_use]
    pub fn find_question(&self, lesson: &str, number: usize) -> Option<ListedQuestion> {
        let mut entries = self.entries.iter();
        let place = entries.position(|entry| entry.progress_name() == lesson)?;
        let questions = &self.entries.get(place)?.questions;
        (number < questions.len()).then_some(ListedQuestion {
            lesson: place,
            number,
        })
    }

    /// A question, and the lesson that it belongs to.
    #[must_use]
    pub fn listed_question(&self, listed: ListedQuestion) -> Option<(&Entry, &AskedQuestion)> {
        let entry = self.entries.get(listed.lesson)?;
        Some((entry, entry.questions.get(listed.number)?))
    }
}

impl Entry {
    /// The name under which progress is kept.
    #[must_use]
    pub fn progress_name(&self) -> Cow<'_, str> {
        progress_name(&self.path).unwrap_or_default()
    }
}

/// The name under which progress of a lesson is kept: that of its file.
pub(super) fn progress_name(path: &Path) -> Option<Cow<'_, str>> {
    Some(path.file_stem()?.to_string_lossy())
}
