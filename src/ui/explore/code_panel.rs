//! The layer at work as a loop nest, with the line that runs.

use bevy_egui::egui;

use super::WorkbenchView;
use crate::op::LoopNest;
use crate::stage::palette;

/// How far a line stands in for each loop around it, in points.
const INDENT: f32 = 6.0;

/// The panel.
pub(super) fn code_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>) {
    let Some(valid) = view.workbench.valid() else {
        return;
    };
    let (layer, visit, part) = valid.stops.at(view.position);
    let Some((plan, schedule)) = valid.stops.layer(layer) else {
        return;
    };
    let nest = LoopNest::new(plan, schedule);
    // Before the first step nothing runs; between two steps, the one just done is looked at.
    let (visit, part) = if part == 0.0 && visit > 0 {
        (visit - 1, 1.0)
    } else {
        (visit, part)
    };
    let active = nest.active(plan, schedule, visit, part);
    let runs = view.position > 0.0;
    if valid.chain.plans().len() > 1 {
        ui.label(egui::RichText::new(format!("{} {}", layer + 1, plan.layer().name())).strong());
    }
    egui::ScrollArea::horizontal().show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 1.0);
        ui.spacing_mut().interact_size.y = 16.0;
        let accent = super::super::theme::color(palette::name_color(palette::filter_hue(0, 4)));
        let [mark_size, code_size] =
            [10.0, 11.5].map(|size| super::super::theme::letters(ui.ctx(), size));
        for (place, line) in nest.lines.iter().enumerate() {
            let active_layer = runs && place == active.line;
            let frame = egui::Frame::new()
                .inner_margin(egui::Margin::symmetric(6, 2))
                .corner_radius(4.0)
                .fill(if active_layer {
                    accent.gamma_multiply(0.28)
                } else {
                    egui::Color32::TRANSPARENT
                });
            frame.show(ui, |ui| {
                ui.horizontal(|ui| {
                    let mark = if active_layer { "▶" } else { " " };
                    ui.label(egui::RichText::new(mark).size(mark_size).color(accent));
                    ui.add_space(line.depth as f32 * INDENT);
                    ui.vertical(|ui| {
                        // A product is long: the weight stands below the element.
                        let (first, second) = line
                            .text
                            .find(" * w[")
                            .map_or((line.text.as_str(), ""), |at| line.text.split_at(at));
                        for part in [first.to_owned(), format!("    {}", second.trim_start())] {
                            if part.trim().is_empty() {
                                continue;
                            }
                            let mut text = egui::RichText::new(part).monospace().size(code_size);
                            if active_layer {
                                text = text.strong();
                            }
                            ui.add(egui::Label::new(text).extend());
                        }
                    });
                });
            });
        }
    });
    ui.add_space(8.0);
    if runs {
        egui::Grid::new("variables").num_columns(3).show(ui, |ui| {
            for (variable, value) in &active.values {
                ui.label(egui::RichText::new(variable.name()).monospace().strong());
                ui.label(egui::RichText::new(value.to_string()).monospace());
                ui.label(
                    egui::RichText::new(*variable.label().get(view.language))
                        .weak()
                        .small(),
                );
                ui.end_row();
            }
        });
    }
}
