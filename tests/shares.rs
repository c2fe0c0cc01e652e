//! What a render farm relies on: shares that are drawn anywhere make the same video as one machine, and
//! what does not belong together is not put together.

mod program;

use program::{Desk, hashes, probe, said, wait_for_frame};

/// The streams, chapters and captions of a file, for people and players.
fn contents(desk: &Desk, name: &str) -> String {
    let file = desk.at(name);
    let shown = "stream=codec_name,nb_frames,duration:stream_tags=language,title:chapter=start,end:\
                 chapter_tags=title:format_tags=title";
    probe(&file, &["-show_entries", shown])
        + &std::fs::read_to_string(file.with_extension("srt")).unwrap()
}

#[test]
fn shares_and_ranges_join_to_what_one_machine_records() {
    let desk = Desk::new();
    desk.records("whole.mp4", &["--lang", "ja"]);
    desk.records("b.mp4", &["--lang", "ja", "--share", "1/2"]);
    desk.records("a.mp4", &["--lang", "ja", "--share", "2/2"]);
    let joined = desk.run(&["join", "long.ron", "a.mp4", "b.mp4", "-o", "x.mp4"]);
    assert!(joined.status.success(), "{}", said(&joined));
    assert_eq!(contents(&desk, "x.mp4"), contents(&desk, "whole.mp4"));
    for stream in ["0:v", "0:a"] {
        assert_eq!(
            hashes(&desk.at("x.mp4"), stream),
            hashes(&desk.at("whole.mp4"), stream)
        );
    }
    // A share holds frames alone, and no words stand beside it.
    assert!(!desk.at("a.srt").exists());
    let again = desk.run(&["join", "long.ron", "a.mp4", "b.mp4", "-o", "x.mp4"]);
    assert!(said(&again).contains("--force"), "{}", said(&again));
}

#[test]
fn frames_that_were_cut_anywhere_join_too() {
    let desk = Desk::new();
    let part: &[&str] = &["--from", "2", "--to", "14"];
    desk.records("whole.webm", part);
    for (name, frames) in [("1.webm", "60..211"), ("2.webm", "212..419")] {
        desk.records(name, &[part, &["--frames", frames]].concat());
    }
    let joined = desk.run(&[
        "join",
        "long.ron",
        "2.webm",
        "1.webm",
        "-o",
        "x.webm",
        "--transcript",
        "--chapters",
        "--poster",
    ]);
    assert!(joined.status.success(), "{}", said(&joined));
    let count = |name: &str| {
        let shown = ["-count_frames", "-select_streams", "v"];
        let entries = ["-show_entries", "stream=nb_read_frames"];
        probe(&desk.at(name), &[&shown[..], &entries].concat())
    };
    assert_eq!(count("x.webm"), count("whole.webm"));
    for beside in ["x.md", "x.chapters.txt", "x.png", "x.vtt"] {
        assert!(desk.at(beside).exists(), "{beside}");
    }
}

#[test]
fn what_does_not_go_together_is_named() {
    let desk = Desk::new();
    let fails = |arguments: &[&str], words: &[&str]| {
        let output = desk.run(&[&["join", "long.ron", "-o", "x.mp4"], arguments].concat());
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        for word in words {
            assert!(text.contains(word), "{word:?} in {text}");
        }
        assert!(
            desk.names().iter().all(|name| !name.starts_with('x')),
            "{:?}",
            desk.names()
        );
    };
    desk.records("1.mp4", &["--share", "1/3"]);
    desk.records("2.mp4", &["--share", "2/3"]);
    desk.records("3.mp4", &["--share", "3/3"]);
    fails(
        &["1.mp4", "3.mp4"],
        &["lack the frames 300..", "--frames 300.."],
    );
    fails(&["1.mp4", "2.mp4"], &["lack"]);
    fails(
        &["1.mp4", "2.mp4", "3.mp4", "2.mp4"],
        &["2.mp4", "300", "both"],
    );
    fails(
        &["1.mp4", "2.mp4", "long.ron"],
        &["long.ron", "not a share"],
    );

    desk.records("small.mp4", &["--share", "2/3", "--size", "96x64"]);
    fails(
        &["1.mp4", "small.mp4", "3.mp4"],
        &["1.mp4", "small.mp4", "160x90", "96x64"],
    );
    desk.records("plain.mp4", &[]);
    fails(&["1.mp4", "plain.mp4"], &["plain.mp4", "not a share"]);

    // A copy that broke off.
    let bytes = std::fs::read(desk.at("2.mp4")).unwrap();
    std::fs::write(desk.at("torn.mp4"), &bytes[..bytes.len() / 2]).unwrap();
    fails(&["1.mp4", "torn.mp4", "3.mp4"], &["torn.mp4"]);

    std::fs::write(
        desk.at("long.ron"),
        program::LESSON.replace("over: 7.0", "over: 7.5"),
    )
    .unwrap();
    fails(
        &["1.mp4", "2.mp4", "3.mp4"],
        &["another recording", "has changed"],
    );
    let gif = desk.record("x.gif", &["--share", "1/2"]);
    assert!(said(&gif).contains(".mp4 and .webm"), "{}", said(&gif));
}

