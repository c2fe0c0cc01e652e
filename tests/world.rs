//! The world at a time is the same, however one got there.

mod operations;

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy::prelude::*;
use operations::ALL_OPERATIONS;
use proptest::test_runner::{Config, TestRunner};
use tensorama::camera::CameraPose;
use tensorama::lesson::{self, Language, Lesson};
use tensorama::narration::estimated_speeches;
use tensorama::op::{TermSource, VisualStyle};
use tensorama::playback::{CurrentSample, Playhead, Show};
use tensorama::stage::captions::{CaptionText, ChapterTitle};
use tensorama::stage::draw::{Cube, CubeAppearance, DrawList, Shadow, WallInstance};
use tensorama::stage::elements::{Element, Stage};
use tensorama::stage::formula::FormulaCard;
use tensorama::stage::pose::Role;
use tensorama::timeline::Timeline;

const PADDED: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    input: (shape: (4, 5, 5), fill: Random(seed: 3)),
    layers: [Conv2d(filters: 4, kernel: (3, 2), stride: (2, 1), dilation: (1, 2), groups: 2,
                    padding: Sides(top: 1, bottom: 2, left: 1, right: 0), bias: true, weights: Random(seed: 5))],
    scenes: [
        Scene(
            title: (en: "A", ja: "甲"),
            show: [Input, Padding],
            beats: [
                Say(text: (en: "One [m] two three.", ja: "いち[m]にさん。"), at: {"m": Show([Filters, Output])}),
                Run(to: Phase(step: 0, phase: Accumulate), over: 3.0, do: [Formula(Value), Focus([Kernel, Input])]),
                Run(to: Step(9), over: 4.0, do: [Focus([])], camera: Shot(yaw: -20, frame: [Input])),
                Run(to: Start, over: 2.0, do: [Hide([Filter(1), OutputChannel(2)])]),
                Run(to: End, over: 3.0, do: [Formula(Hide), Show([Filters])]),
            ],
        ),
        Scene(
            title: (en: "B", ja: "乙"),
            from: Filter(1),
            beats: [Hold(1.0), Run(to: End, over: 3.0, do: [Formula(Shape)])],
        ),
    ],
)"#;

const POOLS_AND_SHUFFLES: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    scenes: [
        Scene(
            title: (en: "Max", ja: "最大"),
            input: (shape: (2, 5, 5), fill: Random(seed: 3)),
            layers: [MaxPool2d(kernel: (2, 2), stride: (2, 2), padding: (1, 1), ceil_mode: true)],
            beats: [
                Run(to: Phase(step: 0, phase: Compare), over: 3.0, do: [Formula(Value), Focus([Kernel, Input])]),
                Run(to: End, over: 3.0, do: [Focus([])]),
            ],
        ),
        Scene(
            title: (en: "Mean", ja: "平均"),
            input: (shape: (2, 5, 5), fill: Random(seed: 3)),
            layers: [AvgPool2d(kernel: (3, 2))],
            beats: [Run(to: Step(2), over: 6.0, do: [Formula(Value)]), Run(to: End, over: 2.0)],
        ),
        Scene(
            title: (en: "Shuffle", ja: "シャッフル"),
            input: (shape: (12, 2, 3), fill: Ramp),
            layers: [PixelShuffle(factor: 2)],
            beats: [Run(to: Step(3), over: 6.0, do: [Formula(Value)]), Run(to: End, over: 4.0, do: [Hide([OutputChannel(1)])])],
        ),
        Scene(
            title: (en: "Unshuffle", ja: "アンシャッフル"),
            input: (shape: (2, 6, 3), fill: Count),
            layers: [PixelUnshuffle(factor: 3)],
            beats: [Run(to: End, over: 4.0)],
        ),
    ],
)"#;

/// An app with everything but a renderer and a window.
fn app(lesson: &Arc<Lesson>, timeline: &Arc<Timeline>) -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, TransformPlugin))
        .add_plugins((
            tensorama::playback::plugin,
            tensorama::stage::plugin,
            tensorama::camera::plugin,
        ))
        .insert_resource(Show::new(lesson.clone(), timeline.clone()));
    app.world_mut().spawn(tensorama::camera::stage_camera());
    app
}

fn go(app: &mut App, time: f64) {
    app.world_mut().resource_mut::<Playhead>().time = time;
    app.update();
}

/// All that a person sees.
#[derive(Debug, PartialEq)]
struct Seen {
    elements: BTreeMap<(Role, u32), (Transform, CubeAppearance)>,
    caption: Option<String>,
    chapter: String,
    formula: Option<Vec<String>>,
    pose: CameraPose,
    camera: (Transform, f32),
    /// What is drawn, in its order.
    drawn: Drawn,
}

