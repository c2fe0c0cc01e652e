//! Worksheets of the lessons that come with the program: each has something to ask, all of it is answered, and
//! the answers are what the op engine computes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tensorama::language::Language;
use tensorama::lesson::{self, Lesson};
use tensorama::worksheet::{Cell, Colors, Exercise, Item, Letters, Worksheet, pages};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons")
}

fn lessons() -> Vec<(String, Lesson)> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "ron"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let (lesson, _) = lesson::read(&path.to_string_lossy(), &text)
            .unwrap_or_else(|problems| panic!("{problems}"));
        (
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            lesson,
        )
    };
    files.into_iter().map(read).collect()
}

fn exercises(sheet: &Worksheet) -> impl Iterator<Item = &Exercise> {
    let sections = sheet.sections.iter();
    sections.filter_map(|section| section.exercise.as_ref())
}

/// A number as a sheet writes it.
fn number(text: &str) -> f32 {
    text.replace('−', "-").replace('∞', "inf").parse().unwrap()
}

#[test]
fn a_sheet_of_one_scene_asks_what_that_scene_shows() {
    let (_, lesson) = lessons()
        .into_iter()
        .find(|(name, _)| name == "padding")
        .unwrap();
    let mut titles = Vec::new();
    for scene in 0..lesson.scenes.len() {
        let sheet = Worksheet::of_scenes(&lesson, &[scene], 1);
        for section in &sheet.sections {
            let title = &lesson.scenes[scene].title.en;
            assert!(section.title.en.starts_with(title), "{title}");
        }
        titles.extend(
            sheet
                .sections
                .first()
                .map(|section| section.title.en.clone()),
        );
    }
    assert!(titles.len() > 4, "{titles:?}");
    let refused = Command::new(env!("CARGO_BIN_EXE_tensorama"))
        .args(["worksheet", "padding", "--scene", "99", "-o", "none.pdf"])
        .env("TENSORAMA_LESSONS", folder())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("counted from 1"));
}

#[test]
fn every_lesson_has_something_to_ask_and_an_answer_to_each_question() {
    let letters = Letters::new().unwrap();
    let measure = |text: &str, bold: bool| letters.width(text, bold);
    for (name, lesson) in lessons() {
        for seed in [1, 2] {
            let sheet = Worksheet::new(&lesson, seed);
            assert!(!sheet.sections.is_empty(), "{name}");
            for language in Language::ALL {
                let items = sheet.items(language, true);
                let asked = items.iter().filter_map(|item| match item {
                    Item::Question { letter, .. } => Some(letter),
                    _ => None,
                });
                let answered = items.iter().filter_map(|item| match item {
                    Item::Answer { letter, .. } => Some(letter),
                    _ => None,
                });
                let (asked, answered): (Vec<_>, Vec<_>) = (asked.collect(), answered.collect());
                assert!(!asked.is_empty() && asked == answered, "{name}");
                let foot = sheet.foot(language);
                let pages = pages(&items, &foot, Colors::PRINT, &measure);
                assert!(pages.len() >= 2, "{name}");
            }
        }
    }
}

#[test]
fn every_value_that_is_asked_for_is_that_of_the_lesson() {
    let mut count = 0;
    for (name, lesson) in lessons() {
        let sheet = Worksheet::new(&lesson, 3);
        for exercise in exercises(&sheet) {
            for value in &exercise.values {
                let there = exercise.output.at(value.place).unwrap();
                let off = (there - value.explained.value).abs();
                assert!(off <= 1e-3 * there.abs().max(1.0), "{name}: {value:?}");
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn the_drawn_output_of_the_first_lesson_is_computed() {
    let text = std::fs::read_to_string(folder().join("convolution.ron")).unwrap();
    let (lesson, _) = lesson::read("convolution.ron", &text).unwrap();
    let sheet = Worksheet::new(&lesson, 1);
    let exercise = exercises(&sheet).next().unwrap();
    let paper = exercise.paper.as_ref().unwrap();
    let table = paper.filled(&exercise.output, &exercise.values);
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (Cell::Given(text) | Cell::Found(text)) = cell else {
                panic!("{cell:?}");
            };
            let value = exercise.output.at([paper.plane, row, column]).unwrap();
            assert!((number(text) - value).abs() < 1e-3, "{text} {value}");
        }
    }
}

/// The command, in a folder.
fn worksheet(arguments: &[&str], at: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tensorama"));
    command.arg("worksheet").args(arguments).current_dir(at);
    command.env("TENSORAMA_LESSONS", folder()).output().unwrap()
}

#[test]
fn the_command_writes_a_pdf_and_the_same_again_for_the_same_seed() {
    let made = tempfile::tempdir().unwrap();
    let at = |name: &str| std::fs::read(made.path().join(name)).unwrap();
    for (name, rest) in [
        ("a.pdf", &["--seed", "4"][..]),
        ("b.pdf", &["--seed", "4"][..]),
        ("c.pdf", &["--seed", "5"][..]),
        ("d.pdf", &["--seed", "4", "--no-solution"][..]),
        ("e.pdf", &["--seed", "4", "--lang", "de"][..]),
    ] {
        let arguments = [&["convolution", "-o", name][..], rest].concat();
        let output = worksheet(&arguments, made.path());
        assert!(output.status.success(), "{output:?}");
        assert!(at(name).starts_with(b"%PDF-"));
    }
    assert!(at("a.pdf") == at("b.pdf") && at("a.pdf") != at("c.pdf"));
    assert!(at("d.pdf").len() < at("a.pdf").len());
    // The lesson's own words on it are others, and a screen reader is told of which language.
    assert!(at("e.pdf") != at("a.pdf"));
    let is_german = |name: &str| at(name).windows(9).any(|part| part == b"/Lang(de)");
    assert!(is_german("e.pdf") && !is_german("a.pdf"));
}

#[test]
fn the_command_writes_a_picture_for_each_page() {
    let made = tempfile::tempdir().unwrap();
    let output = worksheet(&["pooling", "-o", "p.png", "--lang", "ja"], made.path());
    assert!(output.status.success(), "{output:?}");
    let names = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = names.lines().collect();
    assert!(names.len() > 1 && names[0].starts_with("p-"), "{names:?}");
    for name in names {
        let bytes = std::fs::read(made.path().join(name)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{name}");
    }
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_written() {
    let made = tempfile::tempdir().unwrap();
    let fails = |arguments: &[&str], status: i32, word: &str| {
        let output = worksheet(arguments, made.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(said.contains(word), "{said}");
    };
    fails(&["convolution", "-o", "x.doc"], 2, ".pdf or .png");
    fails(&["convolutoin", "-o", "x.pdf"], 1, "convolution");
    fails(&["convolution", "-o", "absent/x.pdf"], 1, "absent");
    let untold = ["padding", "-o", "x.pdf", "--lang", "de"];
    fails(&untold, 1, "no sentences in Deutsch");
    assert_eq!(std::fs::read_dir(made.path()).unwrap().count(), 0);
    std::fs::write(made.path().join("x.pdf"), "mine").unwrap();
    fails(&["convolution", "-o", "x.pdf"], 1, "--force");
    let kept = std::fs::read(made.path().join("x.pdf")).unwrap();
    assert_eq!(kept, b"mine");
}
