//! Reading: the bytes of a regular file, no more of them than a limit allows; or why there are none, and how
//! to fix it.
//!
//! What is read may come from anywhere. A device has no end and a pipe may never begin, so neither is opened;
//! and a file may grow while it is read, or say of itself that it is empty, so what it says is not relied on.

#[cfg(not(target_family = "wasm"))]
use std::fs::{self, File, FileType};
#[cfg(not(target_family = "wasm"))]
use std::io::{Error, ErrorKind, Read};
#[cfg(not(target_family = "wasm"))]
use std::path::Component;
use std::path::{Path, PathBuf};
#[cfg(not(target_family = "wasm"))]
use std::time::SystemTime;

#[cfg(target_family = "wasm")]
use super::page::{inside, read};

use crate::language::{Localized, Message, SystemError, message_error, says};

/// Bytes of a file of numbers or an image, at most: 2 GiB.
pub const MAX_FILE: u64 = 1 << 31;

/// Bytes of a text, such as a lesson, layers in PyTorch's notation or settings, at most: 8 MiB.
pub const MAX_TEXT: u64 = 1 << 23;

/// Names of other files that are listed.
pub(super) const LISTED: usize = 6;

/// Reads the bytes of a file by its name.
pub type ReadFile<'a> = dyn Fn(&str) -> Result<Vec<u8>, ReadError> + 'a;

/// Which files a lesson may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Those in its own folder and in the folders in it.
    #[default]
    Folder,
    /// Every file that the user may read.
    Anywhere,
}

/// What is no regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// A folder.
    Folder,
    /// A device, such as `/dev/zero`.
    Device,
    /// A named pipe.
    Pipe,
    /// A socket.
    Socket,
    /// Something else.
    Other,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The folder that it should be in does not exist.
    NoFolder(PathBuf),
    /// It is an address of the web.
    Address,
    /// There is no such file in a folder.
    NotFound {
        /// The folder.
        folder: PathBuf,
        /// The ending of the name, without its dot.
        ending: Option<String>,
        /// The files there with this ending: the first of them, in order.
        others: Vec<String>,
        /// How many more of them there are.
        more: usize,
    },
    /// It is no regular file.
    Special(Special),
    /// It lies where a lesson may not reach.
    Outside {
        /// The lesson's folder.
        folder: PathBuf,
    },
    /// Over the limit.
    TooLarge {
        /// Its length in bytes, as far as it was read.
        length: u64,
        /// The limit.
        limit: u64,
    },
    /// Its bytes are no text in UTF-8.
    NotText,
    /// Anything else that the operating system says.
    System(SystemError),
}

impl Message for Special {
    fn message(&self) -> Localized<String> {
        let what = match self {
            Self::Folder => Localized::new("a folder", "フォルダ"),
            Self::Device => Localized::new("a device", "デバイス"),
            Self::Pipe => Localized::new("a named pipe", "名前付きパイプ"),
            Self::Socket => Localized::new("a socket", "ソケット"),
            Self::Other => Localized::new("not a regular file", "通常のファイルではないもの"),
        };
        what.into()
    }
}

