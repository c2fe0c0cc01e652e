//! Names, shapes and axes beside the tensors.

use bevy::camera::CameraUpdateSystems;
use bevy::camera::visibility::VisibilitySystems;
use bevy::prelude::*;
use bevy::ui::UiSystems;

use super::draw::{Lighting, StageCamera};
use super::elements::Stage;
use super::palette;
use super::scene::SceneModel;
use super::text::{SidePanelWidths, TextFonts, TextLayer};
use crate::lesson::Language;
use crate::op::Plan;
use crate::playback::{CurrentSample, ShowSystems};
use crate::tensor::Shape;
use crate::timeline::{Block, Layout, PartState, Sample, Stand, USUAL_YAW};

/// A label beside something on the stage.
#[derive(Component, Debug, Clone)]
pub struct Label {
    /// Whose label it is.
    owner: Owner,
    /// Where beside it.
    anchor: Anchor,
    /// Which way from there the label stands on the screen, in 1080ths of the picture.
    towards: Vec2,
    /// About how wide and high it is, in 1080ths of the picture.
    size: Vec2,
}

/// The box that a label's text is centred in, in 1080ths of the picture.
const BOX: Vec2 = Vec2::new(760.0, 120.0);
/// The height of a name, in 1080ths of the picture.
const NAME: f32 = 36.0;
/// The least height of the name of a tensor.
const SMALL_NAME: f32 = 26.0;
/// A tensor less high than this in the picture, in 1080ths of it, has its name only.
const SMALL: f32 = 120.0;
/// Filters that take no more than this in breadth and height, in cubes, are small.
const SMALL_RACK: f32 = 4.5;
/// The distance of lines, as a part of their height.
const LINE: f32 = 1.2;
/// The height of the name of a block of a network, and of its shape.
const BLOCK_NAME: f32 = 24.0;
/// Letters of such a name that stand in one line.
const ONE_LINE: usize = 11;
const BLOCK_SHAPE: f32 = 23.0;
/// Room between a name and what it stands above.
const ABOVE: f32 = 4.0;
/// The height of a dimension.
const DIMENSION: f32 = 26.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// A tensor.
    Tensor(usize),
    /// The filters of a layer.
    Filters(usize),
    /// A side of a comparison.
    Side(usize),
    /// A block of a network.
    Block(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    /// Above it.
    Name,
    /// Along its columns.
    Width,
    /// Along its rows.
    Height,
    /// Along its channels.
    Channels,
    /// Below it.
    Below,
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

fn spawn_labels(
    mut commands: Commands,
    stage: Option<Res<Stage>>,
    now: Res<CurrentSample>,
    text_fonts: Res<TextFonts>,
    old: Query<Entity, With<Label>>,
) {
    let (Some(stage), Some(sample)) = (stage, &now.0) else {
        old.iter()
            .for_each(|entity| commands.entity(entity).despawn());
        return;
    };
    if !stage.is_changed() {
        return;
    }
    old.iter()
        .for_each(|entity| commands.entity(entity).despawn());
    for (label, text, size) in labels(&stage.model, sample.language) {
        let bold = label.anchor == Anchor::Name;
        commands.spawn((
            Name::new("label"),
            TextLayer::Labels.z(),
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
            children![text_fonts.write(text, bold, size, Color::NONE)],
        ));
    }
}

/// The name of a tensor.
fn tensor_name(model: &SceneModel, tensor: usize, language: Language) -> String {
    if let Some(name) = model.tensor_name(tensor, language) {
        return name.to_owned();
    }
    let (writer, reader) = model.neighbours(tensor);
    let words = |en: &str, ja: &str| match language {
        Language::En => en.to_owned(),
        Language::Ja => ja.to_owned(),
    };
    match (writer, reader) {
        (None, _) => words("Input", "入力"),
        (Some(_), None) => words("Output", "出力"),
        (Some(writer), Some(_)) => {
            let plan = &model.staged_layers[writer].plan;
            if plan.filter_count() > 0 && plan.output_shape().rank() > 1 {
                return words("Feature maps", "特徴マップ");
            }
            let layer = plan.layer().name();
            words(&format!("After {layer}"), &format!("{layer} の後"))
        }
    }
}

/// About how wide and high a text is.
fn extent(text: &str, size: f32) -> Vec2 {
    let character = |character: char| if character.is_ascii() { 0.56 } else { 1.0 };
    let width = |line: &str| line.chars().map(character).sum::<f32>();
    let widest = text.lines().map(width).fold(0.0, f32::max);
    Vec2::new(widest, text.lines().count() as f32 * LINE) * size
}

/// All labels of a scene: where, what, how large.
fn labels(model: &SceneModel, language: Language) -> Vec<(Label, String, f32)> {
    let mut all = Vec::new();
    let mut add = |owner, anchor, towards, text: String, size| {
        let label = Label {
            owner,
            anchor,
            towards,
            size: extent(&text, size),
        };
        all.push((label, text, size));
    };
    for side in 0..model.layout.sides.len() {
        if let Some(name) = model.side_name(side, language) {
            let above = Vec2::new(0.0, -96.0);
            add(
                Owner::Side(side),
                Anchor::Name,
                above,
                name.to_owned(),
                40.0,
            );
        }
    }
    let above = Vec2::new(0.0, -43.0);
    let room = NameRoom::of(&model.layout);
    for (number, block) in model.layout.tensors.iter().enumerate() {
        let owner = Owner::Tensor(number);
        let name = tensor_name(model, number, language);
        let shape = model.tensors[number].shape;
        let (text, size) = room.write(block.middle(), &name, &shape.to_string());
        let lines = text.lines().count() as f32;
        let over = Vec2::new(0.0, -21.4 - size * LINE * 0.5 * lines);
        add(owner, Anchor::Name, over, text, size);
        for (anchor, text) in axes(block, &shape) {
            let towards = match anchor {
                Anchor::Name => above,
                Anchor::Width => Vec2::new(0.0, 36.0),
                Anchor::Height => Vec2::new(-47.0, 0.0),
                Anchor::Channels => Vec2::new(42.0, 26.0),
                Anchor::Below => Vec2::new(0.0, 20.0),
            };
            add(owner, anchor, towards, text, DIMENSION);
        }
    }
    let blocks = model.network.iter().flat_map(|network| &network.map.blocks);
    for (number, block) in blocks.enumerate() {
        let owner = Owner::Block(number);
        let title = in_lines(block.title.get(language));
        let lines = title.lines().count() as f32;
        let above = Vec2::new(0.0, -10.0 - BLOCK_NAME * LINE * 0.5 * lines);
        add(owner, Anchor::Name, above, title, BLOCK_NAME);
        if let Some(shape) = &block.shape {
            let below = Vec2::new(0.0, 20.0);
            add(owner, Anchor::Below, below, shape.to_string(), BLOCK_SHAPE);
        }
    }
    for staged_layer in &model.staged_layers {
        let count = staged_layer.plan.filter_count();
        if count == 0 {
            continue;
        }
        let plan = &staged_layer.plan;
        let matrix = plan.weight_shape().filter(|shape| shape.rank() == 2);
        let each = match &matrix {
            Some(shape) => shape.to_string(),
            None => filter_shape(plan),
        };
        let count = match language {
            Language::En if matrix.is_some() => "Weights".to_owned(),
            Language::Ja if matrix.is_some() => "重み".to_owned(),
            Language::En if count == 1 => "1 filter".to_owned(),
            Language::En => format!("{count} filters"),
            Language::Ja => format!("フィルタ {count} 個"),
        };
        let owner = Owner::Filters(staged_layer.number);
        // A small filter has large neighbours, which two short lines keep clear of.
        let small = rack_bounds(&model.layout.staged_layers[staged_layer.number].filters)
            .is_some_and(|(low, high)| (high - low).truncate().max_element() < SMALL_RACK);
        let (between, above) = if small {
            ("\n", above - Vec2::new(0.0, NAME * LINE * 0.5))
        } else {
            ("  ", above)
        };
        let text = [count, each].join(between);
        add(owner, Anchor::Name, above, text, NAME);
    }
    all
}

/// The room for names in a picture that shows a whole row of tensors and filters.
struct NameRoom {
    /// The middle of each that has a name.
    middles: Vec<Vec3>,
    /// The size of a cube in such a picture, in 1080ths of its height.
    cube: f32,
}

impl NameRoom {
    /// Parts of a picture's breadth and height that a row takes at most.
    const PICTURE: Vec2 = Vec2::new(1770.0, 560.0);

    fn of(layout: &Layout) -> Self {
        let racks = layout.staged_layers.iter();
        let racks = racks.filter_map(|layer| rack_bounds(&layer.filters));
        let boxes = layout.tensors.iter().map(Block::bounds).chain(racks);
        let boxes: Vec<(Vec3, Vec3)> = boxes.collect();
        let along = |point: Vec3| Self::along(point);
        let first = boxes
            .iter()
            .map(|(low, high)| along(Vec3::new(low.x, 0.0, high.z)));
        let last = boxes
            .iter()
            .map(|(low, high)| along(Vec3::new(high.x, 0.0, low.z)));
        let breadth = last.fold(f32::MIN, f32::max) - first.fold(f32::MAX, f32::min);
        let lowest = boxes.iter().map(|(low, _)| low.y).fold(f32::MAX, f32::min);
        let highest = boxes
            .iter()
            .map(|(_, high)| high.y)
            .fold(f32::MIN, f32::max);
        let cube = Self::PICTURE / Vec2::new(breadth.max(1.0), (highest - lowest).max(1.0));
        Self {
            middles: boxes
                .iter()
                .map(|(low, high)| (*low + *high) * 0.5)
                .collect(),
            cube: cube.min_element(),
        }
    }

    /// How far along its row something stands, seen from where cameras usually stand.
    fn along(point: Vec3) -> f32 {
        let (sin, cos) = USUAL_YAW.to_radians().sin_cos();
        point.x * cos - point.z * sin
    }

    /// A name and a shape, and how large: in one line, or in two where its neighbours leave no room for
    /// that, and smaller where they leave none for these either.
    fn write(&self, middle: Vec3, name: &str, shape: &str) -> (String, f32) {
        let here = Self::along(middle);
        let neighbours = self.middles.iter().filter(|other| {
            // Those of the same row.
            (other.y - middle.y).abs() < 1.0 && (Self::along(**other) - here).abs() > 0.5
        });
        let distances = neighbours.map(|other| (Self::along(*other) - here).abs());
        let free = distances.fold(f32::MAX, f32::min) * self.cube - 14.0;
        let one = format!("{name}  {shape}");
        if extent(&one, NAME).x <= free {
            return (one, NAME);
        }
        let two = format!("{name}\n{shape}");
        let size = NAME * (free / extent(&two, NAME).x).clamp(SMALL_NAME / NAME, 1.0);
        (two, size)
    }
}

/// A name in two lines, where it is long and can be parted near its middle.
fn in_lines(name: &str) -> String {
    let letters = name.chars().count();
    if letters <= ONE_LINE {
        return name.to_owned();
    }
    // What counts stays with what is counted.
    let spaces = name.match_indices(' ').map(|(at, _)| at);
    let spaces =
        spaces.filter(|at| !name[at + 1..].starts_with('×') && !name[..*at].ends_with('×'));
    let near = |at: &usize| name[..*at].chars().count().abs_diff(letters / 2);
    match spaces.min_by_key(near) {
        Some(at) => format!("{}\n{}", &name[..at], &name[at + 1..]),
        None => name.to_owned(),
    }
}

/// The axes of a tensor, where they can be told apart by where they stand.
fn axes(block: &Block, shape: &Shape) -> Vec<(Anchor, String)> {
    let (axes, width) = (shape.axes(), |columns: &usize| {
        (Anchor::Width, format!("W {columns}"))
    });
    match (block.stand, axes) {
        (Stand::Sheet, [channels, columns]) => vec![
            (Anchor::Width, format!("L {columns}")),
            (Anchor::Height, format!("C {channels}")),
        ],
        (Stand::Deep, [channels, rows, columns]) => vec![
            width(columns),
            (Anchor::Height, format!("H {rows}")),
            (Anchor::Channels, format!("C {channels}")),
        ],
        (Stand::Deep, [channels, slices, rows, columns]) => vec![
            width(columns),
            (Anchor::Height, format!("H {rows}")),
            (Anchor::Channels, format!("C {channels} · D {slices}")),
        ],
        // A vector has its length in its name; of more axes, only the last ones stand alone.
        (Stand::Lines(_) | Stand::Sheet | Stand::Deep, _) => Vec::new(),
    }
}

/// Planes, rows and columns of a filter, as the layer's weights count them.
fn filter_shape(plan: &Plan) -> String {
    let dims = plan.filter_dims();
    let joined = |axes: &[usize]| {
        let axes = axes.iter().map(usize::to_string);
        axes.collect::<Vec<_>>().join(" × ")
    };
    // A filter of a layer on a volume has slices, one on a line has no rows.
    match (plan.weight_shape().as_ref().map(Shape::axes), dims) {
        (Some([_, _, _]), [planes, _, columns]) => joined(&[planes, columns]),
        (Some([.., slices, rows, columns]), [planes, ..]) if plan.input_shape().rank() == 4 => {
            joined(&[planes / slices, *slices, *rows, *columns])
        }
        _ => joined(&dims),
    }
}

/// How much of what a label belongs to is there.
fn state(owner: Owner, layout: &Layout, sample: &Sample) -> PartState {
    let strongest = |states: &[PartState]| {
        let nothing = PartState {
            presence: 0.0,
            recede: 1.0,
        };
        states.iter().fold(nothing, |best, state| PartState {
            presence: best.presence.max(state.presence),
            recede: best.recede.min(state.recede),
        })
    };
    match owner {
        Owner::Tensor(number) => strongest(&sample.parts.tensors[number]),
        Owner::Filters(staged_layer) => {
            strongest(&sample.parts.staged_layers[staged_layer].filters)
        }
        Owner::Side(side) => {
            let (_, tensors) = &layout.sides[side];
            let states = &sample.parts.tensors[tensors.clone()];
            strongest(&states.concat())
        }
        Owner::Block(number) => strongest(&sample.parts.tensors[number]),
    }
}

/// The channels of a tensor that are on the stage, as a block; none where there are none.
fn visible(block: &Block, states: &[PartState]) -> Option<Block> {
    let there = |state: &PartState| state.presence > 0.5;
    let first = states.iter().position(there)?;
    let last = states.iter().rposition(there)?;
    let near = block.channel(first);
    Some(if first == last {
        near
    } else {
        Block {
            dims: [last - first + 1, block.dims[1], block.dims[2]],
            // Gaps between groups are counted from the first channel of all.
            group: if first == 0 { block.group } else { 0 },
            ..near
        }
    })
}

/// Where a label's thing is: the lowest and the highest corner of what is to be seen of it.
fn bounds(owner: Owner, model: &SceneModel, sample: &Sample) -> Option<(Vec3, Vec3)> {
    let layout = &model.layout;
    match owner {
        Owner::Tensor(number) => {
            let block = visible(&layout.tensors[number], &sample.parts.tensors[number])?;
            Some(block.bounds())
        }
        Owner::Filters(staged_layer) => rack_bounds(&layout.staged_layers[staged_layer].filters),
        Owner::Side(side) => {
            let (_, tensors) = &layout.sides[side];
            // Above the first of its tensors that can be seen.
            tensors.clone().find_map(|tensor| {
                let states = &sample.parts.tensors[tensor];
                Some(visible(&layout.tensors[tensor], states)?.bounds())
            })
        }
        Owner::Block(number) => layout.network.get(number).copied(),
    }
}

/// What all filters of a layer take together.
fn rack_bounds(filters: &[Block]) -> Option<(Vec3, Vec3)> {
    let boxes = filters.iter().map(Block::bounds);
    boxes.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
}

/// Names keep clear of the padding around a tensor.
fn with_padding(
    owner: Owner,
    model: &SceneModel,
    sample: &Sample,
    (low, high): (Vec3, Vec3),
) -> (Vec3, Vec3) {
    let tensor = match owner {
        Owner::Tensor(number) => number,
        Owner::Side(side) => model.layout.sides[side].1.start,
        Owner::Filters(_) | Owner::Block(_) => return (low, high),
    };
    let Some(staged_layer) = model.neighbours(tensor).1 else {
        return (low, high);
    };
    let there = sample.parts.staged_layers[staged_layer].padding.presence;
    let (padded_low, padded_high) = model.layout.staged_layers[staged_layer]
        .padded_block()
        .bounds();
    let grown = |inner: Vec3, outer: Vec3| {
        Vec3::new(
            inner.x + (outer.x - inner.x) * there,
            inner.y + (outer.y - inner.y) * there,
            inner.z,
        )
    };
    (
        grown(low, padded_low.min(low)),
        grown(high, padded_high.max(high)),
    )
}

/// The corners of the upper face of a box, one after another around it.
fn upper_face(low: Vec3, high: Vec3) -> [Vec3; 4] {
    [
        (low.x, low.z),
        (high.x, low.z),
        (high.x, high.z),
        (low.x, high.z),
    ]
    .map(|(x, z)| Vec3::new(x, high.y, z))
}

/// How high a polygon of the picture reaches above a part of its width: the least `y` there.
fn upper_edge(corners: &[Vec2], within: std::ops::Range<f32>) -> f32 {
    let following = corners.iter().cycle().skip(1);
    let edges = corners.iter().zip(following);
    edges
        .filter_map(|(a, b)| {
            let (left, right) = if a.x <= b.x { (a, b) } else { (b, a) };
            let (from, to) = (left.x.max(within.start), right.x.min(within.end));
            let at = |x: f32| {
                let part = (x - left.x) / (right.x - left.x).max(f32::EPSILON);
                left.y + (right.y - left.y) * part.clamp(0.0, 1.0)
            };
            (from <= to).then(|| at(from).min(at(to)))
        })
        .fold(f32::INFINITY, f32::min)
}

fn anchor_point(anchor: Anchor, low: Vec3, high: Vec3) -> Vec3 {
    match anchor {
        Anchor::Name => Vec3::new((low.x + high.x) * 0.5, high.y, low.z),
        Anchor::Width => Vec3::new((low.x + high.x) * 0.5, low.y, high.z),
        Anchor::Height => Vec3::new(low.x, (low.y + high.y) * 0.5, high.z),
        Anchor::Channels => Vec3::new(high.x, low.y, (low.z + high.z) * 0.5),
        Anchor::Below => Vec3::new((low.x + high.x) * 0.5, low.y, high.z),
    }
}

fn place_labels(
    now: Res<CurrentSample>,
    stage: Option<Res<Stage>>,
    lighting: Res<Lighting>,
    scale: Option<Res<UiScale>>,
    side_panels: Option<Res<SidePanelWidths>>,
    cameras: Query<(&Camera, &Transform), With<StageCamera>>,
    mut labels: Query<(Entity, &Label, &mut Node, &mut Visibility, &Children)>,
    mut colors: Query<&mut TextColor>,
) {
    let (Some(sample), Some(stage), Ok((camera, transform)), Some(scale)) =
        (&now.0, stage, cameras.single(), scale)
    else {
        return;
    };
    let model = &stage.model;
    // Labels of a scene that is just being exchanged belong to nothing.
    let blocks = model
        .network
        .as_ref()
        .map(|network| network.map.blocks.len());
    if sample.parts.tensors.len() != blocks.unwrap_or(model.tensors.len()) {
        return;
    }
    let room = lighting.studio.room();
    // The camera has no parent: its transform is where it stands.
    let global = GlobalTransform::from(*transform);
    let picture = camera.logical_viewport_size().unwrap_or_default() / scale.0;
    let side_panels = side_panels.map_or_else(SidePanelWidths::default, |room| *room);
    let free = (side_panels.left, picture.x - side_panels.right);
    let on_screen = |point: Vec3| camera.world_to_viewport(&global, point).ok();
    let mut wanted: Vec<(Entity, Vec2, f32)> = labels
        .iter()
        .filter_map(|(entity, label, ..)| {
            // A name goes with the last of what it names.
            let left = match (label.owner, stage.moments()) {
                (Owner::Tensor(tensor), Some(moments)) => match model.neighbours(tensor) {
                    (_, Some(reader)) => moments[reader].left_behind(),
                    _ => 1.0,
                },
                _ => 1.0,
            };
            let state = state(label.owner, &model.layout, sample);
            let there = state.presence
                * sample.scene_opacity
                * (1.0 - 0.8 * state.recede)
                * (left * 4.0).min(1.0);
            let (low, high) = bounds(label.owner, model, sample).filter(|_| there > 0.01)?;
            let (low, high) = with_padding(label.owner, model, sample, (low, high));
            let at = on_screen(anchor_point(label.anchor, low, high))? / scale.0;
            let mut at = at + label.towards;
            if label.anchor == Anchor::Name
                && let Owner::Tensor(_) | Owner::Filters(_) = label.owner
            {
                let upper =
                    upper_face(low, high).map(|corner| on_screen(corner).map(|at| at / scale.0));
                let half = label.size.x * 0.5;
                let top = upper_edge(
                    &upper.into_iter().flatten().collect::<Vec<_>>(),
                    at.x - half..at.x + half,
                );
                at.y = at.y.min(top - label.size.y * 0.5 - ABOVE);
            }
            // Dimensions are for tensors that are large enough in the picture.
            let top = on_screen(Vec3::new(low.x, high.y, high.z))? / scale.0;
            let foot = on_screen(Vec3::new(low.x, low.y, high.z))? / scale.0;
            let large =
                top.distance(foot) > SMALL || low.y + 1.5 > high.y || label.anchor == Anchor::Below;
            // In a comparison there is no room for the names of small filters.
            let crowded = matches!(label.owner, Owner::Filters(_)) && model.layout.sides.len() > 1;
            let shown = large || (label.anchor == Anchor::Name && !crowded);
            shown.then_some((entity, at, there))
        })
        .collect();
    // Names come first, from left to right, and those of sides above them; dimensions take what room is
    // left.
    let rank = |entity: Entity| match labels.get(entity).map(|(_, label, ..)| label) {
        Ok(label) if label.anchor != Anchor::Name => 2,
        Ok(label) if matches!(label.owner, Owner::Side(_)) => 1,
        _ => 0,
    };
    wanted.sort_by(|(a, at, _), (b, bt, _)| rank(*a).cmp(&rank(*b)).then(at.x.total_cmp(&bt.x)));
    let mut taken: Vec<Rect> = Vec::new();
    let mut placed: Vec<(Entity, Vec2, f32)> = Vec::new();
    for (entity, mut middle, there) in wanted {
        let Ok((_, label, ..)) = labels.get(entity) else {
            continue;
        };
        let named = label.anchor == Anchor::Name;
        let size = label.size;
        if named {
            // A name at the edge of the picture or beside a panel moves aside, no further than half of itself.
            let half = size.x * 0.5 + 7.0;
            let (first, last) = (free.0 + half, free.1 - half);
            let aside = middle.x.clamp(first.min(last), last.max(first));
            if (aside - middle.x).abs() <= half {
                middle.x = aside;
            }
        }
        let around = |middle: Vec2| Rect::from_center_size(middle, size + Vec2::new(14.0, 0.0));
        let in_the_way = |middle: Vec2| {
            let rect = around(middle);
            let mut others = taken.iter();
            others
                .find(|other| !other.intersect(rect).is_empty())
                .copied()
        };
        // Of a network, names that find no room are left out: one goes nearer to read them.
        let moves = named && !matches!(label.owner, Owner::Block(_));
        if moves {
            // A name that would lie on another one moves up above it.
            while let Some(other) = in_the_way(middle) {
                middle.y = other.min.y - size.y * 0.5 - 1.0;
            }
        } else if in_the_way(middle).is_some() {
            continue;
        }
        // A name that would be cut off, or lie under the titles, is left out.
        let rect = around(middle);
        let cut = rect.min.x < free.0
            || rect.max.x > free.1
            || rect.min.y < 8.0
            || rect.max.y > picture.y - 8.0;
        let under_titles = rect.min.y < 140.0 && rect.min.x < 620.0;
        if cut || under_titles {
            continue;
        }
        taken.push(rect);
        placed.push((entity, middle, there));
    }
    for (entity, label, mut node, mut visibility, children) in &mut labels {
        let Some((_, middle, there)) = placed.iter().find(|(other, ..)| *other == entity) else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        let corner = middle - BOX * 0.5;
        let (left, top) = (Val::Px(corner.x), Val::Px(corner.y));
        if node.left != left || node.top != top {
            node.left = left;
            node.top = top;
        }
        let ink = if label.anchor == Anchor::Name {
            room.ink
        } else {
            room.quiet
        };
        for child in children {
            if let Ok(mut color) = colors.get_mut(*child) {
                color.set_if_neq(TextColor(palette::color(ink, *there)));
            }
        }
    }
}
