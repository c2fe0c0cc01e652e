//! The card of a prediction: the question, the choices, the time that is left, the answer, and what is said of
//! what was chosen.

use std::sync::Arc;

use bevy::prelude::*;

use super::draw::{Lighting, StageCamera};
use super::labels::LINE;
use super::palette::{self, Room, Studio};
use super::text::{LeastLetters, TextFonts, TextLayer};
use crate::language::{Language, Localized};
use crate::narration::in_two_lines;
use crate::playback::{ChosenAnswers, CurrentSample, ShowSystems};
use crate::timeline::{Prediction, QuestionSpan};

/// What was chosen is right.
pub const RIGHT: Localized<&str> = Localized::new("Right", "正解です");
/// What was chosen is wrong.
pub const NOT_RIGHT: Localized<&str> = Localized::new("Not right", "不正解です");
/// What leads on from what is said of a choice.
const GO_ON: Localized<&str> = Localized::new("Go on (Space)", "次へ (Space)");

/// The height of the letters of a question and of its choices, and the room beside them in the card, in 1080ths of the
/// picture's shorter side.
const ASK: f32 = 44.0;
const SIDE: f32 = 44.0;
/// The height of the letters of what is said of a choice, and of the way on; and the room over and under the latter.
const WHY: f32 = 36.0;
const WAY_ON: f32 = 28.0;
const AROUND_WAY_ON: f32 = 6.0;
/// How wide a line of what is said of a choice is at most; narrow enough for a square and an upright picture.
const WHY_ROOM: f32 = 912.0;
/// How wide what is said of a choice is on one line, in half-width characters; of what is wider, two lines are made.
const WHY_LINE: usize = 46;

/// The card.
#[derive(Component)]
pub struct PredictionCard;

/// An answer to choose from. A window lets it be clicked.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The question.
    pub question: usize,
    /// Its place among the choices.
    pub index: usize,
}

/// Leads on from an answer that has been read. A window lets it be clicked.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoOn {
    /// The question.
    pub question: usize,
}

/// The bar of the time that is left.
#[derive(Component)]
struct TimeLeft;

/// What the card was written for.
#[derive(Resource, Default)]
struct Written(
    Option<(
        usize,
        Arc<QuestionSpan>,
        Studio,
        bool,
        Option<usize>,
        Option<usize>,
    )>,
);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Written>()
        .add_systems(Startup, spawn_card)
        .add_systems(
            Update,
            (write_card, update_countdown)
                .chain()
                .in_set(ShowSystems::Apply),
        );
}

fn spawn_card(mut commands: Commands) {
    commands.spawn((
        Name::new("prediction"),
        Node {
            position_type: PositionType::Absolute,
            left: Val::Px(0.0),
            right: Val::Px(0.0),
            top: Val::Px(150.0),
            justify_content: JustifyContent::Center,
            ..default()
        },
        TextLayer::Prediction.z(),
        children![(
            PredictionCard,
            Node {
                flex_direction: FlexDirection::Column,
                align_items: AlignItems::Center,
                padding: UiRect::axes(Val::Px(SIDE), Val::Px(28.0)),
                border_radius: BorderRadius::all(Val::Px(22.0)),
                row_gap: Val::Px(22.0),
                ..default()
            },
            BackgroundColor(Color::NONE),
            Visibility::Hidden,
        )],
    ));
}

