//! `MaxUnpool1d` to `MaxUnpool3d`: maxima go back to the places that a max pool found them at.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::{LineKind, LoopNest, Variable};
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::{Explanation, TermValue};
use crate::op::formula::AxisFormula;
use crate::op::geometry::{Geometry, Mapped, Unpool};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operands::Operand;
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::axes::{
    are_zeros, behind, channels_and_lengths, read, read_some, write, write_some, zeros,
};
use super::convolution::checked_shape;
use super::defaults::is_default;
use super::pool::{KERNEL, PADDING, STRIDE};

/// Each element goes to the place in its channel that the second input names; what is named by none
/// is 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxUnpool<const N: usize> {
    /// Length of the pool's window along each axis.
    #[serde(deserialize_with = "read", serialize_with = "write")]
    pub kernel: [usize; N],
    /// From one window of the pool to the next; without it, the kernel.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub stride: Option<[usize; N]>,
    /// The pool's padding.
    #[serde(
        default = "zeros",
        deserialize_with = "read",
        serialize_with = "write",
        skip_serializing_if = "are_zeros"
    )]
    pub padding: [usize; N],
    /// Lengths of the output: what PyTorch is given when the layer is called. Without them, what
    /// kernel, stride and padding lead to.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub output: Option<[usize; N]>,
    /// Lengths that indices count through, where they are not those of the output: only in ONNX.
    #[serde(
        default,
        deserialize_with = "read_some",
        serialize_with = "write_some",
        skip_serializing_if = "Option::is_none"
    )]
    pub counted: Option<[usize; N]>,
    /// Which tensor of a chain holds the indices: 0 is the chain's input, 1 the output of its first
    /// layer, and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
    /// Whether indices count through batch and channels too, as in ONNX.
    #[serde(default, skip_serializing_if = "is_default")]
    pub whole: bool,
}

/// Maxima of a line go back to their places.
pub type MaxUnpool1d = MaxUnpool<1>;

/// Maxima of rows and columns go back to their places.
pub type MaxUnpool2d = MaxUnpool<2>;

/// Maxima of a volume go back to their places.
pub type MaxUnpool3d = MaxUnpool<3>;

const PARAMETERS: &[&str] = &[
    "kernel_size",
    "stride",
    "padding",
    "output_size",
    "counted_size",
    "tensor",
    "whole",
];

