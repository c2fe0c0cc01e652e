//! In which order the steps of a plan are visited.
//!
//! A plan numbers its steps as its output lies in memory. A convolution can be walked through in
//! other orders with the same result; what differs is which weights and which elements are at hand
//! one after another.

use std::ops::Range;

use super::geometry::{Geometry, TransposeView};
use super::plan::Plan;

/// The order of the loops of an operation.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum LoopOrder {
    /// One filter visits all positions, then the next one.
    #[default]
    FilterMajor,
    /// At each position, one filter after another.
    PositionMajor,
    /// One filter visits all positions with the first channel of its kernel, then with the second:
    /// the output holds partial sums that grow.
    ChannelMajor,
}

impl LoopOrder {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::FilterMajor, Self::PositionMajor, Self::ChannelMajor];
}

/// A part of a step, at its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The step of the plan.
    pub step: u64,
    /// The terms of the step that are at hand: all of them but in [`LoopOrder::ChannelMajor`].
    pub terms: Range<usize>,
}

/// The visits of a plan in one order. Every question is answered in constant time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    order: LoopOrder,
    filters: u64,
    positions: u64,
    /// Parts that a step is divided into.
    parts: u64,
    /// Terms of one part; 0 where a step is not divided.
    part_terms: usize,
}

impl Schedule {
    /// The visits of a plan. What has no filters that share positions, or no channels to sum over,
    /// has one order only, and any other one asked for is that one.
    #[must_use]
    pub fn new(plan: &Plan, order: LoopOrder) -> Self {
        // Of a volume, all slices that a filter makes are its own.
        let filters = match plan.geometry() {
            Geometry::Convolution(convolution) => convolution.out_channels,
            Geometry::Mapped(mapped) if mapped.filters().is_some() => {
                plan.output_shape().channels().max(1)
            }
            Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => plan.geometry().visited()[0],
        } as u64;
        let positions = plan.step_count() / filters.max(1);
        let mut schedule = Self {
            order: LoopOrder::FilterMajor,
            filters,
            positions,
            parts: 1,
            part_terms: 0,
        };
        let channels = match plan.geometry() {
            Geometry::Convolution(convolution) => convolution.group_channels(),
            Geometry::Transposed(transposed) if transposed.view == TransposeView::ZeroInsertion => {
                transposed.group_channels()
            }
            Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => return schedule,
        };
        schedule.order = order;
        if order == LoopOrder::ChannelMajor {
            schedule.parts = channels.max(1) as u64;
            schedule.part_terms = plan.step(0).term_count() / channels.max(1);
        }
        schedule
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> LoopOrder {
        self.order
    }

    /// How many visits there are.
    #[must_use]
    pub const fn visit_count(&self) -> u64 {
        self.filters * self.positions * self.parts
    }

    /// Parts that each step is divided into.
    #[must_use]
    pub const fn parts(&self) -> u64 {
        self.parts
    }

    /// Visits that follow each other without the filter being exchanged for another one.
    #[must_use]
    pub const fn run_length(&self) -> u64 {
        match self.order {
            LoopOrder::PositionMajor => self.filters * self.positions,
            _ => self.positions * self.parts,
        }
    }

    /// A visit by its number; a number past the end gives the last one.
    #[must_use]
    pub fn visit(&self, number: u64) -> Visit {
        let number = number.min(self.visit_count().saturating_sub(1));
        let (step, part) = match self.order {
            LoopOrder::FilterMajor => (number, 0),
            LoopOrder::PositionMajor => {
                let (position, filter) = (number / self.filters, number % self.filters);
                (filter * self.positions + position, 0)
            }
            LoopOrder::ChannelMajor => {
                let filter = number / (self.parts * self.positions);
                let part = number / self.positions % self.parts;
                (filter * self.positions + number % self.positions, part)
            }
        };
        let part = part as usize;
        let terms = if self.part_terms == 0 {
            0..usize::MAX
        } else {
            part * self.part_terms..(part + 1) * self.part_terms
        };
        Visit { step, terms }
    }

    /// The number of the visit of a step's part.
    #[must_use]
    pub const fn number_of(&self, step: u64, part: u64) -> u64 {
        let (filter, position) = (step / self.positions, step % self.positions);
        match self.order {
            LoopOrder::FilterMajor => step,
            LoopOrder::PositionMajor => position * self.filters + filter,
            LoopOrder::ChannelMajor => (filter * self.parts + part) * self.positions + position,
        }
    }

    /// How many parts of a step are done once so many visits are: up to [`Schedule::parts`].
    #[must_use]
    pub fn parts_done(&self, step: u64, visits: u64) -> u64 {
        if self.parts == 1 {
            return u64::from(self.number_of(step, 0) < visits);
        }
        let (filter, position) = (step / self.positions, step % self.positions);
        let inside = visits.saturating_sub(filter * self.parts * self.positions);
        // Part p of this step is visit p · positions + position of its filter.
        (inside + self.positions - 1)
            .saturating_sub(position)
            .checked_div(self.positions)
            .unwrap_or(0)
            .min(self.parts)
    }

    /// Terms of a step that so many of its parts hold.
    #[must_use]
    pub const fn terms_in(&self, parts: u64) -> usize {
        if self.part_terms == 0 {
            usize::MAX
        } else {
            parts as usize * self.part_terms
        }
    }

    /// Visits after which a filter has done all of its work; `None` where filters take turns.
    #[must_use]
    pub fn end_of_filter(&self, filter: u64) -> Option<u64> {
        (self.order != LoopOrder::PositionMajor).then(|| (filter + 1) * self.positions * self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;
    use crate::tensor::Shape;

    fn plan() -> Plan {
        let layer: Layer = "nn.Conv2d(3, 4, 3)".parse().unwrap();
        layer.plan(&Shape::chw(3, 5, 6).unwrap()).unwrap()
    }

    #[test]
    fn every_order_visits_each_part_of_each_step_once() {
        let plan = plan();
        for order in LoopOrder::ALL {
            let schedule = Schedule::new(&plan, order);
            let mut seen = std::collections::BTreeSet::new();
            for number in 0..schedule.visit_count() {
                let visit = schedule.visit(number);
                let part = visit
                    .terms
                    .start
                    .checked_div(schedule.part_terms)
                    .unwrap_or(0);
                assert!(seen.insert((visit.step, part)));
                assert_eq!(schedule.number_of(visit.step, part as u64), number);
                assert_eq!(schedule.parts_done(visit.step, number), part as u64);
                assert_eq!(schedule.parts_done(visit.step, number + 1), part as u64 + 1);
            }
            assert_eq!(seen.len() as u64, plan.step_count() * schedule.parts());
        }
    }

    #[test]
    fn what_has_one_order_keeps_it() {
        let layer: Layer = "nn.MaxPool2d(2)".parse().unwrap();
        let plan = layer.plan(&Shape::chw(3, 4, 4).unwrap()).unwrap();
        let schedule = Schedule::new(&plan, LoopOrder::ChannelMajor);
        assert_eq!(schedule.order(), LoopOrder::FilterMajor);
        assert_eq!(schedule.visit_count(), plan.step_count());
    }
}
