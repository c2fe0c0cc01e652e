//! `GroupNorm` and `InstanceNorm1d`, `2d`, `3d`: each element against its group of channels, or its
//! channel, in its own sample.
//!
//! `(x − mean) / √(variance + ε) · γ + β`, with γ and β for each channel. Sources:
//! <https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html>;
//! <https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html>; Y. Wu and K. He, "Group
//! normalization" (2018).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float, truth};
use crate::op::code::LoopNest;
use crate::op::error::{InputAxes, LayerError};
use crate::op::explain::Explanation;
use crate::op::geometry::{Affine, Geometry, GroupedTensor, Mapped, RowFunction, RowWise};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::batch_norm::{
    KeptStatistics, are_ones, are_zeros, channel_operand, check_features, is_usual_eps,
    kept_arithmetic, kept_code, ones, usual_eps, zeros,
};
use super::defaults::{fills, inner, is_default, is_yes, some, yes};
use super::layer_norm::standardized_arithmetic;
use super::softmax::rows_in_code;

/// Group normalisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupNorm {
    /// Groups that the channels are split into.
    pub num_groups: usize,
    /// Channels of the input, when the layer states them.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub num_channels: Option<usize>,
    /// What is added to the variance.
    #[serde(default = "usual_eps", skip_serializing_if = "is_usual_eps")]
    pub eps: f64,
    /// Whether there are γ and β.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub affine: bool,
    /// Whether γ and β are numbers for each group instead of each channel, as in ONNX before
    /// version 21.
    #[serde(default, skip_serializing_if = "is_default")]
    pub per_group: bool,
    /// γ, when no others are given.
    #[serde(default = "ones", skip_serializing_if = "are_ones")]
    pub weights: Fill,
    /// β, when no others are given.
    #[serde(default = "zeros", skip_serializing_if = "are_zeros")]
    pub biases: Fill,
}

/// A normalisation of groups of channels, as asked for.
struct Request {
    groups: usize,
    eps: f64,
    /// How many γ and β there are, if any.
    vectors: Option<usize>,
}

impl Request {
    /// Its plan; the channels are the axis of this number.
    fn plan(&self, layer: &Layer, input: &Shape, axis: usize) -> Result<Plan, LayerError> {
        let name = layer.name();
        let mut row = vec![true; input.rank()];
        row[..=axis].fill(false);
        let tensor = GroupedTensor::cut(*input, &row, axis, self.groups);
        let inner: usize = input.axes()[axis..].iter().product();
        let affine = match self.vectors {
            None => Affine::None,
            Some(channels) => Affine::PerChannel {
                channels,
                inner: inner / channels,
            },
        };
        let mut operands = Vec::new();
        if let Some(count) = self.vectors {
            operands.push(channel_operand(name, "weight", count, true)?);
            operands.push(channel_operand(name, "bias", count, true)?);
        }
        let geometry = Geometry::Mapped(Mapped::new(RowWise {
            tensor,
            function: RowFunction::Standardize {
                eps: self.eps,
                outside: 0.0,
            },
            affine,
        }));
        Plan::new(layer.clone(), *input, *input, operands, geometry)
    }
}

fn code(plan: &Plan, eps: f64, affine: bool) -> LoopNest {
    let affine = if affine { " * gamma[f] + beta[f]" } else { "" };
    let value = format!(
        "(a[f, y, x] - mean(group)) / sqrt(var(group) + {}){affine}",
        float(eps)
    );
    rows_in_code(plan, "s += group(f, y, x)[j]", &value)
}

/// The only input of a layer that takes one.
fn single(layer: &Layer, inputs: &[Shape]) -> Result<Shape, LayerError> {
    match *inputs {
        [input] => Ok(input),
        _ => Err(LayerError::InputCount {
            layer: layer.name(),
            takes: 1,
            given: inputs.len(),
        }),
    }
}

impl GroupNorm {
    /// So many groups, with PyTorch's defaults.
    #[must_use]
    pub fn new(num_groups: usize) -> Self {
        Self {
            num_groups,
            num_channels: None,
            eps: usual_eps(),
            affine: true,
            per_group: false,
            weights: ones(),
            biases: zeros(),
        }
    }

    fn make(given: &Arguments) -> ParseResult<Layer> {
        let num_groups = given.size("num_groups", None, 1)?;
        let num_channels = given.size("num_channels", None, 1)?;
        if num_channels % num_groups != 0 {
            let message = says!(
                en: "num_channels = {num_channels} is not divisible by num_groups = {num_groups}",
                ja: "num_channels = {num_channels} は num_groups = {num_groups} で割り切れません。"
            );
            return given.wrong("num_channels", message);
        }
        Ok(Self {
            num_channels: Some(num_channels),
            eps: given.real("eps", Some(usual_eps()))?,
            affine: given.truth("affine", true)?,
            ..Self::new(num_groups)
        }
        .into())
    }

    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let groups = usize::try_from(node.integer("num_groups", 0)?).ok();
        let Some(groups) = groups.filter(|groups| *groups > 0) else {
            return Err(OnnxRefusal::Attribute { name: "num_groups" });
        };
        let layer = Self {
            eps: f64::from(node.float("epsilon", 1e-5)?),
            per_group: node.opset < 21,
            ..Self::new(groups)
        };
        let made = OnnxLayer::new(layer);
        Ok(Some(
            made.operand(node, "weight", 1).operand(node, "bias", 2),
        ))
    }
}

