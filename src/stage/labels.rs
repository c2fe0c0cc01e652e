//! Names, shapes and axes beside the tensors.

use bevy::camera::CameraUpdateSystems;
use bevy::camera::visibility::VisibilitySystems;
use bevy::prelude::*;
use bevy::ui::UiSystems;

use super::draw::{Lighting, StageCamera};
use super::elements::Stage;
use super::palette;
use super::pose::SceneModel;
use super::text::{Layer, Lettering};
use crate::lesson::Language;
use crate::playback::{Now, Show, ShowSystems};
use crate::timeline::{Block, PartState, Sample};

/// A label at a place of the stage.
#[derive(Component, Debug, Clone)]
pub struct Label {
    /// The place.
    at: Vec3,
    /// Which way from the place the label stands on the screen, in its own half sizes.
    towards: Vec2,
    /// Whose label it is.
    owner: Owner,
    /// Whether it is quieter than a name.
    quiet: bool,
}

/// The box that a label's text is centred in, in 1080ths of the picture.
const BOX: Vec2 = Vec2::new(520.0, 120.0);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Input,
    Filters,
    Output,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        spawn_labels
            .in_set(ShowSystems::Apply)
            .after(super::elements::pose_elements),
    )
    .add_systems(
        PostUpdate,
        place_labels
            .after(TransformSystems::Propagate)
            .after(CameraUpdateSystems)
            .before(VisibilitySystems::VisibilityPropagate)
            .before(UiSystems::Layout),
    );
}

/// Names of the tensors.
fn name(owner: Owner, language: Language) -> &'static str {
    match (owner, language) {
        (Owner::Input, Language::En) => "Input",
        (Owner::Input, Language::Ja) => "入力",
        (Owner::Filters, Language::En) => "Filters",
        (Owner::Filters, Language::Ja) => "フィルタ",
        (Owner::Output, Language::En) => "Output",
        (Owner::Output, Language::Ja) => "出力",
    }
}

fn spawn_labels(
    mut commands: Commands,
    stage: Option<Res<Stage>>,
    show: Option<Res<Show>>,
    lettering: Res<Lettering>,
    old: Query<Entity, With<Label>>,
) {
    let (Some(stage), Some(show)) = (stage, show) else {
        old.iter()
            .for_each(|entity| commands.entity(entity).despawn());
        return;
    };
    if !stage.is_changed() {
        return;
    }
    old.iter()
        .for_each(|entity| commands.entity(entity).despawn());
    for (label, text, bold, size) in labels(&stage.model, show.timeline.language) {
        commands.spawn((
            Name::new("label"),
            Layer::Labels.z(),
            label,
            Node {
                position_type: PositionType::Absolute,
                width: Val::Px(BOX.x),
                height: Val::Px(BOX.y),
                justify_content: JustifyContent::Center,
                align_items: AlignItems::Center,
                ..default()
            },
            Visibility::Hidden,
            children![lettering.write(text, bold, size, Color::NONE)],
        ));
    }
}

