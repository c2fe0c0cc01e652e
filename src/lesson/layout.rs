//! Where each tensor of a scene stands.
//!
//! One cube is one unit wide. Columns go right (+x), rows go down (−y), channels go back (−z), so
//! that a tensor's first channel faces the viewer. What has two axes stands as a sheet, its first axis
//! going down, and a vector as a column, or in lines where it is long, so that every number can be read.
//! Of four axes and more, the planes of a channel stand together. Everything hovers above a floor.

mod lines;
mod picture_shape;

use std::ops::Range;

use glam::Vec3;

use lines::{Gaps, Item, Parting};
pub use picture_shape::{PictureShape, WIDTH_SHARE};

use super::{Shot, StagedLayer, Staging};
use crate::network::map::MapBlock;
use crate::op::{Plan, VisualStyle};
use crate::tensor::Shape;

/// The yaw that cameras usually have, in degrees.
pub const USUAL_YAW: f32 = 32.0;
/// The pitch that cameras usually have, in degrees.
const USUAL_PITCH: f32 = 24.0;
/// Room between two tensors, in cubes.
const GAP: f32 = 2.2;
/// Room between two filters, in cubes.
const FILTER_GAP: f32 = 1.0;
/// Room between two groups of channels, in cubes.
const GROUP_GAP: f32 = 0.9;
/// The least room between two sides of a comparison, one above the other, in cubes.
const SIDE_GAP: f32 = 5.2;
/// Room between two lines of a side, one above the other, in 1080ths of the picture's shorter side: for a
/// dimension and a name of two lines; a part of it is lost to the room around what is framed.
const LINE_ROOM: f32 = 155.0;
/// The part of the shorter side of the room that is to be filled, and what it counts against the size of cubes.
const FILLED: f32 = 0.55;
const FILLING: f32 = 0.9;
/// How far the lowest cube hovers above the floor.
const HOVER: f32 = 0.9;
/// A vector up to this long stands as a column.
const COLUMN: usize = 16;
/// How much broader than high a rack may be.
const BROAD: f32 = 1.8;
/// Room between two filters that are columns, in cubes.
const LINE_GAP: f32 = 0.4;

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
    fn of_vector(length: usize) -> Self {
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
    const fn new(dims: [usize; 3], group: usize) -> Self {
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
    /// The shape of the picture that everything is laid out for.
    pub picture: PictureShape,
    /// The lowest and the highest corner of each block of a network, where the scene shows one.
    pub network: Vec<(Vec3, Vec3)>,
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
            stand: self.input.stand,
        }
    }
}

/// The place of something in its side: in which line, and how far along that its middle is.
#[derive(Debug, Clone, Copy, Default)]
struct PlaceInSide {
    line: usize,
    at: f32,
}

/// A line of a side.
#[derive(Debug, Clone, Copy)]
struct Line {
    height: f32,
    /// The height that it takes up in the picture.
    seen: f32,
    /// How far its middle is above the side's.
    up: f32,
}

impl Layout {
    /// Lays a scene out: each side from left to right, an input, then for each layer its filters
    /// in a grid and its output; one side above the other. In a picture that is not wide, a side is parted
    /// into lines where everything is larger then.
    #[must_use]
    pub fn new(staging: &Staging, picture: PictureShape) -> Self {
        Self::parted(staging, picture, 0.0, |sides, gaps| {
            lines::best(sides, picture.room(), picture.gain(), gaps)
        })
    }

    /// The same, with the lines in which what the shots of a scene frame is largest, and with room between the
    /// channels of each tensor, in cubes.
    #[must_use]
    pub fn for_shots(staging: &Staging, picture: PictureShape, shots: &[Shot], apart: f32) -> Self {
        let mut ways = Vec::new();
        let row = Self::parted(staging, picture, apart, |sides, gaps| {
            ways = lines::ways(sides, picture.room(), gaps);
            lines::best(sides, picture.room(), f32::INFINITY, gaps)
        });
        if shots.is_empty() || picture == PictureShape::Wide {
            return row;
        }
        let mut wanted = row.size_in(picture, shots) + picture.gain().ln();
        let mut chosen = row;
        for mut way in ways.into_iter().skip(1) {
            let tight = Self::parted(staging, picture, apart, |_, _| way.clone());
            // Where the camera stands farthest off, names need the most room between the lines.
            let cube = tight.least_cube(picture, shots);
            way.gap = way.gap.max(LINE_ROOM / cube);
            let layout = Self::parted(staging, picture, apart, |_, _| way);
            let size = layout.size_in(picture, shots);
            if size > wanted {
                (chosen, wanted) = (layout, size);
            }
        }
        chosen
    }

