//! Python's text to tokens. Indentation counts after a colon only, so that lines from the middle of
//! a file read too; signs of a word processor count as what they are meant for.

use std::iter::Peekable;
use std::rc::Rc;
use std::str::CharIndices;

use super::syntax::Span;
use crate::language::narrow;
use crate::network::notation::NotationError;
use crate::says;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(Rc<str>),
    Integer(i64),
    Real(f64),
    Text(String),
    /// The inside of `f"..."`, and where it begins.
    Formatted(usize, usize),
    /// A sign, or a word of the language.
    Sign(&'static str),
    /// The end of a line, outside parentheses.
    Line,
    Indent,
    Dedent,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpannedToken {
    pub token: Token,
    pub span: Span,
}

/// Longest first.
const SIGNS: [&str; 45] = [
    "**=", "//=", ">>=", "<<=", "...", "**", "//", "==", "!=", "<=", ">=", "->", "+=", "-=", "*=",
    "/=", "%=", "@=", "&=", "|=", "^=", ":=", "<<", ">>", "(", ")", "[", "]", "{", "}", ",", ":",
    ".", ";", "=", "+", "-", "*", "/", "%", "@", "<", ">", "&", "|",
];
const MORE_SIGNS: [&str; 2] = ["^", "~"];

const WORDS: [&str; 30] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "while", "with",
];
const MORE_WORDS: [&str; 2] = ["try", "yield"];

/// A text as it is pasted, without what is no Python in it: prompts of an interpreter or a notebook and what it
/// answered, fences of Markdown and what stands around them. They become blank, so that places stay. `None` where
/// there are none.
pub(super) fn without_prompts(source: &str) -> Option<String> {
    let fenced = without_fences(source);
    let text = fenced.as_deref().unwrap_or(source);
    let is_asked = |line: &str| prompt(line.trim_start()).is_some_and(|prompt| prompt.is_question);
    if text.lines().any(is_asked) {
        let line = |line: &str| {
            let inner = line.trim_start();
            let before = line.len() - inner.len();
            match prompt(inner).filter(|prompt| !prompt.is_answer) {
                Some(prompt) => {
                    let (asked, rest) = inner.split_at(prompt.length);
                    [&line[..before], &blank(asked), rest].concat()
                }
                None => blank(line),
            }
        };
        return Some(text.split_inclusive('\n').map(line).collect());
    }
    // An answer alone is what a notebook prints of a model.
    let inner = text.trim_start();
    match prompt(inner).filter(|prompt| prompt.is_answer) {
        Some(prompt) => {
            let (answer, rest) = inner.split_at(prompt.length);
            let before = &text[..text.len() - inner.len()];
            Some([before, &blank(answer), rest].concat())
        }
        None => fenced,
    }
}

/// The prompt at the start of a line.
struct Prompt {
    /// Its length in bytes.
    length: usize,
    /// Whether it asks for the first line of something: `>>>`, `In [3]:`.
    is_question: bool,
    /// Whether an answer follows it: `Out[3]:`.
    is_answer: bool,
}

fn prompt(line: &str) -> Option<Prompt> {
    let (length, is_question, is_answer) = if line.starts_with(">>>") {
        (3, true, false)
    } else if line.starts_with("...:") {
        (4, false, false)
    } else if line.starts_with("...") {
        (3, false, false)
    } else {
        let is_answer = line.starts_with("Out[");
        let number = line
            .strip_prefix("In [")
            .or_else(|| line.strip_prefix("Out["))?;
        let behind = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let rest = behind.strip_prefix("]:")?;
        (line.len() - rest.len(), !is_answer, is_answer)
    };
    Some(Prompt {
        length,
        is_question,
        is_answer,
    })
}

/// A text of which only what stands between fences of Markdown is left; `None` where there are none.
fn without_fences(source: &str) -> Option<String> {
    let is_fence = |line: &str| line.trim_start().starts_with("```");
    if !source.lines().any(is_fence) {
        return None;
    }
    let mut text = String::with_capacity(source.len());
    let mut inside = false;
    for line in source.split_inclusive('\n') {
        if is_fence(line) {
            inside = !inside;
            text.push_str(&blank(line));
        } else if inside {
            text.push_str(line);
        } else {
            text.push_str(&blank(line));
        }
    }
    Some(text)
}

/// As many bytes of spaces, and the line's end.
fn blank(line: &str) -> String {
    let end = line.len() - usize::from(line.ends_with('\n'));
    " ".repeat(end) + &line[end..]
}

/// What a sign of a word processor or of an East Asian keyboard is meant for.
fn meant(character: char) -> char {
    match character {
        '\u{2212}' | '\u{2013}' | '\u{2010}' | '\u{2011}' => '-',
        '\u{d7}' => '*',
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' => '"',
        '\u{3001}' => ',',
        other => narrow(other),
    }
}

fn is_space(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '`' | '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{2060}'
        )
}

struct Lexer<'a> {
    source: &'a str,
    rest: Peekable<CharIndices<'a>>,
    tokens: Vec<SpannedToken>,
    brackets: usize,
    indents: Vec<usize>,
}

