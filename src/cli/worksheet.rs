//! `tensorama worksheet`: exercises on a lesson, to be printed and solved on paper.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::language::spoken;
use super::lesson_library::{self, ReachArgs};
use super::printing::{say, tell};
use super::theme::Theme;
use crate::disk;
use crate::disk::png::{Effort, encode};
use crate::language::{Language, Localized, Message, Tongue, message_error, says};
use crate::worksheet::{Colors, Letters, PrintError, Worksheet, pages};

/// Make a worksheet of a lesson: exercises to be printed and solved on paper, with their solutions.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tensorama worksheet convolution -o convolution.pdf
  tensorama worksheet convolution -o convolution.pdf --lang ja --seed 2
  tensorama worksheet convolution -o test.pdf --no-solution
  tensorama worksheet convolution -o third.pdf --scene 3
  tensorama worksheet convolution -o page.png")]
pub struct WorksheetArgs {
    /// The lesson, by name or by path.
    lesson: String,
    /// The file to write: .pdf, or .png, of which each page has its own, numbered, if there are several.
    #[arg(short, long)]
    output: PathBuf,
    /// Choose other values to be worked out: each number makes a sheet of its own.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Only these scenes, by number or as "2,4".
    #[arg(long, value_name = "N", value_delimiter = ',')]
    scene: Vec<usize>,
    /// Leave out the pages with the solutions.
    #[arg(long)]
    no_solution: bool,
    /// The theme: light is black on white, dark is white on black, to be shown on a screen.
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Overwrite existing files.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    reach: ReachArgs,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Pdf,
    Png,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        if ending.eq_ignore_ascii_case("pdf") {
            Some(Self::Pdf)
        } else if ending.eq_ignore_ascii_case("png") {
            Some(Self::Png)
        } else {
            None
        }
    }
}

/// Why there is no worksheet.
#[derive(Debug)]
enum WorksheetError {
    /// A file of another kind.
    Format(PathBuf),
    /// A lesson in which nothing can be asked.
    Empty(String),
    /// A scene that the lesson does not have: its number, and how many there are.
    Scene(usize, usize),
    /// A file that is there already.
    Exists(PathBuf),
    /// A file that cannot be written.
    Write(PathBuf, std::io::Error),
    /// Pages that cannot become files.
    Print(PrintError),
}

impl Message for WorksheetError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Format(path) => {
                let path = path.display();
                says!(
                    en: "cannot tell what to write into {path}; give a name that ends in .pdf or .png",
                    ja: "{path} に何を書くのか分かりません。.pdf か .png で終わる名前にしてください"
                )
            }
            Self::Empty(lesson) => says!(
                en: "{lesson} has nothing to ask: no question of its own, and no layer on so few numbers that it can be worked out on paper",
                ja: "{lesson} から出せる問題がありません。レッスンの中の問題も、紙の上で計算できるほど小さい層もありません"
            ),
            Self::Scene(number, count) => says!(
                en: "there is no scene {number}; the lesson has {count}, counted from 1",
                ja: "シーン {number} はありません。このレッスンのシーンは、1 から数えて {count} までです"
            ),
            Self::Exists(path) => {
                let path = path.display();
                says!(
                    en: "{path} already exists; give another name, or --force to replace it",
                    ja: "{path} はすでにあります。別の名前にするか、--force で置き換えてください"
                )
            }
            Self::Write(path, why) => {
                let (path, why) = (path.display(), why.message());
                says!(
                    with [why];
                    en: "cannot write {path}: {why}",
                    ja: "{path} に書き込めません: {why}"
                )
            }
            Self::Print(why) => why.message(),
        }
    }
}

message_error!(WorksheetError { Print(PrintError) });

