//! A part of a lesson: where it begins and ends, in words, in frames and in samples.

use std::ops::Range;
use std::str::FromStr;

use crate::language::{Localized, Message, Told, message_error, says};
use crate::narration::SAMPLE_RATE;
use crate::timeline::{BeatSpan, SceneSpan, Timeline};

/// A moment of a lesson, as a person names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LessonPosition {
    /// Seconds from the start.
    Time(f64),
    /// A scene, counted from 1.
    Scene(usize),
    /// A scene and one of its beats, counted from 1.
    Beat(usize, usize),
}

/// Which part of a lesson is recorded: all of it, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Part {
    /// Where it begins: at the start of what is named.
    pub from: Option<LessonPosition>,
    /// Where it ends: at the end of what is named.
    pub to: Option<LessonPosition>,
}

/// A part that the lesson does not have.
#[derive(Debug, PartialEq)]
pub enum PartError {
    /// There is no such scene.
    Scene {
        /// The scene that was named.
        scene: usize,
        /// How many there are.
        count: usize,
    },
    /// There is no such beat.
    Beat {
        /// The scene that was named.
        scene: usize,
        /// The beat that was named.
        beat: usize,
        /// How many there are.
        count: usize,
    },
    /// Nothing lies between beginning and end.
    Empty {
        /// Where it would begin.
        from: f64,
        /// Where it would end.
        to: f64,
        /// The lesson's end.
        duration: f64,
    },
}

impl Message for PartError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Scene { scene, count } => says!(
                en: "the lesson has no scene {scene}; its scenes are 1 to {count}",
                ja: "レッスンにシーン {scene} はありません。シーンは 1 から {count} までです"
            ),
            Self::Beat { scene, beat, count } => says!(
                en: "scene {scene} has no beat {beat}; its beats are 1 to {count}",
                ja: "シーン {scene} にビート {beat} はありません。ビートは 1 から {count} までです"
            ),
            Self::Empty { from, to, duration } => says!(
                en: "there is nothing between {from:.2} s and {to:.2} s: --from must come before --to, and before the end of the lesson at {duration:.2} s",
                ja: "{from:.2} 秒から {to:.2} 秒の間には何もありません。--from は --to より前で、レッスンの終わり {duration:.2} 秒より前でなければなりません"
            ),
        }
    }
}

message_error!(PartError);

/// Frames of a lesson, one after another. A frame of a part is the frame of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameRange {
    /// The frames, counted in the whole lesson.
    pub frames: Range<u64>,
    /// Frames of the whole lesson.
    pub of: u64,
    /// Frames a second.
    pub fps: u32,
}

impl FromStr for LessonPosition {
    type Err = Told;

    fn from_str(text: &str) -> Result<Self, Told> {
        let wrong = || {
            Told(says!(
                en: "`{text}` is not a scene or a beat; write scene-2 or scene-2-beat-3, counted from 1",
                ja: "`{text}` はシーンでもビートでもありません。1 から数えて scene-2 や scene-2-beat-3 のように書いてください"
            ))
        };
        let number = |text: &str| match text.parse::<usize>() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(wrong()),
        };
        let numbers = text.strip_prefix("scene-").ok_or_else(wrong)?;
        match numbers.split_once("-beat-") {
            Some((scene, beat)) => Ok(Self::Beat(number(scene)?, number(beat)?)),
            None => number(numbers).map(Self::Scene),
        }
    }
}

impl LessonPosition {
    /// When what is named starts and ends, in seconds.
    fn span(self, timeline: &Timeline) -> Result<(f64, f64), PartError> {
        let scene_of = |scene: usize| -> Result<&SceneSpan, PartError> {
            let count = timeline.scenes.len();
            let found = timeline.scenes.get(scene.wrapping_sub(1));
            found.ok_or(PartError::Scene { scene, count })
        };
        Ok(match self {
            Self::Time(seconds) => (seconds, seconds),
            Self::Scene(scene) => scene_of(scene).map(|scene| (scene.start, scene.end))?,
            Self::Beat(scene, beat) => {
                let beats = &scene_of(scene)?.beats;
                let count = beats.len();
                let found: Option<&BeatSpan> = beats.get(beat.wrapping_sub(1));
                found
                    .map(|beat| (beat.start, beat.end))
                    .ok_or(PartError::Beat { scene, beat, count })?
            }
        })
    }
}

