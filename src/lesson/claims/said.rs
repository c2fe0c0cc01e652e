//! The numbers that a text says, in digits and in English words.

/// A number as it is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// The number.
    pub value: f64,
    /// What the last digit that is said is worth.
    pub last: f64,
}

/// Whole numbers up to this are words like any other: "two sides", "one more".
const SMALL: f64 = 10.0;

impl Said {
    /// A number that is written with so many decimals. Millions are said in round numbers.
    #[must_use]
    pub fn new(value: f64, decimals: usize) -> Self {
        let mut last = 0.1_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
        if value.is_finite() && value >= 1e6 {
            last = 1.0;
            while last * 10.0 <= value && (value / (last * 10.0)).fract() == 0.0 {
                last *= 10.0;
            }
        }
        Self { value, last }
    }

    /// Whether a fact is what is said: whole numbers exactly, others rounded to the digits that are said.
    #[must_use]
    pub fn is(self, fact: f64) -> bool {
        let off = (fact.abs() - self.value).abs();
        if self.last == 1.0 {
            off < 1e-4
        } else {
            off <= self.last * 0.5 + 1e-6
        }
    }

    /// Whether it is a whole number so small that a text may have it without meaning a figure.
    #[must_use]
    pub fn is_small(self) -> bool {
        self.value <= SMALL && self.value.fract() == 0.0 && self.last == 1.0
    }
}

/// A number in digits, with or without decimals, times a power of ten; `None` where it is none.
pub(super) fn written(digits: &str, times: f64) -> Option<Said> {
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let decimals = digits.split_once('.').map_or(0, |(_, after)| after.len());
    let value: f64 = digits.parse().ok()?;
    Some(Said::new(value * times, decimals))
}

/// The numbers of a text, in digits and in English words.
#[must_use]
pub fn numbers(text: &str) -> Vec<Said> {
    let mut all = in_digits(text);
    all.extend(in_words(text).into_iter().map(|value| Said::new(value, 0)));
    all
}

/// English words for the numbers below twenty, in their order.
const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// English words for the tens from twenty.
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// The numbers that a text has in English words: `one thousand two hundred and ninety-six`.
#[must_use]
pub fn in_words(text: &str) -> Vec<f64> {
    let worth = |word: &str| {
        let unit = UNITS.iter().position(|unit| *unit == word);
        let ten = TENS.iter().position(|ten| *ten == word);
        unit.or(ten.map(|ten| 10 * (ten + 2)))
            .map(|worth| worth as f64)
    };
    let mut found = Vec::new();
    // What stands before the last thousand, and what comes after it.
    let (mut thousands, mut below): (f64, Option<f64>) = (0.0, None);
    let text = text.to_lowercase();
    let mut last = "";
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let joined = bare == "and" && matches!(last, "hundred" | "thousand");
        match (bare, below, worth(bare)) {
            ("", ..) => continue,
            ("hundred", None, _) if last == "a" => below = Some(100.0),
            ("hundred", Some(value), _) if value < 100.0 => below = Some(value * 100.0),
            ("thousand" | "million", Some(value), _) => {
                let times = if bare == "million" { 1e6 } else { 1e3 };
                (thousands, below) = (thousands + value * times, Some(0.0));
            }
            (_, Some(value), Some(worth))
                if (value % 100.0 == 0.0 && value > 0.0)
                    || matches!(last, "thousand" | "million" | "and" | "hundred")
                    || (value % 10.0 == 0.0 && value % 100.0 >= 20.0 && worth < 10.0) =>
            {
                below = Some(value + worth);
            }
            (_, _, Some(worth)) => {
                if let Some(value) = below {
                    found.push(thousands + value);
                }
                (thousands, below) = (0.0, Some(worth));
            }
            _ if joined => {}
            _ => {
                if let Some(value) = below.take() {
                    found.push(thousands + value);
                }
                thousands = 0.0;
            }
        }
        // A comma or a full stop ends a number.
        if word.ends_with([',', '.', ':', ';', '?'])
            && let Some(value) = below.take()
        {
            found.push(thousands + value);
            thousands = 0.0;
        }
        last = bare;
    }
    found.extend(below.map(|value| thousands + value));
    found
}

/// Words behind digits that multiply them.
const MULTIPLES: [(&str, f64); 4] = [
    ("万", 1e4),
    ("億", 1e8),
    (" million", 1e6),
    (" billion", 1e9),
];

