//! What changed on the stage since the last frame, in space and on the screen.

use bevy::prelude::*;

use super::super::boxes::BoxInstance;
use super::super::instance::{Cube, Shadow, WallInstance};
use super::super::list::{Changes, CubeList};

/// What is drawn at a silhouette lies no further outside it, in pixels.
const MARGIN: f32 = 2.0;

/// Boxes in space around what changed: as it was, and as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Touched {
    /// Whether anything may have changed.
    all: bool,
    boxes: Vec<(Vec3, Vec3)>,
    /// Boxes that are mirrored in the floor.
    mirrored: Vec<(Vec3, Vec3)>,
    /// Rectangles on the floor: the lowest and the highest x and z.
    floor: Vec<(Vec2, Vec2)>,
}

impl Touched {
    /// Something that is not looked at more closely.
    pub fn all(&mut self) {
        self.all = true;
    }

    /// A list of cubes against what it was before its last change.
    pub fn cubes(&mut self, before: &[Cube], list: &CubeList, mirrored: bool) {
        let now = list.places();
        let boxes = if mirrored {
            &mut self.mirrored
        } else {
            &mut self.boxes
        };
        let mut changed = |cube: &Cube| {
            if cube.is_there() {
                let [x, y, z, edge] = cube.place;
                let (middle, half) = (Vec3::new(x, y, z), Vec3::splat(edge * 0.5));
                boxes.push((middle - half, middle + half));
            }
        };
        match list.edition().1 {
            Changes::At(places) if before.len() == now.len() => {
                for place in places {
                    let pairs = before[place.clone()].iter().zip(&now[place.clone()]);
                    for (before, now) in pairs.filter(|(before, now)| before != now) {
                        changed(before);
                        changed(now);
                    }
                }
            }
            Changes::At(_) | Changes::All => in_one(before, now, &mut changed),
        }
    }

    /// The shadows as they were and as they are.
    pub fn shadows(&mut self, before: &[Shadow], now: &[Shadow]) {
        let mut changed = |shadow: &Shadow| {
            let [x, z, wide, deep] = shadow.rectangle;
            // So far it is drawn beyond its rectangle.
            let blur = shadow.nature[0] * 1.6;
            let (middle, half) = (Vec2::new(x, z), Vec2::new(wide + blur, deep + blur));
            self.floor.push((middle - half, middle + half));
        };
        each_pair(before, now, &mut changed);
    }

    /// The walls as they were and as they are, their reflections among them.
    pub fn walls(&mut self, before: &[WallInstance], now: &[WallInstance]) {
        let mut changed = |wall: &WallInstance| {
            let ([x, y, z, thick], [wide, high, ..]) = (wall.place, wall.nature);
            let (middle, half) = (Vec3::new(x, y, z), Vec3::new(wide, high, thick));
            self.boxes.push((middle - half, middle + half));
        };
        each_pair(before, now, &mut changed);
    }

    /// The boxes of a network as they were and as they are, their reflections among them.
    pub fn network(&mut self, before: &[BoxInstance], now: &[BoxInstance]) {
        let mut changed = |one: &BoxInstance| {
            let ([x, y, z, _], [wide, high, deep, _]) = (one.place, one.half);
            let (middle, half) = (Vec3::new(x, y, z), Vec3::new(wide, high, deep));
            let boxes = if one.is_mirrored() {
                &mut self.mirrored
            } else {
                &mut self.boxes
            };
            boxes.push((middle - half, middle + half));
        };
        each_pair(before, now, &mut changed);
    }

    /// The rectangles on the screen, in pixels; `None` where all of it may have changed.
    pub fn on_screen(&self, clip_from_world: &Mat4, floor: f32, size: UVec2) -> Option<Vec<Rect>> {
        if self.all {
            return None;
        }
        let flip = |point: Vec3| Vec3::new(point.x, 2.0 * floor - point.y, point.z);
        let mirrored = self.mirrored.iter().map(|(low, high)| {
            let (a, b) = (flip(*low), flip(*high));
            (a.min(b), a.max(b))
        });
        let ground = self.floor.iter().map(|(low, high)| {
            (
                Vec3::new(low.x, floor, low.y),
                Vec3::new(high.x, floor, high.y),
            )
        });
        let boxes = self.boxes.iter().copied().chain(mirrored).chain(ground);
        boxes
            .map(|(low, high)| projected(clip_from_world, low, high, size.as_vec2()))
            .collect()
    }
}

