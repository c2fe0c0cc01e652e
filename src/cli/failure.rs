//! What a command has to say when it fails.

use crate::language::{Language, Localized, Message};

/// A failed command: what, where, how to fix it. Made of a [`Message`] only, so that it exists in
/// every language.
#[derive(Debug)]
pub struct Failure {
    message: Localized<String>,
    /// The exit status: 1 where the work failed, 2 where the command line was wrong.
    pub status: u8,
}

impl Failure {
    /// The same failure, blamed on the command line.
    #[must_use]
    pub fn of_usage(self) -> Self {
        Self { status: 2, ..self }
    }

    /// The failure in words.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        self.message.get(language)
    }
}

impl<M: Message> From<M> for Failure {
    fn from(message: M) -> Self {
        Self {
            message: message.message(),
            status: 1,
        }
    }
}
