//! From element entities to the table that is drawn: packed, sorted from back to front, without
//! the cubes that no one can see.

use bevy::prelude::*;
use bytemuck::{Pod, Zeroable};

use super::{Lighting, Look, Slot, StageCamera};
use crate::timeline::Block;

/// A cube as the shader reads it; 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable, Default)]
#[repr(C)]
pub struct Cube {
    /// Middle and edge length.
    pub place: [f32; 4],
    /// Colour and glow; hollow, opacity, number, flags; glyphs; nothing.
    pub look: [u32; 4],
}

/// The flag of a mirrored cube, in the second word of its look.
const MIRRORED: u32 = 1 << 28;

/// A soft shadow on the floor; 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable, Default)]
#[repr(C)]
pub struct Shadow {
    /// Middle x and z, half width and half depth.
    pub rectangle: [f32; 4],
    /// Softness, strength, nothing.
    pub nature: [f32; 4],
}

/// The tables of all tensors on the stage.
#[derive(Resource, Default)]
pub struct Blocks {
    list: Vec<BlockTable>,
    changed: bool,
}

/// One tensor's cubes, by element.
struct BlockTable {
    /// The grid that the cubes rest on; `None` for cubes that fly about.
    grid: Option<Block>,
    cubes: Vec<Cube>,
    /// For each cube, of [`THERE`], [`HOME`] and [`SOLID`]: all that the walk has to look at.
    states: Vec<u8>,
    /// What is drawn of each row of each channel, kept from frame to frame.
    lines: Vec<Line>,
    /// The faces of the grid that are near, for which the lines were drawn up.
    near: [isize; 3],
    /// What the cubes at home give for the shadow, in 4096ths: whole numbers, so that the sum does
    /// not depend on the order in which it came about.
    cast: i64,
}

/// What is drawn of one row of one channel.
#[derive(Default, Clone)]
struct Line {
    /// The cubes at home, from the far end to the near one.
    cubes: Vec<Cube>,
    /// The cubes that have left their places.
    away: Vec<Cube>,
    /// Whether it is as the cubes are.
    good: bool,
}

/// The state of a cube that can be seen.
const THERE: u8 = 1;
/// The state of a cube at its place in the grid.
const HOME: u8 = 2;
/// The state of a cube at its place that hides what is behind it.
const SOLID: u8 = 4;

/// What a cube gives for the shadow of its tensor, in 4096ths.
fn cast_by(cube: &Cube) -> i64 {
    ((cube.place[3] - 0.2).clamp(0.0, 0.7) * 4096.0) as i64
}

impl Blocks {
    /// Forgets all tables.
    pub fn clear(&mut self) {
        self.list.clear();
        self.changed = true;
    }

    /// Adds a table for so many cubes; its number.
    pub fn add(&mut self, grid: Option<Block>, count: usize) -> u16 {
        self.list.push(BlockTable {
            grid,
            cubes: vec![Cube::default(); count],
            states: vec![0; count],
            lines: grid.map_or_else(Vec::new, |grid| {
                vec![Line::default(); grid.dims[0] * grid.dims[1]]
            }),
            near: [0; 3],
            cast: 0,
        });
        self.changed = true;
        (self.list.len() - 1) as u16
    }
}

/// What is drawn in a frame.
#[derive(Resource, Default, Clone)]
pub struct DrawList {
    /// The reflections, back to front.
    pub mirrored: Vec<Cube>,
    /// The cubes, back to front.
    pub cubes: Vec<Cube>,
    /// The shadows.
    pub shadows: Vec<Shadow>,
}

/// The systems that pack the table; they run in `PostUpdate`, after transforms have been propagated.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub struct CollectSystems;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Blocks>()
        .init_resource::<DrawList>()
        .add_systems(
            PostUpdate,
            (pack_changed_cubes, sort_cubes)
                .chain()
                .in_set(CollectSystems)
                .after(TransformSystems::Propagate),
        );
}

