//! The folder of a recording that is not finished: its segments, so that a run that is cut off loses no
//! more than the one it was at.
//!
//! It lies beside the file that is to be written and has its name, with `.unfinished` after it. A segment
//! is written under another name and gets its own when it is whole and on the disk. The folder goes when
//! the recording is there.

use std::fs::{self, File, TryLockError};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::identity::Identity;

/// What a recording in work is, in its folder.
const IDENTITY: &str = "recording.json";

/// Held by the run that works in the folder.
const LOCK: &str = "lock";

/// Begins the names of files that are not whole.
const MAKING: &str = "making-";

/// A folder that cannot be worked in.
#[derive(Debug, Error)]
pub enum WorkError {
    /// An earlier run was cut off.
    #[error(
        "{}: an earlier recording of this file was cut off, and {kept} finished segments of it are \
         there: --resume goes on with them, --force begins anew",
        folder.display()
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
        /// Segments that are done.
        kept: usize,
    },
    /// What was cut off was something else.
    #[error(
        "{}: what was cut off there cannot be gone on with: {}. Record it as it was, or begin anew by \
         --force instead of --resume",
        folder.display(), differences.join("; ")
    )]
    Other {
        /// The folder.
        folder: PathBuf,
        /// What is different, in words.
        differences: Vec<String>,
    },
    /// Somebody else is at it.
    #[error(
        "{}: another run is recording this file; wait for it, or give another name", folder.display()
    )]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder or a file in it cannot be read or written.
    #[error("{}: {source}", path.display())]
    Disk {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What is to become of an earlier run's segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// They are gone on with.
    Resume,
    /// They are thrown away.
    Discard,
    /// They are a reason to stop.
    Ask,
}

/// A recording in work.
pub(super) struct Work {
    folder: PathBuf,
    /// How the names of its segments end.
    extension: &'static str,
    /// Held until the work is done or the process gone, however it goes; workers hold none.
    _lock: Option<File>,
}

/// The folder in which the work on a file is done.
fn folder_of(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_os_string();
    name.push(".unfinished");
    output.with_file_name(name)
}

impl Work {
    /// Begins the work on a file, or goes on with it.
    pub(super) fn begin(
        output: &Path,
        identity: &Identity,
        earlier: Earlier,
    ) -> Result<Self, WorkError> {
        let folder = folder_of(output);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| WorkError::Disk { path, source }
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let lock_path = folder.join(LOCK);
        let lock = File::create(&lock_path).map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(WorkError::Busy { folder }),
            // Some file systems have no locks; then nobody is kept out.
            Err(TryLockError::Error(_)) => {}
        }
        let work = Self {
            folder,
            extension: identity.settings.format.segment_extension(),
            _lock: Some(lock),
        };
        let before = work.identity();
        let kept = work.finished();
        match (before, earlier) {
            (Some(before), Earlier::Resume) if kept > 0 && before != *identity => {
                return Err(WorkError::Other {
                    differences: before.differences(identity),
                    folder: work.folder,
                });
            }
            (Some(before), Earlier::Resume) if before == *identity => {}
            (_, Earlier::Ask) if kept > 0 => {
                return Err(WorkError::Unfinished {
                    folder: work.folder,
                    kept,
                });
            }
            _ => work.clear(|_| true)?,
        }
        // What another run left half written is nothing.
        work.clear(|name| name.starts_with(MAKING))?;
        if work.identity().as_ref() == Some(identity) {
            return Ok(work);
        }
        let text = serde_json::to_vec_pretty(identity).map_err(io::Error::from);
        let place = work.folder.join(IDENTITY);
        text.and_then(|text| fs::write(&place, text))
            .map_err(failed(&place))?;
        Ok(work)
    }

    /// Lends a hand to the run that works in a folder.
    pub(super) fn help(folder: &Path, identity: &Identity) -> Result<Self, WorkError> {
        let work = Self {
            folder: folder.to_owned(),
            extension: identity.settings.format.segment_extension(),
            _lock: None,
        };
        match work.identity() {
            Some(before) if before == *identity => Ok(work),
            before => Err(WorkError::Other {
                folder: work.folder,
                differences: before.map_or_else(
                    || vec!["nothing says what it was".to_owned()],
                    |before| before.differences(identity),
                ),
            }),
        }
    }

    /// What is recorded in a folder.
    pub(super) fn identity_in(folder: &Path) -> Result<Identity, WorkError> {
        let place = folder.join(IDENTITY);
        let read = fs::read(&place).and_then(|text| Ok(serde_json::from_slice(&text)?));
        read.map_err(|source| WorkError::Disk {
            path: place,
            source,
        })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a segment.
    pub(super) fn segment(&self, frames: &Range<u64>) -> PathBuf {
        let last = frames.end.saturating_sub(1);
        let (start, extension) = (frames.start, self.extension);
        self.folder
            .join(format!("frames-{start:07}-{last:07}.{extension}"))
    }

    /// The file of the frames from which a format takes its colours.
    pub(super) fn colours(&self) -> PathBuf {
        self.folder
            .join(format!("frames-colours.{}", self.extension))
    }

    /// Where a file is written until it is whole. No two runs write the same.
    pub(super) fn making(&self, place: &Path) -> PathBuf {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        self.folder
            .join(format!("{MAKING}{}-{name}", std::process::id()))
    }

    /// How many segments are done.
    pub(super) fn finished(&self) -> usize {
        self.names()
            .iter()
            .filter(|name| name.starts_with("frames-"))
            .count()
    }

    /// Ends the work; nothing is left of it.
    pub(super) fn remove(self) -> Result<(), WorkError> {
        fs::remove_dir_all(&self.folder).map_err(|source| WorkError::Disk {
            path: self.folder,
            source,
        })
    }

    fn identity(&self) -> Option<Identity> {
        Self::identity_in(&self.folder).ok()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// Removes the files whose names are such.
    fn clear(&self, such: impl Fn(&str) -> bool) -> Result<(), WorkError> {
        for name in self.names() {
            if name != LOCK && such(&name) {
                let path = self.folder.join(&name);
                fs::remove_file(&path).map_err(|source| WorkError::Disk { path, source })?;
            }
        }
        Ok(())
    }
}

/// Gives a finished file its place: it is on the disk before it has its name.
pub(super) fn put_in_place(made: &Path, place: &Path) -> Result<(), WorkError> {
    File::open(made)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(made, place))
        .map_err(|source| WorkError::Disk {
            path: place.to_owned(),
            source,
        })
}
