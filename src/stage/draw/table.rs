//! One tensor's cubes, by element, and what is to be drawn of each line of them.

use bevy::math::Vec3;
use bevy::transform::components::Transform;

use super::CubeAppearance;
use super::instance::Cube;
use crate::stage::pose::place;
use crate::timeline::{Block, Stand};

/// One tensor's cubes, by element.
pub(super) struct BlockTable {
    /// The grid that the cubes rest on; `None` for cubes that fly about.
    grid: Option<Block>,
    cubes: Vec<Cube>,
    /// For each cube, of [`THERE`], [`HOME`], [`SOLID`], [`LISTED`], [`OPAQUE`] and [`BROAD`].
    states: Vec<u8>,
    /// The cubes that can be seen and are not at home, and some that have come home since.
    away: Vec<u32>,
    /// For each line, whether it is to be drawn anew.
    dirty: Vec<bool>,
    /// The lines that are to be drawn anew.
    dirty_lines: Vec<u32>,
    /// Whether one of the cubes that are not at home has changed.
    moving_changed: bool,
    /// What the cubes at home give for the shadow, in 4096ths: whole numbers, so that the sum does
    /// not depend on the order in which it came about.
    cast: i64,
}

/// The state of a cube that can be seen.
const THERE: u8 = 1;
/// The state of a cube at its place in the grid.
const HOME: u8 = 2;
/// The state of a cube at its place that hides what is behind it.
const SOLID: u8 = 4;
/// The state of a cube that stands in the list of those that are away.
const LISTED: u8 = 8;
/// The state of a solid cube that nothing shines through, as large as one at rest or larger.
const OPAQUE: u8 = 16;
/// The same, as large as a pixel of a picture.
const BROAD: u8 = 32;

/// The edge lengths from which a cube is [`OPAQUE`] and [`BROAD`]: what it hides is left out, by `cubes.wgsl`.
const OPAQUE_EDGE: f32 = 0.915;
const BROAD_EDGE: f32 = 0.985;
/// The smallest and largest cube of which an [`OPAQUE`] neighbour hides a face, and the largest of which a
/// [`BROAD`] one does.
const HIDDEN_EDGES: [f32; 3] = [0.6, 0.93, 0.992];

/// The state that a neighbour must have to hide a face of a cube with that edge length.
fn hidden_by(edge: f32) -> Option<u8> {
    let [least, cube, pixel] = HIDDEN_EDGES;
    match edge {
        edge if !(least..=pixel).contains(&edge) => None,
        edge if edge <= cube => Some(OPAQUE),
        _ => Some(BROAD),
    }
}

/// The longest line: a longer row is several lines, so that one cube does not spoil thousands.
const LINE: usize = 64;

/// What a cube gives for the shadow of its tensor, in 4096ths.
pub(super) fn cast_by(cube: &Cube) -> i64 {
    ((cube.place[3] - 0.2).clamp(0.0, 0.7) * 4096.0) as i64
}

/// The places of an axis from the far end to the near one.
fn walk(count: usize, near: isize) -> impl Iterator<Item = usize> {
    (0..count).map(move |index| if near > 0 { index } else { count - 1 - index })
}

/// The place that covers another one along an axis.
fn neighbour(at: usize, near: isize, count: usize) -> Option<usize> {
    at.checked_add_signed(near).filter(|next| *next < count)
}

impl BlockTable {
    /// A table of so many cubes, none of which can be seen.
    pub(super) fn new(grid: Option<Block>, count: usize) -> Self {
        let mut table = Self {
            grid,
            cubes: vec![Cube::default(); count],
            states: vec![0; count],
            away: Vec::new(),
            dirty: Vec::new(),
            dirty_lines: Vec::new(),
            moving_changed: false,
            cast: 0,
        };
        table.dirty = vec![false; table.line_count()];
        table
    }

    /// The grid that its cubes rest on.
    pub(super) const fn grid(&self) -> Option<&Block> {
        self.grid.as_ref()
    }

    /// How many cubes it has, seen or not.
    pub(super) const fn count(&self) -> usize {
        self.cubes.len()
    }

    /// What the cubes at home give for the shadow.
    pub(super) const fn cast(&self) -> i64 {
        self.cast
    }

    /// Channels, rows, and lines in a row.
    fn lines(&self) -> [usize; 3] {
        self.grid.map_or([0; 3], |grid| {
            let [channels, rows, columns] = grid.dims;
            [channels, rows, columns.div_ceil(LINE)]
        })
    }

    /// How many lines it has.
    pub(super) fn line_count(&self) -> usize {
        self.lines().iter().product()
    }

