//! Where the camera goes to see some blocks of a network, in what the panels leave of the window.

use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::panels::{self, side_panels};
use super::session::NetworkExplorer;
use crate::camera::CameraPose;
use crate::camera::free::MoveCamera;
use crate::explore::network_view::{PITCH, YAW};
use crate::lesson::{Part, Shot};
use crate::playback::Show;
use crate::stage::draw::StageCamera;
use crate::timeline::{Layout, Motion};
use crate::ui::Settings;
use crate::ui::explore::stands_at;

/// How much room is left around a single block, and around several.
const ROOM: [f32; 2] = [2.4, 1.08];

/// How much of the height of a picture of a block is seen around a place of it.
const NEAR: f32 = 0.6;

/// Asks for the camera to go where blocks are seen; all of them where none is named.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct FrameBlocks {
    /// The blocks by their places on the map.
    pub blocks: Vec<usize>,
    /// Whether the camera glides there.
    pub glide: bool,
    /// The point that is seen from near, where one is.
    pub at: Option<Vec3>,
}

/// The window, and what panels cover of it: on the left and on the right in points, at the foot as a part of its
/// height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    window: Vec2,
    left: f32,
    right: f32,
    below: f32,
}

impl Room {
    /// What there is now. `shown` says whether the panels are.
    pub fn of(camera: &Camera, contexts: &mut EguiContexts, shown: bool, scale: f32) -> Self {
        let window = camera
            .logical_viewport_size()
            .unwrap_or(Vec2::new(16.0, 9.0));
        let (mut left, mut right, mut below) = (0.0, 0.0, 0.0);
        if let Ok(context) = contexts.ctx_mut() {
            (left, right) = side_panels(context, shown);
            below = panels::below(context, shown);
        }
        Self {
            window,
            left: left * scale,
            right: right * scale,
            below: below * scale / window.y.max(1.0),
        }
    }

    /// Where blocks are seen in the middle of a window as wide as what the panels leave; all of them where none is
    /// named.
    pub fn pose(&self, layout: &Layout, blocks: &[usize]) -> CameraPose {
        let free = (self.window.x - self.left - self.right).max(self.window.x * 0.3);
        let shot = Shot {
            yaw: YAW,
            pitch: PITCH,
            room: ROOM[usize::from(blocks.len() != 1)],
            frame: blocks.iter().copied().map(Part::Tensor).collect(),
        };
        let aspect = free / self.window.y.max(1.0);
        CameraPose::alone(&layout.frame(&shot), (0.0, self.below), aspect)
    }
}

/// What was framed last: the blocks, where the camera went for them, and the room that there was.
pub(super) struct Framed {
    asked: FrameBlocks,
    pose: CameraPose,
    room: Room,
}

/// Frames what is asked for. What was framed and not moved since is framed again when there is more or less room.
pub(super) fn frame_blocks(
    mut asked: MessageReader<FrameBlocks>,
    show: Option<Res<Show>>,
    explorer: Option<Res<NetworkExplorer>>,
    (settings, pose): (Res<Settings>, Res<CameraPose>),
    cameras: Query<&Camera, With<StageCamera>>,
    mut contexts: EguiContexts,
    mut last: Local<Option<Framed>>,
    mut moves: MessageWriter<MoveCamera>,
) {
    let (Some(show), Ok(camera)) = (show, cameras.single()) else {
        return;
    };
    let shown = explorer.is_some_and(|explorer| explorer.panels);
    let room = Room::of(camera, &mut contexts, shown, settings.scale);
    let other_room = last
        .as_ref()
        .filter(|last| last.room != room && stands_at(&pose, &last.pose))
        .map(|last| FrameBlocks {
            glide: false,
            ..last.asked.clone()
        });
    let Some(asked) = asked.read().last().cloned().or(other_room) else {
        return;
    };
    let Some(span) = show.timeline.scenes.first() else {
        return;
    };
    let mut pose = room.pose(&span.layout, &asked.blocks);
    if let Some(at) = asked.at {
        pose.centre = at;
        pose.height *= NEAR;
    }
    // Into the middle of what the panels leave.
    let aside = (room.left - room.right) * 0.5 / room.window.y.max(1.0);
    let (sin, cos) = bevy::math::ops::sin_cos(pose.yaw);
    pose.centre -= Vec3::new(cos, 0.0, -sin) * (aside * pose.height);
    moves.write(MoveCamera {
        pose,
        glide: asked.glide && settings.motion == Motion::Full,
    });
    *last = Some(Framed { asked, pose, room });
}
