//! `Sequential`: layers one after another. A chain, with no plan of its own.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::tensor::Shape;

use super::{Layer, ReLU};

/// Layers one after another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sequential(pub Vec<Layer>);

impl Described for Sequential {
    const DESCRIPTION: Description = Description {
        about: Localized::new("layers one after another", "層の連なり"),
        // Its arguments are layers, which notation reads by itself.
        forms: &[],
        example: || Sequential(vec![ReLU.into()]).into(),
        onnx: &[],
        family: Family::Sequence,
        offered: false,
    };
}

impl Operation for Sequential {
    fn plan(&self, layer: &Layer, _input: &Shape) -> Result<Plan, LayerError> {
        let layer = layer.name();
        Err(LayerError::Composite { layer })
    }

    fn call(&self, input: &Shape, style: Style) -> String {
        let line = Line::new("Sequential", style);
        let parts = self.0.iter();
        parts
            .fold(line, |line, layer| line.value(layer.call(input, style)))
            .end()
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        None
    }

    fn code(&self, _plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::default()
    }

    fn settings(&mut self, _settings: &mut dyn Settings) {}

    fn parts(&self) -> Option<Vec<Layer>> {
        Some(self.0.clone())
    }
}
