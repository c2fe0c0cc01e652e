//! The files that are made beside a video.

use std::path::PathBuf;

use super::frames;
use super::outputs::{check_output, put};
use super::part::FrameRange;
use super::pixels::FramePixels;
use super::recording::RecordError;
use super::renderer::RenderSettings;
use super::sidecar::{Chapter, chapter_list};
use super::transcript::transcript;
use crate::disk::png::Effort;
use crate::lesson::Lesson;
use crate::timeline::Timeline;

/// Which files are made beside a video, and where.
#[derive(Debug, Clone, Default)]
pub struct SidecarOptions {
    /// What is said, as Markdown.
    pub transcript: Option<PathBuf>,
    /// The chapters, as lines to paste.
    pub chapters: Option<PathBuf>,
    /// A picture that stands for the video.
    pub poster: Option<Poster>,
}

/// A picture that stands for a video.
#[derive(Debug, Clone)]
pub struct Poster {
    /// The PNG file.
    pub path: PathBuf,
    /// The moment that it shows, in seconds of the lesson; a good one without.
    pub time: Option<f64>,
}

impl SidecarOptions {
    /// Whether each file can be written.
    pub(super) fn check(&self, force: bool) -> Result<(), RecordError> {
        let poster = self.poster.as_ref().map(|poster| &poster.path);
        let paths = [self.transcript.as_ref(), self.chapters.as_ref(), poster];
        for path in paths.into_iter().flatten() {
            check_output(path, force)?;
        }
        Ok(())
    }

    /// The texts of this part, ready to be written: each with its place.
    pub(super) fn texts(
        &self,
        lesson: &Lesson,
        timeline: &Timeline,
        frame_range: &FrameRange,
        chapters: &[Chapter],
    ) -> Vec<(PathBuf, String)> {
        let transcript = self
            .transcript
            .clone()
            .map(|path| (path, transcript(lesson, timeline, frame_range)));
        let chapters = self
            .chapters
            .clone()
            .map(|path| (path, chapter_list(chapters)));
        transcript.into_iter().chain(chapters).collect()
    }

    /// Writes what was made ready: each file whole or not at all.
    pub(super) fn write(
        &self,
        texts: &[(PathBuf, String)],
        poster: Option<&FramePixels>,
        render_settings: RenderSettings,
    ) -> Result<(), RecordError> {
        for (path, text) in texts {
            put(path, text)?;
        }
        if let (Some(place), Some(frame_pixels)) = (&self.poster, poster) {
            frames::save_png(frame_pixels, render_settings, &place.path, Effort::Picture)?;
        }
        Ok(())
    }
}
