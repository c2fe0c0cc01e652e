//! `BatchNorm2d` in inference: each channel shifted and scaled by statistics that training kept.
//!
//! `y = (x − μ) / √(σ² + ε) · γ + β`, with a mean μ, a variance σ², a scale γ and a shift β for each
//! channel. Sources: <https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html>; S. Ioffe
//! and C. Szegedy, "Batch normalization" (2015), algorithm 2.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float, truth};
use crate::op::code::LoopNest;
use crate::op::error::{InputAxes, LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{COMPUTE, function};
use crate::op::operands::{Operand, OperandRole};
use crate::op::operation::{Described, Description, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::{check_channels, checked_shape};
use super::defaults::{fills, inner, is_yes, some, yes};
use super::elementwise;

/// Batch normalisation with the statistics that training kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchNorm2d {
    /// Channels of the input, when the layer states them.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub num_features: Option<usize>,
    /// What is added to the variance.
    #[serde(default = "usual_eps", skip_serializing_if = "is_usual_eps")]
    pub eps: f64,
    /// How fast training's statistics move; inference does not use it.
    #[serde(default = "usual_momentum", skip_serializing_if = "is_usual_momentum")]
    pub momentum: f64,
    /// Whether there are γ and β.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub affine: bool,
    /// γ, when no others are given.
    #[serde(default = "ones", skip_serializing_if = "are_ones")]
    pub weights: Fill,
    /// β, when no others are given.
    #[serde(default = "zeros", skip_serializing_if = "are_zeros")]
    pub biases: Fill,
    /// μ, when no others are given.
    #[serde(default = "zeros", skip_serializing_if = "are_zeros")]
    pub running_mean: Fill,
    /// σ², when no others are given.
    #[serde(default = "ones", skip_serializing_if = "are_ones")]
    pub running_var: Fill,
}

fn usual_eps() -> f64 {
    1e-5
}

fn is_usual_eps(eps: &f64) -> bool {
    *eps == usual_eps()
}

fn usual_momentum() -> f64 {
    0.1
}

fn is_usual_momentum(momentum: &f64) -> bool {
    *momentum == usual_momentum()
}

fn ones() -> Fill {
    Fill::Constant(1.0)
}

fn are_ones(fill: &Fill) -> bool {
    *fill == ones()
}

fn zeros() -> Fill {
    Fill::Constant(0.0)
}

fn are_zeros(fill: &Fill) -> bool {
    *fill == zeros()
}

/// γ, β and the statistics that were kept, in the order in which a step is told of them.
fn normalize(value: f32, eps: f32, [mean, variance, scale, shift]: [f32; 4]) -> f32 {
    // PyTorch folds the four into one factor and one summand before it multiplies.
    let factor = scale / (variance + eps).sqrt();
    value * factor + (shift - mean * factor)
}

impl BatchNorm2d {
    /// Batch normalisation as PyTorch makes it: with γ = 1, β = 0, μ = 0 and σ² = 1.
    #[must_use]
    pub fn new() -> Self {
        Self {
            num_features: None,
            eps: usual_eps(),
            momentum: usual_momentum(),
            affine: true,
            weights: ones(),
            biases: zeros(),
            running_mean: zeros(),
            running_var: ones(),
        }
    }
}

impl Default for BatchNorm2d {
    fn default() -> Self {
        Self::new()
    }
}

fn make(given: &Arguments) -> ParseResult<Layer> {
    if !given.truth("track_running_stats", true)? {
        let message = says!(
            en: "track_running_stats=False normalises by the statistics of the batch, which one \
                 input does not have; leave it out",
            ja: "track_running_stats=False はバッチの統計で正規化しますが、入力はひとつです。\
                 この引数を外してください。"
        );
        return given.wrong("track_running_stats", message);
    }
    let momentum = if given.has("momentum") {
        given.real("momentum", None)?
    } else {
        usual_momentum()
    };
    Ok(BatchNorm2d {
        num_features: Some(given.size("num_features", None, 1)?),
        eps: given.real("eps", Some(usual_eps()))?,
        momentum,
        affine: given.truth("affine", true)?,
        ..BatchNorm2d::new()
    }
    .into())
}

impl Described for BatchNorm2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "shift and scale each channel",
            "チャンネルごとに平均0・分散1へ",
        ),
        forms: &[Form {
            name: "BatchNorm2d",
            parameters: &[
                "num_features",
                "eps",
                "momentum",
                "affine",
                "track_running_stats",
                "device",
                "dtype",
            ],
            required: 1,
            make,
        }],
        // Statistics and factors that can be seen at work.
        example: || {
            BatchNorm2d {
                weights: Fill::Constant(2.0),
                biases: Fill::Constant(1.0),
                running_mean: Fill::Ramp,
                running_var: Fill::Constant(4.0),
                ..BatchNorm2d::new()
            }
            .into()
        },
        onnx: &[],
        offered: true,
    };
}

