//! Writing to standard output and standard error. Whoever reads the output may have had enough, as `head` does:
//! then the program ends quietly, as other tools do.

use std::fmt::Arguments;
use std::io::Write;

/// The exit status of a tool whose reader has gone: 128 and the number of SIGPIPE.
const READER_GONE: i32 = 141;

/// Writes to standard output.
pub fn write(text: Arguments<'_>) {
    let mut output = std::io::stdout().lock();
    if output
        .write_fmt(text)
        .and_then(|()| output.flush())
        .is_err()
    {
        std::process::exit(READER_GONE);
    }
}

/// Writes to standard error. Where nobody reads that any more, as when a connection breaks, the work goes on.
pub fn remark(text: Arguments<'_>) {
    let mut output = std::io::stderr().lock();
    let _ = output.write_fmt(text).and_then(|()| output.flush());
}

/// Prints a line, as `println!` does, to a reader that may have gone.
macro_rules! say {
    () => { $crate::cli::printing::write(format_args!("\n")) };
    ($($text:tt)*) => {
        $crate::cli::printing::write(format_args!("{}\n", format_args!($($text)*)))
    };
}

/// Prints without a line end, as `print!` does, to a reader that may have gone.
#[cfg(feature = "record")]
macro_rules! say_on {
    ($($text:tt)*) => { $crate::cli::printing::write(format_args!($($text)*)) };
}

/// Prints a line in the language of the command line: `tell!(en: "{count} files", ja: "{count} 個")`.
macro_rules! tell {
    ($($text:tt)*) => {
        $crate::cli::printing::say!(
            "{}",
            $crate::language::says!($($text)*).choose($crate::cli::language::spoken())
        )
    };
}

/// Prints a line in the language of the command line to standard error.
#[cfg(feature = "record")]
macro_rules! note {
    ($($text:tt)*) => {
        $crate::cli::printing::remark(format_args!(
            "{}\n",
            $crate::language::says!($($text)*).choose($crate::cli::language::spoken())
        ))
    };
}

#[cfg(feature = "record")]
pub(crate) use note;
#[cfg(feature = "record")]
pub(crate) use say_on;
pub(crate) use {say, tell};

/// A text with spaces behind it, up to so many columns of a terminal.
pub fn padded(text: &str, columns: usize) -> String {
    let space = columns.saturating_sub(unicode_width::UnicodeWidthStr::width(text));
    format!("{text}{}", " ".repeat(space))
}
