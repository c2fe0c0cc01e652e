//! The geometry of matrix products of two tensors, and of what is added to them.

use std::collections::BTreeSet;

use crate::op::evaluate::product::{
    Matrix, multiply, multiply_shared, times_transposed, times_transposed_alone,
};
use crate::op::evaluate::threads::for_each_chunk;
use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{AxisRanges, Field, StridedRange};
use crate::op::step::{Term, TermSource};
use crate::tensor::{Shape, Tensor};

use super::Mapping;
use super::groups::{hull, index_in, place_in};

/// A tensor seen as matrices, one for each index of the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matrices {
    /// Planes, rows and columns of the tensor.
    pub shape: [usize; 3],
    pub row_stride: usize,
    pub column_stride: usize,
    /// Elements from one index to the next, for each axis of the batch; 0 where it is broadcast.
    pub batch: Vec<usize>,
}

/// `alpha · left · right + beta · addend`: `left` of `rows × depth`, `right` of `depth × columns`, for
/// each index of the batch.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatrixProduct {
    pub left: Matrices,
    pub right: Matrices,
    /// The third input, and what it is multiplied by.
    pub addend: Option<(Matrices, f32)>,
    pub alpha: f32,
    /// Lengths of the axes of the batch.
    pub batch: Vec<usize>,
    pub rows: usize,
    pub depth: usize,
    pub columns: usize,
    /// Planes, rows and columns of the output.
    pub output: [usize; 3],
}

impl Matrices {
    /// A tensor whose last two axes are a matrix, among a batch of these lengths.
    pub fn new(shape: &Shape, batch: &[usize], transposed: bool) -> Self {
        let axes = shape.axes();
        let (outer, [rows, columns]) = match *axes {
            [] => (&[][..], [1, 1]),
            [length] => (&[][..], [1, length]),
            [ref outer @ .., rows, columns] => (outer, [rows, columns]),
        };
        let (row_stride, column_stride) = if transposed {
            (1, columns)
        } else {
            (columns, 1)
        };
        let mut strides = vec![0; batch.len()];
        let mut stride = rows * columns;
        for (strides, &length) in strides.iter_mut().rev().zip(outer.iter().rev()) {
            *strides = if length == 1 { 0 } else { stride };
            stride *= length;
        }
        Self {
            shape: shape.as_chw(),
            row_stride,
            column_stride,
            batch: strides,
        }
    }

    /// A vector as the column of a matrix.
    pub fn column(shape: &Shape, batch: &[usize]) -> Self {
        Self {
            shape: shape.as_chw(),
            row_stride: 1,
            column_stride: 1,
            batch: vec![0; batch.len()],
        }
    }

    /// Where an axis that is broadcast stands still.
    pub fn broadcast(mut self, rows: bool, columns: bool) -> Self {
        if rows {
            self.row_stride = 0;
        }
        if columns {
            self.column_stride = 0;
        }
        self
    }

    fn start(&self, index: &[usize]) -> usize {
        let axes = self.batch.iter().zip(index);
        axes.map(|(stride, index)| stride * index).sum()
    }

    fn place(&self, index: &[usize], row: usize, column: usize) -> usize {
        self.start(index) + row * self.row_stride + column * self.column_stride
    }
}

type Transposed = fn(&[f32], &[f32], &mut [f32], [usize; 3]);
type Product = fn(Matrix<'_>, Matrix<'_>, &mut [f32], [usize; 3]);

impl MatrixProduct {
    /// The index along each axis of the batch.
    fn index(&self, mut batch: usize) -> Vec<usize> {
        let mut index = vec![0; self.batch.len()];
        for (index, &length) in index.iter_mut().zip(&self.batch).rev() {
            *index = batch % length;
            batch /= length;
        }
        index
    }

    /// Batch, row and column of an output element.
    fn locate(&self, at: [usize; 3]) -> (Vec<usize>, usize, usize) {
        let place = place_in(self.output, at);
        let row = place / self.columns % self.rows;
        let batch = place / (self.columns * self.rows);
        (self.index(batch), row, place % self.columns)
    }

    fn batches(&self) -> usize {
        self.batch.iter().product()
    }

    /// The whole batch as rows of one product, where every matrix on the left meets the same on the
    /// right.
    fn as_rows(&self) -> Option<usize> {
        let mut stride = self.rows * self.depth;
        for (&own, &length) in self.left.batch.iter().zip(&self.batch).rev() {
            if length > 1 && own != stride {
                return None;
            }
            stride *= length;
        }
        let plain = self.left.column_stride == 1 && (self.left.row_stride == self.depth);
        let same = self.right.batch.iter().all(|stride| *stride == 0);
        (plain && same && self.batches() > 1).then(|| self.batches() * self.rows)
    }

    /// One product of matrices: shared out among the cores, or on this thread alone.
    fn multiply(&self, left: &[f32], right: &[f32], out: &mut [f32], rows: usize, alone: bool) {
        let (times_transposed, multiply): (Transposed, Product) = if alone {
            (times_transposed_alone, multiply)
        } else {
            (times_transposed, multiply_shared)
        };
        let (depth, columns) = (self.depth, self.columns);
        let across =
            self.right.row_stride == 1 && (self.right.column_stride == depth || columns == 1);
        let along = self.left.column_stride == 1 && (self.left.row_stride == depth || rows == 1);
        if columns == 1 && along && self.right.row_stride == 1 {
            // A matrix times a vector: each row once.
            return times_transposed(right, left, out, [1, depth, rows]);
        }
        if across && along {
            return times_transposed(left, right, out, [rows, depth, columns]);
        }
        if rows == 1 && along && self.right.column_stride == 1 {
            // A vector times a matrix: each row of the matrix once.
            out.fill(0.0);
            for (value, right) in left
                .iter()
                .take(depth)
                .zip(right.chunks(self.right.row_stride))
            {
                for (out, right) in out.iter_mut().zip(right) {
                    *out += value * right;
                }
            }
            return;
        }
        let matrix = |data, own: &Matrices| Matrix {
            data,
            row_stride: own.row_stride,
            column_stride: own.column_stride,
        };
        multiply(
            matrix(left, &self.left),
            matrix(right, &self.right),
            out,
            [rows, depth, columns],
        );
    }

