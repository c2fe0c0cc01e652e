//! From a lesson and the lengths of its narration to the tracks of a timeline.

use std::sync::Arc;

use super::pace::ChainPace;
use super::sample::Slots;
use super::track::{Blend, Ease, EvenTrack, Track};
use super::{
    BeatSpan, Caption, GuidedView, Layout, PictureShape, QuestionSpan, SceneSpan, SceneTracks,
    SideTracks, Speeches, Timeline, Titles,
};
use crate::lesson::{Action, Beat, Formula, Language, Lesson, Pace, Part, Scene, Shot};

/// Silence before the first word of a beat, in seconds.
const LEAD: f64 = 0.3;
/// Silence after the last word of a beat, in seconds.
const TAIL: f64 = 0.5;
/// A still moment after the last move of a beat, in seconds.
const REST: f64 = 0.35;
/// Seconds of a camera move.
const CAMERA_MOVE: f64 = 1.3;
/// Seconds in which a part comes, goes, recedes or returns.
const FADE: f64 = 0.6;
/// Seconds for each phase of a step, where the author has left it open.
const PHASE: f64 = 1.1;
/// The longest that a run takes, where the author has left it open, in seconds.
const LONGEST_RUN: f64 = 8.0;
/// Seconds of an ordinary step from which on all of it is shown, and below which nothing but the
/// movement is.
const DETAIL: std::ops::Range<f64> = 0.5..1.6;
/// Seconds in which detail comes and goes.
const DETAIL_FADE: f64 = 0.4;
/// The room for the card of a prediction, where the formula card takes 1.
const PREDICTION_HEADROOM: f32 = 2.0;
/// Seconds for which the answer of a prediction is shown.
const REVEAL: f64 = 2.4;
/// A still moment at the very end of a lesson, in seconds.
const LAST_HOLD: f64 = 1.2;

impl Blend for GuidedView {
    fn blend(&self, to: &Self, part: f64) -> Self {
        Self {
            yaw: self.yaw.blend(&to.yaw, part),
            pitch: self.pitch.blend(&to.pitch, part),
            centre: self.centre.blend(&to.centre, part),
            half: self.half.blend(&to.half, part),
            reach: self.reach.blend(&to.reach, part),
            stacked: self.stacked.blend(&to.stacked, part),
        }
    }
}

pub(super) fn compile(
    lesson: &Lesson,
    language: Language,
    speeches: &Speeches,
    picture: PictureShape,
) -> Timeline {
    let mut timeline = Timeline {
        language,
        picture,
        title: lesson.title.get(language).clone(),
        duration: 0.0,
        scenes: Vec::new(),
        captions: Vec::new(),
        questions: Vec::new(),
        motion: super::Motion::Full,
        tracks: Vec::new(),
    };
    let mut now = 0.0;
    for (index, scene) in lesson.scenes.iter().enumerate() {
        let titles = Titles {
            lesson: timeline.title.clone(),
            chapter: scene.title.get(language).clone(),
        };
        let mut builder = SceneBuilder::new(scene, titles, now, picture);
        if index > 0 {
            builder.now += super::SCENE_FADE;
        }
        for (beat_index, beat) in scene.beats.iter().enumerate() {
            let speech = speeches.get(index).and_then(|beats| beats.get(beat_index));
            builder.beat(beat, language, speech.and_then(Option::as_ref));
        }
        let last = index + 1 == lesson.scenes.len();
        builder.now += if last { LAST_HOLD } else { super::SCENE_FADE };
        let end = builder.now;
        if let Some(beat) = builder.beats.last_mut() {
            beat.end = end;
        }
        timeline.scenes.push(SceneSpan {
            title: scene.title.get(language).clone(),
            start: now,
            end,
            beats: builder.beats,
            layout: builder.layout,
        });
        timeline.captions.extend(builder.captions);
        timeline.questions.extend(builder.questions);
        timeline.tracks.push(builder.tracks);
        now = end;
    }
    timeline.duration = now;
    timeline
}

struct SceneBuilder {
    layout: Layout,
    tracks: SceneTracks,
    beats: Vec<BeatSpan>,
    captions: Vec<Caption>,
    questions: Vec<Arc<QuestionSpan>>,
    /// Rows of the table of costs.
    rows: usize,
    /// The start of what comes next, in seconds.
    now: f64,
}

