//! What a person holds at the workbench, besides the setup: pins, pace, view, panels.

use crate::explore::ElementRef;
use crate::explore::opened::OpenError;
use crate::explore::step_stops::StepUnit;

use super::action::Tab;

/// Elements that can be pinned at a time.
pub const PINS: usize = 2;

/// Pins, pace, view and panels.
#[derive(Debug, Clone, PartialEq)]
pub struct InteractionState {
    /// The element under the pointer.
    pub hovered: Option<ElementRef>,
    /// The elements that are pinned, the earlier one first.
    pub pins: Vec<ElementRef>,
    /// What a step goes by.
    pub step_unit: StepUnit,
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
    /// Whether the arithmetic of the step stands on the stage.
    pub arithmetic: bool,
    /// Width and height of pictures.
    pub picture: (u32, u32),
    /// Why the pasted text is no layer.
    pub paste_problem: Option<OpenError>,
    /// What was done last: saved, copied, failed.
    pub note: Option<String>,
    /// How much is done of the video that is being made, in percent.
    pub recording: Option<u8>,
    /// Whether there is a lesson to go back to.
    pub from_lesson: bool,
}

impl Default for InteractionState {
    fn default() -> Self {
        Self {
            hovered: None,
            pins: Vec::new(),
            step_unit: StepUnit::default(),
            speed: 1.0,
            looped: None,
            spread: 0.0,
            slice: None,
            tab: Tab::default(),
            panels: true,
            arithmetic: true,
            picture: (1920, 1080),
            paste_problem: None,
            note: None,
            recording: None,
            from_lesson: false,
        }
    }
}

impl InteractionState {
    /// Pins an element; unpins it where it is pinned. With two pins a third takes the place of the
    /// earlier one.
    pub fn pin(&mut self, element_ref: ElementRef) {
        if let Some(place) = self.pins.iter().position(|pinned| *pinned == element_ref) {
            self.pins.remove(place);
            return;
        }
        if self.pins.len() == PINS {
            self.pins.remove(0);
        }
        self.pins.push(element_ref);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element_ref(column: usize) -> ElementRef {
        ElementRef::Tensor {
            tensor: 0,
            at: [0, 0, column],
        }
    }

    #[test]
    fn a_third_pin_takes_the_place_of_the_first() {
        let mut interaction = InteractionState::default();
        interaction.pin(element_ref(0));
        interaction.pin(element_ref(1));
        interaction.pin(element_ref(2));
        assert_eq!(interaction.pins, [element_ref(1), element_ref(2)]);
        interaction.pin(element_ref(1));
        assert_eq!(interaction.pins, [element_ref(2)]);
    }
}
