//! Layers one after another: shapes that follow on from each other, and what they add up to.

use serde::Serialize;

use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{ReadFile, Shape, Tensor, TensorError, read_file};

use super::cost::Cost;
use super::error::LayerError;
use super::geometry::Geometry;
use super::layer::Layer;
use super::operands::OperandError;
use super::plan::Plan;

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
        /// The number of the tensor.
        tensor: usize,
        /// Its shape.
        shape: Shape,
        /// The shape that the layer before gives.
        here: Shape,
    },
    /// It does not exist yet.
    Missing {
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
                tensor,
                shape,
                here,
            } => says!(
                en: "Add takes tensor {tensor} of {shape}, but the layer before gives {here}; both must have the same shape",
                ja: "Add が足すテンソル {tensor} は {shape} ですが、前の層の出力は {here} です。同じ形状でなければなりません。"
            ),
            Self::Missing { tensor, last } => says!(
                en: "Add takes tensor {tensor}, which does not exist yet; 0 is the chain's input, {last} the output before this layer",
                ja: "Add が足すテンソル {tensor} はまだありません。0 は最初の入力、{last} はこの層の直前の出力です。"
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
            if let Layer::Add(add) = layer {
                chain.check_skip(position, add.tensor)?;
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

    fn check_skip(&self, position: usize, from: usize) -> Result<(), ChainError> {
        let here = self.output_shape();
        let why = match self.tensor_shape(from) {
            Some(shape) if shape == here => return Ok(()),
            Some(shape) => SkipError::Shape {
                tensor: from,
                shape: *shape,
                here: *here,
            },
            None => SkipError::Missing {
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
                *stride *= plan.geometry().stride(axis);
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
        let length = self.plans[position].output_shape().planes()[axis + 1];
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
            let (least, greatest) = span.unwrap_or((low, high));
            *span = Some((least.min(low), greatest.max(high)));
        };
        for (place, plan) in self.plans[..=position].iter().enumerate().rev() {
            let Some(span) = spans[place + 1] else {
                continue;
            };
            join(&mut spans[place], plan.geometry().reads(axis, span));
            if let Layer::Add(add) = plan.layer() {
                join(&mut spans[add.tensor], span);
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
            let operands = match plan.layer() {
                Layer::Add(add) => plan.pair(current, tensors[add.tensor].clone()),
                _ => plan.filled_with(current, read),
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

impl Geometry {
    /// Input elements from one output element to the next, along rows (0) or columns (1).
    fn stride(&self, axis: usize) -> f64 {
        match self {
            Self::Convolution(convolution) => convolution.axes[axis + 1].stride as f64,
            Self::Transposed(transposed) => 1.0 / transposed.axes[axis].stride as f64,
            Self::Pool(pool) => pool.axes[axis].stride as f64,
            Self::Adaptive(pool) => pool.input[axis] as f64 / pool.output[axis] as f64,
            Self::Shuffle(shuffle) if shuffle.inverse => shuffle.factor as f64,
            Self::Shuffle(shuffle) => 1.0 / shuffle.factor as f64,
            Self::Resize(resize) => {
                resize.axes[axis].input as f64 / resize.axes[axis].output as f64
            }
            Self::Elementwise(_) => 1.0,
        }
    }

    /// The first and the last input place that output places from the first to the last depend
    /// on, along rows (0) or columns (1). Places outside the input count, as if it went on.
    fn reads(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let window = |axis: &super::axis::Axis| {
            let start = |at: i64| at * axis.stride as i64 - axis.before as i64;
            (start(first), start(last) + axis.reach() as i64 - 1)
        };
        match self {
            Self::Convolution(convolution) => window(&convolution.axes[axis + 1]),
            Self::Pool(pool) => window(&pool.axes[axis]),
            Self::Transposed(transposed) => {
                let axis = &transposed.axes[axis];
                let (stride, padding) = (axis.stride as i64, axis.padding as i64);
                let from = |at: i64| (at + padding - axis.span() as i64, at + padding);
                let (low, _) = from(first);
                let (_, high) = from(last);
                // Up to the next whole input place, and down to the one before.
                (
                    (low + stride - 1).div_euclid(stride),
                    high.div_euclid(stride),
                )
            }
            Self::Adaptive(pool) => {
                let (input, output) = (pool.input[axis] as i64, pool.output[axis] as i64);
                let end = ((last + 1) * input + output - 1).div_euclid(output);
                ((first * input).div_euclid(output), end - 1)
            }
            Self::Shuffle(shuffle) => {
                let factor = shuffle.factor as i64;
                if shuffle.inverse {
                    (first * factor, last * factor + factor - 1)
                } else {
                    (first.div_euclid(factor), last.div_euclid(factor))
                }
            }
            Self::Resize(resize) => {
                let end = resize.axes[axis].output as i64 - 1;
                let place = |at: i64| {
                    // Beyond the ends, whole elements more.
                    let inside = at.clamp(0, end);
                    let (low, high, _) = resize.neighbours(axis, inside as usize);
                    let beyond = ((at - inside) as f64 * self.stride(axis)).round() as i64;
                    (low as i64 + beyond, high as i64 + beyond)
                };
                (place(first).0, place(last).1)
            }
            Self::Elementwise(_) => (first, last),
        }
    }
}
