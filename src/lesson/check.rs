//! From a file's text to a checked lesson, or to everything that is wrong with it.

mod answer;
mod beats;
mod numbered;
mod parts;
mod shot;
mod staging;
mod target;
mod whys;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::diagnostic::{Diagnostics, NO_HELP};
use super::schema::{Part, RawInput, RawLesson, RawNetwork, RawScene, RawShot, RawText};
use super::source_map::{SourceMap, field};
use super::syntax::parse;
use super::text::Narration;
use super::{
    Beat, LESSON_ELEMENT_LIMIT, Language, Lesson, Localized, Reference, SCENE_LIMIT, Scene, Shot,
};
use crate::disk::{Reach, ReadError, reader};
use crate::language::{Message, says};
use crate::network::map::RunNetwork;

pub(super) use parts::all_parts;

/// The help for a lesson that is too large.
const SPLIT_LESSON: Localized<&str> = Localized::new(
    "split it into several lessons; `next` leads from one to the next",
    "複数のレッスンに分けてください。`next` で次のレッスンにつなげられます",
);

/// Reads and checks a lesson, which may name the files of its own folder. The list that comes with a
/// lesson holds warnings only.
///
/// # Errors
/// Everything that keeps the lesson from being played: one syntax error, or all errors of meaning.
pub fn read(file: &str, source: &str) -> Result<(Lesson, Diagnostics), Diagnostics> {
    read_reaching(file, source, Reach::Folder)
}

/// As [`read`], of a lesson that may name other files too.
///
/// # Errors
/// As [`read`].
pub fn read_reaching(
    file: &str,
    source: &str,
    reach: Reach,
) -> Result<(Lesson, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::new(file, source);
    let raw = match parse(source) {
        Ok(raw) => raw,
        Err(mistake) => {
            diagnostics.list.push(mistake);
            return Err(diagnostics);
        }
    };
    checked(&raw, reach, diagnostics)
}

/// Checks a lesson that was built and not read, as [`read_reaching`] does after reading. Files that it
/// names are looked for from the folder of `file`.
///
/// # Errors
/// As [`read`], without places in a text.
pub fn check(
    file: &str,
    raw: &RawLesson,
    reach: Reach,
) -> Result<(Lesson, Diagnostics), Diagnostics> {
    checked(raw, reach, Diagnostics::new(file, ""))
}

