//! What stands beside a video's frames and sound: chapters and subtitles, as texts.

use super::part::FrameRange;
use crate::language::Tongue;
use crate::narration::{Cue, in_turn, srt, vtt};
use crate::timeline::Timeline;

/// Chapters shorter than this, in seconds, are not shown under a video on YouTube.
const SHORTEST: f64 = 10.0;

/// Seconds of a caption at a cut, at least: less is not seen.
const SHORTEST_CAPTION: f64 = 0.05;

/// Characters of a chapter's name in the list, at most.
const LONGEST_TITLE: usize = 100;

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
    let mut text = format!(";FFMETADATA1\ntitle={}\n", escaped(&one_line(title)));
    for chapter in chapters {
        let milliseconds = |seconds: f64| (seconds * 1000.0).round() as u64;
        text += &format!(
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
            milliseconds(chapter.start),
            milliseconds(chapter.end),
            escaped(&one_line(&chapter.title))
        );
    }
    text
}

/// Chapters as lines to paste under a video: `0:42 Its name`. YouTube wants the first at 0:00, refuses a text
/// with `<` or `>`, for which their full-width forms stand, and shows 100 characters of a name.
#[must_use]
pub fn chapter_list(chapters: &[Chapter]) -> String {
    let lines = chapters.iter().enumerate();
    lines
        .map(|(place, chapter)| {
            let start = if place == 0 { 0.0 } else { chapter.start };
            let title = one_line(&chapter.title)
                .replace('<', "＜")
                .replace('>', "＞");
            format!("{} {}\n", stamp(start), shortened(&title, LONGEST_TITLE))
        })
        .collect()
}

/// A text in one line: spaces and line breaks in a row are one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of so many characters at most, the last of which says that there is more.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    // What joins or marks a character does not stand alone.
    let joins =
        |sign: char| matches!(sign, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}');
    format!("{}…", kept.trim_end_matches(joins).trim_end())
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
    let inside = in_turn(cues).into_iter().filter_map(|cue| {
        let (start, end) = frame_range.inside(cue.start, cue.end)?;
        // What is left of one at a cut may be shorter than a file of captions can tell.
        (end - start >= SHORTEST_CAPTION).then_some(Cue { start, end, ..cue })
    });
    inside.collect()
}

/// Captions as SubRip and as WebVTT.
pub(super) fn subtitles(cues: &[Cue], language: Tongue) -> (String, String) {
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

    #[test]
    fn lines_are_such_as_youtube_takes_and_titles_in_the_file_are_whole() {
        let chapter = |start: f64, title: &str| Chapter {
            start,
            end: start + 20.0,
            title: title.to_owned(),
        };
        let long = "あ".repeat(120);
        let chapters = [
            chapter(0.4, "stride > 1;\n  a<b #2 \\ end"),
            chapter(20.4, &long),
            chapter(40.4, "Third"),
        ];
        let list = chapter_list(&chapters);
        let lines: Vec<&str> = list.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], "0:00 stride ＞ 1; a＜b #2 \\ end");
        assert_eq!(lines[1], format!("0:20 {}…", "あ".repeat(99)));
        let metadata = metadata("A\nB", &chapters);
        assert!(metadata.starts_with(";FFMETADATA1\ntitle=A B\n"));
        assert!(
            metadata.contains("title=stride > 1\\; a<b \\#2 \\\\ end\n"),
            "{metadata}"
        );
        assert!(metadata.contains(&long));
    }
}
