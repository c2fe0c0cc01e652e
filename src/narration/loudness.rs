//! Speech at the loudness of published videos: -16 LUFS by ITU-R BS.1770 as it is heard, with no peak above
//! -1.5 dB.
//!
//! The sound has one channel and is heard on two speakers, which is 3 dB louder than the one channel measures
//! by itself. So a file of one channel measures -19 LUFS, and the same on two channels -16 (with ffmpeg's
//! `ebur128`, that is `dualmono=true`). Video sites that turn loud sound down, to -14 LUFS, leave it as it is.
//!
//! Works on mono sound of [`SAMPLE_RATE`]. All figures are ratios of energy rather than decibels, so
//! that no logarithm is needed and every machine makes the same samples.

/// The rate for which the filters' numbers hold.
pub(super) const SAMPLE_RATE: u32 = 48_000;

/// -16 LUFS as a mean square, 10^((-16 + 0.691) / 10), of which each of two speakers has half.
const TARGET: f64 = 0.029_451 / 2.0;

/// -70 LUFS, below which a block is silence: 10^((-70 + 0.691) / 10).
const SILENCE: f64 = 1.172_4e-7;

/// -1.5 dB, as a part of full scale.
const CEILING: f32 = 0.841_395;

/// No clip is raised by more than 24 dB: what is that quiet is not speech.
const MAX_GAIN: f64 = 15.85;

/// A block of 400 ms, taken every 100 ms.
const STEP: usize = SAMPLE_RATE as usize / 10;
const STEPS_OF_BLOCK: usize = 4;

/// How long before and after a peak the limiter lowers the sound: 5 ms.
const LOOK_AHEAD: usize = SAMPLE_RATE as usize / 200;

/// How often the gain is set anew for what the limiter took away.
const PASSES: usize = 4;

/// Brings speech to the target loudness, in place.
pub(super) fn normalise(samples: &mut [f32]) {
    let original = samples.to_vec();
    let mut gain = 1.0_f64;
    for _ in 0..PASSES {
        let energy = gated_energy(samples);
        if energy <= 0.0 {
            return;
        }
        gain = (gain * (TARGET / energy).sqrt()).min(MAX_GAIN);
        for (sample, original) in samples.iter_mut().zip(&original) {
            *sample = original * gain as f32;
        }
        if !limit(samples) {
            return;
        }
    }
}

/// The mean square of the sound as an ear weighs it, over the blocks that are speech; 0 for silence.
fn gated_energy(samples: &[f32]) -> f64 {
    let weighted = k_weighted(samples);
    let steps: Vec<f64> = weighted
        .chunks(STEP)
        .map(|step| step.iter().fold(0.0, |sum, s| sum + s * s))
        .collect();
    let of_block = |block: &[f64]| block.iter().sum::<f64>() / (block.len() * STEP) as f64;
    let blocks: Vec<f64> = if steps.len() < STEPS_OF_BLOCK {
        vec![steps.iter().sum::<f64>() / weighted.len().max(1) as f64]
    } else {
        steps.windows(STEPS_OF_BLOCK).map(of_block).collect()
    };
    let mean_above = |gate: f64| {
        let (sum, count) = blocks
            .iter()
            .filter(|block| **block > gate)
            .fold((0.0, 0_u32), |(sum, count), block| (sum + block, count + 1));
        if count == 0 {
            0.0
        } else {
            sum / f64::from(count)
        }
    };
    // The second gate lies 10 LU below the mean of what passed the first.
    mean_above((mean_above(SILENCE) / 10.0).max(SILENCE))
}

/// The filters of BS.1770 for 48 kHz: a high shelf for the head, a high pass for the ear.
fn k_weighted(samples: &[f32]) -> Vec<f64> {
    let mut slots = Biquad::new(
        [
            1.535_124_859_586_97,
            -2.691_696_189_406_38,
            1.198_392_810_852_85,
        ],
        [-1.690_659_293_182_41, 0.732_480_774_215_85],
    );
    let mut high_pass = Biquad::new(
        [1.0, -2.0, 1.0],
        [-1.990_047_454_833_98, 0.990_072_250_366_21],
    );
    samples
        .iter()
        .map(|sample| high_pass.next(slots.next(f64::from(*sample))))
        .collect()
}

