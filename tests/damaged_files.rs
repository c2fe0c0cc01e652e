//! Damaged files of every format that is read: each is an error or a tensor, never a panic.
//!
//! Damage is done behind what a format checks first as well (magic numbers, checksums), so that it
//! reaches what reads the rest.

use std::io::{Cursor, Write};

use tensorama::tensor::files::{read_picture, read_tensor, write_npy};
use tensorama::tensor::{Fill, MAX_ELEMENTS, Random, Tensor};
use zip::{CompressionMethod, ZipWriter, write::FileOptions};

/// Damaged copies of each file.
const COPIES: usize = 4_000;

fn tensor() -> Tensor {
    Fill::Ramp.make(&"2x3x4".parse().unwrap()).unwrap()
}

/// What is read, if it can be.
fn read(name: &str, bytes: &[u8]) -> Option<Tensor> {
    if name.ends_with(".png") || name.ends_with(".jpg") {
        read_picture(bytes).ok()
    } else {
        // The archive and the dictionary may have lost the name, or won another one.
        let named = read_tensor(name, bytes, Some("x"));
        named.or_else(|_| read_tensor(name, bytes, None)).ok()
    }
}

/// Some bytes are others.
fn damage(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for _ in 0..=random.below(3) {
        // Mostly in the header, where it does the most.
        let reach = if random.below(4) == 0 { u64::MAX } else { 128 };
        let place = random.below(reach.min(damaged.len() as u64)) as usize;
        damaged[place] = match random.below(3) {
            // A digit is what a length is made of.
            0 => b'0' + random.below(10) as u8,
            _ => random.below(256) as u8,
        };
    }
    damaged
}

/// An archive of one file, with the checksum that belongs to it.
fn npz(inner: &[u8], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = FileOptions::default().compression_method(method);
    archive.start_file("x.npy", options).unwrap();
    archive.write_all(inner).unwrap();
    archive.finish().unwrap().into_inner()
}

fn safetensors() -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let tensor = tensor();
    let numbers: Vec<u8> = tensor.data().iter().flat_map(|n| n.to_le_bytes()).collect();
    let view = TensorView::new(Dtype::F32, tensor.shape().axes().to_vec(), &numbers).unwrap();
    serialize([("x", view)], None).unwrap()
}

fn picture(format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(12, 9, |x, y| {
        image::Rgb([(x * 20) as u8, (y * 25) as u8, (x * y) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The checksum of PNG: CRC-32.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

/// Gives each chunk of a PNG file the checksum that belongs to it.
fn with_checksums(mut png: Vec<u8>) -> Vec<u8> {
    let mut at = 8;
    while let Some(length) = png.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let Some(end) = (at + 8)
            .checked_add(length)
            .filter(|end| end + 4 <= png.len())
        else {
            break;
        };
        let sum = checksum(&png[at + 4..end]);
        png[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
    png
}

/// Reads damaged copies of a file. Some must still be a tensor, or the damage would not get past what
/// is looked at first.
fn survive(name: &str, good: &[u8], damaged: impl Fn(&mut Random) -> Vec<u8>) {
    assert!(read(name, good).is_some(), "{name}: the whole file is read");
    let mut random = Random::new(1);
    let mut tensors = 0;
    for _ in 0..COPIES {
        if let Some(tensor) = read(name, &damaged(&mut random)) {
            assert!(tensor.data().len() <= MAX_ELEMENTS, "{name}");
            assert_eq!(tensor.data().len(), tensor.shape().count(), "{name}");
            tensors += 1;
        }
    }
    eprintln!("{name}: {tensors} of {COPIES} damaged copies are still tensors");
    assert!(
        (COPIES / 100..COPIES).contains(&tensors),
        "{name}: {tensors}"
    );
}

/// Reads what is left of a file that was cut off.
fn cut_off(name: &str, good: &[u8], is_an_error: bool) {
    for length in 0..good.len() {
        let read = read(name, &good[..length]);
        assert!(!is_an_error || read.is_none(), "{name}: {length} bytes");
    }
}

#[test]
fn numpy_files() {
    let good = write_npy(&tensor()).unwrap();
    cut_off("x.npy", &good, true);
    survive("x.npy", &good, |random| damage(&good, random));
}

#[test]
fn numpy_archives() {
    let inner = write_npy(&tensor()).unwrap();
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let good = npz(&inner, method);
        cut_off("x.npz", &good, true);
        // What is in the archive is damaged, then the archive itself.
        survive("x.npz", &good, |random| {
            npz(&damage(&inner, random), method)
        });
        survive("x.npz", &good, |random| damage(&good, random));
    }
}

#[test]
fn safetensors_files() {
    let good = safetensors();
    cut_off("x.safetensors", &good, true);
    survive("x.safetensors", &good, |random| damage(&good, random));
}

#[test]
fn pictures() {
    let png = picture(image::ImageFormat::Png);
    assert_eq!(with_checksums(png.clone()), png);
    cut_off("x.png", &png, false);
    survive("x.png", &png, |random| with_checksums(damage(&png, random)));
    let jpeg = picture(image::ImageFormat::Jpeg);
    cut_off("x.jpg", &jpeg, false);
    survive("x.jpg", &jpeg, |random| damage(&jpeg, random));
}
