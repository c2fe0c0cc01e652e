//! What a maker of videos relies on: the right frames, all of them, the same each time.
//!
//! These draw with whatever Vulkan driver is there; the software driver that scripts/test installs
//! is enough.

mod program;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

use bevy::prelude::*;
use program::{decoded, distance, hashes, probe};
use tensorama::lesson::{self, Language, Lesson};
use tensorama::narration::estimated_speeches;
use tensorama::playback::Show;
use tensorama::record::encoder::{Encoder, VideoSettings};
use tensorama::record::format::Format;
use tensorama::record::narrated::Speaker;
use tensorama::record::part::{LessonPosition, Part};
use tensorama::record::pixels::PixelFormat;
use tensorama::record::plan::plan;
use tensorama::record::recording::{RecordError, Recording, record};
use tensorama::record::renderer::{RenderSettings, Renderer};
use tensorama::record::report::{RecordingProgress, Report};
use tensorama::record::sidecar_options::{Poster, SidecarOptions};
use tensorama::stage::palette::Studio;
use tensorama::timeline::{Motion, Timeline};

/// A few seconds with two scenes, words, a run, a card and a still moment.
const SHORT: &str = r#"Lesson(
    title: (en: "Short", ja: "短い"),
    input: (shape: (2, 4, 4), fill: Ramp),
    layers: [Conv2d(filters: 2, kernel: (3, 3), weights: Random(seed: 2))],
    scenes: [
        Scene(title: (en: "First = 1", ja: "はじめ"), beats: [
            Say(text: (en: "One filter [m] moves.", ja: "フィルタが[m]動きます。"), at: {"m": Run(to: Step(1), over: 1.0)}),
            Run(to: Filter(0), over: 1.0, do: [Formula(Value)]),
        ]),
        Scene(title: (en: "Second", ja: "つぎ"), from: Filter(0), beats: [Run(to: End, over: 1.0), Hold(0.5)]),
    ],
)"#;

/// The camera goes round a tensor, and nothing else moves.
const FLIGHT: &str = r#"Lesson(
    title: (en: "Flight", ja: "飛行"),
    input: (shape: (1, 4, 4), fill: Ramp),
    layers: [Conv2d(filters: 1, kernel: (3, 3), weights: Random(seed: 2))],
    scenes: [
        Scene(title: (en: "Round", ja: "まわる"), camera: Shot(yaw: 0, frame: [Input]), beats: [
            Hold(2.0),
            Say(text: (en: "Go round it.", ja: "回ります。"), camera: Shot(yaw: 40, frame: [Input])),
            Hold(2.0),
        ]),
    ],
)"#;

/// One at a time: the software driver uses all cores for each.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn short() -> Lesson {
    lesson::read("short.ron", SHORT)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0
}

fn convolution() -> Lesson {
    let source = include_str!("../lessons/convolution.ron");
    lesson::read("convolution.ron", source)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0
}

fn render_settings(width: u32, height: u32) -> RenderSettings {
    RenderSettings {
        size: UVec2::new(width, height),
        studio: Studio::Light,
        captions: true,
        motion: Motion::Full,
    }
}

fn renderer(lesson: Lesson, language: Language, render_settings: RenderSettings) -> Renderer {
    let timeline = Timeline::new(&lesson, language, &estimated_speeches(&lesson, language));
    Renderer::new(
        Show::new(Arc::new(lesson), Arc::new(timeline)),
        render_settings,
    )
    .unwrap()
}

/// A small recording without a voice. Its silence is kept in the user's cache of voices, as any voice's
/// clips are, unless `TENSORAMA_VOICE_CACHE` names another folder.
fn quiet_recording(output: PathBuf, size: (u32, u32)) -> Recording {
    Recording {
        output,
        force: false,
        resume: false,
        part: Part::default(),
        share: None,
        sidecars: SidecarOptions::default(),
        speakers: vec![speaker(Language::En, "none")],
        fps: 30,
        render_settings: render_settings(size.0, size.1),
        caption_tracks: true,
        workers: None,
    }
}

fn speaker(language: Language, voice: &str) -> Speaker {
    Speaker {
        language: language.into(),
        voice: Some(voice.to_owned()),
    }
}

fn record_quietly(lesson: Lesson, recording: &Recording) -> Result<Report, RecordError> {
    record(lesson, recording, &AtomicBool::new(false), &mut |_| {})
}

