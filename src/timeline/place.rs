//! A place in a lesson, whichever timeline it is laid out on.
//!
//! A time means something on one timeline alone: the lengths of another voice, or of another
//! language, move every beat. What outlives a timeline is therefore kept as a place.

use super::Timeline;

/// A place in a lesson: a beat, and how much of it has passed. Of two places the greater comes later.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Place {
    /// The scene, counted from 0.
    pub scene: usize,
    /// The beat of the scene, counted from 0.
    pub beat: usize,
    /// The part of the beat that has passed, from 0 to 1. Below 0 the scene is still coming on, before
    /// its first beat: -1 is the moment at which it begins.
    pub part: f64,
}

/// Where a lesson begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// At a time that a person has given, in seconds of the timeline that they will see: the one with
    /// the lengths of the voice.
    Time(f64),
    /// At a place, as when it is gone back to.
    Place(Place),
}

impl Start {
    /// When that is on a timeline.
    #[must_use]
    pub fn on(self, timeline: &Timeline) -> f64 {
        match self {
            Self::Time(time) => time.clamp(0.0, timeline.duration),
            Self::Place(place) => timeline.time_at(place),
        }
    }
}

/// A time that was given for a timeline whose lengths are not known yet. Until they are, it is read on
/// one of estimated lengths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenTime {
    /// What was given.
    given: f64,
    /// What could be shown of it: the estimated timeline may be the shorter one.
    shown: f64,
}

impl GivenTime {
    /// The time that a start gives, while an estimated timeline stands in for the one it is meant for.
    #[must_use]
    pub fn of(start: Start, estimated: &Timeline) -> Option<Self> {
        match start {
            Start::Time(given) => Some(Self {
                given,
                shown: start.on(estimated),
            }),
            Start::Place(_) => None,
        }
    }

    /// The time on the timeline that it was meant for, once the clock has come from the given time to
    /// this one.
    #[must_use]
    pub fn on(self, timeline: &Timeline, now: f64) -> f64 {
        (self.given + (now - self.shown)).clamp(0.0, timeline.duration)
    }
}

impl Timeline {
    /// The place at a time; before the start and after the end, the first and the last place.
    #[must_use]
    pub fn place_at(&self, time: f64) -> Place {
        let time = time.clamp(0.0, self.duration);
        let (scene, beat) = self.beat_at(time);
        let span = &self.scenes[scene];
        let Some(at) = span.beats.get(beat) else {
            return Place {
                scene,
                beat,
                part: part_of(span.start, span.end, time),
            };
        };
        let part = if time < at.start {
            part_of(span.start, at.start, time) - 1.0
        } else {
            part_of(at.start, at.end, time)
        };
        Place { scene, beat, part }
    }

    /// The time of a place. Where an edited lesson has no such scene or beat any more, the last one
    /// stands for it.
    #[must_use]
    pub fn time_at(&self, place: Place) -> f64 {
        let scene = self.scenes.get(place.scene).or(self.scenes.last());
        let Some(span) = scene else {
            return 0.0;
        };
        let is_there = place.scene < self.scenes.len() && place.beat < span.beats.len();
        let Some(last) = span.beats.last() else {
            return between(span.start, span.end, place.part);
        };
        let at = if is_there {
            &span.beats[place.beat]
        } else {
            last
        };
        if place.part >= 0.0 || !is_there {
            between(at.start, at.end, place.part)
        } else {
            between(span.start, at.start, place.part + 1.0)
        }
    }

    /// The time in another timeline of the same lesson, or of an edited one, that shows the same
    /// place.
    #[must_use]
    pub fn same_place_in(&self, other: &Self, time: f64) -> f64 {
        other.time_at(self.place_at(time))
    }
}

/// How much of a stretch has passed at a time.
fn part_of(start: f64, end: f64, time: f64) -> f64 {
    if time >= end && end > start {
        return 1.0;
    }
    ((time - start) / (end - start).max(1e-9)).clamp(0.0, 1.0)
}

