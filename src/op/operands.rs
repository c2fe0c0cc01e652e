//! The tensors that a plan works on, checked against it.

use crate::language::{Localized, Message};
use crate::tensor::{FillError, ReadFile, Shape, Tensor, read_file};
use crate::{message_error, says};

use super::plan::Plan;

/// What an operand is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperandRole {
    /// The weights of a convolution's filters.
    Filters,
    /// A number that each filter adds.
    Bias,
    /// A number for each channel.
    PerChannel {
        /// Whether training learns it; otherwise it is a statistic.
        learned: bool,
    },
    /// A further input: 1 is the second.
    Input(usize),
}

/// A tensor that an operation works on besides its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    /// PyTorch's name: `weight`, `bias`, `running_mean`.
    pub name: &'static str,
    /// What it is for.
    pub role: OperandRole,
    /// Its shape.
    pub shape: Shape,
}

impl Operand {
    /// A further input; all of them have the same name, and are given in order.
    #[must_use]
    pub const fn input(number: usize, shape: Shape) -> Self {
        Self {
            name: "other",
            role: OperandRole::Input(number),
            shape,
        }
    }

    /// Whether it counts among the parameters.
    #[must_use]
    pub const fn is_learned(&self) -> bool {
        match self.role {
            OperandRole::Filters | OperandRole::Bias => true,
            OperandRole::PerChannel { learned } => learned,
            OperandRole::Input(_) => false,
        }
    }
}

/// Tensors that fit a plan. Only [`Plan::with_operands`] and what is built on it make them.
#[derive(Debug, Clone, PartialEq)]
pub struct Operands {
    input: Tensor,
    /// One for each operand of the plan, in order.
    others: Vec<(OperandRole, Tensor)>,
}

/// Why tensors do not fit a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum OperandError {
    /// A tensor of another shape.
    Shape {
        /// `input`, or an operand's name.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// The shape that fits.
        expected: Shape,
        /// The shape given.
        given: Shape,
    },
    /// A tensor that is not there.
    Missing {
        /// The operand's name.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// What fits.
        expected: Shape,
    },
    /// A tensor that the layer does not use.
    Unused {
        /// The name it was given by.
        tensor: String,
        /// The layer's name.
        layer: &'static str,
        /// Whether the layer would have it with `bias=True`.
        needs_bias: bool,
    },
    /// The layer's own fill of an operand does not suit.
    Fill {
        /// The operand's name.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// The reason.
        why: FillError,
    },
}

/// What an operand is called.
fn called(name: &str) -> Localized<String> {
    let (en, ja) = match name {
        "input" => ("input", "入力"),
        "weight" => ("weight", "重み"),
        "bias" => ("bias", "バイアス"),
        "other" => ("second input", "第2の入力"),
        name => (name, name),
    };
    Localized::new(en.to_owned(), ja.to_owned())
}

impl Message for OperandError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Shape {
                tensor,
                layer,
                expected,
                given,
            } => {
                let tensor = called(tensor);
                says!(
                    with [tensor];
                    en: "the {tensor} is {given}, {layer} needs {expected}",
                    ja: "{tensor}の形状が {given} です。{layer} には {expected} が要ります。"
                )
            }
            Self::Missing {
                tensor,
                layer,
                expected,
            } => {
                let tensor = called(tensor);
                says!(
                    with [tensor];
                    en: "{layer} needs a {tensor} of {expected}",
                    ja: "{layer} には {expected} の{tensor}が要ります。"
                )
            }
            Self::Unused {
                tensor,
                layer,
                needs_bias,
            } => {
                let tensor = called(tensor);
                let hint = if *needs_bias {
                    Localized::new(
                        ", or say bias=True".to_owned(),
                        "bias=True にすることもできます。".to_owned(),
                    )
                } else {
                    Localized::default()
                };
                says!(
                    with [tensor, hint];
                    en: "{layer} has no {tensor}; leave it out{hint}",
                    ja: "{layer} には{tensor}がありません。外してください。{hint}"
                )
            }
            Self::Fill { tensor, layer, why } => {
                let (tensor, why) = (called(tensor), why.message());
                says!(
                    with [tensor, why];
                    en: "{tensor} of {layer}: {why}",
                    ja: "{layer} の{tensor}: {why}"
                )
            }
        }
    }
}

message_error!(OperandError);

impl Operands {
    /// The input.
    #[must_use]
    pub fn input(&self) -> &Tensor {
        &self.input
    }

    fn of(&self, wanted: OperandRole) -> Option<&Tensor> {
        let found = self.others.iter().find(|(role, _)| *role == wanted);
        found.map(|(_, tensor)| tensor)
    }

    /// The weights, for layers with filters.
    #[must_use]
    pub fn weight(&self) -> Option<&Tensor> {
        self.of(OperandRole::Filters)
    }

    /// The biases, one a filter.
    #[must_use]
    pub fn bias(&self) -> Option<&[f32]> {
        self.of(OperandRole::Bias).map(Tensor::data)
    }

    /// The second input.
    #[must_use]
    pub fn other(&self) -> Option<&Tensor> {
        self.further(1)
    }

    /// A further input by its number: 1 is the second.
    #[must_use]
    pub fn further(&self, number: usize) -> Option<&Tensor> {
        self.of(OperandRole::Input(number))
    }

    /// The operands of one number a channel, in their order.
    pub(crate) fn per_channel(&self) -> impl Iterator<Item = &[f32]> {
        self.others.iter().filter_map(|(role, tensor)| match role {
            OperandRole::PerChannel { .. } => Some(tensor.data()),
            OperandRole::Filters | OperandRole::Bias | OperandRole::Input(_) => None,
        })
    }

