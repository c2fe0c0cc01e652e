//! What a plan knows of its operation: enough to compute any step, and small enough to copy.

mod adaptive_volume;
mod broadcast;
mod channelwise;
mod choice;
mod concatenation;
mod convolution;
mod correlation;
mod elementwise;
mod embedded;
mod groups;
mod linear;
mod local_response;
mod lookup;
mod mapping;
mod matrix_product;
mod pool;
mod rearrange;
mod rearrangement;
mod reduction;
mod resample;
mod row_wise;
mod slopes;
mod transposed;
mod transposed_volume;
mod triangle;
mod unpool;
mod volume_pool;

pub(crate) use adaptive_volume::AdaptiveVolume;
pub(crate) use broadcast::{Broadcast, Combine, Relation};
pub(crate) use channelwise::{Channelwise, folded};
pub(crate) use choice::Choice;
pub(crate) use concatenation::Concatenation;
pub(crate) use convolution::Convolution;
pub(crate) use correlation::Correlation;
pub(crate) use elementwise::{CLIP, COMPUTE, Elementwise, Function, apply_each, function};
pub(crate) use embedded::Embedded;
pub(crate) use groups::GroupedTensor;
pub(crate) use linear::LinearRows;
pub(crate) use local_response::LocalResponse;
pub(crate) use lookup::{Finding, Lookup};
pub(crate) use mapping::{Mapped, Mapping};
pub(crate) use matrix_product::{Matrices, MatrixProduct};
pub(crate) use pool::{Adaptive, Pool, PoolKind};
pub(crate) use rearrange::{Resize, ResizeAxis, Shuffle};
pub(crate) use rearrangement::{Digit, Rearrangement, View, joined_digits};
pub(crate) use reduction::{Reduce, Reduction};
pub(crate) use resample::{Coordinate, Interpolation, Resample, ResampleAxis};
pub use resample::{NearestRule, Transformation};
pub(crate) use row_wise::{Affine, RowFunction, RowWise};
pub(crate) use slopes::Slopes;
pub use transposed::TransposeView;
pub(crate) use transposed::{Transposed, TransposedAxis};
pub(crate) use transposed_volume::TransposedVolume;
pub(crate) use triangle::Triangle;
pub(crate) use unpool::Unpool;
pub(crate) use volume_pool::{VolumePool, VolumeValue};

use super::step::Term;

/// The geometry of an operation. Every question is answered in constant time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Geometry {
    Convolution(Convolution),
    Transposed(Transposed),
    Pool(Pool),
    Adaptive(Adaptive),
    Shuffle(Shuffle),
    Resize(Resize),
    Elementwise(Elementwise),
    Mapped(Mapped),
}

impl Geometry {
    /// Channels, rows and columns of what the steps count through: the output, or in the scatter
    /// view of a transposed convolution every input position for every filter.
    pub fn visited(&self) -> [usize; 3] {
        match self {
            Self::Convolution(convolution) => convolution.output(),
            Self::Transposed(transposed) => transposed.visited(),
            Self::Pool(pool) => pool.output(),
            Self::Adaptive(pool) => [pool.channels, pool.output[0], pool.output[1]],
            Self::Shuffle(shuffle) => shuffle.output,
            Self::Resize(resize) => resize.output(),
            Self::Elementwise(elementwise) => elementwise.shape,
            Self::Mapped(mapped) => mapped.output(),
        }
    }

    /// The place that a step visits, in row-major order.
    pub fn visit(&self, index: u64) -> [usize; 3] {
        let [_, height, width] = self.visited().map(|length| length as u64);
        [
            index / (height * width),
            index / width % height,
            index % width,
        ]
        .map(|at| at as usize)
    }

    /// The output element that a visit writes.
    pub fn writes(&self, at: [usize; 3]) -> [usize; 3] {
        match self {
            Self::Transposed(transposed) => transposed.writes(at),
            Self::Convolution(_)
            | Self::Pool(_)
            | Self::Adaptive(_)
            | Self::Shuffle(_)
            | Self::Resize(_)
            | Self::Elementwise(_)
            | Self::Mapped(_) => at,
        }
    }

