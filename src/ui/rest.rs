//! Draws while something moves, and rests when nothing does: a lesson that stands still costs nothing.
//!
//! Events wake the window by themselves; for a while after the last of them it goes on drawing, until what
//! they set in motion (a gliding camera, a panel) has come to rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bevy::input::keyboard::KeyboardInput;
use bevy::input::mouse::{MouseButtonInput, MouseMotion, MouseWheel};
use bevy::input::touch::TouchInput;
use bevy::material::descriptor::PipelineDescriptor;
use bevy::platform::time::Instant;
use bevy::prelude::*;
use bevy::render::render_resource::PipelineCache;
use bevy::render::{Render, RenderApp, RenderSystems};
use bevy::window::{CursorMoved, FileDragAndDrop, WindowFocused, WindowResized};
use bevy::winit::{UpdateMode, WinitSettings};

use super::network::NetworkExplorer;
use super::{Screen, Settings, UiAction};
use crate::camera::CameraPose;
use crate::playback::{CurrentSample, Playhead, Show};
use crate::stage::draw::Lighting;

/// How long it goes on drawing after the last event or change.
const SETTLES: Duration = Duration::from_millis(1_500);
/// How often it looks for what is made in the background.
const LOOKS: Duration = Duration::from_millis(100);
/// How long it rests at a time: nothing happens then, so it may be long.
const RESTS: Duration = Duration::from_secs(3_600);
/// How long the same pipelines are waited for.
const COMPILES: Duration = Duration::from_secs(10);

/// What keeps the window from resting in this frame.
#[derive(Resource, Debug, Default)]
pub struct Activity {
    moves: bool,
    waits: bool,
}

impl Activity {
    /// Something moves: the next frame is drawn at once.
    pub const fn moves(&mut self) {
        self.moves = true;
    }

    /// Something is made in the background, or is to happen soon: it is looked for from time to time.
    pub const fn waits(&mut self) {
        self.waits = true;
    }
}

/// Whether pipelines are still being compiled, as the renderer saw it last.
#[derive(Resource, Clone, Default)]
struct Compiling(Arc<AtomicBool>);

/// When something moved last.
#[derive(Resource, Debug, Default)]
struct LastMove(Duration);

pub(super) fn plugin(app: &mut App) {
    let compiling = Compiling::default();
    app.init_resource::<Activity>()
        .init_resource::<LastMove>()
        .insert_resource(compiling.clone())
        .insert_resource(WinitSettings::continuous())
        .add_systems(Last, (notice_events, notice_changes, rest).chain());
    if let Some(render_app) = app.get_sub_app_mut(RenderApp) {
        render_app
            .insert_resource(compiling)
            .add_systems(Render, notice_pipelines.in_set(RenderSystems::Cleanup));
    }
}

/// Notices whether pipelines are compiled. Some graphics never get the shader of one that is not needed there:
/// that keeps nobody waiting for ever, and its name is told.
fn notice_pipelines(
    cache: Res<PipelineCache>,
    compiling: Res<Compiling>,
    mut before: Local<Option<(Vec<usize>, Instant)>>,
) {
    let mut waiting: Vec<usize> = cache.waiting_pipelines().collect();
    waiting.sort_unstable();
    let since = match before.take() {
        Some((those, since)) if those == waiting => since,
        Some(_) | None => Instant::now(),
    };
    let is_compiling = !waiting.is_empty() && since.elapsed() < COMPILES;
    let was_compiling = compiling.0.swap(is_compiling, Ordering::Relaxed);
    if was_compiling && !is_compiling && !waiting.is_empty() {
        let pipelines = cache.pipelines().enumerate();
        let late = pipelines.filter(|(place, _)| waiting.contains(place));
        let names: Vec<String> = late
            .map(|(_, pipeline)| match &pipeline.descriptor {
                PipelineDescriptor::RenderPipelineDescriptor(it) => format!("{:?}", it.label),
                PipelineDescriptor::ComputePipelineDescriptor(it) => format!("{:?}", it.label),
            })
            .collect();
        warn!("pipelines without their shaders: {}", names.join(", "));
    }
    *before = Some((waiting, since));
}

fn notice_events(
    mut keys: MessageReader<KeyboardInput>,
    mut buttons: MessageReader<MouseButtonInput>,
    mut motions: MessageReader<MouseMotion>,
    mut wheels: MessageReader<MouseWheel>,
    mut cursors: MessageReader<CursorMoved>,
    mut touches: MessageReader<TouchInput>,
    mut files: MessageReader<FileDragAndDrop>,
    mut sizes: MessageReader<WindowResized>,
    mut focus: MessageReader<WindowFocused>,
    mut actions: MessageReader<UiAction>,
    mut activity: ResMut<Activity>,
) {
    let events = [
        keys.read().count(),
        buttons.read().count(),
        motions.read().count(),
        wheels.read().count(),
        cursors.read().count(),
        touches.read().count(),
        files.read().count(),
        sizes.read().count(),
        focus.read().count(),
        actions.read().count(),
    ];
    if events.into_iter().any(|count| count > 0) {
        activity.moves();
    }
}

fn notice_changes(
    playhead: Res<Playhead>,
    show: Option<Res<Show>>,
    screen: Res<State<Screen>>,
    now: Res<CurrentSample>,
    pose: Res<CameraPose>,
    settings: Res<Settings>,
    lighting: Res<Lighting>,
    network: Option<Res<NetworkExplorer>>,
    mut before: Local<CameraPose>,
    mut activity: ResMut<Activity>,
) {
    let changed = playhead.is_changed()
        || show.is_some_and(|show| show.is_changed())
        || screen.is_changed()
        || now.is_changed()
        || settings.is_changed()
        || lighting.is_changed()
        || network.is_some_and(|network| network.is_changed());
    // A camera writes its pose anew each frame, changed or not.
    let glides = *before != *pose;
    *before = *pose;
    if playhead.playing || changed || glides {
        activity.moves();
    }
}

fn rest(
    time: Res<Time<Real>>,
    compiling: Res<Compiling>,
    mut activity: ResMut<Activity>,
    mut last: ResMut<LastMove>,
    mut winit: ResMut<WinitSettings>,
) {
    let Activity { moves, waits } = std::mem::take(&mut *activity);
    let now = time.elapsed();
    if moves || compiling.0.load(Ordering::Relaxed) {
        last.0 = now;
    }
    let mode = if now.saturating_sub(last.0) < SETTLES {
        UpdateMode::Continuous
    } else if waits {
        UpdateMode::reactive(LOOKS)
    } else {
        UpdateMode::reactive(RESTS)
    };
    if winit.focused_mode != mode || winit.unfocused_mode != mode {
        winit.focused_mode = mode;
        winit.unfocused_mode = mode;
    }
}
