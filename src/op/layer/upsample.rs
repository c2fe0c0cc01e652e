//! `Upsample`: more rows and columns, by repeating or by mixing neighbours.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html>. Which element a
//! place takes is computed in `f32`, as there.

use serde::Deserialize;

use crate::language::Localized;
use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Geometry, Resize, ResizeAxis};
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::some;

/// How a new element comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
pub enum UpsampleMode {
    /// It is the nearest element.
    #[default]
    Nearest,
    /// It is a weighted mean of the four around it.
    Bilinear,
}

/// Resizing of rows and columns. Either `size` or `scale` is given.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upsample {
    /// Rows and columns of the output.
    #[serde(default, deserialize_with = "some")]
    pub size: Option<(usize, usize)>,
    /// Output rows and columns for each of the input, rounded down.
    #[serde(default, deserialize_with = "some")]
    pub scale: Option<(f64, f64)>,
    /// How a new element comes about.
    #[serde(default)]
    pub mode: UpsampleMode,
    /// Whether the corner elements keep their places (bilinear only).
    #[serde(default)]
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

    pub(crate) fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = "Upsample";
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
        Plan::new(layer.clone(), *input, output, None, false, geometry)
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
