//! Chains of layers that are one known layer: an exporter writes a shuffle that its format lacks as
//! Reshape, Transpose, Reshape.

use super::geometry::{Digit, Geometry, joined_digits};
use super::layer::{
    ChannelShuffle, DepthOrder, DepthToSpace, Identity, Layer, Permute, PixelShuffle,
    PixelUnshuffle, Reshape, SpaceToDepth,
};
use super::operation::BatchAxis;
use crate::tensor::Shape;

/// The digits of one move and then another, both of whole tensors from their first element on; `None`
/// where the second cuts through what the first moves together.
fn composed(first: &[Digit], second: &[Digit]) -> Option<Vec<Digit>> {
    // What each digit of the first counts by, in elements of the tensor between them.
    let mut place = 1;
    let mut places: Vec<(usize, Digit)> = first
        .iter()
        .rev()
        .map(|digit| {
            let own = (place, *digit);
            place *= digit.count;
            own
        })
        .collect();
    places.reverse();
    let mut digits = Vec::new();
    for digit in second {
        let mut parts = Vec::new();
        let mut rest = *digit;
        while rest.count > 1 {
            let step = usize::try_from(rest.stride).ok().filter(|step| *step > 0)?;
            let (place, under) = places
                .iter()
                .find(|(place, under)| (*place..place * under.count).contains(&step))?;
            if !step.is_multiple_of(*place) || !(place * under.count).is_multiple_of(step) {
                return None;
            }
            let room = place * under.count / step;
            let count = rest.count.min(room);
            if !rest.count.is_multiple_of(count) {
                return None;
            }
            parts.push(Digit {
                count,
                stride: under.stride * (step / place) as isize,
            });
            rest.count /= count;
            rest.stride *= count as isize;
        }
        digits.extend(parts.into_iter().rev());
    }
    Some(joined_digits(digits))
}

/// The digits of a chain of layers, the shape of its output; `None` where a layer does more than
/// rearrange all elements.
fn digits_of(layers: &[Layer], input: &Shape) -> Option<(Vec<Digit>, Shape)> {
    let mut shape = *input;
    let mut digits = joined_digits(vec![Digit {
        count: input.count(),
        stride: 1,
    }]);
    for layer in layers {
        let plan = layer.plan_inputs(&[shape], BatchAxis::Present).ok()?;
        let Geometry::Mapped(mapped) = plan.geometry() else {
            return None;
        };
        digits = composed(&digits, mapped.digits()?)?;
        shape = *plan.output_shape();
    }
    Some((digits, shape))
}

/// Reshape, Permute and Reshape, as PyTorch defines the layer that has no other geometry here.
fn unshuffled([batch, channels, height, width]: [usize; 4], factor: usize) -> Vec<Layer> {
    let (rows, columns) = (height / factor, width / factor);
    let split = [batch, channels, rows, factor, columns, factor];
    let joined = [batch, channels * factor * factor, rows, columns];
    let shape = |lengths: &[usize]| Reshape {
        shape: lengths.iter().map(|&length| length as i64).collect(),
    };
    let turn = Permute {
        dims: vec![0, 1, 3, 5, 2, 4],
    };
    vec![shape(&split).into(), turn.into(), shape(&joined).into()]
}

