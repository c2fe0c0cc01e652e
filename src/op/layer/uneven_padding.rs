//! Padding that differs from side to side: PyTorch's convolutions take none, and a layer in front of
//! them pads instead.

use crate::op::padding::{AxisPadding, PaddingMode};

use super::Layer;
use super::pad::{
    CircularPad1d, CircularPad2d, CircularPad3d, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d,
    ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
};

/// An axis of a window: its padding, how long the kernel is, and its dilation.
pub(super) type PaddedAxis = (AxisPadding, usize, usize);

/// The layers of PyTorch that do what one with such axes does, from the first axis on; `None` where PyTorch
/// has a name for its padding. `with` makes the layer with as much padding on both sides of each axis, or
/// without any behind a layer that pads.
pub(super) fn padded_as_pytorch<const N: usize>(
    axes: [PaddedAxis; N],
    mode: PaddingMode,
    with: impl Fn(Option<[usize; N]>, PaddingMode) -> Layer,
) -> Option<Vec<Layer>> {
    let mut sides = [(0, 0); N];
    for (sides, axis) in sides.iter_mut().zip(axes) {
        *sides = sides_of(axis)?;
    }
    if sides.iter().all(|(before, after)| before == after) {
        let even = sides.map(|(before, _)| before);
        return Some(vec![with(Some(even), mode)]);
    }
    let pad = padding_layer(mode, &sides)?;
    Some(vec![pad, with(None, PaddingMode::Zeros)])
}

/// Elements before and behind an axis; `None` of padding that goes by a name in PyTorch too.
fn sides_of((padding, kernel, dilation): PaddedAxis) -> Option<(usize, usize)> {
    match padding {
        AxisPadding::Same => None,
        AxisPadding::Full => {
            let most = kernel.saturating_sub(1).saturating_mul(dilation);
            Some((most, most))
        }
        AxisPadding::Sides(before, after) => Some((before, after)),
    }
}

/// The layer that pads the last axes, of which there are one, two or three.
fn padding_layer(mode: PaddingMode, sides: &[(usize, usize)]) -> Option<Layer> {
    // PyTorch names the last axis first.
    let last_first = sides.iter().rev();
    let padding: Vec<i64> = last_first
        .flat_map(|&(before, after)| [before as i64, after as i64])
        .collect();
    if let Ok(padding) = <[i64; 2]>::try_from(&*padding) {
        return Some(match mode {
            PaddingMode::Zeros => ZeroPad1d { padding }.into(),
            PaddingMode::Reflect => ReflectionPad1d { padding }.into(),
            PaddingMode::Replicate => ReplicationPad1d { padding }.into(),
            PaddingMode::Circular => CircularPad1d { padding }.into(),
        });
    }
    if let Ok(padding) = <[i64; 4]>::try_from(&*padding) {
        return Some(match mode {
            PaddingMode::Zeros => ZeroPad2d { padding }.into(),
            PaddingMode::Reflect => ReflectionPad2d { padding }.into(),
            PaddingMode::Replicate => ReplicationPad2d { padding }.into(),
            PaddingMode::Circular => CircularPad2d { padding }.into(),
        });
    }
    let padding = <[i64; 6]>::try_from(&*padding).ok()?;
    Some(match mode {
        PaddingMode::Zeros => ZeroPad3d { padding }.into(),
        PaddingMode::Reflect => ReflectionPad3d { padding }.into(),
        PaddingMode::Replicate => ReplicationPad3d { padding }.into(),
        PaddingMode::Circular => CircularPad3d { padding }.into(),
    })
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
