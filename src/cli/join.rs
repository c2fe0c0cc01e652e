//! `tensorama join`: the shares of a recording, put together.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::record::beside;
use super::telling::Teller;
use super::{Failure, find};
use crate::record::join::{Joining, join};

/// Put the shares of a recording together, with sound, captions and chapters.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct JoinArgs {
    /// The lesson, by name or by path, as the shares were recorded from.
    lesson: String,
    /// The shares, in any order. Language, voice, size and all else are as they say.
    #[arg(required = true)]
    shares: Vec<PathBuf>,
    /// The file to write: .mp4 or .webm, as the shares.
    #[arg(short, long)]
    output: PathBuf,
    /// Write what is said beside the video, as Markdown in a file .md.
    #[arg(long)]
    transcript: bool,
    /// Write the chapters as lines to paste under the video, into this file or beside the video into a
    /// file .chapters.txt.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    chapters: Option<Option<PathBuf>>,
    /// Write a picture that stands for the video beside it, in a file .png: the moment at this time of
    /// the lesson, or a good one near the middle.
    #[arg(long, value_name = "TIME", num_args = 0..=1, value_parser = super::time)]
    poster: Option<Option<f64>>,
    /// Tell what happens as JSON on standard output, one object a line, for programs.
    #[arg(long)]
    json: bool,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
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
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    let joining = Joining {
        shares: args.shares.clone(),
        output: args.output.clone(),
        force: args.force,
        beside: beside(
            args.transcript,
            args.chapters.as_ref(),
            args.poster,
            &args.output,
        ),
    };
    let mut teller = Teller::new(args.json, 1);
    let result = find::find(&args.lesson)
        .and_then(|source| source.load())
        .and_then(|lesson| {
            Ok(join(lesson, &joining, &cancelled, &mut |progress| {
                teller.tell(progress);
            })?)
        });
    match &result {
        Ok(report) => teller.joined(report, &args.output),
        Err(failure) => teller.failed(None, failure),
    }
    result.map(drop)
}
