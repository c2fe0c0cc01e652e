//! Where runtimes, exporters and definitions give other answers than each other, and for which layers:
//! one table, each row with the condition under which it matters. Ours is PyTorch's answer, and where a
//! file leaves a choice, ONNX Runtime's.
//!
//! Sources: seen by running each, the larger part as scripts in `findings/`; `docs/networks.md`.

use crate::language::Localized;
use crate::op::axis::Axis;
use crate::op::geometry::{Coordinate, Interpolation, NearestRule, ResampleAxis, Transformation};
use crate::op::onnx::{OnnxAttribute, OnnxNode};
use crate::op::padding::PaddingMode;
use crate::op::plan::Plan;

use super::axes::channels_and_lengths;
use super::pool::PoolWindow;
use super::{Layer, Resize, ResizeMode, Upsample, UpsampleMode};

/// A way in which the answers differ.
struct Difference {
    /// Who gives what.
    who: Localized<&'static str>,
    applies: Condition,
}

/// Whether it matters for a layer.
enum Condition {
    /// By what the layer is.
    Layer(fn(&Plan) -> bool),
    /// By what the file says of the node that became the layer.
    Node(fn(&OnnxNode, &Plan) -> bool),
}

/// What was run, as the sentences call it, and which version.
const RUN: [(&str, &str); 9] = [
    ("torch", "2.15.0"),
    ("onnx", "1.23.2"),
    ("ORT", "1.32.0"),
    ("openvino", "2026.4.1"),
    ("tract", "0.23.9"),
    ("tinygrad", "0.14.0"),
    ("ncnn", "1.0.20261020"),
    ("pnnx", "1.0.20261020"),
    ("MNN", "3.6.1"),
];

