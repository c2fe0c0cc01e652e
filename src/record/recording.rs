//! Puts a lesson into a video file: voice, frames, captions, chapters.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use thiserror::Error;

use super::beside::Beside;
use super::encoder::{EncodeError, Encoder, VideoSource, find_ffmpeg};
use super::format::Format;
use super::narrated::narrate;
use super::part::{Part, PartError, Stretch};
use super::renderer::{Look, RenderError, Renderer, Spent, find_driver};
use super::sidecar::{self, Chapter};
use super::{beside, poster};
use crate::lesson::{Language, Lesson};
use crate::narration::{About, SoundtrackError, VoiceError};
use crate::playback::Show;
use crate::timeline::{Sample, Timeline};

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
}

/// How a lesson is recorded.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The file to write.
    pub output: PathBuf,
    /// Whether a file that is there may be replaced.
    pub force: bool,
    /// Which part of the lesson.
    pub part: Part,
    /// What else is made of it.
    pub beside: Beside,
    /// The language that is spoken and written.
    pub language: Language,
    /// The voice by name; without, the best installed one, and none where nothing is heard.
    pub voice: Option<String>,
    /// Frames a second.
    pub fps: u32,
    /// How frames look.
    pub look: Look,
}

/// What there is to tell while a lesson is recorded.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// The voice that speaks.
    Voice(&'a About),
    /// So many clips of so many are spoken.
    Spoken(usize, usize),
    /// Drawing begins: so many frames.
    Frames(u64),
    /// A frame is done.
    Frame(u64),
}

/// What a recording came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// Frames of the video.
    pub frames: u64,
    /// Frames that were drawn; the others repeat the one before.
    pub drawn: u64,
    /// Seconds of video.
    pub seconds: f64,
    /// Time from the first frame to the finished file.
    pub wall: Duration,
    /// Time before the first frame: voice, soundtrack, start of the renderer.
    pub preparation: Duration,
    /// Where the time of the drawn frames went.
    pub spent: Spent,
    /// Time of the thread that converts frames and waits for ffmpeg to take them.
    pub encode: Duration,
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

    /// The voice that is asked for: where nothing is heard, words take the time to read them.
    pub(super) fn voice(&self, format: Format) -> Option<&str> {
        let unheard = (!format.is_video()).then_some("none");
        self.voice.as_deref().or(unheard)
    }

    /// Subtitle files that are written beside a video.
    fn subtitles(&self, format: Format) -> Vec<PathBuf> {
        let extensions: &[&str] = if format.is_video() {
            &["srt", "vtt"]
        } else {
            &[]
        };
        let names = extensions.iter();
        names
            .map(|extension| self.output.with_extension(extension))
            .collect()
    }

    /// Whether all files can be written, and by what: what can fail at once fails at once. The
    /// format, and the folder of the output.
    ///
    /// # Errors
    /// A place that is no good, no ffmpeg, or one that cannot write the format.
    pub(super) fn check(&self) -> Result<(Format, PathBuf), RecordError> {
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
        let folder = check_output(&self.output, self.force)?;
        for path in self.subtitles(format) {
            check_output(&path, self.force)?;
        }
        self.beside.check(self.force)?;
        find_ffmpeg(format)?;
        Ok((format, folder))
    }
}