impl Part {
    /// Its frames in a lesson that is laid out in time: those that begin in it.
    ///
    /// # Errors
    /// The lesson has no such part, or it holds no frame.
    pub fn of(self, timeline: &Timeline, fps: u32) -> Result<FrameRange, PartError> {
        let duration = timeline.duration;
        let from = match self.from {
            Some(moment) => moment.span(timeline)?.0,
            None => 0.0,
        };
        let to = match self.to {
            Some(moment) => moment.span(timeline)?.1.min(duration),
            None => duration,
        };
        // A moment that is a frame's to the last bits is that frame's.
        let frame_at = |seconds: f64| (seconds * f64::from(fps) - 1e-6).ceil().max(0.0) as u64;
        let of = (duration * f64::from(fps)).ceil() as u64;
        let frames = frame_at(from)..if to < duration { frame_at(to) } else { of };
        if frames.is_empty() {
            return Err(PartError::Empty { from, to, duration });
        }
        Ok(FrameRange { frames, of, fps })
    }
}

impl FrameRange {
    /// When it begins in the whole lesson, in seconds.
    #[must_use]
    pub fn start(&self) -> f64 {
        self.time(self.frames.start)
    }

    /// How long it is, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.count() as f64 / f64::from(self.fps)
    }

    /// How many frames it has.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.frames.end - self.frames.start
    }

    /// When a frame is shown in the whole lesson, in seconds.
    #[must_use]
    pub fn time(&self, frame: u64) -> f64 {
        frame as f64 / f64::from(self.fps)
    }

    /// Where something of the lesson lies in this part, both in seconds; `None` where no frame of the
    /// part shows it.
    #[must_use]
    pub fn inside(&self, start: f64, end: f64) -> Option<(f64, f64)> {
        if start > self.time(self.frames.end - 1) + 1e-6 {
            return None;
        }
        let place = |time: f64| (time - self.start()).clamp(0.0, self.seconds());
        let (start, end) = (place(start), place(end));
        (end > start).then_some((start, end))
    }

    /// Its samples in the soundtrack of the whole lesson, and how many that has.
    #[must_use]
    pub fn samples(&self) -> (Range<u64>, u64) {
        let sample = |frame: u64| frame * u64::from(SAMPLE_RATE) / u64::from(self.fps);
        (
            sample(self.frames.start)..sample(self.frames.end),
            sample(self.of),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_and_beats_are_named_as_messages_name_them() {
        assert_eq!("scene-2".parse(), Ok(LessonPosition::Scene(2)));
        assert_eq!("scene-2-beat-13".parse(), Ok(LessonPosition::Beat(2, 13)));
        for wrong in ["scene-0", "scene-2-beat-", "scene-2-beat-0", "beat-2", "2"] {
            let message = wrong.parse::<LessonPosition>().unwrap_err();
            assert!(message.to_string().contains("scene-2-beat-3"), "{message}");
        }
    }

    #[test]
    fn what_lies_in_a_part_is_shifted_and_cut() {
        let frame_range = FrameRange {
            frames: 60..120,
            of: 300,
            fps: 30,
        };
        assert_eq!(frame_range.inside(1.0, 2.5), Some((0.0, 0.5)));
        assert_eq!(frame_range.inside(3.5, 9.0), Some((1.5, 2.0)));
        assert_eq!(frame_range.inside(0.0, 2.0), None);
        assert_eq!(frame_range.inside(4.0, 9.0), None);
        // It begins while the last frame is still seen, and is not in it.
        assert_eq!(frame_range.inside(3.98, 9.0), None);
        assert_eq!(frame_range.samples(), (96_000..192_000, 480_000));
    }
}
