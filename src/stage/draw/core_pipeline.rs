//! What draws a camera's picture, of the engine's own: its core pipeline without what nothing on the stage uses.
//!
//! The engine's plugin also prepares a shader for each of 40 texture formats that mipmaps could be made of, and the
//! pipelines of sprites: a third of the time that a still takes, and of a page's way to its first frame.

use std::path::{Path, PathBuf};

use bevy::app::PluginGroupBuilder;
use bevy::asset::io::embedded::EmbeddedAssetRegistry;
use bevy::core_pipeline::blit::BlitPlugin;
use bevy::core_pipeline::core_3d::Core3dPlugin;
use bevy::core_pipeline::deferred::copy_lighting_id::CopyDeferredLightingIdPlugin;
use bevy::core_pipeline::schedule::camera_driver;
use bevy::core_pipeline::tonemapping::TonemappingPlugin;
use bevy::core_pipeline::upscaling::UpscalingPlugin;
use bevy::core_pipeline::{CorePipelinePlugin, FullscreenShader};
use bevy::image::TextureAtlasPlugin;
use bevy::prelude::*;
use bevy::render::renderer::{PendingCommandBuffers, RenderGraph, RenderGraphSystems, RenderQueue};
use bevy::render::{ExtractSchedule, RenderApp};
use bevy::sprite::SpritePlugin;
use bevy::sprite_render::{SpriteAssetEvents, SpriteRenderPlugin, extract_sprite_events};

/// Where the engine looks for the shader of a triangle that covers the picture.
const FULLSCREEN: &str = "bevy_core_pipeline/fullscreen_vertex_shader/fullscreen.wgsl";

/// Puts a core pipeline of our own in the place of the engine's, and takes out sprites.
pub fn without_unused(plugins: PluginGroupBuilder) -> PluginGroupBuilder {
    plugins
        .add_before::<CorePipelinePlugin>(CorePipeline)
        .disable::<CorePipelinePlugin>()
        .disable::<SpritePlugin>()
        .disable::<SpriteRenderPlugin>()
}

/// The passes of a camera in space, and the way of its picture to what is seen.
#[derive(Debug)]
struct CorePipeline;

impl Plugin for CorePipeline {
    fn build(&self, app: &mut App) {
        let registry = app.world().resource::<EmbeddedAssetRegistry>();
        registry.insert_asset(
            PathBuf::from("fullscreen.wgsl"),
            Path::new(FULLSCREEN),
            include_bytes!("fullscreen.wgsl").as_slice(),
        );
        app.add_plugins((
            Core3dPlugin,
            CopyDeferredLightingIdPlugin,
            BlitPlugin,
            TonemappingPlugin,
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
