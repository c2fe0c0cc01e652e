//! `GlobalAvgPool2d` and `GlobalMaxPool2d`: adaptive pools of one window a channel, under the names
//! that they have outside PyTorch.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::onnx::{OnnxForm, OnnxLayer};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::tensor::Shape;

use super::{AdaptiveAvgPool2d, AdaptiveMaxPool2d, Layer};

/// The mean of each channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalAvgPool2d;

/// The maximum of each channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalMaxPool2d;

impl Described for GlobalAvgPool2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the mean of each channel", "チャネルごとの平均"),
        forms: &[Form {
            name: "GlobalAvgPool2d",
            parameters: &[],
            required: 0,
            make: |_| Ok(GlobalAvgPool2d.into()),
        }],
        example: || GlobalAvgPool2d.into(),
        onnx: &[OnnxForm {
            op_type: "GlobalAveragePool",
            make: |node| Ok((node.rank(0) == 4).then(|| OnnxLayer::new(GlobalAvgPool2d))),
        }],
        family: Family::Pooling,
        offered: false,
    };
}

impl Described for GlobalMaxPool2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the maximum of each channel", "チャネルごとの最大値"),
        forms: &[Form {
            name: "GlobalMaxPool2d",
            parameters: &[],
            required: 0,
            make: |_| Ok(GlobalMaxPool2d.into()),
        }],
        example: || GlobalMaxPool2d.into(),
        onnx: &[OnnxForm {
            op_type: "GlobalMaxPool",
            make: |node| Ok((node.rank(0) == 4).then(|| OnnxLayer::new(GlobalMaxPool2d))),
        }],
        family: Family::Pooling,
        offered: false,
    };
}

/// The adaptive pool that a global one is.
macro_rules! as_adaptive {
    ($($global:ty => $adaptive:ty),* $(,)?) => {
        $(impl Operation for $global {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                <$adaptive>::global().plan(layer, input)
            }

            fn call(&self, input: &Shape, style: Style) -> String {
                <$adaptive>::global().call(input, style)
            }

            fn sample_rank(&self) -> Option<usize> {
                Some(3)
            }

            fn visual_style(&self) -> Option<VisualStyle> {
                <$adaptive>::global().visual_style()
            }

            fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest {
                <$adaptive>::global().code(plan, schedule)
            }

            fn settings(&mut self, _settings: &mut dyn Settings) {}

            fn generalized(&self, _input: &Shape) -> Option<Layer> {
                Some(<$adaptive>::global().into())
            }
        })*
    };
}

as_adaptive! {
    GlobalAvgPool2d => AdaptiveAvgPool2d,
    GlobalMaxPool2d => AdaptiveMaxPool2d,
}
