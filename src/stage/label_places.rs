//! Puts labels where there is room for them beside what they belong to.

use bevy::prelude::*;

use super::captions::CaptionsOn;
use super::draw::{Lighting, StageCamera};
use super::elements::Stage;
use super::formula::INTO_NAMES;
use super::labels::{Anchor, LINE, Label, NAME, extent, text_box};
use super::moment::Moment;
use super::palette;
use super::scene::SceneModel;
use super::surroundings::{Outline, Owner, Surroundings, smooth, unnamed};
use super::text::{CardHeight, ControlBarHeight, LeastLetters, SidePanelWidths};
use crate::camera::head;
use crate::playback::{CurrentSample, Show};
use crate::timeline::{Block, Layout, PartState, Sample, Timeline, Titles};

/// A tensor less high than this in the picture, in 1080ths of it, has its name only.
const SMALL: f32 = 120.0;
/// The least room between a name and what it stands above, and the usual one above filters.
const ABOVE: f32 = 4.0;
const ABOVE_FILTERS: f32 = 14.0;
/// Room between a name and what it stands under; between the name of a side and that; and for the height of its
/// first tensor between them.
const UNDER: f32 = 10.0;
const BESIDE_SIDE: f32 = 40.0;
const BESIDE_HEIGHT: f32 = 60.0;
/// The part of a line's height that its letters take.
const LETTERS: f32 = 0.75;
/// From this much less to [`SMALL`], dimensions come and go.
const GROWING: f32 = 12.0;
/// What the titles take of the picture at least, in 1080ths of it; where they begin; and the height of the letters of
/// the chapter and of the lesson.
const TITLES: Vec2 = Vec2::new(620.0, 140.0);
const TITLES_LEFT: f32 = 56.0;
const TITLES_LETTERS: f32 = 44.0;
const LESSON_LETTERS: f32 = 28.0;
/// What is free at the upper and the lower edge of the picture.
const EDGE: f32 = 8.0;
/// A line of a caption: the widest that one is, and its height; and what is below and around the lines, in 1080ths
/// of the picture.
const CAPTION_LINE: Vec2 = Vec2::new(900.0, 53.0);
const CAPTION_FOOT: f32 = 46.0;
const CAPTION_PADDING: Vec2 = Vec2::new(68.0, 28.0);
/// The height of its letters, and the part of the picture's width that it takes at most.
const CAPTION_LETTERS: f32 = 44.0;
const CAPTION_WIDTH: f32 = 0.88;
/// How much stays of a name that cubes fly across, and the part of them that has left when it has given way.
const CROSSED: f32 = 0.15;
const FIRST_CUBES: f32 = 0.1;

/// A label that is to be placed.
struct Wanted {
    entity: Entity,
    /// What it belongs to: the lowest and the highest corner.
    bounds: (Vec3, Vec3),
    /// The edge of that which it stands beside, in the picture.
    edge: [Vec2; 2],
    /// How much of it is there.
    there: f32,
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
            let states = &sample.parts.staged_layers[staged_layer].filters;
            // The name says how many there are, which is true of all of them only.
            let presences = states.iter().map(|state| state.presence);
            PartState {
                presence: presences.fold(1.0, f32::min),
                ..strongest(states)
            }
        }
        Owner::Side(side) => {
            let (_, tensors) = &layout.sides[side];
            let states = &sample.parts.tensors[tensors.clone()];
            strongest(&states.concat())
        }
        Owner::Block(number) => strongest(&sample.parts.tensors[number]),
    }
}

/// What the channels of a tensor that are on the stage take; nothing where there are none.
fn visible(block: &Block, states: &[PartState]) -> Option<(Vec3, Vec3)> {
    let there = |state: &PartState| state.presence > 0.5;
    let first = block.channel(states.iter().position(there)?).bounds();
    let last = block.channel(states.iter().rposition(there)?).bounds();
    Some((first.0.min(last.0), first.1.max(last.1)))
}

/// Where a label's thing is: the lowest and the highest corner of what is to be seen of it.
fn bounds(owner: Owner, model: &SceneModel, sample: &Sample) -> Option<(Vec3, Vec3)> {
    let layout = &model.layout;
    match owner {
        Owner::Tensor(number) => visible(&layout.tensors[number], &sample.parts.tensors[number]),
        Owner::Filters(staged_layer) => rack_bounds(&layout.staged_layers[staged_layer].filters),
        Owner::Side(side) => {
            let (_, tensors) = &layout.sides[side];
            // Above the first of its tensors that can be seen.
            tensors.clone().find_map(|tensor| {
                let states = &sample.parts.tensors[tensor];
                visible(&layout.tensors[tensor], states)
            })
        }
        Owner::Block(number) => layout.network.get(number).copied(),
    }
}

