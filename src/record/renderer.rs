//! Draws single frames without a window: the frame of a time. The driver draws one while the world is moved
//! on to the next: [`Renderer::begin`] hands a frame over, [`Renderer::finish`] waits for it.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bevy::asset::RenderAssetUsages;
use bevy::camera::{CameraMainTextureUsages, CameraOutputMode, RenderTarget};
use bevy::ecs::schedule::{ScheduleCleanupPolicy, Schedules, SingleThreadedExecutor};
use bevy::prelude::*;
use bevy::render::render_resource::{
    Buffer, BufferAsyncError, BufferDescriptor, BufferUsages, CommandEncoder,
    CommandEncoderDescriptor, Extent3d, MapMode, PipelineCache, PollType, TexelCopyBufferInfo,
    TexelCopyBufferLayout, Texture, TextureDimension, TextureFormat, TextureUsages,
};
use bevy::render::renderer::{
    PendingCommandBuffers, RenderDevice, RenderGraph, RenderGraphSystems, RenderQueue,
    render_system,
};
use bevy::render::view::ViewTarget;
use bevy::render::{Render, RenderApp, RenderPlugin, RenderSystems};
use bevy::time::TimeUpdateStrategy;
use bevy::window::ExitCondition;
use wgpu::SubmissionIndex;

use super::pixels::{FramePixels, PixelFormat};
use crate::disk::Installation;
use crate::language::{Localized, Message, message_error, says};
use crate::playback::{Playhead, Show};
use crate::stage::captions::CaptionsOn;
use crate::stage::draw::{EnginePlugins, Lighting, Redraw, StageCamera};
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
    /// Waiting until the driver has drawn.
    pub draw: Duration,
    /// Copying the frame out, its pixels laid out as they were asked for.
    pub read_back: Duration,
}

/// Draws the frames of one lesson.
pub struct Renderer {
    app: App,
    spare_frames: Receiver<FramePixels>,
    spares: Sender<FramePixels>,
    /// The last frame that was read.
    kept: Option<Kept>,
    /// Where the time of all frames so far went.
    pub spent: FrameTimings,
    /// How many frames were drawn.
    pub drawn: u64,
}

/// The way to the drivers. It is kept, so that they stay loaded and the engine, which makes one of its own, does not
/// load them again.
fn instance() -> &'static wgpu::Instance {
    static INSTANCE: OnceLock<wgpu::Instance> = OnceLock::new();
    INSTANCE.get_or_init(|| {
        wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        })
    })
}

/// Whether a graphics driver is there. To be asked before a [`Renderer`] is made: the engine
/// itself gives up without one.
///
/// # Errors
/// [`RenderError::NoDriver`].
pub fn find_driver() -> Result<(), RenderError> {
    let options = wgpu::RequestAdapterOptions::default();
    bevy::tasks::block_on(instance().request_adapter(&options))
        .map(drop)
        .map_err(|_| RenderError::NoDriver)
}

