//! The geometry of `Tril` and `Triu`: a triangle of each matrix stays, the rest becomes 0.

use std::ops::Range;

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};

use super::mapping::Mapping;
use super::rearrange::moved;
use super::rearrangement::nothing;

/// One triangle of each matrix of rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Triangle {
    /// How many matrices there are.
    pub matrices: usize,
    pub rows: usize,
    pub columns: usize,
    /// Whether rows are no axis that planes, rows and columns name as such: of a single matrix they
    /// are its planes.
    pub single: bool,
    /// Whether the upper triangle stays.
    pub upper: bool,
    /// The diagonal that bounds it: column less row.
    pub diagonal: i64,
}

impl Triangle {
    fn row(&self, [plane, row, _]: [usize; 3]) -> usize {
        if self.single { plane } else { row }
    }

    /// The columns of a row that stay.
    fn kept(&self, row: usize) -> Range<usize> {
        let columns = self.columns as i64;
        let bound = self.diagonal.saturating_add(row as i64);
        if self.upper {
            bound.clamp(0, columns) as usize..self.columns
        } else {
            0..bound.saturating_add(1).clamp(0, columns) as usize
        }
    }

    fn keeps(&self, at: [usize; 3]) -> bool {
        self.kept(self.row(at)).contains(&at[2])
    }
}

impl Mapping for Triangle {
    fn output(&self) -> [usize; 3] {
        if self.single {
            [self.rows, 1, self.columns]
        } else {
            [self.matrices, self.rows, self.columns]
        }
    }

    fn phases(&self) -> &'static [Phase] {
        &[Phase::Lift, Phase::Carry, Phase::Settle]
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        1
    }

    fn term(&self, at: [usize; 3], _number: usize) -> Term {
        let term = moved(at);
        if self.keeps(at) {
            term
        } else {
            Term {
                source: TermSource::Padding { from: None },
                ..term
            }
        }
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        (at.map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        terms.first().map_or(running, |term| term.input)
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let rows = operands.input().data().chunks_exact(self.columns);
        let both = rows.zip(out.chunks_exact_mut(self.columns));
        for (number, (row, out)) in both.enumerate() {
            let kept = self.kept(number % self.rows);
            out[..kept.start].fill(0.0);
            out[kept.clone()].copy_from_slice(&row[kept.clone()]);
            out[kept.end..].fill(0.0);
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        None
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let kept = |result| AxisFormula::Kept { result };
        vec![("H", kept(self.rows)), ("W", kept(self.columns))]
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        if !self.keeps(at) {
            return nothing();
        }
        let [plane, row, column] = at;
        Field::new(
            StridedRange::single(plane),
            vec![StridedRange::single(row)],
            vec![StridedRange::single(column)],
        )
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        self.reads(input)
    }

    fn places_read(&self, _axis: usize, span: (i64, i64)) -> (i64, i64) {
        span
    }

    fn index_code(&self) -> Option<String> {
        let row = if self.single { "f" } else { "y" };
        let sign = if self.upper { ">=" } else { "<=" };
        Some(format!(
            "a[f, y, x] if x - {row} {sign} {} else 0",
            self.diagonal
        ))
    }
}
