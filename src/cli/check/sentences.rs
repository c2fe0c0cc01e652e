//! What a lesson says that is likely not heard, read or true as it is meant.

use crate::cli::lesson_library::LessonSource;
use crate::language::{Language, Localized, Message, says};
use crate::lesson::claims::{unfounded, wrong_facts};
use crate::lesson::{self, Beat, Diagnostics, Lesson, Narration};
use crate::narration::{Stumble, long_sentences, stumbles};

/// The warnings of a lesson's sentences, numbers and facts. The voices of `asked` say how they read them. In
/// languages that are not `own`, the lesson is told by a translation: its numbers are compared with the English
/// ones instead, and a voice of its language reads signs in its own way.
pub(super) fn review(
    source: &LessonSource,
    lesson: &Lesson,
    own: &[Language],
    asked: &[Language],
) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(&source.name, &source.text);
    for language in Language::ALL {
        let texts = spoken(lesson, language);
        for (path, narration) in &texts {
            for sentence in long_sentences(&narration.display, language) {
                let message = says!(
                    en: "this sentence does not fit into the two lines of a caption: {sentence}",
                    ja: "この文は字幕の 2 行に入りません: {sentence}"
                );
                let help = Localized::new("make it two sentences", "2 つの文に分けてください");
                warn(&mut diagnostics, path, sentence, message, help);
            }
        }
        if !own.contains(&language) {
            continue;
        }
        for (path, stumble) in stumbled(&texts, language, asked.contains(&language)) {
            let help = stumble.help();
            warn(
                &mut diagnostics,
                &path,
                &stumble.text(),
                stumble.message(),
                help,
            );
        }
    }
    for claim in unfounded(lesson, own)
        .into_iter()
        .filter(|claim| !claim.said.is_small())
    {
        let (path, value) = (
            format!("{}.{}", claim.path, claim.language),
            claim.said.value,
        );
        let message = says!(
            en: "the text says {value}, which nothing in the lesson gives",
            ja: "文に {value} とありますが、レッスンのどこからも出てこない数です"
        );
        let help = says!(
            en: "correct it, or give its reason in the lesson's `facts`: \"{value} # where it is from\" or \"{value} = 2 * 3\"",
            ja: "直すか、レッスンの `facts` に根拠を書いてください: \"{value} # 出典\" か \"{value} = 2 * 3\""
        );
        warn(&mut diagnostics, &path, "", message, help);
    }
    for wrong in wrong_facts(lesson) {
        let help = Localized::new(
            "a fact is \"112 = 224 / 2\", \"9 @ 0\" for a value of scene 0, or \"224 # where it is from\"",
            "根拠の書き方は \"112 = 224 / 2\"、シーン 0 の値なら \"9 @ 0\"、または \"224 # 出典\" です",
        );
        let path = format!("facts[{}]", wrong.index);
        warn(&mut diagnostics, &path, "", wrong.error.message(), help);
    }
    diagnostics
}

/// What is said, with its place in the lesson's file.
fn spoken(lesson: &Lesson, language: Language) -> Vec<(String, &Narration)> {
    let mut texts = Vec::new();
    for (scene_index, scene) in lesson.scenes.iter().enumerate() {
        for (beat_index, beat) in scene.beats.iter().enumerate() {
            if let Beat::Say { text, .. } = beat {
                let path = format!("scenes[{scene_index}].beats[{beat_index}].text.{language}");
                texts.push((path, text.get(language)));
            }
        }
    }
    texts
}

/// What voices stumble over in texts; with `ask`, also what the installed voice of the language does.
fn stumbled(
    texts: &[(String, &Narration)],
    language: Language,
    ask: bool,
) -> Vec<(String, Stumble)> {
    let written = texts.iter().flat_map(|(path, narration)| {
        let stumbles = stumbles(&narration.spoken, language).into_iter();
        stumbles.map(move |stumble| (path.clone(), stumble))
    });
    if ask && let Some(heard) = heard(texts, language) {
        // Whether it spells a word the voice itself has told.
        let written = written.filter(|(_, stumble)| !matches!(stumble, Stumble::Latin(_)));
        let mut all: Vec<(String, Stumble)> = written.collect();
        let told: Vec<String> = all.iter().map(|(_, stumble)| stumble.text()).collect();
        let new = heard.into_iter();
        all.extend(new.filter(|(_, stumble)| !told.contains(&stumble.text())));
        return all;
    }
    written.collect()
}

/// What the installed voice of a language stumbles over; `None`, after a line that says why, where it does not
/// tell.
#[cfg(feature = "record")]
fn heard(texts: &[(String, &Narration)], language: Language) -> Option<Vec<(String, Stumble)>> {
    use crate::cli::printing::note;
    use crate::narration::{Probe, probes};

    let probes: Vec<(&String, Probe)> = texts
        .iter()
        .flat_map(|(path, narration)| {
            let probes = probes(&narration.spoken, language).into_iter();
            probes.map(move |probe| (path, probe))
        })
        .collect();
    let mut phrases: Vec<String> = probes
        .iter()
        .flat_map(|(_, probe)| probe.phrases().map(str::to_owned))
        .collect();
    phrases.sort_unstable();
    phrases.dedup();
    match crate::narration::ask(&phrases, language) {
        Ok(sounds) => {
            let found = probes.into_iter();
            let found =
                found.filter_map(|(path, probe)| Some((path.clone(), probe.stumble(&sounds)?)));
            Some(found.collect())
        }
        Err(error) => {
            let error = error.message();
            note!(with [error]; en: "{error}", ja: "{error}");
            None
        }
    }
}

