//! What each place along an axis of a value reads of a network's input, for all places at once: a map
//! that is composed layer by layer. Most maps repeat (a window moves on by its stride from place to
//! place), so a few places stand for all of them, however long the axis and however deep the network.

use crate::op::Plan;
use crate::tensor::Shape;

use super::graph::FieldStatus;

/// The longest period that is held.
const LONGEST: i64 = 512;

/// Places of a map without a period, at most: those in the middle of the axis.
const HELD: i64 = 1024;

/// Places that are looked at for the largest field, around the middle of an axis.
const LOOKED_AT: usize = 32;

/// The farthest place. A stride that is applied again and again would leave every number behind.
const FAR: i64 = 1 << 34;

/// The widest span whose places are gone through one by one where a map does not rise.
const WALKED: i64 = 16;

/// What a place reads of the input, along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub low: i64,
    pub high: i64,
    pub status: FieldStatus,
}

impl Span {
    fn single(at: i64) -> Self {
        Self {
            low: at,
            high: at,
            status: FieldStatus::Exact,
        }
    }

    /// How many places there are from the first to the last.
    pub(super) fn places(self) -> u64 {
        (self.high - self.low + 1).max(0).unsigned_abs()
    }

    /// So many places further on.
    fn moved(self, by: i64) -> Self {
        let near = |at: i64| at.saturating_add(by).clamp(-FAR, FAR);
        Self {
            low: near(self.low),
            high: near(self.high),
            ..self
        }
    }

    /// Of both, where both are read.
    fn joined(self, other: Self) -> Self {
        let differ = (self.low, self.high) != (other.low, other.high);
        let inside = |inner: Self, outer: Self| outer.low <= inner.low && inner.high <= outer.high;
        // A branch whose field lies in the other's adds nothing to it.
        let status = if !differ || inside(self, other) {
            other.status
        } else if inside(other, self) {
            self.status
        } else {
            let both = self.status.max(other.status);
            both.max(FieldStatus::UpperBound)
        };
        Self {
            status,
            ..self.hull(other)
        }
    }

    /// Of neighbours, which one window reads.
    fn hull(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            status: self.status.max(other.status),
        }
    }
}

/// What every place of a value reads: spans of some places, from which all others follow.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    /// The place of the first span.
    first: i64,
    /// As many as the period; as many or more where the map does not repeat everywhere.
    spans: Vec<Span>,
    /// So many places further on, a place reads the same, but for `advance`.
    period: i64,
    /// Places of the input from one period to the next.
    advance: i64,
    /// Whether it repeats everywhere; otherwise only beyond the spans that are held.
    regular: bool,
}

/// How what a layer reads repeats along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rhythm {
    period: i64,
    advance: i64,
    /// Whether it repeats like this at the ends as well.
    everywhere: bool,
}

/// An axis of a layer: which places of an input a place of the output reads.
pub(super) struct AxisMap<'p> {
    plan: &'p Plan,
    /// Rows (0) or columns (1).
    axis: usize,
    /// Every place of the output reads the only one that there is.
    repeated: bool,
}

impl<'p> AxisMap<'p> {
    /// Rows (0) or columns (1) of a layer.
    pub(super) fn new(plan: &'p Plan, axis: usize) -> Self {
        Self {
            plan,
            axis,
            repeated: false,
        }
    }

    /// That of an input of one place, which is broadcast.
    pub(super) fn repeated(self) -> Self {
        Self {
            repeated: true,
            ..self
        }
    }

    /// Places of the input and of the output.
    fn lengths(&self) -> (i64, i64) {
        let length = |shape: &Shape| shape.as_chw()[self.axis + 1] as i64;
        (
            length(self.plan.input_shape()),
            length(self.plan.output_shape()),
        )
    }

    fn read(&self, at: i64) -> (i64, i64) {
        if self.repeated {
            return (0, 0);
        }
        let (low, high) = self.plan.places_read(self.axis, (at, at));
        (low.clamp(-FAR, FAR), high.clamp(-FAR, FAR))
    }

    /// How it repeats, found by looking at both ends and at the middle.
    fn rhythm(&self) -> Rhythm {
        let (input, output) = self.lengths();
        let stride = self.plan.effective_stride(self.axis);
        let common = greatest_common_divisor(input, output);
        let whole = stride.round() as i64;
        let parts = (1.0 / stride).round() as i64;
        let candidates = [
            (1, whole),
            (1, 0),
            (parts, 1),
            (output / common, input / common),
        ];
        for (period, advance) in candidates {
            if (1..=LONGEST).contains(&period) && self.repeats(period, advance) {
                return Rhythm {
                    period,
                    advance,
                    everywhere: true,
                };
            }
        }
        Rhythm {
            period: output / common,
            advance: input / common,
            everywhere: false,
        }
    }

