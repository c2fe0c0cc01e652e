//! Convolutions whose filters read one channel each: too thin for a matrix product, so each row of the
//! output is added up from rows of the input.

use crate::op::geometry::Convolution;

use super::threads::for_each_chunk;

pub(super) fn evaluate(
    convolution: &Convolution,
    input: &[f32],
    weights: &[f32],
    bias: Option<&[f32]>,
    out: &mut [f32],
) {
    let [depth, height, width] = &convolution.axes;
    let filters = convolution.out_channels / convolution.groups;
    let plane = depth.input * height.input * width.input;
    let kernel = convolution.term_count();
    let length = depth.output * height.output * width.output;
    let work = out.len().saturating_mul(kernel);
    // Which output columns each column of the kernel finds inside the input.
    let columns: Vec<_> = (0..width.kernel)
        .map(|column| width.windows_inside(column))
        .collect();
    for_each_chunk(out, length, work, |filter, out| {
        let channel = &input[filter / filters * plane..][..plane];
        let weights = &weights[filter * kernel..][..kernel];
        let bias = bias.and_then(|bias| bias.get(filter)).copied();
        out.fill(bias.unwrap_or(0.0));
        for (line, out) in out.chunks_exact_mut(width.output).enumerate() {
            let (slice, row) = (line / height.output, line % height.output);
            for kernel_slice in 0..depth.kernel {
                let place = slice * depth.stride + kernel_slice * depth.dilation;
                let Some(from_slice) = depth.element(place) else {
                    continue;
                };
                for kernel_row in 0..height.kernel {
                    let place = row * height.stride + kernel_row * height.dilation;
                    let Some(from_row) = height.element(place) else {
                        continue;
                    };
                    let from = &channel[(from_slice * height.input + from_row) * width.input..];
                    let from = &from[..width.input];
                    let weights =
                        &weights[(kernel_slice * height.kernel + kernel_row) * width.kernel..];
                    for (column, inside) in columns.iter().enumerate() {
                        if inside.is_empty() {
                            continue;
                        }
                        let first = inside.start * width.stride + column * width.dilation;
                        let from = &from[first - width.before..];
                        add_scaled(
                            &mut out[inside.clone()],
                            from,
                            width.stride,
                            weights[column],
                        );
                    }
                }
            }
        }
    });
}

/// Adds every `stride`-th element times a weight.
fn add_scaled(out: &mut [f32], from: &[f32], stride: usize, weight: f32) {
    if stride == 1 {
        for (out, value) in out.iter_mut().zip(from) {
            *out += value * weight;
        }
    } else {
        for (out, value) in out.iter_mut().zip(from.iter().step_by(stride)) {
            *out += value * weight;
        }
    }
}
