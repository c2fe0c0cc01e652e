//! Where a name finds room: near what it names, and on nothing. It moves aside and fades by how far it would
//! reach into something, so that nothing jumps or flickers while the camera turns or something comes: a place
//! depends on the picture alone.

use bevy::math::{Rect, Vec2, Vec2Swizzles};

/// How far a name may reach into something before it has gone all the way, or has faded, in 1080ths of the
/// picture.
const GIVE: f32 = 6.0;
/// Room between a name and what is beside it.
const BESIDE: f32 = 8.0;
/// The part of what is named that stays below its name, however far that moves aside.
const BELOW: f32 = 0.4;
/// How far a name goes up to clear what is beside it, in its own heights.
const UP: f32 = 1.5;
/// How far a name moves to the right of others before it moves above them.
const RIGHT: f32 = 32.0;
/// How many names one name is moved above at most.
const CLIMBS: usize = 4;

/// Whose label it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A tensor.
    Tensor(usize),
    /// The filters of a layer.
    Filters(usize),
    /// A side of a comparison.
    Side(usize),
    /// A block of a network.
    Block(usize),
}

/// How much of a place a name takes that is so visible: what is faint is read too.
fn taken(there: f32) -> f32 {
    (there * 8.0).min(1.0)
}

/// From 0 to 1, smoothly, as `x` goes from 0 to 1.
pub(super) fn smooth(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// A box in space, as the picture shows it.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    /// Its corners; each bit of their numbers is an axis.
    corners: [Vec2; 8],
    /// What surrounds them.
    pub bounds: Rect,
    /// What it belongs to.
    owner: Owner,
    /// How much of it is there, from 0 to 1.
    there: f32,
    /// The height in space of the row that it stands in.
    row: f32,
}

impl Outline {
    pub(super) fn new(corners: [Vec2; 8], owner: Owner, there: f32, row: f32) -> Self {
        let nothing = Rect::from_corners(corners[0], corners[0]);
        let bounds = corners
            .iter()
            .fold(nothing, |all, corner| all.union_point(*corner));
        Self {
            corners,
            bounds,
            owner,
            there,
            row,
        }
    }

    /// Its edges: two corners that differ along one axis.
    fn edges(&self) -> impl Iterator<Item = (Vec2, Vec2)> {
        let starts = (0..8_usize).flat_map(|corner| [1, 2, 4].map(|axis| (corner, axis)));
        starts
            .filter(|(corner, axis)| corner & axis == 0)
            .map(|(corner, axis)| (self.corners[corner], self.corners[corner | axis]))
    }

    /// The highest and the lowest of it within a part of the picture's width.
    pub(super) fn rows(&self, columns: std::ops::Range<f32>) -> Option<(f32, f32)> {
        extent(self.edges(), columns)
    }

    /// The leftmost and the rightmost of it within a part of the picture's height.
    fn columns(&self, rows: std::ops::Range<f32>) -> Option<(f32, f32)> {
        extent(self.edges().map(|(a, b)| (a.yx(), b.yx())), rows)
    }

    /// How far it and a rectangle reach into one another; 0 where they are apart.
    fn depth(&self, rect: Rect) -> f32 {
        let bounds = self.bounds.intersect(rect);
        if bounds.is_empty() {
            return 0.0;
        }
        let [origin, along, up, _, back, ..] = self.corners;
        let edges = [along - origin, up - origin, back - origin];
        let axes = edges.map(|edge| edge.perp().normalize_or_zero());
        let slanting = axes.into_iter().filter(|axis| *axis != Vec2::ZERO);
        let half = rect.half_size();
        let depths = slanting.map(|axis| {
            let along = self.corners.map(|corner| corner.dot(axis));
            let first = along.into_iter().fold(f32::MAX, f32::min);
            let last = along.into_iter().fold(f32::MIN, f32::max);
            let (middle, reach) = (rect.center().dot(axis), half.dot(axis.abs()));
            last.min(middle + reach) - first.max(middle - reach)
        });
        let level = bounds.size().min_element();
        depths.fold(level, f32::min).max(0.0)
    }
}

