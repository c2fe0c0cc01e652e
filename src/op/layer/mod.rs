//! Layers, as a lesson or a line of PyTorch describes them: one file an operation.

mod adaptive_pool;
mod conv1d;
mod conv2d;
mod conv3d;
mod conv_transpose2d;
mod convolution;
mod defaults;
mod elementwise;
mod named_convolution;
mod pixel_shuffle;
mod pool;
mod upsample;
mod variant;

pub use adaptive_pool::AdaptivePool2d;
pub use conv_transpose2d::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use conv3d::Conv3d;
pub use elementwise::Add;
pub use named_convolution::{Depthwise, DepthwiseSeparable, Pointwise};
pub use pixel_shuffle::PixelShuffle;
pub use pool::{AvgPool2d, MaxPool2d};
pub use upsample::{Upsample, UpsampleMode};

use crate::tensor::{Fill, Shape};

use super::error::LayerError;
use super::geometry::ElementwiseKind;
use super::plan::Plan;

/// An operation with its arguments. In a lesson: `Conv2d(filters: 4, kernel: (3, 3))`.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// One-dimensional convolution.
    Conv1d(Conv1d),
    /// Two-dimensional convolution.
    Conv2d(Conv2d),
    /// Three-dimensional convolution.
    Conv3d(Conv3d),
    /// A convolution with filters of its own for every channel.
    Depthwise(Depthwise),
    /// A convolution with a kernel of 1 × 1.
    Pointwise(Pointwise),
    /// A depthwise convolution, then a pointwise one: a chain of two.
    DepthwiseSeparable(DepthwiseSeparable),
    /// Transposed convolution.
    ConvTranspose2d(ConvTranspose2d),
    /// The greatest element of each window.
    MaxPool2d(MaxPool2d),
    /// The mean of each window.
    AvgPool2d(AvgPool2d),
    /// The mean of windows that divide the input into a stated number.
    AdaptiveAvgPool2d(AdaptivePool2d),
    /// The greatest element of such windows.
    AdaptiveMaxPool2d(AdaptivePool2d),
    /// The mean of each channel.
    GlobalAvgPool2d,
    /// The greatest element of each channel.
    GlobalMaxPool2d,
    /// Channels become rows and columns.
    PixelShuffle(PixelShuffle),
    /// Rows and columns become channels.
    PixelUnshuffle(PixelShuffle),
    /// Resizing.
    Upsample(Upsample),
    /// Negative elements become 0.
    ReLU,
    /// Negative elements become 0, those over 6 become 6.
    ReLU6,
    /// The sum with an earlier tensor of the chain.
    Add(Add),
    /// Layers one after another.
    Sequential(Vec<Layer>),
}

impl Layer {
    /// PyTorch's name of the operation, or ours for the named forms.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Conv1d(_) => "Conv1d",
            Self::Conv2d(_) => "Conv2d",
            Self::Conv3d(_) => "Conv3d",
            Self::Depthwise(_) => "Depthwise",
            Self::Pointwise(_) => "Pointwise",
            Self::DepthwiseSeparable(_) => "DepthwiseSeparable",
            Self::ConvTranspose2d(_) => "ConvTranspose2d",
            Self::MaxPool2d(_) => "MaxPool2d",
            Self::AvgPool2d(_) => "AvgPool2d",
            Self::AdaptiveAvgPool2d(_) => "AdaptiveAvgPool2d",
            Self::AdaptiveMaxPool2d(_) => "AdaptiveMaxPool2d",
            Self::GlobalAvgPool2d => "GlobalAvgPool2d",
            Self::GlobalMaxPool2d => "GlobalMaxPool2d",
            Self::PixelShuffle(_) => "PixelShuffle",
            Self::PixelUnshuffle(_) => "PixelUnshuffle",
            Self::Upsample(_) => "Upsample",
            Self::ReLU => "ReLU",
            Self::ReLU6 => "ReLU6",
            Self::Add(_) => "Add",
            Self::Sequential(_) => "Sequential",
        }
    }

    /// Checks the layer against the shape of its input (without a batch axis) and works out
    /// everything that its steps need. Takes no memory that grows with the sizes.
    ///
    /// # Errors
    /// What PyTorch refuses is refused, and what is over the limits. `Sequential` and
    /// `DepthwiseSeparable` have no single plan: use [`crate::op::Chain::plan`].
    pub fn plan(&self, input: &Shape) -> Result<Plan, LayerError> {
        let name = self.name();
        match self {
            Self::Conv1d(layer) => layer.plan(self, input),
            Self::Conv2d(layer) => layer.plan(name, self, input),
            Self::Conv3d(layer) => layer.plan(self, input),
            Self::Depthwise(layer) => layer.convolution(input).plan(name, self, input),
            Self::Pointwise(layer) => layer.convolution().plan(name, self, input),
            Self::ConvTranspose2d(layer) => layer.plan(self, input),
            Self::MaxPool2d(layer) => layer.plan(self, input),
            Self::AvgPool2d(layer) => layer.plan(self, input),
            Self::AdaptiveAvgPool2d(layer) => layer.plan(name, false, self, input),
            Self::AdaptiveMaxPool2d(layer) => layer.plan(name, true, self, input),
            Self::GlobalAvgPool2d => AdaptivePool2d::global().plan(name, false, self, input),
            Self::GlobalMaxPool2d => AdaptivePool2d::global().plan(name, true, self, input),
            Self::PixelShuffle(layer) => layer.plan(false, self, input),
            Self::PixelUnshuffle(layer) => layer.plan(true, self, input),
            Self::Upsample(layer) => layer.plan(self, input),
            Self::ReLU => elementwise::plan(ElementwiseKind::Relu, self, input),
            Self::ReLU6 => elementwise::plan(ElementwiseKind::Relu6, self, input),
            Self::Add(_) => elementwise::plan(ElementwiseKind::Add, self, input),
            Self::DepthwiseSeparable(_) | Self::Sequential(_) => {
                Err(LayerError::Composite { layer: name })
            }
        }
    }

    /// The layers that this one is made of, in order: several for `Sequential` and
    /// `DepthwiseSeparable`, itself for every other.
    #[must_use]
    pub fn flattened(&self) -> Vec<Layer> {
        match self {
            Self::Sequential(layers) => layers.iter().flat_map(Self::flattened).collect(),
            Self::DepthwiseSeparable(layer) => layer.parts().to_vec(),
            other => vec![other.clone()],
        }
    }

    /// What weights and biases are filled with when no others are given.
    #[must_use]
    pub fn fills(&self) -> Option<(&Fill, &Fill)> {
        match self {
            Self::Conv1d(layer) => Some((&layer.weights, &layer.biases)),
            Self::Conv2d(layer) => Some((&layer.weights, &layer.biases)),
            Self::Conv3d(layer) => Some((&layer.weights, &layer.biases)),
            Self::Depthwise(layer) => Some((&layer.weights, &layer.biases)),
            Self::Pointwise(layer) => Some((&layer.weights, &layer.biases)),
            Self::ConvTranspose2d(layer) => Some((&layer.weights, &layer.biases)),
            _ => None,
        }
    }
}
