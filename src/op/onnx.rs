//! An operation as a node of an ONNX file: which operators make it, and how their attributes and
//! inputs are read. Reading the file itself is the work of `crate::network`.
//!
//! Source: <https://onnx.ai/onnx/operators/>.

use std::collections::BTreeMap;

use super::layer::Layer;
use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{Shape, Tensor};

/// An operator of ONNX that makes a layer.
#[derive(Debug, Clone, Copy)]
pub struct OnnxForm {
    /// Its name: `Conv`.
    pub op_type: &'static str,
    /// Makes the layer of a node; `None` where another layer has the same operator (`Conv` makes
    /// `Conv1d`, `Conv2d` or `Conv3d`, by the rank of its input).
    pub make: fn(&OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal>,
}

/// A node as the file describes it, with all that is known of its inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct OnnxNode {
    /// Its name in the file; may be empty.
    pub name: String,
    /// Its operator.
    pub op_type: String,
    /// The version of the operator set that the file asks for.
    pub opset: i64,
    /// Its attributes by their names.
    pub attributes: BTreeMap<String, OnnxAttribute>,
    /// Its inputs in order; `None` where an optional one is left out.
    pub inputs: Vec<Option<OnnxInput>>,
    /// How many outputs it has that something uses.
    pub outputs: usize,
}

/// What is known of an input of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct OnnxInput {
    /// Its axes, the batch included.
    pub axes: Vec<usize>,
    /// Its numbers, where they are constant.
    pub constant: Option<OnnxConstant>,
}

/// Constant numbers of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum OnnxConstant {
    /// Of any float type, as `f32`.
    Floats(Vec<f32>),
    /// Of any integer type, or of `bool`.
    Integers(Vec<i64>),
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub enum OnnxAttribute {
    /// `i`
    Integer(i64),
    /// `ints`
    Integers(Vec<i64>),
    /// `f`
    Float(f32),
    /// `floats`
    Floats(Vec<f32>),
    /// `s`
    Text(String),
    /// `strings`
    Texts(Vec<String>),
    /// `t`
    Tensor(Vec<usize>, OnnxConstant),
    /// A graph or what else is not read.
    Unread,
}

/// A layer that a node is, and where the node's inputs go.
#[derive(Debug, Clone, PartialEq)]
pub struct OnnxLayer {
    /// The layer.
    pub layer: Layer,
    /// The node's inputs that are the layer's inputs, in the layer's order.
    pub inputs: Vec<usize>,
    /// Operands of the layer with the node's inputs that hold them: `("weight", 1)`.
    pub operands: Vec<(&'static str, usize)>,
}

impl OnnxLayer {
    /// A layer of one input, the node's first.
    pub fn new(layer: impl Into<Layer>) -> Self {
        Self {
            layer: layer.into(),
            inputs: vec![0],
            operands: Vec::new(),
        }
    }

    /// With an operand from an input of the node, where the node has that input.
    #[must_use]
    pub fn operand(mut self, node: &OnnxNode, name: &'static str, input: usize) -> Self {
        if node.input(input).is_some() {
            self.operands.push((name, input));
        }
        self
    }
}

/// Why a node makes no layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnnxRefusal {
    /// An attribute whose value is of another kind than the operator has.
    Attribute {
        /// Its name.
        name: &'static str,
    },
    /// An input that is missing, or that must be constant here.
    Input {
        /// Its number, from 0.
        number: usize,
        /// What it is called.
        name: &'static str,
    },
    /// Something valid that is not shown here, and what it is.
    Unsupported(Localized<String>),
}

impl Message for OnnxRefusal {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Attribute { name } => says!(
                en: "its attribute `{name}` is not of the kind that the operator has",
                ja: "属性 `{name}` の型が演算子の定義と違います。"
            ),
            Self::Input { number, name } => says!(
                en: "its input {number} (`{name}`) must be there and constant",
                ja: "入力 {number} (`{name}`) は定数でなければなりません。"
            ),
            Self::Unsupported(what) => what.clone(),
        }
    }
}

message_error!(OnnxRefusal);

type Answer<T> = Result<T, OnnxRefusal>;

impl OnnxNode {
    /// An input, where it is there.
    #[must_use]
    pub fn input(&self, number: usize) -> Option<&OnnxInput> {
        self.inputs.get(number)?.as_ref()
    }

