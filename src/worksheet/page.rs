//! Items laid out on pages, each of which is an SVG file.

use std::fmt::Write;

use super::item::Item;
use super::piece::{
    Anchor, BODY, Colors, LEADING, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Pen, Piece, SMALL, Style, WIDTH,
};
use super::text::Measure;

/// The family of the letters, by its name in the font files.
pub const FONT_FAMILY: &str = "Tensorama Sans";

/// Where a page's content begins and ends.
const TOP: f32 = 50.0;
const BOTTOM: f32 = PAGE_HEIGHT - 58.0;
/// Where the foot of a page stands.
const FOOT: f32 = PAGE_HEIGHT - 34.0;

/// The pages of a sheet, at whose foot a text stands beside the number.
#[must_use]
pub fn pages(items: &[Item], foot: &str, colors: Colors, measure: Measure) -> Vec<String> {
    let pen = Pen { measure, colors };
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for item in items {
        if *item == Item::NewPage {
            parts.push(Vec::new());
            continue;
        }
        if let Some(part) = parts.last_mut() {
            if let (Item::Heading(_), Some(last)) = (item, part.last_mut()) {
                last.tied = false;
            }
            part.extend(pen.pieces(item));
        }
    }
    let bodies: Vec<String> = parts.iter().flat_map(|part| broken(part)).collect();
    let count = bodies.len();
    let numbered = bodies.iter().enumerate();
    numbered
        .map(|(number, body)| pen.page(body, foot, &format!("{} / {count}", number + 1)))
        .collect()
}

/// The bodies of the pages that pieces fill. Pieces that are tied stand on one page, if a page holds them.
fn broken(pieces: &[Piece]) -> Vec<String> {
    let mut bodies = Vec::new();
    let mut body = String::new();
    let mut y = TOP;
    let mut rest = pieces;
    while !rest.is_empty() {
        let tied = rest.iter().take_while(|piece| piece.tied).count();
        let (run, after) = rest.split_at((tied + 1).min(rest.len()));
        rest = after;
        let height: f32 = run.iter().map(|piece| piece.before + piece.height).sum();
        let lone = run.first().map_or(0.0, |piece| height - piece.before);
        if !body.is_empty() && y + height > BOTTOM && TOP + lone <= BOTTOM {
            bodies.push(std::mem::take(&mut body));
            y = TOP;
        }
        for piece in run {
            let mut at = if body.is_empty() { y } else { y + piece.before };
            if !body.is_empty() && at + piece.height > BOTTOM {
                bodies.push(std::mem::take(&mut body));
                at = TOP;
            }
            let _ = write!(
                body,
                r#"<g transform="translate(0 {at:.2})">{}</g>"#,
                piece.body
            );
            y = at + piece.height;
        }
    }
    if !body.is_empty() {
        bodies.push(body);
    }
    bodies
}

