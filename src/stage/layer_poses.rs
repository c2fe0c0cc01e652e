//! How each element that belongs to a layer looks at a moment: a pure function of the layer's model
//! and the moment.
//!
//! Nothing here knows the renderer. [`Moment`] works out once what a sample means for the layer;
//! the functions here then answer for one element at a time, in constant time.

use bevy::math::Vec3;

use super::gathered_poses::Taken;
use super::layer_model::{LayerModel, TensorModel};
use super::moment::{Moment, Window};
use super::palette::{self, Rgb};
use super::pose::{Appearance, CUBE, Pose, Role, back, byte, place, scaled, smooth, stagger, wave};
use super::rearrange::{self, Rearrangement};
use crate::op::{TermSource, VisualStyle};
use crate::timeline::{Motion, PartState, Stand};

/// Size of the cage that the travelling filter is while it works.
pub(super) const CAGE: f32 = 1.06;
/// Size of the mark of an output element that is still to come: among few, and among many, which are seen from further
/// away.
const PLACES: [f32; 2] = [0.16, 0.36];
/// So many elements along the longest axis are few.
const FEW: f32 = 8.0;
/// Size of a padding ghost that copies an element.
const COPY: f32 = 0.78;
/// Size of a product on its way.
pub(super) const PRODUCT: f32 = 0.58;
/// Size of a mark where the window stops or passes.
const MARK: f32 = 0.17;
/// How far the receptive field comes out of the block.
pub(super) const LIFT: f32 = 0.5;

impl LayerModel {
    /// How an element that belongs to the layer looks; for one of the tensors see
    /// [`LayerModel::input_pose`] and [`LayerModel::output_pose`].
    #[must_use]
    pub fn pose(&self, moment: &Moment, role: Role, index: usize) -> Pose {
        match role {
            Role::Tensor(_) => self.output_pose(moment, index),
            Role::Padding(_) => self.padding_pose(moment, index),
            Role::Filter(_) => self.filter_pose(moment, index),
            Role::Kernel(_) => match self.style {
                VisualStyle::Gather => self.held_pose(moment, index),
                VisualStyle::Window
                | VisualStyle::Scatter
                | VisualStyle::Carry
                | VisualStyle::Copy => self.kernel_pose(moment, index),
            },
            Role::Product(_) => match self.style {
                VisualStyle::Copy => self.summand_pose(moment, index),
                VisualStyle::Gather => self.gathered_pose(moment, index),
                VisualStyle::Window | VisualStyle::Scatter | VisualStyle::Carry => {
                    self.product_pose(moment, index)
                }
            },
            Role::Mark(_) => self.mark_pose(moment, index),
        }
    }

    /// How an element of the tensor that it reads looks.
    #[must_use]
    pub fn input_pose(&self, moment: &Moment, index: usize) -> Pose {
        if let Some(rearrangement) = &self.rearrangement {
            return self.carried_pose(moment, rearrangement, index);
        }
        let block = &self.layout.input;
        let at = place(block.dims, index);
        let [channel, row, column] = at.map(|at| at as isize);
        let [row_pitch, column_pitch] = block.spread.map(|pitch| pitch as isize);
        let active = match self.style {
            VisualStyle::Gather => moment.gathered(at, false),
            VisualStyle::Window | VisualStyle::Scatter | VisualStyle::Carry | VisualStyle::Copy => {
                moment.active([channel, row * row_pitch, column * column_pitch])
            }
        };
        let copied_by_padding = moment.copied_by_padding(at);
        let state = channel_of(&moment.input, at[0]).at(wave(block.dims, at));
        let dim = moment.dim * (1.0 - active.max(copied_by_padding));
        let mut color = self.reads.colors[index];
        let mut recede = state.recede.max(dim);
        // What no window ever reads loses its colour as soon as that shows.
        if self.unread[0][at[1]] || self.unread[1][at[2]] {
            let shown = moment.started();
            color = palette::mix(color, self.room.ghost, 0.7 * shown);
            recede = recede.max(0.4 * shown);
        }
        let mut look = self.look(color, recede, self.reads.glyphs[index]);
        look.glow = byte((active * (0.4 + 0.35 * moment.detail)).max(0.5 * copied_by_padding));
        // Channels in front of those that the window reads turn to glass.
        if self.glass(moment, at[0]) {
            let glass = moment.working * (1.0 - active);
            look.hollow = byte(0.84 * glass);
            look.number = scaled(look.number, 1.0 - glass);
        }
        let rest = block.position(channel, row, column);
        Pose {
            translation: rest + Vec3::Z * (LIFT * active * moment.detail),
            scale: self.reads.cube() * state.presence,
            look,
        }
    }

