//! Layers as lines that PyTorch itself takes, and such lines read back as the layers that they came from.

use crate::network::Chain;
use crate::op::{Layer, Plan, Style};

/// A layer as PyTorch takes it: in one line or, where a layer in front has to pad for it, in two.
fn lines(plan: &Plan) -> Vec<String> {
    let input = plan.input_shape();
    // Named forms are the convolutions that they stand for.
    let general = plan.layer().operation().generalized(input);
    let layer = general.as_ref().unwrap_or_else(|| plan.layer());
    match layer.operation().in_pytorch() {
        // Padding changes nothing of the channels, which are all that is written of the input.
        Some(layers) => layers
            .iter()
            .map(|layer| format!("nn.{}", layer.call(input, Style::Source)))
            .collect(),
        None => vec![plan.source()],
    }
}

/// Whether a layer names an earlier tensor by its number, which counts the layers before it.
fn counts_layers(layer: &Layer) -> bool {
    layer.operation().second_input().is_some()
}

impl Chain {
    /// The chain as PyTorch takes it. As [`Chain::source`], but that padding which differs from side to
    /// side is a layer of its own, as PyTorch has it, and `'full'` is a number. Where layers are counted
    /// by another one, which PyTorch's `Sequential` does not know, it is written as it is.
    #[must_use]
    pub fn pytorch(&self) -> String {
        if self.plans().iter().any(|plan| counts_layers(plan.layer())) {
            return self.source();
        }
        let lines: Vec<String> = self.plans().iter().flat_map(lines).collect();
        if let [only] = lines.as_slice() {
            return only.clone();
        }
        let lines: String = lines.iter().map(|line| format!("    {line},\n")).collect();
        format!("nn.Sequential(\n{lines})")
    }
}

