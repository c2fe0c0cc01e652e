//! Sound at another sample rate, by a windowed sinc.
//!
//! Sines are computed here by a polynomial, so that every machine makes the same samples.

/// Zero crossings of the sinc on each side.
const CROSSINGS: f64 = 16.0;

/// The sound at `to` samples a second instead of `from`.
#[must_use]
pub(super) fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to || samples.is_empty() {
        return samples.to_vec();
    }
    let divisor = greatest_common_divisor(from, to);
    let (down, up) = (u64::from(from / divisor), u64::from(to / divisor));
    // Below the lower of the two Nyquist frequencies, in parts of the input's sample rate.
    let cutoff = (f64::from(to) / f64::from(from)).min(1.0) * 0.96;
    let reach = CROSSINGS / cutoff;
    let taps = reach.ceil() as i64;
    // Output sample `n` stands at input position `n * down / up`: one filter for each remainder.
    let filters: Vec<Vec<f64>> = (0..up)
        .map(|phase| {
            let fraction = phase as f64 / up as f64;
            let filter: Vec<f64> = (1 - taps..=taps)
                .map(|tap| windowed_sinc(tap as f64 - fraction, cutoff, reach))
                .collect();
            let sum: f64 = filter.iter().sum();
            filter.into_iter().map(|weight| weight / sum).collect()
        })
        .collect();
    let length = (samples.len() as u64 * up).div_ceil(down);
    (0..length)
        .map(|n| {
            let position = n * down;
            let filter = &filters[(position % up) as usize];
            let first = (position / up) as i64 + 1 - taps;
            let sum: f64 = filter
                .iter()
                .enumerate()
                .filter_map(|(tap, weight)| {
                    let index = usize::try_from(first + tap as i64).ok()?;
                    samples.get(index).map(|sample| f64::from(*sample) * weight)
                })
                .sum();
            sum as f32
        })
        .collect()
}

/// The ideal low-pass filter at a distance of `x` samples, faded out by a Blackman window.
fn windowed_sinc(x: f64, cutoff: f64, reach: f64) -> f64 {
    if x.abs() >= reach {
        return 0.0;
    }
    let turns = x * cutoff;
    let sinc = if turns == 0.0 {
        1.0
    } else {
        sin_half_turns(turns) / (std::f64::consts::PI * turns)
    };
    let place = x / reach;
    // cos(a) is sin(a + a quarter turn).
    let window =
        0.42 + 0.5 * sin_half_turns(place + 0.5) + 0.08 * sin_half_turns(2.0 * place + 0.5);
    sinc * window
}

/// The sine of `x` half turns, by its Taylor series: exact to about 1e-15.
fn sin_half_turns(x: f64) -> f64 {
    let nearest = x.round();
    let angle = (x - nearest) * std::f64::consts::PI;
    let square = angle * angle;
    let mut term = angle;
    let mut sum = angle;
    for n in 1..12 {
        term *= -square / f64::from((2 * n) * (2 * n + 1));
        sum += term;
    }
    if nearest % 2.0 == 0.0 { sum } else { -sum }
}

/// Euclid's algorithm.
const fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(frequency: f64, rate: u32, count: usize) -> Vec<f32> {
        (0..count)
            .map(|n| (sin_half_turns(2.0 * frequency * n as f64 / f64::from(rate)) * 0.5) as f32)
            .collect()
    }

    #[test]
    fn the_sine_is_a_sine() {
        for n in -300..300 {
            let x = f64::from(n) / 97.0;
            assert!((sin_half_turns(x) - (x * std::f64::consts::PI).sin()).abs() < 1e-13);
        }
    }

    #[test]
    fn a_tone_stays_the_same_tone() {
        let out = resample(&tone(1000.0, 22_050, 22_050), 22_050, 48_000);
        assert_eq!(out.len(), 48_000);
        let expected = tone(1000.0, 48_000, 48_000);
        let inner = 2000..46_000;
        let worst = out[inner.clone()]
            .iter()
            .zip(&expected[inner])
            .fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
        assert!(worst < 0.0005, "{worst}");
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        let out = resample(&tone(20_000.0, 48_000, 48_000), 48_000, 24_000);
        let loudest = out[1000..23_000]
            .iter()
            .fold(0.0_f32, |peak, s| peak.max(s.abs()));
        assert!(loudest < 0.001, "{loudest}");
    }

    #[test]
    fn the_same_rate_changes_nothing() {
        let tone = tone(440.0, 48_000, 100);
        assert_eq!(resample(&tone, 48_000, 48_000), tone);
    }
}
