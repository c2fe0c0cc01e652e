//! The geometry of `LocalResponseNorm`: each element against its neighbours in other channels.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};

use super::Mapping;
use super::groups::{index_in, kept_formula, place_in};
use super::rearrange::moved;

/// `x / (k + alpha · Σ x² / size)^beta`, the sum over `size` channels around each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LocalResponse {
    /// Planes, rows and columns of input and output.
    pub shape: [usize; 3],
    pub channels: usize,
    /// Elements of a channel.
    pub inner: usize,
    pub size: usize,
    pub alpha: f64,
    pub beta: f64,
    pub k: f64,
}

impl LocalResponse {
    /// Channels before an element's own.
    const fn before(&self) -> usize {
        self.size / 2
    }

    /// The place of a neighbour of an element, by its number; `None` outside.
    fn neighbour(&self, place: usize, number: usize) -> Option<usize> {
        let channel = place / self.inner % self.channels;
        let other = (channel + number).checked_sub(self.before())?;
        (other < self.channels).then(|| place - channel * self.inner + other * self.inner)
    }

    fn divided(&self, value: f32, squares: f32) -> f32 {
        let base = self.k as f32 + self.alpha as f32 * (squares / self.size as f32);
        value / base.powf(self.beta as f32)
    }

    /// The elements that share rows and columns with an element, so many channels before and behind.
    fn around(&self, at: [usize; 3], before: usize, behind: usize) -> Field {
        let place = place_in(self.shape, at);
        let channel = place / self.inner % self.channels;
        let first = channel.saturating_sub(before);
        let last = (channel + behind).min(self.channels - 1);
        let start = place - (channel - first) * self.inner;
        let [plane, row, column] = index_in(self.shape, start);
        let count = last - first + 1;
        let [_, rows, columns] = self.shape;
        // One channel further lies whole planes, or whole rows or columns behind.
        let along = |at: usize, step: usize| StridedRange {
            first: at as isize,
            last: (at + (count - 1) * step) as isize,
            step: step.max(1),
        };
        let (planes, of_rows, of_columns) = if self.inner.is_multiple_of(rows * columns) {
            let step = self.inner / (rows * columns);
            (
                along(plane, step),
                StridedRange::single(row),
                StridedRange::single(column),
            )
        } else if self.inner.is_multiple_of(columns) {
            let step = self.inner / columns;
            (
                StridedRange::single(plane),
                along(row, step),
                StridedRange::single(column),
            )
        } else {
            let step = self.inner;
            (
                StridedRange::single(plane),
                StridedRange::single(row),
                along(column, step),
            )
        };
        Field::new(planes, vec![of_rows], vec![of_columns])
    }
}

impl Mapping for LocalResponse {
    fn output(&self) -> [usize; 3] {
        self.shape
    }

    fn phases(&self) -> &'static [Phase] {
        &[
            Phase::Travel,
            Phase::Multiply,
            Phase::Accumulate,
            Phase::Divide,
            Phase::Emit,
        ]
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.size
    }

    fn term_dims(&self, _at: [usize; 3]) -> [usize; 3] {
        [self.size, 1, 1]
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        match self.neighbour(place_in(self.shape, at), number) {
            Some(place) => moved(index_in(self.shape, place)),
            None => Term {
                source: TermSource::Beyond,
                ..moved(at)
            },
        }
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        super::groups::hull(&self.reads(at))
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], _running: f32, _vectors: &[f32]) -> f32 {
        let squares: f32 = terms.iter().map(|term| term.input * term.input).sum();
        let own = terms.get(self.before()).map_or(0.0, |term| term.input);
        self.divided(own, squares)
    }

    fn summand(&self, term: &TermValue) -> f32 {
        term.input * term.input
    }

    fn own(&self, _at: [usize; 3]) -> Option<usize> {
        Some(self.before())
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        let sample = self.channels * self.inner;
        let mut squares = vec![0.0_f32; self.inner];
        for (out, input) in out.chunks_exact_mut(sample).zip(input.chunks_exact(sample)) {
            for (channel, out) in out.chunks_exact_mut(self.inner).enumerate() {
                squares.fill(0.0);
                let first = channel.saturating_sub(self.before());
                let end = (channel + self.size - self.before()).min(self.channels);
                for values in input[first * self.inner..end * self.inner].chunks_exact(self.inner) {
                    for (sum, value) in squares.iter_mut().zip(values) {
                        *sum += value * value;
                    }
                }
                let values = &input[channel * self.inner..];
                for ((out, value), squares) in out.iter_mut().zip(values).zip(&squares) {
                    *out = self.divided(*value, *squares);
                }
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = self.size as u128;
        let all: u128 = self
            .shape
            .into_iter()
            .map(|length| length as u128)
            .product();
        Some((WorkUnit::Operations, Some(each), all * each))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        kept_formula(self.shape)
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        self.around(at, self.before(), self.size - 1 - self.before())
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        self.around(input, self.size - 1 - self.before(), self.before())
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        let [_, rows, columns] = self.shape;
        let across = self.inner < columns || (axis == 0 && self.inner < rows * columns);
        if across {
            (0, self.shape[axis.min(1) + 1] as i64 - 1)
        } else {
            span
        }
    }
}