/// Cubes, their reflections, shadows and walls, from back to front.
#[derive(Debug, PartialEq)]
struct Drawn {
    cubes: Vec<Cube>,
    mirrored: Vec<Cube>,
    shadows: Vec<Shadow>,
    walls: Vec<WallInstance>,
}

fn see(app: &mut App) -> Seen {
    let world = app.world_mut();
    let mut elements = BTreeMap::new();
    for (element, transform, look) in world
        .query::<(&Element, &Transform, &CubeAppearance)>()
        .iter(world)
    {
        // A cube without size cannot be seen, wherever it is and whatever its colour.
        let seen = if transform.scale.x == 0.0 {
            (Transform::from_scale(Vec3::ZERO), CubeAppearance::default())
        } else {
            (*transform, *look)
        };
        assert!(
            elements
                .insert((element.role, element.index), seen)
                .is_none()
        );
    }
    let mut captions = world.query_filtered::<(&Text, &ChildOf), With<CaptionText>>();
    let (caption, panel) = captions
        .single(world)
        .map(|(text, parent)| (text.0.clone(), parent.parent()))
        .unwrap();
    let caption =
        (*world.get::<Visibility>(panel).unwrap() != Visibility::Hidden).then_some(caption);
    let chapter = world
        .query_filtered::<&Text, With<ChapterTitle>>()
        .single(world)
        .unwrap()
        .0
        .clone();
    let (card, visibility) = world
        .query_filtered::<(Entity, &Visibility), With<FormulaCard>>()
        .single(world)
        .unwrap();
    let formula = (*visibility != Visibility::Hidden).then(|| {
        let mut texts = Vec::new();
        collect_texts(world, card, &mut texts);
        texts
    });
    let (transform, projection) = world
        .query_filtered::<(&Transform, &Projection), With<Camera3d>>()
        .single(world)
        .unwrap();
    let Projection::Orthographic(parallel) = projection else {
        panic!("{projection:?}")
    };
    let camera = (*transform, parallel.scale);
    let list = world.resource::<DrawList>();
    let drawn = Drawn {
        cubes: list.cubes.iter().copied().collect(),
        mirrored: list.mirrored.iter().copied().collect(),
        shadows: list.shadows.clone(),
        walls: list.walls.clone(),
    };
    Seen {
        elements,
        caption,
        chapter,
        formula,
        pose: *world.resource::<CameraPose>(),
        camera,
        drawn,
    }
}

fn collect_texts(world: &World, entity: Entity, texts: &mut Vec<String>) {
    if let Some(text) = world.get::<Text>(entity) {
        texts.push(text.0.clone());
    }
    for child in world.get::<Children>(entity).into_iter().flatten() {
        collect_texts(world, *child, texts);
    }
}

/// Seeks about in one app and compares each place with an app that was opened there.
fn seeks_agree(source: &str, language: Language, seeks: u32) {
    let lesson = lesson::read("lesson.ron", source)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0;
    let lesson = Arc::new(lesson);
    let timeline = Arc::new(Timeline::new(
        &lesson,
        language,
        &estimated_speeches(&lesson, language),
    ));
    let mut travelled = app(&lesson, &timeline);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let times = 0.0..timeline.duration;
    let mut scenes = std::collections::BTreeSet::new();
    for _ in 0..seeks {
        use proptest::strategy::{Strategy, ValueTree};
        let time = times.new_tree(&mut runner).unwrap().current();
        scenes.insert(timeline.scene_at(time));
        // The last bit of the way frame by frame, where only what changes is looked at.
        for frames in (0..4).rev() {
            go(&mut travelled, (time - f64::from(frames) / 30.0).max(0.0));
        }
        let mut fresh = app(&lesson, &timeline);
        go(&mut fresh, time);
        let (travelled, fresh) = (see(&mut travelled), see(&mut fresh));
        assert!(
            travelled == fresh,
            "at {time} s: {}",
            difference(&travelled, &fresh)
        );
    }
    assert_eq!(scenes.len(), lesson.scenes.len(), "each scene is seen");
}

fn difference(a: &Seen, b: &Seen) -> String {
    for (key, value) in &a.elements {
        if b.elements.get(key) != Some(value) {
            return format!("{key:?}: {value:?} against {:?}", b.elements.get(key));
        }
    }
    if a.drawn != b.drawn {
        return format!("what is drawn: {:?} against {:?}", a.drawn, b.drawn);
    }
    format!(
        "{:?} {:?} {:?} {:?} against {:?} {:?} {:?} {:?}",
        a.caption, a.chapter, a.formula, a.camera, b.caption, b.chapter, b.formula, b.camera
    )
}

