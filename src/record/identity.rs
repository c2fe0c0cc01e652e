//! What a recording is: all that its frames depend on, so that frames of two are never mixed.
//!
//! It lies in the folder of an unfinished recording and in the comment of each share of one.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use super::encoder::VideoSettings;
use super::format::Format;
use super::narrated::{Narrated, Speaker};
use super::part::FrameRange;
use super::renderer::RenderSettings;
use crate::language::{Localized, says};
use crate::lesson::Lesson;
use crate::stage::palette::Studio;
use crate::timeline::Motion;

/// Changes when the same lesson and settings give another picture or other bytes.
const GENERATION: u32 = 6;

/// How a lesson is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// Who speaks; the first one's language is the picture's.
    pub(super) speakers: Vec<Speaker>,
    /// What is written.
    pub(super) format: Format,
    /// Width and height.
    pub(super) size: (u32, u32),
    /// Frames a second.
    pub(super) fps: u32,
    /// Whether the room is dark.
    pub(super) dark: bool,
    /// Whether captions are drawn in.
    pub(super) burned: bool,
    /// Whether captions are tracks.
    pub(super) tracks: bool,
    /// Whether the camera cuts instead of flying.
    pub(super) reduced_motion: bool,
}

/// All that the frames of a recording depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The program's version, and the generation of what it writes.
    program: String,
    /// The lesson's name.
    title: String,
    /// A hash of everything in the lesson.
    lesson: String,
    /// A hash of when everything happens in it: how long the voice speaks counts here.
    timeline: String,
    /// The voices, exactly.
    voices: Vec<String>,
    /// How it is recorded.
    pub(super) settings: Settings,
    /// The first frame that is recorded, and the one after the last.
    recorded: (u64, u64),
    /// The frames of the whole lesson.
    of: u64,
}

/// A share of a recording: what it is a share of, and which frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Note {
    /// The recording.
    pub(super) tensorama: Identity,
    /// The share's first frame, and the one after its last.
    pub(super) frames: (u64, u64),
}

impl Settings {
    /// How frames look.
    pub(super) fn render_settings(&self) -> RenderSettings {
        RenderSettings {
            size: self.size.into(),
            studio: if self.dark {
                Studio::Dark
            } else {
                Studio::Light
            },
            captions: self.burned,
            motion: if self.reduced_motion {
                Motion::Reduced
            } else {
                Motion::Full
            },
        }
    }

    /// The frames of a segment, for the encoder.
    pub(super) const fn video_settings(&self, count: u64) -> VideoSettings {
        VideoSettings {
            format: self.format,
            size: self.size,
            fps: self.fps,
            count,
        }
    }
}

impl Identity {
    /// What a recording of a lesson is.
    pub(super) fn new(
        lesson: &Lesson,
        narrated: &Narrated,
        settings: Settings,
        frame_range: &FrameRange,
    ) -> Self {
        Self {
            program: format!("{} ({GENERATION})", env!("CARGO_PKG_VERSION")),
            title: narrated.timeline.title.clone(),
            lesson: hash(lesson),
            timeline: hash(&narrated.timeline),
            voices: narrated.voice_ids(),
            settings,
            recorded: (frame_range.frames.start, frame_range.frames.end),
            of: frame_range.of,
        }
    }

    /// The frames that are recorded.
    pub(super) const fn frame_range(&self) -> FrameRange {
        FrameRange {
            frames: self.recorded.0..self.recorded.1,
            of: self.of,
            fps: self.settings.fps,
        }
    }

    /// What is different in another recording, in words: what is here, and what is there.
    pub(super) fn differences(&self, other: &Self) -> Vec<Localized<String>> {
        let mut found = Vec::new();
        let mut compare = |what: Localized<&str>, here: String, there: String| {
            if here != there {
                found.push(says!(
                    with [what];
                    en: "{what} was {here} and is now {there}",
                    ja: "{what}が {here} から {there} に変わっています"
                ));
            }
        };
        compare(
            Localized::new("the program's version", "プログラムのバージョン"),
            self.program.clone(),
            other.program.clone(),
        );
        compare(
            Localized::new("the lesson", "レッスン"),
            self.title.clone(),
            other.title.clone(),
        );
        let (mine, others) = (&self.settings, &other.settings);
        compare(
            Localized::new("the language", "言語"),
            languages(&mine.speakers),
            languages(&others.speakers),
        );
        compare(
            Localized::new("the voice", "声"),
            self.voices.join(", "),
            other.voices.join(", "),
        );
        let format = |of: &Settings| of.format.extension().to_owned();
        compare(
            Localized::new("the format", "形式"),
            format(mine),
            format(others),
        );
        let size = |of: &Settings| format!("{}x{}", of.size.0, of.size.1);
        compare(
            Localized::new("the size", "大きさ"),
            size(mine),
            size(others),
        );
        let fps = |of: &Settings| of.fps.to_string();
        compare(
            Localized::new("the frame rate", "フレームレート"),
            fps(mine),
            fps(others),
        );
        let theme = |of: &Settings| if of.dark { "dark" } else { "light" }.to_owned();
        compare(
            Localized::new("the theme", "テーマ"),
            theme(mine),
            theme(others),
        );
        let motion = |of: &Settings| if of.reduced_motion { "reduced" } else { "full" }.to_owned();
        compare(
            Localized::new("the motion", "動き"),
            motion(mine),
            motion(others),
        );
        let captions = |of: &Settings| {
            match (of.burned, of.tracks) {
                (true, true) => "both",
                (true, false) => "burned",
                (false, true) => "track",
                (false, false) => "none",
            }
            .to_owned()
        };
        compare(
            Localized::new("`--captions`", "`--captions` "),
            captions(mine),
            captions(others),
        );
        if found.is_empty() && self.lesson != other.lesson {
            found.push(says!(en: "the lesson's file has changed", ja: "レッスンのファイルが変わっています"));
        }
        if found.is_empty() && self.timeline != other.timeline {
            found.push(
                says!(en: "the voice speaks at another pace", ja: "声の話す速さが変わっています"),
            );
        }
        if found.is_empty() && (self.recorded, self.of) != (other.recorded, other.of) {
            let frames = |of: &Self| {
                let (start, end) = of.recorded;
                format!("{start}..{} / {}", end.saturating_sub(1), of.of)
            };
            let (was, is) = (frames(self), frames(other));
            found.push(says!(
                en: "the range of frames was {was} and is now {is}",
                ja: "フレームの範囲が {was} から {is} に変わっています"
            ));
        }
        found
    }
}

fn languages(speakers: &[Speaker]) -> String {
    let codes: Vec<&str> = speakers
        .iter()
        .map(|speaker| speaker.language.code())
        .collect();
    codes.join(",")
}

/// A hash of all that is in a value, as its debug form tells it.
fn hash(value: &dyn fmt::Debug) -> String {
    struct Sink(blake3::Hasher);
    impl Write for Sink {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text.as_bytes());
            Ok(())
        }
    }
    let mut sink = Sink(blake3::Hasher::new());
    // The sink takes whatever is written to it.
    let _ = write!(sink, "{value:?}");
    sink.0.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Some recording.
    pub(crate) fn identity() -> Identity {
        Identity {
            program: "1".to_owned(),
            title: "T".to_owned(),
            lesson: String::new(),
            timeline: String::new(),
            voices: Vec::new(),
            settings: Settings {
                speakers: Vec::new(),
                format: Format::Mp4,
                size: (64, 36),
                fps: 30,
                dark: false,
                burned: true,
                tracks: true,
                reduced_motion: false,
            },
            recorded: (0, 600),
            of: 600,
        }
    }
}