/// The least and the most `y` that lines reach within a range of `x`.
fn extent(
    lines: impl Iterator<Item = (Vec2, Vec2)>,
    within: std::ops::Range<f32>,
) -> Option<(f32, f32)> {
    let reached = lines.filter_map(|(a, b)| {
        let (left, right) = if a.x <= b.x { (a, b) } else { (b, a) };
        let (from, to) = (left.x.max(within.start), right.x.min(within.end));
        let at = |x: f32| {
            let part = (x - left.x) / (right.x - left.x).max(f32::EPSILON);
            left.y + (right.y - left.y) * part.clamp(0.0, 1.0)
        };
        (from <= to).then(|| {
            // A line that is upright reaches from end to end.
            let upright = right.x - left.x <= f32::EPSILON;
            let (first, last) = if upright {
                (left.y, right.y)
            } else {
                (at(from), at(to))
            };
            (first.min(last), first.max(last))
        })
    });
    reached.reduce(|(low, high), (first, last)| (low.min(first), high.max(last)))
}

/// What names keep clear of.
pub(super) struct Surroundings {
    /// Tensors, filters and padding.
    pub outlines: Vec<Outline>,
    /// Where captions stand, if there are any, and how much of them is there.
    pub caption: Option<(Rect, f32)>,
    /// Where the titles stand.
    pub titles: Rect,
    /// Where a card stands, and how much of it is there.
    pub head: (Rect, f32),
    /// The names that stand already, with how much of them is there.
    pub names: Vec<(Rect, f32)>,
    /// The picture.
    pub picture: Rect,
}

/// How much of the letters of a name stands free of other names, with how much of them is there.
pub(super) fn unnamed(letters: Rect, names: impl Iterator<Item = (Rect, f32)>) -> f32 {
    names
        .map(|(name, there)| {
            let depth = name.intersect(letters).size().min_element();
            1.0 - smooth(depth / GIVE) * taken(there)
        })
        .product()
}

impl Surroundings {
    /// The middle of a name that is to stand above what it names: aside, higher or lower where something is in
    /// the way. `gap` is the least room between the two.
    pub(super) fn above(&self, own: &[Outline], wanted: Vec2, size: Vec2, gap: f32) -> Vec2 {
        let bounds = own.iter().map(|outline| outline.bounds);
        let (Some(named), Some(first)) = (bounds.reduce(|all, one| all.union(one)), own.first())
        else {
            return wanted;
        };
        let others = || {
            let others = self.outlines.iter();
            others.filter(|other| other.owner != first.owner)
        };
        let in_row = |other: &&Outline| (other.row - first.row).abs() < 1.0;
        let around = |middle: Vec2| Rect::from_center_size(middle, size);
        let seat = |x: f32| {
            let columns = x - size.x * 0.5..x + size.x * 0.5;
            let tops = own
                .iter()
                .filter_map(|outline| outline.rows(columns.clone()));
            let top = tops.map(|(top, _)| top).fold(named.max.y, f32::min);
            top - size.y * 0.5 - gap
        };
        let mut middle = Vec2::new(wanted.x, wanted.y.min(seat(wanted.x)));
        middle.x += self.aside(around(middle), named, others());
        middle.y = wanted.y.min(seat(middle.x));
        // Over what is beside it still.
        let rect = around(middle);
        let up = others().filter(in_row).map(|other| {
            let sunk = smooth(other.depth(rect) / GIVE) * other.there;
            let rows = other.rows(rect.min.x..rect.max.x);
            let up = rows.map_or(0.0, |(top, _)| rect.max.y + gap - top);
            // What is far higher is not to be climbed.
            let is_low = smooth(2.0 * (UP - up / size.y.max(1.0)));
            sunk * is_low * up
        });
        middle.y -= up.fold(0.0, f32::max);
        // Down from what hangs over it, as far as there is room.
        let rect = around(middle);
        let down = others().filter(|other| !in_row(other)).map(|other| {
            let sunk = smooth(other.depth(rect) / GIVE) * other.there;
            let rows = other.rows(rect.min.x..rect.max.x);
            sunk * rows.map_or(0.0, |(_, foot)| foot - rect.min.y)
        });
        let room = (seat(middle.x) - middle.y).max(0.0);
        middle.y += down.fold(0.0, f32::max).min(room);
        middle
    }

