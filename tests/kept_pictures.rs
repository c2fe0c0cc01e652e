//! A frame of which only what has changed was drawn is the frame that is drawn as a whole, to the bit: in
//! every lesson, light and dark, in both orders of pixels.

use std::sync::Arc;

use bevy::prelude::*;
use tensorama::lesson::{self, Language};
use tensorama::narration::estimated_speeches;
use tensorama::playback::Show;
use tensorama::record::pixels::PixelFormat;
use tensorama::record::renderer::{RenderSettings, Renderer};
use tensorama::stage::draw::Lighting;
use tensorama::stage::palette::Studio;
use tensorama::timeline::{Motion, Timeline};

const SIZE: UVec2 = UVec2::new(478, 270);
/// Seconds from one stretch that is looked at to the next.
const APART: f64 = 9.7;
/// Frames of a stretch, 24 a second: the first is drawn far from the one before.
const FRAMES: u32 = 3;

fn follow(path: &std::path::Path, first: f64) -> (u64, u64) {
    let source = std::fs::read_to_string(path).unwrap();
    let (lesson, _) = lesson::read(&path.display().to_string(), &source).unwrap();
    let lesson = Arc::new(lesson);
    let speeches = estimated_speeches(&lesson, Language::Ja);
    let timeline = Arc::new(Timeline::new(&lesson, Language::Ja, &speeches));
    let duration = timeline.duration;
    let render_settings = RenderSettings {
        size: SIZE,
        studio: Studio::Light,
        captions: true,
        motion: Motion::Full,
    };
    let mut renderer = Renderer::new(Show::new(lesson, timeline), render_settings).unwrap();
    let (mut drawn, mut differing) = (0, 0);
    for (studio, shift) in [(Studio::Light, 0.0), (Studio::Dark, APART * 0.5)] {
        renderer.world().resource_mut::<Lighting>().studio = studio;
        let mut start = first + shift;
        while start < duration {
            for frame in 0..FRAMES {
                let time = start + f64::from(frame) / 24.0;
                let pixel_format = match (drawn / 2) % 2 {
                    0 => PixelFormat::Yuv420,
                    _ => PixelFormat::Rgba,
                };
                let part = renderer.draw_as(pixel_format, time).unwrap();
                renderer.forget();
                let whole = renderer.draw_as(pixel_format, time).unwrap();
                drawn += 1;
                if part != whole {
                    let other = part.iter().zip(&whole).filter(|(a, b)| a != b).count();
                    eprintln!("{}: {other} bytes differ at {time:.3} s", path.display());
                    differing += 1;
                }
            }
            start += APART;
        }
    }
    (drawn, differing)
}

#[test]
fn a_frame_is_the_same_whether_all_of_it_was_drawn_or_what_changed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ron"));
    files.sort();
    assert!(files.len() >= 20);
    let counts = files
        .iter()
        .enumerate()
        .map(|(number, path)| follow(path, number as f64 * 0.83 % APART));
    let (drawn, differing) = counts.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    assert!(drawn > 1000, "{drawn} frames");
    assert_eq!(differing, 0, "of {drawn} frames");
}
