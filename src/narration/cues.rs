//! When captions are shown: one after another, each for as long as it is heard.

use super::captions::split_caption;
use crate::lesson::Language;

/// A caption and when it is shown, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// When it appears.
    pub start: f64,
    /// When it goes.
    pub end: f64,
    /// Its words, of one line or more.
    pub text: String,
}

/// The captions of a text: each piece is up from its first word to the first word of the next one, the
/// last to `end`. `times` tells when places in the text, in bytes, are reached.
#[must_use]
pub(super) fn cues_at(
    display: &str,
    language: Language,
    end: f64,
    times: impl FnOnce(&[usize]) -> Vec<f64>,
) -> Vec<Cue> {
    let pieces = split_caption(display, language);
    let starts: Vec<usize> = pieces.iter().map(|piece| piece.start).collect();
    let times = times(&starts);
    let ends = times.iter().skip(1).copied().chain([end]);
    pieces
        .into_iter()
        .zip(times.iter().zip(ends))
        .map(|(piece, (&start, end))| Cue {
            start,
            end,
            text: piece.text,
        })
        .collect()
}

/// The shortest time for which a caption is worth showing, in seconds: what is shorter shares the time of the
/// next one.
const SHORTEST: f64 = 0.3;

/// Captions in order, each shown for a while and gone before the next one comes; times in whole
/// milliseconds, as files of captions have them.
#[must_use]
pub fn in_turn(cues: &[Cue]) -> Vec<Cue> {
    let whole = |seconds: f64| (seconds.max(0.0) * 1000.0).round() / 1000.0;
    let mut sorted: Vec<Cue> = cues
        .iter()
        .filter(|cue| !cue.text.trim().is_empty())
        .cloned()
        .collect();
    sorted.sort_by(|one, other| one.start.total_cmp(&other.start));
    // Each ends where the next one begins, at the latest.
    for place in 1..sorted.len() {
        let next = sorted[place].start;
        let before = &mut sorted[place - 1];
        before.end = before.end.max(before.start).min(next);
    }
    let mut turns: Vec<Cue> = Vec::new();
    let mut waiting: Vec<Cue> = Vec::new();
    for cue in sorted {
        let end = cue.end;
        waiting.push(cue);
        let start = waiting[0].start;
        if end - start < SHORTEST * waiting.len() as f64 {
            continue;
        }
        share(&mut waiting, end, &mut turns);
    }
    // The last ones may have too little time; then they take it from nobody.
    if let Some(start) = waiting.first().map(|cue| cue.start) {
        let end = waiting.iter().map(|cue| cue.end).fold(start, f64::max);
        let end = end.max(start + SHORTEST * waiting.len() as f64);
        share(&mut waiting, end, &mut turns);
    }
    for cue in &mut turns {
        (cue.start, cue.end) = (whole(cue.start), whole(cue.end));
    }
    turns
}

/// Gives captions the time up to `end` by their lengths, where one of them has none of its own.
fn share(waiting: &mut Vec<Cue>, end: f64, turns: &mut Vec<Cue>) {
    if let [only] = waiting.as_mut_slice() {
        only.end = end;
        turns.append(waiting);
        return;
    }
    let start = waiting.first().map_or(end, |cue| cue.start);
    let letters = |cue: &Cue| cue.text.chars().count().max(1) as f64;
    let all: f64 = waiting.iter().map(letters).sum();
    let mut reached = start;
    for mut cue in waiting.drain(..) {
        cue.start = reached;
        reached += (end - start) * letters(&cue) / all;
        cue.end = reached;
        turns.push(cue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::estimate::heard_mark_times;

    const LONG: &str = "A convolution slides a small filter over the input, and at each position it \
        adds up nine products for every channel. That sum is one value of the output, no more and \
        no less, whatever the size of the input may be.";

    #[test]
    fn no_caption_overlaps_another_or_is_gone_at_once() {
        let cue = |start: f64, end: f64, text: &str| Cue {
            start,
            end,
            text: text.to_owned(),
        };
        let cases = [
            vec![
                cue(0.0, 2.0, "one"),
                cue(1.0, 3.0, "two"),
                cue(2.9996, 2.9996, "three"),
                cue(3.0, 5.0, "four"),
            ],
            vec![
                cue(0.0, 0.0, "one"),
                cue(0.0, 0.0, "two"),
                cue(0.0, 1.5, "three"),
            ],
            vec![
                cue(3.0, 4.0, "late"),
                cue(1.0, 2.0, "early"),
                cue(4.0, 4.0, "last"),
            ],
            vec![cue(0.0, 1.0, " "), cue(0.5, 0.6, "short")],
            vec![cue(1.0, 0.5, "backwards"), cue(1.0, 1.0, "too")],
        ];
        for cues in cases {
            let words = |cues: &[Cue]| -> Vec<String> {
                let mut words: Vec<String> = cues.iter().map(|cue| cue.text.clone()).collect();
                words.retain(|text| !text.trim().is_empty());
                words.sort();
                words
            };
            let turns = in_turn(&cues);
            assert_eq!(words(&turns), words(&cues));
            assert!(
                turns.iter().all(|cue| cue.end - cue.start >= 0.05),
                "{turns:?}"
            );
            assert!(
                turns.windows(2).all(|pair| pair[0].end <= pair[1].start),
                "{turns:?}"
            );
        }
        let apart = vec![
            cue(0.0, 1.0, "one"),
            cue(1.0, 2.5, "two"),
            cue(4.0, 5.0, "three"),
        ];
        assert_eq!(in_turn(&apart), apart);
    }

    #[test]
    fn cues_follow_each_other_through_the_speech() {
        let cues = cues_at(LONG, Language::En, 16.0, |starts| {
            heard_mark_times(LONG, starts, 2.0..16.0, &[], Language::En)
        });
        assert_eq!(cues.first().unwrap().start, 2.0);
        assert_eq!(cues.last().unwrap().end, 16.0);
        assert!(cues.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(cues.iter().all(|cue| cue.end - cue.start > 1.0), "{cues:?}");
    }

    #[test]
    fn nothing_gives_no_cues() {
        assert!(cues_at(" ", Language::Ja, 1.0, |_| Vec::new()).is_empty());
    }
}