    /// The row of a line.
    pub(super) fn row_of(&self, line: usize) -> usize {
        let [_, rows, pieces] = self.lines();
        line / pieces.max(1) % rows.max(1)
    }

    /// The lines from the far corner of the grid to the near one.
    pub(super) fn far_to_near(&self, near: [isize; 3]) -> impl Iterator<Item = usize> {
        let [channels, rows, pieces] = self.lines();
        walk(channels, near[0]).flat_map(move |channel| {
            walk(rows, near[1]).flat_map(move |row| {
                walk(pieces, near[2]).map(move |piece| (channel * rows + row) * pieces + piece)
            })
        })
    }

    /// Takes a cube over from its entity. Whether anything changed.
    pub(super) fn pack(
        &mut self,
        index: usize,
        transform: &Transform,
        look: &CubeAppearance,
    ) -> bool {
        let Some(before) = self.cubes.get(index).copied() else {
            return false;
        };
        let Vec3 { x, y, z } = transform.translation;
        let [red, green, blue] = look.color;
        let cube = Cube {
            place: [x, y, z, transform.scale.x],
            look: [
                u32::from_le_bytes([red, green, blue, look.glow]),
                u32::from_le_bytes([look.hollow, look.opacity, look.number, 0]),
                look.glyphs,
                0,
            ],
        };
        if cube == before {
            return false;
        }
        let state_before = self.states[index];
        let mut state = state_before & LISTED;
        if cube.is_there() {
            state |= THERE;
        }
        let at_home = self.grid.is_some_and(|grid| {
            let home = grid.position_of(place(grid.dims, index).map(|at| at as isize));
            home.distance_squared(transform.translation) < 1e-6
        });
        if at_home {
            state |= HOME;
            // Only a solid cube in its place hides what is behind it.
            if state & THERE != 0 && transform.scale.x > 0.85 && look.hollow == 0 {
                state |= SOLID;
                if look.opacity == u8::MAX {
                    let edge = transform.scale.x;
                    state |= if edge >= OPAQUE_EDGE { OPAQUE } else { 0 };
                    state |= if edge >= BROAD_EDGE { BROAD } else { 0 };
                }
            }
        }
        if state_before & HOME != 0 {
            self.cast -= cast_by(&before);
        }
        if state & HOME != 0 {
            self.cast += cast_by(&cube);
        }
        let is_away = |state: u8| state & (THERE | HOME) == THERE;
        if is_away(state) || is_away(state_before) {
            self.moving_changed = true;
        }
        if is_away(state) && state & LISTED == 0 {
            state |= LISTED;
            self.away.push(index as u32);
        }
        self.cubes[index] = cube;
        self.states[index] = state;
        // What was not seen and is not seen changes no line.
        if (state | state_before) & THERE == 0 {
            return false;
        }
        let hides = SOLID | OPAQUE | BROAD;
        self.mark_dirty(index, (state ^ state_before) & hides != 0);
        true
    }

    /// Notes that a cube has changed: its line, and if it hides more or less than before, those
    /// that it covers or uncovers, are to be drawn anew.
    fn mark_dirty(&mut self, index: usize, uncovers: bool) {
        let Some(grid) = self.grid else {
            return;
        };
        let [channels, rows, pieces] = self.lines();
        let [channel, row, column] = place(grid.dims, index);
        let piece = column / LINE;
        let mut mark_dirty = |channel: usize, row: usize, piece: usize| {
            let line = (channel * rows + row) * pieces + piece;
            if !std::mem::replace(&mut self.dirty[line], true) {
                self.dirty_lines.push(line as u32);
            }
        };
        mark_dirty(channel, row, piece);
        if !uncovers {
            return;
        }
        for step in [-1, 1] {
            if let Some(channel) = neighbour(channel, step, channels) {
                mark_dirty(channel, row, piece);
            }
            if let Some(row) = neighbour(row, step, rows) {
                mark_dirty(channel, row, piece);
            }
            if let Some(column) = neighbour(column, step, grid.dims[2]) {
                mark_dirty(channel, row, column / LINE);
            }
        }
    }

    /// Whether a line is to be drawn anew.
    pub(super) fn is_dirty(&self, line: usize) -> bool {
        self.dirty[line]
    }

    /// The lines that are to be drawn anew.
    pub(super) fn dirty_lines(&self) -> impl Iterator<Item = usize> {
        self.dirty_lines.iter().map(|line| *line as usize)
    }

    /// Whether one of the cubes that are not at home has changed.
    pub(super) const fn moving_changed(&self) -> bool {
        self.moving_changed
    }

