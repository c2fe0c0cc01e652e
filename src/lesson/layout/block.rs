//! Where each element of a tensor stands: its grid of cubes in space.

use glam::Vec3;

use crate::tensor::Shape;

/// Room between two groups of channels, in cubes.
const GROUP_GAP: f32 = 0.9;
/// A vector up to this long stands as a column.
const COLUMN: usize = 16;

/// How planes, rows and columns stand in space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Channels go back, rows down, columns to the right.
    Deep,
    /// Channels of one row each: channels go down, columns to the right.
    Sheet,
    /// One after another along the only axis that is longer than 1, in lines of so many, one below the
    /// other.
    Lines(usize),
}

impl Stand {
    /// How a tensor of a shape stands.
    #[must_use]
    pub fn of(shape: &Shape) -> Self {
        match *shape.axes() {
            [] => Self::Lines(1),
            [length] => Self::of_vector(length),
            [_, _] => Self::Sheet,
            // One number a channel, of many channels.
            [channels, rows, columns] => {
                let count = shape.count();
                let along = channels.max(rows).max(columns);
                if count > COLUMN && along == count {
                    Self::of_vector(count)
                } else {
                    Self::Deep
                }
            }
            _ => Self::Deep,
        }
    }

    /// How a vector stands: as a column, or in lines that make about a square of it, all of them full
    /// where that is possible.
    pub(super) fn of_vector(length: usize) -> Self {
        if length <= COLUMN {
            return Self::Lines(1);
        }
        let side = (1..=length)
            .find(|side| side * side >= length)
            .unwrap_or(length);
        let full = (side..=side + side / 2).find(|columns| length.is_multiple_of(*columns));
        Self::Lines(full.unwrap_or(side))
    }
}

/// A tensor's grid of cubes in space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// Channels, rows, columns.
    pub dims: [usize; 3],
    /// The centre of element (0, 0, 0).
    pub origin: Vec3,
    /// Channels after which a gap is left; 0 for none.
    pub group: usize,
    /// Cells from one row to the next and from one column to the next.
    pub spread: [usize; 2],
    /// Room between two channels, in cubes, so that the inside can be seen.
    pub apart: f32,
    /// How it stands.
    pub stand: Stand,
}

impl Block {
    /// A block of cubes that touch.
    pub(super) const fn new(dims: [usize; 3], group: usize) -> Self {
        Self {
            dims,
            origin: Vec3::ZERO,
            group,
            spread: [1, 1],
            apart: 0.0,
            stand: Stand::Deep,
        }
    }

    /// The centre of an element, which may also lie outside the tensor.
    #[must_use]
    pub fn position(&self, channel: isize, row: isize, column: isize) -> Vec3 {
        match self.stand {
            Stand::Deep => {}
            Stand::Sheet => {
                let column = column * self.spread[1] as isize;
                return self.origin + Vec3::new(column as f32, -((channel + row) as f32), 0.0);
            }
            Stand::Lines(width) => {
                let (width, number) = (width.max(1) as isize, channel + row + column);
                let (line, column) = (number.div_euclid(width), number.rem_euclid(width));
                return self.origin + Vec3::new(column as f32, -(line as f32), 0.0);
            }
        }
        let walls = if self.group == 0 {
            0.0
        } else {
            channel.max(0) as usize as f32 / self.group as f32
        };
        self.origin
            + Vec3::new(
                (column * self.spread[1] as isize) as f32,
                -((row * self.spread[0] as isize) as f32),
                -(channel as f32) * (1.0 + self.apart) - walls.floor() * GROUP_GAP,
            )
    }

    /// The centre of an element, as [`Block::position`].
    #[must_use]
    pub fn position_of(&self, [channel, row, column]: [isize; 3]) -> Vec3 {
        self.position(channel, row, column)
    }

    /// The same cubes, numbered in the same order, as channels that go back, rows that go down and
    /// columns that go to the right. Where a last line is not full, it has places for its rest.
    #[must_use]
    pub fn deep(&self) -> Self {
        let [channels, rows, columns] = self.dims;
        let dims = match self.stand {
            Stand::Deep => return *self,
            Stand::Sheet => [1, channels * rows, columns],
            Stand::Lines(width) => {
                let count = channels * rows * columns;
                [1, count.div_ceil(width.max(1)), width.min(count)]
            }
        };
        Self {
            origin: self.origin,
            spread: [1, self.spread[1]],
            ..Self::new(dims, 0)
        }
    }

    /// The lowest and the highest corner.
    #[must_use]
    pub fn bounds(&self) -> (Vec3, Vec3) {
        if self.stand != Stand::Deep {
            return self.deep().bounds();
        }
        let [channels, rows, columns] = self.dims.map(|size| size.saturating_sub(1) as isize);
        let half = Vec3::splat(0.5);
        let near = self.position(0, 0, 0);
        let far = self.position(channels, rows, columns);
        (near.min(far) - half, near.max(far) + half)
    }

    /// The middle.
    #[must_use]
    pub fn middle(&self) -> Vec3 {
        let (low, high) = self.bounds();
        (low + high) * 0.5
    }

    /// One of its channels, as a block.
    #[must_use]
    pub fn channel(&self, channel: usize) -> Self {
        let [_, rows, columns] = self.dims;
        Self {
            dims: [1, rows, columns],
            origin: self.position(channel as isize, 0, 0),
            group: 0,
            spread: self.spread,
            apart: self.apart,
            stand: self.stand,
        }
    }

    /// Puts the block's middle there.
    pub(super) fn centred_at(mut self, middle: Vec3) -> Self {
        self.origin += middle - self.middle();
        self
    }

    pub(super) fn size(&self) -> Vec3 {
        let (low, high) = self.bounds();
        high - low
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    /// Every element has a place of its own, in the bounds, and the deep block has the same.
    #[test]
    fn tensors_of_any_axes_stand_where_each_number_can_be_seen() {
        for text in [
            "1", "7", "16", "17", "36", "37", "100", "4x9", "1x5", "40x1x1", "1x1x20", "3x4x5",
            "2x3x4x5",
        ] {
            let shape: Shape = text.parse().unwrap();
            let block = Block {
                stand: Stand::of(&shape),
                origin: Vec3::new(1.0, 2.0, 3.0),
                ..Block::new(shape.as_chw(), 0)
            };
            let (deep, (low, high)) = (block.deep(), block.bounds());
            let mut places = std::collections::BTreeSet::new();
            for index in 0..shape.count() {
                let at = shape.chw_index(index).unwrap().map(|at| at as isize);
                let place = block.position_of(at);
                let [_, rows, columns] = deep.dims;
                let [channel, row, column] = [
                    index / (rows * columns),
                    index / columns % rows,
                    index % columns,
                ];
                let same = deep.position(channel as isize, row as isize, column as isize);
                assert_eq!(place, same, "{text} {index}");
                let half = Vec3::splat(0.5);
                assert!((place - half).cmpge(low).all() && (place + half).cmple(high).all());
                places.insert(place.to_array().map(|at| at as i32));
            }
            assert_eq!(places.len(), shape.count(), "{text}");
            // What has one or two axes hides nothing of itself.
            if shape.rank() < 3 {
                assert_eq!(low.z + 1.0, high.z, "{text}");
            }
        }
        assert_eq!(Stand::of(&"10".parse().unwrap()), Stand::Lines(1));
        assert_eq!(Stand::of(&"256".parse().unwrap()), Stand::Lines(16));
        // Lines that are full, where there are some of about as many as columns.
        assert_eq!(Stand::of(&"84".parse().unwrap()), Stand::Lines(12));
    }
}
