//! The folder of a recording that is not finished: its segments, so that a run that is cut off loses no
//! more than the one it was at.
//!
//! It lies beside the file that is to be written and has its name, with `.unfinished` after it. A segment
//! is written under another name and gets its own when it is whole and on the disk. The folder goes when
//! the recording is there.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::identity::Identity;
use crate::disk;
use crate::language::{Localized, Message, SystemError, Tongue, message_error, says};

/// What a recording in work is, in its folder.
const IDENTITY: &str = "recording.json";

/// Held by the run that works in the folder.
const LOCK: &str = "lock";

/// Begins the names of files that are not whole.
const MAKING: &str = "making-";

/// Title and chapters, in ffmpeg's metadata format.
pub(super) const CHAPTERS: &str = "chapters.txt";

/// Ends the name of a track of captions that is already as MP4 has it.
pub(super) const TIMED_TEXT: &str = "text.mp4";

/// Names of files of somebody else's that are told.
const FOREIGN: usize = 6;

/// A folder that cannot be worked in.
#[derive(Debug)]
pub enum WorkError {
    /// An earlier run was cut off.
    Unfinished {
        /// The folder.
        folder: PathBuf,
        /// Segments that are done.
        kept: usize,
    },
    /// What was cut off was something else.
    Other {
        /// The folder.
        folder: PathBuf,
        /// What is different, in words.
        differences: Vec<Localized<String>>,
    },
    /// The folder is not one of an unfinished recording.
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// What is in it: the first of the names.
        names: Vec<String>,
    },
    /// Somebody else is at it.
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder or a file in it cannot be read or written.
    Disk {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Message for WorkError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Unfinished { folder, kept } => {
                let folder = folder.display();
                says!(
                    en: "{folder}: an earlier recording of this file was interrupted, and {kept} of its segments are finished: --resume continues it, --force starts over",
                    ja: "{folder}: このファイルの前の録画は途中で止まっていて、{kept} 個の区間ができています。続けるには --resume、やり直すには --force を付けてください"
                )
            }
            Self::Other {
                folder,
                differences,
            } => {
                let folder = folder.display();
                let differences = listed(differences);
                says!(
                    with [differences];
                    en: "{folder}: the interrupted recording cannot be resumed: {differences}. Record it with the same settings, or start over with --force instead of --resume",
                    ja: "{folder}: 途中で止まった録画を続けられません: {differences}。同じ設定で録画するか、--resume の代わりに --force でやり直してください"
                )
            }
            Self::Foreign { folder, names } => {
                let (folder, names) = (folder.display(), names.join(", "));
                says!(
                    en: "{folder}: this folder has the name that an unfinished recording gets, but it contains what no recording made: {names}. Nothing was deleted; move the folder elsewhere, or give the video another name",
                    ja: "{folder}: このフォルダは録画の途中のフォルダと同じ名前ですが、録画が作らないものがあります: {names}。何も削除していません。フォルダを移すか、ビデオを別の名前にしてください"
                )
            }
            Self::Busy { folder } => {
                let folder = folder.display();
                says!(
                    en: "{folder}: another run is recording this file; wait for it, or give another name",
                    ja: "{folder}: このファイルは別の実行が録画しています。終わるのを待つか、別の名前にしてください"
                )
            }
            Self::Disk { path, source } => {
                let (path, why) = (path.display(), SystemError::from(source).message());
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
        }
    }
}

message_error!(WorkError);

/// Differences in a row.
pub(super) fn listed(differences: &[Localized<String>]) -> Localized<String> {
    Localized::join(differences.iter().cloned(), Localized::new("; ", "、"))
}

