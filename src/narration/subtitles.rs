//! Captions as subtitle files: SubRip and WebVTT.

use std::fmt::Write;

use super::captions::Cue;
use crate::lesson::Language;

/// A SubRip file (`.srt`).
#[must_use]
pub fn srt(cues: &[Cue]) -> String {
    let mut text = String::new();
    for (index, cue) in cues.iter().enumerate() {
        let (start, end) = (stamp(cue.start, ','), stamp(cue.end, ','));
        // A String takes whatever is written to it.
        let _ = write!(text, "{}\n{start} --> {end}\n{}\n\n", index + 1, cue.text);
    }
    text
}

/// A WebVTT file (`.vtt`).
#[must_use]
pub fn vtt(cues: &[Cue], language: Language) -> String {
    let mut text = format!("WEBVTT\nKind: captions\nLanguage: {language}\n\n");
    for cue in cues {
        let words = cue
            .text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let (start, end) = (stamp(cue.start, '.'), stamp(cue.end, '.'));
        let _ = write!(text, "{start} --> {end}\n{words}\n\n");
    }
    text
}

/// Hours, minutes, seconds and thousandths.
fn stamp(seconds: f64, separator: char) -> String {
    let milliseconds = (seconds.max(0.0) * 1000.0).round() as u64;
    let (seconds, thousandths) = (milliseconds / 1000, milliseconds % 1000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    format!(
        "{:02}:{:02}:{seconds:02}{separator}{thousandths:03}",
        minutes / 60,
        minutes % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtitle_files_have_their_time_stamps() {
        let cues = [
            Cue {
                start: 0.0,
                end: 1.2345,
                text: "a < b".to_owned(),
            },
            Cue {
                start: 3723.5,
                end: 3725.0,
                text: "two\nlines".to_owned(),
            },
        ];
        assert_eq!(
            srt(&cues),
            "1\n00:00:00,000 --> 00:00:01,235\na < b\n\n\
             2\n01:02:03,500 --> 01:02:05,000\ntwo\nlines\n\n"
        );
        assert_eq!(
            vtt(&cues, Language::En),
            "WEBVTT\nKind: captions\nLanguage: en\n\n\
             00:00:00.000 --> 00:00:01.235\na &lt; b\n\n\
             01:02:03.500 --> 01:02:05.000\ntwo\nlines\n\n"
        );
    }
}
