//! The geometry of `ConvTranspose2d`, in both of its readings.
//!
//! *Zero insertion*: `stride − 1` zeros go between the input's rows and columns, a border of
//! `dilation·(kernel − 1) − padding` around them, and the flipped kernel slides over the result at
//! stride 1. *Scatter and add*: each input position multiplies the kernel and adds the products to
//! a window of the output that moves by the stride. Both give the same numbers (Dumoulin and
//! Visin, 2016, chapter 4).

use crate::op::step::{Term, TermSource};

/// How a transposed convolution is explained.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum TransposeView {
    /// Zeros between the input's elements, then an ordinary convolution with the flipped kernel:
    /// one step an output element.
    #[default]
    ZeroInsertion,
    /// Each input position adds a weighted kernel to the output: one step a filter and input
    /// position.
    Scatter,
}

/// One axis of a transposed convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TransposedAxis {
    pub input: usize,
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
    pub padding: usize,
    pub output_padding: usize,
    pub output: usize,
}

/// Height and width, with channels in groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transposed {
    pub axes: [TransposedAxis; 2],
    pub channels: usize,
    pub out_channels: usize,
    pub groups: usize,
    pub view: TransposeView,
}

impl TransposedAxis {
    /// An axis of one element on which nothing happens.
    pub const FLAT: Self = Self {
        input: 1,
        kernel: 1,
        stride: 1,
        dilation: 1,
        padding: 0,
        output_padding: 0,
        output: 1,
    };

    /// Elements cut off the end of the output.
    pub fn padding_after(&self) -> usize {
        ((self.input - 1) * self.stride + self.span() + 1 + self.output_padding)
            .saturating_sub(self.output + self.padding)
    }

    /// From the kernel's first to its last element, less one.
    pub fn span(&self) -> usize {
        self.dilation * (self.kernel - 1)
    }

    /// Length of the zero-inserted input.
    fn inserted(&self) -> usize {
        (self.input - 1) * self.stride + 1
    }

    /// Border before the zero-inserted input; negative where padding cuts into it.
    pub fn before(&self) -> isize {
        self.span() as isize - self.padding as isize
    }

    /// Border behind the zero-inserted input.
    pub fn after(&self) -> isize {
        self.padded() as isize - self.before() - self.inserted() as isize
    }

    /// Length of the zero-inserted and bordered input.
    pub fn padded(&self) -> usize {
        self.output + self.span()
    }

    /// The output place of an input place and a kernel element; `None` outside the output.
    pub fn target(&self, input: usize, kernel: usize) -> Option<usize> {
        (input * self.stride + kernel * self.dilation)
            .checked_sub(self.padding)
            .filter(|&at| at < self.output)
    }

    /// The input place that reaches an output place through a kernel element.
    pub fn origin(&self, output: usize, kernel: usize) -> Option<usize> {
        let at = (output + self.padding).checked_sub(kernel * self.dilation)?;
        (at % self.stride == 0 && at / self.stride < self.input).then_some(at / self.stride)
    }

    /// What lies at a place of the zero-inserted and bordered input.
    pub(super) fn cell_kind(&self, padded: usize) -> CellKind {
        let at = padded as isize - self.before();
        if at < 0 || at as usize >= self.inserted() {
            CellKind::Border
        } else if (at as usize).is_multiple_of(self.stride) {
            CellKind::Element(at as usize / self.stride)
        } else {
            CellKind::Zero
        }
    }
}

/// What lies at a place of the zero-inserted and bordered input.
pub(super) enum CellKind {
    Border,
    Zero,
    Element(usize),
}

impl Transposed {
    pub fn visited(&self) -> [usize; 3] {
        let [height, width] = &self.axes;
        match self.view {
            TransposeView::ZeroInsertion => [self.out_channels, height.output, width.output],
            TransposeView::Scatter => [self.out_channels, height.input, width.input],
        }
    }

