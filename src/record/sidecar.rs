//! What stands beside a video's frames and sound: chapters and subtitles, as texts.

use crate::narration::{Cue, srt, vtt};
use crate::timeline::Timeline;

/// The lesson's title and chapters in ffmpeg's metadata format
/// (<https://ffmpeg.org/ffmpeg-formats.html#Metadata-2>).
pub(super) fn chapters(timeline: &Timeline) -> String {
    let mut text = format!(";FFMETADATA1\ntitle={}\n", escaped(&timeline.title));
    for scene in &timeline.scenes {
        let milliseconds = |seconds: f64| (seconds * 1000.0).round() as u64;
        text += &format!(
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
            milliseconds(scene.start),
            milliseconds(scene.end),
            escaped(&scene.title)
        );
    }
    text
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

/// The captions as SubRip and as WebVTT.
pub(super) fn subtitles(timeline: &Timeline) -> (String, String) {
    let cues: Vec<Cue> = timeline
        .captions
        .iter()
        .map(|caption| Cue {
            start: caption.start,
            end: caption.end,
            text: caption.text.clone(),
        })
        .collect();
    (srt(&cues), vtt(&cues, timeline.language))
}
