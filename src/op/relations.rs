//! What an element has to do with others: the field that an output is made of, the outputs that an
//! input feeds, the places where a weight is used. Worked out by arithmetic from the geometry, not
//! by going through the steps.

use super::axis::Axis;
use super::geometry::{Adaptive, Convolution, Geometry, Resize, ResizeAxis, TransposedAxis};
use super::padding::PaddingMode;
use super::plan::Plan;

/// Every `step`-th place from the first to the last; empty where the last lies before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Places {
    /// The first place.
    pub first: isize,
    /// No place lies behind this one.
    pub last: isize,
    /// From one place to the next, at least 1.
    pub step: usize,
}

impl Places {
    const NONE: Self = Self {
        first: 0,
        last: -1,
        step: 1,
    };

    fn one(at: usize) -> Self {
        Self::run(at, 1)
    }

    /// So many neighbours.
    fn run(first: usize, count: usize) -> Self {
        Self {
            first: first as isize,
            last: first as isize + count as isize - 1,
            step: 1,
        }
    }

    /// Those within `0..length`.
    fn within(self, length: usize) -> Self {
        let step = self.step.max(1) as isize;
        let skipped = if self.first < 0 {
            (-self.first + step - 1) / step
        } else {
            0
        };
        Self {
            first: self.first + skipped * step,
            last: self.last.min(length as isize - 1),
            step: self.step,
        }
    }

    /// Whether a place is one of them.
    #[must_use]
    pub fn contains(&self, at: isize) -> bool {
        (self.first..=self.last).contains(&at) && (at - self.first) % self.step.max(1) as isize == 0
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::try_from((self.last - self.first).div_euclid(self.step.max(1) as isize) + 1)
            .unwrap_or(0)
    }

    /// They themselves, in order.
    pub fn iter(&self) -> impl Iterator<Item = isize> + use<> {
        let (first, step) = (self.first, self.step.max(1) as isize);
        (0..self.count() as isize).map(move |number| first + number * step)
    }
}

/// Places of an axis: the union of a few runs.
pub type Line = Vec<Places>;

/// Elements of a tensor: the planes, rows and columns of each lie in these lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// Planes, rows, columns.
    pub lines: [Line; 3],
}

impl Field {
    fn new(planes: Places, rows: Line, columns: Line) -> Self {
        Self {
            lines: [vec![planes], rows, columns],
        }
    }

    /// Whether an element belongs to it.
    #[must_use]
    pub fn contains(&self, at: [isize; 3]) -> bool {
        self.lines
            .iter()
            .zip(at)
            .all(|(line, at)| line.iter().any(|places| places.contains(at)))
    }

    /// Whether nothing belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.iter().all(|places| places.count() == 0))
    }

    /// At most how many elements belong to it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lines
            .iter()
            .map(|line| line.iter().map(Places::count).sum::<usize>())
            .product()
    }

    /// The elements that belong to it, in order; one that lies in two runs comes twice.
    pub fn iter(&self) -> impl Iterator<Item = [isize; 3]> + '_ {
        let [planes, rows, columns] = &self.lines;
        let along = |line: &'_ Line| line.iter().flat_map(Places::iter).collect::<Vec<_>>();
        let (rows, columns) = (along(rows), along(columns));
        along(planes).into_iter().flat_map(move |plane| {
            let columns = columns.clone();
            rows.clone()
                .into_iter()
                .flat_map(move |row| columns.clone().into_iter().map(move |at| [plane, row, at]))
        })
    }
}

/// Weights: some filters, and of each the same places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WeightField {
    /// The first axis of the weights.
    pub first: Line,
    /// Planes, rows and columns of the others.
    pub rest: Field,
}

impl WeightField {
    /// Whether a weight belongs to it.
    #[must_use]
    pub fn contains(&self, [first, plane, row, column]: [usize; 4]) -> bool {
        self.first
            .iter()
            .any(|places| places.contains(first as isize))
            && self
                .rest
                .contains([plane as isize, row as isize, column as isize])
    }
}

