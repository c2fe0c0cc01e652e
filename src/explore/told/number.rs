//! Numbers and sizes as a narration says them.

use crate::language::{Localized, grouped};
use crate::says;
use crate::tensor::Shape;

/// From here on, counts are said in round numbers.
const ROUND: u64 = 1_000_000;

/// Digits of a round number that are said.
const DIGITS: u32 = 3;

/// Of many texts in a row, so many are said.
const NAMED: usize = 3;

/// A count: `13,824`; from a million on in round numbers, `about 462 million`.
pub(super) fn count(number: u64) -> Localized<String> {
    if number < ROUND {
        return Localized {
            en: grouped(number),
            ja: in_myriads(number),
        };
    }
    let round = rounded(number);
    let (en, ja) = (in_millions(round), in_myriads(round));
    if round == number {
        Localized { en, ja }
    } else {
        says!(en: "about {en}", ja: "約{ja}")
    }
}

/// The nearest number of few digits.
fn rounded(number: u64) -> u64 {
    let unit = 10_u64.pow(number.ilog10().saturating_sub(DIGITS - 1));
    let half = number.saturating_add(unit / 2);
    half / unit * unit
}

fn in_millions(number: u64) -> String {
    let (name, unit) = [("trillion", 10_u64.pow(12)), ("billion", 10_u64.pow(9))]
        .into_iter()
        .find(|(_, unit)| number >= *unit)
        .unwrap_or(("million", 10_u64.pow(6)));
    let text = format!("{:.2}", number as f64 / unit as f64);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} {name}")
}

/// In groups of four digits, as Japanese counts: `4億6200万`.
fn in_myriads(number: u64) -> String {
    if number == 0 {
        return zero();
    }
    let mut text = String::new();
    for (name, unit) in [
        ("京", 10_u64.pow(16)),
        ("兆", 10_u64.pow(12)),
        ("億", 10_u64.pow(8)),
        ("万", 10_u64.pow(4)),
        ("", 1),
    ] {
        let part = number / unit % 10_000;
        if part > 0 {
            text += &format!("{part}{name}");
        }
    }
    text
}

fn zero() -> String {
    "{0|ゼロ}".to_owned()
}

/// An element: `minus 0.5`. Two decimals are said at most.
pub(super) fn element(value: f32) -> Localized<String> {
    if value.is_nan() {
        return Localized::new("{NaN|not a number}", "{NaN|非数}").into();
    }
    if value.is_infinite() {
        return if value > 0.0 {
            Localized::new("infinity", "無限大").into()
        } else {
            Localized::new("minus infinity", "マイナス無限大").into()
        };
    }
    let size = value.abs();
    let digits = digits(value);
    if digits == "0" {
        return if value == 0.0 {
            Localized {
                en: digits,
                ja: zero(),
            }
        } else {
            Localized::new("almost 0", "ほぼ{0|ゼロ}").into()
        };
    }
    let (en, ja) = if size < 1e4 {
        (digits.clone(), digits)
    } else {
        let whole = count(size.round() as u64);
        (whole.en, whole.ja)
    };
    if value < 0.0 {
        says!(en: "minus {en}", ja: "マイナス{ja}")
    } else {
        Localized { en, ja }
    }
}

/// A result: as an element, and `about` where not all of its digits are said.
pub(super) fn result(value: f32) -> Localized<String> {
    let said = element(value);
    let shown: f32 = digits(value).parse().unwrap_or(value.abs());
    let is_exact = (shown - value.abs()).abs() <= 1e-5 * value.abs().max(1.0);
    if is_exact || shown == 0.0 || !value.is_finite() || value.abs() >= ROUND as f32 {
        said
    } else {
        says!(with [said]; en: "about {said}", ja: "約{said}")
    }
}

