//! The free camera: the viewer drags, scrolls or pinches and has it; a key glides it back.
//!
//! The only place that knows `bevy_panorbit_camera`. Fingers are followed by [`super::touch`], exactly;
//! mouse, wheel and trackpad by that camera. While the lesson guides, the pan-orbit camera
//! is kept where the guided one stands; as soon as its targets differ, the viewer has moved it.

use bevy::input::mouse::{MouseScrollUnit, MouseWheel};
use bevy::prelude::*;
use bevy_panorbit_camera::{
    EguiFocusIncludesHover, PanOrbitCamera, PanOrbitCameraPlugin, PanOrbitCameraSystemSet,
};

use super::{CameraMode, CameraPose, ProjectionMode};
use crate::playback::ShowSystems;
use crate::stage::draw::StageCamera;

/// Seconds in which the camera glides back to the lesson.
const RETURN: f32 = 0.9;

/// The least and the most of the stage that the picture holds: down to a few cells of a large tensor of a network.
const NEAREST: f32 = 0.125;
const FARTHEST: f32 = 4000.0;
/// How much a pinch on a trackpad zooms: with this, what is pinched to twice its size has twice its
/// size.
const PINCH: f32 = 0.35;

/// The part of what is seen by which the pan-orbit camera goes nearer for a line of the wheel, and the lines in a point
/// of a trackpad's scroll.
const WHEEL: f32 = 0.2;
const LINES_A_POINT: f32 = 0.005;

/// A glide back to the lesson's camera.
#[derive(Resource, Debug, Clone, Copy, Default)]
struct ReturnTransition {
    from: Option<CameraPose>,
    part: f32,
}

/// Asks for the camera to glide back to the lesson.
#[derive(Message, Debug, Clone, Copy, Default)]
pub struct ReturnCamera;

/// Asks for the viewer's camera to stand somewhere; it is the viewer's from then on.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub struct MoveCamera {
    /// Where.
    pub pose: CameraPose,
    /// Whether it glides there; else it is there at once.
    pub glide: bool,
}

/// How the wheel zooms.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct WheelZoom {
    /// Whether it does not, as while the camera flies somewhere.
    pub rests: bool,
    /// The point of the window that stays where it is; else the middle.
    pub towards: Option<Vec2>,
}

/// How many lines the wheel is turned, forwards or backwards.
#[must_use]
pub fn wheel_lines(wheel: &MouseWheel) -> f32 {
    match wheel.unit {
        MouseScrollUnit::Line => wheel.y,
        MouseScrollUnit::Pixel => wheel.y * LINES_A_POINT,
    }
}

/// Puts the camera into the viewer's hands.
pub fn plugin(app: &mut App) {
    app.add_plugins((PanOrbitCameraPlugin, super::touch::plugin))
        .insert_resource(EguiFocusIncludesHover(true))
        .init_resource::<ReturnTransition>()
        .init_resource::<WheelZoom>()
        .init_resource::<BeforeWheel>()
        .add_message::<ReturnCamera>()
        .add_message::<MoveCamera>()
        .add_systems(
            Update,
            (begin_return, glide_back)
                .chain()
                .in_set(ShowSystems::Apply)
                .before(super::guide_camera),
        )
        .add_systems(
            Update,
            (follow_guide, apply_move, apply_projection_mode)
                .chain()
                .in_set(ShowSystems::Apply)
                .after(super::guide_camera),
        )
        .add_systems(
            PostUpdate,
            (
                (follow_fingers, follow_wheel).before(PanOrbitCameraSystemSet),
                (hold_place, notice_takeover)
                    .chain()
                    .after(PanOrbitCameraSystemSet),
            ),
        );
}

/// What makes a camera free to move.
#[must_use]
pub fn free_camera() -> impl Bundle {
    PanOrbitCamera {
        zoom_lower_limit: NEAREST,
        zoom_upper_limit: Some(FARTHEST),
        pitch_upper_limit: Some(1.55),
        pitch_lower_limit: Some(-1.55),
        button_orbit: MouseButton::Left,
        button_pan: MouseButton::Right,
        trackpad_pinch_to_zoom_enabled: true,
        trackpad_sensitivity: PINCH,
        touch_enabled: false,
        ..default()
    }
}

