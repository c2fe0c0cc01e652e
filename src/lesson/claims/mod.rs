//! The numbers that a lesson says: each is set against what the op engine knows of the lesson, and against what
//! the author has written under `facts` of the others.

mod fact;
mod known;
mod said;

use std::cell::OnceCell;

pub use fact::{Fact, FactError};
pub use known::{counts_of, counts_of_scene, settings_of, values_of};
pub use said::{Said, in_digits, in_words, numbers};

use super::{Beat, Language, Lesson, Localized, Scene};

/// A number that nothing known of the lesson gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The text that says it, as `scenes[0].beats[2].text`.
    pub path: String,
    /// The language that says it; the first, where both do.
    pub language: Language,
    /// The number.
    pub said: Said,
}

/// A line of `facts` that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongFact {
    /// Its place in the list, from 0.
    pub index: usize,
    /// What is wrong.
    pub error: FactError,
}

/// What the facts of a lesson say, in their order.
fn facts(lesson: &Lesson) -> Vec<Result<Fact, FactError>> {
    let values_of_scene = |scene: usize| -> Option<Vec<f64>> {
        let staging = &lesson.scenes.get(scene)?.staging;
        Some(staging.staged_layers.iter().flat_map(values_of).collect())
    };
    let lines = lesson.facts.iter();
    lines
        .map(|line| Fact::read(line, &values_of_scene))
        .collect()
}

/// The facts of a lesson that do not hold.
#[must_use]
pub fn wrong_facts(lesson: &Lesson) -> Vec<WrongFact> {
    let facts = facts(lesson).into_iter().enumerate();
    facts
        .filter_map(|(index, fact)| {
            let error = fact.err()?;
            Some(WrongFact { index, error })
        })
        .collect()
}

/// The numbers that a lesson says in some languages and that neither its layers nor its facts give, each once in a
/// text.
#[must_use]
pub fn unfounded(lesson: &Lesson, languages: &[Language]) -> Vec<Claim> {
    let stated: Vec<Fact> = facts(lesson).into_iter().filter_map(Result::ok).collect();
    // A size or a cost may be set against that of another scene; a value is one that is seen.
    let counts: Vec<f64> = lesson.scenes.iter().flat_map(counts_of_scene).collect();
    let mut claims: Vec<Claim> = Vec::new();
    for (index, scene) in lesson.scenes.iter().enumerate() {
        // Computed for the first number that is no count.
        let values = OnceCell::new();
        let is_known = |said: Said| {
            let values = || {
                let layers = scene.staging.staged_layers.iter();
                values.get_or_init(|| layers.flat_map(values_of).collect::<Vec<f64>>())
            };
            stated.iter().any(|fact| said.is(fact.number.value))
                || counts.iter().any(|count| said.is(*count))
                || values().iter().any(|value| said.is(*value))
        };
        for Text {
            path,
            text,
            choices,
        } in texts(index, scene)
        {
            for &language in languages {
                let chosen = choices
                    .iter()
                    .flat_map(|choice| numbers(choice.get(language)));
                let chosen: Vec<Said> = chosen.collect();
                for said in numbers(text.get(language)) {
                    let told = |claim: &Claim| claim.path == path && claim.said == said;
                    let is_choice = chosen.iter().any(|choice| said.is(choice.value));
                    if !claims.iter().any(told) && !is_choice && !is_known(said) {
                        claims.push(Claim {
                            path: path.clone(),
                            language,
                            said,
                        });
                    }
                }
            }
        }
    }
    claims
}

/// A text of a scene.
struct Text<'a> {
    /// Its place in the lesson's file.
    path: String,
    /// What it says.
    text: Localized<String>,
    /// The choices that it speaks of: also a wrong one may be named.
    choices: &'a [Localized<String>],
}

impl Text<'_> {
    /// A text that speaks of no choices.
    const fn new(path: String, text: Localized<String>) -> Self {
        Self {
            path,
            text,
            choices: &[],
        }
    }
}

