//! The tensors that a plan works on, checked against it.

use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{FillError, ReadFile, Shape, Tensor, read_file};

use super::error::TensorRole;
use super::layer::Layer;
use super::plan::Plan;

/// Tensors that fit a plan. Only [`Plan::operands`] and [`Plan::filled`] make them.
#[derive(Debug, Clone, PartialEq)]
pub struct Operands {
    input: Tensor,
    weight: Option<Tensor>,
    bias: Option<Vec<f32>>,
    other: Option<Tensor>,
}

/// Why tensors do not fit a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum OperandError {
    /// A tensor of another shape.
    Shape {
        /// Which tensor.
        tensor: TensorRole,
        /// The layer's name.
        layer: &'static str,
        /// The shape that fits.
        expected: Shape,
        /// The shape given.
        given: Shape,
    },
    /// A tensor that is not there.
    Missing {
        /// Which tensor.
        tensor: TensorRole,
        /// The layer's name.
        layer: &'static str,
        /// The shape that fits.
        expected: Shape,
    },
    /// A tensor that the layer does not use.
    Unused {
        /// Which tensor.
        tensor: TensorRole,
        /// The layer's name.
        layer: &'static str,
        /// Whether the layer would have one with `bias=True`.
        optional: bool,
    },
    /// Another number of biases.
    Biases {
        /// The layer's name.
        layer: &'static str,
        /// One a filter.
        expected: usize,
        /// As given.
        given: usize,
    },
    /// The layer's own weights or biases cannot be made.
    Fill {
        /// Which tensor.
        tensor: TensorRole,
        /// The layer's name.
        layer: &'static str,
        /// The reason.
        why: FillError,
    },
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
                let tensor = tensor.name();
                says!(
                    with [tensor];
                    en: "the {tensor} is {given}, but {layer} needs {expected}",
                    ja: "{tensor}は {given} ですが、{layer} には {expected} が必要です。"
                )
            }
            Self::Missing {
                tensor,
                layer,
                expected,
            } => {
                let tensor = tensor.name();
                says!(
                    with [tensor];
                    en: "{layer} needs a {tensor} of {expected}",
                    ja: "{layer} には {expected} の{tensor}が必要です。"
                )
            }
            Self::Unused {
                tensor,
                layer,
                optional,
            } => {
                let tensor = tensor.name();
                let hint = if *optional {
                    Localized::new(
                        ", or say bias=True",
                        "取り除くか、bias=True にしてください。",
                    )
                } else {
                    Localized::new("", "取り除いてください。")
                };
                says!(
                    with [tensor, hint];
                    en: "{layer} has no {tensor}; leave it out{hint}",
                    ja: "{layer} に{tensor}はありません。{hint}"
                )
            }
            Self::Biases {
                layer,
                expected,
                given,
            } => says!(
                en: "there are {given} biases, but {layer} needs {expected}: one per filter",
                ja: "バイアスが {given} 個ありますが、{layer} にはフィルタごとに 1 個、合わせて {expected} 個必要です。"
            ),
            Self::Fill { tensor, layer, why } => {
                let (tensor, why) = (tensor.name(), why.message());
                says!(
                    with [tensor, why];
                    en: "the {tensor} of {layer}: {why}",
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

    /// The weights, for layers that have them.
    #[must_use]
    pub fn weight(&self) -> Option<&Tensor> {
        self.weight.as_ref()
    }

    /// The biases, one a filter.
    #[must_use]
    pub fn bias(&self) -> Option<&[f32]> {
        self.bias.as_deref()
    }

    /// The second input of `Add`.
    #[must_use]
    pub fn other(&self) -> Option<&Tensor> {
        self.other.as_ref()
    }
}

impl Plan {
    /// Tensors for this plan.
    ///
    /// # Errors
    /// When a shape differs, or a tensor is missing or not used.
    pub fn operands(
        &self,
        input: Tensor,
        weight: Option<Tensor>,
        bias: Option<Vec<f32>>,
    ) -> Result<Operands, OperandError> {
        self.checked(input, weight, bias, None)
    }

    /// Tensors for the plan of `Add`.
    ///
    /// # Errors
    /// When a shape differs, or the layer has one input only.
    pub fn pair(&self, input: Tensor, other: Tensor) -> Result<Operands, OperandError> {
        self.checked(input, None, None, Some(other))
    }

    fn checked(
        &self,
        input: Tensor,
        weight: Option<Tensor>,
        bias: Option<Vec<f32>>,
        other: Option<Tensor>,
    ) -> Result<Operands, OperandError> {
        let layer = self.layer().name();
        let same = |tensor, expected: &Shape, given: &Shape| {
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
        same(TensorRole::Input, self.input_shape(), input.shape())?;
        match (self.weight_shape(), &weight) {
            (Some(expected), Some(weight)) => same(TensorRole::Weight, &expected, weight.shape())?,
            (Some(expected), None) => {
                return Err(OperandError::Missing {
                    tensor: TensorRole::Weight,
                    layer,
                    expected,
                });
            }
            (None, Some(_)) => {
                return Err(OperandError::Unused {
                    tensor: TensorRole::Weight,
                    layer,
                    optional: false,
                });
            }
            (None, None) => {}
        }
        match (self.bias_count(), &bias) {
            (0, None) => {}
            (0, Some(_)) => {
                let optional = self.weight_shape().is_some();
                return Err(OperandError::Unused {
                    tensor: TensorRole::Bias,
                    layer,
                    optional,
                });
            }
            (expected, bias) if bias.as_ref().is_none_or(|bias| bias.len() != expected) => {
                return Err(OperandError::Biases {
                    layer,
                    expected,
                    given: bias.as_ref().map_or(0, Vec::len),
                });
            }
            (_, _) => {}
        }
        match (matches!(self.layer(), Layer::Add(_)), &other) {
            (true, Some(other)) => {
                same(TensorRole::SecondInput, self.input_shape(), other.shape())?
            }
            (true, None) => {
                let expected = *self.input_shape();
                return Err(OperandError::Missing {
                    tensor: TensorRole::SecondInput,
                    layer,
                    expected,
                });
            }
            (false, Some(_)) => {
                return Err(OperandError::Unused {
                    tensor: TensorRole::SecondInput,
                    layer,
                    optional: false,
                });
            }
            (false, None) => {}
        }
        Ok(Operands {
            input,
            weight,
            bias,
            other,
        })
    }

    /// Tensors for this plan from an input and the layer's own fills of weights and biases. `Add`
    /// by itself adds the input to itself.
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
        if matches!(self.layer(), Layer::Add(_)) {
            let other = input.clone();
            return self.pair(input, other);
        }
        let layer = self.layer().name();
        let wrong = |tensor| move |why| OperandError::Fill { tensor, layer, why };
        let (mut weight, mut bias) = (None, None);
        if let Some((weights, biases)) = self.layer().fills() {
            if let Some(shape) = self.weight_shape() {
                let made = weights.weights_with(&shape, self.weight_order(), read);
                weight = Some(made.map_err(wrong(TensorRole::Weight))?);
            }
            if let Ok(shape) = Shape::new(&[self.bias_count()]) {
                let made = biases.make_with(&shape, read);
                bias = Some(made.map_err(wrong(TensorRole::Bias))?.into_data());
            }
        }
        self.operands(input, weight, bias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
