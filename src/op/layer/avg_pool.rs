//! `AvgPool1d` and `AvgPool3d`: the mean of each window of a line or of a volume.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::axes::{are_ones, are_zeros, ones, read, read_some, write, write_some, zeros};
use super::defaults::{inner, is_default, is_yes, some, yes};
use super::pool::{
    PoolNumbers, PoolWindow, average, onnx_pool_window, pool_call, pool_code, refuse_small_volume,
};

/// The mean of each window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvgPool<const N: usize> {
    /// Length of the window along each axis.
    #[serde(deserialize_with = "read", serialize_with = "write")]
    pub kernel: [usize; N],
    /// From one window to the next; without it, the kernel.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub stride: Option<[usize; N]>,
    /// Zeros on each side, at most half of the kernel.
    #[serde(
        default = "zeros",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_zeros"
    )]
    pub padding: [usize; N],
    /// Zeros at the ends, where they differ from those at the starts, or are more than half of the
    /// kernel: PyTorch has neither, ONNX has both.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub padding_after: Option<[usize; N]>,
    /// From one element of the window to the next: always 1 in PyTorch, ONNX has more.
    #[serde(
        default = "ones",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_ones"
    )]
    pub dilation: [usize; N],
    /// Whether a last window may reach past the end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ceil_mode: bool,
    /// Whether padding counts in the number that is divided by.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub count_include_pad: bool,
    /// A number to divide by instead; `AvgPool1d` has none.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub divisor_override: Option<usize>,
}

/// The mean of each window of a line: `channels × length`.
pub type AvgPool1d = AvgPool<1>;

/// The mean of each window of a volume: `channels × depth × height × width`.
pub type AvgPool3d = AvgPool<3>;

impl<const N: usize> AvgPool<N> {
    const NAME: &'static str = if N == 1 { "AvgPool1d" } else { "AvgPool3d" };

    /// An average pool with PyTorch's defaults.
    #[must_use]
    pub fn new(kernel: [usize; N]) -> Self {
        Self {
            kernel,
            stride: None,
            padding: [0; N],
            padding_after: None,
            dilation: [1; N],
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        let (padding, padding_after) = given.sided_padding()?;
        Ok(Self {
            stride: given.pool_stride()?,
            padding,
            padding_after,
            dilation: given.sizes("dilation", Some(1), 1)?,
            ceil_mode: given.truth("ceil_mode", false)?,
            count_include_pad: given.truth("count_include_pad", true)?,
            divisor_override: given.divisor_override()?,
            ..Self::new(given.sizes("kernel_size", None, 1)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        let count_include_pad = node.integer("count_include_pad", 0)? != 0;
        let window = onnx_pool_window::<N>(node, true)?;
        Ok(window.map(|window| {
            OnnxLayer::new(Self {
                stride: Some(window.stride),
                padding: window.padding,
                // PyTorch refuses a volume that is smaller than the kernel, whatever its padding.
                padding_after: window.padding_after.or((N == 3).then_some(window.padding)),
                dilation: window.dilation,
                ceil_mode: window.ceil_mode,
                count_include_pad,
                ..Self::new(window.kernel)
            })
        }))
    }

    pub(super) fn window(&self) -> PoolWindow<N> {
        PoolWindow {
            kernel: self.kernel,
            stride: self.stride.unwrap_or(self.kernel),
            padding: self.padding,
            padding_after: self.padding_after,
            dilation: self.dilation,
            ceil_mode: self.ceil_mode,
        }
    }
}

impl Described for AvgPool1d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the mean of each window of a line", "線上の窓ごとの平均"),
        forms: &[Form {
            name: "AvgPool1d",
            parameters: &[
                "kernel_size",
                "stride",
                "padding",
                "ceil_mode",
                "count_include_pad",
                "dilation",
            ],
            required: 1,
            make: |given| AvgPool1d::make(given).map(Layer::from),
        }],
        example: || AvgPool1d::new([2]).into(),
        onnx: &[OnnxForm {
            op_type: "AveragePool",
            make: AvgPool1d::of_onnx,
        }],
        family: Family::Pooling,
        offered: false,
    };
}

impl Described for AvgPool3d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the mean of each window of a volume", "3次元の窓ごとの平均"),
        forms: &[Form {
            name: "AvgPool3d",
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
            make: |given| AvgPool3d::make(given).map(Layer::from),
        }],
        example: || AvgPool3d::new([2; 3]).into(),
        onnx: &[OnnxForm {
            op_type: "AveragePool",
            make: AvgPool3d::of_onnx,
        }],
        family: Family::Pooling,
        offered: false,
    };
}

impl<const N: usize> Operation for AvgPool<N> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let value = average(layer.name(), self.count_include_pad, self.divisor_override)?;
        if self.padding_after.is_none() {
            refuse_small_volume(layer.name(), input, self.kernel)?;
        }
        self.window().plan(layer, input, value)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = pool_call(Line::new(Self::NAME, style), &self.window())
            .switch("ceil_mode", self.ceil_mode, false)
            .switch("count_include_pad", self.count_include_pad, true);
        let line = match self.divisor_override {
            Some(divisor) => line.named("divisor_override", divisor),
            None => line,
        };
        line.short("dilation", &self.dilation, Some(1)).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("average pooling", "平均プーリング"),
            Localized::new(
                "Each window becomes the mean of its numbers.",
                "窓の中の数を、平均ひとつにします。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(if N == 3 {
            VisualStyle::Gather
        } else {
            VisualStyle::Window
        })
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let term = |from: &str| format!("s += {from}");
        pool_code(plan, &self.window(), "0", term, "s / n")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.pool_window(PoolNumbers {
            kernel: &mut self.kernel,
            stride: &mut self.stride,
            dilation: None,
            padding: Some(&mut self.padding),
        });
        settings.switch(Parameter::CeilMode, &mut self.ceil_mode);
        settings.switch(Parameter::CountIncludePad, &mut self.count_include_pad);
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(N + 1)
    }
}
