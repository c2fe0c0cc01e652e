//! A spoken sentence as a WAV file: its length, and where in it the speech is.

use std::io::{BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::cues::{Cue, cues_at};
use super::estimate::{estimated_speech, heard_mark_times};
use super::text_offsets::spoken_places;
use super::voice::Timing;
use super::word_times::{WordTime, aligned_mark_times, words_at_onsets};
use crate::disk::{self, ReadError};
use crate::language::{Language, Localized, Message, SystemError, message_error, says};

/// What counts as speech: louder than this part of the clip's peak.
const AUDIBLE: f32 = 0.02;

/// Quiet inside the speech that lasts this long is a pause, in seconds; a consonant is shorter.
const PAUSE: f64 = 0.15;

/// Bytes of a voice's file, at most: 256 MiB, which is 11 minutes at 48 kHz in 32-bit stereo.
pub const MAX_SOUND: u64 = 1 << 28;

/// A WAV file that cannot be used.
#[derive(Debug)]
pub enum WavError {
    /// The file cannot be opened, or is too large.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        why: ReadError,
    },
    /// The file cannot be read, or is not a WAV file.
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: hound::Error,
    },
    /// The file holds samples of a kind that is not supported.
    Kind {
        /// The file.
        path: PathBuf,
        /// What it holds.
        detail: Localized<String>,
    },
    /// The file cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: hound::Error,
    },
}

impl Message for WavError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::File { path, why } => {
                let (path, why) = (path.display(), why.message());
                says!(
                    with [why];
                    en: "cannot read the WAV file {path}: {why}",
                    ja: "WAV ファイル {path} を読めません: {why}"
                )
            }
            Self::Read { path, source } => {
                let (path, why) = (path.display(), told(source));
                says!(
                    with [why];
                    en: "cannot read the WAV file {path}: {why}",
                    ja: "WAV ファイル {path} を読めません: {why}"
                )
            }
            Self::Kind { path, detail } => {
                let path = path.display();
                says!(
                    with [detail];
                    en: "{path}: {detail}; a voice clip must be a WAV file of plain samples: 8 to 32 bits, or floating point",
                    ja: "{path}: {detail}。声の WAV ファイルのサンプルは、8 から 32 ビットの整数か浮動小数点数でなければなりません"
                )
            }
            Self::Write { path, source } => {
                let (path, why) = (path.display(), told(source));
                says!(
                    with [why];
                    en: "cannot write the WAV file {path}: {why}",
                    ja: "WAV ファイル {path} に書き込めません: {why}"
                )
            }
        }
    }
}

message_error!(WavError);

/// What the operating system or the library says.
fn told(why: &hound::Error) -> Localized<String> {
    match why {
        hound::Error::IoError(why) => SystemError::from(why).message(),
        other => Localized::same(other.to_string()),
    }
}

/// A recorded or synthesised piece of speech, measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// The WAV file.
    pub path: PathBuf,
    /// Samples a second.
    pub sample_rate: u32,
    /// Samples of each channel.
    pub samples: u64,
    /// The loudest sample, from 0 to 1.
    pub peak: f32,
    /// From the first sound to the last, in seconds; the whole clip where there is no sound.
    pub speech: Range<f64>,
    /// The pauses inside it, in seconds.
    pub pauses: Vec<Range<f64>>,
    /// When its words are heard, where the voice told.
    pub words: Vec<WordTime>,
}

impl Clip {
    /// Reads and measures a WAV file.
    ///
    /// # Errors
    /// The file is absent, broken, or holds something else than whole-number PCM samples.
    pub fn open(path: &Path) -> Result<Self, WavError> {
        let (sample_rate, samples) = read_mono(path)?;
        let peak = samples
            .iter()
            .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        let is_speech = |sample: &f32| sample.abs() > peak * AUDIBLE;
        let first = samples.iter().position(is_speech).unwrap_or(0);
        let last = samples
            .iter()
            .rposition(is_speech)
            .map_or(samples.len(), |last| last + 1);
        let seconds = |index: usize| index as f64 / f64::from(sample_rate);
        let mut pauses = Vec::new();
        let mut quiet_since = first;
        for index in (first..last).filter(|index| is_speech(&samples[*index])) {
            if seconds(index - quiet_since) >= PAUSE {
                pauses.push(seconds(quiet_since)..seconds(index));
            }
            quiet_since = index + 1;
        }
        Ok(Self {
            path: path.to_owned(),
            sample_rate,
            samples: samples.len() as u64,
            peak,
            speech: seconds(first)..seconds(last),
            pauses,
            words: Vec::new(),
        })
    }

