//! The type of an array's numbers, as NumPy names it, and how its bytes become `f32`.

use std::io::Read;
use std::str::FromStr;

use half::f16;

use super::{FileError, FileKind};
use crate::language::{Localized, Message, says};

/// Numbers that are read at a time.
const CHUNK: usize = 4096;

/// A type of number, and the order of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    kind: Kind,
    big_endian: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float16,
    Float32,
    Float64,
    /// The extended format of x86 in 12 bytes.
    Float96,
    /// In 16 bytes: the extended format of x86, or the quadruple precision that other processors have.
    Float128,
}

/// A type whose values are no numbers that become `f32`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Complex numbers.
    Complex(String),
    /// Python objects, which only Python reads.
    Objects,
    /// Fields with names.
    Record(String),
    /// Text.
    Text(String),
    /// Dates or spans of time.
    Time(String),
    /// Bytes of no type: `V2` is what bfloat16 becomes, `V1` what float8 becomes.
    Void(String),
    /// Another type, such as one of a `.safetensors` file.
    Other(String),
}

impl Message for Unread {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Complex(name) => says!(
                en: "its numbers are complex ({name}); save x.real, x.imag or abs(x)",
                ja: "複素数 ({name}) です。x.real、x.imag、abs(x) のどれかを保存してください。"
            ),
            Self::Objects => says!(
                en: "it holds Python objects and not numbers, often lists of different lengths or a dictionary; save each array by itself, with x.astype(np.float32)",
                ja: "数値ではなく Python のオブジェクト (長さの違うリストや辞書など) が入っています。配列を 1 つずつ x.astype(np.float32) で保存してください。"
            ),
            Self::Record(fields) => says!(
                en: "it holds records ({fields}); save one of their fields, such as x[\"name\"]",
                ja: "レコード ({fields}) が入っています。x[\"name\"] のように、項目の 1 つを保存してください。"
            ),
            Self::Text(name) => says!(
                en: "it holds text ({name}) and not numbers; save x.astype(np.float32)",
                ja: "数値ではなく文字列 ({name}) が入っています。x.astype(np.float32) で保存してください。"
            ),
            Self::Time(name) => says!(
                en: "it holds times ({name}); save x.astype(np.int64)",
                ja: "日時 ({name}) が入っています。x.astype(np.int64) で保存してください。"
            ),
            Self::Void(name) if name == "V2" || name == "V1" => says!(
                en: "it holds bytes without a type ({name}), which is what bfloat16 and float8 become in NumPy's files; save x.astype(np.float32)",
                ja: "型のないバイト列 ({name}) です。bfloat16 と float8 は NumPy のファイルではこうなります。x.astype(np.float32) で保存してください。"
            ),
            Self::Void(name) => says!(
                en: "it holds bytes without a type ({name}) and not numbers; save x.astype(np.float32)",
                ja: "数値ではなく型のないバイト列 ({name}) が入っています。x.astype(np.float32) で保存してください。"
            ),
            Self::Other(name) => says!(
                en: "its numbers are of type {name}; save them as float32",
                ja: "データ型が {name} です。float32 で保存してください。"
            ),
        }
    }
}

impl FromStr for Element {
    type Err = Unread;

