//! What a user relies on who records a layer, without writing a lesson: a video that plays, or the lesson
//! itself, which is the same.

mod program;

use program::{Desk, probe, said};

#[test]
fn a_layer_becomes_a_video_with_chapters_captions_and_two_voices() {
    let desk = Desk::new();
    let layer = "nn.Conv2d(1, 2, 2)";
    let output = desk.run(&[
        "record",
        layer,
        "--input",
        "1x3x3",
        "-o",
        "layer.mp4",
        "--voice",
        "none",
        "--size",
        "160x90",
        "--fps",
        "5",
        "--lang",
        "en,ja",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let video = desk.at("layer.mp4");
    let streams = probe(
        &video,
        &[
            "-show_entries",
            "stream=codec_type,codec_name:stream_tags=language",
        ],
    );
    assert!(streams.contains("codec_name=h264"), "{streams}");
    assert!(
        streams.contains("language=eng") && streams.contains("language=jpn"),
        "{streams}"
    );
    let chapters = probe(&video, &["-show_chapters"]);
    for title in ["What it is", "One value", "The whole run", "Size and cost"] {
        assert!(
            chapters.contains(&format!("title={title}")),
            "{title} in {chapters}"
        );
    }
    let captions = std::fs::read_to_string(desk.at("layer.en.srt")).unwrap();
    assert!(captions.contains("This is a convolution."), "{captions}");
}

#[test]
fn the_lesson_that_is_written_is_the_one_that_is_recorded() {
    let desk = Desk::new();
    let layer = "nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU())";
    let written = desk.run(&["record", layer, "--input", "1x3x3", "-o", "told.ron"]);
    assert!(written.status.success(), "{}", said(&written));
    let checked = desk.run(&["check", "told.ron"]);
    assert!(checked.status.success(), "{}", said(&checked));
    assert!(checked.stderr.is_empty(), "{}", said(&checked));
    // It is not replaced unasked.
    let again = desk.run(&["record", layer, "-o", "told.ron"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("--force"), "{}", said(&again));
    let plan = |what: &[&str]| {
        let usual = ["--dry-run", "--json", "--voice", "none", "-o", "x.mp4"];
        let output = desk.run(&[&["record"], what, &usual].concat());
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    };
    assert_eq!(plan(&[layer, "--input", "1x3x3"]), plan(&["told.ron"]));
}

#[test]
fn several_processes_draw_a_told_lesson() {
    let desk = Desk::new();
    let draw = |name: &str, jobs: &str| {
        let output = desk.run(&[
            "record",
            "nn.MaxPool2d(2)",
            "--input",
            "1x4x4",
            "-o",
            name,
            "--voice",
            "none",
            "--size",
            "160x90",
            "--fps",
            "5",
            "--jobs",
            jobs,
        ]);
        assert!(output.status.success(), "{}", said(&output));
        program::hashes(&desk.at(name), "0:v")
    };
    assert_eq!(draw("one.mp4", "1"), draw("two.mp4", "2"));
}

#[test]
fn what_is_no_lesson_and_no_layer_is_told() {
    let desk = Desk::new();
    let fails = |arguments: &[&str], status: i32, words: &[&str]| {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(status), "{}", said(&output));
        for word in words {
            assert!(said(&output).contains(word), "{word} in {}", said(&output));
        }
    };
    fails(
        &["record", "Conv2d", "-o", "x.mp4"],
        1,
        &["no lesson named `Conv2d`", "nn.Conv2d(3, 8, 3)"],
    );
    fails(
        &["record", "nn.Conv2d(3, 8, 3, strid=2)", "-o", "x.mp4"],
        2,
        &["stride"],
    );
    fails(
        &["record", "convolution", "--input", "3x8x8", "-o", "x.mp4"],
        2,
        &["--input", "convolution"],
    );
    fails(
        &["record", "missing.txt", "-o", "x.mp4"],
        2,
        &["missing.txt"],
    );
}
