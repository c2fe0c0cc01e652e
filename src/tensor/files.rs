//! Tensors from the bytes of `.npy`, `.npz` and `.safetensors` files and of pictures, and back to
//! `.npy`. What a file claims is checked before memory is taken for it.

use std::io::{BufReader, Cursor, Read};

use half::{bf16, f16};
use image::ImageDecoder;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::{Shape, ShapeError, Tensor, TensorError};
use crate::language::{Localized, Message, message_error, says};

/// The longest header of a `.npy` file that is read, in bytes.
const MAX_HEADER: usize = 1 << 16;

/// Pixels of a picture, at most, before it is scaled and while it is: 2^26, as 8192 × 8192 has.
const MAX_PIXELS: u64 = 1 << 26;

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
    /// A tensor of another shape than is needed.
    Holds {
        /// The shape that it has.
        found: Shape,
        /// The shape to fill.
        needed: Shape,
    },
    /// A picture of a shape that pictures do not have.
    PictureShape(Shape),
    /// A picture that is too large.
    Pixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// A picture that would be too large while it is scaled.
    Scaling {
        /// Its width.
        width: u32,
        /// The rows that it is scaled to.
        rows: u32,
    },
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
            Self::Holds { found, needed } => says!(
                en: "it contains {found}, but {needed} is needed",
                ja: "中身は {found} ですが、{needed} が必要です。"
            ),
            Self::Pixels { width, height } => {
                let count = u64::from(*width) * u64::from(*height);
                says!(
                    en: "it is an image of {width} × {height} = {count} pixels, but the limit is {MAX_PIXELS}; make it smaller",
                    ja: "{width} × {height} = {count} 画素の画像です。上限は {MAX_PIXELS} 画素です。小さくしてください。"
                )
            }
            Self::Scaling { width, rows } => {
                let count = u64::from(*width) * u64::from(*rows);
                says!(
                    en: "scaling an image that is {width} wide to {rows} rows takes {count} pixels, but the limit is {MAX_PIXELS}; use a smaller image or fewer rows",
                    ja: "幅 {width} の画像を {rows} 行に拡大縮小するには {count} 画素が必要です。上限は {MAX_PIXELS} 画素です。画像を小さくするか、行を減らしてください。"
                )
            }
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
    read(path, bytes, name, None)
}

/// As [`read_tensor`], of a shape that is known, or with a batch axis of 1 more. A tensor of another
/// shape is refused before its numbers are read.
///
/// # Errors
/// As [`read_tensor`], and when the tensor has another shape.
pub fn read_tensor_of(
    shape: &Shape,
    path: &str,
    bytes: &[u8],
    name: Option<&str>,
) -> Result<Tensor, FileError> {
    let tensor = read(path, bytes, name, Some(shape))?;
    Ok(tensor.reshaped(*shape)?)
}

fn read(
    path: &str,
    bytes: &[u8],
    name: Option<&str>,
    needed: Option<&Shape>,
) -> Result<Tensor, FileError> {
    match ending(path).as_str() {
        "npy" => {
            check_npy_header(bytes)?;
            read_numbers(bytes, needed)
        }
        "npz" => read_npz(bytes, name, needed),
        "safetensors" => read_safetensors(bytes, name, needed),
        _ => Err(FileError::Kind),
    }
}

/// The shape that a file claims, if that can be and is what is needed.
fn shape_of(axes: &[u64], needed: Option<&Shape>) -> Result<Shape, FileError> {
    // A single number without axes is one element.
    let axes: Vec<usize> = if axes.is_empty() {
        vec![1]
    } else {
        axes.iter()
            .map(|&length| usize::try_from(length).unwrap_or(usize::MAX))
            .collect()
    };
    let found = Shape::new(&axes)?;
    Tensor::check(&found)?;
    match needed {
        Some(needed)
            if found != *needed && found.axes().split_first() != Some((&1, needed.axes())) =>
        {
            Err(FileError::Holds {
                found,
                needed: *needed,
            })
        }
        _ => Ok(found),
    }
}

