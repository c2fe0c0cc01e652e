//! Python's own functions, as far as the building of a network uses them.

use std::rc::Rc;

use super::attributes::Attributes;
use super::constants::number;
use super::interpreter::{Interpreter, MAX_ELEMENTS, Run, Stop, no_element};
use super::syntax::{Binary, Span};
use super::value::{Budget, ClassOf, Object, Role, Value, Values};
use crate::says;

const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "callable",
    "dict",
    "enumerate",
    "filter",
    "float",
    "getattr",
    "hasattr",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "divmod",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "frozenset",
    "ValueError",
    "NotImplementedError",
    "TypeError",
    "RuntimeError",
    "AssertionError",
    "KeyError",
    "Exception",
];

/// Whether a name is one of Python's own.
pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name)
}

/// A number of a library.
pub(super) fn constant(path: &str, name: &str) -> Option<Value> {
    match (path, name) {
        ("math" | "np", "pi") => Some(Value::Real(std::f64::consts::PI)),
        ("math" | "np", "inf") | ("torch", "inf") => Some(Value::Real(f64::INFINITY)),
        ("math" | "np", "e") => Some(Value::Real(std::f64::consts::E)),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Tensor(_) => Some(number(value)?.trunc() as i64),
        Value::Real(real) => Some(real.trunc() as i64),
        Value::Text(text) => text.trim().parse().ok(),
        value => value.integer(),
    }
}

impl Values {
    pub fn get(&self, place: usize, name: &str) -> Option<&Value> {
        let named = self.named.iter().find(|(own, ..)| &**own == name);
        match named {
            Some((_, value, _)) => Some(value),
            None => self.positional.get(place).map(|(value, _)| value),
        }
    }
}

