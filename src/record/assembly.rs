//! Puts segments, sound, captions and chapters into the file that was asked for. No frame is encoded
//! again, but for pictures for pages, whose colours are chosen when all is drawn.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::encoder::{
    EncodeError, ffmpeg, file_argument, last_words, lower_priority, timescale, words,
};
use super::format::Format;
use super::narrated::Sound;
use super::recording::RecordError;
use crate::language::{Tongue, says};

/// What is heard and read in one language.
#[derive(Debug, Clone)]
pub(super) struct LanguageTrack {
    /// The language.
    pub(super) language: Tongue,
    /// The sound, encoded.
    pub(super) sound: PathBuf,
    /// The captions, where they are a track: timed text for MP4, WebVTT for WebM. They are copied as they
    /// are.
    pub(super) captions: Option<PathBuf>,
}

/// What ffmpeg is told so that it copies timed text. It writes the empty samples between captions by itself;
/// those that are there would become further ones, of no length.
pub(super) const COPIED_TIMED_TEXT: [&str; 2] = ["-bsf:s", "noise=drop=lt(size\\,3)"];

/// What is put together.
#[derive(Debug, Clone)]
pub(super) struct Assembly<'a> {
    /// What becomes of it.
    pub(super) format: Format,
    /// Frames a second.
    pub(super) fps: u32,
    /// How many frames are shown.
    pub(super) frames: u64,
    /// The segments, in order; those from which colours are taken first.
    pub(super) segments: &'a [PathBuf],
    /// What is heard and read.
    pub(super) tracks: &'a [LanguageTrack],
    /// Title and chapters, in ffmpeg's metadata format.
    pub(super) chapters: Option<&'a Path>,
    /// What is kept in the file's comment.
    pub(super) note: Option<&'a str>,
}

impl Assembly<'_> {
    /// Puts all together into a file; `list` is a place for the list of segments.
    pub(super) fn write(
        &self,
        list: &Path,
        output: &Path,
        cancelled: &AtomicBool,
    ) -> Result<(), EncodeError> {
        std::fs::write(list, segment_list(self.segments)?).map_err(EncodeError::Start)?;
        let mut command = ffmpeg();
        command.args(["-f", "concat", "-safe", "0", "-i"]);
        command.arg(file_argument(list));
        for track in self.tracks {
            command.arg("-i").arg(file_argument(&track.sound));
        }
        let captions: Vec<(&Path, Tongue)> = self
            .tracks
            .iter()
            .filter_map(|track| Some((track.captions.as_deref()?, track.language)))
            .collect();
        for (path, _) in &captions {
            let captions = match self.format {
                Format::WebM => "webvtt",
                Format::Mp4 | Format::Gif | Format::WebP => "mov",
            };
            command.args(["-f", captions, "-i"]);
            command.arg(file_argument(path));
        }
        if let Some(chapters) = self.chapters {
            command.args(["-f", "ffmetadata", "-i"]);
            command.arg(file_argument(chapters));
        }
        if let Some(note) = self.note {
            command.args(["-metadata", &format!("comment={note}")]);
        }
        match self.format {
            Format::Mp4 | Format::WebM => {
                command.args(self.video_arguments(&captions));
            }
            Format::Gif | Format::WebP => {
                command.args(self.page_arguments());
            }
        }
        run(command.arg(file_argument(output)), cancelled, |_| {})
    }

    fn video_arguments(&self, captions: &[(&Path, Tongue)]) -> Vec<String> {
        // Pictures speak no language.
        let mut arguments = words(&["-map", "0:v", "-metadata:s:v:0", "language=und"]);
        let sounds = self.tracks.len();
        for input in 0..sounds + captions.len() {
            arguments.extend(["-map".to_owned(), (1 + input).to_string()]);
        }
        if self.chapters.is_some() {
            let input = (1 + sounds + captions.len()).to_string();
            for what in ["-map_metadata", "-map_chapters"] {
                arguments.extend([what.to_owned(), input.clone()]);
            }
        }
        arguments.extend(words(&["-c", "copy"]));
        let timescale = timescale(self.fps).to_string();
        arguments.extend(match self.format {
            Format::WebM => words(&["-cues_to_front", "1", "-f", "webm"]),
            _ => {
                let of_track = ["-video_track_timescale", &timescale];
                let of_captions: &[&str] = match captions {
                    [] => &[],
                    _ => &COPIED_TIMED_TEXT,
                };
                let of_file = ["-movflags", "+faststart", "-f", "mp4"];
                words(&[&of_track[..], of_captions, &of_file].concat())
            }
        });
        for (index, track) in self.tracks.iter().enumerate() {
            arguments.extend(described(index, 'a', track.language));
            // The first one is heard unless another is chosen.
            let disposition = if index == 0 { "default" } else { "0" };
            arguments.extend([format!("-disposition:a:{index}"), disposition.to_owned()]);
        }
        for (index, (_, language)) in captions.iter().enumerate() {
            arguments.extend(described(index, 's', *language));
            arguments.extend([format!("-disposition:s:{index}"), "0".to_owned()]);
        }
        arguments
    }

    /// What ffmpeg is told of a picture for a page.
    fn page_arguments(&self) -> Vec<String> {
        if self.format == Format::WebP {
            let codec = ["-c:v", "libwebp_anim", "-pix_fmt", "bgra", "-quality", "80"];
            let rest = ["-compression_level", "4", "-loop", "0", "-f", "webp"];
            return words(&[&codec[..], &rest].concat());
        }
        let palette_frames = self.format.palette_frames();
        // One palette for all, from the frames that come first. An ordered pattern stands still where the
        // picture does, which diffusion does not.
        let graph = format!(
            "[0:v]split[first][rest];\
             [first]trim=end_frame={palette_frames},palettegen[palette];\
             [rest]trim=start_frame={palette_frames},setpts=PTS-STARTPTS[shown];\
             [shown][palette]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle"
        );
        let mut arguments = vec!["-filter_complex".to_owned(), graph];
        arguments.extend(words(&["-c:v", "gif", "-loop", "0", "-f", "gif"]));
        let last = last_delay(self.frames, self.fps).to_string();
        arguments.extend(["-final_delay".to_owned(), last]);
        arguments
    }
}

