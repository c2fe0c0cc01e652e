//! A worksheet: exercises on the scenes of a lesson, to be solved on paper, with their solution.
//!
//! [`Worksheet::new`] chooses what is asked, by a seed, and the op engine answers it;
//! [`Worksheet::items`] says it in a language; [`pages`] lays it out as SVG, and [`Letters`] makes files
//! of that. Up to there it is pure.

mod compose;
mod exercise;
mod given;
mod item;
mod page;
mod paper;
mod piece;
mod print;
mod question;
mod question_pieces;
mod sheet;
mod table;
mod text;
mod worked;

pub use exercise::{AskedValue, Count, Exercise};
pub use item::{Cell, Item, Room, ShapeRow, Table};
pub use page::pages;
pub use paper::Paper;
pub use piece::Colors;
pub use print::{Letters, PrintError};
pub use question::LessonQuestion;
pub use sheet::{Section, Worksheet};
pub use text::Measure;
