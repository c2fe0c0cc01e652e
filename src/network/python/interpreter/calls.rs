//! Calls: their arguments, what is called, and functions of the text as they run.

use std::rc::Rc;

use super::{CALL_STEPS, Interpreter, MAX_CALLS, Run, Stop};
use crate::network::python::syntax::{
    Argument, ArgumentKind, Body, Expr, ExprKind, ParameterKind, Span,
};
use crate::network::python::value::{Function, Scope, Value, Values};
use crate::says;

impl Interpreter<'_> {
    pub fn arguments(&mut self, arguments: &[Argument], scope: &Rc<Scope>) -> Run<Values> {
        let mut given = Values::default();
        for argument in arguments {
            let value = self.eval(&argument.value, scope)?;
            match &argument.kind {
                ArgumentKind::Positional => {
                    given.positional.push((value, argument.span.clone()));
                }
                ArgumentKind::Keyword(name) => {
                    given
                        .named
                        .push((name.clone(), value, argument.span.clone()));
                }
                ArgumentKind::List => {
                    for value in self.iterate(&value, &argument.span)? {
                        given.positional.push((value, argument.span.clone()));
                    }
                }
                ArgumentKind::Dict => match value {
                    Value::Dict(entries) => {
                        for (key, value) in entries.borrow().iter() {
                            if let Value::Text(name) = key {
                                given.named.push((
                                    name.clone(),
                                    value.clone(),
                                    argument.span.clone(),
                                ));
                            }
                        }
                    }
                    Value::Unknown(unknown) => return Self::because(&unknown),
                    _ => {}
                },
            }
        }
        Ok(given)
    }

    /// `super()`, which stands for the classes behind that of the function that runs.
    pub(super) fn super_call(
        &mut self,
        function: &Expr,
        arguments: &[Argument],
        scope: &Rc<Scope>,
    ) -> Run<Option<Value>> {
        if !matches!(&function.kind, ExprKind::Name(name) if &**name == "super") {
            return Ok(None);
        }
        let (class, object) = if let [class, object] = arguments {
            (
                self.eval(&class.value, scope)?,
                self.eval(&object.value, scope)?,
            )
        } else {
            (
                scope.find("__class__").unwrap_or(Value::None),
                scope.find("__self__").unwrap_or(Value::None),
            )
        };
        Ok(match class {
            Value::Class(class) => Some(Value::Super(class, Box::new(object))),
            _ => Some(Value::None),
        })
    }

    /// Calls something. `called` is where it is written, `span` where the whole call is.
    pub fn call(
        &mut self,
        function: &Value,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        match function {
            Value::Function(function) => self.run(function, None, given, span),
            Value::Method(function, object) => {
                self.run(function, Some((**object).clone()), given, span)
            }
            Value::Class(class) => self.instance(class, given, span),
            Value::Object(object) => {
                self.steps += CALL_STEPS;
                self.forward(object, given, span)
            }
            Value::Partial(partial) => {
                let (function, first) = &**partial;
                let mut all = first.clone();
                all.positional.extend(given.positional);
                for (name, value, span) in given.named {
                    all.named.retain(|(known, ..)| *known != name);
                    all.named.push((name, value, span));
                }
                self.call(function, all, called, span)
            }
            Value::Path(path) => {
                self.steps += CALL_STEPS;
                self.library_call(path, given, called, span)
            }
            Value::Native(of, name) => self.native(of, name, given, span),
            Value::Unknown(unknown) => Ok(Value::Unknown(unknown.clone())),
            other => {
                let kind = other.kind();
                self.fault(
                    called,
                    says!(en: "{kind} cannot be called", ja: "{kind} は呼び出せません。"),
                )
            }
        }
    }

    /// Runs a function of the text.
    pub fn run(
        &mut self,
        function: &Rc<Function>,
        object: Option<Value>,
        mut given: Values,
        span: &Span,
    ) -> Run<Value> {
        if self.calls >= MAX_CALLS {
            return self.fault(
                span,
                says!(
                    en: "calls are nested deeper than {MAX_CALLS} here",
                    ja: "呼び出しの入れ子が {MAX_CALLS} 段より深くなっています。"
                ),
            );
        }
        let scope = Scope::inside(&function.scope);
        if let Some(owner) = &*function.owner.borrow() {
            scope.set(&Rc::from("__class__"), Value::Class(owner.clone()));
        }
        if let Some(object) = object {
            scope.set(&Rc::from("__self__"), object.clone());
            given.positional.insert(0, (object, span.clone()));
        }
        self.callers.push((self.text, span.clone()));
        if let Err(stop) = self.bind(function, given, &scope, span) {
            self.callers.pop();
            return Err(stop);
        }
        let before = std::mem::replace(&mut self.text, function.text);
        self.calls += 1;
        let result = match &function.definition.body {
            Body::Block(body) => self.block(body, &scope),
            Body::Value(value) => match self.eval(value, &scope) {
                Ok(value) => Err(Stop::Return(value)),
                Err(stop) => Err(stop),
            },
        };
        self.calls -= 1;
        self.callers.pop();
        self.text = before;
        match result {
            Ok(()) | Err(Stop::Break | Stop::Continue) => Ok(Value::None),
            Err(Stop::Return(value)) => Ok(value),
            Err(fault) => Err(fault),
        }
    }

    fn bind(
        &mut self,
        function: &Rc<Function>,
        given: Values,
        scope: &Rc<Scope>,
        span: &Span,
    ) -> Run<()> {
        let own = function.owner.borrow();
        let name = match &*own {
            Some(class) if &*function.definition.name == "__init__" => class.name.clone(),
            _ => function.definition.name.clone(),
        };
        drop(own);
        let mut positional = given.positional.into_iter();
        let mut named = given.named;
        for (parameter, default) in function
            .definition
            .parameters
            .iter()
            .zip(&function.defaults)
        {
            let value = match parameter.kind {
                ParameterKind::List => {
                    let rest = positional.by_ref().map(|(value, _)| value).collect();
                    Value::tuple(rest)
                }
                ParameterKind::Dict => {
                    let rest = std::mem::take(&mut named);
                    let rest: Vec<(Value, Value)> = rest
                        .into_iter()
                        .map(|(name, value, _)| (Value::Text(name), value))
                        .collect();
                    Value::Dict(Rc::new(rest.into()))
                }
                ParameterKind::Usual | ParameterKind::KeywordOnly => {
                    let place = named.iter().position(|(name, ..)| *name == parameter.name);
                    let by_name = place.map(|place| named.remove(place).1);
                    let by_place = match parameter.kind {
                        ParameterKind::Usual if by_name.is_none() => {
                            positional.next().map(|(value, _)| value)
                        }
                        _ => None,
                    };
                    match by_name.or(by_place).or_else(|| default.clone()) {
                        Some(value) => value,
                        None => {
                            let parameter = &parameter.name;
                            return self.fault(
                                span,
                                says!(
                                    en: "{name} needs {parameter} here",
                                    ja: "{name} には {parameter} が必要です。"
                                ),
                            );
                        }
                    }
                }
            };
            scope.set(&parameter.name, value);
        }
        if let Some((keyword, _, place)) = named.first() {
            return self.fault(
                place,
                says!(
                    en: "{name} has no argument {keyword:?}",
                    ja: "{name} に引数 {keyword:?} はありません。"
                ),
            );
        }
        if let Some((_, place)) = positional.next() {
            return self.fault(
                &place,
                says!(
                    en: "{name} does not take so many arguments",
                    ja: "{name} の引数が多すぎます。"
                ),
            );
        }
        Ok(())
    }
}
