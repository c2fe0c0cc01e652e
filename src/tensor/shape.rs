//! The shape of a tensor and the arithmetic between an index and its place in row-major data.

use std::fmt;
use std::str::FromStr;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::{Localized, Message, custom, message_error, narrow, says};

/// The most axes that a shape has: a pixel shuffle taken apart has six, besides the batch.
pub const MAX_RANK: usize = 8;

/// The most elements that a shape may count. A shape is only a description: what a tensor may
/// really hold is [`crate::tensor::MAX_ELEMENTS`].
const MAX_COUNT: u64 = if usize::BITS >= 64 { 1 << 40 } else { 1 << 30 };

/// The lengths of a tensor's axes, outermost first, each at least 1.
///
/// Prints as `3 × 6 × 6`, parses from `3x6x6`, and is written `(3, 6, 6)` in a lesson.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    sizes: [usize; MAX_RANK],
    rank: u8,
}

/// Why lengths are not a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShapeError {
    /// No axis, or more than [`MAX_RANK`].
    Rank(usize),
    /// An axis of length 0.
    Empty {
        /// The axis, counted from 0.
        axis: usize,
    },
    /// More elements than can be addressed.
    TooLarge {
        /// The lengths as given.
        shape: String,
    },
    /// Text that is not a shape.
    Text {
        /// The text as given.
        text: String,
    },
}

impl Message for ShapeError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Rank(count) => says!(
                en: "a shape has 1 to {MAX_RANK} axes, but this one has {count}; write for example 3x6x6",
                ja: "形状の軸は 1 から {MAX_RANK} 個までですが、{count} 個あります。たとえば 3x6x6 と書いてください。"
            ),
            Self::Empty { axis } => says!(
                en: "axis {axis} of the shape is 0; every axis needs at least one element",
                ja: "軸 {axis} の長さが 0 です。どの軸にも要素が 1 つ以上必要です。"
            ),
            Self::TooLarge { shape } => says!(
                en: "the shape {shape} has too many elements; the limit is {MAX_COUNT}",
                ja: "形状 {shape} は要素が多すぎます。上限は {MAX_COUNT} 個です。"
            ),
            Self::Text { text } => says!(
                en: "{text:?} is not a shape; write the axes with an x between them, for example 3x6x6",
                ja: "{text:?} は形状ではありません。たとえば 3x6x6 のように、軸を x でつないで書いてください。"
            ),
        }
    }
}

message_error!(ShapeError);

impl Shape {
    /// A shape from its axes, outermost first.
    ///
    /// # Errors
    /// When there are no axes or more than [`MAX_RANK`], when an axis is 0, or when the product
    /// is too large to plan with.
    pub fn new(axes: &[usize]) -> Result<Self, ShapeError> {
        if axes.is_empty() || axes.len() > MAX_RANK {
            return Err(ShapeError::Rank(axes.len()));
        }
        if let Some(axis) = axes.iter().position(|&length| length == 0) {
            return Err(ShapeError::Empty { axis });
        }
        axes.iter()
            .try_fold(1u64, |product, &length| product.checked_mul(length as u64))
            .filter(|&product| product <= MAX_COUNT)
            .ok_or_else(|| ShapeError::TooLarge {
                shape: joined(axes),
            })?;
        let mut sizes = [1; MAX_RANK];
        sizes[..axes.len()].copy_from_slice(axes);
        Ok(Self {
            sizes,
            rank: axes.len() as u8,
        })
    }

    /// The shape of a single number, which has no axis.
    pub const SCALAR: Self = Self {
        sizes: [1; MAX_RANK],
        rank: 0,
    };

    /// As [`Shape::new`], where no axes are a single number.
    ///
    /// # Errors
    /// As [`Shape::new`] but for no axes.
    pub fn of_axes(axes: &[usize]) -> Result<Self, ShapeError> {
        if axes.is_empty() {
            return Ok(Self::SCALAR);
        }
        Self::new(axes)
    }

    /// The shape of a feature map: channels, height, width.
    ///
    /// # Errors
    /// As [`Shape::new`].
    pub fn chw(channels: usize, height: usize, width: usize) -> Result<Self, ShapeError> {
        Self::new(&[channels, height, width])
    }

    /// The lengths of the axes, outermost first.
    #[must_use]
    pub fn axes(&self) -> &[usize] {
        &self.sizes[..self.rank()]
    }

