//! Layers with a name: the clips of Animated AI and the figures of conv_arithmetic, with the
//! parameters that they show.
//!
//! Sources: <https://animatedai.github.io> (Brad Klingensmith) and
//! <https://github.com/vdumoulin/conv_arithmetic>. Animated AI's inputs have 8 channels; their
//! rows, columns and filters, and the sizes of the 3 × 3 shuffles, are ours.

use crate::language::{Localized, Message, message_error, nearest, says};
use crate::tensor::{Fill, Shape, ShapeError};

use super::notation::{Model, NotationError};
use crate::op::{Layer, Parameter, Sequential};

/// Where a preset comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
pub enum PresetSource {
    /// <https://animatedai.github.io>
    AnimatedAi,
    /// <https://github.com/vdumoulin/conv_arithmetic>
    ConvArithmetic,
    /// Its figures with numbers.
    ConvArithmeticNumeric,
}

/// A layer, or a chain of layers, with an input and a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Its name, as the source names it.
    pub name: &'static str,
    /// Where it comes from.
    pub source: PresetSource,
    /// What it shows, in a few words.
    pub about: &'static str,
    /// The layers in PyTorch's notation.
    pub notation: &'static str,
    /// Shape of the input, as `8x6x6`.
    pub input: &'static str,
    /// Numbers of input and kernel, of the figures that have them.
    numbers: bool,
}

/// The input that the four numeric figures share: 0 to 3, drawn by NumPy with seed 1234.
const FIGURE_INPUT: [f32; 25] = [
    3., 3., 2., 1., 0., 0., 0., 1., 3., 1., 3., 1., 2., 2., 3., 2., 0., 0., 2., 2., 2., 0., 0., 0.,
    1.,
];

/// The kernel of the two numeric convolutions.
const FIGURE_KERNEL: [f32; 9] = [0., 1., 2., 2., 2., 0., 0., 1., 2.];

const fn clip(
    name: &'static str,
    about: &'static str,
    notation: &'static str,
    input: &'static str,
) -> Preset {
    let source = PresetSource::AnimatedAi;
    Preset {
        name,
        source,
        about,
        notation,
        input,
        numbers: false,
    }
}

const fn figure(
    name: &'static str,
    about: &'static str,
    notation: &'static str,
    input: &'static str,
) -> Preset {
    let source = PresetSource::ConvArithmetic;
    Preset {
        name,
        source,
        about,
        notation,
        input,
        numbers: false,
    }
}

const fn numeric(name: &'static str, about: &'static str, notation: &'static str) -> Preset {
    let source = PresetSource::ConvArithmeticNumeric;
    Preset {
        name,
        source,
        about,
        notation,
        input: "1x5x5",
        numbers: true,
    }
}

