//! Draws single frames without a window: the frame of a time, one in, one out.

use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use bevy::asset::RenderAssetUsages;
use bevy::camera::{CameraMainTextureUsages, CameraOutputMode, RenderTarget};
use bevy::ecs::schedule::{Schedules, SingleThreadedExecutor};
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::render::render_resource::{
    Buffer, BufferDescriptor, BufferUsages, CommandEncoderDescriptor, Extent3d, MapMode,
    PipelineCache, PollType, TexelCopyBufferInfo, TexelCopyBufferLayout, Texture, TextureDimension,
    TextureFormat, TextureUsages,
};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bevy::render::view::ViewTarget;
use bevy::render::{Render, RenderApp, RenderPlugin, RenderSystems};
use bevy::time::TimeUpdateStrategy;
use bevy::window::ExitCondition;

use super::pixels::{FramePixels, PixelFormat};
use crate::disk::Installation;
use crate::language::{Localized, Message, message_error, says};
use crate::playback::{Playhead, Show};
use crate::stage::captions::CaptionsOn;
use crate::stage::draw::{Lighting, Redraw, StageCamera};
use crate::stage::palette::Studio;
use crate::timeline::{Motion, PictureShape};

/// Updates after which the renderer must have drawn its first frame.
const WARM_UP_LIMIT: usize = 600;

/// A frame that cannot be drawn.
#[derive(Debug)]
pub enum RenderError {
    /// There is no driver to draw with.
    NoDriver,
    /// The renderer has stopped.
    Stopped(Localized<String>),
    /// The frame never became ready.
    NeverReady,
}

impl Message for RenderError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NoDriver => {
                let packages = "mesa-vulkan-drivers libvulkan1";
                let fix = Installation::current().how_to_get(packages, None);
                says!(
                    with [fix];
                    en: "no graphics driver was found, so nothing can be drawn. A software Vulkan driver is enough: {fix}",
                    ja: "グラフィックスドライバが見つからず、描画できません。ソフトウェアの Vulkan ドライバで足ります。{fix}"
                )
            }
            Self::Stopped(why) => says!(
                with [why];
                en: "the renderer stopped: {why}. Try a smaller --size; if that does not help, run again with RUST_LOG=info and report what it prints",
                ja: "描画が止まりました: {why}。--size を小さくしてみてください。それでも止まるときは、RUST_LOG=info を付けて実行し、その出力を知らせてください"
            ),
            Self::NeverReady => says!(
                en: "the renderer was not ready after {WARM_UP_LIMIT} tries; run again with RUST_LOG=info to see why",
                ja: "{WARM_UP_LIMIT} 回試しても描画の準備ができませんでした。RUST_LOG=info を付けて実行すると理由が分かります"
            ),
        }
    }
}

message_error!(RenderError);

/// How frames look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RenderSettings {
    /// Width and height in pixels, both even.
    pub size: UVec2,
    /// Light or dark.
    pub studio: Studio,
    /// Whether captions are drawn in.
    pub captions: bool,
    /// Whether the camera flies.
    pub motion: Motion,
}

impl RenderSettings {
    /// The shape of the pictures.
    #[must_use]
    pub fn picture(&self) -> PictureShape {
        let size = self.size.as_vec2();
        PictureShape::of(size.x / size.y.max(1.0))
    }
}

/// Where the time of a frame goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameTimings {
    /// Moving the world on: the whole update but the two below.
    pub simulate: Duration,
    /// Drawing, until the driver has finished.
    pub draw: Duration,
    /// Copying the frame out, its pixels laid out as they were asked for.
    pub read_back: Duration,
}

/// Draws the frames of one lesson.
pub struct Renderer {
    app: App,
    captured_frames: Receiver<Captured>,
    spares: Sender<FramePixels>,
    /// Where the time of all frames so far went.
    pub spent: FrameTimings,
    /// How many frames were drawn.
    pub drawn: u64,
}

struct Captured {
    frame_pixels: Result<FramePixels, Localized<String>>,
    /// Whether each pixel is that of the frame before.
    is_repeat: bool,
    draw: Duration,
    read_back: Duration,
}

/// Whether a graphics driver is there. To be asked before a [`Renderer`] is made: the engine
/// itself gives up without one.
///
/// # Errors
/// [`RenderError::NoDriver`].
pub fn find_driver() -> Result<(), RenderError> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let options = wgpu::RequestAdapterOptions::default();
    bevy::tasks::block_on(instance.request_adapter(&options))
        .map(drop)
        .map_err(|_| RenderError::NoDriver)
}

