//! What lies where around the input of a plan, which of it is read, and which weights read it.

use super::axis::Axis;
use super::explain::Explanation;
use super::geometry::{Geometry, TransposeView, TransposedAxis};
use super::operands::Operands;
use super::plan::Plan;
use super::step::{Step, TermSource};

/// What an output element holds part of the way through an operation that adds to it several
/// times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartialSum {
    /// The sum so far, bias included once anything has been added.
    pub value: f32,
    /// Windows that have added to it.
    pub windows: u64,
}

impl Plan {
    /// Filters that the operation works with one after another; 0 where it has none.
    #[must_use]
    pub fn filter_count(&self) -> usize {
        match &self.geometry() {
            Geometry::Convolution(convolution) => convolution.out_channels,
            Geometry::Transposed(transposed) => transposed.out_channels,
            Geometry::Mapped(mapped) => mapped.filters().map_or(0, |(count, _)| count),
            Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => 0,
        }
    }

    /// The filter that a step works with; of an operation without filters, the plane that it writes.
    #[must_use]
    pub fn filter_of(&self, step: &Step) -> usize {
        match &self.geometry() {
            Geometry::Convolution(convolution) => convolution.filter(step.output),
            Geometry::Mapped(mapped) => mapped.filter_at(step.output),
            Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => step.output[0],
        }
    }

    /// The place in its filter of the weight of a step's term, in row-major order; `None` of a term
    /// without a weight.
    #[must_use]
    pub fn place_in_filter(&self, step: &Step, number: usize) -> Option<usize> {
        let term = step.term(number)?;
        let [.., row, column] = term.weight?;
        match &self.geometry() {
            Geometry::Mapped(mapped) => Some(mapped.place_in_filter(&term, number)),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => {
                let [_, rows, columns] = self.filter_dims();
                let plane = (rows * columns).max(1);
                Some(number / plane * plane + row * columns + column)
            }
        }
    }

