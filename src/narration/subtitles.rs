//! Captions as subtitle files: SubRip and WebVTT.

use std::fmt::Write;

use super::cues::Cue;
use crate::language::Tongue;

/// Stands, unseen, behind a sign that would begin markup: a word joiner.
const JOINER: char = '\u{2060}';

/// A text that no reader of SubRip takes for markup. The format has no way to say so: a `<` or `{` before a
/// letter begins a tag, which is left out with what follows it, `\N`, `\n` and `\h` are breaks and spaces, `&lt;`
/// is a sign for some, and `-->` stands in a line of times.
fn unmarked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (place, sign) in text.char_indices() {
        plain.push(sign);
        let rest = &text[place + sign.len_utf8()..];
        let next = rest.chars().next();
        let is_markup = match sign {
            '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!')),
            '{' => next.is_some_and(|next| !next.is_whitespace()),
            '\\' => matches!(next, Some('N' | 'n' | 'h')),
            '&' => is_entity(rest),
            '-' => plain.ends_with("--") && next == Some('>'),
            _ => false,
        };
        if is_markup {
            plain.push(JOINER);
        }
    }
    plain
}

/// Whether what stands behind an ampersand makes it an entity of HTML: `lt;`, `#39;`.
fn is_entity(rest: &str) -> bool {
    rest.split_once(';').is_some_and(|(name, _)| {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '#';
        (2..=8).contains(&name.len()) && name.chars().all(is_of_name)
    })
}

/// A text in which no backslash is taken for a command. WebVTT and MP4's timed text know none, but FFmpeg, and with it
/// many players, hands such texts on as ASS, where `\n` is a break and `\{` a brace
/// (`findings/ffmpeg_caption_backslashes.sh`).
pub(crate) fn plain_backslashes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        plain.push(sign);
        let next = signs.peek().copied();
        let begins = |next: char| next.is_ascii_alphabetic() || matches!(next, '{' | '}');
        if sign == '\\' && next.is_some_and(begins) {
            plain.push(JOINER);
        }
    }
    plain
}

/// A SubRip file (`.srt`).
#[must_use]
pub fn srt(cues: &[Cue]) -> String {
    let mut text = String::new();
    for (index, cue) in cues.iter().enumerate() {
        let (start, end) = (stamp(cue.start, ','), stamp(cue.end, ','));
        let words = unmarked(&cue.text);
        // A String takes whatever is written to it.
        let _ = write!(text, "{}\n{start} --> {end}\n{words}\n\n", index + 1);
    }
    text
}

/// A WebVTT file (`.vtt`).
#[must_use]
pub fn vtt(cues: &[Cue], language: impl Into<Tongue>) -> String {
    let language = language.into();
    let mut text = format!("WEBVTT\nKind: captions\nLanguage: {language}\n\n");
    for cue in cues {
        let words = plain_backslashes(&cue.text)
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
    use crate::language::Language;

    #[test]
    fn what_looks_like_markup_is_text() {
        let cue = |text: &str| Cue {
            start: 0.0,
            end: 1.0,
            text: text.to_owned(),
        };
        let text =
            "stride<kernel, Vec<f32>, <i>x</i>, {y:i}, {\\an8}, C:\\new, 1 < 2 && 3 > 2, R&D; &lt;";
        let file = srt(&[cue(text)]);
        assert_eq!(file.replace(JOINER, "").lines().nth(2), Some(text));
        // Read by a reader that knows tags, all of it is there.
        let read = std::process::Command::new("ffmpeg")
            .args([
                "-v", "error", "-f", "srt", "-i", "pipe:0", "-f", "webvtt", "pipe:1",
            ])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn();
        let Ok(mut read) = read else {
            eprintln!("without ffmpeg, the text alone is looked at");
            return;
        };
        std::io::Write::write_all(&mut read.stdin.take().unwrap(), file.as_bytes()).unwrap();
        let read = read.wait_with_output().unwrap();
        let read = String::from_utf8(read.stdout).unwrap().replace(JOINER, "");
        assert!(read.contains(text), "{read}");
    }

    #[test]
    fn a_caption_is_never_a_line_of_times() {
        let text = "00:00:01.000 --> 00:00:02.000";
        let file = srt(&[Cue {
            start: 0.0,
            end: 1.0,
            text: text.to_owned(),
        }]);
        assert_eq!(file.matches("-->").count(), 1);
        assert_eq!(file.replace(JOINER, "").lines().nth(2), Some(text));
    }

    #[test]
    fn backslashes_are_followed_by_what_they_stand_before_and_nothing_is_lost() {
        let text = "C:\\new\\Nope, {\\an8}, \\{, \\\\, \\1, a \\ b, \\";
        let plain = plain_backslashes(text);
        assert_eq!(plain.replace(JOINER, ""), text);
        for command in ["\\n", "\\N", "\\a", "\\{"] {
            assert!(!plain.contains(command), "{command} in {plain}");
        }
        assert!(plain.ends_with(", \\\\, \\1, a \\ b, \\"), "{plain}");
    }

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
        let german: Tongue = "de".parse().unwrap();
        assert!(vtt(&cues, german).contains("\nLanguage: de\n"));
        assert_eq!(
            vtt(&cues, Language::En),
            "WEBVTT\nKind: captions\nLanguage: en\n\n\
             00:00:00.000 --> 00:00:01.235\na &lt; b\n\n\
             01:02:03.500 --> 01:02:05.000\ntwo\nlines\n\n"
        );
    }
}
