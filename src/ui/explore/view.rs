//! The view of the workbench: framed views, light, lens, and the element under the pointer.

use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy_egui::EguiContexts;

use super::action::{BenchAction, Framing, HandAction};
use super::session::{Explorer, SessionSystems};
use super::{narrow, side_panels};
use crate::camera::CameraPose;
use crate::camera::free::MoveCamera;
use crate::camera::touch::Tap;
use crate::explore::ElementRef;
use crate::explore::pick::{self, Ray};
use crate::lesson::Shot;
use crate::playback::{Show, ShowSystems};
use crate::stage::draw::StageCamera;
use crate::stage::text::{CardHeight, ControlBarHeight};
use crate::timeline::{Layout, Motion, PictureShape, USUAL_YAW};
use crate::ui::{Screen, Settings};

/// Degrees above the horizon of the usual view.
const USUAL_PITCH: f32 = 24.0;
/// As far up as the free camera goes, in degrees.
const STEEPEST: f32 = 88.0;
/// A press that moves further than this is a drag, in points.
const CLICK: f32 = 4.0;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Tap>()
        .add_systems(
            Update,
            handle_frame
                .after(SessionSystems)
                .in_set(ShowSystems::Input),
        )
        .add_systems(
            Update,
            (hover, click)
                .chain()
                .before(SessionSystems)
                .in_set(ShowSystems::Input)
                .run_if(in_state(Screen::Explore)),
        );
}

/// Where the camera stands to see everything of a layout from a direction, in a window of which
/// the panels leave a part: of its width, and of its height above and below.
#[must_use]
pub fn framed(
    layout: &Layout,
    (yaw, pitch): (f32, f32),
    window: Vec2,
    panels: f32,
    covered: (f32, f32),
) -> CameraPose {
    let shot = Shot {
        yaw,
        pitch,
        frame: Vec::new(),
        room: 1.06,
    };
    let free = (window.x - panels).max(window.x * 0.3);
    let aspect = free / window.y.max(1.0);
    CameraPose::alone(&layout.frame(&shot), covered, aspect)
}

/// How the stage was framed last: where the camera went, and the room that there was for it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Framed {
    pose: CameraPose,
    room: [f32; 6],
    picture: PictureShape,
}

/// Whether a camera stands where it was sent, but for rounding.
pub(in crate::ui) fn stands_at(pose: &CameraPose, sent: &CameraPose) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < 0.01;
    pose.centre.distance(sent.centre) < 0.01 * sent.height
        && near(pose.height / sent.height.max(f32::EPSILON), 1.0)
        && near(pose.yaw, sent.yaw)
        && near(pose.pitch, sent.pitch)
}

/// Whether a window has the size of that in which a camera stood, where that is known.
fn fits_in(window: Vec2, stood: Option<Vec2>) -> bool {
    stood.is_none_or(|stood| window.distance(stood) < 2.0)
}

