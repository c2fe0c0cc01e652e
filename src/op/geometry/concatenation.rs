//! The geometry of tensors one behind the other along an axis.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::{Term, TermSource};
use crate::tensor::{Shape, Tensor};

use super::groups::{index_in, place_in};
use super::mapping::Mapping;
use super::rearrange::moved;
use super::rearrangement::{MOVES, axis_names, nothing};

/// One of the tensors.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Its planes, rows and columns.
    dims: [usize; 3],
    /// Where it begins along the axis.
    start: usize,
    length: usize,
}

/// Tensors one behind the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Concatenation {
    pieces: Vec<Piece>,
    output: [usize; 3],
    /// Which of planes, rows and columns the axis belongs to.
    along: usize,
    /// Whether the axis is one that the tensors themselves do not have.
    new_axis: bool,
    /// Elements of all axes behind the one along which they stand.
    inner: usize,
    /// Length of the axis in the output.
    total: usize,
    formula: Vec<AxisFormula>,
}

impl Concatenation {
    /// Tensors of shapes that are alike but for one axis, with their lengths along it, which need not
    /// be an axis of theirs; `output` is the whole.
    pub fn new(
        shapes: &[Shape],
        lengths: &[usize],
        output: Shape,
        axis: usize,
        formula: Vec<AxisFormula>,
    ) -> Self {
        let mut start = 0;
        let pieces = shapes
            .iter()
            .zip(lengths)
            .map(|(shape, &length)| {
                let piece = Piece {
                    dims: shape.as_chw(),
                    start,
                    length,
                };
                start += length;
                piece
            })
            .collect();
        let behind = output.rank() - 1 - axis;
        Self {
            pieces,
            output: output.as_chw(),
            along: match behind {
                0 => 2,
                1 if output.rank() > 2 => 1,
                _ => 0,
            },
            new_axis: shapes.iter().any(|shape| shape.rank() != output.rank()),
            inner: output.axes()[axis + 1..].iter().product(),
            total: start,
            formula,
        }
    }

    /// The tensor that an output element is of, and its place there.
    fn source(&self, at: [usize; 3]) -> (usize, usize) {
        let place = place_in(self.output, at);
        let (inside, rest) = (place % self.inner, place / self.inner);
        let (along, outer) = (rest % self.total, rest / self.total);
        let number = self.pieces.partition_point(|piece| piece.start <= along) - 1;
        let piece = &self.pieces[number];
        let own = along - piece.start;
        (number, (outer * piece.length + own) * self.inner + inside)
    }
}

impl Mapping for Concatenation {
    fn output(&self) -> [usize; 3] {
        self.output
    }

    fn phases(&self) -> &'static [Phase] {
        MOVES
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        1
    }

    fn term(&self, at: [usize; 3], _number: usize) -> Term {
        let (number, place) = self.source(at);
        let from = index_in(self.pieces[number].dims, place);
        let term = moved(from);
        match number {
            0 => term,
            input => Term {
                source: TermSource::Other { input, at: from },
                ..term
            },
        }
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (number, place) = self.source(at);
        let from = index_in(self.pieces[number].dims, place);
        (from.map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        terms.first().map_or(running, |term| term.input)
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let data = |number: usize| match number {
            0 => operands.input().data(),
            number => operands.further(number).map_or(&[][..], Tensor::data),
        };
        let block = self.total * self.inner;
        for (number, piece) in self.pieces.iter().enumerate() {
            let length = piece.length * self.inner;
            if length == 0 {
                continue;
            }
            let start = piece.start * self.inner;
            let parts = data(number).chunks_exact(length);
            for (out, part) in out.chunks_exact_mut(block).zip(parts) {
                out[start..start + length].copy_from_slice(part);
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        None
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let names = axis_names(self.formula.len()).iter().copied();
        names.zip(self.formula.iter().copied()).collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        match self.source(at) {
            (0, place) => Field::single(index_in(self.pieces[0].dims, place)),
            _ => nothing(),
        }
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let first = &self.pieces[0];
        let place = place_in(first.dims, input);
        let own = first.length * self.inner;
        if own == 0 {
            return nothing();
        }
        let (outer, rest) = (place / own, place % own);
        Field::single(index_in(
            self.output,
            outer * self.total * self.inner + rest,
        ))
    }

    /// Of any of the tensors, so that none is left out: further ones begin later.
    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        if self.new_axis {
            return (0, self.pieces[0].dims[axis + 1] as i64 - 1);
        }
        let latest = self.pieces.last().map_or(0, |piece| piece.start) as i64;
        if self.along == axis + 1 {
            (first - latest, last)
        } else {
            (first, last)
        }
    }

    fn index_code(&self) -> Option<String> {
        Some("inputs(f, y, x)".to_owned())
    }
}
