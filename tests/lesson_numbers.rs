//! Every number that a lesson says is true: it is a value of the scene or a size or cost of the lesson, as
//! the op engine computes and counts them, or follows by arithmetic that `tests/lessons/facts.txt` writes out; and
//! both languages say the same numbers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tensorama::lesson::{self, Beat, Lesson, Localized, Scene, StagedLayer};

/// A number as it is said.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Said {
    value: f64,
    /// What the last digit that is said is worth.
    last: f64,
}

impl Said {
    /// A number that is written with so many decimals. Millions are said in round numbers.
    fn new(value: f64, decimals: usize) -> Self {
        let mut last = 0.1_f64.powi(i32::try_from(decimals).unwrap());
        if value >= 1e6 {
            last = 1.0;
            while (value / (last * 10.0)).fract() == 0.0 {
                last *= 10.0;
            }
        }
        Self { value, last }
    }

    /// Whether a fact is what is said: whole numbers exactly, others rounded to the digits that are said.
    fn is(self, fact: f64) -> bool {
        let off = (fact.abs() - self.value).abs();
        if self.last == 1.0 {
            off < 1e-4
        } else {
            off <= self.last * 0.5 + 1e-6
        }
    }
}

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

/// The numbers of a text, in digits and in English words.
fn numbers(text: &str) -> Vec<Said> {
    let mut all = in_digits(text);
    all.extend(in_words(text).into_iter().map(|value| Said::new(value, 0)));
    all
}

/// The numbers that a text has in English words: `one thousand two hundred and ninety-six`.
fn in_words(text: &str) -> Vec<f64> {
    const UNITS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let worth = |word: &str| {
        let unit = UNITS.iter().position(|unit| *unit == word);
        let ten = TENS.iter().position(|ten| *ten == word);
        unit.or(ten.map(|ten| 10 * (ten + 2)))
            .map(|worth| worth as f64)
    };
    let mut found = Vec::new();
    // What stands before the last thousand, and what comes after it.
    let (mut thousands, mut below): (f64, Option<f64>) = (0.0, None);
    let text = text.to_lowercase();
    let mut last = "";
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let joined = bare == "and" && matches!(last, "hundred" | "thousand");
        match (bare, below, worth(bare)) {
            ("", ..) => continue,
            ("hundred", None, _) if last == "a" => below = Some(100.0),
            ("hundred", Some(value), _) if value < 100.0 => below = Some(value * 100.0),
            ("thousand" | "million", Some(value), _) => {
                let times = if bare == "million" { 1e6 } else { 1e3 };
                (thousands, below) = (thousands + value * times, Some(0.0));
            }
            (_, Some(value), Some(worth))
                if (value % 100.0 == 0.0 && value > 0.0)
                    || matches!(last, "thousand" | "million" | "and" | "hundred")
                    || (value % 10.0 == 0.0 && value % 100.0 >= 20.0 && worth < 10.0) =>
            {
                below = Some(value + worth);
            }
            (_, _, Some(worth)) => {
                if let Some(value) = below {
                    found.push(thousands + value);
                }
                (thousands, below) = (0.0, Some(worth));
            }
            _ if joined => {}
            _ => {
                if let Some(value) = below.take() {
                    found.push(thousands + value);
                }
                thousands = 0.0;
            }
        }
        // A comma or a full stop ends a number.
        if word.ends_with([',', '.', ':', ';', '?'])
            && let Some(value) = below.take()
        {
            found.push(thousands + value);
            thousands = 0.0;
        }
        last = bare;
    }
    found.extend(below.map(|value| thousands + value));
    found
}

/// The numbers that a text has in digits, with what follows them counted in: `5,400万`,
/// `54 million`.
fn in_digits(text: &str) -> Vec<Said> {
    let characters: Vec<char> = text.chars().collect();
    let mut found: Vec<(f64, usize)> = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        // Letters before a digit make a name of it: Conv2d, H264.
        let named = at > 0 && characters[at - 1].is_ascii_alphabetic();
        let start = at;
        let digit = |index: usize| characters.get(index).is_some_and(char::is_ascii_digit);
        while digit(at) || (matches!(characters.get(at), Some(',' | '.')) && digit(at + 1)) {
            at += 1;
        }
        let written: String = characters[start..at]
            .iter()
            .filter(|c| **c != ',')
            .collect();
        let rest: String = characters[at..].iter().take(9).collect();
        let times = [
            ("万", 1e4),
            ("億", 1e8),
            (" million", 1e6),
            (" billion", 1e9),
        ]
        .into_iter()
        .find(|(word, _)| rest.starts_with(word))
        .map_or(1.0, |(_, times)| times);
        if !named {
            let decimals = written.split_once('.').map_or(0, |(_, after)| after.len());
            found.push((written.parse::<f64>().unwrap() * times, decimals));
        }
        // 5億4,000万 and 51万8400 are one number each.
        let follows = times >= 1e4 && matches!(characters.get(at), Some('億' | '万'));
        if follows && characters.get(at + 1).is_some_and(char::is_ascii_digit) {
            let tail: String = characters[at + 1..].iter().collect();
            let length = tail
                .find(|c: char| !c.is_ascii_digit() && c != ',')
                .unwrap_or(tail.len());
            let more: f64 = tail[..length].replace(',', "").parse().unwrap();
            let by = if times == 1e8 && tail[length..].starts_with('万') {
                1e4
            } else {
                1.0
            };
            found.last_mut().unwrap().0 += more * by;
            at += 1 + length + usize::from(by > 1.0);
        }
    }
    let said = found.into_iter();
    said.map(|(value, decimals)| Said::new(value, decimals))
        .collect()
}

