//! How a workbench is opened: with a setup that was asked for, or with the layers of a lesson's scene.

use std::convert::Infallible;
use std::path::Path;

use bevy::prelude::*;

use super::interaction::InteractionState;
use super::saved_workbenches::{SavedWorkbench, SavedWorkbenches};
use super::session::{Explorer, Origin};
use super::words::{self, Word};
use crate::camera::{CameraPose, ProjectionMode};
use crate::explore::network_part::PartField;
use crate::explore::{ElementRef, Setup, Way, Workbench};
use crate::language::Message;
use crate::lesson::Scene;
use crate::playback::{CurrentSample, Playhead, Show};
use crate::timeline::Place;
use crate::ui::{ExploreLayer, Library, Screen, Settings, go_to};

/// Opens the workbench.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct OpenWorkbench {
    /// What is put on it.
    pub setup: Setup,
    /// How it is seen at first.
    pub view: FirstView,
    /// The elements that are pinned.
    pub pins: Vec<ElementRef>,
    /// The lesson that one comes from, by its place in the library, and where one was in it.
    pub lesson: Option<(usize, Place)>,
    /// What its layers read of the input of the network that they were taken from.
    pub part_field: Option<PartField>,
    /// Where the setup is looked for in the history of the workbench that is there, or of one that was left;
    /// `None` puts it on a new one.
    pub history: Option<Way>,
}

/// How the workbench is seen at first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FirstView {
    /// Where the camera stands; without, it sees everything.
    pub pose: Option<CameraPose>,
    /// The size of the window in which it stood there; in one of another size all is framed anew.
    pub window: Option<Vec2>,
    /// How far channels are pulled apart.
    pub spread: f32,
    /// The channels that are shown.
    pub slice: Option<(usize, usize)>,
    /// Visits that are done.
    pub position: f64,
    /// Perspective instead of a parallel view.
    pub perspective: bool,
}

/// Opens the workbench with the layer of the lesson that is on show, or takes up again what was
/// left: from that lesson's layer, or, from the list of lessons, last.
pub(super) fn open_from_lesson(
    mut commands: Commands,
    mut asked: MessageReader<ExploreLayer>,
    show: Option<Res<Show>>,
    now: Res<CurrentSample>,
    playhead: Res<Playhead>,
    library: Res<Library>,
    settings: Res<Settings>,
    mut kept: ResMut<SavedWorkbenches>,
    mut projection_mode: ResMut<ProjectionMode>,
    (screen, mut next): (Res<State<Screen>>, ResMut<NextState<Screen>>),
    mut open: MessageWriter<OpenWorkbench>,
) {
    for ExploreLayer in asked.read() {
        let mut again = |found: SavedWorkbench, lesson| {
            *projection_mode = found.projection_mode;
            let mut explorer = Explorer::again(found, lesson);
            explorer.interaction.note = Some(Word::FoundAgain.text(settings.language).to_owned());
            commands.insert_resource(explorer);
            go_to(&mut next, Screen::Explore);
        };
        if *screen.get() == Screen::Lessons {
            match kept.take_last() {
                Some(found) => again(found, None),
                None => {
                    open.write(OpenWorkbench {
                        setup: Setup::default(),
                        view: FirstView::default(),
                        pins: Vec::new(),
                        lesson: None,
                        part_field: None,
                        history: None,
                    });
                }
            }
            continue;
        }
        let (Some(show), Some(sample)) = (&show, &now.0) else {
            continue;
        };
        let Some(scene) = show.lesson.scenes.get(sample.scene) else {
            continue;
        };
        let folder = library.open_path().and_then(Path::parent);
        let Some(setup) = setup_of(scene, folder) else {
            continue;
        };
        let place = library.open_place();
        let lesson = place.map(|place| (place, show.timeline.place_at(playhead.time)));
        if let Some(found) = kept.take_from(place, &setup) {
            again(found, lesson);
            continue;
        }
        open.write(OpenWorkbench {
            setup,
            view: FirstView::default(),
            pins: Vec::new(),
            lesson,
            part_field: None,
            history: None,
        });
    }
}

