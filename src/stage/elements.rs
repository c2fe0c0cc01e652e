//! One cube entity for each tensor element, brought to what a sample says.

use bevy::prelude::*;

use super::draw::{Blocks, Lighting, Look, Slot};
use super::moment::Moment;
use super::pose::{Role, SceneModel};
use crate::playback::{Now, Show};
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
    generation: u64,
    studio: super::palette::Studio,
    entities: Vec<(Role, Vec<Entity>)>,
    /// What the entities show, so that only what differs is written. Never read for anything else.
    shown: Option<Moment>,
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

    /// The moment that is shown.
    #[must_use]
    pub const fn moment(&self) -> Option<&Moment> {
        self.shown.as_ref()
    }
}

/// Clears the stage and sets it for the scene of the sample, when that is another one.
pub(super) fn set_scene(world: &mut World) {
    let Some(scene) = world
        .resource::<Now>()
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
    for role in Role::ALL {
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
    let layout = &model.layout;
    let whole = |block: Block| vec![(Some(block), block.dims.iter().product())];
    let grids: Vec<(Option<Block>, usize)> = match role {
        Role::Input => whole(layout.input),
        Role::Output => whole(layout.output),
        Role::Filter => layout.filters.iter().copied().flat_map(whole).collect(),
        // The padding's grid holds the input's places too, which stay empty.
        Role::Padding if model.count(role) > 0 => whole(layout.padded_block()),
        Role::Padding => Vec::new(),
        Role::Kernel | Role::Product => vec![(None, model.count(role))],
    };
    let mut entities = Vec::with_capacity(model.count(role));
    for (grid, count) in grids {
        let block = world.resource_mut::<Blocks>().add(grid, count);
        let first = entities.len();
        let bundles: Vec<_> = (0..count)
            .map(|index| {
                let of_role = first + index;
                (
                    Element {
                        role,
                        index: of_role as u32,
                    },
                    Slot {
                        block,
                        index: index as u32,
                    },
                    Transform::from_scale(Vec3::ZERO),
                    Look::default(),
                )
            })
            .collect();
        entities.extend(world.spawn_batch(bundles));
    }
    for (index, entity) in entities.iter().enumerate() {
        if let Some(value) = model.value(role, index) {
            world.entity_mut(*entity).insert(Value(value));
        }
    }
    entities
}

/// Brings the elements to what the sample says; writes only what differs.
pub(super) fn pose_elements(
    now: Res<Now>,
    stage: Option<ResMut<Stage>>,
    mut elements: Query<(&mut Transform, &mut Look)>,
) {
    let (Some(sample), Some(mut stage)) = (&now.0, stage) else {
        return;
    };
    let stage = stage.bypass_change_detection();
    let moment = Moment::new(&stage.model, sample);
    if stage.shown.as_ref() == Some(&moment) {
        return;
    }
    for (role, entities) in &stage.entities {
        let mut pose = |index: usize| {
            let Some((mut transform, mut look)) = entities
                .get(index)
                .and_then(|entity| elements.get_mut(*entity).ok())
            else {
                return;
            };
            let pose = stage.model.pose(&moment, *role, index);
            transform.set_if_neq(
                Transform::from_translation(pose.translation).with_scale(Vec3::splat(pose.scale)),
            );
            look.set_if_neq(Look(pose.look));
        };
        match &stage.shown {
            Some(before) if before.same_rest(&moment) => {
                touched(&stage.model, *role, before, &moment, &mut pose);
            }
            _ => (0..entities.len()).for_each(&mut pose),
        }
    }
    stage.shown = Some(moment);
}

/// The elements of a role that two moments with the same rest may show differently.
fn touched(
    model: &SceneModel,
    role: Role,
    before: &Moment,
    after: &Moment,
    pose: &mut impl FnMut(usize),
) {
    match role {
        Role::Input | Role::Padding => {
            let ([top, left], block) = if role == Role::Input {
                ([0, 0], model.layout.input)
            } else {
                (model.layout.padding_before, model.layout.padded_block())
            };
            let [channels, rows, columns] = block.dims;
            for [channel, row, column] in before.covered().chain(after.covered()) {
                let (row, column) = (row + top as isize, column + left as isize);
                if (0..channels as isize).contains(&channel)
                    && (0..rows as isize).contains(&row)
                    && (0..columns as isize).contains(&column)
                {
                    pose((channel as usize * rows + row as usize) * columns + column as usize);
                }
            }
        }
        Role::Output => {
            // From the element before the earlier one, whose glow fades, to the later one.
            let first = before.done.min(after.done).saturating_sub(1);
            let last = before.done.max(after.done);
            (first..=last).for_each(|index| pose(index as usize));
        }
        Role::Filter => {}
        Role::Kernel | Role::Product => (0..model.count(role)).for_each(pose),
    }
}
