//! A lesson and the lengths of its narration compile to a timeline, a pure function of time.
//!
//! [`Timeline::at`] gives the whole state of the show at a moment. It keeps nothing between calls,
//! costs O(log n) in the number of moves, and is all that player, recorder and tests ask.

mod compile;
mod framing;
mod pace;
mod place;
mod review;
mod sample;
mod track;

pub use crate::lesson::{Block, LayerLayout, Layout, PictureShape, Stand, USUAL_YAW, WIDTH_SHARE};
pub use place::{GivenTime, Place, Start};
pub use review::{Finding, Remark};
pub use sample::{
    GuidedView, LayerPartStates, LayerProgress, Motion, PartState, Parts, Prediction, Sample,
    Titles,
};

use std::ops::RangeInclusive;
use std::sync::Arc;

use sample::Slots;
use track::{EvenTrack, Track};

use crate::lesson::{Formula, Language, Lesson};
use pace::ChainPace;

/// Seconds in which a scene comes and goes.
const SCENE_FADE: f64 = 0.6;
/// How far before a whole position its time is taken, in visits: at the position itself the next
/// visit begins.
const JUST_BEFORE: f64 = 1e-9;

/// How long a narration takes in one language, and when what it carries falls due.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Speech {
    /// Seconds of speech.
    pub duration: f64,
    /// When each mark of the text is spoken, in seconds from the start, in the order of the text.
    pub marks: Vec<f64>,
    /// The captions: start and end in seconds from the start, and what they say.
    pub captions: Vec<(f64, f64, String)>,
}

/// The speech of each beat of each scene; `None` for beats without words.
pub type Speeches = Vec<Vec<Option<Speech>>>;

/// A lesson in one language, laid out in time.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The language that is spoken and written.
    pub language: Language,
    /// The shape of the picture that it is laid out for.
    pub picture: PictureShape,
    /// The lesson's name in that language.
    pub title: String,
    /// Seconds in all.
    pub duration: f64,
    /// The scenes.
    pub scenes: Vec<SceneSpan>,
    /// Every caption, in order.
    pub captions: Vec<Caption>,
    /// Every prediction, in order.
    pub questions: Vec<Arc<QuestionSpan>>,
    /// How things move.
    pub motion: Motion,
    tracks: Vec<SceneTracks>,
}

/// A scene's place in time; a chapter.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneSpan {
    /// The chapter's name.
    pub title: String,
    /// When it starts, in seconds.
    pub start: f64,
    /// When it ends, in seconds.
    pub end: f64,
    /// Its beats.
    pub beats: Vec<BeatSpan>,
    /// Where its tensors stand.
    pub layout: Layout,
}

/// A beat's place in time.
#[derive(Debug, Clone, PartialEq)]
pub struct BeatSpan {
    /// When it starts, in seconds.
    pub start: f64,
    /// When it ends, in seconds.
    pub end: f64,
    /// When its speech starts, if it has one.
    pub speech: Option<f64>,
}

/// A caption's place in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    /// When it appears, in seconds.
    pub start: f64,
    /// When it goes, in seconds.
    pub end: f64,
    /// What it says.
    pub text: Arc<str>,
}

/// A prediction's place in time.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionSpan {
    /// When the question appears, in seconds.
    pub start: f64,
    /// When the answer is shown, in seconds.
    pub reveal: f64,
    /// When the card goes, in seconds.
    pub end: f64,
    /// What is asked.
    pub ask: String,
    /// The answers to choose from.
    pub choices: Vec<String>,
    /// The place of the right one.
    pub answer: usize,
    /// What is said of each choice once it is chosen; nothing where the lesson says nothing.
    pub whys: Vec<String>,
    /// Until when nothing moves beside the answer, in seconds: then the picture gets its room back.
    pub still_until: f64,
}

/// What changes in a scene, over time.
#[derive(Debug, Clone)]
struct SceneTracks {
    titles: Arc<Titles>,
    slots: Slots,
    sides: Vec<SideTracks>,
    presence: Vec<Track<f32>>,
    recede: Vec<Track<f32>>,
    camera: Track<GuidedView>,
    formula: Vec<(f64, Formula)>,
    formula_presence: Track<f32>,
    headroom: Track<f32>,
    asking: Track<f32>,
}

