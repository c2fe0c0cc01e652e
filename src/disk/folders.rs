//! Where the program keeps what is remembered for its user.

use std::path::PathBuf;

/// The file of the settings: `TENSORAMA_SETTINGS`, or `settings.ron` in the user's folder for
/// configuration. `None` where that is set to nothing, or the home folder is not known.
#[must_use]
pub fn settings_path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("TENSORAMA_SETTINGS") {
        return (!path.is_empty()).then(|| path.into());
    }
    directories::ProjectDirs::from("", "", "tensorama")
        .map(|dirs| dirs.config_dir().join("settings.ron"))
}

/// The folder of the settings, for what is remembered besides.
#[must_use]
pub fn settings_folder() -> Option<PathBuf> {
    Some(settings_path()?.parent()?.to_path_buf())
}
