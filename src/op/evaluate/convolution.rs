//! Convolutions: windows unrolled into the columns of a matrix, then one matrix product for a
//! group and a block of positions. Blocks run on all cores where there are threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::op::axis::Axis;
use crate::op::geometry::Convolution;
use crate::op::padding::PaddingMode;

use super::depthwise;
use super::product::{Matrix, multiply};
use super::threads::{on_threads, threads};

/// Positions that are worked on at a time: with the 576 rows of 64 channels under 3 × 3 they fill
/// 1 MiB, which the second cache of most processors holds.
const BLOCK: usize = 448;

/// Elements of a block's matrices, at most, unless a single column is larger.
const BLOCK_ELEMENTS: usize = 1 << 20;

/// Filters that are worth a task of their own.
const FILTERS_OF_A_PART: usize = 16;

pub(in crate::op) fn evaluate(
    convolution: &Convolution,
    input: &[f32],
    weights: &[f32],
    bias: Option<&[f32]>,
    out: &mut [f32],
) {
    if convolution.group_channels() == 1 && convolution.mode == PaddingMode::Zeros {
        depthwise::evaluate(convolution, input, weights, bias, out);
        return;
    }
    let depth = convolution.term_count();
    let filters = convolution.out_channels / convolution.groups;
    let positions: usize = convolution.axes.iter().map(|axis| axis.output).product();
    let block = (BLOCK_ELEMENTS / (depth + filters))
        .clamp(1, BLOCK)
        .min(positions);
    let blocks = positions.div_ceil(block);
    let work = out.len().saturating_mul(depth);
    // Where there are fewer blocks than cores, filters are shared out as well.
    let wanted = threads(usize::MAX, work);
    let parts = wanted
        .div_ceil(convolution.groups * blocks)
        .min(filters.div_ceil(FILTERS_OF_A_PART));
    let part = filters.div_ceil(parts.max(1));
    let parts = filters.div_ceil(part);
    let tasks = convolution.groups * blocks * parts;
    let out = Mutex::new(out);
    let next = AtomicUsize::new(0);
    // Under a kernel of 1 × 1 the windows are the input itself.
    let direct = convolution.axes.iter().all(Axis::is_pointwise);
    let run = || {
        let mut unrolled = vec![0.0; if direct { 0 } else { depth * block }];
        let mut product = vec![0.0; part * block];
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= tasks {
                return;
            }
            let (group, start) = (task / (blocks * parts), task / parts % blocks * block);
            let first = group * filters + task % parts * part;
            let part = part.min((group + 1) * filters - first);
            let count = block.min(positions - start);
            let left = Matrix {
                data: &weights[first * depth..][..part * depth],
                row_stride: depth,
                column_stride: 1,
            };
            let right = if direct {
                let data = &input[group * depth * positions + start..];
                Matrix {
                    data,
                    row_stride: positions,
                    column_stride: 1,
                }
            } else {
                let unrolled = &mut unrolled[..depth * count];
                unroll(convolution, input, group, start, unrolled);
                Matrix {
                    data: unrolled,
                    row_stride: count,
                    column_stride: 1,
                }
            };
            multiply(left, right, &mut product, [part, depth, count]);
            // Nothing panics while the lock is held, so it cannot be poisoned.
            let Ok(mut out) = out.lock() else { return };
            for (filter, row) in product[..part * count].chunks_exact(count).enumerate() {
                let filter = first + filter;
                let bias = bias
                    .and_then(|bias| bias.get(filter))
                    .copied()
                    .unwrap_or(0.0);
                let out = &mut out[filter * positions + start..][..count];
                for (out, value) in out.iter_mut().zip(row) {
                    *out = value + bias;
                }
            }
        }
    };
    on_threads(threads(tasks, work), &run);
}

/// Writes the windows from `start` on as columns: a row for every channel and kernel element.
fn unroll(
    convolution: &Convolution,
    input: &[f32],
    group: usize,
    start: usize,
    unrolled: &mut [f32],
) {
    let [depth, height, width] = &convolution.axes;
    let count = unrolled.len() / convolution.term_count();
    let plane = depth.input * height.input * width.input;
    let mut rows = unrolled.chunks_exact_mut(count);
    for channel in 0..convolution.group_channels() {
        let channel = group * convolution.group_channels() + channel;
        let channel = &input[channel * plane..][..plane];
        for slice in 0..depth.kernel {
            for row in 0..height.kernel {
                for column in 0..width.kernel {
                    if let Some(out) = rows.next() {
                        unroll_row(convolution, channel, [slice, row, column], start, out);
                    }
                }
            }
        }
    }
}

/// One kernel element at the positions from `start` on: output row by output row.
fn unroll_row(
    convolution: &Convolution,
    channel: &[f32],
    kernel: [usize; 3],
    start: usize,
    mut out: &mut [f32],
) {
    let [depth, height, width] = &convolution.axes;
    let mode = convolution.mode;
    let mut position = start;
    while !out.is_empty() {
        let first = position % width.output;
        let row = position / width.output % height.output;
        let slice = position / (width.output * height.output);
        let count = out.len().min(width.output - first);
        let (here, rest) = out.split_at_mut(count);
        match (
            from(depth, mode, slice, kernel[0]),
            from(height, mode, row, kernel[1]),
        ) {
            (Some(slice), Some(row)) => {
                let line = &channel[(slice * height.input + row) * width.input..][..width.input];
                copy_line(width, mode, kernel[2], first, line, here);
            }
            _ => here.fill(0.0),
        }
        position += count;
        out = rest;
    }
}

/// The input place of a window and a kernel element along an axis; `None` on zeros.
fn from(axis: &Axis, mode: PaddingMode, window: usize, kernel: usize) -> Option<usize> {
    let padded = window * axis.stride + kernel * axis.dilation;
    axis.element(padded)
        .or_else(|| mode.source(axis.real(padded), axis.input))
}

/// One kernel column at the output columns from `first` on.
fn copy_line(
    width: &Axis,
    mode: PaddingMode,
    kernel: usize,
    first: usize,
    line: &[f32],
    out: &mut [f32],
) {
    let inside = width.windows_inside(kernel);
    let begin = inside.start.clamp(first, first + out.len()) - first;
    let end = inside.end.clamp(first + begin, first + out.len()) - first;
    if begin < end {
        let offset = (first + begin) * width.stride + kernel * width.dilation - width.before;
        let line = &line[offset..];
        if width.stride == 1 {
            out[begin..end].copy_from_slice(&line[..end - begin]);
        } else {
            for (out, value) in out[begin..end]
                .iter_mut()
                .zip(line.iter().step_by(width.stride))
            {
                *out = *value;
            }
        }
    }
    for at in (0..begin).chain(end..out.len()) {
        let place = from(width, mode, first + at, kernel);
        out[at] = place.map_or(0.0, |place| line[place]);
    }
}
