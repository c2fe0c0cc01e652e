//! A lesson that is made of layers or of a network, for `record`.

use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::printing::note;
use super::subject::SubjectArgs;
use crate::disk;
use crate::explore::gathered::gathered;
use crate::explore::workbench::{Problem, ValidSetup};
use crate::explore::{Setup, Workbench, told};
use crate::language::{Message, says};
use crate::lesson::Lesson;

/// Layers that are told, and what they are called.
pub struct ToldSubject {
    valid: Arc<ValidSetup>,
    of: Option<String>,
}

impl ToldSubject {
    /// What a text names, on the input that is asked for. Of what is too large, a part is shown.
    ///
    /// # Errors
    /// What is wrong with the layers, the input or a file.
    pub fn new(name: &str, args: &SubjectArgs) -> Result<Self, Failure> {
        let valid = valid(with_whole_names(&args.setup(name)?)?)?;
        let of = (!name.contains(['(', '\n'])).then(|| {
            let file = Path::new(name).file_name();
            let file = file.map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into());
            match args.part() {
                Some(part) => format!("{file}, {part}"),
                None => file,
            }
        });
        Ok(Self { valid, of })
    }

    /// The lesson.
    ///
    /// # Errors
    /// When it cannot be shown.
    pub fn lesson(&self) -> Result<Lesson, Failure> {
        told::lesson(&self.valid, self.of.as_deref()).map_err(Failure::from)
    }

    /// Writes the lesson into a file, with the files that it names beside it.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let valid = ValidSetup {
            setup: gathered(&self.valid.setup, folder)?,
            ..(*self.valid).clone()
        };
        self.put(&valid, path)
    }

    /// Writes the lesson into a file from which it is read again by this program: files keep their
    /// names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, path: &Path) -> Result<(), Failure> {
        self.put(&self.valid, path)
    }

    fn put(&self, valid: &ValidSetup, path: &Path) -> Result<(), Failure> {
        let text = told::text(valid, self.of.as_deref()).map_err(|why| {
            Failure::from(says!(
                en: "the lesson cannot be written as a text: {why}",
                ja: "レッスンをテキストとして書き出せません: {why}"
            ))
        })?;
        disk::write(path, text).map_err(|why| {
            let (path, why) = (path.display(), why.message());
            Failure::from(says!(
                with [why];
                en: "cannot write {path}: {why}",
                ja: "{path} に書き込めません: {why}"
            ))
        })
    }
}

/// A setup whose files are named from the root, so that they are found from every folder.
fn with_whole_names(setup: &Setup) -> std::io::Result<Setup> {
    setup.with_files(|name| {
        let whole = std::path::absolute(name)?;
        Ok(whole.to_string_lossy().into_owned())
    })
}

/// A setup that can be shown; of one that is too large, a part.
fn valid(setup: Setup) -> Result<Arc<ValidSetup>, Failure> {
    let workbench = Workbench::new(setup);
    if let Some(valid) = workbench.valid() {
        return Ok(valid.clone());
    }
    let Some(problem) = workbench.problem() else {
        return Err(Failure::from(
            says!(en: "nothing to show", ja: "表示するものがありません"),
        ));
    };
    if matches!(problem, Problem::TooLarge { .. })
        && let Some(offer) = workbench.offers().into_iter().next()
        && let Some(valid) = Workbench::new(offer.setup).valid()
    {
        let [channels, rows, columns] = valid.setup.input;
        let why = problem.message();
        let why = why.choose(super::language::spoken());
        note!(
            en: "{why}. Shown is a part of it, on an input of {channels} × {rows} × {columns}",
            ja: "{why} 入力を {channels} × {rows} × {columns} にして、一部を表示します"
        );
        return Ok(valid.clone());
    }
    Err(Failure::from(problem).of_usage())
}