impl Interpreter<'_> {
    /// Calls something of a library by its full name.
    pub fn library_call(
        &mut self,
        path: &Rc<str>,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        if let Some(written) = self.written_out(path) {
            return self.call(&written, given, called, span);
        }
        if let Some(name) = path.strip_prefix("einops.")
            && matches!(name, "rearrange" | "repeat" | "reduce")
        {
            return self.einops(name, &given, span);
        }
        if let Some(name) = path.strip_prefix("torch.nn.")
            && !name.contains('.')
        {
            return match name {
                "Parameter" | "Buffer" => Ok(match given.get(0, "data") {
                    Some(Value::Tensor(tensor)) => Value::Tensor(tensor.held_as(match name {
                        "Parameter" => Role::Parameter,
                        _ => Role::Buffer,
                    })),
                    Some(other) => other.clone(),
                    None => Value::None,
                }),
                name if name.starts_with(char::is_uppercase) => {
                    self.make_module(name, given, called, span)
                }
                _ => Ok(Value::None),
            };
        }
        if path.starts_with("torch.nn.init.") || path.starts_with("torch.nn.utils.") {
            // Numbers, which change no shape; utils.weight_norm gives its module back.
            let last = path.rsplit('.').next().unwrap_or(path);
            return Ok(match given.positional.first() {
                Some((module @ Value::Object(_), _)) => module.clone(),
                Some((Value::Tensor(tensor), _)) => {
                    let drawn = !matches!(last, "zeros_" | "ones_" | "constant_" | "eye_");
                    match tensor.as_fixed() {
                        Some(fixed) if drawn => {
                            fixed.numbers.replace(None);
                        }
                        Some(_) | None => {}
                    }
                    Value::Tensor(tensor.clone())
                }
                _ => Value::None,
            });
        }
        if path.starts_with("torch.") || path.starts_with("torchvision.") {
            return self.torch_call(path, given, called, span);
        }
        if let Some(message) = super::foreign::library(path) {
            return self.fault(called, message);
        }
        self.python_call(path, given, called, span)
    }

    fn python_call(
        &mut self,
        path: &Rc<str>,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        let first = given.positional.first().map(|(value, _)| value.clone());
        let first_real = first.as_ref().and_then(number);
        let values = |interpreter: &mut Self| -> Run<Vec<Value>> {
            match &first {
                Some(value) => interpreter.iterate(value, span),
                None => Ok(Vec::new()),
            }
        };
        let name = path.rsplit('.').next().unwrap_or(path);
        if let Some(Value::Unknown(unknown)) = &first
            && !matches!(name, "print" | "partial" | "isinstance" | "hasattr")
        {
            return Ok(Value::Unknown(unknown.clone()));
        }
        Ok(match &**path {
            "functools.partial" => {
                let mut given = given;
                if given.positional.is_empty() {
                    return self.fault(span, no_element());
                }
                let (function, _) = given.positional.remove(0);
                Value::Partial(Rc::new((function, given)))
            }
            "collections.OrderedDict" | "dict" | "collections.defaultdict" => {
                let mut entries = Vec::new();
                match &first {
                    Some(Value::Dict(own)) => entries.extend(own.borrow().iter().cloned()),
                    Some(pairs) => {
                        for pair in self.iterate(pairs, span)? {
                            let pair = match pair {
                                Value::Tuple(_) | Value::List(_) => self.iterate(&pair, span)?,
                                other => {
                                    let this = other.given().described();
                                    return self.fault(
                                        span,
                                        says!(
                                            with [this];
                                            en: "OrderedDict takes pairs of a name and a layer, this is {this}",
                                            ja: "OrderedDict に入るのは名前と層の組です。これは {this} です。"
                                        ),
                                    );
                                }
                            };
                            if let [key, value] = pair.as_slice() {
                                entries.push((key.clone(), value.clone()));
                            }
                        }
                    }
                    None => {}
                }
                for (name, value, _) in given.named {
                    entries.push((Value::Text(name), value));
                }
                Value::Dict(Rc::new(entries.into()))
            }
            "range" => {
                let mut parts = [0, 0, 1];
                let count = given.positional.len();
                for (number, (value, place)) in given.positional.iter().enumerate().take(3) {
                    let Some(part) = value.integer() else {
                        if let Value::Unknown(unknown) = value {
                            return Self::because(unknown);
                        }
                        return self.fault(place, whole_number());
                    };
                    parts[number] = part;
                }
                if count == 1 {
                    parts = [0, parts[0], 1];
                }
                let [from, to, step] = parts;
                let mut all = Vec::new();
                let mut at = from;
                while step != 0 && (step > 0 && at < to || step < 0 && at > to) {
                    all.push(Value::Integer(at));
                    at = at.saturating_add(step);
                    if all.len() > MAX_ELEMENTS {
                        break;
                    }
                }
                Value::list(self.sized(all, span)?)
            }
            "len" => match &first {
                Some(Value::Tensor(tensor)) => {
                    Value::Integer(tensor.axes.first().copied().unwrap_or(1) as i64)
                }
                _ => Value::Integer(values(self)?.len() as i64),
            },
            "int" => match first.as_ref().and_then(whole) {
                Some(number) => Value::Integer(number),
                None => return self.fault(span, whole_number()),
            },
            "float" => match &first {
                Some(Value::Text(text)) => Value::Real(match text.trim() {
                    "nan" => f64::NAN,
                    "inf" => f64::INFINITY,
                    "-inf" => f64::NEG_INFINITY,
                    text => text.parse().unwrap_or(f64::NAN),
                }),
                _ => Value::Real(first_real.unwrap_or(0.0)),
            },
            "str" | "repr" => {
                let shown = first.as_ref().and_then(Value::shown).unwrap_or_default();
                Value::text(&shown)
            }
            "bool" => match first.as_ref().map(Value::truth) {
                Some(Some(truth)) => Value::Bool(truth),
                _ => Value::Bool(false),
            },
            "list" | "set" | "frozenset" | "iter" | "itertools.chain.from_iterable" => {
                Value::list(values(self)?)
            }
            "tuple" => Value::tuple(values(self)?),
            "itertools.chain" => {
                let mut all = Vec::new();
                for (value, _) in &given.positional {
                    all.extend(self.iterate(value, span)?);
                }
                Value::list(all)
            }
            "itertools.product" => {
                let mut all: Vec<Vec<Value>> = vec![Vec::new()];
                for (value, _) in &given.positional {
                    let next = self.iterate(value, span)?;
                    let mut more = Vec::new();
                    for head in &all {
                        for value in &next {
                            let mut row = head.clone();
                            row.push(value.clone());
                            more.push(row);
                        }
                    }
                    if more.len() > MAX_ELEMENTS {
                        return self.too_long(span);
                    }
                    all = more;
                }
                Value::list(all.into_iter().map(Value::tuple).collect())
            }
            "filter" => {
                let (Some(function), Some((over, place))) = (&first, given.positional.get(1))
                else {
                    return self.fault(span, no_element());
                };
                let mut all = Vec::new();
                for value in self.iterate(over, place)? {
                    let given = Values {
                        positional: vec![(value.clone(), place.clone())],
                        named: Vec::new(),
                    };
                    let kept = match function {
                        Value::None => value.truth(),
                        function => self.call(function, given, called, span)?.truth(),
                    };
                    if kept.unwrap_or(true) {
                        all.push(value);
                    }
                }
                Value::list(all)
            }
            "functools.reduce" => {
                let (Some(function), Some((over, place))) = (&first, given.positional.get(1))
                else {
                    return self.fault(span, no_element());
                };
                let start = given.positional.get(2).map(|(value, _)| value.clone());
                let all = self.iterate(over, place)?;
                let mut all = start.into_iter().chain(all);
                let Some(mut total) = all.next() else {
                    return self.fault(span, no_element());
                };
                for value in all {
                    let given = Values {
                        positional: vec![(total, place.clone()), (value, place.clone())],
                        named: Vec::new(),
                    };
                    total = self.call(function, given, called, span)?;
                }
                total
            }
            "operator.add" | "operator.mul" => {
                let (Some(one), Some((two, _))) = (&first, given.positional.get(1)) else {
                    return self.fault(span, no_element());
                };
                let operator = match name {
                    "add" => Binary::Add,
                    _ => Binary::Multiply,
                };
                self.binary(operator, one, two, span)?
            }
            "itertools.repeat" => {
                let times = given.get(1, "times").and_then(Value::integer).unwrap_or(0);
                let all = self.repeated(&[first.unwrap_or(Value::None)], times, span)?;
                Value::list(all)
            }
            "dataclasses.field" => match (given.get(9, "default"), given.get(9, "default_factory"))
            {
                (Some(default), _) => default.clone(),
                (None, Some(factory)) => {
                    let factory = factory.clone();
                    self.call(&factory, Values::default(), called, span)?
                }
                (None, None) => Value::None,
            },
            "vars" | "dataclasses.asdict" => match &first {
                Some(Value::Object(object)) => {
                    let attributes = object.attributes.borrow();
                    let entries: Vec<(Value, Value)> = attributes
                        .iter()
                        .map(|(name, value)| (Value::Text(name.clone()), value.clone()))
                        .collect();
                    Value::Dict(Rc::new(entries.into()))
                }
                _ => Value::None,
            },
            "slice" => {
                let part = |at: usize| {
                    let part = given.positional.get(at).map(|(value, _)| value.clone());
                    part.unwrap_or(Value::None)
                };
                let parts = match given.positional.len() {
                    1 => [Value::None, part(0), Value::None],
                    _ => [part(0), part(1), part(2)],
                };
                Value::Slice(Rc::new(parts))
            }
            "np.array" | "np.zeros" | "np.ones" | "np.arange" | "np.full" | "np.eye" => {
                let torch = if name == "array" { "tensor" } else { name };
                match self.created(torch, &given, span)? {
                    Some(made) => made,
                    None => return self.fault(span, whole_number()),
                }
            }
            "reversed" => {
                let mut all = values(self)?;
                all.reverse();
                Value::list(all)
            }
            "enumerate" => {
                let start = given.get(1, "start").and_then(Value::integer).unwrap_or(0);
                let all = values(self)?.into_iter().enumerate();
                let pairs = all.map(|(number, value)| {
                    Value::tuple(vec![Value::Integer(start + number as i64), value])
                });
                Value::list(pairs.collect())
            }
            "zip" => {
                let mut lists = Vec::new();
                for (value, place) in &given.positional {
                    lists.push(self.iterate(value, place)?);
                }
                let length = lists.iter().map(Vec::len).min().unwrap_or(0);
                let rows = (0..length)
                    .map(|at| Value::tuple(lists.iter().map(|list| list[at].clone()).collect()));
                Value::list(rows.collect())
            }
            "map" => {
                let (Some(function), Some((over, place))) = (&first, given.positional.get(1))
                else {
                    return self.fault(span, no_element());
                };
                let mut all = Vec::new();
                for value in self.iterate(over, place)? {
                    let given = Values {
                        positional: vec![(value, place.clone())],
                        named: Vec::new(),
                    };
                    all.push(self.call(function, given, called, span)?);
                }
                Value::list(all)
            }
            "max" | "min" => {
                let all = if given.positional.len() == 1 {
                    values(self)?
                } else {
                    given
                        .positional
                        .iter()
                        .map(|(value, _)| value.clone())
                        .collect()
                };
                let mut best: Option<Value> = None;
                for value in all {
                    if let Value::Unknown(unknown) = &value {
                        return Ok(Value::Unknown(unknown.clone()));
                    }
                    let better = match (&best, value.real()) {
                        (_, None) => return self.fault(span, whole_number()),
                        (None, _) => true,
                        (Some(best), Some(real)) => {
                            let best = best.real().unwrap_or(real);
                            if name == "max" {
                                real > best
                            } else {
                                real < best
                            }
                        }
                    };
                    if better {
                        best = Some(value);
                    }
                }
                match best {
                    Some(best) => best,
                    None => return self.fault(span, no_element()),
                }
            }
            "sum" => {
                let mut total = given.get(1, "start").cloned().unwrap_or(Value::Integer(0));
                for (number, value) in values(self)?.into_iter().enumerate() {
                    total = if number == 0 && matches!(value, Value::Tensor(_)) {
                        value
                    } else {
                        self.binary(Binary::Add, &total, &value, span)?
                    };
                }
                total
            }
            "sorted" => {
                let mut all = values(self)?;
                all.sort_by(|one, two| match (one.real(), two.real()) {
                    (Some(one), Some(two)) => one.total_cmp(&two),
                    _ => one.shown().cmp(&two.shown()),
                });
                Value::list(all)
            }
            "any" | "all" => {
                let mut result = name == "all";
                for value in values(self)? {
                    match value.truth() {
                        Some(truth) if truth != result => {
                            result = truth;
                            break;
                        }
                        Some(_) => {}
                        None => return Ok(value),
                    }
                }
                Value::Bool(result)
            }
            "abs" => match &first {
                Some(Value::Integer(number)) => Value::Integer(number.wrapping_abs()),
                _ => Value::Real(first_real.unwrap_or(0.0).abs()),
            },
            "round" => {
                let digits = given.get(1, "ndigits").and_then(Value::integer);
                let number = first_real.unwrap_or(0.0);
                match digits {
                    Some(digits) => {
                        let scale = 10f64.powi(digits.clamp(-9, 9) as i32);
                        Value::Real((number * scale).round_ties_even() / scale)
                    }
                    None => Value::Integer(number.round_ties_even() as i64),
                }
            }
            "divmod" => {
                let (Some(one), Some((two, _))) = (&first, given.positional.get(1)) else {
                    return self.fault(span, no_element());
                };
                let quotient = self.binary(Binary::FloorDivide, one, two, span)?;
                let rest = self.binary(Binary::Remainder, one, two, span)?;
                Value::tuple(vec![quotient, rest])
            }
            "pow" | "math.pow" | "np.power" => {
                let power = given.get(1, "exp").cloned().unwrap_or(Value::Integer(1));
                let base = first.unwrap_or(Value::None);
                self.binary(Binary::Power, &base, &power, span)?
            }
            "math.floor" | "np.floor" => Value::Integer(first_real.unwrap_or(0.0).floor() as i64),
            "math.ceil" | "np.ceil" => Value::Integer(first_real.unwrap_or(0.0).ceil() as i64),
            "math.sqrt" | "np.sqrt" => Value::Real(first_real.unwrap_or(0.0).sqrt()),
            "math.log" | "np.log" => {
                let natural = first_real.unwrap_or(1.0).ln();
                match given.get(1, "base").and_then(Value::real) {
                    Some(base) => Value::Real(natural / base.ln()),
                    None => Value::Real(natural),
                }
            }
            "math.log2" | "np.log2" => Value::Real(first_real.unwrap_or(1.0).log2()),
            "math.exp" => Value::Real(first_real.unwrap_or(0.0).exp()),
            "math.prod" | "np.prod" => {
                let mut product = Value::Integer(1);
                for value in values(self)? {
                    product = self.binary(Binary::Multiply, &product, &value, span)?;
                }
                product
            }
            "math.gcd" => {
                let two = given.get(1, "b").and_then(Value::integer).unwrap_or(0);
                let (mut one, mut two) = (first.and_then(|v| v.integer()).unwrap_or(0), two);
                while two != 0 {
                    (one, two) = (two, one % two);
                }
                Value::Integer(one.abs())
            }
            "np.linspace" => match self.created("linspace", &given, span)? {
                Some(Value::Tensor(made)) => self.tolist(&made, span)?,
                _ => return self.fault(span, whole_number()),
            },
            "isinstance" | "issubclass" => {
                let (Some(value), Some(class)) = (&first, given.get(1, "class")) else {
                    return self.fault(span, no_element());
                };
                self.is_instance(value, class)
            }
            "hasattr" => {
                let (Some(value), Some(Value::Text(attribute))) = (&first, given.get(1, "name"))
                else {
                    return Ok(Value::Bool(false));
                };
                let attribute = attribute.clone();
                Value::Bool(self.attribute(value, &attribute, span).is_ok())
            }
            "getattr" => {
                let (Some(value), Some(Value::Text(attribute))) = (&first, given.get(1, "name"))
                else {
                    return self.fault(span, no_element());
                };
                let attribute = attribute.clone();
                match (
                    self.attribute(value, &attribute, span),
                    given.get(2, "default"),
                ) {
                    (Ok(value), _) => value,
                    (Err(_), Some(default)) => default.clone(),
                    (Err(stop), None) => return Err(stop),
                }
            }
            "setattr" => {
                if let (Some(Value::Object(object)), Some(Value::Text(attribute)), Some(value)) =
                    (&first, given.get(1, "name"), given.get(2, "value"))
                {
                    object.set(attribute, value.clone());
                }
                Value::None
            }
            "type" => match &first {
                Some(Value::Object(object)) => match &object.class {
                    ClassOf::Own(class) => Value::Class(class.clone()),
                    ClassOf::Container(container) => {
                        Value::Path(Rc::from(format!("torch.nn.{}", container.name())))
                    }
                    ClassOf::Layer(layer) => {
                        Value::Path(Rc::from(format!("torch.nn.{}", layer.name)))
                    }
                },
                Some(Value::Partial(_)) => Value::Path(Rc::from("functools.partial")),
                Some(other) => Value::Path(Rc::from(other.kind())),
                None => Value::None,
            },
            "callable" => Value::Bool(matches!(
                first,
                Some(Value::Function(_) | Value::Class(_) | Value::Path(_) | Value::Method(..))
            )),
            "next" => match values(self)?.into_iter().next() {
                Some(value) => value,
                None => return self.fault(span, no_element()),
            },
            "copy.deepcopy" | "copy.copy" => match &first {
                Some(value) => match copied(value, &mut Budget::default()) {
                    Some(copy) => {
                        if let Value::Object(object) = value {
                            self.copied.push(object.clone());
                        }
                        copy
                    }
                    None => return self.fault(span, no_element()),
                },
                None => Value::None,
            },
            "typing.cast" => given.get(1, "val").cloned().unwrap_or(Value::None),
            "print" | "warnings.warn" | "object" => Value::None,
            _ => {
                let text = says!(
                    en: "{path} is not followed",
                    ja: "{path} はたどれません。"
                );
                self.unknown(path, called, text)
            }
        })
    }

    fn is_instance(&mut self, value: &Value, class: &Value) -> Value {
        let known = match class {
            Value::Tuple(classes) => {
                let classes = classes.clone();
                return Value::Bool(
                    classes
                        .iter()
                        .any(|class| self.is_instance(value, class).truth() == Some(true)),
                );
            }
            Value::Class(class) => match value {
                Value::Object(object) => match &object.class {
                    ClassOf::Own(own) => own.is_a(class),
                    ClassOf::Container(_) | ClassOf::Layer(_) => false,
                },
                Value::Class(own) => own.is_a(class),
                _ => false,
            },
            Value::Path(path) => {
                let last = path.rsplit('.').next().unwrap_or(path);
                match (value, last) {
                    (Value::Object(object), _) if path.starts_with("torch.nn.") => {
                        object.is_module()
                            && (last == "Module"
                                || *object.class_name() == *last
                                || object.container().is_some_and(|own| own.name() == last)
                                || matches!(&object.class, ClassOf::Own(class) if class.library_base().as_ref() == Some(path)))
                    }
                    (Value::Function(_) | Value::Class(_) | Value::Partial(_), "Callable") => true,
                    (Value::Path(own), _) => own == path,
                    (Value::Class(own), _) => own.library_base().as_ref() == Some(path),
                    (Value::Bool(_), "bool" | "int") => true,
                    (Value::Integer(_), "int" | "Integral" | "Number") => true,
                    (Value::Real(_), "float" | "Number") => true,
                    (Value::Text(_), "str" | "Sequence" | "Iterable") => true,
                    (Value::List(_), "list" | "Sequence" | "Iterable" | "List") => true,
                    (Value::Tuple(_), "tuple" | "Sequence" | "Iterable" | "Tuple" | "Size") => true,
                    (Value::Dict(_), "dict" | "Mapping" | "OrderedDict" | "Iterable") => true,
                    (Value::Tensor(_), "Tensor") => true,
                    (Value::None, "NoneType") => true,
                    _ => false,
                }
            }
            Value::Unknown(_) => false,
            _ => false,
        };
        Value::Bool(known)
    }
}

