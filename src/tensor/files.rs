//! Tensors from the bytes of `.npy`, `.npz` and `.safetensors` files and of pictures, and back to
//! `.npy`. What a file claims is checked before memory is taken for it.

use std::io::{Cursor, Read};

use super::{MAX_ELEMENTS, Shape, ShapeError, Tensor, TensorError};
use crate::language::{Localized, Message, message_error, says};

/// The longest header of a `.npy` file that is read, in bytes.
const MAX_HEADER: usize = 1 << 16;

/// Rows or columns of a picture, at most, before it is scaled.
const MAX_PICTURE: u32 = 1 << 14;

/// Why the bytes of a file are not a tensor.
#[derive(Debug, Clone, PartialEq)]
pub enum FileError {
    /// The name's ending says nothing known.
    Kind,
    /// The content is not what the name says.
    Content {
        /// What it should be.
        kind: FileKind,
        /// The reason; that of a library in its own words.
        why: Localized<String>,
    },
    /// Numbers of a type that does not become `f32`.
    Type(String),
    /// A name that is not in the file.
    Name {
        /// The name asked for.
        name: String,
        /// The names that are there.
        known: Vec<String>,
    },
    /// Several tensors and no name.
    Several {
        /// The names that are there.
        known: Vec<String>,
    },
    /// Lengths that are no shape.
    Shape(ShapeError),
    /// A tensor that is too large.
    Tensor(TensorError),
    /// A picture of a shape that pictures do not have.
    PictureShape(Shape),
}

/// A kind of file that tensors are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A `.npy` file.
    Npy,
    /// A `.npz` file.
    Npz,
    /// A `.safetensors` file.
    Safetensors,
    /// A PNG or JPEG image.
    Picture,
}

impl FileKind {
    const fn name(self) -> Localized<&'static str> {
        match self {
            Self::Npy => Localized::new(".npy file", ".npy ファイル"),
            Self::Npz => Localized::new(".npz file", ".npz ファイル"),
            Self::Safetensors => Localized::new(".safetensors file", ".safetensors ファイル"),
            Self::Picture => Localized::new("image", "画像"),
        }
    }
}

/// Names of tensors that a message lists, at most.
const LISTED: usize = 12;

impl Message for FileError {
    fn message(&self) -> Localized<String> {
        let listed = |known: &[String]| {
            let more = if known.len() > LISTED { ", ..." } else { "" };
            known[..known.len().min(LISTED)].join(", ") + more
        };
        match self {
            Self::Kind => says!(
                en: "the name must end in .npy, .npz, .safetensors, .png, .jpg or .jpeg",
                ja: "読めるファイルの拡張子は .npy、.npz、.safetensors、.png、.jpg、.jpeg です。"
            ),
            Self::Content { kind, why } => {
                let kind = kind.name();
                says!(
                    with [kind, why];
                    en: "it is not a readable {kind}: {why}",
                    ja: "{kind}として読めません ({why})。"
                )
            }
            Self::Type(number) => says!(
                en: "its numbers are of type {number}; save them as float32",
                ja: "数の型が {number} です。float32 で保存してください。"
            ),
            Self::Name { known, .. } | Self::Several { known } if known.is_empty() => {
                says!(en: "it has no tensors", ja: "テンソルが 1 つもありません。")
            }
            Self::Name { name, known } => {
                let known = listed(known);
                says!(
                    en: "it has no tensor {name:?}; it has {known}",
                    ja: "{name:?} というテンソルはありません。あるのは {known} です。"
                )
            }
            Self::Several { known } => {
                let known = listed(known);
                says!(
                    en: "it has several tensors; name one of {known}",
                    ja: "テンソルが複数あります。次のどれかを指定してください: {known}"
                )
            }
            Self::Shape(why) => why.message(),
            Self::Tensor(why) => why.message(),
            Self::PictureShape(shape) => says!(
                en: "an image fills 1 (grey), 3 (colour) or 4 (colour and alpha) channels of rows and columns, not {shape}",
                ja: "画像は 1 (白黒)、3 (カラー)、4 (カラーと透明度) チャンネルの行と列になります。{shape} にはなりません。"
            ),
        }
    }
}

message_error!(FileError { Shape(ShapeError), Tensor(TensorError) });

