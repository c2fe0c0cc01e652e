//! `tensorama completions`: what a shell completes the program's words with.

use clap::Args;
use clap_complete::Shell;

use super::Failure;
use super::printing::write;

/// Print what a shell completes the words of this program with.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// None.
pub fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::program(), "tensorama", &mut script);
    write(format_args!("{}", String::from_utf8_lossy(&script)));
    Ok(())
}
