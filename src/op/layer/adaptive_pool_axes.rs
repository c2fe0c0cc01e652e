//! Pools of a line or of a volume that state their output size: `AdaptiveAvgPool1d`,
//! `AdaptiveMaxPool3d` and their sisters.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html>.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, Value};
use crate::op::code::{LineKind, LoopNest, Variable};
use crate::op::error::{LayerError, TensorRole};
use crate::op::geometry::{Adaptive, AdaptiveVolume, Geometry, Mapped};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::adaptive_pool::Size;
use super::axes::{self, behind, channels_and_lengths};
use super::convolution::checked_shape;
use super::defaults::is_default;

/// A pool that divides its input into as many windows along each axis as asked for: their maxima, or
/// their means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptivePool<const N: usize, const MAX: bool> {
    /// Length of the output along each axis; `None` keeps that of the input.
    #[serde(deserialize_with = "read_sizes", serialize_with = "write_sizes")]
    pub output: [Option<usize>; N],
    /// Whether PyTorch would also return where each maximum is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub return_indices: bool,
}

/// Means of windows that divide a line.
pub type AdaptiveAvgPool1d = AdaptivePool<1, false>;
/// Maxima of windows that divide a line.
pub type AdaptiveMaxPool1d = AdaptivePool<1, true>;
/// Means of windows that divide a volume.
pub type AdaptiveAvgPool3d = AdaptivePool<3, false>;
/// Maxima of windows that divide a volume.
pub type AdaptiveMaxPool3d = AdaptivePool<3, true>;

fn read_sizes<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[Option<usize>; N], D::Error> {
    axes::read::<D, Size, N>(deserializer).map(|sizes| sizes.map(|size| size.0))
}

fn write_sizes<S: Serializer, const N: usize>(
    sizes: &[Option<usize>; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    axes::write(&sizes.map(Size), serializer)
}

impl<const N: usize, const MAX: bool> AdaptivePool<N, MAX> {
    const NAME: &'static str = match (N, MAX) {
        (1, false) => "AdaptiveAvgPool1d",
        (1, true) => "AdaptiveMaxPool1d",
        (_, false) => "AdaptiveAvgPool3d",
        (_, true) => "AdaptiveMaxPool3d",
    };

    /// A pool of so many windows along each axis.
    #[must_use]
    pub fn new(output: [usize; N]) -> Self {
        Self {
            output: output.map(Some),
            return_indices: false,
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        let return_indices = given.truth("return_indices", false)?;
        let output = match given.get("output_size") {
            Some(Value::List(sizes)) if sizes.len() == N => {
                let mut output = [None; N];
                for (size, value) in output.iter_mut().zip(sizes) {
                    *size = one_size(given, value)?;
                }
                output
            }
            Some(Value::None) if N > 1 => [None; N],
            _ => given.sizes("output_size", None, 1)?.map(Some),
        };
        Ok(Self {
            output,
            return_indices,
        })
    }

    /// `GlobalAveragePool` or `GlobalMaxPool`.
    fn of_global(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        Ok((node.rank(0) == N + 2).then(|| OnnxLayer::new(Self::new([1; N]))))
    }
}

/// One length of `output_size`.
fn one_size(given: &Arguments, value: &Value) -> ParseResult<Option<usize>> {
    match value {
        Value::None => Ok(None),
        Value::Integer(size @ 1..) => Ok(usize::try_from(*size).ok()),
        other => {
            let this = other.described();
            let message = says!(
                with [this];
                en: "output_size needs sizes of at least 1 or None, this is {this}",
                ja: "output_size には 1 以上の大きさか None が要りますが、これは {this} です。"
            );
            given.wrong("output_size", message)
        }
    }
}

macro_rules! described {
    ($($layer:ident, $name:literal, [$($parameter:literal),+], $example:expr, $onnx:literal, $en:literal, $ja:literal;)+) => {
        $(impl Described for $layer {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: $name,
                    parameters: &[$($parameter),+],
                    required: 1,
                    make: |given| $layer::make(given).map(Layer::from),
                }],
                example: || $layer::new($example).into(),
                onnx: &[OnnxForm {
                    op_type: $onnx,
                    make: $layer::of_global,
                }],
                family: Family::Pooling,
                offered: false,
            };
        })+
    };
}

described! {
    AdaptiveAvgPool1d, "AdaptiveAvgPool1d", ["output_size"], [2], "GlobalAveragePool",
        "means of a line, as many as asked for", "線上の出力サイズ指定の平均";
    AdaptiveMaxPool1d, "AdaptiveMaxPool1d", ["output_size", "return_indices"], [2], "GlobalMaxPool",
        "maxima of a line, as many as asked for", "線上の決まった数の最大値";
    AdaptiveAvgPool3d, "AdaptiveAvgPool3d", ["output_size"], [2; 3], "GlobalAveragePool",
        "means of a volume, as many as asked for", "3次元の出力サイズ指定の平均";
    AdaptiveMaxPool3d, "AdaptiveMaxPool3d", ["output_size", "return_indices"], [2; 3], "GlobalMaxPool",
        "maxima of a volume, as many as asked for", "3次元の決まった数の最大値";
}

