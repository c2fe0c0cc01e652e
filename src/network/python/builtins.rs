//! Python's own functions and methods, as far as the building of a network uses them.

use std::rc::Rc;

use super::attributes::Attributes;
use super::constants::number;
use super::interpreter::{Interpreter, MAX_ELEMENTS, Run, Stop, no_element, place};
use super::syntax::{Binary, Span};
use super::value::{Budget, ClassOf, Container, Object, Role, Value, Values};
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

fn text_list(values: impl IntoIterator<Item = String>) -> Value {
    Value::list(values.into_iter().map(|text| Value::text(&text)).collect())
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
    /// The values that a loop goes through.
    pub fn iterate(&mut self, value: &Value, span: &Span) -> Run<Vec<Value>> {
        Ok(match value {
            Value::List(values) => values.borrow().clone(),
            Value::Tuple(values) => values.to_vec(),
            Value::Dict(entries) => entries
                .borrow()
                .iter()
                .map(|(key, _)| key.clone())
                .collect(),
            Value::Text(text) => text
                .chars()
                .map(|character| Value::text(&character.to_string()))
                .collect(),
            Value::Generator(generator) => {
                let mut values = Vec::new();
                self.generate(generator, &mut |_, value| {
                    values.push(value);
                    Ok(())
                })?;
                values
            }
            Value::Object(object) => {
                let dict = object.container() == Some(Container::Dict);
                let elements = object.elements().into_iter();
                elements
                    .map(|(name, element)| if dict { Value::Text(name) } else { element })
                    .collect()
            }
            Value::Unknown(unknown) => return Self::because(unknown),
            Value::Tensor(tensor) => {
                let count = tensor.axes.first().copied().unwrap_or(0);
                if count > 1024 || count > 64 && tensor.as_fixed().is_none() {
                    return self.not_iterable("Tensor", span);
                }
                let mut parts = Vec::new();
                for number in 0..count {
                    let index = Value::Integer(number as i64);
                    parts.push(self.indexed(value, &index, span)?);
                }
                parts
            }
            other => return self.not_iterable(&other.kind(), span),
        })
    }

    fn not_iterable<T>(&self, kind: &str, span: &Span) -> Run<T> {
        self.fault(
            span,
            says!(
                en: "{kind} cannot be gone through one by one here",
                ja: "{kind} はここで順にたどれません。"
            ),
        )
    }

    pub fn binary(
        &mut self,
        operator: Binary,
        left: &Value,
        right: &Value,
        span: &Span,
    ) -> Run<Value> {
        if let (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) = (left, right) {
            return Ok(Value::Unknown(unknown.clone()));
        }
        if matches!(left, Value::Tensor(_)) || matches!(right, Value::Tensor(_)) {
            let name = match operator {
                Binary::Add => "add",
                Binary::Subtract => "sub",
                Binary::Multiply => "mul",
                Binary::Divide => "div",
                Binary::MatMul => "matmul",
                Binary::Power => "pow",
                Binary::FloorDivide => "floor_divide",
                Binary::Remainder => "remainder",
                // Of masks, which hold 0 and 1.
                Binary::And => "mul",
                Binary::Or => "maximum",
                Binary::Xor | Binary::ShiftLeft | Binary::ShiftRight => "",
            };
            if !name.is_empty() {
                return self.tensor_function(name, vec![left.clone(), right.clone()], span);
            }
        }
        match (operator, left, right) {
            (Binary::Add, Value::Text(one), Value::Text(two))
                if one.len() + two.len() > MAX_ELEMENTS =>
            {
                return self
                    .sized(vec![Value::None; MAX_ELEMENTS + 1], span)
                    .map(Value::list);
            }
            (Binary::Add, Value::Text(one), Value::Text(two)) => {
                return Ok(Value::text(&format!("{one}{two}")));
            }
            (Binary::Add, Value::List(one), Value::List(two)) => {
                let mut all = one.borrow().clone();
                all.extend(two.borrow().iter().cloned());
                return self.sized(all, span).map(Value::list);
            }
            (Binary::Add, Value::Tuple(one), Value::Tuple(two)) => {
                let mut all = one.to_vec();
                all.extend(two.iter().cloned());
                return self.sized(all, span).map(Value::tuple);
            }
            (Binary::Add, Value::Native(..), _) | (Binary::Multiply, Value::Native(..), _) => {
                return Ok(left.clone());
            }
            (Binary::Multiply, Value::List(values), Value::Integer(times))
            | (Binary::Multiply, Value::Integer(times), Value::List(values)) => {
                let all = self.repeated(&values.borrow(), *times, span)?;
                return Ok(Value::list(all));
            }
            (Binary::Multiply, Value::Tuple(values), Value::Integer(times))
            | (Binary::Multiply, Value::Integer(times), Value::Tuple(values)) => {
                let all = self.repeated(values, *times, span)?;
                return Ok(Value::tuple(all));
            }
            (Binary::Remainder, Value::Text(pattern), value) => {
                let values = match value {
                    Value::Tuple(values) => values.to_vec(),
                    one => vec![one.clone()],
                };
                return Ok(Value::text(&percent(pattern, &values)));
            }
            (Binary::Or, Value::Dict(one), Value::Dict(two)) => {
                let mut all = one.borrow().clone();
                for (key, value) in two.borrow().iter() {
                    all.retain(|(own, _)| own.equals(key) != Some(true));
                    all.push((key.clone(), value.clone()));
                }
                return Ok(Value::Dict(Rc::new(all.into())));
            }
            _ => {}
        }
        let number = match (left.integer(), right.integer()) {
            (Some(one), Some(two)) => integers(operator, one, two),
            _ => match (left.real(), right.real()) {
                (Some(one), Some(two)) => reals(operator, one, two).map(Value::Real),
                _ => None,
            },
        };
        match number {
            Some(number) => Ok(number),
            None if right.real() == Some(0.0) => self.fault(
                span,
                says!(en: "this divides by 0", ja: "0 で割っています。"),
            ),
            None => {
                let sign = operator.sign();
                self.fault(
                    span,
                    says!(
                        en: "'{sign}' has no place here; a layer looks like nn.Conv2d(3, 8, 3)",
                        ja: "ここに '{sign}' は書けません。層は nn.Conv2d(3, 8, 3) のように書きます。"
                    ),
                )
            }
        }
    }

    fn sized(&self, values: Vec<Value>, span: &Span) -> Run<Vec<Value>> {
        if values.len() <= MAX_ELEMENTS {
            return Ok(values);
        }
        self.fault(
            span,
            says!(
                en: "this list has more than {MAX_ELEMENTS} elements",
                ja: "このリストの要素が {MAX_ELEMENTS} 個を超えています。"
            ),
        )
    }

    fn repeated(&self, values: &[Value], times: i64, span: &Span) -> Run<Vec<Value>> {
        let times = usize::try_from(times).unwrap_or(0);
        if values.len().saturating_mul(times) > MAX_ELEMENTS {
            return self.sized(vec![Value::None; MAX_ELEMENTS + 1], span);
        }
        Ok(values
            .iter()
            .cycle()
            .take(values.len() * times)
            .cloned()
            .collect())
    }

    pub fn indexed(&mut self, of: &Value, index: &Value, span: &Span) -> Run<Value> {
        if let Value::Slice(parts) = index
            && !matches!(of, Value::Tensor(_) | Value::Unknown(_))
        {
            let values = match of {
                Value::Text(text) => {
                    let all: Vec<char> = text.chars().collect();
                    let places = slice_places(parts, all.len());
                    let part: String = places.into_iter().map(|at| all[at]).collect();
                    return Ok(Value::text(&part));
                }
                of => self.iterate(of, span)?,
            };
            let part: Vec<Value> = slice_places(parts, values.len())
                .into_iter()
                .map(|at| values[at].clone())
                .collect();
            return match of {
                Value::Tuple(_) => Ok(Value::tuple(part)),
                Value::Object(object) if object.container() == Some(Container::Sequential) => {
                    let made = self.new_object(ClassOf::Container(Container::Sequential), span);
                    for (number, value) in part.into_iter().enumerate() {
                        made.set(&Rc::from(number.to_string()), value);
                    }
                    Ok(Value::Object(made))
                }
                _ => Ok(Value::list(part)),
            };
        }
        match of {
            Value::Unknown(unknown) => Ok(Value::Unknown(unknown.clone())),
            Value::Tensor(tensor) => self.tensor_index(tensor.clone(), index, span),
            Value::Dict(entries) => {
                let entries = entries.borrow();
                let found = entries
                    .iter()
                    .find(|(key, _)| key.equals(index) == Some(true));
                match found {
                    Some((_, value)) => Ok(value.clone()),
                    None => self.fault(span, no_element()),
                }
            }
            Value::Object(object) if object.container().is_some() => {
                if let Value::Text(name) = index {
                    return match object.attribute(name) {
                        Some(value) => Ok(value),
                        None => self.fault(span, no_element()),
                    };
                }
                let elements = object.elements();
                match place(index, elements.len()) {
                    Some(at) => Ok(elements[at].1.clone()),
                    None => self.fault(span, no_element()),
                }
            }
            Value::List(_) | Value::Tuple(_) | Value::Text(_) => {
                let values = self.iterate(of, span)?;
                match (place(index, values.len()), index) {
                    (Some(at), _) => Ok(values[at].clone()),
                    (None, Value::Unknown(unknown)) => Self::because(unknown),
                    (None, _) => self.fault(span, no_element()),
                }
            }
            // A type: list[int].
            Value::Path(_) | Value::Class(_) => Ok(of.clone()),
            other => {
                let kind = other.kind();
                self.fault(
                    span,
                    says!(en: "{kind} has no elements", ja: "{kind} に要素はありません。"),
                )
            }
        }
    }

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
                        return self
                            .sized(vec![Value::None; MAX_ELEMENTS + 1], span)
                            .map(Value::list);
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

    /// A method of a value that is not an object of the text.
    pub fn native(&mut self, of: &Value, name: &Rc<str>, given: Values, span: &Span) -> Run<Value> {
        let first = given.positional.first().map(|(value, _)| value.clone());
        match of {
            Value::List(values) => match &**name {
                "append" | "add" => {
                    if values.borrow().len() >= MAX_ELEMENTS {
                        return self
                            .sized(vec![Value::None; MAX_ELEMENTS + 1], span)
                            .map(Value::list);
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

fn integers(operator: Binary, one: i64, two: i64) -> Option<Value> {
    Some(match operator {
        Binary::Add => Value::Integer(one.checked_add(two)?),
        Binary::Subtract => Value::Integer(one.checked_sub(two)?),
        Binary::Multiply => Value::Integer(one.checked_mul(two)?),
        Binary::Divide if two != 0 => Value::Real(one as f64 / two as f64),
        Binary::FloorDivide => {
            let quotient = one.checked_div(two)?;
            let down = one % two != 0 && (one < 0) != (two < 0);
            Value::Integer(quotient - i64::from(down))
        }
        Binary::Remainder => {
            let rest = one.checked_rem(two)?;
            let shift = rest != 0 && (rest < 0) != (two < 0);
            Value::Integer(if shift { rest + two } else { rest })
        }
        Binary::Power => match u32::try_from(two) {
            Ok(power) => Value::Integer(one.checked_pow(power)?),
            Err(_) => Value::Real((one as f64).powf(two as f64)),
        },
        Binary::And => Value::Integer(one & two),
        Binary::Or => Value::Integer(one | two),
        Binary::Xor => Value::Integer(one ^ two),
        Binary::ShiftLeft => Value::Integer(one.checked_shl(u32::try_from(two).ok()?)?),
        Binary::ShiftRight => Value::Integer(one.checked_shr(u32::try_from(two).ok()?)?),
        Binary::Divide | Binary::MatMul => return None,
    })
}

fn reals(operator: Binary, one: f64, two: f64) -> Option<f64> {
    Some(match operator {
        Binary::Add => one + two,
        Binary::Subtract => one - two,
        Binary::Multiply => one * two,
        Binary::Divide if two != 0.0 => one / two,
        Binary::FloorDivide if two != 0.0 => (one / two).floor(),
        Binary::Remainder if two != 0.0 => one - two * (one / two).floor(),
        Binary::Power => one.powf(two),
        _ => return None,
    })
}

/// The places that a slice takes.
pub(super) fn slice_places(parts: &[Value; 3], length: usize) -> Vec<usize> {
    let length = length as i64;
    let step = parts[2].integer().unwrap_or(1);
    if step == 0 {
        return Vec::new();
    }
    let (low, high) = if step > 0 {
        (0, length)
    } else {
        (-1, length - 1)
    };
    let bound = |part: &Value, default: i64| match part.integer() {
        Some(at) => (if at < 0 { at + length } else { at }).clamp(low, high),
        None => default,
    };
    let first = bound(&parts[0], if step > 0 { low } else { high });
    let last = bound(&parts[1], if step > 0 { high } else { low });
    let mut places = Vec::new();
    let mut at = first;
    while step > 0 && at < last || step < 0 && at > last {
        places.push(at as usize);
        at += step;
    }
    places
}

/// `"layer%d" % 3`
fn percent(pattern: &str, values: &[Value]) -> String {
    let mut out = String::new();
    let mut values = values.iter();
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        if rest.next_if_eq(&'%').is_some() {
            out.push('%');
            continue;
        }
        while rest
            .next_if(|next| next.is_ascii_digit() || *next == '.')
            .is_some()
        {}
        rest.next();
        out.push_str(&values.next().and_then(Value::shown).unwrap_or_default());
    }
    out
}

impl From<super::value::Fault> for Stop {
    fn from(fault: super::value::Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}
