//! Functions and classes as they are defined.

use std::rc::Rc;

use super::{Interpreter, Run, Stop};
use crate::network::python::parser::dotted;
use crate::network::python::syntax::{ClassDef, ExprKind, FunctionDef, StmtKind};
use crate::network::python::value::{Class, Function, Scope, Unknown, Value};

impl Interpreter<'_> {
    pub(super) fn function(
        &mut self,
        definition: &Rc<FunctionDef>,
        scope: &Rc<Scope>,
    ) -> Run<Value> {
        let mut defaults = Vec::new();
        let made = self.made.len();
        for parameter in &definition.parameters {
            defaults.push(match &parameter.default {
                Some(default) => Some(self.eval(default, scope)?),
                None => None,
            });
        }
        // What stands in for an argument is no network of its own.
        self.made.truncate(made);
        let seen = match &scope.around {
            Some(around) if scope.class => around,
            _ => scope,
        };
        Ok(Value::Function(Rc::new(Function {
            definition: definition.clone(),
            defaults,
            scope: seen.clone(),
            text: self.text,
            owner: Default::default(),
        })))
    }

    pub(super) fn class(&mut self, definition: &Rc<ClassDef>, scope: &Rc<Scope>) -> Value {
        let mut bases = Vec::new();
        for base in &definition.bases {
            match self.eval(base, scope) {
                Ok(Value::Path(path)) => {
                    let written = self.written_out(&path);
                    bases.push(written.unwrap_or(Value::Path(path)));
                }
                Ok(base) => bases.push(base),
                Err(Stop::Fault(fault)) => bases.push(Value::Unknown(Rc::new(Unknown {
                    name: dotted(base),
                    fault: *fault,
                }))),
                Err(_) => {}
            }
        }
        let own = Scope::of_class(scope);
        self.scopes.push(own.clone());
        let made = self.made.len();
        self.lenient(&definition.body, &own);
        self.made.truncate(made);
        let class = Rc::new(Class {
            name: definition.name.clone(),
            span: definition.span.clone(),
            text: self.text,
            fields: fields(definition, &bases),
            bases,
            scope: own.clone(),
        });
        for value in own.names.borrow().values() {
            if let Value::Function(function) = value {
                *function.owner.borrow_mut() = Some(class.clone());
            }
        }
        Value::Class(class)
    }
}

/// The fields of a class that is a `dataclass` or a `NamedTuple`, with those that it inherits.
fn fields(definition: &ClassDef, bases: &[Value]) -> Option<Vec<Rc<str>>> {
    let mut decorators = definition.decorators.iter();
    let decorated = decorators.any(|own| own.rsplit('.').next() == Some("dataclass"));
    let named = bases
        .iter()
        .any(|base| matches!(base, Value::Path(path) if &**path == "typing.NamedTuple"));
    if !decorated && !named {
        return None;
    }
    let mut fields: Vec<Rc<str>> = Vec::new();
    for base in bases {
        if let Value::Class(base) = base {
            fields.extend(base.fields.iter().flatten().cloned());
        }
    }
    for statement in &definition.body {
        if let StmtKind::Annotated(target, _) = &statement.kind
            && let ExprKind::Name(name) = &target.kind
            && !fields.contains(name)
        {
            fields.push(name.clone());
        }
    }
    Some(fields)
}