fn write_card(
    mut commands: Commands,
    now: Res<CurrentSample>,
    lighting: Res<Lighting>,
    text_fonts: Res<TextFonts>,
    chosen: Res<ChosenAnswers>,
    least: Res<LeastLetters>,
    mut written: ResMut<Written>,
    mut cards: Query<(Entity, &mut Visibility, &mut BackgroundColor), With<PredictionCard>>,
    cameras: Query<&Camera, With<StageCamera>>,
) {
    let Ok((card, mut visibility, mut background)) = cards.single_mut() else {
        return;
    };
    let up = now
        .0
        .as_ref()
        .and_then(|sample| Some((sample.language, sample.prediction.as_ref()?)));
    let Some((language, prediction)) = up.filter(|(_, up)| up.presence > 0.02) else {
        visibility.set_if_neq(Visibility::Hidden);
        return;
    };
    let room = lighting.studio.room();
    visibility.set_if_neq(Visibility::Inherited);
    background.set_if_neq(BackgroundColor(palette::color(
        room.panel,
        0.96 * prediction.presence,
    )));
    let choice = chosen.choice(prediction.question);
    let revealed = prediction.revealed > 0.0;
    let size = cameras
        .single()
        .ok()
        .and_then(Camera::logical_viewport_size);
    let line = size.map(|size| ask_line(size, *least));
    let key = Some((
        prediction.question,
        prediction.question_span.clone(),
        lighting.studio,
        revealed,
        choice,
        line,
    ));
    if written.0 == key {
        return;
    }
    written.0 = key;
    let question_span = &prediction.question_span;
    let ask = match (language, line) {
        // The engine would break it anywhere; English it breaks between words.
        (Language::Ja, Some(line)) => in_two_lines(&question_span.ask, line),
        (Language::En | Language::Ja, _) => question_span.ask.clone(),
    };
    let ink = palette::color(room.ink, 1.0);
    let right_color = palette::name_color(palette::input_hue(2, 3));
    let other_color = palette::name_color(palette::filter_hue(0, 4));
    commands
        .entity(card)
        .despawn_children()
        .with_children(|card| {
            card.spawn(text_fonts.write(ask, true, ASK, ink));
            card.spawn(Node {
                column_gap: Val::Px(24.0),
                ..default()
            })
            .with_children(|row| {
                for (index, text) in question_span.choices.iter().enumerate() {
                    let right = revealed && index == question_span.answer;
                    let wrong = revealed && choice == Some(index) && !right;
                    let fill = match (right, wrong, choice == Some(index)) {
                        (true, ..) => palette::color(right_color, 1.0),
                        (_, true, _) => palette::color(other_color, 1.0),
                        (_, _, true) => palette::color(room.quiet, 0.5),
                        _ => palette::color(room.quiet, 0.16),
                    };
                    // Colour is not the only sign: the right answer carries a mark.
                    let text = if right {
                        format!("✓ {text}")
                    } else {
                        text.clone()
                    };
                    row.spawn((
                        Choice {
                            question: prediction.question,
                            index,
                        },
                        Interaction::default(),
                        Node {
                            min_width: Val::Px(150.0),
                            padding: UiRect::axes(Val::Px(30.0), Val::Px(14.0)),
                            justify_content: JustifyContent::Center,
                            border_radius: BorderRadius::all(Val::Px(16.0)),
                            ..default()
                        },
                        BackgroundColor(fill),
                    ))
                    .with_children(|cell| {
                        let color = match (right, wrong) {
                            (true, _) => palette::color(palette::written_on(right_color), 1.0),
                            (_, true) => palette::color(palette::written_on(other_color), 1.0),
                            (false, false) => ink,
                        };
                        cell.spawn(text_fonts.write(text, true, ASK, color));
                    });
                }
            });
            let said = choice
                .filter(|_| revealed)
                .and_then(|choice| Some((choice, question_span.whys.get(choice)?)));
            if let Some((choice, why)) = said {
                let told = Told {
                    question: prediction.question,
                    is_right: choice == question_span.answer,
                    why,
                };
                told.spawn(card, &text_fonts, language, ink, room);
                return;
            }
            card.spawn((
                Node {
                    width: Val::Px(520.0),
                    height: Val::Px(8.0),
                    border_radius: BorderRadius::all(Val::Px(4.0)),
                    ..default()
                },
                BackgroundColor(palette::color(room.quiet, 0.16)),
            ))
            .with_children(|bar| {
                bar.spawn((
                    TimeLeft,
                    Node {
                        width: Val::Percent(left(prediction)),
                        height: Val::Percent(100.0),
                        border_radius: BorderRadius::all(Val::Px(4.0)),
                        ..default()
                    },
                    BackgroundColor(palette::color(room.quiet, 0.8)),
                ));
            });
        });
}

