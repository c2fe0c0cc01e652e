//! Gives frames and sound to ffmpeg, on a thread of its own: the only place that knows ffmpeg.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use thiserror::Error;
use yuv::{
    BufferStoreMut, YuvConversionMode, YuvPlanarImageMut, YuvRange, YuvStandardMatrix,
    rgba_to_yuv420,
};

use super::renderer::Picture;
use crate::lesson::Language;

/// Frames that may wait for the encoder; more would only fill memory.
const WAITING: usize = 4;

/// A video that cannot be encoded.
#[derive(Debug, Error)]
pub enum EncodeError {
    /// There is no ffmpeg.
    #[error(
        "ffmpeg was not found, and nothing else can write the video. scripts/run installs it, or \
         `sudo apt-get install ffmpeg` on Debian and Ubuntu"
    )]
    NoFfmpeg,
    /// ffmpeg does not start.
    #[error("ffmpeg could not be started: {0}")]
    Start(std::io::Error),
    /// ffmpeg gave up.
    #[error("ffmpeg gave up: {0}")]
    Failed(String),
    /// A frame cannot be converted.
    #[error("a frame could not be converted for ffmpeg: {0}")]
    Convert(String),
}

/// What a video is made of, besides its frames.
#[derive(Debug, Clone, Copy)]
pub struct VideoSource<'a> {
    /// Width and height in pixels, both even.
    pub size: (u32, u32),
    /// Frames a second.
    pub fps: u32,
    /// The sound, as a WAV file.
    pub sound: &'a Path,
    /// The captions, as a SubRip file.
    pub captions: &'a Path,
    /// Title and chapters, in ffmpeg's metadata format.
    pub chapters: &'a Path,
    /// The language of sound and captions.
    pub language: Language,
}

/// A frame on its way to the encoder.
enum Frame {
    New(Picture),
    Again,
}

/// A running ffmpeg, and the thread that feeds it. Dropped before [`Encoder::finish`], it kills
/// ffmpeg.
pub struct Encoder {
    frames: Option<SyncSender<Frame>>,
    feeder: Option<JoinHandle<Result<Duration, EncodeError>>>,
    errors: Option<JoinHandle<String>>,
    child: Child,
    finished: bool,
}

/// Whether there is an ffmpeg.
///
/// # Errors
/// [`EncodeError::NoFfmpeg`].
pub fn find_ffmpeg() -> Result<(), EncodeError> {
    let status = Command::new("ffmpeg")
        .arg("-version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(EncodeError::NoFfmpeg),
    }
}

