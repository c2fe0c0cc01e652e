//! What a learner and an author rely on in lesson files.

use std::path::{Path, PathBuf};

use tensorama::disk::Reach;
use tensorama::language::{OtherLanguage, half_widths};
use tensorama::lesson::{self, Beat, BeatPlace, Language, Lesson, Sentences, Severity, WHY_WIDTH};
use tensorama::narration::estimated_speeches;
use tensorama::timeline::{Place, Timeline};

fn shipped() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons");
    let mut lessons: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    lessons.sort();
    lessons
}

/// The files of sentences that come with the program: language, lesson and text.
fn shipped_sentences() -> Vec<(OtherLanguage, PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let mut files = Vec::new();
    for (lesson, _) in shipped() {
        for language in OtherLanguage::ALL {
            let file = lesson::sentences_path(Path::new(&lesson), language);
            if let Ok(text) = std::fs::read_to_string(file) {
                files.push((language, PathBuf::from(&lesson), text));
            }
        }
    }
    // Each of those that lie there belongs to a lesson and a language.
    let folders = std::fs::read_dir(folder.join("sentences")).unwrap();
    let there = folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count());
    assert_eq!(there.sum::<usize>(), files.len());
    files
}

fn convolution() -> Lesson {
    let source = include_str!("../lessons/convolution.ron");
    lesson::read("convolution.ron", source)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0
}

fn timeline(lesson: &Lesson, language: Language) -> Timeline {
    Timeline::new(lesson, language, &estimated_speeches(lesson, language))
}

#[test]
fn every_shipped_lesson_is_free_of_errors_and_warnings() {
    let lessons = shipped();
    assert!(!lessons.is_empty());
    for (name, source) in lessons {
        let (_, warnings) =
            lesson::read(&name, &source).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(warnings.list.is_empty(), "{warnings}");
    }
}

/// A recording is known again by what its lesson writes: an address in it would be another in each process.
#[test]
fn no_shipped_lesson_writes_an_address() {
    for (name, source) in shipped() {
        let (lesson, _) =
            lesson::read(&name, &source).unwrap_or_else(|problems| panic!("{problems}"));
        let written = format!("{lesson:?}");
        let is_address = |&at: &usize| {
            let digits = written[at + 2..].bytes().take(8);
            digits.filter(u8::is_ascii_hexdigit).count() == 8
        };
        let mut places = written.match_indices("0x").map(|(at, _)| at);
        let address = places.find(is_address).map(|at| &written[at..at + 10]);
        assert_eq!(address, None, "{name}");
    }
}

#[test]
fn every_shipped_sentence_has_a_translation_that_fits() {
    let files = shipped_sentences();
    assert!(!files.is_empty());
    for (language, path, text) in files {
        let source = std::fs::read_to_string(&path).unwrap();
        let name = path.display().to_string();
        let sentences =
            Sentences::read(language.code(), &text).unwrap_or_else(|problems| panic!("{problems}"));
        let read = lesson::read_translated(&name, &source, Reach::Folder, &sentences);
        let (lesson, warnings) = read.unwrap_or_else(|problems| panic!("{problems}"));
        for warnings in warnings {
            assert!(warnings.list.is_empty(), "{warnings}");
        }
        // In the order and form in which `tensorama sentences` writes it.
        assert_eq!(sentences.filled_in(&name, &source).unwrap(), text);
        let english = lesson::read(&name, &source).unwrap().0;
        assert_ne!(lesson.title.en, english.title.en);
        assert_eq!(lesson.title.ja, english.title.ja);
        let (told, before) = (
            timeline(&lesson, Language::En),
            timeline(&english, Language::En),
        );
        assert_ne!(told.scenes[0].title, before.scenes[0].title);
    }
}

