//! Controls at the right end of a row, which Tab reaches from left to right as they stand.

use bevy_egui::egui;

/// Adds controls from left to right, so that the last one ends where the row does. A layout from right to left would
/// have Tab go that way too.
pub(super) fn right_group_ui(ui: &mut egui::Ui, name: &str, add: impl FnOnce(&mut egui::Ui)) {
    let id = egui::Id::new(("right group", name));
    let before = ui.data(|data| data.get_temp::<f32>(id));
    // How wide they are is known once they have been drawn; until then they stand where they begin.
    if let Some(width) = before {
        ui.add_space((ui.available_width() - width).max(0.0));
    }
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let width = ui.with_layout(layout, add).response.rect.width();
    if before.is_none_or(|before| (before - width).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_repaint();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_ends_with_its_row_and_tab_goes_from_left_to_right() {
        let context = egui::Context::default();
        let frame = |tab: bool| {
            let event = egui::Event::Key {
                key: egui::Key::Tab,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: egui::Modifiers::NONE,
            };
            let size = egui::vec2(400.0, 200.0);
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
                events: tab.then_some(event).into_iter().collect(),
                ..Default::default()
            };
            let mut places = Vec::new();
            let mut end = 0.0;
            let _ = context.run_ui(input, |ui| {
                ui.horizontal(|ui| {
                    end = ui.max_rect().right();
                    let left = ui.button("first");
                    places.push((left.rect, left.has_focus()));
                    right_group_ui(ui, "test", |ui| {
                        for face in ["second", "third", "fourth"] {
                            let response = ui.button(face);
                            places.push((response.rect, response.has_focus()));
                        }
                    });
                });
            });
            (places, end)
        };
        frame(false);
        let (places, end) = frame(false);
        assert!((places[3].0.right() - end).abs() < 1.0, "{places:?}, {end}");
        assert!(
            places
                .windows(2)
                .all(|pair| pair[0].0.right() < pair[1].0.left())
        );
        for stop in 0..4 {
            frame(true);
            let (places, _) = frame(false);
            let focused = places.iter().position(|(_, focused)| *focused);
            assert_eq!(focused, Some(stop));
        }
    }
}