/// The tensor in the bytes of a `.npy` file, whatever its number type.
///
/// # Errors
/// As [`read_tensor`].
pub fn read_npy(bytes: &[u8]) -> Result<Tensor, FileError> {
    check_npy_header(bytes)?;
    read_numbers(bytes, None)
}

/// The axes that a `.npy` file claims, even where it holds nothing; `None` where it is none.
pub fn npy_axes(bytes: &[u8]) -> Option<Vec<usize>> {
    check_npy_header(bytes).ok()?;
    let file = npyz::NpyFile::new(bytes).ok()?;
    let axes = file
        .shape()
        .iter()
        .map(|&length| usize::try_from(length).ok());
    axes.collect()
}

/// The tensor of a `.npy` file whose header was checked.
fn read_numbers(reader: impl Read, needed: Option<&Shape>) -> Result<Tensor, FileError> {
    const KIND: FileKind = FileKind::Npy;
    let file = npyz::NpyFile::new(reader).map_err(|why| content(KIND, why))?;
    let shape = shape_of(file.shape(), needed)?;
    let fortran = file.order() == npyz::Order::Fortran;
    let npyz::DType::Plain(number) = file.dtype() else {
        return Err(FileError::Type(file.dtype().descr()));
    };
    macro_rules! numbers {
        ($type:ty, $convert:expr) => {
            file.data::<$type>()
                .map_err(|why| content(KIND, why))?
                .map(|number| number.map($convert))
                .collect::<std::io::Result<Vec<f32>>>()
                .map_err(|why| content(KIND, why))?
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

fn read_npz(bytes: &[u8], name: Option<&str>, needed: Option<&Shape>) -> Result<Tensor, FileError> {
    const KIND: FileKind = FileKind::Npz;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|why| content(KIND, why))?;
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(|file| file.strip_suffix(".npy"))
        .map(str::to_string)
        .collect();
    names.sort_unstable();
    let name = chosen(name, &names)?;
    let entry = archive
        .by_name(&format!("{name}.npy"))
        .map_err(|why| content(KIND, why))?;
    let mut entry = BufReader::new(entry);
    // A few kilobytes may unpack to gigabytes: no more is unpacked than the header claims, and nothing
    // where that is too much.
    let header = npy_header(&mut entry)?;
    let tensor = read_numbers(header.as_slice().chain(&mut entry), needed)?;
    // At its end, the entry's checksum is compared.
    let more = entry.read(&mut [0]).map_err(|why| content(KIND, why))?;
    if more > 0 {
        let why = Localized::new(
            "it goes on after the last number",
            "最後の数のあとにまだ続きがあります",
        );
        return Err(FileError::Content {
            kind: KIND,
            why: why.into(),
        });
    }
    Ok(tensor)
}

/// The header of a `.npy` file, checked.
fn npy_header(reader: &mut impl Read) -> Result<Vec<u8>, FileError> {
    // Mark, version, and the length of what follows, in two bytes or in four.
    let mut header = Vec::new();
    let take = |reader: &mut dyn Read, count: u64, header: &mut Vec<u8>| {
        let taken = reader.take(count).read_to_end(header);
        taken.map_err(|why| content(FileKind::Npz, why))
    };
    take(reader, 8, &mut header)?;
    let of_length = if header.get(6) == Some(&1) { 2 } else { 4 };
    take(reader, of_length, &mut header)?;
    let mut length = [0; 4];
    for (byte, read) in length.iter_mut().zip(header.get(8..).unwrap_or_default()) {
        *byte = *read;
    }
    let length = u64::from(u32::from_le_bytes(length));
    take(reader, length.min(MAX_HEADER as u64), &mut header)?;
    check_npy_header(&header)?;
    Ok(header)
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

fn read_safetensors(
    bytes: &[u8],
    name: Option<&str>,
    needed: Option<&Shape>,
) -> Result<Tensor, FileError> {
    const KIND: FileKind = FileKind::Safetensors;
    let file = SafeTensors::deserialize(bytes).map_err(|why| content(KIND, why))?;
    let mut names: Vec<String> = file.names().into_iter().map(str::to_string).collect();
    names.sort_unstable();
    let view = file
        .tensor(&chosen(name, &names)?)
        .map_err(|why| content(KIND, why))?;
    numbers(&view, needed)
}

/// The names and axes of all tensors of a `.safetensors` file, in the order of their names.
///
/// # Errors
/// When the bytes are no such file.
pub fn safetensors_names(bytes: &[u8]) -> Result<Vec<(String, Vec<usize>)>, FileError> {
    let file = SafeTensors::deserialize(bytes);
    let file = file.map_err(|why| content(FileKind::Safetensors, why))?;
    let mut names: Vec<(String, Vec<usize>)> = file
        .iter()
        .map(|(name, view)| (name.to_owned(), view.shape().to_vec()))
        .collect();
    names.sort_unstable();
    Ok(names)
}

/// Tensors of a `.safetensors` file by their names, each of the shape that is needed.
///
/// # Errors
/// When the bytes are no such file, a name is not in it, or its numbers are of a type that is not read.
pub fn read_safetensors_of(
    bytes: &[u8],
    wanted: &[(String, Shape)],
) -> Result<Vec<Tensor>, FileError> {
    const KIND: FileKind = FileKind::Safetensors;
    let file = SafeTensors::deserialize(bytes).map_err(|why| content(KIND, why))?;
    let tensors = wanted.iter().map(|(name, shape)| {
        let view = file.tensor(name).map_err(|why| content(KIND, why))?;
        Ok(numbers(&view, Some(shape))?.reshaped(*shape)?)
    });
    tensors.collect()
}

/// The numbers of a tensor of a `.safetensors` file, of whatever type.
fn numbers(view: &TensorView<'_>, needed: Option<&Shape>) -> Result<Tensor, FileError> {
    let axes: Vec<u64> = view.shape().iter().map(|&length| length as u64).collect();
    let shape = shape_of(&axes, needed)?;
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
        Dtype::F16 => each(data, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(data, |bytes| bf16::from_le_bytes(bytes).to_f32()),
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

/// Decodes a picture, once its width and height are known not to be too much.
fn decode(
    bytes: &[u8],
    check: impl Fn((u32, u32)) -> Result<(), FileError>,
) -> Result<image::DynamicImage, FileError> {
    let wrong = |why: image::ImageError| content(FileKind::Picture, why);
    let decoder = image::ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|why| content(FileKind::Picture, why))?
        .into_decoder()
        .map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(FileError::Pixels { width, height });
    }
    check((width, height))?;
    image::DynamicImage::from_decoder(decoder).map_err(wrong)
}

/// Width and height of a PNG or JPEG picture, as it is shown.
pub(super) fn picture_size(bytes: &[u8]) -> Result<(usize, usize), FileError> {
    let picture = decode(bytes, |_| Ok(()))?;
    Ok((picture.width() as usize, picture.height() as usize))
}

/// A PNG or JPEG picture in its own size, as `3 × height × width` from 0 to 1.
///
/// # Errors
/// When the bytes are no such picture, or it is too large.
pub fn read_picture(bytes: &[u8]) -> Result<Tensor, FileError> {
    let picture = decode(bytes, |_| Ok(()))?;
    let shape = Shape::chw(3, picture.height() as usize, picture.width() as usize)?;
    planes(picture, &shape)
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
    let size = (u32::try_from(width), u32::try_from(height));
    let (Ok(width), Ok(height)) = size else {
        return Err(FileError::PictureShape(*shape));
    };
    let picture = decode(bytes, |(own_width, _)| {
        // Rows are scaled first, columns then.
        if u64::from(own_width) * u64::from(height) > MAX_PIXELS {
            return Err(FileError::Scaling {
                width: own_width,
                rows: height,
            });
        }
        Ok(())
    })?;
    planes(
        picture.resize_exact(width, height, image::imageops::FilterType::Triangle),
        shape,
    )
}

fn planes(picture: image::DynamicImage, shape: &Shape) -> Result<Tensor, FileError> {
    let pixels = match shape.channels() {
        1 => picture.into_luma8().into_raw(),
        3 => picture.into_rgb8().into_raw(),
        _ => picture.into_rgba8().into_raw(),
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

/// Tensors by their names as the bytes of a `.npz` file, which `numpy.load` reads.
///
/// # Errors
/// When writing to memory fails, which it does not.
pub fn write_npz<'a>(
    tensors: impl IntoIterator<Item = (&'a str, &'a Tensor)>,
) -> Result<Vec<u8>, FileError> {
    let wrong = |why: &dyn std::fmt::Display| content(FileKind::Npz, why);
    let mut bytes = Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    // Numbers of tensors hardly compress.
    let options = zip::write::FileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .large_file(true);
    for (name, tensor) in tensors {
        let tensor = write_npy(tensor)?;
        archive
            .start_file(format!("{name}.npy"), options)
            .map_err(|why| wrong(&why))?;
        std::io::Write::write_all(&mut archive, &tensor).map_err(|why| wrong(&why))?;
    }
    archive.finish().map_err(|why| wrong(&why))?;
    drop(archive);
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Fill;

    /// A `.npz` file of entries.
    fn npz(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut archive = zip::ZipWriter::new(&mut bytes);
        for (name, content) in entries {
            archive
                .start_file(format!("{name}.npy"), Default::default())
                .unwrap();
            std::io::Write::write_all(&mut archive, content).unwrap();
        }
        archive.finish().unwrap();
        drop(archive);
        bytes.into_inner()
    }

    /// A PNG file that claims a size and holds next to nothing.
    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::new(1, 1)
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        let mut bytes = bytes.into_inner();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let mut sum = u32::MAX;
        for byte in &bytes[12..29] {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
            }
        }
        bytes[29..33].copy_from_slice(&(!sum).to_be_bytes());
        bytes
    }

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

    #[test]
    fn what_is_packed_is_unpacked_no_further_than_is_needed() {
        let tensor = Fill::Ramp.make(&"2x3x4".parse().unwrap()).unwrap();
        let whole = write_npy(&tensor).unwrap();
        let read = |bytes: &[u8]| read_tensor("x.npz", bytes, Some("a"));
        assert_eq!(read(&npz(&[("a", &whole)])).unwrap(), tensor);
        // Of a tensor that nobody needs, nothing but the header is read: here there is no more.
        let claim = "{'descr': '<f8', 'fortran_order': False, 'shape': (16384, 16384), }\n";
        let packed = npz(&[("a", &npy(claim, &[]))]);
        let needed = "1x2x2".parse().unwrap();
        for (path, bytes) in [("x.npz", packed), ("x.npy", npy(claim, &[]))] {
            let error = read_tensor_of(&needed, path, &bytes, None).unwrap_err();
            let message = error.to_string();
            assert!(message.contains("16384 × 16384"), "{message}");
            assert!(message.contains("1 × 2 × 2 is needed"), "{message}");
        }
        // What goes on is no tensor; neither is what ends too early, or has another checksum.
        let more = [whole.as_slice(), &[0; 100_000]].concat();
        let message = read(&npz(&[("a", &more)])).unwrap_err().to_string();
        assert!(message.contains("goes on"), "{message}");
        assert!(read(&npz(&[("a", &whole[..whole.len() - 1])])).is_err());
        let mut damaged = npz(&[("a", &whole)]);
        // The checksum of the entry, in its own header and in the list at the end.
        let list = damaged.windows(4).rposition(|four| four == b"PK\x01\x02");
        damaged[14] ^= 1;
        damaged[list.unwrap() + 16] ^= 1;
        assert!(read(&damaged).is_err());
    }

    #[test]
    fn a_picture_that_is_too_large_is_refused_before_it_is_decoded() {
        let message = |error: FileError| error.to_string();
        let huge = png_of(16_384, 16_384);
        let scaled = read_scaled_picture(&huge, &"3x2x2".parse().unwrap());
        for message in [
            message(read_picture(&huge).unwrap_err()),
            message(scaled.unwrap_err()),
        ] {
            assert!(message.contains("268435456 pixels"), "{message}");
            assert!(message.contains("the limit is 67108864"), "{message}");
        }
        // One that would grow on the way.
        let wide = png_of(16_384, 1);
        let tall = read_scaled_picture(&wide, &"1x262144x1".parse().unwrap());
        let message = message(tall.unwrap_err());
        assert!(message.contains("262144 rows"), "{message}");
    }
}
