//! Numbers as they are written on cubes and in cards.

pub use crate::tensor::NumberFormat;

/// A glyph of the strip in `assets/digits.png`: the digits, then these.
const POINT: u32 = 10;
const MINUS: u32 = 11;
const TOO_LONG: u32 = 12;
const CAPITAL_N: u32 = 13;
const SMALL_A: u32 = 14;
const INFINITE: u32 = 15;
/// Glyphs that one cube can carry.
const ROOM: usize = 5;

impl NumberFormat {
    /// A value in this format as glyphs of the strip, packed for a cube: a count in the low four
    /// bits, then four bits for each glyph. One decimal is dropped where there is no room.
    #[must_use]
    pub fn glyphs(self, value: f32) -> u32 {
        let mut format = self;
        let mut text = format.text(value);
        while text.chars().count() > ROOM && format.decimals > 0 {
            format.decimals -= 1;
            text = format.text(value);
        }
        let glyph = |character: char| match character {
            '.' => POINT,
            '−' => MINUS,
            'N' => CAPITAL_N,
            'a' => SMALL_A,
            '∞' => INFINITE,
            digit => digit.to_digit(10).unwrap_or(TOO_LONG),
        };
        let mut glyphs: Vec<u32> = text.chars().map(glyph).collect();
        if glyphs.len() > ROOM {
            glyphs.truncate(ROOM - 1);
            glyphs.push(TOO_LONG);
        }
        glyphs
            .iter()
            .enumerate()
            .fold(glyphs.len() as u32, |packed, (place, glyph)| {
                packed | glyph << (4 + 4 * place)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_finite_number_is_written_as_what_it_is() {
        let values = [1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -2.0];
        let format = NumberFormat::for_values(&values);
        assert_eq!(format.decimals, 0);
        let texts = values.map(|value| format.text(value));
        assert_eq!(texts, ["1", "NaN", "∞", "−∞", "−2"]);
        let name = 3 | CAPITAL_N << 4 | SMALL_A << 8 | CAPITAL_N << 12;
        assert_eq!(format.glyphs(f32::NAN), name);
        assert_eq!(format.glyphs(f32::INFINITY), 1 | INFINITE << 4);
        assert_eq!(
            format.glyphs(f32::NEG_INFINITY),
            2 | MINUS << 4 | INFINITE << 8
        );
    }

    #[test]
    fn glyphs_are_packed_in_reading_order() {
        assert_eq!(
            NumberFormat { decimals: 0 }.glyphs(-12.0),
            3 | MINUS << 4 | 1 << 8 | 2 << 12
        );
        assert_eq!(
            NumberFormat { decimals: 1 }.glyphs(2.5),
            3 | 2 << 4 | POINT << 8 | 5 << 12
        );
    }

    #[test]
    fn a_number_too_long_loses_its_decimals_before_its_digits() {
        let two = NumberFormat { decimals: 2 };
        assert_eq!(two.glyphs(-123.45) & 15, 4);
        assert_eq!(two.glyphs(1_234_567.0) >> 20 & 15, TOO_LONG);
    }
}
