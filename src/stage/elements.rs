//! One cube entity for each tensor element, brought to what a sample says.

use bevy::prelude::*;
use bevy::transform::components::TransformTreeChanged;

use super::draw::{Blocks, CubeAppearance, DirtyElements, Lighting, Slot};
use super::highlight::Highlight;
use super::moment::Moment;
use super::pose::Role;
use super::scene::SceneModel;
use crate::op::VisualStyle;
use crate::playback::{CurrentSample, Show};
use crate::timeline::Block;

/// An element of a tensor on the stage.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// What it belongs to.
    pub role: Role,
    /// Its place there, row-major.
    pub index: u32,
}

/// The value of an element, where it has one of its own.
#[derive(Component, Debug, Clone, Copy, PartialEq)]
pub struct Value(pub f32);

/// The scene that stands on the stage.
#[derive(Resource)]
pub struct Stage {
    /// What the poses are worked out from.
    pub model: SceneModel,
    scene: usize,
    /// The generation of the show that it is set for.
    pub(super) generation: u64,
    studio: super::palette::Studio,
    entities: Vec<(Role, Vec<Entity>)>,
    /// What the entities show. It follows from the sample that was shown last, and is kept so that only
    /// what differs is worked out and written.
    shown: Option<Vec<Moment>>,
    /// What is lit in what is shown.
    lit: Highlight,
}

impl Stage {
    /// How many element entities stand on the stage.
    #[must_use]
    pub fn element_count(&self) -> usize {
        self.entities
            .iter()
            .map(|(_, entities)| entities.len())
            .sum()
    }

    /// The moments that are shown, of each layer.
    #[must_use]
    pub fn moments(&self) -> Option<&[Moment]> {
        self.shown.as_deref()
    }

    /// The entities of a role, in the order of its elements.
    #[must_use]
    pub fn entities(&self, role: Role) -> &[Entity] {
        let found = self.entities.iter().find(|(known, _)| *known == role);
        found.map_or(&[], |(_, entities)| entities)
    }
}

/// Clears the stage and sets it for the scene of the sample, when that is another one.
pub(super) fn set_scene(world: &mut World) {
    let Some(scene) = world
        .resource::<CurrentSample>()
        .0
        .as_ref()
        .map(|sample| sample.scene)
    else {
        clear(world);
        return;
    };
    let Some(show) = world.get_resource::<Show>().cloned() else {
        return;
    };
    let studio = world.resource::<Lighting>().studio;
    let stands = world.get_resource::<Stage>().is_some_and(|stage| {
        stage.scene == scene && stage.generation == show.generation && stage.studio == studio
    });
    if stands {
        return;
    }
    clear(world);
    let layout = &show.timeline.scenes[scene].layout;
    let model = SceneModel::new(&show.lesson.scenes[scene], layout, studio.room());
    let mut entities = Vec::new();
    for role in model.roles() {
        let spawned = spawn_role(world, &model, role);
        entities.push((role, spawned));
    }
    world.insert_resource(Stage {
        model,
        scene,
        generation: show.generation,
        studio,
        entities,
        shown: None,
        lit: Highlight::default(),
    });
}

fn clear(world: &mut World) {
    if let Some(stage) = world.remove_resource::<Stage>() {
        for entity in stage
            .entities
            .into_iter()
            .flat_map(|(_, entities)| entities)
        {
            world.despawn(entity);
        }
        world.resource_mut::<Blocks>().clear();
    }
}

