//! What the layers of a network cost by what they are, each kind in its colour.

use bevy_egui::egui;

use super::stages_panel::amount_text;
use crate::explore::kinds;
use crate::explore::network_view::{Measure, NetworkView};
use crate::lesson::Language;
use crate::op::Family;
use crate::stage::palette;
use crate::ui::theme;

/// Kinds below this part of the whole have no line of their own.
const LEAST: f32 = 0.005;

/// The colour of what a layer, or most of a unit, is; quiet where that is nothing to look for.
pub(super) fn kind_color(family: Option<Family>, quiet: egui::Color32) -> egui::Color32 {
    let hue = match family {
        Some(Family::Convolution) => 258.0,
        Some(Family::Product) => 52.0,
        Some(Family::Pooling | Family::Reduction) => 150.0,
        Some(Family::Normalization) => 310.0,
        Some(Family::Activation) => 352.0,
        Some(Family::Addition | Family::Arithmetic | Family::Joining) => 92.0,
        Some(Family::Arrangement | Family::Shuffling | Family::Resampling) => 207.0,
        Some(Family::Lookup | Family::Nothing | Family::Sequence) | None => return quiet,
    };
    theme::color(palette::name_color(hue))
}

/// The colour of a block, by what gives it.
pub(super) fn block_color(view: &NetworkView, block: usize, quiet: egui::Color32) -> egui::Color32 {
    let graph = &view.run().graph;
    let unit = view.unit(block);
    kind_color(unit.and_then(|unit| kinds::main_family(graph, unit)), quiet)
}

/// The shares of the kinds in the whole as one bar, and what each comes to.
pub(super) fn kinds_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    measure: Measure,
    language: Language,
) {
    let sums = kinds::sums(&view.run().graph, |cost| measure.of(cost));
    let all: f32 = sums.iter().map(|(_, sum)| *sum as f32).sum();
    if all <= 0.0 {
        return;
    }
    let quiet = ui.visuals().weak_text_color();
    let (rect, _) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 10.0), egui::Sense::hover());
    let mut left = rect.left();
    for (family, sum) in &sums {
        let right = left + rect.width() * *sum as f32 / all;
        let part = egui::Rect::from_x_y_ranges(left..=right, rect.y_range());
        ui.painter()
            .rect_filled(part, 0.0, kind_color(Some(*family), quiet));
        left = right;
    }
    for (family, sum) in sums {
        let share = sum as f32 / all;
        if share < LEAST {
            break;
        }
        ui.horizontal(|ui| {
            let (swatch, _) = ui.allocate_exact_size(egui::vec2(10.0, 10.0), egui::Sense::hover());
            ui.painter()
                .rect_filled(swatch, 2.0, kind_color(Some(family), quiet));
            let (name, amount) = (family.title(), amount_text(measure, sum));
            let text = format!("{}  {amount}, {:.1} %", name.get(language), share * 100.0);
            ui.label(egui::RichText::new(text).small());
        });
    }
}
