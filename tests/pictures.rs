//! The look of each operation: small pictures that the software driver drew, looked at by a person
//! before they were kept in `tests/pictures`. A change of the look that is meant is kept with
//! `TENSORAMA_KEEP_PICTURES=1 cargo test --test pictures`; look at what it wrote.

mod operations;

use std::path::PathBuf;
use std::sync::Arc;

use bevy::prelude::*;
use image::RgbImage;
use tensorama::explore::network_view::NetworkView;
use tensorama::lesson::{self, Language, Part};
use tensorama::narration::estimated_speeches;
use tensorama::network::map::RunNetwork;
use tensorama::network::{Subject, ValueId};
use tensorama::playback::Show;
use tensorama::record::renderer::{RenderSettings, Renderer};
use tensorama::stage::draw::Lighting;
use tensorama::stage::palette::Studio;
use tensorama::tensor::{Shape, Tensor};
use tensorama::timeline::{Motion, Speeches, Timeline};

const SIZE: UVec2 = UVec2::new(320, 180);
/// How far a channel of a pixel may be from the kept picture before the pixel counts as another.
const SHADE: u8 = 20;
/// The part of the pixels that may be others: rounding on another version of the driver.
const OTHERS: f64 = 0.004;

fn scenes() -> (Vec<String>, Arc<Timeline>, Show) {
    scenes_of("all-operations.ron", operations::ALL_OPERATIONS)
}

fn scenes_of(file: &str, source: &str) -> (Vec<String>, Arc<Timeline>, Show) {
    let lesson = match lesson::read(file, source) {
        Ok((lesson, _)) => Arc::new(lesson),
        Err(problems) => panic!("{problems}"),
    };
    let speeches = estimated_speeches(&lesson, Language::En);
    let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
    let names = lesson
        .scenes
        .iter()
        .map(|scene| scene.title.en.replace(' ', "-"))
        .collect();
    let show = Show::new(lesson, timeline.clone());
    (names, timeline, show)
}

fn renderer(show: Show, studio: Studio) -> Renderer {
    let render_settings = RenderSettings {
        size: SIZE,
        studio,
        captions: false,
        motion: Motion::Full,
    };
    Renderer::new(show, render_settings).unwrap()
}

fn draw(renderer: &mut Renderer, time: f64) -> RgbImage {
    let frame_pixels = renderer.draw(time).unwrap();
    RgbImage::from_fn(SIZE.x, SIZE.y, |x, y| {
        let at = 4 * (y * SIZE.x + x) as usize;
        image::Rgb([frame_pixels[at], frame_pixels[at + 1], frame_pixels[at + 2]])
    })
}

/// The part of the pixels that are others.
fn others(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let other = |(a, b): &(&image::Rgb<u8>, &image::Rgb<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > SHADE)
    };
    let count = a.pixels().zip(b.pixels()).filter(other).count();
    count as f64 / f64::from(SIZE.x * SIZE.y)
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pictures/{name}.png"))
}

#[test]
fn each_operation_looks_as_it_did_when_it_was_looked_at() {
    looks_as_it_did(scenes());
}

#[test]
fn whole_networks_look_as_they_did_when_they_were_looked_at() {
    let source = include_str!("lessons/networks.ron");
    looks_as_it_did(scenes_of("networks.ron", source));
}

