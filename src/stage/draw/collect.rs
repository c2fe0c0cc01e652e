//! From element entities to the lists that are drawn: packed, from back to front, without the
//! cubes that no one can see.

use bevy::prelude::*;

use super::boxes::{BoxAppearance, BoxInstance, Boxes};
use super::instance::{Cube, Shadow, WallInstance};
use super::list::{Arrangement, CubeList, DrawView};
use super::table::{BlockTable, cast_by};
use super::{CubeAppearance, Lighting, Slot, StageCamera, Walls};
use crate::timeline::Block;

/// The tables of all tensors on the stage.
#[derive(Resource, Default)]
pub struct Blocks {
    list: Vec<BlockTable>,
    changed: bool,
    /// Whether the tables are others than those that were drawn.
    exchanged: bool,
}

impl Blocks {
    /// Forgets all tables.
    pub fn clear(&mut self) {
        self.list.clear();
        self.changed = true;
        self.exchanged = true;
    }

    /// Adds a table for so many cubes; its number.
    pub fn add(&mut self, grid: Option<Block>, count: usize) -> u16 {
        self.list.push(BlockTable::new(grid, count));
        self.changed = true;
        (self.list.len() - 1) as u16
    }
}

/// The element entities of which [`Transform`] or [`CubeAppearance`] has been written since the tables were
/// packed. Whoever writes them puts the entity in here: to look through a quarter of a million
/// elements for those that changed would take longer than all the rest of a frame.
#[derive(Resource, Default, Deref, DerefMut)]
pub struct DirtyElements(Vec<Entity>);

/// What is drawn in a frame.
#[derive(Resource, Default)]
pub struct DrawList {
    /// The reflections, back to front.
    pub mirrored: CubeList,
    /// The cubes, back to front.
    pub cubes: CubeList,
    /// The shadows.
    pub shadows: Vec<Shadow>,
    /// The boxes, back to front; before them their reflections.
    pub boxes: Vec<BoxInstance>,
    /// The walls, back to front; before them their reflections.
    pub walls: Vec<WallInstance>,
}

/// The systems that pack the tables; they run in `PostUpdate`, when transforms are final.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub struct CollectSystems;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Blocks>()
        .init_resource::<DirtyElements>()
        .init_resource::<Walls>()
        .init_resource::<Boxes>()
        .init_resource::<DrawList>()
        .add_systems(
            PostUpdate,
            (pack_changed_cubes, rebuild_lists)
                .chain()
                .in_set(CollectSystems)
                .after(TransformSystems::Propagate),
        );
}

/// Packs the cubes that changed into their tables.
fn pack_changed_cubes(
    mut blocks: ResMut<Blocks>,
    mut dirty: ResMut<DirtyElements>,
    elements: Query<(&Slot, &Transform, &CubeAppearance)>,
) {
    if dirty.is_empty() {
        return;
    }
    let blocks = blocks.bypass_change_detection();
    for entity in dirty.drain(..) {
        // An entity that is gone by now has no table any more either.
        let Ok((slot, transform, look)) = elements.get(entity) else {
            continue;
        };
        if let Some(table) = blocks.list.get_mut(usize::from(slot.block)) {
            blocks.changed |= table.pack(slot.index as usize, transform, look);
        }
    }
    // The list of a whole stage is not kept.
    dirty.shrink_to(1 << 14);
}

/// Draws up the lists when a cube or the view has changed.
fn rebuild_lists(
    mut blocks: ResMut<Blocks>,
    mut list: ResMut<DrawList>,
    lighting: Res<Lighting>,
    walls: Res<Walls>,
    boxes: Res<Boxes>,
    camera: Query<(&Transform, &Projection), With<StageCamera>>,
    mut last_view: Local<Option<(Vec3, bool)>>,
) {
    let Ok((camera, projection)) = camera.single() else {
        return;
    };
    let perspective = matches!(projection, Projection::Perspective(_));
    let view = CullingView {
        back: *camera.back(),
        eye: perspective.then_some(camera.translation),
    };
    let view_key = (view.eye.unwrap_or(view.back), perspective);
    let changed =
        blocks.changed || lighting.is_changed() || walls.is_changed() || boxes.is_changed();
    if !changed && *last_view == Some(view_key) {
        return;
    }
    *last_view = Some(view_key);
    let blocks = blocks.bypass_change_detection();
    blocks.changed = false;
    let list = &mut *list;
    if std::mem::take(&mut blocks.exchanged) {
        list.cubes.clear();
        list.mirrored.clear();
    }
    let tables = &mut blocks.list;
    tables.iter_mut().for_each(BlockTable::prune_moving);

    let seen = view.draw_view(tables, None);
    list.cubes.update(tables, &seen);
    if lighting.mirror {
        let draw_view = view.draw_view(tables, Some(lighting.floor));
        list.mirrored.update(tables, &draw_view);
    } else {
        list.mirrored.clear();
    }
    list.shadows.clear();
    if lighting.shadows {
        let order = seen.arrangement.order.iter().map(|number| &tables[*number]);
        cast_shadows(order, lighting.floor, &mut list.shadows);
    }
    tables.iter_mut().for_each(BlockTable::clear_dirty);
    list.boxes.clear();
    add_boxes(&boxes.list, &view, &lighting, list);

    let mut panes: Vec<WallInstance> = walls.0.iter().map(WallInstance::new).collect();
    let depth = |pane: &WallInstance| {
        let [x, y, z, _] = pane.place;
        Vec3::new(x, y, z).dot(view.back)
    };
    panes.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    list.walls.clear();
    if lighting.mirror {
        let mirrored = panes.iter().map(|pane| pane.mirrored(lighting.floor));
        list.walls.extend(mirrored);
    }
    list.walls.append(&mut panes);
}

