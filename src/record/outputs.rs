//! The files that a recording writes: whether they can be written, and texts in their places.

use std::path::Path;

use super::narrated::Speaker;
use super::recording::RecordError;
use super::tracks::subtitle_files;
use crate::disk;
use crate::language::says;

/// Whether the subtitle files beside a video can be written.
pub(super) fn check_subtitles(
    output: &Path,
    speakers: &[Speaker],
    force: bool,
) -> Result<(), RecordError> {
    let codes: Vec<&str> = speakers
        .iter()
        .map(|speaker| speaker.language.code())
        .collect();
    for path in subtitle_files(output, &codes) {
        check_output(&path, force)?;
    }
    Ok(())
}

/// Whether an output file can be written.
///
/// # Errors
/// When it is there already, or there is no folder for it.
pub fn check_output(output: &Path, force: bool) -> Result<(), RecordError> {
    let problem = |problem| RecordError::Output {
        path: output.to_owned(),
        problem,
    };
    if output.file_name().is_none() || output.is_dir() {
        return Err(problem(says!(
            en: "this is a folder; give the name of a file in it",
            ja: "フォルダです。その中のファイルの名前を指定してください"
        )));
    }
    if output.exists() && !output.is_file() {
        return Err(problem(says!(
            en: "this is not a regular file, but a device or a pipe; give the name of a file",
            ja: "普通のファイルではなく、デバイスかパイプです。ファイルの名前を指定してください"
        )));
    }
    if output.exists() && !force {
        return Err(problem(says!(
            en: "already exists; give another name, or --force to replace it",
            ja: "すでにあります。別の名前にするか、--force で置き換えてください"
        )));
    }
    let folder = match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(problem(says!(
            en: "the folder {folder} does not exist; make it with `mkdir -p {folder}`",
            ja: "フォルダ {folder} がありません。`mkdir -p {folder}` で作ってください"
        )));
    }
    Ok(())
}

/// Writes a text into the folder of the work.
pub(super) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), RecordError> {
    std::fs::write(path, content).map_err(|source| RecordError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes a text to its place, whole or not at all.
pub(super) fn put(path: &Path, text: &str) -> Result<(), RecordError> {
    check_output(path, true)?;
    disk::write(path, text).map_err(|source| RecordError::Write {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_text_beside_a_video_can_be_read_by_whom_any_new_file_can() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| std::fs::metadata(at(name)).unwrap().permissions().mode();
        std::fs::write(at("plain"), "").unwrap();
        put(&at("video.md"), "text").unwrap();
        assert_eq!(mode("video.md"), mode("plain"));
    }

    #[test]
    fn only_a_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let message = check_output(folder.path(), true).unwrap_err().to_string();
        assert!(message.contains("folder"), "{message}");
        #[cfg(unix)]
        {
            let message = check_output(Path::new("/dev/null"), true).unwrap_err();
            assert!(
                message.to_string().contains("not a regular file"),
                "{message}"
            );
        }
    }
}
