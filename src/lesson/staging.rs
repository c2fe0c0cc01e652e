//! What stands on the stage of a scene: sides, each a chain of layers.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{ELEMENT_LIMIT, Input, Localized, StagedNetwork};
use crate::language::{Message, message_error, says};
use crate::network::{Chain, ChainError};
use crate::op::{
    Layer, LoopOrder, OperandError, Operands, OperationKind, Plan, Schedule, VisualStyle,
};
use crate::tensor::{Fill, ReadFile, Shape, Tensor, TensorError};

/// Layers that a side may have: more do not fit into a picture.
pub const STAGED_LAYER_LIMIT: usize = 24;

/// The sides of a scene, and the layers and tensors of all of them, numbered through.
#[derive(Debug, Clone, Default)]
pub struct Staging {
    /// The sides: one, or several that are compared.
    pub sides: Vec<Side>,
    /// The layers of all sides.
    pub staged_layers: Vec<StagedLayer>,
    /// The tensors of all sides: the input of a side, then the output of each of its layers.
    pub tensors: Vec<Tensor>,
    /// What tensors are called, where it is not what they usually are.
    pub tensor_names: BTreeMap<usize, Localized<String>>,
    /// A network in place of sides.
    pub network: Option<Arc<StagedNetwork>>,
}

/// One of the operations that are compared, or the only one.
#[derive(Debug, Clone)]
pub struct Side {
    /// Its name, in a comparison.
    pub name: Option<Localized<String>>,
    /// Its layers.
    pub staged_layers: Range<usize>,
    /// Its tensors.
    pub tensors: Range<usize>,
    /// What its input was filled with.
    pub fill: Fill,
    /// The order in which its steps are visited, as it was asked for: some layers have only one.
    pub order: LoopOrder,
}

impl Side {
    /// Whether its input is a picture, which is shown in its own colours.
    #[must_use]
    pub const fn is_picture(&self) -> bool {
        matches!(self.fill, Fill::Image(_))
    }
}

/// A layer on the stage.
#[derive(Debug, Clone)]
pub struct StagedLayer {
    /// The side that it belongs to.
    pub side: usize,
    /// Its checked geometry.
    pub plan: Plan,
    /// How it is shown.
    pub style: VisualStyle,
    /// The order in which its steps are visited.
    pub schedule: Schedule,
    /// Input, weights and bias.
    pub operands: Operands,
    /// The number of the tensor that it reads.
    pub input: usize,
    /// The number of the tensor that `Add` reads too.
    pub other: Option<usize>,
    /// The number of the tensor that it writes.
    pub output: usize,
}

/// Why layers cannot be brought onto the stage.
#[derive(Debug, Clone, PartialEq)]
pub enum StagingError {
    /// They do not follow on from one another, or do not suit the input.
    Chain(ChainError),
    /// A layer that has no picture.
    Unshown {
        /// Its name.
        layer: &'static str,
    },
    /// Too many of them.
    TooMany {
        /// How many.
        count: usize,
    },
    /// Too many cubes.
    TooLarge {
        /// How many.
        count: usize,
    },
    /// Weights that cannot be made.
    Operands(OperandError),
    /// A result that cannot be computed.
    Tensor(TensorError),
}

impl Message for StagingError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Chain(why) => why.message(),
            Self::Unshown { layer } => says!(
                en: "the stage cannot show {layer}",
                ja: "ステージでは {layer} を表示できません"
            ),
            Self::TooMany { count } => says!(
                en: "the scene has {count} layers, but the stage holds only {STAGED_LAYER_LIMIT}",
                ja: "シーンに層が {count} 個あります。ステージに置けるのは {STAGED_LAYER_LIMIT} 個までです"
            ),
            Self::TooLarge { count } => says!(
                en: "the scene needs {count} cubes, but the limit is {ELEMENT_LIMIT}",
                ja: "シーンに立方体が {count} 個必要です。上限は {ELEMENT_LIMIT} 個です"
            ),
            Self::Operands(why) => why.message(),
            Self::Tensor(why) => why.message(),
        }
    }
}

message_error!(StagingError {
    Chain(ChainError),
    Operands(OperandError),
    Tensor(TensorError),
});

impl StagingError {
    /// How to fix it, where that is known and not said yet.
    #[must_use]
    pub fn help(&self) -> Localized<String> {
        match self {
            Self::Unshown { .. } => {
                let unshown = OperationKind::ALL.iter().filter(|kind| {
                    let layer = kind.layer();
                    let operation = layer.operation();
                    operation.visual_style().is_none() && operation.parts().is_none()
                });
                let unshown: Vec<&str> = unshown.map(|kind| kind.name()).collect();
                let unshown = unshown.join(", ");
                says!(
                    en: "it shows every operation but {unshown}; end the chain before it",
                    ja: "表示できないのは {unshown} だけです。その手前までの層にしてください"
                )
            }
            Self::TooMany { .. } => says!(
                en: "divide the chain between several scenes",
                ja: "層の連なりをいくつかのシーンに分けてください"
            ),
            Self::TooLarge { .. } => says!(
                en: "make the input smaller or use fewer filters",
                ja: "入力を小さくするか、フィルタを減らしてください"
            ),
            Self::Chain(_) | Self::Operands(_) | Self::Tensor(_) => Localized::default(),
        }
    }
}

