//! Operators, and how strongly each binds what it joins.

use super::{Parsed, Parser};
use crate::network::python::lexer::Token;
use crate::network::python::syntax::{Binary, Comparison, Expr, ExprKind, Unary};

#[derive(Clone, Copy)]
enum Operator {
    Or,
    And,
    Comparison(Comparison, usize),
    Binary(Binary),
}

impl Parser<'_> {
    /// How strongly what binds more than a comparison does.
    pub(super) const ABOVE_COMPARISONS: u8 = 5;

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
    pub(super) fn operand(&mut self, least: u8) -> Parsed<Expr> {
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
}
