//! The places at which one steps through the run of a chain: by product, by output element, by
//! filter.

use crate::network::Chain;
use crate::op::{LoopOrder, Plan, Schedule};

/// How far one step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StepUnit {
    /// One product more, or one comparison.
    Product,
    /// One output element, or one part of it.
    #[default]
    Output,
    /// One filter; where filters take turns, one position.
    Filter,
}

impl StepUnit {
    /// All, from fine to coarse.
    pub const ALL: [Self; 3] = [Self::Product, Self::Output, Self::Filter];
}

/// The run of a chain. Positions count visits through all layers, with the part of the next one.
#[derive(Debug, Clone, PartialEq)]
pub struct Stops {
    layers: Vec<(Plan, Schedule)>,
}

/// How close a position is to be taken for a stop.
const NEAR: f64 = 1e-6;
/// The part of a visit that nobody sees missing: a position that was read from the stage is not exact.
const UNSEEN: f64 = 1e-3;

impl Stops {
    /// The run of a chain in an order.
    #[must_use]
    pub fn new(chain: &Chain, order: LoopOrder) -> Self {
        let layers = chain.plans().iter();
        Self {
            layers: layers
                .map(|plan| (plan.clone(), Schedule::new(plan, order)))
                .collect(),
        }
    }

    /// Visits of the whole run.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.layers
            .iter()
            .map(|(_, schedule)| schedule.visit_count() as f64)
            .sum()
    }

    /// The layer at a position, its visit, and the part of it that is done. At a whole position the
    /// visit is the one to come; at the end, the last one, done.
    #[must_use]
    pub fn at(&self, position: f64) -> (usize, u64, f64) {
        let mut rest = position.max(0.0);
        for (place, (_, schedule)) in self.layers.iter().enumerate() {
            let count = schedule.visit_count() as f64;
            let last = place + 1 == self.layers.len();
            if rest < count || last {
                let rest = rest.min(count);
                let visit = rest.floor().min(count - 1.0).max(0.0);
                return (place, visit as u64, rest - visit);
            }
            rest -= count;
        }
        (0, 0, 0.0)
    }

    /// How many visits of the layer at hand are done, and how many it has.
    #[must_use]
    pub fn visits(&self, position: f64) -> (u64, u64) {
        let (layer, visit, part) = self.at(position + UNSEEN);
        let count = self
            .layer(layer)
            .map_or(0, |(_, schedule)| schedule.visit_count());
        // At the end the visit at hand is the last one, done.
        let done = if part >= 1.0 { visit + 1 } else { visit };
        (done, count)
    }

    /// Visits of the layers before one.
    fn before(&self, layer: usize) -> f64 {
        self.layers[..layer.min(self.layers.len())]
            .iter()
            .map(|(_, schedule)| schedule.visit_count() as f64)
            .sum()
    }

    /// The plan and the schedule of a layer.
    #[must_use]
    pub fn layer(&self, place: usize) -> Option<(&Plan, &Schedule)> {
        self.layers
            .get(place)
            .map(|(plan, schedule)| (plan, schedule))
    }

    /// Terms of a visit.
    fn terms(plan: &Plan, schedule: &Schedule, visit: u64) -> usize {
        let visit = schedule.visit(visit);
        let count = plan.step(visit.step).term_count();
        visit.terms.end.min(count) - visit.terms.start.min(count)
    }

    /// The next stop after a position, or the last one before it.
    #[must_use]
    pub fn next(&self, position: f64, step_unit: StepUnit, forwards: bool) -> f64 {
        let end = self.end();
        let position = position.clamp(0.0, end);
        let (layer, ..) = self.at(if forwards {
            position
        } else {
            (position - NEAR * 2.0).max(0.0)
        });
        let Some((plan, schedule)) = self.layer(layer) else {
            return position;
        };
        let base = self.before(layer);
        let inside = position - base;
        let whole = |every: f64| {
            let stop = if forwards {
                ((inside + NEAR) / every).floor() * every + every
            } else {
                ((inside - NEAR) / every).ceil() * every - every
            };
            stop.clamp(0.0, schedule.visit_count() as f64)
        };
        let stop = match step_unit {
            StepUnit::Output => whole(1.0),
            StepUnit::Filter => whole(Self::filter_visits(plan, schedule) as f64),
            StepUnit::Product => {
                let visit = if forwards {
                    (inside + NEAR).floor()
                } else {
                    (inside - NEAR).ceil() - 1.0
                }
                .clamp(0.0, schedule.visit_count().saturating_sub(1) as f64);
                let part = inside - visit;
                let terms = Self::terms(plan, schedule, visit as u64).max(1) as f64;
                let phases = plan.phases().len().max(1) as f64;
                // Stops of a visit: before it, where its window is, after each product, done.
                let at = |stop: f64| (1.0 + stop / terms) / phases;
                let products = (part * phases - 1.0) * terms;
                let next = if forwards {
                    if part + NEAR < at(0.0) {
                        at(0.0)
                    } else if products + 1e-4 < terms {
                        at((products + 1e-4).floor() + 1.0)
                    } else {
                        1.0
                    }
                } else if part - NEAR > at(terms) {
                    at(terms)
                } else if part - NEAR > at(0.0) {
                    at((products - 1e-4).ceil() - 1.0)
                } else {
                    0.0
                };
                visit + next
            }
        };
        (base + stop).clamp(0.0, end)
    }

    /// Visits in which one filter does its work, or all filters theirs at one position.
    fn filter_visits(plan: &Plan, schedule: &Schedule) -> u64 {
        schedule.end_of_filter(0).unwrap_or_else(|| {
            let filters = plan.geometry().visited()[0] as u64;
            filters.max(1)
        })
    }

    /// The product at hand at a position: layer, step, and how many of the step's terms are in the
    /// sum.
    #[must_use]
    pub fn product(&self, position: f64) -> (usize, u64, usize) {
        let (layer, visit, part) = self.at(position);
        let Some((plan, schedule)) = self.layer(layer) else {
            return (0, 0, 0);
        };
        let at = schedule.visit(visit);
        let terms = Self::terms(plan, schedule, visit) as f64;
        let phases = plan.phases().len().max(1) as f64;
        let done = ((part * phases - 1.0) * terms + 1e-4).clamp(0.0, terms);
        (layer, at.step, at.terms.start + done.floor() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Kind, Setup};
    use crate::op::Layer;
    use crate::tensor::Shape;

    fn chain(layers: &[Layer]) -> Chain {
        Chain::plan(layers, &Shape::chw(3, 6, 6).unwrap()).unwrap()
    }

    /// Walks from one end to the other and back: the same stops, in order.
    fn walk(stops: &Stops, step_unit: StepUnit) -> usize {
        let mut there = vec![0.0];
        while *there.last().unwrap() < stops.end() {
            let next = stops.next(*there.last().unwrap(), step_unit, true);
            assert!(next > *there.last().unwrap(), "{there:?}");
            there.push(next);
        }
        let mut back = vec![stops.end()];
        while *back.last().unwrap() > 0.0 {
            let next = stops.next(*back.last().unwrap(), step_unit, false);
            assert!(next < *back.last().unwrap());
            back.push(next);
        }
        back.reverse();
        assert_eq!(there.len(), back.len());
        for (a, b) in there.iter().zip(&back) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
        there.len() - 1
    }

    #[test]
    fn visits_are_counted_up_to_the_last_of_each_layer() {
        // 64 outputs of the convolution, then 16 of the pool.
        let chain = chain(&[Setup::default().layers[0].clone(), Kind::MaxPool2d.layer()]);
        let stops = Stops::new(&chain, LoopOrder::FilterMajor);
        assert_eq!(stops.end(), 80.0);
        for (position, visits) in [
            (0.0, (0, 64)),
            (1.5, (1, 64)),
            (2.999_999, (3, 64)),
            (63.9, (63, 64)),
            (64.0, (0, 16)),
            (79.5, (15, 16)),
            (79.999_8, (16, 16)),
            (80.0, (16, 16)),
        ] {
            assert_eq!(stops.visits(position), visits, "{position}");
        }
    }

    #[test]
    fn steps_lead_from_end_to_end_and_back() {
        let chain = chain(&[Setup::default().layers[0].clone(), Kind::MaxPool2d.layer()]);
        for order in LoopOrder::ALL {
            let stops = Stops::new(&chain, order);
            let parts = if order == LoopOrder::ChannelMajor {
                3
            } else {
                1
            };
            assert_eq!(walk(&stops, StepUnit::Output), 64 * parts + 16);
            // The travel, each product, and the value.
            let products = 64 * (parts * 2 + 27) + 16 * (2 + 4);
            assert_eq!(walk(&stops, StepUnit::Product), products);
            let filters = if order == LoopOrder::PositionMajor {
                16
            } else {
                4
            };
            assert_eq!(walk(&stops, StepUnit::Filter), filters + 4);
        }
    }

    #[test]
    fn moves_have_stops_too() {
        let chain = Chain::plan(
            &[Kind::PixelShuffle.layer(), Kind::ReLU.layer()],
            &Shape::chw(4, 2, 2).unwrap(),
        )
        .unwrap();
        let stops = Stops::new(&chain, LoopOrder::FilterMajor);
        walk(&stops, StepUnit::Product);
        assert_eq!(walk(&stops, StepUnit::Output), 32);
    }

    #[test]
    fn the_product_at_hand_counts_up() {
        let stops = Stops::new(&chain(&Setup::default().layers), LoopOrder::FilterMajor);
        assert_eq!(stops.product(0.0), (0, 0, 0));
        let mut position = stops.next(0.0, StepUnit::Product, true);
        for count in 1..=27 {
            position = stops.next(position, StepUnit::Product, true);
            assert_eq!(stops.product(position), (0, 0, count));
        }
        assert_eq!(stops.at(stops.end()), (0, 63, 1.0));
    }
}
