//! Files on disk: written whole or not at all.

mod write;

pub use write::{Draft, put_in_place, write};
