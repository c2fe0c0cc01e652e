//! A side of a scene: its tensors and filters from left to right, in one line or in several.

use std::ops::Range;

use glam::Vec3;

use super::lines::{self, Gaps, Item};
use super::seen::Seen;
use super::{Block, LayerLayout, Layout, Stand, USUAL_PITCH, USUAL_YAW};
use crate::lesson::{StagedLayer, Staging};
use crate::op::{Plan, VisualStyle};

/// Room between two filters, in cubes.
const FILTER_GAP: f32 = 1.0;
/// How much broader than high a rack may be.
const BROAD: f32 = 1.8;
/// See [`Racks::gain`].
const BETTER: f32 = 1.25;
/// Room between two filters that are columns, in cubes.
const LINE_GAP: f32 = 0.4;

/// How the few filters of a layer stand where sides are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Racks {
    /// In so many lines, since one side above the other leaves little height.
    Lines(usize),
    /// About as high as the tensors beside them, as where there is one side.
    AsHighAsTensors,
}

impl Racks {
    /// How many times as large, or as much better filled, everything must become for filters to stand so.
    pub(super) fn gain(self) -> f32 {
        match self {
            Self::Lines(1) => 1.0,
            Self::Lines(_) | Self::AsHighAsTensors => BETTER,
        }
    }
}

/// One side, before it has a place in height.
pub(super) struct SideRow {
    /// All that stands in it and is ever seen, from left to right.
    pub(super) items: Vec<Item>,
    /// The height of each of them.
    heights: Vec<f32>,
    /// Each tensor, and which item it is, with the room that padding takes around it.
    tensors: Vec<(Block, usize)>,
    /// Each layer's filters: how many side by side, and which item they are; none of a layer without.
    racks: Vec<(usize, Option<usize>)>,
    /// The place of each item.
    places: Vec<PlaceInSide>,
    lines: Vec<Line>,
    pub(super) height: f32,
    /// Room between channels.
    apart: f32,
    /// The height that it takes up in the picture.
    pub(super) seen: f32,
}

impl SideRow {
    pub(super) fn new(
        staging: &Staging,
        seen: &Seen,
        staged_layers: Range<usize>,
        tensors: Range<usize>,
        (apart, racks): (f32, Racks),
    ) -> Self {
        let row = Row::new();
        let filters_seen = &seen.filters[staged_layers.clone()];
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
            let width = row.width(size);
            let item = side.add(seen.tensors[tensor], width, size.y, seen_height(size));
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
            let (pitch, gap) = rack_pitch(&row, filter, plan);
            let compared = staging.sides.len() > 1;
            let columns = if compared
                && count <= 8
                && let Racks::Lines(lines) = racks
            {
                count.div_ceil(lines).max(1)
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
                let height = seen_height(Vec3 {
                    y: rack[1],
                    ..filter
                });
                side.add(filters_seen[index], rack[0], rack[1], height)
            });
            side.racks.push((columns, item));
        }
        side
    }

    /// Adds an item of a width and of heights, as it is and as it is seen. What is never seen takes no room: it stands
    /// where the item before it does, or where the first one will.
    fn add(&mut self, is_seen: bool, width: f32, height: f32, seen: f32) -> usize {
        if is_seen {
            self.items.push(Item { width, seen });
            self.heights.push(height);
        }
        self.items.len().saturating_sub(1)
    }

    /// Gives every item its place, in lines one below the other.
    pub(super) fn part(&mut self, lines: &[Range<usize>], gaps: Gaps, gap: f32) {
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

    pub(super) fn place(&self, layout: &mut Layout, staged_layers: &[StagedLayer], middle: f32) {
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