#[test]
fn a_thousand_seeks_forwards_and_backwards_show_what_opening_there_shows() {
    seeks_agree(
        include_str!("../lessons/convolution.ron"),
        Language::En,
        400,
    );
    seeks_agree(PADDED, Language::Ja, 200);
    seeks_agree(POOLS_AND_SHUFFLES, Language::En, 200);
    seeks_agree(ALL_OPERATIONS, Language::Ja, 500);
}

#[test]
fn every_element_has_an_entity_of_its_own() {
    let lesson = Arc::new(lesson::read("lesson.ron", PADDED).unwrap().0);
    let timeline = Arc::new(Timeline::new(
        &lesson,
        Language::En,
        &estimated_speeches(&lesson, Language::En),
    ));
    let mut app = app(&lesson, &timeline);
    go(&mut app, 0.0);
    let count = |app: &mut App, role: Role| {
        let world = app.world_mut();
        world
            .query::<&Element>()
            .iter(world)
            .filter(|element| element.role == role)
            .count()
    };
    assert_eq!(count(&mut app, Role::Tensor(0)), 4 * 5 * 5);
    assert_eq!(count(&mut app, Role::Filter(0)), 4 * 2 * 3 * 2);
    assert_eq!(count(&mut app, Role::Kernel(0)), 2 * 3 * 2);
    assert_eq!(count(&mut app, Role::Product(0)), 2 * 3 * 2);
    let output = lesson.scenes[0].staging.tensors[1].data().len();
    assert_eq!(count(&mut app, Role::Tensor(1)), output);
    let all = app.world().resource::<Stage>().element_count();
    let world = app.world_mut();
    assert_eq!(world.query::<&Element>().iter(world).count(), all);
    // Another scene leaves nothing of the first one behind.
    go(&mut app, timeline.duration);
    let all = app.world().resource::<Stage>().element_count();
    let world = app.world_mut();
    assert_eq!(world.query::<&Element>().iter(world).count(), all);
}

#[test]
fn at_the_end_the_output_shows_what_the_engine_computed() {
    let source = include_str!("../lessons/convolution.ron");
    let lesson = Arc::new(lesson::read("lesson.ron", source).unwrap().0);
    let timeline = Arc::new(Timeline::new(
        &lesson,
        Language::En,
        &estimated_speeches(&lesson, Language::En),
    ));
    let mut app = app(&lesson, &timeline);
    go(&mut app, timeline.duration);
    let output = &lesson.scenes.last().unwrap().staging.tensors[1];
    let world = app.world_mut();
    let mut shown = 0;
    let mut elements = world.query::<(&Element, &Transform, &tensorama::stage::elements::Value)>();
    for (element, transform, value) in elements.iter(world) {
        if element.role == Role::Tensor(1) {
            assert_eq!(value.0, output.data()[element.index as usize]);
            assert!(transform.scale.x > 0.9, "{element:?} {transform:?}");
            shown += 1;
        }
    }
    assert_eq!(shown, 64);
}

#[test]
fn a_shuffle_carries_every_cube_to_its_place_in_the_output() {
    let lesson = Arc::new(lesson::read("lesson.ron", POOLS_AND_SHUFFLES).unwrap().0);
    let speeches = estimated_speeches(&lesson, Language::En);
    let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
    let mut app = app(&lesson, &timeline);
    go(&mut app, timeline.duration);
    let scene = lesson.scenes.last().unwrap();
    let layout = &timeline.scenes.last().unwrap().layout;
    let [input, output] = &scene.staging.tensors[..] else {
        panic!("one layer")
    };
    let world = app.world_mut();
    let mut places = std::collections::BTreeSet::new();
    for (element, transform) in world.query::<(&Element, &Transform)>().iter(world) {
        if element.role != Role::Tensor(0) {
            continue;
        }
        // The cube stands where the output holds its value; each value is there once.
        let value = input.data()[element.index as usize];
        let offset = output
            .data()
            .iter()
            .position(|other| *other == value)
            .unwrap();
        let [channel, row, column] = output
            .shape()
            .chw_index(offset)
            .unwrap()
            .map(|at| at as isize);
        let place = layout.tensors[1].position(channel, row, column);
        assert!(transform.translation.distance(place) < 1e-4, "{element:?}");
        assert!(transform.scale.x > 0.9);
        assert!(places.insert(offset));
    }
    assert_eq!(places.len(), output.data().len());
}

/// All operations, as the tests show them.
fn all_operations() -> (Arc<Lesson>, Arc<Timeline>) {
    let lesson = lesson::read("all-operations.ron", ALL_OPERATIONS)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0;
    let lesson = Arc::new(lesson);
    let speeches = estimated_speeches(&lesson, Language::En);
    let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
    (lesson, timeline)
}

