//! The numbers that a lesson says, and those that the op engine knows of it.

#![allow(
    dead_code,
    reason = "each test file that reads numbers needs some of this"
)]

use tensorama::lesson::{Beat, Localized, Scene, StagedLayer};

/// A number as it is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    pub value: f64,
    /// What the last digit that is said is worth.
    pub last: f64,
}

impl Said {
    /// A number that is written with so many decimals. Millions are said in round numbers.
    pub fn new(value: f64, decimals: usize) -> Self {
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
    pub fn is(self, fact: f64) -> bool {
        let off = (fact.abs() - self.value).abs();
        if self.last == 1.0 {
            off < 1e-4
        } else {
            off <= self.last * 0.5 + 1e-6
        }
    }
}

/// The numbers of a text, in digits and in English words.
pub fn numbers(text: &str) -> Vec<Said> {
    let mut all = in_digits(text);
    all.extend(in_words(text).into_iter().map(|value| Said::new(value, 0)));
    all
}

/// The numbers that a text has in English words: `one thousand two hundred and ninety-six`.
pub fn in_words(text: &str) -> Vec<f64> {
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
pub fn in_digits(text: &str) -> Vec<Said> {
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
pub fn counts_of(staged_layer: &StagedLayer) -> Vec<f64> {
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
pub fn values_of(staged_layer: &StagedLayer) -> Vec<f64> {
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

pub fn counts_of_scene(scene: &Scene) -> Vec<f64> {
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
    if let Some(network) = &staging.network {
        let shapes = network.map.blocks.iter().filter_map(|block| block.shape);
        for shape in shapes {
            facts.extend(shape.axes().iter().map(|&length| length as f64));
        }
        let cost = network.run.cost();
        facts.extend([cost.macs as f64, cost.parameters as f64]);
    }
    facts
}

/// Every text of a scene that is said, asked or shown, in both languages.
pub fn texts(scene: &Scene) -> Vec<Localized<String>> {
    let mut texts = vec![scene.title.clone()];
    let sides = scene.staging.sides.iter();
    texts.extend(sides.filter_map(|side| side.name.clone()));
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

/// What one language says as a word up to this, the other may say without a number.
const SMALL: f64 = 10.0;

/// The numbers of a text that must not differ between the languages, each once.
pub fn large(text: &str) -> Vec<f64> {
    // What one language writes as a word the other may write in digits.
    let mut numbers: Vec<f64> = numbers(text)
        .into_iter()
        .map(|said| said.value)
        .filter(|value| *value > SMALL)
        .collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers
}
