//! `.safetensors` files: tensors by name.

use half::{bf16, f16};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::element::Unread;
use super::{FileError, FileKind, chosen, shape_of};
use crate::language::{Localized, says};
use crate::tensor::{Shape, Tensor};

fn wrong(why: impl ToString) -> FileError {
    FileError::Content {
        kind: FileKind::Safetensors,
        why: Localized::same(why.to_string()),
    }
}

/// The file, once it is known to be whole.
fn opened(bytes: &[u8]) -> Result<SafeTensors<'_>, FileError> {
    SafeTensors::deserialize(bytes).map_err(|why| {
        let header = bytes
            .first_chunk()
            .map(|length| u64::from_le_bytes(*length));
        let has_header = header.is_some_and(|length| length <= bytes.len() as u64 - 8);
        match why {
            safetensors::SafeTensorError::MetadataIncompleteBuffer => {}
            _ if bytes.get(8) == Some(&b'{') && !has_header => {}
            _ => return wrong(why),
        }
        FileError::CutOff {
            kind: FileKind::Safetensors,
            why: says!(
                en: "its header tells of another number of bytes",
                ja: "ヘッダにあるバイト数と合いません"
            ),
        }
    })
}

/// The tensor of a file, by its name where there are several.
pub(super) fn read(
    bytes: &[u8],
    name: Option<&str>,
    needed: Option<&Shape>,
) -> Result<Tensor, FileError> {
    let file = opened(bytes)?;
    let mut names: Vec<String> = file.names().into_iter().map(str::to_string).collect();
    names.sort_unstable();
    let view = file.tensor(&chosen(name, &names)?).map_err(wrong)?;
    numbers(&view, needed)
}

/// The names and axes of all tensors of a `.safetensors` file, in the order of their names.
///
/// # Errors
/// When the bytes are no such file.
pub fn safetensors_names(bytes: &[u8]) -> Result<Vec<(String, Vec<usize>)>, FileError> {
    super::known(bytes)?;
    let file = opened(bytes)?;
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
    let file = opened(bytes)?;
    let tensors = wanted.iter().map(|(name, shape)| {
        let view = file.tensor(name).map_err(wrong)?;
        Ok(numbers(&view, Some(shape))?.reshaped(*shape)?)
    });
    tensors.collect()
}

/// The numbers of a tensor, of whatever type.
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
        Dtype::C64 => return Err(FileError::Type(Unread::Complex("C64".to_owned()))),
        other => return Err(FileError::Type(Unread::Other(format!("{other:?}")))),
    };
    Ok(Tensor::new(shape, data)?)
}