    /// Whether a channel of the input stands before those that the window reads.
    fn glass(&self, moment: &Moment, channel: usize) -> bool {
        self.style.works_on_several()
            && self.layout.input.stand == Stand::Deep
            && moment.position > 0.0
            && (channel as isize) < moment.window.input.origin[0]
    }

    /// An element on its way from the input to the output.
    fn carried_pose(&self, moment: &Moment, rearrangement: &Rearrangement, index: usize) -> Pose {
        let (input, output) = (self.layout.input.dims, self.layout.output.dims);
        let arrival = rearrangement.arrival[index];
        let (from, to) = (place(input, index), place(output, arrival));
        let steps = self.plan.step_count();
        let part = rearrange::progress(arrival, moment.position, steps, moment.detail);
        let here = channel_of(&moment.input, from[0]).at(wave(input, from));
        let there_state = channel_of(&moment.output, to[0]).at(wave(output, to));
        let between = |from: f32, to: f32| from + (to - from) * part;
        let glyphs = self.reads.glyphs[index];
        // What an earlier layer has coloured changes as it leaves.
        let color = palette::mix(
            self.reads.colors[index],
            self.writes.colors[arrival],
            smooth(part * 3.0),
        );
        let mut look = self.look(color, between(here.recede, there_state.recede), glyphs);
        look.glow = byte(0.35 * 4.0 * part * (1.0 - part));
        let at = |block: &crate::timeline::Block, at: [usize; 3]| {
            block.position_of(at.map(|at| at as isize))
        };
        let start = at(&self.layout.input, from);
        let end = at(&self.layout.output, to);
        // Once a following layer reads the output, that tensor shows itself.
        let handed_over = self.followed && moment.finished;
        let (translation, there) = way(moment.motion, start, end, part);
        Pose {
            translation,
            scale: if handed_over {
                0.0
            } else {
                CUBE * there * between(here.presence, there_state.presence)
            },
            look,
        }
    }

    fn padding_pose(&self, moment: &Moment, index: usize) -> Pose {
        let block = self.layout.padded_block();
        let at = place(block.dims, index);
        let cell = self.cell_of(at);
        let [channel, row, column] = at.map(|at| at as isize);
        let rest = block.position(channel, row, column);
        let state = moment.padding;
        // A place in the padding is as much there as the channel that it lies around.
        let around = channel_of(&moment.input, at[0]);
        let active = moment.active(cell);
        let (source, inserted) = match self.plan.source_at(cell) {
            Some(TermSource::Padding { from }) => (from, false),
            Some(TermSource::Inserted) => (None, true),
            _ => return Pose::nothing(rest),
        };
        let recede = state.recede.max(around.recede);
        let shown = state.presence * around.presence;
        if let Some(source) = source {
            // There is nothing to copy before the layer before has written it.
            let shown = if self.preceded {
                shown * moment.started()
            } else {
                shown
            };
            // A copy comes from the element that it copies.
            let offset = self.offset(source);
            let color = palette::mix(self.reads.colors[offset], self.room.floor, 0.5);
            let glyphs = self.reads.glyphs[offset];
            let mut look = self.look(color, recede.max(moment.dim * (1.0 - active)), glyphs);
            look.glow = byte(active * 0.5);
            if self.glass(moment, at[0]) {
                look.hollow = byte(0.84 * moment.working);
                look.number = scaled(look.number, 1.0 - moment.working);
            }
            let come = smooth(stagger(shown, wave(block.dims, at), 0.5));
            let flown = match moment.motion {
                Motion::Full => come,
                Motion::Reduced => 1.0,
            };
            let home = self.layout.input.position_of(source.map(|at| at as isize));
            let arc = Vec3::new(0.0, 0.4, 1.6) * (4.0 * flown * (1.0 - flown));
            return Pose {
                translation: home
                    + (rest - home) * flown
                    + arc
                    + Vec3::Z * (LIFT * active * moment.detail),
                scale: COPY * come,
                look,
            };
        }
        let state = PartState {
            presence: shown,
            ..state
        }
        .at(wave(block.dims, at));
        let compares = moment.step.divisor().is_none() && self.plan.filter_count() == 0;
        let glyphs = if compares {
            0
        } else {
            self.reads.format.glyphs(0.0)
        };
        let mut look = self.look(self.room.ghost, recede, glyphs);
        look.number = scaled(look.number, 0.45 + 0.55 * active);
        look.hollow = 215;
        // A zero between elements is a little more than one around them: it has a body.
        if inserted {
            look.color = palette::mix(look.color, self.room.floor, 0.6);
            look.hollow = 0;
        }
        look.glow = byte(active * 0.5);
        if self.glass(moment, at[0]) {
            look.number = scaled(look.number, 1.0 - moment.working);
        }
        Pose {
            translation: rest + Vec3::Z * (LIFT * active * moment.detail),
            scale: if inserted { COPY } else { CUBE } * state.presence,
            look,
        }
    }

