//! Methods of Python's own values, and of modules, as far as the building of a network uses them.

use std::rc::Rc;

use super::interpreter::{Interpreter, MAX_ELEMENTS, Run, no_element, place};
use super::syntax::Span;
use super::value::{Object, Role, Value, Values};
use crate::says;

fn text_list(values: impl IntoIterator<Item = String>) -> Value {
    Value::list(values.into_iter().map(|text| Value::text(&text)).collect())
}

impl Interpreter<'_> {
    /// A method of a value that is not an object of the text.
    pub fn native(&mut self, of: &Value, name: &Rc<str>, given: Values, span: &Span) -> Run<Value> {
        let first = given.positional.first().map(|(value, _)| value.clone());
        match of {
            Value::List(values) => match &**name {
                "append" | "add" => {
                    if values.borrow().len() >= MAX_ELEMENTS {
                        return self.too_long(span);
                    }
                    values.borrow_mut().extend(first);
                    return Ok(Value::None);
                }
                "extend" => {
                    if let Some(more) = &first {
                        self.extend(values, more, span)?;
                    }
                    return Ok(Value::None);
                }
                "insert" => {
                    let length = values.borrow().len();
                    if let (Some(at), Some((value, _))) = (
                        first.as_ref().and_then(Value::integer),
                        given.positional.get(1),
                    ) {
                        let at = if at < 0 { at + length as i64 } else { at };
                        let at = usize::try_from(at).unwrap_or(0).min(length);
                        values.borrow_mut().insert(at, value.clone());
                    }
                    return Ok(Value::None);
                }
                "pop" => {
                    let length = values.borrow().len();
                    let index = first.unwrap_or(Value::Integer(-1));
                    return match place(&index, length) {
                        Some(at) => Ok(values.borrow_mut().remove(at)),
                        None => self.fault(span, no_element()),
                    };
                }
                "reverse" => {
                    values.borrow_mut().reverse();
                    return Ok(Value::None);
                }
                "copy" | "tolist" => return Ok(Value::list(values.borrow().clone())),
                "index" | "count" => {
                    return self.positions(&values.borrow().clone(), name, first, span);
                }
                _ => {}
            },
            Value::Tuple(values) => match &**name {
                "index" | "count" => return self.positions(&values.to_vec(), name, first, span),
                "numel" => {
                    let product = values.iter().filter_map(Value::integer).product();
                    return Ok(Value::Integer(product));
                }
                _ => {}
            },
            Value::Dict(entries) => {
                let at = |key: &Value| {
                    let entries = entries.borrow();
                    entries
                        .iter()
                        .position(|(own, _)| own.equals(key) == Some(true))
                };
                match &**name {
                    "items" => {
                        let pairs = entries
                            .borrow()
                            .iter()
                            .map(|(k, v)| Value::tuple(vec![k.clone(), v.clone()]))
                            .collect();
                        return Ok(Value::list(pairs));
                    }
                    "keys" => {
                        return Ok(Value::list(
                            entries.borrow().iter().map(|(k, _)| k.clone()).collect(),
                        ));
                    }
                    "values" => {
                        return Ok(Value::list(
                            entries.borrow().iter().map(|(_, v)| v.clone()).collect(),
                        ));
                    }
                    "get" | "pop" | "setdefault" => {
                        let default = given.get(1, "default").cloned().unwrap_or(Value::None);
                        let Some(key) = &first else {
                            return Ok(default);
                        };
                        let found = at(key);
                        return Ok(match (found, &**name) {
                            (Some(at), "pop") => entries.borrow_mut().remove(at).1,
                            (Some(at), _) => entries.borrow()[at].1.clone(),
                            (None, "setdefault") => {
                                entries.borrow_mut().push((key.clone(), default.clone()));
                                default
                            }
                            (None, _) => default,
                        });
                    }
                    "update" => {
                        let mut more = Vec::new();
                        if let Some(Value::Dict(other)) = &first {
                            more.extend(other.borrow().iter().cloned());
                        }
                        more.extend(given.named.into_iter().map(|(k, v, _)| (Value::Text(k), v)));
                        for (key, value) in more {
                            match at(&key) {
                                Some(at) => entries.borrow_mut()[at].1 = value,
                                None => entries.borrow_mut().push((key, value)),
                            }
                        }
                        return Ok(Value::None);
                    }
                    "copy" => return Ok(Value::Dict(Rc::new(entries.borrow().clone().into()))),
                    _ => {}
                }
            }
            Value::Text(text) => match &**name {
                "lower" => return Ok(Value::text(&text.to_lowercase())),
                "upper" => return Ok(Value::text(&text.to_uppercase())),
                "strip" | "lstrip" | "rstrip" => {
                    let own: Vec<char> = match &first {
                        Some(Value::Text(own)) => own.chars().collect(),
                        _ => Vec::new(),
                    };
                    let gone =
                        |one: char| own.contains(&one) || own.is_empty() && one.is_whitespace();
                    return Ok(Value::text(match &**name {
                        "lstrip" => text.trim_start_matches(gone),
                        "rstrip" => text.trim_end_matches(gone),
                        _ => text.trim_matches(gone),
                    }));
                }
                "startswith" | "endswith" => {
                    let Some(Value::Text(part)) = &first else {
                        return Ok(Value::Bool(false));
                    };
                    let there = if &**name == "startswith" {
                        text.starts_with(&**part)
                    } else {
                        text.ends_with(&**part)
                    };
                    return Ok(Value::Bool(there));
                }
                "split" => {
                    return Ok(match &first {
                        Some(Value::Text(part)) if !part.is_empty() => {
                            text_list(text.split(&**part).map(str::to_owned))
                        }
                        _ => text_list(text.split_whitespace().map(str::to_owned)),
                    });
                }
                "join" => {
                    let all = match &first {
                        Some(all) => self.iterate(all, span)?,
                        None => Vec::new(),
                    };
                    let words: Vec<String> = all.iter().filter_map(Value::shown).collect();
                    return Ok(Value::text(&words.join(text)));
                }
                "replace" => {
                    if let (Some(Value::Text(from)), Some(Value::Text(to))) =
                        (&first, given.get(1, "new"))
                    {
                        return Ok(Value::text(&text.replace(&**from, to)));
                    }
                }
                "format" => {
                    let mut words = given.positional.iter();
                    let mut out = String::new();
                    for (number, piece) in text.split("{}").enumerate() {
                        if number > 0 {
                            out.push_str(
                                &words
                                    .next()
                                    .and_then(|(v, _)| v.shown())
                                    .unwrap_or_default(),
                            );
                        }
                        out.push_str(piece);
                    }
                    return Ok(Value::text(&out));
                }
                "isdigit" => {
                    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
                    return Ok(Value::Bool(digits));
                }
                _ => {}
            },
            Value::Real(_) | Value::Integer(_) | Value::Bool(_) => match &**name {
                "item" => return Ok(of.clone()),
                "is_integer" => {
                    return Ok(Value::Bool(
                        of.real().is_some_and(|real| real.fract() == 0.0),
                    ));
                }
                _ => {}
            },
            Value::Tensor(_) => return self.tensor_method(of, name, given, span),
            Value::Object(object) => return self.module_method(&object.clone(), name, given, span),
            Value::Class(_) if &**name == "__init__" => {
                // Base.__init__(self, ...), as it was written before super().
                let mut given = given;
                if !given.positional.is_empty()
                    && let (Value::Object(object), _) = given.positional.remove(0)
                {
                    self.library_init(&object, given, span)?;
                }
                return Ok(Value::None);
            }
            Value::Super(_, object) => {
                if let Value::Object(object) = &**object {
                    let object = object.clone();
                    return match &**name {
                        "__init__" => {
                            self.library_init(&object, given, span)?;
                            Ok(Value::None)
                        }
                        "forward" | "__call__" => self.library_forward(&object, given, span),
                        "__setattr__" => Ok(Value::None),
                        _ => self.module_method(&object, name, given, span),
                    };
                }
                return Ok(Value::None);
            }
            // Something of a weight: its numbers change no shape.
            Value::Native(..) | Value::None => return Ok(Value::None),
            _ => {}
        }
        let kind = of.kind();
        let text = says!(en: "{kind}.{name} is not followed", ja: "{kind}.{name} はたどれません。");
        Ok(self.unknown(name, span, text))
    }

    fn positions(
        &mut self,
        values: &[Value],
        name: &str,
        wanted: Option<Value>,
        span: &Span,
    ) -> Run<Value> {
        let Some(wanted) = wanted else {
            return self.fault(span, no_element());
        };
        let mut same = values
            .iter()
            .map(|value| value.equals(&wanted) == Some(true));
        if name == "count" {
            return Ok(Value::Integer(same.filter(|same| *same).count() as i64));
        }
        match same.position(|same| same) {
            Some(at) => Ok(Value::Integer(at as i64)),
            None => self.fault(span, no_element()),
        }
    }

    fn module_method(
        &mut self,
        object: &Rc<Object>,
        name: &str,
        given: Values,
        span: &Span,
    ) -> Run<Value> {
        let first = given.positional.first().map(|(value, _)| value.clone());
        Ok(match name {
            "add_module" | "register_module" | "__setitem__" => {
                if let (Some(Value::Text(name)), Some(value)) = (&first, given.get(1, "module")) {
                    object.set(name, value.clone());
                }
                Value::None
            }
            "register_buffer" | "register_parameter" => {
                let named = given.get(9, "name").cloned();
                let value = given.get(1, "tensor").or(given.get(1, "param"));
                if let (Some(Value::Text(own)), Some(value)) = (first.or(named), value) {
                    let persists = given.get(2, "persistent").and_then(Value::truth);
                    let value = match value {
                        Value::Tensor(tensor) if name == "register_buffer" => {
                            Value::Tensor(tensor.held_as(match persists {
                                Some(false) => Role::Constant,
                                Some(true) | None => Role::Buffer,
                            }))
                        }
                        other => other.clone(),
                    };
                    object.set(&own, value);
                }
                Value::None
            }
            "append" => {
                let number = object.children().len();
                if let Some(value) = first {
                    object.set(&Rc::from(number.to_string()), value);
                }
                Value::Object(object.clone())
            }
            "extend" => {
                if let Some(more) = &first {
                    for value in self.iterate(more, span)? {
                        let number = object.children().len();
                        object.set(&Rc::from(number.to_string()), value);
                    }
                }
                Value::Object(object.clone())
            }
            "children" | "named_children" | "items" | "values" | "keys" => {
                let children = object.children().into_iter();
                let all = children.map(|(own, child)| match name {
                    "named_children" | "items" => {
                        Value::tuple(vec![Value::Text(own), Value::Object(child)])
                    }
                    "keys" => Value::Text(own),
                    _ => Value::Object(child),
                });
                Value::list(all.collect())
            }
            "modules" | "named_modules" => {
                let mut all = Vec::new();
                descendants(object, String::new(), &mut all, 0);
                let all = all.into_iter().map(|(path, module)| {
                    let module = Value::Object(module);
                    if name == "modules" {
                        module
                    } else {
                        Value::tuple(vec![Value::text(&path), module])
                    }
                });
                Value::list(all.collect())
            }
            "parameters" | "buffers" | "named_parameters" => Value::list(Vec::new()),
            "eval" | "train" | "to" | "cuda" | "cpu" | "half" | "float" | "double" | "bfloat16"
            | "apply" | "requires_grad_" | "share_memory" => Value::Object(object.clone()),
            "forward" | "__call__" => return self.library_forward(object, given, span),
            "__init__" => Value::None,
            _ => Value::None,
        })
    }
}

fn descendants(
    object: &Rc<Object>,
    path: String,
    out: &mut Vec<(String, Rc<Object>)>,
    depth: usize,
) {
    if depth > 64 || out.iter().any(|(_, known)| Rc::ptr_eq(known, object)) {
        return;
    }
    out.push((path.clone(), object.clone()));
    for (name, child) in object.children() {
        let inner = if path.is_empty() {
            name.to_string()
        } else {
            format!("{path}.{name}")
        };
        descendants(&child, inner, out, depth + 1);
    }
}