    /// How large the cubes are in the pictures of some shots, without a card and with one, and how well those
    /// are filled: the mean of logarithms.
    fn size_in(&self, picture: PictureShape, shots: &[Shot]) -> f32 {
        let rooms = [picture.room_without_card(), picture.room()];
        let sizes = shots.iter().flat_map(|shot| {
            let half = self.frame(shot).half;
            rooms.map(|room| {
                let (wide, high) = (room.width / half.x, room.height / half.y);
                // The part of the other side of the room that is filled, where one is filled whole.
                let other = (wide / high).min(high / wide);
                wide.min(high).ln() + FILLING * (other / FILLED).min(1.0).ln()
            })
        });
        sizes.sum::<f32>() / (shots.len() * rooms.len()).max(1) as f32
    }

    /// How large a cube is in that picture of some shots, with a card, where it is smallest: in 1080ths of the
    /// picture's shorter side.
    fn least_cube(&self, picture: PictureShape, shots: &[Shot]) -> f32 {
        let room = picture.room();
        let cubes = shots.iter().map(|shot| {
            let whole = self.frame(shot).half * 2.0;
            (room.width / whole.x).min(room.height / whole.y)
        });
        cubes.fold(f32::MAX, f32::min)
    }

    /// Lays a scene out in the lines that are chosen.
    fn parted(
        staging: &Staging,
        picture: PictureShape,
        apart: f32,
        choose: impl FnOnce(&[Vec<Item>], Gaps) -> Parting,
    ) -> Self {
        let mut layout = Self {
            sides: Vec::new(),
            tensors: Vec::new(),
            staged_layers: Vec::new(),
            floor: 0.0,
            picture,
            network: Vec::new(),
        };
        if let Some(network) = &staging.network {
            let map = network.placed(picture);
            layout.floor = map.floor;
            layout.network = map.blocks.iter().map(MapBlock::bounds).collect();
            return layout;
        }
        let mut rows: Vec<SideRow> = staging
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
        let gaps = Gaps {
            items: GAP,
            lines: LINE_ROOM,
            sides: [SIDE_GAP, picture.side_room()],
        };
        let items: Vec<Vec<Item>> = rows.iter().map(|row| row.items.clone()).collect();
        let parting = choose(&items, gaps);
        for (row, lines) in rows.iter_mut().zip(&parting.sides) {
            row.part(lines, gaps, parting.gap);
        }
        // What is upright is seen foreshortened.
        let upright = USUAL_PITCH.to_radians().cos();
        // The first side is the upper one.
        let mut bottom = HOVER + layout.floor;
        let mut middles = vec![0.0; rows.len()];
        for (row, middle) in rows.iter().zip(&mut middles).rev() {
            // What is deep reaches lower in the picture; a side that stands alone has nothing below.
            let height = if rows.len() > 1 {
                row.seen / upright
            } else {
                row.height
            };
            *middle = bottom + height * 0.5;
            bottom += height + parting.side_gap / upright;
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
    /// All that stands in it, from left to right.
    items: Vec<Item>,
    /// The height of each of them.
    heights: Vec<f32>,
    /// Each tensor, and which item it is, with the room that padding takes around it.
    tensors: Vec<(Block, usize)>,
    /// Each layer's filters: how many side by side, and which item they are; none of a layer without.
    racks: Vec<(usize, Option<usize>)>,
    /// The place of each item.
    places: Vec<PlaceInSide>,
    lines: Vec<Line>,
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
        let mut side = Self {
            items: Vec::new(),
            heights: Vec::new(),
            tensors: Vec::new(),
            racks: Vec::new(),
            places: Vec::new(),
            lines: Vec::new(),
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
            let shape = staging.shape(tensor);
            let dims = shape.as_chw();
            let padded = staged_layers.get(index).map(padding_of);
            let stand = match padded {
                // Padding lies around rows and columns.
                Some((_, lengths)) if lengths != dims[1..] && shape.rank() > 2 => Stand::Deep,
                Some(_) | None => Stand::of(shape),
            };
            // The planes of a channel stand together.
            let planes = dims[0] / shape.channels().max(1);
            let group = match (grouped(before, dims[0]), grouped(next, dims[0])) {
                _ if stand != Stand::Deep => 0,
                _ if shape.rank() > 3 && planes > 1 && planes < dims[0] => planes,
                (0, group) | (group, _) => group,
            };
            let block = Block {
                spread: next.map_or([1, 1], Plan::spread),
                ..side.block(dims, group, stand)
            };
            let padded = padded.map_or(block, |(_, [rows, columns])| {
                side.block([dims[0], rows, columns], group, stand)
            });
            let size = padded.size().max(block.size());
            let item = side.add(row.width(size), size.y, seen_height(size));
            side.tensors.push((block, item));
            let Some(plan) = next else { continue };
            let filter = side.filter(plan, stand).size();
            let count = plan.filter_count();
            let output = side.block(
                plan.output_shape().as_chw(),
                0,
                Stand::of(plan.output_shape()),
            );
            let beside = size.y.max(output.size().y);
            // One side above the other leaves no room for racks of several lines.
            let (pitch, gap) = rack_pitch(&row, filter, plan);
            let columns = if staging.sides.len() > 1 && count <= 8 {
                count.max(1)
            } else if staged_layers[index].style == VisualStyle::Gather {
                broad_columns(count, pitch)
            } else {
                filter_columns(count, filter, beside)
            };
            let lines = count.div_ceil(columns.max(1));
            let rack = [
                (columns as f32 * pitch[0] - gap[0]).max(0.0),
                (lines as f32 * pitch[1] - gap[1]).max(0.0),
            ];
            let item = (count > 0).then(|| {
                let seen = seen_height(Vec3 {
                    y: rack[1],
                    ..filter
                });
                side.add(rack[0], rack[1], seen)
            });
            side.racks.push((columns, item));
        }
        side
    }

    /// Adds an item of a width and of heights, as it is and as it is seen.
    fn add(&mut self, width: f32, height: f32, seen: f32) -> usize {
        self.items.push(Item { width, seen });
        self.heights.push(height);
        self.items.len() - 1
    }

    /// Gives every item its place, in lines one below the other.
    fn part(&mut self, lines: &[Range<usize>], gaps: Gaps, gap: f32) {
        self.places = vec![PlaceInSide::default(); self.items.len()];
        for (number, line) in lines.iter().enumerate() {
            let items = &self.items[line.clone()];
            let mut at = -0.5 * lines::width(items, gaps);
            for (item, place) in items.iter().zip(&mut self.places[line.clone()]) {
                *place = PlaceInSide {
                    line: number,
                    at: at + item.width * 0.5,
                };
                at += item.width + gaps.items;
            }
            self.lines.push(Line {
                height: self.heights[line.clone()]
                    .iter()
                    .copied()
                    .fold(0.0, f32::max),
                seen: lines::height(items),
                up: 0.0,
            });
        }
        let between = gap * lines.len().saturating_sub(1) as f32;
        self.seen = self.lines.iter().map(|line| line.seen).sum::<f32>() + between;
        let upright = USUAL_PITCH.to_radians().cos();
        self.height = match &self.lines[..] {
            [line] => line.height,
            _ => self.seen / upright,
        };
        if lines.len() > 1 {
            let mut top = 0.5 * self.seen;
            for line in &mut self.lines {
                line.up = (top - 0.5 * line.seen) / upright;
                top -= line.seen + gap;
            }
        }
    }

    /// The place of an item in space, where the side's middle is so high.
    fn at(&self, item: Option<usize>, middle: f32) -> (f32, f32) {
        let place = item
            .and_then(|item| self.places.get(item))
            .copied()
            .unwrap_or_default();
        let up = self.lines.get(place.line).map_or(0.0, |line| line.up);
        (place.at, middle + up)
    }

    /// A block whose channels have the side's room between them.
    fn block(&self, dims: [usize; 3], group: usize, stand: Stand) -> Block {
        Block {
            apart: self.apart,
            stand,
            ..Block::new(dims, group)
        }
    }

    /// One of the filters of a plan: it stands as what it works on does.
    fn filter(&self, plan: &Plan, input: Stand) -> Block {
        let dims = plan.filter_dims();
        let gathers = plan.visual_style() == Some(VisualStyle::Gather);
        let stand = match (dims, input) {
            ([1, 1, length], _) if gathers => Stand::of_vector(length),
            ([length, 1, 1], Stand::Lines(_)) => Stand::of_vector(length),
            (_, Stand::Sheet) => Stand::Sheet,
            (_, Stand::Deep | Stand::Lines(_)) => Stand::Deep,
        };
        self.block(dims, 0, stand)
    }

    fn place(&self, layout: &mut Layout, staged_layers: &[StagedLayer], middle: f32) {
        let row = Row::new();
        let mut blocks = Vec::new();
        for (index, (block, item)) in self.tensors.iter().enumerate() {
            let (along, up) = self.at(Some(*item), middle);
            let place = row.at(along, up);
            let Some(staged_layer) = staged_layers.get(index) else {
                blocks.push(block.centred_at(place));
                continue;
            };
            // The padded input is centred in its place; the input stands inside it.
            let ([top, left], [rows, columns]) = padding_of(staged_layer);
            let padded = self
                .block([block.dims[0], rows, columns], block.group, block.stand)
                .centred_at(place);
            let origin = padded.position(0, top, left);
            blocks.push(Block { origin, ..*block });
        }
        for (index, staged_layer) in staged_layers.iter().enumerate() {
            let plan = &staged_layer.plan;
            let (columns, item) = self.racks[index];
            let (rack_at, rack_up) = self.at(item, middle);
            let block = self.filter(plan, blocks[index].stand);
            let count = plan.filter_count();
            let (pitch, _) = rack_pitch(&row, block.size(), plan);
            let lines = count.div_ceil(columns);
            let filters = (0..count)
                .map(|filter| {
                    let (line, column) = (filter / columns, filter % columns);
                    // A last line that is not full is centred.
                    let in_line = (count - line * columns).min(columns) as f32;
                    let along = rack_at + (column as f32 - (in_line - 1.0) * 0.5) * pitch[0];
                    let up = rack_up + ((lines as f32 - 1.0) * 0.5 - line as f32) * pitch[1];
                    block.centred_at(row.at(along, up))
                })
                .collect();
            let (padding_before, padded) = padding_of(staged_layer);
            let first = staged_layer.input - index;
            layout.staged_layers.push(LayerLayout {
                input: blocks[index],
                padding_before,
                padded,
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
/// deep or broad reaches up and down.
fn seen_height(size: Vec3) -> f32 {
    let (yaw_sin, yaw_cos) = USUAL_YAW.to_radians().sin_cos();
    let (pitch_sin, pitch_cos) = USUAL_PITCH.to_radians().sin_cos();
    size.y * pitch_cos + (size.x * yaw_sin + size.z * yaw_cos) * pitch_sin
}

/// From one filter of a rack to the next, along the row and in height, and the room between them.
fn rack_pitch(row: &Row, filter: Vec3, plan: &Plan) -> ([f32; 2], [f32; 2]) {
    // Columns side by side make a matrix.
    let columns = plan.filter_dims()[..2] == [1, 1] && filter.x < filter.y && filter.x <= 1.0;
    let gap = [if columns { LINE_GAP } else { FILTER_GAP }, FILTER_GAP];
    ([row.width(filter) + gap[0], filter.y + gap[1]], gap)
}

/// Rows above and columns left of what a layer reads, and rows and columns of all of it, padding
/// included. What a step gathers it reads where it stands, without padding around it.
fn padding_of(staged_layer: &StagedLayer) -> ([isize; 2], [usize; 2]) {
    let plan = &staged_layer.plan;
    if staged_layer.style == VisualStyle::Gather {
        let [_, rows, columns] = plan.input_shape().as_chw();
        return ([0, 0], [rows, columns]);
    }
    let sides = plan.padding();
    let [_, rows, columns] = plan.padded_shape().as_chw();
    ([sides.top, sides.left], [rows, columns])
}

/// How many filters stand side by side in a rack by itself: as many as make it no broader than a
/// picture is.
fn broad_columns(count: usize, pitch: [f32; 2]) -> usize {
    let columns = |lines: usize| count.div_ceil(lines);
    let broad = |lines: usize| columns(lines) as f32 * pitch[0] > BROAD * lines as f32 * pitch[1];
    let lines = (1..=count).find(|lines| !broad(*lines)).unwrap_or(1);
    columns(lines).max(1)
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
