//! The answers of the question that is up, as stops of Tab, and the way on from what is said of one. They stand on the
//! stage, where the pointer reaches them by itself.

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};

use super::Screen;
use super::actions::{PlaybackAction, UiAction};
use crate::playback::{Playhead, Show};
use crate::stage::prediction::{Choice, GoOn};

/// How far the ring around a stop stands off, in points.
const OFF: f32 = 4.0;

/// Where a stop is, and what it asks for.
struct Stop {
    place: egui::Rect,
    action: PlaybackAction,
}

/// Draws a ring around the stop that has the keys, and does what it asks for when it is pressed.
pub(super) fn draw_stops(
    mut contexts: EguiContexts,
    screen: Res<State<Screen>>,
    show: Option<Res<Show>>,
    playhead: Res<Playhead>,
    choices: Query<(&Choice, &ComputedNode, &UiGlobalTransform)>,
    ways: Query<(&GoOn, &ComputedNode, &UiGlobalTransform)>,
    mut actions: MessageWriter<UiAction>,
) -> Result {
    let Some(show) = show.filter(|_| *screen.get() == Screen::Show) else {
        return Ok(());
    };
    let context = contexts.ctx_mut()?.clone();
    let pixels = context.pixels_per_point();
    let place = |node: &ComputedNode, transform: &UiGlobalTransform| {
        let (centre, size) = (transform.affine().translation / pixels, node.size / pixels);
        egui::Rect::from_center_size(egui::pos2(centre.x, centre.y), egui::vec2(size.x, size.y))
    };
    let asked = show.timeline.question_at(playhead.time);
    let mut stops: Vec<Stop> = choices
        .iter()
        .filter(|(choice, ..)| asked.is_some_and(|(question, _)| question == choice.question))
        .map(|(choice, node, transform)| Stop {
            place: place(node, transform),
            action: PlaybackAction::Predict(choice.question, choice.index),
        })
        .collect();
    stops.sort_by(|one, other| one.place.left().total_cmp(&other.place.left()));
    let up = show.timeline.card_at(playhead.time);
    let ways = ways
        .iter()
        .filter(|(way, ..)| up.is_some_and(|(question, _)| question == way.question));
    stops.extend(ways.map(|(way, node, transform)| Stop {
        place: place(node, transform),
        action: PlaybackAction::GoOn(way.question),
    }));
    if let Some(action) = stops_ui(&context, &stops) {
        actions.write(action.into());
    }
    Ok(())
}

/// The stops; what the one asks for that was pressed.
fn stops_ui(context: &egui::Context, stops: &[Stop]) -> Option<PlaybackAction> {
    if stops.is_empty() {
        return None;
    }
    let mut pressed = None;
    // What is under the pointer stays the stage's.
    let area = egui::Area::new(egui::Id::new("answers"))
        .fixed_pos(egui::Pos2::ZERO)
        .interactable(false);
    area.show(context, |ui| {
        for (number, stop) in stops.iter().enumerate() {
            let id = egui::Id::new(("answer", number));
            let response = ui.interact(stop.place, id, egui::Sense::focusable_noninteractive());
            if !response.has_focus() {
                continue;
            }
            let stroke = egui::Stroke::new(2.5, ui.visuals().selection.stroke.color);
            let ring = stop.place.expand(OFF);
            context.layer_painter(ui.layer_id()).rect_stroke(
                ring,
                12.0,
                stroke,
                egui::StrokeKind::Outside,
            );
            let keys = [egui::Key::Enter, egui::Key::Space];
            if ui.input(|input| keys.iter().any(|key| input.key_pressed(*key))) {
                pressed = Some(stop.action);
            }
        }
    });
    pressed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops() -> Vec<Stop> {
        let stop = |index: usize| Stop {
            place: egui::Rect::from_min_size(
                egui::pos2(100.0 * index as f32, 150.0),
                egui::vec2(80.0, 40.0),
            ),
            action: PlaybackAction::Predict(0, index),
        };
        (0..3).map(stop).collect()
    }

    /// A frame with a key pressed, and one with it let go; what was asked for.
    fn press(context: &egui::Context, stops: &[Stop], key: egui::Key) -> Option<PlaybackAction> {
        let mut asked = None;
        for pressed in [true, false] {
            let event = egui::Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: egui::Modifiers::NONE,
            };
            let input = egui::RawInput {
                events: vec![event],
                ..Default::default()
            };
            let _ = context.run_ui(input, |ui| {
                asked = asked.or(stops_ui(ui.ctx(), stops));
            });
        }
        asked
    }

    #[test]
    fn each_answer_is_reached_by_tab_and_given_by_enter() {
        let (context, stops) = (egui::Context::default(), stops());
        assert_eq!(press(&context, &stops, egui::Key::Enter), None);
        for index in 0..3 {
            press(&context, &stops, egui::Key::Tab);
            assert!(crate::ui::wants_keys(&context));
            assert_eq!(
                press(&context, &stops, egui::Key::Enter),
                Some(PlaybackAction::Predict(0, index))
            );
        }
        // The question is over: its keys are everybody's again.
        press(&context, &[], egui::Key::A);
        press(&context, &[], egui::Key::A);
        assert!(!crate::ui::wants_keys(&context));
    }
}