/// The one layer that a chain is, on an input with its batch axis: `PixelShuffle`, `PixelUnshuffle`,
/// `SpaceToDepth`, `DepthToSpace`, `ChannelShuffle`, or nothing at all (`Identity`).
#[must_use]
pub fn one_layer(layers: &[Layer], input: &Shape) -> Option<Layer> {
    let (digits, output) = digits_of(layers, input)?;
    let same = |layers: &[Layer]| {
        digits_of(layers, input).is_some_and(|known| known == (digits.clone(), output))
    };
    if *input == output && same(&[]) {
        return Some(Identity.into());
    }
    let (from, to) = (input.axes(), output.axes());
    if from == to && from.len() > 2 {
        let channels = from[1];
        return (2..channels)
            .filter(|groups| channels.is_multiple_of(*groups))
            .map(|groups| Layer::from(ChannelShuffle { groups }))
            .find(|layer| same(std::slice::from_ref(layer)));
    }
    let (&[_, _, height, width], &[_, _, rows, columns]) = (from, to) else {
        return None;
    };
    let factor = |large: usize, small: usize| large.is_multiple_of(small).then(|| large / small);
    if let Some(block_size) = factor(rows, height).filter(|factor| *factor > 1)
        && factor(columns, width) == Some(block_size)
    {
        let depth = |mode| Layer::from(DepthToSpace { block_size, mode });
        if same(&[depth(DepthOrder::Crd)]) {
            return Some(PixelShuffle { factor: block_size }.into());
        }
        return Some(depth(DepthOrder::Dcr)).filter(|layer| same(std::slice::from_ref(layer)));
    }
    let block_size = factor(height, rows).filter(|factor| *factor > 1)?;
    if factor(width, columns) != Some(block_size) {
        return None;
    }
    if same(&unshuffled([from[0], from[1], height, width], block_size)) {
        return Some(PixelUnshuffle { factor: block_size }.into());
    }
    let layer = Layer::from(SpaceToDepth { block_size });
    same(std::slice::from_ref(&layer)).then_some(layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(text: &str) -> Vec<Layer> {
        let layers = text.split("; ").map(|text| text.parse().unwrap());
        layers.collect()
    }

    fn one(text: &str, input: &str) -> Option<String> {
        let input = input.parse().unwrap();
        let layer = one_layer(&chain(text), &input)?;
        Some(layer.call(&input, crate::op::Style::Source))
    }

    /// As torch 2.15 exports them (`torch.onnx.export`, opset 20), and as onnx defines its own two.
    #[test]
    fn what_exporters_write_is_recognised() {
        for (text, input, layer) in [
            (
                "Reshape((2, 3, 4, 2, 5, 2)); Permute((0, 1, 3, 5, 2, 4)); Reshape((2, 12, 4, 5))",
                "2x3x8x10",
                "PixelUnshuffle(downscale_factor=2)",
            ),
            (
                "Reshape((-1, 3, 3, 3, 4, 5)); Permute((0, 1, 4, 2, 5, 3)); Reshape((-1, 3, 12, 15))",
                "1x27x4x5",
                "PixelShuffle(upscale_factor=3)",
            ),
            (
                "Reshape((2, 3, 4, 5, 7)); Transpose(1, 2); Reshape((2, 12, 5, 7))",
                "2x12x5x7",
                "ChannelShuffle(3)",
            ),
            (
                "Reshape((2, 4, 3, 35)); Permute((0, 2, 1, 3)); Reshape((2, -1, 5, 7))",
                "2x12x5x7",
                "ChannelShuffle(4)",
            ),
            (
                "Reshape((1, 3, 4, 2, 5, 2)); Permute((0, 3, 5, 1, 2, 4)); Reshape((1, 12, 4, 5))",
                "1x3x8x10",
                "SpaceToDepth(2)",
            ),
            (
                "Reshape((1, 2, 2, 3, 4, 5)); Permute((0, 3, 4, 1, 5, 2)); Reshape((1, 3, 8, 10))",
                "1x12x4x5",
                "DepthToSpace(2)",
            ),
            ("SpaceToDepth(2); DepthToSpace(2)", "1x3x8x10", "Identity()"),
            ("Transpose(2, 3); Transpose(3, 2)", "1x3x8x10", "Identity()"),
            (
                "Flatten(); Unflatten(1, (3, 8, 10))",
                "1x3x8x10",
                "Identity()",
            ),
        ] {
            assert_eq!(one(text, input).as_deref(), Some(layer), "{text}");
        }
    }

    #[test]
    fn what_is_none_of_them_is_not() {
        for (text, input) in [
            // Another order of the places in a block.
            (
                "Reshape((1, 3, 4, 2, 5, 2)); Permute((0, 1, 5, 3, 2, 4)); Reshape((1, 12, 4, 5))",
                "1x3x8x10",
            ),
            // Rows of 8 as rows of 10, turned: no view of the input.
            ("Reshape((1, 3, 10, 8)); Transpose(2, 3)", "1x3x8x10"),
            ("Transpose(1, 2)", "1x3x3x3"),
            ("Flip((3,)); Flip((3,))", "1x3x8x10"),
            ("Slice(3, end=5)", "1x3x8x10"),
            ("ReLU()", "1x3x8x10"),
        ] {
            assert_eq!(one(text, input), None, "{text}");
        }
    }
}