    /// Whether the value of a step is the sum of its products and its bias, that sum over the
    /// divisor, or the largest term, with nothing else made of it.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        match &self.geometry() {
            Geometry::Mapped(mapped) => mapped.adds_up(),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_) => true,
            Geometry::Elementwise(_) => false,
        }
    }

    /// What each term of a step adds to the sum that the operation takes (see
    /// [`Explanation::terms`]): its product, or the exponential of a softmax, the square under a
    /// norm.
    #[must_use]
    pub fn summands(&self, explained: &Explanation) -> Vec<f32> {
        let terms = explained.terms.iter();
        match &self.geometry() {
            Geometry::Mapped(mapped) => terms.map(|term| mapped.summand(term)).collect(),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => terms.map(|term| term.product).collect(),
        }
    }

    /// Channels, rows and columns of one filter; zeros where there is none.
    #[must_use]
    pub fn filter_dims(&self) -> [usize; 3] {
        match &self.geometry() {
            Geometry::Convolution(convolution) => {
                let [depth, height, width] = &convolution.axes;
                [
                    convolution.group_channels() * depth.kernel,
                    height.kernel,
                    width.kernel,
                ]
            }
            Geometry::Transposed(transposed) => {
                let [height, width] = &transposed.axes;
                [transposed.group_channels(), height.kernel, width.kernel]
            }
            Geometry::Mapped(mapped) => mapped.filters().map_or([0; 3], |(_, dims)| dims),
            Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => [0; 3],
        }
    }

    /// Where the weights tensor holds a filter's weight, by its place in the filter (channel, row
    /// and column in one number).
    #[must_use]
    pub fn weight_offset(&self, filter: usize, inside: usize) -> usize {
        let [channels, rows, columns] = self.filter_dims();
        let volume = channels * rows * columns;
        match &self.geometry() {
            // Stored by input channel: channel, filter in its group, row, column.
            Geometry::Transposed(transposed) => {
                let plane = (rows * columns).max(1);
                let group = filter / transposed.group_filters();
                let channel = group * transposed.group_channels() + inside / plane;
                let in_group = filter % transposed.group_filters();
                (channel * transposed.group_filters() + in_group) * plane + inside % plane
            }
            Geometry::Mapped(mapped) => mapped.weight_offset(filter, inside),
            Geometry::Convolution(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => filter * volume + inside,
        }
    }

    /// Rows and columns from one input element to the next in the picture of the operation: the
    /// stride in the zero-insertion view of a transposed convolution, else 1.
    #[must_use]
    pub fn spread(&self) -> [usize; 2] {
        match &self.geometry() {
            Geometry::Transposed(transposed) if transposed.view == TransposeView::ZeroInsertion => {
                [transposed.axes[0].stride, transposed.axes[1].stride]
            }
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => [1, 1],
        }
    }

    /// Rows and columns from one window to the next.
    #[must_use]
    pub fn stride(&self) -> [usize; 2] {
        match &self.geometry() {
            Geometry::Convolution(convolution) => {
                [convolution.axes[1].stride, convolution.axes[2].stride]
            }
            Geometry::Pool(pool) => [pool.axes[0].stride, pool.axes[1].stride],
            Geometry::Transposed(transposed) if transposed.view == TransposeView::Scatter => {
                [transposed.axes[0].stride, transposed.axes[1].stride]
            }
            Geometry::Transposed(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => [1, 1],
        }
    }

    /// Rows and columns from one element under the window to the next.
    #[must_use]
    pub fn dilation(&self) -> [usize; 2] {
        match &self.geometry() {
            Geometry::Convolution(convolution) => {
                [convolution.axes[1].dilation, convolution.axes[2].dilation]
            }
            Geometry::Pool(pool) => [pool.axes[0].dilation, pool.axes[1].dilation],
            Geometry::Transposed(transposed) => {
                [transposed.axes[0].dilation, transposed.axes[1].dilation]
            }
            Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => [1, 1],
        }
    }

    /// The most terms that a step has.
    #[must_use]
    pub fn max_terms(&self) -> usize {
        // Windows differ within a plane, never from one plane to another.
        let [_, rows, columns] = self.geometry().visited();
        match self.geometry() {
            Geometry::Adaptive(_) => (0..(rows * columns) as u64)
                .map(|step| self.step(step).term_count())
                .max()
                .unwrap_or(0),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => self.step(0).term_count(),
        }
    }

    /// Rows and columns of places that the window would visit at a stride of 1.
    #[must_use]
    pub fn places(&self) -> [usize; 2] {
        let places = |axis: &Axis| axis.padded().saturating_sub(axis.reach()) + 1;
        match &self.geometry() {
            Geometry::Convolution(convolution) => {
                [places(&convolution.axes[1]), places(&convolution.axes[2])]
            }
            Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => [0, 0],
        }
    }

    /// What lies at a place around the input: plane, and row and column counted from the first
    /// element, in the zero-inserted input where there is one. `None` outside the padding.
    #[must_use]
    pub fn source_at(&self, [plane, row, column]: [isize; 3]) -> Option<TermSource> {
        let [planes, rows, columns] = self.input_shape().as_chw();
        let plane = usize::try_from(plane)
            .ok()
            .filter(|plane| *plane < planes)?;
        let sides = self.padding();
        let [row_pitch, column_pitch] = self.spread();
        let length = |count: usize, pitch: usize| ((count - 1) * pitch + 1) as isize;
        let (height, width) = (length(rows, row_pitch), length(columns, column_pitch));
        let inside = (-sides.top..height + sides.bottom).contains(&row)
            && (-sides.left..width + sides.right).contains(&column);
        if !inside {
            return None;
        }
        if (0..height).contains(&row) && (0..width).contains(&column) {
            let (row, column) = (row as usize, column as usize);
            let on_grid = row.is_multiple_of(row_pitch) && column.is_multiple_of(column_pitch);
            return Some(if on_grid {
                TermSource::Element([plane, row / row_pitch, column / column_pitch])
            } else {
                TermSource::Inserted
            });
        }
        let from = match &self.geometry() {
            Geometry::Convolution(convolution) => {
                let line = |at: isize, length: usize| {
                    if (0..length as isize).contains(&at) {
                        Some(at as usize)
                    } else {
                        convolution.mode.source(at, length)
                    }
                };
                line(row, rows)
                    .zip(line(column, columns))
                    .map(|(row, column)| [plane, row, column])
            }
            Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => None,
        };
        Some(TermSource::Padding { from })
    }

    /// The rows and the columns of the input that no window reads.
    #[must_use]
    pub fn unread(&self) -> [Vec<usize>; 2] {
        let lines = |axis: &Axis| {
            let mut read = vec![false; axis.input];
            for window in 0..axis.output {
                for weight in 0..axis.kernel {
                    let padded = window * axis.stride + weight * axis.dilation;
                    if let Some(at) = axis.element(padded) {
                        read[at] = true;
                    }
                }
            }
            let unread = read.iter().enumerate().filter(|(_, read)| !**read);
            unread.map(|(at, _)| at).collect()
        };
        match &self.geometry() {
            Geometry::Convolution(convolution) => {
                [lines(&convolution.axes[1]), lines(&convolution.axes[2])]
            }
            Geometry::Pool(pool) => [lines(&pool.axes[0]), lines(&pool.axes[1])],
            Geometry::Transposed(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => [Vec::new(), Vec::new()],
        }
    }

    /// What an output element holds after so many steps of the scatter view of a transposed
    /// convolution; `None` for other operations, and for an element outside the output.
    #[must_use]
    pub fn partial_sum_after(
        &self,
        output: [usize; 3],
        steps: u64,
        operands: &Operands,
    ) -> Option<PartialSum> {
        let Geometry::Transposed(transposed) = self.geometry() else {
            return None;
        };
        if transposed.view != TransposeView::Scatter {
            return None;
        }
        self.output_shape().chw_offset(output)?;
        let [filter, row, column] = output;
        let [height, width] = &transposed.axes;
        let bias = operands.bias().and_then(|bias| bias.get(filter)).copied();
        let mut held = PartialSum {
            value: 0.0,
            windows: 0,
        };
        let (rows, columns) = (origins(height, row), origins(width, column));
        // Falling kernel places are rising input positions: the order of the steps.
        for (kernel_row, from_row) in rows {
            for (kernel_column, from_column) in columns.clone() {
                let step = (filter * height.input + from_row) * width.input + from_column;
                if step as u64 >= steps {
                    continue;
                }
                if held.windows == 0 {
                    held.value = bias.unwrap_or(0.0);
                }
                held.windows += 1;
                let group = filter / transposed.group_filters();
                for inside in 0..transposed.group_channels() {
                    let channel = group * transposed.group_channels() + inside;
                    let input = operands.input().at([channel, from_row, from_column]);
                    let place = [
                        channel,
                        filter % transposed.group_filters(),
                        kernel_row,
                        kernel_column,
                    ];
                    let weight = operands.weight().and_then(|weights| weights.get(place));
                    held.value += input.unwrap_or(0.0) * weight.unwrap_or(0.0);
                }
            }
        }
        Some(held)
    }
}

/// Kernel places and the input places that they bring to an output place, input places rising.
fn origins(axis: &TransposedAxis, output: usize) -> Vec<(usize, usize)> {
    (0..axis.kernel)
        .rev()
        .filter_map(|kernel| Some((kernel, axis.origin(output, kernel)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;
    use crate::tensor::{Fill, Shape};

    fn plan(line: &str, dims: (usize, usize, usize)) -> Plan {
        let layer: Layer = line.parse().unwrap();
        let shape = Shape::chw(dims.0, dims.1, dims.2).unwrap();
        layer.plan(&shape).unwrap()
    }

    /// What lies at a place must be what the steps say they read there.
    #[test]
    fn what_lies_at_a_place_is_what_steps_read_there() {
        for line in [
            "nn.Conv2d(2, 3, 3, padding=1, padding_mode='reflect')",
            "nn.Conv2d(2, 3, 3, padding=2, padding_mode='circular', stride=2)",
            "nn.Conv2d(2, 2, 3, padding=1, groups=2)",
            "nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1)",
            "nn.AvgPool2d(2, padding=1)",
        ] {
            let plan = plan(line, (2, 4, 5));
            let sides = plan.padding();
            for step in 0..plan.step_count() {
                for term in plan.step(step).terms() {
                    let [plane, row, column] = term.padded.map(|at| at as isize);
                    let place = [plane, row - sides.top, column - sides.left];
                    assert_eq!(plan.source_at(place), Some(term.source), "{line} {place:?}");
                    if let (Some(weight), Some(shape)) = (term.weight, plan.weight_shape()) {
                        let dims = plan.filter_dims();
                        let filter = plan.step(step).output[0];
                        let volume = dims.iter().product::<usize>();
                        let offset = shape.offset(weight).unwrap();
                        assert!(
                            (0..volume).any(|inside| plan.weight_offset(filter, inside) == offset)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn unread_lines_are_those_that_no_step_reads() {
        for line in [
            "nn.Conv2d(1, 1, 3, stride=2)",
            "nn.Conv2d(1, 1, 2, stride=3)",
            "nn.MaxPool2d(2)",
            "nn.Conv2d(1, 1, 2, dilation=4)",
        ] {
            let plan = plan(line, (1, 7, 6));
            let mut read = [vec![false; 7], vec![false; 6]];
            for step in 0..plan.step_count() {
                for term in plan.step(step).terms() {
                    if let TermSource::Element([_, row, column]) = term.source {
                        read[0][row] = true;
                        read[1][column] = true;
                    }
                }
            }
            let expected = read.map(|lines| {
                (0..lines.len())
                    .filter(|at| !lines[*at])
                    .collect::<Vec<_>>()
            });
            assert_eq!(plan.unread(), expected, "{line}");
        }
    }

    #[test]
    fn a_scatter_holds_the_result_when_all_steps_are_done() {
        let plan = plan(
            "nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1)",
            (2, 4, 5),
        )
        .in_view(TransposeView::Scatter);
        let input = Fill::Random { seed: 3 }.make(plan.input_shape()).unwrap();
        let operands = plan.filled(input).unwrap();
        let output = plan.evaluate(&operands).unwrap();
        for offset in 0..output.data().len() {
            let at = plan.output_shape().chw_index(offset).unwrap();
            assert_eq!(plan.partial_sum_after(at, 0, &operands).unwrap().windows, 0);
            let held = plan
                .partial_sum_after(at, plan.step_count(), &operands)
                .unwrap();
            assert!((held.value - output.data()[offset]).abs() < 1e-4);
            assert!((1..=4).contains(&held.windows));
        }
    }
}
