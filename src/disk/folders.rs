//! Where the program keeps what is remembered for its user.

use std::path::{Path, PathBuf};

/// The folder of a page's files that the browser keeps.
#[cfg(target_family = "wasm")]
pub const KEPT: &str = "/kept";

/// The file of the settings: `TENSORAMA_SETTINGS`, or `settings.ron` in the user's folder for
/// configuration. `None` where that is set to nothing, or the home folder is not known.
#[must_use]
pub fn settings_path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("TENSORAMA_SETTINGS") {
        return (!path.is_empty()).then(|| path.into());
    }
    own_folder(Own::Settings).map(|folder| folder.join("settings.ron"))
}

/// The folder of the settings, for what is remembered besides.
#[must_use]
pub fn settings_folder() -> Option<PathBuf> {
    Some(settings_path()?.parent()?.to_path_buf())
}

/// The file of what was learned: `TENSORAMA_PROGRESS`, or `progress.ron` in the user's folder for data; on Linux
/// `~/.local/share/tensorama/progress.ron`. `None` as for [`settings_path`].
#[must_use]
pub fn progress_path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("TENSORAMA_PROGRESS") {
        return (!path.is_empty()).then(|| path.into());
    }
    own_folder(Own::Data).map(|folder| folder.join("progress.ron"))
}

/// A folder for what is easily made again.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    own_folder(Own::Cache)
}

/// What a folder of the program's own is for.
#[derive(Debug, Clone, Copy)]
enum Own {
    Settings,
    Data,
    Cache,
}

/// Without a program there is nobody to remember anything for.
#[cfg(not(any(feature = "cli", feature = "record", feature = "window")))]
fn own_folder(_own: Own) -> Option<PathBuf> {
    None
}

#[cfg(all(
    any(feature = "cli", feature = "record", feature = "window"),
    not(target_family = "wasm")
))]
fn own_folder(own: Own) -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "tensorama")?;
    let folder = match own {
        Own::Settings => folders.config_dir(),
        Own::Data => folders.data_dir(),
        Own::Cache => folders.cache_dir(),
    };
    Some(folder.to_owned())
}

#[cfg(all(
    any(feature = "cli", feature = "record", feature = "window"),
    target_family = "wasm"
))]
fn own_folder(own: Own) -> Option<PathBuf> {
    Some(PathBuf::from(match own {
        Own::Settings | Own::Data => KEPT,
        Own::Cache => "/cache",
    }))
}

/// A path from the root.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    if cfg!(target_family = "wasm") {
        return Path::new("/").join(path);
    }
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
