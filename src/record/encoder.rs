//! Gives frames to ffmpeg, on a thread of its own. What ffmpeg is told of codecs stands here; what it is
//! told of sound, captions and containers, in `assembly`.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::format::{Format, UnknownFormat};
use super::matroska::{Codec, Matroska};
use super::pixels::{FramePixels, PixelFormat};
use super::repeats::{RepeatError, Repeated, repeat_pictures};
use crate::disk::Installation;
use crate::language::{Localized, Message, SystemError, message_error, says};

/// Frames that may wait for the encoder; more would only fill memory.
const WAITING: usize = 2;

/// A video that cannot be encoded.
#[derive(Debug)]
pub enum EncodeError {
    /// There is no ffmpeg.
    NoFfmpeg,
    /// The file's name asks for no format that is known.
    Format(UnknownFormat),
    /// This ffmpeg was built without what the format needs.
    NoEncoder {
        /// How the file's name ends.
        extension: &'static str,
        /// The encoders that are not there.
        missing: Vec<&'static str>,
        /// What can be written instead.
        others: Vec<Format>,
    },
    /// ffmpeg does not start.
    Start(std::io::Error),
    /// ffmpeg gave up.
    Failed(Localized<String>),
    /// Someone pressed Ctrl-C while it worked.
    Cancelled,
    /// What ffmpeg made cannot be gone on with.
    Repeats(RepeatError),
    /// A segment cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Message for EncodeError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NoFfmpeg => {
                let fix = Installation::current().how_to_get("ffmpeg", Some("record"));
                says!(
                    with [fix];
                    en: "ffmpeg was not found, and nothing else can write the video: {fix}",
                    ja: "ビデオの書き出しに必要な ffmpeg が見つかりません。{fix}"
                )
            }
            Self::Format(why) => why.message(),
            Self::NoEncoder {
                extension,
                missing,
                others,
            } => {
                let missing = Localized::new(missing.join(" and "), missing.join("、"));
                let others = if others.is_empty() {
                    says!(
                        en: "this one cannot write anything else either",
                        ja: "この ffmpeg では、ほかの形式も書き出せません"
                    )
                } else {
                    let others: Vec<String> = others
                        .iter()
                        .map(|other| format!(".{}", other.extension()))
                        .collect();
                    let others = others.join(", ");
                    says!(
                        en: "this one can write {others}",
                        ja: "この ffmpeg で書き出せるのは {others} です"
                    )
                };
                says!(
                    with [missing, others];
                    en: "the installed ffmpeg cannot write .{extension} files: it lacks the encoder {missing}. The one of Debian and Ubuntu has it (`sudo apt-get install ffmpeg`); {others}",
                    ja: "この ffmpeg にはエンコーダ {missing} がなく、.{extension} ファイルを書き出せません。Debian と Ubuntu のものにはあります (`sudo apt-get install ffmpeg`)。{others}"
                )
            }
            Self::Start(why) => {
                let why = SystemError::from(why).message();
                says!(
                    with [why];
                    en: "ffmpeg could not be started: {why}",
                    ja: "ffmpeg を起動できません: {why}"
                )
            }
            Self::Failed(why) => says!(
                with [why];
                en: "ffmpeg failed: {why}",
                ja: "ffmpeg が失敗しました: {why}"
            ),
            Self::Cancelled => says!(en: "stopped by the user", ja: "中断されました"),
            Self::Repeats(why) => {
                let why = why.message();
                says!(
                    with [why];
                    en: "ffmpeg's encoder did not produce what it was asked for: {why}. Another version of ffmpeg may help; `ffmpeg -version` says which this is",
                    ja: "ffmpeg のエンコーダの出力が指定したものと違います: {why}。別のバージョンの ffmpeg なら動くかもしれません。今のバージョンは `ffmpeg -version` で分かります"
                )
            }
            Self::Write { path, source } => {
                let (path, why) = (path.display(), SystemError::from(source).message());
                says!(with [why]; en: "cannot write {path}: {why}", ja: "{path} に書き込めません: {why}")
            }
        }
    }
}

