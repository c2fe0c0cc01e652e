//! Every number that a lesson says is true: it is a value of the scene or a size or cost of the lesson, as
//! the op engine computes and counts them, or follows by arithmetic that `tests/lessons/facts.txt` writes out; and
//! both languages say the same numbers.

mod said;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use said::{Said, counts_of_scene, large, numbers, texts, values_of};
use tensorama::lesson::{self, Lesson};

fn lessons() -> Vec<(String, Lesson)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let source = std::fs::read_to_string(&path).unwrap();
            let (lesson, _) = lesson::read(&path.to_string_lossy(), &source)
                .unwrap_or_else(|problems| panic!("{problems}"));
            (name, lesson)
        })
        .collect()
}

/// The arithmetic of `tests/lessons/facts.txt`: by lesson, each number with what it is worked out
/// from. A line is `lesson: number = expression`, `lesson: number @ scene` for a value of another scene, or
/// `lesson: number # where it is from`. In an expression, `dense_64_56.onnxruntime.1` is what `scripts/layer-times` has
/// measured: the milliseconds of a layer, by a program, with so many threads.
fn written_facts(lessons: &[(String, Lesson)]) -> BTreeMap<String, Vec<f64>> {
    let measured = Measured::read();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons/facts.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut facts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (lesson, fact) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        let (fact, source) = match fact.split_once('#') {
            Some((fact, source)) => (fact, source.trim()),
            None => (fact, ""),
        };
        let other_scene = |scene: &str| {
            let (_, lesson) = lessons.iter().find(|(name, _)| name == lesson.trim())?;
            let index = scene.trim().parse::<usize>().ok()?.checked_sub(1)?;
            let staged_layers = &lesson.scenes.get(index)?.staging.staged_layers;
            Some(
                staged_layers
                    .iter()
                    .flat_map(values_of)
                    .collect::<Vec<f64>>(),
            )
        };
        let number = match fact.split_once('=') {
            None if fact.contains('@') => {
                let (number, scene) = fact.split_once('@').unwrap();
                let written = number.trim();
                let decimals = written.split_once('.').map_or(0, |(_, after)| after.len());
                let number: f64 = written.parse().unwrap_or_else(|_| panic!("{line}"));
                let values = other_scene(scene).unwrap_or_else(|| panic!("{line}: no such scene"));
                let is_there = values
                    .iter()
                    .any(|value| Said::new(number, decimals).is(*value));
                assert!(is_there, "{line}: the scene has no such value");
                number
            }
            Some((number, expression)) => {
                let written = number.trim();
                let number: f64 = written.parse().unwrap_or_else(|_| panic!("{line}"));
                let result = worth(expression, &measured);
                // What is said may be rounded, to the digits that are said.
                let decimals = written.split_once('.').map_or(0, |(_, after)| after.len());
                let off = (number - result).abs();
                let last = Said::new(number, decimals).last;
                assert!(off <= last * 0.5, "{line}: it is {result}");
                number
            }
            None => {
                assert!(!source.is_empty(), "{line}: say where it is from");
                fact.trim().parse().unwrap_or_else(|_| panic!("{line}"))
            }
        };
        facts
            .entry(lesson.trim().to_owned())
            .or_default()
            .push(number);
    }
    facts
}

/// What `scripts/layer-times` has measured.
struct Measured(serde_json::Value);

impl Measured {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/measured/layer-times.json");
        let text = std::fs::read_to_string(path).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// A measured number by its name: `dense_64_56.onnxruntime.1` in milliseconds, `dense_64_56.macs` as counted.
    fn named(&self, name: &str) -> f64 {
        let mut parts = name.split('.');
        let layer = &self.0["layers"][parts.next().unwrap_or_default()];
        let number = match (parts.next(), parts.next()) {
            (Some(count), None) => &layer[count],
            (Some(program), Some(threads)) => &layer["milliseconds"][program][threads]["median"],
            _ => &serde_json::Value::Null,
        };
        number
            .as_f64()
            .unwrap_or_else(|| panic!("nothing measured is called `{name}`"))
    }
}

/// The value of an expression of numbers, measured ones by their names, `+ - * /` and brackets.
fn worth(expression: &str, measured: &Measured) -> f64 {
    fn sum(text: &mut &str, measured: &Measured) -> f64 {
        let mut value = product(text, measured);
        loop {
            *text = text.trim_start();
            match text.chars().next() {
                Some('+') => {
                    *text = &text[1..];
                    value += product(text, measured);
                }
                Some('-') => {
                    *text = &text[1..];
                    value -= product(text, measured);
                }
                _ => return value,
            }
        }
    }
    fn product(text: &mut &str, measured: &Measured) -> f64 {
        let mut value = factor(text, measured);
        loop {
            *text = text.trim_start();
            match text.chars().next() {
                Some('*') => {
                    *text = &text[1..];
                    value *= factor(text, measured);
                }
                Some('/') => {
                    *text = &text[1..];
                    value /= factor(text, measured);
                }
                _ => return value,
            }
        }
    }
    fn factor(text: &mut &str, measured: &Measured) -> f64 {
        *text = text.trim_start();
        if let Some(rest) = text.strip_prefix('(') {
            *text = rest;
            let value = sum(text, measured);
            *text = text
                .trim_start()
                .strip_prefix(')')
                .expect("a closing bracket");
            return value;
        }
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let end = text
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')
                .unwrap_or(text.len());
            let (name, rest) = text.split_at(end);
            *text = rest;
            return measured.named(name);
        }
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        *text = rest;
        number
            .parse()
            .unwrap_or_else(|_| panic!("a number in `{number}`"))
    }
    let mut text = expression;
    let value = sum(&mut text, measured);
    assert!(text.trim().is_empty(), "{expression}");
    value
}

