//! What every voice must do, for the tests of each.

use std::ops::ControlFlow;

use super::clip::Clip;
use super::estimate::estimated_seconds;
use super::voice::{Request, Timing, Voice};
use super::word_times::aligned_mark_times;
use crate::lesson::Language;

/// Real sentences of lessons.
const fn sentences(language: Language) -> [&'static str; 4] {
    match language {
        Language::En => [
            "The filter lands on a corner and adds up to one value.",
            "Stride one, no padding. The output is four by four. Each filter makes one channel.",
            "--help is a text like any other, [[and so]] is (this), 3 × 6.",
            "Twenty-seven products, one sum, one value.",
        ],
        Language::Ja => [
            "フィルタが角に降りて、ひとつの値になります。",
            "ストライドは1、パディングはありません。出力は4かける4です。",
            "ReLUは、「負」の値を0にする関数です。",
            "二十七個の積、ひとつの和、ひとつの値。",
        ],
    }
}

/// Speaks real sentences, and looks at their pace, their loudness and, where the voice tells them, the
/// times of their words: those after a pause must fall on where the sound sets in.
pub(super) fn check_speech(voice: &dyn Voice, language: Language) {
    let folder = tempfile::tempdir().unwrap();
    let requests: Vec<Request> = sentences(language)
        .iter()
        .enumerate()
        .map(|(index, text)| Request {
            text: (*text).to_owned(),
            language: language.into(),
            beat: String::new(),
            wav: folder.path().join(format!("{index}.wav")),
        })
        .collect();
    let mut words = Vec::new();
    voice
        .speak_all(&requests, &mut |index, times| {
            assert_eq!(index, words.len());
            words.push(times);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(words.len(), requests.len());
    let (mut spoken, mut estimated) = (0.0, 0.0);
    for (request, words) in requests.iter().zip(&words) {
        let text = &request.text;
        let clip = Clip::open(&request.wav).unwrap();
        let seconds = estimated_seconds(text, language);
        let ratio = clip.duration() / seconds;
        eprintln!(
            "{}: {:.2} s, {ratio:.2} of the estimate, peak {:.2}, quiet {:.2} s before and {:.2} s after, {} words timed: {text}",
            voice.id(),
            clip.duration(),
            clip.peak,
            clip.lead(),
            clip.tail(),
            words.len(),
        );
        assert!((0.6..1.45).contains(&ratio), "{text}: {ratio}");
        assert!((0.2..1.0).contains(&clip.peak), "{text}: {}", clip.peak);
        spoken += clip.duration();
        estimated += seconds;
        if voice.about().timing == Timing::Estimated {
            assert!(words.is_empty());
            continue;
        }
        assert!(words.len() >= 3, "{text}: {words:?}");
        let is_in_order = words.windows(2).all(|pair| {
            pair[0].text.end <= pair[1].text.start && pair[0].time.start <= pair[1].time.start
        });
        assert!(is_in_order, "{text}: {words:?}");
        let first = aligned_mark_times(text, &[0], clip.speech.clone(), words, language)[0];
        assert!(
            (first - clip.speech.start).abs() < 0.12,
            "{text}: {first} {:?}",
            clip.speech
        );
        for pause in clip
            .pauses
            .iter()
            .filter(|pause| pause.end - pause.start > 0.25)
        {
            let nearest = words
                .iter()
                .map(|word| (word.time.start - pause.end).abs())
                .fold(f64::INFINITY, f64::min);
            assert!(
                nearest < 0.12,
                "{text}: no word starts at {:.2}: {words:?}",
                pause.end
            );
        }
    }
    let ratio = spoken / estimated;
    assert!((0.75..1.3).contains(&ratio), "{ratio}");
}
