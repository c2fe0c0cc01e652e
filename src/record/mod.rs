//! The recorder: a player that is not in a hurry.
//!
//! Same lesson, same stage, no window: [`renderer`] draws the frame of any time, exactly and in any
//! order; [`encoder`] gives frames and sound to ffmpeg; [`recording`] puts a lesson into a video;
//! [`frames`] puts single frames into pictures; [`narrated`] gives a lesson its voice.

pub mod encoder;
pub mod frames;
pub mod narrated;
pub mod recording;
pub mod renderer;
mod sidecar;
