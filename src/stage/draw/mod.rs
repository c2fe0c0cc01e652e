//! Draws the stage: room, soft shadows, reflections, cubes, boxes and walls, in one pass and six draw calls.
//!
//! Each element is an entity with a [`Transform`] and a [`CubeAppearance`]. `collect` packs the entities that
//! changed into a `table` for each tensor, and draws the lines of the tables that changed into a
//! `list` from back to front; `pass` sends the card what changed in the list and draws it with
//! instancing. The material is our own: the engine's physically based one, with tonemapping and
//! multisampling, costs 50 times as much on a software driver (measured on llvmpipe). Everything works
//! on WebGL2: no storage buffer, instances come as vertex data.

mod boxes;
mod collect;
mod core_pipeline;
mod engine_plugins;
mod instance;
mod list;
mod pass;
mod redraw;
mod render_pipelines;
mod table;
#[cfg(target_family = "wasm")]
mod unread_shaders;

use bevy::prelude::*;
use bevy::render::extract_resource::ExtractResource;

pub use boxes::{Atlas, BoxAppearance, BoxInstance, Boxes, FaceCells, FrontCells};
pub use collect::{Blocks, CollectSystems, DirtyElements, DrawList};
pub use engine_plugins::EnginePlugins;
pub use instance::{Cube, Shadow, WallInstance};
pub use list::{Changes, CubeList};
pub use redraw::{Redraw, RedrawSystems, Regions};

use super::palette::Studio;

/// The look of a cube. Whoever changes it, or the cube's [`Transform`], notes the entity in
/// [`DirtyElements`].
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, Default, Deref, DerefMut)]
pub struct CubeAppearance(pub super::pose::Appearance);

/// Where an element's cube stands in the table of its block.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The block.
    pub block: u16,
    /// The element.
    pub index: u32,
}

/// A wall between two groups of channels: an upright pane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wall {
    /// Its lowest corner.
    pub low: Vec3,
    /// Its highest corner, as far back as the lowest.
    pub high: Vec3,
    /// How clearly its edges stand there, from 0 to 1.
    pub opacity: f32,
    /// The same of the pane within them.
    pub fill: f32,
}

/// The walls that stand on the stage.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct Walls(pub Vec<Wall>);

/// The light of the room, and the parts of the look, which are turned off only to measure what they
/// cost.
#[derive(Resource, Debug, Clone, Copy, PartialEq, ExtractResource)]
pub struct Lighting {
    /// Light or dark.
    pub studio: Studio,
    /// The height of the floor.
    pub floor: f32,
    /// Soft shadows.
    pub shadows: bool,
    /// Reflections in the floor.
    pub mirror: bool,
    /// Edges that catch the light.
    pub bevels: bool,
    /// Antialiased silhouettes.
    pub smooth: bool,
}

impl Default for Lighting {
    fn default() -> Self {
        Self {
            studio: Studio::default(),
            floor: 0.0,
            shadows: true,
            mirror: true,
            bevels: true,
            smooth: true,
        }
    }
}

/// The camera that sees the stage.
#[derive(
    Component, Debug, Clone, Copy, Default, bevy::render::extract_component::ExtractComponent,
)]
pub struct StageCamera;

/// Rectangles of the picture, in pixels, that others draw over after the stage.
#[derive(Resource, Debug, Clone, PartialEq, Default, ExtractResource)]
pub struct Overlays(pub Vec<Rect>);

/// Draws the stage.
pub fn plugin(app: &mut App) {
    app.init_resource::<Lighting>();
    app.init_resource::<Overlays>();
    app.add_plugins((collect::plugin, pass::plugin, redraw::plugin));
}
