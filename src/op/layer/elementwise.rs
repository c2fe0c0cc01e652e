//! Planning of every operation that looks at each element by itself.

use crate::op::error::LayerError;
use crate::op::geometry::{Elementwise, Function, Geometry};
use crate::op::operands::Operand;
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;

pub(super) fn plan(
    function: Function,
    layer: &Layer,
    input: &Shape,
    operands: Vec<Operand>,
) -> Result<Plan, LayerError> {
    let geometry = Geometry::Elementwise(Elementwise {
        shape: input.as_chw(),
        function,
    });
    Plan::new(layer.clone(), *input, *input, operands, geometry)
}
