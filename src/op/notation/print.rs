//! Layers to PyTorch's notation: as source, and as PyTorch prints a model.

use std::fmt::Write as _;

use crate::op::chain::Chain;
use crate::op::layer::{Conv2d, Layer, UpsampleMode};
use crate::op::padding::{LinePadding, Padding, PaddingMode, VolumePadding};
use crate::op::plan::Plan;

impl Plan {
    /// The layer as a line of source: `nn.Conv2d(3, 8, 3, stride=2, padding=1)`. The named forms
    /// of a convolution are written as the `Conv2d` that they are.
    #[must_use]
    pub fn source(&self) -> String {
        format!("nn.{}", self.line(Style::Source))
    }

    /// The layer as PyTorch prints it: `Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))`.
    #[must_use]
    pub fn printed(&self) -> String {
        self.line(Style::Printed)
    }

    fn line(&self, style: Style) -> String {
        let shape = self.input_shape();
        let channels = shape.channels();
        match self.layer() {
            Layer::Conv2d(layer) => conv2d(layer, channels, style),
            Layer::Depthwise(layer) => conv2d(&layer.convolution(shape), channels, style),
            Layer::Pointwise(layer) => conv2d(&layer.convolution(), channels, style),
            Layer::Conv1d(layer) => {
                let padding = match layer.padding {
                    LinePadding::Valid => Sizes::Numbers(vec![0]),
                    LinePadding::Same => Sizes::Name("same"),
                    LinePadding::Full => Sizes::Name("full"),
                    LinePadding::Size(size) => Sizes::Numbers(vec![size]),
                    LinePadding::Sides { left, right } => Sizes::Sides(vec![left, right]),
                };
                Convolution {
                    name: "Conv1d",
                    channels,
                    filters: layer.filters,
                    kernel: vec![layer.kernel],
                    stride: vec![layer.stride],
                    padding,
                    output_padding: vec![0],
                    dilation: vec![layer.dilation],
                    groups: layer.groups,
                    bias: layer.bias,
                    mode: layer.padding_mode,
                }
                .line(style)
            }
            Layer::Conv3d(layer) => {
                let list = |(slices, rows, columns)| vec![slices, rows, columns];
                let padding = match layer.padding {
                    VolumePadding::Valid => Sizes::Numbers(vec![0; 3]),
                    VolumePadding::Same => Sizes::Name("same"),
                    VolumePadding::Full => Sizes::Name("full"),
                    VolumePadding::Size(slices, rows, columns) => {
                        Sizes::Numbers(vec![slices, rows, columns])
                    }
                };
                Convolution {
                    name: "Conv3d",
                    channels,
                    filters: layer.filters,
                    kernel: list(layer.kernel),
                    stride: list(layer.stride),
                    padding,
                    output_padding: vec![0; 3],
                    dilation: list(layer.dilation),
                    groups: layer.groups,
                    bias: layer.bias,
                    mode: layer.padding_mode,
                }
                .line(style)
            }
            Layer::ConvTranspose2d(layer) => Convolution {
                name: "ConvTranspose2d",
                channels,
                filters: layer.filters,
                kernel: pair(layer.kernel),
                stride: pair(layer.stride),
                padding: Sizes::Numbers(pair(layer.padding)),
                output_padding: pair(layer.output_padding),
                dilation: pair(layer.dilation),
                groups: layer.groups,
                bias: layer.bias,
                mode: PaddingMode::Zeros,
            }
            .line(style),
            Layer::MaxPool2d(layer) => {
                let mut line = pool("MaxPool2d", layer.kernel, layer.stride, layer.padding);
                if layer.dilation != (1, 1) {
                    let _ = write!(line, ", dilation={}", short(&pair(layer.dilation)));
                }
                flag(&mut line, "return_indices", layer.return_indices, false);
                flag(&mut line, "ceil_mode", layer.ceil_mode, false);
                line + ")"
            }
            Layer::AvgPool2d(layer) => {
                let mut line = pool("AvgPool2d", layer.kernel, layer.stride, layer.padding);
                flag(&mut line, "ceil_mode", layer.ceil_mode, false);
                flag(
                    &mut line,
                    "count_include_pad",
                    layer.count_include_pad,
                    true,
                );
                if let Some(divisor) = layer.divisor_override {
                    let _ = write!(line, ", divisor_override={divisor}");
                }
                line + ")"
            }
            Layer::AdaptiveAvgPool2d(layer) | Layer::AdaptiveMaxPool2d(layer) => {
                let size =
                    |size: Option<usize>| size.map_or("None".into(), |size| size.to_string());
                let sizes = format!("({}, {})", size(layer.output.0), size(layer.output.1));
                let mut line = format!("{}(output_size={sizes}", self.layer().name());
                flag(&mut line, "return_indices", layer.return_indices, false);
                line + ")"
            }
            Layer::GlobalAvgPool2d => "AdaptiveAvgPool2d(output_size=(1, 1))".to_string(),
            Layer::GlobalMaxPool2d => "AdaptiveMaxPool2d(output_size=(1, 1))".to_string(),
            Layer::PixelShuffle(layer) => format!("PixelShuffle(upscale_factor={})", layer.factor),
            Layer::PixelUnshuffle(layer) => {
                format!("PixelUnshuffle(downscale_factor={})", layer.factor)
            }
            Layer::Upsample(layer) => {
                let mut line = "Upsample(".to_string();
                if let Some(size) = layer.size {
                    let _ = write!(line, "size={}", short(&pair(size)));
                }
                if let Some((rows, columns)) = layer.scale {
                    let _ = if rows == columns {
                        write!(line, "scale_factor={rows:?}")
                    } else {
                        write!(line, "scale_factor=({rows:?}, {columns:?})")
                    };
                }
                let mode = if layer.mode == UpsampleMode::Bilinear {
                    "bilinear"
                } else {
                    "nearest"
                };
                let _ = write!(line, ", mode='{mode}'");
                flag(&mut line, "align_corners", layer.align_corners, false);
                line + ")"
            }
            Layer::Add(layer) => format!("Add({})", layer.tensor),
            other => format!("{}()", other.name()),
        }
    }
}

