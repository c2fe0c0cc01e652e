//! Parting the row of a side into lines, one below the other, where a picture is not wide.

use std::ops::Range;

/// Something that stands in a row: a tensor, or the filters of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    /// The width that it takes up in the picture, in cubes.
    pub width: f32,
    /// The height that it takes up in the picture, in cubes.
    pub seen: f32,
}

/// The room between items and between lines, in cubes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gaps {
    pub items: f32,
    pub lines: f32,
}

/// The width of items in one line.
pub(super) fn width(items: &[Item], gaps: Gaps) -> f32 {
    let widths: f32 = items.iter().map(|item| item.width).sum();
    widths + gaps.items * items.len().saturating_sub(1) as f32
}

/// The height of the highest of some items.
pub(super) fn height(items: &[Item]) -> f32 {
    items.iter().map(|item| item.seen).fold(0.0, f32::max)
}

/// Items parted into so many lines that the widest of them is as narrow as can be: each line as a range of
/// items, in their order.
fn parted(items: &[Item], lines: usize, gaps: Gaps) -> Vec<Range<usize>> {
    // The least width of the widest line, over those that some neighbouring items have.
    let filled = |limit: f32| {
        let mut all: Vec<Range<usize>> = Vec::new();
        for place in 0..items.len() {
            match all.last_mut() {
                Some(line) if width(&items[line.start..=place], gaps) <= limit => {
                    line.end = place + 1;
                }
                _ => all.push(place..place + 1),
            }
        }
        all
    };
    let mut limits: Vec<f32> = (0..items.len())
        .flat_map(|from| (from..items.len()).map(move |to| from..to + 1))
        .map(|line| width(&items[line], gaps))
        .collect();
    limits.sort_by(f32::total_cmp);
    let widest = items.iter().map(|item| item.width).fold(0.0, f32::max);
    limits
        .into_iter()
        .filter(|limit| *limit >= widest)
        .map(filled)
        .find(|all| all.len() <= lines)
        .unwrap_or_default()
}

/// The lines of each side, one side below the other: those with which everything is largest in a room of
/// this width over height, and one line a side where others would not be larger by `gain` times.
pub(super) fn best(
    sides: &[Vec<Item>],
    room: f32,
    gain: f32,
    gaps: Gaps,
    side_gap: f32,
) -> Vec<Vec<Range<usize>>> {
    let scale = |all: &[Vec<Range<usize>>]| {
        let lines = || {
            let sides = sides.iter().zip(all);
            sides.flat_map(|(items, lines)| lines.iter().map(|line| &items[line.clone()]))
        };
        let between = all.len().saturating_sub(1) as f32 * side_gap
            + all
                .iter()
                .map(|lines| lines.len().saturating_sub(1))
                .sum::<usize>() as f32
                * gaps.lines;
        let high = lines().map(height).sum::<f32>() + between;
        let wide = lines().map(|items| width(items, gaps)).fold(0.0, f32::max);
        (room / wide.max(f32::MIN_POSITIVE)).min(1.0 / high.max(f32::MIN_POSITIVE))
    };
    let with = |lines: usize| -> Vec<Vec<Range<usize>>> {
        sides
            .iter()
            .map(|items| parted(items, lines, gaps))
            .collect()
    };
    let most = sides.iter().map(Vec::len).max().unwrap_or(1);
    let mut chosen = with(1);
    let mut wanted = scale(&chosen) * gain;
    for lines in 2..=most {
        let others = with(lines);
        let reached = scale(&others);
        if reached >= wanted {
            (chosen, wanted) = (others, reached);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAPS: Gaps = Gaps {
        items: 2.0,
        lines: 3.0,
    };

    fn items(sizes: &[(f32, f32)]) -> Vec<Item> {
        sizes
            .iter()
            .map(|&(width, seen)| Item { width, seen })
            .collect()
    }

    #[test]
    fn lines_hold_every_item_in_order_and_are_as_narrow_as_can_be() {
        let row = items(&[(4.0, 1.0), (1.0, 1.0), (3.0, 1.0), (2.0, 1.0), (6.0, 1.0)]);
        for lines in 1..=5 {
            let parts = parted(&row, lines, GAPS);
            assert!(!parts.is_empty() && parts.len() <= lines);
            let places: Vec<usize> = parts.iter().cloned().flatten().collect();
            assert_eq!(places, (0..5).collect::<Vec<_>>());
            // Against every way to part five items.
            let widest = |parts: &[Range<usize>]| {
                parts
                    .iter()
                    .map(|part| width(&row[part.clone()], GAPS))
                    .fold(0.0, f32::max)
            };
            let least = (0..16_u32)
                .filter(|cuts| cuts.count_ones() as usize <= lines - 1)
                .map(|cuts| {
                    let mut parts = vec![0..1];
                    for place in 1..5 {
                        let end = parts.len() - 1;
                        if cuts & 1 << (place - 1) == 0 {
                            parts[end].end = place + 1;
                        } else {
                            parts.push(place..place + 1);
                        }
                    }
                    widest(&parts)
                })
                .fold(f32::MAX, f32::min);
            assert_eq!(widest(&parts), least, "{lines}");
        }
    }

    #[test]
    fn a_row_is_parted_where_that_makes_it_larger() {
        let row = items(&[(6.0, 7.0), (9.0, 7.0), (5.0, 6.0)]);
        let lines =
            |room: f32, gain: f32| best(std::slice::from_ref(&row), room, gain, GAPS, 5.0)[0].len();
        assert_eq!(lines(3.0, 1.1), 1);
        assert_eq!(lines(0.8, 1.1), 2);
        assert_eq!(lines(0.3, 1.1), 3);
        assert_eq!(lines(0.3, f32::INFINITY), 1);
        assert_eq!(
            best(&[Vec::new()], 1.0, 1.1, GAPS, 5.0),
            [Vec::<Range<usize>>::new()]
        );
    }
}
