//! A lesson's sentences in a further language: a file beside the lesson, by which it is told in a language
//! that its own text does not have.
//!
//! The file is a map in RON, from the English text to the translation. The English text is the key, however its
//! lines are broken; so a translation stays where scenes move, and one whose English has changed is told.

mod compare;
mod fill_in;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::check::read_reaching;
use super::diagnostic::Diagnostics;
use super::schema::{RawBeat, RawLesson, RawText};
use super::syntax::{diagnostic, options, parse};
use super::{Beat, Lesson, Localized, Narration};
use crate::disk::Reach;
use crate::language::{OtherLanguage, unfolded};

/// The folder of sentences, beside lessons.
const FOLDER: &str = "sentences";

/// The sentences of a lesson in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentences {
    /// The file's name, for what is told of it.
    file: String,
    /// Its text.
    source: String,
    /// What it holds, in its order.
    list: Vec<Sentence>,
}

/// A text and its translation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    /// The English text, on one line.
    en: String,
    /// The translation; empty where there is none yet.
    translation: String,
}

/// A text of a lesson that can be translated.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    /// Its scene, from 0; `None` for those of the lesson itself.
    scene: Option<usize>,
    /// Whether it is narration, with marks and readings.
    narration: bool,
    /// The English text, on one line.
    en: String,
}

/// The file with a lesson's sentences in a language: `sentences/de/stride.ron` beside `stride.ron`.
#[must_use]
pub fn sentences_path(lesson: &Path, language: OtherLanguage) -> PathBuf {
    let folder = lesson.parent().unwrap_or(Path::new(""));
    folder
        .join(FOLDER)
        .join(language.code())
        .join(lesson.file_name().unwrap_or_default())
}

/// Reads and checks a lesson, told by sentences. The first list that comes with it holds warnings about
/// the lesson, the second one those about the sentences.
///
/// # Errors
/// Everything that is wrong with the lesson, or with the sentences.
pub fn read_translated(
    file: &str,
    source: &str,
    reach: Reach,
    sentences: &Sentences,
) -> Result<(Lesson, [Diagnostics; 2]), Diagnostics> {
    let (mut lesson, warnings) = read_reaching(file, source, reach)?;
    let remarks = sentences.check(file, source)?;
    if remarks.has_errors() {
        return Err(remarks);
    }
    if let Ok(raw) = parse(source) {
        sentences.translate(&raw, &mut lesson);
    }
    Ok((lesson, [warnings, remarks]))
}

impl Sentences {
    /// Reads a file of sentences.
    ///
    /// # Errors
    /// The first mistake of notation.
    pub fn read(file: &str, source: &str) -> Result<Self, Diagnostics> {
        match options().from_str::<Entries>(source) {
            Ok(Entries(list)) => Ok(Self {
                file: file.to_owned(),
                source: source.to_owned(),
                list,
            }),
            Err(error) => {
                let mut diagnostics = Diagnostics::new(file, source);
                diagnostics.list.push(diagnostic(source, &error));
                Err(diagnostics)
            }
        }
    }

    /// What is wrong with these sentences for a lesson, given by its file's name and text: an error is
    /// what would play wrongly, a warning what is missing or likely a slip.
    ///
    /// # Errors
    /// The lesson itself cannot be read.
    pub fn check(&self, lesson: &str, source: &str) -> Result<Diagnostics, Diagnostics> {
        Ok(compare::compare(self, &raw(lesson, source)?))
    }

    /// The file of sentences anew, for a lesson that is given by its file's name and text: all its texts,
    /// with the translations that there are, and at the end what is no longer in the lesson.
    ///
    /// # Errors
    /// The lesson cannot be read.
    pub fn filled_in(&self, lesson: &str, source: &str) -> Result<String, Diagnostics> {
        Ok(fill_in::fill_in(self, &raw(lesson, source)?))
    }

    /// How many texts of a lesson have no translation, and how many there are.
    ///
    /// # Errors
    /// The lesson cannot be read.
    pub fn missing(&self, lesson: &str, source: &str) -> Result<(usize, usize), Diagnostics> {
        let texts = texts(&raw(lesson, source)?);
        let missing = texts.iter().filter(|text| self.of(&text.en).is_none());
        Ok((missing.count(), texts.len()))
    }