impl<const N: usize> MaxUnpool<N> {
    const NAME: &'static str = match N {
        1 => "MaxUnpool1d",
        2 => "MaxUnpool2d",
        _ => "MaxUnpool3d",
    };

    /// An unpooling with PyTorch's defaults.
    #[must_use]
    pub fn new(kernel: [usize; N]) -> Self {
        Self {
            kernel,
            stride: None,
            padding: [0; N],
            output: None,
            counted: None,
            tensor: 0,
            whole: false,
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        let lengths = |name| -> ParseResult<Option<[usize; N]>> {
            if given.has(name) {
                given.sizes(name, None, 1).map(Some)
            } else {
                Ok(None)
            }
        };
        Ok(Self {
            stride: given.pool_stride()?,
            padding: given.sizes("padding", Some(0), 0)?,
            output: lengths("output_size")?,
            counted: lengths("counted_size")?,
            tensor: given.size("tensor", Some(0), 0)?,
            whole: given.truth("whole", false)?,
            ..Self::new(given.sizes("kernel_size", None, 1)?)
        })
    }

    /// `MaxUnpool`. Where the file states an output, indices still count through what kernel, stride
    /// and padding lead to: so onnx's node cases have it, while ONNX Runtime counts through the output
    /// that is stated.
    fn of_onnx(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>
    where
        Layer: From<Self>,
    {
        let Some(lengths) = node.lengths::<N>(0) else {
            return Ok(None);
        };
        let kernel = node.per_axis::<N>("kernel_shape", 1, 1)?;
        let stride = node.per_axis::<N>("strides", 1, 1)?;
        let [before, after] = node.pads::<N>()?;
        let inferred: [Option<usize>; N] = std::array::from_fn(|axis| {
            lengths[axis]
                .saturating_sub(1)
                .saturating_mul(stride[axis])
                .saturating_add(kernel[axis])
                .checked_sub(before[axis].saturating_add(after[axis]))
                .filter(|length| *length > 0)
        });
        if inferred.contains(&None) {
            return Err(OnnxRefusal::Attribute { name: "pads" });
        }
        let inferred = inferred.map(|length| length.unwrap_or(1));
        let stated = node.constant_integers(2, "output_shape")?;
        let output = match stated.as_ref().and_then(|stated| stated.get(2..)) {
            None => inferred,
            Some(stated) => {
                let stated: Option<Vec<usize>> = stated
                    .iter()
                    .map(|length| usize::try_from(*length).ok())
                    .collect();
                stated
                    .and_then(|stated| stated.try_into().ok())
                    .ok_or(OnnxRefusal::Input {
                        number: 2,
                        name: "output_shape",
                    })?
            }
        };
        let mut made = OnnxLayer::new(Self {
            stride: Some(stride),
            // The output is stated, so that the two sides of the padding may differ.
            output: Some(output),
            counted: (output != inferred).then_some(inferred),
            whole: true,
            ..Self::new(kernel)
        });
        made.inputs = vec![0, 1];
        Ok(Some(made))
    }

    /// Lengths of the output for an input of such lengths.
    fn lengths(&self, name: &'static str, input: [usize; N]) -> Result<[usize; N], LayerError> {
        let stride = self.stride.unwrap_or(self.kernel);
        let mut output = [0; N];
        for axis in 0..N {
            if self.kernel[axis] == 0 || stride[axis] == 0 {
                return Err(LayerError::Zero {
                    layer: name,
                    argument: if stride[axis] == 0 {
                        "stride"
                    } else {
                        "kernel"
                    },
                });
            }
            let usual = (input[axis] as i128 - 1) * stride[axis] as i128
                + self.kernel[axis] as i128
                - 2 * self.padding[axis] as i128;
            let length = match self.output {
                None => usual,
                Some(stated) => {
                    let (length, stride) = (stated[axis] as i128, stride[axis] as i128);
                    let near = usual - stride < length && length < usual + stride;
                    if !self.whole && !near {
                        let (least, most) = ((usual - stride + 1).max(1), usual + stride - 1);
                        return Err(LayerError::Unfit {
                            layer: name,
                            why: says!(
                                en: "output_size has {length} where {least} to {most} are possible",
                                ja: "output_size の {length} は、{least} から {most} まででなければなりません。"
                            ),
                        });
                    }
                    length
                }
            };
            output[axis] = usize::try_from(length)
                .ok()
                .filter(|length| *length > 0)
                .ok_or_else(|| LayerError::Unfit {
                    layer: name,
                    why: says!(
                        en: "the output would have a length of {length}; use less padding, or a larger kernel or stride",
                        ja: "出力の長さが {length} になります。パディングを減らすか、カーネルかストライドを大きくしてください。"
                    ),
                })?;
        }
        Ok(output)
    }

    fn planned(&self, layer: &Layer, inputs: [&Shape; 2]) -> Result<Plan, LayerError> {
        let name = layer.name();
        let [input, indices] = inputs;
        if input != indices {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "the indices are {indices}, the input is {input}; they need the same shape",
                    ja: "インデックスは {indices}、入力は {input} です。同じ形状でなければなりません。"
                ),
            });
        }
        // Indices through batch and channels know no difference between the two.
        let axes = input.axes();
        let (front, channels, lengths) = match axes.split_at_checked(axes.len().saturating_sub(N)) {
            Some((front, lengths)) if self.whole && front.len() == 2 => {
                let lengths = <[usize; N]>::try_from(lengths).unwrap_or([1; N]);
                (front.to_vec(), front.iter().product(), lengths)
            }
            _ => {
                let (channels, lengths) = channels_and_lengths::<N>(name, input)?;
                (vec![channels], channels, lengths)
            }
        };
        let output = self.lengths(name, lengths)?;
        let all: Vec<usize> = front.into_iter().chain(output).collect();
        let shape = checked_shape(name, TensorRole::Output, &all)?;
        if let Some(counted) = self.counted {
            let all: Vec<usize> = std::iter::once(channels).chain(counted).collect();
            checked_shape(name, TensorRole::Output, &all)?;
        }
        let formula = |axis: usize| {
            Some(match self.output {
                Some(_) => AxisFormula::Resized {
                    input: lengths[axis],
                    result: output[axis],
                },
                None => AxisFormula::Transposed {
                    input: lengths[axis],
                    padding: (self.padding[axis], self.padding[axis]),
                    kernel: self.kernel[axis],
                    dilation: 1,
                    stride: self.stride.unwrap_or(self.kernel)[axis],
                    output_padding: 0,
                    result: output[axis],
                },
            })
        };
        // Samples of lines are seen as planes, whose rows are the channels.
        let (planes, rows) = if N == 1 && all.len() == 3 {
            (all[0], all[1])
        } else {
            (channels, 1)
        };
        let seen = |lengths| {
            let [depth, height, width] = behind(1, lengths);
            [depth, height * rows, width]
        };
        let geometry = Geometry::Mapped(Mapped::new(Unpool {
            channels: planes,
            input: seen(lengths),
            output: seen(output),
            counted: seen(self.counted.unwrap_or(output)),
            whole: self.whole,
            formulas: behind(None, std::array::from_fn::<_, N, _>(formula)),
        }));
        let operands = vec![Operand::input(1, *indices)];
        Plan::new(layer.clone(), *input, shape, operands, geometry)
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
                    op_type: "MaxUnpool",
                    make: $layer::of_onnx,
                }],
                family: Family::Pooling,
                offered: false,
            };
        })+
    };
}