/// Rounding and ReLU are code, and code lies elsewhere in each process: a lesson is the same all the same.
#[test]
fn a_lesson_with_element_wise_functions_is_the_same_in_every_process() {
    let desk = Desk::new();
    let record = |output: &str, more: &[&str]| {
        let lesson = ["record", "quantisation", "--to", "30", "-o", output];
        let small = ["--size", "160x90", "--voice", "none", "--json"];
        desk.command(&[&lesson[..], &small, more].concat())
    };
    let records = |output: &str, more: &[&str]| {
        let done = record(output, more).output().unwrap();
        assert!(done.status.success(), "{output}: {}", said(&done));
        String::from_utf8(done.stdout).unwrap()
    };
    records("whole.mp4", &[]);
    // Cut off in the third of three segments, when the first is on the disk.
    let mut child = record("resumed.mp4", &[]).spawn().unwrap();
    let lines = wait_for_frame(&mut child, 650);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(lines);
    let told = records("resumed.mp4", &["--resume"]);
    assert!(told.contains("\"event\":\"kept\""), "{told}");
    records("jobs.mp4", &["--jobs", "2"]);
    for (joined, parts) in [
        ("shares.mp4", [["--share", "1/2"], ["--share", "2/2"]]),
        (
            "ranges.mp4",
            [["--frames", "0..299"], ["--frames", "300..899"]],
        ),
    ] {
        records("first.mp4", &[&parts[0][..], &["--force"]].concat());
        records("second.mp4", &[&parts[1][..], &["--force"]].concat());
        let shares = ["first.mp4", "second.mp4", "-o", joined];
        let done = desk.run(&[&["join", "quantisation"], &shares[..]].concat());
        assert!(done.status.success(), "{joined}: {}", said(&done));
    }
    let bytes = |name: &str| {
        let mut bytes = std::fs::read(desk.at(name)).unwrap();
        // ffmpeg writes the greatest rate of the files that it has joined, whatever they hold: `btrt`, then the
        // size of a buffer and two rates.
        let rates: Vec<usize> = (0..bytes.len().saturating_sub(16))
            .filter(|&at| bytes[at..].starts_with(b"btrt"))
            .collect();
        for at in rates {
            bytes[at + 4..at + 16].fill(0);
        }
        bytes
    };
    let whole = bytes("whole.mp4");
    for name in ["resumed.mp4", "jobs.mp4", "shares.mp4", "ranges.mp4"] {
        assert!(bytes(name) == whole, "{name} differs from the whole");
    }
}

#[test]
fn nothing_is_complained_of_where_nothing_is_wrong() {
    let desk = Desk::new();
    let still = [
        "record",
        "long.ron",
        "--still",
        "0:02",
        "--size",
        "160x90",
        "--voice",
        "none",
        "-o",
        "still.png",
    ];
    let mut command = desk.command(&still);
    // As in a container, or where somebody has become another user.
    let done = command.env_remove("XDG_RUNTIME_DIR").output().unwrap();
    assert!(
        done.status.success() && desk.at("still.png").exists(),
        "{}",
        said(&done)
    );
    let complained = String::from_utf8_lossy(&done.stderr);
    assert!(!complained.contains("error"), "{complained}");
}
