//! The geometry of operations that look at a whole group for each of its elements: softmax along an
//! axis, layer and group normalisation, division by a norm.

use crate::op::elementary::exp;
use crate::op::evaluate::threads::for_each_chunk;
use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::Term;

use super::Mapping;
use super::groups::{GroupedTensor, Groups, hull, kept_formula, place_in};
use super::rearrange::moved;
use super::reduction::{fold, larger, power, root};

/// What becomes of an element, given its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum RowFunction {
    /// `e^x / Σ e^x`.
    Softmax,
    /// `e^−x / Σ e^−x`.
    Softmin,
    /// `x − ln Σ e^x`.
    LogSoftmax,
    /// 1 for the first of the largest, 0 for the others.
    Hardmax,
    /// `(x − mean) / (√(variance + eps) + outside)`.
    Standardize { eps: f64, outside: f64 },
    /// `x / √(mean of x² + eps)`.
    RootMeanSquare { eps: f64 },
    /// `x / max(norm, eps)`.
    Norm { order: f64, eps: f64 },
}

/// Which number of the operands an element is multiplied by, and has added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Affine {
    /// There are none.
    None,
    /// That of its number in its group.
    PerElement,
    /// That of its channel.
    PerChannel {
        channels: usize,
        /// Elements of a channel that lie together.
        inner: usize,
    },
}

/// As many output elements as input elements.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowWise {
    pub tensor: GroupedTensor,
    pub function: RowFunction,
    pub affine: Affine,
}

/// About how many elements are worked on at a time: what the cache of a core holds twice.
const PART: usize = 1 << 14;

/// What an element costs, in multiply-accumulates.
const EACH: usize = 8;

/// The two folds over a group, and what is made of an element between and after them.
struct Passes<First, Between, Each, Second, End, Finish> {
    /// Where the first fold starts.
    start: f64,
    /// The first fold.
    first: First,
    /// Joins two of its sums.
    join: fn(f64, f64) -> f64,
    /// What is made of its result, given the number of elements.
    between: Between,
    /// What is made of an element with that.
    each: Each,
    /// The second fold, over what was made.
    second: Second,
    /// What is made of its result, given the number of elements.
    end: End,
    /// The output, of what was made and of that.
    finish: Finish,
}

impl<First, Between, Each, Second, End, Finish> Passes<First, Between, Each, Second, End, Finish>
where
    First: Fn(f64, f32) -> f64,
    Between: Fn(f64, f64) -> f64,
    Each: Fn(f32, f64) -> f32,
    Second: Fn(f64, f32) -> f64,
    End: Fn(f64, f64) -> f64,
    Finish: Fn(f32, f64) -> f32,
{
    fn run(&self, groups: &Groups, input: &[f32], out: &mut [f32]) {
        let count = groups.length() as f64;
        let mut sums = vec![0.0; groups.count()];
        let first = |sum: f64, value: f32, _: usize| (self.first)(sum, value);
        fold(groups, input, &mut sums, self.start, first, self.join);
        for sum in &mut sums {
            *sum = (self.between)(*sum, count);
        }
        let (length, together) = groups.block();
        for block in groups.blocks() {
            let values = &input[block.start..][..length];
            let out = &mut out[block.start..][..length];
            if together {
                let known = sums[block.group];
                for (out, value) in out.iter_mut().zip(values) {
                    *out = (self.each)(*value, known);
                }
            } else {
                let sums = &sums[block.group..][..length];
                for ((out, value), known) in out.iter_mut().zip(values).zip(sums) {
                    *out = (self.each)(*value, *known);
                }
            }
        }
        let second = |sum: f64, value: f32, _: usize| (self.second)(sum, value);
        let plus = |left: f64, right: f64| left + right;
        fold(groups, out, &mut sums, 0.0, second, plus);
        for sum in &mut sums {
            *sum = (self.end)(*sum, count);
        }
        for block in groups.blocks() {
            let out = &mut out[block.start..][..length];
            if together {
                let known = sums[block.group];
                for out in out {
                    *out = (self.finish)(*out, known);
                }
            } else {
                let sums = &sums[block.group..][..length];
                for (out, known) in out.iter_mut().zip(sums) {
                    *out = (self.finish)(*out, *known);
                }
            }
        }
    }
}

fn plus(left: f64, right: f64) -> f64 {
    left + right
}

fn divided(value: f32, by: f64) -> f32 {
    value / by as f32
}

