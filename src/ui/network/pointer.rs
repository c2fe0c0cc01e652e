//! The block under the pointer, and what a click on it does.

use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy_egui::EguiContexts;

use super::session::{NetworkAction, NetworkExplorer};
use crate::camera::touch::Tap;
use crate::explore::pick::{Ray, nearest_box};
use crate::playback::Show;
use crate::stage::draw::StageCamera;

/// A press that moves further than this is a drag, in points.
const CLICK: f32 = 4.0;
/// Seconds between two clicks that are a double click, at most.
const DOUBLE: f64 = 0.5;

fn block_at(place: Vec2, (camera, transform): (&Camera, &Transform), show: &Show) -> Option<usize> {
    let ray = camera
        .viewport_to_world(&GlobalTransform::from(*transform), place)
        .ok()?;
    let ray = Ray {
        origin: ray.origin,
        direction: *ray.direction,
    };
    nearest_box(&ray, &show.timeline.scenes.first()?.layout.network)
}

/// Finds the block under the pointer.
pub(super) fn hover(
    mut contexts: EguiContexts,
    windows: Query<&Window, With<PrimaryWindow>>,
    cameras: Query<(&Camera, &Transform), With<StageCamera>>,
    buttons: Res<ButtonInput<MouseButton>>,
    show: Option<Res<Show>>,
    explorer: Option<ResMut<NetworkExplorer>>,
) {
    let Some(mut explorer) = explorer else {
        return;
    };
    let over_panel = contexts
        .ctx_mut()
        .is_ok_and(|context| context.egui_wants_pointer_input() || context.is_pointer_over_egui());
    // While the view is turned nothing is looked at.
    if buttons.any_pressed([MouseButton::Left, MouseButton::Right]) {
        return;
    }
    let cursor = windows.single().ok().and_then(Window::cursor_position);
    let found = cursor
        .filter(|_| !over_panel)
        .and_then(|cursor| block_at(cursor, cameras.single().ok()?, show.as_ref()?));
    if explorer.hovered != found {
        explorer.hovered = found;
    }
}

/// A click or a tap looks at a block, a second one goes into it.
pub(super) fn click(
    windows: Query<&Window, With<PrimaryWindow>>,
    cameras: Query<(&Camera, &Transform), With<StageCamera>>,
    buttons: Res<ButtonInput<MouseButton>>,
    time: Res<Time<Real>>,
    mut taps: MessageReader<Tap>,
    show: Option<Res<Show>>,
    explorer: Option<Res<NetworkExplorer>>,
    (mut pressed, mut last): (Local<Option<Vec2>>, Local<Option<(usize, f64)>>),
    mut actions: MessageWriter<NetworkAction>,
) {
    let cursor = windows.single().ok().and_then(Window::cursor_position);
    if buttons.just_pressed(MouseButton::Left) {
        *pressed = cursor;
    }
    let (Some(show), Some(explorer)) = (show, explorer) else {
        taps.clear();
        return;
    };
    let mut clicked = taps
        .read()
        .filter_map(|tap| block_at(tap.at, cameras.single().ok()?, &show))
        .last();
    if buttons.just_released(MouseButton::Left)
        && let (Some(from), Some(to)) = (pressed.take(), cursor)
        && from.distance(to) <= CLICK
    {
        clicked = clicked.or(explorer.hovered);
    }
    let Some(block) = clicked else {
        return;
    };
    let now = time.elapsed_secs_f64();
    let again = last.is_some_and(|(before, at)| before == block && now - at < DOUBLE);
    if again {
        *last = None;
        actions.write(NetworkAction::Enter(block));
    } else {
        *last = Some((block, now));
        actions.write(NetworkAction::Select(Some(block)));
    }
}