/// Two pictures are the same to the byte; if not, both are kept to be looked at.
fn same_picture(frame_pixels: &[u8], wanted: &[u8], render_settings: RenderSettings, what: &str) {
    if frame_pixels == wanted {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, pixel_format) in [("got", frame_pixels), ("wanted", wanted)] {
        let path = folder.join(format!("{what} {name}.png"));
        image::save_buffer(
            path,
            pixel_format,
            render_settings.size.x,
            render_settings.size.y,
            image::ExtendedColorType::Rgba8,
        )
        .unwrap();
    }
    panic!("the frame {what} differs; see {}", folder.display());
}

#[test]
fn a_recording_is_what_was_asked_for() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("short.mp4");
    let report = record_quietly(short(), &quiet_recording(output.clone(), (640, 360))).unwrap();
    assert!(
        report.drawn < report.frames,
        "still frames are not drawn again"
    );

    let video = probe(
        &output,
        &[
            "-select_streams",
            "v",
            "-count_frames",
            "-show_entries",
            "stream=codec_name,width,height,pix_fmt,r_frame_rate,nb_read_frames,duration",
        ],
    );
    for wanted in [
        "codec_name=h264",
        "width=640",
        "height=360",
        "pix_fmt=yuv420p",
        "r_frame_rate=30/1",
    ] {
        assert!(video.contains(wanted), "{wanted} in {video}");
    }
    assert!(
        video.contains(&format!("nb_read_frames={}", report.frames)),
        "{video}"
    );
    let audio = probe(
        &output,
        &[
            "-select_streams",
            "a",
            "-show_entries",
            "stream=codec_name,duration",
        ],
    );
    assert!(audio.contains("codec_name=aac"), "{audio}");
    let duration = |text: &str| -> f64 {
        text.lines()
            .find_map(|line| line.strip_prefix("duration="))
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!((duration(&video) - report.seconds).abs() < 1.0 / 30.0);
    assert!(
        (duration(&audio) - report.seconds).abs() < 1.0 / 30.0 + 0.022,
        "{audio}"
    );
    let captions = probe(
        &output,
        &[
            "-select_streams",
            "s",
            "-show_entries",
            "stream=codec_name:stream_tags=language",
        ],
    );
    assert!(
        captions.contains("codec_name=mov_text") && captions.contains("language=eng"),
        "{captions}"
    );
    let chapters = probe(&output, &["-show_chapters"]);
    assert!(
        chapters.contains("title=First = 1") && chapters.contains("title=Second"),
        "{chapters}"
    );

    // The index is at the front, so that the video starts before all of it has come.
    let bytes = std::fs::read(&output).unwrap();
    let at = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    assert!(at(b"moov") < at(b"mdat"));
    for sidecar in ["srt", "vtt"] {
        let text = std::fs::read_to_string(output.with_extension(sidecar)).unwrap();
        assert!(text.contains("One filter moves."), "{text}");
    }
    // Nothing else is left in the folder.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn two_recordings_have_the_same_frames() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a.mp4", "b.mp4"].map(|name| {
        let output = folder.path().join(name);
        record_quietly(short(), &quiet_recording(output.clone(), (320, 180))).unwrap();
        hashes(&output, "0:v")
    });
    assert!(a.lines().count() > 60);
    assert_eq!(a, b);
}

#[test]
fn a_segment_may_be_one_frame_long() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let mut recording = quiet_recording(folder.path().join("a.mp4"), (320, 180));
    // Segments are ten seconds long; the eleventh frame stands alone.
    recording.fps = 1;
    recording.part.to = Some(LessonPosition::Time(11.0));
    let report = record_quietly(convolution(), &recording).unwrap();
    assert_eq!(report.frames, 11);
    let counted = ["-count_frames", "-select_streams", "v"];
    let entries = ["-show_entries", "stream=nb_read_frames"];
    let frames = probe(&recording.output, &[counted.as_slice(), &entries].concat());
    assert_eq!(frames.trim(), "nb_read_frames=11");
}

