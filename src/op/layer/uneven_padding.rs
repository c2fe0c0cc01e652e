//! Padding that differs from side to side: PyTorch's convolutions take none, and a layer in front of
//! them pads instead.

use crate::op::padding::{AxisPadding, PaddingMode};

use super::Layer;
use super::pad::{
    CircularPad1d, CircularPad2d, CircularPad3d, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d,
    ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
};

/// Elements before and behind an axis; `None` of padding that goes by a name in PyTorch too.
pub(super) fn sides_of(
    padding: AxisPadding,
    kernel: usize,
    dilation: usize,
) -> Option<(usize, usize)> {
    match padding {
        AxisPadding::Same => None,
        AxisPadding::Full => {
            let most = kernel.saturating_sub(1).saturating_mul(dilation);
            Some((most, most))
        }
        AxisPadding::Sides(before, after) => Some((before, after)),
    }
}

/// Whether both sides of an axis get as much.
pub(super) const fn is_even((before, after): (usize, usize)) -> bool {
    before == after
}

/// The layer that pads a line: on the left and on the right.
pub(super) fn line_pad(mode: PaddingMode, sides: [usize; 2]) -> Layer {
    let padding = sides.map(|side| side as i64);
    match mode {
        PaddingMode::Zeros => ZeroPad1d { padding }.into(),
        PaddingMode::Reflect => ReflectionPad1d { padding }.into(),
        PaddingMode::Replicate => ReplicationPad1d { padding }.into(),
        PaddingMode::Circular => CircularPad1d { padding }.into(),
    }
}

/// The layer that pads rows and columns: left, right, top, bottom.
pub(super) fn plane_pad(mode: PaddingMode, sides: [usize; 4]) -> Layer {
    let padding = sides.map(|side| side as i64);
    match mode {
        PaddingMode::Zeros => ZeroPad2d { padding }.into(),
        PaddingMode::Reflect => ReflectionPad2d { padding }.into(),
        PaddingMode::Replicate => ReplicationPad2d { padding }.into(),
        PaddingMode::Circular => CircularPad2d { padding }.into(),
    }
}

/// The layer that pads a volume: left, right, top, bottom, front, back.
pub(super) fn volume_pad(mode: PaddingMode, sides: [usize; 6]) -> Layer {
    let padding = sides.map(|side| side as i64);
    match mode {
        PaddingMode::Zeros => ZeroPad3d { padding }.into(),
        PaddingMode::Reflect => ReflectionPad3d { padding }.into(),
        PaddingMode::Replicate => ReplicationPad3d { padding }.into(),
        PaddingMode::Circular => CircularPad3d { padding }.into(),
    }
}

/// The sides of a layer that pads, where it adds to each side or leaves it, and the sides of an axis
/// differ.
pub(super) fn uneven<const N: usize>(sides: &[i64]) -> Option<[usize; N]> {
    let sides: &[i64; N] = sides.try_into().ok()?;
    let mut sizes = [0; N];
    for (size, side) in sizes.iter_mut().zip(sides) {
        *size = usize::try_from(*side).ok()?;
    }
    let differ = sizes.chunks_exact(2).any(|axis| match axis {
        [before, after] => before != after,
        _ => false,
    });
    differ.then_some(sizes)
}
