//! Constants that only move: each number of the output is one of the input.

use std::sync::Arc;

use super::super::constant::{Constant, Numbers};
use super::{Fault, Folded, Folding, axis_of, counted, lengths, missing};
use crate::language::says;

/// The numbers at some places, in axes of as many.
pub(super) fn picked(from: &Constant, axes: Vec<usize>, places: &[usize]) -> Constant {
    let numbers = match &from.numbers {
        Numbers::Floats(numbers) => {
            Numbers::Floats(Arc::new(places.iter().map(|&at| numbers[at]).collect()))
        }
        Numbers::Integers(numbers) => {
            Numbers::Integers(Arc::new(places.iter().map(|&at| numbers[at]).collect()))
        }
        Numbers::Unread => Numbers::Unread,
    };
    Constant {
        axes,
        element: from.element,
        numbers,
    }
}

/// Places from one index of an axis to the next, row-major.
fn strides(axes: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; axes.len()];
    for axis in (1..axes.len()).rev() {
        strides[axis - 1] = strides[axis] * axes[axis];
    }
    strides
}

/// The places that indices along each axis lead to: the sum of one of each, row-major.
fn places(along: &[Vec<usize>]) -> Vec<usize> {
    let mut places = vec![0];
    for steps in along {
        places = places
            .iter()
            .flat_map(|&from| steps.iter().map(move |&step| from + step))
            .collect();
    }
    places
}

/// Where each number of a broadcast output comes from.
pub(in crate::network::onnx) fn broadcast_places(from: &[usize], to: &[usize]) -> Vec<usize> {
    let missing = to.len() - from.len();
    let strides = strides(from);
    let along: Vec<Vec<usize>> = (0..to.len())
        .map(|axis| match axis.checked_sub(missing) {
            Some(own) if from[own] != 1 => (0..to[axis]).map(|at| at * strides[own]).collect(),
            _ => vec![0; to[axis]],
        })
        .collect();
    places(&along)
}

/// The axes that two broadcast to.
pub(in crate::network::onnx) fn broadcast_axes(
    one: &[usize],
    other: &[usize],
) -> Result<Vec<usize>, Fault> {
    let rank = one.len().max(other.len());
    let at = |axes: &[usize], axis: usize| match (axis + axes.len()).checked_sub(rank) {
        Some(own) => axes[own],
        None => 1,
    };
    let axes = (0..rank).map(|axis| match (at(one, axis), at(other, axis)) {
        (1, length) | (length, 1) => Some(length),
        (length, other) => (length == other).then_some(length),
    });
    let axes = axes.collect::<Option<Vec<usize>>>().ok_or_else(|| {
        says!(
            en: "its inputs of axes {one:?} and {other:?} do not broadcast",
            ja: "軸が {one:?} と {other:?} の入力は、ブロードキャストで合わせられません。"
        )
    })?;
    counted(&axes)?;
    Ok(axes)
}