/// The setup of a lesson's scene: its first side. A file is named from where the program stands.
#[must_use]
pub fn setup_of(scene: &Scene, folder: Option<&Path>) -> Option<Setup> {
    let staging = &scene.staging;
    let side = staging.sides.first()?;
    let staged_layers = staging.staged_layers.get(side.staged_layers.clone())?;
    let input = staging.tensors.get(side.tensors.start)?;
    let layers: Vec<_> = staged_layers
        .iter()
        .map(|staged_layer| staged_layer.plan.layer().clone())
        .collect();
    let mut setup = Setup::new(&layers, input.shape(), side.fill.clone()).ok()?;
    setup.order = side.order;
    let Some(folder) = folder else {
        return Some(setup);
    };
    let whole = setup.with_files(|name| -> Result<String, Infallible> {
        Ok(folder.join(name).to_string_lossy().into_owned())
    });
    whole.ok()
}

/// Puts a setup on the workbench, and goes there.
pub(super) fn open_workbench(
    mut commands: Commands,
    mut opened: MessageReader<OpenWorkbench>,
    mut screen: ResMut<NextState<Screen>>,
    mut projection_mode: ResMut<ProjectionMode>,
    settings: Res<Settings>,
    mut kept: ResMut<SavedWorkbenches>,
    present: Option<Res<Explorer>>,
) {
    let Some(open) = opened.read().last() else {
        return;
    };
    let found = open
        .history
        .and_then(|way| revisited(&open.setup, way, present.as_deref(), &mut kept));
    let is_new = found.is_none();
    let (mut workbench, origin, interaction) = found.unwrap_or_else(|| {
        let origin = Origin {
            setup: open.setup.clone(),
            part_field: open.part_field.clone(),
        };
        (
            Workbench::new(open.setup.clone()),
            origin,
            InteractionState::default(),
        )
    });
    let mut note = None;
    // Nothing could be seen: take what is offered, and say why.
    if workbench.valid().is_none() {
        let problem = workbench
            .problem()
            .map(|problem| problem.say(settings.language));
        note = problem;
        match workbench.offers().into_iter().next() {
            Some(offer) => {
                let taken = words::offer(offer.kind, settings.language);
                note = note.map(|why| format!("{taken}: {why}"));
                workbench = Workbench::new(offer.setup);
            }
            None => workbench = Workbench::new(Setup::default()),
        }
    }
    if note.is_none() && is_new && kept.last().is_some() {
        note = Some(Word::Before.text(settings.language).to_owned());
    }
    let mut explorer = Explorer::new(workbench);
    explorer.origin = origin;
    explorer.interaction = InteractionState {
        hovered: None,
        pins: open.pins.clone(),
        looped: None,
        spread: open.view.spread,
        slice: open.view.slice,
        paste_problem: None,
        note,
        from_lesson: open.lesson.is_some(),
        ..interaction
    };
    explorer.lesson = open.lesson;
    explorer.place = Some(open.view.position);
    explorer.first = Some(open.view.pose);
    explorer.window = open.view.window;
    *projection_mode = if open.view.perspective {
        ProjectionMode::Perspective
    } else {
        ProjectionMode::Parallel
    };
    commands.insert_resource(explorer);
    go_to(&mut screen, Screen::Explore);
}

