//! The geometry of `MaxUnpool`: each element goes to the place that its index names, and all other
//! places are 0. Where elements go is in the numbers of the second input, so a step looks at every
//! index that could name its place.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};
use crate::tensor::TensorError;

use super::mapping::Mapping;
use super::rearrange::moved;

/// Slices, rows and columns, with channels; axes that the operation has not are of length 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Unpool {
    pub channels: usize,
    pub input: [usize; 3],
    pub output: [usize; 3],
    /// The lengths that indices count through: those of the output, unless ONNX states others.
    pub counted: [usize; 3],
    /// Whether indices count through all channels, as in ONNX, and not within one.
    pub whole: bool,
    /// How an axis of the output comes about, outermost first.
    pub formulas: [Option<AxisFormula>; 3],
}

impl Unpool {
    fn volume(lengths: [usize; 3]) -> usize {
        lengths.iter().product()
    }

    /// How many places an index can name.
    fn count(&self) -> usize {
        Self::volume(self.counted) * if self.whole { self.channels } else { 1 }
    }

    /// The output element that an index names, for an input element of a channel; `None` where it
    /// names none.
    fn target(&self, channel: usize, index: f32) -> Option<[usize; 3]> {
        if !(index >= 0.0 && index < self.count() as f32 && index.fract() == 0.0) {
            return None;
        }
        let index = index as usize;
        let volume = Self::volume(self.counted);
        let channel = if self.whole { index / volume } else { channel };
        let [_, height, width] = self.counted;
        let place = index % volume;
        let at = [
            place / (height * width),
            place / width % height,
            place % width,
        ];
        let inside = at.iter().zip(self.output).all(|(at, length)| *at < length);
        inside.then_some([channel * self.output[0] + at[0], at[1], at[2]])
    }

    /// The channels whose indices may name a place of a channel.
    fn channels_of(&self, channel: usize) -> (usize, usize) {
        if self.whole {
            (0, self.channels)
        } else {
            (channel, 1)
        }
    }
}

impl Mapping for Unpool {
    fn output(&self) -> [usize; 3] {
        let [depth, height, width] = self.output;
        [self.channels * depth, height, width]
    }

    fn phases(&self) -> &'static [Phase] {
        &[Phase::Travel, Phase::Compare, Phase::Emit]
    }

    fn term_count(&self, at: [usize; 3]) -> usize {
        let (_, channels) = self.channels_of(at[0] / self.output[0]);
        channels * Self::volume(self.input)
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let (first, _) = self.channels_of(at[0] / self.output[0]);
        let [depth, height, width] = self.input;
        let from = [
            first * depth + number / (height * width),
            number / width % height,
            number % width,
        ];
        Term {
            // The index that is compared with the step's place.
            factor: Some((1, from)),
            ..moved(from)
        }
    }

    fn term_dims(&self, at: [usize; 3]) -> [usize; 3] {
        let (_, channels) = self.channels_of(at[0] / self.output[0]);
        let [depth, height, width] = self.input;
        [channels * depth, height, width]
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (first, _) = self.channels_of(at[0] / self.output[0]);
        ([(first * self.input[0]) as isize, 0, 0], self.term_dims(at))
    }

    fn value(&self, at: [usize; 3], terms: &[TermValue], _running: f32, _: &[f32]) -> f32 {
        let named = self.picked(at, terms).flatten();
        named.map_or(0.0, |number| terms[number].input)
    }

    fn summand(&self, term: &TermValue) -> f32 {
        term.input
    }

    fn picked(&self, at: [usize; 3], terms: &[TermValue]) -> Option<Option<usize>> {
        // The last one that names the place stays, as in PyTorch.
        let named = terms.iter().rposition(|term| match term.term.source {
            TermSource::Element([plane, ..]) => {
                self.target(plane / self.input[0], term.weight) == Some(at)
            }
            TermSource::Other { .. }
            | TermSource::Padding { .. }
            | TermSource::Inserted
            | TermSource::Beyond => false,
        });
        Some(named)
    }

    fn check(&self, operands: &Operands) -> Result<(), TensorError> {
        let indices = operands.other().map_or(&[][..], |other| other.data());
        let volume = Self::volume(self.input);
        let wrong = indices
            .iter()
            .enumerate()
            .find(|(place, index)| self.target(place / volume, **index).is_none());
        match wrong {
            Some((_, index)) => Err(TensorError::Index {
                index: index.to_string(),
                count: self.count(),
            }),
            None => Ok(()),
        }
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        out.fill(0.0);
        let indices = operands.other().map_or(&[][..], |other| other.data());
        let (volume, [_, rows, columns]) = (Self::volume(self.input), self.output);
        let values = operands.input().data().iter().zip(indices);
        for (place, (value, index)) in values.enumerate() {
            if let Some([plane, row, column]) = self.target(place / volume, *index) {
                out[(plane * rows + row) * columns + column] = *value;
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        None
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let named = ["D", "H", "W"].into_iter().zip(self.formulas);
        named
            .filter_map(|(name, formula)| Some((name, formula?)))
            .collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let (first, channels) = self.channels_of(at[0] / self.output[0]);
        let [depth, height, width] = self.input;
        Field::new(
            StridedRange::contiguous(first * depth, channels * depth),
            vec![StridedRange::contiguous(0, height)],
            vec![StridedRange::contiguous(0, width)],
        )
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let (first, channels) = self.channels_of(input[0] / self.input[0]);
        let [depth, height, width] = self.output;
        Field::new(
            StridedRange::contiguous(first * depth, channels * depth),
            vec![StridedRange::contiguous(0, height)],
            vec![StridedRange::contiguous(0, width)],
        )
    }

    fn places_read(&self, axis: usize, _span: (i64, i64)) -> (i64, i64) {
        (0, self.input[axis + 1] as i64 - 1)
    }

    fn chosen_by_data(&self) -> bool {
        true
    }

    fn effective_stride(&self, axis: usize) -> f64 {
        self.input[axis + 1] as f64 / self.output[axis + 1] as f64
    }
}
