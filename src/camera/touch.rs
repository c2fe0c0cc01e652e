//! Fingers on the stage: one turns the view, two shift and zoom it, and a tap is a click.
//!
//! Fingers are followed event by event, so that the view goes as far in one slow frame as in many
//! quick ones. A finger that comes down on a panel is the panel's until it is lifted.

use bevy::input::InputSystems;
use bevy::input::keyboard::KeyboardFocusLost;
use bevy::input::touch::{TouchInput, TouchPhase};
use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy_egui::{EguiContext, PrimaryEguiContext, egui};

/// A finger that moves further than this, in points, does not tap.
const TAP: f32 = 10.0;
/// Fingers that are closer than this, in points, say nothing about a zoom.
const CLOSEST: f32 = 8.0;

/// A finger has come down on the stage and was lifted in the same place.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub struct Tap {
    /// Where, in points from the window's upper left corner.
    pub at: Vec2,
}

/// A finger that lies on the stage.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Finger {
    id: u64,
    from: Vec2,
    at: Vec2,
}

/// What fingers do to the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Motion {
    /// How far one finger has gone, in points.
    pub turn: Vec2,
    /// How far the middle of the picture goes over the stage, in points of the view before.
    pub shift: Vec2,
    /// How many times as much of the stage the picture holds.
    pub zoom: f32,
}

impl Motion {
    const NONE: Self = Self {
        turn: Vec2::ZERO,
        shift: Vec2::ZERO,
        zoom: 1.0,
    };
}

/// The fingers on the stage.
#[derive(Resource, Debug, Clone, PartialEq)]
pub(super) struct Fingers {
    down: Vec<Finger>,
    /// The most that were down since the first came; with another number than that no gesture
    /// goes on, so that lifting two fingers one after the other turns nothing.
    most: usize,
    /// Whether one of them has gone further than a tap.
    moving: bool,
    motion: Motion,
}

impl Default for Fingers {
    fn default() -> Self {
        Self {
            down: Vec::new(),
            most: 0,
            moving: false,
            motion: Motion::NONE,
        }
    }
}

impl Fingers {
    /// What was done since the last time; `None` where it was nothing.
    pub fn take(&mut self) -> Option<Motion> {
        let motion = std::mem::replace(&mut self.motion, Motion::NONE);
        (motion != Motion::NONE).then_some(motion)
    }

    fn press(&mut self, id: u64, at: Vec2) {
        self.down.retain(|finger| finger.id != id);
        if self.down.is_empty() {
            self.most = 0;
            self.moving = false;
        }
        self.down.push(Finger { id, from: at, at });
        self.most = self.most.max(self.down.len());
    }

    /// A finger goes somewhere, in a picture with this middle.
    fn slide(&mut self, id: u64, to: Vec2, middle: Vec2) {
        let Some(place) = self.down.iter().position(|finger| finger.id == id) else {
            return;
        };
        let before = self.down.clone();
        self.down[place].at = to;
        let finger = before[place];
        match (before.as_slice(), self.most) {
            ([_], 1) => {
                if self.moving {
                    self.motion.turn += to - finger.at;
                } else if to.distance(finger.from) > TAP {
                    self.moving = true;
                    self.motion.turn += to - finger.from;
                }
            }
            ([a, b], 2) => {
                self.moving = true;
                let other = if place == 0 { b.at } else { a.at };
                let (was, is) = (finger.at.distance(other), to.distance(other));
                let zoom = if was.min(is) < CLOSEST { 1.0 } else { was / is };
                // What was between the fingers stays between them.
                let (from, onto) = (finger.at.midpoint(other), to.midpoint(other));
                let shift = (from - middle) - (onto - middle) * zoom;
                self.motion.shift += shift * self.motion.zoom;
                self.motion.zoom *= zoom;
            }
            _ => self.moving = true,
        }
    }

