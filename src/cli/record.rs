//! `tensorama record`: a narrated video of a lesson, or pictures of it.

use std::io::IsTerminal;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bevy::math::UVec2;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, find};
use crate::lesson::Language;
use crate::record::frames::save_frames;
use crate::record::narrated::narrate;
use crate::record::recording::{Progress, RecordError, Recording, Report, record};
use crate::record::renderer::Look;
use crate::stage::palette::Studio;

/// Frames between two lines of progress, where no terminal shows a bar.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Make a narrated video of a lesson, or pictures of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RecordArgs {
    /// The lesson, by name or by path.
    lesson: String,
    /// The file to write: a video, or pictures with --frames and --still.
    #[arg(short, long)]
    output: PathBuf,
    /// The language: en or ja.
    #[arg(long, default_value = "en")]
    lang: Language,
    /// Width and height in pixels.
    #[arg(long, default_value = "1920x1080", value_parser = size)]
    size: UVec2,
    /// Frames a second.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=240))]
    fps: u32,
    /// The voice: the best installed one, unless it is named; `none` records captions only.
    #[arg(long)]
    voice: Option<String>,
    /// Where captions go.
    #[arg(long, value_enum, default_value_t = Captions::Both)]
    captions: Captions,
    /// The light of the room.
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Draw these frames, first and last, into PNG files; -o then is a pattern like frame_%05d.png.
    #[arg(long, value_name = "A..B", value_parser = frame_range, conflicts_with = "still")]
    frames: Option<RangeInclusive<u64>>,
    /// Draw the frame at this time, in seconds or as 1:23, into a PNG file.
    #[arg(long, value_name = "TIME", value_parser = super::time)]
    still: Option<f64>,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  tensorama record convolution -o convolution.mp4 --lang ja
  tensorama record convolution -o square.mp4 --size 1080x1080 --theme dark
  tensorama record convolution --frames 300..599 -o frame_%05d.png
  tensorama record convolution --still 0:42 -o poster.png";

/// Where captions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Captions {
    /// Into the picture and into a track that players can show.
    Both,
    /// Into a track only.
    Track,
}

/// The light of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// A light studio.
    Light,
    /// A dark studio, for talks.
    Dark,
}

