//! What a command has to say when it fails.

use std::fmt;

/// A failed command: what, where, how to mend it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    /// The exit status: 1 where the work failed, 2 where the command line was wrong.
    pub status: u8,
}

impl Failure {
    /// A failure in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: 1,
        }
    }

    /// The same failure, blamed on the command line.
    #[must_use]
    pub fn of_usage(self) -> Self {
        Self { status: 2, ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !message.contains(&cause_text) {
                message = format!("{message}: {cause_text}");
            }
            source = cause.source();
        }
        Self::new(message)
    }
}
