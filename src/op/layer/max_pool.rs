//! `MaxPool1d` and `MaxPool3d`: the maximum of each window of a line or of a volume.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::geometry::{PoolKind, VolumeValue};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::axes::{are_ones, are_zeros, ones, read, read_some, write, write_some, zeros};
use super::defaults::is_default;
use super::pool::{PoolNumbers, PoolWindow, onnx_pool_window, pool_call, pool_code, storage_order};

/// The maximum of each window. Padding never wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxPool<const N: usize> {
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
    /// Padding on each side, at most half of the kernel.
    #[serde(
        default = "zeros",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_zeros"
    )]
    pub padding: [usize; N],
    /// Padding at the ends, where it differs from that at the starts, or is more than half of the
    /// kernel: PyTorch has neither, ONNX has both.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub padding_after: Option<[usize; N]>,
    /// From one element of the window to the next.
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
    /// Whether PyTorch would also return where each maximum is
    /// (see [`crate::op::Plan::indices`]).
    #[serde(default, skip_serializing_if = "is_default")]
    pub return_indices: bool,
}

/// The maximum of each window of a line: `channels × length`.
pub type MaxPool1d = MaxPool<1>;

/// The maximum of each window of a volume: `channels × depth × height × width`.
pub type MaxPool3d = MaxPool<3>;

/// The parameters of `nn.MaxPool1d` to `nn.MaxPool3d`.
pub(super) const PARAMETERS: &[&str] = &[
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "return_indices",
    "ceil_mode",
];

impl<const N: usize> MaxPool<N> {
    const NAME: &'static str = if N == 1 { "MaxPool1d" } else { "MaxPool3d" };

    /// A max pool with PyTorch's defaults.
    #[must_use]
    pub fn new(kernel: [usize; N]) -> Self {
        Self {
            kernel,
            stride: None,
            padding: [0; N],
            padding_after: None,
            dilation: [1; N],
            ceil_mode: false,
            return_indices: false,
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
            return_indices: given.truth("return_indices", false)?,
            ..Self::new(given.sizes("kernel_size", None, 1)?)
        })
    }

    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        storage_order(node)?;
        let window = onnx_pool_window::<N>(node, true)?;
        Ok(window.map(|window| OnnxLayer::new(Self::of_window(&window))))
    }

    fn of_window(window: &PoolWindow<N>) -> Self {
        Self {
            kernel: window.kernel,
            stride: Some(window.stride),
            padding: window.padding,
            padding_after: window.padding_after,
            dilation: window.dilation,
            ceil_mode: window.ceil_mode,
            return_indices: false,
        }
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

impl Described for MaxPool1d {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "the maximum of each window of a line",
            "線上の窓ごとの最大値",
        ),
        forms: &[Form {
            name: "MaxPool1d",
            parameters: PARAMETERS,
            required: 1,
            make: |given| MaxPool1d::make(given).map(Layer::from),
        }],
        example: || MaxPool1d::new([2]).into(),
        onnx: &[OnnxForm {
            op_type: "MaxPool",
            make: MaxPool1d::of_onnx,
        }],
        family: Family::Pooling,
        offered: false,
    };
}

impl Described for MaxPool3d {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "the maximum of each window of a volume",
            "3次元の窓ごとの最大値",
        ),
        forms: &[Form {
            name: "MaxPool3d",
            parameters: PARAMETERS,
            required: 1,
            make: |given| MaxPool3d::make(given).map(Layer::from),
        }],
        example: || MaxPool3d::new([2; 3]).into(),
        onnx: &[OnnxForm {
            op_type: "MaxPool",
            make: MaxPool3d::of_onnx,
        }],
        family: Family::Pooling,
        offered: false,
    };
}

impl<const N: usize> Operation for MaxPool<N> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.window()
            .plan(layer, input, VolumeValue::Pool(PoolKind::Max))
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        pool_call(Line::new(Self::NAME, style), &self.window())
            .short("dilation", &self.dilation, Some(1))
            .switch("return_indices", self.return_indices, false)
            .switch("ceil_mode", self.ceil_mode, false)
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("max pooling", "最大プーリング"),
            Localized::new(
                "Of each window it keeps only the largest number.",
                "窓の中の最大値だけを残します。",
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
        let term = |from: &str| format!("s = max(s, {from})");
        pool_code(plan, &self.window(), "-inf", term, "s")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.pool_window(PoolNumbers {
            kernel: &mut self.kernel,
            stride: &mut self.stride,
            dilation: Some(&mut self.dilation),
            padding: Some(&mut self.padding),
        });
        settings.switch(Parameter::CeilMode, &mut self.ceil_mode);
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(N + 1)
    }
}