    /// The number of axes of an input, the batch included; 0 where there is none.
    #[must_use]
    pub fn rank(&self, number: usize) -> usize {
        self.input(number).map_or(0, |input| input.axes.len())
    }

    /// An attribute that is one whole number, or what it is without being written.
    ///
    /// # Errors
    /// When it is something else.
    pub fn integer(&self, name: &'static str, default: i64) -> Answer<i64> {
        match self.attributes.get(name) {
            None => Ok(default),
            Some(OnnxAttribute::Integer(value)) => Ok(*value),
            Some(_) => Err(OnnxRefusal::Attribute { name }),
        }
    }

    /// An attribute that is a list of whole numbers; `None` where it is not written.
    ///
    /// # Errors
    /// When it is something else.
    pub fn integers(&self, name: &'static str) -> Answer<Option<Vec<i64>>> {
        match self.attributes.get(name) {
            None => Ok(None),
            Some(OnnxAttribute::Integers(values)) => Ok(Some(values.clone())),
            Some(OnnxAttribute::Integer(value)) => Ok(Some(vec![*value])),
            Some(_) => Err(OnnxRefusal::Attribute { name }),
        }
    }

    /// As [`OnnxNode::integers`], each at least 0; `default` for each of `count` axes where it is
    /// not written.
    ///
    /// # Errors
    /// When it is something else, negative, or of another length.
    pub fn sizes(&self, name: &'static str, count: usize, default: usize) -> Answer<Vec<usize>> {
        let Some(values) = self.integers(name)? else {
            return Ok(vec![default; count]);
        };
        let sizes: Vec<usize> = values
            .iter()
            .filter_map(|&value| usize::try_from(value).ok())
            .collect();
        if sizes.len() != values.len() || sizes.len() != count {
            return Err(OnnxRefusal::Attribute { name });
        }
        Ok(sizes)
    }

    /// An attribute that is one real number.
    ///
    /// # Errors
    /// When it is something else.
    pub fn float(&self, name: &'static str, default: f32) -> Answer<f32> {
        match self.attributes.get(name) {
            None => Ok(default),
            Some(OnnxAttribute::Float(value)) => Ok(*value),
            Some(_) => Err(OnnxRefusal::Attribute { name }),
        }
    }

    /// An attribute that is a word.
    ///
    /// # Errors
    /// When it is something else.
    pub fn word<'a>(&'a self, name: &'static str, default: &'a str) -> Answer<&'a str> {
        match self.attributes.get(name) {
            None => Ok(default),
            Some(OnnxAttribute::Text(value)) => Ok(value),
            Some(_) => Err(OnnxRefusal::Attribute { name }),
        }
    }

    /// The whole numbers of a constant input; `None` where the input is left out.
    ///
    /// # Errors
    /// When it is there and not constant.
    pub fn constant_integers(&self, number: usize, name: &'static str) -> Answer<Option<Vec<i64>>> {
        match self.input(number) {
            None => Ok(None),
            Some(input) => match &input.constant {
                Some(OnnxConstant::Integers(values)) => Ok(Some(values.clone())),
                _ => Err(OnnxRefusal::Input { number, name }),
            },
        }
    }

    /// The real numbers of a constant input; `None` where the input is left out.
    ///
    /// # Errors
    /// When it is there and not constant.
    pub fn constant_floats(&self, number: usize, name: &'static str) -> Answer<Option<Vec<f32>>> {
        match self.input(number) {
            None => Ok(None),
            Some(input) => match &input.constant {
                Some(OnnxConstant::Floats(values)) => Ok(Some(values.clone())),
                Some(OnnxConstant::Integers(values)) => {
                    Ok(Some(values.iter().map(|&value| value as f32).collect()))
                }
                None => Err(OnnxRefusal::Input { number, name }),
            },
        }
    }
}

impl OnnxConstant {
    /// The numbers as a tensor of a shape; `None` where they are too few or too many.
    #[must_use]
    pub fn tensor(&self, shape: Shape) -> Option<Tensor> {
        let data = match self {
            Self::Floats(values) => values.clone(),
            Self::Integers(values) => values.iter().map(|&value| value as f32).collect(),
        };
        Tensor::new(shape, data).ok()
    }
}
