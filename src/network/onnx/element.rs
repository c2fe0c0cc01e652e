//! The types of numbers that ONNX has, and how each becomes `f32` or `i64`.
//!
//! Source: `TensorProto.DataType` in <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.

use half::{bf16, f16};

/// A type of number, by its number in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementType(pub i32);

/// What a type is for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any float, which becomes `f32`.
    Float,
    /// A whole number, which becomes `i64`.
    Integer,
    /// Yes or no, as 1 or 0.
    Bool,
    /// Texts and complex numbers.
    Unread,
}

impl ElementType {
    pub(super) const FLOAT: Self = Self(1);
    pub(super) const INT64: Self = Self(7);
    pub(super) const BOOL: Self = Self(9);

    /// Its name, what it is, and the bits of one number.
    const fn about(self) -> (&'static str, Kind, usize) {
        match self.0 {
            1 => ("float32", Kind::Float, 32),
            2 => ("uint8", Kind::Integer, 8),
            3 => ("int8", Kind::Integer, 8),
            4 => ("uint16", Kind::Integer, 16),
            5 => ("int16", Kind::Integer, 16),
            6 => ("int32", Kind::Integer, 32),
            7 => ("int64", Kind::Integer, 64),
            8 => ("string", Kind::Unread, 0),
            9 => ("bool", Kind::Bool, 8),
            10 => ("float16", Kind::Float, 16),
            11 => ("float64", Kind::Float, 64),
            12 => ("uint32", Kind::Integer, 32),
            13 => ("uint64", Kind::Integer, 64),
            14 => ("complex64", Kind::Unread, 64),
            15 => ("complex128", Kind::Unread, 128),
            16 => ("bfloat16", Kind::Float, 16),
            17 => ("float8e4m3fn", Kind::Float, 8),
            18 => ("float8e4m3fnuz", Kind::Float, 8),
            19 => ("float8e5m2", Kind::Float, 8),
            20 => ("float8e5m2fnuz", Kind::Float, 8),
            21 => ("uint4", Kind::Integer, 4),
            22 => ("int4", Kind::Integer, 4),
            23 => ("float4e2m1", Kind::Float, 4),
            24 => ("float8e8m0", Kind::Float, 8),
            25 => ("uint2", Kind::Integer, 2),
            26 => ("int2", Kind::Integer, 2),
            _ => ("of an unknown type", Kind::Unread, 0),
        }
    }

    /// Its name: `float32`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.about().0
    }

    pub(super) const fn kind(self) -> Kind {
        self.about().1
    }

    /// Whether it is a float of fewer bits than `f32`.
    pub(super) const fn is_narrow(self) -> bool {
        matches!(self.about(), (_, Kind::Float, 0..32))
    }

    /// Whether it is a whole number of at least 32 bits with a sign, into which other whole numbers go.
    pub(super) const fn is_wide(self) -> bool {
        matches!(self.0, 6 | 7)
    }

    /// The bytes that so many numbers take, packed.
    pub(super) const fn bytes(self, count: usize) -> Option<usize> {
        match count.checked_mul(self.about().2) {
            Some(bits) => Some(bits.div_ceil(8)),
            None => None,
        }
    }

    /// A whole number as the type holds it: what is over its range wraps around.
    pub(super) const fn wrapped(self, number: i64) -> i64 {
        match self.0 {
            2 => number as u8 as i64,
            3 => number as i8 as i64,
            4 => number as u16 as i64,
            5 => number as i16 as i64,
            6 => number as i32 as i64,
            12 => number as u32 as i64,
            _ => number,
        }
    }

    /// The number that some bits are, for the types that are stored as bits of 16 or fewer.
    pub(super) fn float_of_bits(self, bits: u32) -> f32 {
        match self.0 {
            10 => f16::from_bits(bits as u16).to_f32(),
            16 => bf16::from_bits(bits as u16).to_f32(),
            17 => small_float(bits, 4, 3, 7, Special::NanAtEnd),
            18 => small_float(bits, 4, 3, 8, Special::NanAtMinusZero),
            19 => small_float(bits, 5, 2, 15, Special::Ieee),
            20 => small_float(bits, 5, 2, 16, Special::NanAtMinusZero),
            23 => small_float(bits, 2, 1, 1, Special::None),
            // A power of two without sign.
            24 if bits & 0xff == 0xff => f32::NAN,
            24 => 2f32.powi((bits & 0xff) as i32 - 127),
            _ => f32::from_bits(bits),
        }
    }

    /// The floats of packed little-endian bytes, of which there are as many as
    /// [`ElementType::bytes`] says.
    pub(super) fn floats(self, bytes: &[u8], count: usize) -> Vec<f32> {
        match self.0 {
            1 => each(bytes, f32::from_le_bytes),
            11 => each(bytes, |number| f64::from_le_bytes(number) as f32),
            10 | 16 => each(bytes, |bits| {
                self.float_of_bits(u16::from_le_bytes(bits).into())
            }),
            23 => (0..count)
                .map(|place| self.float_of_bits(packed(bytes, place, 4)))
                .collect(),
            _ => bytes
                .iter()
                .map(|&bits| self.float_of_bits(bits.into()))
                .collect(),
        }
    }

    /// As [`ElementType::floats`], for whole numbers and truths.
    pub(super) fn integers(self, bytes: &[u8], count: usize) -> Vec<i64> {
        match self.0 {
            3 => each(bytes, |number| i8::from_le_bytes(number).into()),
            4 => each(bytes, |number| u16::from_le_bytes(number).into()),
            5 => each(bytes, |number| i16::from_le_bytes(number).into()),
            6 => each(bytes, |number| i32::from_le_bytes(number).into()),
            7 => each(bytes, i64::from_le_bytes),
            9 => bytes.iter().map(|&byte| i64::from(byte != 0)).collect(),
            12 => each(bytes, |number| u32::from_le_bytes(number).into()),
            13 => each(bytes, |number| u64::from_le_bytes(number) as i64),
            21 | 22 | 25 | 26 => {
                let width = self.about().2;
                let signed = matches!(self.0, 22 | 26);
                (0..count)
                    .map(|place| {
                        let bits = i64::from(packed(bytes, place, width));
                        let negative = signed && bits >> (width - 1) == 1;
                        if negative { bits - (1 << width) } else { bits }
                    })
                    .collect()
            }
            _ => bytes.iter().map(|&byte| byte.into()).collect(),
        }
    }
}