impl Described for GroupNorm {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "mean 0, variance 1 in groups of channels",
            "チャネルのグループごとに平均0・分散1へ",
        ),
        forms: &[Form {
            name: "GroupNorm",
            parameters: &[
                "num_groups",
                "num_channels",
                "eps",
                "affine",
                "device",
                "dtype",
            ],
            required: 2,
            make: GroupNorm::make,
        }],
        onnx: &[OnnxForm {
            op_type: "GroupNormalization",
            make: GroupNorm::of_node,
        }],
        example: || GroupNorm::new(2).into(),
        family: Family::Normalization,
        offered: false,
    };
}

impl Operation for GroupNorm {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let name = layer.name();
        let input = single(layer, inputs)?;
        let axis = usize::from(batch == BatchAxis::Present);
        let Some(&channels) = input.axes().get(axis) else {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "the input {input} has no axis of channels behind the batch",
                    ja: "入力 {input} にはバッチの次のチャネルの軸がありません。"
                ),
            });
        };
        check_features(name, self.num_channels, channels, &input)?;
        if self.num_groups == 0 || channels % self.num_groups != 0 {
            let groups = self.num_groups;
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "{channels} channels are not divisible by num_groups = {groups}",
                    ja: "チャネル数 {channels} は num_groups = {groups} で割り切れません。"
                ),
            });
        }
        if batch == BatchAxis::Present && input.count() == self.num_groups {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "each group is a single number, whose deviation is 0; use fewer groups",
                    ja: "どのグループも数ひとつで、偏差が 0 になります。グループを減らしてください。"
                ),
            });
        }
        let count = if self.per_group {
            self.num_groups
        } else {
            channels
        };
        Request {
            groups: self.num_groups,
            eps: self.eps,
            vectors: self.affine.then_some(count),
        }
        .plan(layer, &input, axis)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks.iter().any(|rank| *rank < 2)
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let channels = self.num_channels.unwrap_or(input.channels());
        let line = Line::new("GroupNorm", style)
            .value(self.num_groups)
            .value(channels);
        match style {
            Style::Source => line
                .unless("eps", float(self.eps), float(usual_eps()))
                .switch("affine", self.affine, true),
            Style::Printed => line
                .named("eps", float(self.eps))
                .named("affine", truth(self.affine)),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("group normalisation", "グループ正規化"),
            Localized::new(
                "The channels are split into groups. In each, the mean is taken away and the rest is divided by its spread.",
                "チャネルをグループに分けます。グループごとに、平均を引いて、ばらつきで割ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        code(plan, self.eps, self.affine)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Groups, &mut self.num_groups);
        settings.real(Parameter::Eps, &mut self.eps);
        if self.affine {
            settings.fill(Parameter::Scale, &mut self.weights);
            settings.fill(Parameter::Shift, &mut self.biases);
        }
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        standardized_arithmetic(step, self.eps, number)
    }

    fills! { "weight" => weights, "bias" => biases }

    fn wanted_channels(&self) -> Option<usize> {
        self.num_channels
    }
}

/// How fast statistics move that are kept; inference does not use it.
fn usual_momentum() -> f64 {
    0.1
}

fn is_usual_momentum(momentum: &f64) -> bool {
    *momentum == usual_momentum()
}

