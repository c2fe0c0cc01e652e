//! A checked layer: any of its steps on demand, and all that can be said without computing.

use crate::tensor::{Shape, WeightOrder};

use super::axis::Axis;
use super::cost::Cost;
use super::error::{LayerError, Quantity};
use super::formula::ShapeFormula;
use super::geometry::{ElementwiseKind, Geometry, TransposeView};
use super::layer::Layer;
use super::padding::Sides;
use super::phase::Phase;
use super::step::Step;

/// A layer that fits its input. It holds a few numbers, whatever the sizes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    layer: Layer,
    input: Shape,
    output: Shape,
    weight: Option<Shape>,
    bias: bool,
    geometry: Geometry,
    cost: Cost,
}

impl Plan {
    pub(crate) fn new(
        layer: Layer,
        input: Shape,
        output: Shape,
        weight: Option<Shape>,
        bias: bool,
        geometry: Geometry,
    ) -> Result<Self, LayerError> {
        let mut plan = Self {
            layer,
            input,
            output,
            weight,
            bias,
            geometry,
            cost: Cost::default(),
        };
        plan.cost = plan.count_cost()?;
        Ok(plan)
    }

    fn count_cost(&self) -> Result<Cost, LayerError> {
        let checked = |quantity, value: u128| {
            u64::try_from(value).map_err(|_| LayerError::TooMuch {
                layer: self.layer.name(),
                quantity,
                value,
            })
        };
        let output = self.output.count() as u128;
        let weights = self.weight.map_or(0, |weight| weight.count() as u128);
        let biases = self.bias_count() as u128;
        let mut cost = Cost {
            parameters: checked(Quantity::Parameters, weights + biases)?,
            output_bytes: checked(Quantity::OutputBytes, output * 4)?,
            ..Cost::default()
        };
        match &self.geometry {
            Geometry::Convolution(convolution) => {
                cost.macs = checked(Quantity::Macs, output * convolution.term_count() as u128)?;
            }
            // Each input element meets each weight of its channel once, whatever is cropped.
            Geometry::Transposed(transposed) => {
                let each = transposed.group_filters() * transposed.axes[0].kernel;
                let each = each as u128 * transposed.axes[1].kernel as u128;
                cost.macs = checked(Quantity::Macs, self.input.count() as u128 * each)?;
            }
            Geometry::Pool(pool) => {
                cost.operations =
                    checked(Quantity::Operations, output * pool.term_count() as u128)?;
            }
            Geometry::Adaptive(pool) => {
                cost.operations = checked(Quantity::Operations, pool.operations())?;
            }
            Geometry::Resize(resize) if resize.bilinear => {
                cost.macs = checked(Quantity::Macs, output * 4)?;
            }
            Geometry::Elementwise(_) => cost.operations = checked(Quantity::Operations, output)?,
            Geometry::Shuffle(_) | Geometry::Resize(_) => {}
        }
        Ok(cost)
    }

    /// The layer that was planned.
    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// Shape of the input.
    #[must_use]
    pub fn input_shape(&self) -> &Shape {
        &self.input
    }

    /// Shape of the output.
    #[must_use]
    pub fn output_shape(&self) -> &Shape {
        &self.output
    }

    /// Shape of the weights, as PyTorch stores them: `filters × channels/groups × kH × kW`, and
    /// for `ConvTranspose2d` `channels × filters/groups × kH × kW`.
    #[must_use]
    pub fn weight_shape(&self) -> Option<Shape> {
        self.weight
    }

    /// How the weights stand in their tensor.
    #[must_use]
    pub fn weight_order(&self) -> WeightOrder {
        match &self.geometry {
            Geometry::Transposed(transposed) => WeightOrder::Channels {
                groups: transposed.groups,
            },
            _ => WeightOrder::Filters,
        }
    }

    /// Number of biases: one a filter, 0 without bias.
    #[must_use]
    pub fn bias_count(&self) -> usize {
        if self.bias { self.output.channels() } else { 0 }
    }

