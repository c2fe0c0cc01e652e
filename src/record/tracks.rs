//! What is heard and read beside the frames: sound, captions and chapters, as files in the folder of the
//! work. Sound is mixed and encoded while frames are drawn.

use std::path::{Path, PathBuf};

use super::assembly::{LanguageTrack, SoundWork};
use super::format::Format;
use super::narrated::Narrated;
use super::outputs::write;
use super::part::FrameRange;
use super::recording::RecordError;
use super::sidecar::{self, Chapter};
use super::timed_text::timed_text;
use super::work::{CHAPTERS, TIMED_TEXT};

/// The tracks of a video, in work.
pub(super) struct Tracks {
    /// What is heard and read.
    pub(super) languages: Vec<LanguageTrack>,
    /// Title and chapters, in ffmpeg's metadata format.
    pub(super) chapters: Option<PathBuf>,
    /// Subtitle files, and where they go.
    pub(super) subtitles: Vec<(PathBuf, PathBuf)>,
    sounds: Vec<SoundWork>,
}

/// The subtitle files beside a video: none where captions are no track, and with the language in their
/// names where there are several.
pub(super) fn subtitle_files(output: &Path, codes: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for code in codes {
        for extension in ["srt", "vtt"] {
            let ending = match codes.len() {
                1 => extension.to_owned(),
                _ => format!("{code}.{extension}"),
            };
            files.push(output.with_extension(ending));
        }
    }
    files
}

impl Tracks {
    /// Nothing is heard or read.
    pub(super) const fn none() -> Self {
        Self {
            languages: Vec::new(),
            chapters: None,
            subtitles: Vec::new(),
            sounds: Vec::new(),
        }
    }

    /// Begins the tracks of a part of a lesson, in a folder. `captions` says whether captions are tracks.
    pub(super) fn start(
        folder: &Path,
        (narrated, frame_range): (&Narrated, &FrameRange),
        chapters: &[Chapter],
        format: Format,
        captions: bool,
        output: &Path,
    ) -> Result<Self, RecordError> {
        let mut tracks = Self::none();
        for spoken in &narrated.spoken {
            let code = spoken.language.code();
            let at = |extension: &str| folder.join(format!("track-{code}.{extension}"));
            let sound = at(match format {
                Format::WebM => "webm",
                _ => "m4a",
            });
            let mixed = narrated.sound(spoken, frame_range);
            tracks
                .sounds
                .push(SoundWork::start(format, mixed, at("wav"), sound.clone()));
            let mut of_language = LanguageTrack {
                language: spoken.language,
                sound,
                captions: None,
            };
            if captions {
                let cues = sidecar::cues(&spoken.cues, frame_range);
                let (srt, vtt) = sidecar::subtitles(&cues, spoken.language);
                write(&at("srt"), &srt)?;
                write(&at("vtt"), &vtt)?;
                tracks
                    .subtitles
                    .extend([(at("srt"), PathBuf::new()), (at("vtt"), PathBuf::new())]);
                if !cues.is_empty() {
                    of_language.captions = Some(match format {
                        Format::WebM => at("vtt"),
                        Format::Mp4 | Format::Gif | Format::WebP => {
                            let file = at(TIMED_TEXT);
                            write(&file, timed_text(&cues))?;
                            file
                        }
                    });
                }
            }
            tracks.languages.push(of_language);
        }
        let codes: Vec<&str> = narrated
            .spoken
            .iter()
            .map(|spoken| spoken.language.code())
            .collect();
        let places = subtitle_files(output, &codes);
        for ((_, place), file) in tracks.subtitles.iter_mut().zip(places) {
            *place = file;
        }
        let metadata = folder.join(CHAPTERS);
        write(
            &metadata,
            sidecar::metadata(&narrated.timeline.title, chapters),
        )?;
        tracks.chapters = Some(metadata);
        Ok(tracks)
    }

    /// Waits until the sound is there.
    pub(super) fn finish(&mut self) -> Result<(), RecordError> {
        for sound in self.sounds.drain(..) {
            sound.finish()?;
        }
        Ok(())
    }
}
