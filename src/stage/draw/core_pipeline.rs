//! What draws a camera's picture, of the engine's own: its core pipeline without what nothing on the stage uses.
//!
//! The engine's plugin also prepares a shader for each of 40 texture formats that mipmaps could be made of, and the
//! pipelines of sprites: a third of the time that a still takes, and of a page's way to its first frame. Its passes in
//! space draw meshes, of which there are none, into a target that is then mapped to the screen's tones, which ours has
//! from the start.

use std::path::{Path, PathBuf};

use bevy::asset::io::embedded::EmbeddedAssetRegistry;
use bevy::core_pipeline::FullscreenShader;
use bevy::core_pipeline::blit::BlitPlugin;
use bevy::core_pipeline::core_3d::prepare_core_3d_depth_textures;
use bevy::core_pipeline::schedule::{Core3d, Core3dSystems, camera_driver};
use bevy::core_pipeline::upscaling::{UpscalingPlugin, upscaling};
use bevy::image::TextureAtlasPlugin;
use bevy::prelude::*;
use bevy::render::camera::CameraRenderGraph;
use bevy::render::extract_component::ExtractComponentPlugin;
use bevy::render::renderer::{PendingCommandBuffers, RenderGraph, RenderGraphSystems, RenderQueue};
use bevy::render::{ExtractSchedule, Render, RenderApp, RenderSystems};
use bevy::sprite_render::{SpriteAssetEvents, extract_sprite_events};

/// Where the engine looks for the shader of a triangle that covers the picture.
const FULLSCREEN: &str = "bevy_core_pipeline/fullscreen_vertex_shader/fullscreen.wgsl";

/// The frame of a camera in space, into which others put their passes, and the way of its picture to what is seen.
#[derive(Debug)]
pub(super) struct CorePipeline;

impl Plugin for CorePipeline {
    fn build(&self, app: &mut App) {
        let registry = app.world().resource::<EmbeddedAssetRegistry>();
        registry.insert_asset(
            PathBuf::from("fullscreen.wgsl"),
            Path::new(FULLSCREEN),
            include_bytes!("fullscreen.wgsl").as_slice(),
        );
        app.register_required_components_with::<Camera3d, CameraRenderGraph>(|| {
            CameraRenderGraph::new(Core3d)
        })
        .add_plugins((
            ExtractComponentPlugin::<Camera3d>::default(),
            BlitPlugin,
            UpscalingPlugin,
        ));
        if !app.is_plugin_added::<TextureAtlasPlugin>() {
            app.add_plugins(TextureAtlasPlugin);
        }
        let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
            return;
        };
        render_app
            .init_resource::<FullscreenShader>()
            // Lettering hears from it that an atlas of glyphs has changed.
            .init_resource::<SpriteAssetEvents>()
            .add_systems(ExtractSchedule, extract_sprite_events)
            .add_systems(
                Render,
                prepare_core_3d_depth_textures.in_set(RenderSystems::PrepareResources),
            )
            .add_schedule(Core3d::base_schedule())
            .add_systems(Core3d, upscaling.after(Core3dSystems::PostProcess))
            .add_systems(
                RenderGraph,
                (
                    camera_driver.in_set(RenderGraphSystems::Render),
                    submit.in_set(RenderGraphSystems::Submit),
                ),
            );
    }
}

fn submit(mut pending: ResMut<PendingCommandBuffers>, queue: Res<RenderQueue>) {
    let buffers = pending.take();
    if !buffers.is_empty() {
        queue.submit(buffers);
    }
}
