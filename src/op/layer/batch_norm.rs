//! `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d` in inference: each channel shifted and scaled by
//! statistics that training kept.
//!
//! `y = (x − μ) / √(σ² + ε) · γ + β`, with a mean μ, a variance σ², a scale γ and a shift β for each
//! channel. Sources: <https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html>; S. Ioffe
//! and C. Szegedy, "Batch normalization" (2015), algorithm 2;
//! <https://onnx.ai/onnx/operators/onnx__BatchNormalization.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float, truth};
use crate::op::code::LoopNest;
use crate::op::error::{InputAxes, LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{COMPUTE, Channelwise, Geometry, Mapped, folded, function};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operands::{Operand, OperandRole};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::{fills, inner, is_yes, some, yes};
use super::elementwise;

pub(super) fn usual_eps() -> f64 {
    1e-5
}

pub(super) fn is_usual_eps(eps: &f64) -> bool {
    *eps == usual_eps()
}

fn usual_momentum() -> f64 {
    0.1
}

fn is_usual_momentum(momentum: &f64) -> bool {
    *momentum == usual_momentum()
}

pub(super) fn ones() -> Fill {
    Fill::Constant(1.0)
}

pub(super) fn are_ones(fill: &Fill) -> bool {
    *fill == ones()
}

pub(super) fn zeros() -> Fill {
    Fill::Constant(0.0)
}

pub(super) fn are_zeros(fill: &Fill) -> bool {
    *fill == zeros()
}

/// A number for each channel.
pub(super) fn channel_operand(
    layer: &'static str,
    name: &'static str,
    channels: usize,
    learned: bool,
) -> Result<Operand, LayerError> {
    Ok(Operand {
        name,
        role: OperandRole::PerChannel { learned },
        shape: checked_shape(layer, TensorRole::Operand(name), &[channels])?,
    })
}

/// A normalisation with statistics that were kept, as asked for.
pub(super) struct KeptStatistics {
    pub num_features: Option<usize>,
    pub eps: f64,
    pub affine: bool,
}

impl KeptStatistics {
    /// Its plan on a shape whose channels are the first axis, or with a batch the second.
    pub fn plan(&self, layer: &Layer, input: &Shape, batch: BatchAxis) -> Result<Plan, LayerError> {
        let name = layer.name();
        let axis = usize::from(batch == BatchAxis::Present);
        let channels = input.axes()[axis];
        check_features(name, self.num_features, channels, input)?;
        let mut operands = vec![
            channel_operand(name, "running_mean", channels, false)?,
            channel_operand(name, "running_var", channels, false)?,
        ];
        if self.affine {
            operands.push(channel_operand(name, "weight", channels, true)?);
            operands.push(channel_operand(name, "bias", channels, true)?);
        }
        // Elements go by planes, which channels behind a batch, or in a single row, are not.
        if batch == BatchAxis::Present || input.rank() == 1 {
            let geometry = Geometry::Mapped(Mapped::new(Channelwise {
                shape: input.as_chw(),
                channels,
                inner: input.axes()[axis + 1..].iter().product(),
                eps: self.eps as f32,
            }));
            return Plan::new(layer.clone(), *input, *input, operands, geometry);
        }
        let constants = [self.eps as f32, 0.0];
        let function = function!(
            "batch_norm",
            constants,
            COMPUTE,
            |value, [eps, _], vectors| {
                let (factor, summand) = folded(vectors, eps);
                value * factor + summand
            }
        );
        elementwise::plan(function, layer, input, operands)
    }
}

/// Refuses an input of other channels than the layer states.
pub(super) fn check_features(
    layer: &'static str,
    expected: Option<usize>,
    channels: usize,
    shape: &Shape,
) -> Result<(), LayerError> {
    match expected {
        Some(expected) if expected != channels => Err(LayerError::Unfit {
            layer,
            why: says!(
                en: "it is for {expected} channels, but the input {shape} has {channels}; change \
                     num_features or the layer before",
                ja: "{expected} チャネル用に書かれていますが、入力 {shape} は {channels} チャネル\
                     です。num_features か前の層を変えてください。"
            ),
        }),
        _ => Ok(()),
    }
}

/// What such a normalisation does with the numbers of a step.
pub(super) fn kept_arithmetic(
    step: &Explanation,
    eps: f64,
    number: &dyn Fn(f32) -> String,
) -> Localized<String> {
    let value = number(step.first_input());
    let eps = float(eps);
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

/// As code, for channels that are the planes.
pub(super) fn kept_code(plan: &Plan, eps: f64, affine: bool) -> LoopNest {
    let eps = float(eps);
    let mut value = format!("(a[f, y, x] - mean[f]) / sqrt(var[f] + {eps})");
    if affine {
        value += " * gamma[f] + beta[f]";
    }
    LoopNest::elementwise(plan, &value)
}

/// The momentum of a call; `None` means a mean over all batches, which inference does not need either.
fn momentum(given: &Arguments) -> ParseResult<f64> {
    if given.has("momentum") {
        given.real("momentum", None)
    } else {
        Ok(usual_momentum())
    }
}

/// Refuses statistics of the batch itself.
fn check_tracked(given: &Arguments) -> ParseResult<()> {
    if given.truth("track_running_stats", true)? {
        return Ok(());
    }
    let message = says!(
        en: "track_running_stats=False normalises by the statistics of the batch, which one \
             input does not have; leave it out",
        ja: "track_running_stats=False はバッチの統計で正規化しますが、入力はひとつです。\
             この引数を外してください。"
    );
    given.wrong("track_running_stats", message)
}

/// What `BatchNormalization` of ONNX may not ask for.
fn check_node(node: &OnnxNode) -> Result<(), OnnxRefusal> {
    let unsupported = |what| Err(OnnxRefusal::Unsupported(what));
    if node.integer("training_mode", 0)? != 0 {
        return unsupported(says!(
            en: "training_mode = 1 normalises by the statistics of the batch; export the network \
                 after model.eval()",
            ja: "training_mode = 1 はバッチの統計で正規化します。model.eval() のあとで書き出してください。"
        ));
    }
    if node.integer("spatial", 1)? == 0 {
        return unsupported(says!(
            en: "spatial = 0 has a mean for each element instead of each channel, which newer \
                 operator sets do not have",
            ja: "spatial = 0 はチャネルではなく要素ごとの平均を使う古い形式です。"
        ));
    }
    if node.outputs > 1 {
        return unsupported(says!(
            en: "its further outputs are for training; export the network after model.eval()",
            ja: "2 つ目以降の出力は学習用です。model.eval() のあとで書き出してください。"
        ));
    }
    Ok(())
}

/// Makes the layers: axes of a sample that they take, how the stage shows them, and their name for an
/// input of other axes.
macro_rules! batch_norms {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident {
            ranks: $ranks:expr;
            expected: $expected:expr;
            sample_rank: $sample_rank:expr;
            offered: $offered:expr;
        }
    )+) => {$(
$(#[doc = $doc])+
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct $name {
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

impl $name {
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

impl Default for $name {
    fn default() -> Self {
        Self::new()
    }
}

impl $name {
    fn make(given: &Arguments) -> ParseResult<Layer> {
        check_tracked(given)?;
        Ok(Self {
            num_features: Some(given.size("num_features", None, 1)?),
            eps: given.real("eps", Some(usual_eps()))?,
            momentum: momentum(given)?,
            affine: given.truth("affine", true)?,
            ..Self::new()
        }
        .into())
    }

    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let ranks: &[usize] = &$ranks;
        if !ranks.iter().any(|rank| rank + 1 == node.rank(0)) {
            return Ok(None);
        }
        check_node(node)?;
        let layer = Self {
            eps: f64::from(node.float("epsilon", 1e-5)?),
            // ONNX counts what stays of the old statistics, PyTorch what comes of the new.
            momentum: 1.0 - f64::from(node.float("momentum", 0.9)?),
            ..Self::new()
        };
        Ok(Some(
            OnnxLayer::new(layer)
                .operand(node, "weight", 1)
                .operand(node, "bias", 2)
                .operand(node, "running_mean", 3)
                .operand(node, "running_var", 4),
        ))
    }

    fn kept(&self) -> KeptStatistics {
        KeptStatistics {
            num_features: self.num_features,
            eps: self.eps,
            affine: self.affine,
        }
    }
}

impl Described for $name {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "shift and scale each channel",
            "チャネルごとに平均0・分散1へ",
        ),
        forms: &[Form {
            name: stringify!($name),
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
            make: $name::make,
        }],
        // Statistics and factors that can be seen at work.
        example: || {
            $name {
                weights: Fill::Constant(2.0),
                biases: Fill::Constant(1.0),
                running_mean: Fill::Ramp,
                running_var: Fill::Constant(4.0),
                ..$name::new()
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "BatchNormalization",
            make: $name::of_node,
        }],
        family: Family::Normalization,
        offered: $offered,
    };
}

impl Operation for $name {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let &[input] = inputs else {
            return Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 1,
                given: inputs.len(),
            });
        };
        let rank = input.rank() + usize::from(batch == BatchAxis::Absent);
        let ranks: &[usize] = &$ranks;
        if !ranks.iter().any(|wanted| wanted + 1 == rank) {
            return Err(LayerError::Rank {
                layer: layer.name(),
                expected: $expected,
                shape: input,
            });
        }
        self.kept().plan(layer, &input, batch)
    }

    fn sample_rank(&self) -> Option<usize> {
        $sample_rank
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let line = Line::new(stringify!($name), style).value(self.num_features.unwrap_or(input.channels()));
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

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("batch normalisation", "バッチ正規化"),
            Localized::new(
                "Channel by channel, the mean is taken away and the rest is divided by its spread, with numbers that training has kept.",
                "チャネルごとに、平均を引いて、ばらつきで割ります。どちらも、学習中に取っておいた数です。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        kept_code(plan, self.eps, self.affine)
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
        kept_arithmetic(step, self.eps, number)
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
    )+};
}

batch_norms! {
    /// Batch normalisation of samples that are numbers or lines, one for each channel.
    BatchNorm1d {
        ranks: [1, 2];
        expected: InputAxes::Length;
        sample_rank: None;
        offered: false;
    }
    /// Batch normalisation with the statistics that training kept.
    BatchNorm2d {
        ranks: [3];
        expected: InputAxes::Planes;
        sample_rank: Some(3);
        offered: true;
    }
    /// Batch normalisation of volumes.
    BatchNorm3d {
        ranks: [4];
        expected: InputAxes::Volume;
        sample_rank: Some(4);
        offered: false;
    }
}
