//! A pen that draws into the picture that a network reads.

/// Half the breadth of a stroke, as a part of the picture's.
const PEN: f32 = 0.055;

/// How much ink a stroke between two points leaves at a place, from 0 to 1: soft at its edge, as of a pen that a
/// camera has seen. Places and points are parts of the picture's breadth and height.
#[must_use]
pub fn ink(at: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    (1.6 - distance(at, from, to) / PEN).clamp(0.0, 1.0)
}

/// The distance of a point from a line between two others.
fn distance([x, y]: [f32; 2], [from_x, from_y]: [f32; 2], [to_x, to_y]: [f32; 2]) -> f32 {
    let (along_x, along_y) = (to_x - from_x, to_y - from_y);
    let length = along_x * along_x + along_y * along_y;
    let part = ((x - from_x) * along_x + (y - from_y) * along_y) / length.max(f32::EPSILON);
    let part = part.clamp(0.0, 1.0);
    (x - from_x - part * along_x).hypot(y - from_y - part * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_is_full_on_its_line_and_ends_beside_it() {
        let (from, to) = ([0.2, 0.5], [0.8, 0.5]);
        assert_eq!(ink([0.5, 0.5], from, to), 1.0);
        assert_eq!(ink([0.5, 0.7], from, to), 0.0);
        assert_eq!(ink([0.95, 0.5], from, to), 0.0);
        let soft = ink([0.5, 0.5 + 1.1 * PEN], from, to);
        assert!(soft > 0.0 && soft < 1.0);
        // A point, where the pen does not move.
        assert_eq!(ink([0.2, 0.5], from, from), 1.0);
    }
}
