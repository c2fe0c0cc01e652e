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
            let error = Localized::new("error", "エラー").choose(language);
            eprintln!("{error}: {}", failure.say(language));
            ExitCode::from(failure.status)
        }
    }
}