/// Packs the cubes that changed into their tables.
fn pack_changed_cubes(
    mut blocks: ResMut<Blocks>,
    elements: Query<(&Slot, &Transform, &Look), Or<(Changed<Transform>, Changed<Look>)>>,
) {
    let blocks = blocks.bypass_change_detection();
    for (slot, transform, look) in &elements {
        let Some(table) = blocks.list.get_mut(usize::from(slot.block)) else {
            continue;
        };
        let index = slot.index as usize;
        let Some(cube) = table.cubes.get_mut(index) else {
            continue;
        };
        if table.states[index] & HOME != 0 {
            table.cast -= cast_by(cube);
        }
        let Vec3 { x, y, z } = transform.translation;
        let [red, green, blue] = look.color;
        cube.place = [x, y, z, transform.scale.x];
        cube.look = [
            u32::from_le_bytes([red, green, blue, look.glow]),
            u32::from_le_bytes([look.hollow, look.opacity, look.number, 0]),
            look.glyphs,
            0,
        ];
        let at_home = table.grid.is_some_and(|grid| {
            let [channel, row, column] =
                crate::stage::pose::place(grid.dims, index).map(|at| at as isize);
            let home = grid.position(channel, row, column);
            home.distance_squared(transform.translation) < 1e-6
        });
        let mut state = if is_there(cube) { THERE } else { 0 };
        if at_home {
            state |= HOME;
            table.cast += cast_by(cube);
            // Only a solid cube in its place hides what is behind it.
            if transform.scale.x > 0.85 && look.hollow == 0 {
                state |= SOLID;
            }
        }
        table.states[index] = state;
        table.spoil(index);
        blocks.changed = true;
    }
}

/// Sorts all tables into what is drawn, when a cube or the view has changed.
fn sort_cubes(
    mut blocks: ResMut<Blocks>,
    mut list: ResMut<DrawList>,
    lighting: Res<Lighting>,
    camera: Query<(&Transform, &Projection), With<StageCamera>>,
    mut last_view: Local<Option<(Vec3, bool)>>,
) {
    let Ok((camera, projection)) = camera.single() else {
        return;
    };
    let perspective = matches!(projection, Projection::Perspective(_));
    let view = (
        if perspective {
            camera.translation
        } else {
            *camera.back()
        },
        perspective,
    );
    if !blocks.changed && !lighting.is_changed() && *last_view == Some(view) {
        return;
    }
    *last_view = Some(view);
    blocks.bypass_change_detection().changed = false;
    let back = *camera.back();
    let towards = |place: Vec3| {
        if perspective {
            camera.translation - place
        } else {
            back
        }
    };

    let list = &mut *list;
    list.cubes.clear();
    list.mirrored.clear();
    list.shadows.clear();
    for table in &mut blocks.list {
        if let Some(grid) = table.grid {
            table.draw_up(&grid, towards(grid.middle()));
        }
    }
    let mut order: Vec<&BlockTable> = blocks.list.iter().collect();
    // Grids first, from back to front; then what flies.
    let depth = |table: &BlockTable| table.grid.map_or(f32::MAX, |grid| grid.middle().dot(back));
    order.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    // Cubes that have left the grid that they belong to, and may have come to another one.
    let strays: Vec<(usize, Cube)> = order
        .iter()
        .enumerate()
        .filter_map(|(number, table)| Some((number, table, table.grid?.bounds())))
        .flat_map(|(number, table, (low, high))| {
            let away = table.away();
            away.filter(move |cube| !(low.x - 1.0..high.x + 1.0).contains(&cube.place[0]))
                .map(move |cube| (number, *cube))
        })
        .collect();
    for (number, table) in order.into_iter().enumerate() {
        let mut loose = Vec::new();
        if let Some(grid) = &table.grid {
            for line in table.far_to_near(grid) {
                list.cubes.extend_from_slice(&line.cubes);
                loose.extend_from_slice(&line.away);
            }
            if lighting.shadows {
                let others = strays.iter().filter(|(home, _)| *home != number);
                let others = others.map(|(_, cube)| cube);
                list.shadows
                    .extend(shadow_of(table, grid, others, lighting.floor));
            }
        } else {
            loose.extend(table.cubes.iter().filter(|cube| is_there(cube)).copied());
        }
        let depth = |cube: &Cube| Vec3::new(cube.place[0], cube.place[1], cube.place[2]).dot(back);
        loose.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
        list.cubes.append(&mut loose);
    }
    if lighting.mirror {
        let reach = lighting.floor + 4.5;
        list.mirrored.extend(
            list.cubes
                .iter()
                .filter(|cube| cube.place[1] - 0.5 * cube.place[3] < reach)
                .map(|cube| {
                    let mut mirrored = *cube;
                    mirrored.look[1] |= MIRRORED;
                    mirrored.look[2] = 0;
                    mirrored
                }),
        );
        // In the mirror low and high are exchanged.
        let depth = |cube: &Cube| Vec3::new(cube.place[0], -cube.place[1], cube.place[2]).dot(back);
        list.mirrored.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    }
}

