//! Pictures: decoded, upright, and without what is transparent, as channels from 0 to 1.
//!
//! - As it is shown: turned and mirrored as the file's Exif orientation says, or that of its XMP.
//! - 16 bits stay 16 bits: a grey of 257 of 65535 is not one of 1 of 255.
//! - Grey is ITU-R BT.601's luma in Pillow's whole numbers, `(19595 R + 38470 G + 7471 B + 32768) >> 16`, as
//!   Pillow, torchvision and OpenCV make it; of 16 bits by the same weights.
//! - What is transparent shows what is behind it, white unless another colour is told; which colour a
//!   hidden pixel has is never seen. Blending rounds as Pillow's `paste` does.
//! - Colours are those in the file: neither a profile nor a gamma is applied, as in Pillow and torchvision.
//! - Of a moving picture, the first image.

use std::error::Error;
use std::io::{self, Cursor};

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageFormat};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::content::{Content, Foreign, PictureFormat};
use super::orientation::{orientation, png_chunks, png_exif, png_xmp};
use super::{FileError, FileKind, known};
use crate::language::{Localized, says};
use crate::tensor::{Shape, Tensor};

/// Pixels of a picture, at most, before it is scaled and while it is: 2^26, as 8192 × 8192 has.
pub(super) const MAX_PIXELS: u64 = 1 << 26;

/// What is behind transparent pixels, unless another colour is told.
pub const WHITE: [u8; 3] = [255; 3];

/// A picture as it is shown: upright, in its own colours and depth.
#[derive(Debug, Clone)]
pub struct Picture {
    /// 8 or 16 bits of grey or colour, with alpha where some of it is transparent.
    image: DynamicImage,
}

fn wrong(why: impl ToString) -> FileError {
    FileError::Content {
        kind: FileKind::Picture,
        why: Localized::same(why.to_string()),
    }
}

fn cut_off(why: Localized<String>) -> FileError {
    FileError::CutOff {
        kind: FileKind::Picture,
        why,
    }
}

impl Picture {
    /// Decodes a PNG, JPEG, WebP or BMP picture.
    ///
    /// # Errors
    /// When the bytes are no such picture, or it is too large, damaged or cut off.
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        Self::read_if(bytes, |_| Ok(()))
    }

    /// As [`Picture::read`], if its width and height as it is shown suit. They are known before it is
    /// decoded.
    fn read_if(
        bytes: &[u8],
        check: impl Fn((u32, u32)) -> Result<(), FileError>,
    ) -> Result<Self, FileError> {
        let suits = |(width, height): (u32, u32), orientation: Orientation| {
            if u64::from(width) * u64::from(height) > MAX_PIXELS {
                return Err(FileError::Pixels { width, height });
            }
            check(match orientation {
                Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH => (height, width),
                Orientation::NoTransforms
                | Orientation::Rotate180
                | Orientation::FlipHorizontal
                | Orientation::FlipVertical => (width, height),
            })
        };
        let format = match known(bytes) {
            Ok(Some(Content::Picture(format))) => format,
            Err(FileError::Foreign(Foreign::Text | Foreign::Json)) => {
                // Often what a server answers in place of the picture.
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
                let start: String = start.trim_start().chars().take(50).collect();
                return Err(FileError::Content {
                    kind: FileKind::Picture,
                    why: says!(
                        en: "it is a text that begins with {start:?}",
                        ja: "{start:?} で始まるテキストです"
                    ),
                });
            }
            Ok(
                Some(Content::Npy | Content::Npz | Content::Safetensors | Content::Foreign(_))
                | None,
            ) => {
                return Err(FileError::Content {
                    kind: FileKind::Picture,
                    why: says!(
                        en: "it does not begin as PNG, JPEG, WebP or BMP do",
                        ja: "PNG、JPEG、WebP、BMP のどの始まり方でもありません"
                    ),
                });
            }
            Err(why) => return Err(why),
        };
        let (mut image, orientation) = match format {
            PictureFormat::Jpeg => jpeg(bytes, &suits)?,
            PictureFormat::Png => {
                check_palette(bytes)?;
                decoded(bytes, ImageFormat::Png, png_is_whole, &suits)?
            }
            PictureFormat::WebP => decoded(bytes, ImageFormat::WebP, webp_is_whole, &suits)?,
            PictureFormat::Bmp => decoded(bytes, ImageFormat::Bmp, |_| true, &suits)?,
        };
        image.apply_orientation(orientation);
        Ok(Self {
            image: opaque_if_it_is(image),
        })
    }

    /// Rows and columns.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.image.height() as usize, self.image.width() as usize)
    }

    /// Whether something of it is transparent.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.image.color().has_alpha()
    }

    /// It in its own size, as 1 (grey), 3 (colour) or 4 (colour and alpha) channels from 0 to 1.
    ///
    /// # Errors
    /// When the channels are others, or it is too large for them.
    pub fn tensor(&self, channels: usize, behind: [u8; 3]) -> Result<Tensor, FileError> {
        let (rows, columns) = self.size();
        self.scaled(&Shape::chw(channels, rows, columns)?, behind)
    }

    /// It scaled to a shape of 1, 3 or 4 channels, from 0 to 1.
    ///
    /// # Errors
    /// When the shape is none that a picture has.
    pub fn scaled(&self, shape: &Shape, behind: [u8; 3]) -> Result<Tensor, FileError> {
        let (channels, rows, columns) = picture_axes(shape)?;
        Tensor::check(shape)?;
        scaling_suits((self.image.width(), self.image.height()), rows)?;
        let resized = |image: &DynamicImage| {
            image.resize_exact(columns, rows, image::imageops::FilterType::Triangle)
        };
        if self.is_transparent() && channels == 4 {
            return faded(&self.image, (columns, rows), shape, behind);
        }
        let image = if self.is_transparent() {
            resized(&over(&self.image, behind))
        } else {
            resized(&self.image)
        };
        planes(image, shape)
    }
}

