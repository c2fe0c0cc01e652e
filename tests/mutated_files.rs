//! Files of pictures and arrays with changes of every kind, from what Pillow and NumPy wrote: read, or refused
//! with a message; never a panic, a long wait, or much memory.

mod fuzz;

use std::io::{Cursor, Write};

use tensorama::tensor::files::{
    Picture, WHITE, read_safetensors_of, read_tensor, safetensors_names,
};
use tensorama::tensor::{MAX_ELEMENTS, Preprocess, Random};

/// What reading an array or a picture of a few kilobytes may take: 1.5 GiB, which the largest picture takes
/// that is let through.
const MOST_BYTES: usize = 3 << 29;

/// The files of a list of cases, whose names end so.
fn files(lines: &str, ending: &str) -> Vec<Vec<u8>> {
    let cases = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let files = cases.filter(|case| case["name"].as_str().unwrap().ends_with(ending));
    let bytes = |case: serde_json::Value| {
        let (pairs, _) = case["bytes"].as_str().unwrap().as_bytes().as_chunks::<2>();
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
        pairs.iter().map(|pair| byte(pair).unwrap()).collect()
    };
    let files: Vec<Vec<u8>> = files.map(bytes).collect();
    assert!(!files.is_empty(), "{ending}");
    files
}

fn pictures(ending: &str) -> Vec<Vec<u8>> {
    files(include_str!("inputs/pictures.jsonl"), ending)
}

fn arrays() -> Vec<Vec<u8>> {
    files(include_str!("inputs/arrays.jsonl"), "")
}

/// Some of the bytes are others, are left out, are doubled, or come from another file.
fn damaged(files: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let any = |random: &mut Random, count: usize| random.below(count.max(1) as u64) as usize;
    let mut bytes = files[any(random, files.len())].clone();
    // Now and then, one as it is.
    for _ in 0..random.below(6) {
        // Mostly near the beginning, where it does the most.
        let reach = if random.below(2) == 0 {
            bytes.len()
        } else {
            bytes.len().min(128)
        };
        let at = any(random, reach + 1);
        let end = (at + 1 + any(random, 16)).min(bytes.len());
        let at = at.min(end);
        match random.below(8) {
            0 => {
                bytes.drain(at..end);
            }
            1 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            2 => {
                let other = &files[any(random, files.len())];
                let from = any(random, other.len());
                let to = (from + any(random, 64)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            3 => {
                let number =
                    [0, 1, 0x7f, 0x80, 0xff, 0xfffe, 0x7fff_ffff, 0xffff_ffff_u32][any(random, 8)];
                let number = if random.below(2) == 0 {
                    number.to_be_bytes()
                } else {
                    number.to_le_bytes()
                };
                for (byte, new) in bytes[at..].iter_mut().zip(number) {
                    *byte = new;
                }
            }
            4 => bytes.truncate(at.max(8)),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = match random.below(3) {
                        // A digit is what a length is made of.
                        0 => b'0' + random.below(10) as u8,
                        1 => *byte ^ 1 << random.below(8),
                        _ => random.below(256) as u8,
                    };
                }
            }
        }
    }
    bytes
}

fn read_picture(bytes: &[u8]) -> bool {
    match Picture::read(bytes) {
        Ok(picture) => {
            let (rows, columns) = picture.size();
            assert!(rows * columns <= 1 << 26);
            if rows * columns <= 1 << 20 {
                for channels in [1, 3, 4] {
                    let tensor = picture.tensor(channels, WHITE).unwrap();
                    assert!(
                        tensor
                            .data()
                            .iter()
                            .all(|value| (0.0..=1.0).contains(value))
                    );
                }
                let chosen: Preprocess = "size=8,crop=5x6".parse().unwrap();
                let _ = chosen
                    .apply(&picture, 3, None, None)
                    .map_err(|why| why.to_string());
            }
            true
        }
        Err(why) => {
            let _ = why.to_string();
            false
        }
    }
}

fn read_array(name: &str, bytes: &[u8]) -> bool {
    let mut readable = false;
    for tensor in [None, Some("x"), Some("w.npy")] {
        match read_tensor(name, bytes, tensor) {
            Ok(tensor) => {
                assert!(tensor.data().len() <= MAX_ELEMENTS);
                assert_eq!(tensor.data().len(), tensor.shape().count());
                readable = true;
            }
            Err(why) => {
                let _ = why.to_string();
            }
        }
    }
    readable
}

#[test]
fn png() {
    let files = pictures(".png");
    // Most damage would end at the checksums.
    let make = |random: &mut Random| {
        let bytes = damaged(&files, random);
        if random.below(4) == 0 {
            bytes
        } else {
            with_checksums(bytes)
        }
    };
    fuzz::run("PNG", MOST_BYTES, make, read_picture);
}

#[test]
fn jpeg() {
    let files = pictures(".jpg");
    fuzz::run(
        "JPEG",
        MOST_BYTES,
        |random| damaged(&files, random),
        read_picture,
    );
}

#[test]
fn webp_and_bmp() {
    let files = [pictures(".webp"), pictures(".bmp")].concat();
    fuzz::run(
        "WebP and BMP",
        MOST_BYTES,
        |random| damaged(&files, random),
        read_picture,
    );
}

#[test]
fn npy() {
    let files = arrays();
    fuzz::run(
        "npy",
        MOST_BYTES,
        |random| damaged(&files, random),
        |bytes| read_array("x.npy", bytes),
    );
}

#[test]
fn npz() {
    let files = arrays();
    let make = |random: &mut Random| {
        let inside = random.below(2) == 0;
        let array = if inside {
            damaged(&files, random)
        } else {
            files[random.below(files.len() as u64) as usize].clone()
        };
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["x", "w"].iter().take(1 + random.below(2) as usize) {
            archive
                .start_file(format!("{name}.npy"), zip::write::FileOptions::default())
                .unwrap();
            archive.write_all(&array).unwrap();
        }
        let whole = archive.finish().unwrap().into_inner();
        if inside {
            whole
        } else {
            damaged(&[whole], random)
        }
    };
    fuzz::run("npz", MOST_BYTES, make, |bytes| read_array("x.npz", bytes));
}

#[test]
fn safetensors() {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let numbers = [0_u8; 48];
    let view = |dtype, shape: &[usize], bytes: usize| {
        TensorView::new(dtype, shape.to_vec(), &numbers[..bytes]).unwrap()
    };
    let files = [
        serialize([("x", view(Dtype::F32, &[3, 4], 48))], None).unwrap(),
        serialize(
            [
                ("x", view(Dtype::BF16, &[2, 2, 2], 16)),
                ("y", view(Dtype::I64, &[], 8)),
                ("z", view(Dtype::BOOL, &[0, 3], 0)),
            ],
            None,
        )
        .unwrap(),
    ];
    fuzz::run(
        "safetensors",
        MOST_BYTES,
        |random| damaged(&files, random),
        |bytes| {
            let readable = read_array("x.safetensors", bytes);
            let _ = safetensors_names(bytes).map_err(|why| why.to_string());
            let wanted = [("x".to_owned(), "3x4".parse().unwrap())];
            let _ = read_safetensors_of(bytes, &wanted).map_err(|why| why.to_string());
            readable
        },
    );
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
        let end = (at + 8).checked_add(length);
        let Some(end) = end.filter(|end| end + 4 <= png.len()) else {
            break;
        };
        let sum = checksum(&png[at + 4..end]);
        png[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
    png
}
