//! Statements, one after another.

use std::rc::Rc;

use super::files::import;
use super::{Interpreter, Run, Stop};
use crate::network::python::parser::dotted;
use crate::network::python::syntax::{Binary, Expr, ExprKind, Span, Stmt, StmtKind};
use crate::network::python::value::{Scope, Value};
use crate::says;

impl Interpreter<'_> {
    pub fn block(&mut self, statements: &[Stmt], scope: &Rc<Scope>) -> Run<()> {
        statements
            .iter()
            .try_for_each(|statement| self.exec(statement, scope))
    }

    pub(super) fn exec(&mut self, statement: &Stmt, scope: &Rc<Scope>) -> Run<()> {
        self.step(&statement.span)?;
        match &statement.kind {
            StmtKind::Expr(value) => {
                self.eval(value, scope)?;
            }
            StmtKind::Assign(targets, value) => {
                let value = self.eval(value, scope)?;
                for target in targets {
                    self.assign(target, value.clone(), scope)?;
                }
            }
            StmtKind::Annotated(target, value) => {
                if let Some(value) = value {
                    let value = self.eval(value, scope)?;
                    self.assign(target, value, scope)?;
                }
            }
            StmtKind::Augmented(target, operator, value) => {
                self.augment(target, *operator, value, &statement.span, scope)?;
            }
            StmtKind::Function(definition) => {
                let function = self.function(definition, scope)?;
                scope.set(&definition.name, function);
            }
            StmtKind::Class(definition) => {
                let class = self.class(definition, scope);
                scope.set(&definition.name, class);
            }
            StmtKind::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(value, scope)?,
                    None => Value::None,
                };
                return Err(Stop::Return(value));
            }
            StmtKind::If(branches, otherwise) => {
                for (test, body) in branches {
                    if self.test(test, scope)? {
                        return self.block(body, scope);
                    }
                }
                return self.block(otherwise, scope);
            }
            StmtKind::For {
                target,
                over,
                body,
                otherwise,
            } => {
                let values = self.eval(over, scope)?;
                for value in self.iterate(&values, &over.span)? {
                    self.assign(target, value, scope)?;
                    if !self.turn(body, scope)? {
                        return Ok(());
                    }
                }
                return self.block(otherwise, scope);
            }
            StmtKind::While(test, body) => {
                while self.test(test, scope)? {
                    self.step(&statement.span)?;
                    if !self.turn(body, scope)? {
                        return Ok(());
                    }
                }
            }
            StmtKind::With(items, body) => {
                // torch.no_grad() and its like change no shape.
                for (value, name) in items {
                    let value = self.eval(value, scope)?;
                    if let Some(name) = name {
                        self.assign(name, value, scope)?;
                    }
                }
                return self.block(body, scope);
            }
            StmtKind::Try {
                body,
                otherwise,
                finally,
            } => {
                self.block(body, scope)?;
                self.block(otherwise, scope)?;
                return self.block(finally, scope);
            }
            StmtKind::Import(modules) => import(modules, scope),
            StmtKind::ImportFrom(dots, module, names) => {
                for (name, own) in names {
                    if &**name == "*" {
                        continue;
                    }
                    let value = self.imported(*dots, module, name, &statement.span);
                    scope.set(own, value);
                }
            }
            StmtKind::Raise(raised) => self.refuse(raised.as_ref(), &statement.span, scope)?,
            StmtKind::Assert(test) => self.assert(test, scope)?,
            StmtKind::Break => return Err(Stop::Break),
            StmtKind::Continue => return Err(Stop::Continue),
            StmtKind::Pass => {}
        }
        Ok(())
    }

    /// `target += value` and the like.
    fn augment(
        &mut self,
        target: &Expr,
        operator: Binary,
        value: &Expr,
        span: &Span,
        scope: &Rc<Scope>,
    ) -> Run<()> {
        let left = self.eval(target, scope)?;
        let right = self.eval(value, scope)?;
        if let (Value::List(list), Binary::Add) = (&left, operator) {
            // In place, as Python does it.
            self.extend(list, &right, &value.span)?;
            return self.assign(target, left, scope);
        }
        let result = self.binary(operator, &left, &right, span)?;
        if let (Value::Tensor(left), Value::Tensor(result)) = (&left, &result)
            && left.axes == result.axes
        {
            self.in_place(left, result);
        }
        self.assign(target, result, scope)
    }

    /// Runs the body of a loop once, and says whether the loop goes on.
    fn turn(&mut self, body: &[Stmt], scope: &Rc<Scope>) -> Run<bool> {
        match self.block(body, scope) {
            Err(Stop::Break) => Ok(false),
            Ok(()) | Err(Stop::Continue) => Ok(true),
            Err(other) => Err(other),
        }
    }

    fn refuse(&mut self, raised: Option<&Expr>, span: &Span, scope: &Rc<Scope>) -> Run<()> {
        let what = match raised {
            Some(raised) => self.raised(raised, scope),
            None => String::new(),
        };
        self.fault(
            span,
            says!(
                en: "the file itself refuses this here: {what}",
                ja: "ファイル自身がここで拒んでいます: {what}"
            ),
        )
    }

    fn assert(&mut self, test: &Expr, scope: &Rc<Scope>) -> Run<()> {
        // What cannot be known is taken to hold.
        let truth = self.eval(test, scope).ok().and_then(|value| value.truth());
        if truth == Some(false) {
            return self.fault(
                &test.span,
                says!(
                    en: "what the file asserts here does not hold",
                    ja: "ファイルが assert している条件が成り立ちません。"
                ),
            );
        }
        Ok(())
    }

    fn raised(&mut self, raised: &Expr, scope: &Rc<Scope>) -> String {
        let name = dotted(raised);
        let ExprKind::Call { arguments, .. } = &raised.kind else {
            return name;
        };
        let words = arguments
            .first()
            .and_then(|argument| self.eval(&argument.value, scope).ok()?.shown());
        match words {
            Some(words) => format!("{name}: {words}"),
            None => name,
        }
    }

    pub(super) fn test(&mut self, test: &Expr, scope: &Rc<Scope>) -> Run<bool> {
        let value = self.eval(test, scope)?;
        match (value.truth(), &value) {
            (Some(truth), _) => Ok(truth),
            (None, Value::Unknown(unknown)) => Self::because(unknown),
            (None, _) => self.fault(
                &test.span,
                says!(
                    en: "which way this goes depends on the numbers of a tensor, so it is not followed",
                    ja: "どちらに進むかがテンソルの値によって決まるため、たどれません。"
                ),
            ),
        }
    }
}
