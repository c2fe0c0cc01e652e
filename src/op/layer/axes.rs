//! Numbers for each of one to three axes, as a lesson writes them: `3`, or `(3, 3, 3)`; and what
//! layers over so many axes have in common.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

use crate::op::error::{AxisName, InputAxes, LayerError};
use crate::tensor::Shape;

/// The names of the last so many axes, outermost first.
pub(super) fn names<const N: usize>() -> [AxisName; N] {
    let all = [AxisName::Slices, AxisName::Rows, AxisName::Columns];
    std::array::from_fn(|axis| all[3 - N + axis])
}

/// Channels and the lengths of the other axes, of a shape of so many besides the channels.
pub(super) fn channels_and_lengths<const N: usize>(
    layer: &'static str,
    input: &Shape,
) -> Result<(usize, [usize; N]), LayerError> {
    let wrong = || LayerError::Rank {
        layer,
        expected: match N {
            1 => InputAxes::Length,
            2 => InputAxes::Planes,
            _ => InputAxes::Volume,
        },
        shape: *input,
    };
    let (channels, lengths) = input.axes().split_first().ok_or_else(wrong)?;
    let lengths = <[usize; N]>::try_from(lengths).map_err(|_| wrong())?;
    Ok((*channels, lengths))
}

/// The last axes of three, others in front of them.
pub(super) fn behind<T: Copy, const N: usize>(front: T, axes: [T; N]) -> [T; 3] {
    std::array::from_fn(|axis| (axis + N).checked_sub(3).map_or(front, |axis| axes[axis]))
}

pub(super) fn are_ones<const N: usize>(values: &[usize; N]) -> bool {
    *values == [1; N]
}

pub(super) fn are_zeros<const N: usize>(values: &[usize; N]) -> bool {
    *values == [0; N]
}

pub(super) fn ones<const N: usize>() -> [usize; N] {
    [1; N]
}

pub(super) fn zeros<const N: usize>() -> [usize; N] {
    [0; N]
}

/// Writes one number alone, several in parentheses.
pub(super) fn write<S, T, const N: usize>(values: &[T; N], serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    if let [only] = values.as_slice() {
        return only.serialize(serializer);
    }
    let mut tuple = serializer.serialize_tuple(N)?;
    for value in values {
        tuple.serialize_element(value)?;
    }
    tuple.end()
}

/// Reads what [`write`] writes.
pub(super) fn read<'de, D, T, const N: usize>(deserializer: D) -> Result<[T; N], D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    if N == 1 {
        let only = T::deserialize(deserializer)?;
        return Vec::from([only])
            .try_into()
            .map_err(|_| de::Error::invalid_length(1, &"one number"));
    }
    deserializer.deserialize_tuple(N, Numbers(PhantomData))
}

struct Numbers<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Numbers<T, N> {
    type Value = [T; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N} numbers in parentheses")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<[T; N], A::Error> {
        let mut values = Vec::with_capacity(N);
        while let Some(value) = numbers.next_element()? {
            values.push(value);
            if values.len() > N {
                break;
            }
        }
        let count = values.len();
        values
            .try_into()
            .map_err(|_| de::Error::invalid_length(count, &self))
    }
}

/// Writes numbers that are there.
pub(super) fn write_some<S, T, const N: usize>(
    values: &Option<[T; N]>,
    serializer: S,
) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    match values {
        Some(values) => write(values, serializer),
        None => serializer.serialize_none(),
    }
}

/// Reads what [`write_some`] writes.
pub(super) fn read_some<'de, D, T, const N: usize>(
    deserializer: D,
) -> Result<Option<[T; N]>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    read(deserializer).map(Some)
}
