//! Weights for another kernel or other groups than those that they were learned with.

use crate::tensor::{Shape, Tensor, TensorError};

/// Numbers of a tensor in another shape of as many axes. `groups` are those of the layer before and
/// after, of which each filter reads the channels of its own.
///
/// The kernel keeps its centre: what is beyond a smaller one is cut off on all sides, and a larger one
/// has zeros around. Filters and channels that both have keep theirs, new ones are zero.
pub(super) fn refitted(
    tensor: &Tensor,
    wanted: Shape,
    groups: (usize, usize),
) -> Result<Tensor, TensorError> {
    let before = *tensor.shape();
    let mut made = Tensor::zeros(wanted)?;
    let rank = wanted.rank();
    if before.rank() != rank {
        return Ok(made);
    }
    let mut place = vec![0; rank];
    for (offset, value) in made.data_mut().iter_mut().enumerate() {
        let mut rest = offset;
        for (at, &length) in place.iter_mut().zip(wanted.axes()).rev() {
            *at = rest % length.max(1);
            rest /= length.max(1);
        }
        let from = origin(&place, wanted.axes(), before.axes(), groups);
        if let Some(number) = from.and_then(|offset| tensor.data().get(offset)) {
            *value = *number;
        }
    }
    Ok(made)
}

/// Where in the tensor before a number comes from; `None` where it is new.
fn origin(
    place: &[usize],
    after: &[usize],
    before: &[usize],
    (from_groups, to_groups): (usize, usize),
) -> Option<usize> {
    let mut offset = 0;
    for (axis, &at) in place.iter().enumerate() {
        let (now, then) = (*after.get(axis)?, *before.get(axis)?);
        let here = match axis {
            0 => at,
            // Counted among all that there are, not within the group.
            1 => {
                let first = *place.first()?;
                let group = |count: usize, groups: usize| first / (count / groups.max(1)).max(1);
                let all = group(*after.first()?, to_groups) * now + at;
                all.checked_sub(group(*before.first()?, from_groups) * then)?
            }
            _ => (at + then.saturating_sub(1) / 2).checked_sub(now.saturating_sub(1) / 2)?,
        };
        if here >= then {
            return None;
        }
        offset = offset * then + here;
    }
    Some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Fill;

    fn counted(axes: &[usize]) -> Tensor {
        Fill::Count.make(&Shape::new(axes).unwrap()).unwrap()
    }

    fn refit(axes: &[usize], wanted: &[usize], groups: (usize, usize)) -> Vec<f32> {
        let wanted = Shape::new(wanted).unwrap();
        refitted(&counted(axes), wanted, groups)
            .unwrap()
            .into_data()
    }

    #[test]
    fn another_kernel_keeps_the_centre() {
        assert_eq!(refit(&[1, 1, 3, 3], &[1, 1, 1, 1], (1, 1)), [4.0]);
        let larger = refit(&[1, 1, 1, 3], &[1, 1, 3, 5], (1, 1));
        let zeros = [0.0; 5];
        let middle = [0.0, 0.0, 1.0, 2.0, 0.0];
        assert_eq!(larger, [zeros, middle, zeros].concat());
        // There and back, the numbers in the middle are what they were.
        let there = refitted(
            &counted(&[2, 3, 3, 3]),
            Shape::new(&[2, 3, 7, 7]).unwrap(),
            (1, 1),
        );
        let back = refitted(&there.unwrap(), Shape::new(&[2, 3, 3, 3]).unwrap(), (1, 1));
        assert_eq!(back.unwrap(), counted(&[2, 3, 3, 3]));
    }

    #[test]
    fn other_groups_keep_the_weights_of_the_channels_that_are_still_read() {
        // Two filters on four channels each; with two groups, the second reads channels 2 and 3.
        assert_eq!(refit(&[2, 4], &[2, 2], (1, 2)), [0.0, 1.0, 6.0, 7.0]);
        // The other way round, what was not read before weighs nothing.
        assert_eq!(
            refit(&[2, 2], &[2, 4], (2, 1)),
            [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0, 3.0]
        );
    }

    #[test]
    fn further_filters_weigh_nothing() {
        assert_eq!(refit(&[1, 2], &[2, 2], (1, 1)), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(refit(&[3], &[2], (1, 1)), [0.0, 1.0]);
        assert_eq!(refit(&[2], &[3], (1, 1)), [0.0, 1.0, 0.0]);
    }
}