impl Message for ReadError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NoFolder(folder) => {
                let folder = folder.display();
                says!(
                    en: "there is no folder {folder}; write the path from the folder in which you start the program, or from the root",
                    ja: "フォルダ {folder} がありません。プログラムを起動したフォルダからの、またはルートからのパスを書いてください。"
                )
            }
            Self::Address => says!(
                en: "it is an address and no file; download what it leads to, and give the name of the file",
                ja: "これはファイルではなくアドレスです。ダウンロードしてから、そのファイルの名前を指定してください。"
            ),
            Self::NotFound {
                folder,
                ending,
                others,
                more,
            } => {
                let folder = folder.display();
                if others.is_empty() {
                    let kind = match ending {
                        Some(ending) => {
                            says!(en: "other .{ending} file", ja: "ほかの .{ending} ファイル")
                        }
                        None => says!(en: "similar file", ja: "似たファイル"),
                    };
                    return says!(
                        with [kind];
                        en: "there is no such file in {folder}, nor any {kind}; put its folder before the name",
                        ja: "{folder} にこのファイルはなく、{kind}もありません。名前の前にフォルダを書いてください。"
                    );
                }
                let others = others.join(", ");
                let more = match more {
                    0 => Localized::default(),
                    more => says!(en: " and {more} more", ja: " など (ほか {more} 個)"),
                };
                says!(
                    with [more];
                    en: "there is no such file in {folder}; the files of this kind there are {others}{more}",
                    ja: "{folder} にこのファイルはありません。同じ種類のファイルは {others}{more} です。"
                )
            }
            Self::Special(what) => {
                let what = what.message();
                says!(
                    with [what];
                    en: "it is {what}; only regular files are read",
                    ja: "{what}です。読めるのは通常のファイルだけです。"
                )
            }
            Self::Outside { folder } => {
                let folder = folder.display();
                says!(
                    en: "it is outside the lesson's folder {folder}, and a lesson may only read files in its own folder; copy the file there, or add --allow-outside to the command if you trust the lesson",
                    ja: "レッスンのフォルダ {folder} の外にあります。レッスンが読めるのは自分のフォルダの中のファイルだけです。ファイルをそこにコピーするか、信頼できるレッスンならコマンドに --allow-outside を付けてください。"
                )
            }
            Self::TooLarge { length, limit } => says!(
                en: "it has at least {length} bytes, but the limit is {limit}",
                ja: "{length} バイト以上あります。上限は {limit} バイトです。"
            ),
            Self::NotText => says!(
                en: "it is not a text in UTF-8; save it in that encoding",
                ja: "UTF-8 のテキストではありません。文字コードを UTF-8 にして保存してください。"
            ),
            Self::System(why) => why.message(),
        }
    }
}

message_error!(ReadError);

