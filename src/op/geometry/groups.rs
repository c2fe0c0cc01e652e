//! Elements of a tensor in groups: those that share their index along the axes that are kept. A
//! reduction makes one number of each group; a softmax or a normalisation looks at the whole group
//! for each of its elements.

use crate::op::formula::AxisFormula;
use crate::op::ranges::{AxisRanges, Field, StridedRange};
use crate::tensor::Shape;

/// Axes next to each other that are all kept, or all reduced, as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    length: usize,
    /// Elements from one index to the next.
    stride: usize,
    reduced: bool,
}

/// How a tensor falls into groups. Groups are numbered by their kept indices in row-major order, and
/// the elements of a group by their reduced ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Groups {
    runs: Vec<Run>,
}

/// Neighbouring elements: all of one group, or each of the next group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// Where they begin in the tensor.
    pub start: usize,
    /// The group of the first.
    pub group: usize,
    /// Its number in its group.
    pub number: usize,
}

impl Groups {
    /// Groups of a tensor with these axes, of which some are reduced.
    pub fn new(axes: &[usize], reduced: &[bool]) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut stride = 1;
        for (&length, &reduced) in axes.iter().zip(reduced).rev() {
            if length == 1 {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.reduced == reduced => run.length *= length,
                _ => runs.push(Run {
                    length,
                    stride,
                    reduced,
                }),
            }
            stride *= length;
        }
        runs.reverse();
        Self { runs }
    }

    fn product(&self, reduced: bool) -> usize {
        let runs = self.runs.iter().filter(|run| run.reduced == reduced);
        runs.map(|run| run.length).product()
    }

    /// How many groups there are.
    pub fn count(&self) -> usize {
        self.product(false)
    }

    /// How many elements each has.
    pub fn length(&self) -> usize {
        self.product(true)
    }

    /// The place in the tensor of an element of a group by its number.
    pub fn place(&self, group: usize, number: usize) -> usize {
        let (mut group, mut number, mut place) = (group, number, 0);
        for run in self.runs.iter().rev() {
            let rest = if run.reduced { &mut number } else { &mut group };
            place += *rest % run.length * run.stride;
            *rest /= run.length;
        }
        place
    }

    /// The group of an element, and its number in it.
    pub fn locate(&self, place: usize) -> (usize, usize) {
        let (mut group, mut number) = (0, 0);
        for run in &self.runs {
            let index = place / run.stride % run.length;
            let count = if run.reduced { &mut number } else { &mut group };
            *count = *count * run.length + index;
        }
        (group, number)
    }

    /// Length of the blocks that [`Groups::blocks`] gives, and whether each lies in one group.
    pub fn block(&self) -> (usize, bool) {
        self.runs
            .last()
            .map_or((1, true), |run| (run.length, run.reduced))
    }

    /// The tensor in blocks, in its order.
    pub fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        let (length, _) = self.block();
        let total: usize = self.runs.iter().map(|run| run.length).product();
        // An odometer over all runs but the last.
        let outer = &self.runs[..self.runs.len().saturating_sub(1)];
        let weights: Vec<(usize, bool)> = {
            let (mut groups, mut numbers) = match self.runs.last() {
                Some(run) if run.reduced => (1, run.length),
                Some(run) => (run.length, 1),
                None => (1, 1),
            };
            let mut weights: Vec<(usize, bool)> = outer
                .iter()
                .rev()
                .map(|run| {
                    let weight = if run.reduced {
                        &mut numbers
                    } else {
                        &mut groups
                    };
                    let own = *weight;
                    *weight *= run.length;
                    (own, run.reduced)
                })
                .collect();
            weights.reverse();
            weights
        };
        let mut index = vec![0; outer.len()];
        let (mut group, mut number) = (0, 0);
        (0..total / length).map(move |block| {
            let here = Block {
                start: block * length,
                group,
                number,
            };
            for axis in (0..outer.len()).rev() {
                let (weight, reduced) = weights[axis];
                let count = if reduced { &mut number } else { &mut group };
                index[axis] += 1;
                *count += weight;
                if index[axis] < outer[axis].length {
                    break;
                }
                *count -= weight * outer[axis].length;
                index[axis] = 0;
            }
            here
        })
    }

    /// The tensor cut along its first axes, as far as they are kept, into parts of about so many
    /// elements: where each begins, and its groups.
    pub fn parts(&self, elements: usize) -> Vec<(usize, Self)> {
        let whole = || vec![(0, self.clone())];
        let [first, rest @ ..] = self.runs.as_slice() else {
            return whole();
        };
        if first.reduced {
            return whole();
        }
        let each = elements.div_ceil(first.stride).clamp(1, first.length);
        (0..first.length)
            .step_by(each)
            .map(|index| {
                let mut runs = vec![Run {
                    length: each.min(first.length - index),
                    ..*first
                }];
                runs.extend_from_slice(rest);
                (index * first.stride, Self { runs })
            })
            .collect()
    }

    /// How many elements there are.
    pub fn elements(&self) -> usize {
        self.count() * self.length()
    }
}

