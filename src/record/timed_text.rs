//! Captions as a file of MP4 with one track of timed text (3GPP TS 26.245): what ffmpeg copies into a video.
//! Made by ffmpeg from SubRip or WebVTT, comparisons, braces and backslashes would be taken for markup
//! (`findings/ffmpeg_srt_comparison.sh`), and the words in them lost.

use crate::narration::{Cue, plain_backslashes};

/// Units of the track's time in a second.
const TIMESCALE: u32 = 1000;

/// The track's number in its file.
const TRACK: u32 = 1;

/// The file of captions, in order and without overlap. Where nothing is read, a sample is empty.
pub(super) fn timed_text(cues: &[Cue]) -> Vec<u8> {
    let units = |seconds: f64| (seconds.max(0.0) * f64::from(TIMESCALE)).round() as u32;
    let mut samples: Vec<(u32, Vec<u8>)> = Vec::new();
    let mut reached = 0;
    for cue in cues {
        let (start, end) = (units(cue.start).max(reached), units(cue.end));
        if end <= start {
            continue;
        }
        if start > reached {
            samples.push((start - reached, sample("")));
        }
        samples.push((end - start, sample(&plain_backslashes(&cue.text))));
        reached = end;
    }
    let head = atom(
        b"ftyp",
        &[b"isom", &0x200_u32.to_be_bytes(), b"isom", b"mp41"],
    );
    // Where the samples lie depends on how long the description is, which does not depend on it.
    let place = head.len() + description(&samples, reached, 0).len() + 8;
    let description = description(&samples, reached, place as u32);
    let samples: Vec<&[u8]> = samples
        .iter()
        .map(|(_, sample)| sample.as_slice())
        .collect();
    [head, description, atom(b"mdat", &samples)].concat()
}

/// A text with its length before it, cut at a character where it is longer than a length can tell.
fn sample(text: &str) -> Vec<u8> {
    let text = &text[..text.floor_char_boundary(usize::from(u16::MAX))];
    [&(text.len() as u16).to_be_bytes(), text.as_bytes()].concat()
}

/// An atom: its length, its name, and what is in it.
fn atom(name: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    [
        &(8 + content.len() as u32).to_be_bytes(),
        &name[..],
        &content,
    ]
    .concat()
}

/// An atom with a version, 0, and flags.
fn full(name: &[u8; 4], flags: u32, content: &[&[u8]]) -> Vec<u8> {
    atom(name, &[&[&flags.to_be_bytes()[..]], content].concat())
}

/// Whole numbers one after another.
fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