    /// The middle of a name, moved a little to the right of names that stand, and up until it lies on none.
    pub(super) fn over_names(&self, mut middle: Vec2, size: Vec2) -> Vec2 {
        let names = || {
            let names = self.names.iter();
            names.map(|(name, there)| (*name, taken(*there)))
        };
        let rect = Rect::from_center_size(middle, size);
        let right = names().filter(|(other, _)| other.center().x < middle.x);
        let right = right.map(|(other, there)| {
            let both = other.intersect(rect).size();
            smooth(both.y / GIVE) * there * both.x
        });
        middle.x += right.fold(0.0, f32::max).min(RIGHT);
        for _ in 0..CLIMBS {
            let rect = Rect::from_center_size(middle, size);
            let up = names().map(|(other, there)| {
                let depth = other.intersect(rect).size().min_element();
                smooth(depth / GIVE) * there * (rect.max.y + 1.0 - other.min.y)
            });
            let up = up.fold(0.0, f32::max);
            if up <= 0.0 {
                break;
            }
            middle.y -= up;
        }
        middle
    }

    /// The middle of a name along an edge of what it names, `towards` which it stands: nearer, and farther along
    /// that edge, where captions are in the way.
    pub(super) fn along(&self, edge: [Vec2; 2], towards: Vec2, size: Vec2) -> Vec2 {
        let [first, last] = edge;
        let mut middle = (first + last) * 0.5 + towards;
        let under = |middle: Vec2| {
            let rect = Rect::from_center_size(middle, size);
            self.caption.map_or(0.0, |(caption, there)| {
                let both = caption.intersect(rect).size();
                there * smooth(both.x / GIVE) * both.y
            })
        };
        middle.y -= under(middle).min(towards.y * 0.4);
        let rise = (last.y - first.y).abs();
        let part = (under(middle) / rise.max(1.0)).min(0.3);
        middle
            + (if last.y < first.y {
                last - first
            } else {
                first - last
            }) * part
    }

    /// The middle of a name that is to stand under what it names.
    pub(super) fn under(&self, own: &[Outline], size: Vec2, gap: f32) -> Vec2 {
        let bounds = own.iter().map(|outline| outline.bounds);
        let (Some(named), Some(first)) = (bounds.reduce(|all, one| all.union(one)), own.first())
        else {
            return Vec2::ZERO;
        };
        let seat = |x: f32| {
            let columns = x - size.x * 0.5..x + size.x * 0.5;
            let feet = own
                .iter()
                .filter_map(|outline| outline.rows(columns.clone()));
            let foot = feet.map(|(_, foot)| foot).fold(named.min.y, f32::max);
            Vec2::new(x, foot + size.y * 0.5 + gap)
        };
        let middle = seat(named.center().x);
        let others = self.outlines.iter();
        let others = others.filter(|other| other.owner != first.owner);
        seat(middle.x + self.aside(Rect::from_center_size(middle, size), named, others))
    }

    /// How much of the letters of a name stands free, of things of others and of what covers the picture; all of
    /// it, where they only touch.
    pub(super) fn free(&self, letters: Rect, owner: Owner) -> f32 {
        let others = self.outlines.iter();
        let others = others.filter(|other| other.owner != owner);
        let things = others.map(|other| (other.depth(letters), other.there));
        let rects = self.caption.into_iter().chain([self.head]);
        let rects = rects.map(|(other, there)| {
            let both = other.intersect(letters);
            (both.size().min_element(), there)
        });
        let clear = things
            .chain(rects)
            .map(|(depth, there)| 1.0 - smooth((depth - GIVE * 0.5) / GIVE * 2.0) * there);
        clear.product::<f32>() * self.inside(letters)
    }

