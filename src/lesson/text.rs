//! Narration text: marks, readings, and what is left of them on screen and in the voice.
//!
//! `The filter [drop] lands` carries a mark named `drop`. `{格子|こうし}` is written 格子 and spoken
//! こうし. `[pause 0.5]` is half a second of silence. `\[`, `\{` and `\\` stand for themselves; a RON text
//! writes each backslash twice.

use std::ops::RangeInclusive;

use crate::language::{Localized, Message, message_error, says};

/// Stands in [`Narration::spoken`] for [`PAUSE_SECONDS`] of silence: a character that no text has, so
/// that whoever measures or cuts the text meets it where it is.
pub const PAUSE: char = '\u{E000}';

/// Seconds of silence that one [`PAUSE`] stands for.
pub const PAUSE_SECONDS: f64 = 0.05;

/// Seconds that a pause may last.
const PAUSES: RangeInclusive<f64> = 0.1..=10.0;

/// A narration text, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Narration {
    /// The words as captions show them.
    pub display: String,
    /// The words as a voice gets them, with readings in place of what they annotate.
    pub spoken: String,
    /// The marks, in the order in which they stand.
    pub marks: Vec<Mark>,
}

/// A named place inside a narration text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its name.
    pub name: String,
    /// Where it stands in [`Narration::spoken`], in bytes.
    pub spoken_offset: usize,
}

/// A text that cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextError {
    /// `[` or `{` without its end.
    Unclosed {
        /// The opening bracket.
        open: char,
        /// Where it stands in the source text, in bytes.
        offset: usize,
    },
    /// `{…}` without a `|`.
    NoReading {
        /// What stands between the braces.
        inside: String,
        /// Where the brace stands in the source text, in bytes.
        offset: usize,
    },
    /// A pause that is none.
    BadPause {
        /// What stands for its seconds.
        seconds: String,
        /// Where it stands in the source text, in bytes.
        offset: usize,
    },
    /// A mark with an empty name, or the same name twice.
    BadMark {
        /// The name.
        name: String,
        /// Where the mark stands in the source text, in bytes.
        offset: usize,
    },
}

impl Message for TextError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Unclosed { open, .. } => says!(
                en: "`{open}` is never closed; for the character itself write a backslash before it, which in a RON text is `\\\\{open}`",
                ja: "`{open}` が閉じられていません。文字そのものを書くには前にバックスラッシュを置きます。RON の文字列では `\\\\{open}` です"
            ),
            Self::NoReading { inside, .. } if inside.contains('｜') => says!(
                en: "`{{{inside}}}` has no reading; write the half-width `|`, not the full-width one",
                ja: "`{{{inside}}}` に読みがありません。`｜` ではなく、半角の `|` を書いてください"
            ),
            Self::NoReading { inside, .. } => says!(
                en: "`{{{inside}}}` has no reading; write `{{written|spoken}}`",
                ja: "`{{{inside}}}` に読みがありません。`{{表記|読み}}` と書いてください"
            ),
            Self::BadPause { seconds, .. } => says!(
                en: "`[pause {seconds}]` is not a pause: write its seconds, from 0.1 to 10, as in `[pause 0.5]`, between two words; silence after the text is a beat of its own, `Hold(0.5)`",
                ja: "`[pause {seconds}]` は間として読めません。0.1 から 10 までの秒数を `[pause 0.5]` のように、語と語の間に書いてください。文の後の間は `Hold(0.5)` というビートにします"
            ),
            Self::BadMark { name, .. } if name.is_empty() => says!(
                en: "a mark `[]` needs a name",
                ja: "印 `[]` には名前が必要です"
            ),
            Self::BadMark { name, .. } => says!(
                en: "the mark `[{name}]` must have a name of its own",
                ja: "印 `[{name}]` の名前が重なっています"
            ),
        }
    }
}

message_error!(TextError);

impl TextError {
    /// Where in the text the mistake stands, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        match self {
            Self::Unclosed { offset, .. }
            | Self::NoReading { offset, .. }
            | Self::BadPause { offset, .. }
            | Self::BadMark { offset, .. } => *offset,
        }
    }
}

