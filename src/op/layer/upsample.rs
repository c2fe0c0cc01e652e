//! `Upsample`: more rows and columns, by repeating or by mixing neighbours; also of lines and of
//! volumes.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html>. Which element a
//! place takes is computed in `f32`, as there.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, Value, float};
use crate::op::code::{LoopNest, Variable};
use crate::op::error::{InputAxes, LayerError, TensorRole};
use crate::op::geometry::{
    Coordinate, Geometry, Interpolation, Mapped, NearestRule, Resample, ResampleAxis, Resize,
    ResizeAxis,
};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Choice, Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::axes::names;
use super::convolution::checked_shape;
use super::defaults::{inner, is_default, some};
use super::extents::Extents;
use super::resize::ResizeMode;

/// How a new element comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UpsampleMode {
    /// It is the nearest element, rounded down.
    #[default]
    Nearest,
    /// It is the element whose centre is the nearest.
    NearestExact,
    /// It is a weighted mean of the two around it, on a line.
    Linear,
    /// It is a weighted mean of the four around it.
    Bilinear,
    /// It is a weighted sum of the sixteen around it, on a cubic curve.
    Bicubic,
    /// It is a weighted mean of the eight around it, in a volume.
    Trilinear,
}

impl UpsampleMode {
    /// Words of PyTorch.
    const WORDS: [(&'static str, Self); 6] = [
        ("nearest", Self::Nearest),
        ("nearest-exact", Self::NearestExact),
        ("linear", Self::Linear),
        ("bilinear", Self::Bilinear),
        ("bicubic", Self::Bicubic),
        ("trilinear", Self::Trilinear),
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::NearestExact => "nearest-exact",
            Self::Linear => "linear",
            Self::Bilinear => "bilinear",
            Self::Bicubic => "bicubic",
            Self::Trilinear => "trilinear",
        }
    }

    /// Whether it mixes neighbours, and so has corners to align.
    fn mixes(self) -> bool {
        match self {
            Self::Nearest | Self::NearestExact => false,
            Self::Linear | Self::Bilinear | Self::Bicubic | Self::Trilinear => true,
        }
    }

    /// How many axes it works on; `None` where any.
    fn axes(self) -> Option<usize> {
        match self {
            Self::Nearest | Self::NearestExact => None,
            Self::Linear => Some(1),
            Self::Bilinear | Self::Bicubic => Some(2),
            Self::Trilinear => Some(3),
        }
    }

    /// Neighbours along each axis.
    fn neighbours(self) -> usize {
        match self {
            Self::Nearest | Self::NearestExact => 1,
            Self::Linear | Self::Bilinear | Self::Trilinear => 2,
            Self::Bicubic => 4,
        }
    }

    fn interpolation(self) -> Interpolation {
        match self {
            Self::Nearest => Interpolation::Nearest(NearestRule::Floor),
            Self::NearestExact => Interpolation::Nearest(NearestRule::RoundPreferCeil),
            Self::Linear | Self::Bilinear | Self::Trilinear => Interpolation::Linear,
            Self::Bicubic => Interpolation::Cubic {
                coefficient: -0.75,
                exclude_outside: false,
            },
        }
    }
}

/// Resizing of rows and columns, of a line or of a volume. Either `size` or `scale` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upsample {
    /// Lengths of the output: rows and columns.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<Extents<usize>>,
    /// Output rows and columns for each of the input, rounded down.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub scale: Option<Extents<f64>>,
    /// How a new element comes about.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: UpsampleMode,
    /// Whether the corner elements keep their places (not for the nearest modes).
    #[serde(default, skip_serializing_if = "is_default")]
    pub align_corners: bool,
    /// Whether places are computed from the lengths instead of the scale.
    #[serde(default, skip_serializing_if = "is_default")]
    pub recompute_scale_factor: bool,
}

impl Upsample {
    /// A resizing by whole factors.
    #[must_use]
    pub fn by(rows: usize, columns: usize, mode: UpsampleMode) -> Self {
        Self::scaled((rows as f64, columns as f64).into(), mode)
    }

    fn scaled(scale: Extents<f64>, mode: UpsampleMode) -> Self {
        Self {
            size: None,
            scale: Some(scale),
            mode,
            align_corners: false,
            recompute_scale_factor: false,
        }
    }

