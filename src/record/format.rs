//! The formats of a moving picture, known by the extension of its file.

use std::path::Path;

use bevy::math::UVec2;
use serde::{Deserialize, Serialize};

use super::part::FrameRange;
use crate::language::{Localized, Message, message_error, says};

/// A file that names no format that can be written.
#[derive(Debug)]
pub struct UnknownFormat {
    /// The file, as it was given.
    path: String,
}

impl Message for UnknownFormat {
    fn message(&self) -> Localized<String> {
        let (path, known) = (&self.path, known());
        says!(
            en: "{path} does not say what to write: its name must end in one of {known}, where .gif and .webp are for web pages and have no sound",
            ja: "{path} では何を書き出すか分かりません。名前の終わりは {known} のどれかにしてください。.gif と .webp はWeb ページ用で、音がありません"
        )
    }
}

message_error!(UnknownFormat);

/// What a recording is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// H.264, AAC, a caption track, chapters: plays everywhere.
    Mp4,
    /// VP9, Opus, a caption track, chapters: free of patents, for the web.
    WebM,
    /// A picture that moves, in 256 colours, for pages and mails.
    Gif,
    /// A picture that moves, in all colours, for pages.
    WebP,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Mp4, Self::WebM, Self::Gif, Self::WebP];

    /// The format that a file's name asks for.
    ///
    /// # Errors
    /// [`UnknownFormat`].
    pub fn of(output: &Path) -> Result<Self, UnknownFormat> {
        let extension = output.extension().map(|extension| {
            let extension = extension.to_string_lossy();
            extension.to_ascii_lowercase()
        });
        Self::ALL
            .into_iter()
            .find(|format| extension.as_deref() == Some(format.extension()))
            .ok_or_else(|| UnknownFormat {
                path: output.display().to_string(),
            })
    }

    /// How its files' names end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::WebM => "webm",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }

    /// What is in it, for people.
    #[must_use]
    pub const fn contents(self) -> Localized<&'static str> {
        match self {
            Self::Mp4 => Localized::new(
                "H.264, AAC, captions, chapters",
                "H.264、AAC、字幕、チャプター",
            ),
            Self::WebM => Localized::new(
                "VP9, Opus, captions, chapters",
                "VP9、Opus、字幕、チャプター",
            ),
            Self::Gif => Localized::new("256 colours, no sound", "256 色、音なし"),
            Self::WebP => Localized::new("animated, no sound", "動画、音なし"),
        }
    }

    /// Whether it is a video, with sound, a caption track and chapters; else it is a picture for a
    /// page.
    #[must_use]
    pub const fn is_video(self) -> bool {
        matches!(self, Self::Mp4 | Self::WebM)
    }

    /// Whether its segments are H.264, in which a picture is repeated without the encoder.
    #[must_use]
    pub const fn is_repeated_here(self) -> bool {
        !matches!(self, Self::WebM)
    }

    /// How the names of its segments end.
    #[must_use]
    pub const fn segment_extension(self) -> &'static str {
        if self.is_repeated_here() {
            "mkv"
        } else {
            "mp4"
        }
    }

    /// The encoders of ffmpeg that write it.
    #[must_use]
    pub const fn encoders(self) -> &'static [&'static str] {
        match self {
            Self::Mp4 => &["libx264", "aac"],
            Self::WebM => &["libvpx-vp9", "libopus"],
            Self::Gif => &["gif", "libx264rgb"],
            Self::WebP => &["libwebp_anim", "libx264rgb"],
        }
    }

    /// The size where none was asked for.
    #[must_use]
    pub const fn usual_size(self) -> UVec2 {
        if self.is_video() {
            UVec2::new(1920, 1080)
        } else {
            UVec2::new(960, 540)
        }
    }

    /// Frames a second where none were asked for.
    #[must_use]
    pub const fn usual_fps(self) -> u32 {
        if self.is_video() { 30 } else { 15 }
    }

    /// The most frames a second that players keep up with: a GIF counts in hundredths of a second,
    /// and one hundredth is taken for ten.
    #[must_use]
    pub const fn max_fps(self) -> u32 {
        match self {
            Self::Gif => 50,
            _ => 240,
        }
    }

    /// How many frames of the whole come first and are not shown: a GIF's colours are chosen from
    /// them before the first frame is written, so that no frame has to wait in memory for the last.
    #[must_use]
    pub const fn palette_frames(self) -> u32 {
        match self {
            Self::Gif => 24,
            _ => 0,
        }
    }

    /// About how many bytes a recording of so many pixels has, of whose frames so many differ from the
    /// one before. Measured on the lesson of convolution; another may have half or twice as many.
    #[must_use]
    pub fn about_bytes(self, pixels: u64, drawn: u64, frame_range: &FrameRange) -> u64 {
        let (kilopixels, drawn) = (pixels as f64 / 1000.0, drawn as f64);
        // Videos follow what moves, however many frames show it, and smooth places cost little.
        let video = |picture: f64, sound: f64| {
            let moving = drawn / f64::from(frame_range.fps);
            picture * kilopixels.powf(0.75) * moving + sound * frame_range.seconds()
        };
        let bytes = match self {
            Self::Mp4 => video(480.0, 16_000.0),
            Self::WebM => video(410.0, 12_000.0),
            Self::Gif => 28.0 * kilopixels * drawn,
            Self::WebP => 10.0 * kilopixels * drawn,
        };
        bytes as u64
    }
}

fn known() -> String {
    Format::ALL
        .map(|format| format!(".{}", format.extension()))
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_says_the_format() {
        for (name, format) in [
            ("a.mp4", Format::Mp4),
            ("b/c.d.WebM", Format::WebM),
            ("a.GIF", Format::Gif),
            ("a.webp", Format::WebP),
        ] {
            assert_eq!(Format::of(Path::new(name)).unwrap(), format, "{name}");
        }
        for name in ["a.avi", "a", ".mp4", "mp4"] {
            let message = Format::of(Path::new(name)).unwrap_err().to_string();
            assert!(
                message.starts_with(name) && message.contains(".mp4, .webm, .gif, .webp"),
                "{message}"
            );
        }
    }
}