#[test]
fn a_recording_with_reduced_motion_cuts_where_the_camera_would_fly() {
    let _turn = turn();
    let (lesson, _) = lesson::read("flight.ron", FLIGHT).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let frames = |motion: Motion| {
        let output = folder.path().join(format!("{motion:?}.mp4"));
        let mut recording = quiet_recording(output.clone(), (320, 180));
        recording.render_settings.motion = motion;
        recording.render_settings.captions = false;
        let planned = plan(&lesson, &recording).unwrap();
        let report = record_quietly(lesson.clone(), &recording).unwrap();
        assert_eq!(planned.drawn, report.drawn);
        let hashes: HashSet<String> = hashes(&output, "0:v")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.rsplit(',').next())
            .map(|hash| hash.trim().to_owned())
            .collect();
        (report.frames, hashes.len())
    };
    let (long, flown) = frames(Motion::Full);
    let (as_long, cut) = frames(Motion::Reduced);
    assert_eq!(long, as_long);
    // The camera flies for 1.3 seconds.
    assert!(flown >= 35, "{flown}");
    assert!((2..10).contains(&cut), "{cut}");
}

#[test]
fn a_frame_drawn_alone_is_the_frame_of_the_whole() {
    let _turn = turn();
    for (language, studio) in [(Language::En, Studio::Light), (Language::Ja, Studio::Dark)] {
        let render_settings = RenderSettings {
            studio,
            ..render_settings(640, 360)
        };
        let mut whole = renderer(convolution(), language, render_settings);
        let times: Vec<f64> = (0..13).map(|index| f64::from(index) * 12.7).collect();
        let frames: Vec<_> = times
            .iter()
            .map(|time| whole.draw(*time).unwrap())
            .collect();
        for index in [0, 5, 12] {
            let mut alone = renderer(convolution(), language, render_settings);
            let frame = alone.draw(times[index]).unwrap();
            same_picture(
                &frame,
                &frames[index],
                render_settings,
                &format!("alone at {} s", times[index]),
            );
        }
        // And backwards in the one that has seen everything.
        for index in (0..13).rev().step_by(4) {
            let frame = whole.draw(times[index]).unwrap();
            same_picture(
                &frame,
                &frames[index],
                render_settings,
                &format!("back at {} s", times[index]),
            );
        }
    }
}

#[test]
fn the_first_frame_is_complete() {
    let _turn = turn();
    let mut renderer = renderer(convolution(), Language::En, render_settings(640, 360));
    let first = renderer.draw(0.0).unwrap();
    // The middle of the picture shows the input's blue front; the corner shows the light backdrop.
    let pixel = |x: usize, y: usize| &first[(y * 640 + x) * 4..][..3];
    let blue = (250..390)
        .flat_map(|x| (140..260).map(move |y| (x, y)))
        .filter(|(x, y)| {
            let [red, _, blue] = pixel(*x, *y) else {
                unreachable!()
            };
            i32::from(*blue) > i32::from(*red) + 40
        });
    assert!(blue.count() > 1500);
    assert!(
        pixel(2, 2).iter().all(|channel| *channel > 190),
        "{:?}",
        pixel(2, 2)
    );
    assert!(
        first.chunks_exact(4).all(|pixel| pixel[3] == 255),
        "a frame is opaque"
    );
}

/// Squares in the corner that carry a frame's number in binary.
#[derive(Component)]
struct Stamp(u32);

fn spawn_stamps(world: &mut World) {
    for bit in 0..10 {
        world.spawn((
            Stamp(bit),
            Node {
                position_type: PositionType::Absolute,
                left: Val::Px(bit as f32 * 96.0),
                top: Val::Px(0.0),
                width: Val::Px(96.0),
                height: Val::Px(96.0),
                ..default()
            },
            BackgroundColor(Color::BLACK),
            GlobalZIndex(10),
        ));
    }
}

fn stamp(world: &mut World, number: u64) {
    for (bit, mut color) in world
        .query::<(&Stamp, &mut BackgroundColor)>()
        .iter_mut(world)
    {
        color.0 = if number >> bit.0 & 1 == 1 {
            Color::WHITE
        } else {
            Color::BLACK
        };
    }
}