message_error!(EncodeError { Format(UnknownFormat), Repeats(RepeatError) });

/// What is encoded: so many frames of one size at one rate, on their way into a format.
#[derive(Debug, Clone, Copy)]
pub struct VideoSettings {
    /// The format that they are for.
    pub format: Format,
    /// Width and height in pixels, both even.
    pub size: (u32, u32),
    /// Frames a second.
    pub fps: u32,
    /// How many frames.
    pub count: u64,
}

/// A frame on its way to the encoder.
enum Frame {
    New(FramePixels),
    Again,
}

/// A running ffmpeg, and the threads that feed it and listen to it. Dropped before [`Encoder::finish`], it
/// kills ffmpeg.
pub struct Encoder {
    video_settings: VideoSettings,
    output: PathBuf,
    frames: Option<SyncSender<Frame>>,
    /// How long whoever draws had to wait until a frame was taken.
    waited: Duration,
    /// It gives how often each frame is shown.
    feeder: Option<JoinHandle<Result<Vec<u64>, EncodeError>>>,
    /// The stream that ffmpeg makes, where frames are yet to be repeated in it.
    stream: Option<JoinHandle<Vec<u8>>>,
    errors: Option<JoinHandle<Vec<u8>>>,
    child: Child,
    finished: bool,
}

/// Reads all of what a process writes, on a thread of its own. What was read before a failure is what
/// there is.
fn listen(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut all = Vec::new();
        let _ = pipe.read_to_end(&mut all);
        all
    })
}

/// The command that starts ffmpeg: it asks nothing, says only what went wrong, and Ctrl-C, which is ours
/// to answer, does not reach it.
pub(super) fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// The first line that ffmpeg says of itself; `None` where there is none.
#[must_use]
pub fn ffmpeg_version() -> Option<String> {
    let output = Command::new("ffmpeg")
        .arg("-version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().next().map(str::to_owned)
}

/// A file as ffmpeg takes it for one, whatever its name: a relative one may begin with `-`, as an option
/// does, or with `http:`, as an address does.
pub(super) fn file_argument(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Gives an encoder only what time drawing leaves. It needs less of it than drawing does and has frames
/// waiting, so it does its work while the renderer, between one frame and the next, keeps one core idle;
/// with equal rights it would hold up every frame instead (measured: a tenth of the whole).
pub(super) fn lower_priority(encoder: &Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, setpriority_process};
        // Where it is not to be had, all goes on a little slower.
        let _ = setpriority_process(Some(Pid::from_child(encoder)), 19);
    }
    #[cfg(not(unix))]
    let _ = encoder;
}

/// Units of time in a second of a segment: a frame has a whole number of them.
pub(super) const fn timescale(fps: u32) -> u32 {
    fps * 512
}

/// The last lines of what ffmpeg says.
pub(super) fn last_words(said: &str) -> Localized<String> {
    let lines: Vec<&str> = said.lines().collect();
    let last = lines[lines.len().saturating_sub(3)..].join("; ");
    if last.is_empty() {
        says!(en: "it gave no reason", ja: "理由は分かりません")
    } else {
        Localized::same(last)
    }
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
    let others: Vec<Format> = Format::ALL
        .into_iter()
        .filter(|other| missing(*other).is_empty())
        .collect();
    Err(EncodeError::NoEncoder {
        extension: format.extension(),
        missing: missing(format),
        others,
    })
}

/// What ffmpeg is told of the frames that come through its pipe.
fn frame_arguments(format: Format) -> Vec<String> {
    // The header of the stream says all: nothing is to be guessed from the first frames.
    let mut arguments = words(&["-probesize", "32", "-analyzeduration", "0"]);
    arguments.extend(words(&["-fpsprobesize", "0", "-f", "matroska"]));
    if PixelFormat::of(format) == PixelFormat::Yuv420 {
        arguments.extend(words(&["-color_range", "tv", "-colorspace", "bt709"]));
    }
    arguments.extend(words(&["-i", "pipe:0"]));
    arguments
}

