//! Spaced review: how well each question is remembered, and which are due to be asked again.
//!
//! Questions climb boxes, as Leitner's cards do. One that was answered wrong is due at once. After a right answer
//! it is due when a day has passed, then 3, 7 and 21 days, and every 21 days from then on; a wrong answer sends it
//! back to the beginning. An answer before a question is due is no step up: it was still fresh.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Questions of a review, at most.
pub const REVIEW_LENGTH: usize = 3;

/// Days after which a question is due again, by how often it was answered right in a row before.
const INTERVALS: [u64; 4] = [1, 3, 7, 21];

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// How well a question is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptRecall")]
pub struct Recall {
    /// Right answers in a row, each when the question was due; 0 after a wrong one.
    pub in_a_row: u32,
    /// When it was answered last, in seconds since 1970.
    pub answered: u64,
}

/// As files keep it, those of earlier versions too.
#[derive(Deserialize)]
#[serde(untagged)]
enum KeptRecall {
    /// Whether the last answer was right: all that versions without reviews kept.
    Right(bool),
    Recall {
        in_a_row: u32,
        answered: u64,
    },
}

impl From<KeptRecall> for Recall {
    fn from(kept: KeptRecall) -> Self {
        match kept {
            KeptRecall::Right(right) => Self {
                in_a_row: u32::from(right),
                answered: 0,
            },
            KeptRecall::Recall { in_a_row, answered } => Self { in_a_row, answered },
        }
    }
}

impl Recall {
    /// Whether the last answer was right.
    #[must_use]
    pub const fn is_right(self) -> bool {
        self.in_a_row > 0
    }

    /// Whether the question is to be asked again. An answer from the future tells nothing: some clock was wrong.
    #[must_use]
    pub fn is_due(self, now: u64) -> bool {
        let passed = now.checked_sub(self.answered);
        passed.is_none_or(|passed| passed >= self.interval())
    }

    /// Seconds from the last answer until the question is due.
    fn interval(self) -> u64 {
        let Some(step) = (self.in_a_row as usize).checked_sub(1) else {
            return 0;
        };
        let days = INTERVALS.get(step).or(INTERVALS.last());
        days.map_or(0, |days| days * DAY)
    }

    /// How well it is remembered after one more answer.
    fn after(before: Option<Self>, right: bool, now: u64) -> Self {
        let in_a_row = match before {
            Some(before) if right && !before.is_due(now) => before.in_a_row,
            Some(before) if right => before.in_a_row.saturating_add(1),
            Some(_) | None => u32::from(right),
        };
        Self {
            in_a_row,
            answered: now,
        }
    }
}

/// How well the questions of all lessons are remembered, by the lesson's name and the question's number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recalls(BTreeMap<String, BTreeMap<usize, Recall>>);

impl Recalls {
    /// Notes an answer; `now` is in seconds since 1970.
    pub fn answer(&mut self, lesson: &str, question: usize, right: bool, now: u64) {
        let answers = self.0.entry(lesson.to_owned()).or_default();
        let before = answers.get(&question).copied();
        answers.insert(question, Recall::after(before, right, now));
    }

    /// Questions of a lesson whose last answer was right, and that were answered at all.
    #[must_use]
    pub fn of_lesson(&self, lesson: &str) -> Option<(usize, usize)> {
        let answers = self.0.get(lesson)?;
        let right = answers.values().filter(|recall| recall.is_right()).count();
        Some((right, answers.len()))
    }

    /// The questions whose last answer was wrong, each by its lesson and number.
    pub fn wrong(&self) -> impl Iterator<Item = (&str, usize)> {
        let wrong = self.all().filter(|(.., recall)| !recall.is_right());
        wrong.map(|(lesson, question, _)| (lesson, question))
    }

    /// What a review asks at a time: those answered wrong first, then those that are remembered least, of equals the
    /// one that was answered longest ago; [`REVIEW_LENGTH`] at most. `find` says what a lesson's question is, if it
    /// is still there.
    #[must_use]
    pub fn due<T>(&self, now: u64, find: impl Fn(&str, usize) -> Option<T>) -> Vec<T> {
        let due = self.all().filter(|(.., recall)| recall.is_due(now));
        let mut due: Vec<(&str, usize, Recall)> = due.collect();
        due.sort_by_key(|(.., recall)| (recall.in_a_row, recall.answered));
        due.into_iter()
            .filter_map(|(lesson, question, _)| find(lesson, question))
            .take(REVIEW_LENGTH)
            .collect()
    }

