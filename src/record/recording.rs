//! Records a lesson: voice, frames, captions, chapters, one after another, with nothing lost on the way.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::drawing::Drawing;
use super::encoder::{EncodeError, find_ffmpeg};
use super::format::Format;
use super::identity::{Identity, Settings};
use super::job::Job;
use super::narrated::{Speaker, narrate, unless};
use super::outputs::{check_output, check_subtitles};
use super::part::{FrameRange, Part, PartError};
use super::renderer::{RenderError, RenderSettings, Renderer, find_driver};
use super::report::{RecordingProgress, Report};
use super::segment::segments;
use super::share::{Share, ShareError};
use super::sidecar_options::SidecarOptions;
use super::work::{ExistingSegments, Work, WorkError};
use super::workers::Workers;
use crate::language::{Localized, Message, SystemError, message_error, says};
use crate::lesson::Lesson;
use crate::narration::{SoundtrackError, VoiceError};
use crate::playback::Show;
use crate::stage::palette::Studio;
use crate::timeline::Motion;

/// A recording that cannot be made.
#[derive(Debug)]
pub enum RecordError {
    /// The place of the video is no good.
    Output {
        /// The file.
        path: PathBuf,
        /// What is wrong and how to fix it.
        problem: Localized<String>,
    },
    /// A file cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The voice fails.
    Voice(VoiceError),
    /// The sound cannot be mixed.
    Sound(SoundtrackError),
    /// The frames cannot be drawn.
    Render(RenderError),
    /// The video cannot be encoded.
    Encode(EncodeError),
    /// The lesson has no such part.
    Part(PartError),
    /// The poster is to show a moment that the lesson does not have.
    Poster {
        /// The moment, in seconds.
        time: f64,
        /// The lesson's end, in seconds.
        duration: f64,
    },
    /// Someone pressed Ctrl-C.
    Cancelled,
    /// The folder of the work is no good.
    Work(WorkError),
    /// The share is no good, or the shares do not go together.
    Share(ShareError),
    /// A process that draws a part of the frames has failed.
    Worker(String),
    /// It was cut off, and something of it is kept.
    Interrupted {
        /// What cut it off.
        cause: Localized<String>,
        /// Segments that are done.
        kept: usize,
        /// Where they are.
        folder: PathBuf,
    },
}

impl Message for RecordError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Output { path, problem } => {
                let path = path.display();
                says!(with [problem]; en: "{path}: {problem}", ja: "{path}: {problem}")
            }
            Self::Write { path, source } => {
                let (path, why) = (path.display(), SystemError::from(source).message());
                says!(with [why]; en: "cannot write {path}: {why}", ja: "{path} に書き込めません: {why}")
            }
            Self::Voice(why) => why.message(),
            Self::Sound(why) => why.message(),
            Self::Render(why) => why.message(),
            Self::Encode(why) => why.message(),
            Self::Part(why) => why.message(),
            Self::Poster { time, duration } => says!(
                en: "the poster should show {time:.2} s, but the lesson ends at {duration:.2} s",
                ja: "ポスター画像の時刻は {time:.2} 秒ですが、レッスンは {duration:.2} 秒で終わります"
            ),
            Self::Cancelled => says!(
                en: "stopped by the user; nothing was written",
                ja: "中断されました。何も書き出していません"
            ),
            Self::Work(why) => why.message(),
            Self::Share(why) => why.message(),
            Self::Worker(said) => says!(
                en: "one of the --jobs failed: {said}",
                ja: "--jobs のプロセスの 1 つが失敗しました: {said}"
            ),
            Self::Interrupted {
                cause,
                kept,
                folder,
            } => {
                let folder = folder.display();
                says!(
                    with [cause];
                    en: "{cause}. What was finished ({kept} segments of ten seconds) is kept in {folder}: the same command with --resume continues from there",
                    ja: "{cause}。できた分 (10 秒の区間 {kept} 個) は {folder} に残っています。同じコマンドに --resume を付けると続きから始まります"
                )
            }
        }
    }
}

