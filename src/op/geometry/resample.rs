//! Resizing along any axes: each element of the output is a weighted sum of a few neighbours along
//! each axis, or one of them.
//!
//! Sources: PyTorch's `aten/src/ATen/native/UpSample.h`, ONNX's operator `Resize` and ONNX Runtime's
//! `upsample.cc`. Places are computed in `f32` as there, since a rounding decides which element is
//! the nearest.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::Term;

use super::mapping::Mapping;
use super::rearrange::moved;

/// A place that is so near the middle between two elements lies there but for rounding, as ONNX Runtime has it:
/// measured with 1.32.0, lengths up to 120 to lengths up to 300.
const BY_ROUNDING: f32 = 1e-6;

/// Where on an axis of the input a place of the output lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Coordinate {
    /// As PyTorch: `ratio·at` with aligned corners, `ratio·(at + ½) − ½` without.
    Ratio {
        /// Input elements an output element.
        ratio: f32,
        /// Whether the corner elements keep their places.
        align_corners: bool,
    },
    /// As ONNX's `coordinate_transformation_mode`.
    Scale {
        /// Output elements an input element.
        scale: f32,
        /// Which of the modes.
        transformation: Transformation,
    },
}

/// ONNX's modes of transforming coordinates.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Transformation {
    /// Centres of elements lie at halves.
    #[default]
    HalfPixel,
    /// The same, with the middle of the input kept where the output's length was rounded.
    HalfPixelSymmetric,
    /// The same as `HalfPixel`, but for an output of one element.
    PytorchHalfPixel,
    /// The corner elements keep their places.
    AlignCorners,
    /// The first element keeps its place.
    Asymmetric,
    /// Centres of elements lie at halves, and the nearest is the one before: TensorFlow's old way.
    TfHalfPixelForNn,
}

/// Which element is the nearest.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum NearestRule {
    /// Rounded, and of two equally near ones the first.
    #[default]
    RoundPreferFloor,
    /// Rounded, and of two equally near ones the second.
    RoundPreferCeil,
    /// The one before.
    Floor,
    /// The one behind.
    Ceil,
}

/// How an element comes from its neighbours along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Interpolation {
    /// It is the nearest one.
    Nearest(NearestRule),
    /// It lies on the line between two.
    Linear,
    /// It lies on a cubic curve through four.
    Cubic {
        /// The curve's coefficient: −0.75.
        coefficient: f32,
        /// Whether neighbours outside the input weigh nothing; otherwise the border is repeated.
        exclude_outside: bool,
    },
}

/// One axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ResampleAxis {
    pub input: usize,
    pub output: usize,
    pub coordinate: Coordinate,
    pub interpolation: Interpolation,
}

/// The neighbours of a place and their shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taps {
    pub count: usize,
    pub from: [usize; 4],
    pub weights: [f32; 4],
}

impl Taps {
    fn one(from: usize) -> Self {
        Self {
            count: 1,
            from: [from, 0, 0, 0],
            weights: [1.0, 0.0, 0.0, 0.0],
        }
    }

    fn first(&self) -> usize {
        let from = &self.from[..self.count];
        from.iter().copied().min().unwrap_or(0)
    }

    fn last(&self) -> usize {
        let from = &self.from[..self.count];
        from.iter().copied().max().unwrap_or(0)
    }
}

/// `ratio·(at + ½) − ½` with one rounding, as PyTorch's compiler fuses it.
pub(super) fn half_pixel(ratio: f32, at: usize) -> f32 {
    (f64::from(ratio) * (at as f64 + 0.5) - 0.5) as f32
}

