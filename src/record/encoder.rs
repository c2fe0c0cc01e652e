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

use super::format::{Format, UnknownFormat};
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
    /// The file's name asks for no format that is known.
    #[error(transparent)]
    Format(#[from] UnknownFormat),
    /// This ffmpeg was built without what the format needs.
    #[error(
        "the installed ffmpeg cannot write .{extension} files: it lacks the encoder {}. Debian's and \
         Ubuntu's has it (`sudo apt-get install ffmpeg`); {others}", missing.join(" and ")
    )]
    NoEncoder {
        /// How the file's name ends.
        extension: &'static str,
        /// The encoders that are not there.
        missing: Vec<&'static str>,
        /// What can be written instead.
        others: String,
    },
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

/// Whether there is an ffmpeg, and one that can write a format.
///
/// # Errors
/// [`EncodeError::NoFfmpeg`] and [`EncodeError::NoEncoder`].
pub fn find_ffmpeg(format: Format) -> Result<(), EncodeError> {
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-encoders"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let listed = match output {
        Ok(output) if output.status.success() => output.stdout,
        _ => return Err(EncodeError::NoFfmpeg),
    };
    // A line is ` V....D libx264   what it is`.
    let listed = String::from_utf8_lossy(&listed);
    let there: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let missing = |format: Format| -> Vec<&'static str> {
        let needed = format.encoders().iter().copied();
        needed.filter(|name| !there.contains(name)).collect()
    };
    if missing(format).is_empty() {
        return Ok(());
    }
    let others: Vec<String> = Format::ALL
        .into_iter()
        .filter(|other| missing(*other).is_empty())
        .map(|other| format!(".{}", other.extension()))
        .collect();
    Err(EncodeError::NoEncoder {
        extension: format.extension(),
        missing: missing(format),
        others: if others.is_empty() {
            "this one can write nothing else either".to_owned()
        } else {
            format!("this one can write {}", others.join(", "))
        },
    })
}

/// What ffmpeg is told of the frames that come through its pipe.
fn frame_arguments(source: &VideoSource<'_>, format: Format) -> Vec<String> {
    let pixels: &[&str] = match Pixels::of(format) {
        Pixels::Rgba => &["-pix_fmt", "rgba"],
        Pixels::Yuv => &[
            "-pix_fmt",
            "yuv420p",
            "-color_range",
            "tv",
            "-colorspace",
            "bt709",
        ],
    };
    let (width, height) = source.size;
    let mut arguments = words(&["-f", "rawvideo"]);
    arguments.extend(words(pixels));
    arguments.extend([
        "-s".to_owned(),
        format!("{width}x{height}"),
        "-r".to_owned(),
        source.fps.to_string(),
    ]);
    arguments.extend(words(&["-i", "pipe:0"]));
    arguments
}

/// What ffmpeg is told of the picture that it writes.
fn picture_arguments(format: Format) -> Vec<String> {
    // High definition's colours, also where the picture is small.
    const COLOURS: &[&str] = &[
        "-pix_fmt",
        "yuv420p",
        "-color_range",
        "tv",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
        "-colorspace",
        "bt709",
    ];
    match format {
        Format::Mp4 => {
            let codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "19"];
            words(&[&codec, COLOURS].concat())
        }
        Format::WebM => {
            // As good to the eye as `good`, a fifth larger, and ten times as fast (measured).
            let codec = [
                "-c:v",
                "libvpx-vp9",
                "-b:v",
                "0",
                "-crf",
                "30",
                "-deadline",
                "realtime",
                "-cpu-used",
                "6",
                "-row-mt",
                "1",
                "-tile-columns",
                "2",
            ];
            words(&[&codec, COLOURS].concat())
        }
        Format::Gif => {
            let rehearsed = format.rehearsed();
            // One palette for all, from the frames that come first. An ordered pattern stands still
            // where the picture does, which diffusion does not.
            let graph = format!(
                "[0:v]split[first][rest];\
                 [first]trim=end_frame={rehearsed},palettegen[palette];\
                 [rest]trim=start_frame={rehearsed},setpts=PTS-STARTPTS[shown];\
                 [shown][palette]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle"
            );
            let mut arguments = vec!["-filter_complex".to_owned(), graph];
            arguments.extend(words(&["-c:v", "gif", "-loop", "0", "-f", "gif"]));
            arguments
        }
        Format::WebP => words(&[
            "-c:v",
            "libwebp_anim",
            "-quality",
            "80",
            "-compression_level",
            "4",
            "-loop",
            "0",
            "-f",
            "webp",
        ]),
    }
}

