//! `Resize`: ONNX's resizing along any axes, with all of its ways to place and to round.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__Resize.html>; numbers are those of ONNX Runtime.
//! `nn.Upsample` is PyTorch's.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, Value, float};
use crate::op::code::LoopNest;
use crate::op::error::{LayerError, TensorRole};
use crate::op::geometry::{
    Coordinate, Geometry, Interpolation, Mapped, NearestRule, Resample, ResampleAxis,
    Transformation,
};
use crate::op::onnx::{OnnxAttribute, OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Choice, Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::is_default;
use super::upsample::Upsample;

/// How a new element comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ResizeMode {
    /// It is the nearest element.
    #[default]
    Nearest,
    /// It is a weighted mean of the two around it along each axis.
    Linear,
    /// It lies on a cubic curve through four along each axis.
    Cubic,
}

/// Resizing along any axes. All axes are named, the batch included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resize {
    /// Output elements for each of the input along each axis, the batch first. The output's length is
    /// rounded down.
    pub scales: Vec<f64>,
    /// Lengths of the output's axes, where they are stated. That of the batch does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<usize>,
    /// How a new element comes about.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: ResizeMode,
    /// Where a place of the output lies on the input.
    #[serde(default, skip_serializing_if = "is_default")]
    pub coordinate_transformation_mode: Transformation,
    /// Which element is the nearest.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nearest_mode: NearestRule,
    /// The coefficient of the cubic curve.
    #[serde(default = "usual_coefficient", skip_serializing_if = "is_usual")]
    pub cubic_coeff_a: f64,
    /// Whether neighbours outside the input weigh nothing under a cubic curve.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exclude_outside: bool,
}

/// The longest axis whose places are compared with PyTorch's.
const MOST_COMPARED: usize = 1 << 16;

fn usual_coefficient() -> f64 {
    -0.75
}

fn is_usual(coefficient: &f64) -> bool {
    *coefficient == usual_coefficient()
}

/// Words of ONNX for what a field holds.
const MODES: [(&str, ResizeMode); 3] = [
    ("nearest", ResizeMode::Nearest),
    ("linear", ResizeMode::Linear),
    ("cubic", ResizeMode::Cubic),
];

const TRANSFORMATIONS: [(&str, Transformation); 6] = [
    ("half_pixel", Transformation::HalfPixel),
    ("half_pixel_symmetric", Transformation::HalfPixelSymmetric),
    ("pytorch_half_pixel", Transformation::PytorchHalfPixel),
    ("align_corners", Transformation::AlignCorners),
    ("asymmetric", Transformation::Asymmetric),
    ("tf_half_pixel_for_nn", Transformation::TfHalfPixelForNn),
];

const ROUNDINGS: [(&str, NearestRule); 4] = [
    ("round_prefer_floor", NearestRule::RoundPreferFloor),
    ("round_prefer_ceil", NearestRule::RoundPreferCeil),
    ("floor", NearestRule::Floor),
    ("ceil", NearestRule::Ceil),
];

fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    let found = words.iter().find(|(_, known)| known == value);
    found.map_or("", |(word, _)| word)
}

impl Choice for ResizeMode {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::Nearest, Localized::new("nearest", "nearest")),
        (Self::Linear, Localized::new("linear", "linear")),
        (Self::Cubic, Localized::new("cubic", "cubic")),
    ];
}

