//! What stands on the workbench: everything from which the scene follows.

use crate::network::{Chain, ChainError};
use crate::op::{Flatten, Layer, LoopOrder, Parameter, Squeeze, Unflatten};
use crate::tensor::{Fill, Shape, ShapeError};

/// Input, layers and the order in which they are computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Channels, rows and columns of the input.
    pub input: [usize; 3],
    /// What the input holds.
    pub fill: Fill,
    /// The layers, one after another; at least one.
    pub layers: Vec<Layer>,
    /// The layer whose parameters are shown.
    pub selected: usize,
    /// In which order the products are computed.
    pub order: LoopOrder,
}

impl Setup {
    /// Layers on an input. Named forms become what they stand for, so that each of their numbers can be
    /// changed; channels that a layer states are left to the input. An input of other axes than
    /// channels, rows and columns is laid out in these, and a first layer makes its own axes of them.
    ///
    /// # Errors
    /// When the layers do not follow on from one another on this input.
    pub fn new(layers: &[Layer], input: &Shape, fill: Fill) -> Result<Self, ChainError> {
        let chain = Chain::plan(layers, input)?;
        let first = axes_of(input);
        let layers = chain.plans().iter().map(|plan| {
            let general = plan.layer().operation().generalized(plan.input_shape());
            let mut layer = general.unwrap_or_else(|| plan.layer().clone());
            // Tensors count from what the first layer makes.
            if let (Some(tensor), true) = (layer.operation().second_input(), first.is_some()) {
                layer.set(Parameter::Tensor, tensor + 1);
            }
            layer
        });
        let layers = layers.collect::<Vec<Layer>>();
        Ok(Self {
            input: in_planes(input),
            fill,
            selected: usize::from(first.is_some()),
            layers: first.into_iter().chain(layers).collect(),
            order: LoopOrder::default(),
        })
    }

    /// The same setup, with the files that it names under other names.
    ///
    /// # Errors
    /// That of the renaming.
    pub fn with_files<E>(
        &self,
        mut rename: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Self, E> {
        let mut setup = self.clone();
        setup.fill = setup.fill.with_file(&mut rename)?;
        let mut outcome = Ok(());
        for layer in &mut setup.layers {
            layer.change_fills(&mut |fill| {
                if outcome.is_ok() {
                    outcome = fill.with_file(&mut rename).map(|renamed| *fill = renamed);
                }
            });
        }
        outcome.map(|()| setup)
    }

    /// The input's shape.
    ///
    /// # Errors
    /// When an axis is 0, or there are too many elements to plan with.
    pub fn shape(&self) -> Result<Shape, ShapeError> {
        Shape::new(&self.input)
    }

    /// The layer whose parameters are shown.
    #[must_use]
    pub fn layer(&self) -> Option<&Layer> {
        self.layers.get(self.selected)
    }

    /// The shape that the selected layer reads, as far as the layers before it can be planned.
    #[must_use]
    pub fn selected_input(&self) -> Option<Shape> {
        let shape = self.shape().ok()?;
        if self.selected == 0 {
            return Some(shape);
        }
        let before = self.layers.get(..self.selected)?;
        Some(*Chain::plan(before, &shape).ok()?.output_shape())
    }
}

/// Channels, rows and columns in which the elements of a tensor of any axes are laid out, in their
/// order.
#[must_use]
pub fn in_planes(shape: &Shape) -> [usize; 3] {
    match *shape.axes() {
        [] => [1, 1, 1],
        [length] => [1, 1, length],
        [channels, length] => [channels, 1, length],
        [channels, ref rows @ .., columns] => [channels, rows.iter().product(), columns],
    }
}

/// The layer that makes a tensor of a shape of what is laid out in channels, rows and columns; `None`
/// of a shape that has these axes.
fn axes_of(shape: &Shape) -> Option<Layer> {
    match *shape.axes() {
        [_, _, _] => None,
        [] | [_] => Some(Flatten::default().into()),
        // Numbers of axes count the batch.
        [_, _] => Some(Squeeze { dim: Some(vec![2]) }.into()),
        [_, ref rows @ .., _] => Some(
            Unflatten {
                dim: 2,
                unflattened_size: rows.iter().map(|length| *length as i64).collect(),
            }
            .into(),
        ),
    }
}

impl Default for Setup {
    /// A small convolution.
    fn default() -> Self {
        Self {
            input: [3, 6, 6],
            fill: Fill::Ramp,
            layers: vec![crate::op::Conv2d::new(4, (3, 3)).into()],
            selected: 0,
            order: LoopOrder::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever axes an input has, the layers get it as it is.
    #[test]
    fn an_input_of_any_axes_is_laid_out_and_given_its_axes_back() {
        for (layers, shape) in [
            ("Linear(6, 2)", "6"),
            ("Conv1d(3, 2, 3)", "3x7"),
            ("Conv2d(3, 2, 3)", "3x5x4"),
            ("Conv3d(2, 2, 2)", "2x3x4x5"),
            ("MatMul(0, True)", "3x5"),
        ] {
            let layer: Layer = layers.parse().unwrap();
            let shape: Shape = shape.parse().unwrap();
            let setup = Setup::new(std::slice::from_ref(&layer), &shape, Fill::Ramp).unwrap();
            let chain = Chain::plan(&setup.layers, &setup.shape().unwrap()).unwrap();
            let plan = chain.plans().last().unwrap();
            assert_eq!(plan.input_shape(), &shape, "{layers}");
            let alone = Chain::plan(std::slice::from_ref(&layer), &shape).unwrap();
            assert_eq!(chain.output_shape(), alone.output_shape(), "{layers}");
            // Element by element: what the first layer makes is the input in its order.
            let input = Fill::Count.make(&setup.shape().unwrap()).unwrap();
            let tensors = chain.run(input.clone()).unwrap();
            assert_eq!(tensors[setup.selected].data(), input.data(), "{layers}");
        }
    }
}