const DIFFERENCES: &[Difference] = &[
    Difference {
        who: Localized::new(
            "the last window of an axis would lie wholly on padding: torch, ORT, tract and tinygrad leave it out, as here; openvino and ncnn keep it with −3.4e38, MNN with other values; onnx's shape inference counts it up to opset 21",
            "軸の最後の窓がパディングだけになります。torch、ORT、tract、tinygrad とこのプログラムは除きます。openvino と ncnn は −3.4e38、MNN は別の値で残します。onnx の形状推論は opset 21 まで数えに入れます。",
        ),
        applies: Condition::Layer(|plan| match pooled(plan) {
            Some((Pooling::Max, ceil, axes)) => ceil && axes.iter().any(leaves_out),
            Some(_) | None => false,
        }),
    },
    Difference {
        who: Localized::new(
            "the last window of an axis would lie wholly on padding: torch and ORT leave it out, as here; onnx's shape inference counts it up to opset 21",
            "軸の最後の窓がパディングだけになります。torch、ORT とこのプログラムは除きます。onnx の形状推論は opset 21 まで数えに入れます。",
        ),
        applies: Condition::Layer(|plan| match pooled(plan) {
            Some((Pooling::Average { .. } | Pooling::Power { .. }, ceil, axes)) => {
                ceil && axes.iter().any(leaves_out)
            }
            Some((Pooling::Max, ..)) | None => false,
        }),
    },
    Difference {
        who: Localized::new(
            "padding is counted and a window hangs over the edge: torch, ORT, tract and tinygrad divide by what lies inside, as here; openvino and ncnn by the whole kernel",
            "パディングも数えに入れ、窓が端からはみ出します。torch、ORT、tract、tinygrad とこのプログラムは内側の数で割ります。openvino と ncnn はカーネル全体の数で割ります。",
        ),
        applies: Condition::Layer(|plan| match pooled(plan) {
            Some((Pooling::Average { counts_padding }, ceil, axes)) => {
                ceil && counts_padding && axes.iter().any(hangs_over)
            }
            Some((Pooling::Max | Pooling::Power { .. }, ..)) | None => false,
        }),
    },
    Difference {
        who: Localized::new(
            "a window hangs over the edge: torch scales the mean of what lies inside to the whole kernel, as here, where the documented sum over the window is less; zeros that pad to whole windows give that sum",
            "窓が端からはみ出します。torch とこのプログラムは、内側の平均をカーネル全体の大きさに引き伸ばします。説明書どおりの和はそれより小さく、0 で窓の大きさまでパディングすればその和になります。",
        ),
        applies: Condition::Layer(|plan| match pooled(plan) {
            Some((Pooling::Power { magnitudes }, ceil, axes)) => {
                ceil && !magnitudes && axes.iter().any(hangs_over)
            }
            Some((Pooling::Max | Pooling::Average { .. }, ..)) | None => false,
        }),
    },
    Difference {
        who: Localized::new(
            "MNN ignores the dilation of a max pool; torch, ORT, openvino, tract and tinygrad obey it, as here",
            "MNN は最大値プーリングの dilation を無視します。torch、ORT、openvino、tract、tinygrad とこのプログラムは従います。",
        ),
        applies: Condition::Layer(|plan| match pooled(plan) {
            Some((Pooling::Max, _, axes)) => axes.iter().any(|axis| axis.dilation > 1),
            Some((Pooling::Average { .. } | Pooling::Power { .. }, ..)) | None => false,
        }),
    },
    Difference {
        who: Localized::new(
            "torch divides by divisor_override, as here; its exporter writes a plain AveragePool without a word, so that the file divides by the window",
            "torch とこのプログラムは divisor_override で割ります。torch のエクスポータは何も言わずに普通の AveragePool を書くので、ファイルでは窓の大きさで割ることになります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::AvgPool2d(layer) => layer.divisor_override.is_some(),
            Layer::AvgPool3d(layer) => layer.divisor_override.is_some(),
            _ => false,
        }),
    },
    Difference {
        who: Localized::new(
            "the windows differ in size, which torch's exporter refuses for the maximum; sizes that divide the input are exported",
            "窓の大きさが揃いません。torch のエクスポータは、最大値ではこれを断ります。入力を割り切る大きさなら書き出せます。",
        ),
        applies: Condition::Layer(|plan| {
            let largest = matches!(
                plan.layer(),
                Layer::AdaptiveMaxPool1d(_)
                    | Layer::AdaptiveMaxPool2d(_)
                    | Layer::AdaptiveMaxPool3d(_)
            );
            let lengths = plan
                .input_shape()
                .axes()
                .iter()
                .zip(plan.output_shape().axes());
            largest
                && lengths
                    .into_iter()
                    .any(|(input, output)| input % output != 0)
        }),
    },
    Difference {
        who: Localized::new(
            "output_padding reaches the stride, which only the dilation allows: torch exports and computes it, as here; ORT and onnx's reference refuse the file when they run it",
            "output_padding が stride 以上で、dilation があるから許されるだけです。torch は書き出して計算し、このプログラムも同じですが、ORT と onnx の参照実装は実行のときに断ります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::ConvTranspose1d(layer) => reaches(&layer.output_padding, &layer.stride),
            Layer::ConvTranspose2d(layer) => reaches(
                &<[usize; 2]>::from(layer.output_padding),
                &layer.stride.into(),
            ),
            Layer::ConvTranspose3d(layer) => reaches(&layer.output_padding, &layer.stride),
            _ => false,
        }),
    },
    Difference {
        who: Localized::new(
            "what the stated output_shape leaves over is cut off: ORT, openvino and tinygrad share it between both ends, the odd one at the start, as here; tract cuts all of it off the end",
            "output_shape で余った分を切り落とします。ORT、openvino、tinygrad とこのプログラムは両端に分け、端数を先頭で切ります。tract はすべて末尾で切ります。",
        ),
        applies: Condition::Node(|node, plan| {
            states_output(node) && transposed(plan).is_some_and(|window| window.cuts)
        }),
    },
    Difference {
        who: Localized::new(
            "auto_pad is SAME and the stride is longer than the kernel: ORT and openvino make the output input × stride long, as here; tinygrad and onnx's reference one more; tract refuses",
            "auto_pad が SAME で、stride がカーネルより長くなっています。ORT、openvino とこのプログラムの出力の長さは入力 × stride です。tinygrad と onnx の参照実装は 1 長く、tract は断ります。",
        ),
        applies: Condition::Node(|node, plan| {
            is_same(node) && transposed(plan).is_some_and(|window| window.skips)
        }),
    },
    Difference {
        who: Localized::new(
            "auto_pad is SAME and there is a dilation: padding follows the dilated kernel here, as the standard has it; ORT refuses it, tinygrad forgets the dilation",
            "auto_pad が SAME で dilation があります。このプログラムは標準どおり、広げたカーネルに合わせてパディングします。ORT は断り、tinygrad は dilation を忘れます。",
        ),
        applies: Condition::Node(|node, plan| {
            let dilated = match plan.layer() {
                Layer::Conv1d(layer) => layer.dilation > 1,
                Layer::Conv2d(layer) => layer.dilation != (1, 1),
                Layer::Conv3d(layer) => layer.dilation != (1, 1, 1),
                _ => false,
            };
            is_same(node) && dilated
        }),
    },
    Difference {
        who: Localized::new(
            "some of the nearest elements are others by the rounding of 32-bit numbers: torch, tinygrad, ncnn and MNN take these, as here; ORT, openvino, tract and onnx's reference their neighbours",
            "32 ビットの丸めにより、いくつかの最近傍が実行環境で違います。torch、tinygrad、ncnn、MNN はこのプログラムと同じ要素、ORT、openvino、tract、onnx の参照実装はその隣を取ります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::Upsample(layer) => torch_rounds_apart(layer, plan),
            _ => false,
        }),
    },
    Difference {
        who: Localized::new(
            "some of the nearest elements are others by the rounding of 32-bit numbers: ORT, openvino, tract and onnx's reference take these, as here; torch, tinygrad, ncnn and MNN their neighbours",
            "32 ビットの丸めにより、いくつかの最近傍が実行環境で違います。ORT、openvino、tract、onnx の参照実装はこのプログラムと同じ要素、torch、tinygrad、ncnn、MNN はその隣を取ります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::Resize(layer) => ort_rounds_apart(layer, plan),
            _ => false,
        }),
    },
    Difference {
        who: Localized::new(
            "a fractional scale leaves a length as it is, or doubles it: for pictures torch forgets the scale and copies, as here, but for lines and volumes it takes each element from n / scale",
            "端数のある倍率で、長さが変わらないか 2 倍になります。torch とこのプログラムは、画像では倍率を忘れて写しますが、1 次元と 3 次元では n ÷ 倍率 の要素を取ります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::Upsample(layer) => forgets_scale(layer, plan),
            _ => false,
        }),
    },
    Difference {
        who: Localized::new(
            "a scale is not 1, but every length stays: ORT copies its input, as here; onnx's reference takes each element from n / scale",
            "倍率が 1 ではないのに、どの長さも変わりません。ORT とこのプログラムは入力をそのまま写し、onnx の参照実装は n ÷ 倍率 の要素を取ります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::Resize(layer) => {
                let stays = plan.input_shape() == plan.output_shape();
                stays && layer.scales.iter().any(|scale| *scale != 1.0)
            }
            _ => false,
        }),
    },
    Difference {
        who: Localized::new(
            "a policy keeps the proportions and its axes count from the end: onnx's shape inference gives the size that is meant, as here; ORT hands out its input",
            "比率を保つ指定で、軸が後ろから数えられています。onnx の形状推論とこのプログラムは意図された大きさですが、ORT は入力をそのまま返します。",
        ),
        applies: Condition::Node(|node, _| {
            let policy = matches!(
                node.attributes.get("keep_aspect_ratio_policy"),
                Some(OnnxAttribute::Text(policy)) if policy != "stretch"
            );
            let negative = matches!(
                node.attributes.get("axes"),
                Some(OnnxAttribute::Integers(axes)) if axes.iter().any(|axis| *axis < 0)
            );
            node.op_type == "Resize" && policy && negative
        }),
    },
    Difference {
        who: Localized::new(
            "padding goes round: torch and ORT do it, as here; openvino, tract and MNN refuse it, and pnnx for ncnn pads with zeros without a word",
            "パディングが反対側から続きます。torch、ORT とこのプログラムは計算しますが、openvino、tract、MNN は断り、pnnx (ncnn 用) は何も言わずに 0 で埋めます。",
        ),
        applies: Condition::Layer(|plan| {
            let mode = match plan.layer() {
                Layer::CircularPad1d(_) | Layer::CircularPad2d(_) | Layer::CircularPad3d(_) => {
                    return true;
                }
                Layer::Pad(layer) => layer.mode,
                Layer::Conv1d(layer) => layer.padding_mode,
                Layer::Conv2d(layer) => layer.padding_mode,
                Layer::Conv3d(layer) => layer.padding_mode,
                _ => return false,
            };
            mode == PaddingMode::Circular
        }),
    },
    Difference {
        who: Localized::new(
            "there are fewer items than channels: ORT normalises all channels, as here; onnx's reference leaves the last ones alone",
            "サンプルの数がチャネル数より少なくなっています。ORT とこのプログラムはすべてのチャネルを正規化しますが、onnx の参照実装は後ろのチャネルをそのままにします。",
        ),
        applies: Condition::Node(|node, _| {
            let axes = node.input(0).map_or(&[][..], |input| &input.axes);
            node.op_type == "LRN" && axes.len() > 1 && axes[0] < axes[1]
        }),
    },
    Difference {
        who: Localized::new(
            "the stated output_shape is not the one that kernel and stride lead to: onnx's reference counts the indices through the latter, as here; ORT through the stated shape, so that it puts the values elsewhere",
            "output_shape が、カーネルとストライドから決まる形状と違います。onnx の参照実装とこのプログラムは、決まる形状で番号を数えます。ORT は output_shape で数えるので、値が別の場所に入ります。",
        ),
        applies: Condition::Layer(|plan| match plan.layer() {
            Layer::MaxUnpool1d(layer) => layer.counted.is_some(),
            Layer::MaxUnpool2d(layer) => layer.counted.is_some(),
            Layer::MaxUnpool3d(layer) => layer.counted.is_some(),
            _ => false,
        }),
    },
];