impl Resize {
    /// A resizing of such scales with ONNX's defaults.
    #[must_use]
    pub fn new(scales: Vec<f64>) -> Self {
        Self {
            scales,
            sizes: Vec::new(),
            mode: ResizeMode::Nearest,
            coordinate_transformation_mode: Transformation::default(),
            nearest_mode: NearestRule::default(),
            cubic_coeff_a: usual_coefficient(),
            exclude_outside: false,
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        let list = |name| match given.get(name) {
            Some(Value::List(values)) => values.clone(),
            Some(Value::None) | None => Vec::new(),
            Some(only) => vec![only.clone()],
        };
        let mut scales = Vec::new();
        for value in list("scales") {
            let mut one = Arguments::default();
            one.give("scales", value);
            scales.push(one.real("scales", None)?);
        }
        let mut sizes = Vec::new();
        for value in list("sizes") {
            let mut one = Arguments::default();
            one.give("sizes", value);
            sizes.push(one.size("sizes", None, 1)?);
        }
        Ok(Self {
            sizes,
            mode: given.word("mode", &MODES, ResizeMode::default())?,
            coordinate_transformation_mode: given.word(
                "coordinate_transformation_mode",
                &TRANSFORMATIONS,
                Transformation::default(),
            )?,
            nearest_mode: given.word("nearest_mode", &ROUNDINGS, NearestRule::default())?,
            cubic_coeff_a: given.real("cubic_coeff_a", Some(usual_coefficient()))?,
            exclude_outside: given.truth("exclude_outside", false)?,
            ..Self::new(scales)
        })
    }

    fn interpolation(&self) -> Interpolation {
        match self.mode {
            ResizeMode::Nearest => Interpolation::Nearest(self.nearest_mode),
            ResizeMode::Linear => Interpolation::Linear,
            ResizeMode::Cubic => Interpolation::Cubic {
                coefficient: self.cubic_coeff_a as f32,
                exclude_outside: self.exclude_outside,
            },
        }
    }

    /// The axes of a tensor of such lengths, whose first axes the layer may name beyond them.
    fn axes(
        &self,
        layer: &'static str,
        lengths: &[usize],
    ) -> Result<Vec<ResampleAxis>, LayerError> {
        let unfit = |why| LayerError::Unfit { layer, why };
        let Some(skipped) = self
            .scales
            .len()
            .checked_sub(lengths.len())
            .filter(|beyond| {
                *beyond <= 1 && (self.sizes.is_empty() || self.sizes.len() == self.scales.len())
            })
        else {
            let (scales, sizes, axes) = (self.scales.len(), self.sizes.len(), lengths.len());
            return Err(unfit(says!(
                en: "{scales} scales and {sizes} sizes do not fit a tensor of {axes} axes; give a scale for each axis, the batch included",
                ja: "scales が {scales} 個、sizes が {sizes} 個で、軸が {axes} 個のテンソルに合いません。バッチも含めて軸ごとに指定してください。"
            )));
        };
        let mut axes = Vec::with_capacity(lengths.len());
        for (number, &input) in lengths.iter().enumerate() {
            let scale = self.scales[skipped + number] as f32;
            if !(scale.is_finite() && scale > 0.0) {
                return Err(unfit(says!(
                    en: "a scale is {scale}; each must be a positive number",
                    ja: "倍率が {scale} です。どれも正の数でなければなりません。"
                )));
            }
            let batch = skipped == 0 && number == 0 && scale == 1.0;
            let output = match self.sizes.get(skipped + number) {
                Some(&size) if !batch => size,
                _ => (input as f32 * scale) as usize,
            };
            if output == 0 {
                return Err(unfit(says!(
                    en: "a length of {input} with a scale of {scale} leaves nothing; use a larger scale",
                    ja: "長さ {input} に倍率 {scale} では何も残りません。倍率を大きくしてください。"
                )));
            }
            axes.push(ResampleAxis {
                input,
                output,
                coordinate: Coordinate::Scale {
                    scale,
                    transformation: self.coordinate_transformation_mode,
                },
                interpolation: self.interpolation(),
            });
        }
        if axes.iter().all(|axis| axis.input == axis.output) {
            // As ONNX Runtime: a tensor that keeps its shape is copied, whatever the scales.
            return Ok(lengths
                .iter()
                .map(|length| ResampleAxis::kept(*length))
                .collect());
        }
        Ok(axes)
    }

    /// `Resize` of opset 10 and later.
    fn of_resize(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let Some(input) = node.input(0) else {
            return Err(OnnxRefusal::Input {
                number: 0,
                name: "X",
            });
        };
        let axes = input.axes.clone();
        let old = node.opset < 11;
        let (number, name) = if old { (1, "scales") } else { (2, "scales") };
        let scales = node.constant_floats(number, name)?.unwrap_or_default();
        let sizes = if old {
            Vec::new()
        } else {
            node.constant_integers(3, "sizes")?.unwrap_or_default()
        };
        let named = named_axes(node, axes.len())?;
        let layer = Self {
            mode: mode(node)?,
            ..Self::new(Vec::new())
        };
        let grows = scales.iter().any(|scale| *scale > 1.0);
        if old && grows && scales.iter().any(|scale| *scale < 1.0) {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "it grows along one axis and shrinks along another, which opset 10 rounds differently; convert it to opset 11",
                ja: "ある軸で拡大し別の軸で縮小します。opset 10 では丸め方が軸ごとに違うため対応していません。opset 11 に変換してください。"
            )));
        }
        let layer = if old {
            simple(layer, &scales)
        } else {
            Self {
                coordinate_transformation_mode: transformation(node)?,
                nearest_mode: rounding(node)?,
                cubic_coeff_a: f64::from(node.float("cubic_coeff_a", -0.75)?),
                exclude_outside: node.integer("exclude_outside", 0)? != 0,
                ..layer
            }
        };
        if node.integer("antialias", 0)? != 0 {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "its antialias is 1: a filter whose width follows the scale is not shown",
                ja: "antialias が 1 です。倍率に応じて広がるフィルタには対応していません。"
            )));
        }
        let aligned = layer.coordinate_transformation_mode == Transformation::AlignCorners;
        let whole = |(axis, scale): (&usize, &f32)| (scale * axes[*axis] as f32).fract() == 0.0;
        if aligned && !named.iter().zip(&scales).all(whole) {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "it aligns corners and its scales lead to lengths that are rounded, which ONNX' definition and ONNX Runtime place differently; give sizes",
                ja: "角を揃えますが、scales による長さに端数が出ます。ONNX の定義と ONNX Runtime で位置が違うため、sizes を指定してください。"
            )));
        }
        let layer = match (scales.is_empty(), sizes.is_empty()) {
            (false, true) => layer.scaled(&scales, &named, axes.len())?,
            (true, false) => layer.sized(node, &sizes, &named, &axes)?,
            (false, false) | (true, true) => {
                return Err(OnnxRefusal::Unsupported(says!(
                    en: "it needs either scales or sizes",
                    ja: "scales か sizes のどちらか一方が必要です。"
                )));
            }
        };
        Ok(Some(layer.or_upsample(&axes)))
    }

    /// `Upsample` of opset 7 to 9.
    fn of_upsample(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let axes = node.input(0).map_or(&[][..], |input| &input.axes).to_vec();
        let scales = match node.attributes.get("scales") {
            Some(OnnxAttribute::Floats(scales)) => scales.clone(),
            Some(_) => return Err(OnnxRefusal::Attribute { name: "scales" }),
            None => node
                .constant_floats(1, "scales")?
                .ok_or(OnnxRefusal::Input {
                    number: 1,
                    name: "scales",
                })?,
        };
        if let Some(small) = scales.iter().find(|scale| **scale < 1.0) {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "one of its scales is {small}; Upsample takes 1 and more",
                ja: "scales に {small} があります。Upsample の倍率は 1 以上です。"
            )));
        }
        let layer = Self {
            mode: mode(node)?,
            ..Self::new(Vec::new())
        };
        let layer = simple(layer, &scales);
        let named: Vec<usize> = (0..axes.len()).collect();
        let layer = layer.scaled(&scales, &named, axes.len())?;
        Ok(Some(layer.or_upsample(&axes)))
    }

    fn scaled(self, scales: &[f32], named: &[usize], rank: usize) -> Result<Self, OnnxRefusal> {
        if scales.len() != named.len() {
            return Err(counted("scales", scales.len(), named.len()));
        }
        let mut all = vec![1.0; rank];
        for (axis, scale) in named.iter().zip(scales) {
            all[*axis] = f64::from(*scale);
        }
        Ok(Self {
            scales: all,
            ..self
        })
    }

    /// With stated sizes, as far as the policy keeps the proportions.
    fn sized(
        self,
        node: &OnnxNode,
        sizes: &[i64],
        named: &[usize],
        axes: &[usize],
    ) -> Result<Self, OnnxRefusal> {
        if sizes.len() != named.len() {
            return Err(counted("sizes", sizes.len(), named.len()));
        }
        let mut scales = vec![1.0_f32; axes.len()];
        let mut all = axes.to_vec();
        for (axis, size) in named.iter().zip(sizes) {
            let size = usize::try_from(*size).map_err(|_| counted("sizes", 0, named.len()))?;
            all[*axis] = size;
            scales[*axis] = size as f32 / axes[*axis] as f32;
        }
        let along = named.iter().map(|axis| scales[*axis]);
        let kept = match node.word("keep_aspect_ratio_policy", "stretch")? {
            "stretch" => None,
            "not_larger" => Some(along.fold(f32::INFINITY, f32::min)),
            "not_smaller" => Some(along.fold(0.0, f32::max)),
            other => {
                return Err(OnnxRefusal::Unsupported(says!(
                    en: "its keep_aspect_ratio_policy {other:?} is none of ONNX's",
                    ja: "keep_aspect_ratio_policy の {other:?} は ONNX にありません。"
                )));
            }
        };
        if let Some(scale) = kept {
            for axis in named {
                scales[*axis] = scale;
                all[*axis] = (scale * axes[*axis] as f32).round() as usize;
            }
        }
        Ok(Self {
            scales: scales.into_iter().map(f64::from).collect(),
            sizes: all,
            ..self
        })
    }

    /// PyTorch's `Upsample`, where that takes the same elements with the same shares; itself
    /// otherwise.
    fn or_upsample(self, axes: &[usize]) -> OnnxLayer {
        let same = self.as_upsample(axes);
        match same {
            Some(upsample) => OnnxLayer::new(upsample),
            None => OnnxLayer::new(self),
        }
    }

    fn as_upsample(&self, axes: &[usize]) -> Option<Upsample> {
        let [samples, channels, lengths @ ..] = axes else {
            return None;
        };
        if self.scales.get(..2) != Some(&[1.0, 1.0]) || lengths.is_empty() || lengths.len() > 3 {
            return None;
        }
        let ours = self.axes("Resize", axes).ok()?;
        let fixed = [(samples, &ours[0]), (channels, &ours[1])];
        if fixed.iter().any(|(length, axis)| axis.output != **length) {
            return None;
        }
        let size: Vec<usize> = ours[2..].iter().map(|axis| axis.output).collect();
        // Every place is compared, so not of lengths that only a damaged file has.
        if size.iter().any(|length| *length > MOST_COMPARED) {
            return None;
        }
        Upsample::candidates(self.mode, &self.scales[2..], &size)
            .into_iter()
            .find(|upsample| {
                let Ok(theirs) = upsample.axes(lengths) else {
                    return false;
                };
                ours[2..].iter().zip(&theirs).all(|(ours, theirs)| {
                    ours.output == theirs.output
                        && (0..ours.output).all(|at| ours.taps(at) == theirs.taps(at))
                })
            })
    }

    fn planned(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        const NAMES: [&str; 8] = ["N", "C", "A", "B", "E", "D", "H", "W"];
        let name = layer.name();
        let axes = self.axes(name, input.axes())?;
        let lengths: Vec<usize> = axes.iter().map(|axis| axis.output).collect();
        let output = Shape::of_axes(&lengths)
            .or_else(|_| checked_shape(name, TensorRole::Output, &lengths))?;
        let shown = axes.len().min(3);
        let geometry = Geometry::Mapped(Mapped::new(Resample {
            axes,
            names: &NAMES[8 - shown..],
        }));
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }
}

