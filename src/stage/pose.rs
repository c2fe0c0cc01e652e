//! How each element of a scene looks at a moment: a pure function of the scene and the sample.
//!
//! Nothing here knows the renderer. [`Moment`] works out once what a sample means for the operation
//! at hand; [`SceneModel::pose`] then answers for one element at a time, in constant time.

use bevy::math::{Vec3, ops};

use super::moment::{Moment, Window};
use super::number::NumberFormat;
use super::palette::{self, Rgb, Room};
use super::rearrange::{self, Rearrangement};
use crate::lesson::Scene;
use crate::op::{Layer, Operands, Plan};
use crate::timeline::{Block, Layout, PartState};

/// Size of a cube; the rest of its cell is the seam.
pub const CUBE: f32 = 0.92;
/// Size of the cage that the travelling filter is while it works.
const CAGE: f32 = 1.06;
/// Size of the mark of an output element that is still to come.
const PLACE: f32 = 0.16;
/// Size of a product on its way.
const PRODUCT: f32 = 0.58;
/// How far the receptive field comes out of the block.
const LIFT: f32 = 0.5;

/// What an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The input tensor.
    Input,
    /// The padding ghosts around it, in the padded input's order.
    Padding,
    /// All waiting filters, one after another.
    Filter,
    /// The filter at work.
    Kernel,
    /// The products of the step at hand, one for each term.
    Product,
    /// The output tensor.
    Output,
}

impl Role {
    /// All roles, in the order in which they are drawn where depth does not decide.
    pub const ALL: [Self; 6] = [
        Self::Input,
        Self::Padding,
        Self::Filter,
        Self::Output,
        Self::Kernel,
        Self::Product,
    ];
}

/// Where an element is and how it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// The middle of its cube.
    pub translation: Vec3,
    /// The length of its edges; 0 hides it.
    pub scale: f32,
    /// Its colour, and what is written on it.
    pub look: LookValues,
}

/// The look of a cube, as it goes to the graphics card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LookValues {
    /// Its colour.
    pub color: Rgb,
    /// Brightening, from 0 to 255.
    pub glow: u8,
    /// 255 is solid, 0 is not there.
    pub opacity: u8,
    /// 0 is a full cube, 255 nothing but edges.
    pub hollow: u8,
    /// Opacity of the number on its front face.
    pub number: u8,
    /// The number's glyphs, as [`NumberFormat::glyphs`] packs them.
    pub glyphs: u32,
}

/// What a scene's poses need, worked out once.
pub struct SceneModel {
    /// Where each element goes, if the operation only rearranges.
    pub(super) rearrangement: Option<Rearrangement>,
    /// Channels, rows and columns under the window.
    pub(super) kernel: [usize; 3],
    /// The geometry of the operation.
    pub plan: Plan,
    /// Input, weights, bias.
    pub operands: Operands,
    /// Where the tensors stand.
    pub layout: Layout,
    /// The result.
    pub output: Vec<f32>,
    /// How the input's numbers are written.
    pub input_format: NumberFormat,
    /// How the weights are written.
    pub weight_format: NumberFormat,
    /// How products and outputs are written.
    pub output_format: NumberFormat,
    room: Room,
    input_colors: Vec<Rgb>,
    weight_colors: Vec<Rgb>,
    output_colors: Vec<Rgb>,
}