/// The time at which a part of a stretch has passed; at its borders exactly theirs.
fn between(start: f64, end: f64, part: f64) -> f64 {
    if part >= 1.0 {
        end
    } else {
        (start + part.max(0.0) * (end - start)).min(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{Language, Lesson};
    use crate::narration::estimated_speeches;

    /// A lesson of three scenes, the later of which come on before their first beat.
    fn lesson() -> Lesson {
        let scene = |name: &str| {
            format!(
                r#"Scene(title: (en: "{name}", ja: "場"), input: (shape: (1, 3, 3)), layers: [ReLU], beats: [
                    Say(text: (en: "One value, and then another one.", ja: "値ひとつ。")),
                    Hold(0.1),
                    Run(to: End, over: 2.0),
                    Say(text: (en: "That was all.", ja: "これで全部です。それだけのことでした。")),
                ])"#
            )
        };
        let scenes = ["A", "B", "C"].map(scene).join(",");
        let text = format!(r#"Lesson(title: (en: "T", ja: "題"), scenes: [{scenes}])"#);
        crate::lesson::read("t.ron", &text).unwrap().0
    }

    /// The lesson as it is estimated, as a slow and as a fast voice speak it, and in Japanese.
    fn timelines(lesson: &Lesson) -> [Timeline; 4] {
        let spoken = |language, pace: f64| {
            let mut speeches = estimated_speeches(lesson, language);
            for (index, speech) in speeches.iter_mut().flatten().flatten().enumerate() {
                // A voice is not slower or faster by the same part everywhere.
                let pace = pace + 0.1 * (index % 3) as f64;
                speech.duration *= pace;
                for mark in &mut speech.marks {
                    *mark *= pace;
                }
                for (start, end, _) in &mut speech.captions {
                    *start *= pace;
                    *end *= pace;
                }
            }
            Timeline::new(lesson, language, &speeches)
        };
        [
            spoken(Language::En, 1.0),
            spoken(Language::En, 1.3),
            spoken(Language::En, 0.7),
            spoken(Language::Ja, 1.0),
        ]
    }

    fn times(timeline: &Timeline) -> impl Iterator<Item = f64> {
        let count = 2_000;
        let duration = timeline.duration;
        (0..=count).map(move |index| duration * f64::from(index) / f64::from(count))
    }

    #[test]
    fn a_time_is_found_again_by_its_place() {
        let lesson = lesson();
        for timeline in timelines(&lesson) {
            for time in times(&timeline) {
                let again = timeline.time_at(timeline.place_at(time));
                assert!((again - time).abs() < 1e-9, "{time} {again}");
            }
        }
    }

    #[test]
    fn borders_of_beats_and_scenes_are_exactly_those_of_every_timeline() {
        let lesson = lesson();
        let all = timelines(&lesson);
        for here in &all {
            for there in &all {
                assert_eq!(here.same_place_in(there, 0.0), 0.0);
                assert_eq!(here.same_place_in(there, here.duration), there.duration);
                for (one, other) in here.scenes.iter().zip(&there.scenes) {
                    assert_eq!(here.same_place_in(there, one.start), other.start);
                    for (one, other) in one.beats.iter().zip(&other.beats) {
                        assert_eq!(here.same_place_in(there, one.start), other.start);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_later_here_is_no_earlier_there() {
        let lesson = lesson();
        let all = timelines(&lesson);
        for here in &all {
            for there in &all {
                let moved: Vec<(Place, f64)> = times(here)
                    .map(|time| (here.place_at(time), here.same_place_in(there, time)))
                    .collect();
                for pair in moved.windows(2) {
                    assert!(pair[0].0 < pair[1].0, "{pair:?}");
                    assert!(pair[0].1 <= pair[1].1, "{pair:?}");
                }
            }
        }
    }

    #[test]
    fn a_place_goes_through_another_timeline_and_back() {
        let lesson = lesson();
        let all = timelines(&lesson);
        for here in &all {
            for there in &all {
                for time in times(here) {
                    let back = there.same_place_in(here, here.same_place_in(there, time));
                    assert!((back - time).abs() < 1e-6, "{time} {back}");
                }
            }
        }
    }

    #[test]
    fn a_given_time_is_one_of_the_spoken_timeline() {
        let lesson = lesson();
        let [estimated, slow, fast, _] = timelines(&lesson);
        let late = f64::midpoint(estimated.duration, slow.duration);
        for (spoken, given) in [(&slow, 4.0), (&fast, 4.0), (&slow, late)] {
            let start = Start::Time(given);
            let time = GivenTime::of(start, &estimated).unwrap();
            let shown = start.on(&estimated);
            assert_eq!(time.on(spoken, shown), given);
            // It has played for a second before the lengths were known.
            assert!((time.on(spoken, shown + 1.0) - (given + 1.0)).abs() < 1e-9);
        }
        let time = GivenTime::of(Start::Time(1e6), &estimated).unwrap();
        assert_eq!(time.on(&fast, estimated.duration), fast.duration);
    }

    #[test]
    fn what_is_gone_back_to_is_a_place_and_no_time() {
        let lesson = lesson();
        let [estimated, slow, ..] = timelines(&lesson);
        for time in times(&slow) {
            let start = Start::Place(slow.place_at(time));
            assert_eq!(GivenTime::of(start, &estimated), None);
            let there = start.on(&estimated);
            assert!((estimated.same_place_in(&slow, there) - time).abs() < 1e-6);
        }
    }

    #[test]
    fn a_place_that_an_edited_lesson_lacks_is_in_its_last_beat() {
        let mut lesson = lesson();
        let before = Timeline::new(
            &lesson,
            Language::En,
            &estimated_speeches(&lesson, Language::En),
        );
        lesson.scenes.truncate(2);
        lesson.scenes[1].beats.truncate(1);
        let after = Timeline::new(
            &lesson,
            Language::En,
            &estimated_speeches(&lesson, Language::En),
        );
        let only = after.scenes[1].beats[0].clone();
        for time in times(&before) {
            let moved = before.same_place_in(&after, time);
            assert!((0.0..=after.duration).contains(&moved));
            if time > before.scenes[1].beats[1].start {
                assert!(moved >= only.start, "{time} {moved}");
            }
        }
    }
}
