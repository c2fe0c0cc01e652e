//! Geometries that describe themselves: every operation that is neither a sliding window over rows
//! and columns nor element by element. One file each; nothing else has to know of them.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::Term;

use super::rearrangement::Digit;
use crate::tensor::{TensorError, WeightOrder};

/// How each output element comes from the inputs. Elements are given as plane, row and column
/// (see [`crate::tensor::Shape::as_chw`]), which addresses a tensor of any number of axes.
pub(crate) trait Mapping: fmt::Debug + Send + Sync {
    /// Planes, rows and columns of the output, which the steps count through.
    fn output(&self) -> [usize; 3];

    /// The phases of every step.
    fn phases(&self) -> &'static [Phase];

    /// How many terms the step of an output element has.
    fn term_count(&self, at: [usize; 3]) -> usize;

    /// One term; `number` is below the count.
    fn term(&self, at: [usize; 3], number: usize) -> Term;

    /// Planes, rows and columns that the terms count through, in their order.
    fn term_dims(&self, at: [usize; 3]) -> [usize; 3] {
        [1, 1, self.term_count(at)]
    }

    /// Where what a step reads of the first input begins, and what it spans.
    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]);

    /// The value of a step from its terms, `running` being their ordered sum (or maximum), bias not
    /// counted; `vectors` are the numbers that operands of one number a channel hold for the step.
    fn value(&self, at: [usize; 3], terms: &[TermValue], running: f32, vectors: &[f32]) -> f32;

    /// Whether the value of a step is the sum of its products and its bias, that sum over the
    /// divisor, or the largest term, with nothing else made of it.
    fn adds_up(&self) -> bool {
        false
    }

    /// What padding holds that copies no element.
    fn padding_value(&self) -> f32 {
        0.0
    }

    /// Whether the largest term is the value, instead of the sum.
    fn compares(&self) -> bool {
        false
    }

    /// What the sum of a step is divided by, before [`Mapping::value`]; `None` where it is not.
    fn divisor(&self, _at: [usize; 3]) -> Option<usize> {
        None
    }

    /// How the weights stand in their tensor.
    fn weight_order(&self) -> WeightOrder {
        WeightOrder::Filters
    }

    /// How many filters its weights are, and planes, rows and columns of each; `None` where a step
    /// reads no weights.
    fn filters(&self) -> Option<(usize, [usize; 3])> {
        None
    }

    /// The filter that a step works with.
    fn filter_at(&self, at: [usize; 3]) -> usize {
        at[0]
    }

    /// The place in its filter of a term's weight, in row-major order.
    fn place_in_filter(&self, _term: &Term, number: usize) -> usize {
        number
    }

    /// Where the weights tensor holds a weight of a filter, by its place in it.
    fn weight_offset(&self, filter: usize, place: usize) -> usize {
        let volume = self.filters().map_or(1, |(_, dims)| dims.iter().product());
        filter * volume + place
    }

    /// What a term adds to the sum that the operation takes, before anything is made of that sum:
    /// the exponential of a softmax, the square under a norm.
    fn summand(&self, term: &TermValue) -> f32 {
        term.product
    }

    /// Refuses tensors whose numbers do not suit: an index that lies outside, say.
    ///
    /// # Errors
    /// With what is wrong and how to fix it.
    fn check(&self, _operands: &Operands) -> Result<(), TensorError> {
        Ok(())
    }

    /// Where each maximum lies, for a pool that PyTorch's `return_indices` works with.
    fn indices(&self, _operands: &Operands) -> Option<Vec<u32>> {
        None
    }

    /// Which term is the element that becomes the output, where a step looks at its whole row.
    fn own(&self, _at: [usize; 3]) -> Option<usize> {
        None
    }

    /// Which number of the operands of one number a channel a step uses; `None` for its channel's.
    fn vector_place(&self, _at: [usize; 3]) -> Option<usize> {
        None
    }

    /// For a step that takes one of its terms as it is, which its numbers decide: that term, or `None`
    /// inside where none is taken. `None` for all other steps.
    fn picked(&self, _at: [usize; 3], _terms: &[TermValue]) -> Option<Option<usize>> {
        None
    }

    /// Which bias a step adds; `None` for its channel's.
    fn bias_place(&self, _at: [usize; 3]) -> Option<usize> {
        None
    }

    /// The whole output, fast.
    fn evaluate(&self, operands: &Operands, out: &mut [f32]);

    /// What is counted of its work, how many for each output element where that is the same for all,
    /// and all of them; `None` where elements only move.
    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)>;

    /// How the axes of the output come about.
    fn formula(&self) -> Vec<(&'static str, AxisFormula)>;

    /// The elements of the first input that an output element depends on.
    fn reads(&self, at: [usize; 3]) -> Field;

    /// The output elements that an element of the first input feeds.
    fn feeds(&self, input: [usize; 3]) -> Field;

    /// The first and the last row (axis 0) or column (axis 1) of the input that a span of the output
    /// depends on.
    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64);

    /// Whether the numbers decide which elements an output element is made of.
    fn chosen_by_data(&self) -> bool {
        false
    }

    /// Rows (axis 0) or columns (axis 1) of the input from one output element to the next.
    fn effective_stride(&self, _axis: usize) -> f64 {
        1.0
    }

    /// The digits of an output place as they move in the input, where elements only move and the first
    /// one stays the first.
    fn digits(&self) -> Option<&[Digit]> {
        None
    }

    /// The index of the input element that an output element is, worked out, where elements only
    /// move.
    fn index_arithmetic(&self, _at: [usize; 3]) -> Option<String> {
        None
    }

    /// The input element that the output element `f, y, x` is, as code, where elements only move.
    fn index_code(&self) -> Option<String> {
        None
    }
}

/// A [`Mapping`], shared.
#[derive(Debug, Clone)]
pub(crate) struct Mapped(Arc<dyn Mapping>);

impl Mapped {
    pub fn new(mapping: impl Mapping + 'static) -> Self {
        Self(Arc::new(mapping))
    }
}

impl Deref for Mapped {
    type Target = dyn Mapping;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for Mapped {
    /// A mapping shows all that it holds, so two that show the same are the same.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || format!("{self:?}") == format!("{other:?}")
    }
}
