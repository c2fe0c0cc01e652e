//! The geometry of operations that look at each element by itself.

use crate::op::phase::Phase;
use crate::op::step::Term;

use super::rearrange::moved;

/// The phases of an operation that clips or bends each value.
pub(crate) const CLIP: &[Phase] = &[Phase::Lift, Phase::Compare, Phase::Settle];

/// The phases of an operation that computes each value by a formula.
pub(crate) const COMPUTE: &[Phase] = &[Phase::Lift, Phase::Multiply, Phase::Settle];

/// What is done with each element. [`function!`] makes one.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    /// Its name: two functions with the same name and constants are the same.
    pub name: &'static str,
    /// Numbers of the layer that it uses.
    pub constants: [f32; 2],
    /// The output from the element, the constants, and the numbers that the operands hold for its
    /// channel, in their order.
    pub apply: fn(f32, [f32; 2], &[f32]) -> f32,
    /// The same for many elements: a loop into which the compiler puts the function, where
    /// [`Function::apply`] would be a call for each.
    pub apply_to: fn(&[f32], &mut [f32], [f32; 2], &[f32]),
    /// What a step shows, one after another.
    pub phases: &'static [Phase],
}

impl std::fmt::Debug for Function {
    /// Without the addresses of its code, which are others in each process: recordings know a lesson
    /// again by what it writes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function")
            .field("name", &self.name)
            .field("constants", &self.constants)
            .finish_non_exhaustive()
    }
}

/// A [`Function`] from its name, its constants, its phases, and what it makes of an element, the
/// constants and the numbers of the channel.
macro_rules! function {
    ($name:expr, $constants:expr, $phases:expr, $apply:expr $(,)?) => {
        $crate::op::geometry::Function {
            name: $name,
            constants: $constants,
            apply: $apply,
            apply_to: |input, out, constants, vectors| {
                $crate::op::geometry::apply_each(input, out, constants, vectors, $apply);
            },
            phases: $phases,
        }
    };
}
pub(crate) use function;

/// Writes what a function makes of each element.
#[inline]
pub(crate) fn apply_each(
    input: &[f32],
    out: &mut [f32],
    constants: [f32; 2],
    vectors: &[f32],
    apply: impl Fn(f32, [f32; 2], &[f32]) -> f32,
) {
    for (out, value) in out.iter_mut().zip(input) {
        *out = apply(*value, constants, vectors);
    }
}

impl Function {
    /// The output is the input.
    pub const NOTHING: Self = function!(
        "identity",
        [0.0; 2],
        &[Phase::Lift, Phase::Carry, Phase::Settle],
        |value, _, _| value,
    );
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
    pub function: Function,
}

impl Elementwise {
    pub fn term(&self, output: [usize; 3]) -> Term {
        moved(output)
    }

    /// The output of an element.
    pub fn apply(&self, value: f32, vectors: &[f32]) -> f32 {
        (self.function.apply)(value, self.function.constants, vectors)
    }

    /// The outputs of elements that share the numbers of their operands.
    pub fn apply_to(&self, input: &[f32], out: &mut [f32], vectors: &[f32]) {
        (self.function.apply_to)(input, out, self.function.constants, vectors);
    }
}
