//! Files of a web page: those that it brought, those that were opened there, and those that the browser keeps.
//!
//! What lies under [`KEPT`] is kept by the browser from one time to the next, where it lets us: private windows
//! and full storage lose nothing else. Everything else lives as long as the page.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use super::ReadError;
use super::folders::KEPT;
use super::read::LISTED;

/// What the browser keeps: its texts by name.
pub trait Keeper {
    /// The text of a name.
    fn kept(&self, name: &str) -> Option<String>;
    /// Keeps a text; whether the browser did.
    fn keep(&self, name: &str, text: &str) -> bool;
}

struct PageFile {
    bytes: Rc<[u8]>,
    /// Counts up with each file that is put.
    edition: u64,
}

#[derive(Default)]
struct Files {
    files: BTreeMap<PathBuf, PageFile>,
    /// Those that the page fetches when they are needed.
    offered: BTreeSet<PathBuf>,
    keeper: Option<Box<dyn Keeper>>,
    editions: u64,
}

thread_local! {
    static FILES: RefCell<Files> = RefCell::default();
}

/// Says who keeps texts from one time to the next.
pub fn keep_with(keeper: impl Keeper + 'static) {
    FILES.with_borrow_mut(|files| files.keeper = Some(Box::new(keeper)));
}

/// Puts a file on the page, in the place of one of that path.
pub fn put(path: impl Into<PathBuf>, bytes: &[u8]) {
    FILES.with_borrow_mut(|files| {
        files.editions += 1;
        let file = PageFile {
            bytes: bytes.into(),
            edition: files.editions,
        };
        files.files.insert(plain(&path.into()), file);
    });
}

/// The paths of the files in a folder, in order.
#[must_use]
pub fn list(folder: &Path) -> Vec<PathBuf> {
    let folder = plain(folder);
    FILES.with_borrow(|files| {
        let paths = files.files.keys();
        paths
            .filter(|path| path.parent() == Some(&folder))
            .cloned()
            .collect()
    })
}

/// Whether there is a file of a path.
#[must_use]
pub fn exists(path: &Path) -> bool {
    FILES.with_borrow(|files| files.files.contains_key(&plain(path)))
}

/// Says which files can be fetched when they are needed.
pub fn offer(paths: impl IntoIterator<Item = PathBuf>) {
    FILES.with_borrow_mut(|files| {
        let paths = paths.into_iter().map(|path| plain(&path));
        files.offered.extend(paths);
    });
}

/// Whether there is a file of a path, here or to be fetched.
#[must_use]
pub fn is_available(path: &Path) -> bool {
    let path = plain(path);
    FILES.with_borrow(|files| files.files.contains_key(&path) || files.offered.contains(&path))
}

/// When a file was put, and how long it is: changes whenever the file does.
#[must_use]
pub fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    FILES.with_borrow(|files| {
        let file = files.files.get(&plain(path))?;
        let when = SystemTime::UNIX_EPOCH + Duration::from_secs(file.edition);
        Some((when, file.bytes.len() as u64))
    })
}

/// Reads a file that has so many bytes at most.
///
/// # Errors
/// There is none, or it is longer.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let bytes = if let Some(name) = kept_name(path) {
        FILES.with_borrow(|files| {
            let text = files.keeper.as_ref().and_then(|keeper| keeper.kept(&name));
            text.map(|text| text.into_bytes().into())
        })
    } else {
        FILES.with_borrow(|files| {
            let file = files.files.get(&plain(path));
            file.map(|file| file.bytes.clone())
        })
    };
    let bytes: Rc<[u8]> = bytes.ok_or_else(|| not_found(path))?;
    let length = bytes.len() as u64;
    if length > limit {
        return Err(ReadError::TooLarge { length, limit });
    }
    Ok(bytes.to_vec())
}

/// Keeps a file: in the browser where its path says so.
///
/// # Errors
/// The browser keeps nothing.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> std::io::Result<()> {
    let Some(name) = kept_name(path) else {
        put(path, content.as_ref());
        return Ok(());
    };
    let text = std::str::from_utf8(content.as_ref()).map_err(Error::other)?;
    let kept = FILES.with_borrow(|files| {
        let keeper = files.keeper.as_ref();
        keeper.is_some_and(|keeper| keeper.keep(&name, text))
    });
    kept.then_some(())
        .ok_or_else(|| ErrorKind::StorageFull.into())
}

/// As [`write`]: folders are only parts of paths.
///
/// # Errors
/// As [`write`].
pub fn write_with_folder(path: &Path, content: impl AsRef<[u8]>) -> std::io::Result<()> {
    write(path, content)
}

/// The path of a name in a folder, if it leads to no other folder.
pub(super) fn inside(folder: &Path, name: &str) -> Result<PathBuf, ReadError> {
    let (folder, name) = (plain(folder), Path::new(name));
    let path = plain(&folder.join(name));
    if path.starts_with(&folder) {
        Ok(path)
    } else {
        Err(ReadError::Outside { folder })
    }
}

/// The name under which the browser keeps a file.
fn kept_name(path: &Path) -> Option<String> {
    let name = path.strip_prefix(KEPT).ok()?;
    Some(name.to_string_lossy().into_owned())
}

/// A path without detours; paths begin at the root of the page, whether they say so or not.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => plain.push(name),
            Component::ParentDir => _ = plain.pop(),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    plain
}

fn not_found(path: &Path) -> ReadError {
    let path = plain(path);
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let ending = |path: &Path| {
        path.extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
    };
    let wanted = ending(&path);
    let others = list(&folder);
    let others = others.iter().filter(|other| ending(other) == wanted);
    let mut others: Vec<String> = others
        .filter_map(|other| Some(other.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let more = others.len().saturating_sub(LISTED);
    others.truncate(LISTED);
    ReadError::NotFound {
        folder,
        ending: wanted,
        others,
        more,
    }
}
