//! Walls between groups of channels: what no filter reads across.

use bevy::math::Vec3;
use bevy::prelude::*;

use super::draw::{Wall, Walls};
use super::elements::Stage;
use super::highlight::Highlight;
use super::moment::Moment;
use super::pose::smooth;
use super::scene::SceneModel;
use super::station::begun;
use crate::playback::Now;
use crate::timeline::Block;

/// How far a wall reaches beyond the tensor that it divides, in cubes.
const MARGIN: f32 = 0.5;
/// How far a wall stays above the floor, in cubes.
const ABOVE_FLOOR: f32 = 0.08;
/// Where in its gap a wall stands, from the front group to the one behind it. What a window lifts
/// out of the group behind comes up close to the front group; the wall stays before it.
const PLACE: f32 = 0.3;
/// So many walls in a tensor stand as clear as one; more of them are fainter.
const CLEAR: f32 = 3.0;

impl SceneModel {
    /// The walls that stand at a moment, from the first tensor to the last.
    #[must_use]
    pub fn walls(&self, moments: &[Moment], highlight: &Highlight) -> Vec<Wall> {
        let mut walls = Vec::new();
        for (tensor, block) in self.layout.tensors.iter().enumerate() {
            self.raise_walls(moments, highlight, tensor, block, &mut walls);
        }
        walls
    }

    fn raise_walls(
        &self,
        moments: &[Moment],
        highlight: &Highlight,
        tensor: usize,
        block: &Block,
        walls: &mut Vec<Wall>,
    ) {
        // Without a gap there is no room for a wall.
        if block.group == 0 {
            return;
        }
        let channels = block.dims[0];
        let (writer, reader) = self.neighbours(tensor);
        // Channels in a group of a layer that keeps groups apart.
        let group = |station: Option<usize>| {
            let groups = self.stations[station?].plan.groups();
            (groups > 1).then(|| channels / groups)
        };
        let (written, read) = (group(writer), group(reader));
        // What a layer has kept apart is mixed as soon as the next one reads across it.
        let mixed = reader.map_or(0.0, |reader| begun(&moments[reader]));
        let stands = |channel: usize| {
            let divides = |group: Option<usize>| {
                group.is_some_and(|group| group > 0 && channel.is_multiple_of(group))
            };
            match (divides(written), divides(read)) {
                (_, true) => 1.0,
                (true, false) => 1.0 - mixed,
                (false, false) => 0.0,
            }
        };
        let states = match (reader, writer) {
            (Some(reader), _) => &moments[reader].input,
            (None, Some(writer)) => &moments[writer].output,
            (None, None) => return,
        };
        let (low, high) = self.surrounded(moments, reader, block);
        let count = (channels / block.group).saturating_sub(1).max(1) as f32;
        let clear = (CLEAR / count).min(1.0).sqrt();
        let hidden = |channel: usize| highlight.hides(channel);
        for channel in (block.group..channels).step_by(block.group) {
            let (Some(front), Some(behind)) = (states.get(channel - 1), states.get(channel)) else {
                continue;
            };
            if hidden(channel - 1) || hidden(channel) {
                continue;
            }
            let there = smooth(front.presence.min(behind.presence)) * stands(channel);
            let opacity = clear * there * (1.0 - 0.8 * front.recede.min(behind.recede));
            if opacity < 0.01 {
                continue;
            }
            let [front, behind] =
                [channel - 1, channel].map(|channel| block.position(channel as isize, 0, 0).z);
            let gap = front - behind - 1.0;
            let z = front - 0.5 - PLACE * gap;
            // It rises from its foot.
            let foot = (low.y - MARGIN).max(self.layout.floor + ABOVE_FLOOR);
            let top = foot + (high.y + MARGIN - foot) * there;
            walls.push(Wall {
                low: Vec3::new(low.x - MARGIN, foot, z),
                high: Vec3::new(high.x + MARGIN, top, z),
                opacity,
            });
        }
    }

    /// The corners of a tensor with the padding that is around it.
    fn surrounded(&self, moments: &[Moment], reader: Option<usize>, block: &Block) -> (Vec3, Vec3) {
        let (low, high) = block.bounds();
        let Some(reader) = reader else {
            return (low, high);
        };
        let (outer_low, outer_high) = self.stations[reader].layout.padded_block().bounds();
        let there = smooth(moments[reader].padding.presence);
        (
            low.lerp(outer_low.min(low), there),
            high.lerp(outer_high.max(high), there),
        )
    }
}

/// Brings the walls to what the sample says.
pub(super) fn raise_walls(
    now: Res<Now>,
    stage: Option<Res<Stage>>,
    highlight: Res<Highlight>,
    mut walls: ResMut<Walls>,
) {
    let wanted = match (&now.0, &stage) {
        (Some(_), Some(stage)) => stage
            .moments()
            .map_or_else(Vec::new, |moments| stage.model.walls(moments, &highlight)),
        _ => Vec::new(),
    };
    walls.set_if_neq(Walls(wanted));
}
