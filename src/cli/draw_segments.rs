//! `tensorama draw-segments`: a worker of `tensorama record --jobs`, which starts it.

use std::io::{Read, Write};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::Failure;
use super::lesson_library::{self, ReachArgs};
use super::record::on_interrupt;
use crate::language::Tongue;
use crate::record::recording::help;

/// Draw some of the frames of a recording that another process makes.
#[derive(Debug, Args)]
pub struct DrawSegmentsArgs {
    /// The lesson.
    lesson: String,
    /// The folder of the unfinished recording.
    folder: PathBuf,
    /// The frames, first and last.
    #[arg(value_parser = super::record::frame_range)]
    frames: RangeInclusive<u64>,
    /// The language of the lesson's sentences.
    #[arg(long, value_name = "LANG")]
    sentences: Option<Tongue>,
    #[command(flatten)]
    reach: ReachArgs,
}

/// Draws, until all is drawn or whoever started it is gone.
///
/// # Errors
/// All that drawing and encoding can fail by.
pub fn run(args: &DrawSegmentsArgs) -> Result<(), Failure> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    on_interrupt(|| {
        // Ctrl-C is for who started this one, and stops it in turn.
    })?;
    std::thread::spawn(move || {
        // It ends when the other end is closed; what is read is nothing.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        flag.store(true, Ordering::Relaxed);
    });
    let lesson = lesson_library::find(&args.lesson)?
        .reaching(args.reach.reach())
        .load_in(args.sentences.and_then(Tongue::other))?;
    let frames = *args.frames.start()..*args.frames.end() + 1;
    let tell = |text: String| {
        let mut out = std::io::stdout().lock();
        // Where nobody reads it any more, standard input has ended too.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    };
    let drawn = help(lesson, &args.folder, frames, &cancelled, &mut || {
        tell("frame".to_owned());
    })?;
    tell(format!("drawn {drawn}"));
    Ok(())
}
