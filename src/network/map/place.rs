//! Where the tensors of a map stand: in columns by how deep they lie in the network, the columns in rows
//! that fill a picture.

use std::collections::{BTreeSet, HashMap};

use glam::{Vec2, Vec3};

use super::{NetworkMap, Unit, written};
use crate::language::Localized;
use crate::network::graph::{Graph, ValueId};
use crate::op::Cost;
use crate::says;
use crate::tensor::Shape;

/// The edge of the largest plane, in the units of the stage.
const LARGEST: f32 = 6.0;
/// The edge of the smallest.
const SMALLEST: f32 = 0.45;
/// The depth of one channel, and of many.
const DEPTHS: [f32; 2] = [0.3, 5.0];
/// Room between two tensors in a row.
const GAP: f32 = 2.3;
/// The breadth of numbers along one axis.
const COLUMN: f32 = 0.62;
/// How far the lowest tensor hovers above the floor.
const HOVER: f32 = 0.5;
/// Of the height of a picture that holds the whole: room for a name above a tensor, for its shape below, and for
/// the breadth of a name. Names have one size, however large the map is.
const NAME: f32 = 0.064;
const SHAPE: f32 = 0.042;
const BROAD: f32 = 0.15;
/// Room between two names that stand side by side.
const APART: f32 = 0.018;
/// The breadth of a long name in two lines, which it gets where the rows leave some of the picture's breadth free.
const LONG: f32 = 0.18;
/// The same of ways round others, one above the other.
const LANE: f32 = 0.016;
/// Ways round others that run above one another; further ones share their heights.
const LANES: usize = 4;
/// How much of the room that names take is left for them: all of it, where that can be.
const NAMED: [f32; 4] = [1.0, 0.6, 0.3, 0.1];
/// A map that is higher than this is seen from too far.
const FAR: f32 = 90.0;
/// How much smaller a map may be drawn for an open unit to be in one row.
const TOGETHER: f32 = 1.4;
/// How often sizes and names are fitted to each other.
const FITS: usize = 6;
/// How much of its breadth a row is lower in the picture at its right end.
const SLOPE: f32 = 0.09;
/// How much lower in the picture a unit of depth reaches.
const DEPTH_SEEN: f32 = 0.45;

/// The picture that rows are made for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapPicture {
    /// Breadth to height of what a map may fill.
    pub aspect: f32,
    /// The part of the picture's height that it may fill.
    pub filled: f32,
    /// The size of letters, where that in a wide picture of the same height is 1.
    pub letters: f32,
    /// Rows at most.
    pub rows: usize,
}

impl MapPicture {
    /// A picture as a screen.
    pub const WIDE: Self = Self {
        aspect: 2.5,
        filled: 0.66,
        letters: 1.0,
        rows: 9,
    };
}

/// A map with everything in its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlacedMap {
    /// The tensors: the inputs, then what each unit gives.
    pub blocks: Vec<MapBlock>,
    /// What leads from one to another.
    pub links: Vec<MapLink>,
    /// The height of the floor.
    pub floor: f32,
}

/// A tensor of a network, as one block.
#[derive(Debug, Clone, PartialEq)]
pub struct MapBlock {
    /// The name of the unit that gives it; of an input, its own.
    pub name: String,
    /// Which value it is.
    pub value: ValueId,
    /// What makes it, in a few words.
    pub title: Localized<String>,
    /// Its axes without the batch, where they are known.
    pub shape: Option<Shape>,
    /// What it costs to make it.
    pub cost: Cost,
    /// Whether it can be opened.
    pub opens: bool,
    /// Its middle.
    pub middle: Vec3,
    /// Half its breadth, height and depth.
    pub half: Vec3,
}

impl MapBlock {
    /// The lowest and the highest corner.
    #[must_use]
    pub fn bounds(&self) -> (Vec3, Vec3) {
        (self.middle - self.half, self.middle + self.half)
    }

    /// The middle of a cell of its front, and half its breadth and height, by row and column; `None` where it
    /// has no such cell.
    #[must_use]
    pub fn front_cell(&self, row: usize, column: usize) -> Option<(Vec3, Vec2)> {
        let [_, rows, columns] = in_cells(self.shape.as_ref()?);
        if row >= rows || column >= columns {
            return None;
        }
        let half = Vec2::new(self.half.x / columns as f32, self.half.y / rows as f32);
        let corner = self.middle + Vec3::new(-self.half.x, self.half.y, self.half.z);
        let inside = Vec3::new(
            half.x * (2 * column + 1) as f32,
            -half.y * (2 * row + 1) as f32,
            0.0,
        );
        Some((corner + inside, half))
    }
}

