//! Which cubes of a list may be seen within a box: to have the driver look at all of them for each box would
//! take longer than to draw what is in it.

use std::ops::Range;

use bevy::prelude::*;

use super::super::instance::Cube;

/// What is drawn of a cube lies no further outside it, in pixels.
const MARGIN: f32 = 2.0;
/// Cubes that are drawn along, where fewer than these lie between two runs.
const BETWEEN: u32 = 12;

/// Runs of the cubes that may be seen within a box, in their order.
pub(in super::super) fn runs_within(
    cubes: &[Cube],
    clip_from_world: &Mat4,
    floor: f32,
    size: UVec2,
    area: URect,
) -> Vec<Range<u32>> {
    let rows = clip_from_world.transpose();
    let half = size.as_vec2() * 0.5;
    // How many pixels a unit in the direction that matters most takes, where w is 1.
    let reach = Vec2::new(
        rows.x_axis.truncate().length() * half.x,
        rows.y_axis.truncate().length() * half.y,
    );
    let depth = rows.w_axis.truncate().length();
    let area = area.as_rect().inflate(MARGIN);
    let seen = |cube: &Cube| {
        if !cube.is_there() {
            return false;
        }
        let [x, y, z, edge] = cube.place;
        let y = if cube.is_mirrored() {
            2.0 * floor - y
        } else {
            y
        };
        let radius = edge * 0.5 * 3f32.sqrt();
        let clip = *clip_from_world * Vec4::new(x, y, z, 1.0);
        let near = clip.w - radius * depth;
        if near <= 1e-4 {
            return true;
        }
        let at = |w: f32| {
            let ndc = clip.truncate().truncate() / w;
            (ndc * Vec2::new(1.0, -1.0) + 1.0) * half
        };
        // In perspective, what is nearer lies further out: both ends are looked at.
        let (one, other) = (at(clip.w + radius * depth), at(near));
        let radius = reach * radius / near;
        let (low, high) = (one.min(other) - radius, one.max(other) + radius);
        low.x <= area.max.x && high.x >= area.min.x && low.y <= area.max.y && high.y >= area.min.y
    };
    let mut runs: Vec<Range<u32>> = Vec::new();
    for (number, _) in cubes.iter().enumerate().filter(|(_, cube)| seen(cube)) {
        let number = number as u32;
        match runs.last_mut() {
            Some(last) if number <= last.end + BETWEEN => last.end = number + 1,
            _ => runs.push(number..number + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cubes_within_a_box_are_found_and_few_others() {
        let cubes: Vec<Cube> = (0..400)
            .map(|number| Cube {
                place: [
                    (number % 20) as f32 * 0.1 - 1.0,
                    (number / 20) as f32 * 0.1 - 1.0,
                    0.0,
                    0.05,
                ],
                look: [0, 0xff00, 0, 0],
            })
            .collect();
        let size = UVec2::new(200, 200);
        // The lowest rows of the picture hold the cubes with the lowest y.
        let area = URect::new(0, 180, 20, 200);
        let runs = runs_within(&cubes, &Mat4::IDENTITY, 0.0, size, area);
        let count: u32 = runs.iter().map(|run| run.end - run.start).sum();
        assert!(
            runs.iter().any(|run| run.contains(&0)) && count < 60,
            "{runs:?}"
        );
        let whole = runs_within(
            &cubes,
            &Mat4::IDENTITY,
            0.0,
            size,
            URect::new(0, 0, 200, 200),
        );
        assert_eq!(whole, vec![0..400]);
    }
}
