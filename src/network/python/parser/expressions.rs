//! Expressions as a whole: choices, lambdas, and lists of them without brackets.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::network::python::lexer::Token;
use crate::network::python::syntax::{Body, Expr, ExprKind, FunctionDef};

impl Parser<'_> {
    /// `a if test else b`, or a lambda.
    pub(in crate::network::python) fn expression(&mut self) -> Parsed<Expr> {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        if self.is("lambda") {
            return self.lambda();
        }
        if self.skip("yield") {
            self.skip("from");
            if !self.ends_a_list() {
                self.expression_list()?;
            }
            return Ok(self.made(start, ExprKind::Unfollowed("yield")));
        }
        let then = self.operand(0)?;
        if !self.is("if") {
            return Ok(then);
        }
        // A condition of a comprehension has no else; it is read there.
        self.next += 1;
        let test = self.operand(0)?;
        self.expect("else")?;
        let other = self.expression()?;
        Ok(self.made(
            start,
            ExprKind::Choice {
                test: Box::new(test),
                then: Box::new(then),
                other: Box::new(other),
            },
        ))
    }

    fn lambda(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        self.next += 1;
        let parameters = self.parameters(":")?;
        self.expect(":")?;
        let body = Body::Value(self.expression()?);
        let function = FunctionDef {
            name: Rc::from("lambda"),
            parameters,
            body,
            decorators: Vec::new(),
        };
        Ok(self.made(start, ExprKind::Lambda(Rc::new(function))))
    }

    pub(super) fn walrus(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        if let (Some(Token::Name(name)), true) = (self.peek(0), self.is_ahead(1, ":=")) {
            let name = name.clone();
            self.next += 2;
            let value = self.expression()?;
            return Ok(self.made(start, ExprKind::Walrus(name, Box::new(value))));
        }
        self.expression()
    }

    pub(super) fn starred(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        if self.skip("*") {
            let inner = self.operand(Self::ABOVE_COMPARISONS)?;
            return Ok(self.made(start, ExprKind::Starred(Box::new(inner))));
        }
        self.walrus()
    }

    /// `a, *b`, a tuple where there is a comma.
    pub(super) fn expression_list(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let first = self.starred()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.skip(",") {
            if self.ends_a_list() {
                break;
            }
            all.push(self.starred()?);
        }
        Ok(self.made(start, ExprKind::Tuple(all)))
    }

    fn ends_a_list(&self) -> bool {
        match self.peek(0) {
            None | Some(Token::Line | Token::Indent | Token::Dedent) => true,
            Some(Token::Sign(sign)) => matches!(*sign, "=" | ")" | "]" | "}" | ":" | ";"),
            Some(_) => false,
        }
    }

    pub(super) fn targets(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let mut all = Vec::new();
        let mut tuple = false;
        loop {
            let star = self.skip("*");
            let at = self.span().start;
            let target = self.operand(Self::ABOVE_COMPARISONS)?;
            all.push(if star {
                self.made(at, ExprKind::Starred(Box::new(target)))
            } else {
                target
            });
            if !self.skip(",") {
                break;
            }
            tuple = true;
            if self.is("in") {
                break;
            }
        }
        Ok(self.one_or_tuple(start, all, tuple))
    }

    /// The only one of some that stand side by side, where no comma makes a tuple of it.
    pub(super) fn one_or_tuple(&self, start: usize, mut all: Vec<Expr>, tuple: bool) -> Expr {
        match (all.pop(), tuple) {
            (Some(only), false) => only,
            (last, _) => {
                all.extend(last);
                self.made(start, ExprKind::Tuple(all))
            }
        }
    }
}
