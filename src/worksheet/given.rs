//! The numbers that a value is worked out from, as tables: of small tensors all, of large ones the part that
//! is read.

use std::ops::Range;

use super::exercise::AskedValue;
use super::item::{Cell, Table};
use crate::op::{OperandRole, Operands, Plan, TermSource};
use crate::tensor::{NumberFormat, Shape, Tensor, WeightOrder};

/// Planes that are all shown, read or not.
const WHOLE_PLANES: usize = 3;
/// The most planes that are shown of a tensor or of a filter.
const MOST_PLANES: usize = 8;
/// The most rows that are shown of a plane.
const MOST_ROWS: usize = 10;
/// The most columns that are shown of a plane.
const MOST_COLUMNS: usize = 16;
/// How wide a table may be, and what a character, a cell besides its characters and a cell at least take of it.
const TABLE_WIDTH: usize = 465;
const CHARACTER: usize = 6;
const AROUND: usize = 9;
const CELL: usize = 22;
/// The most decimals of numbers that are shown exactly.
const MOST_DECIMALS: usize = 4;

/// How numbers are written: exactly where a few decimals are enough, else with so many.
#[must_use]
pub fn formatted(values: &[f32], rounded: usize) -> NumberFormat {
    let exact = NumberFormat::exact(values, MOST_DECIMALS);
    exact.unwrap_or(NumberFormat { decimals: rounded })
}

/// How the numbers that are given are written.
#[must_use]
pub fn given_format(values: &[f32]) -> NumberFormat {
    formatted(values, 3)
}

/// A tensor seen as planes on paper. Two axes are one plane, and one axis is a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Planes, rows and columns.
    pub dims: [usize; 3],
}

impl View {
    /// How a tensor of a shape is seen.
    #[must_use]
    pub fn of(shape: &Shape) -> Self {
        let dims = match *shape.axes() {
            [rows, columns] => [1, rows, columns],
            _ => shape.as_chw(),
        };
        Self { dims }
    }

    /// Plane, row and column on paper of an element given by those of the engine.
    #[must_use]
    pub fn place(&self, shape: &Shape, at: [usize; 3]) -> Option<[usize; 3]> {
        let offset = shape.chw_offset(at)?;
        let [_, rows, columns] = self.dims;
        Some([
            offset / (rows * columns).max(1),
            offset / columns.max(1) % rows.max(1),
            offset % columns.max(1),
        ])
    }

    /// The value at a place on paper; `None` outside.
    #[must_use]
    pub fn value(&self, tensor: &Tensor, [plane, row, column]: [usize; 3]) -> Option<f32> {
        let [planes, rows, columns] = self.dims;
        if plane >= planes || row >= rows || column >= columns {
            return None;
        }
        let offset = (plane * rows + row) * columns + column;
        tensor.data().get(offset).copied()
    }

    /// What a plane is called, as PyTorch names it: `input[0]`.
    #[must_use]
    pub fn caption(&self, name: &str, shape: &Shape, plane: usize) -> String {
        let [_, rows, columns] = self.dims;
        let index = index_at(shape, plane * rows * columns);
        let outer = index.len().saturating_sub(2);
        subscript(name, index.get(..outer).unwrap_or_default())
    }
}

/// A name with an index behind it; the name alone without one.
#[must_use]
pub fn subscript(name: &str, index: &[usize]) -> String {
    if index.is_empty() {
        return name.to_owned();
    }
    let index: Vec<String> = index.iter().map(usize::to_string).collect();
    format!("{name}[{}]", index.join(", "))
}

/// The index of the element at a place in row-major data, of as many numbers as the shape has axes.
#[must_use]
pub fn index_at(shape: &Shape, offset: usize) -> Vec<usize> {
    let mut rest = offset;
    let mut index: Vec<usize> = Vec::with_capacity(shape.rank());
    for &length in shape.axes().iter().rev() {
        index.push(rest % length);
        rest /= length;
    }
    index.reverse();
    index
}

/// The tables of all that some values are worked out from; `None` where that is too much for a page.
#[must_use]
pub fn given(plan: &Plan, operands: &Operands, values: &[AskedValue]) -> Option<Vec<Table>> {
    let mut tables = part("input", operands.input(), &reads(values, 0))?;
    let mut channelwise = operands.per_channel();
    for operand in plan.operand_list() {
        match operand.role {
            OperandRole::Filters => tables.extend(filters(plan, operands, values)?),
            OperandRole::Bias => tables.push(row(operand.name, operands.bias()?)?),
            OperandRole::PerChannel { .. } => {
                tables.push(row(operand.name, channelwise.next()?)?);
            }
            OperandRole::Input(number) => {
                let other = operands.further(number)?;
                tables.extend(part(operand.name, other, &reads(values, number))?);
            }
        }
    }
    Some(tables)
}