/// Two lists in which what stays keeps its order: what is in one of them alone.
fn in_one(before: &[Cube], now: &[Cube], changed: &mut impl FnMut(&Cube)) {
    let sorted = |list: &[Cube]| {
        let there = list.iter().filter(|cube| cube.is_there());
        let mut bits: Vec<[u32; 8]> = there.map(|cube| bytemuck::cast(*cube)).collect();
        bits.sort_unstable();
        bits
    };
    let (before, now) = (sorted(before), sorted(now));
    let (mut a, mut b) = (before.iter().peekable(), now.iter().peekable());
    loop {
        let order = match (a.peek(), b.peek()) {
            (None, None) => return,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(right),
        };
        let alone = match order {
            std::cmp::Ordering::Less => a.next(),
            std::cmp::Ordering::Greater => b.next(),
            std::cmp::Ordering::Equal => {
                a.next();
                b.next();
                None
            }
        };
        if let Some(bits) = alone {
            changed(&bytemuck::cast(*bits));
        }
    }
}

/// What differs at the same place of two lists; everything, where they are not equally long.
fn each_pair<T: PartialEq>(before: &[T], now: &[T], changed: &mut impl FnMut(&T)) {
    let same_length = before.len() == now.len();
    if !same_length {
        before.iter().chain(now).for_each(changed);
        return;
    }
    for (before, now) in before.iter().zip(now).filter(|(before, now)| before != now) {
        changed(before);
        changed(now);
    }
}

/// The rectangle that a box takes on the screen; `None` where some of it lies beside or behind the eye.
fn projected(clip_from_world: &Mat4, low: Vec3, high: Vec3, size: Vec2) -> Option<Rect> {
    let mut rect: Option<Rect> = None;
    for corner in 0..8 {
        let pick = |axis: usize| {
            if corner >> axis & 1 == 0 {
                low[axis]
            } else {
                high[axis]
            }
        };
        let clip = *clip_from_world * Vec3::new(pick(0), pick(1), pick(2)).extend(1.0);
        if !(clip.w > 1e-4 && clip.is_finite()) {
            return None;
        }
        let at = clip.truncate().truncate() / clip.w;
        let pixel = (at * Vec2::new(0.5, -0.5) + 0.5) * size;
        rect = Some(match rect {
            None => Rect::from_corners(pixel, pixel),
            Some(rect) => rect.union_point(pixel),
        });
    }
    rect.map(|rect| rect.inflate(MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cube(x: f32) -> Cube {
        Cube {
            place: [x, 0.0, 0.0, 1.0],
            look: [1, 0xff00, 0, 0],
        }
    }

    #[test]
    fn what_is_in_one_of_two_lists_is_found_wherever_it_stands() {
        let (nothing, before) = (Cube::default(), [cube(1.0), cube(2.0), cube(3.0)]);
        let now = [nothing, cube(1.0), nothing, cube(3.0), cube(4.0)];
        let mut seen = Vec::new();
        in_one(&before, &now, &mut |cube: &Cube| seen.push(cube.place[0]));
        assert_eq!(seen, [2.0, 4.0]);
    }

    #[test]
    fn a_box_is_found_on_the_screen() {
        // Two units are the width and the height of the picture.
        let rect = projected(
            &Mat4::IDENTITY,
            Vec3::new(0.0, -0.5, 0.0),
            Vec3::new(0.5, 0.5, 0.1),
            Vec2::new(100.0, 40.0),
        );
        let wanted = Rect::new(50.0, 10.0, 75.0, 30.0).inflate(MARGIN);
        assert_eq!(rect, Some(wanted));
        let behind = Mat4::from_cols(Vec4::X, Vec4::Y, Vec4::Z, -Vec4::W);
        assert_eq!(projected(&behind, Vec3::ZERO, Vec3::ONE, Vec2::ONE), None);
    }

    #[test]
    fn a_reflection_is_found_below_the_floor() {
        let mut touched = Touched::default();
        touched
            .mirrored
            .push((Vec3::new(0.0, 0.5, 0.0), Vec3::new(0.1, 0.6, 0.1)));
        let rects = touched.on_screen(&Mat4::IDENTITY, 0.0, UVec2::new(100, 100));
        let rect = rects.unwrap()[0];
        assert!(rect.min.y > 70.0 && rect.max.y < 85.0, "{rect:?}");
    }
}
