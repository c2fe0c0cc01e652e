//! From a lesson's shot to a guided camera: what fills the frame, seen from there.

use bevy::math::{Vec2, Vec3};

use super::{Layout, View};
use crate::lesson::{Part, Shot};

/// Room around what is framed, in cubes, for names and numbers beside it.
const MARGIN: f32 = 1.4;

impl Layout {
    /// The camera of a shot.
    #[must_use]
    pub fn frame(&self, shot: &Shot) -> View {
        let everything = [Part::Input, Part::Padding, Part::Filters, Part::Output];
        let parts = if shot.frame.is_empty() {
            &everything[..]
        } else {
            &shot.frame
        };
        let mut view = View {
            yaw: shot.yaw,
            pitch: shot.pitch,
            centre: Vec3::ZERO,
            half: Vec2::ONE,
        };
        let [right, up, back] = view.axes();
        let (mut low, mut high) = (Vec3::splat(f32::MAX), Vec3::splat(f32::MIN));
        for (near, far) in parts.iter().flat_map(|part| self.bounds(*part)) {
            for corner in 0..8_u8 {
                let pick =
                    |bit: u8, low: f32, high: f32| if corner & bit == 0 { low } else { high };
                let point = Vec3::new(
                    pick(1, near.x, far.x),
                    pick(2, near.y, far.y),
                    pick(4, near.z, far.z),
                );
                let seen = Vec3::new(point.dot(right), point.dot(up), point.dot(back));
                low = low.min(seen);
                high = high.max(seen);
            }
        }
        if low.x > high.x {
            return view;
        }
        let middle = (low + high) * 0.5;
        view.centre = right * middle.x + up * middle.y + back * middle.z;
        view.half = ((high - low).truncate() * 0.5 + Vec2::splat(MARGIN)) * shot.room;
        view
    }

    /// The boxes that a part takes up.
    fn bounds(&self, part: Part) -> Vec<(Vec3, Vec3)> {
        match part {
            Part::Input => vec![self.input.bounds()],
            Part::Padding | Part::Kernel => vec![self.padded_block().bounds()],
            Part::Filters => self.filters.iter().map(super::Block::bounds).collect(),
            Part::Filter(index) => self
                .filters
                .get(index)
                .map(super::Block::bounds)
                .into_iter()
                .collect(),
            Part::Output => vec![self.output.bounds()],
            Part::OutputChannel(index) => {
                let [_, rows, columns] = self.output.dims;
                let one = super::Block {
                    dims: [1, rows, columns],
                    origin: self.output.position(index as isize, 0, 0),
                    group: 0,
                };
                vec![one.bounds()]
            }
        }
    }
}
