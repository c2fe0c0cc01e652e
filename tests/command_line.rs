//! What a user sees when something is wrong: one clear paragraph, the right exit status, and
//! nothing half-written.

use std::path::Path;
use std::process::{Command, Output};

fn tensorama(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tensorama"))
        .args(arguments)
        .current_dir(folder)
        .env(
            "TENSORAMA_LESSONS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/lessons"),
        )
        .env(
            "TENSORAMA_VOICE_CACHE",
            std::env::temp_dir().join("tensorama-test-voices"),
        )
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The command fails with this status and says these things; nothing is left in the folder.
fn fails(arguments: &[&str], status: i32, words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let output = tensorama(arguments, folder.path());
    let text = said(&output);
    assert_eq!(output.status.code(), Some(status), "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} in {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_unknown_lesson_is_answered_with_the_known_ones() {
    fails(
        &["record", "convolutoin", "-o", "x.mp4"],
        1,
        &["convolutoin", "convolution"],
    );
    fails(&["play", "convolutoin"], 1, &["convolutoin", "convolution"]);
    fails(&["check", "missing.ron"], 1, &["missing.ron"]);
}

#[test]
fn an_output_folder_that_does_not_exist_is_named_with_the_way_to_make_it() {
    fails(
        &["record", "convolution", "-o", "no/such/x.mp4"],
        1,
        &["no/such", "mkdir"],
    );
    fails(
        &[
            "record",
            "convolution",
            "--still",
            "1",
            "--voice",
            "none",
            "-o",
            "no/such/x.png",
        ],
        1,
        &["no/such"],
    );
}

#[test]
fn a_wrong_command_line_has_status_two() {
    fails(
        &["record", "convolution", "-o", "x.mp4", "--size", "801x600"],
        2,
        &["even"],
    );
    fails(
        &["record", "convolution", "-o", "x.mp4", "--lang", "fr"],
        2,
        &["fr"],
    );
    fails(&["record", "convolution"], 2, &["--output"]);
    fails(&["dance"], 2, &["dance"]);
}

#[test]
fn a_window_without_a_screen_is_refused_with_a_way_out() {
    fails(&[], 1, &["screen", "xvfb-run"]);
    fails(&["play", "convolution"], 1, &["screen", "record"]);
}

#[test]
fn an_unknown_voice_is_answered_with_the_known_ones() {
    fails(
        &["record", "convolution", "-o", "x.mp4", "--voice", "siri"],
        1,
        &["siri", "espeak-ng"],
    );
}

#[test]
fn without_ffmpeg_a_recording_says_how_to_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tensorama"))
        .args(["record", "convolution", "-o", "x.mp4"])
        .current_dir(folder.path())
        .env(
            "TENSORAMA_LESSONS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/lessons"),
        )
        .env("PATH", folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("ffmpeg") && said(&output).contains("apt-get"),
        "{}",
        said(&output)
    );
}

#[test]
fn without_a_driver_a_recording_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tensorama"))
        .args(["record", "convolution", "-o", "x.mp4", "--voice", "none"])
        .current_dir(folder.path())
        .env(
            "TENSORAMA_LESSONS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/lessons"),
        )
        // A driver list that is not there: the loader then finds no driver.
        .env("VK_ICD_FILENAMES", "/nonexistent.json")
        .env("VK_DRIVER_FILES", "/nonexistent.json")
        .env("TENSORAMA_VOICE_CACHE", folder.path().join("voices"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("mesa-vulkan-drivers"),
        "{}",
        said(&output)
    );
    assert!(!folder.path().join("x.mp4").exists());
}

#[test]
fn check_shows_every_mistake_with_its_line_and_a_caret() {
    let folder = tempfile::tempdir().unwrap();
    let source = r#"Lesson(
    title: (en: "T"),
    scenes: [Scene(
        title: (en: "S", ja: "場"),
        input: (shape: (1, 2, 2)),
        layers: [Conv2d(filters: 1, kernel: (3, 3))],
        beats: [Hold(-1.0)],
    )],
)"#;
    std::fs::write(folder.path().join("bad.ron"), source).unwrap();
    std::fs::write(folder.path().join("broken.ron"), "Lesson(title: ").unwrap();
    let output = tensorama(
        &["check", "bad.ron", "broken.ron", "convolution"],
        folder.path(),
    );
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1));
    for words in [
        "bad.ron:2:",
        "bad.ron:6:",
        "bad.ron:7:",
        "broken.ron:1:",
        "^^^",
        "Japanese",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    assert!(String::from_utf8_lossy(&output.stdout).contains("convolution.ron: good"));
}

#[test]
fn check_is_content_with_a_good_lesson() {
    let folder = tempfile::tempdir().unwrap();
    let output = tensorama(&["check", "convolution"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_of_a_recording_leaves_nothing() {
    use std::io::Read;
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tensorama"))
        .args([
            "record",
            "convolution",
            "-o",
            "x.mp4",
            "--voice",
            "none",
            "--size",
            "320x180",
        ])
        .current_dir(folder.path())
        .env(
            "TENSORAMA_LESSONS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/lessons"),
        )
        .env(
            "TENSORAMA_VOICE_CACHE",
            std::env::temp_dir().join("tensorama-test-voices"),
        )
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Wait until frames are on their way into the workshop beside the output.
    let started = std::time::Instant::now();
    let video = || {
        std::fs::read_dir(folder.path())
            .unwrap()
            .any(|entry| entry.unwrap().path().join("video.mp4").exists())
    };
    while !video() && started.elapsed().as_secs() < 60 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(video(), "the recording never began");
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
    let status = child.wait().unwrap();
    let mut text = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(status.code(), Some(1), "{text}");
    assert!(text.contains("stopped"), "{text}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
