//! A lesson as a worksheet: which of its layers are asked about.

use super::exercise::{Exercise, is_worth_asking};
use super::question::{LessonQuestion, questions};
use crate::language::{Localized, says};
use crate::lesson::{Lesson, Scene, Side, StagedLayer, Staging};
use crate::op::{Family, Operands, Plan};
use crate::tensor::Random;

/// The most sides of a comparison that are asked about.
const MOST_SIDES: usize = 2;
/// The most layers behind an exercise's own whose shapes are asked for.
const MOST_FOLLOWING: usize = 4;

/// What a lesson's worksheet asks.
#[derive(Debug, Clone)]
pub struct Worksheet {
    /// The lesson's name.
    pub title: Localized<String>,
    /// What the learner will be able to do.
    pub goal: Option<Localized<String>>,
    /// What chance chose by: another seed asks for other values.
    pub seed: u64,
    /// Its sections, in the order of the lesson.
    pub sections: Vec<Section>,
}

/// What is asked about a scene, or about one of the operations that it compares.
#[derive(Debug, Clone)]
pub struct Section {
    /// The scene's name, with that of the side.
    pub title: Localized<String>,
    /// What is asked about a layer.
    pub exercise: Option<Exercise>,
    /// What the lesson itself asks.
    pub questions: Vec<LessonQuestion>,
}

/// Layers that were asked about: on the same numbers, a layer is asked about once.
type Seen<'a> = Vec<(&'a Plan, &'a Operands)>;

impl Worksheet {
    /// The worksheet of a lesson. The same seed always makes the same one.
    #[must_use]
    pub fn new(lesson: &Lesson, seed: u64) -> Self {
        let all: Vec<usize> = (0..lesson.scenes.len()).collect();
        Self::of_scenes(lesson, &all, seed)
    }

    /// The worksheet of some of a lesson's scenes, counted from 0. What a scene asks depends on the scenes before
    /// it only where they are on the sheet too.
    #[must_use]
    pub fn of_scenes(lesson: &Lesson, scenes: &[usize], seed: u64) -> Self {
        let mut seen = Seen::new();
        let mut sections: Vec<Section> = Vec::new();
        let chosen = lesson.scenes.iter().enumerate();
        for (number, scene) in chosen.filter(|(number, _)| scenes.contains(number)) {
            // Each scene has a sequence of its own: what is changed in one leaves the others as they are.
            let mut random = Random::new(seed);
            let mut random = Random::new(random.next_bits().wrapping_add(number as u64));
            let mut own = exercises(scene, &mut seen, &mut random);
            let questions = questions(scene);
            if let Some(last) = own.last_mut() {
                last.questions = questions;
            } else if !questions.is_empty() {
                own.push(Section {
                    title: scene.title.clone(),
                    exercise: None,
                    questions,
                });
            }
            sections.append(&mut own);
        }
        Self {
            title: lesson.title.clone(),
            goal: lesson.goal.clone(),
            seed,
            sections,
        }
    }
}

/// The exercises of a scene: one for each side, as far as there is something new in it.
fn exercises<'a>(scene: &'a Scene, seen: &mut Seen<'a>, random: &mut Random) -> Vec<Section> {
    let mut sections = Vec::new();
    let staging: &Staging = &scene.staging;
    for side in &staging.sides {
        if sections.len() >= MOST_SIDES {
            break;
        }
        if let Some(exercise) = exercise(staging, side, seen, random) {
            let title = &scene.title;
            sections.push(Section {
                title: match &side.name {
                    Some(name) => {
                        says!(with [title, name]; en: "{title}: {name}", ja: "{title}: {name}")
                    }
                    None => title.clone(),
                },
                exercise: Some(exercise),
                questions: Vec::new(),
            });
        }
    }
    sections
}