/// The digits at the start of a text, with commas and points between them, and their length in bytes.
fn leading_digits(text: &str) -> (String, usize) {
    let mut digits = String::new();
    let mut characters = text.char_indices().peekable();
    let mut length = 0;
    while let Some((at, character)) = characters.next() {
        let goes_on = characters.peek().is_some_and(|(_, c)| c.is_ascii_digit());
        match character {
            '0'..='9' => digits.push(character),
            ',' if goes_on => {}
            '.' if goes_on => digits.push('.'),
            _ => break,
        }
        length = at + 1;
    }
    (digits, length)
}

/// The numbers that a text has in digits, with what follows them counted in: `5,400万`, `54 million`. What has
/// several points, as a version has, is none.
#[must_use]
pub fn in_digits(text: &str) -> Vec<Said> {
    let mut found = Vec::new();
    // Full-width digits say the same.
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let text: String = text.chars().map(narrow).collect();
    let mut rest = text.as_str();
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        if !character.is_ascii_digit() {
            before = Some(character);
            rest = &rest[character.len_utf8()..];
            continue;
        }
        // Letters before a digit make a name of it: Conv2d, H264.
        let is_named = before.is_some_and(|c: char| c.is_ascii_alphabetic());
        let (digits, length) = leading_digits(rest);
        rest = &rest[length..];
        let multiple = MULTIPLES.iter().find(|(word, _)| rest.starts_with(word));
        let mut said = written(&digits, multiple.map_or(1.0, |(_, times)| *times));
        // 5億4,000万 and 51万8400 are one number each.
        for (word, times) in MULTIPLES.iter().take(2) {
            let Some(after) = rest.strip_prefix(word) else {
                continue;
            };
            let (more, length) = leading_digits(after);
            let Ok(more) = more.parse::<f64>() else {
                continue;
            };
            let tail = &after[length..];
            let (by, tail) = match tail.strip_prefix('万').filter(|_| *times == 1e8) {
                Some(behind) => (1e4, behind),
                None => (1.0, tail),
            };
            let decimals = digits.split_once('.').map_or(0, |(_, after)| after.len());
            said = said.map(|said| Said::new(said.value + more * by, decimals));
            rest = tail;
            break;
        }
        if !is_named {
            found.extend(said);
        }
        // What stands right behind a number is no longer named by the letters before it.
        before = Some('0');
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_texts() {
        let numbers = |text: &str| -> Vec<f64> {
            let said = super::numbers(text).into_iter();
            said.map(|said| said.value).collect()
        };
        assert_eq!(numbers("1,728 of 64 by 27"), [1728.0, 64.0, 27.0]);
        assert_eq!(numbers("54 million, Conv2d, 0.5"), [54e6, 0.5]);
        assert_eq!(
            numbers("5,400万回、16億1,700万、3チャネル"),
            [54e6, 1_617_000_000.0, 3.0]
        );
        assert_eq!(numbers("51万8400画素、16個"), [518_400.0, 16.0]);
        assert_eq!(numbers("４７個と1２個"), [47.0, 12.0]);
        let words = "A hundred and sixty-two; one thousand two hundred ninety-six, nine and twelve. \
                     Two million, twenty-five three by three";
        let expected = [162.0, 1296.0, 9.0, 12.0, 2e6, 25.0, 3.0, 3.0];
        assert_eq!(numbers(words), expected);
        assert_eq!(
            numbers("six hundred forty-eight of seventy-two"),
            [648.0, 72.0]
        );
    }

    #[test]
    fn what_looks_like_a_number_and_is_none_is_left_alone() {
        assert!(in_digits("H264億5, x1.5").is_empty());
        assert!(in_digits("version 1.2.3").is_empty());
        assert!(in_digits("。").is_empty());
    }

    #[test]
    fn what_is_said_is_exact_or_rounded_to_its_digits() {
        let is = |text: &str, fact: f64| {
            let [said] = super::numbers(text)[..] else {
                panic!("{text}")
            };
            said.is(fact)
        };
        assert!(is("27 products", 27.0) && !is("27 products", 27.4));
        assert!(!is("7 products", 27.0) && !is("seven", 7.01));
        assert!(is("0.33 of it", 1.0 / 3.0) && !is("0.34 of it", 1.0 / 3.0));
        assert!(is("54 million", 53_913_600.0) && !is("54 million", 53_400_000.0));
        assert!(is("5,400万", 53_913_600.0) && !is("5,391万", 53_940_000.0));
        assert!(is("518,400", 518_400.0) && !is("518,400", 518_401.0));
    }

    #[test]
    fn small_whole_numbers_are_words_like_any_other() {
        assert!(Said::new(2.0, 0).is_small() && Said::new(10.0, 0).is_small());
        assert!(!Said::new(11.0, 0).is_small() && !Said::new(0.5, 1).is_small());
    }
}