impl SceneModel {
    /// The model of a scene in a room.
    #[must_use]
    pub fn new(scene: &Scene, layout: &Layout, room: Room) -> Self {
        let operands = scene.operands.clone();
        let input = operands.input();
        let channels = layout.input.dims[0];
        let filters = layout.filters.len();
        let weights = operands.weight().map_or(&[][..], |weight| weight.data());
        let shaded = |values: &[f32], hue: &dyn Fn(usize) -> f32| {
            let (low, high) = range(values);
            let span = (high - low).max(f32::EPSILON);
            values
                .iter()
                .enumerate()
                .map(|(index, value)| palette::element_color(hue(index), (value - low) / span))
                .collect::<Vec<_>>()
        };
        let input_plane = (input.data().len() / channels.max(1)).max(1);
        let weight_plane = (weights.len() / filters.max(1)).max(1);
        let output = scene.output.data().to_vec();
        let output_channels = layout.output.dims[0];
        let output_plane = (output.len() / output_channels.max(1)).max(1);
        Self {
            input_colors: shaded(input.data(), &|index| {
                palette::input_hue(index / input_plane, channels)
            }),
            weight_colors: shaded(weights, &|index| {
                palette::filter_hue(index / weight_plane, filters)
            }),
            output_colors: shaded(&output, &|index| {
                let channel = index / output_plane;
                // What no filter has made keeps the hue of the channel that it comes from.
                if filters == 0 {
                    palette::input_hue(channel, output_channels)
                } else {
                    palette::filter_hue(channel, output_channels)
                }
            }),
            kernel: window_dims(&scene.plan, layout),
            rearrangement: Rearrangement::of(&scene.plan),
            input_format: NumberFormat::for_values(input.data()),
            weight_format: NumberFormat::for_values(weights),
            output_format: NumberFormat::for_values(&output),
            plan: scene.plan.clone(),
            layout: layout.clone(),
            operands,
            output,
            room,
        }
    }

    /// How many elements a role has.
    #[must_use]
    pub fn count(&self, role: Role) -> usize {
        let volume = |dims: [usize; 3]| dims.iter().product::<usize>();
        match role {
            Role::Input => volume(self.layout.input.dims),
            Role::Output => volume(self.layout.output.dims),
            Role::Padding => {
                let padded = self.layout.padded_block();
                if padded.dims == self.layout.input.dims {
                    0
                } else {
                    volume(padded.dims)
                }
            }
            Role::Filter => self.layout.filters.len() * self.kernel_volume(),
            Role::Kernel | Role::Product => self.kernel_volume(),
        }
    }

    fn kernel_volume(&self) -> usize {
        self.kernel.iter().product()
    }

    /// The hue of a filter, and of a window without one: the one of its channel.
    #[must_use]
    pub fn working_hue(&self, channel: usize) -> f32 {
        match self.layout.filters.len() {
            0 => palette::input_hue(channel, self.layout.output.dims[0]),
            filters => palette::filter_hue(channel, filters),
        }
    }

    /// The value of an element, where it has one of its own.
    #[must_use]
    pub fn value(&self, role: Role, index: usize) -> Option<f32> {
        match role {
            Role::Input => self.operands.input().data().get(index).copied(),
            Role::Filter => self.operands.weight()?.data().get(index).copied(),
            Role::Output => self.output.get(index).copied(),
            Role::Padding | Role::Kernel | Role::Product => None,
        }
    }

    /// How an element looks.
    #[must_use]
    pub fn pose(&self, moment: &Moment, role: Role, index: usize) -> Pose {
        match role {
            Role::Input => self.input_pose(moment, index),
            Role::Padding => self.padding_pose(moment, index),
            Role::Filter => self.filter_pose(moment, index),
            Role::Kernel => self.kernel_pose(moment, index),
            Role::Product => self.product_pose(moment, index),
            Role::Output => self.output_pose(moment, index),
        }
    }

    fn input_pose(&self, moment: &Moment, index: usize) -> Pose {
        if let Some(rearrangement) = &self.rearrangement {
            return self.carried_pose(moment, rearrangement, index);
        }
        let block = &self.layout.input;
        let [channel, row, column] = place(block.dims, index);
        let active = moment.active([channel as isize, row as isize, column as isize]);
        let state = moment.input.at(wave(block.dims, [channel, row, column]));
        let mut look = self.look(
            self.input_colors[index],
            state.recede.max(moment.hush * (1.0 - active)),
            self.input_format
                .glyphs(self.operands.input().data()[index]),
        );
        look.glow = byte(active * (0.4 + 0.35 * moment.detail));
        let rest = block.position(channel as isize, row as isize, column as isize);
        Pose {
            translation: rest + Vec3::Z * (LIFT * active * moment.detail),
            scale: CUBE * state.presence,
            look,
        }
    }

