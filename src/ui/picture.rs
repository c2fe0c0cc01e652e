//! The shape of the picture that the window leaves for the stage.

use bevy::prelude::*;

use super::library::LibrarySystems;
use crate::playback::ShowSystems;
use crate::stage::draw::StageCamera;
use crate::stage::text::{ControlBarHeight, SidePanelWidths};
use crate::timeline::PictureShape;

/// The shape of the picture: scenes are laid out for it, and again when it changes.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShownPicture(pub PictureShape);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<ShownPicture>().add_systems(
        Update,
        measure.in_set(ShowSystems::Input).before(LibrarySystems),
    );
}

fn measure(
    mut picture: ResMut<ShownPicture>,
    bar: Option<Res<ControlBarHeight>>,
    panels: Option<Res<SidePanelWidths>>,
    cameras: Query<&Camera, With<StageCamera>>,
) {
    let Ok(camera) = cameras.single() else { return };
    let Some(size) = camera
        .logical_viewport_size()
        .filter(|size| size.min_element() > 1.0)
    else {
        return;
    };
    let below = bar.map_or(0.0, |bar| bar.part_of(size));
    let free = size
        * Vec2::new(
            1.0 - panels.map_or(0.0, |panels| panels.part_of(size)),
            1.0 - below,
        );
    if free.min_element() > 0.0 {
        picture.set_if_neq(ShownPicture(PictureShape::of(free.x / free.y)));
    }
}
