//! `tensorama join`: the shares of a recording, put together.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::Failure;
use super::language::of_sentences;
use super::lesson_library::{self, ReachArgs};
use super::record::{on_interrupt, sidecars};
use super::reporter::Reporter;
use crate::lesson::Lesson;
use crate::record::join::{Joining, join, languages};

/// Join the shares of a recording, with sound, captions and chapters.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct JoinArgs {
    /// The lesson, by name or by path, as the shares were recorded from.
    lesson: String,
    /// The shares, in any order. Language, voice, size and everything else are taken from them.
    #[arg(required = true)]
    shares: Vec<PathBuf>,
    /// The file to write: .mp4 or .webm, like the shares.
    #[arg(short, long)]
    output: PathBuf,
    /// Also write a transcript next to the video, as a Markdown file (.md).
    #[arg(long)]
    transcript: bool,
    /// Also write the chapters as lines to paste into the video's description, into this file or next to
    /// the video (.chapters.txt).
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    chapters: Option<Option<PathBuf>>,
    /// Also write a poster image next to the video (.png): the frame at this time of the lesson, or a
    /// good one near the middle.
    #[arg(long, value_name = "TIME", num_args = 0..=1, value_parser = crate::explore::options::time)]
    poster: Option<Option<f64>>,
    /// Report progress as JSON on standard output, one object per line.
    #[arg(long)]
    json: bool,
    /// Overwrite existing files.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    reach: ReachArgs,
}

const EXAMPLES: &str = "\
Record the shares wherever you like, with the same options, then join them:
  tensorama record convolution -o share-1.mp4 --share 1/3
  tensorama record convolution -o share-2.mp4 --share 2/3
  tensorama record convolution -o share-3.mp4 --share 3/3
  tensorama join convolution share-*.mp4 -o convolution.mp4
docs/render-farm.md has recipes for GNU parallel and for Slurm.";

/// Joins.
///
/// # Errors
/// Shares that do not go together, and all that a recording can fail by at its end.
pub fn run(args: &JoinArgs) -> Result<(), Failure> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    on_interrupt(move || flag.store(true, Ordering::Relaxed))?;
    let joining = Joining {
        shares: args.shares.clone(),
        output: args.output.clone(),
        force: args.force,
        sidecars: sidecars(
            args.transcript,
            args.chapters.as_ref(),
            args.poster,
            &args.output,
        ),
    };
    let mut reporter = Reporter::new(args.json, 1);
    let result = lesson(args).and_then(|lesson| {
        Ok(join(lesson, &joining, &cancelled, &mut |progress| {
            reporter.on_progress(progress);
        })?)
    });
    match &result {
        Ok(report) => reporter.joined(report, &args.output),
        Err(failure) => reporter.failed(None, failure),
    }
    result.map(drop)
}

/// The lesson, in the language that the shares tell.
fn lesson(args: &JoinArgs) -> Result<Lesson, Failure> {
    let source = lesson_library::find(&args.lesson)?.reaching(args.reach.reach());
    let tracks = match args.shares.first() {
        Some(share) => languages(share)?,
        None => Vec::new(),
    };
    Ok(source.load_in(of_sentences(&tracks)?)?)
}