/// The tokens of a text.
pub(super) fn tokens(source: &str) -> Result<Vec<SpannedToken>, NotationError> {
    let mut lexer = Lexer {
        source,
        rest: source.char_indices().peekable(),
        tokens: Vec::new(),
        brackets: 0,
        indents: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.tokens)
}

impl Lexer<'_> {
    fn push(&mut self, token: Token, span: Span) {
        self.tokens.push(SpannedToken { token, span });
    }

    fn error<T>(
        &self,
        span: Span,
        message: crate::language::Localized<String>,
    ) -> Result<T, NotationError> {
        Err(NotationError::new(self.source, span, message))
    }

    fn run(&mut self) -> Result<(), NotationError> {
        let mut line_start = true;
        while let Some(&(start, character)) = self.rest.peek() {
            if line_start && self.brackets == 0 {
                line_start = false;
                self.indentation();
                continue;
            }
            if character == '\n' {
                self.rest.next();
                if self.brackets == 0 {
                    self.line(start);
                    line_start = true;
                }
            } else if is_space(character) {
                self.rest.next();
            } else if character == '#' || character == '\u{ff03}' {
                while self.rest.next_if(|&(_, next)| next != '\n').is_some() {}
            } else if character == '\\' {
                self.rest.next();
                while self
                    .rest
                    .next_if(|&(_, next)| is_space(next) && next != '\n')
                    .is_some()
                {}
                if self.rest.next_if(|&(_, next)| next == '\n').is_none() {
                    return self.unknown(start, character);
                }
            } else {
                self.token(start, character)?;
            }
        }
        let end = self.source.len();
        self.line(end);
        for _ in 1..self.indents.len() {
            self.push(Token::Dedent, end..end);
        }
        Ok(())
    }

    fn line(&mut self, at: usize) {
        let ends = |placed: &SpannedToken| {
            matches!(placed.token, Token::Line | Token::Indent | Token::Dedent)
        };
        if self.tokens.last().is_some_and(|last| !ends(last)) {
            self.push(Token::Line, at..at);
        }
    }

    /// At the start of a line: what its indentation begins or ends.
    fn indentation(&mut self) {
        let mut width = 0;
        let mut at = self.source.len();
        while let Some(&(place, character)) = self.rest.peek() {
            at = place;
            match character {
                '\t' => width = width / 8 * 8 + 8,
                '\n' | '#' => return,
                character if is_space(character) => width += 1,
                _ => break,
            }
            self.rest.next();
        }
        if self.rest.peek().is_none() {
            return;
        }
        if self.indents.is_empty() {
            self.indents.push(width);
            return;
        }
        let opens = {
            let mut last = self.tokens.iter().rev();
            matches!(last.next().map(|t| &t.token), Some(Token::Line))
                && matches!(last.next().map(|t| &t.token), Some(Token::Sign(":")))
        };
        let current = self.indents.last().copied().unwrap_or(0);
        if opens && width > current {
            self.indents.push(width);
            self.push(Token::Indent, at..at);
            return;
        }
        while self.indents.len() > 1 && self.indents.last().is_some_and(|&last| width < last) {
            self.indents.pop();
            self.push(Token::Dedent, at..at);
        }
        if let [only] = self.indents.as_mut_slice() {
            *only = width.min(*only);
        }
    }

    /// Takes characters while they are wanted; where the last one ends.
    fn take(&mut self, mut end: usize, keep: impl Fn(char) -> bool) -> usize {
        while let Some((at, next)) = self.rest.next_if(|&(_, next)| keep(next)) {
            end = at + next.len_utf8();
        }
        end
    }

    fn token(&mut self, start: usize, character: char) -> Result<(), NotationError> {
        let sign = meant(character);
        if sign == '"' || sign == '\'' {
            return self.text(start, "");
        }
        if sign.is_alphabetic() || sign == '_' {
            let end = self.take(start, |next| {
                let next = meant(next);
                next.is_alphanumeric() || next == '_'
            });
            let word: String = self.source[start..end].chars().map(meant).collect();
            let quote = self.rest.peek().is_some_and(|&(_, next)| {
                let next = meant(next);
                next == '"' || next == '\''
            });
            let prefix = word.to_ascii_lowercase();
            if quote
                && matches!(
                    prefix.as_str(),
                    "r" | "b" | "f" | "u" | "rb" | "br" | "rf" | "fr"
                )
            {
                return self.text(start, &prefix);
            }
            let mut words = WORDS.iter().chain(&MORE_WORDS);
            let token = match words.find(|known| **known == word) {
                Some(known) => Token::Sign(known),
                None => Token::Name(word.into()),
            };
            self.push(token, start..end);
            return Ok(());
        }
        let next_is_digit = || {
            let mut rest = self.source[start..].chars().map(meant);
            rest.next();
            rest.next().is_some_and(|next| next.is_ascii_digit())
        };
        if sign.is_ascii_digit() || sign == '.' && next_is_digit() {
            return self.number(start);
        }
        let rest: String = self.source[start..].chars().take(3).map(meant).collect();
        let mut signs = SIGNS.iter().chain(&MORE_SIGNS);
        let Some(known) = signs.find(|known| rest.starts_with(**known)) else {
            return self.unknown(start, character);
        };
        let mut end = start;
        for _ in 0..known.len() {
            if let Some((at, next)) = self.rest.next() {
                end = at + next.len_utf8();
            }
        }
        match *known {
            "(" | "[" | "{" => self.brackets += 1,
            ")" | "]" | "}" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.push(Token::Sign(known), start..end);
        Ok(())
    }

    fn unknown<T>(&self, start: usize, character: char) -> Result<T, NotationError> {
        self.error(
            start..start + character.len_utf8(),
            says!(
                en: "{character:?} has no place here; a layer looks like nn.Conv2d(3, 8, 3)",
                ja: "ここに {character:?} は書けません。層は nn.Conv2d(3, 8, 3) のように書きます。"
            ),
        )
    }

    fn number(&mut self, start: usize) -> Result<(), NotationError> {
        let keep = |next: char| {
            let next = meant(next);
            next.is_alphanumeric() || next == '.' || next == '_'
        };
        let mut end = self.take(start, keep);
        let hexadecimal = self.source[start..].starts_with(['0'])
            && self.source[start + 1..end].starts_with(['x', 'X']);
        if !hexadecimal
            && self.source[start..end].ends_with(['e', 'E'])
            && let Some((at, next)) = self
                .rest
                .next_if(|&(_, next)| matches!(meant(next), '-' | '+'))
        {
            end = self.take(at + next.len_utf8(), |next| meant(next).is_ascii_digit());
        }
        let text: String = self.source[start..end].chars().map(meant).collect();
        let text = text.replace('_', "");
        let lower = text.to_ascii_lowercase();
        let in_base = [("0x", 16), ("0o", 8), ("0b", 2)]
            .iter()
            .find_map(|(prefix, base)| Some((lower.strip_prefix(prefix)?, *base)));
        let token = match in_base {
            Some((digits, base)) => i64::from_str_radix(digits, base).ok().map(Token::Integer),
            None => match text.parse::<i64>() {
                Ok(integer) => Some(Token::Integer(integer)),
                Err(_) => match text.parse::<f64>() {
                    Ok(real) if real.is_finite() && !text.ends_with(char::is_alphabetic) => {
                        Some(Token::Real(real))
                    }
                    _ => None,
                },
            },
        };
        let Some(token) = token else {
            return self.error(
                start..end,
                says!(
                    en: "this is not a number that can be read; write for example 3 or 1.5",
                    ja: "数として読めません。たとえば 3 や 1.5 のように書いてください。"
                ),
            );
        };
        self.push(token, start..end);
        Ok(())
    }

    /// A text in quotes, once or three times.
    fn text(&mut self, start: usize, prefix: &str) -> Result<(), NotationError> {
        let Some((open_at, open)) = self.rest.next() else {
            return Ok(());
        };
        let quote = meant(open);
        let inner_start = open_at + open.len_utf8();
        let triple = {
            let mut rest = self.source[inner_start..].chars();
            rest.next().map(meant) == Some(quote) && rest.next().map(meant) == Some(quote)
        };
        let mut inner = inner_start;
        if triple {
            for _ in 0..2 {
                if let Some((at, next)) = self.rest.next() {
                    inner = at + next.len_utf8();
                }
            }
        }
        let raw = prefix.contains('r');
        let mut text = String::new();
        let (inner_end, end) = loop {
            let Some((at, next)) = self.rest.next_if(|&(_, next)| triple || next != '\n') else {
                let end = self.rest.peek().map_or(self.source.len(), |&(at, _)| at);
                return self.error(
                    start..end,
                    says!(
                        en: "this text has no closing {open}",
                        ja: "この文字列を閉じる {open} がありません。"
                    ),
                );
            };
            if meant(next) == quote {
                if !triple {
                    break (at, at + next.len_utf8());
                }
                let tail = &self.source[at..];
                let closing: Vec<char> = tail.chars().take(3).collect();
                if closing.len() == 3 && closing.iter().all(|&c| meant(c) == quote) {
                    let mut end = at;
                    for _ in 0..2 {
                        if let Some((at, next)) = self.rest.next() {
                            end = at + next.len_utf8();
                        }
                    }
                    break (at, end);
                }
            }
            if next == '\\' && !raw {
                match self.rest.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, '\n')) | None => {}
                    Some((_, other @ ('\\' | '\'' | '"'))) => text.push(other),
                    Some((_, other)) => {
                        text.push('\\');
                        text.push(other);
                    }
                }
                continue;
            }
            text.push(next);
        };
        let token = if prefix.contains('f') {
            Token::Formatted(inner, inner_end)
        } else {
            Token::Text(text)
        };
        self.push(token, start..end);
        Ok(())
    }
}