/// All labels of a scene: where, what, bold or not, how large.
fn labels(model: &SceneModel, language: Language) -> Vec<(Label, String, bool, f32)> {
    let layout = &model.layout;
    // Names keep clear of the padding around the input.
    let padded = layout.padded_block();
    let mut all = Vec::new();
    let mut named = |owner, block: &Block, shape: String| {
        let (low, high) = block.bounds();
        let top = Vec3::new((low.x + high.x) * 0.5, high.y, low.z);
        let text = format!("{}  {shape}", name(owner, language));
        all.push((
            Label {
                at: top,
                towards: Vec2::new(0.0, -0.36),
                owner,
                quiet: false,
            },
            text,
            true,
            36.0,
        ));
    };
    named(Owner::Input, &padded, model.plan.input_shape().to_string());
    named(
        Owner::Output,
        &layout.output,
        model.plan.output_shape().to_string(),
    );
    if let (false, Some(shape)) = (layout.filters.is_empty(), model.plan.weight_shape()) {
        let bounds = layout.filters.iter().map(Block::bounds);
        let (low, high) = bounds.fold(
            (Vec3::splat(f32::MAX), Vec3::splat(f32::MIN)),
            |all, one| (all.0.min(one.0), all.1.max(one.1)),
        );
        let axes = shape.axes();
        let each = axes[1..]
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(" × ");
        let text = match language {
            Language::En if axes[0] == 1 => format!("1 filter  {each}"),
            Language::En => format!("{} filters  {each}", axes[0]),
            Language::Ja => format!("フィルタ {} 個  {each}", axes[0]),
        };
        let at = Vec3::new((low.x + high.x) * 0.5, high.y, low.z);
        let label = Label {
            at,
            towards: Vec2::new(0.0, -0.36),
            owner: Owner::Filters,
            quiet: false,
        };
        all.push((label, text, true, 36.0));
    }
    for (owner, block) in [(Owner::Input, &padded), (Owner::Output, &layout.output)] {
        let (low, high) = block.bounds();
        let [channels, rows, columns] = match owner {
            Owner::Input => layout.input.dims,
            _ => block.dims,
        };
        let axes = [
            (
                Vec3::new((low.x + high.x) * 0.5, low.y, high.z),
                Vec2::new(0.0, 0.3),
                format!("W {columns}"),
            ),
            (
                Vec3::new(low.x, (low.y + high.y) * 0.5, high.z),
                Vec2::new(-0.09, 0.0),
                format!("H {rows}"),
            ),
            (
                Vec3::new(high.x, low.y, (low.z + high.z) * 0.5),
                Vec2::new(0.08, 0.22),
                format!("C {channels}"),
            ),
        ];
        for (at, towards, text) in axes {
            all.push((
                Label {
                    at,
                    towards,
                    owner,
                    quiet: true,
                },
                text,
                false,
                26.0,
            ));
        }
    }
    all
}

fn state(owner: Owner, sample: &Sample) -> PartState {
    let strongest = |states: &[PartState]| {
        states.iter().copied().fold(
            PartState {
                presence: 0.0,
                recede: 1.0,
            },
            |best, state| PartState {
                presence: best.presence.max(state.presence),
                recede: best.recede.min(state.recede),
            },
        )
    };
    match owner {
        Owner::Input => sample.parts.input,
        Owner::Filters => strongest(&sample.parts.filters),
        Owner::Output => strongest(&sample.parts.outputs),
    }
}

fn place_labels(
    now: Res<Now>,
    lighting: Res<Lighting>,
    scale: Option<Res<UiScale>>,
    cameras: Query<(&Camera, &Transform), With<StageCamera>>,
    mut labels: Query<(&Label, &mut Node, &mut Visibility, &Children)>,
    mut colors: Query<&mut TextColor>,
) {
    let (Some(sample), Ok((camera, transform)), Some(scale)) = (&now.0, cameras.single(), scale)
    else {
        return;
    };
    let room = lighting.studio.room();
    // The camera has no parent: its transform is where it stands.
    let global = GlobalTransform::from(*transform);
    for (label, mut node, mut visibility, children) in &mut labels {
        let state = state(label.owner, sample);
        let there = state.presence * sample.curtain * (1.0 - 0.8 * state.recede);
        let Some(at) = camera
            .world_to_viewport(&global, label.at)
            .ok()
            .filter(|_| there > 0.01)
        else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        let corner = at / scale.0 - BOX * 0.5 + label.towards * BOX;
        // A name that would be cut off, or lie under the titles, is left out.
        let middle = corner + BOX * 0.5;
        let picture = camera.logical_viewport_size().unwrap_or_default() / scale.0;
        let side = if label.quiet { 40.0 } else { 200.0 };
        let cut = middle.x < side
            || middle.x > picture.x - side
            || middle.y < 30.0
            || middle.y > picture.y - 30.0;
        if cut || (middle.y < 160.0 && middle.x < 760.0) {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        }
        let (left, top) = (Val::Px(corner.x), Val::Px(corner.y));
        if node.left != left || node.top != top {
            node.left = left;
            node.top = top;
        }
        let ink = if label.quiet { room.quiet } else { room.ink };
        for child in children {
            if let Ok(mut color) = colors.get_mut(*child) {
                color.set_if_neq(TextColor(palette::color(ink, there)));
            }
        }
    }
}
