//! Reading files: the bytes, or why there are none and how to mend it.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Bytes of a file, at most: 2 GiB.
const MAX_FILE: u64 = 1 << 31;
/// Names of other files that are told.
const TOLD: usize = 6;

/// Reads the bytes of a file by its name; an error is a sentence.
pub type ReadFile<'a> = dyn Fn(&str) -> Result<Vec<u8>, String> + 'a;

/// Reads a file of the file system, unless it is over the limit of 2 GiB.
///
/// # Errors
/// The reason as a sentence.
pub fn read_file(path: &str) -> Result<Vec<u8>, String> {
    let unreadable = |why: Error| why_unreadable(Path::new(path), &why);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_FILE {
        return Err(format!("it has {length} bytes and the limit is {MAX_FILE}"));
    }
    std::fs::read(path).map_err(unreadable)
}

/// Why a file cannot be read. Of one that is not there: where it was looked for, and which files of
/// its kind are.
#[must_use]
pub fn why_unreadable(path: &Path, why: &Error) -> String {
    if why.kind() != ErrorKind::NotFound {
        return why.to_string();
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().map_or_else(PathBuf::new, Path::to_owned);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return format!(
            "there is no folder {}; write the path from the folder in which you start the program, or from the root",
            folder.display()
        );
    };
    let ending = |path: &Path| {
        path.extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
    };
    let wanted = ending(path);
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|other| ending(other) == wanted && other.is_file())
        .filter_map(|other| Some(other.file_name()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    let folder = folder.display();
    if names.is_empty() {
        let kind = wanted.map_or_else(String::new, |ending| format!("other .{ending} "));
        return format!(
            "there is no such file in {folder}, nor any {kind}file; put its folder before the name"
        );
    }
    let more = names.len().saturating_sub(TOLD);
    names.truncate(TOLD);
    let names = names.join(", ");
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("there is no such file in {folder}; the files of this kind there are {names}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_told_with_where_and_what_there_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let told = |name: &str| read_file(&path(name)).unwrap_err();
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
        assert!(!read_file(&path("")).unwrap_err().contains("no such"));
    }
}
