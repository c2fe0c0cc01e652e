//! `tensorama check`: everything that is wrong with lessons.

use super::printing::say;
use clap::Args;

use super::{Failure, find};
use crate::lesson::{self, Diagnostics, Language, Lesson};
use crate::narration::estimated_speeches;
use crate::timeline::{Finding, HEIGHT_SHARE, Timeline, WIDTH_SHARE};

/// Find everything that is wrong with lessons.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Lessons, by name or by path.
    #[arg(required = true, value_name = "LESSON")]
    lessons: Vec<String>,
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Prints the diagnostics of all lessons.
///
/// # Errors
/// Where a lesson cannot be read or has an error; all lessons are looked at first.
pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let mut errors = 0;
    let mut bad = 0;
    for name in &args.lessons {
        match find::find(name) {
            Err(failure) => {
                eprintln!("error: {failure}");
                errors += 1;
                bad += 1;
            }
            Ok(source) => match source.check() {
                Ok((lesson, warnings)) => {
                    eprint!("{warnings}{}", source.check_next());
                    eprint!("{}", review(&source, &lesson));
                    let scenes = lesson.scenes.len();
                    say!("{}: good, {scenes} scene{}", source.name, plural(scenes));
                }
                Err(diagnostics) => {
                    eprint!("{diagnostics}{}", source.check_next());
                    errors += diagnostics.error_count();
                    bad += 1;
                }
            },
        }
    }
    if bad == 0 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{errors} error{} in {bad} lesson{}",
        plural(errors),
        plural(bad)
    )))
}

/// What is legal in a lesson and yet likely a slip, at its beats.
fn review(source: &find::Source, lesson: &Lesson) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(&source.name, &source.text);
    for language in Language::ALL {
        let speeches = estimated_speeches(lesson, language);
        let timeline = Timeline::new(lesson, language, &speeches);
        for remark in timeline.review(WIDTH_SHARE, HEIGHT_SHARE[0]) {
            let path = format!("scenes[{}].beats[{}]", remark.scene, remark.beat);
            let span = lesson::span_of(&source.text, &path);
            let (message, help) = match remark.finding {
                Finding::CutOff { part } => (
                    format!("the camera cuts off {part:?} while it is at work"),
                    "name it in the `frame` of a shot, or give the shot more `room`",
                ),
                Finding::Hurried {
                    language,
                    text,
                    rate,
                } => (
                    format!(
                        "the {language} caption is up for too short a time ({rate:.0} characters \
                         a second): {text}"
                    ),
                    "say it in fewer words, or in several sentences",
                ),
            };
            let known = diagnostics
                .list
                .iter()
                .any(|other| other.span == span && other.message == message);
            if !known {
                diagnostics.warning(span, message, help);
            }
        }
    }
    diagnostics
}
