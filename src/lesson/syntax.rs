//! A lesson's notation: writing it, and reading it: where the parser stopped, what is wrong there, and
//! what would be right.

mod help;
mod lookalike;

use std::ops::Range;

use ron::Error;
use ron::error::{Position, Span, SpannedError};
use ron::ser::PrettyConfig;

use help::{help, is_number, without_comments};
use lookalike::lookalike;

use super::diagnostic::{Diagnostic, Severity};
use super::schema::RawLesson;
use crate::language::{Localized, custom_message, says};

/// Reads a lesson, and checks nothing in it.
///
/// # Errors
/// The first mistake of notation; the file cannot be read past it.
pub(crate) fn parse(source: &str) -> Result<RawLesson, Diagnostic> {
    options()
        .from_str(source)
        .map_err(|error| diagnostic(source, &error))
}

/// Writes a lesson as an author would: names, what is as usual left out, a layer and a beat a line.
///
/// # Errors
/// When it is nested deeper than can be read.
pub fn write(lesson: &RawLesson) -> Result<String, Error> {
    // The scene of a list in the lesson, and the lists in it.
    let lines = PrettyConfig::new()
        .new_line("\n")
        .struct_names(true)
        .depth_limit(4);
    options().to_string_pretty(lesson, lines)
}

/// How RON is read and written.
pub(super) fn options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

/// What a mistake of notation is told as.
pub(super) fn diagnostic(source: &str, error: &SpannedError) -> Diagnostic {
    let here = span(source, &error.span);
    let within_text = matches!(error.code, Error::InvalidEscape(_));
    if !within_text && let Some((span, message, help)) = lookalike(source, here.start) {
        return Diagnostic {
            severity: Severity::Error,
            message,
            span,
            help,
        };
    }
    let (span, message, help) = match (&error.code, name_before(source, here.start)) {
        (Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_), Some(name)) => {
            let word = &source[name.clone()];
            let message = says!(
                en: "`{word}` needs parentheses, even if they are empty",
                ja: "`{word}` には、空でもかっこが必要です"
            );
            (name, message, with_parentheses(word))
        }
        (Error::ExpectedComma, Some(name)) if source[here.start..].starts_with('(') => {
            let word = &source[name.clone()];
            let message = says!(
                en: "`{word}` has no fields",
                ja: "`{word}` にフィールドはありません"
            );
            let help = says!(
                en: "write `{word}`, without parentheses",
                ja: "かっこなしで `{word}` と書いてください"
            );
            (name.clone(), message, help)
        }
        _ if source.trim().is_empty() => {
            let message = says!(en: "the file is empty", ja: "ファイルが空です");
            let help = says!(
                en: "docs/lessons.md has a first lesson to copy",
                ja: "docs/ja/lessons.md に、写して使える最初のレッスンがあります"
            );
            (here, message, help)
        }
        (code, _) => {
            let help = help(code, source, here.start);
            (here, message(code), help)
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

/// How a name is written that was written without its parentheses.
fn with_parentheses(name: &str) -> Localized<String> {
    match name {
        "Impulse" => says!(
            en: "write `Impulse()` for a 1 in the middle of channel 0, or `Impulse(at: (0, 2, 2))` for one at that channel, row and column",
            ja: "チャネル 0 の中央を 1 にするなら `Impulse()`、チャネル、行、列を指定するなら `Impulse(at: (0, 2, 2))` と書いてください"
        ),
        "Add" => says!(
            en: "write `Add()` to add the input of the chain, or `Add(tensor: 1)` to add the output of its first layer",
            ja: "最初の入力を足すなら `Add()`、1 番目の層の出力を足すなら `Add(tensor: 1)` と書いてください"
        ),
        name => says!(
            en: "write `{name}(…)`; docs/lessons.md lists its fields",
            ja: "`{name}(…)` と書いてください。フィールドは docs/ja/lessons.md にあります"
        ),
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

/// What the parser says; in Japanese of the mistakes that lessons have, else in its own words.
fn message(code: &Error) -> Localized<String> {
    let text = code.to_string();
    let text = text.trim_end_matches('.');
    let ja = match code {
        Error::NoSuchStructField { found, .. } => {
            return says!(
                en: "there is no field `{found}` here",
                ja: "`{found}` というフィールドはありません"
            );
        }
        Error::NoSuchEnumVariant { found, .. } => {
            return says!(
                en: "there is no `{found}` here",
                ja: "`{found}` というものはここに書けません"
            );
        }
        Error::MissingStructField { field, .. } => {
            return says!(en: "{text}", ja: "フィールド `{field}` がありません");
        }
        Error::SuggestRawIdentifier(word) if is_number(word) => {
            return says!(
                en: "`{word}` is a number, where a name is expected",
                ja: "名前を書くところに、数 `{word}` があります"
            );
        }
        Error::SuggestRawIdentifier(word) | Error::InvalidIdentifier(word) => {
            return says!(
                en: "`{word}` is no name that may stand here",
                ja: "`{word}` という名前はここに書けません"
            );
        }
        Error::DuplicateStructField { field, .. } => {
            return says!(
                en: "the field `{field}` is written twice",
                ja: "フィールド `{field}` が 2 回書かれています"
            );
        }
        Error::ExpectedDifferentStructName { expected, found } => {
            return says!(
                en: "`{found}` stands where `{expected}` is expected",
                ja: "`{expected}` のところに `{found}` があります"
            );
        }
        Error::ExpectedDifferentLength { .. } => "値の数が違います",
        Error::IntegerOutOfBounds => "整数が大きすぎるか、負の数です",
        Error::InvalidEscape(_) => "`\\` の後に書けない文字があります",
        Error::Eof => "ファイルが途中で終わっています",
        Error::ExpectedArray => "リストの始まり `[` が必要です",
        Error::ExpectedArrayEnd => "リストの終わり `]` が必要です",
        Error::ExpectedBoolean => "`true` か `false` が必要です",
        Error::ExpectedComma => "コンマが必要です",
        Error::ExpectedFloat => "数が必要です",
        Error::ExpectedIdentifier => "名前が必要です",
        Error::ExpectedInteger => "整数が必要です",
        Error::ExpectedMap => "マップの始まり `{` が必要です",
        Error::ExpectedMapColon => "コロンが必要です",
        Error::ExpectedMapEnd => "マップの終わり `}` が必要です",
        Error::ExpectedString => "文字列が必要です",
        Error::ExpectedStringEnd => "文字列が閉じられていません",
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => "`(` が必要です",
        Error::ExpectedStructLikeEnd => "`)` が必要です",
        Error::TrailingCharacters => "レッスンの終わりの後に余分な文字があります",
        Error::UnclosedBlockComment => "コメント `/*` が閉じられていません",
        Error::Message(message) => return custom_message(message.trim_end_matches('.')),
        _ => return Localized::same(text),
    };
    says!(en: "{text}", ja: "{ja}")
}
