//! What a lesson itself asks, with what it says before and after.

use crate::language::{Language, Localized, unfolded};
use crate::lesson::{Beat, Narration, Question, Scene};

/// A question of a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonQuestion {
    /// What the lesson says before it asks.
    pub lead: Option<Localized<String>>,
    /// What it asks, and the answers to choose from.
    pub question: Question,
    /// What it says then: why the right answer is right.
    pub why: Option<Localized<String>>,
}

/// The questions of a scene. What is said after a question leads to no other one: it would tell the answer.
#[must_use]
pub fn questions(scene: &Scene) -> Vec<LessonQuestion> {
    let mut questions: Vec<LessonQuestion> = Vec::new();
    let mut lead = None;
    for beat in &scene.beats {
        match beat {
            Beat::Say { text, .. } => {
                let said = words(text);
                match questions.last_mut().filter(|last| last.why.is_none()) {
                    Some(last) => last.why = Some(said),
                    None => lead = Some(said),
                }
            }
            Beat::Predict { question, .. } => questions.push(LessonQuestion {
                lead: lead.take(),
                question: question.clone(),
                why: None,
            }),
            Beat::Run { .. } | Beat::Hold(_) => {}
        }
    }
    questions
}

/// What is said, as captions show it.
fn words(text: &Localized<Narration>) -> Localized<String> {
    let of = |language: Language| unfolded(&text.get(language).display);
    Localized::new(of(Language::En), of(Language::Ja))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson;

    fn scene(beats: &str) -> Scene {
        let text = format!(
            r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "A", ja: "甲"),
            input: (shape: (1, 5, 5)), layers: [Conv2d(filters: 1, kernel: (3, 3))], beats: [{beats}])])"#
        );
        let (lesson, _) = lesson::read("t.ron", &text).unwrap();
        lesson.scenes[0].clone()
    }

    fn say(words: &str) -> String {
        format!(r#"Say(text: (en: "{words}", ja: "{words}")),"#)
    }

    const ASK: &str = r#"Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [3, 4], answer: OutputWidth),
        Run(to: End, over: 2.0),"#;

    #[test]
    fn a_question_has_what_is_said_before_and_why_it_is_so() {
        let beats = [
            say("First."),
            say("Look."),
            ASK.to_owned(),
            say("It is so."),
            say("More."),
        ];
        let beats = beats.concat();
        let questions = questions(&scene(&beats));
        let [only] = &questions[..] else {
            panic!("{questions:?}");
        };
        assert_eq!(only.lead.as_ref().unwrap().en, "Look.");
        assert_eq!(only.why.as_ref().unwrap().ja, "It is so.");
        assert_eq!(only.question.choices[only.question.answer].en, "3");
    }

    #[test]
    fn the_answer_of_a_question_does_not_lead_to_the_next_one() {
        let beats = [ASK.to_owned(), say("It is three."), ASK.to_owned()].concat();
        let questions = questions(&scene(&beats));
        assert_eq!(questions.len(), 2);
        assert_eq!(questions[0].why.as_ref().unwrap().en, "It is three.");
        assert!(questions.iter().all(|question| question.lead.is_none()));
        assert!(questions[1].why.is_none());
    }
}
