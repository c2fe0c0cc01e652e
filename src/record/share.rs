//! What one machine draws of a recording, as a file that `tensorama join` puts together with the others.

use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::assembly::{comment, count_frames};
use super::encoder::EncodeError;
use super::format::Format;
use super::identity::{Identity, Note};
use super::part::FrameRange;
use super::segment;
use super::work::listed;
use crate::language::{Localized, Message, Told, message_error, says};

/// Which frames a machine draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// These, counted in the whole lesson.
    Frames(RangeInclusive<u64>),
    /// The share of this number, counted from 1, of so many.
    Numbered {
        /// Its number.
        number: u64,
        /// Of how many.
        of: u64,
    },
}

/// Shares that cannot be made or put together.
#[derive(Debug)]
pub enum ShareError {
    /// The recording has no such frames.
    Frames {
        /// What it has.
        has: Range<u64>,
        /// What was asked for.
        asked: RangeInclusive<u64>,
    },
    /// Pictures for pages are made in one piece.
    Format {
        /// What was asked for.
        format: Format,
    },
    /// A file is no share.
    NoShare {
        /// The file.
        path: PathBuf,
        /// What ffmpeg says about it, if anything.
        why: Option<Box<EncodeError>>,
    },
    /// A share holds fewer frames than it should.
    Torn {
        /// The file.
        path: PathBuf,
        /// How many frames are in it.
        found: u64,
        /// How many should be.
        wanted: u64,
    },
    /// Two shares are not of the same recording.
    Mixed {
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// What is different, in words.
        differences: Vec<Localized<String>>,
    },
    /// The shares are of another recording than the lesson at hand makes.
    Other {
        /// The file.
        path: PathBuf,
        /// What is different, in words.
        differences: Vec<Localized<String>>,
    },
    /// Frames are missing.
    Missing {
        /// Which.
        missing: Vec<Range<u64>>,
    },
    /// Frames are there twice.
    Twice {
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// The first frame that is in both.
        frame: u64,
    },
    /// Nothing was given.
    None,
}

impl Message for ShareError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Frames { has, asked } => {
                let (first, last) = (has.start, has.end - 1);
                let (start, end) = (asked.start(), asked.end());
                says!(
                    en: "the recording has the frames {first}..{last}, not {start}..{end}",
                    ja: "録画のフレームは {first}..{last} で、{start}..{end} ではありません"
                )
            }
            Self::Format { format } => {
                let extension = format.extension();
                says!(
                    en: "a .{extension} file cannot be made in shares; only .mp4 and .webm can",
                    ja: ".{extension} ファイルは分担して作れません。できるのは .mp4 と .webm です"
                )
            }
            Self::NoShare { path, why } => {
                let path = path.display();
                let why = match why {
                    Some(why) => {
                        let why = why.message();
                        says!(with [why]; en: " ({why})", ja: " ({why})")
                    }
                    None => Localized::default(),
                };
                says!(
                    with [why];
                    en: "{path}: this is not a share of a recording; make one with `tensorama record LESSON --share 1/4 -o FILE`{why}",
                    ja: "{path}: 録画の分担ではありません。`tensorama record LESSON --share 1/4 -o FILE` で作ってください{why}"
                )
            }
            Self::Torn {
                path,
                found,
                wanted,
            } => {
                let path = path.display();
                says!(
                    en: "{path}: the share has only {found} of its {wanted} frames; record it again",
                    ja: "{path}: 分担のフレームが {wanted} のうち {found} しかありません。もう一度録画してください"
                )
            }
            Self::Mixed {
                first,
                second,
                differences,
            } => {
                let (first, second) = (first.display(), second.display());
                let differences = listed(differences);
                says!(
                    with [differences];
                    en: "{first} and {second} are not shares of the same recording: {differences}",
                    ja: "{first} と {second} は同じ録画の分担ではありません: {differences}"
                )
            }
            Self::Other { path, differences } => {
                let path = path.display();
                let differences = listed(differences);
                says!(
                    with [differences];
                    en: "{path} is a share of another recording than this lesson and voice make here: {differences}",
                    ja: "{path} は、このレッスンと声で作る録画の分担ではありません: {differences}"
                )
            }
            Self::Missing { missing } => {
                let frames = ranges(missing);
                let first = missing.first().map_or_else(String::new, |first| {
                    format!("{}..{}", first.start, first.end - 1)
                });
                says!(
                    en: "the shares lack the frames {frames}: record them with `--frames {first}`",
                    ja: "フレーム {frames} が足りません。`--frames {first}` で録画してください"
                )
            }
            Self::Twice {
                first,
                second,
                frame,
            } => {
                let (first, second) = (first.display(), second.display());
                says!(
                    en: "{first} and {second} both contain frame {frame}; give only one of them",
                    ja: "{first} と {second} の両方にフレーム {frame} があります。どちらか一方だけを指定してください"
                )
            }
            Self::None => says!(
                en: "there are no shares to join",
                ja: "つなぐ分担がありません"
            ),
        }
    }
}

message_error!(ShareError);

