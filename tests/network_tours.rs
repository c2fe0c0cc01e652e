//! Tours of whole networks: what is written is what is read, both languages say the same numbers, and every
//! number is one of the network.

mod said;

use std::collections::BTreeMap;
use std::path::Path;

use said::{in_digits, large};
use tensorama::disk::Reach;
use tensorama::explore::network_view::NetworkView;
use tensorama::explore::told::NetworkTour;
use tensorama::explore::worked_layer::worked_layer;
use tensorama::explore::{Workbench, network_file};
use tensorama::lesson::schema::RawInput;
use tensorama::lesson::{self, Beat, Language, Lesson};
use tensorama::network::map::RunNetwork;
use tensorama::network::{ClassNames, Subject};
use tensorama::tensor::{Fill, Shape, files};
use tensorama::timeline::{Speeches, Timeline};

/// A network that comes with the program, and the tour of it, with the numbers that it runs on in a folder.
fn tour(name: &str, folder: &Path) -> (NetworkView, Lesson) {
    tour_with(name, None, folder)
}

fn tour_with(name: &str, classes: Option<&ClassNames>, folder: &Path) -> (NetworkView, Lesson) {
    let view = network_file::view(name).unwrap().unwrap();
    let input = view.input().unwrap();
    let [channels, rows, columns] = input.shape().as_chw();
    let file = folder.join("input.npy");
    std::fs::write(&file, files::write_npy(input)).unwrap();
    let worked = worked_layer(view.run());
    let worked_at = worked.as_ref().and_then(|worked| worked.place);
    let worked = worked.map(|worked| Workbench::new(worked.setup));
    let worked = worked.as_ref().and_then(Workbench::valid);
    let tour = NetworkTour {
        title: name,
        file: name,
        input: RawInput {
            shape: (channels, rows, columns),
            fill: Fill::File(file.to_string_lossy().into_owned()),
        },
        inputs: BTreeMap::new(),
        settings: BTreeMap::new(),
        run: view.run(),
        classes,
        worked: worked.map(|worked| &**worked),
        worked_at,
    };
    let built = tour
        .lesson()
        .unwrap_or_else(|problems| panic!("{problems}"));
    let text = tour.text().unwrap();
    let (read, warnings) = lesson::read_reaching("tour.ron", &text, Reach::Anywhere)
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert!(warnings.list.is_empty(), "{warnings}\n{text}");
    assert_eq!(
        format!("{built:?}"),
        format!("{read:?}"),
        "the text says something else"
    );
    (view, built)
}

fn texts(lesson: &Lesson) -> impl Iterator<Item = (&str, &str)> {
    let beats = lesson.scenes.iter().flat_map(|scene| &scene.beats);
    beats.filter_map(|beat| match beat {
        Beat::Say { text, .. } => Some((text.en.spoken.as_str(), text.ja.spoken.as_str())),
        _ => None,
    })
}

#[test]
fn shipped_networks_are_told_in_both_languages() {
    for name in ["digits", "super-resolution"] {
        let folder = tempfile::tempdir().unwrap();
        let (view, lesson) = tour(name, folder.path());
        assert!(
            lesson.scenes.len() >= 5,
            "{name} has only {} scenes",
            lesson.scenes.len()
        );
        for (en, ja) in texts(&lesson) {
            let (english, japanese) = (large(en), large(ja));
            let within = |a: &[f64], b: &[f64]| a.iter().all(|value| b.contains(value));
            assert!(
                within(&english, &japanese) || within(&japanese, &english),
                "{en}\n{ja}"
            );
        }
        for language in [Language::En, Language::Ja] {
            let speeches = tensorama::narration::estimated_speeches(&lesson, language);
            let timeline = Timeline::new(&lesson, language, &speeches);
            assert!(
                (40.0..300.0).contains(&timeline.duration),
                "{name}: {} s",
                timeline.duration
            );
        }
        // Every tensor of the map has its numbers.
        assert!(view.staged().tensors.iter().all(Option::is_some));
    }
}

