//! The shape of a tensor: told, and changed.

use super::{Call, axis, integers_from};
use crate::network::python::interpreter::{Interpreter, Run, no_element};
use crate::network::python::syntax::Span;
use crate::network::python::value::{Traced, Value, Values};
use crate::op::Value as Given;
use crate::says;

impl Interpreter<'_> {
    /// Functions that tell the shape of a tensor, or give its numbers another one.
    pub(super) fn of_shape(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Option<Value>> {
        let (given, path, span) = (call.given, call.path, call.span);
        let made = match call.name {
            "size" => match given.get(1, "dim").and_then(Value::integer) {
                Some(dim) => match axis(dim, tensor.axes.len()) {
                    Some(at) => Value::Integer(tensor.axes[at] as i64),
                    None => return self.fault(span, no_element()),
                },
                None => Value::sizes(&tensor.axes),
            },
            "dim" | "ndimension" => Value::Integer(tensor.axes.len() as i64),
            "numel" | "nelement" => Value::Integer(tensor.axes.iter().product::<usize>() as i64),
            "view" | "reshape" | "view_as" | "reshape_as" => {
                let Some(sizes) = sizes_of(given) else {
                    return self.unfollowed(call);
                };
                self.reshape(tensor, &sizes, path, span)?
            }
            "squeeze" if given.positional.len() < 2 && given.named.is_empty() => {
                let sizes: Vec<i64> = tensor
                    .axes
                    .iter()
                    .filter(|&&axis| axis != 1)
                    .map(|&axis| axis as i64)
                    .collect();
                self.reshape(tensor, &sizes, path, span)?
            }
            "permute" => {
                let Some(dims) = integers_from(given, 1, &["dims"]) else {
                    return self.unfollowed(call);
                };
                let dims = Given::List(dims.into_iter().map(Given::Integer).collect());
                self.apply(
                    "Permute",
                    &[("dims", dims)],
                    std::slice::from_ref(tensor),
                    path,
                    span,
                )?
            }
            "t" | "T" | "mT" => {
                let dims = [("dim0", Given::Integer(-2)), ("dim1", Given::Integer(-1))];
                self.apply("Transpose", &dims, std::slice::from_ref(tensor), path, span)?
            }
            "movedim" | "moveaxis" => {
                let from = given.get(1, "source").and_then(Value::integer);
                let to = given.get(2, "destination").and_then(Value::integer);
                let rank = tensor.axes.len();
                let from = from.and_then(|dim| axis(dim, rank));
                let to = to.and_then(|dim| axis(dim, rank));
                let (Some(from), Some(to)) = (from, to) else {
                    return self.unfollowed(call);
                };
                let mut order: Vec<usize> = (0..rank).filter(|at| *at != from).collect();
                order.insert(to, from);
                Value::Tensor(self.turned(tensor.clone(), &order, path, span)?)
            }
            "expand" | "expand_as" | "broadcast_to" => {
                let Some(sizes) = sizes_of(given) else {
                    return self.unfollowed(call);
                };
                self.expanded(tensor, &sizes, path, span)?
            }
            "repeat" | "tile" => {
                let Some(counts) = integers_from(given, 1, &["repeats", "dims"]) else {
                    return self.unfollowed(call);
                };
                self.tiled(tensor, counts, path, span)?
            }
            "repeat_interleave" => {
                let count = given.get(1, "repeats").and_then(Value::integer);
                let dim = given.get(2, "dim").and_then(Value::integer);
                let at = dim.and_then(|dim| axis(dim, tensor.axes.len()));
                let (Some(count), Some(at)) = (count, at) else {
                    return self.unfollowed(call);
                };
                self.each_repeated(tensor, count, at, path, span)?
            }
            _ => return Ok(None),
        };
        Ok(Some(made))
    }

    /// A tensor repeated along its axes of one element, up to some sizes; -1 keeps an axis as it is.
    fn expanded(&mut self, tensor: &Traced, sizes: &[i64], path: &str, span: &Span) -> Run<Value> {
        let full: Vec<i64> = sizes
            .iter()
            .enumerate()
            .map(|(number, &size)| {
                match (size, (number + tensor.axes.len()).checked_sub(sizes.len())) {
                    (-1, Some(at)) => tensor.axes.get(at).map_or(1, |&axis| axis as i64),
                    (size, _) => size,
                }
            })
            .collect();
        let same = full.len() == tensor.axes.len()
            && full
                .iter()
                .zip(&tensor.axes)
                .all(|(&one, &two)| one == two as i64);
        if same {
            return Ok(Value::Tensor(tensor.clone()));
        }
        let size = Given::List(full.into_iter().map(Given::Integer).collect());
        self.apply(
            "Expand",
            &[("size", size)],
            std::slice::from_ref(tensor),
            path,
            span,
        )
    }

    pub fn reshape(
        &mut self,
        tensor: &Traced,
        sizes: &[i64],
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let count: usize = tensor.axes.iter().product();
        let known: usize = sizes
            .iter()
            .filter(|&&size| size >= 0)
            .map(|&size| size as usize)
            .product();
        let open = sizes.iter().filter(|&&size| size < 0).count();
        let fits =
            open == 0 && known == count || open == 1 && known > 0 && count.is_multiple_of(known);
        if !fits {
            let (from, to) = (
                Value::sizes(&tensor.axes).shown().unwrap_or_default(),
                Value::tuple(sizes.iter().map(|&size| Value::Integer(size)).collect())
                    .shown()
                    .unwrap_or_default(),
            );
            return self.fault(
                span,
                says!(
                    en: "{from} has {count} elements, which do not fit into {to}",
                    ja: "{from} の要素 {count} 個は {to} に収まりません。"
                ),
            );
        }
        let full: Vec<usize> = sizes
            .iter()
            .map(|&size| usize::try_from(size).unwrap_or(count / known.max(1)))
            .collect();
        if full == tensor.axes {
            return Ok(Value::Tensor(tensor.clone()));
        }
        // Everything behind the batch in one row is what Flatten does.
        if let ([batch, _], [own, _, _, ..]) = (full.as_slice(), tensor.axes.as_slice())
            && batch == own
            && tensor.as_fixed().is_none()
        {
            return self.apply("Flatten", &[], std::slice::from_ref(tensor), path, span);
        }
        let size = |size: usize| Given::Integer(size as i64);
        let shape = Given::List(full.into_iter().map(size).collect());
        self.apply(
            "Reshape",
            &[("shape", shape)],
            std::slice::from_ref(tensor),
            path,
            span,
        )
    }

    pub(super) fn without_axis(
        &mut self,
        tensor: &Traced,
        at: usize,
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let sizes: Vec<i64> = tensor
            .axes
            .iter()
            .enumerate()
            .filter(|(number, _)| *number != at)
            .map(|(_, &axis)| axis as i64)
            .collect();
        self.reshape(tensor, &sizes, path, span)
    }
}

/// The sizes that a call asks for: those of another tensor, or numbers.
fn sizes_of(given: &Values) -> Option<Vec<i64>> {
    match given.get(1, "other") {
        Some(Value::Tensor(other)) => Some(other.axes.iter().map(|&axis| axis as i64).collect()),
        _ => integers_from(given, 1, &["size", "shape"]),
    }
}
