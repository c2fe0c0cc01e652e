//! How long a text takes to say, and when in it each word falls, without hearing it.
//!
//! Every character gets a weight in seconds: a syllable or mora of a word, the pause of a comma.
//! The weights were fitted to `espeak-ng` at 155 words a minute and to the Mei voice of Open JTalk
//! (within 12% of the spoken length of whole sentences); where a recording's length is known only
//! their ratios count. Sums and products alone, so that every machine finds the same times.

use std::ops::Range;

use super::alignment::match_pauses;
use crate::lesson::{Language, PAUSE, PAUSE_SECONDS};

/// Seconds of quiet that a voice puts before and after its words.
const AROUND: f64 = 0.35;

/// What a syllable of English takes, and what each word takes besides.
const SYLLABLE: f64 = 0.14;
const WORD: f64 = 0.11;

/// What a mora of Japanese takes.
const MORA: f64 = 0.128;

/// Morae of a kanji, on average, in running text.
const KANJI_MORAE: f64 = 1.9;

/// The pause at a comma and at the end of a sentence.
const COMMA: f64 = 0.41;
const STOP: f64 = 0.58;

/// How long a voice would take for a text, its quiet at both ends included, in seconds.
#[must_use]
pub fn estimated_seconds(spoken: &str, language: Language) -> f64 {
    let speech = estimated_speech(spoken, language);
    if speech.is_empty() {
        0.0
    } else {
        speech.end + AROUND
    }
}

/// From the first word to the last within [`estimated_seconds`].
#[must_use]
pub fn estimated_speech(spoken: &str, language: Language) -> Range<f64> {
    let speech: f64 = speech_weights(spoken, language)
        .iter()
        .map(|weight| weight.seconds)
        .sum();
    if speech > 0.0 {
        AROUND..AROUND + speech
    } else {
        0.0..0.0
    }
}

/// When each place in a text is reached, in seconds from the first word, if the words take
/// `duration` seconds from the start of the first to the end of the last.
///
/// Offsets are in bytes, as in [`Mark::spoken_offset`](crate::lesson::Mark::spoken_offset). A place
/// past the text's end is reached at its end.
#[must_use]
pub fn mark_times(
    spoken: &str,
    mark_offsets: &[usize],
    duration: f64,
    language: Language,
) -> Vec<f64> {
    heard_mark_times(spoken, mark_offsets, 0.0..duration, &[], language)
}

/// As [`mark_times`], for speech whose pauses were heard: those at commas and stops are found again
/// in the sound, and only what lies between two of them is estimated.
#[must_use]
pub fn heard_mark_times(
    spoken: &str,
    mark_offsets: &[usize],
    speech: Range<f64>,
    pauses: &[Range<f64>],
    language: Language,
) -> Vec<f64> {
    let weights = speech_weights(spoken, language);
    // How much is said before each character, and before the end.
    let mut said = vec![0.0];
    for weight in &weights {
        said.push(said[said.len() - 1] + weight.seconds);
    }
    let total = said[said.len() - 1];
    if total <= 0.0 {
        return vec![speech.start; mark_offsets.len()];
    }
    let length = speech.end - speech.start;
    let time_of = |said: f64| speech.start + length * (said / total).min(1.0);
    // A comma and the author's pause after it are one silence.
    let commas: Vec<Range<usize>> = silences(&weights);
    let expected: Vec<f64> = commas
        .iter()
        .map(|comma| time_of(f64::midpoint(said[comma.start], said[comma.end])))
        .collect();
    // Points that are known: how much is said, and when.
    let mut known = vec![(0.0, speech.start)];
    for (comma, pause) in match_pauses(&expected, pauses) {
        let comma = &commas[comma];
        known.push((said[comma.start], pauses[pause].start));
        known.push((said[comma.end], pauses[pause].end));
    }
    known.push((total, speech.end));
    mark_offsets
        .iter()
        .map(|&offset| {
            let index = spoken
                .char_indices()
                .take_while(|(start, _)| *start < offset)
                .count();
            between(&known, said[index])
        })
        .collect()
}

/// The characters of each silence of a text, where only spaces and signs lie between them.
fn silences(weights: &[Weight]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (index, weight) in weights.iter().enumerate() {
        if !weight.is_pause || weight.seconds <= 0.0 {
            continue;
        }
        match found.last_mut() {
            Some(last)
                if weights[last.end..index]
                    .iter()
                    .all(|weight| weight.is_pause) =>
            {
                last.end = index + 1;
            }
            _ => found.push(index..index + 1),
        }
    }
    found
}

