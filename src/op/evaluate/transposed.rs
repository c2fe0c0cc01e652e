//! Transposed convolutions: a matrix product of the transposed weights with the input, whose rows
//! are then added to the places that they reach.

use crate::op::geometry::Transposed;

use super::product::{Matrix, multiply};

/// Elements of a block's product, at most, unless a single column is larger.
const BLOCK_ELEMENTS: usize = 1 << 20;

pub(super) fn evaluate(
    transposed: &Transposed,
    input: &[f32],
    weights: &[f32],
    bias: Option<&[f32]>,
    out: &mut [f32],
) {
    let [height, width] = &transposed.axes;
    let (channels, filters) = (transposed.group_channels(), transposed.group_filters());
    let positions = height.input * width.input;
    let plane = height.output * width.output;
    if let Some(bias) = bias {
        for (plane, bias) in out.chunks_exact_mut(plane).zip(bias) {
            plane.fill(*bias);
        }
    }
    let rows = filters * height.kernel * width.kernel;
    let block = (BLOCK_ELEMENTS / rows).clamp(1, positions);
    let mut product = vec![0.0; rows * block];
    for group in 0..transposed.groups {
        let weights = &weights[group * channels * rows..][..channels * rows];
        let input = &input[group * channels * positions..][..channels * positions];
        for start in (0..positions).step_by(block) {
            let count = block.min(positions - start);
            let left = Matrix {
                data: weights,
                row_stride: 1,
                column_stride: rows,
            };
            let right = Matrix {
                data: &input[start..],
                row_stride: positions,
                column_stride: 1,
            };
            multiply(left, right, &mut product, [rows, channels, count]);
            for (number, values) in product[..rows * count].chunks_exact(count).enumerate() {
                let filter = group * filters + number / (height.kernel * width.kernel);
                let row = number / width.kernel % height.kernel;
                let column = number % width.kernel;
                let out = &mut out[filter * plane..][..plane];
                for (at, value) in (start..).zip(values) {
                    let target = height
                        .target(at / width.input, row)
                        .zip(width.target(at % width.input, column));
                    if let Some((row, column)) = target {
                        out[row * width.output + column] += value;
                    }
                }
            }
        }
    }
}
