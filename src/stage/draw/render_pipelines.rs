//! What the stage's shaders are compiled to.

use bevy::core_pipeline::core_3d::CORE_3D_DEPTH_FORMAT;
use bevy::prelude::*;
use bevy::render::render_resource::{
    BindGroupLayout, BlendComponent, BlendFactor, BlendOperation, BlendState, ColorTargetState,
    ColorWrites, CompareFunction, DepthStencilState, MultisampleState, PipelineCompilationOptions,
    PipelineLayoutDescriptor, PrimitiveState, RawFragmentState, RawRenderPipelineDescriptor,
    RawVertexBufferLayout, RawVertexState, RenderPipeline, ShaderModule, ShaderModuleDescriptor,
    ShaderSource, TextureFormat, VertexAttribute, VertexFormat, VertexStepMode,
};
use bevy::render::renderer::RenderDevice;

use super::boxes::atlas_layout;

/// The pipelines of the stage's pass, for targets of one format. Those that are not always needed are made when something
/// is there for them: each takes a page some fifty milliseconds.
pub(super) struct RenderPipelines {
    format: TextureFormat,
    pub(super) backdrop: RenderPipeline,
    pub(super) shadows: RenderPipeline,
    pub(super) cubes: Option<RenderPipeline>,
    pub(super) boxes: Option<RenderPipeline>,
    pub(super) walls: Option<RenderPipeline>,
}

/// What there is to draw, beside the backdrop and what it is shaded by.
#[derive(Clone, Copy)]
pub(super) struct Needed {
    pub(super) cubes: bool,
    pub(super) boxes: bool,
    pub(super) walls: bool,
}

/// What a pipeline does with depth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// It draws over what is there.
    Ignored,
    /// What is nearer covers it; it covers nothing that comes later.
    Tested,
    /// What is nearer covers it, and it covers what is farther.
    Written,
}

impl RenderPipelines {
    pub(super) fn new(
        device: &RenderDevice,
        view_layout: &BindGroupLayout,
        format: TextureFormat,
    ) -> Self {
        let shader = shader(
            device,
            "room",
            concat!(include_str!("view.wgsl"), include_str!("room.wgsl")),
        );
        let layouts = [view_layout];
        let pipeline = |label, entries, buffers: &[_]| {
            let depth = Depth::Ignored;
            let drawn = Drawn {
                label,
                shader: &shader,
                entries,
                buffers,
                depth,
            };
            drawn.pipeline(device, &layouts, format)
        };
        Self {
            format,
            backdrop: pipeline("backdrop", ("backdrop_vertex", "backdrop_fragment"), &[]),
            shadows: pipeline(
                "shadows",
                ("shadow_vertex", "shadow_fragment"),
                &[instances(32, &FLOATS)],
            ),
            cubes: None,
            boxes: None,
            walls: None,
        }
    }

    /// Makes those that are needed and not there.
    pub(super) fn complete(
        &mut self,
        device: &RenderDevice,
        view_layout: &BindGroupLayout,
        needed: Needed,
    ) {
        let format = self.format;
        let pipeline = |label,
                        source,
                        layouts: &[&BindGroupLayout],
                        buffers: &[RawVertexBufferLayout<'_>],
                        depth: Depth| {
            let drawn = Drawn {
                label,
                shader: &shader(device, label, source),
                entries: ("vertex", "fragment"),
                buffers,
                depth,
            };
            drawn.pipeline(device, layouts, format)
        };
        if needed.cubes {
            self.cubes.get_or_insert_with(|| {
                let source = concat!(
                    include_str!("view.wgsl"),
                    include_str!("digits.wgsl"),
                    include_str!("cubes.wgsl")
                );
                let buffers = [instances(32, &FLOATS_AND_WORDS)];
                pipeline("cubes", source, &[view_layout], &buffers, Depth::Written)
            });
        }
        if needed.boxes {
            self.boxes.get_or_insert_with(|| {
                let source = concat!(
                    include_str!("view.wgsl"),
                    include_str!("digits.wgsl"),
                    include_str!("boxes.wgsl")
                );
                let layouts = [view_layout, &atlas_layout(device)];
                let attributes: [VertexAttribute; 7] = std::array::from_fn(box_attribute);
                let buffers = [instances(112, &attributes)];
                pipeline("boxes", source, &layouts, &buffers, Depth::Written)
            });
        }
        if needed.walls {
            self.walls.get_or_insert_with(|| {
                let source = concat!(include_str!("view.wgsl"), include_str!("walls.wgsl"));
                let buffers = [instances(32, &FLOATS)];
                pipeline("walls", source, &[view_layout], &buffers, Depth::Tested)
            });
        }
    }
}

/// What a pipeline draws, and by which parts of which shader.
struct Drawn<'a> {
    label: &'static str,
    shader: &'a ShaderModule,
    /// Of vertices, and of fragments.
    entries: (&'a str, &'a str),
    buffers: &'a [RawVertexBufferLayout<'a>],
    depth: Depth,
}