fn checked(
    raw: &RawLesson,
    reach: Reach,
    diagnostics: Diagnostics,
) -> Result<(Lesson, Diagnostics), Diagnostics> {
    let mut checker = Checker {
        networks: Vec::new(),
        map: SourceMap::new(&diagnostics.source),
        reach,
        diagnostics,
    };
    let lesson = checker.lesson(raw);
    let mut diagnostics = checker.diagnostics;
    diagnostics
        .list
        .sort_by_key(|diagnostic| diagnostic.span.start);
    match lesson {
        Some(lesson) if !diagnostics.has_errors() => Ok((lesson, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// A lesson's place in the curriculum, where it has one; nothing else of it is read.
#[must_use]
pub fn number_of(source: &str) -> Option<u32> {
    let number = field(source, "number")?;
    let inner = number
        .strip_prefix("Some(")
        .and_then(|it| it.strip_suffix(')'));
    inner.unwrap_or(number).trim().parse().ok()
}

/// The lesson that comes next, where one is named and this one can be parsed; nothing is checked.
#[must_use]
pub fn next_of(source: &str) -> Option<String> {
    parse(source).ok()?.next
}

/// Where something stands in a lesson's text, by its path, such as `scenes[0].beats[2]`, in bytes.
#[must_use]
pub fn span_of(source: &str, path: &str) -> Range<usize> {
    SourceMap::new(source).span(path)
}

struct Checker {
    /// The networks that scenes have run, each with the input that it was run on. Which of its units are open makes no
    /// difference.
    networks: Vec<(RawNetwork, RawInput, RunNetwork)>,
    map: SourceMap,
    reach: Reach,
    diagnostics: Diagnostics,
}

impl Checker {
    fn error(
        &mut self,
        path: &str,
        message: impl Into<Localized<String>>,
        help: impl Into<Localized<String>>,
    ) {
        let (span, message) = (self.map.span(path), message.into());
        // A mistake in what scenes share would otherwise be told once for each of them.
        let told = self
            .diagnostics
            .list
            .iter()
            .any(|known| known.span == span && known.message == message);
        if !told {
            self.diagnostics.error(span, message, help);
        }
    }

    /// Reads the files that fills name, from the lesson's folder.
    fn reader(&self) -> impl Fn(&str) -> Result<Vec<u8>, ReadError> + use<> {
        let folder = Path::new(&self.diagnostics.file).parent();
        reader(folder.unwrap_or(Path::new("")), self.reach)
    }

    fn lesson(&mut self, raw: &RawLesson) -> Option<Lesson> {
        let title = self.text("title", &raw.title);
        let goal = raw.goal.as_ref().map(|goal| self.text("goal", goal));
        if raw.scenes.is_empty() {
            self.error(
                "scenes",
                Localized::new(
                    "a lesson needs at least one scene",
                    "レッスンにはシーンが 1 つ以上必要です",
                ),
                Localized::new("add `Scene(…)`", "`Scene(…)` を書いてください"),
            );
        }
        if raw.scenes.len() > SCENE_LIMIT {
            let count = raw.scenes.len();
            self.error(
                "scenes",
                says!(
                    en: "the lesson has {count} scenes, but the limit is {SCENE_LIMIT}",
                    ja: "シーンが {count} 個あります。上限は {SCENE_LIMIT} 個です"
                ),
                SPLIT_LESSON,
            );
            return None;
        }
        let mut scenes = Vec::new();
        let mut cubes = 0_usize;
        for (index, scene) in raw.scenes.iter().enumerate() {
            let path = format!("scenes[{index}]");
            let scene = self.scene(&path, scene, raw);
            let own = scene
                .as_ref()
                .map_or(0, |scene| scene.staging.element_count());
            scenes.push(scene);
            cubes = cubes.saturating_add(own);
            if cubes > LESSON_ELEMENT_LIMIT {
                self.error(
                    &path,
                    says!(
                        en: "up to this scene the lesson needs {cubes} cubes, but the limit for all its scenes is {LESSON_ELEMENT_LIMIT}",
                        ja: "ここまでのシーンで立方体が {cubes} 個必要です。レッスン全体の上限は {LESSON_ELEMENT_LIMIT} 個です"
                    ),
                    SPLIT_LESSON,
                );
                // What follows would only take more memory.
                return None;
            }
        }
        Some(Lesson {
            title: title?,
            goal: match goal {
                Some(goal) => Some(goal?),
                None => None,
            },
            number: raw.number,
            next: raw.next.clone(),
            sources: raw
                .sources
                .iter()
                .map(|source| Reference {
                    title: source.title.clone(),
                    url: source.url.clone(),
                })
                .collect(),
            facts: raw.facts.clone(),
            scenes: scenes.into_iter().collect::<Option<_>>()?,
        })
    }

    /// A text in each language, as it stands.
    fn text(&mut self, path: &str, raw: &RawText) -> Option<Localized<String>> {
        let mut in_language = |language: Language, text: &Option<String>| match text {
            Some(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                let name = beats::name_of(language);
                self.error(
                    path,
                    says!(
                        with [name];
                        en: "the text in {name} is missing",
                        ja: "{name}の文がありません"
                    ),
                    says!(
                        en: "add `{language}: \"…\"`; every text exists in English and Japanese",
                        ja: "`{language}: \"…\"` を書いてください。どの文にも英語と日本語が必要です"
                    ),
                );
                None
            }
        };
        let en = in_language(Language::En, &raw.en);
        let ja = in_language(Language::Ja, &raw.ja);
        Some(Localized { en: en?, ja: ja? })
    }

    /// A narration in each language, taken apart.
    fn narration(&mut self, path: &str, raw: &RawText) -> Option<Localized<Narration>> {
        let text = self.text(path, raw)?;
        let mut in_language = |language: Language| {
            let source = text.get(language);
            match Narration::parse(source) {
                Ok(narration) => Some(narration),
                Err(error) => {
                    let whole = self.map.span(&format!("{path}.{language}"));
                    let literal = &self.diagnostics.source[whole.clone()];
                    // A literal without escapes maps byte for byte, after its quotation mark.
                    let span = match literal.find(source.as_str()) {
                        Some(at) => whole.start + at + error.offset()..whole.end - 1,
                        None => whole,
                    };
                    self.diagnostics.error(span, error.message(), NO_HELP);
                    None
                }
            }
        };
        let en = in_language(Language::En);
        let ja = in_language(Language::Ja);
        Some(Localized { en: en?, ja: ja? })
    }

    fn scene(&mut self, path: &str, raw: &RawScene, lesson: &RawLesson) -> Option<Scene> {
        let title = self.text(&format!("{path}.title"), &raw.title);
        if raw.beats.is_empty() {
            self.error(
                &format!("{path}.beats"),
                Localized::new(
                    "a scene needs at least one beat",
                    "シーンにはビートが 1 つ以上必要です",
                ),
                Localized::new(
                    "add `Say(…)`, `Run(…)`, `Predict(…)` or `Hold(…)`",
                    "`Say(…)`、`Run(…)`、`Predict(…)`、`Hold(…)` のどれかを書いてください",
                ),
            );
        }
        let mut staging = self.staging(path, raw, lesson);
        if let Some(staging) = &mut staging {
            self.tensor_names(path, raw, staging);
        }
        // Beats are checked even where the operation cannot be: all mistakes in one run.
        let staged = staging.as_ref();
        let show = match &raw.show {
            Some(parts) => self.parts(&format!("{path}.show"), parts, staged),
            None => staged.map_or_else(Vec::new, all_parts),
        };
        let camera = match &raw.camera {
            Some(shot) => self.shot(&format!("{path}.camera"), shot, staged),
            None => checked_shot(&RawShot::default(), Vec::new()),
        };
        let from = match &raw.from {
            Some(target) => self.target(&format!("{path}.from"), *target, staged),
            None => Vec::new(),
        };
        let beats: Vec<Option<Beat>> = raw
            .beats
            .iter()
            .enumerate()
            .map(|(index, beat)| self.beat(&format!("{path}.beats[{index}]"), beat, staged))
            .collect();
        let staging = staging?;
        let from = (0..staging.sides.len())
            .map(|side| from.get(side).copied().flatten().unwrap_or(0.0))
            .collect();
        Some(Scene {
            title: title?,
            staging: Arc::new(staging),
            show,
            camera,
            from,
            beats: beats.into_iter().collect::<Option<_>>()?,
        })
    }
}

pub(super) fn checked_shot(raw: &RawShot, frame: Vec<Part>) -> Shot {
    Shot {
        yaw: raw.yaw,
        pitch: raw.pitch,
        frame,
        room: raw.room,
    }
}
