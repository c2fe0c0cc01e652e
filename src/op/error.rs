//! Why a layer cannot work on an input.

use thiserror::Error;

use crate::tensor::{Shape, ShapeError};

/// What is wrong with a layer or with the input that it is given, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LayerError {
    /// A number that must be at least 1 is 0.
    #[error("{layer}: {argument} is 0; it must be at least 1")]
    Zero {
        /// The layer's name.
        layer: &'static str,
        /// The argument.
        argument: &'static str,
    },
    /// An input with another number of axes than the layer takes.
    #[error("{layer} takes an input of {expected}, this one is {shape}")]
    Rank {
        /// The layer's name.
        layer: &'static str,
        /// The axes it takes.
        expected: &'static str,
        /// The input's shape.
        shape: Shape,
    },
    /// Channels, or filters, that groups do not divide.
    #[error("{layer}: {what} = {count} is not divisible by groups = {groups}; {mend}")]
    Groups {
        /// The layer's name.
        layer: &'static str,
        /// `in_channels` or `filters`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The groups.
        groups: usize,
        /// What would be right.
        mend: String,
    },
    /// An input of other channels than the layer was written for.
    #[error("{layer} is written for {expected} channels and the input {shape} has {}; change in_channels or the layer before", shape.channels())]
    Channels {
        /// The layer's name.
        layer: &'static str,
        /// The channels that the layer states.
        expected: usize,
        /// The input's shape.
        shape: Shape,
    },
    /// A window that does not fit.
    #[error(
        "{layer}: the kernel reaches over {reach} {axis} (size {kernel}, dilation {dilation}) but the padded input has {padded}; use a smaller kernel or dilation, or add padding of at least {missing} in total"
    )]
    KernelTooLarge {
        /// The layer's name.
        layer: &'static str,
        /// `rows`, `columns` or `slices`.
        axis: &'static str,
        /// Length of the kernel.
        kernel: usize,
        /// Dilation.
        dilation: usize,
        /// From its first to its last element.
        reach: usize,
        /// Length of the padded input.
        padded: usize,
        /// How much padding would let it fit.
        missing: usize,
    },
    /// Padding `same` with a stride.
    #[error(
        "{layer}: padding 'same' needs stride 1, this one has {stride}; give the padding as a number, for example padding={instead}"
    )]
    SameWithStride {
        /// The layer's name.
        layer: &'static str,
        /// The stride.
        stride: usize,
        /// A padding that comes close.
        instead: usize,
    },
    /// More padding than the mode can take from the input.
    #[error(
        "{layer}: {mode} padding of {padding} {axis} needs an input of at least {needed}, this one has {length}; pad less, or use padding mode zeros or replicate"
    )]
    PaddingTooLarge {
        /// The layer's name.
        layer: &'static str,
        /// `reflect` or `circular`.
        mode: &'static str,
        /// `rows`, `columns` or `slices`.
        axis: &'static str,
        /// The padding of the larger side.
        padding: usize,
        /// The shortest input that would do.
        needed: usize,
        /// Length of the input.
        length: usize,
    },
    /// More padding than half of a pool's kernel.
    #[error(
        "{layer}: padding of {padding} {axis} is more than half of the kernel ({kernel}), so that a window could hold nothing but padding; use padding of at most {}", kernel / 2
    )]
    PoolPadding {
        /// The layer's name.
        layer: &'static str,
        /// `rows` or `columns`.
        axis: &'static str,
        /// The padding.
        padding: usize,
        /// Length of the kernel.
        kernel: usize,
    },
    /// Output padding that is no remainder of a stride.
    #[error(
        "{layer}: output padding of {output_padding} {axis} must be smaller than the stride ({stride}) or the dilation ({dilation})"
    )]
    OutputPadding {
        /// The layer's name.
        layer: &'static str,
        /// `rows` or `columns`.
        axis: &'static str,
        /// The output padding.
        output_padding: usize,
        /// The stride.
        stride: usize,
        /// The dilation.
        dilation: usize,
    },
    /// An output with nothing in it.
    #[error("{layer}: the output would have {length} {axis}; {mend}")]
    NoOutput {
        /// The layer's name.
        layer: &'static str,
        /// `rows` or `columns`.
        axis: &'static str,
        /// What the formula gives.
        length: i64,
        /// What would be right.
        mend: &'static str,
    },
    /// Channels, rows or columns that a shuffle's factor does not divide.
    #[error("{layer}: {count} {what} are not divisible by {divisor}; {mend}")]
    Shuffle {
        /// The layer's name.
        layer: &'static str,
        /// `channels`, `rows` or `columns`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The factor, squared for channels.
        divisor: usize,
        /// What would be right.
        mend: String,
    },
    /// Arguments that do not go together.
    #[error("{layer}: {why}")]
    Arguments {
        /// The layer's name.
        layer: &'static str,
        /// What is wrong and how to mend it.
        why: &'static str,
    },
    /// A layer made of several, which has no single plan.
    #[error("{layer} is a chain of layers; plan it with Chain, step by step")]
    Composite {
        /// The layer's name.
        layer: &'static str,
    },
    /// A number over a limit.
    #[error("{layer}: {argument} = {value} is over the limit of {limit}")]
    TooLarge {
        /// The layer's name.
        layer: &'static str,
        /// What is too large.
        argument: &'static str,
        /// How large it is.
        value: u128,
        /// The limit.
        limit: u64,
    },
    /// A result that is not a shape, or too large for one.
    #[error("{layer}: the {tensor} has no possible shape: {why}")]
    Shape {
        /// The layer's name.
        layer: &'static str,
        /// `output` or `weight`.
        tensor: &'static str,
        /// The reason.
        why: ShapeError,
    },
}