    /// Groups that the channels are split into; 1 for operations without groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        match &self.geometry {
            Geometry::Convolution(convolution) => convolution.groups,
            Geometry::Transposed(transposed) => transposed.groups,
            _ => 1,
        }
    }

    /// The same plan with its steps in the other reading of a transposed convolution; every other
    /// operation has one reading and stays as it is.
    #[must_use]
    pub fn in_view(mut self, view: TransposeView) -> Self {
        if let (Geometry::Transposed(geometry), Layer::ConvTranspose2d(layer)) =
            (&mut self.geometry, &mut self.layer)
        {
            geometry.view = view;
            layer.view = view;
        }
        self
    }

    /// Rows and columns of padding on each side.
    #[must_use]
    pub fn padding(&self) -> Sides {
        let sides = |height: &Axis, width: &Axis| Sides {
            top: height.before as isize,
            bottom: height.after as isize,
            left: width.before as isize,
            right: width.after as isize,
        };
        match &self.geometry {
            Geometry::Convolution(convolution) => sides(&convolution.axes[1], &convolution.axes[2]),
            Geometry::Pool(pool) => sides(&pool.axes[0], &pool.axes[1]),
            Geometry::Transposed(transposed) if transposed.view == TransposeView::ZeroInsertion => {
                let [height, width] = &transposed.axes;
                Sides {
                    top: height.before(),
                    bottom: height.after(),
                    left: width.before(),
                    right: width.after(),
                }
            }
            _ => Sides::default(),
        }
    }

    /// Planes, rows and columns of the padded input, in which [`super::Term::padded`] counts. For
    /// the zero-insertion view of a transposed convolution, of the zero-inserted and padded input.
    #[must_use]
    pub fn padded_shape(&self) -> Shape {
        let planes = match &self.geometry {
            Geometry::Convolution(convolution) => {
                let [depth, height, width] = &convolution.axes;
                [
                    convolution.channels * depth.padded(),
                    height.padded(),
                    width.padded(),
                ]
            }
            Geometry::Pool(pool) => [pool.channels, pool.axes[0].padded(), pool.axes[1].padded()],
            Geometry::Transposed(transposed) if transposed.view == TransposeView::ZeroInsertion => {
                let [height, width] = &transposed.axes;
                [transposed.channels, height.padded(), width.padded()]
            }
            _ => self.input.planes(),
        };
        // Planning has checked this shape already.
        Shape::new(&planes).unwrap_or(self.input)
    }

    /// How many steps there are.
    #[must_use]
    pub fn step_count(&self) -> u64 {
        self.geometry
            .visited()
            .iter()
            .map(|&length| length as u64)
            .product()
    }

    /// Step number `index`, in constant time. Steps write the output in row-major order: for a
    /// convolution one filter visits all positions, then the next. (In the scatter view of a
    /// transposed convolution, one filter visits all input positions, then the next.) A number
    /// past the end gives the last step.
    #[must_use]
    pub fn step(&self, index: u64) -> Step {
        Step::new(self.geometry, index.min(self.step_count() - 1))
    }

    /// The phases of every step, in order.
    #[must_use]
    pub fn phases(&self) -> &'static [Phase] {
        use Phase::{
            Accumulate, Carry, Compare, Divide, Emit, Lift, Multiply, Scatter, Settle, Travel,
        };
        match &self.geometry {
            Geometry::Transposed(transposed) if transposed.view == TransposeView::Scatter => {
                &[Travel, Multiply, Scatter, Accumulate]
            }
            Geometry::Convolution(_) | Geometry::Transposed(_) => {
                &[Travel, Multiply, Accumulate, Emit]
            }
            Geometry::Pool(_) | Geometry::Adaptive(_) if self.geometry.compares() => {
                &[Travel, Compare, Emit]
            }
            Geometry::Pool(_) | Geometry::Adaptive(_) => &[Travel, Accumulate, Divide, Emit],
            Geometry::Resize(resize) if resize.bilinear => &[Travel, Multiply, Accumulate, Emit],
            Geometry::Shuffle(_) | Geometry::Resize(_) => &[Lift, Carry, Settle],
            Geometry::Elementwise(elementwise) if elementwise.kind == ElementwiseKind::Add => {
                &[Lift, Accumulate, Settle]
            }
            Geometry::Elementwise(_) => &[Lift, Compare, Settle],
        }
    }

    /// Parameters, multiply-accumulates and memory.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// The output's axes as formulas with the numbers filled in.
    #[must_use]
    pub fn shape_formula(&self) -> ShapeFormula {
        ShapeFormula::of(&self.geometry, &self.input)
    }

    pub(crate) fn geometry(&self) -> &Geometry {
        &self.geometry
    }
}
