//! The picture that stands for a video before it plays.

use super::part::FrameRange;
use super::pixels::FramePixels;
use super::renderer::{RenderError, Renderer};
use crate::stage::captions::CaptionsOn;
use crate::timeline::Timeline;

/// The moment that a poster shows where none was asked for, in seconds of the lesson: the one
/// nearest to the middle of the part at which the scene is wholly there and nothing is asked.
pub(super) fn usual_moment(timeline: &Timeline, frame_range: &FrameRange) -> f64 {
    let middle = frame_range.frames.start + frame_range.count() / 2;
    let around =
        (0..=frame_range.count() / 2).flat_map(|far| [middle + far, middle.saturating_sub(far)]);
    around
        .filter(|frame| frame_range.frames.contains(frame))
        .map(|frame| frame_range.time(frame))
        .find(|time| {
            let sample = timeline.at(*time);
            sample.scene_opacity >= 1.0 && sample.prediction.is_none()
        })
        .unwrap_or_else(|| frame_range.time(middle))
}

/// Draws the moment without its captions, which would say half a sentence.
pub(super) fn draw(renderer: &mut Renderer, time: f64) -> Result<FramePixels, RenderError> {
    let world = renderer.world();
    let before = world.resource::<CaptionsOn>().0;
    world.resource_mut::<CaptionsOn>().0 = false;
    let frame_pixels = renderer.draw(time);
    renderer.world().resource_mut::<CaptionsOn>().0 = before;
    frame_pixels
}
