//! Pools of up to three axes that a window over rows and columns does not express: of volumes, of
//! powers, and of the places of maxima.

use crate::op::axis::Axis;
use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};

use super::mapping::Mapping;
use super::pool::PoolKind;
use super::rearrange::moved;

/// What becomes of the elements under a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum VolumeValue {
    /// Their maximum or their mean.
    Pool(PoolKind),
    /// The root of the sum of their powers.
    Power {
        /// The power.
        power: f32,
        /// Whether the powers are those of the magnitudes, and all of them count alike, as in ONNX.
        /// PyTorch's is a mean of plain powers times the size of the whole kernel, whatever part of
        /// the window lies inside.
        magnitudes: bool,
    },
    /// Where the maximum lies.
    Place {
        /// Whether places are counted through all planes, as in ONNX, and not within a channel.
        whole: bool,
        /// Whether they run through a column before the next one.
        column_major: bool,
    },
}

/// A window over slices, rows and columns of one channel; axes that an operation has not are flat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct VolumePool {
    pub axes: [Axis; 3],
    pub channels: usize,
    /// How many of the axes the operation has: 1 to 3.
    pub rank: usize,
    pub value: VolumeValue,
}

impl VolumePool {
    /// Channel, and the window along each axis.
    fn windows(&self, [plane, row, column]: [usize; 3]) -> (usize, [usize; 3]) {
        let slices = self.axes[0].output;
        (plane / slices, [plane % slices, row, column])
    }

    fn kernel(&self) -> usize {
        self.axes.iter().map(|axis| axis.kernel).product()
    }

    fn plane(&self, channel: usize, slice: usize) -> usize {
        channel * self.axes[0].input + slice
    }

    /// The mean's divisor.
    fn counted(&self, windows: [usize; 3], count_include_pad: bool) -> usize {
        let counts = self.axes.iter().zip(windows).map(|(axis, window)| {
            if count_include_pad {
                axis.kernel_padded(window)
            } else {
                axis.kernel_inside(window).len()
            }
        });
        counts.product()
    }

    /// The root of a sum of powers under a window.
    fn root(&self, sum: f32, windows: [usize; 3], power: f32, magnitudes: bool) -> f32 {
        if magnitudes {
            return sum.powf(1.0 / power);
        }
        let mean = sum / self.counted(windows, true) as f32;
        (mean * self.kernel() as f32).powf(1.0 / power)
    }

    /// The number of a place, where the maximum is.
    fn place(
        &self,
        channel: usize,
        [slice, row, column]: [usize; 3],
        whole: bool,
        column_major: bool,
    ) -> usize {
        let [depth, height, width] = self.axes.map(|axis| axis.input);
        let inside = if column_major {
            (column * height + row) * depth + slice
        } else {
            (slice * height + row) * width + column
        };
        if whole {
            channel * depth * height * width + inside
        } else {
            inside
        }
    }

    /// The place that is answered when no element lies under the window: the kernel's first element
    /// that is not before the input, as in PyTorch.
    fn first_place(&self, windows: [usize; 3]) -> [usize; 3] {
        std::array::from_fn(|number| {
            let axis = &self.axes[number];
            let start = windows[number] * axis.stride;
            let skipped = axis.before.saturating_sub(start).div_ceil(axis.dilation);
            start + skipped * axis.dilation - axis.before
        })
    }

    /// Calls with each element under a window: its place along each axis, and its value.
    fn each(
        &self,
        input: &[f32],
        channel: usize,
        windows: [usize; 3],
        mut call: impl FnMut([usize; 3], f32),
    ) {
        let [depth, height, width] = &self.axes;
        let input = &input[channel * depth.input * height.input * width.input..];
        let place = |axis: &Axis, window: usize, kernel: usize| {
            window * axis.stride + kernel * axis.dilation - axis.before
        };
        for slice in depth.kernel_inside(windows[0]) {
            let slice = place(depth, windows[0], slice);
            for row in height.kernel_inside(windows[1]) {
                let row = place(height, windows[1], row);
                let line = &input[(slice * height.input + row) * width.input..][..width.input];
                for column in width.kernel_inside(windows[2]) {
                    let column = place(width, windows[2], column);
                    call([slice, row, column], line[column]);
                }
            }
        }
    }