impl Coordinate {
    fn place(&self, at: usize, input: usize, output: usize) -> f32 {
        match *self {
            Self::Ratio {
                ratio,
                align_corners: true,
            } => ratio * at as f32,
            Self::Ratio {
                ratio,
                align_corners: false,
            } => half_pixel(ratio, at),
            Self::Scale {
                scale,
                transformation,
            } => {
                let (x, length, resized) = (at as f32, input as f32, output as f32);
                match transformation {
                    _ if scale == 1.0 && input == output => x,
                    Transformation::HalfPixel => (x + 0.5) / scale - 0.5,
                    Transformation::HalfPixelSymmetric => {
                        let adjustment = resized / (scale * length);
                        let center = length / 2.0;
                        center * (1.0 - adjustment) + (x + 0.5) / scale - 0.5
                    }
                    Transformation::PytorchHalfPixel if output == 1 => 0.0,
                    Transformation::PytorchHalfPixel => (x + 0.5) / scale - 0.5,
                    Transformation::AlignCorners if output == 1 => 0.0,
                    Transformation::AlignCorners => x * (length - 1.0) / (resized - 1.0),
                    Transformation::Asymmetric => x / scale,
                    Transformation::TfHalfPixelForNn => (x + 0.5) / scale,
                }
            }
        }
    }
}

impl ResampleAxis {
    /// An axis that stays as it is.
    pub fn kept(length: usize) -> Self {
        Self {
            input: length,
            output: length,
            coordinate: Coordinate::Scale {
                scale: 1.0,
                transformation: Transformation::Asymmetric,
            },
            interpolation: Interpolation::Nearest(NearestRule::Floor),
        }
    }

    /// Whether every element stays where it is.
    fn is_kept(&self) -> bool {
        let same = match self.coordinate {
            Coordinate::Ratio { ratio, .. } => ratio == 1.0,
            Coordinate::Scale { scale, .. } => scale == 1.0,
        };
        self.input == self.output && same
    }

    /// How many neighbours each place has.
    pub fn count(&self) -> usize {
        match self.interpolation {
            _ if self.is_kept() => 1,
            Interpolation::Nearest(_) => 1,
            Interpolation::Linear => 2,
            Interpolation::Cubic { .. } => 4,
        }
    }

    /// The neighbours of a place.
    pub fn taps(&self, at: usize) -> Taps {
        if self.is_kept() {
            return Taps::one(at);
        }
        let last = self.input - 1;
        let place = self.coordinate.place(at, self.input, self.output);
        match self.interpolation {
            Interpolation::Nearest(rule) => {
                let middle = place.floor() + 0.5;
                let is_middle = (place - middle).abs() < BY_ROUNDING;
                let place = match rule {
                    NearestRule::Floor => place.floor(),
                    NearestRule::Ceil => place.ceil(),
                    NearestRule::RoundPreferFloor if is_middle => place.floor(),
                    NearestRule::RoundPreferFloor => place.round(),
                    // PyTorch's nearest-exact takes the second of two as well.
                    NearestRule::RoundPreferCeil => match self.coordinate {
                        Coordinate::Ratio { .. } => (place + 0.5).floor(),
                        Coordinate::Scale { .. } if is_middle => place.ceil(),
                        Coordinate::Scale { .. } => place.round(),
                    },
                };
                Taps::one((place.max(0.0) as usize).min(last))
            }
            Interpolation::Linear => {
                // A resizing by PyTorch that leaves the length leaves all.
                let copies = matches!(self.coordinate, Coordinate::Ratio { .. });
                let place = if copies && self.input == self.output {
                    at as f32
                } else {
                    place.clamp(0.0, last as f32)
                };
                let first = (place as usize).min(last);
                let second = (first + 1).min(last);
                let share = (place - first as f32).clamp(0.0, 1.0);
                Taps {
                    count: 2,
                    from: [first, second, 0, 0],
                    weights: [1.0 - share, share, 0.0, 0.0],
                }
            }
            Interpolation::Cubic {
                coefficient,
                exclude_outside,
            } => {
                let floor = place.floor().min(last as f32);
                let share = (place - floor).clamp(0.0, 1.0);
                let mut weights = cubic(coefficient, share);
                let places: [f32; 4] = [-1.0, 0.0, 1.0, 2.0].map(|offset| floor + offset);
                if exclude_outside {
                    for (weight, place) in weights.iter_mut().zip(places) {
                        if place < 0.0 || place > last as f32 {
                            *weight = 0.0;
                        }
                    }
                    let sum: f32 = weights.iter().sum();
                    weights = weights.map(|weight| weight / sum);
                }
                Taps {
                    count: 4,
                    from: places.map(|place| (place.max(0.0) as usize).min(last)),
                    weights,
                }
            }
        }
    }

