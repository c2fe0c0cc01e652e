//! The wheel over the map: nearer to the block under the pointer, and from near enough into it; out of sight of what
//! is open, and up again.

use bevy::input::mouse::MouseWheel;
use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy_egui::EguiContexts;

use super::camera::Room;
use super::session::{NetworkAction, NetworkExplorer};
use crate::camera::CameraPose;
use crate::camera::free::{WheelZoom, wheel_lines};
use crate::playback::Show;
use crate::stage::draw::StageCamera;
use crate::ui::Settings;

/// Lines that the wheel is turned by whoever means it.
const MEANT: f32 = 2.0;
/// Seconds of a flight, in which the wheel rests: what is left of a swipe does nothing more.
const FLIGHT: f64 = 0.6;
/// A block is opened from nearer than a click on it goes, by this part of the height of what is seen.
const NEAR: f32 = 0.9;
/// What is open is closed where so many times the height is seen that shows it.
const FAR: f32 = 1.5;
/// From where so many times the height is seen that shows all, the wheel leads no farther away.
const FARTHEST: f32 = 2.0;

/// What is under the pointer and around what is looked at, as the wheel sees it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// A block under the pointer with something in it, and the height of what is seen in parts of that to which a
    /// click on it goes.
    pub under: Option<(usize, f32)>,
    /// The same height in parts of that which shows what is open around the block that is looked at.
    pub around: Option<f32>,
}

/// How the wheel has been turned since it last did something.
#[derive(Debug, Default)]
pub(super) struct Turned {
    lines: f32,
    over: Option<usize>,
    rests_until: f64,
}

impl Turned {
    /// Whether a flight goes on.
    pub fn rests(&self, now: f64) -> bool {
        now < self.rests_until
    }

    /// The wheel is turned by so many lines, forwards or backwards: what that opens or closes, if anything.
    pub fn turn(&mut self, lines: f32, now: f64, seen: Seen) -> Option<NetworkAction> {
        if self.rests(now) {
            return None;
        }
        let over = seen.under.map(|(block, _)| block);
        // Another block, or the other way, is begun anew.
        if lines * self.lines < 0.0 || (lines > 0.0 && over != self.over) {
            self.lines = 0.0;
        }
        self.over = over;
        self.lines += lines;
        let action = match (seen.under, seen.around) {
            (Some((block, height)), _) if self.lines >= MEANT && height < NEAR => {
                Some(NetworkAction::Enter(block))
            }
            (_, Some(height)) if self.lines <= -MEANT && height > FAR => Some(NetworkAction::Out),
            _ => None,
        };
        if action.is_some() {
            self.lines = 0.0;
            self.rests_until = now + FLIGHT;
        }
        action
    }
}

/// Zooms towards the pointer, and goes into the block under it or out of what is open.
pub(super) fn wheel(
    mut wheels: MessageReader<MouseWheel>,
    windows: Query<&Window, With<PrimaryWindow>>,
    cameras: Query<&Camera, With<StageCamera>>,
    (time, pose, settings): (Res<Time<Real>>, Res<CameraPose>, Res<Settings>),
    (show, explorer): (Option<Res<Show>>, Option<Res<NetworkExplorer>>),
    mut contexts: EguiContexts,
    mut zoom: ResMut<WheelZoom>,
    mut turned: Local<Turned>,
    mut actions: MessageWriter<NetworkAction>,
) {
    let lines: f32 = wheels.read().map(wheel_lines).sum();
    let (Some(show), Some(explorer), Ok(camera)) = (show, explorer, cameras.single()) else {
        return;
    };
    let over_panel = contexts
        .ctx_mut()
        .is_ok_and(|context| context.egui_wants_pointer_input() || context.is_pointer_over_egui());
    let cursor = windows.single().ok().and_then(Window::cursor_position);
    let now = time.elapsed_secs_f64();
    let mut farthest = false;
    if lines != 0.0
        && !over_panel
        && let Some(span) = show.timeline.scenes.first()
    {
        let room = Room::of(camera, &mut contexts, explorer.panels, settings.scale);
        let part = |blocks: &[usize]| pose.height / room.pose(&span.layout, blocks).height;
        farthest = lines < 0.0 && part(&[]) > FARTHEST;
        let view = &explorer.view;
        let opens = |block: &usize| {
            let unit = view.unit(*block).filter(|unit| !unit.parts.is_empty());
            unit.is_some() && !explorer.is_at_place(*block)
        };
        let under = explorer.hovered.filter(opens);
        let map = &view.staged().map;
        let open = view.path().last().map(|unit| {
            let parts = unit.parts.iter();
            parts
                .filter_map(|part| map.find(&part.name))
                .collect::<Vec<_>>()
        });
        let seen = Seen {
            under: under.map(|block| (block, part(&[block]))),
            around: open.map(|blocks| part(&blocks)),
        };
        if let Some(action) = turned.turn(lines, now, seen) {
            actions.write(action);
        }
    }
    let wanted = WheelZoom {
        rests: turned.rests(now) || farthest,
        towards: cursor.filter(|_| !over_panel),
    };
    zoom.set_if_neq(wanted);
}
