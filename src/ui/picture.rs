//! The shape of the picture that the window leaves for the stage.

use bevy::prelude::*;

use super::library::LibrarySystems;
use crate::network::map::written;
use crate::playback::ShowSystems;
use crate::stage::draw::StageCamera;
use crate::stage::text::{ControlBarHeight, LeastLetters, SidePanelWidths};
use crate::timeline::PictureShape;

/// The shape of the picture: scenes are laid out for it, and again when it changes.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShownPicture(pub PictureShape);

/// How large names are in it, in quarters of their usual size in a picture of that shape: they go by the whole window,
/// of which panels may leave a small part.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownLetters(u8);

impl Default for ShownLetters {
    fn default() -> Self {
        Self(4)
    }
}

impl ShownLetters {
    /// Of a window of which so much is free, in letters of a least height.
    fn of(window: Vec2, free: Vec2, least: LeastLetters) -> Self {
        let shorter = match PictureShape::of(free.x / free.y) {
            PictureShape::Wide => free.y.min(free.x * 9.0 / 16.0),
            PictureShape::Square => free.min_element(),
            PictureShape::Upright => free.x.min(free.y * 9.0 / 16.0),
        };
        let grown = least.growth(written::NAME_HEIGHT);
        let quarters = (4.0 * grown * window.min_element() / shorter.max(1.0)).round();
        Self(quarters.clamp(4.0, 8.0) as u8)
    }

    /// In parts of their usual size.
    #[must_use]
    pub fn part(self) -> f32 {
        f32::from(self.0) / 4.0
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<ShownPicture>()
        .init_resource::<ShownLetters>()
        .add_systems(
            Update,
            measure.in_set(ShowSystems::Input).before(LibrarySystems),
        );
}

fn measure(
    (mut picture, mut letters, mut least): (
        ResMut<ShownPicture>,
        ResMut<ShownLetters>,
        ResMut<LeastLetters>,
    ),
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
    least.set_if_neq(LeastLetters::of_window(size));
    let below = bar.map_or(0.0, |bar| bar.part_of(size));
    let free = size
        * Vec2::new(
            1.0 - panels.map_or(0.0, |panels| panels.part_of(size)),
            1.0 - below,
        );
    if free.min_element() > 0.0 {
        picture.set_if_neq(ShownPicture(PictureShape::of(free.x / free.y)));
        letters.set_if_neq(ShownLetters::of(size, free, *least));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_large_in_what_panels_leave() {
        let part = |window: [f32; 2], free: [f32; 2]| {
            let window = Vec2::from(window);
            let least = LeastLetters::of_window(window);
            ShownLetters::of(window, Vec2::from(free), least).part()
        };
        for whole in [[1920.0, 1080.0], [1080.0, 1080.0], [1080.0, 1920.0]] {
            assert!((part(whole, whole) - 1.0).abs() < 1e-6, "{whole:?}");
        }
        assert!((part([1280.0, 720.0], [602.0, 720.0]) - 1.25).abs() < 1e-6);
        assert!((part([1280.0, 900.0], [602.0, 900.0]) - 1.75).abs() < 1e-6);
        assert!((part([800.0, 600.0], [464.0, 600.0]) - 1.5).abs() < 1e-6);
        // A phone has small letters otherwise.
        assert!((part([390.0, 844.0], [390.0, 844.0]) - 1.75).abs() < 1e-6);
    }
}
