//! Something is to be seen at every moment of a lesson: nothing stands still for long, and between two
//! scenes no frame is empty.

mod exceptions;
mod shipped;
#[path = "stillness/tables.rs"]
mod tables;

use exceptions::{Found, assert_excepted, clock, compare};
use glam::Vec3;
use tensorama::lesson::{self, Formula, Language, Lesson, Staging};
use tensorama::narration::estimated_speeches;
use tensorama::op::VisualStyle;
use tensorama::timeline::{Layout, PartState, PictureShape, Sample, Timeline, WIDTH_SHARE};

/// Seconds from one look to the next.
const LOOK: f64 = 0.05;
/// Seconds for which nothing may move.
const STILL: f64 = 8.0;
/// Seconds for which nothing may be there: a blink, while one scene goes and the next one comes.
const BLINK: f64 = 0.25;
/// What is there by no more than this part is not seen.
const FAINT: f32 = 0.1;
/// The shape of the picture.
const ASPECT: f32 = 16.0 / 9.0;

/// What of a sample is seen, but for the caption: an eye reads it, and waits for something to look at.
fn seen(mut sample: Sample, staging: &Staging) -> Sample {
    sample.caption = None;
    if sample.formula_presence == 0.0 {
        sample.formula = Formula::Hide;
    }
    sample
        .parts
        .tensors
        .iter_mut()
        .flatten()
        .for_each(forget_unseen);
    for layer in &mut sample.parts.staged_layers {
        layer.filters.iter_mut().for_each(forget_unseen);
        forget_unseen(&mut layer.padding);
        forget_unseen(&mut layer.kernel);
    }
    let parts = &sample.parts;
    let there = |tensor: usize| {
        parts.tensors[tensor]
            .iter()
            .any(|state| state.presence > 0.0)
    };
    let layers = staging.staged_layers.iter();
    for (progress, layer) in sample.staged_layers.iter_mut().zip(layers) {
        if !there(layer.input) && !there(layer.output) {
            (progress.position, progress.detail) = (0.0, 1.0);
        }
    }
    sample
}

/// How far something recedes does not show where it is not there.
fn forget_unseen(state: &mut PartState) {
    if state.presence == 0.0 {
        state.recede = 0.0;
    }
}

/// The times of looks at a lesson, up to its end.
fn looks(timeline: &Timeline) -> impl Iterator<Item = f64> + use<> {
    let duration = timeline.duration;
    let count = (duration / LOOK) as u64;
    (0..=count)
        .map(|number| number as f64 * LOOK)
        .chain([duration])
}

/// Stretches in which nothing moves for longer than that: when they begin and end.
fn still(lesson: &Lesson, timeline: &Timeline, longest: f64) -> Vec<(f64, f64)> {
    let mut stretches = Vec::new();
    let mut last: Option<Sample> = None;
    let (mut first, mut before) = (0.0, 0.0);
    for time in looks(timeline) {
        let sample = timeline.at(time);
        let staging = &lesson.scenes[sample.scene].staging;
        let now = Some(seen(sample, staging));
        if now != last {
            if before - first > longest {
                stretches.push((first, before));
            }
            (first, last) = (time, now);
        }
        before = time;
    }
    if before - first > longest {
        stretches.push((first, before));
    }
    stretches
}

/// Stretches in which nothing is to be seen for longer than that: when they begin and end.
fn empty(timeline: &Timeline, longest: f64) -> Vec<(f64, f64)> {
    let mut stretches = Vec::new();
    let mut first: Option<f64> = None;
    let mut before = 0.0;
    for time in looks(timeline) {
        let sample = timeline.at(time);
        let is_empty = !shows_something(&sample, &timeline.scenes[sample.scene].layout);
        let begun = *first.get_or_insert(time);
        if !is_empty || time >= timeline.duration {
            let end = if is_empty { time } else { before };
            if end - begun > longest {
                stretches.push((begun, end));
            }
            first = None;
        }
        before = time;
    }
    stretches
}

