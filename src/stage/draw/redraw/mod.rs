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
use bevy::render::render_resource::TextureId;
use bevy::render::view::ViewTarget;
use bevy::render::{Render, RenderApp, RenderSystems};

pub(super) use backdrop::KeptBackdrop;
pub use regions::Regions;
pub(super) use touched::Touched;
pub(super) use within::runs_within;

use super::StageCamera;
use super::pipeline::{StageBuffers, ViewUniform};
use panels::Panels;

/// Whether the picture of the last frame is kept, and what of it has changed.
#[derive(Resource, Default)]
pub struct Redraw {
    /// Whether the target still holds what was drawn last, panels included: so it is where nothing else
    /// draws into it, as in a recording.
    pub(super) kept: bool,
    /// Whether the next frame is drawn as a whole, whatever has changed.
    pub forced: bool,
    /// What is drawn in this frame.
    pub regions: Regions,
    /// What changed on the stage.
    pub(super) touched: Touched,
    panels: Panels,
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
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    render_app.init_resource::<Redraw>().add_systems(
        Render,
        decide
            .in_set(RedrawSystems)
            .in_set(RenderSystems::PrepareResources)
            .after(super::pipeline::prepare),
    );
    backdrop::plugin(render_app);
    panels::plugin(render_app);
}

impl Redraw {
    /// For a target that nothing else draws into.
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
) {
    let redraw = &mut *redraw;
    let touched = std::mem::take(&mut redraw.touched);
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
    let stays = redraw.last == Some(now) && !std::mem::take(&mut redraw.forced);
    redraw.last = Some(now);
    if !stays {
        return;
    }
    let Some(stage) = touched.on_screen(&now.view.clip_from_world(), now.view.floor(), now.size)
    else {
        return;
    };
    let instances = buffers.instance_count();
    redraw.regions = Regions::around(stage.into_iter().chain(panels), now.size, instances);
}