impl Pen<'_> {
    fn page(&self, body: &str, foot: &str, number: &str) -> String {
        let mut end = String::new();
        let rule = FOOT - SMALL - 5.0;
        self.line(&mut end, (0.0, rule), (WIDTH, rule), self.colors.hair, 0.5);
        self.text(&mut end, (0.0, FOOT), foot, self.small(), Anchor::Start);
        self.text(&mut end, (WIDTH, FOOT), number, self.small(), Anchor::End);
        let paper = self.colors.paper;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{PAGE_WIDTH}" height="{PAGE_HEIGHT}" viewBox="0 0 {PAGE_WIDTH} {PAGE_HEIGHT}" font-family="{FONT_FAMILY}"><rect width="{PAGE_WIDTH}" height="{PAGE_HEIGHT}" fill="{paper}"/><g transform="translate({MARGIN} 0)">{body}{end}</g></svg>"#
        )
    }

    fn pieces(&self, item: &Item) -> Vec<Piece> {
        match item {
            Item::Title {
                title,
                goal,
                fields,
            } => self.title(title, goal.as_deref(), fields),
            Item::Heading(text) => vec![self.heading(text)],
            Item::Note(text) => vec![Piece {
                tied: true,
                ..self.paragraph(text, self.small(), 0.0, 5.0)
            }],
            Item::Code(code) => vec![self.code(code)],
            Item::Tables(tables) => {
                let mut pieces = self.tables(tables, 0.0, 8.0);
                if let Some(last) = pieces.last_mut() {
                    last.tied = true;
                }
                pieces
            }
            Item::Question {
                letter,
                lead,
                text,
                room,
            } => self.question(letter, lead.as_deref(), text, room),
            Item::Answer {
                letter,
                lines,
                table,
            } => self.answer(letter, lines, table.as_ref()),
            Item::NewPage => Vec::new(),
        }
    }

    fn title(&self, title: &str, goal: Option<&str>, fields: &[String]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if !fields.is_empty() {
            let mut piece = Piece {
                height: 26.0,
                tied: true,
                ..Piece::default()
            };
            let each = WIDTH / fields.len() as f32;
            for (number, field) in fields.iter().enumerate() {
                let left = each * number as f32;
                let feet = (left, SMALL);
                self.text(&mut piece.body, feet, field, self.small(), Anchor::Start);
                let from = left + self.width(field, self.small()) + 6.0;
                let ends = [from, left + each - 16.0].map(|x| (x, SMALL + 2.0));
                self.line(&mut piece.body, ends[0], ends[1], self.colors.hair, 0.6);
            }
            pieces.push(piece);
        }
        let large = Style {
            size: 20.0,
            ..self.strong()
        };
        pieces.push(Piece {
            tied: true,
            ..self.paragraph(title, large, 0.0, 0.0)
        });
        if let Some(goal) = goal {
            pieces.push(self.paragraph(goal, self.body(), 0.0, 2.0));
        }
        pieces
    }

    fn heading(&self, text: &str) -> Piece {
        let style = Style {
            size: 13.0,
            ..self.strong()
        };
        let mut piece = self.paragraph(text, style, 0.0, 24.0);
        let y = piece.height + 1.0;
        self.line(&mut piece.body, (0.0, y), (WIDTH, y), self.colors.ink, 0.9);
        piece.height += 3.0;
        piece.tied = true;
        piece
    }

    fn code(&self, code: &[String]) -> Piece {
        let inside = 7.0;
        let mut text = Piece::default();
        for line in code {
            for (number, line) in self
                .lines(line, self.strong(), WIDTH - 3.0 * inside)
                .iter()
                .enumerate()
            {
                let x = if number == 0 { inside } else { 2.0 * inside };
                let y = text.height + inside + BODY * 0.86;
                self.text(&mut text.body, (x, y), line, self.strong(), Anchor::Start);
                text.height += BODY * LEADING;
            }
        }
        let height = text.height + 2.0 * inside - BODY * (LEADING - 1.1);
        let mut body = String::new();
        let none = ("none", 0.0);
        self.frame(
            &mut body,
            (0.0, 0.0),
            (WIDTH, height),
            self.colors.shade,
            none,
        );
        Piece {
            before: 8.0,
            height,
            body: body + &text.body,
            tied: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::{Cell, Room, ShapeRow, Table};
    use super::*;

    /// Every letter is half as wide as it is high.
    fn measure(text: &str, _: bool) -> f32 {
        text.chars().count() as f32 * 0.5
    }

    fn question(text: &str) -> Item {
        Item::Question {
            letter: "a".to_owned(),
            lead: Some("Before.".to_owned()),
            text: text.to_owned(),
            room: Room::Lines(3),
        }
    }

    fn table(rows: usize, columns: usize) -> Table {
        Table {
            caption: "input[0]".to_owned(),
            first: Some([0, 0]),
            rows: vec![vec![Cell::Given("−12".to_owned()); columns]; rows],
        }
    }

    fn laid_out(items: &[Item]) -> Vec<String> {
        pages(items, "foot", Colors::PRINT, &measure)
    }

    #[test]
    fn every_block_stands_on_a_page_once_and_the_pages_are_numbered() {
        let asked = (0..40).map(|number| question(&format!("Question {number:02}?")));
        let pages = laid_out(&asked.collect::<Vec<_>>());
        assert!(pages.len() > 2);
        let all = pages.concat();
        for number in 0..40 {
            assert_eq!(all.matches(&format!("Question {number:02}?")).count(), 1);
        }
        for (number, page) in pages.iter().enumerate() {
            assert!(page.contains(&format!(">{} / {}<", number + 1, pages.len())));
        }
    }

    #[test]
    fn a_heading_stands_above_what_it_heads() {
        for above in 0..12 {
            let mut items = vec![question("Above?"); above];
            items.push(Item::Heading("Heading".to_owned()));
            items.push(Item::Code(vec!["nn.ReLU()".to_owned()]));
            items.push(Item::Tables(vec![
                table(6, 6),
                table(6, 6),
                table(6, 6),
                table(6, 6),
            ]));
            items.push(question("Below?"));
            let pages = laid_out(&items);
            let headed = pages.iter().find(|page| page.contains("Heading")).unwrap();
            assert!(headed.contains("Below?"), "{above}");
        }
    }

    /// The numbers of an attribute in a page.
    fn numbers(page: &str, attribute: &str) -> Vec<f32> {
        let name = format!(" {attribute}=\"");
        let parts = page.split(&name).skip(1);
        let texts = parts.map(|part| part.split('"').next().unwrap());
        texts.map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn nothing_reaches_over_the_margins() {
        let long = "many words and more of them ".repeat(20);
        let choices = ["short", &long, "a", "b"].map(str::to_owned).to_vec();
        let items = [
            Item::Title {
                title: long.clone(),
                goal: Some(long.clone()),
                fields: vec!["Name".to_owned(), "Date".to_owned()],
            },
            Item::Heading(long.clone()),
            Item::Code(vec![long.clone()]),
            Item::Tables(vec![table(10, 15), table(3, 3), table(3, 16)]),
            Item::Question {
                letter: "a".to_owned(),
                lead: Some(long.clone()),
                text: long.clone(),
                room: Room::Choices(choices),
            },
            Item::Question {
                letter: "b".to_owned(),
                lead: None,
                text: long.clone(),
                room: Room::Shapes(vec![
                    ShapeRow {
                        name: long.clone(),
                        axes: 4,
                    },
                    ShapeRow {
                        name: String::new(),
                        axes: 3,
                    },
                ]),
            },
        ];
        for page in laid_out(&items) {
            for x in ["x", "x1", "x2"]
                .iter()
                .flat_map(|name| numbers(&page, name))
            {
                assert!((0.0..=WIDTH + 0.01).contains(&x), "{x}");
            }
            for text in page.split("<text ").skip(1) {
                let x = numbers(&format!(" {text}"), "x")[0];
                let size = numbers(text, "font-size")[0];
                let words = text.split(['>', '<']).nth(1).unwrap();
                if text.contains("\"start\"") {
                    let end = x + measure(words, false) * size;
                    assert!(end <= WIDTH + 0.01, "{words}");
                }
            }
        }
    }

    #[test]
    fn an_answer_that_is_a_table_has_its_letter() {
        let answer = Item::Answer {
            letter: "q".to_owned(),
            lines: Vec::new(),
            table: Some(table(2, 2)),
        };
        let pages = laid_out(&[answer]);
        assert!(pages[0].contains(">q<") && pages[0].contains("input[0]"));
    }
}