/// A picture in its own size, as `3 × height × width` from 0 to 1.
///
/// # Errors
/// When the bytes are no such picture, or it is too large.
pub fn read_picture(bytes: &[u8]) -> Result<Tensor, FileError> {
    Picture::read(bytes)?.tensor(3, WHITE)
}

/// A picture scaled to a shape of 1, 3 or 4 channels, from 0 to 1.
///
/// # Errors
/// When the bytes are no such picture, or the shape is none that a picture has.
pub fn read_scaled_picture(bytes: &[u8], shape: &Shape) -> Result<Tensor, FileError> {
    let (_, rows, _) = picture_axes(shape)?;
    Tensor::check(shape)?;
    Picture::read_if(bytes, |size| scaling_suits(size, rows))?.scaled(shape, WHITE)
}

/// Channels, rows and columns of a shape that pictures have.
fn picture_axes(shape: &Shape) -> Result<(usize, u32, u32), FileError> {
    if let &[channels @ (1 | 3 | 4), rows, columns] = shape.axes()
        && let (Ok(rows), Ok(columns)) = (u32::try_from(rows), u32::try_from(columns))
    {
        return Ok((channels, rows, columns));
    }
    Err(FileError::PictureShape(*shape))
}

/// Whether scaling takes no more pixels than are allowed: rows are scaled first, columns then.
fn scaling_suits((width, _): (u32, u32), rows: u32) -> Result<(), FileError> {
    if u64::from(width) * u64::from(rows) > MAX_PIXELS {
        return Err(FileError::Scaling { width, rows });
    }
    Ok(())
}

/// Decides by width, height and orientation whether a picture is to be decoded.
type Suits<'a> = dyn Fn((u32, u32), Orientation) -> Result<(), FileError> + 'a;

/// Decodes PNG, WebP or BMP.
fn decoded(
    bytes: &[u8],
    format: ImageFormat,
    is_whole: impl Fn(&[u8]) -> bool,
    suits: &Suits<'_>,
) -> Result<(DynamicImage, Orientation), FileError> {
    let ends = || says!(en: "its end is missing", ja: "終わりの部分がありません");
    let failed = |why: ImageError| {
        if ended_early(&why) {
            cut_off(ends())
        } else {
            wrong(why)
        }
    };
    // What a part claims that is not there, the decoder of WebP would take memory for.
    if !is_whole(bytes) {
        return Err(cut_off(ends()));
    }
    let reader = image::ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (exif, xmp) = if format == ImageFormat::Png {
        (png_exif(bytes), png_xmp(bytes).map(<[u8]>::to_vec))
    } else {
        let exif = decoder.exif_metadata().ok().flatten();
        (exif, decoder.xmp_metadata().ok().flatten())
    };
    let orientation = orientation(exif.as_deref(), xmp.as_deref());
    suits(decoder.dimensions(), orientation)?;
    let image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    Ok((image, orientation))
}

