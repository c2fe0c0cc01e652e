//! The geometry of reductions: one number from each group of elements.

use crate::op::elementary::exp;
use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::Term;

use super::Mapping;
use super::groups::{GroupedTensor, Groups, index_in, place_in};
use super::rearrange::moved;

/// What is made of the elements of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reduce {
    Sum,
    Mean,
    Max,
    Min,
    Prod,
    /// The number of the largest element; of several, the first, or the last.
    ArgMax {
        last: bool,
    },
    /// The number of the smallest.
    ArgMin {
        last: bool,
    },
    /// `(Σ |x|^p)^(1/p)`; the largest |x| at infinity, how many are not 0 at 0.
    Norm {
        order: f64,
    },
    /// `Σ x²`.
    SumSquare,
    /// `ln Σ x`.
    LogSum,
    /// `ln Σ e^x`.
    LogSumExp,
}

/// One output element a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reduction {
    pub input: GroupedTensor,
    /// Planes, rows and columns of the output.
    pub output: [usize; 3],
    pub kind: Reduce,
}

/// `|x|^p` with the usual powers without a function call.
#[inline]
pub(super) fn power(value: f32, order: f64) -> f64 {
    let size = f64::from(value.abs());
    if order == 2.0 {
        size * size
    } else if order == 1.0 {
        size
    } else {
        size.powf(order)
    }
}

/// The `p`-th root of a sum of powers.
#[inline]
pub(super) fn root(sum: f64, order: f64) -> f64 {
    if order == 2.0 {
        sum.sqrt()
    } else if order == 1.0 {
        sum
    } else {
        sum.powf(1.0 / order)
    }
}

/// The larger of two; not a number where one is not.
#[inline]
pub(super) fn larger(left: f64, right: f64) -> f64 {
    if right > left || right.is_nan() {
        right
    } else {
        left
    }
}

#[inline]
fn smaller(left: f64, right: f64) -> f64 {
    if right < left || right.is_nan() {
        right
    } else {
        left
    }
}

/// Folds each group into a number. `add` is given the sum so far, an element and its group; `join`
/// joins two sums.
pub(super) fn fold(
    groups: &Groups,
    input: &[f32],
    sums: &mut [f64],
    start: f64,
    add: impl Fn(f64, f32, usize) -> f64,
    join: impl Fn(f64, f64) -> f64,
) {
    const LANES: usize = 8;
    sums.fill(start);
    let (length, together) = groups.block();
    for block in groups.blocks() {
        let values = &input[block.start..][..length];
        if together {
            let mut lanes = [start; LANES];
            let (eights, rest) = values.as_chunks::<LANES>();
            for eight in eights {
                for (lane, value) in lanes.iter_mut().zip(eight) {
                    *lane = add(*lane, *value, block.group);
                }
            }
            for (lane, value) in lanes.iter_mut().zip(rest) {
                *lane = add(*lane, *value, block.group);
            }
            let joined = lanes.into_iter().fold(start, &join);
            sums[block.group] = join(sums[block.group], joined);
        } else {
            let sums = &mut sums[block.group..][..length];
            for (inside, (sum, value)) in sums.iter_mut().zip(values).enumerate() {
                *sum = add(*sum, *value, block.group + inside);
            }
        }
    }
}

/// The number of the element of each group that wins.
fn places(
    groups: &Groups,
    input: &[f32],
    out: &mut [f32],
    last: bool,
    beats: impl Fn(f32, f32) -> bool,
) {
    let (length, together) = groups.block();
    let mut best: Vec<Option<f32>> = vec![None; out.len()];
    for block in groups.blocks() {
        for (inside, &value) in input[block.start..][..length].iter().enumerate() {
            let (group, number) = if together {
                (block.group, block.number + inside)
            } else {
                (block.group + inside, block.number)
            };
            if wins(value, best[group], last, &beats) {
                best[group] = Some(value);
                out[group] = number as f32;
            }
        }
    }
}

/// Whether a value takes the place of the best so far. What is not a number beats every number.
fn wins(value: f32, best: Option<f32>, last: bool, beats: &impl Fn(f32, f32) -> bool) -> bool {
    match best {
        None => true,
        Some(best) if best.is_nan() => last && value.is_nan(),
        Some(best) => value.is_nan() || beats(value, best) || (last && value == best),
    }
}

fn more(value: f32, best: f32) -> bool {
    value > best
}

fn less(value: f32, best: f32) -> bool {
    value < best
}

