//! All that the poses of a scene need, worked out once: its tensors and its layers.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy::math::Vec3;

use super::brightness;
use super::layer_model::{LayerModel, TensorModel};
use super::moment::Moment;
use super::number::NumberFormat;
use super::palette::{self, Rgb, Room};
use super::pose::{Pose, Role, byte, place, range};
use super::rearrange::Rearrangement;
use crate::lesson::{Language, Localized, Scene, StagedLayer, StagedNetwork};
use crate::op::{TermSource, VisualStyle};
use crate::tensor::Shape;
use crate::timeline::{Block, Layout, Sample};

/// The model of a scene.
pub struct SceneModel {
    /// Its layers.
    pub staged_layers: Vec<LayerModel>,
    /// Its tensors.
    pub tensors: Vec<TensorModel>,
    /// Where everything stands.
    pub layout: Layout,
    /// A network in place of tensors and layers.
    pub network: Option<Arc<StagedNetwork>>,
    /// The names of the sides of a comparison.
    names: Vec<Option<Localized<String>>>,
    tensor_names: BTreeMap<usize, Localized<String>>,
    /// The layers that write and read each tensor along its chain.
    neighbours: Vec<(Option<usize>, Option<usize>)>,
}

impl SceneModel {
    /// The model of a scene in a room.
    #[must_use]
    pub fn new(scene: &Scene, layout: &Layout, room: Room) -> Self {
        let staging = &scene.staging;
        let mut neighbours = vec![(None, None); staging.tensors.len()];
        for (number, staged_layer) in staging.staged_layers.iter().enumerate() {
            neighbours[staged_layer.output].0 = Some(number);
            neighbours[staged_layer.input].1 = Some(number);
        }
        let scales = brightness::scales(staging);
        let mut tensors: Vec<TensorModel> = Vec::new();
        for (number, tensor) in staging.tensors.iter().enumerate() {
            let channels = channels_of(tensor.shape());
            let (before, after): (Option<usize>, Option<usize>) = neighbours[number];
            let writer = before.map(|staged_layer| &staging.staged_layers[staged_layer]);
            let reader = after.map(|staged_layer| &staging.staged_layers[staged_layer]);
            // Numbers along one or two axes are no picture any more.
            let picture = tensor.shape().rank() > 2
                && staging
                    .sides
                    .iter()
                    .any(|side| side.is_picture() && side.tensors.contains(&number));
            let hues = Hues::of(writer, &tensors, channels, tensor.data().len());
            let values: Vec<f32> = tensor.data().to_vec();
            let (low, high) = if picture {
                scales[number]
            } else {
                range(&values)
            };
            let span = (high - low).max(f32::EPSILON);
            let plane = (values.len() / channels.max(1)).max(1);
            let hue = |index: usize| hues.list[index / hues.run % hues.list.len().max(1)];
            let mut colors: Vec<Rgb> = values
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    let part = if high > low {
                        (value - low) / span
                    } else if picture && writer.is_none() {
                        // A photograph of one shade has its own: what is black stays black.
                        *value
                    } else {
                        0.6
                    };
                    let hue = hue(index);
                    if picture {
                        palette::picture_color(hue, channels, index / plane, part)
                    } else {
                        palette::element_color(hue, part)
                    }
                })
                .collect();
            let format = NumberFormat::for_values(&values);
            let mut glyphs: Vec<u32> = values.iter().map(|value| format.glyphs(*value)).collect();
            // What is put beside or behind another tensor keeps its colours, and its numbers as they are written.
            if !picture && let Some(joined) = writer.filter(|writer| writer.other.is_some()) {
                keep_looks(joined, &tensors, &mut colors, &mut glyphs);
            }
            // A rearrangement shows where each cube comes from: before it, if nothing has coloured
            // the cubes yet, and after it.
            if !picture
                && let Some(rearrangement) = reader
                    .filter(|_| writer.is_none())
                    .and_then(|staged_layer| Rearrangement::of(&staged_layer.plan))
            {
                colors = rearrangement.colors;
            }
            if !picture
                && let Some(rearrangement) = writer
                    .filter(|staged_layer| neighbours[staged_layer.input].0.is_none())
                    .and_then(|staged_layer| Rearrangement::of(&staged_layer.plan))
            {
                for (from, to) in rearrangement.arrival.iter().enumerate() {
                    colors[*to] = rearrangement.colors[from];
                }
            }
            tensors.push(TensorModel {
                glyphs: glyphs.into(),
                format,
                values: values.into(),
                colors: colors.into(),
                hues: hues.list.into(),
                hue_run: hues.run,
                shape: *tensor.shape(),
                picture,
                range: (low, high),
            });
        }
        let staged_layers = staging
            .staged_layers
            .iter()
            .enumerate()
            .map(|(number, staged_layer)| {
                let mut model = LayerModel::new(
                    number,
                    staged_layer,
                    &layout.staged_layers[number],
                    &tensors,
                    room,
                );
                model.followed = neighbours[staged_layer.output].1.is_some();
                model.preceded = neighbours[staged_layer.input].0.is_some();
                model
            })
            .collect();
        Self {
            staged_layers,
            tensors,
            layout: layout.clone(),
            network: staging.network.clone(),
            names: staging.sides.iter().map(|side| side.name.clone()).collect(),
            tensor_names: staging.tensor_names.clone(),
            neighbours,
        }
    }

    /// The name of a side of a comparison.
    #[must_use]
    pub fn side_name(&self, side: usize, language: Language) -> Option<&str> {
        let name = self.names.get(side)?.as_ref()?;
        Some(name.get(language))
    }

    /// What a scene calls a tensor, where it is not what it usually is.
    #[must_use]
    pub fn tensor_name(&self, tensor: usize, language: Language) -> Option<&str> {
        let name = self.tensor_names.get(&tensor)?;
        Some(name.get(language))
    }

    /// What a sample means for each layer. The moments `before` it, if there are any, only spare
    /// work.
    #[must_use]
    pub fn moments(&self, sample: &Sample, before: Option<&[Moment]>) -> Vec<Moment> {
        self.staged_layers
            .iter()
            .zip(&sample.staged_layers)
            .enumerate()
            .map(|(number, (staged_layer, progress))| {
                let before = before.and_then(|before| before.get(number));
                Moment::new(staged_layer, *progress, sample, before)
            })
            .collect()
    }

    /// All roles of the scene.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        let tensors = (0..self.tensors.len()).map(|number| Role::Tensor(number as u16));
        let staged_layers = (0..self.staged_layers.len() as u16).flat_map(|number| {
            [
                Role::Padding(number),
                Role::Filter(number),
                Role::Kernel(number),
                Role::Product(number),
                Role::Mark(number),
            ]
        });
        tensors.chain(staged_layers).collect()
    }

    /// How many elements a role has.
    #[must_use]
    pub fn count(&self, role: Role) -> usize {
        match role {
            Role::Tensor(number) => self.tensors[usize::from(number)].values.len(),
            Role::Padding(number)
            | Role::Filter(number)
            | Role::Kernel(number)
            | Role::Product(number)
            | Role::Mark(number) => self.staged_layers[usize::from(number)].count(role),
        }
    }

    /// The grids that the elements of a role rest on, with how many each holds.
    #[must_use]
    pub fn grids(&self, role: Role) -> Vec<(Option<Block>, usize)> {
        let whole = |block: Block| (Some(block.deep()), block.dims.iter().product());
        let count = self.count(role);
        match role {
            _ if count == 0 => Vec::new(),
            Role::Tensor(number) => vec![whole(self.layout.tensors[usize::from(number)])],
            Role::Filter(number) => {
                let filters = &self.staged_layers[usize::from(number)].layout.filters;
                filters.iter().copied().map(whole).collect()
            }
            // The padding's grid holds the input's places too, which stay empty.
            Role::Padding(number) => {
                vec![whole(
                    self.staged_layers[usize::from(number)]
                        .layout
                        .padded_block(),
                )]
            }
            Role::Kernel(_) | Role::Product(_) | Role::Mark(_) => vec![(None, count)],
        }
    }

    /// The value of an element, where it has one of its own.
    #[must_use]
    pub fn value(&self, role: Role, index: usize) -> Option<f32> {
        match role {
            Role::Tensor(number) => self.tensors[usize::from(number)].values.get(index).copied(),
            Role::Filter(number) => self.staged_layers[usize::from(number)].weight(index),
            Role::Padding(_) | Role::Kernel(_) | Role::Product(_) | Role::Mark(_) => None,
        }
    }

    /// The layers that write and read a tensor along its chain.
    #[must_use]
    pub fn neighbours(&self, tensor: usize) -> (Option<usize>, Option<usize>) {
        self.neighbours[tensor]
    }

    /// The layer that decides how a tensor looks, and whether it reads it: the one that writes it
    /// until that is done, then the one that reads it.
    #[must_use]
    pub fn posing_layer(&self, moments: &[Moment], tensor: usize) -> Option<(usize, bool)> {
        match self.neighbours(tensor) {
            (Some(writer), Some(reader)) => Some(if moments[writer].finished {
                (reader, true)
            } else {
                (writer, false)
            }),
            (Some(writer), None) => Some((writer, false)),
            (None, Some(reader)) => Some((reader, true)),
            (None, None) => None,
        }
    }

    /// How an element looks.
    #[must_use]
    pub fn pose(&self, moments: &[Moment], role: Role, index: usize) -> Pose {
        match role {
            Role::Tensor(number) => match self.posing_layer(moments, usize::from(number)) {
                Some((staged_layer, reads)) => {
                    let (model, moment) =
                        (&self.staged_layers[staged_layer], &moments[staged_layer]);
                    let mut pose = if reads {
                        model.input_pose(moment, index)
                    } else {
                        model.output_pose(moment, index)
                    };
                    let lent = self.lent(moments, usize::from(number), index);
                    if lent > 0.0 {
                        pose.look.glow = pose.look.glow.max(byte(0.7 * lent));
                    }
                    pose
                }
                None => Pose::nothing(Vec3::ZERO),
            },
            Role::Padding(number)
            | Role::Filter(number)
            | Role::Kernel(number)
            | Role::Product(number)
            | Role::Mark(number) => {
                let number = usize::from(number);
                self.staged_layers[number].pose(&moments[number], role, index)
            }
        }
    }

    /// The layers that read a tensor as their second one.
    pub(super) fn second_readers(&self, tensor: usize) -> impl Iterator<Item = &LayerModel> {
        let layers = self.staged_layers.iter();
        layers.filter(move |layer| layer.other == Some(tensor))
    }

    /// How far an element of a tensor is at work in a layer that reads it as its second one.
    fn lent(&self, moments: &[Moment], tensor: usize, index: usize) -> f32 {
        let at = place(self.layout.tensors[tensor].dims, index);
        let readers = self.second_readers(tensor);
        let lent = readers.map(|layer| moments[layer.number].gathered(at, true));
        lent.fold(0.0, f32::max)
    }

    /// The layer of a side that is at work, or was last.
    #[must_use]
    pub fn active_layer(&self, moments: &[Moment], side: usize) -> usize {
        let of_side = |staged_layer: &&LayerModel| staged_layer.side == side;
        let started = |staged_layer: &&LayerModel| moments[staged_layer.number].position > 0.0;
        let mut staged_layers = self.staged_layers.iter().filter(of_side);
        let first = staged_layers
            .clone()
            .next()
            .map_or(0, |staged_layer| staged_layer.number);
        staged_layers
            .rfind(started)
            .map_or(first, |staged_layer| staged_layer.number)
    }
}

