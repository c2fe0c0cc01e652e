//! The geometry of operations that move elements or mix neighbours: shuffles and resizing.

use crate::op::step::{Term, TermSource};

use super::resample::half_pixel;

pub(super) fn moved(from: [usize; 3]) -> Term {
    Term {
        padded: from,
        source: TermSource::Element(from),
        weight: None,
        coefficient: None,
        factor: None,
        target: None,
    }
}

/// `PixelShuffle` and `PixelUnshuffle`: channels to space and back, in blocks of `factor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shuffle {
    pub output: [usize; 3],
    pub factor: usize,
    pub inverse: bool,
}

impl Shuffle {
    /// The input element that an output element is.
    pub fn from(&self, [channel, row, column]: [usize; 3]) -> [usize; 3] {
        let factor = self.factor;
        if self.inverse {
            let (block_row, block_column) = (channel / factor % factor, channel % factor);
            let channel = channel / (factor * factor);
            [
                channel,
                row * factor + block_row,
                column * factor + block_column,
            ]
        } else {
            let channel = channel * factor * factor + row % factor * factor + column % factor;
            [channel, row / factor, column / factor]
        }
    }

    /// The output element that an input element becomes: the inverse of [`Shuffle::from`].
    pub fn to(&self, input: [usize; 3]) -> [usize; 3] {
        let there = Self {
            inverse: !self.inverse,
            ..*self
        };
        there.from(input)
    }

    pub fn term(&self, output: [usize; 3]) -> Term {
        moved(self.from(output))
    }
}

/// One axis of `Upsample`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ResizeAxis {
    pub input: usize,
    pub output: usize,
    /// Input elements an output element, in `f32` as PyTorch computes it.
    pub ratio: f32,
}

/// `Upsample`, nearest or bilinear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Resize {
    pub channels: usize,
    pub axes: [ResizeAxis; 2],
    pub bilinear: bool,
    pub align_corners: bool,
    /// Whether the nearest element is the one whose centre is the nearest.
    pub exact: bool,
}

impl Resize {
    pub fn output(&self) -> [usize; 3] {
        [self.channels, self.axes[0].output, self.axes[1].output]
    }

    /// The nearest element along an axis.
    fn nearest(&self, axis: &ResizeAxis, at: usize) -> usize {
        let place = if self.exact {
            half_pixel(axis.ratio, at) + 0.5
        } else {
            at as f32 * axis.ratio
        };
        (place.floor() as usize).min(axis.input - 1)
    }

    /// The two neighbours along an axis and the share of the second. At the end both are the last
    /// element.
    pub fn neighbours(&self, axis: usize, at: usize) -> (usize, usize, f32) {
        let axis = &self.axes[axis];
        if !self.bilinear {
            let at = self.nearest(axis, at);
            return (at, at, 0.0);
        }
        let place = if axis.input == axis.output {
            // As PyTorch: what keeps its length is copied, whatever the scale.
            at as f32
        } else if self.align_corners {
            axis.ratio * at as f32
        } else {
            half_pixel(axis.ratio, at).max(0.0)
        };
        let first = (place as usize).min(axis.input - 1);
        let second = (first + 1).min(axis.input - 1);
        (first, second, (place - first as f32).clamp(0.0, 1.0))
    }

    pub fn term_count(&self) -> usize {
        if self.bilinear { 4 } else { 1 }
    }

    pub fn term(&self, output: [usize; 3], number: usize) -> Term {
        let (top, bottom, down) = self.neighbours(0, output[1]);
        let (left, right, along) = self.neighbours(1, output[2]);
        let (row, vertical) = if number < 2 {
            (top, 1.0 - down)
        } else {
            (bottom, down)
        };
        let (column, horizontal) = if number.is_multiple_of(2) {
            (left, 1.0 - along)
        } else {
            (right, along)
        };
        let coefficient = self.bilinear.then_some(vertical * horizontal);
        Term {
            coefficient,
            ..moved([output[0], row, column])
        }
    }

    pub fn window(&self, output: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (top, bottom, _) = self.neighbours(0, output[1]);
        let (left, right, _) = self.neighbours(1, output[2]);
        (
            [output[0] as isize, top as isize, left as isize],
            [1, bottom - top + 1, right - left + 1],
        )
    }
}
