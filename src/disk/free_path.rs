//! Names that are free.

use std::path::{Path, PathBuf};

/// A path in a folder that no file has yet: of this name, or with a number behind it.
#[must_use]
pub fn free_path(folder: &Path, stem: &str, end: &str) -> PathBuf {
    let plain = folder.join(format!("{stem}.{end}"));
    std::iter::once(plain.clone())
        .chain((2..10_000).map(|number| folder.join(format!("{stem}-{number}.{end}"))))
        .find(|path| !path.exists())
        .unwrap_or(plain)
}
