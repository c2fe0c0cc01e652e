//! The tensors that a plan works on, checked against it.

use thiserror::Error;

use crate::tensor::{FillError, ReadFile, Shape, Tensor, read_file};

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
#[derive(Debug, Clone, PartialEq, Error)]
pub enum OperandError {
    /// A tensor of another shape.
    #[error("the {tensor} is {given}, {layer} needs {expected}")]
    Shape {
        /// `input`, `weight` or `second input`.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// The shape that fits.
        expected: String,
        /// The shape given.
        given: String,
    },
    /// A tensor that is not there.
    #[error("{layer} needs a {tensor} of {expected}")]
    Missing {
        /// `weight`, `bias` or `second input`.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// What fits.
        expected: String,
    },
    /// A tensor that the layer does not use.
    #[error("{layer} has no {tensor}; leave it out{hint}")]
    Unused {
        /// `weight`, `bias` or `second input`.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// How the layer would have one.
        hint: &'static str,
    },
    /// Another number of biases.
    #[error("there are {given} biases, {layer} needs {expected}: one a filter")]
    Biases {
        /// The layer's name.
        layer: &'static str,
        /// One a filter.
        expected: usize,
        /// As given.
        given: usize,
    },
    /// The layer's own weights or biases cannot be made.
    #[error("{tensor} of {layer}: {why}")]
    Fill {
        /// `weights` or `biases`.
        tensor: &'static str,
        /// The layer's name.
        layer: &'static str,
        /// The reason.
        why: FillError,
    },
}

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
                expected: expected.to_string(),
                given: given.to_string(),
            })
        };
        same("input", self.input_shape(), input.shape())?;
        match (self.weight_shape(), &weight) {
            (Some(expected), Some(weight)) => same("weight", &expected, weight.shape())?,
            (Some(expected), None) => {
                let expected = expected.to_string();
                return Err(OperandError::Missing {
                    tensor: "weight",
                    layer,
                    expected,
                });
            }
            (None, Some(_)) => {
                return Err(OperandError::Unused {
                    tensor: "weight",
                    layer,
                    hint: "",
                });
            }
            (None, None) => {}
        }
        match (self.bias_count(), &bias) {
            (0, None) => {}
            (0, Some(_)) => {
                let hint = if self.weight_shape().is_some() {
                    ", or say bias=True"
                } else {
                    ""
                };
                return Err(OperandError::Unused {
                    tensor: "bias",
                    layer,
                    hint,
                });
            }
            (expected, None) => {
                let expected = format!("{expected} numbers");
                return Err(OperandError::Missing {
                    tensor: "bias",
                    layer,
                    expected,
                });
            }
            (expected, Some(bias)) if bias.len() != expected => {
                return Err(OperandError::Biases {
                    layer,
                    expected,
                    given: bias.len(),
                });
            }
            (_, Some(_)) => {}
        }
        match (matches!(self.layer(), Layer::Add(_)), &other) {
            (true, Some(other)) => same("second input", self.input_shape(), other.shape())?,
            (true, None) => {
                let expected = self.input_shape().to_string();
                return Err(OperandError::Missing {
                    tensor: "second input",
                    layer,
                    expected,
                });
            }
            (false, Some(_)) => {
                return Err(OperandError::Unused {
                    tensor: "second input",
                    layer,
                    hint: "",
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
                weight = Some(made.map_err(wrong("weights"))?);
            }
            if let Ok(shape) = Shape::new(&[self.bias_count()]) {
                let made = biases.make_with(&shape, read);
                bias = Some(made.map_err(wrong("biases"))?.into_data());
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
