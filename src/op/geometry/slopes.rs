//! Negative elements times a slope that is learned, one for all channels or one for each: `PReLU`.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::Term;
use crate::tensor::Shape;

use super::broadcast::slope;
use super::elementwise::CLIP;
use super::mapping::Mapping;
use super::rearrange::moved;

/// A tensor whose slopes change along an axis, or not at all.
#[derive(Debug)]
pub(crate) struct Slopes {
    shape: Shape,
    /// How many slopes there are, one after another.
    count: usize,
    /// How many neighbouring elements have the same.
    run: usize,
}

impl Slopes {
    /// One slope for all elements.
    pub fn same(shape: Shape) -> Self {
        Self {
            shape,
            count: 1,
            run: shape.count().max(1),
        }
    }

    /// A slope for each place along an axis; `None` where there is no such axis.
    pub fn along(shape: Shape, axis: usize) -> Option<Self> {
        let count = *shape.axes().get(axis)?;
        let run = shape.axes()[axis + 1..].iter().product();
        Some(Self { shape, count, run })
    }
}

impl Mapping for Slopes {
    fn output(&self) -> [usize; 3] {
        self.shape.as_chw()
    }

    fn phases(&self) -> &'static [Phase] {
        CLIP
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

    fn value(&self, _: [usize; 3], _: &[TermValue], running: f32, vectors: &[f32]) -> f32 {
        slope(running, vectors.first().copied().unwrap_or(1.0))
    }

    fn vector_place(&self, at: [usize; 3]) -> Option<usize> {
        Some(self.shape.chw_offset(at)? / self.run % self.count)
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let slopes = operands.per_channel().next().unwrap_or(&[1.0]);
        let inputs = operands.input().data().chunks(self.run);
        let runs = inputs.zip(out.chunks_mut(self.run));
        for ((input, out), &by) in runs.zip(slopes.iter().cycle()) {
            for (out, value) in out.iter_mut().zip(input) {
                *out = slope(*value, by);
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let all = self.shape.count() as u128;
        Some((WorkUnit::Operations, Some(1), all))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let [_, rows, columns] = self.shape.as_chw();
        let kept = |result| AxisFormula::Kept { result };
        vec![("H", kept(rows)), ("W", kept(columns))]
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
