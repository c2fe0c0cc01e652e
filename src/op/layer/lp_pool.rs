//! `LPPool1d` to `LPPool3d`: the root of the sum of powers under each window.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html> and the code of
//! `torch.nn.functional.lp_pool2d`, which averages plain powers and multiplies by the size of the
//! kernel: with an odd power negative numbers stay negative, and their root is NaN. ONNX's `LpPool`
//! adds powers of magnitudes.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::VolumeValue;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::op::step::TermSource;
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::axes::{are_ones, are_zeros, ones, read, read_some, write, write_some, zeros};
use super::defaults::is_default;
use super::pool::{
    PoolNumbers, PoolWindow, onnx_pool_window, pool_call, pool_code, pool_padding_call,
    refuse_small_volume,
};
use super::reduction::joined;

/// The root of the sum of powers under each window: `(Σ xᵖ)^(1/p)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LPPool<const N: usize> {
    /// The power.
    pub norm_type: f64,
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
    /// Whether a last window may reach past the end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ceil_mode: bool,
    /// Whether powers are of the magnitudes, and all add up alike: ONNX's `LpPool`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub magnitudes: bool,
    /// Zeros at the starts: none in PyTorch.
    #[serde(
        default = "zeros",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_zeros"
    )]
    pub padding: [usize; N],
    /// Zeros at the ends, where they differ from those at the starts.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub padding_after: Option<[usize; N]>,
    /// From one element of the window to the next: always 1 in PyTorch.
    #[serde(
        default = "ones",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_ones"
    )]
    pub dilation: [usize; N],
}

/// The root of the sum of powers under each window of a line.
pub type LPPool1d = LPPool<1>;

/// The root of the sum of powers under each window of rows and columns.
pub type LPPool2d = LPPool<2>;

/// The root of the sum of powers under each window of a volume.
pub type LPPool3d = LPPool<3>;

const PARAMETERS: &[&str] = &[
    "norm_type",
    "kernel_size",
    "stride",
    "ceil_mode",
    "padding",
    "dilation",
    "magnitudes",
];