/// What the engine counts of a layer: sizes, weights, work.
fn counts_of(staged_layer: &StagedLayer) -> Vec<f64> {
    let plan = &staged_layer.plan;
    let (input, output) = (plan.input_shape().as_chw(), plan.output_shape().as_chw());
    let kernel = plan.filter_dims();
    let padded = plan.padded_shape().as_chw();
    let mut facts = Vec::new();
    for [channels, rows, columns] in [input, output, kernel, padded] {
        let sizes = [
            channels,
            rows,
            columns,
            rows * columns,
            channels * rows * columns,
        ];
        facts.extend(sizes.map(|size| size as f64));
    }
    let cost = plan.cost();
    let counts = [
        cost.parameters,
        cost.macs,
        cost.operations,
        plan.step_count(),
        plan.filter_count() as u64,
        plan.step(0).term_count() as u64,
    ];
    facts.extend(counts.map(|count| count as f64));
    facts
}

/// What the engine computes of a layer: all results, and the products on the way to the first of each
/// filter.
fn values_of(staged_layer: &StagedLayer) -> Vec<f64> {
    let plan = &staged_layer.plan;
    let output = plan.output_shape().as_chw();
    let mut facts = Vec::new();
    let values = staged_layer.operands.input().data().iter().copied();
    facts.extend(values.map(f64::from));
    let positions = plan.step_count() / (output[0].max(1) as u64);
    for step in 0..plan.step_count().min(4096) {
        let explained = plan.explain(step, &staged_layer.operands);
        facts.push(f64::from(explained.value));
        if positions > 0 && step % positions < 3 {
            for term in &explained.terms {
                facts.push(f64::from(term.product));
            }
        }
    }
    facts
}

fn counts_of_scene(scene: &Scene) -> Vec<f64> {
    let staging = &scene.staging;
    let mut facts: Vec<f64> = staging.staged_layers.iter().flat_map(counts_of).collect();
    for side in &staging.sides {
        let costs = staging.staged_layers[side.staged_layers.clone()]
            .iter()
            .map(|s| s.plan.cost());
        let sum = costs.fold((0, 0), |sum, cost| {
            (sum.0 + cost.macs, sum.1 + cost.parameters)
        });
        facts.extend([sum.0 as f64, sum.1 as f64]);
    }
    facts
}

/// The arithmetic of `tests/lessons/facts.txt`: by lesson, each number with what it is worked out
/// from. A line is `lesson: number = expression`, `lesson: number @ scene` for a value of another scene, or
/// `lesson: number # where it is from`.
fn written_facts(lessons: &[(String, Lesson)]) -> BTreeMap<String, Vec<f64>> {
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
                let number: f64 = number.trim().parse().unwrap_or_else(|_| panic!("{line}"));
                let values = other_scene(scene).unwrap_or_else(|| panic!("{line}: no such scene"));
                let is_there = values.iter().any(|value| Said::new(number, 0).is(*value));
                assert!(is_there, "{line}: the scene has no such value");
                number
            }
            Some((number, expression)) => {
                let written = number.trim();
                let number: f64 = written.parse().unwrap_or_else(|_| panic!("{line}"));
                let result = worth(expression);
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

/// The value of an expression of numbers, `+ - * /` and brackets.
fn worth(expression: &str) -> f64 {
    fn sum(text: &mut &str) -> f64 {
        let mut value = product(text);
        loop {
            *text = text.trim_start();
            match text.chars().next() {
                Some('+') => {
                    *text = &text[1..];
                    value += product(text);
                }
                Some('-') => {
                    *text = &text[1..];
                    value -= product(text);
                }
                _ => return value,
            }
        }
    }
    fn product(text: &mut &str) -> f64 {
        let mut value = factor(text);
        loop {
            *text = text.trim_start();
            match text.chars().next() {
                Some('*') => {
                    *text = &text[1..];
                    value *= factor(text);
                }
                Some('/') => {
                    *text = &text[1..];
                    value /= factor(text);
                }
                _ => return value,
            }
        }
    }
    fn factor(text: &mut &str) -> f64 {
        *text = text.trim_start();
        if let Some(rest) = text.strip_prefix('(') {
            *text = rest;
            let value = sum(text);
            *text = text
                .trim_start()
                .strip_prefix(')')
                .expect("a closing bracket");
            return value;
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
    let value = sum(&mut text);
    assert!(text.trim().is_empty(), "{expression}");
    value
}

/// Every text of a scene that is said or asked, in both languages.
fn texts(scene: &Scene) -> Vec<Localized<String>> {
    let mut texts = vec![scene.title.clone()];
    for beat in &scene.beats {
        match beat {
            Beat::Say { text, .. } => texts.push(Localized {
                en: text.en.display.clone(),
                ja: text.ja.display.clone(),
            }),
            Beat::Predict { question, .. } => texts.push(question.ask.clone()),
            _ => {}
        }
    }
    texts
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
    assert_eq!(worth("3 * (4 + 2) / 9 - 1"), 1.0);
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

/// What one language says as a word up to this, the other may say without a number.
const SMALL: f64 = 10.0;

#[test]
fn neither_language_says_other_numbers_than_the_other() {
    let mut wrong = Vec::new();
    for (name, lesson) in lessons() {
        for (number, scene) in lesson.scenes.iter().enumerate() {
            for text in texts(scene) {
                // What one language writes as a word the other may write in digits.
                let large = |text: &str| {
                    let mut numbers: Vec<f64> = numbers(text)
                        .into_iter()
                        .map(|said| said.value)
                        .filter(|value| *value > SMALL)
                        .collect();
                    numbers.sort_by(f64::total_cmp);
                    numbers.dedup();
                    numbers
                };
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
