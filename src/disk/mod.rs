//! Files on disk: read within limits, written whole or not at all. On a web page there is no disk: its
//! files are in memory, and a few are kept by the browser.

mod folders;
mod free_path;
mod installation;
#[cfg(target_family = "wasm")]
pub mod page;
pub mod png;
mod read;
#[cfg(not(target_family = "wasm"))]
mod write;

pub use folders::{absolute, cache_folder, progress_path, settings_folder, settings_path};
pub use free_path::free_path;
pub use installation::Installation;
#[cfg(target_family = "wasm")]
pub use page::{is_available, read, stamp, write, write_with_folder};
pub use read::{
    MAX_FILE, MAX_TEXT, Reach, ReadError, ReadFile, Special, read_file, read_text, reader,
};
#[cfg(not(target_family = "wasm"))]
pub use read::{is_available, open, read, stamp};
#[cfg(not(target_family = "wasm"))]
pub use write::{Draft, put_in_place, write, write_with_folder};
