//! One picture of a scene from where a viewer stands, without a window.

use std::path::Path;
use std::sync::Arc;

use bevy::prelude::*;

use super::frames::save_png;
use super::recording::RecordError;
use super::renderer::{Look, Renderer};
use crate::camera::{CameraMode, Lens, Stand};
use crate::lesson::{Language, Lesson, Shot};
use crate::playback::Show;
use crate::stage::draw::StageCamera;
use crate::stage::highlight::Highlight;
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
    pub stand: Option<Stand>,
    /// Perspective instead of a parallel view.
    pub perspective: bool,
}

/// Draws the picture into a PNG file.
///
/// # Errors
/// No driver, a renderer that fails, a file that cannot be written.
pub fn save_still(still: &Still, look: Look, path: &Path) -> Result<(), RecordError> {
    let timeline = Timeline::new(&still.lesson, still.language, &Speeches::new())
        .with_channels_apart(&still.lesson, still.spread);
    let time = timeline.time_of(0, still.position);
    let aspect = look.size.x as f32 / look.size.y.max(1) as f32;
    let stand = still.stand.unwrap_or_else(|| {
        let shot = Shot {
            yaw: USUAL_YAW,
            pitch: 24.0,
            frame: Vec::new(),
            room: 1.0,
        };
        let layout = timeline.scenes.first().map(|span| span.layout.frame(&shot));
        layout.map_or_else(Stand::default, |view| {
            Stand::guided(&view, 0.0, 0.0, aspect)
        })
    });
    let show = Show::new(Arc::new(still.lesson.clone()), Arc::new(timeline));
    let mut renderer = Renderer::new(show, look)?;
    let lens = if still.perspective {
        Lens::Perspective
    } else {
        Lens::Parallel
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
        *transform = stand.transform(lens);
        *projection = lens.projection(stand.height);
    }
    // The first frame brings everything to its place, the second shows it.
    renderer.draw(time)?;
    let picture = renderer.draw(time)?;
    save_png(&picture, look, path)
}