/// Draws up the boxes, and the shadows of those that have one.
fn add_boxes(
    boxes: &[BoxAppearance],
    view: &CullingView,
    lighting: &Lighting,
    list: &mut DrawList,
) {
    let mut order: Vec<&BoxAppearance> = boxes.iter().filter(|one| one.opacity > 0.004).collect();
    let depth = |one: &BoxAppearance| one.middle.dot(view.back);
    order.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    let instances = || order.iter().map(|one| BoxInstance::new(one));
    if lighting.mirror {
        list.boxes.extend(instances().map(BoxInstance::mirrored));
    }
    list.boxes.extend(instances());
    if !lighting.shadows {
        return;
    }
    for one in order.iter().filter(|one| one.casts) {
        let height = (one.middle.y - one.half.y - lighting.floor).max(0.0);
        let strength = 0.46 * one.opacity / (1.0 + 0.28 * height);
        list.shadows.push(Shadow {
            rectangle: [one.middle.x, one.middle.z, one.half.x, one.half.z],
            nature: [0.9 + 0.35 * height, strength, 0.0, 0.0],
        });
    }
}

/// How many strengths of shadow there are.
const SHADES: f32 = 128.0;

/// Where the viewer is.
struct CullingView {
    back: Vec3,
    /// In a perspective view, the place of the eye.
    eye: Option<Vec3>,
}

impl CullingView {
    /// From where the tables are seen, or the mirror images of the tables in a floor so high.
    fn draw_view(&self, tables: &[BlockTable], mirror: Option<f32>) -> DrawView {
        let middle = |grid: &Block| {
            let mut middle = grid.middle();
            if let Some(floor) = mirror {
                middle.y = 2.0 * floor - middle.y;
            }
            middle
        };
        // Grids first, from back to front; then what flies.
        let depth = |number: &usize| {
            let grid = tables[*number].grid();
            grid.map_or(f32::MAX, |grid| middle(grid).dot(self.back))
        };
        let mut order: Vec<usize> = (0..tables.len()).collect();
        order.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
        let near = tables.iter().map(|table| {
            let Some(grid) = table.grid() else {
                return [0; 3];
            };
            let towards = self.eye.map_or(self.back, |eye| eye - middle(grid));
            // Channels go back, rows go down, and up in the mirror, columns go right.
            let upwards = (towards.y >= 0.0) == mirror.is_none();
            [
                if towards.z >= 0.0 { -1 } else { 1 },
                if upwards { -1 } else { 1 },
                if towards.x >= 0.0 { 1 } else { -1 },
            ]
        });
        let near = near.collect();
        DrawView {
            back: self.back,
            arrangement: Arrangement {
                order,
                near,
                mirror,
            },
        }
    }
}

/// The shadows of all tables, from the far one to the near one.
fn cast_shadows<'a>(
    order: impl Iterator<Item = &'a BlockTable>,
    floor: f32,
    shadows: &mut Vec<Shadow>,
) {
    let order: Vec<(&BlockTable, &Block)> = order
        .filter_map(|table| Some((table, table.grid()?)))
        .collect();
    // Cubes that have left the grid that they belong to, and may have come to another one.
    let strays: Vec<(usize, Cube)> = order
        .iter()
        .enumerate()
        .flat_map(|(number, (table, grid))| {
            let (low, high) = grid.bounds();
            let away = table.away().map(|(_, cube)| cube);
            away.filter(move |cube| !(low.x - 1.0..high.x + 1.0).contains(&cube.place[0]))
                .map(move |cube| (number, *cube))
        })
        .collect();
    for (number, (table, grid)) in order.into_iter().enumerate() {
        let others = strays.iter().filter(|(home, _)| *home != number);
        let others = others.map(|(_, cube)| cube);
        shadows.extend(shadow_of(table, grid, others, floor));
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
    let away = table.away().map(|(_, cube)| cube);
    let near = away.filter(|cube| here(cube)).map(cast_by);
    let come = strays.filter(|cube| here(cube)).map(cast_by);
    let there = (table.cast() + near.chain(come).sum::<i64>()) as f32 / 4096.0;
    let amount = (there / (0.7 * table.count().max(1) as f32)).min(1.0);
    let height = (low.y - floor).max(0.0);
    // In steps that cannot be told apart, so that it does not change with every cube that comes.
    let strength = 0.46 * amount / (1.0 + 0.28 * height);
    let strength = (strength * SHADES).round() / SHADES;
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
