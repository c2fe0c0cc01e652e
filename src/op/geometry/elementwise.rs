//! The geometry of operations that look at each element by itself.

use crate::op::phase::Phase;
use crate::op::step::{Term, TermSource};

use super::rearrange::moved;

/// The phases of an operation that clips or bends each value.
pub(crate) const CLIP: &[Phase] = &[Phase::Lift, Phase::Compare, Phase::Settle];

/// What is done with each element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    /// Its name: two functions with the same name and constants are the same.
    pub name: &'static str,
    /// Numbers of the layer that it uses.
    pub constants: [f32; 2],
    /// The output from the element (or the sum of the elements, where there are two inputs), the
    /// constants, and the numbers that the operands hold for its channel, in their order.
    pub apply: fn(f32, [f32; 2], &[f32]) -> f32,
    /// What a step shows, one after another.
    pub phases: &'static [Phase],
}

impl Function {
    /// The output is the input.
    pub const NOTHING: Self = Self {
        name: "identity",
        constants: [0.0; 2],
        apply: |value, _, _| value,
        phases: &[Phase::Lift, Phase::Carry, Phase::Settle],
    };
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.constants == other.constants
    }
}

/// An operation element by element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Elementwise {
    pub shape: [usize; 3],
    /// How many tensors are read: 1, or 2 whose elements are added.
    pub inputs: usize,
    pub function: Function,
}

impl Elementwise {
    pub fn term(&self, output: [usize; 3], number: usize) -> Term {
        let source = if number == 0 {
            TermSource::Element(output)
        } else {
            TermSource::Other {
                input: number,
                at: output,
            }
        };
        Term {
            source,
            ..moved(output)
        }
    }

    /// The output of an element.
    pub fn apply(&self, value: f32, vectors: &[f32]) -> f32 {
        (self.function.apply)(value, self.function.constants, vectors)
    }
}
