//! Tokens to calls with arguments; what they mean is not looked at yet.

use std::ops::Range;

use super::error::NotationError;
use super::lexer::{SpannedToken, Token, tokens};
use crate::language::Localized;
use crate::op::Value as Given;
use crate::says;

/// Calls and tuples inside one another, at most.
const MAX_DEPTH: usize = 32;

/// Bytes of a text, at most.
const MAX_LENGTH: usize = 1 << 18;

/// A layer as written: a name and arguments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub name: String,
    /// Where the name with its prefix is.
    pub span: Range<usize>,
    pub arguments: Vec<Argument>,
    /// Layers inside, from the printed form: `(conv): Conv2d(...)`.
    pub children: Vec<Call>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Argument {
    pub keyword: Option<String>,
    /// Where keyword and value are.
    pub span: Range<usize>,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Integer(i64),
    Real(f64),
    Text(String),
    Bool(bool),
    None,
    /// A tuple or a list, with the places of its elements.
    List(Vec<(Value, Range<usize>)>),
    Call(Box<Call>),
}

impl Value {
    /// The value without the places of its parts.
    pub fn given(&self) -> Given {
        match self {
            Self::Integer(number) => Given::Integer(*number),
            Self::Real(number) => Given::Real(*number),
            Self::Text(text) => Given::Text(text.clone()),
            Self::Bool(truth) => Given::Bool(*truth),
            Self::None => Given::None,
            Self::List(values) => {
                Given::List(values.iter().map(|(value, _)| value.given()).collect())
            }
            Self::Call(call) => Given::Layer(call.name.clone()),
        }
    }
}

/// Every call at the top of a text.
pub(super) fn parse(source: &str) -> Result<Vec<Call>, NotationError> {
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
    };
    let mut calls = Vec::new();
    while !parser.at_end() {
        parser.label();
        calls.push(parser.call(0)?);
        while parser.skip(',') {}
    }
    if calls.is_empty() {
        let message = says!(
            en: "there is no layer here; write for example nn.Conv2d(3, 8, 3)",
            ja: "ここに層がありません。たとえば nn.Conv2d(3, 8, 3) のように書いてください。"
        );
        return Err(NotationError::new(source, 0..source.len(), message));
    }
    Ok(calls)
}

struct Parser<'a> {
    source: &'a str,
    tokens: &'a [SpannedToken],
    next: usize,
}

