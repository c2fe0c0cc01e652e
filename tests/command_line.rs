//! What a user sees when something is wrong: one clear paragraph, the right exit status, and
//! nothing half-written.

mod program;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use program::said;

fn tensorama(arguments: &[&str], folder: &Path) -> Output {
    program::tensorama(arguments, folder).output().unwrap()
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
fn a_missing_file_is_answered_with_where_it_was_looked_for_and_what_may_be_meant() {
    let lesson = [
        "convolutoin.ron",
        "there is no such file in /",
        "Did you mean `convolution`?",
        "`tensorama list`",
    ];
    for command in ["play", "explore", "check"] {
        let status = if command == "explore" { 2 } else { 1 };
        fails(&[command, "convolutoin.ron"], status, &lesson);
    }
    fails(&["record", "convolutoin.ron", "-o", "x.mp4"], 1, &lesson);
    fails(
        &["play", "convolutoin"],
        1,
        &["Did you mean `convolution`?", "`tensorama list`"],
    );
    fails(
        &["play", "nowhere/own.ron"],
        1,
        &["there is no folder /", "nowhere", "from the root"],
    );
    let layer = "nn.Conv2d(3, 8, 3)";
    fails(
        &["explore", layer, "--input", "cat.png"],
        2,
        &[
            "cat.png: there is no such file in /",
            ".png",
            "put its folder",
        ],
    );
    fails(
        &["explore", layer, "--input", "no/such/x.npy"],
        2,
        &["there is no folder /", "no/such"],
    );
    fails(
        &["explore", layer, "--weight", "w.npy"],
        2,
        &["w.npy: there is no such file in /"],
    );
    // Those that are there are named.
    let folder = tempfile::tempdir().unwrap();
    for name in ["dog.png", "catt.png", "x.npy"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let output = tensorama(&["explore", layer, "--input", "cat.png"], folder.path());
    let text = said(&output);
    assert!(text.contains("are catt.png, dog.png"), "{text}");
    assert!(
        !text.contains("x.npy") && !text.contains("os error"),
        "{text}"
    );
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
fn a_name_that_promises_another_file_than_is_written_is_refused() {
    let relu = ["eval", "nn.ReLU()", "--input", "1x2x2", "-o"];
    for name in ["y.png", "y.txt", "y.npz", "-"] {
        fails(&[&relu[..], &[name]].concat(), 2, &["ends in .npy"]);
    }
    let nowhere = [&relu[..], &["no/such/y.npy"]].concat();
    fails(&nowhere, 1, &["mkdir -p no/such"]);
    let still = [
        "record",
        "convolution",
        "--still",
        "1",
        "--voice",
        "none",
        "-o",
    ];
    for name in ["p.jpg", "p", "-"] {
        fails(&[&still[..], &[name]].concat(), 2, &["ends in .png"]);
    }
}

#[test]
fn an_input_that_is_no_file_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pictures")).unwrap();
    for (input, words) in [
        ("pictures", "it is a folder"),
        ("https://example.org/x.png", "it is an address and no file"),
        ("0x6x6", "axis 0 of the shape is 0"),
        ("nothing", "nothing"),
    ] {
        for command in ["eval", "explore"] {
            let arguments = [command, "nn.ReLU()", "--input", input];
            let output = tensorama(&arguments, folder.path());
            let text = said(&output);
            assert!(!output.status.success(), "{text}");
            assert!(text.contains(words), "{words:?} in {text}");
        }
    }
}

/// What is said besides goes to standard error; whether anybody reads that must not matter.
#[test]
fn notes_that_nobody_reads_stop_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pool = "AvgPool2d(kernel_size=3, stride=1, padding=1)";
    let arguments = ["shape", pool, "--input", "1x3x3"];
    let output = tensorama(&arguments, folder.path());
    assert!(!output.stderr.is_empty());
    let mut child = program::tensorama(&arguments, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}");
}

#[test]
fn a_wrong_command_line_has_status_two() {
    fails(
        &["record", "convolution", "-o", "x.mp4", "--size", "801x600"],
        2,
        &["even"],
    );
    fails(
        &["record", "convolution", "-o", "x.mp4", "--lang", "xx"],
        2,
        &["xx"],
    );
    fails(&["record", "convolution"], 2, &["--output"]);
    fails(
        &[
            "record",
            "nn.ReLU()",
            "-o",
            "x.mp4",
            "--camera",
            "-20,30,18,0,0,0",
        ],
        2,
        &["explore LAYER --camera=-20,30,18,0,0,0 --picture"],
    );
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
    let record = ["record", "convolution", "-o", "x.mp4"];
    let output = program::tensorama(&record, folder.path())
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

/// The program where a package has put it, beside what the package says of itself.
fn installed_by(package: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let program = folder.path().join("tensorama");
    // A copy could still be open for writing in a child of another test, and not be started.
    std::fs::hard_link(env!("CARGO_BIN_EXE_tensorama"), program).unwrap();
    std::fs::write(folder.path().join("installed-by"), package).unwrap();
    folder
}

#[test]
fn what_a_package_has_installed_sends_nobody_to_the_sources() {
    for (package, way) in [
        ("pip", "pip install \"tensorama[record]\""),
        ("deb", "apt-get install ffmpeg"),
    ] {
        let folder = installed_by(package);
        let started = |arguments: &[&str]| {
            Command::new(folder.path().join("tensorama"))
                .args(arguments)
                .current_dir(folder.path())
                .env(
                    "TENSORAMA_LESSONS",
                    concat!(env!("CARGO_MANIFEST_DIR"), "/lessons"),
                )
                .env("PATH", folder.path())
                .env("TENSORAMA_PYTHON_ENV", folder.path())
                .output()
                .unwrap()
        };
        let narrate = "narrate convolution --speak --voice open-jtalk --lang ja";
        for (words, way) in [
            ("record convolution -o x.mp4", way),
            (narrate, "tensorama[voice]"),
        ] {
            let arguments: Vec<&str> = words.split(' ').collect();
            let text = said(&started(&arguments));
            assert!(text.contains(way), "{package}: {text}");
            assert!(!text.contains("scripts/"), "{package}: {text}");
        }
        let told = started(&["--version", "--verbose"]);
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let line = format!("installed  {package}\n");
        assert!(told.contains(&line), "{told}");
    }
}

#[test]
fn without_a_driver_a_recording_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let record = ["record", "convolution", "-o", "x.mp4", "--voice", "none"];
    let output = program::tensorama(&record, folder.path())
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
    // To play it is refused with the same words.
    let played = said(&tensorama(&["play", "broken.ron"], folder.path()));
    assert!(played.starts_with("error: "), "{played}");
    assert_eq!(played.matches("error: ").count(), 1, "{played}");
}

#[test]
fn the_command_line_answers_in_the_language_of_the_option_or_of_the_locale() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.ron"), "Lesson(titel: 1)").unwrap();
    let answer = |arguments: &[&str], locale: &str| {
        let output = program::tensorama(arguments, folder.path())
            .env("LANG", locale)
            .output()
            .unwrap();
        said(&output) + &String::from_utf8_lossy(&output.stdout)
    };
    let kana = |text: &str| text.chars().any(|letter| ('ぁ'..='ヿ').contains(&letter));
    for arguments in [
        &["check", "bad.ron"][..],
        &["shape", "nn.Conv2d(3, 8, 3, strid=2)", "--input", "3x6x6"],
        &["eval", "nn.Conv2d(3, 8, 3)", "--input", "4x6x6"],
        &["eval", "nn.Conv2d(3, 8, 3)", "--input", "nothing.npy"],
        &["eval", "nn.MaxPool2d(2)", "--input", "1x4x4"],
        &["record", "convolution", "-o", "no/such/x.mp4"],
        &["record", "convolution", "-o", "x.avi"],
        &["record", "convolution"],
        &["play", "convolutoin"],
        &["dance"],
        &["--help"],
        &["record", "--help"],
    ] {
        let english = answer(arguments, "C.UTF-8");
        assert!(!kana(&english), "{english}");
        for japanese in [
            answer(arguments, "ja_JP.UTF-8"),
            answer(&[arguments, &["--lang", "ja"]].concat(), "C.UTF-8"),
        ] {
            assert!(kana(&japanese), "{arguments:?}: {japanese}");
            assert!(!japanese.contains("error:"), "{arguments:?}: {japanese}");
        }
    }
}

