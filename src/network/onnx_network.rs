//! A network of an ONNX file with the name that the user gave, with which messages about it begin.

use super::graph::Graph;
use super::onnx::{GivenInput, Model, OnnxError};
use super::subject::SubjectError;
use crate::tensor::Shape;

/// A network of an ONNX file, and what it was opened by.
#[derive(Debug, Clone, PartialEq)]
pub struct OnnxNetwork {
    /// The path of the file, or the name of a network that comes with the program.
    pub name: String,
    /// What the file describes.
    pub model: Model,
}

impl OnnxNetwork {
    /// It as a graph (see [`Model::graph`]).
    ///
    /// # Errors
    /// As [`Model::graph`], with its name in front.
    pub fn graph(&self, given: &[GivenInput]) -> Result<Graph, SubjectError> {
        self.model.graph(given).map_err(|why| self.told(why))
    }

    /// What is wrong with it, with its name in front.
    #[must_use]
    pub fn told(&self, why: OnnxError) -> SubjectError {
        SubjectError::Onnx {
            path: self.name.clone(),
            why: Box::new(why),
        }
    }

    /// It as a graph for an input of a shape: that of one sample, or with the batch.
    pub(super) fn graph_of(&self, input: Option<&Shape>) -> Result<Graph, SubjectError> {
        let given = input.map(|&shape| {
            let declared = self.model.inputs.first().and_then(|input| input.axes());
            let batched = Shape::new(&[&[1], shape.axes()].concat()).ok();
            let misses = declared.is_some_and(|axes| axes.len() == shape.rank() + 1);
            GivenInput {
                name: None,
                shape: batched.filter(|_| misses).unwrap_or(shape),
                tensor: None,
                empty: None,
            }
        });
        let given: Vec<_> = given.into_iter().collect();
        self.graph(&given)
    }
}