/// What all filters of a layer take together.
pub(super) fn rack_bounds(filters: &[Block]) -> Option<(Vec3, Vec3)> {
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

/// The edge of a box that a label stands beside: it stands at its middle.
fn edge(anchor: Anchor, low: Vec3, high: Vec3) -> [Vec3; 2] {
    let [first, last] = match anchor {
        Anchor::Name | Anchor::Under | Anchor::Beside => {
            [(low.x, high.y, low.z), (high.x, high.y, low.z)]
        }
        Anchor::Width | Anchor::Below => [(low.x, low.y, high.z), (high.x, low.y, high.z)],
        Anchor::Height => [(low.x, low.y, high.z), (low.x, high.y, high.z)],
        Anchor::FarHeight => [(high.x, low.y, low.z), (high.x, high.y, low.z)],
        Anchor::Channels => [(high.x, low.y, low.z), (high.x, low.y, high.z)],
    };
    [Vec3::from(first), Vec3::from(last)]
}

/// How much of the names of a tensor stays: less than all where half of it has been carried over to the next one, and
/// nothing where a quarter is left, so that they name no empty place.
fn left(tensor: usize, model: &SceneModel, moments: Option<&[Moment]>) -> f32 {
    let reader = model.neighbours(tensor).1;
    let moment = reader.and_then(|reader| moments?.get(reader));
    moment.map_or(1.0, |moment| {
        (moment.left_behind() * 4.0 - 1.0).clamp(0.0, 1.0)
    })
}

/// How much of the names of a tensor stays while many cubes at once are carried to it: where it stands below the one
/// that they leave, they fly across its name.
fn uncrossed(tensor: usize, model: &SceneModel, moments: Option<&[Moment]>) -> f32 {
    let Some(writer) = model.neighbours(tensor).0 else {
        return 1.0;
    };
    let Some(moment) = moments.and_then(|moments| moments.get(writer)) else {
        return 1.0;
    };
    let tensors = &model.layout.tensors;
    let (foot, _) = tensors[model.staged_layers[writer].input].bounds();
    let (_, top) = tensors[tensor].bounds();
    if foot.y < top.y {
        return 1.0;
    }
    let left = moment.left_behind();
    let flying = (left.min(1.0 - left) / FIRST_CUBES).clamp(0.0, 1.0) * (1.0 - moment.detail);
    1.0 - flying * (1.0 - CROSSED)
}

/// The picture, as labels see it, in 1080ths of it.
struct View<'a> {
    camera: &'a Camera,
    transform: GlobalTransform,
    scale: f32,
}