/// Every preset.
pub const PRESETS: [Preset; 32] = [
    clip(
        "convolution-animation-3x3-kernel",
        "convolution without padding",
        "nn.Conv2d(8, 4, 3, bias=False)",
        "8x6x6",
    ),
    clip(
        "convolution-animation-3x3-kernel-same-padding",
        "padding that keeps the size",
        "nn.Conv2d(8, 4, 3, padding=1, bias=False)",
        "8x6x6",
    ),
    clip(
        "convolution-animation-3x3-kernel-stride-2",
        "stride 2 without padding",
        "nn.Conv2d(8, 4, 3, stride=2, bias=False)",
        "8x7x7",
    ),
    clip(
        "convolution-animation-3x3-kernel-stride-2-same-padding",
        "stride 2 with padding 1",
        "nn.Conv2d(8, 4, 3, stride=2, padding=1, bias=False)",
        "8x7x7",
    ),
    clip(
        "convolution-animation-3x3-kernel-2-groups",
        "two groups that do not see each other",
        "nn.Conv2d(8, 4, 3, groups=2, bias=False)",
        "8x6x6",
    ),
    clip(
        "depthwise-convolution-animation-3x3-kernel",
        "a filter for each channel",
        "nn.Conv2d(8, 8, 3, groups=8, bias=False)",
        "8x6x6",
    ),
    clip(
        "depthwise-separable-convolution-animation-3x3-kernel",
        "depthwise, then pointwise",
        "nn.Sequential(nn.Conv2d(8, 8, 3, groups=8, bias=False), nn.Conv2d(8, 4, 1, bias=False))",
        "8x6x6",
    ),
    clip(
        "pixel-shuffle-2x2-shuffle",
        "four channels become blocks of 2 x 2",
        "nn.PixelShuffle(2)",
        "12x6x6",
    ),
    clip(
        "pixel-shuffle-2x2-unshuffle",
        "blocks of 2 x 2 become four channels",
        "nn.PixelUnshuffle(2)",
        "3x12x12",
    ),
    clip(
        "pixel-shuffle-2x2-loop",
        "shuffled and back",
        "nn.Sequential(nn.PixelShuffle(2), nn.PixelUnshuffle(2))",
        "12x6x6",
    ),
    clip(
        "pixel-shuffle-3x3-shuffle",
        "nine channels become blocks of 3 x 3",
        "nn.PixelShuffle(3)",
        "27x4x4",
    ),
    clip(
        "pixel-shuffle-3x3-unshuffle",
        "blocks of 3 x 3 become nine channels",
        "nn.PixelUnshuffle(3)",
        "3x12x12",
    ),
    clip(
        "pixel-shuffle-3x3-loop",
        "shuffled and back",
        "nn.Sequential(nn.PixelShuffle(3), nn.PixelUnshuffle(3))",
        "27x4x4",
    ),
    figure(
        "no_padding_no_strides",
        "a kernel of 3 on an input of 4",
        "nn.Conv2d(1, 1, 3, bias=False)",
        "1x4x4",
    ),
    figure(
        "no_padding_no_strides_transposed",
        "from 2 back to 4",
        "nn.ConvTranspose2d(1, 1, 3, bias=False)",
        "1x2x2",
    ),
    figure(
        "arbitrary_padding_no_strides",
        "padding 2 with a kernel of 4",
        "nn.Conv2d(1, 1, 4, padding=2, bias=False)",
        "1x5x5",
    ),
    figure(
        "arbitrary_padding_no_strides_transposed",
        "from 6 back to 5",
        "nn.ConvTranspose2d(1, 1, 4, padding=2, bias=False)",
        "1x6x6",
    ),
    figure(
        "same_padding_no_strides",
        "padding that keeps the size",
        "nn.Conv2d(1, 1, 3, padding=1, bias=False)",
        "1x5x5",
    ),
    figure(
        "same_padding_no_strides_transposed",
        "keeps the size backwards as well",
        "nn.ConvTranspose2d(1, 1, 3, padding=1, bias=False)",
        "1x5x5",
    ),
    figure(
        "full_padding_no_strides",
        "every window that touches the input",
        "nn.Conv2d(1, 1, 3, padding=2, bias=False)",
        "1x5x5",
    ),
    figure(
        "full_padding_no_strides_transposed",
        "from 7 back to 5",
        "nn.ConvTranspose2d(1, 1, 3, padding=2, bias=False)",
        "1x7x7",
    ),
    figure(
        "no_padding_strides",
        "stride 2 without padding",
        "nn.Conv2d(1, 1, 3, stride=2, bias=False)",
        "1x5x5",
    ),
    figure(
        "no_padding_strides_transposed",
        "from 2 back to 5, a zero between elements",
        "nn.ConvTranspose2d(1, 1, 3, stride=2, bias=False)",
        "1x2x2",
    ),
    figure(
        "padding_strides",
        "stride 2 with padding 1",
        "nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False)",
        "1x5x5",
    ),
    figure(
        "padding_strides_transposed",
        "from 3 back to 5",
        "nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, bias=False)",
        "1x3x3",
    ),
    figure(
        "padding_strides_odd",
        "one border line that no window reaches",
        "nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False)",
        "1x6x6",
    ),
    figure(
        "padding_strides_odd_transposed",
        "from 3 back to 6, with output padding",
        "nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1, bias=False)",
        "1x3x3",
    ),
    figure(
        "dilation",
        "a kernel with gaps",
        "nn.Conv2d(1, 1, 3, dilation=2, bias=False)",
        "1x7x7",
    ),
    numeric(
        "numerical_no_padding_no_strides",
        "a convolution in numbers",
        "nn.Conv2d(1, 1, 3, bias=False)",
    ),
    numeric(
        "numerical_padding_strides",
        "padding and stride in numbers",
        "nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False)",
    ),
    numeric(
        "numerical_average_pooling",
        "means in numbers",
        "nn.AvgPool2d(3, stride=1)",
    ),
    numeric(
        "numerical_max_pooling",
        "maxima in numbers",
        "nn.MaxPool2d(3, stride=1)",
    ),
];

/// Why a preset cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub enum PresetError {
    /// A name that no preset has.
    Unknown {
        /// The name asked for.
        name: String,
        /// The nearest name that there is.
        nearest: Option<&'static str>,
    },
    /// A mistake in our own table, which the tests exclude.
    Notation(NotationError),
    /// A mistake in our own table, which the tests exclude.
    Shape(ShapeError),
}

impl Message for PresetError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Unknown {
                name,
                nearest: Some(nearest),
            } => says!(
                en: "there is no preset {name:?}; did you mean {nearest:?}? `tensorama list --presets` shows them all",
                ja: "{name:?} というプリセットはありません。{nearest:?} のことですか? `tensorama list --presets` で一覧が見られます。"
            ),
            Self::Unknown {
                name,
                nearest: None,
            } => says!(
                en: "there is no preset {name:?}; `tensorama list --presets` shows them all",
                ja: "{name:?} というプリセットはありません。`tensorama list --presets` で一覧が見られます。"
            ),
            Self::Notation(why) => why.message(),
            Self::Shape(why) => why.message(),
        }
    }
}

message_error!(PresetError { Notation(NotationError), Shape(ShapeError) });