/// The graphics drivers that are there, a line each: the name of the device, what drives it, its version.
#[must_use]
pub fn drivers() -> Vec<String> {
    let adapters = bevy::tasks::block_on(instance().enumerate_adapters(wgpu::Backends::all()));
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
        Self::at(0.0, show, render_settings)
    }

    /// The same, warmed up at a time: the frame of that time is there then, by [`Renderer::last_frame`].
    ///
    /// # Errors
    /// As of [`Renderer::new`].
    pub fn at(time: f64, show: Show, render_settings: RenderSettings) -> Result<Self, RenderError> {
        find_driver()?;
        let (spares, spare_frames) = channel();
        let mut app = App::new();
        app.add_plugins(
            EnginePlugins
                .build()
                .set(WindowPlugin {
                    primary_window: None,
                    exit_condition: ExitCondition::DontExit,
                    ..default()
                })
                .set(RenderPlugin {
                    synchronous_pipeline_compilation: true,
                    ..default()
                }),
        );
        // Other people's systems see a still clock; ours see the playhead.
        app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::ZERO));
        app.add_plugins((
            crate::playback::plugin,
            crate::stage::plugin,
            crate::camera::plugin,
        ));
        app.insert_resource(show);
        app.world_mut().resource_mut::<Playhead>().time = time;
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
            .insert_resource(Capture::default())
            .add_systems(
                Render,
                draw_and_submit
                    .after(RenderSystems::Render)
                    .before(RenderSystems::Cleanup),
            )
            .add_systems(
                RenderGraph,
                capture
                    .after(RenderGraphSystems::Render)
                    .before(RenderGraphSystems::Submit),
            );
        // It submits once more in each frame, and a driver may wait then until what was submitted before is drawn: the
        // world would not move on meanwhile.
        let policy = ScheduleCleanupPolicy::RemoveSystemsOnly;
        render_app
            .remove_systems_in_set(Render, render_system, policy)
            .map_err(|error| RenderError::Stopped(Localized::same(error.to_string())))?;
        app.finish();
        app.cleanup();
        run_in_order(app.world_mut());
        if let Some(render_app) = app.get_sub_app_mut(RenderApp) {
            run_in_order(render_app.world_mut());
        }
        let mut renderer = Self {
            app,
            spare_frames,
            spares,
            kept: None,
            spent: FrameTimings::default(),
            drawn: 0,
        };
        renderer.warm_up()?;
        Ok(renderer)
    }

    /// Updates with the show's time standing still, until everything that a frame needs is there.
    fn warm_up(&mut self) -> Result<(), RenderError> {
        let mut rehearsals = 0;
        for _ in 0..WARM_UP_LIMIT {
            // Names stand in the second frame, and need pipelines then.
            let rehearses = rehearsals < 2;
            if let Some(mut redraw) = self.redraw() {
                redraw.rehearsed = rehearses;
                redraw.forced = true;
            }
            self.update()?;
            let drawn = self.finish().ok();
            let ready = self.pipelines_ready();
            if rehearses {
                rehearsals = if ready { rehearsals + 1 } else { 0 };
                continue;
            }
            // Ready when no pipeline is awaited and two frames in a row agree and show something.
            let settled = drawn.is_some_and(|(frame_pixels, is_repeat)| {
                is_repeat && shows_something(&frame_pixels)
            });
            if ready && settled {
                self.spent = FrameTimings::default();
                self.drawn = 0;
                return Ok(());
            }
        }
        Err(RenderError::NeverReady)
    }

    /// Has the next frame drawn as a whole, and not over the last one.
    pub fn forget(&mut self) {
        if let Some(mut redraw) = self.redraw() {
            redraw.forced = true;
        }
    }

    fn redraw(&mut self) -> Option<Mut<'_, Redraw>> {
        let render_app = self.app.get_sub_app_mut(RenderApp)?;
        Some(render_app.world_mut().resource_mut::<Redraw>())
    }

    /// The frame that was drawn last: after [`Renderer::at`], that of its time.
    #[must_use]
    pub fn last_frame(&self) -> Option<FramePixels> {
        Some(self.kept.as_ref()?.frame_pixels.clone())
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
        self.let_go()?;
        self.begin(pixel_format, time)?;
        self.finish().map(|(frame_pixels, _)| frame_pixels)
    }

    /// Waits for the frames on their way, that nobody else waits for.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails.
    pub fn let_go(&mut self) -> Result<(), RenderError> {
        while self.is_drawing() {
            let (frame_pixels, _) = self.finish()?;
            self.recycle(frame_pixels);
        }
        Ok(())
    }

    fn capturing(&mut self) -> Option<Mut<'_, Capture>> {
        let render_app = self.app.get_sub_app_mut(RenderApp)?;
        Some(render_app.world_mut().resource_mut::<Capture>())
    }

    fn is_drawing(&mut self) -> bool {
        self.capturing()
            .is_some_and(|capture| !capture.drawing.is_empty())
    }

    /// Has the driver draw the frame at a time, its pixels laid out as is asked for, and does not wait for
    /// it. At most two are on their way: before a third is begun, [`Renderer::finish`] takes the first.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails.
    pub fn begin(&mut self, pixel_format: PixelFormat, time: f64) -> Result<(), RenderError> {
        if let Some(mut capture) = self.capturing() {
            capture.pixel_format = pixel_format;
        }
        let start = Instant::now();
        let mut playhead = self.app.world_mut().resource_mut::<Playhead>();
        playhead.time = time;
        let updated = self.update();
        self.spent.simulate += start.elapsed();
        self.drawn += 1;
        updated
    }

    /// Waits for the frame that was begun first of those on their way, and whether each pixel is that of the
    /// one before it.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails or no frame is on its way.
    pub fn finish(&mut self) -> Result<(FramePixels, bool), RenderError> {
        let start = Instant::now();
        let device = self.app.world().resource::<RenderDevice>().clone();
        let begun = self
            .capturing()
            .and_then(|mut capture| capture.drawing.pop_front());
        let begun = begun.ok_or_else(|| {
            RenderError::Stopped(says!(en: "it drew no frame", ja: "フレームが描かれませんでした"))
        })?;
        let drawn = begun.wait(&device);
        self.spent.draw += start.elapsed();
        let start = Instant::now();
        let read = drawn.and_then(|()| self.read(&begun));
        if let Some(copy) = begun.copy
            && let Some(mut capture) = self.capturing()
        {
            capture.buffers.push(copy.buffer);
        }
        self.spent.read_back += start.elapsed();
        read.map_err(RenderError::Stopped)
    }

    /// The pixels of a frame that was drawn: those of the one before it, but for the rows that were copied.
    fn read(&mut self, begun: &Begun) -> Result<(FramePixels, bool), Localized<String>> {
        let Begun {
            size, pixel_format, ..
        } = *begun;
        let mut frame_pixels = self.spare_frames.try_recv().unwrap_or_default();
        let kept = self.kept.take();
        let before = kept.filter(|kept| (kept.size, kept.pixel_format) == (size, pixel_format));
        if let Some(before) = &before {
            frame_pixels.clone_from(&before.frame_pixels);
        }
        let mut rows = 0..0;
        if let Some(copy) = &begun.copy {
            rows = copy.rows.clone();
            let view = copy.buffer.slice(..copy.bytes).get_mapped_range();
            pixel_format.read(
                &view,
                copy.padded_row,
                size,
                rows.clone(),
                &mut frame_pixels,
            )?;
            drop(view);
            copy.buffer.unmap();
        }
        let mut is_repeat = before.is_some();
        let mut kept = before.unwrap_or_else(|| Kept {
            size,
            pixel_format,
            frame_pixels: frame_pixels.clone(),
        });
        for place in pixel_format.places(size, &rows) {
            let (before, now) = (&mut kept.frame_pixels[place.clone()], &frame_pixels[place]);
            if before != now {
                is_repeat = false;
                before.copy_from_slice(now);
            }
        }
        self.kept = Some(kept);
        Ok((frame_pixels, is_repeat))
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
    pixel_format: PixelFormat,
    /// Of the frame that was begun last.
    last: Option<(UVec2, PixelFormat)>,
    /// Frames on their way, in their order.
    drawing: VecDeque<Begun>,
    /// Memory that frames have come through, for later ones.
    buffers: Vec<Buffer>,
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            pixel_format: PixelFormat::Rgba,
            last: None,
            drawing: VecDeque::new(),
            buffers: Vec::new(),
        }
    }
}

