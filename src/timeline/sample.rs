//! The whole state of the show at one moment.

use bevy::math::{Vec2, Vec3};

use crate::lesson::{Formula, Part};

/// What [`super::Timeline::at`] gives: everything that a person sees at a moment. Two equal samples
/// give the same picture, so that a recording draws it once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The scene.
    pub scene: usize,
    /// How much of the scene is there: 1, but less while it comes and goes.
    pub curtain: f32,
    /// Steps of the operation that are done, with the part of the next one.
    pub position: f64,
    /// How much of each step is shown: 1 where every product is seen, 0 in a quick sweep.
    pub detail: f32,
    /// How much of each part is there and how far it recedes.
    pub parts: Parts,
    /// The guided camera.
    pub camera: View,
    /// The caption that is up: its index in [`super::Timeline::captions`].
    pub caption: Option<usize>,
    /// What the formula card shows.
    pub formula: Formula,
    /// How much of the formula card is there.
    pub formula_presence: f32,
    /// The prediction that is up.
    pub prediction: Option<Prediction>,
    /// How much room the picture leaves for the formula card at its head.
    pub headroom: f32,
}

/// A prediction at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// Which: its index in [`super::Timeline::questions`].
    pub question: usize,
    /// How much of its card is there.
    pub presence: f32,
    /// The part of the time to think that is left.
    pub left: f32,
    /// How much of the answer is shown.
    pub revealed: f32,
}

/// A guided camera: a parallel view of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Degrees to the right of straight ahead.
    pub yaw: f32,
    /// Degrees above the horizon.
    pub pitch: f32,
    /// The point in the middle of the picture.
    pub centre: Vec3,
    /// Half the width and half the height that must be seen, in world units.
    pub half: Vec2,
}

impl View {
    /// The directions right, up and towards the viewer.
    #[must_use]
    pub fn axes(&self) -> [Vec3; 3] {
        use bevy::math::ops;
        let (yaw_sin, yaw_cos) = ops::sin_cos(self.yaw.to_radians());
        let (pitch_sin, pitch_cos) = ops::sin_cos(self.pitch.to_radians());
        let right = Vec3::new(yaw_cos, 0.0, -yaw_sin);
        let back = Vec3::new(yaw_sin * pitch_cos, pitch_sin, yaw_cos * pitch_cos);
        [right, back.cross(right), back]
    }
}

/// A value for each part of the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The input.
    pub input: PartState,
    /// The padding ghosts.
    pub padding: PartState,
    /// The filter at work.
    pub kernel: PartState,
    /// Each filter, where it waits.
    pub filters: Vec<PartState>,
    /// Each channel of the output.
    pub outputs: Vec<PartState>,
}

/// How a part of the stage looks at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartState {
    /// 0 away, 1 there.
    pub presence: f32,
    /// 0 in full colour, 1 receded.
    pub recede: f32,
}

/// The slots of a scene's parts, in one line: what tracks are kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slots {
    pub filters: usize,
    pub outputs: usize,
}

impl Slots {
    pub const fn count(self) -> usize {
        3 + self.filters + self.outputs
    }

    /// The slots that a part stands for.
    pub fn of(self, part: Part) -> std::ops::Range<usize> {
        let filters = 3;
        let outputs = 3 + self.filters;
        let one = |slot: usize| slot..slot + 1;
        match part {
            Part::Input => one(0),
            Part::Padding => one(1),
            Part::Kernel => one(2),
            Part::Filters => filters..outputs,
            Part::Filter(index) => one(filters + index),
            Part::Output => outputs..outputs + self.outputs,
            Part::OutputChannel(index) => one(outputs + index),
        }
    }

    pub fn gather(self, mut state: impl FnMut(usize) -> PartState) -> Parts {
        let outputs = 3 + self.filters;
        Parts {
            input: state(0),
            padding: state(1),
            kernel: state(2),
            filters: (3..outputs).map(&mut state).collect(),
            outputs: (outputs..outputs + self.outputs).map(&mut state).collect(),
        }
    }
}
