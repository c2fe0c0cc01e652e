//! Pictures and arrays as people have them, compared with what Pillow and NumPy read: see
//! `inputs/generate.py`.

use serde::Deserialize;
use tensorama::tensor::Shape;
use tensorama::tensor::files::{Picture, WHITE, read_scaled_picture, read_tensor};

#[derive(Deserialize)]
struct PictureCase {
    name: String,
    bytes: String,
    rows: usize,
    columns: usize,
    brightest: f32,
    near: f32,
    rgb: Vec<f32>,
    grey: Vec<f32>,
}

#[derive(Deserialize)]
struct ArrayCase {
    name: String,
    bytes: String,
    shape: Vec<usize>,
    bits: Vec<u32>,
}

fn cases<T: for<'a> Deserialize<'a>>(lines: &str) -> Vec<T> {
    let lines = lines.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn pictures() -> Vec<PictureCase> {
    cases(include_str!("inputs/pictures.jsonl"))
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let (pairs, _) = hexadecimal.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
    pairs.iter().map(|pair| byte(pair).unwrap()).collect()
}

/// How far numbers from 0 to `brightest` are apart at most.
fn distance(found: &[f32], wanted: &[f32], brightest: f32) -> f32 {
    assert_eq!(found.len(), wanted.len());
    let apart = found.iter().zip(wanted);
    let apart = apart.map(|(found, wanted)| (found * brightest - wanted).abs());
    apart.fold(0.0, f32::max)
}

#[test]
fn pictures_are_what_pillow_reads() {
    let mut wrong = Vec::new();
    for case in pictures() {
        let picture = match Picture::read(&bytes(&case.bytes)) {
            Ok(picture) => picture,
            Err(why) => {
                wrong.push(format!("{}: {why}", case.name));
                continue;
            }
        };
        if picture.size() != (case.rows, case.columns) {
            wrong.push(format!("{}: {:?}", case.name, picture.size()));
            continue;
        }
        let colours = picture.tensor(3, WHITE).unwrap();
        let plane = case.rows * case.columns;
        let by_channel: Vec<f32> = (0..3 * plane)
            .map(|place| case.rgb[place % plane * 3 + place / plane])
            .collect();
        let grey = picture.tensor(1, WHITE).unwrap();
        for (what, found, wanted) in [("rgb", colours, by_channel), ("grey", grey, case.grey)] {
            let apart = distance(found.data(), &wanted, case.brightest);
            // Numbers from 0 to 1 are stored to 24 bits.
            if apart > case.near + 0.01 {
                wrong.push(format!("{} {what}: {apart} apart", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hidden_colours_are_never_seen() {
    let case = pictures()
        .into_iter()
        .find(|case| case.name == "hidden.png");
    let case = case.unwrap();
    let picture = Picture::read(&bytes(&case.bytes)).unwrap();
    assert!(picture.is_transparent());
    // Columns 0, 2 and 4 are clear.
    let clear = |place: usize| (place % case.columns).is_multiple_of(2);
    for behind in [WHITE, [0; 3], [51, 102, 204]] {
        for channels in [3, 4] {
            let tensor = picture.tensor(channels, behind).unwrap();
            let plane = case.rows * case.columns;
            for (channel, behind) in behind.into_iter().enumerate() {
                for place in (0..plane).filter(|&place| clear(place)) {
                    let seen = tensor.data()[channel * plane + place];
                    assert_eq!(
                        seen,
                        f32::from(behind) / 255.0,
                        "{channels} {channel} {place}"
                    );
                }
                for place in (0..plane).filter(|&place| !clear(place)) {
                    let seen = tensor.data()[channel * plane + place] * 255.0;
                    assert!((seen - case.rgb[3 * place + channel]).abs() < 0.01);
                }
            }
        }
    }
    // Nor do they leak into what is scaled.
    let mut clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([255, 0, 255, 0]));
    for y in 2..6 {
        for x in 2..6 {
            clear.put_pixel(x, y, image::Rgba([0, 255, 0, 255]));
        }
    }
    let mut file = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let file = file.into_inner();
    let of = |shape: [usize; 3]| read_scaled_picture(&file, &Shape::new(&shape).unwrap()).unwrap();
    let colours = of([3, 3, 3]);
    assert!(colours.data()[9..18].iter().all(|&green| green > 0.99));
    let faded = of([4, 3, 3]);
    for place in 0..9 {
        let [red, green, blue, alpha] =
            [0, 1, 2, 3].map(|channel| faded.data()[channel * 9 + place]);
        assert!(
            green > 0.99 && red == blue && (red < 0.01 || alpha == 0.0),
            "{place}"
        );
    }
}

#[test]
fn what_is_cut_off_is_told_and_not_half_shown() {
    let mut wrong = Vec::new();
    for case in pictures() {
        let whole = bytes(&case.bytes);
        // The last checksum of a PNG is not looked at; BMP's rows and WebP's chunks are padded, and what is
        // left out at the end may be nothing.
        let end = match case.name.rsplit('.').next() {
            Some("png" | "bmp") => whole.len() - 4,
            Some("webp") => whole.len() - 1,
            _ => whole.len(),
        };
        for length in 30..end {
            match Picture::read(&whole[..length]) {
                Ok(_) => wrong.push(format!(
                    "{}: {length} of {} are read",
                    case.name,
                    whole.len()
                )),
                Err(why) => {
                    let why = why.to_string();
                    if !why.contains("cut off") {
                        wrong.push(format!("{}: {length} of {}: {why}", case.name, whole.len()));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(40)]
    );
}

#[test]
fn arrays_that_are_cut_off_are_told() {
    let whole = bytes(&cases::<ArrayCase>(include_str!("inputs/arrays.jsonl"))[0].bytes);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file("x.npy", zip::write::FileOptions::default())
        .unwrap();
    std::io::Write::write_all(&mut archive, &whole).unwrap();
    let archive = archive.finish().unwrap().into_inner();
    let header = br#"{"x":{"dtype":"U8","shape":[6],"data_offsets":[0,6]}}"#;
    let tensors = [&(header.len() as u64).to_le_bytes()[..], header, b"123456"].concat();
    for (name, whole) in [
        ("x.npy", whole),
        ("x.npz", archive),
        ("x.safetensors", tensors),
    ] {
        assert!(read_tensor(name, &whole, None).is_ok(), "{name}");
        for length in 9..whole.len() {
            let why = read_tensor(name, &whole[..length], None).unwrap_err();
            let why = why.to_string();
            assert!(why.contains("cut off"), "{name}: {length}: {why}");
        }
    }
}

#[test]
fn content_goes_before_the_name() {
    for case in pictures() {
        let file = bytes(&case.bytes);
        for name in ["x.npy", "x.jpg", "x.jfif", "x"] {
            assert!(
                tensorama::tensor::files::holds_picture(name, &file),
                "{}",
                case.name
            );
            let tensor = read_tensor(name, &file, None).unwrap();
            assert_eq!(tensor.shape().axes(), [3, case.rows, case.columns]);
        }
    }
    let array: Vec<ArrayCase> = cases(include_str!("inputs/arrays.jsonl"));
    assert!(!tensorama::tensor::files::holds_picture(
        "x.png",
        &bytes(&array[0].bytes)
    ));
    assert!(read_tensor("x.png", &bytes(&array[0].bytes), None).is_ok());
}

#[test]
fn arrays_are_what_numpy_reads() {
    let mut wrong = Vec::new();
    for case in cases::<ArrayCase>(include_str!("inputs/arrays.jsonl")) {
        let tensor = match read_tensor("x.npy", &bytes(&case.bytes), None) {
            Ok(tensor) => tensor,
            Err(why) => {
                wrong.push(format!("{}: {why}", case.name));
                continue;
            }
        };
        // A single number is one element.
        let shape = if case.shape.is_empty() {
            vec![1]
        } else {
            case.shape
        };
        assert_eq!(tensor.shape().axes(), shape, "{}", case.name);
        for (place, (found, bits)) in tensor.data().iter().zip(&case.bits).enumerate() {
            let wanted = f32::from_bits(*bits);
            let same = found.to_bits() == *bits || found.is_nan() && wanted.is_nan();
            if !same {
                wrong.push(format!(
                    "{} [{place}]: {found:e}, not {wanted:e}",
                    case.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a program puts behind a picture is no part of it.
#[test]
fn bytes_behind_a_picture_do_no_harm() {
    for case in pictures() {
        let longer = [bytes(&case.bytes), b"trailing bytes".to_vec()].concat();
        let picture = Picture::read(&longer).unwrap_or_else(|why| panic!("{}: {why}", case.name));
        assert_eq!(picture.size(), (case.rows, case.columns), "{}", case.name);
    }
}

#[test]
fn jpegs_of_rare_codings_are_named() {
    let case = pictures()
        .into_iter()
        .find(|case| case.name == "exif-1.jpg");
    let whole = bytes(&case.unwrap().bytes);
    let frame = whole.windows(2).position(|mark| mark == b"\xff\xc0");
    for (mark, words) in [
        (0xc3, "lossless"),
        (0xc9, "arithmetic"),
        (0xca, "arithmetic"),
    ] {
        let mut rare = whole.clone();
        rare[frame.unwrap() + 1] = mark;
        let why = Picture::read(&rare).unwrap_err().to_string();
        assert!(
            why.contains(words) && why.contains("save it as PNG"),
            "{why}"
        );
    }
}

/// What is known and not read is told by its name, and what to do, in both languages.
#[test]
fn what_is_not_read_is_named() {
    let ftyp = |brand: &str| {
        [
            b"\0\0\0\x18ftyp".as_slice(),
            brand.as_bytes(),
            b"\0\0\0\0mif1",
        ]
        .concat()
    };
    let cases: [(&str, Vec<u8>, &str); 31] = [
        ("IMG_0001.HEIC", ftyp("heic"), "HEIC"),
        ("photo.jpg", ftyp("mif1"), "HEIC"),
        ("photo.avif", ftyp("avif"), "AVIF"),
        ("clip.mp4", ftyp("isom")[..16].to_vec(), "video"),
        ("cat.png", b"\n<!DOCTYPE html><html>".to_vec(), "web page"),
        ("cat.jpg", b"<html><head>".to_vec(), "web page"),
        (
            "logo.svg",
            b"<?xml version=\"1.0\"?>\n<svg xmlns=\"\">".to_vec(),
            "SVG",
        ),
        ("page.pdf", b"%PDF-1.7\n".to_vec(), "PDF"),
        ("x.gif", b"GIF89a\x01\0".to_vec(), "GIF"),
        ("x.tif", b"II*\0\x08\0\0\0".to_vec(), "TIFF"),
        ("x.png", Vec::new(), "empty"),
        (
            "x.npy",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:".to_vec(),
            "git lfs pull",
        ),
        ("x.npy", b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), "gunzip"),
        ("x.npy", b"1.0,2.0\n3.0,4.0\n".to_vec(), "np.loadtxt"),
        ("x.h5", b"\x89HDF\r\n\x1a\n\0".to_vec(), "HDF5"),
        ("x.pkl", b"\x80\x04\x95\x05".to_vec(), "pickle"),
        (
            "model.pth",
            b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.".to_vec(),
            "save_file",
        ),
        ("x.mat", b"MATLAB 5.0 MAT-file".to_vec(), "loadmat"),
        ("x.jxl", b"\xff\x0a\x01\x02".to_vec(), "JPEG XL"),
        ("x.avif", ftyp("avif"), "an AVIF image"),
        ("IMG_1.CR3", ftyp("crx "), "raw picture of a camera"),
        ("x.ppm", b"P6\n2 2\n255\n\0\x01\x02".to_vec(), "PPM"),
        ("x.png", b"P5 2 2 255\n\0\x01\x02\xff".to_vec(), "PPM"),
        ("x.qoi", b"qoif\0\0\0\x01".to_vec(), "QOI"),
        ("clip.avi", b"RIFF\x10\0\0\0AVI LIST".to_vec(), "video"),
        (
            "x.png",
            b"\x89PNG\n\x1a\n\0\0\0\x0dIHDR".to_vec(),
            "as binary",
        ),
        (
            "x.jpg",
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\0\u{10}JFIF".into(),
            "as binary",
        ),
        ("x.npy.xz", b"\xfd7zXZ\0\0\x04".to_vec(), "unxz"),
        ("x.json", b"[[1, 2], [3, 4]]".to_vec(), "json.load"),
        ("x.csv", b"\x92\x6c,\x82\xa0\n1,2\n".to_vec(), "np.loadtxt"),
        (
            "cat.png",
            b"{\"error\": \"not found\"}".to_vec(),
            "begins with \"{\\\"error\\\"",
        ),
    ];
    for (name, content, words) in cases {
        use tensorama::language::Message;
        let why = if tensorama::tensor::files::holds_picture(name, &content) {
            Picture::read(&content).unwrap_err()
        } else {
            read_tensor(name, &content, None).unwrap_err()
        };
        let told = why.message();
        assert!(told.en.contains(words), "{name}: {}", told.en);
        assert_ne!(told.en, told.ja, "{name}");
    }
}
