//! `Normalize` (`torch.nn.functional.normalize`): each element over the norm of its row; and ONNX's
//! `MeanVarianceNormalization`.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html>;
//! <https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{Affine, Geometry, GroupedTensor, Mapped, RowFunction, RowWise};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::dim;
use super::layer_norm::standardized_arithmetic;
use super::reduction::joined;
use super::softmax::{own_input, rows_in_code};

/// Each element over the norm of its row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normalize {
    /// The order of the norm: 2 for the length of a vector.
    #[serde(default = "two", skip_serializing_if = "is_two")]
    pub p: f64,
    /// The axes of a row, by PyTorch's numbers.
    #[serde(default = "usual_dim", skip_serializing_if = "is_usual_dim")]
    pub dim: Vec<i64>,
    /// The least that is divided by.
    #[serde(default = "usual_eps", skip_serializing_if = "is_usual_eps")]
    pub eps: f64,
}

fn two() -> f64 {
    2.0
}

fn is_two(order: &f64) -> bool {
    *order == 2.0
}

fn usual_dim() -> Vec<i64> {
    vec![1]
}

fn is_usual_dim(dim: &[i64]) -> bool {
    dim == [1]
}

fn usual_eps() -> f64 {
    1e-12
}

fn is_usual_eps(eps: &f64) -> bool {
    *eps == usual_eps()
}

/// Mean 0 and variance 1 over any axes, as ONNX has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanVarianceNormalization {
    /// The axes of a row, the batch counted.
    #[serde(default = "usual_axes")]
    pub axes: Vec<i64>,
}

fn usual_axes() -> Vec<i64> {
    vec![0, 2, 3]
}

fn plan(
    layer: &Layer,
    inputs: &[Shape],
    batch: BatchAxis,
    dims: &[i64],
    function: RowFunction,
) -> Result<Plan, LayerError> {
    let name = layer.name();
    let &[input] = inputs else {
        return Err(LayerError::InputCount {
            layer: name,
            takes: 1,
            given: inputs.len(),
        });
    };
    let row = dim::chosen(name, Some(dims), input.rank(), batch)?;
    let geometry = Geometry::Mapped(Mapped::new(RowWise {
        tensor: GroupedTensor::new(input, &row),
        function,
        affine: Affine::None,
    }));
    Plan::new(layer.clone(), input, input, Vec::new(), geometry)
}

impl Normalize {
    fn make(given: &Arguments) -> ParseResult<Layer> {
        Ok(Self {
            p: given.real("p", Some(2.0))?,
            dim: dim::several(given)?.unwrap_or_else(usual_dim),
            eps: given.real("eps", Some(usual_eps()))?,
        }
        .into())
    }

    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let p = node.integer("p", 2)?;
        if p != 1 && p != 2 {
            return Err(OnnxRefusal::Attribute { name: "p" });
        }
        Ok(Some(OnnxLayer::new(Self {
            p: p as f64,
            dim: vec![node.integer("axis", -1)?],
            // ONNX adds nothing; only 0 over 0 stays 0.
            eps: f64::from(f32::MIN_POSITIVE),
        })))
    }

    fn function(&self) -> RowFunction {
        RowFunction::Norm {
            order: self.p,
            eps: self.eps,
        }
    }
}

impl Described for Normalize {
    const DESCRIPTION: Description = Description {
        about: Localized::new("each row to the length 1", "行を長さ1に"),
        forms: &[Form {
            name: "Normalize",
            parameters: &["p", "dim", "eps"],
            required: 0,
            make: Normalize::make,
        }],
        onnx: &[OnnxForm {
            op_type: "LpNormalization",
            make: Normalize::of_node,
        }],
        example: || {
            Normalize {
                p: 2.0,
                dim: vec![-1],
                eps: usual_eps(),
            }
            .into()
        },
        family: Family::Normalization,
        offered: false,
    };
}

impl Operation for Normalize {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        plan(layer, inputs, batch, &self.dim, self.function())
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks
            .iter()
            .any(|rank| dim::names_batch(Some(&self.dim), *rank))
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("Normalize", style).unless("p", float(self.p), float(2.0));
        let line = if is_usual_dim(&self.dim) {
            line
        } else {
            line.named("dim", dim::written(&self.dim))
        };
        line.unless("eps", float(self.eps), float(usual_eps()))
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("normalisation of vectors", "ベクトルの正規化"),
            Localized::new(
                "The numbers along an axis are one vector, which is divided by its length.",
                "軸に沿った数をひとつのベクトルとみなし、その長さで割ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let (p, eps) = (float(self.p), float(self.eps));
        let term = format!("s += abs(row(f, y, x)[j])**{p}");
        rows_in_code(plan, &term, &format!("a[f, y, x] / max(s**(1/{p}), {eps})"))
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.real(Parameter::Eps, &mut self.eps);
    }

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let own = own_input(step, number);
        let each = |form: &dyn Fn(String) -> String| -> Vec<String> {
            let terms = step.terms.iter();
            terms.map(|term| form(number(term.input))).collect()
        };
        Localized::same(if self.p == 2.0 {
            format!(
                "{own} ÷ √({})",
                joined(&each(&|value| format!("{value}²")), " + ")
            )
        } else if self.p == 1.0 {
            format!(
                "{own} ÷ ({})",
                joined(&each(&|value| format!("|{value}|")), " + ")
            )
        } else {
            let p = float(self.p);
            let powers = each(&|value| format!("|{value}|^{p}"));
            format!("{own} ÷ ({})^(1 ÷ {p})", joined(&powers, " + "))
        })
    }
}

impl MeanVarianceNormalization {
    fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
        let axes = node.integers("axes")?.unwrap_or_else(usual_axes);
        Ok(Some(OnnxLayer::new(Self { axes })))
    }
}

impl Described for MeanVarianceNormalization {
    const DESCRIPTION: Description = Description {
        about: Localized::new("mean 0, variance 1 over axes", "軸に沿って平均0・分散1へ"),
        forms: &[Form {
            name: "MeanVarianceNormalization",
            parameters: &["axes"],
            required: 0,
            make: |given| {
                let axes = given.integers("axes")?.unwrap_or_else(usual_axes);
                Ok(MeanVarianceNormalization { axes }.into())
            },
        }],
        onnx: &[OnnxForm {
            op_type: "MeanVarianceNormalization",
            make: MeanVarianceNormalization::of_node,
        }],
        example: || MeanVarianceNormalization { axes: vec![2, 3] }.into(),
        family: Family::Normalization,
        offered: false,
    };
}

impl Operation for MeanVarianceNormalization {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        let function = RowFunction::Standardize {
            eps: 0.0,
            outside: 1e-9,
        };
        plan(layer, inputs, batch, &self.axes, function)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks
            .iter()
            .any(|rank| dim::names_batch(Some(&self.axes), *rank))
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new("MeanVarianceNormalization", style)
            .named("axes", dim::written(&self.axes))
            .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(Spoken::of(
            Localized::new("mean and variance normalisation", "平均と分散の正規化"),
            Localized::new(
                "Along some of the axes, the mean is taken away and the rest is divided by its spread.",
                "決められた軸に沿って、平均を引いて、ばらつきで割ります。",
            ),
        ))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Gather)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let value = "(a[f, y, x] - mean(row)) / (sqrt(var(row)) + 1e-09)";
        rows_in_code(plan, "s += row(f, y, x)[j]", value)
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        standardized_arithmetic(step, 0.0, number)
    }
}