/// The graphics drivers that are there, a line each: the name of the device, what drives it, its version.
#[must_use]
pub fn drivers() -> Vec<String> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapters = bevy::tasks::block_on(instance.enumerate_adapters(wgpu::Backends::all()));
    let told = adapters.iter().map(|adapter| {
        let info = adapter.get_info();
        let wgpu::AdapterInfo {
            name,
            driver,
            driver_info,
            backend,
            device_type,
            ..
        } = info;
        format!("{name}, {device_type:?}, {backend:?}, {driver} {driver_info}")
    });
    told.collect()
}

impl Renderer {
    /// A renderer for a show, warmed up: the next frame it draws is complete.
    ///
    /// # Errors
    /// No driver, or a renderer that stops or never becomes ready.
    pub fn new(show: Show, render_settings: RenderSettings) -> Result<Self, RenderError> {
        find_driver()?;
        let (frame_sender, captured_frames) = channel();
        let (spares, spare_receiver) = channel();
        let mut app = App::new();
        let plugins = DefaultPlugins.build();
        // A recording is mixed from files; nothing of it is heard.
        #[cfg(feature = "audio")]
        let plugins = plugins.disable::<bevy::audio::AudioPlugin>();
        #[cfg(feature = "window")]
        let plugins = plugins.disable::<bevy::winit::WinitPlugin>();
        app.add_plugins(
            plugins
                .set(WindowPlugin {
                    primary_window: None,
                    exit_condition: ExitCondition::DontExit,
                    ..default()
                })
                .set(RenderPlugin {
                    synchronous_pipeline_compilation: true,
                    ..default()
                })
                .disable::<LogPlugin>()
                .disable::<PipelinedRenderingPlugin>(),
        );
        // Other people's systems see a still clock; ours see the playhead.
        app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::ZERO));
        app.add_plugins((
            crate::playback::plugin,
            crate::stage::plugin,
            crate::camera::plugin,
        ));
        app.insert_resource(show);
        app.insert_resource(CaptionsOn(render_settings.captions));
        app.insert_resource(Lighting {
            studio: render_settings.studio,
            ..Lighting::default()
        });
        spawn_camera(&mut app, render_settings.size);
        let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
            return Err(RenderError::NoDriver);
        };
        render_app
            .insert_resource(Redraw::keeping())
            .insert_resource(Capture {
                sender: frame_sender,
                spares: std::sync::Mutex::new(spare_receiver),
                wanted: true,
                pixel_format: PixelFormat::Rgba,
                buffer: None,
                kept: None,
                is_repeat: true,
                started: Instant::now(),
            })
            .add_systems(
                Render,
                (
                    note_start
                        .before(RenderSystems::Render)
                        .after(RenderSystems::PrepareBindGroups),
                    capture
                        .after(RenderSystems::Render)
                        .before(RenderSystems::Cleanup),
                ),
            );
        app.finish();
        app.cleanup();
        run_in_order(app.world_mut());
        if let Some(render_app) = app.get_sub_app_mut(RenderApp) {
            run_in_order(render_app.world_mut());
        }
        let mut renderer = Self {
            app,
            captured_frames,
            spares,
            spent: FrameTimings::default(),
            drawn: 0,
        };
        renderer.warm_up()?;
        Ok(renderer)
    }

    /// Updates with the show's time standing still, until everything that a frame needs is there.
    fn warm_up(&mut self) -> Result<(), RenderError> {
        let mut last = None;
        for _ in 0..WARM_UP_LIMIT {
            self.forget();
            self.update()?;
            let captured = self
                .captured_frames
                .try_recv()
                .ok()
                .and_then(|captured| captured.frame_pixels.ok());
            // Ready when no pipeline is awaited and two frames in a row agree and show something.
            let ready = self.pipelines_ready();
            let settled = captured.is_some() && captured == last;
            if ready && settled && captured.as_deref().is_some_and(shows_something) {
                self.spent = FrameTimings::default();
                self.drawn = 0;
                return Ok(());
            }
            last = captured;
        }
        Err(RenderError::NeverReady)
    }

    /// Has the next frame drawn as a whole, and not over the last one.
    pub fn forget(&mut self) {
        if let Some(render_app) = self.app.get_sub_app_mut(RenderApp) {
            render_app.world_mut().resource_mut::<Redraw>().forced = true;
        }
    }

    fn pipelines_ready(&self) -> bool {
        self.app.get_sub_app(RenderApp).is_some_and(|render| {
            let cache = render.world().resource::<PipelineCache>();
            cache.waiting_pipelines().next().is_none()
        })
    }

    fn update(&mut self) -> Result<(), RenderError> {
        self.app.update();
        match self.app.should_exit() {
            Some(exit) => Err(RenderError::Stopped(says!(
                en: "it asked to quit ({exit:?})",
                ja: "終了を求めました ({exit:?})"
            ))),
            None => Ok(()),
        }
    }

    /// Draws the frame at a time: rows of red, green, blue and opacity.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails.
    pub fn draw(&mut self, time: f64) -> Result<FramePixels, RenderError> {
        self.draw_as(PixelFormat::Rgba, time)
    }

    /// Draws the frame at a time, its pixels laid out as is asked for.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails.
    pub fn draw_as(
        &mut self,
        pixel_format: PixelFormat,
        time: f64,
    ) -> Result<FramePixels, RenderError> {
        self.capture(pixel_format, time)
            .map(|(frame_pixels, _)| frame_pixels)
    }

    /// As [`Renderer::draw_as`], of a frame that comes after the one that was drawn last: `None` where
    /// each pixel is the same.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails.
    pub fn draw_next(
        &mut self,
        pixel_format: PixelFormat,
        time: f64,
    ) -> Result<Option<FramePixels>, RenderError> {
        let (frame_pixels, is_repeat) = self.capture(pixel_format, time)?;
        if is_repeat {
            self.recycle(frame_pixels);
            return Ok(None);
        }
        Ok(Some(frame_pixels))
    }

    fn capture(
        &mut self,
        pixel_format: PixelFormat,
        time: f64,
    ) -> Result<(FramePixels, bool), RenderError> {
        if let Some(render_app) = self.app.get_sub_app_mut(RenderApp) {
            render_app
                .world_mut()
                .resource_mut::<Capture>()
                .pixel_format = pixel_format;
        }
        let start = Instant::now();
        let mut playhead = self.app.world_mut().resource_mut::<Playhead>();
        playhead.time = time;
        self.update()?;
        let captured = self.captured_frames.try_recv().map_err(|_| {
            RenderError::Stopped(says!(en: "it drew no frame", ja: "フレームが描かれませんでした"))
        })?;
        self.spent.draw += captured.draw;
        self.spent.read_back += captured.read_back;
        self.spent.simulate += start
            .elapsed()
            .saturating_sub(captured.draw + captured.read_back);
        self.drawn += 1;
        let frame_pixels = captured.frame_pixels.map_err(RenderError::Stopped)?;
        Ok((frame_pixels, captured.is_repeat))
    }

    /// Gives a frame's memory back, for a later one.
    pub fn recycle(&self, frame_pixels: FramePixels) {
        // Nobody listens when the renderer is gone; then the memory is simply freed.
        let _ = self.spares.send(frame_pixels);
    }

    /// A way to give memory back from another thread.
    #[must_use]
    pub fn recycler(&self) -> Sender<FramePixels> {
        self.spares.clone()
    }

    /// The world that is drawn, for tests.
    pub fn world(&mut self) -> &mut World {
        self.app.world_mut()
    }
}