#[test]
fn every_question_of_a_shipped_lesson_is_explained_after_it() {
    let mut count = 0;
    for (name, source) in shipped() {
        let (lesson, _) = lesson::read(&name, &source).unwrap();
        let timeline = timeline(&lesson, Language::En);
        let time = |BeatPlace { scene, beat }| {
            let part = 0.0;
            timeline.time_at(Place { scene, beat, part })
        };
        let questions = lesson.questions();
        assert_eq!(questions.len(), timeline.questions.len(), "{name}");
        for (asked, span) in questions.iter().zip(&timeline.questions) {
            assert_eq!(asked.question.ask.en, span.ask, "{name}");
            assert!((time(asked.asked) - span.start).abs() < 1e-6, "{name}");
            assert!(time(asked.explained) > span.reveal, "{name}: {}", span.ask);
            for why in [&asked.why.en, &asked.why.ja] {
                assert!(!why.is_empty(), "{name}: {}", span.ask);
            }
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_choice_of_a_shipped_question_has_a_why_that_fits_its_card() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, source) in shipped() {
        let (lesson, _) = lesson::read(&name, &source).unwrap();
        let timelines = Language::ALL.map(|language| timeline(&lesson, language));
        for (number, asked) in lesson.questions().into_iter().enumerate() {
            let question = asked.question;
            let ask = format!("{name}: {}", question.ask.en);
            if question.whys.len() != question.choices.len() {
                let (whys, choices) = (question.whys.len(), question.choices.len());
                wrong.push(format!("{ask} has {whys} whys for {choices} choices"));
            }
            for timeline in &timelines {
                let language = timeline.language;
                let whys = question.whys.iter().map(|why| why.get(language));
                assert!(whys.eq(&timeline.questions[number].whys), "{ask}");
                for why in &timeline.questions[number].whys {
                    if why.trim().is_empty() || half_widths(why) > WHY_WIDTH {
                        wrong.push(format!("{ask} ({language}): {why}"));
                    }
                    count += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 250, "{count}");
}

#[test]
fn the_first_lesson_says_what_the_engine_computes() {
    let lesson = convolution();
    for scene in &lesson.scenes {
        assert_eq!(
            scene.staging.staged_layers[0].plan.input_shape().axes(),
            [3, 6, 6]
        );
        assert_eq!(
            scene.staging.staged_layers[0].plan.output_shape().axes(),
            [4, 4, 4]
        );
        assert_eq!(scene.staging.staged_layers[0].plan.step(0).term_count(), 27);
    }
    let scene = &lesson.scenes[1];
    let first = scene.staging.staged_layers[0]
        .plan
        .explain(0, &scene.staging.staged_layers[0].operands);
    assert_eq!(first.value, 7.0);
    let after = |terms: usize| first.terms[terms - 1].running;
    assert_eq!(
        [after(9), after(18) - after(9), after(27) - after(18)],
        [4.0, 2.0, 1.0]
    );
    assert_eq!(
        scene.staging.staged_layers[0]
            .plan
            .explain(1, &scene.staging.staged_layers[0].operands)
            .value,
        0.0
    );
    assert_eq!(
        scene.staging.staged_layers[0]
            .plan
            .explain(16, &scene.staging.staged_layers[0].operands)
            .value,
        8.0
    );

    let said = |language: Language, word: &str| {
        let texts = lesson.scenes.iter().flat_map(|scene| &scene.beats);
        let texts = texts.filter_map(|beat| match beat {
            Beat::Say { text, .. } => Some(&text.get(language).display),
            _ => None,
        });
        texts.flat_map(|text| words(text)).any(|said| said == word)
    };
    for language in Language::ALL {
        for word in ["27", "7", "8"] {
            assert!(said(language, word), "{language}: {word}");
        }
    }
}

/// The words and numbers of a text, whole: neither is "seven" said by "twenty-seven", nor 7 by 27,
/// 0.7 or 1,728.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | ','))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|word| !word.is_empty())
}

#[test]
fn a_word_is_not_said_by_a_longer_one() {
    let all = |text| words(text).collect::<Vec<_>>();
    assert_eq!(
        all("It is twenty-seven, not seven."),
        ["It", "is", "twenty-seven", "not", "seven"]
    );
    assert_eq!(
        all("27個の積、1,728回、7.5。8です"),
        ["27", "1,728", "7.5", "8"]
    );
}

#[test]
fn a_beat_lasts_until_its_words_and_its_actions_have_ended() {
    let lesson = convolution();
    for language in Language::ALL {
        let speeches = estimated_speeches(&lesson, language);
        let timeline = Timeline::new(&lesson, language, &speeches);
        for (scene, spans) in timeline.scenes.iter().enumerate() {
            for (beat, span) in spans.beats.iter().enumerate() {
                if let Some(speech) = &speeches[scene][beat] {
                    let start = span.speech.unwrap();
                    assert!(start >= span.start && start + speech.duration <= span.end);
                }
            }
            for pair in spans.beats.windows(2) {
                assert_eq!(pair[0].end, pair[1].start);
            }
        }
    }
}

#[test]
fn captions_follow_one_another_without_overlap() {
    let lesson = convolution();
    for language in Language::ALL {
        let timeline = timeline(&lesson, language);
        assert!(timeline.captions.len() > 10);
        for pair in timeline.captions.windows(2) {
            assert!(
                pair[0].start < pair[0].end && pair[0].end <= pair[1].start + 1e-9,
                "{pair:?}"
            );
        }
    }
}

#[test]
fn changing_the_language_keeps_the_place_in_the_beat() {
    let lesson = convolution();
    let (en, ja) = (
        timeline(&lesson, Language::En),
        timeline(&lesson, Language::Ja),
    );
    for tenth in 0..10 {
        let time = en.duration * f64::from(tenth) / 10.0 + 0.3;
        let there = en.same_place_in(&ja, time);
        assert_eq!(en.beat_at(time), ja.beat_at(there));
        assert!((ja.same_place_in(&en, there) - time).abs() < 1e-6);
    }
}

const GOOD: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    scenes: [Scene(
        title: (en: "S", ja: "場"),
        input: (shape: (2, 4, 4)),
        layers: [Conv2d(filters: 2, kernel: (3, 3))],
        beats: [
            Say(text: (en: "One [m] two.", ja: "いち[m]に。"), at: {"m": Run(to: Step(1))}),
            Run(to: End, over: 2.0),
        ],
    )],
)"#;

/// The errors of a lesson that differs from a good one: line, column and message of each.
fn errors_after(change: &[(&str, &str)]) -> Vec<(usize, usize, String)> {
    let mut source = GOOD.to_owned();
    for (from, to) in change {
        assert!(source.contains(from), "{from}");
        source = source.replacen(from, to, 1);
    }
    let problems = lesson::read("lesson.ron", &source).expect_err("the lesson should be refused");
    let errors = problems
        .list
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    errors
        .map(|problem| {
            let (line, column) = problems.position(problem.span.start);
            (line, column, problem.message.en.clone())
        })
        .collect()
}

fn one_error(change: &[(&str, &str)]) -> (usize, usize, String) {
    let errors = errors_after(change);
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().unwrap()
}

#[test]
fn a_good_lesson_has_no_diagnostics() {
    let (_, warnings) =
        lesson::read("lesson.ron", GOOD).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(warnings.list.is_empty(), "{warnings}");
}

#[test]
fn a_syntax_error_is_shown_where_it_is() {
    let (line, _, _) = one_error(&[("Run(to: End, over: 2.0),", "Run(to: End over: 2.0),")]);
    assert_eq!(line, 9);
}

#[test]
fn an_unknown_field_is_named_with_the_known_ones() {
    let source = GOOD.replace("over: 2.0", "in_seconds: 2.0");
    let problems = lesson::read("lesson.ron", &source).unwrap_err();
    let text = problems.to_string();
    assert!(text.contains("lesson.ron:9:"), "{text}");
    assert!(
        text.contains("in_seconds") && text.contains("over"),
        "{text}"
    );
}

#[test]
fn a_kernel_larger_than_its_input_is_an_error_at_the_layer() {
    let (line, column, message) = one_error(&[("kernel: (3, 3)", "kernel: (5, 5)")]);
    assert_eq!((line, column), (6, 18));
    assert!(message.contains('5') && message.contains('4'), "{message}");
}

#[test]
fn a_mark_that_the_text_lacks_is_an_error_at_the_mark() {
    let (line, _, message) = one_error(&[("いち[m]に。", "いちに。")]);
    assert_eq!(line, 8);
    assert!(
        message.contains("Japanese") && message.contains("[m]"),
        "{message}"
    );
}

#[test]
fn a_missing_language_is_an_error_at_the_text() {
    let (line, _, message) = one_error(&[("title: (en: \"T\", ja: \"題\")", "title: (en: \"T\")")]);
    assert_eq!(line, 2);
    assert!(message.contains("Japanese"), "{message}");
}

#[test]
fn all_mistakes_are_reported_in_one_run() {
    let errors = errors_after(&[
        ("title: (en: \"T\", ja: \"題\")", "title: (ja: \"題\")"),
        ("いち[m]に。", "いちに。"),
        ("over: 2.0", "over: -2.0"),
        ("Step(1)", "Step(1000)"),
    ]);
    let lines: Vec<usize> = errors.iter().map(|error| error.0).collect();
    assert_eq!(lines, [2, 8, 8, 9], "{errors:?}");
}

#[test]
fn a_scene_too_large_is_refused_with_the_limit_named() {
    let (_, _, message) = one_error(&[("shape: (2, 4, 4)", "shape: (64, 512, 512)")]);
    assert!(message.contains("262144"), "{message}");
    // And one that only its output makes too large.
    let (_, _, message) = one_error(&[("filters: 2", "filters: 100000")]);
    assert!(message.contains("262144"), "{message}");
}

#[test]
fn parts_and_filters_that_do_not_exist_are_refused() {
    let (_, _, message) = one_error(&[("Run(to: Step(1))", "Show([Filter(2)])")]);
    assert!(message.contains("there is no filter 2"), "{message}");
    let (_, _, message) = one_error(&[("Run(to: Step(1))", "Show([Padding])")]);
    assert!(message.contains("no padding"), "{message}");
}

#[test]
fn what_the_stage_can_show_is_accepted() {
    for layer in [
        "Depthwise(kernel: (3, 3))",
        "MaxPool2d(kernel: (2, 2))",
        "AvgPool2d(kernel: (2, 2))",
        "PixelShuffle(factor: 2)",
        "PixelUnshuffle(factor: 2)",
        "Pointwise(filters: 5)",
        "Preset(\"convolution-animation-3x3-kernel-2-groups\")",
    ] {
        let source = GOOD
            .replace("Conv2d(filters: 2, kernel: (3, 3))", layer)
            .replace("shape: (2, 4, 4)", "shape: (8, 4, 4)");
        lesson::read("lesson.ron", &source)
            .unwrap_or_else(|problems| panic!("{layer}: {problems}"));
    }
}

#[test]
fn a_layer_that_does_not_fit_its_chain_is_pointed_at() {
    let chain = "ReLU, Conv2d(filters: 2, kernel: (3, 3)), MaxPool2d(kernel: (3, 3)), ReLU";
    let (_, column, message) = one_error(&[("Conv2d(filters: 2, kernel: (3, 3))", chain)]);
    assert!(message.contains("layer 3 of the chain"), "{message}");
    let line = "        layers: [ReLU, Conv2d(filters: 2, kernel: (3, 3)), ";
    assert_eq!(column, line.chars().count() + 1);
}

#[test]
fn a_comparison_needs_two_sides_with_names() {
    let one = r#"layers: [Conv2d(filters: 2, kernel: (3, 3))]"#;
    let side = r#"compare: [Side(name: (en: "A", ja: "甲"), layers: [Conv2d(filters: 2, kernel: (3, 3))])]"#;
    let (_, _, message) = one_error(&[(one, side)]);
    assert!(message.contains("at least two sides"), "{message}");
    let sides = r#"compare: [
        Side(name: (en: "A", ja: "甲"), layers: [Conv2d(filters: 2, kernel: (3, 3))]),
        Side(name: (en: "B"), layers: [DepthwiseSeparable(filters: 2, kernel: (3, 3))]),
    ]"#;
    let (_, _, message) = one_error(&[(one, sides)]);
    assert!(message.contains("Japanese is missing"), "{message}");
    let source = GOOD.replacen(
        one,
        &sides.replace(r#"(en: "B")"#, r#"(en: "B", ja: "乙")"#),
        1,
    );
    let (lesson, _) =
        lesson::read("lesson.ron", &source).unwrap_or_else(|problems| panic!("{problems}"));
    let staging = &lesson.scenes[0].staging;
    assert_eq!(staging.staged_layers.len(), 3);
    assert_eq!(staging.tensors.len(), 5);
    // Both sides read the same numbers.
    assert_eq!(staging.tensors[0], staging.tensors[2]);
}

/// A convolution of 3 filters and 12 steps, beside a pool of 2 channels and 18 steps with a ReLU.
const COMPARED: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    scenes: [Scene(
        title: (en: "S", ja: "場"),
        input: (shape: (2, 4, 4)),
        compare: [
            Side(name: (en: "A", ja: "甲"), layers: [Conv2d(filters: 3, kernel: (3, 3))]),
            Side(name: (en: "B", ja: "乙"), layers: [MaxPool2d(kernel: (2, 2), stride: (1, 1)), ReLU]),
        ],
        show: [Side(1)],
        camera: Shot(frame: [Tensor(4)]),
        from: Step(1),
        beats: [
            Run(to: Step(15), over: 2.0, do: [Focus([Of(1, OutputChannel(1))])]),
        ],
    )],
)"#;

#[test]
fn what_no_side_of_a_comparison_has_is_an_error_where_it_is_written() {
    let (_, warnings) =
        lesson::read("lesson.ron", COMPARED).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(warnings.list.is_empty(), "{warnings}");

    let to = (14, 21);
    let nowhere = "no side of the comparison gets there";
    let focus = (14, 54);
    for (from, written, (line, column), message, help) in [
        // The convolution has 12 steps, the pool 18: a side may be done early, but not both.
        (
            "Step(15)",
            "Step(19)",
            to,
            nowhere,
            "in side 0 the operation has 12 steps, not 19; \
             in side 1 the operation has 18 steps, not 19",
        ),
        (
            "Step(15)",
            "Phase(step: 15, phase: Multiply)",
            to,
            nowhere,
            "side 1 this operation has no phase Multiply",
        ),
        (
            "Step(15)",
            "Filter(3)",
            to,
            nowhere,
            "in side 1 there is no filter 3",
        ),
        (
            "from: Step(1)",
            "from: Step(19)",
            (12, 15),
            nowhere,
            "in side 0",
        ),
        (
            "Step(15)",
            "In(3, Step(1))",
            to,
            "there is no layer 3",
            "side 0 has layer 0, side 1 has layers 1 to 2",
        ),
        (
            "Step(15)",
            "In(1, Step(19))",
            to,
            "has 18 steps, not 19",
            "",
        ),
        (
            "Tensor(4)",
            "Tensor(5)",
            (11, 30),
            "there is no tensor 5",
            "side 0 has tensors 0 to 1, side 1 has tensors 2 to 4",
        ),
        ("[Side(1)]", "[Side(2)]", (10, 16), "no side 2", ""),
        (
            "Of(1, OutputChannel(1))",
            "Of(1, OutputChannel(2))",
            focus,
            "no output channel 2",
            "",
        ),
        (
            "Of(1, OutputChannel(1))",
            "Of(2, Filter(0))",
            focus,
            "no filter 0",
            "",
        ),
        (
            "Of(1, OutputChannel(1))",
            "Padding",
            focus,
            "no padding",
            "",
        ),
        (
            "Of(1, OutputChannel(1))",
            "InputChannel(2)",
            focus,
            "no input channel 2",
            "",
        ),
    ] {
        assert!(COMPARED.contains(from), "{from}");
        let source = COMPARED.replacen(from, written, 1);
        let problems = lesson::read("lesson.ron", &source).expect_err(written);
        let [problem] = problems.list.as_slice() else {
            panic!("{problems}");
        };
        let place = problems.position(problem.span.start);
        assert_eq!(place, (line, column), "{problems}");
        assert!(problem.message.en.contains(message), "{problems}");
        assert!(problem.help.en.contains(help), "{problems}");
    }

    // What is there, but in another layer than the one that is meant without a number.
    let other = COMPARED.replacen("filters: 3", "filters: 1", 1);
    let other = other.replacen("Of(1, OutputChannel(1))", "OutputChannel(1)", 1);
    let problems = lesson::read("lesson.ron", &other).unwrap_err();
    assert!(
        problems.list[0]
            .help
            .en
            .contains("`Of(1, OutputChannel(1))`"),
        "{problems}"
    );
}

#[test]
fn an_empty_file_is_called_empty() {
    for source in ["", "\n\n"] {
        let problems = lesson::read("lesson.ron", source).unwrap_err();
        assert_eq!(problems.list[0].message.en, "the file is empty");
    }
}

#[test]
fn a_name_with_or_without_brackets_is_told_how_it_is_written() {
    let layer = "Conv2d(filters: 2, kernel: (3, 3))";
    let input = "shape: (2, 4, 4)";
    for (from, written, (line, column), message, help) in [
        (
            input,
            "shape: (2, 4, 4), fill: Impulse",
            (5, 41),
            "`Impulse` needs parentheses",
            "`Impulse()`",
        ),
        (layer, "Add", (6, 18), "`Add` needs parentheses", "`Add()`"),
        (
            layer,
            "ReLU, Add // the input\n",
            (6, 24),
            "`Add` needs parentheses",
            "`Add(tensor: 1)`",
        ),
        (
            layer,
            "Conv2d",
            (6, 18),
            "`Conv2d` needs parentheses",
            "`Conv2d(…)`",
        ),
        (
            layer,
            "GlobalAvgPool2d()",
            (6, 18),
            "`GlobalAvgPool2d` has no fields",
            "write `GlobalAvgPool2d`, without parentheses",
        ),
        (
            input,
            "shape: (2, 4, 4), fill: Ramp()",
            (5, 41),
            "`Ramp` has no fields",
            "write `Ramp`",
        ),
        (
            layer,
            "Conv2d(filters: 1, kernel: (3, 3), padding: 1)",
            (6, 62),
            "`1` is a number",
            "`padding: Size(1, 1)`",
        ),
        // A pair that is missing is no name.
        (
            layer,
            "MaxPool2d(kernel: 3)",
            (6, 35),
            "Expected opening `(`",
            "`kernel: (3, 3)`",
        ),
    ] {
        let source = GOOD.replacen(from, written, 1);
        assert_ne!(source, GOOD);
        let problems = lesson::read("lesson.ron", &source).expect_err(written);
        let problem = &problems.list[0];
        let place = problems.position(problem.span.start);
        assert_eq!(place, (line, column), "{problems}");
        assert!(problem.message.en.contains(message), "{problems}");
        assert!(problem.help.en.contains(help), "{problems}");
    }
}

#[test]
fn a_prediction_whose_answer_is_no_choice_is_refused() {
    let predict = |choices: &str| {
        let beat = format!(
            "Predict(ask: (en: \"Width?\", ja: \"幅は?\"), choices: [{choices}], answer: OutputWidth),\n            Run(to: End, over: 2.0),"
        );
        GOOD.replace("Run(to: End, over: 2.0),", &beat)
    };
    let good = lesson::read("lesson.ron", &predict("4, 2, 3"))
        .unwrap_or_else(|problems| panic!("{problems}"))
        .0;
    let Beat::Predict { question, .. } = &good.scenes[0].beats[1] else {
        panic!()
    };
    assert_eq!(question.answer, 1);
    let problems = lesson::read("lesson.ron", &predict("4, 3")).unwrap_err();
    assert!(
        problems.to_string().contains("the answer is 2"),
        "{problems}"
    );
}

#[test]
fn a_why_for_each_choice_is_kept_and_anything_else_is_refused() {
    let predict = |why: &str| {
        let beat = format!(
            "Predict(ask: (en: \"Width?\", ja: \"幅は?\"), choices: [4, 2], answer: OutputWidth, {why}),\n            Run(to: End, over: 2.0),"
        );
        GOOD.replace("Run(to: End, over: 2.0),", &beat)
    };
    let whys = |source: &str| {
        let read = lesson::read("lesson.ron", source).unwrap_or_else(|told| panic!("{told}"));
        read.0.questions()[0].question.whys.clone()
    };
    assert!(whys(&predict("")).is_empty());
    let text = |en: &str, ja: &str| format!("(en: \"{en}\", ja: \"{ja}\")");
    let (four, two) = (
        text(
            "4 is the input:\n    the kernel takes 2.",
            "4は入力の幅です。\n    2減ります。",
        ),
        text(&"m".repeat(WHY_WIDTH), &"幅".repeat(WHY_WIDTH / 2)),
    );
    let read = whys(&predict(&format!("why: [{four}, {two}]")));
    assert_eq!(read[0].en, "4 is the input: the kernel takes 2.");
    assert_eq!(read[0].ja, "4は入力の幅です。2減ります。");
    assert_eq!(read[1].en.len(), WHY_WIDTH);
    let refused = |why: &str, words: &[&str]| {
        let told = lesson::read("lesson.ron", &predict(why)).unwrap_err();
        assert_eq!(told.error_count(), 1, "{told}");
        let message = &told.list[0].message;
        for word in words {
            let is_told = [&message.en, &message.ja].map(|text| text.contains(word));
            assert_eq!(is_told, [true; 2], "{word} in {told}");
        }
    };
    refused(&format!("why: [{four}]"), &["`why`", "2", "1"]);
    refused(
        &format!("why: [{four}, {two}, {two}]"),
        &["`why`", "2", "3"],
    );
    let long = text(&"m".repeat(WHY_WIDTH + 1), "2");
    refused(&format!("why: [{four}, {long}]"), &["91", "90"]);
    let long = text("2", &"幅".repeat(WHY_WIDTH / 2 + 1));
    refused(&format!("why: [{four}, {long}]"), &["92", "90"]);
    let told = lesson::read("lesson.ron", &predict("why: [(en: \"4\"), (en: \"2\")]"));
    assert_eq!(told.unwrap_err().error_count(), 2);
}

#[test]
fn the_curriculum_is_numbered_and_each_lesson_leads_to_the_next() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let mut lessons: Vec<(u32, String, lesson::Lesson)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .map(|path| {
            let source = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let (lesson, _) = lesson::read(&path.to_string_lossy(), &source)
                .unwrap_or_else(|problems| panic!("{problems}"));
            (
                lesson
                    .number
                    .unwrap_or_else(|| panic!("{name} has no number")),
                name,
                lesson,
            )
        })
        .collect();
    lessons.sort_by_key(|(number, ..)| *number);
    assert_eq!(lessons.len(), 26);
    for (index, (number, name, lesson)) in lessons.iter().enumerate() {
        assert_eq!(*number as usize, index + 1, "{name}");
        let next = lessons.get(index + 1).map(|(_, next, _)| next.clone());
        assert_eq!(lesson.next, next, "{name}");
        assert!(lesson.goal.is_some(), "{name} has no goal");
        assert!(!lesson.sources.is_empty(), "{name} names no source");
        for source in &lesson.sources {
            assert!(source.url.starts_with("https://"), "{name}: {}", source.url);
        }
        for language in Language::ALL {
            let speeches = estimated_speeches(lesson, language);
            let spoken = speeches.iter().flatten().flatten();
            let seconds: f64 = spoken.map(|speech| speech.duration).sum();
            assert!(
                (75.0..=300.0).contains(&seconds),
                "{name} {language}: {seconds}"
            );
        }
        let beats = lesson.scenes.iter().flat_map(|scene| &scene.beats);
        let asks = beats
            .filter(|beat| matches!(beat, Beat::Predict { .. }))
            .count();
        assert!(asks >= 2, "{name} asks {asks} questions");
    }
}