/// Frames what was asked for, and everything when the session begins. What was framed and not moved since is
/// framed again when there is more or less room.
fn handle_frame(
    mut framings: MessageReader<Framing>,
    explorer: Option<ResMut<Explorer>>,
    show: Option<Res<Show>>,
    settings: Res<Settings>,
    pose: Res<CameraPose>,
    (control_bar, card): (Res<ControlBarHeight>, Res<CardHeight>),
    cameras: Query<&Camera, With<StageCamera>>,
    mut contexts: EguiContexts,
    mut aims: MessageWriter<MoveCamera>,
    mut last: Local<Option<Framed>>,
) {
    let (Some(mut explorer), Some(show), Ok(camera)) = (explorer, show, cameras.single()) else {
        *last = None;
        framings.clear();
        return;
    };
    let Some(span) = show.timeline.scenes.first() else {
        return;
    };
    let window = camera
        .logical_viewport_size()
        .unwrap_or(Vec2::new(16.0, 9.0));
    let (above, mut below) = (card.part_of(window), control_bar.part_of(window));
    let (mut left, mut right) = (0.0, 0.0);
    if let Ok(context) = contexts.ctx_mut() {
        (left, right) = side_panels(context, &explorer);
        if narrow::is_narrow(context) {
            let covered = narrow::foot_height(context, explorer.interaction.panels);
            below = covered * settings.scale / window.y.max(1.0);
        }
    }
    // Names beside the outermost tensors take some room too.
    let names = if left + right > 0.0 { 70.0 } else { 0.0 };
    let panels = (left + right + names) * settings.scale;
    let aside = (left - right) * settings.scale * 0.5 / window.y.max(1.0);
    let frame = |yaw: f32, pitch: f32| {
        let mut pose = framed(&span.layout, (yaw, pitch), window, panels, (above, below));
        // Into the middle of what the panels leave. Panels of about the same width leave the middle.
        if aside.abs() > 0.05 {
            let (sin, cos) = bevy::math::ops::sin_cos(pose.yaw);
            pose.centre -= Vec3::new(cos, 0.0, -sin) * (aside * pose.height);
        }
        pose
    };
    let room = [window.x, window.y, panels, aside, above, below];
    let picture = show.timeline.picture;
    let here = (pose.yaw.to_degrees(), pose.pitch.to_degrees());
    let glide = settings.motion == Motion::Full;
    let mut aim = None;
    // Not before what is to be seen stands on the stage.
    if explorer.shown.is_some() {
        let other_room = last.is_some_and(|was| {
            (was.room != room || was.picture != picture) && stands_at(&pose, &was.pose)
        });
        if other_room {
            aim = Some((here, false));
        }
        if explorer.fit {
            explorer.fit = false;
            aim = Some((here, glide));
        }
        let first = explorer.first.take();
        match first {
            Some(Some(pose)) if fits_in(window, explorer.window) => {
                // Not moved since it was framed, it is framed again with the window.
                let all = frame(pose.yaw.to_degrees(), pose.pitch.to_degrees());
                *last = stands_at(&pose, &all).then_some(Framed {
                    pose,
                    room,
                    picture,
                });
                aim = None;
                aims.write(MoveCamera { pose, glide: false });
            }
            Some(Some(pose)) => {
                aim = Some(((pose.yaw.to_degrees(), pose.pitch.to_degrees()), false));
            }
            Some(None) => aim = Some(((USUAL_YAW, USUAL_PITCH), false)),
            None => {}
        }
        if explorer.window != Some(window) {
            explorer.window = Some(window);
        }
    }
    for framing in framings.read() {
        let from = match framing {
            Framing::Front => (0.0, 0.0),
            Framing::Top => (0.0, STEEPEST),
            Framing::Side => (90.0, 0.0),
            Framing::Isometric => (USUAL_YAW, USUAL_PITCH),
            Framing::Fit => here,
        };
        aim = Some((from, glide));
    }
    if let Some(((yaw, pitch), glide)) = aim {
        let pose = frame(yaw, pitch);
        *last = Some(Framed {
            pose,
            room,
            picture,
        });
        aims.write(MoveCamera { pose, glide });
    }
}

/// The element at a place of the window.
fn element_at(
    place: Vec2,
    (camera, transform): (&Camera, &Transform),
    show: &Show,
    explorer: &Explorer,
) -> Option<ElementRef> {
    let ray = camera
        .viewport_to_world(&GlobalTransform::from(*transform), place)
        .ok()?;
    let ray = Ray {
        origin: ray.origin,
        direction: *ray.direction,
    };
    let layout = &show.timeline.scenes.first()?.layout;
    let valid = explorer.workbench.valid()?;
    pick::element_ref(&ray, layout, valid, explorer.interaction.slice)
}

