//! PNG files, as small as they get without loss and in reasonable time.

use std::collections::HashMap;
use std::io;
use std::thread::ScopedJoinHandle;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, EncodingError, Filter};

/// How long to look for the smallest file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// One of thousands of frames: in one pass.
    Frame,
    /// A picture: every filter is tried.
    Picture,
}

/// Pixels in the least bits that hold them.
struct Packed {
    colour: ColorType,
    depth: BitDepth,
    palette: Vec<u8>,
    /// Alpha of the palette's colours.
    alphas: Vec<u8>,
    rows: Vec<u8>,
}

/// The bytes of a PNG file of pixels of red, green, blue and alpha.
///
/// # Errors
/// When there are not as many pixels as width and height tell.
pub fn encode(pixels: &[u8], (width, height): (u32, u32), effort: Effort) -> io::Result<Vec<u8>> {
    let (pixels, rest) = pixels.as_chunks::<4>();
    if pixels.len() as u64 != u64::from(width) * u64::from(height)
        || !rest.is_empty()
        || width == 0
        || height == 0
    {
        return Err(io::Error::other("the pixels do not fill the picture"));
    }
    let size = (width, height);
    let plain = channels(pixels);
    if effort == Effort::Frame {
        // Most of a frame repeats from place to place, which filters hide from the compression.
        let compression = DeflateCompression::Level(6);
        return Ok(file(&plain, size, (Filter::NoFilter, compression))?);
    }
    // A quick look at some of the rows tells which filter suits.
    let (some, some_rows) = sample(&plain, height);
    let quick = DeflateCompression::Level(3);
    let mut best = (usize::MAX, Filter::NoFilter);
    for filter in FILTERS {
        let length = file(&some, (width, some_rows), (filter, quick))?.len();
        if length < best.0 {
            best = (length, filter);
        }
    }
    let indexed = indexed(pixels, width as usize);
    let of_indexed = indexed
        .iter()
        .flat_map(|indexed| [(indexed, Filter::NoFilter), (indexed, Filter::Up)]);
    let candidates: Vec<(&Packed, Filter)> =
        [(&plain, best.1)].into_iter().chain(of_indexed).collect();
    let mut smallest: Option<Vec<u8>> = None;
    for bytes in side_by_side(&candidates, size) {
        let bytes = bytes?;
        if smallest
            .as_ref()
            .is_none_or(|known| bytes.len() < known.len())
        {
            smallest = Some(bytes);
        }
    }
    smallest.ok_or_else(|| io::Error::other("no file was made"))
}

/// Higher levels take two to ten times as long for 3 to 10 % less.
const SMALL: u8 = 6;

const FILTERS: [Filter; 7] = [
    Filter::NoFilter,
    Filter::Sub,
    Filter::Up,
    Filter::Avg,
    Filter::Paeth,
    Filter::Adaptive,
    Filter::MinEntropy,
];

/// The bytes of a file of these pixels.
fn file(
    packed: &Packed,
    (width, height): (u32, u32),
    (filter, compression): (Filter, DeflateCompression),
) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(packed.colour);
    encoder.set_depth(packed.depth);
    encoder.set_filter(filter);
    encoder.set_deflate_compression(compression);
    if packed.colour == ColorType::Indexed {
        encoder.set_palette(&packed.palette);
        if packed.alphas.iter().any(|&alpha| alpha != u8::MAX) {
            encoder.set_trns(&packed.alphas);
        }
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&packed.rows)?;
    writer.finish()?;
    Ok(bytes)
}

/// The files of pixels and filters, as small as they get: worked out in as many threads, where there are threads.
fn side_by_side(
    candidates: &[(&Packed, Filter)],
    size: (u32, u32),
) -> Vec<Result<Vec<u8>, EncodingError>> {
    std::thread::scope(|scope| {
        let begun: Vec<_> = candidates
            .iter()
            .map(|&(packed, filter)| {
                let work = move || file(packed, size, (filter, DeflateCompression::Level(SMALL)));
                let thread = std::thread::Builder::new().spawn_scoped(scope, work);
                (work, thread)
            })
            .collect();
        begun
            .into_iter()
            .map(|(work, thread)| match thread.map(ScopedJoinHandle::join) {
                Ok(Ok(done)) => done,
                Ok(Err(_)) | Err(_) => work(),
            })
            .collect()
    })
}

/// Bands of pixels, from the top to the bottom, and how many rows they are: of a small picture all of it.
fn sample(packed: &Packed, height: u32) -> (Packed, u32) {
    const BAND: usize = 16;
    const EVERY: usize = 16;
    let row = packed.rows.len() / height as usize;
    let bands = packed.rows.chunks(row * BAND);
    let every = if bands.len() < 2 * EVERY { 1 } else { EVERY };
    let rows: Vec<u8> = bands.step_by(every).flatten().copied().collect();
    let count = rows.len() / row;
    let sample = Packed {
        rows,
        palette: packed.palette.clone(),
        alphas: packed.alphas.clone(),
        ..*packed
    };
    (sample, count as u32)
}

