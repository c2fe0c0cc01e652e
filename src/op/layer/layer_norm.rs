//! `LayerNorm` and `RMSNorm`: each element against the row that it stands in, over the last axes.
//!
//! `LayerNorm`: `(x − mean) / √(variance + ε) · γ + β`; `RMSNorm`: `x / √(mean of x² + ε) · γ`.
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html>;
//! <https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html>; J. L. Ba et al., "Layer
//! normalization" (2016).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float, truth};
use crate::op::code::LoopNest;
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{Affine, Geometry, GroupedTensor, Mapped, RowFunction, RowWise};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operands::{Operand, OperandRole};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::batch_norm::{are_ones, are_zeros, is_usual_eps, ones, usual_eps, zeros};
use super::convolution::checked_shape;
use super::defaults::{fills, inner, is_yes, some, yes};
use super::softmax::{own_input, rows_in_code};

/// Layer normalisation over the last axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerNorm {
    /// Lengths of the last axes, over which a row goes.
    pub normalized_shape: Vec<usize>,
    /// What is added to the variance.
    #[serde(default = "usual_eps", skip_serializing_if = "is_usual_eps")]
    pub eps: f64,
    /// Whether there are γ and β, a number for each element of a row.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub elementwise_affine: bool,
    /// Whether there is β, where there is γ.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub bias: bool,
    /// γ, when no others are given.
    #[serde(default = "ones", skip_serializing_if = "are_ones")]
    pub weights: Fill,
    /// β, when no others are given.
    #[serde(default = "zeros", skip_serializing_if = "are_zeros")]
    pub biases: Fill,
}

/// Normalisation by the root of the mean square over the last axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RMSNorm {
    /// Lengths of the last axes, over which a row goes.
    pub normalized_shape: Vec<usize>,
    /// What is added to the mean square; without it, the spacing of `f32` at 1.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub eps: Option<f64>,
    /// Whether there is γ, a number for each element of a row.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub elementwise_affine: bool,
    /// γ, when no others are given.
    #[serde(default = "ones", skip_serializing_if = "are_ones")]
    pub weights: Fill,
}

/// A normalisation over the last axes, as asked for.
struct Request<'a> {
    normalized_shape: &'a [usize],
    function: RowFunction,
    operands: &'a [&'static str],
}

impl Request<'_> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let axes = input.axes();
        let count = self.normalized_shape.len();
        if count == 0 || !axes.ends_with(self.normalized_shape) {
            let wanted = parenthesized(self.normalized_shape);
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "the last axes of the input {input} are not normalized_shape = {wanted}; \
                         change it, or the layer before",
                    ja: "入力 {input} の最後の軸が normalized_shape = {wanted} と違います。\
                         normalized_shape か前の層を変えてください。"
                ),
            });
        }
        let mut row = vec![false; axes.len()];
        row[axes.len() - count..].fill(true);
        let operands = self.operands.iter().map(|&operand| {
            Ok(Operand {
                name: operand,
                role: OperandRole::PerChannel { learned: true },
                shape: checked_shape(name, TensorRole::Operand(operand), self.normalized_shape)?,
            })
        });
        let operands = operands.collect::<Result<Vec<_>, LayerError>>()?;
        let geometry = Geometry::Mapped(Mapped::new(RowWise {
            tensor: GroupedTensor::new(*input, &row),
            function: self.function,
            affine: if operands.is_empty() {
                Affine::None
            } else {
                Affine::PerElement
            },
        }));
        Plan::new(layer.clone(), *input, *input, operands, geometry)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks
            .iter()
            .any(|rank| *rank <= self.normalized_shape.len())
    }
}

/// `(3, 4)`, and `(4,)` for one.
fn parenthesized(sizes: &[usize]) -> String {
    let inner: Vec<String> = sizes.iter().map(usize::to_string).collect();
    match inner.as_slice() {
        [only] => format!("({only},)"),
        inner => format!("({})", inner.join(", ")),
    }
}

/// The argument `normalized_shape`: a number or several.
fn normalized_shape(given: &Arguments) -> ParseResult<Vec<usize>> {
    let Some(sizes) = given.integers("normalized_shape")? else {
        return given
            .size("normalized_shape", None, 1)
            .map(|size| vec![size]);
    };
    let counts: Vec<usize> = sizes
        .iter()
        .filter_map(|&size| usize::try_from(size).ok())
        .filter(|&size| size > 0)
        .collect();
    if counts.is_empty() || counts.len() != sizes.len() {
        let message = says!(
            en: "normalized_shape needs the lengths of the last axes, each at least 1",
            ja: "normalized_shape には最後の軸の長さ (1 以上) が要ります。"
        );
        return given.wrong("normalized_shape", message);
    }
    Ok(counts)
}

