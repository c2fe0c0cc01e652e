//! Operations on each element by itself: `ReLU`, `ReLU6` and `Add`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html>; K. He et al., "Deep
//! residual learning for image recognition" (2015) for the addition around a skip connection.

use serde::Deserialize;

use crate::op::error::LayerError;
use crate::op::geometry::{Elementwise, ElementwiseKind, Geometry};
use crate::op::plan::Plan;
use crate::tensor::Shape;

use super::Layer;

/// The sum of the input and of an earlier tensor of the chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// Which tensor of the chain is added: 0 is the chain's input, 1 the output of its first
    /// layer, and so on.
    #[serde(default)]
    pub tensor: usize,
}

pub(super) fn plan(
    kind: ElementwiseKind,
    layer: &Layer,
    input: &Shape,
) -> Result<Plan, LayerError> {
    let geometry = Geometry::Elementwise(Elementwise {
        shape: input.planes(),
        kind,
    });
    Plan::new(layer.clone(), *input, *input, None, false, geometry)
}