/// A filter of second order, in the transposed direct form.
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl Biquad {
    const fn new(b: [f64; 3], a: [f64; 2]) -> Self {
        Self {
            b,
            a,
            state: [0.0; 2],
        }
    }

    // Called from a closure that the compiler may put elsewhere.
    #[inline]
    fn next(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.state[0];
        self.state[0] = self.b[1] * x - self.a[0] * y + self.state[1];
        self.state[1] = self.b[2] * x - self.a[1] * y;
        y
    }
}

/// Lowers the sound smoothly around every peak that is too high; says whether there was one.
fn limit(samples: &mut [f32]) -> bool {
    if samples.iter().all(|sample| sample.abs() <= CEILING) {
        return false;
    }
    // The lowest gain that any sample within reach needs, then a mean over the same reach: it is down
    // in time for the peak, and never higher than what the peak needs.
    let needed: Vec<f32> = samples
        .iter()
        .map(|sample| {
            if sample.abs() > CEILING {
                CEILING / sample.abs()
            } else {
                1.0
            }
        })
        .collect();
    let mut lowest = vec![1.0_f32; needed.len()];
    for (index, gain) in needed.iter().enumerate().filter(|(_, gain)| **gain < 1.0) {
        let end = (index + LOOK_AHEAD + 1).min(lowest.len());
        for low in &mut lowest[index.saturating_sub(LOOK_AHEAD)..end] {
            *low = low.min(*gain);
        }
    }
    let mut sums = Vec::with_capacity(lowest.len() + 1);
    sums.push(0.0_f64);
    for low in &lowest {
        sums.push(sums[sums.len() - 1] + f64::from(*low));
    }
    for (index, sample) in samples.iter_mut().enumerate() {
        let start = index.saturating_sub(LOOK_AHEAD);
        let end = (index + LOOK_AHEAD + 1).min(lowest.len());
        *sample *= ((sums[end] - sums[start]) / (end - start) as f64) as f32;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square wave of 1 kHz: as loud for BS.1770 as for its RMS, within a decibel.
    fn tone(amplitude: f32, seconds: f32) -> Vec<f32> {
        (0..(seconds * SAMPLE_RATE as f32) as usize)
            .map(|n| {
                if (n / 24).is_multiple_of(2) {
                    amplitude
                } else {
                    -amplitude
                }
            })
            .collect()
    }

    fn decibels(ratio: f64) -> f64 {
        10.0 * ratio.log10()
    }

    #[test]
    fn loud_and_quiet_speech_end_up_equally_loud() {
        for amplitude in [0.01, 0.1, 0.9] {
            let mut sound = tone(amplitude, 2.0);
            normalise(&mut sound);
            let off = decibels(gated_energy(&sound) / TARGET);
            assert!(off.abs() < 0.1, "{amplitude} is {off} LU off");
        }
    }

    #[test]
    fn on_two_speakers_it_is_heard_at_minus_16() {
        let mut sound = tone(0.05, 3.0);
        normalise(&mut sound);
        // BS.1770 adds the channels' energies; a mono file measures 3 LU less.
        let measured = |channels: f64| decibels(channels * gated_energy(&sound)) - 0.691;
        assert!((measured(2.0) + 16.0).abs() < 0.1, "{}", measured(2.0));
        assert!((measured(1.0) + 19.0).abs() < 0.2, "{}", measured(1.0));
    }

    #[test]
    fn pauses_do_not_count() {
        let mut sound = tone(0.1, 2.0);
        sound.extend(vec![0.0; 5 * SAMPLE_RATE as usize]);
        let with_pause = gated_energy(&sound);
        let off = decibels(with_pause / gated_energy(&tone(0.1, 2.0)));
        assert!(off.abs() < 0.7, "{off}");
    }

    #[test]
    fn silence_stays_silent_and_nothing_stays_nothing() {
        let mut sound = vec![0.0; 48_000];
        normalise(&mut sound);
        assert!(sound.iter().all(|sample| *sample == 0.0));
        normalise(&mut []);
    }

    #[test]
    fn no_peak_passes_the_ceiling() {
        let mut sound = tone(0.02, 1.0);
        for n in (0..sound.len()).step_by(4801) {
            sound[n] = 0.9;
        }
        normalise(&mut sound);
        let peak = sound.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
        assert!(peak <= CEILING * 1.0001, "{peak}");
    }

    #[test]
    fn a_clip_shorter_than_a_block_is_measured_whole() {
        assert!(gated_energy(&tone(0.1, 0.2)) > 0.005);
    }
}
