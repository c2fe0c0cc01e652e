//! The geometry of `Embedding`: each number of the input names a row of a table. Which row that is stands
//! in the numbers, so a step looks at every row that could be named.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};
use crate::tensor::{Shape, Tensor, TensorError};

use super::mapping::Mapping;

/// Numbers of a shape, each of which becomes a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Embedded {
    pub input: Shape,
    /// The input with an axis more: that of a row.
    pub output: Shape,
    /// How many rows the table has.
    pub rows: usize,
    /// How long each is.
    pub length: usize,
}

impl Embedded {
    /// The number that an output element comes from.
    fn source(&self, at: [usize; 3]) -> [usize; 3] {
        let offset = self.output.chw_offset(at).unwrap_or(0) / self.length;
        self.input.chw_index(offset).unwrap_or_default()
    }

    /// The row that a number names; those below 0 count from the end. `None` where it names none.
    fn row(&self, number: f32) -> Option<usize> {
        let own = if number < 0.0 {
            number + self.rows as f32
        } else {
            number
        };
        let named = own >= 0.0 && own < self.rows as f32 && own.fract() == 0.0;
        named.then_some(own as usize)
    }

    fn column(&self, at: [usize; 3]) -> usize {
        self.output.chw_offset(at).unwrap_or(0) % self.length
    }
}

impl Mapping for Embedded {
    fn output(&self) -> [usize; 3] {
        self.output.as_chw()
    }

    fn phases(&self) -> &'static [Phase] {
        &[Phase::Lift, Phase::Compare, Phase::Settle]
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.rows
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let from = self.source(at);
        Term {
            padded: from,
            source: TermSource::Element(from),
            weight: Some([number, 0, 0, self.column(at)]),
            coefficient: None,
            factor: None,
            target: None,
        }
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        (self.source(at).map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _: &[f32]) -> f32 {
        let named = terms.first().and_then(|term| self.row(term.input));
        let term = named.and_then(|row| terms.get(row));
        term.map_or(running, |term| term.weight)
    }

    fn check(&self, operands: &Operands) -> Result<(), TensorError> {
        let mut numbers = operands.input().data().iter();
        match numbers.find(|number| self.row(**number).is_none()) {
            Some(number) => Err(TensorError::Index {
                index: number.to_string(),
                count: self.rows,
            }),
            None => Ok(()),
        }
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let table = operands.weight().map_or(&[][..], Tensor::data);
        let numbers = operands.input().data().iter();
        for (number, out) in numbers.zip(out.chunks_exact_mut(self.length)) {
            let row = self.row(*number).unwrap_or(0);
            if let Some(row) = table.get(row * self.length..(row + 1) * self.length) {
                out.copy_from_slice(row);
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        None
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        vec![(
            "W",
            AxisFormula::Kept {
                result: self.length,
            },
        )]
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        Field::single(self.source(at))
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let first = self.input.chw_offset(input).unwrap_or(0) * self.length;
        let [plane, row, column] = self.output.chw_index(first).unwrap_or_default();
        Field::new(
            StridedRange::single(plane),
            vec![StridedRange::single(row)],
            vec![StridedRange::contiguous(column, self.length)],
        )
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        // Rows of the output are the last axis of the input: other axes than they were.
        let length = self.input.as_chw()[axis + 1] as i64;
        (0.min(span.0), (length - 1).max(0))
    }
}