    fn from_str(text: &str) -> Result<Self, Unread> {
        let named = text.trim_start_matches(['<', '>', '|', '=']);
        let kind = match named {
            "b1" | "?" | "bool" => Kind::Bool,
            "i1" | "b" | "int8" => Kind::Int8,
            "i2" | "h" | "int16" => Kind::Int16,
            "i4" | "i" | "int32" => Kind::Int32,
            "i8" | "q" | "int64" => Kind::Int64,
            "u1" | "B" | "uint8" => Kind::Uint8,
            "u2" | "H" | "uint16" => Kind::Uint16,
            "u4" | "I" | "uint32" => Kind::Uint32,
            "u8" | "Q" | "uint64" => Kind::Uint64,
            "f2" | "e" | "float16" => Kind::Float16,
            "f4" | "f" | "float32" => Kind::Float32,
            "f8" | "d" | "float64" => Kind::Float64,
            "f12" | "float96" => Kind::Float96,
            "f16" | "g" | "float128" => Kind::Float128,
            other => {
                let name: String = other.chars().take(40).collect();
                return Err(match other.chars().next() {
                    Some('c' | 'F' | 'D' | 'G') => Unread::Complex(name),
                    Some('O') => Unread::Objects,
                    Some('U' | 'S' | 'a' | 'T') => Unread::Text(name),
                    Some('M' | 'm') => Unread::Time(name),
                    Some('V') => Unread::Void(name),
                    Some(_) | None => Unread::Other(name),
                });
            }
        };
        Ok(Self {
            kind,
            big_endian: text.starts_with('>'),
        })
    }
}

impl Element {
    /// The bytes of one number.
    fn width(self) -> usize {
        match self.kind {
            Kind::Bool | Kind::Int8 | Kind::Uint8 => 1,
            Kind::Int16 | Kind::Uint16 | Kind::Float16 => 2,
            Kind::Int32 | Kind::Uint32 | Kind::Float32 => 4,
            Kind::Int64 | Kind::Uint64 | Kind::Float64 => 8,
            Kind::Float96 => 12,
            Kind::Float128 => 16,
        }
    }

    /// So many numbers from a reader. Memory is taken as they come, not as they are claimed.
    pub(super) fn read(self, reader: &mut impl Read, count: usize) -> Result<Vec<f32>, FileError> {
        let width = self.width();
        let mut data = Vec::new();
        let mut chunk = Vec::new();
        let mut quadruple = None;
        while data.len() < count {
            chunk.clear();
            let wanted = (count - data.len()).min(CHUNK) * width;
            let taken = reader.take(wanted as u64).read_to_end(&mut chunk);
            taken.map_err(|why| FileError::Content {
                kind: FileKind::Npy,
                why: Localized::same(why.to_string()),
            })?;
            if chunk.len() < wanted {
                let found = data.len() + chunk.len() / width;
                return Err(FileError::CutOff {
                    kind: FileKind::Npy,
                    why: says!(
                        en: "it ends after {found} of {count} numbers",
                        ja: "{count} 個の数のうち {found} 個で終わっています"
                    ),
                });
            }
            if self.big_endian && width > 1 {
                chunk.chunks_exact_mut(width).for_each(<[u8]>::reverse);
            }
            let quadruple = *quadruple.get_or_insert_with(|| are_quadruple(&chunk));
            self.convert(&chunk, quadruple, &mut data);
        }
        Ok(data)
    }

    /// Little-endian bytes as numbers.
    fn convert(self, bytes: &[u8], quadruple: bool, data: &mut Vec<f32>) {
        fn each<const N: usize>(
            bytes: &[u8],
            data: &mut Vec<f32>,
            convert: impl Fn([u8; N]) -> f32,
        ) {
            data.extend(bytes.as_chunks::<N>().0.iter().map(|bytes| convert(*bytes)));
        }
        match self.kind {
            Kind::Bool => each(bytes, data, |[byte]: [u8; 1]| f32::from(byte != 0)),
            Kind::Int8 => each(bytes, data, |n| f32::from(i8::from_le_bytes(n))),
            Kind::Int16 => each(bytes, data, |n| f32::from(i16::from_le_bytes(n))),
            Kind::Int32 => each(bytes, data, |n| i32::from_le_bytes(n) as f32),
            Kind::Int64 => each(bytes, data, |n| i64::from_le_bytes(n) as f32),
            Kind::Uint8 => each(bytes, data, |n| f32::from(u8::from_le_bytes(n))),
            Kind::Uint16 => each(bytes, data, |n| f32::from(u16::from_le_bytes(n))),
            Kind::Uint32 => each(bytes, data, |n| u32::from_le_bytes(n) as f32),
            Kind::Uint64 => each(bytes, data, |n| u64::from_le_bytes(n) as f32),
            Kind::Float16 => each(bytes, data, |n| f16::from_le_bytes(n).to_f32()),
            Kind::Float32 => each(bytes, data, f32::from_le_bytes),
            Kind::Float64 => each(bytes, data, |n| f64::from_le_bytes(n) as f32),
            Kind::Float96 => each(bytes, data, |n: [u8; 12]| {
                let mut wide = [0; 16];
                wide[..12].copy_from_slice(&n);
                extended(u128::from_le_bytes(wide))
            }),
            Kind::Float128 if quadruple => {
                each(bytes, data, |n| self::quadruple(u128::from_le_bytes(n)));
            }
            Kind::Float128 => each(bytes, data, |n| extended(u128::from_le_bytes(n))),
        }
    }
}

