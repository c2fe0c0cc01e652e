//! The only place that defines colours.
//!
//! Input channels have cool hues, filters and the output channels that they make have warm ones;
//! lightness carries the value. The hues are chosen in OKLCH, so that equal steps look equal.

use bevy::color::{ColorToComponents, Oklcha, Srgba};
use bevy::prelude::Color;

/// A colour as the screen shows it: red, green, blue.
pub type Rgb = [u8; 3];

/// The light of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Studio {
    /// A light floor and backdrop.
    #[default]
    Light,
    /// A dark one, for talks.
    Dark,
}

/// Colours of the room and of what is written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The backdrop at the top of the picture.
    pub backdrop: Rgb,
    /// The floor in the middle of the picture.
    pub floor: Rgb,
    /// The corners of the picture.
    pub corner: Rgb,
    /// Text on the backdrop.
    pub ink: Rgb,
    /// Quieter text on the backdrop.
    pub quiet: Rgb,
    /// Cubes without a value: padding, places to come.
    pub ghost: Rgb,
    /// The panel behind captions and cards.
    pub panel: Rgb,
}

impl Studio {
    /// The colours of the room.
    #[must_use]
    pub const fn room(self) -> Room {
        match self {
            Self::Light => Room {
                backdrop: [222, 224, 229],
                floor: [243, 243, 245],
                corner: [205, 207, 214],
                ink: [32, 36, 48],
                quiet: [92, 98, 114],
                ghost: [150, 156, 170],
                panel: [252, 252, 254],
            },
            Self::Dark => Room {
                backdrop: [24, 26, 33],
                floor: [44, 47, 57],
                corner: [14, 15, 20],
                ink: [238, 240, 246],
                quiet: [158, 164, 180],
                ghost: [104, 110, 126],
                panel: [30, 33, 42],
            },
        }
    }
}

/// Cool hues for input channels, in degrees of OKLCH: blue, teal, green.
const INPUT_HUES: [f32; 3] = [258.0, 207.0, 150.0];
/// Warm hues for filters, in degrees of OKLCH: orange, magenta, yellow, violet.
const FILTER_HUES: [f32; 4] = [52.0, 352.0, 92.0, 310.0];

/// The hue of an input channel, of so many.
#[must_use]
pub fn input_hue(channel: usize, channels: usize) -> f32 {
    spread(channel, channels, &INPUT_HUES, 268.0, 145.0)
}

/// The hue of a filter and of the output channel that it makes, of so many.
#[must_use]
pub fn filter_hue(filter: usize, filters: usize) -> f32 {
    spread(filter, filters, &FILTER_HUES, 300.0, 455.0)
}

fn spread(index: usize, count: usize, few: &[f32], from: f32, to: f32) -> f32 {
    if count <= few.len() {
        return few[index.min(few.len() - 1)];
    }
    (from + (to - from) * index as f32 / (count - 1) as f32).rem_euclid(360.0)
}

/// The colour of an element: its hue, and its value from 0 (lowest of the tensor) to 1 (highest),
/// which shows as lightness, from pale to deep.
#[must_use]
pub fn element_color(hue: f32, value: f32) -> Rgb {
    let value = value.clamp(0.0, 1.0);
    // Yellows turn to mud when they are as dark as blues: keep them lighter.
    let yellow = (1.0 - ((hue - 92.0).abs() / 40.0)).max(0.0);
    let deep = 0.56 + 0.14 * yellow;
    let lightness = 0.90 + (deep - 0.90) * value;
    let chroma = 0.055 + 0.125 * value;
    to_rgb(Oklcha::new(lightness, chroma, hue, 1.0).into())
}

/// The colour of an element of a picture, or of what is made of one: its own lightness, in grey for
/// one channel, tinted for red, green and blue, and with a breath of its hue for others.
#[must_use]
pub fn picture_color(hue: f32, channels: usize, channel: usize, value: f32) -> Rgb {
    let value = value.clamp(0.0, 1.0);
    let lightness = 0.16 + 0.81 * value;
    let (hue, chroma) = match (channels, channel) {
        (1, _) => (hue, 0.0),
        (3, 0) => (27.0, 0.13),
        (3, 1) => (145.0, 0.13),
        (3, 2) => (262.0, 0.13),
        _ => (hue, 0.045),
    };
    // Neither black nor white has a colour.
    let chroma = chroma * (4.0 * value * (1.0 - value)).min(1.0);
    to_rgb(Oklcha::new(lightness, chroma, hue, 1.0).into())
}

/// The full colour of a hue, for swatches and names.
#[must_use]
pub fn name_color(hue: f32) -> Rgb {
    to_rgb(Oklcha::new(0.60, 0.16, hue, 1.0).into())
}

fn to_rgb(color: Srgba) -> Rgb {
    color
        .to_f32_array_no_alpha()
        .map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// `part` of the way from one colour to another.
#[must_use]
pub fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    let mut mixed = from;
    for (channel, target) in mixed.iter_mut().zip(to) {
        let value =
            f32::from(*channel) + (f32::from(target) - f32::from(*channel)) * part.clamp(0.0, 1.0);
        *channel = value.round() as u8;
    }
    mixed
}

/// For text, panels and swatches: a colour with an opacity.
#[must_use]
pub fn color([red, green, blue]: Rgb, alpha: f32) -> Color {
    Color::srgba_u8(
        red,
        green,
        blue,
        (alpha.clamp(0.0, 1.0) * 255.0).round() as u8,
    )
}
