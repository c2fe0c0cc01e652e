//! Files on disk: read within limits, written whole or not at all.

#[cfg(any(feature = "cli", feature = "window"))]
mod folders;
pub mod png;
mod read;
mod write;

#[cfg(any(feature = "cli", feature = "window"))]
pub use folders::{settings_folder, settings_path};
pub use read::{
    MAX_FILE, MAX_TEXT, Reach, ReadError, ReadFile, Special, open, read, read_file, read_text,
    reader,
};
pub use write::{Draft, free_path, put_in_place, write};