fn each<T, const N: usize>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|number| read(*number)).collect()
}

/// A number of fewer than eight bits; the first stands in the lowest bits of its byte.
fn packed(bytes: &[u8], place: usize, width: usize) -> u32 {
    let each = 8 / width;
    let byte = bytes.get(place / each).copied().unwrap_or(0);
    u32::from(byte) >> (place % each * width) & ((1 << width) - 1)
}

/// What the largest exponents of a small float mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    /// Infinities and NaNs, as IEEE 754 has them.
    Ieee,
    /// All ones are NaN, and nothing is infinite.
    NanAtEnd,
    /// What would be −0 is NaN, and nothing is infinite.
    NanAtMinusZero,
    /// Every pattern is a number.
    None,
}

fn small_float(bits: u32, exponent: u32, mantissa: u32, bias: i32, special: Special) -> f32 {
    let sign = if bits >> (exponent + mantissa) & 1 == 1 {
        -1.0
    } else {
        1.0
    };
    let fraction = bits & ((1 << mantissa) - 1);
    let power = bits >> mantissa & ((1 << exponent) - 1);
    let largest = power == (1 << exponent) - 1;
    match special {
        Special::Ieee if largest && fraction == 0 => return sign * f32::INFINITY,
        Special::Ieee if largest => return f32::NAN,
        Special::NanAtEnd if largest && fraction == (1 << mantissa) - 1 => return f32::NAN,
        Special::NanAtMinusZero if sign < 0.0 && power == 0 && fraction == 0 => return f32::NAN,
        _ => {}
    }
    let part = fraction as f32 / (1u32 << mantissa) as f32;
    if power == 0 {
        sign * part * 2f32.powi(1 - bias)
    } else {
        sign * (1.0 + part) * 2f32.powi(power as i32 - bias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_floats_are_those_of_ml_dtypes() {
        // By ml_dtypes 0.6.0: numpy.frombuffer(bytes, float8_…).astype(float32).
        let cases: [(i32, u32, f32); 13] = [
            (17, 0x7e, 448.0),
            (17, 0x01, 0.001_953_125),
            (17, 0xb8, -1.0),
            (18, 0x7f, 240.0),
            (18, 0x40, 1.0),
            (19, 0x7b, 57344.0),
            (19, 0x7c, f32::INFINITY),
            (19, 0x3c, 1.0),
            (20, 0x7f, 57344.0),
            (23, 0x7, 6.0),
            (23, 0x9, -0.5),
            (24, 0x7f, 1.0),
            (16, 0x3f80, 1.0),
        ];
        for (kind, bits, number) in cases {
            assert_eq!(
                ElementType(kind).float_of_bits(bits),
                number,
                "{kind} {bits:x}"
            );
        }
        for (kind, bits) in [(17, 0x7f), (18, 0x80), (19, 0x7e), (20, 0x80), (24, 0xff)] {
            assert!(ElementType(kind).float_of_bits(bits).is_nan(), "{kind}");
        }
    }

    #[test]
    fn integers_of_every_width_keep_their_sign() {
        assert_eq!(ElementType(22).bytes(3), Some(2));
        assert_eq!(ElementType(22).integers(&[0xf8, 0x07], 3), [-8, -1, 7]);
        assert_eq!(ElementType(21).integers(&[0xf8, 0x07], 3), [8, 15, 7]);
        assert_eq!(
            ElementType(26).integers(&[0b11_10_01_00], 4),
            [0, 1, -2, -1]
        );
        assert_eq!(ElementType(3).integers(&[0xff, 1], 2), [-1, 1]);
        assert_eq!(ElementType(9).integers(&[0, 2], 2), [0, 1]);
        assert_eq!(ElementType(6).integers(&(-5i32).to_le_bytes(), 1), [-5]);
        assert_eq!(ElementType(23).floats(&[0x97], 2), [6.0, -0.5]);
    }
}
