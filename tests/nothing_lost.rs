//! What a maker of long videos relies on: a recording that is cut off, however that happens, leaves no
//! file that looks whole, and goes on where it was.
#![cfg(unix)]

mod program;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::{Desk, hashes, said, wait_for_frame};

fn kill(signal: &str, id: u32) {
    let status = Command::new("kill")
        .args([signal, &id.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// The processes that a process has started.
fn children(id: u32) -> Vec<u32> {
    let output = Command::new("ps")
        .args(["-o", "pid=", "--ppid", &id.to_string()])
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .split_whitespace()
        .map(|id| id.parse().unwrap())
        .collect()
}

#[test]
fn a_recording_that_was_killed_twice_goes_on_and_ends_with_the_same_frames() {
    let desk = Desk::new();
    desk.records("whole.mp4", &[]);
    // In the second segment, and in the third.
    for (run, frame) in [("", 350), ("--resume", 700)] {
        let more: &[&str] = if run.is_empty() { &[] } else { &[run] };
        let mut child = desk.recording("x.mp4", more).spawn().unwrap();
        let lines = wait_for_frame(&mut child, frame);
        child.kill().unwrap();
        child.wait().unwrap();
        drop(lines);
        assert!(!desk.at("x.mp4").exists() && !desk.at("x.srt").exists());
        assert!(desk.at("x.mp4.unfinished").is_dir());
    }
    // Nothing is thrown away unasked.
    let refused = desk.record("x.mp4", &[]);
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert!(
        text.contains("--resume") && text.contains("--force"),
        "{text}"
    );

    let resumed = desk.record("x.mp4", &["--resume"]);
    assert!(resumed.status.success(), "{}", said(&resumed));
    let told = String::from_utf8(resumed.stdout).unwrap();
    let kept = told
        .lines()
        .find(|line| line.contains("\"event\":\"kept\""))
        .unwrap_or_else(|| panic!("{told}"));
    assert!(kept.contains("\"frames\":600"), "{kept}");
    for stream in ["0:v", "0:a"] {
        assert_eq!(
            hashes(&desk.at("x.mp4"), stream),
            hashes(&desk.at("whole.mp4"), stream)
        );
    }
    assert_eq!(
        desk.names(),
        [
            "long.ron",
            "whole.mp4",
            "whole.srt",
            "whole.vtt",
            "x.mp4",
            "x.srt",
            "x.vtt"
        ]
    );
}

#[test]
fn what_was_cut_off_is_not_mixed_with_something_else() {
    let desk = Desk::new();
    let mut child = desk.recording("x.webm", &[]).spawn().unwrap();
    let lines = wait_for_frame(&mut child, 400);

    // Another run of the same file would be in the way of this one.
    let second = desk.record("x.webm", &["--resume"]);
    assert!(said(&second).contains("another run"), "{}", said(&second));

    kill("-INT", child.id());
    // Nobody listens to it any more, and that is no reason to stop otherwise.
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert!(
        text.contains("stopped by the user") && text.contains("--resume"),
        "{text}"
    );

    let other = desk.record("x.webm", &["--resume", "--theme", "dark"]);
    assert_eq!(other.status.code(), Some(1));
    let text = said(&other);
    assert!(text.contains("light") && text.contains("dark"), "{text}");
    std::fs::write(
        desk.at("long.ron"),
        program::LESSON.replace("seed: 2", "seed: 3"),
    )
    .unwrap();
    let other = desk.record("x.webm", &["--resume"]);
    assert!(
        said(&other).contains("lesson's file has changed"),
        "{}",
        said(&other)
    );
    std::fs::write(desk.at("long.ron"), program::LESSON).unwrap();

    desk.records("whole.webm", &[]);
    desk.records("x.webm", &["--resume"]);
    assert_eq!(
        hashes(&desk.at("x.webm"), "0:v"),
        hashes(&desk.at("whole.webm"), "0:v")
    );
    // And what is begun anew is not what was cut off.
    assert!(!desk.at("x.webm.unfinished").exists());
}

#[test]
fn a_recording_whose_ffmpeg_dies_says_so_and_goes_on() {
    let desk = Desk::new();
    let mut child = desk.recording("x.mp4", &[]).spawn().unwrap();
    let lines = wait_for_frame(&mut child, 450);
    for ffmpeg in children(child.id()) {
        kill("-KILL", ffmpeg);
    }
    // Read on, so that it is not stopped by a full pipe.
    let reader = std::thread::spawn(move || std::io::read_to_string(lines));
    let status = child.wait().unwrap();
    reader.join().unwrap().unwrap();
    let text = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
    assert_eq!(status.code(), Some(1), "{text}");
    assert!(
        text.contains("ffmpeg failed") && text.contains("--resume"),
        "{text}"
    );
    assert!(!desk.at("x.mp4").exists());
    desk.records("x.mp4", &["--resume"]);
    desk.records("whole.mp4", &[]);
    assert_eq!(
        hashes(&desk.at("x.mp4"), "0:v"),
        hashes(&desk.at("whole.mp4"), "0:v")
    );
}

#[test]
fn a_picture_for_a_page_goes_on_too() {
    let desk = Desk::new();
    desk.records("whole.gif", &["--fps", "10"]);
    let mut child = desk.recording("x.gif", &["--fps", "10"]).spawn().unwrap();
    let lines = wait_for_frame(&mut child, 150);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(lines);
    desk.records("x.gif", &["--fps", "10", "--resume"]);
    assert!(
        std::fs::read(desk.at("x.gif")).unwrap() == std::fs::read(desk.at("whole.gif")).unwrap()
    );
}

#[test]
fn two_processes_draw_the_same_frames_as_one_and_go_when_it_goes() {
    let desk = Desk::new();
    desk.records("one.mp4", &[]);
    desk.records("two.mp4", &["--jobs", "2"]);
    assert_eq!(
        hashes(&desk.at("two.mp4"), "0:v"),
        hashes(&desk.at("one.mp4"), "0:v")
    );

    let mut child = desk
        .recording("x.mp4", &["--jobs", "2"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = wait_for_frame(&mut child, 20);
    let workers = children(child.id());
    assert!(workers.len() >= 2, "{workers:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    drop(lines);
    let there = |id: &u32| std::path::Path::new(&format!("/proc/{id}/fd/0")).exists();
    let killed = Instant::now();
    while workers.iter().any(there) {
        assert!(killed.elapsed() < Duration::from_secs(20), "{workers:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
    desk.records("x.mp4", &["--resume"]);
    assert_eq!(
        hashes(&desk.at("x.mp4"), "0:v"),
        hashes(&desk.at("one.mp4"), "0:v")
    );
}
