//! Tensorama: tensor operations as living 3D lessons.
//!
//! One sentence: a lesson compiles to a timeline, a timeline is a pure function of time, and
//! everything that a person sees, hears or records is a sample of it.
//!
//! The layers, each of which uses only those before it:
//!
//! - [`language`]: the languages, and messages in each of them. Pure.
//! - [`disk`]: files read within limits, and written whole or not at all.
//! - [`tensor`]: shapes, values, fills. Pure.
//! - [`op`]: layers, checked plans, numbered steps, results, cost. Pure.
//! - [`network`]: layers one after another, and the notation that they come from. Pure.
//! - [`lesson`]: the RON schema and its diagnostics; questions, and when they are due again. Pure.
//! - [`timeline`]: a lesson and its narration's lengths, as a function of time. Pure.
//! - [`explore`]: the workbench, a live-edited lesson of one scene. Pure.
//! - [`link`]: what is on show, as text. Pure.
//! - `font_files`: the fonts of pictures and pages.
//! - [`narration`]: voices, their cache, subtitles.
//! - `worksheet`: exercises on a lesson, on paper. Pure up to its files.
//! - `playback`: the playhead and the clock.
//! - `stage`: all that a recording shows.
//! - `camera`: guided and free.
//! - `record`: frames without a window, and videos of them.
//! - `ui`: panels of the window, never in a recording.
//! - `cli`: the command line.
//! - `web`: the program on a web page; only there.
//!
//! Down to [`explore`] and [`narration`]'s estimates and captions, no layer knows the engine: they
//! build without it. The rest comes with the features `engine` (which `window` and `record` bring),
//! `record`, `window`, `worksheet` and `cli`.

#![deny(unsafe_code)]

#[cfg(feature = "engine")]
pub mod camera;
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
pub mod cli;
pub mod disk;
pub mod explore;
#[cfg(any(feature = "engine", feature = "worksheet"))]
pub mod font_files;
pub mod language;
pub mod lesson;
pub mod link;
pub mod narration;
pub mod network;
pub mod op;
#[cfg(feature = "engine")]
pub mod playback;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "engine")]
pub mod stage;
pub mod tensor;
pub mod timeline;
#[cfg(feature = "window")]
pub mod ui;
#[cfg(all(feature = "window", target_family = "wasm"))]
pub mod web;
#[cfg(feature = "worksheet")]
pub mod worksheet;
