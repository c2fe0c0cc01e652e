//! Finds lessons: by name among those that come with the program, or by path.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::disk::{self, Reach, ReadError};
use crate::language::{Localized, Message, OtherLanguage, message_error, nearest, says};
use crate::lesson::{self, Diagnostics, Lesson, Sentences};

/// A lesson's file and text.
#[derive(Debug, Clone)]
pub struct LessonSource {
    /// The file.
    pub path: PathBuf,
    /// Its name as the user gave it, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Which files it may name.
    pub reach: Reach,
}

/// How far a lesson may reach.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct ReachArgs {
    /// Let the lesson read files outside its own folder: only for lessons that you trust.
    #[arg(long)]
    allow_outside: bool,
}

impl ReachArgs {
    /// The files that a lesson may name.
    #[must_use]
    pub const fn reach(self) -> Reach {
        if self.allow_outside {
            Reach::Anywhere
        } else {
            Reach::Folder
        }
    }
}

/// The folder of the lessons that come with the program: `TENSORAMA_LESSONS`, or `lessons` where
/// we stand, beside the program, or where the program was built.
#[must_use]
pub fn lessons_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("TENSORAMA_LESSONS") {
        return folder.into();
    }
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join("lessons")));
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    [Some(PathBuf::from("lessons")), beside, Some(built.clone())]
        .into_iter()
        .flatten()
        // A folder of somebody else's lessons may have that name too.
        .find(|folder| !lessons_in(folder).is_empty())
        .unwrap_or(built)
}

/// The lessons in a folder, by name.
fn lessons_in(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            (path.extension()? == "ron").then_some((name, path))
        })
        .collect()
}

/// The lessons that come with the program, in the order of the curriculum, then by name.
#[must_use]
pub fn shipped_lessons() -> Vec<(String, PathBuf)> {
    let mut lessons = lessons_in(&lessons_folder());
    lessons.sort_by_cached_key(|(name, path)| {
        let text = disk::read_text(path).unwrap_or_default();
        (lesson::number_of(&text).unwrap_or(u32::MAX), name.clone())
    });
    lessons
}

/// Whether a lesson of this name comes with the program.
#[must_use]
pub fn is_shipped(name: &str) -> bool {
    shipped_lessons().iter().any(|(known, _)| known == name)
}

/// There are no lessons where they should be.
#[derive(Debug)]
pub struct NoLessons(pub PathBuf);

impl Message for NoLessons {
    fn message(&self) -> Localized<String> {
        let folder = self.0.display();
        says!(
            en: "no lessons were found in {folder}; set TENSORAMA_LESSONS to the folder that contains them",
            ja: "{folder} にレッスンがありません。レッスンのあるフォルダを TENSORAMA_LESSONS に設定してください"
        )
    }
}

/// Why there is no lesson of a name.
#[derive(Debug)]
pub enum FindError {
    /// None that comes with the program has this name.
    Name {
        /// The name asked for.
        name: String,
        /// What there is instead.
        known: KnownLessons,
    },
    /// A file that cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: ReadError,
        /// What there is instead, where the file does not exist.
        known: Option<KnownLessons>,
    },
    /// A lesson has no sentences in a language.
    NoSentences {
        /// The lesson, as it was named.
        name: String,
        /// The language.
        language: OtherLanguage,
        /// Where they would be.
        path: PathBuf,
    },
    /// Sentences that cannot be read.
    ReadSentences {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: ReadError,
    },
    /// Lessons with mistakes.
    Wrong {
        /// The file, as it was named.
        name: String,
        /// What is wrong.
        diagnostics: Diagnostics,
    },
}

/// The lessons that come with the program, for one who looked for another.
#[derive(Debug)]
pub struct KnownLessons {
    folder: PathBuf,
    names: Vec<String>,
    meant: Option<String>,
}

