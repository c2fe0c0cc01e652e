//! Tables of numbers as pieces of a page.

use super::item::{Cell, Table};
use super::piece::{Anchor, LEADING, Pen, Piece, SMALL, Style, WIDTH};

/// The height of a cell.
const CELL: f32 = 19.0;
/// The least width of a cell.
const NARROWEST: f32 = 22.0;
/// Room on both sides of a number, together.
const INSIDE: f32 = 9.0;
/// The size of a number.
const NUMBER: f32 = 9.5;
/// The size of a row's or a column's number.
const INDEX: f32 = 7.5;
/// Room for the numbers of rows.
const INDEX_WIDTH: f32 = 15.0;
/// Room for the numbers of columns.
const INDEX_HEIGHT: f32 = 11.0;
/// Room between tables beside each other.
const BETWEEN: f32 = 20.0;
/// Room between tables one below the other.
const BELOW: f32 = 9.0;

impl Pen<'_> {
    /// Tables beside each other, a piece for each row of them, from so far from the left.
    #[must_use]
    pub fn tables(&self, tables: &[Table], indent: f32, before: f32) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut x = indent;
        for table in tables {
            let (width, height) = self.table_size(table);
            let fits = x + width <= WIDTH || x <= indent;
            match pieces.last_mut().filter(|_| fits) {
                Some(piece) => piece.height = piece.height.max(height),
                None => {
                    x = indent;
                    pieces.push(Piece {
                        before: if pieces.is_empty() { before } else { BELOW },
                        height,
                        tied: true,
                        ..Piece::default()
                    });
                }
            }
            if let Some(piece) = pieces.last_mut() {
                self.table(&mut piece.body, table, (x, 0.0));
            }
            x += width + BETWEEN;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.tied = false;
        }
        pieces
    }

    const fn number(&self, bold: bool) -> Style {
        Style {
            size: NUMBER,
            bold,
            color: self.colors.ink,
        }
    }

    const fn index(&self) -> Style {
        Style {
            size: INDEX,
            bold: false,
            color: self.colors.quiet,
        }
    }

    /// How wide its cells are: all of them as wide as the widest number needs.
    fn cell_width(&self, table: &Table) -> f32 {
        let cells = table.rows.iter().flatten();
        let numbers = cells.filter_map(|cell| match cell {
            Cell::Given(text) | Cell::Found(text) => Some(self.width(text, self.number(true))),
            Cell::Empty | Cell::Asked(_) => None,
        });
        numbers.fold(NARROWEST, |widest, width| widest.max(width + INSIDE))
    }

    /// Whether its rows are numbered: a lone first row is not.
    fn numbers_rows(table: &Table) -> bool {
        table.rows.len() > 1 || table.first.is_some_and(|[row, _]| row > 0)
    }

    /// Where its cells begin.
    fn corner(table: &Table) -> (f32, f32) {
        let caption = if table.caption.is_empty() {
            0.0
        } else {
            SMALL * LEADING + 1.0
        };
        match table.first {
            Some(_) if Self::numbers_rows(table) => (INDEX_WIDTH, caption + INDEX_HEIGHT),
            Some(_) => (0.0, caption + INDEX_HEIGHT),
            None => (0.0, caption),
        }
    }

    /// How wide and how high a table is.
    fn table_size(&self, table: &Table) -> (f32, f32) {
        let (left, top) = Self::corner(table);
        let cells = left + self.cell_width(table) * table.columns() as f32;
        let caption = left + self.width(&table.caption, self.small());
        (cells.max(caption), top + CELL * table.rows.len() as f32)
    }

    fn table(&self, body: &mut String, table: &Table, (x, y): (f32, f32)) {
        let (left, top) = Self::corner(table);
        let (left, top) = (x + left, y + top);
        let width = self.cell_width(table);
        let caption = Style {
            color: self.colors.ink,
            ..self.small()
        };
        self.text(
            body,
            (left, y + SMALL),
            &table.caption,
            caption,
            Anchor::Start,
        );
        if let Some([first_row, first_column]) = table.first {
            for column in 0..table.columns() {
                let place = (left + width * (column as f32 + 0.5), top - 3.0);
                let number = (first_column + column).to_string();
                self.text(body, place, &number, self.index(), Anchor::Middle);
            }
            let numbered = if Self::numbers_rows(table) {
                table.rows.len()
            } else {
                0
            };
            for row in 0..numbered {
                let place = (left - 4.0, top + CELL * (row as f32 + 0.5) + INDEX * 0.36);
                let number = (first_row + row).to_string();
                self.text(body, place, &number, self.index(), Anchor::End);
            }
        }
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let place = (left + width * column as f32, top + CELL * row as f32);
                self.cell(body, cell, place, width);
            }
        }
    }

    fn cell(&self, body: &mut String, cell: &Cell, place: (f32, f32), width: f32) {
        let (x, y) = place;
        let shade = match cell {
            Cell::Asked(_) | Cell::Found(_) => self.colors.shade,
            Cell::Given(_) | Cell::Empty => "none",
        };
        self.frame(body, place, (width, CELL), shade, (self.colors.hair, 0.6));
        let middle = (x + width * 0.5, y + CELL * 0.5 + NUMBER * 0.36);
        match cell {
            Cell::Given(text) => self.text(body, middle, text, self.number(false), Anchor::Middle),
            Cell::Found(text) => self.text(body, middle, text, self.number(true), Anchor::Middle),
            Cell::Asked(letter) => {
                let corner = (x + 2.5, y + INDEX);
                self.text(body, corner, letter, self.index(), Anchor::Start);
            }
            Cell::Empty => {}
        }
    }
}
