//! Which pause that was heard is which comma of the text.

use std::ops::Range;

/// What it costs, in seconds of distance, to leave a comma or a heard pause without its partner.
const ALONE: f64 = 0.6;

/// Pairs of an expected pause and a heard one, both in order: those that together are nearest to
/// where they were expected. Either side may have some that the other lacks.
pub(super) fn match_pauses(expected: &[f64], heard: &[Range<f64>]) -> Vec<(usize, usize)> {
    let distance = |e: usize, h: usize| {
        let middle = f64::midpoint(heard[h].start, heard[h].end);
        (expected[e] - middle).abs()
    };
    // costs[e][h]: the cheapest way to pair the pauses from `e` and `h` on.
    let mut costs = vec![vec![0.0_f64; heard.len() + 1]; expected.len() + 1];
    for e in (0..=expected.len()).rev() {
        for h in (0..=heard.len()).rev() {
            costs[e][h] = match (e < expected.len(), h < heard.len()) {
                (true, true) => (costs[e + 1][h + 1] + distance(e, h))
                    .min(costs[e + 1][h] + ALONE)
                    .min(costs[e][h + 1] + ALONE),
                (true, false) => costs[e + 1][h] + ALONE,
                (false, true) => costs[e][h + 1] + ALONE,
                (false, false) => 0.0,
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut e, mut h) = (0, 0);
    while e < expected.len() && h < heard.len() {
        let paired = costs[e + 1][h + 1] + distance(e, h);
        if paired <= costs[e + 1][h] + ALONE && paired <= costs[e][h + 1] + ALONE {
            pairs.push((e, h));
            e += 1;
            h += 1;
        } else if costs[e + 1][h] <= costs[e][h + 1] {
            e += 1;
        } else {
            h += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_pauses_as_commas_go_together_in_order() {
        let heard = [0.9..1.1, 2.3..2.5];
        assert_eq!(match_pauses(&[1.2, 2.2], &heard), [(0, 0), (1, 1)]);
    }

    #[test]
    fn a_pause_without_a_comma_is_left_over() {
        let heard = [0.4..0.6, 0.9..1.1, 2.3..2.5];
        assert_eq!(match_pauses(&[1.1, 2.2], &heard), [(0, 1), (1, 2)]);
    }

    #[test]
    fn a_comma_without_a_pause_is_left_over() {
        assert_eq!(match_pauses(&[0.5, 2.2], &[2.1..2.4]), [(1, 0)]);
        assert!(match_pauses(&[0.5], &[]).is_empty());
        assert!(match_pauses(&[], &[1.0..1.2]).is_empty());
    }

    #[test]
    fn a_pause_far_from_every_comma_is_none_of_them() {
        assert!(match_pauses(&[0.5], &[4.0..4.2]).is_empty());
    }
}