    /// The output element of a visit; in the scatter view, the one nearest to the window's start.
    pub fn writes(&self, at: [usize; 3]) -> [usize; 3] {
        if self.view == TransposeView::ZeroInsertion {
            return at;
        }
        let [height, width] = &self.axes;
        let place = |axis: &TransposedAxis, at: usize| {
            (0..axis.kernel)
                .find_map(|kernel| axis.target(at, kernel))
                .unwrap_or_else(|| {
                    (at * axis.stride)
                        .saturating_sub(axis.padding)
                        .min(axis.output - 1)
                })
        };
        [at[0], place(height, at[1]), place(width, at[2])]
    }

    /// Where the window that a visit writes begins in the output, and its rows and columns.
    pub fn target_window(&self, at: [usize; 3]) -> Option<([isize; 3], [usize; 3])> {
        (self.view == TransposeView::Scatter).then(|| {
            let [height, width] = &self.axes;
            let start = |axis: &TransposedAxis, at: usize| {
                (at * axis.stride) as isize - axis.padding as isize
            };
            (
                [at[0] as isize, start(height, at[1]), start(width, at[2])],
                [1, height.span() + 1, width.span() + 1],
            )
        })
    }

    pub fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    pub fn group_filters(&self) -> usize {
        self.out_channels / self.groups
    }

    pub fn group(&self, at: [usize; 3]) -> usize {
        at[0] / self.group_filters()
    }

    pub fn term_count(&self) -> usize {
        self.group_channels() * self.axes[0].kernel * self.axes[1].kernel
    }

    pub fn term(&self, at: [usize; 3], number: usize) -> Term {
        let [height, width] = &self.axes;
        let (row, column) = (number / width.kernel % height.kernel, number % width.kernel);
        let channel =
            self.group(at) * self.group_channels() + number / (width.kernel * height.kernel);
        let filter = at[0] % self.group_filters();
        match self.view {
            TransposeView::ZeroInsertion => {
                let place = [
                    at[1] + row * height.dilation,
                    at[2] + column * width.dilation,
                ];
                let source = match (height.cell_kind(place[0]), width.cell_kind(place[1])) {
                    (CellKind::Border, _) | (_, CellKind::Border) => {
                        TermSource::Padding { from: None }
                    }
                    (CellKind::Element(row), CellKind::Element(column)) => {
                        TermSource::Element([channel, row, column])
                    }
                    _ => TermSource::Inserted,
                };
                let flipped = [height.kernel - 1 - row, width.kernel - 1 - column];
                Term {
                    padded: [channel, place[0], place[1]],
                    source,
                    weight: Some([channel, filter, flipped[0], flipped[1]]),
                    coefficient: None,
                    factor: None,
                    target: None,
                }
            }
            TransposeView::Scatter => {
                let target = height
                    .target(at[1], row)
                    .zip(width.target(at[2], column))
                    .map(|(row, column)| [at[0], row, column]);
                Term {
                    padded: [channel, at[1], at[2]],
                    source: TermSource::Element([channel, at[1], at[2]]),
                    weight: Some([channel, filter, row, column]),
                    coefficient: None,
                    factor: None,
                    target: Some(target),
                }
            }
        }
    }

    pub fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let [height, width] = &self.axes;
        let plane = (self.group(at) * self.group_channels()) as isize;
        if self.view == TransposeView::Scatter {
            let place = [plane, at[1] as isize, at[2] as isize];
            return (place, [self.group_channels(), 1, 1]);
        }
        // Real coordinates are those of the input: rounded down to the element before.
        let start = |axis: &TransposedAxis, at: usize| {
            (at as isize - axis.before()).div_euclid(axis.stride as isize)
        };
        let size = |axis: &TransposedAxis, at: usize| {
            let end = (at as isize + axis.span() as isize - axis.before())
                .div_euclid(axis.stride as isize);
            (end - start(axis, at) + 1) as usize
        };
        (
            [plane, start(height, at[1]), start(width, at[2])],
            [
                self.group_channels(),
                size(height, at[1]),
                size(width, at[2]),
            ],
        )
    }
}