/// The time at which so much is said, on the line through the known points around it.
pub(super) fn between(known: &[(f64, f64)], said: f64) -> f64 {
    let next = known
        .partition_point(|(before, _)| *before <= said)
        .clamp(1, known.len() - 1);
    let ((said_a, time_a), (said_b, time_b)) = (known[next - 1], known[next]);
    if said_b > said_a {
        time_a + (time_b - time_a) * ((said - said_a) / (said_b - said_a)).clamp(0.0, 1.0)
    } else {
        time_b
    }
}

/// What a character takes to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    /// Its seconds.
    pub(super) seconds: f64,
    /// Whether it is no sound: a space, a comma.
    pub(super) is_pause: bool,
}

/// Seconds for each character of a text; the pause after the last word counts nothing.
pub(super) fn speech_weights(spoken: &str, language: Language) -> Vec<Weight> {
    let characters: Vec<char> = spoken.chars().collect();
    let mut weights = Vec::with_capacity(characters.len());
    let mut end_of_speech = 0;
    while weights.len() < characters.len() {
        let rest = &characters[weights.len()..];
        let (length, seconds, is_pause) = token(rest, language);
        let weight = Weight {
            seconds: seconds / length as f64,
            is_pause,
        };
        weights.extend(std::iter::repeat_n(weight, length));
        if !is_pause {
            end_of_speech = weights.len();
        }
    }
    for weight in &mut weights[end_of_speech..] {
        weight.seconds = 0.0;
    }
    weights
}

/// The next thing to say: its characters, its seconds, and whether it is only a pause.
fn token(rest: &[char], language: Language) -> (usize, f64, bool) {
    let first = rest[0];
    let next = rest.get(1).copied();
    if first.is_ascii_digit() {
        let length = number_length(rest);
        return (length, number_seconds(&rest[..length], language), false);
    }
    if is_latin(first) {
        let length = rest
            .iter()
            .take_while(|c| is_latin(**c) || matches!(c, '\'' | '’'))
            .count();
        return (length, word_seconds(&rest[..length], language), false);
    }
    match first {
        PAUSE => (1, PAUSE_SECONDS, true),
        // A stop inside a token such as `3.5` or `e.g.` never gets here or is not followed by a gap.
        '.' | '?' | '!' | ';' => match next {
            Some(c) if !c.is_whitespace() && !matches!(c, '"' | '”' | '’' | ')') => {
                (1, 0.0, true)
            }
            _ => (1, STOP, true),
        },
        '。' | '？' | '！' => (1, STOP, true),
        ',' | ':' | '、' | '，' | '：' | '—' | '–' | '…' => (1, COMMA, true),
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' => (1, kana_morae(first) * MORA, false),
        '々' | '〇' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => {
            (1, KANJI_MORAE * MORA, false)
        }
        '×' | '+' | '=' | '−' | '÷' | '→' | '%' | '/' | '*' | '≈' | '<' | '>' | '≤' | '≥' => {
            (1, symbol_seconds(language), false)
        }
        _ => (1, 0.0, true),
    }
}

/// Letters of Latin script.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c) && !matches!(c, '×' | '÷')
}

/// The characters of a number: digits, with points and commas between digits.
fn number_length(rest: &[char]) -> usize {
    let mut length = 0;
    while length < rest.len() {
        let is_separator = matches!(rest[length], '.' | ',')
            && rest.get(length + 1).is_some_and(char::is_ascii_digit);
        if !rest[length].is_ascii_digit() && !is_separator {
            break;
        }
        length += 1;
    }
    length
}

/// What a number takes: its whole part read as a number, its decimals one by one.
fn number_seconds(number: &[char], language: Language) -> f64 {
    let mut parts = number.splitn(2, |c| *c == '.');
    let whole = parts.next().unwrap_or_default();
    let decimals = parts.next();
    let value = whole
        .iter()
        .filter_map(|c| c.to_digit(10))
        .try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit))
        });
    let digits = |digits: &[char]| -> u32 {
        digits
            .iter()
            .filter_map(|c| c.to_digit(10))
            .map(|d| digit_beats(d, language))
            .sum()
    };
    let beats = value.map_or_else(|| digits(whole), |value| number_beats(value, language))
        + decimals.map_or(0, |decimals| 1 + digits(decimals));
    match language {
        Language::En => f64::from(beats) * (SYLLABLE + WORD / 2.0),
        Language::Ja => f64::from(beats) * MORA,
    }
}