/// What the operator does before opset 11: places from the first element on, and the element before
/// (behind, where the axis shrinks).
fn simple(layer: Resize, scales: &[f32]) -> Resize {
    let shrinks = scales.iter().any(|scale| *scale < 1.0);
    Resize {
        coordinate_transformation_mode: Transformation::Asymmetric,
        nearest_mode: if shrinks {
            NearestRule::Ceil
        } else {
            NearestRule::Floor
        },
        ..layer
    }
}

fn counted(name: &str, given: usize, axes: usize) -> OnnxRefusal {
    OnnxRefusal::Unsupported(says!(
        en: "its {name} ({given}) must be a positive number for each of {axes} axes",
        ja: "{name} ({given} 個) は、{axes} 個の軸のそれぞれに正の数が必要です。"
    ))
}

/// `axes`, or all.
fn named_axes(node: &OnnxNode, rank: usize) -> Result<Vec<usize>, OnnxRefusal> {
    let Some(named) = node.integers("axes")? else {
        return Ok((0..rank).collect());
    };
    let place = |axis: i64| {
        let axis = if axis < 0 { axis + rank as i64 } else { axis };
        usize::try_from(axis).ok().filter(|axis| *axis < rank)
    };
    let places: Option<Vec<usize>> = named.into_iter().map(place).collect();
    places.ok_or(OnnxRefusal::Attribute { name: "axes" })
}

