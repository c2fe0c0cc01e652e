//! A checked layer: any of its steps on demand, and all that can be said without computing.

use crate::language::Localized;
use crate::tensor::{Shape, WeightOrder};

use super::axis::Axis;
use super::cost::Cost;
use super::error::{LayerError, Quantity};
use super::formula::ShapeFormula;
use super::geometry::{Geometry, TransposeView};
use super::layer::Layer;
use super::operands::{Operand, OperandRole};
use super::operation::VisualStyle;
use super::padding::Sides;
use super::phase::Phase;
use super::step::Step;

/// A layer that fits its input. It holds a few numbers, whatever the sizes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    layer: Layer,
    input: Shape,
    output: Shape,
    operands: Vec<Operand>,
    geometry: Geometry,
    cost: Cost,
}

/// What is counted of an operation's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkUnit {
    /// Multiply-accumulates.
    Macs,
    /// Comparisons, additions, or functions of one element.
    Operations,
}

/// The work of an operation as a product: so many for each element of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// What is counted.
    pub unit: WorkUnit,
    /// The tensor whose elements are counted: the output, or the input of a transposed convolution,
    /// each element of which meets each weight of its channel once, whatever padding cuts off.
    pub tensor: Shape,
    /// How many for each element; `None` where that differs from element to element.
    pub each: Option<u64>,
    /// All of them; at most so many where elements differ.
    pub total: u64,
}