/// The pan-orbit camera's own measure of a stand: its scale in a parallel view, else its distance.
fn radius(pose: &CameraPose, projection_mode: ProjectionMode) -> f32 {
    match projection_mode {
        ProjectionMode::Parallel => pose.height,
        ProjectionMode::Perspective => pose.distance(projection_mode),
    }
}

/// Keeps the pan-orbit camera where the guided one stands.
fn follow_guide(
    mode: Res<CameraMode>,
    projection_mode: Res<ProjectionMode>,
    pose: Res<CameraPose>,
    mut cameras: Query<&mut PanOrbitCamera, With<StageCamera>>,
) {
    if *mode == CameraMode::Free {
        return;
    }
    let radius = radius(&pose, *projection_mode);
    for mut camera in &mut cameras {
        let camera = camera.bypass_change_detection();
        camera.focus = pose.centre;
        camera.target_focus = pose.centre;
        camera.yaw = Some(pose.yaw);
        camera.target_yaw = pose.yaw;
        camera.pitch = Some(pose.pitch);
        camera.target_pitch = pose.pitch;
        camera.radius = Some(radius);
        camera.target_radius = radius;
        camera.initialized = true;
    }
}

/// Moves the camera as fingers on the stage say.
fn follow_fingers(
    mut fingers: ResMut<super::touch::Fingers>,
    projection_mode: Res<ProjectionMode>,
    mut cameras: Query<(&Camera, &mut PanOrbitCamera), With<StageCamera>>,
) {
    // Nothing changes while nobody touches.
    let Some(motion) = fingers.bypass_change_detection().take() else {
        return;
    };
    for (camera, mut orbit) in &mut cameras {
        let Some(size) = camera.logical_viewport_size() else {
            continue;
        };
        if !orbit.initialized {
            continue;
        }
        // As far as the mouse turns it: once round in the window's width.
        let turn = motion.turn / size.max(Vec2::ONE);
        orbit.target_yaw -= turn.x * std::f32::consts::TAU;
        orbit.target_pitch += turn.y * std::f32::consts::PI;
        let pose = target(&orbit, *projection_mode);
        let view = pose.transform(*projection_mode);
        let point = pose.height / size.y.max(1.0);
        orbit.target_focus += (view.right() * motion.shift.x - view.up() * motion.shift.y) * point;
        orbit.target_radius = (orbit.target_radius * motion.zoom).clamp(NEAREST, FARTHEST);
    }
}

/// The pan-orbit camera's measure of its stand before the wheel was turned in this frame.
#[derive(Resource, Default)]
struct BeforeWheel(Option<f32>);

/// Lets each line of the wheel zoom by the same part of what is seen, however many come in one frame. The pan-orbit
/// camera adds them up, and five would be all of it.
fn follow_wheel(
    mut wheels: MessageReader<MouseWheel>,
    zoom: Res<WheelZoom>,
    mut before: ResMut<BeforeWheel>,
    mut cameras: Query<&mut PanOrbitCamera, With<StageCamera>>,
) {
    let lines: f32 = wheels.read().map(wheel_lines).sum();
    let turned = lines.abs() > f32::EPSILON;
    let closer = bevy::math::ops::powf(1.0 - WHEEL, lines);
    let sensitivity = match (zoom.rests, turned) {
        (true, _) => 0.0,
        (false, true) => (1.0 - closer) / (WHEEL * lines),
        (false, false) => 1.0,
    };
    for mut orbit in &mut cameras {
        orbit.bypass_change_detection().zoom_sensitivity = sensitivity;
        let before = before.bypass_change_detection();
        before.0 = (turned && orbit.initialized).then_some(orbit.target_radius);
    }
}

/// Brings what is asked to stay back to its place: the pan-orbit camera zooms towards the middle, and, where a panel
/// has the pointer, not at all.
fn hold_place(
    zoom: Res<WheelZoom>,
    projection_mode: Res<ProjectionMode>,
    mut before: ResMut<BeforeWheel>,
    mut cameras: Query<(&Camera, &mut PanOrbitCamera), With<StageCamera>>,
) {
    let Some(radius) = before.bypass_change_detection().0.take() else {
        return;
    };
    for (camera, mut orbit) in &mut cameras {
        let (Some(place), Some(size)) = (zoom.towards, camera.logical_viewport_size()) else {
            continue;
        };
        let part = orbit.target_radius / radius;
        if (part - 1.0).abs() < f32::EPSILON {
            continue;
        }
        let pose = target(&orbit, *projection_mode);
        let from_middle = (place - size * 0.5) * (pose.height / part / size.y.max(1.0));
        let view = pose.transform(*projection_mode);
        orbit.target_focus +=
            (view.right() * from_middle.x - view.up() * from_middle.y) * (1.0 - part);
    }
}