/// Syllables (English) or morae (Japanese) of a digit that is read alone.
fn digit_beats(digit: u32, language: Language) -> u32 {
    match language {
        Language::En => [2, 1, 1, 1, 1, 1, 1, 2, 1, 1][digit as usize % 10],
        Language::Ja => [2, 2, 2, 2, 2, 2, 2, 2, 2, 2][digit as usize % 10],
    }
}

/// Syllables or morae of a whole number.
fn number_beats(value: u64, language: Language) -> u32 {
    let digit = |d: u64| digit_beats((d % 10) as u32, language);
    match language {
        Language::En => match value {
            0..10 => digit(value),
            10..20 => [1, 3, 1, 2, 2, 2, 2, 3, 2, 2][(value - 10) as usize],
            20..100 => 2 + u32::from(value / 10 == 7) + spoken_rest(value % 10, language),
            100..1000 => digit(value / 100) + 2 + spoken_rest(value % 100, language),
            _ => number_beats(value / 1000, language) + 2 + spoken_rest(value % 1000, language),
        },
        Language::Ja => match value {
            0..10 => match value {
                2 | 5 => 1,
                _ => 2,
            },
            10..100 => tens(value / 10, 2) + spoken_rest(value % 10, language),
            100..1000 => tens(value / 100, 2) + spoken_rest(value % 100, language),
            1000..10_000 => tens(value / 1000, 2) + spoken_rest(value % 1000, language),
            _ => number_beats(value / 10_000, language) + 2 + spoken_rest(value % 10_000, language),
        },
    }
}

/// What is read after a leading place: nothing for zero.
fn spoken_rest(rest: u64, language: Language) -> u32 {
    if rest == 0 {
        0
    } else {
        number_beats(rest, language)
    }
}

/// Morae of 十, 百 or 千 with the digit before it, which is not read when it is one.
fn tens(digit: u64, place: u32) -> u32 {
    place
        + if digit == 1 {
            0
        } else {
            number_beats(digit, Language::Ja)
        }
}

/// What a word in Latin letters takes.
fn word_seconds(word: &[char], language: Language) -> f64 {
    let letters = word.iter().filter(|c| c.is_alphabetic()).count();
    let is_spelled = letters > 0
        && letters <= 5
        && word.iter().all(|c| c.is_uppercase())
        && (letters == 1
            || !word
                .iter()
                .any(|c| matches!(c, 'A' | 'E' | 'I' | 'O' | 'U')));
    let beats = if is_spelled { letters } else { syllables(word) } as f64;
    match language {
        Language::En => beats * SYLLABLE + WORD,
        // A syllable of a foreign word becomes about two morae.
        Language::Ja => beats * 2.0 * MORA,
    }
}

/// Syllables of an English word: groups of vowels, without a silent `e` at the end.
fn syllables(word: &[char]) -> usize {
    let lower: Vec<char> = word
        .iter()
        .filter_map(|c| c.to_lowercase().next())
        .collect();
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let groups = (0..lower.len())
        .filter(|&i| is_vowel(lower[i]) && (i == 0 || !is_vowel(lower[i - 1])))
        .count();
    let ends_in_silent_e = match lower.as_slice() {
        [.., before, 'l', 'e'] => is_vowel(*before),
        [.., before, 'e', 's'] => !matches!(before, 's' | 'x' | 'z' | 'h' | 'c' | 'g'),
        [.., before, 'e', 'd'] => !matches!(before, 't' | 'd'),
        [.., before, 'e'] => !is_vowel(*before),
        _ => false,
    };
    groups
        .saturating_sub(usize::from(ends_in_silent_e && groups > 1))
        .max(1)
}

/// What a sign that is read as a word takes.
fn symbol_seconds(language: Language) -> f64 {
    match language {
        Language::En => SYLLABLE + WORD,
        Language::Ja => 3.0 * MORA,
    }
}

