//! Puts the shares of a recording together, with its sound, captions and chapters.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::assembly::Assembly;
use super::beside::Beside;
use super::encoder::find_ffmpeg;
use super::format::Format;
use super::identity::Identity;
use super::job::{assemble, poster_moment};
use super::narrated::narrate;
use super::outputs::{check_output, check_subtitles};
use super::poster;
use super::recording::RecordError;
use super::renderer::{Renderer, find_driver};
use super::report::{Progress, Report};
use super::share::{ShareError, Shares};
use super::sidecar;
use super::tracks::Tracks;
use super::work::{Earlier, Work, put_in_place};
use crate::language::says;
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
    pub beside: Beside,
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
    tell: &mut dyn FnMut(Progress<'_>),
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
    joining.beside.check(joining.force)?;
    find_ffmpeg(format)?;
    if joining.beside.poster.is_some() {
        find_driver()?;
    }
    let narrated = narrate(&lesson, &settings.speakers, &mut |done, all| {
        tell(Progress::Spoken(done, all));
    })?
    .with_motion(settings.look().motion);
    for spoken in &narrated.spoken {
        tell(Progress::Voice(spoken.language, &spoken.voice));
    }
    let stretch = shares.identity.stretch();
    let mine = Identity::new(&lesson, &narrated, settings.clone(), &stretch);
    if mine != shares.identity {
        return Err(ShareError::Other {
            path: shares.files.into_iter().next().unwrap_or_default(),
            differences: shares.identity.differences(&mine),
        }
        .into());
    }
    let chapters = sidecar::chapters(&narrated.timeline, &stretch);
    let earlier = if joining.force {
        Earlier::Discard
    } else {
        Earlier::Ask
    };
    let work = Work::begin(&joining.output, &mine, earlier)?;
    let put_together = || -> Result<(), RecordError> {
        let mut tracks = Tracks::start(
            work.folder(),
            (&narrated, &stretch),
            &chapters,
            format,
            settings.tracks,
            &joining.output,
        )?;
        let timeline = &narrated.timeline;
        let texts = joining.beside.texts(&lesson, timeline, &stretch, &chapters);
        let poster = match poster_moment(&joining.beside, timeline, &stretch)? {
            None => None,
            Some(time) => {
                let show = Show::new(Arc::new(lesson.clone()), Arc::new(timeline.clone()));
                let mut renderer = Renderer::new(show, settings.look())?;
                Some(poster::draw(&mut renderer, time)?)
            }
        };
        tracks.finish()?;
        let assembly = Assembly {
            format,
            fps: settings.fps,
            segments: &shares.files,
            tracks: &tracks.languages,
            chapters: tracks.chapters.as_deref(),
            note: None,
        };
        let made = assemble(
            &assembly,
            &work,
            &joining.output,
            stretch.count(),
            cancelled,
        )?;
        joining
            .beside
            .write(&texts, poster.as_ref(), settings.look())?;
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
        seconds: stretch.seconds(),
        frames: stretch.count(),
        kept: stretch.count(),
        assembly: start.elapsed(),
        chapters,
        ..Report::of_nothing()
    })
}