/// Layers in which padding that differs from side to side belongs to the convolution behind it again,
/// as [`Chain::pytorch`] took it apart.
#[must_use]
pub fn with_padding_joined(layers: &[Layer]) -> Vec<Layer> {
    let layers: Vec<Layer> = layers.iter().flat_map(Layer::flattened).collect();
    if layers.iter().any(counts_layers) {
        return layers;
    }
    let mut joined: Vec<Layer> = Vec::new();
    for layer in layers {
        let border = joined.last().and_then(|last| last.operation().border());
        let whole = border.and_then(|(mode, sides)| layer.operation().with_border(mode, sides));
        match whole {
            Some(whole) => {
                joined.pop();
                joined.push(whole);
            }
            None => joined.push(layer),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::notation::Model;
    use crate::tensor::{Fill, Shape};

    fn chain(text: &str, input: &str) -> Chain {
        let input: Shape = input.parse().unwrap();
        Model::parse(text).unwrap().plan(&input).unwrap()
    }

    #[test]
    fn padding_of_each_side_is_written_as_pytorch_takes_it() {
        for (text, input, written) in [
            (
                "nn.Conv2d(1, 4, 3, padding=(2, 0, 2, 4))",
                "1x6x6",
                "nn.Sequential(\n    nn.ZeroPad2d((2, 0, 2, 4)),\n    nn.Conv2d(1, 4, 3),\n)",
            ),
            (
                "nn.Conv2d(1, 4, 3, padding=(2, 0, 2, 1), padding_mode='reflect', bias=False)",
                "1x6x6",
                "nn.Sequential(\n    nn.ReflectionPad2d((2, 0, 2, 1)),\n    nn.Conv2d(1, 4, 3, bias=False),\n)",
            ),
            (
                "nn.Conv1d(4, 8, 3, padding=(2, 0), padding_mode='replicate')",
                "4x9",
                "nn.Sequential(\n    nn.ReplicationPad1d((2, 0)),\n    nn.Conv1d(4, 8, 3),\n)",
            ),
            (
                "nn.Conv3d(1, 2, 2, padding=(1, 0, 0, 1, 1, 1), padding_mode='circular')",
                "1x3x4x5",
                "nn.Sequential(\n    nn.CircularPad3d((1, 0, 0, 1, 1, 1)),\n    nn.Conv3d(1, 2, 2),\n)",
            ),
            (
                "nn.Conv2d(1, 1, 3, padding='full', dilation=2)",
                "1x6x6",
                "nn.Conv2d(1, 1, 3, padding=4, dilation=2)",
            ),
            (
                "nn.Conv1d(1, 1, 3, padding=(2, 2))",
                "1x6",
                "nn.Conv1d(1, 1, 3, padding=2)",
            ),
            (
                "nn.Conv2d(1, 1, 3, padding='same')",
                "1x6x6",
                "nn.Conv2d(1, 1, 3, padding='same')",
            ),
        ] {
            assert_eq!(chain(text, input).pytorch(), written, "{text}");
        }
    }

    #[test]
    fn what_was_taken_apart_is_read_back_as_one_layer_with_the_same_numbers() {
        for (text, input) in [
            (
                "nn.Conv2d(2, 4, 3, stride=2, padding=(2, 0, 1, 4))",
                "2x6x6",
            ),
            (
                "nn.Conv2d(2, 4, 3, padding=(2, 0, 2, 1), padding_mode='reflect')",
                "2x6x6",
            ),
            (
                "nn.Conv1d(4, 8, 3, padding=(2, 0), padding_mode='circular')",
                "4x9",
            ),
            ("nn.Conv3d(1, 2, 2, padding=(1, 0, 0, 1, 1, 1))", "1x3x4x5"),
            (
                "nn.Sequential(nn.Conv2d(1, 2, 3, padding=(1, 0, 0, 0)), nn.ReLU(), nn.Conv2d(2, 1, 1))",
                "1x6x6",
            ),
        ] {
            let once = chain(text, input);
            let apart = chain(&once.pytorch(), input);
            let fill = Fill::Ramp.make(&input.parse().unwrap()).unwrap();
            let [first, second] = [&once, &apart].map(|chain| chain.run(fill.clone()).unwrap());
            let [first, second] = [first, second].map(|tensors| tensors.last().cloned().unwrap());
            assert_eq!(first.shape(), second.shape(), "{text}");
            let pairs = first.data().iter().zip(second.data());
            let apart = pairs.map(|(one, other)| (one - other).abs());
            assert!(apart.fold(0.0, f32::max) < 1e-4, "{text}");
            let model = Model::parse(&once.pytorch()).unwrap();
            let read = with_padding_joined(&model.layers());
            let again = Chain::plan(&read, &input.parse().unwrap()).unwrap();
            assert_eq!(again.source(), once.source(), "{text}");
        }
    }

    #[test]
    fn even_padding_and_counted_layers_stay_as_they_are_written() {
        let layers = |text: &str| Model::parse(text).unwrap().layers();
        let even = layers("nn.ZeroPad2d(1), nn.Conv2d(1, 1, 3)");
        assert_eq!(with_padding_joined(&even), even);
        let padded = layers("nn.ZeroPad2d((1, 0, 0, 0)), nn.Conv2d(1, 1, 3, padding=1)");
        assert_eq!(with_padding_joined(&padded), padded);
        let cut = layers("nn.ZeroPad2d((-1, 0, 0, 0)), nn.Conv2d(1, 1, 3)");
        assert_eq!(with_padding_joined(&cut), cut);
        let counted = layers("nn.ZeroPad2d((1, 0, 1, 0)), nn.Conv2d(1, 1, 2), Add(0)");
        assert_eq!(with_padding_joined(&counted), counted);
        let skip = chain(
            "nn.Conv2d(1, 1, 3, padding=(2, 0, 2, 0)), nn.ReLU(), Add(1)",
            "1x6x6",
        );
        assert_eq!(skip.pytorch(), skip.source());
    }
}
