//! What the stage needs to know about a layer of a scene, worked out once when the scene is set: its
//! tensors with their colours and digits, its plan and operands, its layout.

use std::sync::Arc;

use super::moment::{Moment, Window, Windows};
use super::number::NumberFormat;
use super::palette::{self, Rgb, Room};
use super::pose::{CUBE, Role, range};
use super::rearrange::Rearrangement;
use crate::lesson::StagedLayer;
use crate::op::{Operands, Plan, Schedule, Step, TermSource, VisualStyle};
use crate::tensor::Shape;
use crate::timeline::LayerLayout;

/// Size of a cube of a picture, where seams would lie over it like a grid.
const PIXEL: f32 = 0.99;

/// A tensor as the stage shows it.
#[derive(Debug, Clone)]
pub struct TensorModel {
    /// Its values.
    pub values: Arc<[f32]>,
    /// The colour of each element.
    pub colors: Arc<[Rgb]>,
    /// The glyphs of each element's number.
    pub glyphs: Arc<[u32]>,
    /// The hues of its elements, one after another: of each channel, or of each filter.
    pub hues: Arc<[f32]>,
    /// How many elements one after another have the same hue.
    pub hue_run: usize,
    /// Its shape.
    pub shape: Shape,
    /// Whether it is a picture, or made of one.
    pub picture: bool,
    /// Its lowest and its highest value.
    pub range: (f32, f32),
    /// How its numbers are written.
    pub format: NumberFormat,
}

impl TensorModel {
    /// The hue of an element.
    #[must_use]
    pub fn hue(&self, index: usize) -> f32 {
        hue_of(
            &self.hues,
            index / self.hue_run.max(1) % self.hues.len().max(1),
        )
    }

    /// The size of one of its cubes.
    pub(super) const fn cube(&self) -> f32 {
        if self.picture { PIXEL } else { CUBE }
    }
}

/// What the poses of a layer need, worked out once.
pub struct LayerModel {
    /// The layer's number in its scene.
    pub number: usize,
    /// Its side.
    pub side: usize,
    /// Its geometry.
    pub plan: Plan,
    /// The order of its visits.
    pub schedule: Schedule,
    /// How it is shown.
    pub style: VisualStyle,
    /// Input, weights, bias.
    pub operands: Operands,
    /// Where what belongs to it stands.
    pub layout: LayerLayout,
    /// The number of the tensor that it reads.
    pub input: usize,
    /// The number of the tensor that it writes.
    pub output: usize,
    /// The number of the tensor that `Add` reads too.
    pub other: Option<usize>,
    /// What it reads.
    pub reads: TensorModel,
    /// What it writes.
    pub writes: TensorModel,
    /// What `Add` reads too.
    pub adds: Option<TensorModel>,
    /// How weights are written.
    pub weight_format: NumberFormat,
    /// Whether its padding copies elements.
    pub(super) copies_padding: bool,
    /// Whether another layer reads what it writes.
    pub(super) followed: bool,
    /// Whether another layer writes what it reads.
    pub(super) preceded: bool,
    pub(super) rearrangement: Option<Rearrangement>,
    pub(super) unread: [Vec<bool>; 2],
    max_terms: usize,
    pub(super) weight_colors: Vec<Rgb>,
    pub(super) room: Room,
}

impl LayerModel {
    /// The model of a layer in a room.
    #[must_use]
    pub fn new(
        number: usize,
        staged_layer: &StagedLayer,
        layout: &LayerLayout,
        tensors: &[TensorModel],
        room: Room,
    ) -> Self {
        let plan = staged_layer.plan.clone();
        let style = staged_layer.style;
        let reads = tensors[staged_layer.input].clone();
        let writes = tensors[staged_layer.output].clone();
        let weights = staged_layer
            .operands
            .weight()
            .map_or(&[][..], |weight| weight.data());
        let volume = plan.filter_dims().iter().product::<usize>();
        let (low, high) = range(weights);
        let span = (high - low).max(f32::EPSILON);
        let weight_colors = (0..plan.filter_count() * volume)
            .map(|index| {
                let filter = index / volume;
                let offset = plan.weight_offset(filter, index % volume);
                let value = weights.get(offset).copied().unwrap_or(0.0);
                let hue = hue_of(&writes.hues, filter);
                palette::element_color(hue, (value - low) / span)
            })
            .collect();
        let sides = plan.padding();
        let [_, rows, columns] = layout.padded_block().dims.map(|size| size as isize);
        let copies_padding = (0..rows).any(|row| {
            (0..columns).any(|column| {
                let at = [0, row - sides.top, column - sides.left];
                matches!(
                    plan.source_at(at),
                    Some(TermSource::Padding { from: Some(_) })
                )
            })
        });
        let [_, rows, columns] = layout.input.dims;
        let marked = |lines: &[usize], count: usize| {
            let mut marked = vec![false; count];
            lines.iter().for_each(|line| marked[*line] = true);
            marked
        };
        let [unread_rows, unread_columns] = plan.unread();
        Self {
            number,
            side: staged_layer.side,
            style,
            schedule: staged_layer.schedule,
            operands: staged_layer.operands.clone(),
            layout: layout.clone(),
            input: staged_layer.input,
            output: staged_layer.output,
            other: staged_layer.other,
            adds: staged_layer.other.map(|other| tensors[other].clone()),
            reads,
            writes,
            weight_format: NumberFormat::for_values(weights),
            copies_padding,
            followed: false,
            preceded: false,
            rearrangement: Rearrangement::of(&plan),
            unread: [marked(&unread_rows, rows), marked(&unread_columns, columns)],
            max_terms: if style == VisualStyle::Gather {
                most_terms(&plan)
            } else {
                plan.max_terms()
            },
            weight_colors,
            room,
            plan,
        }
    }