/// Whether a tensor, a filter or a block of a network is there and in the picture.
fn shows_something(sample: &Sample, layout: &Layout) -> bool {
    let there = |state: &PartState| state.presence * sample.scene_opacity > FAINT;
    let [right, up, _] = sample.camera.axes();
    let [without, with, _] = PictureShape::of(ASPECT).height_share();
    let share = without + (with - without) * sample.headroom;
    let half = sample.camera.half;
    let half_height = (half.y / share).max(half.x / (WIDTH_SHARE * ASPECT));
    let in_picture = |(low, high): (Vec3, Vec3)| {
        let (middle, size) = ((low + high) * 0.5, high - low);
        let sides = [(right, half_height * ASPECT), (up, half_height)];
        sides.into_iter().all(|(axis, half)| {
            let away = (middle - sample.camera.centre).dot(axis).abs();
            away - (size * 0.5).dot(axis.abs()) < half
        })
    };
    let blocks: Vec<(Vec3, Vec3)> = if layout.network.is_empty() {
        layout.tensors.iter().map(|block| block.bounds()).collect()
    } else {
        layout.network.clone()
    };
    let mut tensors = blocks.into_iter().zip(&sample.parts.tensors);
    let layers = layout.staged_layers.iter().zip(&sample.parts.staged_layers);
    let mut filters = layers.flat_map(|(layer, states)| layer.filters.iter().zip(&states.filters));
    tensors.any(|(block, states)| states.iter().any(there) && in_picture(block))
        || filters.any(|(filter, state)| there(state) && in_picture(filter.bounds()))
}

/// Whether everything that is there recedes, as it does before something that is lit.
fn lights_nothing(sample: &Sample, staging: &Staging) -> bool {
    let there = |state: &&PartState| state.presence * sample.scene_opacity > FAINT;
    // What a layer carries away is there no more.
    let mut carried = vec![false; sample.parts.tensors.len()];
    for (layer, progress) in staging.staged_layers.iter().zip(&sample.staged_layers) {
        let steps = layer.plan.step_count() as f64;
        if layer.style == VisualStyle::Carry && progress.position > 0.9 * steps {
            carried[layer.input] = true;
        }
    }
    let tensors = sample.parts.tensors.iter().zip(carried);
    let tensors = tensors.filter(|(_, carried)| !carried);
    let layers = sample.parts.staged_layers.iter();
    let states = tensors.flat_map(|(channels, _)| channels).chain(
        layers.flat_map(|layer| layer.filters.iter().chain([&layer.padding, &layer.kernel])),
    );
    let (mut any, mut lit) = (false, false);
    for state in states.filter(there) {
        any = true;
        lit |= state.recede < 0.5;
    }
    any && !lit
}

/// Looks at every lesson in every language.
fn every_timeline(mut look: impl FnMut(&str, &Lesson, &Timeline)) {
    for (name, lesson) in shipped::lessons() {
        for language in Language::ALL {
            let speeches = estimated_speeches(&lesson, language);
            look(&name, &lesson, &Timeline::new(&lesson, language, &speeches));
        }
    }
}

#[test]
fn no_stretch_of_a_lesson_is_still_for_long() {
    let mut found = Vec::new();
    every_timeline(|name, lesson, timeline| {
        for (start, end) in still(lesson, timeline, STILL) {
            let (scene, beat) = timeline.beat_at(f64::midpoint(start, end));
            found.push(Found {
                place: format!("{name}, scene {}, beat {}", scene + 1, beat + 1),
                measured: end - start,
                note: format!("{} to {}, {}", clock(start), clock(end), timeline.language),
            });
        }
    });
    assert_excepted("seconds in which nothing moves:", found, tables::STILL);
}

#[test]
fn no_frame_between_scenes_is_empty() {
    let mut found = Vec::new();
    every_timeline(|name, _, timeline| {
        for (start, end) in empty(timeline, BLINK) {
            let scene = timeline.scene_at(end);
            found.push(Found {
                place: format!("{name}, scene {}", scene + 1),
                measured: end - start,
                note: format!("{} to {}, {}", clock(start), clock(end), timeline.language),
            });
        }
    });
    assert_excepted("seconds in which nothing is there:", found, tables::EMPTY);
}