/// A way from one tensor to another.
#[derive(Debug, Clone, PartialEq)]
pub struct MapLink {
    /// The block where it begins.
    pub from: usize,
    /// The block where it ends.
    pub to: usize,
    /// Whether it leads around others.
    pub skips: bool,
    /// Its corners.
    pub points: Vec<Vec3>,
}

/// A column before it has a place: its blocks, one above the other.
struct Column {
    blocks: Vec<usize>,
    width: f32,
    height: f32,
    depth: f32,
}

impl PlacedMap {
    /// The map of a network while some of its units are open, in a wide picture.
    #[must_use]
    pub fn new(map: &NetworkMap, graph: &Graph, open: &BTreeSet<String>) -> Self {
        Self::in_picture(map, graph, open, MapPicture::WIDE)
    }

    /// The same in the rows that fill a picture best.
    #[must_use]
    pub fn in_picture(
        map: &NetworkMap,
        graph: &Graph,
        open: &BTreeSet<String>,
        picture: MapPicture,
    ) -> Self {
        let units = map.shown(open);
        let largest = map
            .inputs
            .iter()
            .copied()
            .chain(units.iter().map(|unit| unit.output));
        let largest = largest.filter_map(|id| graph.sample_shape(id));
        let largest = largest.filter(|shape| shape.rank() > 2);
        let largest = largest.map(|shape| extent(&shape)[1..].iter().copied().fold(1.0, f32::max));
        let scale = largest.fold(1.0, f32::max);
        let mut placed = Self::default();
        for (number, &input) in map.inputs.iter().enumerate() {
            let name = graph.value(input).name.clone();
            placed.blocks.push(MapBlock {
                title: input_title(&name, number, map.inputs.len()),
                name,
                ..block(graph, input, scale)
            });
        }
        for unit in &units {
            placed.blocks.push(MapBlock {
                name: unit.name.clone(),
                title: unit.title(graph),
                cost: unit.cost,
                opens: !unit.parts.is_empty(),
                ..block(graph, unit.output, scale)
            });
        }
        let links = links(&placed.blocks, map.inputs.len(), &units);
        let depths = depths(placed.blocks.len(), &links);
        let rounds: Vec<(usize, usize)> = links
            .iter()
            .map(|&(from, to)| (depths[from], depths[to]))
            .filter(|(from, to)| to > &(from + 1))
            .collect();
        let breadths: Vec<f32> = placed.blocks.iter().map(breadth).collect();
        let fit = Fit::best(&Placing {
            blocks: &placed.blocks,
            breadths: &breadths,
            depths: &depths,
            rounds: &rounds,
            tied: &tied(map, open, &placed.blocks, &depths),
            picture,
        });
        let row_of = placed.stand(&fit, &rounds);
        let names = breadths.iter().map(|breadth| breadth * fit.name_height());
        let names: Vec<f32> = names.collect();
        placed.draw_links(&links, &depths, (&row_of, &names), fit.name_height());
        placed
    }

