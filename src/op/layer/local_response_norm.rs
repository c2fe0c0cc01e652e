//! `LocalResponseNorm`: each element against its neighbours in other channels.
//!
//! `x / (k + alpha · Σ x² / size)^beta`, the sum over `size` channels around each. Sources:
//! <https://pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html>; A. Krizhevsky et al.,
//! "ImageNet classification with deep convolutional neural networks" (2012), section 3.3.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{Geometry, LocalResponse, Mapped};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::op::step::TermSource;
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::reduction::joined;
use super::softmax::{own_input, rows_in_code};

/// Local response normalisation across channels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalResponseNorm {
    /// How many channels are summed over.
    pub size: usize,
    /// The factor of the mean square.
    #[serde(default = "usual_alpha", skip_serializing_if = "is_usual_alpha")]
    pub alpha: f64,
    /// The power.
    #[serde(default = "usual_beta", skip_serializing_if = "is_usual_beta")]
    pub beta: f64,
    /// The summand.
    #[serde(default = "usual_k", skip_serializing_if = "is_usual_k")]
    pub k: f64,
}

fn usual_alpha() -> f64 {
    1e-4
}

fn is_usual_alpha(alpha: &f64) -> bool {
    *alpha == usual_alpha()
}

fn usual_beta() -> f64 {
    0.75
}

fn is_usual_beta(beta: &f64) -> bool {
    *beta == usual_beta()
}

fn usual_k() -> f64 {
    1.0
}

fn is_usual_k(k: &f64) -> bool {
    *k == usual_k()
}

impl LocalResponseNorm {
    fn make(given: &Arguments) -> ParseResult<Layer> {
        Ok(Self {
            size: given.size("size", None, 1)?,
            alpha: given.real("alpha", Some(usual_alpha()))?,
            beta: given.real("beta", Some(usual_beta()))?,
            k: given.real("k", Some(usual_k()))?,
        }
        .into())
    }

    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let size = usize::try_from(node.integer("size", 0)?).ok();
        let Some(size) = size.filter(|size| *size > 0) else {
            return Err(OnnxRefusal::Attribute { name: "size" });
        };
        if size % 2 == 0 {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "size = {size} is even; ONNX and PyTorch then sum over different channels, and ONNX \
                     Runtime takes odd sizes only",
                ja: "size = {size} は偶数です。ONNX と PyTorch で範囲が異なり、ONNX Runtime は奇数だけを\
                     受け付けます。"
            )));
        }
        Ok(Some(OnnxLayer::new(Self {
            size,
            alpha: f64::from(node.float("alpha", 1e-4)?),
            beta: f64::from(node.float("beta", 0.75)?),
            k: f64::from(node.float("bias", 1.0)?),
        })))
    }
}

impl Described for LocalResponseNorm {
    const DESCRIPTION: Description = Description {
        about: Localized::new("each element against other channels", "隣のチャネルで割る"),
        forms: &[Form {
            name: "LocalResponseNorm",
            parameters: &["size", "alpha", "beta", "k"],
            required: 1,
            make: LocalResponseNorm::make,
        }],
        onnx: &[OnnxForm {
            op_type: "LRN",
            make: LocalResponseNorm::of_node,
        }],
        // Numbers that can be seen at work.
        example: || {
            LocalResponseNorm {
                size: 3,
                alpha: 1.0,
                beta: 0.5,
                k: 1.0,
            }
            .into()
        },
        family: Family::Normalization,
        offered: false,
    };
}

impl Operation for LocalResponseNorm {
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
        let &[input] = inputs else {
            return Err(LayerError::InputCount {
                layer: name,
                takes: 1,
                given: inputs.len(),
            });
        };
        if self.size == 0 {
            return Err(LayerError::Zero {
                layer: name,
                argument: "size",
            });
        }
        let axis = usize::from(batch == BatchAxis::Present);
        if input.rank() < axis + 2 {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "the input {input} has too few axes; it needs channels and at least one axis \
                         behind them",
                    ja: "入力 {input} の軸が足りません。チャネルの後に少なくともひとつの軸が要ります。"
                ),
            });
        }
        let geometry = Geometry::Mapped(Mapped::new(LocalResponse {
            shape: input.as_chw(),
            channels: input.axes()[axis],
            inner: input.axes()[axis + 1..].iter().product(),
            size: self.size,
            alpha: self.alpha,
            beta: self.beta,
            k: self.k,
        }));
        Plan::new(layer.clone(), input, input, Vec::new(), geometry)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks.iter().any(|rank| *rank < 3)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("LocalResponseNorm", style).value(self.size);
        let (alpha, beta, k) = (float(self.alpha), float(self.beta), float(self.k));
        match style {
            Style::Source => line
                .unless("alpha", alpha, float(usual_alpha()))
                .unless("beta", beta, float(usual_beta()))
                .unless("k", k, float(usual_k())),
            Style::Printed => line.named("alpha", alpha).named("beta", beta).named("k", k),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("local response normalisation", "局所応答正規化"),
            Localized::new(
                "Each number is divided by a measure of how strong the channels around its own are at the same place.",
                "同じ場所の、前後のチャネルの強さに応じて、それぞれの数を割ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let value = format!(
            "a[f, y, x] / ({} + {} * s / {})**{}",
            float(self.k),
            float(self.alpha),
            self.size,
            float(self.beta)
        );
        let term = format!("s += a[f + j - {}, y, x]**2", self.size / 2);
        rows_in_code(plan, &term, &value)
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let there = step
            .terms
            .iter()
            .filter(|term| matches!(term.term.source, TermSource::Element(_)));
        let squares: Vec<String> = there
            .map(|term| format!("{}²", number(term.input)))
            .collect();
        Localized::same(format!(
            "{} ÷ ({} + {} × ({}) ÷ {})^{}",
            own_input(step, number),
            float(self.k),
            float(self.alpha),
            joined(&squares, " + "),
            self.size,
            float(self.beta)
        ))
    }
}