/// The elements of an input that values are worked out from: 0 is the first input.
fn reads(values: &[AskedValue], input: usize) -> Vec<[usize; 3]> {
    let terms = values.iter().flat_map(AskedValue::terms);
    let read = terms.flat_map(|value| {
        let source = match value.term.source {
            TermSource::Element(at) | TermSource::Padding { from: Some(at) } => Some((0, at)),
            TermSource::Other { input, at } => Some((input, at)),
            TermSource::Padding { from: None } | TermSource::Inserted | TermSource::Beyond => None,
        };
        [source, value.term.factor]
    });
    let own = read.flatten().filter(|(number, _)| *number == input);
    own.map(|(_, at)| at).collect()
}

/// The planes of a tensor that are read, each cropped to what is read and what fits around it.
fn part(name: &str, tensor: &Tensor, read: &[[usize; 3]]) -> Option<Vec<Table>> {
    let shape = tensor.shape();
    let view = View::of(shape);
    let places = read.iter().map(|at| view.place(shape, *at));
    let places = places.collect::<Option<Vec<[usize; 3]>>>()?;
    if places.is_empty() {
        return Some(Vec::new());
    }
    let format = given_format(tensor.data());
    let columns_at_most = columns_at_most(format, tensor.data());
    let [planes, rows, columns] = view.dims;
    let shown_rows = around(rows, places.iter().map(|place| place[1]), MOST_ROWS)?;
    let shown_columns = around(
        columns,
        places.iter().map(|place| place[2]),
        columns_at_most,
    )?;
    let mut shown: Vec<usize> = if planes <= WHOLE_PLANES {
        (0..planes).collect()
    } else {
        places.iter().map(|place| place[0]).collect()
    };
    shown.sort_unstable();
    shown.dedup();
    if shown.len() > MOST_PLANES {
        return None;
    }
    let table = |plane: usize| {
        let cell = |row: usize, column: usize| {
            let value = view.value(tensor, [plane, row, column]);
            value.map_or(Cell::Empty, |value| Cell::Given(format.text(value)))
        };
        let line = |row: usize| -> Vec<Cell> {
            shown_columns
                .clone()
                .map(|column| cell(row, column))
                .collect()
        };
        Table {
            caption: view.caption(name, shape, plane),
            first: Some([shown_rows.start, shown_columns.start]),
            rows: shown_rows.clone().map(line).collect(),
        }
    };
    Some(shown.into_iter().map(table).collect())
}

/// How many columns of these numbers stand beside each other.
#[must_use]
pub fn columns_at_most(format: NumberFormat, values: &[f32]) -> usize {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let ends = [
        finite.clone().reduce(f32::min),
        finite.reduce(f32::max),
        Some(f32::NAN),
    ];
    let texts = ends.into_iter().flatten().map(|value| format.text(value));
    let widest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let cell = if widest <= 3 && format.decimals == 0 {
        CELL
    } else {
        (widest * CHARACTER + AROUND).max(CELL)
    };
    (TABLE_WIDTH / cell).clamp(1, MOST_COLUMNS)
}

/// So many places at most that hold those that are read, as much as possible on both sides of them; all of
/// them where that is possible.
fn around(
    length: usize,
    read: impl Iterator<Item = usize> + Clone,
    most: usize,
) -> Option<Range<usize>> {
    if length <= most {
        return Some(0..length);
    }
    let (first, last) = (read.clone().min()?, read.max()?);
    let spare = most.checked_sub(last - first + 1)?;
    let start = first.saturating_sub(spare / 2).min(length - most);
    Some(start..start + most)
}

/// A number a channel or a filter, as one row.
fn row(name: &str, values: &[f32]) -> Option<Table> {
    let format = given_format(values);
    if values.len() > columns_at_most(format, values) {
        return None;
    }
    let cells = values.iter().map(|value| Cell::Given(format.text(*value)));
    Some(Table {
        caption: name.to_owned(),
        first: Some([0, 0]),
        rows: vec![cells.collect()],
    })
}