/// Pixels without the channels that say nothing.
fn channels(pixels: &[[u8; 4]]) -> Packed {
    let is_opaque = pixels.iter().all(|pixel| pixel[3] == u8::MAX);
    let is_grey = pixels
        .iter()
        .all(|[red, green, blue, _]| red == green && green == blue);
    let (colour, rows) = match (is_grey, is_opaque) {
        (true, true) => (
            ColorType::Grayscale,
            pixels.iter().map(|pixel| pixel[0]).collect(),
        ),
        (true, false) => {
            let rows = pixels.iter().flat_map(|pixel| [pixel[0], pixel[3]]);
            (ColorType::GrayscaleAlpha, rows.collect())
        }
        (false, true) => {
            let rows = pixels
                .iter()
                .flat_map(|[red, green, blue, _]| [*red, *green, *blue]);
            (ColorType::Rgb, rows.collect())
        }
        (false, false) => (ColorType::Rgba, pixels.as_flattened().to_vec()),
    };
    Packed {
        colour,
        depth: BitDepth::Eight,
        palette: Vec::new(),
        alphas: Vec::new(),
        rows,
    }
}

/// Pixels by the places of their colours in a palette, where 256 are enough.
fn indexed(pixels: &[[u8; 4]], width: usize) -> Option<Packed> {
    let mut places: HashMap<[u8; 4], u8> = HashMap::new();
    for pixel in pixels {
        if !places.contains_key(pixel) {
            places.insert(*pixel, u8::try_from(places.len()).ok()?);
        }
    }
    let mut colours: Vec<([u8; 4], u8)> = places
        .iter()
        .map(|(colour, place)| (*colour, *place))
        .collect();
    // In the order in which they come, whatever the table's order is.
    colours.sort_by_key(|(_, place)| *place);
    let (depth, bits) = match colours.len() {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    };
    let mut rows = Vec::new();
    for row in pixels.chunks(width) {
        for part in row.chunks(8 / bits) {
            let byte = part.iter().enumerate().fold(0, |byte, (place, pixel)| {
                byte | places[pixel] << (8 - bits * (place + 1))
            });
            rows.push(byte);
        }
    }
    Some(Packed {
        colour: ColorType::Indexed,
        depth,
        palette: colours
            .iter()
            .flat_map(|([red, green, blue, _], _)| [*red, *green, *blue])
            .collect(),
        alphas: colours.iter().map(|(colour, _)| colour[3]).collect(),
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<u8> {
        image::load_from_memory(bytes)
            .unwrap()
            .into_rgba8()
            .into_raw()
    }

    /// A picture of so many colours, with or without alpha and colour.
    fn picture(colours: usize, is_grey: bool, is_opaque: bool) -> Vec<u8> {
        let mut random = crate::tensor::Random::new(3);
        let palette: Vec<[u8; 4]> = (0..colours)
            .map(|_| {
                let [red, green, blue, alpha] = [0; 4].map(|_: u8| random.below(256) as u8);
                let [green, blue] = if is_grey { [red; 2] } else { [green, blue] };
                [red, green, blue, if is_opaque { 255 } else { alpha }]
            })
            .collect();
        let pixels = (0..37 * 11).flat_map(|_| palette[random.below(colours as u64) as usize]);
        pixels.collect()
    }

    #[test]
    fn nothing_is_lost_whatever_the_colours_are() {
        for colours in [1, 2, 3, 4, 5, 16, 17, 256, 300] {
            for (is_grey, is_opaque) in [(false, false), (false, true), (true, false), (true, true)]
            {
                let pixels = picture(colours, is_grey, is_opaque);
                for effort in [Effort::Frame, Effort::Picture] {
                    let bytes = encode(&pixels, (37, 11), effort).unwrap();
                    assert_eq!(
                        read(&bytes),
                        pixels,
                        "{colours} {is_grey} {is_opaque} {effort:?}"
                    );
                }
            }
        }
        assert!(encode(&[0; 16], (2, 3), Effort::Picture).is_err());
        assert!(encode(&[0; 15], (2, 2), Effort::Picture).is_err());
    }

    #[test]
    fn few_colours_take_few_bits() {
        let lines: Vec<u8> = (0..64 * 64)
            .flat_map(|at| [if at / 64 % 7 == 0 { 200 } else { 20 }, 30, 40, 255])
            .collect();
        let bytes = encode(&lines, (64, 64), Effort::Picture).unwrap();
        assert!(bytes.len() < 140, "{}", bytes.len());
        let mut plain = io::Cursor::new(Vec::new());
        let image = image::RgbaImage::from_raw(64, 64, lines).unwrap();
        image.write_to(&mut plain, image::ImageFormat::Png).unwrap();
        assert!(bytes.len() < plain.into_inner().len() / 2);
    }
}
