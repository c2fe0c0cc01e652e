//! The element under the pointer: a ray against each tensor's grid, without looking at entities.
//!
//! A grid's channels are planes behind one another, with gaps where a block has groups. The ray
//! meets the planes in order, and within a plane it crosses rows and columns one by one; each is a
//! comparison of a few numbers, so that the cost does not grow with the number of elements.

use glam::Vec3;

use super::element_ref::ElementRef;
use super::workbench::ValidSetup;
use crate::timeline::{Block, Layout, Stand};

/// A half-line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ray {
    /// Where it starts.
    pub origin: Vec3,
    /// Where it goes; need not be of length 1.
    pub direction: Vec3,
}

/// An element that a ray meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Channel, row, column.
    pub at: [usize; 3],
    /// How far along the ray, in lengths of its direction.
    pub distance: f32,
}

/// The part of a ray from one distance to another.
type Span = (f32, f32);

impl Ray {
    /// The part of the ray between two planes that stand across an axis.
    fn between(&self, axis: usize, low: f32, high: f32, (from, to): Span) -> Option<Span> {
        let (origin, direction) = (self.origin[axis], self.direction[axis]);
        if direction.abs() < 1e-9 {
            return (low..=high).contains(&origin).then_some((from, to));
        }
        let (a, b) = ((low - origin) / direction, (high - origin) / direction);
        let (from, to) = (from.max(a.min(b)), to.min(a.max(b)));
        (from <= to).then_some((from, to))
    }

    fn inside(&self, low: Vec3, high: Vec3) -> Option<Span> {
        let span = self.between(0, low.x, high.x, (0.0, f32::MAX))?;
        let span = self.between(1, low.y, high.y, span)?;
        self.between(2, low.z, high.z, span)
    }

    fn at(&self, distance: f32) -> Vec3 {
        self.origin + self.direction * distance
    }
}

/// The box that a ray meets first, of boxes given by their lowest and highest corners.
#[must_use]
pub fn nearest_box(ray: &Ray, boxes: &[(Vec3, Vec3)]) -> Option<usize> {
    let met = boxes.iter().enumerate();
    let met = met.filter_map(|(number, (low, high))| Some((number, ray.inside(*low, *high)?.0)));
    let nearest = met.min_by(|(_, a), (_, b)| a.total_cmp(b));
    nearest.map(|(number, _)| number)
}

/// The element that a ray meets first, of all tensors, filters and paddings of a scene; of tensors
/// only the channels that are shown.
#[must_use]
pub fn element_ref(
    ray: &Ray,
    layout: &Layout,
    valid: &ValidSetup,
    slice: Option<(usize, usize)>,
) -> Option<ElementRef> {
    let shown =
        |channel: usize| slice.is_none_or(|(first, last)| (first..=last).contains(&channel));
    let mut best: Option<(f32, ElementRef)> = None;
    let mut meet = |hit: Option<Hit>, element_ref: &dyn Fn([usize; 3]) -> Option<ElementRef>| {
        if let Some(hit) = hit
            && best.is_none_or(|(distance, _)| hit.distance < distance)
            && let Some(element_ref) = element_ref(hit.at)
        {
            best = Some((hit.distance, element_ref));
        }
    };
    for (tensor, block) in layout.tensors.iter().enumerate() {
        let hit = first_hit(ray, block, &|[channel, ..]| shown(channel));
        meet(hit, &|at| Some(ElementRef::Tensor { tensor, at }));
    }
    for (layer, (staged_layer, plan)) in layout
        .staged_layers
        .iter()
        .zip(valid.chain.plans())
        .enumerate()
    {
        for (filter, block) in staged_layer.filters.iter().enumerate() {
            let hit = first_hit(ray, block, &|_| true);
            meet(hit, &|[channel, row, column]| {
                let [_, rows, columns] = block.dims;
                let inside = (channel * rows + row) * columns + column;
                let at = plan
                    .weight_shape()?
                    .index::<4>(plan.weight_offset(filter, inside))?;
                Some(ElementRef::Weight { layer, at })
            });
        }
        let [top, left] = staged_layer.padding_before;
        let padded = staged_layer.padded_block();
        let real = |[channel, row, column]: [usize; 3]| {
            [channel as isize, row as isize - top, column as isize - left]
        };
        let [_, rows, columns] = staged_layer.input.dims;
        let [row_pitch, column_pitch] = staged_layer.input.spread;
        let span = |count: usize, pitch: usize| ((count.max(1) - 1) * pitch + 1) as isize;
        let outside = |at: [usize; 3]| {
            let [_, row, column] = real(at);
            let around = !(0..span(rows, row_pitch)).contains(&row)
                || !(0..span(columns, column_pitch)).contains(&column);
            // Between two elements lie zeros that a transposed convolution inserts.
            let between = row % row_pitch as isize != 0 || column % column_pitch as isize != 0;
            shown(at[0]) && (around || between)
        };
        if padded.dims != staged_layer.input.dims {
            let hit = first_hit(ray, &padded, &outside);
            meet(hit, &|at| {
                Some(ElementRef::Padding {
                    layer,
                    at: real(at),
                })
            });
        }
    }
    best.map(|(_, element_ref)| element_ref)
}

