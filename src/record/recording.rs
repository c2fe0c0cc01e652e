//! Records a lesson: voice, frames, captions, chapters, one after another, with nothing lost on the way.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::assembly::{Assembly, count_frames};
use super::beside::Beside;
use super::drawing::Drawing;
use super::encoder::{EncodeError, find_ffmpeg};
use super::format::Format;
use super::identity::{Identity, Note, Settings};
use super::narrated::{Narrated, Speaker, narrate};
use super::part::{Part, PartError, Stretch};
use super::renderer::{Look, RenderError, Renderer, Spent, find_driver};
use super::segment::segments;
use super::share::{Share, ShareError};
use super::sidecar::{self, Chapter};
use super::tracks::{Tracks, subtitle_files};
use super::work::{Earlier, Work, WorkError, put_in_place};
use super::workers::Workers;
use super::{beside, poster};
use crate::lesson::{Language, Lesson};
use crate::narration::{About, SoundtrackError, VoiceError};
use crate::playback::Show;
use crate::stage::palette::Studio;
use crate::timeline::{Motion, Timeline};

/// A recording that cannot be made.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The place of the video is no good.
    #[error("{}: {problem}", path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// What is wrong and how to mend it.
        problem: String,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The voice fails.
    #[error(transparent)]
    Voice(#[from] VoiceError),
    /// The sound cannot be mixed.
    #[error(transparent)]
    Sound(#[from] SoundtrackError),
    /// The frames cannot be drawn.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The video cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The lesson has no such part.
    #[error(transparent)]
    Part(#[from] PartError),
    /// The poster is to show a moment that the lesson does not have.
    #[error("the poster is to show {time:.2} s, and the lesson ends at {duration:.2} s")]
    Poster {
        /// The moment, in seconds.
        time: f64,
        /// The lesson's end, in seconds.
        duration: f64,
    },
    /// Someone pressed Ctrl-C.
    #[error("stopped by the user; nothing was written")]
    Cancelled,
    /// The folder of the work is no good.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The share is no good, or the shares do not go together.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// A process that draws a part of the frames has failed.
    #[error("one of the --jobs failed: {0}")]
    Worker(String),
    /// It was cut off, and something of it is kept.
    #[error(
        "{cause}. What was finished ({kept} segments of ten seconds) is kept in {}: the same command \
         with --resume goes on from there", folder.display()
    )]
    Interrupted {
        /// What cut it off.
        cause: String,
        /// Segments that are done.
        kept: usize,
        /// Where they are.
        folder: PathBuf,
    },
}

/// How a lesson is recorded.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The file to write.
    pub output: PathBuf,
    /// Whether a file that is there may be replaced.
    pub force: bool,
    /// Whether a recording that was cut off is gone on with.
    pub resume: bool,
    /// Which part of the lesson.
    pub part: Part,
    /// Which share of that, where others record the rest: frames alone, for `tensorama join`.
    pub share: Option<Share>,
    /// What else is made of it.
    pub beside: Beside,
    /// Who speaks; the language of the first is the picture's.
    pub speakers: Vec<Speaker>,
    /// Frames a second.
    pub fps: u32,
    /// How frames look.
    pub look: Look,
    /// Whether captions are tracks of the video and files beside it.
    pub caption_tracks: bool,
    /// Several processes that draw, or this one alone.
    pub workers: Option<Workers>,
}

/// What there is to tell while a lesson is recorded.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// A voice that speaks, and its language.
    Voice(Language, &'a About),
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
    pub spent: Spent,
    /// Time in which drawing waited for ffmpeg; nothing where other processes drew.
    pub waited: Duration,
    /// The chapters.
    pub chapters: Vec<Chapter>,
}

impl Recording {
    /// The format that the output's name asks for.
    ///
    /// # Errors
    /// It asks for none that is known.
    pub fn format(&self) -> Result<Format, EncodeError> {
        Ok(Format::of(&self.output)?)
    }

    /// Who speaks: where nothing is heard, words take the time to read them.
    pub(super) fn speakers(&self, format: Format) -> Vec<Speaker> {
        let mut speakers = self.speakers.clone();
        if !format.is_video() {
            speakers.truncate(1);
            for speaker in &mut speakers {
                speaker.voice.get_or_insert_with(|| "none".to_owned());
            }
        }
        speakers
    }

    fn settings(&self, format: Format) -> Settings {
        Settings {
            speakers: self.speakers(format),
            format,
            size: self.look.size.into(),
            fps: self.fps,
            dark: self.look.studio == Studio::Dark,
            burned: self.look.captions,
            tracks: self.caption_tracks && format.is_video(),
            reduced_motion: self.look.motion == Motion::Reduced,
        }
    }

