//! `.npz` files: zip archives of `.npy` files.

use std::io::{BufReader, Cursor, Read, Write};

use super::{FileError, FileKind, Foreign, chosen, npy};
use crate::language::{Localized, says};
use crate::tensor::{Shape, Tensor};

fn wrong(why: &dyn std::fmt::Display) -> FileError {
    FileError::Content {
        kind: FileKind::Npz,
        why: Localized::same(why.to_string()),
    }
}

/// The tensor of an archive, by its name where there are several.
pub(super) fn read(
    bytes: &[u8],
    name: Option<&str>,
    needed: Option<&Shape>,
) -> Result<Tensor, FileError> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|why| unlisted(bytes, &why))?;
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(|file| file.strip_suffix(".npy"))
        .map(str::to_string)
        .collect();
    names.sort_unstable();
    if names.is_empty() && !archive.is_empty() {
        let is_checkpoint = archive.file_names().any(|file| file.ends_with("data.pkl"));
        return Err(FileError::Foreign(if is_checkpoint {
            Foreign::Torch
        } else {
            Foreign::Archive
        }));
    }
    // NumPy finds them with their ending too.
    let plain = name.and_then(|name| name.strip_suffix(".npy"));
    let plain = plain.filter(|plain| names.iter().any(|known| known == plain));
    let name = chosen(plain.or(name), &names)?;
    let entry = archive
        .by_name(&format!("{name}.npy"))
        .map_err(|why| wrong(&why))?;
    let mut entry = BufReader::new(entry);
    // A few kilobytes may unpack to gigabytes: no more is unpacked than the header claims, and nothing
    // where that is too much.
    let tensor = npy::read(&mut entry, needed)?;
    // At its end, the entry's checksum is compared.
    let more = entry.read(&mut [0]).map_err(|why| wrong(&why))?;
    if more > 0 {
        return Err(FileError::Content {
            kind: FileKind::Npz,
            why: says!(
                en: "it goes on after the last number",
                ja: "最後の数のあとにまだ続きがあります"
            ),
        });
    }
    Ok(tensor)
}

/// An archive whose list, which stands at its end, is not found.
fn unlisted(bytes: &[u8], why: &zip::result::ZipError) -> FileError {
    // It and a comment of 64 KiB are the last there is.
    let end = &bytes[bytes.len().saturating_sub(1 << 17)..];
    if end
        .windows(22)
        .any(|record| record.starts_with(b"PK\x05\x06"))
    {
        return wrong(why);
    }
    FileError::CutOff {
        kind: FileKind::Npz,
        why: says!(en: "the list at its end is missing", ja: "末尾にあるはずの一覧がありません"),
    }
}

/// Tensors by their names as the bytes of a `.npz` file, which `numpy.load` reads.
///
/// # Errors
/// When writing to memory fails, which it does not.
pub fn write_npz<'a>(
    tensors: impl IntoIterator<Item = (&'a str, &'a Tensor)>,
) -> Result<Vec<u8>, FileError> {
    let mut bytes = Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    // Numbers of tensors hardly compress.
    let options = zip::write::FileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .large_file(true);
    for (name, tensor) in tensors {
        archive
            .start_file(format!("{name}.npy"), options)
            .map_err(|why| wrong(&why))?;
        archive
            .write_all(&npy::write_npy(tensor))
            .map_err(|why| wrong(&why))?;
    }
    archive.finish().map_err(|why| wrong(&why))?;
    drop(archive);
    Ok(bytes.into_inner())
}
