//! What pools of a stated window have in common: how they are planned, written and read from ONNX.

use crate::op::axis::{Axis, AxisRequest};
use crate::op::call::{Arguments, Line, ParseResult, Value};
use crate::op::code::{LoopNest, Variable, place};
use crate::op::error::{LayerError, TensorRole};
use crate::op::geometry::{Geometry, Mapped, Pool, PoolKind, VolumePool, VolumeValue};
use crate::op::onnx::{OnnxNode, OnnxRefusal};
use crate::op::padding::AxisPadding;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::axes::{behind, channels_and_lengths, names};
use super::convolution::checked_shape;
use super::onnx_window::OnnxWindow;

/// A window as asked for, over so many axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct PoolWindow<const N: usize> {
    pub kernel: [usize; N],
    pub stride: [usize; N],
    pub padding: [usize; N],
    /// Padding at the ends, where each side is stated by itself.
    pub padding_after: Option<[usize; N]>,
    pub dilation: [usize; N],
    pub ceil_mode: bool,
}

impl<const N: usize> PoolWindow<N> {
    /// The axes, flat ones in front, for a layer on an input of such lengths.
    pub fn axes(&self, layer: &'static str, lengths: [usize; N]) -> Result<[Axis; 3], LayerError> {
        let mut axes = [Axis::FLAT; N];
        for (number, name) in names::<N>().into_iter().enumerate() {
            let after = self.padding_after.unwrap_or(self.padding);
            axes[number] = AxisRequest {
                layer,
                axis: name,
                input: lengths[number],
                padding: AxisPadding::Sides(self.padding[number], after[number]),
                kernel: self.kernel[number],
                stride: self.stride[number],
                dilation: self.dilation[number],
            }
            .pool(self.ceil_mode, self.padding_after.is_some())?;
        }
        Ok(behind(Axis::FLAT, axes))
    }

    /// Plans a pool of a value over the window.
    pub fn plan(
        &self,
        layer: &Layer,
        input: &Shape,
        value: VolumeValue,
    ) -> Result<Plan, LayerError> {
        let name = layer.name();
        let (channels, lengths) = channels_and_lengths::<N>(name, input)?;
        let axes = self.axes(name, lengths)?;
        let sizes = |size: fn(&Axis) -> usize| {
            let lengths = axes[3 - N..].iter().map(size);
            std::iter::once(channels).chain(lengths).collect::<Vec<_>>()
        };
        let output = checked_shape(name, TensorRole::Output, &sizes(|axis| axis.output))?;
        checked_shape(name, TensorRole::PaddedInput, &sizes(Axis::padded))?;
        let geometry = pool_geometry(axes, channels, N, value);
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }
}

/// The geometry of a pool: a window over rows and columns where it is one.
pub(super) fn pool_geometry(
    axes: [Axis; 3],
    channels: usize,
    rank: usize,
    value: VolumeValue,
) -> Geometry {
    match value {
        VolumeValue::Pool(kind) if rank < 3 => Geometry::Pool(Pool {
            axes: [axes[1], axes[2]],
            channels,
            kind,
        }),
        _ => Geometry::Mapped(Mapped::new(VolumePool {
            axes,
            channels,
            rank,
            value,
        })),
    }
}

/// What an average is divided by.
pub(super) fn average(
    layer: &'static str,
    count_include_pad: bool,
    divisor_override: Option<usize>,
) -> Result<VolumeValue, LayerError> {
    if divisor_override == Some(0) {
        return Err(LayerError::Zero {
            layer,
            argument: "divisor_override",
        });
    }
    Ok(VolumeValue::Pool(PoolKind::Average {
        count_include_pad,
        divisor_override,
    }))
}

/// Refuses a volume that is smaller than the kernel, as PyTorch's averages of volumes do, whatever
/// their padding.
pub(super) fn refuse_small_volume<const N: usize>(
    layer: &'static str,
    input: &Shape,
    kernel: [usize; N],
) -> Result<(), LayerError> {
    if N < 3 {
        return Ok(());
    }
    let (_, lengths) = channels_and_lengths::<N>(layer, input)?;
    for (axis, name) in names::<N>().into_iter().enumerate() {
        if lengths[axis] < kernel[axis] {
            return Err(LayerError::KernelTooLarge {
                layer,
                axis: name,
                kernel: kernel[axis],
                dilation: 1,
                reach: kernel[axis],
                padded: lengths[axis],
                missing: 0,
            });
        }
    }
    Ok(())
}