/// How far a side has come, over time.
#[derive(Debug, Clone)]
struct SideTracks {
    pace: ChainPace,
    effort: EvenTrack,
    detail: Track<f32>,
    /// Phases of its steps.
    phases: f64,
}

impl SideTracks {
    /// Visits that are done, through all layers of the side.
    fn position(&self, time: f64) -> f64 {
        self.pace.position(self.effort.at(time))
    }

    /// The times at which the side comes to a position as it runs on.
    fn arrivals(
        &self,
        position: f64,
        within: RangeInclusive<f64>,
    ) -> impl DoubleEndedIterator<Item = f64> {
        let effort = (position <= self.pace.end()).then(|| self.pace.effort(position));
        let arrivals = effort.map(|effort| self.effort.arrivals(effort, within));
        arrivals.into_iter().flatten()
    }
}

impl Timeline {
    /// Lays a lesson out in time, for a wide picture. `speeches` holds the speech of each beat, by scene and
    /// beat.
    #[must_use]
    pub fn new(lesson: &Lesson, language: Language, speeches: &Speeches) -> Self {
        Self::in_picture(lesson, language, speeches, PictureShape::Wide)
    }

    /// The same for a picture of some shape. Times do not depend on it.
    #[must_use]
    pub fn in_picture(
        lesson: &Lesson,
        language: Language,
        speeches: &Speeches,
        picture: PictureShape,
    ) -> Self {
        compile::compile(lesson, language, speeches, picture)
    }

    /// The same timeline with room between the channels of each tensor, in cubes. The guided camera
    /// goes where it went.
    #[must_use]
    pub fn with_channels_apart(mut self, lesson: &Lesson, apart: f32) -> Self {
        for (span, scene) in self.scenes.iter_mut().zip(&lesson.scenes) {
            span.layout = Layout::for_scene(scene, self.picture, apart);
        }
        self
    }

    /// The same timeline with a card up in every scene, from its start to its end, or with none at all.
    #[must_use]
    pub fn with_card(mut self, formula: Formula) -> Self {
        let presence = if formula == Formula::Hide { 0.0 } else { 1.0 };
        for (span, tracks) in self.scenes.iter().zip(&mut self.tracks) {
            tracks.formula = vec![(span.start, formula)];
            tracks.formula_presence = Track::new(presence);
        }
        self
    }

    /// How far the first side of a scene has come: visits done, through all of its layers.
    #[must_use]
    pub fn position_at(&self, time: f64) -> f64 {
        let time = time.clamp(0.0, self.duration);
        let scene = &self.tracks[self.scene_at(time)];
        scene.sides.first().map_or(0.0, |side| side.position(time))
    }

    /// The first time at which the first side of a scene has come so far: visits done, through all of
    /// its layers. The end of the scene where it does not come so far.
    #[must_use]
    pub fn time_of(&self, scene: usize, position: f64) -> f64 {
        let (Some(span), Some(tracks)) = (self.scenes.get(scene), self.tracks.get(scene)) else {
            return 0.0;
        };
        let Some(side) = tracks.sides.first() else {
            return span.start;
        };
        let position = position - JUST_BEFORE;
        if side.position(span.start) >= position {
            return span.start;
        }
        let mut arrivals = side.arrivals(position, span.start..=span.end);
        arrivals.next().unwrap_or(span.end)
    }

    /// The same timeline with another way of moving.
    #[must_use]
    pub fn with_motion(mut self, motion: Motion) -> Self {
        self.motion = motion;
        self
    }

