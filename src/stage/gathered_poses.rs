//! How it looks when a step gathers what it reads: the elements light up where they stand, each in a
//! frame of its own; weights come to them from their rack and factors from the second tensor; what
//! comes of them flies to the place of the output and is added up there.

use bevy::math::Vec3;

use super::layer_model::LayerModel;
use super::layer_poses::{CAGE, LIFT, PRODUCT, way};
use super::moment::Moment;
use super::palette::{self, Rgb};
use super::pose::{CUBE, Pose, byte, place, scaled, smooth, stagger};
use crate::op::{Step, Term, TermSource};
use crate::timeline::{Motion, Stand};

/// How high weights and factors rise on their way.
const ARC: f32 = 2.6;

/// An element of the input or of the second one: where it stands, its colour, its value.
pub(super) struct Taken {
    pub place: Vec3,
    pub color: Rgb,
    pub value: f32,
}

impl LayerModel {
    /// The element that a term reads; `None` of padding that copies none, and of a tensor that does
    /// not stand on the stage.
    pub(super) fn taken(&self, source: TermSource) -> Option<Taken> {
        match source {
            TermSource::Element(at) | TermSource::Padding { from: Some(at) } => {
                let offset = self.offset(at);
                Some(Taken {
                    place: self.layout.input.position_of(at.map(|at| at as isize)),
                    color: *self.reads.colors.get(offset)?,
                    value: *self.reads.values.get(offset)?,
                })
            }
            TermSource::Other { input: 1, at } => self.taken_of_second(at),
            TermSource::Other { .. }
            | TermSource::Padding { from: None }
            | TermSource::Inserted
            | TermSource::Beyond => None,
        }
    }

    /// An element of the second tensor.
    pub(super) fn taken_of_second(&self, at: [usize; 3]) -> Option<Taken> {
        let (block, second) = (self.layout.other?, self.adds.as_ref()?);
        let [_, rows, columns] = block.dims;
        let offset = (at[0] * rows + at[1]) * columns + at[2];
        Some(Taken {
            place: block.position_of(at.map(|at| at as isize)),
            color: *second.colors.get(offset)?,
            value: *second.values.get(offset)?,
        })
    }

    /// What a term's element is multiplied by: where it waits, its colour and its value.
    fn multiplier(
        &self,
        moment: &Moment,
        step: &Step,
        number: usize,
        term: &Term,
    ) -> Option<Taken> {
        if let Some((1, at)) = term.factor {
            return self.taken_of_second(at);
        }
        let inside = self.plan.place_in_filter(step, number)?;
        let block = self.layout.filters.get(moment.filter)?;
        let volume = block.dims.iter().product::<usize>();
        let index = moment.filter * volume + inside;
        Some(Taken {
            place: block.position_of(place(block.dims, inside).map(|at| at as isize)),
            color: *self.weight_colors.get(index)?,
            value: self.weight(index)?,
        })
    }

    /// The frame around an element that a term reads, with its weight or factor in it.
    pub(super) fn held_pose(&self, moment: &Moment, number: usize) -> Pose {
        let nothing = Pose::nothing(self.layout.input.middle());
        let there = moment.kernel.presence * moment.kernel_presence;
        if there <= 0.0 || !moment.at_hand.contains(&number) {
            return nothing;
        }
        let Some(term) = moment.step.term(number) else {
            return nothing;
        };
        let Some(read) = self.taken(term.source) else {
            return nothing;
        };
        let multiplier = self.multiplier(moment, &moment.step, number, &term);
        let before = moment.step_before.as_ref();
        let before = before.and_then(|step| self.taken(step.term(number)?.source));
        let comes = before.is_none() && multiplier.is_some();
        // In a sweep, where steps cannot be followed, nothing flies.
        let along = if comes {
            moment.travel.max(1.0 - moment.detail)
        } else {
            moment.travel
        };
        let (from, arc) = match (&before, &multiplier) {
            (Some(before), _) => (before.place, 0.0),
            (None, Some(multiplier)) => (multiplier.place, ARC),
            (None, None) => (read.place + Vec3::Z * 4.0, 0.0),
        };
        let name = palette::name_color(self.working_hue(moment));
        let caged = if comes {
            smooth((along - 0.55) / 0.45)
        } else {
            1.0
        };
        let own = moment.own == Some(number);
        let color = match &multiplier {
            Some(multiplier) => palette::mix(multiplier.color, name, caged),
            None if own => self.room.ink,
            None => name,
        };
        let glyphs = match (&multiplier, term.factor, &self.adds) {
            (Some(multiplier), Some(_), Some(second)) => second.format.glyphs(multiplier.value),
            (Some(multiplier), ..) => self.weight_format.glyphs(multiplier.value),
            (None, ..) => 0,
        };
        let mut look = self.look(color, moment.kernel.recede, glyphs);
        look.hollow = byte(caged * 0.88);
        look.number = scaled(look.number, 1.0 - caged);
        look.glow = byte(0.25 * caged);
        let (translation, shown) = match moment.motion {
            Motion::Full => {
                let height = Vec3::new(0.0, 0.4, 1.0) * (arc * 4.0 * along * (1.0 - along));
                (from + (read.place - from) * along + height, 1.0)
            }
            Motion::Reduced => way(Motion::Reduced, from, read.place, along),
        };
        let lifted = LIFT * moment.detail * caged * moment.gathered_at(&term);
        Pose {
            translation: translation + Vec3::Z * lifted,
            scale: there * shown * (CUBE + (CAGE - CUBE) * caged),
            look,
        }
    }