    /// An element on its way from the input to the output.
    fn carried_pose(&self, moment: &Moment, rearrangement: &Rearrangement, index: usize) -> Pose {
        let (input, output) = (self.layout.input.dims, self.layout.output.dims);
        let arrival = rearrangement.arrival[index];
        let (from, to) = (place(input, index), place(output, arrival));
        let steps = self.plan.step_count();
        let part = rearrange::progress(arrival, moment.position, steps, moment.detail);
        let here = moment.input.at(wave(input, from));
        let there = moment.outputs[to[0]].at(wave(output, to));
        let between = |from: f32, to: f32| from + (to - from) * part;
        let value = self.operands.input().data()[index];
        let mut look = self.look(
            rearrangement.colors[index],
            between(here.recede, there.recede),
            self.input_format.glyphs(value),
        );
        look.glow = byte(0.35 * 4.0 * part * (1.0 - part));
        Pose {
            translation: rearrange::on_the_way(&self.layout, from, to, part),
            scale: CUBE * between(here.presence, there.presence),
            look,
        }
    }

    fn padding_pose(&self, moment: &Moment, index: usize) -> Pose {
        let block = self.layout.padded_block();
        let [channel, row, column] = place(block.dims, index);
        let [top, left] = self.layout.padding_before;
        let real = [
            channel as isize,
            row as isize - top as isize,
            column as isize - left as isize,
        ];
        let [_, rows, columns] = self.layout.input.dims;
        let inside =
            (0..rows as isize).contains(&real[1]) && (0..columns as isize).contains(&real[2]);
        let active = moment.active(real);
        let state = moment.padding.at(wave(block.dims, [channel, row, column]));
        let mut look = self.look(self.room.ghost, state.recede, 0);
        look.hollow = 215;
        look.glow = byte(active * 0.5);
        Pose {
            translation: block.position(channel as isize, row as isize, column as isize)
                + Vec3::Z * (LIFT * active * moment.detail),
            scale: if inside { 0.0 } else { CUBE * state.presence },
            look,
        }
    }

    fn filter_pose(&self, moment: &Moment, index: usize) -> Pose {
        let volume = self.kernel_volume();
        let (filter, inside) = (index / volume, index % volume);
        let block = &self.layout.filters[filter];
        let [channel, row, column] = place(block.dims, inside);
        let state = moment.filters[filter].at(wave(block.dims, [channel, row, column]));
        let weight = self
            .operands
            .weight()
            .map_or(0.0, |weight| weight.data()[index]);
        let mut look = self.look(
            self.weight_colors[index],
            state.recede,
            self.weight_format.glyphs(weight),
        );
        if filter == moment.filter {
            look.glow = byte(moment.working * 0.35);
        }
        Pose {
            translation: block.position(channel as isize, row as isize, column as isize),
            scale: CUBE * state.presence,
            look,
        }
    }