/// Finds the element under the pointer.
fn hover(
    mut contexts: EguiContexts,
    windows: Query<&Window, With<PrimaryWindow>>,
    cameras: Query<(&Camera, &Transform), With<StageCamera>>,
    (buttons, touches): (Res<ButtonInput<MouseButton>>, Res<Touches>),
    show: Option<Res<Show>>,
    explorer: Option<ResMut<Explorer>>,
    mut touched: Local<Option<Vec2>>,
) {
    let Some(mut explorer) = explorer else {
        return;
    };
    let cursor = windows.single().ok().and_then(Window::cursor_position);
    // Some systems put the pointer where a finger was. A finger that is gone looks at nothing.
    if touches.iter().next().is_some() || touches.any_just_released() {
        *touched = cursor;
    } else if *touched != cursor {
        *touched = None;
    }
    let over_panel = contexts
        .ctx_mut()
        .is_ok_and(|context| context.egui_wants_pointer_input() || context.is_pointer_over_egui());
    // While the view is turned nothing is looked at.
    let turning = buttons.any_pressed([MouseButton::Left, MouseButton::Right]);
    let found = (|| {
        if over_panel || touched.is_some() {
            return None;
        }
        element_at(cursor?, cameras.single().ok()?, show.as_ref()?, &explorer)
    })();
    if turning && found.is_some() && explorer.interaction.hovered.is_none() {
        return;
    }
    if explorer.interaction.hovered != found {
        explorer.interaction.hovered = found;
    }
}

/// A press and a release in one place pin what is there, and so does a tap.
fn click(
    windows: Query<&Window, With<PrimaryWindow>>,
    cameras: Query<(&Camera, &Transform), With<StageCamera>>,
    buttons: Res<ButtonInput<MouseButton>>,
    mut taps: MessageReader<Tap>,
    show: Option<Res<Show>>,
    explorer: Option<Res<Explorer>>,
    mut pressed: Local<Option<Vec2>>,
    mut actions: MessageWriter<BenchAction>,
) {
    let cursor = windows.single().ok().and_then(Window::cursor_position);
    if buttons.just_pressed(MouseButton::Left) {
        *pressed = cursor;
    }
    let (Some(show), Some(explorer)) = (show, explorer) else {
        taps.clear();
        return;
    };
    for tap in taps.read() {
        if let Ok(camera) = cameras.single()
            && let Some(element_ref) = element_at(tap.at, camera, &show, &explorer)
        {
            actions.write(HandAction::Pin(element_ref).into());
        }
    }
    if !buttons.just_released(MouseButton::Left) {
        return;
    }
    let (Some(from), Some(to)) = (pressed.take(), cursor) else {
        return;
    };
    if let (true, Some(element_ref)) = (from.distance(to) <= CLICK, explorer.interaction.hovered) {
        actions.write(HandAction::Pin(element_ref).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_is_taken_again_in_a_window_of_its_size() {
        let window = Vec2::new(1280.0, 720.0);
        assert!(fits_in(window, None) && fits_in(window, Some(window)));
        assert!(!fits_in(Vec2::new(800.0, 600.0), Some(window)));
    }

    #[test]
    fn a_camera_that_was_moved_does_not_stand_where_it_was_sent() {
        let sent = CameraPose::from_degrees([35.0, 24.0, 18.0, 1.0, 2.0, 3.0]);
        let rounded = CameraPose {
            height: sent.height * 1.0001,
            yaw: sent.yaw + 1e-4,
            centre: sent.centre + Vec3::splat(1e-3),
            ..sent
        };
        assert!(stands_at(&sent, &sent) && stands_at(&rounded, &sent));
        for moved in [
            CameraPose {
                yaw: sent.yaw + 0.05,
                ..sent
            },
            CameraPose {
                pitch: sent.pitch - 0.05,
                ..sent
            },
            CameraPose {
                height: sent.height * 0.95,
                ..sent
            },
            CameraPose {
                centre: sent.centre + Vec3::X,
                ..sent
            },
        ] {
            assert!(!stands_at(&moved, &sent), "{moved:?}");
        }
    }
}
