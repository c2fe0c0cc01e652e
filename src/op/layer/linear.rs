//! `Linear`: each row of the last axis times a matrix of weights, plus a bias.
//!
//! `y = x · Wᵀ + b`, with `W` of `out_features × in_features`.
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.Linear.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, truth};
use crate::op::code::{LoopNest, Variable};
use crate::op::error::{LayerError, TensorRole};
use crate::op::explain::Explanation;
use crate::op::geometry::{Geometry, LinearRows, Mapped};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operands::{Operand, OperandRole};
use crate::op::operation::{Described, Description, Family, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::{Fill, Shape};

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::{
    default_biases, default_weights, fills, inner, is_default_biases, is_default_weights, is_yes,
    some, yes,
};

/// A linear layer on the last axis of an input of any number of axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// Length of the last axis of the output.
    pub out_features: usize,
    /// Length of the last axis of the input, when the layer states it.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub in_features: Option<usize>,
    /// Whether each output has a number of its own added.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub bias: bool,
    /// What the weights are when no others are given.
    #[serde(
        default = "default_weights",
        skip_serializing_if = "is_default_weights"
    )]
    pub weights: Fill,
    /// What the biases are when no others are given.
    #[serde(default = "default_biases", skip_serializing_if = "is_default_biases")]
    pub biases: Fill,
}

impl Linear {
    /// A linear layer with PyTorch's defaults.
    #[must_use]
    pub fn new(out_features: usize) -> Self {
        Self {
            out_features,
            in_features: None,
            bias: true,
            weights: default_weights(),
            biases: default_biases(),
        }
    }

    fn make(given: &Arguments) -> ParseResult<Self> {
        Ok(Self {
            in_features: Some(given.size("in_features", None, 1)?),
            bias: given.truth("bias", true)?,
            ..Self::new(given.size("out_features", None, 1)?)
        })
    }

    /// `Gemm(A, B, C)` with constant weights that PyTorch would have in a `Linear`.
    pub(super) fn of_gemm(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let plain = node.integer("transA", 0)? == 0
            && node.integer("transB", 0)? != 0
            && node.float("alpha", 1.0)? == 1.0
            && (node.float("beta", 1.0)? == 1.0 || node.input(2).is_none());
        // Numbers of large weights are not given to operations.
        let axes = |number: usize| node.input(number).map(|input| input.axes.as_slice());
        let (true, Some(&[out_features, in_features])) = (plain, axes(1)) else {
            return Ok(None);
        };
        let bias = node.input(2).is_some();
        if bias && axes(2) != Some(&[out_features]) {
            return Ok(None);
        }
        let layer = Self {
            in_features: Some(in_features),
            bias,
            ..Self::new(out_features)
        };
        let made = OnnxLayer::new(layer);
        Ok(Some(
            made.operand(node, "weight", 1).operand(node, "bias", 2),
        ))
    }
}

impl Described for Linear {
    const DESCRIPTION: Description = Description {
        about: Localized::new("each row times a matrix", "全結合"),
        forms: &[Form {
            name: "Linear",
            parameters: &["in_features", "out_features", "bias", "device", "dtype"],
            required: 2,
            make: |given| Linear::make(given).map(Layer::from),
        }],
        onnx: &[OnnxForm {
            op_type: "Gemm",
            make: Linear::of_gemm,
        }],
        example: || Linear::new(3).into(),
        family: Family::Product,
        offered: false,
    };
}

