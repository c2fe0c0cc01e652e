//! The cells of the boxes of a network, drawn into one texture: of each tensor the six outer planes.

use bevy::math::UVec2;

use super::fronts;
use crate::lesson::StagedNetwork;
use crate::network::map::in_cells;
use crate::stage::draw::{Atlas, FaceCells, FrontCells};
use crate::stage::palette::{self, Rgb};
use crate::tensor::{NumberFormat, Tensor};

/// Columns and rows of a face, at most; of more cells, several are one. Where the texture would be too large,
/// half of it.
const LARGEST_FACE: usize = 256;
/// Pixels of the texture, at most: it has no more rows than every WebGL takes.
const PIXELS: usize = WIDTH * 3500;
/// Columns of the texture: what every WebGL has.
const WIDTH: usize = 2048;

/// How the numbers of a tensor stand in its box.
pub(super) struct Cells<'a> {
    data: &'a [f32],
    /// Channels, rows, columns.
    pub(super) dims: [usize; 3],
    /// From one channel, row and column to the next.
    strides: [usize; 3],
}

impl<'a> Cells<'a> {
    pub(super) fn new(tensor: &'a Tensor) -> Self {
        let dims = in_cells(tensor.shape());
        let [_, rows, columns] = dims;
        Self {
            data: tensor.data(),
            dims,
            strides: [rows * columns, columns, 1],
        }
    }

    pub(super) fn at(&self, place: [usize; 3]) -> f32 {
        let offset: usize = place
            .iter()
            .zip(self.strides)
            .map(|(at, stride)| at * stride)
            .sum();
        self.data.get(offset).copied().unwrap_or(0.0)
    }
}

/// One of the six planes: which axes run along the texture's columns and rows, and where on the third
/// axis it lies.
#[derive(Clone, Copy)]
pub(super) struct Plane {
    along: usize,
    down: usize,
    at_end: bool,
}

impl Plane {
    /// Whether it is the front, which shows one channel.
    const fn is_front(self) -> bool {
        self.along == 2 && self.down == 1 && !self.at_end
    }
}

/// Left, right, bottom, top, back, front: axis 0 are channels, 1 rows, 2 columns.
const PLANES: [Plane; 6] = [
    Plane {
        along: 0,
        down: 1,
        at_end: false,
    },
    Plane {
        along: 0,
        down: 1,
        at_end: true,
    },
    Plane {
        along: 2,
        down: 0,
        at_end: true,
    },
    Plane {
        along: 2,
        down: 0,
        at_end: false,
    },
    Plane {
        along: 2,
        down: 1,
        at_end: true,
    },
    FRONT,
];

/// The plane that is looked at.
pub(super) const FRONT: Plane = Plane {
    along: 2,
    down: 1,
    at_end: false,
};

/// What is to be seen of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Faces {
    /// Left, right, bottom, top, back, front.
    pub outer: [FaceCells; 6],
    /// The cells of the front one by one, where there was room for them.
    pub front: Option<FrontCells>,
}

/// The faces of each block, and the textures that they lie in.
pub(super) fn draw(network: &StagedNetwork, edition: u64) -> (Vec<Option<Faces>>, Atlas) {
    let mut shelf = Shelf::default();
    let mut words = Vec::new();
    let largest = largest_face(network);
    let faces = network.tensors.iter().enumerate().map(|(number, tensor)| {
        let tensor = tensor.as_ref()?;
        let cells = Cells::new(tensor);
        let paint = Paint::new(tensor, &cells, network, number);
        let outer = PLANES.map(|plane| {
            let size = [plane.along, plane.down].map(|axis| cells.dims[axis].clamp(1, largest));
            let at = shelf.place(size);
            for row in 0..size[1] {
                for column in 0..size[0] {
                    let color = color_of(&cells, plane, size, [column, row], &paint);
                    shelf.paint([at[0] + column, at[1] + row], color);
                }
            }
            FaceCells {
                at: at.map(|place| place as u16),
                size: size.map(|length| length as u16),
            }
        });
        let [_, rows, columns] = cells.dims;
        let format = NumberFormat::for_values(tensor.data());
        let reduced = rows.max(columns) > largest;
        let front = fronts::add(&mut words, &cells, &paint, format, reduced);
        Some(Faces { outer, front })
    });
    let faces = faces.collect();
    (faces, shelf.finish(edition, words))
}

/// Columns and rows of a face with which all faces find room.
fn largest_face(network: &StagedNetwork) -> usize {
    let needed = |largest: usize| -> usize {
        let tensors = network.tensors.iter().flatten();
        let faces = tensors.map(|tensor| {
            let dims = in_cells(tensor.shape()).map(|length| length.clamp(1, largest));
            2 * (dims[0] * dims[1] + dims[1] * dims[2] + dims[0] * dims[2])
        });
        faces.sum()
    };
    let mut largest = LARGEST_FACE;
    while largest > 1 && needed(largest) > PIXELS {
        largest /= 2;
    }
    largest
}

