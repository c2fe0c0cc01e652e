//! The geometry of `Correlate`: windows over the channels of one tensor, whose weights are the planes
//! of another.

use crate::op::evaluate::convolution;
use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::Term;
use crate::tensor::Tensor;

use super::convolution::Convolution;
use super::mapping::Mapping;

/// A convolution over rows and columns without padding, with as many groups as channels, whose filters
/// are the planes of the second input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Correlation(pub Convolution);

impl Correlation {
    /// Planes that go over a channel.
    fn planes_a_channel(&self) -> usize {
        self.0.out_channels / self.0.channels
    }
}

impl Mapping for Correlation {
    fn output(&self) -> [usize; 3] {
        self.0.output()
    }

    fn phases(&self) -> &'static [Phase] {
        &[
            Phase::Travel,
            Phase::Multiply,
            Phase::Accumulate,
            Phase::Emit,
        ]
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.0.term_count()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let term = self.0.term(at, number);
        let element = |[plane, _, row, column]: [usize; 4]| (1, [plane, row, column]);
        Term {
            weight: None,
            factor: term.weight.map(element),
            ..term
        }
    }

    fn term_dims(&self, _at: [usize; 3]) -> [usize; 3] {
        let [_, height, width] = &self.0.axes;
        [1, height.kernel, width.kernel]
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        self.0.window(at)
    }

    fn value(&self, _at: [usize; 3], _terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        running
    }

    fn adds_up(&self) -> bool {
        true
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let planes = operands.other().map_or(&[][..], Tensor::data);
        convolution::evaluate(&self.0, operands.input().data(), planes, None, out);
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = self.0.term_count() as u128;
        let outputs = self.output().into_iter().map(|length| length as u128);
        Some((WorkUnit::Macs, Some(each), outputs.product::<u128>() * each))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let [_, height, width] = &self.0.axes;
        vec![
            ("H", AxisFormula::window(height)),
            ("W", AxisFormula::window(width)),
        ]
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let [plane, row, column] = at;
        let [_, height, width] = &self.0.axes;
        Field::new(
            StridedRange::single(plane / self.planes_a_channel()),
            vec![height.reads(row)],
            vec![width.reads(column)],
        )
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let [channel, row, column] = input;
        let [_, height, width] = &self.0.axes;
        let planes = self.planes_a_channel();
        Field::new(
            StridedRange::contiguous(channel * planes, planes),
            vec![height.feeds(row)],
            vec![width.feeds(column)],
        )
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        (first, last + self.0.axes[axis + 1].reach() as i64 - 1)
    }
}
