//! What the shaders read: an instance for each cube, shadow and wall, of 32 bytes.

use bytemuck::{Pod, Zeroable};

use super::Wall;

/// A cube as the shader reads it.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable, Default)]
#[repr(C)]
pub struct Cube {
    /// Middle and edge length.
    pub place: [f32; 4],
    /// Colour and glow; hollow, opacity, number, flags; glyphs; of which faces a neighbour hides all but strips, and on
    /// which side that neighbour stands: x, y, z each.
    pub look: [u32; 4],
}

/// Three axes as the lowest bits of a word.
fn bits([x, y, z]: [bool; 3]) -> u32 {
    u32::from(x) | u32::from(y) << 1 | u32::from(z) << 2
}

/// The flag of a mirrored cube, in the second word of its look.
const MIRRORED: u32 = 1 << 28;

impl Cube {
    /// Whether there is anything of it to be seen.
    pub(super) fn is_there(&self) -> bool {
        self.place[3] > 0.002 && self.look[1] & 0xff00 != 0
    }

    /// Whether it is what the floor mirrors.
    pub(super) const fn is_mirrored(&self) -> bool {
        self.look[1] & MIRRORED != 0
    }

    /// The cube with the faces that others cover marked: x, y, z.
    pub(super) fn covered(mut self, covered: [bool; 3]) -> Self {
        self.look[1] |= bits(covered) << 24;
        self
    }

    /// The cube with the faces of which a neighbour hides all but strips marked: x, y, z; and whether that neighbour
    /// stands on the positive side, before it is mirrored.
    pub(super) fn hidden(mut self, hidden: [bool; 3], positive: [bool; 3]) -> Self {
        self.look[3] = bits(hidden) | bits(positive) << 3;
        self
    }

    /// The cube as the floor mirrors it, without its number.
    pub(super) fn mirrored(mut self) -> Self {
        self.look[1] |= MIRRORED;
        self.look[2] = 0;
        self
    }
}

/// A soft shadow on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable, Default)]
#[repr(C)]
pub struct Shadow {
    /// Middle x and z, half width and half depth.
    pub rectangle: [f32; 4],
    /// Softness, strength, nothing.
    pub nature: [f32; 4],
}

/// A wall between two groups of channels.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable, Default)]
#[repr(C)]
pub struct WallInstance {
    /// Middle and half the thickness.
    pub place: [f32; 4],
    /// Half the width, half the height, opacity of the edges, and of what is within them.
    pub nature: [f32; 4],
}

/// Half the thickness of a wall.
const THICKNESS: f32 = 0.035;

impl WallInstance {
    /// The pane of a wall.
    pub(super) fn new(wall: &Wall) -> Self {
        let middle = (wall.low + wall.high) * 0.5;
        let half = (wall.high - wall.low) * 0.5;
        Self {
            place: [middle.x, middle.y, middle.z, THICKNESS],
            nature: [half.x, half.y, wall.opacity, wall.fill],
        }
    }

    /// The pane as a floor at this height mirrors it.
    pub(super) fn mirrored(mut self, floor: f32) -> Self {
        self.place[1] = 2.0 * floor - self.place[1];
        self
    }
}