impl Difference {
    /// Who gives what, with the versions of all that it names.
    fn told(&self) -> Localized<String> {
        let named = RUN.iter().filter(|(name, _)| {
            let mut words = self.who.en.split(|letter: char| !letter.is_alphanumeric());
            words.any(|word| word == *name)
        });
        let versions: Vec<String> = named
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        let versions = versions.join(", ");
        Localized::new(
            format!("{} ({versions})", self.who.en),
            format!("{} ({versions})", self.who.ja),
        )
    }
}

impl Plan {
    /// Where runtimes and exporters differ for this layer, and who gives what: a sentence each.
    #[must_use]
    pub fn differences(&self) -> Vec<Localized<String>> {
        let rows = DIFFERENCES.iter().filter(|row| match row.applies {
            Condition::Layer(applies) => applies(self),
            Condition::Node(_) => false,
        });
        rows.map(Difference::told).collect()
    }
}

impl OnnxNode {
    /// As [`Plan::differences`], for what this node says beyond the layer that it became.
    #[must_use]
    pub fn differences(&self, plan: &Plan) -> Vec<Localized<String>> {
        let rows = DIFFERENCES.iter().filter(|row| match row.applies {
            Condition::Layer(_) => false,
            Condition::Node(applies) => applies(self, plan),
        });
        rows.map(Difference::told).collect()
    }
}

