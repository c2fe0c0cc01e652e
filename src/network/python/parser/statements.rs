//! Statements: lines, and the blocks that `if`, `for` and their like hold.

use super::{Parsed, Parser, dotted};
use crate::network::python::lexer::Token;
use crate::network::python::syntax::{Binary, ExprKind, Stmt, StmtKind};
use crate::says;

impl Parser<'_> {
    pub(super) fn statement(&mut self, out: &mut Vec<Stmt>) -> Parsed<()> {
        if matches!(
            self.peek(0),
            Some(Token::Line | Token::Indent | Token::Dedent)
        ) {
            self.next += 1;
            return Ok(());
        }
        let start = self.span().start;
        let mut decorators = Vec::new();
        while self.is("@") {
            self.next += 1;
            let decorator = self.expression()?;
            decorators.push(dotted(&decorator));
            if self.peek(0) == Some(&Token::Line) {
                self.next += 1;
            }
        }
        if self.is("async") {
            self.next += 1;
        }
        let compound = match self.peek(0) {
            Some(Token::Sign(word)) => match *word {
                "def" => Some(self.deeper(|parser| parser.function(decorators))?),
                "class" => Some(self.deeper(|parser| parser.class(decorators))?),
                "if" => Some(self.deeper(Self::conditional)?),
                "for" => Some(self.deeper(Self::loop_over)?),
                "while" => Some(self.deeper(Self::loop_while)?),
                "with" => Some(self.deeper(Self::with)?),
                "try" => Some(self.deeper(Self::attempt)?),
                _ => None,
            },
            _ => None,
        };
        if let Some(kind) = compound {
            let span = start..self.end_of_last();
            out.push(Stmt { span, kind });
            return Ok(());
        }
        self.simple_line(out)
    }

    fn simple_line(&mut self, out: &mut Vec<Stmt>) -> Parsed<()> {
        loop {
            let start = self.span().start;
            let kind = self.simple()?;
            let span = start..self.end_of_last();
            out.push(Stmt { span, kind });
            if self.skip(";") {
                if matches!(self.peek(0), None | Some(Token::Line)) {
                    self.next += 1;
                    return Ok(());
                }
                continue;
            }
            match self.peek(0) {
                None => return Ok(()),
                Some(Token::Line) => {
                    self.next += 1;
                    return Ok(());
                }
                // Layers one after another on a line.
                Some(Token::Name(_)) if matches!(out.last(), Some(last) if ends_in_call(last)) => {}
                Some(Token::Sign(")" | "]" | "}")) => {
                    return self.error(says!(
                        en: "this closes nothing that was opened; leave it out",
                        ja: "対応する開きかっこがありません。取り除いてください。"
                    ));
                }
                Some(_) => {
                    return self.error(says!(
                        en: "this cannot follow here; a line ends before it, or a sign is missing",
                        ja: "ここには続けられません。行を分けるか、記号を補ってください。"
                    ));
                }
            }
        }
    }

    pub(super) fn block(&mut self) -> Parsed<Vec<Stmt>> {
        self.expect(":")?;
        let mut body = Vec::new();
        if self.peek(0) != Some(&Token::Line) {
            if self.at_end() {
                return Ok(body);
            }
            self.simple_line(&mut body)?;
            return Ok(body);
        }
        self.next += 1;
        if self.peek(0) != Some(&Token::Indent) {
            // A body that was cut off.
            return Ok(body);
        }
        self.next += 1;
        while !self.at_end() && self.peek(0) != Some(&Token::Dedent) {
            self.statement(&mut body)?;
        }
        self.next += 1;
        Ok(body)
    }

    fn conditional(&mut self) -> Parsed<StmtKind> {
        let mut branches = Vec::new();
        loop {
            self.next += 1;
            let test = self.walrus()?;
            branches.push((test, self.block()?));
            if !self.is("elif") {
                break;
            }
        }
        let otherwise = self.otherwise("else")?;
        Ok(StmtKind::If(branches, otherwise))
    }

    fn otherwise(&mut self, word: &str) -> Parsed<Vec<Stmt>> {
        if self.skip(word) {
            self.block()
        } else {
            Ok(Vec::new())
        }
    }

    fn loop_over(&mut self) -> Parsed<StmtKind> {
        self.next += 1;
        let target = self.targets()?;
        self.expect("in")?;
        let over = self.expression_list()?;
        let body = self.block()?;
        let otherwise = self.otherwise("else")?;
        Ok(StmtKind::For {
            target,
            over,
            body,
            otherwise,
        })
    }

    fn loop_while(&mut self) -> Parsed<StmtKind> {
        self.next += 1;
        let test = self.walrus()?;
        Ok(StmtKind::While(test, self.block()?))
    }

    fn with(&mut self) -> Parsed<StmtKind> {
        self.next += 1;
        let mut items = Vec::new();
        loop {
            let value = self.expression()?;
            let name = if self.skip("as") {
                Some(self.operand(0)?)
            } else {
                None
            };
            items.push((value, name));
            if !self.skip(",") {
                break;
            }
        }
        Ok(StmtKind::With(items, self.block()?))
    }

    fn attempt(&mut self) -> Parsed<StmtKind> {
        self.next += 1;
        let body = self.block()?;
        while self.is("except") {
            self.next += 1;
            self.skip("*");
            if !self.is(":") {
                self.expression_list()?;
                if self.skip("as") {
                    self.name()?;
                }
            }
            // What follows on an error is not followed: what goes wrong is told instead.
            self.block()?;
        }
        let otherwise = self.otherwise("else")?;
        let finally = self.otherwise("finally")?;
        Ok(StmtKind::Try {
            body,
            otherwise,
            finally,
        })
    }

    fn simple(&mut self) -> Parsed<StmtKind> {
        let word = match self.peek(0) {
            Some(Token::Sign(word)) => *word,
            _ => "",
        };
        let ends =
            |parser: &Self| matches!(parser.peek(0), None | Some(Token::Line)) || parser.is(";");
        match word {
            "pass" => {
                self.next += 1;
                Ok(StmtKind::Pass)
            }
            "break" => {
                self.next += 1;
                Ok(StmtKind::Break)
            }
            "continue" => {
                self.next += 1;
                Ok(StmtKind::Continue)
            }
            "return" => {
                self.next += 1;
                if ends(self) {
                    return Ok(StmtKind::Return(None));
                }
                Ok(StmtKind::Return(Some(self.expression_list()?)))
            }
            "raise" => {
                self.next += 1;
                if ends(self) {
                    return Ok(StmtKind::Raise(None));
                }
                let raised = self.expression()?;
                if self.skip("from") {
                    self.expression()?;
                }
                Ok(StmtKind::Raise(Some(raised)))
            }
            "assert" => {
                self.next += 1;
                let test = self.expression()?;
                if self.skip(",") {
                    self.expression()?;
                }
                Ok(StmtKind::Assert(test))
            }
            "del" | "global" | "nonlocal" => {
                self.next += 1;
                self.expression_list()?;
                Ok(StmtKind::Pass)
            }
            "import" => {
                self.next += 1;
                self.import()
            }
            "from" => {
                self.next += 1;
                self.import_from()
            }
            _ => self.assignment(),
        }
    }

    fn assignment(&mut self) -> Parsed<StmtKind> {
        let first = self.expression_list()?;
        if self.skip(":") {
            // A type hint.
            self.expression()?;
            let value = if self.skip("=") {
                Some(self.expression_list()?)
            } else {
                None
            };
            return Ok(StmtKind::Annotated(first, value));
        }
        if let Some(Token::Sign(sign)) = self.peek(0) {
            let augmented = match *sign {
                "+=" => Some(Binary::Add),
                "-=" => Some(Binary::Subtract),
                "*=" => Some(Binary::Multiply),
                "/=" => Some(Binary::Divide),
                "//=" => Some(Binary::FloorDivide),
                "%=" => Some(Binary::Remainder),
                "**=" => Some(Binary::Power),
                "@=" => Some(Binary::MatMul),
                "&=" => Some(Binary::And),
                "|=" => Some(Binary::Or),
                "^=" => Some(Binary::Xor),
                "<<=" => Some(Binary::ShiftLeft),
                ">>=" => Some(Binary::ShiftRight),
                _ => None,
            };
            if let Some(operator) = augmented {
                self.next += 1;
                return Ok(StmtKind::Augmented(
                    first,
                    operator,
                    self.expression_list()?,
                ));
            }
        }
        let mut parts = vec![first];
        while self.skip("=") {
            parts.push(self.expression_list()?);
        }
        match (parts.pop(), parts.is_empty()) {
            (Some(value), true) => Ok(StmtKind::Expr(value)),
            (Some(value), false) => Ok(StmtKind::Assign(parts, value)),
            (None, _) => Ok(StmtKind::Pass),
        }
    }
}

fn ends_in_call(statement: &Stmt) -> bool {
    let value = match &statement.kind {
        StmtKind::Expr(value) | StmtKind::Assign(_, value) => value,
        _ => return false,
    };
    let last = match &value.kind {
        ExprKind::Tuple(values) => values.last().unwrap_or(value),
        _ => value,
    };
    matches!(last.kind, ExprKind::Call { .. })
}
