//! The list of cubes that is drawn, from back to front. Each line of a tensor keeps its place in
//! it, so that a frame writes, and the graphics card is sent, only what changed in it.

use std::ops::Range;

use bevy::math::Vec3;

use super::instance::Cube;
use super::table::BlockTable;

/// Places that are kept free behind a line that has once had too few.
const SLACK: usize = 4;
/// Places that are kept free for cubes that fly, where there are none just now.
const FLYING: usize = 32;
/// The part of a list that may be free places, in places for each free one.
const SPARSE: usize = 4;
/// Two changes that are so near each other are one, in cubes.
const TOGETHER: usize = 64;

/// From where the tables are seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DrawView {
    /// The direction towards the viewer.
    pub back: Vec3,
    /// Which tables are drawn, and how they lie.
    pub arrangement: Arrangement,
}

/// In which order what is drawn. While it stays the same, so do the places in the list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Arrangement {
    /// The numbers of the tables, from the far one to the near one.
    pub order: Vec<usize>,
    /// For each table, by number, the faces of its grid that are near.
    pub near: Vec<[isize; 3]>,
    /// In the mirror, the floor's height.
    pub mirror: Option<f32>,
}

/// How high above the floor things are mirrored.
const REACH: f32 = 4.5;

impl Arrangement {
    /// The rows of a table that are drawn.
    fn rows(&self, table: &BlockTable) -> Range<usize> {
        let Some(grid) = table.grid() else {
            return 0..0;
        };
        let rows = grid.dims[1];
        let Some(floor) = self.mirror else {
            return 0..rows;
        };
        // Rows go down.
        let low = |row: usize| grid.position(0, row as isize, 0).y - 0.5 < floor + REACH;
        let hidden = (0..rows).position(low).unwrap_or(rows);
        hidden..rows
    }
}

/// Places for a line of cubes, or for those that are not at home, filled from the start.
#[derive(Debug, Clone, Copy, Default)]
struct SlotRange {
    start: u32,
    taken: u32,
    places: u32,
    /// Whether there were too few places.
    cramped: bool,
}

/// The places of a table.
#[derive(Debug, Default)]
struct TableSlots {
    near: [isize; 3],
    rows: Range<usize>,
    lines: Vec<SlotRange>,
    away: SlotRange,
}

/// What has changed from one edition of a list to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Everything, perhaps.
    All,
    /// What stands at these places.
    At(Vec<Range<usize>>),
}

/// Cubes from back to front, with free places between them.
#[derive(Debug)]
pub struct CubeList {
    cubes: Vec<Cube>,
    /// Counts up with each change.
    edition: u64,
    /// What has changed since the edition before.
    changes: Changes,
    free: usize,
    back: Vec3,
    arrangement: Arrangement,
    table_slots: Vec<TableSlots>,
    /// The next list while it is made, and before it the last one.
    spare: Vec<Cube>,
    /// A line while it is drawn.
    line: Vec<Cube>,
}

impl Default for CubeList {
    fn default() -> Self {
        Self {
            cubes: Vec::new(),
            edition: 0,
            changes: Changes::All,
            free: 0,
            back: Vec3::ZERO,
            arrangement: Arrangement::default(),
            table_slots: Vec::new(),
            spare: Vec::new(),
            line: Vec::new(),
        }
    }
}

impl CubeList {
    /// The cubes from back to front. Free places hold cubes without size.
    #[must_use]
    pub fn places(&self) -> &[Cube] {
        &self.cubes
    }

    /// The cubes from back to front.
    pub fn iter(&self) -> impl Iterator<Item = &Cube> {
        self.cubes.iter().filter(|cube| cube.is_there())
    }

