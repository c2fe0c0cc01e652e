//! The questions of a lesson by themselves, each with the words that explain its answer.

use super::{Beat, Lesson, Localized, Question};

/// Narrations after a question that explain its answer, at most: further on the lesson has another subject.
const EXPLAINED_BY: usize = 3;

/// A beat of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeatPlace {
    /// The scene, counted from 0.
    pub scene: usize,
    /// The beat of the scene, counted from 0.
    pub beat: usize,
}

/// A question, where it is asked, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedQuestion {
    /// What is asked.
    pub question: Question,
    /// Where it is asked.
    pub asked: BeatPlace,
    /// Where the lesson goes on: where it shows what is right.
    pub explained: BeatPlace,
    /// What the lesson says there: why the answer is right.
    pub why: Localized<String>,
}

impl Lesson {
    /// The questions, in the order in which they are asked. The place of one here is its number everywhere.
    #[must_use]
    pub fn questions(&self) -> Vec<AskedQuestion> {
        let scenes = self.scenes.iter().enumerate();
        let beats = scenes.flat_map(|(scene, content)| {
            let beats = content.beats.iter().enumerate();
            beats.map(move |(beat, content)| (BeatPlace { scene, beat }, content))
        });
        let questions = beats.filter_map(|(asked, beat)| match beat {
            Beat::Predict { question, .. } => Some((asked, question)),
            Beat::Say { .. } | Beat::Run { .. } | Beat::Hold(_) => None,
        });
        questions
            .map(|(asked, question)| {
                let after = self.beat_after(asked);
                AskedQuestion {
                    question: question.clone(),
                    asked,
                    explained: after.unwrap_or(asked),
                    why: after.map_or_else(Localized::default, |after| self.said_from(after)),
                }
            })
            .collect()
    }

    /// The beat that follows one, in the same scene or the next.
    fn beat_after(&self, BeatPlace { scene, beat }: BeatPlace) -> Option<BeatPlace> {
        let beats = &self.scenes.get(scene)?.beats;
        let (scene, beat) = if beat + 1 < beats.len() {
            (scene, beat + 1)
        } else {
            (scene + 1, 0)
        };
        (scene < self.scenes.len()).then_some(BeatPlace { scene, beat })
    }

    /// What is said from a beat on, until the scene ends or something else is asked.
    fn said_from(&self, BeatPlace { scene, beat }: BeatPlace) -> Localized<String> {
        let beats = self.scenes.get(scene).into_iter();
        let said = beats
            .flat_map(|scene| &scene.beats)
            .skip(beat)
            .take_while(|beat| !matches!(beat, Beat::Predict { .. }))
            .filter_map(|beat| match beat {
                Beat::Say { text, .. } => Some(Localized {
                    en: text.en.display.clone(),
                    ja: text.ja.display.clone(),
                }),
                Beat::Run { .. } | Beat::Hold(_) | Beat::Predict { .. } => None,
            });
        Localized::join(said.take(EXPLAINED_BY), Localized::new(" ", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(word: &str) -> String {
        format!(r#"Say(text: (en: "{word}.", ja: "{{語|ご}}{word}。"))"#)
    }

    fn ask(what: &str) -> String {
        format!(
            r#"Predict(ask: (en: "{what}", ja: "{what}"), choices: [1, 2, 3], answer: Choice(1))"#
        )
    }

    fn lesson(scenes: &[Vec<String>]) -> Lesson {
        let scenes: Vec<String> = scenes
            .iter()
            .map(|beats| {
                let beats = beats.join(", ");
                format!(
                    r#"Scene(title: (en: "S", ja: "場"), input: (shape: (1, 3, 3)), layers: [ReLU], beats: [{beats}])"#
                )
            })
            .collect();
        let scenes = scenes.join(", ");
        let text = format!(r#"Lesson(title: (en: "T", ja: "題"), scenes: [{scenes}])"#);
        crate::lesson::read("t.ron", &text).unwrap().0
    }

    #[test]
    fn a_question_is_explained_by_what_the_lesson_says_next() {
        let run = "Run(to: End, over: 2.0)".to_owned();
        let lesson = lesson(&[
            vec![
                say("Before"),
                ask("A?"),
                run,
                say("One"),
                say("Two"),
                ask("B?"),
            ],
            vec![say("Next"), say("a"), say("b"), say("c"), ask("C?")],
        ]);
        let questions = lesson.questions();
        let asks: Vec<&str> = questions
            .iter()
            .map(|asked| asked.question.ask.en.as_str())
            .collect();
        assert_eq!(asks, ["A?", "B?", "C?"]);
        let whys: Vec<(&str, &str)> = questions
            .iter()
            .map(|asked| (asked.why.en.as_str(), asked.why.ja.as_str()))
            .collect();
        assert_eq!(
            whys,
            [
                ("One. Two.", "語One。語Two。"),
                ("Next. a. b.", "語Next。語a。語b。"),
                ("", "")
            ]
        );
        let at = |scene, beat| BeatPlace { scene, beat };
        let explained: Vec<BeatPlace> = questions.iter().map(|asked| asked.explained).collect();
        assert_eq!(explained, [at(0, 2), at(1, 0), at(1, 4)]);
    }
}