    fn kernel_pose(&self, moment: &Moment, index: usize) -> Pose {
        let dims = self.kernel;
        let [channel, row, column] = place(dims, index);
        let cell = |window: &Window| window.cell([channel, row, column], moment.dilation);
        let here = self.layout.input.position_of(cell(&moment.window));
        let (from, from_rack) = match &moment.previous {
            Some(window) => (self.layout.input.position_of(cell(window)), false),
            None => {
                let rack = self.layout.filters.get(moment.filter);
                // A window without a filter comes down from before the input.
                let rest = rack.map_or(here + Vec3::Z * 4.0, |block| {
                    block.position(channel as isize, row as isize, column as isize)
                });
                (rest, true)
            }
        };
        let way = here - from;
        let along = moment.travel;
        // A neighbouring window is reached by sliding; a longer way is a jump, seen as an arc.
        let distance = way.length();
        let arc = if from_rack {
            3.2
        } else {
            (0.32 * (distance - 1.0)).clamp(0.0, 2.4)
        };
        let height = arc * 4.0 * along * (1.0 - along);
        let caged = if from_rack {
            smooth((along - 0.55) / 0.45)
        } else {
            1.0
        };
        let filter_index = moment.filter * self.kernel_volume() + index;
        let weight = self
            .operands
            .weight()
            .map(|weight| weight.data()[filter_index]);
        let state = moment.kernel;
        let name = palette::name_color(self.working_hue(moment.filter));
        let color = match weight {
            Some(_) => palette::mix(self.weight_colors[filter_index], name, caged),
            None => name,
        };
        let glyphs = weight.map_or(0, |weight| self.weight_format.glyphs(weight));
        let caged = if weight.is_some() { caged } else { 1.0 };
        let mut look = self.look(color, state.recede, glyphs);
        look.hollow = byte(caged * 0.88);
        look.number = scaled(look.number, 1.0 - caged);
        look.glow = byte(0.25 * caged);
        Pose {
            translation: from
                + way * along
                + Vec3::Z * (height + LIFT * moment.detail * caged * moment.landed),
            scale: state.presence * moment.kernel_presence * (CUBE + (CAGE - CUBE) * caged),
            look,
        }
    }

    fn product_pose(&self, moment: &Moment, index: usize) -> Pose {
        let dims = self.kernel;
        let [channel, row, column] = place(dims, index);
        let last = (self.kernel_volume().max(2) - 1) as f32;
        let order = index as f32 / last;
        // Products come up one after another, and leave one after another.
        let born = smooth(stagger(moment.multiply, order, 0.55));
        let gone = smooth(stagger(moment.gather, order, 0.6));
        let shown = moment.detail * moment.kernel.presence;
        if born <= 0.0 || gone >= 1.0 || shown <= 0.0 {
            return Pose {
                translation: self.layout.output.middle(),
                scale: 0.0,
                look: LookValues::default(),
            };
        }
        let cell = self
            .layout
            .input
            .position_of(moment.window.cell([channel, row, column], moment.dilation));
        // They come out of the front of the block as a block of their own, first channel foremost.
        let front = self.layout.input.origin.z + 1.6 + (dims[0] - 1 - channel) as f32;
        let out = Vec3::new(
            cell.x,
            cell.y,
            cell.z + LIFT + (front - cell.z - LIFT) * born,
        );
        let goal = self
            .layout
            .output
            .position_of(moment.step.output.map(|at| at as isize));
        let way = goal - out;
        let arc = Vec3::new(0.0, 1.6 + 0.5 * order, 1.8) * (4.0 * gone * (1.0 - gone));
        let term = moment.terms.get(index).copied().unwrap_or_default();
        let hue = self.working_hue(moment.filter);
        let (low, high) = moment.term_range;
        let span = (high - low).max(f32::EPSILON);
        let mut look = self.look(
            palette::element_color(hue, (term - low) / span),
            0.0,
            self.output_format.glyphs(term),
        );
        // Where elements are compared, only the greatest goes on.
        let decided = smooth(moment.multiply * 2.0 - 1.0);
        let kept = match moment.winner {
            Some(winner) if winner != index => 1.0 - decided,
            _ => 1.0,
        };
        look.glow = if moment.winner == Some(index) {
            byte(0.6 * decided)
        } else {
            40
        };
        look.number = scaled(look.number, 1.0 - gone);
        Pose {
            translation: out + way * gone + arc,
            scale: kept * shown * born * (PRODUCT + (0.3 - PRODUCT) * gone),
            look,
        }
    }

