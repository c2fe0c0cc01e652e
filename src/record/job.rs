//! The work on a recording: drawing what is missing in its folder, and putting all together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::assembly::{Assembly, count_frames};
use super::drawing::Drawing;
use super::encoder::EncodeError;
use super::identity::{Identity, Note};
use super::narrated::Narrated;
use super::part::FrameRange;
use super::poster;
use super::recording::{RecordError, Recording};
use super::renderer::{FrameTimings, Renderer};
use super::report::{RecordingProgress, Report};
use super::segment::segments;
use super::sidecar;
use super::sidecar_options::{Poster, SidecarOptions};
use super::tracks::Tracks;
use super::work::{Work, put_in_place};
use crate::language::says;
use crate::lesson::Lesson;
use crate::playback::Show;
use crate::timeline::Timeline;

/// A recording that is being made.
pub(super) struct Job<'a> {
    pub(super) lesson: Arc<Lesson>,
    pub(super) recording: &'a Recording,
    pub(super) narrated: Narrated,
    pub(super) identity: Identity,
    /// The frames that this run is to record.
    pub(super) frames: FrameRange,
    /// Whether they are a share of the recording.
    pub(super) is_share: bool,
    pub(super) cancelled: &'a AtomicBool,
}

impl Job<'_> {
    /// Draws what is missing, and puts all together.
    pub(super) fn run(
        self,
        work: &Work,
        start: Instant,
        on_progress: &mut dyn FnMut(RecordingProgress<'_>),
    ) -> Result<Report, RecordError> {
        let recording = self.recording;
        let settings = &self.identity.settings;
        let (format, frames) = (settings.format, &self.frames);
        let chapters = sidecar::chapters(&self.narrated.timeline, frames);
        let mut tracks = if self.is_share || !format.is_video() {
            Tracks::none()
        } else {
            Tracks::start(
                work.folder(),
                (&self.narrated, frames),
                &chapters,
                format,
                settings.tracks,
                &recording.output,
            )?
        };
        let timeline = Arc::new(self.narrated.timeline.clone());
        let texts = recording
            .sidecars
            .texts(&self.lesson, &timeline, frames, &chapters);
        let moment = poster_moment(&recording.sidecars, &timeline, frames)?;

        let all = segments(&frames.frames, frames.fps);
        let (kept, missing): (Vec<_>, Vec<_>) = all
            .iter()
            .cloned()
            .partition(|segment| work.segment(segment).exists());
        let kept: u64 = kept.iter().map(|segment| segment.end - segment.start).sum();
        let helped = recording
            .workers
            .as_ref()
            .filter(|workers| workers.count > 1 && missing.len() > 1);
        let drawing = Drawing {
            work,
            settings,
            timeline: &timeline,
            cancelled: self.cancelled,
        };
        let has_colours = format.palette_frames() == 0 || work.colours().exists();
        let mut renderer = None;
        if moment.is_some() || !has_colours || (helped.is_none() && !missing.is_empty()) {
            let show = Show::new(self.lesson.clone(), timeline.clone());
            renderer = Some(Renderer::new(show, recording.render_settings)?);
        }
        let mut poster = None;
        let mut parts = Vec::new();
        if let Some(renderer) = &mut renderer {
            if let Some(time) = moment {
                poster = Some(poster::draw(renderer, time)?);
            }
            parts.extend(drawing.draw_colours(renderer, frames)?);
            renderer.spent = FrameTimings::default();
            renderer.drawn = 0;
        } else if format.palette_frames() > 0 {
            parts.push(work.colours());
        }
        let preparation = start.elapsed();
        let started = Instant::now();
        on_progress(RecordingProgress::Frames(frames.count()));
        if kept > 0 {
            on_progress(RecordingProgress::Kept(kept));
        }
        let mut done = kept;
        let mut tell_done = |more: u64| {
            done += more;
            on_progress(RecordingProgress::Frame(done));
        };
        let (mut waited, mut drawn) = (Duration::ZERO, 0);
        match (helped, &mut renderer) {
            (Some(workers), _) => {
                drawn = workers.draw(work.folder(), &missing, self.cancelled, &mut tell_done)?;
            }
            (None, Some(renderer)) => {
                waited = drawing.draw(renderer, &missing, &mut |_| tell_done(1))?;
                drawn = renderer.drawn;
            }
            // All of it was there.
            (None, None) => {}
        }

        let assembling = Instant::now();
        tracks.finish()?;
        parts.extend(all.iter().map(|segment| work.segment(segment)));
        let note = self.note()?;
        let assembly = Assembly {
            format,
            fps: recording.fps,
            frames: frames.count(),
            segments: &parts,
            tracks: &tracks.languages,
            chapters: tracks.chapters.as_deref(),
            note: note.as_deref(),
        };
        let made = assemble(
            &assembly,
            work,
            &recording.output,
            frames.count(),
            self.cancelled,
        )?;
        recording
            .sidecars
            .write(&texts, poster.as_ref(), recording.render_settings)?;
        for (from, to) in &tracks.subtitles {
            put_in_place(from, to)?;
        }
        put_in_place(&made, &recording.output)?;
        Ok(Report {
            is_share: self.is_share,
            frames: frames.count(),
            kept,
            drawn,
            seconds: frames.seconds(),
            wall: started.elapsed(),
            preparation,
            assembly: assembling.elapsed(),
            spent: renderer.map_or_else(FrameTimings::default, |renderer| renderer.spent),
            waited,
            chapters,
        })
    }

    /// What a share says of itself.
    fn note(&self) -> Result<Option<String>, RecordError> {
        if !self.is_share {
            return Ok(None);
        }
        let note = Note {
            tensorama: self.identity.clone(),
            frames: (self.frames.frames.start, self.frames.frames.end),
        };
        let text = serde_json::to_string(&note).map_err(|error| {
            EncodeError::Failed(says!(
                en: "the share's metadata could not be written: {error}",
                ja: "分担のメタデータを書けません: {error}"
            ))
        })?;
        Ok(Some(text))
    }
}

/// Puts a file together in the folder of the work, and looks whether it has all its frames. Where it is.
pub(super) fn assemble(
    assembly: &Assembly<'_>,
    work: &Work,
    output: &Path,
    frames: u64,
    cancelled: &AtomicBool,
) -> Result<PathBuf, RecordError> {
    let made = work.making(output);
    let list = work.making(Path::new("segments.txt"));
    assembly.write(&list, &made, cancelled)?;
    if assembly.format.is_video() {
        let found = count_frames(&made)?;
        if found != frames {
            return Err(EncodeError::Failed(says!(
                en: "it joined {found} frames where there are {frames}",
                ja: "{frames} フレームのはずが {found} フレームになりました"
            ))
            .into());
        }
    }
    Ok(made)
}

/// When the poster is taken, if there is to be one, in seconds of the lesson.
pub(super) fn poster_moment(
    sidecars: &SidecarOptions,
    timeline: &Timeline,
    frame_range: &FrameRange,
) -> Result<Option<f64>, RecordError> {
    let duration = timeline.duration;
    match &sidecars.poster {
        None => Ok(None),
        Some(Poster { time: None, .. }) => Ok(Some(poster::usual_moment(timeline, frame_range))),
        Some(Poster {
            time: Some(time), ..
        }) if *time > duration => Err(RecordError::Poster {
            time: *time,
            duration,
        }),
        Some(Poster { time, .. }) => Ok(*time),
    }
}