fn spawn_role(world: &mut World, model: &SceneModel, role: Role) -> Vec<Entity> {
    let mut entities = Vec::with_capacity(model.count(role));
    for (grid, count) in model.grids(role) {
        // A grid whose last line is not full has places for its rest.
        let places = grid.map_or(count, |grid| grid.dims.iter().product::<usize>().max(count));
        let block = world.resource_mut::<Blocks>().add(grid, places);
        let first = entities.len();
        let element = |index: usize| {
            let of_role = (first + index) as u32;
            (
                Element {
                    role,
                    index: of_role,
                },
                Slot {
                    block,
                    index: index as u32,
                },
                Transform::from_scale(Vec3::ZERO),
                CubeAppearance::default(),
            )
        };
        // All elements of a role have values of their own, or none has.
        if model.value(role, first).is_some() {
            let valued = (0..count).map(|index| {
                let value = model.value(role, first + index).unwrap_or_default();
                (element(index), Value(value))
            });
            entities.extend(world.spawn_batch(valued));
        } else {
            entities.extend(world.spawn_batch((0..count).map(element)));
        }
    }
    // Elements have neither parents nor children, and are not drawn by the engine: nothing reads
    // where they are in the world, and to keep that up to date would cost time and memory for each.
    for entity in &entities {
        let mut element = world.entity_mut(*entity);
        element.remove::<(GlobalTransform, TransformTreeChanged)>();
    }
    entities
}

/// Brings the elements to what the sample says; writes only what differs.
pub(super) fn pose_elements(
    now: Res<CurrentSample>,
    stage: Option<ResMut<Stage>>,
    highlight: Res<Highlight>,
    mut dirty: ResMut<DirtyElements>,
    mut elements: Query<(&mut Transform, &mut CubeAppearance)>,
) {
    let (Some(sample), Some(mut stage)) = (&now.0, stage) else {
        return;
    };
    let stage = stage.bypass_change_detection();
    let moments = stage.model.moments(sample, stage.shown.as_deref());
    let lit_anew = stage.lit != *highlight;
    if stage.shown.as_ref() == Some(&moments) && !lit_anew {
        return;
    }
    let room = stage.studio.room();
    for (role, entities) in &stage.entities {
        let mut pose = |index: usize| {
            let Some(&entity) = entities.get(index) else {
                return;
            };
            let Ok((mut transform, mut look)) = elements.get_mut(entity) else {
                return;
            };
            let mut pose = stage.model.pose(&moments, *role, index);
            highlight.apply(&stage.model, &room, *role, index, &mut pose);
            let moved = transform.set_if_neq(
                Transform::from_translation(pose.translation).with_scale(Vec3::splat(pose.scale)),
            );
            if look.set_if_neq(CubeAppearance(pose.look)) || moved {
                dirty.push(entity);
            }
        };
        let before = stage.shown.as_deref().filter(|_| !lit_anew);
        let differing = before.map_or(Touched::All, |before| {
            touched(&stage.model, *role, before, &moments)
        });
        match differing {
            Touched::All => (0..entities.len()).for_each(&mut pose),
            Touched::These(indices) => indices.into_iter().for_each(&mut pose),
        }
    }
    stage.shown = Some(moments);
    if lit_anew {
        stage.lit = highlight.clone();
    }
}

/// Which elements two moments may show differently.
enum Touched {
    All,
    These(Vec<usize>),
}