impl Narration {
    /// Takes a text apart.
    ///
    /// # Errors
    /// A bracket that is never closed, a reading without a `|`, a mark without a name of its own.
    pub fn parse(source: &str) -> Result<Self, TextError> {
        let mut text = Self::default();
        let mut rest = source;
        while let Some(character) = rest.chars().next() {
            let offset = source.len() - rest.len();
            rest = &rest[character.len_utf8()..];
            match character {
                '\\' if rest.starts_with(['[', '{', '\\']) => {
                    let escaped = &rest[..1];
                    text.display.push_str(escaped);
                    text.spoken.push_str(escaped);
                    rest = &rest[1..];
                }
                '[' => {
                    let Some((name, after)) = rest.split_once(']') else {
                        return Err(TextError::Unclosed { open: '[', offset });
                    };
                    let name = name.trim();
                    if let Some(seconds) = name.strip_prefix("pause ") {
                        text.pause(seconds.trim(), after)
                            .ok_or_else(|| TextError::BadPause {
                                seconds: seconds.trim().to_owned(),
                                offset,
                            })?;
                        rest = text.without_second_space(after);
                        continue;
                    }
                    if name.is_empty() || text.marks.iter().any(|mark| mark.name == name) {
                        return Err(TextError::BadMark {
                            name: name.to_owned(),
                            offset,
                        });
                    }
                    text.marks.push(Mark {
                        name: name.to_owned(),
                        spoken_offset: text.spoken.len(),
                    });
                    rest = text.without_second_space(after);
                }
                '{' => {
                    let Some((inside, after)) = rest.split_once('}') else {
                        return Err(TextError::Unclosed { open: '{', offset });
                    };
                    let Some((written, spoken)) = inside.split_once('|') else {
                        return Err(TextError::NoReading {
                            inside: inside.to_owned(),
                            offset,
                        });
                    };
                    text.display.push_str(written);
                    text.spoken.push_str(spoken);
                    rest = after;
                }
                other => {
                    text.display.push(other);
                    text.spoken.push(other);
                }
            }
        }
        Ok(text)
    }

    /// Adds a pause, if it is one and stands between two words.
    fn pause(&mut self, seconds: &str, after: &str) -> Option<()> {
        let seconds: f64 = seconds.parse().ok()?;
        let between = !self.display.trim().is_empty() && !after.trim().is_empty();
        if !between || !PAUSES.contains(&seconds) {
            return None;
        }
        let count = (seconds / PAUSE_SECONDS).round() as usize;
        self.spoken.extend(std::iter::repeat_n(PAUSE, count));
        Some(())
    }

    /// What follows a mark or a pause: between two spaces it leaves only one of them.
    fn without_second_space<'a>(&self, after: &'a str) -> &'a str {
        match after.strip_prefix(' ') {
            Some(rest) if self.display.is_empty() || self.display.ends_with(' ') => rest,
            _ => after,
        }
    }

    /// The mark of this name.
    #[must_use]
    pub fn mark(&self, name: &str) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_leave_no_trace_in_what_is_shown_or_spoken() {
        let text = Narration::parse("The filter [drop] lands [sum]here.").unwrap();
        assert_eq!(text.display, "The filter lands here.");
        assert_eq!(text.spoken, text.display);
        assert_eq!(
            text.mark("drop").unwrap().spoken_offset,
            "The filter ".len()
        );
        assert_eq!(
            text.mark("sum").unwrap().spoken_offset,
            "The filter lands ".len()
        );
    }

    #[test]
    fn a_reading_is_spoken_and_its_writing_shown() {
        let text = Narration::parse("{格子|こうし}を[a]見る").unwrap();
        assert_eq!(text.display, "格子を見る");
        assert_eq!(text.spoken, "こうしを見る");
        assert_eq!(text.mark("a").unwrap().spoken_offset, "こうしを".len());
    }

    #[test]
    fn a_pause_is_silence_and_nothing_is_shown_of_it() {
        let text = Narration::parse("One [pause 0.5] two [m][pause 1]three").unwrap();
        assert_eq!(text.display, "One two three");
        let silence = |count| PAUSE.to_string().repeat(count);
        assert_eq!(
            text.spoken,
            format!("One {}two {}three", silence(10), silence(20))
        );
        assert_eq!(text.marks.len(), 1);
        // A mark may have the name all the same.
        assert!(
            Narration::parse("a [pause]b")
                .unwrap()
                .mark("pause")
                .is_some()
        );
        for wrong in [
            "a [pause x]b",
            "a [pause 0]b",
            "a [pause 11]b",
            "a [pause 1]",
            "[pause 1]a",
        ] {
            let error = Narration::parse(wrong).unwrap_err();
            assert!(matches!(error, TextError::BadPause { .. }), "{wrong}");
            assert!(error.to_string().contains("[pause 0.5]"), "{error}");
        }
    }

    #[test]
    fn brackets_can_be_escaped() {
        assert_eq!(Narration::parse(r"\[3\]").unwrap().display, r"[3\]");
        assert_eq!(Narration::parse(r"\{x}").unwrap().display, "{x}");
    }

    #[test]
    fn mistakes_say_where_they_are() {
        assert_eq!(
            Narration::parse("ab [c").unwrap_err(),
            TextError::Unclosed {
                open: '[',
                offset: 3
            }
        );
        let wide = Narration::parse("{角｜かど}").unwrap_err().to_string();
        assert!(wide.contains("half-width"), "{wide}");
        assert!(matches!(
            Narration::parse("a{b}").unwrap_err(),
            TextError::NoReading { offset: 1, .. }
        ));
        assert!(matches!(
            Narration::parse("[a] [a]").unwrap_err(),
            TextError::BadMark { offset: 4, .. }
        ));
    }
}