    /// What operands of one number a channel hold for a channel, in their order.
    #[must_use]
    pub fn vectors(&self, channel: usize) -> Vec<f32> {
        let vectors = self.per_channel();
        vectors
            .filter_map(|vector| vector.get(channel).copied())
            .collect()
    }
}

impl Plan {
    /// Tensors for this plan: its input, and each of [`Plan::operand_list`] by its name, in any
    /// order.
    ///
    /// # Errors
    /// When a shape differs, or a tensor is missing or not used.
    pub fn with_operands<N: AsRef<str>>(
        &self,
        input: Tensor,
        given: impl IntoIterator<Item = (N, Tensor)>,
    ) -> Result<Operands, OperandError> {
        let layer = self.layer().name();
        let fits = |tensor, expected: &Shape, given: &Shape| {
            if expected == given {
                return Ok(());
            }
            Err(OperandError::Shape {
                tensor,
                layer,
                expected: *expected,
                given: *given,
            })
        };
        fits("input", self.input_shape(), input.shape())?;
        let mut given: Vec<(N, Tensor)> = given.into_iter().collect();
        let mut others = Vec::with_capacity(self.operand_list().len());
        for operand in self.operand_list() {
            let place = given
                .iter()
                .position(|(name, _)| name.as_ref() == operand.name);
            let Some(place) = place else {
                return Err(OperandError::Missing {
                    tensor: operand.name,
                    layer,
                    expected: operand.shape,
                });
            };
            let (_, tensor) = given.remove(place);
            fits(operand.name, &operand.shape, tensor.shape())?;
            others.push((operand.role, tensor));
        }
        if let Some((name, _)) = given.first() {
            return Err(OperandError::Unused {
                tensor: name.as_ref().to_owned(),
                layer,
                needs_bias: name.as_ref() == "bias" && self.weight_shape().is_some(),
            });
        }
        Ok(Operands { input, others })
    }

    /// Tensors for the plan of a convolution, or of a layer without operands.
    ///
    /// # Errors
    /// As [`Plan::with_operands`].
    pub fn operands(
        &self,
        input: Tensor,
        weight: Option<Tensor>,
        bias: Option<Vec<f32>>,
    ) -> Result<Operands, OperandError> {
        let mut given = Vec::new();
        given.extend(weight.map(|weight| ("weight", weight)));
        if let Some(bias) = bias {
            let length = bias.len();
            let shape = Shape::new(&[length]);
            let bias = shape.ok().and_then(|shape| Tensor::new(shape, bias).ok());
            given.extend(bias.map(|bias| ("bias", bias)));
        }
        self.with_operands(input, given)
    }

    /// Tensors for the plan of an operation on two inputs.
    ///
    /// # Errors
    /// As [`Plan::with_operands`].
    pub fn pair(&self, input: Tensor, other: Tensor) -> Result<Operands, OperandError> {
        self.with_operands(input, [("other", other)])
    }

    /// Tensors for this plan from an input and the layer's own fills. What has a second input by
    /// itself takes the input twice.
    ///
    /// # Errors
    /// When the input has another shape or a fill does not suit.
    pub fn filled(&self, input: Tensor) -> Result<Operands, OperandError> {
        self.filled_with(input, &read_file)
    }

    /// As [`Plan::filled`], with a way to read the files that fills name: from a lesson's folder,
    /// say (see [`Fill::make_with`](crate::tensor::Fill::make_with)).
    ///
    /// # Errors
    /// As [`Plan::filled`], and when a file cannot be read.
    pub fn filled_with(&self, input: Tensor, read: &ReadFile) -> Result<Operands, OperandError> {
        let mut given = Vec::new();
        for operand in self.operand_list() {
            let tensor = match (operand.role, self.layer().fill(operand.name)) {
                (OperandRole::Input(_), _) => input.clone(),
                (_, Some(fill)) => self.made(operand, fill, read)?,
                (_, None) => continue,
            };
            given.push((operand.name, tensor));
        }
        self.with_operands(input, given)
    }

    /// An operand of this plan from a fill.
    ///
    /// # Errors
    /// When the fill does not suit, or names a file that cannot be read.
    pub fn made(
        &self,
        operand: &Operand,
        fill: &crate::tensor::Fill,
        read: &ReadFile,
    ) -> Result<Tensor, OperandError> {
        let made = if operand.role == OperandRole::Filters {
            fill.weights_with(&operand.shape, self.weight_order(), read)
        } else {
            fill.make_with(&operand.shape, read)
        };
        made.map_err(|why| OperandError::Fill {
            tensor: operand.name,
            layer: self.layer().name(),
            why,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;
    use crate::tensor::Fill;

    #[test]
    fn a_blur_keeps_the_brightness_through_a_transposed_convolution() {
        let layer: Layer = ron::from_str(
            "ConvTranspose2d(filters: 2, kernel: (3, 3), groups: 2, weights: BoxBlur)",
        )
        .unwrap();
        let shape: Shape = "6x5x5".parse().unwrap();
        let plan = layer.plan(&shape).unwrap();
        let ones = Fill::Constant(1.0).make(&shape).unwrap();
        let output = plan.evaluate(&plan.filled(ones).unwrap()).unwrap();
        assert_eq!(output.shape().axes(), [2, 7, 7]);
        // Nine stamps of three channels meet in the middle, one of each in the corner.
        for channel in 0..2 {
            let at = |row, column| output.at([channel, row, column]).unwrap();
            assert!((at(3, 3) - 1.0).abs() < 1e-6, "{}", at(3, 3));
            assert!((at(0, 0) - 1.0 / 9.0).abs() < 1e-6, "{}", at(0, 0));
        }
    }
}