    /// The block of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.blocks.iter().position(|block| block.name == name)
    }

    /// The corners of what blocks take up; of all where none is named.
    #[must_use]
    pub fn bounds(&self) -> Option<(Vec3, Vec3)> {
        let bounds = self.blocks.iter().map(MapBlock::bounds);
        bounds.reduce(|(low, high), (near, far)| (low.min(near), high.max(far)))
    }

    /// Gives the blocks of each row their places; which row each block is in.
    fn stand(&mut self, fit: &Fit, rounds: &[(usize, usize)]) -> Vec<usize> {
        let mut row_of = vec![0; self.blocks.len()];
        let heights: Vec<f32> = fit.rows(rounds).map(|(_, height)| height).collect();
        let mut bottom = HOVER + heights.iter().sum::<f32>();
        for (row, (columns, height)) in fit.rows(rounds).enumerate() {
            bottom -= height;
            let tallest = columns
                .iter()
                .map(|column| column.height)
                .fold(0.0, f32::max);
            let middle = bottom + fit.name_height() * SHAPE + tallest * 0.5;
            let mut along = 0.0;
            for column in columns {
                let mut top = middle + column.height * 0.5;
                for &number in &column.blocks {
                    let block = &mut self.blocks[number];
                    block.middle = Vec3::new(along + column.width * 0.5, top - block.half.y, 0.0);
                    top -= 2.0 * block.half.y + fit.name_height() * (NAME + SHAPE);
                    row_of[number] = row;
                }
                along += column.width + GAP;
            }
        }
        row_of
    }

    fn draw_links(
        &mut self,
        links: &[(usize, usize)],
        depths: &[usize],
        (row_of, names): (&[usize], &[f32]),
        height: f32,
    ) {
        let mut lanes: HashMap<usize, usize> = HashMap::new();
        let mut past = 0;
        // The right end of each block's column, and its left end.
        let ends = |number: usize, blocks: &[MapBlock]| {
            let column = blocks
                .iter()
                .enumerate()
                .filter(|(other, _)| depths[*other] == depths[number]);
            column.fold((f32::MAX, f32::MIN), |(left, right), (_, block)| {
                (
                    left.min(block.middle.x - block.half.x),
                    right.max(block.middle.x + block.half.x),
                )
            })
        };
        for &(from, to) in links {
            let (a, b) = (&self.blocks[from], &self.blocks[to]);
            // Beside names and shapes, which may be broader than what they stand above and below.
            let named_to = a.middle.x + names[from] * 0.5;
            let named_from = b.middle.x - names[to] * 0.5;
            let skips = depths[to] > depths[from] + 1;
            let right = Vec3::new(a.middle.x + a.half.x, a.middle.y, 0.0);
            let left = Vec3::new(b.middle.x - b.half.x, b.middle.y, 0.0);
            let points = if skips && row_of[from] == row_of[to] {
                // Above everything between them.
                let between = self.blocks.iter().enumerate().filter(|(number, _)| {
                    row_of[*number] == row_of[from]
                        && (depths[from]..=depths[to]).contains(&depths[*number])
                });
                let top = between
                    .map(|(_, block)| block.middle.y + block.half.y)
                    .fold(f32::MIN, f32::max);
                let lane = lanes.entry(row_of[from]).or_default();
                *lane += 1;
                let y = top + height * (NAME + LANE * (1 + (*lane - 1) % LANES) as f32);
                // Out at the right and in at the left, between the columns: nothing stands there.
                let aside = GAP * (0.22 + 0.08 * ((*lane - 1) % LANES) as f32);
                let out = ends(from, &self.blocks).1.max(named_to - GAP * 0.3) + aside;
                let into = ends(to, &self.blocks).0.min(named_from + GAP * 0.3) - aside;
                vec![
                    right,
                    Vec3::new(out, right.y, 0.0),
                    Vec3::new(out, y, 0.0),
                    Vec3::new(into, y, 0.0),
                    Vec3::new(into, left.y, 0.0),
                    left,
                ]
            } else if row_of[from] == row_of[to] {
                let middle = (right.x + left.x) * 0.5;
                vec![
                    right,
                    Vec3::new(middle, right.y, 0.0),
                    Vec3::new(middle, left.y, 0.0),
                    left,
                ]
            } else {
                let bottom = |row: usize| {
                    let in_row = self.blocks.iter().zip(row_of).filter(|(_, at)| **at == row);
                    let bottoms = in_row.map(|(block, _)| block.middle.y - block.half.y);
                    // Below the shapes, and above the names of the next row.
                    bottoms.fold(f32::MAX, f32::min) - height * (SHAPE + LANE)
                };
                let apart = if skips { 0.7 * height * LANE } else { 0.0 };
                let below = bottom(row_of[from]) - apart;
                let above = bottom(row_of[to].saturating_sub(1)) - apart;
                let (out, back) = (
                    (ends(from, &self.blocks).1 + GAP * 0.3).max(named_to),
                    (ends(to, &self.blocks).0 - GAP * 0.3).min(named_from),
                );
                let mut points = vec![right, Vec3::new(out, right.y, 0.0)];
                if row_of[to] > row_of[from] + 1 {
                    // Past the rows between, at their left and at that of their names.
                    let aside = -GAP * (0.5 + 0.1 * (past % LANES) as f32);
                    past += 1;
                    points.push(Vec3::new(out, below, 0.0));
                    points.push(Vec3::new(aside, below, 0.0));
                    points.push(Vec3::new(aside, above, 0.0));
                } else {
                    // Down between the rows and back to the left.
                    points.push(Vec3::new(out, below, 0.0));
                }
                points.push(Vec3::new(back, above, 0.0));
                points.push(Vec3::new(back, left.y, 0.0));
                points.push(left);
                points
            };
            self.links.push(MapLink {
                from,
                to,
                skips,
                points,
            });
        }
    }
}

