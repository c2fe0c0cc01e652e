//! What stands behind a value: attributes, calls with their arguments, indices.

use std::rc::Rc;

use super::atoms::missing_value;
use super::{Parsed, Parser, dotted};
use crate::network::notation::NotationError;
use crate::network::python::lexer::Token;
use crate::network::python::syntax::{Argument, ArgumentKind, Collection, Expr, ExprKind, Span};
use crate::says;

impl Parser<'_> {
    pub(super) fn postfix(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let mut value = self.atom()?;
        loop {
            if self.skip(".") {
                let name = self.attribute()?;
                value = self.made(start, ExprKind::Attribute(Box::new(value), name));
            } else if self.is("(") {
                let called = value.span.clone();
                let name = dotted(&value);
                self.next += 1;
                let arguments = self.deeper(|parser| parser.arguments(&name, called))?;
                value = self.made(
                    start,
                    ExprKind::Call {
                        function: Box::new(value),
                        arguments,
                    },
                );
            } else if self.skip("[") {
                let index = self.deeper(Self::index)?;
                self.expect("]")?;
                value = self.made(start, ExprKind::Index(Box::new(value), Box::new(index)));
            } else {
                return Ok(value);
            }
        }
    }

    /// A name behind a point; there words of the language are names as well.
    fn attribute(&mut self) -> Parsed<Rc<str>> {
        if let Some(Token::Sign(word)) = self.peek(0)
            && word.starts_with(|first: char| first.is_ascii_alphabetic())
        {
            let word = Rc::from(*word);
            self.next += 1;
            return Ok(word);
        }
        if !matches!(self.peek(0), Some(Token::Name(_))) {
            return self.error(says!(
                en: "a layer's name is missing here; a layer looks like nn.Conv2d(3, 8, 3)",
                ja: "ここに層の名前がありません。層は nn.Conv2d(3, 8, 3) のように書きます。"
            ));
        }
        self.name()
    }

    /// Whether the text ends here; inside parentheses no line does.
    fn ended(&self) -> bool {
        matches!(self.peek(0), None | Some(Token::Line | Token::Dedent))
    }

    /// The arguments behind an opening parenthesis, and the closing one.
    pub(super) fn arguments(&mut self, name: &str, called: Span) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        loop {
            if self.skip(")") {
                return Ok(arguments);
            }
            if self.ended() {
                let message = says!(
                    en: "{name} has no closing parenthesis",
                    ja: "{name} の閉じかっこがありません。"
                );
                return Err(NotationError::new(self.source, called, message));
            }
            let start = self.span().start;
            let (kind, value) = if self.skip("**") {
                (ArgumentKind::Dict, self.expression()?)
            } else if self.skip("*") {
                (ArgumentKind::List, self.expression()?)
            } else if let (Some(Token::Name(keyword)), true) = (self.peek(0), self.is_ahead(1, "="))
            {
                let keyword = keyword.clone();
                self.next += 2;
                (ArgumentKind::Keyword(keyword), self.expression()?)
            } else {
                let value = self.walrus()?;
                let value = if self.is("for") || self.is("async") {
                    self.comprehension(start, Collection::Generator, value, None)?
                } else {
                    value
                };
                (ArgumentKind::Positional, value)
            };
            let span = start..self.end_of_last();
            arguments.push(Argument { kind, value, span });
            if !self.skip(",") && !self.is(")") && !self.ended() {
                return self.error(says!(
                    en: "a comma or a closing parenthesis is missing before this",
                    ja: "この前にコンマか閉じかっこがありません。"
                ));
            }
        }
    }

    fn index(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let mut all = Vec::new();
        let mut tuple = false;
        loop {
            all.push(self.slice()?);
            if !self.skip(",") {
                break;
            }
            tuple = true;
            if self.is("]") {
                break;
            }
        }
        Ok(self.one_or_tuple(start, all, tuple))
    }

    fn slice(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let ends = |parser: &Self| parser.is(":") || parser.is(",") || parser.is("]");
        let part = |parser: &mut Self| -> Parsed<Option<Box<Expr>>> {
            if ends(parser) {
                Ok(None)
            } else {
                parser.starred().map(|part| Some(Box::new(part)))
            }
        };
        let first = part(self)?;
        if !self.skip(":") {
            return match first {
                Some(first) => Ok(*first),
                None => self.error(missing_value()),
            };
        }
        let last = part(self)?;
        let step = if self.skip(":") { part(self)? } else { None };
        Ok(self.made(start, ExprKind::Slice(first, last, step)))
    }
}