/// An axis of a tensor, or a part of one, and whether it is reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct GroupedAxis {
    /// Which axis of the shape.
    of: usize,
    length: usize,
    reduced: bool,
}

/// A tensor of a shape, of which some axes are reduced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupedTensor {
    pub shape: Shape,
    axes: Vec<GroupedAxis>,
    pub groups: Groups,
}

impl GroupedTensor {
    /// A shape and which of its axes are reduced.
    pub fn new(shape: Shape, reduced: &[bool]) -> Self {
        let axes = shape.axes().iter().zip(reduced).enumerate();
        let axes = axes.map(|(of, (&length, &reduced))| GroupedAxis {
            of,
            length,
            reduced,
        });
        Self::of(shape, axes.collect())
    }

    /// The same with an axis cut into so many equal parts, each of which is reduced by itself.
    pub fn cut(shape: Shape, reduced: &[bool], axis: usize, parts: usize) -> Self {
        let mut axes = Self::new(shape, reduced).axes;
        let part = GroupedAxis {
            of: axis,
            length: parts,
            reduced: false,
        };
        axes[axis].length /= parts;
        axes[axis].reduced = true;
        axes.insert(axis, part);
        Self::of(shape, axes)
    }

    fn of(shape: Shape, axes: Vec<GroupedAxis>) -> Self {
        let groups = grouped(&axes);
        Self {
            shape,
            axes,
            groups,
        }
    }

    /// Plane, row and column of a place.
    pub fn index(&self, place: usize) -> [usize; 3] {
        index_in(self.shape.as_chw(), place)
    }

    /// Whether an axis, counted from behind, is there and kept.
    pub fn keeps_from_behind(&self, number: usize) -> bool {
        let Some(axis) = self.shape.rank().checked_sub(number + 1) else {
            return false;
        };
        let mut parts = self.axes.iter().filter(|part| part.of == axis);
        parts.all(|part| !part.reduced)
    }

    /// Every element of the group of a place.
    pub fn group_of(&self, place: usize) -> Field {
        let rank = self.shape.rank();
        // Columns are the last axis, rows the one before it where there are planes too.
        let columns = rank.saturating_sub(1);
        let rows = if rank > 2 { rank - 2 } else { columns };
        let axes = |from: usize, to: usize| {
            let parts = self
                .axes
                .iter()
                .filter(|part| (from..to).contains(&part.of));
            parts.copied().collect::<Vec<GroupedAxis>>()
        };
        let [plane, row, column] = self.index(place);
        Field {
            axes: [
                along(&axes(0, rows), plane),
                along(&axes(rows, columns), row),
                along(&axes(columns, rank), column),
            ],
        }
    }
}

fn grouped(axes: &[GroupedAxis]) -> Groups {
    let lengths: Vec<usize> = axes.iter().map(|axis| axis.length).collect();
    let reduced: Vec<bool> = axes.iter().map(|axis| axis.reduced).collect();
    Groups::new(&lengths, &reduced)
}

/// Plane, row and column of a place in a tensor of such planes.
pub(crate) fn index_in([_, rows, columns]: [usize; 3], place: usize) -> [usize; 3] {
    [
        place / (rows * columns),
        place / columns % rows,
        place % columns,
    ]
}

/// The place of an element in a tensor of planes.
pub(crate) fn place_in([_, rows, columns]: [usize; 3], [plane, row, column]: [usize; 3]) -> usize {
    (plane * rows + row) * columns + column
}

/// Where a field begins, and what it spans.
pub(crate) fn hull(field: &Field) -> ([isize; 3], [usize; 3]) {
    let ends = field.axes.each_ref().map(|ranges| {
        let first = ranges.iter().map(|range| range.first).min().unwrap_or(0);
        let last = ranges.iter().map(|range| range.last).max().unwrap_or(first);
        (first, (last - first + 1) as usize)
    });
    (ends.map(|(first, _)| first), ends.map(|(_, span)| span))
}

/// Rows and columns that are what they are.
pub(crate) fn kept_formula([_, rows, columns]: [usize; 3]) -> Vec<(&'static str, AxisFormula)> {
    vec![
        ("H", AxisFormula::Kept { result: rows }),
        ("W", AxisFormula::Kept { result: columns }),
    ]
}