/// The largest, or 0 where it is infinite: what is taken off before an exponential.
fn finite(largest: f64) -> f64 {
    if largest.is_infinite() { 0.0 } else { largest }
}

/// Each group folded into a number, and what is made of that.
fn reduce(
    groups: &Groups,
    input: &[f32],
    out: &mut [f32],
    start: f64,
    add: impl Fn(f64, f32) -> f64,
    join: impl Fn(f64, f64) -> f64,
    finish: impl Fn(f64) -> f64,
) {
    let mut sums = vec![0.0; out.len()];
    let add = |sum: f64, value: f32, _: usize| add(sum, value);
    fold(groups, input, &mut sums, start, add, join);
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = finish(sum) as f32;
    }
}

fn plus(left: f64, right: f64) -> f64 {
    left + right
}

fn log_sum_exp(groups: &Groups, input: &[f32], out: &mut [f32]) {
    let mut largest = vec![0.0; out.len()];
    let compare = |sum: f64, value: f32, _: usize| larger(sum, f64::from(value));
    fold(
        groups,
        input,
        &mut largest,
        f64::NEG_INFINITY,
        compare,
        larger,
    );
    for largest in &mut largest {
        *largest = finite(*largest);
    }
    let mut sums = vec![0.0; out.len()];
    let add = |sum: f64, value: f32, group: usize| sum + (f64::from(value) - largest[group]).exp();
    fold(groups, input, &mut sums, 0.0, add, plus);
    for ((out, sum), largest) in out.iter_mut().zip(sums).zip(&largest) {
        *out = (sum.ln() + largest) as f32;
    }
}

impl Reduce {
    fn evaluate(self, groups: &Groups, input: &[f32], out: &mut [f32]) {
        use std::convert::identity;
        let number = |sum: f64, value: f32| sum + f64::from(value);
        let length = groups.length() as f64;
        match self {
            Self::ArgMax { last } => places(groups, input, out, last, more),
            Self::ArgMin { last } => places(groups, input, out, last, less),
            Self::LogSumExp => log_sum_exp(groups, input, out),
            Self::Sum => reduce(groups, input, out, 0.0, number, plus, identity),
            Self::Mean => reduce(groups, input, out, 0.0, number, plus, |sum| sum / length),
            Self::LogSum => reduce(groups, input, out, 0.0, number, plus, f64::ln),
            Self::Max => {
                let add = |sum: f64, value: f32| larger(sum, f64::from(value));
                reduce(groups, input, out, f64::NEG_INFINITY, add, larger, identity);
            }
            Self::Min => {
                let add = |sum: f64, value: f32| smaller(sum, f64::from(value));
                reduce(groups, input, out, f64::INFINITY, add, smaller, identity);
            }
            Self::Prod => {
                let add = |sum: f64, value: f32| sum * f64::from(value);
                let times = |left: f64, right: f64| left * right;
                reduce(groups, input, out, 1.0, add, times, identity);
            }
            Self::SumSquare => {
                let add = |sum: f64, value: f32| sum + power(value, 2.0);
                reduce(groups, input, out, 0.0, add, plus, identity);
            }
            Self::Norm { order } if order == f64::INFINITY => {
                let add = |sum: f64, value: f32| larger(sum, f64::from(value.abs()));
                reduce(groups, input, out, 0.0, add, larger, identity);
            }
            Self::Norm { order } if order == f64::NEG_INFINITY => {
                let add = |sum: f64, value: f32| smaller(sum, f64::from(value.abs()));
                reduce(groups, input, out, f64::INFINITY, add, smaller, identity);
            }
            Self::Norm { order: 0.0 } => {
                let add = |sum: f64, value: f32| sum + f64::from(u8::from(value != 0.0));
                reduce(groups, input, out, 0.0, add, plus, identity);
            }
            Self::Norm { order } => {
                let add = |sum: f64, value: f32| sum + power(value, order);
                let finish = |sum: f64| root(sum, order);
                reduce(groups, input, out, 0.0, add, plus, finish);
            }
        }
    }