/// The hues of a tensor, one after another.
struct Hues {
    list: Vec<f32>,
    /// How many elements one after another have the same.
    run: usize,
}

impl Hues {
    /// Those of a tensor of so many channels and elements: of an input those of its channels, else
    /// those of the filters that made it, or of what it comes from.
    fn of(
        writer: Option<&StagedLayer>,
        tensors: &[TensorModel],
        channels: usize,
        count: usize,
    ) -> Self {
        let plane = (count / channels.max(1)).max(1);
        let of_channels = |hue: fn(usize, usize) -> f32| Self {
            list: (0..channels)
                .map(|channel| hue(channel, channels))
                .collect(),
            run: plane,
        };
        let Some(layer) = writer else {
            return of_channels(palette::input_hue);
        };
        let filters = layer.plan.filter_count();
        if filters > 0 && filters != channels {
            // An output of a filter may be one element of a row, or several planes.
            let first = layer.plan.filter_of(&layer.plan.step(0));
            let other = |step: &u64| layer.plan.filter_of(&layer.plan.step(*step)) != first;
            let run = (0..layer.plan.step_count()).find(other);
            return Self {
                list: (0..filters)
                    .map(|filter| palette::filter_hue(filter, filters))
                    .collect(),
                run: run.map_or(count, |run| run as usize).max(1),
            };
        }
        if filters > 0 {
            return of_channels(palette::filter_hue);
        }
        // What no filter has made keeps the hue of the channel that it comes from.
        let reads = &tensors[layer.input];
        let of_channels_too = reads.hues.len() == channels_of(&reads.shape);
        if of_channels_too && reads.hues.len() == channels {
            return Self {
                list: reads.hues.to_vec(),
                run: plane,
            };
        }
        if let Some(other) = layer.other.filter(|_| layer.plan.max_terms() == 1) {
            let other = &tensors[other];
            if reads.hues.len() + other.hues.len() == channels {
                return Self {
                    list: [&*reads.hues, &*other.hues].concat(),
                    run: plane,
                };
            }
        }
        if reads.values.len() == count && !of_channels_too {
            return Self {
                list: reads.hues.to_vec(),
                run: reads.hue_run,
            };
        }
        let run = (count / reads.hues.len().max(1)).max(1);
        if layer.style == VisualStyle::Gather && Self::kept(layer, reads, run) {
            return Self {
                list: reads.hues.to_vec(),
                run,
            };
        }
        of_channels(palette::filter_hue)
    }