/// A block of a value that stands nowhere yet.
fn block(graph: &Graph, value: ValueId, scale: f32) -> MapBlock {
    let shape = graph.sample_shape(value);
    let [depth, height, width] = shape.as_ref().map_or([1.0; 3], extent);
    let edge = |length: f32| (LARGEST * (length / scale).sqrt()).clamp(SMALLEST, LARGEST);
    let is_column = width == 1.0 && depth == 1.0;
    let [one, most] = DEPTHS;
    // Half the depth for a quarter of the channels.
    let deep = (0.155 * depth.sqrt()).clamp(one, most);
    MapBlock {
        name: String::new(),
        value,
        title: Localized::default(),
        shape,
        cost: Cost::default(),
        opens: false,
        middle: Vec3::ZERO,
        half: if is_column {
            Vec3::new(COLUMN, column(height), COLUMN) * 0.5
        } else {
            Vec3::new(edge(width), edge(height), deep) * 0.5
        },
    }
}

/// What an input is called: of several, each as the network calls it, or by its number.
fn input_title(name: &str, number: usize, count: usize) -> Localized<String> {
    let place = number + 1;
    // `x.1` and `onnx::Conv_0` are names that an exporter has made up.
    let is_word = name.chars().any(char::is_alphabetic) && !name.contains(['.', ':', '/']);
    if count < 2 {
        Localized::new("Input", "入力").into()
    } else if is_word {
        says!(en: "Input {name}", ja: "入力 {name}")
    } else {
        says!(en: "Input {place}", ja: "入力 {place}")
    }
}

/// The breadth that a block's name and its shape need, in whichever language, as a part of the height of a picture.
fn breadth(block: &MapBlock) -> f32 {
    let title = [&block.title.en, &block.title.ja];
    let title = title.map(|title| written::breadth(&written::in_lines(title, written::ONE_LINE)));
    let name = title[0].max(title[1]) * written::NAME_HEIGHT;
    let shape = block.shape.as_ref().map_or(0.0, |shape| {
        written::breadth(&shape.to_string()) * written::SHAPE_HEIGHT
    });
    (name.max(shape) / 1080.0 + APART).max(BROAD)
}

/// The height of numbers along one axis.
fn column(length: f32) -> f32 {
    (0.6 * length.powf(0.35)).clamp(COLUMN, LARGEST)
}

/// Channels, rows and columns as a block shows them.
fn extent(shape: &Shape) -> [f32; 3] {
    in_cells(shape).map(|length| length as f32)
}

/// Channels, rows and columns of cells that a tensor's block has. Numbers along one axis go down, and so do
/// the tokens of a sequence, whose features go to the right.
#[must_use]
pub fn in_cells(shape: &Shape) -> [usize; 3] {
    match *shape.axes() {
        [] => [1, 1, 1],
        [length] | [length, 1, 1] => [1, length, 1],
        [rows, columns] => [1, rows, columns],
        _ => shape.as_chw(),
    }
}

/// What leads from block to block.
fn links(blocks: &[MapBlock], inputs: usize, units: &[&Unit]) -> Vec<(usize, usize)> {
    let mut links = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        let to = inputs + number;
        for input in &unit.inputs {
            if let Some(from) = blocks[..to].iter().rposition(|block| block.value == *input) {
                links.push((from, to));
            }
        }
    }
    links
}

/// How deep each block lies: one more than what it reads.
fn depths(count: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let mut depths = vec![0; count];
    for &(from, to) in links {
        depths[to] = depths[to].max(depths[from] + 1);
    }
    depths
}

