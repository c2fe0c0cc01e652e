//! Pools: every window's real elements, compared or added.

use std::ops::Range;

use crate::op::axis::Axis;
use crate::op::geometry::{Adaptive, Pool, PoolKind};

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
    if pool.kind == PoolKind::Max {
        for (out, (value, _)) in out.iter_mut().zip(maxima(pool, input)) {
            *out = value;
        }
        return;
    }
    for (out, (at, plane)) in out.iter_mut().zip(visits(pool.output(), input)) {
        let mut sum = 0.0;
        let width = pool.axes[1].input;
        for row in real_elements(&pool.axes[0], at[1]) {
            for column in real_elements(&pool.axes[1], at[2]) {
                sum += plane[row * width + column];
            }
        }
        *out = match pool.divisor(at) {
            Some(divisor) if divisor > 0 => sum / divisor as f32,
            _ => 0.0,
        };
    }
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
