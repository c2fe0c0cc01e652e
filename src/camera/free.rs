//! The free camera: the viewer drags, scrolls or pinches and has it; a key glides it back.
//!
//! The only place that knows `bevy_panorbit_camera`. While the lesson guides, the pan-orbit camera
//! is kept where the guided one stands; as soon as its targets differ, the viewer has moved it.

use bevy::prelude::*;
use bevy_panorbit_camera::{
    EguiFocusIncludesHover, PanOrbitCamera, PanOrbitCameraPlugin, PanOrbitCameraSystemSet,
};

use super::{CameraMode, Lens, Stand};
use crate::playback::ShowSystems;
use crate::stage::draw::StageCamera;

/// Seconds in which the camera glides back to the lesson.
const RETURN: f32 = 0.9;

/// A glide back to the lesson's camera.
#[derive(Resource, Debug, Clone, Copy, Default)]
struct Glide {
    from: Option<Stand>,
    part: f32,
}

/// Asks for the camera to glide back to the lesson.
#[derive(Message, Debug, Clone, Copy, Default)]
pub struct ReturnCamera;

/// Asks for the viewer's camera to stand somewhere; it is the viewer's from then on.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// Where.
    pub stand: Stand,
    /// Whether it glides there; else it is there at once.
    pub glide: bool,
}

/// Puts the camera into the viewer's hands.
pub fn plugin(app: &mut App) {
    app.add_plugins(PanOrbitCameraPlugin)
        .insert_resource(EguiFocusIncludesHover(true))
        .init_resource::<Glide>()
        .add_message::<ReturnCamera>()
        .add_message::<Aim>()
        .add_systems(
            Update,
            (begin_return, glide_back)
                .chain()
                .in_set(ShowSystems::Apply)
                .before(super::guide_camera),
        )
        .add_systems(
            Update,
            (follow_guide, take_aim, exchange_lens)
                .chain()
                .in_set(ShowSystems::Apply)
                .after(super::guide_camera),
        )
        .add_systems(PostUpdate, notice_takeover.after(PanOrbitCameraSystemSet));
}

/// What makes a camera free to move.
#[must_use]
pub fn free_camera() -> impl Bundle {
    PanOrbitCamera {
        zoom_lower_limit: 1.0,
        zoom_upper_limit: Some(4000.0),
        pitch_upper_limit: Some(1.55),
        pitch_lower_limit: Some(-1.55),
        button_orbit: MouseButton::Left,
        button_pan: MouseButton::Right,
        trackpad_pinch_to_zoom_enabled: true,
        touch_enabled: true,
        ..default()
    }
}

/// The pan-orbit camera's own measure of a stand: its scale in a parallel view, else its distance.
fn radius(stand: &Stand, lens: Lens) -> f32 {
    match lens {
        Lens::Parallel => stand.height,
        Lens::Perspective => stand.distance(lens),
    }
}

/// Keeps the pan-orbit camera where the guided one stands.
fn follow_guide(
    mode: Res<CameraMode>,
    lens: Res<Lens>,
    stand: Res<Stand>,
    mut cameras: Query<&mut PanOrbitCamera, With<StageCamera>>,
) {
    if *mode == CameraMode::Free {
        return;
    }
    let radius = radius(&stand, *lens);
    for mut camera in &mut cameras {
        let camera = camera.bypass_change_detection();
        camera.focus = stand.centre;
        camera.target_focus = stand.centre;
        camera.yaw = Some(stand.yaw);
        camera.target_yaw = stand.yaw;
        camera.pitch = Some(stand.pitch);
        camera.target_pitch = stand.pitch;
        camera.radius = Some(radius);
        camera.target_radius = radius;
        camera.initialized = true;
    }
}

