//! What a lesson's layer holds where the lesson says nothing.

use serde::{Deserialize, Deserializer};

use crate::tensor::Fill;

pub(super) fn one() -> usize {
    1
}

pub(super) fn pair_of_ones() -> (usize, usize) {
    (1, 1)
}

pub(super) fn triple_of_ones() -> (usize, usize, usize) {
    (1, 1, 1)
}

pub(super) fn yes() -> bool {
    true
}

/// Small whole numbers, so that a sum can be followed.
pub(super) fn default_weights() -> Fill {
    Fill::Random { seed: 1 }
}

/// Small whole numbers, others than the weights.
pub(super) fn default_biases() -> Fill {
    Fill::Random { seed: 2 }
}

/// Reads an optional argument that is there, with or without RON's `implicit_some`.
pub(super) fn some<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
