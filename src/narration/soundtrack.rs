//! The sound of a whole lesson: clips at their times in one WAV file of an exact length.
//!
//! 48 kHz, 16 bits, one channel. Each clip is brought to the same loudness; the ends are faded, so
//! that nothing clicks. Written clip by clip: an hour takes no more memory than its longest clip.

use std::fs::File;
use std::io::BufWriter;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hound::WavWriter;

use super::clip::{Clip, WavError, read_mono};
use super::loudness::{self, normalise};
use super::resample::resample;
use crate::language::{Localized, Message, message_error, says};

/// Samples a second of a soundtrack.
pub const SAMPLE_RATE: u32 = loudness::SAMPLE_RATE;

/// The fade at both ends of a clip: 4 ms.
const FADE: usize = SAMPLE_RATE as usize / 250;

/// Longer than this is too long for the sizes in a WAV file's header.
const MAX_SAMPLES: u64 = u32::MAX as u64 / 2 - 1024;

/// A soundtrack that cannot be made.
#[derive(Debug)]
pub enum SoundtrackError {
    /// One voice would speak into the other.
    Overlap {
        /// The earlier clip.
        first: PathBuf,
        /// When its speech ends, in seconds.
        first_end: f64,
        /// The later clip.
        second: PathBuf,
        /// When it starts, in seconds.
        second_start: f64,
    },
    /// The end would be cut off, or the start.
    Outside {
        /// The clip.
        clip: PathBuf,
        /// When its speech starts, in seconds.
        start: f64,
        /// When its speech ends, in seconds.
        end: f64,
        /// The length of the soundtrack, in seconds.
        total: f64,
    },
    /// A WAV file holds at most four gigabytes.
    TooLong(f64),
    /// A clip cannot be read, or the track not be written.
    Wav(WavError),
}

impl Message for SoundtrackError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Overlap {
                first,
                first_end,
                second,
                second_start,
            } => {
                let (first, second) = (first.display(), second.display());
                says!(
                    en: "the voice would overlap itself: {first} speaks until {first_end:.3} s, {second} starts at {second_start:.3} s",
                    ja: "声が重なります: {first} は {first_end:.3} 秒まで話し、{second} は {second_start:.3} 秒に始まります"
                )
            }
            Self::Outside {
                clip,
                start,
                end,
                total,
            } => {
                let clip = clip.display();
                says!(
                    en: "{clip} speaks from {start:.3} s to {end:.3} s, outside the soundtrack of {total:.3} s",
                    ja: "{clip} は {start:.3} 秒から {end:.3} 秒まで話しますが、音声は {total:.3} 秒しかありません"
                )
            }
            Self::TooLong(seconds) => says!(
                en: "a soundtrack of {seconds:.0} s is too long for a WAV file, which holds 12 hours",
                ja: "{seconds:.0} 秒の音声は長すぎます。WAV ファイルに入るのは 12 時間までです"
            ),
            Self::Wav(why) => why.message(),
        }
    }
}

message_error!(SoundtrackError { Wav(WavError) });

/// A clip and when it starts.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedClip<'a> {
    /// When its first sample is heard, in seconds.
    pub start: f64,
    /// The clip.
    pub clip: &'a Clip,
}

