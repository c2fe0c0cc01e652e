//! Constants that are a sum, a product or an extreme of others.

use std::sync::Arc;

use super::super::constant::{Constant, Numbers};
use super::{Folded, Folding, axis_of};

impl Folding<'_> {
    pub(super) fn reduce(&self) -> Folded {
        let from = self.first();
        let rank = from.axes.len();
        let listed = self.list(1, "axes").unwrap_or_default();
        if listed.is_empty() && self.integer("noop_with_empty_axes") == Some(1) {
            return Ok(from.clone());
        }
        let gone: Vec<usize> = if listed.is_empty() {
            (0..rank).collect()
        } else {
            let axes = listed.iter().map(|&axis| axis_of(axis, rank));
            axes.collect::<Result<_, _>>()?
        };
        let keep = self.integer("keepdims").unwrap_or(1) == 1;
        let kept: Vec<usize> = (0..rank)
            .map(|axis| {
                if gone.contains(&axis) {
                    1
                } else {
                    from.axes[axis]
                }
            })
            .collect();
        let count = kept.iter().product();
        let place = |mut offset: usize| {
            let (mut place, mut step) = (0, 1);
            for axis in (0..rank).rev() {
                let at = offset % from.axes[axis];
                offset /= from.axes[axis];
                if !gone.contains(&axis) {
                    place += at * step;
                    step *= from.axes[axis];
                }
            }
            place
        };
        let numbers = match &from.numbers {
            Numbers::Integers(numbers) => {
                let mut results: Vec<Option<i64>> = vec![None; count];
                for (offset, &number) in numbers.iter().enumerate() {
                    let result = &mut results[place(offset)];
                    *result = Some(match (self.op_type, *result) {
                        (_, None) => number,
                        ("ReduceProd", Some(before)) => before.wrapping_mul(number),
                        ("ReduceMin", Some(before)) => before.min(number),
                        ("ReduceMax", Some(before)) => before.max(number),
                        (_, Some(before)) => before.wrapping_add(number),
                    });
                }
                let empty = i64::from(self.op_type == "ReduceProd");
                let results = results.into_iter().map(|one| one.unwrap_or(empty));
                Numbers::Integers(Arc::new(results.collect()))
            }
            Numbers::Floats(numbers) => {
                let mut results: Vec<Option<f32>> = vec![None; count];
                for (offset, &number) in numbers.iter().enumerate() {
                    let result = &mut results[place(offset)];
                    *result = Some(match (self.op_type, *result) {
                        (_, None) => number,
                        ("ReduceProd", Some(before)) => before * number,
                        ("ReduceMin", Some(before)) => before.min(number),
                        ("ReduceMax", Some(before)) => before.max(number),
                        (_, Some(before)) => before + number,
                    });
                }
                let empty = match self.op_type {
                    "ReduceProd" => 1.0,
                    "ReduceMin" => f32::INFINITY,
                    "ReduceMax" => f32::NEG_INFINITY,
                    _ => 0.0,
                };
                let results = results.into_iter().map(|one| one.unwrap_or(empty));
                Numbers::Floats(Arc::new(results.collect()))
            }
            Numbers::Unread => Numbers::Unread,
        };
        let axes = if keep {
            kept
        } else {
            let rest = (0..rank).filter(|axis| !gone.contains(axis));
            rest.map(|axis| from.axes[axis]).collect()
        };
        Ok(Constant {
            axes,
            element: from.element,
            numbers,
        })
    }

    /// The indices of what is not zero: a row for each axis.
    pub(super) fn non_zero(&self) -> Folded {
        let from = self.first();
        let rank = from.axes.len();
        let offsets: Vec<usize> = match &from.numbers {
            Numbers::Integers(numbers) => found(numbers, |&number| number != 0),
            Numbers::Floats(numbers) => found(numbers, |&number| number != 0.0),
            Numbers::Unread => Vec::new(),
        };
        let mut rows = vec![Vec::with_capacity(offsets.len()); rank];
        for mut offset in offsets.iter().copied() {
            for axis in (0..rank).rev() {
                rows[axis].push((offset % from.axes[axis]) as i64);
                offset /= from.axes[axis];
            }
        }
        Ok(Constant::integers(vec![rank, offsets.len()], rows.concat()))
    }
}

fn found<T>(numbers: &[T], is: impl Fn(&T) -> bool) -> Vec<usize> {
    let places = numbers.iter().enumerate().filter(|(_, number)| is(number));
    places.map(|(place, _)| place).collect()
}