/// What ffmpeg is told of sound, captions and container, where there are any.
fn track_arguments(source: &VideoSource<'_>, format: Format) -> Vec<String> {
    let of_format: &[&str] = match format {
        Format::Mp4 => &[
            "-c:a",
            "aac",
            "-b:a",
            "128k",
            "-c:s",
            "mov_text",
            "-movflags",
            "+faststart",
            "-f",
            "mp4",
        ],
        Format::WebM => &[
            "-c:a",
            "libopus",
            "-b:a",
            "96k",
            "-c:s",
            "webvtt",
            "-cues_to_front",
            "1",
            "-f",
            "webm",
        ],
        Format::Gif | Format::WebP => return Vec::new(),
    };
    let language = format!("language={}", source.language.track_code());
    let mut arguments = words(&["-map", "0:v", "-map", "1:a", "-map", "2:s"]);
    arguments.extend(words(&["-map_metadata", "3", "-map_chapters", "3"]));
    arguments.extend(words(of_format));
    arguments.extend(words(&["-disposition:s:0", "0"]));
    for track in ["-metadata:s:a:0", "-metadata:s:s:0"] {
        arguments.extend([track.to_owned(), language.clone()]);
    }
    arguments
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// How frames go through the pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pixels {
    /// As they were drawn.
    Rgba,
    /// As videos keep them: half the bytes.
    Yuv,
}

impl Pixels {
    const fn of(format: Format) -> Self {
        if format.is_video() {
            Self::Yuv
        } else {
            Self::Rgba
        }
    }
}

impl Encoder {
    /// Starts ffmpeg on a file of the format that its name asks for. The first
    /// [`Format::rehearsed`] frames are not shown.
    ///
    /// # Errors
    /// ffmpeg is not there, cannot write the format or does not start.
    pub fn start(
        source: VideoSource<'_>,
        output: &Path,
        spares: Sender<Picture>,
    ) -> Result<Self, EncodeError> {
        let format = Format::of(output)?;
        find_ffmpeg(format)?;
        let (width, height) = source.size;
        let mut command = Command::new("ffmpeg");
        command
            .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
            .args(frame_arguments(&source, format));
        if format.is_video() {
            command
                .arg("-i")
                .arg(source.sound)
                .args(["-f", "srt", "-i"])
                .arg(source.captions)
                .args(["-f", "ffmetadata", "-i"])
                .arg(source.chapters);
        }
        command
            .args(picture_arguments(format))
            .args(track_arguments(&source, format))
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
        let feeder = std::thread::spawn(move || match Pixels::of(format) {
            Pixels::Rgba => feed_as_drawn(&queue, &spares, stdin),
            Pixels::Yuv => feed_converted(&queue, &spares, stdin, width, height),
        });
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

/// Writes frames to ffmpeg until there are no more; how long that took.
fn feed_as_drawn(
    queue: &Receiver<Frame>,
    spares: &Sender<Picture>,
    mut stdin: ChildStdin,
) -> Result<Duration, EncodeError> {
    let mut busy = Duration::ZERO;
    let mut last = Picture::new();
    while let Ok(frame) = queue.recv() {
        let start = Instant::now();
        if let Frame::New(picture) = frame {
            let before = std::mem::replace(&mut last, picture);
            // The renderer is gone when nobody listens; then the memory is simply freed.
            let _ = spares.send(before);
        }
        stdin
            .write_all(&last)
            .map_err(|error| EncodeError::Failed(error.to_string()))?;
        busy += start.elapsed();
    }
    Ok(busy)
}

/// Converts frames and writes them to ffmpeg until there are no more; how long that took.
fn feed_converted(
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