impl View<'_> {
    fn point(&self, point: Vec3) -> Option<Vec2> {
        let at = self.camera.world_to_viewport(&self.transform, point).ok()?;
        let at = at / self.scale;
        at.is_finite().then_some(at)
    }

    fn outline(
        &self,
        (low, high): (Vec3, Vec3),
        owner: Owner,
        there: f32,
        row: f32,
    ) -> Option<Outline> {
        let mut corners = [Vec2::ZERO; 8];
        for (number, corner) in corners.iter_mut().enumerate() {
            let pick = |bit: usize, low: f32, high: f32| if number & bit == 0 { low } else { high };
            *corner = self.point(Vec3::new(
                pick(1, low.x, high.x),
                pick(2, low.y, high.y),
                pick(4, low.z, high.z),
            ))?;
        }
        Some(Outline::new(corners, owner, there, row))
    }

    /// All that stands on the stage.
    fn outlines(
        &self,
        model: &SceneModel,
        sample: &Sample,
        moments: Option<&[Moment]>,
    ) -> Vec<Outline> {
        let layout = &model.layout;
        let middle = |(low, high): (Vec3, Vec3)| (low.y + high.y) * 0.5;
        let mut all = Vec::new();
        for (number, block) in layout.tensors.iter().enumerate() {
            let owner = Owner::Tensor(number);
            let there = state(owner, layout, sample).presence * left(number, model, moments);
            let Some(bounds) = bounds(owner, model, sample).filter(|_| there > 0.0) else {
                continue;
            };
            let row = middle(block.bounds());
            all.extend(self.outline(bounds, owner, there, row));
            let Some(reader) = model.neighbours(number).1 else {
                continue;
            };
            let padded = layout.staged_layers[reader].padded_block().bounds();
            let there = sample.parts.staged_layers[reader]
                .padding
                .presence
                .min(there);
            if there > 0.0 && padded != block.bounds() {
                all.extend(self.outline(padded, owner, there, row));
            }
        }
        let layers = layout.staged_layers.iter().zip(&sample.parts.staged_layers);
        for (number, (layer, states)) in layers.enumerate() {
            let Some(rack) = rack_bounds(&layer.filters) else {
                continue;
            };
            for (filter, state) in layer.filters.iter().zip(&states.filters) {
                if state.presence > 0.0 {
                    let owner = Owner::Filters(number);
                    all.extend(self.outline(filter.bounds(), owner, state.presence, middle(rack)));
                }
            }
        }
        all
    }

    /// Where the name of a side that stands beside it ends, in the row of its first tensor.
    fn left_of(&self, owner: Owner, model: &SceneModel) -> Option<Vec2> {
        let side = match owner {
            Owner::Side(side) => side,
            Owner::Tensor(_) | Owner::Filters(_) | Owner::Block(_) => return None,
        };
        let (layers, tensors) = model.layout.sides[side].clone();
        let layers = &model.layout.staged_layers[layers];
        let padded = layers.iter().map(|layer| layer.padded_block().bounds());
        let tensors = model.layout.tensors[tensors].iter().map(Block::bounds);
        let mut outlines = tensors
            .chain(padded)
            .filter_map(|bounds| self.outline(bounds, owner, 1.0, 0.0));
        let first = outlines.next()?;
        let left = outlines.map(|outline| outline.bounds.min.x);
        let left = left.fold(first.bounds.min.x, f32::min);
        // A tensor that is large has its height there.
        let height = smooth((first.bounds.height() - SMALL) / GROWING + 1.0);
        let gap = BESIDE_SIDE + BESIDE_HEIGHT * height;
        Some(Vec2::new(left - gap, first.bounds.center().y))
    }

    /// What a name stands above.
    fn named(&self, owner: Owner, model: &SceneModel, bounds: (Vec3, Vec3)) -> Vec<Outline> {
        let row = (bounds.0.y + bounds.1.y) * 0.5;
        let blocks = match owner {
            Owner::Filters(number) => model.layout.staged_layers[number]
                .filters
                .iter()
                .map(Block::bounds)
                .collect(),
            // The row is that of the tensor, whatever is around it.
            Owner::Tensor(_) | Owner::Side(_) | Owner::Block(_) => vec![bounds],
        };
        // A side stands over a tensor of its own.
        let owner = match owner {
            Owner::Side(side) => Owner::Tensor(model.layout.sides[side].1.start),
            Owner::Tensor(_) | Owner::Filters(_) | Owner::Block(_) => owner,
        };
        let outlines = blocks
            .into_iter()
            .map(|block| self.outline(block, owner, 1.0, row));
        outlines.flatten().collect()
    }
}

/// The middle of the name of filters that nothing is in the way of.
fn over_filters(own: &[Outline], size: Vec2) -> Vec2 {
    let bounds = own.iter().map(|outline| outline.bounds);
    let Some(whole) = bounds.reduce(|all, one| all.union(one)) else {
        return Vec2::ZERO;
    };
    let x = whole.center().x;
    let columns = x - size.x * 0.5..x + size.x * 0.5;
    let tops = own
        .iter()
        .filter_map(|outline| outline.rows(columns.clone()));
    let top = tops.map(|(top, _)| top).fold(whole.max.y, f32::min);
    Vec2::new(x, top - ABOVE_FILTERS - size.y * 0.5)
}

/// Where the titles stand.
fn titles_room(titles: &Titles, least: LeastLetters) -> Rect {
    let right = |title: &str, size: f32| TITLES_LEFT + extent(title, least.of(size)).x;
    let chapter = right(&titles.chapter, TITLES_LETTERS);
    let more = least.more(TITLES_LETTERS) + least.more(LESSON_LETTERS);
    // In small letters, the lesson's name is no broader than the least.
    let right = if more > 0.0 {
        chapter.max(right(&titles.lesson, LESSON_LETTERS))
    } else {
        chapter
    };
    Rect::new(0.0, 0.0, right.max(TITLES.x), TITLES.y + more * LINE)
}