/// Makes the worksheet: what is the lesson's own on it, in the language that is asked for.
///
/// # Errors
/// The lesson has mistakes, no sentences in the language, or nothing to ask, or the file cannot be written.
pub fn run(args: &WorksheetArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    let language = spoken();
    let wrong = || Failure::from(WorksheetError::Format(args.output.clone())).of_usage();
    let format = Format::of(&args.output).ok_or_else(wrong)?;
    let source = lesson_library::find(&args.lesson)?.reaching(args.reach.reach());
    let lesson = source.load_in(lang.and_then(Tongue::other))?;
    let count = lesson.scenes.len();
    if let Some(&number) = args
        .scene
        .iter()
        .find(|number| !(1..=count).contains(*number))
    {
        return Err(Failure::from(WorksheetError::Scene(number, count)).of_usage());
    }
    let sheet = if args.scene.is_empty() {
        Worksheet::new(&lesson, args.seed)
    } else {
        let scenes: Vec<usize> = args.scene.iter().map(|number| number - 1).collect();
        Worksheet::of_scenes(&lesson, &scenes, args.seed)
    };
    if sheet.sections.is_empty() {
        return Err(WorksheetError::Empty(source.name).into());
    }
    let letters = Letters::new()?;
    let pages = laid_out(&sheet, language, args, &letters);
    let files = match format {
        Format::Pdf => {
            let title = sheet.title.get(language);
            // The lesson's own words are most of it.
            let tongue = Tongue::of(language, lang.and_then(Tongue::other));
            vec![(args.output.clone(), letters.pdf(&pages, title, tongue)?)]
        }
        Format::Png => pictures(&pages, &args.output, &letters)?,
    };
    // Before the first is written.
    let there = files.iter().find(|(path, _)| path.exists());
    if let (Some((path, _)), false) = (there, args.force) {
        return Err(WorksheetError::Exists(path.clone()).into());
    }
    for (path, content) in &files {
        let written = disk::write(path, content);
        written.map_err(|why| WorksheetError::Write(path.clone(), why))?;
    }
    if let [(path, _)] = &files[..] {
        let (path, count) = (path.display(), pages.len());
        let s = if count == 1 { "" } else { "s" };
        tell!(en: "{path}: {count} page{s}", ja: "{path}: {count} ページ");
        return Ok(());
    }
    for (path, _) in &files {
        say!("{}", path.display());
    }
    Ok(())
}

/// The pages as SVG.
fn laid_out(
    sheet: &Worksheet,
    language: Language,
    args: &WorksheetArgs,
    letters: &Letters,
) -> Vec<String> {
    let colors = match args.theme {
        Theme::Light => Colors::PRINT,
        Theme::Dark => Colors::SCREEN,
    };
    let items = sheet.items(language, !args.no_solution);
    let measure = |text: &str, bold: bool| letters.width(text, bold);
    pages(&items, &sheet.foot(language), colors, &measure)
}

/// A picture for each page.
fn pictures(
    pages: &[String],
    output: &Path,
    letters: &Letters,
) -> Result<Vec<(PathBuf, Vec<u8>)>, WorksheetError> {
    let mut pictures = Vec::with_capacity(pages.len());
    for (number, page) in pages.iter().enumerate() {
        let (pixels, size) = letters.picture(page)?;
        let path = page_path(output, number + 1, pages.len());
        let picture = encode(&pixels, size, Effort::Picture);
        let picture = picture.map_err(|why| WorksheetError::Write(path.clone(), why))?;
        pictures.push((path, picture));
    }
    Ok(pictures)
}

/// The file of a page: `sheet-02.png` of twelve, and `sheet.png` of the only one.
fn page_path(output: &Path, number: usize, count: usize) -> PathBuf {
    if count == 1 {
        return output.to_owned();
    }
    let digits = count.to_string().len();
    let mut name = output.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number:0digits$}"));
    if let Some(ending) = output.extension() {
        name.push(".");
        name.push(ending);
    }
    output.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_has_a_file_by_its_number() {
        let path = |number, count| page_path(Path::new("a/sheet.PNG"), number, count);
        assert_eq!(path(1, 1), Path::new("a/sheet.PNG"));
        assert_eq!(path(2, 3), Path::new("a/sheet-2.PNG"));
        assert_eq!(path(2, 12), Path::new("a/sheet-02.PNG"));
    }

    #[test]
    fn the_end_of_the_name_says_what_is_written() {
        assert_eq!(Format::of(Path::new("a.pdf")), Some(Format::Pdf));
        assert_eq!(Format::of(Path::new("a.PNG")), Some(Format::Png));
        assert_eq!(Format::of(Path::new("a.jpg")), None);
        assert_eq!(Format::of(Path::new("pdf")), None);
    }
}
