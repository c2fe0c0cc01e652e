//! Expressions, worked out.

use std::rc::Rc;

use super::{Interpreter, MAX_EXPRESSIONS, Run, Stop, depends};
use crate::network::python::modules::too_deep;
use crate::network::python::syntax::{Argument, Comparison, Expr, ExprKind, Piece, Span, Unary};
use crate::network::python::value::{Scope, Value, Values};
use crate::says;

impl Interpreter<'_> {
    pub fn eval(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Run<Value> {
        self.step(&expr.span)?;
        if self.depth >= MAX_EXPRESSIONS {
            return self.fault(&expr.span, too_deep());
        }
        self.depth += 1;
        let value = self.value(expr, scope);
        self.depth -= 1;
        value
    }

    fn value(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Run<Value> {
        Ok(match &expr.kind {
            ExprKind::None => Value::None,
            ExprKind::Bool(truth) => Value::Bool(*truth),
            ExprKind::Integer(number) => Value::Integer(*number),
            ExprKind::Real(number) => Value::Real(*number),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Ellipsis => Value::Ellipsis,
            ExprKind::Name(name) => self.named(name, &expr.span, scope),
            ExprKind::Formatted(pieces) => self.formatted(pieces, scope)?,
            ExprKind::Tuple(all) => Value::tuple(self.elements(all, scope)?),
            ExprKind::List(all) | ExprKind::Set(all) => Value::list(self.elements(all, scope)?),
            ExprKind::Dict(entries) => self.dictionary(entries, scope)?,
            ExprKind::Unary(operator, inner) => {
                let value = self.eval(inner, scope)?;
                self.unary(*operator, value, &expr.span)?
            }
            ExprKind::Binary(operator, left, right, sign) => {
                let left = self.eval(left, scope)?;
                let right = self.eval(right, scope)?;
                match self.binary(*operator, &left, &right, &expr.span) {
                    // The sign is what is wrong when neither side has it.
                    Err(Stop::Fault(mut fault)) if fault.span == expr.span => {
                        fault.span = sign.clone();
                        return Err(Stop::Fault(fault));
                    }
                    other => other?,
                }
            }
            ExprKind::Compare(first, rest) => self.compared(first, rest, scope)?,
            ExprKind::And(all) => self.first_of(all, false, scope)?,
            ExprKind::Or(all) => self.first_of(all, true, scope)?,
            ExprKind::Choice { test, then, other } => {
                let tested = self.eval(test, scope)?;
                match (tested.truth(), tested) {
                    (Some(true), _) => self.eval(then, scope)?,
                    (Some(false), _) => self.eval(other, scope)?,
                    (None, Value::Unknown(unknown)) => Value::Unknown(unknown),
                    (None, _) => return self.test(test, scope).map(Value::Bool),
                }
            }
            ExprKind::Call {
                function,
                arguments,
            } => self.called(function, arguments, &expr.span, scope)?,
            ExprKind::Attribute(of, name) => {
                let of = self.eval(of, scope)?;
                self.attribute(&of, name, &expr.span)?
            }
            ExprKind::Index(of, index) => {
                let of_value = self.eval(of, scope)?;
                let index_value = self.eval(index, scope)?;
                self.indexed(&of_value, &index_value, &expr.span)?
            }
            ExprKind::Slice(first, last, step) => {
                let mut part = |part: &Option<Box<Expr>>| match part {
                    Some(part) => self.eval(part, scope),
                    None => Ok(Value::None),
                };
                let parts = [part(first)?, part(last)?, part(step)?];
                Value::Slice(Rc::new(parts))
            }
            ExprKind::Lambda(definition) => self.function(definition, scope)?,
            ExprKind::Comprehension(comprehension) => {
                self.comprehension(comprehension, scope, &expr.span)?
            }
            ExprKind::Starred(inner) => self.eval(inner, scope)?,
            ExprKind::Walrus(name, value) => {
                let value = self.eval(value, scope)?;
                scope.set(name, value.clone());
                value
            }
            ExprKind::Unfollowed(what) => {
                return self.fault(
                    &expr.span,
                    says!(en: "{what} is not followed", ja: "{what} はたどれません。"),
                );
            }
        })
    }

    fn formatted(&mut self, pieces: &[Piece], scope: &Rc<Scope>) -> Run<Value> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Value(value) => {
                    let value = self.eval(value, scope)?;
                    text.push_str(&value.shown().unwrap_or_else(|| value.kind()));
                }
            }
        }
        Ok(Value::text(&text))
    }

    /// The first value that is true, or false, as `or` and `and` ask for; else the last one.
    fn first_of(&mut self, all: &[Expr], stops: bool, scope: &Rc<Scope>) -> Run<Value> {
        let mut last = Value::None;
        for value in all {
            last = self.eval(value, scope)?;
            match last.truth() {
                Some(truth) if truth == stops => return Ok(last),
                Some(_) => {}
                None => return Ok(last),
            }
        }
        Ok(last)
    }

    fn called(
        &mut self,
        function: &Expr,
        arguments: &[Argument],
        span: &Span,
        scope: &Rc<Scope>,
    ) -> Run<Value> {
        if let Some(made) = self.super_call(function, arguments, scope)? {
            return Ok(made);
        }
        let mut called = self.eval(function, scope)?;
        if let Value::Unknown(unknown) = called {
            let name = &unknown.name;
            let layer = self.bare
                && self.calls == 0
                && matches!(function.kind, ExprKind::Name(_))
                && name.starts_with(|first: char| first.is_uppercase());
            if !layer {
                return Ok(Value::Unknown(unknown));
            }
            // Told as a layer that is not there.
            called = Value::Path(Rc::from(format!("torch.nn.{name}")));
        }
        let given = self.arguments(arguments, scope)?;
        self.call(&called, given, &function.span, span)
    }

    fn unary(&mut self, operator: Unary, value: Value, span: &Span) -> Run<Value> {
        match (operator, value) {
            (_, Value::Unknown(unknown)) => Ok(Value::Unknown(unknown)),
            (Unary::Not, value) => match value.truth() {
                Some(truth) => Ok(Value::Bool(!truth)),
                None => self.fault(span, depends()),
            },
            (Unary::Invert, Value::Tensor(tensor)) => {
                let given = Values::default();
                match self.of_known("logical_not", &tensor, &given, span)? {
                    Some(value) => Ok(value),
                    None => self.fault(span, depends()),
                }
            }
            (Unary::Minus, Value::Integer(number)) => Ok(Value::Integer(number.wrapping_neg())),
            (Unary::Minus, Value::Real(number)) => Ok(Value::Real(-number)),
            (Unary::Plus, value @ (Value::Integer(_) | Value::Real(_) | Value::Tensor(_))) => {
                Ok(value)
            }
            (Unary::Minus, Value::Tensor(tensor)) => {
                self.tensor_function("neg", vec![Value::Tensor(tensor)], span)
            }
            (_, value) => {
                let kind = value.kind();
                self.fault(
                    span,
                    says!(
                        en: "this sign has no meaning before {kind}",
                        ja: "{kind} の前にこの符号は付けられません。"
                    ),
                )
            }
        }
    }

    fn compared(
        &mut self,
        first: &Expr,
        rest: &[(Comparison, Expr)],
        scope: &Rc<Scope>,
    ) -> Run<Value> {
        let mut left = self.eval(first, scope)?;
        for (comparison, right) in rest {
            let span = first.span.start..right.span.end;
            let right = self.eval(right, scope)?;
            if let (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) = (&left, &right) {
                return Ok(Value::Unknown(unknown.clone()));
            }
            let of_tensors = matches!(left, Value::Tensor(_)) || matches!(right, Value::Tensor(_));
            if let (true, [_]) = (of_tensors, rest)
                && let Some(made) = self.tensors_compared(*comparison, &left, &right, &span)?
            {
                return Ok(made);
            }
            let truth = match comparison {
                Comparison::Equal => left.equals(&right),
                Comparison::Unequal => left.equals(&right).map(|equal| !equal),
                Comparison::Is => Some(left.is(&right)),
                Comparison::IsNot => Some(!left.is(&right)),
                Comparison::In | Comparison::NotIn => {
                    let there = match (&left, &right) {
                        (Value::Text(part), Value::Text(whole)) => whole.contains(&**part),
                        _ => {
                            let values = self.iterate(&right, &span)?;
                            values.iter().any(|value| value.equals(&left) == Some(true))
                        }
                    };
                    Some(there == (*comparison == Comparison::In))
                }
                Comparison::Less
                | Comparison::LessEqual
                | Comparison::Greater
                | Comparison::GreaterEqual => {
                    let order = match (&left, &right) {
                        (Value::Text(one), Value::Text(two)) => Some(one.cmp(two)),
                        _ => match (left.real(), right.real()) {
                            (Some(one), Some(two)) => one.partial_cmp(&two),
                            _ => None,
                        },
                    };
                    order.map(|order| match comparison {
                        Comparison::Less => order.is_lt(),
                        Comparison::LessEqual => order.is_le(),
                        Comparison::Greater => order.is_gt(),
                        _ => order.is_ge(),
                    })
                }
            };
            match truth {
                Some(true) => {}
                Some(false) => return Ok(Value::Bool(false)),
                None => return self.fault(&span, depends()),
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }
}
