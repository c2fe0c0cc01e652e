//! What a recording tells: while it is made, and in the end.

use std::time::Duration;

use super::renderer::FrameTimings;
use super::sidecar::Chapter;
use crate::language::Tongue;
use crate::narration::About;

/// What there is to tell while a lesson is recorded.
#[derive(Debug, Clone, Copy)]
pub enum RecordingProgress<'a> {
    /// A voice that speaks, and its language.
    Voice(Tongue, &'a About),
    /// So many clips of so many are spoken.
    Spoken(usize, usize),
    /// Drawing begins: so many frames.
    Frames(u64),
    /// So many frames are there from a run that was cut off.
    Kept(u64),
    /// So many frames are done.
    Frame(u64),
}

/// What a recording came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// Whether this is a share of a recording.
    pub is_share: bool,
    /// Frames of the video.
    pub frames: u64,
    /// Frames that are there from a run that was cut off.
    pub kept: u64,
    /// Frames that were drawn; the others repeat the one before.
    pub drawn: u64,
    /// Seconds of video.
    pub seconds: f64,
    /// Time from the first frame to the finished file.
    pub wall: Duration,
    /// Time before the first frame: voice, soundtrack, start of the renderer.
    pub preparation: Duration,
    /// Time after the last frame: putting all together.
    pub assembly: Duration,
    /// Where the time of the drawn frames went; nothing where other processes drew them.
    pub spent: FrameTimings,
    /// Time in which drawing waited for ffmpeg; nothing where other processes drew.
    pub waited: Duration,
    /// The chapters.
    pub chapters: Vec<Chapter>,
}

impl Report {
    /// There was nothing to record.
    pub(super) fn of_nothing() -> Self {
        Self {
            is_share: true,
            frames: 0,
            kept: 0,
            drawn: 0,
            seconds: 0.0,
            wall: Duration::ZERO,
            preparation: Duration::ZERO,
            assembly: Duration::ZERO,
            spent: FrameTimings::default(),
            waited: Duration::ZERO,
            chapters: Vec::new(),
        }
    }
}