/// Whether there was nothing more to read.
fn ended_early(why: &ImageError) -> bool {
    let end = |error: &io::Error| error.kind() == io::ErrorKind::UnexpectedEof;
    if matches!(why, ImageError::IoError(error) if end(error)) {
        return true;
    }
    let mut cause = why.source();
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(end) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Refuses a PNG file whose palette is none: its decoder takes that for one, and panics (png 0.18.1).
fn check_palette(bytes: &[u8]) -> Result<(), FileError> {
    const MOST: usize = 256 * 3;
    let wrong = |(name, content): &(&[u8; 4], &[u8])| {
        *name == b"PLTE" && (content.len() % 3 != 0 || content.len() > MOST)
    };
    match png_chunks(bytes).find(wrong) {
        None => Ok(()),
        Some((_, content)) => {
            let length = content.len();
            Err(FileError::Content {
                kind: FileKind::Picture,
                why: says!(
                    en: "its palette has {length} bytes, which is no number of colours of 3 bytes up to 256: the file is damaged",
                    ja: "パレットが {length} バイトで、3 バイトの色 256 個までの長さになっていません。ファイルが壊れています"
                ),
            })
        }
    }
}

/// Whether the chunks of a PNG file reach its last one.
fn png_is_whole(bytes: &[u8]) -> bool {
    png_chunks(bytes).any(|(name, _)| name == b"IEND")
}

/// Whether a WebP file and its chunks are as long as they say, but for the byte that makes them even.
fn webp_is_whole(bytes: &[u8]) -> bool {
    let length = |bytes: &[u8]| {
        let length = bytes.get(4..).and_then(<[u8]>::first_chunk);
        length.map(|length| u32::from_le_bytes(*length) as usize)
    };
    let Some(whole) = length(bytes).filter(|length| *length <= bytes.len().saturating_sub(7))
    else {
        return false;
    };
    // What stands behind it is none of it.
    let end = bytes.len().min(8 + whole);
    let mut rest = bytes.get(12..end).unwrap_or_default();
    while let Some(length) = length(rest) {
        if length > rest.len() - 8 {
            return false;
        }
        rest = rest
            .get(8 + length.next_multiple_of(2)..)
            .unwrap_or_default();
    }
    true
}

/// Whether the segments of a JPEG file reach its end mark.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        // What is between is the picture itself.
        let Some(mark) = rest.iter().position(|&byte| byte == 0xff) else {
            return false;
        };
        rest = &rest[mark + 1..];
        match rest {
            [0xd9, ..] => return true,
            // Filling.
            [0xff, ..] => {}
            // A stuffed byte of the picture, and marks that stand alone.
            [0 | 1 | 0xd0..=0xd8, after @ ..] => rest = after,
            [_, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                match rest.get(1 + length.max(2)..) {
                    Some(after) => rest = after,
                    None => return false,
                }
            }
            _ => return false,
        }
    }
}

/// How a JPEG file is coded, where that is in one of the ways that hardly any program reads.
fn rare_coding(bytes: &[u8]) -> Option<Localized<&'static str>> {
    let mut rest = bytes.get(2..)?;
    loop {
        let length = match rest {
            // Filling.
            [0xff, 0xff, ..] => 1,
            [0xff, 0xc3, ..] => {
                return Some(Localized::new("it is a lossless JPEG", "可逆の JPEG です"));
            }
            [0xff, 0xc5..=0xc7, ..] => {
                return Some(Localized::new(
                    "it is a hierarchical JPEG",
                    "階層型の JPEG です",
                ));
            }
            [0xff, 0xc9..=0xcb | 0xcd..=0xcf, ..] => {
                return Some(Localized::new(
                    "it is a JPEG with arithmetic coding",
                    "算術符号の JPEG です",
                ));
            }
            [0xff, mark, high, low, ..] if !matches!(mark, 0xc0..=0xc2 | 0xda) => {
                2 + usize::from(u16::from_be_bytes([*high, *low]))
            }
            _ => return None,
        };
        rest = rest.get(length..)?;
    }
}

