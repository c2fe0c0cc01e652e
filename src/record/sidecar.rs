//! What stands beside a video's frames and sound: chapters and subtitles, as texts.

use super::part::FrameRange;
use crate::lesson::Language;
use crate::narration::{Cue, srt, vtt};
use crate::timeline::Timeline;

/// Chapters shorter than this, in seconds, are not shown under a video on YouTube.
const SHORTEST: f64 = 10.0;

/// A chapter's place in a recording, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    /// When it starts.
    pub start: f64,
    /// When it ends.
    pub end: f64,
    /// Its name.
    pub title: String,
}

/// The chapters of a part of a lesson.
pub(super) fn chapters(timeline: &Timeline, frame_range: &FrameRange) -> Vec<Chapter> {
    let scenes = timeline.scenes.iter();
    let chapters = scenes.filter_map(|scene| {
        let (start, end) = frame_range.inside(scene.start, scene.end)?;
        Some(Chapter {
            start,
            end,
            title: scene.title.clone(),
        })
    });
    chapters.collect()
}

/// A title and chapters in ffmpeg's metadata format
/// (<https://ffmpeg.org/ffmpeg-formats.html#Metadata-2>).
pub(super) fn metadata(title: &str, chapters: &[Chapter]) -> String {
    let mut text = format!(";FFMETADATA1\ntitle={}\n", escaped(title));
    for chapter in chapters {
        let milliseconds = |seconds: f64| (seconds * 1000.0).round() as u64;
        text += &format!(
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
            milliseconds(chapter.start),
            milliseconds(chapter.end),
            escaped(&chapter.title)
        );
    }
    text
}

/// Chapters as lines to paste under a video: `0:42 Its name`.
#[must_use]
pub fn chapter_list(chapters: &[Chapter]) -> String {
    let lines = chapters.iter();
    lines
        .map(|chapter| format!("{} {}\n", stamp(chapter.start), chapter.title))
        .collect()
}

/// Whether YouTube makes chapters of the list: three or more, none too short.
#[must_use]
pub fn youtube_shows(chapters: &[Chapter]) -> bool {
    // The stamps are whole seconds, and they are what YouTube sees.
    let long = |chapter: &Chapter| chapter.end.floor() - chapter.start.floor() >= SHORTEST;
    chapters.len() >= 3 && chapters.iter().all(long)
}

/// A moment as YouTube writes it: `0:42`, `1:02:42`.
#[must_use]
pub fn stamp(seconds: f64) -> String {
    let seconds = (seconds.max(0.0) + 1e-6) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '=' | ';' | '#' | '\\' | '\n') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Captions, in seconds of the lesson, as a part of it has them.
pub(super) fn cues(cues: &[Cue], frame_range: &FrameRange) -> Vec<Cue> {
    let inside = cues.iter().filter_map(|cue| {
        let (start, end) = frame_range.inside(cue.start, cue.end)?;
        Some(Cue {
            start,
            end,
            text: cue.text.clone(),
        })
    });
    inside.collect()
}

/// Captions as SubRip and as WebVTT.
pub(super) fn subtitles(cues: &[Cue], language: Language) -> (String, String) {
    (srt(cues), vtt(cues, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_as_youtube_reads_it() {
        assert_eq!(stamp(0.0), "0:00");
        assert_eq!(stamp(42.99), "0:42");
        assert_eq!(stamp(3600.0 + 125.0), "1:02:05");
    }

    #[test]
    fn youtube_wants_three_chapters_of_ten_seconds() {
        let chapter = |start: f64, end: f64| Chapter {
            start,
            end,
            title: "A".to_owned(),
        };
        let long = [chapter(0.0, 12.5), chapter(12.5, 40.0), chapter(40.0, 51.0)];
        assert!(youtube_shows(&long));
        assert!(!youtube_shows(&long[..2]));
        assert!(!youtube_shows(&[
            chapter(0.0, 12.5),
            chapter(12.5, 21.0),
            chapter(21.0, 51.0)
        ]));
        assert_eq!(chapter_list(&long), "0:00 A\n0:12 A\n0:40 A\n");
    }
}