/// The elements of a role that may differ between what is shown and what comes.
fn touched(model: &SceneModel, role: Role, before: &[Moment], after: &[Moment]) -> Touched {
    let none = || Touched::These(Vec::new());
    // Whether a layer is the same in both.
    let same = |staged_layer: usize| before[staged_layer] == after[staged_layer];
    match role {
        Role::Tensor(number) => {
            let tensor = usize::from(number);
            let charge = model.posing_layer(before, tensor);
            if charge != model.posing_layer(after, tensor) {
                return Touched::All;
            }
            let Some((staged_layer, reads)) = charge else {
                return none();
            };
            // What a layer takes that reads it as its second tensor.
            let block = model.layout.tensors[tensor];
            let mut lent = Vec::new();
            for reader in model.second_readers(tensor) {
                let (before, after) = (&before[reader.number], &after[reader.number]);
                if before != after {
                    lent.extend(inside(block, before.read(true).chain(after.read(true))));
                }
            }
            let (before, after) = (&before[staged_layer], &after[staged_layer]);
            if before == after {
                return Touched::These(lent);
            }
            if !before.same_rest(after) {
                return Touched::All;
            }
            let own = if reads {
                let block = model.staged_layers[staged_layer].layout.input;
                covered(before, after, block, block.spread)
            } else {
                written(model, staged_layer, before, after)
            };
            match own {
                Touched::All => Touched::All,
                Touched::These(mut own) => {
                    own.append(&mut lent);
                    Touched::These(own)
                }
            }
        }
        Role::Padding(number) | Role::Filter(number) | Role::Mark(number)
            if same(usize::from(number)) =>
        {
            none()
        }
        Role::Padding(number) => {
            let staged_layer = usize::from(number);
            if !before[staged_layer].same_rest(&after[staged_layer]) {
                return Touched::All;
            }
            let layout = &model.staged_layers[staged_layer].layout;
            let [top, left] = layout.padding_before;
            let cells = before[staged_layer]
                .covered()
                .chain(after[staged_layer].covered())
                .map(|[channel, row, column]| [channel, row + top, column + left]);
            Touched::These(inside(layout.padded_block(), cells))
        }
        Role::Filter(number) => {
            let staged_layer = usize::from(number);
            if before[staged_layer].same_rest(&after[staged_layer]) {
                none()
            } else {
                Touched::All
            }
        }
        Role::Mark(number)
            if before[usize::from(number)].same_marks(&after[usize::from(number)]) =>
        {
            none()
        }
        Role::Kernel(_) | Role::Product(_) | Role::Mark(_) => Touched::All,
    }
}

/// The elements of the input that two moments single out.
fn covered(before: &Moment, after: &Moment, block: Block, spread: [usize; 2]) -> Touched {
    let [row_pitch, column_pitch] = spread.map(|pitch| pitch as isize);
    let cells = before
        .covered()
        .chain(after.covered())
        .map(|[channel, row, column]| [channel, row / row_pitch, column / column_pitch]);
    Touched::These(inside(block, cells))
}

/// The elements of the output that two moments write, or have just written.
fn written(model: &SceneModel, staged_layer: usize, before: &Moment, after: &Moment) -> Touched {
    let staged_layer = &model.staged_layers[staged_layer];
    let block = staged_layer.layout.output;
    if staged_layer.style == VisualStyle::Scatter && before.done.abs_diff(after.done) < 64 {
        let cells = before.covered_output().chain(after.covered_output());
        let first = before.done.min(after.done);
        let last = before.done.max(after.done);
        let between = (first..=last).flat_map(|visit| {
            let step = staged_layer.plan.step(visit);
            let window = staged_layer.windows_of(&step, visit).output;
            window.into_iter().flat_map(super::moment::Window::cells)
        });
        return Touched::These(inside(block, cells.chain(between)));
    }
    // From the element before the earlier one, whose glow fades, to the later one.
    let first = before.done.min(after.done).saturating_sub(1);
    let last = before.done.max(after.done);
    let count = model.tensors[staged_layer.output].values.len() as u64;
    if staged_layer.style == VisualStyle::Scatter || last - first >= count {
        return Touched::All;
    }
    Touched::These(
        (first..=last)
            .map(|visit| staged_layer.schedule.visit(visit).step as usize)
            .collect(),
    )
}

/// The places of cells in a block, those outside it left out.
fn inside(block: Block, cells: impl Iterator<Item = [isize; 3]>) -> Vec<usize> {
    let [channels, rows, columns] = block.dims;
    let offset = |[channel, row, column]: [isize; 3]| {
        let within = (0..channels as isize).contains(&channel)
            && (0..rows as isize).contains(&row)
            && (0..columns as isize).contains(&column);
        within.then(|| (channel as usize * rows + row as usize) * columns + column as usize)
    };
    cells.filter_map(offset).collect()
}
