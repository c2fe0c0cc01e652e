//! `AvgPool2d`: the mean of each window, each channel by itself.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::{LoopNest, place};
use crate::op::error::LayerError;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::defaults::{inner, is_default, is_pair_of_ones, is_yes, pair_of_ones, some, yes};
use super::pool::{PoolWindow, average, onnx_pool_window, pool_call};

/// The mean of each window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvgPool2d {
    /// Rows and columns of the window.
    pub kernel: (usize, usize),
    /// Rows and columns from one window to the next; without it, the kernel.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub stride: Option<(usize, usize)>,
    /// Rows and columns of zeros on each side, at most half of the kernel.
    #[serde(default, skip_serializing_if = "is_default")]
    pub padding: (usize, usize),
    /// Rows below and columns on the right, where they differ from those above and on the left, or
    /// are more than half of the kernel: PyTorch has neither, ONNX has both.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub padding_after: Option<(usize, usize)>,
    /// Rows and columns from one element of the window to the next: always 1 in PyTorch, ONNX has
    /// more.
    #[serde(default = "pair_of_ones", skip_serializing_if = "is_pair_of_ones")]
    pub dilation: (usize, usize),
    /// Whether a last window may reach past the end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ceil_mode: bool,
    /// Whether padding counts in the number that is divided by.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub count_include_pad: bool,
    /// A number to divide by instead.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub divisor_override: Option<usize>,
}

impl AvgPool2d {
    /// An average pool with PyTorch's defaults.
    #[must_use]
    pub fn new(kernel: (usize, usize)) -> Self {
        Self {
            kernel,
            stride: None,
            padding: (0, 0),
            padding_after: None,
            dilation: pair_of_ones(),
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        let (padding, padding_after) = given.sided_padding::<2>()?;
        Ok(Self {
            stride: given.pool_stride::<2>()?.map(Into::into),
            padding: padding.into(),
            padding_after: padding_after.map(Into::into),
            dilation: given.pair("dilation", Some(1), 1)?,
            ceil_mode: given.truth("ceil_mode", false)?,
            count_include_pad: given.truth("count_include_pad", true)?,
            divisor_override: given.divisor_override()?,
            ..Self::new(given.pair("kernel_size", None, 1)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let count_include_pad = node.integer("count_include_pad", 0)? != 0;
        let window = onnx_pool_window::<2>(node, true)?;
        Ok(window.map(|window| {
            OnnxLayer::new(Self {
                stride: Some(window.stride.into()),
                padding: window.padding.into(),
                padding_after: window.padding_after.map(Into::into),
                dilation: window.dilation.into(),
                ceil_mode: window.ceil_mode,
                count_include_pad,
                ..Self::new(window.kernel.into())
            })
        }))
    }

    pub(super) fn window(&self) -> PoolWindow<2> {
        PoolWindow {
            kernel: self.kernel.into(),
            stride: self.stride.unwrap_or(self.kernel).into(),
            padding: self.padding.into(),
            padding_after: self.padding_after.map(Into::into),
            dilation: self.dilation.into(),
            ceil_mode: self.ceil_mode,
        }
    }
}

impl Described for AvgPool2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the mean of each window", "窓ごとの平均"),
        forms: &[Form {
            name: "AvgPool2d",
            parameters: &[
                "kernel_size",
                "stride",
                "padding",
                "ceil_mode",
                "count_include_pad",
                "divisor_override",
                "dilation",
            ],
            required: 1,
            make: |given| AvgPool2d::make(given).map(Layer::from),
        }],
        example: || AvgPool2d::new((2, 2)).into(),
        onnx: &[OnnxForm {
            op_type: "AveragePool",
            make: AvgPool2d::of_onnx,
        }],
        family: Family::Pooling,
        offered: true,
    };
}

impl Operation for AvgPool2d {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let value = average(layer.name(), self.count_include_pad, self.divisor_override)?;
        self.window().plan(layer, input, value)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = pool_call(Line::new("AvgPool2d", style), &self.window())
            .switch("ceil_mode", self.ceil_mode, false)
            .switch("count_include_pad", self.count_include_pad, true);
        let line = match self.divisor_override {
            Some(divisor) => line.named("divisor_override", divisor),
            None => line,
        };
        line.short("dilation", &[self.dilation.0, self.dilation.1], Some(1))
            .end()
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Window)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let stride = self.stride.unwrap_or(self.kernel);
        let sides = plan.padding();
        let from = format!(
            "a[f, {}, {}]",
            place("y", stride.0, "i", self.dilation.0, sides.top),
            place("x", stride.1, "j", self.dilation.1, sides.left)
        );
        let term = format!("s += {from}");
        LoopNest::pool(plan, self.kernel, "0", &term, "s / n")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.pair(
            Parameter::KernelRows,
            Parameter::KernelColumns,
            &mut self.kernel,
        );
        settings.pool_stride(&mut self.stride, self.kernel);
        settings.pair(
            Parameter::PaddingTop,
            Parameter::PaddingLeft,
            &mut self.padding,
        );
        settings.switch(Parameter::CeilMode, &mut self.ceil_mode);
        settings.switch(Parameter::CountIncludePad, &mut self.count_include_pad);
    }
}
