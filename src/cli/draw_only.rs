//! `tensorama draw-only`: the frames of a lesson drawn as for a video and thrown away, to see what
//! drawing alone takes.
//! scripts/speed starts it.

use super::printing::say;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use glam::UVec2;

use super::Failure;
use super::lesson_library::{self, ReachArgs};
use super::picture_size::size;
use crate::lesson::Language;
use crate::playback::Show;
use crate::record::narrated::{Speaker, narrate};
use crate::record::pixels::PixelFormat;
use crate::record::renderer::{RenderSettings, Renderer};
use crate::stage::palette::Studio;
use crate::timeline::Motion;

/// Draw a lesson's frames and throw them away.
#[derive(Debug, Args)]
pub struct DrawOnlyArgs {
    /// The lesson.
    lesson: String,
    /// The language.
    #[arg(long, default_value = "en")]
    lang: Language,
    /// Width and height in pixels.
    #[arg(long, value_parser = size, default_value = "720p")]
    size: UVec2,
    /// Frames a second.
    #[arg(long, default_value_t = 30)]
    fps: u32,
    #[command(flatten)]
    reach: ReachArgs,
}

/// Draws, and prints the seconds that it took and the frames that were drawn.
///
/// # Errors
/// All that drawing can fail by.
pub fn run(args: &DrawOnlyArgs) -> Result<(), Failure> {
    let lesson = lesson_library::find(&args.lesson)?
        .reaching(args.reach.reach())
        .load()?;
    let speaker = Speaker {
        language: args.lang,
        voice: None,
    };
    let narrated = narrate(&lesson, &[speaker], &mut |_, _| {})?;
    let render_settings = RenderSettings {
        size: args.size,
        studio: Studio::Light,
        captions: true,
        motion: Motion::Full,
    };
    let narrated = narrated.in_picture(&lesson, render_settings.picture(), render_settings.motion);
    let timeline = Arc::new(narrated.timeline);
    let mut renderer = Renderer::new(
        Show::new(Arc::new(lesson), timeline.clone()),
        render_settings,
    )?;
    let start = Instant::now();
    let frames = (timeline.duration * f64::from(args.fps)).ceil() as u64;
    let mut last = None;
    for frame in 0..frames {
        let time = frame as f64 / f64::from(args.fps);
        let sample = Some(timeline.at(time));
        if sample != last {
            let frame_pixels = renderer.draw_as(PixelFormat::Yuv420, time)?;
            renderer.recycle(frame_pixels);
            last = sample;
        }
    }
    say!("{:.2} {}", start.elapsed().as_secs_f64(), renderer.drawn);
    Ok(())
}
