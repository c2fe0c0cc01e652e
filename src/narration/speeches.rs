//! The speech of each beat of a lesson: how long, when its marks fall, and its captions.

use super::{cues, estimated_seconds, mark_times};
use crate::lesson::{Beat, Language, Lesson, Narration};
use crate::timeline::{Speech, Speeches};

/// The speeches of a lesson as they would take without a voice: from the text alone.
#[must_use]
pub fn estimated_speeches(lesson: &Lesson, language: Language) -> Speeches {
    each_narration(lesson, language, |narration| {
        let duration = estimated_seconds(&narration.spoken, language);
        let marks = mark_times(
            &narration.spoken,
            &mark_offsets(narration),
            duration,
            language,
        );
        Speech {
            duration,
            marks,
            captions: captions(narration, language, 0.0..duration),
        }
    })
}

/// The speeches of a lesson as a voice has spoken them: one clip for each beat with words, in order.
#[cfg(feature = "record")]
#[must_use]
pub fn measured_speeches(lesson: &Lesson, language: Language, clips: &[super::Clip]) -> Speeches {
    let mut clips = clips.iter();
    each_narration(lesson, language, |narration| match clips.next() {
        Some(clip) => Speech {
            duration: clip.duration(),
            marks: clip.mark_times(&narration.spoken, &mark_offsets(narration), language),
            captions: captions(narration, language, clip.speech.clone()),
        },
        None => Speech::default(),
    })
}

/// The spoken texts of a lesson, one for each beat with words, in order.
#[must_use]
pub fn spoken_texts(lesson: &Lesson, language: Language) -> Vec<&str> {
    let beats = lesson.scenes.iter().flat_map(|scene| &scene.beats);
    beats
        .filter_map(|beat| match beat {
            Beat::Say { text, .. } => Some(text.get(language).spoken.as_str()),
            _ => None,
        })
        .collect()
}

fn each_narration(
    lesson: &Lesson,
    language: Language,
    mut speech: impl FnMut(&Narration) -> Speech,
) -> Speeches {
    let mut of_beat = |beat: &Beat| match beat {
        Beat::Say { text, .. } => Some(speech(text.get(language))),
        _ => None,
    };
    lesson
        .scenes
        .iter()
        .map(|scene| scene.beats.iter().map(&mut of_beat).collect())
        .collect()
}

fn mark_offsets(narration: &Narration) -> Vec<usize> {
    narration
        .marks
        .iter()
        .map(|mark| mark.spoken_offset)
        .collect()
}

fn captions(
    narration: &Narration,
    language: Language,
    speech: std::ops::Range<f64>,
) -> Vec<(f64, f64, String)> {
    cues(&narration.display, language, speech)
        .into_iter()
        .map(|cue| (cue.start, cue.end, cue.text))
        .collect()
}