/// The last axes of a node's input, from `axis` on.
fn node_shape(node: &OnnxNode) -> Result<Vec<usize>, OnnxRefusal> {
    let axis = node.integer("axis", -1)?;
    let axes = node.input(0).map_or(&[][..], |input| &input.axes);
    let first = if axis < 0 {
        axis + axes.len() as i64
    } else {
        axis
    };
    let first = usize::try_from(first)
        .ok()
        .filter(|first| *first < axes.len());
    match first {
        Some(first) => Ok(axes[first..].to_vec()),
        None => Err(OnnxRefusal::Attribute { name: "axis" }),
    }
}

/// Refuses outputs that tell the mean and the deviation.
pub(super) fn one_output(node: &OnnxNode) -> Result<(), OnnxRefusal> {
    if node.outputs > 1 {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its further outputs (mean and deviation) are for training and not computed here",
            ja: "平均と偏差の出力は学習用で、ここでは計算しません。"
        )));
    }
    Ok(())
}

/// Mean and variance of the terms of a step.
pub(super) fn moments(step: &Explanation) -> (f64, f64) {
    let count = step.terms.len().max(1) as f64;
    let values = || step.terms.iter().map(|term| f64::from(term.input));
    let mean = values().sum::<f64>() / count;
    let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance)
}

/// γ and β behind a normalised value.
pub(super) fn affine_arithmetic(step: &Explanation, number: &dyn Fn(f32) -> String) -> String {
    match step.vectors[..] {
        [scale] => format!(" × {}", number(scale)),
        [scale, shift, ..] => format!(" × {} + {}", number(scale), number(shift)),
        [] => String::new(),
    }
}

/// What a normalisation by mean and variance does with the numbers of a step.
pub(super) fn standardized_arithmetic(
    step: &Explanation,
    eps: f64,
    number: &dyn Fn(f32) -> String,
) -> Localized<String> {
    let (mean, variance) = moments(step);
    Localized::same(format!(
        "({} − {}) ÷ √({} + {}){}",
        own_input(step, number),
        number(mean as f32),
        number(variance as f32),
        float(eps),
        affine_arithmetic(step, number)
    ))
}

impl LayerNorm {
    /// Over these last axes, with PyTorch's defaults.
    #[must_use]
    pub fn new(normalized_shape: Vec<usize>) -> Self {
        Self {
            normalized_shape,
            eps: usual_eps(),
            elementwise_affine: true,
            bias: true,
            weights: ones(),
            biases: zeros(),
        }
    }

    fn operand_names(&self) -> &'static [&'static str] {
        match (self.elementwise_affine, self.bias) {
            (false, _) => &[],
            (true, false) => &["weight"],
            (true, true) => &["weight", "bias"],
        }
    }

    fn request(&self) -> Request<'_> {
        Request {
            normalized_shape: &self.normalized_shape,
            function: RowFunction::Standardize {
                eps: self.eps,
                outside: 0.0,
            },
            operands: self.operand_names(),
        }
    }

    fn make(given: &Arguments) -> ParseResult<Layer> {
        Ok(Self {
            eps: given.real("eps", Some(usual_eps()))?,
            elementwise_affine: given.truth("elementwise_affine", true)?,
            bias: given.truth("bias", true)?,
            ..Self::new(normalized_shape(given)?)
        }
        .into())
    }

    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        one_output(node)?;
        let layer = Self {
            eps: f64::from(node.float("epsilon", 1e-5)?),
            bias: node.input(2).is_some(),
            ..Self::new(node_shape(node)?)
        };
        let made = OnnxLayer::new(layer);
        Ok(Some(
            made.operand(node, "weight", 1).operand(node, "bias", 2),
        ))
    }
}

impl Described for LayerNorm {
    const DESCRIPTION: Description = Description {
        about: Localized::new(
            "mean 0, variance 1 over the last axes",
            "最後の軸で平均0・分散1へ",
        ),
        forms: &[Form {
            name: "LayerNorm",
            parameters: &[
                "normalized_shape",
                "eps",
                "elementwise_affine",
                "bias",
                "device",
                "dtype",
            ],
            required: 1,
            make: LayerNorm::make,
        }],
        onnx: &[OnnxForm {
            op_type: "LayerNormalization",
            make: LayerNorm::of_node,
        }],
        example: || LayerNorm::new(vec![6]).into(),
        family: Family::Normalization,
        offered: false,
    };
}

