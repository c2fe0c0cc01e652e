//! Kernels that have a name in image processing.

use serde::{Deserialize, Serialize};

use super::{FillError, Shape, Tensor};

/// How the weights of a layer stand in their tensor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeightOrder {
    /// A convolution's: `F × C/groups × kH × kW`, a filter after another.
    #[default]
    Filters,
    /// A transposed convolution's: `C × F/groups × kH × kW`, an input channel after another.
    Channels {
        /// Groups, which the shape does not tell.
        groups: usize,
    },
}

impl WeightOrder {
    /// The filter, the channel among those that it reads, and how many these are, of a plane by
    /// its number in a tensor with these first two axes.
    const fn plane(self, number: usize, axes: [usize; 2]) -> (usize, usize, usize) {
        let [first, second] = axes;
        match self {
            Self::Filters => (number / second, number % second, second),
            Self::Channels { groups } => {
                let groups = if groups == 0 { 1 } else { groups };
                let channels = if first < groups { 1 } else { first / groups };
                let (channel, filter) = (number / second, number % second);
                (
                    channel / channels * second + filter,
                    channel % channels,
                    channels,
                )
            }
        }
    }
}

/// A small picture filter, for the weights of a convolution or a transposed convolution.
///
/// PyTorch's convolution does not flip its kernel, so these are written as they are applied; a
/// transposed convolution presses them into the output as they are written.
/// Kernels that sum to 1 (blurs, sharpen, emboss) are divided by the number of channels that a
/// filter reads, so that its output keeps the brightness of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NamedKernel {
    /// Filter `f` passes on channel `f mod C` unchanged.
    Identity,
    /// The mean of the window.
    BoxBlur,
    /// Binomial weights, the whole-number Gaussian: 1 2 1 in each direction for a kernel of 3.
    Gaussian,
    /// Left-to-right slope, smoothed from top to bottom.
    SobelX,
    /// Top-to-bottom slope, smoothed from left to right.
    SobelY,
    /// Second derivative: the four neighbours less four times the centre.
    Laplacian,
    /// The centre five times, less the four neighbours.
    Sharpen,
    /// Light from the upper left.
    Emboss,
}

impl NamedKernel {
    /// Every kernel, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Identity,
        Self::BoxBlur,
        Self::Gaussian,
        Self::SobelX,
        Self::SobelY,
        Self::Laplacian,
        Self::Sharpen,
        Self::Emboss,
    ];

    /// Weights of a shape with four axes, every filter and channel with this kernel
    /// (for [`NamedKernel::Identity`], one channel of each filter).
    ///
    /// # Errors
    /// When the kernel needs three rows and columns and the shape has fewer.
    pub fn weights(self, shape: &Shape, order: WeightOrder) -> Result<Tensor, FillError> {
        let [_, height, width] = shape.as_chw();
        let plane = self.plane(height, width).ok_or(FillError::KernelTooSmall {
            kernel: self,
            height,
            width,
        })?;
        let axes = match shape.axes() {
            [filters, channels, _, _] => [*filters, *channels],
            _ => [1, 1],
        };
        let keeps_brightness = matches!(
            self,
            Self::BoxBlur | Self::Gaussian | Self::Sharpen | Self::Emboss
        );
        let mut weights = Tensor::zeros(*shape)?;
        for (number, out) in weights
            .data_mut()
            .chunks_exact_mut(height * width)
            .enumerate()
        {
            let (filter, channel, channels) = order.plane(number, axes);
            if self == Self::Identity && channel != filter % channels {
                continue;
            }
            let share = if keeps_brightness {
                channels as f32
            } else {
                1.0
            };
            for (out, value) in out.iter_mut().zip(&plane) {
                *out = value / share;
            }
        }
        Ok(weights)
    }

    /// One plane of the kernel, row by row; `None` if there is no room for it.
    fn plane(self, height: usize, width: usize) -> Option<Vec<f32>> {
        let outer = |rows: &[f32], columns: &[f32]| {
            rows.iter()
                .flat_map(|row| columns.iter().map(move |column| row * column))
                .collect()
        };
        let centred = |values: [f32; 9]| {
            if height < 3 || width < 3 {
                return None;
            }
            let (top, left) = ((height - 3) / 2, (width - 3) / 2);
            let mut plane = vec![0.0; height * width];
            for (place, value) in values.into_iter().enumerate() {
                plane[(top + place / 3) * width + left + place % 3] = value;
            }
            Some(plane)
        };
        match self {
            Self::Identity => {
                let mut plane = vec![0.0; height * width];
                plane[(height - 1) / 2 * width + (width - 1) / 2] = 1.0;
                Some(plane)
            }
            Self::BoxBlur => Some(vec![1.0 / (height * width) as f32; height * width]),
            Self::Gaussian => {
                let plane: Vec<f32> = outer(&binomial(height), &binomial(width));
                let sum: f32 = plane.iter().sum();
                Some(plane.into_iter().map(|value| value / sum).collect())
            }
            Self::SobelX => Some(outer(&binomial(height), &slope(width)?)),
            Self::SobelY => Some(outer(&slope(height)?, &binomial(width))),
            Self::Laplacian => centred([0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0]),
            Self::Sharpen => centred([0.0, -1.0, 0.0, -1.0, 5.0, -1.0, 0.0, -1.0, 0.0]),
            Self::Emboss => centred([-2.0, -1.0, 0.0, -1.0, 1.0, 1.0, 0.0, 1.0, 2.0]),
        }
    }
}

