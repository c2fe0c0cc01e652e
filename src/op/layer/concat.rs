//! `Concat` and `Stack`: tensors one behind the other along an axis, or along a new one.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.cat.html>, `torch.stack`;
//! <https://onnx.ai/onnx/operators/onnx__Concat.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::geometry::{Concatenation, Geometry, Mapped};
use crate::op::onnx::{OnnxForm, OnnxRefusal};
use crate::op::operands::Operand;
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::arrangement::{is_batch, output_shape};
use super::defaults::is_default;
use super::{broadcast, dim};

/// Tensors one behind the other along an axis that they have: `torch.cat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concat {
    /// The axis, by PyTorch's numbers; channels without.
    #[serde(default = "channels", skip_serializing_if = "is_channels")]
    pub dim: i64,
    /// Which tensor of a chain stands behind: 0 is the chain's input, 1 the output of its first layer,
    /// and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
}

/// Tensors of one shape along a new axis: `torch.stack`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// Where in the output the axis stands, by PyTorch's numbers.
    #[serde(default = "channels", skip_serializing_if = "is_channels")]
    pub dim: i64,
    /// Which tensor of a chain stands behind: 0 is the chain's input, 1 the output of its first layer,
    /// and so on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tensor: usize,
}

fn channels() -> i64 {
    1
}

fn is_channels(dim: &i64) -> bool {
    *dim == channels()
}

fn shapes(inputs: &[Shape]) -> Localized<String> {
    let shapes: Vec<String> = inputs.iter().map(Shape::to_string).collect();
    let (en, ja) = match shapes.as_slice() {
        [first, second] => (
            format!("{first} and {second}"),
            format!("{first} と {second}"),
        ),
        shapes => (shapes.join(", "), shapes.join("、")),
    };
    Localized { en, ja }
}

/// Plans tensors of shapes, seen with axes that differ only in one.
fn plan(
    layer: &Layer,
    inputs: &[Shape],
    views: &[Vec<usize>],
    axis: usize,
) -> Result<Plan, LayerError> {
    let lengths: Vec<usize> = views.iter().map(|view| view[axis]).collect();
    let mut output = views[0].clone();
    output[axis] = lengths
        .iter()
        .try_fold(0usize, |sum, &length| sum.checked_add(length))
        .unwrap_or(usize::MAX);
    let output = output_shape(layer, &output)?;
    let mut formula: Vec<AxisFormula> = output
        .axes()
        .iter()
        .map(|&result| AxisFormula::Kept { result })
        .collect();
    formula[axis] = AxisFormula::concatenated(&lengths);
    let others = inputs.iter().enumerate().skip(1);
    let operands = others.map(|(number, shape)| Operand::input(number, *shape));
    let operands = operands.collect();
    let geometry = Concatenation::new(inputs, &lengths, output, axis, formula);
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    Plan::new(layer.clone(), inputs[0], output, operands, geometry)
}

fn none(layer: &Layer) -> LayerError {
    LayerError::InputCount {
        layer: layer.name(),
        takes: 2,
        given: 0,
    }
}

fn concat(
    given: &Concat,
    layer: &Layer,
    inputs: &[Shape],
    batch: BatchAxis,
) -> Result<Plan, LayerError> {
    let unfit = |why| {
        Err(LayerError::Unfit {
            layer: layer.name(),
            why,
        })
    };
    let first = inputs.first().ok_or_else(|| none(layer))?;
    if first.rank() == 0 {
        return unfit(says!(
            en: "single numbers have no axis to stand along; stack them",
            ja: "1つの数には、並べる軸がありません。Stack を使ってください。"
        ));
    }
    let axis = dim::place(layer.name(), given.dim, first.rank(), batch)?;
    let fits = |shape: &Shape| {
        shape.rank() == first.rank()
            && (0..shape.rank())
                .all(|other| other == axis || shape.axes()[other] == first.axes()[other])
    };
    if !inputs.iter().all(fits) {
        let (dim, shapes) = (given.dim, shapes(inputs));
        return unfit(says!(
            with [shapes];
            en: "{shapes} do not fit together: all axes but {dim} must be equally long",
            ja: "{shapes} はつなげられません。{dim} 番以外の軸の長さをそろえてください。"
        ));
    }
    let views: Vec<Vec<usize>> = inputs.iter().map(|shape| shape.axes().to_vec()).collect();
    plan(layer, inputs, &views, axis)
}

