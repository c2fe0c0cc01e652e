//! Walls between groups of channels: what no filter reads across.

use bevy::math::Vec3;
use bevy::prelude::*;

use super::draw::{Wall, Walls};
use super::elements::Stage;
use super::highlight::Highlight;
use super::moment::Moment;
use super::pose::smooth;
use super::scene::SceneModel;
use crate::playback::CurrentSample;
use crate::timeline::Block;

/// How far a wall reaches beyond the tensor that it divides, in cubes.
const MARGIN: f32 = 0.42;
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
            self.update_walls(moments, highlight, tensor, block, &mut walls);
        }
        walls
    }

    fn update_walls(
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
        let group = |staged_layer: Option<usize>| {
            let groups = self.staged_layers[staged_layer?].plan.groups();
            (groups > 1).then(|| channels / groups)
        };
        let (written, read) = (group(writer), group(reader));
        // What a layer has kept apart is mixed as soon as the next one reads across it.
        let mixed = reader.map_or(0.0, |reader| moments[reader].started());
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
                // One sees through all of them: their panes add up where their edges do not.
                fill: opacity * clear,
            });
        }
    }

    /// The corners of a tensor with the padding that is around it.
    fn surrounded(&self, moments: &[Moment], reader: Option<usize>, block: &Block) -> (Vec3, Vec3) {
        let (low, high) = block.bounds();
        let Some(reader) = reader else {
            return (low, high);
        };
        let (outer_low, outer_high) = self.staged_layers[reader].layout.padded_block().bounds();
        let there = smooth(moments[reader].padding.presence);
        (
            low.lerp(outer_low.min(low), there),
            high.lerp(outer_high.max(high), there),
        )
    }
}

/// Brings the walls to what the sample says.
pub(super) fn update_walls(
    now: Res<CurrentSample>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Sample;

    /// The model of a scene with these layers, and what there is to see at its end.
    fn scene(shape: &str, layers: &str, to: &str) -> (SceneModel, Sample) {
        let source = format!(
            r#"Lesson(
                title: (en: "T", ja: "題"),
                scenes: [Scene(
                    title: (en: "S", ja: "場"),
                    input: (shape: {shape}, fill: Ramp),
                    layers: [{layers}],
                    beats: [Hold(1.0), Run(to: {to}, over: 5.0), Hold(2.0)],
                )],
            )"#
        );
        let (model, timeline) = SceneModel::of_source(&source);
        let sample = timeline.at(timeline.scenes[0].end - 1.0);
        (model, sample)
    }

    fn walls(shape: &str, layers: &str, to: &str, highlight: &Highlight) -> Vec<Wall> {
        let (model, sample) = scene(shape, layers, to);
        model.walls(&model.moments(&sample, None), highlight)
    }

    #[test]
    fn a_wall_stands_in_every_gap_between_groups_and_nowhere_else() {
        let count = |shape, layers| walls(shape, layers, "Step(3)", &Highlight::default()).len();
        // Two groups: one wall in the input, one in the output.
        let two = "Conv2d(filters: 4, kernel: (3, 3), groups: 2)";
        assert_eq!(count("(4, 5, 5)", two), 2);
        assert_eq!(count("(4, 5, 5)", "Depthwise(kernel: (3, 3))"), 6);
        let one = "Conv2d(filters: 4, kernel: (3, 3))";
        assert_eq!(count("(4, 5, 5)", one), 0);
        // Pooling takes each channel by itself, but keeps no groups apart.
        assert_eq!(count("(4, 6, 6)", "MaxPool2d(kernel: (2, 2))"), 0);
    }

    #[test]
    fn a_wall_touches_no_cube_at_rest_and_stands_above_the_floor() {
        let (shape, layers) = (
            "(4, 5, 5)",
            "Conv2d(filters: 4, kernel: (3, 3), padding: Same, groups: 2)",
        );
        let (model, sample) = scene(shape, layers, "Step(3)");
        let walls = model.walls(&model.moments(&sample, None), &Highlight::default());
        for (wall, block) in walls.iter().zip(&model.layout.tensors) {
            let (front, behind) = (block.position(1, 0, 0).z, block.position(2, 0, 0).z);
            assert_eq!(wall.low.z, wall.high.z);
            assert!(wall.low.z < front - 0.6 && wall.low.z > behind + 0.6);
            // A cage that is lifted out of the group behind comes up to here.
            assert!(wall.low.z > behind + 0.5 + 0.54, "{wall:?}");
            assert!(wall.low.y > model.layout.floor);
            let (low, high) = block.bounds();
            assert!(wall.low.x < low.x && wall.high.x > high.x && wall.high.y > high.y);
        }
    }

    #[test]
    fn what_the_next_layer_mixes_is_no_longer_walled() {
        let layers = "Depthwise(kernel: (3, 3)), Conv2d(filters: 2, kernel: (1, 1))";
        let all = Highlight::default();
        // Three channels: two walls in the input, two in what comes of it.
        assert_eq!(walls("(3, 5, 5)", layers, "Layer(0)", &all).len(), 4);
        assert_eq!(walls("(3, 5, 5)", layers, "End", &all).len(), 2);
    }

    #[test]
    fn a_wall_beside_a_channel_that_is_not_shown_is_not_shown_either() {
        let slice = Highlight {
            slice: Some((0, 1)),
            ..Highlight::default()
        };
        let depthwise = "Depthwise(kernel: (3, 3))";
        assert_eq!(walls("(4, 5, 5)", depthwise, "Step(3)", &slice).len(), 2);
    }
}
