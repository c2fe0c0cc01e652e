//! The program: reads the command line, picks a command, answers with an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    match tensorama::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.status)
        }
    }
}