/// Records a lesson. Whatever happens, no file is left that looks whole and is not: all is written
/// beside its place and moved there at the end.
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
    let (format, folder) = recording.check()?;
    find_driver()?;
    let workshop = tempfile::Builder::new()
        .prefix(".tensorama-")
        .tempdir_in(&folder)
        .map_err(|source| RecordError::Write {
            path: folder.clone(),
            source,
        })?;
    let narrated = narrate(
        &lesson,
        recording.language,
        recording.voice(format),
        &mut |done, all| {
            tell(Progress::Spoken(done, all));
        },
    )?;
    tell(Progress::Voice(&narrated.voice));

    let stretch = recording.part.of(&narrated.timeline, recording.fps)?;
    let chapters = sidecar::chapters(&narrated.timeline, &stretch);
    let in_workshop = |name: &str| workshop.path().join(name);
    let tracks = Tracks {
        sound: in_workshop("sound.wav"),
        metadata: in_workshop("chapters.txt"),
        subtitles: [in_workshop("captions.srt"), in_workshop("captions.vtt")],
    };
    if format.is_video() {
        narrated.write_sound(&stretch, &tracks.sound)?;
        tracks.write_texts(&narrated.timeline, &stretch, &chapters)?;
    }
    let texts = recording
        .beside
        .texts(&lesson, &narrated.timeline, &stretch, &chapters);

    let timeline = Arc::new(narrated.timeline);
    let show = Show::new(Arc::new(lesson), timeline.clone());
    let moment = poster_moment(recording, &timeline, &stretch)?;
    let mut renderer = Renderer::new(show, recording.look)?;
    let poster = match moment {
        Some(time) => Some(poster::draw(&mut renderer, time)?),
        None => None,
    };
    let video = in_workshop(&format!("video.{}", format.extension()));
    let size = recording.look.size;
    let source = VideoSource {
        size: (size.x, size.y),
        fps: recording.fps,
        sound: &tracks.sound,
        captions: &tracks.subtitles[0],
        chapters: &tracks.metadata,
        language: recording.language,
    };
    let mut encoder = Encoder::start(source, &video, renderer.recycler())?;
    for time in rehearsed(format, &stretch) {
        encoder.add(renderer.draw(time)?)?;
    }
    renderer.spent = Spent::default();
    renderer.drawn = 0;
    let preparation = start.elapsed();
    let drawing = Instant::now();
    tell(Progress::Frames(stretch.count()));
    let mut last = None;
    for frame in stretch.frames.clone() {
        if cancelled.load(Ordering::Relaxed) {
            return Err(RecordError::Cancelled);
        }
        let time = stretch.time(frame);
        let sample = shown(&timeline, time, recording.look);
        if last.as_ref() == Some(&sample) {
            encoder.add_again()?;
        } else {
            encoder.add(renderer.draw(time)?)?;
            last = Some(sample);
        }
        tell(Progress::Frame(frame - stretch.frames.start + 1));
    }
    let encode = encoder.finish()?;
    recording
        .beside
        .write(&texts, poster.as_ref(), recording.look)?;
    for (from, to) in tracks.subtitles.iter().zip(recording.subtitles(format)) {
        move_to(from, &to)?;
    }
    move_to(&video, &recording.output)?;
    Ok(Report {
        frames: stretch.count(),
        drawn: renderer.drawn,
        seconds: stretch.seconds(),
        wall: drawing.elapsed(),
        preparation,
        spent: renderer.spent,
        encode,
        chapters,
    })
}

/// What goes into a video beside its frames, as files for ffmpeg.
struct Tracks {
    sound: PathBuf,
    metadata: PathBuf,
    /// SubRip and WebVTT.
    subtitles: [PathBuf; 2],
}

impl Tracks {
    fn write_texts(
        &self,
        timeline: &Timeline,
        stretch: &Stretch,
        chapters: &[Chapter],
    ) -> Result<(), RecordError> {
        let (srt, vtt) = sidecar::subtitles(timeline, stretch);
        write(&self.subtitles[0], &srt)?;
        write(&self.subtitles[1], &vtt)?;
        write(
            &self.metadata,
            &sidecar::metadata(&timeline.title, chapters),
        )
    }
}

/// What is seen at a time. Two times with the same are one picture.
pub(super) fn shown(timeline: &Timeline, time: f64, look: Look) -> Sample {
    let mut sample = timeline.at(time);
    if !look.captions {
        sample.caption = None;
    }
    sample
}

/// The times of the frames from which a format takes its colours: evenly over all.
fn rehearsed(format: Format, stretch: &Stretch) -> impl Iterator<Item = f64> {
    let (count, start, seconds) = (format.rehearsed(), stretch.start(), stretch.seconds());
    (0..count).map(move |index| start + seconds * (f64::from(index) + 0.5) / f64::from(count))
}

/// When the poster is taken, if there is to be one, in seconds of the lesson.
fn poster_moment(
    recording: &Recording,
    timeline: &Timeline,
    stretch: &Stretch,
) -> Result<Option<f64>, RecordError> {
    let duration = timeline.duration;
    match &recording.beside.poster {
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

fn write(path: &Path, text: &str) -> Result<(), RecordError> {
    std::fs::write(path, text).map_err(|source| RecordError::Write {
        path: path.to_owned(),
        source,
    })
}

fn move_to(from: &Path, to: &Path) -> Result<(), RecordError> {
    std::fs::rename(from, to).map_err(|source| RecordError::Write {
        path: to.to_owned(),
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
