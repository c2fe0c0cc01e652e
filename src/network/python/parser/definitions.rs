//! Definitions of functions and classes.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::network::python::syntax::{
    ArgumentKind, Body, ClassDef, FunctionDef, ParameterDef, ParameterKind, StmtKind,
};

impl Parser<'_> {
    pub(super) fn function(&mut self, decorators: Vec<String>) -> Parsed<StmtKind> {
        self.next += 1;
        let name = self.name()?;
        if self.is("[") {
            self.bracketed_away()?;
        }
        self.expect("(")?;
        let parameters = self.parameters(")")?;
        self.expect(")")?;
        if self.skip("->") {
            self.expression()?;
        }
        let body = Body::Block(self.block()?);
        Ok(StmtKind::Function(Rc::new(FunctionDef {
            name,
            parameters,
            body,
            decorators,
        })))
    }

    /// Type parameters, which say nothing here.
    fn bracketed_away(&mut self) -> Parsed<()> {
        self.expect("[")?;
        while !self.skip("]") {
            if self.at_end() {
                return self.expect("]");
            }
            self.next += 1;
        }
        Ok(())
    }

    pub(super) fn parameters(&mut self, end: &str) -> Parsed<Vec<ParameterDef>> {
        let mut parameters = Vec::new();
        let mut usual = ParameterKind::Usual;
        while !self.is(end) {
            let kind = if self.skip("**") {
                ParameterKind::Dict
            } else if self.skip("*") {
                if self.skip(",") {
                    usual = ParameterKind::KeywordOnly;
                    continue;
                }
                ParameterKind::List
            } else if self.skip("/") {
                self.skip(",");
                continue;
            } else {
                usual
            };
            let name = self.name()?;
            if end == ")" && self.skip(":") {
                self.expression()?;
            }
            let default = if self.skip("=") {
                Some(self.expression()?)
            } else {
                None
            };
            parameters.push(ParameterDef {
                name,
                kind,
                default,
            });
            if kind == ParameterKind::List {
                usual = ParameterKind::KeywordOnly;
            }
            if !self.skip(",") {
                break;
            }
        }
        Ok(parameters)
    }

    pub(super) fn class(&mut self, decorators: Vec<String>) -> Parsed<StmtKind> {
        let start = self.span().start;
        self.next += 1;
        let name = self.name()?;
        let span = start..self.end_of_last();
        if self.is("[") {
            self.bracketed_away()?;
        }
        let mut bases = Vec::new();
        if self.is("(") {
            let opened = span.clone();
            self.next += 1;
            for argument in self.arguments(&name, opened)? {
                if argument.kind == ArgumentKind::Positional {
                    bases.push(argument.value);
                }
            }
        }
        let body = self.block()?;
        Ok(StmtKind::Class(Rc::new(ClassDef {
            name,
            span,
            bases,
            body,
            decorators,
        })))
    }
}