    /// The state of the show at a time, in seconds; before the start and after the end, the first
    /// and the last moment.
    #[must_use]
    pub fn at(&self, time: f64) -> Sample {
        let time = time.clamp(0.0, self.duration);
        let scene = self.scene_at(time);
        let span = &self.scenes[scene];
        let tracks = &self.tracks[scene];
        let coming = if scene == 0 {
            1.0
        } else {
            (time - span.start) / SCENE_FADE
        };
        let going = if scene + 1 == self.scenes.len() {
            1.0
        } else {
            (span.end - time) / SCENE_FADE
        };
        let formula = tracks.formula.partition_point(|(start, _)| *start <= time);
        Sample {
            language: self.language,
            scene,
            titles: tracks.titles.clone(),
            scene_opacity: track::Ease::Smooth.apply(coming.min(going)) as f32,
            staged_layers: tracks
                .sides
                .iter()
                .flat_map(|side| {
                    let detail = side.detail.at(time);
                    side.pace
                        .locals(side.position(time))
                        .map(move |position| LayerProgress { position, detail })
                })
                .collect(),
            parts: tracks.slots.gather(|slot| PartState {
                presence: tracks.presence[slot].at(time),
                recede: tracks.recede[slot].at(time),
            }),
            motion: self.motion,
            camera: match self.motion {
                Motion::Full => tracks.camera.at(time),
                Motion::Reduced => tracks.camera.goal(time),
            },
            caption: self.caption_at(time),
            prediction: self.prediction_at(time),
            formula: formula
                .checked_sub(1)
                .map_or(Formula::Hide, |index| tracks.formula[index].1),
            formula_presence: tracks.formula_presence.at(time),
            headroom: tracks.headroom.at(time),
            asking: tracks.asking.at(time),
        }
    }

    /// The scene at a time.
    #[must_use]
    pub fn scene_at(&self, time: f64) -> usize {
        self.scenes
            .partition_point(|scene| scene.start <= time)
            .saturating_sub(1)
    }

    /// The beat at a time: scene and beat.
    #[must_use]
    pub fn beat_at(&self, time: f64) -> (usize, usize) {
        let scene = self.scene_at(time);
        let beats = &self.scenes[scene].beats;
        (
            scene,
            beats
                .partition_point(|beat| beat.start <= time)
                .saturating_sub(1),
        )
    }

    fn caption_at(&self, time: f64) -> Option<Arc<str>> {
        let index = self
            .captions
            .partition_point(|caption| caption.start <= time)
            .checked_sub(1)?;
        let caption = &self.captions[index];
        (time < caption.end).then(|| caption.text.clone())
    }

    fn prediction_at(&self, time: f64) -> Option<Prediction> {
        let question = self
            .questions
            .partition_point(|question_span| question_span.start <= time)
            .checked_sub(1)?;
        let question_span = &self.questions[question];
        let part = |from: f64, to: f64| ((time - from) / (to - from).max(1e-9)).clamp(0.0, 1.0);
        let fade = 0.4;
        let there = part(question_span.start, question_span.start + fade)
            .min(1.0 - part(question_span.end - fade, question_span.end));
        (time < question_span.end).then(|| Prediction {
            question,
            question_span: question_span.clone(),
            presence: track::Ease::Smooth.apply(there) as f32,
            left: (1.0 - part(question_span.start + fade, question_span.reveal)) as f32,
            revealed: track::Ease::Smooth
                .apply(part(question_span.reveal, question_span.reveal + fade))
                as f32,
        })
    }

    /// The prediction whose answer is shown next after a time, if its question is up.
    #[must_use]
    pub fn question_at(&self, time: f64) -> Option<(usize, &QuestionSpan)> {
        let questions = self.questions.iter().enumerate();
        questions
            .map(|(question, question_span)| (question, &**question_span))
            .find(|(_, question_span)| (question_span.start..question_span.reveal).contains(&time))
    }

    /// The question whose card is up at a time, asked or answered.
    #[must_use]
    pub fn card_at(&self, time: f64) -> Option<(usize, &QuestionSpan)> {
        let questions = self.questions.iter().enumerate();
        questions
            .map(|(question, question_span)| (question, &**question_span))
            .find(|(_, question_span)| (question_span.start..question_span.end).contains(&time))
    }

    /// The start of the next beat after a time, or the end of the lesson.
    #[must_use]
    pub fn next_beat(&self, time: f64) -> f64 {
        self.beat_starts()
            .find(|start| *start > time + 0.01)
            .unwrap_or(self.duration)
    }

