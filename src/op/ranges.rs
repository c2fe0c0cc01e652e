//! Sets of positions as strided ranges: along an axis, in a tensor, in the weights. Large sets cost
//! no more than small ones, since only the ends and the step of each range are stored.

/// Every `step`-th position from the first to the last; empty where the last is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StridedRange {
    /// The first position.
    pub first: isize,
    /// The upper bound, inclusive; itself a position only where `step` reaches it.
    pub last: isize,
    /// From one position to the next, at least 1.
    pub step: usize,
}

impl StridedRange {
    pub(super) const EMPTY: Self = Self {
        first: 0,
        last: -1,
        step: 1,
    };

    pub(super) fn single(at: usize) -> Self {
        Self::contiguous(at, 1)
    }

    /// `count` neighbouring positions.
    pub(super) fn contiguous(first: usize, count: usize) -> Self {
        Self {
            first: first as isize,
            last: first as isize + count as isize - 1,
            step: 1,
        }
    }

    /// The `x` within `0..count` for which `stride·x` lies from `low` to `high` and differs from
    /// `target` by a multiple of `dilation`.
    pub(super) fn solutions(
        low: isize,
        high: isize,
        target: isize,
        stride: usize,
        dilation: usize,
        count: usize,
    ) -> Self {
        let (stride, dilation) = (stride.max(1) as isize, dilation.max(1) as isize);
        let first = low.div_euclid(stride) + isize::from(low.rem_euclid(stride) != 0);
        let first = first.max(0);
        let last = high.div_euclid(stride).min(count as isize - 1);
        let common = greatest_common_divisor(stride.unsigned_abs(), dilation.unsigned_abs());
        let step = dilation.unsigned_abs() / common;
        // The pattern repeats after `step`, so a solution is among the first `step` candidates.
        let start = (0..step as isize)
            .map(|number| first + number)
            .take_while(|x| *x <= last)
            .find(|x| (target - stride * x) % dilation == 0);
        match start {
            Some(first) => Self { first, last, step },
            None => Self::EMPTY,
        }
    }

    /// The positions within `0..length`.
    pub(super) fn clipped_to(self, length: usize) -> Self {
        let step = self.step.max(1) as isize;
        let skipped = if self.first < 0 {
            (-self.first + step - 1) / step
        } else {
            0
        };
        Self {
            first: self.first + skipped * step,
            last: self.last.min(length as isize - 1),
            step: self.step,
        }
    }

    /// Whether it holds a position.
    #[must_use]
    pub fn contains(&self, at: isize) -> bool {
        (self.first..=self.last).contains(&at) && (at - self.first) % self.step.max(1) as isize == 0
    }

    /// The number of positions.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::try_from((self.last - self.first).div_euclid(self.step.max(1) as isize) + 1)
            .unwrap_or(0)
    }

    /// The positions, in order.
    pub fn iter(&self) -> impl Iterator<Item = isize> + use<> {
        let (first, step) = (self.first, self.step.max(1) as isize);
        (0..self.count() as isize).map(move |number| first + number * step)
    }
}

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Positions along an axis: the union of a few ranges.
pub type AxisRanges = Vec<StridedRange>;

/// Elements of a tensor: those whose channel, row and column each lie in the ranges of their axis.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// Channels, rows, columns.
    pub axes: [AxisRanges; 3],
}

impl Field {
    pub(super) fn new(channels: StridedRange, rows: AxisRanges, columns: AxisRanges) -> Self {
        Self {
            axes: [vec![channels], rows, columns],
        }
    }

    /// The field of one element.
    pub(crate) fn single([channel, row, column]: [usize; 3]) -> Self {
        Self::new(
            StridedRange::single(channel),
            vec![StridedRange::single(row)],
            vec![StridedRange::single(column)],
        )
    }

    /// Whether it holds an element.
    #[must_use]
    pub fn contains(&self, at: [isize; 3]) -> bool {
        self.axes
            .iter()
            .zip(at)
            .all(|(ranges, at)| ranges.iter().any(|range| range.contains(at)))
    }

    /// Whether it holds no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.axes
            .iter()
            .any(|ranges| ranges.iter().all(|range| range.count() == 0))
    }

    /// The number of elements; one that lies in two ranges of an axis counts twice.
    #[must_use]
    pub fn count(&self) -> usize {
        self.axes
            .iter()
            .map(|ranges| ranges.iter().map(StridedRange::count).sum::<usize>())
            .product()
    }

    /// The elements, in order; one that lies in two ranges of an axis comes twice.
    pub fn iter(&self) -> impl Iterator<Item = [isize; 3]> + '_ {
        let [channels, rows, columns] = &self.axes;
        let along = |ranges: &'_ AxisRanges| -> Vec<isize> {
            ranges.iter().flat_map(StridedRange::iter).collect()
        };
        let (rows, columns) = (along(rows), along(columns));
        along(channels).into_iter().flat_map(move |channel| {
            let columns = columns.clone();
            rows.clone().into_iter().flat_map(move |row| {
                columns
                    .clone()
                    .into_iter()
                    .map(move |at| [channel, row, at])
            })
        })
    }
}

/// Weights: some filters, and the same elements of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WeightField {
    /// The first axis of the weights.
    pub first: AxisRanges,
    /// The other three: channels, rows and columns.
    pub rest: Field,
}

impl WeightField {
    /// Whether it holds a weight.
    #[must_use]
    pub fn contains(&self, [first, channel, row, column]: [usize; 4]) -> bool {
        self.first
            .iter()
            .any(|range| range.contains(first as isize))
            && self
                .rest
                .contains([channel as isize, row as isize, column as isize])
    }
}
