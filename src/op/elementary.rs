//! e^x, e^x − 1, tanh and the error function for many elements: without branches and calls, so that the compiler
//! computes several at once, where those of the standard library are a call for each. They are off by
//! one or two units in the last place at most.
//!
//! The polynomials are fits of our own to 40 digits, of least largest error.

/// Added to a number and taken away again, it rounds to a whole one, whose last bits its own then hold.
const SHIFT: f32 = 12_582_912.0;

/// A polynomial, its last coefficient first.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut value = 0.0;
    for coefficient in coefficients {
        value = value * x + coefficient;
    }
    value
}

/// e^x: infinite from 88.73 on, 0 below −103.97, NaN for NaN.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Comparisons, so that NaN stays.
    let x = if x > 89.0 { 89.0 } else { x };
    let x = if x < -104.0 { -104.0 } else { x };
    // e^x = 2^n · e^rest, with a rest of at most half of ln 2.
    let shifted = x * std::f32::consts::LOG2_E + SHIFT;
    let whole = shifted - SHIFT;
    // ln 2 in two parts, the first of which times a whole number is exact.
    let rest = x - whole * (355.0 / 512.0);
    let rest = rest + whole * 2.121_944_4e-4;
    let power = polynomial(
        rest,
        [
            1.0 / 5040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
            1.0,
            1.0,
        ],
    );
    // 2^n as two factors, of which neither is too large or too small.
    let n = shifted.to_bits().wrapping_sub(SHIFT.to_bits()) as i32;
    let two_to_the = |n: i32| f32::from_bits((n.wrapping_add(127) as u32) << 23);
    let half = n >> 1;
    power * two_to_the(half) * two_to_the(n.wrapping_sub(half))
}

/// e^x − 1, also where that is much smaller than 1.
#[inline(always)]
pub(crate) fn exp_m1(x: f32) -> f32 {
    let near = x * polynomial(
        x,
        [
            1.0 / 40320.0,
            1.0 / 5040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
            1.0,
        ],
    );
    let far = exp(x) - 1.0;
    if x.abs() < 0.5 { near } else { far }
}

/// tanh x: −1 and 1 far from 0, NaN for NaN.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let size = x.abs();
    let square = x * x;
    // Around 0, where the difference below would lose digits.
    let near = x * polynomial(
        square,
        [
            -0.005_660_151,
            0.020_591_163,
            -0.053_721_136,
            0.133_311_29,
            -0.333_332_6,
            1.0,
        ],
    );
    let far = (1.0 - 2.0 / (exp(size + size) + 1.0)).copysign(x);
    if size < 0.625 { near } else { far }
}

/// The error function: −1 and 1 far from 0, NaN for NaN.
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let size = x.abs();
    let square = x * x;
    let near = x * polynomial(
        square,
        [
            7.854_026e-5,
            -8.010_248e-4,
            0.005_188_334_5,
            -0.026_853_816,
            0.112_835_854,
            -0.376_126_26,
            std::f32::consts::FRAC_2_SQRT_PI,
        ],
    );
    // What is missing to 1 is e^−x² times what hardly changes.
    let part = polynomial(
        1.0 / (1.0 + 0.5 * size),
        [
            -0.228_840_88,
            0.630_974_6,
            -0.057_842_024,
            0.392_976_22,
            0.260_802_45,
            0.001_696_019_6,
        ],
    );
    let far = (1.0 - exp(-square) * part).copysign(x);
    if size < 1.0 { near } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every so many-th number of single precision.
    fn numbers() -> impl Iterator<Item = f32> {
        (0..=u32::MAX).step_by(9973).map(f32::from_bits)
    }

    /// The largest deviation in units in the last place, where the result is not too small to have one.
    fn worst(ours: fn(f32) -> f32, exact: fn(f64) -> f64) -> f64 {
        let mut worst = 0.0_f64;
        for x in numbers() {
            let (ours, exact) = (ours(x), exact(f64::from(x)));
            if exact.is_nan() {
                assert!(ours.is_nan(), "{x}: {ours}");
                continue;
            }
            let rounded = exact as f32;
            if rounded.is_infinite() || rounded == 0.0 || ours.is_infinite() {
                let unit = f64::from(f32::MIN_POSITIVE) * f64::from(f32::EPSILON);
                assert!(
                    ours == rounded || exact > 3.402e38 || exact.abs() < 2.0 * unit,
                    "{x}: {ours}, {exact}"
                );
                continue;
            }
            let next = f32::from_bits(rounded.abs().to_bits() + 1);
            let unit = f64::from(next) - f64::from(rounded.abs());
            worst = worst.max((f64::from(ours) - exact).abs() / unit);
        }
        worst
    }

    #[test]
    fn each_is_right_to_the_last_places() {
        let found = [
            worst(exp, f64::exp),
            worst(exp_m1, f64::exp_m1),
            worst(tanh, f64::tanh),
            worst(erf, libm::erf),
        ];
        println!("units in the last place: {found:?}");
        assert!(found.iter().all(|units| *units < 2.5), "{found:?}");
    }

    #[test]
    fn zero_infinities_and_nan_are_kept() {
        for function in [tanh, erf] {
            assert_eq!(function(0.0).to_bits(), 0.0_f32.to_bits());
            assert_eq!(function(-0.0).to_bits(), (-0.0_f32).to_bits());
            assert_eq!(function(f32::INFINITY), 1.0);
            assert_eq!(function(f32::NEG_INFINITY), -1.0);
            assert!(function(f32::NAN).is_nan());
        }
        assert_eq!(exp_m1(-0.0).to_bits(), (-0.0_f32).to_bits());
        assert_eq!(exp_m1(f32::NEG_INFINITY), -1.0);
        assert!(exp_m1(f32::NAN).is_nan());
        assert_eq!(exp(f32::INFINITY), f32::INFINITY);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!((exp(0.0), exp(-0.0)), (1.0, 1.0));
        assert!(exp(f32::NAN).is_nan());
    }
}
