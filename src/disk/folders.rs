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
    own_folder(directories::ProjectDirs::config_dir).map(|folder| folder.join("settings.ron"))
}

/// The folder of the settings, for what is remembered besides.
#[must_use]
pub fn settings_folder() -> Option<PathBuf> {
    Some(settings_path()?.parent()?.to_path_buf())
}

/// The file of what was learned, in the user's folder for data; on Linux
/// `~/.local/share/tensorama/progress.ron`.
#[must_use]
pub fn progress_path() -> Option<PathBuf> {
    own_folder(directories::ProjectDirs::data_dir).map(|folder| folder.join("progress.ron"))
}

#[cfg(not(target_family = "wasm"))]
fn own_folder(of: impl Fn(&directories::ProjectDirs) -> &Path) -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "tensorama").map(|dirs| of(&dirs).to_owned())
}

#[cfg(target_family = "wasm")]
fn own_folder(_of: impl Fn(&directories::ProjectDirs) -> &Path) -> Option<PathBuf> {
    Some(PathBuf::from(KEPT))
}

/// A path from the root.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    if cfg!(target_family = "wasm") {
        return Path::new("/").join(path);
    }
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