    /// Notes that everything has been drawn.
    pub(super) fn clear_dirty(&mut self) {
        for line in self.dirty_lines.drain(..) {
            self.dirty[line as usize] = false;
        }
        self.moving_changed = false;
    }

    /// Strikes those that have come home, or cannot be seen any more, from the list of the cubes
    /// that are away.
    pub(super) fn prune_moving(&mut self) {
        let states = &mut self.states;
        self.away.retain(|index| {
            let state = &mut states[*index as usize];
            let away = *state & (THERE | HOME) == THERE;
            if !away {
                *state &= !LISTED;
            }
            away
        });
    }

    /// The cubes that can be seen and are not at home, with their numbers, in no order. After
    /// [`BlockTable::prune_moving`].
    pub(super) fn away(&self) -> impl Iterator<Item = (u32, &Cube)> {
        let cube = |index: &u32| (*index, &self.cubes[*index as usize]);
        self.away.iter().map(cube)
    }

    /// Draws a line from the far end to the near one, seen with those faces near: cubes at home
    /// with the faces that a neighbour covers marked, those of which all three are covered left
    /// out.
    pub(super) fn draw_line(&self, line: usize, near: [isize; 3], drawn: &mut Vec<Cube>) {
        let Some(grid) = &self.grid else {
            return;
        };
        let [channels, rows, columns] = grid.dims;
        let [_, _, pieces] = self.lines();
        let (row_number, piece) = (line / pieces, line % pieces);
        let (channel, row) = (row_number / rows, row_number % rows);
        // Cubes that do not touch cover nothing of each other.
        let apart = |next: usize| {
            grid.apart != 0.0 || (grid.group != 0 && channel / grid.group != next / grid.group)
        };
        let next_channel = neighbour(channel, near[0], channels).filter(|next| !apart(*next));
        let next_row = neighbour(row, near[1], rows).filter(|_| grid.spread[0] == 1);
        let start = |channel: usize, row: usize| (channel * rows + row) * columns;
        let here = start(channel, row);
        let is = |index: Option<usize>, state| index.is_some_and(|at| self.states[at] & state != 0);
        let below = next_row.map(|row| start(channel, row));
        let before = next_channel.map(|channel| start(channel, row));
        // Channels go back, rows go down, columns go right.
        let positive = [near[2] > 0, near[1] < 0, near[0] < 0];
        let first = piece * LINE;
        for place in walk((columns - first).min(LINE), near[2]) {
            let column = first + place;
            let index = here + column;
            if self.states[index] & (THERE | HOME) != THERE | HOME {
                continue;
            }
            let beside = neighbour(column, near[2], columns).filter(|_| grid.spread[1] == 1);
            let neighbours = [
                beside.map(|next| here + next),
                below.map(|start| start + column),
                before.map(|start| start + column),
            ];
            let covered = neighbours.map(|next| is(next, SOLID));
            if covered != [true; 3] {
                let cube = self.cubes[index];
                let hidden = match hidden_by(cube.place[3]) {
                    Some(state) if grid.stand == Stand::Deep => {
                        neighbours.map(|next| is(next, state))
                    }
                    _ => [false; 3],
                };
                drawn.push(cube.covered(covered).hidden(hidden, positive));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::pose::Appearance;

    const NEAR: [isize; 3] = [-1, -1, 1];

    fn solid() -> CubeAppearance {
        CubeAppearance(Appearance {
            opacity: 255,
            ..Appearance::default()
        })
    }

    fn home(table: &BlockTable, index: usize) -> Transform {
        let grid = table.grid.unwrap();
        let at = place(grid.dims, index).map(|at| at as isize);
        Transform::from_translation(grid.position_of(at)).with_scale(Vec3::splat(0.9))
    }

    fn table(dims: [usize; 3]) -> BlockTable {
        let grid = Block {
            dims,
            origin: Vec3::ZERO,
            group: 0,
            spread: [1, 1],
            apart: 0.0,
            stand: Stand::Deep,
        };
        let count = dims.iter().product();
        let mut table = BlockTable::new(Some(grid), count);
        for index in 0..count {
            let transform = home(&table, index);
            assert!(table.pack(index, &transform, &solid()));
        }
        table
    }

    fn drawn(table: &BlockTable, near: [isize; 3]) -> Vec<Cube> {
        let mut drawn = Vec::new();
        for line in table.far_to_near(near) {
            table.draw_line(line, near, &mut drawn);
        }
        drawn
    }

    #[test]
    fn a_cube_that_three_others_cover_is_not_drawn() {
        let mut table = table([4, 4, 4]);
        assert_eq!(drawn(&table, NEAR).len(), 64 - 27);
        assert_eq!(table.away().count(), 0);
        table.clear_dirty();
        // One that leaves its place uncovers those behind it.
        let aside = home(&table, 0).with_translation(Vec3::Z);
        table.pack(0, &aside, &solid());
        assert_eq!(drawn(&table, NEAR).len(), 64 - 27 - 1);
        table.prune_moving();
        assert_eq!(table.away().count(), 1);
        // Its line, and those beside it.
        let mut dirty: Vec<usize> = table.dirty_lines().collect();
        dirty.sort_unstable();
        assert_eq!(dirty, [0, 1, 4]);
        let back = home(&table, 0);
        table.pack(0, &back, &solid());
        table.prune_moving();
        assert_eq!(table.away().count(), 0);
        assert_eq!(drawn(&table, NEAR).len(), 64 - 27);
    }

    #[test]
    fn only_what_nothing_shines_through_hides_a_face() {
        let mut table = table([1, 1, 3]);
        let hidden = |table: &BlockTable, near| {
            let cubes = drawn(table, near);
            let mut bits: Vec<(f32, u32)> = cubes
                .iter()
                .map(|cube| (cube.place[0], cube.look[3]))
                .collect();
            bits.sort_by(|a, b| a.0.total_cmp(&b.0));
            bits.into_iter()
                .map(|(_, bits)| bits & 7)
                .collect::<Vec<_>>()
        };
        let put = |table: &mut BlockTable, index: usize, scale: f32, opacity: u8| {
            let look = CubeAppearance(Appearance {
                opacity,
                ..Appearance::default()
            });
            let at = home(table, index).with_scale(Vec3::splat(scale));
            table.pack(index, &at, &look);
        };
        // Smaller than at rest: the gap is broader than the shader reckons with.
        assert_eq!(hidden(&table, NEAR), [0, 0, 0]);
        (0..3).for_each(|index| put(&mut table, index, 0.92, 255));
        assert_eq!(hidden(&table, NEAR), [1, 1, 0]);
        // Seen from the left.
        assert_eq!(hidden(&table, [-1, -1, -1]), [0, 1, 1]);
        put(&mut table, 1, 0.92, 254);
        assert_eq!(hidden(&table, NEAR), [0, 1, 0]);
        // As large as a pixel, beside one that is not.
        put(&mut table, 1, 0.99, 255);
        assert_eq!(hidden(&table, NEAR), [1, 0, 0]);
        put(&mut table, 2, 0.99, 255);
        assert_eq!(hidden(&table, NEAR), [1, 1, 0]);
    }

    #[test]
    fn cubes_that_are_pulled_apart_cover_nothing_of_each_other() {
        let mut table = table([4, 4, 4]);
        table.grid.as_mut().unwrap().apart = 0.5;
        assert_eq!(drawn(&table, NEAR).len(), 64);
    }

    #[test]
    fn a_long_row_is_several_lines_and_looks_like_one() {
        let long = table([2, 2, 150]);
        assert_eq!(long.line_count(), 2 * 2 * 3);
        for near in [NEAR, [-1, -1, -1]] {
            let cubes = drawn(&long, near);
            assert_eq!(cubes.len(), 4 * 150 - 149);
            // The row at the near upper edge comes last.
            let rises = |pair: &[Cube]| (pair[1].place[0] > pair[0].place[0]) == (near[2] > 0);
            assert!(cubes[cubes.len() - 150..].windows(2).all(rises));
        }
        // The end of one line covers the start of the next.
        let mut long = long;
        long.clear_dirty();
        let aside = home(&long, 64).with_translation(Vec3::Z);
        long.pack(64, &aside, &solid());
        let mut dirty: Vec<usize> = long.dirty_lines().collect();
        dirty.sort_unstable();
        assert_eq!(dirty, [0, 1, 4, 7]);
    }

    #[test]
    fn a_grid_is_walked_from_back_to_front_from_every_side() {
        let table = table([3, 4, 5]);
        for (near, towards) in [
            ([-1, -1, 1], Vec3::new(1.0, 1.0, 1.0)),
            ([-1, -1, -1], Vec3::new(-1.0, 1.0, 0.5)),
            ([1, 1, 1], Vec3::new(0.2, -1.0, -1.0)),
        ] {
            let cubes = drawn(&table, near);
            for (index, cube) in cubes.iter().enumerate() {
                for earlier in &cubes[..index] {
                    // A cube that came earlier is not in front of this one along every axis.
                    let ahead = (0..3).all(|axis| {
                        (earlier.place[axis] - cube.place[axis]) * towards[axis] >= 0.0
                    });
                    assert!(
                        !ahead || earlier.place == cube.place,
                        "{earlier:?} before {cube:?}"
                    );
                }
            }
        }
    }
}
