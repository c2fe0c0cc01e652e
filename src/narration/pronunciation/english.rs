//! How English voices are given signs and names.

use super::Said;
use super::sight::{Sight, SizeSign, greek, is_of_word};

/// Names that the voices spell, or say as another word: how they are said.
const NAMES: &[(&str, &str)] = &[
    ("MAC", "mack"),
    ("MACs", "macks"),
    ("FLOP", "flop"),
    ("FLOPs", "flops"),
    ("GMACs", "giga macks"),
    ("ESPCN", "E S P C N"),
    ("FSRCNN", "F S R C N N"),
    ("SRCNN", "S R C N N"),
    ("ReLU", "ray loo"),
    ("ReLU6", "ray loo 6"),
    ("PReLU", "P ray loo"),
    ("LeakyReLU", "leaky ray loo"),
    ("GELU", "gell you"),
    ("SiLU", "sigh loo"),
    ("ELU", "E L U"),
    ("SELU", "S E L U"),
    ("ONNX", "onyx"),
    ("PyTorch", "pie torch"),
    ("NumPy", "num pie"),
    ("ViT", "V I T"),
    ("MiB", "mebibytes"),
    ("KiB", "kibibytes"),
    ("GiB", "gibibytes"),
    ("ms", "milliseconds"),
    ("vs", "versus"),
    ("DepthwiseSeparable", "depthwise separable"),
];

/// Words behind a product that say that it is one: `3 × 6 × 6 numbers`.
const COUNTED: &[&str] = &[
    "weights",
    "numbers",
    "values",
    "products",
    "parameters",
    "multiplications",
    "multiplies",
    "macs",
    "operations",
    "additions",
    "elements",
    "cubes",
    "times",
    "equals",
];

/// What stands here, if a voice would not say it rightly.
pub(super) fn said(here: &Sight) -> Option<Said> {
    named(here)
        .or_else(|| sized(here))
        .or_else(|| fraction(here))
        .or_else(|| ratio(here))
        .or_else(|| powered(here))
        .or_else(|| minus(here))
        .or_else(|| times(here))
        .or_else(|| sign(here))
}

/// A name of the field.
fn named(here: &Sight) -> Option<Said> {
    if !here.begins_word() {
        return None;
    }
    let end = here.word(0);
    let word = here.text(0, end);
    // `e.g.` and the like, whose points are no ends of sentences.
    for (short, long) in [
        ("e.g.", "for example"),
        ("i.e.", "that is"),
        ("vs.", "versus"),
    ] {
        if here.stands(short) {
            return Some(Said::new(short.chars().count(), long));
        }
    }
    let (_, said) = NAMES.iter().find(|(name, _)| *name == word)?;
    (!here.peek(end).is_some_and(is_of_word)).then(|| Said::new(end, *said))
}

/// `3x3` and `2x`.
fn sized(here: &Sight) -> Option<Said> {
    Some(Said::new(
        1,
        match here.size_sign()? {
            SizeSign::Between => "by",
            SizeSign::Behind => "times",
        },
    ))
}

/// `1/16`.
fn fraction(here: &Sight) -> Option<Said> {
    let (over, under, end) = here.fraction()?;
    Some(Said::new(end, format!("{over} over {under}")))
}

/// `16:9`.
fn ratio(here: &Sight) -> Option<Said> {
    here.is_ratio().then(|| Said::new(1, "to"))
}

/// `k²`, `10⁻³`, `2^3`.
fn powered(here: &Sight) -> Option<Said> {
    let (power, end) = here.power()?;
    Some(Said::new(
        end,
        match power {
            2 => "squared".to_owned(),
            3 => "cubed".to_owned(),
            power if power < 0 => format!("to the power of minus {}", power.unsigned_abs()),
            power => format!("to the power of {power}"),
        },
    ))
}

/// A sign of negative numbers and of subtraction; a hyphen, a dash and the line of a range are none.
fn minus(here: &Sight) -> Option<Said> {
    let dash = here.peek(0).filter(|c| matches!(c, '−' | '-' | '–'))?;
    let next = here.peek(1);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if dash == '–' {
        let range = digit(here.back(1)) && digit(next);
        return range.then(|| Said::new(1, "to"));
    }
    let negative = (digit(next) || dash == '−' && next.is_some_and(is_of_word))
        && !here.back(1).is_some_and(|c| is_of_word(c) || c == ')');
    if negative || dash == '−' {
        return Some(Said::new(1, "minus"));
    }
    // With spaces around it, between numbers or letters that stand alone.
    let spaced = here.back(1) == Some(' ') && next == Some(' ');
    let (back, left) = here.before_spaces(1);
    let (offset, right) = here.behind_spaces(1);
    let alone = |c: Option<char>, neighbour: Option<char>| {
        c.is_some_and(|c| c.is_ascii_digit())
            || c.is_some_and(|c| c.is_alphabetic()) && !neighbour.is_some_and(is_of_word)
    };
    let subtracts =
        spaced && alone(left, here.back(back + 1)) && alone(right, here.peek(offset + 1));
    subtracts.then(|| Said::new(1, "minus"))
}

