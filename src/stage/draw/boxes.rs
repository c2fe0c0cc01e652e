//! Whole tensors as boxes: one instance each, its cells from a texture.

use std::sync::Arc;

use bevy::prelude::*;
use bevy::render::Extract;
use bevy::render::render_phase::TrackedRenderPass;
use bevy::render::render_resource::binding_types::texture_2d;
use bevy::render::render_resource::{
    BindGroup, BindGroupEntries, BindGroupLayout, BindGroupLayoutEntries, BufferUsages, Extent3d,
    RawBufferVec, RenderPipeline, ShaderStages, Texture, TextureDataOrder, TextureDescriptor,
    TextureDimension, TextureFormat, TextureSampleType, TextureUsages,
};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bytemuck::{Pod, Zeroable};

use super::redraw::Redraw;
use crate::stage::palette::Rgb;

/// The pixels that the faces of boxes are drawn with, and a number that tells one from another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Atlas {
    /// Which one it is; 0 for none.
    pub edition: u64,
    /// Columns and rows.
    pub size: UVec2,
    /// Red, green, blue and 255 of each pixel, row by row.
    pub pixels: Vec<u8>,
    /// What the cells of fronts hold; see [`FrontCells`].
    pub words: Vec<u32>,
}

/// Where a face is in the atlas: its first column and row, its columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaceCells {
    /// The first column and row.
    pub at: [u16; 2],
    /// Columns and rows.
    pub size: [u16; 2],
}

/// Where the cells of a front are among the words of the atlas. First, where the front has more cells than its
/// face, the colour of each, row by row; then numbers of each, as
/// [`NumberFormat::glyphs`](crate::stage::number::NumberFormat::glyphs) packs them: one of each cell, then another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FrontCells {
    /// The first word.
    pub first: u32,
    /// Columns and rows.
    pub size: [u32; 2],
    /// Whether the colours are there.
    pub colored: bool,
    /// Numbers that a cell has, one below the other.
    pub numbers: u32,
}

/// How a box looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxAppearance {
    /// Its middle.
    pub middle: Vec3,
    /// Half its breadth, height and depth.
    pub half: Vec3,
    /// Its opacity.
    pub opacity: f32,
    /// How far it recedes into the room.
    pub recede: f32,
    /// How much it glows.
    pub glow: f32,
    /// Its colour, where it has no faces of its own.
    pub color: Rgb,
    /// Left and right, bottom and top, back and front.
    pub faces: Option<[FaceCells; 6]>,
    /// What is to be seen of its front from near.
    pub front: Option<FrontCells>,
    /// Whether it has a shadow.
    pub casts: bool,
}

/// The boxes on the stage.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct Boxes {
    /// Each box.
    pub list: Vec<BoxAppearance>,
    /// Their faces.
    pub atlas: Arc<Atlas>,
}

/// A box as the shader reads it.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable, Default)]
#[repr(C)]
pub struct BoxInstance {
    /// Middle and opacity.
    pub place: [f32; 4],
    /// Half the breadth, height and depth, and how far it recedes.
    pub half: [f32; 4],
    /// The faces: for each its first cell in a word, and its size in another.
    pub faces: [u32; 12],
    /// Colour; 1 if mirrored; glow; nothing.
    pub look: [u32; 4],
    /// The cells of the front: the first word; columns and rows; numbers of each, and whether colours come first.
    pub front: [u32; 4],
}

/// The flag of colours before the numbers of a front, in the last word of it.
const COLORED: u32 = 1 << 4;
/// Columns of the texture of words: what every WebGL has.
const WORDS_ACROSS: usize = 2048;

impl BoxInstance {
    /// The instance of a box.
    #[must_use]
    pub fn new(of: &BoxAppearance) -> Self {
        let mut faces = [0; 12];
        for (words, face) in faces.chunks_exact_mut(2).zip(of.faces.iter().flatten()) {
            let word = |[low, high]: [u16; 2]| u32::from(low) | u32::from(high) << 16;
            words.copy_from_slice(&[word(face.at), word(face.size)]);
        }
        let [red, green, blue] = of.color;
        Self {
            place: of.middle.extend(of.opacity).to_array(),
            half: of.half.extend(of.recede).to_array(),
            faces,
            look: [
                u32::from_le_bytes([red, green, blue, 255]),
                0,
                (of.glow.clamp(0.0, 1.0) * 255.0) as u32,
                0,
            ],
            front: of.front.map_or([0; 4], |front| {
                let [columns, rows] = front.size;
                let colored = if front.colored { COLORED } else { 0 };
                [front.first, columns, rows, front.numbers | colored]
            }),
        }
    }