/// Decodes JPEG. The decoder shows what it has of a damaged picture unless it is strict, which [`image`]'s
/// is not.
fn jpeg(bytes: &[u8], suits: &Suits<'_>) -> Result<(DynamicImage, Orientation), FileError> {
    let ends = || says!(en: "its end mark is missing", ja: "終わりの印がありません");
    let failed = |why: &dyn std::fmt::Debug| {
        if let Some(coding) = rare_coding(bytes) {
            return FileError::Content {
                kind: FileKind::Picture,
                why: coding.into(),
            };
        }
        if jpeg_is_whole(bytes) {
            wrong(format!("{why:?}"))
        } else {
            cut_off(ends())
        }
    };
    let begin = |strict: bool| {
        let options = DecoderOptions::default()
            .set_strict_mode(strict)
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX));
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let headers = decoder.decode_headers();
        headers.map(|()| decoder)
    };
    // Cameras leave bytes between headers, which is not strict and does no harm.
    let mut decoder = match begin(true) {
        Ok(decoder) => decoder,
        Err(_) => begin(false).map_err(|why| failed(&why))?,
    };
    let exif = decoder.exif().map(Vec::as_slice);
    let orientation = orientation(exif, decoder.xmp().map(Vec::as_slice));
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let (width, height) = (width as u32, height as u32);
    suits((width, height), orientation)?;
    if !jpeg_is_whole(bytes) {
        return Err(cut_off(ends()));
    }
    let is_grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let colours = if is_grey {
        ColorSpace::Luma
    } else {
        ColorSpace::RGB
    };
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(colours));
    let pixels = decoder.decode().map_err(|why| failed(&why))?;
    let image = if is_grey {
        ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8)
    } else {
        ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    };
    let image = image.ok_or_else(|| wrong("it has too few pixels"))?;
    Ok((image, orientation))
}

/// A picture without alpha, if none of it is transparent; in 8 or 16 bits of whole numbers.
fn opaque_if_it_is(image: DynamicImage) -> DynamicImage {
    use DynamicImage::{
        ImageLuma8, ImageLuma16, ImageLumaA8, ImageLumaA16, ImageRgb8, ImageRgb16, ImageRgba8,
        ImageRgba16,
    };
    match image {
        ImageLumaA8(pixels) if pixels.pixels().all(|pixel| pixel.0[1] == u8::MAX) => {
            ImageLuma8(ImageLumaA8(pixels).into_luma8())
        }
        ImageLumaA16(pixels) if pixels.pixels().all(|pixel| pixel.0[1] == u16::MAX) => {
            ImageLuma16(ImageLumaA16(pixels).into_luma16())
        }
        ImageRgba8(pixels) if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) => {
            ImageRgb8(ImageRgba8(pixels).into_rgb8())
        }
        ImageRgba16(pixels) if pixels.pixels().all(|pixel| pixel.0[3] == u16::MAX) => {
            ImageRgb16(ImageRgba16(pixels).into_rgb16())
        }
        image @ (ImageLuma8(_) | ImageLuma16(_) | ImageLumaA8(_) | ImageLumaA16(_)
        | ImageRgb8(_) | ImageRgb16(_) | ImageRgba8(_) | ImageRgba16(_)) => image,
        // No format that is read has real numbers.
        other => ImageRgba16(other.into_rgba16()),
    }
}

/// A colour of 8 bits in 16.
fn wide(colour: u8) -> u16 {
    u16::from(colour) * 257
}

/// A transparent picture on a colour, in colours.
fn over(image: &DynamicImage, behind: [u8; 3]) -> DynamicImage {
    // Rounded as Pillow's `paste` with a mask does it.
    let blend8 = |value: u8, alpha: u8, behind: u8| {
        let sum =
            u32::from(value) * u32::from(alpha) + u32::from(behind) * u32::from(255 - alpha) + 128;
        (((sum >> 8) + sum) >> 8) as u8
    };
    let blend16 = |value: u16, alpha: u16, behind: u16| {
        let (alpha, rest) = (u64::from(alpha), u64::from(u16::MAX - alpha));
        ((u64::from(value) * alpha + u64::from(behind) * rest + 32767) / 65535) as u16
    };
    let (width, height) = (image.width(), image.height());
    if depth_of(image) == 8 {
        let pixels = image.to_rgba8();
        DynamicImage::ImageRgb8(ImageBuffer::from_fn(width, height, |x, y| {
            let [red, green, blue, alpha] = pixels.get_pixel(x, y).0;
            let [r, g, b] = behind;
            image::Rgb([
                blend8(red, alpha, r),
                blend8(green, alpha, g),
                blend8(blue, alpha, b),
            ])
        }))
    } else {
        let pixels = image.to_rgba16();
        let [r, g, b] = behind.map(wide);
        DynamicImage::ImageRgb16(ImageBuffer::from_fn(width, height, |x, y| {
            let [red, green, blue, alpha] = pixels.get_pixel(x, y).0;
            image::Rgb([
                blend16(red, alpha, r),
                blend16(green, alpha, g),
                blend16(blue, alpha, b),
            ])
        }))
    }
}

