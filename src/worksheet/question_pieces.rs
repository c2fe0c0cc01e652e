//! Questions with room for their answers, and answers, as pieces of a page.

use super::item::{Room, ShapeRow, Table};
use super::piece::{Anchor, BODY, LEADING, Pen, Piece, WIDTH};

/// What stands beside the letter of a question begins here.
const INDENT: f32 = 20.0;
/// From a line to write on to the next.
const RULE: f32 = 22.0;
/// How long a place for the length of an axis is.
const BLANK: f32 = 40.0;
/// The side of a box to be ticked.
const BOX: f32 = 9.5;

impl Pen<'_> {
    /// A question beside its letter, and room for the answer.
    #[must_use]
    pub fn question(
        &self,
        letter: &str,
        lead: Option<&str>,
        text: &str,
        room: &Room,
    ) -> Vec<Piece> {
        let style = self.body();
        let mut asked = match lead {
            None => self.paragraph(text, style, INDENT, 12.0),
            Some(lead) => {
                let mut leading = self.paragraph(lead, self.small(), INDENT, 12.0);
                leading.below(&self.paragraph(text, style, INDENT, 1.0));
                leading
            }
        };
        let feet = (0.0, BODY * 1.05);
        self.text(&mut asked.body, feet, letter, self.strong(), Anchor::Start);
        match room {
            Room::Lines(count) => {
                for _ in 0..*count {
                    asked.height += RULE;
                    let y = asked.height;
                    let ends = [(INDENT, y), (WIDTH, y)];
                    self.line(&mut asked.body, ends[0], ends[1], self.colors.hair, 0.6);
                }
                asked.height += 2.0;
            }
            Room::Shapes(rows) => {
                for row in rows {
                    self.shape_row(&mut asked, row);
                }
            }
            Room::Paper(table) => {
                asked.tied = true;
                let mut pieces = vec![asked];
                pieces.extend(self.tables(std::slice::from_ref(table), INDENT, 5.0));
                return pieces;
            }
            Room::Choices(choices) => asked.below(&self.choices(choices)),
        }
        vec![asked]
    }

    /// Places for the axes of a shape, under what there is of a question.
    fn shape_row(&self, asked: &mut Piece, row: &ShapeRow) {
        let blanks = (BLANK + 16.0) * row.axes.max(1) as f32;
        let room = WIDTH - INDENT - blanks;
        if !row.name.is_empty() {
            let names = self.lines(&row.name, self.strong(), room);
            for (number, line) in names.iter().enumerate() {
                asked.height += if number == 0 { RULE } else { BODY * LEADING };
                let feet = (INDENT, asked.height - 3.0);
                self.text(&mut asked.body, feet, line, self.strong(), Anchor::Start);
            }
        } else {
            asked.height += RULE + 2.0;
        }
        let left = if row.name.is_empty() {
            INDENT
        } else {
            WIDTH - blanks
        };
        let y = asked.height;
        for axis in 0..row.axes.max(1) {
            let x = left + (BLANK + 16.0) * axis as f32;
            if axis > 0 {
                let feet = (x - 8.0, y - 3.0);
                self.text(&mut asked.body, feet, "×", self.body(), Anchor::Middle);
            }
            self.line(
                &mut asked.body,
                (x, y),
                (x + BLANK, y),
                self.colors.ink,
                0.7,
            );
        }
        asked.height += 2.0;
    }

    /// An answer beside its letter.
    #[must_use]
    pub fn answer(&self, letter: &str, lines: &[String], table: Option<&Table>) -> Vec<Piece> {
        let last = lines.len().saturating_sub(1);
        let mut pieces = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let style = if number == last {
                self.strong()
            } else {
                self.body()
            };
            let before = if number == 0 { 9.0 } else { 1.0 };
            let mut piece = self.paragraph(line, style, INDENT, before);
            piece.tied = number == 0 && number < last || number == last && table.is_some();
            pieces.push(piece);
        }
        if let Some(table) = table {
            let before = if lines.is_empty() { 10.0 } else { 5.0 };
            pieces.extend(self.tables(std::slice::from_ref(table), INDENT, before));
        }
        if let Some(first) = pieces.first_mut() {
            let feet = (0.0, BODY * 1.05);
            self.text(&mut first.body, feet, letter, self.strong(), Anchor::Start);
        }
        pieces
    }

    /// Answers to choose from, each behind a box, beside each other as far as there is room.
    fn choices(&self, choices: &[String]) -> Piece {
        let style = self.body();
        let mut piece = Piece {
            before: 3.0,
            height: BODY * 1.7,
            ..Piece::default()
        };
        let inside = BOX + 7.0;
        let mut x = INDENT;
        for choice in choices {
            let lines = self.lines(choice, style, WIDTH - INDENT - inside);
            let widths = lines.iter().map(|line| self.width(line, style));
            let width = inside + widths.fold(0.0, f32::max);
            if x > INDENT && x + width > WIDTH {
                x = INDENT;
                piece.height += BODY * 1.7;
            }
            let y = piece.height - BODY * 0.5;
            let stroke = (self.colors.ink, 0.9);
            let corner = (x, y - BOX + 1.0);
            self.frame(&mut piece.body, corner, (BOX, BOX), "none", stroke);
            for (below, line) in lines.iter().enumerate() {
                let feet = (x + inside, y + BODY * LEADING * below as f32);
                self.text(&mut piece.body, feet, line, style, Anchor::Start);
            }
            piece.height += BODY * LEADING * lines.len().saturating_sub(1) as f32;
            x += width + 26.0;
        }
        piece
    }
}
