//! The geometry of `Conv1d`, `Conv2d` and `Conv3d`: a window over every channel of a group.

use crate::op::axis::Axis;
use crate::op::padding::PaddingMode;
use crate::op::step::{Term, TermSource};

/// Depth, height and width, with channels in groups. Depth is flat but for `Conv3d`, whose
/// slices count as planes: plane = channel · depth + slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Convolution {
    pub axes: [Axis; 3],
    pub channels: usize,
    pub out_channels: usize,
    pub groups: usize,
    pub mode: PaddingMode,
}

impl Convolution {
    pub fn output(&self) -> [usize; 3] {
        let [depth, height, width] = &self.axes;
        [
            self.out_channels * depth.output,
            height.output,
            width.output,
        ]
    }

    /// Channels that a filter reads.
    pub fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    pub fn filter(&self, output: [usize; 3]) -> usize {
        output[0] / self.axes[0].output
    }

    pub fn group(&self, output: [usize; 3]) -> usize {
        self.filter(output) / (self.out_channels / self.groups)
    }

    pub fn term_count(&self) -> usize {
        self.group_channels() * self.axes.iter().map(|axis| axis.kernel).product::<usize>()
    }

    /// First padded place of the window along depth, height and width.
    fn origin(&self, [plane, row, column]: [usize; 3]) -> [usize; 3] {
        let [depth, height, width] = &self.axes;
        [
            plane % depth.output * depth.stride,
            row * height.stride,
            column * width.stride,
        ]
    }

    pub fn term(&self, output: [usize; 3], number: usize) -> Term {
        let [depth, height, width] = &self.axes;
        let kernel = [
            number / (width.kernel * height.kernel) % depth.kernel,
            number / width.kernel % height.kernel,
            number % width.kernel,
        ];
        let channel = number / (width.kernel * height.kernel * depth.kernel);
        let in_channel = self.group(output) * self.group_channels() + channel;
        let origin = self.origin(output);
        let place: [usize; 3] =
            std::array::from_fn(|axis| origin[axis] + kernel[axis] * self.axes[axis].dilation);
        Term {
            padded: [in_channel * depth.padded() + place[0], place[1], place[2]],
            source: self.source(in_channel, place),
            weight: Some([
                self.filter(output),
                channel * depth.kernel + kernel[0],
                kernel[1],
                kernel[2],
            ]),
            coefficient: None,
            factor: None,
            target: None,
        }
    }

    /// What lies at a padded place of a channel.
    fn source(&self, channel: usize, place: [usize; 3]) -> TermSource {
        let mut from = [Some(0); 3];
        let mut inside = true;
        for ((axis, &place), from) in self.axes.iter().zip(&place).zip(&mut from) {
            let real = axis.real(place);
            *from = if real >= 0 && (real as usize) < axis.input {
                Some(real as usize)
            } else {
                inside = false;
                self.mode.source(real, axis.input)
            };
        }
        let element = match from {
            [Some(slice), Some(row), Some(column)] => {
                Some([channel * self.axes[0].input + slice, row, column])
            }
            _ => None,
        };
        match element {
            Some(element) if inside => TermSource::Element(element),
            from => TermSource::Padding { from },
        }
    }

    pub fn window(&self, output: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let [depth, height, width] = &self.axes;
        let [slice, row, column] = self.origin(output);
        let channel = self.group(output) * self.group_channels();
        let plane = (channel * depth.input) as isize + depth.real(slice);
        let planes = (self.group_channels() - 1) * depth.input + depth.reach();
        (
            [plane, height.real(row), width.real(column)],
            [planes, height.reach(), width.reach()],
        )
    }
}