/// Bytes that a library cannot read, with its own reason.
fn content(kind: FileKind, why: impl ToString) -> FileError {
    FileError::Content {
        kind,
        why: Localized::same(why.to_string()),
    }
}

/// Whether a file's name says that it is a picture.
#[must_use]
pub fn is_picture(path: &str) -> bool {
    matches!(ending(path).as_str(), "png" | "jpg" | "jpeg")
}

/// Whether a file's name says that it holds tensors.
#[must_use]
pub fn is_tensor_file(path: &str) -> bool {
    matches!(ending(path).as_str(), "npy" | "npz" | "safetensors")
}

fn ending(path: &str) -> String {
    path.rsplit_once('.')
        .map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// The tensor in a `.npy`, `.npz` or `.safetensors` file, by its name where there are several.
///
/// # Errors
/// When the bytes are not such a file, hold no such tensor, or claim too large a one.
pub fn read_tensor(path: &str, bytes: &[u8], name: Option<&str>) -> Result<Tensor, FileError> {
    match ending(path).as_str() {
        "npy" => read_npy(bytes),
        "npz" => read_npz(bytes, name),
        "safetensors" => read_safetensors(bytes, name),
        _ => Err(FileError::Kind),
    }
}

fn shape_of(axes: &[u64]) -> Result<Shape, FileError> {
    // A single number without axes is one element.
    let axes: Vec<usize> = if axes.is_empty() {
        vec![1]
    } else {
        axes.iter()
            .map(|&length| usize::try_from(length).unwrap_or(usize::MAX))
            .collect()
    };
    let shape = Shape::new(&axes)?;
    Tensor::check(&shape)?;
    Ok(shape)
}

/// The tensor in the bytes of a `.npy` file, whatever its number type.
///
/// # Errors
/// As [`read_tensor`].
pub fn read_npy(bytes: &[u8]) -> Result<Tensor, FileError> {
    const KIND: FileKind = FileKind::Npy;
    check_npy_header(bytes)?;
    let file = npyz::NpyFile::new(bytes).map_err(|why| content(KIND, why))?;
    let shape = shape_of(file.shape())?;
    let fortran = file.order() == npyz::Order::Fortran;
    let npyz::DType::Plain(number) = file.dtype() else {
        return Err(FileError::Type(file.dtype().descr()));
    };
    macro_rules! numbers {
        ($type:ty, $convert:expr) => {
            file.into_vec::<$type>()
                .map_err(|why| content(KIND, why))?
                .into_iter()
                .map($convert)
                .collect::<Vec<f32>>()
        };
    }
    let described = number.to_string();
    let data = match described.trim_start_matches(['<', '>', '|', '=']) {
        "f4" => numbers!(f32, |number| number),
        "f8" => numbers!(f64, |number| number as f32),
        "i1" => numbers!(i8, f32::from),
        "i2" => numbers!(i16, f32::from),
        "i4" => numbers!(i32, |number| number as f32),
        "i8" => numbers!(i64, |number| number as f32),
        "u1" => numbers!(u8, f32::from),
        "u2" => numbers!(u16, f32::from),
        "u4" => numbers!(u32, |number| number as f32),
        "u8" => numbers!(u64, |number| number as f32),
        "b1" => numbers!(bool, |truth| if truth { 1.0 } else { 0.0 }),
        _ => return Err(FileError::Type(described)),
    };
    let data = if fortran {
        row_major(&shape, &data)
    } else {
        data
    };
    Ok(Tensor::new(shape, data)?)
}

/// Column-major data in row-major order.
fn row_major(shape: &Shape, data: &[f32]) -> Vec<f32> {
    let axes = shape.axes();
    (0..data.len())
        .map(|offset| {
            let (mut rest, mut place, mut step) = (offset, 0, data.len());
            for &length in axes.iter().rev() {
                step /= length;
                place += rest % length * step;
                rest /= length;
            }
            data.get(place).copied().unwrap_or(0.0)
        })
        .collect()
}

/// Refuses a header that is longer or deeper than any real one, or that claims more elements than
/// can be counted, before the parser sees it.
fn check_npy_header(bytes: &[u8]) -> Result<(), FileError> {
    let wrong = |en: &str, ja: &str| {
        Err(FileError::Content {
            kind: FileKind::Npy,
            why: Localized::new(en, ja).into(),
        })
    };
    if !bytes.starts_with(b"\x93NUMPY") {
        return wrong(
            "it does not begin with NumPy's magic bytes",
            "NumPy の印で始まっていません",
        );
    }
    let (start, length) = match bytes {
        [_, _, _, _, _, _, 1, _, low, high, ..] => {
            (10, u32::from(u16::from_le_bytes([*low, *high])))
        }
        [_, _, _, _, _, _, _, _, a, b, c, d, ..] => (12, u32::from_le_bytes([*a, *b, *c, *d])),
        _ => return wrong("it ends inside its header", "ヘッダの途中で終わっています"),
    };
    let length = length as usize;
    if length > MAX_HEADER {
        return wrong("its header is too long", "ヘッダが長すぎます");
    }
    let Some(header) = bytes.get(start..start + length) else {
        return wrong("it ends inside its header", "ヘッダの途中で終わっています");
    };
    let nested = header
        .iter()
        .filter(|byte| matches!(byte, b'(' | b'[' | b'{'))
        .count();
    if nested > 64 {
        return wrong(
            "its header is nested too deeply",
            "ヘッダの入れ子が深すぎます",
        );
    }
    // Lengths of axes stand alone; the digits of a type such as <f4 follow a letter.
    let mut claimed: u64 = 1;
    for word in header.split(|byte| !byte.is_ascii_alphanumeric()) {
        if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
            continue;
        }
        let number = std::str::from_utf8(word)
            .ok()
            .and_then(|word| word.parse::<u64>().ok());
        match number.and_then(|number| claimed.checked_mul(number.max(1))) {
            Some(product) if product < 1 << 56 => claimed = product,
            _ => {
                return wrong(
                    "it claims more numbers than can be read",
                    "数が多すぎて読めません",
                );
            }
        }
    }
    Ok(())
}

