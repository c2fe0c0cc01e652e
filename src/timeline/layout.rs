//! Where each tensor of a scene stands.
//!
//! One cube is one unit wide. Columns go right (+x), rows go down (−y), channels go back (−z), so
//! that a tensor's first channel faces the viewer. Everything hovers above a floor.

use bevy::math::Vec3;

use crate::op::Plan;

/// The yaw that cameras usually have, in degrees.
pub const USUAL_YAW: f32 = 32.0;
/// Room between two tensors, in cubes.
const GAP: f32 = 2.2;
/// Room between two filters, in cubes.
const FILTER_GAP: f32 = 1.0;
/// Room between two groups of channels, in cubes.
const GROUP_GAP: f32 = 0.7;
/// How far the lowest cube hovers above the floor.
const HOVER: f32 = 0.9;

/// A tensor's grid of cubes in space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// Channels, rows, columns.
    pub dims: [usize; 3],
    /// The centre of element (0, 0, 0).
    pub origin: Vec3,
    /// Channels after which a gap is left; 0 for none.
    pub group: usize,
}

impl Block {
    /// The centre of an element, which may also lie outside the tensor.
    #[must_use]
    pub fn position(&self, channel: isize, row: isize, column: isize) -> Vec3 {
        let walls = if self.group == 0 {
            0.0
        } else {
            channel.max(0) as usize as f32 / self.group as f32
        };
        self.origin
            + Vec3::new(
                column as f32,
                -(row as f32),
                -(channel as f32) - walls.floor() * GROUP_GAP,
            )
    }

    /// The lowest and the highest corner.
    #[must_use]
    pub fn bounds(&self) -> (Vec3, Vec3) {
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

    /// Puts the block's middle there.
    fn centred_at(mut self, middle: Vec3) -> Self {
        self.origin += middle - self.middle();
        self
    }

    fn size(&self) -> Vec3 {
        let (low, high) = self.bounds();
        high - low
    }
}

/// The places of all tensors of a scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The input.
    pub input: Block,
    /// Padding rows above and columns left of the input.
    pub padding_before: [usize; 2],
    /// The padded input's rows and columns.
    pub padded: [usize; 2],
    /// Each filter, where it waits.
    pub filters: Vec<Block>,
    /// The output.
    pub output: Block,
    /// The height of the floor.
    pub floor: f32,
}

impl Layout {
    /// Lays a scene out from left to right: input, filters in a grid, output.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let input_dims = plan.input_shape().planes();
        let padded_dims = plan.padded_shape().planes();
        let output_dims = plan.output_shape().planes();
        let weight = plan.weight_shape();
        let (filter_count, filter_dims) = weight.map_or((0, [0; 3]), |shape| {
            let dims = shape.axes();
            (dims[0], [dims[1], dims[2], dims[3]])
        });
        let groups = input_dims[0].checked_div(filter_dims[0]).unwrap_or(1);
        let input_group = if groups > 1 { filter_dims[0] } else { 0 };
        let output_group = if groups > 1 {
            output_dims[0] / groups
        } else {
            0
        };

        let at_origin = |dims, group| Block {
            dims,
            origin: Vec3::ZERO,
            group,
        };
        let input = at_origin(input_dims, input_group);
        let padded_size = at_origin(padded_dims, input_group).size();
        let filter_size = at_origin(filter_dims, 0).size();
        let output = at_origin(output_dims, output_group);

        let row = Row::new();
        let columns = filter_columns(
            filter_count,
            filter_size,
            padded_size.y.max(output.size().y),
        );
        let rows = filter_count.div_ceil(columns.max(1));
        let pitch = (
            row.width(filter_size) + FILTER_GAP,
            filter_size.y + FILTER_GAP,
        );
        let rack = (
            (columns as f32 * pitch.0 - FILTER_GAP).max(0.0),
            (rows as f32 * pitch.1 - FILTER_GAP).max(0.0),
        );
        let widths = [row.width(padded_size), rack.0, row.width(output.size())];
        let total = widths.iter().sum::<f32>() + 2.0 * GAP;
        let height = padded_size.y.max(rack.1).max(output.size().y);
        let middle = HOVER + height * 0.5;
        let [input_at, rack_at, output_at] = [
            widths[0] * 0.5 - total * 0.5,
            widths[0] + GAP + rack.0 * 0.5 - total * 0.5,
            total * 0.5 - widths[2] * 0.5,
        ];

        let padding = plan.padding();
        let padding_before = [padding.top.max(0) as usize, padding.left.max(0) as usize];
        // The padded input is centred in its place; the input stands inside it.
        let padded = at_origin(padded_dims, input_group).centred_at(row.at(input_at, middle));
        let input = Block {
            origin: padded.position(0, padding_before[0] as isize, padding_before[1] as isize),
            ..input
        };
        let filters = (0..filter_count)
            .map(|index| {
                let (line, column) = (index / columns, index % columns);
                // A last line that is not full is centred.
                let in_line = (filter_count - line * columns).min(columns) as f32;
                let along = rack_at + (column as f32 - (in_line - 1.0) * 0.5) * pitch.0;
                let up = middle + ((rows as f32 - 1.0) * 0.5 - line as f32) * pitch.1;
                at_origin(filter_dims, 0).centred_at(row.at(along, up))
            })
            .collect();
        let output = output.centred_at(row.at(output_at, middle));
        Self {
            input,
            padding_before,
            padded: [padded_dims[1], padded_dims[2]],
            filters,
            output,
            floor: 0.0,
        }
    }

    /// The block of the padded input.
    #[must_use]
    pub fn padded_block(&self) -> Block {
        let [top, left] = self.padding_before;
        Block {
            dims: [self.input.dims[0], self.padded[0], self.padded[1]],
            origin: self.input.position(0, -(top as isize), -(left as isize)),
            group: self.input.group,
        }
    }
}

/// The line that tensors stand along. It runs to the right and back, so that from where cameras
/// usually stand it lies level in the picture, and no height is lost to a slope.
struct Row {
    along: Vec3,
}

impl Row {
    fn new() -> Self {
        let (sin, cos) = bevy::math::ops::sin_cos(USUAL_YAW.to_radians());
        Self {
            along: Vec3::new(cos, 0.0, -sin),
        }
    }

    /// The width that a box takes up along the line, seen from where cameras usually stand.
    fn width(&self, size: Vec3) -> f32 {
        size.x * self.along.x - size.z * self.along.z
    }

    fn at(&self, along: f32, height: f32) -> Vec3 {
        self.along * along + Vec3::Y * height
    }
}

/// How many filters stand side by side, so that the rack is about as high as the tensors beside it.
fn filter_columns(count: usize, size: Vec3, height: f32) -> usize {
    if count == 0 {
        return 1;
    }
    let fitting = ((height + FILTER_GAP) / (size.y + FILTER_GAP))
        .floor()
        .max(1.0);
    let square = (1..=count)
        .find(|columns| columns * columns >= count)
        .unwrap_or(1);
    let rows = (fitting as usize)
        .clamp(1, count)
        .max(count.div_ceil(square).min(4));
    count.div_ceil(rows)
}
