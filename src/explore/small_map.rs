//! The map of a network in small, as seen from the front: where its blocks lie in a picture, and which of them is meant
//! by a place in it.

use glam::{Vec2, Vec3};

use crate::network::map::PlacedMap;

/// The least breadth and height of a block in the picture.
const LEAST: f32 = 3.0;

/// A rectangle in the picture: its left upper corner, and its right lower one.
pub type Corners = (Vec2, Vec2);

/// A map in small. Places are counted from the picture's left upper corner, downwards.
#[derive(Debug, Clone, PartialEq)]
pub struct SmallMap {
    /// Its breadth and height.
    pub size: Vec2,
    /// Where the blocks lie, in the order of the map.
    pub blocks: Vec<Corners>,
    corner: Vec2,
    scale: f32,
}

impl SmallMap {
    /// A map in a picture that is no larger than so much room; `None` of a map without blocks.
    #[must_use]
    pub fn new(map: &PlacedMap, room: Vec2) -> Option<Self> {
        let (low, high) = map.bounds()?;
        let extent = (high - low).truncate().max(Vec2::splat(f32::EPSILON));
        let room = (room - Vec2::splat(LEAST)).max(Vec2::ONE);
        let scale = (room / extent).min_element();
        let mut small = Self {
            size: extent * scale + Vec2::splat(LEAST),
            blocks: Vec::new(),
            corner: Vec2::new(low.x, high.y),
            scale,
        };
        let blocks = map.blocks.iter().map(|block| {
            let middle = small.place(block.middle);
            let half = (block.half.truncate() * scale).max(Vec2::splat(LEAST * 0.5));
            (middle - half, middle + half)
        });
        small.blocks = blocks.collect();
        Some(small)
    }

    /// Where a point of the stage lies.
    #[must_use]
    pub fn place(&self, point: Vec3) -> Vec2 {
        let from_corner = Vec2::new(point.x - self.corner.x, self.corner.y - point.y);
        from_corner * self.scale + Vec2::splat(LEAST * 0.5)
    }

    /// What of the map is seen where the middle of a view is, its turn to the side and up in radians, and how broad
    /// and high it is there; `None` where the map is seen from its edge or from behind.
    #[must_use]
    pub fn seen(&self, middle: Vec3, [yaw, pitch]: [f32; 2], size: Vec2) -> Option<Corners> {
        let turned = Vec2::new(yaw.cos(), pitch.cos());
        if turned.min_element() < 0.3 {
            return None;
        }
        let (middle, half) = (self.place(middle), size / turned * self.scale * 0.5);
        Some((middle - half, middle + half))
    }

    /// The block that is meant by a place: the one there, or the nearest.
    #[must_use]
    pub fn block_at(&self, at: Vec2) -> Option<usize> {
        let away = |&(low, high): &Corners| at.distance_squared(at.clamp(low, high));
        let blocks = self.blocks.iter().map(away).enumerate();
        let nearest = blocks.min_by(|(_, a), (_, b)| a.total_cmp(b));
        nearest.map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::network_file;

    fn digits() -> PlacedMap {
        let view = network_file::view("digits").unwrap().unwrap();
        view.staged().map.clone()
    }

    #[test]
    fn each_block_is_found_in_its_middle_and_lies_in_the_picture() {
        let map = digits();
        assert!(map.blocks.len() > 3);
        for room in [Vec2::new(300.0, 120.0), Vec2::new(90.0, 200.0)] {
            let small = SmallMap::new(&map, room).unwrap();
            assert!(small.size.cmple(room + 1e-3).all(), "{:?}", small.size);
            assert_eq!(small.blocks.len(), map.blocks.len());
            for (number, (low, high)) in small.blocks.iter().enumerate() {
                assert_eq!(small.block_at((*low + *high) * 0.5), Some(number));
                assert!(low.cmpge(Vec2::splat(-1e-3)).all(), "{low}");
                assert!(high.cmple(small.size + 1e-3).all(), "{high}");
                assert!((*high - *low).min_element() > LEAST - 1e-3);
            }
        }
    }

    #[test]
    fn beside_the_blocks_the_nearest_is_meant() {
        let small = SmallMap::new(&digits(), Vec2::new(300.0, 120.0)).unwrap();
        let (low, high) = small.blocks[1];
        let below = Vec2::new((low.x + high.x) * 0.5, high.y + 1.0);
        assert_eq!(small.block_at(below), Some(1));
        assert_eq!(small.block_at(Vec2::new(-50.0, 0.0)), Some(0));
    }

    #[test]
    fn what_is_seen_of_a_map_is_around_where_one_looks() {
        let map = digits();
        let small = SmallMap::new(&map, Vec2::new(300.0, 120.0)).unwrap();
        let block = &map.blocks[2];
        let size = block.half.truncate() * 2.0;
        let (low, high) = small.seen(block.middle, [0.0, 0.0], size).unwrap();
        let (left, right) = small.blocks[2];
        assert!(low.distance(left) < 1e-2 && high.distance(right) < 1e-2);
        // Turned to the side, more of it is seen.
        let (turned, _) = small.seen(block.middle, [0.5, 0.0], size).unwrap();
        assert!(turned.x < low.x && (turned.y - low.y).abs() < 1e-4);
        assert_eq!(small.seen(block.middle, [3.0, 0.0], size), None);
    }
}