fn stack(
    given: &Stack,
    layer: &Layer,
    inputs: &[Shape],
    batch: BatchAxis,
) -> Result<Plan, LayerError> {
    let first = inputs.first().ok_or_else(|| none(layer))?;
    let axis = dim::place(layer.name(), given.dim, first.rank() + 1, batch)?;
    if inputs.iter().any(|shape| shape != first) {
        let shapes = shapes(inputs);
        return Err(LayerError::Unfit {
            layer: layer.name(),
            why: says!(
                with [shapes];
                en: "{shapes} cannot be stacked; all shapes must be the same",
                ja: "{shapes} は重ねられません。形状をそろえてください。"
            ),
        });
    }
    let mut view = first.axes().to_vec();
    view.insert(axis, 1);
    plan(layer, inputs, &vec![view; inputs.len()], axis)
}

/// Makes the operation from how it is planned, and how many axes more the output has.
macro_rules! joining {
    (
        $name:ident, $plan:ident, $more:literal,
        $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal
    ) => {
        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                $plan(self, layer, &[*input; 2], BatchAxis::Absent)
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                $plan(self, layer, inputs, batch)
            }

            fn mixes_batch(&self, ranks: &[usize]) -> bool {
                // What has another number of axes is no sample: looked at as a whole, it is refused.
                let differ = ranks.windows(2).any(|pair| pair[0] != pair[1]);
                differ || ranks.iter().any(|rank| is_batch(self.dim, rank + $more))
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                let line = Line::new(stringify!($name), style).named("dim", self.dim);
                line.unless("tensor", self.tensor, 0).end()
            }

            fn spoken(&self) -> Option<Spoken> {
                Some(Spoken::of(
                    Localized::new($name_en, $name_ja),
                    Localized::new($does_en, $does_ja),
                ))
            }

            fn visual_style(&self) -> Option<VisualStyle> {
                Some(VisualStyle::Copy)
            }

            fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
                LoopNest::elementwise(plan, &plan.index_code())
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                settings.number(Parameter::Tensor, &mut self.tensor);
            }

            fn second_input(&self) -> Option<usize> {
                Some(self.tensor)
            }
        }
    };
}

joining!(
    Concat,
    concat,
    0,
    "a concatenation",
    "連結",
    "Along an axis, an earlier tensor goes behind what came last.",
    "軸に沿って、前のテンソルを後ろにつなげます。"
);
joining!(
    Stack,
    stack,
    1,
    "a stack",
    "重ね合わせ",
    "Along a new axis, an earlier tensor goes behind what came last.",
    "新しい軸に沿って、前のテンソルを後ろに重ねます。"
);

impl Described for Concat {
    const DESCRIPTION: Description = Description {
        about: Localized::new("tensors one behind the other", "テンソルの連結"),
        forms: &[Form {
            name: "Concat",
            parameters: &["dim", "tensor"],
            required: 0,
            make: |given| {
                Ok(Concat {
                    dim: given.integer("dim", Some(channels()))?,
                    tensor: given.size("tensor", Some(0), 0)?,
                }
                .into())
            },
        }],
        example: || Concat { dim: 1, tensor: 0 }.into(),
        onnx: &[OnnxForm {
            op_type: "Concat",
            make: |node| {
                // Operator sets below 4 had an axis of 1 without.
                if node.opset >= 4 && !node.attributes.contains_key("axis") {
                    return Err(OnnxRefusal::Attribute { name: "axis" });
                }
                let dim = node.integer("axis", 1)?;
                Ok(Some(broadcast::of_node(Concat { dim, tensor: 0 }, node)))
            },
        }],
        family: Family::Joining,
        offered: false,
    };
}

impl Described for Stack {
    const DESCRIPTION: Description = Description {
        about: Localized::new("tensors along a new axis", "新しい軸に沿って重ねる"),
        forms: &[Form {
            name: "Stack",
            parameters: &["dim", "tensor"],
            required: 0,
            make: |given| {
                Ok(Stack {
                    dim: given.integer("dim", Some(channels()))?,
                    tensor: given.size("tensor", Some(0), 0)?,
                }
                .into())
            },
        }],
        example: || Stack { dim: 1, tensor: 0 }.into(),
        onnx: &[],
        family: Family::Joining,
        offered: false,
    };
}