impl RowFunction {
    fn evaluate(self, groups: &Groups, input: &[f32], out: &mut [f32]) {
        let as_is = |sum: f64, _: f64| sum;
        match self {
            Self::Softmax => Passes {
                start: f64::NEG_INFINITY,
                first: |sum, value| larger(sum, f64::from(value)),
                join: larger,
                between: as_is,
                each: |value: f32, largest| exp(value - largest as f32),
                second: |sum, power| sum + f64::from(power),
                end: as_is,
                finish: divided,
            }
            .run(groups, input, out),
            Self::Softmin => Passes {
                start: f64::NEG_INFINITY,
                first: |sum, value: f32| larger(sum, f64::from(-value)),
                join: larger,
                between: as_is,
                each: |value: f32, largest| exp(-value - largest as f32),
                second: |sum, power| sum + f64::from(power),
                end: as_is,
                finish: divided,
            }
            .run(groups, input, out),
            Self::LogSoftmax => Passes {
                start: f64::NEG_INFINITY,
                first: |sum, value| larger(sum, f64::from(value)),
                join: larger,
                between: as_is,
                each: |value, largest| value - largest as f32,
                second: |sum, value: f32| sum + f64::from(exp(value)),
                end: |sum: f64, _| sum.ln(),
                finish: |value, logarithm| value - logarithm as f32,
            }
            .run(groups, input, out),
            Self::Hardmax => hardmax(groups, input, out),
            Self::Standardize { eps, outside } => Passes {
                start: 0.0,
                first: |sum, value| sum + f64::from(value),
                join: plus,
                between: |sum, count| sum / count,
                each: |value, mean| (f64::from(value) - mean) as f32,
                second: |sum, away| sum + power(away, 2.0),
                end: |sum: f64, count: f64| 1.0 / ((sum / count + eps).sqrt() + outside),
                finish: |away, factor| away * factor as f32,
            }
            .run(groups, input, out),
            Self::RootMeanSquare { eps } => Passes {
                start: 0.0,
                first: |sum, _| sum,
                join: plus,
                between: as_is,
                each: |value, _| value,
                second: |sum, value| sum + power(value, 2.0),
                end: |sum: f64, count: f64| 1.0 / (sum / count + eps).sqrt(),
                finish: |value, factor| value * factor as f32,
            }
            .run(groups, input, out),
            Self::Norm { order, eps } if order == f64::INFINITY => Passes {
                start: 0.0,
                first: |sum, value: f32| larger(sum, f64::from(value.abs())),
                join: larger,
                between: as_is,
                each: |value, norm: f64| value / norm.max(eps) as f32,
                second: |sum, _| sum,
                end: as_is,
                finish: |value, _| value,
            }
            .run(groups, input, out),
            Self::Norm { order, eps } => Passes {
                start: 0.0,
                first: |sum, _| sum,
                join: plus,
                between: as_is,
                each: |value, _| value,
                second: |sum, value| sum + power(value, order),
                end: |sum: f64, _| root(sum, order).max(eps),
                finish: divided,
            }
            .run(groups, input, out),
        }
    }

    /// The same for one element, given its whole group.
    fn explain(self, value: f32, own: usize, terms: &[TermValue]) -> f32 {
        let values = || terms.iter().map(|term| f64::from(term.input));
        let count = terms.len() as f64;
        let value = f64::from(value);
        let largest = || values().fold(f64::NEG_INFINITY, larger);
        let result = match self {
            Self::Softmax => {
                let largest = largest();
                (value - largest).exp() / values().map(|value| (value - largest).exp()).sum::<f64>()
            }
            Self::Softmin => {
                let smallest = -values().map(|value| -value).fold(f64::NEG_INFINITY, larger);
                let sum: f64 = values().map(|value| (smallest - value).exp()).sum();
                (smallest - value).exp() / sum
            }
            Self::LogSoftmax => {
                let largest = largest();
                let sum: f64 = values().map(|value| (value - largest).exp()).sum();
                value - largest - sum.ln()
            }
            Self::Hardmax => {
                let largest = largest();
                let first = values().position(|value| value == largest);
                f64::from(u8::from(first == Some(own)))
            }
            Self::Standardize { eps, outside } => {
                let mean = values().sum::<f64>() / count;
                let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
                (value - mean) / ((variance + eps).sqrt() + outside)
            }
            Self::RootMeanSquare { eps } => {
                let mean = values().map(|value| value * value).sum::<f64>() / count;
                value / (mean + eps).sqrt()
            }
            Self::Norm { order, eps } if order == f64::INFINITY => {
                value / values().map(f64::abs).fold(0.0, larger).max(eps)
            }
            Self::Norm { order, eps } => {
                let powers = terms.iter().map(|term| power(term.input, order));
                value / root(powers.sum(), order).max(eps)
            }
        };
        result as f32
    }
}

fn hardmax(groups: &Groups, input: &[f32], out: &mut [f32]) {
    out.fill(0.0);
    for group in 0..groups.count() {
        let mut best = groups.place(group, 0);
        for number in 1..groups.length() {
            let place = groups.place(group, number);
            if input[place] > input[best] {
                best = place;
            }
        }
        out[best] = 1.0;
    }
}

impl RowWise {
    fn place(&self, at: [usize; 3]) -> usize {
        place_in(self.tensor.shape.as_chw(), at)
    }

