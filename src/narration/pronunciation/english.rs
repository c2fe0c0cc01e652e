//! How English voices are given signs and names.

use super::Said;
use super::sight::{Sight, SizeSign, greek, is_latin, is_of_word};

/// Names that the voices spell, or say as another word: how they are said.
const NAMES: &[(&str, &str)] = &[
    ("MAC", "mack"),
    ("MACs", "macks"),
    ("FLOP", "flop"),
    ("FLOPs", "flops"),
    ("MFLOPs", "mega flops"),
    ("GFLOPs", "giga flops"),
    ("GFLOPS", "giga flops"),
    ("TFLOPs", "tera flops"),
    ("TFLOPS", "tera flops"),
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
    ("Hz", "hertz"),
    ("kHz", "kilohertz"),
    ("dB", "decibels"),
    ("INT4", "int 4"),
    ("INT8", "int 8"),
    ("INT16", "int 16"),
    ("IoU", "I O U"),
    ("GRU", "G R U"),
    ("tanh", "tan H"),
    ("ConvNeXt", "conv next"),
    ("ResNeXt", "rez next"),
    ("YOLO", "yolo"),
    ("YOLOv5", "yolo V 5"),
    ("YOLOv8", "yolo V 8"),
    ("vs", "versus"),
    ("DepthwiseSeparable", "depthwise separable"),
];

/// Units that stand behind a number, in the singular.
const UNITS: &[(&str, &str)] = &[
    ("ns", "nanosecond"),
    ("µs", "microsecond"),
    ("μs", "microsecond"),
    ("ms", "millisecond"),
    ("kB", "kilobyte"),
    ("KB", "kilobyte"),
    ("MB", "megabyte"),
    ("GB", "gigabyte"),
    ("TB", "terabyte"),
    ("KiB", "kibibyte"),
    ("MiB", "mebibyte"),
    ("GiB", "gibibyte"),
    ("Hz", "hertz"),
    ("kHz", "kilohertz"),
    ("MHz", "megahertz"),
    ("GHz", "gigahertz"),
    ("dB", "decibel"),
];

/// Words that are written short, with a point.
const SHORT: &[(&str, &str)] = &[
    ("e.g.", "for example"),
    ("i.e.", "that is"),
    ("vs.", "versus"),
    ("cf.", "compare"),
    ("w.r.t.", "with respect to"),
    ("Fig.", "figure"),
    ("Eq.", "equation"),
    ("Sec.", "section"),
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
    measured(here)
        .or_else(|| named(here))
        .or_else(|| scientific(here))
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
    for (short, long) in SHORT {
        if here.stands(short) {
            return Some(Said::new(short.len(), *long));
        }
    }
    if here.stands("No. ") && here.peek(4).is_some_and(|c| c.is_ascii_digit()) {
        return Some(Said::new(3, "number"));
    }
    let (_, said) = NAMES.iter().find(|(name, _)| *name == word)?;
    (!here.peek(end).is_some_and(is_of_word)).then(|| Said::new(end, *said))
}

/// `5 ms` and `3.5 GB/s`.
fn measured(here: &Sight) -> Option<Said> {
    let (unit, end) = here.unit(UNITS)?;
    let (back, digit) = here.before_spaces(1);
    let goes_on = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let is_one = digit == Some('1') && !here.back(back + 1).is_some_and(goes_on);
    let plural = if is_one || unit.ends_with('z') {
        ""
    } else {
        "s"
    };
    let (behind, length) = if here.by_second(end) {
        (" per second", end + 2)
    } else {
        ("", end)
    };
    Some(Said::new(length, format!("{unit}{plural}{behind}")))
}

