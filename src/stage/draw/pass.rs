//! The render world's side: buffers, and the pass that draws the stage.

use std::collections::HashMap;

use bevy::core_pipeline::schedule::{Core3d, Core3dSystems};
use bevy::prelude::*;
use bevy::render::extract_component::ExtractComponentPlugin;
use bevy::render::extract_resource::ExtractResourcePlugin;
use bevy::render::render_resource::binding_types::{texture_2d, uniform_buffer};
use bevy::render::render_resource::{
    BindGroup, BindGroupEntries, BindGroupLayout, BindGroupLayoutEntries, BufferUsages, Extent3d,
    RawBufferVec, RenderPassDescriptor, RenderPipeline, ShaderStages, ShaderType, StoreOp, Texture,
    TextureDescriptor, TextureDimension, TextureFormat, TextureSampleType, TextureUsages,
    TextureView, UniformBuffer,
};
use bevy::render::renderer::{RenderContext, RenderDevice, RenderQueue, ViewQuery};
use bevy::render::view::{ExtractedView, ViewDepthTexture, ViewTarget};
use bevy::render::{Extract, ExtractSchedule, Render, RenderApp, RenderStartup, RenderSystems};

use super::boxes::{BoxBuffers, extract_boxes};
use super::collect::DrawList;
use super::instance::{Cube, Shadow, WallInstance};
use super::list::{Changes, CubeList};
use super::redraw::{KeptBackdrop, Redraw, Regions, Touched, runs_within};
use super::render_pipelines::{Needed, RenderPipelines};
use super::{Lighting, StageCamera};
use crate::stage::palette::Rgb;

/// How strongly the floor mirrors, at its surface.
const MIRROR: f32 = 0.20;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((
        ExtractComponentPlugin::<StageCamera>::default(),
        ExtractResourcePlugin::<Lighting>::default(),
    ));
    let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    render_app
        .init_resource::<StageBuffers>()
        .init_resource::<BoxBuffers>()
        .add_systems(RenderStartup, set_up)
        .add_systems(ExtractSchedule, (extract_draw_list, extract_boxes))
        .add_systems(Render, prepare.in_set(RenderSystems::PrepareResources))
        .add_systems(Core3d, draw_stage.in_set(Core3dSystems::MainPass));
}

/// What the shaders know of the view; see `view.wgsl`.
#[derive(ShaderType, Clone, Copy, Default, PartialEq)]
pub(super) struct ViewUniform {
    clip_from_world: Mat4,
    eye: Vec4,
    floor: Vec4,
    backdrop: Vec4,
    floor_color: Vec4,
    corner: Vec4,
    size: Vec4,
    wall: Vec4,
}

impl ViewUniform {
    pub(super) const fn clip_from_world(&self) -> Mat4 {
        self.clip_from_world
    }

    /// All that the backdrop follows from, beside the size of the picture.
    pub(super) const fn backdrop_colors(&self) -> [Vec4; 3] {
        [self.backdrop, self.floor_color, self.corner]
    }

    /// The height of the floor.
    pub(super) fn floor(&self) -> f32 {
        self.floor.x
    }
}

#[derive(Resource)]
pub(super) struct StageBuffers {
    view: UniformBuffer<ViewUniform>,
    cubes: CubeBuffer,
    mirrored: CubeBuffer,
    shadows: RawBufferVec<Shadow>,
    walls: RawBufferVec<WallInstance>,
    changed: bool,
}

impl Default for StageBuffers {
    fn default() -> Self {
        Self {
            view: UniformBuffer::default(),
            cubes: CubeBuffer::default(),
            mirrored: CubeBuffer::default(),
            shadows: RawBufferVec::new(BufferUsages::VERTEX),
            walls: RawBufferVec::new(BufferUsages::VERTEX),
            changed: false,
        }
    }
}

impl StageBuffers {
    pub(super) fn view(&self) -> &ViewUniform {
        self.view.get()
    }