    /// The places that take something of an input element.
    fn feeds(&self, from: usize) -> StridedRange {
        // Neighbours grow with the place: a binary search finds both ends.
        let find = |behind: &dyn Fn(Taps) -> bool| {
            let (mut low, mut high) = (0, self.output);
            while low < high {
                let middle = (low + high) / 2;
                if behind(self.taps(middle)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            low
        };
        let first = find(&|taps| taps.last() >= from);
        let end = find(&|taps| taps.first() > from);
        StridedRange::contiguous(first, end.saturating_sub(first))
    }
}

/// The shares of four neighbours under a cubic convolution (R. Keys, 1981), for a place that lies a
/// share of the way from the second to the third.
fn cubic(a: f32, share: f32) -> [f32; 4] {
    let near = |x: f32| ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    let far = |x: f32| ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a;
    [
        far(share + 1.0),
        near(share),
        near(1.0 - share),
        far(2.0 - share),
    ]
}

/// All axes of a tensor, outermost first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resample {
    pub axes: Vec<ResampleAxis>,
    /// What the axes that are resized are called, for the formula: the last ones.
    pub names: &'static [&'static str],
}

impl Resample {
    fn lengths(&self, length: fn(&ResampleAxis) -> usize) -> Vec<usize> {
        self.axes.iter().map(length).collect()
    }

    /// Axes that are planes, rows and columns: how many of each, in their order.
    fn split(&self) -> [usize; 3] {
        let rank = self.axes.len();
        match rank {
            0 | 1 => [0, 0, rank],
            2 => [1, 0, 1],
            rank => [rank - 2, 1, 1],
        }
    }

    /// Planes, rows and columns of lengths.
    fn seen(&self, lengths: &[usize]) -> [usize; 3] {
        let [planes, rows, _] = self.split();
        [
            lengths[..planes].iter().product(),
            lengths[planes..planes + rows].iter().product(),
            lengths[planes + rows..].iter().product(),
        ]
    }

    /// The neighbours along each axis of a place of the output.
    fn taps(&self, [plane, row, column]: [usize; 3]) -> Vec<Taps> {
        let lengths = self.lengths(|axis| axis.output);
        let [_, height, width] = self.seen(&lengths);
        let mut rest = (plane * height + row) * width + column;
        let mut taps = vec![Taps::one(0); self.axes.len()];
        for (taps, axis) in taps.iter_mut().zip(&self.axes).rev() {
            *taps = axis.taps(rest % axis.output);
            rest /= axis.output;
        }
        taps
    }

    /// Whether elements only move.
    fn moves(&self) -> bool {
        self.axes.iter().all(|axis| axis.count() == 1)
    }

    /// The axis of rows (0) or columns (1), where there is one.
    fn axis(&self, axis: usize) -> Option<&ResampleAxis> {
        let [_, rows, _] = self.split();
        let rank = self.axes.len();
        match axis {
            0 if rows == 0 => None,
            axis => self.axes.get((rank + axis).checked_sub(2)?),
        }
    }

    /// An element of the input by its places along the axes.
    fn element(&self, places: &[usize]) -> [usize; 3] {
        let flat = places
            .iter()
            .zip(&self.axes)
            .fold(0, |flat, (at, axis)| flat * axis.input + at);
        let [_, height, width] = self.seen(&self.lengths(|axis| axis.input));
        [flat / (height * width), flat / width % height, flat % width]
    }
}

impl Mapping for Resample {
    fn output(&self) -> [usize; 3] {
        self.seen(&self.lengths(|axis| axis.output))
    }

