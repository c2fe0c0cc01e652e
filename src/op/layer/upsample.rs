//! `Upsample`: more rows and columns, by repeating or by mixing neighbours.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html>. Which element a
//! place takes is computed in `f32`, as there.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Geometry, Resize, ResizeAxis};
use crate::op::operation::{Described, Description, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Choice, Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::{inner, is_default, some};

/// How a new element comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UpsampleMode {
    /// It is the nearest element.
    #[default]
    Nearest,
    /// It is a weighted mean of the four around it.
    Bilinear,
}

/// Resizing of rows and columns. Either `size` or `scale` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upsample {
    /// Rows and columns of the output.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<(usize, usize)>,
    /// Output rows and columns for each of the input, rounded down.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub scale: Option<(f64, f64)>,
    /// How a new element comes about.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: UpsampleMode,
    /// Whether the corner elements keep their places (bilinear only).
    #[serde(default, skip_serializing_if = "is_default")]
    pub align_corners: bool,
}

impl Upsample {
    /// A resizing by whole factors.
    #[must_use]
    pub fn by(rows: usize, columns: usize, mode: UpsampleMode) -> Self {
        let scale = Some((rows as f64, columns as f64));
        Self {
            size: None,
            scale,
            mode,
            align_corners: false,
        }
    }

    /// `nn.Upsample`.
    fn make(given: &Arguments) -> ParseResult<Self> {
        const MODES: [(&str, UpsampleMode); 2] = [
            ("nearest", UpsampleMode::Nearest),
            ("bilinear", UpsampleMode::Bilinear),
        ];
        let mode = given.word("mode", &MODES, UpsampleMode::Nearest)?;
        // PyTorch refuses align_corners with mode nearest even when it is False.
        if mode == UpsampleMode::Nearest && given.has("align_corners") {
            let message = says!(
                en: "align_corners works with mode='bilinear' only; leave it out",
                ja: "align_corners は mode='bilinear' のときだけ使えます。外してください。"
            );
            return given.wrong("align_corners", message);
        }
        if given.truth("recompute_scale_factor", false)? {
            let message = says!(
                en: "recompute_scale_factor=True is not supported; give size instead",
                ja: "recompute_scale_factor=True には対応していません。代わりに size を指定してください。"
            );
            return given.wrong("recompute_scale_factor", message);
        }
        Self::resized(given, mode, given.truth("align_corners", false)?)
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
            (true, false) => (Some(given.pair("size", None, 1)?), None),
            (false, true) => (None, Some(given.factors("scale_factor")?)),
        };
        Ok(Self {
            size,
            scale,
            mode,
            align_corners,
        })
    }
}

impl Choice for UpsampleMode {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::Nearest, Localized::new("nearest", "nearest")),
        (Self::Bilinear, Localized::new("bilinear", "bilinear")),
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
        offered: true,
    };
}

impl Operation for Upsample {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let bilinear = self.mode == UpsampleMode::Bilinear;
        if self.align_corners && !bilinear {
            let why = Localized::new(
                "align_corners works only with mode bilinear; leave it out",
                "align_corners は mode が bilinear のときだけ使えます。取り除いてください。",
            );
            return Err(LayerError::Arguments { layer: name, why });
        }
        let sizes = match (self.size, self.scale) {
            (Some((rows, columns)), None) => [rows, columns],
            (None, Some((rows, columns))) => [
                scaled(AxisName::Rows, height, rows)?,
                scaled(AxisName::Columns, width, columns)?,
            ],
            (Some(_), Some(_)) => {
                let why = Localized::new(
                    "both size and scale are given; give only one of them",
                    "size と scale の両方が指定されています。どちらか一方にしてください。",
                );
                return Err(LayerError::Arguments { layer: name, why });
            }
            (None, None) => {
                let why = Localized::new(
                    "neither size nor scale is given; give one, for example scale_factor=2",
                    "size も scale も指定されていません。たとえば scale_factor=2 のように指定してください。",
                );
                return Err(LayerError::Arguments { layer: name, why });
            }
        };
        if sizes.contains(&0) {
            return Err(LayerError::Zero {
                layer: name,
                argument: "size",
            });
        }
        let output = checked_shape(name, TensorRole::Output, &[channels, sizes[0], sizes[1]])?;
        let ratio = |input: usize, output: usize, scale: Option<f64>| {
            if self.align_corners {
                if output > 1 {
                    (input - 1) as f32 / (output - 1) as f32
                } else {
                    0.0
                }
            } else {
                match scale {
                    Some(scale) => (1.0 / scale) as f32,
                    None => input as f32 / output as f32,
                }
            }
        };
        let axis = |input, output, scale| ResizeAxis {
            input,
            output,
            ratio: ratio(input, output, scale),
        };
        let geometry = Geometry::Resize(Resize {
            channels,
            axes: [
                axis(height, sizes[0], self.scale.map(|scale| scale.0)),
                axis(width, sizes[1], self.scale.map(|scale| scale.1)),
            ],
            bilinear,
            align_corners: self.align_corners,
        });
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let mut line = Line::new("Upsample", style);
        if let Some((rows, columns)) = self.size {
            line = line.short("size", &[rows, columns], None);
        }
        if let Some((rows, columns)) = self.scale {
            line = if rows == columns {
                line.named("scale_factor", float(rows))
            } else {
                let both = format!("({}, {})", float(rows), float(columns));
                line.named("scale_factor", both)
            };
        }
        let mode = match self.mode {
            UpsampleMode::Nearest => "nearest",
            UpsampleMode::Bilinear => "bilinear",
        };
        // PyTorch writes the quotes in both styles.
        line.named("mode", format!("'{mode}'"))
            .switch("align_corners", self.align_corners, false)
            .end()
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(match self.mode {
            UpsampleMode::Nearest => VisualStyle::Copy,
            UpsampleMode::Bilinear => VisualStyle::Window,
        })
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        if self.mode == UpsampleMode::Bilinear {
            let term = "s += near(y, i) * near(x, j) * a[f, row(y, i), column(x, j)]";
            return LoopNest::pool(plan, (2, 2), "0", term, "s");
        }
        let [_, height, width] = plan.input_shape().as_chw();
        let [_, rows, columns] = plan.output_shape().as_chw();
        let nearest = |at: &str, input: usize, output: usize| {
            if output.is_multiple_of(input) {
                format!("{at}//{}", output / input)
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
        let before = self
            .scale
            .map(|(rows, columns)| (whole(rows), whole(columns)));
        if let Some(before) = before {
            let mut now = before;
            settings.pair(Parameter::ScaleRows, Parameter::ScaleColumns, &mut now);
            if now != before {
                self.scale = Some((now.0 as f64, now.1 as f64));
            }
        }
        settings.word(Parameter::Mode, &mut self.mode);
        self.align_corners &= self.mode == UpsampleMode::Bilinear;
    }
}

/// The output length of a scale: rounded down, as PyTorch does.
fn scaled(axis: AxisName, input: usize, scale: f64) -> Result<usize, LayerError> {
    let layer = "Upsample";
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
