//! Layers one after another: shapes that follow on from each other, and what they add up to.

use serde::Serialize;

use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{ReadFile, Shape, Tensor, TensorError, read_file};

use crate::op::{Cost, Layer, LayerError, OperandError, Plan};

/// The most layers that a chain may have.
const MAX_LAYERS: usize = 1024;

/// Positions of an axis that a receptive field is traced from, around the middle.
const TRACED: usize = 32;

/// A checked chain of layers. Tensor 0 is its input, tensor `n` the output of its `n`-th layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    input: Shape,
    plans: Vec<Plan>,
}

/// A line of the table of a chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainRow {
    /// The layer's name.
    pub layer: &'static str,
    /// Shape of its output.
    pub output: Shape,
    /// Parameters, MACs and bytes of its output.
    pub cost: Cost,
    /// Rows and columns of the chain's input that one element of its output depends on, at most;
    /// padding counts.
    pub receptive_field: (u64, u64),
    /// Rows and columns of the chain's input from one element of its output to the next; below 1
    /// after upsampling.
    pub effective_stride: (f64, f64),
}

/// Why layers do not make a chain.
#[derive(Debug, Clone, PartialEq)]
pub enum ChainError {
    /// No layer at all.
    Empty,
    /// More than the limit.
    TooLong {
        /// How many there are.
        count: usize,
    },
    /// A layer that does not take what the layer before gives.
    Layer {
        /// Its place in the flattened chain, from 0.
        position: usize,
        /// The layer before; `None` of the first.
        before: Option<&'static str>,
        /// The shape that it is given.
        shape: Shape,
        /// The reason.
        why: Box<LayerError>,
    },
    /// An `Add` whose second tensor does not exist yet or has another shape.
    Skip {
        /// Its place in the flattened chain, from 0.
        position: usize,
        /// The reason and how to fix it.
        why: SkipError,
    },
    /// Weights that cannot be made.
    Operands {
        /// Its place in the flattened chain, from 0.
        position: usize,
        /// The reason.
        why: Box<OperandError>,
    },
    /// A tensor that is too large.
    Tensor(TensorError),
}

/// Why a layer cannot take an earlier tensor of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipError {
    /// It has another shape.
    Shape {
        /// The layer's name.
        layer: &'static str,
        /// The number of the tensor.
        tensor: usize,
        /// Its shape.
        shape: Shape,
        /// The shape that the layer before gives.
        here: Shape,
    },
    /// It does not exist yet.
    Missing {
        /// The layer's name.
        layer: &'static str,
        /// The number of the tensor.
        tensor: usize,
        /// The number of the last one that does.
        last: usize,
    },
}

impl Message for SkipError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Shape {
                layer,
                tensor,
                shape,
                here,
            } => says!(
                en: "{layer} takes tensor {tensor} of {shape}, but the layer before gives {here}; both must have the same shape",
                ja: "{layer} が使うテンソル {tensor} は {shape} ですが、前の層の出力は {here} です。同じ形状でなければなりません。"
            ),
            Self::Missing {
                layer,
                tensor,
                last,
            } => says!(
                en: "{layer} takes tensor {tensor}, which does not exist yet; 0 is the chain's input, {last} the output before this layer",
                ja: "{layer} が使うテンソル {tensor} はまだありません。0 は最初の入力、{last} はこの層の直前の出力です。"
            ),
        }
    }
}

impl Message for ChainError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Empty => says!(
                en: "the chain has no layers; give at least one",
                ja: "層がありません。1 つ以上必要です。"
            ),
            Self::TooLong { count } => says!(
                en: "the chain has {count} layers, but the limit is {MAX_LAYERS}",
                ja: "層が {count} 個あります。上限は {MAX_LAYERS} 個です。"
            ),
            Self::Layer {
                position,
                before,
                shape,
                why,
            } => {
                let number = position + 1;
                let before = match before {
                    Some(layer) => says!(
                        en: "{layer} gives {shape}",
                        ja: "{layer} の出力 {shape}"
                    ),
                    None => says!(en: "the input of {shape}", ja: "入力 {shape}"),
                };
                let why = why.message();
                says!(
                    with [before, why];
                    en: "layer {number} of the chain, after {before}: {why}",
                    ja: "{number} 番目の層 ({before} の後): {why}"
                )
            }
            Self::Skip { position, why } => at_layer(*position, why),
            Self::Operands { position, why } => at_layer(*position, why),
            Self::Tensor(why) => why.message(),
        }
    }
}

/// What is wrong at a layer, counted from 0.
fn at_layer(position: usize, why: &impl Message) -> Localized<String> {
    let (number, why) = (position + 1, why.message());
    says!(with [why]; en: "layer {number} of the chain: {why}", ja: "{number} 番目の層: {why}")
}

message_error!(SkipError, ChainError { Tensor(TensorError) });

impl Chain {
    /// Checks that layers follow on from one another, from the shape of an input on. `Sequential`
    /// and the named forms of several layers are taken apart.
    ///
    /// # Errors
    /// At the first layer that does not fit what the one before gives.
    pub fn plan(layers: &[Layer], input: &Shape) -> Result<Self, ChainError> {
        let layers: Vec<Layer> = layers.iter().flat_map(Layer::flattened).collect();
        if layers.is_empty() {
            return Err(ChainError::Empty);
        }
        if layers.len() > MAX_LAYERS {
            return Err(ChainError::TooLong {
                count: layers.len(),
            });
        }
        let mut chain = Self {
            input: *input,
            plans: Vec::with_capacity(layers.len()),
        };
        for (position, layer) in layers.iter().enumerate() {
            let shape = chain.output_shape();
            if let Some(tensor) = layer.operation().second_input() {
                chain.check_skip(position, layer.name(), tensor)?;
            }
            let plan = layer.plan(shape).map_err(|why| ChainError::Layer {
                position,
                before: chain.plans.last().map(|plan| plan.layer().name()),
                shape: *shape,
                why: Box::new(why),
            })?;
            chain.plans.push(plan);
        }
        Ok(chain)
    }