    /// What comes of a term, on its way to the place of the output.
    pub(super) fn gathered_pose(&self, moment: &Moment, number: usize) -> Pose {
        let nothing = Pose::nothing(self.layout.output.middle());
        let count = moment.at_hand.len();
        let order =
            (number.saturating_sub(moment.at_hand.start)) as f32 / (count.max(2) - 1) as f32;
        let born = smooth(stagger(moment.multiply, order, 0.55));
        let gone = smooth(stagger(moment.gather, order, 0.6));
        let shown = moment.detail * moment.kernel.presence;
        if born <= 0.0 || gone >= 1.0 || shown <= 0.0 || !moment.at_hand.contains(&number) {
            return nothing;
        }
        let Some(read) = moment
            .step
            .term(number)
            .and_then(|term| self.taken(term.source))
        else {
            return nothing;
        };
        // They come out of the front of the block, those of the first plane foremost.
        let block = &self.layout.input;
        let deepest = match block.stand {
            Stand::Deep => {
                let window = moment.window.input;
                let last = window.origin[0] + window.dims[0] as isize - 1;
                let last = last.clamp(0, block.dims[0] as isize - 1);
                block.position(last, 0, 0).z
            }
            Stand::Sheet | Stand::Lines(_) => block.origin.z,
        };
        let front = (block.origin.z + 1.6 + read.place.z - deepest).max(read.place.z + 1.6);
        let rise = LIFT + (front - read.place.z - LIFT) * born;
        let out = read.place + Vec3::Z * rise;
        let goal = self
            .layout
            .output
            .position_of(moment.step.output.map(|at| at as isize));
        let arc = Vec3::new(0.0, 1.6 + 0.5 * order, 1.8) * (4.0 * gone * (1.0 - gone));
        let (translation, there) = match moment.motion {
            Motion::Full => (out + (goal - out) * gone + arc, 1.0),
            Motion::Reduced => way(Motion::Reduced, out, goal, gone),
        };
        let product = moment.terms.get(number).copied().unwrap_or_default();
        let (low, high) = moment.term_range;
        let span = (high - low).max(f32::EPSILON);
        let color = palette::element_color(self.working_hue(moment), (product - low) / span);
        let mut look = self.look(color, 0.0, self.writes.format.glyphs(product));
        // Where elements are compared, only the one that is taken remains.
        let decided = smooth(moment.multiply * 2.0 - 1.0);
        let kept = match moment.winner {
            Some(winner) if winner != number => 1.0 - decided,
            None if self.plan.picks_one() => 1.0 - decided,
            _ => 1.0,
        };
        look.glow = if moment.winner == Some(number) {
            byte(0.6 * decided)
        } else {
            40
        };
        // On arrival it becomes a part of the sum.
        look.number = scaled(look.number, 1.0 - gone);
        Pose {
            translation,
            scale: there * kept * shown * born * (PRODUCT + (0.3 - PRODUCT) * gone),
            look,
        }
    }
}
