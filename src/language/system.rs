//! What the operating system says of a file, in every language.

use std::io::{Error, ErrorKind};

use super::{Localized, Message};
use crate::says;

/// An error of the operating system. Its own sentence stays as it is; those that are met often have
/// a Japanese one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemError {
    kind: ErrorKind,
    text: String,
}

impl SystemError {
    /// What kind of error it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl From<Error> for SystemError {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for SystemError {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            text: error.to_string(),
        }
    }
}

impl Message for Error {
    fn message(&self) -> Localized<String> {
        SystemError::from(self).message()
    }
}

impl Message for SystemError {
    fn message(&self) -> Localized<String> {
        let Self { kind, text } = self;
        let ja = match kind {
            ErrorKind::NotFound => "見つかりません",
            ErrorKind::PermissionDenied => "読み書きする権限がありません",
            ErrorKind::IsADirectory => "フォルダです。ファイルを指定してください",
            ErrorKind::NotADirectory => "フォルダではないものがパスの途中にあります",
            ErrorKind::AlreadyExists => "すでにあります",
            ErrorKind::StorageFull => "ディスクの空きがありません",
            ErrorKind::ReadOnlyFilesystem => "書き込めないディスクです",
            ErrorKind::InvalidData => "テキスト (UTF-8) として読めません",
            ErrorKind::BrokenPipe => "相手が先に終了しました",
            _ => return Localized::same(text),
        };
        says!(en: "{text}", ja: "{ja} ({text})")
    }
}

crate::message_error!(SystemError);