/// How wide a Japanese question is on one line in a picture of a size, in half-width characters; of what is wider,
/// two lines are made.
fn ask_line(size: Vec2, least: LeastLetters) -> usize {
    let width = 1080.0 * size.x / size.min_element().max(1.0);
    ((width - 2.0 * SIDE) / (0.5 * least.of(ASK))) as usize
}

/// By how much the card is higher than usual, with two lines of what is said of a choice, where letters have a least
/// height: in 1080ths of the picture's shorter side.
#[must_use]
pub fn question_growth(least: LeastLetters) -> f32 {
    let high = |least: LeastLetters| {
        let line = |size: f32| least.of(size) * LINE;
        let verdict = line(WHY).max(line(WAY_ON) + 2.0 * AROUND_WAY_ON);
        2.0 * line(ASK) + verdict + 2.0 * line(WHY)
    };
    high(least) - high(LeastLetters::default())
}

/// What is told of a choice.
struct Told<'a> {
    question: usize,
    is_right: bool,
    why: &'a str,
}

impl Told<'_> {
    /// Whether it is right, the way on, and below them why.
    fn spawn(
        &self,
        card: &mut ChildSpawnerCommands,
        text_fonts: &TextFonts,
        language: Language,
        ink: Color,
        room: Room,
    ) {
        let verdict = if self.is_right { RIGHT } else { NOT_RIGHT };
        card.spawn(Node {
            flex_direction: FlexDirection::Column,
            align_items: AlignItems::Center,
            row_gap: Val::Px(8.0),
            ..default()
        })
        .with_children(|column| {
            column
                .spawn(Node {
                    column_gap: Val::Px(28.0),
                    align_items: AlignItems::Center,
                    ..default()
                })
                .with_children(|row| {
                    row.spawn(text_fonts.write(verdict.choose(language), true, WHY, ink));
                    row.spawn((
                        GoOn {
                            question: self.question,
                        },
                        Interaction::default(),
                        Node {
                            padding: UiRect::axes(Val::Px(20.0), Val::Px(AROUND_WAY_ON)),
                            border_radius: BorderRadius::all(Val::Px(12.0)),
                            ..default()
                        },
                        BackgroundColor(palette::color(room.quiet, 0.16)),
                    ))
                    .with_children(|button| {
                        button.spawn(text_fonts.write(GO_ON.choose(language), true, WAY_ON, ink));
                    });
                });
            column.spawn((
                text_fonts.write(in_two_lines(self.why, WHY_LINE), false, WHY, ink),
                Node {
                    max_width: Val::Px(WHY_ROOM),
                    ..default()
                },
            ));
        });
    }
}

/// The width of the bar, in percent.
fn left(prediction: &Prediction) -> f32 {
    100.0 * prediction.left
}

fn update_countdown(now: Res<CurrentSample>, mut bars: Query<&mut Node, With<TimeLeft>>) {
    let Some(prediction) = now.0.as_ref().and_then(|sample| sample.prediction.as_ref()) else {
        return;
    };
    for mut bar in &mut bars {
        let width = Val::Percent(left(prediction));
        if bar.width != width {
            bar.width = width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_a_question_is_higher_in_the_letters_of_a_phone() {
        let growth = |window: [f32; 2]| question_growth(LeastLetters::of_window(window.into()));
        assert_eq!(growth([1920.0, 1080.0]).to_bits(), 0.0_f32.to_bits());
        // 14 points are 39 of 390: the button beside the verdict grows from 45.6 to 58.8, two lines of 36 by 3 each, all
        // with their distance.
        let lying = growth([844.0, 390.0]);
        assert!((lying - 20.4).abs() < 0.01, "{lying}");
    }

    #[test]
    fn a_question_breaks_between_phrases_where_a_picture_is_narrow() {
        let ask = "4チャネル、4フィルタ、2グループ。3つ目が読むのは?";
        let lines = |width: f32, height: f32| {
            let line = ask_line(Vec2::new(width, height), LeastLetters::default());
            in_two_lines(ask, line)
        };
        assert_eq!(lines(1920.0, 1080.0), ask);
        let two = "4チャネル、4フィルタ、\n2グループ。3つ目が読むのは?";
        assert_eq!(lines(540.0, 540.0), two);
        assert_eq!(lines(1080.0, 1920.0), two);
    }
}
