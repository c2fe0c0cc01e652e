//! Constants that are a sum, a product or an extreme of others.

use std::sync::Arc;

use super::super::constant::{Constant, Numbers};
use super::{Folded, Folding, axis_of, missing};

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

    pub(super) fn running_sum(&self) -> Folded {
        let from = self.first();
        let axis = self.list(1, "axis").and_then(|axis| axis.first().copied());
        let axis = axis_of(axis.ok_or_else(|| missing("axis"))?, from.axes.len())?;
        let line = Line {
            length: from.axes[axis],
            step: from.axes[axis + 1..].iter().product(),
            backwards: self.integer("reverse") == Some(1),
            exclusive: self.integer("exclusive") == Some(1),
        };
        let numbers = match &from.numbers {
            Numbers::Integers(numbers) => {
                Numbers::Integers(Arc::new(line.sums(numbers, i64::wrapping_add)))
            }
            Numbers::Floats(numbers) => {
                Numbers::Floats(Arc::new(line.sums(numbers, |sum, own| sum + own)))
            }
            Numbers::Unread => Numbers::Unread,
        };
        Ok(Constant {
            numbers,
            ..from.clone()
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

/// How the numbers along an axis are added up one after another.
struct Line {
    length: usize,
    /// From one of them to the next.
    step: usize,
    backwards: bool,
    exclusive: bool,
}

impl Line {
    fn sums<T: Copy + Default>(&self, numbers: &[T], add: impl Fn(T, T) -> T) -> Vec<T> {
        let mut sums = vec![T::default(); numbers.len()];
        for line in 0..numbers.len() / self.length.max(1) {
            let start = line / self.step * self.length * self.step + line % self.step;
            let mut sum = T::default();
            for count in 0..self.length {
                let at = if self.backwards {
                    self.length - 1 - count
                } else {
                    count
                };
                let place = start + at * self.step;
                let with_own = add(sum, numbers[place]);
                sums[place] = if self.exclusive { sum } else { with_own };
                sum = with_own;
            }
        }
        sums
    }
}

fn found<T>(numbers: &[T], is: impl Fn(&T) -> bool) -> Vec<usize> {
    let places = numbers.iter().enumerate().filter(|(_, number)| is(number));
    places.map(|(place, _)| place).collect()
}
