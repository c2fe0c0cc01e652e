//! Where each tensor of a scene stands.
//!
//! One cube is one unit wide. Columns go right (+x), rows go down (−y), channels go back (−z), so
//! that a tensor's first channel faces the viewer. Everything hovers above a floor.

use bevy::math::Vec3;

use crate::op::Plan;

/// Room between two tensors, in cubes.
const GAP: f32 = 2.6;
/// Room between two filters, in cubes.
const FILTER_GAP: f32 = 1.3;
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
        let walls = if self.group == 0 { 0.0 } else { channel.max(0) as usize as f32 / self.group as f32 };
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
        let groups = if filter_dims[0] == 0 { 1 } else { input_dims[0] / filter_dims[0] };
        let input_group = if groups > 1 { filter_dims[0] } else { 0 };
        let output_group = if groups > 1 { output_dims[0] / groups } else { 0 };

        let at_origin = |dims, group| Block { dims, origin: Vec3::ZERO, group };
        let input = at_origin(input_dims, input_group);
        let padded_size = at_origin(padded_dims, input_group).size();
        let filter_size = at_origin(filter_dims, 0).size();
        let output = at_origin(output_dims, output_group);

        let columns = filter_columns(filter_count, filter_size, padded_size.y.max(output.size().y));
        let rows = filter_count.div_ceil(columns.max(1));
        let pitch = filter_size + Vec3::new(FILTER_GAP, FILTER_GAP, 0.0);
        let rack = Vec3::new(
            columns as f32 * pitch.x - FILTER_GAP,
            rows as f32 * pitch.y - FILTER_GAP,
            filter_size.z,
        );

        let total = padded_size.x + GAP + rack.x + GAP + output.size().x;
        let height = padded_size.y.max(rack.y).max(output.size().y);
        let middle = Vec3::new(0.0, HOVER + height * 0.5, 0.0);

        let mut left = -total * 0.5;
        let padding = plan.padding();
        let padding_before = [padding.top.max(0) as usize, padding.left.max(0) as usize];
        // The padded input is centred in its place; the input stands inside it.
        let padded = at_origin(padded_dims, input_group)
            .centred_at(middle + Vec3::X * (left + padded_size.x * 0.5));
        let input = Block {
            origin: padded.position(0, padding_before[0] as isize, padding_before[1] as isize),
            ..input
        };
        left += padded_size.x + GAP;
        let filters = (0..filter_count)
            .map(|index| {
                let (row, column) = (index / columns, index % columns);
                // A last row that is not full is centred.
                let in_row = (filter_count - row * columns).min(columns) as f32;
                let x = left + rack.x * 0.5 + (column as f32 - (in_row - 1.0) * 0.5) * pitch.x;
                let y = middle.y + ((rows as f32 - 1.0) * 0.5 - row as f32) * pitch.y;
                at_origin(filter_dims, 0).centred_at(Vec3::new(x, y, middle.z))
            })
            .collect();
        left += rack.x + GAP;
        let output = output.centred_at(middle + Vec3::X * (left + output.size().x * 0.5));
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

/// How many filters stand side by side, so that the rack is about as high as the tensors beside it.
fn filter_columns(count: usize, size: Vec3, height: f32) -> usize {
    if count == 0 {
        return 1;
    }
    let fitting = ((height + FILTER_GAP) / (size.y + FILTER_GAP)).floor().max(1.0);
    let square = (1..=count).find(|columns| columns * columns >= count).unwrap_or(1);
    let rows = (fitting as usize).clamp(1, count).max(count.div_ceil(square).min(4));
    count.div_ceil(rows)
}