    /// How many cubes are drawn.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.cubes.len() - self.free
    }

    /// The number of the edition, and what has changed since the one before.
    #[must_use]
    pub const fn edition(&self) -> (u64, &Changes) {
        (self.edition, &self.changes)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        if !self.cubes.is_empty() || !self.table_slots.is_empty() {
            *self = Self {
                edition: self.edition + 1,
                ..Self::default()
            };
        }
    }

    /// Brings the list to what the tables hold and to where they are seen from.
    pub(super) fn update(&mut self, tables: &[BlockTable], draw_view: &DrawView) {
        let mut written = Vec::new();
        let stands = self.table_slots.len() == tables.len()
            && self.arrangement == draw_view.arrangement
            && self.write(tables, draw_view, &mut written)
            && self.free <= self.cubes.len() / SPARSE + FLYING * tables.len();
        self.back = draw_view.back;
        if !stands {
            self.lay_out(tables, draw_view);
            self.changes = Changes::All;
            self.edition += 1;
        } else if !written.is_empty() {
            self.changes = Changes::At(joined(written));
            self.edition += 1;
        }
    }

    /// Writes what changed to its places. Whether there were enough of them.
    fn write(
        &mut self,
        tables: &[BlockTable],
        draw_view: &DrawView,
        written: &mut Vec<Range<usize>>,
    ) -> bool {
        let Arrangement { near, mirror, .. } = &draw_view.arrangement;
        let turned = self.back != draw_view.back;
        let mut enough = true;
        for ((table, slots), near) in tables.iter().zip(&mut self.table_slots).zip(near) {
            // To draw most lines twice takes longer than to lay the list out.
            let dirty = table.dirty_lines().count();
            if dirty * 2 > table.line_count() && dirty > 64 {
                return false;
            }
            let mut put = |slot_range: &mut SlotRange, cubes: &[Cube]| {
                enough &= slot_range.put(cubes, &mut self.cubes, &mut self.free, written);
            };
            for line in table.dirty_lines() {
                if slots.rows.contains(&table.row_of(line)) {
                    self.line.clear();
                    draw_line(table, line, *near, *mirror, &mut self.line);
                    put(&mut slots.lines[line], &self.line);
                }
            }
            if table.moving_changed() || turned {
                self.line.clear();
                draw_away(table, draw_view, &mut self.line);
                put(&mut slots.away, &self.line);
            }
        }
        enough
    }

    /// Gives each line its place anew.
    fn lay_out(&mut self, tables: &[BlockTable], draw_view: &DrawView) {
        let arrangement = &draw_view.arrangement;
        let mirror = arrangement.mirror;
        let mut next = std::mem::take(&mut self.spare);
        next.clear();
        self.free = 0;
        self.table_slots
            .resize_with(tables.len(), TableSlots::default);
        for &number in &arrangement.order {
            let (table, slots) = (&tables[number], &mut self.table_slots[number]);
            let (near, rows) = (arrangement.near[number], arrangement.rows(table));
            // What is drawn of a line that is not spoiled changes only with where it is seen from.
            let kept = slots.lines.len() == table.line_count()
                && slots.near == near
                && slots.rows == rows
                && self.arrangement.mirror == mirror;
            if !kept {
                *slots = TableSlots {
                    near,
                    rows: rows.clone(),
                    lines: vec![SlotRange::default(); table.line_count()],
                    away: SlotRange::default(),
                };
            }
            for line in table.far_to_near(near) {
                if !rows.contains(&table.row_of(line)) {
                    continue;
                }
                let slot_range = &mut slots.lines[line];
                let start = next.len();
                if kept && !table.is_dirty(line) {
                    next.extend_from_slice(&self.cubes[slot_range.range()]);
                } else {
                    draw_line(table, line, near, mirror, &mut next);
                }
                let slack = if slot_range.cramped { SLACK } else { 0 };
                *slot_range = SlotRange::close(start, slack, &mut next, &mut self.free);
            }
            let start = next.len();
            draw_away(table, draw_view, &mut next);
            let count = next.len() - start;
            // What flies comes and goes: it keeps the places that it has had.
            let had = (slots.away.places as usize).saturating_sub(count);
            let slack = match slots.away.cramped {
                true => count / 4 + SLACK,
                false => had.min(count + FLYING),
            };
            slots.away = SlotRange::close(start, slack, &mut next, &mut self.free);
        }
        self.spare = std::mem::replace(&mut self.cubes, next);
        self.arrangement = arrangement.clone();
    }
}

impl SlotRange {
    /// What it holds.
    const fn range(&self) -> Range<usize> {
        self.start as usize..(self.start + self.taken) as usize
    }

    /// The stretch from a start to the end of the list, and some free places.
    fn close(start: usize, slack: usize, list: &mut Vec<Cube>, free: &mut usize) -> Self {
        let taken = list.len() - start;
        list.resize(list.len() + slack, Cube::default());
        *free += slack;
        Self {
            start: start as u32,
            taken: taken as u32,
            places: (taken + slack) as u32,
            cramped: false,
        }
    }