fn mode(node: &OnnxNode) -> Result<ResizeMode, OnnxRefusal> {
    Ok(match node.word("mode", "nearest")? {
        "nearest" => ResizeMode::Nearest,
        "linear" | "bilinear" => ResizeMode::Linear,
        "cubic" => ResizeMode::Cubic,
        other => {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "its mode is {other:?}; it is nearest, linear or cubic",
                ja: "mode が {other:?} です。nearest、linear、cubic のどれかです。"
            )));
        }
    })
}

fn transformation(node: &OnnxNode) -> Result<Transformation, OnnxRefusal> {
    let word = node.word("coordinate_transformation_mode", "half_pixel")?;
    let found = TRANSFORMATIONS.iter().find(|(known, _)| *known == word);
    found.map(|(_, value)| *value).ok_or_else(|| {
        OnnxRefusal::Unsupported(says!(
            en: "its coordinate_transformation_mode {word:?}, which cuts out a part, is not shown; cut it out with Slice and resize that",
            ja: "coordinate_transformation_mode の {word:?} (切り抜き) には対応していません。Slice で切り抜いてから拡大してください。"
        ))
    })
}

fn rounding(node: &OnnxNode) -> Result<NearestRule, OnnxRefusal> {
    let word = node.word("nearest_mode", "round_prefer_floor")?;
    let found = ROUNDINGS.iter().find(|(known, _)| *known == word);
    found.map(|(_, value)| *value).ok_or_else(|| {
        OnnxRefusal::Unsupported(says!(
            en: "its nearest_mode {word:?} is none of ONNX's",
            ja: "nearest_mode の {word:?} は ONNX にありません。"
        ))
    })
}