    /// `nn.Upsample`.
    fn make(given: &Arguments) -> ParseResult<Self> {
        if matches!(given.get("mode"), Some(Value::Text(mode)) if mode == "area") {
            let message = says!(
                en: "mode='area' is a mean over windows: write AdaptiveAvgPool1d, 2d or 3d of the size",
                ja: "mode='area' は窓ごとの平均です。同じ大きさの AdaptiveAvgPool1d、2d、3d と書いてください。"
            );
            return given.wrong("mode", message);
        }
        let mode = given.word("mode", &UpsampleMode::WORDS, UpsampleMode::Nearest)?;
        // PyTorch refuses align_corners with the nearest modes even when it is False.
        if !mode.mixes() && given.has("align_corners") {
            let message = says!(
                en: "align_corners works with the modes linear, bilinear, bicubic and trilinear only; leave it out",
                ja: "align_corners は mode が linear、bilinear、bicubic、trilinear のときだけ使えます。外してください。"
            );
            return given.wrong("align_corners", message);
        }
        let recompute_scale_factor = given.truth("recompute_scale_factor", false)?;
        if recompute_scale_factor && given.has("size") {
            let message = says!(
                en: "recompute_scale_factor means nothing beside size; leave it out",
                ja: "recompute_scale_factor は size があるときには意味がありません。外してください。"
            );
            return given.wrong("recompute_scale_factor", message);
        }
        let align_corners = given.truth("align_corners", false)?;
        Ok(Self {
            recompute_scale_factor,
            ..Self::resized(given, mode, align_corners)?
        })
    }

    /// A resizing by the size or the factor that is given.
    fn resized(given: &Arguments, mode: UpsampleMode, align_corners: bool) -> ParseResult<Self> {
        let (size, scale) = match (given.has("size"), given.has("scale_factor")) {
            (true, true) => {
                let message = says!(
                    en: "size is given already; give one of the two",
                    ja: "size がすでにあります。どちらかひとつにしてください。"
                );
                return given.wrong("scale_factor", message);
            }
            (false, false) => {
                let message = says!(
                    en: "give size or scale_factor, for example scale_factor=2",
                    ja: "size か scale_factor を指定してください。たとえば scale_factor=2 です。"
                );
                return given.wrong("size", message);
            }
            (true, false) => (Some(lengths(given)?), None),
            (false, true) => (None, Some(factors(given)?)),
        };
        Ok(Self {
            size,
            scale,
            mode,
            align_corners,
            recompute_scale_factor: false,
        })
    }

    /// Those of PyTorch's resizings that could be an ONNX resizing of such scales to such lengths.
    pub(super) fn candidates(mode: ResizeMode, scales: &[f64], size: &[usize]) -> Vec<Self> {
        let modes: &[UpsampleMode] = match (mode, size.len()) {
            (ResizeMode::Nearest, _) => &[UpsampleMode::Nearest, UpsampleMode::NearestExact],
            (ResizeMode::Linear, 1) => &[UpsampleMode::Linear],
            (ResizeMode::Linear, 2) => &[UpsampleMode::Bilinear],
            (ResizeMode::Linear, 3) => &[UpsampleMode::Trilinear],
            (ResizeMode::Cubic, 2) => &[UpsampleMode::Bicubic],
            (ResizeMode::Linear | ResizeMode::Cubic, _) => &[],
        };
        let mut candidates = Vec::new();
        for &mode in modes {
            let scaled = Self::scaled(Extents::new(scales.to_vec()), mode);
            let sized = Self {
                size: Some(Extents::new(size.to_vec())),
                scale: None,
                ..scaled.clone()
            };
            let aligned = [&scaled, &sized].map(|layer| Self {
                align_corners: true,
                ..layer.clone()
            });
            candidates.extend([scaled, sized]);
            if mode.mixes() {
                candidates.extend(aligned);
            }
        }
        candidates
    }

    fn unfit(why: Localized<&'static str>) -> LayerError {
        LayerError::Arguments {
            layer: "Upsample",
            why,
        }
    }

