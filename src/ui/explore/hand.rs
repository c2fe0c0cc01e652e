//! What a person holds at the workbench, besides the setup: pins, pace, view, panels.

use crate::explore::Spot;
use crate::explore::opened::OpenError;
use crate::explore::stops::Grain;

use super::action::Tab;

/// Elements that can be pinned at a time.
pub const PINS: usize = 2;

/// Pins, pace, view and panels.
#[derive(Debug, Clone, PartialEq)]
pub struct Hand {
    /// The element under the pointer.
    pub hovered: Option<Spot>,
    /// The elements that are pinned, the earlier one first.
    pub pins: Vec<Spot>,
    /// What a step goes by.
    pub grain: Grain,
    /// How fast the run goes.
    pub speed: f64,
    /// The visit that is looped.
    pub looped: Option<u64>,
    /// How far channels are pulled apart, in cubes.
    pub spread: f32,
    /// The channels that are shown, from the first to the last; all of them without.
    pub slice: Option<(usize, usize)>,
    /// What the panel on the right shows.
    pub tab: Tab,
    /// Whether panels are shown.
    pub panels: bool,
    /// Width and height of pictures.
    pub picture: (u32, u32),
    /// Why the pasted text is no layer.
    pub paste_problem: Option<OpenError>,
    /// What was done last: saved, copied, failed.
    pub note: Option<String>,
    /// Whether there is a lesson to go back to.
    pub from_lesson: bool,
}

impl Default for Hand {
    fn default() -> Self {
        Self {
            hovered: None,
            pins: Vec::new(),
            grain: Grain::default(),
            speed: 1.0,
            looped: None,
            spread: 0.0,
            slice: None,
            tab: Tab::default(),
            panels: true,
            picture: (1920, 1080),
            paste_problem: None,
            note: None,
            from_lesson: false,
        }
    }
}

impl Hand {
    /// Pins an element; unpins it where it is pinned. With two pins a third takes the place of the
    /// earlier one.
    pub fn pin(&mut self, spot: Spot) {
        if let Some(place) = self.pins.iter().position(|pinned| *pinned == spot) {
            self.pins.remove(place);
            return;
        }
        if self.pins.len() == PINS {
            self.pins.remove(0);
        }
        self.pins.push(spot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(column: usize) -> Spot {
        Spot::Tensor {
            tensor: 0,
            at: [0, 0, column],
        }
    }

    #[test]
    fn a_third_pin_takes_the_place_of_the_first() {
        let mut hand = Hand::default();
        hand.pin(spot(0));
        hand.pin(spot(1));
        hand.pin(spot(2));
        assert_eq!(hand.pins, [spot(1), spot(2)]);
        hand.pin(spot(1));
        assert_eq!(hand.pins, [spot(2)]);
    }
}