fn ranges(ranges: &[Range<u64>]) -> String {
    let each = ranges
        .iter()
        .map(|range| format!("{}..{}", range.start, range.end - 1));
    each.collect::<Vec<_>>().join(", ")
}

impl FromStr for Share {
    type Err = Told;

    fn from_str(text: &str) -> Result<Self, Told> {
        let wrong = || {
            Told(says!(
                en: "`{text}` is not a share; write 2/8 for the second of eight",
                ja: "`{text}` は分担になりません。8 つのうちの 2 つ目なら 2/8 と書いてください"
            ))
        };
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let number = number.parse().map_err(|_| wrong())?;
        let of = of.parse().map_err(|_| wrong())?;
        if number == 0 || number > of {
            return Err(wrong());
        }
        Ok(Self::Numbered { number, of })
    }
}

impl Share {
    /// Its frames of a recording; `None` where there are so many shares that none are left for it.
    pub(super) fn of(&self, frame_range: &FrameRange) -> Result<Option<Range<u64>>, ShareError> {
        match self {
            Self::Numbered { number, of } => Ok(segment::share(
                &frame_range.frames,
                frame_range.fps,
                *number,
                *of,
            )),
            Self::Frames(asked) => {
                let has = frame_range.frames.clone();
                if asked.is_empty() || *asked.start() < has.start || *asked.end() >= has.end {
                    let asked = asked.clone();
                    return Err(ShareError::Frames { has, asked });
                }
                Ok(Some(*asked.start()..*asked.end() + 1))
            }
        }
    }
}

/// Shares of one recording, in order and complete.
pub(super) struct Shares {
    /// The recording.
    pub(super) identity: Identity,
    /// The files.
    pub(super) files: Vec<PathBuf>,
}

impl Shares {
    /// Looks at files: shares of the same recording, whole, that adjoin and lack nothing.
    pub(super) fn open(files: &[PathBuf]) -> Result<Self, ShareError> {
        let mut shares = Vec::new();
        for file in files {
            shares.push((note_of(file)?, file.clone()));
        }
        let Some((first, first_file)) = shares.first().cloned() else {
            return Err(ShareError::None);
        };
        for (note, file) in &shares {
            if note.tensorama != first.tensorama {
                return Err(ShareError::Mixed {
                    first: first_file,
                    second: file.clone(),
                    differences: first.tensorama.differences(&note.tensorama),
                });
            }
        }
        shares.sort_by_key(|(note, _)| note.frames);
        let whole = first.tensorama.frame_range().frames;
        let mut missing = Vec::new();
        let mut next = whole.start;
        let mut before: Option<&Path> = None;
        for (note, file) in &shares {
            let (start, end) = note.frames;
            if let Some(before) = before.filter(|_| start < next) {
                return Err(ShareError::Twice {
                    first: before.to_owned(),
                    second: file.clone(),
                    frame: start,
                });
            }
            if start > next {
                missing.push(next..start);
            }
            next = end;
            before = Some(file);
        }
        if next < whole.end {
            missing.push(next..whole.end);
        }
        if !missing.is_empty() {
            return Err(ShareError::Missing { missing });
        }
        Ok(Self {
            identity: first.tensorama,
            files: shares.into_iter().map(|(_, file)| file).collect(),
        })
    }
}

/// A file that is no share, or cannot be read.
fn no_share(file: &Path, why: Option<EncodeError>) -> ShareError {
    ShareError::NoShare {
        path: file.to_owned(),
        why: why.map(Box::new),
    }
}

/// What a share says of itself.
pub(super) fn said_by(file: &Path) -> Result<Note, ShareError> {
    let text = comment(file).map_err(|why| no_share(file, Some(why)))?;
    serde_json::from_str(&text).map_err(|_| no_share(file, None))
}

/// What a share says of itself, and whether all its frames are there.
fn note_of(file: &Path) -> Result<Note, ShareError> {
    let note = said_by(file)?;
    let wanted = note.frames.1.saturating_sub(note.frames.0);
    let found = count_frames(file).map_err(|why| no_share(file, Some(why)))?;
    if found != wanted {
        return Err(ShareError::Torn {
            path: file.to_owned(),
            found,
            wanted,
        });
    }
    Ok(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_as_people_say_it() {
        let second = Share::Numbered { number: 2, of: 8 };
        assert_eq!("2/8".parse(), Ok(second));
        for wrong in ["0/8", "9/8", "2", "2/", "a/b"] {
            let message = wrong.parse::<Share>().unwrap_err();
            assert!(message.to_string().contains("2/8"), "{message}");
        }
    }

    #[test]
    fn frames_that_are_not_there_are_named_with_those_that_are() {
        let frame_range = FrameRange {
            frames: 30..90,
            of: 300,
            fps: 30,
        };
        assert_eq!(
            Share::Frames(40..=49).of(&frame_range).unwrap(),
            Some(40..50)
        );
        for wrong in [20..=40, 80..=90] {
            let message = Share::Frames(wrong)
                .of(&frame_range)
                .unwrap_err()
                .to_string();
            assert!(message.contains("30..89"), "{message}");
        }
    }
}