/// What ffmpeg is told of the segment that it writes. The same frames give the same bytes on every
/// machine, however many cores it has: hence the fixed numbers of threads.
fn picture_arguments(format: Format) -> Vec<String> {
    // High definition's colours, also where the frame is small.
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
    // Such that frames can be repeated without it: see `repeats`.
    const PLAIN: &str = "bframes=0:ref=1:weightp=0:scenecut=0";
    match format {
        Format::Mp4 => {
            let codec = [
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "19",
                "-threads",
                "4",
                // A coarser search for movement: a quarter less work for 2% more bytes (measured).
                "-subq",
                "1",
                "-x264-params",
                PLAIN,
            ];
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
                "-threads",
                "4",
            ];
            words(&[&codec, COLOURS].concat())
        }
        // Without loss: the colours are chosen when all is drawn.
        Format::Gif | Format::WebP => words(&[
            "-c:v",
            "libx264rgb",
            "-qp",
            "0",
            "-preset",
            "ultrafast",
            "-threads",
            "4",
            "-x264-params",
            PLAIN,
            "-pix_fmt",
            "rgb24",
        ]),
    }
}

pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

impl Encoder {
    /// Starts ffmpeg on a segment: a file of frames alone, whatever they are for, in the container that
    /// [`Format::segment_extension`] names.
    ///
    /// # Errors
    /// ffmpeg does not start.
    pub fn start(
        video_settings: VideoSettings,
        output: &Path,
        spares: Sender<FramePixels>,
    ) -> Result<Self, EncodeError> {
        let VideoSettings {
            format, fps, count, ..
        } = video_settings;
        let mut command = ffmpeg();
        command.args(frame_arguments(format));
        if !format.is_repeated_here() {
            // Frames that were not sent are those before them again.
            command.args(["-vf", &format!("fps={fps}")]);
            command.args(["-frames:v", &count.to_string()]);
        }
        command
            // A segment is entered at its start alone. Where every frame could be entered, x264 keeps
            // none for the next to refer to.
            .args(["-g", &count.max(2).to_string()])
            .args(picture_arguments(format));
        if format.is_repeated_here() {
            command.args(["-f", "h264", "pipe:1"]);
            command.stdout(Stdio::piped());
        } else {
            command.args(["-video_track_timescale", &timescale(fps).to_string()]);
            command.args(["-f", "mp4"]).arg(file_argument(output));
            command.stdout(Stdio::null());
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(EncodeError::Start)?;
        lower_priority(&child);
        let (Some(stdin), Some(stderr)) = (child.stdin.take(), child.stderr.take()) else {
            return Err(EncodeError::Failed(says!(
                en: "its pipes are missing",
                ja: "パイプがありません"
            )));
        };
        let (frames, queue) = sync_channel(WAITING);
        let feeder = std::thread::spawn(move || feed(&queue, &spares, stdin, video_settings));
        Ok(Self {
            video_settings,
            output: output.to_owned(),
            frames: Some(frames),
            waited: Duration::ZERO,
            feeder: Some(feeder),
            stream: child.stdout.take().map(listen),
            errors: Some(listen(stderr)),
            child,
            finished: false,
        })
    }

    /// Adds a frame, whose pixels lie as [`PixelFormat::of`] the format says.
    ///
    /// # Errors
    /// ffmpeg has given up.
    pub fn add(&mut self, frame_pixels: FramePixels) -> Result<(), EncodeError> {
        self.send(Frame::New(frame_pixels))
    }

    /// Adds the last frame again.
    ///
    /// # Errors
    /// ffmpeg has given up.
    pub fn add_again(&mut self) -> Result<(), EncodeError> {
        self.send(Frame::Again)
    }

    fn send(&mut self, frame: Frame) -> Result<(), EncodeError> {
        let start = Instant::now();
        let sent = self
            .frames
            .as_ref()
            .is_some_and(|frames| frames.send(frame).is_ok());
        self.waited += start.elapsed();
        if sent { Ok(()) } else { Err(self.failure()) }
    }

    /// How long adding frames has waited for ffmpeg so far.
    #[must_use]
    pub const fn waited(&self) -> Duration {
        self.waited
    }

    /// Ends the video.
    ///
    /// # Errors
    /// ffmpeg has given up, or made something that cannot be used, or the file cannot be written.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.frames = None;
        let shown = match self.feeder.take().map(JoinHandle::join) {
            Some(Ok(shown)) => shown,
            _ => Err(EncodeError::Failed(says!(
                en: "the thread that feeds it stopped",
                ja: "フレームを渡すスレッドが止まりました"
            ))),
        };
        let stream = self.stream.take().map(JoinHandle::join);
        let status = self.child.wait().map_err(EncodeError::Start)?;
        self.finished = true;
        if !status.success() {
            return Err(self.failure());
        }
        let shown = shown?;
        match stream {
            None => {}
            Some(Ok(stream)) => {
                let repeated = repeat_pictures(&stream, &shown)?;
                self.write(repeated).map_err(|source| EncodeError::Write {
                    path: self.output.clone(),
                    source,
                })?;
            }
            Some(Err(_)) => {
                return Err(EncodeError::Failed(says!(
                    en: "the thread that reads from it stopped",
                    ja: "出力を読むスレッドが止まりました"
                )));
            }
        }
        Ok(())
    }

