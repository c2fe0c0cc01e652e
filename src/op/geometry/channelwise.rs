//! The geometry of operations that scale and shift each channel by fixed numbers, wherever the axis of
//! the channels is.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::Term;

use super::Mapping;
use super::groups::{kept_formula, place_in};
use super::rearrange::moved;

/// `(x − mean) / √(variance + eps) · scale + shift`, four numbers a channel: the operands hold mean and
/// variance, and after them scale and shift where there are any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Channelwise {
    /// Planes, rows and columns of input and output.
    pub shape: [usize; 3],
    pub channels: usize,
    /// Elements of a channel that lie together.
    pub inner: usize,
    pub eps: f32,
}

/// Factor and summand of a channel, folded as PyTorch folds them.
pub(crate) fn folded(vectors: &[f32], eps: f32) -> (f32, f32) {
    let number = |place: usize, usual: f32| vectors.get(place).copied().unwrap_or(usual);
    let (mean, variance) = (number(0, 0.0), number(1, 1.0));
    let factor = number(2, 1.0) / (variance + eps).sqrt();
    (factor, number(3, 0.0) - mean * factor)
}

impl Channelwise {
    fn channel(&self, at: [usize; 3]) -> usize {
        place_in(self.shape, at) / self.inner % self.channels
    }
}

impl Mapping for Channelwise {
    fn output(&self) -> [usize; 3] {
        self.shape
    }

    fn phases(&self) -> &'static [Phase] {
        &[Phase::Lift, Phase::Multiply, Phase::Settle]
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        1
    }

    fn term(&self, at: [usize; 3], _number: usize) -> Term {
        moved(at)
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        (at.map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], _running: f32, vectors: &[f32]) -> f32 {
        let (factor, summand) = folded(vectors, self.eps);
        terms.first().map_or(0.0, |term| term.input) * factor + summand
    }

    fn vector_place(&self, at: [usize; 3]) -> Option<usize> {
        Some(self.channel(at))
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let folded: Vec<(f32, f32)> = (0..self.channels)
            .map(|channel| folded(&operands.vectors(channel), self.eps))
            .collect();
        let input = operands.input().data();
        let runs = out.chunks_exact_mut(self.inner);
        let runs = runs.zip(input.chunks_exact(self.inner));
        for ((out, input), (factor, summand)) in runs.zip(folded.iter().cycle()) {
            for (out, input) in out.iter_mut().zip(input) {
                *out = input * factor + summand;
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let all = self.shape.into_iter().map(|length| length as u128);
        Some((WorkUnit::Operations, Some(1), all.product()))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        kept_formula(self.shape)
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        Field::single(at)
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        Field::single(input)
    }

    fn places_read(&self, _axis: usize, span: (i64, i64)) -> (i64, i64) {
        span
    }
}