/// How long the last frame of a GIF is shown, in hundredths of a second: what is left of the whole. Left to
/// itself, ffmpeg shows it as long as the frame before.
fn last_delay(frames: u64, fps: u32) -> u64 {
    let hundredths = |frame: u64| (200 * frame + u64::from(fps)) / (2 * u64::from(fps));
    hundredths(frames) - hundredths(frames.saturating_sub(1))
}

/// The language of a track, for the menus of players.
fn described(index: usize, kind: char, language: Tongue) -> [String; 4] {
    let option = format!("-metadata:s:{kind}:{index}");
    [
        option.clone(),
        format!("language={}", language.track_code()),
        option,
        format!("title={}", language.own_name()),
    ]
}

/// The list of segments as ffmpeg reads it.
fn segment_list(segments: &[PathBuf]) -> Result<String, EncodeError> {
    let mut list = "ffconcat version 1.0\n".to_owned();
    for segment in segments {
        // A place that does not depend on where the list stands.
        let path = std::path::absolute(segment).map_err(EncodeError::Start)?;
        let quoted = path.to_string_lossy().replace('\'', "'\\''");
        list += &format!("file '{quoted}'\n");
    }
    Ok(list)
}

/// A sound that is mixed and encoded while frames are drawn. Dropped before [`SoundWork::finish`], it stops.
pub(super) struct SoundWork {
    making: Option<JoinHandle<Result<(), RecordError>>>,
    cancelled: Arc<AtomicBool>,
}

impl SoundWork {
    /// Begins to mix a WAV file, and to encode it for a format.
    pub(super) fn start(format: Format, sound: Sound, wav: PathBuf, output: PathBuf) -> Self {
        let cancelled = Arc::new(AtomicBool::new(false));
        let told = cancelled.clone();
        let making = std::thread::spawn(move || {
            sound.write(&wav)?;
            let mut command = encoding(format, &wav, &output);
            Ok(run(&mut command, &told, lower_priority)?)
        });
        Self {
            making: Some(making),
            cancelled,
        }
    }

    /// Waits for its end.
    pub(super) fn finish(mut self) -> Result<(), RecordError> {
        match self.making.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(made)) => made,
            Some(Err(_)) => Err(EncodeError::Failed(says!(
                en: "the thread that makes the sound stopped",
                ja: "音声を作るスレッドが止まりました"
            ))
            .into()),
        }
    }
}

impl Drop for SoundWork {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(making) = self.making.take() {
            // Nobody asks any more what became of it.
            let _ = making.join();
        }
    }
}

fn encoding(format: Format, wav: &Path, output: &Path) -> Command {
    let codec: &[&str] = match format {
        Format::WebM => &["-c:a", "libopus", "-b:a", "96k", "-f", "webm"],
        // The quicker of its two ways to share out the bits: a third of the work, and for one voice at
        // this rate no difference (measured).
        _ => &[
            "-c:a",
            "aac",
            "-aac_coder",
            "fast",
            "-b:a",
            "128k",
            "-f",
            "mp4",
        ],
    };
    let mut command = ffmpeg();
    command
        .arg("-i")
        .arg(file_argument(wav))
        .args(codec)
        .arg(file_argument(output));
    command
}

