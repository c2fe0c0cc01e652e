//! The geometry of `ConvTranspose3d`: zeros between slices, rows and columns of the input, and a
//! flipped kernel that slides over the result at stride 1.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};
use crate::tensor::WeightOrder;

use super::mapping::Mapping;
use super::rearrange::moved;
use super::transposed::{CellKind, TransposedAxis};
use super::volume_pool::shifted;

/// Depth, height and width, with channels in groups. Planes are channel · depth + slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TransposedVolume {
    pub axes: [TransposedAxis; 3],
    pub channels: usize,
    pub out_channels: usize,
    pub groups: usize,
}

impl TransposedVolume {
    fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    fn group_filters(&self) -> usize {
        self.out_channels / self.groups
    }

    /// Filter, and the place along each axis.
    fn places(&self, [plane, row, column]: [usize; 3]) -> (usize, [usize; 3]) {
        let slices = self.axes[0].output;
        (plane / slices, [plane % slices, row, column])
    }

    fn kernel(&self) -> usize {
        self.axes.iter().map(|axis| axis.kernel).product()
    }
}

/// The input places from which a kernel element reaches the output.
fn reaching(axis: &TransposedAxis, kernel: usize) -> std::ops::Range<usize> {
    let offset = kernel * axis.dilation;
    let first = axis.padding.saturating_sub(offset).div_ceil(axis.stride);
    let end = (axis.output + axis.padding)
        .saturating_sub(offset)
        .div_ceil(axis.stride)
        .min(axis.input);
    first.min(end)..end
}

impl Mapping for TransposedVolume {
    fn output(&self) -> [usize; 3] {
        let [depth, height, width] = self.axes.map(|axis| axis.output);
        [self.out_channels * depth, height, width]
    }

