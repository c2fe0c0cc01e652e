//! No voice: silence of the length that the words would take, so that captions keep their pace.

use std::sync::LazyLock;

use super::clip::WavError;
use super::estimate::estimated_seconds;
use super::voice::{About, Request, Timing, Voice, VoiceError};
use super::word_times::WordTime;
use crate::language::{Tongue, says};

static ABOUT: LazyLock<About> = LazyLock::new(|| About {
    name: says!(
        en: "no voice, captions only",
        ja: "声なし、字幕だけ"
    ),
    licence: says!(
        en: "nothing to license",
        ja: "ライセンスなし"
    ),
    timing: Timing::Estimated,
});

/// Samples a second: silence needs few.
const SAMPLE_RATE: u32 = 8000;

/// `--voice none`.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Voice for Silent {
    fn id(&self) -> &'static str {
        "none"
    }

    fn about(&self) -> &About {
        &ABOUT
    }

    fn speaks(&self, _: Tongue) -> bool {
        true
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        let Request {
            text,
            language,
            wav,
            ..
        } = request;
        let write_error = |source| WavError::Write {
            path: wav.clone(),
            source,
        };
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: SAMPLE_RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let samples =
            (estimated_seconds(text, language.words()) * f64::from(SAMPLE_RATE)).round() as u64;
        let mut writer = hound::WavWriter::create(wav, spec).map_err(write_error)?;
        for _ in 0..samples {
            writer.write_sample(0_i16).map_err(write_error)?;
        }
        writer.finalize().map_err(write_error)?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::narration::clip::Clip;
    use crate::narration::estimate::{estimated_speech, heard_mark_times};

    #[test]
    fn silence_lasts_as_long_as_the_words_would() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let text = "Nine products, one sum. And the bias?";
        let request = Request {
            text: text.to_owned(),
            language: Language::En.into(),
            beat: String::new(),
            wav: path.clone(),
        };
        Silent.speak(&request).unwrap();
        let clip = Clip::open(&path).unwrap();
        assert!((clip.duration() - estimated_seconds(text, Language::En)).abs() < 0.001);
        assert_eq!(clip.peak, 0.0);
        // And its words fall where they do on a page, which makes no clip.
        let speech = estimated_speech(text, Language::En);
        let places = [0, 14, 24];
        let times = heard_mark_times(text, &places, speech, &[], Language::En);
        assert_eq!(clip.mark_times(text, &places, Language::En), times);
    }
}