/// What one element has to do with the others of its operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relations {
    /// Input elements.
    pub input: Field,
    /// Output elements.
    pub output: Field,
    /// Weights.
    pub weight: WeightField,
}

/// One axis of an operation, as far as places are concerned.
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
    /// The input places that an output place depends on.
    fn reads(&self, output: usize) -> Line {
        match self {
            Self::Window(axis, mode) => {
                let first = (output * axis.stride) as isize - axis.before as isize;
                let whole = Places {
                    first,
                    last: first + axis.reach() as isize - 1,
                    step: axis.dilation,
                };
                let mut line = vec![whole.within(axis.input)];
                // What a window finds on padding that copies the input.
                if *mode != PaddingMode::Zeros {
                    let outside = whole
                        .iter()
                        .filter(|at| !(0..axis.input as isize).contains(at));
                    line.extend(
                        outside
                            .filter_map(|at| mode.source(at, axis.input))
                            .map(Places::one),
                    );
                }
                line
            }
            Self::Transposed(axis) => {
                // output + padding − dilation·k = stride·input, with k below the kernel's length.
                let sum = (output + axis.padding) as isize;
                let low = sum - axis.span() as isize;
                vec![solutions(
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
                vec![Places::run(start, length)]
            }
            Self::Resize { resize, number, .. } => {
                let (first, second, _) = resize.neighbours(*number, output);
                vec![Places::run(first, second - first + 1)]
            }
            Self::Same => vec![Places::one(output)],
        }
    }

    /// The output places that depend on an input place.
    fn feeds(&self, input: usize) -> Line {
        match self {
            Self::Window(axis, mode) => {
                let mut line = vec![window_feeds(axis, input as isize)];
                if *mode != PaddingMode::Zeros {
                    let before = -(axis.before as isize)..0;
                    let behind = axis.input as isize..(axis.input + axis.after) as isize;
                    let copies = before
                        .chain(behind)
                        .filter(|at| mode.source(*at, axis.input) == Some(input));
                    line.extend(copies.map(|at| window_feeds(axis, at)));
                }
                line.retain(|places| places.count() > 0);
                line
            }
            Self::Transposed(axis) => {
                let first = (input * axis.stride) as isize - axis.padding as isize;
                vec![
                    Places {
                        first,
                        last: first + axis.span() as isize,
                        step: axis.dilation,
                    }
                    .within(axis.output),
                ]
            }
            Self::Adaptive {
                input: length,
                output,
            } => {
                let first = (input * output) / length;
                let last = ((input + 1) * output - 1) / length;
                vec![Places::run(first, last - first + 1)]
            }
            Self::Resize {
                resize,
                axis,
                number,
            } => {
                // Neighbours grow with the output place: both ends are found by halving.
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
                vec![Places::run(first, low - first)]
            }
            Self::Same => vec![Places::one(input)],
        }
    }
}

/// The windows that hold a place of the input, which may lie on padding.
fn window_feeds(axis: &Axis, at: isize) -> Places {
    let sum = at + axis.before as isize;
    let low = sum - (axis.reach() as isize - 1);
    solutions(low, sum, sum, axis.stride, axis.dilation, axis.output)
}

/// The `x` within `0..count` for which `stride·x` lies from `low` to `high` and differs from
/// `target` by a multiple of `dilation`.
fn solutions(
    low: isize,
    high: isize,
    target: isize,
    stride: usize,
    dilation: usize,
    count: usize,
) -> Places {
    let (stride, dilation) = (stride.max(1) as isize, dilation.max(1) as isize);
    let first = low.div_euclid(stride) + isize::from(low.rem_euclid(stride) != 0);
    let first = first.max(0);
    let last = high.div_euclid(stride).min(count as isize - 1);
    let common = gcd(stride.unsigned_abs(), dilation.unsigned_abs());
    let step = dilation.unsigned_abs() / common;
    // The pattern repeats after `step`: the first solution is one of the first so many.
    let start = (0..step as isize)
        .map(|number| first + number)
        .take_while(|x| *x <= last)
        .find(|x| (target - stride * x) % dilation == 0);
    match start {
        Some(first) => Places { first, last, step },
        None => Places::NONE,
    }
}

fn gcd(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
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
            Geometry::Shuffle(_) | Geometry::Elementwise(_) => [Link::Same, Link::Same],
        }
    }

    /// Channels that a filter reads, and filters that read a channel.
    fn group_sizes(&self) -> Option<(usize, usize)> {
        match self.geometry() {
            Geometry::Convolution(convolution) => Some((
                convolution.group_channels(),
                convolution.filters / convolution.groups.max(1),
            )),
            Geometry::Transposed(transposed) => {
                Some((transposed.group_channels(), transposed.group_filters()))
            }
            _ => None,
        }
    }

    /// What an output element is made of: the input elements under its window (and those that its
    /// padding copies) and the weights that they meet. Of a layer over rows and columns; `None`
    /// for an element that does not exist.
    #[must_use]
    pub fn made_of(&self, output: [usize; 3]) -> Option<Relations> {
        self.output_shape().plane_offset(output)?;
        let [plane, row, column] = output;
        let itself = Field::new(
            Places::one(plane),
            vec![Places::one(row)],
            vec![Places::one(column)],
        );
        let [rows, columns] = self.links();
        if let Geometry::Shuffle(shuffle) = self.geometry() {
            let [plane, row, column] = shuffle.from(output);
            let from = Field::new(
                Places::one(plane),
                vec![Places::one(row)],
                vec![Places::one(column)],
            );
            return Some(Relations {
                input: from,
                output: itself,
                weight: WeightField::default(),
            });
        }
        let planes = self.planes_read(plane);
        let weight = self.weights_of_output(plane);
        Some(Relations {
            input: Field::new(planes, rows.reads(row), columns.reads(column)),
            output: itself,
            weight,
        })
    }

    /// The input planes that an output plane is made of.
    fn planes_read(&self, plane: usize) -> Places {
        match self.group_sizes() {
            Some((channels, filters)) => Places::run(plane / filters.max(1) * channels, channels),
            None => Places::one(plane),
        }
    }

    /// The output planes that depend on an input plane.
    fn planes_fed(&self, plane: usize) -> Places {
        match self.group_sizes() {
            Some((channels, filters)) => Places::run(plane / channels.max(1) * filters, filters),
            None => Places::one(plane),
        }
    }

    fn kernel_size(&self) -> [usize; 2] {
        match self.geometry() {
            Geometry::Convolution(Convolution { axes, .. }) => [axes[1].kernel, axes[2].kernel],
            Geometry::Transposed(transposed) => transposed.axes.map(|axis| axis.kernel),
            _ => [0, 0],
        }
    }

    /// All weights that make an output plane.
    fn weights_of_output(&self, plane: usize) -> WeightField {
        let Some((channels, filters)) = self.group_sizes() else {
            return WeightField::default();
        };
        let [rows, columns] = self.kernel_size().map(|count| vec![Places::run(0, count)]);
        if matches!(self.geometry(), Geometry::Transposed(_)) {
            WeightField {
                first: vec![Places::run(plane / filters.max(1) * channels, channels)],
                rest: Field::new(Places::one(plane % filters.max(1)), rows, columns),
            }
        } else {
            WeightField {
                first: vec![Places::one(plane)],
                rest: Field::new(Places::run(0, channels), rows, columns),
            }
        }
    }

    /// What an input element is used for: the output elements that it feeds, also through padding
    /// that copies it, and the weights that it meets. `None` for an element that does not exist.
    #[must_use]
    pub fn feeds(&self, input: [usize; 3]) -> Option<Relations> {
        self.input_shape().plane_offset(input)?;
        let [plane, row, column] = input;
        let itself = Field::new(
            Places::one(plane),
            vec![Places::one(row)],
            vec![Places::one(column)],
        );
        let output = if let Geometry::Shuffle(shuffle) = self.geometry() {
            let to = shuffle.to(input);
            Field::new(
                Places::one(to[0]),
                vec![Places::one(to[1])],
                vec![Places::one(to[2])],
            )
        } else {
            let [rows, columns] = self.links();
            Field::new(
                self.planes_fed(plane),
                rows.feeds(row),
                columns.feeds(column),
            )
        };
        let weight = match self.group_sizes() {
            None => WeightField::default(),
            Some((channels, filters)) => {
                let [rows, columns] = self.kernel_size().map(|count| vec![Places::run(0, count)]);
                if matches!(self.geometry(), Geometry::Transposed(_)) {
                    WeightField {
                        first: vec![Places::one(plane)],
                        rest: Field::new(Places::run(0, filters), rows, columns),
                    }
                } else {
                    WeightField {
                        first: vec![self.planes_fed(plane)],
                        rest: Field::new(Places::one(plane % channels.max(1)), rows, columns),
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

    /// Where a weight is used: the input elements that it meets (padding aside), and the output
    /// elements that it makes. The index is as in [`super::Term::weight`]. `None` for a weight that
    /// does not exist.
    #[must_use]
    pub fn uses_of(&self, weight: [usize; 4]) -> Option<Relations> {
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
            _ => (first / filters.max(1) * channels + second, first),
        };
        let along = |link: &Link<'_>, place: usize| -> (Places, Places) {
            match link {
                Link::Window(axis, _) => {
                    let offset = (place * axis.dilation) as isize - axis.before as isize;
                    let met = Places {
                        first: offset,
                        last: offset + ((axis.output - 1) * axis.stride) as isize,
                        step: axis.stride,
                    };
                    (met.within(axis.input), Places::run(0, axis.output))
                }
                Link::Transposed(axis) => {
                    let first = (place * axis.dilation) as isize - axis.padding as isize;
                    let made = Places {
                        first,
                        last: first + ((axis.input - 1) * axis.stride) as isize,
                        step: axis.stride,
                    };
                    (Places::run(0, axis.input), made.within(axis.output))
                }
                _ => (Places::NONE, Places::NONE),
            }
        };
        let [rows, columns] = self.links();
        let (row_in, row_out) = along(&rows, row);
        let (column_in, column_out) = along(&columns, column);
        Some(Relations {
            input: Field::new(Places::one(in_plane), vec![row_in], vec![column_in]),
            output: Field::new(Places::one(out_plane), vec![row_out], vec![column_out]),
            weight: WeightField {
                first: vec![Places::one(first)],
                rest: Field::new(
                    Places::one(second),
                    vec![Places::one(row)],
                    vec![Places::one(column)],
                ),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Layer, Source};
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
                let to = plan.output_shape().plane_offset(target).unwrap();
                // Of a transposed convolution, what falls on no element is nothing at all.
                let counts = matches!(term.source, Source::Element(_))
                    || !text.starts_with("ConvTranspose2d");
                if let Some(weight) = term.weight.filter(|_| counts) {
                    uses.entry(weight).or_default().insert(target);
                }
                let Some(from) = term.source.element() else {
                    continue;
                };
                read[to].insert(from);
                fed[plan.input_shape().plane_offset(from).unwrap()].insert(target);
            }
        }
        for (index, expected) in read.iter().enumerate() {
            let at = plan.output_shape().plane_index(index).unwrap();
            let found: BTreeSet<_> = plan
                .made_of(at)
                .unwrap()
                .input
                .iter()
                .map(element)
                .collect();
            assert_eq!(&found, expected, "{text}: output {at:?}");
        }
        for (index, expected) in fed.iter().enumerate() {
            let at = plan.input_shape().plane_index(index).unwrap();
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
                let made = plan.made_of(target).unwrap();
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
        assert!(plan.made_of([4, 0, 0]).is_none());
        assert!(plan.feeds([0, 6, 0]).is_none());
        assert!(plan.uses_of([0, 0, 3, 0]).is_none());
    }

    #[test]
    fn a_weight_meets_every_stride_th_place() {
        let plan = plan(
            "Conv2d(filters: 1, kernel: (3, 3), stride: (2, 2))",
            "1x7x7",
        );
        let related = plan.uses_of([0, 0, 1, 0]).unwrap();
        let rows: Vec<_> = related.input.lines[1][0].iter().collect();
        assert_eq!(rows, [1, 3, 5]);
        assert_eq!(related.output.count(), 9);
    }
}