/// What is to become of an earlier run's segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExistingSegments {
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
        earlier: ExistingSegments,
    ) -> Result<Self, WorkError> {
        let folder = folder_of(output);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| WorkError::Disk { path, source }
        };
        check_ours(&folder)?;
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let lock_path = folder.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(failed(&lock_path))?;
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
            (Some(before), ExistingSegments::Resume) if before == *identity => {}
            (before, ExistingSegments::Resume) if kept > 0 => {
                return Err(work.other_than(before, identity));
            }
            (_, ExistingSegments::Ask) if kept > 0 => {
                return Err(WorkError::Unfinished {
                    folder: work.folder,
                    kept,
                });
            }
            _ => work.clear(is_ours)?,
        }
        // What another run left half written is nothing.
        work.clear(|name| name.starts_with(MAKING))?;
        if work.identity().as_ref() == Some(identity) {
            return Ok(work);
        }
        let text = serde_json::to_vec_pretty(identity).map_err(io::Error::from);
        let place = work.folder.join(IDENTITY);
        let making = work.making(&place);
        text.and_then(|text| fs::write(&making, text))
            .map_err(failed(&making))?;
        put_in_place(&making, &place)?;
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
            before => Err(work.other_than(before, identity)),
        }
    }

    fn other_than(self, before: Option<Identity>, identity: &Identity) -> WorkError {
        WorkError::Other {
            folder: self.folder,
            differences: before.map_or_else(
                || {
                    vec![says!(
                        en: "nothing says what it was",
                        ja: "何を録画していたかの記録がありません"
                    )]
                },
                |before| before.differences(identity),
            ),
        }
    }

    /// What is recorded in a folder.
    pub(super) fn identity_in(folder: &Path) -> Result<Identity, WorkError> {
        let place = folder.join(IDENTITY);
        let read = disk::read_text(&place).map_err(io::Error::other);
        let read = read.and_then(|text| Ok(serde_json::from_str(&text)?));
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

    /// Ends the work; nothing is left of it, but for what somebody else has put into its folder.
    pub(super) fn remove(self) -> Result<(), WorkError> {
        self.clear(is_ours)?;
        let failed = |path: &Path, source| WorkError::Disk {
            path: path.to_owned(),
            source,
        };
        let lock = self.folder.join(LOCK);
        fs::remove_file(&lock).map_err(|source| failed(&lock, source))?;
        match fs::remove_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            result => result.map_err(|source| failed(&self.folder, source)),
        }
    }

    fn identity(&self) -> Option<Identity> {
        Self::identity_in(&self.folder).ok()
    }

    fn names(&self) -> Vec<String> {
        names_in(&self.folder)
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

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// Whether a file of a recording in work has such a name: `recording.json`, `lock`, `chapters.txt`,
/// `making-…`, `frames-0000000-0000299.mkv`, `frames-colours.mkv`, `track-en.wav`, `track-en.text.mp4`.
fn is_ours(name: &str) -> bool {
    let is_number = |part: &str| part.len() >= 7 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_segment = |name: &str, extension: &str| {
        let segment = name.strip_prefix("frames-");
        segment.is_some_and(|segment| {
            ["mkv", "mp4"].contains(&extension)
                && (segment == "colours"
                    || segment
                        .split_once('-')
                        .is_some_and(|(start, end)| is_number(start) && is_number(end)))
        })
    };
    let is_track = |name: &str, extension: &str| {
        let code = name.strip_prefix("track-");
        ["wav", "webm", "m4a", "srt", "vtt", TIMED_TEXT].contains(&extension)
            && code.is_some_and(|code| code.parse::<Tongue>().is_ok())
    };
    [IDENTITY, LOCK, CHAPTERS].contains(&name)
        || name.starts_with(MAKING)
        || name
            .split_once('.')
            .is_some_and(|(stem, end)| is_segment(stem, end) || is_track(stem, end))
}

/// Refuses a folder that is there and is none of a recording: nothing of somebody else's is ever deleted.
fn check_ours(folder: &Path) -> Result<(), WorkError> {
    let mut names = names_in(folder);
    let started = |name: &String| name == LOCK || name.starts_with(MAKING);
    // A run that was cut off at once has not told yet what it is.
    if names.iter().all(started) {
        return Ok(());
    }
    if names.iter().any(|name| name == IDENTITY) {
        names.retain(|name| !is_ours(name));
    }
    if names.is_empty() {
        return Ok(());
    }
    names.sort();
    names.truncate(FOREIGN);
    Err(WorkError::Foreign {
        folder: folder.to_owned(),
        names,
    })
}

/// Gives a finished file its place: it is on the disk before it has its name.
pub(super) fn put_in_place(made: &Path, place: &Path) -> Result<(), WorkError> {
    disk::put_in_place(made, place).map_err(|source| WorkError::Disk {
        path: place.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::identity::tests::identity;

    #[test]
    fn nothing_is_deleted_that_no_recording_made() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("x.mp4");
        let unfinished = folder.path().join("x.mp4.unfinished");
        fs::create_dir(&unfinished).unwrap();
        let put = |name: &str, text: &str| fs::write(unfinished.join(name), text).unwrap();
        // Without a word on what it is, not even what has the name of one of ours.
        for name in ["notes.txt", "frames-0000000-0000299.mkv", "lock"] {
            put(name, "precious");
            for earlier in [
                ExistingSegments::Ask,
                ExistingSegments::Resume,
                ExistingSegments::Discard,
            ] {
                let started = Work::begin(&output, &identity(), earlier);
                if name == "lock" {
                    drop(started.unwrap());
                } else {
                    let message = started.err().unwrap().to_string();
                    assert!(message.contains(name), "{message}");
                }
                let text = fs::read_to_string(unfinished.join(name)).unwrap();
                assert_eq!(text, "precious", "{name}");
            }
            fs::remove_dir_all(&unfinished).unwrap();
            fs::create_dir(&unfinished).unwrap();
        }
        // Nor what lies among ours, before and after the work.
        drop(Work::begin(&output, &identity(), ExistingSegments::Ask).unwrap());
        put("notes.txt", "precious");
        let started = Work::begin(&output, &identity(), ExistingSegments::Discard);
        assert!(matches!(started, Err(WorkError::Foreign { .. })));
        fs::remove_file(unfinished.join("notes.txt")).unwrap();
        let work = Work::begin(&output, &identity(), ExistingSegments::Discard).unwrap();
        fs::write(work.segment(&(0..300)), "ours").unwrap();
        fs::write(work.folder().join(CHAPTERS), "ours").unwrap();
        put("notes.txt", "precious");
        work.remove().unwrap();
        assert_eq!(names_in(&unfinished), ["notes.txt"]);
    }

    #[test]
    fn every_file_of_the_work_is_known_as_ours() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("x.mp4");
        let work = Work::begin(&output, &identity(), ExistingSegments::Ask).unwrap();
        let files = [
            work.segment(&(0..300)),
            work.segment(&(12_345_600..12_345_900)),
            work.colours(),
            work.making(Path::new("x.mp4")),
        ];
        for file in &files {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(is_ours(name), "{name}");
        }
        let tracks = ["track-en.wav", "track-ja.text.mp4", "track-de.srt"];
        for name in tracks.into_iter().chain([CHAPTERS]) {
            assert!(is_ours(name), "{name}");
        }
        for name in [
            "track-en.mp4",
            "track-en.text.mp4.wav",
            "frames-1-2.mkv",
            "frames-holiday.mkv",
            "track-xx.wav",
            "x.mp4",
            "chapters",
        ] {
            assert!(!is_ours(name), "{name}");
        }
        work.remove().unwrap();
        assert!(names_in(folder.path()).is_empty());
    }

    #[test]
    fn finished_segments_of_an_unknown_recording_are_not_thrown_away_by_resuming() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("x.mp4");
        let work = Work::begin(&output, &identity(), ExistingSegments::Ask).unwrap();
        let segment = work.segment(&(0..300));
        fs::write(&segment, "ten seconds").unwrap();
        fs::write(work.folder().join(IDENTITY), "of another version").unwrap();
        drop(work);
        let resumed = Work::begin(&output, &identity(), ExistingSegments::Resume);
        assert!(matches!(resumed, Err(WorkError::Other { .. })));
        assert!(segment.exists());
        drop(Work::begin(&output, &identity(), ExistingSegments::Discard).unwrap());
        assert!(!segment.exists());
    }
}