impl Drawn<'_> {
    fn pipeline(
        self,
        device: &RenderDevice,
        layouts: &[&BindGroupLayout],
        format: TextureFormat,
    ) -> RenderPipeline {
        let layouts: Vec<_> = layouts.iter().map(|layout| Some(&***layout)).collect();
        let layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
            label: Some(self.label),
            bind_group_layouts: &layouts,
            immediate_size: 0,
        });
        device.create_render_pipeline(&RawRenderPipelineDescriptor {
            label: Some(self.label),
            layout: Some(&layout),
            vertex: RawVertexState {
                module: self.shader,
                entry_point: Some(self.entries.0),
                compilation_options: PipelineCompilationOptions::default(),
                buffers: self.buffers,
            },
            primitive: PrimitiveState::default(),
            depth_stencil: Some(DepthStencilState {
                format: CORE_3D_DEPTH_FORMAT,
                depth_write_enabled: Some(self.depth == Depth::Written),
                depth_compare: Some(match self.depth {
                    Depth::Ignored => CompareFunction::Always,
                    Depth::Tested | Depth::Written => CompareFunction::GreaterEqual,
                }),
                stencil: default(),
                bias: default(),
            }),
            multisample: MultisampleState::default(),
            fragment: Some(RawFragmentState {
                module: self.shader,
                entry_point: Some(self.entries.1),
                compilation_options: PipelineCompilationOptions::default(),
                targets: &[Some(ColorTargetState {
                    format,
                    blend: Some(OVER),
                    write_mask: ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}

/// A shader of ours. Not by the engine's cache: that looks for directives in each line, by a dozen regular expressions,
/// and ours have none.
fn shader(device: &RenderDevice, label: &'static str, source: &'static str) -> ShaderModule {
    let descriptor = ShaderModuleDescriptor {
        label: Some(label),
        source: ShaderSource::Wgsl(source.into()),
    };
    // SAFETY: Its loops end, and it reads lists and textures within their bounds.
    #[expect(
        unsafe_code,
        reason = "no checks at each texel, as with the engine's own shaders"
    )]
    unsafe {
        device.create_shader_module(descriptor)
    }
}

/// What is drawn goes over what is there; the picture itself stays opaque.
const OVER: BlendState = BlendState {
    color: BlendComponent {
        src_factor: BlendFactor::SrcAlpha,
        dst_factor: BlendFactor::OneMinusSrcAlpha,
        operation: BlendOperation::Add,
    },
    alpha: BlendComponent {
        src_factor: BlendFactor::One,
        dst_factor: BlendFactor::OneMinusSrcAlpha,
        operation: BlendOperation::Add,
    },
};

/// Two vectors of four floats.
const FLOATS: [VertexAttribute; 2] = two(VertexFormat::Float32x4);
/// A vector of four floats, then one of whole numbers.
const FLOATS_AND_WORDS: [VertexAttribute; 2] = two(VertexFormat::Uint32x4);

const fn two(second: VertexFormat) -> [VertexAttribute; 2] {
    [
        VertexAttribute {
            format: VertexFormat::Float32x4,
            offset: 0,
            shader_location: 0,
        },
        VertexAttribute {
            format: second,
            offset: 16,
            shader_location: 1,
        },
    ]
}

/// Of a box: two vectors of four floats, then five of whole numbers.
fn box_attribute(place: usize) -> VertexAttribute {
    VertexAttribute {
        format: if place < 2 {
            VertexFormat::Float32x4
        } else {
            VertexFormat::Uint32x4
        },
        offset: place as u64 * 16,
        shader_location: place as u32,
    }
}

const fn instances(stride: u64, attributes: &[VertexAttribute]) -> RawVertexBufferLayout<'_> {
    RawVertexBufferLayout {
        array_stride: stride,
        step_mode: VertexStepMode::Instance,
        attributes,
    }
}
