//! Puts a lesson into a video file: voice, frames, captions, chapters.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use thiserror::Error;

use super::encoder::{EncodeError, Encoder, VideoSource, find_ffmpeg};
use super::narrated::narrate;
use super::renderer::{Look, RenderError, Renderer, Spent, find_driver};
use super::sidecar;
use crate::lesson::{Language, Lesson};
use crate::narration::{SoundtrackError, VoiceError};
use crate::playback::Show;

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
    /// The language that is spoken and written.
    pub language: Language,
    /// The voice by name; the best installed one without.
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
    Voice(&'a str),
    /// So many clips of so many are spoken.
    Spoken(usize, usize),
    /// Drawing begins: so many frames.
    Frames(u64),
    /// A frame is done.
    Frame(u64),
}

/// What a recording came to.
#[derive(Debug, Clone, Copy)]
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
    // What can fail at once fails at once.
    let folder = check_output(&recording.output, recording.force)?;
    find_ffmpeg()?;
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
        recording.voice.as_deref(),
        &mut |done, all| {
            tell(Progress::Spoken(done, all));
        },
    )?;
    tell(Progress::Voice(&narrated.voice));

    let in_workshop = |name: &str| workshop.path().join(name);
    let (sound, video) = (in_workshop("sound.wav"), in_workshop("video.mp4"));
    let (chapters, srt, vtt) = (
        in_workshop("chapters.txt"),
        in_workshop("captions.srt"),
        in_workshop("captions.vtt"),
    );
    narrated.write_sound(recording.fps, &sound)?;
    let (srt_text, vtt_text) = sidecar::subtitles(&narrated.timeline);
    write(&srt, &srt_text)?;
    write(&vtt, &vtt_text)?;
    write(&chapters, &sidecar::chapters(&narrated.timeline))?;

    let frames = narrated.frame_count(recording.fps);
    let timeline = Arc::new(narrated.timeline);
    let show = Show::new(Arc::new(lesson), timeline.clone());
    let mut renderer = Renderer::new(show, recording.look)?;
    let size = recording.look.size;
    let source = VideoSource {
        size: (size.x, size.y),
        fps: recording.fps,
        sound: &sound,
        captions: &srt,
        chapters: &chapters,
        language: recording.language,
    };
    let mut encoder = Encoder::start(source, &video, renderer.recycler())?;
    let preparation = start.elapsed();
    let drawing = Instant::now();
    tell(Progress::Frames(frames));
    let mut last = None;
    for frame in 0..frames {
        if cancelled.load(Ordering::Relaxed) {
            return Err(RecordError::Cancelled);
        }
        let time = frame as f64 / f64::from(recording.fps);
        let mut sample = timeline.at(time);
        if !recording.look.captions {
            sample.caption = None;
        }
        if last.as_ref() == Some(&sample) {
            encoder.add_again()?;
        } else {
            encoder.add(renderer.draw(time)?)?;
            last = Some(sample);
        }
        tell(Progress::Frame(frame + 1));
    }
    let encode = encoder.finish()?;
    let output = &recording.output;
    move_to(&srt, &output.with_extension("srt"))?;
    move_to(&vtt, &output.with_extension("vtt"))?;
    move_to(&video, output)?;
    Ok(Report {
        frames,
        drawn: renderer.drawn,
        seconds: frames as f64 / f64::from(recording.fps),
        wall: drawing.elapsed(),
        preparation,
        spent: renderer.spent,
        encode,
    })
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