fn read_npz(bytes: &[u8], name: Option<&str>) -> Result<Tensor, FileError> {
    const KIND: FileKind = FileKind::Npz;
    let mut archive =
        npyz::npz::NpzArchive::new(Cursor::new(bytes)).map_err(|why| content(KIND, why))?;
    let mut names: Vec<String> = archive.array_names().map(str::to_string).collect();
    names.sort_unstable();
    let name = chosen(name, &names)?;
    let entry = archive
        .zip_archive()
        .by_name(&npyz::npz::file_name_from_array_name(&name));
    let entry = entry.map_err(|why| content(KIND, why))?;
    let limit = MAX_ELEMENTS as u64 * 8 + MAX_HEADER as u64;
    let mut unpacked = Vec::new();
    entry
        .take(limit)
        .read_to_end(&mut unpacked)
        .map_err(|why| content(KIND, why))?;
    read_npy(&unpacked)
}

/// The tensor's name: the one asked for, or the only one there is.
fn chosen(name: Option<&str>, names: &[String]) -> Result<String, FileError> {
    match (name, names) {
        (Some(name), names) if names.iter().any(|known| known == name) => Ok(name.to_string()),
        (Some(name), _) => Err(FileError::Name {
            name: name.to_string(),
            known: names.to_vec(),
        }),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(FileError::Several {
            known: names.to_vec(),
        }),
    }
}

