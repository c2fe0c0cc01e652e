//! A network of an ONNX file with the name that the user gave, with which messages about it begin.

use super::graph::Graph;
use super::onnx::{DeclaredAxis, GivenInput, Model, OnnxError};
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

    /// The axes of an input whose numbers a lesson gives as channels, rows and columns: with a batch of one, or without
    /// axes of one in front; else those that the file declares, where they hold so many numbers, or a batch of so
    /// many. Where nothing of that fits, the planes themselves, which are refused with what would be right.
    #[must_use]
    pub fn shape_of(&self, name: &str, planes: &Shape) -> Shape {
        let input = self.model.inputs.iter().find(|input| input.name == name);
        let declared = input.and_then(|input| input.axes());
        let fitting = declared.and_then(|axes| in_axes(axes, planes));
        fitting.unwrap_or(*planes)
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

/// Planes in the axes that a file declares.
fn in_axes(axes: &[DeclaredAxis], planes: &Shape) -> Option<Shape> {
    let fixed = |axis: &DeclaredAxis| match axis {
        DeclaredAxis::Length(length) => Some(*length),
        DeclaredAxis::Named(_) | DeclaredAxis::Open => None,
    };
    let agrees = |lengths: &[usize]| {
        let mut both = axes.iter().zip(lengths);
        lengths.len() == axes.len()
            && both.all(|(axis, length)| fixed(axis).is_none_or(|own| own == *length))
    };
    let given = planes.axes();
    let (ones, own) = given.split_at(given.len().saturating_sub(axes.len()));
    if ones.iter().all(|&length| length == 1) && agrees(own) {
        return Shape::of_axes(own).ok();
    }
    let with_batch = [&[1], given].concat();
    if agrees(&with_batch) {
        return Shape::of_axes(&with_batch).ok();
    }
    // The batch may be open, and is one then.
    let (batch, sample) = axes.split_first()?;
    let sample = sample.iter().map(fixed).collect::<Option<Vec<usize>>>()?;
    let batch = fixed(batch).unwrap_or(1);
    let count: usize = sample.iter().product();
    let whole = [&[batch][..], &sample[..]].concat();
    (count == planes.count() || batch * count == planes.count())
        .then(|| Shape::of_axes(&whole).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(axes: &[usize], planes: [usize; 3]) -> Option<Vec<usize>> {
        // 0 stands for an axis that is open.
        let declared = axes.iter().map(|&length| match length {
            0 => DeclaredAxis::Open,
            length => DeclaredAxis::Length(length),
        });
        let declared: Vec<DeclaredAxis> = declared.collect();
        let shape = in_axes(&declared, &Shape::new(&planes).unwrap())?;
        Some(shape.axes().to_vec())
    }

    #[test]
    fn numbers_of_a_lesson_have_the_axes_of_the_file() {
        let cases: [(&[usize], [usize; 3], Option<&[usize]>); 10] = [
            (&[0, 3, 0, 0], [3, 8, 9], Some(&[1, 3, 8, 9])),
            // A line of sound, tokens, a row of a table, vectors of tokens, a single number.
            (&[0, 1, 8000], [1, 1, 8000], Some(&[1, 1, 8000])),
            (&[0, 0], [1, 1, 16], Some(&[1, 16])),
            (&[1, 12], [1, 1, 12], Some(&[1, 12])),
            (&[0, 0, 32], [1, 10, 32], Some(&[1, 10, 32])),
            (&[], [1, 1, 1], Some(&[])),
            // A film, whose frames lie one below the other; a batch that the file fixes.
            (&[0, 3, 8, 4, 5], [3, 32, 5], Some(&[1, 3, 8, 4, 5])),
            (&[4, 3, 6, 6], [3, 6, 6], Some(&[4, 3, 6, 6])),
            (&[0, 3, 8, 8], [1, 8, 8], None),
            (&[0, 12], [1, 1, 13], None),
        ];
        for (axes, planes, wanted) in cases {
            let fitted = fitted(axes, planes);
            assert_eq!(fitted.as_deref(), wanted, "{axes:?} {planes:?}");
        }
    }
}
