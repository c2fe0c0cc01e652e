//! The command line: one file a command.

pub mod check;
pub mod failure;
pub mod find;
#[cfg(feature = "record")]
pub mod record;

use clap::{Parser, Subcommand};

pub use failure::Failure;

/// Tensor operations as living 3D lessons.
#[derive(Debug, Parser)]
#[command(name = "tensorama", version, about, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  tensorama                                  choose a lesson in a window
  tensorama play convolution --lang ja       watch it, take the camera at any moment
  tensorama record convolution -o conv.mp4   make a narrated video of it
  tensorama check lessons/*.ron              find everything that is wrong with lessons";

#[derive(Debug, Subcommand)]
enum Command {
    /// Find everything that is wrong with lessons.
    Check(check::CheckArgs),
    /// Make a narrated video of a lesson, or pictures of it.
    #[cfg(feature = "record")]
    Record(record::RecordArgs),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// What went wrong, as one paragraph for standard error.
pub fn run() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    match arguments.command {
        None => Err(Failure::new("no window yet")),
        Some(Command::Check(args)) => check::run(&args),
        #[cfg(feature = "record")]
        Some(Command::Record(args)) => record::run(&args),
    }
}

/// A time on the command line: seconds, or minutes and seconds as 1:23.
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
