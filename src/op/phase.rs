//! The phases of a step, which the stage shows one after another.

use serde::{Deserialize, Serialize};

/// A part of a step. Which an operation has, and in what order, [`crate::op::Plan::phases`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// The window moves to its place.
    Travel,
    /// Each element under the window meets its weight.
    Multiply,
    /// The products (or the elements) are added up.
    Accumulate,
    /// The elements under the window are compared.
    Compare,
    /// The sum is divided by the number of elements.
    Divide,
    /// The products go out to their places in the output.
    Scatter,
    /// The value goes to its place in the output.
    Emit,
    /// An element leaves its place.
    Lift,
    /// It travels.
    Carry,
    /// It comes to rest.
    Settle,
}