/// The exponent of 1 in both wide formats.
const BIAS: i32 = 16383;

/// Exponents, from 1's, that numbers near those of `f32` have.
const USUAL: std::ops::RangeInclusive<i32> = -200..=200;

/// Whether 16-byte numbers are of quadruple precision: the files do not say it. In the extended format,
/// which NumPy has on x86, six bytes of each are unused, and a bit is set in all but 0; in quadruple
/// precision, those bytes have sign and exponent.
fn are_quadruple(bytes: &[u8]) -> bool {
    let usual = |biased: u128| {
        let exponent = (biased & 0x7fff) as i32;
        USUAL.contains(&(exponent - BIAS)) || exponent == 0x7fff
    };
    let (mut as_extended, mut as_quadruple) = (0, 0);
    for bytes in bytes.as_chunks::<16>().0 {
        let bits = u128::from_le_bytes(*bytes);
        let leading = bits >> 63 & 1 == 1;
        as_extended += usize::from(leading && usual(bits >> 64));
        as_quadruple += usize::from(usual(bits >> 112));
    }
    as_quadruple > as_extended
}

/// A number of x86's extended format: 64 bits with the leading one written out, exponent, sign.
fn extended(bits: u128) -> f32 {
    let mantissa = bits as u64;
    let biased = (bits >> 64 & 0x7fff) as i32;
    let magnitude = if biased == 0x7fff {
        if mantissa << 1 == 0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    } else {
        scaled(mantissa, biased.max(1) - BIAS - 63)
    };
    signed(magnitude, bits >> 79 & 1 == 1)
}

/// A number of IEEE 754's binary128: 112 bits behind a leading one that is not written, exponent, sign.
fn quadruple(bits: u128) -> f32 {
    let fraction = bits & ((1 << 112) - 1);
    let biased = (bits >> 112 & 0x7fff) as i32;
    let magnitude = if biased == 0x7fff {
        if fraction == 0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    } else if biased == 0 {
        // Far below the smallest f32.
        0.0
    } else {
        let mantissa = fraction | 1 << 112;
        // 64 bits of it; that there is more is kept in the last one.
        let more = u64::from(mantissa & ((1 << 49) - 1) != 0);
        scaled((mantissa >> 49) as u64 | more, biased - BIAS - 63)
    };
    signed(magnitude, bits >> 127 == 1)
}

/// `mantissa · 2^exponent`, rounded to odd: rounding it once more, to `f32`, gives what rounding once
/// would have given.
fn scaled(mantissa: u64, exponent: i32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    // 53 bits and what is lost.
    let surplus = 11u32.saturating_sub(mantissa.leading_zeros());
    let lost = u64::from(mantissa & ((1 << surplus) - 1) != 0);
    let kept = (mantissa >> surplus | lost) as f64;
    let exponent = exponent + surplus as i32;
    // Past the range of f32, where 2^exponent would leave that of f64 as well.
    match exponent {
        ..-300 => 0.0,
        300.. => f64::INFINITY,
        _ => kept * 2f64.powi(exponent),
    }
}

fn signed(magnitude: f64, negative: bool) -> f32 {
    if negative {
        -magnitude as f32
    } else {
        magnitude as f32
    }
}
