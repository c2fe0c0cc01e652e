//! Forms of `Conv2d` that have a name: depthwise, pointwise, and the two in a row.
//!
//! Source: A. Howard et al., "MobileNets" (2017), section 3.1.

use serde::Deserialize;

use crate::op::padding::{Padding, PaddingMode};
use crate::tensor::{Fill, Shape};

use super::defaults::{default_biases, default_weights, one, pair_of_ones};
use super::{Conv2d, Layer};

/// A convolution in which every channel has filters of its own: `Conv2d` with as many groups as
/// channels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depthwise {
    /// Rows and columns of the kernel.
    pub kernel: (usize, usize),
    /// Filters a channel.
    #[serde(default = "one")]
    pub multiplier: usize,
    /// Rows and columns from one window to the next.
    #[serde(default = "pair_of_ones")]
    pub stride: (usize, usize),
    /// How much padding.
    #[serde(default)]
    pub padding: Padding,
    /// What the padding holds.
    #[serde(default)]
    pub padding_mode: PaddingMode,
    /// Rows and columns from one kernel element to the next.
    #[serde(default = "pair_of_ones")]
    pub dilation: (usize, usize),
    /// Whether each filter adds a number of its own.
    #[serde(default)]
    pub bias: bool,
    /// What the weights are when no others are given.
    #[serde(default = "default_weights")]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases")]
    pub biases: Fill,
}

/// A convolution with a kernel of 1 × 1: it mixes channels and leaves rows and columns alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointwise {
    /// Output channels.
    pub filters: usize,
    /// Whether each filter adds a number of its own.
    #[serde(default)]
    pub bias: bool,
    /// What the weights are when no others are given.
    #[serde(default = "default_weights")]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases")]
    pub biases: Fill,
}

/// A depthwise convolution, then a pointwise one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthwiseSeparable {
    /// Output channels of the pointwise part.
    pub filters: usize,
    /// Rows and columns of the depthwise kernel.
    pub kernel: (usize, usize),
    /// Filters a channel in the depthwise part.
    #[serde(default = "one")]
    pub multiplier: usize,
    /// Rows and columns from one window to the next.
    #[serde(default = "pair_of_ones")]
    pub stride: (usize, usize),
    /// How much padding.
    #[serde(default)]
    pub padding: Padding,
    /// What the padding holds.
    #[serde(default)]
    pub padding_mode: PaddingMode,
    /// Rows and columns from one kernel element to the next.
    #[serde(default = "pair_of_ones")]
    pub dilation: (usize, usize),
    /// Whether each filter of both parts adds a number of its own.
    #[serde(default)]
    pub bias: bool,
    /// Weights of the depthwise part when no others are given.
    #[serde(default = "default_weights")]
    pub weights: Fill,
    /// Weights of the pointwise part when no others are given.
    #[serde(default = "default_point_weights")]
    pub point_weights: Fill,
}

fn default_point_weights() -> Fill {
    Fill::Random { seed: 3 }
}

impl Depthwise {
    /// The `Conv2d` that it is on an input.
    pub(crate) fn convolution(&self, input: &Shape) -> Conv2d {
        Conv2d {
            stride: self.stride,
            padding: self.padding,
            padding_mode: self.padding_mode,
            dilation: self.dilation,
            groups: input.channels(),
            bias: self.bias,
            weights: self.weights.clone(),
            biases: self.biases.clone(),
            ..Conv2d::new(
                input.channels().saturating_mul(self.multiplier),
                self.kernel,
            )
        }
    }
}

impl Pointwise {
    /// The `Conv2d` that it is.
    pub(crate) fn convolution(&self) -> Conv2d {
        Conv2d {
            bias: self.bias,
            weights: self.weights.clone(),
            biases: self.biases.clone(),
            ..Conv2d::new(self.filters, (1, 1))
        }
    }
}

impl DepthwiseSeparable {
    /// Its two parts.
    #[must_use]
    pub fn parts(&self) -> [Layer; 2] {
        let depthwise = Depthwise {
            kernel: self.kernel,
            multiplier: self.multiplier,
            stride: self.stride,
            padding: self.padding,
            padding_mode: self.padding_mode,
            dilation: self.dilation,
            bias: self.bias,
            weights: self.weights.clone(),
            biases: default_biases(),
        };
        let pointwise = Pointwise {
            filters: self.filters,
            bias: self.bias,
            weights: self.point_weights.clone(),
            biases: default_biases(),
        };
        [Layer::Depthwise(depthwise), Layer::Pointwise(pointwise)]
    }
}