/// What a pool takes of its window.
enum Pooling {
    Max,
    Average {
        /// Padding is among what is divided by.
        counts_padding: bool,
    },
    Power {
        /// ONNX's, of magnitudes.
        magnitudes: bool,
    },
}

/// What a pool takes, whether its last window may reach past the end, and its axes, flat ones in front.
fn pooled(plan: &Plan) -> Option<(Pooling, bool, [Axis; 3])> {
    fn axes<const N: usize>(window: PoolWindow<N>, plan: &Plan) -> Option<(bool, [Axis; 3])> {
        let name = plan.layer().name();
        let (_, lengths) = channels_and_lengths::<N>(name, plan.input_shape()).ok()?;
        Some((window.ceil_mode, window.axes(name, lengths).ok()?))
    }
    let average = |counts_padding| Pooling::Average { counts_padding };
    let power = |magnitudes| Pooling::Power { magnitudes };
    let (pooling, (ceil, axes)) = match plan.layer() {
        Layer::MaxPool1d(layer) => (Pooling::Max, axes(layer.window(), plan)?),
        Layer::MaxPool2d(layer) => (Pooling::Max, axes(layer.window(), plan)?),
        Layer::MaxPool3d(layer) => (Pooling::Max, axes(layer.window(), plan)?),
        Layer::AvgPool1d(layer) => (
            average(layer.count_include_pad),
            axes(layer.window(), plan)?,
        ),
        Layer::AvgPool2d(layer) => {
            let counts = layer.count_include_pad && layer.divisor_override.is_none();
            (average(counts), axes(layer.window(), plan)?)
        }
        Layer::AvgPool3d(layer) => {
            let counts = layer.count_include_pad && layer.divisor_override.is_none();
            (average(counts), axes(layer.window(), plan)?)
        }
        Layer::LPPool1d(layer) => (power(layer.magnitudes), axes(layer.window(), plan)?),
        Layer::LPPool2d(layer) => (power(layer.magnitudes), axes(layer.window(), plan)?),
        Layer::LPPool3d(layer) => (power(layer.magnitudes), axes(layer.window(), plan)?),
        _ => return None,
    };
    Some((pooling, ceil, axes))
}

