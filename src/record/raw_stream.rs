//! Frames on their way through a pipe: each with its number, so that one that is shown for long is
//! written once. A Matroska stream of uncompressed pictures, as ffmpeg reads it
//! (<https://www.matroska.org/technical/elements.html>).

use std::io::{Result, Write};

/// Nanoseconds of the stream's unit of time: fine enough to say which frame is meant.
const UNIT: u64 = 10_000;

/// What a pixel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawKind {
    /// Red, green, blue and opacity.
    Rgba,
    /// A plane of brightness and two of colour, of a quarter of its size.
    Yuv420,
}

/// A stream of frames.
pub(super) struct RawStream<W> {
    out: W,
    fps: u32,
}

impl<W: Write> RawStream<W> {
    /// Begins a stream of frames of one size.
    pub(super) fn begin(
        mut out: W,
        kind: RawKind,
        (width, height): (u32, u32),
        fps: u32,
    ) -> Result<Self> {
        let fourcc = match kind {
            RawKind::Rgba => b"RGBA",
            RawKind::Yuv420 => b"I420",
        };
        let head = element(0x1A45_DFA3, &element(0x4282, b"matroska"));
        let info = element(0x1549_A966, &number(0x2A_D7B1, UNIT));
        let video = [
            number(0xB0, u64::from(width)),
            number(0xBA, u64::from(height)),
            element(0x2E_B524, fourcc),
        ];
        let track = [
            number(0xD7, 1),
            number(0x73C5, 1),
            number(0x83, 1),
            number(0x23_E383, 1_000_000_000 / u64::from(fps)),
            element(0x86, b"V_UNCOMPRESSED"),
            element(0xE0, &video.concat()),
        ];
        let tracks = element(0x1654_AE6B, &element(0xAE, &track.concat()));
        // A segment of a size that is not known yet.
        let segment = [
            0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255,
        ];
        out.write_all(&[&head[..], &segment, &info, &tracks].concat())?;
        Ok(Self { out, fps })
    }

    /// Adds the frame of a number. It is shown until the next one that is added.
    pub(super) fn add(&mut self, frame: u64, pixels: &[u8]) -> Result<()> {
        let per_second = 1_000_000_000 / UNIT;
        let fps = u64::from(self.fps);
        let time = number(0xE7, (frame * per_second + fps / 2) / fps);
        // Track 1, no time of its own within the cluster, a key frame.
        let head = [0x81, 0, 0, 0x80];
        let mut block = vec![0xA3];
        block.extend(size(head.len() + pixels.len()));
        block.extend(head);
        let mut cluster = identifier(0x1F43_B675);
        cluster.extend(size(time.len() + block.len() + pixels.len()));
        self.out.write_all(&[cluster, time, block].concat())?;
        self.out.write_all(pixels)
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
        let mut stream = RawStream::begin(&mut bytes, RawKind::Yuv420, (2, 2), 30).unwrap();
        stream.add(0, &[1; 6]).unwrap();
        stream.add(300, &[2; 6]).unwrap();
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