/// Where the captions of a scene stand, of as many lines as the longest of them has.
fn caption_room(
    timeline: &Timeline,
    scene: usize,
    picture: Vec2,
    below: f32,
    least: LeastLetters,
) -> Option<Rect> {
    let span = timeline.scenes.get(scene)?;
    let first = timeline
        .captions
        .partition_point(|caption| caption.start < span.start);
    let captions = timeline.captions[first..].iter();
    let lines = captions
        .take_while(|caption| caption.start < span.end)
        .map(|caption| {
            // A line that is too wide for a narrow picture is broken.
            let lines = caption.text.lines().map(|line| {
                let letters = line.chars().map(|letter| match letter {
                    '0'..='9' => 0.6,
                    _ if letter.is_ascii() => 0.5,
                    _ => 1.0,
                });
                let width = letters.sum::<f32>() * least.of(CAPTION_LETTERS);
                (width / (CAPTION_WIDTH * picture.x - CAPTION_PADDING.x))
                    .ceil()
                    .max(1.0)
            });
            lines.sum::<f32>()
        });
    let lines = lines.reduce(f32::max)?;
    let line = CAPTION_LINE * least.growth(CAPTION_LETTERS);
    let size = Vec2::new(line.x, lines * line.y + CAPTION_PADDING.y);
    let foot = picture.y - CAPTION_FOOT - below;
    Some(Rect::from_center_size(
        Vec2::new(picture.x * 0.5, foot - size.y * 0.5),
        size,
    ))
}