    fn all(&self) -> impl Iterator<Item = (&str, usize, Recall)> {
        self.0.iter().flat_map(|(lesson, answers)| {
            let answers = answers.iter();
            answers.map(|(question, recall)| (lesson.as_str(), *question, *recall))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some moment of 2026.
    const NOW: u64 = 1_790_000_000;

    fn due(recalls: &Recalls, now: u64) -> Vec<String> {
        recalls.due(now, |lesson, question| Some(format!("{lesson} {question}")))
    }

    #[test]
    fn intervals_grow_with_each_right_answer_and_a_wrong_one_begins_anew() {
        let mut recalls = Recalls::default();
        let mut now = NOW;
        recalls.answer("stride", 0, true, now);
        for days in [1, 3, 7, 21, 21] {
            assert!(due(&recalls, now).is_empty(), "{days}");
            assert!(due(&recalls, now + days * DAY - 1).is_empty(), "{days}");
            now += days * DAY;
            assert_eq!(due(&recalls, now), ["stride 0"], "{days}");
            recalls.answer("stride", 0, true, now);
        }
        recalls.answer("stride", 0, false, now);
        assert_eq!(due(&recalls, now), ["stride 0"]);
        recalls.answer("stride", 0, true, now);
        assert!(due(&recalls, now + DAY - 1).is_empty());
        assert_eq!(due(&recalls, now + DAY), ["stride 0"]);
    }

    #[test]
    fn an_answer_before_its_time_is_no_step_up() {
        let mut recalls = Recalls::default();
        for minutes in 0..10 {
            recalls.answer("stride", 0, true, NOW + minutes * 60);
        }
        let last = NOW + 9 * 60;
        assert!(due(&recalls, last + DAY - 1).is_empty());
        assert_eq!(due(&recalls, last + DAY), ["stride 0"]);
    }

    #[test]
    fn a_review_asks_what_was_wrong_first_and_three_questions_at_most() {
        let mut recalls = Recalls::default();
        recalls.answer("attention", 0, true, NOW);
        recalls.answer("attention", 0, true, NOW + DAY);
        recalls.answer("groups", 1, true, NOW + 60);
        recalls.answer("padding", 0, true, NOW);
        recalls.answer("stride", 1, false, NOW + 4 * DAY);
        recalls.answer("stride", 2, false, NOW + 3 * DAY);
        let later = NOW + 4 * DAY;
        assert_eq!(due(&recalls, later), ["stride 2", "stride 1", "padding 0"]);
        // What a lesson has no longer takes nobody's place.
        let there = recalls.due(later, |lesson, question| {
            (lesson != "stride").then(|| format!("{lesson} {question}"))
        });
        assert_eq!(there, ["padding 0", "groups 1", "attention 0"]);
        let wrong: Vec<(&str, usize)> = recalls.wrong().collect();
        assert_eq!(wrong, [("stride", 1), ("stride", 2)]);
    }

    #[test]
    fn a_clock_that_was_wrong_hides_no_question() {
        let mut recalls = Recalls::default();
        recalls.answer("stride", 0, true, NOW + 1000 * DAY);
        assert_eq!(due(&recalls, NOW), ["stride 0"]);
    }

    #[test]
    fn what_earlier_versions_kept_is_read_and_what_is_kept_comes_back() {
        let text = r#"{"padding": {0: true, 2: false}, "stride": {1: (in_a_row: 2, answered: 1790000000)}}"#;
        let recalls: Recalls = ron::from_str(text).unwrap();
        assert_eq!(recalls.of_lesson("padding"), Some((1, 2)));
        assert_eq!(recalls.of_lesson("groups"), None);
        // When they were answered is not known: long ago.
        assert_eq!(due(&recalls, NOW), ["padding 2", "padding 0"]);
        assert_eq!(
            due(&recalls, NOW + 3 * DAY),
            ["padding 2", "padding 0", "stride 1"]
        );
        let pretty = ron::ser::PrettyConfig::default();
        let text = ron::ser::to_string_pretty(&recalls, pretty).unwrap();
        assert_eq!(ron::from_str::<Recalls>(&text).unwrap(), recalls, "{text}");
    }
}
