//! Pages as files: PDF, whose text can be searched and copied, and pictures.

use std::sync::Arc;

use krilla::Document;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};
use ttf_parser::Face;

use super::page::FONT_FAMILY;
use super::piece::{PAGE_HEIGHT, PAGE_WIDTH};
use crate::font_files;
use crate::language::{Localized, Message, Tongue, message_error, says};

/// Pixels of a picture for each point of a page: 200 for an inch.
const SCALE: f32 = 200.0 / 72.0;

/// Why pages cannot become files. Each is a fault of the program and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintError {
    /// The font files cannot be read.
    Font(String),
    /// A page cannot be drawn.
    Page(String),
    /// The document cannot be written.
    Document(String),
}

impl Message for PrintError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Font(why) => says!(
                en: "the font in the program cannot be read: {why}",
                ja: "プログラムに入っているフォントを読めません: {why}"
            ),
            Self::Page(why) => says!(
                en: "a page of the worksheet cannot be drawn: {why}",
                ja: "ワークシートのページを描けません: {why}"
            ),
            Self::Document(why) => says!(
                en: "the PDF cannot be made: {why}",
                ja: "PDF を作れません: {why}"
            ),
        }
    }
}

message_error!(PrintError);

/// The letters of a sheet: how wide they are, and what they look like.
pub struct Letters {
    faces: [Face<'static>; 2],
    options: Options<'static>,
}

impl Letters {
    /// Those of the font that comes with the program.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn new() -> Result<Self, PrintError> {
        let [medium, bold] = font_files::get();
        let face = |file| Face::parse(file, 0).map_err(|why| PrintError::Font(why.to_string()));
        let faces = [face(medium)?, face(bold)?];
        let mut fonts = Database::new();
        fonts.load_font_data(medium.to_vec());
        fonts.load_font_data(bold.to_vec());
        // What no family in the files has falls back to them, not to what the machine has.
        fonts.set_serif_family(FONT_FAMILY);
        fonts.set_sans_serif_family(FONT_FAMILY);
        let options = Options {
            font_family: FONT_FAMILY.to_owned(),
            fontdb: Arc::new(fonts),
            ..Options::default()
        };
        Ok(Self { faces, options })
    }

    /// How wide a text of size 1 is. A letter that the font does not have is as wide as it is high.
    #[must_use]
    pub fn width(&self, text: &str, bold: bool) -> f32 {
        let [medium, heavy] = &self.faces;
        let face = if bold { heavy } else { medium };
        let units = f32::from(face.units_per_em());
        let widths = text.chars().map(|character| {
            let glyph = face.glyph_index(character);
            let advance = glyph.and_then(|glyph| face.glyph_hor_advance(glyph));
            advance.map_or(units, f32::from)
        });
        widths.sum::<f32>() / units
    }

    /// A page, understood.
    fn tree(&self, page: &str) -> Result<Tree, PrintError> {
        Tree::from_str(page, &self.options).map_err(|why| PrintError::Page(why.to_string()))
    }

    /// A PDF file of pages, with a title, in a language. The same pages always make the same file.
    ///
    /// # Errors
    /// When a page cannot be drawn or the file cannot be made.
    pub fn pdf(
        &self,
        pages: &[String],
        title: &str,
        language: impl Into<Tongue>,
    ) -> Result<Vec<u8>, PrintError> {
        let language: Tongue = language.into();
        let no_size = || PrintError::Page("no size".to_owned());
        let mut document = Document::new();
        let metadata = Metadata::new()
            .title(title.to_owned())
            .language(language.code().to_owned())
            .creator("Tensorama".to_owned());
        document.set_metadata(metadata);
        for page in pages {
            let tree = self.tree(page)?;
            let size = Size::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or_else(no_size)?;
            let settings = PageSettings::new(size);
            let mut sheet = document.start_page_with(settings);
            let mut surface = sheet.surface();
            let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
            surface.finish();
            sheet.finish();
            drawn.ok_or_else(no_size)?;
        }
        let made = document.finish();
        made.map_err(|why| PrintError::Document(why.to_string()))
    }

    /// A page as pixels of red, green, blue and alpha, with their width and height.
    ///
    /// # Errors
    /// When the page cannot be drawn.
    pub fn picture(&self, page: &str) -> Result<(Vec<u8>, (u32, u32)), PrintError> {
        let tree = self.tree(page)?;
        let [width, height] = [PAGE_WIDTH, PAGE_HEIGHT].map(|points| (points * SCALE).round());
        let size = (width as u32, height as u32);
        let pixels = Pixmap::new(size.0, size.1);
        let mut pixels = pixels.ok_or_else(|| PrintError::Page("no size".to_owned()))?;
        let scale = Transform::from_scale(width / PAGE_WIDTH, height / PAGE_HEIGHT);
        resvg::render(&tree, scale, &mut pixels.as_mut());
        Ok((pixels.take_demultiplied(), size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::{Item, Room};
    use super::super::page::pages;
    use super::super::piece::Colors;
    use super::*;
    use crate::language::Language;

    fn sheet(letters: &Letters, text: &str) -> Vec<String> {
        let question = Item::Question {
            letter: "a".to_owned(),
            lead: None,
            text: text.to_owned(),
            room: Room::Lines(2),
        };
        let measure = |text: &str, bold: bool| letters.width(text, bold);
        pages(&vec![question; 30], "foot", Colors::PRINT, &measure)
    }

    #[test]
    fn letters_are_as_wide_as_the_font_says() {
        let letters = Letters::new().unwrap();
        let width = |text| letters.width(text, false);
        assert!((width("入力") - 2.0).abs() < 1e-3, "{}", width("入力"));
        assert!(width("ii") < width("mm"));
        assert_eq!(width("123"), width("789"));
        assert!(letters.width("mm", true) > width("mm"));
    }

    #[test]
    fn text_stays_text_in_a_pdf_and_the_same_pages_make_the_same_file() {
        let letters = Letters::new().unwrap();
        for text in ["Which shape has the output?", "出力の形は?"] {
            let pages = sheet(&letters, text);
            assert!(pages.len() > 1);
            let make = || letters.pdf(&pages, "Title", Language::Ja).unwrap();
            let file = make();
            assert!(file.starts_with(b"%PDF-"));
            let holds = |word: &[u8]| file.windows(word.len()).any(|part| part == word);
            // A font with a way back to characters, and not outlines alone.
            assert!(holds(b"/ToUnicode") && holds(b"/FontFile"));
            // Not the whole font, of nearly two megabytes.
            assert!(file.len() < 200_000, "{}", file.len());
            assert!(file == make());
        }
    }

    #[test]
    fn a_picture_is_black_on_white_and_has_ink_where_there_is_text() {
        let letters = Letters::new().unwrap();
        let pages = sheet(&letters, "Which shape has the output?");
        let (pixels, (width, height)) = letters.picture(&pages[0]).unwrap();
        assert_eq!(pixels.len(), (width * height * 4) as usize);
        assert_eq!(pixels[..4], [255; 4]);
        let dark = pixels.chunks_exact(4).filter(|pixel| pixel[0] < 64).count();
        assert!(dark > 1000, "{dark}");
    }
}
