//! Parting the row of a side into lines, one below the other, where a picture is not wide.

use std::ops::Range;

/// The part of the height that names between sides take at most.
const MOST_LETTERS: f32 = 0.5;

/// A side of more items is not parted in every way that there is.
const MOST_ITEMS: usize = 9;

/// Something that stands in a row: a tensor, or the filters of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    /// The width that it takes up in the picture, in cubes.
    pub width: f32,
    /// The height that it takes up in the picture, in cubes.
    pub seen: f32,
}

/// The room for all sides, in 1080ths of the picture's shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    pub width: f32,
    pub height: f32,
}

/// What lies between items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gaps {
    /// Between two items of a line, in cubes.
    pub items: f32,
    /// Between two lines, in 1080ths of the picture's shorter side: letters do not grow with what they name.
    pub lines: f32,
    /// Between two sides, in cubes, and in 1080ths of the picture's shorter side: at least both.
    pub sides: [f32; 2],
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

/// How sides are parted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parting {
    /// The lines of each side, as ranges of its items.
    pub sides: Vec<Vec<Range<usize>>>,
    /// Room between two lines, in cubes.
    pub gap: f32,
    /// Room between two sides, in cubes.
    pub side_gap: f32,
}

impl Parting {
    /// Parts each side into so many lines; and how large a cube is in the room then.
    fn new(sides: &[Vec<Item>], lines: usize, room: Room, gaps: Gaps) -> (Self, f32) {
        let parted = sides.iter().map(|items| parted(items, lines, gaps));
        Self::of(sides, parted.collect(), room, gaps)
    }

    /// Sides in the lines that are given; and how large a cube is in the room then.
    fn of(
        sides: &[Vec<Item>],
        parted: Vec<Vec<Range<usize>>>,
        room: Room,
        gaps: Gaps,
    ) -> (Self, f32) {
        let all = || {
            let sides = sides.iter().zip(&parted);
            sides.flat_map(|(items, lines)| lines.iter().map(|line| &items[line.clone()]))
        };
        let wide = all().map(|items| width(items, gaps)).fold(1.0, f32::max);
        let between = sides.len().saturating_sub(1) as f32;
        let high: f32 = all().map(height).sum();
        let breaks: usize = parted
            .iter()
            .map(|lines| lines.len().saturating_sub(1))
            .sum();
        let height = room.height - breaks as f32 * gaps.lines;
        // Many sides have less room between them than their names would like.
        let [side_cubes, letters] = gaps.sides;
        let side_letters = letters.min(MOST_LETTERS * height.max(0.0) / f32::max(between, 1.0));
        // Sides are so far apart that what is below has room for its names, and looks apart.
        let cube = [(0.0, side_letters), (side_cubes, 0.0)]
            .into_iter()
            .map(|(cubes, letters)| {
                let left = (height - between * letters).max(1.0);
                left / (high + between * cubes).max(1.0)
            })
            .fold(room.width / wide, f32::min);
        let parting = Self {
            sides: parted,
            gap: gaps.lines / cube,
            side_gap: side_cubes.max(side_letters / cube),
        };
        (parting, cube)
    }
}

/// The lines of each side, one side below the other: those with which everything is largest in a room, and
/// one line a side where others would not be larger by `gain` times.
pub(super) fn best(sides: &[Vec<Item>], room: Room, gain: f32, gaps: Gaps) -> Parting {
    let most = sides.iter().map(Vec::len).max().unwrap_or(1);
    let (mut chosen, mut wanted) = Parting::new(sides, 1, room, gaps);
    wanted *= gain;
    for lines in 2..=most {
        let (parting, cube) = Parting::new(sides, lines, room, gaps);
        if cube >= wanted {
            (chosen, wanted) = (parting, cube);
        }
    }
    chosen
}

/// Ways to part sides, that in one line each first. Of a side that stands alone and is short, all that there are.
pub(super) fn ways(sides: &[Vec<Item>], room: Room, gaps: Gaps) -> Vec<Parting> {
    let most = sides.iter().map(Vec::len).max().unwrap_or(0);
    if let [items] = sides
        && (2..=MOST_ITEMS).contains(&most)
    {
        let cuts = 0..1_usize << (items.len() - 1);
        let lines = cuts.map(|cuts| cut(items.len(), cuts));
        return lines
            .map(|lines| Parting::of(sides, vec![lines], room, gaps).0)
            .collect();
    }
    (1..=most.max(1))
        .map(|lines| Parting::new(sides, lines, room, gaps).0)
        .collect()
}

/// So many items in lines: a new one begins behind the n-th item where the n-th bit is set.
fn cut(items: usize, cuts: usize) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for end in 1..=items {
        if end == items || cuts & 1 << (end - 1) != 0 {
            lines.push(start..end);
            start = end;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAPS: Gaps = Gaps {
        items: 2.0,
        lines: 100.0,
        sides: [5.0, 180.0],
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
                .filter(|cuts| (cuts.count_ones() as usize) < lines)
                .map(|cuts| {
                    let mut parts: Vec<Range<usize>> = std::iter::once(0..1).collect();
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
    fn a_short_side_is_parted_in_every_way() {
        let row = items(&[(4.0, 1.0), (1.0, 1.0), (3.0, 1.0), (2.0, 1.0)]);
        let room = Room {
            width: 900.0,
            height: 900.0,
        };
        let of_one: Vec<_> = ways(std::slice::from_ref(&row), room, GAPS);
        assert_eq!(of_one.len(), 8);
        assert_eq!(of_one[0].sides[0].len(), 1);
        for (number, way) in of_one.iter().enumerate() {
            let places: Vec<usize> = way.sides[0].iter().cloned().flatten().collect();
            assert_eq!(places, [0, 1, 2, 3]);
            assert!(
                !of_one[..number]
                    .iter()
                    .any(|other| other.sides == way.sides)
            );
        }
        let of_two = ways(&[row.clone(), row], room, GAPS);
        assert!(of_two.iter().all(|way| way.sides[0] == way.sides[1]));
        assert_eq!(of_two[0].sides[0].len(), 1);
    }

    #[test]
    fn a_row_is_parted_where_that_makes_it_larger() {
        let row = items(&[(6.0, 7.0), (9.0, 7.0), (5.0, 6.0)]);
        let lines = |width: f32, height: f32, gain: f32| {
            let parting = best(
                std::slice::from_ref(&row),
                Room { width, height },
                gain,
                GAPS,
            );
            parting.sides[0].len()
        };
        assert_eq!(lines(1800.0, 600.0, 1.1), 1);
        assert_eq!(lines(1000.0, 1200.0, 1.1), 2);
        assert_eq!(lines(600.0, 1800.0, 1.1), 3);
        assert_eq!(lines(600.0, 1800.0, f32::INFINITY), 1);
        // Names take less of a large room.
        assert_eq!(lines(500.0, 300.0, 1.1), 1);
        let room = Room {
            width: 900.0,
            height: 900.0,
        };
        assert_eq!(
            best(&[Vec::new()], room, 1.1, GAPS).sides,
            [Vec::<Range<usize>>::new()]
        );
    }
}