    /// Multiplies by the first operand and adds the second to a part of the output.
    fn scale(&self, vectors: &[&[f32]], start: usize, out: &mut [f32]) {
        let (length, inner) = match self.affine {
            Affine::None => return,
            Affine::PerElement => (self.tensor.groups.length(), 1),
            Affine::PerChannel { channels, inner } => (channels, inner),
        };
        let mut done = 0;
        while done < out.len() {
            let place = start + done;
            let run = (inner - place % inner).min(out.len() - done);
            let channel = place / inner % length;
            if inner == 1 {
                // A number for each element: as many as there are before the first comes again.
                let run = (length - channel).min(out.len() - done);
                let out = &mut out[done..][..run];
                if let Some(scale) = vectors.first() {
                    for (out, scale) in out.iter_mut().zip(&scale[channel..]) {
                        *out *= scale;
                    }
                }
                if let Some(shift) = vectors.get(1) {
                    for (out, shift) in out.iter_mut().zip(&shift[channel..]) {
                        *out += shift;
                    }
                }
                done += run;
                continue;
            }
            let number = |vector: usize, usual: f32| {
                vectors.get(vector).map_or(usual, |vector| vector[channel])
            };
            let (scale, shift) = (number(0, 1.0), number(1, 0.0));
            for out in &mut out[done..][..run] {
                *out = *out * scale + shift;
            }
            done += run;
        }
    }
}

impl Mapping for RowWise {
    fn output(&self) -> [usize; 3] {
        self.tensor.shape.as_chw()
    }

    fn phases(&self) -> &'static [Phase] {
        match self.function {
            RowFunction::Hardmax => &[Phase::Travel, Phase::Compare, Phase::Emit],
            RowFunction::Softmax
            | RowFunction::Softmin
            | RowFunction::LogSoftmax
            | RowFunction::Standardize { .. }
            | RowFunction::RootMeanSquare { .. }
            | RowFunction::Norm { .. } => {
                &[Phase::Travel, Phase::Accumulate, Phase::Divide, Phase::Emit]
            }
        }
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.tensor.groups.length()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let groups = &self.tensor.groups;
        let (group, _) = groups.locate(self.place(at));
        moved(self.tensor.index(groups.place(group, number)))
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        hull(&self.reads(at))
    }

    fn value(&self, at: [usize; 3], terms: &[TermValue], _running: f32, vectors: &[f32]) -> f32 {
        let (_, own) = self.tensor.groups.locate(self.place(at));
        let value = terms.get(own).map_or(0.0, |term| term.input);
        let value = self.function.explain(value, own, terms);
        match *vectors {
            [] => value,
            [scale] => value * scale,
            [scale, shift, ..] => value * scale + shift,
        }
    }

    fn summand(&self, term: &TermValue) -> f32 {
        match self.function {
            RowFunction::Softmax | RowFunction::LogSoftmax => exp(term.input),
            RowFunction::Softmin => exp(-term.input),
            RowFunction::RootMeanSquare { .. } => term.input * term.input,
            RowFunction::Norm { order, .. } if order == f64::INFINITY => term.input.abs(),
            RowFunction::Norm { order, .. } => power(term.input, order) as f32,
            RowFunction::Hardmax | RowFunction::Standardize { .. } => term.input,
        }
    }

    fn own(&self, at: [usize; 3]) -> Option<usize> {
        Some(self.tensor.groups.locate(self.place(at)).1)
    }

    fn vector_place(&self, at: [usize; 3]) -> Option<usize> {
        let place = self.place(at);
        match self.affine {
            Affine::None => None,
            Affine::PerElement => Some(self.tensor.groups.locate(place).1),
            Affine::PerChannel { channels, inner } => Some(place / inner % channels),
        }
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        let vectors = operands.per_channel().collect::<Vec<_>>();
        let parts = self.tensor.groups.parts(PART);
        // All parts but the last are equally long.
        let length = parts.first().map_or(1, |(_, part)| part.elements());
        let work = out.len().saturating_mul(EACH);
        for_each_chunk(out, length, work, |number, out| {
            let Some((start, part)) = parts.get(number) else {
                return;
            };
            let input = &input[*start..*start + out.len()];
            self.function.evaluate(part, input, out);
            self.scale(&vectors, *start, out);
        });
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        // Twice over the group, and once to make the output.
        let each = 3;
        let all = self.tensor.shape.count() as u128;
        Some((WorkUnit::Operations, Some(each), all * each))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        kept_formula(self.output())
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        self.tensor.group_of(self.place(at))
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        self.reads(input)
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        let lengths = self.output();
        let from_behind = 1 - axis.min(1);
        // The only axis of a row is a column; a line of channels has one row.
        let only_row = axis == 0 && self.tensor.shape.rank() < 3;
        if only_row || self.tensor.keeps_from_behind(from_behind) {
            span
        } else {
            (0, lengths[axis.min(1) + 1] as i64 - 1)
        }
    }
}
