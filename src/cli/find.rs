//! Finds lessons: by name among those that come with the program, or by path.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::lesson::{self, Diagnostics, Lesson};
use crate::op::notation::nearest;
use crate::tensor::why_unreadable;

/// A lesson's file and text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Its name as the user gave it, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
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
        .find(|folder| folder.is_dir())
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
        let text = std::fs::read_to_string(path).unwrap_or_default();
        (lesson::number_of(&text).unwrap_or(u32::MAX), name.clone())
    });
    lessons
}

/// The lessons that may have been meant, and how to see them all; begins with a space.
fn known_lessons(mistaken: &str, shipped: &[(String, PathBuf)]) -> String {
    let known: Vec<&str> = shipped.iter().map(|(name, _)| name.as_str()).collect();
    let meant = nearest(mistaken, known.iter().copied())
        .map_or_else(String::new, |meant| format!(" Did you mean `{meant}`?"));
    let known = if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    };
    format!(
        "{meant} The lessons in {} are: {known}; `tensorama list` says what each is about.",
        lessons_folder().display()
    )
}

/// Finds a lesson by its name or its path, and reads it.
///
/// # Errors
/// No such lesson, or a file that cannot be read.
pub fn find(name: &str) -> Result<Source, Failure> {
    let path = Path::new(name);
    let is_path = path.extension().is_some_and(|extension| extension == "ron") || path.is_file();
    let path = if is_path {
        path.to_owned()
    } else {
        let shipped = shipped_lessons();
        let Some((_, path)) = shipped.iter().find(|(known, _)| known == name) else {
            return Err(Failure::new(format!(
                "there is no lesson named `{name}`.{} A lesson of your own is given by its path, \
                 which ends in .ron",
                known_lessons(name, &shipped)
            )));
        };
        path.clone()
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let known = if error.kind() == std::io::ErrorKind::NotFound {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            format!(".{}", known_lessons(&stem, &shipped_lessons()))
        } else {
            String::new()
        };
        Failure::new(format!(
            "cannot read the lesson {}: {}{known}",
            path.display(),
            why_unreadable(&path, &error)
        ))
    })?;
    Ok(Source {
        name: path.display().to_string(),
        path,
        text,
    })
}

impl Source {
    /// Checks the lesson.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(Lesson, Diagnostics), Diagnostics> {
        lesson::read(&self.name, &self.text)
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
            Some(meant) => format!("did you mean `next: \"{meant}\"`?"),
            None => format!(
                "name a lesson that `tensorama list` shows, or one in {}, by its file without `.ron`",
                folder.display()
            ),
        };
        diagnostics.warning(
            lesson::span_of(&self.text, "next"),
            format!("there is no lesson named {next:?} to go on with"),
            help,
        );
        diagnostics
    }

    /// The lesson, or a failure that shows everything that is wrong with it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(&self) -> Result<Lesson, Failure> {
        self.check()
            .map(|(lesson, _)| lesson)
            .map_err(|diagnostics| {
                let count = diagnostics.error_count();
                let errors = if count == 1 {
                    "an error".to_owned()
                } else {
                    format!("{count} errors")
                };
                Failure::new(format!(
                    "{diagnostics}\n{}: {errors}; nothing was done",
                    self.name
                ))
            })
    }
}
