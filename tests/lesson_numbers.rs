//! Every number that a lesson says is true: it is a value of the scene or a size or cost of the lesson, as
//! the op engine computes and counts them, or one of the lesson's `facts`, which are worked out; what was measured
//! is what `tests/lessons/measured.txt` works out of the measurements; and both languages say the same numbers.

mod said;

use std::path::{Path, PathBuf};

use said::{in_digits, large, texts};
use tensorama::lesson::claims::{unfounded, wrong_facts};
use tensorama::lesson::{self, Language, Lesson};
use tensorama::narration::estimated_speeches;
use tensorama::timeline::Timeline;

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

/// `tests/lessons/measured.txt`: a line is `lesson: number = expression`. In it, `dense_64_56.onnxruntime.1` is what
/// `scripts/layer-times` has measured: the milliseconds of a layer, by a program, with so many threads.
#[test]
fn what_was_measured_is_what_is_said() {
    let measured = Measured::read();
    assert_eq!(worth("3 * (4 + 2) / 9 - 1", &measured), 1.0);
    let work = worth("2 * dense_64_56.macs", &measured);
    assert_eq!(work, 2.0 * 115_605_504.0);
    let lessons = lessons();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons/measured.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, fact) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        let (number, expression) = fact.split_once('=').unwrap_or_else(|| panic!("{line}"));
        let written = number.trim();
        let [said] = in_digits(written)[..] else {
            panic!("{line}")
        };
        let result = worth(expression, &measured);
        let off = (said.value - result).abs();
        assert!(off <= said.last * 0.5, "{line}: it is {result}");
        let (_, lesson) = lessons.iter().find(|(known, _)| known == name).unwrap();
        let is_named = |fact: &String| fact.starts_with(&format!("{written} #"));
        assert!(lesson.facts.iter().any(is_named), "{line}: no such fact");
        count += 1;
    }
    assert!(count > 10);
}

#[test]
fn every_number_that_is_said_is_true() {
    let mut wrong = Vec::new();
    for (name, lesson) in lessons() {
        for fact in wrong_facts(&lesson) {
            wrong.push(format!("{name}, fact {}: {}", fact.index, fact.error));
        }
        for claim in unfounded(&lesson, &Language::ALL) {
            let value = claim.said.value;
            wrong.push(format!(
                "{name}, {}: {value} ({})",
                claim.path, claim.language
            ));
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
    // A cube is a millisecond.
    let speeches = estimated_speeches(lesson, Language::En);
    let timeline = Timeline::new(lesson, Language::En, &speeches);
    let passed = |scene: usize| -> Vec<f64> {
        let end = timeline.scenes[scene].beats.last().unwrap().end - 0.05;
        let layers = timeline.at(end).staged_layers;
        layers.iter().map(|layer| layer.position).collect()
    };
    let bars = |scene: usize| -> Vec<f64> {
        let staging = &lesson.scenes[scene].staging;
        let tensors = staging.sides[0].tensors.clone();
        tensors
            .map(|tensor| staging.shape(tensor).count() as f64)
            .collect()
    };
    let times = |layers: &[&str]| -> Vec<f64> {
        let names = layers.iter().map(|name| format!("{name}.onnxruntime.1"));
        names.map(|name| measured.named(&name).round()).collect()
    };
    assert_eq!(passed(1), times(&["dense_64_56", "linear_10752"]));
    let layers = [
        "linear_10752",
        "depthwise_4096_56",
        "relu_4096_56",
        "dense_64_56",
    ];
    assert_eq!(bars(5), times(&layers));
}