impl KnownLessons {
    fn for_mistaken(name: &str, shipped: &[(String, PathBuf)]) -> Self {
        let names = shipped.iter().map(|(name, _)| name.as_str());
        Self {
            folder: lessons_folder(),
            meant: nearest(name, names).map(str::to_owned),
            names: shipped.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

impl Message for KnownLessons {
    fn message(&self) -> Localized<String> {
        if self.names.is_empty() {
            let none = NoLessons(self.folder.clone()).message();
            return says!(with [none]; en: " Besides, {none}.", ja: "また、{none}。");
        }
        let (folder, names) = (self.folder.display(), self.names.join(", "));
        let meant = match &self.meant {
            Some(meant) => says!(en: " Did you mean `{meant}`?", ja: "`{meant}` のことですか? "),
            None => Localized::default(),
        };
        says!(
            with [meant];
            en: "{meant} The lessons in {folder} are: {names}; `tensorama list` says what each is about.",
            ja: "{meant}{folder} にあるのは {names} です。`tensorama list` で内容が分かります。"
        )
    }
}

impl Message for FindError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Name { name, known } => {
                let known = known.message();
                says!(
                    with [known];
                    en: "there is no lesson named `{name}`.{known} A lesson of your own is given by its path, which ends in .ron",
                    ja: "`{name}` というレッスンはありません。{known}自分のレッスンは .ron で終わるパスで指定してください"
                )
            }
            Self::Read { path, why, known } => {
                let (path, why) = (path.display(), why.message());
                let known = match known {
                    Some(known) => {
                        let known = known.message();
                        says!(with [known]; en: ".{known}", ja: " {known}")
                    }
                    None => Localized::default(),
                };
                says!(
                    with [why, known];
                    en: "cannot read the lesson {path}: {why}{known}",
                    ja: "レッスン {path} を読めません: {why}{known}"
                )
            }
            Self::NoSentences {
                name,
                language,
                path,
            } => {
                let (code, language, path) = (language.code(), language.own_name(), path.display());
                says!(
                    en: "{name} has no sentences in {language} ({path}); `tensorama sentences {name} --lang {code}` writes a file to fill in",
                    ja: "{name} には{language}の文がありません ({path})。`tensorama sentences {name} --lang {code}` で、訳を書き込むファイルを作れます"
                )
            }
            Self::ReadSentences { path, why } => {
                let (path, why) = (path.display(), why.message());
                says!(
                    with [why];
                    en: "cannot read the sentences {path}: {why}",
                    ja: "訳文 {path} を読めません: {why}"
                )
            }
            Self::Wrong { name, diagnostics } => {
                let count = diagnostics.error_count();
                let s = if count == 1 { "" } else { "s" };
                let diagnostics = diagnostics.message();
                says!(
                    with [diagnostics];
                    en: "{diagnostics}\n{name}: {count} error{s}; nothing was done",
                    ja: "{diagnostics}\n{name}: 誤りが {count} 個あるので、何もしませんでした"
                )
            }
        }
    }
}

message_error!(NoLessons, FindError);

/// Finds a lesson by its name or its path, and reads it.
///
/// # Errors
/// No such lesson, or a file that cannot be read.
pub fn find(name: &str) -> Result<LessonSource, FindError> {
    let path = Path::new(name);
    let path = if path.extension().is_some_and(|ending| ending == "ron") {
        path.to_owned()
    } else {
        let shipped = shipped_lessons();
        match shipped.iter().find(|(known, _)| known == name) {
            Some((_, path)) => path.clone(),
            None if path.is_file() => path.to_owned(),
            None => {
                return Err(FindError::Name {
                    name: name.to_owned(),
                    known: KnownLessons::for_mistaken(name, &shipped),
                });
            }
        }
    };
    let text = disk::read_text(&path).map_err(|why| {
        let missing = matches!(why, ReadError::NoFolder(_) | ReadError::NotFound { .. });
        FindError::Read {
            path: path.clone(),
            why,
            known: missing.then(|| {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                KnownLessons::for_mistaken(&stem, &shipped_lessons())
            }),
        }
    })?;
    Ok(LessonSource {
        name: path.display().to_string(),
        path,
        text,
        reach: Reach::default(),
    })
}

