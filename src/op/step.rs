//! One step of a plan: what it reads, with which weights, and what it writes.

use super::geometry::Geometry;

/// Where the value of a term comes from. Elements are given as channel, row and column
/// (see [`crate::tensor::Shape::as_chw`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermSource {
    /// An element of the input.
    Element([usize; 3]),
    /// An element of a further input.
    Other {
        /// Which: 1 is the second.
        input: usize,
        /// The element.
        at: [usize; 3],
    },
    /// Padding: zero (minus infinity under a max pool) without `from`, and a copy of an input
    /// element with it (reflect, replicate and circular).
    Padding {
        /// The element that is copied.
        from: Option<[usize; 3]>,
    },
    /// A zero between input elements, in the zero-insertion view of a transposed convolution.
    Inserted,
    /// Past the end of the padded input, under a window that `ceil_mode` adds: takes no part.
    Beyond,
}

impl TermSource {
    /// The element of the first input whose value is used, also where padding copies it.
    #[must_use]
    pub fn element(&self) -> Option<[usize; 3]> {
        match *self {
            Self::Element(at) | Self::Padding { from: Some(at) } => Some(at),
            _ => None,
        }
    }

    /// Whether this is padding.
    #[must_use]
    pub fn is_padding(&self) -> bool {
        matches!(self, Self::Padding { .. })
    }
}

/// One element under the window, with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// Channel, row and column in the padded input (for the zero-insertion view of a transposed
    /// convolution, in the zero-inserted and padded input).
    pub padded: [usize; 3],
    /// What lies there.
    pub source: TermSource,
    /// The weight's index: filter, channel in its group, row, column. For `ConvTranspose2d`, as
    /// PyTorch stores it: input channel, filter in its group, row, column. For `Conv3d`, the
    /// kernel's slices count as planes: filter, channel · kD + slice, row, column.
    pub weight: Option<[usize; 4]>,
    /// A weight that the operation itself gives: the share of a bilinear neighbour.
    pub coefficient: Option<f32>,
    /// The element of a further input that it is multiplied by: a matrix product. The input's
    /// number (1 is the second) and the element.
    pub factor: Option<(usize, [usize; 3])>,
    /// Where the product goes, when that is not the step's output: the scatter view of a
    /// transposed convolution. `Some(None)` when it falls outside the output.
    pub target: Option<Option<[usize; 3]>>,
}

impl Term {
    /// The element of the second input that it reads, or is multiplied by.
    #[must_use]
    pub fn second(&self) -> Option<[usize; 3]> {
        match (self.source, self.factor) {
            (TermSource::Other { input: 1, at }, _) | (_, Some((1, at))) => Some(at),
            _ => None,
        }
    }
}

/// One numbered step. It is a few numbers, computed in constant time.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its number, from 0.
    pub index: u64,
    /// The output element that it writes: plane, row, column. In the scatter view of a transposed
    /// convolution, the first of those that it adds to.
    pub output: [usize; 3],
    /// The group that it works in; 0 for operations without groups.
    pub group: usize,
    /// What it visits: the output element, or in the scatter view filter, row and column of the
    /// input position.
    at: [usize; 3],
    geometry: Geometry,
}

impl Step {
    pub(crate) fn new(geometry: Geometry, index: u64) -> Self {
        let at = geometry.visit(index);
        Self {
            index,
            output: geometry.writes(at),
            group: geometry.group(at),
            at,
            geometry,
        }
    }

    /// How many terms there are: elements under the window, padding included.
    #[must_use]
    pub fn term_count(&self) -> usize {
        self.geometry.term_count(self.at)
    }

    /// Term number `number`, in the order of the weights (channel, row, column), in constant
    /// time; `None` past the end.
    #[must_use]
    pub fn term(&self, number: usize) -> Option<Term> {
        (number < self.term_count()).then(|| self.geometry.term(self.at, number))
    }

    /// All terms in the order of the weights: channel by channel, row by row, column by column.
    pub fn terms(&self) -> Terms {
        Terms {
            step: self.clone(),
            next: 0,
            end: self.term_count(),
        }
    }

    /// The window's first element in real input coordinates: first plane of its group, row,
    /// column. Negative on padding.
    #[must_use]
    pub fn window_origin(&self) -> [isize; 3] {
        self.geometry.window(self.at).0
    }

    /// In the scatter view of a transposed convolution: where the window that the step adds to
    /// begins in the output (plane, row, column; negative where padding cuts it off) and how many
    /// channels, rows and columns it spans. `None` for every other operation.
    #[must_use]
    pub fn target_window(&self) -> Option<([isize; 3], [usize; 3])> {
        match &self.geometry {
            Geometry::Transposed(transposed) => transposed.target_window(self.at),
            Geometry::Convolution(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => None,
        }
    }

    /// Channels, rows and columns that the terms count through, in their order.
    #[must_use]
    pub fn term_dims(&self) -> [usize; 3] {
        self.geometry.term_dims(self.at)
    }

    /// What the sum of the terms is divided by: elements of an average pool's window. `None` for
    /// operations that do not divide.
    #[must_use]
    pub fn divisor(&self) -> Option<usize> {
        self.geometry.divisor(self.at)
    }

    /// How many channels, rows and columns of the input the window spans, dilation included.
    #[must_use]
    pub fn window_size(&self) -> [usize; 3] {
        self.geometry.window(self.at).1
    }
}

/// The terms of a step, in order.
#[derive(Debug, Clone)]
pub struct Terms {
    step: Step,
    next: usize,
    end: usize,
}

impl Iterator for Terms {
    type Item = Term;

    fn next(&mut self) -> Option<Term> {
        if self.next == self.end {
            return None;
        }
        let term = self.step.geometry.term(self.step.at, self.next);
        self.next += 1;
        Some(term)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }
}

impl ExactSizeIterator for Terms {}