macro_rules! instance_norms {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $rank:literal, $expected:expr;
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
            /// How fast statistics move that are kept; inference does not use it.
            #[serde(default = "usual_momentum", skip_serializing_if = "is_usual_momentum")]
            pub momentum: f64,
            /// Whether there are γ and β.
            #[serde(default, skip_serializing_if = "is_default")]
            pub affine: bool,
            /// Whether training kept statistics, which take the place of the sample's own.
            #[serde(default, skip_serializing_if = "is_default")]
            pub track_running_stats: bool,
            /// γ, when no others are given.
            #[serde(default = "ones", skip_serializing_if = "are_ones")]
            pub weights: Fill,
            /// β, when no others are given.
            #[serde(default = "zeros", skip_serializing_if = "are_zeros")]
            pub biases: Fill,
            /// The mean that was kept, when no other is given.
            #[serde(default = "zeros", skip_serializing_if = "are_zeros")]
            pub running_mean: Fill,
            /// The variance that was kept, when no other is given.
            #[serde(default = "ones", skip_serializing_if = "are_ones")]
            pub running_var: Fill,
        }

        impl $name {
            /// With PyTorch's defaults.
            #[must_use]
            pub fn new() -> Self {
                Self {
                    num_features: None,
                    eps: usual_eps(),
                    momentum: usual_momentum(),
                    affine: false,
                    track_running_stats: false,
                    weights: ones(),
                    biases: zeros(),
                    running_mean: zeros(),
                    running_var: ones(),
                }
            }

            fn make(given: &Arguments) -> ParseResult<Layer> {
                let momentum = if given.has("momentum") {
                    given.real("momentum", None)?
                } else {
                    usual_momentum()
                };
                Ok(Self {
                    num_features: Some(given.size("num_features", None, 1)?),
                    eps: given.real("eps", Some(usual_eps()))?,
                    momentum,
                    affine: given.truth("affine", false)?,
                    track_running_stats: given.truth("track_running_stats", false)?,
                    ..Self::new()
                }
                .into())
            }

            fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
                if node.rank(0) != $rank + 1 {
                    return Ok(None);
                }
                let layer = Self {
                    eps: f64::from(node.float("epsilon", 1e-5)?),
                    affine: true,
                    ..Self::new()
                };
                let made = OnnxLayer::new(layer);
                Ok(Some(made.operand(node, "weight", 1).operand(node, "bias", 2)))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new(
                    "mean 0, variance 1 in each channel",
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
                onnx: &[OnnxForm {
                    op_type: "InstanceNormalization",
                    make: $name::of_node,
                }],
                example: || $name::new().into(),
                family: Family::Normalization,
                offered: false,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                let name = layer.name();
                let &[channels, ref spatial @ ..] = input.axes() else {
                    return Err(LayerError::Rank {
                        layer: name,
                        expected: $expected,
                        shape: *input,
                    });
                };
                if input.rank() != $rank {
                    return Err(LayerError::Rank {
                        layer: name,
                        expected: $expected,
                        shape: *input,
                    });
                }
                if self.track_running_stats {
                    let kept = KeptStatistics {
                        num_features: self.num_features,
                        eps: self.eps,
                        affine: self.affine,
                    };
                    return kept.plan(layer, input, BatchAxis::Absent);
                }
                // Without γ and β PyTorch does not mind other channels.
                let expected = self.num_features.filter(|_| self.affine);
                check_features(name, expected, channels, input)?;
                if spatial.iter().product::<usize>() == 1 {
                    return Err(LayerError::Unfit {
                        layer: name,
                        why: says!(
                            en: "each channel of {input} is a single number, whose deviation is 0; \
                                 it needs a larger input",
                            ja: "入力 {input} のどのチャネルも数ひとつで、偏差が 0 になります。\
                                 もっと大きい入力が要ります。"
                        ),
                    });
                }
                Request {
                    groups: channels,
                    eps: self.eps,
                    vectors: self.affine.then_some(channels),
                }
                .plan(layer, input, 0)
            }

            fn sample_rank(&self) -> Option<usize> {
                Some($rank)
            }

            fn call(&self, input: &Shape, style: Style) -> String {
                let channels = self.num_features.unwrap_or(input.channels());
                let line = Line::new(stringify!($name), style).value(channels);
                match style {
                    Style::Source => line
                        .unless("eps", float(self.eps), float(usual_eps()))
                        .unless("momentum", float(self.momentum), float(usual_momentum()))
                        .switch("affine", self.affine, false)
                        .switch("track_running_stats", self.track_running_stats, false),
                    Style::Printed => line
                        .named("eps", float(self.eps))
                        .named("momentum", float(self.momentum))
                        .named("affine", truth(self.affine))
                        .named("track_running_stats", truth(self.track_running_stats)),
                }
                .end()
            }

            fn spoken(&self) -> Option<Spoken> {
                Some(Spoken::of(
                    Localized::new("instance normalisation", "インスタンス正規化"),
                    Localized::new(
                        "Channel by channel, the mean is taken away and the rest is divided by its spread.",
                        "チャネルごとに、平均を引いて、ばらつきで割ります。",
                    ),
                ))
            }

            fn visual_style(&self) -> Option<VisualStyle> {
                // With statistics that training kept, each element is scaled by itself.
                Some(if self.track_running_stats {
                    VisualStyle::Copy
                } else {
                    VisualStyle::Gather
                })
            }

            fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
                if self.track_running_stats {
                    kept_code(plan, self.eps, self.affine)
                } else {
                    code(plan, self.eps, self.affine)
                }
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                settings.real(Parameter::Eps, &mut self.eps);
                if self.track_running_stats {
                    settings.fill(Parameter::RunningMean, &mut self.running_mean);
                    settings.fill(Parameter::RunningVar, &mut self.running_var);
                }
                if self.affine {
                    settings.fill(Parameter::Scale, &mut self.weights);
                    settings.fill(Parameter::Shift, &mut self.biases);
                }
            }

            fn arithmetic(
                &self,
                step: &Explanation,
                number: &dyn Fn(f32) -> String,
            ) -> Localized<String> {
                if self.track_running_stats {
                    kept_arithmetic(step, self.eps, number)
                } else {
                    standardized_arithmetic(step, self.eps, number)
                }
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
        }
    )+};
}

instance_norms! {
    /// Each channel of a line normalised by its own mean and variance.
    InstanceNorm1d: 2, InputAxes::Length;
    /// Each channel of a picture normalised by its own mean and variance.
    InstanceNorm2d: 3, InputAxes::Planes;
    /// Each channel of a volume normalised by its own mean and variance.
    InstanceNorm3d: 4, InputAxes::Volume;
}