/// A frame that was read, of which the next one may change a part.
struct Kept {
    size: UVec2,
    pixel_format: PixelFormat,
    frame_pixels: FramePixels,
}

/// A frame that the driver draws.
struct Begun {
    size: UVec2,
    pixel_format: PixelFormat,
    /// `None` where it is the one before.
    copy: Option<Copied>,
}

/// Rows of a frame, on their way into memory that can be read.
struct Copied {
    rows: Range<u32>,
    buffer: Buffer,
    bytes: u64,
    padded_row: usize,
    submission: SubmissionIndex,
    /// Set before waiting for it ends.
    mapped: Arc<OnceLock<Result<(), BufferAsyncError>>>,
}

impl Begun {
    /// Waits until it has been drawn and can be read.
    fn wait(&self, device: &RenderDevice) -> Result<(), Localized<String>> {
        let Some(copy) = &self.copy else {
            return Ok(());
        };
        let same = |error: String| Localized::same(error);
        device
            .poll(PollType::Wait {
                submission_index: Some(copy.submission.clone()),
                timeout: None,
            })
            .map_err(|error| same(error.to_string()))?;
        match copy.mapped.get() {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(same(error.to_string())),
            None => Err(says!(
                en: "the driver says nothing of a frame",
                ja: "ドライバからフレームの応答がありません"
            )),
        }
    }
}