/// A transparent picture with its alpha as a fourth channel. Colours are weighted with alpha while they are
/// scaled, so that hidden ones do not leak; where nothing is seen, the colour is that behind.
fn faded(
    image: &DynamicImage,
    (columns, rows): (u32, u32),
    shape: &Shape,
    behind: [u8; 3],
) -> Result<Tensor, FileError> {
    let mut pixels = image.to_rgba32f();
    for image::Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
        *red *= *alpha;
        *green *= *alpha;
        *blue *= *alpha;
    }
    let pixels = DynamicImage::ImageRgba32F(pixels);
    let pixels = pixels.resize_exact(columns, rows, image::imageops::FilterType::Triangle);
    let mut tensor = Tensor::zeros(*shape)?;
    let plane = shape.height() * shape.width();
    let data = tensor.data_mut();
    for (place, pixel) in pixels.into_rgba32f().pixels().enumerate() {
        let [colours @ .., alpha] = pixel.0;
        for (channel, (colour, behind)) in colours.into_iter().zip(behind).enumerate() {
            data[channel * plane + place] = if alpha > 0.0 {
                (colour / alpha).clamp(0.0, 1.0)
            } else {
                f32::from(behind) / 255.0
            };
        }
        data[3 * plane + place] = alpha.clamp(0.0, 1.0);
    }
    Ok(tensor)
}

/// Grey by ITU-R BT.601's weights in 65536ths, as Pillow's `convert("L")` rounds it; of 16 bits too.
fn luma([red, green, blue]: [u32; 3]) -> u32 {
    let sum = u64::from(red) * 19595 + u64::from(green) * 38470 + u64::from(blue) * 7471;
    ((sum + 0x8000) >> 16) as u32
}

/// The channels of an opaque picture, from 0 to 1.
fn planes(image: DynamicImage, shape: &Shape) -> Result<Tensor, FileError> {
    // A fourth channel, alpha, stays 1.
    let mut tensor = Tensor::filled(*shape, 1.0)?;
    let data = tensor.data_mut();
    let is_wide = depth_of(&image) == 16;
    match (image.color().has_color(), is_wide) {
        (false, false) => fill(data, shape, image.into_luma8().as_chunks::<1>().0, 255.0),
        (false, true) => fill(data, shape, image.into_luma16().as_chunks::<1>().0, 65535.0),
        (true, false) => fill(data, shape, image.into_rgb8().as_chunks::<3>().0, 255.0),
        (true, true) => fill(data, shape, image.into_rgb16().as_chunks::<3>().0, 65535.0),
    }
    Ok(tensor)
}

/// Bits of one channel of a pixel.
fn depth_of(image: &DynamicImage) -> u8 {
    let colour = image.color();
    8 * (colour.bytes_per_pixel() / colour.channel_count())
}

/// Fills the grey channel, or the three colours, with pixels of one or three numbers.
fn fill<const N: usize, T: Copy + Into<u32>>(
    data: &mut [f32],
    shape: &Shape,
    pixels: &[[T; N]],
    brightest: f32,
) {
    let plane = shape.height() * shape.width();
    for (place, pixel) in pixels.iter().enumerate() {
        let [red, green, blue] = [0, N / 2, N - 1].map(|channel| pixel[channel].into());
        if shape.channels() == 1 {
            data[place] = luma([red, green, blue]) as f32 / brightest;
        } else {
            for (channel, value) in [red, green, blue].into_iter().enumerate() {
                data[channel * plane + place] = value as f32 / brightest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Message as _};

    #[test]
    fn a_palette_that_ends_within_a_colour_is_refused() {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, content) in [
            (b"IHDR", [0; 13].as_slice()),
            (b"PLTE", &[0; 4]),
            (b"IEND", &[]),
        ] {
            png.extend((content.len() as u32).to_be_bytes());
            png.extend(name);
            png.extend(content);
            png.extend([0; 4]);
        }
        let why = Picture::read(&png).unwrap_err().message();
        assert!(
            why.get(Language::En).contains("palette has 4 bytes"),
            "{why:?}"
        );
    }
}
