//! A lesson with its voice: clips, and the timeline that their lengths make.

use super::part::Stretch;
use crate::lesson::{Language, Lesson};
use crate::narration::{
    About, Cache, Clip, Placed, SoundtrackError, VoiceError, choose, measured_speeches,
    spoken_texts, write_soundtrack_part,
};
use crate::timeline::Timeline;

/// A lesson in one language, spoken and laid out in time.
pub struct Narrated {
    /// Its timeline.
    pub timeline: Timeline,
    /// The clip of each beat with words, in order.
    pub clips: Vec<Clip>,
    /// The voice that was chosen.
    pub voice: About,
}

/// Speaks a lesson. `spoken` hears how many clips of how many missing ones are done.
///
/// # Errors
/// No such voice, or one that fails.
pub fn narrate(
    lesson: &Lesson,
    language: Language,
    voice: Option<&str>,
    spoken: &mut dyn FnMut(usize, usize),
) -> Result<Narrated, VoiceError> {
    let voice = choose(voice, language)?;
    let texts = spoken_texts(lesson, language);
    let clips = Cache::of_user()?.narrate(&*voice, language, &texts, spoken)?;
    let speeches = measured_speeches(lesson, language, &clips);
    let timeline = Timeline::new(lesson, language, &speeches);
    Ok(Narrated {
        timeline,
        clips,
        voice: voice.about().clone(),
    })
}

impl Narrated {
    /// Writes the sound of a part of the lesson, as long as its frames to the sample.
    ///
    /// # Errors
    /// A clip that cannot be read, or a track that cannot be written.
    pub fn write_sound(
        &self,
        stretch: &Stretch,
        path: &std::path::Path,
    ) -> Result<(), SoundtrackError> {
        let beats = self.timeline.scenes.iter().flat_map(|scene| &scene.beats);
        let placed: Vec<Placed<'_>> = beats
            .filter_map(|beat| beat.speech)
            .zip(&self.clips)
            .map(|(start, clip)| Placed { start, clip })
            .collect();
        let (samples, of) = stretch.samples();
        write_soundtrack_part(&placed, of, samples, path)
    }
}
