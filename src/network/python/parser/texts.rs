//! Texts in quotes, with the expressions that a formatted one holds.

use super::{Parsed, Parser};
use crate::network::notation::NotationError;
use crate::network::python::lexer::{Token, tokens};
use crate::network::python::syntax::{Expr, ExprKind, Piece};

impl Parser<'_> {
    /// Texts one after another are one.
    pub(super) fn text(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let mut pieces = Vec::new();
        loop {
            match self.peek(0).cloned() {
                Some(Token::Text(text)) => pieces.push(Piece::Text(text)),
                Some(Token::Formatted(from, to)) => self.formatted(from, to, &mut pieces)?,
                _ => break,
            }
            self.next += 1;
        }
        let plain: Option<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                Piece::Value(_) => None,
            })
            .collect();
        let kind = match plain {
            Some(text) => ExprKind::Text(text.into()),
            None => ExprKind::Formatted(pieces),
        };
        Ok(self.made(start, kind))
    }

    fn formatted(&mut self, from: usize, to: usize, pieces: &mut Vec<Piece>) -> Parsed<()> {
        let inside = &self.source[from..to];
        let mut literal = String::new();
        let mut rest = inside.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            let doubled = rest.peek().is_some_and(|&(_, next)| next == character);
            match character {
                '{' | '}' if doubled => {
                    rest.next();
                    literal.push(character);
                }
                '{' => {
                    let mut depth = 0usize;
                    let mut end = inside.len();
                    let mut value_end = None;
                    for (place, next) in rest.by_ref() {
                        match next {
                            '(' | '[' | '{' => depth += 1,
                            '}' if depth == 0 => {
                                end = place;
                                break;
                            }
                            ')' | ']' | '}' => depth = depth.saturating_sub(1),
                            ':' | '!' | '=' if depth == 0 && value_end.is_none() => {
                                value_end = Some(place);
                            }
                            _ => {}
                        }
                    }
                    let value_end = value_end.unwrap_or(end);
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                    pieces.push(Piece::Value(self.part(from + at + 1, from + value_end)?));
                }
                other => literal.push(other),
            }
        }
        pieces.push(Piece::Text(literal));
        Ok(())
    }

    /// An expression that is a part of a text in quotes.
    fn part(&mut self, from: usize, to: usize) -> Parsed<Expr> {
        let inside = &self.source[from..to];
        let mut tokens = tokens(inside)
            .map_err(|error| NotationError::new(self.source, from..to, error.message.clone()))?;
        tokens.retain(|placed| placed.token != Token::Line);
        for placed in &mut tokens {
            placed.span = placed.span.start + from..placed.span.end + from;
            if let Token::Formatted(start, end) = &mut placed.token {
                *start += from;
                *end += from;
            }
        }
        let mut parser = Parser {
            source: self.source,
            tokens: &tokens,
            next: 0,
            depth: self.depth,
        };
        parser.expression()
    }
}