#[test]
fn check_tells_of_a_next_lesson_that_is_not_there() {
    let lesson = |next: &str| {
        format!(
            r#"Lesson(
    title: (en: "T", ja: "題"),
    next: {next:?}, scenes: [Scene(
        title: (en: "S", ja: "場"),
        input: (shape: (1, 2, 2)),
        layers: [ReLU],
        beats: [Run(to: End, over: 3.0)],
    )],
)"#
        )
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let check = |next: &str, from: &str| {
        for name in ["mine/first.ron", "mine/second.ron"] {
            std::fs::write(folder.path().join(name), lesson(next)).unwrap();
        }
        let home = folder.path().join(from);
        let file = if from.is_empty() {
            "mine/first.ron"
        } else {
            "first.ron"
        };
        let output = tensorama(&["check", file], &home);
        // A lesson that plays is no bad one.
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        said(&output)
    };
    for from in ["", "mine"] {
        // Beside it, and among those that come with the program.
        assert_eq!(check("second", from), "");
        assert_eq!(check("padding", from), "");
        for (next, help) in [
            ("secnod", "did you mean `next: \"second\"`?"),
            ("second.ron", "did you mean `next: \"second\"`?"),
            ("pading", "did you mean `next: \"padding\"`?"),
            ("../mine/second", "`tensorama list`"),
            ("quaternions", "`tensorama list`"),
        ] {
            let text = check(next, from);
            for words in [
                "first.ron:3:11",
                "there is no lesson named",
                next,
                "^^^",
                help,
            ] {
                assert!(text.contains(words), "{words:?} in {text}");
            }
        }
    }
    // It is told beside what keeps the lesson from being played, too.
    let bad = lesson("quaternions").replace("over: 3.0", "over: -3.0");
    std::fs::write(folder.path().join("bad.ron"), bad).unwrap();
    let output = tensorama(&["check", "bad.ron"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    for words in ["bad.ron:3:11", "bad.ron:7:"] {
        let text = said(&output);
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn check_is_content_with_a_good_lesson() {
    let folder = tempfile::tempdir().unwrap();
    let output = tensorama(&["check", "convolution"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn an_unknown_format_is_answered_with_the_known_ones() {
    for name in ["x.avi", "x"] {
        fails(
            &["record", "convolution", "-o", name],
            1,
            &[name, ".mp4, .webm, .gif, .webp"],
        );
    }
}

#[test]
fn a_part_that_is_not_there_is_answered_with_those_that_are() {
    let record = |option: &str, moment: &str, status: i32, words: &[&str]| {
        let arguments = [
            "record",
            "convolution",
            "-o",
            "x.mp4",
            "--voice",
            "none",
            "--dry-run",
            option,
            moment,
        ];
        fails(&arguments, status, words);
    };
    record("--from", "scene-99", 1, &["no scene 99"]);
    record("--to", "scene-1-beat-99", 1, &["no beat 99"]);
    record("--from", "59:00", 1, &["3540.00 s", "--from"]);
    record("--to", "later", 2, &["scene-2-beat-3"]);
    record("--aspect", "3:2", 2, &["4:5"]);
    record("--size", "huge", 2, &["1440p"]);
}

/// A folder with an ffmpeg that has these encoders and does nothing.
#[cfg(unix)]
fn ffmpeg_with(encoders: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("ffmpeg");
    std::fs::write(&program, format!("#!/bin/sh\necho '{encoders}'\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[cfg(unix)]
#[test]
fn an_ffmpeg_that_cannot_write_the_format_is_told_from_none() {
    let ffmpeg =
        ffmpeg_with(" V....D libvpx-vp9   VP9\n V..... gif   GIF\n V....D libx264rgb   H.264");
    let record = ["record", "convolution", "-o", "x.webm", "--voice", "none"];
    let output = program::tensorama(&record, ffmpeg.path())
        .env("PATH", ffmpeg.path())
        .output()
        .unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for words in [
        ".webm",
        "the encoder libopus. ",
        "can write .gif",
        "apt-get",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    assert!(!ffmpeg.path().join("x.webm").exists());
}

/// What was printed, as JSON, a line each.
fn events(output: &Output) -> Vec<serde_json::Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn a_dry_run_tells_all_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |more: &[&str]| {
        let mut arguments = vec!["record", "convolution", "--voice", "none", "--dry-run"];
        arguments.extend(more);
        let output = tensorama(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output
    };
    let output = plan(&["-o", "x.mp4", "--size", "720p", "--aspect", "4:5"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for words in [
        "720 x 900",
        "at 30 per second",
        "voice: no voice",
        " MB (H.264",
        "beat  1",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    for (more, width, height, fps) in [
        (&["-o", "x.mp4"][..], 1920, 1080, 30),
        (&["-o", "x.webm", "--size", "4k"], 3840, 2160, 30),
        (&["-o", "x.gif"], 960, 540, 15),
        (
            &["-o", "x.webp", "--fps", "30", "--aspect", "1:1"],
            540,
            540,
            30,
        ),
        (
            &["-o", "x.mp4", "--draft", "--aspect", "9:16"],
            360,
            640,
            15,
        ),
        (
            &["-o", "x.mp4", "--draft", "--size", "800x600"],
            800,
            600,
            15,
        ),
    ] {
        let more = [more, &["--json"]].concat();
        let events = events(&plan(&more));
        let plan = &events[0];
        assert_eq!(events.len(), 1);
        assert_eq!(plan["event"], "plan");
        assert_eq!(
            (&plan["width"], &plan["height"], &plan["fps"]),
            (&width.into(), &height.into(), &fps.into()),
            "{more:?}"
        );
        assert!(plan["frames"].as_u64() > plan["drawn"].as_u64());
        assert!(plan["bytes_about"].as_u64() > Some(100_000));
        let last = plan["beats"]
            .as_array()
            .and_then(|beats| beats.last())
            .unwrap();
        let (end, seconds) = (
            last["end"].as_f64().unwrap(),
            plan["seconds"].as_f64().unwrap(),
        );
        assert!((end - seconds).abs() < 1.0, "{end} of {seconds}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_names_of_an_author_s_recordings_are_printed_with_their_words() {
    let folder = tempfile::tempdir().unwrap();
    for language in ["en", "ja"] {
        let output = tensorama(
            &["narrate", "convolution", "--list", "--lang", language],
            folder.path(),
        );
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            text.starts_with(&format!("scene-1-beat-1.{language}.wav\t")),
            "{text}"
        );
        for line in text.lines() {
            let (name, words) = line.split_once('\t').unwrap();
            assert!(
                name.ends_with(".wav") && words.chars().count() > 5,
                "{line}"
            );
        }
    }
    fails(&["narrate", "convolution"], 2, &["--list"]);
}

/// A lesson of a few seconds.
const TINY: &str = r#"Lesson(
    title: (en: "Tiny", ja: "小さい"),
    input: (shape: (1, 3, 3), fill: Ramp),
    layers: [Conv2d(filters: 1, kernel: (2, 2), weights: Random(seed: 2))],
    scenes: [Scene(title: (en: "Only", ja: "ひとつ"), beats: [Run(to: End, over: 1.0), Hold(0.5)])],
)"#;

#[test]
fn a_lesson_that_fails_does_not_keep_the_others_from_being_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let (lessons, videos) = (folder.path().join("lessons"), folder.path().join("videos"));
    std::fs::create_dir(&lessons).unwrap();
    for (name, text) in [("a", "Lesson(title: "), ("b", TINY), ("c", TINY)] {
        std::fs::write(lessons.join(name).with_extension("ron"), text).unwrap();
    }
    let record_all = |more: &[&str]| {
        let all = [
            "record", "--all", "-o", "videos", "--size", "128x72", "--voice", "none",
        ];
        program::tensorama(&all, folder.path())
            .args(more)
            .env("TENSORAMA_LESSONS", &lessons)
            .output()
            .unwrap()
    };
    let output = record_all(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("mkdir -p videos"),
        "{}",
        said(&output)
    );
    std::fs::create_dir(&videos).unwrap();
    let output = record_all(&["--json"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("1 of 3 lessons could not be recorded: a"),
        "{text}"
    );
    let files = |extension: &str| {
        let folder = std::fs::read_dir(&videos).unwrap();
        folder
            .filter(|entry| {
                let path = entry.as_ref().unwrap().path();
                path.extension().is_some_and(|end| end == extension)
            })
            .count()
    };
    assert_eq!(files("mp4"), 2);
    assert_eq!(files("vtt"), 2);

    let events = events(&output);
    let of = |kind: &str| -> Vec<&serde_json::Value> {
        events
            .iter()
            .filter(|event| event["event"] == kind)
            .collect()
    };
    assert_eq!(of("lesson").len(), 3);
    assert_eq!(of("voice").len(), 2);
    assert_eq!(of("error")[0]["lesson"], "a");
    assert!(
        of("error")[0]["message"]
            .as_str()
            .unwrap()
            .contains("a.ron:1:")
    );
    let done = of("done");
    assert_eq!(done.len(), 2);
    let frames = done[0]["frames"].as_u64().unwrap();
    assert!((45..150).contains(&frames), "{frames}");
    assert_eq!(of("frames")[0]["of"], frames);
    assert_eq!(of("frame").len() as u64, 2 * frames);
    assert!(done[0]["bytes"].as_u64() > Some(1000));

    // Said in words, and with what is there replaced, it is the same.
    std::fs::remove_file(lessons.join("a.ron")).unwrap();
    let output = record_all(&["--force", "--format", "webp"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(files("webp"), 2);
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_of_a_recording_leaves_nothing() {
    use std::io::Read;
    let folder = tempfile::tempdir().unwrap();
    let record = ["record", "convolution", "-o", "x.mp4", "--voice", "none"];
    let mut child = program::tensorama(&record, folder.path())
        // Many frames in the first segment, so that it is not done at once.
        .args(["--size", "320x180", "--fps", "240"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Wait until frames are on their way into the folder beside the output.
    let started = std::time::Instant::now();
    let video = || {
        std::fs::read_dir(folder.path())
            .unwrap()
            .any(|entry| entry.unwrap().file_name() == "x.mp4.unfinished")
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
