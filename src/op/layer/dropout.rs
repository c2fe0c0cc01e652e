//! `Dropout`, `AlphaDropout` and `StochasticDepth`: they drop elements, whole channels or whole samples
//! while a network is trained. In inference, which is what is shown here, nothing happens.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html> and its neighbours,
//! <https://pytorch.org/vision/stable/generated/torchvision.ops.StochasticDepth.html>; N. Srivastava et
//! al., "Dropout: a simple way to prevent neural networks from overfitting" (2014); G. Huang et al., "Deep
//! networks with stochastic depth" (2016).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float, truth};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::Function;
use crate::op::onnx::{OnnxConstant, OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{BatchAxis, Described, Description, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Choice, Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::defaults::is_default;
use super::elementwise;
use super::function::decimal;

/// Dropping in training, nothing in inference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropout {
    /// The share of elements that training drops.
    #[serde(default = "usual_share")]
    pub p: f64,
    /// Whether whole channels are dropped: `Dropout1d`, `Dropout2d` or `Dropout3d`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channels: bool,
    /// How many axes a channel has, where whole ones are dropped.
    #[serde(default = "two", skip_serializing_if = "is_two")]
    pub axes: usize,
}

/// As [`Dropout`], but what is dropped becomes a number that keeps mean and variance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlphaDropout {
    /// The share of elements that training drops.
    #[serde(default = "usual_share")]
    pub p: f64,
    /// Whether whole channels are dropped: `FeatureAlphaDropout`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channels: bool,
}

/// Training drops a whole branch of a network for a sample or for all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StochasticDepth {
    /// How often training drops the branch.
    pub p: f64,
    /// What it is dropped for.
    #[serde(default)]
    pub mode: StochasticMode,
}

/// What [`StochasticDepth`] drops at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StochasticMode {
    /// Each sample by itself.
    #[default]
    Row,
    /// All samples of a batch.
    Batch,
}

impl Choice for StochasticMode {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::Row, Localized::new("row", "row")),
        (Self::Batch, Localized::new("batch", "batch")),
    ];
}

fn usual_share() -> f64 {
    0.5
}

fn two() -> usize {
    2
}

fn is_two(axes: &usize) -> bool {
    *axes == two()
}

impl Default for Dropout {
    fn default() -> Self {
        Self {
            p: usual_share(),
            channels: false,
            axes: two(),
        }
    }
}

/// `p` of a call, which must be a probability.
fn share(given: &Arguments, default: Option<f64>) -> ParseResult<f64> {
    given.truth("inplace", false)?;
    let p = given.real("p", default)?;
    if !(0.0..=1.0).contains(&p) {
        let message = says!(
            en: "p is {p}; it is a probability, from 0 to 1",
            ja: "p が {p} です。確率なので 0 から 1 までにしてください。"
        );
        return given.wrong("p", message);
    }
    Ok(p)
}

/// The plan of a layer that does nothing, whose `p` must be a probability.
fn plan(p: f64, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
    if !(0.0..=1.0).contains(&p) {
        return Err(LayerError::Arguments {
            layer: layer.name(),
            why: Localized::new(
                "p must be a probability, from 0 to 1",
                "p は確率なので 0 から 1 までにしてください。",
            ),
        });
    }
    elementwise::plan(Function::NOTHING, layer, input, Vec::new())
}

/// A layer as PyTorch writes it.
fn call(name: &str, p: f64, style: Style) -> String {
    let line = Line::new(name, style);
    match style {
        Style::Source => line.unless("p", float(p), float(usual_share())),
        Style::Printed => line.named("p", float(p)).named("inplace", truth(false)),
    }
    .end()
}

fn nothing(step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
    let value = number(step.first_input());
    says!(
        en: "inference drops nothing: {value}",
        ja: "推論では何も落としません: {value}"
    )
}

/// `Dropout` of ONNX. Its share is an attribute up to opset 11 and an input from 12 on, where another
/// one may ask for training.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let trains = match node.input(2).map(|input| &input.constant) {
        None => false,
        Some(Some(OnnxConstant::Integers(values))) => values.iter().any(|value| *value != 0),
        Some(Some(OnnxConstant::Floats(values))) => values.iter().any(|value| *value != 0.0),
        Some(None) => true,
    };
    let ratio = match node.attributes.contains_key("ratio") {
        true => Some(node.float("ratio", 0.5)?),
        false => match node.input(1).map(|input| &input.constant) {
            Some(Some(OnnxConstant::Floats(values))) => values.first().copied(),
            _ => None,
        },
    };
    // What drops nothing at all is the same in training.
    if trains && ratio != Some(0.0) {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its training_mode is on, or not known, so that elements are dropped at random; export the model after model.eval()",
            ja: "training_mode が有効か不明で、要素が無作為に落とされます。model.eval() の後でエクスポートしてください。"
        )));
    }
    if node.outputs > 1 {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its second output, the mask, is used",
            ja: "2つ目の出力 (マスク) が使われています。"
        )));
    }
    let p = ratio.map_or(usual_share(), decimal);
    Ok(Some(OnnxLayer::new(Dropout {
        p,
        ..Dropout::default()
    })))
}

