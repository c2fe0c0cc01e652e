//! Draws the stage: room, soft shadows, reflections and cubes, in one pass and four draw calls.
//!
//! Each element is an entity with a [`Transform`] and a [`Look`]; `collect` packs the entities
//! that changed into one table, in the order from back to front, and `pipeline` draws the table
//! with instancing. The material is our own: the engine's costs 50 times as much on a software
//! driver (`shared/bevy-0.19-notes.md`, section 8). Everything works on WebGL2: no storage buffer,
//! instances come as vertex data.

mod collect;
mod pipeline;

use bevy::prelude::*;
use bevy::render::extract_resource::ExtractResource;

pub use collect::{Blocks, CollectSystems, DrawList};

use super::palette::Studio;

/// The look of a cube.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, Default, Deref, DerefMut)]
pub struct Look(pub super::pose::LookValues);

/// Where an element's cube stands in the table of its block.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The block.
    pub block: u16,
    /// The element.
    pub index: u32,
}

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

/// Draws the stage.
pub fn plugin(app: &mut App) {
    app.init_resource::<Lighting>();
    app.add_plugins((collect::plugin, pipeline::plugin));
}
