//! Where an element is and how it looks: the pure language between the scene's models and what is
//! drawn.

use bevy::math::{Vec3, ops};

use super::palette::Rgb;
use crate::timeline::PartState;

/// Size of a cube; the rest of its cell is the seam.
pub const CUBE: f32 = 0.92;

/// What an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A tensor, by its number.
    Tensor(u16),
    /// The padding ghosts and inserted zeros of a layer, in the order of the padded input.
    Padding(u16),
    /// All waiting filters of a layer, one after another.
    Filter(u16),
    /// The filter of a layer at work, a cage for each term.
    Kernel(u16),
    /// The products of the visit at hand, one for each term; of `Add`, the second summands.
    Product(u16),
    /// The places that the window of a strided layer visits, and those that it skips.
    Mark(u16),
}

/// Where an element is and how it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// The middle of its cube.
    pub translation: Vec3,
    /// The length of its edges; 0 hides it.
    pub scale: f32,
    /// Its colour, and what is written on it.
    pub look: Appearance,
}

impl Pose {
    /// Nothing to be seen.
    pub(super) fn nothing(translation: Vec3) -> Self {
        Self {
            translation,
            scale: 0.0,
            look: Appearance::default(),
        }
    }
}

/// The look of a cube, as it goes to the graphics card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appearance {
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
    /// The number's glyphs, as [`super::number::NumberFormat::glyphs`] packs them.
    pub glyphs: u32,
}

impl PartState {
    /// The state at a place of the wave that runs through a tensor as it comes.
    pub(super) fn at(self, wave: f32) -> Self {
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
pub(super) fn wave(dims: [usize; 3], at: [usize; 3]) -> f32 {
    let whole: usize = dims.iter().map(|size| size.saturating_sub(1)).sum();
    at.iter().sum::<usize>() as f32 / whole.max(1) as f32
}

/// The progress of one of many that follow each other: `order` from 0 to 1 says which, `spread` how
/// much of the time lies between the first and the last.
pub(super) fn stagger(progress: f32, order: f32, spread: f32) -> f32 {
    ((progress - order * spread) / (1.0 - spread)).clamp(0.0, 1.0)
}

pub(super) fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Goes a little too far and comes back; 0 at 0 and 1 at 1.
pub(super) fn back(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    let over = 1.2;
    let from_end = t - 1.0;
    1.0 + (over + 1.0) * ops::powf(from_end.abs(), 3.0) * from_end.signum()
        + over * from_end * from_end
}

pub(super) fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

pub(super) fn scaled(value: u8, part: f32) -> u8 {
    byte(f32::from(value) / 255.0 * part)
}

/// The lowest and the highest of values.
pub(super) fn range(values: &[f32]) -> (f32, f32) {
    values
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
}
