//! The numbers that a lesson says, and those that the op engine knows of it.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test file that reads numbers needs some of this"
)]

pub use tensorama::lesson::claims::{Said, counts_of_scene, in_digits, numbers, values_of};
use tensorama::lesson::{Beat, Localized, Scene};

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
            Beat::Predict { question, .. } => {
                texts.push(question.ask.clone());
                texts.extend(question.whys.iter().cloned());
            }
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