    pub(super) fn offset(&self, [channel, row, column]: [usize; 3]) -> usize {
        let [_, rows, columns] = self.layout.input.dims;
        (channel * rows + row) * columns + column
    }

    fn filter_pose(&self, moment: &Moment, index: usize) -> Pose {
        let volume = self.plan.filter_dims().iter().product::<usize>().max(1);
        let (filter, inside) = (index / volume, index % volume);
        let block = &self.layout.filters[filter];
        let at = place(block.dims, inside);
        let state = channel_of(&moment.filters, filter).at(wave(block.dims, at));
        let glyphs = self.weight_format.glyphs(self.weight(index).unwrap_or(0.0));
        let mut look = self.look(self.weight_colors[index], state.recede, glyphs);
        if filter == moment.filter {
            look.glow = byte(moment.working * 0.35);
        }
        Pose {
            translation: block.position_of(at.map(|at| at as isize)),
            scale: CUBE * state.presence,
            look,
        }
    }

    /// The place of a term's weight among the elements of [`Role::Filter`].
    fn filter_index(&self, moment: &Moment, term: usize) -> Option<usize> {
        let volume = self.plan.filter_dims().iter().product::<usize>();
        let inside = self.plan.place_in_filter(&moment.step, term)?;
        Some(moment.filter * volume + inside)
    }

    /// The places of a term's cage: now, and at the visit before, if the filter was there already.
    fn cages(&self, moment: &Moment, term: usize) -> Option<(Vec3, Option<Vec3>)> {
        let here = moment.step.term(term)?;
        if let (Some(window), previous) = (
            moment.window.output,
            moment.previous.and_then(|windows| windows.output),
        ) {
            // Over the output, the channels of the filter add to the same places.
            let [channel, row, column] = place(self.plan.filter_dims(), term);
            if channel > 0 {
                return None;
            }
            let at = |window: Window| {
                let cell = window.cell([0, row, column]);
                self.layout.output.position_of(cell)
            };
            return Some((at(window), previous.map(at)));
        }
        let cell = self.cell_of(here.padded);
        let cells = self.layout.cells();
        let previous = moment.previous.map(|windows| {
            let (from, to) = (windows.input.origin, moment.window.input.origin);
            cells.position_of(std::array::from_fn(|axis| {
                cell[axis] - to[axis] + from[axis]
            }))
        });
        Some((cells.position_of(cell), previous))
    }

