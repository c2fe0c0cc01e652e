//! `Depthwise`: `Conv2d` with as many groups as channels.
//!
//! Source: A. Howard et al., "MobileNets" (2017), section 3.1.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::padding::{Padding, PaddingMode};
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::defaults::{
    default_biases, default_weights, fills, is_default, is_default_biases, is_default_weights,
    is_one, is_pair_of_ones, one, pair_of_ones,
};
use super::{Conv2d, Layer};

/// A convolution in which every channel has filters of its own: `Conv2d` with as many groups as
/// channels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depthwise {
    /// Rows and columns of the kernel.
    pub kernel: (usize, usize),
    /// Filters a channel.
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
    /// Whether each filter adds a number of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bias: bool,
    /// What the weights are when no others are given.
    #[serde(
        default = "default_weights",
        skip_serializing_if = "is_default_weights"
    )]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases", skip_serializing_if = "is_default_biases")]
    pub biases: Fill,
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

    fn make(given: &Arguments) -> ParseResult<Self> {
        Ok(Self {
            kernel: given.pair("kernel_size", None, 1)?,
            multiplier: given.size("multiplier", Some(1), 1)?,
            stride: given.pair("stride", Some(1), 1)?,
            padding: given.padding()?,
            padding_mode: given.padding_mode()?,
            dilation: given.pair("dilation", Some(1), 1)?,
            bias: given.truth("bias", true)?,
            weights: default_weights(),
            biases: default_biases(),
        })
    }
}

impl Described for Depthwise {
    const DESCRIPTION: Description = Description {
        about: Localized::new("filters for each channel", "チャネルごとの畳み込み"),
        forms: &[Form {
            name: "Depthwise",
            parameters: &[
                "kernel_size",
                "multiplier",
                "stride",
                "padding",
                "dilation",
                "bias",
                "padding_mode",
            ],
            required: 1,
            make: |given| Depthwise::make(given).map(Layer::from),
        }],
        example: || {
            Depthwise {
                kernel: (3, 3),
                multiplier: 1,
                stride: (1, 1),
                padding: Padding::default(),
                padding_mode: PaddingMode::default(),
                dilation: (1, 1),
                bias: false,
                weights: default_weights(),
                biases: default_biases(),
            }
            .into()
        },
        onnx: &[],
        family: Family::Convolution,
        offered: false,
    };
}

impl Operation for Depthwise {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.convolution(input).plan(layer, input)
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        self.convolution(input).call(input, style)
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Window)
    }

    fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest {
        self.convolution(plan.input_shape()).code(plan, schedule)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.window(&mut self.kernel, &mut self.stride, &mut self.dilation);
        settings.padding_and_sides(&mut self.padding);
        settings.word(Parameter::PaddingMode, &mut self.padding_mode);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fn title(&self, _plan: &Plan) -> Option<Localized<String>> {
        let (rows, columns) = self.kernel;
        Some(says!(en: "Depthwise {rows} × {columns}", ja: "デプスワイズ {rows} × {columns}"))
    }

    fills! { "weight" => weights, "bias" => biases }

    fn generalized(&self, input: &Shape) -> Option<Layer> {
        Some(self.convolution(input).into())
    }
}
