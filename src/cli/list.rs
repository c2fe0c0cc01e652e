//! `tensorama list`: what comes with the program.

use super::language::spoken;
use super::printing::tell;
use clap::Args;

use super::lesson_library::{FindError, LessonSource, NoLessons};
use super::{Failure, lesson_library};
use crate::language::Tongue;
use crate::lesson::{Diagnostics, Lesson};
use crate::narration::estimated_speeches;
use crate::timeline::Timeline;

/// List the lessons that come with the program, or its presets.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// List the presets, layers with a name, instead.
    #[arg(long)]
    presets: bool,
    #[command(flatten)]
    as_presets: super::presets::PresetsArgs,
}

/// Prints the name, title and length of each lesson.
///
/// # Errors
/// There are none, or nothing can be printed.
pub fn run(args: &ListArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    if args.presets {
        return Ok(super::presets::run(&args.as_presets)?);
    }
    let lessons = lesson_library::shipped_lessons();
    if lessons.is_empty() {
        return Err(NoLessons(lesson_library::lessons_folder()).into());
    }
    let language = spoken();
    for (name, path) in lessons {
        let source = lesson_library::find(&path.display().to_string())?;
        match told_in(&source, lang) {
            Ok(lesson) => {
                let speeches = estimated_speeches(&lesson, language);
                let seconds = Timeline::new(&lesson, language, &speeches).duration as u64;
                let (minutes, seconds) = (seconds / 60, seconds % 60);
                let (title, chapters) = (lesson.title.get(language), lesson.scenes.len());
                tell!(
                    en: "{name:24} {title}  ({minutes}:{seconds:02}, {chapters} chapters)",
                    ja: "{name:24} {title}  ({minutes}:{seconds:02}、チャプター {chapters} 個)"
                );
            }
            Err(problems) => {
                let headline = problems.headline();
                tell!(
                    with [headline];
                    en: "{name:24} has a mistake: {headline}",
                    ja: "{name:24} 誤りがあります: {headline}"
                );
            }
        }
    }
    Ok(())
}

/// A lesson in the language that is asked for; where it has no sentences in that, in English.
fn told_in(source: &LessonSource, lang: Option<Tongue>) -> Result<Lesson, Diagnostics> {
    if let Some(language) = lang.and_then(Tongue::other) {
        match source.check_in(language) {
            Ok((lesson, _)) => return Ok(lesson),
            Err(FindError::Wrong { diagnostics, .. }) => return Err(diagnostics),
            Err(_) => {}
        }
    }
    source.check().map(|(lesson, _)| lesson)
}