impl Chain {
    /// The chain as source, over several lines when it has several layers.
    #[must_use]
    pub fn source(&self) -> String {
        if let [only] = self.plans() {
            return only.source();
        }
        let lines = self
            .plans()
            .iter()
            .map(|plan| format!("    {},\n", plan.source()));
        format!("nn.Sequential(\n{})", lines.collect::<String>())
    }

    /// The chain as PyTorch prints a model.
    #[must_use]
    pub fn printed(&self) -> String {
        if let [only] = self.plans() {
            return only.printed();
        }
        let lines = self.plans().iter().enumerate();
        let lines = lines.map(|(number, plan)| format!("  ({number}): {}\n", plan.printed()));
        format!("Sequential(\n{})", lines.collect::<String>())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Source,
    Printed,
}

enum Sizes {
    Name(&'static str),
    Numbers(Vec<usize>),
    /// Sides that differ: never shortened to one number.
    Sides(Vec<usize>),
}

struct Convolution {
    name: &'static str,
    channels: usize,
    filters: usize,
    kernel: Vec<usize>,
    stride: Vec<usize>,
    padding: Sizes,
    output_padding: Vec<usize>,
    dilation: Vec<usize>,
    groups: usize,
    bias: bool,
    mode: PaddingMode,
}

impl Convolution {
    fn line(self, style: Style) -> String {
        let list = |sizes: &[usize]| match style {
            Style::Source => short(sizes),
            Style::Printed => tuple(sizes),
        };
        let quote = if style == Style::Source { "'" } else { "" };
        let mut line = format!("{}({}, {}, ", self.name, self.channels, self.filters);
        if style == Style::Printed {
            line.push_str("kernel_size=");
        }
        line.push_str(&list(&self.kernel));
        let mut argument = |name: &str, sizes: &[usize], default: usize, always: bool| {
            if always || sizes.iter().any(|&size| size != default) {
                let _ = write!(line, ", {name}={}", list(sizes));
            }
        };
        argument("stride", &self.stride, 1, style == Style::Printed);
        match &self.padding {
            Sizes::Numbers(sizes) => argument("padding", sizes, 0, false),
            Sizes::Sides(sizes) => {
                let _ = write!(line, ", padding={}", tuple(sizes));
            }
            Sizes::Name(name) => {
                let _ = write!(line, ", padding={quote}{name}{quote}");
            }
        }
        let mut argument = |name: &str, sizes: &[usize], default: usize| {
            if sizes.iter().any(|&size| size != default) {
                let _ = write!(line, ", {name}={}", list(sizes));
            }
        };
        argument("dilation", &self.dilation, 1);
        argument("output_padding", &self.output_padding, 0);
        if self.groups != 1 {
            let _ = write!(line, ", groups={}", self.groups);
        }
        flag(&mut line, "bias", self.bias, true);
        let mode = match self.mode {
            PaddingMode::Zeros => None,
            PaddingMode::Reflect => Some("reflect"),
            PaddingMode::Replicate => Some("replicate"),
            PaddingMode::Circular => Some("circular"),
        };
        if let Some(mode) = mode {
            let _ = write!(line, ", padding_mode={quote}{mode}{quote}");
        }
        line + ")"
    }
}

fn conv2d(layer: &Conv2d, channels: usize, style: Style) -> String {
    let padding = match layer.padding {
        Padding::Valid => Sizes::Numbers(vec![0, 0]),
        Padding::Same => Sizes::Name("same"),
        Padding::Full => Sizes::Name("full"),
        Padding::Size(rows, columns) => Sizes::Numbers(vec![rows, columns]),
        Padding::Sides {
            top,
            bottom,
            left,
            right,
        } if top == bottom && left == right => Sizes::Numbers(vec![top, left]),
        Padding::Sides {
            top,
            bottom,
            left,
            right,
        } => Sizes::Sides(vec![left, right, top, bottom]),
    };
    Convolution {
        name: "Conv2d",
        channels,
        filters: layer.filters,
        kernel: pair(layer.kernel),
        stride: pair(layer.stride),
        padding,
        output_padding: vec![0, 0],
        dilation: pair(layer.dilation),
        groups: layer.groups,
        bias: layer.bias,
        mode: layer.padding_mode,
    }
    .line(style)
}

fn pool(
    name: &str,
    kernel: (usize, usize),
    stride: Option<(usize, usize)>,
    padding: (usize, usize),
) -> String {
    let stride = short(&pair(stride.unwrap_or(kernel)));
    let mut line = format!(
        "{name}(kernel_size={}, stride={stride}",
        short(&pair(kernel))
    );
    if padding != (0, 0) {
        let _ = write!(line, ", padding={}", short(&pair(padding)));
    }
    line
}

fn pair((rows, columns): (usize, usize)) -> Vec<usize> {
    vec![rows, columns]
}

/// `(3, 3)`, and `(3,)` for one.
fn tuple(sizes: &[usize]) -> String {
    let inner = sizes
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if sizes.len() == 1 {
        format!("({inner},)")
    } else {
        format!("({inner})")
    }
}

/// One number when all are alike.
fn short(sizes: &[usize]) -> String {
    match sizes {
        [first, rest @ ..] if rest.iter().all(|size| size == first) => first.to_string(),
        sizes => tuple(sizes),
    }
}

fn flag(line: &mut String, name: &str, value: bool, default: bool) {
    if value != default {
        let _ = write!(line, ", {name}={}", if value { "True" } else { "False" });
    }
}