described! {
    MaxUnpool1d, "MaxUnpool1d", 1, "maxima of a line back at their places", "線上の最大値を元の位置へ";
    MaxUnpool2d, "MaxUnpool2d", 2, "maxima back at their places", "最大値を元の位置へ";
    MaxUnpool3d, "MaxUnpool3d", 3, "maxima of a volume back at their places", "3次元の最大値を元の位置へ";
}

impl<const N: usize> Operation for MaxUnpool<N> {
    /// With indices of the input's shape.
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.planned(layer, [input, input])
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [input, indices] => self.planned(layer, [input, indices]),
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 2,
                given: inputs.len(),
            }),
        }
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let mut line = Line::new(Self::NAME, style)
            .short("kernel_size", &self.kernel, None)
            .short("stride", &self.stride.unwrap_or(self.kernel), None)
            .short("padding", &self.padding, Some(0));
        if let Some(output) = self.output {
            line = line.short("output_size", &output, None);
        }
        if let Some(counted) = self.counted {
            line = line.short("counted_size", &counted, None);
        }
        let line = line.unless("tensor", self.tensor, 0);
        line.switch("whole", self.whole, false).end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("an unpooling", "アンプーリング"),
            Localized::new(
                "Each maximum goes back to the place that its index names, and all other places are zero.",
                "最大値を、インデックスの示す元の位置に戻します。ほかの位置は、{0|ゼロ}になります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        match step.winner.and_then(|winner| step.terms.get(winner)) {
            Some(TermValue { input, weight, .. }) => {
                let (index, value) = (number(*weight), number(*input));
                says!(en: "index {index} names this place: {value}", ja: "インデックス {index} がこの位置を示す: {value}")
            }
            None => Localized::new(
                "no index names this place: 0",
                "この位置を示すインデックスはない: 0",
            )
            .into(),
        }
    }

    fn second_input(&self) -> Option<usize> {
        Some(self.tensor)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        const OUTER: [Variable; 3] = [Variable::Slice, Variable::Row, Variable::Column];
        let (channels, lengths) = match plan.input_shape().axes() {
            [front @ .., _] if front.len() < N => return LoopNest::default(),
            axes => axes.split_at(axes.len() - N),
        };
        let outer = OUTER[3 - N..].iter().copied().zip(lengths.iter().copied());
        let outer: Vec<_> = std::iter::once((Variable::Filter, channels.iter().product()))
            .chain(outer)
            .collect();
        let at: Vec<&str> = outer.iter().map(|(variable, _)| variable.name()).collect();
        let at = at.join(", ");
        let mut nest = LoopNest::default();
        nest.loops(0, &outer);
        let text = if self.whole {
            format!("out.flat[other[{at}]] = a[{at}]")
        } else {
            format!("out[f].flat[other[{at}]] = a[{at}]")
        };
        nest.line(outer.len(), LineKind::Write, text);
        nest
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.last_axes(KERNEL, &mut self.kernel);
        let before = self.stride.unwrap_or(self.kernel);
        let mut now = before;
        settings.last_axes(STRIDE, &mut now);
        if now != before {
            self.stride = Some(now);
        }
        settings.last_axes(PADDING, &mut self.padding);
        settings.number(Parameter::Tensor, &mut self.tensor);
    }

    fn sample_rank(&self) -> Option<usize> {
        (!self.whole).then_some(N + 1)
    }

    fn mixes_batch(&self, _ranks: &[usize]) -> bool {
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::onnx::{OnnxAttribute, OnnxConstant, OnnxInput};
    use crate::tensor::Tensor;

    /// `test_maxunpool_export_with_output_shape` of onnx 1.23.
    #[test]
    fn indices_count_through_the_output_without_a_stated_shape() {
        let input = |axes: &[usize], integers: Option<&[i64]>| {
            Some(OnnxInput {
                axes: axes.to_vec(),
                constant: integers.map(|integers| OnnxConstant::Integers(integers.to_vec())),
            })
        };
        let two = OnnxAttribute::Integers(vec![2, 2]);
        let node = OnnxNode {
            name: String::new(),
            op_type: "MaxUnpool".to_owned(),
            opset: 11,
            attributes: [
                ("kernel_shape".to_owned(), two.clone()),
                ("strides".to_owned(), two),
            ]
            .into(),
            inputs: vec![
                input(&[1, 1, 2, 2], None),
                input(&[1, 1, 2, 2], None),
                input(&[4], Some(&[1, 1, 5, 5])),
            ],
            outputs: 1,
        };
        let made = MaxUnpool2d::of_onnx(&node).unwrap().unwrap();
        let shape: Shape = "1x1x2x2".parse().unwrap();
        let plan = made
            .layer
            .plan_inputs(&[shape, shape], BatchAxis::Present)
            .unwrap();
        let tensor = |values: [f32; 4]| Tensor::new(shape, values.to_vec()).unwrap();
        let operands = plan
            .pair(tensor([5.0, 6.0, 7.0, 8.0]), tensor([5.0, 7.0, 13.0, 15.0]))
            .unwrap();
        let output = plan.evaluate(&operands).unwrap();
        assert_eq!(output.shape().axes(), [1, 1, 5, 5]);
        let places: Vec<(usize, f32)> = (0..25)
            .zip(output.data().iter().copied())
            .filter(|(_, value)| *value != 0.0)
            .collect();
        assert_eq!(places, [(6, 5.0), (8, 6.0), (16, 7.0), (18, 8.0)]);
        for (index, value) in output.data().iter().enumerate() {
            assert_eq!(plan.explain(index as u64, &operands).value, *value);
        }
    }

    #[test]
    fn an_index_that_names_no_place_is_refused() {
        let shape: Shape = "1x2".parse().unwrap();
        let layer = Layer::from(MaxUnpool1d::new([2]));
        let plan = layer.plan(&shape).unwrap();
        let tensor = |values: [f32; 2]| Tensor::new(shape, values.to_vec()).unwrap();
        for wrong in [4.0, -1.0, 0.5, f32::NAN] {
            let operands = plan.pair(tensor([1.0, 2.0]), tensor([0.0, wrong])).unwrap();
            let error = plan.evaluate(&operands).unwrap_err().to_string();
            assert!(error.contains("from 0 to 3"), "{error}");
        }
    }
}
