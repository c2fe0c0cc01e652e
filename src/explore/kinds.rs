//! The kinds of layers that can be chosen, and changing one into another.

use crate::op::{
    AdaptivePool2d, Add, AvgPool2d, Conv2d, ConvTranspose2d, Layer, MaxPool2d, Padding,
    PixelShuffle, Upsample, UpsampleMode,
};

use super::parameters::sides;

/// A kind of layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Convolution.
    Conv2d,
    /// Transposed convolution.
    ConvTranspose2d,
    /// The greatest of each window.
    MaxPool2d,
    /// The mean of each window.
    AvgPool2d,
    /// The mean of as many windows as are asked for.
    AdaptiveAvgPool2d,
    /// The greatest of each of them.
    AdaptiveMaxPool2d,
    /// Channels to rows and columns.
    PixelShuffle,
    /// Rows and columns to channels.
    PixelUnshuffle,
    /// Resizing.
    Upsample,
    /// Negative elements become 0.
    ReLU,
    /// The same, and at most 6.
    ReLU6,
    /// The sum with an earlier tensor.
    Add,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Conv2d,
        Self::ConvTranspose2d,
        Self::MaxPool2d,
        Self::AvgPool2d,
        Self::AdaptiveAvgPool2d,
        Self::AdaptiveMaxPool2d,
        Self::PixelShuffle,
        Self::PixelUnshuffle,
        Self::Upsample,
        Self::ReLU,
        Self::ReLU6,
        Self::Add,
    ];

    /// PyTorch's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.layer().name()
    }

    /// The kind of a layer; `None` of those that the workbench does not change into.
    #[must_use]
    pub fn of(layer: &Layer) -> Option<Self> {
        Some(match layer {
            Layer::Conv2d(_) | Layer::Depthwise(_) | Layer::Pointwise(_) => Self::Conv2d,
            Layer::ConvTranspose2d(_) => Self::ConvTranspose2d,
            Layer::MaxPool2d(_) => Self::MaxPool2d,
            Layer::AvgPool2d(_) => Self::AvgPool2d,
            Layer::AdaptiveAvgPool2d(_) | Layer::GlobalAvgPool2d => Self::AdaptiveAvgPool2d,
            Layer::AdaptiveMaxPool2d(_) | Layer::GlobalMaxPool2d => Self::AdaptiveMaxPool2d,
            Layer::PixelShuffle(_) => Self::PixelShuffle,
            Layer::PixelUnshuffle(_) => Self::PixelUnshuffle,
            Layer::Upsample(_) => Self::Upsample,
            Layer::ReLU => Self::ReLU,
            Layer::ReLU6 => Self::ReLU6,
            Layer::Add(_) => Self::Add,
            _ => return None,
        })
    }

    /// A small layer of the kind.
    #[must_use]
    pub fn layer(self) -> Layer {
        match self {
            Self::Conv2d => Layer::Conv2d(Conv2d::new(4, (3, 3))),
            Self::ConvTranspose2d => Layer::ConvTranspose2d(ConvTranspose2d::new(4, (3, 3))),
            Self::MaxPool2d => Layer::MaxPool2d(MaxPool2d::new((2, 2))),
            Self::AvgPool2d => Layer::AvgPool2d(AvgPool2d::new((2, 2))),
            Self::AdaptiveAvgPool2d => Layer::AdaptiveAvgPool2d(AdaptivePool2d {
                output: (Some(2), Some(2)),
                return_indices: false,
            }),
            Self::AdaptiveMaxPool2d => Layer::AdaptiveMaxPool2d(AdaptivePool2d {
                output: (Some(2), Some(2)),
                return_indices: false,
            }),
            Self::PixelShuffle => Layer::PixelShuffle(PixelShuffle { factor: 2 }),
            Self::PixelUnshuffle => Layer::PixelUnshuffle(PixelShuffle { factor: 2 }),
            Self::Upsample => Layer::Upsample(Upsample::by(2, 2, UpsampleMode::Nearest)),
            Self::ReLU => Layer::ReLU,
            Self::ReLU6 => Layer::ReLU6,
            Self::Add => Layer::Add(Add { tensor: 0 }),
        }
    }

    /// A layer of the kind that keeps what it has in common with another one.
    #[must_use]
    pub fn instead_of(self, before: &Layer) -> Layer {
        if Self::of(before) == Some(self) {
            return before.clone();
        }
        let mut layer = self.layer();
        let (kernel, stride, padding) = window(before);
        match &mut layer {
            Layer::Conv2d(layer) => {
                layer.kernel = kernel.unwrap_or(layer.kernel);
                layer.stride = stride.unwrap_or(layer.stride);
                if let Some((rows, columns)) = padding.filter(|padding| *padding != (0, 0)) {
                    layer.padding = Padding::Size(rows, columns);
                }
                if let Layer::ConvTranspose2d(before) = before {
                    layer.filters = before.filters;
                    layer.dilation = before.dilation;
                    layer.groups = before.groups;
                    layer.bias = before.bias;
                }
            }
            Layer::ConvTranspose2d(layer) => {
                layer.kernel = kernel.unwrap_or(layer.kernel);
                layer.stride = stride.unwrap_or(layer.stride);
                layer.padding = padding.unwrap_or(layer.padding);
                if let Layer::Conv2d(before) = before {
                    layer.filters = before.filters;
                    layer.dilation = before.dilation;
                    layer.groups = before.groups;
                    layer.bias = before.bias;
                }
            }
            Layer::MaxPool2d(layer) => {
                layer.kernel = kernel.unwrap_or(layer.kernel);
                layer.stride = stride;
            }
            Layer::AvgPool2d(layer) => {
                layer.kernel = kernel.unwrap_or(layer.kernel);
                layer.stride = stride;
            }
            _ => {}
        }
        layer
    }
}

type Pair = (usize, usize);

/// Kernel, stride and padding of a layer with windows.
fn window(layer: &Layer) -> (Option<Pair>, Option<Pair>, Option<Pair>) {
    match layer {
        Layer::Conv2d(layer) => {
            let padding = sides(layer.padding).map(|[top, _, left, _]| (top, left));
            (Some(layer.kernel), Some(layer.stride), padding)
        }
        Layer::ConvTranspose2d(layer) => {
            (Some(layer.kernel), Some(layer.stride), Some(layer.padding))
        }
        Layer::MaxPool2d(layer) => (
            Some(layer.kernel),
            Some(layer.stride.unwrap_or(layer.kernel)),
            Some(layer.padding),
        ),
        Layer::AvgPool2d(layer) => (
            Some(layer.kernel),
            Some(layer.stride.unwrap_or(layer.kernel)),
            Some(layer.padding),
        ),
        _ => (None, None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_the_kind_of_its_layer_and_has_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(&kind.layer()), Some(kind));
            assert_eq!(kind.name(), format!("{kind:?}"));
        }
    }

    #[test]
    fn another_kind_keeps_kernel_and_stride() {
        let mut before = Conv2d::new(8, (5, 3));
        before.stride = (2, 1);
        before.padding = Padding::Size(1, 2);
        let Layer::ConvTranspose2d(after) =
            Kind::ConvTranspose2d.instead_of(&Layer::Conv2d(before))
        else {
            panic!("a transposed convolution");
        };
        assert_eq!((after.kernel, after.stride), ((5, 3), (2, 1)));
        assert_eq!((after.padding, after.filters), ((1, 2), 8));
    }
}