/// The size of a number with two decimals at most.
fn digits(value: f32) -> String {
    let size = f64::from(value.abs());
    if size >= 1e4 {
        return format!("{size:.0}");
    }
    let text = format!("{size:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

/// Elements in a row: `1, 7 and 5`.
pub(super) fn elements(values: &[f32]) -> Localized<String> {
    let said: Vec<Localized<String>> = values.iter().map(|value| element(*value)).collect();
    and(&said)
}

/// Texts in a row, the last one after `and`.
pub(super) fn and(texts: &[Localized<String>]) -> Localized<String> {
    match texts {
        [] => Localized::default(),
        [only] => only.clone(),
        [first @ .., last] => {
            let first = Localized::join(first.iter().cloned(), Localized::new(", ", "、"));
            says!(with [first, last]; en: "{first} and {last}", ja: "{first}、{last}")
        }
    }
}

/// Some in words; of many the first, and how many more there are.
pub(super) fn few_of(all: &[Localized<String>]) -> Localized<String> {
    let Some((first, rest)) = all
        .split_at_checked(NAMED)
        .filter(|(_, rest)| !rest.is_empty())
    else {
        return and(all);
    };
    let (first, more) = (
        Localized::join(first.iter().cloned(), Localized::new(", ", "、")),
        rest.len(),
    );
    says!(with [first]; en: "{first} and {more} more", ja: "{first}、ほか{more}個")
}

/// Lengths of axes: `3 by 8 by 8`.
pub(super) fn by(lengths: &[usize]) -> Localized<String> {
    let lengths: Vec<String> = lengths.iter().map(usize::to_string).collect();
    Localized {
        en: lengths.join(" by "),
        ja: lengths.join("×"),
    }
}

/// A shape: `3 by 8 by 8`.
pub(super) fn shape(shape: &Shape) -> Localized<String> {
    match *shape.axes() {
        [] => Localized::new("1 number", "1個の数").into(),
        [length] => numbers(length),
        ref axes => by(axes),
    }
}

/// So many numbers in a row.
pub(super) fn numbers(length: usize) -> Localized<String> {
    Localized {
        en: of(length, "number", "numbers"),
        ja: format!("{}個の数", count(length as u64).ja),
    }
}

/// Maps of channels: `3 channels of 8 by 8`; other shapes as [`shape`] has them.
pub(super) fn maps(of_maps: &Shape) -> Localized<String> {
    let &[channels, rows, columns] = of_maps.axes() else {
        return shape(of_maps);
    };
    let size = by(&[rows, columns]);
    let in_english = of(channels, "channel", "channels");
    says!(with [size]; en: "{in_english} of {size}", ja: "{size}が{channels}チャネル")
}

/// Channels of numbers in a line: `1 channel of 8,000 places`.
pub(super) fn lines(channels: usize, length: usize) -> Localized<String> {
    let (in_english, places) = (of(channels, "channel", "channels"), count(length as u64));
    says!(with [places]; en: "{in_english} of {places} places", ja: "{places}か所が{channels}チャネル")
}

/// So many of something in English: `1 row`, `2 rows`.
pub(super) fn of(number: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number as u64),
        if number == 1 { one } else { many }
    )
}

/// Sentences one after another.
pub(super) fn sentences(list: impl IntoIterator<Item = Localized<String>>) -> Localized<String> {
    let list = list.into_iter().filter(|text| !text.en.is_empty());
    Localized::join(list, Localized::new(" ", ""))
}

/// The name of a place in a row, from 0: `first`.
pub(super) fn ordinal(place: usize) -> Localized<String> {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let number = place + 1;
    let en = match (WORDS.get(place), number % 100, number % 10) {
        (Some(word), ..) => (*word).to_owned(),
        (None, 11..=13, _) => format!("{number}th"),
        (None, _, 1) => format!("{number}st"),
        (None, _, 2) => format!("{number}nd"),
        (None, _, 3) => format!("{number}rd"),
        (None, ..) => format!("{number}th"),
    };
    Localized {
        en,
        ja: format!("{number}番目"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_up_to_a_million_and_round_from_there() {
        let said = |number| {
            let said = count(number);
            (said.en, said.ja)
        };
        let is = |number, en: &str, ja: &str| {
            assert_eq!(said(number), (en.to_owned(), ja.to_owned()));
        };
        is(0, "0", "{0|ゼロ}");
        is(1_728, "1,728", "1728");
        is(13_824, "13,824", "1万3824");
        is(20_000, "20,000", "2万");
        is(462_422_016, "about 462 million", "約4億6200万");
        is(1_500_000, "1.5 million", "150万");
        is(1_234_567, "about 1.23 million", "約123万");
        is(999_999_999, "about 1 billion", "約10億");
        is(4_110_000_000, "4.11 billion", "41億1000万");
    }

    #[test]
    fn elements_have_two_decimals_at_most_and_a_minus_in_words() {
        assert_eq!(element(-2.0), Localized::new("minus 2", "マイナス2").into());
        assert_eq!(element(0.0).ja, "{0|ゼロ}");
        assert_eq!(element(-0.0).en, "0");
        assert_eq!(element(0.25).en, "0.25");
        assert_eq!(
            element(0.001),
            Localized::new("almost 0", "ほぼ{0|ゼロ}").into()
        );
        assert_eq!(element(12_345.6).en, "12,346");
        assert_eq!(
            result(1.0 / 3.0),
            Localized::new("about 0.33", "約0.33").into()
        );
        assert_eq!(result(0.1).en, "0.1");
        assert_eq!(result(f32::NAN).en, "{NaN|not a number}");
        assert_eq!(elements(&[1.0, -7.0, 5.0]).en, "1, minus 7 and 5");
        assert_eq!(elements(&[1.0, -7.0, 5.0]).ja, "1、マイナス7、5");
    }

    #[test]
    fn of_many_the_first_are_named_and_the_others_counted() {
        let shapes: Vec<Localized<String>> = (1..=5)
            .map(|place| maps(&Shape::new(&[place]).unwrap()))
            .collect();
        assert_eq!(few_of(&shapes[..2]).en, "1 number and 2 numbers");
        assert_eq!(
            few_of(&shapes).en,
            "1 number, 2 numbers, 3 numbers and 2 more"
        );
    }

    #[test]
    fn places_are_counted_in_words() {
        assert_eq!(ordinal(0), Localized::new("first", "1番目").into());
        assert_eq!(ordinal(12).en, "13th");
        assert_eq!(ordinal(21).en, "22nd");
    }
}