impl From<Theme> for Studio {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

fn size(text: &str) -> Result<UVec2, String> {
    let (width, height) = text.split_once(['x', '×']).ok_or("write it as 1920x1080")?;
    let side = |side: &str| match side.trim().parse::<u32>() {
        Ok(side) if (64..=7680).contains(&side) && side % 2 == 0 => Ok(side),
        Ok(_) => Err("width and height are even numbers from 64 to 7680".to_owned()),
        Err(_) => Err("write it as 1920x1080".to_owned()),
    };
    Ok(UVec2::new(side(width)?, side(height)?))
}

fn frame_range(text: &str) -> Result<RangeInclusive<u64>, String> {
    let parse = |part: &str| {
        part.parse::<u64>()
            .map_err(|_| "write it as 300..599".to_owned())
    };
    match text.split_once("..") {
        Some((first, last)) => Ok(parse(first)?..=parse(last)?),
        None => parse(text).map(|frame| frame..=frame),
    }
}

/// Records.
///
/// # Errors
/// Everything that can go wrong with a lesson, a voice, a driver, ffmpeg or a disk.
pub fn run(args: &RecordArgs) -> Result<(), Failure> {
    let lesson = find::find(&args.lesson)?.load()?;
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    let look = Look {
        size: args.size,
        studio: args.theme.into(),
        captions: args.captions == Captions::Both,
    };
    let mut teller = Teller::new(args.fps);
    if args.frames.is_some() || args.still.is_some() {
        let narrated = narrate(
            &lesson,
            args.lang,
            args.voice.as_deref(),
            &mut |done, all| {
                teller.tell(Progress::Spoken(done, all));
            },
        )?;
        let frames = match (&args.frames, args.still) {
            (Some(frames), _) => frames.clone(),
            (None, still) => {
                let frame = (still.unwrap_or(0.0) * f64::from(args.fps)).round() as u64;
                frame..=frame
            }
        };
        let tell = &mut |progress: Progress<'_>| teller.tell(progress);
        save_frames(
            lesson,
            narrated.timeline,
            look,
            (frames, args.fps),
            &args.output,
            &cancelled,
            tell,
        )?;
        teller.end();
        return Ok(());
    }
    let recording = Recording {
        output: args.output.clone(),
        force: args.force,
        language: args.lang,
        voice: args.voice.clone(),
        fps: args.fps,
        look,
    };
    let result = record(lesson, &recording, &cancelled, &mut |progress| {
        teller.tell(progress)
    });
    teller.end();
    let report = result.map_err(|error: RecordError| Failure::from(error))?;
    println!("{}", summary(&report, &args.output));
    Ok(())
}

fn summary(report: &Report, output: &std::path::Path) -> String {
    let per_drawn = |time: Duration| 1000.0 * time.as_secs_f64() / report.drawn.max(1) as f64;
    let minute = 60.0 * report.seconds / report.wall.as_secs_f64().max(1e-9);
    format!(
        "{}: {:.1} s of video, {} frames ({} drawn, {} reused) in {:.1} s after {:.1} s of preparation, \
         {minute:.0} s of video a minute\n\
         milliseconds a drawn frame: simulate {:.1}, draw {:.1}, read back {:.1}; \
         convert and hand to ffmpeg {:.1}",
        output.display(),
        report.seconds,
        report.frames,
        report.drawn,
        report.frames - report.drawn,
        report.wall.as_secs_f64(),
        report.preparation.as_secs_f64(),
        per_drawn(report.spent.simulate),
        per_drawn(report.spent.draw),
        per_drawn(report.spent.read_back),
        1000.0 * report.encode.as_secs_f64() / report.frames.max(1) as f64,
    )
}

/// Tells how far things are: a bar on a terminal, plain lines elsewhere.
struct Teller {
    fps: u32,
    bar: Option<ProgressBar>,
    frames: u64,
    start: Instant,
    last_line: Instant,
}

impl Teller {
    fn new(fps: u32) -> Self {
        Self {
            fps,
            bar: None,
            frames: 0,
            start: Instant::now(),
            last_line: Instant::now(),
        }
    }

    fn tell(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Voice(voice) => eprintln!("voice: {voice}"),
            Progress::Spoken(done, all) => {
                if std::io::stderr().is_terminal() {
                    eprint!(
                        "\rspeaking {done}/{all}{}",
                        if done == all { "\n" } else { "" }
                    );
                }
            }
            Progress::Frames(frames) => {
                self.frames = frames;
                self.start = Instant::now();
                if std::io::stderr().is_terminal() {
                    let style = "{wide_bar} {percent}%  frame {pos}/{len}  {per_sec}  {eta} left";
                    let bar = ProgressBar::new(frames);
                    // The template is ours and sound; without it the bar has its default look.
                    if let Ok(style) = ProgressStyle::with_template(style) {
                        bar.set_style(style);
                    }
                    self.bar = Some(bar);
                }
            }
            Progress::Frame(done) => {
                if let Some(bar) = &self.bar {
                    bar.set_position(done);
                } else if self.last_line.elapsed() >= LINE_EVERY {
                    self.last_line = Instant::now();
                    let each = self.start.elapsed().as_secs_f64() / done.max(1) as f64;
                    eprintln!(
                        "frame {done} of {} ({}%), {:.2} times real time, {:.0} s left",
                        self.frames,
                        100 * done / self.frames.max(1),
                        1.0 / (each * f64::from(self.fps)),
                        each * (self.frames - done) as f64
                    );
                }
            }
        }
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
