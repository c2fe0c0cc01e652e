//! What stands on the workbench: everything from which the scene follows.

use crate::network::{Chain, ChainError};
use crate::op::{Layer, LoopOrder};
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
    /// Layers on an input of channels, rows and columns. Named forms become what they stand for, so
    /// that each of their numbers can be changed; channels that a layer states are left to the input.
    ///
    /// # Errors
    /// When the layers do not follow on from one another on this input.
    pub fn new(layers: &[Layer], input: &Shape, fill: Fill) -> Result<Self, ChainError> {
        let chain = Chain::plan(layers, input)?;
        let layers = chain
            .plans()
            .iter()
            .map(|plan| {
                let general = plan.layer().operation().generalized(plan.input_shape());
                general.unwrap_or_else(|| plan.layer().clone())
            })
            .collect();
        Ok(Self {
            input: input.as_chw(),
            fill,
            layers,
            selected: 0,
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