#[test]
fn numbers_are_read_from_texts() {
    let numbers = |text: &str| -> Vec<f64> {
        let said = self::numbers(text).into_iter();
        said.map(|said| said.value).collect()
    };
    assert_eq!(numbers("1,728 of 64 by 27"), [1728.0, 64.0, 27.0]);
    assert_eq!(numbers("54 million, Conv2d, 0.5"), [54e6, 0.5]);
    assert_eq!(
        numbers("5,400万回、16億1,700万、3チャネル"),
        [54e6, 1_617_000_000.0, 3.0]
    );
    assert_eq!(numbers("51万8400画素、16個"), [518_400.0, 16.0]);
    let words = "A hundred and sixty-two; one thousand two hundred ninety-six, nine and twelve. \
                 Two million, twenty-five three by three";
    let expected = [162.0, 1296.0, 9.0, 12.0, 2e6, 25.0, 3.0, 3.0];
    assert_eq!(numbers(words), expected);
    assert_eq!(
        numbers("six hundred forty-eight of seventy-two"),
        [648.0, 72.0]
    );
    let measured = Measured::read();
    assert_eq!(worth("3 * (4 + 2) / 9 - 1", &measured), 1.0);
    let work = worth("2 * dense_64_56.macs", &measured);
    assert_eq!(work, 2.0 * 115_605_504.0);
    assert!(worth("dense_64_56.onnxruntime.1", &measured) > 0.0);
}

#[test]
fn what_is_said_is_exact_or_rounded_to_its_digits() {
    let is = |text: &str, fact: f64| {
        let [said] = numbers(text)[..] else {
            panic!("{text}")
        };
        said.is(fact)
    };
    assert!(is("27 products", 27.0) && !is("27 products", 27.4));
    assert!(!is("7 products", 27.0) && !is("seven", 7.01));
    assert!(is("0.33 of it", 1.0 / 3.0) && !is("0.34 of it", 1.0 / 3.0));
    assert!(is("54 million", 53_913_600.0) && !is("54 million", 53_400_000.0));
    assert!(is("5,400万", 53_913_600.0) && !is("5,391万", 53_940_000.0));
    assert!(is("518,400", 518_400.0) && !is("518,400", 518_401.0));
}

#[test]
fn every_number_that_is_said_is_true() {
    let lessons = lessons();
    let written = written_facts(&lessons);
    let mut wrong = Vec::new();
    for (name, lesson) in lessons {
        let known = written.get(&name).cloned().unwrap_or_default();
        // A size or a cost may be set against that of another scene; a value is one that is seen.
        let counts: Vec<f64> = lesson.scenes.iter().flat_map(counts_of_scene).collect();
        for (number, scene) in lesson.scenes.iter().enumerate() {
            let mut facts = counts.clone();
            facts.extend(scene.staging.staged_layers.iter().flat_map(values_of));
            for text in texts(scene) {
                for said in [&text.en, &text.ja] {
                    for number_said in numbers(said) {
                        let is = |fact: &f64| number_said.is(*fact);
                        if !known.iter().any(is) && !facts.iter().any(is) {
                            let value = number_said.value;
                            wrong.push(format!("{name}, scene {}: {value} in {said}", number + 1));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn neither_language_says_other_numbers_than_the_other() {
    let mut wrong = Vec::new();
    for (name, lesson) in lessons() {
        for (number, scene) in lesson.scenes.iter().enumerate() {
            for text in texts(scene) {
                let (en, ja) = (large(&text.en), large(&text.ja));
                // One of them may say less, but not otherwise.
                let within = |a: &[f64], b: &[f64]| a.iter().all(|value| b.contains(value));
                if !within(&en, &ja) && !within(&ja, &en) {
                    let place = format!("{name}, scene {}", number + 1);
                    wrong.push(format!(
                        "{place}: {en:?} in {}\n    {ja:?} in {}",
                        text.en, text.ja
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bars_of_time_are_as_long_as_what_was_measured() {
    let measured = Measured::read();
    let lessons = lessons();
    let (_, lesson) = lessons
        .iter()
        .find(|(name, _)| name == "macs-and-time")
        .unwrap();
    // A column is a millisecond.
    let bars = |scene: usize| -> Vec<f64> {
        let staging = &lesson.scenes[scene].staging;
        let last = staging.sides.iter().map(|side| side.tensors.end - 1);
        last.map(|tensor| staging.shape(tensor).width() as f64)
            .collect()
    };
    let times = |layers: &[&str]| -> Vec<f64> {
        let names = layers.iter().map(|name| format!("{name}.onnxruntime.1"));
        names.map(|name| measured.named(&name).round()).collect()
    };
    assert_eq!(bars(1), times(&["dense_64_56", "linear_10752"]));
    let layers = [
        "dense_64_56",
        "relu_4096_56",
        "depthwise_4096_56",
        "linear_10752",
    ];
    assert_eq!(bars(5), times(&layers));
}