fn looks_as_it_did((names, timeline, show): (Vec<String>, Arc<Timeline>, Show)) {
    let keep = std::env::var_os("TENSORAMA_KEEP_PICTURES").is_some();
    let mut wrong = Vec::new();
    for (studio, room) in [(Studio::Light, "light"), (Studio::Dark, "dark")] {
        let mut renderer = renderer(show.clone(), studio);
        for (name, scene) in names.iter().zip(&timeline.scenes) {
            let time = scene.start + 0.62 * (scene.end - scene.start);
            let frame_pixels = draw(&mut renderer, time);
            let file = file(&format!("{name}-{room}"));
            if keep {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                frame_pixels.save(&file).unwrap();
                continue;
            }
            let kept =
                image::open(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let others = others(&frame_pixels, &kept.to_rgb8());
            if others > OTHERS {
                let beside = std::env::temp_dir().join(format!("tensorama-{name}-{room}.png"));
                frame_pixels.save(&beside).unwrap();
                wrong.push(format!(
                    "{name} ({room}): {:.1} % others, see {}",
                    100.0 * others,
                    beside.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The tolerance is no hiding place: what someone might break by accident is told.
#[test]
fn a_missing_shadow_or_another_moment_is_told() {
    let (_, timeline, show) = scenes();
    let mut renderer = renderer(show, Studio::Light);
    let scene = &timeline.scenes[3];
    let time = scene.start + 0.62 * (scene.end - scene.start);
    let whole = draw(&mut renderer, time);
    assert!(others(&whole, &draw(&mut renderer, time)) == 0.0);
    assert!(others(&whole, &draw(&mut renderer, time + 1.5)) > OTHERS);
    renderer.world().resource_mut::<Lighting>().shadows = false;
    assert!(others(&whole, &draw(&mut renderer, time)) > OTHERS);
}

/// The card is sent only what changes from frame to frame; what it has then must be what it would
/// have had otherwise.
#[test]
fn a_picture_is_the_same_whatever_was_drawn_before_it() {
    let (names, timeline, show) = scenes();
    let mut walked = renderer(show.clone(), Studio::Dark);
    for wanted in ["depthwise", "stride", "pixel-shuffle"] {
        let number = names.iter().position(|name| name == wanted).unwrap();
        let scene = &timeline.scenes[number];
        let time = scene.start + 0.5 * (scene.end - scene.start);
        for frame in 0..30 {
            draw(&mut walked, time + f64::from(frame) / 15.0);
        }
        let last = time + 2.0;
        let after = draw(&mut walked, last);
        let mut fresh = renderer(show.clone(), Studio::Dark);
        assert!(others(&after, &draw(&mut fresh, time)) > 0.0, "{wanted}");
        let mut fresh = renderer(show.clone(), Studio::Dark);
        assert!(after == draw(&mut fresh, last), "{wanted}");
    }
}

/// A network whose numbers are these times one to four, and which are coloured the same whatever the factor is; all of it,
/// or a few cells of what goes in.
fn times(factor: f32, near: bool) -> RgbImage {
    let subject = Subject::parse("nn.Sequential(nn.ReLU())").unwrap();
    let shape = Shape::new(&[4, 16, 24]).unwrap();
    let graph = subject.graph(&shape).unwrap();
    let values = (0..4 * 16 * 24).map(|number| (number % 4 + 1) as f32 * factor);
    let batch = graph.value(graph.inputs()[0]).shape.unwrap();
    let input = Tensor::new(batch, values.collect()).unwrap();
    let inputs: Vec<(ValueId, Tensor)> = graph
        .inputs()
        .iter()
        .map(|&id| (id, input.clone()))
        .collect();
    let run = RunNetwork::new(graph, &inputs).unwrap();
    let mut lesson = NetworkView::new("net".to_owned(), run, inputs).lesson();
    if near {
        let shot = &mut lesson.scenes[0].camera;
        shot.frame = vec![Part::Tensor(0)];
        shot.room = 0.12;
    }
    let lesson = Arc::new(lesson);
    let timeline = Arc::new(Timeline::new(&lesson, Language::En, &Speeches::new()));
    let time = timeline.duration * 0.6;
    draw(
        &mut renderer(Show::new(lesson, timeline), Studio::Light),
        time,
    )
}

#[test]
fn the_cells_of_a_network_have_their_numbers_from_near_and_only_colours_from_far() {
    assert!(times(1.0, false) == times(2.0, false));
    let (ones, twos) = (times(1.0, true), times(2.0, true));
    assert!(others(&ones, &twos) > 2.0 * OTHERS);
}
