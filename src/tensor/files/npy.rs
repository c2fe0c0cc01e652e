//! `.npy` files: all that NumPy reads and that are numbers, and back.
//!
//! What NumPy writes is told in `numpy.lib.format`: a mark, a version, the length of a header, the header
//! (a Python dictionary of `descr`, `fortran_order` and `shape`), and the numbers.

use std::io::Read;

use super::element::Element;
use super::{FileError, FileKind, shape_of};
use crate::language::{Localized, says};
use crate::tensor::{Shape, Tensor};

/// What every `.npy` file begins with.
pub(super) const MARK: &[u8] = b"\x93NUMPY";

/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 1 << 16;

/// What a header says of the numbers that follow.
#[derive(Debug, Clone, PartialEq)]
struct Header {
    element: Element,
    /// Whether the first axis runs fastest.
    fortran: bool,
    axes: Vec<u64>,
}

fn wrong(why: Localized<String>) -> FileError {
    FileError::Content {
        kind: FileKind::Npy,
        why,
    }
}

/// The axes that a `.npy` file claims, even where it holds nothing; `None` where it is none.
pub fn npy_axes(bytes: &[u8]) -> Option<Vec<usize>> {
    let header = read_header(&mut &bytes[..]).ok()?;
    let axes = header
        .axes
        .iter()
        .map(|&length| usize::try_from(length).ok());
    axes.collect()
}

/// The tensor in the bytes of a `.npy` file, whatever its number type. Where several arrays follow one
/// another, it is the first, as in NumPy.
///
/// # Errors
/// When the bytes are no such file, or claim too large a tensor.
pub fn read_npy(bytes: &[u8]) -> Result<Tensor, FileError> {
    read(&mut &bytes[..], None)
}

/// The tensor that a reader begins with, of a shape that may be known. No more is read than it takes.
pub(super) fn read(reader: &mut impl Read, needed: Option<&Shape>) -> Result<Tensor, FileError> {
    let header = read_header(reader)?;
    let shape = shape_of(&header.axes, needed)?;
    let data = header.element.read(reader, shape.count())?;
    let data = if header.fortran {
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

fn read_header(reader: &mut impl Read) -> Result<Header, FileError> {
    let take = |reader: &mut dyn Read, count: usize| {
        let mut bytes = Vec::new();
        let taken = reader.take(count as u64).read_to_end(&mut bytes);
        taken.map_err(|why| wrong(Localized::same(why.to_string())))?;
        Ok::<_, FileError>(bytes)
    };
    let cut_off = || FileError::CutOff {
        kind: FileKind::Npy,
        why: says!(en: "it ends inside its header", ja: "ヘッダの途中で終わっています"),
    };
    let start = take(reader, MARK.len() + 2)?;
    if !start.starts_with(MARK) {
        return Err(wrong(says!(
            en: "it does not begin with NumPy's magic bytes",
            ja: "NumPy の印で始まっていません"
        )));
    }
    let [version, _] = start[MARK.len()..] else {
        return Err(cut_off());
    };
    if !(1..=3).contains(&version) {
        return Err(wrong(says!(
            en: "it is of version {version} of the format; NumPy's go from 1 to 3",
            ja: "形式のバージョンが {version} です。NumPy のものは 1 から 3 までです"
        )));
    }
    let length = take(reader, if version == 1 { 2 } else { 4 })?;
    let length = match length[..] {
        [low, high] => usize::from(u16::from_le_bytes([low, high])),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]) as usize,
        _ => return Err(cut_off()),
    };
    if length > MAX_HEADER {
        return Err(wrong(says!(
            en: "its header of {length} bytes is too long; the limit is {MAX_HEADER}",
            ja: "ヘッダが {length} バイトあり、長すぎます。上限は {MAX_HEADER} バイトです"
        )));
    }
    let header = take(reader, length)?;
    if header.len() < length {
        return Err(cut_off());
    }
    let text: String = if version == 3 {
        String::from_utf8(header).map_err(|_| {
            wrong(says!(en: "its header is not UTF-8", ja: "ヘッダが UTF-8 ではありません"))
        })?
    } else {
        // Latin-1: bytes are code points.
        header.into_iter().map(char::from).collect()
    };
    Dictionary::new(&text).header()
}

/// Reads the Python dictionary of a header, also as Python 2 wrote it.
struct Dictionary<'a> {
    rest: &'a str,
}

