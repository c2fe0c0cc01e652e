//! Padding: how much on which side, and what it holds.

use serde::{Deserialize, Serialize};

/// How much padding a two-dimensional layer has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Padding {
    /// None: windows stay inside the input.
    #[default]
    Valid,
    /// As much as keeps the size at stride 1; an odd total puts the larger half at the end, as
    /// PyTorch does.
    Same,
    /// As much as lets every window that touches the input be counted.
    Full,
    /// So many rows above and below, so many columns left and right.
    Size(usize, usize),
    /// Each side by itself.
    Sides {
        /// Rows above.
        #[serde(default, skip_serializing_if = "is_zero")]
        top: usize,
        /// Rows below.
        #[serde(default, skip_serializing_if = "is_zero")]
        bottom: usize,
        /// Columns on the left.
        #[serde(default, skip_serializing_if = "is_zero")]
        left: usize,
        /// Columns on the right.
        #[serde(default, skip_serializing_if = "is_zero")]
        right: usize,
    },
}

fn is_zero(size: &usize) -> bool {
    *size == 0
}

impl Padding {
    /// Top, bottom, left and right of a padding that is given in numbers.
    #[must_use]
    pub const fn sides(self) -> Option<[usize; 4]> {
        match self {
            Self::Valid => Some([0; 4]),
            Self::Size(rows, columns) => Some([rows, rows, columns, columns]),
            Self::Sides {
                top,
                bottom,
                left,
                right,
            } => Some([top, bottom, left, right]),
            Self::Same | Self::Full => None,
        }
    }
}

/// How much padding `Conv1d` has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum LinePadding {
    /// None.
    #[default]
    Valid,
    /// As much as keeps the length at stride 1.
    Same,
    /// As much as lets every window that touches the input be counted.
    Full,
    /// So many on each side.
    Size(usize),
    /// Each side by itself; `left` alone makes a causal convolution.
    Sides {
        /// Before the first element.
        #[serde(default, skip_serializing_if = "is_zero")]
        left: usize,
        /// Behind the last.
        #[serde(default, skip_serializing_if = "is_zero")]
        right: usize,
    },
}

/// How much padding `Conv3d` has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum VolumePadding {
    /// None.
    #[default]
    Valid,
    /// As much as keeps the size at stride 1.
    Same,
    /// As much as lets every window that touches the input be counted.
    Full,
    /// So many slices, rows and columns on each side.
    Size(usize, usize, usize),
    /// Each side by itself.
    Sides {
        /// Slices in front.
        #[serde(default, skip_serializing_if = "is_zero")]
        front: usize,
        /// Slices at the back.
        #[serde(default, skip_serializing_if = "is_zero")]
        back: usize,
        /// Rows above.
        #[serde(default, skip_serializing_if = "is_zero")]
        top: usize,
        /// Rows below.
        #[serde(default, skip_serializing_if = "is_zero")]
        bottom: usize,
        /// Columns on the left.
        #[serde(default, skip_serializing_if = "is_zero")]
        left: usize,
        /// Columns on the right.
        #[serde(default, skip_serializing_if = "is_zero")]
        right: usize,
    },
}

/// What padding holds, with PyTorch's names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// The input mirrored at its border element, which is not repeated.
    Reflect,
    /// The border element repeated.
    Replicate,
    /// The input from its other end.
    Circular,
}

/// Rows and columns around a tensor. A side is negative only for a transposed convolution whose
/// padding cuts into its zero-inserted input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Sides {
    /// Rows above.
    pub top: isize,
    /// Rows below.
    pub bottom: isize,
    /// Columns on the left.
    pub left: isize,
    /// Columns on the right.
    pub right: isize,
}

impl Sides {
    /// Whether there is no padding at all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A padding rule of one axis, before the kernel is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AxisPadding {
    Same,
    Full,
    Sides(usize, usize),
}

impl AxisPadding {
    /// Before the input and behind it, where a window reaches so far beyond its first element.
    pub(crate) const fn sides(self, reach: usize) -> (usize, usize) {
        match self {
            Self::Same => (reach / 2, reach - reach / 2),
            Self::Full => (reach, reach),
            Self::Sides(before, after) => (before, after),
        }
    }
}

impl LinePadding {
    /// The rule of the only axis.
    pub(crate) fn axis(self) -> AxisPadding {
        match self {
            Self::Valid => AxisPadding::Sides(0, 0),
            Self::Same => AxisPadding::Same,
            Self::Full => AxisPadding::Full,
            Self::Size(size) => AxisPadding::Sides(size, size),
            Self::Sides { left, right } => AxisPadding::Sides(left, right),
        }
    }
}

impl VolumePadding {
    /// So many before and behind along slices, rows and columns.
    pub(crate) const fn of_sides(sides: [(usize, usize); 3]) -> Self {
        let [(front, back), (top, bottom), (left, right)] = sides;
        Self::Sides {
            front,
            back,
            top,
            bottom,
            left,
            right,
        }
    }

    /// The rules of slices, rows and columns.
    pub(crate) fn axes(self) -> [AxisPadding; 3] {
        match self {
            Self::Valid => [AxisPadding::Sides(0, 0); 3],
            Self::Same => [AxisPadding::Same; 3],
            Self::Full => [AxisPadding::Full; 3],
            Self::Size(slices, rows, columns) => {
                [slices, rows, columns].map(|size| AxisPadding::Sides(size, size))
            }
            Self::Sides {
                front,
                back,
                top,
                bottom,
                left,
                right,
            } => [(front, back), (top, bottom), (left, right)]
                .map(|(before, after)| AxisPadding::Sides(before, after)),
        }
    }
}

impl Padding {
    /// The rules of the rows and of the columns.
    pub(crate) fn axes(self) -> [AxisPadding; 2] {
        match self {
            Self::Valid => [AxisPadding::Sides(0, 0); 2],
            Self::Same => [AxisPadding::Same; 2],
            Self::Full => [AxisPadding::Full; 2],
            Self::Size(rows, columns) => [
                AxisPadding::Sides(rows, rows),
                AxisPadding::Sides(columns, columns),
            ],
            Self::Sides {
                top,
                bottom,
                left,
                right,
            } => [
                AxisPadding::Sides(top, bottom),
                AxisPadding::Sides(left, right),
            ],
        }
    }
}

impl PaddingMode {
    /// Where a place on padding takes its value: `at` counts from the first real element and lies
    /// outside `0..length`. `None` for zeros.
    pub(crate) fn source(self, at: isize, length: usize) -> Option<usize> {
        let end = length as isize;
        let from = match self {
            Self::Zeros => return None,
            Self::Reflect if at < 0 => -at,
            Self::Reflect => 2 * (end - 1) - at,
            Self::Replicate => at.clamp(0, end - 1),
            Self::Circular => at.rem_euclid(end),
        };
        Some(from.clamp(0, end - 1) as usize)
    }
}
