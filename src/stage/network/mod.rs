//! A network on the stage: a box for each tensor of its map, and the ways between them.
//!
//! - `faces` draws the cells of the boxes into a texture;
//! - `fronts` writes down the cells of their fronts one by one, with their numbers, for who comes near;
//! - `boxes` says how each box and each way looks at a sample.

mod boxes;
mod faces;
mod fronts;

use std::sync::Arc;

use bevy::prelude::*;

use super::draw::{Atlas, Boxes};
use super::elements::Stage;
use crate::lesson::StagedNetwork;
use crate::playback::{CurrentSample, ShowSystems};

/// The blocks of a network that are lit, by their places on the map.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NetworkHighlight {
    /// The one under the pointer.
    pub hovered: Option<usize>,
    /// The one that is looked at.
    pub selected: Option<usize>,
    /// A place on the front of that one, by its row and column.
    pub place: Option<[usize; 2]>,
}

/// The network that stands on the stage, with its faces.
#[derive(Resource)]
struct Standing {
    network: Arc<StagedNetwork>,
    studio: super::palette::Studio,
    faces: Vec<Option<faces::Faces>>,
    atlas: Arc<Atlas>,
}

/// Keeps the boxes in step with the sample.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<NetworkHighlight>().add_systems(
        Update,
        update_boxes
            .in_set(ShowSystems::Apply)
            .after(super::elements::pose_elements),
    );
}

fn update_boxes(
    mut commands: Commands,
    now: Res<CurrentSample>,
    stage: Option<Res<Stage>>,
    lighting: Res<super::draw::Lighting>,
    (standing, highlight): (Option<Res<Standing>>, Res<NetworkHighlight>),
    mut boxes: ResMut<Boxes>,
    mut editions: Local<u64>,
) {
    let network = stage.as_ref().and_then(|stage| {
        let model = &stage.model;
        Some((model.network.as_ref()?, model.layout.picture))
    });
    let (Some((network, picture)), Some(sample)) = (network, &now.0) else {
        boxes.set_if_neq(Boxes::default());
        if standing.is_some() {
            commands.remove_resource::<Standing>();
        }
        return;
    };
    // A sample of another scene, whose stage is just being set.
    if sample.parts.tensors.len() != network.map.blocks.len() {
        return;
    }
    let stands = standing.filter(|standing| {
        Arc::ptr_eq(&standing.network, network) && standing.studio == lighting.studio
    });
    let (faces, atlas) = match &stands {
        Some(standing) => (standing.faces.clone(), standing.atlas.clone()),
        None => {
            *editions += 1;
            let (faces, atlas) = faces::draw(network, *editions);
            let atlas = Arc::new(atlas);
            commands.insert_resource(Standing {
                network: network.clone(),
                studio: lighting.studio,
                faces: faces.clone(),
                atlas: atlas.clone(),
            });
            (faces, atlas)
        }
    };
    let room = lighting.studio.room();
    let list = boxes::list((&**network, picture), &faces, sample, room, &highlight);
    boxes.set_if_neq(Boxes { list, atlas });
}
