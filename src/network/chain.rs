//! Layers one after another: shapes that follow on from each other, and what they add up to.

use serde::Serialize;

use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{ReadFile, Shape, Tensor, TensorError, read_file};

use crate::op::{BatchAxis, Cost, Layer, LayerError, OperandError, Plan};

use super::reach::{AxisMap, Reach};

/// The most layers that a chain may have.
const MAX_LAYERS: usize = 1024;

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
    /// A layer whose second tensor does not exist yet or does not go with the first.
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
#[derive(Debug, Clone, PartialEq)]
pub enum SkipError {
    /// Its shape does not go with that of the first.
    Shape {
        /// The layer's name.
        layer: &'static str,
        /// The number of the tensor.
        tensor: usize,
        /// Its shape.
        shape: Shape,
        /// The shape that the layer before gives.
        here: Shape,
        /// The reason.
        why: Box<LayerError>,
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
                why,
            } => {
                let why = why.message();
                says!(
                    with [why];
                    en: "{layer} takes tensor {tensor} of {shape}, but the layer before gives {here}: {why}",
                    ja: "{layer} が使うテンソル {tensor} は {shape} ですが、前の層の出力は {here} です。{why}"
                )
            }
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
            let plan = match layer.operation().second_input() {
                Some(tensor) => chain.plan_pair(position, layer, tensor)?,
                None => layer.plan(shape).map_err(|why| ChainError::Layer {
                    position,
                    before: chain.plans.last().map(|plan| plan.layer().name()),
                    shape: *shape,
                    why: Box::new(why),
                })?,
            };
            chain.plans.push(plan);
        }
        Ok(chain)
    }

    /// Plans a layer on what the one before gives and on an earlier tensor.
    fn plan_pair(&self, position: usize, layer: &Layer, tensor: usize) -> Result<Plan, ChainError> {
        let (name, here) = (layer.name(), *self.output_shape());
        let skip = |why| ChainError::Skip { position, why };
        let Some(&shape) = self.tensor_shape(tensor) else {
            return Err(skip(SkipError::Missing {
                layer: name,
                tensor,
                last: position,
            }));
        };
        let plan = layer.plan_inputs(&[here, shape], BatchAxis::Absent);
        plan.map_err(|why| {
            skip(SkipError::Shape {
                layer: name,
                tensor,
                shape,
                here,
                why: Box::new(why),
            })
        })
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
        // From one place of a tensor to the next, in places of the input.
        let mut strides = vec![[1.0; 2]];
        let mut rows = Vec::with_capacity(self.plans.len());
        // What each tensor reads of the input, along rows and columns: `None` stands for all of it.
        let mut read = vec![[0, 1].map(|_| Some(Reach::itself()))];
        for (position, plan) in self.plans.iter().enumerate() {
            let operation = plan.layer().operation();
            let second = operation.second_input();
            let alone = second.filter(|_| operation.reads_second_alone());
            let stride = match alone {
                Some(tensor) => strides[tensor],
                None => {
                    let before = strides[position];
                    [0, 1].map(|axis| before[axis] * plan.effective_stride(axis))
                }
            };
            strides.push(stride);
            let output = plan.output_shape();
            let [_, height, width] = output.as_chw();
            let lengths = [height, width];
            let whole = self.input.as_chw();
            let reach = [0, 1].map(|axis| {
                if let Some(tensor) = alone {
                    return read[tensor][axis].clone();
                }
                let along = read[position][axis].as_ref()?;
                let along = along.through(&AxisMap::new(plan, axis));
                match second {
                    // Of another shape than the output, any of its places may be meant.
                    Some(tensor) if self.tensor_shape(tensor) != Some(output) => None,
                    Some(tensor) => Some(along.joined(read[tensor][axis].as_ref()?, lengths[axis])),
                    None => Some(along),
                }
            });
            let field = [0, 1].map(|axis| match &reach[axis] {
                Some(reach) => reach.widest(lengths[axis]).places(),
                None => whole[axis + 1] as u64,
            });
            read.push(reach);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_two_tensors_takes_them_of_shapes_that_go_together() {
        let plan = |text: &str, shape: &str| {
            let layers: Vec<Layer> = ron::from_str(text).unwrap();
            Chain::plan(&layers, &shape.parse().unwrap())
        };
        let output =
            |text: &str, shape: &str| plan(text, shape).unwrap().output_shape().to_string();
        // Softmax(Q Kᵀ) V, and the weights of channels that a squeeze-and-excitation puts on them.
        let attention =
            "[MatMul(tensor: 0, transpose_other: true), Softmax(dim: -1), MatMul(tensor: 0)]";
        assert_eq!(output(attention, "3x5"), "3 × 5");
        assert_eq!(
            output("[GlobalAvgPool2d, Mul(tensor: 0)]", "4x5x6"),
            "4 × 5 × 6"
        );
        let grown =
            "[Conv2d(filters: 2, kernel: (3, 3), padding: Same), Concat(dim: 1, tensor: 0)]";
        assert_eq!(output(grown, "3x5x5"), "5 × 5 × 5");
        let smaller = plan("[MaxPool2d(kernel: (2, 2)), Add(tensor: 0)]", "2x6x6").unwrap_err();
        let message = smaller.to_string();
        assert!(
            message.contains("Add takes tensor 0 of 2 × 6 × 6"),
            "{message}"
        );
        assert!(message.contains("do not go together"), "{message}");
        let missing = plan("[ReLU, MatMul(tensor: 2)]", "3x3").unwrap_err();
        assert!(
            missing.to_string().contains("does not exist yet"),
            "{missing}"
        );
    }
}
