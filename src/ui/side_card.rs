//! A panel beside the stage.

use bevy_egui::egui;

/// Room around panels and inside them, in points.
pub(super) const MARGIN: f32 = 10.0;

/// A panel at a place, no higher than what it holds; where that is more than there is room for, it scrolls.
pub(super) fn side_card_ui(
    context: &egui::Context,
    id: &str,
    rect: egui::Rect,
    add: impl FnOnce(&mut egui::Ui),
) {
    egui::Area::new(egui::Id::new(id))
        .fixed_pos(rect.min)
        .show(context, |ui| {
            egui::Frame::new()
                .fill(ui.visuals().panel_fill)
                .corner_radius(10.0)
                .inner_margin(MARGIN)
                .show(ui, |ui| {
                    ui.set_width(rect.width() - 2.0 * MARGIN);
                    // An area offers no more room than it had: ask for what there is.
                    ui.set_max_height(rect.height() - 2.0 * MARGIN);
                    egui::ScrollArea::vertical()
                        .max_height(rect.height() - 2.0 * MARGIN)
                        .show(ui, |ui| {
                            ui.set_width(rect.width() - 2.0 * MARGIN - 6.0);
                            add(ui);
                        });
                });
        });
}