impl Described for Resize {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "ONNX's resizing along any axes",
            "ONNX の任意の軸の拡大・縮小",
        ),
        forms: &[Form {
            name: "Resize",
            parameters: &[
                "scales",
                "sizes",
                "mode",
                "coordinate_transformation_mode",
                "nearest_mode",
                "cubic_coeff_a",
                "exclude_outside",
            ],
            required: 1,
            make: |given| Resize::make(given).map(Layer::from),
        }],
        example: || Resize::new(vec![1.0, 1.0, 2.0, 2.0]).into(),
        onnx: &[
            OnnxForm {
                op_type: "Resize",
                make: Resize::of_resize,
            },
            OnnxForm {
                op_type: "Upsample",
                make: Resize::of_upsample,
            },
        ],
        family: Family::Resampling,
        offered: false,
    };
}

impl Operation for Resize {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.planned(layer, input)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let [input] = inputs else {
            return Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 1,
                given: inputs.len(),
            });
        };
        let named = input.rank() + usize::from(batch == BatchAxis::Absent);
        if self.scales.len() != named {
            let scales = self.scales.len();
            return Err(LayerError::Unfit {
                layer: layer.name(),
                why: says!(
                    en: "{scales} scales do not fit {named} axes; give one for each, the batch included",
                    ja: "scales が {scales} 個で、軸は {named} 個です。バッチも含めて軸ごとに指定してください。"
                ),
            });
        }
        self.planned(layer, input)
    }

    fn mixes_batch(&self, _ranks: &[usize]) -> bool {
        self.scales.first().is_some_and(|scale| *scale != 1.0)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let tuple = |inner: Vec<String>| match inner.as_slice() {
            [only] => format!("({only},)"),
            inner => format!("({})", inner.join(", ")),
        };
        let scales = self.scales.iter().map(|scale| float(*scale)).collect();
        let mut line = Line::new("Resize", style).named("scales", tuple(scales));
        if !self.sizes.is_empty() {
            let sizes = self.sizes.iter().map(usize::to_string).collect();
            line = line.named("sizes", tuple(sizes));
        }
        let quoted = |word: &str| format!("'{word}'");
        let word = |name, value: &str, usual: &str, line: Line| {
            line.unless(name, quoted(value), quoted(usual))
        };
        line = line.named("mode", quoted(word_of(&MODES, &self.mode)));
        let transformation = word_of(&TRANSFORMATIONS, &self.coordinate_transformation_mode);
        line = word(
            "coordinate_transformation_mode",
            transformation,
            "half_pixel",
            line,
        );
        let rounding = word_of(&ROUNDINGS, &self.nearest_mode);
        line = word("nearest_mode", rounding, "round_prefer_floor", line);
        line.unless(
            "cubic_coeff_a",
            float(self.cubic_coeff_a),
            float(usual_coefficient()),
        )
        .switch("exclude_outside", self.exclude_outside, false)
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let does = if self.mode == ResizeMode::Nearest {
            Localized::new(
                "Each new element is a copy of the nearest one.",
                "新しい要素は、いちばん近い要素の写しです。",
            )
        } else {
            Localized::new(
                "Each new element is a mean of those around it. The nearer one of them is, the more it counts.",
                "新しい要素は、周りの要素の平均です。近いものほど、重く数えます。",
            )
        };
        Some(Spoken::of(Localized::new("resizing", "拡大・縮小"), does))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(match self.mode {
            ResizeMode::Nearest => VisualStyle::Copy,
            ResizeMode::Linear | ResizeMode::Cubic => VisualStyle::Gather,
        })
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let value = match self.mode {
            ResizeMode::Nearest => "a[near(f), near(y), near(x)]",
            ResizeMode::Linear => "linear(a, f, y, x)",
            ResizeMode::Cubic => "cubic(a, f, y, x)",
        };
        LoopNest::elementwise(plan, value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.word(Parameter::Mode, &mut self.mode);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::onnx::{OnnxConstant, OnnxInput};

    fn node(scales: &[f32], attributes: &[(&str, OnnxAttribute)]) -> OnnxNode {
        OnnxNode {
            name: String::new(),
            op_type: "Resize".to_owned(),
            opset: 19,
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            inputs: vec![
                Some(OnnxInput {
                    axes: vec![1, 3, 5, 6],
                    constant: None,
                }),
                None,
                Some(OnnxInput {
                    axes: vec![scales.len()],
                    constant: Some(OnnxConstant::Floats(scales.to_vec())),
                }),
            ],
            outputs: 1,
        }
    }

    #[test]
    fn what_pytorch_exports_is_upsample_again() {
        let text = |text: &str| OnnxAttribute::Text(text.to_owned());
        let layer = |scales: &[f32], attributes: &[(&str, OnnxAttribute)]| {
            let made = Resize::of_resize(&node(scales, attributes))
                .unwrap()
                .unwrap();
            made.layer
                .call(&Shape::chw(3, 5, 6).unwrap(), Style::Source)
        };
        let nearest = [
            ("coordinate_transformation_mode", text("asymmetric")),
            ("nearest_mode", text("floor")),
        ];
        assert_eq!(
            layer(&[1.0, 1.0, 2.0, 2.0], &nearest),
            "Upsample(scale_factor=2.0, mode='nearest')"
        );
        assert_eq!(
            layer(&[1.0, 1.0, 2.0, 4.0], &[("mode", text("linear"))]),
            "Upsample(scale_factor=(2.0, 4.0), mode='bilinear')"
        );
        // ONNX Runtime takes other elements than PyTorch would.
        let linear = [nearest[0].clone(), ("mode", text("linear"))];
        assert!(layer(&[1.0, 1.0, 1.7, 2.0], &linear).starts_with("Resize("));
        assert!(layer(&[1.0, 2.0, 2.0, 2.0], &nearest).starts_with("Resize("));
    }

    #[test]
    fn antialias_and_cut_outs_are_refused_with_a_reason() {
        let refused = |attributes: &[(&str, OnnxAttribute)]| {
            Resize::of_resize(&node(&[1.0, 1.0, 0.5, 0.5], attributes))
                .unwrap_err()
                .to_string()
        };
        assert!(refused(&[("antialias", OnnxAttribute::Integer(1))]).contains("antialias"));
        let cut = OnnxAttribute::Text("tf_crop_and_resize".to_owned());
        assert!(refused(&[("coordinate_transformation_mode", cut)]).contains("Slice"));
    }
}