/// Another object with the same in it; `None` where it holds itself, or too much.
fn copied(value: &Value, budget: &mut Budget) -> Option<Value> {
    budget.enter()?;
    let made = match value {
        Value::List(values) => {
            let values: Option<Vec<Value>> = values
                .borrow()
                .iter()
                .map(|value| copied(value, budget))
                .collect();
            Value::list(values?)
        }
        Value::Dict(entries) => {
            let entries: Option<Vec<(Value, Value)>> = entries
                .borrow()
                .iter()
                .map(|(key, value)| Some((key.clone(), copied(value, budget)?)))
                .collect();
            Value::Dict(Rc::new(entries?.into()))
        }
        Value::Object(object) => {
            let attributes: Option<Attributes> = object
                .attributes
                .borrow()
                .iter()
                .map(|(name, value)| Some((name.clone(), copied(value, budget)?)))
                .collect();
            Value::Object(Rc::new(Object {
                class: object.class.clone(),
                attributes: attributes?.into(),
                text: object.text,
                span: object.span.clone(),
                path: Default::default(),
                calls: Default::default(),
            }))
        }
        Value::Tensor(tensor) => match tensor.as_fixed() {
            Some(fixed) => Value::Tensor(tensor.held_as(fixed.role)),
            None => value.clone(),
        },
        other => other.clone(),
    };
    budget.leave();
    Some(made)
}

pub(super) fn whole_number() -> crate::language::Localized<String> {
    says!(en: "a number is needed here", ja: "ここには数が必要です。")
}

impl From<super::value::Fault> for Stop {
    fn from(fault: super::value::Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}
