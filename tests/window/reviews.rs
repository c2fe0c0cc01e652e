//! A review, and the questions that were answered wrong, from the list of lessons.

use super::{Bench, wait_for};

/// As versions without reviews kept it: of three questions, one was answered right.
const KEPT: &str = r#"(
    watched: ["padding"],
    answers: {
        "padding": {
            0: true,
            1: false,
        },
        "stride": {
            1: false,
        },
    },
)
"#;

/// The list of lessons in a window of 800 × 600, with something to review.
fn open() -> Option<Bench> {
    let list = ["--lang", "en", "--theme", "light", "--voice", "none"];
    let mut bench = Bench::open(&list)?;
    std::fs::write(
        bench.path().join("settings.ron"),
        "(window: (800.0, 600.0))",
    )
    .unwrap();
    std::fs::write(bench.path().join("progress.ron"), KEPT).unwrap();
    bench.start(&list);
    bench.is("screen", "Lessons");
    Some(bench)
}

/// So many answers are kept that were right once, and so many that were wrong.
#[track_caller]
fn keeps(bench: &Bench, right: usize, wrong: usize) {
    wait_for("the answers on the disk", || {
        let text = std::fs::read_to_string(bench.path().join("progress.ron")).ok()?;
        let count = |what: &str| text.matches(what).count();
        let kept = (count("in_a_row: 1"), count("in_a_row: 0"));
        (kept == (right, wrong)).then_some(())
    });
}

#[test]
fn a_review_is_done_by_keys_and_leads_to_the_lesson() {
    let Some(bench) = open() else {
        return;
    };
    let before = bench.screen();
    bench.focus("review");
    bench.keys(&["Return"]);
    bench.is("screen", "Review");
    bench.is("review", "0 of 3, 0 right");
    bench.is("question", "padding 1");
    assert!(bench.shows_change(&before, 0.05));

    // By a digit; a second one changes nothing. The width of 7 is the second of three choices.
    bench.keys(&["Return"]);
    bench.is("question", "padding 1");
    bench.keys(&["2"]);
    bench.is("question", "padding 1, right");
    bench.keys(&["1"]);
    bench.is("review", "0 of 3, 1 right");
    keeps(&bench, 2, 1);
    bench.keys(&["Return"]);
    bench.is("question", "stride 1");

    // By Tab and Enter, and wrong: the fine stripes are gone.
    bench.focus("choice 1");
    bench.keys(&["Return"]);
    bench.until("question", |found| found.starts_with("stride 1, "));
    bench.is("focus", "");
    bench.keys(&["Return"]);
    bench.is("question", "padding 0");
    bench.keys(&["3"]);
    bench.is("question", "padding 0, right");

    // The lesson, where it tells why.
    bench.focus("watch");
    bench.keys(&["Return"]);
    bench.is("screen", "Show");
    let time = bench.until("time", |time| !time.is_empty());
    assert!(time.as_str() > "0:30", "{time}");
    bench.keys(&["Escape"]);
    bench.is("screen", "Lessons");
}

#[test]
fn a_review_is_left_by_escape_and_what_was_wrong_leads_to_its_question() {
    let Some(bench) = open() else {
        return;
    };
    bench.focus("review");
    bench.keys(&["Return"]);
    bench.is("screen", "Review");
    bench.keys(&["Escape"]);
    bench.is("screen", "Lessons");
    bench.focus("wrong answers");
    bench.keys(&["Return"]);
    bench.focus("wrong padding 1");
    bench.keys(&["Return"]);
    bench.is("screen", "Show");
    // Playback waits there for an answer.
    bench.is("playing", "true");
    bench.is("playing", "false");
}
