//! Where a channel of a tensor is strongest.

use crate::network::map::in_cells;
use crate::tensor::Tensor;

/// A place of a channel that is higher than all around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// Its value.
    pub value: f32,
}

/// The highest places of a channel, as a block of the map shows it, from the highest down. Of places
/// beside each other only the highest counts; a channel that is the same everywhere has none.
#[must_use]
pub fn peaks(tensor: &Tensor, channel: usize, count: usize) -> Vec<Peak> {
    let [_, rows, columns] = in_cells(tensor.shape());
    let size = rows * columns;
    let plane = channel
        .checked_mul(size)
        .and_then(|start| tensor.data().get(start..start.checked_add(size)?))
        .unwrap_or_default();
    let lowest = plane.iter().copied().fold(f32::INFINITY, f32::min);
    let mut found: Vec<Peak> = Vec::new();
    for (place, &value) in plane.iter().enumerate() {
        let (row, column) = (place / columns, place % columns);
        let enough = found.len() < count || found.last().is_some_and(|last| value > last.value);
        if !enough || value <= lowest || !is_peak(plane, columns, place) {
            continue;
        }
        let at = found.partition_point(|other| other.value >= value);
        found.insert(at, Peak { row, column, value });
        found.truncate(count);
    }
    found
}

/// Whether no place beside one is higher; of equal ones, the first counts.
fn is_peak(plane: &[f32], columns: usize, place: usize) -> bool {
    let (row, column) = (place / columns, place % columns);
    let rows = plane.len() / columns;
    let value = plane.get(place).copied().unwrap_or(f32::NAN);
    (row.saturating_sub(1)..(row + 2).min(rows)).all(|near_row| {
        (column.saturating_sub(1)..(column + 2).min(columns)).all(|near_column| {
            let near = near_row * columns + near_column;
            let other = plane.get(near).copied().unwrap_or(f32::NEG_INFINITY);
            near == place || value > other || (value == other && near > place)
        })
    })
}

/// The channel with the largest value, as a block of the map shows a tensor.
#[must_use]
pub fn strongest_channel(tensor: &Tensor) -> usize {
    let [_, rows, columns] = in_cells(tensor.shape());
    let mut best = (f32::NEG_INFINITY, 0);
    for (channel, plane) in tensor.data().chunks((rows * columns).max(1)).enumerate() {
        let largest = plane.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if largest > best.0 {
            best = (largest, channel);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{Fill, Shape};

    fn tensor(shape: &str, numbers: &[f32]) -> Tensor {
        Tensor::new(shape.parse().unwrap(), numbers.to_vec()).unwrap()
    }

    #[test]
    fn the_highest_places_come_first_and_their_neighbours_not_at_all() {
        let plane = [
            0.0, 1.0, 0.0, 0.0, 7.0, //
            1.0, 5.0, 4.9, 0.0, 0.0, //
            0.0, 1.0, 0.0, 0.0, 3.0,
        ];
        let numbers = [[0.0; 15], plane].concat();
        let tensor = tensor("2x3x5", &numbers);
        let places = |channel, count| -> Vec<(usize, usize, f32)> {
            let found = peaks(&tensor, channel, count).into_iter();
            found
                .map(|peak| (peak.row, peak.column, peak.value))
                .collect()
        };
        let right = [(0, 4, 7.0), (1, 1, 5.0), (2, 4, 3.0)];
        assert_eq!(places(1, 5), right);
        assert_eq!(places(1, 2), right[..2]);
        assert!(places(1, 0).is_empty());
        // The same everywhere, and a channel that there is not.
        assert!(places(0, 5).is_empty());
        assert!(places(2, 5).is_empty());
        assert_eq!(strongest_channel(&tensor), 1);
    }

    #[test]
    fn of_a_plateau_the_first_place_counts() {
        let tensor = tensor("1x2x3", &[2.0, 2.0, 0.0, 2.0, 2.0, 0.0]);
        let found = peaks(&tensor, 0, 5);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].row, found[0].column), (0, 0));
    }

    #[test]
    fn numbers_that_are_none_are_no_peak() {
        let tensor = tensor("1x1x4", &[f32::NAN, 1.0, 0.0, 2.0]);
        assert_eq!(peaks(&tensor, 0, 5)[0].column, 3);
    }

    /// Against looking at every place by itself.
    #[test]
    fn every_peak_of_random_planes_is_found() {
        for seed in 0..8 {
            let shape: Shape = "3x9x7".parse().unwrap();
            let tensor = Fill::Uniform { seed }.make(&shape).unwrap();
            for channel in 0..3 {
                let at = |row: isize, column: isize| {
                    let inside = (0..9).contains(&row) && (0..7).contains(&column);
                    let place = [channel, row.max(0) as usize, column.max(0) as usize];
                    if inside {
                        tensor.at(place).unwrap()
                    } else {
                        f32::NEG_INFINITY
                    }
                };
                let mut right = Vec::new();
                for row in 0..9 {
                    for column in 0..7 {
                        let near = (-1..=1).flat_map(|y| (-1..=1).map(move |x| (y, x)));
                        let mut near = near.filter(|near| *near != (0, 0));
                        if near.all(|(y, x)| at(row + y, column + x) < at(row, column)) {
                            right.push(at(row, column));
                        }
                    }
                }
                right.sort_by(|a, b| b.total_cmp(a));
                let found = peaks(&tensor, channel, 100);
                let found: Vec<f32> = found.iter().map(|peak| peak.value).collect();
                assert_eq!(found, right);
            }
        }
    }
}