    /// Whether each element of the output comes from elements of one hue, and has that hue too.
    fn kept(layer: &StagedLayer, reads: &TensorModel, run: usize) -> bool {
        let hue = |index: usize, run: usize| index / run.max(1) % reads.hues.len().max(1);
        let plan = &layer.plan;
        (0..plan.step_count()).all(|number| {
            let step = plan.step(number);
            let ends = [step.term(0), step.term(step.term_count().saturating_sub(1))];
            ends.into_iter().all(|term| {
                let from = term.and_then(|term| reads.shape.chw_offset(term.source.element()?));
                from.is_some_and(|from| hue(from, reads.hue_run) == hue(number as usize, run))
            })
        })
    }
}

/// The channels of a tensor, which have hues of their own: a vector has one.
fn channels_of(shape: &Shape) -> usize {
    match shape.rank() {
        0 | 1 => 1,
        _ => shape.channels(),
    }
}

/// The colours of a tensor that is put together from two as they are, and the glyphs of its numbers.
fn keep_looks(
    layer: &StagedLayer,
    tensors: &[TensorModel],
    colors: &mut [Rgb],
    glyphs: &mut [u32],
) {
    for (index, (color, number)) in colors.iter_mut().zip(glyphs.iter_mut()).enumerate() {
        let step = layer.plan.step(index as u64);
        let (1, Some(term)) = (step.term_count(), step.term(0)) else {
            return;
        };
        let (tensor, at) = match (term.factor, term.source) {
            (None, TermSource::Element(at)) => (layer.input, at),
            (None, TermSource::Other { input: 1, at }) => (layer.other.unwrap_or(layer.input), at),
            _ => return,
        };
        let tensor = &tensors[tensor];
        let kept = tensor.shape.chw_offset(at).and_then(|from| {
            let color = tensor.colors.get(from)?;
            Some((*color, *tensor.glyphs.get(from)?))
        });
        if let Some((kept, written)) = kept {
            (*color, *number) = (kept, written);
        }
    }
}