impl SceneBuilder {
    fn new(scene: &Scene, titles: Titles, start: f64, picture: PictureShape) -> Self {
        let staging = &scene.staging;
        let layout = Layout::for_scene(scene, picture, 0.0);
        let slots = Slots::new(staging);
        // The travelling kernel shows itself as soon as the operation runs.
        let shown = scene.show.iter().copied().chain([Part::Kernel]);
        let mut first = vec![0.0; slots.count()];
        for slot in shown.flat_map(|part| slots.of(part)) {
            first[slot] = 1.0;
        }
        let sides = staging
            .sides
            .iter()
            .zip(&scene.from)
            .map(|(side, from)| {
                let staged_layers = &staging.staged_layers[side.staged_layers.clone()];
                let phases = staged_layers
                    .iter()
                    .map(|staged_layer| staged_layer.plan.phases().len());
                let pace = ChainPace::new(staging, side.staged_layers.clone());
                SideTracks {
                    effort: EvenTrack::new(pace.effort(*from)),
                    pace,
                    detail: Track::new(1.0),
                    phases: phases.max().unwrap_or(1) as f64,
                }
            })
            .collect();
        let tracks = SceneTracks {
            titles: Arc::new(titles),
            sides,
            presence: first.into_iter().map(Track::new).collect(),
            recede: vec![Track::new(0.0); slots.count()],
            slots,
            camera: Track::new(layout.frame(&scene.camera)),
            formula: Vec::new(),
            formula_presence: Track::new(0.0),
            headroom: Track::new(0.0),
            asking: Track::new(0.0),
        };
        Self {
            layout,
            tracks,
            beats: Vec::new(),
            captions: Vec::new(),
            questions: Vec::new(),
            rows: if staging.sides.len() > 1 {
                staging.sides.len()
            } else {
                let staged_layers = staging.staged_layers.iter();
                staged_layers
                    .filter(|staged_layer| staged_layer.plan.cost().macs > 0)
                    .count()
            },
            now: start,
        }
    }

    fn beat(&mut self, beat: &Beat, language: Language, speech: Option<&super::Speech>) {
        let start = self.now;
        let mut span = BeatSpan {
            start,
            end: start,
            speech: None,
        };
        match beat {
            Beat::Say { text, at, actions } => {
                let spoken_at = start + LEAD;
                span.speech = Some(spoken_at);
                let mut end = self.actions(actions, start);
                // Marks are taken in the order of time, as tracks are built.
                let mut due: Vec<(f64, &[Action])> = at
                    .iter()
                    .map(|(name, actions)| {
                        let marks = &text.get(language).marks;
                        let index = marks.iter().position(|mark| mark.name == *name);
                        let offset = index
                            .zip(speech)
                            .and_then(|(index, speech)| speech.marks.get(index));
                        (
                            spoken_at + offset.copied().unwrap_or(0.0),
                            actions.as_slice(),
                        )
                    })
                    .collect();
                due.sort_by(|a, b| a.0.total_cmp(&b.0));
                for (time, actions) in due {
                    end = end.max(self.actions(actions, time));
                }
                let spoken_until = spoken_at + speech.map_or(0.0, |speech| speech.duration);
                for (from, to, text) in speech.map_or(&[][..], |speech| &speech.captions) {
                    self.captions.push(Caption {
                        start: spoken_at + from,
                        end: spoken_at + to,
                        text: text.as_str().into(),
                    });
                }
                self.now = (spoken_until + TAIL).max(end + REST);
            }
            Beat::Run {
                to,
                over,
                pace,
                actions,
            } => {
                let end = self.actions(actions, start);
                self.run(start, to, Some(*over), *pace);
                self.now = (start + over).max(end) + REST;
            }
            Beat::Hold(seconds) => self.now = start + seconds,
            Beat::Predict { question, over } => {
                let reveal = start + over;
                self.now = reveal + REVEAL;
                let headroom = self.tracks.headroom.last();
                self.tracks
                    .headroom
                    .go(start, CAMERA_MOVE, PREDICTION_HEADROOM, Ease::Smoother);
                self.tracks
                    .asking
                    .go(start, CAMERA_MOVE, 1.0, Ease::Smoother);
                let still_until = self.now - CAMERA_MOVE * 0.5;
                self.tracks
                    .headroom
                    .go(still_until, CAMERA_MOVE, headroom, Ease::Smoother);
                self.tracks
                    .asking
                    .go(still_until, CAMERA_MOVE, 0.0, Ease::Smoother);
                self.questions.push(Arc::new(QuestionSpan {
                    start,
                    reveal,
                    end: self.now,
                    ask: question.ask.get(language).clone(),
                    choices: question
                        .choices
                        .iter()
                        .map(|choice| choice.get(language).clone())
                        .collect(),
                    answer: question.answer,
                    whys: question
                        .whys
                        .iter()
                        .map(|why| why.get(language).clone())
                        .collect(),
                    still_until,
                }));
            }
        }
        span.end = self.now;
        self.beats.push(span);
    }

    /// Lets actions happen at a time; when the last of them has ended.
    fn actions(&mut self, actions: &[Action], time: f64) -> f64 {
        actions
            .iter()
            .map(|action| self.action(action, time))
            .fold(time, f64::max)
    }

    fn action(&mut self, action: &Action, time: f64) -> f64 {
        match action {
            Action::Run { to, over, pace } => self.run(time, to, *over, *pace),
            Action::Show(parts) => self.presence(time, parts, 1.0),
            Action::Hide(parts) => self.presence(time, parts, 0.0),
            Action::Focus(parts) => self.focus(time, parts),
            Action::Formula(formula) => self.formula(time, *formula),
            Action::Camera(shot) => self.camera(time, shot),
        }
    }

