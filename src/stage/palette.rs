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
    /// The glass of walls between groups.
    pub wall: Rgb,
    /// Text about what cannot be.
    pub error: Rgb,
    /// Text about what to mind.
    pub warning: Rgb,
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
                wall: [96, 108, 140],
                error: [168, 0, 28],
                warning: [138, 62, 0],
            },
            Self::Dark => Room {
                backdrop: [24, 26, 33],
                floor: [44, 47, 57],
                corner: [14, 15, 20],
                ink: [238, 240, 246],
                quiet: [158, 164, 180],
                ghost: [104, 110, 126],
                panel: [30, 33, 42],
                wall: [170, 182, 214],
                error: [255, 130, 130],
                warning: [255, 176, 80],
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

/// How much lighter the deep tones of a hue are: yellows would turn to mud if they were as dark as
/// blues, and hues that a colour-blind eye takes for one another differ in lightness instead.
fn lighter(hue: f32) -> f32 {
    const POINTS: [(f32, f32); 9] = [
        (-8.0, -0.08),
        (52.0, 0.0),
        (92.0, 0.18),
        (150.0, 0.14),
        (207.0, 0.03),
        (258.0, -0.06),
        (310.0, -0.14),
        (352.0, -0.08),
        (412.0, 0.0),
    ];
    let hue = hue.rem_euclid(360.0);
    let between = POINTS.windows(2).find(|pair| hue <= pair[1].0);
    between.map_or(0.0, |pair| {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        low + (high - low) * (hue - from) / (to - from)
    })
}

/// The colour of an element: its hue, and its value from 0 (lowest of the tensor) to 1 (highest),
/// which shows as lightness, from pale to deep.
#[must_use]
pub fn element_color(hue: f32, value: f32) -> Rgb {
    let value = value.clamp(0.0, 1.0);
    let deep = 0.56 + lighter(hue);
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
    to_rgb(Oklcha::new(0.60 + 0.5 * lighter(hue), 0.16, hue, 1.0).into())
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

/// Black or white, as it is read better on a colour: 4.58 to 1 at least.
#[must_use]
pub(crate) fn written_on(ground: Rgb) -> Rgb {
    let [black, white] = [[0; 3], [255; 3]];
    if contrast(black, ground) >= contrast(white, ground) {
        black
    } else {
        white
    }
}

/// White on a colour where large letters are read in it (3 to 1), else black.
#[must_use]
pub(crate) fn written_large_on(ground: Rgb) -> Rgb {
    let white = [255; 3];
    if contrast(white, ground) >= 3.0 {
        white
    } else {
        [0; 3]
    }
}

/// The contrast ratio of WCAG 2.2 between two colours, from 1 to 21.
pub(crate) fn contrast(a: Rgb, b: Rgb) -> f32 {
    let luminance = |[red, green, blue]: Rgb| {
        let light = bevy::color::LinearRgba::from(Srgba::rgb_u8(red, green, blue));
        0.2126 * light.red + 0.7152 * light.green + 0.0722 * light.blue
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::color::{LinearRgba, Oklaba};

    /// What an eye without one kind of cone sees, in linear light: G. Machado, M. Oliveira and
    /// L. Fernandes, "A physiologically-based model for simulation of color vision deficiency"
    /// (2009), at full severity.
    const EYES: [(&str, [[f32; 3]; 3]); 4] = [
        (
            "normal",
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        ),
        (
            "protanopia",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    fn seen(color: Rgb, eye: &[[f32; 3]; 3]) -> Oklaba {
        let [red, green, blue] = color;
        let light = LinearRgba::from(Srgba::rgb_u8(red, green, blue));
        let row = |row: [f32; 3]| {
            (row[0] * light.red + row[1] * light.green + row[2] * light.blue).clamp(0.0, 1.0)
        };
        LinearRgba::rgb(row(eye[0]), row(eye[1]), row(eye[2])).into()
    }

    /// Distance in OKLab, in hundredths; 2 is about what an eye can just tell apart side by side.
    fn apart(a: Oklaba, b: Oklaba) -> f32 {
        let d = [a.lightness - b.lightness, a.a - b.a, a.b - b.b];
        100.0 * d.iter().map(|d| d * d).sum::<f32>().sqrt()
    }

    #[test]
    fn what_is_written_on_a_hue_can_be_read() {
        for hue in 0..360 {
            let ground = name_color(hue as f32);
            let seen = contrast(written_on(ground), ground);
            assert!(seen >= 4.5, "{hue}: {seen}");
        }
    }

    #[test]
    fn channels_and_filters_can_be_told_apart_by_colour_blind_eyes() {
        let inputs: Vec<f32> = (0..3).map(|channel| input_hue(channel, 3)).collect();
        let filters: Vec<f32> = (0..4).map(|filter| filter_hue(filter, 4)).collect();
        for (eye, matrix) in &EYES {
            for family in [&inputs, &filters] {
                for (index, a) in family.iter().enumerate() {
                    for b in &family[..index] {
                        let deep = |hue: f32| seen(element_color(hue, 1.0), matrix);
                        let distance = apart(deep(*a), deep(*b));
                        assert!(distance > 6.0, "{eye}: {a} and {b} are {distance} apart");
                    }
                }
            }
        }
    }

    #[test]
    fn a_value_shows_as_lightness_to_every_eye() {
        for (eye, matrix) in &EYES {
            for hue in [258.0, 207.0, 150.0, 52.0, 352.0, 92.0, 310.0] {
                let lightness = |value: f32| seen(element_color(hue, value), matrix).lightness;
                for step in 0..8 {
                    let value = step as f32 / 8.0;
                    assert!(lightness(value) > lightness(value + 0.125), "{eye}: {hue}");
                }
                assert!(lightness(0.0) - lightness(1.0) > 0.1, "{eye}: {hue}");
            }
        }
    }

    #[test]
    fn lettering_stands_out_from_its_room() {
        // What WCAG 2.2 asks for: 4.5 for text.
        for studio in [Studio::Light, Studio::Dark] {
            let room = studio.room();
            for ground in [room.backdrop, room.floor, room.panel] {
                assert!(contrast(room.ink, ground) > 7.0);
                assert!(contrast(room.quiet, ground) >= 4.5);
            }
        }
    }
}
