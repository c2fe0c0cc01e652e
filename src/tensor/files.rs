//! Tensors from the bytes of `.npy`, `.npz` and `.safetensors` files and of pictures, and back to
//! `.npy`. What a file is, its bytes say and not its name; what it claims is checked before memory is
//! taken for it; and of one that is cut off, nothing is shown.

mod archive;
mod by_name;
mod content;
mod element;
mod npy;
mod orientation;
mod picture;

pub use archive::write_npz;
pub use by_name::{read_safetensors_of, safetensors_names};
pub use content::{Foreign, holds_picture, is_archive, is_picture, is_tensor_file};
pub use element::Unread;
pub use npy::{npy_axes, read_npy, write_npy};
pub use picture::{Picture, WHITE, read_picture, read_scaled_picture};

use super::{MAX_RANK, Shape, ShapeError, Tensor, TensorError};
use crate::language::{Localized, Message, message_error, says};
use content::Content;

/// Why the bytes of a file are not a tensor.
#[derive(Debug, Clone, PartialEq)]
pub enum FileError {
    /// Neither the name's ending nor the content says anything known.
    Kind,
    /// A file of a kind that is known and not read.
    Foreign(Foreign),
    /// The content is not what the name says.
    Content {
        /// What it should be.
        kind: FileKind,
        /// The reason; that of a library in its own words.
        why: Localized<String>,
    },
    /// A file that ends before what it claims.
    CutOff {
        /// What it should be.
        kind: FileKind,
        /// What is missing.
        why: Localized<String>,
    },
    /// Numbers of a type that does not become `f32`.
    Type(Unread),
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
    /// A PNG, JPEG, WebP or BMP image.
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

impl FileKind {
    /// How to get one that is read.
    const fn remedy(self) -> Localized<&'static str> {
        match self {
            Self::Npy => Localized::new(
                "save it again with numpy.save",
                "numpy.save で保存し直してください。",
            ),
            Self::Npz => Localized::new(
                "save it again with numpy.savez",
                "numpy.savez で保存し直してください。",
            ),
            Self::Safetensors => Localized::new(
                "save it again with save_file of safetensors",
                "safetensors の save_file で保存し直してください。",
            ),
            Self::Picture => Localized::new(
                "download it again, or open it in another program and save it as PNG",
                "もう一度ダウンロードするか、ほかのプログラムで開いて PNG で保存してください。",
            ),
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
                en: "neither its name nor its content is that of a .npy, .npz or .safetensors file, or of a PNG, JPEG, WebP or BMP image; save numbers with numpy.save, and a picture as PNG",
                ja: "名前も中身も、.npy、.npz、.safetensors のファイルや、PNG、JPEG、WebP、BMP の画像のものではありません。数値は numpy.save で、画像は PNG で保存してください。"
            ),
            Self::Foreign(kind) => kind.message(),
            Self::Content { kind, why } => {
                let (kind, remedy) = (kind.name(), kind.remedy());
                says!(
                    with [kind, why, remedy];
                    en: "it is not a readable {kind}: {why}; {remedy}",
                    ja: "{kind}として読めません ({why})。{remedy}"
                )
            }
            Self::CutOff { kind, why } => {
                let kind = kind.name();
                says!(
                    with [kind, why];
                    en: "this {kind} is cut off: {why}; download or save it again",
                    ja: "{kind}が途中で切れています ({why})。もう一度ダウンロードか保存をしてください。"
                )
            }
            Self::Type(why) => why.message(),
            Self::Name { known, .. } | Self::Several { known } if known.is_empty() => {
                says!(en: "it has no tensors", ja: "テンソルが 1 つもありません。")
            }
            Self::Name { name, known } => {
                // Of many names, those that it may have been meant for.
                let likeness = |known: &String| strsim::jaro(name, known);
                let mut nearest = known.clone();
                if nearest.len() > LISTED {
                    nearest.sort_by(|one, other| likeness(other).total_cmp(&likeness(one)));
                }
                let known = listed(&nearest);
                says!(
                    en: "it has no tensor {name:?}; it has {known}",
                    ja: "{name:?} というテンソルはありません。あるのは {known} です。"
                )
            }
            Self::Several { known } => {
                let example = known.first().map_or("", String::as_str);
                let known = listed(known);
                says!(
                    en: "it has several tensors; name one of {known} behind a colon (FILE:{example})",
                    ja: "テンソルが複数あります。コロンに続けて次のどれかを指定してください (FILE:{example}): {known}"
                )
            }
            Self::Shape(ShapeError::Rank(count)) => says!(
                en: "it has {count} axes, and at most {MAX_RANK} are read; save x.squeeze(), or a part of it",
                ja: "軸が {count} 個あります。読めるのは {MAX_RANK} 個までです。x.squeeze() か、一部を保存してください。"
            ),
            Self::Shape(ShapeError::Empty { axis }) => says!(
                en: "it holds no numbers: its axis {axis} has the length 0; save an array that has some",
                ja: "軸 {axis} の長さが 0 で、数が 1 つもありません。数のある配列を保存してください。"
            ),
            Self::Shape(why) => why.message(),
            Self::Tensor(why) => why.message(),
            Self::Holds { found, needed } => {
                let what = says!(
                    en: "it contains {found}, but {needed} is needed",
                    ja: "中身は {found} ですが、{needed} が必要です。"
                );
                match order_hint(found, needed) {
                    Some(hint) => {
                        says!(with [what, hint]; en: "{what}; {hint}", ja: "{what}{hint}")
                    }
                    None => what,
                }
            }
            Self::Pixels { width, height } => {
                let (count, limit) = (u64::from(*width) * u64::from(*height), picture::MAX_PIXELS);
                says!(
                    en: "it is an image of {width} × {height} = {count} pixels, but the limit is {limit}; make it smaller",
                    ja: "{width} × {height} = {count} 画素の画像です。上限は {limit} 画素です。小さくしてください。"
                )
            }
            Self::Scaling { width, rows } => {
                let (count, limit) = (u64::from(*width) * u64::from(*rows), picture::MAX_PIXELS);
                says!(
                    en: "scaling an image that is {width} wide to {rows} rows takes {count} pixels, but the limit is {limit}; use a smaller image or fewer rows",
                    ja: "幅 {width} の画像を {rows} 行に拡大縮小するには {count} 画素が必要です。上限は {limit} 画素です。画像を小さくするか、行を減らしてください。"
                )
            }
            Self::PictureShape(shape) => says!(
                en: "an image fills 1 (grey), 3 (colour) or 4 (colour and alpha) channels of rows and columns, not {shape}",
                ja: "画像は 1 (白黒)、3 (カラー)、4 (カラーと透明度) チャネルの行と列になります。{shape} にはなりません。"
            ),
        }
    }
}

