//! The recorder: a player that is not in a hurry.
//!
//! Same lesson, same stage, no window: [`renderer`] draws the frame of any time, exactly and in any
//! order; [`encoder`] gives frames and sound to ffmpeg, in one of the [formats](mod@format); [`recording`] puts
//! a lesson, or a [`part`] of it, into a video, and `transcript`, `poster` and [`sidecar`] what stands
//! [`beside`] it; [`plan`] tells before what that comes to; [`frames`] puts single frames into
//! pictures; [`narrated`] gives a lesson its voice.

pub mod beside;
pub mod encoder;
pub mod format;
pub mod frames;
pub mod narrated;
pub mod part;
pub mod plan;
mod poster;
pub mod recording;
pub mod renderer;
pub mod sidecar;
pub mod still;
mod transcript;