message_error!(RecordError { Voice(VoiceError), Sound(SoundtrackError), Render(RenderError), Encode(EncodeError), Part(PartError), Work(WorkError), Share(ShareError) });

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
    pub sidecars: SidecarOptions,
    /// Who speaks; the language of the first is the picture's.
    pub speakers: Vec<Speaker>,
    /// Frames a second.
    pub fps: u32,
    /// How frames look.
    pub render_settings: RenderSettings,
    /// Whether captions are tracks of the video and files beside it.
    pub caption_tracks: bool,
    /// Several processes that draw, or this one alone.
    pub workers: Option<Workers>,
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
            size: self.render_settings.size.into(),
            fps: self.fps,
            dark: self.render_settings.studio == Studio::Dark,
            burned: self.render_settings.captions,
            tracks: self.caption_tracks && format.is_video(),
            reduced_motion: self.render_settings.motion == Motion::Reduced,
        }
    }

    /// Whether all files can be written, and by what: what can fail at once fails at once. The format.
    ///
    /// # Errors
    /// A place that is no good, no ffmpeg, or one that cannot write the format.
    pub(super) fn check(&self) -> Result<Format, RecordError> {
        let format = self.format()?;
        if self.fps > format.max_fps() {
            return Err(RecordError::Output {
                path: self.output.clone(),
                problem: {
                    let most = format.max_fps();
                    says!(
                        en: "this format allows at most {most} frames per second; give --fps {most} or less",
                        ja: "この形式のフレームレートは毎秒 {most} までです。--fps に {most} 以下を指定してください"
                    )
                },
            });
        }
        if self.share.is_some() && !format.is_video() {
            return Err(ShareError::Format { format }.into());
        }
        check_output(&self.output, self.force)?;
        if self.caption_tracks && format.is_video() && self.share.is_none() {
            check_subtitles(&self.output, &self.speakers, self.force)?;
        }
        self.sidecars.check(self.force)?;
        find_ffmpeg(format)?;
        Ok(format)
    }
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
    on_progress: &mut dyn FnMut(RecordingProgress<'_>),
) -> Result<Report, RecordError> {
    let start = Instant::now();
    let format = recording.check()?;
    find_driver()?;
    let settings = recording.settings(format);
    let narrated = narrate(&lesson, &settings.speakers, &mut |done, all| {
        on_progress(RecordingProgress::Spoken(done, all));
        unless(cancelled)
    })?
    .in_picture(
        &lesson,
        recording.render_settings.picture(),
        recording.render_settings.motion,
    );
    for spoken in &narrated.spoken {
        on_progress(RecordingProgress::Voice(spoken.language, &spoken.voice));
    }
    let frame_range = recording.part.of(&narrated.timeline, recording.fps)?;
    let identity = Identity::new(&lesson, &narrated, settings, &frame_range);
    let share = match &recording.share {
        None => None,
        Some(share) => match share.of(&frame_range)? {
            Some(frames) => Some(frames),
            None => return Ok(Report::of_nothing()),
        },
    };
    let earlier = match (recording.resume, recording.force) {
        (true, _) => ExistingSegments::Resume,
        (false, true) => ExistingSegments::Discard,
        (false, false) => ExistingSegments::Ask,
    };
    let work = Work::begin(&recording.output, &identity, earlier)?;
    let job = Job {
        lesson: Arc::new(lesson),
        recording,
        narrated,
        frames: FrameRange {
            frames: share.clone().unwrap_or_else(|| frame_range.frames.clone()),
            ..frame_range
        },
        is_share: share.is_some(),
        identity,
        cancelled,
    };
    match job.run(&work, start, on_progress) {
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
                        EncodeError::Cancelled.message()
                    }
                    other => other.message(),
                },
                kept,
                folder: work.folder().to_owned(),
            })
        }
    }
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
    let render_settings = settings.render_settings();
    let narrated = narrate(&lesson, &settings.speakers, &mut |_, _| unless(cancelled))?.in_picture(
        &lesson,
        render_settings.picture(),
        render_settings.motion,
    );
    let frame_range = identity.frame_range();
    let mine = Identity::new(&lesson, &narrated, settings.clone(), &frame_range);
    let work = Work::help(folder, &mine)?;
    let timeline = Arc::new(narrated.timeline);
    let show = Show::new(Arc::new(lesson), timeline.clone());
    let mut renderer = Renderer::new(show, settings.render_settings())?;
    let drawing = Drawing {
        work: &work,
        settings: &settings,
        timeline: &timeline,
        cancelled,
    };
    let mut missing = segments(&frames, frame_range.fps);
    missing.retain(|segment| !work.segment(segment).exists());
    drawing.draw(&mut renderer, &missing, &mut |_| told())?;
    Ok(renderer.drawn)
}