    /// How much of a name of these bounds can be seen without it lying on anything: 0 where it would lie on
    /// something, 1 where it stands clear.
    pub(super) fn clear(&self, rect: Rect) -> f32 {
        let things = self.outlines.iter();
        let things = things.map(|outline| (outline.depth(rect), outline.there));
        let names = self.names.iter();
        let names = names.map(|(name, there)| (*name, taken(*there)));
        let rects = names.chain(self.caption);
        let rects = rects.map(|(other, there)| (other.intersect(rect).size().min_element(), there));
        things
            .chain(rects)
            .map(|(depth, there)| 1.0 - smooth(depth / GIVE) * there)
            .product()
    }

    /// How much of a name of these bounds is in the picture and not under the titles.
    pub(super) fn inside(&self, rect: Rect) -> f32 {
        let titles = self.titles.intersect(rect).size().min_element();
        let outside = [
            titles,
            self.picture.min.x - rect.min.x,
            rect.max.x - self.picture.max.x,
            self.picture.min.y - rect.min.y,
            rect.max.y - self.picture.max.y,
        ];
        let inside = outside.map(|outside| 1.0 - smooth(outside / GIVE));
        inside.into_iter().product()
    }

    /// How far a name that is beside others moves to the right, or to the left: to stand clear of them, or as
    /// far from those on one side as from those on the other, and to stay in the picture.
    fn aside<'a>(&self, rect: Rect, named: Rect, others: impl Iterator<Item = &'a Outline>) -> f32 {
        // The least move that clears what is on the left, and the most that clears what is on the right.
        let (mut least, mut most) = (f32::MIN, f32::MAX);
        for other in others {
            let Some((left, right)) = other.columns(rect.min.y..rect.max.y) else {
                continue;
            };
            let rows = rect.max.y.min(other.bounds.max.y) - rect.min.y.max(other.bounds.min.y);
            let there = smooth(rows / GIVE) * other.there;
            if other.bounds.center().x > named.center().x {
                let room = left - BESIDE - rect.max.x;
                most = most.min(if room < 0.0 { room * there } else { room });
            } else {
                let room = rect.min.x - right - BESIDE;
                least = least.max(if room < 0.0 { -room * there } else { -room });
            }
        }
        let moved = if least <= most {
            0.0_f32.clamp(least, most)
        } else {
            (least + most) * 0.5
        };
        let (first, last) = (
            self.picture.min.x + BESIDE - rect.min.x,
            self.picture.max.x - BESIDE - rect.max.x,
        );
        let moved = moved.clamp(first.min(last), last.max(first));
        // Its thing stays below it.
        let stays = named.width() * BELOW;
        let (first, last) = (
            named.min.x + stays - rect.max.x,
            named.max.x - stays - rect.min.x,
        );
        moved.clamp(first.min(0.0), last.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Vec2 = Vec2::new(100.0, 40.0);

    /// What a box looks like that is seen from the front.
    fn front(x: f32, y: f32, width: f32, height: f32, owner: Owner, row: f32) -> Outline {
        let corners = std::array::from_fn(|corner| {
            let right = if corner & 1 == 0 { 0.0 } else { width };
            let up = if corner & 2 == 0 { height } else { 0.0 };
            Vec2::new(x + right, y + up)
        });
        Outline::new(corners, owner, 1.0, row)
    }

    fn surroundings(outlines: Vec<Outline>) -> Surroundings {
        Surroundings {
            outlines,
            caption: None,
            titles: Rect::new(0.0, 0.0, 300.0, 140.0),
            head: (Rect::new(0.0, 0.0, 1920.0, 300.0), 0.0),
            names: Vec::new(),
            picture: Rect::new(0.0, 8.0, 1920.0, 1072.0),
        }
    }

    /// Where a name stands over a thing of 200 by 200 at (800, 500), with another thing that is so wide and high
    /// at a place.
    fn over(x: f32, y: f32, width: f32, height: f32, row: f32) -> (Vec2, Outline) {
        let own = front(800.0, 500.0, 200.0, 200.0, Owner::Tensor(0), 0.0);
        let other = front(x, y, width, height, Owner::Tensor(1), row);
        let all = surroundings(vec![own.clone(), other.clone()]);
        let middle = all.above(&[own], Vec2::new(900.0, 450.0), SIZE, 4.0);
        (middle, other)
    }

    #[test]
    fn a_name_steps_aside_from_what_is_beside_it() {
        let (middle, _) = over(1200.0, 400.0, 200.0, 300.0, 0.0);
        assert_eq!(middle, Vec2::new(900.0, 450.0));
        let (middle, other) = over(930.0, 300.0, 200.0, 400.0, 0.0);
        let rect = Rect::from_center_size(middle, SIZE);
        assert!(middle.x < 890.0 && middle.y == 450.0, "{middle}");
        assert_eq!(other.depth(rect), 0.0);
    }

    #[test]
    fn a_name_comes_down_from_what_hangs_over_it() {
        let own = front(800.0, 500.0, 200.0, 200.0, Owner::Tensor(0), 0.0);
        let other = front(700.0, 200.0, 400.0, 245.0, Owner::Tensor(1), 9.0);
        let all = surroundings(vec![own.clone(), other]);
        let middle = all.above(&[own], Vec2::new(900.0, 450.0), SIZE, 4.0);
        assert!(middle.y > 460.0 && middle.y <= 476.0, "{middle}");
    }

    #[test]
    fn nothing_jumps_while_things_come_near() {
        let places = (0..=4000).map(|step| 1100.0 - 0.05 * step as f32);
        let names: Vec<Vec2> = places
            .map(|x| over(x, 460.0 - 0.05 * (1100.0 - x), 200.0, 300.0, 0.0).0)
            .collect();
        let moved = names.windows(2).map(|pair| pair[0].distance(pair[1]));
        let most = moved.fold(0.0, f32::max);
        assert!(most < 2.0, "{most} in a twentieth of a 1080th");
        assert!(names[0].distance(names[4000]) > 20.0);
    }

    #[test]
    fn names_stand_side_by_side_before_they_stand_over_one_another() {
        let mut all = surroundings(Vec::new());
        all.names
            .push((Rect::from_center_size(Vec2::new(500.0, 500.0), SIZE), 0.2));
        let free = Vec2::new(620.0, 500.0);
        assert_eq!(all.over_names(free, SIZE), free);
        let near = all.over_names(Vec2::new(580.0, 500.0), SIZE);
        assert!(near.y == 500.0 && near.x >= 600.0 - GIVE, "{near}");
        let far = all.over_names(Vec2::new(520.0, 500.0), SIZE);
        assert!(far.y <= 460.0, "{far}");
    }

    #[test]
    fn a_dimension_fades_where_it_would_lie_on_something() {
        let thing = front(800.0, 500.0, 200.0, 200.0, Owner::Tensor(0), 0.0);
        let mut all = surroundings(vec![thing]);
        let at = |x: f32, y: f32| Rect::from_center_size(Vec2::new(x, y), Vec2::new(50.0, 20.0));
        assert_eq!(all.clear(at(770.0, 600.0)), 1.0);
        assert_eq!(all.clear(at(850.0, 600.0)), 0.0);
        let part = all.clear(at(778.0, 600.0));
        assert!(part > 0.0 && part < 1.0, "{part}");
        assert_eq!(all.clear(at(900.0, 730.0)), 1.0);
        all.caption = Some((Rect::new(500.0, 725.0, 1400.0, 900.0), 1.0));
        assert_eq!(all.clear(at(900.0, 740.0)), 0.0);
        // It goes as far up as there is room, along its edge.
        let edge = [Vec2::new(800.0, 690.0), Vec2::new(1000.0, 700.0)];
        let middle = all.along(edge, Vec2::new(0.0, 36.0), Vec2::new(50.0, 20.0));
        assert!(middle.y <= 718.0 && middle.x < 900.0, "{middle}");
    }
}
