//! From a lesson's shot to a guided camera: what fills the frame, seen from there.

use glam::{Vec2, Vec3};

use super::{Block, GuidedView, Layout};
use crate::lesson::{LayerPart, Part, Shot};

/// Room around what is framed, in cubes, for names and numbers beside it; and the most of its size that this
/// takes, since what is small is shown large, and its names are not.
const MARGIN: f32 = 1.4;
const MARGIN_SHARE: f32 = 0.2;
/// Width over height of the room in a wide picture.
const ROOM: f32 = 2.2;
/// Room above a side of a comparison for its name, in cubes.
const SIDE_NAME: f32 = 1.8;

impl Layout {
    /// The camera of a shot.
    #[must_use]
    pub fn frame(&self, shot: &Shot) -> GuidedView {
        let everything: Vec<Part> = match self.network.len() {
            0 => (0..self.sides.len()).map(Part::Side).collect(),
            blocks => (0..blocks).map(Part::Tensor).collect(),
        };
        let parts = if shot.frame.is_empty() {
            &everything
        } else {
            &shot.frame
        };
        let mut view = GuidedView {
            yaw: shot.yaw,
            pitch: shot.pitch,
            centre: Vec3::ZERO,
            half: Vec2::ONE,
            reach: Vec2::ONE,
            stacked: 0.0,
        };
        let [right, up, back] = view.axes();
        let (mut low, mut high) = (Vec3::splat(f32::MAX), Vec3::splat(f32::MIN));
        for (near, far) in parts.iter().flat_map(|part| self.bounds(*part)) {
            for corner in 0..8_u8 {
                let pick =
                    |bit: u8, low: f32, high: f32| if corner & bit == 0 { low } else { high };
                let point = Vec3::new(
                    pick(1, near.x, far.x),
                    pick(2, near.y, far.y),
                    pick(4, near.z, far.z),
                );
                let seen = Vec3::new(point.dot(right), point.dot(up), point.dot(back));
                low = low.min(seen);
                high = high.max(seen);
            }
        }
        if low.x > high.x {
            return view;
        }
        let middle = (low + high) * 0.5;
        view.centre = right * middle.x + up * middle.y + back * middle.z;
        let half = (high - low).truncate() * 0.5;
        let margin = (MARGIN_SHARE * half.y.max(half.x / ROOM)).min(MARGIN);
        view.half = (half + Vec2::splat(margin)) * shot.room;
        // Who goes nearer than what is framed wants it cut off.
        let near = shot.room.min(1.0);
        view.reach = Vec2::splat(half.y * near);
        if parts.iter().any(|part| matches!(part, Part::Side(_))) {
            // The room that a side has above it is for names.
            if self.sides.len() > 1 {
                view.reach.y = ((half.y - SIDE_NAME * up.y) * near).max(0.0);
            }
            view.stacked = if self.is_stacked() { 1.0 } else { 0.0 };
        }
        view
    }

    /// Whether its tensors stand in several rows.
    fn is_stacked(&self) -> bool {
        let mut rows = self.tensors.iter().map(|block| block.middle().y);
        let first = rows.next();
        first.is_some_and(|first| rows.any(|row| (row - first).abs() > 1.0))
    }

    /// The boxes that a part takes up.
    #[must_use]
    pub fn bounds(&self, part: Part) -> Vec<(Vec3, Vec3)> {
        if !self.network.is_empty() {
            let block = match part {
                Part::Input => self.network.first(),
                Part::Output => self.network.last(),
                Part::Tensor(index) => self.network.get(index),
                // A network has no other parts; `check` tells.
                _ => None,
            };
            return block.copied().into_iter().collect();
        }
        let of = |staged_layer: usize, part: LayerPart| self.bounds_of(staged_layer, part);
        let every = |part: LayerPart| -> Vec<(Vec3, Vec3)> {
            (0..self.staged_layers.len())
                .flat_map(|staged_layer| of(staged_layer, part))
                .collect()
        };
        let ends = |last: bool| {
            let tensors = self.sides.iter().map(move |(_, tensors)| {
                if last {
                    tensors.end.saturating_sub(1)
                } else {
                    tensors.start
                }
            });
            tensors.filter_map(|tensor| self.tensors.get(tensor))
        };
        let first = 0;
        let last = self
            .sides
            .first()
            .map_or(0, |(staged_layers, _)| staged_layers.end.saturating_sub(1));
        match part {
            Part::Input => ends(false).map(Block::bounds).collect(),
            Part::Output => ends(true).map(Block::bounds).collect(),
            Part::Padding => every(LayerPart::Padding),
            Part::Kernel => every(LayerPart::Kernel),
            Part::Filters => every(LayerPart::Filters),
            Part::Filter(index) => {
                let weighted = self
                    .staged_layers
                    .iter()
                    .position(|staged_layer| !staged_layer.filters.is_empty());
                of(weighted.unwrap_or(first), LayerPart::Filter(index))
            }
            Part::InputChannel(index) => of(first, LayerPart::InputChannel(index)),
            Part::OutputChannel(index) => of(last, LayerPart::OutputChannel(index)),
            Part::Tensor(index) => self
                .tensors
                .get(index)
                .map(Block::bounds)
                .into_iter()
                .collect(),
            Part::Layer(index) => [LayerPart::Padding, LayerPart::Filters, LayerPart::Output]
                .into_iter()
                .flat_map(|part| of(index, part))
                .collect(),
            Part::Of(index, part) => of(index, part),
            Part::Side(index) => self.sides.get(index).map_or_else(Vec::new, |side| {
                let (staged_layers, tensors) = side.clone();
                let tensors = self.tensors[tensors].iter().map(Block::bounds);
                let racks = staged_layers.flat_map(|staged_layer| {
                    [LayerPart::Padding, LayerPart::Filters]
                        .into_iter()
                        .flat_map(move |part| self.bounds_of(staged_layer, part))
                });
                let mut boxes: Vec<(Vec3, Vec3)> = tensors.chain(racks).collect();
                if self.sides.len() > 1 {
                    let top = boxes
                        .iter()
                        .map(|(_, high)| high.y)
                        .fold(f32::MIN, f32::max);
                    for (_, high) in boxes.iter_mut().filter(|(_, high)| high.y >= top) {
                        high.y += SIDE_NAME;
                    }
                }
                boxes
            }),
        }
    }

    fn bounds_of(&self, staged_layer: usize, part: LayerPart) -> Vec<(Vec3, Vec3)> {
        let Some(staged_layer) = self.staged_layers.get(staged_layer) else {
            return Vec::new();
        };
        match part {
            LayerPart::Input => vec![staged_layer.input.bounds()],
            LayerPart::InputChannel(index) => vec![staged_layer.input.channel(index).bounds()],
            LayerPart::Padding | LayerPart::Kernel => vec![staged_layer.padded_block().bounds()],
            LayerPart::Filters => staged_layer.filters.iter().map(Block::bounds).collect(),
            LayerPart::Filter(index) => staged_layer
                .filters
                .get(index)
                .map(Block::bounds)
                .into_iter()
                .collect(),
            LayerPart::Output => vec![staged_layer.output.bounds()],
            LayerPart::OutputChannel(index) => vec![staged_layer.output.channel(index).bounds()],
        }
    }
}