pub(super) fn place_labels(
    now: Res<CurrentSample>,
    stage: Option<Res<Stage>>,
    lighting: Res<Lighting>,
    scale: Option<Res<UiScale>>,
    side_panels: Option<Res<SidePanelWidths>>,
    (show, captions, room_below, card, least): (
        Option<Res<Show>>,
        Option<Res<CaptionsOn>>,
        Option<Res<ControlBarHeight>>,
        Option<Res<CardHeight>>,
        Option<Res<LeastLetters>>,
    ),
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
    let view = View {
        camera,
        // The camera has no parent: its transform is where it stands.
        transform: GlobalTransform::from(*transform),
        scale: scale.0,
    };
    let picture = camera.logical_viewport_size().unwrap_or_default() / scale.0;
    let side_panels = side_panels.map_or_else(SidePanelWidths::default, |room| *room);
    let captions = captions.is_some_and(|captions| captions.0);
    let below = room_below.map_or(0.0, |bar| bar.0);
    let least = least.map_or_else(LeastLetters::default, |least| *least);
    let moments = stage.moments();
    let mut surroundings = Surroundings {
        outlines: match model.network {
            Some(_) => Vec::new(),
            None => view.outlines(model, sample, moments),
        },
        caption: show
            .filter(|_| captions)
            .and_then(|show| caption_room(&show.timeline, sample.scene, picture, below, least))
            .map(|room| (room, 1.0 - sample.asking)),
        titles: titles_room(&sample.titles, least),
        head: {
            let aspect = picture.x / picture.y.max(1.0);
            let height = match card {
                Some(card) if card.0 > 0.0 => card.0,
                // The letters of a phone leave the card no gap to the names.
                _ => {
                    let into_names = if least.more(NAME) > 0.0 {
                        INTO_NAMES
                    } else {
                        0.0
                    };
                    head(sample.headroom, aspect, least) * picture.y + into_names
                }
            };
            let question = sample.prediction.as_ref();
            let question = question.map_or(0.0, |question| question.presence);
            let there = sample.formula_presence.max(question);
            (Rect::new(0.0, 0.0, picture.x, height), there)
        },
        names: Vec::new(),
        picture: Rect::new(
            side_panels.left,
            EDGE,
            picture.x - side_panels.right,
            picture.y - EDGE,
        ),
    };
    let mut wanted: Vec<Wanted> = labels
        .iter()
        .filter_map(|(entity, label, ..)| {
            // A name goes with what it names.
            let left = match label.owner {
                Owner::Tensor(tensor) => {
                    left(tensor, model, moments) * uncrossed(tensor, model, moments)
                }
                Owner::Filters(_) | Owner::Side(_) | Owner::Block(_) => 1.0,
            };
            let state = state(label.owner, &model.layout, sample);
            let there = state.presence * sample.scene_opacity * (1.0 - 0.8 * state.recede) * left;
            let (low, high) = bounds(label.owner, model, sample).filter(|_| there > 0.01)?;
            let (low, high) = with_padding(label.owner, model, sample, (low, high));
            let [first, last] = edge(label.anchor, low, high);
            let edge = [view.point(first)?, view.point(last)?];
            // Dimensions are for tensors that are large enough in the picture.
            let top = view.point(Vec3::new(low.x, high.y, high.z))?;
            let foot = view.point(Vec3::new(low.x, low.y, high.z))?;
            let large = if low.y + 1.5 > high.y || label.anchor == Anchor::Below {
                1.0
            } else {
                smooth((top.distance(foot) - SMALL) / GROWING + 1.0)
            };
            // In a comparison there is no room for the names of small filters.
            let crowded = matches!(label.owner, Owner::Filters(_)) && model.layout.sides.len() > 1;
            let there = match label.anchor {
                Anchor::Name | Anchor::Under if crowded => there * large,
                Anchor::Name | Anchor::Under | Anchor::Beside => there,
                Anchor::Width
                | Anchor::Height
                | Anchor::FarHeight
                | Anchor::Channels
                | Anchor::Below => there * large,
            };
            (there > 0.0).then_some(Wanted {
                entity,
                bounds: (low, high),
                edge,
                there,
            })
        })
        .collect();
    // Names come first, from left to right, and those of sides above them; dimensions take what room is
    // left, the one on the far side what the near one leaves.
    let rank = |entity: Entity| {
        let label = labels.get(entity).map(|(_, label, ..)| label);
        label.map_or(0, |label| match (label.anchor, label.owner) {
            (Anchor::Beside, _) => 2,
            (Anchor::Name, Owner::Side(_)) => 3,
            (Anchor::Name, _) => 0,
            (Anchor::Under, _) => 1,
            (Anchor::Width | Anchor::Height | Anchor::Channels | Anchor::Below, _) => 4,
            (Anchor::FarHeight, _) => 5,
        })
    };
    // In a network, what is looked at keeps its name where that meets names of what stands back.
    let weight = |wanted: &Wanted| match labels.get(wanted.entity) {
        Ok((_, label, ..)) if matches!(label.owner, Owner::Block(_)) => wanted.there,
        Ok(_) | Err(_) => 0.0,
    };
    wanted.sort_by(|a, b| {
        let [x, other] = [a, b].map(|wanted| wanted.edge[0].x + wanted.edge[1].x);
        rank(a.entity)
            .cmp(&rank(b.entity))
            .then(weight(b).total_cmp(&weight(a)))
            .then(x.total_cmp(&other))
    });
    // Where the middles of names would be if there were no others.
    let alone = |label: &Label, wanted: &Wanted, surroundings: &Surroundings| {
        let own = view.named(label.owner, model, wanted.bounds);
        let middle = match label.owner {
            Owner::Filters(_) => over_filters(&own, label.size),
            Owner::Tensor(_) | Owner::Side(_) | Owner::Block(_) => {
                (wanted.edge[0] + wanted.edge[1]) * 0.5 + label.towards
            }
        };
        surroundings.above(&own, middle, label.size, ABOVE)
    };
    let first = wanted
        .iter()
        .filter_map(|wanted| {
            let (_, label, ..) = labels.get(wanted.entity).ok()?;
            match (label.anchor, label.owner) {
                (Anchor::Name, Owner::Tensor(_) | Owner::Filters(_)) => {
                    let middle = alone(label, wanted, &surroundings);
                    let rect = Rect::from_center_size(middle, label.size);
                    Some((label.owner, rect, wanted.there))
                }
                _ => None,
            }
        })
        .collect::<Vec<_>>();
    let mut placed: Vec<(Entity, Vec2, f32)> = Vec::new();
    // How much of the heights of tensors stands on the near side, and where names stand under their things.
    let mut near: Vec<(Owner, f32)> = Vec::new();
    let mut under: Vec<(Owner, Vec2, f32)> = Vec::new();
    // The names of sides stand beside them where all of them have room there.
    let mut beside_sides = 1.0_f32;
    let mut sides: Vec<(Entity, Vec2, Vec2, f32)> = Vec::new();
    for wanted in wanted {
        let Wanted {
            entity,
            bounds,
            edge,
            there,
        } = wanted;
        let Ok((_, label, ..)) = labels.get(entity) else {
            continue;
        };
        let beside = (edge[0] + edge[1]) * 0.5 + label.towards;
        // The names of blocks stand close, and are narrower than they are taken to be.
        let broad = match label.owner {
            Owner::Block(_) => label.size + Vec2::new(4.0, 0.0),
            Owner::Tensor(_) | Owner::Filters(_) | Owner::Side(_) => {
                label.size + Vec2::new(14.0, 0.0)
            }
        };
        let letters = label.size * Vec2::new(1.0, LETTERS);
        let clear =
            |middle: Vec2, size: Vec2| surroundings.clear(Rect::from_center_size(middle, size));
        let (middle, shown) = match (label.anchor, label.owner) {
            // Of a network, names that find no room are left out: one goes nearer to read them.
            (Anchor::Name, Owner::Block(_)) => (beside, clear(beside, broad)),
            (Anchor::Name, Owner::Side(_)) => {
                // Those beside them are known by now.
                for (entity, middle, broad, there) in sides.drain(..) {
                    let there = there * beside_sides;
                    if there > 0.01 {
                        let rect = Rect::from_center_size(middle, broad);
                        surroundings.names.push((rect, there));
                        placed.push((entity, middle, there));
                    }
                }
                let own = view.named(label.owner, model, bounds);
                let middle = surroundings.above(&own, beside, label.size, ABOVE);
                let middle = surroundings.over_names(middle, broad);
                (middle, 1.0 - beside_sides)
            }
            (Anchor::Name, Owner::Tensor(_) | Owner::Filters(_)) => {
                let own = view.named(label.owner, model, bounds);
                let above = alone(label, &wanted, &surroundings);
                let above = surroundings.over_names(above, broad);
                let below = surroundings.under(&own, label.size, UNDER);
                let rects = [above, below].map(|at| Rect::from_center_size(at, letters));
                let [up, down] = rects.map(|rect| surroundings.free(rect, label.owner));
                // It stands under its thing where no name is, or would be.
                let others = first.iter().filter(|(owner, ..)| *owner != label.owner);
                let others = others.map(|(_, rect, there)| (*rect, *there));
                let others = others.chain(surroundings.names.iter().copied());
                let down = down * unnamed(rects[1], others) * (1.0 - up);
                let rect = Rect::from_center_size(below, broad);
                surroundings.names.push((rect, there * down));
                under.push((label.owner, below, down));
                (above, 1.0 - down)
            }
            (Anchor::Under, _) => {
                let place = under.iter().find(|(owner, ..)| *owner == label.owner);
                if let Some((_, middle, shown)) = place
                    && there * shown > 0.01
                {
                    placed.push((entity, *middle, there * shown));
                }
                continue;
            }
            (Anchor::Beside, owner) => {
                let Some(end) = view.left_of(owner, model) else {
                    continue;
                };
                let middle = end - Vec2::new(label.size.x * 0.5, 0.0);
                let rect = Rect::from_center_size(middle, letters);
                let free = surroundings.clear(rect) * surroundings.free(rect, owner);
                beside_sides = beside_sides.min(1.0 - (there * 8.0).min(1.0) * (1.0 - free));
                sides.push((entity, middle, broad, there));
                continue;
            }
            (Anchor::Below, _) => (beside, clear(beside, letters)),
            (Anchor::Width | Anchor::Channels, _) => {
                let middle = surroundings.along(edge, label.towards, letters);
                (middle, clear(middle, letters))
            }
            (Anchor::Height, owner) => {
                let shown = clear(beside, letters);
                near.push((owner, shown));
                (beside, shown)
            }
            (Anchor::FarHeight, owner) => {
                let near = near.iter().find(|(other, _)| *other == owner);
                let left = near.map_or(0.0, |(_, shown)| 1.0 - shown);
                (beside, clear(beside, letters) * left)
            }
        };
        let rect = Rect::from_center_size(middle, broad);
        // A name that would be cut off, or lie under the titles, is left out.
        let there = there * shown * surroundings.inside(rect);
        if there > 0.01 {
            surroundings.names.push((rect, there));
            placed.push((entity, middle, there));
        }
    }
    let text_box = text_box(least);
    for (entity, label, mut node, mut visibility, children) in &mut labels {
        let Some((_, middle, there)) = placed.iter().find(|(other, ..)| *other == entity) else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        let corner = middle - text_box * 0.5;
        let (left, top) = (Val::Px(corner.x), Val::Px(corner.y));
        if node.left != left || node.top != top {
            node.left = left;
            node.top = top;
        }
        let ink = if label.anchor.is_name() {
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
