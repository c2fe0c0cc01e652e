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

fn prints(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = tensorama(arguments, folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn eval_prints_shapes_formula_costs_and_the_result() {
    let text = prints(&[
        "eval",
        "Conv2d(1, 1, 3, bias=False)",
        "--input",
        "1x5x5",
        "--weight",
        "sobel_x",
    ]);
    for words in [
        "1 × 3 × 3",
        "⌊(5 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 3",
        "81",
        "8  8  8",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn eval_traces_each_step_as_a_line_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "eval",
        "numerical_padding_strides",
        "--trace",
        "steps.jsonl",
        "--json",
        "-o",
        "y.npy",
    ];
    let output = tensorama(&arguments, folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    let trace = std::fs::read_to_string(folder.path().join("steps.jsonl")).unwrap();
    let steps: Vec<serde_json::Value> = trace
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(steps.len(), 9);
    // The figures of conv_arithmetic's strided numeric example.
    let values: Vec<f64> = steps
        .iter()
        .map(|step| step["value"].as_f64().unwrap())
        .collect();
    assert_eq!(values, [6.0, 17.0, 3.0, 8.0, 17.0, 13.0, 6.0, 4.0, 4.0]);
    assert!(folder.path().join("y.npy").exists());
}

#[test]
fn a_mistake_in_a_layer_is_located_and_explained() {
    fails(
        &["eval", "nn.Conv2d(4, 8, 3, gruops=2)", "--input", "4x5x5"],
        2,
        &["gruops", "groups", "^^^^^^"],
    );
    fails(
        &["eval", "nn.Conv2d(4, 8, 3, groups=3)", "--input", "4x5x5"],
        2,
        &["groups", "3"],
    );
    let chain = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 8, 3))";
    fails(&["shape", chain, "--input", "3x9x9"], 1, &["8", "4"]);
}

#[test]
fn shape_prints_a_row_for_each_layer_of_a_chain() {
    let chain =
        "nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(2))";
    let text = prints(&["shape", chain, "--input", "3x224x224"]);
    for words in ["8 × 112 × 112", "8 × 56 × 56", "2,709,504", "total"] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn list_names_lessons_and_presets() {
    assert!(prints(&["list", "--lang", "ja"]).contains("畳み込み"));
    let presets = prints(&["list", "--presets"]);
    assert!(presets.contains("numerical_max_pooling") && presets.contains("pixel-shuffle-3x3"));
}
