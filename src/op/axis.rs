//! One axis of a sliding window: sizes, padding and the places that it visits.

use super::error::{AxisName, LayerError};
use super::padding::{AxisPadding, PaddingMode};
use super::ranges::StridedRange;
use crate::says;

/// The most that a kernel length, stride, dilation or padding may be.
const MAX_ARGUMENT: usize = if usize::BITS >= 64 { 1 << 20 } else { 1 << 14 };

/// A window that slides along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Axis {
    /// Length of the input.
    pub input: usize,
    /// Padding before the first element.
    pub before: usize,
    /// Padding behind the last element.
    pub after: usize,
    /// Elements of the kernel.
    pub kernel: usize,
    /// From one window to the next.
    pub stride: usize,
    /// From one kernel element to the next.
    pub dilation: usize,
    /// Length of the output.
    pub output: usize,
}

/// What is asked for along one axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AxisRequest {
    pub layer: &'static str,
    pub axis: AxisName,
    pub input: usize,
    pub padding: AxisPadding,
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
}

impl AxisRequest {
    /// Refuses zeros and numbers over the limit.
    pub fn check(&self) -> Result<(), LayerError> {
        let (before, after) = match self.padding {
            AxisPadding::Sides(before, after) => (before, after),
            AxisPadding::Same | AxisPadding::Full => (0, 0),
        };
        let numbers = [
            ("kernel", self.kernel),
            ("stride", self.stride),
            ("dilation", self.dilation),
            ("padding", before),
            ("padding", after),
        ];
        for (argument, value) in numbers {
            if value > MAX_ARGUMENT {
                return Err(LayerError::TooLarge {
                    layer: self.layer,
                    argument,
                    value: value as u128,
                    limit: MAX_ARGUMENT as u64,
                });
            }
            if value == 0 && argument != "padding" {
                return Err(LayerError::Zero {
                    layer: self.layer,
                    argument,
                });
            }
        }
        Ok(())
    }

    /// The window's places, with the floor rule of a convolution.
    pub fn floor(&self) -> Result<Axis, LayerError> {
        self.check()?;
        let reach = self.dilation * (self.kernel - 1) + 1;
        let (before, after) = match self.padding {
            AxisPadding::Same if self.stride != 1 => {
                return Err(LayerError::SameWithStride {
                    layer: self.layer,
                    stride: self.stride,
                    instead: (reach - 1) / 2,
                });
            }
            AxisPadding::Same | AxisPadding::Full | AxisPadding::Sides(..) => {
                self.padding.sides(reach - 1)
            }
        };
        let padded = self.input + before + after;
        if padded < reach {
            return Err(self.too_large(padded));
        }
        Ok(Axis {
            input: self.input,
            before,
            after,
            kernel: self.kernel,
            stride: self.stride,
            dilation: self.dilation,
            output: (padded - reach) / self.stride + 1,
        })
    }

    /// The window's places for a pool, as PyTorch's `pooling_output_shape`: `ceil` adds a window
    /// that reaches past the end, if it starts inside the input or the padding before it.
    /// Padding is at most half of the kernel, as there; `each_side` lifts that to what ONNX allows,
    /// where no window may hold padding alone.
    pub fn pool(&self, ceil: bool, each_side: bool) -> Result<Axis, LayerError> {
        self.check()?;
        let (before, after) = match self.padding {
            AxisPadding::Sides(before, after) => (before, after),
            AxisPadding::Same | AxisPadding::Full => (0, 0),
        };
        let padding = before.max(after);
        if !each_side && padding > self.kernel / 2 {
            return Err(LayerError::PoolPadding {
                layer: self.layer,
                axis: self.axis,
                padding,
                kernel: self.kernel,
            });
        }
        let reach = self.dilation * (self.kernel - 1) + 1;
        if padding >= reach && padding > 0 {
            let axis = self.axis.name();
            return Err(LayerError::Unfit {
                layer: self.layer,
                why: says!(
                    with [axis];
                    en: "padding of {padding} {axis} leaves a window of {reach} nothing but padding; use less",
                    ja: "{axis}のパディング {padding} では、長さ {reach} の窓がパディングだけになります。減らしてください。"
                ),
            });
        }
        let padded = self.input + before + after;
        let stride = self.stride as i64;
        let spare = padded as i64 - reach as i64 + if ceil { stride - 1 } else { 0 };
        let mut output = spare.div_euclid(stride) + 1;
        if ceil && (output - 1) * stride >= (self.input + before) as i64 {
            output -= 1;
        }
        if output < 1 {
            return Err(self.too_large(padded));
        }
        Ok(Axis {
            input: self.input,
            before,
            after,
            kernel: self.kernel,
            stride: self.stride,
            dilation: self.dilation,
            output: usize::try_from(output).unwrap_or(usize::MAX),
        })
    }