/// The first element of a block that a ray meets and that is to be seen.
#[must_use]
pub fn first_hit(ray: &Ray, block: &Block, visible: &dyn Fn([usize; 3]) -> bool) -> Option<Hit> {
    if block.stand != Stand::Deep {
        // The same cubes as planes of rows and columns; a last line may have places without a cube.
        let deep = block.deep();
        let count = block.dims.iter().product::<usize>();
        let element = |[plane, row, column]: [usize; 3]| {
            let [_, rows, columns] = deep.dims;
            let offset = (plane * rows + row) * columns + column;
            (offset < count).then(|| index_in(block.dims, offset))
        };
        let hit = first_hit(ray, &deep, &|at| element(at).is_some_and(visible))?;
        let at = element(hit.at)?;
        return Some(Hit { at, ..hit });
    }
    let [channels, rows, columns] = block.dims;
    if channels == 0 || rows == 0 || columns == 0 {
        return None;
    }
    let (low, high) = block.bounds();
    let (enters, leaves) = ray.inside(low, high)?;
    let depth = |channel: usize| block.position(channel as isize, 0, 0).z;
    // The channels that the ray can meet, found by halving: depth falls with the channel.
    let (near, far) = {
        let (a, b) = (ray.at(enters).z, ray.at(leaves).z);
        (a.max(b), a.min(b))
    };
    let first = partition(channels, |channel| depth(channel) - 0.5 > near);
    let behind = partition(channels, |channel| depth(channel) + 0.5 >= far);
    let towards_back = ray.direction.z <= 0.0;
    for number in 0..behind.saturating_sub(first) {
        let channel = if towards_back {
            first + number
        } else {
            behind - 1 - number
        };
        let z = depth(channel);
        let Some(span) = ray.between(2, z - 0.5, z + 0.5, (enters, leaves)) else {
            continue;
        };
        if let Some(hit) = in_plane(ray, block, channel, span, visible) {
            return Some(hit);
        }
    }
    None
}

/// Plane, row and column of an element by its place in row-major order.
fn index_in([_, rows, columns]: [usize; 3], offset: usize) -> [usize; 3] {
    [
        offset / (rows * columns),
        offset / columns % rows,
        offset % columns,
    ]
}

