//! A mistake in a line of notation: where it is, what it is, and what would be right.

use std::ops::Range;

use crate::language::{Localized, Message, message_error, says};

/// A mistake with its place. Prints the line, with the mistake marked under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotationError {
    /// What is wrong and how to fix it.
    pub message: Localized<String>,
    /// Bytes of the text that are wrong.
    pub span: Range<usize>,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The line of the text, shortened around the mistake if it is long.
    excerpt: String,
    /// Characters before the mark in the excerpt, and of the mark.
    mark: (usize, usize),
    /// The file, where there is one.
    file: Option<String>,
}

/// Characters of an excerpt, at most.
const EXCERPT: usize = 100;

impl NotationError {
    pub(in crate::network) fn new(
        source: &str,
        span: Range<usize>,
        message: Localized<String>,
    ) -> Self {
        let floor = |mut at: usize| {
            at = at.min(source.len());
            while !source.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(span.start), floor(span.end));
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..]
            .find('\n')
            .map_or(source.len(), |at| start + at);
        let before: Vec<char> = source[line_start..start].chars().collect();
        let marked = source[start..end.clamp(start, line_end)]
            .chars()
            .count()
            .max(1);
        let skipped = before.len().saturating_sub(EXCERPT / 2);
        let excerpt: String = source[line_start..line_end]
            .chars()
            .skip(skipped)
            .take(EXCERPT)
            .map(|character| {
                if character.is_control() {
                    ' '
                } else {
                    character
                }
            })
            .collect();
        Self {
            message,
            span: start..end.max(start),
            line: source[..start].matches('\n').count() + 1,
            column: before.len() + 1,
            mark: (
                before.len() - skipped,
                marked.min(EXCERPT - (before.len() - skipped)),
            ),
            excerpt,
            file: None,
        }
    }

    /// The mistake, told with the file that it is in.
    #[must_use]
    pub(in crate::network) fn in_file(mut self, name: &str) -> Self {
        self.file = Some(name.to_owned());
        self
    }
}

impl Message for NotationError {
    fn message(&self) -> Localized<String> {
        let Self {
            message,
            line,
            column,
            excerpt,
            mark: (before, length),
            file,
            ..
        } = self;
        let place = match file {
            Some(name) => format!("{name}, "),
            None => String::new(),
        };
        let under = " ".repeat(*before) + &"^".repeat((*length).max(1));
        says!(
            with [message];
            en: "{place}line {line}, column {column}: {message}\n  {excerpt}\n  {under}",
            ja: "{place}{line} 行 {column} 文字目: {message}\n  {excerpt}\n  {under}"
        )
    }
}

message_error!(NotationError);
