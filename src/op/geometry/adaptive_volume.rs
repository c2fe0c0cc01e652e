//! Adaptive pools of volumes: as many windows along each of three axes as asked for.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::Term;

use super::mapping::Mapping;
use super::pool::Adaptive;
use super::rearrange::moved;

/// Windows that divide slices, rows and columns into a stated number; neighbours may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AdaptiveVolume {
    pub channels: usize,
    pub input: [usize; 3],
    pub output: [usize; 3],
    pub max: bool,
}

impl AdaptiveVolume {
    /// Channel, and first element and length of the window along each axis.
    fn spans(&self, [plane, row, column]: [usize; 3]) -> (usize, [(usize, usize); 3]) {
        let at = [plane % self.output[0], row, column];
        let spans = std::array::from_fn(|axis| {
            Adaptive::span(self.input[axis], self.output[axis], at[axis])
        });
        (plane / self.output[0], spans)
    }

    /// Calls with the place in its channel and the value of each element under a window.
    fn each(&self, input: &[f32], at: [usize; 3], mut call: impl FnMut(usize, f32)) {
        let [depth, height, width] = self.input;
        let (channel, [slices, rows, columns]) = self.spans(at);
        let input = &input[channel * depth * height * width..];
        for slice in slices.0..slices.0 + slices.1 {
            for row in rows.0..rows.0 + rows.1 {
                let first = (slice * height + row) * width + columns.0;
                for (place, value) in (first..).zip(&input[first..first + columns.1]) {
                    call(place, *value);
                }
            }
        }
    }

    /// The maximum under a window and its place in the channel: the first of equals, and a NaN over
    /// any number.
    fn maximum(&self, input: &[f32], at: [usize; 3]) -> (f32, usize) {
        let mut best = None;
        self.each(input, at, |place, value| {
            if best.is_none_or(|(maximum, _)| value > maximum || value.is_nan()) {
                best = Some((value, place));
            }
        });
        best.unwrap_or((f32::NEG_INFINITY, 0))
    }

    /// Every place of the output in order.
    fn places(&self) -> impl Iterator<Item = [usize; 3]> + use<> {
        let [planes, rows, columns] = self.output();
        (0..planes).flat_map(move |plane| {
            (0..rows).flat_map(move |row| (0..columns).map(move |column| [plane, row, column]))
        })
    }

    /// The longest window along an axis.
    fn longest(&self, axis: usize) -> u128 {
        let (input, output) = (self.input[axis], self.output[axis]);
        input.div_ceil(output) as u128 + u128::from(input % output != 0)
    }
}

impl Mapping for AdaptiveVolume {
    fn output(&self) -> [usize; 3] {
        let [depth, height, width] = self.output;
        [self.channels * depth, height, width]
    }

    fn phases(&self) -> &'static [Phase] {
        if self.max {
            &[Phase::Travel, Phase::Compare, Phase::Emit]
        } else {
            &[Phase::Travel, Phase::Accumulate, Phase::Divide, Phase::Emit]
        }
    }

    fn term_count(&self, at: [usize; 3]) -> usize {
        self.spans(at).1.iter().map(|(_, length)| length).product()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let (channel, [slices, rows, columns]) = self.spans(at);
        let slice = slices.0 + number / (rows.1 * columns.1);
        moved([
            channel * self.input[0] + slice,
            rows.0 + number / columns.1 % rows.1,
            columns.0 + number % columns.1,
        ])
    }

    fn term_dims(&self, at: [usize; 3]) -> [usize; 3] {
        self.spans(at).1.map(|(_, length)| length)
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (channel, spans) = self.spans(at);
        let [slice, row, column] = spans.map(|(first, _)| first as isize);
        (
            [(channel * self.input[0]) as isize + slice, row, column],
            spans.map(|(_, length)| length),
        )
    }

    fn value(&self, _at: [usize; 3], _terms: &[TermValue], running: f32, _: &[f32]) -> f32 {
        running
    }

    fn compares(&self) -> bool {
        self.max
    }

    fn divisor(&self, at: [usize; 3]) -> Option<usize> {
        (!self.max).then(|| self.term_count(at))
    }

    fn adds_up(&self) -> bool {
        true
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        for (out, at) in out.iter_mut().zip(self.places()) {
            *out = if self.max {
                self.maximum(input, at).0
            } else {
                let mut sum = 0.0;
                self.each(input, at, |_, value| sum += value);
                sum / self.term_count(at) as f32
            };
        }
    }

    fn indices(&self, operands: &Operands) -> Option<Vec<u32>> {
        let input = operands.input().data();
        self.max.then(|| {
            self.places()
                .map(|at| self.maximum(input, at).1 as u32)
                .collect()
        })
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let most = [0, 1, 2].map(|axis| self.longest(axis));
        let outputs: u128 = self.output().iter().map(|&length| length as u128).product();
        let each = most.iter().product::<u128>();
        let even = [0, 1, 2]
            .iter()
            .all(|&axis| self.input[axis].is_multiple_of(self.output[axis]));
        Some((
            WorkUnit::Operations,
            even.then_some(each),
            outputs.saturating_mul(each),
        ))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let axes = ["D", "H", "W"].into_iter().enumerate();
        axes.map(|(axis, name)| {
            let (input, result) = (self.input[axis], self.output[axis]);
            (name, AxisFormula::Adaptive { input, result })
        })
        .collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let (channel, [slices, rows, columns]) = self.spans(at);
        Field::new(
            StridedRange::contiguous(channel * self.input[0] + slices.0, slices.1),
            vec![StridedRange::contiguous(rows.0, rows.1)],
            vec![StridedRange::contiguous(columns.0, columns.1)],
        )
    }

    fn feeds(&self, [plane, row, column]: [usize; 3]) -> Field {
        let fed = |axis: usize, at: usize| {
            let (input, output) = (self.input[axis], self.output[axis]);
            let first = at * output / input;
            let last = ((at + 1) * output - 1) / input;
            (first, last - first + 1)
        };
        let (channel, slice) = (plane / self.input[0], plane % self.input[0]);
        let [slices, rows, columns] = [fed(0, slice), fed(1, row), fed(2, column)];
        Field::new(
            StridedRange::contiguous(channel * self.output[0] + slices.0, slices.1),
            vec![StridedRange::contiguous(rows.0, rows.1)],
            vec![StridedRange::contiguous(columns.0, columns.1)],
        )
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let (input, output) = (self.input[axis + 1] as i64, self.output[axis + 1] as i64);
        let end = ((last + 1) * input + output - 1).div_euclid(output);
        ((first * input).div_euclid(output), end - 1)
    }

    fn effective_stride(&self, axis: usize) -> f64 {
        self.input[axis + 1] as f64 / self.output[axis + 1] as f64
    }
}