    /// How many axes there are.
    #[must_use]
    pub fn rank(&self) -> usize {
        usize::from(self.rank)
    }

    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.axes().iter().product()
    }

    /// The shape seen as planes of rows and columns, which every operation's steps use:
    /// `C × H × W` is itself, `C × L` is `C` planes of one row, `C × D × H × W` is `C·D` planes,
    /// and a single axis is one row. Row-major data is the same in both views.
    #[must_use]
    pub fn as_chw(&self) -> [usize; 3] {
        match *self.axes() {
            [] => [1, 1, 1],
            [length] => [1, 1, length],
            [channels, length] => [channels, 1, length],
            [ref outer @ .., height, width] => [outer.iter().product(), height, width],
        }
    }

    /// Channels: the first axis.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.sizes[0]
    }

    /// Rows of a plane: the last axis but one (1 where there is none).
    #[must_use]
    pub fn height(&self) -> usize {
        self.as_chw()[1]
    }

    /// Columns of a plane: the last axis.
    #[must_use]
    pub fn width(&self) -> usize {
        self.as_chw()[2]
    }

    /// The place of an index in row-major data; `None` when the index has another number of axes
    /// or lies outside.
    #[must_use]
    pub fn offset(&self, index: impl AsRef<[usize]>) -> Option<usize> {
        let index = index.as_ref();
        if index.len() != self.rank() {
            return None;
        }
        index
            .iter()
            .zip(self.axes())
            .try_fold(0, |offset, (&at, &length)| {
                (at < length).then(|| offset * length + at)
            })
    }

    /// The index at a place in row-major data, the inverse of [`Shape::offset`]; `None` when the
    /// shape has not `N` axes or the place lies past its end.
    #[must_use]
    pub fn index<const N: usize>(&self, offset: usize) -> Option<[usize; N]> {
        if self.rank() != N || offset >= self.count() {
            return None;
        }
        let mut rest = offset;
        let mut index = [0; N];
        for axis in (0..N).rev() {
            index[axis] = rest % self.sizes[axis];
            rest /= self.sizes[axis];
        }
        Some(index)
    }

    /// The place of an element given as channel, row and column (see [`Shape::as_chw`]).
    #[must_use]
    pub fn chw_offset(&self, [plane, row, column]: [usize; 3]) -> Option<usize> {
        let [planes, height, width] = self.as_chw();
        (plane < planes && row < height && column < width)
            .then(|| (plane * height + row) * width + column)
    }

    /// Channel, row and column of a place in row-major data; `None` past its end.
    #[must_use]
    pub fn chw_index(&self, offset: usize) -> Option<[usize; 3]> {
        let [_, height, width] = self.as_chw();
        (offset < self.count()).then(|| {
            [
                offset / (height * width),
                offset / width % height,
                offset % width,
            ]
        })
    }
}

fn joined(axes: &[usize]) -> String {
    axes.iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(" × ")
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&joined(self.axes()))
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({self})")
    }
}

impl FromStr for Shape {
    type Err = ShapeError;

    /// Reads `3x6x6`, with `x`, `X`, `×`, `*` or `,` between the axes, and what Python prints: `(3, 6, 6)`,
    /// `[3, 6, 6]` or `torch.Size([3, 6, 6])`; also in the full-width signs of a Japanese keyboard.
    fn from_str(text: &str) -> Result<Self, ShapeError> {
        let wrong = || ShapeError::Text {
            text: text.chars().take(60).collect(),
        };
        let narrowed: String = text.chars().map(narrow).collect();
        let inner = narrowed.trim();
        let inner = inner.strip_prefix("torch.Size").unwrap_or(inner).trim();
        let inner = inner
            .strip_prefix('(')
            .map_or(Some(inner), |rest| rest.strip_suffix(')'));
        let inner = inner.ok_or_else(wrong)?.trim();
        let inner = inner
            .strip_prefix('[')
            .map_or(Some(inner), |rest| rest.strip_suffix(']'));
        let inner = inner.ok_or_else(wrong)?.trim();
        // The tuple of one: (3,).
        let axes = inner
            .strip_suffix(',')
            .unwrap_or(inner)
            .split(['x', 'X', '×', '*', ',', '、'])
            .map(|part| part.trim().parse::<usize>().map_err(|_| wrong()))
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(&axes)
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.rank())?;
        for length in self.axes() {
            tuple.serialize_element(length)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Axes;
        impl<'de> Visitor<'de> for Axes {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a shape such as (3, 6, 6): channels, height, width")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
                let mut axes = Vec::new();
                while let Some(length) = seq.next_element::<usize>()? {
                    axes.push(length);
                    if axes.len() > MAX_RANK {
                        break;
                    }
                }
                Shape::new(&axes).map_err(custom)
            }
        }
        deserializer.deserialize_any(Axes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_and_its_offset_are_inverse() {
        let shape = Shape::new(&[2, 3, 4, 5]).unwrap();
        for offset in 0..shape.count() {
            let index: [usize; 4] = shape.index(offset).unwrap();
            assert_eq!(shape.offset(index), Some(offset));
            let plane = shape.chw_index(offset).unwrap();
            assert_eq!(plane, [index[0] * 3 + index[1], index[2], index[3]]);
            assert_eq!(shape.chw_offset(plane), Some(offset));
        }
        assert_eq!(shape.index::<4>(120), None);
        assert_eq!(shape.offset([0, 0, 0, 5]), None);
        assert_eq!(shape.offset([0, 0, 0]), None);
    }

    #[test]
    fn a_shape_reads_and_prints_as_people_write_it() {
        let shape: Shape = "3x6x7".parse().unwrap();
        assert_eq!(shape.to_string(), "3 × 6 × 7");
        assert_eq!(ron::from_str::<Shape>("(3, 6, 7)").unwrap(), shape);
        assert_eq!(ron::to_string(&shape).unwrap(), "(3,6,7)");
        assert_eq!(serde_json::from_str::<Shape>("[3,6,7]").unwrap(), shape);
        for text in [
            "３ｘ６ｘ７",
            "３×６×７",
            "（３，６，７）",
            "3、6、7",
            "3*6*7",
        ] {
            assert_eq!(text.parse::<Shape>(), Ok(shape), "{text}");
        }
    }

    #[test]
    fn what_is_no_shape_is_refused_with_the_reason() {
        let error = |text: &str| text.parse::<Shape>().unwrap_err().to_string();
        assert!(error("3x0x6").contains("axis 1"));
        assert!(error("cat").contains("3x6x6"));
        assert!(error("1x1x1x1x1x1x1x1x1").contains("this one has 9"));
        assert!(error("4000000x4000000x3").contains("too many"));
        assert!(ron::from_str::<Shape>("(3, 0, 6)").is_err());
    }
}
