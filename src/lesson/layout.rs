//! Where each tensor of a scene stands.
//!
//! One cube is one unit wide. Columns go right (+x), rows go down (−y), channels go back (−z), so
//! that a tensor's first channel faces the viewer. Everything hovers above a floor.

use std::ops::Range;

use glam::Vec3;

use super::{StagedLayer, Staging};
use crate::op::Plan;

/// The yaw that cameras usually have, in degrees.
pub const USUAL_YAW: f32 = 32.0;
/// Room between two tensors, in cubes.
const GAP: f32 = 2.2;
/// Room between two filters, in cubes.
const FILTER_GAP: f32 = 1.0;
/// Room between two groups of channels, in cubes.
const GROUP_GAP: f32 = 0.9;
/// Room between two sides of a comparison, one above the other, in cubes.
const SIDE_GAP: f32 = 5.2;
/// Height in the picture that a cube of depth takes up, seen from where cameras usually stand.
const DEPTH_SEEN: f32 = 0.4;
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
    /// Cells from one row to the next and from one column to the next.
    pub spread: [usize; 2],
    /// Room between two channels, in cubes, so that the inside can be seen.
    pub apart: f32,
}

impl Block {
    /// A block of cubes that touch.
    const fn new(dims: [usize; 3], group: usize) -> Self {
        Self {
            dims,
            origin: Vec3::ZERO,
            group,
            spread: [1, 1],
            apart: 0.0,
        }
    }

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
        }
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
    /// The sides: their layers and their tensors.
    pub sides: Vec<(Range<usize>, Range<usize>)>,
    /// Each tensor.
    pub tensors: Vec<Block>,
    /// What belongs to each layer.
    pub staged_layers: Vec<LayerLayout>,
    /// The height of the floor.
    pub floor: f32,
}

/// The places of what belongs to one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerLayout {
    /// What it reads.
    pub input: Block,
    /// Padding rows above and columns left of the input; negative where a transposed convolution
    /// cuts into it.
    pub padding_before: [isize; 2],
    /// Rows and columns of the padded, and for a transposed convolution zero-inserted, input.
    pub padded: [usize; 2],
    /// Each filter, where it waits.
    pub filters: Vec<Block>,
    /// What it writes.
    pub output: Block,
    /// The second tensor that `Add` reads.
    pub other: Option<Block>,
}

impl LayerLayout {
    /// The grid of cells that a window moves over: the input's, with a cell for each inserted zero.
    #[must_use]
    pub fn cells(&self) -> Block {
        Block {
            spread: [1, 1],
            ..self.input
        }
    }

    /// The block of the padded input.
    #[must_use]
    pub fn padded_block(&self) -> Block {
        let [top, left] = self.padding_before;
        let [rows, columns] = self.padded;
        Block {
            dims: [self.input.dims[0], rows, columns],
            origin: self.cells().position(0, -top, -left),
            group: self.input.group,
            spread: [1, 1],
            apart: self.input.apart,
        }
    }
}

/// The place of something in its row: how far along its middle is.
struct PlaceInRow {
    at: f32,
}

impl Layout {
    /// Lays a scene out: each side from left to right, an input, then for each layer its filters
    /// in a grid and its output; one side above the other.
    #[must_use]
    pub fn new(staging: &Staging) -> Self {
        Self::pulled_apart(staging, 0.0)
    }

    /// The same with room between the channels of each tensor, in cubes.
    #[must_use]
    pub fn pulled_apart(staging: &Staging, apart: f32) -> Self {
        let mut layout = Self {
            sides: Vec::new(),
            tensors: Vec::new(),
            staged_layers: Vec::new(),
            floor: 0.0,
        };
        let rows: Vec<SideRow> = staging
            .sides
            .iter()
            .map(|side| {
                SideRow::new(
                    staging,
                    side.staged_layers.clone(),
                    side.tensors.clone(),
                    apart,
                )
            })
            .collect();
        // The first side is the upper one.
        let mut bottom = HOVER + layout.floor;
        let mut middles = vec![0.0; rows.len()];
        for (row, middle) in rows.iter().zip(&mut middles).rev() {
            // What is deep reaches lower in the picture; a side that stands alone has nothing below.
            let height = if rows.len() > 1 { row.seen } else { row.height };
            *middle = bottom + height * 0.5;
            bottom += height + SIDE_GAP;
        }
        for ((row, middle), side) in rows.iter().zip(middles).zip(&staging.sides) {
            row.place(
                &mut layout,
                &staging.staged_layers[side.staged_layers.clone()],
                middle,
            );
            layout
                .sides
                .push((side.staged_layers.clone(), side.tensors.clone()));
        }
        layout
    }
}

/// One side, before it has a place in height.
struct SideRow {
    /// Each tensor, with the room that padding takes around it.
    tensors: Vec<(Block, PlaceInRow)>,
    /// Each layer's filters: how many side by side, and their place.
    racks: Vec<(usize, PlaceInRow)>,
    height: f32,
    /// Room between channels.
    apart: f32,
    /// The height that it takes up in the picture.
    seen: f32,
}

