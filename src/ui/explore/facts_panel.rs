//! What follows from the setup: shape, cost, memory, receptive field, and the line of PyTorch.

use bevy_egui::egui;

use super::WorkbenchView;
use super::action::{Actions, KeepAction};
use super::words::Word;
use crate::explore::limit;
use crate::language::{bytes, grouped, rounded};
use crate::op::{Work, WorkUnit};
use crate::ui::network::field_size;

/// The panel.
pub(super) fn facts_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let language = view.language;
    let Some(valid) = view.workbench.valid() else {
        return;
    };
    let source = valid.chain.pytorch();
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new("PyTorch").strong());
        if ui
            .button("📋")
            .on_hover_text(Word::CopySource.text(language))
            .clicked()
        {
            actions.push(KeepAction::CopySource);
        }
    });
    egui::Frame::new()
        .fill(ui.visuals().extreme_bg_color)
        .corner_radius(6.0)
        .inner_margin(8.0)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let text = egui::RichText::new(source).monospace();
            ui.add(egui::Label::new(text).wrap());
        });
    ui.add_space(6.0);
    let rows = valid.chain.rows();
    let several = rows.len() > 1;
    for (place, (plan, row)) in valid.chain.plans().iter().zip(&rows).enumerate() {
        if several {
            ui.separator();
            ui.label(egui::RichText::new(row.layer).strong());
        }
        fact(ui, Word::Shape.text(language), &row.output.to_string());
        for (name, formula) in &plan.shape_formula().axes {
            let text = egui::RichText::new(format!("{name} = {formula}")).size(14.0);
            ui.label(text);
        }
        for difference in plan.differences() {
            let text = egui::RichText::new(difference.choose(language)).size(14.0);
            ui.add(egui::Label::new(text).wrap());
        }
        let (rows, columns) = row.receptive_field;
        fact(
            ui,
            Word::ReceptiveField.text(language),
            &format!("{rows} × {columns}"),
        );
        if let Some(Some(field)) = view.network_fields.get(place) {
            let size = field_size(field, language);
            fact(ui, Word::ThroughNetwork.text(language), &size);
        }
        if several {
            let (rows, columns) = row.effective_stride;
            fact(
                ui,
                Word::EffectiveStride.text(language),
                &format!("{} × {}", rounded(rows), rounded(columns)),
            );
            for (word, number) in [
                (Word::Parameters, row.cost.parameters),
                (Word::Macs, row.cost.macs),
                (Word::Operations, row.cost.operations),
            ] {
                if number > 0 {
                    fact(ui, word.text(language), &grouped(number));
                }
            }
        }
    }
    ui.separator();
    if several {
        let heading = Word::AllLayers.text(language);
        ui.label(egui::RichText::new(heading).strong());
    }
    let cost = valid.chain.cost();
    let weights = valid.chain.plans().iter();
    let parameters: Vec<String> = weights
        .map(|plan| {
            let learned = plan
                .operand_list()
                .iter()
                .filter(|operand| operand.is_learned());
            let shapes: Vec<String> = learned.map(|operand| operand.shape.to_string()).collect();
            shapes.join(" + ")
        })
        .filter(|shapes| !shapes.is_empty())
        .collect();
    fact(
        ui,
        Word::Parameters.text(language),
        &grouped(cost.parameters),
    );
    if !parameters.is_empty() && !several {
        ui.label(egui::RichText::new(parameters.join(", ")).size(14.0));
    }
    fact(ui, Word::Macs.text(language), &grouped(cost.macs));
    if let [plan] = valid.chain.plans()
        && let Some(Work {
            unit: WorkUnit::Macs,
            tensor,
            each: Some(each),
            ..
        }) = plan.work()
    {
        ui.label(egui::RichText::new(format!("{tensor} × {each}")).size(14.0));
    }
    if cost.operations > 0 {
        fact(
            ui,
            Word::Operations.text(language),
            &grouped(cost.operations),
        );
    }
    let memory = format!(
        "{} {}, {} {}",
        Word::MemoryParameters.text(language),
        bytes(cost.parameters * 4),
        Word::MemoryOutput.text(language),
        bytes(cost.output_bytes)
    );
    fact(ui, Word::Memory.text(language), "");
    ui.label(egui::RichText::new(memory).size(14.0));
    let cubes = u64::try_from(limit::cubes(&valid.chain)).unwrap_or(u64::MAX);
    fact(ui, Word::Cubes.text(language), &grouped(cubes));
}

fn fact(ui: &mut egui::Ui, name: &str, value: &str) {
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new(name).weak());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(egui::RichText::new(value).strong());
        });
    });
}