impl Operation for BatchNorm2d {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[channels, _, _] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        check_channels(name, self.num_features, input)?;
        let vector = |name, learned| -> Result<Operand, LayerError> {
            Ok(Operand {
                name,
                role: OperandRole::PerChannel { learned },
                shape: checked_shape(layer.name(), TensorRole::Operand(name), &[channels])?,
            })
        };
        let mut operands = vec![
            vector("running_mean", false)?,
            vector("running_var", false)?,
        ];
        if self.affine {
            operands.extend([vector("weight", true)?, vector("bias", true)?]);
        }
        let constants = [self.eps as f32, 0.0];
        let function = function!(
            "batch_norm",
            constants,
            COMPUTE,
            |value, [eps, _], vectors| match *vectors {
                [mean, variance, scale, shift] => {
                    normalize(value, eps, [mean, variance, scale, shift])
                }
                [mean, variance] => normalize(value, eps, [mean, variance, 1.0, 0.0]),
                _ => value,
            }
        );
        elementwise::plan(function, layer, input, operands)
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let line = Line::new("BatchNorm2d", style).value(input.channels());
        match style {
            Style::Source => line
                .unless("eps", float(self.eps), float(usual_eps()))
                .unless("momentum", float(self.momentum), float(usual_momentum()))
                .switch("affine", self.affine, true),
            Style::Printed => line
                .named("eps", float(self.eps))
                .named("momentum", float(self.momentum))
                .named("affine", truth(self.affine))
                .named("track_running_stats", truth(true)),
        }
        .end()
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let eps = float(self.eps);
        let mut value = format!("(a[f, y, x] - mean[f]) / sqrt(var[f] + {eps})");
        if self.affine {
            value += " * gamma[f] + beta[f]";
        }
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Eps, &mut self.eps);
        settings.fill(Parameter::RunningMean, &mut self.running_mean);
        settings.fill(Parameter::RunningVar, &mut self.running_var);
        if self.affine {
            settings.fill(Parameter::Scale, &mut self.weights);
            settings.fill(Parameter::Shift, &mut self.biases);
        }
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let value = number(step.first_input());
        let eps = float(self.eps);
        Localized::same(match step.vectors[..] {
            [mean, variance, scale, shift] => format!(
                "({value} − {}) ÷ √({} + {eps}) × {} + {}",
                number(mean),
                number(variance),
                number(scale),
                number(shift)
            ),
            [mean, variance] => {
                format!(
                    "({value} − {}) ÷ √({} + {eps})",
                    number(mean),
                    number(variance)
                )
            }
            _ => value,
        })
    }

    fills! {
        "weight" => weights,
        "bias" => biases,
        "running_mean" => running_mean,
        "running_var" => running_var,
    }

    fn wanted_channels(&self) -> Option<usize> {
        self.num_features
    }

    fn generalized(&self, _input: &Shape) -> Option<Layer> {
        Some(
            Self {
                num_features: None,
                ..self.clone()
            }
            .into(),
        )
    }
}
