//! The files of a setup in one folder, where a lesson may name them.

use std::path::{Path, PathBuf};

use super::setup::Setup;
use crate::disk;
use crate::language::{Localized, Message, SystemError, message_error, says};

/// Why a file cannot be brought into a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatherError {
    /// The file.
    pub path: PathBuf,
    /// The reason.
    pub why: SystemError,
}

impl Message for GatherError {
    fn message(&self) -> Localized<String> {
        let (path, why) = (self.path.display(), self.why.message());
        says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
    }
}

message_error!(GatherError);

/// A setup whose files lie in a folder, where a lesson may name them: those from elsewhere are copied
/// there.
///
/// # Errors
/// When a file is not there, or cannot be copied.
pub fn gathered(setup: &Setup, folder: &Path) -> Result<Setup, GatherError> {
    setup.with_files(|name| gathered_file(name, folder))
}

/// The name of a file as a lesson in a folder may give it: it is copied there, unless it lies in it.
///
/// # Errors
/// When the file is not there, or cannot be copied.
pub fn gathered_file(name: &str, folder: &Path) -> Result<String, GatherError> {
    let failed = |why: std::io::Error| GatherError {
        path: name.into(),
        why: why.into(),
    };
    let (root, file) = (folder.canonicalize(), Path::new(name).canonicalize());
    let (root, file) = (root.map_err(failed)?, file.map_err(failed)?);
    let inside = match file.strip_prefix(&root) {
        Ok(inside) => inside.to_owned(),
        Err(_) => copied(&file, folder).map_err(failed)?,
    };
    Ok(inside.to_string_lossy().into_owned())
}

/// The name of a file's copy in a folder: one that is there already, or a new one.
fn copied(file: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let end = file.extension().unwrap_or_default().to_string_lossy();
    let content = disk::read(file, disk::MAX_FILE).map_err(std::io::Error::other)?;
    let same =
        |there: &Path| disk::read(there, content.len() as u64).is_ok_and(|there| there == content);
    let plain = folder.join(file.file_name().unwrap_or_default());
    let place = if same(&plain) {
        plain
    } else {
        let place = disk::free_path(folder, &stem, &end);
        disk::write(&place, &content)?;
        place
    };
    Ok(place.file_name().unwrap_or_default().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_that_is_saved_finds_its_files_in_its_own_folder() {
        use crate::tensor::{Fill, files};
        let all = tempfile::tempdir().unwrap();
        let (own, other) = (all.path().join("own"), all.path().join("other"));
        std::fs::create_dir_all(own.join("deep")).unwrap();
        std::fs::create_dir(&other).unwrap();
        let numbers = Fill::Count.make(&"3x6x6".parse().unwrap()).unwrap();
        let numbers = files::write_npy(&numbers);
        for place in [own.join("deep/x.npy"), other.join("x.npy")] {
            std::fs::write(place, &numbers).unwrap();
        }
        // Another file has that name already.
        std::fs::write(own.join("x.npy"), "mine").unwrap();
        let setup = |file: &Path| Setup {
            fill: Fill::File(file.to_string_lossy().into_owned()),
            ..Setup::default()
        };
        let fill = |file: &Path| gathered(&setup(file), &own).unwrap().fill;
        let inside = Path::new("deep")
            .join("x.npy")
            .to_string_lossy()
            .into_owned();
        assert_eq!(fill(&own.join("deep/x.npy")), Fill::File(inside));
        let copy = Fill::File("x-2.npy".to_owned());
        assert_eq!(fill(&other.join("x.npy")), copy);
        assert_eq!(std::fs::read(own.join("x.npy")).unwrap(), b"mine");
        assert_eq!(std::fs::read(own.join("x-2.npy")).unwrap(), numbers);
        std::fs::remove_file(own.join("x.npy")).unwrap();
        assert_eq!(fill(&other.join("x.npy")), Fill::File("x.npy".to_owned()));
        assert_eq!(fill(&other.join("x.npy")), Fill::File("x.npy".to_owned()));
        assert_eq!(std::fs::read_dir(&own).unwrap().count(), 3);
        // The text is that of a lesson that keeps to its folder.
        let reader = crate::disk::reader(&own, crate::disk::Reach::Folder);
        assert_eq!(reader("x.npy").unwrap(), numbers);
        assert!(gathered(&setup(&other.join("absent.npy")), &own).is_err());
    }
}