#[cfg(test)]
impl SceneModel {
    /// The first scene of a lesson that is written here, in a light studio, and the lesson's timeline.
    pub(super) fn of_source(source: &str) -> (Self, crate::timeline::Timeline) {
        use crate::lesson::{self, Language};

        let lesson = match lesson::read("test.ron", source) {
            Ok((lesson, _)) => lesson,
            Err(problems) => panic!("{problems}"),
        };
        let speeches = crate::narration::estimated_speeches(&lesson, Language::En);
        let timeline = crate::timeline::Timeline::new(&lesson, Language::En, &speeches);
        let layout = &timeline.scenes[0].layout;
        let room = super::palette::Studio::Light.room();
        (Self::new(&lesson.scenes[0], layout, room), timeline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_joined_are_written_as_before() {
        // Two whole numbers in the upper row, and their halves in the lower one.
        let source = r#"Lesson(
            title: (en: "T", ja: "題"),
            scenes: [Scene(
                title: (en: "S", ja: "場"),
                input: (shape: (1, 1, 2), fill: Values([7, 3])),
                layers: [
                    Depthwise(kernel: (1, 1), weights: Constant(0.5)),
                    Branch(tensor: 0),
                    Concat(dim: 2, tensor: 1),
                ],
                beats: [Hold(1.0)],
            )],
        )"#;
        let (model, _) = SceneModel::of_source(source);
        let joined = &model.tensors[3];
        let (whole, half) = (NumberFormat { decimals: 0 }, NumberFormat { decimals: 1 });
        let expected = [
            whole.glyphs(7.0),
            whole.glyphs(3.0),
            half.glyphs(3.5),
            half.glyphs(1.5),
        ];
        assert_eq!(*joined.glyphs, expected);
        assert_eq!(joined.format, half);
    }
}