/// The first layer of a side that is worth asking about, was not asked about yet, and is small enough.
fn exercise<'a>(
    staging: &'a Staging,
    side: &Side,
    seen: &mut Seen<'a>,
    random: &mut Random,
) -> Option<Exercise> {
    let layers = staging.staged_layers.get(side.staged_layers.clone())?;
    for (place, layer) in layers.iter().enumerate() {
        let this = (&layer.plan, &layer.operands);
        if !is_worth_asking(family(layer)) || seen.contains(&this) {
            continue;
        }
        let after = layers.get(place + 1..).unwrap_or_default().iter();
        let after = after.filter(|layer| family(layer) != Family::Nothing);
        let following = after.take(MOST_FOLLOWING).map(|layer| layer.plan.clone());
        let output = staging.tensors.get(layer.output)?;
        if let Some(exercise) = Exercise::new(layer, output, following.collect(), random) {
            seen.push(this);
            return Some(exercise);
        }
    }
    None
}

/// The part that a layer plays in a network.
fn family(layer: &StagedLayer) -> Family {
    layer.plan.layer().kind().description().family
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson;

    fn lesson(scenes: &str) -> Lesson {
        let text = format!(
            r#"Lesson(title: (en: "T", ja: "題"), input: (shape: (1, 6, 6)), scenes: [{scenes}])"#
        );
        let (lesson, _) = lesson::read("t.ron", &text).unwrap();
        lesson
    }

    fn scene(layers: &str) -> String {
        format!(r#"Scene(title: (en: "A", ja: "甲"), {layers}, beats: [Run(to: End, over: 2.0)]),"#)
    }

    fn names(sheet: &Worksheet) -> Vec<&'static str> {
        let exercises = sheet
            .sections
            .iter()
            .filter_map(|section| section.exercise.as_ref());
        exercises
            .map(|exercise| exercise.plan.layer().name())
            .collect()
    }

    #[test]
    fn a_layer_is_asked_about_once_and_what_follows_it_next() {
        let chain =
            scene("layers: [Conv2d(filters: 1, kernel: (3, 3)), ReLU, MaxPool2d(kernel: (2, 2))]");
        let sheet = Worksheet::new(&lesson(&chain.repeat(4)), 1);
        assert_eq!(names(&sheet), ["Conv2d", "ReLU", "MaxPool2d"]);
        let first = sheet.sections[0].exercise.as_ref().unwrap();
        assert_eq!(first.following.len(), 2);
    }

    #[test]
    fn each_side_of_a_comparison_is_asked_about_by_its_name() {
        let scene = scene(
            r#"compare: [Side(name: (en: "Max", ja: "最大"), layers: [MaxPool2d(kernel: (2, 2))]),
            Side(name: (en: "Mean", ja: "平均"), layers: [AvgPool2d(kernel: (2, 2))])]"#,
        );
        let sheet = Worksheet::new(&lesson(&scene), 1);
        let titles: Vec<&str> = sheet
            .sections
            .iter()
            .map(|one| one.title.en.as_str())
            .collect();
        assert_eq!(titles, ["A: Max", "A: Mean"]);
    }

    #[test]
    fn what_only_moves_numbers_is_not_asked_about() {
        let scenes = scene("layers: [Identity]") + &scene("layers: [Flatten()]");
        assert!(Worksheet::new(&lesson(&scenes), 1).sections.is_empty());
    }

    #[test]
    fn a_scene_that_is_changed_leaves_the_values_of_the_others() {
        let [first, other] = ["(3, 3)", "(2, 2)"]
            .map(|kernel| scene(&format!("layers: [Conv2d(filters: 2, kernel: {kernel})]")));
        let last = scene("layers: [Conv2d(filters: 3, kernel: (2, 2), stride: (2, 2))]");
        let places = |scenes: &str| {
            let sheet = Worksheet::new(&lesson(scenes), 7);
            let exercise = sheet.sections[1].exercise.as_ref().unwrap();
            let places = exercise.values.iter().map(|value| value.place);
            places.collect::<Vec<_>>()
        };
        assert_eq!(places(&(first + &last)), places(&(other + &last)));
    }
}