    fn add(&self, operands: &Operands, out: &mut [f32]) {
        if self.alpha != 1.0 {
            for out in &mut *out {
                *out *= self.alpha;
            }
        }
        let (Some((addend, beta)), Some(values)) = (&self.addend, operands.further(2)) else {
            return;
        };
        let values = values.data();
        for (batch, out) in out.chunks_exact_mut(self.rows * self.columns).enumerate() {
            let index = self.index(batch);
            for (row, out) in out.chunks_exact_mut(self.columns).enumerate() {
                let start = addend.place(&index, row, 0);
                for (column, out) in out.iter_mut().enumerate() {
                    *out += beta * values[start + column * addend.column_stride];
                }
            }
        }
    }
}

impl Mapping for MatrixProduct {
    fn output(&self) -> [usize; 3] {
        self.output
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
        self.depth + usize::from(self.addend.is_some())
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let (index, row, column) = self.locate(at);
        let term = |source, padded| Term {
            padded,
            source,
            weight: None,
            coefficient: None,
            factor: None,
            target: None,
        };
        if let (Some((addend, beta)), true) = (&self.addend, number == self.depth) {
            let from = index_in(addend.shape, addend.place(&index, row, column));
            return Term {
                coefficient: Some(*beta),
                ..term(TermSource::Other { input: 2, at: from }, from)
            };
        }
        let from = index_in(self.left.shape, self.left.place(&index, row, number));
        let factor = index_in(self.right.shape, self.right.place(&index, number, column));
        Term {
            factor: Some((1, factor)),
            ..term(TermSource::Element(from), from)
        }
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        hull(&self.reads(at))
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        if self.alpha == 1.0 {
            return running;
        }
        // The products are scaled, what is added is not.
        let sum = terms[..self.depth].last().map_or(0.0, |term| term.running);
        let added = terms.get(self.depth).map_or(0.0, |term| term.product);
        sum * self.alpha + added
    }

    fn adds_up(&self) -> bool {
        self.alpha == 1.0
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let left = operands.input().data();
        let right = operands.other().map_or(&[][..], Tensor::data);
        if let Some(rows) = self.as_rows() {
            self.multiply(left, right, out, rows, false);
        } else if self.batches() == 1 {
            self.multiply(left, right, out, self.rows, false);
        } else {
            let work = out.len() * self.depth;
            for_each_chunk(out, self.rows * self.columns, work, |batch, out| {
                let index = self.index(batch);
                let left = &left[self.left.start(&index)..];
                let right = &right[self.right.start(&index)..];
                self.multiply(left, right, out, self.rows, true);
            });
        }
        self.add(operands, out);
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = self.depth as u128;
        let outputs = self.output.into_iter().map(|length| length as u128);
        Some((WorkUnit::Macs, Some(each), outputs.product::<u128>() * each))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        super::groups::kept_formula(self.output)
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let (index, row, _) = self.locate(at);
        let end = |number| index_in(self.left.shape, self.left.place(&index, row, number));
        let (first, last) = (end(0), end(self.depth - 1));
        let mut field = Field::single(first);
        // A row, or a column of what is transposed, lies along one axis.
        if let Some(axis) = (0..3).find(|&axis| first[axis] != last[axis]) {
            field.axes[axis] = vec![StridedRange::contiguous(first[axis], self.depth)];
        }
        field
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let place = place_in(self.left.shape, input);
        let mut sets: [BTreeSet<usize>; 3] = Default::default();
        for batch in 0..self.batches() {
            let start = self.left.start(&self.index(batch));
            let Some(inside) = place.checked_sub(start) else {
                continue;
            };
            let row = if self.rows == 1 {
                0
            } else if self.left.column_stride == 1 {
                inside / self.left.row_stride.max(1)
            } else {
                inside % self.left.column_stride
            };
            let within = inside < self.rows * self.depth;
            if !within || row >= self.rows {
                continue;
            }
            let first = (batch * self.rows + row) * self.columns;
            for place in first..first + self.columns {
                let at = index_in(self.output, place);
                for (set, at) in sets.iter_mut().zip(at) {
                    set.insert(at);
                }
            }
        }
        // Each axis of the batch, the row and the columns go by themselves, so the sets are a product.
        let ranges = |set: BTreeSet<usize>| -> AxisRanges {
            set.into_iter().map(StridedRange::single).collect()
        };
        Field {
            axes: sets.map(ranges),
        }
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        let [_, rows, columns] = self.left.shape;
        let rows_kept = self.left.column_stride == 1
            && self.left.row_stride == columns
            && rows == self.rows
            && self.output[1] == self.rows
            && self.output[2] == self.columns;
        match axis {
            0 if rows_kept => span,
            0 => (0, rows as i64 - 1),
            _ => (0, columns as i64 - 1),
        }
    }
}