    /// Puts cubes into its places. Whether there were enough of them.
    fn put(
        &mut self,
        cubes: &[Cube],
        list: &mut [Cube],
        free: &mut usize,
        written: &mut Vec<Range<usize>>,
    ) -> bool {
        if cubes.len() > self.places as usize {
            self.cramped = true;
            return false;
        }
        let start = self.start as usize;
        let (before, after) = (self.taken as usize, cubes.len());
        let end = start + before.max(after);
        let (filled, freed) = list[start..end].split_at_mut(after);
        if before == after && *filled == *cubes {
            return true;
        }
        filled.copy_from_slice(cubes);
        freed.fill(Cube::default());
        *free = *free + before - after;
        self.taken = after as u32;
        written.push(start..end);
        true
    }
}

fn draw_line(
    table: &BlockTable,
    line: usize,
    near: [isize; 3],
    mirror: Option<f32>,
    drawn: &mut Vec<Cube>,
) {
    let start = drawn.len();
    table.draw_line(line, near, drawn);
    if mirror.is_some() {
        for cube in &mut drawn[start..] {
            *cube = cube.mirrored();
        }
    }
}

/// The cubes that are not at home, from back to front.
fn draw_away(table: &BlockTable, draw_view: &DrawView, drawn: &mut Vec<Cube>) {
    let start = drawn.len();
    let mirror = draw_view.arrangement.mirror;
    let mut order: Vec<(f32, u32, Cube)> = table
        .away()
        .filter(|(_, cube)| {
            mirror.is_none_or(|floor| cube.place[1] - 0.5 * cube.place[3] < floor + REACH)
        })
        .map(|(number, cube)| {
            let [x, y, z, _] = cube.place;
            // In the mirror low and high are exchanged.
            let up = if mirror.is_some() { -y } else { y };
            (Vec3::new(x, up, z).dot(draw_view.back), number, *cube)
        })
        .collect();
    order.sort_unstable_by(|(a, first, _), (b, second, _)| a.total_cmp(b).then(first.cmp(second)));
    drawn.extend(order.into_iter().map(|(_, _, cube)| cube));
    if mirror.is_some() {
        for cube in &mut drawn[start..] {
            *cube = cube.mirrored();
        }
    }
}