    /// Whether it is what the floor mirrors.
    pub(super) const fn is_mirrored(&self) -> bool {
        self.look[1] == 1
    }

    /// The box as the floor mirrors it, without its numbers.
    #[must_use]
    pub const fn mirrored(mut self) -> Self {
        self.look[1] = 1;
        self.front[3] &= COLORED;
        self
    }
}

/// What the card has of the boxes.
#[derive(Resource)]
pub(super) struct BoxBuffers {
    instances: RawBufferVec<BoxInstance>,
    atlas: Arc<Atlas>,
    /// The atlas on the card, by its edition: its pixels and its words.
    sent: Option<(u64, [Texture; 2], BindGroup)>,
    changed: bool,
}

impl Default for BoxBuffers {
    fn default() -> Self {
        Self {
            instances: RawBufferVec::new(BufferUsages::VERTEX),
            atlas: Arc::default(),
            sent: None,
            changed: false,
        }
    }
}

/// The layout of the atlas among the bindings.
pub(super) fn atlas_layout(device: &RenderDevice) -> BindGroupLayout {
    device.create_bind_group_layout(
        "stage boxes",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::FRAGMENT,
            (
                texture_2d(TextureSampleType::Float { filterable: false }),
                texture_2d(TextureSampleType::Uint),
            ),
        ),
    )
}

pub(super) fn extract_boxes(
    boxes: Extract<Res<Boxes>>,
    list: Extract<Res<super::DrawList>>,
    mut buffers: ResMut<BoxBuffers>,
    mut redraw: ResMut<Redraw>,
) {
    if !list.is_changed() {
        return;
    }
    if redraw.kept {
        if buffers.atlas.edition == boxes.atlas.edition {
            redraw
                .touched
                .network(buffers.instances.values(), &list.boxes);
        } else {
            redraw.touched.all();
        }
    }
    buffers.instances.values_mut().clone_from(&list.boxes);
    buffers.atlas = boxes.atlas.clone();
    buffers.changed = true;
}

impl BoxBuffers {
    pub(super) fn is_empty(&self) -> bool {
        self.instances.is_empty()
    }

    pub(super) fn prepare(&mut self, device: &RenderDevice, queue: &RenderQueue) {
        if !std::mem::take(&mut self.changed) || self.instances.is_empty() {
            return;
        }
        self.instances.write_buffer(device, queue);
        let known = self.sent.as_ref().map(|(edition, ..)| *edition);
        if known == Some(self.atlas.edition) {
            return;
        }
        let texture = |label: &'static str, size: UVec2, format: TextureFormat, data: &[u8]| {
            device.create_texture_with_data(
                queue,
                &TextureDescriptor {
                    label: Some(label),
                    size: Extent3d {
                        width: size.x,
                        height: size.y,
                        depth_or_array_layers: 1,
                    },
                    mip_level_count: 1,
                    sample_count: 1,
                    dimension: TextureDimension::D2,
                    format,
                    usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
                    view_formats: &[],
                },
                TextureDataOrder::default(),
                data,
            )
        };
        let (size, pixels) = if self.atlas.pixels.is_empty() {
            (UVec2::ONE, &[255_u8; 4] as &[u8])
        } else {
            (self.atlas.size, self.atlas.pixels.as_slice())
        };
        let faces = texture("faces of boxes", size, TextureFormat::Rgba8Unorm, pixels);
        // Whole rows of words, and one at least.
        let rows = self.atlas.words.len().div_ceil(WORDS_ACROSS).max(1);
        let mut words = self.atlas.words.clone();
        words.resize(rows * WORDS_ACROSS, 0);
        let fronts = texture(
            "fronts of boxes",
            UVec2::new(WORDS_ACROSS as u32, rows as u32),
            TextureFormat::R32Uint,
            bytemuck::cast_slice(&words),
        );
        let views = [&faces, &fronts].map(|texture| texture.create_view(&default()));
        let group = device.create_bind_group(
            "stage boxes",
            &atlas_layout(device),
            &BindGroupEntries::sequential((&views[0], &views[1])),
        );
        self.sent = Some((self.atlas.edition, [faces, fronts], group));
    }

    /// Draws the boxes; the view is bound already.
    pub(super) fn draw<'w>(
        &'w self,
        pass: &mut TrackedRenderPass<'w>,
        pipeline: &'w RenderPipeline,
    ) {
        let (Some(buffer), Some((_, _, group))) = (self.instances.buffer(), &self.sent) else {
            return;
        };
        if self.instances.is_empty() {
            return;
        }
        pass.set_render_pipeline(pipeline);
        pass.set_bind_group(1, group, &[]);
        pass.set_vertex_buffer(0, buffer.slice(..));
        pass.draw(0..18, 0..self.instances.len() as u32);
    }
}
