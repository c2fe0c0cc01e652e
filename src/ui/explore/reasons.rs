//! Mistakes of the notation in Japanese, until the notation itself tells them in both languages.

use super::japanese::said;
use crate::explore::opened::OpenError;
use crate::language::{Language, Message};
use crate::op::SubjectError;

/// Why what was pasted or dropped cannot be put on the workbench.
pub(super) fn open_error(error: &OpenError, language: Language) -> String {
    match error {
        OpenError::Subject(SubjectError::Notation(mistake))
            if language == Language::Ja && mistake.message.en == mistake.message.ja =>
        {
            let text = error.to_string();
            // The line with its mark stays.
            let marked = text.split_once('\n').map_or("", |(_, marked)| marked);
            let place = format!("{} 行 {} 文字目", mistake.line, mistake.column);
            format!("{place}: {}\n{marked}", said(&mistake.message.en, language))
        }
        OpenError::Text { path, why } => format!("{path}: {}", open_error(why, language)),
        _ => error.say(language),
    }
}