/// Where the pan-orbit camera goes.
fn target(orbit: &PanOrbitCamera, projection_mode: ProjectionMode) -> CameraPose {
    CameraPose {
        centre: orbit.target_focus,
        yaw: orbit.target_yaw,
        pitch: orbit.target_pitch,
        height: match projection_mode {
            ProjectionMode::Parallel => orbit.target_radius,
            ProjectionMode::Perspective => CameraPose::height_at(orbit.target_radius),
        },
    }
}

/// The viewer has the camera as soon as it wants to be elsewhere than the lesson has it.
fn notice_takeover(
    mut mode: ResMut<CameraMode>,
    projection_mode: Res<ProjectionMode>,
    mut pose: ResMut<CameraPose>,
    mut glide: ResMut<ReturnTransition>,
    cameras: Query<&PanOrbitCamera, With<StageCamera>>,
) {
    let Ok(camera) = cameras.single() else {
        return;
    };
    let radius_now = radius(&pose, *projection_mode);
    let moved = camera.target_focus != pose.centre
        || camera.target_yaw != pose.yaw
        || camera.target_pitch != pose.pitch
        || camera.target_radius != radius_now;
    if *mode != CameraMode::Free && moved && camera.initialized {
        *mode = CameraMode::Free;
        glide.from = None;
    }
    if *mode == CameraMode::Free
        && let (Some(yaw), Some(pitch), Some(radius)) = (camera.yaw, camera.pitch, camera.radius)
    {
        let height = match *projection_mode {
            ProjectionMode::Parallel => radius,
            ProjectionMode::Perspective => CameraPose::height_at(radius),
        };
        pose.set_if_neq(CameraPose {
            centre: camera.focus,
            yaw,
            pitch,
            height,
        });
    }
}

/// Brings the viewer's camera to where it was asked for.
fn apply_move(
    mut asked: MessageReader<MoveCamera>,
    projection_mode: Res<ProjectionMode>,
    mut mode: ResMut<CameraMode>,
    mut glide: ResMut<ReturnTransition>,
    mut blend: ResMut<super::ReturnBlend>,
    mut pose: ResMut<CameraPose>,
    mut cameras: Query<(&mut PanOrbitCamera, &mut Projection), With<StageCamera>>,
) {
    let Some(aim) = asked.read().last() else {
        return;
    };
    mode.set_if_neq(CameraMode::Free);
    glide.from = None;
    blend.0 = None;
    let radius = radius(&aim.pose, *projection_mode);
    for (mut camera, mut projection) in &mut cameras {
        camera.target_focus = aim.pose.centre;
        // The short way round from where the camera is.
        let from = camera.target_yaw;
        let half = std::f32::consts::PI;
        let turn = (aim.pose.yaw - from + half).rem_euclid(2.0 * half) - half;
        camera.target_yaw = if aim.glide { from + turn } else { aim.pose.yaw };
        camera.target_pitch = aim.pose.pitch;
        camera.target_radius = radius;
        if !aim.glide || !camera.initialized {
            camera.focus = aim.pose.centre;
            camera.yaw = Some(aim.pose.yaw);
            camera.target_yaw = aim.pose.yaw;
            camera.pitch = Some(aim.pose.pitch);
            camera.radius = Some(radius);
            pose.set_if_neq(aim.pose);
            *projection = projection_mode.projection(aim.pose.height);
        }
        camera.initialized = true;
        camera.force_update = true;
    }
}