/// Reads a regular file that has so many bytes at most.
///
/// # Errors
/// [`ReadError`].
#[cfg(not(target_family = "wasm"))]
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let unreadable = |why: Error| why_unreadable(path, &why);
    let file = open(path)?;
    let length = file.metadata().map_err(unreadable)?.len();
    if length > limit {
        return Err(ReadError::TooLarge { length, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    // One byte more than may be there tells that there is more.
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let length = bytes.len() as u64;
    if length > limit {
        return Err(ReadError::TooLarge { length, limit });
    }
    Ok(bytes)
}

/// Reads a text of [`MAX_TEXT`] bytes at most.
///
/// # Errors
/// [`ReadError`].
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    let bytes = read(path, MAX_TEXT)?;
    let text = String::from_utf8(bytes).map_err(|_| ReadError::NotText)?;
    // Editors on Windows put a byte order mark in front.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// Reads a file of [`MAX_FILE`] bytes at most, by its name from the current folder or the root.
///
/// # Errors
/// [`ReadError`].
pub fn read_file(path: &str) -> Result<Vec<u8>, ReadError> {
    read(Path::new(path), MAX_FILE)
}

/// Reads files by the names that a lesson in a folder gives them.
pub fn reader(folder: &Path, reach: Reach) -> impl Fn(&str) -> Result<Vec<u8>, ReadError> + use<> {
    let folder = match folder {
        folder if folder == Path::new("") => PathBuf::from("."),
        folder => folder.to_owned(),
    };
    move |name| {
        let path = match reach {
            Reach::Folder => inside(&folder, name)?,
            Reach::Anywhere => folder.join(name),
        };
        read(&path, MAX_FILE)
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// [`ReadError`].
#[cfg(not(target_family = "wasm"))]
pub fn open(path: &Path) -> Result<File, ReadError> {
    let unreadable = |why: Error| why_unreadable(path, &why);
    // Looked at first: to open a pipe waits for who writes to it, and to open a device may do something.
    regular(fs::metadata(path).map_err(unreadable)?.file_type())?;
    let file = File::open(path).map_err(unreadable)?;
    regular(file.metadata().map_err(unreadable)?.file_type())?;
    Ok(file)
}

/// When a file was changed, and how long it is: changes whenever the file does.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

/// Whether a file is there; on a page also one that it has not fetched yet.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub fn is_available(path: &Path) -> bool {
    stamp(path).is_some()
}

#[cfg(not(target_family = "wasm"))]
fn regular(kind: FileType) -> Result<(), ReadError> {
    if kind.is_file() {
        return Ok(());
    }
    let mut what = if kind.is_dir() {
        Special::Folder
    } else {
        Special::Other
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_char_device() || kind.is_block_device() {
            what = Special::Device;
        } else if kind.is_fifo() {
            what = Special::Pipe;
        } else if kind.is_socket() {
            what = Special::Socket;
        }
    }
    Err(ReadError::Special(what))
}

/// The file of a name in a folder, if it lies in that folder when all links are followed. Of what lies
/// elsewhere nothing is told, not even whether it is there.
#[cfg(not(target_family = "wasm"))]
fn inside(folder: &Path, name: &str) -> Result<PathBuf, ReadError> {
    let outside = || ReadError::Outside {
        folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()),
    };
    let root = fs::canonicalize(folder).map_err(|why| why_unreadable(folder, &why))?;
    let name = Path::new(name);
    // A whole path may lead into the folder too.
    let name = match std::path::absolute(folder) {
        Ok(whole) if name.starts_with(&whole) => name.strip_prefix(&whole).unwrap_or(name),
        _ => name.strip_prefix(&root).unwrap_or(name),
    };
    let mut depth = 0_usize;
    for component in name.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir => depth = depth.checked_sub(1).ok_or_else(outside)?,
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    let path = folder.join(name);
    match fs::canonicalize(&path) {
        Ok(real) if real.starts_with(&root) => Ok(real),
        Ok(_) => Err(outside()),
        Err(why) => {
            // It may be looked for behind a link that leads elsewhere.
            let known = path
                .ancestors()
                .skip(1)
                .find_map(|known| fs::canonicalize(known).ok());
            match known {
                Some(known) if known.starts_with(&root) => Err(why_unreadable(&path, &why)),
                _ => Err(outside()),
            }
        }
    }
}

/// Why a file cannot be read. Of one that is not there: where it was looked for, and which files of
/// its kind are.
#[cfg(not(target_family = "wasm"))]
fn why_unreadable(path: &Path, why: &Error) -> ReadError {
    if why.kind() != ErrorKind::NotFound {
        return ReadError::System(why.into());
    }
    if path.to_string_lossy().contains("://") {
        return ReadError::Address;
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().map_or_else(PathBuf::new, Path::to_owned);
    let Ok(entries) = fs::read_dir(&folder) else {
        return ReadError::NoFolder(folder);
    };
    let ending = |path: &Path| {
        path.extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
    };
    let wanted = ending(path);
    let mut others: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|other| ending(other) == wanted && other.is_file())
        .filter_map(|other| Some(other.file_name()?.to_string_lossy().into_owned()))
        .collect();
    others.sort();
    let more = others.len().saturating_sub(LISTED);
    others.truncate(LISTED);
    ReadError::NotFound {
        folder,
        ending: wanted,
        others,
        more,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_told_with_where_and_what_there_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let told = |name: &str| read_file(&path(name)).unwrap_err().to_string();
        assert!(told("cat.png").contains("nor any other .png file"));
        std::fs::write(path("dog.PNG"), "").unwrap();
        std::fs::write(path("x.npy"), "").unwrap();
        let text = told("cat.png");
        assert!(text.contains("are dog.PNG"), "{text}");
        assert!(text.contains(&*folder.path().to_string_lossy()), "{text}");
        assert!(!text.contains("x.npy"), "{text}");
        let text = told("deeper/cat.png");
        assert!(text.contains("there is no folder") && text.contains("deeper"));
        let address = "https://example.org/cat.png";
        assert_eq!(read_file(address), Err(ReadError::Address));
        assert_eq!(read_file(&path("x.npy")), Ok(Vec::new()));
        // A folder is not a file that is missing.
        assert!(told("").contains("a folder"));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.ron");
        std::fs::write(&path, "\u{feff}Lesson(\u{feff}").unwrap();
        assert_eq!(read_text(&path).unwrap(), "Lesson(\u{feff}");
        std::fs::write(&path, [0xff, 0xfe, b'L', 0]).unwrap();
        let told = read_text(&path).unwrap_err().to_string();
        assert!(told.contains("save it"), "{told}");
    }

    #[test]
    fn no_more_is_read_than_the_limit_allows_whatever_a_file_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read(&path, 10).unwrap(), b"0123456789");
        let message = read(&path, 9).unwrap_err().to_string();
        assert!(
            message.contains("10 bytes") && message.contains("limit is 9"),
            "{message}"
        );
        // A hole of 3 GiB takes no room on the disk, and none in memory.
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(3 << 30)
            .unwrap();
        let message = read_file(&path.to_string_lossy()).unwrap_err().to_string();
        assert!(
            message.contains("3221225472") && message.contains("2147483648"),
            "{message}"
        );
        let message = read_text(&path).unwrap_err().to_string();
        assert!(message.contains("limit is 8388608"), "{message}");
        std::fs::write(&path, [0xff]).unwrap();
        assert_eq!(read_text(&path), Err(ReadError::NotText));
        // A file that says of itself that it is empty.
        #[cfg(target_os = "linux")]
        {
            let status = Path::new("/proc/self/status");
            assert_eq!(fs::metadata(status).unwrap().len(), 0);
            assert!(read(status, 1 << 20).unwrap().len() > 100);
            assert!(matches!(
                read(status, 100),
                Err(ReadError::TooLarge {
                    length: 101,
                    limit: 100
                })
            ));
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(made.unwrap().success());
        std::os::unix::fs::symlink("/dev/zero", at("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        for (path, what) in [
            (at("pipe"), Special::Pipe),
            (at("link"), Special::Device),
            (at("socket"), Special::Socket),
            ("/dev/zero".into(), Special::Device),
            (folder.path().to_owned(), Special::Folder),
        ] {
            assert_eq!(
                read(&path, MAX_FILE),
                Err(ReadError::Special(what)),
                "{path:?}"
            );
        }
    }

    #[test]
    fn a_lesson_reaches_into_its_own_folder_only() {
        let all = tempfile::tempdir().unwrap();
        let (own, other) = (all.path().join("own"), all.path().join("other"));
        for folder in [&own.join("deep"), &other] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("x.npy"), "x").unwrap();
        }
        fs::write(own.join("y.npy"), "y").unwrap();
        let contained = reader(&own, Reach::Folder);
        let anywhere = reader(&own, Reach::Anywhere);
        let whole = |path: PathBuf| path.to_string_lossy().into_owned();
        for name in [
            "y.npy".to_owned(),
            "./y.npy".to_owned(),
            "deep/../y.npy".to_owned(),
            whole(own.join("y.npy")),
        ] {
            assert_eq!(contained(&name).unwrap(), b"y", "{name}");
        }
        assert_eq!(contained("deep/x.npy").unwrap(), b"x");
        let refused = |name: &str| {
            let error = contained(name).unwrap_err();
            assert!(
                matches!(error, ReadError::Outside { .. }),
                "{name}: {error}"
            );
            let message = error.to_string();
            assert!(message.contains("--allow-outside"), "{message}");
            // Neither the files of another folder nor whether there are any.
            assert!(!message.contains(".npy"), "{message}");
        };
        for there in [
            "../other/x.npy",
            "deep/../../other/x.npy",
            &whole(other.join("x.npy")),
        ] {
            assert_eq!(anywhere(there).unwrap(), b"x", "{there}");
            refused(there);
            refused(&there.replace("x.npy", "absent.npy"));
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../other", own.join("link")).unwrap();
            std::os::unix::fs::symlink("../other/x.npy", own.join("link.npy")).unwrap();
            std::os::unix::fs::symlink("deep", own.join("link-in")).unwrap();
            for name in [
                "link/x.npy",
                "link/absent.npy",
                "link/../other/absent.npy",
                "link.npy",
            ] {
                refused(name);
            }
            assert_eq!(contained("link-in/x.npy").unwrap(), b"x");
        }
        // Of its own folder one is told as before.
        let message = contained("z.npy").unwrap_err().to_string();
        assert!(message.contains("y.npy"), "{message}");
        assert!(matches!(
            contained("absent/z.npy"),
            Err(ReadError::NoFolder(_))
        ));
    }
}