    /// The start of the beat at a time.
    #[must_use]
    pub fn beat_start(&self, time: f64) -> f64 {
        self.beat_starts()
            .take_while(|start| *start <= time)
            .last()
            .unwrap_or(0.0)
    }

    /// The start of the beat at a time, or of the one before where it has only just begun.
    #[must_use]
    pub fn previous_beat(&self, time: f64) -> f64 {
        self.beat_starts()
            .take_while(|start| *start < time - 0.7)
            .last()
            .unwrap_or(0.0)
    }

    fn beat_starts(&self) -> impl Iterator<Item = f64> {
        self.scenes
            .iter()
            .flat_map(|scene| scene.beats.iter().map(|beat| beat.start))
    }

    /// The time at which the operation has done a whole step more, or less, than at a time; `None`
    /// where the scene has no such moment.
    #[must_use]
    pub fn step_from(&self, time: f64, forwards: bool) -> Option<f64> {
        let scene = self.scene_at(time);
        let (span, tracks) = (&self.scenes[scene], &self.tracks[scene]);
        let first = tracks.sides.first()?;
        let here = first.position(time);
        if forwards {
            let wanted = (here + 1e-6).floor() + 1.0 - JUST_BEFORE;
            return first.arrivals(wanted, time..=span.end).next();
        }
        let wanted = (here - 1e-6).ceil() - 1.0 - JUST_BEFORE;
        // Inside a scene a run may go backwards too; this is the last time that it came so far.
        let last = first.arrivals(wanted, span.start..=time).next_back();
        // Not into the fade before the first beat, in which nothing is seen yet.
        let begun = span.beats.first().map_or(span.start, |beat| beat.start);
        let is_later = time > begun + 0.01;
        last.or_else(|| (is_later && first.position(begun) >= wanted).then_some(begun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Lesson;
    use crate::tensor::{Fill, read_file};

    /// A convolution and a pool, run once, and how many visits that takes.
    fn run() -> (Timeline, f64) {
        let layers = ron::from_str::<Vec<_>>(
            "[Conv2d(filters: 4, kernel: (3, 3)), MaxPool2d(kernel: (2, 2))]",
        );
        let input = ([3, 6, 6], Fill::Ramp);
        let order = crate::op::LoopOrder::FilterMajor;
        let lesson = Lesson::of_run(&layers.unwrap(), input, order, 190.0, &read_file).unwrap();
        let timeline = Timeline::new(&lesson, Language::En, &Speeches::new());
        (timeline, lesson.scenes[0].staging.visit_count(0) as f64)
    }

    #[test]
    fn a_place_of_the_run_and_its_time_are_inverse() {
        let (timeline, end) = run();
        assert_eq!(timeline.time_of(0, 0.0), 0.0);
        let mut last = -1.0;
        for quarter in 0..=(end * 4.0) as u32 {
            let position = f64::from(quarter) / 4.0;
            let time = timeline.time_of(0, position);
            assert!(time > last);
            last = time;
            // A whole position is not gone over: there the next visit begins.
            let reached = timeline.position_at(time);
            assert!(
                reached <= position && position - reached < 2e-9,
                "{position} {reached}"
            );
        }
        assert_eq!(timeline.time_of(0, end + 1.0), timeline.duration);
    }

    #[test]
    fn steps_lead_through_every_visit_there_and_back() {
        let (timeline, end) = run();
        let mut time = 0.0;
        for visit in 1..=end as u32 {
            time = timeline.step_from(time, true).unwrap();
            assert!((timeline.position_at(time) - f64::from(visit)).abs() < 1e-8);
        }
        assert_eq!(timeline.step_from(time, true), None);
        assert_eq!(timeline.step_from(timeline.duration, true), None);
        for visit in (0..end as u32).rev() {
            time = timeline.step_from(time, false).unwrap();
            assert!((timeline.position_at(time) - f64::from(visit)).abs() < 1e-8);
        }
        assert_eq!(time, 0.0);
        assert_eq!(timeline.step_from(time, false), None);
    }
}
