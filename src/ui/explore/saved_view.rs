//! How a workbench is seen: camera, pins, channels and place of the run, as a line of text that lies
//! in the file of a kept workbench. To whoever reads that file as a lesson it is a comment.

use bevy::math::{Vec2, Vec3};
use serde::{Deserialize, Serialize};

use super::interaction::{InteractionState, PINS};
use crate::camera::{CameraPose, ProjectionMode};
use crate::explore::ElementRef;

/// What the line begins with.
const MARK: &str = "// seen: ";

/// How a workbench is seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedView {
    /// Yaw and pitch in radians, height of the picture, and its middle.
    camera: [f32; 6],
    /// Width and height of the window.
    #[serde(default)]
    window: Option<[f32; 2]>,
    perspective: bool,
    spread: f32,
    slice: Option<(usize, usize)>,
    /// Visits that are done.
    pub position: f64,
    /// The elements that are pinned.
    pub pins: Vec<ElementRef>,
}

impl SavedView {
    /// A workbench as it is seen: from where, and in a window of what size.
    #[must_use]
    pub fn new(
        interaction: &InteractionState,
        (pose, window): (&CameraPose, Option<Vec2>),
        projection_mode: ProjectionMode,
        position: f64,
    ) -> Self {
        let [x, y, z] = pose.centre.to_array();
        Self {
            camera: [pose.yaw, pose.pitch, pose.height, x, y, z],
            window: window.map(|window| window.to_array()),
            perspective: projection_mode == ProjectionMode::Perspective,
            spread: interaction.spread,
            slice: interaction.slice,
            position,
            pins: interaction.pins.clone(),
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
    pub fn pose(&self) -> CameraPose {
        let [yaw, pitch, height, x, y, z] = self.camera;
        CameraPose {
            centre: Vec3::new(x, y, z),
            yaw,
            pitch,
            height,
        }
    }

    /// The size of the window in which it stands there, where that is known.
    #[must_use]
    pub fn window(&self) -> Option<Vec2> {
        self.window.map(Vec2::from_array)
    }

    /// How depth shows.
    #[must_use]
    pub fn projection_mode(&self) -> ProjectionMode {
        if self.perspective {
            ProjectionMode::Perspective
        } else {
            ProjectionMode::Parallel
        }
    }

    /// What is in the hand.
    #[must_use]
    pub fn interaction(&self) -> InteractionState {
        InteractionState {
            pins: self.pins.clone(),
            spread: self.spread,
            slice: self.slice,
            ..InteractionState::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_read_back_and_nonsense_is_not() {
        let interaction = InteractionState {
            pins: vec![
                ElementRef::Weight {
                    layer: 0,
                    at: [1, 0, 2, 2],
                },
                ElementRef::Padding {
                    layer: 0,
                    at: [0, -1, 3],
                },
            ],
            spread: 1.5,
            slice: Some((1, 2)),
            ..InteractionState::default()
        };
        let pose = CameraPose {
            yaw: -0.7,
            height: 12.5,
            ..CameraPose::default()
        };
        let window = Some(Vec2::new(1280.0, 720.0));
        let stand = (&pose, window);
        let seen = SavedView::new(&interaction, stand, ProjectionMode::Perspective, 3.25);
        let text = format!("{}Lesson()\n", seen.line());
        let back = SavedView::read(&text).unwrap();
        assert_eq!(back, seen);
        assert_eq!(
            (back.pose(), back.projection_mode()),
            (pose, ProjectionMode::Perspective)
        );
        assert_eq!(
            (back.interaction(), back.window()),
            (interaction.clone(), window)
        );
        // What was kept before windows were.
        let before = text.replace(",window:Some((1280.0,720.0))", "");
        assert_ne!(before, text);
        assert_eq!(SavedView::read(&before).unwrap().window(), None);
        assert_eq!(SavedView::read("Lesson()"), None);
        assert_eq!(SavedView::read("// seen: (camera: 3)"), None);
        let flat = CameraPose {
            height: 0.0,
            ..pose
        };
        let text =
            SavedView::new(&interaction, (&flat, None), ProjectionMode::Parallel, 0.0).line();
        assert_eq!(SavedView::read(&text), None);
    }
}