    /// The length of the whole clip in seconds.
    #[must_use]
    pub fn duration(&self) -> f64 {
        self.samples as f64 / f64::from(self.sample_rate)
    }

    /// Quiet before the first sound, in seconds.
    #[must_use]
    pub const fn lead(&self) -> f64 {
        self.speech.start
    }

    /// Quiet after the last sound, in seconds.
    #[must_use]
    pub fn tail(&self) -> f64 {
        self.duration() - self.speech.end
    }

    /// How the times of words in it are found.
    #[must_use]
    pub const fn timing(&self) -> Timing {
        if self.words.is_empty() {
            Timing::Estimated
        } else {
            Timing::Aligned
        }
    }

    /// From the first word to the last, in seconds. Where nothing sounds it is as long as a voice might take, so that a
    /// lesson without a voice goes as it does where no clip was made.
    fn speech_of(&self, spoken: &str, language: Language) -> Range<f64> {
        let estimated = estimated_speech(spoken, language);
        if self.peak == 0.0 && estimated.end <= self.duration() {
            estimated
        } else {
            self.speech.clone()
        }
    }

    /// Where the sound sets in, at its start and after each pause, in seconds.
    fn onsets(&self) -> Vec<f64> {
        let after_pauses = self.pauses.iter().map(|pause| pause.end);
        std::iter::once(self.speech.start)
            .chain(after_pauses)
            .collect()
    }

    /// When each place in the spoken text is reached, in seconds from the start of the clip: when its
    /// word is heard, where the voice told (and, after a pause, where the sound sets in), and else an
    /// estimate by [`heard_mark_times`] within the measured speech and between its pauses.
    #[must_use]
    pub fn mark_times(&self, spoken: &str, offsets: &[usize], language: Language) -> Vec<f64> {
        let speech = self.speech_of(spoken, language);
        match self.timing() {
            Timing::Aligned => {
                let words = words_at_onsets(&self.words, &self.onsets());
                aligned_mark_times(spoken, offsets, speech, &words, language)
            }
            Timing::Estimated => heard_mark_times(spoken, offsets, speech, &self.pauses, language),
        }
    }

    /// The captions of the text that is spoken, in seconds from the start of the clip: as it is
    /// written, at the times at which it is spoken.
    #[must_use]
    pub fn cues(&self, display: &str, spoken: &str, language: Language) -> Vec<Cue> {
        let end = self.speech_of(spoken, language).end;
        cues_at(display, language, end, |starts| {
            self.mark_times(spoken, &spoken_places(display, spoken, starts), language)
        })
    }
}

/// A WAV file's sample rate and its samples from -1 to 1, the channels averaged.
pub(super) fn read_mono(path: &Path) -> Result<(u32, Vec<f32>), WavError> {
    let read_error = |source| WavError::Read {
        path: path.to_owned(),
        source,
    };
    let unreadable = |why| WavError::File {
        path: path.to_owned(),
        why,
    };
    let file = disk::open(path).map_err(unreadable)?;
    let length = file.metadata().map_or(0, |about| about.len());
    if length > MAX_SOUND {
        let limit = MAX_SOUND;
        return Err(unreadable(ReadError::TooLarge { length, limit }));
    }
    let mut reader =
        hound::WavReader::new(BufReader::new(file.take(MAX_SOUND))).map_err(read_error)?;
    let spec = reader.spec();
    let is_float = spec.sample_format == hound::SampleFormat::Float;
    let is_usable = (is_float || matches!(spec.bits_per_sample, 8 | 16 | 24 | 32))
        && spec.channels > 0
        && spec.sample_rate > 0;
    if !is_usable {
        return Err(WavError::Kind {
            path: path.to_owned(),
            detail: {
                let (channels, bits, rate) =
                    (spec.channels, spec.bits_per_sample, spec.sample_rate);
                let format = spec.sample_format;
                says!(
                    en: "{channels} channels of {bits} bits {format:?} at {rate} Hz",
                    ja: "{channels} チャネル、{bits} ビット {format:?}、{rate} Hz です"
                )
            },
        });
    }
    let interleaved = match (is_float, spec.bits_per_sample) {
        (true, _) => reader.samples::<f32>().collect::<Result<_, _>>(),
        (false, 16) => read_16_bit(reader),
        (false, bits) => {
            let full_scale = (1_u32 << (bits - 1)) as f32;
            reader
                .samples::<i32>()
                .map(|sample| sample.map(|sample| sample as f32 / full_scale))
                .collect()
        }
    };
    let interleaved: Vec<f32> = interleaved.map_err(read_error)?;
    let samples = interleaved
        .chunks_exact(usize::from(spec.channels))
        .map(|frame| frame.iter().sum::<f32>() / f32::from(spec.channels))
        // Floating point can hold what is no number.
        .map(|sample| if sample.is_finite() { sample } else { 0.0 })
        .collect();
    Ok((spec.sample_rate, samples))
}

