//! What a translator relies on: the file of sentences, what is told about it, and lessons told by it.

mod program;

use std::path::Path;

use program::tensorama;

/// The command ends with this status; what it says on both outputs.
fn answer(arguments: &[&str], folder: &Path, status: i32) -> String {
    let output = tensorama(arguments, folder).output().unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text += &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

const LESSON: &str = r#"Lesson(
    title: (en: "Tiny", ja: "小さい"),
    scenes: [Scene(
        title: (en: "Only", ja: "ひとつ"),
        input: (shape: (1, 3, 3)),
        layers: [Conv2d(filters: 1, kernel: (2, 2))],
        beats: [
            Say(
                text: (
                    en: "The filter [drop] lands on 4 numbers of the input.",
                    ja: "フィルタが[drop]入力の4個の数に降ります。",
                ),
                at: {"drop": Formula(Value)},
            ),
            Run(to: End, over: 2.0),
        ],
    )],
)"#;

const TRANSLATIONS: [(&str, &str); 3] = [
    ("Tiny", "Winzig"),
    ("Only", "Einzige"),
    (
        "The filter [drop] lands on 4 numbers of the input.",
        "Der Filter setzt [drop] auf 4 Zahlen der Eingabe auf.",
    ),
];

/// Puts translations under their English texts.
fn fill_in(file: &Path) {
    let mut text = std::fs::read_to_string(file).unwrap();
    for (en, de) in TRANSLATIONS {
        let empty = format!("{en:?}:\n        \"\",");
        assert!(text.contains(&empty), "{empty} in {text}");
        text = text.replace(&empty, &format!("{en:?}:\n        {de:?},"));
    }
    std::fs::write(file, text).unwrap();
}

#[test]
fn a_file_is_written_filled_in_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let lesson = folder.join("tiny.ron");
    std::fs::write(&lesson, LESSON).unwrap();
    let german =
        |command: &str, status: i32| answer(&[command, "tiny.ron", "--lang", "de"], folder, status);
    let missing = german("check", 1);
    assert!(
        missing.contains("tensorama sentences tiny.ron --lang de"),
        "{missing}"
    );

    let written = german("sentences", 0);
    assert!(written.contains("0 of 3"), "{written}");
    let file = folder.join("sentences/de/tiny.ron");
    let empty = german("check", 0);
    assert!(empty.contains("3 of 3 sentences"), "{empty}");

    fill_in(&file);
    let good = german("check", 0);
    assert!(!good.contains("warning"), "{good}");
    let filled = std::fs::read_to_string(&file).unwrap();
    assert!(german("sentences", 0).contains("3 of 3"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), filled);

    // A mark that is lost.
    std::fs::write(&file, filled.replace(" [drop] auf", " auf")).unwrap();
    let wrong = german("check", 1);
    assert!(wrong.contains("`[drop]`"), "{wrong}");
    assert!(wrong.contains("sentences/de/tiny.ron:"), "{wrong}");

    // The lesson changes: what was translated is kept until it is translated anew.
    std::fs::write(&file, &filled).unwrap();
    let changed = LESSON.replace("numbers of the input", "numbers of the picture");
    std::fs::write(&lesson, changed).unwrap();
    let old = german("check", 0);
    for words in [
        "no longer in the lesson",
        "“The filter [drop] lands on 4 numbers of the picture.”",
        "1 of 3 sentences",
    ] {
        assert!(old.contains(words), "{words}: {old}");
    }
    assert!(german("sentences", 0).contains("2 of 3"));
    let merged = std::fs::read_to_string(&file).unwrap();
    for words in ["Winzig", "numbers of the picture", "der Eingabe auf."] {
        assert!(merged.contains(words), "{words}: {merged}");
    }
}

#[test]
fn the_first_lesson_is_told_in_german() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let check = answer(&["check", "convolution", "--lang", "de"], folder, 0);
    assert!(!check.contains("warning"), "{check}");
    let list = answer(&["list", "--lang", "de"], folder, 0);
    assert!(
        list.contains("Faltung") && list.contains("Filters and feature maps"),
        "{list}"
    );
    let script = answer(
        &["narrate", "convolution", "--list", "--lang", "de"],
        folder,
        0,
    );
    assert!(
        script.starts_with("scene-1-beat-1.de.wav\tSie berechnen"),
        "{script}"
    );
    let plan = |languages: &str| {
        let arguments = ["--voice", "none", "--lang", languages, "-o", "x.mp4"];
        let dry = ["record", "convolution", "--dry-run"];
        answer(&[&dry[..], &arguments].concat(), folder, 0)
    };
    assert!(plan("de,ja").contains("unter beiden das Quadrat"));
    assert!(plan("ja,de").contains("どちらの下にも四角"));
    assert!(plan("en").contains("a square under both"));
}

#[test]
fn a_picture_of_a_lesson_differs_by_its_sentences_alone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("tiny.ron"), LESSON).unwrap();
    answer(&["sentences", "tiny.ron", "--lang", "de"], folder, 0);
    let still = |language: &str, name: &str| {
        let what = ["record", "tiny.ron", "--still", "1", "--size", "320x180"];
        let how = ["--voice", "none", "--lang", language, "-o", name];
        answer(&[&what[..], &how].concat(), folder, 0);
        std::fs::read(folder.join(name)).unwrap()
    };
    let english = still("en", "en.png");
    // Nothing is translated yet.
    assert!(english == still("de", "empty.png"));
    fill_in(&folder.join("sentences/de/tiny.ron"));
    assert!(english != still("de", "de.png"));
    assert!(english == still("en", "again.png"));
}

#[test]
fn what_cannot_be_told_in_a_language_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&[&str], i32, &[&str]); 6] = [
        (
            &["record", "filters", "-o", "x.mp4", "--lang", "de"],
            1,
            &["no sentences in Deutsch", "tensorama sentences"],
        ),
        (
            &["record", "convolution", "-o", "x.mp4", "--lang", "de,en"],
            2,
            &["{lang}"],
        ),
        (
            &[
                "record",
                "nn.Conv2d(3, 8, 3)",
                "-o",
                "x.mp4",
                "--lang",
                "de",
            ],
            2,
            &["English and Japanese"],
        ),
        (
            &["check", "convolution", "--lang", "xx"],
            2,
            &["unknown language `xx`"],
        ),
        (&["sentences", "convolution"], 2, &["--lang de"]),
        (
            &["sentences", "convolution", "--lang", "ja"],
            2,
            &["--lang de"],
        ),
    ];
    for (arguments, status, words) in cases {
        let text = answer(arguments, folder.path(), status);
        for word in words {
            assert!(text.contains(word), "{word:?} in {text}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