fn read_safetensors(bytes: &[u8], name: Option<&str>) -> Result<Tensor, FileError> {
    use safetensors::{Dtype, SafeTensors};
    const KIND: FileKind = FileKind::Safetensors;
    let file = SafeTensors::deserialize(bytes).map_err(|why| content(KIND, why))?;
    let mut names: Vec<String> = file.names().into_iter().map(str::to_string).collect();
    names.sort_unstable();
    let view = file
        .tensor(&chosen(name, &names)?)
        .map_err(|why| content(KIND, why))?;
    let axes: Vec<u64> = view.shape().iter().map(|&length| length as u64).collect();
    let shape = shape_of(&axes)?;
    fn each<const N: usize>(data: &[u8], convert: impl Fn([u8; N]) -> f32) -> Vec<f32> {
        data.as_chunks::<N>()
            .0
            .iter()
            .map(|bytes| convert(*bytes))
            .collect()
    }
    let data = view.data();
    let data = match view.dtype() {
        Dtype::F32 => each(data, f32::from_le_bytes),
        Dtype::F64 => each(data, |bytes| f64::from_le_bytes(bytes) as f32),
        Dtype::F16 => each(data, |bytes| half(u16::from_le_bytes(bytes))),
        Dtype::BF16 => each(data, |[low, high]| f32::from_le_bytes([0, 0, low, high])),
        Dtype::U8 => each(data, |[byte]: [u8; 1]| f32::from(byte)),
        Dtype::I8 => each(data, |bytes: [u8; 1]| f32::from(i8::from_le_bytes(bytes))),
        Dtype::I16 => each(data, |bytes| f32::from(i16::from_le_bytes(bytes))),
        Dtype::U16 => each(data, |bytes| f32::from(u16::from_le_bytes(bytes))),
        Dtype::I32 => each(data, |bytes| i32::from_le_bytes(bytes) as f32),
        Dtype::U32 => each(data, |bytes| u32::from_le_bytes(bytes) as f32),
        Dtype::I64 => each(data, |bytes| i64::from_le_bytes(bytes) as f32),
        Dtype::U64 => each(data, |bytes| u64::from_le_bytes(bytes) as f32),
        Dtype::BOOL => each(data, |[byte]: [u8; 1]| if byte == 0 { 0.0 } else { 1.0 }),
        other => return Err(FileError::Type(format!("{other:?}"))),
    };
    Ok(Tensor::new(shape, data)?)
}

/// A half-precision number (IEEE 754 binary16), exactly.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f32::from(bits & 0x3ff);
    match (bits >> 10) & 0x1f {
        0 => sign * fraction / 16_777_216.0,
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        exponent => {
            let power = f32::from_bits((u32::from(exponent) + 112) << 23);
            sign * (1.0 + fraction / 1024.0) * power
        }
    }
}

fn decode(bytes: &[u8]) -> Result<image::DynamicImage, FileError> {
    const KIND: FileKind = FileKind::Picture;
    let mut reader = image::ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|why| content(KIND, why))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_PICTURE);
    limits.max_image_height = Some(MAX_PICTURE);
    limits.max_alloc = Some(1 << 30);
    reader.limits(limits);
    reader.decode().map_err(|why| content(KIND, why))
}

/// A PNG or JPEG picture in its own size, as `3 × height × width` from 0 to 1.
///
/// # Errors
/// When the bytes are no such picture, or it is too large.
pub fn read_picture(bytes: &[u8]) -> Result<Tensor, FileError> {
    let picture = decode(bytes)?;
    let shape = Shape::chw(3, picture.height() as usize, picture.width() as usize)?;
    planes(&picture, &shape)
}

/// A PNG or JPEG picture scaled to a shape of 1, 3 or 4 channels, from 0 to 1.
///
/// # Errors
/// When the bytes are no such picture, or the shape is none that a picture has.
pub fn read_scaled_picture(bytes: &[u8], shape: &Shape) -> Result<Tensor, FileError> {
    let &[1 | 3 | 4, height, width] = shape.axes() else {
        return Err(FileError::PictureShape(*shape));
    };
    Tensor::check(shape)?;
    let picture = decode(bytes)?;
    let size = (u32::try_from(width), u32::try_from(height));
    let (Ok(width), Ok(height)) = size else {
        return Err(FileError::PictureShape(*shape));
    };
    planes(
        &picture.resize_exact(width, height, image::imageops::FilterType::Triangle),
        shape,
    )
}

fn planes(picture: &image::DynamicImage, shape: &Shape) -> Result<Tensor, FileError> {
    let pixels = match shape.channels() {
        1 => picture.to_luma8().into_raw(),
        3 => picture.to_rgb8().into_raw(),
        _ => picture.to_rgba8().into_raw(),
    };
    let mut tensor = Tensor::zeros(*shape)?;
    let (channels, plane) = (shape.channels(), shape.height() * shape.width());
    for (place, pixel) in pixels.chunks_exact(channels).enumerate() {
        for (channel, value) in pixel.iter().enumerate() {
            tensor.data_mut()[channel * plane + place] = f32::from(*value) / 255.0;
        }
    }
    Ok(tensor)
}