/// The workbench that is there, or one that was left and knows a setup, with the setup on it; besides, what was
/// put on it first, and what was in the hand.
fn revisited(
    setup: &Setup,
    way: Way,
    present: Option<&Explorer>,
    kept: &mut SavedWorkbenches,
) -> Option<(Workbench, Origin, InteractionState)> {
    let (mut workbench, origin, interaction) = match present {
        Some(present) => (
            present.workbench.clone(),
            present.origin.clone(),
            present.interaction.clone(),
        ),
        None => {
            let found = kept.take_with(setup)?;
            (found.workbench, found.origin, found.interaction)
        }
    };
    workbench.revisit(setup, way);
    Some((workbench, origin, interaction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Fill;

    #[test]
    fn a_lesson_s_scene_becomes_a_setup() {
        let text = r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(
            title: (en: "A", ja: "甲"), input: (shape: (4, 6, 6), fill: Random(seed: 3)), order: PositionMajor,
            layers: [Depthwise(kernel: (3, 3)), Pointwise(filters: 6)], beats: [Hold(1.0)])])"#;
        let (lesson, _) = crate::lesson::read("t.ron", text).unwrap();
        let setup = setup_of(&lesson.scenes[0], None).unwrap();
        assert_eq!(setup.fill, Fill::Random { seed: 3 });
        assert_eq!(setup.layers.len(), 2);
        assert_eq!(setup.order, crate::op::LoopOrder::PositionMajor);
        assert!(Workbench::new(setup).problem().is_none());
        // A layer that has only one order leaves the order that was asked for to those that come after.
        let layers = text.replace("Depthwise(kernel: (3, 3)), Pointwise(filters: 6)", "ReLU");
        let (lesson, _) = crate::lesson::read("t.ron", &layers).unwrap();
        let setup = setup_of(&lesson.scenes[0], None).unwrap();
        assert_eq!(setup.order, crate::op::LoopOrder::PositionMajor);
    }

    fn shape(axes: &[usize]) -> crate::tensor::Shape {
        crate::tensor::Shape::new(axes).unwrap()
    }

    /// A picture, a file of numbers, and one with a tensor by name, of one plane of 3 × 3.
    fn write_files(folder: &Path) {
        let tensor = Fill::Count.make(&shape(&[1, 1, 3, 3])).unwrap();
        let bytes = crate::tensor::files::write_npy(&tensor);
        std::fs::write(folder.join("x.npy"), bytes).unwrap();
        image::GrayImage::from_fn(3, 3, |x, y| image::Luma([(40 * x + 60 * y) as u8]))
            .save(folder.join("x.png"))
            .unwrap();
        let header = r#"{"w":{"dtype":"F32","shape":[1,1,3,3],"data_offsets":[0,36]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        bytes.extend(tensor.data().iter().flat_map(|value| value.to_le_bytes()));
        std::fs::write(folder.join("x.safetensors"), bytes).unwrap();
    }

    #[test]
    fn a_lesson_s_fills_are_on_the_workbench_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path());
        let named = |file: String| Fill::Named {
            file,
            tensor: "w".to_owned(),
        };
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let anywhere = [
            Fill::Ramp,
            Fill::Count,
            Fill::Random { seed: 99 },
            Fill::Uniform { seed: 1_000 },
            Fill::Checkerboard,
            Fill::Impulse { at: None },
            Fill::Impulse {
                at: Some([0, 1, 2]),
            },
            Fill::Constant(1.0),
            Fill::Constant(-2.5),
            // The same numbers as `Ramp` has, and still not `Ramp`.
            Fill::Values(vec![0.0, 1.0, 2.0, 1.0, 2.0, 3.0, 2.0, 3.0, 4.0]),
            Fill::Identity,
            Fill::BoxBlur,
            Fill::Gaussian,
            Fill::SobelX,
            Fill::SobelY,
            Fill::Laplacian,
            Fill::Sharpen,
            Fill::Emboss,
        ];
        let in_folder = [
            (Fill::Image("x.png".to_owned()), Fill::Image(path("x.png"))),
            (Fill::File("x.npy".to_owned()), Fill::File(path("x.npy"))),
            (
                named("x.safetensors".to_owned()),
                named(path("x.safetensors")),
            ),
        ];
        let fills = anywhere.into_iter().map(|fill| (fill.clone(), fill));
        for (fill, expected) in fills.chain(in_folder) {
            let fill = ron::to_string(&fill).unwrap();
            // Kernels by name are for weights, and pictures for inputs.
            let can_be = |axes: &[usize]| expected.make(&shape(axes)).is_ok();
            let (as_input, as_weights) = (can_be(&[1, 3, 3]), can_be(&[1, 1, 3, 3]));
            assert!(as_input || as_weights, "{fill}");
            let input = if as_input { &*fill } else { "Ramp" };
            let weights = if as_weights { &*fill } else { "Ramp" };
            let text = format!(
                r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "A", ja: "甲"),
                input: (shape: (1, 3, 3), fill: {input}),
                layers: [Conv2d(filters: 1, kernel: (3, 3), weights: {weights})], beats: [Hold(1.0)])])"#
            );
            let file = folder.path().join("t.ron");
            std::fs::write(&file, &text).unwrap();
            let setup = crate::ui::explore::saved_workbenches::read_setup(
                &file,
                crate::disk::Reach::Folder,
            );
            let setup = setup.unwrap_or_else(|why| panic!("{fill}: {why}"));
            if as_input {
                assert_eq!(setup.fill, expected);
            }
            if as_weights {
                assert_eq!(setup.layers[0].fill("weight"), Some(&expected));
            }
            let workbench = Workbench::new(setup);
            assert!(
                workbench.problem().is_none(),
                "{fill}: {:?}",
                workbench.problem()
            );
        }
    }
}