#[test]
fn the_number_that_is_worked_through_is_one_that_the_network_has() {
    for name in ["digits", "super-resolution"] {
        let view = network_file::view(name).unwrap().unwrap();
        let run = view.run();
        let worked = worked_layer(run).unwrap();
        let place = worked.place.unwrap();
        let workbench = Workbench::new(worked.setup);
        let staging = &workbench.valid().unwrap().lesson.scenes[0].staging;
        let staged = &staging.staged_layers[0];
        // The network has computed its own by another way, on the whole input with its padding.
        let output = run.graph.nodes()[place.node].outputs[0];
        let whole = run.recalled(output).unwrap().unwrap();
        let shape = run.graph.sample_shape(output).unwrap();
        let [_, _, columns] = shape.as_chw();
        let [_, down, across] = staged.plan.step(0).output;
        let own = whole.data()[(place.row + down) * columns + place.column + across];
        let value = staged.plan.explain(0, &staged.operands).value;
        assert!((value - own).abs() < 1e-4, "{name}: {value}, {own}");
        // It comes to something that two decimals tell.
        assert!(value.abs() > 0.05, "{name}: {value}");
    }
}

#[test]
fn costs_that_are_told_are_those_of_the_network() {
    let folder = tempfile::tempdir().unwrap();
    let (view, lesson) = tour("digits", folder.path());
    let cost = view.run().graph.cost();
    let all: Vec<said::Said> = texts(&lesson).flat_map(|(en, _)| in_digits(en)).collect();
    for wanted in [cost.parameters, cost.macs] {
        assert!(
            all.iter().any(|said| said.is(wanted as f64)),
            "{wanted} is not said: {all:?}"
        );
    }
}

#[test]
fn the_way_down_ends_on_the_workbench() {
    for name in ["digits", "super-resolution"] {
        let folder = tempfile::tempdir().unwrap();
        let mut view = network_file::view(name).unwrap().unwrap();
        let inputs = view.run().map.inputs.len();
        let mut shown = 0;
        for block in inputs..view.staged().map.blocks.len() {
            view.select(Some(block));
            let Ok(setup) = view.part(folder.path()) else {
                continue;
            };
            let workbench = Workbench::new(setup);
            shown += usize::from(workbench.valid().is_some() || !workbench.offers().is_empty());
        }
        assert!(
            shown >= 3,
            "{name}: only {shown} blocks lead to the workbench"
        );
    }
}

#[test]
fn opening_and_closing_comes_back_to_where_it_was() {
    let mut view = network_file::view("super-resolution").unwrap().unwrap();
    let before = view.staged().map.clone();
    let mut opened = 0;
    for block in 0..before.blocks.len() {
        if view.open(block) {
            opened += 1;
            assert_ne!(view.staged().map, before);
            assert!(view.close());
        }
        assert_eq!(view.staged().map, before);
    }
    for _ in 0..2 * opened {
        assert!(view.undo());
    }
    assert_eq!(view.staged().map, before);
    assert!(!view.undo());
    let timeline = Timeline::new(&view.lesson(), Language::En, &Speeches::new());
    assert_eq!(timeline.scenes[0].layout.network.len(), before.blocks.len());
}

/// Numbers that follow each other without a pattern that matters here.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count.max(1)
    }
}

