//! The ways in which the stage shows operations.

use crate::op::{Layer, Plan, TransposeView, UpsampleMode};

/// How an operation is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A window travels over the input; what lies under it becomes one element of the output.
    Window,
    /// A window travels over the output; each element of the input adds to what lies under it.
    Scatter,
    /// Each cube of the input travels to its place in the output.
    Carry,
    /// Each cube of the output comes from the input as a copy.
    Copy,
}

impl Manner {
    /// How the operation of a plan is shown.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        match plan.layer() {
            Layer::PixelShuffle(_) | Layer::PixelUnshuffle(_) => Self::Carry,
            Layer::ReLU | Layer::ReLU6 | Layer::Add(_) => Self::Copy,
            Layer::Upsample(layer) if matches!(layer.mode, UpsampleMode::Nearest) => Self::Copy,
            Layer::ConvTranspose2d(layer) if layer.view == TransposeView::Scatter => Self::Scatter,
            _ => Self::Window,
        }
    }
}