/// Changes in their order, those that lie close together joined.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end + TOGETHER => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::draw::CubeAppearance;
    use crate::stage::pose::{Appearance, place};
    use crate::timeline::{Block, Stand};
    use bevy::transform::components::Transform;

    const DIMS: [usize; 3] = [4, 6, 9];

    fn draw_view(back: Vec3, near: [isize; 3], mirror: Option<f32>) -> DrawView {
        DrawView {
            back,
            arrangement: Arrangement {
                order: vec![0, 1],
                near: vec![near, [0; 3]],
                mirror,
            },
        }
    }

    fn tables() -> Vec<BlockTable> {
        let grid = Block {
            dims: DIMS,
            origin: Vec3::Y * 6.0,
            group: 2,
            spread: [1, 1],
            apart: 0.0,
            stand: Stand::Deep,
        };
        let count = DIMS.iter().product();
        vec![
            BlockTable::new(Some(grid), count),
            BlockTable::new(None, 20),
        ]
    }

    /// Brings element `index` of a table to what moment `time` says: there, away or nowhere.
    fn set(table: &mut BlockTable, index: usize, time: usize) {
        let noise = (index * 7919 + time * 104_729) % 97;
        let rest = table.grid().map_or(Vec3::ZERO, |grid| {
            grid.position_of(place(grid.dims, index).map(|at| at as isize))
        });
        let (aside, scale) = match noise {
            0..8 => (Vec3::new(0.1, 0.2, 0.5), 0.9),
            8..14 => (Vec3::ZERO, 0.0),
            14..20 => (Vec3::ZERO, 0.3),
            _ => (Vec3::ZERO, 0.92),
        };
        let transform = Transform::from_translation(rest + aside).with_scale(Vec3::splat(scale));
        let look = CubeAppearance(Appearance {
            color: [(time % 3) as u8, 0, 0],
            opacity: 255,
            ..Appearance::default()
        });
        table.pack(index, &transform, &look);
    }

    fn seen(list: &CubeList) -> Vec<Cube> {
        let seen: Vec<Cube> = list.iter().copied().collect();
        assert_eq!(seen.len(), list.count());
        seen
    }

    #[test]
    fn the_list_is_the_same_whatever_way_led_to_it() {
        for mirror in [None, Some(0.0)] {
            let mut walked = tables();
            let mut list = CubeList::default();
            let mut copy: Vec<Cube> = Vec::new();
            let mut copied = 0;
            let mut patches = 0;
            for time in 0..200 {
                // A few elements change at a time; now and then the view turns.
                let all: usize = DIMS.iter().product();
                for index in (0..all).filter(|index| index % 29 == time % 29) {
                    set(&mut walked[0], index, time / 29);
                }
                (0..20).for_each(|index| set(&mut walked[1], index, time));
                let near = if time / 50 % 2 == 0 {
                    [-1, -1, 1]
                } else {
                    [-1, 1, -1]
                };
                let back = Vec3::new(0.1 * (time / 9) as f32, 0.5, 1.0).normalize();
                let draw_view = draw_view(back, near, mirror);
                walked.iter_mut().for_each(BlockTable::prune_moving);
                list.update(&walked, &draw_view);
                walked.iter_mut().for_each(BlockTable::clear_dirty);

                let mut fresh = tables();
                for index in 0..all {
                    let last = (0..=time).rev().find(|time| index % 29 == time % 29);
                    if let Some(last) = last {
                        set(&mut fresh[0], index, last / 29);
                    }
                }
                (0..20).for_each(|index| set(&mut fresh[1], index, time));
                fresh.iter_mut().for_each(BlockTable::prune_moving);
                let mut opened = CubeList::default();
                opened.update(&fresh, &draw_view);
                assert_eq!(seen(&list), seen(&opened), "{time}");

                // Whoever keeps a copy needs only the changes.
                let (edition, changes) = list.edition();
                match changes {
                    Changes::At(places) if edition == copied + 1 => {
                        patches += 1;
                        for place in places {
                            copy[place.clone()].copy_from_slice(&list.places()[place.clone()]);
                        }
                    }
                    _ if edition == copied => {}
                    _ => copy = list.places().to_vec(),
                }
                copied = edition;
                assert_eq!(copy, list.places(), "{time}");
            }
            assert!(patches > 20, "{patches} of 200 moments were patches");
        }
    }

    #[test]
    fn one_cube_is_a_small_change() {
        let mut tables = tables();
        let all: usize = DIMS.iter().product();
        (0..all).for_each(|index| set(&mut tables[0], index, 0));
        let draw_view = draw_view(Vec3::ONE.normalize(), [-1, -1, 1], None);
        let mut list = CubeList::default();
        let mut update = |tables: &mut Vec<BlockTable>| {
            tables.iter_mut().for_each(BlockTable::prune_moving);
            list.update(tables, &draw_view);
            tables.iter_mut().for_each(BlockTable::clear_dirty);
            let (edition, changes) = list.edition();
            (edition, changes.clone())
        };
        let (first, changes) = update(&mut tables);
        assert_eq!(changes, Changes::All);
        assert_eq!(update(&mut tables).0, first);
        let grid = *tables[0].grid().unwrap();
        let transform =
            Transform::from_translation(grid.position(0, 0, 3)).with_scale(Vec3::splat(0.93));
        let look = CubeAppearance(Appearance {
            glow: 9,
            opacity: 255,
            ..Appearance::default()
        });
        tables[0].pack(3, &transform, &look);
        let (second, changes) = update(&mut tables);
        assert_eq!(second, first + 1);
        let Changes::At(places) = changes else {
            panic!("{changes:?}")
        };
        let changed: usize = places.iter().map(ExactSizeIterator::len).sum();
        assert!(changed <= 4 * DIMS[2], "{places:?}");
    }

    #[test]
    fn the_mirror_shows_the_low_rows_from_below() {
        let mut tables = tables();
        let all: usize = DIMS.iter().product();
        let look = CubeAppearance(Appearance {
            opacity: 255,
            ..Appearance::default()
        });
        let grid = *tables[0].grid().unwrap();
        for index in 0..all {
            let at = place(DIMS, index).map(|at| at as isize);
            let transform =
                Transform::from_translation(grid.position_of(at)).with_scale(Vec3::splat(0.92));
            tables[0].pack(index, &transform, &look);
        }
        let mut list = CubeList::default();
        list.update(
            &tables,
            &draw_view(Vec3::ONE.normalize(), [-1, 1, 1], Some(0.0)),
        );
        let heights: Vec<f32> = list.iter().map(|cube| cube.place[1]).collect();
        // Rows stand at 6, 5, ... 1; what is higher than the mirror reaches is left out.
        assert!(heights.iter().all(|height| *height < 5.0));
        let lowest = heights.iter().filter(|height| **height == 1.0).count();
        assert_eq!(lowest, 4 * 9);
    }
}
