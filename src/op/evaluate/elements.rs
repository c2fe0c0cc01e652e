//! Operations that move elements or combine few.

use crate::op::geometry::{Elementwise, Resize, Shuffle};
use crate::op::operands::Operands;
use crate::op::plan::Plan;

use super::threads::for_each_chunk;

/// What a function of an element costs, in multiply-accumulates: few for a comparison, many for a power.
const EACH: usize = 4;

pub(super) fn shuffle(shuffle: &Shuffle, plan: &Plan, input: &[f32], out: &mut [f32]) {
    let [_, height, width] = plan.input_shape().as_chw();
    let [_, rows, columns] = shuffle.output;
    for (place, out) in out.iter_mut().enumerate() {
        let at = [
            place / (rows * columns),
            place / columns % rows,
            place % columns,
        ];
        let [channel, row, column] = shuffle.from(at);
        *out = input[(channel * height + row) * width + column];
    }
}

pub(super) fn resize(resize: &Resize, input: &[f32], out: &mut [f32]) {
    let [height, width] = &resize.axes;
    let plane = height.input * width.input;
    let planes = out.chunks_exact_mut(height.output * width.output);
    for (out, plane) in planes.zip(input.chunks_exact(plane)) {
        for (row, out) in out.chunks_exact_mut(width.output).enumerate() {
            let (top, bottom, down) = resize.neighbours(0, row);
            let (top, bottom) = (&plane[top * width.input..], &plane[bottom * width.input..]);
            for (column, out) in out.iter_mut().enumerate() {
                let (left, right, along) = resize.neighbours(1, column);
                *out = if resize.bilinear {
                    (top[left] * (1.0 - along) + top[right] * along) * (1.0 - down)
                        + (bottom[left] * (1.0 - along) + bottom[right] * along) * down
                } else {
                    top[left]
                };
            }
        }
    }
}

pub(super) fn apply(elementwise: &Elementwise, operands: &Operands, out: &mut [f32]) {
    let input = operands.input();
    if operands.vectors(0).is_empty() {
        // So many parts that cores which are not equally free end together.
        let length = out.len().div_ceil(16).max(1 << 12);
        let work = out.len().saturating_mul(EACH);
        for_each_chunk(out, length, work, |number, out| {
            let from = number * length;
            elementwise.apply_to(&input.data()[from..from + out.len()], out, &[]);
        });
        return;
    }
    let channel_length = (out.len() / input.shape().channels().max(1)).max(1);
    let channels = input.data().chunks(channel_length);
    for (channel, (input, out)) in channels.zip(out.chunks_mut(channel_length)).enumerate() {
        elementwise.apply_to(input, out, &operands.vectors(channel));
    }
}

#[cfg(test)]
mod tests {
    use crate::op::{GELU, Layer};
    use crate::tensor::{Fill, Shape};

    #[test]
    fn what_cores_share_is_put_together_in_its_order() {
        let shape = Shape::new(&[3, 500, 701]).unwrap();
        let plan = Layer::from(GELU::default()).plan(&shape).unwrap();
        let input = Fill::Uniform { seed: 5 }.make(&shape).unwrap();
        let operands = plan.filled(input).unwrap();
        let output = plan.evaluate(&operands).unwrap();
        for (step, value) in output.data().iter().enumerate().step_by(997) {
            let explained = plan.explain(step as u64, &operands);
            assert_eq!(explained.value.to_bits(), value.to_bits(), "step {step}");
        }
    }
}