/// Runs the systems of a world one after the other: there is little for each of them to do, so that handing
/// them from thread to thread would cost more than they do, and the cores are wanted for drawing and
/// encoding.
fn run_in_order(world: &mut World) {
    for (_, schedule) in world.resource_mut::<Schedules>().iter_mut() {
        schedule.set_executor(SingleThreadedExecutor::new());
    }
}

/// Whether a frame is more than one colour.
fn shows_something(frame_pixels: &[u8]) -> bool {
    frame_pixels
        .chunks_exact(4)
        .any(|pixel| pixel != &frame_pixels[..4])
        && frame_pixels.iter().any(|byte| *byte != 0)
}

fn spawn_camera(app: &mut App, size: UVec2) {
    let extent = Extent3d {
        width: size.x,
        height: size.y,
        depth_or_array_layers: 1,
    };
    let mut target = Image::new_uninit(
        extent,
        TextureDimension::D2,
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    );
    target.texture_descriptor.usage |= TextureUsages::RENDER_ATTACHMENT;
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(target);
    let mut camera = app.world_mut().spawn((
        crate::camera::stage_camera(),
        Camera {
            // The frame is read where it was drawn; another copy of it would only cost time.
            output_mode: CameraOutputMode::Skip,
            // The backdrop covers all of it.
            clear_color: ClearColorConfig::None,
            ..default()
        },
        RenderTarget::Image(target.into()),
    ));
    // The backdrop is copied into it.
    camera.insert(CameraMainTextureUsages(
        TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC | TextureUsages::COPY_DST,
    ));
}

/// The render world's end of the wire.
#[derive(Resource)]
struct Capture {
    sender: Sender<Captured>,
    spares: std::sync::Mutex<Receiver<FramePixels>>,
    wanted: bool,
    pixel_format: PixelFormat,
    buffer: Option<(Buffer, Extent3d)>,
    /// The last frame.
    kept: Option<Kept>,
    is_repeat: bool,
    started: Instant,
}

