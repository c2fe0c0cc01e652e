//! Frames in a Matroska stream, each with its number: uncompressed on their way to ffmpeg, so that one that
//! is shown for long is written once, and encoded ones in the file of a segment
//! (<https://www.matroska.org/technical/elements.html>).

use std::io::{Result, Write};

/// Nanoseconds of the stream's unit of time: fine enough to say which frame is meant.
const UNIT: u64 = 10_000;

/// How the stream keeps a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Codec {
    /// Red, green, blue and opacity of each pixel.
    Rgba,
    /// A plane of brightness and two of colour, of a quarter of its size.
    Yuv420,
    /// H.264; with what a decoder is told first, in the form of an `avcC` box.
    H264(Vec<u8>),
}

/// A stream of frames.
pub(super) struct Matroska<W> {
    out: W,
    fps: u32,
}

impl<W: Write> Matroska<W> {
    /// Begins a stream of frames of one size; `count` is how many there will be, where that is known.
    pub(super) fn begin(
        mut out: W,
        codec: &Codec,
        (width, height): (u32, u32),
        fps: u32,
        count: Option<u64>,
    ) -> Result<Self> {
        let head = element(0x1A45_DFA3, &element(0x4282, b"matroska"));
        let mut info = number(0x2A_D7B1, UNIT);
        if let Some(count) = count {
            let units = count as f64 * (1_000_000_000 / UNIT) as f64 / f64::from(fps);
            info.extend(element(0x4489, &units.to_be_bytes()));
        }
        let size = [
            number(0xB0, u64::from(width)),
            number(0xBA, u64::from(height)),
        ]
        .concat();
        let coded = |fourcc: &[u8]| {
            let picture = [&size[..], &element(0x2E_B524, fourcc)].concat();
            (&b"V_UNCOMPRESSED"[..], picture, Vec::new())
        };
        let (name, picture, private) = match codec {
            Codec::Rgba => coded(b"RGBA"),
            Codec::Yuv420 => coded(b"I420"),
            Codec::H264(config) => {
                let private = element(0x63A2, config);
                (&b"V_MPEG4/ISO/AVC"[..], size.clone(), private)
            }
        };
        let track = [
            number(0xD7, 1),
            number(0x73C5, 1),
            number(0x83, 1),
            number(0x23_E383, 1_000_000_000 / u64::from(fps)),
            element(0x86, name),
            private,
            element(0xE0, &picture),
        ];
        let tracks = element(0x1654_AE6B, &element(0xAE, &track.concat()));
        // A segment of a size that is not known yet.
        let segment = [
            0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255,
        ];
        let info = element(0x1549_A966, &info);
        out.write_all(&[&head[..], &segment, &info, &tracks].concat())?;
        Ok(Self { out, fps })
    }

    /// Adds the frame of a number. It is shown until the next one that is added; a key frame needs no other.
    pub(super) fn add(&mut self, frame: u64, content: &[u8], is_key: bool) -> Result<()> {
        let per_second = 1_000_000_000 / UNIT;
        let fps = u64::from(self.fps);
        let time = number(0xE7, (frame * per_second + fps / 2) / fps);
        // Track 1, no time of its own within the cluster.
        let head = [0x81, 0, 0, if is_key { 0x80 } else { 0 }];
        let mut block = vec![0xA3];
        block.extend(size(head.len() + content.len()));
        block.extend(head);
        let mut cluster = identifier(0x1F43_B675);
        cluster.extend(size(time.len() + block.len() + content.len()));
        self.out.write_all(&[cluster, time, block].concat())?;
        self.out.write_all(content)
    }

    /// What was written to.
    pub(super) fn into_inner(self) -> W {
        self.out
    }
}

/// An element: its identifier, its size, its content.
fn element(id: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = identifier(id);
    bytes.extend(size(content.len()));
    bytes.extend(content);
    bytes
}

/// An element that is a whole number.
fn number(id: u32, value: u64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

fn identifier(id: u32) -> Vec<u8> {
    let bytes = id.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(3);
    bytes[first..].to_vec()
}

/// A size in eight bytes, of which the first says that they are eight.
fn size(size: usize) -> [u8; 8] {
    let mut bytes = (size as u64).to_be_bytes();
    bytes[0] = 1;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_carries_its_time_and_nothing_is_written_for_the_frames_between() {
        let mut bytes = Vec::new();
        let mut stream = Matroska::begin(&mut bytes, &Codec::Yuv420, (2, 2), 30, None).unwrap();
        stream.add(0, &[1; 6], true).unwrap();
        stream.add(300, &[2; 6], true).unwrap();
        let clusters: Vec<usize> = bytes
            .windows(4)
            .enumerate()
            .filter(|(_, four)| *four == [0x1F, 0x43, 0xB6, 0x75])
            .map(|(place, _)| place)
            .collect();
        assert_eq!(clusters.len(), 2);
        // Ten seconds are a million units.
        let time = &bytes[clusters[1] + 12..clusters[1] + 29];
        assert_eq!(time[0], 0xE7);
        assert_eq!(u64::from_be_bytes(time[9..].try_into().unwrap()), 1_000_000);
        assert!(bytes.ends_with(&[2; 6]));
    }
}
