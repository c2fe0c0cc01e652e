//! Which operations a lesson shows, of all that there are: the list is that of the names by which lessons
//! know them, so that a new one is missed until it is shown.

use std::collections::BTreeSet;

use tensorama::lesson::{self, Lesson};
use tensorama::op::{Layer, UpsampleMode};

/// A scene of each operation that the stage can show, of what makes one look different, of a chain, of a
/// comparison and of each loop order.
pub const ALL_OPERATIONS: &str = include_str!("../lessons/all-operations.ron");

/// Names of several layers, or of a layer by another name.
const OF_OTHERS: [&str; 3] = ["DepthwiseSeparable", "Sequential", "Preset"];

/// What the stage cannot show, as a lesson would ask for it.
const UNSHOWN: [(&str, &str); 2] = [
    ("Conv1d", "Conv1d(filters: 2, kernel: 3)"),
    ("Conv3d", "Conv3d(filters: 2, kernel: (1, 2, 2))"),
];

/// What makes an operation look different from what it is by default.
const FORMS: [(&str, fn(&Layer) -> bool); 5] = [
    ("a dilation", |layer| match layer {
        Layer::Conv2d(layer) => layer.dilation != (1, 1),
        _ => false,
    }),
    ("groups", |layer| match layer {
        Layer::Conv2d(layer) => layer.groups > 1,
        _ => false,
    }),
    ("a stride", |layer| match layer {
        Layer::Conv2d(layer) => layer.stride != (1, 1),
        _ => false,
    }),
    ("padding by values", |layer| match layer {
        Layer::Conv2d(layer) => layer.padding_mode != Default::default(),
        _ => false,
    }),
    ("bilinear interpolation", |layer| match layer {
        Layer::Upsample(layer) => layer.mode == UpsampleMode::Bilinear,
        _ => false,
    }),
];

/// The names of all operations.
fn names() -> &'static [&'static str] {
    match ron::from_str::<Layer>("NoSuchOperation").unwrap_err().code {
        ron::Error::NoSuchEnumVariant { expected, .. } => expected,
        other => panic!("{other}"),
    }
}

/// Operations and forms of them that a lesson does not show, though the stage can.
pub fn not_shown(lesson: &Lesson) -> Vec<&'static str> {
    let stations = lesson
        .scenes
        .iter()
        .flat_map(|scene| &scene.staging.stations);
    let shown: Vec<&Layer> = stations.map(|station| station.plan.layer()).collect();
    let by_name: BTreeSet<&str> = shown.iter().map(|layer| layer.name()).collect();
    let operations = names().iter().copied().filter(|name| {
        let known = UNSHOWN.iter().any(|(unshown, _)| unshown == name);
        !by_name.contains(name) && !known && !OF_OTHERS.contains(name)
    });
    let forms = FORMS
        .iter()
        .filter(|(_, is)| !shown.iter().any(|layer| is(layer)));
    operations.chain(forms.map(|(name, _)| *name)).collect()
}

/// What is said above to be no operation that the stage can show is none.
#[test]
fn what_is_not_shown_cannot_be() {
    for (name, written) in UNSHOWN {
        assert!(names().contains(&name), "{name}");
        let source = format!(
            r#"Lesson(title: (en: "T", ja: "題"), input: (shape: (1, 4, 4)), layers: [{written}],
                scenes: [Scene(title: (en: "S", ja: "場"), beats: [Hold(1.0)])])"#
        );
        assert!(lesson::read("lesson.ron", &source).is_err(), "{name}");
    }
    for name in OF_OTHERS {
        assert!(names().contains(&name), "{name}");
    }
}

#[test]
fn each_operation_is_shown() {
    let (lesson, _) = lesson::read("all-operations.ron", ALL_OPERATIONS)
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(not_shown(&lesson), [""; 0]);
    // A lesson without them is told of.
    let mut less = lesson;
    less.scenes.retain(|scene| scene.title.en != "average pool");
    assert_eq!(not_shown(&less), ["AvgPool2d"]);
}