    fn needed(&self, boxes: &BoxBuffers) -> Needed {
        Needed {
            cubes: self.instance_count() > 0,
            boxes: !boxes.is_empty(),
            walls: !self.walls.is_empty(),
        }
    }

    /// How many cubes there are, reflections among them.
    pub(super) fn instance_count(&self) -> usize {
        self.cubes.buffer.len() + self.mirrored.buffer.len()
    }
}

/// A list of cubes on the card, sent there piece by piece as it changes.
struct CubeBuffer {
    buffer: RawBufferVec<Cube>,
    edition: u64,
    /// What the card has not got yet.
    unsent: Changes,
}

impl Default for CubeBuffer {
    fn default() -> Self {
        Self {
            buffer: RawBufferVec::new(BufferUsages::VERTEX),
            edition: 0,
            unsent: Changes::All,
        }
    }
}

impl CubeBuffer {
    /// Takes over what has changed in a list, and tells where that is, if somebody asks.
    fn follow(&mut self, list: &CubeList, mirrored: bool, touched: Option<&mut Touched>) {
        let (edition, changes) = list.edition();
        if edition == self.edition {
            return;
        }
        if let Some(touched) = touched {
            if edition == self.edition + 1 {
                touched.cubes(self.buffer.values(), list, mirrored);
            } else {
                touched.all();
            }
        }
        let copy = self.buffer.values_mut();
        match changes {
            Changes::At(places) if edition == self.edition + 1 => {
                for place in places {
                    copy[place.clone()].copy_from_slice(&list.places()[place.clone()]);
                }
                if let Changes::At(unsent) = &mut self.unsent {
                    unsent.extend_from_slice(places);
                }
            }
            _ => {
                copy.clear();
                copy.extend_from_slice(list.places());
                self.unsent = Changes::All;
            }
        }
        self.edition = edition;
    }

    fn send(&mut self, device: &RenderDevice, queue: &RenderQueue) {
        let Changes::At(places) = std::mem::replace(&mut self.unsent, Changes::At(Vec::new()))
        else {
            // A list that grows a little does not need another buffer each time.
            let count = self.buffer.len();
            if count > self.buffer.capacity() {
                self.buffer.reserve(count + count / 8, device);
            }
            self.buffer.write_buffer(device, queue);
            return;
        };
        for place in places {
            if let Err(error) = self.buffer.write_buffer_range(queue, place) {
                // Then everything is sent with the next change.
                warn_once!("a change of the stage did not reach the graphics card: {error}");
                self.unsent = Changes::All;
            }
        }
    }
}

#[derive(Resource)]
pub(super) struct StagePipelines {
    layout: BindGroupLayout,
    digits: TextureView,
    /// Kept so that the view stays valid.
    _texture: Texture,
    for_format: HashMap<TextureFormat, RenderPipelines>,
    bind_group: Option<BindGroup>,
}

impl StagePipelines {
    /// What draws the backdrop into a target of a format, once there has been one, and what it reads.
    pub(super) fn backdrop(&self, format: TextureFormat) -> Option<(&RenderPipeline, BindGroup)> {
        let pipelines = self.for_format.get(&format)?;
        Some((&pipelines.backdrop, self.bind_group.clone()?))
    }
}