    /// The axes that are resized, of such lengths.
    pub(super) fn axes(&self, lengths: &[usize]) -> Result<Vec<ResampleAxis>, LayerError> {
        let layer = "Upsample";
        if self.align_corners && !self.mode.mixes() {
            return Err(Self::unfit(Localized::new(
                "align_corners works only with a mode that mixes neighbours; leave it out",
                "align_corners は近傍を混ぜる mode のときだけ使えます。取り除いてください。",
            )));
        }
        let count = lengths.len();
        let miscounted = |given: usize| LayerError::Unfit {
            layer,
            why: says!(
                en: "there are {given} numbers for {count} axes; give one for each, or one for all",
                ja: "軸は {count} 個ですが、数が {given} 個あります。軸ごとにひとつか、全体でひとつにしてください。"
            ),
        };
        let (sizes, scales) = match (&self.size, &self.scale) {
            (Some(size), None) => {
                let sizes = size.over(count);
                (
                    sizes.ok_or_else(|| miscounted(size.values().len()))?,
                    vec![None; count],
                )
            }
            (None, Some(scale)) => {
                let scales = scale.over(count);
                let scales = scales.ok_or_else(|| miscounted(scale.values().len()))?;
                let mut sizes = Vec::with_capacity(count);
                for (number, (&length, &scale)) in lengths.iter().zip(&scales).enumerate() {
                    sizes.push(scaled(number + 3 - count, length, scale)?);
                }
                let kept = |scale: f64| (!self.recompute_scale_factor).then_some(scale);
                (sizes, scales.into_iter().map(kept).collect())
            }
            (Some(_), Some(_)) => {
                return Err(Self::unfit(Localized::new(
                    "both size and scale are given; give only one of them",
                    "size と scale の両方が指定されています。どちらか一方にしてください。",
                )));
            }
            (None, None) => {
                return Err(Self::unfit(Localized::new(
                    "neither size nor scale is given; give one, for example scale_factor=2",
                    "size も scale も指定されていません。たとえば scale_factor=2 のように指定してください。",
                )));
            }
        };
        if sizes.contains(&0) {
            return Err(LayerError::Zero {
                layer,
                argument: "size",
            });
        }
        let axes = lengths.iter().zip(sizes).zip(scales);
        Ok(axes
            .map(|((&input, output), scale)| ResampleAxis {
                input,
                output,
                coordinate: Coordinate::Ratio {
                    ratio: match self.mode {
                        // PyTorch's nearest of planes: whatever the scale, what keeps its length
                        // is copied and what doubles it is repeated.
                        UpsampleMode::Nearest if count == 2 && output == input => 1.0,
                        UpsampleMode::Nearest if count == 2 && output == 2 * input => 0.5,
                        _ => self.ratio(input, output, scale),
                    },
                    // The plain nearest mode counts from the first element on.
                    align_corners: self.align_corners || self.mode == UpsampleMode::Nearest,
                },
                interpolation: self.mode.interpolation(),
            })
            .collect())
    }

    /// Input elements an output element.
    fn ratio(&self, input: usize, output: usize, scale: Option<f64>) -> f32 {
        if self.align_corners {
            return if output > 1 {
                (input - 1) as f32 / (output - 1) as f32
            } else {
                0.0
            };
        }
        match scale {
            Some(scale) => (1.0 / scale) as f32,
            None => input as f32 / output as f32,
        }
    }

    /// Plans on a tensor with so many axes in front that stay as they are.
    fn planned(&self, layer: &Layer, input: &Shape, front: usize) -> Result<Plan, LayerError> {
        let name = layer.name();
        let axes = input.axes();
        let count = axes.len().saturating_sub(front);
        if !(1..=3).contains(&count) || self.mode.axes().is_some_and(|axes| axes != count) {
            return Err(LayerError::Rank {
                layer: name,
                expected: match self.mode.axes() {
                    Some(1) => InputAxes::Length,
                    Some(3) => InputAxes::Volume,
                    _ => InputAxes::Planes,
                },
                shape: *input,
            });
        }
        let (kept, lengths) = axes.split_at(front);
        let resized = self.axes(lengths)?;
        let sizes = kept.iter().copied();
        let sizes: Vec<usize> = sizes
            .chain(resized.iter().map(|axis| axis.output))
            .collect();
        let output = checked_shape(name, TensorRole::Output, &sizes)?;
        let of_planes = match self.mode {
            UpsampleMode::Nearest | UpsampleMode::NearestExact | UpsampleMode::Bilinear => true,
            UpsampleMode::Linear | UpsampleMode::Bicubic | UpsampleMode::Trilinear => false,
        };
        let of_planes = of_planes && front == 1 && count == 2;
        let geometry = match (resized.as_slice(), of_planes) {
            ([rows, columns], true) => Geometry::Resize(Resize {
                channels: kept[0],
                axes: [rows, columns].map(|axis| ResizeAxis {
                    input: axis.input,
                    output: axis.output,
                    ratio: match axis.coordinate {
                        Coordinate::Ratio { ratio, .. } => ratio,
                        Coordinate::Scale { scale, .. } => 1.0 / scale,
                    },
                }),
                bilinear: self.mode == UpsampleMode::Bilinear,
                align_corners: self.align_corners,
                exact: self.mode == UpsampleMode::NearestExact,
            }),
            _ => {
                let names: &[&str] = match count {
                    1 => &["W"],
                    2 => &["H", "W"],
                    _ => &["D", "H", "W"],
                };
                let kept = kept.iter().map(|length| ResampleAxis::kept(*length));
                Geometry::Mapped(Mapped::new(Resample {
                    axes: kept.chain(resized).collect(),
                    names,
                }))
            }
        };
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }
}