/// Of each column, whether it belongs to the one before: what an open unit is made of, and what that reads.
fn tied(
    map: &NetworkMap,
    open: &BTreeSet<String>,
    blocks: &[MapBlock],
    depths: &[usize],
) -> Vec<bool> {
    let mut tied = vec![false; depths.iter().max().map_or(0, |deepest| deepest + 1)];
    for unit in open.iter().filter_map(|name| map.find(name)) {
        // Of units one in the other, only the innermost.
        if unit.parts.iter().any(|part| open.contains(&part.name)) {
            continue;
        }
        let own = blocks.iter().zip(depths).filter(|(block, _)| {
            let mut parts = unit.parts.iter();
            parts.any(|part| part.name == block.name)
        });
        let own: Vec<usize> = own.map(|(_, depth)| *depth).collect();
        let (Some(&first), Some(&last)) = (own.iter().min(), own.iter().max()) else {
            continue;
        };
        tied[first..=last].fill(true);
    }
    tied
}

/// The columns of a map, in rows that fill a picture best.
struct Fit {
    columns: Vec<Column>,
    /// The first column of each row.
    starts: Vec<usize>,
    /// How high a picture is that holds all of it.
    height: f32,
    /// How much of the room that names take in a wide picture is left for them.
    named: f32,
}

/// What rows are made of, and for.
#[derive(Clone, Copy)]
struct Placing<'a> {
    blocks: &'a [MapBlock],
    /// The breadth of each one's name, as a part of the height of a picture.
    breadths: &'a [f32],
    /// How deep each block lies.
    depths: &'a [usize],
    /// The ways round others, by the columns where they begin and end.
    rounds: &'a [(usize, usize)],
    /// Of each column, whether it belongs to the one before.
    tied: &'a [bool],
    picture: MapPicture,
}

impl Fit {
    /// The rows with which the map can be drawn largest, or nearly so where one row holds all of an open unit then.
    fn best(placing: &Placing<'_>) -> Self {
        let free = Self::named(&Placing {
            tied: &[],
            ..*placing
        });
        if !placing.tied.contains(&true) {
            return free;
        }
        let tied = Self::named(placing);
        if tied.height <= free.height * TOGETHER {
            tied
        } else {
            free
        }
    }

    /// The rows with which the map can be drawn largest.
    fn named(placing: &Placing<'_>) -> Self {
        let letters = placing.picture.letters;
        // Of very many blocks, not all can have names that are read from afar.
        let fits = NAMED.map(|named| Self::among(placing, named * letters));
        let mut fits = fits.into_iter();
        let last = fits.next_back();
        fits.find(|fit| fit.height * letters < FAR)
            .or(last)
            .unwrap_or(Self {
                columns: Vec::new(),
                starts: vec![0],
                height: 1.0,
                named: 1.0,
            })
    }

    /// The best of rows with so much of the room that names take.
    fn among(placing: &Placing<'_>, named: f32) -> Self {
        let most = placing
            .depths
            .iter()
            .max()
            .map_or(1, |deepest| deepest + 1)
            .min(placing.picture.rows);
        let fits = (2..=most).map(|count| Self::new(placing, count, named));
        let one = Self::new(placing, 1, named);
        fits.fold(
            one,
            |best, fit| if fit.height < best.height { fit } else { best },
        )
    }

    /// So many rows. The larger the map is, the more room its names take in it: they are fitted to each other.
    fn new(placing: &Placing<'_>, count: usize, named: f32) -> Self {
        let (rounds, picture) = (placing.rounds, placing.picture);
        let mut fit = Self {
            columns: Vec::new(),
            starts: vec![0],
            height: 12.0,
            named,
        };
        for _ in 0..FITS {
            fit.columns = columns(placing, fit.name_height());
            fit.starts = rows_of(&fit.columns, placing.tied, count);
            let width = fit.width();
            let height: f32 = fit.rows(rounds).map(|(_, height)| height).sum();
            // What a picture must be high to hold all of it.
            fit.height = (height + width * SLOPE).max(width / picture.aspect) / picture.filled;
        }
        fit.broaden(picture);
        fit
    }

    /// The breadth of the broadest row.
    fn width(&self) -> f32 {
        in_rows(&self.columns, &self.starts)
            .map(row_width)
            .fold(0.0, f32::max)
    }