    fn too_large(&self, padded: usize) -> LayerError {
        let reach = self.dilation * (self.kernel - 1) + 1;
        LayerError::KernelTooLarge {
            layer: self.layer,
            axis: self.axis,
            kernel: self.kernel,
            dilation: self.dilation,
            reach,
            padded,
            missing: reach.saturating_sub(self.input),
        }
    }
}

impl Axis {
    /// An axis on which nothing slides, for the rows of `Conv1d` and the depth of `Conv2d`.
    pub const FLAT: Self = Self {
        input: 1,
        before: 0,
        after: 0,
        kernel: 1,
        stride: 1,
        dilation: 1,
        output: 1,
    };

    /// The kernel's elements that lie on the input and not on padding, under a window.
    pub fn kernel_inside(&self, window: usize) -> std::ops::Range<usize> {
        let start = window * self.stride;
        let first = self.before.saturating_sub(start).div_ceil(self.dilation);
        let end = (self.before + self.input)
            .saturating_sub(start)
            .div_ceil(self.dilation)
            .min(self.kernel);
        first.min(end)..end
    }

    /// How many of the kernel's elements lie within the padded input, under a window: what an
    /// average that counts padding is divided by.
    pub fn kernel_padded(&self, window: usize) -> usize {
        self.padded()
            .saturating_sub(window * self.stride)
            .div_ceil(self.dilation)
            .min(self.kernel)
    }

    /// The input elements under a window.
    pub fn reads(&self, window: usize) -> StridedRange {
        let first = (window * self.stride) as isize - self.before as isize;
        StridedRange {
            first,
            last: first + self.reach() as isize - 1,
            step: self.dilation,
        }
        .clipped_to(self.input)
    }

    /// The windows that hold an input element.
    pub fn feeds(&self, at: usize) -> StridedRange {
        let sum = (at + self.before) as isize;
        let low = sum - (self.reach() as isize - 1);
        StridedRange::solutions(low, sum, sum, self.stride, self.dilation, self.output)
    }

    /// Whether every window is one element, and every element a window.
    pub fn is_pointwise(&self) -> bool {
        self.kernel == 1 && self.stride == 1 && self.before == 0 && self.after == 0
    }

    /// From the kernel's first to its last element.
    pub fn reach(&self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }

    /// Length of the padded input.
    pub fn padded(&self) -> usize {
        self.input + self.before + self.after
    }

    /// A place on the padded axis, in real coordinates.
    pub fn real(&self, padded: usize) -> isize {
        padded as isize - self.before as isize
    }

    /// The input element at a place on the padded axis; `None` on padding.
    pub fn element(&self, padded: usize) -> Option<usize> {
        padded
            .checked_sub(self.before)
            .filter(|&at| at < self.input)
    }

    /// The windows whose kernel element `kernel` lies on the input and not on padding.
    pub fn windows_inside(&self, kernel: usize) -> std::ops::Range<usize> {
        let offset = kernel * self.dilation;
        let start = self.before.saturating_sub(offset).div_ceil(self.stride);
        let end = (self.before + self.input)
            .saturating_sub(offset)
            .div_ceil(self.stride);
        start.min(self.output)..end.min(self.output)
    }

    /// How many elements at the end of the padded input no window reaches.
    pub fn unused(&self) -> usize {
        self.padded()
            .saturating_sub((self.output - 1) * self.stride + self.reach())
    }

    /// Refuses padding that the mode cannot take from the input, as PyTorch's `pad` does.
    pub fn check_mode(
        &self,
        mode: PaddingMode,
        layer: &'static str,
        axis: AxisName,
    ) -> Result<(), LayerError> {
        let padding = self.before.max(self.after);
        let (mode, needed) = match mode {
            PaddingMode::Reflect => ("reflect", padding + usize::from(padding > 0)),
            PaddingMode::Circular => ("circular", padding),
            PaddingMode::Zeros | PaddingMode::Replicate => return Ok(()),
        };
        if self.input < needed {
            let length = self.input;
            return Err(LayerError::PaddingTooLarge {
                layer,
                mode,
                axis,
                padding,
                needed,
                length,
            });
        }
        Ok(())
    }
}
