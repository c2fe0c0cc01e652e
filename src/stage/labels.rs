//! Names, shapes and axes beside the tensors: what they say, and how large.

use bevy::camera::CameraUpdateSystems;
use bevy::camera::visibility::VisibilitySystems;
use bevy::prelude::*;
use bevy::ui::UiSystems;

use super::elements::Stage;
use super::label_places::{place_labels, rack_bounds};
use super::scene::SceneModel;
use super::surroundings::Owner;
use super::text::{LeastLetters, TextFonts, TextLayer};
use crate::lesson::Language;
use crate::network::map::written;
use crate::op::Plan;
use crate::playback::{CurrentSample, Show, ShowSystems};
use crate::tensor::Shape;
use crate::timeline::{Block, Layout, PictureShape, Stand, USUAL_YAW};

/// A label beside something on the stage.
#[derive(Component, Debug, Clone)]
pub struct Label {
    /// Whose label it is.
    pub(super) owner: Owner,
    /// Where beside it.
    pub(super) anchor: Anchor,
    /// Which way from there the label stands on the screen, in 1080ths of the picture.
    pub(super) towards: Vec2,
    /// About how wide and high it is, in 1080ths of the picture.
    pub(super) size: Vec2,
}

/// The box that a label's text is centred in, in 1080ths of the picture.
const BOX: Vec2 = Vec2::new(760.0, 120.0);
/// The height of a name, in 1080ths of the picture.
pub(crate) const NAME: f32 = 36.0;
/// The height of the name of a side.
const SIDE_NAME: f32 = 40.0;
/// The least height of the name of a tensor.
const SMALL_NAME: f32 = 26.0;
/// Filters that take no more than this in breadth and height, in cubes, are small.
const SMALL_RACK: f32 = 4.5;
/// The distance of lines, as a part of their height.
pub(crate) const LINE: f32 = 1.2;
/// The most breadth of the name of a side that stands in one line, in parts of its height.
pub(super) const SIDE_LINE: f32 = 6.1;
/// The height of a dimension.
pub(crate) const DIMENSION: f32 = 26.0;

/// The box that a label's text is centred in, where letters have a least height.
pub(super) fn text_box(least: LeastLetters) -> Vec2 {
    BOX * least.growth(NAME)
}

/// Where beside what it belongs to a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Above it.
    Name,
    /// Under it, where there is no room above it.
    Under,
    /// On its left, where there is room there; else above it.
    Beside,
    /// Along its columns.
    Width,
    /// Along its rows.
    Height,
    /// Along its rows on the other side, where there is no room on the usual one.
    FarHeight,
    /// Along its channels.
    Channels,
    /// Below it.
    Below,
}