impl Encoder {
    /// Starts ffmpeg on an MP4 file: H.264 in 4:2:0, AAC, a caption track, chapters.
    ///
    /// # Errors
    /// ffmpeg is not there or does not start.
    pub fn start(
        source: VideoSource<'_>,
        output: &Path,
        spares: Sender<Picture>,
    ) -> Result<Self, EncodeError> {
        find_ffmpeg()?;
        let (width, height) = source.size;
        let mut command = Command::new("ffmpeg");
        command
            .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
            .args([
                "-f",
                "rawvideo",
                "-pix_fmt",
                "yuv420p",
                "-color_range",
                "tv",
                "-colorspace",
                "bt709",
            ])
            .args([
                "-s",
                &format!("{width}x{height}"),
                "-r",
                &source.fps.to_string(),
                "-i",
                "pipe:0",
            ])
            .arg("-i")
            .arg(source.sound)
            .args(["-f", "srt", "-i"])
            .arg(source.captions)
            .args(["-f", "ffmetadata", "-i"])
            .arg(source.chapters)
            .args([
                "-map",
                "0:v",
                "-map",
                "1:a",
                "-map",
                "2:s",
                "-map_metadata",
                "3",
                "-map_chapters",
                "3",
            ])
            .args([
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-pix_fmt", "yuv420p",
            ])
            .args([
                "-color_primaries",
                "bt709",
                "-color_trc",
                "bt709",
                "-colorspace",
                "bt709",
            ])
            .args([
                "-c:a",
                "aac",
                "-b:a",
                "128k",
                "-c:s",
                "mov_text",
                "-disposition:s:0",
                "0",
            ])
            .args([
                "-metadata:s:a:0",
                &format!("language={}", source.language.track_code()),
            ])
            .args([
                "-metadata:s:s:0",
                &format!("language={}", source.language.track_code()),
            ])
            .args(["-movflags", "+faststart", "-f", "mp4"])
            .arg(output)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // Ctrl-C is ours to answer: ffmpeg must not hear it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(EncodeError::Start)?;
        let (Some(stdin), Some(mut stderr)) = (child.stdin.take(), child.stderr.take()) else {
            return Err(EncodeError::Failed("its pipes are missing".to_owned()));
        };
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            // What was read before a failure is what there is to say.
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let (frames, queue) = sync_channel(WAITING);
        let feeder = std::thread::spawn(move || feed(&queue, &spares, stdin, width, height));
        Ok(Self {
            frames: Some(frames),
            feeder: Some(feeder),
            errors: Some(errors),
            child,
            finished: false,
        })
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// ffmpeg has given up.
    pub fn add(&mut self, picture: Picture) -> Result<(), EncodeError> {
        self.send(Frame::New(picture))
    }

    /// Adds the last frame again.
    ///
    /// # Errors
    /// ffmpeg has given up.
    pub fn add_again(&mut self) -> Result<(), EncodeError> {
        self.send(Frame::Again)
    }

    fn send(&mut self, frame: Frame) -> Result<(), EncodeError> {
        let sent = self
            .frames
            .as_ref()
            .is_some_and(|frames| frames.send(frame).is_ok());
        if sent { Ok(()) } else { Err(self.failure()) }
    }

    /// Ends the video; how long the thread that fed ffmpeg had work.
    ///
    /// # Errors
    /// ffmpeg has given up.
    pub fn finish(mut self) -> Result<Duration, EncodeError> {
        self.frames = None;
        let fed = match self.feeder.take().map(JoinHandle::join) {
            Some(Ok(fed)) => fed,
            _ => Err(EncodeError::Failed("its feeder stopped".to_owned())),
        };
        let status = self.child.wait().map_err(EncodeError::Start)?;
        self.finished = true;
        if !status.success() {
            return Err(self.failure());
        }
        fed
    }

    /// What ffmpeg has to say.
    fn failure(&mut self) -> EncodeError {
        self.frames = None;
        let fed = self.feeder.take().map(JoinHandle::join);
        if let Some(Ok(Err(error @ EncodeError::Convert(_)))) = fed {
            return error;
        }
        if !self.finished {
            // Its input is closed; it may still be busy with it, and that would help nobody.
            let _ = self.child.kill();
            let _ = self.child.wait();
            self.finished = true;
        }
        let said = self
            .errors
            .take()
            .and_then(|errors| errors.join().ok())
            .unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let last = lines[lines.len().saturating_sub(3)..].join("; ");
        EncodeError::Failed(if last.is_empty() {
            "it gave no reason".to_owned()
        } else {
            last
        })
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        if !self.finished {
            self.frames = None;
            // It may have ended by itself; then there is nothing left to stop.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Converts frames and writes them to ffmpeg until there are no more; how long that took.
fn feed(
    queue: &Receiver<Frame>,
    spares: &Sender<Picture>,
    mut stdin: ChildStdin,
    width: u32,
    height: u32,
) -> Result<Duration, EncodeError> {
    let mut busy = Duration::ZERO;
    let (luma, chroma) = (
        (width * height) as usize,
        (width / 2 * (height / 2)) as usize,
    );
    let mut planes = vec![0_u8; luma + 2 * chroma];
    while let Ok(frame) = queue.recv() {
        let start = Instant::now();
        if let Frame::New(picture) = frame {
            let (y, rest) = planes.split_at_mut(luma);
            let (u, v) = rest.split_at_mut(chroma);
            let mut image = YuvPlanarImageMut {
                y_plane: BufferStoreMut::Borrowed(y),
                y_stride: width,
                u_plane: BufferStoreMut::Borrowed(u),
                u_stride: width / 2,
                v_plane: BufferStoreMut::Borrowed(v),
                v_stride: width / 2,
                width,
                height,
            };
            rgba_to_yuv420(
                &mut image,
                &picture,
                width * 4,
                YuvRange::Limited,
                YuvStandardMatrix::Bt709,
                YuvConversionMode::Balanced,
            )
            .map_err(|error| EncodeError::Convert(format!("{error:?}")))?;
            // The renderer is gone when nobody listens; then the memory is simply freed.
            let _ = spares.send(picture);
        }
        stdin
            .write_all(&planes)
            .map_err(|error| EncodeError::Failed(error.to_string()))?;
        busy += start.elapsed();
    }
    Ok(busy)
}