impl LessonSource {
    /// The same lesson, with another reach.
    #[must_use]
    pub fn reaching(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// Checks the lesson.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(Lesson, Diagnostics), Diagnostics> {
        lesson::read_reaching(&self.name, &self.text, self.reach)
    }

    /// A warning where the lesson's `next` names no lesson: neither one beside it nor one that comes
    /// with the program, which is where the window looks for it.
    #[must_use]
    pub fn check_next(&self) -> Diagnostics {
        let mut diagnostics = Diagnostics::new(&self.name, &self.text);
        let Some(next) = lesson::next_of(&self.text) else {
            return diagnostics;
        };
        let folder = match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut known = lessons_in(folder);
        known.extend(shipped_lessons());
        let names = || known.iter().map(|(name, _)| name.as_str());
        if names().any(|name| name == next) {
            return diagnostics;
        }
        let meant = next.strip_suffix(".ron").unwrap_or(&next);
        let help = match nearest(meant, names()) {
            Some(meant) => says!(
                en: "did you mean `next: \"{meant}\"`?",
                ja: "`next: \"{meant}\"` のことですか?"
            ),
            None => {
                let folder = folder.display();
                says!(
                    en: "name a lesson that `tensorama list` shows, or one in {folder}, by its file without `.ron`",
                    ja: "`tensorama list` にあるレッスンか、{folder} にあるファイルの名前を、`.ron` なしで書いてください"
                )
            }
        };
        diagnostics.warning(
            lesson::span_of(&self.text, "next"),
            says!(
                en: "there is no lesson named {next:?} to continue with",
                ja: "次のレッスン {next:?} がありません"
            ),
            help,
        );
        diagnostics
    }

    /// The lesson, or a failure that shows everything that is wrong with it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(&self) -> Result<Lesson, FindError> {
        self.check().map(|(lesson, _)| lesson).map_err(wrong)
    }

    /// The file of the lesson's sentences in a language.
    #[must_use]
    pub fn sentences_path(&self, language: OtherLanguage) -> PathBuf {
        lesson::sentences_path(&self.path, language)
    }

    /// The lesson's sentences in a language; `None` where it has none.
    ///
    /// # Errors
    /// A file that cannot be read, or a mistake of notation in it.
    pub fn sentences(&self, language: OtherLanguage) -> Result<Option<Sentences>, FindError> {
        let path = self.sentences_path(language);
        let text = match disk::read_text(&path) {
            Ok(text) => text,
            Err(ReadError::NoFolder(_) | ReadError::NotFound { .. }) => return Ok(None),
            Err(why) => return Err(FindError::ReadSentences { path, why }),
        };
        Sentences::read(&path.display().to_string(), &text)
            .map(Some)
            .map_err(wrong)
    }

    /// Checks the lesson as it is told in a language: warnings about it and about its sentences.
    ///
    /// # Errors
    /// There are no sentences, or something is wrong with the lesson or with them.
    pub fn check_in(
        &self,
        language: OtherLanguage,
    ) -> Result<(Lesson, [Diagnostics; 2]), FindError> {
        let sentences = self
            .sentences(language)?
            .ok_or_else(|| FindError::NoSentences {
                name: self.name.clone(),
                language,
                path: self.sentences_path(language),
            })?;
        lesson::read_translated(&self.name, &self.text, self.reach, &sentences).map_err(wrong)
    }

    /// The lesson as it is told in a language; in those of the program for `None`.
    ///
    /// # Errors
    /// As [`LessonSource::load`], and what is wrong with its sentences.
    pub fn load_in(&self, language: Option<OtherLanguage>) -> Result<Lesson, FindError> {
        match language {
            None => self.load(),
            Some(language) => self.check_in(language).map(|(lesson, _)| lesson),
        }
    }
}

/// What is wrong with a file, by its name.
fn wrong(diagnostics: Diagnostics) -> FindError {
    FindError::Wrong {
        name: diagnostics.file.clone(),
        diagnostics,
    }
}