impl Operation for LayerNorm {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.request().plan(layer, input)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        self.request().mixes_batch(ranks)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("LayerNorm", style);
        match style {
            Style::Source => match self.normalized_shape.as_slice() {
                [only] => line.value(only),
                sizes => line.value(parenthesized(sizes)),
            }
            .unless("eps", float(self.eps), float(usual_eps()))
            .switch("elementwise_affine", self.elementwise_affine, true)
            .switch("bias", self.bias, true),
            Style::Printed => line
                .value(parenthesized(&self.normalized_shape))
                .named("eps", float(self.eps))
                .named("elementwise_affine", truth(self.elementwise_affine))
                .switch("bias", self.bias, true),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("layer normalisation", "レイヤー正規化"),
            Localized::new(
                "Along the last axes, the mean is taken away and the rest is divided by its spread.",
                "最後の軸に沿って、平均を引いて、ばらつきで割ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let affine = match self.operand_names() {
            [] => "",
            [_] => " * w[j]",
            _ => " * w[j] + b[j]",
        };
        let value = format!(
            "(a[f, y, x] - mean(row)) / sqrt(var(row) + {}){affine}",
            float(self.eps)
        );
        rows_in_code(plan, "s += row(f, y, x)[j]", &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Eps, &mut self.eps);
        if self.elementwise_affine {
            settings.fill(Parameter::Scale, &mut self.weights);
        }
        if self.elementwise_affine && self.bias {
            settings.fill(Parameter::Shift, &mut self.biases);
        }
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        standardized_arithmetic(step, self.eps, number)
    }

    fills! { "weight" => weights, "bias" => biases }
}

impl RMSNorm {
    /// Over these last axes, with PyTorch's defaults.
    #[must_use]
    pub fn new(normalized_shape: Vec<usize>) -> Self {
        Self {
            normalized_shape,
            eps: None,
            elementwise_affine: true,
            weights: ones(),
        }
    }

    fn eps(&self) -> f64 {
        self.eps.unwrap_or(f64::from(f32::EPSILON))
    }

    fn request(&self) -> Request<'_> {
        Request {
            normalized_shape: &self.normalized_shape,
            function: RowFunction::RootMeanSquare { eps: self.eps() },
            operands: if self.elementwise_affine {
                &["weight"]
            } else {
                &[]
            },
        }
    }

    fn make(given: &Arguments) -> ParseResult<Layer> {
        let eps = if given.has("eps") {
            Some(given.real("eps", None)?)
        } else {
            None
        };
        Ok(Self {
            eps,
            elementwise_affine: given.truth("elementwise_affine", true)?,
            ..Self::new(normalized_shape(given)?)
        }
        .into())
    }

    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let layer = Self {
            eps: Some(f64::from(node.float("epsilon", 1e-5)?)),
            ..Self::new(node_shape(node)?)
        };
        Ok(Some(OnnxLayer::new(layer).operand(node, "weight", 1)))
    }
}

impl Described for RMSNorm {
    const DESCRIPTION: Description = Description {
        about: Localized::new("mean square 1 over the last axes", "最後の軸で二乗平均1へ"),
        forms: &[Form {
            name: "RMSNorm",
            parameters: &[
                "normalized_shape",
                "eps",
                "elementwise_affine",
                "device",
                "dtype",
            ],
            required: 1,
            make: RMSNorm::make,
        }],
        onnx: &[OnnxForm {
            op_type: "RMSNormalization",
            make: RMSNorm::of_node,
        }],
        example: || RMSNorm::new(vec![6]).into(),
        family: Family::Normalization,
        offered: false,
    };
}

impl Operation for RMSNorm {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.request().plan(layer, input)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        self.request().mixes_batch(ranks)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("RMSNorm", style);
        match style {
            Style::Source => {
                let line = match self.normalized_shape.as_slice() {
                    [only] => line.value(only),
                    sizes => line.value(parenthesized(sizes)),
                };
                let line = match self.eps {
                    Some(eps) => line.named("eps", float(eps)),
                    None => line,
                };
                line.switch("elementwise_affine", self.elementwise_affine, true)
            }
            Style::Printed => line
                .value(parenthesized(&self.normalized_shape))
                .named("eps", self.eps.map_or_else(|| "None".to_owned(), float))
                .named("elementwise_affine", truth(self.elementwise_affine)),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new(
                "root mean square normalisation",
                "二乗平均平方根による正規化",
            ),
            Localized::new(
                "The numbers along the last axes are divided by the root of their mean square.",
                "最後の軸に沿った数を、二乗平均の平方根で割ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let affine = if self.elementwise_affine {
            " * w[j]"
        } else {
            ""
        };
        let count = plan.max_terms();
        let value = format!(
            "a[f, y, x] / sqrt(s / {count} + {}){affine}",
            float(self.eps())
        );
        rows_in_code(plan, "s += row(f, y, x)[j]**2", &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        let mut eps = self.eps();
        settings.real(Parameter::Eps, &mut eps);
        if eps != self.eps() {
            self.eps = Some(eps);
        }
        if self.elementwise_affine {
            settings.fill(Parameter::Scale, &mut self.weights);
        }
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let count = step.terms.len().max(1) as f64;
        let squares = step.terms.iter().map(|term| f64::from(term.input).powi(2));
        let mean = squares.sum::<f64>() / count;
        Localized::same(format!(
            "{} ÷ √({} + {}){}",
            own_input(step, number),
            number(mean as f32),
            float(self.eps()),
            affine_arithmetic(step, number)
        ))
    }

    fills! { "weight" => weights }
}