    fn repeats(&self, period: i64, advance: i64) -> bool {
        let last = self.lengths().1 - 1;
        // What holds from place to place may be off by a little, which shows from end to end.
        let times = last / period;
        let (low, high) = self.read(0);
        let moved = times * advance;
        if self.read(times * period) != (low + moved, high + moved) {
            return false;
        }
        let bases = [-period, last / 2 - period, last - period];
        bases.into_iter().all(|base| {
            (base..base + 2 * period).all(|at| {
                let (low, high) = self.read(at);
                self.read(at + period) == (low + advance, high + advance)
            })
        })
    }
}

impl Reach {
    /// Of the input itself.
    pub(super) fn itself() -> Self {
        Self {
            first: 0,
            spans: vec![Span::single(0)],
            period: 1,
            advance: 1,
            regular: true,
        }
    }

    /// How many spans were looked at for it.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.spans.len()
    }

    /// What a place reads, which may lie outside, as if the value went on.
    pub(super) fn at(&self, place: i64) -> Span {
        let (offset, count) = (place - self.first, self.spans.len() as i64);
        // So many periods away from the spans that are held.
        let periods = if offset < 0 {
            offset.div_euclid(self.period)
        } else if offset >= count {
            (offset - count) / self.period + 1
        } else {
            0
        };
        let held = offset - periods * self.period;
        let by = periods.saturating_mul(self.advance);
        self.spans[held.clamp(0, count - 1) as usize].moved(by)
    }

    /// What the one reads that reads most, of the places around the middle of so many.
    pub(super) fn widest(&self, length: usize) -> Span {
        let count = length.min(LOOKED_AT);
        let first = (length - count) / 2;
        let spans = (first..first + count).map(|at| self.at(at as i64));
        let widest = spans.max_by_key(|span| (span.high - span.low, span.status));
        widest.unwrap_or(self.at(0))
    }

    /// What places from the first to the last read together.
    fn over(&self, (low, high): (i64, i64)) -> Span {
        let ends = self.at(low).hull(self.at(high));
        // Where it rises from place to place, the ends are enough.
        if self.regular || high - low > WALKED {
            return ends;
        }
        (low + 1..high).fold(ends, |span, at| span.hull(self.at(at)))
    }

    /// Behind a layer that reads the value which this is the map of.
    pub(super) fn through(&self, map: &AxisMap) -> Self {
        let rhythm = map.rhythm();
        let times = self.period / greatest_common_divisor(self.period, rhythm.advance);
        let period = rhythm.period.saturating_mul(times);
        let advance = rhythm.advance.saturating_mul(times) / self.period;
        let advance = advance.saturating_mul(self.advance).clamp(-FAR, FAR);
        let regular = rhythm.everywhere && self.regular;
        Self::tabulated(map.lengths().1, (period, advance), regular, |at| {
            self.over(map.read(at))
        })
    }

    /// Of two branches that meet in a value of so many places.
    pub(super) fn joined(&self, other: &Self, length: usize) -> Self {
        let (slope, further) = (self.slope(), other.slope());
        let even = slope == further;
        let common = greatest_common_divisor(self.period, other.period);
        let times = other.period / common;
        let period = self.period.saturating_mul(times);
        let advance = self.advance.saturating_mul(times);
        let regular = even && self.regular && other.regular;
        // The one that moves at all, where the other is the same everywhere.
        let rhythm = match self.advance {
            0 if !even => (other.period, other.advance),
            _ if !even => (self.period, self.advance),
            _ => (period, advance),
        };
        Self::tabulated(length as i64, rhythm, regular, |at| {
            self.at(at).joined(other.at(at))
        })
    }

    /// How far it moves, as a fraction in its lowest terms.
    fn slope(&self) -> (i64, i64) {
        let common = greatest_common_divisor(self.period, self.advance);
        (self.period / common, self.advance / common)
    }

    /// The spans of a period, or where the map is not regular, of the places of the value.
    fn tabulated(
        length: i64,
        (period, advance): (i64, i64),
        regular: bool,
        span: impl Fn(i64) -> Span,
    ) -> Self {
        if regular && period <= LONGEST {
            let spans = (0..period).map(span).collect();
            return Self {
                first: 0,
                spans,
                period,
                advance,
                regular,
            }
            .shortened();
        }
        let count = length.clamp(1, HELD);
        let first = (length - count) / 2;
        // Farther away, it goes on as it does on the whole.
        let (period, advance) = if period <= count {
            (period, advance)
        } else {
            let whole = advance as f64 * (count as f64 / period as f64);
            (count, whole.round() as i64)
        };
        Self {
            first,
            spans: (first..first + count).map(span).collect(),
            period,
            advance,
            regular: false,
        }
    }

    /// The same with the shortest period that it has.
    fn shortened(mut self) -> Self {
        let whole = self.period;
        let shorter = (1..whole).find(|&period| {
            if whole % period != 0 || self.advance % (whole / period) != 0 {
                return false;
            }
            let advance = self.advance / (whole / period);
            let pairs = self.spans.iter().zip(&self.spans[period as usize..]);
            pairs.into_iter().all(|(a, b)| a.moved(advance) == *b)
        });
        if let Some(period) = shorter {
            self.advance /= whole / period;
            self.period = period;
            self.spans.truncate(period as usize);
        }
        self
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