/// The samples of 16 bits, which is what voices write: the first one as `hound` reads it, which refuses what it does
/// not know, and the others in one go, which one after the other take twenty times as long.
fn read_16_bit<R: Read>(mut reader: hound::WavReader<R>) -> Result<Vec<f32>, hound::Error> {
    let scaled = |sample: i16| f32::from(sample) / 32_768.0;
    let length = u64::from(reader.len()) * 2;
    let Some(first) = reader.samples::<i16>().next().transpose()? else {
        return Ok(Vec::new());
    };
    let mut data = Vec::new();
    let read = reader
        .into_inner()
        .take(length - 2)
        .read_to_end(&mut data)?;
    if read as u64 != length - 2 {
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
    }
    let (others, _) = data.as_chunks::<2>();
    let others = others
        .iter()
        .map(|sample| scaled(i16::from_le_bytes(*sample)));
    Ok(std::iter::once(scaled(first)).chain(others).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a mono file of quiet, a tone-like square wave, and quiet, in tenths of a second.
    fn write(path: &Path, quiet: usize, loud: usize, after: usize) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for index in 0..(quiet + loud + after) * 800 {
            let is_loud = (quiet * 800..(quiet + loud) * 800).contains(&index);
            let sign = if index % 16 < 8 { 1 } else { -1 };
            writer
                .write_sample::<i16>(if is_loud { sign * 16_384 } else { 3 })
                .unwrap();
        }
        writer.finalize().unwrap();
    }

    #[test]
    fn a_clip_knows_where_its_speech_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write(&path, 3, 10, 2);
        let clip = Clip::open(&path).unwrap();
        assert_eq!(clip.duration(), 1.5);
        assert_eq!(clip.speech, 0.3..1.3);
        assert!((clip.tail() - 0.2).abs() < 1e-9);
        assert_eq!(clip.peak, 0.5);
        assert_eq!(clip.mark_times("aa", &[0, 2], Language::En), [0.3, 1.3]);
    }

    #[test]
    fn a_clip_knows_its_pauses() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 1000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for millisecond in 0..2000 {
            // A gap of 0.1 s and one of 0.3 s.
            let is_quiet = matches!(millisecond, 0..200 | 500..600 | 1000..1300 | 1800..);
            writer
                .write_sample(if is_quiet { 0_i16 } else { 9000 })
                .unwrap();
        }
        writer.finalize().unwrap();
        let clip = Clip::open(&path).unwrap();
        assert_eq!(clip.speech, 0.2..1.8);
        assert_eq!(clip.pauses, [1.0..1.3]);
        assert_eq!(clip.mark_times("aa, aa", &[2, 4], Language::En), [1.0, 1.3]);
        assert_eq!(clip.cues("aa, aa", "aa, aa", Language::En)[0].end, 1.8);

        // A voice that tells the times of its words tells them a little early.
        let word = |text: Range<usize>, time: Range<f64>| WordTime { text, time };
        let clip = Clip {
            words: vec![word(0..2, 0.13..0.9), word(4..6, 1.22..1.7)],
            ..clip
        };
        assert_eq!(
            clip.mark_times("aa, aa", &[0, 4, 6], Language::En),
            [0.2, 1.3, 1.8]
        );
    }

    #[test]
    fn a_silent_clip_is_speech_from_end_to_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 100,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        (0..400).for_each(|_| writer.write_sample(0_i16).unwrap());
        writer.finalize().unwrap();
        assert_eq!(Clip::open(&path).unwrap().speech, 0.0..2.0);
    }

    #[test]
    fn a_broken_file_is_named_in_the_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.wav");
        std::fs::write(&path, b"RIFFxxxx").unwrap();
        let message = Clip::open(&path).unwrap_err().to_string();
        assert!(message.contains("broken.wav"), "{message}");
    }
}