#[test]
fn ten_thousand_moves_down_and_up_lose_nothing() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/networks/cifar_resnet.py"
    );
    let shape = Shape::new(&[3, 32, 32]).unwrap();
    let graph = Subject::parse(path).unwrap().graph(&shape).unwrap();
    let input = graph.inputs()[0];
    let numbers = Fill::Random { seed: 5 }
        .make(&graph.value(input).shape.unwrap())
        .unwrap();
    let run = RunNetwork::new(graph, &[(input, numbers.clone())]).unwrap();
    let mut view = NetworkView::new("resnet".to_owned(), run, vec![(input, numbers)]);
    let whole = view.staged().map.clone();
    let layers: usize = view
        .run()
        .map
        .units
        .iter()
        .map(|unit| unit.nodes.len())
        .sum();
    let mut chance = Chance(7);
    for _ in 0..10_000 {
        let blocks = view.staged().map.blocks.len();
        match chance.below(7) {
            0 => _ = view.select(Some(chance.below(blocks))),
            1 => view.step(true),
            2 => view.step(false),
            3 => _ = view.open(chance.below(blocks)),
            4 => _ = view.close(),
            5 => _ = view.undo(),
            _ => _ = view.redo(),
        }
        let staged = view.staged();
        assert_eq!(staged.map.blocks.len(), staged.tensors.len());
        // What is looked at is there, or within something that was closed.
        assert!(
            view.selected()
                .is_none_or(|block| block < staged.map.blocks.len())
        );
        // Each layer is in one of the blocks that are shown.
        let inputs = view.run().map.inputs.len();
        let units = (inputs..staged.map.blocks.len()).map(|block| view.unit(block).unwrap());
        assert_eq!(units.map(|unit| unit.nodes.len()).sum::<usize>(), layers);
        for (block, tensor) in staged.map.blocks.iter().zip(&staged.tensors) {
            assert_eq!(
                block.shape.as_ref(),
                tensor.as_ref().map(|tensor| tensor.shape())
            );
        }
    }
    assert_eq!(view.with_open([]).staged().map, whole);
}

#[test]
fn a_tour_that_is_read_again_is_the_same_to_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let (_, first) = tour("digits", folder.path());
    let (_, again) = tour("digits", folder.path());
    // A recording that goes on in another process knows its lesson by this.
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    assert!(
        format!("{first:?}").len() < 1 << 20,
        "a network's numbers are not written out"
    );
}

#[test]
fn classes_are_called_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    // With letters that mean something in a narrated text.
    let names: Vec<String> = (0..10)
        .map(|digit| format!("digit [{digit}] {{x}}"))
        .collect();
    let classes = ClassNames::parse(&names.join("\n")).unwrap();
    let (view, lesson) = tour_with("digits", Some(&classes), folder.path());
    let output = view.run().graph.outputs()[0];
    let first = view.run().shares(output).unwrap()[0].0;
    let name = &names[first];
    for language in [Language::En, Language::Ja] {
        let said = texts(&lesson).any(|(en, ja)| match language {
            Language::En => en.contains(name),
            Language::Ja => ja.contains(name),
        });
        assert!(said, "{language:?}");
    }
}

/// The text of the tour of a network of `tests/networks`, on numbers by chance. A lesson shows files of ONNX only, so
/// it is not read again.
fn told_of_source(name: &str, shape: &[usize]) -> String {
    let path = format!("{}/tests/networks/{name}.py", env!("CARGO_MANIFEST_DIR"));
    told_of_file(name, &path, shape)
}

fn told_of_file(name: &str, path: &str, shape: &[usize]) -> String {
    let shape = Shape::new(shape).unwrap();
    let graph = Subject::parse(path).unwrap().graph(&shape).unwrap();
    let input = graph.inputs()[0];
    let fill = Fill::Random { seed: 5 };
    let numbers = fill.make(&graph.value(input).shape.unwrap()).unwrap();
    let run = RunNetwork::new(graph, &[(input, numbers)]).unwrap();
    let [channels, rows, columns] = shape.as_chw();
    let tour = NetworkTour {
        title: name,
        file: path,
        input: RawInput {
            shape: (channels, rows, columns),
            fill,
        },
        inputs: BTreeMap::new(),
        settings: BTreeMap::new(),
        run: &run,
        classes: None,
        worked: None,
        worked_at: None,
    };
    tour.text().unwrap()
}

