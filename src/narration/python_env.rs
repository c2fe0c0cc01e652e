//! The project's own Python environment, in which voices live that are Python packages.
//!
//! `scripts/setup` makes it, by the same rule.

use std::env;
use std::path::PathBuf;

/// Names another folder for the environment.
const OVERRIDE: &str = "TENSORAMA_PYTHON_ENV";

/// The environment's folder: `TENSORAMA_PYTHON_ENV`, or `tensorama/python` in the user's data
/// folder. `None` where the user has no home.
pub(super) fn folder() -> Option<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set(OVERRIDE).or_else(|| {
        let data = if cfg!(windows) {
            directories::BaseDirs::new()?.data_local_dir().to_owned()
        } else {
            match set("XDG_DATA_HOME") {
                Some(folder) => folder,
                None => directories::BaseDirs::new()?
                    .home_dir()
                    .join(".local/share"),
            }
        };
        Some(data.join("tensorama").join("python"))
    })
}

/// The environment's interpreter, which may not be there.
pub(super) fn interpreter() -> Option<PathBuf> {
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    folder().map(|folder| folder.join(inside))
}