#[test]
fn no_frame_is_late_or_lost_on_the_way_into_the_file() {
    const FRAMES: u64 = 90;
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut renderer = renderer(short(), Language::En, render_settings(640, 360));
    spawn_stamps(renderer.world());

    let video_settings = VideoSettings {
        format: Format::Mp4,
        size: (640, 360),
        fps: 30,
        count: FRAMES,
    };
    let video = at("stamped.mkv");
    let mut encoder = Encoder::start(video_settings, &video, renderer.recycler()).unwrap();
    for frame in 0..FRAMES {
        // Every third frame repeats the one before, as a recording does where nothing changes.
        if frame % 3 == 2 {
            encoder.add_again().unwrap();
        } else {
            stamp(renderer.world(), frame);
            let frame_pixels =
                renderer.draw_as(PixelFormat::of(video_settings.format), frame as f64 / 30.0);
            encoder.add(frame_pixels.unwrap()).unwrap();
        }
    }
    encoder.finish().unwrap();

    let raw = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(&video)
        .args(["-map", "0:v", "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        .output()
        .unwrap()
        .stdout;
    let frames: Vec<&[u8]> = raw.chunks_exact(640 * 360).collect();
    assert_eq!(frames.len() as u64, FRAMES);
    for (number, frame) in frames.iter().enumerate() {
        // A square is 32 pixels wide at this size.
        let read = (0..10).fold(0, |read, bit| {
            read | usize::from(frame[16 * 640 + bit * 32 + 16] > 128) << bit
        });
        let wanted = if number % 3 == 2 { number - 1 } else { number };
        assert_eq!(read, wanted, "frame {number} shows {read}");
    }
}

#[test]
fn a_recording_that_is_stopped_leaves_nothing() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let recording = quiet_recording(folder.path().join("short.mp4"), (320, 180));
    let cancelled = AtomicBool::new(false);
    let result = record(short(), &recording, &cancelled, &mut |progress| {
        if matches!(progress, RecordingProgress::Frame(20)) {
            cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    assert!(matches!(result, Err(RecordError::Cancelled)), "{result:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_that_was_said() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("short.mp4");
    std::fs::write(&output, "precious").unwrap();
    let mut recording = quiet_recording(output.clone(), (320, 180));
    let refused = record_quietly(short(), &recording);
    assert!(
        matches!(refused, Err(RecordError::Output { .. })),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "precious");
    recording.force = true;
    record_quietly(short(), &recording).unwrap();
    assert!(std::fs::metadata(&output).unwrap().len() > 1000);
}

/// A number that ffprobe prints.
fn number(text: &str, name: &str) -> f64 {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_else(|| panic!("no {name} in {text}"))
        .parse()
        .unwrap()
}

#[test]
fn a_webm_has_all_that_an_mp4_has() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("short.webm");
    let report = record_quietly(short(), &quiet_recording(output.clone(), (320, 180))).unwrap();
    let streams = probe(
        &output,
        &["-show_entries", "stream=codec_name:stream_tags=language"],
    );
    for wanted in ["codec_name=vp9", "codec_name=opus", "codec_name=webvtt"] {
        assert!(streams.contains(wanted), "{wanted} in {streams}");
    }
    assert_eq!(streams.matches("language=eng").count(), 2, "{streams}");
    let video = probe(
        &output,
        &[
            "-select_streams",
            "v",
            "-count_frames",
            "-show_entries",
            "stream=nb_read_frames",
        ],
    );
    assert_eq!(number(&video, "nb_read_frames"), report.frames as f64);
    let length = number(
        &probe(&output, &["-show_entries", "format=duration"]),
        "duration",
    );
    assert!(
        (length - report.seconds).abs() < 1.0 / 30.0 + 0.022,
        "{length}"
    );
    let chapters = probe(&output, &["-show_chapters"]);
    assert!(
        chapters.contains("title=First = 1") && chapters.contains("title=Second"),
        "{chapters}"
    );
    let mut renderer = renderer(short(), Language::En, render_settings(320, 180));
    let last = report.frames - 1;
    let drawn = renderer.draw(last as f64 / 30.0).unwrap();
    let apart = distance(&decoded(&output, last, "rgba"), &drawn);
    assert!(apart < 3.0, "{apart}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_gif_shows_every_frame_in_its_colours_and_at_its_time() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let mut recording = quiet_recording(folder.path().join("short.gif"), (320, 180));
    recording.fps = 15;
    let report = record_quietly(short(), &recording).unwrap();
    let probed = probe(
        &recording.output,
        &[
            "-count_frames",
            "-show_entries",
            "stream=codec_type,width,height,nb_read_frames:format=duration",
        ],
    );
    assert_eq!(number(&probed, "width"), 320.0);
    assert_eq!(number(&probed, "nb_read_frames"), report.frames as f64);
    assert!(!probed.contains("audio"), "{probed}");
    // It counts in hundredths of a second.
    assert!(
        (number(&probed, "duration") - report.seconds).abs() < 0.08,
        "{probed} but {}",
        report.seconds
    );
    let mut renderer = renderer(short(), Language::En, render_settings(320, 180));
    for frame in [0, report.frames / 2, report.frames - 1] {
        let drawn = renderer.draw(frame as f64 / 15.0).unwrap();
        let apart = distance(&decoded(&recording.output, frame, "rgba"), &drawn);
        assert!(apart < 3.0, "frame {frame}: {apart}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    recording.fps = 60;
    recording.force = true;
    let message = record_quietly(short(), &recording).unwrap_err().to_string();
    assert!(message.contains("50"), "{message}");
}

/// The chunks of a WebP file or of one of its frames: name and content.
fn chunks(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut chunks = Vec::new();
    while bytes.len() >= 8 {
        let length = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
        chunks.push((&bytes[..4], &bytes[8..8 + length]));
        bytes = bytes.get(8 + length.next_multiple_of(2)..).unwrap_or(&[]);
    }
    chunks
}

#[test]
fn an_animated_webp_lasts_as_long_and_has_the_colours() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let mut recording = quiet_recording(folder.path().join("short.webp"), (320, 180));
    recording.fps = 15;
    let report = record_quietly(short(), &recording).unwrap();
    let bytes = std::fs::read(&recording.output).unwrap();
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WEBP"[..]));
    let all = chunks(&bytes[12..]);
    let frames: Vec<&[u8]> = all
        .iter()
        .filter(|(name, _)| name == b"ANMF")
        .map(|(_, content)| *content)
        .collect();
    let number = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
    let milliseconds: u32 = frames.iter().map(|frame| number(&frame[12..15])).sum();
    assert!(
        (f64::from(milliseconds) / 1000.0 - report.seconds).abs() < 1.0 / 15.0,
        "{milliseconds}"
    );
    assert!(frames.len() as u64 > report.drawn / 2 && frames.len() as u64 <= report.frames);

    // ffmpeg reads no animations, but it does read a frame that stands alone.
    assert_eq!(
        number(&frames[0][6..9]) + 1,
        320,
        "the first frame is whole"
    );
    let content = &frames[0][16..];
    let mut alone = b"RIFF".to_vec();
    alone.extend((content.len() as u32 + 4).to_le_bytes());
    alone.extend(b"WEBP");
    alone.extend(content);
    let file = folder.path().join("alone.webp");
    std::fs::write(&file, alone).unwrap();
    let mut renderer = renderer(short(), Language::En, render_settings(320, 180));
    let apart = distance(&decoded(&file, 0, "rgba"), &renderer.draw(0.0).unwrap());
    assert!(apart < 3.0, "{apart}");
}

/// The sound of a file: samples from -1 to 1, 48,000 a second.
fn heard(file: &Path) -> Vec<f32> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args([
            "-map", "0:a", "-ar", "48000", "-ac", "1", "-f", "f32le", "-",
        ])
        .output()
        .unwrap();
    let samples = output.stdout.chunks_exact(4);
    samples
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect()
}

#[test]
fn a_part_is_cut_out_of_the_whole_with_its_sound_captions_and_chapters() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    // The author has recorded a tone of two seconds.
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let tone = folder.path().join("scene-1-beat-1.en.wav");
    let mut writer = hound::WavWriter::create(tone, spec).unwrap();
    for sample in 0..96_000_u32 {
        let sine = (f64::from(sample) * 440.0 * std::f64::consts::TAU / 48_000.0).sin();
        writer.write_sample((sine * 9000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
    let speakers = vec![speaker(
        Language::En,
        &format!("wav: {}", folder.path().display()),
    )];

    let whole = Recording {
        speakers: speakers.clone(),
        ..quiet_recording(folder.path().join("whole.mp4"), (320, 180))
    };
    let whole_report = record_quietly(short(), &whole).unwrap();
    let part = Recording {
        part: Part {
            from: Some(LessonPosition::Time(1.5)),
            to: Some(LessonPosition::Scene(1)),
        },
        speakers,
        ..quiet_recording(folder.path().join("part.mp4"), (320, 180))
    };
    let report = record_quietly(short(), &part).unwrap();

    // One scene is left, and it starts where the part does.
    assert_eq!(report.chapters.len(), 1);
    assert_eq!(
        (report.chapters[0].start, &*report.chapters[0].title),
        (0.0, "First = 1")
    );
    let scene = whole_report.chapters[0].end;
    assert!((report.seconds - (scene - 1.5)).abs() <= 1.0 / 30.0);
    let chapters = probe(&part.output, &["-show_chapters"]);
    assert_eq!(chapters.matches("title=").count(), 1, "{chapters}");

    // The picture is that of the whole.
    let (a, b) = (
        decoded(&part.output, 0, "rgba"),
        decoded(&whole.output, 45, "rgba"),
    );
    assert!(distance(&a, &b) < 2.0, "{}", distance(&a, &b));

    // The tone ends a second and a half sooner, and does not begin with a click.
    let end = |samples: &[f32]| {
        let last = samples.iter().rposition(|sample| sample.abs() > 0.02);
        last.unwrap() as f64 / 48_000.0
    };
    let (of_whole, of_part) = (heard(&whole.output), heard(&part.output));
    assert!(
        (end(&of_whole) - 1.5 - end(&of_part)).abs() < 0.03,
        "{} {}",
        end(&of_whole),
        end(&of_part)
    );
    assert!((of_part.len() as f64 / 48_000.0 - report.seconds).abs() < 1.0 / 30.0 + 0.022);
    let srt = std::fs::read_to_string(part.output.with_extension("srt")).unwrap();
    assert!(srt.starts_with("1\n00:00:00,000 --> "), "{srt}");

    let wrong = Recording {
        part: Part {
            from: Some(LessonPosition::Scene(3)),
            to: None,
        },
        force: true,
        ..part
    };
    let message = record_quietly(short(), &wrong).unwrap_err().to_string();
    assert!(message.contains("scenes are 1 to 2"), "{message}");
}

#[test]
fn a_plan_is_what_the_recording_comes_to() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    for (name, part) in [
        ("a.mp4", Part::default()),
        (
            "b.webm",
            Part {
                from: Some(LessonPosition::Beat(1, 2)),
                to: Some(LessonPosition::Time(6.0)),
            },
        ),
    ] {
        let recording = Recording {
            part,
            ..quiet_recording(folder.path().join(name), (320, 180))
        };
        // The first time, the silence is not spoken yet; it has its length all the same.
        let planned = plan(&short(), &recording).unwrap();
        assert!(!recording.output.exists());
        let report = record_quietly(short(), &recording).unwrap();
        assert_eq!(planned.frame_range.count(), report.frames);
        assert_eq!(planned.drawn, report.drawn);
        assert_eq!(planned.chapters, report.chapters);
        assert_eq!(planned.sentences, 1);
        assert!(plan(&short(), &recording).is_err(), "the file is there now");
    }
}

#[test]
fn transcript_chapters_and_poster_stand_beside_the_video() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut recording = quiet_recording(at("short.mp4"), (320, 180));
    recording.speakers = vec![speaker(Language::Ja, "none")];
    recording.sidecars = SidecarOptions {
        transcript: Some(at("short.md")),
        chapters: Some(at("chapters.txt")),
        poster: Some(Poster {
            path: at("short.png"),
            time: Some(0.5),
        }),
    };
    let report = record_quietly(short(), &recording).unwrap();
    assert_eq!(
        std::fs::read_to_string(at("short.md")).unwrap(),
        format!(
            "# 短い\n\n## 0:00 はじめ\n\nフィルタが動きます。\n\n## 0:0{} つぎ\n",
            report.chapters[1].start as u64
        )
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(at("plain"), "").unwrap();
        let mode = |name: &str| std::fs::metadata(at(name)).unwrap().permissions().mode();
        for name in [
            "short.mp4",
            "short.srt",
            "short.vtt",
            "short.md",
            "chapters.txt",
            "short.png",
        ] {
            assert_eq!(mode(name), mode("plain"), "{name}");
        }
    }
    let chapters = std::fs::read_to_string(at("chapters.txt")).unwrap();
    assert_eq!(chapters.lines().next(), Some("0:00 はじめ"));
    assert_eq!(chapters.lines().count(), 2);

    // The poster is the frame of its time without captions.
    let plain = RenderSettings {
        captions: false,
        ..render_settings(320, 180)
    };
    let mut renderer = renderer(short(), Language::Ja, plain);
    let poster = image::open(at("short.png")).unwrap().into_rgba8();
    same_picture(&renderer.draw(0.5).unwrap(), &poster, plain, "poster");

    recording.force = true;
    recording.sidecars.poster = Some(Poster {
        path: at("short.png"),
        time: Some(600.0),
    });
    let message = record_quietly(short(), &recording).unwrap_err().to_string();
    assert!(message.contains("600.00 s"), "{message}");
    recording.force = false;
    std::fs::remove_file(at("short.mp4")).unwrap();
    let message = record_quietly(short(), &recording).unwrap_err().to_string();
    assert!(message.contains("--force"), "{message}");
}
