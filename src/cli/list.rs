//! `tensorama list`: what comes with the program.

use super::printing::say;
use clap::Args;

use super::{Failure, find};
use crate::lesson::Language;
use crate::narration::estimated_speeches;
use crate::timeline::Timeline;

/// List the lessons, or the named layers, that come with the program.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The language: en or ja.
    #[arg(long, default_value = "en")]
    lang: Language,
    /// List the layers that have a name instead.
    #[arg(long)]
    presets: bool,
    #[command(flatten)]
    as_presets: super::presets::PresetsArgs,
}

/// Prints the name, title and length of each lesson.
///
/// # Errors
/// There are none, or nothing can be printed.
pub fn run(args: &ListArgs) -> Result<(), Failure> {
    if args.presets {
        return Ok(super::presets::run(&args.as_presets)?);
    }
    let lessons = find::shipped_lessons();
    if lessons.is_empty() {
        return Err(Failure::new(format!(
            "no lessons were found in {}; set TENSORAMA_LESSONS to the folder that holds them",
            find::lessons_folder().display()
        )));
    }
    for (name, path) in lessons {
        let source = find::find(&path.display().to_string())?;
        match source.check() {
            Ok((lesson, _)) => {
                let speeches = estimated_speeches(&lesson, args.lang);
                let seconds = Timeline::new(&lesson, args.lang, &speeches).duration as u64;
                say!(
                    "{name:24} {}  ({}:{:02}, {} chapters)",
                    lesson.title.get(args.lang),
                    seconds / 60,
                    seconds % 60,
                    lesson.scenes.len()
                );
            }
            Err(problems) => say!("{name:24} has a mistake: {}", problems.headline()),
        }
    }
    Ok(())
}