    /// Writes the segment from its frames.
    fn write(&self, repeated: Repeated) -> std::io::Result<()> {
        let VideoSettings { size, fps, .. } = self.video_settings;
        let count = repeated.pictures.len() as u64;
        let file = BufWriter::new(File::create(&self.output)?);
        let codec = Codec::H264(repeated.config);
        let mut stream = Matroska::begin(file, &codec, size, fps, Some(count))?;
        for (number, coded) in (0..).zip(&repeated.pictures) {
            stream.add(number, &coded.bytes, coded.is_key)?;
        }
        stream.into_inner().flush()
    }

    /// What ffmpeg has to say.
    fn failure(&mut self) -> EncodeError {
        self.frames = None;
        // Why it stopped is for ffmpeg to say.
        let _ = self.feeder.take().map(JoinHandle::join);
        if !self.finished {
            // Its input is closed; it may still be busy with it, and that would help nobody.
            let _ = self.child.kill();
            let _ = self.child.wait();
            self.finished = true;
        }
        let said = self.errors.take().map(JoinHandle::join);
        let said = said.and_then(Result::ok).unwrap_or_default();
        EncodeError::Failed(last_words(&String::from_utf8_lossy(&said)))
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

/// Writes frames to ffmpeg until there are no more; how often each frame is shown. A frame that comes
/// again is not written again.
fn feed(
    queue: &Receiver<Frame>,
    spares: &Sender<FramePixels>,
    stdin: ChildStdin,
    video_settings: VideoSettings,
) -> Result<Vec<u64>, EncodeError> {
    let failed = |error: std::io::Error| EncodeError::Failed(SystemError::from(error).message());
    let codec = match PixelFormat::of(video_settings.format) {
        PixelFormat::Rgba => Codec::Rgba,
        PixelFormat::Yuv420 => Codec::Yuv420,
    };
    let mut stream = Matroska::begin(stdin, &codec, video_settings.size, video_settings.fps, None)
        .map_err(failed)?;
    let mut last = FramePixels::new();
    let mut shown: Vec<u64> = Vec::new();
    let mut number = 0;
    while let Ok(frame) = queue.recv() {
        match (frame, shown.last_mut()) {
            (Frame::Again, Some(times)) => *times += 1,
            // There is nothing yet that could be shown again.
            (Frame::Again, None) => {}
            (Frame::New(frame_pixels), _) => {
                let place = if video_settings.format.is_repeated_here() {
                    shown.len() as u64
                } else {
                    number
                };
                stream.add(place, &frame_pixels, true).map_err(failed)?;
                shown.push(1);
                // The renderer is gone when nobody listens; then the memory is simply freed.
                let _ = spares.send(std::mem::replace(&mut last, frame_pixels));
            }
        }
        number += 1;
    }
    if !video_settings.format.is_repeated_here() {
        // One frame more says how long the last one is seen. ffmpeg may have counted all and be gone.
        let _ = stream.add(number, &last, true);
    }
    Ok(shown)
}
