//! What one machine draws of a recording, as a file that `tensorama join` puts together with the others.

use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

use super::assembly::{comment, count_frames};
use super::encoder::EncodeError;
use super::format::Format;
use super::identity::{Identity, Note};
use super::part::Stretch;
use super::segment;

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
#[derive(Debug, Error)]
pub enum ShareError {
    /// The recording has no such frames.
    #[error("the recording has the frames {}..{}, not {}..{}", has.start, has.end - 1, asked.start(), asked.end())]
    Frames {
        /// What it has.
        has: Range<u64>,
        /// What was asked for.
        asked: RangeInclusive<u64>,
    },
    /// Pictures for pages are made in one piece.
    #[error("a .{} file cannot be made in shares; only .mp4 and .webm can", format.extension())]
    Format {
        /// What was asked for.
        format: Format,
    },
    /// A file is no share.
    #[error(
        "{}: this is no share of a recording; make one by `tensorama record LESSON --share 1/4 -o FILE`{detail}",
        path.display()
    )]
    NoShare {
        /// The file.
        path: PathBuf,
        /// What ffmpeg says to it, if anything.
        detail: String,
    },
    /// A share holds fewer frames than it should.
    #[error("{}: the share has {found} of its {wanted} frames; record it again", path.display())]
    Torn {
        /// The file.
        path: PathBuf,
        /// How many frames are in it.
        found: u64,
        /// How many should be.
        wanted: u64,
    },
    /// Two shares are not of the same recording.
    #[error("{} and {} are not shares of the same recording: {}", first.display(), second.display(), differences.join("; "))]
    Mixed {
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// What is different, in words.
        differences: Vec<String>,
    },
    /// The shares are of another recording than the lesson at hand makes.
    #[error("{} is a share of another recording than this lesson and voice make here: {}", path.display(), differences.join("; "))]
    Other {
        /// The file.
        path: PathBuf,
        /// What is different, in words.
        differences: Vec<String>,
    },
    /// Frames are missing.
    #[error("the shares lack the frames {}: record them by `--frames {}..{}`", ranges(missing), missing[0].start, missing[0].end - 1)]
    Missing {
        /// Which.
        missing: Vec<Range<u64>>,
    },
    /// Frames are there twice.
    #[error("{} and {} both hold the frame {frame}; give one of them only", first.display(), second.display())]
    Twice {
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// The first frame that is in both.
        frame: u64,
    },
    /// Nothing was given.
    #[error("there are no shares to join")]
    None,
}

fn ranges(ranges: &[Range<u64>]) -> String {
    let each = ranges
        .iter()
        .map(|range| format!("{}..{}", range.start, range.end - 1));
    each.collect::<Vec<_>>().join(", ")
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no share; write 2/8 for the second of eight");
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
    pub(super) fn of(&self, stretch: &Stretch) -> Result<Option<Range<u64>>, ShareError> {
        match self {
            Self::Numbered { number, of } => {
                Ok(segment::share(&stretch.frames, stretch.fps, *number, *of))
            }
            Self::Frames(asked) => {
                let has = stretch.frames.clone();
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
        let whole = first.tensorama.stretch().frames;
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

/// What a share says of itself, and whether all its frames are there.
fn note_of(file: &Path) -> Result<Note, ShareError> {
    let no_share = |detail: String| ShareError::NoShare {
        path: file.to_owned(),
        detail,
    };
    let said = |error: EncodeError| no_share(format!(" ({error})"));
    let text = comment(file).map_err(said)?;
    let note: Note = serde_json::from_str(&text).map_err(|_| no_share(String::new()))?;
    let wanted = note.frames.1.saturating_sub(note.frames.0);
    let found = count_frames(file).map_err(said)?;
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
            assert!(message.contains("2/8"), "{message}");
        }
    }

    #[test]
    fn frames_that_are_not_there_are_named_with_those_that_are() {
        let stretch = Stretch {
            frames: 30..90,
            of: 300,
            fps: 30,
        };
        assert_eq!(Share::Frames(40..=49).of(&stretch).unwrap(), Some(40..50));
        for wrong in [20..=40, 80..=90] {
            let message = Share::Frames(wrong).of(&stretch).unwrap_err().to_string();
            assert!(message.contains("30..89"), "{message}");
        }
    }
}