    fn phases(&self) -> &'static [Phase] {
        &[
            Phase::Travel,
            Phase::Multiply,
            Phase::Accumulate,
            Phase::Emit,
        ]
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.group_channels() * self.kernel()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let (filter, places) = self.places(at);
        let [depth, height, width] = &self.axes;
        let kernel = [
            number / (width.kernel * height.kernel) % depth.kernel,
            number / width.kernel % height.kernel,
            number % width.kernel,
        ];
        let group = filter / self.group_filters();
        let channel = group * self.group_channels() + number / self.kernel();
        let place: [usize; 3] =
            std::array::from_fn(|axis| places[axis] + kernel[axis] * self.axes[axis].dilation);
        let kinds: [CellKind; 3] =
            std::array::from_fn(|axis| self.axes[axis].cell_kind(place[axis]));
        let source = match kinds {
            [CellKind::Border, ..] | [_, CellKind::Border, _] | [.., CellKind::Border] => {
                TermSource::Padding { from: None }
            }
            [
                CellKind::Element(slice),
                CellKind::Element(row),
                CellKind::Element(column),
            ] => TermSource::Element([channel * depth.input + slice, row, column]),
            _ => TermSource::Inserted,
        };
        let [slice, row, column]: [usize; 3] =
            std::array::from_fn(|axis| self.axes[axis].kernel - 1 - kernel[axis]);
        Term {
            source,
            weight: Some([
                channel,
                filter % self.group_filters() * depth.kernel + slice,
                row,
                column,
            ]),
            ..moved([channel * depth.padded() + place[0], place[1], place[2]])
        }
    }

    fn term_dims(&self, _at: [usize; 3]) -> [usize; 3] {
        let [depth, height, width] = self.axes.map(|axis| axis.kernel);
        [self.group_channels() * depth, height, width]
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (filter, places) = self.places(at);
        let channel = filter / self.group_filters() * self.group_channels();
        let span = |number: usize| {
            let axis = &self.axes[number];
            // Real coordinates are those of the input: rounded down to the element before.
            let stride = axis.stride as isize;
            let first = places[number] as isize - axis.before();
            let last = first + axis.span() as isize;
            let start = first.div_euclid(stride);
            (start, (last.div_euclid(stride) - start + 1) as usize)
        };
        let [slices, rows, columns] = [span(0), span(1), span(2)];
        let planes = (self.group_channels() - 1) * self.axes[0].input + slices.1;
        (
            [
                (channel * self.axes[0].input) as isize + slices.0,
                rows.0,
                columns.0,
            ],
            [planes, rows.1, columns.1],
        )
    }

    fn value(&self, _at: [usize; 3], _terms: &[TermValue], running: f32, _: &[f32]) -> f32 {
        running
    }

    fn filters(&self) -> Option<(usize, [usize; 3])> {
        Some((self.out_channels, self.term_dims([0; 3])))
    }

    fn filter_at(&self, at: [usize; 3]) -> usize {
        self.places(at).0
    }

    /// A filter stands as it is stored; over the input it lies turned around.
    fn place_in_filter(&self, term: &Term, number: usize) -> usize {
        let [depth, height, width] = self.axes.map(|axis| axis.kernel);
        let Some([_, slice, row, column]) = term.weight else {
            return number;
        };
        let channel = number / self.kernel();
        ((channel * depth + slice % depth) * height + row) * width + column
    }

    fn weight_offset(&self, filter: usize, place: usize) -> usize {
        let (channel, inside) = (place / self.kernel(), place % self.kernel());
        let group = filter / self.group_filters();
        let channel = group * self.group_channels() + channel;
        (channel * self.group_filters() + filter % self.group_filters()) * self.kernel() + inside
    }

    fn weight_order(&self) -> WeightOrder {
        WeightOrder::Channels {
            groups: self.groups,
        }
    }

    fn adds_up(&self) -> bool {
        true
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let [depth, height, width] = &self.axes;
        let volume = depth.output * height.output * width.output;
        if let Some(bias) = operands.bias() {
            for (out, bias) in out.chunks_exact_mut(volume).zip(bias) {
                out.fill(*bias);
            }
        }
        let Some(weights) = operands.weight() else {
            return;
        };
        let (input, weights) = (operands.input().data(), weights.data());
        let (channels, filters) = (self.group_channels(), self.group_filters());
        let (from, kernel) = (depth.input * height.input * width.input, self.kernel());
        for (filter, out) in out.chunks_exact_mut(volume).enumerate() {
            let group = filter / filters;
            for channel in group * channels..(group + 1) * channels {
                let input = &input[channel * from..][..from];
                let weights = &weights[(channel * filters + filter % filters) * kernel..][..kernel];
                for (number, weight) in weights.iter().enumerate() {
                    let at = [
                        number / (height.kernel * width.kernel),
                        number / width.kernel % height.kernel,
                        number % width.kernel,
                    ];
                    let columns = reaching(width, at[2]);
                    if columns.is_empty() {
                        continue;
                    }
                    for slice in reaching(depth, at[0]) {
                        let to = slice * depth.stride + at[0] * depth.dilation - depth.padding;
                        for row in reaching(height, at[1]) {
                            let line = (slice * height.input + row) * width.input;
                            let row =
                                row * height.stride + at[1] * height.dilation - height.padding;
                            let first = columns.start * width.stride + at[2] * width.dilation
                                - width.padding;
                            let out = &mut out[(to * height.output + row) * width.output + first..];
                            let line = &input[line + columns.start..line + columns.end];
                            for (out, value) in out.iter_mut().step_by(width.stride).zip(line) {
                                *out += value * weight;
                            }
                        }
                    }
                }
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        // Each element of the input meets each weight of its channel once, whatever padding cuts off.
        let elements = self
            .axes
            .iter()
            .map(|axis| axis.input as u128)
            .product::<u128>();
        let each = (self.group_filters() * self.kernel()) as u128;
        Some((
            WorkUnit::Macs,
            None,
            elements * self.channels as u128 * each,
        ))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        ["D", "H", "W"]
            .into_iter()
            .zip(&self.axes)
            .map(|(name, axis)| (name, AxisFormula::transposed(axis)))
            .collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let (filter, places) = self.places(at);
        let channel = filter / self.group_filters() * self.group_channels();
        let [slices, rows, columns] = std::array::from_fn(|number| {
            let axis = &self.axes[number];
            let sum = (places[number] + axis.padding) as isize;
            let low = sum - axis.span() as isize;
            StridedRange::solutions(low, sum, sum, axis.stride, axis.dilation, axis.input)
        });
        let planes = (channel..channel + self.group_channels())
            .map(|channel| shifted(slices, channel * self.axes[0].input));
        Field {
            axes: [planes.collect(), vec![rows], vec![columns]],
        }
    }

    fn feeds(&self, [plane, row, column]: [usize; 3]) -> Field {
        let depth = &self.axes[0];
        let (channel, slice) = (plane / depth.input, plane % depth.input);
        let filter = channel / self.group_channels() * self.group_filters();
        let [slices, rows, columns] = std::array::from_fn(|number| {
            let axis = &self.axes[number];
            let first =
                ([slice, row, column][number] * axis.stride) as isize - axis.padding as isize;
            StridedRange {
                first,
                last: first + axis.span() as isize,
                step: axis.dilation,
            }
            .clipped_to(axis.output)
        });
        let planes = (filter..filter + self.group_filters())
            .map(|filter| shifted(slices, filter * depth.output));
        Field {
            axes: [planes.collect(), vec![rows], vec![columns]],
        }
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let axis = &self.axes[axis + 1];
        let (stride, padding) = (axis.stride as i64, axis.padding as i64);
        let low = first + padding - axis.span() as i64;
        // Up to the next whole input place, and down to the one before.
        (
            (low + stride - 1).div_euclid(stride),
            (last + padding).div_euclid(stride),
        )
    }

    fn effective_stride(&self, axis: usize) -> f64 {
        1.0 / self.axes[axis + 1].stride as f64
    }
}
