//! The program as a user starts it, in a folder of its own, and what is in the files that it wrote.

#![allow(
    dead_code,
    reason = "each test file that starts the program needs some of this"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// About 35 s with three scenes, words and moves: four segments of ten seconds.
pub const LESSON: &str = r#"Lesson(
    title: (en: "Long enough", ja: "十分に長い"),
    input: (shape: (1, 4, 4), fill: Ramp),
    layers: [Conv2d(filters: 1, kernel: (3, 3), weights: Random(seed: 2))],
    scenes: [
        Scene(title: (en: "First", ja: "はじめ"), beats: [
            Say(text: (en: "One filter [m] moves.", ja: "フィルタがひとつ、ゆっくりと[m]動きはじめます。"), at: {"m": Run(to: Step(1), over: 3.0)}),
            Run(to: Step(3), over: 6.0, do: [Formula(Value)]),
        ]),
        Scene(title: (en: "Second", ja: "つぎ"), from: Step(1), beats: [
            Say(text: (en: "It moves on, and it leaves a number.", ja: "進みます。")),
            Run(to: End, over: 6.0), Hold(2.0),
        ]),
        Scene(title: (en: "Third", ja: "おわり"), beats: [
            Run(to: End, over: 7.0), Say(text: (en: "That is all.", ja: "以上です。")),
        ]),
    ],
)"#;

/// The program, about to be started in a folder, with the lessons of the source, in English and without a
/// display.
pub fn tensorama(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tensorama"));
    command
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
        .env("LANG", "C.UTF-8");
    for unset in ["LC_ALL", "LC_MESSAGES", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(unset);
    }
    command
}

/// A folder with the lesson in it, in which the program is started.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("long.ron"), LESSON).unwrap();
        Self { folder }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = tensorama(arguments, self.folder.path());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// A recording of the lesson, small and without a voice.
    pub fn recording(&self, output: &str, more: &[&str]) -> Command {
        let mut arguments = vec!["record", "long.ron", "-o", output, "--json"];
        for usual in [["--voice", "none"], ["--size", "160x90"]] {
            if !more.contains(&usual[0]) {
                arguments.extend(usual);
            }
        }
        arguments.extend(more);
        self.command(&arguments)
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn record(&self, output: &str, more: &[&str]) -> Output {
        self.recording(output, more).output().unwrap()
    }

    pub fn records(&self, output: &str, more: &[&str]) {
        let output = self.record(output, more);
        assert!(output.status.success(), "{}", said(&output));
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Reads what a recording tells until so many frames are done; its standard output must stay open.
pub fn wait_for_frame(child: &mut Child, frame: u64) -> BufReader<std::process::ChildStdout> {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let wanted = format!("{{\"done\":{frame},\"event\":\"frame\"");
    let mut line = String::new();
    while !line.starts_with(&wanted) {
        line.clear();
        assert!(
            lines.read_line(&mut line).unwrap() > 0,
            "it ended before frame {frame}"
        );
    }
    lines
}

/// A hash of each decoded frame or sample block of a file.
pub fn hashes(file: &Path, stream: &str) -> String {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-map", stream, "-f", "framemd5", "-"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().count() > 20, "{text}");
    text
}

pub fn probe(file: &Path, what: &[&str]) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "default=nw=1"])
        .args(what)
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The frame of a file with this number, as it is decoded to pixels of a format of ffmpeg's: `rgba`, `gray`.
pub fn decoded(file: &Path, frame: u64, pixels: &str) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-vf", &format!("select=eq(n\\,{frame})"), "-frames:v", "1"])
        .args(["-f", "rawvideo", "-pix_fmt", pixels, "-"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!output.stdout.is_empty(), "there is no frame {frame}");
    output.stdout
}

/// How far two pictures are from each other: the mean over all channels, from 0 to 255.
pub fn distance(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}
