//! How the boxes of a network look at a sample, and the ways between them.

use bevy::math::{Vec2, Vec3};

use super::NetworkHighlight;
use super::faces::Faces;
use crate::lesson::{BlockMark, StagedNetwork};
use crate::network::map::{MapLink, PlacedMap};
use crate::stage::draw::BoxAppearance;
use crate::stage::palette::{self, Rgb, Room};
use crate::stage::pose::smooth;
use crate::timeline::{PartState, PictureShape, Sample};

/// How much a block glows that is looked at, and one under the pointer.
const SELECTED: f32 = 0.55;
const HOVERED: f32 = 0.3;
/// The same of a block with a layer that is edited.
const EDITED: f32 = 0.14;
/// How far back what no longer fits stands.
const STALE: f32 = 0.6;
/// Half the thickness of a way; and of one round other tensors, which is long and to be followed from afar.
const THICKNESS: f32 = 0.055;
const SKIP_THICKNESS: f32 = 0.08;
/// Half the breadth of the point of a way, and how long it is.
const POINT: [f32; 2] = [0.24, 0.6];
/// Slices of which a point is made.
const SLICES: u8 = 20;
/// The hue of the frame around a place, in degrees of OKLCH, and half its breadth at least.
const PLACE_HUE: f32 = 45.0;
const LEAST_PLACE: f32 = 0.14;
/// The hue of ways round other tensors, in degrees of OKLCH.
const SKIP_HUE: f32 = 258.0;

/// All boxes at a sample, where they stand in a picture of some shape.
pub(super) fn list(
    (network, picture): (&StagedNetwork, PictureShape),
    faces: &[Option<Faces>],
    sample: &Sample,
    room: Room,
    highlight: &NetworkHighlight,
) -> Vec<BoxAppearance> {
    let state = |block: usize| {
        let states = sample.parts.tensors.get(block);
        let state = states.and_then(|states| states.first());
        let mut state = state.copied().unwrap_or_default();
        state.presence = smooth(state.presence) * sample.scene_opacity;
        state
    };
    let map = network.placed(picture);
    let blocks = map.blocks.iter().enumerate().map(|(number, block)| {
        let PartState { presence, recede } = state(number);
        let mark = network.marks.get(number).copied().unwrap_or_default();
        let faces = faces.get(number).copied().flatten();
        let (marked, back) = match mark {
            BlockMark::Plain => (0.0, 0.0),
            BlockMark::Edited | BlockMark::Misfit => (EDITED, 0.0),
            BlockMark::Stale => (0.0, STALE),
        };
        BoxAppearance {
            middle: block.middle,
            half: block.half * (0.8 + 0.2 * presence),
            opacity: presence,
            recede: recede.max(back),
            glow: if highlight.selected == Some(number) {
                SELECTED
            } else if highlight.hovered == Some(number) {
                HOVERED
            } else {
                marked
            },
            color: room.ghost,
            faces: faces.map(|faces| faces.outer),
            front: faces.and_then(|faces| faces.front),
            casts: true,
        }
    });
    let ways = map.links.iter().flat_map(|link| {
        let (from, to) = (state(link.from), state(link.to));
        let both = PartState {
            presence: from.presence.min(to.presence),
            recede: from.recede.max(to.recede),
        };
        way(link, both, room)
    });
    let place = place(map, highlight, &state);
    blocks
        .chain(ways)
        .chain(place)
        .filter(|one| one.opacity > 0.0)
        .collect()
}

/// A frame around a place on the front of the block that is looked at.
fn place(
    map: &PlacedMap,
    highlight: &NetworkHighlight,
    state: &dyn Fn(usize) -> PartState,
) -> Vec<BoxAppearance> {
    let found = highlight.selected.zip(highlight.place);
    let Some((number, [row, column])) = found else {
        return Vec::new();
    };
    let block = map.blocks.get(number);
    let cell = block.and_then(|block| block.front_cell(row, column));
    let Some((middle, half)) = cell else {
        return Vec::new();
    };
    let half = (half + Vec2::splat(THICKNESS)).max(Vec2::splat(LEAST_PLACE));
    let color = palette::name_color(PLACE_HUE);
    [Vec2::X, Vec2::NEG_X, Vec2::Y, Vec2::NEG_Y]
        .map(|side| {
            let along = Vec2::new(side.y.abs(), side.x.abs()) * half;
            let at = middle + (side * half).extend(0.0);
            let around = (along + Vec2::splat(THICKNESS * 0.5)).extend(THICKNESS);
            bar(at - around, at + around, color, state(number))
        })
        .to_vec()
}

/// A way as thin bars, with a point where it ends.
fn way(link: &MapLink, state: PartState, room: Room) -> Vec<BoxAppearance> {
    let (color, thickness) = if link.skips {
        (palette::name_color(SKIP_HUE), SKIP_THICKNESS)
    } else {
        (palette::mix(room.quiet, room.ghost, 0.35), THICKNESS)
    };
    let one = |low: Vec3, high: Vec3| bar(low, high, color, state);
    let corners = link
        .points
        .windows(2)
        .filter(|pair| pair[0].distance_squared(pair[1]) > 1e-6);
    let mut bars: Vec<BoxAppearance> = corners
        .map(|pair| {
            let around = Vec3::splat(thickness);
            one(pair[0].min(pair[1]) - around, pair[0].max(pair[1]) + around)
        })
        .collect();
    let last = link.points.iter().rev();
    let last: Vec<Vec3> = last.take(2).copied().collect();
    if let [end, before] = last[..]
        && let Some(direction) = (end - before).try_normalize()
    {
        let [breadth, length] = POINT;
        for slice in 0..SLICES {
            let (from, to) = (
                f32::from(slice) / f32::from(SLICES),
                f32::from(slice + 1) / f32::from(SLICES),
            );
            let half = breadth * (1.0 - from);
            let across =
                (Vec3::ONE - direction.abs()) * Vec3::new(half, half, thickness.max(half * 0.5));
            let (a, b) = (
                end - direction * length * (1.0 - from),
                end - direction * length * (1.0 - to),
            );
            bars.push(one(a.min(b) - across, a.max(b) + across));
        }
    }
    bars
}

fn bar(low: Vec3, high: Vec3, color: Rgb, state: PartState) -> BoxAppearance {
    BoxAppearance {
        middle: (low + high) * 0.5,
        half: (high - low) * 0.5,
        opacity: state.presence,
        recede: state.recede,
        glow: 0.0,
        color,
        faces: None,
        front: None,
        casts: false,
    }
}