/// A form of `Dropout` for whole channels of so many axes, or for elements.
macro_rules! dropout_form {
    ($name:literal, $channels:expr, $axes:expr) => {
        Form {
            name: $name,
            parameters: &["p", "inplace"],
            required: 0,
            make: |given| {
                let p = share(given, Some(usual_share()))?;
                let (channels, axes) = ($channels, $axes);
                Ok(Dropout { p, channels, axes }.into())
            },
        }
    };
}

impl Described for Dropout {
    const DESCRIPTION: Description = Description {
        about: Localized::new("nothing in inference", "推論では何もしない"),
        forms: &[
            dropout_form!("Dropout", false, two()),
            dropout_form!("Dropout1d", true, 1),
            dropout_form!("Dropout2d", true, 2),
            dropout_form!("Dropout3d", true, 3),
        ],
        example: || Dropout::default().into(),
        onnx: &[OnnxForm {
            op_type: "Dropout",
            make: of_node,
        }],
        family: crate::op::operation::Family::Nothing,
        offered: true,
    };
}

impl Operation for Dropout {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        plan(self.p, layer, input)
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
        // PyTorch refuses it for others, and only warns where channels have more axes.
        if self.channels
            && self.axes == 1
            && batch == BatchAxis::Present
            && !(2..=3).contains(&input.rank())
        {
            let rank = input.rank();
            let why = says!(
                en: "Dropout1d drops channels of a line: its input has 2 or 3 axes, and {input} has {rank}; use Dropout",
                ja: "Dropout1d は線のチャネルを落とします。入力の軸は 2 個か 3 個ですが、{input} には {rank} 個あります。Dropout を使ってください。"
            );
            return Err(LayerError::Unfit {
                layer: layer.name(),
                why,
            });
        }
        self.plan(layer, input)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let name = match (self.channels, self.axes) {
            (false, _) => "Dropout",
            (true, 1) => "Dropout1d",
            (true, 3) => "Dropout3d",
            (true, _) => "Dropout2d",
        };
        call(name, self.p, style)
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("dropout", "ドロップアウト"),
            Localized::new(
                "In training it drops numbers at random. In use, as here, it does nothing.",
                "学習中は数をランダムに落とします。使うときは、何もしません。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "a[f, y, x]")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::DropProbability, &mut self.p);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        nothing(step, number)
    }
}

impl Described for AlphaDropout {
    const DESCRIPTION: Description = Description {
        about: Localized::new("nothing in inference", "推論では何もしない"),
        forms: &[
            Form {
                name: "AlphaDropout",
                parameters: &["p", "inplace"],
                required: 0,
                make: |given| {
                    let p = share(given, Some(usual_share()))?;
                    let channels = false;
                    Ok(AlphaDropout { p, channels }.into())
                },
            },
            Form {
                name: "FeatureAlphaDropout",
                parameters: &["p", "inplace"],
                required: 0,
                make: |given| {
                    let p = share(given, Some(usual_share()))?;
                    let channels = true;
                    Ok(AlphaDropout { p, channels }.into())
                },
            },
        ],
        example: || {
            AlphaDropout {
                p: usual_share(),
                channels: false,
            }
            .into()
        },
        onnx: &[],
        family: crate::op::operation::Family::Nothing,
        offered: true,
    };
}

impl Operation for AlphaDropout {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        plan(self.p, layer, input)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let name = if self.channels {
            "FeatureAlphaDropout"
        } else {
            "AlphaDropout"
        };
        call(name, self.p, style)
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("alpha dropout", "アルファドロップアウト"),
            Localized::new(
                "In training it drops numbers at random and keeps mean and variance. In use, as here, it does nothing.",
                "学習中は、平均と分散を保ちながら、数をランダムに落とします。使うときは、何もしません。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "a[f, y, x]")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::DropProbability, &mut self.p);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        nothing(step, number)
    }
}

impl Described for StochasticDepth {
    const DESCRIPTION: Description = Description {
        about: Localized::new("nothing in inference", "推論では何もしない"),
        forms: &[Form {
            name: "StochasticDepth",
            parameters: &["p", "mode"],
            required: 2,
            make: |given| {
                const MODES: [(&str, StochasticMode); 2] = [
                    ("row", StochasticMode::Row),
                    ("batch", StochasticMode::Batch),
                ];
                let p = share(given, None)?;
                let mode = given.word("mode", &MODES, StochasticMode::Row)?;
                Ok(StochasticDepth { p, mode }.into())
            },
        }],
        example: || {
            StochasticDepth {
                p: 0.2,
                mode: StochasticMode::Row,
            }
            .into()
        },
        onnx: &[],
        family: crate::op::operation::Family::Nothing,
        offered: true,
    };
}

impl Operation for StochasticDepth {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        plan(self.p, layer, input)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("StochasticDepth", style);
        let mode = match self.mode {
            StochasticMode::Row => "row",
            StochasticMode::Batch => "batch",
        };
        match style {
            Style::Source => line.value(float(self.p)).value(format!("'{mode}'")),
            Style::Printed => line.named("p", float(self.p)).named("mode", mode),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("stochastic depth", "確率的な深さ"),
            Localized::new(
                "In training it leaves out whole branches at random. In use, as here, it does nothing.",
                "学習中は、枝を丸ごとランダムに飛ばします。使うときは、何もしません。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, "a[f, y, x]")
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::DropProbability, &mut self.p);
        settings.word(Parameter::DropMode, &mut self.mode);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        nothing(step, number)
    }
}