/// The filters that values are worked out with, a table for each of their planes.
fn filters(plan: &Plan, operands: &Operands, values: &[AskedValue]) -> Option<Vec<Table>> {
    let weights = operands.weight()?;
    let mut used: Vec<usize> = values
        .iter()
        .map(|value| plan.filter_of(&plan.step(value.step)))
        .collect();
    used.sort_unstable();
    used.dedup();
    let [planes, rows, columns] = plan.filter_dims();
    // A filter of one number a plane is a row, and one of one row a plane is a table of its planes.
    let [tables, rows, columns] = match [rows, columns] {
        [1, 1] => [1, 1, planes],
        [1, columns] => [1, planes, columns],
        [rows, columns] => [planes, rows, columns],
    };
    let size = rows * columns;
    let format = given_format(weights.data());
    let too_large = rows > MOST_ROWS || columns > columns_at_most(format, weights.data());
    if size == 0 || too_large || tables * used.len() > 2 * MOST_PLANES {
        return None;
    }
    let mut all = Vec::new();
    for filter in used {
        for table in 0..tables {
            let mut lines = Vec::with_capacity(rows);
            for row in 0..rows {
                let mut line = Vec::with_capacity(columns);
                for column in 0..columns {
                    let inside = table * size + row * columns + column;
                    let weight = weights.data().get(plan.weight_offset(filter, inside))?;
                    line.push(Cell::Given(format.text(*weight)));
                }
                lines.push(line);
            }
            let offset = plan.weight_offset(filter, table * size);
            let index = index_at(weights.shape(), offset);
            all.push(Table {
                caption: weight_name(plan, &index, tables == 1 && planes > 1),
                first: None,
                rows: lines,
            });
        }
    }
    Some(all)
}

/// What a part of the weights is called, as PyTorch names it: a plane of a filter, or the whole filter.
fn weight_name(plan: &Plan, index: &[usize], whole: bool) -> String {
    let outer = index.get(..index.len().saturating_sub(2));
    match (plan.weight_order(), index) {
        (WeightOrder::Filters, [filter, ..]) if whole || index.len() <= 2 => {
            subscript("weight", &[*filter])
        }
        (WeightOrder::Channels { .. }, [_, filter, ..]) if whole => format!("weight[:, {filter}]"),
        (WeightOrder::Filters | WeightOrder::Channels { .. }, _) => {
            subscript("weight", outer.unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::exercise::tests::exercise;
    use super::*;

    fn tables(layer: &str, input: [usize; 3], seed: u64) -> Vec<Table> {
        let exercise = exercise(layer, input, seed);
        given(&exercise.plan, &exercise.operands, &exercise.values).unwrap()
    }

    fn captions(tables: &[Table]) -> Vec<&str> {
        tables.iter().map(|table| table.caption.as_str()).collect()
    }

    #[test]
    fn a_small_input_is_shown_whole_with_the_filters_that_are_used() {
        let tables = tables("nn.Conv2d(2, 1, 3, bias=False)", [2, 5, 6], 0);
        let names = ["input[0]", "input[1]", "weight[0, 0]", "weight[0, 1]"];
        assert_eq!(captions(&tables), names);
        assert_eq!([tables[0].rows.len(), tables[0].columns()], [5, 6]);
        assert_eq!([tables[2].rows.len(), tables[2].columns()], [3, 3]);
    }

    #[test]
    fn of_a_large_input_the_part_is_shown_that_is_read() {
        for seed in 0..8 {
            let exercise = exercise("nn.MaxPool2d(2)", [6, 40, 40], seed);
            let tables = given(&exercise.plan, &exercise.operands, &exercise.values);
            let tables = tables.unwrap();
            for table in &tables {
                assert!(table.rows.len() <= MOST_ROWS && table.columns() <= MOST_COLUMNS);
            }
            for value in &exercise.values {
                for at in reads(std::slice::from_ref(value), 0) {
                    let [plane, row, column] = at;
                    let table = tables
                        .iter()
                        .find(|table| table.caption == format!("input[{plane}]"));
                    let table = table.unwrap();
                    let [first_row, first_column] = table.first.unwrap();
                    let cell = &table.rows[row - first_row][column - first_column];
                    let format = given_format(exercise.operands.input().data());
                    let there = exercise.operands.input().at(at).unwrap();
                    assert_eq!(*cell, Cell::Given(format.text(there)));
                }
            }
        }
    }

    #[test]
    fn weights_are_named_as_pytorch_stores_them() {
        let pointwise = tables("nn.Conv2d(4, 2, 1, bias=False)", [4, 3, 3], 1);
        assert!(captions(&pointwise).contains(&"weight[0]"), "{pointwise:?}");
        let transposed = tables("nn.ConvTranspose2d(2, 1, 2, stride=2)", [2, 3, 3], 1);
        assert!(captions(&transposed).contains(&"weight[1, 0]"));
        assert_eq!(transposed.last().unwrap().caption, "bias");
    }

    #[test]
    fn numbers_are_shown_exactly_where_a_few_decimals_are_enough() {
        assert_eq!(given_format(&[0.0625, 3.0]).text(0.0625), "0.0625");
        assert_eq!(given_format(&[1.0 / 3.0]).text(1.0 / 3.0), "0.333");
    }
}
