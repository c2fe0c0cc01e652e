//! Python's operators: sums and the like, elements by their places, and what a loop goes through.

use std::rc::Rc;

use super::interpreter::{Interpreter, MAX_ELEMENTS, Run, no_element, place};
use super::syntax::{Binary, Span};
use super::value::{ClassOf, Container, Value};
use crate::says;

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
                return self.too_long(span);
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

    pub fn sized(&self, values: Vec<Value>, span: &Span) -> Run<Vec<Value>> {
        if values.len() <= MAX_ELEMENTS {
            return Ok(values);
        }
        self.too_long(span)
    }

    pub fn repeated(&self, values: &[Value], times: i64, span: &Span) -> Run<Vec<Value>> {
        let times = usize::try_from(times).unwrap_or(0);
        if values.len().saturating_mul(times) > MAX_ELEMENTS {
            return self.too_long(span);
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
