//! Which way up a picture is shown: by its Exif, or where that says nothing, by its XMP. As Pillow finds it.

use std::io::Cursor;

use image::metadata::Orientation;
use png::text_metadata::ZTXtChunk;

/// The entry of Exif that tells it.
const TAG: u16 = 0x112;

/// Bytes of a text of Exif in hexadecimal, at most.
const LONGEST_TEXT: usize = 1 << 18;

/// The orientation that a file's Exif and XMP tell.
pub(super) fn orientation(exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Orientation {
    let told = exif.and_then(of_exif).or_else(|| xmp.and_then(of_xmp));
    let told = told.and_then(Orientation::from_exif);
    told.unwrap_or(Orientation::NoTransforms)
}

/// The number in Exif, in either order of bytes and as any whole number.
fn of_exif(exif: &[u8]) -> Option<u8> {
    let mut bytes = exif;
    // The name of JPEG's segment, which some programs keep in other files too.
    while let Some(rest) = bytes.strip_prefix(b"Exif\0\0") {
        bytes = rest;
    }
    let is_big = match bytes.first_chunk::<4>()? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let short = |place: usize| {
        let two: [u8; 2] = *bytes.get(place..)?.first_chunk()?;
        Some(if is_big {
            u16::from_be_bytes(two)
        } else {
            u16::from_le_bytes(two)
        })
    };
    let long = |place: usize| {
        let four: [u8; 4] = *bytes.get(place..)?.first_chunk()?;
        Some(if is_big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    };
    let list = usize::try_from(long(4)?).ok()?;
    let count = usize::from(short(list)?);
    (0..count).find_map(|entry| {
        let place = list.checked_add(2 + 12 * entry)?;
        if short(place)? != TAG {
            return None;
        }
        match short(place + 2)? {
            1 => bytes.get(place + 8).copied(),
            3 => u8::try_from(short(place + 8)?).ok(),
            4 => u8::try_from(long(place + 8)?).ok(),
            _ => None,
        }
    })
}

/// The number in XMP, which is an attribute or an element.
fn of_xmp(xmp: &[u8]) -> Option<u8> {
    const NAME: &[u8] = b"tiff:Orientation";
    let digit = (0..xmp.len()).find_map(|place| {
        let rest = xmp[place..].strip_prefix(NAME)?;
        let value = rest.strip_prefix(b"=\"").or(rest.strip_prefix(b">"))?;
        value.first().copied().filter(u8::is_ascii_digit)
    })?;
    Some(digit - b'0')
}

/// The Exif of a PNG file: a chunk of its own, which may stand behind the picture, or a text, as ImageMagick
/// wrote it.
pub(super) fn png_exif(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut chunks = png_chunks(bytes);
    if let Some((_, exif)) = chunks.find(|(name, _)| *name == b"eXIf") {
        return Some(exif.to_vec());
    }
    let reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let info = reader.info();
    let named = |keyword: &str| keyword == "Raw profile type exif";
    let plain = info.uncompressed_latin1_text.iter();
    let plain = plain.filter(|text| named(&text.keyword));
    let packed = info.compressed_latin1_text.iter();
    let packed = packed.filter(|text| named(&text.keyword));
    let text = plain
        .map(|text| text.text.clone())
        .chain(packed.filter_map(|text| unpacked(text.clone())))
        .next()?;
    // An empty line, the name, the length, and hexadecimal digits in lines.
    let digits: Vec<u8> = text
        .lines()
        .skip(3)
        .flat_map(str::bytes)
        .filter_map(|digit| Some(char::from(digit).to_digit(16)? as u8))
        .collect();
    let pairs = digits.as_chunks::<2>().0.iter();
    Some(pairs.map(|[high, low]| high << 4 | low).collect())
}

/// A text, if it is not larger than Exif can be.
fn unpacked(mut text: ZTXtChunk) -> Option<String> {
    text.decompress_text_with_limit(LONGEST_TEXT).ok()?;
    text.get_text().ok()
}

/// The XMP of a PNG file, with its name before it.
pub(super) fn png_xmp(bytes: &[u8]) -> Option<&[u8]> {
    let mut texts = png_chunks(bytes).filter(|(name, _)| *name == b"iTXt");
    let (_, xmp) = texts.find(|(_, text)| text.starts_with(b"XML:com.adobe.xmp\0"))?;
    Some(xmp)
}

/// The names and contents of a PNG file's chunks, up to one that is not all there.
pub(super) fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let content = after.get(..u32::from_be_bytes(*length) as usize)?;
        // A checksum stands behind it.
        rest = after.get(content.len() + 4..).unwrap_or_default();
        Some((name, content))
    })
}
