//! Which operations a lesson shows, of all that the stage can show: a new one is missed until it is
//! shown.

use tensorama::lesson::{self, Lesson};
use tensorama::op::{Layer, OperationKind, UpsampleMode};

/// A scene of each operation that the stage can show, of what makes one look different, of a chain, of a
/// comparison and of each loop order.
pub const ALL_OPERATIONS: &str = include_str!("../lessons/all-operations.ron");

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

/// Operations and forms of them that a lesson does not show, though the stage can.
pub fn not_shown(lesson: &Lesson) -> Vec<&'static str> {
    let staged_layers = lesson
        .scenes
        .iter()
        .flat_map(|scene| &scene.staging.staged_layers);
    let shown: Vec<&Layer> = staged_layers
        .map(|staged_layer| staged_layer.plan.layer())
        .collect();
    let operations = OperationKind::ALL.iter().copied().filter(|kind| {
        let can_be_shown = kind.layer().operation().visual_style().is_some();
        can_be_shown && !shown.iter().any(|layer| layer.kind() == *kind)
    });
    let forms = FORMS
        .iter()
        .filter(|(_, is)| !shown.iter().any(|layer| is(layer)));
    operations
        .map(OperationKind::name)
        .chain(forms.map(|(name, _)| *name))
        .collect()
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