/// Makes what stays the same from frame to frame.
fn set_up(mut commands: Commands, device: Res<RenderDevice>, queue: Res<RenderQueue>) -> Result {
    let strip = image::load_from_memory(include_bytes!("../../../assets/digits.png"))?.into_luma8();
    let texture = device.create_texture_with_data(
        &queue,
        &TextureDescriptor {
            label: Some("digits"),
            size: Extent3d {
                width: strip.width(),
                height: strip.height(),
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: TextureDimension::D2,
            format: TextureFormat::Rgba8Unorm,
            usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
            view_formats: &[],
        },
        bevy::render::render_resource::TextureDataOrder::default(),
        &with_neighbours(&strip),
    );
    commands.insert_resource(StagePipelines {
        layout: device.create_bind_group_layout(
            "stage view",
            &BindGroupLayoutEntries::sequential(
                ShaderStages::VERTEX_FRAGMENT,
                (
                    uniform_buffer::<ViewUniform>(false),
                    texture_2d(TextureSampleType::Float { filterable: false }),
                ),
            ),
        ),
        digits: texture.create_view(&default()),
        _texture: texture,
        for_format: HashMap::new(),
        bind_group: None,
    });
    Ok(())
}

/// Each texel of the strip of glyphs, the one right of it, the one below and the one right below: see `digits.wgsl`.
fn with_neighbours(strip: &image::GrayImage) -> Vec<u8> {
    let (width, height) = strip.dimensions();
    let texel = |x: u32, y: u32| strip.get_pixel(x.min(width - 1), y.min(height - 1)).0[0];
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places
        .flat_map(|(x, y)| {
            [
                texel(x, y),
                texel(x + 1, y),
                texel(x, y + 1),
                texel(x + 1, y + 1),
            ]
        })
        .collect()
}

fn extract_draw_list(
    list: Extract<Res<DrawList>>,
    mut buffers: ResMut<StageBuffers>,
    mut redraw: ResMut<Redraw>,
) {
    if !list.is_changed() {
        return;
    }
    let kept = redraw.kept;
    let mut touched = kept.then_some(&mut redraw.touched);
    let buffers = &mut *buffers;
    buffers
        .cubes
        .follow(&list.cubes, false, touched.as_deref_mut());
    buffers
        .mirrored
        .follow(&list.mirrored, true, touched.as_deref_mut());
    if let Some(touched) = touched {
        touched.shadows(buffers.shadows.values(), &list.shadows);
        touched.walls(buffers.walls.values(), &list.walls);
    }
    buffers.shadows.values_mut().clone_from(&list.shadows);
    buffers.walls.values_mut().clone_from(&list.walls);
    buffers.changed = true;
}

/// Uploads what changed, and sees to it that there are pipelines for the view's format.
pub(super) fn prepare(
    mut buffers: ResMut<StageBuffers>,
    mut boxes: ResMut<BoxBuffers>,
    pipelines: Option<ResMut<StagePipelines>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    lighting: Res<Lighting>,
    views: Query<(&ExtractedView, &ViewTarget), With<StageCamera>>,
) {
    let (Some(mut pipelines), Ok((view, target))) = (pipelines, views.single()) else {
        return;
    };
    let buffers = &mut *buffers;
    if buffers.changed {
        buffers.cubes.send(&device, &queue);
        buffers.mirrored.send(&device, &queue);
        buffers.shadows.write_buffer(&device, &queue);
        buffers.walls.write_buffer(&device, &queue);
        buffers.changed = false;
    }
    boxes.prepare(&device, &queue);
    buffers.view.set(view_uniform(view, &lighting));
    buffers.view.write_buffer(&device, &queue);

    let pipelines = &mut *pipelines;
    let layout = &pipelines.layout;
    let format = target.main_texture_format();
    pipelines
        .for_format
        .entry(format)
        .or_insert_with(|| RenderPipelines::new(&device, layout, format))
        .complete(&device, layout, buffers.needed(&boxes));
    if pipelines.bind_group.is_none()
        && let Some(view) = buffers.view.binding()
    {
        pipelines.bind_group = Some(device.create_bind_group(
            "stage view",
            &pipelines.layout,
            &BindGroupEntries::sequential((view, &pipelines.digits)),
        ));
    }
}

fn view_uniform(view: &ExtractedView, lighting: &Lighting) -> ViewUniform {
    let world_from_view = view.world_from_view.to_matrix();
    let clip_from_world = view
        .clip_from_world
        .unwrap_or_else(|| view.clip_from_view * world_from_view.inverse());
    let parallel = view.clip_from_view.w_axis.w == 1.0;
    let eye = if parallel {
        world_from_view.z_axis.truncate().normalize().extend(0.0)
    } else {
        view.world_from_view.translation().extend(1.0)
    };
    let room = lighting.studio.room();
    let size = view.viewport.zw().as_vec2();
    ViewUniform {
        clip_from_world,
        eye,
        floor: Vec4::new(lighting.floor, MIRROR, 0.0, 0.0),
        backdrop: linear(room.backdrop),
        floor_color: linear(room.floor),
        corner: linear(room.corner),
        size: size
            .extend(f32::from(u8::from(!lighting.bevels)))
            .extend(f32::from(u8::from(!lighting.smooth))),
        wall: linear(room.wall),
    }
}

fn linear([red, green, blue]: Rgb) -> Vec4 {
    let color = Color::srgb_u8(red, green, blue).to_linear();
    Vec4::new(color.red, color.green, color.blue, 1.0)
}

/// The stage's pass.
pub(super) fn draw_stage(
    view: ViewQuery<(&ViewTarget, &ViewDepthTexture, &StageCamera)>,
    pipelines: Option<Res<StagePipelines>>,
    buffers: Res<StageBuffers>,
    boxes: Res<BoxBuffers>,
    (redraw, kept_backdrop): (Res<Redraw>, Res<KeptBackdrop>),
    mut context: RenderContext,
) {
    let (target, depth, _) = view.into_inner();
    let regions: &[Option<URect>] = match &redraw.regions {
        Regions::Whole => &[None],
        Regions::Boxes(boxes) if boxes.is_empty() => return,
        Regions::Boxes(boxes) => &boxes.iter().copied().map(Some).collect::<Vec<_>>(),
    };
    let Some(pipelines) = pipelines else {
        return;
    };
    let (Some(drawing), Some(bind_group)) = (
        pipelines.for_format.get(&target.main_texture_format()),
        &pipelines.bind_group,
    ) else {
        return;
    };
    let (clip_from_world, floor) = (buffers.view().clip_from_world(), buffers.view().floor());
    let texture = target.main_texture();
    let size = UVec2::new(texture.width(), texture.height());
    let color = [Some(target.get_color_attachment())];
    let mut pass = context.begin_tracked_render_pass(RenderPassDescriptor {
        label: Some("stage"),
        color_attachments: &color,
        depth_stencil_attachment: Some(depth.get_attachment(StoreOp::Store)),
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    });
    pass.set_bind_group(0, bind_group, &[]);
    for region in regions {
        if let Some(area) = region {
            pass.set_scissor_rect(area.min.x, area.min.y, area.width(), area.height());
        }
        if !kept_backdrop.in_place {
            pass.set_render_pipeline(&drawing.backdrop);
            pass.draw(0..3, 0..1);
        }
        if let Some(buffer) = buffers
            .shadows
            .buffer()
            .filter(|_| !buffers.shadows.is_empty())
        {
            pass.set_render_pipeline(&drawing.shadows);
            pass.set_vertex_buffer(0, buffer.slice(..));
            pass.draw(0..6, 0..buffers.shadows.len() as u32);
        }
        for table in [&buffers.mirrored.buffer, &buffers.cubes.buffer] {
            if let (Some(cubes), Some(buffer)) = (&drawing.cubes, table.buffer())
                && !table.is_empty()
            {
                pass.set_render_pipeline(cubes);
                let whole = 0..table.len() as u32;
                let runs = match region {
                    None => vec![whole],
                    Some(area) => runs_within(table.values(), &clip_from_world, floor, size, *area),
                };
                pass.set_vertex_buffer(0, buffer.slice(..));
                for run in runs {
                    pass.draw(0..36, run);
                }
            }
        }
        if let Some(pipeline) = &drawing.boxes {
            boxes.draw(&mut pass, pipeline);
        }
        if let (Some(walls), Some(buffer)) = (&drawing.walls, buffers.walls.buffer())
            && !buffers.walls.is_empty()
        {
            pass.set_render_pipeline(walls);
            pass.set_vertex_buffer(0, buffer.slice(..));
            pass.draw(0..18, 0..buffers.walls.len() as u32);
        }
    }
}