/// Whether a last window that would begin behind the input is left out.
fn leaves_out(axis: &Axis) -> bool {
    let beyond = axis.padded().saturating_sub(axis.reach());
    beyond.div_ceil(axis.stride) + 1 > axis.output
}

/// Whether the last window reaches past the padding.
fn hangs_over(axis: &Axis) -> bool {
    axis.output.saturating_sub(1) * axis.stride + axis.reach() > axis.padded()
}

/// Whether an output padding is as long as the stride.
fn reaches<const N: usize>(output_padding: &[usize; N], stride: &[usize; N]) -> bool {
    let mut sides = output_padding.iter().zip(stride);
    sides.any(|(padding, stride)| padding >= stride)
}

/// What is asked of the window of a transposed convolution.
struct TransposedFacts {
    /// Something of the output is cut off.
    cuts: bool,
    /// The stride is longer than the kernel.
    skips: bool,
}

fn transposed(plan: &Plan) -> Option<TransposedFacts> {
    fn facts<const N: usize>(
        padding: [usize; N],
        after: Option<[usize; N]>,
        stride: [usize; N],
        dilation: [usize; N],
        kernel: [usize; N],
    ) -> TransposedFacts {
        let behind = after.unwrap_or(padding);
        TransposedFacts {
            cuts: padding.iter().chain(&behind).any(|padding| *padding > 0),
            skips: (0..N).any(|axis| stride[axis] > dilation[axis] * (kernel[axis] - 1) + 1),
        }
    }
    Some(match plan.layer() {
        Layer::ConvTranspose1d(layer) => facts(
            layer.padding,
            layer.padding_after,
            layer.stride,
            layer.dilation,
            layer.kernel,
        ),
        Layer::ConvTranspose2d(layer) => facts::<2>(
            layer.padding.into(),
            layer.padding_after.map(Into::into),
            layer.stride.into(),
            layer.dilation.into(),
            layer.kernel.into(),
        ),
        Layer::ConvTranspose3d(layer) => facts(
            layer.padding,
            layer.padding_after,
            layer.stride,
            layer.dilation,
            layer.kernel,
        ),
        _ => return None,
    })
}

fn states_output(node: &OnnxNode) -> bool {
    match node.attributes.get("output_shape") {
        Some(OnnxAttribute::Integers(lengths)) => !lengths.is_empty(),
        _ => false,
    }
}

fn is_same(node: &OnnxNode) -> bool {
    match node.attributes.get("auto_pad") {
        Some(OnnxAttribute::Text(word)) => word.starts_with("SAME"),
        _ => false,
    }
}

/// The longest axis whose places are compared.
const MOST_COMPARED: usize = 1 << 16;

/// Whether two ways to resize axes take other elements somewhere.
fn take_others(one: &[ResampleAxis], other: &[ResampleAxis]) -> bool {
    one.iter().zip(other).any(|(one, other)| {
        let compared = one.output == other.output && one.output <= MOST_COMPARED;
        compared && (0..one.output).any(|at| one.taps(at) != other.taps(at))
    })
}

/// The axis as ONNX Runtime resizes it to the nearest before.
fn ort_axis(input: usize, output: usize, scale: f32) -> ResampleAxis {
    ResampleAxis {
        input,
        output,
        coordinate: Coordinate::Scale {
            scale,
            transformation: Transformation::Asymmetric,
        },
        interpolation: Interpolation::Nearest(NearestRule::Floor),
    }
}

fn torch_rounds_apart(layer: &Upsample, plan: &Plan) -> bool {
    let lengths = plan.input_shape().axes().get(1..).unwrap_or_default();
    let Ok(ours) = layer.axes(lengths) else {
        return false;
    };
    if layer.mode != UpsampleMode::Nearest || forgets_scale(layer, plan) {
        return false;
    }
    let scales = layer
        .scale
        .as_ref()
        .filter(|_| !layer.recompute_scale_factor);
    let scales = scales.and_then(|scales| scales.over(lengths.len()));
    let theirs = ours.iter().enumerate().map(|(number, axis)| {
        let scale = match &scales {
            Some(scales) => scales[number] as f32,
            None => axis.output as f32 / axis.input as f32,
        };
        ort_axis(axis.input, axis.output, scale)
    });
    take_others(&ours, &theirs.collect::<Vec<_>>())
}

