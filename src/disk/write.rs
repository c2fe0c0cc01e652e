//! Writing: a file is written beside its place and gets its name when it is whole, so that whoever looks
//! sees the old file or the new one, never a half.
//!
//! It has the mode that a plainly created file has, or that of the file whose place it takes. A symbolic
//! link stays one: the file that it leads to is replaced. A device or a pipe is written to as it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A file that is being written beside its place. Dropped before [`Draft::finish`], it leaves nothing.
#[derive(Debug)]
pub struct Draft {
    file: File,
    place: PathBuf,
    /// Where it is written; `None` where that is its place.
    beside: Option<PathBuf>,
}

impl Draft {
    /// Begins a file.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn begin(place: &Path) -> io::Result<Self> {
        let place = followed(place);
        let before = fs::metadata(&place).ok();
        if let Some(before) = &before
            && !before.is_file()
        {
            // Of a folder, opening says that it is one.
            let file = OpenOptions::new().write(true).open(&place)?;
            return Ok(Self {
                file,
                place,
                beside: None,
            });
        }
        let (file, beside) = create_beside(&place)?;
        let draft = Self {
            file,
            place,
            beside: Some(beside),
        };
        if let Some(before) = before {
            draft.file.set_permissions(before.permissions())?;
        }
        Ok(draft)
    }

    /// Where it is written, for a library that opens files by itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.beside.as_deref().unwrap_or(&self.place)
    }

    /// Gives it its name, once its content is on the disk.
    ///
    /// # Errors
    /// The disk is full or fails, or the name cannot be given.
    pub fn finish(self) -> io::Result<()> {
        if self.beside.is_some() {
            self.file.sync_all()?;
            let folder = folder_of(&self.place).to_owned();
            self.finish_unsynced()?;
            sync_folder(&folder);
            return Ok(());
        }
        self.finish_unsynced()
    }

    /// Gives it its name without waiting for the disk: for what is easily made again. After a power cut
    /// it may be empty.
    ///
    /// # Errors
    /// The name cannot be given.
    pub fn finish_unsynced(mut self) -> io::Result<()> {
        if let Some(beside) = &self.beside {
            fs::rename(beside, &self.place)?;
            self.beside = None;
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Draft {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            // Whatever kept it from being finished is what there is to tell.
            let _ = fs::remove_file(beside);
        }
    }
}

/// Writes a file: whole, and on the disk, before it has its name.
///
/// # Errors
/// It cannot be written; what was there before is still there.
pub fn write(place: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let mut draft = Draft::begin(place)?;
    draft.write_all(content.as_ref())?;
    draft.finish()
}

/// Gives a finished file of the same file system its place, as [`Draft::finish`] does.
///
/// # Errors
/// It is not there, the disk fails, or the name cannot be given.
pub fn put_in_place(made: &Path, place: &Path) -> io::Result<()> {
    let place = followed(place);
    let file = File::open(made)?;
    if let Ok(before) = fs::metadata(&place) {
        file.set_permissions(before.permissions())?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(made, &place)?;
    sync_folder(folder_of(&place));
    Ok(())
}

/// Where a symbolic link leads to; any other place is itself.
fn followed(place: &Path) -> PathBuf {
    let is_link = fs::symlink_metadata(place).is_ok_and(|about| about.file_type().is_symlink());
    // A link that leads nowhere is replaced.
    let target = is_link.then(|| fs::canonicalize(place).ok()).flatten();
    target.unwrap_or_else(|| place.to_owned())
}

fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A new file in the folder of a place, under a name that nobody else takes.
fn create_beside(place: &Path) -> io::Result<(File, PathBuf)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let (process, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let beside = folder_of(place).join(format!(".tensorama-{process}-{next}.new"));
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((file, beside)),
            // An earlier process of the same number was cut off.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Has a folder's names on the disk. Not every system can; then it is done when the system likes.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Writes a file as [`write()`] does, after the folders that lead to it, where there are none.
///
/// # Errors
/// A folder cannot be made, or the file cannot be written.
pub fn write_with_folder(place: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    fs::create_dir_all(folder_of(place))?;
    write(place, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_there_stays_until_the_new_file_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a");
        write(&place, "old").unwrap();
        let mut draft = Draft::begin(&place).unwrap();
        draft.write_all(b"ne").unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        drop(draft);
        assert_eq!(names(folder.path()), ["a"]);
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        write(&place, "new").unwrap();
        assert_eq!(names(folder.path()), ["a"]);
        assert_eq!(fs::read_to_string(&place).unwrap(), "new");
        assert!(write(folder.path(), "x").is_err());
        assert!(write(&folder.path().join("absent/a"), "x").is_err());
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_mode_of_a_plainly_created_one_or_of_the_one_that_it_replaces() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode();
        fs::write(at("plain"), "").unwrap();
        write(&at("written"), "").unwrap();
        fs::write(at("made"), "").unwrap();
        put_in_place(&at("made"), &at("placed")).unwrap();
        assert_eq!(mode("written"), mode("plain"));
        assert_eq!(mode("placed"), mode("plain"));
        for name in ["written", "placed"] {
            fs::set_permissions(at(name), fs::Permissions::from_mode(0o640)).unwrap();
            fs::write(at("made"), "").unwrap();
            match name {
                "written" => write(&at(name), "x").unwrap(),
                _ => put_in_place(&at("made"), &at(name)).unwrap(),
            }
            assert_eq!(mode(name) & 0o777, 0o640, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_pipe_stays_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("real"), "old").unwrap();
        std::os::unix::fs::symlink("real", at("link")).unwrap();
        write(&at("link"), "new").unwrap();
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(at("real")).unwrap(), "new");
        let pipe = at("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let reader = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read_to_string(pipe).unwrap())
        };
        write(&pipe, "through").unwrap();
        assert_eq!(reader.join().unwrap(), "through");
        assert!(!fs::metadata(&pipe).unwrap().is_file());
    }
}