fn is_there(cube: &Cube) -> bool {
    cube.place[3] > 0.002 && cube.look[1] & 0xff00 != 0
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
    /// The cubes that can be seen and are not at home.
    fn away(&self) -> impl Iterator<Item = &Cube> {
        self.lines.iter().flat_map(|line| &line.away)
    }

    /// Notes that a cube has changed: its line, and those that it covers or uncovers, are to be
    /// drawn up anew.
    fn spoil(&mut self, index: usize) {
        let Some(grid) = self.grid else {
            return;
        };
        let [channels, rows, _] = grid.dims;
        let [channel, row, _] = crate::stage::pose::place(grid.dims, index);
        let mut spoil = |channel: usize, row: usize| {
            self.lines[channel * rows + row].good = false;
        };
        spoil(channel, row);
        for step in [-1, 1] {
            if let Some(channel) = neighbour(channel, step, channels) {
                spoil(channel, row);
            }
            if let Some(row) = neighbour(row, step, rows) {
                spoil(channel, row);
            }
        }
    }

    /// Draws up the lines that are no longer good: cubes at home with the faces that a neighbour
    /// covers marked, those of which all three are covered left out.
    fn draw_up(&mut self, grid: &Block, towards: Vec3) {
        let [channels, rows, columns] = grid.dims;
        // Channels go back, rows go down, columns go right.
        let near = [
            if towards.z >= 0.0 { -1 } else { 1 },
            if towards.y >= 0.0 { -1 } else { 1 },
            if towards.x >= 0.0 { 1 } else { -1 },
        ];
        if near != self.near {
            self.near = near;
            self.lines.iter_mut().for_each(|line| line.good = false);
        }
        let walled = |channel: usize, next: usize| {
            grid.group != 0 && channel / grid.group != next / grid.group
        };
        for channel in 0..channels {
            let next_channel =
                neighbour(channel, near[0], channels).filter(|next| !walled(channel, *next));
            for row in 0..rows {
                let number = channel * rows + row;
                if self.lines[number].good {
                    continue;
                }
                let mut line = std::mem::take(&mut self.lines[number]);
                line.cubes.clear();
                line.away.clear();
                line.good = true;
                let next_row = neighbour(row, near[1], rows);
                for column in walk(columns, near[2]) {
                    let at = |channel: usize, row: usize, column: usize| {
                        (channel * rows + row) * columns + column
                    };
                    let index = at(channel, row, column);
                    let state = self.states[index];
                    if state & THERE == 0 {
                        continue;
                    }
                    if state & HOME == 0 {
                        line.away.push(self.cubes[index]);
                        continue;
                    }
                    let covered = |place: Option<usize>| {
                        place.is_some_and(|index| self.states[index] & SOLID != 0)
                    };
                    // Cubes that do not touch cover nothing of each other.
                    let next_column = neighbour(column, near[2], columns);
                    let x = grid.spread[1] == 1
                        && covered(next_column.map(|next| at(channel, row, next)));
                    let y = grid.spread[0] == 1
                        && covered(next_row.map(|next| at(channel, next, column)));
                    let z = covered(next_channel.map(|next| at(next, row, column)));
                    if x && y && z {
                        continue;
                    }
                    let flags = u32::from(x) | u32::from(y) << 1 | u32::from(z) << 2;
                    let mut cube = self.cubes[index];
                    cube.look[1] |= flags << 24;
                    line.cubes.push(cube);
                }
                self.lines[number] = line;
            }
        }
    }

    /// The lines from the far corner of the grid to the near one.
    fn far_to_near(&self, grid: &Block) -> impl Iterator<Item = &Line> {
        let [channels, rows, _] = grid.dims;
        walk(channels, self.near[0]).flat_map(move |channel| {
            walk(rows, self.near[1]).map(move |row| &self.lines[channel * rows + row])
        })
    }
}

