//! How elements of an operation depend on each other: the receptive field of an output, the outputs
//! that an input feeds, the uses of a weight. Computed from the geometry of each axis, not by going
//! through the steps.

use super::axis::Axis;
use super::geometry::{Adaptive, Convolution, Geometry, Resize, ResizeAxis, TransposedAxis};
use super::padding::PaddingMode;
use super::plan::Plan;
use super::ranges::{AxisRanges, Field, StridedRange, WeightField};

/// The elements that one element of an operation depends on, or that depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relations {
    /// Input elements.
    pub input: Field,
    /// Output elements.
    pub output: Field,
    /// Weights.
    pub weight: WeightField,
}

/// How positions along one axis of input and output are linked.
enum Link<'a> {
    Window(&'a Axis, PaddingMode),
    Transposed(&'a TransposedAxis),
    Adaptive {
        input: usize,
        output: usize,
    },
    Resize {
        resize: &'a Resize,
        axis: &'a ResizeAxis,
        number: usize,
    },
    Same,
}

impl Link<'_> {
    /// The input positions that an output position depends on.
    fn reads(&self, output: usize) -> AxisRanges {
        match self {
            Self::Window(axis, mode) => {
                let first = (output * axis.stride) as isize - axis.before as isize;
                let whole = StridedRange {
                    first,
                    last: first + axis.reach() as isize - 1,
                    step: axis.dilation,
                };
                let mut ranges = vec![whole.clipped_to(axis.input)];
                // What a window finds on padding that copies the input.
                if *mode != PaddingMode::Zeros {
                    let outside = whole
                        .iter()
                        .filter(|at| !(0..axis.input as isize).contains(at));
                    ranges.extend(
                        outside
                            .filter_map(|at| mode.source(at, axis.input))
                            .map(StridedRange::single),
                    );
                }
                ranges
            }
            Self::Transposed(axis) => {
                // output + padding − dilation·k = stride·input, with k below the kernel's length.
                let sum = (output + axis.padding) as isize;
                let low = sum - axis.span() as isize;
                vec![StridedRange::solutions(
                    low,
                    sum,
                    sum,
                    axis.stride,
                    axis.dilation,
                    axis.input,
                )]
            }
            Self::Adaptive {
                input,
                output: count,
            } => {
                let (start, length) = Adaptive::span(*input, *count, output);
                vec![StridedRange::contiguous(start, length)]
            }
            Self::Resize { resize, number, .. } => {
                let (first, second, _) = resize.neighbours(*number, output);
                vec![StridedRange::contiguous(first, second - first + 1)]
            }
            Self::Same => vec![StridedRange::single(output)],
        }
    }

    /// The output positions that depend on an input position.
    fn feeds(&self, input: usize) -> AxisRanges {
        match self {
            Self::Window(axis, mode) => {
                let mut ranges = vec![window_feeds(axis, input as isize)];
                if *mode != PaddingMode::Zeros {
                    let before = -(axis.before as isize)..0;
                    let behind = axis.input as isize..(axis.input + axis.after) as isize;
                    let copies = before
                        .chain(behind)
                        .filter(|at| mode.source(*at, axis.input) == Some(input));
                    ranges.extend(copies.map(|at| window_feeds(axis, at)));
                }
                ranges.retain(|range| range.count() > 0);
                ranges
            }
            Self::Transposed(axis) => {
                let first = (input * axis.stride) as isize - axis.padding as isize;
                vec![
                    StridedRange {
                        first,
                        last: first + axis.span() as isize,
                        step: axis.dilation,
                    }
                    .clipped_to(axis.output),
                ]
            }
            Self::Adaptive {
                input: length,
                output,
            } => {
                let first = (input * output) / length;
                let last = ((input + 1) * output - 1) / length;
                vec![StridedRange::contiguous(first, last - first + 1)]
            }
            Self::Resize {
                resize,
                axis,
                number,
            } => {
                // Neighbours grow with the output position: a binary search finds both ends.
                let (mut low, mut high) = (0, axis.output);
                while low < high {
                    let middle = (low + high) / 2;
                    if resize.neighbours(*number, middle).1 < input {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                let first = low;
                high = axis.output;
                while low < high {
                    let middle = (low + high) / 2;
                    if resize.neighbours(*number, middle).0 <= input {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                vec![StridedRange::contiguous(first, low - first)]
            }
            Self::Same => vec![StridedRange::single(input)],
        }
    }
}

/// The planes of some channels that hold some slices, `depth` slices a channel.
fn through(channels: StridedRange, depth: usize, slices: &[StridedRange]) -> AxisRanges {
    let of = |channel: isize| {
        let offset = channel * depth as isize;
        slices.iter().map(move |slices| StridedRange {
            first: slices.first + offset,
            last: slices.last + offset,
            step: slices.step,
        })
    };
    channels.iter().flat_map(of).collect()
}

/// The windows that hold a position of the input, which may lie on padding.
fn window_feeds(axis: &Axis, at: isize) -> StridedRange {
    let sum = at + axis.before as isize;
    let low = sum - (axis.reach() as isize - 1);
    StridedRange::solutions(low, sum, sum, axis.stride, axis.dilation, axis.output)
}

impl Plan {
    fn links(&self) -> [Link<'_>; 2] {
        match self.geometry() {
            Geometry::Convolution(convolution) => {
                [1, 2].map(|axis| Link::Window(&convolution.axes[axis], convolution.mode))
            }
            Geometry::Transposed(transposed) => {
                [0, 1].map(|axis| Link::Transposed(&transposed.axes[axis]))
            }
            Geometry::Pool(pool) => {
                [0, 1].map(|axis| Link::Window(&pool.axes[axis], PaddingMode::Zeros))
            }
            Geometry::Adaptive(pool) => [0, 1].map(|axis| Link::Adaptive {
                input: pool.input[axis],
                output: pool.output[axis],
            }),
            Geometry::Resize(resize) => [0, 1].map(|number| Link::Resize {
                resize,
                axis: &resize.axes[number],
                number,
            }),
            Geometry::Shuffle(_) | Geometry::Elementwise(_) | Geometry::Mapped(_) => {
                [Link::Same, Link::Same]
            }
        }
    }

    /// Channels that a filter reads, and filters that read a channel.
    fn group_sizes(&self) -> Option<(usize, usize)> {
        match self.geometry() {
            Geometry::Convolution(convolution) => Some((
                convolution.group_channels(),
                convolution.out_channels / convolution.groups.max(1),
            )),
            Geometry::Transposed(transposed) => {
                Some((transposed.group_channels(), transposed.group_filters()))
            }
            Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => None,
        }
    }

    /// The receptive field of an output element: the input elements under its window (and those that
    /// its padding copies), and the weights that they are multiplied by. `None` for an element that
    /// does not exist.
    #[must_use]
    pub fn receptive_field(&self, output: [usize; 3]) -> Option<Relations> {
        self.output_shape().chw_offset(output)?;
        let [plane, row, column] = output;
        let itself = Field::single(output);
        let [rows, columns] = self.links();
        if let Geometry::Shuffle(shuffle) = self.geometry() {
            return Some(Relations {
                input: Field::single(shuffle.from(output)),
                output: itself,
                weight: WeightField::default(),
            });
        }
        if let Geometry::Mapped(mapped) = self.geometry() {
            return Some(Relations {
                input: mapped.reads(output),
                output: itself,
                weight: WeightField::default(),
            });
        }
        let slices = self.slices();
        let filter = plane / slices.map_or(1, |(depth, _)| depth.output);
        let channels = self.channels_read(filter);
        let planes = match slices {
            Some((depth, mode)) => {
                let slices = Link::Window(depth, mode).reads(plane % depth.output);
                through(channels, depth.input, &slices)
            }
            None => vec![channels],
        };
        Some(Relations {
            input: Field {
                axes: [planes, rows.reads(row), columns.reads(column)],
            },
            output: itself,
            weight: self.weights_of_output(filter),
        })
    }

    /// The elements of the second input that an output element depends on, in the order in which its
    /// terms read them.
    #[must_use]
    pub fn second_read(&self, output: [usize; 3]) -> Vec<[usize; 3]> {
        let Some(step) = self.output_shape().chw_offset(output) else {
            return Vec::new();
        };
        self.step(step as u64)
            .terms()
            .filter_map(|term| term.second())
            .collect()
    }

    /// The output elements that an element of the second input feeds; none where more terms than
    /// `most` would have to be gone through.
    #[must_use]
    pub fn fed_by_second(&self, at: [usize; 3], most: usize) -> Vec<[usize; 3]> {
        let looks = u128::from(self.step_count()) * self.max_terms() as u128;
        if looks > most as u128 {
            return Vec::new();
        }
        let steps = (0..self.step_count()).map(|number| self.step(number));
        steps
            .filter(|step| step.terms().any(|term| term.second() == Some(at)))
            .map(|step| step.output)
            .collect()
    }

    /// The axis of the slices and what its padding holds, for a convolution of volumes, whose planes
    /// are channel · depth + slice.
    fn slices(&self) -> Option<(&Axis, PaddingMode)> {
        match self.geometry() {
            Geometry::Convolution(convolution) if convolution.axes[0] != Axis::FLAT => {
                Some((&convolution.axes[0], convolution.mode))
            }
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => None,
        }
    }

    /// The input planes that an output plane is made of.
    fn channels_read(&self, plane: usize) -> StridedRange {
        match self.group_sizes() {
            Some((channels, filters)) => {
                StridedRange::contiguous(plane / filters.max(1) * channels, channels)
            }
            None => StridedRange::single(plane),
        }
    }

    /// The output planes that depend on an input plane.
    fn channels_fed(&self, plane: usize) -> StridedRange {
        match self.group_sizes() {
            Some((channels, filters)) => {
                StridedRange::contiguous(plane / channels.max(1) * filters, filters)
            }
            None => StridedRange::single(plane),
        }
    }

    fn kernel_size(&self) -> [usize; 2] {
        match self.geometry() {
            Geometry::Convolution(Convolution { axes, .. }) => [axes[1].kernel, axes[2].kernel],
            Geometry::Transposed(transposed) => transposed.axes.map(|axis| axis.kernel),
            Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => [0, 0],
        }
    }

    /// All weights that make an output plane.
    fn weights_of_output(&self, plane: usize) -> WeightField {
        let Some((channels, filters)) = self.group_sizes() else {
            return WeightField::default();
        };
        let [rows, columns] = self
            .kernel_size()
            .map(|count| vec![StridedRange::contiguous(0, count)]);
        if matches!(self.geometry(), Geometry::Transposed(_)) {
            WeightField {
                first: vec![StridedRange::contiguous(
                    plane / filters.max(1) * channels,
                    channels,
                )],
                rest: Field::new(StridedRange::single(plane % filters.max(1)), rows, columns),
            }
        } else {
            let slices = self.slices().map_or(1, |(depth, _)| depth.kernel);
            WeightField {
                first: vec![StridedRange::single(plane)],
                rest: Field::new(
                    StridedRange::contiguous(0, channels * slices),
                    rows,
                    columns,
                ),
            }
        }
    }

    /// What depends on an input element: the output elements that it feeds, also through padding that
    /// copies it, and the weights that it is multiplied by. `None` for an element that does not
    /// exist.
    #[must_use]
    pub fn feeds(&self, input: [usize; 3]) -> Option<Relations> {
        self.input_shape().chw_offset(input)?;
        let [plane, row, column] = input;
        let itself = Field::single(input);
        let output = if let Geometry::Shuffle(shuffle) = self.geometry() {
            Field::single(shuffle.to(input))
        } else if let Geometry::Mapped(mapped) = self.geometry() {
            mapped.feeds(input)
        } else {
            let [rows, columns] = self.links();
            let planes = match self.slices() {
                Some((depth, mode)) => {
                    let filters = self.channels_fed(plane / depth.input);
                    let link = Link::Window(depth, mode);
                    through(filters, depth.output, &link.feeds(plane % depth.input))
                }
                None => vec![self.channels_fed(plane)],
            };
            Field {
                axes: [planes, rows.feeds(row), columns.feeds(column)],
            }
        };
        let weight = match self.group_sizes() {
            None => WeightField::default(),
            Some((channels, filters)) => {
                let [rows, columns] = self
                    .kernel_size()
                    .map(|count| vec![StridedRange::contiguous(0, count)]);
                if matches!(self.geometry(), Geometry::Transposed(_)) {
                    WeightField {
                        first: vec![StridedRange::single(plane)],
                        rest: Field::new(StridedRange::contiguous(0, filters), rows, columns),
                    }
                } else {
                    let (depth, kernel) = self
                        .slices()
                        .map_or((1, 1), |(depth, _)| (depth.input, depth.kernel));
                    let channel = plane / depth;
                    let first = channel % channels.max(1) * kernel;
                    WeightField {
                        first: vec![self.channels_fed(channel)],
                        rest: Field::new(StridedRange::contiguous(first, kernel), rows, columns),
                    }
                }
            }
        };
        Some(Relations {
            input: itself,
            output,
            weight,
        })
    }

    /// Where a weight is used: the input elements that it multiplies (padding aside), and the output
    /// elements that it contributes to. The index is as in [`super::Term::weight`]. `None` for a
    /// weight that does not exist, and for those of a convolution of volumes.
    #[must_use]
    pub fn uses_of(&self, weight: [usize; 4]) -> Option<Relations> {
        if self.slices().is_some() {
            return None;
        }
        let (channels, filters) = self.group_sizes()?;
        let kernel = self.kernel_size();
        let axes = self.weight_shape()?;
        let planes = axes.count() / (axes.axes()[0] * kernel[0] * kernel[1]).max(1);
        let [first, second, row, column] = weight;
        if first >= axes.axes()[0] || second >= planes || row >= kernel[0] || column >= kernel[1] {
            return None;
        }
        let (in_plane, out_plane) = match self.geometry() {
            Geometry::Transposed(_) => (first, first / channels.max(1) * filters + second),
            Geometry::Convolution(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => (first / filters.max(1) * channels + second, first),
        };
        let along = |link: &Link<'_>, position: usize| -> (StridedRange, StridedRange) {
            match link {
                Link::Window(axis, _) => {
                    let offset = (position * axis.dilation) as isize - axis.before as isize;
                    let met = StridedRange {
                        first: offset,
                        last: offset + ((axis.output - 1) * axis.stride) as isize,
                        step: axis.stride,
                    };
                    (
                        met.clipped_to(axis.input),
                        StridedRange::contiguous(0, axis.output),
                    )
                }
                Link::Transposed(axis) => {
                    let first = (position * axis.dilation) as isize - axis.padding as isize;
                    let made = StridedRange {
                        first,
                        last: first + ((axis.input - 1) * axis.stride) as isize,
                        step: axis.stride,
                    };
                    (
                        StridedRange::contiguous(0, axis.input),
                        made.clipped_to(axis.output),
                    )
                }
                Link::Adaptive { .. } | Link::Resize { .. } | Link::Same => {
                    (StridedRange::EMPTY, StridedRange::EMPTY)
                }
            }
        };
        let [rows, columns] = self.links();
        let (row_in, row_out) = along(&rows, row);
        let (column_in, column_out) = along(&columns, column);
        Some(Relations {
            input: Field::new(
                StridedRange::single(in_plane),
                vec![row_in],
                vec![column_in],
            ),
            output: Field::new(
                StridedRange::single(out_plane),
                vec![row_out],
                vec![column_out],
            ),
            weight: WeightField {
                first: vec![StridedRange::single(first)],
                rest: Field::single([second, row, column]),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Layer, TermSource};
    use crate::tensor::Shape;
    use std::collections::BTreeSet;

    fn plan(text: &str, input: &str) -> Plan {
        let layer: Layer = ron::from_str(text).unwrap();
        layer.plan(&input.parse::<Shape>().unwrap()).unwrap()
    }

    fn element(at: [isize; 3]) -> [usize; 3] {
        at.map(|at| at as usize)
    }

    /// Compares the arithmetic with a walk through all steps.
    fn agrees(text: &str, input: &str) {
        let plan = plan(text, input);
        let (inputs, outputs) = (plan.input_shape().count(), plan.output_shape().count());
        let mut read = vec![BTreeSet::new(); outputs];
        let mut fed = vec![BTreeSet::new(); inputs];
        let mut uses = std::collections::BTreeMap::<[usize; 4], BTreeSet<[usize; 3]>>::new();
        for index in 0..plan.step_count() {
            let step = plan.step(index);
            for term in step.terms() {
                let target = match term.target {
                    Some(Some(target)) => target,
                    Some(None) => continue,
                    None => step.output,
                };
                let to = plan.output_shape().chw_offset(target).unwrap();
                // Of a transposed convolution, what falls on no element is nothing at all.
                let counts = matches!(term.source, TermSource::Element(_))
                    || !text.starts_with("ConvTranspose2d");
                if let Some(weight) = term.weight.filter(|_| counts) {
                    uses.entry(weight).or_default().insert(target);
                }
                let Some(from) = term.source.element() else {
                    continue;
                };
                read[to].insert(from);
                fed[plan.input_shape().chw_offset(from).unwrap()].insert(target);
            }
        }
        for (index, expected) in read.iter().enumerate() {
            let at = plan.output_shape().chw_index(index).unwrap();
            let found: BTreeSet<_> = plan
                .receptive_field(at)
                .unwrap()
                .input
                .iter()
                .map(element)
                .collect();
            assert_eq!(&found, expected, "{text}: output {at:?}");
        }
        for (index, expected) in fed.iter().enumerate() {
            let at = plan.input_shape().chw_index(index).unwrap();
            let related = plan.feeds(at).unwrap();
            let found: BTreeSet<_> = related.output.iter().map(element).collect();
            assert_eq!(&found, expected, "{text}: input {at:?}");
            for output in expected {
                assert!(related.output.contains(output.map(|at| at as isize)));
            }
        }
        for (weight, targets) in uses {
            let related = plan.uses_of(weight).unwrap();
            for target in targets {
                let at = target.map(|at| at as isize);
                assert!(related.output.contains(at), "{text}: {weight:?}, {at:?}");
                let made = plan.receptive_field(target).unwrap();
                assert!(made.weight.contains(weight), "{text}: {weight:?}");
            }
        }
    }

    #[test]
    fn relations_are_what_the_steps_read_and_write() {
        agrees("Conv2d(filters: 4, kernel: (3, 3))", "3x6x6");
        agrees(
            "Conv2d(filters: 4, kernel: (3, 2), stride: (2, 3), groups: 2)",
            "4x7x8",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), stride: (2, 2), dilation: (3, 2), padding: Size(2, 1))",
            "2x9x9",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (2, 3), stride: (4, 2), dilation: (2, 4), padding: Full)",
            "1x9x9",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), padding: Size(2, 1), padding_mode: Reflect)",
            "2x5x4",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), padding: Size(2, 2), padding_mode: Replicate)",
            "2x5x4",
        );
        agrees(
            "Conv2d(filters: 2, kernel: (3, 3), padding: Size(3, 2), padding_mode: Circular)",
            "1x5x4",
        );
        agrees(
            "MaxPool2d(kernel: (3, 2), stride: (2, 1), padding: (1, 1))",
            "3x7x6",
        );
        agrees("AvgPool2d(kernel: (2, 2), ceil_mode: true)", "2x5x5");
        agrees("AdaptiveAvgPool2d(output: (3, 4))", "2x7x5");
        agrees("AdaptiveMaxPool2d(output: (5, 2))", "2x3x5");
        agrees("GlobalAvgPool2d", "3x4x5");
        agrees("PixelShuffle(factor: 2)", "8x3x3");
        agrees("PixelUnshuffle(factor: 3)", "2x6x9");
        agrees("Upsample(scale: (2.0, 3.0))", "2x3x4");
        agrees("Upsample(scale: (1.5, 2.5), mode: Bilinear)", "2x4x5");
        agrees(
            "Upsample(size: (3, 7), mode: Bilinear, align_corners: true)",
            "2x5x4",
        );
        agrees("ReLU", "2x3x3");
        for view in ["ZeroInsertion", "Scatter"] {
            agrees(
                &format!(
                    "ConvTranspose2d(filters: 4, kernel: (3, 2), stride: (2, 3), padding: (1, 0), output_padding: (1, 0), groups: 2, view: {view})"
                ),
                "2x4x3",
            );
            agrees(
                &format!(
                    "ConvTranspose2d(filters: 2, kernel: (3, 3), dilation: (2, 3), stride: (4, 2), view: {view})"
                ),
                "3x3x3",
            );
        }
    }

    #[test]
    fn what_does_not_exist_has_no_relations() {
        let plan = plan("Conv2d(filters: 4, kernel: (3, 3))", "3x6x6");
        assert!(plan.receptive_field([4, 0, 0]).is_none());
        assert!(plan.feeds([0, 6, 0]).is_none());
        assert!(plan.uses_of([0, 0, 3, 0]).is_none());
    }

    #[test]
    fn a_weight_multiplies_every_stride_th_position() {
        let plan = plan(
            "Conv2d(filters: 1, kernel: (3, 3), stride: (2, 2))",
            "1x7x7",
        );
        let related = plan.uses_of([0, 0, 1, 0]).unwrap();
        let rows: Vec<_> = related.input.axes[1][0].iter().collect();
        assert_eq!(rows, [1, 3, 5]);
        assert_eq!(related.output.count(), 9);
    }
}
