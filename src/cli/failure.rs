//! What a command has to say when it fails.

use super::printing::remark;
use crate::language::{Language, Localized, Message};

/// A failed command: what, where, how to fix it. Made of a [`Message`] only, so that it exists in
/// every language.
#[derive(Debug)]
pub struct Failure {
    message: Localized<String>,
    /// The exit status: 1 where the work failed, 2 where the command line was wrong, 130 where Ctrl-C and
    /// 143 where SIGTERM closed the window.
    pub status: u8,
}

impl Failure {
    /// An exit status above this one tells by its distance the number of the signal that ended the
    /// program.
    pub const BY_SIGNAL: u8 = 128;

    /// A window that a signal has closed: whoever sent it need not be told.
    #[must_use]
    pub fn of_signal(status: u8) -> Self {
        Self {
            message: Localized::default(),
            status,
        }
    }

    /// Whether there is nothing to say.
    const fn is_silent(&self) -> bool {
        self.status > Self::BY_SIGNAL
    }

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

    /// Tells the terminal, in the language that its user speaks, what went wrong.
    pub fn print(&self) {
        if self.is_silent() {
            return;
        }
        let language = super::language::spoken();
        let said = self.say(language);
        // What is wrong with a lesson says so itself.
        if said.starts_with("error: ") {
            remark(format_args!("{said}\n"));
        } else {
            let error = Localized::new("error", "エラー").choose(language);
            remark(format_args!("{error}: {said}\n"));
        }
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
