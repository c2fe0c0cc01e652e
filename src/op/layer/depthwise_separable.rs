//! `DepthwiseSeparable`: a depthwise convolution, then a pointwise one. A chain of two, with no plan
//! of its own.
//!
//! Source: A. Howard et al., "MobileNets" (2017), section 3.1.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::{Padding, PaddingMode};
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::tensor::{Fill, Shape};

use super::defaults::{
    default_biases, default_weights, is_default, is_default_weights, is_one, is_pair_of_ones, one,
    pair_of_ones,
};
use super::{Depthwise, Layer, Pointwise};

/// A depthwise convolution, then a pointwise one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthwiseSeparable {
    /// Output channels of the pointwise part.
    #[serde(rename = "filters")]
    pub out_channels: usize,
    /// Rows and columns of the depthwise kernel.
    pub kernel: (usize, usize),
    /// Filters a channel in the depthwise part.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub multiplier: usize,
    /// Rows and columns from one window to the next.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub stride: (usize, usize),
    /// How much padding.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding: Padding,
    /// What the padding holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding_mode: PaddingMode,
    /// Rows and columns from one kernel element to the next.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub dilation: (usize, usize),
    /// Whether each filter of both parts adds a number of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bias: bool,
    /// Weights of the depthwise part when no others are given.
    #[serde(
        default = "default_weights",
        skip_serializing_if = "is_default_weights"
    )]
    pub weights: Fill,
    /// Weights of the pointwise part when no others are given.
    #[serde(
        default = "default_point_weights",
        skip_serializing_if = "is_default_point_weights"
    )]
    pub point_weights: Fill,
}

fn default_point_weights() -> Fill {
    Fill::Random { seed: 3 }
}

fn is_default_point_weights(value: &Fill) -> bool {
    *value == default_point_weights()
}

impl DepthwiseSeparable {
    /// Its two parts.
    fn both(&self) -> [Layer; 2] {
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
            out_channels: self.out_channels,
            bias: self.bias,
            weights: self.point_weights.clone(),
            biases: default_biases(),
        };
        [Layer::Depthwise(depthwise), Layer::Pointwise(pointwise)]
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        Ok(Self {
            out_channels: given.size("out_channels", None, 1)?,
            kernel: given.pair("kernel_size", None, 1)?,
            multiplier: given.size("multiplier", Some(1), 1)?,
            stride: given.pair("stride", Some(1), 1)?,
            padding: given.padding()?,
            padding_mode: given.padding_mode()?,
            dilation: given.pair("dilation", Some(1), 1)?,
            bias: given.truth("bias", true)?,
            weights: default_weights(),
            point_weights: default_point_weights(),
        })
    }
}

impl Described for DepthwiseSeparable {
    const DESCRIPTION: Description = Description {
        about: Localized::new("depthwise, then pointwise", "デプスワイズとポイントワイズ"),
        forms: &[Form {
            name: "DepthwiseSeparable",
            parameters: &[
                "out_channels",
                "kernel_size",
                "multiplier",
                "stride",
                "padding",
                "dilation",
                "bias",
                "padding_mode",
            ],
            required: 2,
            make: |given| DepthwiseSeparable::make(given).map(Layer::from),
        }],
        example: || {
            DepthwiseSeparable {
                out_channels: 4,
                kernel: (3, 3),
                multiplier: 1,
                stride: (1, 1),
                padding: Padding::default(),
                padding_mode: PaddingMode::default(),
                dilation: (1, 1),
                bias: false,
                weights: default_weights(),
                point_weights: default_point_weights(),
            }
            .into()
        },
        onnx: &[],
        family: Family::Convolution,
        offered: false,
    };
}

impl Operation for DepthwiseSeparable {
    fn plan(&self, layer: &Layer, _input: &Shape) -> Result<Plan, LayerError> {
        let layer = layer.name();
        Err(LayerError::Composite { layer })
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let line = Line::new("Sequential", style);
        self.both()
            .iter()
            .fold(line, |line, layer| line.value(layer.call(input, style)))
            .end()
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        None
    }

    fn code(&self, _plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::default()
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn parts(&self) -> Option<Vec<Layer>> {
        Some(self.both().to_vec())
    }
}
