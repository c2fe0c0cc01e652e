//! `tensorama check`: everything that is wrong with lessons.

use clap::Args;

use super::{Failure, find};

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
                    eprint!("{warnings}");
                    let scenes = lesson.scenes.len();
                    println!("{}: good, {scenes} scene{}", source.name, plural(scenes));
                }
                Err(diagnostics) => {
                    eprint!("{diagnostics}");
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