    /// How many elements of a role it has.
    #[must_use]
    pub fn count(&self, role: Role) -> usize {
        let volume = |dims: [usize; 3]| dims.iter().product::<usize>();
        let has_window = self.style.works_on_several();
        match role {
            Role::Tensor(_) => volume(self.layout.output.dims),
            Role::Padding(_) => {
                let padded = self.layout.padded_block();
                if padded.dims == self.layout.input.dims {
                    0
                } else {
                    volume(padded.dims)
                }
            }
            Role::Filter(_) => self.weight_colors.len(),
            Role::Kernel(_) if has_window => self.max_terms,
            Role::Product(_) if has_window => self.max_terms,
            Role::Product(_) if self.other.is_some() => volume(self.layout.output.dims),
            Role::Kernel(_) | Role::Product(_) => 0,
            Role::Mark(_) if self.plan.stride() != [1, 1] && has_window => {
                self.plan.places().iter().product()
            }
            Role::Mark(_) => 0,
        }
    }

    /// The windows of a step at a visit.
    pub(super) fn windows_of(&self, step: &Step, visit: u64) -> Windows {
        let plan = &self.plan;
        let dilation = plan.dilation();
        if let Some((origin, size)) = step.target_window() {
            let [_, rows, columns] = plan.filter_dims();
            let [planes, ..] = step.window_size();
            return Windows {
                input: Window {
                    origin: step.window_origin(),
                    dims: [planes, 1, 1],
                    dilation: [1, 1],
                },
                output: Some(Window {
                    origin,
                    dims: [size[0], rows, columns],
                    dilation,
                }),
            };
        }
        if self.style == VisualStyle::Gather {
            let input = Window {
                origin: step.window_origin(),
                dims: step.term_dims(),
                dilation: [1, 1],
            };
            return Windows {
                input,
                output: None,
            };
        }
        let terms = self.schedule.visit(visit).terms;
        let origin = step
            .term(terms.start)
            .map_or(step.window_origin(), |term| self.cell_of(term.padded));
        let weights = plan.filter_dims();
        let dims = if weights != [0; 3] {
            let whole = self.schedule.parts() == 1;
            [if whole { weights[0] } else { 1 }, weights[1], weights[2]]
        } else {
            let [_, rows, columns] = step.window_size();
            let under = |size: usize, dilation: usize| size.saturating_sub(1) / dilation.max(1) + 1;
            [1, under(rows, dilation[0]), under(columns, dilation[1])]
        };
        Windows {
            input: Window {
                origin,
                dims,
                dilation,
            },
            output: None,
        }
    }

    /// A place of the padded input, counted from the input's first element.
    pub(super) fn cell_of(&self, padded: [usize; 3]) -> [isize; 3] {
        let sides = self.plan.padding();
        [
            padded[0] as isize,
            padded[1] as isize - sides.top,
            padded[2] as isize - sides.left,
        ]
    }

    /// The hue of the filter at work, and without one of the element that the step makes.
    #[must_use]
    pub fn working_hue(&self, moment: &Moment) -> f32 {
        if self.plan.filter_count() > 0 {
            return hue_of(&self.writes.hues, moment.filter);
        }
        let output = self.plan.output_shape().chw_offset(moment.step.output);
        self.writes.hue(output.unwrap_or(0))
    }

    /// The value of a weight, by its place among the elements of [`Role::Filter`].
    #[must_use]
    pub fn weight(&self, index: usize) -> Option<f32> {
        let volume = self.plan.filter_dims().iter().product::<usize>().max(1);
        let offset = self.plan.weight_offset(index / volume, index % volume);
        self.operands.weight()?.data().get(offset).copied()
    }
}

/// The most terms that a step has, of all of them.
fn most_terms(plan: &Plan) -> usize {
    let steps = (0..plan.step_count()).map(|step| plan.step(step).term_count());
    steps.max().unwrap_or(0)
}

fn hue_of(hues: &[f32], channel: usize) -> f32 {
    hues.get(channel).copied().unwrap_or_default()
}
