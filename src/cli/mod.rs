//! The command line: one file a command.

pub mod check;
#[cfg(feature = "record")]
pub mod draw_only;
#[cfg(feature = "record")]
pub mod draw_segments;
pub mod eval;
#[cfg(feature = "window")]
pub mod explore;
pub mod failure;
pub mod find;
#[cfg(feature = "record")]
pub mod join;
pub mod list;
#[cfg(feature = "record")]
pub mod narrate;
#[cfg(feature = "record")]
pub mod picture_size;
#[cfg(feature = "window")]
pub mod play;
pub mod presets;
mod printing;
#[cfg(feature = "record")]
pub mod record;
pub mod shape;
#[cfg(feature = "record")]
pub mod telling;
#[cfg(feature = "engine")]
pub mod theme;

use clap::{Parser, Subcommand};

pub use failure::Failure;

/// Tensor operations as living 3D lessons.
#[derive(Debug, Parser)]
#[command(name = "tensorama", version, about, after_help = AFTER_HELP)]
#[cfg_attr(not(feature = "window"), command(arg_required_else_help = true))]
struct Arguments {
    #[cfg(feature = "window")]
    #[command(flatten)]
    window: play::WindowArgs,
    #[cfg(feature = "window")]
    #[command(subcommand)]
    command: Option<Command>,
    #[cfg(not(feature = "window"))]
    #[command(subcommand)]
    command: Command,
}

#[cfg(all(feature = "window", feature = "record"))]
const AFTER_HELP: &str = "\
Examples:
  tensorama                                  choose a lesson in a window
  tensorama play convolution --lang ja       watch it, take the camera at any moment
  tensorama explore \"nn.Conv2d(3, 8, 3)\"   take any layer in your hands
  tensorama record convolution -o conv.mp4   make a narrated video of it
  tensorama check lessons/*.ron              find everything that is wrong with lessons";

#[cfg(all(feature = "window", not(feature = "record")))]
const AFTER_HELP: &str =
    "This build makes no videos; one with the feature `record` has `record`, `join` and `narrate`.";

#[cfg(all(feature = "record", not(feature = "window")))]
const AFTER_HELP: &str =
    "This build opens no window; one with the feature `window` has `play` and `explore`.";

#[cfg(not(any(feature = "window", feature = "record")))]
const AFTER_HELP: &str = "This build draws nothing; one with the features `window` and `record` has \
    `play`, `explore`, `record`, `join` and `narrate`.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch a lesson in a window.
    #[cfg(feature = "window")]
    Play(play::PlayArgs),
    /// Take any layer in your hands, in a window.
    #[cfg(feature = "window")]
    Explore(explore::ExploreArgs),
    /// Find everything that is wrong with lessons.
    Check(check::CheckArgs),
    /// List the lessons that come with the program.
    List(list::ListArgs),
    /// Compute a layer or a chain on an input, and explain every step.
    Eval(eval::EvalArgs),
    /// Print the shapes and costs of a layer or a chain.
    Shape(shape::ShapeArgs),
    /// Make a narrated video of a lesson, or pictures of it.
    #[cfg(feature = "record")]
    Record(record::RecordArgs),
    /// Put the shares of a recording together, with sound, captions and chapters.
    #[cfg(feature = "record")]
    Join(join::JoinArgs),
    /// Draw some of the frames of a recording that another process makes.
    #[cfg(feature = "record")]
    #[command(hide = true)]
    DrawSegments(draw_segments::DrawSegmentsArgs),
    /// Draw a lesson's frames and throw them away.
    #[cfg(feature = "record")]
    #[command(hide = true)]
    DrawOnly(draw_only::DrawOnlyArgs),
    /// Print what a lesson says, for your own voice, or have it spoken ahead of a recording.
    #[cfg(feature = "record")]
    Narrate(narrate::NarrateArgs),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// What went wrong, as one paragraph for standard error.
pub fn run() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    #[cfg(feature = "window")]
    let Some(command) = arguments.command else {
        return play::run_list(&arguments.window);
    };
    #[cfg(not(feature = "window"))]
    let command = arguments.command;
    match command {
        #[cfg(feature = "window")]
        Command::Play(args) => play::run(&args),
        #[cfg(feature = "window")]
        Command::Explore(args) => explore::run(&args),
        Command::Check(args) => check::run(&args),
        Command::List(args) => list::run(&args),
        Command::Eval(args) => eval::run(&args).map_err(|error| {
            let usage = error.is_usage();
            let failure = Failure::from(error);
            if usage { failure.of_usage() } else { failure }
        }),
        Command::Shape(args) => Ok(shape::run(&args)?),
        #[cfg(feature = "record")]
        Command::Record(args) => record::run(&args),
        #[cfg(feature = "record")]
        Command::Join(args) => join::run(&args),
        #[cfg(feature = "record")]
        Command::DrawOnly(args) => draw_only::run(&args),
        #[cfg(feature = "record")]
        Command::DrawSegments(args) => draw_segments::run(&args),
        #[cfg(feature = "record")]
        Command::Narrate(args) => narrate::run(&args),
    }
}

/// A time on the command line: seconds, or minutes and seconds as 1:23.
#[cfg(feature = "engine")]
fn time(text: &str) -> Result<f64, String> {
    let wrong = || "write a time as 83, 83.5 or 1:23".to_owned();
    let mut seconds = 0.0;
    for part in text.split(':') {
        let part: f64 = part.parse().map_err(|_| wrong())?;
        if !part.is_finite() || part < 0.0 {
            return Err(wrong());
        }
        seconds = seconds * 60.0 + part;
    }
    Ok(seconds)
}