impl Arguments {
    /// `stride`, which is the kernel when it is not given.
    ///
    /// # Errors
    /// When it is something else than whole numbers of at least 1.
    pub(super) fn pool_stride<const N: usize>(&self) -> ParseResult<Option<[usize; N]>> {
        match self.get("stride") {
            None | Some(Value::None) => Ok(None),
            // An empty tuple is the kernel, as in PyTorch.
            Some(Value::List(values)) if values.is_empty() => Ok(None),
            Some(_) => self.sizes("stride", None, 1).map(Some),
        }
    }

    /// `padding`: numbers for the axes, or for each side of each axis as in
    /// `nn.ConstantPad2d`: those of the last axis first.
    ///
    /// # Errors
    /// When it is something else.
    pub(super) fn sided_padding<const N: usize>(&self) -> ParseResult<PoolPadding<N>> {
        if let Some(Value::List(sides)) = self.get("padding")
            && sides.len() == 2 * N
        {
            let mut before = [0; N];
            let mut after = [0; N];
            for (number, side) in sides.iter().enumerate() {
                let mut one = Self::default();
                one.give("padding", side.clone());
                let axis = N - 1 - number / 2;
                let size = one.size("padding", None, 0)?;
                if number.is_multiple_of(2) {
                    before[axis] = size;
                } else {
                    after[axis] = size;
                }
            }
            return Ok((before, Some(after)));
        }
        Ok((self.sizes("padding", Some(0), 0)?, None))
    }