    /// The maximum under a window and its place: the first of equals, and a NaN over any number.
    fn maximum(&self, input: &[f32], channel: usize, windows: [usize; 3]) -> (f32, [usize; 3]) {
        let mut best = None;
        self.each(input, channel, windows, |place, value| {
            if best.is_none_or(|(maximum, _)| value > maximum || value.is_nan()) {
                best = Some((value, place));
            }
        });
        best.unwrap_or_else(|| (f32::NEG_INFINITY, self.first_place(windows)))
    }

    fn evaluated(&self, input: &[f32], channel: usize, windows: [usize; 3]) -> f32 {
        match self.value {
            VolumeValue::Pool(PoolKind::Max) => self.maximum(input, channel, windows).0,
            VolumeValue::Pool(PoolKind::Average {
                count_include_pad,
                divisor_override,
            }) => {
                let mut sum = 0.0;
                self.each(input, channel, windows, |_, value| sum += value);
                let divisor =
                    divisor_override.unwrap_or_else(|| self.counted(windows, count_include_pad));
                if divisor == 0 {
                    0.0
                } else {
                    sum / divisor as f32
                }
            }
            VolumeValue::Power { power, magnitudes } => {
                let mut sum = 0.0;
                self.each(input, channel, windows, |_, value| {
                    sum += raised(value, power, magnitudes);
                });
                self.root(sum, windows, power, magnitudes)
            }
            VolumeValue::Place {
                whole,
                column_major,
            } => {
                let (_, place) = self.maximum(input, channel, windows);
                self.place(channel, place, whole, column_major) as f32
            }
        }
    }
}

/// A power of a value or of its magnitude.
fn raised(value: f32, power: f32, magnitudes: bool) -> f32 {
    if magnitudes {
        value.abs().powf(power)
    } else {
        value.powf(power)
    }
}

/// Calls with every place of a box in row-major order.
fn each_place([planes, rows, columns]: [usize; 3], mut call: impl FnMut(usize, [usize; 3])) {
    let mut number = 0;
    for plane in 0..planes {
        for row in 0..rows {
            for column in 0..columns {
                call(number, [plane, row, column]);
                number += 1;
            }
        }
    }
}

impl Mapping for VolumePool {
    fn output(&self) -> [usize; 3] {
        let [depth, height, width] = self.axes.map(|axis| axis.output);
        [self.channels * depth, height, width]
    }

