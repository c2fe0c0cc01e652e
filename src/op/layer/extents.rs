//! A number for each of an operation's axes, where it has as many as its input.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

/// Numbers for axes, outermost first. Numbers that are all alike hold for any number of axes, as
/// PyTorch's `scale_factor=2` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extents<T>(Vec<T>);

impl<T: Copy + PartialEq> Extents<T> {
    /// Numbers for so many axes.
    #[must_use]
    pub fn new(values: Vec<T>) -> Self {
        Self(values)
    }

    /// The numbers as they were given.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.0
    }

    /// The number of all axes, where they are alike.
    #[must_use]
    pub fn single(&self) -> Option<T> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().all(|value| value == first).then_some(*first)
    }

    /// A number for each of so many axes; `None` where there are others, and not all alike.
    #[must_use]
    pub fn over(&self, axes: usize) -> Option<Vec<T>> {
        if self.0.len() == axes {
            return Some(self.0.clone());
        }
        self.single().map(|value| vec![value; axes])
    }
}

impl<T> From<(T, T)> for Extents<T> {
    fn from((rows, columns): (T, T)) -> Self {
        Self(vec![rows, columns])
    }
}

impl<T: Serialize> Serialize for Extents<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        for value in &self.0 {
            tuple.serialize_element(value)?;
        }
        tuple.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Extents<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Numbers(PhantomData))
    }
}

struct Numbers<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Numbers<T> {
    type Value = Extents<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers in parentheses, such as (2, 2)")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Extents<T>, A::Error> {
        let mut values = Vec::new();
        while values.len() < 3
            && let Some(value) = numbers.next_element()?
        {
            values.push(value);
        }
        Ok(Extents(values))
    }
}
