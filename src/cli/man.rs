//! `tensorama man`: the manual page.

use clap::Args;
use clap_mangen::Man;

use super::Failure;
use super::printing::write;
use crate::language::says;

/// Print the manual page, in roff.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Print that of a command instead.
    command: Option<String>,
}

/// Prints the page.
///
/// # Errors
/// There is no such command.
pub fn run(args: &ManArgs) -> Result<(), Failure> {
    let mut program = super::program().propagate_version(true);
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => {
            let command = program.find_subcommand(name).cloned();
            command.ok_or_else(|| {
                Failure::from(says!(
                    en: "there is no command {name}; `tensorama --help` lists them",
                    ja: "{name} というコマンドはありません。`tensorama --help` に一覧があります"
                ))
                .of_usage()
            })?
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text).map_err(|why| {
        Failure::from(
            says!(en: "the page cannot be written: {why}", ja: "ページを書けません: {why}"),
        )
    })?;
    write(format_args!("{}", String::from_utf8_lossy(&text)));
    Ok(())
}
