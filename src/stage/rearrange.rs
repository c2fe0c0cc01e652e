//! How a rearrangement looks: each cube of the input travels to its place in the output.
//!
//! Pixel shuffle and unshuffle, and whatever else moves each element to one place, compute nothing; they
//! carry. Hue is the channel of the image that has fewer channels, shade the place inside a block (of
//! what has no blocks, the channel of the input and the place in it), so that one sees where each cube
//! comes from.

use bevy::math::Vec3;

use super::palette::{self, Rgb};
use crate::op::{Plan, TermSource, VisualStyle};

/// How high cubes rise on their way, in cubes.
const ARC: Vec3 = Vec3::new(0.0, 1.1, 2.2);
/// The part of all steps that is under way at once in a sweep.
const ABREAST: f64 = 0.55;

/// Where each element goes and what colour it has; worked out once for a scene.
#[derive(Debug, Clone)]
pub struct Rearrangement {
    /// The output element that each input element becomes.
    pub arrival: Vec<usize>,
    /// The colour of each input element.
    pub colors: Vec<Rgb>,
}

impl Rearrangement {
    /// The rearrangement of a plan, if it is one.
    #[must_use]
    pub fn of(plan: &Plan) -> Option<Self> {
        if plan.visual_style() != Some(VisualStyle::Carry) {
            return None;
        }
        let input = plan.input_shape();
        let [planes, rows, columns] = input.as_chw();
        // Hue and shade of an element: of a shuffle by its block, else by its plane and its place there.
        let shuffle = plan.shuffle();
        let (channels, last) = match shuffle {
            Some((factor, true)) => (input.channels(), factor * factor - 1),
            Some((factor, false)) => (plan.output_shape().channels(), factor * factor - 1),
            None => (planes, rows * columns - 1),
        };
        let last = last.max(1) as f32;
        let mut arrival = vec![0; input.count()];
        let mut colors = vec![[0; 3]; input.count()];
        for index in 0..plan.step_count() {
            let step = plan.step(index);
            let Some(TermSource::Element(from)) = step.term(0).map(|term| term.source) else {
                continue;
            };
            let Some(offset) = input.chw_offset(from) else {
                continue;
            };
            arrival[offset] = index as usize;
            let block = |[channel, row, column]: [usize; 3], factor: usize| {
                (channel, (row % factor) * factor + column % factor)
            };
            // The image with fewer channels is the large one: there a block is factor by factor.
            let (channel, place) = match shuffle {
                Some((factor, true)) => block(from, factor),
                Some((factor, false)) => block(step.output, factor),
                None => (from[0], from[1] * columns + from[2]),
            };
            let shade = 0.12 + 0.88 * place as f32 / last;
            colors[offset] = palette::element_color(palette::filter_hue(channel, channels), shade);
        }
        Some(Self { arrival, colors })
    }
}

/// How far an output element has come at a position of the run, from 0 to 1. In a slow run one
/// follows the other; in a sweep many are under way at once, so that the movement can be seen.
#[must_use]
pub fn progress(element: usize, position: f64, steps: u64, detail: f32) -> f32 {
    let steps = steps as f64;
    let abreast = (1.0 + (steps - 1.0) * ABREAST * f64::from(1.0 - detail)).max(1.0);
    // The first starts with the run, the last arrives with its end.
    let start = element as f64 * (steps - abreast) / (steps - 1.0).max(1.0);
    let part = ((position - start) / abreast).clamp(0.0, 1.0) as f32;
    part * part * (3.0 - 2.0 * part)
}

/// Where an element is at a part of its way.
#[must_use]
pub fn on_the_way(start: Vec3, end: Vec3, part: f32) -> Vec3 {
    start + (end - start) * part + ARC * (4.0 * part * (1.0 - part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Layer, OperationKind};

    #[test]
    fn every_element_starts_at_rest_and_arrives() {
        for detail in [0.0, 0.4, 1.0] {
            for element in [0, 7, 431] {
                assert_eq!(progress(element, 0.0, 432, detail), 0.0);
                assert!(
                    progress(element, 432.0, 432, detail) > 0.9999,
                    "{element} {detail}"
                );
            }
        }
        assert_eq!(progress(5, 5.0, 432, 1.0), 0.0);
        assert!(progress(5, 6.0, 432, 1.0) > 0.9999);
    }

    #[test]
    fn a_shuffle_fills_each_place_of_the_output_once() {
        let layer: Layer = "nn.PixelShuffle(2)".parse().unwrap();
        let plan = layer
            .plan(&crate::tensor::Shape::chw(12, 3, 3).unwrap())
            .unwrap();
        let mut arrival = Rearrangement::of(&plan).unwrap().arrival;
        arrival.sort_unstable();
        assert_eq!(arrival, (0..108).collect::<Vec<_>>());
    }

    #[test]
    fn what_carries_fills_each_place_of_the_output_once() {
        let shape = crate::tensor::Shape::chw(4, 6, 6).unwrap();
        let carries = OperationKind::ALL.iter().map(|kind| kind.layer());
        let carries =
            carries.filter(|layer| layer.operation().visual_style() == Some(VisualStyle::Carry));
        let mut carried = 0;
        for layer in carries {
            let plan = layer.plan(&shape).unwrap();
            let mut arrival = Rearrangement::of(&plan).unwrap().arrival;
            arrival.sort_unstable();
            assert_eq!(arrival, (0..144).collect::<Vec<_>>(), "{}", layer.name());
            carried += 1;
        }
        assert!(carried >= 10, "{carried}");
    }
}