    /// The translation of an English text, where there is one.
    fn of(&self, en: &str) -> Option<&str> {
        let en = one_line(en);
        let found = self.list.iter().find(|sentence| sentence.en == en)?;
        let translation = found.translation.as_str();
        (!translation.trim().is_empty()).then_some(translation)
    }

    /// Puts translations in the place of a checked lesson's English texts; what has none stays.
    fn translate(&self, raw: &RawLesson, lesson: &mut Lesson) {
        self.put(&raw.title, &mut lesson.title);
        if let (Some(raw), Some(goal)) = (&raw.goal, &mut lesson.goal) {
            self.put(raw, goal);
        }
        for (raw, scene) in raw.scenes.iter().zip(&mut lesson.scenes) {
            self.put(&raw.title, &mut scene.title);
            for (raw, beat) in raw.beats.iter().zip(&mut scene.beats) {
                self.put_in_beat(raw, beat);
            }
            let sides = raw.compare.iter().flatten();
            let staging = Arc::make_mut(&mut scene.staging);
            for (raw, side) in sides.zip(&mut staging.sides) {
                if let Some(name) = &mut side.name {
                    self.put(&raw.name, name);
                }
            }
            for (number, raw) in &raw.names {
                if let Some(name) = staging.tensor_names.get_mut(number) {
                    self.put(raw, name);
                }
            }
        }
    }

    fn put_in_beat(&self, raw: &RawBeat, beat: &mut Beat) {
        match (raw, beat) {
            (RawBeat::Say { text: raw, .. }, Beat::Say { text, .. }) => {
                let translation = translatable(raw).and_then(|en| self.of(en));
                if let Some(Ok(narration)) = translation.map(Narration::parse) {
                    text.en = narration;
                }
            }
            (
                RawBeat::Predict {
                    ask, choices, why, ..
                },
                Beat::Predict { question, .. },
            ) => {
                self.put(ask, &mut question.ask);
                for (raw, choice) in choices.iter().zip(&mut question.choices) {
                    self.put(&raw.0, choice);
                }
                for (raw, why) in why.iter().zip(&mut question.whys) {
                    self.put(raw, why);
                    why.en = unfolded(&why.en);
                }
            }
            // The others have no words.
            _ => {}
        }
    }

    fn put(&self, raw: &RawText, text: &mut Localized<String>) {
        if let Some(translation) = translatable(raw).and_then(|en| self.of(en)) {
            translation.clone_into(&mut text.en);
        }
    }
}

fn raw(lesson: &str, source: &str) -> Result<RawLesson, Diagnostics> {
    parse(source).map_err(|mistake| {
        let mut diagnostics = Diagnostics::new(lesson, source);
        diagnostics.list.push(mistake);
        diagnostics
    })
}

/// A text on one line: how lines are broken is not part of it.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The English of a text that has words: what is the same in both languages, such as a number or the name
/// of a layer, is so in all.
fn translatable(raw: &RawText) -> Option<&str> {
    let en = raw.en.as_deref()?;
    (raw.ja.as_deref() != Some(en) && !en.trim().is_empty()).then_some(en)
}

/// The texts of a lesson that can be translated, each once, in the order of the lesson.
fn texts(lesson: &RawLesson) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut add = |scene: Option<usize>, narration: bool, raw: &RawText| {
        let Some(en) = translatable(raw).map(one_line) else {
            return;
        };
        match texts.iter_mut().find(|text| text.en == en) {
            Some(known) => known.narration |= narration,
            None => texts.push(Text {
                scene,
                narration,
                en,
            }),
        }
    };
    add(None, false, &lesson.title);
    if let Some(goal) = &lesson.goal {
        add(None, false, goal);
    }
    for (number, scene) in lesson.scenes.iter().enumerate() {
        let number = Some(number);
        add(number, false, &scene.title);
        for side in scene.compare.iter().flatten() {
            add(number, false, &side.name);
        }
        for name in scene.names.values() {
            add(number, false, name);
        }
        for beat in &scene.beats {
            match beat {
                RawBeat::Say { text, .. } => add(number, true, text),
                RawBeat::Predict {
                    ask, choices, why, ..
                } => {
                    add(number, false, ask);
                    for choice in choices {
                        add(number, false, &choice.0);
                    }
                    for why in why {
                        add(number, false, why);
                    }
                }
                RawBeat::Run { .. } | RawBeat::Hold(_) => {}
            }
        }
    }
    texts
}

