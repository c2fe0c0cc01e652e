//! Texts with mistakes of every kind, made from good ones.

#![allow(dead_code, reason = "not each test that runs mutated inputs has texts")]

use tensorama::tensor::Random;

/// A text with some of it changed: characters, words that mean something, numbers at their limits, parts left
/// out, doubled, or taken from another text.
pub fn mutated(texts: &[&str], words: &[&str], random: &mut Random) -> String {
    let any = |random: &mut Random, count: usize| random.below(count.max(1) as u64) as usize;
    let mut text: Vec<char> = texts[any(random, texts.len())].chars().collect();
    // Now and then, one as it is.
    for _ in 0..random.below(5) {
        let at = any(random, text.len() + 1);
        let end = (at + any(random, 24)).min(text.len());
        match random.below(8) {
            0 => {
                text.drain(at..end);
            }
            1 => {
                let part = text[at..end].to_vec();
                let times = [1, 1, 2, 200][any(random, 4)];
                let to = any(random, text.len() + 1);
                let many: Vec<char> = part
                    .iter()
                    .copied()
                    .cycle()
                    .take(part.len() * times)
                    .collect();
                text.splice(to..to, many);
            }
            2 => {
                let other: Vec<char> = texts[any(random, texts.len())].chars().collect();
                let from = any(random, other.len() + 1);
                let to = (from + any(random, 60)).min(other.len());
                text.splice(at..at, other[from..to].iter().copied());
            }
            3 | 4 => {
                let word = words[any(random, words.len())];
                text.splice(at..end, word.chars());
            }
            5 => {
                let sign = SIGNS[any(random, SIGNS.len())];
                text.insert(at, char::from(sign));
            }
            6 => {
                // A number becomes another one.
                let digit = text.iter().skip(at).position(char::is_ascii_digit);
                if let Some(digit) = digit {
                    let from = at + digit;
                    let count = text[from..]
                        .iter()
                        .take_while(|sign| sign.is_ascii_digit())
                        .count();
                    let number = NUMBERS[any(random, NUMBERS.len())];
                    text.splice(from..from + count, number.chars());
                }
            }
            _ => {
                if let Some(sign) = text.get_mut(at) {
                    *sign = char::from_u32(random.below(0x3100) as u32).unwrap_or('\u{fffd}');
                }
            }
        }
        text.truncate(20_000);
    }
    text.into_iter().collect()
}

const SIGNS: &[u8] = b"()[]{}<>,:=.'\"#\\ \n\t-+*/_0123456789xXeE@%^&|~!?;";

const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "16",
    "255",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
    "1e400",
    "0.5",
    "1e-400",
    "NaN",
];
