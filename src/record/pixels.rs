//! How the pixels of a frame lie in memory: as they were drawn, or as videos keep them.

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

    /// Reads a frame out of the driver's memory, where a row of red, green, blue and opacity has
    /// `padded_row` bytes: the one time that it is copied.
    ///
    /// # Errors
    /// The memory is no such frame.
    pub(super) fn read(
        self,
        drawn: &[u8],
        padded_row: usize,
        size: UVec2,
        frame_pixels: &mut FramePixels,
    ) -> Result<(), Localized<String>> {
        match self {
            Self::Rgba => {
                let row = size.x as usize * 4;
                frame_pixels.clear();
                frame_pixels.reserve_exact(row * size.y as usize);
                for line in drawn.chunks_exact(padded_row) {
                    frame_pixels.extend_from_slice(&line[..row]);
                }
                Ok(())
            }
            Self::Yuv420 => convert(drawn, padded_row, size, frame_pixels),
        }
    }
}

fn convert(
    drawn: &[u8],
    padded_row: usize,
    size: UVec2,
    frame_pixels: &mut FramePixels,
) -> Result<(), Localized<String>> {
    let (width, height) = (size.x, size.y);
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let bright = (width * height) as usize;
    let coloured = (half_width * half_height) as usize;
    frame_pixels.resize(bright + 2 * coloured, 0);
    let (y, rest) = frame_pixels.split_at_mut(bright);
    let (u, v) = rest.split_at_mut(coloured);
    let mut image = YuvPlanarImageMut {
        y_plane: BufferStoreMut::Borrowed(y),
        y_stride: width,
        u_plane: BufferStoreMut::Borrowed(u),
        u_stride: half_width,
        v_plane: BufferStoreMut::Borrowed(v),
        v_stride: half_width,
        width,
        height,
    };
    rgba_to_yuv420(
        &mut image,
        drawn,
        padded_row as u32,
        YuvRange::Limited,
        YuvStandardMatrix::Bt709,
        YuvConversionMode::Balanced,
    )
    .map_err(|error| {
        says!(
            en: "the frame could not be converted for a video: {error:?}",
            ja: "フレームをビデオ用に変換できません: {error:?}"
        )
    })
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
            .read(&drawn, 12, UVec2::new(2, 2), &mut frame_pixels)
            .unwrap();
        assert_eq!(
            frame_pixels,
            [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19]
        );
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
            .read(&drawn, 256, UVec2::new(6, 2), &mut frame_pixels)
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
        let short = PixelFormat::Yuv420.read(&[0; 64], 256, UVec2::new(6, 2), &mut frame_pixels);
        assert!(short.is_err());
    }
}
