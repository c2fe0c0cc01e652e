//! What names and attributes stand for.

use std::rc::Rc;

use super::files::library;
use super::{Interpreter, Run};
use crate::network::python::syntax::Span;
use crate::network::python::value::{ClassOf, Function, Object, Scope, Value, Values};
use crate::network::python::{builtins, modules};
use crate::says;

impl Interpreter<'_> {
    pub(super) fn named(&mut self, name: &Rc<str>, span: &Span, scope: &Rc<Scope>) -> Value {
        if let Some(value) = scope.find(name) {
            return value;
        }
        if builtins::is_builtin(name) {
            return Value::Path(name.clone());
        }
        let library = match &**name {
            "nn" => "torch.nn",
            "F" => "torch.nn.functional",
            "torch" | "torchvision" | "math" | "functools" | "collections" | "np" | "warnings" => {
                name
            }
            "einops" | "argparse" | "copy" | "itertools" | "typing" | "dataclasses" => name,
            "tf" | "tensorflow" | "keras" | "layers" if self.bare => name,
            "partial" => "functools.partial",
            "OrderedDict" => "collections.OrderedDict",
            _ => "",
        };
        if !library.is_empty() {
            return Value::Path(Rc::from(library));
        }
        if self.bare && modules::is_layer_name(name) {
            return Value::Path(Rc::from(format!("torch.nn.{name}")));
        }
        let meant = match &**name {
            "true" => Some("True"),
            "false" => Some("False"),
            "none" | "null" => Some("None"),
            "NN" | "Nn" => Some("nn"),
            other if self.bare => modules::in_other_case(other),
            _ => None,
        };
        let message = match meant {
            Some(meant) => says!(
                en: "{name} is a name that stands for nothing here; did you mean {meant}?",
                ja: "{name} という名前の値がここにはありません。{meant} のことですか?"
            ),
            None => says!(
                en: "{name} is a name that stands for nothing here; write its value, or define it in a line before",
                ja: "{name} という名前の値がここにはありません。値を書くか、前の行で定義してください。"
            ),
        };
        self.unknown(name, span, message)
    }

    pub fn attribute(&mut self, of: &Value, name: &Rc<str>, span: &Span) -> Run<Value> {
        match of {
            Value::Unknown(unknown) if self.bare && unknown.name == "self" => Ok(self.unknown(
                &format!("self.{name}"),
                span,
                says!(
                    en: "self.{name} is not defined in these lines; add the line that makes it, or paste the whole class",
                    ja: "self.{name} がこの行の前で定義されていません。作る行を加えるか、クラス全体を貼り付けてください。"
                ),
            )),
            Value::Unknown(unknown) => Ok(Value::Unknown(unknown.clone())),
            Value::Path(path) => Ok(builtins::constant(path, name)
                .unwrap_or_else(|| library(path, name))),
            Value::Scope(scope) => Ok(match scope.find(name) {
                Some(value) => value,
                None => self.unknown(
                    name,
                    span,
                    says!(en: "{name} is not in that file", ja: "{name} はそのファイルにありません。"),
                ),
            }),
            Value::Object(object) => self.object_attribute(object, name, span),
            Value::Class(class) => {
                if &**name == "__name__" {
                    return Ok(Value::Text(class.name.clone()));
                }
                match class.attribute(name) {
                    Some((Value::Function(function), _))
                        if has_decorator(&function, "classmethod") =>
                    {
                        Ok(Value::Method(function, Box::new(of.clone())))
                    }
                    Some((value, _)) => Ok(value),
                    None if matches!(&**name, "__init__" | "forward") => {
                        Ok(Value::Native(Box::new(of.clone()), name.clone()))
                    }
                    None => {
                        let unknown = class.bases.iter().find_map(|base| match base {
                            Value::Unknown(unknown) => Some(unknown.clone()),
                            _ => None,
                        });
                        if let Some(unknown) = unknown {
                            return Ok(Value::Unknown(unknown));
                        }
                        let class = &class.name;
                        self.fault(
                            span,
                            says!(en: "{class} has no {name}", ja: "{class} に {name} はありません。"),
                        )
                    }
                }
            }
            Value::Super(class, object) => {
                let lineage = match &**object {
                    Value::Object(object) => match &object.class {
                        ClassOf::Own(own) => own.lineage(),
                        ClassOf::Container(_) | ClassOf::Layer(_) => Vec::new(),
                    },
                    Value::Class(own) => own.lineage(),
                    _ => Vec::new(),
                };
                let behind = lineage.iter().skip_while(|own| !Rc::ptr_eq(own, class)).skip(1);
                for class in behind {
                    if let Some(Value::Function(function)) = class.scope.own(name) {
                        return Ok(Value::Method(function, object.clone()));
                    }
                }
                Ok(Value::Native(Box::new(of.clone()), name.clone()))
            }
            Value::Tensor(_) => self.tensor_attribute(of, name, span),
            // What torch.max gives.
            Value::Tuple(values) if matches!(&**name, "values" | "indices") && values.len() == 2 => {
                Ok(values[usize::from(&**name == "indices")].clone())
            }
            Value::Partial(partial) if &**name == "func" => Ok(partial.0.clone()),
            other => Ok(Value::Native(Box::new(other.clone()), name.clone())),
        }
    }

    fn object_attribute(&mut self, object: &Rc<Object>, name: &Rc<str>, span: &Span) -> Run<Value> {
        if let Some(value) = object.attribute(name) {
            return Ok(value);
        }
        if let ClassOf::Own(class) = &object.class {
            if &**name == "__class__" {
                return Ok(Value::Class(class.clone()));
            }
            if let Some((value, _)) = class.attribute(name) {
                let Value::Function(function) = value else {
                    return Ok(value);
                };
                if has_decorator(&function, "staticmethod") {
                    return Ok(Value::Function(function));
                }
                if has_decorator(&function, "classmethod") {
                    return Ok(Value::Method(
                        function,
                        Box::new(Value::Class(class.clone())),
                    ));
                }
                let object = Value::Object(object.clone());
                if has_decorator(&function, "property") {
                    return self.run(&function, Some(object), Values::default(), span);
                }
                return Ok(Value::Method(function, Box::new(object)));
            }
        }
        self.module_attribute(object, name, span)
    }
}

/// Whether a function is written under a decorator.
fn has_decorator(function: &Function, name: &str) -> bool {
    let mut decorators = function.definition.decorators.iter();
    decorators.any(|own| own.rsplit('.').next() == Some(name))
}
