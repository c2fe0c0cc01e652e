//! A lesson with its voices: clips, and the timeline that their lengths make.

use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use super::part::FrameRange;
use crate::language::{Language, Tongue};
use crate::lesson::Lesson;
use crate::narration::{
    About, Cache, Clip, Cue, PlacedClip, SoundtrackError, VoiceError, choose, longest_speeches,
    measured_speeches, spoken_texts, write_soundtrack_part,
};
use crate::timeline::{Motion, PictureShape, Speeches, Timeline};

/// Who speaks a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The language. One that is not the program's own is that of the lesson's sentences.
    pub language: Tongue,
    /// The voice by name; without, the best installed one.
    pub voice: Option<String>,
}

/// A lesson, spoken and laid out in time.
pub struct Narrated {
    /// Its timeline, in the first of the languages. Where there are several, each beat lasts as long as
    /// the longest of them needs.
    pub timeline: Timeline,
    /// How long each beat lasts in it.
    pub(crate) speeches: Speeches,
    /// What is heard and read, for each language.
    pub spoken: Vec<Spoken>,
}

/// What is heard and read in one language.
pub struct Spoken {
    /// The language.
    pub language: Tongue,
    /// The clip of each beat with words, in order.
    pub clips: Vec<Clip>,
    /// The captions, in seconds of the lesson.
    pub cues: Vec<Cue>,
    /// The voice that was chosen.
    pub voice: About,
    /// Its exact name.
    pub(super) voice_id: String,
}

/// Speaks a lesson in each language; the first one leads. `told` hears how many clips of how many
/// missing ones are done, and says whether to go on; what was spoken is kept for the next time.
///
/// # Errors
/// No such voice, one that fails, or [`VoiceError::Interrupted`].
pub fn narrate(
    lesson: &Lesson,
    speakers: &[Speaker],
    told: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Narrated, VoiceError> {
    let cache = Cache::of_user()?;
    let mut spoken = Vec::new();
    let mut speeches = Vec::new();
    for Speaker { language, voice } in speakers {
        let language = *language;
        let voice = choose(voice.as_deref(), language)?;
        let texts = spoken_texts(lesson, language.words());
        let clips = cache.narrate(&*voice, language, &texts, told)?;
        speeches.push(measured_speeches(lesson, language.words(), &clips));
        spoken.push(Spoken {
            language,
            clips,
            cues: Vec::new(),
            voice: voice.about().clone(),
            voice_id: voice.id().to_owned(),
        });
    }
    let language = speakers
        .first()
        .map_or_else(Language::default, |first| first.language.words());
    let longest = longest_speeches(&speeches);
    let timeline = Timeline::new(lesson, language, &longest);
    let beats = timeline.scenes.iter().flat_map(|scene| &scene.beats);
    let starts: Vec<f64> = beats.filter_map(|beat| beat.speech).collect();
    for (spoken, speeches) in spoken.iter_mut().zip(&speeches) {
        let said = speeches.iter().flatten().flatten();
        spoken.cues = starts
            .iter()
            .zip(said)
            .flat_map(|(from, speech)| {
                let cues = speech.captions.iter();
                cues.map(move |(start, end, text)| Cue {
                    start: from + start,
                    end: from + end,
                    text: text.clone(),
                })
            })
            .collect();
    }
    Ok(Narrated {
        timeline,
        speeches: longest,
        spoken,
    })
}

/// Goes on unless somebody has asked to stop.
pub fn unless(cancelled: &AtomicBool) -> ControlFlow<()> {
    if cancelled.load(Ordering::Relaxed) {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

impl Narrated {
    /// The same, laid out for a picture of some shape, with some way of moving.
    #[must_use]
    pub fn in_picture(mut self, lesson: &Lesson, picture: PictureShape, motion: Motion) -> Self {
        let language = self.timeline.language;
        self.timeline =
            Timeline::in_picture(lesson, language, &self.speeches, picture).with_motion(motion);
        self
    }

    /// The sound of a part of the lesson in one of its languages, as long as its frames to the sample.
    #[must_use]
    pub fn sound(&self, spoken: &Spoken, frame_range: &FrameRange) -> Sound {
        let beats = self.timeline.scenes.iter().flat_map(|scene| &scene.beats);
        let starts = beats.filter_map(|beat| beat.speech);
        let (part, total_samples) = frame_range.samples();
        Sound {
            placed: starts.zip(spoken.clips.iter().cloned()).collect(),
            total_samples,
            part,
        }
    }

    /// The exact names of the voices.
    pub(super) fn voice_ids(&self) -> Vec<String> {
        let ids = self.spoken.iter().map(|spoken| spoken.voice_id.clone());
        ids.collect()
    }
}

/// Clips and when they start, to be mixed.
pub struct Sound {
    placed: Vec<(f64, Clip)>,
    total_samples: u64,
    /// The samples that are heard.
    part: Range<u64>,
}

impl Sound {
    /// Mixes it into a WAV file.
    ///
    /// # Errors
    /// A clip that cannot be read, or a track that cannot be written.
    pub fn write(&self, wav: &Path) -> Result<(), SoundtrackError> {
        let placed = self.placed.iter().map(|(start, clip)| PlacedClip {
            start: *start,
            clip,
        });
        let placed: Vec<PlacedClip<'_>> = placed.collect();
        write_soundtrack_part(&placed, self.total_samples, self.part.clone(), wav)
    }
}
