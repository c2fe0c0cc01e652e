//! What of the picture has to be drawn anew: where the picture of the last frame is kept, only the boxes
//! around what has changed since are.
//!
//! Within such a box everything is drawn as in a whole picture, by the same calls with a scissor, so that
//! each pixel comes out the same to the bit, whatever was drawn before.

mod backdrop;
mod panels;
mod regions;
mod touched;
mod within;

use bevy::prelude::*;
use bevy::render::extract_resource::ExtractResourcePlugin;
use bevy::render::render_resource::{PipelineCache, TextureId};
use bevy::render::view::ViewTarget;
use bevy::render::{Render, RenderApp, RenderSystems};

pub(super) use backdrop::KeptBackdrop;
pub use regions::Regions;
pub(super) use touched::Touched;
pub(super) use within::runs_within;

use super::pass::{StageBuffers, ViewUniform};
use super::{Overlays, StageCamera};
use panels::Panels;

/// Whether the picture of the last frame is kept, and what of it has changed.
#[derive(Resource, Default)]
pub struct Redraw {
    /// Whether the target still holds what was drawn last, names and captions included, but where there are
    /// [`Overlays`].
    pub(super) kept: bool,
    /// Whether the next frame is drawn as a whole, whatever has changed.
    pub forced: bool,
    /// Whether only a corner of the next frame is drawn, for what is made when something is drawn first: pipelines,
    /// and the driver's programs.
    pub rehearsed: bool,
    /// What is drawn in this frame.
    pub regions: Regions,
    /// What changed on the stage.
    pub(super) touched: Touched,
    panels: Panels,
    /// What others have drawn over the target since.
    overlays: Vec<Rect>,
    /// Pipelines that could not draw yet.
    waiting: Vec<usize>,
    last: Option<Drawn>,
}

/// From where and into what a picture was drawn.
#[derive(Clone, Copy, PartialEq)]
struct Drawn {
    view: ViewUniform,
    target: TextureId,
    size: UVec2,
}

/// Runs where the next frame's regions are decided.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedrawSystems;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(ExtractResourcePlugin::<Overlays>::default());
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    render_app.init_resource::<Redraw>().add_systems(
        Render,
        decide
            .in_set(RedrawSystems)
            .in_set(RenderSystems::PrepareResources)
            .after(super::pass::prepare),
    );
    backdrop::plugin(render_app);
    panels::plugin(render_app);
}

impl Redraw {
    /// For a target that nothing else draws into, but where it says so by [`Overlays`].
    #[must_use]
    pub fn keeping() -> Self {
        Self {
            kept: true,
            ..Self::default()
        }
    }
}

/// Decides what is drawn.
fn decide(
    mut redraw: ResMut<Redraw>,
    buffers: Res<StageBuffers>,
    nodes: Res<bevy::ui_render::ExtractedUiNodes>,
    views: Query<&ViewTarget, With<StageCamera>>,
    overlays: Option<Res<Overlays>>,
    cache: Res<PipelineCache>,
) {
    let redraw = &mut *redraw;
    let touched = std::mem::take(&mut redraw.touched);
    let overlays = overlays.map_or_else(Vec::new, |overlays| overlays.0.clone());
    let drawn_over = std::mem::replace(&mut redraw.overlays, overlays);
    // What a pipeline that is ready only now left out is nowhere in the picture.
    let mut waiting: Vec<usize> = cache.waiting_pipelines().collect();
    waiting.sort_unstable();
    let all_drew = redraw.waiting == waiting;
    redraw.waiting = waiting;
    redraw.regions = Regions::Whole;
    if !redraw.kept {
        return;
    }
    let Ok(target) = views.single() else {
        redraw.last = None;
        return;
    };
    let texture = target.main_texture();
    let now = Drawn {
        view: *buffers.view(),
        target: texture.id(),
        size: UVec2::new(texture.width(), texture.height()),
    };
    let panels = redraw.panels.follow(&nodes);
    let was_forced = std::mem::take(&mut redraw.forced);
    let instances = buffers.instance_count();
    if std::mem::take(&mut redraw.rehearsed) {
        redraw.last = None;
        let corner = Rect::new(0.0, 0.0, 1.0, 1.0);
        redraw.regions = Regions::around([corner].into_iter(), now.size, instances);
        return;
    }
    let stays = redraw.last == Some(now) && !was_forced && all_drew;
    redraw.last = Some(now);
    if !stays {
        return;
    }
    let Some(stage) = touched.on_screen(&now.view.clip_from_world(), now.view.floor(), now.size)
    else {
        return;
    };
    let changed = stage.into_iter().chain(panels);
    let drawn_over = drawn_over.iter().chain(&redraw.overlays).copied();
    redraw.regions = Regions::around(changed.chain(drawn_over), now.size, instances);
}