/// The entries of a file of sentences, in its order.
struct Entries(Vec<Sentence>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;

        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sentences, `{\"English\": \"translation\", …}`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut list = Vec::new();
                while let Some((en, translation)) = map.next_entry::<String, String>()? {
                    list.push(Sentence {
                        en: one_line(&en),
                        translation,
                    });
                }
                Ok(Entries(list))
            }
        }

        deserializer.deserialize_map(EntriesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Message;

    const LESSON: &str = r#"Lesson(
    title: (en: "A slope", ja: "傾き"),
    scenes: [Scene(
        title: (en: "One value", ja: "値をひとつ"),
        input: (shape: (1, 3, 3)),
        compare: [
            Side(name: (en: "One filter", ja: "フィルタひとつ"), layers: [Conv2d(filters: 1, kernel: (3, 3))]),
            Side(name: (en: "ReLU", ja: "ReLU"), layers: [ReLU]),
        ],
        names: {0: (en: "Picture", ja: "画像")},
        beats: [
            Say(
                text: (en: "The filter [drop] lands on
                    9 numbers.", ja: "フィルタが[drop]9個の数に降ります。"),
                at: {"drop": Formula(Value)},
            ),
            Predict(
                ask: (en: "How many steps?", ja: "何ステップ?"),
                choices: [1, (en: "two steps", ja: "2ステップ")],
                answer: Choice(0),
                why: [
                    (en: "The filter fits
                        once.", ja: "1回だけ収まります。"),
                    (en: "It has no room for a second step.", ja: "2ステップ目の場所がありません。"),
                ],
            ),
            Run(to: End, over: 2.0),
        ],
    )],
)"#;

    const GERMAN: &str = r#"{
    "A slope": "Ein Gefälle",
    "One value": "Ein Wert",
    "One filter": "Ein Filter",
    "Picture": "Bild",
    "The filter [drop] lands on 9 numbers.": "Der Filter landet [drop] auf 9 Zahlen.",
    "How many steps?": "Wie viele Schritte?",
    "two steps": "zwei Schritte",
    "The filter fits once.": "Der Filter passt
        einmal hinein.",
    "It has no room for a second step.": "Für einen zweiten Schritt ist kein Platz.",
}"#;

    fn told(sentences: &str) -> Result<(Lesson, [Diagnostics; 2]), Diagnostics> {
        let sentences = Sentences::read("de.ron", sentences)?;
        read_translated("a.ron", LESSON, Reach::Folder, &sentences)
    }

    fn remarks(sentences: &str) -> String {
        let sentences = Sentences::read("de.ron", sentences).unwrap();
        sentences.check("a.ron", LESSON).unwrap().message().en
    }

    #[test]
    fn sentences_take_the_place_of_every_english_text() {
        let (lesson, warnings) = told(GERMAN).unwrap();
        for warnings in warnings {
            assert!(warnings.list.is_empty(), "{warnings}");
        }
        let scene = &lesson.scenes[0];
        assert_eq!(lesson.title.en, "Ein Gefälle");
        assert_eq!(lesson.title.ja, "傾き");
        assert_eq!(scene.title.en, "Ein Wert");
        let names: Vec<_> = scene.staging.sides.iter().map(|side| &side.name).collect();
        assert_eq!(names[0].as_ref().unwrap().en, "Ein Filter");
        assert_eq!(names[1].as_ref().unwrap().en, "ReLU");
        assert_eq!(scene.staging.tensor_names[&0].en, "Bild");
        let Beat::Say { text, .. } = &scene.beats[0] else {
            panic!("{:?}", scene.beats[0]);
        };
        assert_eq!(text.en.display, "Der Filter landet auf 9 Zahlen.");
        assert_eq!(text.en.marks[0].spoken_offset, "Der Filter landet ".len());
        assert_eq!(text.ja.display, "フィルタが9個の数に降ります。");
        let Beat::Predict { question, .. } = &scene.beats[1] else {
            panic!("{:?}", scene.beats[1]);
        };
        assert_eq!(question.ask.en, "Wie viele Schritte?");
        assert_eq!(question.choices[0].en, "1");
        assert_eq!(question.choices[1].en, "zwei Schritte");
        assert_eq!(question.whys[0].en, "Der Filter passt einmal hinein.");
        assert_eq!(question.whys[0].ja, "1回だけ収まります。");
        assert_eq!(
            question.whys[1].en,
            "Für einen zweiten Schritt ist kein Platz."
        );
    }

    #[test]
    fn what_has_no_sentence_stays_english_and_is_counted() {
        let some = r#"{"A slope": "Ein Gefälle", "One value": ""}"#;
        let (lesson, [_, remarks]) = told(some).unwrap();
        assert_eq!(lesson.title.en, "Ein Gefälle");
        assert_eq!(lesson.scenes[0].title.en, "One value");
        assert_eq!(remarks.list.len(), 1, "{remarks}");
        let remarks = remarks.to_string();
        assert!(remarks.contains("8 of 9 sentences"), "{remarks}");
        let some = Sentences::read("de.ron", some).unwrap();
        assert_eq!(some.missing("a.ron", LESSON).unwrap(), (8, 9));
    }

    #[test]
    fn a_sentence_whose_english_has_changed_is_told_with_the_new_one() {
        let old = GERMAN.replace("How many steps?", "How many steps are there?");
        let text = remarks(&old);
        assert!(text.contains("no longer in the lesson"), "{text}");
        assert!(text.contains("“How many steps?”"), "{text}");
        assert!(text.contains("1 of 9 sentences"), "{text}");
        assert!(told(&old).is_ok());
    }

    #[test]
    fn marks_that_differ_keep_the_lesson_from_being_told() {
        for (was, is, word) in [
            ("landet [drop] auf", "landet auf", "`[drop]`"),
            ("landet [drop] auf", "[drop] landet [fall] auf", "`[fall]`"),
            ("landet [drop] auf", "landet [drop auf", "never closed"),
            ("Wie viele Schritte?", "Wie viele {n}?", "`{n}`"),
        ] {
            let wrong = told(&GERMAN.replace(was, is)).unwrap_err();
            assert_eq!(wrong.error_count(), 1, "{wrong}");
            let wrong = wrong.to_string();
            assert!(wrong.contains(word), "{wrong}");
            assert!(wrong.contains("de.ron:"), "{wrong}");
        }
    }

    #[test]
    fn numbers_that_differ_and_sentences_that_stand_twice_are_told() {
        let text = remarks(&GERMAN.replace("9 Zahlen", "6 Zahlen"));
        assert!(text.starts_with("warning"), "{text}");
        assert!(
            text.contains("9 in English, 6 in the translation"),
            "{text}"
        );
        let twice = GERMAN.replace("\n}", "\n    \"A  slope\": \"Steigung\",\n}");
        let text = remarks(&twice);
        assert!(text.contains("twice"), "{text}");
        assert_eq!(told(&twice).unwrap().0.title.en, "Ein Gefälle");
    }

    #[test]
    fn a_broken_file_is_told_by_its_line() {
        let error = Sentences::read("de.ron", "{\n    \"a\" \"b\",\n}").unwrap_err();
        assert!(error.to_string().contains("de.ron:2:"), "{error}");
        assert!(Sentences::read("de.ron", "").is_err());
    }

    #[test]
    fn the_file_lies_beside_the_lesson() {
        let german = OtherLanguage::ALL
            .into_iter()
            .find(|language| language.code() == "de")
            .unwrap();
        assert_eq!(
            sentences_path(Path::new("mine/a.ron"), german),
            Path::new("mine/sentences/de/a.ron")
        );
    }
}
