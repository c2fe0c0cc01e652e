//! Where the camera goes to see some blocks of a network, in what the panels leave of the window.

use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::panels::side_panels;
use crate::camera::CameraPose;
use crate::camera::free::MoveCamera;
use crate::explore::network_view::{PITCH, YAW};
use crate::lesson::{Part, Shot};
use crate::playback::Show;
use crate::stage::draw::StageCamera;
use crate::timeline::Motion;
use crate::ui::Settings;

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

pub(super) fn frame_blocks(
    mut asked: MessageReader<FrameBlocks>,
    show: Option<Res<Show>>,
    settings: Res<Settings>,
    cameras: Query<&Camera, With<StageCamera>>,
    mut contexts: EguiContexts,
    mut moves: MessageWriter<MoveCamera>,
) {
    let (Some(show), Ok(camera)) = (show, cameras.single()) else {
        return;
    };
    let Some(asked) = asked.read().last().cloned() else {
        return;
    };
    let Some(span) = show.timeline.scenes.first() else {
        return;
    };
    let window = camera
        .logical_viewport_size()
        .unwrap_or(Vec2::new(16.0, 9.0));
    let (left, right) = contexts
        .ctx_mut()
        .map_or((0.0, 0.0), |context| side_panels(context));
    let (left, right) = (left * settings.scale, right * settings.scale);
    let free = (window.x - left - right).max(window.x * 0.3);
    let shot = Shot {
        yaw: YAW,
        pitch: PITCH,
        room: ROOM[usize::from(asked.blocks.len() != 1)],
        frame: asked.blocks.into_iter().map(Part::Tensor).collect(),
    };
    let aspect = free / window.y.max(1.0);
    let mut pose = CameraPose::alone(&span.layout.frame(&shot), (0.0, below), aspect);
    if let Some(at) = asked.at {
        pose.centre = at;
        pose.height *= NEAR;
    }
    // Into the middle of what the panels leave.
    let aside = (left - right) * 0.5 / window.y.max(1.0);
    let (sin, cos) = bevy::math::ops::sin_cos(pose.yaw);
    pose.centre -= Vec3::new(cos, 0.0, -sin) * (aside * pose.height);
    moves.write(MoveCamera {
        pose,
        glide: asked.glide && settings.motion == Motion::Full,
    });
}