impl Anchor {
    /// Whether it is for names.
    pub(super) const fn is_name(self) -> bool {
        match self {
            Self::Name | Self::Under | Self::Beside => true,
            Self::Width | Self::Height | Self::FarHeight | Self::Channels | Self::Below => false,
        }
    }
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
    show: Option<Res<Show>>,
    least: Res<LeastLetters>,
    old: Query<Entity, With<Label>>,
) {
    let (Some(stage), Some(sample)) = (stage, &now.0) else {
        old.iter()
            .for_each(|entity| commands.entity(entity).despawn());
        return;
    };
    if !stage.is_changed() && !least.is_changed() {
        return;
    }
    old.iter()
        .for_each(|entity| commands.entity(entity).despawn());
    let picture = show.map_or(PictureShape::default(), |show| show.timeline.picture);
    let text_box = text_box(*least);
    for (label, text, size) in labels(&stage.model, sample.language, picture, *least) {
        let bold = label.anchor.is_name();
        commands.spawn((
            Name::new("label"),
            TextLayer::Labels.z(),
            label,
            Node {
                position_type: PositionType::Absolute,
                width: Val::Px(text_box.x),
                height: Val::Px(text_box.y),
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
pub(super) fn extent(text: &str, size: f32) -> Vec2 {
    let character = |character: char| if character.is_ascii() { 0.56 } else { 1.0 };
    let width = |line: &str| line.chars().map(character).sum::<f32>();
    let widest = text.lines().map(width).fold(0.0, f32::max);
    Vec2::new(widest, text.lines().count() as f32 * LINE) * size
}

/// All labels of a scene: where, what, how large.
fn labels(
    model: &SceneModel,
    language: Language,
    picture: PictureShape,
    least: LeastLetters,
) -> Vec<(Label, String, f32)> {
    let mut all = Vec::new();
    let mut add = |owner: Owner, anchor, towards, text: String, size: f32| {
        let room = match owner {
            // As the map has left room for it.
            Owner::Block(_) => Vec2::new(written::breadth(&text) * size, extent(&text, size).y),
            Owner::Tensor(_) | Owner::Filters(_) | Owner::Side(_) => extent(&text, size),
        };
        let label = Label {
            owner,
            anchor,
            towards,
            size: room,
        };
        all.push((label, text, size));
    };
    for side in 0..model.layout.sides.len() {
        if let Some(name) = model.side_name(side, language) {
            let owner = Owner::Side(side);
            let size = least.of(SIDE_NAME);
            let above = Vec2::new(0.0, -96.0 - least.more(NAME) * LINE);
            let lines = written::in_lines(name, SIDE_LINE);
            add(owner, Anchor::Beside, Vec2::ZERO, lines, size);
            add(owner, Anchor::Name, above, name.to_owned(), size);
        }
    }
    let room = NameRoom::of(&model.layout, picture, least);
    for (number, block) in model.layout.tensors.iter().enumerate() {
        let owner = Owner::Tensor(number);
        let name = tensor_name(model, number, language);
        let shape = model.tensors[number].shape;
        let (text, size) = room.write(block.middle(), &name, &shape.to_string(), false);
        let lines = text.lines().count() as f32;
        let over = Vec2::new(0.0, -21.4 - size * LINE * 0.5 * lines);
        add(owner, Anchor::Name, over, text.clone(), size);
        add(owner, Anchor::Under, Vec2::ZERO, text, size);
        let size = least.of(DIMENSION);
        let lower = least.more(DIMENSION) * LINE * 0.5;
        for (anchor, text) in axes(block, &shape) {
            let beside = extent(&text, size).x * 0.5 + 14.0;
            let towards = match anchor {
                Anchor::Name | Anchor::Under | Anchor::Beside => Vec2::ZERO,
                Anchor::Width => Vec2::new(0.0, 36.0 + lower),
                Anchor::Height => Vec2::new(-beside.max(47.0), 0.0),
                Anchor::FarHeight => Vec2::new(beside.max(47.0), 0.0),
                Anchor::Channels => Vec2::new(beside.max(42.0), 26.0 + lower),
                Anchor::Below => Vec2::new(0.0, 20.0 + lower),
            };
            add(owner, anchor, towards, text, size);
        }
    }
    let blocks = model.network.iter().flat_map(|network| &network.map.blocks);
    for (number, block) in blocks.enumerate() {
        let owner = Owner::Block(number);
        let title = written::in_lines(block.title.get(language), written::ONE_LINE);
        let (lines, size) = (title.lines().count() as f32, least.of(written::NAME_HEIGHT));
        let above = Vec2::new(0.0, -10.0 - size * LINE * 0.5 * lines);
        add(owner, Anchor::Name, above, title, size);
        if let Some(shape) = &block.shape {
            let size = least.of(written::SHAPE_HEIGHT);
            let below = Vec2::new(0.0, 20.0 + least.more(written::SHAPE_HEIGHT) * LINE * 0.5);
            add(owner, Anchor::Below, below, shape.to_string(), size);
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
        let rack = rack_bounds(&model.layout.staged_layers[staged_layer.number].filters);
        let Some((low, high)) = rack else { continue };
        let is_small = (high - low).truncate().max_element() < SMALL_RACK;
        let (text, size) = room.write((low + high) * 0.5, &count, &each, is_small);
        add(owner, Anchor::Name, Vec2::ZERO, text.clone(), size);
        add(owner, Anchor::Under, Vec2::ZERO, text, size);
    }
    all
}

/// The room for names in a picture that shows a whole row of tensors and filters.
struct NameRoom {
    /// The middle of each that has a name.
    middles: Vec<Vec3>,
    /// The size of a cube in such a picture, in 1080ths of its height.
    cube: f32,
    /// How high letters are at least.
    least: LeastLetters,
}

impl NameRoom {
    fn of(layout: &Layout, picture: PictureShape, least: LeastLetters) -> Self {
        // What a row takes at most of a picture's breadth and height.
        let most = match picture {
            PictureShape::Wide => Vec2::new(1770.0, 560.0),
            PictureShape::Square => Vec2::new(1000.0, 440.0),
            PictureShape::Upright => Vec2::new(1000.0, 1150.0),
        };
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
        let cube = most / Vec2::new(breadth.max(1.0), (highest - lowest).max(1.0));
        Self {
            middles: boxes
                .iter()
                .map(|(low, high)| (*low + *high) * 0.5)
                .collect(),
            cube: cube.min_element(),
            least,
        }
    }

    /// How far along its row something stands, seen from where cameras usually stand.
    fn along(point: Vec3) -> f32 {
        let (sin, cos) = USUAL_YAW.to_radians().sin_cos();
        point.x * cos - point.z * sin
    }

    /// A name and a shape, and how large: in one line, or in two where its neighbours leave no room for
    /// that, or it is to be `short`, and smaller where they leave none for these either.
    fn write(&self, middle: Vec3, name: &str, shape: &str, short: bool) -> (String, f32) {
        let here = Self::along(middle);
        let neighbours = self.middles.iter().filter(|other| {
            // Those of the same row.
            (other.y - middle.y).abs() < 1.0 && (Self::along(**other) - here).abs() > 0.5
        });
        let distances = neighbours.map(|other| (Self::along(*other) - here).abs());
        let free = distances.fold(f32::MAX, f32::min) * self.cube - 14.0;
        let one = format!("{name}  {shape}");
        let usual = self.least.of(NAME);
        if !short && extent(&one, usual).x <= free {
            return (one, usual);
        }
        let two = format!("{name}\n{shape}");
        let size = NAME * (free / extent(&two, NAME).x).clamp(SMALL_NAME / NAME, 1.0);
        (two, self.least.of(size))
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
            (Anchor::FarHeight, format!("C {channels}")),
        ],
        (Stand::Deep, [channels, rows, columns]) => vec![
            width(columns),
            (Anchor::Height, format!("H {rows}")),
            (Anchor::FarHeight, format!("H {rows}")),
            (Anchor::Channels, format!("C {channels}")),
        ],
        (Stand::Deep, [channels, slices, rows, columns]) => vec![
            width(columns),
            (Anchor::Height, format!("H {rows}")),
            (Anchor::FarHeight, format!("H {rows}")),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sides_that_are_long_have_two_lines() {
        for (name, lines) in [
            ("Stay small", "Stay small"),
            ("Two stages", "Two stages"),
            ("Enlarge first", "Enlarge\nfirst"),
            ("Resize, convolve", "Resize,\nconvolve"),
            ("Convolve, shuffle", "Convolve,\nshuffle"),
            ("Kernel of 3 × 3", "Kernel\nof 3 × 3"),
            ("転置畳み込み", "転置畳み込み"),
            ("拡大+畳み込み", "拡大+畳み込み"),
            ("小さいまま処理", "小さいまま処理"),
        ] {
            assert_eq!(written::in_lines(name, SIDE_LINE), lines);
        }
    }
}
