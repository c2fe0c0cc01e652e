//! The program: reads the command line, picks a command, answers with an exit status.

use std::process::ExitCode;

use tensorama::cli;
use tensorama::language::Localized;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_silent() => ExitCode::from(failure.status),
        Err(failure) => {
            let language = cli::language::spoken();
            let said = failure.say(language);
            // What is wrong with a lesson says so itself.
            if said.starts_with("error: ") {
                eprintln!("{said}");
            } else {
                let error = Localized::new("error", "エラー").choose(language);
                eprintln!("{error}: {said}");
            }
            ExitCode::from(failure.status)
        }
    }
}
