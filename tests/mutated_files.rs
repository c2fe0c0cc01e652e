//! Files of pictures, arrays and networks with changes of every kind, from what Pillow, NumPy and ONNX wrote: read, or
//! refused with a message; never a panic, a long wait, or much memory.

mod fuzz;

use std::io::{Cursor, Write};

use fuzz::bytes::damaged;
use tensorama::network::Keep;
use tensorama::network::onnx::Model;
use tensorama::tensor::files::{
    Picture, WHITE, read_safetensors_of, read_tensor, safetensors_names,
};
use tensorama::tensor::{Fill, MAX_ELEMENTS, Preprocess, Random, ReadError, Tensor};

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
    fuzz::run("png", MOST_BYTES, make, read_picture);
}

#[test]
fn jpeg() {
    let files = pictures(".jpg");
    fuzz::run(
        "jpeg",
        MOST_BYTES,
        |random| damaged(&files, random),
        read_picture,
    );
}

#[test]
fn webp_and_bmp() {
    let files = [pictures(".webp"), pictures(".bmp")].concat();
    fuzz::run(
        "webp_and_bmp",
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

/// The models of node cases, and now and then the network that comes with the program.
fn networks() -> Vec<Vec<u8>> {
    let all = include_bytes!("onnx/models.bin");
    let cases = include_str!("onnx/cases.jsonl").lines();
    let cases = cases.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let place = |case: &serde_json::Value, number: usize| {
        usize::try_from(case["model"][number].as_u64().unwrap()).unwrap()
    };
    let models = cases.map(|case| {
        let (from, length) = (place(&case, 0), place(&case, 1));
        all[from..from + length].to_vec()
    });
    let digits = include_bytes!("../assets/networks/digits.onnx").to_vec();
    models.chain([digits]).collect()
}

fn nothing_beside(_: &str) -> Result<Vec<u8>, ReadError> {
    Err(ReadError::NoFolder("nowhere".into()))
}

/// Reads a network, lays it out, and computes it where that is little work.
fn read_network(bytes: &[u8]) -> bool {
    const LITTLE: u64 = 1 << 18;
    let model = match Model::read(bytes, &nothing_beside) {
        Ok(model) => model,
        Err(why) => {
            let _ = why.to_string();
            return false;
        }
    };
    let _ = model.class_names();
    let graph = match model.graph(&[]) {
        Ok(graph) => graph,
        Err(why) => {
            let _ = why.to_string();
            return false;
        }
    };
    let cost = graph.cost();
    let shapes = graph.values().filter_map(|(_, value)| value.shape);
    let elements = shapes.fold(0_u64, |sum, shape| sum.saturating_add(shape.count() as u64));
    let work = cost.macs.saturating_add(cost.operations);
    if work.saturating_add(elements) > LITTLE {
        return true;
    }
    let inputs: Vec<(_, Tensor)> = graph
        .inputs()
        .iter()
        .filter_map(|&id| Some((id, Fill::Ramp.make(&graph.value(id).shape?).ok()?)))
        .collect();
    let _ = graph
        .run(&inputs, Keep::Outputs)
        .map_err(|why| why.to_string());
    true
}

#[test]
fn onnx() {
    let files = networks();
    fuzz::run(
        "onnx",
        MOST_BYTES,
        |random| damaged(&files, random),
        read_network,
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
