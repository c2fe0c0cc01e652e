//! One picture of a scene from where a viewer stands, without a window.

use std::path::Path;
use std::sync::Arc;

use bevy::prelude::*;

use super::frames::save_png;
use super::recording::RecordError;
use super::renderer::{RenderSettings, Renderer};
use crate::camera::{CameraMode, CameraPose, ProjectionMode};
use crate::disk::png::Effort;
use crate::lesson::{Language, Lesson, Shot};
use crate::playback::Show;
use crate::stage::draw::StageCamera;
use crate::stage::highlight::Highlight;
use crate::stage::text::LeastLetters;
use crate::timeline::{Speeches, Timeline, USUAL_YAW};

/// What the picture shows.
#[derive(Debug, Clone)]
pub struct Still {
    /// A lesson of one scene that only runs, without titles.
    pub lesson: Lesson,
    /// The language of the names.
    pub language: Language,
    /// How far channels are pulled apart, in cubes.
    pub spread: f32,
    /// The channels that are shown; all of them without.
    pub slice: Option<(usize, usize)>,
    /// Visits that are done, with the part of the next one.
    pub position: f64,
    /// Where the camera stands; without, it sees everything.
    pub pose: Option<CameraPose>,
    /// Perspective instead of a parallel view.
    pub perspective: bool,
}

/// Draws the picture into a PNG file.
///
/// # Errors
/// No driver, a renderer that fails, a file that cannot be written.
pub fn save_still(
    still: &Still,
    render_settings: RenderSettings,
    path: &Path,
) -> Result<(), RecordError> {
    let aspect = render_settings.size.x as f32 / render_settings.size.y.max(1) as f32;
    let timeline = Timeline::in_picture(
        &still.lesson,
        still.language,
        &Speeches::new(),
        render_settings.picture(),
    )
    .with_channels_apart(&still.lesson, still.spread);
    let time = timeline.time_of(0, still.position);
    let pose = still.pose.unwrap_or_else(|| {
        let shot = Shot {
            yaw: USUAL_YAW,
            pitch: 24.0,
            frame: Vec::new(),
            room: 1.0,
        };
        let layout = timeline.scenes.first().map(|span| span.layout.frame(&shot));
        layout.map_or_else(CameraPose::default, |view| {
            CameraPose::guided(&view, 0.0, 0.0, 0.0, aspect, LeastLetters::default())
        })
    });
    let show = Show::new(Arc::new(still.lesson.clone()), Arc::new(timeline));
    let mut renderer = Renderer::at(time, show, render_settings)?;
    let projection_mode = if still.perspective {
        ProjectionMode::Perspective
    } else {
        ProjectionMode::Parallel
    };
    let world = renderer.world();
    world.insert_resource(CameraMode::Free);
    world.insert_resource(Highlight {
        slice: still.slice,
        ..Highlight::default()
    });
    let mut cameras =
        world.query_filtered::<(&mut Transform, &mut Projection), With<StageCamera>>();
    for (mut transform, mut projection) in cameras.iter_mut(world) {
        *transform = pose.transform(projection_mode);
        *projection = projection_mode.projection(pose.height);
    }
    // The first frame brings everything to its place, the second shows it.
    renderer.draw(time)?;
    let frame_pixels = renderer.draw(time)?;
    save_png(&frame_pixels, render_settings, path, Effort::Picture)
}
