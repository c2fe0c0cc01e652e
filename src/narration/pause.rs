//! The author's pauses: a text is spoken piece by piece, and silence is put between the pieces.

use std::path::Path;

use super::clip::{Clip, WavError, read_mono};
use super::word_times::WordTime;
use crate::lesson::{PAUSE, PAUSE_SECONDS};

/// The pieces of a text between its pauses: where each stands in it, in bytes, and its words.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split(PAUSE)
        .filter(|piece| !piece.trim().is_empty())
        .map(move |piece| (piece.as_ptr() as usize - start, piece))
}

/// Seconds of silence before each piece; none before the first.
pub(super) fn pauses(text: &str) -> Vec<f64> {
    let mut end = None;
    let mut pauses = Vec::new();
    for (start, piece) in pieces(text) {
        let between = end.map_or("", |end: usize| &text[end..start]);
        pauses.push(between.matches(PAUSE).count() as f64 * PAUSE_SECONDS);
        end = Some(start + piece.len());
    }
    pauses
}

/// Writes clips one after another with silence between them: from the last sound of one to the first of
/// the next it is as long as the pause. Gives the words of all, at their new times.
pub(super) fn write_with_pauses(
    clips: &[Clip],
    pauses: &[f64],
    wav: &Path,
) -> Result<Vec<WordTime>, WavError> {
    let rate = clips.first().map_or(8000, |clip| clip.sample_rate);
    let failed = |source| WavError::Write {
        path: wav.to_owned(),
        source,
    };
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(wav, spec).map_err(failed)?;
    let mut words = Vec::new();
    let mut written = 0_usize;
    let index_of = |seconds: f64| (seconds * f64::from(rate)).round() as usize;
    for (number, clip) in clips.iter().enumerate() {
        let silence = index_of(pauses.get(number).copied().unwrap_or_default());
        for _ in 0..silence {
            writer.write_sample(0_i16).map_err(failed)?;
        }
        let (_, samples) = read_mono(&clip.path)?;
        // The quiet that the voice itself leaves counts only at the ends of the whole.
        let first = if number == 0 { 0.0 } else { clip.speech.start };
        let last = if number + 1 == clips.len() {
            clip.duration()
        } else {
            clip.speech.end
        };
        let samples =
            &samples[index_of(first).min(samples.len())..index_of(last).min(samples.len())];
        for sample in samples {
            let sample = (sample * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16;
            writer.write_sample(sample).map_err(failed)?;
        }
        let moved = (written + silence) as f64 / f64::from(rate) - first;
        words.extend(clip.words.iter().map(|word| WordTime {
            text: word.text.clone(),
            time: word.time.start + moved..word.time.end + moved,
        }));
        written += silence + samples.len();
    }
    writer.finalize().map_err(failed)?;
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_pieces_at_its_pauses() {
        let silence = PAUSE.to_string();
        let text = format!("one{}{} two{silence} three", silence, silence);
        let found: Vec<(usize, &str)> = pieces(&text).collect();
        assert_eq!(found.len(), 3);
        for (start, piece) in &found {
            assert!(text[*start..].starts_with(piece));
        }
        assert_eq!(pauses(&text), [0.0, 0.1, 0.05]);
        assert_eq!(pieces("plain").collect::<Vec<_>>(), [(0, "plain")]);
        assert_eq!(pauses("plain"), [0.0]);
    }
}
