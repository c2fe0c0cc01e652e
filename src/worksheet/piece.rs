//! Pieces of a page: text, lines and cells as SVG, each with the height that it takes.

use std::fmt::Write;

use super::text::{Measure, escaped, lines};

/// How wide a page is, in points: A4.
pub const PAGE_WIDTH: f32 = 595.28;
/// How high a page is.
pub const PAGE_HEIGHT: f32 = 841.89;
/// What stays free on each side.
pub const MARGIN: f32 = 52.0;
/// How wide what stands on a page may be.
pub const WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;

/// The size of what is read.
pub const BODY: f32 = 10.5;
/// The size of what is said besides.
pub const SMALL: f32 = 9.0;
/// From a line to the next, in sizes.
pub const LEADING: f32 = 1.45;

/// The colours of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colors {
    /// The page.
    pub paper: &'static str,
    /// What is read.
    pub ink: &'static str,
    /// What is said besides.
    pub quiet: &'static str,
    /// Lines to write on, and those between cells.
    pub hair: &'static str,
    /// What lies under code and answers.
    pub shade: &'static str,
}

impl Colors {
    /// Black on white, for a printer.
    pub const PRINT: Self = Self {
        paper: "#ffffff",
        ink: "#000000",
        quiet: "#555555",
        hair: "#9a9a9a",
        shade: "#eeeeee",
    };
    /// White on black, for a screen in a dark room.
    pub const SCREEN: Self = Self {
        paper: "#101214",
        ink: "#ffffff",
        quiet: "#b4b8bc",
        hair: "#6c7278",
        shade: "#282c30",
    };
}

/// What is drawn one below the other, and never parted by the end of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Piece {
    /// Room above it, which it does not need at the top of a page.
    pub before: f32,
    /// How high it is.
    pub height: f32,
    /// SVG, from its upper left corner.
    pub body: String,
    /// Whether it stands on the same page as the next one.
    pub tied: bool,
}

impl Piece {
    /// Adds another one below it, to the same piece.
    pub fn below(&mut self, other: &Self) {
        let y = self.height + other.before;
        // Writing into a string does not fail.
        let _ = write!(
            self.body,
            r#"<g transform="translate(0 {y:.2})">{}</g>"#,
            other.body
        );
        self.height = y + other.height;
    }
}

/// Draws with a font and colours.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    /// How wide texts are.
    pub measure: Measure<'a>,
    /// The colours.
    pub colors: Colors,
}

/// Where a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Its size.
    pub size: f32,
    /// Whether in bold letters.
    pub bold: bool,
    /// Its colour.
    pub color: &'static str,
}

impl Pen<'_> {
    /// How what is read is written.
    #[must_use]
    pub const fn body(&self) -> Style {
        Style {
            size: BODY,
            bold: false,
            color: self.colors.ink,
        }
    }

    /// The same in bold letters.
    #[must_use]
    pub const fn strong(&self) -> Style {
        Style {
            bold: true,
            ..self.body()
        }
    }

    /// How what is said besides is written.
    #[must_use]
    pub const fn small(&self) -> Style {
        Style {
            size: SMALL,
            bold: false,
            color: self.colors.quiet,
        }
    }

    /// How wide a text is.
    #[must_use]
    pub fn width(&self, text: &str, style: Style) -> f32 {
        (self.measure)(text, style.bold) * style.size
    }

    /// The lines of a text that are at most so wide.
    #[must_use]
    pub fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        lines(text, width / style.size, style.bold, self.measure)
    }

    /// Writes a line of text, its feet at a height.
    pub fn text(
        &self,
        body: &mut String,
        (x, y): (f32, f32),
        text: &str,
        style: Style,
        at: Anchor,
    ) {
        let anchor = match at {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if style.bold { 700 } else { 500 };
        // Writing into a string does not fail.
        let _ = write!(
            body,
            r#"<text x="{x:.2}" y="{y:.2}" font-size="{}" font-weight="{weight}" text-anchor="{anchor}" fill="{}">{}</text>"#,
            style.size,
            style.color,
            escaped(text)
        );
    }

    /// Draws a line.
    pub fn line(
        &self,
        body: &mut String,
        from: (f32, f32),
        to: (f32, f32),
        color: &str,
        width: f32,
    ) {
        let _ = write!(
            body,
            r#"<line x1="{:.2}" y1="{:.2}" x2="{:.2}" y2="{:.2}" stroke="{color}" stroke-width="{width}"/>"#,
            from.0, from.1, to.0, to.1
        );
    }

    /// Draws a box of a width and a height, filled or as a frame.
    pub fn frame(
        &self,
        body: &mut String,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        fill: &str,
        stroke: (&str, f32),
    ) {
        let _ = write!(
            body,
            r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" fill="{fill}" stroke="{}" stroke-width="{}"/>"#,
            stroke.0, stroke.1
        );
    }

    /// A paragraph that begins so far from the left.
    #[must_use]
    pub fn paragraph(&self, text: &str, style: Style, indent: f32, before: f32) -> Piece {
        let mut piece = Piece {
            before,
            ..Piece::default()
        };
        for line in self.lines(text, style, WIDTH - indent) {
            let y = piece.height + style.size * 1.05;
            self.text(&mut piece.body, (indent, y), &line, style, Anchor::Start);
            piece.height += style.size * LEADING;
        }
        piece
    }
}