#[cfg(not(feature = "record"))]
const fn heard(_: &[(String, &Narration)], _: Language) -> Option<Vec<(String, Stumble)>> {
    None
}

/// Warns at a part of a text, or at all of it where the part is not found as it stands.
fn warn(
    diagnostics: &mut Diagnostics,
    path: &str,
    part: &str,
    message: Localized<String>,
    help: impl Into<Localized<String>>,
) {
    let whole = lesson::span_of(&diagnostics.source, path);
    let literal = diagnostics.source.get(whole.clone()).unwrap_or_default();
    let span = match literal.find(part) {
        Some(at) if !part.is_empty() => whole.start + at..whole.start + at + part.len(),
        _ => whole,
    };
    diagnostics.warning(span, message, help);
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::disk::Reach;

    /// The warnings of a lesson that says this, as they are shown.
    fn report(en: &str, ja: &str, facts: &str) -> String {
        report_own(en, ja, facts, &Language::ALL)
    }

    /// The same, where only some of the languages are the lesson's own.
    fn report_own(en: &str, ja: &str, facts: &str, own: &[Language]) -> String {
        let text = format!(
            "Lesson(
                title: (en: \"T\", ja: \"T\"),
                facts: [{facts}],
                input: (shape: (1, 5, 5), fill: Constant(1)),
                layers: [Conv2d(filters: 1, kernel: (3, 3), padding: Valid, weights: Constant(1))],
                scenes: [Scene(
                    title: (en: \"S\", ja: \"S\"),
                    beats: [Say(text: (en: \"{en}\", ja: \"{ja}\"))],
                )],
            )"
        );
        let source = LessonSource {
            path: PathBuf::from("t.ron"),
            name: "t.ron".to_owned(),
            text,
            reach: Reach::Folder,
        };
        let (lesson, _) = source
            .check()
            .unwrap_or_else(|problems| panic!("{problems}"));
        review(&source, &lesson, own, &[]).to_string()
    }

    #[test]
    fn what_is_heard_read_and_true_gives_no_warning() {
        let report = report("5 by 5 numbers, k².", "5×5の数、k²です。", "");
        assert!(report.is_empty(), "{report}");
    }

    #[test]
    fn each_kind_of_slip_is_told_where_it_stands() {
        let en = "It has 64 000 weights § in all.";
        let ja = "これはpoolingという、とても長い名前の、とても便利な、とても有名な、そしてとても長い文です。";
        let report = report(en, ja, "\"7 = 2 * 3\"");
        for told in [
            "`64 000`: voices",
            "`§`: voices",
            "`pooling`: Japanese voices",
            "two lines of a caption",
            "says 64, which nothing",
            "arithmetic of this fact gives 6",
        ] {
            assert!(report.contains(told), "{told}: {report}");
        }
        assert!(report.contains("^^^^^^^"), "{report}");
    }

    #[test]
    fn of_a_translation_only_the_length_of_its_sentences_is_told() {
        let de = "Es sind 64 000 Gewichte §, und dieser Satz ist so lang, dass er nie und nimmer in die zwei Zeilen \
                  passt, die ein Untertitel hat.";
        let ja = "重みは64個、§です。";
        let report = report_own(de, ja, "", &[Language::Ja]);
        assert!(report.contains("two lines of a caption"), "{report}");
        assert!(!report.contains("64 000`"), "{report}");
        // What is said in both is still told of the other language.
        for told in ["`§`: voices", "says 64, which nothing"] {
            assert_eq!(report.matches(told).count(), 1, "{told}: {report}");
        }
    }

    #[test]
    fn the_shipped_lessons_have_no_such_warning() {
        let shipped = crate::cli::lesson_library::shipped_lessons();
        assert!(!shipped.is_empty());
        for (name, _) in shipped {
            let source = crate::cli::lesson_library::find(&name).unwrap();
            let (lesson, _) = source
                .check()
                .unwrap_or_else(|problems| panic!("{problems}"));
            let warnings = review(&source, &lesson, &Language::ALL, &[]);
            assert!(warnings.list.is_empty(), "{warnings}");
        }
    }

    #[test]
    fn a_reading_and_a_fact_answer_the_warnings() {
        let en = "It has {64 000|sixty-four thousand} weights.";
        let facts = "\"64 # so many\", \"0 # the rest\"";
        let report = report(en, "{pooling|プーリング}です。", facts);
        assert!(report.is_empty(), "{report}");
    }
}