/// Small kana join the mora before them; っ and ー are morae of their own.
fn kana_morae(kana: char) -> f64 {
    match kana {
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ァ' | 'ィ' | 'ゥ'
        | 'ェ' | 'ォ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => 0.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences with the length of their speech, without the quiet around it, as measured.
    const EN: [(&str, f64); 8] = [
        (
            "The filter lands on a corner and adds up to one value.",
            3.45,
        ),
        ("Look.", 0.36),
        (
            "A convolution slides a small filter over the input, and at each position it adds up \
             nine products for every channel.",
            7.01,
        ),
        (
            "This is the input: three channels, six rows, six columns.",
            4.20,
        ),
        (
            "Stride one, no padding. The output is four by four. Each filter makes one channel.",
            5.89,
        ),
        ("Twenty-seven products, one sum, one value.", 3.54),
        (
            "The second filter has its own weights, so it makes its own channel.",
            4.13,
        ),
        (
            "The output has 4 channels, because there are 4 filters.",
            3.49,
        ),
    ];
    const JA: [(&str, f64); 8] = [
        ("フィルタが角に降りて、ひとつの値になります。", 3.19),
        ("見てください。", 0.77),
        (
            "畳み込みは、小さなフィルタを入力の上で滑らせ、位置ごとに積を足し合わせます。",
            6.09,
        ),
        (
            "これが入力です。チャネルは三つ、行は六つ、列は六つです。",
            5.29,
        ),
        (
            "ストライドは1、パディングはありません。出力は4かける4です。",
            4.90,
        ),
        ("二十七個の積、ひとつの和、ひとつの値。", 3.80),
        (
            "二番目のフィルタは別の重みを持つので、別のチャネルを作ります。",
            4.49,
        ),
        ("出力のチャネル数は、フィルタの数と同じです。", 3.44),
    ];

    #[test]
    fn a_sentence_is_estimated_within_a_fifth_of_its_spoken_length() {
        for (sentences, language) in [(EN, Language::En), (JA, Language::Ja)] {
            for (text, measured) in sentences {
                let estimate = estimated_seconds(text, language) - 2.0 * AROUND;
                let error = (estimate - measured).abs();
                assert!(
                    error < 0.2 * measured + 0.1,
                    "{text}: estimated {estimate:.2}, measured {measured:.2}"
                );
            }
            let total: f64 = sentences.iter().map(|(_, measured)| measured).sum();
            let estimate: f64 = sentences
                .iter()
                .map(|(text, _)| estimated_seconds(text, language) - 2.0 * AROUND)
                .sum();
            assert!(
                (estimate / total - 1.0).abs() < 0.05,
                "{language}: {estimate} of {total}"
            );
        }
    }

    #[test]
    fn nothing_takes_no_time() {
        assert_eq!(estimated_seconds("", Language::En), 0.0);
        assert_eq!(estimated_seconds(" … ", Language::Ja), 0.0);
        assert_eq!(mark_times("", &[0, 5], 3.0, Language::En), [0.0, 0.0]);
    }

    #[test]
    fn marks_run_from_the_first_word_to_the_last() {
        let text = "One filter, one value.";
        let offsets = [0, 4, "One filter, ".len(), text.len(), text.len() + 9];
        let times = mark_times(text, &offsets, 2.0, Language::En);
        assert_eq!(times[0], 0.0);
        assert!(times.is_sorted());
        assert_eq!(&times[3..], [2.0, 2.0]);
    }

    #[test]
    fn the_pause_of_a_comma_lies_before_the_word_that_follows_it() {
        let text = "aa, aa";
        let times = mark_times(text, &[2, 4], 1.0, Language::En);
        assert!(times[1] - times[0] > 0.3, "{times:?}");
    }

    #[test]
    fn a_pause_that_was_heard_is_where_its_comma_is() {
        let text = "One, two three.";
        let offsets = [0, "One".len(), "One, ".len(), text.len()];
        let times = heard_mark_times(text, &offsets, 0.5..3.0, &[1.2..1.6], Language::En);
        assert_eq!(times, [0.5, 1.2, 1.6, 3.0]);
    }

    #[test]
    fn a_mark_inside_a_japanese_sentence_counts_bytes_of_whole_characters() {
        let text = "かくにおりる";
        let times = mark_times(text, &["かく".len(), "かくに".len()], 6.0, Language::Ja);
        assert!(
            (times[0] - 2.0).abs() < 1e-9 && (times[1] - 3.0).abs() < 1e-9,
            "{times:?}"
        );
    }

    #[test]
    fn numbers_are_read_as_words() {
        assert_eq!(number_beats(27, Language::En), 4);
        assert_eq!(number_beats(144, Language::En), 6);
        assert_eq!(number_beats(36, Language::Ja), 6);
        assert_eq!(number_length(&"3.25, 4".chars().collect::<Vec<_>>()), 4);
    }

    #[test]
    fn english_words_have_syllables() {
        let count = |word: &str| syllables(&word.chars().collect::<Vec<_>>());
        assert_eq!(count("filter"), 2);
        assert_eq!(count("slide"), 1);
        assert_eq!(count("makes"), 1);
        assert_eq!(count("table"), 2);
        assert_eq!(count("convolution"), 4);
    }
}
