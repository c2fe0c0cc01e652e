//! Assignments: to names, attributes and elements, and of several values at once.

use std::rc::Rc;

use super::collections::put;
use super::{Interpreter, Run, no_element, place};
use crate::network::python::syntax::{Expr, ExprKind, Span};
use crate::network::python::value::{Scope, Value};
use crate::says;

impl Interpreter<'_> {
    pub(super) fn assign(&mut self, target: &Expr, value: Value, scope: &Rc<Scope>) -> Run<()> {
        match &target.kind {
            ExprKind::Name(name) => scope.set(name, value),
            ExprKind::Attribute(of, name) => {
                self.assign_attribute(of, name, value, scope)?;
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                self.unpack(targets, &value, &target.span, scope)?;
            }
            ExprKind::Index(of, index) => {
                let of = self.eval(of, scope)?;
                let at = self.eval(index, scope)?;
                self.assign_element(&of, (at, &index.span), value, &target.span)?;
            }
            ExprKind::Starred(inner) => {
                let values = self.iterate(&value, &target.span)?;
                self.assign(inner, Value::list(values), scope)?;
            }
            _ => {
                return self.fault(
                    &target.span,
                    says!(en: "nothing can be assigned to this", ja: "ここには代入できません。"),
                );
            }
        }
        Ok(())
    }

    fn assign_attribute(
        &mut self,
        of: &Expr,
        name: &Rc<str>,
        value: Value,
        scope: &Rc<Scope>,
    ) -> Run<()> {
        let object = match self.eval(of, scope)? {
            Value::Unknown(unknown) if self.bare && unknown.name == "self" => {
                // Lines from the middle of a class.
                let object = self.implicit(&of.span);
                scope.set(&Rc::from("self"), Value::Object(object.clone()));
                object
            }
            Value::Object(object) => object,
            Value::Class(class) => {
                class.scope.set(name, value);
                return Ok(());
            }
            _ => return Ok(()),
        };
        object.set(name, value);
        Ok(())
    }

    /// Gives each of several targets its value; one with a star takes what the others leave.
    fn unpack(
        &mut self,
        targets: &[Expr],
        value: &Value,
        span: &Span,
        scope: &Rc<Scope>,
    ) -> Run<()> {
        let values = match value {
            Value::Unknown(_) => vec![value.clone(); targets.len()],
            _ => self.iterate(value, span)?,
        };
        let star = targets
            .iter()
            .position(|target| matches!(target.kind, ExprKind::Starred(_)));
        let fits = match star {
            Some(_) => values.len() + 1 >= targets.len(),
            None => values.len() == targets.len(),
        };
        if !fits {
            let (wanted, given) = (targets.len(), values.len());
            return self.fault(
                span,
                says!(
                    en: "{wanted} names stand here for {given} values",
                    ja: "{given} 個の値に対して名前が {wanted} 個あります。"
                ),
            );
        }
        let mut values = values.into_iter();
        let left = values.len();
        for target in targets {
            if let ExprKind::Starred(inner) = &target.kind {
                let count = left + 1 - targets.len();
                let taken = values.by_ref().take(count).collect();
                self.assign(inner, Value::list(taken), scope)?;
            } else if let Some(value) = values.next() {
                self.assign(target, value, scope)?;
            }
        }
        Ok(())
    }

    /// `of[at] = value`, where `written` is the place of the index.
    fn assign_element(
        &mut self,
        of: &Value,
        (at, written): (Value, &Span),
        value: Value,
        span: &Span,
    ) -> Run<()> {
        match of {
            Value::List(values) => {
                let length = values.borrow().len();
                if let Some(at) = place(&at, length) {
                    values.borrow_mut()[at] = value;
                    return Ok(());
                }
                return self.fault(written, no_element());
            }
            Value::Dict(entries) => {
                put(&mut entries.borrow_mut(), at, value);
            }
            Value::Object(object) => {
                if let Some(name) = at.shown() {
                    object.set(&Rc::from(name), value);
                }
            }
            Value::Tensor(tensor) => {
                if self.overwrite(tensor, &at, &value, span)? {
                    return Ok(());
                }
                return self.fault(
                    span,
                    says!(
                        en: "a part of a tensor is overwritten here, which is not followed",
                        ja: "テンソルの一部を書き換えているため、たどれません。"
                    ),
                );
            }
            _ => {}
        }
        Ok(())
    }
}