impl Folding<'_> {
    fn viewed(&self, axes: Vec<usize>) -> Folded {
        let from = self.first();
        if counted(&axes).ok() != Some(from.count()) && from.count() <= super::MAX_COUNT {
            let (count, given) = (from.count(), &axes);
            return Err(says!(
                en: "{count} numbers do not fill axes {given:?}",
                ja: "{count} 個の数では軸 {given:?} になりません。"
            ));
        }
        Ok(Constant {
            axes,
            ..from.clone()
        })
    }

    pub(super) fn reshape(&self) -> Folded {
        let from = self.first();
        let wanted = self.list(1, "shape").ok_or_else(|| missing("shape"))?;
        let keep = self.integer("allowzero").unwrap_or(0) == 0;
        let mut axes = Vec::with_capacity(wanted.len());
        let mut open = None;
        for (axis, &length) in wanted.iter().enumerate() {
            axes.push(match length {
                -1 if open.is_none() => {
                    open = Some(axis);
                    1
                }
                0 if keep => from.axes.get(axis).copied().unwrap_or(1),
                length => usize::try_from(length).map_err(|_| {
                    says!(en: "axis {axis} would be {length}", ja: "軸 {axis} が {length} になります。")
                })?,
            });
        }
        if let Some(axis) = open {
            let others = axes.iter().product::<usize>().max(1);
            axes[axis] = from.count() / others;
        }
        self.viewed(axes)
    }

    pub(super) fn squeeze(&self) -> Folded {
        let own = &self.first().axes;
        let listed = self.list(1, "axes").filter(|axes| !axes.is_empty());
        let gone: Vec<usize> = match listed {
            Some(axes) => axes
                .iter()
                .map(|&axis| axis_of(axis, own.len()))
                .collect::<Result<_, _>>()?,
            None => (0..own.len()).filter(|&axis| own[axis] == 1).collect(),
        };
        let axes = (0..own.len()).filter(|axis| !gone.contains(axis));
        self.viewed(axes.map(|axis| own[axis]).collect())
    }

    pub(super) fn unsqueeze(&self) -> Folded {
        let own = &self.first().axes;
        let new = self.list(1, "axes").ok_or_else(|| missing("axes"))?;
        let rank = own.len() + new.len();
        let new: Vec<usize> = new
            .iter()
            .map(|&axis| axis_of(axis, rank))
            .collect::<Result<_, _>>()?;
        let mut rest = own.iter();
        let axes = (0..rank).map(|axis| {
            if new.contains(&axis) {
                1
            } else {
                rest.next().copied().unwrap_or(1)
            }
        });
        self.viewed(axes.collect())
    }

    pub(super) fn flatten(&self) -> Folded {
        let own = &self.first().axes;
        let axis = self.integer("axis").unwrap_or(1);
        let axis = if axis < 0 {
            axis + own.len() as i64
        } else {
            axis
        };
        let axis = usize::try_from(axis).unwrap_or(0).min(own.len());
        let (outer, inner) = own.split_at(axis);
        self.viewed(vec![outer.iter().product(), inner.iter().product()])
    }

    pub(super) fn transpose(&self) -> Folded {
        let from = self.first();
        let rank = from.axes.len();
        let order: Vec<usize> = match self.integers("perm") {
            Some(order) => order
                .iter()
                .map(|&axis| axis_of(axis, rank))
                .collect::<Result<_, _>>()?,
            None => (0..rank).rev().collect(),
        };
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if sorted != (0..rank).collect::<Vec<_>>() {
            return Err(says!(
                en: "its perm {order:?} is no order of {rank} axes",
                ja: "perm {order:?} は {rank} 個の軸の並べ替えではありません。"
            ));
        }
        let strides = strides(&from.axes);
        let along: Vec<Vec<usize>> = order
            .iter()
            .map(|&axis| (0..from.axes[axis]).map(|at| at * strides[axis]).collect())
            .collect();
        let axes = order.iter().map(|&axis| from.axes[axis]).collect();
        Ok(picked(from, axes, &places(&along)))
    }

    pub(super) fn expand(&self) -> Folded {
        let from = self.first();
        let Some(Some(shape)) = self.inputs.get(1) else {
            return Err(missing("shape"));
        };
        let axes = broadcast_axes(&from.axes, &lengths(shape)?)?;
        let places = broadcast_places(&from.axes, &axes);
        Ok(picked(from, axes, &places))
    }

    pub(super) fn tile(&self) -> Folded {
        let from = self.first();
        let Some(Some(repeats)) = self.inputs.get(1) else {
            return Err(missing("repeats"));
        };
        let repeats = lengths(repeats)?;
        if repeats.len() != from.axes.len() {
            return Err(missing("repeats"));
        }
        let axes: Option<Vec<usize>> = repeats
            .iter()
            .zip(&from.axes)
            .map(|(&times, &length)| length.checked_mul(times))
            .collect();
        let axes = axes.unwrap_or_else(|| vec![usize::MAX]);
        counted(&axes)?;
        let strides = strides(&from.axes);
        let along: Vec<Vec<usize>> = (0..axes.len())
            .map(|axis| {
                (0..axes[axis])
                    .map(|at| at % from.axes[axis].max(1) * strides[axis])
                    .collect()
            })
            .collect();
        Ok(picked(from, axes, &places(&along)))
    }

    pub(super) fn gather(&self) -> Folded {
        let from = self.first();
        let Some(Some(indices)) = self.inputs.get(1) else {
            return Err(missing("indices"));
        };
        let axis = axis_of(self.integer("axis").unwrap_or(0), from.axes.len())?;
        let strides = strides(&from.axes);
        let length = from.axes[axis];
        let steps = indices.as_integers().unwrap_or_default().iter().map(|&at| {
            let place = if at < 0 { at + length as i64 } else { at };
            let place = usize::try_from(place).ok().filter(|&place| place < length);
            place.map(|place| place * strides[axis]).ok_or_else(|| {
                says!(
                    en: "index {at} is outside an axis of {length}",
                    ja: "添字 {at} が長さ {length} の軸の外です。"
                )
            })
        });
        let mut along: Vec<Vec<usize>> = (0..from.axes.len())
            .map(|axis| (0..from.axes[axis]).map(|at| at * strides[axis]).collect())
            .collect();
        along[axis] = steps.collect::<Result<_, _>>()?;
        let mut axes = from.axes.clone();
        axes.splice(axis..=axis, indices.axes.iter().copied());
        counted(&axes)?;
        Ok(picked(from, axes, &places(&along)))
    }

    pub(super) fn slice(&self) -> Folded {
        let from = self.first();
        let starts = self.list(1, "starts").ok_or_else(|| missing("starts"))?;
        let ends = self.list(2, "ends").ok_or_else(|| missing("ends"))?;
        let axes = self.list(3, "axes");
        let axes = axes.unwrap_or_else(|| (0..starts.len() as i64).collect());
        let steps = self.list(4, "steps");
        let steps = steps.unwrap_or_else(|| vec![1; starts.len()]);
        if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
            return Err(says!(
                en: "its starts, ends, axes and steps are not equally many",
                ja: "starts、ends、axes、steps の個数が一致しません。"
            ));
        }
        let strides = strides(&from.axes);
        let mut along: Vec<Vec<usize>> = (0..from.axes.len())
            .map(|axis| (0..from.axes[axis]).map(|at| at * strides[axis]).collect())
            .collect();
        for (number, &axis) in axes.iter().enumerate() {
            let axis = axis_of(axis, from.axes.len())?;
            let indices = sliced(from.axes[axis], starts[number], ends[number], steps[number]);
            let indices =
                indices.ok_or_else(|| says!(en: "its step is 0", ja: "刻みが 0 です。"))?;
            along[axis] = indices.iter().map(|&at| at * strides[axis]).collect();
        }
        let axes = along.iter().map(Vec::len).collect();
        Ok(picked(from, axes, &places(&along)))
    }

    pub(super) fn concat(&self) -> Folded {
        let parts: Vec<&Constant> = self.inputs.iter().copied().flatten().collect();
        let first = self.first();
        let axis = axis_of(self.integer("axis").unwrap_or(0), first.axes.len())?;
        let same = |one: &&Constant| {
            let others = |axes: &[usize]| {
                let mut axes = axes.to_vec();
                if axis < axes.len() {
                    axes[axis] = 0;
                }
                axes
            };
            others(&one.axes) == others(&first.axes)
        };
        if !parts.iter().all(same) {
            return Err(says!(
                en: "its inputs differ in more than the axis that they are joined along",
                ja: "連結する軸のほかにも、長さの違う軸があります。"
            ));
        }
        let mut axes = first.axes.clone();
        axes[axis] = parts.iter().map(|part| part.axes[axis]).sum();
        counted(&axes)?;
        let outer: usize = axes[..axis].iter().product();
        let runs: Vec<usize> = parts
            .iter()
            .map(|part| part.axes[axis..].iter().product())
            .collect();
        let numbers = if parts.iter().all(|part| part.as_integers().is_some()) {
            let mut all = Vec::new();
            for at in 0..outer {
                for (part, &run) in parts.iter().zip(&runs) {
                    all.extend(&part.as_integers().unwrap_or_default()[at * run..][..run]);
                }
            }
            Numbers::Integers(Arc::new(all))
        } else {
            let mut all = Vec::new();
            for at in 0..outer {
                for (part, &run) in parts.iter().zip(&runs) {
                    match &part.numbers {
                        Numbers::Floats(numbers) => all.extend(&numbers[at * run..][..run]),
                        Numbers::Integers(_) | Numbers::Unread => return Err(missing("inputs")),
                    }
                }
            }
            Numbers::Floats(Arc::new(all))
        };
        Ok(Constant {
            axes,
            element: first.element,
            numbers,
        })
    }
}

/// The indices of a slice of an axis; `None` for a step of 0.
pub(in crate::network::onnx) fn sliced(
    length: usize,
    start: i64,
    end: i64,
    step: i64,
) -> Option<Vec<usize>> {
    let length = length as i64;
    let from_start = |at: i64| {
        if at < 0 {
            at.saturating_add(length)
        } else {
            at
        }
    };
    let (start, end) = (from_start(start), from_start(end));
    if step == 0 {
        return None;
    }
    let mut indices = Vec::new();
    if step > 0 {
        let (mut at, end) = (start.clamp(0, length), end.clamp(0, length));
        while at < end {
            indices.push(at as usize);
            at = at.saturating_add(step);
        }
    } else {
        let (mut at, end) = (start.clamp(-1, length - 1), end.clamp(-1, length - 1));
        while at > end {
            indices.push(at as usize);
            at = at.saturating_add(step);
        }
    }
    Some(indices)
}
