//! What a lesson's layer holds where the lesson says nothing.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

/// Writes an optional argument that is there, as [`some`] reads it.
pub(super) fn inner<S, T>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    match value {
        Some(value) => value.serialize(serializer),
        None => serializer.serialize_none(),
    }
}

pub(super) fn is_one(value: &usize) -> bool {
    *value == one()
}

pub(super) fn is_pair_of_ones(value: &(usize, usize)) -> bool {
    *value == pair_of_ones()
}

pub(super) fn is_triple_of_ones(value: &(usize, usize, usize)) -> bool {
    *value == triple_of_ones()
}

pub(super) fn is_yes(value: &bool) -> bool {
    *value == yes()
}

pub(super) fn is_default_weights(value: &Fill) -> bool {
    *value == default_weights()
}

pub(super) fn is_default_biases(value: &Fill) -> bool {
    *value == default_biases()
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Says which field holds the fill of which operand.
macro_rules! fills {
    ($($operand:literal => $field:ident),+ $(,)?) => {
        fn fill(&self, operand: &str) -> Option<&Fill> {
            match operand {
                $($operand => Some(&self.$field),)+
                _ => None,
            }
        }

        fn fill_mut(&mut self, operand: &str) -> Option<&mut Fill> {
            match operand {
                $($operand => Some(&mut self.$field),)+
                _ => None,
            }
        }
    };
}
pub(super) use fills;
