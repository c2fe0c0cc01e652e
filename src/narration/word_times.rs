//! When words are heard, as an engine knows it, and when a place in the text is, from that.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::estimate::{between, speech_weights};
use crate::lesson::Language;

/// A word that an engine has spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordTime {
    /// Where it stands in the spoken text, in bytes.
    pub text: Range<usize>,
    /// When it is heard, in seconds from the start of the sound.
    pub time: Range<f64>,
}

/// How far from where the sound sets in a voice may place the word that it sets in with, in seconds. What
/// the voices here tell lies within 0.08 s of it.
const NEAR_ONSET: f64 = 0.12;

/// Words of which those that follow a pause start where the sound sets in, in seconds: a model knows how
/// long each sound lasts, but not how much of its first is too quiet to be heard.
pub(super) fn words_at_onsets(words: &[WordTime], onsets: &[f64]) -> Vec<WordTime> {
    let mut words = words.to_vec();
    for &onset in onsets {
        let distance = |word: &WordTime| (word.time.start - onset).abs();
        let nearest = (0..words.len())
            .min_by(|&a, &b| distance(&words[a]).total_cmp(&distance(&words[b])))
            .filter(|&index| distance(&words[index]) < NEAR_ONSET);
        let Some(index) = nearest else { continue };
        for before in &mut words[..index] {
            before.time.end = before.time.end.min(onset);
        }
        let time = &mut words[index].time;
        *time = onset..time.end.max(onset);
    }
    words
}

/// When each place in a text is reached, in seconds from the start of the sound.
///
/// A place before a word, or among the spaces and signs before it, is reached when the word starts; one
/// after the last word, when the speech ends; one inside a word, at its share of the word. Between
/// words that are known, words that the engine gave no time for are estimated.
pub(super) fn aligned_mark_times(
    spoken: &str,
    mark_offsets: &[usize],
    speech: Range<f64>,
    words: &[WordTime],
    language: Language,
) -> Vec<f64> {
    let weights = speech_weights(spoken, language);
    let starts: Vec<usize> = spoken.char_indices().map(|(start, _)| start).collect();
    let character = |offset: usize| starts.partition_point(|start| *start < offset);
    let mut said = vec![0.0];
    for weight in &weights {
        said.push(said[said.len() - 1] + weight.seconds);
    }
    // Points that are known: how much is said, and when. Neither ever goes back.
    let mut known: Vec<(f64, f64)> = Vec::with_capacity(2 * words.len() + 2);
    let mut add = |said: f64, time: f64| {
        let (said_before, time_before) = known.last().copied().unwrap_or((0.0, speech.start));
        if said >= said_before {
            known.push((said, time.max(time_before)));
        }
    };
    add(
        0.0,
        words
            .first()
            .map_or(speech.start, |word| word.time.start.min(speech.start)),
    );
    for word in words {
        add(said[character(word.text.start)], word.time.start);
        add(said[character(word.text.end)], word.time.end);
    }
    add(said[said.len() - 1], speech.end);
    mark_offsets
        .iter()
        .map(|&offset| {
            let first = character(offset);
            let next = (first..weights.len()).find(|index| !weights[*index].is_pause);
            match next {
                None => speech.end,
                // Of words that start where the one before ends, the start is meant.
                Some(index) => words
                    .iter()
                    .find(|word| character(word.text.start) == index)
                    .map_or_else(|| between(&known, said[index]), |word| word.time.start),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: Range<usize>, time: Range<f64>) -> WordTime {
        WordTime { text, time }
    }

    fn times(spoken: &str, offsets: &[usize], words: &[WordTime]) -> Vec<f64> {
        aligned_mark_times(spoken, offsets, 0.0..3.0, words, Language::En)
    }

    #[test]
    fn a_mark_before_a_word_falls_on_its_start() {
        let words = [
            word(0..3, 0.1..0.3),
            word(4..10, 0.4..0.8),
            word(12..17, 1.5..2.0),
        ];
        let spoken = "The filter, lands.";
        // Before the comma or after it, the next word is meant.
        assert_eq!(
            times(spoken, &[0, 3, 4, 10, 12], &words),
            [0.1, 0.4, 0.4, 1.5, 1.5]
        );
        assert_eq!(times(spoken, &[17, 18, 99], &words), [3.0; 3]);
    }

    #[test]
    fn a_mark_inside_a_word_falls_inside_its_time() {
        let words = [word(0..6, 1.0..2.0), word(7..10, 2.5..3.0)];
        let time = times("filter one", &[3], &words)[0];
        assert!((1.3..1.7).contains(&time), "{time}");
    }

    #[test]
    fn a_word_after_a_pause_starts_where_the_sound_sets_in() {
        let words = [
            word(0..3, 0.05..0.52),
            word(5..8, 0.95..1.3),
            word(9..12, 1.3..1.6),
        ];
        let starts = |onsets: &[f64]| -> Vec<f64> {
            let words = words_at_onsets(&words, onsets);
            assert!(
                words
                    .windows(2)
                    .all(|pair| pair[0].time.end <= pair[1].time.start)
            );
            words.iter().map(|word| word.time.start).collect()
        };
        assert_eq!(starts(&[0.03, 1.02]), [0.03, 1.02, 1.3]);
        // A sound that sets in where no word is near: a pause inside a word.
        assert_eq!(starts(&[0.03, 0.4]), [0.03, 0.95, 1.3]);
        // Of a word that is told too late, the one before it ends earlier too.
        assert_eq!(starts(&[1.25]), [0.05, 0.95, 1.25]);
    }

    #[test]
    fn a_word_without_a_time_is_estimated_between_its_neighbours() {
        let words = [word(0..3, 0.0..0.5), word(8..11, 1.5..2.0)];
        let time = times("one two one", &[4], &words)[0];
        assert!((0.5..1.5).contains(&time), "{time}");
    }

    #[test]
    fn times_that_go_back_do_no_harm() {
        let words = [
            word(0..3, 1.0..2.0),
            word(4..7, 0.5..0.6),
            word(2..3, 0.1..0.2),
        ];
        let found = times("one two", &[1, 5, 6], &words);
        assert!(found.is_sorted(), "{found:?}");
    }
}