    /// A number to divide by, where it is given.
    ///
    /// # Errors
    /// When it is no whole number of at least 1.
    pub(super) fn divisor_override(&self) -> ParseResult<Option<usize>> {
        if self.has("divisor_override") {
            self.size("divisor_override", None, 1).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// Padding at the starts of the axes, and at their ends where each side is stated by itself.
type PoolPadding<const N: usize> = ([usize; N], Option<[usize; N]>);

/// The beginning of a pool's call.
pub(super) fn pool_call<const N: usize>(line: Line, window: &PoolWindow<N>) -> Line {
    let line =
        line.short("kernel_size", &window.kernel, None)
            .short("stride", &window.stride, None);
    pool_padding_call(line, window)
}

/// The padding in a pool's call.
pub(super) fn pool_padding_call<const N: usize>(line: Line, window: &PoolWindow<N>) -> Line {
    match window.padding_after {
        Some(after) => {
            let before = window.padding;
            let sides = (0..N).rev().flat_map(|axis| [before[axis], after[axis]]);
            line.named("padding", tuple(&sides.collect::<Vec<_>>()))
        }
        None => line.short("padding", &window.padding, Some(0)),
    }
}

fn tuple(sizes: &[usize]) -> String {
    let inner: Vec<String> = sizes.iter().map(usize::to_string).collect();
    format!("({})", inner.join(", "))
}

/// The window of an ONNX pool. Padding that PyTorch could write as one number an axis is written so.
pub(super) fn onnx_pool_window<const N: usize>(
    node: &OnnxNode,
    dilated: bool,
) -> Result<Option<PoolWindow<N>>, OnnxRefusal> {
    let Some(window) = OnnxWindow::<N>::of_pool(node, dilated)? else {
        return Ok(None);
    };
    let as_in_pytorch = window.before == window.after
        && window
            .before
            .iter()
            .zip(&window.kernel)
            .all(|(padding, kernel)| *padding <= kernel / 2);
    Ok(Some(PoolWindow {
        kernel: window.kernel,
        stride: window.stride,
        padding: window.before,
        padding_after: (!as_in_pytorch).then_some(window.after),
        dilation: window.dilation,
        ceil_mode: window.ceil_mode,
    }))
}

/// Refuses an order of indices that is none.
pub(super) fn storage_order(node: &OnnxNode) -> Result<bool, OnnxRefusal> {
    match node.integer("storage_order", 0)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(OnnxRefusal::Unsupported(says!(
            en: "its storage_order is {other}; it is 0 (rows) or 1 (columns)",
            ja: "storage_order が {other} です。0 (行) か 1 (列) です。"
        ))),
    }
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

    /// A number of each axis: slices, rows and columns, or the last of these.
    pub(super) fn last_axes<const N: usize>(
        &mut self,
        names: [Parameter; 3],
        values: &mut [usize; N],
    ) {
        for (name, value) in names[3 - N..].iter().zip(values) {
            self.number(*name, value);
        }
    }

    /// Kernel, stride, dilation and padding along each axis.
    pub(super) fn pool_window<const N: usize>(&mut self, mut window: PoolNumbers<'_, N>) {
        self.last_axes(KERNEL, window.kernel);
        let before = window.stride.unwrap_or(*window.kernel);
        let mut now = before;
        self.last_axes(STRIDE, &mut now);
        if now != before {
            *window.stride = Some(now);
        }
        if let Some(dilation) = &mut window.dilation {
            self.last_axes(DILATION, dilation);
        }
        if let Some(padding) = &mut window.padding {
            self.last_axes(PADDING, padding);
        }
    }
}

/// What the numbers of a window are called along slices, rows and columns.
pub(super) const KERNEL: [Parameter; 3] = [
    Parameter::KernelSlices,
    Parameter::KernelRows,
    Parameter::KernelColumns,
];
pub(super) const STRIDE: [Parameter; 3] = [
    Parameter::StrideSlices,
    Parameter::StrideRows,
    Parameter::StrideColumns,
];
pub(super) const DILATION: [Parameter; 3] = [
    Parameter::DilationSlices,
    Parameter::DilationRows,
    Parameter::DilationColumns,
];
pub(super) const PADDING: [Parameter; 3] = [
    Parameter::PaddingFront,
    Parameter::PaddingTop,
    Parameter::PaddingLeft,
];

/// The numbers of a pool that can be changed.
pub(super) struct PoolNumbers<'a, const N: usize> {
    pub kernel: &'a mut [usize; N],
    pub stride: &'a mut Option<[usize; N]>,
    pub dilation: Option<&'a mut [usize; N]>,
    pub padding: Option<&'a mut [usize; N]>,
}

/// A pool as a loop nest: `term` makes a line of the element under the window.
pub(super) fn pool_code<const N: usize>(
    plan: &Plan,
    window: &PoolWindow<N>,
    start: &str,
    term: impl Fn(&str) -> String,
    value: &str,
) -> LoopNest {
    const OUTER: [Variable; 3] = [Variable::Slice, Variable::Row, Variable::Column];
    const INNER: [Variable; 3] = [
        Variable::KernelSlice,
        Variable::KernelRow,
        Variable::KernelColumn,
    ];
    let axes = plan.output_shape().axes();
    let Some((channels, lengths)) = axes.split_at_checked(axes.len().saturating_sub(N)) else {
        return LoopNest::default();
    };
    let channels: usize = channels.iter().product();
    let places: Vec<String> = (0..N)
        .map(|axis| {
            place(
                OUTER[3 - N + axis].name(),
                window.stride[axis],
                INNER[3 - N + axis].name(),
                window.dilation[axis],
                window.padding[axis] as isize,
            )
        })
        .collect();
    let outer = OUTER[3 - N..].iter().copied().zip(lengths.iter().copied());
    let outer: Vec<_> = std::iter::once((Variable::Filter, channels))
        .chain(outer)
        .collect();
    let inner: Vec<_> = INNER[3 - N..].iter().copied().zip(window.kernel).collect();
    let to: Vec<&str> = outer.iter().map(|(variable, _)| variable.name()).collect();
    LoopNest::sum(
        &outer,
        &inner,
        start,
        &term(&format!("a[f, {}]", places.join(", "))),
        &format!("out[{}] = {value}", to.join(", ")),
    )
}