fn ort_rounds_apart(layer: &Resize, plan: &Plan) -> bool {
    let plain = layer.mode == ResizeMode::Nearest
        && layer.coordinate_transformation_mode == Transformation::Asymmetric
        && layer.nearest_mode == NearestRule::Floor;
    let (input, output) = (plan.input_shape().axes(), plan.output_shape().axes());
    if !plain || input == output {
        return false;
    }
    let scales = layer
        .scales
        .get(layer.scales.len().saturating_sub(input.len())..);
    let scales = scales.unwrap_or_default();
    let axes = input.iter().zip(output).zip(scales);
    let axes = axes.map(|((&input, &output), &scale)| {
        let ours = ort_axis(input, output, scale as f32);
        // PyTorch's, by the lengths or by the scale, whichever the file comes from.
        let ratio = |ratio: f32| ResampleAxis {
            coordinate: Coordinate::Ratio {
                ratio,
                align_corners: true,
            },
            ..ours
        };
        let by_lengths = ratio(input as f32 / output as f32);
        let by_scale = ratio((1.0 / scale) as f32);
        take_others(&[ours], &[by_lengths]) && take_others(&[ours], &[by_scale])
    });
    axes.into_iter().any(|apart| apart)
}

fn forgets_scale(layer: &Upsample, plan: &Plan) -> bool {
    let (Some(input), Some(output)) = (
        plan.input_shape().axes().get(1..),
        plan.output_shape().axes().get(1..),
    ) else {
        return false;
    };
    let scales = layer
        .scale
        .as_ref()
        .filter(|_| !layer.recompute_scale_factor);
    let Some(scales) = scales.and_then(|scales| scales.over(input.len())) else {
        return false;
    };
    let forgotten = |((&input, &output), &scale): ((&usize, &usize), &f64)| {
        scale.fract() != 0.0 && (output == input || output == 2 * input)
    };
    let picture = layer.mode == UpsampleMode::Nearest && input.len() == 2;
    picture && input.iter().zip(output).zip(&scales).any(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::OperationKind;
    use crate::op::onnx::{OnnxConstant, OnnxInput};
    use crate::op::operation::BatchAxis;
    use crate::tensor::Shape;

    /// What is told of a layer, in English.
    fn told(text: &str, input: &str) -> Vec<String> {
        let layer: Layer = ron::from_str(text).unwrap();
        let input: Shape = input.parse().unwrap();
        let plan = layer
            .plan(&input)
            .unwrap_or_else(|why| panic!("{text}: {why}"));
        plan.differences().into_iter().map(|told| told.en).collect()
    }

    #[test]
    fn a_layer_is_told_of_the_rows_that_it_falls_under_and_of_no_other() {
        // A layer and its input, what is said of it, and a neighbour of which nothing is said.
        let cases = [
            (
                (
                    "MaxPool2d(kernel: (3, 3), stride: (3, 3), padding: (1, 1), ceil_mode: true)",
                    "1x5x5",
                ),
                "MNN with other values",
                (
                    "MaxPool2d(kernel: (3, 3), stride: (3, 3), padding: (1, 1), ceil_mode: true)",
                    "1x6x6",
                ),
            ),
            (
                (
                    "MaxPool1d(kernel: 3, stride: 3, padding: 1, ceil_mode: true)",
                    "1x5",
                ),
                "MNN with other values",
                ("MaxPool1d(kernel: 3, stride: 3, padding: 1)", "1x5"),
            ),
            (
                (
                    "AvgPool2d(kernel: (3, 3), stride: (3, 3), padding: (1, 1), ceil_mode: true)",
                    "1x5x5",
                ),
                "torch and ORT leave it out, as here; onnx's shape inference",
                (
                    "AvgPool2d(kernel: (3, 3), stride: (3, 3), padding: (1, 1))",
                    "1x5x5",
                ),
            ),
            (
                (
                    "AvgPool2d(kernel: (3, 3), stride: (2, 2), padding: (1, 1), ceil_mode: true)",
                    "1x6x6",
                ),
                "openvino and ncnn by the whole kernel",
                (
                    "AvgPool2d(kernel: (3, 3), stride: (2, 2), padding: (1, 1), ceil_mode: true)",
                    "1x5x5",
                ),
            ),
            (
                (
                    "AvgPool3d(kernel: (3, 3, 3), stride: (2, 2, 2), padding: (1, 1, 1), ceil_mode: true)",
                    "1x6x6x6",
                ),
                "openvino and ncnn by the whole kernel",
                (
                    "AvgPool3d(kernel: (3, 3, 3), stride: (2, 2, 2), padding: (1, 1, 1), ceil_mode: true, count_include_pad: false)",
                    "1x6x6x6",
                ),
            ),
            (
                (
                    "LPPool2d(norm_type: 2.0, kernel: (2, 2), ceil_mode: true)",
                    "1x3x3",
                ),
                "the documented sum over the window is less",
                (
                    "LPPool2d(norm_type: 2.0, kernel: (2, 2), ceil_mode: true)",
                    "1x4x4",
                ),
            ),
            (
                ("MaxPool2d(kernel: (2, 2), dilation: (1, 2))", "1x8x8"),
                "MNN ignores the dilation",
                ("AvgPool2d(kernel: (2, 2), dilation: (1, 2))", "1x8x8"),
            ),
            (
                ("AvgPool2d(kernel: (2, 2), divisor_override: 3)", "1x8x8"),
                "writes a plain AveragePool",
                ("AvgPool2d(kernel: (2, 2))", "1x8x8"),
            ),
            (
                ("AdaptiveMaxPool2d(output: (3, 3))", "1x7x7"),
                "exporter refuses for the maximum",
                ("AdaptiveMaxPool2d(output: (3, 3))", "1x6x6"),
            ),
            (
                (
                    "ConvTranspose2d(filters: 2, kernel: (3, 3), dilation: (2, 2), output_padding: (1, 0))",
                    "1x4x4",
                ),
                "output_padding reaches the stride",
                (
                    "ConvTranspose2d(filters: 2, kernel: (3, 3), stride: (2, 2), output_padding: (1, 0))",
                    "1x4x4",
                ),
            ),
            (
                ("Upsample(size: (1, 82))", "1x1x2"),
                "torch, tinygrad, ncnn and MNN take these, as here",
                ("Upsample(size: (1, 80))", "1x1x2"),
            ),
            (
                (
                    "Resize(scales: [1.0, 1.0, 1.0, 41.0], coordinate_transformation_mode: Asymmetric, nearest_mode: Floor)",
                    "1x1x1x2",
                ),
                "ORT, openvino, tract and onnx's reference take these, as here",
                (
                    "Resize(scales: [1.0, 1.0, 1.0, 40.0], coordinate_transformation_mode: Asymmetric, nearest_mode: Floor)",
                    "1x1x1x2",
                ),
            ),
            (
                ("Upsample(scale: (1.0, 1.16))", "1x1x6"),
                "torch forgets the scale and copies",
                ("Upsample(size: (1, 6))", "1x1x6"),
            ),
            (
                (
                    "Resize(scales: [1.0, 1.0, 1.0, 1.1], mode: Linear)",
                    "1x1x1x6",
                ),
                "every length stays",
                (
                    "Resize(scales: [1.0, 1.0, 1.0, 1.25], mode: Linear)",
                    "1x1x1x6",
                ),
            ),
            (
                ("CircularPad2d(padding: (1, 1, 1, 1))", "1x4x4"),
                "padding goes round",
                ("ReflectionPad2d(padding: (1, 1, 1, 1))", "1x4x4"),
            ),
            (
                (
                    "Conv2d(filters: 1, kernel: (3, 3), padding: Size(1, 1), padding_mode: Circular)",
                    "1x4x4",
                ),
                "padding goes round",
                (
                    "Conv2d(filters: 1, kernel: (3, 3), padding: Size(1, 1), padding_mode: Reflect)",
                    "1x4x4",
                ),
            ),
            (
                (
                    "MaxUnpool2d(kernel: (2, 2), output: (5, 5), counted: (4, 4), whole: true)",
                    "1x2x2",
                ),
                "ORT through the stated shape",
                (
                    "MaxUnpool2d(kernel: (2, 2), output: (4, 4), whole: true)",
                    "1x2x2",
                ),
            ),
        ];
        for ((layer, input), part, (other, its_input)) in cases {
            let sentences = told(layer, input);
            assert_eq!(sentences.len(), 1, "{layer}: {sentences:?}");
            assert!(sentences[0].contains(part), "{layer}: {sentences:?}");
            assert_eq!(told(other, its_input), Vec::<String>::new(), "{other}");
        }
    }

    /// A node with inputs of such axes.
    fn node(op_type: &str, attributes: &[(&str, OnnxAttribute)], inputs: &[&[usize]]) -> OnnxNode {
        OnnxNode {
            name: String::from("n"),
            op_type: op_type.to_owned(),
            opset: 18,
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            inputs: inputs
                .iter()
                .map(|axes| {
                    Some(OnnxInput {
                        axes: axes.to_vec(),
                        constant: None,
                    })
                })
                .collect(),
            outputs: 1,
        }
    }

    /// What is told of a node, beyond its layer.
    fn told_of(node: &OnnxNode) -> Vec<String> {
        let forms = OperationKind::ALL
            .iter()
            .flat_map(|kind| kind.description().onnx);
        let mut forms = forms.filter(|form| form.op_type == node.op_type);
        let made = forms.find_map(|form| (form.make)(node).unwrap()).unwrap();
        let rank = made.layer.operation().sample_rank().unwrap_or(9);
        let shapes: Vec<Shape> = made
            .inputs
            .iter()
            .map(|&number| {
                let axes = &node.inputs[number].as_ref().unwrap().axes;
                Shape::of_axes(&axes[axes.len().saturating_sub(rank)..]).unwrap()
            })
            .collect();
        let plan = made.layer.plan_inputs(&shapes, BatchAxis::Absent).unwrap();
        node.differences(&plan)
            .into_iter()
            .map(|told| told.en)
            .collect()
    }

    #[test]
    fn a_node_is_told_of_what_the_file_says_beyond_its_layer() {
        let integers = |values: &[i64]| OnnxAttribute::Integers(values.to_vec());
        let text = |word: &str| OnnxAttribute::Text(word.to_owned());
        let turned: &[&[usize]] = &[&[1, 1, 4], &[1, 1, 3]];
        let length = |length: i64| {
            let attributes = [
                ("output_shape", integers(&[length])),
                ("strides", integers(&[2])),
            ];
            told_of(&node("ConvTranspose", &attributes, turned))
        };
        assert!(length(8)[0].contains("tract cuts all of it off the end"));
        assert!(length(9).is_empty(), "nothing is cut off");
        let same = |stride: i64| {
            let attributes = [
                ("auto_pad", text("SAME_UPPER")),
                ("strides", integers(&[stride])),
            ];
            told_of(&node("ConvTranspose", &attributes, turned))
        };
        assert!(same(4)[0].contains("tract refuses"));
        assert!(same(2).is_empty());
        let dilated = |word: &str, dilation: i64| {
            let attributes = [
                ("auto_pad", text(word)),
                ("dilations", integers(&[dilation])),
            ];
            told_of(&node("Conv", &attributes, &[&[1, 1, 9], &[1, 1, 3]]))
        };
        assert!(dilated("SAME_LOWER", 2)[0].contains("tinygrad forgets the dilation"));
        assert!(dilated("SAME_LOWER", 1).is_empty());
        assert!(dilated("VALID", 2).is_empty());
        let resized = |axes: &[i64]| {
            let attributes = [
                ("keep_aspect_ratio_policy", text("not_larger")),
                ("axes", integers(axes)),
            ];
            let mut node = node("Resize", &attributes, &[&[1, 1, 4, 6]]);
            node.inputs.extend([None, None]);
            node.inputs.push(Some(OnnxInput {
                axes: vec![2],
                constant: Some(OnnxConstant::Integers(vec![8, 8])),
            }));
            told_of(&node)
        };
        assert!(resized(&[-2, -1])[0].contains("ORT hands out its input"));
        assert!(resized(&[2, 3]).is_empty());
        let normalised = |batch: usize| {
            let attributes = [("size", OnnxAttribute::Integer(3))];
            told_of(&node("LRN", &attributes, &[&[batch, 3, 2, 2]]))
        };
        assert!(normalised(2)[0].contains("leaves the last ones alone"));
        assert!(normalised(3).is_empty());
    }

    #[test]
    fn versions_are_those_of_all_that_a_sentence_names() {
        let sentence = told("MaxPool2d(kernel: (2, 2), dilation: (2, 2))", "1x8x8").remove(0);
        let versions = "(torch 2.15.0, ORT 1.32.0, openvino 2026.4.1, tract 0.23.9, tinygrad 0.14.0, MNN 3.6.1)";
        assert!(sentence.ends_with(versions), "{sentence}");
        for row in DIFFERENCES {
            // Both languages name the same products.
            for (name, _) in RUN {
                let named = |text: &str| {
                    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
                    words.any(|word| word == name)
                };
                assert_eq!(
                    named(row.who.en),
                    named(row.who.ja),
                    "{name}: {}",
                    row.who.en
                );
            }
        }
    }
}