/// Every text of a scene that is said, asked or shown.
fn texts(index: usize, scene: &Scene) -> Vec<Text<'_>> {
    let path = format!("scenes[{index}]");
    let mut texts = vec![Text::new(format!("{path}.title"), scene.title.clone())];
    for (side, shown) in scene.staging.sides.iter().enumerate() {
        let name = shown.name.clone();
        texts.extend(name.map(|name| Text::new(format!("{path}.compare[{side}].name"), name)));
    }
    for (beat, shown) in scene.beats.iter().enumerate() {
        let path = format!("{path}.beats[{beat}]");
        match shown {
            Beat::Say { text, .. } => texts.push(Text::new(
                format!("{path}.text"),
                Localized {
                    en: text.en.display.clone(),
                    ja: text.ja.display.clone(),
                },
            )),
            Beat::Predict { question, .. } => {
                texts.push(Text::new(format!("{path}.ask"), question.ask.clone()));
                for (choice, why) in question.whys.iter().enumerate() {
                    texts.push(Text {
                        path: format!("{path}.why[{choice}]"),
                        text: why.clone(),
                        choices: &question.choices,
                    });
                }
            }
            Beat::Run { .. } | Beat::Hold(_) => {}
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson;

    /// A convolution of 5 × 5 with nine ones, that says a sentence; with facts.
    fn lesson(en: &str, facts: &str) -> Lesson {
        let text = format!(
            "Lesson(
                title: (en: \"T\", ja: \"T\"),
                facts: [{facts}],
                input: (shape: (1, 5, 5), fill: Constant(1)),
                layers: [Conv2d(filters: 1, kernel: (3, 3), padding: Valid, weights: Constant(1))],
                scenes: [Scene(
                    title: (en: \"S\", ja: \"S\"),
                    beats: [Say(text: (en: \"{en}\", ja: \"文です。\"))],
                )],
            )"
        );
        let (lesson, _) =
            lesson::read("t.ron", &text).unwrap_or_else(|problems| panic!("{problems}"));
        lesson
    }

    fn said(en: &str, facts: &str) -> Vec<f64> {
        let claims = unfounded(&lesson(en, facts), &Language::ALL).into_iter();
        claims.map(|claim| claim.said.value).collect()
    }

    #[test]
    fn counts_and_values_of_the_engine_are_known_and_others_are_not() {
        let true_ones = "5 by 5 and 3 by 3 give 9 sums in 81 multiplications.";
        assert!(said(true_ones, "").is_empty());
        assert_eq!(said("It takes 82 of 81, 82 in all.", ""), [82.0]);
        let untrue = lesson("It takes ninety-nine.", "");
        let claims = unfounded(&untrue, &Language::ALL);
        assert_eq!(claims[0].path, "scenes[0].beats[0].text");
        assert_eq!(claims[0].language, Language::En);
        assert!(unfounded(&untrue, &[Language::Ja]).is_empty());
    }

    #[test]
    fn a_why_may_name_the_choices_of_its_question_and_no_other_number() {
        let text = r#"Lesson(
            title: (en: "T", ja: "T"),
            input: (shape: (1, 5, 5), fill: Constant(1)),
            layers: [Conv2d(filters: 1, kernel: (3, 3), padding: Valid, weights: Constant(1))],
            scenes: [Scene(
                title: (en: "S", ja: "S"),
                beats: [Predict(
                    ask: (en: "How many sums?", ja: "和はいくつ?"),
                    choices: [9, "1,700"],
                    answer: Choice(0),
                    why: [
                        (en: "3 times 3, not 1,700 or 1,800.", ja: "3かける3です。"),
                        (en: "1,700 is 68 for each element.", ja: "1700は、1要素に68ずつです。"),
                    ],
                )],
            )],
        )"#;
        let (lesson, _) =
            lesson::read("t.ron", text).unwrap_or_else(|problems| panic!("{problems}"));
        let claims = unfounded(&lesson, &Language::ALL).into_iter();
        let claims: Vec<(String, f64)> =
            claims.map(|claim| (claim.path, claim.said.value)).collect();
        let place = |choice: usize| format!("scenes[0].beats[0].why[{choice}]");
        assert_eq!(claims, [(place(0), 1800.0), (place(1), 68.0)]);
    }

    #[test]
    fn facts_found_what_the_engine_does_not_know() {
        let facts = r##""224 # rows: Howard et al. 2017", "112 = 224 / 2", "9 @ 0""##;
        assert!(said("224 rows become 112.", facts).is_empty());
        assert!(wrong_facts(&lesson("One.", facts)).is_empty());
        let wrong = wrong_facts(&lesson(
            "One.",
            r#""7 = 2 * 3", "many", "8 @ 0", "8 @ 5", "8""#,
        ));
        let errors: Vec<FactError> = wrong.into_iter().map(|wrong| wrong.error).collect();
        let expected = [
            FactError::Worth(6.0),
            FactError::NoNumber,
            FactError::NoValue { scene: 0 },
            FactError::NoScene { scene: 5 },
            FactError::NoSource,
        ];
        assert_eq!(errors, expected);
        // What does not hold founds nothing.
        assert_eq!(said("It takes 83.", r#""83 = 82 * 2""#), [83.0]);
    }
}
