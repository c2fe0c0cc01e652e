//! Boxes on the screen within which is drawn.

use bevy::prelude::*;

/// What a pixel costs, in nanoseconds of processor time on a software driver: backdrop, faces, panels.
const PIXEL: f64 = 30.0;
/// What it costs to find out that an instance does not lie in a box.
const INSTANCE: f64 = 15.0;
/// What each box costs beside that.
const BOX: f64 = 200_000.0;
/// Boxes that are looked at together, at most: more than these are joined without looking for the best.
const MANY: usize = 48;

/// The part of a picture that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Regions {
    /// All of it.
    #[default]
    Whole,
    /// Boxes in pixels, from the top left, that do not overlap. Their corners are even, so that a box
    /// holds whole pixels of a video's colours. None where nothing has changed.
    Boxes(Vec<URect>),
}

impl Regions {
    /// Boxes around rectangles, as many as draw fastest.
    pub(super) fn around(rects: impl Iterator<Item = Rect>, size: UVec2, instances: usize) -> Self {
        let each = BOX + INSTANCE * instances as f64;
        let cost = |area: URect| each + PIXEL * f64::from(area.width()) * f64::from(area.height());
        let mut boxes: Vec<URect> = Vec::new();
        for rect in rects.filter_map(|rect| even(rect, size)) {
            // Of the same place there are often many.
            if boxes.iter().any(|one| one.union(rect) == *one) {
                continue;
            }
            boxes.push(rect);
            if boxes.len() > MANY {
                join(&mut boxes, &cost, MANY / 2);
            }
        }
        join(&mut boxes, &cost, 1);
        let whole = cost(URect::from_corners(UVec2::ZERO, size));
        if boxes.iter().map(|one| cost(*one)).sum::<f64>() >= 0.9 * whole {
            return Self::Whole;
        }
        Self::Boxes(boxes)
    }

    /// The rows that have changed; all of `height` rows of a whole picture.
    #[must_use]
    pub fn rows(&self, height: u32) -> std::ops::Range<u32> {
        match self {
            Self::Whole => 0..height,
            Self::Boxes(boxes) => {
                let first = boxes.iter().map(|one| one.min.y).min().unwrap_or(0);
                let last = boxes.iter().map(|one| one.max.y).max().unwrap_or(0);
                first..last
            }
        }
    }
}

/// Joins boxes that overlap, and pairs of which one box is no dearer than both; and while there are more
/// than `most`, those that it makes the least difference for.
fn join(boxes: &mut Vec<URect>, cost: &impl Fn(URect) -> f64, most: usize) {
    let overlap = |a: URect, b: URect| !a.intersect(b).is_empty();
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in 0..boxes.len() {
            for b in a + 1..boxes.len() {
                let (one, two) = (boxes[a], boxes[b]);
                let dearer = cost(one.union(two)) - cost(one) - cost(two);
                let dearer = if overlap(one, two) { f64::MIN } else { dearer };
                if best.is_none_or(|(least, ..)| dearer < least) {
                    best = Some((dearer, a, b));
                }
            }
        }
        match best {
            Some((dearer, a, b)) if dearer <= 0.0 || boxes.len() > most.max(MANY / 2) => {
                let two = boxes.swap_remove(b);
                boxes[a] = boxes[a].union(two);
            }
            _ => return,
        }
    }
}

/// Whole pixels with even corners, within the picture; `None` of what lies outside it.
fn even(rect: Rect, size: UVec2) -> Option<URect> {
    let within = |value: f32, most: u32| value.clamp(0.0, most as f32) as u32;
    let low = UVec2::new(
        within(rect.min.x.floor(), size.x) & !1,
        within(rect.min.y.floor(), size.y) & !1,
    );
    let high = UVec2::new(
        within(rect.max.x.ceil(), size.x)
            .next_multiple_of(2)
            .min(size.x),
        within(rect.max.y.ceil(), size.y)
            .next_multiple_of(2)
            .min(size.y),
    );
    (low.x < high.x && low.y < high.y).then(|| URect::from_corners(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: UVec2 = UVec2::new(1280, 720);

    fn around(rects: &[[f32; 4]]) -> Vec<URect> {
        let rects = rects.iter().map(|[a, b, c, d]| Rect::new(*a, *b, *c, *d));
        match Regions::around(rects, SIZE, 1000) {
            Regions::Whole => panic!("whole"),
            Regions::Boxes(boxes) => boxes,
        }
    }

    #[test]
    fn what_is_near_is_drawn_together_and_what_is_far_apart() {
        assert_eq!(around(&[]), []);
        assert_eq!(
            around(&[[10.5, 11.0, 30.2, 31.0]]),
            [URect::new(10, 10, 32, 32)]
        );
        let near = around(&[[10.0, 10.0, 30.0, 30.0], [40.0, 10.0, 60.0, 30.0]]);
        assert_eq!(near, [URect::new(10, 10, 60, 30)]);
        let far = around(&[[0.0, 0.0, 200.0, 200.0], [1000.0, 500.0, 1300.0, 800.0]]);
        assert_eq!(far.len(), 2);
        // Never twice the same pixel.
        let many: Vec<[f32; 4]> = (0..400)
            .map(|number| {
                let (x, y) = ((number * 37 % 1200) as f32, (number * 91 % 600) as f32);
                [x, y, x + 40.0, y + 20.0]
            })
            .collect();
        if let Regions::Boxes(boxes) = Regions::around(
            many[..30]
                .iter()
                .map(|[a, b, c, d]| Rect::new(*a, *b, *c, *d)),
            SIZE,
            1000,
        ) {
            for (number, one) in boxes.iter().enumerate() {
                assert!(
                    boxes[..number]
                        .iter()
                        .all(|other| other.intersect(*one).is_empty())
                );
            }
        }
        let all = many.iter().map(|[a, b, c, d]| Rect::new(*a, *b, *c, *d));
        // What covers the picture is drawn in one go.
        match Regions::around(all, SIZE, 1000) {
            Regions::Whole => {}
            Regions::Boxes(boxes) => assert_eq!(boxes.len(), 1, "{boxes:?}"),
        }
    }

    #[test]
    fn what_lies_outside_the_picture_is_not_drawn() {
        assert_eq!(
            around(&[[-40.0, 0.0, -2.0, 50.0], [0.0, 720.0, 9.0, 800.0]]),
            []
        );
        assert_eq!(
            around(&[[1270.0, 700.0, 1300.0, 800.0]]),
            [URect::new(1270, 700, 1280, 720)]
        );
    }

    #[test]
    fn rows_reach_from_the_first_box_to_the_last() {
        let boxes = Regions::Boxes(vec![
            URect::new(0, 100, 20, 120),
            URect::new(500, 30, 600, 60),
        ]);
        assert_eq!(boxes.rows(720), 30..120);
        assert_eq!(Regions::Whole.rows(720), 0..720);
        assert_eq!(Regions::Boxes(Vec::new()).rows(720), 0..0);
    }
}