    fn output_pose(&self, moment: &Moment, index: usize) -> Pose {
        let block = &self.layout.output;
        let [channel, row, column] = place(block.dims, index);
        let state = moment.outputs[channel].at(wave(block.dims, [channel, row, column]));
        let rest = block.position(channel as isize, row as isize, column as isize);
        let done = index as u64;
        let mut look = self.look(
            self.output_colors[index],
            state.recede,
            self.output_format.glyphs(self.output[index]),
        );
        let scale = if self.rearrangement.is_some() {
            // The places wait for the cubes that are carried to them.
            let steps = self.plan.step_count();
            let arrived = rearrange::progress(index, moment.position, steps, moment.detail);
            look.color = palette::mix(self.room.ghost, self.room.floor, 0.25 + 0.5 * state.recede);
            look.number = 0;
            PLACE * (1.0 - arrived)
        } else if done < moment.done {
            if done + 1 == moment.done && moment.previous.is_some() {
                look.glow = byte(0.55 * (1.0 - moment.travel));
            }
            CUBE
        } else if done == moment.step.index && moment.emit + moment.gather > 0.0 {
            look.glow = byte(0.55 * moment.closing);
            look.number = scaled(look.number, moment.emit);
            let growing = PLACE + (0.62 - PLACE) * smooth(moment.gather) * moment.detail;
            growing + (CUBE - growing) * back(moment.emit)
        } else {
            look.color = palette::mix(self.room.ghost, self.room.floor, 0.25 + 0.5 * state.recede);
            look.number = 0;
            PLACE
        };
        Pose {
            translation: rest,
            scale: scale * state.presence,
            look,
        }
    }

    fn look(&self, color: Rgb, recede: f32, glyphs: u32) -> LookValues {
        LookValues {
            color: palette::mix(color, self.room.floor, 0.74 * recede),
            glow: 0,
            opacity: 255,
            hollow: 0,
            number: byte(1.0 - 0.85 * recede),
            glyphs,
        }
    }
}

/// Channels, rows and columns under the window of a plan; none of an operation without windows.
fn window_dims(plan: &Plan, layout: &Layout) -> [usize; 3] {
    match plan.layer() {
        Layer::MaxPool2d(pool) => [1, pool.kernel.0, pool.kernel.1],
        Layer::AvgPool2d(pool) => [1, pool.kernel.0, pool.kernel.1],
        _ => layout.filters.first().map_or([0; 3], |block| block.dims),
    }
}

impl Block {
    /// The centre of an element, as [`Block::position`].
    fn position_of(&self, [channel, row, column]: [isize; 3]) -> Vec3 {
        self.position(channel, row, column)
    }
}

impl PartState {
    /// The state at a place of the wave that runs through a tensor as it comes.
    fn at(self, wave: f32) -> Self {
        let presence = if self.presence >= 1.0 {
            1.0
        } else {
            back(stagger(self.presence, wave, 0.55))
        };
        Self { presence, ..self }
    }
}

/// Channel, row and column of an element.
#[must_use]
pub fn place([_, rows, columns]: [usize; 3], index: usize) -> [usize; 3] {
    let plane = (rows * columns).max(1);
    [
        index / plane,
        index % plane / columns.max(1),
        index % columns.max(1),
    ]
}

/// Where an element stands in the wave from the first corner to the last, from 0 to 1.
fn wave(dims: [usize; 3], at: [usize; 3]) -> f32 {
    let whole: usize = dims.iter().map(|size| size.saturating_sub(1)).sum();
    at.iter().sum::<usize>() as f32 / whole.max(1) as f32
}

/// The progress of one of many that follow each other: `order` from 0 to 1 says which, `spread` how
/// much of the time lies between the first and the last.
fn stagger(progress: f32, order: f32, spread: f32) -> f32 {
    ((progress - order * spread) / (1.0 - spread)).clamp(0.0, 1.0)
}

pub(super) fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Goes a little too far and comes back; 0 at 0 and 1 at 1.
fn back(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    let over = 1.2;
    let from_end = t - 1.0;
    1.0 + (over + 1.0) * ops::powf(from_end.abs(), 3.0) * from_end.signum()
        + over * from_end * from_end
}

fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn scaled(value: u8, part: f32) -> u8 {
    byte(f32::from(value) / 255.0 * part)
}

pub(super) fn range(values: &[f32]) -> (f32, f32) {
    values
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
}
