//! The stage: all that a recording shows. It applies a sample of the timeline to the world.
//!
//! - [`scene`] and [`layer_poses`] say how each element looks at a [`moment`]; pure.
//! - [`elements`] keeps one cube entity for each tensor element and brings it there.
//! - [`draw`] draws them.
//! - [`text`], `labels`, `captions` and `formula` write.
//! - [`palette`] is the only place that defines colours.

mod brightness;
pub mod captions;
pub mod draw;
pub mod elements;
pub mod formula;
mod formula_nodes;
mod gathered_poses;
pub mod highlight;
mod label_places;
pub mod labels;
pub mod layer_model;
pub mod layer_poses;
pub mod moment;
pub mod network;
pub mod number;
pub mod palette;
pub mod pose;
pub mod prediction;
pub mod reads;
pub mod rearrange;
pub mod scene;
mod surroundings;
pub mod text;
pub mod walls;

use bevy::prelude::*;
use bevy::transform::systems::StaticTransformOptimizations;

use crate::playback::ShowSystems;

/// Sets the stage and keeps it in step with the sample.
pub fn plugin(app: &mut App) {
    app.add_plugins((
        draw::plugin,
        text::plugin,
        captions::plugin,
        labels::plugin,
        network::plugin,
        formula::plugin,
        prediction::plugin,
    ))
    .init_resource::<highlight::Highlight>()
    // To find the few trees of transforms that stand still, the engine would look through every
    // element each frame; there are next to none that it could leave out.
    .insert_resource(StaticTransformOptimizations::Disabled)
    .add_systems(
        Update,
        (
            elements::set_scene,
            elements::pose_elements,
            walls::update_walls,
        )
            .chain()
            .in_set(ShowSystems::Apply),
    );
}
