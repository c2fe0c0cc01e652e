//! Writing to standard output. Whoever reads it may have had enough, as `head` does: then the
//! program ends quietly, as other tools do.

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

pub(crate) use say;
#[cfg(feature = "record")]
pub(crate) use say_on;
