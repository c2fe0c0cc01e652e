//! The backdrop, drawn once: what it looks like depends on nothing but the place on the screen.

use bevy::core_pipeline::schedule::{Core3d, Core3dSystems};
use bevy::prelude::*;
use bevy::render::render_resource::{
    Extent3d, LoadOp, Operations, Origin3d, RenderPassColorAttachment, RenderPassDescriptor,
    StoreOp, TexelCopyTextureInfo, Texture, TextureAspect, TextureDescriptor, TextureDimension,
    TextureFormat, TextureUsages,
};
use bevy::render::renderer::{RenderContext, RenderDevice, ViewQuery};
use bevy::render::view::{ViewDepthTexture, ViewTarget};

use super::super::StageCamera;
use super::super::pass::{StageBuffers, StagePipelines, draw_stage};
use super::{Redraw, Regions};

/// A picture of the backdrop by itself, from which it is copied.
#[derive(Resource, Default)]
pub(in super::super) struct KeptBackdrop {
    picture: Option<(Texture, Nature)>,
    /// Whether it lies in the target of this frame, where that is drawn anew.
    pub in_place: bool,
}

/// What the backdrop follows from.
#[derive(Clone, Copy, PartialEq)]
struct Nature {
    size: UVec2,
    format: TextureFormat,
    colors: [Vec4; 3],
}

pub(super) fn plugin(render_app: &mut SubApp) {
    render_app.init_resource::<KeptBackdrop>().add_systems(
        Core3d,
        lay_backdrop
            .in_set(Core3dSystems::MainPass)
            .before(draw_stage),
    );
}

fn lay_backdrop(
    view: ViewQuery<(&ViewTarget, &ViewDepthTexture, &StageCamera)>,
    (redraw, buffers, pipelines): (Res<Redraw>, Res<StageBuffers>, Option<Res<StagePipelines>>),
    device: Res<RenderDevice>,
    mut kept: ResMut<KeptBackdrop>,
    mut context: RenderContext,
) {
    kept.in_place = false;
    // A card that was lost has lost the picture too.
    if device.is_changed() {
        kept.picture = None;
    }
    let (target, depth, _) = view.into_inner();
    let texture = target.main_texture();
    if !redraw.kept || !texture.usage().contains(TextureUsages::COPY_DST) {
        return;
    }
    let Some((pipeline, bind_group)) = pipelines
        .as_ref()
        .and_then(|pipelines| pipelines.backdrop(target.main_texture_format()))
    else {
        return;
    };
    let size = UVec2::new(texture.width(), texture.height());
    let nature = Nature {
        size,
        format: target.main_texture_format(),
        colors: buffers.view().backdrop_colors(),
    };
    let extent = Extent3d {
        width: size.x,
        height: size.y,
        depth_or_array_layers: 1,
    };
    let known = kept.picture.take().filter(|(_, of)| *of == nature);
    let (picture, _) = kept.picture.insert(match known {
        Some(known) => known,
        None => {
            let picture = device.create_texture(&TextureDescriptor {
                label: Some("backdrop"),
                size: extent,
                mip_level_count: 1,
                sample_count: 1,
                dimension: TextureDimension::D2,
                format: nature.format,
                usage: TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC,
                view_formats: &[],
            });
            let color = picture.create_view(&default());
            let attachment = RenderPassColorAttachment {
                view: &color,
                depth_slice: None,
                resolve_target: None,
                ops: Operations {
                    load: LoadOp::Clear(default()),
                    store: StoreOp::Store,
                },
            };
            let mut pass = context.begin_tracked_render_pass(RenderPassDescriptor {
                label: Some("backdrop"),
                color_attachments: &[Some(attachment)],
                // It is in the pipeline's layout; nothing is tested or written.
                depth_stencil_attachment: Some(depth.get_attachment(StoreOp::Store)),
                timestamp_writes: None,
                occlusion_query_set: None,
                multiview_mask: None,
            });
            pass.set_bind_group(0, &bind_group, &[]);
            pass.set_render_pipeline(pipeline);
            pass.draw(0..3, 0..1);
            drop(pass);
            (picture, nature)
        }
    });
    let areas = match &redraw.regions {
        Regions::Whole => vec![URect::from_corners(UVec2::ZERO, size)],
        Regions::Boxes(boxes) => boxes.clone(),
    };
    for area in areas {
        let at = |texture| TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: Origin3d {
                x: area.min.x,
                y: area.min.y,
                z: 0,
            },
            aspect: TextureAspect::All,
        };
        context.command_encoder().copy_texture_to_texture(
            at(&**picture),
            at(&**texture),
            Extent3d {
                width: area.width(),
                height: area.height(),
                depth_or_array_layers: 1,
            },
        );
    }
    kept.in_place = true;
}
