//! What pools of a stated window have in common: how they are planned and written.

use crate::op::axis::AxisRequest;
use crate::op::call::{Arguments, Line, ParseResult};
use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Geometry, Pool, PoolKind};
use crate::op::padding::AxisPadding;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;

/// A pool as asked for.
pub(super) struct PoolRequest {
    pub name: &'static str,
    pub kernel: (usize, usize),
    pub stride: (usize, usize),
    pub padding: (usize, usize),
    pub dilation: (usize, usize),
    pub ceil_mode: bool,
    pub kind: PoolKind,
}

impl PoolRequest {
    pub fn plan(self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = self.name;
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let axis = |axis, input, padding, kernel, stride, dilation| {
            let padding = AxisPadding::Sides(padding, padding);
            AxisRequest {
                layer: name,
                axis,
                input,
                padding,
                kernel,
                stride,
                dilation,
            }
            .pool(self.ceil_mode)
        };
        let axes = [
            axis(
                AxisName::Rows,
                height,
                self.padding.0,
                self.kernel.0,
                self.stride.0,
                self.dilation.0,
            )?,
            axis(
                AxisName::Columns,
                width,
                self.padding.1,
                self.kernel.1,
                self.stride.1,
                self.dilation.1,
            )?,
        ];
        let output = checked_shape(
            name,
            TensorRole::Output,
            &[channels, axes[0].output, axes[1].output],
        )?;
        let padded = [channels, axes[0].padded(), axes[1].padded()];
        checked_shape(name, TensorRole::PaddedInput, &padded)?;
        let geometry = Geometry::Pool(Pool {
            axes,
            channels,
            kind: self.kind,
        });
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }
}

/// A stride that is the kernel when it is not given.
pub(super) fn optional_stride(given: &Arguments) -> ParseResult<Option<(usize, usize)>> {
    if given.has("stride") {
        given.pair("stride", None, 1).map(Some)
    } else {
        Ok(None)
    }
}

/// The beginning of a pool's call.
pub(super) fn pool_call(
    line: Line,
    kernel: (usize, usize),
    stride: Option<(usize, usize)>,
    padding: (usize, usize),
) -> Line {
    let stride = stride.unwrap_or(kernel);
    line.short("kernel_size", &[kernel.0, kernel.1], None)
        .short("stride", &[stride.0, stride.1], None)
        .short("padding", &[padding.0, padding.1], Some(0))
}

impl dyn Settings + '_ {
    /// A pool's stride, which is the kernel until it is changed.
    pub(super) fn pool_stride(
        &mut self,
        stride: &mut Option<(usize, usize)>,
        kernel: (usize, usize),
    ) {
        let before = stride.unwrap_or(kernel);
        let mut now = before;
        self.pair(Parameter::StrideRows, Parameter::StrideColumns, &mut now);
        if now != before {
            *stride = Some(now);
        }
    }
}
