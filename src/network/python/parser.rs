//! Tokens to expressions and statements; what they mean is not looked at yet.

use std::rc::Rc;

use super::lexer::{SpannedToken, Token, tokens};
use super::syntax::{
    Argument, ArgumentKind, Binary, Body, ClassDef, Collection, Comparison, Comprehension, Expr,
    ExprKind, FunctionDef, ParameterDef, ParameterKind, Piece, Span, Stmt, StmtKind, Unary,
};
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

    // Statements

    fn statement(&mut self, out: &mut Vec<Stmt>) -> Parsed<()> {
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

    fn block(&mut self) -> Parsed<Vec<Stmt>> {
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

    fn function(&mut self, decorators: Vec<String>) -> Parsed<StmtKind> {
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

    fn parameters(&mut self, end: &str) -> Parsed<Vec<ParameterDef>> {
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

    fn class(&mut self, decorators: Vec<String>) -> Parsed<StmtKind> {
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

    fn module_name(&mut self) -> Parsed<String> {
        let mut name = self.name()?.to_string();
        while self.skip(".") {
            name.push('.');
            name.push_str(&self.name()?);
        }
        Ok(name)
    }

    fn import_from(&mut self) -> Parsed<StmtKind> {
        let mut dots = 0;
        loop {
            if self.skip("...") {
                dots += 3;
            } else if self.skip(".") {
                dots += 1;
            } else {
                break;
            }
        }
        let module = if self.is("import") {
            String::new()
        } else {
            self.module_name()?
        };
        self.expect("import")?;
        let bracket = self.skip("(");
        let mut names = Vec::new();
        if self.skip("*") {
            return Ok(StmtKind::ImportFrom(
                dots,
                module,
                vec![(Rc::from("*"), Rc::from("*"))],
            ));
        }
        loop {
            let name = self.name()?;
            let own = if self.skip("as") {
                self.name()?
            } else {
                name.clone()
            };
            names.push((name, own));
            if !self.skip(",") || bracket && self.is(")") {
                break;
            }
        }
        if bracket {
            self.expect(")")?;
        }
        Ok(StmtKind::ImportFrom(dots, module, names))
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
            "del" => {
                self.next += 1;
                self.expression_list()?;
                Ok(StmtKind::Pass)
            }
            "global" | "nonlocal" => {
                self.next += 1;
                self.expression_list()?;
                Ok(StmtKind::Pass)
            }
            "import" => {
                self.next += 1;
                let mut modules = Vec::new();
                loop {
                    let module = self.module_name()?;
                    let own = if self.skip("as") {
                        Some(self.name()?)
                    } else {
                        None
                    };
                    modules.push((module, own));
                    if !self.skip(",") {
                        break;
                    }
                }
                Ok(StmtKind::Import(modules))
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

    // Expressions

    fn made(&self, start: usize, kind: ExprKind) -> Expr {
        Expr {
            span: start..self.end_of_last(),
            kind,
        }
    }

    /// `a, *b`, a tuple where there is a comma.
    fn expression_list(&mut self) -> Parsed<Expr> {
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

    fn targets(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        let mut all = Vec::new();
        let mut tuple = false;
        loop {
            let star = self.skip("*");
            let at = self.span().start;
            let target = self.operand(Parser::ABOVE_COMPARISONS)?;
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
        match (all.pop(), tuple) {
            (Some(only), false) => Ok(only),
            (last, _) => {
                all.extend(last);
                Ok(self.made(start, ExprKind::Tuple(all)))
            }
        }
    }

    fn starred(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        if self.skip("*") {
            let inner = self.operand(Self::ABOVE_COMPARISONS)?;
            return Ok(self.made(start, ExprKind::Starred(Box::new(inner))));
        }
        self.walrus()
    }

    fn walrus(&mut self) -> Parsed<Expr> {
        let start = self.span().start;
        if let (Some(Token::Name(name)), true) = (self.peek(0), self.is_ahead(1, ":=")) {
            let name = name.clone();
            self.next += 2;
            let value = self.expression()?;
            return Ok(self.made(start, ExprKind::Walrus(name, Box::new(value))));
        }
        self.expression()
    }

    /// `a if test else b`, or a lambda.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
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

    const ABOVE_COMPARISONS: u8 = 5;

    /// How strongly the operator binds that comes next: `or`, `and`, comparisons, then arithmetic.
    fn binding(&self) -> Option<(u8, Operator)> {
        let Some(Token::Sign(sign)) = self.peek(0) else {
            return None;
        };
        let binary = |strength, operator| Some((strength, Operator::Binary(operator)));
        let comparison = |kind| Some((4, Operator::Comparison(kind, 1)));
        match *sign {
            "or" => Some((1, Operator::Or)),
            "and" => Some((2, Operator::And)),
            "==" => comparison(Comparison::Equal),
            "!=" => comparison(Comparison::Unequal),
            "<" => comparison(Comparison::Less),
            "<=" => comparison(Comparison::LessEqual),
            ">" => comparison(Comparison::Greater),
            ">=" => comparison(Comparison::GreaterEqual),
            "in" => comparison(Comparison::In),
            "not" if self.is_ahead(1, "in") => {
                Some((4, Operator::Comparison(Comparison::NotIn, 2)))
            }
            "is" if self.is_ahead(1, "not") => {
                Some((4, Operator::Comparison(Comparison::IsNot, 2)))
            }
            "is" => comparison(Comparison::Is),
            "|" => binary(5, Binary::Or),
            "^" => binary(6, Binary::Xor),
            "&" => binary(7, Binary::And),
            "<<" => binary(8, Binary::ShiftLeft),
            ">>" => binary(8, Binary::ShiftRight),
            "+" => binary(9, Binary::Add),
            "-" => binary(9, Binary::Subtract),
            "*" => binary(10, Binary::Multiply),
            "/" => binary(10, Binary::Divide),
            "//" => binary(10, Binary::FloorDivide),
            "%" => binary(10, Binary::Remainder),
            "@" => binary(10, Binary::MatMul),
            "**" => binary(12, Binary::Power),
            _ => None,
        }
    }

    /// Operators that bind at least as strongly as `least`, and what they join.
    fn operand(&mut self, least: u8) -> Parsed<Expr> {
        let start = self.span().start;
        let mut left = self.unary(least)?;
        while let Some((strength, operator)) = self.binding() {
            if strength < least {
                break;
            }
            let sign = self.span();
            left = match operator {
                Operator::Or | Operator::And => {
                    let word = if matches!(operator, Operator::Or) {
                        "or"
                    } else {
                        "and"
                    };
                    let mut all = vec![left];
                    while self.skip(word) {
                        all.push(self.operand(strength + 1)?);
                    }
                    let kind = match operator {
                        Operator::Or => ExprKind::Or(all),
                        _ => ExprKind::And(all),
                    };
                    self.made(start, kind)
                }
                Operator::Comparison(..) => {
                    let mut rest = Vec::new();
                    while let Some((_, Operator::Comparison(kind, words))) = self.binding() {
                        self.next += words;
                        rest.push((kind, self.operand(Self::ABOVE_COMPARISONS)?));
                    }
                    self.made(start, ExprKind::Compare(Box::new(left), rest))
                }
                Operator::Binary(operator) => {
                    self.next += 1;
                    // Powers bind to the right.
                    let above = strength + u8::from(operator != Binary::Power);
                    let right = self.operand(above)?;
                    let (left, right) = (Box::new(left), Box::new(right));
                    self.made(start, ExprKind::Binary(operator, left, right, sign))
                }
            };
        }
        Ok(left)
    }

    fn unary(&mut self, least: u8) -> Parsed<Expr> {
        let start = self.span().start;
        let (operator, strength) = match self.peek(0) {
            Some(Token::Sign("not")) => (Unary::Not, 3),
            Some(Token::Sign("-")) => (Unary::Minus, 11),
            Some(Token::Sign("+")) => (Unary::Plus, 11),
            Some(Token::Sign("~")) => (Unary::Invert, 11),
            _ => return self.postfix(),
        };
        self.next += 1;
        let inner = self.deeper(|parser| parser.operand(strength.max(least.min(11))))?;
        Ok(self.made(start, ExprKind::Unary(operator, Box::new(inner))))
    }

    fn postfix(&mut self) -> Parsed<Expr> {
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
    fn arguments(&mut self, name: &str, called: Span) -> Parsed<Vec<Argument>> {
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
        match (all.pop(), tuple) {
            (Some(only), false) => Ok(only),
            (last, _) => {
                all.extend(last);
                Ok(self.made(start, ExprKind::Tuple(all)))
            }
        }
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
                None => {
                    self.error(says!(en: "a value is missing here", ja: "ここに値がありません。"))
                }
            };
        }
        let last = part(self)?;
        let step = if self.skip(":") { part(self)? } else { None };
        Ok(self.made(start, ExprKind::Slice(first, last, step)))
    }

    fn comprehension(
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

    fn atom(&mut self) -> Parsed<Expr> {
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

    /// Texts one after another are one.
    fn text(&mut self) -> Parsed<Expr> {
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

    fn unclosed<T>(&self, close: char) -> Parsed<T> {
        self.error(says!(
            en: "a comma or a closing {close} is missing before this",
            ja: "この前にコンマか閉じる {close} がありません。"
        ))
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
}

#[derive(Clone, Copy)]
enum Operator {
    Or,
    And,
    Comparison(Comparison, usize),
    Binary(Binary),
}

fn missing_value() -> Localized<String> {
    says!(en: "a value is missing here", ja: "ここに値がありません。")
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