    /// Whether all files can be written, and by what: what can fail at once fails at once. The format.
    ///
    /// # Errors
    /// A place that is no good, no ffmpeg, or one that cannot write the format.
    pub(super) fn check(&self) -> Result<Format, RecordError> {
        let format = self.format()?;
        if self.fps > format.most_fps() {
            return Err(RecordError::Output {
                path: self.output.clone(),
                problem: format!(
                    "a file of this format holds {} frames a second at most; give --fps {} or less",
                    format.most_fps(),
                    format.most_fps()
                ),
            });
        }
        if self.share.is_some() && !format.is_video() {
            return Err(ShareError::Format { format }.into());
        }
        check_output(&self.output, self.force)?;
        if self.caption_tracks && format.is_video() && self.share.is_none() {
            check_subtitles(&self.output, &self.speakers, self.force)?;
        }
        self.beside.check(self.force)?;
        find_ffmpeg(format)?;
        Ok(format)
    }
}

/// Whether the subtitle files beside a video can be written.
pub(super) fn check_subtitles(
    output: &Path,
    speakers: &[Speaker],
    force: bool,
) -> Result<(), RecordError> {
    let codes: Vec<&str> = speakers
        .iter()
        .map(|speaker| speaker.language.code())
        .collect();
    for path in subtitle_files(output, &codes) {
        check_output(&path, force)?;
    }
    Ok(())
}

/// Records a lesson. Whatever happens, no file is left that looks whole and is not: all is written in a
/// folder beside its place and moved there at the end. Where a run is cut off after its first segment,
/// the folder stays, and the next run can go on with it.
///
/// # Errors
/// See [`RecordError`].
pub fn record(
    lesson: Lesson,
    recording: &Recording,
    cancelled: &AtomicBool,
    tell: &mut dyn FnMut(Progress<'_>),
) -> Result<Report, RecordError> {
    let start = Instant::now();
    let format = recording.check()?;
    find_driver()?;
    let settings = recording.settings(format);
    let narrated = narrate(&lesson, &settings.speakers, &mut |done, all| {
        tell(Progress::Spoken(done, all));
    })?
    .with_motion(recording.look.motion);
    for spoken in &narrated.spoken {
        tell(Progress::Voice(spoken.language, &spoken.voice));
    }
    let stretch = recording.part.of(&narrated.timeline, recording.fps)?;
    let identity = Identity::new(&lesson, &narrated, settings, &stretch);
    let share = match &recording.share {
        None => None,
        Some(share) => match share.of(&stretch)? {
            Some(frames) => Some(frames),
            None => return Ok(Report::of_nothing()),
        },
    };
    let earlier = match (recording.resume, recording.force) {
        (true, _) => Earlier::Resume,
        (false, true) => Earlier::Discard,
        (false, false) => Earlier::Ask,
    };
    let work = Work::begin(&recording.output, &identity, earlier)?;
    let job = Job {
        lesson: Arc::new(lesson),
        recording,
        narrated,
        frames: Stretch {
            frames: share.clone().unwrap_or_else(|| stretch.frames.clone()),
            ..stretch
        },
        is_share: share.is_some(),
        identity,
        cancelled,
    };
    match job.run(&work, start, tell) {
        Ok(report) => {
            work.remove()?;
            Ok(report)
        }
        Err(cause) => {
            let kept = work.finished();
            if kept == 0 {
                // The failure is what there is to tell.
                let _ = work.remove();
                return Err(cause);
            }
            Err(RecordError::Interrupted {
                cause: match cause {
                    RecordError::Cancelled | RecordError::Encode(EncodeError::Cancelled) => {
                        "stopped by the user".to_owned()
                    }
                    other => other.to_string(),
                },
                kept,
                folder: work.folder().to_owned(),
            })
        }
    }
}

/// A recording that is being made.
struct Job<'a> {
    lesson: Arc<Lesson>,
    recording: &'a Recording,
    narrated: Narrated,
    identity: Identity,
    /// The frames that this run is to record.
    frames: Stretch,
    /// Whether they are a share of the recording.
    is_share: bool,
    cancelled: &'a AtomicBool,
}