    fn check_skip(
        &self,
        position: usize,
        layer: &'static str,
        from: usize,
    ) -> Result<(), ChainError> {
        let here = self.output_shape();
        let why = match self.tensor_shape(from) {
            Some(shape) if shape == here => return Ok(()),
            Some(shape) => SkipError::Shape {
                layer,
                tensor: from,
                shape: *shape,
                here: *here,
            },
            None => SkipError::Missing {
                layer,
                tensor: from,
                last: position,
            },
        };
        Err(ChainError::Skip { position, why })
    }

    /// The plans of its layers.
    #[must_use]
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// Shape of its input.
    #[must_use]
    pub fn input_shape(&self) -> &Shape {
        &self.input
    }

    /// Shape of its output.
    #[must_use]
    pub fn output_shape(&self) -> &Shape {
        self.plans.last().map_or(&self.input, Plan::output_shape)
    }

    /// Shape of a tensor of the chain: 0 is its input, `n` the output of its `n`-th layer.
    #[must_use]
    pub fn tensor_shape(&self, number: usize) -> Option<&Shape> {
        match number.checked_sub(1) {
            None => Some(&self.input),
            Some(layer) => self.plans.get(layer).map(Plan::output_shape),
        }
    }

    /// What the whole chain costs; `output_bytes` are those of all its tensors but the input.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.plans
            .iter()
            .fold(Cost::default(), |sum, plan| sum + plan.cost())
    }

    /// The table of the chain, a row a layer.
    #[must_use]
    pub fn rows(&self) -> Vec<ChainRow> {
        let mut stride = [1.0, 1.0];
        let mut rows = Vec::with_capacity(self.plans.len());
        for (position, plan) in self.plans.iter().enumerate() {
            for (axis, stride) in stride.iter_mut().enumerate() {
                *stride *= plan.effective_stride(axis);
            }
            let field = [0, 1].map(|axis| self.receptive_field(position, axis));
            rows.push(ChainRow {
                layer: plan.layer().name(),
                output: *plan.output_shape(),
                cost: plan.cost(),
                receptive_field: (field[0], field[1]),
                effective_stride: (stride[0], stride[1]),
            });
        }
        rows
    }

    /// Rows (axis 0) or columns (axis 1) of the chain's input that an output element of a layer
    /// depends on, traced back from elements around the middle of its output.
    fn receptive_field(&self, position: usize, axis: usize) -> u64 {
        let length = self.plans[position].output_shape().as_chw()[axis + 1];
        let first = (length - length.min(TRACED)) / 2;
        (first..first + length.min(TRACED))
            .filter_map(|at| self.traced(position, axis, at as i64))
            .map(|(low, high)| (high - low + 1).max(0) as u64)
            .max()
            .unwrap_or(1)
    }

    /// The first and the last place of the chain's input that a place of a layer's output depends
    /// on, through the layers and through skip connections.
    fn traced(&self, position: usize, axis: usize, at: i64) -> Option<(i64, i64)> {
        let mut spans: Vec<Option<(i64, i64)>> = vec![None; position + 1];
        spans.push(Some((at, at)));
        let join = |span: &mut Option<(i64, i64)>, (low, high): (i64, i64)| {
            let (minimum, maximum) = span.unwrap_or((low, high));
            *span = Some((minimum.min(low), maximum.max(high)));
        };
        for (place, plan) in self.plans[..=position].iter().enumerate().rev() {
            let Some(span) = spans[place + 1] else {
                continue;
            };
            join(&mut spans[place], plan.places_read(axis, span));
            if let Some(tensor) = plan.layer().operation().second_input() {
                join(&mut spans[tensor], span);
            }
        }
        spans[0]
    }

    /// Every tensor of the chain from an input, with the weights that the layers name: the input
    /// first, the output last.
    ///
    /// # Errors
    /// When the input has another shape, a fill does not suit, or a tensor is too large.
    pub fn run(&self, input: Tensor) -> Result<Vec<Tensor>, ChainError> {
        self.run_with(input, &read_file)
    }

    /// As [`Chain::run`], with a way to read the files that fills name (see
    /// [`crate::tensor::Fill::make_with`]).
    ///
    /// # Errors
    /// As [`Chain::run`], and when a file cannot be read.
    pub fn run_with(&self, input: Tensor, read: &ReadFile) -> Result<Vec<Tensor>, ChainError> {
        let mut tensors = vec![input];
        for (position, plan) in self.plans.iter().enumerate() {
            let current = tensors[position].clone();
            let operands = match plan.layer().operation().second_input() {
                Some(tensor) => plan.pair(current, tensors[tensor].clone()),
                None => plan.filled_with(current, read),
            };
            let operands = operands.map_err(|why| ChainError::Operands {
                position,
                why: Box::new(why),
            })?;
            tensors.push(plan.evaluate(&operands)?);
        }
        Ok(tensors)
    }
}