message_error!(FileError { Shape(ShapeError), Tensor(TensorError) });

/// What is to be done in NumPy with a tensor `x` whose axes stand in another order than PyTorch's.
fn order_hint(found: &Shape, needed: &Shape) -> Option<Localized<String>> {
    let (found, needed) = (found.axes(), needed.axes());
    let is = |order: &[usize]| {
        found.len() == order.len()
            && needed.len() == order.len()
            && order
                .iter()
                .zip(needed)
                .all(|(&axis, &length)| found[axis] == length)
    };
    Some(if is(&[2, 0, 1]) {
        says!(
            en: "channels are last in it and come first here: save x.transpose(2, 0, 1)",
            ja: "チャネルが最後にあります。ここでは先頭なので、x.transpose(2, 0, 1) を保存してください。"
        )
    } else if is(&[3, 2, 0, 1]) {
        says!(
            en: "these are weights in TensorFlow's order: save x.transpose(3, 2, 0, 1)",
            ja: "TensorFlow の順の重みです。x.transpose(3, 2, 0, 1) を保存してください。"
        )
    } else if is(&[1, 0]) {
        says!(
            en: "its rows and columns are exchanged, as in TensorFlow: save x.T",
            ja: "TensorFlow のように行と列が逆です。x.T を保存してください。"
        )
    } else if let [batch, one @ ..] = found
        && one == needed
    {
        says!(
            en: "it is a batch of {batch}: save one of them, such as x[0]",
            ja: "{batch} 個のバッチです。x[0] のように 1 つを保存してください。"
        )
    } else if let ([batch, rows, columns, channels], [c, h, w]) = (found, needed)
        && [channels, rows, columns] == [c, h, w]
    {
        says!(
            en: "it is a batch of {batch} with channels last: save one of them with channels first, such as x[0].transpose(2, 0, 1)",
            ja: "チャネルが最後の、{batch} 個のバッチです。x[0].transpose(2, 0, 1) のように、1 つをチャネル先頭で保存してください。"
        )
    } else if found.len() == 4 && needed.len() == 4 {
        says!(
            en: "PyTorch's order is filters, channels, rows, columns; TensorFlow's is rows, columns, channels, filters, which x.transpose(3, 2, 0, 1) makes PyTorch's",
            ja: "PyTorch の順はフィルタ、チャネル、行、列です。TensorFlow の順は行、列、チャネル、フィルタで、x.transpose(3, 2, 0, 1) で PyTorch の順になります。"
        )
    } else {
        return None;
    })
}