impl SideRow {
    fn new(
        staging: &Staging,
        staged_layers: Range<usize>,
        tensors: Range<usize>,
        apart: f32,
    ) -> Self {
        let row = Row::new();
        let staged_layers = &staging.staged_layers[staged_layers];
        let mut along = 0.0;
        let mut side = Self {
            tensors: Vec::new(),
            racks: Vec::new(),
            height: 0.0,
            apart,
            seen: 0.0,
        };
        for (index, tensor) in tensors.enumerate() {
            let before = index
                .checked_sub(1)
                .map(|before| &staged_layers[before].plan);
            let next = staged_layers
                .get(index)
                .map(|staged_layer| &staged_layer.plan);
            let grouped = |plan: Option<&Plan>, channels: usize| {
                plan.map(|plan| plan.channel_groups())
                    .filter(|groups| *groups > 1)
                    .map_or(0, |groups| channels / groups)
            };
            let dims = staging.shape(tensor).as_chw();
            let group = match grouped(before, dims[0]) {
                0 => grouped(next, dims[0]),
                group => group,
            };
            let block = Block {
                spread: next.map_or([1, 1], Plan::spread),
                ..side.block(dims, group)
            };
            let padded = next.map_or(block, |plan| {
                let [_, rows, columns] = plan.padded_shape().as_chw();
                side.block([dims[0], rows, columns], group)
            });
            let size = padded.size().max(block.size());
            let width = row.width(size);
            let in_row = PlaceInRow {
                at: along + width * 0.5,
            };
            along += width + GAP;
            side.height = side.height.max(size.y);
            side.seen = side.seen.max(seen_height(size));
            side.tensors.push((block, in_row));
            let Some(plan) = next else { continue };
            let filter = side.block(plan.filter_dims(), 0).size();
            let count = plan.filter_count();
            let beside = size.y.max(plan.output_shape().as_chw()[1] as f32);
            // One side above the other leaves no room for racks of several lines.
            let columns = if staging.sides.len() > 1 && count <= 8 {
                count.max(1)
            } else {
                filter_columns(count, filter, beside)
            };
            let lines = count.div_ceil(columns.max(1));
            let pitch = rack_pitch(&row, filter);
            let rack = [
                (columns as f32 * pitch[0] - FILTER_GAP).max(0.0),
                (lines as f32 * pitch[1] - FILTER_GAP).max(0.0),
            ];
            if count == 0 {
                side.racks.push((1, PlaceInRow { at: along }));
                continue;
            }
            let in_row = PlaceInRow {
                at: along + rack[0] * 0.5,
            };
            along += rack[0] + GAP;
            side.height = side.height.max(rack[1]);
            side.seen = side.seen.max(rack[1] + seen_height(filter) - filter.y);
            side.racks.push((columns, in_row));
        }
        let total = along - GAP;
        for (_, in_row) in &mut side.tensors {
            in_row.at -= total * 0.5;
        }
        for (_, in_row) in &mut side.racks {
            in_row.at -= total * 0.5;
        }
        side
    }

    /// A block whose channels have the side's room between them.
    fn block(&self, dims: [usize; 3], group: usize) -> Block {
        Block {
            apart: self.apart,
            ..Block::new(dims, group)
        }
    }

    fn place(&self, layout: &mut Layout, staged_layers: &[StagedLayer], middle: f32) {
        let row = Row::new();
        let mut blocks = Vec::new();
        for (index, (block, in_row)) in self.tensors.iter().enumerate() {
            let place = row.at(in_row.at, middle);
            let Some(staged_layer) = staged_layers.get(index) else {
                blocks.push(block.centred_at(place));
                continue;
            };
            // The padded input is centred in its place; the input stands inside it.
            let sides = staged_layer.plan.padding();
            let [_, rows, columns] = staged_layer.plan.padded_shape().as_chw();
            let padded = self
                .block([block.dims[0], rows, columns], block.group)
                .centred_at(place);
            let origin = padded.position(0, sides.top, sides.left);
            blocks.push(Block { origin, ..*block });
        }
        for (index, staged_layer) in staged_layers.iter().enumerate() {
            let plan = &staged_layer.plan;
            let (columns, in_row) = &self.racks[index];
            let dims = plan.filter_dims();
            let count = plan.filter_count();
            let pitch = rack_pitch(&row, self.block(dims, 0).size());
            let lines = count.div_ceil(*columns);
            let filters = (0..count)
                .map(|filter| {
                    let (line, column) = (filter / columns, filter % columns);
                    // A last line that is not full is centred.
                    let in_line = (count - line * columns).min(*columns) as f32;
                    let along = in_row.at + (column as f32 - (in_line - 1.0) * 0.5) * pitch[0];
                    let up = middle + ((lines as f32 - 1.0) * 0.5 - line as f32) * pitch[1];
                    self.block(dims, 0).centred_at(row.at(along, up))
                })
                .collect();
            let padding = plan.padding();
            let [_, rows, columns] = plan.padded_shape().as_chw();
            let first = staged_layer.input - index;
            layout.staged_layers.push(LayerLayout {
                input: blocks[index],
                padding_before: [padding.top, padding.left],
                padded: [rows, columns],
                filters,
                output: blocks[index + 1],
                other: staged_layer
                    .other
                    .and_then(|other| blocks.get(other - first).copied()),
            });
        }
        layout.tensors.append(&mut blocks);
    }
}

/// The line that tensors stand along. It runs to the right and back, so that from where cameras
/// usually stand it lies level in the picture, and no height is lost to a slope.
struct Row {
    along: Vec3,
}

impl Row {
    fn new() -> Self {
        let (sin, cos) = USUAL_YAW.to_radians().sin_cos();
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

/// The height that a box takes up in the picture, seen from where cameras usually stand: what is
/// deep reaches up and down.
fn seen_height(size: Vec3) -> f32 {
    size.y + DEPTH_SEEN * size.z
}

/// From one filter of a rack to the next, along the row and in height.
fn rack_pitch(row: &Row, filter: Vec3) -> [f32; 2] {
    [row.width(filter) + FILTER_GAP, filter.y + FILTER_GAP]
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