/// `size`: one number or several.
fn lengths(given: &Arguments) -> ParseResult<Extents<usize>> {
    match given.get("size") {
        Some(Value::List(values)) if values.len() == 1 => given.sizes::<1>("size", None, 1),
        Some(Value::List(values)) if values.len() == 3 => {
            return given
                .sizes::<3>("size", None, 1)
                .map(|sizes| Extents::new(sizes.to_vec()));
        }
        _ => {
            return given
                .sizes::<2>("size", None, 1)
                .map(|sizes| Extents::new(sizes.to_vec()));
        }
    }
    .map(|sizes| Extents::new(sizes.to_vec()))
}

/// `scale_factor`: one number or several.
fn factors(given: &Arguments) -> ParseResult<Extents<f64>> {
    match given.get("scale_factor") {
        Some(Value::List(values)) if matches!(values.len(), 1 | 3) => {
            let mut factors = Vec::new();
            for value in values {
                let mut one = Arguments::default();
                one.give("scale_factor", value.clone());
                factors.push(one.real("scale_factor", None)?);
            }
            Ok(Extents::new(factors))
        }
        _ => given.factors("scale_factor").map(Extents::from),
    }
}

impl Choice for UpsampleMode {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::Nearest, Localized::new("nearest", "nearest")),
        (
            Self::NearestExact,
            Localized::new("nearest-exact", "nearest-exact"),
        ),
        (Self::Bilinear, Localized::new("bilinear", "bilinear")),
        (Self::Bicubic, Localized::new("bicubic", "bicubic")),
        (Self::Linear, Localized::new("linear", "linear")),
        (Self::Trilinear, Localized::new("trilinear", "trilinear")),
    ];
}

impl Described for Upsample {
    const DESCRIPTION: Description = Description {
        about: Localized::new("resizing", "拡大"),
        forms: &[
            Form {
                name: "Upsample",
                parameters: &[
                    "size",
                    "scale_factor",
                    "mode",
                    "align_corners",
                    "recompute_scale_factor",
                ],
                required: 0,
                make: |given| Upsample::make(given).map(Layer::from),
            },
            Form {
                name: "UpsamplingNearest2d",
                parameters: &["size", "scale_factor"],
                required: 0,
                make: |given| {
                    Upsample::resized(given, UpsampleMode::Nearest, false).map(Layer::from)
                },
            },
            Form {
                name: "UpsamplingBilinear2d",
                parameters: &["size", "scale_factor"],
                required: 0,
                make: |given| {
                    Upsample::resized(given, UpsampleMode::Bilinear, true).map(Layer::from)
                },
            },
        ],
        example: || Upsample::by(2, 2, UpsampleMode::Nearest).into(),
        onnx: &[],
        family: Family::Resampling,
        offered: true,
    };
}