impl<const N: usize, const MAX: bool> Operation for AdaptivePool<N, MAX> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let (channels, lengths) = channels_and_lengths::<N>(name, input)?;
        let sizes: [usize; N] =
            std::array::from_fn(|axis| self.output[axis].unwrap_or(lengths[axis]));
        if sizes.contains(&0) {
            return Err(LayerError::Zero {
                layer: name,
                argument: "output_size",
            });
        }
        let all: Vec<usize> = std::iter::once(channels).chain(sizes).collect();
        let output = checked_shape(name, TensorRole::Output, &all)?;
        let [input_axes, output_axes] = [behind(1, lengths), behind(1, sizes)];
        let geometry = if N == 3 {
            Geometry::Mapped(Mapped::new(AdaptiveVolume {
                channels,
                input: input_axes,
                output: output_axes,
                max: MAX,
            }))
        } else {
            Geometry::Adaptive(Adaptive {
                channels,
                input: [input_axes[1], input_axes[2]],
                output: [output_axes[1], output_axes[2]],
                max: MAX,
            })
        };
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let size = |size: &Option<usize>| size.map_or("None".into(), |size| size.to_string());
        let sizes: Vec<String> = self.output.iter().map(size).collect();
        let sizes = match sizes.as_slice() {
            // A line takes None only in a tuple.
            [only] if self.output == [None; N] => format!("({only},)"),
            [only] => only.clone(),
            sizes => format!("({})", sizes.join(", ")),
        };
        Line::new(Self::NAME, style)
            .named("output_size", sizes)
            .switch("return_indices", self.return_indices, false)
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(if MAX {
            Spoken::of(
                Localized::new("adaptive max pooling", "出力サイズ指定の最大プーリング"),
                Localized::new(
                    "The size of the output is given, and the windows follow from it. Each gives its largest number.",
                    "出力サイズが決まっていて、窓のほうを合わせます。窓ごとに最大値を取ります。",
                ),
            )
        } else {
            Spoken::of(
                Localized::new("adaptive average pooling", "出力サイズ指定の平均プーリング"),
                Localized::new(
                    "The size of the output is given, and the windows follow from it. Each gives its mean.",
                    "出力サイズが決まっていて、窓のほうを合わせます。窓ごとに平均を取ります。",
                ),
            )
        })
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(if N == 3 {
            VisualStyle::Gather
        } else {
            VisualStyle::Window
        })
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        const NAMES: [(Variable, Variable); 3] = [
            (Variable::Slice, Variable::KernelSlice),
            (Variable::Row, Variable::KernelRow),
            (Variable::Column, Variable::KernelColumn),
        ];
        let names = &NAMES[3 - N..];
        let (input, output) = (plan.input_shape().axes(), plan.output_shape().axes());
        let mut nest = LoopNest::default();
        let outer = std::iter::once(Variable::Filter).chain(names.iter().map(|(outer, _)| *outer));
        let outer: Vec<_> = outer.zip(output.iter().copied()).collect();
        let depth = outer.len();
        nest.loops(0, &outer);
        let (begin, value) = if MAX { ("-inf", "s") } else { ("0", "s / n") };
        nest.line(depth, LineKind::Begin, format!("s = {begin}"));
        for (axis, (at, inside)) in names.iter().enumerate() {
            let (at, place) = (at.name(), inside.name());
            let (input, output) = (input[axis + 1], output[axis + 1]);
            let text = format!(
                "for {place} in range({at}*{input}//{output}, ceil(({at} + 1)*{input}/{output})):"
            );
            nest.line(depth + axis, LineKind::Loop(*inside), text);
        }
        let from: Vec<&str> = names.iter().map(|(_, inside)| inside.name()).collect();
        let from = format!("a[f, {}]", from.join(", "));
        let term = if MAX {
            format!("s = max(s, {from})")
        } else {
            format!("s += {from}")
        };
        nest.line(depth + N, LineKind::Term, term);
        let to: Vec<&str> = outer.iter().map(|(variable, _)| variable.name()).collect();
        let write = format!("out[{}] = {value}", to.join(", "));
        nest.line(depth, LineKind::Write, write);
        nest
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        const TARGET: [Parameter; 3] = [
            Parameter::TargetSlices,
            Parameter::TargetRows,
            Parameter::TargetColumns,
        ];
        for (name, length) in TARGET[3 - N..].iter().zip(&mut self.output) {
            settings.optional(*name, length);
        }
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(N + 1)
    }
}