/// Lets the viewer's camera keep its picture when depth is shown in the other way.
fn apply_projection_mode(
    mode: Res<CameraMode>,
    projection_mode: Res<ProjectionMode>,
    pose: Res<CameraPose>,
    mut cameras: Query<(&mut PanOrbitCamera, &mut Projection), With<StageCamera>>,
) {
    if *mode != CameraMode::Free || !projection_mode.is_changed() {
        return;
    }
    let radius = radius(&pose, *projection_mode);
    for (mut camera, mut projection) in &mut cameras {
        *projection = projection_mode.projection(pose.height);
        camera.radius = Some(radius);
        camera.target_radius = radius;
        camera.force_update = true;
    }
}

fn begin_return(
    mut asked: MessageReader<ReturnCamera>,
    pose: Res<CameraPose>,
    mut mode: ResMut<CameraMode>,
    mut glide: ResMut<ReturnTransition>,
) {
    if asked.read().count() > 0 && *mode == CameraMode::Free {
        *glide = ReturnTransition {
            from: Some(*pose),
            part: 0.0,
        };
        *mode = CameraMode::Guided;
    }
}

/// Moves on in the glide; the guided camera is then blended with where it began.
fn glide_back(
    time: Res<Time<Real>>,
    mut glide: ResMut<ReturnTransition>,
    mut blend: ResMut<super::ReturnBlend>,
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

#[cfg(test)]
mod tests {
    use bevy::camera::{RenderTarget, RenderTargetInfo};
    use bevy::input::gestures::PinchGesture;
    use bevy::input::touch::{TouchInput, TouchPhase};
    use bevy::window::PrimaryWindow;

    use super::*;

    /// The camera with the plugins that the window has, in a window that is not there.
    fn app() -> (App, Entity) {
        let mut app = App::new();
        app.add_plugins((
            MinimalPlugins,
            bevy::input::InputPlugin,
            TransformPlugin,
            crate::camera::plugin,
            plugin,
        ))
        .init_resource::<crate::playback::CurrentSample>()
        .insert_resource(CameraMode::Free);
        let mut window = Window::default();
        window.resolution.set(1280.0, 720.0);
        window.set_cursor_position(Some(Vec2::new(640.0, 360.0)));
        let window = app.world_mut().spawn((window, PrimaryWindow)).id();
        let mut camera = Camera::default();
        camera.computed.target_info = Some(RenderTargetInfo {
            physical_size: UVec2::new(1280, 720),
            scale_factor: 1.0,
        });
        app.world_mut().spawn((
            StageCamera,
            camera,
            RenderTarget::default(),
            ProjectionMode::Parallel.projection(20.0),
            free_camera(),
        ));
        app.world_mut().write_message(MoveCamera {
            pose: CameraPose::default(),
            glide: false,
        });
        app.update();
        app.update();
        (app, window)
    }

    fn camera(app: &mut App) -> &PanOrbitCamera {
        let mut cameras = app.world_mut().query::<&PanOrbitCamera>();
        cameras.single(app.world()).unwrap()
    }

    #[test]
    fn a_pinch_on_a_trackpad_zooms_as_far_as_it_goes() {
        let (mut app, _) = app();
        let before = camera(&mut app).target_radius;
        assert_eq!(before, 20.0);
        // Twice as large, as macOS and Wayland tell it: the parts add up to 1.
        for _ in 0..50 {
            app.world_mut().write_message(PinchGesture(0.02));
            app.update();
        }
        let after = camera(&mut app).target_radius;
        assert!((after / before - 0.5).abs() < 0.03, "{before} to {after}");
        for _ in 0..50 {
            app.world_mut().write_message(PinchGesture(-0.02));
            app.update();
        }
        let again = camera(&mut app).target_radius;
        assert!((again / before - 1.0).abs() < 0.03, "{before} to {again}");
    }

    #[test]
    fn two_fingers_on_a_trackpad_scroll_nearer_without_leaps() {
        let (mut app, window) = app();
        let mut last = camera(&mut app).target_radius;
        let first = last;
        // A swipe over half a trackpad, as it is told: some points at a time.
        for _ in 0..25 {
            app.world_mut().write_message(MouseWheel {
                unit: MouseScrollUnit::Pixel,
                x: 0.0,
                y: 8.0,
                window,
                phase: TouchPhase::Moved,
            });
            app.update();
            let now = camera(&mut app).target_radius;
            assert!(now < last && now > last * 0.97, "{last} to {now}");
            last = now;
        }
        assert!((0.6..0.95).contains(&(last / first)), "{first} to {last}");
    }

    #[test]
    fn lines_of_the_wheel_in_one_frame_zoom_as_far_as_one_by_one() {
        let scrolled = |frames: usize, lines_a_frame: f32| {
            let (mut app, window) = app();
            for _ in 0..frames {
                app.world_mut().write_message(MouseWheel {
                    unit: MouseScrollUnit::Line,
                    x: 0.0,
                    y: lines_a_frame,
                    window,
                    phase: TouchPhase::Moved,
                });
                app.update();
            }
            camera(&mut app).target_radius
        };
        let (slow, quick) = (scrolled(10, 1.0), scrolled(1, 10.0));
        assert!((slow - 20.0 * 0.8_f32.powi(10)).abs() < 0.01, "{slow}");
        assert!((quick - slow).abs() < 0.01, "{quick}, one by one {slow}");
        // As far back as it went nearer.
        assert!((scrolled(1, -1.0) - 25.0).abs() < 0.01);
    }

    #[test]
    fn the_wheel_leaves_what_it_zooms_towards_in_its_place() {
        let (mut app, window) = app();
        let forwards = MouseWheel {
            unit: MouseScrollUnit::Line,
            x: 0.0,
            y: 1.0,
            window,
            phase: TouchPhase::Moved,
        };
        // A point 320 of 720 points to the right of the middle, of a picture 20 high that becomes 16 high.
        let towards = Some(Vec2::new(960.0, 360.0));
        app.world_mut().insert_resource(WheelZoom {
            rests: false,
            towards,
        });
        app.world_mut().write_message(forwards);
        app.update();
        let seen = *camera(&mut app);
        assert!((seen.target_radius - 16.0).abs() < 0.01, "{seen:?}");
        let expected = Vec3::new(320.0 * (20.0 - 16.0) / 720.0, 0.0, 0.0);
        assert!(seen.target_focus.distance(expected) < 0.01, "{seen:?}");
        // While the camera flies, the wheel does nothing.
        app.world_mut().insert_resource(WheelZoom {
            rests: true,
            towards,
        });
        app.world_mut().write_message(forwards);
        app.update();
        let still = *camera(&mut app);
        assert_eq!(still.target_radius, seen.target_radius);
        assert_eq!(still.target_focus, seen.target_focus);
    }

    #[test]
    fn fingers_turn_shift_and_zoom() {
        let (mut app, window) = app();
        let touch = |app: &mut App, phase, id, x, y| {
            app.world_mut().write_message(TouchInput {
                phase,
                position: Vec2::new(x, y),
                window,
                force: None,
                id,
            });
        };
        touch(&mut app, TouchPhase::Started, 1, 640.0, 360.0);
        app.update();
        touch(&mut app, TouchPhase::Moved, 1, 800.0, 450.0);
        app.update();
        let (yaw, pitch) = (camera(&mut app).target_yaw, camera(&mut app).target_pitch);
        assert!((yaw.to_degrees() + 45.0).abs() < 0.1, "{yaw}");
        assert!((pitch.to_degrees() - 22.5).abs() < 0.1, "{pitch}");
        touch(&mut app, TouchPhase::Ended, 1, 800.0, 450.0);
        app.update();
        let aim = MoveCamera {
            pose: CameraPose::default(),
            glide: false,
        };
        app.world_mut().write_message(aim);
        app.update();
        // To the right by a quarter of the picture's height, and twice as large.
        touch(&mut app, TouchPhase::Started, 2, 590.0, 360.0);
        touch(&mut app, TouchPhase::Started, 3, 690.0, 360.0);
        app.update();
        touch(&mut app, TouchPhase::Moved, 2, 720.0, 360.0);
        touch(&mut app, TouchPhase::Moved, 3, 920.0, 360.0);
        app.update();
        let seen = *camera(&mut app);
        assert!((seen.target_radius - 10.0).abs() < 0.01, "{seen:?}");
        // What was in the middle is now 180 points to the right of it, each half as large a part.
        let expected = Vec3::new(-180.0 * 10.0 / 720.0, 0.0, 0.0);
        assert!(seen.target_focus.distance(expected) < 0.01, "{seen:?}");
        assert_eq!(seen.target_yaw, 0.0);
    }
}