/// The viewer has the camera as soon as it wants to be elsewhere than the lesson has it.
fn notice_takeover(
    mut mode: ResMut<CameraMode>,
    lens: Res<Lens>,
    mut stand: ResMut<Stand>,
    mut glide: ResMut<Glide>,
    cameras: Query<&PanOrbitCamera, With<StageCamera>>,
) {
    let Ok(camera) = cameras.single() else {
        return;
    };
    let radius_now = radius(&stand, *lens);
    let moved = camera.target_focus != stand.centre
        || camera.target_yaw != stand.yaw
        || camera.target_pitch != stand.pitch
        || camera.target_radius != radius_now;
    if *mode != CameraMode::Free && moved && camera.initialized {
        *mode = CameraMode::Free;
        glide.from = None;
    }
    if *mode == CameraMode::Free
        && let (Some(yaw), Some(pitch), Some(radius)) = (camera.yaw, camera.pitch, camera.radius)
    {
        let height = match *lens {
            Lens::Parallel => radius,
            Lens::Perspective => Stand::height_at(radius),
        };
        stand.set_if_neq(Stand {
            centre: camera.focus,
            yaw,
            pitch,
            height,
        });
    }
}

/// Brings the viewer's camera to where it was asked for.
fn take_aim(
    mut asked: MessageReader<Aim>,
    lens: Res<Lens>,
    mut mode: ResMut<CameraMode>,
    mut glide: ResMut<Glide>,
    mut blend: ResMut<super::Homecoming>,
    mut stand: ResMut<Stand>,
    mut cameras: Query<(&mut PanOrbitCamera, &mut Projection), With<StageCamera>>,
) {
    let Some(aim) = asked.read().last() else {
        return;
    };
    mode.set_if_neq(CameraMode::Free);
    glide.from = None;
    blend.0 = None;
    let radius = radius(&aim.stand, *lens);
    for (mut camera, mut projection) in &mut cameras {
        camera.target_focus = aim.stand.centre;
        // The short way round from where the camera is.
        let from = camera.target_yaw;
        let half = std::f32::consts::PI;
        let turn = (aim.stand.yaw - from + half).rem_euclid(2.0 * half) - half;
        camera.target_yaw = if aim.glide {
            from + turn
        } else {
            aim.stand.yaw
        };
        camera.target_pitch = aim.stand.pitch;
        camera.target_radius = radius;
        if !aim.glide || !camera.initialized {
            camera.focus = aim.stand.centre;
            camera.yaw = Some(aim.stand.yaw);
            camera.target_yaw = aim.stand.yaw;
            camera.pitch = Some(aim.stand.pitch);
            camera.radius = Some(radius);
            stand.set_if_neq(aim.stand);
            *projection = lens.projection(aim.stand.height);
        }
        camera.initialized = true;
        camera.force_update = true;
    }
}

/// Lets the viewer's camera keep its picture when depth is shown in the other way.
fn exchange_lens(
    mode: Res<CameraMode>,
    lens: Res<Lens>,
    stand: Res<Stand>,
    mut cameras: Query<(&mut PanOrbitCamera, &mut Projection), With<StageCamera>>,
) {
    if *mode != CameraMode::Free || !lens.is_changed() {
        return;
    }
    let radius = radius(&stand, *lens);
    for (mut camera, mut projection) in &mut cameras {
        *projection = lens.projection(stand.height);
        camera.radius = Some(radius);
        camera.target_radius = radius;
        camera.force_update = true;
    }
}

fn begin_return(
    mut asked: MessageReader<ReturnCamera>,
    stand: Res<Stand>,
    mut mode: ResMut<CameraMode>,
    mut glide: ResMut<Glide>,
) {
    if asked.read().count() > 0 && *mode == CameraMode::Free {
        *glide = Glide {
            from: Some(*stand),
            part: 0.0,
        };
        *mode = CameraMode::Guided;
    }
}

/// Moves on in the glide; the guided camera is then blended with where it began.
fn glide_back(
    time: Res<Time<Real>>,
    mut glide: ResMut<Glide>,
    mut blend: ResMut<super::Homecoming>,
) {
    let Some(from) = glide.from else {
        return;
    };
    glide.part += time.delta_secs() / RETURN;
    if glide.part >= 1.0 {
        glide.from = None;
        blend.0 = None;
    } else {
        let t = glide.part;
        blend.0 = Some((from, t * t * (3.0 - 2.0 * t)));
    }
}
