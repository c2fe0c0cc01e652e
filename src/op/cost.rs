//! What an operation costs.

use serde::{Deserialize, Serialize};

/// Counts for one input (a batch of one).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cost {
    /// Learned numbers: weights and biases.
    pub parameters: u64,
    /// Multiply-accumulates. Products with padding count, as is usual.
    pub macs: u64,
    /// Additions, comparisons and divisions outside multiply-accumulates (pooling, `Add`, `ReLU`).
    pub operations: u64,
    /// Bytes of the output in `f32`.
    pub output_bytes: u64,
}

impl std::ops::Add for Cost {
    type Output = Self;

    /// The cost of both, one after the other; stops at the maximum number instead of overflowing.
    fn add(self, other: Self) -> Self {
        Self {
            parameters: self.parameters.saturating_add(other.parameters),
            macs: self.macs.saturating_add(other.macs),
            operations: self.operations.saturating_add(other.operations),
            output_bytes: self.output_bytes.saturating_add(other.output_bytes),
        }
    }
}
