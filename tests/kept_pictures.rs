//! A frame of which only what has changed was drawn is the frame that is drawn as a whole, to the bit: in
//! every lesson, light and dark, in both orders of pixels.

use std::sync::Arc;

use bevy::prelude::*;
use tensorama::lesson::{self, Language};
use tensorama::narration::estimated_speeches;
use tensorama::playback::Show;
use tensorama::record::pixels::PixelFormat;
use tensorama::record::renderer::{RenderError, RenderSettings, Renderer};
use tensorama::record::sequence::{Frame, Sequence};
use tensorama::stage::draw::Lighting;
use tensorama::stage::palette::Studio;
use tensorama::timeline::{Motion, Timeline};

const SIZE: UVec2 = UVec2::new(478, 270);
/// Seconds from one stretch that is looked at to the next.
const APART: f64 = 9.7;
/// Frames of a stretch, 24 a second: the first is drawn far from the one before.
const FRAMES: u32 = 3;

fn open(path: &std::path::Path) -> (Renderer, Arc<Timeline>) {
    let source = std::fs::read_to_string(path).unwrap();
    let (lesson, _) = lesson::read(&path.display().to_string(), &source).unwrap();
    let lesson = Arc::new(lesson);
    let speeches = estimated_speeches(&lesson, Language::Ja);
    let timeline = Arc::new(Timeline::new(&lesson, Language::Ja, &speeches));
    let render_settings = RenderSettings {
        size: SIZE,
        studio: Studio::Light,
        captions: true,
        motion: Motion::Full,
    };
    let show = Show::new(lesson, timeline.clone());
    (Renderer::new(show, render_settings).unwrap(), timeline)
}

fn follow(path: &std::path::Path, first: f64) -> (u64, u64) {
    let (mut renderer, timeline) = open(path);
    let duration = timeline.duration;
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

#[test]
fn frames_that_follow_one_another_are_those_that_are_drawn_alone() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/padding.ron");
    let (mut renderer, timeline) = open(&path);
    // Over a change of scene, a stretch that moves, and one that stands still.
    let times: Vec<f64> = (0..90).map(|frame| 20.0 + f64::from(frame) / 6.0).collect();
    let mut shown: Vec<Vec<u8>> = Vec::new();
    let mut new = 0;
    let mut hand_on = |frame| -> Result<(), RenderError> {
        match frame {
            Frame::New(frame_pixels) => {
                new += 1;
                shown.push(frame_pixels);
            }
            Frame::Again => shown.push(shown.last().unwrap().clone()),
        }
        Ok(())
    };
    let mut sequence = Sequence::begin(&mut renderer, PixelFormat::Yuv420).unwrap();
    for time in &times {
        sequence
            .add(*time, timeline.at(*time), &mut hand_on)
            .unwrap();
    }
    sequence.finish(&mut hand_on).unwrap();
    assert_eq!(shown.len(), times.len());
    assert!(
        (20..times.len()).contains(&new),
        "{new} of {} frames are new",
        times.len()
    );
    for (time, shown) in times.iter().zip(&shown) {
        renderer.forget();
        let alone = renderer.draw_as(PixelFormat::Yuv420, *time).unwrap();
        assert!(alone == *shown, "the frame at {time:.2} s");
    }
}
