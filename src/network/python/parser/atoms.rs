//! Values that stand by themselves: names, numbers, and what brackets hold.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::language::Localized;
use crate::network::python::lexer::Token;
use crate::network::python::syntax::{Collection, Comprehension, Expr, ExprKind};
use crate::says;

impl Parser<'_> {
    pub(super) fn atom(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let Some(token) = self.peek(0).cloned() else {
            return self.error(missing_value());
        };
        let kind = match token {
            Token::Name(name) => match &*name {
                "True" => ExprKind::Bool(true),
                "False" => ExprKind::Bool(false),
                "None" => ExprKind::None,
                _ => ExprKind::Name(name),
            },
            Token::Integer(number) => ExprKind::Integer(number),
            Token::Real(number) => ExprKind::Real(number),
            Token::Text(_) | Token::Formatted(..) => return self.text(),
            Token::Sign("...") => ExprKind::Ellipsis,
            Token::Sign("await") => {
                self.next += 1;
                self.postfix()?;
                return Ok(self.made(start, ExprKind::Unfollowed("await")));
            }
            Token::Sign("(") => {
                self.next += 1;
                return self.deeper(|parser| parser.parenthesis(start));
            }
            Token::Sign("[") => {
                self.next += 1;
                return self.deeper(|parser| parser.list(start));
            }
            Token::Sign("{") => {
                self.next += 1;
                return self.deeper(|parser| parser.braces(start));
            }
            Token::Sign(_) | Token::Line | Token::Indent | Token::Dedent => {
                return self.error(missing_value());
            }
        };
        self.next += 1;
        Ok(self.made(start, kind))
    }

    fn parenthesis(&mut self, start: usize) -> Parsed<Expr> {
        let mut all: Vec<Expr> = Vec::new();
        let mut comma = true;
        loop {
            if self.skip(")") {
                // (3) is 3 and no tuple.
                if let ([_], false) = (all.as_slice(), comma)
                    && let Some(mut only) = all.pop()
                {
                    only.span = start..self.end_of_last();
                    return Ok(only);
                }
                return Ok(self.made(start, ExprKind::Tuple(all)));
            }
            if !comma {
                return self.unclosed(')');
            }
            let at = self.span().start;
            let value = self.starred()?;
            if all.is_empty() && (self.is("for") || self.is("async")) {
                let made = self.comprehension(at, Collection::Generator, value, None)?;
                self.expect(")")?;
                return Ok(made);
            }
            all.push(value);
            comma = self.skip(",");
        }
    }

    fn list(&mut self, start: usize) -> Parsed<Expr> {
        let mut all = Vec::new();
        let mut comma = true;
        loop {
            if self.skip("]") {
                return Ok(self.made(start, ExprKind::List(all)));
            }
            if !comma {
                return self.unclosed(']');
            }
            let value = self.starred()?;
            if all.is_empty() && (self.is("for") || self.is("async")) {
                let mut made = self.comprehension(start, Collection::List, value, None)?;
                self.expect("]")?;
                made.span = start..self.end_of_last();
                return Ok(made);
            }
            all.push(value);
            comma = self.skip(",");
        }
    }

    fn braces(&mut self, start: usize) -> Parsed<Expr> {
        let mut entries = Vec::new();
        let mut elements = Vec::new();
        let mut comma = true;
        loop {
            if self.skip("}") {
                let kind = if elements.is_empty() {
                    ExprKind::Dict(entries)
                } else {
                    ExprKind::Set(elements)
                };
                return Ok(self.made(start, kind));
            }
            if !comma {
                return self.unclosed('}');
            }
            if self.skip("**") {
                entries.push((None, self.operand(Self::ABOVE_COMPARISONS)?));
            } else {
                let key = self.starred()?;
                let value = if self.skip(":") {
                    Some(self.expression()?)
                } else {
                    None
                };
                if self.is("for") || self.is("async") {
                    let collection = match value {
                        Some(_) => Collection::Dict,
                        None => Collection::Set,
                    };
                    let made = self.comprehension(start, collection, key, value)?;
                    self.expect("}")?;
                    return Ok(made);
                }
                match value {
                    Some(value) => entries.push((Some(key), value)),
                    None => elements.push(key),
                }
            }
            comma = self.skip(",");
        }
    }

    fn unclosed<T>(&self, close: char) -> Parsed<T> {
        self.error(says!(
            en: "a comma or a closing {close} is missing before this",
            ja: "この前にコンマか閉じる {close} がありません。"
        ))
    }

    pub(super) fn comprehension(
        &mut self,
        start: usize,
        collection: Collection,
        element: Expr,
        value: Option<Expr>,
    ) -> Parsed<Expr> {
        let mut clauses = Vec::new();
        loop {
            self.skip("async");
            if !self.skip("for") {
                break;
            }
            let target = self.targets()?;
            self.expect("in")?;
            let over = self.operand(1)?;
            let mut conditions = Vec::new();
            while self.skip("if") {
                conditions.push(self.operand(1)?);
            }
            clauses.push((target, over, conditions));
        }
        Ok(self.made(
            start,
            ExprKind::Comprehension(Rc::new(Comprehension {
                collection,
                element,
                value,
                clauses,
            })),
        ))
    }
}

pub(super) fn missing_value() -> Localized<String> {
    says!(en: "a value is missing here", ja: "ここに値がありません。")
}