/// The colour of a cell of a face; the mean of those that fall together.
fn color_of(cells: &Cells, plane: Plane, size: [usize; 2], cell: [usize; 2], paint: &Paint) -> Rgb {
    let third = 3 - plane.along - plane.down;
    let range = |axis: usize, at: usize, count: usize| {
        let length = cells.dims[axis];
        let first = at * length / count;
        first..((at + 1) * length / count).max(first + 1)
    };
    let mut sum = [0_u32; 3];
    let mut count = 0;
    for down in range(plane.down, cell[1], size[1]) {
        for along in range(plane.along, cell[0], size[0]) {
            let mut place = [0; 3];
            place[plane.along] = along;
            place[plane.down] = down;
            place[third] = if plane.at_end {
                cells.dims[third] - 1
            } else if plane.is_front() {
                paint.front.min(cells.dims[third] - 1)
            } else {
                0
            };
            let color = paint.color(cells, place, plane);
            for (sum, part) in sum.iter_mut().zip(color) {
                *sum += u32::from(part);
            }
            count += 1;
        }
    }
    sum.map(|part| (part / count.max(1)) as u8)
}

/// How the numbers of a tensor are coloured.
pub(super) struct Paint {
    low: f32,
    span: f32,
    hues: Vec<f32>,
    /// The axis along which hues change.
    hued: usize,
    picture: bool,
    /// The channel that stands in front.
    pub(super) front: usize,
}

impl Paint {
    pub(super) fn new(
        tensor: &Tensor,
        cells: &Cells,
        network: &StagedNetwork,
        number: usize,
    ) -> Self {
        // Each number along one axis is a channel.
        let hued = usize::from(cells.dims[0] == 1 && cells.dims[2] == 1);
        let channels = cells.dims[hued];
        let (low, high) = tensor.range();
        let is_input = network
            .map
            .blocks
            .get(number)
            .is_some_and(|block| network.run.graph.inputs().contains(&block.value));
        let hue = |channel: usize| {
            if is_input {
                palette::input_hue(channel, channels)
            } else {
                palette::filter_hue(channel, channels)
            }
        };
        Self {
            low,
            span: high - low,
            hues: (0..channels).map(hue).collect(),
            hued,
            picture: network.is_picture(number),
            front: network.fronts.get(number).copied().unwrap_or(0),
        }
    }

    /// Whether planes from front to back show three channels in one, as a picture.
    pub(super) fn mixes_channels(&self) -> bool {
        self.picture && self.hues.len() == 3
    }

    fn part(&self, value: f32) -> f32 {
        if self.span > 0.0 {
            (value - self.low) / self.span
        } else if self.picture {
            // One shade all over: an empty one is black.
            if self.low > 0.0 { 1.0 } else { 0.0 }
        } else {
            0.6
        }
    }

    pub(super) fn color(&self, cells: &Cells, place: [usize; 3], plane: Plane) -> Rgb {
        let part = self.part(cells.at(place));
        let hue = self.hues.get(place[self.hued]).copied().unwrap_or_default();
        // The front of a picture of three channels is the picture.
        let seen = (plane.along, plane.down) == (2, 1);
        if seen && self.mixes_channels() {
            let channel = |channel: usize| {
                let part = self.part(cells.at([channel, place[1], place[2]]));
                (part.clamp(0.0, 1.0) * 255.0).round() as u8
            };
            [channel(0), channel(1), channel(2)]
        } else if self.picture {
            palette::picture_color(hue, self.hues.len(), place[0], part)
        } else {
            palette::element_color(hue, part)
        }
    }
}

/// A texture that is filled from the top, line of faces by line of faces.
#[derive(Default)]
struct Shelf {
    pixels: Vec<u8>,
    /// The next place in the line, and the line's first row.
    at: [usize; 2],
    /// Rows of the highest face in the line.
    height: usize,
}

impl Shelf {
    fn place(&mut self, [columns, rows]: [usize; 2]) -> [usize; 2] {
        if self.at[0] + columns > WIDTH {
            self.at = [0, self.at[1] + self.height];
            self.height = 0;
        }
        let at = self.at;
        self.at[0] += columns;
        self.height = self.height.max(rows);
        let needed = (self.at[1] + self.height) * WIDTH * 4;
        if self.pixels.len() < needed {
            self.pixels.resize(needed, 255);
        }
        at
    }

    fn paint(&mut self, [column, row]: [usize; 2], [red, green, blue]: Rgb) {
        let at = (row * WIDTH + column) * 4;
        if let Some(pixel) = self.pixels.get_mut(at..at + 4) {
            pixel.copy_from_slice(&[red, green, blue, 255]);
        }
    }

    fn finish(mut self, edition: u64, mut words: Vec<u32>) -> Atlas {
        // They stay as long as the network does; they grew in leaps.
        self.pixels.shrink_to_fit();
        words.shrink_to_fit();
        let rows = self.pixels.len() / (WIDTH * 4);
        Atlas {
            edition,
            size: UVec2::new(WIDTH as u32, rows as u32),
            pixels: self.pixels,
            words,
        }
    }
}
