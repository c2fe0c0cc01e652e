//! How the time of a run is spread over the steps of an operation.
//!
//! A position counts steps done, with the part of the next one. The first step of each filter gets
//! more time than the others, since the filter has to come over from where it waits. Effort is the
//! position in units of an ordinary step's time; a run moves evenly in effort.

use std::ops::Range;

use crate::lesson::{StagedLayer, Staging};
use crate::op::Schedule;

/// Ordinary steps that the first step of a filter takes the time of.
const FIRST_STEP: f64 = 3.0;

/// The relation of position and effort for one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Steps of one filter.
    positions: f64,
    /// Steps in all.
    steps: f64,
}

impl Pace {
    /// The pace of a layer.
    #[must_use]
    pub fn new(schedule: &Schedule) -> Self {
        Self {
            positions: schedule.run_length().max(1) as f64,
            steps: schedule.visit_count() as f64,
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

/// The pace of a side: of its layers one after another.
#[derive(Debug, Clone)]
pub struct ChainPace {
    links: Vec<Link>,
}

/// A layer in its chain.
#[derive(Debug, Clone)]
struct Link {
    pace: Pace,
    /// Visits and effort of the layers before it.
    before: (f64, f64),
    /// What it costs, in multiply-accumulates or other operations.
    work: f64,
}

impl ChainPace {
    /// The pace of the layers of a side.
    #[must_use]
    pub fn new(staging: &Staging, staged_layers: Range<usize>) -> Self {
        let mut before = (0.0, 0.0);
        let link = |staged_layer: &StagedLayer| {
            let pace = Pace::new(&staged_layer.schedule);
            let cost = staged_layer.plan.cost();
            let link = Link {
                pace,
                before,
                work: cost.macs.max(cost.operations).max(1) as f64,
            };
            before.0 += pace.steps;
            before.1 += pace.effort(pace.steps);
            link
        };
        Self {
            links: staging.staged_layers[staged_layers]
                .iter()
                .map(link)
                .collect(),
        }
    }

    /// The last position of the chain.
    #[must_use]
    pub fn end(&self) -> f64 {
        let last = self.links.last();
        last.map_or(0.0, |link| link.before.0 + link.pace.steps)
    }

    /// The effort up to a position of the chain.
    #[must_use]
    pub fn effort(&self, position: f64) -> f64 {
        let link = self.link(|link| link.before.0 <= position);
        link.before.1 + link.pace.effort(position - link.before.0)
    }

    /// The position of the chain that an effort reaches.
    #[must_use]
    pub fn position(&self, effort: f64) -> f64 {
        let link = self.link(|link| link.before.1 <= effort);
        link.before.0 + link.pace.position(effort - link.before.1)
    }

    /// Where each layer stands at a position of the chain.
    pub fn locals(&self, position: f64) -> impl Iterator<Item = f64> + '_ {
        self.links
            .iter()
            .map(move |link| (position - link.before.0).clamp(0.0, link.pace.steps))
    }

    /// The work between two positions, in the order of the way: where each layer's part of it ends,
    /// and how much it is.
    #[must_use]
    pub fn work(&self, from: f64, to: f64) -> Vec<(f64, f64)> {
        let (low, high) = (from.min(to), from.max(to));
        let mut parts: Vec<(f64, f64)> = self
            .links
            .iter()
            .filter_map(|link| {
                let (start, end) = (link.before.0, link.before.0 + link.pace.steps);
                let (first, last) = (start.max(low), end.min(high));
                let part = (last - first) / link.pace.steps.max(1.0);
                let reached = if from <= to { last } else { first };
                (part > 0.0).then_some((reached, link.work * part))
            })
            .collect();
        if from > to {
            parts.reverse();
        }
        parts
    }

    fn link(&self, started: impl Fn(&Link) -> bool) -> &Link {
        let index = self.links.iter().rposition(started).unwrap_or(0);
        &self.links[index]
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