#[test]
fn something_that_is_there_is_lit_wherever_the_rest_recedes() {
    let mut dark = Vec::new();
    every_timeline(|name, lesson, timeline| {
        let mut since = None;
        for time in looks(timeline) {
            let sample = timeline.at(time);
            let staging = &lesson.scenes[sample.scene].staging;
            if !lights_nothing(&sample, staging) {
                since = None;
                continue;
            }
            let begun = *since.get_or_insert(time);
            // One comes while another goes.
            if time - begun > 0.6 {
                dark.push(format!("{name}, {}, {}", clock(begun), timeline.language));
                since = Some(f64::MAX);
            }
        }
    });
    assert!(dark.is_empty(), "{}", dark.join("\n"));
}

/// Two scenes. In the first one something runs, then twelve seconds nothing, then it runs back; the
/// second one is empty for two seconds, and shows a question for ten.
const SLOW: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    input: (shape: (1, 3, 3)),
    layers: [ReLU],
    scenes: [
        Scene(title: (en: "A", ja: "甲"), beats: [
            Run(to: End, over: 2.0),
            Hold(12.0),
            Run(to: Start, over: 2.0),
        ]),
        Scene(title: (en: "B", ja: "乙"), show: [], beats: [
            Hold(2.0),
            Run(to: End, over: 4.0, do: [Show([Input, Output])]),
            Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [3, 4], answer: OutputWidth, over: 10.0),
        ]),
    ],
)"#;

#[test]
fn a_hold_is_a_stretch_that_is_still_and_a_question_is_none() {
    let lesson = lesson::read("slow.ron", SLOW).unwrap().0;
    let timeline = Timeline::new(
        &lesson,
        Language::En,
        &estimated_speeches(&lesson, Language::En),
    );
    let stretches = still(&lesson, &timeline, STILL);
    let [(start, end)] = stretches[..] else {
        panic!("{stretches:?}")
    };
    assert!((2.0..3.0).contains(&start), "{stretches:?}");
    assert!((end - start - 12.0).abs() < 0.5, "{stretches:?}");
}

#[test]
fn a_scene_that_opens_with_nothing_is_empty_for_so_long() {
    let lesson = lesson::read("slow.ron", SLOW).unwrap().0;
    let timeline = Timeline::new(
        &lesson,
        Language::En,
        &estimated_speeches(&lesson, Language::En),
    );
    let stretches = empty(&timeline, BLINK);
    let [(start, end)] = stretches[..] else {
        panic!("{stretches:?}")
    };
    let border = timeline.scenes[1].start;
    assert!(
        start < border && border + 2.0 < end,
        "{stretches:?} {border}"
    );
    assert!(end < border + 3.5, "{stretches:?} {border}");
}

#[test]
fn exceptions_that_are_missing_exceeded_or_idle_are_told() {
    let found = |place: &str, measured: f64| Found {
        place: place.to_owned(),
        measured,
        note: "0:01.0".to_owned(),
    };
    let all = || vec![found("a", 9.0), found("a", 9.31), found("b", 10.0)];
    assert!(
        compare(
            all(),
            &[("a", 9.4, "it is read"), ("b", 10.0, "it is read")]
        )
        .is_empty()
    );
    let told = |exceptions| compare(all(), exceptions).join("\n");
    let missing = told(&[("b", 10.0, "it is read")]);
    assert!(
        missing.contains(r#"("a", 9.4, "to be mended"), // 0:01.0"#),
        "{missing}"
    );
    let exceeded = told(&[("a", 9.3, "it is read"), ("b", 10.0, "it is read")]);
    assert!(exceeded.starts_with("1 worse than"), "{exceeded}");
    let idle = told(&[
        ("a", 9.4, "it is read"),
        ("b", 10.0, "it is read"),
        ("c", 9.0, "it is read"),
    ]);
    assert!(
        idle.starts_with("1 exceptions that are needed no more"),
        "{idle}"
    );
    let unreasoned = told(&[("a", 9.4, ""), ("b", 10.0, "it is read")]);
    assert!(
        unreasoned.starts_with("1 exceptions without"),
        "{unreasoned}"
    );
}
