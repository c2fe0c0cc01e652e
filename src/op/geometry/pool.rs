//! The geometry of pooling: a window over one channel, compared or averaged.

use crate::op::axis::Axis;
use crate::op::step::{Term, TermSource};

/// What a pool does with its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoolKind {
    Max,
    Average {
        count_include_pad: bool,
        divisor_override: Option<usize>,
    },
}

/// A pool whose windows are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pool {
    pub axes: [Axis; 2],
    pub channels: usize,
    pub kind: PoolKind,
}

impl Pool {
    pub fn output(&self) -> [usize; 3] {
        [self.channels, self.axes[0].output, self.axes[1].output]
    }

    pub fn term_count(&self) -> usize {
        self.axes[0].kernel * self.axes[1].kernel
    }

    pub fn term(&self, output: [usize; 3], number: usize) -> Term {
        let [height, width] = &self.axes;
        let row = output[1] * height.stride + number / width.kernel * height.dilation;
        let column = output[2] * width.stride + number % width.kernel * width.dilation;
        let source = if row >= height.padded() || column >= width.padded() {
            TermSource::Beyond
        } else {
            match (height.element(row), width.element(column)) {
                (Some(row), Some(column)) => TermSource::Element([output[0], row, column]),
                _ => TermSource::Padding { from: None },
            }
        };
        Term {
            padded: [output[0], row, column],
            source,
            weight: None,
            coefficient: None,
            factor: None,
            target: None,
        }
    }

    /// What the sum of a window is divided by; `None` for a max pool.
    pub fn divisor(&self, output: [usize; 3]) -> Option<usize> {
        let PoolKind::Average {
            count_include_pad,
            divisor_override,
        } = self.kind
        else {
            return None;
        };
        if divisor_override.is_some() {
            return divisor_override;
        }
        let length = |axis: &Axis, window: usize| {
            if count_include_pad {
                axis.kernel_padded(window)
            } else {
                axis.kernel_inside(window).len()
            }
        };
        Some(length(&self.axes[0], output[1]) * length(&self.axes[1], output[2]))
    }

    pub fn window(&self, output: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let [height, width] = &self.axes;
        let row = height.real(output[1] * height.stride);
        let column = width.real(output[2] * width.stride);
        (
            [output[0] as isize, row, column],
            [1, height.reach(), width.reach()],
        )
    }
}

/// A pool that divides its input into as many windows as asked for; neighbours may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Adaptive {
    pub channels: usize,
    pub input: [usize; 2],
    pub output: [usize; 2],
    pub max: bool,
}

impl Adaptive {
    /// First element and length of a window: from ⌊i·in/out⌋ up to ⌈(i + 1)·in/out⌉.
    pub fn span(input: usize, output: usize, at: usize) -> (usize, usize) {
        let (input, output, at) = (input as u128, output as u128, at as u128);
        let start = at * input / output;
        let end = ((at + 1) * input).div_ceil(output);
        (start as usize, (end - start) as usize)
    }

    fn spans(&self, output: [usize; 3]) -> [(usize, usize); 2] {
        [0, 1].map(|axis| Self::span(self.input[axis], self.output[axis], output[axis + 1]))
    }

    pub fn term_count(&self, output: [usize; 3]) -> usize {
        self.spans(output)
            .iter()
            .map(|(_, length)| length)
            .product()
    }

    pub fn term(&self, output: [usize; 3], number: usize) -> Term {
        let [(top, _), (left, width)] = self.spans(output);
        let at = [output[0], top + number / width, left + number % width];
        Term {
            padded: at,
            source: TermSource::Element(at),
            weight: None,
            coefficient: None,
            factor: None,
            target: None,
        }
    }

    pub fn window(&self, output: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let [(top, height), (left, width)] = self.spans(output);
        (
            [output[0] as isize, top as isize, left as isize],
            [1, height, width],
        )
    }

    /// The number of terms of the whole output: an upper bound, every window at its longest.
    pub fn operations(&self) -> u128 {
        let longest = |axis: usize| {
            let (input, output) = (self.input[axis], self.output[axis]);
            // Starts and ends repeat with the greatest common divisor; summing is linear in out.
            input.div_ceil(output) as u128 + u128::from(input % output != 0)
        };
        let outputs = (self.channels as u128) * (self.output[0] as u128) * (self.output[1] as u128);
        outputs
            .saturating_mul(longest(0))
            .saturating_mul(longest(1))
    }
}
