//! The picture that stands for a video before it plays.

use super::part::Stretch;
use super::pixels::Picture;
use super::renderer::{RenderError, Renderer};
use crate::stage::captions::CaptionsOn;
use crate::timeline::Timeline;

/// The moment that a poster shows where none was asked for, in seconds of the lesson: the one
/// nearest to the middle of the part at which the scene is wholly there and nothing is asked.
pub(super) fn usual_moment(timeline: &Timeline, stretch: &Stretch) -> f64 {
    let middle = stretch.frames.start + stretch.count() / 2;
    let around =
        (0..=stretch.count() / 2).flat_map(|far| [middle + far, middle.saturating_sub(far)]);
    around
        .filter(|frame| stretch.frames.contains(frame))
        .map(|frame| stretch.time(frame))
        .find(|time| {
            let sample = timeline.at(*time);
            sample.curtain >= 1.0 && sample.prediction.is_none()
        })
        .unwrap_or_else(|| stretch.time(middle))
}

/// Draws the moment without its captions, which would say half a sentence.
pub(super) fn draw(renderer: &mut Renderer, time: f64) -> Result<Picture, RenderError> {
    let world = renderer.world();
    let before = world.resource::<CaptionsOn>().0;
    world.resource_mut::<CaptionsOn>().0 = false;
    let picture = renderer.draw(time);
    renderer.world().resource_mut::<CaptionsOn>().0 = before;
    picture
}
