//! One quantity over time: keys, and moves between them.

use std::ops::RangeInclusive;

use glam::{Vec2, Vec3};

/// Something that has a value between two values.
pub trait Blend: Clone {
    /// The value at `part` of the way from `self` to `to`; exact at 0 and 1.
    #[must_use]
    fn blend(&self, to: &Self, part: f64) -> Self;
}

impl Blend for f64 {
    fn blend(&self, to: &Self, part: f64) -> Self {
        self * (1.0 - part) + to * part
    }
}

impl Blend for f32 {
    fn blend(&self, to: &Self, part: f64) -> Self {
        let part = part as Self;
        self * (1.0 - part) + to * part
    }
}

impl Blend for Vec2 {
    fn blend(&self, to: &Self, part: f64) -> Self {
        *self * (1.0 - part as f32) + *to * part as f32
    }
}

impl Blend for Vec3 {
    fn blend(&self, to: &Self, part: f64) -> Self {
        *self * (1.0 - part as f32) + *to * part as f32
    }
}

/// How a move is spread over its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ease {
    /// Evenly.
    Linear,
    /// Slow at both ends (`3t² − 2t³`).
    Smooth,
    /// Slower at both ends (`6t⁵ − 15t⁴ + 10t³`), for the camera.
    Smoother,
}

impl Ease {
    /// The part of the way done at a part of the time, both from 0 to 1.
    #[must_use]
    pub fn apply(self, t: f64) -> f64 {
        let t = t.clamp(0.0, 1.0);
        match self {
            Self::Linear => t,
            Self::Smooth => t * t * (3.0 - 2.0 * t),
            Self::Smoother => t * t * t * (t * (t * 6.0 - 15.0) + 10.0),
        }
    }
}

/// A move of a [`Track`].
#[derive(Debug, Clone)]
struct Move<T> {
    start: f64,
    end: f64,
    from: T,
    to: T,
    ease: Ease,
}

/// One quantity over time. Asking for its value costs O(log n) and changes nothing.
#[derive(Debug, Clone)]
pub struct Track<T> {
    first: T,
    moves: Vec<Move<T>>,
}

impl<T: Blend> Track<T> {
    /// A track that stays where it is.
    pub const fn new(first: T) -> Self {
        Self {
            first,
            moves: Vec::new(),
        }
    }

    /// Goes to a value from `start` on, in `seconds`. A move that
    /// begins before the last has ended takes over where that one has got to; what was to begin
    /// later is forgotten.
    pub fn go(&mut self, start: f64, seconds: f64, to: T, ease: Ease) {
        let from = self.at(start);
        while self.moves.last().is_some_and(|step| step.start > start) {
            self.moves.pop();
        }
        self.moves.push(Move {
            start,
            end: start + seconds.max(0.0),
            from,
            to,
            ease,
        });
    }

    /// The value at a time.
    pub fn at(&self, time: f64) -> T {
        let after = self.moves.partition_point(|step| step.start <= time);
        let Some(last) = after.checked_sub(1).map(|index| &self.moves[index]) else {
            return self.first.clone();
        };
        if time >= last.end {
            return last.to.clone();
        }
        let part = last
            .ease
            .apply((time - last.start) / (last.end - last.start));
        last.from.blend(&last.to, part)
    }

    /// The value that the move at a time ends with: the way there left out.
    pub fn goal(&self, time: f64) -> T {
        let after = self.moves.partition_point(|step| step.start <= time);
        match after.checked_sub(1) {
            Some(index) => self.moves[index].to.clone(),
            None => self.first.clone(),
        }
    }

    /// The value that the track ends with.
    pub fn last(&self) -> T {
        self.moves
            .last()
            .map_or_else(|| self.first.clone(), |step| step.to.clone())
    }
}

/// A number over time that moves evenly, so that the times at which it comes to a value follow by
/// arithmetic.
#[derive(Debug, Clone)]
pub struct EvenTrack(Track<f64>);

impl EvenTrack {
    /// A track that stays where it is.
    pub const fn new(first: f64) -> Self {
        Self(Track::new(first))
    }

    /// Goes to a value, as [`Track::go`] does.
    pub fn go(&mut self, start: f64, seconds: f64, to: f64) {
        self.0.go(start, seconds, to, Ease::Linear);
    }

    /// The value at a time.
    pub fn at(&self, time: f64) -> f64 {
        self.0.at(time)
    }

    /// The times at which the track, rising, comes to a value.
    pub fn arrivals(
        &self,
        value: f64,
        within: RangeInclusive<f64>,
    ) -> impl DoubleEndedIterator<Item = f64> {
        let moves = self.0.moves.iter().enumerate();
        moves.filter_map(move |(index, step)| {
            let (way, seconds) = (step.to - step.from, step.end - step.start);
            // The next move may take over before this one has ended.
            let next = self.0.moves.get(index + 1);
            let (end, last) = match next.filter(|next| next.start < step.end) {
                Some(next) => {
                    let part = (next.start - step.start) / seconds;
                    (next.start, step.from + way * part)
                }
                None => (step.end, step.to),
            };
            let time = (step.start + (value - step.from) / way * seconds).min(end);
            let rises = step.from < value && value <= last;
            (rises && within.contains(&time)).then_some(time)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_holds_moves_and_holds_again() {
        let mut track = Track::new(1.0_f64);
        track.go(2.0, 2.0, 3.0, Ease::Linear);
        assert_eq!(track.at(0.0), 1.0);
        assert_eq!(track.at(2.0), 1.0);
        assert_eq!(track.at(3.0), 2.0);
        assert_eq!(track.at(4.0), 3.0);
        assert_eq!(track.at(100.0), 3.0);
    }

    #[test]
    fn a_move_takes_over_from_an_unfinished_one_without_a_jump() {
        let mut track = Track::new(0.0_f64);
        track.go(0.0, 2.0, 10.0, Ease::Linear);
        track.go(1.0, 1.0, 0.0, Ease::Linear);
        assert_eq!(track.at(1.0 - 1e-9).round(), 5.0);
        assert_eq!(track.at(1.0), 5.0);
        assert_eq!(track.at(2.0), 0.0);
    }

    #[test]
    fn an_even_track_tells_when_it_comes_to_a_value() {
        let mut track = EvenTrack::new(1.0);
        track.go(2.0, 4.0, 5.0);
        track.go(8.0, 1.0, 0.0);
        track.go(10.0, 10.0, 10.0);
        // This takes over when the one before has come to 5.
        track.go(15.0, 0.0, 7.0);
        let times = |value: f64| track.arrivals(value, 0.0..=99.0).collect::<Vec<_>>();
        assert_eq!(times(1.0), [11.0]);
        assert_eq!(times(3.0), [4.0, 13.0]);
        assert_eq!(times(5.0), [6.0, 15.0]);
        assert_eq!(times(6.0), [15.0]);
        assert!(times(7.5).is_empty());
        assert_eq!(track.arrivals(3.0, 5.0..=12.0).next(), None);
        for time in [4.0, 13.0] {
            assert!((track.at(time) - 3.0).abs() < 1e-12);
        }
    }

    #[test]
    fn eases_begin_at_0_and_end_at_1() {
        for ease in [Ease::Linear, Ease::Smooth, Ease::Smoother] {
            assert_eq!(ease.apply(0.0), 0.0);
            assert_eq!(ease.apply(0.5), 0.5);
            assert_eq!(ease.apply(1.0), 1.0);
        }
    }
}