/// `1.5e-3`.
fn scientific(here: &Sight) -> Option<Said> {
    let (factor, power, end) = here.scientific()?;
    let times = match factor.as_str() {
        "1" => String::new(),
        factor => format!("{factor} times "),
    };
    let minus = if power.negative { "minus " } else { "" };
    let of = power.of;
    Some(Said::new(
        end,
        format!("{times}10 to the power of {minus}{of}"),
    ))
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

/// `k²`, `10⁻³`, `2^n`.
fn powered(here: &Sight) -> Option<Said> {
    let (power, end) = here.power()?;
    Some(Said::new(
        end,
        match (power.negative, power.of.as_str()) {
            (false, "2") => "squared".to_owned(),
            (false, "3") => "cubed".to_owned(),
            (false, "T") => "transposed".to_owned(),
            (true, of) => format!("to the power of minus {of}"),
            (false, of) => format!("to the power of {of}"),
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
    if negative || dash == '−' || here.takes_away() {
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
        .filter(|c| matches!(c, '×' | '*' | '·' | '⋅' | '✕' | '∗'))?;
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

/// A single sign, or what is typed for it.
fn sign(here: &Sight) -> Option<Said> {
    if let Some((written, length)) = here.subscript() {
        let is_base = here.back(1) == Some('g') && here.back(2) == Some('o');
        let base = if is_base { "base " } else { "" };
        return Some(Said::new(length, format!("{base}{written}")));
    }
    let (character, length) = match here.typed_sign() {
        Some(typed) => typed,
        None => (here.peek(0)?, 1),
    };
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let words = match character {
        '⌊' | '⌋' | '⌈' | '⌉' => "",
        '→' | '⇒' => "to",
        '≈' => "about",
        '~' if digit(here.peek(1)) && !digit(here.back(1)) => "about",
        '≤' => "at most",
        '≥' => "at least",
        '≠' => "is not",
        '=' if length > 1 => "equals",
        '<' if here.compares() => "less than",
        '>' if here.compares() => "greater than",
        '/' if here.divides() => "over",
        '#' if digit(here.peek(1)) => "number",
        '±' => "plus or minus",
        '÷' => "divided by",
        '√' => "the square root of",
        '∞' => "infinity",
        '∑' => "the sum of",
        '∂' => "partial",
        '∇' => "nabla",
        '∈' => "in",
        '½' if digit(here.back(1)) => "and a half",
        '¼' if digit(here.back(1)) => "and a quarter",
        '¾' if digit(here.back(1)) => "and three quarters",
        '½' => "one half",
        '¼' => "one quarter",
        '¾' => "three quarters",
        '⅓' => "one third",
        '⅔' => "two thirds",
        '⅛' => "one eighth",
        '′' if here.marks_variable() => "prime",
        '\u{302}' if here.marks_variable() => "hat",
        '\u{304}' if here.marks_variable() => "bar",
        '\u{303}' if here.marks_variable() => "tilde",
        character => {
            let (english, _) = greek(character)?;
            let alone = here.begins_word() && !here.peek(1).is_some_and(is_latin);
            return alone.then(|| Said::new(1, english));
        }
    };
    Some(Said::new(length, words))
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
            (
                "at 1e-5, 1.5e-3 or 1e+06",
                "at 10 to the power of minus 5, 1.5 times 10 to the power of minus 3 or 10 to the power of 6",
            ),
            (
                "10^-3, 2^n, e^x, W^T",
                "10 to the power of minus 3, 2 to the power of n, e to the power of x, W transposed",
            ),
            (
                "an HxW map, HxWx3, kxk",
                "an H by W map, H by W by 3, k by k",
            ),
            (
                "p<0.05, a<b, stride>kernel, 0<x<1",
                "p less than 0.05, a less than b, stride greater than kernel, 0 less than x less than 1",
            ),
            (
                "a Vec<f32> and <i>it</i>, x>=0, a!=b, a->b",
                "a Vec<f32> and <i>it</i>, x at least 0, a is not b, a to b",
            ),
            (
                "n-1, (k-1)/2, H-K+1, GPT-2, U-Net, 3-D, W/2",
                "n minus 1, (k minus 1) over 2, H minus K+1, GPT-2, U-Net, 3-D, W over 2",
            ),
            (
                "5ms, 20 µs, 1 ms, 3.5 GB/s, 512MB, 44.1 kHz",
                "5 milliseconds, 20 microseconds, 1 millisecond, 3.5 gigabytes per second, 512 megabytes, 44.1 kilohertz",
            ),
            (
                "x₀, εᵢ, log₂ n, x\u{302}",
                "x 0, epsilon i, log base 2 n, x hat",
            ),
            (
                "Fig. 3, No. 7, #1, ~5, 1½, ３×３",
                "figure 3, number 7, number 1, about 5, 1 and a half, 3 by 3",
            ),
            ("INT8, 10 GFLOPs", "int 8, 10 giga flops"),
        ] {
            assert_eq!(reading(written, Language::En).text, said, "{written}");
        }
    }
}