/// The positions, on some axes laid out as one, that share the kept indices of a position.
fn along(axes: &[GroupedAxis], at: usize) -> AxisRanges {
    let groups = grouped(axes);
    let (group, _) = groups.locate(at);
    let (count, step) = groups
        .runs
        .iter()
        .rev()
        .find(|run| run.reduced)
        .map_or((1, 1), |run| (run.length, run.stride));
    (0..groups.length() / count)
        .map(|outer| {
            let first = groups.place(group, outer * count) as isize;
            StridedRange {
                first,
                last: first + ((count - 1) * step) as isize,
                step,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_places_agree_with_the_definition() {
        for (axes, reduced) in [
            (&[2, 3, 4][..], &[false, true, false][..]),
            (&[2, 3, 4], &[true, false, true]),
            (&[2, 1, 3, 2], &[false, true, false, true]),
            (&[3, 2, 2, 3], &[true, false, true, false]),
            (&[5], &[true]),
            (&[5], &[false]),
            (&[], &[]),
            (&[1, 1], &[true, false]),
        ] {
            let groups = Groups::new(axes, reduced);
            let total: usize = axes.iter().product();
            assert_eq!(groups.count() * groups.length(), total);
            let mut seen = vec![false; total];
            let (length, together) = groups.block();
            for block in groups.blocks() {
                for inside in 0..length {
                    let place = block.start + inside;
                    let expected = if together {
                        (block.group, block.number + inside)
                    } else {
                        (block.group + inside, block.number)
                    };
                    assert_eq!(groups.locate(place), expected, "{axes:?} {reduced:?}");
                    assert_eq!(groups.place(expected.0, expected.1), place);
                    assert!(!std::mem::replace(&mut seen[place], true));
                }
            }
            assert!(seen.iter().all(|seen| *seen));
            // By hand: the index along each axis, kept ones counted for the group.
            for place in 0..total {
                let (mut group, mut number, mut rest) = (0, 0, total);
                for (&length, &reduced) in axes.iter().zip(reduced) {
                    rest /= length;
                    let index = place / rest % length;
                    if reduced {
                        number = number * length + index;
                    } else {
                        group = group * length + index;
                    }
                }
                assert_eq!(groups.locate(place), (group, number));
            }
        }
    }

    #[test]
    fn a_group_as_a_field_holds_its_elements_and_no_others() {
        for (axes, reduced) in [
            (&[2, 3, 2, 2, 3][..], &[true, false, true, false, true][..]),
            (&[2, 3, 2, 2, 3], &[false, true, false, true, false]),
            (&[3, 4], &[true, false]),
            (&[3, 4], &[false, true]),
            (&[4], &[true]),
            (&[2, 2, 3], &[true, true, true]),
        ] {
            let tensor = GroupedTensor::new(Shape::new(axes).unwrap(), reduced);
            check(&tensor);
        }
        for axes in [&[6, 2, 3][..], &[6, 4], &[6], &[6, 2, 2, 3]] {
            let mut reduced = vec![true; axes.len()];
            reduced[0] = false;
            let tensor = GroupedTensor::cut(Shape::new(axes).unwrap(), &reduced, 0, 3);
            assert_eq!(tensor.groups.count(), 3);
            check(&tensor);
        }
        fn check(tensor: &GroupedTensor) {
            for place in 0..tensor.shape.count() {
                let field = tensor.group_of(place);
                let group = tensor.groups.locate(place).0;
                assert_eq!(field.count(), tensor.groups.length());
                for other in 0..tensor.shape.count() {
                    let at = tensor.index(other).map(|at| at as isize);
                    assert_eq!(field.contains(at), tensor.groups.locate(other).0 == group);
                }
            }
        }
    }

    #[test]
    fn parts_cover_the_tensor_in_its_order() {
        for (axes, reduced) in [
            (&[7, 3, 2][..], &[false, true, false][..]),
            (&[7, 3], &[false, true]),
            (&[3, 7], &[true, false]),
            (&[6], &[false]),
            (&[], &[]),
        ] {
            let groups = Groups::new(axes, reduced);
            for elements in [1, 6, 13, 1000] {
                let (mut start, mut group) = (0, 0);
                for (place, part) in groups.parts(elements) {
                    assert_eq!(place, start);
                    for inside in 0..part.elements() {
                        let (own, number) = part.locate(inside);
                        assert_eq!(groups.locate(start + inside), (group + own, number));
                    }
                    start += part.elements();
                    group += part.count();
                }
                assert_eq!((start, group), (groups.elements(), groups.count()));
            }
        }
    }
}