/// A tensor as the bytes of a `.npy` file of float32 in row-major order.
///
/// # Errors
/// When writing to memory fails, which it does not.
pub fn write_npy(tensor: &Tensor) -> Result<Vec<u8>, FileError> {
    use npyz::WriterBuilder;
    let axes: Vec<u64> = tensor
        .shape()
        .axes()
        .iter()
        .map(|&length| length as u64)
        .collect();
    let mut bytes = Vec::new();
    let mut write = || {
        let mut writer = npyz::WriteOptions::new()
            .default_dtype()
            .shape(&axes)
            .writer(&mut bytes)
            .begin_nd()?;
        writer.extend(tensor.data())?;
        writer.finish()
    };
    write().map_err(|why: std::io::Error| content(FileKind::Npy, why))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Fill;

    fn npy(description: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(description.len()).unwrap().to_le_bytes());
        bytes.extend(description.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn a_tensor_written_reads_back() {
        let tensor = Fill::Uniform { seed: 1 }
            .make(&"2x3x4".parse().unwrap())
            .unwrap();
        let bytes = write_npy(&tensor).unwrap();
        assert_eq!(read_tensor("x.npy", &bytes, None).unwrap(), tensor);
    }

    #[test]
    fn numbers_of_every_type_and_order_are_read() {
        let header = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }\n";
        let data: Vec<u8> = [1i16, 4, 2, 5, 3, 6]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        let tensor = read_npy(&npy(header, &data)).unwrap();
        assert_eq!(tensor.data(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let header = "{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }\n";
        let data: Vec<u8> = [0.5f64, -2.0]
            .iter()
            .flat_map(|n| n.to_be_bytes())
            .collect();
        assert_eq!(read_npy(&npy(header, &data)).unwrap().data(), [0.5, -2.0]);
    }

    #[test]
    fn a_file_that_claims_too_much_is_refused_before_memory_is_taken() {
        let claims = [
            "(99999999999, 99999999999)",
            "(100000, 100000, 10)",
            "(18446744073709551615, 2)",
            "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1,)",
        ];
        for claim in claims {
            let header =
                format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {claim}, }}\n");
            assert!(read_npy(&npy(&header, &[0; 16])).is_err(), "{claim}");
        }
        assert!(read_npy(b"\x93NUMPY\x02\x00\xff\xff\xff\xff").is_err());
    }

    #[test]
    fn a_tensor_is_taken_by_its_name() {
        use safetensors::tensor::{Dtype, TensorView, serialize};
        let numbers: Vec<u8> = [1.5f32, -2.0]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        let halves: Vec<u8> = [0x3c00u16, 0xc500, 0x0001]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        let views = [
            (
                "conv.weight",
                TensorView::new(Dtype::F32, vec![1, 2], &numbers).unwrap(),
            ),
            (
                "conv.bias",
                TensorView::new(Dtype::F16, vec![3], &halves).unwrap(),
            ),
        ];
        let bytes = serialize(views, None).unwrap();
        let read = |name| read_tensor("m.safetensors", &bytes, name);
        assert_eq!(read(Some("conv.weight")).unwrap().data(), [1.5, -2.0]);
        assert_eq!(
            read(Some("conv.bias")).unwrap().data(),
            [1.0, -5.0, 2.0_f32.powi(-24)]
        );
        let error = read(Some("conv")).unwrap_err().to_string();
        assert!(error.contains("conv.bias, conv.weight"), "{error}");
        assert!(read(None).unwrap_err().to_string().contains("name one of"));
    }

    #[test]
    fn a_picture_is_scaled_to_the_shape() {
        let mut picture = image::RgbImage::new(4, 2);
        for (x, _, pixel) in picture.enumerate_pixels_mut() {
            *pixel = image::Rgb([255, if x < 2 { 0 } else { 255 }, 0]);
        }
        let mut bytes = Cursor::new(Vec::new());
        picture
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        let bytes = bytes.into_inner();
        assert_eq!(
            read_picture(&bytes).unwrap().shape().to_string(),
            "3 × 2 × 4"
        );
        let scaled = read_scaled_picture(&bytes, &"3x1x2".parse().unwrap()).unwrap();
        assert_eq!((scaled.data()[0], scaled.data()[4]), (1.0, 0.0));
        assert!(scaled.data()[2] < 0.3 && scaled.data()[3] > 0.7);
        assert!(read_scaled_picture(&bytes, &"2x1x2".parse().unwrap()).is_err());
        assert!(read_scaled_picture(b"not a picture", &"3x1x2".parse().unwrap()).is_err());
    }
}
