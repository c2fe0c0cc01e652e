//! What each part of the finished look costs on the driver at hand, at 1280 x 720:
//! `cargo bench --profile dev --bench render_settings`. Each part is turned off by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy::prelude::*;
use tensorama::lesson::{self, Language};
use tensorama::narration::estimated_speeches;
use tensorama::playback::Show;
use tensorama::record::renderer::{RenderSettings, Renderer};
use tensorama::stage::draw::{DrawList, Lighting};
use tensorama::stage::palette::Studio;
use tensorama::timeline::{Motion, Timeline};

/// Frames that are measured for each line.
const FRAMES: u32 = 60;

const LESSON: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    scenes: [Scene(
        title: (en: "Look", ja: "見た目"),
        input: (shape: (8, 10, 10), fill: Ramp),
        layers: [Conv2d(filters: 6, kernel: (3, 3))],
        from: Share(0.5),
        beats: [Run(to: Share(0.9), over: 20.0)],
    )],
)"#;

fn main() {
    let lesson = match lesson::read("bench.ron", LESSON) {
        Ok((lesson, _)) => Arc::new(lesson),
        Err(problems) => panic!("{problems}"),
    };
    let speeches = estimated_speeches(&lesson, Language::En);
    let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
    let render_settings = RenderSettings {
        size: UVec2::new(1280, 720),
        studio: Studio::Light,
        captions: false,
        motion: Motion::Full,
    };
    let mut renderer = match Renderer::new(Show::new(lesson, timeline), render_settings) {
        Ok(renderer) => renderer,
        Err(error) => panic!("{error}"),
    };
    let mut measure = |what: &str, change: &dyn Fn(&mut Lighting)| {
        let mut lighting = Lighting {
            studio: Studio::Light,
            ..Lighting::default()
        };
        change(&mut lighting);
        *renderer.world().resource_mut::<Lighting>() = lighting;
        let mut times: Vec<Duration> = Vec::new();
        for frame in 0..FRAMES + 10 {
            let start = Instant::now();
            match renderer.draw(2.0 + f64::from(frame) / 30.0) {
                Ok(frame_pixels) => renderer.recycle(frame_pixels),
                Err(error) => panic!("{error}"),
            }
            if frame >= 10 {
                times.push(start.elapsed());
            }
        }
        times.sort();
        let median = times[times.len() / 2].as_secs_f64() * 1e3;
        let cubes = renderer.world().resource::<DrawList>().cubes.count();
        println!("{what:24} {median:6.1} ms a frame, {cubes} visible cubes");
    };
    measure("the finished look", &|_| {});
    measure("without bevels", &|light| light.bevels = false);
    measure("without antialiasing", &|light| light.smooth = false);
    measure("without shadows", &|light| light.shadows = false);
    measure("without reflections", &|light| light.mirror = false);
    measure("without all of them", &|light| {
        (light.bevels, light.smooth) = (false, false);
        (light.shadows, light.mirror) = (false, false);
    });
}