impl<const N: usize> LPPool<N> {
    const NAME: &'static str = match N {
        1 => "LPPool1d",
        2 => "LPPool2d",
        _ => "LPPool3d",
    };

    /// A pool of a power with PyTorch's defaults.
    #[must_use]
    pub fn new(norm_type: f64, kernel: [usize; N]) -> Self {
        Self {
            norm_type,
            kernel,
            stride: None,
            ceil_mode: false,
            magnitudes: false,
            padding: [0; N],
            padding_after: None,
            dilation: [1; N],
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        let (padding, padding_after) = given.sided_padding()?;
        Ok(Self {
            stride: given.pool_stride()?,
            ceil_mode: given.truth("ceil_mode", false)?,
            magnitudes: given.truth("magnitudes", false)?,
            padding,
            padding_after,
            dilation: given.sizes("dilation", Some(1), 1)?,
            ..Self::new(
                given.real("norm_type", None)?,
                given.sizes("kernel_size", None, 1)?,
            )
        })
    }

    /// `LpPool`.
    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        let power = power(node)?;
        let window = onnx_pool_window::<N>(node, true)?;
        Ok(window.map(|window| {
            OnnxLayer::new(Self {
                stride: Some(window.stride),
                ceil_mode: window.ceil_mode,
                magnitudes: true,
                padding: window.padding,
                padding_after: window.padding_after,
                dilation: window.dilation,
                ..Self::new(power, window.kernel)
            })
        }))
    }

    /// `GlobalLpPool`: a window as large as the input.
    fn of_global(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        let power = power(node)?;
        Ok(node.lengths::<N>(0).map(|lengths| {
            OnnxLayer::new(Self {
                magnitudes: true,
                ..Self::new(power, lengths)
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

/// The power of a node.
fn power(node: &OnnxNode) -> Result<f64, OnnxRefusal> {
    match node.integer("p", 2)? {
        power @ 1.. => Ok(power as f64),
        power => Err(OnnxRefusal::Unsupported(says!(
            en: "its p is {power}; it must be at least 1",
            ja: "p が {power} です。1 以上でなければなりません。"
        ))),
    }
}

macro_rules! described {
    ($($layer:ident, $name:literal, $about:expr, $axes:literal;)+) => {
        $(impl Described for $layer {
            const DESCRIPTION: Description = Description {
                about: $about,
                forms: &[Form {
                    name: $name,
                    parameters: PARAMETERS,
                    required: 2,
                    make: |given| $layer::make(given).map(Layer::from),
                }],
                example: || $layer::new(2.0, [2; $axes]).into(),
                onnx: &[
                    OnnxForm {
                        op_type: "LpPool",
                        make: $layer::of_onnx,
                    },
                    OnnxForm {
                        op_type: "GlobalLpPool",
                        make: $layer::of_global,
                    },
                ],
                family: Family::Pooling,
                offered: false,
            };
        })+
    };
}

described! {
    LPPool1d, "LPPool1d", Localized::new("the p-norm of each window of a line", "線上の窓ごとのpノルム"), 1;
    LPPool2d, "LPPool2d", Localized::new("the p-norm of each window", "窓ごとのpノルム"), 2;
    LPPool3d, "LPPool3d", Localized::new("the p-norm of each window of a volume", "3次元の窓ごとのpノルム"), 3;
}

impl<const N: usize> Operation for LPPool<N> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        if self.norm_type == 0.0 {
            return Err(LayerError::Zero {
                layer: layer.name(),
                argument: "norm_type",
            });
        }
        if !self.magnitudes {
            refuse_small_volume(layer.name(), input, self.kernel)?;
        }
        let value = VolumeValue::Power {
            power: self.norm_type as f32,
            magnitudes: self.magnitudes,
        };
        self.window().plan(layer, input, value)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let window = self.window();
        let line = Line::new(Self::NAME, style).named("norm_type", float(self.norm_type));
        let bare = PoolWindow {
            padding: [0; N],
            padding_after: None,
            ..window
        };
        let line = pool_call(line, &bare).switch("ceil_mode", self.ceil_mode, false);
        pool_padding_call(line, &window)
            .short("dilation", &self.dilation, Some(1))
            .switch("magnitudes", self.magnitudes, false)
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("power-average pooling", "べき平均プーリング"),
            Localized::new(
                "Each window becomes the norm of its numbers: their powers are added up, and the root of the sum is taken.",
                "窓の中の数のべき乗を足し、その和のべき根を取ります。窓のノルムです。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let inside = step.terms.iter();
        let inside = inside.filter(|term| matches!(term.term.source, TermSource::Element(_)));
        let power = float(self.norm_type);
        let powers: Vec<String> = inside
            .map(|term| {
                let value = number(term.input);
                let value = if self.magnitudes {
                    format!("|{value}|")
                } else {
                    value
                };
                match self.norm_type {
                    1.0 => value,
                    2.0 => format!("{value}²"),
                    _ => format!("{value}^{power}"),
                }
            })
            .collect();
        let sum = joined(&powers, " + ");
        Localized::same(match self.norm_type {
            1.0 => sum,
            2.0 => format!("√({sum})"),
            _ => format!("({sum})^(1 ÷ {power})"),
        })
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let power = float(self.norm_type);
        let term = |from: &str| {
            if self.magnitudes {
                format!("s += abs({from})**{power}")
            } else {
                format!("s += {from}**{power}")
            }
        };
        let value = if self.ceil_mode && !self.magnitudes {
            let kernel: usize = self.kernel.iter().product();
            format!("(s / n * {kernel})**(1 / {power})")
        } else {
            format!("s**(1 / {power})")
        };
        pool_code(plan, &self.window(), "0", term, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.pool_window(PoolNumbers {
            kernel: &mut self.kernel,
            stride: &mut self.stride,
            dilation: None,
            padding: None,
        });
        settings.switch(Parameter::CeilMode, &mut self.ceil_mode);
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(N + 1)
    }
}
