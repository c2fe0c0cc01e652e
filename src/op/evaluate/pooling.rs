//! Pools: every window's real elements, compared or added.

use std::ops::Range;

use crate::op::axis::Axis;
use crate::op::geometry::{Adaptive, Pool, PoolKind};

use super::threads::for_each_chunk;

/// The real elements of a window along an axis: the first, and how many a dilation apart.
fn real_elements(axis: &Axis, window: usize) -> impl Iterator<Item = usize> + Clone + use<> {
    let start = window * axis.stride;
    let first = axis.before.saturating_sub(start).div_ceil(axis.dilation);
    let end = (axis.before + axis.input)
        .saturating_sub(start)
        .div_ceil(axis.dilation);
    let (before, dilation) = (axis.before, axis.dilation);
    (first..end.min(axis.kernel)).map(move |kernel| start + kernel * dilation - before)
}

pub(super) fn evaluate(pool: &Pool, input: &[f32], out: &mut [f32]) {
    let [height, width] = &pool.axes;
    let plane = height.input * width.input;
    let length = height.output * width.output;
    let work = out.len().saturating_mul(pool.term_count());
    // Which output columns each column of the kernel finds inside the input.
    let columns: Vec<Range<usize>> = (0..width.kernel)
        .map(|column| width.windows_inside(column))
        .collect();
    let max = pool.kind == PoolKind::Max;
    for_each_chunk(out, length, work, |channel, out| {
        let plane = &input[channel * plane..][..plane];
        out.fill(if max { f32::NEG_INFINITY } else { 0.0 });
        for (row, out) in out.chunks_exact_mut(width.output).enumerate() {
            for from_row in real_elements(height, row) {
                let from = &plane[from_row * width.input..][..width.input];
                for (column, inside) in columns.iter().enumerate() {
                    if inside.is_empty() {
                        continue;
                    }
                    let first = inside.start * width.stride + column * width.dilation;
                    let from = from[first - width.before..].iter().step_by(width.stride);
                    let pairs = out[inside.clone()].iter_mut().zip(from);
                    if max {
                        // A NaN is greater than any number, as in PyTorch, and stays.
                        pairs.for_each(|(out, &value)| {
                            *out = if value > *out || value.is_nan() {
                                value
                            } else {
                                *out
                            };
                        });
                    } else {
                        pairs.for_each(|(out, value)| *out += value);
                    }
                }
            }
            if !max {
                for (column, out) in out.iter_mut().enumerate() {
                    *out = match pool.divisor([channel, row, column]) {
                        Some(divisor) if divisor > 0 => *out / divisor as f32,
                        _ => 0.0,
                    };
                }
            }
        }
    });
}

pub(super) fn indices(pool: &Pool, input: &[f32]) -> Option<Vec<u32>> {
    (pool.kind == PoolKind::Max)
        .then(|| maxima(pool, input).map(|(_, place)| place as u32).collect())
}

/// Every output element of a pool with the input plane that it reads.
fn visits(output: [usize; 3], input: &[f32]) -> impl Iterator<Item = ([usize; 3], &[f32])> {
    let [channels, height, width] = output;
    let plane = input.len() / channels;
    (0..channels * height * width).map(move |place| {
        let channel = place / (height * width);
        let at = [channel, place / width % height, place % width];
        (at, &input[channel * plane..][..plane])
    })
}

/// The maximum of each window and its place in the plane.
fn maxima(pool: &Pool, input: &[f32]) -> impl Iterator<Item = (f32, usize)> {
    let [height, width] = pool.axes;
    visits(pool.output(), input).map(move |(at, plane)| {
        let columns = real_elements(&width, at[2]);
        let places = real_elements(&height, at[1]).flat_map(|row| {
            columns
                .clone()
                .map(move |column| row * width.input + column)
        });
        maximum(plane, places)
    })
}

/// The first maximum; a NaN is greater than any number, as in PyTorch.
fn maximum(plane: &[f32], places: impl Iterator<Item = usize>) -> (f32, usize) {
    let mut best: Option<(f32, usize)> = None;
    for place in places {
        let value = plane[place];
        if best.is_none_or(|(maximum, _)| value > maximum || value.is_nan()) {
            best = Some((value, place));
        }
    }
    best.unwrap_or((f32::NEG_INFINITY, 0))
}

fn spans(pool: &Adaptive, at: [usize; 3]) -> [Range<usize>; 2] {
    [0, 1].map(|axis| {
        let (start, length) = Adaptive::span(pool.input[axis], pool.output[axis], at[axis + 1]);
        start..start + length
    })
}

fn adaptive_places(pool: &Adaptive, at: [usize; 3]) -> impl Iterator<Item = usize> + use<> {
    let [rows, columns] = spans(pool, at);
    let width = pool.input[1];
    rows.flat_map(move |row| columns.clone().map(move |column| row * width + column))
}

fn adaptive_output(pool: &Adaptive) -> [usize; 3] {
    [pool.channels, pool.output[0], pool.output[1]]
}

pub(super) fn evaluate_adaptive(pool: &Adaptive, input: &[f32], out: &mut [f32]) {
    for (out, (at, plane)) in out.iter_mut().zip(visits(adaptive_output(pool), input)) {
        let places = adaptive_places(pool, at);
        *out = if pool.max {
            maximum(plane, places).0
        } else {
            places.map(|place| plane[place]).sum::<f32>() / pool.term_count(at) as f32
        };
    }
}

pub(super) fn adaptive_indices(pool: &Adaptive, input: &[f32]) -> Option<Vec<u32>> {
    pool.max.then(|| {
        visits(adaptive_output(pool), input)
            .map(|(at, plane)| maximum(plane, adaptive_places(pool, at)).1 as u32)
            .collect()
    })
}