    /// A finger is lifted; where it has tapped.
    fn lift(&mut self, id: u64) -> Option<Vec2> {
        let place = self.down.iter().position(|finger| finger.id == id)?;
        let finger = self.down.remove(place);
        (self.most == 1 && !self.moving).then_some(finger.from)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Fingers>()
        .add_message::<Tap>()
        .add_systems(PreUpdate, follow_fingers.after(InputSystems));
}

fn follow_fingers(
    mut touched: MessageReader<TouchInput>,
    mut lost: MessageReader<KeyboardFocusLost>,
    windows: Query<&Window, With<PrimaryWindow>>,
    mut panels: Query<&mut EguiContext, With<PrimaryEguiContext>>,
    mut fingers: ResMut<Fingers>,
    mut taps: MessageWriter<Tap>,
) {
    // What happens to fingers in another window is not told.
    if lost.read().count() > 0 {
        *fingers = Fingers::default();
    }
    if touched.is_empty() {
        return;
    }
    let middle = windows
        .single()
        .map_or(Vec2::ZERO, |window| window.size() * 0.5);
    for touch in touched.read() {
        match touch.phase {
            TouchPhase::Started => {
                let on_panel = panels
                    .iter_mut()
                    .any(|mut panels| is_panel(panels.get_mut(), touch.position));
                if !on_panel {
                    fingers.press(touch.id, touch.position);
                }
            }
            TouchPhase::Moved => fingers.slide(touch.id, touch.position, middle),
            TouchPhase::Ended => {
                if let Some(at) = fingers.lift(touch.id) {
                    taps.write(Tap { at });
                }
            }
            TouchPhase::Canceled => {
                fingers.lift(touch.id);
            }
        }
    }
}

/// Whether a panel, a window or a list is at a place.
fn is_panel(context: &egui::Context, at: Vec2) -> bool {
    let at = at / context.zoom_factor();
    context
        .layer_id_at(egui::pos2(at.x, at.y))
        .is_some_and(|layer| layer.order != egui::Order::Background)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: Vec2 = Vec2::new(640.0, 360.0);

    fn at(x: f32, y: f32) -> Vec2 {
        Vec2::new(x, y)
    }

    #[test]
    fn one_finger_turns_and_what_hardly_moves_is_a_tap() {
        let mut fingers = Fingers::default();
        fingers.press(7, at(100.0, 100.0));
        fingers.slide(7, at(106.0, 100.0), MIDDLE);
        assert_eq!(fingers.take(), None);
        assert_eq!(fingers.lift(7), Some(at(100.0, 100.0)));
        fingers.press(8, at(100.0, 100.0));
        fingers.slide(8, at(130.0, 100.0), MIDDLE);
        fingers.slide(8, at(140.0, 95.0), MIDDLE);
        let motion = fingers.take().unwrap();
        assert_eq!(motion.turn, at(40.0, -5.0));
        assert_eq!((motion.shift, motion.zoom), (Vec2::ZERO, 1.0));
        assert_eq!(fingers.lift(8), None);
    }

    #[test]
    fn two_fingers_keep_what_is_between_them() {
        let mut fingers = Fingers::default();
        fingers.press(1, at(600.0, 500.0));
        fingers.press(2, at(700.0, 500.0));
        // Twice as far apart, in many small steps of one finger and the other.
        for step in 1..=50_u8 {
            let step = f32::from(step);
            fingers.slide(1, at(600.0 - step, 500.0), MIDDLE);
            fingers.slide(2, at(700.0 + step, 500.0), MIDDLE);
        }
        let motion = fingers.take().unwrap();
        assert_eq!(motion.turn, Vec2::ZERO);
        assert!((motion.zoom - 0.5).abs() < 1e-4, "{motion:?}");
        // A place on the stage, in points from the middle: as far after as before.
        let place = (at(650.0, 500.0) - MIDDLE, at(650.0, 500.0) - MIDDLE);
        let on_stage = motion.shift + place.1 * motion.zoom;
        assert!(on_stage.distance(place.0) < 0.01, "{motion:?}");
        // Side by side they only shift.
        fingers.slide(1, at(580.0, 480.0), MIDDLE);
        fingers.slide(2, at(780.0, 480.0), MIDDLE);
        let motion = fingers.take().unwrap();
        assert!((motion.zoom - 1.0).abs() < 1e-4, "{motion:?}");
        assert!(motion.shift.distance(at(-30.0, 20.0)) < 0.01, "{motion:?}");
    }

    #[test]
    fn lifting_one_of_two_fingers_turns_nothing_and_three_do_nothing() {
        let mut fingers = Fingers::default();
        fingers.press(1, at(0.0, 0.0));
        fingers.press(2, at(100.0, 0.0));
        assert_eq!(fingers.lift(2), None);
        fingers.slide(1, at(50.0, 50.0), MIDDLE);
        assert_eq!(fingers.take(), None);
        fingers.press(2, at(100.0, 0.0));
        fingers.press(3, at(200.0, 0.0));
        for id in [1, 2, 3] {
            fingers.slide(id, at(300.0, 90.0), MIDDLE);
        }
        assert_eq!(fingers.lift(3), None);
        fingers.slide(1, at(0.0, 0.0), MIDDLE);
        assert_eq!(fingers.take(), None);
        for id in [1, 2] {
            assert_eq!(fingers.lift(id), None);
        }
        fingers.press(4, at(5.0, 5.0));
        assert_eq!(fingers.lift(4), Some(at(5.0, 5.0)));
    }
}