/// Mixes clips into a WAV file of exactly `total_samples` samples at [`SAMPLE_RATE`].
///
/// The quiet at a clip's end may reach into the next clip, where it is cut; speech may not.
///
/// # Errors
/// Two clips overlap, one lies outside the track, or a file cannot be read or written. The file may
/// then be there in part: write beside the place where it is to be, and rename.
pub fn write_soundtrack(
    clips: &[PlacedClip<'_>],
    total_samples: u64,
    wav: &Path,
) -> Result<(), SoundtrackError> {
    write_soundtrack_part(clips, total_samples, 0..total_samples, wav)
}

/// Writes a part of the track that [`write_soundtrack`] writes. Where it cuts through a voice, the
/// voice is faded.
///
/// # Errors
/// As [`write_soundtrack`], whichever the part.
pub fn write_soundtrack_part(
    clips: &[PlacedClip<'_>],
    total_samples: u64,
    part: Range<u64>,
    wav: &Path,
) -> Result<(), SoundtrackError> {
    let mut order: Vec<&PlacedClip<'_>> = clips.iter().collect();
    order.sort_by(|a, b| a.start.total_cmp(&b.start));
    check(&order, total_samples)?;

    let mut track = Track::create(wav, part, total_samples)?;
    for (index, placed) in order.iter().enumerate() {
        let start = sample_at(placed.start);
        let end = order
            .get(index + 1)
            .map_or(total_samples, |next| sample_at(next.start));
        if end <= track.part.start || start >= track.part.end {
            continue;
        }
        track.write_silence_until(start)?;
        let room = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
        for (place, sample) in (start..).zip(prepared(placed.clip, room)?) {
            track.put(place, sample)?;
        }
    }
    track.finish()
}

/// A part of a soundtrack, being written.
struct Track<'a> {
    wav: &'a Path,
    writer: WavWriter<BufWriter<File>>,
    part: Range<u64>,
    total: u64,
    /// The first sample that is not written yet.
    next: u64,
}

impl<'a> Track<'a> {
    fn create(wav: &'a Path, part: Range<u64>, total: u64) -> Result<Self, WavError> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: SAMPLE_RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let part = part.start.min(total)..part.end.min(total);
        let writer = WavWriter::create(wav, spec).map_err(|source| WavError::Write {
            path: wav.to_owned(),
            source,
        })?;
        let next = part.start;
        Ok(Self {
            wav,
            writer,
            part,
            total,
            next,
        })
    }

    /// Puts a sample at its place in the whole track; what lies before or after the part is not
    /// written.
    fn put(&mut self, place: u64, sample: f32) -> Result<(), WavError> {
        if place < self.next || place >= self.part.end {
            return Ok(());
        }
        let mut gain = 1.0;
        if self.part.start > 0 {
            gain = ((place - self.part.start) as f32 / FADE as f32).min(gain);
        }
        if self.part.end < self.total {
            gain = ((self.part.end - 1 - place) as f32 / FADE as f32).min(gain);
        }
        self.write(to_16_bits(sample * gain))
    }

    fn write_silence_until(&mut self, place: u64) -> Result<(), WavError> {
        while self.next < place.min(self.part.end) {
            self.write(0)?;
        }
        Ok(())
    }

    fn write(&mut self, sample: i16) -> Result<(), WavError> {
        self.next += 1;
        let written = self.writer.write_sample(sample);
        written.map_err(|source| WavError::Write {
            path: self.wav.to_owned(),
            source,
        })
    }

    fn finish(mut self) -> Result<(), SoundtrackError> {
        self.write_silence_until(self.part.end)?;
        self.writer.finalize().map_err(|source| WavError::Write {
            path: self.wav.to_owned(),
            source,
        })?;
        Ok(())
    }
}

/// Whether every clip can be heard whole and alone. The clips are in order.
fn check(order: &[&PlacedClip<'_>], total_samples: u64) -> Result<(), SoundtrackError> {
    let total = total_samples as f64 / f64::from(SAMPLE_RATE);
    if total_samples > MAX_SAMPLES {
        return Err(SoundtrackError::TooLong(total));
    }
    // Times are rounded to samples; a clip may be one over.
    let slack = 2.0 / f64::from(SAMPLE_RATE);
    for placed in order {
        let (start, end) = speech_of(placed);
        if !placed.start.is_finite() || placed.start < 0.0 || end > total + slack {
            let clip = placed.clip.path.clone();
            return Err(SoundtrackError::Outside {
                clip,
                start,
                end,
                total,
            });
        }
    }
    for pair in order.windows(2) {
        let (_, first_end) = speech_of(pair[0]);
        if first_end > pair[1].start + slack {
            return Err(SoundtrackError::Overlap {
                first: pair[0].clip.path.clone(),
                first_end,
                second: pair[1].clip.path.clone(),
                second_start: pair[1].start,
            });
        }
    }
    Ok(())
}

/// When a clip's speech starts and ends on the track, in seconds; a silent clip has none.
fn speech_of(placed: &PlacedClip<'_>) -> (f64, f64) {
    if placed.clip.peak == 0.0 {
        return (placed.start, placed.start);
    }
    let speech = &placed.clip.speech;
    (placed.start + speech.start, placed.start + speech.end)
}

/// A clip's samples as they go onto the track, at most `room` of them.
fn prepared(clip: &Clip, room: usize) -> Result<Vec<f32>, WavError> {
    let (rate, samples) = read_mono(&clip.path)?;
    let mut samples = resample(&samples, rate, SAMPLE_RATE);
    normalise(&mut samples);
    samples.truncate(room);
    let length = samples.len();
    let fade = FADE.min(length / 2);
    for step in 0..fade {
        let gain = step as f32 / fade as f32;
        samples[step] *= gain;
        samples[length - 1 - step] *= gain;
    }
    Ok(samples)
}

/// The sample that is heard at a time.
fn sample_at(seconds: f64) -> u64 {
    (seconds * f64::from(SAMPLE_RATE)).round() as u64
}

/// A sample from -1 to 1 on the scale of 16 bits.
fn to_16_bits(sample: f32) -> i16 {
    (sample * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clip of a second of tone between two tenths of quiet.
    fn clip(folder: &Path, name: &str, rate: u32, amplitude: i16) -> Clip {
        let path = folder.join(name);
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for n in 0..rate * 12 / 10 {
            let is_loud = (rate / 10..rate * 11 / 10).contains(&n);
            let sign = if (n / (rate / 1000)).is_multiple_of(2) {
                1
            } else {
                -1
            };
            writer
                .write_sample(if is_loud { sign * amplitude } else { 0 })
                .unwrap();
        }
        writer.finalize().unwrap();
        Clip::open(&path).unwrap()
    }

    #[test]
    fn the_track_has_exactly_its_length_and_each_clip_at_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let a = clip(folder.path(), "a.wav", 22_050, 20_000);
        let b = clip(folder.path(), "b.wav", 48_000, 500);
        let out = folder.path().join("out.wav");
        let placed = [
            PlacedClip {
                start: 2.0,
                clip: &b,
            },
            PlacedClip {
                start: 0.5,
                clip: &a,
            },
        ];
        write_soundtrack(&placed, 200_001, &out).unwrap();
        let (rate, samples) = read_mono(&out).unwrap();
        assert_eq!((rate, samples.len()), (48_000, 200_001));
        let is_loud = |seconds: f64| {
            let at = sample_at(seconds) as usize;
            samples[at..at + 480]
                .iter()
                .any(|sample| sample.abs() > 0.1)
        };
        assert!(!is_loud(0.55) && is_loud(0.62) && is_loud(1.58) && !is_loud(1.65));
        assert!(!is_loud(2.05) && is_loud(2.12) && is_loud(3.05) && !is_loud(3.15));
        // As loud as each other, though one clip is 32 dB quieter.
        let loudness = |from: f64, to: f64| {
            samples[sample_at(from) as usize..sample_at(to) as usize]
                .iter()
                .map(|sample| sample.abs())
                .sum::<f32>()
        };
        let ratio = loudness(0.7, 1.5) / loudness(2.2, 3.0);
        assert!((0.9..1.1).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_track_without_clips_is_silence() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out.wav");
        write_soundtrack(&[], 480, &out).unwrap();
        assert_eq!(read_mono(&out).unwrap(), (48_000, vec![0.0; 480]));
    }

    #[test]
    fn the_voice_never_overlaps_itself() {
        let folder = tempfile::tempdir().unwrap();
        let a = clip(folder.path(), "a.wav", 48_000, 9000);
        let out = folder.path().join("out.wav");
        let placed = |second: f64| {
            [
                PlacedClip {
                    start: 0.0,
                    clip: &a,
                },
                PlacedClip {
                    start: second,
                    clip: &a,
                },
            ]
        };
        let error = write_soundtrack(&placed(1.0), 480_000, &out).unwrap_err();
        assert!(matches!(error, SoundtrackError::Overlap { .. }), "{error}");
        // Only the quiet at the end of the first is cut.
        write_soundtrack(&placed(1.1), 480_000, &out).unwrap();
        assert_eq!(read_mono(&out).unwrap().1.len(), 480_000);
    }

    #[test]
    fn a_part_is_cut_out_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let a = clip(folder.path(), "a.wav", 48_000, 9000);
        let (whole, part) = (folder.path().join("whole.wav"), folder.path().join("p.wav"));
        let placed = [0.5, 3.0, 6.0].map(|start| PlacedClip { start, clip: &a });
        write_soundtrack(&placed, 480_000, &whole).unwrap();
        // From the middle of the first clip to the middle of the last.
        let range = 60_000..330_000;
        write_soundtrack_part(&placed, 480_000, range.clone(), &part).unwrap();
        let (whole, part) = (read_mono(&whole).unwrap().1, read_mono(&part).unwrap().1);
        let whole = &whole[60_000..330_000];
        assert_eq!(part.len(), whole.len());
        assert_eq!((part[0], part[part.len() - 1]), (0.0, 0.0));
        assert!(whole[..FADE].iter().any(|sample| sample.abs() > 0.05));
        let inner = FADE..part.len() - FADE;
        assert_eq!(part[inner.clone()], whole[inner]);
    }

    #[test]
    fn nothing_is_cut_off_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let a = clip(folder.path(), "a.wav", 48_000, 9000);
        let out = folder.path().join("out.wav");
        let placed = [PlacedClip {
            start: 1.0,
            clip: &a,
        }];
        let error = write_soundtrack(&placed, 48_000 * 2, &out).unwrap_err();
        assert!(matches!(error, SoundtrackError::Outside { .. }), "{error}");
        write_soundtrack(&placed, 48_000 * 21 / 10, &out).unwrap();
    }

    #[test]
    fn a_clip_begins_and_ends_without_a_click() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loud.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        (0..48_000_u32).for_each(|n| {
            writer
                .write_sample(if (n / 40).is_multiple_of(2) {
                    9000_i16
                } else {
                    -9000
                })
                .unwrap()
        });
        writer.finalize().unwrap();
        let samples = prepared(&Clip::open(&path).unwrap(), usize::MAX).unwrap();
        assert_eq!((samples[0], samples[47_999]), (0.0, 0.0));
    }
}