#[test]
fn tokens_heads_and_what_a_token_sees_are_told() {
    let told = told_of_source("vit", &[3, 32, 32]);
    for wanted in [
        "patches of 8 by 8, 4 rows of 4",
        "Of each patch it makes 48 numbers",
        "One more token joins those of the patches, the class token.",
        "4 heads do so side by side, each with 12 of the 48 numbers",
        "17 by 17 in each head",
        "The first row is that of the class token.",
        "Of 48 numbers it makes 192",
        "2 such blocks",
        "Of all 17 tokens only one goes on",
        "8×8のパッチ",
        "クラストークンがひとつ加わります",
        "4個のヘッドが並んで働き",
        "48個の数を192個に広げ",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
}

#[test]
fn tours_of_unlike_networks_tell_what_makes_each_what_it_is() {
    let tours = [
        ("unet", [1, 48, 40], "bring back the detail"),
        (
            "cifar_resnet",
            [3, 32, 32],
            "Its layers work out a change, which is added",
        ),
        ("vit", [3, 32, 32], "tokens look at each other"),
    ];
    let told = tours.map(|(name, shape, own)| (name, told_of_source(name, &shape), own));
    for (name, text, _) in &told {
        for (other, _, own) in &told {
            assert_eq!(text.contains(own), name == other, "{name}, {own}: {text}");
        }
    }
}

#[test]
fn networks_of_other_inputs_than_pictures_are_told_as_what_they_are() {
    // Tokens that look back only: whoever reads on the left must not have seen what stands on the right.
    let told = told_of_source("gpt_block", &[8, 32]);
    for wanted in [
        "The tokens keep their number and their length",
        "No token looks ahead: above the diagonal all shares are 0.",
        "The last row is that of the last token.",
        "どのトークンも、先は見ません",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    assert!(
        !told.contains("picture") && !told.contains("画像"),
        "{told}"
    );
    // A line of numbers has places, and windows along it.
    let told = told_of_source("tcn", &[2, 60]);
    assert!(told.contains("2 channels of 60 places"), "{told}");
    assert!(!told.contains("windows of 1 by"), "{told}");
    // A film has slices besides rows and columns.
    let told = told_of_source("c3d", &[3, 8, 24, 24]);
    for wanted in [
        "3 channels of 8 by 24 by 24",
        "windows of 3 by 3 by 3",
        "the volumes get smaller, from 8 by 24 by 24 down to 8 by 12 by 12",
        "8×24×24が3チャネル",
        "3×3×3の窓を使う",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
}

/// Half the rows and columns, twice the channels: 256 places × 8 × 8 × 9 are 64 places × 16 × 16 × 9, of 303,104.
const HALVED: &str = "
import torch.nn as nn


class Halved(nn.Module):
    def __init__(self):
        super().__init__()
        self.large = nn.Conv2d(8, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.mix = nn.Conv2d(8, 16, 1)
        self.small = nn.Conv2d(16, 16, 3, padding=1)

    def forward(self, x):
        return self.small(self.mix(self.pool(self.large(x))))
";

#[test]
fn stages_that_take_the_most_work_together_are_all_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("halved.py");
    std::fs::write(&file, HALVED).unwrap();
    let told = told_of_file("halved", file.to_str().unwrap(), &[8, 16, 16]);
    for wanted in [
        "The most work is done in stages 1 and 4: about 49 percent each.",
        "the one makes up for the other",
        "段階1、4で、それぞれ約49パーセント",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    // Of the digit network one stage does nearly all.
    let folder = tempfile::tempdir().unwrap();
    let (_, lesson) = tour("digits", folder.path());
    assert!(
        texts(&lesson).any(|(en, _)| en.contains("The most work is done here too: 90 percent."))
    );
}

#[test]
fn blocks_of_which_nothing_is_left_to_tell_share_a_scene() {
    let told = told_of_source("cifar_resnet", &[3, 32, 32]);
    assert!(told.contains("that we know"), "{told}");
}

#[test]
fn the_waist_of_an_autoencoder_is_told() {
    let told = told_of_source("autoencoder", &[784]);
    for wanted in [
        "All 784 numbers that go in have to pass through the 9 of stage 5.",
        "made of only 9 numbers",
        "わずか9個の数から",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    // Nothing is classified here.
    assert!(
        !told.contains("Softmax") && !told.contains("softmax"),
        "{told}"
    );
}
