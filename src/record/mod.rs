//! The recorder: a player that is not in a hurry.
//!
//! Same lesson, same stage, no window: [`renderer`] draws the frame of any time, exactly and in any
//! order. [`recording`] makes a video of a lesson, or of a [`part`] of it: the frames are `drawing`s in
//! [`segment`]s of ten seconds, which [`encoder`] hands to ffmpeg ([`pixels`] as videos keep them, in
//! `matroska`, pictures that repeat the one before left out: `repeats` puts them in), and which lie in the
//! folder of the `work` until the `job` is done and `assembly` puts them together with the `tracks` into one of the
//! [formats](mod@format). What is made of one recording and what of another is told apart by its
//! `identity`. Frames can also be drawn by `workers`, processes on this machine, or in [`share`]s on
//! several, which [`join`] puts together. `outputs` looks first whether all can be written, and a [`report`]
//! tells what came of it.
//!
//! `transcript`, `poster` and [`sidecar`] are what stands beside a video, as [`sidecar_options`] says; [`plan`] tells before what all
//! comes to; [`frames`] puts single frames into pictures; [`narrated`] gives a lesson its voices.

mod assembly;
mod drawing;
pub mod encoder;
pub mod format;
pub mod frames;
mod identity;
mod job;
pub mod join;
mod matroska;
pub mod narrated;
pub mod outputs;
pub mod part;
pub mod pixels;
pub mod plan;
mod poster;
pub mod recording;
pub mod renderer;
mod repeats;
pub mod report;
pub mod segment;
pub mod sequence;
pub mod share;
pub mod sidecar;
pub mod sidecar_options;
pub mod still;
mod timed_text;
mod tracks;
mod transcript;
mod work;
pub mod workers;