impl Operation for Upsample {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.planned(layer, input, 1)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [input] => {
                let front = match batch {
                    BatchAxis::Absent => 1,
                    BatchAxis::Present => 2,
                };
                self.planned(layer, input, front)
            }
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 1,
                given: inputs.len(),
            }),
        }
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let tuple = |inner: Vec<String>| match inner.as_slice() {
            [only] => format!("({only},)"),
            inner => format!("({})", inner.join(", ")),
        };
        let mut line = Line::new("Upsample", style);
        if let Some(size) = &self.size {
            line = match size.single() {
                Some(size) => line.named("size", size),
                None => {
                    let sizes = size.values().iter().map(usize::to_string).collect();
                    line.named("size", tuple(sizes))
                }
            };
        }
        if let Some(scale) = &self.scale {
            line = match scale.single() {
                Some(scale) => line.named("scale_factor", float(scale)),
                None => {
                    let scales = scale.values().iter().map(|scale| float(*scale)).collect();
                    line.named("scale_factor", tuple(scales))
                }
            };
        }
        // PyTorch writes the quotes in both styles.
        line.named("mode", format!("'{}'", self.mode.word()))
            .switch("align_corners", self.align_corners, false)
            .switch("recompute_scale_factor", self.recompute_scale_factor, false)
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        let does = if matches!(
            self.mode,
            UpsampleMode::Nearest | UpsampleMode::NearestExact
        ) {
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
        match self.mode {
            UpsampleMode::Nearest | UpsampleMode::NearestExact => Some(VisualStyle::Copy),
            UpsampleMode::Bilinear => Some(VisualStyle::Window),
            UpsampleMode::Linear | UpsampleMode::Bicubic | UpsampleMode::Trilinear => {
                Some(VisualStyle::Gather)
            }
        }
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        const NAMES: [(Variable, Variable, &str); 3] = [
            (Variable::Slice, Variable::KernelSlice, "slice"),
            (Variable::Row, Variable::KernelRow, "row"),
            (Variable::Column, Variable::KernelColumn, "column"),
        ];
        let count = self.mode.axes().unwrap_or(2);
        if self.mode == UpsampleMode::Bilinear {
            let term = "s += near(y, i) * near(x, j) * a[f, row(y, i), column(x, j)]";
            return LoopNest::pool(plan, (2, 2), "0", term, "s");
        }
        if self.mode.mixes() {
            let names = &NAMES[3 - count..];
            let lengths = plan.output_shape().axes();
            let Some((front, lengths)) = lengths.split_at_checked(lengths.len() - count) else {
                return LoopNest::default();
            };
            let along = names
                .iter()
                .map(|(at, ..)| *at)
                .zip(lengths.iter().copied());
            let outer: Vec<_> = std::iter::once((Variable::Filter, front.iter().product()))
                .chain(along)
                .collect();
            let inner: Vec<_> = names
                .iter()
                .map(|(_, near, _)| (*near, self.mode.neighbours()))
                .collect();
            let share = if self.mode == UpsampleMode::Bicubic {
                "cubic"
            } else {
                "near"
            };
            let pair = |function: &str, at: &Variable, near: &Variable| {
                format!("{function}({}, {})", at.name(), near.name())
            };
            let shares: Vec<String> = names
                .iter()
                .map(|(at, near, _)| pair(share, at, near))
                .collect();
            let from: Vec<String> = names
                .iter()
                .map(|(at, near, word)| pair(word, at, near))
                .collect();
            let to: Vec<&str> = outer.iter().map(|(variable, _)| variable.name()).collect();
            return LoopNest::sum(
                &outer,
                &inner,
                "0",
                &format!("s += {} * a[f, {}]", shares.join(" * "), from.join(", ")),
                &format!("out[{}] = s", to.join(", ")),
            );
        }
        let [_, height, width] = plan.input_shape().as_chw();
        let [_, rows, columns] = plan.output_shape().as_chw();
        let nearest = |at: &str, input: usize, output: usize| {
            if output.is_multiple_of(input) {
                format!("{at}//{}", output / input)
            } else if self.mode == UpsampleMode::NearestExact {
                format!("(2*{at} + 1)*{input}//{}", 2 * output)
            } else {
                format!("{at}*{input}//{output}")
            }
        };
        let value = format!(
            "a[f, {}, {}]",
            nearest("y", height, rows),
            nearest("x", width, columns)
        );
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        let whole = |scale: f64| scale.round() as usize;
        let before = self.scale.as_ref().and_then(|scale| scale.over(2));
        if let Some([rows, columns]) = before.as_deref() {
            let before = (whole(*rows), whole(*columns));
            let mut now = before;
            settings.pair(Parameter::ScaleRows, Parameter::ScaleColumns, &mut now);
            if now != before {
                self.scale = Some((now.0 as f64, now.1 as f64).into());
            }
        }
        settings.word(Parameter::Mode, &mut self.mode);
        self.align_corners &= self.mode.mixes();
    }

    fn sample_rank(&self) -> Option<usize> {
        let given = match (&self.size, &self.scale) {
            (Some(size), _) => size.single().is_none().then_some(size.values().len()),
            (None, Some(scale)) => scale.single().is_none().then_some(scale.values().len()),
            (None, None) => None,
        };
        // The nearest modes take lines, planes and volumes.
        self.mode.axes().or(given).map(|axes| axes + 1)
    }
}

/// The output length of a scale: rounded down, as PyTorch does.
fn scaled(number: usize, input: usize, scale: f64) -> Result<usize, LayerError> {
    let layer = "Upsample";
    let axis = names::<3>()[number.min(2)];
    if !scale.is_finite() || scale <= 0.0 {
        let why = Localized::new(
            "the scale must be a positive number",
            "倍率は正の数でなければなりません。",
        );
        return Err(LayerError::Arguments { layer, why });
    }
    let length = (input as f64 * scale).floor();
    if length < 1.0 {
        let fix = Localized::new("use a larger scale", "倍率を大きくしてください。");
        return Err(LayerError::NoOutput {
            layer,
            axis,
            length: 0,
            fix,
        });
    }
    if length >= (1u64 << 32) as f64 {
        return Err(LayerError::TooLarge {
            layer,
            argument: "scale",
            value: length as u128,
            limit: 1 << 32,
        });
    }
    Ok(length as usize)
}
