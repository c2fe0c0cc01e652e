//! How a workbench is seen: camera, pins, channels and place of the run, as a line of text that lies
//! in the file of a kept workbench. To whoever reads that file as a lesson it is a comment.

use serde::{Deserialize, Serialize};

use super::hand::{Hand, PINS};
use crate::camera::{Lens, Stand};
use crate::explore::Spot;

/// What the line begins with.
const MARK: &str = "// seen: ";

/// How a workbench is seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Yaw and pitch in radians, height of the picture, and its middle.
    camera: [f32; 6],
    perspective: bool,
    spread: f32,
    slice: Option<(usize, usize)>,
    /// Visits that are done.
    pub position: f64,
    /// The elements that are pinned.
    pub pins: Vec<Spot>,
}

impl Seen {
    /// A workbench as it is seen.
    #[must_use]
    pub fn new(hand: &Hand, stand: &Stand, lens: Lens, position: f64) -> Self {
        let [x, y, z] = stand.centre.to_array();
        Self {
            camera: [stand.yaw, stand.pitch, stand.height, x, y, z],
            perspective: lens == Lens::Perspective,
            spread: hand.spread,
            slice: hand.slice,
            position,
            pins: hand.pins.clone(),
        }
    }

    /// The line, with its end; empty where it cannot be written.
    #[must_use]
    pub fn line(&self) -> String {
        ron::to_string(self).map_or_else(|_| String::new(), |text| format!("{MARK}{text}\n"))
    }

    /// What the line of a file says; `None` without one, and of one that nobody could have seen.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let line = text.lines().find_map(|line| line.strip_prefix(MARK))?;
        let mut seen: Self = ron::from_str(line).ok()?;
        let numbers = seen.camera.iter().chain([&seen.spread]);
        let possible = numbers.into_iter().all(|number| number.is_finite())
            && seen.camera[2] > 0.0
            && seen.position.is_finite();
        if !possible {
            return None;
        }
        seen.spread = seen.spread.clamp(0.0, 8.0);
        seen.position = seen.position.max(0.0);
        seen.slice = seen.slice.filter(|(first, last)| first <= last);
        seen.pins.truncate(PINS);
        Some(seen)
    }

    /// Where the camera stands.
    #[must_use]
    pub fn stand(&self) -> Stand {
        let [yaw, pitch, height, x, y, z] = self.camera;
        Stand {
            centre: bevy::math::Vec3::new(x, y, z),
            yaw,
            pitch,
            height,
        }
    }

    /// How depth shows.
    #[must_use]
    pub fn lens(&self) -> Lens {
        if self.perspective {
            Lens::Perspective
        } else {
            Lens::Parallel
        }
    }

    /// What is in the hand.
    #[must_use]
    pub fn hand(&self) -> Hand {
        Hand {
            pins: self.pins.clone(),
            spread: self.spread,
            slice: self.slice,
            ..Hand::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_read_back_and_nonsense_is_not() {
        let hand = Hand {
            pins: vec![
                Spot::Weight {
                    layer: 0,
                    at: [1, 0, 2, 2],
                },
                Spot::Padding {
                    layer: 0,
                    at: [0, -1, 3],
                },
            ],
            spread: 1.5,
            slice: Some((1, 2)),
            ..Hand::default()
        };
        let stand = Stand {
            yaw: -0.7,
            height: 12.5,
            ..Stand::default()
        };
        let seen = Seen::new(&hand, &stand, Lens::Perspective, 3.25);
        let text = format!("{}Lesson()\n", seen.line());
        let back = Seen::read(&text).unwrap();
        assert_eq!(back, seen);
        assert_eq!((back.stand(), back.lens()), (stand, Lens::Perspective));
        assert_eq!(back.hand(), hand);
        assert_eq!(Seen::read("Lesson()"), None);
        assert_eq!(Seen::read("// seen: (camera: 3)"), None);
        let flat = Stand {
            height: 0.0,
            ..stand
        };
        let text = Seen::new(&hand, &flat, Lens::Parallel, 0.0).line();
        assert_eq!(Seen::read(&text), None);
    }
}