#[test]
fn what_lights_up_is_what_the_step_reads() {
    let (lesson, timeline) = all_operations();
    let mut app = app(&lesson, &timeline);
    let mut seen = std::collections::BTreeSet::new();
    let mut time = 0.0;
    while time < timeline.duration {
        go(&mut app, time);
        time += 0.23;
        let mut read: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let stage = app.world().resource::<Stage>();
        for moment in stage
            .moments()
            .unwrap()
            .iter()
            .zip(&stage.model.staged_layers)
        {
            let (moment, layer) = moment;
            let at_rest = moment.finished || moment.done == 0 && moment.travel == 0.0;
            if layer.style != VisualStyle::Gather || at_rest {
                continue;
            }
            // Between two steps both glow; what is read shows when it is read.
            if moment.travel < 1.0 || moment.emit > 0.0 {
                continue;
            }
            seen.insert(layer.plan.layer().name());
            let tensor = |number: usize| read.get(&number).cloned().unwrap_or_default();
            let (mut first, mut second) = (tensor(layer.input), Vec::new());
            for term in moment.step.terms() {
                let other = match term.source {
                    TermSource::Element(at) => {
                        first.push(layer.plan.input_shape().chw_offset(at).unwrap());
                        None
                    }
                    TermSource::Other { at, .. } => Some(at),
                    _ => None,
                };
                let factor = term.factor.map(|(_, at)| at);
                for at in other.into_iter().chain(factor) {
                    let shape = layer.plan.input_shapes().nth(1).unwrap();
                    second.push(shape.chw_offset(at).unwrap());
                }
            }
            match layer.other {
                Some(other) if other != layer.input => {
                    read.insert(other, second);
                }
                _ => first.extend(second),
            }
            read.insert(layer.input, first);
        }
        for (tensor, mut read) in read {
            let entities = stage.entities(Role::Tensor(tensor as u16));
            let glows =
                |entity: &Entity| app.world().get::<CubeAppearance>(*entity).unwrap().glow > 0;
            let lit = entities
                .iter()
                .enumerate()
                .filter(|(_, entity)| glows(entity));
            let lit: Vec<usize> = lit.map(|(index, _)| index).collect();
            read.sort_unstable();
            read.dedup();
            assert_eq!(lit, read, "at {time}");
        }
    }
    for name in [
        "Linear",
        "Softmax",
        "GroupNorm",
        "Mean",
        "Conv3d",
        "MatMul",
        "MaxPool3d",
    ] {
        assert!(seen.contains(name), "{name} among {seen:?}");
    }
}

#[test]
fn every_operation_ends_with_what_the_engine_computed() {
    let (lesson, timeline) = all_operations();
    let mut app = app(&lesson, &timeline);
    let mut shown = 0;
    for (number, (scene, span)) in lesson.scenes.iter().zip(&timeline.scenes).enumerate() {
        // The last moment before the scene fades.
        let mut time = span.end;
        while time > span.start {
            go(&mut app, time);
            let sample = app.world().resource::<CurrentSample>().0.clone().unwrap();
            if sample.scene == number && sample.scene_opacity >= 1.0 {
                break;
            }
            time -= 0.05;
        }
        let staging = &scene.staging;
        let world = app.world();
        let stage = world.resource::<Stage>();
        let moments = stage.moments().unwrap();
        for (layer, moment) in staging.staged_layers.iter().zip(moments) {
            // What is carried stands there as cubes of the input, and leaves when it is carried on.
            let leaves = staging
                .staged_layers
                .iter()
                .any(|reader| reader.input == layer.output && reader.style == VisualStyle::Carry);
            if leaves || layer.style == VisualStyle::Carry || !moment.finished {
                continue;
            }
            let output = &staging.tensors[layer.output];
            let block = span.layout.tensors[layer.output];
            let entities = stage.entities(Role::Tensor(layer.output as u16));
            for (index, entity) in entities.iter().enumerate() {
                let value = world
                    .get::<tensorama::stage::elements::Value>(*entity)
                    .unwrap();
                let transform = world.get::<Transform>(*entity).unwrap();
                assert_eq!(value.0.to_bits(), output.data()[index].to_bits());
                let at = output
                    .shape()
                    .chw_index(index)
                    .unwrap()
                    .map(|at| at as isize);
                let away = transform.translation.distance(block.position_of(at));
                let name = layer.plan.layer().name();
                assert!(
                    away < 0.6 && transform.scale.x > 0.7,
                    "{name} {index}: {transform:?}"
                );
                shown += 1;
            }
        }
    }
    assert!(shown > 2000, "{shown}");
}
