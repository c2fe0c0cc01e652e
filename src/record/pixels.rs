//! How the pixels of a frame lie in memory: as they were drawn, or as videos keep them.

use std::ops::Range;

use bevy::math::UVec2;
use yuv::{
    BufferStoreMut, YuvConversionMode, YuvPlanarImageMut, YuvRange, YuvStandardMatrix,
    rgba_to_yuv420,
};

use super::format::Format;
use crate::language::{Localized, says};

/// A frame's bytes, from the top left, without gaps.
pub type FramePixels = Vec<u8>;

/// What the bytes of a frame are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// Rows of red, green, blue and opacity.
    Rgba,
    /// All of the brightness, then both colours at half the width and height: BT.709, limited range.
    Yuv420,
}

impl PixelFormat {
    /// What an encoder of a format is given.
    #[must_use]
    pub const fn of(format: Format) -> Self {
        if format.is_video() {
            Self::Yuv420
        } else {
            Self::Rgba
        }
    }

    /// How many bytes a frame has.
    const fn bytes(self, size: UVec2) -> usize {
        let (width, height) = (size.x as usize, size.y as usize);
        match self {
            Self::Rgba => width * height * 4,
            Self::Yuv420 => width * height + 2 * width.div_ceil(2) * height.div_ceil(2),
        }
    }

    /// Where in a frame's bytes rows of it lie. Both ends of the rows are even, or the end of the frame.
    pub(super) fn places(self, size: UVec2, rows: &Range<u32>) -> [Range<usize>; 3] {
        let band = |from: u32, to: u32, row: u32| (from * row) as usize..(to * row) as usize;
        match self {
            Self::Rgba => [band(rows.start, rows.end, size.x * 4), 0..0, 0..0],
            Self::Yuv420 => {
                let half_width = size.x.div_ceil(2);
                let bright = (size.x * size.y) as usize;
                let coloured = (half_width * size.y.div_ceil(2)) as usize;
                let half = band(rows.start / 2, rows.end.div_ceil(2), half_width);
                let after = |skipped: usize| half.start + skipped..half.end + skipped;
                [
                    band(rows.start, rows.end, size.x),
                    after(bright),
                    after(bright + coloured),
                ]
            }
        }
    }

    /// Reads rows of a frame out of the driver's memory, which holds these alone, a row of red, green,
    /// blue and opacity in `padded_row` bytes; other rows stay as they are. Both ends of the rows are
    /// even, or the end of the frame.
    ///
    /// # Errors
    /// The memory holds no such rows.
    pub(super) fn read(
        self,
        drawn: &[u8],
        padded_row: usize,
        size: UVec2,
        rows: Range<u32>,
        frame_pixels: &mut FramePixels,
    ) -> Result<(), Localized<String>> {
        frame_pixels.resize(self.bytes(size), 0);
        if rows.is_empty() {
            return Ok(());
        }
        match self {
            Self::Rgba => {
                let row = size.x as usize * 4;
                let [place, ..] = self.places(size, &rows);
                let kept = frame_pixels[place].chunks_exact_mut(row);
                for (line, drawn) in kept.zip(drawn.chunks_exact(padded_row)).take(rows.len()) {
                    line.copy_from_slice(&drawn[..row]);
                }
                Ok(())
            }
            Self::Yuv420 => convert(drawn, padded_row, size, rows, frame_pixels),
        }
    }
}

/// Whole rows, so that the same is worked out for each pixel whatever rows there are.
fn convert(
    drawn: &[u8],
    padded_row: usize,
    size: UVec2,
    rows: Range<u32>,
    frame_pixels: &mut FramePixels,
) -> Result<(), Localized<String>> {
    let places = PixelFormat::Yuv420.places(size, &rows);
    let (width, half_width) = (size.x, size.x.div_ceil(2));
    let [y, u, v] = frame_pixels
        .get_disjoint_mut(places)
        .map_err(|error| unconverted(&error))?;
    let mut image = YuvPlanarImageMut {
        y_plane: BufferStoreMut::Borrowed(y),
        y_stride: width,
        u_plane: BufferStoreMut::Borrowed(u),
        u_stride: half_width,
        v_plane: BufferStoreMut::Borrowed(v),
        v_stride: half_width,
        width,
        height: rows.end - rows.start,
    };
    rgba_to_yuv420(
        &mut image,
        drawn,
        padded_row as u32,
        YuvRange::Limited,
        YuvStandardMatrix::Bt709,
        YuvConversionMode::Balanced,
    )
    .map_err(|error| unconverted(&error))
}

fn unconverted(error: &dyn std::fmt::Debug) -> Localized<String> {
    says!(
        en: "the frame could not be converted for a video: {error:?}",
        ja: "フレームをビデオ用に変換できません: {error:?}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_without_the_gaps_between_its_rows() {
        // Two rows of two pixels, each row padded to 12 bytes.
        let drawn: Vec<u8> = (0..24).collect();
        let mut frame_pixels = vec![9; 99];
        PixelFormat::Rgba
            .read(&drawn, 12, UVec2::new(2, 2), 0..2, &mut frame_pixels)
            .unwrap();
        assert_eq!(
            frame_pixels,
            [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19]
        );
    }

    #[test]
    fn rows_that_are_read_by_themselves_are_what_they_are_in_the_whole() {
        let size = UVec2::new(102, 8);
        let padded_row = 512;
        let drawn: Vec<u8> = (0..8 * padded_row)
            .map(|at| (at * 37 % 251) as u8)
            .collect();
        for pixel_format in [PixelFormat::Rgba, PixelFormat::Yuv420] {
            let mut whole = FramePixels::new();
            let all = pixel_format.read(&drawn, padded_row, size, 0..8, &mut whole);
            all.unwrap();
            let mut pieces = FramePixels::new();
            for rows in [4..8, 0..2, 2..4] {
                let from = &drawn[rows.start as usize * padded_row..];
                let read = pixel_format.read(from, padded_row, size, rows, &mut pieces);
                read.unwrap();
            }
            assert_eq!(pieces, whole, "{pixel_format:?}");
        }
    }

    #[test]
    fn a_video_s_picture_has_the_values_of_bt_709() {
        // White, black, and red, four pixels of each, in rows of 256 bytes.
        let mut drawn = vec![0; 512];
        for row in drawn.chunks_exact_mut(256) {
            for (pixel, colour) in row.chunks_exact_mut(4).zip([255, 255, 0, 0, 1, 1]) {
                pixel.copy_from_slice(&match colour {
                    1 => [255, 0, 0, 255],
                    grey => [grey, grey, grey, 255],
                });
            }
        }
        let mut frame_pixels = FramePixels::new();
        PixelFormat::Yuv420
            .read(&drawn, 256, UVec2::new(6, 2), 0..2, &mut frame_pixels)
            .unwrap();
        // ITU-R BT.709-6, 8 bits: white 235, black 16, red 63; red's colours 102 and 240.
        let wanted = [
            235, 235, 16, 16, 63, 63, 235, 235, 16, 16, 63, 63, 128, 128, 102, 128, 128, 240,
        ];
        assert_eq!(frame_pixels.len(), wanted.len());
        for (value, wanted) in frame_pixels.iter().zip(wanted) {
            assert!(value.abs_diff(wanted) <= 1, "{frame_pixels:?}");
        }
    }

    #[test]
    fn memory_that_is_too_small_is_told() {
        let mut frame_pixels = FramePixels::new();
        let short =
            PixelFormat::Yuv420.read(&[0; 64], 256, UVec2::new(6, 2), 0..2, &mut frame_pixels);
        assert!(short.is_err());
    }
}