/// How many of the first numbers below `count` something holds for.
fn partition(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = (low + high) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Walks through the cells of one channel, from the ray's entry to its exit.
fn in_plane(
    ray: &Ray,
    block: &Block,
    channel: usize,
    (from, to): Span,
    visible: &dyn Fn([usize; 3]) -> bool,
) -> Option<Hit> {
    // A spread block has empty cells between its cubes.
    let [row_pitch, column_pitch] = block.spread.map(|pitch| pitch.max(1));
    let rows = (block.dims[1] - 1) * row_pitch + 1;
    let columns = (block.dims[2] - 1) * column_pitch + 1;
    let corner = block.position(channel as isize, 0, 0);
    // In cells: columns to the right, rows down, counted from the first cell's edge.
    let cell = |point: Vec3| [point.x - corner.x + 0.5, corner.y - point.y + 0.5];
    let start = cell(ray.at(from));
    let speed = [ray.direction.x, -ray.direction.y];
    let counts = [columns as isize, rows as isize];
    let mut at = [0, 1].map(|axis| (start[axis].floor() as isize).clamp(0, counts[axis] - 1));
    let mut now = from;
    // When the ray crosses into the next cell along each axis.
    let origin = cell(ray.origin);
    let next = |at: isize, axis: usize| -> f32 {
        if speed[axis].abs() < 1e-9 {
            return f32::MAX;
        }
        let edge = if speed[axis] > 0.0 { at + 1 } else { at } as f32;
        (edge - origin[axis]) / speed[axis]
    };
    for _ in 0..=(rows + columns) {
        let (row, column) = (at[1] as usize, at[0] as usize);
        let place = [channel, row / row_pitch, column / column_pitch];
        let filled = row.is_multiple_of(row_pitch) && column.is_multiple_of(column_pitch);
        if filled && visible(place) {
            return Some(Hit {
                at: place,
                distance: now,
            });
        }
        let crossings = [next(at[0], 0), next(at[1], 1)];
        let axis = usize::from(crossings[1] < crossings[0]);
        now = crossings[axis];
        if now > to {
            return None;
        }
        at[axis] += if speed[axis] > 0.0 { 1 } else { -1 };
        if !(0..counts[axis]).contains(&at[axis]) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::Parameter;
    use crate::timeline::PictureShape;

    fn block(dims: [usize; 3], group: usize) -> Block {
        Block {
            dims,
            origin: Vec3::new(-2.0, 5.0, 1.0),
            group,
            spread: [1, 1],
            apart: 0.0,
            stand: Stand::Deep,
        }
    }

    /// Every cube by itself, for comparison.
    fn by_brute_force(
        ray: &Ray,
        block: &Block,
        visible: &dyn Fn([usize; 3]) -> bool,
    ) -> Option<Hit> {
        let [channels, rows, columns] = block.dims;
        let mut best: Option<Hit> = None;
        for channel in 0..channels {
            for row in 0..rows {
                for column in 0..columns {
                    let at = [channel, row, column];
                    let middle = block.position(channel as isize, row as isize, column as isize);
                    let half = Vec3::splat(0.5);
                    if let (true, Some((distance, _))) =
                        (visible(at), ray.inside(middle - half, middle + half))
                        && best.is_none_or(|best| distance < best.distance)
                    {
                        best = Some(Hit { at, distance });
                    }
                }
            }
        }
        best
    }

    #[test]
    fn a_ray_from_the_front_meets_the_first_channel() {
        let block = block([3, 4, 5], 0);
        let target = block.position(0, 2, 3);
        let ray = Ray {
            origin: target + Vec3::Z * 50.0,
            direction: Vec3::NEG_Z,
        };
        let hit = first_hit(&ray, &block, &|_| true).unwrap();
        assert_eq!(hit.at, [0, 2, 3]);
        assert!((hit.distance - 49.5).abs() < 1e-4);
        let behind = first_hit(&ray, &block, &|[channel, ..]| channel > 0).unwrap();
        assert_eq!(behind.at, [1, 2, 3]);
        assert!(first_hit(&ray, &block, &|_| false).is_none());
    }

    #[test]
    fn every_element_of_a_scene_is_met_where_it_stands() {
        use crate::explore::{Edit, Setup, Workbench};
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::set(
            Parameter::Padding,
            crate::op::Padding::Size(1, 1),
        ));
        let valid = workbench.valid().unwrap();
        let layout = Layout::new(&valid.lesson.scenes[0].staging, PictureShape::Wide);
        let from_front = |target: Vec3| Ray {
            origin: target + Vec3::Z * 90.0,
            direction: Vec3::NEG_Z,
        };
        let ray = from_front(layout.tensors[1].position(0, 2, 3));
        let output = ElementRef::Tensor {
            tensor: 1,
            at: [0, 2, 3],
        };
        assert_eq!(element_ref(&ray, &layout, valid, None), Some(output));
        let deeper = ElementRef::Tensor {
            tensor: 1,
            at: [2, 2, 3],
        };
        assert_eq!(
            element_ref(&ray, &layout, valid, Some((2, 3))),
            Some(deeper)
        );
        let ray = from_front(layout.staged_layers[0].filters[3].position(0, 1, 2));
        let weight = ElementRef::Weight {
            layer: 0,
            at: [3, 0, 1, 2],
        };
        assert_eq!(element_ref(&ray, &layout, valid, None), Some(weight));
        let ray = from_front(layout.tensors[0].position(0, -1, 2));
        let padding = ElementRef::Padding {
            layer: 0,
            at: [0, -1, 2],
        };
        assert_eq!(element_ref(&ray, &layout, valid, None), Some(padding));
        let ray = from_front(Vec3::new(500.0, 0.0, 0.0));
        assert_eq!(element_ref(&ray, &layout, valid, None), None);
    }

    #[test]
    fn a_zero_between_two_elements_is_met() {
        use crate::explore::{Edit, Kind, Parameter, Setup, Workbench};
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::Kind(Kind::ConvTranspose2d));
        workbench.apply(Edit::Both(Parameter::StrideRows, 2));
        let valid = workbench.valid().unwrap();
        let layout = Layout::new(&valid.lesson.scenes[0].staging, PictureShape::Wide);
        let ray = |target: Vec3| Ray {
            origin: target + Vec3::Z * 90.0,
            direction: Vec3::NEG_Z,
        };
        let (cells, block) = (layout.staged_layers[0].cells(), layout.tensors[0]);
        let between = element_ref(&ray(cells.position(0, 0, 1)), &layout, valid, None);
        let inserted = ElementRef::Padding {
            layer: 0,
            at: [0, 0, 1],
        };
        let at = [0, 0, 1];
        assert_eq!(between, Some(inserted));
        assert!(valid.is_inserted(between.unwrap()));
        let element = element_ref(&ray(block.position(0, 0, 1)), &layout, valid, None);
        assert_eq!(element, Some(ElementRef::Tensor { tensor: 0, at }));
    }

    #[test]
    fn random_rays_meet_what_a_search_through_all_cubes_finds() {
        let mut random = crate::tensor::Random::new(7);
        let mut unit = || random.unit() * 2.0 - 1.0;
        let mut met = 0;
        for round in 0..4_000_usize {
            let group = round % 3;
            let mut block = block([1 + round % 6, 1 + round % 5, 1 + round % 7], group);
            block.spread = [1 + round % 2, 1 + round / 2 % 3];
            block.apart = [0.0, 0.0, 1.25][round % 3];
            // What has one or two axes stands otherwise.
            match round % 5 {
                3 => {
                    block.dims[1] = 1;
                    block.stand = Stand::Sheet;
                }
                4 => {
                    block.dims = [1, 1, 1 + round % 23];
                    block.spread = [1, 1];
                    block.stand = Stand::Lines(1 + round % 6);
                }
                _ => {}
            }
            let (low, high) = block.bounds();
            let aim = (low + high) * 0.5 + (high - low) * Vec3::new(unit(), unit(), unit()) * 0.6;
            let origin = aim + Vec3::new(unit(), unit(), unit()).normalize_or(Vec3::Z) * 40.0;
            let ray = Ray {
                origin,
                direction: aim - origin,
            };
            let visible: &dyn Fn([usize; 3]) -> bool = if round % 2 == 0 {
                &|_| true
            } else {
                &|[channel, row, column]| (channel + row * 2 + column) % 3 != 0
            };
            let found = first_hit(&ray, &block, visible);
            let expected = by_brute_force(&ray, &block, visible);
            match (found, expected) {
                (None, None) => {}
                // On an edge between two cubes either is right.
                (Some(found), Some(expected)) => {
                    met += 1;
                    assert!(
                        (found.distance - expected.distance).abs() < 1e-4,
                        "{round}: {found:?} {expected:?}"
                    );
                }
                other => {
                    // A ray may graze the very edge of a cube.
                    let grazes = other.1.or(other.0).is_some_and(|hit| {
                        let middle = block.position(
                            hit.at[0] as isize,
                            hit.at[1] as isize,
                            hit.at[2] as isize,
                        );
                        let half = Vec3::splat(0.4999);
                        ray.inside(middle - half, middle + half).is_none()
                    });
                    assert!(grazes, "{round}: {other:?}");
                }
            }
        }
        assert!(met > 1_000, "{met}");
    }
}
