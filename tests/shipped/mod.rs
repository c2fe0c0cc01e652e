//! The lessons that come with the program.

use std::path::{Path, PathBuf};

use tensorama::lesson::{self, Lesson};

/// Each of them by its name, in the order of the names; read when its turn comes.
pub fn lessons() -> impl Iterator<Item = (String, Lesson)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ron"));
    files.sort();
    assert!(files.len() >= 20);
    files.into_iter().map(|path| {
        let source = std::fs::read_to_string(&path).unwrap();
        let lesson = lesson::read(&path.display().to_string(), &source);
        let (lesson, _) = lesson.unwrap_or_else(|problems| panic!("{problems}"));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, lesson)
    })
}
