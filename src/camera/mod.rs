//! The camera: guided by the lesson, or free in the viewer's hands.

use bevy::camera::{CameraMainTextureUsages, ScalingMode};
use bevy::core_pipeline::tonemapping::{DebandDither, Tonemapping};
use bevy::prelude::*;
use bevy::render::render_resource::TextureUsages;

use crate::playback::{Now, ShowSystems};
use crate::stage::draw::StageCamera;
use crate::timeline::View;


/// How far the camera stands from what it looks at; in a parallel view it only has to be enough.
pub const DISTANCE: f32 = 600.0;
/// The part of the picture's height that what is framed may fill, without and with the formula
/// card; the rest is for titles above and captions below.
const HEIGHT_SHARE: [f32; 2] = [0.66, 0.55];
/// How far what is framed stands below the picture's middle, without and with the formula card, as
/// a part of the picture's height.
const LOWER: [f32; 2] = [0.01, 0.065];
/// The part of the picture's width that what is framed may fill.
const WIDTH_SHARE: f32 = 0.93;

/// Who moves the camera.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CameraMode {
    /// The lesson.
    #[default]
    Guided,
    /// The viewer.
    Free,
}

/// What every camera on the stage has in common, in a window and in a recording: no tone mapping,
/// no dithering and no multisampling stand between the palette and the screen.
#[must_use]
pub fn stage_camera() -> impl Bundle {
    (
        Name::new("stage camera"),
        StageCamera,
        // Lettering belongs to this camera, window or not.
        IsDefaultUiCamera,
        Camera3d::default(),
        Projection::Orthographic(OrthographicProjection {
            scaling_mode: ScalingMode::FixedVertical { viewport_height: 1.0 },
            near: 0.0,
            far: 2.0 * DISTANCE,
            ..OrthographicProjection::default_3d()
        }),
        Msaa::Off,
        Tonemapping::None,
        DebandDither::Disabled,
        CameraMainTextureUsages(
            TextureUsages::RENDER_ATTACHMENT | TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_SRC,
        ),
    )
}

/// Moves the camera as the lesson says.
pub fn plugin(app: &mut App) {
    app.init_resource::<CameraMode>().add_systems(
        Update,
        guide_camera.in_set(ShowSystems::Apply).run_if(resource_equals(CameraMode::Guided)),
    );
}

fn guide_camera(
    now: Res<Now>,
    mut cameras: Query<(&Camera, &mut Transform, &mut Projection), With<StageCamera>>,
) {
    let Some(sample) = &now.0 else {
        return;
    };
    for (camera, mut transform, mut projection) in &mut cameras {
        let size = camera.logical_viewport_size().unwrap_or(Vec2::new(16.0, 9.0));
        let height = visible_height(&sample.camera, sample.headroom, size.x / size.y.max(1.0));
        transform.set_if_neq(stand(&sample.camera, sample.headroom, height));
        if let Projection::Orthographic(parallel) = projection.bypass_change_detection()
            && parallel.scale != height
        {
            parallel.scale = height;
            projection.set_changed();
        }
    }
}

/// The height of the picture in world units, for a view in a picture of this shape.
#[must_use]
pub fn visible_height(view: &View, headroom: f32, aspect: f32) -> f32 {
    let share = HEIGHT_SHARE[0] + (HEIGHT_SHARE[1] - HEIGHT_SHARE[0]) * headroom;
    let by_height = 2.0 * view.half.y / share;
    let by_width = 2.0 * view.half.x / (WIDTH_SHARE * aspect.max(0.1));
    by_height.max(by_width)
}

/// Where the camera stands for a view that is so high.
#[must_use]
pub fn stand(view: &View, headroom: f32, height: f32) -> Transform {
    let [right, up, back] = view.axes();
    let lower = LOWER[0] + (LOWER[1] - LOWER[0]) * headroom;
    let centre = view.centre + up * (lower * height);
    Transform {
        translation: centre + back * DISTANCE,
        rotation: Quat::from_mat3(&Mat3::from_cols(right, up, back)),
        scale: Vec3::ONE,
    }
}
