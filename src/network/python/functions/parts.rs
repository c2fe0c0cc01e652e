//! Parts of tensors, and tensors joined to one.

use super::{Call, axis, integers_of};
use crate::network::python::interpreter::{Interpreter, Run, no_element};
use crate::network::python::operators::slice_places;
use crate::network::python::syntax::Span;
use crate::network::python::value::{Role, Traced, Value};
use crate::op::Value as Given;
use crate::says;

impl Interpreter<'_> {
    /// Functions that take a part of a tensor, take it apart, or put it into a larger one.
    pub(super) fn of_parts(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Option<Value>> {
        let made = match call.name {
            "chunk" | "split" | "tensor_split" | "unbind" => self.parts(tensor, call)?,
            "narrow" => {
                let part = |place, name| call.given.get(place, name).and_then(Value::integer);
                let at = part(1, "dim").and_then(|dim| axis(dim, tensor.axes.len()));
                let (Some(at), Some(start), Some(length)) =
                    (at, part(2, "start"), part(3, "length"))
                else {
                    return self.unfollowed(call);
                };
                let (start, end) = (start.max(0) as usize, (start + length).max(0) as usize);
                if end > tensor.axes[at] || start >= end {
                    return self.fault(call.span, no_element());
                }
                Value::Tensor(self.sliced(tensor, at, start, end, 1, call.path, call.span)?)
            }
            "unfold" if call.path == "unfold" => self.unfolded(tensor, call)?,
            "pad" => self.pad(tensor, call)?,
            _ => return Ok(None),
        };
        Ok(Some(made))
    }

    pub(super) fn joined(&mut self, call: Call<'_>) -> Run<Value> {
        let (name, given) = (call.name, call.given);
        let Some(tensors) = given.get(0, "tensors").cloned() else {
            return self.unfollowed(call);
        };
        let mut inputs = Vec::new();
        for value in self.iterate(&tensors, call.span)? {
            match value {
                Value::Tensor(tensor) => inputs.push(tensor),
                Value::Unknown(unknown) => return Self::because(&unknown),
                _ => return self.unfollowed(call),
            }
        }
        let dim = given
            .get(1, "dim")
            .or(given.get(1, "axis"))
            .and_then(Value::integer)
            .unwrap_or(0);
        if name == "stack" {
            let mut raised = Vec::new();
            for tensor in &inputs {
                let arguments = [("dim", Given::Integer(dim))];
                let one = self.apply(
                    "Unsqueeze",
                    &arguments,
                    std::slice::from_ref(tensor),
                    call.path,
                    call.span,
                )?;
                if let Value::Tensor(one) = one {
                    raised.push(one);
                }
            }
            inputs = raised;
        }
        if let [only] = inputs.as_slice() {
            return Ok(Value::Tensor(only.clone()));
        }
        let dim = Given::Integer(if name == "hstack" { 1 } else { dim });
        self.apply("Concat", &[("dim", dim)], &inputs, call.path, call.span)
    }

    /// Several tensors of one, along an axis.
    fn parts(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Value> {
        let (given, path, span) = (call.given, call.path, call.span);
        let unbind = call.name == "unbind";
        let dim = given
            .get(if unbind { 1 } else { 2 }, "dim")
            .and_then(Value::integer)
            .unwrap_or(0);
        let Some(at) = axis(dim, tensor.axes.len()) else {
            return self.fault(span, no_element());
        };
        let length = tensor.axes[at];
        let second = given.positional.get(1).map(|(value, _)| value.clone());
        let second = second.or_else(|| {
            let named = given.named.iter();
            let mut named = named.filter(|(name, ..)| &**name != "dim");
            named.next().map(|(_, value, _)| value.clone())
        });
        let sizes: Option<Vec<usize>> = match (call.name, second) {
            ("unbind", _) => Some(vec![1; length]),
            ("split", Some(value @ (Value::List(_) | Value::Tuple(_)))) => integers_of(&value)
                .and_then(|sizes| {
                    sizes
                        .into_iter()
                        .map(|size| usize::try_from(size).ok())
                        .collect()
                }),
            ("split", Some(value)) => value
                .integer()
                .and_then(|size| usize::try_from(size).ok())
                .filter(|size| *size > 0)
                .map(|size| cut(length, size)),
            ("chunk", Some(value)) => value
                .integer()
                .and_then(|count| usize::try_from(count).ok())
                .filter(|count| *count > 0)
                .map(|count| cut(length, length.div_ceil(count).max(1))),
            ("tensor_split", Some(value)) => value
                .integer()
                .and_then(|count| usize::try_from(count).ok())
                .filter(|count| *count > 0)
                .map(|count| {
                    (0..count)
                        .map(|part| length / count + usize::from(part < length % count))
                        .collect()
                }),
            _ => None,
        };
        let Some(sizes) =
            sizes.filter(|sizes| sizes.iter().sum::<usize>() == length && sizes.len() <= 256)
        else {
            return self.unfollowed_at(path, span);
        };
        let mut parts = Vec::new();
        let mut start = 0;
        for size in sizes {
            let part = self.sliced(tensor, at, start, start + size, 1, path, span)?;
            let part = if unbind {
                self.without_axis(&part, at, path, span)?
            } else {
                Value::Tensor(part)
            };
            parts.push(part);
            start += size;
        }
        Ok(Value::tuple(parts))
    }

    /// A part of a tensor along an axis.
    #[expect(
        clippy::too_many_arguments,
        reason = "a slice is said by so many numbers"
    )]
    pub fn sliced(
        &mut self,
        tensor: &Traced,
        axis: usize,
        start: usize,
        end: usize,
        step: usize,
        path: &str,
        span: &Span,
    ) -> Run<Traced> {
        if start == 0 && end == tensor.axes[axis] && step == 1 {
            return Ok(tensor.clone());
        }
        let whole = |number: usize| Given::Integer(number as i64);
        let arguments = [
            ("dim", whole(axis)),
            ("start", whole(start)),
            ("end", whole(end)),
            ("step", whole(step)),
        ];
        match self.apply(
            "Slice",
            &arguments,
            std::slice::from_ref(tensor),
            path,
            span,
        )? {
            Value::Tensor(part) => Ok(part),
            _ => self.unfollowed_at(path, span),
        }
    }

    /// `x[:, 1:, ..., 0]`
    pub fn tensor_index(&mut self, tensor: Traced, index: &Value, span: &Span) -> Run<Value> {
        let indices = match index {
            Value::Tuple(indices) => indices.to_vec(),
            one => vec![one.clone()],
        };
        let used = indices
            .iter()
            .filter(|index| !matches!(index, Value::None | Value::Ellipsis))
            .count();
        let rank = tensor.axes.len();
        if used > rank {
            return self.fault(span, no_element());
        }
        let mut tensor = tensor;
        let mut at = 0;
        let mut sizes: Vec<i64> = Vec::new();
        for index in &indices {
            match index {
                Value::None => sizes.push(1),
                Value::Ellipsis => {
                    for _ in 0..rank - used {
                        sizes.push(tensor.axes[at] as i64);
                        at += 1;
                    }
                }
                Value::Slice(parts) => {
                    let step = parts[2].integer().unwrap_or(1);
                    let Ok(step) = usize::try_from(step) else {
                        return self.unfollowed_at("[::-1]", span);
                    };
                    let places = slice_places(parts, tensor.axes[at]);
                    let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
                        return self.fault(span, no_element());
                    };
                    tensor =
                        self.sliced(&tensor, at, first, last + 1, step.max(1), "slice", span)?;
                    sizes.push(tensor.axes[at] as i64);
                    at += 1;
                }
                Value::Tensor(_) | Value::List(_) if self.picked(index).is_some() => {
                    let Some((numbers, axes)) = self.picked(index) else {
                        return self.unfollowed_at("x[...]", span);
                    };
                    // Several lists of numbers would be lined up with one another.
                    let lists = indices.iter();
                    let lists =
                        lists.filter(|one| matches!(one, Value::Tensor(_) | Value::List(_)));
                    if lists.count() > 1 {
                        return self.unfollowed_at("x[a, b]", span);
                    }
                    tensor = self.index_select(&tensor, at, numbers, span)?;
                    sizes.extend(axes.iter().map(|&axis| axis as i64));
                    at += 1;
                }
                Value::Tensor(index)
                    if indices.len() == 1
                        && tensor
                            .as_fixed()
                            .is_some_and(|one| one.role == Role::Parameter) =>
                {
                    return self.looked_up(&tensor, &index.clone(), span);
                }
                Value::Tensor(_) => {
                    return self.fault(
                        span,
                        says!(
                            en: "which elements this takes depends on the numbers of a tensor, so it is not followed",
                            ja: "どの要素を取るかがテンソルの値によって決まるため、たどれません。"
                        ),
                    );
                }
                other => {
                    let Some(place) = other.integer().and_then(|i| axis(i, tensor.axes[at])) else {
                        return self.unfollowed_at("x[...]", span);
                    };
                    tensor = self.sliced(&tensor, at, place, place + 1, 1, "slice", span)?;
                    at += 1;
                }
            }
        }
        sizes.extend(tensor.axes[at..].iter().map(|&axis| axis as i64));
        self.reshape(&tensor, &sizes, "reshape", span)
    }
}

/// A length in pieces of a size; the last may be shorter.
fn cut(length: usize, size: usize) -> Vec<usize> {
    let mut pieces = vec![size; length / size];
    if !length.is_multiple_of(size) {
        pieces.push(length % size);
    }
    pieces
}
