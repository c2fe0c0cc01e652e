//! How the time of a run is spread over the steps of an operation.
//!
//! A position counts steps done, with the part of the next one. The first step of each filter gets
//! more time than the others, since the filter has to come over from where it waits. Effort is the
//! position in units of an ordinary step's time; a run moves evenly in effort.

use crate::op::Plan;

/// Ordinary steps that the first step of a filter takes the time of.
const FIRST_STEP: f64 = 3.0;

/// The relation of position and effort for one plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Steps of one filter.
    positions: f64,
    /// Steps in all.
    steps: f64,
}

impl Pace {
    /// The pace of a plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let filters = plan.output_shape().axes()[0].max(1) as u64;
        Self {
            positions: (plan.step_count() / filters).max(1) as f64,
            steps: plan.step_count() as f64,
        }
    }

    /// The effort up to a position.
    #[must_use]
    pub fn effort(self, position: f64) -> f64 {
        let position = position.clamp(0.0, self.steps);
        let filter = (position / self.positions).floor();
        let inside = position - filter * self.positions;
        let first = inside.min(1.0);
        filter * (self.positions + FIRST_STEP - 1.0) + first * FIRST_STEP + (inside - first)
    }

    /// The position that an effort reaches: the inverse of [`Pace::effort`].
    #[must_use]
    pub fn position(self, effort: f64) -> f64 {
        let whole = self.positions + FIRST_STEP - 1.0;
        let filter = (effort / whole).floor().max(0.0);
        let inside = effort - filter * whole;
        let position = if inside < FIRST_STEP {
            filter * self.positions + inside / FIRST_STEP
        } else {
            filter * self.positions + inside - FIRST_STEP + 1.0
        };
        position.clamp(0.0, self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effort_and_position_are_inverse_and_grow() {
        let pace = Pace {
            positions: 16.0,
            steps: 64.0,
        };
        let mut last = -1.0;
        for tenth in 0..=640 {
            let position = f64::from(tenth) / 10.0;
            let effort = pace.effort(position);
            assert!(effort > last);
            last = effort;
            assert!(
                (pace.position(effort) - position).abs() < 1e-9,
                "{position}"
            );
        }
    }
}
