//! How a rearrangement looks: each cube of the input travels to its place in the output.
//!
//! Pixel shuffle and unshuffle compute nothing; they carry. Hue is the channel of the image that
//! has fewer channels, shade the place inside a block, so that one sees where each cube comes from.

use bevy::math::Vec3;

use super::palette::{self, Rgb};
use crate::op::{Plan, TermSource};

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
        let (factor, unshuffle) = plan.shuffle()?;
        let input = plan.input_shape();
        let channels = if unshuffle {
            input
        } else {
            plan.output_shape()
        }
        .channels();
        let last = (factor * factor).saturating_sub(1).max(1) as f32;
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
            // The image with fewer channels is the large one: there a block is factor by factor.
            let [channel, row, column] = if unshuffle { from } else { step.output };
            let place = (row % factor) * factor + column % factor;
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
    use crate::op::Layer;

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
}
