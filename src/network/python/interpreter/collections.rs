//! Lists and dictionaries: written out, comprehended, and grown.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Interpreter, MAX_ELEMENTS, Run};
use crate::network::python::syntax::{Collection, Comprehension, Expr, ExprKind, Span};
use crate::network::python::value::{Generator, Scope, Value};
use crate::says;

impl Interpreter<'_> {
    pub(super) fn elements(&mut self, all: &[Expr], scope: &Rc<Scope>) -> Run<Vec<Value>> {
        let mut values = Vec::with_capacity(all.len());
        for element in all {
            let value = self.eval(element, scope)?;
            if matches!(element.kind, ExprKind::Starred(_)) {
                values.extend(self.iterate(&value, &element.span)?);
            } else {
                values.push(value);
            }
        }
        Ok(values)
    }

    pub(super) fn dictionary(
        &mut self,
        entries: &[(Option<Expr>, Expr)],
        scope: &Rc<Scope>,
    ) -> Run<Value> {
        let mut made: Vec<(Value, Value)> = Vec::new();
        for (key, value) in entries {
            let value = self.eval(value, scope)?;
            match (key, value) {
                (Some(key), value) => put(&mut made, self.eval(key, scope)?, value),
                (None, Value::Dict(other)) => {
                    for (key, value) in other.borrow().iter() {
                        put(&mut made, key.clone(), value.clone());
                    }
                }
                (None, _) => {}
            }
        }
        Ok(Value::Dict(Rc::new(made.into())))
    }

    pub(super) fn comprehension(
        &mut self,
        comprehension: &Rc<Comprehension>,
        scope: &Rc<Scope>,
        span: &Span,
    ) -> Run<Value> {
        let mut values = Vec::new();
        match comprehension.collection {
            Collection::Generator => {
                return Ok(Value::Generator(Rc::new(Generator {
                    comprehension: comprehension.clone(),
                    scope: scope.clone(),
                    text: self.text,
                    span: span.clone(),
                })));
            }
            Collection::List | Collection::Set | Collection::Dict => {
                let inner = Scope::inside(scope);
                self.clause(comprehension, 0, &inner, &mut |interpreter, key, value| {
                    if values.len() >= MAX_ELEMENTS {
                        return interpreter.too_long(span);
                    }
                    values.push((key, value));
                    Ok(())
                })?;
            }
        }
        Ok(match comprehension.collection {
            Collection::Dict => {
                let mut entries: Vec<(Value, Value)> = Vec::new();
                for (key, value) in values {
                    put(&mut entries, key, value);
                }
                Value::Dict(Rc::new(entries.into()))
            }
            Collection::List | Collection::Set | Collection::Generator => {
                Value::list(values.into_iter().map(|(value, _)| value).collect())
            }
        })
    }

    /// Goes through a generator, and gives each value as soon as it is there: what takes it may change
    /// what the next one is made of.
    pub fn generate(
        &mut self,
        generator: &Generator,
        take: &mut dyn FnMut(&mut Self, Value) -> Run<()>,
    ) -> Run<()> {
        let before = std::mem::replace(&mut self.text, generator.text);
        let inner = Scope::inside(&generator.scope);
        let mut count = 0;
        let comprehension = &generator.comprehension;
        let done = self.clause(comprehension, 0, &inner, &mut |interpreter, value, _| {
            count += 1;
            if count > MAX_ELEMENTS {
                return interpreter.too_long(&generator.span);
            }
            take(interpreter, value)
        });
        self.text = before;
        done
    }

    fn clause(
        &mut self,
        comprehension: &Comprehension,
        number: usize,
        scope: &Rc<Scope>,
        take: &mut dyn FnMut(&mut Self, Value, Value) -> Run<()>,
    ) -> Run<()> {
        let Some((target, over, conditions)) = comprehension.clauses.get(number) else {
            let element = self.eval(&comprehension.element, scope)?;
            let value = match &comprehension.value {
                Some(value) => self.eval(value, scope)?,
                None => Value::None,
            };
            return take(self, element, value);
        };
        let values = self.eval(over, scope)?;
        'values: for value in self.iterate(&values, &over.span)? {
            self.assign(target, value, scope)?;
            for condition in conditions {
                if !self.test(condition, scope)? {
                    continue 'values;
                }
            }
            self.clause(comprehension, number + 1, scope, take)?;
        }
        Ok(())
    }

    /// `list.extend(more)`, which sees its own new elements where `more` is made of them.
    pub fn extend(&mut self, list: &RefCell<Vec<Value>>, more: &Value, span: &Span) -> Run<()> {
        if let Value::Generator(generator) = more {
            return self.generate(generator, &mut |interpreter, value| {
                if list.borrow().len() >= MAX_ELEMENTS {
                    return interpreter.too_long(span);
                }
                list.borrow_mut().push(value);
                Ok(())
            });
        }
        let more = self.iterate(more, span)?;
        if list.borrow().len() + more.len() > MAX_ELEMENTS {
            return self.too_long(span);
        }
        list.borrow_mut().extend(more);
        Ok(())
    }

    /// Says that a list would have too many elements.
    pub fn too_long<T>(&self, span: &Span) -> Run<T> {
        self.fault(
            span,
            says!(
                en: "this list has more than {MAX_ELEMENTS} elements",
                ja: "このリストの要素が {MAX_ELEMENTS} 個を超えています。"
            ),
        )
    }
}

/// Gives a key of a dictionary its value; a new one comes last.
pub(super) fn put(entries: &mut Vec<(Value, Value)>, key: Value, value: Value) {
    let mut known = entries.iter_mut();
    match known.find(|(own, _)| own.equals(&key) == Some(true)) {
        Some((_, own)) => *own = value,
        None => entries.push((key, value)),
    }
}