impl Job<'_> {
    fn run(
        self,
        work: &Work,
        start: Instant,
        tell: &mut dyn FnMut(Progress<'_>),
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
            .beside
            .texts(&self.lesson, &timeline, frames, &chapters);
        let moment = poster_moment(&recording.beside, &timeline, frames)?;

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
        let has_colours = format.rehearsed() == 0 || work.colours().exists();
        let mut renderer = None;
        if moment.is_some() || !has_colours || (helped.is_none() && !missing.is_empty()) {
            let show = Show::new(self.lesson.clone(), timeline.clone());
            renderer = Some(Renderer::new(show, recording.look)?);
        }
        let mut poster = None;
        let mut parts = Vec::new();
        if let Some(renderer) = &mut renderer {
            if let Some(time) = moment {
                poster = Some(poster::draw(renderer, time)?);
            }
            parts.extend(drawing.draw_colours(renderer, frames)?);
            renderer.spent = Spent::default();
            renderer.drawn = 0;
        } else if format.rehearsed() > 0 {
            parts.push(work.colours());
        }
        let preparation = start.elapsed();
        let begun = Instant::now();
        tell(Progress::Frames(frames.count()));
        if kept > 0 {
            tell(Progress::Kept(kept));
        }
        let mut done = kept;
        let mut tell_done = |more: u64| {
            done += more;
            tell(Progress::Frame(done));
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
            .beside
            .write(&texts, poster.as_ref(), recording.look)?;
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
            wall: begun.elapsed(),
            preparation,
            assembly: assembling.elapsed(),
            spent: renderer.map_or_else(Spent::default, |renderer| renderer.spent),
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
            EncodeError::Failed(format!("the share's note could not be written: {error}"))
        })?;
        Ok(Some(text))
    }
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
            spent: Spent::default(),
            waited: Duration::ZERO,
            chapters: Vec::new(),
        }
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
            return Err(EncodeError::Failed(format!(
                "it put {found} frames together where there are {frames}"
            ))
            .into());
        }
    }
    Ok(made)
}

/// Draws some of the segments of a recording that another process makes in a folder; `told` hears of
/// each frame. How many were drawn.
///
/// # Errors
/// See [`RecordError`].
pub fn help(
    lesson: Lesson,
    folder: &Path,
    frames: std::ops::Range<u64>,
    cancelled: &AtomicBool,
    told: &mut dyn FnMut(),
) -> Result<u64, RecordError> {
    let identity = Work::identity_in(folder)?;
    let settings = identity.settings.clone();
    let narrated =
        narrate(&lesson, &settings.speakers, &mut |_, _| {})?.with_motion(settings.look().motion);
    let stretch = identity.stretch();
    let mine = Identity::new(&lesson, &narrated, settings.clone(), &stretch);
    let work = Work::help(folder, &mine)?;
    let timeline = Arc::new(narrated.timeline);
    let show = Show::new(Arc::new(lesson), timeline.clone());
    let mut renderer = Renderer::new(show, settings.look())?;
    let drawing = Drawing {
        work: &work,
        settings: &settings,
        timeline: &timeline,
        cancelled,
    };
    let mut missing = segments(&frames, stretch.fps);
    missing.retain(|segment| !work.segment(segment).exists());
    drawing.draw(&mut renderer, &missing, &mut |_| told())?;
    Ok(renderer.drawn)
}

/// When the poster is taken, if there is to be one, in seconds of the lesson.
pub(super) fn poster_moment(
    beside: &Beside,
    timeline: &Timeline,
    stretch: &Stretch,
) -> Result<Option<f64>, RecordError> {
    let duration = timeline.duration;
    match &beside.poster {
        None => Ok(None),
        Some(beside::Poster { time: None, .. }) => {
            Ok(Some(poster::usual_moment(timeline, stretch)))
        }
        Some(beside::Poster {
            time: Some(time), ..
        }) if *time > duration => Err(RecordError::Poster {
            time: *time,
            duration,
        }),
        Some(beside::Poster { time, .. }) => Ok(*time),
    }
}

/// The folder of an output file, where a file can be written there.
///
/// # Errors
/// [`RecordError::Output`].
pub fn check_output(output: &Path, force: bool) -> Result<PathBuf, RecordError> {
    let problem = |problem: String| RecordError::Output {
        path: output.to_owned(),
        problem,
    };
    if output.file_name().is_none() || output.is_dir() {
        return Err(problem(
            "is a folder; give the name of a file in it".to_owned(),
        ));
    }
    if output.exists() && !force {
        return Err(problem(
            "is there already; give another name, or --force to replace it".to_owned(),
        ));
    }
    let folder = match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(problem(format!(
            "the folder {folder} does not exist; make it with `mkdir -p {folder}`"
        )));
    }
    Ok(folder)
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), RecordError> {
    std::fs::write(path, text).map_err(|source| RecordError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes a text to its place, whole or not at all.
pub(super) fn put(path: &Path, text: &str) -> Result<(), RecordError> {
    let failed = |source: std::io::Error| RecordError::Write {
        path: path.to_owned(),
        source,
    };
    let file = tempfile::NamedTempFile::new_in(check_output(path, true)?).map_err(failed)?;
    write(file.path(), text)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