    fn kernel_pose(&self, moment: &Moment, term: usize) -> Pose {
        let nothing = Pose::nothing(self.layout.input.middle());
        let there = moment.kernel.presence * moment.kernel_presence;
        if there <= 0.0 || !moment.at_hand.contains(&term) {
            return nothing;
        }
        let Some((here, previous)) = self.cages(moment, term) else {
            return nothing;
        };
        let weight_index = self.filter_index(moment, term);
        let (from, from_rack) = match previous {
            Some(previous) => (previous, false),
            None => {
                // A window without a filter comes down from before the input.
                let rack = self.layout.filters.get(moment.filter).zip(weight_index);
                let rest = rack.map_or(here + Vec3::Z * 4.0, |(block, index)| {
                    let volume = block.dims.iter().product::<usize>().max(1);
                    let at = place(block.dims, index % volume);
                    block.position_of(at.map(|at| at as isize))
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
        let caged = match weight_index {
            Some(_) if from_rack => smooth((along - 0.55) / 0.45),
            _ => 1.0,
        };
        let name = palette::name_color(self.working_hue(moment));
        let color = weight_index.map_or(name, |index| {
            palette::mix(self.weight_colors[index], name, caged)
        });
        let glyphs = weight_index
            .and_then(|index| self.weight(index))
            .map_or(0, |weight| self.weight_format.glyphs(weight));
        let mut look = self.look(color, moment.kernel.recede, glyphs);
        look.hollow = byte(caged * 0.88);
        look.number = scaled(look.number, 1.0 - caged);
        look.glow = byte(0.25 * caged);
        let lifted = if moment.window.output.is_some() {
            0.0
        } else {
            LIFT * moment.detail * caged * moment.landed
        };
        Pose {
            translation: from + way * along + Vec3::Z * (height + lifted),
            scale: there * (CUBE + (CAGE - CUBE) * caged),
            look,
        }
    }

    fn product_pose(&self, moment: &Moment, term: usize) -> Pose {
        let nothing = Pose::nothing(self.layout.output.middle());
        if !moment.at_hand.contains(&term) {
            return nothing;
        }
        let count = moment.at_hand.len();
        let order = (term - moment.at_hand.start) as f32 / (count.max(2) - 1) as f32;
        // Products come up one after another, and leave one after another.
        let born = smooth(stagger(moment.multiply, order, 0.55));
        let gone = smooth(stagger(moment.gather, order, 0.6));
        let shown = moment.detail * moment.kernel.presence;
        if born <= 0.0 || gone >= 1.0 || shown <= 0.0 {
            return nothing;
        }
        let Some(read) = moment.step.term(term) else {
            return nothing;
        };
        let scatters = moment.window.output.is_some();
        let [_, row, column] = place(self.plan.filter_dims(), term);
        // They come out of the front of the block as a block of their own, first channel foremost.
        let origin = moment.window.input.origin[0];
        let channels = moment.window.input.dims[0] as isize;
        let inside = read.padded[0] as isize - origin;
        let behind = match self.layout.input.stand {
            Stand::Deep => (channels - 1 - inside).max(0) as f32,
            Stand::Sheet | Stand::Lines(_) => 0.0,
        };
        let front = self.layout.input.origin.z + 1.6 + behind;
        let cells = self.layout.cells();
        let cell = cells.position_of(self.cell_of(read.padded));
        let mut out = Vec3::new(
            cell.x,
            cell.y,
            cell.z + LIFT + (front - cell.z - LIFT) * born,
        );
        let goal = if scatters {
            let [_, rows, columns] = self.plan.filter_dims();
            let aside = |at: usize, count: usize| at as f32 - (count as f32 - 1.0) * 0.5;
            out += Vec3::new(aside(column, columns), -aside(row, rows), 0.0) * (0.8 * born);
            let window = moment.window.output.unwrap_or(moment.window.input);
            self.layout
                .output
                .position_of(window.cell([0, row, column]))
                + Vec3::Z * 0.6
        } else {
            let goal = moment.step.output.map(|at| at as isize);
            self.layout.output.position_of(goal)
        };
        let arc = Vec3::new(0.0, 1.6 + 0.5 * order, 1.8) * (4.0 * gone * (1.0 - gone));
        let (translation, there) = match moment.motion {
            Motion::Full => (out + (goal - out) * gone + arc, 1.0),
            Motion::Reduced => way(Motion::Reduced, out, goal, gone),
        };
        let product = moment.terms.get(term).copied().unwrap_or_default();
        let hue = self.working_hue(moment);
        let (low, high) = moment.term_range;
        let span = (high - low).max(f32::EPSILON);
        let color = palette::element_color(hue, (product - low) / span);
        let mut look = self.look(color, 0.0, self.writes.format.glyphs(product));
        // Where elements are compared, only the maximum remains.
        let decided = smooth(moment.multiply * 2.0 - 1.0);
        // What would fall outside the output is lost.
        let lost = matches!(read.target, Some(None));
        let kept = match moment.winner {
            Some(winner) if winner != term => 1.0 - decided,
            _ if lost => 1.0 - gone,
            _ => 1.0,
        };
        look.glow = if moment.winner == Some(term) {
            byte(0.6 * decided)
        } else {
            40
        };
        // On arrival it becomes a part of the sum.
        let small = if scatters { PRODUCT } else { 0.3 };
        if !scatters {
            look.number = scaled(look.number, 1.0 - gone);
        }
        Pose {
            translation,
            scale: there * kept * shown * born * (PRODUCT + (small - PRODUCT) * gone),
            look,
        }
    }

    /// How an element of the tensor that it writes looks.
    #[must_use]
    pub fn output_pose(&self, moment: &Moment, index: usize) -> Pose {
        let block = &self.layout.output;
        let at = place(block.dims, index);
        let state = channel_of(&moment.output, at[0]).at(wave(block.dims, at));
        match self.style {
            VisualStyle::Window | VisualStyle::Gather => {
                self.computed_pose(moment, index, at, state)
            }
            VisualStyle::Scatter => self.added_pose(moment, index, at, state),
            VisualStyle::Copy => self.copied_pose(moment, index, at, state),
            VisualStyle::Carry if self.followed && moment.finished => {
                self.output(index, at, state, CUBE, self.writes.values[index])
            }
            VisualStyle::Carry => {
                // The places wait for the cubes that are carried to them.
                let steps = self.plan.step_count();
                let arrived = rearrange::progress(index, moment.position, steps, moment.detail);
                self.pending_pose(at, state, self.place_size() * (1.0 - arrived))
            }
        }
    }

    /// An element of the output that is there.
    fn output(
        &self,
        index: usize,
        at: [usize; 3],
        state: PartState,
        scale: f32,
        value: f32,
    ) -> Pose {
        let (color, glyphs) = if value == self.writes.values[index] {
            (self.writes.colors[index], self.writes.glyphs[index])
        } else {
            let (low, high) = self.writes.range;
            let span = (high - low).max(f32::EPSILON);
            let (hue, part) = (self.writes.hue(index), (value - low) / span);
            let color = if self.writes.picture {
                palette::picture_color(hue, self.layout.output.dims[0], at[0], part)
            } else {
                palette::element_color(hue, part)
            };
            (color, self.writes.format.glyphs(value))
        };
        Pose {
            translation: self.layout.output.position_of(at.map(|at| at as isize)),
            scale: scale * state.presence,
            look: self.look(color, state.recede, glyphs),
        }
    }

    /// The size of the mark of an element of the output that is still to come.
    fn place_size(&self) -> f32 {
        let longest = self.layout.output.dims.into_iter().max().unwrap_or(1);
        let [few, many] = PLACES;
        (few * longest as f32 / FEW).clamp(few, many)
    }

    /// An element of the output that is still to come.
    fn pending_pose(&self, at: [usize; 3], state: PartState, scale: f32) -> Pose {
        let ghost = palette::mix(self.room.ghost, self.room.floor, 0.25 + 0.25 * state.recede);
        let mut look = self.look(ghost, state.recede, 0);
        look.color = ghost;
        look.number = 0;
        Pose {
            translation: self.layout.output.position_of(at.map(|at| at as isize)),
            scale: scale * state.presence,
            look,
        }
    }

    fn computed_pose(
        &self,
        moment: &Moment,
        index: usize,
        at: [usize; 3],
        state: PartState,
    ) -> Pose {
        let (step, parts) = (index as u64, self.schedule.parts());
        let done = if moment.finished {
            parts
        } else {
            self.schedule.parts_done(step, moment.done)
        };
        let held = |parts_done: u64| {
            if parts_done == parts {
                return self.writes.values[index];
            }
            let terms = self.schedule.terms_in(parts_done);
            let explained = self.plan.explain(step, &self.operands);
            terms
                .checked_sub(1)
                .and_then(|last| explained.terms.get(last))
                .map_or(0.0, |term| term.running)
        };
        let at_hand = step == moment.step.index && !moment.finished && done < parts;
        if at_hand && moment.emit + moment.gather > 0.0 {
            let shown = if moment.emit > 0.5 {
                done + 1
            } else {
                done.max(1)
            };
            let waiting = self.place_size();
            let growing = waiting + (0.62 - waiting) * smooth(moment.gather) * moment.detail;
            let scale = if done > 0 {
                CUBE
            } else {
                growing + (CUBE - growing) * back(moment.emit)
            };
            let value = if done == 0 || moment.emit > 0.5 {
                held(shown)
            } else {
                held(done)
            };
            let mut pose = self.output(index, at, state, scale, value);
            pose.look.glow = byte(0.55 * moment.closing);
            if done == 0 {
                pose.look.number = scaled(pose.look.number, moment.emit);
            }
            return pose;
        }
        if done == 0 {
            return self.pending_pose(at, state, self.place_size());
        }
        let mut pose = self.output(index, at, state, self.writes.cube(), held(done));
        let last = self.schedule.number_of(step, done - 1) + 1;
        if last == moment.done && moment.previous.is_some() && !moment.finished {
            pose.look.glow = byte(0.55 * (1.0 - moment.travel));
        }
        pose
    }

    /// An element that several windows add to.
    fn added_pose(&self, moment: &Moment, index: usize, at: [usize; 3], state: PartState) -> Pose {
        let arrived = moment.emit > 0.5;
        let steps = moment.done + u64::from(arrived);
        let Some(held) = self.plan.partial_sum_after(at, steps, &self.operands) else {
            return self.pending_pose(at, state, self.place_size());
        };
        let aimed = moment.aimed_at(at.map(|at| at as isize));
        if held.windows == 0 {
            let waiting = self.place_size();
            let growing = waiting + (0.4_f32.max(waiting) - waiting) * aimed * moment.gather;
            return self.pending_pose(at, state, growing);
        }
        let value = if moment.finished {
            self.writes.values[index]
        } else {
            held.value
        };
        // It swells for a moment as it takes in more.
        let swell = aimed * 4.0 * moment.emit * (1.0 - moment.emit);
        let mut pose = self.output(index, at, state, CUBE * (1.0 + 0.12 * swell), value);
        pose.look.glow = byte(0.45 * aimed * moment.emit);
        pose
    }

    /// An element that comes from the input as a copy.
    fn copied_pose(&self, moment: &Moment, index: usize, at: [usize; 3], state: PartState) -> Pose {
        let steps = self.plan.step_count();
        let part = rearrange::progress(index, moment.position, steps, moment.detail);
        let source = self.plan.step(index as u64).term(0);
        let source = source.and_then(|term| self.taken(term.source));
        let Some(source) = source.filter(|_| part > 0.0) else {
            // What comes from nowhere, as padding does, is there once its step is done.
            return match part >= 1.0 {
                true => self.output(index, at, state, CUBE, self.writes.values[index]),
                false => self.pending_pose(at, state, self.place_size()),
            };
        };
        let (before, after) = (source.value, self.writes.values[index]);
        let mut pose = self.output(index, at, state, CUBE, after);
        if part >= 1.0 {
            return pose;
        }
        let (translation, there) = way(moment.motion, source.place, pose.translation, part);
        pose.translation = translation;
        let changed = if self.other.is_some() {
            smooth((part - 0.8) / 0.2)
        } else {
            smooth((part - 0.35) / 0.3)
        };
        let color = palette::mix(source.color, self.writes.colors[index], changed);
        let value = if changed > 0.5 { after } else { before };
        pose.look = self.look(color, state.recede, self.writes.format.glyphs(value));
        pose.look.glow = byte(0.35 * 4.0 * part * (1.0 - part));
        // What is clipped shrinks as it passes.
        if self.other.is_none() && before != after {
            pose.scale *= 1.0 - 0.45 * 4.0 * changed * (1.0 - changed);
        }
        pose.scale *= there * smooth(part * 8.0);
        pose
    }

    /// The element of the second tensor that is combined with one of the first for an element of the
    /// output.
    fn summand(&self, index: usize) -> Option<([usize; 3], Taken, &TensorModel)> {
        let step = self.plan.step(index as u64);
        // The only term of a copy of the second tensor is its first one.
        let terms = [
            step.term(1),
            step.term(0).filter(|term| term.factor.is_some()),
        ];
        let at = terms.into_iter().flatten().find_map(|term| term.second())?;
        Some((at, self.taken_of_second(at)?, self.adds.as_ref()?))
    }

    /// The second summand of `Add`, on its way to the place of the sum.
    fn summand_pose(&self, moment: &Moment, index: usize) -> Pose {
        let goal = place(self.layout.output.dims, index);
        let end = self.layout.output.position_of(goal.map(|at| at as isize));
        let nothing = Pose::nothing(end);
        let Some(second) = self.summand(index) else {
            return nothing;
        };
        let steps = self.plan.step_count();
        let part = rearrange::progress(index, moment.position, steps, moment.detail);
        if part <= 0.0 || part >= 1.0 {
            return nothing;
        }
        let (at, second, adds) = second;
        let state = channel_of(&moment.other, at[0]);
        let start = second.place;
        let mut look = self.look(second.color, state.recede, adds.format.glyphs(second.value));
        look.glow = byte(0.35 * 4.0 * part * (1.0 - part));
        // It comes over the top, so that the two are seen to come from two places.
        let arc = Vec3::Y * (2.2 * 4.0 * part * (1.0 - part));
        let (translation, there) = way(moment.motion, start, end, part);
        let arc = if moment.motion == Motion::Full {
            arc
        } else {
            Vec3::ZERO
        };
        Pose {
            translation: translation + arc,
            scale: CUBE * there * smooth(part * 8.0) * (1.0 - smooth((part - 0.85) / 0.15)),
            look,
        }
    }

    /// A place where the window stops, or one that the stride passes over.
    fn mark_pose(&self, moment: &Moment, index: usize) -> Pose {
        let [_, columns] = self.plan.places();
        let [row, column] = [index / columns.max(1), index % columns.max(1)];
        let [row_stride, column_stride] = self.plan.stride();
        let stops = row.is_multiple_of(row_stride) && column.is_multiple_of(column_stride);
        let sides = self.plan.padding();
        let [_, rows, columns] = moment.window.input.dims;
        let [down, along] = moment.window.input.dilation;
        // In the middle of the window, before the front of the block.
        let middle = |weights: usize, dilation: usize| (weights - 1) as f32 * dilation as f32 * 0.5;
        let cells = self.layout.cells();
        let corner = cells.position(0, row as isize - sides.top, column as isize - sides.left);
        let at = corner
            + Vec3::new(
                middle(columns, along) + 0.34,
                -middle(rows, down) - 0.34,
                0.52,
            );
        let shown =
            moment.kernel.presence * moment.started() * f32::from(u8::from(!moment.finished));
        let front = channel_of(&moment.input, 0).presence;
        let color = if stops {
            palette::name_color(self.working_hue(moment))
        } else {
            self.room.quiet
        };
        let mut look = self.look(color, moment.kernel.recede, 0);
        look.number = 0;
        Pose {
            translation: at,
            scale: MARK * shown * front * if stops { 1.25 } else { 0.62 },
            look,
        }
    }

    pub(super) fn look(&self, color: Rgb, recede: f32, glyphs: u32) -> Appearance {
        Appearance {
            color: palette::mix(color, self.room.floor, 0.74 * recede),
            glow: 0,
            opacity: 255,
            hollow: 0,
            number: byte(1.0 - 0.85 * recede),
            glyphs,
        }
    }
}

/// Where something is at a part of its way, and how much of it is there: where things do not fly,
/// they go at one end and come at the other.
pub(super) fn way(motion: Motion, start: Vec3, end: Vec3, part: f32) -> (Vec3, f32) {
    match motion {
        Motion::Full => (rearrange::on_the_way(start, end, part), 1.0),
        Motion::Reduced if part < 0.5 => (start, smooth(1.0 - 2.0 * part)),
        Motion::Reduced => (end, smooth(2.0 * part - 1.0)),
    }
}

fn channel_of(states: &[PartState], channel: usize) -> PartState {
    states.get(channel).copied().unwrap_or_default()
}