/// In the place of the engine's own system, which also looks after windows and screenshots.
fn draw_and_submit(world: &mut World) {
    world.run_schedule(RenderGraph);
}

/// Has what changed of the frame copied out as soon as it is drawn: of the frame that was asked for, never of
/// another. Both are one submission.
fn capture(
    mut capture: ResMut<Capture>,
    redraw: Res<Redraw>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    mut pending: ResMut<PendingCommandBuffers>,
    views: Query<&ViewTarget, With<StageCamera>>,
) {
    let Ok(target) = views.single() else {
        return;
    };
    let texture = target.main_texture();
    let size = UVec2::new(texture.width(), texture.height());
    let pixel_format = capture.pixel_format;
    let follows = capture.last.replace((size, pixel_format)) == Some((size, pixel_format));
    let rows = if follows {
        redraw.regions.rows(size.y)
    } else {
        0..size.y
    };
    let copy = (!rows.is_empty()).then(|| {
        let (encoder, start) = capture.start_copy(texture, rows, &device);
        pending.push([encoder.finish()]);
        start.submitted(queue.submit(pending.take()))
    });
    capture.drawing.push_back(Begun {
        size,
        pixel_format,
        copy,
    });
}

impl Capture {
    /// A command that copies rows of what is drawn, and where to.
    fn start_copy(
        &mut self,
        texture: &Texture,
        rows: Range<u32>,
        device: &RenderDevice,
    ) -> (CommandEncoder, CopyStart) {
        let extent = texture.size();
        let padded_row = RenderDevice::align_copy_bytes_per_row(extent.width as usize * 4);
        let bytes = (padded_row * rows.len()) as u64;
        let fits = self
            .buffers
            .iter()
            .position(|buffer| buffer.size() >= bytes);
        let buffer = match fits {
            Some(index) => self.buffers.swap_remove(index),
            None => {
                // Too small for what is to come, too.
                self.buffers.pop();
                device.create_buffer(&BufferDescriptor {
                    label: Some("picture"),
                    size: bytes,
                    usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
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
                buffer: &buffer,
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
        let start = CopyStart {
            rows,
            buffer,
            bytes,
            padded_row,
        };
        (encoder, start)
    }
}

/// A copy that has yet to be submitted.
struct CopyStart {
    rows: Range<u32>,
    buffer: Buffer,
    bytes: u64,
    padded_row: usize,
}

impl CopyStart {
    /// The copy on its way, with what was submitted.
    fn submitted(self, submission: SubmissionIndex) -> Copied {
        let Self {
            rows,
            buffer,
            bytes,
            padded_row,
        } = self;
        let mapped = Arc::new(OnceLock::new());
        let sets = mapped.clone();
        buffer
            .slice(..bytes)
            .map_async(MapMode::Read, move |result| {
                // Called once.
                let _ = sets.set(result);
            });
        Copied {
            rows,
            buffer,
            bytes,
            padded_row,
            submission,
            mapped,
        }
    }
}
