//! Tours of whole networks: what is written is what is read, both languages say the same numbers, and every
//! number is one of the network.

mod said;

use std::path::Path;

use said::{in_digits, large};
use tensorama::disk::Reach;
use tensorama::explore::network_view::NetworkView;
use tensorama::explore::told::NetworkTour;
use tensorama::explore::worked_layer::worked_layer;
use tensorama::explore::{Workbench, network_file};
use tensorama::lesson::schema::RawInput;
use tensorama::lesson::{self, Beat, Language, Lesson};
use tensorama::tensor::{Fill, files};
use tensorama::timeline::{Speeches, Timeline};

/// A network that comes with the program, and the tour of it, with the numbers that it runs on in a folder.
fn tour(name: &str, folder: &Path) -> (NetworkView, Lesson) {
    let view = network_file::view(name).unwrap().unwrap();
    let input = view.input().unwrap();
    let [channels, rows, columns] = input.shape().as_chw();
    let file = folder.join("input.npy");
    std::fs::write(&file, files::write_npy(input)).unwrap();
    let worked = worked_layer(view.run()).map(Workbench::new);
    let worked = worked.as_ref().and_then(Workbench::valid);
    let tour = NetworkTour {
        title: name,
        file: name,
        input: RawInput {
            shape: (channels, rows, columns),
            fill: Fill::File(file.to_string_lossy().into_owned()),
        },
        run: view.run(),
        worked: worked.map(|worked| &**worked),
    };
    let built = tour
        .lesson()
        .unwrap_or_else(|problems| panic!("{problems}"));
    let text = tour.text().unwrap();
    let (read, warnings) = lesson::read_reaching("tour.ron", &text, Reach::Anywhere)
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert!(warnings.list.is_empty(), "{warnings}\n{text}");
    let shown = |lesson: &Lesson| -> Vec<String> {
        let scenes = lesson.scenes.iter();
        scenes
            .map(|scene| {
                format!(
                    "{:?} {:?} {:?} {:?}",
                    scene.title, scene.show, scene.camera, scene.beats
                )
            })
            .collect()
    };
    assert_eq!(shown(&built), shown(&read), "the text says something else");
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
