//! A whole network in an app without a window: whatever is done on the way down to a product and up again, what stands
//! on the stage is what the engine computes, and nothing is left over.

mod windowless;

use std::collections::BTreeSet;
use std::path::Path;

use bevy::prelude::*;
use tensorama::camera::{CameraMode, CameraPose};
use tensorama::explore::network_view::{Measure, NetworkView};
use tensorama::explore::{Edit, Parameter};
use tensorama::lesson::Language;
use tensorama::network::map::{RunNetwork, in_cells};
use tensorama::network::{EditedBefore, Graph, Keep, LayerEdits, Subject, ValueId};
use tensorama::op::Padding;
use tensorama::playback::Show;
use tensorama::stage::draw::Boxes;
use tensorama::stage::elements::{Element, Stage};
use tensorama::stage::labels::Label;
use tensorama::stage::network::NetworkHighlight;
use tensorama::tensor::{Fill, NumberFormat, Preprocess, Random, Shape, Tensor};
use tensorama::ui::explore::{
    BenchAction, Explorer, SessionAction, SetupAction, TransportAction, session as workbench,
};
use tensorama::ui::network::{LeftNetwork, NetworkAction, NetworkExplorer, OpenNetwork, session};
use tensorama::ui::{ExploreNetwork, Screen, Settings};

/// Residual blocks, a pool and a product: units that open, and layers that the workbench takes.
const NET: &str = "
import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)) + x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.first = Block()
        self.pool = nn.MaxPool2d(2)
        self.second = Block()
        self.head = nn.Linear(64, 3)

    def forward(self, x):
        x = self.second(self.pool(self.first(F.relu(self.stem(x)))))
        return self.head(torch.flatten(x, 1))
";

fn network() -> NetworkView {
    let subject = Subject::parse(NET).unwrap();
    let graph = subject.graph(&Shape::new(&[3, 8, 8]).unwrap()).unwrap();
    let input = |&id: &ValueId| {
        let shape = graph.value(id).shape.unwrap();
        (id, Fill::Uniform { seed: 2 }.make(&shape).unwrap())
    };
    let inputs: Vec<(ValueId, Tensor)> = graph.inputs().iter().map(input).collect();
    let run = RunNetwork::new(graph, &inputs).unwrap();
    NetworkView::new("net".to_owned(), run, inputs)
}

/// An app with the sessions of a network and of the workbench.
fn app() -> App {
    let mut app = windowless::app();
    app.add_plugins((workbench::plugin, session::plugin));
    app
}

fn updates(app: &mut App, count: usize) {
    (0..count).for_each(|_| app.update());
}

fn screen(app: &App) -> Screen {
    *app.world().resource::<State<Screen>>().get()
}

/// Opens the network as it comes, wherever one is.
fn open(app: &mut App, folder: &Path) {
    app.world_mut()
        .write_message(OpenNetwork(Box::new(network())));
    updates(app, 3);
    assert_eq!(screen(app), Screen::Network);
    let mut explorer = app.world_mut().resource_mut::<NetworkExplorer>();
    explorer.folder = folder.to_owned();
}

fn do_here(app: &mut App, action: NetworkAction) {
    app.world_mut().write_message(action);
    updates(app, 3);
}

fn view(app: &App) -> &NetworkView {
    &app.world().resource::<NetworkExplorer>().view
}