    fn phases(&self) -> &'static [Phase] {
        match self.value {
            VolumeValue::Pool(PoolKind::Max) | VolumeValue::Place { .. } => {
                &[Phase::Travel, Phase::Compare, Phase::Emit]
            }
            VolumeValue::Pool(PoolKind::Average { .. }) => {
                &[Phase::Travel, Phase::Accumulate, Phase::Divide, Phase::Emit]
            }
            VolumeValue::Power { .. } => &[Phase::Travel, Phase::Accumulate, Phase::Emit],
        }
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.kernel()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let (channel, windows) = self.windows(at);
        let [_, height, width] = &self.axes;
        let kernel = [
            number / (width.kernel * height.kernel),
            number / width.kernel % height.kernel,
            number % width.kernel,
        ];
        let place: [usize; 3] = std::array::from_fn(|axis| {
            let (sizes, window) = (&self.axes[axis], windows[axis]);
            window * sizes.stride + kernel[axis] * sizes.dilation
        });
        let beyond = self
            .axes
            .iter()
            .zip(place)
            .any(|(axis, at)| at >= axis.padded());
        let [slice, row, column] = std::array::from_fn(|axis| self.axes[axis].element(place[axis]));
        let source = match (slice, row, column) {
            _ if beyond => TermSource::Beyond,
            (Some(slice), Some(row), Some(column)) => {
                TermSource::Element([self.plane(channel, slice), row, column])
            }
            _ => TermSource::Padding { from: None },
        };
        Term {
            source,
            ..moved([
                channel * self.axes[0].padded() + place[0],
                place[1],
                place[2],
            ])
        }
    }

    fn term_dims(&self, _at: [usize; 3]) -> [usize; 3] {
        self.axes.map(|axis| axis.kernel)
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (channel, windows) = self.windows(at);
        let [slice, row, column] = std::array::from_fn(|axis| {
            self.axes[axis].real(windows[axis] * self.axes[axis].stride)
        });
        (
            [self.plane(channel, 0) as isize + slice, row, column],
            self.axes.map(|axis| axis.reach()),
        )
    }

    fn value(&self, at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        let (channel, windows) = self.windows(at);
        let elements = terms.iter().filter_map(|term| match term.term.source {
            TermSource::Element(from) => Some((from, term.input)),
            TermSource::Other { .. }
            | TermSource::Padding { .. }
            | TermSource::Inserted
            | TermSource::Beyond => None,
        });
        match self.value {
            VolumeValue::Pool(_) => running,
            VolumeValue::Power { power, magnitudes } => {
                let sum = elements.fold(0.0, |sum, (_, value)| {
                    sum + raised(value, power, magnitudes)
                });
                self.root(sum, windows, power, magnitudes)
            }
            VolumeValue::Place {
                whole,
                column_major,
            } => {
                let best = elements.reduce(|best, next| {
                    if next.1 > best.1 || next.1.is_nan() {
                        next
                    } else {
                        best
                    }
                });
                let place = match best {
                    Some(([plane, row, column], _)) => [plane % self.axes[0].input, row, column],
                    None => self.first_place(windows),
                };
                self.place(channel, place, whole, column_major) as f32
            }
        }
    }

    fn adds_up(&self) -> bool {
        matches!(self.value, VolumeValue::Pool(_))
    }

    fn summand(&self, term: &TermValue) -> f32 {
        match (self.value, term.term.source) {
            (VolumeValue::Power { power, magnitudes }, TermSource::Element(_)) => {
                raised(term.input, power, magnitudes)
            }
            (VolumeValue::Power { .. }, _) => 0.0,
            (VolumeValue::Pool(_) | VolumeValue::Place { .. }, _) => term.product,
        }
    }

    fn compares(&self) -> bool {
        match self.value {
            VolumeValue::Pool(PoolKind::Max) | VolumeValue::Place { .. } => true,
            VolumeValue::Pool(PoolKind::Average { .. }) | VolumeValue::Power { .. } => false,
        }
    }

    fn divisor(&self, at: [usize; 3]) -> Option<usize> {
        match self.value {
            VolumeValue::Pool(PoolKind::Average {
                count_include_pad,
                divisor_override,
            }) => Some(
                divisor_override
                    .unwrap_or_else(|| self.counted(self.windows(at).1, count_include_pad)),
            ),
            VolumeValue::Pool(PoolKind::Max)
            | VolumeValue::Power { .. }
            | VolumeValue::Place { .. } => None,
        }
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        each_place(self.output(), |number, at| {
            let (channel, windows) = self.windows(at);
            out[number] = self.evaluated(input, channel, windows);
        });
    }

    fn indices(&self, operands: &Operands) -> Option<Vec<u32>> {
        if self.value != VolumeValue::Pool(PoolKind::Max) {
            return None;
        }
        let input = operands.input().data();
        let [planes, rows, columns] = self.output();
        let mut places = vec![0; planes * rows * columns];
        each_place(self.output(), |number, at| {
            let (channel, windows) = self.windows(at);
            let (_, place) = self.maximum(input, channel, windows);
            places[number] = self.place(channel, place, false, false) as u32;
        });
        Some(places)
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = self.kernel() as u128;
        let outputs: u128 = self.output().iter().map(|&length| length as u128).product();
        Some((WorkUnit::Operations, Some(each), outputs * each))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        ["D", "H", "W"]
            .into_iter()
            .zip(&self.axes)
            .skip(3 - self.rank)
            .map(|(name, axis)| (name, AxisFormula::window(axis)))
            .collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let (channel, windows) = self.windows(at);
        let [slices, rows, columns] =
            std::array::from_fn(|axis| self.axes[axis].reads(windows[axis]));
        Field {
            axes: [
                vec![shifted(slices, channel * self.axes[0].input)],
                vec![rows],
                vec![columns],
            ],
        }
    }

    fn feeds(&self, [plane, row, column]: [usize; 3]) -> Field {
        let depth = &self.axes[0];
        let (channel, slice) = (plane / depth.input, plane % depth.input);
        Field {
            axes: [
                vec![shifted(depth.feeds(slice), channel * depth.output)],
                vec![self.axes[1].feeds(row)],
                vec![self.axes[2].feeds(column)],
            ],
        }
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let axis = &self.axes[axis + 1];
        let start = |at: i64| at * axis.stride as i64 - axis.before as i64;
        (start(first), start(last) + axis.reach() as i64 - 1)
    }

    fn effective_stride(&self, axis: usize) -> f64 {
        self.axes[axis + 1].stride as f64
    }
}

/// The same positions so many further on.
pub(super) fn shifted(range: StridedRange, by: usize) -> StridedRange {
    StridedRange {
        first: range.first + by as isize,
        last: range.last + by as isize,
        step: range.step,
    }
}
