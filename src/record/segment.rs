//! Segments: the stretches of ten seconds that a recording is encoded in.
//!
//! Each begins with a frame that needs no other, and is a file of its own until all are there. They lie
//! on a grid that is counted in the whole lesson, so that every machine and every run cuts alike, and the
//! same frames always give the same bytes.

use std::ops::Range;

/// Seconds of a segment.
const SECONDS: u64 = 10;

/// The segments of a range of frames: those of the grid, the first and the last cut where the range is.
#[must_use]
pub fn segments(frames: &Range<u64>, fps: u32) -> Vec<Range<u64>> {
    let length = SECONDS * u64::from(fps);
    let mut segments = Vec::new();
    let mut start = frames.start;
    while start < frames.end {
        let end = (start / length + 1) * length;
        segments.push(start..end.min(frames.end));
        start = end;
    }
    segments
}

/// The frames of a share, counted from 1, where so many of about the same length make the whole; `None`
/// where there are more shares than segments and this one is left without any.
#[must_use]
pub fn share(frames: &Range<u64>, fps: u32, number: u64, of: u64) -> Option<Range<u64>> {
    let segments = segments(frames, fps);
    let place = |share: u64| (segments.len() as u64 * share / of.max(1)) as usize;
    let mine = segments.get(place(number.checked_sub(1)?)..place(number))?;
    Some(mine.first()?.start..mine.last()?.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_lie_on_the_grid_of_the_whole_lesson() {
        assert_eq!(segments(&(0..650), 30), [0..300, 300..600, 600..650]);
        assert_eq!(segments(&(290..310), 30), [290..300, 300..310]);
        assert_eq!(segments(&(300..600), 30).first(), Some(&(300..600)));
        assert!(segments(&(5..5), 30).is_empty());
    }

    #[test]
    fn shares_are_whole_segments_and_make_the_whole() {
        for of in 1..9 {
            let shares: Vec<Range<u64>> = (1..=of)
                .filter_map(|number| share(&(30..1700), 30, number, of))
                .collect();
            assert_eq!(shares.first().map(|share| share.start), Some(30));
            assert_eq!(shares.last().map(|share| share.end), Some(1700));
            for pair in shares.windows(2) {
                assert_eq!(pair[0].end, pair[1].start);
                assert_eq!(pair[0].end % 300, 0);
            }
        }
        assert_eq!(share(&(0..300), 30, 1, 2), None);
        assert_eq!(share(&(0..300), 30, 2, 2), Some(0..300));
        assert_eq!(share(&(0..300), 30, 0, 2), None);
        assert_eq!(share(&(0..300), 30, 3, 2), None);
    }
}