    /// The same from the terms of a step, and their sum, mean or maximum in order.
    fn explain(self, terms: &[TermValue], running: f32) -> f32 {
        let values = || terms.iter().map(|term| term.input);
        let sum = |of: &dyn Fn(f32) -> f64| values().map(of).sum::<f64>();
        let place = |last: bool, beats: fn(f32, f32) -> bool| {
            let mut best = None;
            let mut place = 0;
            for (number, value) in values().enumerate() {
                if wins(value, best, last, &beats) {
                    (best, place) = (Some(value), number);
                }
            }
            place as f32
        };
        match self {
            Self::Sum | Self::Mean | Self::Max => running,
            Self::Min => values().map(f64::from).fold(f64::INFINITY, smaller) as f32,
            Self::Prod => values().map(f64::from).product::<f64>() as f32,
            Self::ArgMax { last } => place(last, more),
            Self::ArgMin { last } => place(last, less),
            Self::SumSquare => sum(&|value| power(value, 2.0)) as f32,
            Self::LogSum => sum(&f64::from).ln() as f32,
            Self::LogSumExp => {
                let largest = values().map(f64::from).fold(f64::NEG_INFINITY, larger);
                let largest = finite(largest);
                (sum(&|value| (f64::from(value) - largest).exp()).ln() + largest) as f32
            }
            Self::Norm { order } => {
                let sizes = values().map(|value| f64::from(value.abs()));
                let norm = if order == f64::INFINITY {
                    sizes.fold(0.0, larger)
                } else if order == f64::NEG_INFINITY {
                    sizes.fold(f64::INFINITY, smaller)
                } else if order == 0.0 {
                    sum(&|value| f64::from(u8::from(value != 0.0)))
                } else {
                    root(sum(&|value| power(value, order)), order)
                };
                norm as f32
            }
        }
    }
}

impl Mapping for Reduction {
    fn output(&self) -> [usize; 3] {
        self.output
    }

    fn phases(&self) -> &'static [Phase] {
        match self.kind {
            Reduce::Max | Reduce::Min | Reduce::ArgMax { .. } | Reduce::ArgMin { .. } => {
                &[Phase::Travel, Phase::Compare, Phase::Emit]
            }
            Reduce::Mean => &[Phase::Travel, Phase::Accumulate, Phase::Divide, Phase::Emit],
            Reduce::Sum
            | Reduce::Prod
            | Reduce::Norm { .. }
            | Reduce::SumSquare
            | Reduce::LogSum
            | Reduce::LogSumExp => &[Phase::Travel, Phase::Accumulate, Phase::Emit],
        }
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.input.groups.length()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let group = place_in(self.output, at);
        moved(self.input.index(self.input.groups.place(group, number)))
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let field = self.reads(at);
        super::groups::hull(&field)
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        self.kind.explain(terms, running)
    }

    fn summand(&self, term: &TermValue) -> f32 {
        match self.kind {
            Reduce::Norm { order } if order.is_infinite() => term.input.abs(),
            Reduce::Norm { order } => power(term.input, order) as f32,
            Reduce::SumSquare => term.input * term.input,
            Reduce::LogSumExp => exp(term.input),
            Reduce::Sum
            | Reduce::Mean
            | Reduce::Prod
            | Reduce::Max
            | Reduce::Min
            | Reduce::ArgMax { .. }
            | Reduce::ArgMin { .. }
            | Reduce::LogSum => term.input,
        }
    }

    fn compares(&self) -> bool {
        match self.kind {
            Reduce::Max | Reduce::ArgMax { .. } => true,
            Reduce::Sum
            | Reduce::Mean
            | Reduce::Min
            | Reduce::Prod
            | Reduce::ArgMin { .. }
            | Reduce::Norm { .. }
            | Reduce::SumSquare
            | Reduce::LogSum
            | Reduce::LogSumExp => false,
        }
    }

    fn divisor(&self, _at: [usize; 3]) -> Option<usize> {
        (self.kind == Reduce::Mean).then(|| self.input.groups.length())
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        self.kind.evaluate(&self.input.groups, input, out);
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = self.input.groups.length() as u128;
        let all = self.input.shape.count() as u128;
        Some((WorkUnit::Operations, Some(each), all))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        super::groups::kept_formula(self.output)
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let group = place_in(self.output, at);
        self.input.group_of(self.input.groups.place(group, 0))
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let place = place_in(self.input.shape.as_chw(), input);
        Field::single(index_in(self.output, self.input.groups.locate(place).0))
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        let [_, rows, columns] = self.input.shape.as_chw();
        let tensor = &self.input;
        let columns_kept = tensor.keeps_from_behind(0) && self.output[2] == columns;
        let rows_kept = columns_kept && tensor.keeps_from_behind(1) && self.output[1] == rows;
        match axis {
            0 if rows_kept => span,
            0 => (0, rows as i64 - 1),
            _ if columns_kept => span,
            _ => (0, columns as i64 - 1),
        }
    }
}
