//! Words and controls in a line, on one middle line.

use bevy_egui::egui;

/// The height of a button, in points.
const HEIGHT: f32 = 30.0;

/// A line of words and controls, and more lines where there is no room for all.
pub(super) fn line_ui(ui: &mut egui::Ui, add: impl FnOnce(&mut egui::Ui)) {
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = HEIGHT;
        ui.horizontal_wrapped(add);
    });
}
