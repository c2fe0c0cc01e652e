//! Reading a lesson's notation: where the parser stopped, what is wrong there, and what would be right.

use std::ops::Range;

use ron::Error;
use ron::error::{Position, Span, SpannedError};

use super::diagnostic::{Diagnostic, Severity};
use super::schema::RawLesson;

/// Reads a lesson, and checks nothing in it.
///
/// # Errors
/// The first mistake of notation; the file cannot be read past it.
pub(super) fn parse(source: &str) -> Result<RawLesson, Diagnostic> {
    ron::Options::default()
        .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
        .from_str(source)
        .map_err(|error| diagnostic(source, &error))
}

fn diagnostic(source: &str, error: &SpannedError) -> Diagnostic {
    let here = span(source, &error.span);
    let (span, message, help) = match (&error.code, name_before(source, here.start)) {
        (Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_), Some(name)) => {
            let word = &source[name.clone()];
            let message = format!("`{word}` needs brackets, even where they are empty");
            (name, message, with_brackets(word))
        }
        (Error::ExpectedComma, Some(name)) if source[here.start..].starts_with('(') => {
            let word = &source[name.clone()];
            let help = format!("write `{word}`, without brackets");
            (name.clone(), format!("`{word}` has no fields"), help)
        }
        (code, _) => {
            let message = code.to_string().trim_end_matches('.').to_owned();
            (here, message, help(code))
        }
    };
    Diagnostic {
        severity: Severity::Error,
        message,
        span,
        help,
    }
}

/// The name that ends just before a place, such as `Impulse`; field names begin with a small letter.
fn name_before(source: &str, at: usize) -> Option<Range<usize>> {
    let before = without_comments(&source[..at]);
    let name = before
        .rsplit(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .next()?;
    name.starts_with(|first: char| first.is_ascii_uppercase())
        .then(|| before.len() - name.len()..before.len())
}

/// A text up to the comments and spaces that end it.
fn without_comments(text: &str) -> &str {
    let text = text.trim_end();
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let comment = if text.ends_with("*/") {
        text.rfind("/*")
    } else {
        text[line..].find("//").map(|at| line + at)
    };
    comment.map_or(text, |at| without_comments(&text[..at]))
}

/// How a name is written that was written without its brackets.
fn with_brackets(name: &str) -> String {
    match name {
        "Impulse" => {
            "write `Impulse()` for a 1 in the middle of channel 0, or `Impulse(at: (0, 2, 2))` for \
             one at that channel, row and column"
                .to_owned()
        }
        "Add" => {
            "write `Add()` to add the input of the chain, or `Add(tensor: 1)` to add what its \
                  first layer gives"
                .to_owned()
        }
        name => {
            format!("write `{name}(…)`; docs/lessons.md says what stands in the brackets")
        }
    }
}

/// Where the parser stopped, in bytes.
fn span(source: &str, span: &Span) -> Range<usize> {
    let offset = |position: &Position| {
        let line_start: usize = source
            .split_inclusive('\n')
            .take(position.line.saturating_sub(1))
            .map(str::len)
            .sum();
        let line = &source[line_start.min(source.len())..];
        let column = line.char_indices().nth(position.col.saturating_sub(1));
        line_start + column.map_or(line.len(), |(index, _)| index)
    };
    let start = offset(&span.start).min(source.len());
    let end = offset(&span.end).clamp(start, source.len());
    if start == end {
        // An empty span shows nothing: take the character there, or the last one of the file.
        let start = if start == source.len() {
            source.trim_end().len().saturating_sub(1)
        } else {
            start
        };
        let start = (0..=start)
            .rev()
            .find(|at| source.is_char_boundary(*at))
            .unwrap_or(0);
        let length = source[start..].chars().next().map_or(0, char::len_utf8);
        return start..start + length;
    }
    start..end
}

fn help(code: &Error) -> String {
    match code {
        Error::NoSuchStructField { expected, .. } => {
            format!("the fields here are {}", expected.join(", "))
        }
        Error::NoSuchEnumVariant { expected, .. } => {
            format!("what may stand here: {}", expected.join(", "))
        }
        Error::MissingStructField { field, .. } => format!("add `{field}: …`"),
        Error::ExpectedComma | Error::ExpectedArrayEnd | Error::ExpectedStructLikeEnd => {
            "a comma or a closing bracket may be missing just before this".to_owned()
        }
        Error::ExpectedStringEnd => "the text's closing `\"` is missing".to_owned(),
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => {
            "a value in brackets belongs here: a kernel of three by three is `kernel: (3, 3)`"
                .to_owned()
        }
        Error::ExpectedArray => "a list belongs here, in square brackets: `[ … ]`".to_owned(),
        Error::InvalidIdentifier(word) if word.parse::<u32>().is_ok() => {
            format!(
                "a name belongs here; a padding of {word} on all sides is `padding: Size({word}, {word})`"
            )
        }
        _ => "docs/lessons.md lists what a lesson may hold".to_owned(),
    }
}
