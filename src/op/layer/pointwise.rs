//! `Pointwise`: `Conv2d` with a kernel of 1 × 1.
//!
//! Source: A. Howard et al., "MobileNets" (2017), section 3.1.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::{Fill, Shape};

use super::defaults::{
    default_biases, default_weights, fills, is_default, is_default_biases, is_default_weights,
};
use super::{Conv2d, Layer};

/// A convolution with a kernel of 1 × 1: it mixes channels and leaves rows and columns alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointwise {
    /// Output channels.
    #[serde(rename = "filters")]
    pub out_channels: usize,
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

impl Pointwise {
    /// The `Conv2d` that it is.
    pub(crate) fn convolution(&self) -> Conv2d {
        Conv2d {
            bias: self.bias,
            weights: self.weights.clone(),
            biases: self.biases.clone(),
            ..Conv2d::new(self.out_channels, (1, 1))
        }
    }

    fn new(out_channels: usize, bias: bool) -> Self {
        Self {
            out_channels,
            bias,
            weights: default_weights(),
            biases: default_biases(),
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        Ok(Self::new(
            given.size("out_channels", None, 1)?,
            given.truth("bias", true)?,
        ))
    }
}

impl Described for Pointwise {
    const DESCRIPTION: Description = Description {
        about: Localized::new("mixes channels at a point", "点ごとにチャネルを混ぜる"),
        forms: &[Form {
            name: "Pointwise",
            parameters: &["out_channels", "bias"],
            required: 1,
            make: |given| Pointwise::make(given).map(Layer::from),
        }],
        example: || Pointwise::new(4, false).into(),
        onnx: &[],
        family: Family::Convolution,
        offered: false,
    };
}

impl Operation for Pointwise {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.convolution().plan(layer, input)
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        self.convolution().call(input, style)
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Window)
    }

    fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest {
        self.convolution().code(plan, schedule)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Filters, &mut self.out_channels);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fn title(&self, _plan: &Plan) -> Option<Localized<String>> {
        Some(Localized::new(
            "Pointwise 1 × 1".to_owned(),
            "ポイントワイズ 1 × 1".to_owned(),
        ))
    }

    fills! { "weight" => weights, "bias" => biases }

    fn generalized(&self, _input: &Shape) -> Option<Layer> {
        Some(self.convolution().into())
    }
}