/// Every value that a run of the edited network from the start gives.
fn from_the_start(view: &NetworkView, base: &Graph) -> Vec<(ValueId, Vec<f32>)> {
    let none = LayerEdits::new();
    let unedited = EditedBefore {
        graph: base,
        stale: &[],
        edits: &none,
    };
    let made = base.edited(view.edits(), unedited);
    let values = made.graph.run(view.inputs(), Keep::All).unwrap();
    let all = made.graph.values().filter_map(|(id, _)| {
        let tensor = values.get(id)?;
        Some((id, tensor.data().to_vec()))
    });
    all.collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// What stands on the stage is what the engine computes, whichever screen there is.
fn check(app: &mut App, base: &Graph) {
    // What was asked for is done.
    updates(app, 3);
    let elements: Vec<Entity> = {
        let world = app.world_mut();
        let mut elements = world.query_filtered::<Entity, With<Element>>();
        elements.iter(world).collect()
    };
    match screen(app) {
        Screen::Network => {
            assert!(elements.is_empty(), "{} orphans", elements.len());
            check_map(app, base);
        }
        Screen::Explore => check_workbench(app, &elements),
        Screen::Lessons => {
            assert!(elements.is_empty(), "{} orphans", elements.len());
            assert!(app.world().resource::<Boxes>().list.is_empty());
            assert!(app.world().get_resource::<Show>().is_none());
        }
        other => panic!("nobody asked for {other:?}"),
    }
}

fn check_map(app: &App, base: &Graph) {
    let (view, show) = (view(app), app.world().resource::<Show>());
    let staged = view.staged();
    let shown = show.lesson.scenes[0].staging.network.as_ref().unwrap();
    assert!(std::ptr::eq(&**shown, staged), "another one");
    let Boxes { list: boxes, atlas } = app.world().resource::<Boxes>();
    let highlight = app.world().resource::<NetworkHighlight>();
    assert_eq!(highlight.selected, view.selected());
    let fits = view.misfits().is_empty();
    let right = if fits {
        from_the_start(view, base)
    } else {
        Vec::new()
    };
    assert_eq!(staged.map.blocks.len(), staged.tensors.len());
    for (number, block) in staged.map.blocks.iter().enumerate() {
        let drawn = &boxes[number];
        assert!(drawn.middle.distance(block.middle) < 1e-4, "{}", block.name);
        assert!(drawn.half.distance(block.half) < 1e-4, "{}", block.name);
        assert_eq!(drawn.opacity, 1.0, "{}", block.name);
        assert_eq!(drawn.glow > 0.5, view.selected() == Some(number));
        let tensor = staged.tensors[number].as_ref().unwrap();
        assert_eq!(block.shape.as_ref(), Some(tensor.shape()), "{}", block.name);
        // The front has a cell for each element of a channel.
        let [_, rows, columns] = in_cells(tensor.shape());
        let front = drawn.faces.unwrap()[5];
        assert_eq!(front.size.map(usize::from), [columns, rows]);
        // From near, each cell has the number of the channel in front.
        let near = drawn.front.unwrap();
        assert_eq!(near.size.map(|length| length as usize), [columns, rows]);
        assert_eq!((near.numbers, near.colored), (1, false), "{}", block.name);
        let first = staged.fronts[number] * rows * columns;
        let values = &tensor.data()[first..first + rows * columns];
        let format = NumberFormat::for_values(tensor.data());
        let glyphs: Vec<u32> = values.iter().map(|value| format.glyphs(*value)).collect();
        let words = &atlas.words[near.first as usize..][..values.len()];
        assert_eq!(words, glyphs, "{}", block.name);
        if fits {
            let (_, computed) = right.iter().find(|(id, _)| *id == block.value).unwrap();
            assert_eq!(bits(tensor.data()), bits(computed), "{}", block.name);
        }
    }
}

fn check_workbench(app: &App, elements: &[Entity]) {
    let world = app.world();
    let explorer = world.resource::<Explorer>();
    let valid = explorer.workbench.valid().unwrap();
    let show = world.resource::<Show>();
    let staging = &show.lesson.scenes[0].staging;
    assert!(staging.network.is_none());
    assert!(world.resource::<Boxes>().list.is_empty());
    assert_eq!(staging.staged_layers.len(), valid.chain.plans().len());
    for (staged_layer, plan) in staging.staged_layers.iter().zip(valid.chain.plans()) {
        let computed = plan.evaluate(&staged_layer.operands).unwrap();
        let shown = &staging.tensors[staged_layer.output];
        assert_eq!(bits(computed.data()), bits(shown.data()));
    }
    let stage = world.resource::<Stage>();
    let known: BTreeSet<Entity> = stage
        .model
        .roles()
        .iter()
        .flat_map(|role| stage.entities(*role).to_vec())
        .collect();
    assert_eq!(elements.len(), known.len());
    assert!(elements.iter().all(|element| known.contains(element)));
}

/// A change of a layer; of some, what comes behind no longer fits.
fn edit(random: &mut Random) -> Edit {
    let mut pick = |count: usize| random.below(count as u64) as usize;
    match pick(7) {
        0 => Edit::Both(Parameter::StrideRows, 1 + pick(3)),
        1 => Edit::Both(Parameter::KernelRows, 1 + pick(4)),
        2 => Edit::set(Parameter::Padding, Padding::Size(pick(3), pick(3))),
        3 => Edit::Both(Parameter::DilationRows, 1 + pick(3)),
        4 => Edit::Number(Parameter::Filters, pick(7)),
        5 => Edit::set(Parameter::Weights, Fill::Uniform { seed: 1 }),
        _ => Edit::Number(Parameter::Groups, pick(4)),
    }
}

/// Something that a person can do with the network, or that comes too late for what it was meant for.
fn any_move(random: &mut Random, view: &NetworkView, base: &Graph) -> NetworkAction {
    let shape = *view.input().unwrap().shape();
    let (blocks, nodes) = (view.staged().map.blocks.len(), base.nodes().len());
    let mut pick = |count: usize| random.below(count as u64) as usize;
    match pick(40) {
        0..=5 => NetworkAction::Select((pick(8) > 0).then(|| pick(blocks + 2))),
        6..=8 => NetworkAction::Step(pick(2) == 0),
        9..=13 => NetworkAction::Enter(pick(blocks + 2)),
        14..=16 => NetworkAction::Out,
        17..=19 => NetworkAction::Undo(pick(3) > 0),
        20 if pick(2) == 0 => NetworkAction::Go(pick(blocks + 2)),
        20 => NetworkAction::Whole,
        21 => NetworkAction::Workbench,
        22 => NetworkAction::Measure(Measure::ALL[pick(3)]),
        23 => NetworkAction::Layer(pick(nodes + 1)),
        24..=27 => NetworkAction::EditLayer(pick(nodes + 1), edit(random)),
        28 => NetworkAction::Settle,
        29 => NetworkAction::OwnWeights(pick(nodes + 1)),
        30 => NetworkAction::ResetLayer(pick(nodes + 1)),
        31 => NetworkAction::ResetLayers,
        32..=33 => NetworkAction::Channel(pick(6)),
        34 => NetworkAction::Place([pick(9), pick(9)]),
        35 => NetworkAction::Search(["", "conv", "Input", "畳", "no such"][pick(5)].to_owned()),
        36 => {
            let seed = pick(5) as u64;
            NetworkAction::Feed(Fill::Uniform { seed }.make(&shape).unwrap())
        }
        37 => NetworkAction::Preprocess(
            Preprocess::PRESETS[pick(Preprocess::PRESETS.len())]
                .parse()
                .unwrap(),
        ),
        38 => NetworkAction::Language([Language::En, Language::Ja][pick(2)]),
        _ if pick(6) == 0 => NetworkAction::Leave,
        _ => NetworkAction::ToggleStudio,
    }
}

fn any_deed(random: &mut Random) -> BenchAction {
    let part = f64::from(random.unit());
    match random.below(6) {
        0 => TransportAction::Step(part < 0.5).into(),
        1 => TransportAction::Position(part * 40.0).into(),
        2 => SetupAction::Edit(Edit::Number(Parameter::Filters, 1 + (part * 4.0) as usize)).into(),
        3 => SetupAction::Undo.into(),
        _ => SessionAction::Leave.into(),
    }
}

/// A camera somewhere, as it flies or a viewer's hand has it.
fn fly(random: &mut Random, app: &mut App) {
    let mut unit = || random.unit();
    let pose = CameraPose {
        centre: Vec3::new(unit(), unit(), unit()) * 40.0,
        yaw: unit() * 7.0 - 3.5,
        pitch: unit() * 3.0 - 1.5,
        height: 1.0 + unit() * 80.0,
    };
    *app.world_mut().resource_mut::<CameraMode>() = CameraMode::Free;
    *app.world_mut().resource_mut::<CameraPose>() = pose;
}

#[test]
fn ten_thousand_moves_leave_no_orphan_and_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let base = Graph::clone(&network().run().graph);
    let mut random = Random::new(16);
    let mut app = app();
    let counts = |app: &mut App| {
        open(app, folder.path());
        *app.world_mut().resource_mut::<Settings>() = Settings::default();
        updates(app, 3);
        let world = app.world_mut();
        let labels = world.query::<&Label>().iter(world).count();
        (labels, world.entities().count_spawned())
    };
    let (labels, entities) = counts(&mut app);
    assert!(labels > 0);
    let (mut benches, mut lists, mut misfits, mut opened) = (0, 0, 0, 0);
    for round in 0..10_000 {
        match screen(&app) {
            Screen::Network => {
                // Now and then several of them come in one frame, each meant for what was there before.
                for _ in 0..1 + random.below(12) / 10 {
                    // On the way out there is none any more.
                    let Some(explorer) = app.world().get_resource::<NetworkExplorer>() else {
                        break;
                    };
                    let action = any_move(&mut random, &explorer.view, &base);
                    app.world_mut().write_message(action);
                }
            }
            Screen::Explore => {
                benches += 1;
                let deed = any_deed(&mut random);
                app.world_mut().write_message(deed);
            }
            _ => {
                lists += 1;
                open(&mut app, folder.path());
            }
        }
        if round % 9 == 8 {
            fly(&mut random, &mut app);
        }
        app.update();
        if let Some(explorer) = app.world().get_resource::<NetworkExplorer>() {
            misfits += usize::from(!explorer.view.misfits().is_empty());
            opened += usize::from(explorer.view.open_units().next().is_some());
            let blocks = explorer.view.staged().map.blocks.len();
            let found = explorer.view.search(&explorer.search);
            assert!(found.iter().all(|number| *number < blocks));
            // From time to time the network as it came, so that not all of it is stale.
            if round % 50 == 49 && screen(&app) == Screen::Network {
                app.world_mut().write_message(NetworkAction::ResetLayers);
            }
        }
        if round % 25 == 0 {
            check(&mut app, &base);
        }
    }
    // Each way was gone.
    assert!(
        benches > 100 && lists > 10 && misfits > 100 && opened > 1000,
        "{benches} {lists} {misfits} {opened}"
    );
    check(&mut app, &base);
    let (labels_after, entities_after) = counts(&mut app);
    assert_eq!(labels_after, labels);
    // A card keeps what it told last.
    assert!(
        entities_after < entities + 200,
        "{entities}, then {entities_after}"
    );
    check(&mut app, &base);
}