/// A frame that was read, of which the next one may change a part.
struct Kept {
    size: UVec2,
    pixel_format: PixelFormat,
    frame_pixels: FramePixels,
}

fn note_start(mut capture: ResMut<Capture>) {
    capture.started = Instant::now();
}

/// Copies what changed of the finished frame out and waits for it: the frame that was asked for, never
/// another.
fn capture(
    mut capture: ResMut<Capture>,
    redraw: Res<Redraw>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    views: Query<&ViewTarget, With<StageCamera>>,
) {
    let Ok(target) = views.single() else {
        return;
    };
    if !capture.wanted {
        return;
    }
    let capture = &mut *capture;
    let texture = target.main_texture();
    let extent = texture.size();
    let size = UVec2::new(extent.width, extent.height);
    let kept = capture.kept.take();
    let kept = kept.filter(|kept| kept.size == size && kept.pixel_format == capture.pixel_format);
    let rows = match kept {
        Some(_) => redraw.regions.rows(size.y),
        None => 0..size.y,
    };
    let mut kept = kept.unwrap_or_else(|| Kept {
        size,
        pixel_format: capture.pixel_format,
        frame_pixels: FramePixels::new(),
    });
    let spare = capture.spares.lock().ok();
    let spare = spare.and_then(|spares| spares.try_recv().ok());
    let mut frame_pixels = spare.unwrap_or_default();
    // The frame before, to tell whether this one is another.
    frame_pixels.clone_from(&kept.frame_pixels);
    let (draw, read) = if rows.is_empty() {
        (capture.started.elapsed(), Ok(()))
    } else {
        capture.read(texture, rows, &mut kept, (&device, &queue))
    };
    let frame_pixels = read.map(|()| {
        if frame_pixels != kept.frame_pixels {
            frame_pixels.clone_from(&kept.frame_pixels);
            capture.is_repeat = false;
        }
        capture.kept = Some(kept);
        frame_pixels
    });
    let read_back = capture.started.elapsed() - draw;
    // The renderer is gone when nobody listens.
    let _ = capture.sender.send(Captured {
        frame_pixels,
        is_repeat: std::mem::replace(&mut capture.is_repeat, true),
        draw,
        read_back,
    });
}

impl Capture {
    /// Reads rows of what has been drawn into the frame that is kept. How long drawing took.
    fn read(
        &mut self,
        texture: &Texture,
        rows: Range<u32>,
        kept: &mut Kept,
        (device, queue): (&RenderDevice, &RenderQueue),
    ) -> (Duration, Result<(), Localized<String>>) {
        let extent = texture.size();
        let row = extent.width as usize * 4;
        let padded_row = RenderDevice::align_copy_bytes_per_row(row);
        let buffer = match &self.buffer {
            Some((buffer, of)) if *of == extent => buffer,
            _ => {
                let buffer = device.create_buffer(&BufferDescriptor {
                    label: Some("picture"),
                    size: (padded_row * extent.height as usize) as u64,
                    usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                });
                &self.buffer.insert((buffer, extent)).0
            }
        };
        let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor {
            label: Some("picture"),
        });
        let mut source = texture.as_image_copy();
        source.origin.y = rows.start;
        encoder.copy_texture_to_buffer(
            source,
            TexelCopyBufferInfo {
                buffer,
                layout: TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(padded_row as u32),
                    rows_per_image: None,
                },
            },
            Extent3d {
                height: rows.end - rows.start,
                ..extent
            },
        );
        queue.submit([encoder.finish()]);
        let slice = buffer.slice(..(padded_row * rows.len()) as u64);
        let (sender, mapped) = channel();
        slice.map_async(MapMode::Read, move |result| {
            // The receiver is gone only when this function is, and then nobody asks.
            let _ = sender.send(result);
        });
        let polled = device.poll(PollType::wait_indefinitely());
        let draw = self.started.elapsed();
        let mapped = polled
            .map_err(|error| Localized::same(error.to_string()))
            .and_then(|_| {
                mapped
                    .recv()
                    .map_err(|error| Localized::same(error.to_string()))
            })
            .and_then(|result| result.map_err(|error| Localized::same(error.to_string())));
        let read = mapped.and_then(|()| {
            let read = kept.pixel_format.read(
                &slice.get_mapped_range(),
                padded_row,
                kept.size,
                rows,
                &mut kept.frame_pixels,
            );
            buffer.unmap();
            read
        });
        (draw, read)
    }
}
