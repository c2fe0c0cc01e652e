//! A lesson that is opened at a time, left, and come back to: its lengths are those of an estimate at
//! first, and of the voice once that has spoken, in the background.

use std::time::{Duration, Instant};

use tensorama::lesson::Language;
use tensorama::narration::choose;

use super::{Bench, PATIENCE, missing, wait_for};

/// The time at which the lesson is opened, as the bar shows it.
const AT: &str = "0:40";

/// The lesson, opened at a time and standing still, in a voice that has nothing in its cache.
fn open(voice: &str, language: &str) -> Option<Bench> {
    let lesson = ["play", "convolution", "--at", AT, "--paused"];
    let spoken = ["--voice", voice, "--lang", language, "--theme", "light"];
    Bench::open(&[&lesson[..], &spoken[..]].concat())
}

/// Waits until the voice has spoken; the bar shows the time all along where that was given.
#[track_caller]
fn is_spoken(bench: &Bench, given: bool) {
    let start = Instant::now();
    loop {
        let (time, spoken) = (bench.state("time"), bench.state("spoken"));
        if given {
            assert!(
                ["", AT].contains(&time.as_str()),
                "{time}, spoken: {spoken}"
            );
        }
        if spoken == "true" {
            return;
        }
        let log = || std::fs::read_to_string(bench.path().join("log"));
        assert!(start.elapsed() < 3 * PATIENCE, "not spoken: {:?}", log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Waits until the lesson is there and its picture stands still.
#[track_caller]
fn still(bench: &Bench) -> Vec<u8> {
    wait_for("a picture that stands still", || {
        let before = bench.screen();
        std::thread::sleep(Duration::from_secs(2));
        let drawn = before.iter().filter(|byte| **byte > 16).count();
        (drawn > 100_000 && !bench.shows_change(&before, 0.0005)).then_some(before)
    })
}

/// From a lesson at a time to the workbench and back, and again.
fn there_and_back(voice: &str, language: &str) {
    let Some(bench) = open(voice, language) else {
        return;
    };
    is_spoken(&bench, true);
    bench.is("time", AT);
    let lesson = still(&bench);
    bench.is("time", AT);
    bench.keys(&["e"]);
    assert!(bench.saved().contains("Conv2d(filters: "));
    assert!(bench.shows_change(&lesson, 0.05));
    bench.is("order", "FilterMajor");
    bench.keys(&["q"]);
    bench.is("order", "PositionMajor");
    bench.keys(&["Escape"]);
    bench.is("screen", "Show");
    is_spoken(&bench, false);
    bench.is("time", AT);
    wait_for("the lesson where it stood", || {
        (bench.changed_since(&lesson) < 0.03).then_some(())
    });
    // What was tried is found again, and can be taken back.
    bench.keys(&["e"]);
    bench.is("screen", "Explore");
    bench.is("order", "PositionMajor");
    bench.until("note", |note| !note.is_empty());
    bench.keys(&["ctrl+z"]);
    bench.is("order", "FilterMajor");
    // However often one goes, one comes back to the same place.
    bench.keys(&["Escape"]);
    bench.is("screen", "Show");
    is_spoken(&bench, false);
    bench.is("time", AT);
}

/// The exact name of a voice, or of the best that is installed; `None` where it is not, which is told.
fn voice(name: Option<&str>, language: Language) -> Option<String> {
    match choose(name, language) {
        Ok(voice) => Some(voice.id().to_owned()),
        Err(error) => {
            missing::left_out(
                &error.to_string(),
                "`scripts/setup test --again` looks anew",
            );
            None
        }
    }
}

#[test]
fn a_lesson_leads_to_the_workbench_and_back_to_where_it_stood() {
    if voice(None, Language::En).is_some() {
        there_and_back("auto", "en");
    }
}

#[test]
fn so_it_does_in_the_english_voice_that_every_machine_has() {
    let plain = voice(Some("espeak-ng"), Language::En);
    // Where it is the best one, the test above has done this.
    if plain.is_some() && plain != voice(None, Language::En) {
        there_and_back("espeak-ng", "en");
    }
}

#[test]
fn so_it_does_in_the_japanese_voice_that_every_machine_has() {
    if voice(Some("open-jtalk"), Language::Ja).is_some() {
        there_and_back("open-jtalk", "ja");
    }
}

#[test]
fn so_it_does_without_a_voice() {
    there_and_back("none", "en");
}