    fn phases(&self) -> &'static [Phase] {
        if self.moves() {
            &[Phase::Lift, Phase::Carry, Phase::Settle]
        } else {
            &[
                Phase::Travel,
                Phase::Multiply,
                Phase::Accumulate,
                Phase::Emit,
            ]
        }
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        self.axes.iter().map(ResampleAxis::count).product()
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let taps = self.taps(at);
        let mut rest = number;
        let mut weight = 1.0;
        let mut places = vec![0; taps.len()];
        for (place, taps) in places.iter_mut().zip(&taps).rev() {
            let tap = rest % taps.count;
            rest /= taps.count;
            *place = taps.from[tap];
            weight *= taps.weights[tap];
        }
        Term {
            coefficient: (!self.moves()).then_some(weight),
            ..moved(self.element(&places))
        }
    }

    fn term_dims(&self, _at: [usize; 3]) -> [usize; 3] {
        self.seen(&self.lengths(ResampleAxis::count))
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let taps = self.taps(at);
        let firsts: Vec<usize> = taps.iter().map(Taps::first).collect();
        let lasts: Vec<usize> = taps.iter().map(Taps::last).collect();
        let (first, last) = (self.element(&firsts), self.element(&lasts));
        (
            first.map(|at| at as isize),
            std::array::from_fn(|axis| last[axis] + 1 - first[axis]),
        )
    }

    fn value(&self, _at: [usize; 3], _terms: &[TermValue], running: f32, _: &[f32]) -> f32 {
        running
    }

    fn adds_up(&self) -> bool {
        true
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        let resized: Vec<usize> = (0..self.axes.len())
            .filter(|axis| !self.axes[*axis].is_kept())
            .collect();
        if resized.is_empty() {
            out.copy_from_slice(input);
            return;
        }
        let mut lengths = self.lengths(|axis| axis.input);
        let mut held = Vec::new();
        for (number, &axis) in resized.iter().enumerate() {
            let inner: usize = lengths[axis + 1..].iter().product();
            let from = if number == 0 { input } else { &held };
            lengths[axis] = self.axes[axis].output;
            if number + 1 == resized.len() {
                along(&self.axes[axis], from, inner, out);
            } else {
                let mut next = vec![0.0; lengths.iter().product()];
                along(&self.axes[axis], from, inner, &mut next);
                held = next;
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        if self.moves() {
            return None;
        }
        let each = self.term_count([0; 3]) as u128;
        let outputs: u128 = self.axes.iter().map(|axis| axis.output as u128).product();
        Some((WorkUnit::Macs, Some(each), outputs.saturating_mul(each)))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let skipped = self.axes.len().saturating_sub(self.names.len());
        let axes = self.names.iter().zip(&self.axes[skipped..]);
        axes.map(|(name, axis)| {
            let (input, result) = (axis.input, axis.output);
            let formula = if input == result {
                AxisFormula::Kept { result }
            } else if result.is_multiple_of(input) {
                AxisFormula::Times {
                    input,
                    factor: result / input,
                    result,
                }
            } else {
                AxisFormula::Resized { input, result }
            };
            (*name, formula)
        })
        .collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let taps = self.taps(at);
        let spans = taps.iter().map(|taps| (taps.first(), taps.last()));
        let spans: Vec<_> = spans
            .map(|(first, last)| StridedRange::contiguous(first, last + 1 - first))
            .collect();
        self.field(&spans, |axis| axis.input)
    }

    fn feeds(&self, [plane, row, column]: [usize; 3]) -> Field {
        let [_, height, width] = self.seen(&self.lengths(|axis| axis.input));
        let mut rest = (plane * height + row) * width + column;
        let mut spans = vec![StridedRange::EMPTY; self.axes.len()];
        for (span, axis) in spans.iter_mut().zip(&self.axes).rev() {
            *span = axis.feeds(rest % axis.input);
            rest /= axis.input;
        }
        self.field(&spans, |axis| axis.output)
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let Some(resized) = self.axis(axis) else {
            return (first, last);
        };
        let end = resized.output as i64 - 1;
        let stride = self.effective_stride(axis);
        // Beyond the ends, whole elements more.
        let place = |at: i64| {
            let inside = at.clamp(0, end);
            let taps = resized.taps(inside as usize);
            let beyond = ((at - inside) as f64 * stride).round() as i64;
            (taps.first() as i64 + beyond, taps.last() as i64 + beyond)
        };
        (place(first).0, place(last).1)
    }

    fn effective_stride(&self, axis: usize) -> f64 {
        self.axis(axis)
            .map_or(1.0, |axis| axis.input as f64 / axis.output as f64)
    }
}

impl Resample {
    /// The elements whose places along each axis lie in a range, of a tensor with such lengths.
    fn field(&self, spans: &[StridedRange], length: fn(&ResampleAxis) -> usize) -> Field {
        let [planes, rows, _] = self.split();
        let joined = |axes: std::ops::Range<usize>| -> Vec<StridedRange> {
            let Some((last, front)) = axes
                .clone()
                .collect::<Vec<_>>()
                .split_last()
                .map(|(last, front)| (*last, front.to_vec()))
            else {
                return vec![StridedRange::contiguous(0, 1)];
            };
            let mut offsets = vec![0];
            for axis in front {
                let length = length(&self.axes[axis]);
                let along = |offset: &usize| -> Vec<usize> {
                    let at = spans[axis].iter();
                    at.map(|at| offset * length + at as usize).collect()
                };
                offsets = offsets.iter().flat_map(along).collect();
            }
            let length = length(&self.axes[last]) as isize;
            let shifted = offsets.iter().map(|offset| StridedRange {
                first: spans[last].first + *offset as isize * length,
                last: spans[last].last + *offset as isize * length,
                step: spans[last].step,
            });
            shifted.collect()
        };
        Field {
            axes: [
                joined(0..planes),
                joined(planes..planes + rows),
                joined(planes + rows..self.axes.len()),
            ],
        }
    }
}

/// Resizes along one axis, with so many elements from one of its places to the next.
fn along(axis: &ResampleAxis, input: &[f32], inner: usize, out: &mut [f32]) {
    let taps: Vec<Taps> = (0..axis.output).map(|at| axis.taps(at)).collect();
    let blocks = input.chunks_exact(axis.input * inner);
    for (input, out) in blocks.zip(out.chunks_exact_mut(axis.output * inner)) {
        for (taps, out) in taps.iter().zip(out.chunks_exact_mut(inner)) {
            let line = |tap: usize| &input[taps.from[tap] * inner..][..inner];
            if taps.count == 1 {
                out.copy_from_slice(line(0));
                continue;
            }
            for (out, value) in out.iter_mut().zip(line(0)) {
                *out = value * taps.weights[0];
            }
            for tap in 1..taps.count {
                let weight = taps.weights[tap];
                for (out, value) in out.iter_mut().zip(line(tap)) {
                    *out += value * weight;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which elements a resizing from the first element on takes.
    fn taken(rule: NearestRule, input: usize, output: usize) -> Vec<usize> {
        let axis = ResampleAxis {
            input,
            output,
            coordinate: Coordinate::Scale {
                scale: output as f32 / input as f32,
                transformation: Transformation::Asymmetric,
            },
            interpolation: Interpolation::Nearest(rule),
        };
        (0..output).map(|at| axis.taps(at).from[0]).collect()
    }

    #[test]
    fn places_in_the_middle_but_for_rounding_go_where_onnx_runtime_puts_them() {
        // What onnxruntime 1.32.0 takes of 0 to 6; 8 · 7 / 16 is 3.5, and 3.4999998 in single precision.
        let ceil = taken(NearestRule::RoundPreferCeil, 7, 16);
        assert_eq!(ceil, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6]);
        let floor = taken(NearestRule::RoundPreferFloor, 7, 16);
        assert_eq!(floor, [0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6]);
        assert_eq!(taken(NearestRule::RoundPreferCeil, 7, 4), [0, 2, 4, 5]);
    }
}