/// The shadow of a tensor's place: softer and paler the higher it hovers, and as strong as there are
/// cubes at it, its own or `strays` that have come to it from elsewhere.
fn shadow_of<'a>(
    table: &BlockTable,
    grid: &Block,
    strays: impl Iterator<Item = &'a Cube>,
    floor: f32,
) -> Option<Shadow> {
    let (low, high) = grid.bounds();
    let here = |cube: &Cube| {
        let [x, y, z, _] = cube.place;
        let inside = |at: f32, low: f32, high: f32| (low - 0.6..high + 0.6).contains(&at);
        inside(x, low.x, high.x) && inside(y, low.y, high.y) && inside(z, low.z, high.z)
    };
    let near = table.away().filter(|cube| here(cube)).map(cast_by);
    let come = strays.filter(|cube| here(cube)).map(cast_by);
    let there = (table.cast + near.chain(come).sum::<i64>()) as f32 / 4096.0;
    let amount = (there / (0.7 * table.cubes.len().max(1) as f32)).min(1.0);
    let height = (low.y - floor).max(0.0);
    let strength = 0.46 * amount / (1.0 + 0.28 * height);
    (strength > 0.004).then_some(Shadow {
        rectangle: [
            (low.x + high.x) * 0.5,
            (low.z + high.z) * 0.5,
            (high.x - low.x) * 0.5,
            (high.z - low.z) * 0.5,
        ],
        nature: [0.9 + 0.35 * height, strength, 0.0, 0.0],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(dims: [usize; 3]) -> BlockTable {
        let grid = Block {
            dims,
            origin: Vec3::ZERO,
            group: 0,
            spread: [1, 1],
            apart: 0.0,
        };
        let count = dims.iter().product();
        let cubes = (0..count)
            .map(|index| {
                let [channel, row, column] =
                    crate::stage::pose::place(dims, index).map(|at| at as isize);
                let at = grid.position(channel, row, column);
                Cube {
                    place: [at.x, at.y, at.z, 0.9],
                    look: [0, 0xff00, 0, 0],
                }
            })
            .collect();
        BlockTable {
            grid: Some(grid),
            cubes,
            states: vec![THERE | HOME | SOLID; count],
            lines: vec![Line::default(); dims[0] * dims[1]],
            near: [0; 3],
            cast: 0,
        }
    }

    fn drawn(table: &mut BlockTable, towards: Vec3) -> Vec<Cube> {
        let grid = table.grid.unwrap();
        table.draw_up(&grid, towards);
        let lines = table.far_to_near(&grid);
        lines.flat_map(|line| line.cubes.clone()).collect()
    }

    #[test]
    fn a_cube_that_three_others_cover_is_not_drawn() {
        let mut table = table([4, 4, 4]);
        assert_eq!(drawn(&mut table, Vec3::ONE).len(), 64 - 27);
        assert_eq!(table.away().count(), 0);
        // One that leaves its place uncovers those behind it.
        table.states[0] = THERE;
        table.spoil(0);
        assert_eq!(drawn(&mut table, Vec3::ONE).len(), 64 - 27 - 1);
        assert_eq!(table.away().count(), 1);
        let middle = (4 + 1) * 4 + 1;
        table.states[middle] = 0;
        table.spoil(middle);
        let before = drawn(&mut table, Vec3::ONE);
        table.lines.iter_mut().for_each(|line| line.good = false);
        assert_eq!(drawn(&mut table, Vec3::ONE), before);
    }

    #[test]
    fn a_grid_is_walked_from_back_to_front_from_every_side() {
        let mut table = table([3, 4, 5]);
        for towards in [
            Vec3::new(1.0, 1.0, 1.0),
            Vec3::new(-1.0, 1.0, 0.5),
            Vec3::new(0.2, -1.0, -1.0),
        ] {
            let cubes = drawn(&mut table, towards);
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