    /// The group of a visit.
    pub fn group(&self, at: [usize; 3]) -> usize {
        match self {
            Self::Convolution(convolution) => convolution.group(at),
            Self::Transposed(transposed) => transposed.group(at),
            Self::Pool(_)
            | Self::Adaptive(_)
            | Self::Shuffle(_)
            | Self::Resize(_)
            | Self::Elementwise(_)
            | Self::Mapped(_) => 0,
        }
    }

    /// How many terms a visit has.
    pub fn term_count(&self, at: [usize; 3]) -> usize {
        match self {
            Self::Convolution(convolution) => convolution.term_count(),
            Self::Transposed(transposed) => transposed.term_count(),
            Self::Pool(pool) => pool.term_count(),
            Self::Adaptive(pool) => pool.term_count(at),
            Self::Shuffle(_) | Self::Elementwise(_) => 1,
            Self::Resize(resize) => resize.term_count(),
            Self::Mapped(mapped) => mapped.term_count(at),
        }
    }

    /// Channels, rows and columns that the terms of a visit count through, in the order of the terms.
    pub fn term_dims(&self, at: [usize; 3]) -> [usize; 3] {
        match self {
            Self::Convolution(convolution) => {
                let [depth, height, width] = &convolution.axes;
                let planes = convolution.group_channels() * depth.kernel;
                [planes, height.kernel, width.kernel]
            }
            Self::Transposed(transposed) => {
                let [height, width] = &transposed.axes;
                [transposed.group_channels(), height.kernel, width.kernel]
            }
            Self::Pool(pool) => [1, pool.axes[0].kernel, pool.axes[1].kernel],
            Self::Adaptive(pool) => {
                let (_, [_, rows, columns]) = pool.window(at);
                [1, rows, columns]
            }
            Self::Resize(resize) if resize.bilinear => [1, 2, 2],
            Self::Shuffle(_) | Self::Resize(_) | Self::Elementwise(_) => [1, 1, 1],
            Self::Mapped(mapped) => mapped.term_dims(at),
        }
    }

    /// One term of a visit; `number` is below the count.
    pub fn term(&self, at: [usize; 3], number: usize) -> Term {
        match self {
            Self::Convolution(convolution) => convolution.term(at, number),
            Self::Transposed(transposed) => transposed.term(at, number),
            Self::Pool(pool) => pool.term(at, number),
            Self::Adaptive(pool) => pool.term(at, number),
            Self::Shuffle(shuffle) => shuffle.term(at),
            Self::Resize(resize) => resize.term(at, number),
            Self::Elementwise(elementwise) => elementwise.term(at),
            Self::Mapped(mapped) => mapped.term(at, number),
        }
    }

    /// Where the window of a visit begins in real coordinates, and what it spans.
    pub fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let single = |from: [usize; 3]| (from.map(|at| at as isize), [1; 3]);
        match self {
            Self::Convolution(convolution) => convolution.window(at),
            Self::Transposed(transposed) => transposed.window(at),
            Self::Pool(pool) => pool.window(at),
            Self::Adaptive(pool) => pool.window(at),
            Self::Shuffle(shuffle) => single(shuffle.from(at)),
            Self::Resize(resize) => resize.window(at),
            Self::Elementwise(_) => single(at),
            Self::Mapped(mapped) => mapped.window(at),
        }
    }

    /// Whether the largest term is the value, instead of the sum.
    pub fn compares(&self) -> bool {
        match self {
            Self::Pool(pool) => pool.kind == PoolKind::Max,
            Self::Adaptive(pool) => pool.max,
            Self::Mapped(mapped) => mapped.compares(),
            Self::Convolution(_)
            | Self::Transposed(_)
            | Self::Shuffle(_)
            | Self::Resize(_)
            | Self::Elementwise(_) => false,
        }
    }

    /// What the sum of a visit is divided by; `None` where it is not.
    pub fn divisor(&self, at: [usize; 3]) -> Option<usize> {
        match self {
            Self::Pool(pool) => pool.divisor(at),
            Self::Adaptive(pool) => (!pool.max).then(|| pool.term_count(at)),
            Self::Mapped(mapped) => mapped.divisor(at),
            Self::Convolution(_)
            | Self::Transposed(_)
            | Self::Shuffle(_)
            | Self::Resize(_)
            | Self::Elementwise(_) => None,
        }
    }
}
