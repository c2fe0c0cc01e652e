//! The speech of each beat of a lesson: how long, when its marks fall, and its captions.

use super::cues::{Cue, cues_at};
use super::text_offsets::spoken_places;
use super::{estimated_seconds, estimated_speech, heard_mark_times};
use crate::lesson::{Beat, Language, Lesson, Narration};
use crate::timeline::{Speech, Speeches};

/// What a beat says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenText<'a> {
    /// The beat, as `scene-1-beat-2`: the second beat of the first scene, of whatever kind they are.
    pub beat: String,
    /// Its words as a voice gets them.
    pub text: &'a str,
}

/// The speeches of a lesson as they would take without a voice: from the text alone.
#[must_use]
pub fn estimated_speeches(lesson: &Lesson, language: Language) -> Speeches {
    each_narration(lesson, language, |narration| {
        let spoken = &narration.spoken;
        let speech = estimated_speech(spoken, language);
        let times =
            |offsets: &[usize]| heard_mark_times(spoken, offsets, speech.clone(), &[], language);
        let cues = cues_at(&narration.display, language, speech.end, |starts| {
            times(&spoken_places(&narration.display, spoken, starts))
        });
        Speech {
            duration: estimated_seconds(spoken, language),
            marks: times(&mark_offsets(narration)),
            captions: captions(cues),
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
            captions: captions(clip.cues(&narration.display, &narration.spoken, language)),
        },
        None => Speech::default(),
    })
}

/// The speeches of a lesson that is spoken in several languages at once: marks and captions are those of
/// the first, and each beat has the time that the longest needs.
#[must_use]
pub fn longest_speeches(languages: &[Speeches]) -> Speeches {
    let mut all = languages.first().cloned().unwrap_or_default();
    for other in languages.iter().skip(1) {
        let others = other.iter().flatten();
        for (speech, other) in all.iter_mut().flatten().zip(others) {
            if let (Some(speech), Some(other)) = (speech, other) {
                speech.duration = speech.duration.max(other.duration);
            }
        }
    }
    all
}

/// The spoken texts of a lesson, one for each beat with words, in order.
#[must_use]
pub fn spoken_texts(lesson: &Lesson, language: Language) -> Vec<SpokenText<'_>> {
    let mut texts = Vec::new();
    for (scene_index, scene) in lesson.scenes.iter().enumerate() {
        for (beat_index, beat) in scene.beats.iter().enumerate() {
            if let Beat::Say { text, .. } = beat {
                texts.push(SpokenText {
                    beat: format!("scene-{}-beat-{}", scene_index + 1, beat_index + 1),
                    text: text.get(language).spoken.as_str(),
                });
            }
        }
    }
    texts
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

fn captions(cues: Vec<Cue>) -> Vec<(f64, f64, String)> {
    cues.into_iter()
        .map(|cue| (cue.start, cue.end, cue.text))
        .collect()
}