/// The tensor in a `.npy`, `.npz` or `.safetensors` file, by its name where there are several. A picture
/// is read as [`read_picture`] does.
///
/// # Errors
/// When the bytes are not such a file, hold no such tensor, or claim too large a one.
pub fn read_tensor(path: &str, bytes: &[u8], name: Option<&str>) -> Result<Tensor, FileError> {
    read(path, bytes, name, None)
}

/// As [`read_tensor`], of a shape that is known, or with axes of 1 before or without those that the shape
/// begins with. A tensor of another shape is refused before its numbers are read. A picture is scaled.
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
    let content = match known(bytes)? {
        Some(content) => content,
        // Not what it should be: said of what its name promises.
        None => by_ending(path).ok_or(FileError::Kind)?,
    };
    match content {
        Content::Npy => npy::read(&mut &bytes[..], needed),
        Content::Npz => archive::read(bytes, name, needed),
        Content::Safetensors => by_name::read(bytes, name, needed),
        Content::Picture(_) => match needed {
            Some(shape) => read_scaled_picture(bytes, shape),
            None => read_picture(bytes),
        },
        Content::Foreign(kind) => Err(FileError::Foreign(kind)),
    }
}

/// What bytes are; those that are known and not read are an error.
fn known(bytes: &[u8]) -> Result<Option<Content>, FileError> {
    match content::content(bytes) {
        Some(Content::Foreign(kind)) => Err(FileError::Foreign(kind)),
        content => Ok(content),
    }
}

/// What a name promises.
fn by_ending(path: &str) -> Option<Content> {
    let is = |ending: &str| {
        let start = path.len().checked_sub(ending.len());
        let end = start.and_then(|start| path.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    if is(".npy") {
        Some(Content::Npy)
    } else if is(".npz") {
        Some(Content::Npz)
    } else if is(".csv") || is(".tsv") {
        // Whatever its letters are encoded as.
        Some(Content::Foreign(Foreign::Text))
    } else {
        is(".safetensors").then_some(Content::Safetensors)
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
        Some(needed) if without_ones(found.axes()) != without_ones(needed.axes()) => {
            Err(FileError::Holds {
                found,
                needed: *needed,
            })
        }
        _ => Ok(found),
    }
}

/// Axes without those of 1 that they begin with: a batch of one sample, the channel of a plane.
fn without_ones(axes: &[usize]) -> &[usize] {
    let ones = axes.iter().take_while(|&&length| length == 1).count();
    &axes[ones..]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Fill;
    use std::io::Cursor;

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
        let bytes = write_npy(&tensor);
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
        let whole = write_npy(&tensor);
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