impl Parser<'_> {
    fn at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens
            .get(self.next + ahead)
            .map(|placed| &placed.token)
    }

    fn is(&self, ahead: usize, mark: char) -> bool {
        self.peek(ahead) == Some(&Token::Mark(mark))
    }

    fn skip(&mut self, mark: char) -> bool {
        let there = self.is(0, mark);
        self.next += usize::from(there);
        there
    }

    /// The place of the next token, or the end of the text.
    fn span(&self) -> Range<usize> {
        let end = self.source.trim_end().len();
        self.tokens
            .get(self.next)
            .map_or(end..end, |placed| placed.span.clone())
    }

    fn end_of_last(&self) -> usize {
        self.next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(0, |t| t.span.end)
    }

    fn error<T>(&self, message: Localized<String>) -> Result<T, NotationError> {
        Err(NotationError::new(self.source, self.span(), message))
    }

    /// Skips `(name):`, which stands before a child in a printed model.
    fn child_label(&mut self) -> bool {
        let name = matches!(self.peek(1), Some(Token::Name(_) | Token::Integer(_)));
        let there = self.is(0, '(') && name && self.is(2, ')') && self.is(3, ':');
        self.next += if there { 4 } else { 0 };
        there
    }

    /// Skips `(name):`, or `self.name =`.
    fn label(&mut self) {
        if self.child_label() {
            return;
        }
        let mut ahead = 0;
        while matches!(self.peek(ahead), Some(Token::Name(_))) {
            if self.is(ahead + 1, '=') {
                self.next += ahead + 2;
                return;
            }
            if !self.is(ahead + 1, '.') {
                return;
            }
            ahead += 2;
        }
    }

    /// `name`, `nn.name` or `torch.nn.name`: the last part, and where all of it is.
    fn name(&mut self) -> Result<(String, Range<usize>), NotationError> {
        let start = self.span().start;
        loop {
            let Some(Token::Name(name)) = self.peek(0) else {
                return self.error(says!(
                    en: "a layer's name is missing here; a layer looks like nn.Conv2d(3, 8, 3)",
                    ja: "ここに層の名前がありません。層は nn.Conv2d(3, 8, 3) のように書きます。"
                ));
            };
            let name = name.clone();
            self.next += 1;
            if !self.skip('.') {
                return Ok((name, start..self.end_of_last()));
            }
        }
    }

    fn call(&mut self, depth: usize) -> Result<Call, NotationError> {
        let (name, span) = self.name()?;
        if !self.skip('(') {
            let message = says!(
                en: "{name} needs parentheses: {name}(...)",
                ja: "{name} にはかっこが必要です: {name}(...)"
            );
            return Err(NotationError::new(self.source, span, message));
        }
        self.nested_call(name, span, depth)
    }

    /// The rest of a call behind its opening parenthesis.
    fn nested_call(
        &mut self,
        name: String,
        span: Range<usize>,
        depth: usize,
    ) -> Result<Call, NotationError> {
        if depth >= MAX_DEPTH {
            return self.error(says!(
                en: "layers are nested deeper than {MAX_DEPTH} here",
                ja: "層の入れ子が {MAX_DEPTH} 段より深くなっています。"
            ));
        }
        let mut call = Call {
            name,
            span,
            arguments: Vec::new(),
            children: Vec::new(),
        };
        loop {
            if self.skip(')') {
                return Ok(call);
            }
            if self.at_end() {
                let name = &call.name;
                let message = says!(
                    en: "{name} has no closing parenthesis",
                    ja: "{name} の閉じかっこがありません。"
                );
                return Err(NotationError::new(self.source, call.span, message));
            }
            if self.child_label() {
                call.children.push(self.call(depth + 1)?);
                self.skip(',');
                continue;
            }
            let start = self.span().start;
            let keyword = match self.peek(0) {
                Some(Token::Name(name)) if self.is(1, '=') => Some(name.clone()),
                _ => None,
            };
            if keyword.is_some() {
                self.next += 2;
            }
            let value = self.value(depth + 1)?;
            let span = start..self.end_of_last();
            call.arguments.push(Argument {
                keyword,
                span,
                value,
            });
            // A printed model has its children behind the arguments without a comma.
            if !self.skip(',') && !self.is(0, ')') && !self.at_end() && !self.is(0, '(') {
                return self.error(says!(
                    en: "a comma or a closing parenthesis is missing before this",
                    ja: "この前にコンマか閉じかっこがありません。"
                ));
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, NotationError> {
        if depth >= MAX_DEPTH {
            return self.error(says!(
                en: "values are nested deeper than {MAX_DEPTH} here",
                ja: "値の入れ子が {MAX_DEPTH} 段より深くなっています。"
            ));
        }
        let value = match self.peek(0) {
            Some(Token::Integer(integer)) => Value::Integer(*integer),
            Some(Token::Real(real)) => Value::Real(*real),
            Some(Token::Text(text)) => Value::Text(text.clone()),
            Some(Token::Mark(open @ ('(' | '['))) => {
                let close = if *open == '(' { ')' } else { ']' };
                self.next += 1;
                return self.list(close, depth);
            }
            Some(Token::Name(_)) => {
                let (name, span) = self.name()?;
                if self.skip('(') {
                    return Ok(Value::Call(Box::new(self.nested_call(name, span, depth)?)));
                }
                return Ok(match name.as_str() {
                    "True" => Value::Bool(true),
                    "False" => Value::Bool(false),
                    "None" => Value::None,
                    // A printed model leaves the quotes out: padding=same.
                    _ => Value::Text(name),
                });
            }
            _ => {
                return self
                    .error(says!(en: "a value is missing here", ja: "ここに値がありません。"));
            }
        };
        self.next += 1;
        Ok(value)
    }

    fn list(&mut self, close: char, depth: usize) -> Result<Value, NotationError> {
        let mut values: Vec<(Value, Range<usize>)> = Vec::new();
        let mut comma = true;
        loop {
            if self.skip(close) {
                // (3) is 3 and no tuple, as in Python.
                if close == ')' && values.len() == 1 && !comma {
                    return Ok(values.swap_remove(0).0);
                }
                return Ok(Value::List(values));
            }
            if !comma {
                return self.error(says!(
                    en: "a comma or a closing {close} is missing before this",
                    ja: "この前にコンマか閉じる {close} がありません。"
                ));
            }
            let start = self.span().start;
            let value = self.value(depth + 1)?;
            values.push((value, start..self.end_of_last()));
            comma = self.skip(',');
        }
    }
}