    /// Moves columns apart for long names, as far as the picture is broader than the rows.
    fn broaden(&mut self, picture: MapPicture) {
        let before: Vec<f32> = self.columns.iter().map(|column| column.width).collect();
        let wanted = self.name_height() * LONG - GAP;
        for column in &mut self.columns {
            column.width = column.width.max(wanted);
        }
        if self.width() > self.height * picture.filled * picture.aspect {
            for (column, width) in self.columns.iter_mut().zip(before) {
                column.width = width;
            }
        }
    }

    /// The height of a picture in which names have the room that is left for them.
    fn name_height(&self) -> f32 {
        self.height * self.named
    }

    /// Each row with its height: its tensors, their names and shapes, and the ways round others.
    fn rows<'a>(
        &'a self,
        rounds: &'a [(usize, usize)],
    ) -> impl Iterator<Item = (&'a [Column], f32)> {
        let ends = self
            .starts
            .iter()
            .copied()
            .skip(1)
            .chain([self.columns.len()]);
        let places = self.starts.iter().copied().zip(ends);
        places.map(|(from, to)| {
            let columns = &self.columns[from..to];
            let own = columns
                .iter()
                .map(|column| column.height + column.depth * DEPTH_SEEN);
            let within =
                |(a, b): &&(usize, usize)| (from..to).contains(a) && (from..to).contains(b);
            let lanes = rounds.iter().filter(within).count().min(LANES);
            // Those lead over the names, and leave room below the turn from the row above.
            let rounds = if lanes > 0 {
                LANE * (lanes + 2) as f32
            } else {
                LANE
            };
            let height =
                own.fold(0.0, f32::max) + self.name_height() * (NAME + SHAPE + LANE + rounds);
            (columns, height)
        })
    }
}

fn columns(placing: &Placing<'_>, height: f32) -> Vec<Column> {
    let (blocks, depths) = (placing.blocks, placing.depths);
    let count = depths.iter().max().map_or(0, |deepest| deepest + 1);
    let column = |depth: usize| {
        let numbers = (0..blocks.len()).filter(|number| depths[*number] == depth);
        let numbers: Vec<usize> = numbers.collect();
        let own = || numbers.iter().map(|number| blocks[*number].half * 2.0);
        let stacked = own().map(|size| size.y).sum::<f32>();
        let between = numbers.len().saturating_sub(1) as f32;
        let names = numbers
            .iter()
            .map(|number| height * placing.breadths[*number] - GAP);
        Column {
            width: own().map(|size| size.x).chain(names).fold(0.0, f32::max),
            height: stacked + height * (NAME + SHAPE) * between,
            depth: own().map(|size| size.z).fold(0.0, f32::max),
            blocks: numbers,
        }
    };
    (0..count).map(column).collect()
}

/// The columns of each row, of which the first columns are given.
fn in_rows<'a>(columns: &'a [Column], starts: &'a [usize]) -> impl Iterator<Item = &'a [Column]> {
    let ends = starts.iter().copied().skip(1).chain([columns.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&from, to)| &columns[from..to])
}

fn row_width(columns: &[Column]) -> f32 {
    columns.iter().map(|column| column.width + GAP).sum()
}

/// Columns in so many rows at most, of about the same width; none begins with one that belongs to the one before.
fn rows_of(columns: &[Column], tied: &[bool], count: usize) -> Vec<usize> {
    let each = row_width(columns) / count as f32;
    let mut starts = vec![0];
    let mut along = 0.0;
    for (number, column) in columns.iter().enumerate() {
        let width = column.width + GAP;
        let begins = number > 0 && !tied.get(number).copied().unwrap_or(false);
        if along + width * 0.5 > each * starts.len() as f32 && starts.len() < count && begins {
            starts.push(number);
        }
        along += width;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_inputs_are_told_apart() {
        let title = |name: &str, number: usize, count: usize| {
            let title = input_title(name, number, count);
            (title.en, title.ja)
        };
        let both = |en: &str, ja: &str| (en.to_owned(), ja.to_owned());
        assert_eq!(title("colour", 0, 1), both("Input", "入力"));
        assert_eq!(title("colour", 0, 2), both("Input colour", "入力 colour"));
        assert_eq!(title("onnx::Add_1", 1, 2), both("Input 2", "入力 2"));
        assert_eq!(title("7", 2, 3), both("Input 3", "入力 3"));
    }
}
