//! `tensorama draw-only`: the frames of a lesson drawn as for a video and thrown away, to see what
//! drawing alone takes.
//! scripts/speed starts it.

use super::printing::say;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use glam::UVec2;

use super::Failure;
use super::lesson_library::{self, ReachArgs};
use super::picture_size::size;
use crate::language::Tongue;
use crate::playback::Show;
use crate::record::narrated::{Speaker, narrate};
use crate::record::pixels::PixelFormat;
use crate::record::renderer::{RenderError, RenderSettings, Renderer};
use crate::record::sequence::{Frame, Sequence};
use crate::stage::palette::Studio;
use crate::timeline::Motion;

/// Draw a lesson's frames and throw them away.
#[derive(Debug, Args)]
pub struct DrawOnlyArgs {
    /// The lesson.
    lesson: String,
    /// The language.
    #[arg(long, default_value = "en")]
    lang: Tongue,
    /// Width and height in pixels.
    #[arg(long, value_parser = size, default_value = "720p")]
    size: UVec2,
    /// Frames a second.
    #[arg(long, default_value_t = 30)]
    fps: u32,
    #[command(flatten)]
    reach: ReachArgs,
}

/// Draws, and prints the seconds that it took, the frames that were drawn, and how many of them were new.
///
/// # Errors
/// All that drawing can fail by.
pub fn run(args: &DrawOnlyArgs) -> Result<(), Failure> {
    let lesson = lesson_library::find(&args.lesson)?
        .reaching(args.reach.reach())
        .load_in(args.lang.other())?;
    let speaker = Speaker {
        language: args.lang,
        voice: None,
    };
    let narrated = narrate(&lesson, &[speaker], &mut |_, _| ControlFlow::Continue(()))?;
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
    let (spares, mut thrown_away) = (renderer.recycler(), 0_u64);
    let mut hand_on = |frame| -> Result<(), RenderError> {
        if let Frame::New(frame_pixels) = frame {
            thrown_away += 1;
            // Nobody takes it where the renderer is gone.
            let _ = spares.send(frame_pixels);
        }
        Ok(())
    };
    let mut sequence = Sequence::begin(&mut renderer, PixelFormat::Yuv420)?;
    for frame in 0..frames {
        let time = frame as f64 / f64::from(args.fps);
        sequence.add(time, timeline.at(time), &mut hand_on)?;
    }
    sequence.finish(&mut hand_on)?;
    let (seconds, drawn) = (start.elapsed().as_secs_f64(), renderer.drawn);
    say!("{seconds:.2} {drawn} {thrown_away}");
    Ok(())
}
