//! Reading files: the bytes, or why there are none and how to fix it.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use crate::language::{Localized, Message, SystemError, message_error, says};

/// Bytes of a file, at most: 2 GiB.
const MAX_FILE: u64 = 1 << 31;
/// Names of other files that are listed.
const LISTED: usize = 6;

/// Reads the bytes of a file by its name.
pub type ReadFile<'a> = dyn Fn(&str) -> Result<Vec<u8>, ReadError> + 'a;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The folder that it should be in does not exist.
    NoFolder(PathBuf),
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
    /// Over the limit of 2 GiB.
    TooLarge {
        /// Its length in bytes.
        length: u64,
    },
    /// Anything else that the operating system says.
    System(SystemError),
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
            Self::TooLarge { length } => says!(
                en: "it has {length} bytes, but the limit is {MAX_FILE}",
                ja: "{length} バイトあります。上限は {MAX_FILE} バイトです。"
            ),
            Self::System(why) => why.message(),
        }
    }
}

message_error!(ReadError);

/// Reads a file of the file system, unless it is over the limit of 2 GiB.
///
/// # Errors
/// When the file cannot be read.
pub fn read_file(path: &str) -> Result<Vec<u8>, ReadError> {
    let unreadable = |why: Error| why_unreadable(Path::new(path), &why);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_FILE {
        return Err(ReadError::TooLarge { length });
    }
    std::fs::read(path).map_err(unreadable)
}

/// Why a file cannot be read. Of one that is not there: where it was looked for, and which files of
/// its kind are.
#[must_use]
pub fn why_unreadable(path: &Path, why: &Error) -> ReadError {
    if why.kind() != ErrorKind::NotFound {
        return ReadError::System(why.into());
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().map_or_else(PathBuf::new, Path::to_owned);
    let Ok(entries) = std::fs::read_dir(&folder) else {
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
        assert_eq!(read_file(&path("x.npy")), Ok(Vec::new()));
        // A folder is not a file that is missing.
        assert!(!told("").contains("no such"));
    }
}