    /// Lets each side run on to where it goes; when the last of them arrives.
    fn run(&mut self, time: f64, to: &[Option<f64>], over: Option<f64>, pace: Pace) -> f64 {
        let sides = self.tracks.sides.iter_mut().zip(to);
        let moving: Vec<(&mut SideTracks, f64)> = sides
            .filter_map(|(side, to)| to.map(|to| (side, to)))
            .collect();
        let seconds = over.unwrap_or_else(|| {
            let needed = moving.iter().map(|(side, to)| {
                let effort = (side.pace.effort(*to) - side.effort.at(time)).abs();
                effort * side.phases * PHASE
            });
            needed.fold(0.0, f64::max).min(LONGEST_RUN)
        });
        let work = |side: &SideTracks, to: f64| {
            let from = side.pace.position(side.effort.at(time));
            side.pace.work(from, to)
        };
        let whole = |parts: &[(f64, f64)]| parts.iter().map(|(_, work)| work).sum::<f64>();
        let most = moving
            .iter()
            .map(|(side, to)| whole(&work(side, *to)))
            .fold(0.0, f64::max);
        for (side, to) in moving {
            match pace {
                Pace::SameMacs if most > 0.0 => {
                    let mut start = time;
                    for (to, work) in work(side, to) {
                        let seconds = seconds * work / most;
                        side.run(start, to, seconds);
                        start += seconds;
                    }
                }
                _ => side.run(time, to, seconds),
            }
        }
        time + seconds
    }

    fn presence(&mut self, time: f64, parts: &[Part], presence: f32) -> f64 {
        for slot in parts.iter().flat_map(|part| self.tracks.slots.of(*part)) {
            self.tracks.presence[slot].go(time, FADE, presence, Ease::Smooth);
        }
        time + FADE
    }

    fn focus(&mut self, time: f64, parts: &[Part]) -> f64 {
        let away = if parts.is_empty() { 0.0 } else { 1.0 };
        let mut recede = vec![away; self.tracks.slots.count()];
        for slot in parts.iter().flat_map(|part| self.tracks.slots.of(*part)) {
            recede[slot] = 0.0;
        }
        for (track, recede) in self.tracks.recede.iter_mut().zip(recede) {
            if (track.last() - recede).abs() > f32::EPSILON {
                track.go(time, FADE, recede, Ease::Smooth);
            }
        }
        time + FADE
    }

    fn formula(&mut self, time: f64, formula: Formula) -> f64 {
        // A table of costs is as high as it has rows.
        let more_rows = self.rows.saturating_sub(2) as f32;
        // The sides of a comparison have names of their own above those of their tensors.
        let names = if self.layout.sides.len() > 1 {
            0.3
        } else {
            0.0
        };
        let headroom = match formula {
            Formula::Hide => 0.0,
            Formula::Cost => (1.0 + 0.18 * more_rows).min(1.8) + names,
            Formula::Value => 1.14 + names,
            Formula::Shape => 1.0 + names,
        };
        // What is framed makes way before the card lies over it.
        let wait = if self.tracks.headroom.last() == 0.0 {
            CAMERA_MOVE * 0.5
        } else {
            0.0
        };
        if (self.tracks.headroom.last() - headroom).abs() > f32::EPSILON {
            self.tracks
                .headroom
                .go(time, CAMERA_MOVE, headroom, Ease::Smoother);
        }
        if formula == Formula::Hide {
            self.tracks
                .formula_presence
                .go(time, FADE * 0.5, 0.0, Ease::Smooth);
            return time + FADE * 0.5;
        }
        self.tracks.formula.push((time, formula));
        self.tracks
            .formula_presence
            .go(time + wait, FADE * 0.5, 1.0, Ease::Smooth);
        time + wait + FADE * 0.5
    }

    fn camera(&mut self, time: f64, shot: &Shot) -> f64 {
        let view = self.layout.frame(shot);
        self.tracks
            .camera
            .go(time, CAMERA_MOVE, view, Ease::Smoother);
        time + CAMERA_MOVE
    }
}

impl SideTracks {
    fn run(&mut self, time: f64, to: f64, seconds: f64) {
        let from = self.effort.at(time);
        let to = self.pace.effort(to);
        let effort = (to - from).abs();
        if effort > 0.0 {
            let each = seconds / effort;
            let detail = (each - DETAIL.start) / (DETAIL.end - DETAIL.start);
            let detail = detail.clamp(0.0, 1.0) as f32;
            if (detail - self.detail.at(time)).abs() > f32::EPSILON {
                self.detail
                    .go(time, DETAIL_FADE.min(seconds), detail, Ease::Smooth);
            }
        }
        self.effort.go(time, seconds, to);
        // What a sweep has left on its way comes to rest when the sweep does.
        let end = time + seconds;
        if self.detail.last() < 1.0 {
            self.detail.go(end, DETAIL_FADE, 1.0, Ease::Smooth);
        }
    }
}
