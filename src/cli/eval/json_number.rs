//! Numbers in JSON, which has neither NaN nor infinity: they are the strings `"NaN"`, `"Infinity"` and
//! `"-Infinity"`, as in the JSON of Protocol Buffers. Python's `float` and JavaScript's `Number` read them.

use serde::{Serialize, Serializer};

/// A number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub f32);

/// Numbers, in a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'a>(pub &'a [f32]);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            number if number.is_finite() => serializer.serialize_f32(number),
            number if number.is_nan() => serializer.serialize_str("NaN"),
            number if number > 0.0 => serializer.serialize_str("Infinity"),
            _ => serializer.serialize_str("-Infinity"),
        }
    }
}

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|&number| Number(number)))
    }
}