impl Operation for Linear {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        if self.out_features == 0 {
            return Err(LayerError::Zero {
                layer: name,
                argument: "out_features",
            });
        }
        let &[ref outer @ .., in_features] = input.axes() else {
            return Err(LayerError::Unfit {
                layer: name,
                why: says!(
                    en: "the input is a single number; it needs a last axis of in_features",
                    ja: "入力が数ひとつです。最後の軸が in_features の入力が要ります。"
                ),
            });
        };
        if let Some(expected) = self.in_features
            && expected != in_features
        {
            let elements = input.count();
            let why = if elements == expected {
                says!(
                    en: "in_features = {expected}, but the last axis of {input} is {in_features}; \
                         all its elements are {expected}, so put nn.Flatten() before this layer",
                    ja: "in_features = {expected} ですが、入力 {input} の最後の軸は {in_features} です。\
                         全要素が {expected} 個なので、この層の前に nn.Flatten() を置いてください。"
                )
            } else {
                says!(
                    en: "in_features = {expected}, but the last axis of {input} is {in_features}; \
                         change in_features or the layer before",
                    ja: "in_features = {expected} ですが、入力 {input} の最後の軸は {in_features} です。\
                         in_features か前の層を変えてください。"
                )
            };
            return Err(LayerError::Unfit { layer: name, why });
        }
        let axes = [outer, &[self.out_features]].concat();
        let output = checked_shape(name, TensorRole::Output, &axes)?;
        let weight = [self.out_features, in_features];
        let mut operands = vec![Operand {
            name: "weight",
            role: OperandRole::Filters,
            shape: checked_shape(name, TensorRole::Weight, &weight)?,
        }];
        if self.bias {
            operands.push(Operand {
                name: "bias",
                role: OperandRole::Bias,
                shape: checked_shape(name, TensorRole::Bias, &[self.out_features])?,
            });
        }
        let [planes, rows, _] = input.as_chw();
        let geometry = Geometry::Mapped(Mapped::new(LinearRows {
            outer: [planes, rows],
            in_features,
            out_features: self.out_features,
        }));
        Plan::new(layer.clone(), *input, output, operands, geometry)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        // A batch of single numbers is one row.
        ranks.first().is_some_and(|rank| *rank < 2)
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let line = match style {
            Style::Source => Line::new("Linear", style)
                .value(input.width())
                .value(self.out_features)
                .switch("bias", self.bias, true),
            Style::Printed => Line::new("Linear", style)
                .named("in_features", input.width())
                .named("out_features", self.out_features)
                .named("bias", truth(self.bias)),
        };
        line.end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("a linear layer", "全結合層"),
            Localized::new(
                "Each number that comes out is a sum of all numbers of a row, each times a weight.",
                "行のすべての数に重みを掛けて足したものが、出力の数ひとつになります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let [planes, rows, columns] = plan.output_shape().as_chw();
        LoopNest::sum(
            &[
                (Variable::Filter, planes),
                (Variable::Row, rows),
                (Variable::Column, columns),
            ],
            &[(Variable::KernelColumn, plan.input_shape().width())],
            if self.bias { "b[x]" } else { "0" },
            "s += a[f, y, j] * w[x, j]",
            "out[f, y, x] = s",
        )
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::OutFeatures, &mut self.out_features);
        settings.fill(Parameter::Weights, &mut self.weights);
        settings.switch(Parameter::Bias, &mut self.bias);
        settings.fill(Parameter::Biases, &mut self.biases);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let products = step
            .terms
            .iter()
            .map(|term| format!("{} × {}", number(term.input), number(term.weight)));
        let all: Vec<String> = products.chain(step.bias.map(number)).collect();
        Localized::same(all.join(" + "))
    }

    fn title(&self, plan: &Plan) -> Option<Localized<String>> {
        let features = plan.input_shape().width();
        Some(Localized::same(format!(
            "Linear {features} → {}",
            self.out_features
        )))
    }

    fills! { "weight" => weights, "bias" => biases }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{OnnxAttribute, OnnxConstant, OnnxInput};
    use crate::tensor::Tensor;

    fn tensor(shape: &str, data: &[f32]) -> Tensor {
        Tensor::new(shape.parse().unwrap(), data.to_vec()).unwrap()
    }

    #[test]
    fn rows_of_any_rank_meet_the_same_weights() {
        let weight = tensor("2x3", &[1.0, 0.0, -1.0, 2.0, 1.0, 0.5]);
        let bias = tensor("2", &[10.0, -10.0]);
        for shape in ["3", "2x3", "2x1x3", "2x2x2x3", "1x2x1x2x3"] {
            let layer: Layer = Linear::new(2).into();
            let shape: Shape = shape.parse().unwrap();
            let plan = layer.plan(&shape).unwrap();
            let input = Fill::Uniform { seed: 5 }.make(&shape).unwrap();
            let given = [("weight", weight.clone()), ("bias", bias.clone())];
            let operands = plan.with_operands(input.clone(), given).unwrap();
            let output = plan.evaluate(&operands).unwrap();
            assert_eq!(output.shape().rank(), shape.rank());
            for (row, out) in input.data().chunks(3).zip(output.data().chunks(2)) {
                assert!((out[0] - (row[0] - row[2] + 10.0)).abs() < 1e-6);
                assert!((out[1] - (2.0 * row[0] + row[1] + 0.5 * row[2] - 10.0)).abs() < 1e-6);
            }
            for (index, value) in output.data().iter().enumerate() {
                let explained = plan.explain(index as u64, &operands);
                assert!((explained.value - value).abs() < 1e-6);
                assert_eq!(explained.terms.len(), 3);
            }
            assert_eq!(plan.cost().macs, output.data().len() as u64 * 3);
            assert_eq!(plan.cost().parameters, 8);
        }
    }

    #[test]
    fn a_forgotten_flatten_is_named() {
        let layer: Layer = "nn.Linear(144, 10)".parse().unwrap();
        let error = |shape: &str| layer.plan(&shape.parse().unwrap()).unwrap_err();
        assert!(error("4x6x6").to_string().contains("nn.Flatten()"));
        assert!(error("4x6x7").to_string().contains("in_features"));
        assert!(layer.plan(&Shape::SCALAR).is_err());
    }

    #[test]
    fn a_gemm_of_constant_weights_is_a_linear_layer() {
        let input = |axes: &[usize], constant: bool| {
            Some(OnnxInput {
                axes: axes.to_vec(),
                constant: constant.then(|| OnnxConstant::Floats(vec![0.0; axes.iter().product()])),
            })
        };
        let node =
            |attributes: &[(&str, OnnxAttribute)], inputs: Vec<Option<OnnxInput>>| OnnxNode {
                name: String::new(),
                op_type: "Gemm".into(),
                opset: 13,
                attributes: attributes
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect(),
                inputs,
                outputs: 1,
            };
        let across = ("transB", OnnxAttribute::Integer(1));
        let usual = vec![
            input(&[2, 5], false),
            input(&[3, 5], true),
            input(&[3], true),
        ];
        let made = Linear::of_gemm(&node(std::slice::from_ref(&across), usual.clone()));
        let made = made.unwrap().unwrap();
        assert_eq!(made.operands, [("weight", 1), ("bias", 2)]);
        let Layer::Linear(layer) = made.layer else {
            panic!("{:?}", made.layer)
        };
        assert_eq!((layer.in_features, layer.out_features), (Some(5), 3));
        // Without the transposition, or with a factor, it is something else.
        assert_eq!(Linear::of_gemm(&node(&[], usual.clone())), Ok(None));
        let half = ("alpha", OnnxAttribute::Float(0.5));
        assert_eq!(Linear::of_gemm(&node(&[across, half], usual)), Ok(None));
    }
}
