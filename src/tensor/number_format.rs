//! How the numbers of a tensor are written.

/// How the numbers of a tensor are written: the same number of decimals for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NumberFormat {
    /// Digits after the point.
    pub decimals: usize,
}

impl NumberFormat {
    /// The format that suits these values: as few decimals as show them exactly, and two at most.
    #[must_use]
    pub fn for_values(values: &[f32]) -> Self {
        Self::exact(values, 1).unwrap_or(Self { decimals: 2 })
    }

    /// As few decimals as show these values exactly, if so many are enough.
    #[must_use]
    pub fn exact(values: &[f32], most: usize) -> Option<Self> {
        let formats = (0..=most).map(|decimals| Self { decimals });
        let mut formats = formats.filter(|format| values.iter().all(|value| format.shows(*value)));
        formats.next()
    }

    /// Whether a value is what it is written as.
    #[must_use]
    pub fn shows(self, value: f32) -> bool {
        let scaled = value * 10_f32.powi(self.decimals as i32);
        !value.is_finite() || (scaled - scaled.round()).abs() < 1e-3
    }

    /// A value in this format, with a true minus sign; what is no number is `NaN`, what is infinite `∞`.
    #[must_use]
    pub fn text(self, value: f32) -> String {
        if value.is_infinite() {
            return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
        }
        let text = format!("{value:.*}", self.decimals);
        match text.strip_prefix('-') {
            Some(digits) if digits.bytes().all(|byte| byte == b'0' || byte == b'.') => {
                digits.to_owned()
            }
            Some(digits) => format!("−{digits}"),
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_what_its_decimals_write() {
        let format = NumberFormat { decimals: 1 };
        assert!(format.shows(0.7) && format.shows(-3.0) && format.shows(f32::NAN));
        assert!(!format.shows(0.75));
    }

    #[test]
    fn a_tensor_gets_as_few_decimals_as_show_it_exactly() {
        assert_eq!(NumberFormat::for_values(&[1.0, -2.0, 30.0]).decimals, 0);
        assert_eq!(NumberFormat::for_values(&[1.0, 0.5]).decimals, 1);
        assert_eq!(NumberFormat::for_values(&[1.0, 0.333]).decimals, 2);
        let four = NumberFormat::exact(&[1.0, 0.0625], 4);
        assert_eq!(four, Some(NumberFormat { decimals: 4 }));
        assert_eq!(NumberFormat::exact(&[1.0, 0.0625], 3), None);
    }

    #[test]
    fn there_is_no_negative_zero() {
        assert_eq!(NumberFormat { decimals: 1 }.text(-0.01), "0.0");
        assert_eq!(NumberFormat { decimals: 0 }.text(-3.0), "−3");
    }
}
