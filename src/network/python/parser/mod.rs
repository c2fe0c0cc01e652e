//! Tokens to expressions and statements; what they mean is not looked at yet.
//!
//! - `statements` reads lines and blocks, `definitions` functions and classes, `imports` what other files give;
//! - `expressions` reads what a value is written as, `operators` what joins values, `postfix` what stands behind one,
//!   `atoms` what stands by itself, `texts` what stands in quotes.

mod atoms;
mod definitions;
mod expressions;
mod imports;
mod operators;
mod postfix;
mod statements;
mod texts;

use std::rc::Rc;

use super::lexer::{SpannedToken, Token, tokens};
use super::syntax::{Expr, ExprKind, Span, Stmt};
use crate::language::Localized;
use crate::network::notation::NotationError;
use crate::says;

/// Calls, lists and blocks inside one another, at most.
const MAX_DEPTH: usize = 48;

/// Bytes of a text, at most.
pub(super) const MAX_LENGTH: usize = 1 << 20;

pub(super) type Parsed<T> = Result<T, NotationError>;

/// The statements of a text.
pub(super) fn parse(source: &str) -> Parsed<Vec<Stmt>> {
    if source.len() > MAX_LENGTH {
        let length = source.len();
        let message = says!(
            en: "the text has {length} bytes and the limit is {MAX_LENGTH}",
            ja: "文字列が {length} バイトあります。上限は {MAX_LENGTH} バイトです。"
        );
        return Err(NotationError::new(source, 0..0, message));
    }
    let tokens = tokens(source)?;
    let mut parser = Parser {
        source,
        tokens: &tokens,
        next: 0,
        depth: 0,
    };
    let mut statements = Vec::new();
    while !parser.at_end() {
        parser.statement(&mut statements)?;
    }
    Ok(statements)
}

pub(super) struct Parser<'a> {
    pub source: &'a str,
    pub tokens: &'a [SpannedToken],
    pub next: usize,
    pub depth: usize,
}

impl Parser<'_> {
    pub(super) fn at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens
            .get(self.next + ahead)
            .map(|placed| &placed.token)
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        matches!(self.peek(0), Some(Token::Sign(next)) if *next == sign)
    }

    pub(super) fn is_ahead(&self, ahead: usize, sign: &str) -> bool {
        matches!(self.peek(ahead), Some(Token::Sign(next)) if *next == sign)
    }

    pub(super) fn skip(&mut self, sign: &str) -> bool {
        let there = self.is(sign);
        self.next += usize::from(there);
        there
    }

    /// The place of the next token, or the end of the text.
    pub(super) fn span(&self) -> Span {
        let end = self.source.trim_end().len();
        self.tokens
            .get(self.next)
            .map_or(end..end, |placed| placed.span.clone())
    }

    pub(super) fn end_of_last(&self) -> usize {
        self.next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(0, |placed| placed.span.end)
    }

    pub(super) fn error<T>(&self, message: Localized<String>) -> Parsed<T> {
        Err(NotationError::new(self.source, self.span(), message))
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.skip(sign) {
            return Ok(());
        }
        self.error(says!(
            en: "{sign:?} is missing before this",
            ja: "この前に {sign:?} がありません。"
        ))
    }

    fn name(&mut self) -> Parsed<Rc<str>> {
        match self.peek(0) {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.next += 1;
                Ok(name)
            }
            _ => self.error(says!(en: "a name is missing here", ja: "ここに名前がありません。")),
        }
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return self.error(says!(
                en: "layers are nested deeper than {MAX_DEPTH} here",
                ja: "層の入れ子が {MAX_DEPTH} 段より深くなっています。"
            ));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn made(&self, start: usize, kind: ExprKind) -> Expr {
        Expr {
            span: start..self.end_of_last(),
            kind,
        }
    }
}

/// `a.b.c` as it is written; the name of what else is called is empty.
pub(super) fn dotted(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Attribute(of, name) => match dotted(of) {
            of if of.is_empty() => name.to_string(),
            of => format!("{of}.{name}"),
        },
        ExprKind::Call { function, .. } => dotted(function),
        _ => String::new(),
    }
}