/// What is said of the samples, which begin at a place of the file.
fn description(samples: &[(u32, Vec<u8>)], duration: u32, place: u32) -> Vec<u8> {
    let count = samples.len() as u32;
    // Nothing is turned or scaled.
    let matrix = numbers(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]);
    let style = [
        &[0; 6][..],
        &[0, 1],
        // No scrolling; centred at the bottom, on a clear background; in a box of any size.
        &[0; 4],
        &[1, 0xff],
        &[0; 4],
        &[0; 8],
        // For all letters: font 1 of size 16 in white.
        &[0, 0, 0, 0, 0, 1, 0, 16, 0xff, 0xff, 0xff, 0xff],
        &atom(b"ftab", &[&[0, 1, 0, 1, 5], b"Serif"]),
    ];
    let durations = samples
        .iter()
        .flat_map(|(duration, _)| numbers(&[1, *duration]));
    let durations: Vec<u8> = durations.collect();
    let lengths: Vec<u32> = samples
        .iter()
        .map(|(_, sample)| sample.len() as u32)
        .collect();
    let table = atom(
        b"stbl",
        &[
            &full(b"stsd", 0, &[&numbers(&[1]), &atom(b"tx3g", &style)]),
            &full(b"stts", 0, &[&numbers(&[count]), &durations]),
            &full(b"stsc", 0, &[&numbers(&[1, 1, count.max(1), 1])]),
            &full(b"stsz", 0, &[&numbers(&[0, count]), &numbers(&lengths)]),
            &full(b"stco", 0, &[&numbers(&[1, place])]),
        ],
    );
    let here = full(b"dref", 0, &[&numbers(&[1]), &full(b"url ", 1, &[])]);
    let media = atom(
        b"minf",
        &[&full(b"nmhd", 0, &[]), &atom(b"dinf", &[&here]), &table],
    );
    // A language that is not said; the video's track has it.
    let undetermined = [0x55, 0xc4, 0, 0];
    let media = atom(
        b"mdia",
        &[
            &full(
                b"mdhd",
                0,
                &[&numbers(&[0, 0, TIMESCALE, duration]), &undetermined],
            ),
            &full(b"hdlr", 0, &[&[0; 4], b"sbtl", &[0; 13]]),
            &media,
        ],
    );
    let track = full(
        b"tkhd",
        3,
        &[
            &numbers(&[0, 0, TRACK, 0, duration]),
            &[0; 16],
            &matrix,
            &[0; 8],
        ],
    );
    let movie = [
        &numbers(&[0, 0, TIMESCALE, duration, 0x1_0000])[..],
        &[1, 0],
        &[0; 10],
        &matrix,
        &[0; 24],
        &numbers(&[TRACK + 1]),
    ];
    atom(
        b"moov",
        &[&full(b"mvhd", 0, &movie), &atom(b"trak", &[&track, &media])],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn cue(start: f64, end: f64, text: &str) -> Cue {
        Cue {
            start,
            end,
            text: text.to_owned(),
        }
    }

    const TEXTS: [&str; 7] = [
        "If stride<kernel & a>b",
        "set {y:i} and {\\an8}x",
        "C:\\new\\Nope \\h \\\\ end \\",
        "Vec<f32>, <i>it</i>,\n&lt; and 3x3 --> 1x1",
        "{}",
        "「畳み込み」は<速い>",
        "1 < 2\\n",
    ];

    /// Texts and times of a file's captions, as ffmpeg copies them out of it.
    fn copied(file: &std::path::Path) -> Vec<String> {
        let raw = Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(file)
            .args(["-map", "0:s:0", "-c", "copy", "-f", "data", "-"])
            .output()
            .unwrap();
        assert!(raw.status.success(), "{raw:?}");
        let mut rest = raw.stdout.as_slice();
        let mut texts = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<2>() {
            let (text, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
            let text = String::from_utf8(text.to_vec()).unwrap();
            texts.push(text.replace('\u{2060}', ""));
            rest = after;
        }
        texts
    }

    #[test]
    fn ffmpeg_copies_every_sign_and_every_time() {
        let folder = tempfile::tempdir().unwrap();
        let (own, made) = (
            folder.path().join("own.mp4"),
            folder.path().join("made.mp4"),
        );
        let starts = TEXTS.iter().enumerate();
        let cues: Vec<Cue> = starts
            .map(|(place, text)| cue(place as f64 + 0.25, place as f64 + 0.75, text))
            .collect();
        std::fs::write(&own, timed_text(&cues)).unwrap();
        let filled = copied(&own);
        let texts: Vec<&String> = filled.iter().filter(|text| !text.is_empty()).collect();
        assert_eq!(texts, TEXTS.iter().collect::<Vec<_>>());
        let muxed = Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(&own)
            .args(["-map", "0", "-c", "copy"])
            .args(super::super::assembly::COPIED_TIMED_TEXT)
            .args(["-metadata:s:s:0", "language=jpn"])
            .arg(&made)
            .output()
            .unwrap();
        assert!(muxed.status.success(), "{muxed:?}");
        assert_eq!(copied(&made), filled);
        let packets = Command::new("ffprobe")
            .args([
                "-v",
                "error",
                "-show_entries",
                "packet=pts_time,duration_time,size",
                "-of",
                "csv=p=0",
            ])
            .arg(&made)
            .output()
            .unwrap();
        let packets = String::from_utf8(packets.stdout).unwrap();
        let of_texts: Vec<&str> = packets
            .lines()
            .filter(|line| !line.ends_with(",2"))
            .collect();
        assert_eq!(of_texts.len(), TEXTS.len(), "{packets}");
        for (place, line) in of_texts.into_iter().enumerate() {
            assert!(
                line.starts_with(&format!("{place}.250000,0.500000,")),
                "{line}"
            );
        }
    }
}
