//! The card of a question, once something was chosen: what is said of it fits pictures of every shape.

use bevy::math::{Rect, Vec2};
use tensorama::lesson::{self, Lesson, WHY_WIDTH};
use tensorama::timeline::QuestionSpan;

use super::picture::Room;
use super::{can_be_drawn, each_picture, shipped};

/// The card among what frames a picture.
const CARD: &str = "the question";
/// How far the card comes down at most, with a question of one line, in 1080ths of the picture's shorter side.
const LOWEST: f32 = 540.0;
/// By how much what is said of a choice makes the card higher at most: a verdict and two lines, no third one.
const HIGHER: f32 = 150.0;

/// A lesson with as much to say of each choice as there is room for.
fn longest() -> Lesson {
    let fill =
        |words: &str, width: usize| -> String { words.chars().cycle().take(width).collect() };
    let en = fill("Width by width the kernel of the map moves on. ", WHY_WIDTH);
    let ja = fill("カーネルの幅だけ窓が動くので、", WHY_WIDTH / 2);
    let why = format!(r#"(en: "{en}", ja: "{ja}")"#);
    let text = format!(
        r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "A", ja: "甲"),
        input: (shape: (1, 5, 5)), layers: [Conv2d(filters: 1, kernel: (3, 3))], beats: [
            Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [3, 4], answer: OutputWidth, why: [{why}, {why}]),
        ])])"#
    );
    let (lesson, _) = lesson::read("longest.ron", &text).unwrap_or_else(|told| panic!("{told}"));
    lesson
}

/// The choice of which most is said.
fn most_said(question_span: &QuestionSpan) -> Option<usize> {
    let whys = question_span.whys.iter().enumerate();
    let longest = whys.max_by_key(|(_, why)| why.chars().count());
    longest.map(|(choice, _)| choice)
}

/// The card at a time, and the picture that it stands in.
fn card(room: &mut Room, time: f64) -> (Rect, Rect) {
    // The first look writes it.
    room.look(time);
    let picture = room.look(time);
    let card = picture.frame.iter().find(|(name, _)| *name == CARD);
    let (_, card) = card.expect("the card is up");
    (*card, Rect::from_corners(Vec2::ZERO, picture.size))
}

#[test]
fn what_is_said_of_a_choice_fits_pictures_of_every_shape() {
    if !can_be_drawn() {
        return;
    }
    let lessons = std::iter::once(("longest".to_owned(), longest())).chain(shipped::lessons());
    let mut cards = 0;
    each_picture(lessons, |room, _, timeline, [name, shape]| {
        for (number, question_span) in timeline.questions.iter().enumerate() {
            let Some(choice) = most_said(question_span) else {
                continue;
            };
            let (language, ask) = (timeline.language, &question_span.ask);
            let here = format!("{name}, {language}, {shape}: {ask}");
            let (asked, _) = card(room, question_span.reveal - 0.1);
            room.choose(number, choice);
            let (told, whole) = card(room, question_span.still_until);
            assert_eq!(told.union(whole), whole, "{here}");
            let higher = told.height() - asked.height();
            assert!((50.0..HIGHER).contains(&higher), "{here}: {higher}");
            if name == "longest" {
                assert!(told.max.y < LOWEST, "{here}: {told:?}");
            }
            cards += 1;
        }
        room.forget_choices();
    });
    assert!(cards >= 6, "{cards}");
}
