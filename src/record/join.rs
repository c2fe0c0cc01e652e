//! Puts the shares of a recording together, with its sound, captions and chapters.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::assembly::Assembly;
use super::encoder::find_ffmpeg;
use super::format::Format;
use super::identity::Identity;
use super::job::{assemble, poster_moment};
use super::narrated::{narrate, unless};
use super::outputs::{check_output, check_subtitles};
use super::poster;
use super::recording::RecordError;
use super::renderer::{Renderer, find_driver};
use super::report::{RecordingProgress, Report};
use super::share::{ShareError, Shares, said_by};
use super::sidecar;
use super::sidecar_options::SidecarOptions;
use super::tracks::Tracks;
use super::work::{ExistingSegments, Work, put_in_place};
use crate::language::{Tongue, says};
use crate::lesson::Lesson;
use crate::playback::Show;

/// What is joined.
#[derive(Debug, Clone)]
pub struct Joining {
    /// The shares, in any order.
    pub shares: Vec<PathBuf>,
    /// The file to write.
    pub output: PathBuf,
    /// Whether a file that is there may be replaced.
    pub force: bool,
    /// What else is made of it.
    pub sidecars: SidecarOptions,
}

/// The languages of a recording, as one of its shares tells.
///
/// # Errors
/// A file that is no share.
pub fn languages(share: &Path) -> Result<Vec<Tongue>, RecordError> {
    let speakers = said_by(share)?.tensorama.settings.speakers;
    Ok(speakers
        .into_iter()
        .map(|speaker| speaker.language)
        .collect())
}

/// Joins the shares of a recording of a lesson.
///
/// # Errors
/// Shares that do not belong together or to this lesson, or that lack frames; and what a recording's
/// own end can fail by.
pub fn join(
    lesson: Lesson,
    joining: &Joining,
    cancelled: &AtomicBool,
    on_progress: &mut dyn FnMut(RecordingProgress<'_>),
) -> Result<Report, RecordError> {
    let start = Instant::now();
    let shares = Shares::open(&joining.shares)?;
    let settings = shares.identity.settings.clone();
    let format = Format::of(&joining.output).map_err(super::encoder::EncodeError::from)?;
    if format != settings.format {
        return Err(RecordError::Output {
            path: joining.output.clone(),
            problem: {
                let extension = settings.format.extension();
                says!(
                    en: "the shares were made for a .{extension} file; give it a name that ends in .{extension}",
                    ja: "分担は .{extension} ファイル用に作られています。名前の終わりを .{extension} にしてください"
                )
            },
        });
    }
    check_output(&joining.output, joining.force)?;
    if settings.tracks {
        check_subtitles(&joining.output, &settings.speakers, joining.force)?;
    }
    joining.sidecars.check(joining.force)?;
    find_ffmpeg(format)?;
    if joining.sidecars.poster.is_some() {
        find_driver()?;
    }
    let render_settings = settings.render_settings();
    let narrated = narrate(&lesson, &settings.speakers, &mut |done, all| {
        on_progress(RecordingProgress::Spoken(done, all));
        unless(cancelled)
    })?
    .in_picture(&lesson, render_settings.picture(), render_settings.motion);
    for spoken in &narrated.spoken {
        on_progress(RecordingProgress::Voice(spoken.language, &spoken.voice));
    }
    let frame_range = shares.identity.frame_range();
    let mine = Identity::new(&lesson, &narrated, settings.clone(), &frame_range);
    if mine != shares.identity {
        return Err(ShareError::Other {
            path: shares.files.into_iter().next().unwrap_or_default(),
            differences: shares.identity.differences(&mine),
        }
        .into());
    }
    let chapters = sidecar::chapters(&narrated.timeline, &frame_range);
    let earlier = if joining.force {
        ExistingSegments::Discard
    } else {
        ExistingSegments::Ask
    };
    let work = Work::begin(&joining.output, &mine, earlier)?;
    let put_together = || -> Result<(), RecordError> {
        let mut tracks = Tracks::start(
            work.folder(),
            (&narrated, &frame_range),
            &chapters,
            format,
            settings.tracks,
            &joining.output,
        )?;
        let timeline = &narrated.timeline;
        let texts = joining
            .sidecars
            .texts(&lesson, timeline, &frame_range, &chapters);
        let poster = match poster_moment(&joining.sidecars, timeline, &frame_range)? {
            None => None,
            Some(time) => {
                let show = Show::new(Arc::new(lesson.clone()), Arc::new(timeline.clone()));
                let mut renderer = Renderer::new(show, settings.render_settings())?;
                Some(poster::draw(&mut renderer, time)?)
            }
        };
        tracks.finish()?;
        let assembly = Assembly {
            format,
            fps: settings.fps,
            frames: frame_range.count(),
            segments: &shares.files,
            tracks: &tracks.languages,
            chapters: tracks.chapters.as_deref(),
            note: None,
        };
        let made = assemble(
            &assembly,
            &work,
            &joining.output,
            frame_range.count(),
            cancelled,
        )?;
        joining
            .sidecars
            .write(&texts, poster.as_ref(), settings.render_settings())?;
        for (from, to) in &tracks.subtitles {
            put_in_place(from, to)?;
        }
        put_in_place(&made, &joining.output)?;
        Ok(())
    };
    let joined = put_together();
    // Whatever came of it, the shares are all that is needed to join again.
    let removed = work.remove();
    joined?;
    removed?;
    Ok(Report {
        is_share: false,
        seconds: frame_range.seconds(),
        frames: frame_range.count(),
        kept: frame_range.count(),
        assembly: start.elapsed(),
        chapters,
        ..Report::of_nothing()
    })
}
