//! `MaxPoolIndices1d` to `MaxPoolIndices3d`: where a max pool finds its maxima. PyTorch gives that
//! beside the maxima with `return_indices=True`, ONNX as the second output of `MaxPool`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::axis::Axis;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::{LayerError, TensorRole};
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
use super::axes::{
    are_ones, are_zeros, channels_and_lengths, ones, read, read_some, write, write_some, zeros,
};
use super::convolution::checked_shape;
use super::defaults::is_default;
use super::pool::{
    PoolNumbers, PoolWindow, onnx_pool_window, pool_call, pool_code, pool_geometry, storage_order,
};
use super::reduction::joined;

/// Whole numbers up to this one are all exact as `f32`.
const MOST_PLACES: usize = 1 << 24;

/// The place of the maximum of each window, counted through slices, rows and columns of its channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxPoolIndices<const N: usize> {
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
    /// Padding at the ends, where it differs or is more than half of the kernel: only in ONNX.
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
    /// Whether places are counted through batch and channels too, as in ONNX.
    #[serde(default, skip_serializing_if = "is_default")]
    pub whole: bool,
    /// Whether a column is counted through before the next one: ONNX's `storage_order`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column_major: bool,
}

/// Where the maxima of the windows of a line are.
pub type MaxPoolIndices1d = MaxPoolIndices<1>;

/// Where the maxima of windows are.
pub type MaxPoolIndices2d = MaxPoolIndices<2>;

/// Where the maxima of the windows of a volume are.
pub type MaxPoolIndices3d = MaxPoolIndices<3>;

const PARAMETERS: &[&str] = &[
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "ceil_mode",
    "whole",
    "column_major",
];

impl<const N: usize> MaxPoolIndices<N> {
    const NAME: &'static str = match N {
        1 => "MaxPoolIndices1d",
        2 => "MaxPoolIndices2d",
        _ => "MaxPoolIndices3d",
    };

    /// With the defaults of PyTorch's max pool.
    #[must_use]
    pub fn new(kernel: [usize; N]) -> Self {
        Self {
            kernel,
            stride: None,
            padding: [0; N],
            padding_after: None,
            dilation: [1; N],
            ceil_mode: false,
            whole: false,
            column_major: false,
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
            whole: given.truth("whole", false)?,
            column_major: given.truth("column_major", false)?,
            ..Self::new(given.sizes("kernel_size", None, 1)?)
        })
    }

    /// The second output of a `MaxPool`, which readers of files write as a node of its own.
    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        let column_major = storage_order(node)?;
        let window = onnx_pool_window::<N>(node, true)?;
        Ok(window.map(|window| {
            OnnxLayer::new(Self {
                stride: Some(window.stride),
                padding: window.padding,
                padding_after: window.padding_after,
                dilation: window.dilation,
                ceil_mode: window.ceil_mode,
                whole: true,
                column_major,
                ..Self::new(window.kernel)
            })
        }))
    }

    fn window(&self) -> PoolWindow<N> {
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

macro_rules! described {
    ($($layer:ident, $name:literal, $axes:literal, $en:literal, $ja:literal;)+) => {
        $(impl Described for $layer {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: $name,
                    parameters: PARAMETERS,
                    required: 1,
                    make: |given| $layer::make(given).map(Layer::from),
                }],
                example: || $layer::new([2; $axes]).into(),
                onnx: &[OnnxForm {
                    op_type: "MaxPoolIndices",
                    make: $layer::of_onnx,
                }],
                family: Family::Pooling,
                offered: false,
            };
        })+
    };
}

described! {
    MaxPoolIndices1d, "MaxPoolIndices1d", 1, "where the maxima of a line are", "線上の最大値の位置";
    MaxPoolIndices2d, "MaxPoolIndices2d", 2, "where the maxima of windows are", "窓ごとの最大値の位置";
    MaxPoolIndices3d, "MaxPoolIndices3d", 3, "where the maxima of a volume are", "3次元の最大値の位置";
}

impl<const N: usize> Operation for MaxPoolIndices<N> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        // Places through batch and channels know no difference between the two.
        let (front, channels, lengths) = match *input.axes() {
            [samples, channels, ref lengths @ ..] if self.whole && lengths.len() == N => {
                let lengths = <[usize; N]>::try_from(lengths).unwrap_or([1; N]);
                (vec![samples, channels], samples * channels, lengths)
            }
            _ => {
                let (channels, lengths) = channels_and_lengths::<N>(name, input)?;
                (vec![channels], channels, lengths)
            }
        };
        let places = lengths.iter().product::<usize>() * if self.whole { channels } else { 1 };
        if places > MOST_PLACES {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "there are {places} places, but an index beyond {MOST_PLACES} is not exact in f32; use a smaller input",
                    ja: "位置が {places} 個ありますが、{MOST_PLACES} を超えるインデックスは f32 で正確に表せません。入力を小さくしてください。"
                ),
            });
        }
        let axes = self.window().axes(name, lengths)?;
        let sizes = |size: fn(&Axis) -> usize| {
            let lengths = axes[3 - N..].iter().map(size);
            front.iter().copied().chain(lengths).collect::<Vec<_>>()
        };
        let output = checked_shape(name, TensorRole::Output, &sizes(|axis| axis.output))?;
        checked_shape(name, TensorRole::PaddedInput, &sizes(Axis::padded))?;
        let value = VolumeValue::Place {
            whole: self.whole,
            // A line has one order.
            column_major: self.column_major && N > 1,
        };
        // Samples of lines are seen as planes, whose rows are the channels.
        let (planes, axes) = match front[..] {
            [samples, rows] if N == 1 => {
                let rows = Axis {
                    input: rows,
                    output: rows,
                    ..Axis::FLAT
                };
                (samples, [axes[0], rows, axes[2]])
            }
            _ => (channels, axes),
        };
        let geometry = pool_geometry(axes, planes, N, value);
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        pool_call(Line::new(Self::NAME, style), &self.window())
            .short("dilation", &self.dilation, Some(1))
            .switch("ceil_mode", self.ceil_mode, false)
            .switch("whole", self.whole, false)
            .switch("column_major", self.column_major, false)
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a search for maxima", "最大値の位置の検索"),
            Localized::new(
                "Of each window it gives the place of the largest number, counted from 0.",
                "窓ごとに最大の数を探して、その位置を{0|ゼロ}から数えて返します。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let inside = step.terms.iter();
        let inside = inside.filter(|term| matches!(term.term.source, TermSource::Element(_)));
        let values: Vec<String> = inside.map(|term| number(term.input)).collect();
        Localized::same(format!("argmax({})", joined(&values, ", ")))
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let term = |from: &str| format!("s = max(s, ({from}, place))");
        pool_code(plan, &self.window(), "(-inf, 0)", term, "s[1]")
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
        (!self.whole).then_some(N + 1)
    }

    fn mixes_batch(&self, _ranks: &[usize]) -> bool {
        self.whole
    }
}