impl<'a> Dictionary<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn header(mut self) -> Result<Header, FileError> {
        let (mut element, mut fortran, mut axes) = (None, None, None);
        self.expect("{")?;
        while !self.skip("}") {
            let key = self.string().ok_or_else(|| self.mistake())?;
            self.expect(":")?;
            match key {
                "descr" => element = Some(self.element()?),
                "fortran_order" => fortran = Some(self.truth()?),
                "shape" => axes = Some(self.axes()?),
                other => {
                    let other: String = other.chars().take(40).collect();
                    return Err(wrong(says!(
                        en: "its header has an entry {other:?} that NumPy does not know",
                        ja: "ヘッダに NumPy の知らない項目 {other:?} があります"
                    )));
                }
            }
            if !self.skip(",") {
                self.expect("}")?;
                break;
            }
        }
        let missing = |name: &str| {
            wrong(says!(
                en: "its header says no {name:?}",
                ja: "ヘッダに {name:?} がありません"
            ))
        };
        Ok(Header {
            element: element.ok_or_else(|| missing("descr"))?,
            fortran: fortran.ok_or_else(|| missing("fortran_order"))?,
            axes: axes.ok_or_else(|| missing("shape"))?,
        })
    }

    /// What stands where something else is expected.
    fn mistake(&self) -> FileError {
        let rest = self.rest.trim();
        if rest.is_empty() {
            return wrong(
                says!(en: "its header ends too early", ja: "ヘッダが途中で終わっています"),
            );
        }
        let rest: String = rest.chars().take(30).collect();
        wrong(says!(
            en: "its header is no dictionary that NumPy reads: {rest:?}",
            ja: "ヘッダが NumPy の読める辞書になっていません: {rest:?}"
        ))
    }

    /// Passes over a sign, where it is next.
    fn skip(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), FileError> {
        if self.skip(sign) {
            return Ok(());
        }
        Err(self.mistake())
    }

    /// A string in single or double quotes, also `u'...'` and `b'...'`.
    fn string(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let quoted = rest.strip_prefix(['u', 'b']).unwrap_or(rest);
        let quote = quoted
            .chars()
            .next()
            .filter(|quote| ['\'', '"'].contains(quote))?;
        let (text, rest) = quoted[1..].split_once(quote)?;
        self.rest = rest;
        Some(text)
    }

    fn truth(&mut self) -> Result<bool, FileError> {
        if self.skip("True") {
            return Ok(true);
        }
        self.expect("False")?;
        Ok(false)
    }

    fn element(&mut self) -> Result<Element, FileError> {
        if let Some(text) = self.string() {
            return text.parse().map_err(FileError::Type);
        }
        // The fields of a record.
        let fields: String = self.rest.trim().chars().take(60).collect();
        if fields.starts_with(['[', '(']) {
            let end = fields.find("],").map_or(fields.len(), |end| end + 1);
            let fields = fields[..end].to_owned();
            return Err(FileError::Type(super::element::Unread::Record(fields)));
        }
        Err(self.mistake())
    }

    /// Lengths of axes, such as `(3, 4)`, `(3,)`, `()`, and `(3L, 4L)` of Python 2.
    fn axes(&mut self) -> Result<Vec<u64>, FileError> {
        let mut axes = Vec::new();
        self.expect("(")?;
        while !self.skip(")") {
            self.rest = self.rest.trim_start();
            let end = self.rest.find(|digit: char| !digit.is_ascii_digit());
            let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            if digits.is_empty() {
                return Err(self.mistake());
            }
            // More than can be counted is more than can be held.
            axes.push(digits.parse().unwrap_or(u64::MAX));
            self.rest = rest.strip_prefix('L').unwrap_or(rest);
            if axes.len() > 64 {
                return Err(wrong(says!(
                    en: "it has more axes than an array of NumPy can have",
                    ja: "軸が NumPy の配列の上限より多くあります"
                )));
            }
            if !self.skip(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(axes)
    }
}

/// A tensor as the bytes of a `.npy` file of float32 in row-major order, as NumPy writes them.
#[must_use]
pub fn write_npy(tensor: &Tensor) -> Vec<u8> {
    let axes: Vec<String> = tensor.shape().axes().iter().map(usize::to_string).collect();
    let axes = match axes.as_slice() {
        [one] => format!("{one},"),
        several => several.join(", "),
    };
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({axes}), }}");
    // Mark, version and length before it, a line's end behind it; the numbers begin at a multiple of 64.
    let whole = (MARK.len() + 4 + header.len() + 1).next_multiple_of(64);
    let length = (whole - MARK.len() - 4) as u16;
    let mut bytes = Vec::with_capacity(whole + 4 * tensor.data().len());
    bytes.extend(MARK);
    bytes.extend([1, 0]);
    bytes.extend(length.to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.resize(whole - 1, b' ');
    bytes.push(b'\n');
    bytes.extend(tensor.data().iter().flat_map(|number| number.to_le_bytes()));
    bytes
}
