//! The program: reads the command line, picks a command, answers with an exit status.

use std::process::ExitCode;

use tensorama::cli;

/// Commands that draw without a window; so do others that write a picture.
#[cfg(target_os = "linux")]
const WITHOUT_WINDOW: [&str; 5] = ["record", "join", "draw-only", "worksheet", "--version"];

/// Starts the program anew with a folder for sockets that is not there, where none is told. A layer of Mesa's drivers
/// looks for Wayland, whose library writes "error: XDG_RUNTIME_DIR is invalid or not set" on the terminal otherwise:
/// there is nothing wrong, and who has no window needs no Wayland.
#[cfg(target_os = "linux")]
fn without_wayland() {
    use std::os::unix::process::CommandExt;

    const PLACE: &str = "XDG_RUNTIME_DIR";
    let mut arguments = std::env::args_os();
    let name = arguments.next();
    let command = arguments.next();
    let draws = command.is_some_and(|command| WITHOUT_WINDOW.iter().any(|name| command == *name))
        || arguments.any(|argument| argument == "-o" || argument == "--output");
    if !draws || std::env::var_os(PLACE).is_some() {
        return;
    }
    if let (Ok(program), Some(name)) = (std::env::current_exe(), name) {
        let mut again = std::process::Command::new(program);
        again.arg0(name).args(std::env::args_os().skip(1));
        // It returns only where it fails, and then all goes on as it is.
        let _ = again.env(PLACE, "/nonexistent").exec();
    }
}

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    without_wayland();
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.status)
        }
    }
}