/// Runs ffmpeg to its end, or stops it when someone wants to stop.
fn run(
    command: &mut Command,
    cancelled: &AtomicBool,
    started: fn(&Child),
) -> Result<(), EncodeError> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(EncodeError::Start)?;
    started(&child);
    let stderr = child.stderr.take();
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        // What was read before a failure is what there is to say.
        let _ = stderr.map(|mut stderr| stderr.read_to_string(&mut text));
        text
    });
    let status = loop {
        if let Some(status) = child.try_wait().map_err(EncodeError::Start)? {
            break status;
        }
        if cancelled.load(Ordering::Relaxed) {
            // It may have ended by itself; then there is nothing left to stop.
            let _ = child.kill();
            let _ = child.wait();
            return Err(EncodeError::Cancelled);
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let said = errors.join().unwrap_or_default();
    if status.success() {
        Ok(())
    } else {
        Err(EncodeError::Failed(last_words(&said)))
    }
}

/// How many frames a file holds.
pub(super) fn count_frames(file: &Path) -> Result<u64, EncodeError> {
    let counting = [
        "-map",
        "0:v:0",
        "-c",
        "copy",
        "-progress",
        "pipe:1",
        "-f",
        "null",
        "-",
    ];
    let said = asked(file, &counting)?;
    // It tells so while it reads, and once more at the end.
    let mut counts = said.lines().filter_map(|line| line.strip_prefix("frame="));
    let counted = counts
        .next_back()
        .and_then(|count| count.trim().parse().ok());
    counted.ok_or_else(|| {
        let file = file.display();
        EncodeError::Failed(says!(
            en: "it counts no frames in {file}",
            ja: "{file} のフレームを数えられません"
        ))
    })
}

/// What stands in a file's comment; nothing where it has none.
pub(super) fn comment(file: &Path) -> Result<String, EncodeError> {
    let said = asked(file, &["-f", "ffmetadata", "-"])?;
    // Matroska's tags are in capitals.
    let comments = said.lines().filter_map(|line| {
        let (name, text) = line.split_once('=')?;
        name.eq_ignore_ascii_case("comment").then_some(text)
    });
    Ok(comments.map(without_escapes).next().unwrap_or_default())
}

/// A value of ffmpeg's metadata without the backslashes that stand before `=`, `;`, `#` and themselves.
fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' {
            letters.next()
        } else {
            Some(letter)
        });
    }
    plain.trim().to_owned()
}

/// What ffmpeg prints of a file. Not ffprobe: who has the one from PyPI has no other.
fn asked(file: &Path, words: &[&str]) -> Result<String, EncodeError> {
    let output = ffmpeg()
        .arg("-i")
        .arg(file_argument(file))
        .args(words)
        .stdin(Stdio::null())
        .output()
        .map_err(|_| EncodeError::NoFfmpeg)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(EncodeError::Failed(last_words(&said)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_has_the_code_and_the_name_of_its_language() {
        let german = described(1, 'a', "de".parse().unwrap());
        assert!(german.contains(&"language=deu".to_owned()));
        assert!(german.contains(&"title=Deutsch".to_owned()));
    }

    #[test]
    fn delays_of_a_gif_sum_to_its_time() {
        for (frames, fps, wanted) in [
            (60, 15, 7),
            (61, 15, 7),
            (30, 30, 3),
            (7, 50, 2),
            (1, 15, 7),
            (90, 12, 8),
        ] {
            assert_eq!(last_delay(frames, fps), wanted, "{frames} at {fps}");
        }
    }

    #[test]
    fn what_ffmpeg_escapes_is_as_it_was() {
        let written = r#"{"a": [1,2\=3\;\#\\n]}"#;
        assert_eq!(without_escapes(written), r#"{"a": [1,2=3;#\n]}"#);
    }

    #[test]
    fn a_file_is_no_option_and_no_address_whatever_its_name() {
        for name in ["-version", "concat:x.mp4", "http://localhost:9/x.mp4"] {
            let error = comment(Path::new(name)).unwrap_err().to_string();
            assert!(error.contains("No such file"), "{name}: {error}");
            assert!(file_argument(Path::new(name)).is_absolute());
        }
        let list = segment_list(&["-a.mkv".into()]).unwrap();
        assert!(list.contains("file '/"), "{list}");
    }
}
