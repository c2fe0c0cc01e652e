//! What stands on the pages of a worksheet, in one language, before it has a place on them.

/// A part of a worksheet. They stand one below the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// What the sheet is called, and what is to be filled in beside it.
    Title {
        /// Its name.
        title: String,
        /// What the learner will be able to do.
        goal: Option<String>,
        /// What is to be filled in: a name, a date.
        fields: Vec<String>,
    },
    /// The head of an exercise.
    Heading(String),
    /// What has to be known, in small letters.
    Note(String),
    /// Layers in PyTorch's notation, a line each.
    Code(Vec<String>),
    /// Tables of numbers, beside each other as far as there is room.
    Tables(Vec<Table>),
    /// A question with its letter, and room for the answer.
    Question {
        /// Its letter.
        letter: String,
        /// What leads to it, in small letters.
        lead: Option<String>,
        /// What is asked.
        text: String,
        /// Where the answer is written.
        room: Room,
    },
    /// An answer with the letter of its question, in lines.
    Answer {
        /// The letter.
        letter: String,
        /// The lines; the last one is the result.
        lines: Vec<String>,
        /// The filled table, where one was asked for.
        table: Option<Table>,
    },
    /// What follows begins a page.
    NewPage,
}

/// Where an answer is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Room {
    /// On lines, so many.
    Lines(usize),
    /// On a place for each axis of a shape, a row for each layer.
    Shapes(Vec<ShapeRow>),
    /// Into a table.
    Paper(Table),
    /// Into the boxes of answers to choose from.
    Choices(Vec<String>),
}

/// Places for the axes of a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeRow {
    /// Whose shape it is; empty where that is clear.
    pub name: String,
    /// How many axes it has.
    pub axes: usize,
}

/// A table of numbers: rows and columns of a plane, or a part of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it shows, as PyTorch names it: `input[0]`.
    pub caption: String,
    /// The row and the column that it begins with, where they are written beside it.
    pub first: Option<[usize; 2]>,
    /// Its cells, row by row.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// How many columns its widest row has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A number.
    Given(String),
    /// Nothing yet.
    Empty,
    /// The place of what is asked for, by the letter of the question.
    Asked(String),
    /// A number that was asked for.
    Found(String),
}

/// The letter of a question by its number from 0, as columns of a table sheet are counted: after `z` comes
/// `aa`.
#[must_use]
pub fn letter(number: usize) -> String {
    let (before, last) = (number / 26, number % 26);
    let own = char::from(b'a' + last as u8);
    match before.checked_sub(1) {
        Some(before) => format!("{}{own}", letter(before)),
        None => own.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_the_last_one() {
        let letters = [0, 1, 25, 26, 27, 52].map(letter);
        assert_eq!(letters, ["a", "b", "z", "aa", "ab", "ba"]);
    }
}
