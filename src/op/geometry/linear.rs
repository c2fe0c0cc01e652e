//! The geometry of `Linear`: each row of the last axis times a matrix of weights.

use crate::op::evaluate::product;
use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};
use crate::tensor::Tensor;

use super::Mapping;

/// `out[…, o] = Σ in[…, i] · weight[o, i] + bias[o]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinearRows {
    /// Planes and rows of input and output: every axis but the last.
    pub outer: [usize; 2],
    pub in_features: usize,
    pub out_features: usize,
}

impl LinearRows {
    fn row(&self, [plane, row, _]: [usize; 3], columns: usize) -> Field {
        Field::new(
            StridedRange::single(plane),
            vec![StridedRange::single(row)],
            vec![StridedRange::contiguous(0, columns)],
        )
    }
}

impl Mapping for LinearRows {
    fn output(&self) -> [usize; 3] {
        [self.outer[0], self.outer[1], self.out_features]
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
        self.in_features
    }

    fn term(&self, [plane, row, feature]: [usize; 3], number: usize) -> Term {
        let from = [plane, row, number];
        Term {
            padded: from,
            source: TermSource::Element(from),
            weight: Some([feature, 0, 0, number]),
            coefficient: None,
            factor: None,
            target: None,
        }
    }

    fn window(&self, [plane, row, _]: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        ([plane as isize, row as isize, 0], [1, 1, self.in_features])
    }

    fn value(&self, _at: [usize; 3], _terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        running
    }

    fn filters(&self) -> Option<(usize, [usize; 3])> {
        Some((self.out_features, [1, 1, self.in_features]))
    }

    fn filter_at(&self, at: [usize; 3]) -> usize {
        at[2]
    }

    fn bias_place(&self, at: [usize; 3]) -> Option<usize> {
        Some(at[2])
    }

    fn adds_up(&self) -> bool {
        true
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let weights = operands.weight().map_or(&[][..], Tensor::data);
        let rows = self.outer[0] * self.outer[1];
        product::times_transposed(
            operands.input().data(),
            weights,
            out,
            [rows, self.in_features, self.out_features],
        );
        if let Some(bias) = operands.bias() {
            for out in out.chunks_exact_mut(self.out_features) {
                for (out, bias) in out.iter_mut().zip(bias) {
                    *out += bias;
                }
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = self.in_features as u128;
        let outputs = self.output().into_iter().map(|length| length as u128);
        Some((WorkUnit::Macs, Some(each), outputs.product::<u128>() * each))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        vec![(
            "W",
            AxisFormula::Resized {
                input: self.in_features,
                result: self.out_features,
            },
        )]
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        self.row(at, self.in_features)
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        self.row(input, self.out_features)
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        if axis == 0 {
            span
        } else {
            (0, self.in_features as i64 - 1)
        }
    }
}
