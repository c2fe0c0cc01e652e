//! Notes for the one who teaches, in the terminal that a lesson was opened from: what is said now, which answer is
//! right before it is shown, and what comes next. The window is for everybody.

use std::io::Write;

use bevy::prelude::*;

use super::Screen;
use crate::lesson::{Beat, Language, Lesson};
use crate::playback::{Playhead, Show, ShowSystems};

/// Writes notes while lessons play.
pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        write
            .after(ShowSystems::Advance)
            .run_if(in_state(Screen::Show)),
    );
}

/// What was written last.
#[derive(Default)]
struct Written {
    /// The show, and the scene and the beat in it.
    at: Option<(u64, (usize, usize))>,
    notes: Vec<String>,
}

fn write(show: Option<Res<Show>>, playhead: Res<Playhead>, mut written: Local<Written>) {
    let Some(show) = show else {
        return;
    };
    let at = (show.generation, show.timeline.beat_at(playhead.time));
    if written.at == Some(at) {
        return;
    }
    written.at = Some(at);
    let notes = notes(&show.lesson, show.timeline.language, at.1);
    if notes != written.notes {
        // Whoever has closed the terminal wants no notes.
        let _ = writeln!(std::io::stdout(), "\n{}", notes.join("\n"));
        written.notes = notes;
    }
}

/// The notes of a beat, line by line.
fn notes(lesson: &Lesson, language: Language, (scene, beat): (usize, usize)) -> Vec<String> {
    let Some(here) = lesson.scenes.get(scene) else {
        return Vec::new();
    };
    let (number, count) = (scene + 1, lesson.scenes.len());
    let mut lines = vec![format!("{number}/{count} {}", here.title.get(language))];
    let scenes = lesson.scenes.iter().skip(scene);
    let mut beats = scenes.flat_map(|scene| &scene.beats).skip(beat);
    let now = beats.next().map(|beat| words(beat, language));
    lines.extend(now.unwrap_or_default());
    // What only runs has no words of its own.
    let next = beats.find_map(|beat| words(beat, language).into_iter().next());
    lines.extend(next.map(|next| format!("→ {next}")));
    lines
}

/// What a beat says, or asks: the right answer is ticked.
fn words(beat: &Beat, language: Language) -> Vec<String> {
    match beat {
        Beat::Say { text, .. } => vec![in_a_line(&text.get(language).display)],
        Beat::Predict { question, .. } => {
            let mut lines = vec![in_a_line(question.ask.get(language))];
            for (index, choice) in question.choices.iter().enumerate() {
                let sign = if index == question.answer {
                    '✓'
                } else {
                    '–'
                };
                let why = question.whys.get(index);
                let why = why.map(|why| format!(": {}", in_a_line(why.get(language))));
                let why = why.unwrap_or_default();
                lines.push(format!("  {sign} {}{why}", choice.get(language)));
            }
            lines
        }
        Beat::Run { .. } | Beat::Hold(_) => Vec::new(),
    }
}

fn in_a_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_tell_the_answer_before_it_is_shown_and_what_comes_next() {
        let text = r#"Lesson(title: (en: "T", ja: "題"), input: (shape: (1, 6, 6)),
            layers: [Conv2d(filters: 1, kernel: (3, 3))], scenes: [
            Scene(title: (en: "Width", ja: "幅"), beats: [
                Say(text: (en: "How wide
                    is it?", ja: "幅は?")),
                Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [3, 4], answer: OutputWidth, why: [
                    (en: "The kernel.", ja: "カーネルです。"), (en: "6 − 3 + 1", ja: "6 − 3 + 1")]),
                Hold(1),
            ]),
            Scene(title: (en: "End", ja: "終わり"), beats: [Say(text: (en: "It is 4.", ja: "4です。"))]),
        ])"#;
        let (lesson, _) = crate::lesson::read("t.ron", text).unwrap();
        let told = |language, at| notes(&lesson, language, at);
        assert_eq!(
            told(Language::En, (0, 0)),
            ["1/2 Width", "How wide is it?", "→ How wide?"]
        );
        assert_eq!(
            told(Language::Ja, (0, 1)),
            [
                "1/2 幅",
                "幅は?",
                "  – 3: カーネルです。",
                "  ✓ 4: 6 − 3 + 1",
                "→ 4です。"
            ]
        );
        assert_eq!(told(Language::En, (0, 2)), ["1/2 Width", "→ It is 4."]);
        assert_eq!(told(Language::En, (1, 0)), ["2/2 End", "It is 4."]);
    }
}