#[test]
fn a_network_that_is_left_is_found_again_with_what_was_edited_and_opened() {
    let folder = tempfile::tempdir().unwrap();
    let base = Graph::clone(&network().run().graph);
    let mut app = app();
    open(&mut app, folder.path());
    let blocks = 0..view(&app).staged().map.blocks.len();
    for block in blocks {
        do_here(&mut app, NetworkAction::Select(Some(block)));
        if view(&app).staged().map.blocks[block].opens {
            do_here(&mut app, NetworkAction::Enter(block));
            break;
        }
    }
    let stem = base.nodes().iter().position(|node| node.plan().is_some());
    let wider = Edit::Number(Parameter::Filters, 6);
    do_here(&mut app, NetworkAction::EditLayer(stem.unwrap(), wider));
    let open_units = |app: &App| {
        view(app)
            .open_units()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (edits, units) = (view(&app).edits().clone(), open_units(&app));
    assert!(!edits.is_empty() && !units.is_empty());
    do_here(&mut app, NetworkAction::Leave);
    assert_eq!(screen(&app), Screen::Lessons);
    assert!(app.world().get_resource::<NetworkExplorer>().is_none());
    assert_eq!(
        app.world().resource::<LeftNetwork>().title().as_deref(),
        Some("net")
    );
    // Another one, in which nothing is done, takes its place on the screen and not in memory.
    app.world_mut().write_message(ExploreNetwork::Digits);
    updates(&mut app, 3);
    assert_eq!(view(&app).name, "digits");
    do_here(&mut app, NetworkAction::Leave);
    app.world_mut().write_message(ExploreNetwork::Left);
    updates(&mut app, 3);
    assert_eq!(screen(&app), Screen::Network);
    assert_eq!((view(&app).edits(), open_units(&app)), (&edits, units));
    check(&mut app, &base);
}

#[test]
fn what_goes_to_the_workbench_is_what_reaches_the_layer() {
    let folder = tempfile::tempdir().unwrap();
    let base = Graph::clone(&network().run().graph);
    let mut app = app();
    open(&mut app, folder.path());
    let mut gone = 0;
    for block in 0..view(&app).staged().map.blocks.len() {
        do_here(&mut app, NetworkAction::Select(Some(block)));
        let before = view(&app).staged().map.clone();
        let right = from_the_start(view(&app), &base);
        do_here(&mut app, NetworkAction::Workbench);
        if screen(&app) == Screen::Network {
            continue;
        }
        gone += 1;
        check(&mut app, &base);
        let staging = &app.world().resource::<Show>().lesson.scenes[0].staging;
        let input = bits(staging.tensors[0].data());
        assert!(
            right.iter().any(|(_, values)| bits(values) == input),
            "block {block} reads what nothing gives"
        );
        app.world_mut()
            .write_message(BenchAction::from(SessionAction::Leave));
        updates(&mut app, 3);
        // One is where one was.
        assert_eq!(screen(&app), Screen::Network);
        assert_eq!(view(&app).selected(), Some(block));
        assert_eq!(view(&app).staged().map, before);
        check(&mut app, &base);
    }
    assert!(gone >= 3, "only {gone} blocks lead to the workbench");
}
