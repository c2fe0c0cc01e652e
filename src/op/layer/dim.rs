//! Axes by PyTorch's numbers: counted from the front with the batch axis, or from behind.

use crate::language::Localized;
use crate::op::call::{Arguments, ParseResult};
use crate::op::error::LayerError;
use crate::op::operation::BatchAxis;
use crate::says;

/// The place of an axis in a shape of so many axes.
///
/// # Errors
/// When there is no such axis, or when it is the batch axis of a sample.
pub(super) fn place(
    layer: &'static str,
    dim: i64,
    rank: usize,
    batch: BatchAxis,
) -> Result<usize, LayerError> {
    let sample = batch == BatchAxis::Absent;
    let full = rank as i64 + i64::from(sample);
    let unfit = |why| Err(LayerError::Unfit { layer, why });
    // PyTorch takes 0 and −1 for a single number too.
    let most = full.max(1);
    if dim < -most || dim >= most {
        let least = -most;
        let most = most - 1;
        let counted = if sample {
            Localized::new(", the batch axis counted", "（バッチの軸を含む）")
        } else {
            Localized::default()
        };
        return unfit(says!(
            with [counted];
            en: "there is no axis {dim} among {full}{counted}; use {least} to {most}",
            ja: "軸は {full} 個{counted}なので、{dim} 番はありません。{least} から {most} までにしてください。"
        ));
    }
    let from_front = if dim < 0 { dim + most } else { dim };
    if !sample {
        return Ok(from_front as usize);
    }
    if from_front == 0 {
        return unfit(says!(
            en: "dim = {dim} is the batch axis, which one sample does not have; use another axis, \
                 or give the input with its batch",
            ja: "dim = {dim} はバッチの軸で、サンプルひとつにはありません。別の軸にするか、\
                 バッチを含む入力を与えてください。"
        ));
    }
    Ok(from_front as usize - 1)
}

/// Which axes of a shape are named; all of them without a list.
///
/// # Errors
/// As [`place`], and when an axis is named twice.
pub(super) fn chosen(
    layer: &'static str,
    dims: Option<&[i64]>,
    rank: usize,
    batch: BatchAxis,
) -> Result<Vec<bool>, LayerError> {
    let Some(dims) = dims else {
        if batch == BatchAxis::Absent {
            // All axes: the batch is one of them.
            place(layer, 0, rank, batch)?;
        }
        return Ok(vec![true; rank]);
    };
    let mut chosen = vec![false; rank];
    for &dim in dims {
        let at = place(layer, dim, rank, batch)?;
        let Some(chosen) = chosen.get_mut(at) else {
            continue;
        };
        if std::mem::replace(chosen, true) {
            return Err(LayerError::Unfit {
                layer,
                why: says!(
                    en: "axis {dim} is named twice; leave one out",
                    ja: "軸 {dim} が 2 回あります。ひとつ外してください。"
                ),
            });
        }
    }
    Ok(chosen)
}

/// Whether one of the axes is the batch, in front of an input of so many axes with it. Every axis is
/// named without a list.
pub(super) fn names_batch(dims: Option<&[i64]>, rank: usize) -> bool {
    match dims {
        None => true,
        Some(dims) => dims.iter().any(|&dim| dim == 0 || dim == -(rank as i64)),
    }
}

/// Axes as PyTorch writes them: `2`, `(2, 3)`.
pub(super) fn written(dims: &[i64]) -> String {
    match dims {
        [dim] => dim.to_string(),
        dims => {
            let dims: Vec<String> = dims.iter().map(i64::to_string).collect();
            format!("({})", dims.join(", "))
        }
    }
}

/// The argument `dim` where it is one axis or several; `None` for all, as PyTorch takes `None` and
/// `()`.
///
/// # Errors
/// When it is something else.
pub(super) fn several(given: &Arguments) -> ParseResult<Option<Vec<i64>>> {
    let dims = given.integers("dim")?;
    Ok(dims.filter(|dims| !dims.is_empty()))
}
