//! `tensorama narrate`: what a lesson says, for an author who speaks it.

use clap::Args;

use super::{Failure, find};
use crate::lesson::Language;
use crate::narration::recording_script;

/// Print what a lesson says, for your own voice.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NarrateArgs {
    /// The lesson, by name or by path.
    lesson: String,
    /// Print the name of each recording and its words, with a tab between them.
    #[arg(long, required = true)]
    list: bool,
    /// The language: en or ja.
    #[arg(long, default_value = "en")]
    lang: Language,
}

const EXAMPLES: &str = "\
Record each text as the WAV file of its name in one folder, then make the video with your voice:
  tensorama narrate convolution --list
  tensorama record convolution -o convolution.mp4 --voice \"wav: my-recordings\"";

/// Prints the names of recordings and the words to say.
///
/// # Errors
/// The lesson is not there or has errors.
pub fn run(args: &NarrateArgs) -> Result<(), Failure> {
    let lesson = find::find(&args.lesson)?.load()?;
    for (name, text) in recording_script(&lesson, args.lang) {
        let words: Vec<&str> = text.split_whitespace().collect();
        println!("{name}\t{}", words.join(" "));
    }
    Ok(())
}