/// `×`: of a size it is "by", of a product "times".
fn times(here: &Sight) -> Option<Said> {
    let sign = here
        .peek(0)
        .filter(|c| matches!(c, '×' | '*' | '·' | '⋅' | '✕'))?;
    let (_, left) = here.before_spaces(1);
    let (_, right) = here.behind_spaces(1);
    if sign == '*' {
        let both =
            [left, right].map(|c| c.is_some_and(|c| is_of_word(c) || matches!(c, '(' | ')')));
        return (both == [true; 2]).then(|| Said::new(1, "times"));
    }
    let is_size = |c: Option<char>| {
        c.is_some_and(|c| {
            c.is_ascii_digit() || matches!(c, 'C' | 'H' | 'W' | 'D' | 'N' | 'K' | 'k')
        })
    };
    if sign != '×' || !is_size(left) || !is_size(right) {
        return Some(Said::new(1, "times"));
    }
    // The whole product, and what stands around it.
    let of_chain = |c: char| c == '×' || c == ' ' || c == ',' || is_of_word(c) && is_size(Some(c));
    let mut back = 1;
    while here.back(back).is_some_and(of_chain) {
        back += 1;
    }
    let mut end = 1;
    while here.peek(end).is_some_and(of_chain) {
        end += 1;
    }
    let calculates = |c: Option<char>| c.is_some_and(|c| "=≈+−÷/*(".contains(c));
    let word_end = here.word(end);
    let counted = here.text(end, word_end).to_lowercase();
    let is_product = calculates(here.back(back))
        || calculates(here.peek(end))
        || COUNTED.contains(&counted.as_str());
    Some(Said::new(1, if is_product { "times" } else { "by" }))
}

/// A single sign.
fn sign(here: &Sight) -> Option<Said> {
    let character = here.peek(0)?;
    let spaced = here.back(1).is_none_or(|c| c == ' ' || c.is_ascii_digit());
    let words = match character {
        '⌊' | '⌋' | '⌈' | '⌉' => "",
        '→' | '⇒' => "to",
        '≈' => "about",
        '≤' => "at most",
        '≥' => "at least",
        '≠' => "is not",
        '<' if spaced => "less than",
        '>' if spaced => "greater than",
        '±' => "plus or minus",
        '÷' => "divided by",
        '√' => "the square root of",
        '∞' => "infinity",
        '½' => "one half",
        '¼' => "one quarter",
        '¾' => "three quarters",
        '⅓' => "one third",
        character => {
            let (english, _) = greek(character)?;
            let alone = here.begins_word() && !here.peek(1).is_some_and(char::is_alphabetic);
            return alone.then(|| Said::new(1, english));
        }
    };
    Some(Said::new(1, words))
}

#[cfg(test)]
mod tests {
    use super::super::reading;
    use crate::lesson::Language;

    #[test]
    fn signs_and_names_are_said_as_one_says_them() {
        for (written, said) in [
            ("3 × 6 → 4", "3 by 6 to 4"),
            ("⌊x⌋ + 1", "x + 1"),
            ("a 3x3 kernel, 64x64x3", "a 3 by 3 kernel, 64 by 64 by 3"),
            ("a 3×3 kernel of 2 × 2.", "a 3 by 3 kernel of 2 by 2."),
            ("4 × 4 = 16", "4 times 4 = 16"),
            ("1 + 3 × 2", "1 + 3 times 2"),
            ("3 × 6 × 6 numbers", "3 times 6 times 6 numbers"),
            ("C × H × W", "C by H by W"),
            ("2x as fast, 0x3f", "2 times as fast, 0x3f"),
            ("−5, -5 and 5 − 3", "minus 5, minus 5 and 5 minus 3"),
            (
                "5 - 3, x - y, a two-fold map - really",
                "5 minus 3, x minus y, a two-fold map - really",
            ),
            ("pages 3–5", "pages 3 to 5"),
            (
                "1/16 of k², 10⁻³ and 2^10",
                "1 over 16 of k squared, 10 to the power of minus 3 and 2 to the power of 10",
            ),
            (
                "a < b > c ≤ d ≠ e",
                "a less than b greater than c at most d is not e",
            ),
            ("16:9 at 1:30", "16 to 9 at 1:30"),
            ("MACs, CNN, ReLU.", "macks, CNN, ray loo."),
            ("MACHINE", "MACHINE"),
            ("γ and σ²", "gamma and sigma squared"),
            (
                "√2 ± 0.5 ÷ 3",
                "the square root of 2 plus or minus 0.5 divided by 3",
            ),
            ("i.e. 2 * 3", "that is 2 times 3"),
        ] {
            assert_eq!(reading(written, Language::En).text, said, "{written}");
        }
    }
}