impl Preset {
    /// The preset of a name.
    ///
    /// # Errors
    /// When there is none; the message has the nearest.
    pub fn find(name: &str) -> Result<&'static Self, PresetError> {
        PRESETS
            .iter()
            .find(|preset| preset.name == name)
            .ok_or_else(|| PresetError::Unknown {
                name: name.chars().take(60).collect(),
                nearest: nearest(name, PRESETS.iter().map(|preset| preset.name)),
            })
    }

    /// Its layers, with the figure's kernel where it has one.
    ///
    /// # Errors
    /// Never for a preset of [`PRESETS`].
    pub fn layers(&self) -> Result<Vec<Layer>, PresetError> {
        let mut layers = Model::parse(self.notation)?.layers();
        if self.numbers {
            for layer in &mut layers {
                layer.set(Parameter::Weights, Fill::Values(FIGURE_KERNEL.to_vec()));
            }
        }
        Ok(layers)
    }

    /// Its only layer, or a `Sequential` of several.
    ///
    /// # Errors
    /// Never for a preset of [`PRESETS`].
    pub fn layer(&self) -> Result<Layer, PresetError> {
        let mut layers = self.layers()?;
        Ok(if layers.len() == 1 {
            layers.swap_remove(0)
        } else {
            Sequential(layers).into()
        })
    }

    /// Shape of its input.
    ///
    /// # Errors
    /// Never for a preset of [`PRESETS`].
    pub fn input_shape(&self) -> Result<Shape, PresetError> {
        Ok(self.input.parse()?)
    }

    /// What its input is filled with: the figure's numbers, or a ramp.
    #[must_use]
    pub fn fill(&self) -> Fill {
        if self.numbers {
            Fill::Values(FIGURE_INPUT.to_vec())
        } else {
            Fill::Ramp
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Chain;
    use crate::tensor::Tensor;

    fn output(name: &str) -> Tensor {
        let preset = Preset::find(name).unwrap();
        let shape = preset.input_shape().unwrap();
        let chain = Chain::plan(&preset.layers().unwrap(), &shape).unwrap();
        chain
            .run(preset.fill().make(&shape).unwrap())
            .unwrap()
            .pop()
            .unwrap()
    }

    #[test]
    fn every_preset_has_the_output_shape_of_its_source() {
        let shapes = [
            "4x4x4", "4x6x6", "4x3x3", "4x4x4", "4x4x4", "8x4x4", "4x4x4", "3x12x12", "12x6x6",
            "12x6x6", "3x12x12", "27x4x4", "27x4x4", "1x2x2", "1x4x4", "1x6x6", "1x5x5", "1x5x5",
            "1x5x5", "1x7x7", "1x5x5", "1x2x2", "1x5x5", "1x3x3", "1x5x5", "1x3x3", "1x6x6",
            "1x3x3", "1x3x3", "1x3x3", "1x3x3", "1x3x3",
        ];
        for (preset, shape) in PRESETS.iter().zip(shapes) {
            assert_eq!(
                output(preset.name).shape(),
                &shape.parse().unwrap(),
                "{}",
                preset.name
            );
        }
        let count = |source| {
            PRESETS
                .iter()
                .filter(|preset| preset.source == source)
                .count()
        };
        assert_eq!(count(PresetSource::AnimatedAi), 13);
        assert_eq!(count(PresetSource::ConvArithmetic), 15);
        assert_eq!(count(PresetSource::ConvArithmeticNumeric), 4);
    }

    #[test]
    fn the_numeric_figures_have_the_published_numbers() {
        let numbers = |name| output(name).into_data();
        assert_eq!(
            numbers("numerical_no_padding_no_strides"),
            [12., 12., 17., 10., 17., 19., 9., 6., 14.]
        );
        assert_eq!(
            numbers("numerical_padding_strides"),
            [6., 17., 3., 8., 17., 13., 6., 4., 4.]
        );
        assert_eq!(
            numbers("numerical_max_pooling"),
            [3., 3., 3., 3., 3., 3., 3., 2., 3.]
        );
        let means: Vec<f32> = numbers("numerical_average_pooling")
            .iter()
            .map(|mean| (mean * 10.).round() / 10.)
            .collect();
        assert_eq!(means, [1.7, 1.7, 1.7, 1.0, 1.2, 1.8, 1.1, 0.8, 1.3]);
    }

    #[test]
    fn one_border_line_is_unused_where_the_source_says_so() {
        let preset = Preset::find("padding_strides_odd").unwrap();
        let plan = preset
            .layer()
            .unwrap()
            .plan(&preset.input_shape().unwrap())
            .unwrap();
        assert_eq!(plan.shape_formula().axis("H").unwrap().unused(), 1);
    }

    #[test]
    fn a_lesson_takes_a_preset_by_its_name() {
        let read = |text: &str| {
            let mut deserializer = ron::Deserializer::from_str(text).unwrap();
            crate::network::read_layers(&mut deserializer)
        };
        let layers = read("[Preset(\"dilation\")]").unwrap();
        assert_eq!(layers, Preset::find("dilation").unwrap().layers().unwrap());
        let error = read("[Preset(\"dilatoin\")]").unwrap_err().to_string();
        assert!(error.contains("did you mean \"dilation\""), "{error}");
    }
}
