//! Where each tensor of a scene stands.
//!
//! One cube is one unit wide. Columns go right (+x), rows go down (−y), channels go back (−z), so
//! that a tensor's first channel faces the viewer. What has two axes stands as a sheet, its first axis
//! going down, and a vector as a column, or in lines where it is long, so that every number can be read.
//! Of four axes and more, the planes of a channel stand together. Everything hovers above a floor.

mod block;
mod lines;
mod picture_shape;
mod seen;
mod side_row;

use std::ops::Range;

use glam::Vec3;

pub use block::{Block, Stand};
use lines::{Gaps, Item, Parting};
pub use picture_shape::{PictureShape, WIDTH_SHARE};
use seen::Seen;
use side_row::{Racks, SideRow};

use super::{Scene, Shot, Staging};
use crate::network::map::MapBlock;

/// The yaw that cameras usually have, in degrees.
pub const USUAL_YAW: f32 = 32.0;
/// The pitch that cameras usually have, in degrees.
const USUAL_PITCH: f32 = 24.0;
/// Room between two tensors, in cubes.
const GAP: f32 = 2.2;
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
impl Layout {
    /// Lays a scene out: each side from left to right, an input, then for each layer its filters
    /// in a grid and its output; one side above the other. In a picture that is not wide, a side is parted
    /// into lines where everything is larger then.
    #[must_use]
    pub fn new(staging: &Staging, picture: PictureShape) -> Self {
        let seen = Seen::everything(staging);
        Self::parted(
            staging,
            &seen,
            picture,
            (0.0, Racks::Lines(1)),
            |sides, gaps| lines::best(sides, picture.room(), picture.gain(), gaps),
        )
    }

    /// The same, with the lines in which what the shots of a scene frame is largest, and with room between the
    /// channels of each tensor, in cubes. What the scene never shows takes no part in them.
    #[must_use]
    pub fn for_scene(scene: &Scene, picture: PictureShape, apart: f32) -> Self {
        let staging = &*scene.staging;
        let shots = scene.shots();
        let seen = match picture {
            PictureShape::Wide => Seen::everything(staging),
            PictureShape::Square | PictureShape::Upright => Seen::of(scene),
        };
        let row = |racks: Racks| {
            let mut ways = Vec::new();
            let row = Self::parted(staging, &seen, picture, (apart, racks), |sides, gaps| {
                ways = lines::ways(sides, picture.room(), gaps);
                lines::best(sides, picture.room(), f32::INFINITY, gaps)
            });
            (row, ways)
        };
        let (mut chosen, ways) = row(Racks::Lines(1));
        if picture == PictureShape::Wide {
            return chosen;
        }
        let mut wanted = chosen.size_in(picture, &shots) + picture.gain().ln();
        let mut try_out = |layout: Self, racks: Racks| {
            let size = layout.size_in(picture, &shots) - racks.gain().ln();
            if size > wanted {
                (chosen, wanted) = (layout, size);
            }
        };
        let mut of_racks = vec![(Racks::Lines(1), ways)];
        if staging.sides.len() > 1 {
            for racks in [Racks::Lines(2), Racks::AsHighAsTensors] {
                let (row, ways) = row(racks);
                try_out(row, racks);
                of_racks.push((racks, ways));
            }
        }
        for (racks, ways) in of_racks {
            for mut way in ways.into_iter().skip(1) {
                let blocks = (apart, racks);
                let tight = Self::parted(staging, &seen, picture, blocks, |_, _| way.clone());
                // Where the camera stands farthest off, names need the most room between the lines.
                let cube = tight.least_cube(picture, &shots);
                way.gap = way.gap.max(LINE_ROOM / cube);
                let layout = Self::parted(staging, &seen, picture, blocks, |_, _| way);
                try_out(layout, racks);
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

    /// Lays a scene out in the lines that are chosen, with so much room between channels, in cubes, and such racks.
    fn parted(
        staging: &Staging,
        seen: &Seen,
        picture: PictureShape,
        blocks: (f32, Racks),
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
                    seen,
                    side.staged_layers.clone(),
                    side.tensors.clone(),
                    blocks,
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