/// A row of Pascal's triangle with `length` numbers; beyond 64 numbers, the mean instead of
/// numbers that `f32` cannot hold.
fn binomial(length: usize) -> Vec<f32> {
    if length > 64 {
        return vec![1.0; length];
    }
    let mut row = vec![1.0];
    while row.len() < length {
        let inner = row.windows(2).map(|pair| pair[0] + pair[1]);
        row = std::iter::once(1.0).chain(inner).chain([1.0]).collect();
    }
    row
}

/// A smoothed central difference with `length` numbers, -1 0 1 for three.
fn slope(length: usize) -> Option<Vec<f32>> {
    let smooth = binomial(length.checked_sub(2).filter(|&smooth| smooth > 0)?);
    let mut row = vec![0.0; length];
    for (place, value) in smooth.iter().enumerate() {
        row[place] -= value;
        row[place + 2] += value;
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(kernel: NamedKernel, axes: &[usize]) -> Vec<f32> {
        kernel
            .weights(&Shape::new(axes).unwrap(), WeightOrder::Filters)
            .unwrap()
            .into_data()
    }

    #[test]
    fn sobel_is_the_kernel_of_the_textbooks() {
        assert_eq!(
            weights(NamedKernel::SobelX, &[1, 1, 3, 3]),
            [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0]
        );
        assert_eq!(
            weights(NamedKernel::SobelY, &[1, 1, 3, 3]),
            [-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0]
        );
    }

    #[test]
    fn identity_passes_each_channel_on() {
        let values = weights(NamedKernel::Identity, &[2, 2, 1, 3]);
        assert_eq!(
            values,
            [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
        );
    }

    #[test]
    fn blurs_and_sharpening_keep_the_brightness() {
        use NamedKernel::{BoxBlur, Emboss, Gaussian, Sharpen};
        for kernel in [BoxBlur, Gaussian, Sharpen, Emboss] {
            let sum: f32 = weights(kernel, &[1, 3, 5, 3]).iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{kernel:?} sums to {sum}");
        }
    }

    #[test]
    fn a_transposed_convolution_divides_by_the_channels_that_a_filter_reads() {
        let transposed = |kernel: NamedKernel, axes: &[usize], groups| {
            kernel
                .weights(&Shape::new(axes).unwrap(), WeightOrder::Channels { groups })
                .unwrap()
                .into_data()
        };
        // Three channels in, two filters out: a third of a fourth each.
        let blur = transposed(NamedKernel::BoxBlur, &[3, 2, 2, 2], 1);
        assert_eq!(blur, [1.0 / 4.0 / 3.0; 24]);
        // In two groups of two channels and one filter each: a half of a fourth.
        let blur = transposed(NamedKernel::BoxBlur, &[4, 1, 2, 2], 2);
        assert_eq!(blur, [1.0 / 4.0 / 2.0; 16]);
        // Filter 0 passes channel 0 on and filter 1 channel 1; filter 2 begins again.
        assert_eq!(
            transposed(NamedKernel::Identity, &[2, 3, 1, 1], 1),
            [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
        );
        // Each of two groups has two channels and one filter; filter 1 passes the second on.
        assert_eq!(
            transposed(NamedKernel::Identity, &[4, 1, 1, 1], 2),
            [1.0, 0.0, 0.0, 1.0]
        );
        // A slope is not divided.
        let slope = transposed(NamedKernel::SobelX, &[2, 1, 3, 3], 1);
        assert_eq!(slope[..3], [-1.0, 0.0, 1.0]);
        assert_eq!(slope[9..12], [-1.0, 0.0, 1.0]);
    }

    #[test]
    fn a_kernel_without_room_is_refused() {
        let shape = Shape::new(&[1, 1, 2, 3]).unwrap();
        let error = NamedKernel::SobelY
            .weights(&shape, WeightOrder::Filters)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("2 × 3") && error.contains("3 × 3"),
            "{error}"
        );
    }
}
