//! What is wrong with a lesson file, shown as an author needs to see it: what, where, how to fix it.

use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Report, Label};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;

use crate::language::{Language, Localized, Message, message_error, says};

/// The help of a diagnostic that says all in its message.
pub(super) const NO_HELP: Localized<&str> = Localized::new("", "");

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The lesson plays, but something in it is probably not meant.
    Warning,
    /// The lesson cannot be played.
    Error,
}

/// One thing that is wrong with a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: Localized<String>,
    /// The offending text, in bytes of the source.
    pub span: Range<usize>,
    /// How to fix it; may be empty.
    pub help: Localized<String>,
}

/// Everything that is wrong with one lesson file, with its source, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// The file's name, as the author gave it.
    pub file: String,
    /// Its text.
    pub source: String,
    /// What is wrong, in the order of the file.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// An empty list for a file.
    #[must_use]
    pub fn new(file: &str, source: &str) -> Self {
        Self {
            file: file.to_owned(),
            source: source.to_owned(),
            list: Vec::new(),
        }
    }

    /// Whether the lesson cannot be played.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many errors there are.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.list
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count()
    }

    /// Adds an error.
    pub fn error(
        &mut self,
        span: Range<usize>,
        message: impl Into<Localized<String>>,
        help: impl Into<Localized<String>>,
    ) {
        self.push(Severity::Error, span, message.into(), help.into());
    }

    /// Adds a warning.
    pub fn warning(
        &mut self,
        span: Range<usize>,
        message: impl Into<Localized<String>>,
        help: impl Into<Localized<String>>,
    ) {
        self.push(Severity::Warning, span, message.into(), help.into());
    }

    fn push(
        &mut self,
        severity: Severity,
        span: Range<usize>,
        message: Localized<String>,
        help: Localized<String>,
    ) {
        let end = span.end.min(self.source.len());
        self.list.push(Diagnostic {
            severity,
            message,
            span: span.start.min(end)..end,
            help,
        });
    }

    /// The line and column, both from 1, at a byte of the source; columns count characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.source[..offset.min(self.source.len())];
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        (line, column)
    }

    /// The first error as one line: `file:line:column: message`.
    #[must_use]
    pub fn headline(&self) -> Localized<String> {
        self.list.first().map_or_else(Localized::default, |first| {
            let (line, column) = self.position(first.span.start);
            let (file, message) = (&self.file, &first.message);
            says!(
                with [message];
                en: "{file}:{line}:{column}: {message}",
                ja: "{file}:{line}:{column}: {message}"
            )
        })
    }
}

/// A report, whose first word is codespan's in English, with that word in a language.
fn with_severity(report: &str, severity: Severity, language: Language) -> String {
    let word = match severity {
        Severity::Error => Localized::new("error", "エラー"),
        Severity::Warning => Localized::new("warning", "警告"),
    };
    match report.strip_prefix(word.en) {
        Some(rest) => word.choose(language).to_owned() + rest,
        None => report.to_owned(),
    }
}

/// All diagnostics with file, line, column and the line itself, the offending text underlined.
impl Message for Diagnostics {
    fn message(&self) -> Localized<String> {
        Localized {
            en: self.report(Language::En),
            ja: self.report(Language::Ja),
        }
    }
}

message_error!(Diagnostics);

impl Diagnostics {
    fn report(&self, language: Language) -> String {
        let file = SimpleFile::new(&self.file, &self.source);
        let config = term::Config::default();
        let mut text = String::new();
        for diagnostic in &self.list {
            let report = match diagnostic.severity {
                Severity::Error => Report::error(),
                Severity::Warning => Report::warning(),
            };
            let message = diagnostic.message.get(language);
            let mut report = report
                .with_message(message)
                .with_labels(vec![Label::primary((), self.label_span(&diagnostic.span))]);
            let help = diagnostic.help.get(language);
            if !help.is_empty() {
                let word = Localized::new("help", "ヒント").choose(language);
                report = report.with_notes(vec![format!("{word}: {help}")]);
            }
            match term::emit_into_string(&config, &file, &report) {
                Ok(report) => text += &with_severity(&report, diagnostic.severity, language),
                // A report that cannot be laid out is told without its line.
                Err(_) => text += &format!("{}: {message}\n", self.file),
            }
        }
        text
    }

    /// The part of a span that is worth underlining: its first line.
    fn label_span(&self, span: &Range<usize>) -> Range<usize> {
        let text = &self.source[span.clone()];
        let first_line = text.split('\n').next().unwrap_or_default().trim_end();
        span.start..span.start + first_line.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_shows_file_line_column_the_line_and_what_to_do() {
        let mut diagnostics = Diagnostics::new("a.ron", "Lesson(\n    ticks: 3,\n)");
        diagnostics.error(
            12..17,
            Localized::new("no such field", "その項目はありません"),
            Localized::new("did you mean `titles`?", "`titles` のことですか?"),
        );
        let report = diagnostics.to_string();
        assert!(report.contains("a.ron:2:5"), "{report}");
        assert!(report.contains("ticks: 3"), "{report}");
        assert!(report.contains("^^^^^"), "{report}");
        assert!(report.contains("did you mean"), "{report}");
        assert_eq!(diagnostics.headline().en, "a.ron:2:5: no such field");
    }
}
