//! Squared paper on which a plane of the output is to be drawn: larger than the plane, so that it does not
//! give its size away, with some of its values.

use super::exercise::AskedValue;
use super::given::{View, columns_at_most, formatted};
use super::item::{Cell, Table, letter};
use crate::tensor::{Random, Tensor};

/// The most rows and columns of a plane that is drawn.
const MOST: [usize; 2] = [8, 10];
/// The most columns that the paper has besides those of the plane.
const MOST_MORE: usize = 3;
/// Fewer elements are not worth a drawing.
const LEAST: usize = 4;

/// Squared paper for a plane of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The plane.
    pub plane: usize,
    /// Rows and columns of the paper.
    pub size: [usize; 2],
    /// Rows and columns of the values that are given.
    pub given: Vec<[usize; 2]>,
}

impl Paper {
    /// Paper for the plane of the first element that is asked for; `None` where the plane is too small or too
    /// large for it.
    #[must_use]
    pub fn new(output: &Tensor, values: &[AskedValue], random: &mut Random) -> Option<Self> {
        let view = View::of(output.shape());
        let [plane, ..] = view.place(output.shape(), values.first()?.place)?;
        let [_, rows, columns] = view.dims;
        let format = formatted(output.data(), 2);
        let fits = columns + MOST_MORE <= columns_at_most(format, output.data());
        if rows > MOST[0] || columns > MOST[1] || rows * columns < LEAST || !fits {
            return None;
        }
        let asked = asked(&view, output, values);
        let size = [
            rows + 1 + random.below(2) as usize,
            columns + 1 + random.below(MOST_MORE as u64) as usize,
        ];
        let mut given = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let chosen = random.below(3) == 0;
                if chosen && !asked.contains(&[plane, row, column]) {
                    given.push([row, column]);
                }
            }
        }
        Some(Self { plane, size, given })
    }

    /// The paper, with the letters of the values that are asked for, from a letter on.
    #[must_use]
    pub fn empty(&self, output: &Tensor, values: &[AskedValue], first: usize) -> Table {
        let view = View::of(output.shape());
        let asked = asked(&view, output, values);
        let format = formatted(output.data(), 2);
        let [rows, columns] = self.size;
        let cell = |row: usize, column: usize| {
            let place = [self.plane, row, column];
            if let Some(number) = asked.iter().position(|other| *other == place) {
                return Cell::Asked(letter(first + number));
            }
            match view.value(output, place) {
                Some(value) if self.given.contains(&[row, column]) => {
                    Cell::Given(format.text(value))
                }
                _ => Cell::Empty,
            }
        };
        Table {
            caption: view.caption("output", output.shape(), self.plane),
            first: Some([0, 0]),
            rows: cells([rows, columns], cell),
        }
    }

    /// The plane itself, what was asked for lit.
    #[must_use]
    pub fn filled(&self, output: &Tensor, values: &[AskedValue]) -> Table {
        let view = View::of(output.shape());
        let asked = asked(&view, output, values);
        let format = formatted(output.data(), 2);
        let [_, rows, columns] = view.dims;
        let cell = |row: usize, column: usize| {
            let place = [self.plane, row, column];
            let text = view.value(output, place).map(|value| format.text(value));
            match text {
                Some(text) if asked.contains(&place) => Cell::Found(text),
                Some(text) => Cell::Given(text),
                None => Cell::Empty,
            }
        };
        Table {
            caption: view.caption("output", output.shape(), self.plane),
            first: Some([0, 0]),
            rows: cells([rows, columns], cell),
        }
    }
}

/// Cells row by row.
fn cells([rows, columns]: [usize; 2], cell: impl Fn(usize, usize) -> Cell) -> Vec<Vec<Cell>> {
    let row = |row: usize| -> Vec<Cell> { (0..columns).map(|column| cell(row, column)).collect() };
    (0..rows).map(row).collect()
}

/// Where the elements that are asked for stand in a view.
fn asked(view: &View, output: &Tensor, values: &[AskedValue]) -> Vec<[usize; 3]> {
    let places = values.iter();
    places
        .filter_map(|value| view.place(output.shape(), value.place))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::exercise::tests::exercise;
    use super::*;

    #[test]
    fn the_paper_is_larger_than_the_plane_and_gives_no_asked_value_away() {
        for seed in 0..12 {
            let exercise = exercise("nn.Conv2d(1, 2, 3)", [1, 7, 6], seed);
            let paper = exercise.paper.as_ref().unwrap();
            let (output, values) = (&exercise.output, &exercise.values);
            let [height, width] = [5, 4];
            assert!(paper.size[0] > height && paper.size[1] > width);
            let table = paper.empty(output, values, 1);
            assert_eq!([table.rows.len(), table.columns()], paper.size);
            let mut letters = 0;
            for (row, cells) in table.rows.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    let place = [paper.plane, row, column];
                    let asked = values.iter().any(|value| value.place == place);
                    match cell {
                        Cell::Asked(_) => letters += 1,
                        Cell::Given(_) => assert!(!asked && row < height && column < width),
                        Cell::Empty => assert!(!asked),
                        Cell::Found(_) => panic!("{cell:?}"),
                    }
                }
            }
            assert!(letters >= 1);
        }
    }

    #[test]
    fn the_filled_plane_is_the_output_of_the_engine() {
        let exercise = exercise("nn.MaxPool2d(2)", [2, 8, 6], 3);
        let paper = exercise.paper.as_ref().unwrap();
        let table = paper.filled(&exercise.output, &exercise.values);
        assert_eq!([table.rows.len(), table.columns()], [4, 3]);
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (Cell::Given(text) | Cell::Found(text)) = cell else {
                    panic!("{cell:?}");
                };
                let value = exercise.output.at([paper.plane, row, column]).unwrap();
                let read: f32 = text.replace('−', "-").parse().unwrap();
                assert!((read - value).abs() < 0.01, "{text} {value}");
            }
        }
    }
}