impl Staging {
    /// One side alone.
    ///
    /// # Errors
    /// As [`Staging::add_side`].
    pub fn of(
        layers: &[Layer],
        input: Input,
        order: LoopOrder,
        read: &ReadFile,
    ) -> Result<Self, StagingError> {
        let mut staging = Self::default();
        staging.add_side(None, layers, input, order, read)?;
        Ok(staging)
    }

    /// Adds a side: plans its layers, makes their weights, and computes every tensor.
    ///
    /// # Errors
    /// When the layers do not suit the input or each other, cannot be shown, or are too large.
    pub fn add_side(
        &mut self,
        name: Option<Localized<String>>,
        layers: &[Layer],
        input: Input,
        order: LoopOrder,
        read: &ReadFile,
    ) -> Result<(), StagingError> {
        // Before each of them is planned.
        let count = layers.iter().map(|layer| layer.flattened().len());
        let count = self.staged_layers.len() + count.sum::<usize>();
        if count > STAGED_LAYER_LIMIT {
            return Err(StagingError::TooMany { count });
        }
        let chain = Chain::plan(layers, input.tensor().shape())?;
        let styles = chain.plans().iter().map(|plan| {
            plan.visual_style().ok_or(StagingError::Unshown {
                layer: plan.layer().name(),
            })
        });
        let styles = styles.collect::<Result<Vec<VisualStyle>, _>>()?;
        let cubes = |count: usize, plan: &Plan| {
            count
                .saturating_add(plan.output_shape().count())
                .saturating_add(padding_cubes(plan))
                .saturating_add(working_cubes(plan))
        };
        let own = input.tensor().shape().count();
        let count = self.element_count().saturating_add(own);
        let count = chain.plans().iter().fold(count, cubes);
        if count > ELEMENT_LIMIT {
            return Err(StagingError::TooLarge { count });
        }
        let (first_layer, first_tensor) = (self.staged_layers.len(), self.tensors.len());
        let side = self.sides.len();
        let mut staged_layers = Vec::new();
        let Input { fill, tensor } = input;
        let mut tensors = vec![tensor];
        for (index, plan) in chain.plans().iter().enumerate() {
            let current = tensors[index].clone();
            let other = plan.layer().operation().second_input();
            let other = other.map(|other| other.min(index));
            let operands = match other {
                Some(other) => plan.pair(current, tensors[other].clone())?,
                None => plan.filled_with(current, read)?,
            };
            tensors.push(plan.evaluate(&operands)?);
            staged_layers.push(StagedLayer {
                side,
                plan: plan.clone(),
                style: styles[index],
                schedule: Schedule::new(plan, order),
                operands,
                input: first_tensor + index,
                other: other.map(|other| first_tensor + other),
                output: first_tensor + index + 1,
            });
        }
        self.staged_layers.append(&mut staged_layers);
        self.tensors.append(&mut tensors);
        self.sides.push(Side {
            name,
            staged_layers: first_layer..self.staged_layers.len(),
            tensors: first_tensor..self.tensors.len(),
            fill,
            order,
        });
        Ok(())
    }

    /// Cubes of all tensors, paddings and weights.
    #[must_use]
    pub fn element_count(&self) -> usize {
        let tensors: usize = self.tensors.iter().map(|tensor| tensor.data().len()).sum();
        let staged_layers = self.staged_layers.iter().map(|staged_layer| {
            padding_cubes(&staged_layer.plan) + working_cubes(&staged_layer.plan)
        });
        tensors + staged_layers.sum::<usize>()
    }

    /// Visits of the whole chain of a side.
    #[must_use]
    pub fn visit_count(&self, side: usize) -> u64 {
        self.before(side, usize::MAX)
    }

    /// Visits of a side's layers before one of them (numbered through all sides).
    #[must_use]
    pub fn before(&self, side: usize, staged_layer: usize) -> u64 {
        let Some(side) = self.sides.get(side) else {
            return 0;
        };
        let staged_layers = side
            .staged_layers
            .clone()
            .filter(|other| *other < staged_layer);
        staged_layers
            .map(|other| self.staged_layers[other].schedule.visit_count())
            .sum()
    }

    /// The shape of a tensor.
    #[must_use]
    pub fn shape(&self, tensor: usize) -> &Shape {
        self.tensors[tensor].shape()
    }
}

/// Cubes of the weights of a layer: waiting, at work, and as products. Of a step that gathers what it
/// reads, a frame and a product for each term.
#[must_use]
pub fn working_cubes(plan: &Plan) -> usize {
    let weights = plan.weight_shape().map_or(0, |shape| shape.count());
    match plan.visual_style() {
        Some(VisualStyle::Gather) => weights.saturating_add(plan.max_terms().saturating_mul(2)),
        Some(
            VisualStyle::Window | VisualStyle::Scatter | VisualStyle::Carry | VisualStyle::Copy,
        )
        | None => weights.saturating_mul(3),
    }
}

/// Cubes of the padded input, where there is padding.
fn padding_cubes(plan: &Plan) -> usize {
    let padded = plan.padded_shape();
    let gathers = plan.visual_style() == Some(VisualStyle::Gather);
    if gathers || padded == *plan.input_shape() {
        0
    } else {
        padded.count()
    }
}