impl Plan {
    pub(crate) fn new(
        layer: Layer,
        input: Shape,
        output: Shape,
        operands: Vec<Operand>,
        geometry: Geometry,
    ) -> Result<Self, LayerError> {
        let mut plan = Self {
            layer,
            input,
            output,
            operands,
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
        let learned = self.operands.iter().filter(|operand| operand.is_learned());
        let parameters: u128 = learned.map(|operand| operand.shape.count() as u128).sum();
        let mut cost = Cost {
            parameters: checked(Quantity::Parameters, parameters)?,
            output_bytes: checked(Quantity::OutputBytes, output * 4)?,
            ..Cost::default()
        };
        match self.count_work() {
            Some((WorkUnit::Macs, .., total)) => cost.macs = checked(Quantity::Macs, total)?,
            Some((WorkUnit::Operations, .., total)) => {
                cost.operations = checked(Quantity::Operations, total)?;
            }
            None => {}
        }
        Ok(cost)
    }

    /// The unit, the counted tensor, how many for each of its elements, and all of them.
    fn count_work(&self) -> Option<(WorkUnit, Shape, Option<u128>, u128)> {
        let of = |unit, tensor: Shape, each: u128| {
            (unit, tensor, Some(each), tensor.count() as u128 * each)
        };
        Some(match &self.geometry {
            Geometry::Convolution(convolution) => of(
                WorkUnit::Macs,
                self.output,
                convolution.term_count() as u128,
            ),
            Geometry::Transposed(transposed) => {
                let each = transposed.group_filters() as u128
                    * transposed.axes[0].kernel as u128
                    * transposed.axes[1].kernel as u128;
                of(WorkUnit::Macs, self.input, each)
            }
            Geometry::Pool(pool) => {
                of(WorkUnit::Operations, self.output, pool.term_count() as u128)
            }
            Geometry::Adaptive(pool) => {
                let total = pool.operations();
                let even = [0, 1]
                    .iter()
                    .all(|axis| pool.input[*axis] % pool.output[*axis] == 0);
                let each = even.then(|| total / self.output.count() as u128);
                (WorkUnit::Operations, self.output, each, total)
            }
            Geometry::Resize(resize) if resize.bilinear => of(WorkUnit::Macs, self.output, 4),
            Geometry::Elementwise(_) => of(WorkUnit::Operations, self.output, 1),
            Geometry::Mapped(mapped) => {
                let (unit, each, total) = mapped.work()?;
                (unit, self.output, each, total)
            }
            Geometry::Shuffle(_) | Geometry::Resize(_) => return None,
        })
    }

    /// The work as a product; `None` for operations that only move elements.
    #[must_use]
    pub fn work(&self) -> Option<Work> {
        let (unit, tensor, each, total) = self.count_work()?;
        Some(Work {
            unit,
            tensor,
            each: each.and_then(|each| u64::try_from(each).ok()),
            total: u64::try_from(total).unwrap_or(u64::MAX),
        })
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

    /// Shapes of all inputs, the first one first.
    pub fn input_shapes(&self) -> impl Iterator<Item = Shape> {
        let further = self.operands.iter();
        let further = further.filter(|one| matches!(one.role, OperandRole::Input(_)));
        std::iter::once(self.input).chain(further.map(|one| one.shape))
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
        self.shape_of(OperandRole::Filters)
    }

    fn shape_of(&self, role: OperandRole) -> Option<Shape> {
        let found = self.operands.iter().find(|operand| operand.role == role);
        found.map(|operand| operand.shape)
    }

    /// The tensors that it works on besides its input, in order.
    #[must_use]
    pub fn operand_list(&self) -> &[Operand] {
        &self.operands
    }

    /// How the stage shows it; `None` where it cannot.
    #[must_use]
    pub fn visual_style(&self) -> Option<VisualStyle> {
        self.layer.operation().visual_style()
    }

    /// The index of the input element that an output element is, worked out, for operations that only
    /// move elements.
    #[must_use]
    pub fn index_arithmetic(&self, output: [usize; 3]) -> Option<String> {
        match &self.geometry {
            Geometry::Mapped(mapped) => mapped.index_arithmetic(output),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => self.layer.operation().index_arithmetic(output),
        }
    }

    /// The input element that the output element `f, y, x` is, as code, for mappings that only move
    /// elements.
    pub(crate) fn index_code(&self) -> String {
        match &self.geometry {
            Geometry::Mapped(mapped) => mapped.index_code(),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => None,
        }
        .unwrap_or_else(|| "a[f, y, x]".to_owned())
    }

    /// What a table calls the layer.
    #[must_use]
    pub fn title(&self) -> Localized<String> {
        let title = self.layer.operation().title(self);
        title.unwrap_or_else(|| Localized::same(self.layer.name()))
    }

    /// How the weights stand in their tensor.
    #[must_use]
    pub fn weight_order(&self) -> WeightOrder {
        match &self.geometry {
            Geometry::Transposed(transposed) => WeightOrder::Channels {
                groups: transposed.groups,
            },
            Geometry::Mapped(mapped) => mapped.weight_order(),
            Geometry::Convolution(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => WeightOrder::Filters,
        }
    }

    /// Number of biases: one a filter, 0 without bias.
    #[must_use]
    pub fn bias_count(&self) -> usize {
        self.shape_of(OperandRole::Bias)
            .map_or(0, |shape| shape.count())
    }

    /// Groups that the channels are split into; 1 for operations without groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        match &self.geometry {
            Geometry::Convolution(convolution) => convolution.groups,
            Geometry::Transposed(transposed) => transposed.groups,
            Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => 1,
        }
    }

    /// Groups of input channels that do not see each other: those of a convolution, and every
    /// channel by itself under a pooling window.
    #[must_use]
    pub fn channel_groups(&self) -> usize {
        match &self.geometry {
            Geometry::Pool(pool) => pool.channels,
            Geometry::Adaptive(pool) => pool.channels,
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => self.groups(),
        }
    }

    /// Rows and columns of a block of a shuffle, and whether it goes back to channels; `None` for
    /// every other operation.
    #[must_use]
    pub fn shuffle(&self) -> Option<(usize, bool)> {
        match &self.geometry {
            Geometry::Shuffle(shuffle) => Some((shuffle.factor, shuffle.inverse)),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => None,
        }
    }

    /// What padding holds that copies no element: minus infinity under a max pool, where padding
    /// never wins, the number of a constant padding, and zero elsewhere.
    #[must_use]
    pub fn padding_value(&self) -> f32 {
        match &self.geometry {
            geometry if geometry.compares() => f32::NEG_INFINITY,
            Geometry::Mapped(mapped) => mapped.padding_value(),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => 0.0,
        }
    }

    /// The same plan with its steps in the other reading of a transposed convolution; every other
    /// operation has one reading and stays as it is.
    #[must_use]
    pub fn in_view(mut self, view: TransposeView) -> Self {
        if let (Geometry::Transposed(geometry), Some(layer)) =
            (&mut self.geometry, self.layer.operation().in_view(view))
        {
            geometry.view = view;
            self.layer = layer;
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
            Geometry::Transposed(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => Sides::default(),
        }
    }

    /// Slices of padding in front, for `Conv3d`.
    pub(crate) fn padding_in_front(&self) -> isize {
        match &self.geometry {
            Geometry::Convolution(convolution) => convolution.axes[0].before as isize,
            Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => 0,
        }
    }

    /// Channels, rows and columns of the padded input, in which [`super::Term::padded`] counts. For
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
            Geometry::Transposed(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => self.input.as_chw(),
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
        Step::new(self.geometry.clone(), index.min(self.step_count() - 1))
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
            Geometry::Elementwise(elementwise) => elementwise.function.phases,
            Geometry::Mapped(mapped) => mapped.phases(),
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
